//! Devices: what an instance is made of.
//!
//! A device's body is unrolled into a [`Shape`]: machines with their NICs in the order of declaration, wires, and the
//! ports that the user sees. Attributes stay unevaluated, since they may read `self`. A shape is built once for each
//! device and list of arguments, and shared by its instances.

mod body;
mod reference;

use super::unit::UnitId;
use super::world::{Env, Eval, Frame, Local, Shared, Stop, World};
use crate::collections::IndexMap;
use crate::diagnostics::codes::devices as codes;
use crate::diagnostics::{Diagnostic, closest};
use crate::source::Span;
use crate::syntax::ast::{self, ItemKind};
use crate::topology::Port;
use crate::value::Value;
use crate::value::types::Type;
use smol_str::SmolStr;
use std::rc::Rc;
use std::sync::Arc;

/// What a device is made of.
#[derive(Debug, Clone, Default)]
pub struct Shape<'a> {
    /// Its name.
    pub name: SmolStr,
    /// The devices it extends, nearest first.
    pub bases: Vec<SmolStr>,
    /// Where its name is declared, and those of the devices it extends.
    pub declared: Vec<Span>,
    /// Its documentation.
    pub doc: Option<SmolStr>,
    /// Attributes of the node.
    pub definitions: Rc<Shared<'a>>,
    /// Machines, in order of declaration. A device of one machine has one without a name.
    pub machines: Vec<MachineShape<'a>>,
    /// Image slots.
    pub images: IndexMap<SmolStr, ImageShape>,
    /// Private wires.
    pub wires: Vec<WireShape>,
    /// Ports by the name that the user knows.
    pub ports: IndexMap<SmolStr, PortShape>,
    /// Other names of ports.
    pub aliases: IndexMap<SmolStr, SmolStr>,
    /// The port that carries management: machine and NIC.
    pub management: Option<(usize, usize)>,
    /// Does the body declare ports by `interface`? Else every NIC is one by its own name.
    pub explicit_ports: bool,
    /// Names and values of its parameters.
    pub parameters: Vec<(SmolStr, Value)>,
}

/// An image slot.
#[derive(Debug, Clone)]
pub struct ImageShape {
    /// Where it is declared.
    pub span: Span,
    /// What it comes as, if the device says so: `qcow2`, `raw`.
    pub format: Option<SmolStr>,
}

/// A machine of a device.
#[derive(Debug, Clone, Default)]
pub struct MachineShape<'a> {
    /// Its name; none for a device of one machine.
    pub part: Option<SmolStr>,
    /// Its array and key, where it is an element: `vm fpc[0..1]`.
    pub array: Option<(SmolStr, Value)>,
    /// Attributes.
    pub definitions: Rc<Shared<'a>>,
    /// NICs, in the order that the guest counts.
    pub nics: Vec<NicShape>,
    /// Disks after the first.
    pub disks: Vec<PartShape<'a>>,
    /// Boot media.
    pub media: Vec<PartShape<'a>>,
    /// The dialogue on the serial console.
    pub console: Option<(&'a ast::Block, Env<'a>)>,
    /// Where it is declared.
    pub span: Span,
}

/// A NIC of a device.
#[derive(Debug, Clone, Default)]
pub struct NicShape {
    /// Its name: `em0`, `xe3`.
    pub name: SmolStr,
    /// Its array and key, where it is an element.
    pub array: Option<(SmolStr, Value)>,
    /// Its model, if it is not the machine's.
    pub model: Option<SmolStr>,
    /// Its MAC address, if the device fixes one.
    pub mac: Option<crate::value::Mac>,
    /// The NIC whose segment it shares.
    pub same_segment: Option<(usize, usize)>,
    /// May it be left out, though others follow?
    pub elastic: bool,
    /// Where it is declared.
    pub span: Span,
}

/// A part with attributes: a disk or a medium.
#[derive(Debug, Clone)]
pub struct PartShape<'a> {
    /// Its name.
    pub name: SmolStr,
    /// Its attributes.
    pub block: Option<&'a ast::Block>,
    /// Where it stands.
    pub env: Env<'a>,
    /// Where it is declared.
    pub span: Span,
}

/// A private wire.
#[derive(Debug, Clone)]
pub struct WireShape {
    /// (machine, NIC) of both ends.
    pub ends: [(usize, usize); 2],
    /// Largest packet in bytes.
    pub mtu: Option<u32>,
}

/// A port as the user knows it.
#[derive(Debug, Clone)]
pub struct PortShape {
    /// The machine that owns it.
    pub machine: usize,
    /// Its NIC.
    pub nic: usize,
    /// Other names.
    pub aliases: Vec<SmolStr>,
}

