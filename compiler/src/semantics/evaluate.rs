//! Expressions: what they are worth.

mod budget;
mod places;
mod records;
mod types;

pub use places::Place;

use super::limits;
use super::locate::{Written, is_literal};
use super::world::{Env, Eval, Phase, Stop, World};
use crate::collections::IndexMap;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::names as codes;
use crate::source::Span;
use crate::syntax::ast::{self, BinaryOp, Expr, ExprKind, KeyKind, Quantity, TextPart};
use crate::value::types::{Type, accept_for};
use crate::value::{Mac, Value, bounded, count, elements, operators, text};
use smol_str::SmolStr;
use std::sync::Arc;

impl<'a> World<'a> {
    /// The value of an expression, of a type where one is wanted. `name` is what it is for, in messages.
    pub fn evaluate_as(&mut self, expr: &'a Expr, env: &Env<'a>, ty: Option<&Type>, name: &str) -> Eval<Value> {
        let Some(ty) = ty else { return self.evaluate(expr, env, None) };
        match &expr.kind {
            // What is wrong is wrong with the branch that is taken.
            ExprKind::Group(inner) => self.evaluate_as(inner, env, Some(ty), name),
            ExprKind::If(parts) => {
                let (condition, then, otherwise) = &**parts;
                let taken = if self.condition(condition, env)? { then } else { otherwise };
                self.evaluate_as(taken, env, Some(ty), name)
            }
            _ => {
                let value = self.evaluate(expr, env, Some(ty))?;
                self.accept(value, ty, expr, name)
            }
        }
    }

    /// Checks a value against a type and converts it; the problem is shown at the part that is wrong.
    pub fn accept(&mut self, value: Value, ty: &Type, expr: &Expr, name: &str) -> Eval<Value> {
        let is_size = matches!(value, Value::Size(_));
        match accept_for(name, value, ty) {
            Ok(value) => Ok(value),
            Err(problem) if name == "disk" && is_size => {
                let help = "`disk` is an image; how large the disk is, is `disk_size`";
                self.problem_in(problem.help(help), Written::Value(expr))
            }
            Err(problem) => self.problem_in(problem, Written::Value(expr)),
        }
    }

