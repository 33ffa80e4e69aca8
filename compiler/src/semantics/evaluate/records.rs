//! Records: entries, conditions and loops in braces.

use super::field_type;
use crate::collections::IndexMap;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::names as codes;
use crate::semantics::world::{Env, Eval, Stop, World};
use crate::source::Span;
use crate::syntax::ast::{self, BinaryOp, ItemKind};
use crate::value::types::Type;
use crate::value::{Value, bounded, operators};
use smol_str::SmolStr;

impl<'a> World<'a> {
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
                        _ => IndexMap::default(),
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
                        let inside = self.turn(env, &repeated.binding.name, value);
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
}
