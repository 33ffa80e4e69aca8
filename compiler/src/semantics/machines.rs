//! Machines as the topology has them: composite devices expanded, NICs in their exact order.

use super::devices::{MachineShape, NicShape, Shape};
use super::identity::mac_after;
use super::read;
use super::schema::Kind;
use super::world::{Entity, EntityId, Env, World};
use crate::collections::{IndexMap, IndexSet};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::devices as codes;
use crate::source::Span;
use crate::syntax::ast::{self, ItemKind};
use crate::topology::{
    ArchiveFormat, Attributes, ConsoleStep, Disk, Firmware, Image, InterfaceKind, Machine, ManagementPort, Media,
    MediaContent, MediaFile, MediaFormat, MediaLayout, Nic, Plug, Readiness, TextContent, Wire,
};
use crate::value::{self, Mac, NodeId, Value, operators};
use smol_str::SmolStr;
use std::rc::Rc;

/// How long a console step waits unless it says so: 5 minutes.
const CONSOLE_TIMEOUT: u64 = 300_000_000_000;
/// The least memory that any machine has.
const LEAST_MEMORY: i64 = 1024 * 1024;

/// What a node is made of.
pub struct Made {
    /// Machines.
    pub machines: Vec<Machine>,
    /// Wires between them.
    pub wires: Vec<Wire>,
    /// The management port.
    pub management: Option<ManagementPort>,
}

impl<'a> World<'a> {
    /// Expands the device of a node.
    pub fn make_machines(&mut self, id: NodeId, macs: &mut IndexSet<Mac>) -> Made {
        let Some(node) = self.nodes.get(id.index()) else {
            return Made { machines: Vec::new(), wires: Vec::new(), management: None };
        };
        let (shape, entities) = (node.shape.clone(), node.machines.clone());
        let managed = shape.management.filter(|_| !self.management_is_ordinary(id));
        let plugs = self.plugs(id, &shape, managed);
        let mut machines = Vec::with_capacity(shape.machines.len());
        let mut kept = Vec::with_capacity(shape.machines.len());
        for (at, machine) in shape.machines.iter().enumerate() {
            let Some(entity) = entities.get(at).copied() else { continue };
            let plugs = plugs.get(at).map_or(&[][..], Vec::as_slice);
            let least = self.int(entity, "min_nics", 0..=4096).unwrap_or(0);
            let indices = kept_nics(machine, plugs, usize::try_from(least).unwrap_or(0));
            machines.push(self.make_machine(id, entity, machine, &indices, plugs, macs));
            kept.push(indices);
        }
        // NICs that were left out move those behind them.
        let moved = |machine: usize, nic: usize| {
            let at = kept.get(machine)?.iter().position(|kept| *kept == nic)?;
            Some((machine, at))
        };
        if let Some(node) = self.nodes.get_mut(id.index()) {
            for interface in &mut node.resolved {
                if let InterfaceKind::Physical { machine, nic } = &mut interface.kind
                    && let Some(new) = moved(*machine, *nic)
                {
                    (*machine, *nic) = new;
                }
            }
        }
        let wires = self.make_wires(&shape, &moved);
        let addresses = self.nodes.get(id.index()).map(|node| node.management.clone()).unwrap_or_default();
        let management = managed.and_then(|(machine, nic)| {
            let (machine, at) = moved(machine, nic)?;
            let name = shape.machines.get(machine)?.nics.get(nic)?.name.to_string();
            Some(ManagementPort { machine, nic: at, name, addresses })
        });
        Made { machines, wires, management }
    }

