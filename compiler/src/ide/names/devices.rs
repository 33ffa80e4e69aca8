//! Devices: their parts, and references to them, `re:em1`, `xe[n]`, `fxp0`.

use super::builder::{Builder, Env};
use super::declare::parameter_span;
use super::known::Known;
use super::ports::{Parts, pattern, text_pattern};
use super::symbol::{Meaning, Role, SymbolId, SymbolKind};
use crate::semantics::UnitId;
use crate::semantics::schema::Kind;
use crate::syntax::ast::{self, Expr, ExprKind, Index, Item, ItemKind, KeyKind};

impl<'a> Builder<'a> {
    /// Declares the parameters and parts of a device.
    pub fn declare_device(&mut self, device: &'a ast::Device, id: SymbolId, unit: UnitId) {
        let mut parts = Parts::default();
        for parameter in &device.parameters {
            let span = parameter_span(parameter);
            let argument = self.declare_parameter(parameter, SymbolKind::Argument, span, Some(id), unit);
            if let Some(argument) = argument {
                parts.parameters.entry(parameter.name.text.clone()).or_insert(argument);
            }
        }
        self.parts.insert(id, parts);
        if let Some((base, _)) = &device.base {
            self.change(Some(id), |symbol| symbol.ty = Some(base.span));
            self.wanted_devices.push((id, unit, base));
        }
        self.declare_parts(&device.block.items, id, None);
    }

    /// Declares the parts of a device, or of one of its machines.
    fn declare_parts(&mut self, items: &'a [Item], device: SymbolId, machine: Option<SymbolId>) {
        for item in items {
            match &item.kind {
                ItemKind::Part(part) => self.declare_part(part, item, device, machine),
                ItemKind::Interface(interface) => {
                    self.declare_port(interface, item, Some(device));
                }
                ItemKind::For(repeated) => self.declare_parts(&repeated.block.items, device, machine),
                ItemKind::If(choice) => {
                    for block in std::iter::once(&choice.then).chain(&choice.otherwise) {
                        self.declare_parts(&block.items, device, machine);
                    }
                }
                _ => {}
            }
        }
    }

    fn declare_part(&mut self, part: &'a ast::Part, item: &'a Item, device: SymbolId, machine: Option<SymbolId>) {
        let (symbol_kind, kind) = match part.word.text.as_str() {
            "image" => return self.declare_image(part, item, device),
            "vm" => (SymbolKind::Vm, Kind::Machine),
            "nic" => (SymbolKind::Nic, Kind::Nic),
            "disk" => (SymbolKind::Disk, Kind::Disk),
            "media" => (SymbolKind::Media, Kind::Media),
            _ => return,
        };
        let name = pattern(&part.name, false);
        let key = (machine, name.clone());
        let parts = self.parts.get(&device);
        let before = parts.and_then(|parts| match symbol_kind {
            SymbolKind::Vm => parts.machines.get(&name),
            SymbolKind::Nic => parts.nics.get(&key),
            _ => None,
        });
        let id = match before.copied() {
            // Branches of an `if` may declare one part each.
            Some(before) => {
                self.occur(part.name.span, Meaning::Symbol(before), Role::Declaration);
                self.by_name.insert(part.name.span, before);
                Some(before)
            }
            None => self.add_key(&part.name, symbol_kind, item, machine.or(Some(device)), kind),
        };
        let Some(id) = id else { return };
        self.change(Some(id), |symbol| symbol.array = part.dims.is_some());
        let parts = self.parts.entry(device).or_default();
        match symbol_kind {
            SymbolKind::Vm => drop(parts.machines.entry(name).or_insert(id)),
            SymbolKind::Nic => drop(parts.nics.entry(key).or_insert(id)),
            _ => {}
        }
        if let Some(block) = &part.block
            && symbol_kind == SymbolKind::Vm
        {
            self.declare_parts(&block.items, device, Some(id));
        }
    }

    /// A slot for an image: one for all devices that name it.
    fn declare_image(&mut self, part: &'a ast::Part, item: &'a Item, device: SymbolId) {
        let name = pattern(&part.name, false);
        let id = match self.images.get(&name).copied() {
            Some(known) => {
                self.occur(part.name.span, Meaning::Symbol(known), Role::Declaration);
                self.by_name.insert(part.name.span, known);
                Some(known)
            }
            None => self.add_key(&part.name, SymbolKind::Image, item, Some(device), Kind::Image),
        };
        let Some(id) = id else { return };
        self.images.entry(name.clone()).or_insert(id);
        self.parts.entry(device).or_default().images.insert(name, id);
    }

