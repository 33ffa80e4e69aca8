//! What an action looks at, and what many of them ask.

use crate::diagnostics::TextEdit;
use crate::ide::View;
use crate::ide::names::{Meaning, Occurrence, Role, Symbol, SymbolId};
use crate::semantics::{Unit, UnitId};
use crate::source::{FileId, Span};
use crate::syntax::ast::{Item, ItemKind};
use crate::syntax::token::{Token, TokenKind};
use crate::syntax::walk::{Element, around};

/// A place in a file, or a range that is selected.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The compilation.
    pub view: View<'a>,
    /// The file, with its tree.
    pub unit: &'a Unit,
    /// Which one of the compilation it is.
    pub id: UnitId,
    /// Its text.
    pub text: &'a str,
    /// The place, without space at its ends.
    pub range: Span,
}

impl<'a> Context<'a> {
    /// The place, if it is in a file that someone edits.
    pub fn new(view: View<'a>, range: Span) -> Option<Context<'a>> {
        let mut units = view.compilation.units.iter().enumerate();
        let (id, unit) = units.find(|(_, unit)| unit.file == range.file && !unit.fixed)?;
        let text = &*view.compilation.sources.get(range.file)?.text;
        let selected = text.get(range.range())?;
        let start = range.range().start + (selected.len() - selected.trim_start().len());
        let end = start + selected.trim().len();
        let range = if selected.trim().is_empty() { range.at_start() } else { Span::new(range.file, start, end) };
        Some(Context { view, unit, id, text, range })
    }

    /// The file.
    pub fn file(&self) -> FileId {
        self.unit.file
    }

    /// Are there syntax errors?
    pub fn is_broken(&self) -> bool {
        crate::diagnostics::has_errors(&self.unit.parse.diagnostics)
    }

    /// The text of a span of this file.
    pub fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The tokens in a span.
    pub fn tokens(&self, span: Span) -> &'a [Token] {
        let tokens = &self.unit.parse.tokens;
        let from = tokens.partition_point(|token| token.start < span.start);
        let to = tokens.partition_point(|token| token.end <= span.end);
        tokens.get(from..to).unwrap_or_default()
    }

    /// Is there a comment in a span?
    pub fn has_comment(&self, span: Span) -> bool {
        let comment = |token: &Token| matches!(token.kind, TokenKind::Comment | TokenKind::Doc | TokenKind::FileDoc);
        self.tokens(span).iter().any(comment)
    }

