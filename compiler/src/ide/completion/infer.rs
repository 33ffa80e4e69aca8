//! What an expression is, as far as its text and the declarations of its names tell.

use super::Asked;
use super::functions;
use super::known::{Name, Word, device_of, tree};
use crate::semantics::schema::{Kind, attribute_type};
use crate::source::FileId;
use crate::syntax::ast::{self, BinaryOp, Expr, ExprKind, Index, ItemKind, Quantity, TypeKind};
use crate::syntax::parse_expression;
use crate::value::types::{Field, Type};
use smol_str::SmolStr;
use std::sync::Arc;

/// So many declarations are followed from one to the next.
const MOST_STEPS: usize = 12;

/// What an expression is.
#[derive(Clone, PartialEq, Debug)]
pub enum Thing {
    /// A value of a type; `any` where nothing is known.
    Value(Type),
    /// A node.
    Node(Picked),
    /// An instance of a module.
    Module(Picked),
    /// An array, of nodes, networks or links.
    Array(Box<Thing>),
    /// A list of nodes or instances.
    List(Box<Thing>),
    /// A machine of the device that is being written: its item.
    Machine(usize),
}

/// A node, by how it is written.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Picked {
    /// Its name, or that of its array; none if it comes from elsewhere.
    pub name: Option<SmolStr>,
    /// The text of the index, if there is one.
    pub key: Option<String>,
    /// Its device or module.
    pub device: Option<SmolStr>,
}

impl Thing {
    /// Nothing is known of it.
    pub const UNKNOWN: Thing = Thing::Value(Type::Any);

    /// The type of it as a value.
    pub fn ty(&self) -> Type {
        match self {
            Thing::Value(ty) => ty.clone(),
            Thing::Node(_) => Type::Node,
            Thing::Module(_) | Thing::Machine(_) => Type::Any,
            Thing::Array(inner) | Thing::List(inner) => Type::List(Box::new(inner.ty())),
        }
    }

    /// An element of it.
    pub fn element(self) -> Thing {
        match self {
            Thing::Array(inner) | Thing::List(inner) => *inner,
            Thing::Value(Type::List(inner) | Type::Map(inner)) => Thing::Value(*inner),
            Thing::Value(Type::Optional(inner)) => Thing::Value(*inner).element(),
            _ => Thing::UNKNOWN,
        }
    }
}

impl<'a> Asked<'a> {
    /// What the text of an expression is.
    pub fn thing_of_text(&self, text: &str) -> Thing {
        self.infer(&parse_expression(FileId(0), text).0, text, MOST_STEPS)
    }

    /// What a name is.
    pub fn thing_of_name(&self, name: &str) -> Thing {
        self.named(name, MOST_STEPS)
    }

    fn named(&self, text: &str, steps: usize) -> Thing {
        let Some((name, steps)) = self.names.get(text).zip(steps.checked_sub(1)) else { return Thing::UNKNOWN };
        let one = match name.word {
            Word::Node => self.node_thing(text, name),
            Word::Network => Thing::Value(Type::Network),
            Word::Link => Thing::Value(Type::Link),
            Word::Vlan => Thing::Value(Type::Vlan),
            Word::Vrf => Thing::Value(Type::Vrf),
            Word::Pool => Thing::Value(Type::Pool),
            Word::Param | Word::Let => self.declared_value(text, name, steps),
            Word::Parameter => self.parameter_thing(text, name),
            Word::Variable => self.variable_thing(text, name, steps),
            Word::Part => name.item.map_or(Thing::UNKNOWN, Thing::Machine),
            Word::Type | Word::Device | Word::Module | Word::Attribute => Thing::UNKNOWN,
        };
        if name.is_array { Thing::Array(Box::new(one)) } else { one }
    }

    fn node_thing(&self, text: &str, name: &Name) -> Thing {
        let device = name.item.and_then(|item| device_of(&self.cursor, item));
        self.instance(SmolStr::new(text), device)
    }

