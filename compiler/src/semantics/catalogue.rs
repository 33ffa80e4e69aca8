//! What the device library has to offer: all that a lab wants to know of a device before it uses it.

pub mod lines;

use super::devices::{ImageShape, NicShape, Shape};
use super::lock::Lock;
use super::program::{self, Program};
use super::unit::ParseCache;
use super::world::{Env, World};
use super::{Compilation, CompileOptions, LIBRARY, UnitId, library};
use crate::source::{MemoryFileSystem, Span};
use crate::syntax::ast::{self, ItemKind};
use crate::topology::{Attributes, Firmware, Machine, Node};
use crate::value::{NodeId, Value};
use serde::Serialize;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// A device of the library.
#[derive(Clone, Debug, Serialize)]
pub struct Device {
    /// The name that labs use: `vmx`.
    pub name: String,
    /// The path that `use` takes: `std.juniper.vmx`.
    pub path: String,
    /// Who makes it.
    pub vendor: Option<String>,
    /// What they call it.
    pub product: Option<String>,
    /// How a picture shows it: `router`, `switch`, …
    pub icon: String,
    /// The devices it extends, nearest first.
    pub bases: Vec<String>,
    /// What its author says about it.
    pub documentation: Option<String>,
    /// Its parameters, as in `node r: vmx(fpcs = 2)`.
    pub parameters: Vec<Parameter>,
    /// The images to bring.
    pub images: Vec<Image>,
    /// The machines it is made of, in order.
    pub machines: Vec<Hardware>,
    /// The interfaces that links can name, in order.
    pub interfaces: Vec<Port>,
    /// The name of the management port.
    pub management: Option<String>,
    /// The user that it has from the factory.
    pub default_user: Option<String>,
    /// What it needs and cannot do, as its `limits` say.
    pub limits: Attributes,
}

/// A parameter of a device.
#[derive(Clone, Debug, Serialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its type, as written.
    pub r#type: String,
    /// What it is if nothing is given, as written.
    pub default: Option<String>,
    /// What it means.
    pub documentation: Option<String>,
}

/// An image that a target has to name.
#[derive(Clone, Debug, Serialize)]
pub struct Image {
    /// The slot's name.
    pub slot: String,
    /// Where to get it, its format, and what else its author says.
    pub attributes: Attributes,
}

/// A machine of a device.
#[derive(Clone, Debug, Serialize)]
pub struct Hardware {
    /// Its name in the device; none if it is the device.
    pub part: Option<String>,
    /// Virtual CPUs.
    pub cpu: u32,
    /// Bytes.
    pub memory: u64,
    /// Chipset: `q35`, `pc`.
    pub machine_type: String,
    /// What starts it.
    pub firmware: Firmware,
    /// Disks, the boot disk first.
    pub disks: Vec<Drive>,
    /// Boot media that carry its first configuration.
    pub media: Vec<Drive>,
    /// Does cloud-init set it up at first boot?
    pub cloud_init: bool,
    /// Is it set up by what is typed on its serial console?
    pub console: bool,
    /// NICs, in the order that the guest counts.
    pub nics: Vec<Nic>,
}

/// A disk or a boot medium.
#[derive(Clone, Debug, Serialize)]
pub struct Drive {
    /// Its name.
    pub name: String,
    /// How it is attached.
    pub bus: String,
    /// The image slot it is a copy of; none for an empty disk, or for a medium.
    pub image: Option<String>,
    /// Bytes of an empty disk.
    pub size: Option<u64>,
}

/// A NIC.
#[derive(Clone, Debug, Serialize)]
pub struct Nic {
    /// Its name in the device.
    pub name: String,
    /// Its model: `virtio`, `e1000`, …
    pub model: String,
    /// What it is there for.
    pub role: NicRole,
}

/// What a NIC is there for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NicRole {
    /// It carries management.
    Management,
    /// Links can name it, by this name.
    Interface(String),
    /// It is wired to another machine of the device.
    Internal,
    /// Nothing: the guest counts it.
    Unused,
}

/// An interface that links can name.
#[derive(Clone, Debug, Serialize)]
pub struct Port {
    /// Its name.
    pub name: String,
    /// Other names of it.
    pub aliases: Vec<String>,
}

/// The devices of these names, in order, each without arguments; a name that the library does not have is left out.
pub fn describe<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<Device> {
    let known = |name: &&str| library::device_file(name).is_some();
    let mut text = String::new();
    for (index, name) in names.into_iter().filter(known).enumerate() {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "node device{index}: {name}");
    }
    let file = Path::new("/catalogue.wtop");
    devices(&MemoryFileSystem::new([(file, text)]), file, Path::new("/"))
}

/// A device of the library, described once.
fn library_device(name: &str) -> Option<Device> {
    static KNOWN: Mutex<BTreeMap<String, Device>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if !known.contains_key(name) {
        let device = describe([name]).pop()?;
        known.insert(name.to_owned(), device);
    }
    known.get(name).cloned()
}