    /// The interfaces that a node describes, but for those that are ports of its device.
    pub fn declare_interfaces(&mut self, node: SymbolId, items: &'a [Item]) {
        for item in items {
            match &item.kind {
                ItemKind::Interface(interface) => {
                    let name = pattern(&interface.name, interface.dims.is_some());
                    if self.port_of(&self.kindred(node), &name).is_none() {
                        self.declare_port(interface, item, Some(node));
                    }
                }
                ItemKind::For(repeated) => self.declare_interfaces(node, &repeated.block.items),
                ItemKind::If(choice) => {
                    for block in std::iter::once(&choice.then).chain(&choice.otherwise) {
                        self.declare_interfaces(node, &block.items);
                    }
                }
                _ => {}
            }
        }
    }

    /// The body of a device.
    pub fn device(&mut self, device: &'a ast::Device, env: Env) {
        let Some(id) = self.by_name.get(&device.name.span).copied() else { return };
        let scope = self.open_scope(Some(env.scope), device.block.span);
        let inside = Env { scope, this: Some(id), device: Some(id), ..env };
        let parameters = self.parts.get(&id).map(|parts| parts.parameters.clone()).unwrap_or_default();
        for (name, parameter) in parameters {
            self.bind(scope, &name, parameter);
        }
        for kindred in self.kindred(id) {
            let images = self.parts.get(&kindred).map(|parts| parts.images.clone()).unwrap_or_default();
            for (name, image) in images {
                self.bind(scope, &name, image);
            }
        }
        self.parameters(&device.parameters, inside);
        if let Some((path, arguments)) = &device.base {
            self.device_path(path, env.unit);
            let base = self.symbol(id).and_then(|symbol| symbol.of.first()).copied();
            self.arguments_of(arguments, base, inside);
        }
        self.device_items(&device.block.items, Kind::Node, inside);
    }

    /// Items of a device, or of one of its machines.
    fn device_items(&mut self, items: &'a [Item], kind: Kind, env: Env) {
        let env = self.with_constants(items, env);
        for item in items {
            match &item.kind {
                ItemKind::Attribute(attribute) if is_reference(attribute) => {
                    self.attribute_key(&attribute.key, kind, env);
                    self.part(&attribute.value, env);
                }
                ItemKind::Group(group) if group.name.text == "console" => self.steps(&group.block.items, env),
                ItemKind::Attribute(_) | ItemKind::Group(_) => self.setting(item, kind, env),
                ItemKind::Part(part) => self.device_part(part, env),
                ItemKind::Interface(interface) => {
                    let inside = self.bindings(&interface.bindings, item.span, env);
                    let inside = self.dims(interface.dims.as_deref(), item.span, inside);
                    self.key_holes(&interface.name, inside);
                    if let Some(target) = &interface.target {
                        self.part(target, inside);
                    }
                    self.optional_block(Kind::Port, interface.block.as_ref(), inside);
                }
                ItemKind::Wire(wire) => {
                    for end in std::iter::once(&wire.left).chain(&wire.right) {
                        self.part_end(end, env);
                    }
                    self.optional_block(Kind::Wire, wire.block.as_ref(), env);
                }
                ItemKind::Remove(target) => {
                    self.part(target, env);
                }
                ItemKind::Override(change) => {
                    let kind = match self.part(&change.target, env) {
                        Known::Thing(kind, _) => kind,
                        _ => Kind::Nic,
                    };
                    self.block(kind, &change.block, env);
                }
                ItemKind::If(choice) => {
                    self.expr(&choice.condition, env, &Known::Nothing);
                    for block in std::iter::once(&choice.then).chain(&choice.otherwise) {
                        self.device_items(&block.items, kind, env);
                    }
                }
                ItemKind::For(repeated) => {
                    let inside = self.binding(&repeated.binding, item.span, env);
                    self.device_items(&repeated.block.items, kind, inside);
                }
                ItemKind::Let(constant) => self.visit_constant(constant),
                _ => self.item(item, env),
            }
        }
    }

