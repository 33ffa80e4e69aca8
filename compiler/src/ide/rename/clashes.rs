//! Names that are taken.

use crate::ide::names::{Names, Scope, ScopeId, Symbol, SymbolId, SymbolKind};
use crate::ide::{Position, View, everywhere};

/// Why the thing at a position of the first view cannot have a name, if it is taken where the thing is known.
pub fn clash(views: &[View], at: Position, new: &str) -> Option<String> {
    everywhere(views, at).into_iter().find_map(|(index, id)| {
        let view = views.get(index)?;
        let symbol = view.names.symbol(id)?;
        let taken = in_scopes(view.names, id, new).or_else(|| beside(view.names, symbol, new))?;
        let other = view.names.symbol(taken)?;
        let file = view.compilation.sources.get(other.name_span.file)?;
        let line = file.lines.utf8(other.name_span.start).line + 1;
        Some(format!("`{new}` is taken: it is the {} in line {line} of `{}`", other.kind.words(), file.name))
    })
}

/// Each name has one meaning in a place: it must not be one in the scopes around, nor in those inside.
fn in_scopes(names: &Names, id: SymbolId, new: &str) -> Option<SymbolId> {
    let owners: Vec<ScopeId> =
        scopes(names).filter(|(_, scope)| scope.names.values().any(|one| *one == id)).map(|(id, _)| id).collect();
    let taken = scopes(names).filter_map(|(scope, one)| Some((scope, *one.names.get(new)?)));
    let mut taken = taken.filter(|(_, other)| *other != id);
    let clash = taken.find(|(scope, _)| {
        owners.iter().any(|owner| {
            around(names, *scope).any(|one| one == *owner) || around(names, *owner).any(|one| one == *scope)
        })
    });
    clash.map(|(_, other)| other)
}

fn scopes(names: &Names) -> impl Iterator<Item = (ScopeId, &Scope)> {
    names.scopes.iter().enumerate().map(|(index, scope)| (ScopeId::from(index), scope))
}

/// A scope and those around it.
fn around(names: &Names, scope: ScopeId) -> impl Iterator<Item = ScopeId> {
    std::iter::successors(Some(scope), |scope| names.scope(*scope)?.parent)
}

/// Parts, fields and words are named beside each other.
fn beside(names: &Names, symbol: &Symbol, new: &str) -> Option<SymbolId> {
    let is_part = matches!(
        symbol.kind,
        SymbolKind::Field
            | SymbolKind::Member
            | SymbolKind::Vm
            | SymbolKind::Nic
            | SymbolKind::Disk
            | SymbolKind::Media
            | SymbolKind::Interface
            | SymbolKind::Image
            | SymbolKind::Attribute
    );
    let same = |one: &Symbol| one.kind == symbol.kind && one.container == symbol.container && one.name == new;
    names.iter().find(|(_, one)| is_part && same(one)).map(|(id, _)| id)
}
