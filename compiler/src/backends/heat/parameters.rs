//! What a cloud decides: the parameters of the template.

use super::disks::HAS_VOLUMES;
use super::ids::Names;
use super::images;
use super::losses::{self, Losses};
use super::rates::HAS_RATES;
use super::trunks::HAS_TRUNKS;
use super::yaml::{Map, Yaml};
use crate::collections::IndexMap;
use crate::lab::{Lab, LabMachine};
use crate::topology::{Disk, Image, Machine};
use crate::value::{SecretSource, Value};

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
    /// Can the cloud do this?
    Ability(Ability),
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

/// What some clouds can do and others cannot; the template's conditions ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ability {
    /// Block storage (Cinder): machines get all their disks, else the first alone.
    Volumes,
    /// Trunk ports (Neutron's `trunk`): frames with VLAN tags pass.
    Trunks,
    /// Policies for rates (Neutron's `qos`), which many clouds leave to administrators.
    Rates,
}

impl Ability {
    /// The name of its parameter, and of the condition.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Ability::Volumes => ("volumes", HAS_VOLUMES),
            Ability::Trunks => ("trunks", HAS_TRUNKS),
            Ability::Rates => ("rates", HAS_RATES),
        }
    }

    /// The condition that the cloud has it.
    pub(super) fn condition(self) -> &'static str {
        self.names().1
    }

    fn description(self) -> &'static str {
        match self {
            Ability::Volumes => "Does the cloud have block storage, for disks after the first?",
            Ability::Trunks => "Does the cloud have trunk ports, for frames with VLAN tags?",
            Ability::Rates => "May we make QoS policies, for the rates of links?",
        }
    }
}

impl Parameter {
    /// As it stands in the template.
    fn yaml(&self) -> Map {
        let value = |text: &str| match self.meaning {
            Meaning::Ability(_) => Yaml::Bool(text == "true"),
            Meaning::VolumeSize { .. } => text.parse().map_or(Yaml::Null, Yaml::Int),
            _ => text.into(),
        };
        let kind = match self.meaning {
            Meaning::Ability(_) => "boolean",
            Meaning::VolumeSize { .. } => "number",
            _ => "string",
        };
        let mut map = Map::default().with("type", kind).with("description", self.description());
        match &self.default {
            Some(default) => map.add("default", value(default)),
            None => map.add("hidden", true),
        }
        if let Some(constraint) = self.constraint() {
            map.add("constraints", Yaml::List(vec![constraint.inline()]));
        }
        map
    }

    /// What the cloud checks before it makes anything. An image that nothing boots from may be missing where there is no
    /// block storage, and the key pair may be empty.
    fn constraint(&self) -> Option<Map> {
        let name = match &self.meaning {
            Meaning::Image { properties, .. } => properties.as_ref().map(|_| "glance.image"),
            Meaning::Flavor { .. } => Some("nova.flavor"),
            Meaning::ExternalNetwork | Meaning::Network { .. } => Some("neutron.network"),
            Meaning::VolumeSize { .. } => {
                return Some(Map::default().with("range", Map::default().with("min", 1u16).inline()));
            }
            Meaning::Ability(_) | Meaning::KeyName | Meaning::Secret(_) => None,
        };
        Some(Map::default().with("custom_constraint", name?))
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
            Meaning::Ability(ability) => ability.description().to_owned(),
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
        let needed = images::properties(machine.machine, disk);
        let parameter = self.image(lab, image);
        if let Some(Parameter { meaning: Meaning::Image { properties, .. }, .. }) =
            self.list.get_mut(&format!("image {}", slot(image)))
        {
            match properties {
                Some(properties) if *properties != needed => {
                    losses.add(&losses::SHARED_IMAGE, machine.node.origin.span, &machine.machine.path);
                }
                Some(_) => {}
                None => {
                    if !images::is_address(lab.image(image)) {
                        images::note(&needed, (machine.node.origin.span, &machine.machine.path), losses);
                    }
                    *properties = Some(needed);
                }
            }
        }
        parameter
    }

    /// An image: a parameter, or what the stack fetches.
    pub(super) fn image(&mut self, lab: &Lab, image: &Image) -> Yaml {
        let slot = slot(image);
        let parameter = self.get("image", &slot, || {
            let default = lab.image(image).to_owned();
            let (slot, version) = (image.slot.clone(), image.version.clone());
            (Meaning::Image { slot, version, properties: None }, Some(default))
        });
        match self.list.get(&format!("image {slot}")).filter(|_| images::is_address(lab.image(image))) {
            Some(fetched) => Map::default().with("get_resource", fetched.name.as_str()).inline(),
            None => parameter,
        }
    }

    /// GiB of a volume made of an image whose size is not known here.
    pub(super) fn volume_size(&mut self, image: &Image) -> Yaml {
        let slot = slot(image);
        self.get("size", &slot, || (Meaning::VolumeSize { slot: slot.clone() }, Some("1".to_owned())))
    }

    /// The condition that the cloud can do this.
    pub(super) fn ability(&mut self, ability: Ability) -> &'static str {
        self.get(ability.names().0, "", || (Meaning::Ability(ability), Some("false".to_owned())));
        ability.condition()
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
            Meaning::Ability(_) | Meaning::VolumeSize { .. } => 2,
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
