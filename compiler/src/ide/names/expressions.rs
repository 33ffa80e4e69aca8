//! Names in expressions.

use super::builder::{Builder, Env};
use super::known::Known;
use super::ports::text_pattern;
use super::symbol::{Builtin, Meaning, Role};
use crate::semantics::schema::Kind;
use crate::source::Span;
use crate::syntax::ast::{self, BinaryOp, Expr, ExprKind, Index, Quantity, TextPart};
use crate::topology::checks;
use crate::value::Unit;
use crate::value::functions;
use crate::value::types::{Type, parse_type};

impl<'a> Builder<'a> {
    /// Resolves the names in an expression. `wanted` is what is known of the value that stands there: it gives words of
    /// enumerations their meaning.
    pub fn expr(&mut self, expr: &'a Expr, env: Env, wanted: &Known) -> Known {
        self.depth += 1;
        let known = self.expr_here(expr, env, wanted);
        self.depth -= 1;
        known
    }

    fn expr_here(&mut self, expr: &'a Expr, env: Env, wanted: &Known) -> Known {
        match &expr.kind {
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Ip(_)
            | ExprKind::Cidr(_)
            | ExprKind::Mac(_)
            | ExprKind::Hole => Known::Nothing,
            ExprKind::Quantity(quantity) => self.unit(*quantity, expr.span),
            ExprKind::AddressText(parts) | ExprKind::String(parts) => self.text(parts, env),
            ExprKind::SelfNode => match env.this {
                Some(this) => {
                    self.occur(expr.span, Meaning::Symbol(this), Role::This);
                    self.known(this)
                }
                None => Known::Nothing,
            },
            ExprKind::Name(name) => self.name(name, expr.span, env, wanted),
            ExprKind::Group(inner) => self.expr(inner, env, wanted),
            ExprKind::List(values) => {
                let mut known = Known::Nothing;
                for value in values {
                    let one = self.expr(value, env, wanted);
                    known = if matches!(known, Known::Nothing) { one } else { known };
                }
                known
            }
            ExprKind::Comprehension(comprehension) => {
                let inside = self.bindings(&comprehension.bindings, expr.span, env);
                if let Some(condition) = &comprehension.condition {
                    self.expr(condition, inside, &Known::Nothing);
                }
                self.expr(&comprehension.element, inside, wanted)
            }
            ExprKind::Record(block) => {
                self.record(&block.items, env, wanted);
                wanted.clone()
            }
            ExprKind::Field(base, field) => {
                let base = self.expr(base, env, &Known::Nothing);
                self.field(&base, field)
            }
            ExprKind::Index(base, indices) => {
                let base = self.expr(base, env, &Known::Nothing);
                for index in indices {
                    if let Index::Key(key) = index {
                        self.expr(key, env, &Known::Nothing);
                    }
                }
                match base {
                    Known::Map(inner) => *inner,
                    base => base,
                }
            }
            ExprKind::Port(base, parts, span) => {
                let base = self.expr(base, env, &Known::Nothing);
                self.text(parts, env);
                self.port_name(&base, parts, *span)
            }
            ExprKind::Call(function, arguments) => self.call(function, arguments, env, wanted),
            ExprKind::Negate(inner) | ExprKind::Not(inner) => {
                self.expr(inner, env, &Known::Nothing);
                Known::Nothing
            }
            ExprKind::If(parts) => {
                let (condition, then, otherwise) = &**parts;
                self.expr(condition, env, &Known::Nothing);
                let then = self.expr(then, env, wanted);
                let otherwise = self.expr(otherwise, env, wanted);
                if matches!(then, Known::Nothing) { otherwise } else { then }
            }
            ExprKind::From(from) => {
                self.expr(&from.pool, env, &Known::Nothing);
                if let Some(at) = &from.at {
                    self.expr(at, env, &Known::Nothing);
                }
                Known::Nothing
            }
            ExprKind::Binary(left, op, _, right) => self.binary(left, *op, right, env, wanted),
        }
    }

    fn name(&mut self, name: &str, span: Span, env: Env, wanted: &Known) -> Known {
        if let Some(word) = self.word(wanted, name) {
            self.occur(span, word, Role::Reference);
            return wanted.clone();
        }
        if let Some(id) = self.lookup(env.scope, name) {
            self.refer(span, id);
            return self.known(id);
        }
        // The version of the node, in its device.
        if name == "version" && env.device.is_some() {
            return self.attribute(Kind::Node, "version", span);
        }
        Known::Nothing
    }

    fn binary(&mut self, left: &'a Expr, op: BinaryOp, right: &'a Expr, env: Env, wanted: &Known) -> Known {
        match op {
            BinaryOp::Missing | BinaryOp::Add => {
                let left = self.expr(left, env, wanted);
                let right = self.expr(right, env, wanted);
                if matches!(left, Known::Nothing) { right } else { left }
            }
            // `mode == routed`: the word means what the other side's type says.
            BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::In => {
                let left = self.expr(left, env, &Known::Nothing);
                let is_enum = matches!(left, Known::Enum(_) | Known::Builtin(..));
                self.expr(right, env, if is_enum { &left } else { &Known::Nothing });
                Known::Nothing
            }
            _ => {
                self.expr(left, env, &Known::Nothing);
                self.expr(right, env, &Known::Nothing);
                Known::Nothing
            }
        }
    }

