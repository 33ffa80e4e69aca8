//! What a cloud decides: the parameters of the template.

use super::ids::Names;
use super::losses::{self, Losses};
use super::yaml::{Map, Yaml};
use crate::lab::{Lab, LabMachine};
use crate::topology::{Disk, Firmware, Image, Machine};
use crate::value::{SecretSource, Value};
use indexmap::IndexMap;

/// A parameter of the template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in the template.
    pub name: String,
    /// What it stands for.
    pub meaning: Meaning,
    /// Its value if none is given; none for a secret.
    pub default: Option<String>,
}

/// What a parameter stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Name or id of the image in a slot.
    Image {
        /// The slot.
        slot: String,
        /// The version asked for.
        version: Option<String>,
        /// The Glance properties that make Nova build the machine as its device wants it (`hw_vif_model`, …); none if
        /// nothing boots from it.
        properties: Option<IndexMap<&'static str, String>>,
    },
    /// Name or id of a flavor.
    Flavor {
        /// Virtual CPUs it must have.
        cpu: u32,
        /// MiB it must have.
        memory: u64,
        /// GiB of its root disk; 0 for the size of the image.
        disk: u64,
    },
    /// Does the cloud have block storage (Cinder)? Then machines get all their disks, else the first alone.
    Volumes,
    /// GiB of the volumes made of the image in a slot; at least what the image unpacks to.
    VolumeSize {
        /// The slot, or `slot@version`.
        slot: String,
    },
    /// Name or id of the network that floating addresses and the routers' outer addresses come from.
    ExternalNetwork,
    /// Name or id of a network that exists already, for an external network of the lab.
    Network {
        /// Its path in the lab.
        path: String,
    },
    /// Name of a key pair; empty for none.
    KeyName,
    /// A secret, to be fetched at deployment.
    Secret(SecretSource),
}

impl Parameter {
    /// As it stands in the template.
    fn yaml(&self) -> Map {
        let value = |text: &str| match self.meaning {
            Meaning::Volumes => Yaml::Bool(text == "true"),
            Meaning::VolumeSize { .. } => text.parse().map_or(Yaml::Null, Yaml::Int),
            _ => text.into(),
        };
        let kind = match self.meaning {
            Meaning::Volumes => "boolean",
            Meaning::VolumeSize { .. } => "number",
            _ => "string",
        };
        let map = Map::default().with("type", kind).with("description", self.description());
        match &self.default {
            Some(default) => map.with("default", value(default)),
            None => map.with("hidden", true),
        }
    }

    fn description(&self) -> String {
        match &self.meaning {
            Meaning::Image { slot, version, properties } => {
                let version = version.as_ref().map(|version| format!(" in version {version}")).unwrap_or_default();
                let properties = properties.iter().flatten();
                let properties: Vec<String> = properties.map(|(key, value)| format!("{key}={value}")).collect();
                let properties = match properties.as_slice() {
                    [] => String::new(),
                    properties => format!(", with the properties {}", properties.join(", ")),
                };
                format!("Image for {slot}{version}{properties}")
            }
            Meaning::Flavor { cpu, memory, disk: 0 } => format!("Flavor with {cpu} vCPU and {memory} MiB of memory"),
            Meaning::Flavor { cpu, memory, disk } => {
                format!("Flavor with {cpu} vCPU, {memory} MiB of memory and {disk} GiB of disk")
            }
            Meaning::Volumes => "Does the cloud have block storage, for disks after the first?".to_owned(),
            Meaning::VolumeSize { slot } => format!("GiB of a volume made of the image for {slot}"),
            Meaning::ExternalNetwork => "Network that leads outside, with floating addresses".to_owned(),
            Meaning::Network { path } => format!("What {path} is in this cloud"),
            Meaning::KeyName => "Key pair for the images' own users, if any".to_owned(),
            Meaning::Secret(source) => format!("The secret from {source}"),
        }
    }
}

/// The parameters, as they are needed, each once.
#[derive(Default)]
pub(super) struct Parameters {
    list: IndexMap<String, Parameter>,
    names: Names,
}