    /// An instance of a device or module.
    fn instance(&self, name: SmolStr, device: Option<SmolStr>) -> Thing {
        let is_module = device.as_ref().is_some_and(|device| self.is_module(device));
        let picked = Picked { name: Some(name), key: None, device };
        if is_module { Thing::Module(picked) } else { Thing::Node(picked) }
    }

    fn is_module(&self, device: &str) -> bool {
        self.names.get(device).is_some_and(|name| name.word == Word::Module)
    }

    fn declared_value(&self, text: &str, name: &Name, steps: usize) -> Thing {
        let Some(item) = name.item else { return self.imported_value(text, steps) };
        let Some(declared) = tree(&self.cursor, item, true) else { return Thing::UNKNOWN };
        match &declared.item.kind {
            ItemKind::Param(param) => Thing::Value(self.type_of(&param.ty, steps)),
            ItemKind::Let(constant) => match &constant.ty {
                Some(ty) => Thing::Value(self.type_of(ty, steps)),
                None => self.infer(&constant.value, declared.text, steps),
            },
            _ => Thing::UNKNOWN,
        }
    }

    fn imported_value(&self, text: &str, steps: usize) -> Thing {
        let found = self.query.compilation.and_then(|compilation| compilation.find(0, text));
        match found.map(|(_, item)| &item.kind) {
            Some(ItemKind::Let(ast::Let { ty: Some(ty), .. })) => Thing::Value(self.type_of(ty, steps)),
            _ => Thing::UNKNOWN,
        }
    }

    fn parameter_thing(&self, text: &str, name: &Name) -> Thing {
        let Some(declared) = name.item.and_then(|item| tree(&self.cursor, item, false)) else { return Thing::UNKNOWN };
        let found = super::known::parameters(&declared.item).iter().find(|parameter| parameter.name.text == text);
        found.map_or(Thing::UNKNOWN, |parameter| Thing::Value(self.type_of(&parameter.ty, MOST_STEPS)))
    }

    /// The variable of a loop, a dimension or a comprehension: an element of what it runs over.
    fn variable_thing(&self, text: &str, name: &Name, steps: usize) -> Thing {
        use crate::syntax::token::TokenKind::{In, Name as NameToken};
        let Some(item) = name.item.and_then(|item| self.cursor.outline.items.get(item)) else { return Thing::UNKNOWN };
        let outline = &self.cursor.outline;
        let tokens: Vec<_> = outline.significant(item.tokens.clone()).collect();
        let binds = |pair: &[&crate::syntax::token::Token]| match pair {
            [name, next] => name.kind == NameToken && next.kind == In && outline.word(name) == text,
            _ => false,
        };
        let Some(at) = tokens.windows(2).position(binds) else { return Thing::UNKNOWN };
        // The list ends where its brackets do, or at the block, another loop or a condition.
        let mut depth = 0i32;
        let list: Vec<_> = tokens
            .iter()
            .skip(at + 2)
            .take_while(|token| {
                use crate::syntax::token::TokenKind::*;
                match token.kind {
                    OpenBrace | Comma | Equal | If | For if depth == 0 => return false,
                    OpenParen | OpenBracket | OpenBrace => depth += 1,
                    CloseParen | CloseBracket | CloseBrace => depth -= 1,
                    _ => {}
                }
                depth >= 0
            })
            .collect();
        let text = list
            .first()
            .zip(list.last())
            .and_then(|(first, last)| outline.text.get(first.start as usize..last.end as usize));
        let Some(text) = text else { return Thing::UNKNOWN };
        self.infer(&parse_expression(FileId(0), text).0, text, steps).element()
    }

