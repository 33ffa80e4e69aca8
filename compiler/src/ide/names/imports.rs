//! What `use` brings in, and which files are named.

use super::builder::Builder;
use super::symbol::{Meaning, Role, SymbolId, SymbolKind};
use crate::semantics::UnitId;
use crate::source::Span;
use crate::syntax::ast::{self, TextPart, UseRoot};
use smol_str::SmolStr;

impl<'a> Builder<'a> {
    /// Adds what a file imports to what it declares, so that both are looked up in one place.
    pub fn follow_imports(&mut self, unit: UnitId) {
        let Some(one) = self.units.get(unit) else { return };
        let imported = one.imports.iter().map(|(name, _)| (name, true));
        let all = imported.chain(one.short_names.iter().map(|(name, _)| (name, false)));
        for (name, by_use) in all {
            let Some(id) = self.item_named(unit, name) else { continue };
            if let Some(items) = self.items.get_mut(unit) {
                items.entry(name.clone()).or_insert(id);
            }
            let is_value = self.symbol(id).is_some_and(|symbol| symbol.kind != SymbolKind::Attribute);
            if let Some(scope) = self.unit_scopes.get(unit).copied().filter(|_| by_use && is_value) {
                self.bind(scope, name, id);
            }
        }
    }

    /// The item that a name means at the top of a file: its own, or an imported one.
    fn item_named(&self, unit: UnitId, name: &SmolStr) -> Option<SymbolId> {
        let mut at = (unit, name);
        // A chain of `pub use` is as long as there are files.
        for _ in 0..=self.units.len() {
            if let Some(id) = self.items.get(at.0).and_then(|items| items.get(at.1)) {
                return Some(*id);
            }
            let unit = self.units.get(at.0)?;
            let import = unit.imports.get(at.1).or_else(|| unit.short_names.get(at.1))?;
            at = (import.unit, &import.name);
        }
        None
    }

    /// The device or module that a path names in a file.
    pub fn device_named(&self, unit: UnitId, path: &ast::Path) -> Option<SymbolId> {
        let [name] = path.names.as_slice() else { return None };
        let id = *self.items.get(unit)?.get(&name.text)?;
        let is_device = |kind: SymbolKind| matches!(kind, SymbolKind::Device | SymbolKind::Module);
        self.symbol(id).filter(|symbol| is_device(symbol.kind)).map(|_| id)
    }

    /// The reference that such a path is.
    pub fn device_path(&mut self, path: &ast::Path, unit: UnitId) -> Option<SymbolId> {
        let found = self.device_named(unit, path)?;
        self.refer(path.span, found);
        Some(found)
    }

    /// The names of a `use`.
    pub fn imports(&mut self, used: &'a ast::Use, unit: UnitId) {
        let Some(one) = self.units.get(unit) else { return };
        let path = match &used.root {
            UseRoot::Path(path) => path.names.as_slice(),
            UseRoot::File(_) => &[],
        };
        let item = path.last().filter(|_| used.names.is_none());
        let listed = used.names.iter().flatten().map(|name| (&name.name, name.rename.as_ref()));
        let wanted: Vec<(&ast::Name, Option<&ast::Name>)> =
            listed.chain(item.map(|name| (name, used.rename.as_ref()))).collect();
        let import = |(name, rename): &(&ast::Name, Option<&ast::Name>)| {
            let local = rename.unwrap_or(name);
            one.imports.get(&local.text).filter(|import| import.span == local.span)
        };
        let target = wanted.iter().find_map(|wanted| import(wanted).map(|import| import.unit));
        let target = target.or_else(|| self.file_named(unit, &used.root));
        for (name, rename) in wanted {
            let id = target.and_then(|target| self.item_named(target, &name.text));
            let Some(id) = id else { continue };
            self.occur(name.span, Meaning::Symbol(id), Role::Import);
            if let Some(rename) = rename {
                self.occur(rename.span, Meaning::Symbol(id), Role::Rename);
            }
        }
        let place: Option<Span> = match &used.root {
            UseRoot::File(text) => Some(text.span),
            UseRoot::Path(path) if used.names.is_some() => path.names.last().map(|name| name.span),
            UseRoot::Path(_) => None,
        };
        if let (Some(span), Some(file)) = (place, target.and_then(|target| self.files.get(target)).copied()) {
            self.occur(span, Meaning::Symbol(file), Role::Import);
        }
    }

    /// The file that a string names, if it is of this program.
    fn file_named(&self, unit: UnitId, root: &UseRoot) -> Option<UnitId> {
        let UseRoot::File(text) = root else { return None };
        let [TextPart::Literal(path)] = text.parts.as_slice() else { return None };
        let folder = &self.units.get(unit)?.directory;
        let path = crate::semantics::normalized(&folder.join(path.as_str()));
        let file = self.sources.find(&path)?;
        self.units.iter().position(|unit| unit.file == file)
    }
}
