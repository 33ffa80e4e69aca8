//! What names, fields and indexes lead to.

use crate::collections::IndexMap;
use crate::diagnostics::codes::names as codes;
use crate::diagnostics::{Diagnostic, closest};
use crate::semantics::schema;
use crate::semantics::scope::Found;
use crate::semantics::world::{BindingKind, Env, Eval, Key, ScopeId, Stop, World};
use crate::source::Span;
use crate::syntax::ast::{Expr, ExprKind, Index};
use crate::value::types::Type;
use crate::value::{Value, elements};
use smol_str::SmolStr;

/// What an expression names, before it is asked for its value.
pub enum Place {
    /// A value.
    Value(Value),
    /// An array, by scope and name.
    Array(ScopeId, SmolStr),
}

impl<'a> World<'a> {
    /// What a name, field, index or interface means.
    pub fn place(&mut self, expr: &'a Expr, env: &Env<'a>, wanted: Option<&Type>) -> Eval<Place> {
        match &expr.kind {
            ExprKind::Name(name) => self.name_place(name, expr.span, env, wanted),
            ExprKind::SelfNode => match &env.this {
                Some(this) => {
                    self.selves += 1;
                    Ok(Place::Value(this.clone()))
                }
                None if self.is_trial => Err(Stop::Reported),
                None => {
                    let help = "`self` is the node whose attributes are being written; elsewhere, use its name";
                    let diagnostic =
                        Diagnostic::new(&codes::E0212, expr.span, "there is no `self` here", "no node").help(help);
                    self.stop(diagnostic)
                }
            },
            ExprKind::Group(inner) => self.place(inner, env, wanted),
            ExprKind::Field(base, field) => {
                let base = self.place(base, env, None)?;
                self.field(base, field)
            }
            ExprKind::Index(base, indices) => {
                let place = self.place(base, env, None)?;
                self.index(place, base, indices, expr.span, env)
            }
            ExprKind::Port(base, parts, span) => {
                let place = self.place(base, env, None)?;
                let name = self.plain_text(parts, env, *span)?;
                self.port(place, base, &name, *span)
            }
            _ => self.evaluate(expr, env, wanted).map(Place::Value),
        }
    }

    fn name_place(&mut self, name: &SmolStr, span: Span, env: &Env<'a>, wanted: Option<&Type>) -> Eval<Place> {
        if wanted.is_some_and(|ty| has_member(ty, name)) {
            if self.is_declared(name, env) {
                let message = format!("`{name}` is taken as the word of the enumeration, not as the name");
                let help = "rename the other one, or compute the value in a `let` with another name";
                self.report(Diagnostic::new(&codes::W0201, span, message, "two meanings").help(help));
            }
            return Ok(Place::Value(Value::Member(name.clone())));
        }
        match self.find_name(name, span, env)? {
            Found::Value(value) => Ok(Place::Value(value)),
            Found::Array(scope) => Ok(Place::Array(scope, name.clone())),
            Found::NotAValue(what, declared) => self.not_a_value(name, what, span, declared),
            Found::Unknown => match wanted.and_then(words) {
                Some(words) => {
                    let message = format!("`{name}` is none of the words that can stand here");
                    let mut diagnostic = Diagnostic::new(&codes::E0205, span, message, "unknown word")
                        .help(format!("write one of: {}", words.join(", ")));
                    let synonym = schema::word_synonym(name).filter(|word| words.iter().any(|known| known == word));
                    if let Some(meant) = synonym.or_else(|| closest(name, words.iter().map(SmolStr::as_str))) {
                        diagnostic = diagnostic.fix(format!("Write `{meant}`"), span, meant);
                    }
                    self.stop(diagnostic)
                }
                None => self.unknown_name(name, span, env, wanted),
            },
        }
    }

    /// Reports the name of a device, module, type or target where a value is wanted.
    pub fn not_a_value<T>(&mut self, name: &str, what: &str, span: Span, declared: Span) -> Eval<T> {
        let message = format!("`{name}` is {what}, and a value is wanted here");
        let diagnostic =
            Diagnostic::new(&codes::E0204, span, message, "no value").label(declared.at_start(), "declared here");
        self.stop(diagnostic.help(format!("for text, write \"{name}\"")))
    }

