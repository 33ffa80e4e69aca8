//! Disks: the first is a server's own, further ones are volumes, where the cloud has block storage.

use super::Writer;
use super::losses;
use super::parameters::Ability;
use super::servers::resource;
use super::yaml::{Map, Yaml};
use crate::lab::LabMachine;
use crate::topology::Disk;
use crate::value::Value;

/// The condition that the cloud has block storage.
pub(super) const HAS_VOLUMES: &str = "has_volumes";

/// The buses that Heat takes for a volume; elsewhere Nova chooses.
const BUSES: [&str; 4] = ["virtio", "scsi", "ide", "usb"];

impl Writer<'_> {
    /// The image that a server boots from.
    pub(super) fn boot_image(&mut self, machine: &LabMachine) -> Option<Yaml> {
        let boot = machine.machine.disks.first();
        let Some((image, disk)) = boot.and_then(|disk| Some((disk.image.as_ref()?, disk))) else {
            self.losses.add(&losses::NO_IMAGE, machine.node.origin.span, &machine.machine.path);
            return None;
        };
        Some(self.parameters.boot_image(self.lab, machine, (image, disk), &mut self.losses))
    }

    /// The volumes of a server, for its `block_device_mapping_v2`; nothing where it has one disk.
    pub(super) fn volumes(&mut self, machine: &LabMachine) -> Option<Yaml> {
        let mut further = machine.machine.disks.iter().skip(1).peekable();
        further.peek()?;
        self.losses.add(&losses::DISKS, machine.node.origin.span, &machine.machine.path);
        self.parameters.ability(Ability::Volumes);
        let volumes = further.map(|disk| self.volume(machine, disk)).collect();
        let choice = vec![HAS_VOLUMES.into(), Yaml::List(volumes), Yaml::Null];
        Some(Map::default().with("if", Yaml::List(choice)).into())
    }

    fn volume(&mut self, machine: &LabMachine, disk: &Disk) -> Yaml {
        let size = disk.size.map(|size| Yaml::from(u32::try_from(size.div_ceil(1 << 30)).unwrap_or(u32::MAX)));
        let mut mapping = match &disk.image {
            Some(image) => {
                let size = size.unwrap_or_else(|| self.parameters.volume_size(image));
                Map::default().with("image", self.parameters.image(self.lab, image)).with("volume_size", size)
            }
            None => {
                let path = format!("{}/{}", machine.machine.path, disk.name);
                let id = self.ids.names.unique("volume", &path);
                let properties = Map::default()
                    .with("name", format!("{}/{path}", self.lab.topology.name))
                    .with("size", size.unwrap_or(Yaml::Int(1)));
                let volume = Map::default().with("type", "OS::Cinder::Volume").with("condition", HAS_VOLUMES);
                let kept = machine.node.attributes.get("persist") == Some(&Value::Bool(true));
                let volume = if kept { volume.with("deletion_policy", "Retain") } else { volume };
                self.resources.add("", &id, volume.with("properties", properties));
                Map::default().with("volume_id", resource(&id))
            }
        };
        mapping.add("boot_index", Yaml::Int(-1));
        mapping.add("device_type", "disk");
        if BUSES.contains(&disk.bus.as_str()) {
            mapping.add("disk_bus", disk.bus.as_str());
        }
        mapping.add("delete_on_termination", disk.image.is_some());
        mapping.inline()
    }
}