impl Shape<'_> {
    /// The port of this name or alias.
    pub fn port(&self, name: &str) -> Option<SmolStr> {
        if self.ports.contains_key(name) {
            return Some(SmolStr::new(name));
        }
        self.aliases.get(name).cloned()
    }

    /// The ports as the topology lists them.
    pub fn listed_ports(&self) -> Arc<[Port]> {
        let nic = |port: &PortShape| Some(self.machines.get(port.machine)?.nics.get(port.nic)?.name.clone());
        let listed = |(name, port): (&SmolStr, &PortShape)| Port {
            name: name.clone(),
            aliases: port.aliases.clone(),
            machine: port.machine,
            nic: nic(port).unwrap_or_default(),
        };
        self.ports.iter().map(listed).collect()
    }

    /// The name of the management port.
    pub fn management_name(&self) -> Option<SmolStr> {
        let (machine, nic) = self.management?;
        Some(self.machines.get(machine)?.nics.get(nic)?.name.clone())
    }

    /// How near it is to the device of this name, if it is that one or extends it: 0 for the base of all, and one more
    /// for each device that extends.
    pub fn nearness(&self, name: &str) -> Option<usize> {
        if self.name == name {
            return Some(self.bases.len());
        }
        self.bases.iter().rev().position(|base| base == name)
    }

    /// Its ports for a sentence: "ge-0/0/0 to ge-0/0/9 (10 ports)".
    pub fn ports_in_words(&self) -> String {
        match (self.ports.first(), self.ports.last(), self.ports.len()) {
            (Some((first, _)), _, 1) => format!("one port, {first}"),
            (Some((first, _)), Some((last, _)), count) => format!("the {count} ports {first} to {last}"),
            _ => "no ports".to_owned(),
        }
    }
}