    /// What each NIC of each machine is plugged into.
    fn plugs(&self, id: NodeId, shape: &Shape<'a>, managed: Option<(usize, usize)>) -> Vec<Vec<Plug>> {
        let mut plugs: Vec<Vec<Plug>> =
            shape.machines.iter().map(|machine| vec![Plug::Nothing; machine.nics.len()]).collect();
        let mut set = |machine: usize, nic: usize, plug: Plug| {
            if let Some(place) = plugs.get_mut(machine).and_then(|nics| nics.get_mut(nic)) {
                *place = plug;
            }
        };
        for (wire, declared) in shape.wires.iter().enumerate() {
            for (machine, nic) in declared.ends {
                set(machine, nic, Plug::Wire { wire });
            }
        }
        if let Some((machine, nic)) = managed {
            set(machine, nic, Plug::Management);
        }
        let resolved = self.nodes.get(id.index()).map_or(&[][..], |node| &node.resolved);
        for (interface, entry) in resolved.iter().enumerate() {
            if let InterfaceKind::Physical { machine, nic } = entry.kind
                && entry.link.is_some()
            {
                set(machine, nic, Plug::Interface { interface });
            }
        }
        // A NIC on another's segment is plugged where that one is.
        let shared: Vec<(usize, usize, Plug)> = shape
            .machines
            .iter()
            .enumerate()
            .flat_map(|(machine, shape)| shape.nics.iter().enumerate().map(move |(nic, card)| (machine, nic, card)))
            .filter_map(|(machine, nic, card)| {
                let (other, other_nic) = card.same_segment?;
                Some((machine, nic, plugs.get(other)?.get(other_nic)?.clone()))
            })
            .collect();
        for (machine, nic, plug) in shared {
            if let Some(place) = plugs.get_mut(machine).and_then(|nics| nics.get_mut(nic)) {
                *place = plug;
            }
        }
        plugs
    }

    fn make_wires(&self, shape: &Shape<'a>, moved: &impl Fn(usize, usize) -> Option<(usize, usize)>) -> Vec<Wire> {
        let mut wires: Vec<Wire> = shape
            .wires
            .iter()
            .map(|wire| Wire {
                ends: wire.ends.iter().filter_map(|(machine, nic)| moved(*machine, *nic)).collect(),
                mtu: wire.mtu,
            })
            .collect();
        for (machine, declared) in shape.machines.iter().enumerate() {
            for (nic, card) in declared.nics.iter().enumerate() {
                let Some(other) = card.same_segment else { continue };
                let wire = shape.wires.iter().position(|wire| wire.ends.contains(&other));
                if let (Some(wire), Some(end)) = (wire.and_then(|wire| wires.get_mut(wire)), moved(machine, nic)) {
                    wire.ends.push(end);
                }
            }
        }
        wires
    }

    fn make_machine(
        &mut self,
        id: NodeId,
        entity: EntityId,
        shape: &MachineShape<'a>,
        kept: &[usize],
        plugs: &[Plug],
        macs: &mut IndexSet<Mac>,
    ) -> Machine {
        let node_path = self.name_of(&Value::Node(id));
        let path = match &shape.part {
            Some(part) => format!("{node_path}/{part}"),
            None => node_path,
        };
        let model = self.nic_model(id, entity);
        let nics = kept.iter().filter_map(|at| {
            let nic = shape.nics.get(*at)?;
            let plug = plugs.get(*at).cloned().unwrap_or(Plug::Nothing);
            Some((*at, nic, plug))
        });
        let nics: Vec<(usize, &NicShape, Plug)> = nics.collect();
        let nics =
            nics.into_iter().map(|(at, nic, plug)| self.make_nic(id, &path, at, nic, plug, &model, macs)).collect();
        let firmware = match self.string(entity, "firmware").as_deref() {
            Some("uefi") => Firmware::Uefi,
            _ => Firmware::Bios,
        };
        let smbios = self.map(entity, "smbios");
        let smbios = smbios.iter().filter_map(|(key, value)| Some((key.to_string(), read::text(value)?))).collect();
        let uuid = self
            .string(entity, "uuid")
            .and_then(|text| uuid::Uuid::parse_str(&text).map_err(|_| self.report_bad_uuid(entity, &text)).ok());
        let uuid = uuid.unwrap_or_else(|| self.chosen_uuid(&path));
        let disks = self.make_disks(id, entity, shape);
        let media = self.make_media(id, shape);
        Machine {
            name: path.replace('/', "-"),
            part: shape.part.as_ref().map(|part| part.to_string()),
            uuid,
            cpu: self.int(entity, "cpu", 1..=1024).and_then(|cpu| u32::try_from(cpu).ok()).unwrap_or(1),
            memory: self.size(entity, "memory", LEAST_MEMORY..=i64::MAX).unwrap_or(512 * 1024 * 1024),
            cpu_model: self.string(entity, "cpu_model"),
            cpu_flags: self.strings(entity, "cpu_flags"),
            machine_type: self.string(entity, "machine_type").unwrap_or_else(|| "q35".to_owned()),
            firmware,
            smbios,
            disks,
            media,
            nics,
            cloud_init: self.flag(entity, "cloud_init").unwrap_or(false),
            serials: self.int(entity, "serials", 0..=4).and_then(|count| u32::try_from(count).ok()).unwrap_or(1),
            vga: self.string(entity, "vga").filter(|card| card != "none"),
            delay: self.quantity(entity, "delay").unwrap_or(0),
            console: self.make_console(id, shape),
            ready: self.make_ready(id),
            nested: self.flag(entity, "nested").unwrap_or(false),
            attributes: self.further_attributes(entity),
            origin: self.origin(entity),
            path,
        }
    }