    /// What stands behind a colon.
    pub fn port_name(&mut self, base: &Known, parts: &'a [TextPart], span: Span) -> Known {
        let node = match base {
            Known::Thing(Kind::Node, Some(node)) => *node,
            _ => return Known::Thing(Kind::Interface, None),
        };
        let port = self.port(node, &text_pattern(parts));
        if let Some(port) = port {
            self.refer(span, port);
        }
        Known::Thing(Kind::Interface, port)
    }

    /// The holes of a text.
    pub fn text(&mut self, parts: &'a [TextPart], env: Env) -> Known {
        for part in parts {
            if let TextPart::Hole(expr) = part {
                self.expr(expr, env, &Known::Nothing);
            }
        }
        Known::Nothing
    }

    fn call(&mut self, function: &'a Expr, arguments: &'a [ast::Argument], env: Env, wanted: &Known) -> Known {
        let found = match &function.kind {
            ExprKind::Name(name) => signature(name),
            _ => {
                self.expr(function, env, &Known::Nothing);
                None
            }
        };
        if let Some((name, _)) = found {
            self.refer_builtin(function.span, Builtin::Function(name));
        }
        let mut first = None;
        for argument in arguments {
            if let (Some(name), Some((function, _))) = (&argument.name, found)
                && let Some(option) = option(function, &name.text)
            {
                self.refer_builtin(name.span, Builtin::Option(function, option));
            }
            let known = self.expr(&argument.value, env, wanted);
            first.get_or_insert(known);
        }
        let given = found.map(|(_, signature)| signature.rsplit_once(" -> ").map_or("", |(_, given)| given));
        match given.map(parse_type) {
            // Functions on lists give elements of what they take.
            Some(Type::Any) => first.unwrap_or(Known::Nothing),
            Some(Type::List(inner)) if *inner == Type::Any => first.unwrap_or(Known::Nothing),
            Some(ty) => super::known::thing_of_type(&ty),
            None => Known::Nothing,
        }
    }

    fn unit(&mut self, quantity: Quantity, span: Span) -> Known {
        let kind = match quantity {
            Quantity::Size(_) => Unit::Size,
            Quantity::Duration(_) => Unit::Duration,
            Quantity::Rate(_) => Unit::Rate,
            Quantity::Percent(_) => Unit::Percent,
        };
        let written = self.sources.text(span);
        let number = written.trim_end_matches(|char: char| char.is_ascii_alphabetic() || char == '%').len();
        let (_, unit) = written.split_at_checked(number).unwrap_or_default();
        if let Some((name, _)) = kind.units().iter().find(|(name, _)| *name == unit) {
            let start = span.start as usize + number;
            self.refer_builtin(Span::new(span.file, start, span.end as usize), Builtin::Unit(name));
        }
        Known::Nothing
    }

    /// Variables and their lists, each visible to those after it.
    pub fn bindings(&mut self, bindings: &'a [ast::Binding], item: Span, env: Env) -> Env {
        bindings.iter().fold(env, |env, binding| self.binding(binding, item, env))
    }

    /// A variable and its list.
    pub fn binding(&mut self, binding: &'a ast::Binding, item: Span, env: Env) -> Env {
        let known = self.expr(&binding.list, env, &Known::Nothing);
        self.variable(&binding.name, item, known, env)
    }

    /// The variables of an array's dimensions.
    pub fn dims(&mut self, dims: Option<&'a [ast::Dim]>, item: Span, env: Env) -> Env {
        dims.unwrap_or_default().iter().fold(env, |env, dim| {
            let known = self.expr(&dim.keys, env, &Known::Nothing);
            match &dim.variable {
                Some(variable) => self.variable(variable, item, known, env),
                None => env,
            }
        })
    }
}

/// A function of the language: its name and signature.
fn signature(name: &str) -> Option<(&'static str, &'static str)> {
    let builtin = crate::semantics::BUILTINS.iter().find(|known| known.name == name);
    let builtin = builtin.map(|known| (known.name, known.signature));
    let pure = || functions::find(name).map(|known| (known.name, known.signature));
    let graph = || checks::find(name).map(|(known, _)| (known.name, known.signature));
    builtin.or_else(pure).or_else(graph)
}

/// An option of a function.
fn option(function: &str, name: &str) -> Option<&'static str> {
    let builtin = crate::semantics::options(function).iter().find(|known| **known == name).copied();
    let pure =
        || functions::find(function)?.parameters().iter().find(|known| known.name == name).map(|known| known.name);
    builtin.or_else(pure)
}