impl Parameters {
    /// `get_param` of the parameter with this key, which is made at its first use. `kind` and `path` name it.
    fn get(&mut self, kind: &str, path: &str, make: impl FnOnce() -> (Meaning, Option<String>)) -> Yaml {
        let names = &mut self.names;
        let parameter = self.list.entry(format!("{kind} {path}")).or_insert_with(|| {
            let (meaning, default) = make();
            let name = if path.is_empty() { kind.to_owned() } else { names.unique(kind, &path.replace('-', "_")) };
            Parameter { name, meaning, default }
        });
        Map::default().with("get_param", parameter.name.as_str()).inline()
    }

    /// The image a machine boots from.
    pub(super) fn boot_image(
        &mut self,
        lab: &Lab,
        machine: &LabMachine,
        (image, disk): (&Image, &Disk),
        losses: &mut Losses,
    ) -> Yaml {
        let needed = image_properties(machine.machine, disk);
        let parameter = self.image(lab, image);
        if let Some(Parameter { meaning: Meaning::Image { properties, .. }, .. }) =
            self.list.get_mut(&format!("image {}", slot(image)))
        {
            match properties {
                Some(properties) if *properties != needed => {
                    losses.add(&losses::SHARED_IMAGE, machine.node.origin.span, &machine.machine.path);
                }
                Some(_) => {}
                None => *properties = Some(needed),
            }
        }
        parameter
    }

    /// An image.
    pub(super) fn image(&mut self, lab: &Lab, image: &Image) -> Yaml {
        self.get("image", &slot(image), || {
            let default = lab.image(image).to_owned();
            let (slot, version) = (image.slot.clone(), image.version.clone());
            (Meaning::Image { slot, version, properties: None }, Some(default))
        })
    }

    /// GiB of a volume made of an image whose size is not known here.
    pub(super) fn volume_size(&mut self, image: &Image) -> Yaml {
        let slot = slot(image);
        self.get("size", &slot, || (Meaning::VolumeSize { slot: slot.clone() }, Some("1".to_owned())))
    }

    /// Does the cloud have block storage?
    pub(super) fn volumes(&mut self) {
        self.get("volumes", "", || (Meaning::Volumes, Some("false".to_owned())));
    }

    /// The flavor of a machine: what the target says for its node or device, else one named by its size.
    pub(super) fn flavor(&mut self, lab: &Lab, machine: &LabMachine) -> Yaml {
        let Machine { cpu, memory, disks, .. } = machine.machine;
        let memory = memory.div_ceil(1 << 20);
        let disk = disks.first().and_then(|disk| disk.size).unwrap_or(0).div_ceil(1 << 30);
        let size = match disk {
            0 => format!("{cpu}cpu-{memory}mib"),
            disk => format!("{cpu}cpu-{memory}mib-{disk}gib"),
        };
        let written = written_flavor(lab, machine);
        let path = written.clone().unwrap_or_else(|| size.clone());
        self.get("flavor", &path, || {
            let default = written.unwrap_or_else(|| format!("wtop-{size}"));
            (Meaning::Flavor { cpu: *cpu, memory, disk }, Some(default))
        })
    }

    /// The network that leads outside.
    pub(super) fn external_network(&mut self, name: &str) -> Yaml {
        self.get("external_network", "", || (Meaning::ExternalNetwork, Some(name.to_owned())))
    }

    /// A network that exists.
    pub(super) fn network(&mut self, path: &str, name: &str) -> Yaml {
        self.get("network", path, || (Meaning::Network { path: path.to_owned() }, Some(name.to_owned())))
    }

    /// The key pair.
    pub(super) fn key_name(&mut self, lab: &Lab) -> Yaml {
        let written = target_text(lab, "keypair").unwrap_or_default().to_owned();
        self.get("key_name", "", || (Meaning::KeyName, Some(written)))
    }

