//! The body of a device, unrolled.

use super::reference::{self, PartRef};
use super::{ImageShape, MachineShape, NicShape, PartShape, PortShape, Shape, WireShape};
use crate::collections::IndexMap;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::devices as codes;
use crate::semantics::attributes::{item_words, rank};
use crate::semantics::schema::Kind;
use crate::semantics::world::{
    Definition, Definitions, Entity, Env, Eval, Frame, Local, Operation, Shared, Stop, World,
};
use crate::source::Span;
use crate::syntax::ast::{self, ExprKind, ItemKind, KeyKind};
use crate::value::{Mac, Value};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// The most NICs, machines and ports of one device.
const MAX_PARTS: usize = 4096;

/// Builds a shape from a body, on top of the base's.
pub struct Builder<'w, 'a> {
    world: &'w mut World<'a>,
    shape: Shape<'a>,
    definitions: Definitions<'a>,
    /// Definitions of each machine that were added here.
    machine_definitions: Vec<Definitions<'a>>,
    /// Machines, NICs and so on that this body declares: a second one is an error.
    declared: IndexMap<(usize, SmolStr), Span>,
    /// Parts whose references are resolved once every part is known.
    late: Vec<(&'a ast::Item, Env<'a>)>,
    name: Span,
    rank: u32,
    /// Is something wrong with it, which was reported?
    failed: bool,
    /// Are parts missing for that? Then references to them would be echoes.
    lacking: bool,
}

impl<'w, 'a> Builder<'w, 'a> {
    /// Starts from the shape of the base.
    pub fn new(world: &'w mut World<'a>, shape: Shape<'a>, name: Span) -> Builder<'w, 'a> {
        let rank = rank::DEVICE + shape.bases.len() as u32;
        let definitions = shape.definitions.definitions.clone();
        let machine_definitions =
            shape.machines.iter().map(|machine| machine.definitions.definitions.clone()).collect();
        Builder {
            world,
            shape,
            definitions,
            machine_definitions,
            declared: IndexMap::default(),
            late: Vec::new(),
            name,
            rank,
            failed: false,
            lacking: false,
        }
    }