    /// What an expression is. `text` is what its spans are in.
    fn infer(&self, expr: &Expr, text: &str, steps: usize) -> Thing {
        let Some(steps) = steps.checked_sub(1) else { return Thing::UNKNOWN };
        let value = |ty: Type| Thing::Value(ty);
        match &expr.kind {
            ExprKind::Name(name) => self.named(name, steps),
            ExprKind::SelfNode => Thing::Node(self.self_node()),
            ExprKind::Bool(_) | ExprKind::Not(_) => value(Type::Bool),
            ExprKind::Int(_) | ExprKind::Negate(_) => value(Type::Int),
            ExprKind::String(_) => value(Type::String),
            ExprKind::Ip(_) => value(Type::Ip),
            ExprKind::Cidr(net) => value(if net.trunc() == *net { Type::Prefix } else { Type::Cidr }),
            ExprKind::AddressText(_) => value(Type::Ip),
            ExprKind::Mac(_) => value(Type::Mac),
            ExprKind::Quantity(quantity) => value(match quantity {
                Quantity::Size(_) => Type::Size,
                Quantity::Duration(_) => Type::Duration,
                Quantity::Rate(_) => Type::Rate,
                Quantity::Percent(_) => Type::Percent,
            }),
            ExprKind::Group(inner) => self.infer(inner, text, steps),
            ExprKind::If(parts) => self.infer(&parts.1, text, steps),
            ExprKind::Port(..) => value(Type::Interface),
            ExprKind::List(elements) => {
                let element = elements.first().map_or(Thing::UNKNOWN, |first| self.infer(first, text, steps));
                match element {
                    Thing::Value(ty) => value(Type::List(Box::new(ty))),
                    node => Thing::List(Box::new(node)),
                }
            }
            ExprKind::Comprehension(made) => match &made.element.kind {
                ExprKind::Name(_) => match self.infer(&made.element, text, steps) {
                    Thing::Value(ty) => value(Type::List(Box::new(ty))),
                    node => Thing::List(Box::new(node)),
                },
                _ => value(Type::List(Box::new(self.infer(&made.element, text, steps).ty()))),
            },
            ExprKind::Record(block) => value(self.record_type(block, text, steps)),
            ExprKind::Field(base, field) => self.field_of(&self.infer(base, text, steps), &field.text),
            ExprKind::Index(base, indices) => self.index(base, indices, text, steps),
            ExprKind::Call(function, _) => match &function.kind {
                ExprKind::Name(name) => value(functions::find(name).map_or(Type::Any, functions::Function::gives)),
                _ => Thing::UNKNOWN,
            },
            ExprKind::Binary(left, operator, _, right) => match operator {
                BinaryOp::Range => value(Type::List(Box::new(Type::Int))),
                BinaryOp::Missing => self.infer(right, text, steps),
                BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Remainder => {
                    self.infer(left, text, steps)
                }
                _ => value(Type::Bool),
            },
            ExprKind::Null | ExprKind::From(_) | ExprKind::Hole => Thing::UNKNOWN,
        }
    }

    fn index(&self, base: &Expr, indices: &[Index], text: &str, steps: usize) -> Thing {
        let base = self.infer(base, text, steps);
        let several = indices.iter().any(|index| match index {
            Index::All(_) => true,
            Index::Key(key) => matches!(key.kind, ExprKind::Binary(_, BinaryOp::Range, ..) | ExprKind::List(_)),
        });
        let key = match indices {
            [Index::Key(key)] if !several => text.get(key.span.range()).map(|key| key.trim_matches('"').to_owned()),
            _ => None,
        };
        let element = match base.element() {
            Thing::Node(picked) => Thing::Node(Picked { key, ..picked }),
            Thing::Module(picked) => Thing::Module(Picked { key, ..picked }),
            other => other,
        };
        if several { Thing::List(Box::new(element)) } else { element }
    }

    fn record_type(&self, block: &ast::Block, text: &str, steps: usize) -> Type {
        let field = |item: &ast::Item| {
            let ItemKind::Attribute(attribute) = &item.kind else { return None };
            let ast::KeyKind::Name(name) = &attribute.key.kind else { return None };
            let ty = self.infer(&attribute.value, text, steps).ty();
            Some(Field { name: name.clone(), ty, default: None, required: false })
        };
        Type::Record(Arc::new(block.items.iter().filter_map(field).collect()))
    }