    /// All elements of an array, in order of declaration.
    pub fn array_list(&self, scope: ScopeId, name: &str) -> Eval<Value> {
        if self.is_broken(scope, name) {
            return Err(Stop::Reported);
        }
        let elements = self.array_elements(scope, name);
        Ok(Value::list(elements.map(|elements| elements.values().cloned().collect()).unwrap_or_default()))
    }

    fn is_broken(&self, scope: ScopeId, name: &str) -> bool {
        self.scopes.get(scope).and_then(|scope| scope.names.get(name)).is_none_or(|binding| binding.broken)
    }

    fn array_elements(&self, scope: ScopeId, name: &str) -> Option<&IndexMap<Vec<Key>, Value>> {
        match &self.scopes.get(scope)?.names.get(name)?.kind {
            BindingKind::Array(elements) => Some(elements),
            _ => None,
        }
    }

    fn index(&mut self, place: Place, base: &'a Expr, indices: &'a [Index], span: Span, env: &Env<'a>) -> Eval<Place> {
        let mut wanted = Vec::with_capacity(indices.len());
        for index in indices {
            wanted.push(match index {
                Index::All(_) => None,
                Index::Key(expr) => Some(self.evaluate(expr, env, None)?),
            });
        }
        let value = match place {
            Place::Array(scope, name) => return self.array_index(scope, &name, &wanted, span).map(Place::Value),
            Place::Value(value) => value,
        };
        let [index] = wanted.as_slice() else {
            return self.error(
                &codes::E0213,
                span,
                "only arrays of nodes have several dimensions",
                "one index is wanted",
            );
        };
        match (&value, index) {
            (_, None) => Ok(Place::Value(value)),
            (Value::Map(entries), Some(Value::String(key) | Value::Member(key))) => match entries.get(key) {
                Some(value) => Ok(Place::Value(value.clone())),
                None => {
                    let known: Vec<&str> = entries.keys().map(SmolStr::as_str).collect();
                    let message = format!("there is no `{key}` in this map");
                    let help = match closest(key, known.iter().copied()) {
                        Some(meant) => format!("did you mean `{meant}`?"),
                        None => format!("it has: {}", known.join(", ")),
                    };
                    self.stop(Diagnostic::new(&codes::E0213, span, message, "no such key").help(help))
                }
            },
            (Value::List(_) | Value::Range(..), Some(index)) => {
                let list = self.elements_of_value(&value, span)?;
                self.list_index(&list, index, span).map(Place::Value)
            }
            _ => {
                let written = self.program.sources.text(base.span).to_owned();
                let message = format!("`{written}` is {} and has no elements", value.kind());
                self.error(&codes::E0213, span, message, "cannot be indexed")
            }
        }
    }

    fn elements_of_value(&mut self, value: &Value, span: Span) -> Eval<Vec<Value>> {
        match elements(value) {
            Some(Ok(values)) => Ok(values),
            Some(Err(problem)) => self.problem(problem, span),
            None => Ok(vec![value.clone()]),
        }
    }

    /// Lists count from 0; arrays of nodes have their own keys.
    fn list_index(&mut self, list: &[Value], index: &Value, span: Span) -> Eval<Value> {
        match index {
            Value::Int(at) => match usize::try_from(*at).ok().and_then(|at| list.get(at)) {
                Some(value) => Ok(value.clone()),
                None => {
                    let message = format!("the list has {} elements, counted from 0, and no [{at}]", list.len());
                    self.error(&codes::E0213, span, message, "out of the list")
                }
            },
            Value::Range(first, last) => {
                let picked = list.iter().enumerate().filter(|(at, _)| (*first..=*last).contains(&(*at as i64)));
                Ok(Value::list(picked.map(|(_, value)| value.clone()).collect()))
            }
            other => {
                let message = format!("an element of a list is chosen by a number, and this is {}", other.kind());
                self.error(&codes::E0213, span, message, "no number")
            }
        }
    }

