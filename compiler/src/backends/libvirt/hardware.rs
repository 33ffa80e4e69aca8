//! The hardware of a domain that is no device: memory, CPU, firmware, SMBIOS, clock.

use super::domain::word;
use super::placement::Placement;
use super::target_text;
use super::xml::Xml;
use crate::lab::{Lab, LabMachine};
use crate::topology::{Firmware, Machine};
use crate::value::Value;

/// A period of the CPU scheduler in microseconds, to which quotas refer.
const CPU_PERIOD: u64 = 100_000;

/// Fields of SMBIOS: the structure and its entry in libvirt, and the word of the language.
const SMBIOS: &[(&str, &[(&str, &str)])] = &[
    (
        "bios",
        &[("vendor", "bios_vendor"), ("version", "bios_version"), ("date", "bios_date"), ("release", "bios_release")],
    ),
    (
        "system",
        &[
            ("manufacturer", "manufacturer"),
            ("product", "product"),
            ("version", "version"),
            ("serial", "serial"),
            ("sku", "sku"),
            ("family", "family"),
        ],
    ),
    (
        "baseBoard",
        &[
            ("manufacturer", "board_manufacturer"),
            ("product", "board_product"),
            ("version", "board_version"),
            ("serial", "board_serial"),
            ("asset", "board_asset"),
        ],
    ),
    (
        "chassis",
        &[
            ("manufacturer", "chassis_manufacturer"),
            ("version", "chassis_version"),
            ("serial", "chassis_serial"),
            ("asset", "chassis_asset"),
            ("sku", "chassis_sku"),
        ],
    ),
];

/// Writes all of it.
pub fn write(xml: &mut Xml, lab: &Lab<'_>, placed: &LabMachine<'_>, placement: &Placement) {
    let machine = placed.machine;
    let from = |names: &[&str]| placed.attribute_span(names);
    xml.from(from(&["memory"])).text("memory", &[("unit", &"KiB")], machine.memory.div_ceil(1024));
    if machine.attributes.get("hugepages") == Some(&Value::Bool(true)) {
        xml.from(from(&["hugepages"])).open("memoryBacking", &[]);
        xml.leaf("hugepages", &[]);
        xml.close();
    }
    xml.from(from(&["cpu"]));
    placement.write(xml, machine.cpu, quota(machine));
    xml.from(from(&["smbios"]));
    let smbios = smbios(xml, machine);
    xml.from(from(&["firmware", "machine_type"]));
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
    xml.from(from(&["cpu_model", "cpu_flags", "nested"]));
    cpu(xml, machine, target_text(lab.target, "domain_type") == Some("qemu"));
    xml.from(from(&["clock"])).leaf("clock", &[("offset", &word(machine, "clock").unwrap_or("utc"))]);
    xml.text("on_poweroff", &[], "destroy");
    xml.from(from(&["on_reboot"])).text("on_reboot", &[], word(machine, "on_reboot").unwrap_or("restart"));
    xml.text("on_crash", &[], "restart");
}

/// `cpu_limit`, as (period, quota) in microseconds.
fn quota(machine: &Machine) -> Option<(u64, u64)> {
    let Some(Value::Percent(millionths)) = machine.attributes.get("cpu_limit") else { return None };
    Some((CPU_PERIOD, (millionths * CPU_PERIOD / 1_000_000).max(1000))) // libvirt's least
}

/// The SMBIOS fields, if there are any.
fn smbios(xml: &mut Xml, machine: &Machine) -> bool {
    if machine.smbios.is_empty() {
        return false;
    }
    xml.open("sysinfo", &[("type", &"smbios")]);
    for (structure, fields) in SMBIOS {
        let said = fields.iter().filter_map(|(entry, word)| Some((entry, machine.smbios.get(*word)?)));
        let said: Vec<_> = said.collect();
        if said.is_empty() {
            continue;
        }
        xml.open(structure, &[]);
        for (entry, value) in said {
            xml.text("entry", &[("name", entry)], value);
        }
        xml.close();
    }
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