    /// What is behind a dot.
    pub fn field_of(&self, base: &Thing, field: &str) -> Thing {
        let of_kind = |kind: Kind| match self.own_attribute(kind, field) {
            Some(ty) => Thing::Value(ty),
            None => Thing::Value(attribute_type(kind, field).cloned().unwrap_or(Type::Any)),
        };
        match base {
            Thing::Node(picked) => match field {
                "name" | "path" | "device" => Thing::Value(Type::String),
                "interfaces" => Thing::Value(Type::List(Box::new(Type::Interface))),
                "links" => Thing::Value(Type::List(Box::new(Type::Link))),
                "neighbours" => Thing::List(Box::new(Thing::Node(Picked::default()))),
                _ => match self.device_parameter(picked, field) {
                    Some(ty) => Thing::Value(ty),
                    None => of_kind(Kind::Node),
                },
            },
            Thing::Module(picked) => self.member(picked, field),
            Thing::Value(Type::Interface) => match field {
                "name" => Thing::Value(Type::String),
                "node" => Thing::Node(Picked::default()),
                "peer" => Thing::Value(Type::Interface),
                "link" => Thing::Value(Type::Link),
                "network" => Thing::Value(Type::Network),
                "addresses" => Thing::Value(Type::List(Box::new(Type::Cidr))),
                "address" => Thing::Value(Type::Cidr),
                _ => of_kind(Kind::Interface),
            },
            Thing::Value(Type::Network) => match field {
                "name" | "path" => Thing::Value(Type::String),
                "subnets" => Thing::Value(Type::List(Box::new(Type::Prefix))),
                _ => of_kind(Kind::Network),
            },
            Thing::Value(Type::Link) => of_kind(Kind::Link),
            Thing::Value(Type::Vlan) => of_kind(Kind::Vlan),
            Thing::Value(Type::Vrf) => of_kind(Kind::Vrf),
            Thing::Value(Type::Optional(inner)) => self.field_of(&Thing::Value((**inner).clone()), field),
            Thing::Value(Type::Record(fields)) => {
                let found = fields.iter().find(|known| known.name == field);
                found.map_or(Thing::UNKNOWN, |field| Thing::Value(field.ty.clone()))
            }
            Thing::Value(Type::Node) => self.field_of(&Thing::Node(Picked::default()), field),
            _ => Thing::UNKNOWN,
        }
    }

    fn device_parameter(&self, picked: &Picked, field: &str) -> Option<Type> {
        let device = self.kindred(picked.device.as_deref()?)?;
        let found = super::known::parameters(&device.item).iter().find(|parameter| parameter.name.text == field)?;
        Some(self.type_of(&found.ty, MOST_STEPS))
    }

    fn member(&self, picked: &Picked, field: &str) -> Thing {
        let Some(module) = picked.device.as_deref().and_then(|name| self.kindred(name)) else { return Thing::UNKNOWN };
        let ItemKind::Module(module) = &module.item.kind else { return Thing::UNKNOWN };
        let found = members(&module.block.items).into_iter().find(|(_, name, _)| name == field);
        let Some((item, name, is_array)) = found else { return Thing::UNKNOWN };
        let one = match &item.kind {
            ItemKind::Node(node) => self.instance(name, node.device.names.last().map(|name| name.text.clone())),
            ItemKind::Part(part) if part.word.text == "network" => Thing::Value(Type::Network),
            ItemKind::Link(_) | ItemKind::Lag(_) => Thing::Value(Type::Link),
            _ => Thing::UNKNOWN,
        };
        if is_array { Thing::Array(Box::new(one)) } else { one }
    }

