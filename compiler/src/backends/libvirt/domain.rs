//! A machine as a libvirt domain.

use super::devices::{self, Disks};
use super::names::{Names, hash};
use super::xml::Xml;
use super::{METADATA, METADATA_VERSION, nics, target_text};
use crate::diagnostics::Diagnostic;
use crate::lab::{Lab, LabMachine};
use crate::media::{BootMedium, FileContent};
use crate::topology::{Firmware, Machine};
use crate::value::Value;

/// A period of the CPU scheduler in microseconds, to which quotas refer.
const CPU_PERIOD: u64 = 100_000;

/// The domain of a machine, with these boot media in these volumes.
pub fn document(
    lab: &Lab<'_>,
    names: &Names,
    machine: &LabMachine<'_>,
    media: &[(&BootMedium, String)],
    diagnostics: &mut Vec<Diagnostic>,
) -> Xml {
    let name = names.domain(machine);
    // First what runs, since the label that stands before it holds its hash.
    let mut body = Xml::nested(1);
    hardware(&mut body, machine.machine, lab);
    body.open("devices", &[]);
    if let Some(emulator) = target_text(lab.target, "emulator") {
        body.text("emulator", &[], emulator);
    }
    let pool = target_text(lab.target, "pool").unwrap_or("default");
    let disks = Disks::new(names, machine, media, diagnostics);
    disks.write(&mut body, pool);
    devices::controllers(&mut body, machine.machine, &disks);
    nics::write(&mut body, lab, names, machine, disks.pci_devices(), diagnostics);
    devices::consoles(&mut body, machine.machine);
    devices::others(&mut body, machine.machine);
    body.close();

    let mut xml = Xml::default();
    xml.open("domain", &[("type", &target_text(lab.target, "domain_type").unwrap_or("kvm"))]);
    xml.text("name", &[], &name);
    xml.text("uuid", &[], machine.machine.uuid);
    xml.append(body, |xml, body| {
        let definition = definition(body, lab, machine, media);
        xml.open("metadata", &[]);
        metadata(xml, lab, names, machine, &definition);
        xml.close();
    });
    xml
}

/// Whose machine it is, and where each of its interfaces comes out on the host.
fn metadata(xml: &mut Xml, lab: &Lab<'_>, names: &Names, machine: &LabMachine<'_>, definition: &str) {
    let label: [(&str, &dyn std::fmt::Display); 6] = [
        ("xmlns:wtop", &METADATA),
        ("version", &METADATA_VERSION),
        ("topology", &lab.topology.name),
        ("node", &machine.node.path),
        ("path", &machine.machine.path),
        ("definition", &definition),
    ];
    xml.open("wtop:machine", &label);
    for (nic, plugged) in machine.machine.nics.iter().zip(&machine.nics) {
        let segment = plugged.segment.and_then(|segment| lab.segments.get(segment));
        let port = names.tap(machine, &nic.name);
        match segment {
            Some(segment) => {
                xml.leaf("wtop:nic", &[("name", &plugged.name), ("port", &port), ("segment", &segment.path)]);
            }
            None => xml.leaf("wtop:nic", &[("name", &plugged.name), ("port", &port)]),
        }
    }
    xml.close();
}