    fn report_bad_uuid(&mut self, entity: EntityId, text: &str) {
        let span = self.attribute_span(entity, "uuid");
        let message = format!("`{text}` is no UUID");
        let help = "write it as 8-4-4-4-12 hexadecimal digits, or leave it out";
        self.report(Diagnostic::new(&codes::E0420, span, message, "no UUID").help(help));
    }

    fn node_string(&mut self, id: NodeId, key: &str) -> Option<String> {
        let entity = self.nodes.get(id.index())?.entity;
        self.string(entity, key)
    }

    #[allow(clippy::too_many_arguments)] // All of one NIC.
    fn make_nic(
        &mut self,
        id: NodeId,
        path: &str,
        at: usize,
        nic: &NicShape,
        plug: Plug,
        model: &str,
        macs: &mut IndexSet<Mac>,
    ) -> Nic {
        let written = self.nodes.get(id.index()).and_then(|node| match &plug {
            Plug::Interface { interface } => node.resolved.get(*interface).and_then(|interface| interface.mac),
            _ => None,
        });
        let base = self.nodes.get(id.index()).map(|node| node.entity).and_then(|entity| self.mac(entity, "base_mac"));
        let mac = written.or(nic.mac).or_else(|| base.map(|base| mac_after(base, at)));
        let mac = match mac {
            Some(mac) => {
                macs.insert(mac);
                mac
            }
            None => self.chosen_mac(&format!("{path}/{}", nic.name), macs),
        };
        if let Plug::Interface { interface } = &plug
            && let Some(interface) = self.nodes.get_mut(id.index()).and_then(|node| node.resolved.get_mut(*interface))
        {
            interface.mac = Some(mac);
        }
        let model = nic.model.as_deref().unwrap_or(model).to_owned();
        Nic { name: nic.name.to_string(), model, mac, plug }
    }

