//! Hover: what the word under the pointer is, what it is worth, and why.

mod attributes;
mod context;
mod devices;
mod links;
mod names;
mod networks;
mod nodes;
mod page;
mod reasons;
#[cfg(test)]
mod tests;
mod words;

use super::View;
use super::names::{Meaning, Occurrence};
use super::show::Shown;
use super::things::Thing;
use crate::semantics::Unit;
use crate::source::{FileId, Span};
use crate::syntax::ast::Item;
use crate::syntax::token::{Token, TokenKind};
use crate::topology::Topology;
use page::Page;

/// Longer first lines are cut.
const LONGEST_HEADING: usize = 120;

/// What is told of a word.
#[derive(Clone, Debug)]
pub struct Hover {
    /// The word.
    pub span: Span,
    /// Markdown.
    pub markdown: String,
}

/// What the word at a byte is; none where there is nothing to say. It looks at those parts of the topology that the word
/// names, and at no others.
pub fn hover(view: View, file: FileId, offset: u32) -> Option<Hover> {
    let unit = view.compilation.units.iter().find(|unit| unit.file == file)?;
    let around = context::around(unit.items(), offset);
    let place = Place { view, unit, offset, around: &around };
    let token = place.token();
    if let Some(token) = token
        && let Some(markdown) = words::literal(place.text(token))
        && matches!(token.kind, TokenKind::Quantity | TokenKind::Address)
    {
        return Some(Hover { span: place.span(token), markdown });
    }
    let named = view.names.at(file, offset).and_then(|occurrence| {
        let page = place.named(occurrence)?;
        Some(Hover { span: occurrence.span, markdown: page.finish()? })
    });
    named.or_else(|| {
        let token = token?;
        Some(Hover { span: place.span(token), markdown: words::keyword(&place, token)?.finish()? })
    })
}

/// A place in a file.
#[derive(Clone, Copy)]
struct Place<'a> {
    view: View<'a>,
    unit: &'a Unit,
    offset: u32,
    /// The items around it, outermost first.
    around: &'a [&'a Item],
}

impl<'a> Place<'a> {
    fn named(&self, occurrence: &Occurrence) -> Option<Page> {
        match occurrence.meaning {
            Meaning::Symbol(id) => names::symbol(self, id, occurrence),
            Meaning::Builtin(builtin) => words::builtin(self, builtin, occurrence.span),
        }
    }

    /// The token at the place; the word, where it stands right behind one.
    fn token(&self) -> Option<Token> {
        let tokens = &self.unit.parse.tokens;
        let at = tokens.partition_point(|token| token.start <= self.offset).checked_sub(1)?;
        let here = tokens.get(at).copied().filter(|token| self.offset <= token.end)?;
        let before = at.checked_sub(1).and_then(|at| tokens.get(at)).copied();
        let is_word = |token: &Token| token.end - token.start > 1 && !token.kind.is_trivia();
        before.filter(|before| here.start == self.offset && !is_word(&here) && is_word(before)).or(Some(here))
    }

    fn text(&self, token: Token) -> &'a str {
        self.view.compilation.sources.text(self.span(token))
    }

    fn span(&self, token: Token) -> Span {
        Span { file: self.unit.file, start: token.start, end: token.end }
    }

    fn topology(&self) -> Option<&'a Topology> {
        self.view.compilation.topology.as_ref()
    }

    fn shown(&self) -> Shown<'a> {
        Shown { topology: self.topology(), facts: &self.view.compilation.facts }
    }
}

impl<'a> View<'a> {
    /// The nodes, networks and other things that are declared at these names.
    fn made(self, names: &[Span]) -> Vec<Thing> {
        names.iter().flat_map(|name| self.things().declared(*name)).collect()
    }

    /// The first line of something that is written, without the brace that it opens.
    fn heading(self, span: Span) -> String {
        let text = self.compilation.sources.text(span);
        let line = text.lines().next().unwrap_or_default().trim_end();
        let open = line.trim_end_matches(['{', '(']).trim_end();
        super::show::cut_to(open, LONGEST_HEADING)
    }

    /// `branch.wtop:12`, as seen from the folder of the main file.
    fn where_is(self, span: Span) -> String {
        let Some(source) = self.compilation.sources.get(span.file) else { return String::new() };
        let folder = self.compilation.units.first().map(|unit| unit.directory.as_path());
        let near = folder.and_then(|folder| source.path.strip_prefix(folder).ok()).and_then(|path| path.to_str());
        format!("{}:{}", near.unwrap_or(&source.name), source.lines.utf8(span.start).line + 1)
    }
}