/// A hash of all that makes the machine what it is: when it differs, the machine must be made anew.
fn definition(body: &str, lab: &Lab<'_>, machine: &LabMachine<'_>, media: &[(&BootMedium, String)]) -> String {
    let mut parts = vec![body.as_bytes()];
    for image in machine.machine.disks.iter().filter_map(|disk| disk.image.as_ref()) {
        parts.push(lab.image(image).as_bytes());
    }
    for (medium, _) in media {
        parts.push(medium.label.as_bytes());
        add_files(&mut parts, &medium.files);
    }
    hash(&parts)
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

fn hardware(xml: &mut Xml, machine: &Machine, lab: &Lab<'_>) {
    xml.text("memory", &[("unit", &"KiB")], machine.memory.div_ceil(1024));
    if machine.attributes.get("hugepages") == Some(&Value::Bool(true)) {
        xml.open("memoryBacking", &[]);
        xml.leaf("hugepages", &[]);
        xml.close();
    }
    xml.text("vcpu", &[], machine.cpu);
    if let Some(Value::Percent(millionths)) = machine.attributes.get("cpu_limit") {
        xml.open("cputune", &[]);
        xml.text("period", &[], CPU_PERIOD);
        xml.text("quota", &[], (millionths * CPU_PERIOD / 1_000_000).max(1000)); // libvirt's least
        xml.close();
    }
    let smbios = system(xml, machine);
    match machine.firmware {
        Firmware::Bios => xml.open("os", &[]),
        Firmware::Uefi => xml.open("os", &[("firmware", &"efi")]),
    }
    xml.text("type", &[("arch", &"x86_64"), ("machine", &machine.machine_type)], "hvm");
    if machine.firmware == Firmware::Uefi {
        xml.open("firmware", &[]);
        xml.leaf("feature", &[("enabled", &"no"), ("name", &"secure-boot")]);
        xml.close();
    }
    if machine.disks.is_empty() {
        xml.leaf("boot", &[("dev", &"network")]);
    }
    if smbios {
        xml.leaf("smbios", &[("mode", &"sysinfo")]);
    }
    xml.close();
    xml.open("features", &[]);
    xml.leaf("acpi", &[]);
    xml.leaf("apic", &[]);
    xml.close();
    cpu(xml, machine, target_text(lab.target, "domain_type") == Some("qemu"));
    xml.leaf("clock", &[("offset", &word(machine, "clock").unwrap_or("utc"))]);
    xml.text("on_poweroff", &[], "destroy");
    xml.text("on_reboot", &[], word(machine, "on_reboot").unwrap_or("restart"));
    xml.text("on_crash", &[], "restart");
}

/// The SMBIOS fields, if there are any.
fn system(xml: &mut Xml, machine: &Machine) -> bool {
    if machine.smbios.is_empty() {
        return false;
    }
    xml.open("sysinfo", &[("type", &"smbios")]);
    xml.open("system", &[]);
    for (name, value) in &machine.smbios {
        xml.text("entry", &[("name", name)], value);
    }
    xml.close();
    xml.close();
    true
}

/// The CPU. An emulated one can do all that the emulator knows; else it is the host's, or the model asked for.
fn cpu(xml: &mut Xml, machine: &Machine, emulated: bool) {
    let model = machine.cpu_model.as_deref().filter(|model| *model != "host" && !emulated);
    match model {
        Some(model) => {
            xml.open("cpu", &[("mode", &"custom"), ("match", &"exact"), ("check", &"none")]);
            xml.text("model", &[("fallback", &"allow")], model);
        }
        None if emulated => xml.open("cpu", &[("mode", &"maximum")]),
        None => xml.open("cpu", &[("mode", &"host-passthrough"), ("check", &"none")]),
    }
    xml.leaf("topology", &[("sockets", &1), ("cores", &machine.cpu), ("threads", &1)]);
    for flag in machine.cpu_flags.iter().filter(|_| !emulated) {
        let (policy, name) = match flag.strip_prefix('-') {
            Some(name) => ("disable", name),
            None => ("require", flag.strip_prefix('+').unwrap_or(flag)),
        };
        xml.leaf("feature", &[("policy", &policy), ("name", &name)]);
    }
    if machine.nested && model.is_some() {
        let written = |name: &str| machine.cpu_flags.iter().any(|flag| flag.trim_start_matches(['+', '-']) == name);
        for name in ["vmx", "svm"].into_iter().filter(|name| !written(name)) {
            xml.leaf("feature", &[("policy", &"optional"), ("name", &name)]);
        }
    }
    xml.close();
}

/// An attribute that is a word.
pub fn word<'m>(machine: &'m Machine, name: &str) -> Option<&'m str> {
    match machine.attributes.get(name)? {
        Value::Member(word) | Value::String(word) => Some(word),
        _ => None,
    }
}