    fn make_disks(&mut self, id: NodeId, entity: EntityId, shape: &MachineShape<'a>) -> Vec<Disk> {
        let default_bus = self.string(entity, "disk_bus").unwrap_or_else(|| "virtio".to_owned());
        let mut disks = Vec::new();
        let slot = self.string(entity, "disk");
        let written = self.node_string(id, "image");
        if slot.is_some() || written.is_some() {
            let image = self.make_image(id, entity, "disk", slot.as_deref().unwrap_or("image"), written);
            let size = self.size(entity, "disk_size", LEAST_MEMORY..=i64::MAX);
            disks.push(Disk { name: "boot".to_owned(), image: Some(image), size, bus: default_bus.clone() });
        }
        let this = Some(Value::Node(id));
        for part in &shape.disks {
            let words = format!("disk `{}`", part.name);
            let (disk, others) =
                self.block_entity(Kind::Disk, words, part.block, &part.env.of(this.clone()), part.span);
            self.refuse_items(others, "a disk");
            self.evaluate_entity(disk);
            let image = self.string(disk, "image").map(|slot| self.make_image(id, disk, "image", &slot, None));
            let size = self.size(disk, "size", LEAST_MEMORY..=i64::MAX);
            let bus = self.string(disk, "bus").unwrap_or_else(|| default_bus.clone());
            disks.push(Disk { name: part.name.to_string(), image, size, bus });
        }
        if shape.part.is_none() {
            for (name, value) in self.map(entity, "disks").iter() {
                if let Value::Size(size) = value {
                    disks.push(Disk {
                        name: name.to_string(),
                        image: None,
                        size: Some(*size),
                        bus: default_bus.clone(),
                    });
                }
            }
        }
        disks
    }

    fn make_image(&mut self, id: NodeId, entity: EntityId, key: &str, slot: &str, written: Option<String>) -> Image {
        let shape = self.nodes.get(id.index()).map(|node| node.shape.clone()).unwrap_or_default();
        if written.is_none() && !shape.images.contains_key(slot) {
            let span = self.attribute_span(entity, key);
            let known: Vec<String> = shape.images.keys().map(|name| name.to_string()).collect();
            let message = format!("the device has no image slot `{slot}`");
            let help = format!("declare it: `image {slot}`; it has: {}", known.join(", "));
            self.report(Diagnostic::new(&codes::E0421, span, message, "unknown slot").help(help));
        }
        let version = self.node_string(id, "version").or_else(|| {
            let (_, value) = shape.parameters.iter().find(|(name, _)| name == "version")?;
            read::text(value)
        });
        let bound = written.or_else(|| {
            let images = self.active_images.clone()?;
            let versioned =
                version.as_ref().and_then(|version| images.get(format!("{slot}@{version}").as_str()).cloned());
            versioned.or_else(|| images.get(slot).cloned())
        });
        let format = shape.images.get(slot).and_then(|image| image.format.as_ref()).map(ToString::to_string);
        Image { slot: slot.to_owned(), version, format, bound }
    }

    fn make_media(&mut self, id: NodeId, shape: &MachineShape<'a>) -> Vec<Media> {
        let this = Some(Value::Node(id));
        let mut media = Vec::new();
        for part in &shape.media {
            let words = format!("medium `{}`", part.name);
            let (entity, others) =
                self.block_entity(Kind::Media, words, part.block, &part.env.of(this.clone()), part.span);
            self.refuse_items(others, "a boot medium");
            self.evaluate_entity(entity);
            let files = self.map(entity, "files");
            let files = self.media_files(&files, entity);
            let format = match self.string(entity, "format").as_deref() {
                Some("vfat") => MediaFormat::Vfat,
                Some("ext4") => MediaFormat::Ext4,
                _ => MediaFormat::Iso,
            };
            let layout = match self.string(entity, "layout").as_deref() {
                Some("config_drive") => MediaLayout::ConfigDrive,
                _ => MediaLayout::Plain,
            };
            media.push(Media {
                name: part.name.to_string(),
                format,
                layout,
                label: self.string(entity, "label").unwrap_or_default(),
                bus: self.string(entity, "bus").unwrap_or_else(|| "sata".to_owned()),
                files,
            });
        }
        media
    }

