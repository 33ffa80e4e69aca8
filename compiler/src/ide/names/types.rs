//! References to types.

use super::builder::{Builder, Env};
use super::symbol::{Builtin, SymbolId};
use crate::syntax::ast::{self, TypeKind};
use crate::value::types::Type;

impl<'a> Builder<'a> {
    /// Resolves the names in a written type, and notes which declared type it is for the symbol that has it.
    pub fn type_names(&mut self, ty: &'a ast::Type, of: Option<SymbolId>, env: Env) {
        match &ty.kind {
            TypeKind::Optional(inner) | TypeKind::List(inner) | TypeKind::Map(inner) => {
                self.type_names(inner, of, env);
            }
            TypeKind::Record(fields) => {
                for field in fields {
                    self.parameter(field, env);
                }
            }
            TypeKind::Path(path) => {
                let [name] = path.names.as_slice() else { return };
                if let Some(builtin) = Type::names().find(|known| *known == name.text) {
                    self.refer_builtin(name.span, Builtin::Type(builtin));
                } else if let Some(found) = self.type_named(env.unit, &name.text) {
                    self.refer(name.span, found);
                    if let Some(of) = of {
                        self.made_from(of, found);
                    }
                }
            }
            TypeKind::Enum(_) | TypeKind::Hole => {}
        }
    }
}
