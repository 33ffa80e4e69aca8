//! Attributes: which definitions an entity has, which of them wins, and what comes out.

use super::fields::holds_allocation;
use super::locate::{self, Part, Written};
use super::schema::{self, Kind};
use super::world::{
    AttributeType, Definition, Definitions, Entity, EntityId, Env, Eval, OpenValue, Operation, Slot, Stop, World,
};
use crate::collections::IndexMap;
use crate::diagnostics::codes::attributes as codes;
use crate::diagnostics::{Diagnostic, closest};
use crate::source::Span;
use crate::syntax::ast::{self, ItemKind};
use crate::value::types::{Type, accept_for};
use crate::value::{Step, Value, text};
use smol_str::SmolStr;

/// How strong a definition is, weakest first; within a level, later ones of higher rank win.
pub mod rank {
    /// Devices, bases first: plus the depth of inheritance.
    pub const DEVICE: u32 = 0;
    /// `defaults`: plus the order.
    pub const DEFAULTS: u32 = 100_000;
    /// The declaration's own block.
    pub const BLOCK: u32 = 200_000;
    /// `override`: plus how exact the reference is.
    pub const OVERRIDE: u32 = 300_000;
    /// `defaults` of the target: plus the order.
    pub const TARGET_DEFAULTS: u32 = 400_000;
    /// `override` of the target: plus how exact the reference is.
    pub const TARGET_OVERRIDE: u32 = 500_000;
}

impl<'a> Definition<'a> {
    /// Its value as written.
    pub fn written(&self) -> Written<'a> {
        match self.operation {
            Operation::Set(expr) | Operation::Append(expr) => Written::Value(expr),
            Operation::Merge(block) => Written::Block(block, self.span),
        }
    }

    /// Where its value is written.
    pub fn place(&self) -> Span {
        match self.operation {
            Operation::Set(expr) | Operation::Append(expr) => expr.span,
            Operation::Merge(_) => self.span,
        }
    }
}

/// An item that stands in a block of attributes and is none: for whoever knows what it is.
pub type OtherItem<'a> = (&'a ast::Item, Env<'a>);

