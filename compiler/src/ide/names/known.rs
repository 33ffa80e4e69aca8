//! What can be told of a value from the text alone: enough to find what stands behind a dot and behind a colon.

use super::builder::{Builder, Env};
use super::symbol::{Builtin, Meaning, Role, SymbolId, SymbolKind};
use crate::semantics::UnitId;
use crate::semantics::schema::{self, AttributeSpec, Kind};
use crate::source::Span;
use crate::syntax::ast::{self, TypeKind};
use crate::value::types::{Field, Type};

/// How deep values that need each other are followed.
const DEPTH: u32 = 200;

/// What is known of a value. A list is known by its elements.
#[derive(Clone, Debug)]
pub enum Known {
    /// Nothing, or nothing that has names.
    Nothing,
    /// A thing of this kind, and which one, if that is known: a node, an array of nodes, the device of a node.
    Thing(Kind, Option<SymbolId>),
    /// A value of the record type that is written there.
    Record(Span),
    /// A word of the enumeration that is written there.
    Enum(Span),
    /// A map, with this behind each key.
    Map(Box<Known>),
    /// The value of an attribute of the language, or a part of it.
    Builtin(Kind, &'static AttributeSpec, &'static Type),
}

/// What is known of the value of a symbol, or how to find out.
#[derive(Clone, Debug)]
pub enum Memo<'a> {
    /// It was found out.
    Done(Known),
    /// It is being found out.
    Open,
    /// By its declared type, in this file.
    Type(&'a ast::Type, UnitId),
    /// By its value. It is resolved when it is first asked for, or when the walk comes to it.
    Value(&'a ast::Let, Env),
}

impl<'a> Builder<'a> {
    /// What is known of the value of a symbol.
    pub fn known(&mut self, id: SymbolId) -> Known {
        let at = id.0 as usize;
        let Some(memo) = self.memos.get(at) else { return Known::Nothing };
        if self.depth > DEPTH && !matches!(memo, Memo::Done(_)) {
            return Known::Nothing;
        }
        match memo.clone() {
            Memo::Done(known) => known,
            Memo::Open => Known::Nothing,
            Memo::Type(ty, unit) => {
                self.memoize(id, Memo::Open);
                self.depth += 1;
                let known = self.known_type(ty, unit);
                self.depth -= 1;
                self.memoize(id, Memo::Done(known.clone()));
                known
            }
            Memo::Value(declared, env) => {
                self.memoize(id, Memo::Open);
                self.depth += 1;
                let known = self.constant(declared, env);
                self.depth -= 1;
                self.stands_for(id, &known);
                self.memoize(id, Memo::Done(known.clone()));
                known
            }
        }
    }

    fn memoize(&mut self, id: SymbolId, memo: Memo<'a>) {
        if let Some(place) = self.memos.get_mut(id.0 as usize) {
            *place = memo;
        }
    }

    /// Notes what the value of a variable or constant is.
    pub fn stands_for(&mut self, id: SymbolId, known: &Known) {
        match known {
            Known::Thing(_, thing) => self.change(Some(id), |symbol| symbol.stands_for = *thing),
            Known::Record(ty) | Known::Enum(ty) => {
                let member = self.members.get(ty).and_then(|members| members.values().next()).copied();
                let ty = member.and_then(|member| self.symbol(member)?.container);
                let declared = ty.filter(|ty| self.symbol(*ty).is_some_and(|ty| ty.kind == SymbolKind::Type));
                if let Some(ty) = declared {
                    self.made_from(id, ty);
                }
            }
            _ => {}
        }
    }

    /// What is known of values of a written type.
    pub fn known_type(&mut self, ty: &'a ast::Type, unit: UnitId) -> Known {
        match &ty.kind {
            TypeKind::Hole => Known::Nothing,
            TypeKind::Optional(inner) | TypeKind::List(inner) => self.known_type(inner, unit),
            TypeKind::Map(inner) => Known::Map(Box::new(self.known_type(inner, unit))),
            TypeKind::Record(_) => Known::Record(ty.span),
            TypeKind::Enum(_) => Known::Enum(ty.span),
            TypeKind::Path(path) => {
                let [name] = path.names.as_slice() else { return Known::Nothing };
                match Type::named(&name.text) {
                    Some(ty) => thing_of_type(&ty),
                    None => self.type_named(unit, &name.text).map_or(Known::Nothing, |id| self.known(id)),
                }
            }
        }
    }

    /// The declared type of this name.
    pub fn type_named(&self, unit: UnitId, name: &str) -> Option<SymbolId> {
        let id = *self.items.get(unit)?.get(name)?;
        self.symbol(id).filter(|symbol| symbol.kind == SymbolKind::Type).map(|_| id)
    }

    /// What the word of an enumeration means, if this is one and has it.
    pub fn word(&self, known: &Known, word: &str) -> Option<Meaning> {
        match known {
            Known::Enum(ty) => self.members.get(ty)?.get(word).copied().map(Meaning::Symbol),
            Known::Builtin(kind, spec, ty) => {
                has_word(ty, word).then_some(Meaning::Builtin(Builtin::Word(*kind, spec)))
            }
            _ => None,
        }
    }

    /// What a key of a record means, and what is known of what stands behind it.
    pub fn entry(&mut self, known: &Known, key: &str) -> (Option<Meaning>, Known) {
        match known {
            Known::Record(ty) => match self.members.get(ty).and_then(|fields| fields.get(key)).copied() {
                Some(field) => (Some(Meaning::Symbol(field)), self.known(field)),
                None => (None, Known::Nothing),
            },
            Known::Map(inner) => (None, (**inner).clone()),
            Known::Builtin(kind, spec, ty) => match builtin_entry(ty, key) {
                Some((field, ty)) => {
                    let meaning = field.map(|field| Meaning::Builtin(Builtin::Field(*kind, spec, field)));
                    (meaning, builtin(*kind, spec, ty))
                }
                None => (None, Known::Nothing),
            },
            _ => (None, Known::Nothing),
        }
    }

    /// `base.field`
    pub fn field(&mut self, base: &Known, field: &ast::Name) -> Known {
        if field.text.is_empty() {
            return Known::Nothing;
        }
        let Known::Thing(kind, thing) = base else {
            let (meaning, known) = self.entry(base, &field.text);
            if let Some(meaning) = meaning {
                self.occur(field.span, meaning, Role::Reference);
            }
            return known;
        };
        let member = thing.and_then(|thing| self.member(thing, &field.text));
        if let Some(member) = member {
            self.refer(field.span, member);
            return self.known(member);
        }
        if let Some((property, known)) = property(*kind, &field.text) {
            self.refer_builtin(field.span, Builtin::Property(*kind, property));
            return known;
        }
        self.attribute(*kind, &field.text, field.span)
    }

    /// A member of an instance of a module, or a machine of a node.
    fn member(&self, thing: SymbolId, name: &str) -> Option<SymbolId> {
        for kindred in self.kindred(thing) {
            let inside = self.module_scopes.get(&kindred).and_then(|scope| self.bound(*scope, name));
            if let Some(found) = inside.or_else(|| self.machine(kindred, name)) {
                return Some(found);
            }
        }
        None
    }

    /// The name of an attribute: what is known of its value.
    pub fn attribute(&mut self, kind: Kind, name: &str, span: Span) -> Known {
        if let Some(declared) = self.attributes.get(&(kind, name.into())).copied() {
            self.refer(span, declared);
            return self.known(declared);
        }
        match (schema::attribute(kind, name), schema::attribute_type(kind, name)) {
            (Some(spec), Some(ty)) => {
                self.refer_builtin(span, Builtin::Attribute(kind, spec));
                builtin(kind, spec, ty)
            }
            _ => Known::Nothing,
        }
    }
}

/// What a thing tells of itself beside its attributes.
fn property(kind: Kind, name: &str) -> Option<(&'static str, Known)> {
    let properties: &[(&str, Option<Kind>)] = match kind {
        Kind::Node => &[
            ("name", None),
            ("path", None),
            ("device", None),
            ("key", None),
            ("keys", None),
            ("interfaces", Some(Kind::Interface)),
            ("neighbours", Some(Kind::Node)),
            ("neighbors", Some(Kind::Node)),
            ("links", Some(Kind::Link)),
        ],
        Kind::Interface => &[
            ("name", None),
            ("node", Some(Kind::Node)),
            ("link", Some(Kind::Link)),
            ("peer", Some(Kind::Interface)),
            ("network", Some(Kind::Network)),
            ("addresses", None),
        ],
        Kind::Network => &[("name", None), ("path", None), ("key", None), ("subnets", None)],
        Kind::Link | Kind::Lag => &[("name", None), ("path", None), ("ends", None)],
        Kind::Vlan | Kind::Vrf | Kind::Pool => &[("name", None)],
        _ => &[],
    };
    let (name, thing) = properties.iter().find(|(known, _)| *known == name)?;
    Some((name, thing.map_or(Known::Nothing, |kind| Known::Thing(kind, None))))
}

/// Things are known by the types that are called after them.
pub fn thing_of_type(ty: &Type) -> Known {
    let kind = match ty {
        Type::Node => Kind::Node,
        Type::Interface => Kind::Interface,
        Type::Network => Kind::Network,
        Type::Link => Kind::Link,
        Type::Pool => Kind::Pool,
        Type::Vlan => Kind::Vlan,
        Type::Vrf => Kind::Vrf,
        Type::Optional(inner) | Type::List(inner) => return thing_of_type(inner),
        _ => return Known::Nothing,
    };
    Known::Thing(kind, None)
}

/// What is known of a value that an attribute takes.
fn builtin(kind: Kind, spec: &'static AttributeSpec, ty: &'static Type) -> Known {
    match thing_of_type(ty) {
        Known::Nothing => Known::Builtin(kind, spec, ty),
        thing => thing,
    }
}

fn has_word(ty: &Type, word: &str) -> bool {
    match ty {
        Type::Enum(words) => words.iter().any(|known| known == word),
        Type::Optional(inner) | Type::List(inner) => has_word(inner, word),
        Type::OneOf(types) => types.iter().any(|ty| has_word(ty, word)),
        _ => false,
    }
}

/// The field of a record, and the type behind a key.
fn builtin_entry(ty: &'static Type, key: &str) -> Option<(Option<&'static Field>, &'static Type)> {
    match ty {
        Type::Record(fields) => {
            let field = fields.iter().find(|field| field.name == key)?;
            Some((Some(field), &field.ty))
        }
        Type::Map(inner) => Some((None, inner)),
        Type::Optional(inner) | Type::List(inner) => builtin_entry(inner, key),
        Type::OneOf(types) => types.iter().find_map(|ty| builtin_entry(ty, key)),
        _ => None,
    }
}