    /// Texts, and archives of them.
    fn media_files(&mut self, files: &IndexMap<SmolStr, Value>, entity: EntityId) -> Vec<MediaFile> {
        let mut made = Vec::with_capacity(files.len());
        for (path, value) in files {
            let content = match (value, ArchiveFormat::of_path(path)) {
                (Value::Map(inside), Some(archive)) => {
                    MediaContent::Archive { archive, files: self.media_files(inside, entity) }
                }
                (Value::Map(_), None) => {
                    let span = self.attribute_span(entity, "files");
                    let message = format!("`{path}` is a set of files, and its ending is that of no archive");
                    let help = "let its name end in `.tar`, `.tgz`, `.tar.gz` or `.zip`, or give the files one by one";
                    self.report(Diagnostic::new(&codes::E0423, span, message, "no archive").help(help));
                    continue;
                }
                (other, _) => match TextContent::try_from(other) {
                    Ok(text) => MediaContent::Text(text),
                    Err(()) => continue,
                },
            };
            made.push(MediaFile { path: path.trim_start_matches('/').to_owned(), content });
        }
        made
    }

    fn make_console(&mut self, id: NodeId, shape: &MachineShape<'a>) -> Vec<ConsoleStep> {
        let Some((block, env)) = &shape.console else { return Vec::new() };
        let env = env.of(Some(Value::Node(id)));
        let mut steps = Vec::new();
        self.console_steps(&block.items, &env, &mut steps);
        steps
    }

    fn console_steps(&mut self, items: &'a [ast::Item], env: &Env<'a>, steps: &mut Vec<ConsoleStep>) {
        for item in items {
            match &item.kind {
                ItemKind::Part(part) => {
                    if let Some(step) = self.console_step(part, env) {
                        steps.push(step);
                    }
                }
                ItemKind::If(choice) => {
                    if let Ok(taken) = self.condition(&choice.condition, env) {
                        let block = if taken { Some(&choice.then) } else { choice.otherwise.as_ref() };
                        if let Some(block) = block {
                            self.console_steps(&block.items, env, steps);
                        }
                    }
                }
                ItemKind::For(repeated) => {
                    for value in self.elements_of(&repeated.binding.list, env).unwrap_or_default() {
                        let inside = self.turn(env, &repeated.binding.name, value);
                        self.console_steps(&repeated.block.items, &inside, steps);
                    }
                }
                ItemKind::Expect(step) => {
                    if let Ok(value) = self.evaluate(&step.condition, env, None) {
                        let (span, block) = (step.condition.span, step.block.as_ref());
                        steps.extend(self.expect_step(&value, span, block, env));
                    }
                }
                ItemKind::Attribute(attribute) => {
                    let key = self.key(&attribute.key, env);
                    let value = self.evaluate(&attribute.value, env, None);
                    match (key.as_deref(), value) {
                        (Ok("pause"), Ok(Value::Duration(time))) => steps.push(ConsoleStep::Pause { time }),
                        (_, Err(_)) => {}
                        _ => self.report_console_step(item),
                    }
                }
                ItemKind::Broken => {}
                _ => self.report_console_step(item),
            }
        }
    }

    fn report_console_step(&mut self, item: &ast::Item) {
        let message = "this is no step of a console dialogue";
        let help = "steps are `expect \"text\"`, `send \"text\"` and `pause = 5s`";
        self.report(Diagnostic::new(&codes::E0422, item.span, message, "unknown step").help(help));
    }

    fn console_step(&mut self, part: &'a ast::Part, env: &Env<'a>) -> Option<ConsoleStep> {
        let value = match &part.name.kind {
            ast::KeyKind::Name(name) => Value::String(name.clone()),
            ast::KeyKind::String(parts) => self.text(parts, env, part.name.span).ok()?,
        };
        let content = TextContent::try_from(&value).ok()?;
        match (part.word.text.as_str(), content) {
            ("send", text) => Some(ConsoleStep::Send { text }),
            ("expect", _) => self.expect_step(&value, part.name.span, part.block.as_ref(), env),
            _ => {
                let message = format!("`{}` is no step of a console dialogue", part.word.text);
                let help = "steps are `expect \"text\"`, `send \"text\"` and `pause = 5s`";
                self.report(Diagnostic::new(&codes::E0422, part.word.span, message, "unknown step").help(help));
                None
            }
        }
    }