impl<'a> World<'a> {
    /// Collects the definitions of a block. Conditions and loops are unrolled; what is no attribute is given back.
    pub fn collect_definitions(
        &mut self,
        items: &'a [ast::Item],
        env: &Env<'a>,
        rank: u32,
        definitions: &mut Definitions<'a>,
    ) -> Vec<OtherItem<'a>> {
        let mut others = Vec::new();
        let env = &self.with_lets(items, env);
        let mut written: IndexMap<SmolStr, Span> = IndexMap::default();
        for item in items {
            let (key, operation, span) = match &item.kind {
                ItemKind::Attribute(attribute) => {
                    let Ok(key) = self.key(&attribute.key, env) else { continue };
                    if !attribute.append {
                        if let Some(before) = written.get(&key) {
                            self.report_set_twice(&key, attribute.key.span, *before);
                            continue;
                        }
                        written.insert(key.clone(), attribute.key.span);
                    }
                    let operation = if attribute.append { Operation::Append } else { Operation::Set };
                    (key, operation(&attribute.value), attribute.key.span)
                }
                ItemKind::Group(group) => (group.name.text.clone(), Operation::Merge(&group.block), group.name.span),
                ItemKind::If(choice) => {
                    if let Ok(taken) = self.structural(|world| world.condition(&choice.condition, env)) {
                        let block = if taken { Some(&choice.then) } else { choice.otherwise.as_ref() };
                        if let Some(block) = block {
                            others.extend(self.collect_definitions(&block.items, env, rank, definitions));
                        }
                    }
                    continue;
                }
                ItemKind::For(repeated) => {
                    self.refuse_shadowing(&repeated.binding.name, env);
                    for value in
                        self.structural(|world| world.elements_of(&repeated.binding.list, env)).unwrap_or_default()
                    {
                        let inside = self.turn(env, &repeated.binding.name, value);
                        others.extend(self.collect_definitions(&repeated.block.items, &inside, rank, definitions));
                    }
                    continue;
                }
                ItemKind::Let(_) | ItemKind::Broken => continue,
                _ => {
                    others.push((item, env.clone()));
                    continue;
                }
            };
            let definition = Definition { operation, env: env.clone(), span, rank };
            definitions.entry(key).or_default().push(definition);
        }
        others
    }

    /// Makes an entity from the definitions of a block.
    pub fn block_entity(
        &mut self,
        kind: Kind,
        words: String,
        block: Option<&'a ast::Block>,
        env: &Env<'a>,
        span: Span,
    ) -> (EntityId, Vec<OtherItem<'a>>) {
        let mut own = Definitions::default();
        let items = block.map_or(&[][..], |block| &block.items);
        let others = self.collect_definitions(items, env, rank::BLOCK, &mut own);
        let entity = Entity {
            kind,
            words,
            this: env.this.clone(),
            scope: env.scope,
            shared: None,
            own,
            values: IndexMap::default(),
            span,
            place: self.place,
            variables: env.loop_variables(),
        };
        (self.add_entity(entity), others)
    }

    /// Reports items that have no business in a block.
    pub fn refuse_items(&mut self, others: Vec<OtherItem<'a>>, place: &str) {
        for (item, _) in others {
            let what = item_words(&item.kind);
            let message = format!("{what} does not stand in {place}");
            let diagnostic = Diagnostic::new(&codes::E0404, item.span, message, "out of place here");
            self.report(diagnostic.help("move it out of these braces"));
        }
    }

    /// The names of the attributes that an entity has definitions for.
    pub fn defined_keys(&self, id: EntityId) -> Vec<SmolStr> {
        let Some(entity) = self.entities.get(id) else { return Vec::new() };
        let shared = entity.shared.as_deref().into_iter().flat_map(|shared| shared.definitions.keys());
        shared.chain(entity.more_keys()).cloned().collect()
    }

    /// Is an attribute of an entity set anywhere?
    pub fn defines(&self, id: EntityId, key: &str) -> bool {
        let Some(entity) = self.entities.get(id) else { return false };
        entity.own.contains_key(key)
            || entity.shared.as_deref().is_some_and(|shared| shared.definitions.contains_key(key))
    }

    /// Where the value of an attribute is written: in the strongest definition, else where its entity is declared.
    pub fn attribute_span(&self, id: EntityId, key: &str) -> Span {
        let declared = || self.entities.get(id).map(|entity| entity.span).unwrap_or_default();
        self.strongest_definition(id, key).map_or_else(declared, Definition::place)
    }

    /// Where a part of an attribute is written: in the strongest definition that has it.
    pub fn part_of_attribute(&self, id: EntityId, key: &str, steps: &[Step]) -> Option<Part<'a>> {
        let entity = self.entities.get(id)?;
        let shared = entity.shared.as_deref().and_then(|shared| shared.definitions.get(key)).into_iter().flatten();
        let mut all: Vec<&Definition<'a>> = shared.chain(entity.own.get(key).into_iter().flatten()).collect();
        all.sort_by_key(|definition| definition.rank);
        let parts = all.into_iter().rev().map(|definition| locate::part(definition.written(), steps));
        parts.into_iter().find(|part| part.is_exact)
    }

    /// The strongest definition of an attribute.
    pub fn strongest(&self, id: EntityId, key: &str) -> Option<Definition<'a>> {
        self.strongest_definition(id, key).cloned()
    }

    fn strongest_definition(&self, id: EntityId, key: &str) -> Option<&Definition<'a>> {
        let entity = self.entities.get(id)?;
        let own = entity.own.get(key).and_then(|definitions| definitions.iter().max_by_key(|one| one.rank));
        own.or_else(|| entity.shared.as_deref()?.definitions.get(key)?.last())
    }

    /// The value of an attribute; `Null` where nothing defines it.
    pub fn attribute(&mut self, id: EntityId, key: &str) -> Eval<Value> {
        let Some(entity) = self.entities.get(id) else { return Ok(Value::Null) };
        match entity.values.get(key) {
            Some(Slot::Done(value)) => return Ok(value.clone()),
            Some(Slot::Failed) => return Err(Stop::Reported),
            Some(Slot::Open) => {
                let span = self.attribute_span(id, key);
                return self.circle(&codes::E0405, &OpenValue::Attribute(id, SmolStr::new(key)), span);
            }
            None => {}
        }
        let own = entity.own.get(key);
        if own.is_none()
            && let Some(value) = entity.shared.as_deref().and_then(|shared| shared.constant(key))
        {
            return Ok(value.clone());
        }
        let shared = entity.shared.as_ref().filter(|shared| shared.definitions.contains_key(key));
        if shared.is_none() && own.is_none() {
            return self.default_of(id, key);
        }
        let (shared, mut strong) = (shared.cloned(), own.cloned().unwrap_or_default());
        let weak = shared.as_deref().and_then(|shared| shared.definitions.get(key)).map_or(&[][..], Vec::as_slice);
        let this = entity.this.clone();
        strong.sort_by_key(|definition| definition.rank);
        self.set_slot(id, key, Slot::Open);
        self.open_values.push(OpenValue::Attribute(id, SmolStr::new(key)));
        let before = (self.selves, self.diagnostics.len());
        let value = self.combine(id, key, weak.iter().chain(&strong), this);
        self.open_values.pop();
        match (&value, &shared) {
            (Ok(value), Some(shared))
                if strong.is_empty() && before == (self.selves, self.diagnostics.len()) && !holds_allocation(value) =>
            {
                shared.keep_constant(key, value);
                self.clear_slot(id, key);
            }
            (Ok(value), _) => self.set_slot(id, key, Slot::Done(value.clone())),
            (Err(Stop::Reported), _) => self.set_slot(id, key, Slot::Failed),
            (Err(_), _) => self.clear_slot(id, key),
        }
        value
    }

    fn clear_slot(&mut self, id: EntityId, key: &str) {
        if let Some(entity) = self.entities.get_mut(id) {
            entity.values.swap_remove(key);
        }
    }

    /// Is an attribute being evaluated right now?
    pub fn is_open(&self, id: EntityId, key: &str) -> bool {
        self.entities.get(id).is_some_and(|entity| matches!(entity.values.get(key), Some(Slot::Open)))
    }

    /// An attribute that is `Null` where it could not be evaluated, which was reported.
    pub fn attribute_or_null(&mut self, id: EntityId, key: &str) -> Value {
        self.attribute(id, key).unwrap_or(Value::Null)
    }

    fn default_of(&mut self, id: EntityId, key: &str) -> Eval<Value> {
        let Some(entity) = self.entities.get(id) else { return Ok(Value::Null) };
        // Unless it is written, the configuration is the device's own template.
        if entity.kind == Kind::Node && key == "config" {
            return self.attribute(id, "base");
        }
        let Some(declared) = self.declared(entity.kind, key).cloned() else { return Ok(Value::Null) };
        let Some(default) = &declared.declared.default else { return Ok(Value::Null) };
        let env = declared.env.of(entity.this.clone());
        self.evaluate_as(default, &env, Some(&declared.ty), key)
    }

    /// The declaration of an attribute that the lab declares itself.
    fn declared(&self, kind: Kind, key: &str) -> Option<&AttributeType<'a>> {
        // Most labs declare none, and this is asked for every value.
        if self.attribute_types.is_empty() { None } else { self.attribute_types.get(&(kind, SmolStr::new(key))) }
    }

    /// Sets an attribute's state: how allocation puts in what it chose.
    pub fn set_slot(&mut self, id: EntityId, key: &str, slot: Slot) {
        if let Some(entity) = self.entities.get_mut(id) {
            entity.values.insert(SmolStr::new(key), slot);
        }
    }

    fn combine<'d>(
        &mut self,
        id: EntityId,
        key: &str,
        definitions: impl Iterator<Item = &'d Definition<'a>>,
        this: Option<Value>,
    ) -> Eval<Value>
    where
        'a: 'd,
    {
        let Some(ty) = self.type_of_attribute(id, key) else { return Err(Stop::Reported) };
        let mut value = Value::Null;
        let mut last: Option<(Span, u32, Value)> = None;
        for definition in definitions {
            let env = definition.env.of(this.clone().or_else(|| definition.env.this.clone()));
            match definition.operation {
                Operation::Set(expr) => {
                    let new = self.evaluate_as(expr, &env, Some(&optional(&ty)), key)?;
                    if let Some((span, rank, before)) = &last
                        && *rank == definition.rank
                        && *before != new
                    {
                        return self.report_conflict(id, key, definition.span, *span, before, &new);
                    }
                    last = Some((definition.span, definition.rank, new.clone()));
                    value = new;
                }
                Operation::Append(expr) => {
                    let element = match &ty {
                        Type::List(inner) => Type::OneOf(vec![ty.clone(), (**inner).clone()]),
                        other => other.clone(),
                    };
                    let more = self.evaluate(expr, &env, Some(&element))?;
                    value = self.append(value, more, expr.span)?;
                    value = self.accept(value, &ty, expr, key)?;
                }
                Operation::Merge(block) => {
                    let before = match &value {
                        Value::Map(entries) => (**entries).clone(),
                        _ => IndexMap::default(),
                    };
                    let merged = self.record(block, &env, Some(&ty), before)?;
                    value = match accept_for(key, merged, &ty) {
                        Ok(value) => value,
                        Err(problem) => return self.problem_in(problem, definition.written()),
                    };
                }
            }
        }
        self.check_condition(id, key, &value)?;
        Ok(value)
    }

    fn report_conflict(
        &mut self,
        id: EntityId,
        key: &str,
        span: Span,
        before_span: Span,
        before: &Value,
        new: &Value,
    ) -> Eval<Value> {
        let words = self.entities.get(id).map(|entity| entity.words.clone()).unwrap_or_default();
        let message = format!(
            "two equally strong definitions of `{key}` for {words} disagree: {} and {}",
            text::shown(before),
            text::shown(new)
        );
        let diagnostic = Diagnostic::new(&codes::E0403, span, message, "this one")
            .label(before_span, "and this one")
            .help("remove one, or make one more exact: an element is stronger than its array");
        self.stop(diagnostic)
    }

    /// The type of an attribute of an entity, if it has one.
    pub(super) fn known_type(&self, id: EntityId, key: &str) -> Type {
        let Some(entity) = self.entities.get(id) else { return Type::Any };
        let declared = || Some(&self.attribute_types.get(&(entity.kind, SmolStr::new(key)))?.ty);
        schema::attribute_type(entity.kind, key).or_else(declared).map_or(Type::Any, optional)
    }

    /// The type of an attribute of an entity; unknown ones are reported.
    fn type_of_attribute(&mut self, id: EntityId, key: &str) -> Option<Type> {
        let entity = self.entities.get(id)?;
        let kind = entity.kind;
        if let Some(ty) = schema::attribute_type(kind, key) {
            return Some(ty.clone());
        }
        if let Some(declared) = self.attribute_types.get(&(kind, SmolStr::new(key))) {
            return Some(declared.ty.clone());
        }
        let span = self.strongest(id, key).map_or(entity.span, |definition| definition.span);
        let declared: Vec<SmolStr> =
            self.attribute_types.keys().filter(|(of, _)| *of == kind).map(|(_, name)| name.clone()).collect();
        let mut known: Vec<&str> = declared.iter().map(SmolStr::as_str).collect();
        for name in schema::names(kind) {
            known.push(name);
        }
        let rank = self.strongest(id, key).map(|definition| definition.rank);
        let is_beside = |definitions: &[Definition]| definitions.iter().any(|other| Some(other.rank) == rank);
        let beside = || {
            let equals = entity.own.iter().filter(|(other, definitions)| *other != key && is_beside(definitions));
            equals.map(|(other, _)| other).take(MOST_COMPARED)
        };
        let message = format!("{} has no attribute `{key}`", kind.words());
        let mut diagnostic = Diagnostic::new(&codes::E0401, span, message, "unknown attribute");
        diagnostic = match schema::synonym(kind, key).or_else(|| closest(key, known)) {
            Some(meant) if beside().any(|other| means(kind, other, meant)) => {
                diagnostic.help(format!("did you mean `{meant}`? It is set beside it: keep one of them"))
            }
            Some(meant) => {
                diagnostic.help(format!("did you mean `{meant}`?")).fix(format!("Write `{meant}`"), span, meant)
            }
            None => match kinds_with(key, kind) {
                Some(other) => diagnostic.help(format!("`{key}` is an attribute of {other}")),
                None => match kind_word(kind) {
                    Some(word) => diagnostic.help(format!(
                        "put it into `vars {{ {key} = … }}`, or declare it: `attribute {key}: int on {word}`"
                    )),
                    None if schema::attribute(kind, "vars").is_some() => {
                        diagnostic.help(format!("put it into `vars {{ {key} = … }}`"))
                    }
                    None => diagnostic,
                },
            },
        };
        self.report(diagnostic);
        None
    }

    /// Reports a value that the `where` of its `attribute` declaration refuses.
    pub(super) fn check_condition(&mut self, id: EntityId, key: &str, value: &Value) -> Eval<()> {
        let Some(entity) = self.entities.get(id) else { return Ok(()) };
        let Some(declared) = self.declared(entity.kind, key).cloned() else { return Ok(()) };
        let Some(condition) = &declared.declared.condition else { return Ok(()) };
        if *value == Value::Null || matches!(value, Value::FromPool(..)) {
            return Ok(());
        }
        let env = declared.env.with(&SmolStr::new(key), value.clone());
        if self.condition(condition, &env)? {
            return Ok(());
        }
        let span = self.attribute_span(id, key);
        let written = self.program.sources.text(condition.span).to_owned();
        let message = format!("`{key}` is {}, and must satisfy `{written}`", text::shown(value));
        let diagnostic =
            Diagnostic::new(&codes::E0406, span, message, "not allowed").label(condition.span, "the condition");
        self.stop(diagnostic)
    }
}