    /// What stands around the place, from the top to the innermost.
    pub fn around(&self) -> Vec<Element<'a>> {
        around(&self.unit.parse.tree, self.range)
    }

    /// The innermost items at the place that are all wanted: all the items of their block, and which of them are meant.
    pub fn selected(&self, wanted: impl Fn(&ItemKind) -> bool) -> Option<(&'a [Item], std::ops::Range<usize>)> {
        let blocks = self.around().into_iter().filter_map(|element| match element {
            Element::Block(block) => Some(block.items.as_slice()),
            _ => None,
        });
        let lists: Vec<&'a [Item]> = std::iter::once(self.unit.items()).chain(blocks).collect();
        let range = self.range;
        for items in lists.into_iter().rev() {
            let touched = |item: &&Item| item.span.start <= range.end && range.start <= item.span.end;
            let first = items.iter().position(|item| touched(&item));
            let Some(first) = first else { continue };
            let count = items.iter().skip(first).take_while(touched).count();
            let chosen = first..first + count;
            if items.get(chosen.clone()).is_some_and(|items| items.iter().all(|item| wanted(&item.kind))) {
                return Some((items, chosen));
            }
        }
        None
    }

    /// An item with its documentation and the comments right above it, from the start of their line if nothing else
    /// stands there; and the comment behind it.
    pub fn whole(&self, item: &Item) -> Span {
        let tokens = &self.unit.parse.tokens;
        let first = item.doc.as_ref().map_or(item.span, |doc| doc.span).start;
        let at = tokens.partition_point(|token| token.start < first);
        let (mut start, mut line_start, mut newlines) = (first, first, 0);
        for token in tokens.get(..at).unwrap_or_default().iter().rev() {
            match token.kind {
                TokenKind::Space => line_start = token.start,
                TokenKind::Newline if newlines == 0 => {
                    // Everything on the lines below belongs to the item.
                    (start, newlines) = (line_start, 1);
                    line_start = token.start;
                }
                TokenKind::Comment if newlines == 1 && is_alone(tokens, token) => {
                    (line_start, newlines) = (token.start, 0);
                }
                _ => break,
            }
        }
        if tokens.first().is_some_and(|token| line_start == token.start) && newlines == 0 {
            start = line_start;
        }
        let behind = tokens.partition_point(|token| token.start < item.span.end);
        let mut end = item.span.end;
        for token in tokens.get(behind..).unwrap_or_default() {
            match token.kind {
                TokenKind::Space | TokenKind::Comma => {}
                TokenKind::Comment => end = token.end,
                _ => break,
            }
        }
        Span { start, end, ..item.span }
    }

    /// Takes an item out, with its lines if it has them for itself.
    pub fn remove(&self, item: &Item) -> TextEdit {
        let span = item.span;
        let before = self.text.get(..span.start as usize).unwrap_or_default();
        let after = self.text.get(span.end as usize..).unwrap_or_default();
        let begins_line = before.trim_end_matches([' ', '\t']);
        let rest = after.trim_start_matches([' ', '\t', ',']);
        let (mut start, mut end) = (span.range().start, span.range().end);
        if begins_line.is_empty() || begins_line.ends_with('\n') {
            let newline = if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
            if newline > 0 || rest.is_empty() {
                start = begins_line.len();
                end = span.range().end + (after.len() - rest.len()) + newline;
            }
        }
        TextEdit { span: Span::new(span.file, start, end), text: String::new() }
    }

    /// Puts text in the place of a span.
    pub fn replace(&self, span: Span, text: impl Into<String>) -> TextEdit {
        TextEdit { span, text: text.into() }
    }

    /// The symbol whose name is at the place.
    pub fn symbol(&self) -> Option<(SymbolId, &'a Symbol)> {
        self.view.names.symbol_at(self.file(), self.range.start)
    }

    /// Where a symbol is used, all in this file; none if it may be used elsewhere.
    pub fn uses(&self, id: SymbolId) -> Option<Vec<&'a Occurrence>> {
        let symbol = self.view.names.symbol(id)?;
        let uses: Vec<&Occurrence> = self.view.names.uses(id).collect();
        let all_here = !symbol.public && uses.iter().all(|place| place.span.file == self.file());
        let uses = uses.into_iter().filter(|place| place.role == Role::Reference);
        all_here.then(|| uses.collect())
    }

    /// The symbols that are named in a span of this file.
    pub fn named_in(&self, span: Span) -> impl Iterator<Item = (&'a Occurrence, SymbolId)> {
        let all = self.view.names.in_file(span.file).iter();
        let inside = all.filter(move |place| span.start <= place.span.start && place.span.end <= span.end);
        inside.filter_map(|place| match place.meaning {
            Meaning::Symbol(id) => Some((place, id)),
            Meaning::Builtin(_) => None,
        })
    }

    /// Is a name unknown in this file?
    pub fn is_free(&self, name: &str) -> bool {
        let declared = self.view.names.symbols.iter();
        let mut here = declared.filter(|symbol| symbol.name_span.file == self.file());
        self.unit.imports.get(name).is_none()
            && self.unit.short_names.get(name).is_none()
            && !here.any(|symbol| symbol.name == name)
    }

    /// A name that nothing in this file has: the wanted one, or that with a number.
    pub fn free_name(&self, wanted: &str) -> String {
        let numbered = (2..).map(|number| format!("{wanted}-{number}"));
        std::iter::once(wanted.to_owned()).chain(numbered).find(|name| self.is_free(name)).unwrap_or_default()
    }

    /// The item at the top of the file that holds the place.
    pub fn top_item(&self) -> Option<&'a Item> {
        let range = self.range;
        self.unit.items().iter().find(|item| item.span.start <= range.start && range.start <= item.span.end)
    }
}

/// Is a comment alone on its line?
fn is_alone(tokens: &[Token], comment: &Token) -> bool {
    let at = tokens.partition_point(|token| token.start < comment.start);
    let mut before = tokens.get(..at).unwrap_or_default().iter().rev().filter(|token| token.kind != TokenKind::Space);
    before.next().is_none_or(|token| token.kind == TokenKind::Newline)
}