    /// The value of an expression. `wanted` gives words of an enumeration their meaning.
    pub fn evaluate(&mut self, expr: &'a Expr, env: &Env<'a>, wanted: Option<&Type>) -> Eval<Value> {
        if self.depth > limits::EVALUATION_DEPTH {
            let message = "this value depends on too long a chain of others";
            let help = "compute long sums and lists with a comprehension or a function";
            return self.stop(Diagnostic::new(&codes::E0218, expr.span, message, "too deep").help(help));
        }
        self.depth += 1;
        let value = stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.evaluate_here(expr, env, wanted));
        self.depth -= 1;
        let value = value?;
        self.count_work(&value, expr.span)?;
        Ok(value)
    }

    fn evaluate_here(&mut self, expr: &'a Expr, env: &Env<'a>, wanted: Option<&Type>) -> Eval<Value> {
        match &expr.kind {
            ExprKind::Null => Ok(Value::Null),
            ExprKind::Bool(value) => Ok(Value::Bool(*value)),
            ExprKind::Int(value) => Ok(Value::Int(*value)),
            ExprKind::Quantity(quantity) => Ok(quantity_value(*quantity)),
            ExprKind::Ip(ip) => Ok(Value::Ip(*ip)),
            ExprKind::Cidr(net) => Ok(Value::from_net(*net)),
            ExprKind::Mac(mac) => Ok(Value::Mac(Mac(*mac))),
            ExprKind::String(parts) => self.text(parts, env, expr.span),
            ExprKind::AddressText(parts) => {
                let Value::String(filled) = self.text(parts, env, expr.span)? else {
                    return self.problem(operators::depends_on_secret(), expr.span);
                };
                let parsed = text::parse_address(&filled);
                parsed.or_else(|problem| self.problem(problem, expr.span))
            }
            ExprKind::Group(inner) => self.evaluate(inner, env, wanted),
            ExprKind::Hole => Err(Stop::Reported),
            ExprKind::Name(_) | ExprKind::SelfNode | ExprKind::Field(..) | ExprKind::Index(..) | ExprKind::Port(..) => {
                match self.place(expr, env, wanted)? {
                    Place::Value(value) => Ok(value),
                    Place::Array(scope, name) => self.array_list(scope, &name),
                }
            }
            ExprKind::List(items) => {
                let inner = wanted.and_then(element_type);
                let values: Vec<Eval<Value>> = items.iter().map(|item| self.evaluate(item, env, inner)).collect();
                let values = values.into_iter().collect::<Eval<Vec<Value>>>()?;
                bounded(Value::list(values)).or_else(|problem| self.problem(problem, expr.span))
            }
            ExprKind::Comprehension(comprehension) => {
                let mut values = Vec::new();
                let inner = wanted.and_then(element_type);
                self.comprehend(comprehension, &comprehension.bindings, env, inner, &mut values)?;
                bounded(Value::list(values)).or_else(|problem| self.problem(problem, expr.span))
            }
            ExprKind::Record(block) => self.record(block, env, wanted, IndexMap::default()),
            ExprKind::Call(function, arguments) => self.call(function, arguments, expr.span, env, wanted),
            ExprKind::Negate(inner) => {
                let value = self.evaluate(inner, env, None)?;
                operators::negate(&value).or_else(|problem| self.problem(problem, expr.span))
            }
            ExprKind::Not(inner) => {
                let value = self.condition(inner, env)?;
                Ok(Value::Bool(!value))
            }
            ExprKind::If(parts) => {
                let (condition, then, otherwise) = &**parts;
                let taken = if self.condition(condition, env)? { then } else { otherwise };
                self.evaluate(taken, env, wanted)
            }
            ExprKind::From(from) => {
                let pool = self.evaluate_as(&from.pool, env, Some(&Type::Pool), "from")?;
                let at = match &from.at {
                    Some(at) => match self.evaluate_as(at, env, Some(&Type::Int), "at")? {
                        Value::Int(at) => Some(at),
                        _ => None,
                    },
                    None => None,
                };
                match pool {
                    Value::Pool(id) => Ok(Value::FromPool(id, at)),
                    _ => Err(Stop::Reported),
                }
            }
            ExprKind::Binary(left, op, span, right) => self.binary(left, *op, *span, right, expr, env, wanted),
        }
    }

    #[allow(clippy::too_many_arguments)] // The parts of one expression.
    fn binary(
        &mut self,
        left: &'a Expr,
        op: BinaryOp,
        span: Span,
        right: &'a Expr,
        whole: &Expr,
        env: &Env<'a>,
        wanted: Option<&Type>,
    ) -> Eval<Value> {
        match op {
            BinaryOp::And => Ok(Value::Bool(self.condition(left, env)? && self.condition(right, env)?)),
            BinaryOp::Or => Ok(Value::Bool(self.condition(left, env)? || self.condition(right, env)?)),
            BinaryOp::Missing => match self.evaluate(left, env, wanted)? {
                Value::Null => self.evaluate(right, env, wanted),
                value => Ok(value),
            },
            _ => {
                let compared = matches!(op, BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::In);
                let a = self.evaluate(left, env, if compared { None } else { wanted });
                // `mode == routed`: the word means what the other side's type says.
                let (a, b) = match (a?, &right.kind) {
                    (Value::Member(word), ExprKind::Name(other)) if compared => {
                        let members = Type::Enum(Arc::new(vec![word.clone(), other.clone()]));
                        (Value::Member(word), self.evaluate(right, env, Some(&members))?)
                    }
                    (a, _) => (a, self.evaluate(right, env, if compared { None } else { wanted })?),
                };
                let at = if matches!(op, BinaryOp::In) { span } else { whole.span };
                operators::binary(op, &a, &b).or_else(|mut problem| {
                    if !(is_literal(left) && is_literal(right)) {
                        problem.replacement = None;
                    }
                    self.problem(problem, at)
                })
            }
        }
    }

    /// The value of a condition.
    pub fn condition(&mut self, expr: &'a Expr, env: &Env<'a>) -> Eval<bool> {
        let value = self.evaluate(expr, env, None)?;
        operators::truth(&value).or_else(|problem| self.problem(problem, expr.span))
    }

    /// Text with its holes filled.
    pub fn text(&mut self, parts: &'a [TextPart], env: &Env<'a>, span: Span) -> Eval<Value> {
        if let [TextPart::Literal(text)] = parts {
            return Ok(Value::String(text.clone()));
        }
        let mut values = Vec::with_capacity(parts.len());
        for part in parts {
            values.push(match part {
                TextPart::Literal(text) => Value::String(text.clone()),
                TextPart::Hole(expr) => {
                    let value = self.evaluate(expr, env, None)?;
                    text::display(&value).or_else(|problem| self.problem(problem, expr.span))?
                }
            });
        }
        text::interpolate(values).or_else(|problem| self.problem(problem, span))
    }

    /// Text that must be free of secrets: names, keys, interface names.
    pub fn plain_text(&mut self, parts: &'a [TextPart], env: &Env<'a>, span: Span) -> Eval<SmolStr> {
        match self.text(parts, env, span)? {
            Value::String(text) => Ok(text),
            _ => self.problem(operators::depends_on_secret(), span),
        }
    }

    /// The key of an attribute.
    pub fn key(&mut self, key: &'a ast::Key, env: &Env<'a>) -> Eval<SmolStr> {
        match &key.kind {
            KeyKind::Name(name) => Ok(name.clone()),
            KeyKind::String(parts) => self.plain_text(parts, env, key.span),
        }
    }

    /// The elements of a list that a loop runs over. They are counted against the limit before a range is unrolled.
    pub fn elements_of(&mut self, expr: &'a Expr, env: &Env<'a>) -> Eval<Vec<Value>> {
        let value = self.evaluate(expr, env, None)?;
        self.count_elements(usize::try_from(count(&value)).unwrap_or(usize::MAX), expr.span)?;
        match elements(&value) {
            Some(Ok(values)) => Ok(values),
            Some(Err(problem)) => self.problem(problem, expr.span),
            None => {
                let message = format!("a list or range is wanted here, and this is {}", value.kind());
                let help = "write a list `[a, b]`, a range `1..4`, or the name of an array";
                self.stop(Diagnostic::new(&codes::E0207, expr.span, message, "no list").help(help))
            }
        }
    }

    fn comprehend(
        &mut self,
        comprehension: &'a ast::Comprehension,
        bindings: &'a [ast::Binding],
        env: &Env<'a>,
        wanted: Option<&Type>,
        values: &mut Vec<Value>,
    ) -> Eval<()> {
        let Some((binding, rest)) = bindings.split_first() else {
            let keep = match &comprehension.condition {
                Some(condition) => self.condition(condition, env)?,
                None => true,
            };
            if keep {
                values.push(self.evaluate(&comprehension.element, env, wanted)?);
            }
            return Ok(());
        };
        self.refuse_shadowing(&binding.name, env);
        for value in self.elements_of(&binding.list, env)? {
            let inside = self.turn(env, &binding.name, value);
            self.comprehend(comprehension, rest, &inside, wanted, values)?;
        }
        Ok(())
    }

    /// May what comes from pools be read now?
    pub fn is_allocated(&self) -> bool {
        self.phase >= Phase::Pools
    }
}

fn quantity_value(quantity: Quantity) -> Value {
    match quantity {
        Quantity::Size(bytes) => Value::Size(bytes),
        Quantity::Duration(nanoseconds) => Value::Duration(nanoseconds),
        Quantity::Rate(bits) => Value::Rate(bits),
        Quantity::Percent(millionths) => Value::Percent(millionths),
    }
}

fn element_type(ty: &Type) -> Option<&Type> {
    match ty {
        Type::List(inner) => Some(inner),
        Type::Optional(inner) => element_type(inner),
        Type::OneOf(types) => types.iter().find_map(element_type),
        _ => None,
    }
}

fn field_type<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    match ty {
        Type::Record(fields) => fields.iter().find(|field| field.name == name).map(|field| &field.ty),
        Type::Map(inner) => Some(inner),
        Type::Optional(inner) | Type::List(inner) => field_type(inner, name),
        Type::OneOf(types) => types.iter().find_map(|ty| field_type(ty, name)),
        _ => None,
    }
}
