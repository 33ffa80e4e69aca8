//! The index of names: which things are declared, and what each name in each file means.
//!
//! It is made from the trees alone, without evaluating anything:
//!
//! ```text
//! units ──declare──▶ symbols, scopes ──resolve──▶ occurrences
//! ```
//!
//! Where the evaluator would have to know a value, the index knows what can be told from the text: that a loop runs over
//! nodes of an array, say, and so which device they are (see `known`). What it cannot tell has no occurrence.
//!
//! **Invariant: each name has the meaning that the evaluator gives it**, where it has one. Scopes here follow
//! `semantics/scope.rs`: names of nodes, networks and links in `for` and `if` belong to the scope around; constants in
//! blocks are local.

mod blocks;
mod builder;
mod declare;
mod devices;
mod expressions;
mod imports;
mod items;
mod known;
mod ports;
mod symbol;
#[cfg(test)]
mod tests;
mod types;

pub(super) use declare::parameter_span;

pub use symbol::{Builtin, Meaning, Occurrence, Role, Scope, ScopeId, Symbol, SymbolId, SymbolKind};

use crate::semantics::Unit;
use crate::source::{FileId, Sources, Span};

/// The names of a compilation.
#[derive(Debug, Default)]
pub struct Names {
    /// Everything that is declared. [`SymbolId`] is the index.
    pub symbols: Vec<Symbol>,
    /// What is visible where. [`ScopeId`] is the index.
    pub scopes: Vec<Scope>,
    /// By [`FileId`], sorted by start; what holds others comes before them.
    occurrences: Vec<Vec<Occurrence>>,
    /// How many bytes the longest occurrence of a file has.
    longest: Vec<u32>,
    /// By [`SymbolId`]: file, and index there.
    uses: Vec<Vec<(FileId, u32)>>,
}

impl Names {
    /// Reads the files of a compilation. Linear in their text.
    pub fn new(sources: &Sources, units: &[Unit]) -> Names {
        let mut builder = builder::Builder::new(sources, units);
        builder.declare_files();
        builder.resolve_files();
        builder.finish()
    }

    /// The symbol with this id.
    pub fn symbol(&self, id: SymbolId) -> Option<&Symbol> {
        self.symbols.get(id.0 as usize)
    }

    /// Every symbol with its id, in order of declaration.
    pub fn iter(&self) -> impl Iterator<Item = (SymbolId, &Symbol)> {
        self.symbols.iter().enumerate().map(|(index, symbol)| (SymbolId::from(index), symbol))
    }

    /// All occurrences in a file, by their starts.
    pub fn in_file(&self, file: FileId) -> &[Occurrence] {
        self.occurrences.get(file.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// The innermost occurrence at a position. Between two that touch, it is the one that begins there.
    pub fn at(&self, file: FileId, offset: u32) -> Option<&Occurrence> {
        let all = self.in_file(file);
        let longest = self.longest.get(file.0 as usize).copied().unwrap_or_default();
        let before = all.partition_point(|occurrence| occurrence.span.start <= offset);
        let near = all.get(..before)?.iter().rev();
        let mut near = near.take_while(|occurrence| occurrence.span.start.saturating_add(longest) >= offset);
        near.find(|occurrence| occurrence.span.touches(offset as usize))
    }

    /// The symbol at a position, if what stands there is one.
    pub fn symbol_at(&self, file: FileId, offset: u32) -> Option<(SymbolId, &Symbol)> {
        let Meaning::Symbol(id) = self.at(file, offset)?.meaning else { return None };
        Some((id, self.symbol(id)?))
    }

    /// Every place where a symbol is declared, imported or used; file by file, by their starts.
    pub fn uses(&self, id: SymbolId) -> impl Iterator<Item = &Occurrence> {
        let uses = self.uses.get(id.0 as usize).into_iter().flatten();
        uses.filter_map(|(file, index)| self.in_file(*file).get(*index as usize))
    }

    /// The innermost scope at a position.
    pub fn scope_at(&self, file: FileId, offset: u32) -> Option<ScopeId> {
        let holds = |scope: &Scope| scope.span.file == file && scope.span.touches(offset as usize);
        let around = self.scopes.iter().enumerate().filter(|(_, scope)| holds(scope));
        let inner = around.min_by_key(|(index, scope)| (scope.span.end - scope.span.start, std::cmp::Reverse(*index)));
        inner.map(|(index, _)| ScopeId::from(index))
    }

    /// The symbols that a plain name can mean at a position, innermost first, imported ones included.
    pub fn visible(&self, file: FileId, offset: u32) -> Vec<SymbolId> {
        let first = self.scope_at(file, offset).and_then(|id| self.scope(id));
        let scopes = std::iter::successors(first, |scope| self.scope(scope.parent?));
        scopes.flat_map(|scope| scope.names.values().copied()).collect()
    }

    /// The scope with this id.
    pub fn scope(&self, id: ScopeId) -> Option<&Scope> {
        self.scopes.get(id.0 as usize)
    }

    /// The symbol of a file, and of a thing declared at this name.
    pub fn declared_at(&self, name: Span) -> Option<SymbolId> {
        let all = self.in_file(name.file);
        let at = all.partition_point(|occurrence| occurrence.span.start < name.start);
        let here = all.get(at..)?.iter().take_while(|occurrence| occurrence.span.start == name.start);
        let mut here = here.filter(|occurrence| occurrence.role == Role::Declaration && occurrence.span == name);
        match here.next()?.meaning {
            Meaning::Symbol(id) => Some(id),
            Meaning::Builtin(_) => None,
        }
    }
}