    /// What is waited for decides how the dialogue goes on: it cannot be a secret.
    fn expect_step(
        &mut self,
        value: &Value,
        span: Span,
        block: Option<&'a ast::Block>,
        env: &Env<'a>,
    ) -> Option<ConsoleStep> {
        let text = match value::text::display(value) {
            Ok(Value::String(text)) => text.to_string(),
            Ok(_) => return self.problem(operators::depends_on_secret(), span).ok(),
            Err(problem) => return self.problem(problem, span).ok(),
        };
        let timeout = block.and_then(|block| self.timeout_of(block, env)).unwrap_or(CONSOLE_TIMEOUT);
        Some(ConsoleStep::Expect { text, timeout })
    }

    fn timeout_of(&mut self, block: &'a ast::Block, env: &Env<'a>) -> Option<u64> {
        let Ok(Value::Map(entries)) = self.record(block, env, None, IndexMap::default()) else { return None };
        match entries.get("timeout").or_else(|| entries.get("within")) {
            Some(Value::Duration(time)) => Some(*time),
            _ => None,
        }
    }

    fn make_ready(&mut self, id: NodeId) -> Vec<Readiness> {
        let Some(entity) = self.nodes.get(id.index()).map(|node| node.entity) else { return Vec::new() };
        let entries = self.map(entity, "ready");
        if entries.values().any(Value::is_secret) {
            let span = self.attribute_span(entity, "ready");
            return self.problem(operators::depends_on_secret(), span).unwrap_or_default();
        }
        entries.iter().map(|(kind, value)| Readiness { kind: kind.to_string(), value: value.clone() }).collect()
    }

    /// Attributes of a machine that have no field of their own.
    fn further_attributes(&mut self, entity: EntityId) -> Attributes {
        const FURTHER: [&str; 8] =
            ["clock", "watchdog", "on_reboot", "dedicated_cpu", "hugepages", "cpu_limit", "apart", "together"];
        let mut found = Attributes::default();
        for key in FURTHER {
            if self.defines(entity, key) {
                found.insert(SmolStr::new_static(key), self.attribute_or_null(entity, key));
            }
        }
        found
    }

    /// The model of a machine's NICs that name none of their own.
    pub fn nic_model(&mut self, node: NodeId, machine: EntityId) -> String {
        let model = self.string(machine, "nic_model").or_else(|| self.node_string(node, "nic_model"));
        model.unwrap_or_else(|| "virtio".to_owned())
    }

    /// Evaluates every attribute of an entity, so that what is wrong with it is reported.
    pub fn evaluate_entity(&mut self, entity: EntityId) {
        for key in self.entities.get(entity).map(Entity::open_keys).unwrap_or_default() {
            let _ = self.attribute(entity, &key);
        }
    }
}

/// The NICs that are there: up to the last that something needs, without the unneeded tails of elastic arrays.
fn kept_nics(machine: &MachineShape<'_>, plugs: &[Plug], least: usize) -> Vec<usize> {
    let needed =
        |at: usize, nic: &NicShape| nic.array.is_none() || plugs.get(at).is_some_and(|plug| *plug != Plug::Nothing);
    let last = machine.nics.iter().enumerate().rev().find(|(at, nic)| needed(*at, nic)).map(|(at, _)| at + 1);
    let end = last.unwrap_or(0).max(least.min(machine.nics.len()));
    let mut kept = Vec::with_capacity(end);
    for (at, nic) in machine.nics.iter().enumerate().take(end) {
        let in_tail = nic.elastic
            && at >= least
            && !machine
                .nics
                .iter()
                .enumerate()
                .skip(at)
                .take_while(|(_, other)| same_array(nic, other))
                .any(|(at, other)| needed(at, other));
        if !in_tail {
            kept.push(at);
        }
    }
    kept
}

fn same_array(a: &NicShape, b: &NicShape) -> bool {
    match (&a.array, &b.array) {
        (Some((a, _)), Some((b, _))) => a == b,
        _ => false,
    }
}

/// Images of the target in use, by slot.
pub type Images = Rc<IndexMap<String, String>>;
