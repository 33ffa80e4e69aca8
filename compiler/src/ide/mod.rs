//! What editors ask about a program, answered without any protocol.
//!
//! Positions are bytes of a file, answers are spans and plain data; whoever speaks to an editor translates them. There is
//! one file a question. Most are thin views on the index of [`names`], which is read from the trees alone, so that
//! they are answered in broken text, in branches that are not taken, and in modules that nobody uses.
//!
//! An editor has several labs open, each compiled as itself and with its own numbers for files. A question that may be
//! about all of them takes a list of [`View`]s, of which the first has the position; answers are [`Found`]. What is one
//! thing in several compilations is so by the path of its file and the place of its name.

pub mod assists;
pub mod code_lens;
pub mod completion;
pub mod definition;
#[cfg(test)]
mod fixture;
pub mod folding;
pub mod hierarchy;
pub mod highlight;
pub mod hover;
pub mod inlay_hints;
pub mod linked_editing;
pub mod links;
pub mod names;
pub mod references;
pub mod rename;
pub mod selection;
mod show;
pub mod signature;
pub mod symbols;
pub mod things;
pub mod visit;

use crate::Compilation;
use crate::source::{FileId, Span};
use names::{Meaning, Names, Role, SymbolId, SymbolKind};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;
use things::Things;

/// A place in a file of a compilation: the byte before which the cursor stands.
pub type Position = (FileId, u32);

/// A compilation with the index of its names: what questions are asked of.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Texts and trees.
    pub compilation: &'a Compilation,
    /// What the names in them mean.
    pub names: &'a Names,
    /// What of the topology came of which place, once [`View::things`] was asked.
    pub things: &'a OnceLock<Things>,
}

impl<'a> View<'a> {
    /// What of the topology came of which place.
    pub fn things(self) -> &'a Things {
        self.things.get_or_init(|| Things::new(self.compilation))
    }
}

/// A place that was found in one of several compilations.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Found {
    /// Its index in the list of views.
    pub view: usize,
    /// Where, there.
    pub span: Span,
}

impl<'a> View<'a> {
    /// The path of a file.
    pub fn path(self, file: FileId) -> Option<&'a Path> {
        self.compilation.sources.get(file).map(|source| source.path.as_path())
    }

    /// Is it a file that nobody edits: of the library, or of a fetched package?
    pub fn is_fixed(self, file: FileId) -> bool {
        self.compilation.units.iter().any(|unit| unit.file == file && unit.fixed)
    }

    /// The symbol that is the same as one of another compilation.
    fn same(self, other: View, id: SymbolId) -> Option<SymbolId> {
        let symbol = other.names.symbol(id)?;
        let here = |span: Span| Some(Span { file: self.compilation.sources.find(other.path(span.file)?)?, ..span });
        if symbol.kind == SymbolKind::File {
            let file = here(symbol.name_span)?.file;
            let is_it = |one: &names::Symbol| one.kind == SymbolKind::File && one.name_span.file == file;
            return self.names.iter().find(|(_, one)| is_it(one)).map(|(id, _)| id);
        }
        // Not every file that declares an element of an array or a slot need be here.
        let declared = other.names.uses(id).filter(|place| place.role == Role::Declaration);
        declared.filter_map(|place| here(place.span)).find_map(|name| self.names.declared_at(name))
    }
}

/// The symbol at a position of the first view, in each view that has it.
fn everywhere(views: &[View], at: Position) -> Vec<(usize, SymbolId)> {
    let Some(first) = views.first() else { return Vec::new() };
    let Some((id, _)) = first.names.symbol_at(at.0, at.1) else { return Vec::new() };
    in_views(views, id)
}

/// A symbol of the first view, in each view that has it.
fn in_views(views: &[View], id: SymbolId) -> Vec<(usize, SymbolId)> {
    let Some(first) = views.first() else { return Vec::new() };
    let others = views.iter().enumerate().skip(1);
    let others = others.filter_map(|(index, view)| Some((index, view.same(*first, id)?)));
    std::iter::once((0, id)).chain(others).collect()
}

/// The places that were seen, by path: a file may be part of several compilations.
#[derive(Default)]
struct Seen<'a>(BTreeSet<(&'a Path, u32, u32)>);

impl<'a> Seen<'a> {
    /// Is a place seen for the first time?
    fn is_new(&mut self, views: &[View<'a>], found: Found) -> bool {
        let path = views.get(found.view).and_then(|view| view.path(found.span.file));
        path.is_some_and(|path| self.0.insert((path, found.span.start, found.span.end)))
    }
}

/// Places of several compilations, each file's once, in the order of files and places.
fn merged(views: &[View], found: impl IntoIterator<Item = Found>) -> Vec<Found> {
    let mut seen = Seen::default();
    let mut all: Vec<Found> = found.into_iter().filter(|one| seen.is_new(views, *one)).collect();
    all.sort_by_key(|one| (views.get(one.view).and_then(|view| view.path(one.span.file)), one.span.start));
    all
}

/// What a symbol is called where it occurs: without quotes, and in a file that imports it `as` another, by that name.
fn written(view: View<'_>, span: Span) -> (Span, &str) {
    let text = view.compilation.sources.text(span);
    let open = if text.starts_with('r') { "r\"" } else { "\"" };
    let Some(quoted) = text.strip_prefix(open).and_then(|rest| rest.strip_suffix('"')) else { return (span, text) };
    let start = span.start as usize + open.len();
    (Span::new(span.file, start, start + quoted.len()), quoted)
}

/// The occurrence's symbol.
fn symbol_of(meaning: Meaning) -> Option<SymbolId> {
    match meaning {
        Meaning::Symbol(id) => Some(id),
        Meaning::Builtin(_) => None,
    }
}
