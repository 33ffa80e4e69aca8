//! Types as the compiler's own tables write them.

use super::{Field, Type};
use smol_str::SmolStr;
use std::sync::Arc;

/// How deep a type in a table may be nested.
const MAX_DEPTH: usize = 16;

/// Reads a type as the compiler's own tables write it, in the language's notation plus `A | B` for the first that
/// accepts: `int`, `[string]`, `map[any]`, `prefix | [prefix]`, `enum { none, nat }`, `string?`,
/// `{ user: string, password: (string | secret)? }` (fields of optional types may be left out).
///
/// Total: what cannot be read is [`Type::Any`], so each table has a test that its types read back as written.
pub fn parse_type(text: &str) -> Type {
    let mut reader = Reader { rest: text };
    match reader.alternatives(MAX_DEPTH) {
        Some(ty) if reader.rest.trim_start().is_empty() => ty,
        _ => Type::Any,
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn alternatives(&mut self, depth: usize) -> Option<Type> {
        let first = self.suffixed(depth.checked_sub(1)?)?;
        if !self.eat("|") {
            return Some(first);
        }
        let mut types = vec![first, self.suffixed(depth - 1)?];
        while self.eat("|") {
            types.push(self.suffixed(depth - 1)?);
        }
        Some(Type::OneOf(types))
    }

    fn suffixed(&mut self, depth: usize) -> Option<Type> {
        let base = self.base(depth)?;
        Some(if self.eat("?") { Type::Optional(Box::new(base)) } else { base })
    }

    fn base(&mut self, depth: usize) -> Option<Type> {
        if self.eat("(") {
            let inner = self.alternatives(depth)?;
            return self.eat(")").then_some(inner);
        }
        if self.eat("[") {
            let inner = self.alternatives(depth)?;
            return self.eat("]").then(|| Type::List(Box::new(inner)));
        }
        if self.eat("{") {
            return self.separated(|reader| reader.field(depth)).map(|fields| Type::Record(Arc::new(fields)));
        }
        match self.name()? {
            "map" if self.eat("[") => {
                let inner = self.alternatives(depth)?;
                self.eat("]").then(|| Type::Map(Box::new(inner)))
            }
            "enum" if self.eat("{") => {
                self.separated(|reader| reader.name().map(SmolStr::new)).map(|words| Type::Enum(Arc::new(words)))
            }
            word => Type::named(word),
        }
    }

    fn field(&mut self, depth: usize) -> Option<Field> {
        let name = SmolStr::new(self.name()?);
        let ty = if self.eat(":") { self.alternatives(depth)? } else { return None };
        let required = !matches!(ty, Type::Optional(_));
        Some(Field { name, ty, default: None, required })
    }

    /// Things between commas, to the closing brace.
    fn separated<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut all = Vec::new();
        while !self.eat("}") {
            all.push(one(self)?);
            if !self.eat(",") {
                return self.eat("}").then_some(all);
            }
        }
        Some(all)
    }

    fn name(&mut self) -> Option<&'a str> {
        let text = self.rest.trim_start();
        let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(text.len());
        let (name, rest) = text.split_at_checked(end)?;
        self.rest = rest;
        (!name.is_empty()).then_some(name)
    }

    fn eat(&mut self, symbol: &str) -> bool {
        match self.rest.trim_start().strip_prefix(symbol) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for text in [
            "any",
            "int",
            "[string]",
            "map[any]",
            "string?",
            "prefix | [prefix]",
            "enum { none, nat, route }",
            "map[[cidr]]",
            "[{ name: string, hosts: int?, up: enum { yes, no } }]",
            "{ user: string, password: string | secret }",
            "{ password: (string | secret)?, sizes: [(size | int)?] }",
        ] {
            assert_eq!(parse_type(text).to_string(), text);
            assert_ne!((text != "any").then(|| parse_type(text)), Some(Type::Any), "{text}");
        }
    }

    #[test]
    fn anything_else_is_any() {
        for text in ["", "integer", "[int", "int]", "int |", "enum { a", "{ a }", "int int", &"[".repeat(10_000)] {
            assert_eq!(parse_type(text), Type::Any, "{text}");
        }
    }
}