/// A device that a compiled program declares, in this unit and under this name, without arguments. None where the
/// device cannot be made so; parameters without defaults, say.
pub fn describe_declared(compilation: &Compilation, unit: UnitId, name: &str) -> Option<Device> {
    let from = compilation.units.get(unit)?;
    if from.root == LIBRARY {
        return library_device(name);
    }
    let is_needed = |item: &&ast::Item| {
        let kind = &item.kind;
        matches!(kind, ItemKind::Use(_) | ItemKind::Let(_) | ItemKind::Type(_) | ItemKind::Param(_))
            || matches!(kind, ItemKind::Device(_) | ItemKind::AttributeDecl(_))
    };
    let needed = from.items().iter().filter(is_needed).map(|item| compilation.sources.text(item.span));
    let node = format!("node device0: {name}\n");
    let text = needed.chain([node.as_str()]).collect::<Vec<_>>().join("\n");
    // Beside the file, so that what it imports is found.
    let file = from.directory.join("catalogue-of-one.wtop");
    let files = compilation.sources.iter().map(|(_, source)| (source.path.clone(), source.text.to_string()));
    let fs = MemoryFileSystem::new(files.chain([(file.clone(), text)]));
    let root = if file.has_root() { Path::new("/") } else { Path::new("") };
    devices(&fs, &file, root).pop()
}

/// The devices of the nodes in a file.
fn devices(fs: &MemoryFileSystem, file: &Path, root: &Path) -> Vec<Device> {
    let options = CompileOptions { file: file.to_path_buf(), ..CompileOptions::default() };
    let program = program::load(fs, root, &options, &mut ParseCache::default());
    let mut world = World::new(&program, fs, Lock::default(), Some(SmolStr::new_static("catalogue")));
    world.run(&[]);
    let management = world.allocate();
    let topology = world.assemble(management);
    // Nodes stand in the order of the source, here and there.
    let nodes = topology.nodes.iter().enumerate();
    nodes.filter_map(|(id, node)| device(&mut world, &program, NodeId::from(id), node)).collect()
}

fn device<'a>(world: &mut World<'a>, program: &'a Program, id: NodeId, node: &Node) -> Option<Device> {
    let entry = world.nodes.get(id.index())?;
    let (shape, entities) = (entry.shape.clone(), entry.machines.clone());
    let models: Vec<String> = entities.into_iter().map(|entity| world.nic_model(id, entity)).collect();
    let parts = node.machines.iter().zip(models).enumerate();
    let machines: Vec<Hardware> =
        parts.map(|(index, (machine, model))| hardware(&shape, index, machine, &model)).collect();
    let is_needed =
        |slot: &str| machines.iter().flat_map(|machine| &machine.disks).any(|disk| disk.image.as_deref() == Some(slot));
    let images = shape.images.iter().filter(|(slot, _)| is_needed(slot));
    let images = images.map(|(slot, shape)| image(world, program, slot, shape)).collect();
    let text = |name: &str| match node.attributes.get(name) {
        Some(Value::String(text)) => Some(text.to_string()),
        _ => None,
    };
    let declared = program.find(0, &shape.name).and_then(|(_, item)| match &item.kind {
        ItemKind::Device(device) => Some(device),
        _ => None,
    });
    Some(Device {
        name: shape.name.to_string(),
        path: path(&shape.name),
        vendor: node.vendor.clone(),
        product: text("product"),
        icon: node.icon.clone(),
        bases: node.bases.clone(),
        documentation: shape.doc.as_ref().map(SmolStr::to_string),
        parameters: declared.map_or_else(Vec::new, |device| parameters(program, device)),
        images,
        machines,
        interfaces: shape
            .ports
            .iter()
            .map(|(name, port)| Port {
                name: name.to_string(),
                aliases: port.aliases.iter().map(SmolStr::to_string).collect(),
            })
            .collect(),
        management: shape.management_name().map(|name| name.to_string()),
        default_user: text("default_user"),
        limits: match node.attributes.get("limits") {
            Some(Value::Map(limits)) => (**limits).clone(),
            _ => Attributes::default(),
        },
    })
}

/// What `use` takes: a file that is called like its device need not be named twice.
fn path(name: &str) -> String {
    let file = library::device_file(name).unwrap_or_default();
    let module = file.trim_end_matches(".wtop").replace('/', ".");
    let is_named = module.rsplit('.').next() == Some(name);
    if is_named { format!("std.{module}") } else { format!("std.{module}.{name}") }
}

fn parameters(program: &Program, device: &ast::Device) -> Vec<Parameter> {
    let written = |span: Span| program.sources.text(span).to_owned();
    let parameter = |parameter: &ast::Parameter| Parameter {
        name: parameter.name.text.to_string(),
        r#type: written(parameter.ty.span),
        default: parameter.default.as_ref().map(|default| written(default.span)),
        documentation: parameter.doc.as_ref().map(|doc| doc.text.clone()),
    };
    device.parameters.iter().map(parameter).collect()
}

