//! Expressions: what they are worth.

use super::locate::{Written, is_literal};
use super::scope::Found;
use super::world::{Env, Eval, Key, Phase, ScopeId, Stop, World};
use super::{limits, world::BindingKind};
use crate::diagnostics::codes::names as codes;
use crate::diagnostics::{Diagnostic, closest};
use crate::source::Span;
use crate::syntax::ast::{self, BinaryOp, Expr, ExprKind, Index, ItemKind, KeyKind, Quantity, TextPart, TypeKind};
use crate::value::types::{Field, Type, accept_for};
use crate::value::{Mac, Value, bounded, count, elements, operators, text};
use indexmap::IndexMap;
use smol_str::SmolStr;
use std::sync::Arc;

/// What an expression names, before it is asked for its value.
pub enum Place {
    /// A value.
    Value(Value),
    /// An array, by scope and name.
    Array(ScopeId, SmolStr),
}

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
        match accept_for(name, value, ty) {
            Ok(value) => Ok(value),
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
            ExprKind::Record(block) => self.record(block, env, wanted, IndexMap::new()),
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
            let inside = env.with(&binding.name.text, value, true);
            self.comprehend(comprehension, rest, &inside, wanted, values)?;
        }
        Ok(())
    }

    /// Counts turns of loops and what else is made against the limit.
    pub fn count_elements(&mut self, count: usize, span: Span) -> Eval<()> {
        let before = self.elements;
        self.elements = before.saturating_add(count);
        if self.elements <= limits::ELEMENTS {
            return Ok(());
        }
        if before > limits::ELEMENTS {
            return Err(Stop::Reported);
        }
        let message = format!("the loops of this program have more than {} turns", limits::ELEMENTS);
        let help = "a lab of that size is surely a mistake in a range";
        self.stop(Diagnostic::new(&codes::E0209, span, message, "too many").help(help))
    }

    /// Counts what a value may cost whoever walks it against the limit.
    fn count_work(&mut self, value: &Value, span: Span) -> Eval<()> {
        let before = self.work;
        self.work = before.saturating_add(limits::work(value));
        if self.work <= limits::WORK {
            return Ok(());
        }
        if before > limits::WORK {
            return Err(Stop::Reported);
        }
        let message = "the values of this program take too much work";
        let help = "a long list or text is computed again and again, perhaps in a loop: compute it once, in a `let`";
        self.stop(Diagnostic::new(&codes::E0209, span, message, "too much").help(help))
    }

    /// Has the program gone over a limit? What it made so far means nothing then.
    pub fn is_too_large(&self) -> bool {
        self.things > limits::THINGS || self.elements > limits::ELEMENTS || self.work > limits::WORK
    }

    /// Counts a node, network or link against the limit.
    pub fn count_thing(&mut self, span: Span) -> Eval<()> {
        self.things += 1;
        match self.things.cmp(&(limits::THINGS + 1)) {
            std::cmp::Ordering::Less => Ok(()),
            std::cmp::Ordering::Greater => Err(Stop::Reported),
            std::cmp::Ordering::Equal => self.too_many_things(span),
        }
    }

    /// Reports more nodes, networks and links than a lab has.
    pub fn too_many_things<T>(&mut self, span: Span) -> Eval<T> {
        let message = format!("this lab has more than {} nodes, networks and links", limits::THINGS);
        let help = "a lab of that size is surely a mistake in a range";
        self.stop(Diagnostic::new(&codes::E0209, span, message, "too many").help(help))
    }

    /// A record, on top of the entries that are there already.
    pub fn record(
        &mut self,
        block: &'a ast::Block,
        env: &Env<'a>,
        wanted: Option<&Type>,
        before: IndexMap<SmolStr, Value>,
    ) -> Eval<Value> {
        let mut entries = before;
        let mut failed = None;
        self.fill_record(&block.items, env, wanted, &mut entries, &mut failed);
        match failed {
            Some(stop) => Err(stop),
            None => bounded(Value::map(entries)).or_else(|problem| self.problem(problem, block.span)),
        }
    }

    fn fill_record(
        &mut self,
        items: &'a [ast::Item],
        env: &Env<'a>,
        wanted: Option<&Type>,
        entries: &mut IndexMap<SmolStr, Value>,
        failed: &mut Option<Stop>,
    ) {
        let mut written: Vec<(SmolStr, Span)> = Vec::new();
        for item in items {
            let result = match &item.kind {
                ItemKind::Attribute(attribute) => self.key(&attribute.key, env).and_then(|key| {
                    let before = written.iter().find(|(known, _)| *known == key).map(|(_, span)| *span);
                    if let Some(before) = before.filter(|_| !attribute.append) {
                        self.report_set_twice(&key, attribute.key.span, before);
                    }
                    written.push((key.clone(), attribute.key.span));
                    let ty = wanted.and_then(|ty| field_type(ty, &key)).cloned();
                    let value = self.evaluate(&attribute.value, env, ty.as_ref())?;
                    let value = match entries.get(&key) {
                        Some(before) if attribute.append => self.append(before.clone(), value, attribute.value.span)?,
                        _ => value,
                    };
                    entries.insert(key, value);
                    Ok(())
                }),
                ItemKind::Group(group) => {
                    let before = match entries.get(&group.name.text) {
                        Some(Value::Map(before)) => (**before).clone(),
                        _ => IndexMap::new(),
                    };
                    let ty = wanted.and_then(|ty| field_type(ty, &group.name.text)).cloned();
                    self.record(&group.block, env, ty.as_ref(), before)
                        .map(|value| drop(entries.insert(group.name.text.clone(), value)))
                }
                ItemKind::If(choice) => self.condition(&choice.condition, env).map(|taken| {
                    let block = if taken { Some(&choice.then) } else { choice.otherwise.as_ref() };
                    if let Some(block) = block {
                        self.fill_record(&block.items, env, wanted, entries, failed);
                    }
                }),
                ItemKind::For(repeated) => self.elements_of(&repeated.binding.list, env).map(|values| {
                    for value in values {
                        let inside = env.with(&repeated.binding.name.text, value, true);
                        self.fill_record(&repeated.block.items, &inside, wanted, entries, failed);
                    }
                }),
                ItemKind::Broken => Err(Stop::Reported),
                _ => self.error(&codes::E0210, item.span, "only `name = value` stands in a record", "no attribute"),
            };
            if let Err(stop) = result {
                failed.get_or_insert(stop);
            }
        }
    }

    /// Reports an attribute that a block sets twice.
    pub fn report_set_twice(&mut self, key: &str, span: Span, before: Span) {
        let message = format!("`{key}` is set twice in one block");
        let diagnostic = Diagnostic::new(&codes::E0211, span, message, "set again here")
            .label(before, "set here before")
            .help("keep one of the two; to add to a list, write `+=`");
        self.report(diagnostic);
    }

    /// `before += value`
    pub fn append(&mut self, before: Value, value: Value, span: Span) -> Eval<Value> {
        let value = match (&before, value) {
            (Value::Null, value) => return Ok(value),
            (Value::List(_), value @ (Value::List(_) | Value::Range(..))) => value,
            (Value::List(_), one) => Value::list(vec![one]),
            (Value::Map(before), Value::Map(more)) => {
                let mut entries = (**before).clone();
                entries.extend(more.iter().map(|(key, value)| (key.clone(), value.clone())));
                return Ok(Value::map(entries));
            }
            (_, value) => value,
        };
        operators::binary(BinaryOp::Add, &before, &value).or_else(|problem| self.problem(problem, span))
    }

    /// What a name, field, index or interface means.
    pub fn place(&mut self, expr: &'a Expr, env: &Env<'a>, wanted: Option<&Type>) -> Eval<Place> {
        match &expr.kind {
            ExprKind::Name(name) => self.name_place(name, expr.span, env, wanted),
            ExprKind::SelfNode => match &env.this {
                Some(this) => Ok(Place::Value(this.clone())),
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
                    if let Some(meant) = closest(name, words.iter().map(SmolStr::as_str)) {
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

    /// A type as written.
    pub fn resolve_type(&mut self, ty: &'a ast::Type, env: &Env<'a>) -> Type {
        match &ty.kind {
            TypeKind::Hole => Type::Any,
            TypeKind::Optional(inner) => Type::Optional(Box::new(self.resolve_type(inner, env))),
            TypeKind::List(inner) => Type::List(Box::new(self.resolve_type(inner, env))),
            TypeKind::Map(inner) => Type::Map(Box::new(self.resolve_type(inner, env))),
            TypeKind::Enum(names) => Type::Enum(Arc::new(names.iter().map(|name| name.text.clone()).collect())),
            TypeKind::Record(fields) => {
                let fields = fields.iter().map(|field| self.resolve_field(field, env)).collect();
                Type::Record(Arc::new(fields))
            }
            TypeKind::Path(path) => self.resolve_type_path(path, env),
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

    /// May what comes from pools be read now?
    pub fn is_allocated(&self) -> bool {
        self.phase >= Phase::Pools
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

fn key_fits(key: &Key, wanted: &Value) -> bool {
    match (key, wanted) {
        (Key::Int(key), Value::Range(first, last)) => (first..=last).contains(&key),
        (key, Value::List(values)) => values.iter().any(|value| Key::of(value).as_ref() == Some(key)),
        (key, value) => Key::of(value).as_ref() == Some(key),
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