    /// Reads the body.
    pub fn build(mut self, device: &'a ast::Device, env: &Env<'a>) -> Eval<Shape<'a>> {
        // Image slots may be named before they are declared, and those of the base are known too.
        let mut slots: Vec<(SmolStr, Span)> =
            self.shape.images.iter().map(|(name, image)| (name.clone(), image.span)).collect();
        image_slots(&device.block.items, &mut slots);
        let locals = slots.iter().map(|(name, _)| (name.clone(), Local::Value(Value::String(name.clone())))).collect();
        let env = env.with_frame(Frame::new(locals, false));
        self.items(&device.block.items, &env, None);
        if self.lacking {
            if self.world.is_trial {
                self.world.look_at_body(Kind::Node, &device.block.items, &env);
            }
            return Err(Stop::Reported);
        }
        let composite = self.shape.machines.iter().any(|machine| machine.part.is_some());
        if self.shape.machines.is_empty() {
            self.add_machine(None, None, self.name);
        }
        if composite && self.shape.machines.iter().any(|machine| machine.part.is_none()) {
            let message = "a device has either `vm` parts or NICs of its own, not both";
            let help = "move these NICs into one of the `vm` blocks";
            let diagnostic = Diagnostic::new(&codes::E0416, self.name, message, "both here").help(help);
            return self.world.stop(diagnostic);
        }
        for (machine, definitions) in self.shape.machines.iter_mut().zip(self.machine_definitions.drain(..)) {
            machine.definitions = Shared::new(definitions);
        }
        self.shape.definitions = Shared::new(std::mem::take(&mut self.definitions));
        for (item, env) in std::mem::take(&mut self.late) {
            self.failed |= self.late_item(item, &env).is_err();
        }
        if self.failed {
            return Err(Stop::Reported);
        }
        self.wire_shared_segments();
        self.default_ports();
        Ok(self.shape)
    }

    /// Reads items of the device itself (`machine` is none) or of a machine. What is wrong with one does not hide what
    /// is wrong with others.
    fn items(&mut self, items: &'a [ast::Item], env: &Env<'a>, machine: Option<usize>) {
        let env = &self.world.with_lets(items, env);
        for item in items {
            self.lacking |= self.item(item, env, machine).is_err();
        }
    }

    fn item(&mut self, item: &'a ast::Item, env: &Env<'a>, machine: Option<usize>) -> Eval<()> {
        match &item.kind {
            ItemKind::Attribute(attribute) => {
                let key = self.world.key(&attribute.key, env)?;
                if key == "management" && machine.is_none() && !is_word(&attribute.value, "none") {
                    self.late.push((item, env.clone()));
                    return Ok(());
                }
                let operation = if attribute.append {
                    Operation::Append(&attribute.value)
                } else {
                    Operation::Set(&attribute.value)
                };
                self.define(machine, key, operation, env, attribute.key.span);
            }
            ItemKind::Group(group) if group.name.text == "console" => {
                let at = machine.unwrap_or_else(|| self.own_machine());
                if let Some(machine) = self.shape.machines.get_mut(at) {
                    machine.console = Some((&group.block, env.clone()));
                }
            }
            ItemKind::Group(group) => {
                self.define(machine, group.name.text.clone(), Operation::Merge(&group.block), env, group.name.span);
            }
            ItemKind::Part(part) => self.part(part, item, env, machine)?,
            ItemKind::If(choice) => {
                let taken = self.world.structural(|world| world.condition(&choice.condition, env))?;
                let block = if taken { Some(&choice.then) } else { choice.otherwise.as_ref() };
                if let Some(block) = block {
                    self.items(&block.items, env, machine);
                }
            }
            ItemKind::For(repeated) => {
                self.world.refuse_shadowing(&repeated.binding.name, env);
                for value in self.world.structural(|world| world.elements_of(&repeated.binding.list, env))? {
                    let inside = self.world.turn(env, &repeated.binding.name, value);
                    self.items(&repeated.block.items, &inside, machine);
                }
            }
            ItemKind::Wire(_) | ItemKind::Interface(_) | ItemKind::Override(_) | ItemKind::Remove(_)
                if machine.is_none() =>
            {
                self.late.push((item, env.clone()));
            }
            ItemKind::Let(_) | ItemKind::Broken => {}
            other => {
                let what = item_words(other);
                let place = if machine.is_some() { "a machine" } else { "a device" };
                let message = format!("{what} does not stand in {place}");
                let diagnostic = Diagnostic::new(&codes::E0417, item.span, message, "out of place here");
                self.world.stop::<()>(diagnostic.help("move it out of these braces"))?;
            }
        }
        Ok(())
    }

    fn define(&mut self, machine: Option<usize>, key: SmolStr, operation: Operation<'a>, env: &Env<'a>, span: Span) {
        let definition = Definition { operation, env: env.clone(), span, rank: self.rank };
        let definitions = match machine {
            None => Some(&mut self.definitions),
            Some(at) => self.machine_definitions.get_mut(at),
        };
        if let Some(definitions) = definitions {
            definitions.entry(key).or_default().push(definition);
        }
    }

    /// The machine of a device that has only one.
    fn own_machine(&mut self) -> usize {
        match self.shape.machines.iter().position(|machine| machine.part.is_none()) {
            Some(at) => at,
            None => self.add_machine(None, None, self.name),
        }
    }

    fn add_machine(&mut self, part: Option<SmolStr>, array: Option<(SmolStr, Value)>, span: Span) -> usize {
        self.shape.machines.push(MachineShape { part, array, span, ..MachineShape::default() });
        self.machine_definitions.push(Definitions::default());
        self.shape.machines.len() - 1
    }

    fn part(&mut self, part: &'a ast::Part, item: &'a ast::Item, env: &Env<'a>, machine: Option<usize>) -> Eval<()> {
        match (part.word.text.as_str(), machine) {
            ("image", None) => {
                let name = self.world.key(&part.name, env)?;
                let mut image = ImageShape { span: part.name.span, format: None };
                if let Some(block) = &part.block {
                    let entity = self.check_block(Kind::Image, block, env, part.name.span);
                    if let Value::Member(format) = self.world.attribute_or_null(entity, "format") {
                        image.format = Some(format);
                    }
                }
                self.shape.images.insert(name, image);
            }
            ("vm", None) => {
                for (name, array, inside) in self.elements(part, env)? {
                    if !self.declare(usize::MAX, &name, part.name.span)? {
                        continue;
                    }
                    let at = self.add_machine(Some(name), array, part.name.span);
                    if let Some(block) = &part.block {
                        self.items(&block.items, &inside, Some(at));
                    }
                }
            }
            ("nic", _) => self.nics(part, env, machine)?,
            ("disk" | "media", _) => {
                let at = machine.unwrap_or_else(|| self.own_machine());
                for (name, _, inside) in self.elements(part, env)? {
                    if !self.declare(at, &name, part.name.span)? {
                        continue;
                    }
                    let shape = PartShape { name, block: part.block.as_ref(), env: inside, span: part.name.span };
                    if let Some(machine) = self.shape.machines.get_mut(at) {
                        let list = if part.word.text == "disk" { &mut machine.disks } else { &mut machine.media };
                        list.push(shape);
                    }
                }
            }
            (word, _) => {
                let place = if machine.is_some() { "a machine" } else { "a device" };
                let message = format!("{place} has no part `{word}`");
                let known = if machine.is_some() { "nic, disk, media" } else { "image, vm, nic, disk, media" };
                let diagnostic = Diagnostic::new(&codes::E0417, item.span, message, "unknown part")
                    .help(format!("parts are: {known}; attributes have a `=`"));
                self.world.stop(diagnostic)?;
            }
        }
        Ok(())
    }

    /// The names of a part that may be an array: (name, array and key, environment).
    #[allow(clippy::type_complexity)] // Read once, right below.
    fn elements(
        &mut self,
        part: &'a ast::Part,
        env: &Env<'a>,
    ) -> Eval<Vec<(SmolStr, Option<(SmolStr, Value)>, Env<'a>)>> {
        let name = self.world.key(&part.name, env)?;
        let Some(dims) = &part.dims else { return Ok(vec![(name, None, env.clone())]) };
        let [dim] = dims.as_slice() else {
            return self.world.error(&codes::E0417, part.name.span, "parts have one dimension", "several here");
        };
        let value = self.world.structural(|world| world.evaluate(&dim.keys, env, None))?;
        if let Value::Range(first, last) = value
            && crate::value::range_length(first, last) > MAX_PARTS as u64
        {
            let message = format!("a device has at most {MAX_PARTS} parts of a kind");
            return self.world.error(&codes::E0417, dim.keys.span, message, "too many");
        }
        let keys = match value {
            Value::List(_) | Value::Range(..) => self.world.elements_of(&dim.keys, env)?,
            one => vec![one],
        };
        let mut elements = Vec::with_capacity(keys.len());
        for key in keys {
            let shown = crate::value::text::display(&key).unwrap_or(Value::Null);
            let suffix = if let Value::String(text) = shown { text } else { SmolStr::default() };
            let inside = match &dim.variable {
                Some(variable) => self.world.turn(env, variable, key.clone()),
                None => env.clone(),
            };
            elements.push((SmolStr::new(format!("{name}{suffix}")), Some((name.clone(), key)), inside));
        }
        Ok(elements)
    }

    fn nics(&mut self, part: &'a ast::Part, env: &Env<'a>, machine: Option<usize>) -> Eval<()> {
        let at = machine.unwrap_or_else(|| self.own_machine());
        for (name, array, inside) in self.elements(part, env)? {
            if !self.declare(at, &name, part.name.span)? {
                continue;
            }
            let mut nic = NicShape { name, array, span: part.name.span, ..NicShape::default() };
            if let Some(block) = &part.block {
                let entity = self.check_block(Kind::Nic, block, &inside, part.name.span);
                match self.world.attribute_or_null(entity, "model") {
                    Value::Member(model) => nic.model = Some(model),
                    _ => nic.model = None,
                }
                if let Value::Mac(mac) = self.world.attribute_or_null(entity, "mac") {
                    nic.mac = Some(Mac(mac.0));
                }
                nic.elastic = self.world.attribute_or_null(entity, "elastic") == Value::Bool(true);
                if let Some(shared) = attribute_expr(block, "same_segment") {
                    nic.same_segment = Some(reference::nic(self.world, &self.shape, shared, &inside)?);
                }
            }
            if let Some(machine) = self.shape.machines.get_mut(at) {
                machine.nics.push(nic);
            }
        }
        Ok(())
    }

    /// Evaluates a small block of its own kind; `same_segment` is a reference, and left out.
    fn check_block(&mut self, kind: Kind, block: &'a ast::Block, env: &Env<'a>, span: Span) -> usize {
        let mut own = Definitions::default();
        let others = self.world.collect_definitions(&block.items, env, self.rank, &mut own);
        self.world.refuse_items(others, kind.words());
        own.shift_remove("same_segment");
        let keys: Vec<SmolStr> = own.keys().cloned().collect();
        let id = self.world.add_entity(Entity {
            kind,
            words: kind.words().to_owned(),
            this: None,
            scope: env.scope,
            shared: None,
            own,
            values: IndexMap::default(),
            span,
            place: self.world.place,
            variables: Vec::new(),
        });
        for key in keys {
            let _ = self.world.attribute(id, &key);
        }
        id
    }

    /// A part may be declared once; `override` changes one of the base. Gives back whether it is the first.
    fn declare(&mut self, machine: usize, name: &SmolStr, span: Span) -> Eval<bool> {
        let inherited = match self.shape.machines.get(machine) {
            Some(machine) => {
                let nic = machine.nics.iter().find(|nic| nic.name == *name).map(|nic| nic.span);
                nic.or_else(|| {
                    machine.disks.iter().chain(&machine.media).find(|part| part.name == *name).map(|part| part.span)
                })
            }
            None => self.shape.machines.iter().find(|machine| machine.part.as_ref() == Some(name)).map(|m| m.span),
        };
        let before = self.declared.get(&(machine, name.clone())).copied().or(inherited);
        if let Some(before) = before {
            let message = format!("the part `{name}` is declared twice");
            let diagnostic = Diagnostic::new(&codes::E0418, span, message, "declared again here")
                .label(before, "first declared here")
                .help(format!("to change a part of the base, write `override {name} {{ … }}`"));
            self.world.report(diagnostic);
            self.failed = true;
            return Ok(false);
        }
        self.declared.insert((machine, name.clone()), span);
        if self.declared.len() > MAX_PARTS * 4 {
            return self.world.error(
                &codes::E0417,
                span,
                "a device of that many parts is surely a mistake",
                "too many",
            );
        }
        Ok(true)
    }

    /// What refers to parts, once all are known.
    fn late_item(&mut self, item: &'a ast::Item, env: &Env<'a>) -> Eval<()> {
        match &item.kind {
            ItemKind::Attribute(attribute) => {
                let found = reference::nic(self.world, &self.shape, &attribute.value, env)?;
                self.shape.management = Some(found);
            }
            ItemKind::Wire(wire) => self.wire(wire, env)?,
            ItemKind::Interface(interface) => self.port(interface, &interface.bindings, env)?,
            ItemKind::Remove(target) => self.remove(target, env)?,
            ItemKind::Override(change) => self.change(change, env)?,
            _ => {}
        }
        Ok(())
    }

    fn wire(&mut self, wire: &'a ast::Link, env: &Env<'a>) -> Eval<()> {
        let mut ends = [(0, 0); 2];
        let written = [Some(&wire.left), wire.right.as_ref()];
        for (end, written) in ends.iter_mut().zip(written) {
            let Some(written) = written else { return Ok(()) };
            match &written.refs {
                ast::EndRefs::One(expr) => *end = reference::nic(self.world, &self.shape, expr, env)?,
                ast::EndRefs::List(_, span) => {
                    return self.world.error(&codes::E0415, *span, "a wire has one NIC at each end", "a list");
                }
            }
        }
        let mut mtu = None;
        if let Some(block) = &wire.block {
            let entity = self.check_block(Kind::Wire, block, env, wire.left.span);
            if let Value::Int(bytes) = self.world.attribute_or_null(entity, "mtu") {
                mtu = u32::try_from(bytes).ok();
            }
        }
        self.shape.wires.push(WireShape { ends, mtu });
        Ok(())
    }

    fn port(&mut self, interface: &'a ast::Interface, bindings: &'a [ast::Binding], env: &Env<'a>) -> Eval<()> {
        if let Some((binding, rest)) = bindings.split_first() {
            self.world.refuse_shadowing(&binding.name, env);
            for value in self.world.structural(|world| world.elements_of(&binding.list, env))? {
                let inside = self.world.turn(env, &binding.name, value);
                self.port(interface, rest, &inside)?;
            }
            return Ok(());
        }
        let name = self.world.key(&interface.name, env)?;
        let Some(target) = &interface.target else {
            let message = format!("the port `{name}` does not say which NIC it is");
            let help = format!("write `interface \"{name}\" = nic`");
            let diagnostic = Diagnostic::new(&codes::E0419, interface.name.span, message, "no NIC").help(help);
            return self.world.stop(diagnostic);
        };
        let (machine, nic) = reference::nic(self.world, &self.shape, target, env)?;
        let mut aliases = Vec::new();
        if let Some(block) = &interface.block {
            let entity = self.check_block(Kind::Port, block, env, interface.name.span);
            if let Value::List(names) = self.world.attribute_or_null(entity, "aliases") {
                aliases.extend(names.iter().filter_map(|name| match name {
                    Value::String(name) => Some(name.clone()),
                    _ => None,
                }));
            }
        }
        if !self.shape.explicit_ports {
            self.shape.explicit_ports = true;
            self.shape.ports.clear();
        }
        if self.shape.ports.contains_key(&name) {
            let message = format!("the port `{name}` is declared twice");
            return self.world.error(&codes::E0418, interface.name.span, message, "declared again here");
        }
        for alias in &aliases {
            self.shape.aliases.insert(alias.clone(), name.clone());
        }
        self.shape.ports.insert(name, PortShape { machine, nic, aliases });
        Ok(())
    }

    /// `remove re:em2`: the NICs behind it count one lower.
    fn remove(&mut self, target: &'a ast::Expr, env: &Env<'a>) -> Eval<()> {
        let PartRef::Nic(machine, gone) = reference::part(self.world, &self.shape, target, env)? else {
            let message = "only NICs can be removed; a device without that machine is another device";
            return self.world.error(&codes::E0415, target.span, message, "a machine");
        };
        let moved = |end: (usize, usize)| match end {
            (at, nic) if at == machine && nic == gone => None,
            (at, nic) if at == machine && nic > gone => Some((at, nic - 1)),
            end => Some(end),
        };
        if let Some(machine) = self.shape.machines.get_mut(machine) {
            machine.nics.remove(gone);
        }
        self.shape.wires.retain_mut(|wire| {
            let [left, right] = wire.ends;
            match (moved(left), moved(right)) {
                (Some(left), Some(right)) => {
                    wire.ends = [left, right];
                    true
                }
                _ => false,
            }
        });
        self.shape.ports.retain(|_, port| match moved((port.machine, port.nic)) {
            Some((_, nic)) => {
                port.nic = nic;
                true
            }
            None => false,
        });
        self.shape.management = self.shape.management.and_then(moved);
        for machine in &mut self.shape.machines {
            for nic in &mut machine.nics {
                nic.same_segment = nic.same_segment.and_then(moved);
            }
        }
        Ok(())
    }

    /// `override re:em0 { … }`, `override re { … }`
    fn change(&mut self, change: &'a ast::Override, env: &Env<'a>) -> Eval<()> {
        match reference::part(self.world, &self.shape, &change.target, env)? {
            PartRef::Machine(at) => {
                let mut more = Definitions::default();
                let others = self.world.collect_definitions(&change.block.items, env, self.rank, &mut more);
                self.world.refuse_items(others, "an override of a machine");
                if let Some(machine) = self.shape.machines.get_mut(at) {
                    let mut definitions = machine.definitions.definitions.clone();
                    for (key, list) in more {
                        definitions.entry(key).or_default().extend(list);
                    }
                    machine.definitions = Shared::new(definitions);
                }
            }
            PartRef::Nic(at, nic) => {
                let entity = self.check_block(Kind::Nic, &change.block, env, change.target.span);
                let model = self.world.attribute_or_null(entity, "model");
                let mac = self.world.attribute_or_null(entity, "mac");
                if let Some(nic) = self.shape.machines.get_mut(at).and_then(|machine| machine.nics.get_mut(nic)) {
                    if let Value::Member(model) = model {
                        nic.model = Some(model);
                    }
                    if let Value::Mac(mac) = mac {
                        nic.mac = Some(mac);
                    }
                }
            }
        }
        Ok(())
    }

    /// Makes a wire of a segment that NICs share and that is neither a port's, nor management, nor a wire already: the
    /// backplane of a chassis.
    fn wire_shared_segments(&mut self) {
        if !self.shape.explicit_ports {
            return;
        }
        let shape = &mut self.shape;
        let ports = shape.ports.values().map(|port| (port.machine, port.nic));
        let mut plugged: BTreeSet<(usize, usize)> = ports.chain(shape.management).collect();
        plugged.extend(shape.wires.iter().flat_map(|wire| wire.ends));
        for (machine, declared) in shape.machines.iter_mut().enumerate() {
            for (nic, card) in declared.nics.iter_mut().enumerate() {
                if let Some(other) = card.same_segment.filter(|other| !plugged.contains(other)) {
                    card.same_segment = None;
                    shape.wires.push(WireShape { ends: [other, (machine, nic)], mtu: None });
                    plugged.extend([other, (machine, nic)]);
                }
            }
        }
    }

    /// Without `interface` declarations, every NIC but the management one is a port by its own name.
    fn default_ports(&mut self) {
        if self.shape.explicit_ports {
            return;
        }
        self.shape.ports.clear();
        let wired: Vec<(usize, usize)> = self.shape.wires.iter().flat_map(|wire| wire.ends).collect();
        for (machine, shape) in self.shape.machines.iter().enumerate() {
            for (nic, card) in shape.nics.iter().enumerate() {
                let taken = self.shape.management == Some((machine, nic)) || wired.contains(&(machine, nic));
                if !taken {
                    let port = PortShape { machine, nic, aliases: Vec::new() };
                    self.shape.ports.entry(card.name.clone()).or_insert(port);
                }
            }
        }
    }
}

fn image_slots(items: &[ast::Item], slots: &mut Vec<(SmolStr, Span)>) {
    for item in items {
        match &item.kind {
            ItemKind::Part(part) if part.word.text == "image" => {
                if let KeyKind::Name(name) = &part.name.kind {
                    slots.push((name.clone(), part.name.span));
                }
            }
            ItemKind::If(choice) => {
                image_slots(&choice.then.items, slots);
                if let Some(otherwise) = &choice.otherwise {
                    image_slots(&otherwise.items, slots);
                }
            }
            ItemKind::For(repeated) => image_slots(&repeated.block.items, slots),
            _ => {}
        }
    }
}

fn attribute_expr<'a>(block: &'a ast::Block, name: &str) -> Option<&'a ast::Expr> {
    block.items.iter().find_map(|item| match &item.kind {
        ItemKind::Attribute(attribute) => match &attribute.key.kind {
            KeyKind::Name(key) if key == name => Some(&attribute.value),
            _ => None,
        },
        _ => None,
    })
}

fn is_word(expr: &ast::Expr, word: &str) -> bool {
    matches!(&expr.kind, ExprKind::Name(name) if name == word)
}
