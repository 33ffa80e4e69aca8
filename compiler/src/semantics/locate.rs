//! Where the part of a value that is wrong is written.

use crate::source::Span;
use crate::syntax::ast::{Block, Expr, ExprKind, ItemKind, KeyKind, TextPart};
use crate::value::Step;

/// A value as written: an expression, or the block of `name { … }`.
#[derive(Clone, Copy)]
pub enum Written<'e> {
    /// After a `=`.
    Value(&'e Expr),
    /// A block, and where its name stands.
    Block(&'e Block, Span),
}

/// A part of a written value.
pub struct Part<'e> {
    /// Where it is.
    pub span: Span,
    /// Where the name of the field stands that it is the value of.
    pub key: Option<Span>,
    /// Its expression, where it is one.
    pub value: Option<&'e Expr>,
    /// Was the way followed to its end? Else this is what holds the part, such as the name of a constant.
    pub is_exact: bool,
}

impl Part<'_> {
    /// Is it written out, so that something else can be written in its place?
    pub fn is_literal(&self) -> bool {
        self.is_exact && self.value.is_some_and(is_literal)
    }
}

/// Follows steps into a written value, as far as they lead.
pub fn part<'e>(whole: Written<'e>, steps: &[Step]) -> Part<'e> {
    let mut at = whole;
    let mut key = None;
    let mut is_exact = true;
    for step in steps {
        match next(at, step) {
            Some((part, name)) => {
                at = part;
                key = name;
            }
            None => {
                is_exact = false;
                break;
            }
        }
    }
    match at {
        Written::Value(expr) => Part { span: expr.span, key, value: Some(expr), is_exact },
        Written::Block(_, name) => Part { span: name, key, value: None, is_exact },
    }
}

fn next<'e>(at: Written<'e>, step: &Step) -> Option<(Written<'e>, Option<Span>)> {
    match (at, step) {
        (Written::Value(Expr { kind: ExprKind::Group(inner), .. }), _) => next(Written::Value(inner), step),
        (Written::Value(Expr { kind: ExprKind::List(items), .. }), Step::Element(index)) => {
            items.get(*index).map(|item| (Written::Value(item), None))
        }
        (Written::Value(Expr { kind: ExprKind::Record(block), .. }) | Written::Block(block, _), Step::Field(name)) => {
            block.items.iter().find_map(|item| match &item.kind {
                ItemKind::Attribute(attribute) if is_key(&attribute.key.kind, name) => {
                    Some((Written::Value(&attribute.value), Some(attribute.key.span)))
                }
                ItemKind::Group(group) if group.name.text == *name => {
                    Some((Written::Block(&group.block, group.name.span), Some(group.name.span)))
                }
                _ => None,
            })
        }
        _ => None,
    }
}

fn is_key(key: &KeyKind, name: &str) -> bool {
    match key {
        KeyKind::Name(key) => key == name,
        KeyKind::String(parts) => matches!(parts.as_slice(), [TextPart::Literal(text)] if text == name),
    }
}

/// Is an expression one value, written out?
pub fn is_literal(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::String(parts) => parts.iter().all(|part| matches!(part, TextPart::Literal(_))),
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Quantity(_)
        | ExprKind::Ip(_)
        | ExprKind::Cidr(_)
        | ExprKind::Mac(_) => true,
        _ => false,
    }
}