    /// A secret: the name of its parameter, and `get_param` of it.
    pub(super) fn secret(&mut self, source: &SecretSource) -> (String, Yaml) {
        let path = source.to_string();
        let parameter = self.get("secret", &path, || (Meaning::Secret(source.clone()), None));
        let name = self.list.get(&format!("secret {path}")).map(|parameter| parameter.name.clone());
        (name.unwrap_or_default(), parameter)
    }

    /// All of them: images, flavors, volumes, networks, the key, secrets, each in the order of first use.
    pub(super) fn list(self) -> Vec<Parameter> {
        let mut list: Vec<Parameter> = self.list.into_values().collect();
        list.sort_by_key(|parameter| match parameter.meaning {
            Meaning::Image { .. } => 0,
            Meaning::Flavor { .. } => 1,
            Meaning::Volumes | Meaning::VolumeSize { .. } => 2,
            Meaning::ExternalNetwork | Meaning::Network { .. } => 3,
            Meaning::KeyName => 4,
            Meaning::Secret(_) => 5,
        });
        list
    }
}

/// An image's slot with its version.
fn slot(image: &Image) -> String {
    match &image.version {
        Some(version) => format!("{}@{version}", image.slot),
        None => image.slot.clone(),
    }
}

/// The `parameters` section.
pub(super) fn section(parameters: &[Parameter]) -> Map {
    let mut section = Map::default();
    for parameter in parameters {
        section.add(parameter.name.as_str(), parameter.yaml());
    }
    section
}

/// An attribute of the target that is text.
pub(super) fn target_text<'a>(lab: &Lab<'a>, name: &str) -> Option<&'a str> {
    match lab.target?.attributes.get(name)? {
        Value::String(text) => Some(text.as_str()),
        _ => None,
    }
}

fn written_flavor(lab: &Lab, machine: &LabMachine) -> Option<String> {
    let flavors = &lab.target?.flavors;
    machine.names().find_map(|name| flavors.get(name)).cloned()
}

/// The words Nova knows; it refuses to start a server whose image has another.
const DISK_BUSES: [&str; 5] = ["virtio", "scsi", "sata", "ide", "usb"];
const NIC_MODELS: [&str; 8] = ["virtio", "e1000", "e1000e", "vmxnet3", "rtl8139", "pcnet", "ne2k_pci", "lan9118"];
const MACHINE_TYPES: [&str; 1] = ["q35"]; // `pc` is what Nova takes anyway.
const VIDEO_CARDS: [&str; 5] = ["cirrus", "vga", "qxl", "virtio", "bochs"];

/// What Nova must be told through the image so that the machine gets the hardware its device asks for.
fn image_properties(machine: &Machine, disk: &Disk) -> IndexMap<&'static str, String> {
    let known =
        |words: &[&str], wanted: Option<&str>| wanted.filter(|wanted| words.contains(wanted)).map(str::to_owned);
    let wants = |name: &str| machine.attributes.get(name) == Some(&Value::Bool(true));
    let properties = [
        ("hw_disk_bus", known(&DISK_BUSES, Some(&disk.bus))),
        ("hw_vif_model", known(&NIC_MODELS, usual_model(machine))),
        ("hw_machine_type", known(&MACHINE_TYPES, Some(&machine.machine_type))),
        ("hw_firmware_type", (machine.firmware == Firmware::Uefi).then(|| "uefi".to_owned())),
        ("hw_video_model", known(&VIDEO_CARDS, machine.vga.as_deref())),
        ("hw_cpu_policy", wants("dedicated_cpu").then(|| "dedicated".to_owned())),
        ("hw_mem_page_size", wants("hugepages").then(|| "large".to_owned())),
    ];
    properties.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

/// The model that most NICs have: an image has one for all.
fn usual_model(machine: &Machine) -> Option<&str> {
    let mut counts: IndexMap<&str, usize> = IndexMap::new();
    for nic in &machine.nics {
        *counts.entry(&nic.model).or_default() += 1;
    }
    let most = counts.values().copied().max()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(model, _)| model)
}
