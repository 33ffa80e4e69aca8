//! What a machine's XML says in our own namespace: whose it is, and what libvirt has no words for, so that whoever
//! deploys the machine can see to it on the host. Quantities are written as in the language.

use super::names::{Names, hash};
use super::xml::Xml;
use super::{METADATA, METADATA_VERSION};
use crate::lab::{Lab, LabMachine};
use crate::media::{BootMedium, FileContent};
use crate::topology::Impairment;
use crate::value::Value;
use crate::value::text::shown;
use std::fmt::Display;

/// Writes the metadata of a machine whose XML, but for its name and this, is `body`.
///
/// `nic` elements stand in the order of the NICs. `port` is the device of the host that carries it; an `impairment`
/// there is of the frames that the guest sends.
pub fn write(
    xml: &mut Xml,
    lab: &Lab<'_>,
    names: &Names,
    machine: &LabMachine<'_>,
    body: &str,
    media: &[(&BootMedium, String)],
) {
    let Hashes { definition, hardware, first_boot } = hashes(body, lab, machine, media);
    let delay = shown(&Value::Duration(machine.machine.delay));
    let mut label: Vec<(&str, &dyn Display)> = vec![
        ("xmlns:wtop", &METADATA),
        ("version", &METADATA_VERSION),
        ("topology", &lab.topology.name),
        ("node", &machine.node.path),
        ("path", &machine.machine.path),
        ("definition", &definition),
        ("hardware", &hardware),
        ("first_boot", &first_boot),
    ];
    if !machine.node.start {
        label.push(("start", &"manual"));
    }
    if machine.machine.delay > 0 {
        label.push(("delay", &delay));
    }
    if machine.node.attributes.get("persist") == Some(&Value::Bool(true)) {
        label.push(("persist", &"yes"));
    }
    xml.open("wtop:machine", &label);
    for node in machine.node.after.iter().filter_map(|id| lab.topology.node(*id)) {
        xml.leaf("wtop:after", &[("node", &node.path)]);
    }
    publish(xml, machine);
    for (nic, plugged) in machine.machine.nics.iter().zip(&machine.nics) {
        let port = names.tap(machine, &nic.name);
        let segment = plugged.segment.and_then(|segment| lab.segments.get(segment));
        let mut label: Vec<(&str, &dyn Display)> = vec![("name", &plugged.name), ("port", &port)];
        if let Some(segment) = segment {
            label.push(("segment", &segment.path));
        }
        if plugged.impairment.is_none() {
            xml.leaf("wtop:nic", &label);
        } else {
            xml.open("wtop:nic", &label);
            impairment(xml, &plugged.impairment);
            xml.close();
        }
    }
    xml.close();
}

/// `publish { "8443" = 443 }`: a port of the host that leads to one of the machine that carries management.
fn publish(xml: &mut Xml, machine: &LabMachine<'_>) {
    let Some(Value::Map(ports)) = machine.node.attributes.get("publish") else { return };
    let Some(management) = machine.node.management.as_ref() else { return };
    let managed = machine.node.machines.get(management.machine);
    if managed.is_none_or(|managed| managed.path != machine.machine.path) {
        return;
    }
    for (host, guest) in ports.iter() {
        xml.leaf("wtop:publish", &[("port", host), ("to", &shown(guest))]);
    }
}

fn impairment(xml: &mut Xml, impairment: &Impairment) {
    let written: Vec<(&str, String)> = impairment.quantities().collect();
    let attributes: Vec<(&str, &dyn Display)> =
        written.iter().map(|(name, value)| (*name, value as &dyn Display)).collect();
    xml.leaf("wtop:impairment", &attributes);
}

/// What tells whoever deploys a machine how much of it has changed.
struct Hashes {
    /// Of all that makes it what it is, but for the bandwidth of its NICs.
    definition: String,
    /// Of its XML without the NICs, which can be plugged while it runs.
    hardware: String,
    /// Of what only a machine with new disks sees: its images and boot media.
    first_boot: String,
}

fn hashes(body: &str, lab: &Lab<'_>, machine: &LabMachine<'_>, media: &[(&BootMedium, String)]) -> Hashes {
    let mut first_boot = Vec::new();
    for image in machine.machine.disks.iter().filter_map(|disk| disk.image.as_ref()) {
        first_boot.push(lab.image(image).as_bytes());
    }
    for (medium, _) in media {
        first_boot.push(medium.label.as_bytes());
        add_files(&mut first_boot, &medium.files);
    }
    let body_without_bandwidth = without(body, "<bandwidth>", "</bandwidth>");
    let mut definition = vec![body_without_bandwidth.as_bytes()];
    definition.extend(&first_boot);
    Hashes {
        definition: hash(&definition),
        hardware: hash(&[without(body, "<interface ", "</interface>")]),
        first_boot: hash(&first_boot),
    }
}

/// A text without the elements that begin and end so.
fn without(body: &str, begin: &str, end: &str) -> String {
    let mut kept = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, after)) = rest.split_once(begin) {
        kept.push_str(before.trim_end());
        rest = after.split_once(end).map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

/// Paths and contents of files, also of those in archives.
fn add_files<'m>(parts: &mut Vec<&'m [u8]>, files: &'m [(String, FileContent)]) {
    for (path, content) in files {
        parts.push(path.as_bytes());
        match content {
            FileContent::Bytes(bytes) => parts.push(bytes),
            FileContent::Archive(_, files) => add_files(parts, files),
        }
    }
}
