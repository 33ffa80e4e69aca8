//! A text with a number or word in the place of a variable.

use crate::diagnostics::TextEdit;
use crate::ide::assists::Context;
use crate::source::Span;
use crate::syntax::ast::*;
use crate::syntax::token::TokenKind;
use crate::syntax::walk::{Element, around};

/// What a variable is in one turn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum KeyValue {
    /// A number.
    Number(i64),
    /// A word, which needs no escapes.
    Word(String),
}

impl KeyValue {
    /// As an expression.
    pub fn written(&self) -> String {
        match self {
            KeyValue::Number(number) => number.to_string(),
            KeyValue::Word(word) => format!("\"{word}\""),
        }
    }

    /// As text.
    pub fn plain(&self) -> String {
        match self {
            KeyValue::Number(number) => number.to_string(),
            KeyValue::Word(word) => word.clone(),
        }
    }
}

/// More turns than these are not written out.
const MOST_TURNS: i64 = 100;

/// What a list of literals holds.
pub fn keys(list: &Expr) -> Option<Vec<KeyValue>> {
    match &list.kind {
        ExprKind::Binary(from, BinaryOp::Range, _, to) => {
            let (from, to) = (fold(from, None)?, fold(to, None)?);
            let fits = from >= 0 && (0..MOST_TURNS).contains(&(to - from));
            fits.then(|| (from..=to).map(KeyValue::Number).collect())
        }
        ExprKind::List(elements) => elements.iter().map(key).collect(),
        _ => key(list).map(|key| vec![key]),
    }
}

/// A literal number or word.
pub fn key(expr: &Expr) -> Option<KeyValue> {
    match &expr.kind {
        ExprKind::Int(number) if *number >= 0 => Some(KeyValue::Number(*number)),
        ExprKind::String(parts) => match parts.as_slice() {
            [TextPart::Literal(word)] => {
                let plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.');
                word.chars().all(plain).then(|| KeyValue::Word(word.to_string()))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The value of an expression of whole numbers and one variable.
fn fold(expr: &Expr, variable: Option<(&str, i64)>) -> Option<i64> {
    match &expr.kind {
        ExprKind::Int(number) => Some(*number),
        ExprKind::Name(name) => variable.filter(|(known, _)| name == known).map(|(_, value)| value),
        ExprKind::Group(inner) => fold(inner, variable),
        ExprKind::Binary(left, op, _, right) => {
            let (left, right) = (fold(left, variable)?, fold(right, variable)?);
            match op {
                BinaryOp::Add => left.checked_add(right),
                BinaryOp::Subtract => left.checked_sub(right),
                BinaryOp::Multiply => left.checked_mul(right),
                _ => None,
            }
        }
        _ => None,
    }
    .filter(|value| *value >= 0)
}

/// The edits that write a value where a variable stands. Sums with it are reckoned, and holes of text filled.
pub fn substitute(context: &Context, places: &[Span], variable: &str, value: &KeyValue) -> Vec<TextEdit> {
    let mut edits: Vec<TextEdit> = Vec::new();
    for place in places {
        let edit = one(context, *place, variable, value);
        // `i * i` is reckoned at once.
        if edits.last().is_none_or(|last| last.span != edit.span) {
            edits.push(edit);
        }
    }
    edits
}

fn one(context: &Context, place: Span, variable: &str, value: &KeyValue) -> TextEdit {
    let path = around(&context.unit.parse.tree, place);
    let (mut span, mut written, mut plain) = (place, value.written(), value.plain());
    let mut above = path.len().saturating_sub(1);
    while let (KeyValue::Number(number), Some(Element::Expr(expr))) =
        (value, above.checked_sub(1).and_then(|at| path.get(at)))
    {
        let Some(sum) = fold(expr, Some((variable, *number))) else { break };
        (span, written, plain) = (expr.span, sum.to_string(), sum.to_string());
        above -= 1;
    }
    match hole(context, span) {
        Some(hole) => TextEdit { span: hole, text: plain },
        None => TextEdit { span, text: written },
    }
}

/// The hole that a span fills, with its marks.
fn hole(context: &Context, span: Span) -> Option<Span> {
    let tokens = &context.unit.parse.tokens;
    let at = tokens.partition_point(|token| token.start < span.start);
    let after = tokens.partition_point(|token| token.end <= span.end);
    let before = tokens.get(..at)?.iter().rev().find(|token| !token.kind.is_trivia())?;
    let behind = tokens.get(after..)?.iter().find(|token| !token.kind.is_trivia())?;
    let fills = before.kind == TokenKind::HoleOpen && behind.kind == TokenKind::HoleClose;
    fills.then_some(Span { start: before.start, end: behind.end, ..span })
}