/// What stands after the colon of a node.
pub enum Kindred<'a> {
    /// A device.
    Device(UnitId, &'a ast::Device),
    /// A module.
    Module(UnitId, &'a ast::Module),
}

/// `a` → `b` → `a`, from where the circle begins.
pub fn circle_words(open: &[(SmolStr, Span)], back: Span) -> String {
    let start = open.iter().position(|(_, span)| *span == back).unwrap_or_default();
    let circle = open.iter().skip(start);
    let names: Vec<String> = circle.clone().chain(circle.take(1)).map(|(name, _)| format!("`{name}`")).collect();
    names.join(" → ")
}

impl<'a> World<'a> {
    /// The device or module that a path names.
    pub fn find_kindred(&mut self, path: &'a ast::Path, env: &Env<'a>) -> Eval<Kindred<'a>> {
        let program = self.program;
        let [name] = path.names.as_slice() else {
            let message = "a device is named by one word here";
            let help = "import it first: `use std.juniper.vsrx`; devices of the library need no `use`";
            let mut diagnostic = Diagnostic::new(&codes::E0410, path.span, message, "a path").help(help);
            let last = path.names.last().map_or("", |name| name.text.as_str());
            if super::library::device_file(last).is_some() {
                diagnostic = diagnostic.fix(format!("Write `{last}`"), path.span, last);
            }
            return self.stop(diagnostic);
        };
        if name.text.is_empty() {
            return Err(Stop::Reported);
        }
        match program.find(env.unit, &name.text) {
            Some((unit, ast::Item { kind: ItemKind::Device(device), .. })) => Ok(Kindred::Device(unit, device)),
            Some((unit, ast::Item { kind: ItemKind::Module(module), .. })) => Ok(Kindred::Module(unit, module)),
            Some((_, item)) => {
                let message = format!("`{}` is no device", name.text);
                let diagnostic = Diagnostic::new(&codes::E0410, name.span, message, "a device is wanted")
                    .label(item.span.at_start(), "declared here");
                self.stop(diagnostic)
            }
            None => self.unknown_device(name, env),
        }
    }

    fn unknown_device<T>(&mut self, name: &ast::Name, env: &Env<'a>) -> Eval<T> {
        if self.program.unit(env.unit).is_some_and(|unit| unit.failed_imports.contains(&name.text)) {
            return Err(Stop::Reported);
        }
        let message = format!("there is no device `{}`", name.text);
        let mut diagnostic = Diagnostic::new(&codes::E0410, name.span, message, "unknown device");
        let own = self.program.unit(env.unit).into_iter().flat_map(|unit| {
            let declared = unit.names.iter().filter(|(_, index)| {
                let item = unit.items().get(**index).map(|item| &item.kind);
                matches!(item, Some(ItemKind::Device(_) | ItemKind::Module(_)))
            });
            declared.map(|(name, _)| name.as_str()).chain(unit.imports.keys().map(SmolStr::as_str))
        });
        let mut known: Vec<&str> = own.collect();
        for name in super::library::device_names() {
            known.push(name);
        }
        diagnostic = match closest(&name.text, known) {
            Some(meant) => {
                diagnostic.help(format!("did you mean `{meant}`?")).fix(format!("Write `{meant}`"), name.span, meant)
            }
            None => diagnostic.help("`wtop devices` lists the library; your own are declared with `device`"),
        };
        self.stop(diagnostic)
    }

    /// The shape of a device with arguments; `at` is where it is used.
    pub fn shape(
        &mut self,
        unit: UnitId,
        device: &'a ast::Device,
        arguments: &'a [ast::Argument],
        version: Option<Value>,
        env: &Env<'a>,
        at: Span,
    ) -> Eval<Rc<Shape<'a>>> {
        let key = (unit, device.name.text.clone());
        let plain = arguments.is_empty() && version.is_none();
        if plain && let Some(known) = self.shapes.get(&key) {
            return known.clone().ok_or(Stop::Reported);
        }
        if self.open_shapes.iter().any(|(_, span)| *span == device.name.span) {
            let circle = circle_words(&self.open_shapes, device.name.span);
            let message = format!("these devices extend each other in a circle: {circle}");
            let diagnostic = Diagnostic::new(&codes::E0411, device.name.span, message, "leads back here")
                .help("one of them must not extend another");
            return self.stop(diagnostic);
        }
        self.open_shapes.push((device.name.text.clone(), device.name.span));
        let checked = self.check_arguments(&device.parameters, arguments, &device.name, at);
        let shape = checked.and_then(|()| self.build_shape(unit, device, arguments, version, env)).map(Rc::new);
        self.open_shapes.pop();
        if plain {
            self.shapes.insert(key, shape.clone().ok());
        }
        shape
    }

    /// Builds a shape; in a trial, parameters that nothing gives are holes.
    pub fn build_shape(
        &mut self,
        unit: UnitId,
        device: &'a ast::Device,
        arguments: &'a [ast::Argument],
        version: Option<Value>,
        env: &Env<'a>,
    ) -> Eval<Shape<'a>> {
        let scope = self.unit_scope(unit);
        let top = Env::top(unit, scope);
        self.used.insert(device.name.span);
        let mut parameters = self.bind(&device.parameters, arguments, env, &top)?;
        if !parameters.iter().any(|(name, _)| name == "version") {
            let version = version.clone().unwrap_or(Value::Null);
            parameters.push((SmolStr::new_static("version"), Local::Value(version)));
        }
        let inside = top.with_frame(Frame::new(parameters.clone(), false));
        let mut shape = match &device.base {
            None => Shape::default(),
            Some((path, arguments)) => {
                let base = match self.find_kindred(path, &top)? {
                    Kindred::Device(unit, base) => self.shape(unit, base, arguments, version, &inside, path.span)?,
                    Kindred::Module(_, module) => {
                        let message = format!("`{}` is a module; a device extends a device", module.name.text);
                        return self.error(&codes::E0410, path.span, message, "a device is wanted");
                    }
                };
                let mut shape = (*base).clone();
                shape.bases.insert(0, base.name.clone());
                shape
            }
        };
        shape.name = device.name.text.clone();
        shape.declared.insert(0, device.name.span);
        let known = parameters.into_iter().filter_map(|(name, local)| match local {
            Local::Value(value) => Some((name, value)),
            _ => None,
        });
        shape.parameters = known.collect();
        let program = self.program;
        let items = program.unit(unit).map_or(&[][..], |unit| unit.items());
        let declared =
            items.iter().find(|item| matches!(&item.kind, ItemKind::Device(other) if std::ptr::eq(other, device)));
        shape.doc = declared.and_then(|item| item.doc.as_ref()).map(|doc| SmolStr::new(&doc.text));
        body::Builder::new(self, shape, device.name.span).build(device, &inside)
    }

    /// Binds arguments to parameters.
    pub fn bind(
        &mut self,
        parameters: &'a [ast::Parameter],
        arguments: &'a [ast::Argument],
        env: &Env<'a>,
        top: &Env<'a>,
    ) -> Eval<Vec<(SmolStr, Local<'a>)>> {
        let mut bound: Vec<(SmolStr, Local<'a>)> = Vec::new();
        for parameter in parameters {
            let name = &parameter.name.text;
            let inside = top.with_frame(Frame::new(bound.clone(), false));
            let ty = self.resolve_type(&parameter.ty, &inside);
            let given =
                arguments.iter().find(|argument| argument.name.as_ref().is_some_and(|given| given.text == *name));
            let value = match (given, &parameter.default) {
                (Some(argument), _) => self.evaluate_as(&argument.value, env, Some(&ty), name),
                (None, Some(default)) => self.evaluate_as(default, &inside, Some(&ty), name),
                (None, None) if self.is_trial && !matches!(ty, Type::Optional(_)) => Err(Stop::Reported),
                (None, None) => Ok(Value::Null),
            };
            let span = given.map_or(parameter.name.span, |argument| argument.value.span);
            let value = value.and_then(|value| {
                self.check_parameter(parameter, &value, span, &inside)?;
                self.note(parameter.name.span, &value);
                Ok(Local::Value(value))
            });
            bound.push((name.clone(), if self.is_trial { value.unwrap_or(Local::Failed) } else { value? }));
        }
        Ok(bound)
    }

    /// Every argument has a name that there is, and every parameter without a default has an argument.
    pub fn check_arguments(
        &mut self,
        parameters: &'a [ast::Parameter],
        arguments: &'a [ast::Argument],
        of: &ast::Name,
        at: Span,
    ) -> Eval<()> {
        let mut result = Ok(());
        let mut misspelt = Vec::new();
        for (index, argument) in arguments.iter().enumerate() {
            let Some(name) = &argument.name else {
                let message = format!("arguments of `{}` are named", of.text);
                let known: Vec<String> = parameters.iter().map(|known| format!("{} = …", known.name.text)).collect();
                let mut diagnostic = Diagnostic::new(&codes::E0412, argument.value.span, message, "which parameter?")
                    .help(format!("it takes: {}", known.join(", ")));
                if let Some(parameter) = parameters.get(index) {
                    let name = format!("{} = ", parameter.name.text);
                    diagnostic = diagnostic.fix(format!("Insert `{name}`"), argument.value.span.at_start(), name);
                }
                result = self.stop(diagnostic);
                continue;
            };
            if name.text == "version" || parameters.iter().any(|known| known.name.text == name.text) {
                continue;
            }
            let message = format!("`{}` has no parameter `{}`", of.text, name.text);
            let mut diagnostic = Diagnostic::new(&codes::E0412, name.span, message, "unknown parameter");
            let names = parameters.iter().map(|known| known.name.text.as_str());
            diagnostic = match closest(&name.text, names.clone()) {
                Some(meant) => {
                    misspelt.push(meant);
                    let diagnostic = diagnostic.help(format!("did you mean `{meant}`?"));
                    diagnostic.fix(format!("Write `{meant}`"), name.span, meant)
                }
                None if parameters.is_empty() => diagnostic.help("it has no parameters"),
                None => diagnostic.help(format!("it has: {}", names.collect::<Vec<_>>().join(", "))),
            };
            result = self.stop(diagnostic);
        }
        // An argument without a name is one of those that seem to be missing.
        if arguments.iter().any(|argument| argument.name.is_none()) {
            return result;
        }
        let given = |name: &str| {
            misspelt.contains(&name)
                || arguments.iter().any(|argument| argument.name.as_ref().is_some_and(|given| given.text == name))
        };
        for parameter in parameters {
            let optional = matches!(parameter.ty.kind, ast::TypeKind::Optional(_));
            if parameter.default.is_none() && !optional && !given(&parameter.name.text) {
                let message = format!("`{}` needs a value for `{}`", of.text, parameter.name.text);
                let diagnostic = Diagnostic::new(&codes::E0413, at, message, "an argument is missing")
                    .label(parameter.name.span, "this parameter has no default")
                    .help(format!("write `{}({} = …)`", of.text, parameter.name.text));
                result = self.stop(diagnostic);
            }
        }
        result
    }

    /// Checks the `where` of a parameter.
    pub fn check_parameter(
        &mut self,
        parameter: &'a ast::Parameter,
        value: &Value,
        span: Span,
        env: &Env<'a>,
    ) -> Eval<()> {
        let Some(condition) = &parameter.condition else { return Ok(()) };
        let inside = env.with(&parameter.name.text, value.clone());
        if self.condition(condition, &inside)? {
            return Ok(());
        }
        let written = self.program.sources.text(condition.span).to_owned();
        let shown = crate::value::text::shown(value);
        let message = format!("`{}` is {shown}, and must satisfy `{written}`", parameter.name.text);
        let mut diagnostic = Diagnostic::new(&codes::E0414, span, message, "not allowed");
        if span != condition.span {
            diagnostic = diagnostic.label(condition.span, "the condition");
        }
        self.stop(diagnostic)
    }
}