    fn array_index(&mut self, scope: ScopeId, name: &str, wanted: &[Option<Value>], span: Span) -> Eval<Value> {
        let Some(elements) = self.array_elements(scope, name) else { return Err(Stop::Reported) };
        // One element, the usual case, without looking at the others.
        let exact: Option<Vec<Key>> = wanted.iter().map(|value| value.as_ref().and_then(Key::of)).collect();
        if let Some(value) = exact.as_ref().and_then(|keys| elements.get(keys)) {
            return Ok(value.clone());
        }
        if self.is_broken(scope, name) {
            return Err(Stop::Reported);
        }
        if let Some(keys) = &exact {
            return self.no_such_element(scope, name, keys, span);
        }
        let dimensions = elements.keys().next().map_or(wanted.len(), Vec::len);
        if dimensions != wanted.len() {
            return self.wrong_dimensions(name, dimensions, wanted.len(), span);
        }
        let mut picked = Vec::new();
        for (keys, value) in elements {
            let fits = keys.iter().zip(wanted).all(|(key, wanted)| match wanted {
                None => true,
                Some(wanted) => key_fits(key, wanted),
            });
            if fits {
                picked.push(value.clone());
            }
        }
        Ok(Value::list(picked))
    }

    fn wrong_dimensions<T>(&mut self, name: &str, dimensions: usize, given: usize, span: Span) -> Eval<T> {
        let words = |count: usize, one: &str, many: &str| match count {
            1 => format!("one {one}"),
            count => format!("{count} {many}"),
        };
        let message = format!(
            "`{name}` has {}, and here {}",
            words(dimensions, "dimension", "dimensions"),
            if given == 1 { "is one index".to_owned() } else { format!("are {given} indices") },
        );
        let diagnostic = Diagnostic::new(&codes::E0213, span, message, "wrong number of indices");
        self.stop(diagnostic.help("an index for each; `..` stands for all of a dimension: `h[1, ..]`"))
    }

    fn no_such_element(&mut self, scope: ScopeId, name: &str, keys: &[Key], span: Span) -> Eval<Value> {
        let elements = self.array_elements(scope, name);
        let sources = |keys: &Vec<Key>| keys.iter().map(Key::source).collect::<Vec<_>>().join(", ");
        let count = elements.map_or(0, IndexMap::len);
        let first: Vec<String> = elements.iter().flat_map(|elements| elements.keys()).take(8).map(sources).collect();
        let last = elements.and_then(|elements| elements.keys().next_back()).map(sources);
        let binding = self.scopes.get(scope).and_then(|scope| scope.names.get(name));
        let declared = binding.map(|binding| binding.span);
        if let (Some(declared), Some(condition), true) =
            (declared, binding.and_then(|binding| binding.condition), count == 0)
        {
            return self.not_declared_here(name, span, declared, condition);
        }
        let dimensions = elements.and_then(|elements| elements.keys().next()).map_or(keys.len(), Vec::len);
        if dimensions != keys.len() {
            return self.wrong_dimensions(name, dimensions, keys.len(), span);
        }
        let written: Vec<String> = keys.iter().map(Key::source).collect();
        let message = format!("`{name}` has no element [{}]", written.join(", "));
        let shown = match (first.first(), last) {
            (Some(first), Some(last)) if count > 8 => format!("its {count} elements go from [{first}] to [{last}]"),
            (None, _) => "it has no elements".to_owned(),
            _ => format!("it has [{}]", first.join("], [")),
        };
        let mut diagnostic = Diagnostic::new(&codes::E0214, span, message, "no such element").help(shown);
        if let Some(declared) = declared {
            diagnostic = diagnostic.label(declared, "declared here");
        }
        self.stop(diagnostic)
    }
}

fn key_fits(key: &Key, wanted: &Value) -> bool {
    match (key, wanted) {
        (Key::Int(key), Value::Range(first, last)) => (first..=last).contains(&key),
        (key, Value::List(values)) => values.iter().any(|value| Key::of(value).as_ref() == Some(key)),
        (key, value) => Key::of(value).as_ref() == Some(key),
    }
}

fn has_member(ty: &Type, word: &str) -> bool {
    match ty {
        Type::Enum(words) => words.iter().any(|known| known == word),
        Type::Optional(inner) => has_member(inner, word),
        Type::OneOf(types) => types.iter().any(|ty| has_member(ty, word)),
        Type::List(inner) => has_member(inner, word),
        _ => false,
    }
}

/// The words of an enumeration, where nothing but a word can stand.
fn words(ty: &Type) -> Option<&[SmolStr]> {
    match ty {
        Type::Enum(words) => Some(words),
        Type::Optional(inner) => words(inner),
        _ => None,
    }
}