    /// The node that `self` is.
    fn self_node(&self) -> Picked {
        for item in self.cursor.around() {
            let Some(item) = self.cursor.outline.items.get(item) else { continue };
            let (head, name) = self.cursor.outline.head(item);
            let name = name.map(|name| SmolStr::new(self.cursor.outline.word(name)));
            match head {
                "node" => {
                    return match name.map(|name| self.thing_of_name(&name)) {
                        Some(Thing::Node(picked)) => picked,
                        Some(Thing::Array(inner)) if matches!(*inner, Thing::Node(_)) => match *inner {
                            Thing::Node(picked) => picked,
                            _ => Picked::default(),
                        },
                        _ => Picked::default(),
                    };
                }
                "device" => return Picked { device: name, ..Picked::default() },
                _ => {}
            }
        }
        Picked::default()
    }

    /// A type as written.
    pub fn type_of(&self, ty: &ast::Type, steps: usize) -> Type {
        let Some(steps) = steps.checked_sub(1) else { return Type::Any };
        match &ty.kind {
            TypeKind::Hole => Type::Any,
            TypeKind::Optional(inner) => Type::Optional(Box::new(self.type_of(inner, steps))),
            TypeKind::List(inner) => Type::List(Box::new(self.type_of(inner, steps))),
            TypeKind::Map(inner) => Type::Map(Box::new(self.type_of(inner, steps))),
            TypeKind::Enum(names) => Type::Enum(Arc::new(names.iter().map(|name| name.text.clone()).collect())),
            TypeKind::Record(fields) => {
                let field = |field: &ast::Parameter| {
                    let ty = self.type_of(&field.ty, steps);
                    let required = field.default.is_none() && !matches!(ty, Type::Optional(_));
                    Field { name: field.name.text.clone(), ty, default: None, required }
                };
                Type::Record(Arc::new(fields.iter().map(field).collect()))
            }
            TypeKind::Path(path) => {
                let [name] = path.names.as_slice() else { return Type::Any };
                Type::named(&name.text).unwrap_or_else(|| self.named_type(&name.text, steps))
            }
        }
    }

    fn named_type(&self, name: &str, steps: usize) -> Type {
        let of = |item: &ast::Item| match &item.kind {
            ItemKind::Type(declared) => self.type_of(&declared.ty, steps),
            _ => Type::Any,
        };
        if let Some(Name { word: Word::Type, item: Some(item), .. }) = self.names.get(name) {
            return tree(&self.cursor, *item, true).map_or(Type::Any, |declared| of(&declared.item));
        }
        let found = self.query.compilation.and_then(|compilation| compilation.find(0, name));
        found.map_or(Type::Any, |(_, item)| of(item))
    }

    /// A type as it stands in a text: `[site]`.
    pub fn type_of_text(&self, text: &str) -> Type {
        let parsed = crate::syntax::parse(FileId(0), &format!("param x: {text}"));
        match parsed.tree.items.first().map(|item| &item.kind) {
            Some(ItemKind::Param(param)) => self.type_of(&param.ty, MOST_STEPS),
            _ => Type::Any,
        }
    }
}

/// The `pub` things of a module, with name; is it an array?
pub fn members(items: &[ast::Item]) -> Vec<(&ast::Item, SmolStr, bool)> {
    let mut found = Vec::new();
    for item in items {
        let named = match &item.kind {
            ItemKind::Node(node) => Some((node.name.text.clone(), node.dims.is_some())),
            ItemKind::Part(part) => match &part.name.kind {
                ast::KeyKind::Name(name) => Some((name.clone(), part.dims.is_some())),
                ast::KeyKind::String(_) => None,
            },
            ItemKind::Link(link) | ItemKind::Lag(link) => {
                link.name.as_ref().map(|name| (name.text.clone(), link.dims.is_some()))
            }
            ItemKind::For(repeated) => {
                found.extend(members(&repeated.block.items));
                None
            }
            ItemKind::If(choice) => {
                found.extend(members(&choice.then.items));
                found.extend(choice.otherwise.iter().flat_map(|block| members(&block.items)));
                None
            }
            _ => None,
        };
        if let Some((name, is_array)) = named.filter(|_| item.public.is_some()) {
            found.push((item, name, is_array));
        }
    }
    found
}