    fn device_part(&mut self, part: &'a ast::Part, env: Env) {
        self.key_holes(&part.name, env);
        let inside = self.dims(part.dims.as_deref(), part.name.span, env);
        let Some(block) = &part.block else { return };
        match part.word.text.as_str() {
            "vm" => self.device_items(&block.items, Kind::Machine, inside),
            "nic" => self.device_items(&block.items, Kind::Nic, inside),
            "disk" => self.block(Kind::Disk, block, inside),
            "media" => self.block(Kind::Media, block, inside),
            "image" => self.block(Kind::Image, block, inside),
            _ => self.steps(&block.items, inside),
        }
    }

    fn part_end(&mut self, end: &'a ast::End, env: Env) {
        let refs = match &end.refs {
            ast::EndRefs::One(expr) => std::slice::from_ref(expr),
            ast::EndRefs::List(exprs, _) => exprs,
        };
        for expr in refs {
            self.part(expr, env);
        }
        self.settings(&end.items, Kind::Interface, env);
    }

    /// The steps of a dialogue, and other items that are no attributes of a kind.
    fn steps(&mut self, items: &'a [Item], env: Env) {
        for item in items {
            match &item.kind {
                ItemKind::Part(part) => {
                    self.key_holes(&part.name, env);
                    if let Some(block) = &part.block {
                        self.steps(&block.items, env);
                    }
                }
                ItemKind::Attribute(attribute) => {
                    self.key_holes(&attribute.key, env);
                    self.expr(&attribute.value, env, &Known::Nothing);
                }
                ItemKind::Group(group) => self.steps(&group.block.items, env),
                ItemKind::For(repeated) => {
                    let inside = self.binding(&repeated.binding, item.span, env);
                    self.steps(&repeated.block.items, inside);
                }
                ItemKind::If(choice) => {
                    self.expr(&choice.condition, env, &Known::Nothing);
                    for block in std::iter::once(&choice.then).chain(&choice.otherwise) {
                        self.steps(&block.items, env);
                    }
                }
                _ => self.item(item, env),
            }
        }
    }

    /// A reference to a part of the device whose body this is.
    fn part(&mut self, expr: &'a Expr, env: Env) -> Known {
        match &expr.kind {
            ExprKind::Group(inner) => self.part(inner, env),
            ExprKind::Name(name) => match self.part_named(name, env) {
                Some(part) => {
                    self.refer(expr.span, part);
                    self.known(part)
                }
                None => Known::Nothing,
            },
            ExprKind::Index(base, indices) => {
                let base = self.part(base, env);
                for index in indices {
                    if let Index::Key(key) = index {
                        self.expr(key, env, &Known::Nothing);
                    }
                }
                base
            }
            ExprKind::Port(base, text, span) => {
                let machine = match self.part(base, env) {
                    Known::Thing(Kind::Machine, machine) => machine,
                    _ => None,
                };
                self.text(text, env);
                let name = text_pattern(text);
                let devices = env.device.map(|device| self.kindred(device)).unwrap_or_default();
                let nic = machine.and_then(|_| devices.iter().find_map(|device| self.nic(*device, machine, &name)));
                match nic {
                    Some(nic) => {
                        self.refer(*span, nic);
                        self.known(nic)
                    }
                    None => Known::Nothing,
                }
            }
            _ => self.expr(expr, env, &Known::Nothing),
        }
    }

    /// A machine, or a NIC of a device of one machine, its own or of a base.
    fn part_named(&self, name: &str, env: Env) -> Option<SymbolId> {
        let devices = self.kindred(env.device?);
        let machine = devices.iter().find_map(|device| {
            let array = name.trim_end_matches(|char: char| char.is_ascii_digit());
            self.machine(*device, name).or_else(|| self.machine(*device, array))
        });
        machine.or_else(|| devices.iter().find_map(|device| self.nic(*device, None, name)))
    }
}

/// Is its value a part of the device, not an expression?
fn is_reference(attribute: &ast::Attribute) -> bool {
    let KeyKind::Name(key) = &attribute.key.kind else { return false };
    let is_none = matches!(&attribute.value.kind, ExprKind::Name(word) if word == "none");
    matches!(key.as_str(), "management" | "same_segment") && !is_none
}