/// `T` or nothing: any attribute may be set to `null`.
fn optional(ty: &Type) -> Type {
    match ty {
        Type::Any | Type::Optional(_) => ty.clone(),
        ty => Type::Optional(Box::new(ty.clone())),
    }
}

/// Another kind that has the attribute, in words.
fn kinds_with(key: &str, not: Kind) -> Option<&'static str> {
    let others = Kind::ALL.iter().filter(|kind| **kind != not && schema::attribute(**kind, key).is_some());
    others.map(|kind| kind.words()).next()
}

/// The word after `on` in an attribute declaration, for the kinds that can have one.
fn kind_word(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Node => "node",
        Kind::Link | Kind::Lag => "link",
        Kind::Network => "network",
        Kind::Interface => "end",
        Kind::Vlan => "vlan",
        Kind::Vrf => "vrf",
        _ => return None,
    })
}

/// What an item is, in words with an article.
pub fn item_words(item: &ItemKind) -> String {
    let words = match item {
        ItemKind::Attribute(_) | ItemKind::Group(_) => "an attribute",
        ItemKind::Edition(_) => "`edition`",
        ItemKind::Topology(_) => "`topology`",
        ItemKind::Use(_) => "`use`",
        ItemKind::Param(_) => "a parameter",
        ItemKind::Let(_) => "a constant",
        ItemKind::Type(_) => "a type",
        ItemKind::Pool(_) => "a pool",
        ItemKind::Node(_) => "a node",
        ItemKind::Link(_) => "a link",
        ItemKind::Lag(_) => "a `lag`",
        ItemKind::Wire(_) => "a `wire`",
        ItemKind::For(_) => "a loop",
        ItemKind::If(_) => "an `if`",
        ItemKind::Device(_) => "a device",
        ItemKind::Module(_) => "a module",
        ItemKind::Interface(_) => "an interface",
        ItemKind::Part(part) => return format!("`{}`", part.word.text),
        ItemKind::Defaults(_) => "`defaults`",
        ItemKind::Override(_) => "`override`",
        ItemKind::Remove(_) => "`remove`",
        ItemKind::AttributeDecl(_) => "an attribute declaration",
        ItemKind::Check(_) => "a check",
        ItemKind::Expect(_) => "an expectation",
        ItemKind::Target(_) => "a target",
        ItemKind::Broken => "this",
    };
    words.to_owned()
}

/// Of so many attributes written beside it, an unknown one is looked for.
const MOST_COMPARED: usize = 32;

/// Is `written` the attribute `meant`, or a synonym or misspelling of it?
fn means(kind: Kind, written: &str, meant: &str) -> bool {
    if schema::attribute(kind, written).is_some() {
        return written == meant;
    }
    schema::synonym(kind, written).or_else(|| closest(written, schema::names(kind))) == Some(meant)
}