/// An image, with what its declaration says about it.
fn image<'a>(world: &mut World<'a>, program: &'a Program, slot: &SmolStr, shape: &ImageShape) -> Image {
    let mut attributes = Attributes::default();
    let unit = program.units.iter().position(|unit| unit.file == shape.span.file);
    let items = unit.and_then(|unit| program.unit(unit)).map_or(&[][..], |unit| unit.items());
    if let (Some(unit), Some(block)) = (unit, image_block(items, shape.span)) {
        let env = Env::top(unit, world.unit_scope(unit));
        for item in &block.items {
            // The format is a bare word, which the shape has read.
            if let ItemKind::Attribute(ast::Attribute { key, value, .. }) = &item.kind
                && let ast::KeyKind::Name(name) = &key.kind
                && name != "format"
                && let Ok(value) = world.evaluate(value, &env, None)
            {
                attributes.insert(name.clone(), value);
            }
        }
    }
    attributes.extend(shape.format.iter().map(|format| ("format".into(), Value::String(format.clone()))));
    Image { slot: slot.to_string(), attributes }
}

/// The block of the `image` whose name stands at `span`.
fn image_block(items: &[ast::Item], span: Span) -> Option<&ast::Block> {
    items.iter().find_map(|item| match &item.kind {
        ItemKind::Part(part) if part.name.span == span => part.block.as_ref(),
        ItemKind::Device(device) => image_block(&device.block.items, span),
        ItemKind::For(repeated) => image_block(&repeated.block.items, span),
        ItemKind::If(choice) => image_block(&choice.then.items, span)
            .or_else(|| choice.otherwise.as_ref().and_then(|block| image_block(&block.items, span))),
        _ => None,
    })
}

/// A machine, with all of its NICs: a lab leaves out those at the end that it does not use.
fn hardware(shape: &Shape, index: usize, machine: &Machine, model: &str) -> Hardware {
    let disk = |disk: &crate::topology::Disk| Drive {
        name: disk.name.clone(),
        bus: disk.bus.clone(),
        image: disk.image.as_ref().map(|image| image.slot.clone()),
        size: disk.size.filter(|_| disk.image.is_none()),
    };
    let medium = |medium: &crate::topology::Media| Drive {
        name: medium.name.clone(),
        bus: medium.bus.clone(),
        image: None,
        size: None,
    };
    let nic = |(nic, card): (usize, &NicShape)| Nic {
        name: card.name.to_string(),
        model: card.model.as_deref().unwrap_or(model).to_owned(),
        role: role(shape, (index, nic)),
    };
    let nics = shape.machines.get(index).map_or(&[][..], |machine| &machine.nics);
    Hardware {
        part: machine.part.clone(),
        cpu: machine.cpu,
        memory: machine.memory,
        machine_type: machine.machine_type.clone(),
        firmware: machine.firmware,
        disks: machine.disks.iter().map(disk).collect(),
        media: machine.media.iter().map(medium).collect(),
        cloud_init: machine.cloud_init,
        console: !machine.console.is_empty(),
        nics: nics.iter().enumerate().map(nic).collect(),
    }
}

/// What a NIC (machine, NIC) is there for.
fn role(shape: &Shape, at: (usize, usize)) -> NicRole {
    if shape.management == Some(at) {
        return NicRole::Management;
    }
    if shape.wires.iter().any(|wire| wire.ends.contains(&at)) {
        return NicRole::Internal;
    }
    let port = shape.ports.iter().find(|(_, port)| (port.machine, port.nic) == at);
    port.map_or(NicRole::Unused, |(name, _)| NicRole::Interface(name.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::semantics::library::device_names;

    #[test]
    fn every_device_is_described() {
        let devices = describe(device_names());
        assert_eq!(
            devices.iter().map(|device| device.name.as_str()).collect::<Vec<_>>(),
            device_names().collect::<Vec<_>>()
        );
        for device in devices {
            assert!(device.documentation.is_some() && device.product.is_some(), "{}", device.name);
            assert!(!device.interfaces.is_empty() && !device.images.is_empty(), "{}", device.name);
        }
    }

    #[test]
    fn nics_that_a_lab_would_leave_out_are_there() {
        let device = describe(["no-such-device", "vmx"]).pop().unwrap();
        let vfp = &device.machines[1];
        assert_eq!(vfp.part.as_deref(), Some("vfp"));
        assert_eq!(vfp.nics[1].role, NicRole::Internal);
        assert_eq!(vfp.nics[2].role, NicRole::Interface("ge-0/0/0".to_owned()));
        assert_eq!(device.images[0].slot, "vmx_vcp");
        assert!(device.images[0].attributes.contains_key("notes"));
        assert!(device.interfaces[0].aliases.contains(&"xe-0/0/0".to_owned()));
    }
}
