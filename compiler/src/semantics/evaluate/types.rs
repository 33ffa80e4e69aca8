//! Types, as they are written in a program.

use crate::collections::IndexMap;
use crate::diagnostics::codes::names as codes;
use crate::diagnostics::{Diagnostic, closest};
use crate::semantics::world::{Env, World};
use crate::source::Span;
use crate::syntax::ast::{self, ItemKind, TypeKind};
use crate::value::types::{Field, Type};
use std::sync::Arc;

impl<'a> World<'a> {
    /// A type as written.
    pub fn resolve_type(&mut self, ty: &'a ast::Type, env: &Env<'a>) -> Type {
        match &ty.kind {
            TypeKind::Hole => Type::Any,
            TypeKind::Optional(inner) => Type::Optional(Box::new(self.resolve_type(inner, env))),
            TypeKind::List(inner) => Type::List(Box::new(self.resolve_type(inner, env))),
            TypeKind::Map(inner) => Type::Map(Box::new(self.resolve_type(inner, env))),
            TypeKind::Enum(names) => {
                self.refuse_twice("the word", names.iter());
                Type::Enum(Arc::new(names.iter().map(|name| name.text.clone()).collect()))
            }
            TypeKind::Record(fields) => {
                self.refuse_twice("the field", fields.iter().map(|field| &field.name));
                let fields = fields.iter().map(|field| self.resolve_field(field, env)).collect();
                Type::Record(Arc::new(fields))
            }
            TypeKind::Path(path) => self.resolve_type_path(path, env),
        }
    }

    /// Reports what stands twice in one type.
    fn refuse_twice(&mut self, what: &str, names: impl Iterator<Item = &'a ast::Name>) {
        let mut before: IndexMap<&str, Span> = IndexMap::default();
        for name in names.filter(|name| !name.text.is_empty()) {
            if let Some(first) = before.insert(&name.text, name.span) {
                let message = format!("{what} `{}` is declared twice", name.text);
                let diagnostic = Diagnostic::new(&codes::E0201, name.span, message, "declared again here")
                    .label(first, "first declared here");
                self.report(diagnostic.help("take one of them out, or give it another name"));
            }
        }
    }

    fn resolve_field(&mut self, field: &'a ast::Parameter, env: &Env<'a>) -> Field {
        let ty = self.resolve_type(&field.ty, env);
        let default =
            field.default.as_ref().and_then(|default| self.evaluate_as(default, env, Some(&ty), &field.name.text).ok());
        let required = field.default.is_none() && !matches!(ty, Type::Optional(_));
        Field { name: field.name.text.clone(), ty, default, required }
    }

    fn resolve_type_path(&mut self, path: &'a ast::Path, env: &Env<'a>) -> Type {
        let [name] = path.names.as_slice() else { return self.unknown_type(path, env) };
        if let Some(ty) = Type::named(&name.text) {
            return ty;
        }
        let program = self.program;
        let Some((unit, item)) = program.find(env.unit, &name.text) else { return self.unknown_type(path, env) };
        let ItemKind::Type(declared) = &item.kind else { return self.unknown_type(path, env) };
        let scope = self.unit_scope(unit);
        if self.open_modules.iter().any(|(_, span)| *span == declared.name.span) {
            let message = format!("the type `{}` contains itself", name.text);
            let help = "a value has a fixed depth: name others in a list of strings, for example";
            self.report(Diagnostic::new(&codes::E0208, path.span, message, "leads back here").help(help));
            return Type::Any;
        }
        self.open_modules.push((name.text.clone(), declared.name.span));
        let ty = self.resolve_type(&declared.ty, &Env::top(unit, scope));
        self.open_modules.pop();
        ty
    }

    fn unknown_type(&mut self, path: &ast::Path, env: &Env<'a>) -> Type {
        let written = self.program.sources.text(path.span).to_owned();
        let mut diagnostic =
            Diagnostic::new(&codes::E0215, path.span, format!("there is no type `{written}`"), "unknown type");
        if self.program.unit(env.unit).is_some_and(|unit| unit.failed_imports.contains(written.as_str())) {
            return Type::Any;
        }
        let synonym = TYPE_SYNONYMS.iter().find(|(word, _)| *word == written).map(|(_, meant)| *meant);
        diagnostic = match synonym.or_else(|| closest(&written, Type::names())) {
            Some(meant) => {
                diagnostic.help(format!("did you mean `{meant}`?")).fix(format!("Write `{meant}`"), path.span, meant)
            }
            None => diagnostic.help(format!("types are: {}", Type::names().collect::<Vec<_>>().join(", "))),
        };
        self.report(diagnostic);
        Type::Any
    }
}

/// What other languages call our types.
const TYPE_SYNONYMS: [(&str, &str); 8] = [
    ("integer", "int"),
    ("number", "int"),
    ("str", "string"),
    ("text", "string"),
    ("boolean", "bool"),
    ("address", "ip"),
    ("subnet", "prefix"),
    ("time", "duration"),
];
