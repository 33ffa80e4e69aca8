//! Images: what hardware they must ask Nova for, those that the stack fetches by itself, and what somebody must tell the
//! cloud about the others first.

use super::losses::{self, Losses};
use super::parameters::{Meaning, Parameter};
use super::yaml::Map;
use crate::collections::IndexMap;
use crate::topology::{Disk, Firmware, Machine};
use crate::value::Value;
use std::path::Path;

/// The words Nova knows; it refuses to start a server whose image has another.
const DISK_BUSES: [&str; 5] = ["virtio", "scsi", "sata", "ide", "usb"];
pub(super) const NIC_MODELS: [&str; 8] =
    ["virtio", "e1000", "e1000e", "vmxnet3", "rtl8139", "pcnet", "ne2k_pci", "lan9118"];
const MACHINE_TYPES: [&str; 1] = ["q35"]; // `pc` is what Nova takes anyway.
const VIDEO_CARDS: [&str; 5] = ["cirrus", "vga", "qxl", "virtio", "bochs"];

/// The formats that Glance has for what is fetched.
const FORMATS: [&str; 5] = ["qcow2", "raw", "vmdk", "vdi", "iso"];

/// What a cloud does without being told, so that a guest runs all the same.
const USUAL: [(&str, &str); 3] = [("hw_disk_bus", "virtio"), ("hw_vif_model", "virtio"), ("hw_machine_type", "q35")];

/// What Nova must be told through the image so that the machine gets the hardware its device asks for.
pub(super) fn properties(machine: &Machine, disk: &Disk) -> IndexMap<&'static str, String> {
    let known =
        |words: &[&str], wanted: Option<&str>| wanted.filter(|wanted| words.contains(wanted)).map(str::to_owned);
    let wants = |name: &str| machine.attributes.get(name) == Some(&Value::Bool(true));
    let watched = matches!(machine.attributes.get("watchdog"), Some(Value::Member(model)) if model != "none");
    let properties = [
        ("hw_disk_bus", known(&DISK_BUSES, Some(&disk.bus))),
        ("hw_scsi_model", (disk.bus == "scsi").then(|| "virtio-scsi".to_owned())),
        ("hw_vif_model", known(&NIC_MODELS, usual_model(machine))),
        ("hw_machine_type", known(&MACHINE_TYPES, Some(&machine.machine_type))),
        ("hw_firmware_type", (machine.firmware == Firmware::Uefi).then(|| "uefi".to_owned())),
        ("hw_video_model", known(&VIDEO_CARDS, machine.vga.as_deref())),
        ("hw_serial_port_count", (machine.serials > 1).then(|| machine.serials.to_string())),
        ("hw_watchdog_action", watched.then(|| "reset".to_owned())),
        ("hw_cpu_policy", wants("dedicated_cpu").then(|| "dedicated".to_owned())),
        ("hw_mem_page_size", wants("hugepages").then(|| "large".to_owned())),
    ];
    properties.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

/// The model that most NICs have: an image has one for all.
fn usual_model(machine: &Machine) -> Option<&str> {
    let mut counts: IndexMap<&str, usize> = IndexMap::default();
    for nic in &machine.nics {
        *counts.entry(&nic.model).or_default() += 1;
    }
    let most = counts.values().copied().max()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(model, _)| model)
}

/// Is it fetched from somewhere, and not in the cloud already?
pub(super) fn is_address(image: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| image.starts_with(scheme))
}

/// The resource that fetches an image.
pub(super) fn fetched(topology: &str, slot: &str, address: &str, properties: Option<&IndexMap<&str, String>>) -> Map {
    let ending = Path::new(address).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let format = FORMATS.into_iter().find(|format| ending.eq_ignore_ascii_case(format)).unwrap_or("qcow2");
    let mut map = Map::default()
        .with("name", format!("{topology}/{slot}"))
        .with("location", address)
        .with("disk_format", format)
        .with("container_format", "bare");
    let mut hardware = Map::default();
    properties.into_iter().flatten().for_each(|(key, value)| hardware.add(*key, value.as_str()));
    if !hardware.is_empty() {
        map.add("extra_properties", hardware.inline());
    }
    map
}

/// What somebody must tell the cloud before the first deployment, as commands, each with what it is for.
pub(super) fn commands(parameters: &[Parameter]) -> Vec<String> {
    let command = |parameter: &Parameter| {
        let default = quoted(parameter.default.as_deref()?);
        match &parameter.meaning {
            Meaning::Image { properties, .. } => {
                let set = |(key, value): (&&str, &String)| format!("--property {key}={value}");
                let set: Vec<String> = properties.as_ref()?.iter().map(set).collect();
                (!set.is_empty()).then(|| format!("openstack image set {} {default}", set.join(" ")))
            }
            Meaning::Flavor { cpu, memory, disk } => {
                Some(format!("openstack flavor create --vcpus {cpu} --ram {memory} --disk {disk} {default}"))
            }
            _ => None,
        }
    };
    parameters.iter().filter_map(command).collect()
}

/// A word of a shell's command line.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// Notes that guests do not run before somebody gives their image its properties.
pub(super) fn note(
    properties: &IndexMap<&'static str, String>,
    place: (crate::source::Span, &str),
    losses: &mut Losses,
) {
    let usual = |(key, value): (&&str, &String)| USUAL.contains(&(*key, value.as_str()));
    if !properties.iter().all(usual) {
        losses.add(&losses::IMAGE_PROPERTIES, place.0, place.1);
    }
}
