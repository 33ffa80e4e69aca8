//! A machine as a libvirt domain.

use super::devices::{self, Disks};
use super::names::Names;
use super::pci::Pci;
use super::placement::Placement;
use super::raw::{QEMU, Raw};
use super::xml::Xml;
use super::{hardware, metadata, nics, target_text};
use crate::diagnostics::Diagnostic;
use crate::lab::{Lab, LabMachine};
use crate::media::BootMedium;
use crate::topology::Machine;
use crate::value::Value;
use std::fmt::Display;

/// The domain of a machine, with these boot media in these volumes.
pub fn document(
    lab: &Lab<'_>,
    names: &Names,
    machine: &LabMachine<'_>,
    media: &[(&BootMedium, String)],
    diagnostics: &mut Vec<Diagnostic>,
) -> Xml {
    // First what runs, since the label that stands before it holds its hash.
    let mut body = Xml::nested(1);
    let placement = Placement::of(lab, machine, diagnostics);
    hardware::write(&mut body, lab, machine, &placement);
    body.open("devices", &[]);
    if let Some(emulator) = target_text(lab.target, "emulator") {
        body.text("emulator", &[], emulator);
    }
    let pool = target_text(lab.target, "pool").unwrap_or("default");
    let disks = Disks::new(names, machine, media, diagnostics);
    let pci = Pci::new(machine.machine, &disks);
    disks.write(&mut body, pool, &pci);
    pci.write_ports(&mut body);
    devices::controllers(&mut body, machine.machine, &disks, &pci);
    nics::write(&mut body, lab, names, machine, &pci, diagnostics);
    devices::consoles(&mut body, machine, &pci);
    devices::others(&mut body, machine, &pci);
    let raw = Raw::of(lab, machine, diagnostics);
    raw.write_devices(&mut body);
    body.close();
    raw.write_beside(&mut body);

    let mut xml = Xml::default();
    let kind = target_text(lab.target, "domain_type").unwrap_or("kvm");
    let mut attributes: Vec<(&str, &dyn Display)> = vec![("type", &kind)];
    if raw.names_qemu() {
        attributes.push(("xmlns:qemu", &QEMU));
    }
    xml.from(machine.node.origin.span).open("domain", &attributes);
    xml.text("name", &[], names.domain(machine));
    xml.text("uuid", &[], machine.machine.uuid);
    xml.text("title", &[], format_args!("{}: {}, {}", lab.topology.name, machine.machine.path, machine.node.device));
    xml.append(body, |xml, body| {
        xml.open("metadata", &[]);
        metadata::write(xml, lab, names, machine, body, media);
        xml.close();
    });
    xml
}

/// The model of its watchdog, if it has one.
pub fn watchdog(machine: &Machine) -> Option<&str> {
    word(machine, "watchdog").filter(|model| *model != "none")
}

/// An attribute that is a word.
pub fn word<'m>(machine: &'m Machine, name: &str) -> Option<&'m str> {
    match machine.attributes.get(name)? {
        Value::Member(word) | Value::String(word) => Some(word),
        _ => None,
    }
}
