//! Disks, media, consoles and the smaller devices of a domain.

use super::domain::watchdog;
use super::names::Names;
use super::pci::{Device, Pci};
use super::xml::Xml;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::targets::E0807;
use crate::lab::LabMachine;
use crate::media::BootMedium;
use crate::source::Span;
use crate::topology::{Machine, MediaFormat};
use std::collections::BTreeMap;

/// IDE has two channels of two devices.
const IDE_DEVICES: usize = 4;

/// The disks and media of a domain.
pub struct Disks {
    attached: Vec<Attached>,
}

struct Attached {
    volume: String,
    device: &'static str,
    format: &'static str,
    bus: String,
    /// `vda`, `sdb`, `hdc`.
    target: String,
    /// From 1, for disks that may be booted from.
    boot: Option<usize>,
    read_only: bool,
    /// Where it is written.
    origin: Option<Span>,
}

impl Disks {
    /// Disks first, in boot order, then media.
    pub fn new(
        names: &Names,
        machine: &LabMachine<'_>,
        media: &[(&BootMedium, String)],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Disks {
        let q35 = is_q35(machine.machine);
        let mut letters: BTreeMap<&'static str, usize> = BTreeMap::new();
        let mut attached = Vec::new();
        for (index, disk) in machine.machine.disks.iter().enumerate() {
            let bus = supported(&disk.bus, q35);
            attached.push(Attached {
                volume: names.disk(machine, disk),
                device: "disk",
                format: "qcow2",
                target: target(bus, &mut letters),
                bus: bus.to_owned(),
                boot: Some(index + 1),
                read_only: false,
                origin: machine.attribute_span(if index == 0 { &["disk", "image"] } else { &["disks"] }),
            });
        }
        let boot_bus = machine.machine.disks.first().map_or("virtio", |disk| disk.bus.as_str());
        for (medium, volume) in media {
            let bus = supported(medium.bus.as_deref().unwrap_or(boot_bus), q35);
            // A virtio disk is no CD drive, and a CD drive reads nothing but ISOs.
            let cd = medium.format == MediaFormat::Iso && bus != "virtio";
            attached.push(Attached {
                volume: volume.clone(),
                device: if cd { "cdrom" } else { "disk" },
                format: "raw",
                target: target(bus, &mut letters),
                bus: bus.to_owned(),
                boot: None,
                read_only: medium.format == MediaFormat::Iso,
                origin: None,
            });
        }
        if attached.iter().filter(|disk| disk.bus == "ide").count() > IDE_DEVICES {
            let message = format!("`{}` has more than {IDE_DEVICES} IDE disks and media", machine.machine.path);
            let diagnostic = Diagnostic::new(&E0807, machine.node.origin.span, message, "does not fit on IDE");
            diagnostics.push(diagnostic.help("put some on another bus, such as `sata`"));
        }
        Disks { attached }
    }

    /// Is any of them on this bus?
    pub fn uses(&self, bus: &str) -> bool {
        self.attached.iter().any(|disk| disk.bus == bus)
    }

    /// How many of them are PCI devices of their own.
    pub fn on_virtio(&self) -> usize {
        self.attached.iter().filter(|disk| disk.bus == "virtio").count()
    }

    /// Writes the `disk` elements.
    pub fn write(&self, xml: &mut Xml, pool: &str, pci: &Pci) {
        let mut on_virtio = 0;
        for disk in &self.attached {
            xml.from(disk.origin).open("disk", &[("type", &"volume"), ("device", &disk.device)]);
            xml.leaf("driver", &[("name", &"qemu"), ("type", &disk.format)]);
            xml.leaf("source", &[("pool", &pool), ("volume", &disk.volume)]);
            xml.leaf("target", &[("dev", &disk.target), ("bus", &disk.bus)]);
            if let Some(order) = disk.boot {
                xml.leaf("boot", &[("order", &order)]);
            }
            if disk.read_only {
                xml.leaf("readonly", &[]);
            }
            if disk.bus == "virtio" {
                pci.write_address(xml, Device::Disk(on_virtio));
                on_virtio += 1;
            }
            xml.close();
        }
    }
}

/// Is it of the machine types that have PCI Express?
pub fn is_q35(machine: &Machine) -> bool {
    machine.machine_type.contains("q35")
}

/// The bus that QEMU has for one in the source: q35 has no IDE.
fn supported(bus: &str, q35: bool) -> &str {
    if bus == "ide" && q35 { "sata" } else { bus }
}

/// The next name on a bus: `vda`, `vdb`, …, `vdaa`.
fn target(bus: &str, letters: &mut BTreeMap<&'static str, usize>) -> String {
    let prefix = match bus {
        "virtio" => "vd",
        "ide" => "hd",
        _ => "sd",
    };
    let next = letters.entry(prefix).or_default();
    let mut number = *next;
    *next += 1;
    let mut name = Vec::new();
    loop {
        name.push(char::from(b'a' + u8::try_from(number % 26).unwrap_or(0)));
        if number < 26 {
            break;
        }
        number = number / 26 - 1;
    }
    let name: String = name.into_iter().rev().collect();
    format!("{prefix}{name}")
}

/// Controllers whose model libvirt would otherwise choose by its version.
pub fn controllers(xml: &mut Xml, machine: &Machine, disks: &Disks, pci: &Pci) {
    let q35 = is_q35(machine);
    let mut controller = |kind: &str, model: Option<&str>, device: Device| {
        match model {
            Some(model) => xml.open("controller", &[("type", &kind), ("index", &0), ("model", &model)]),
            None => xml.open("controller", &[("type", &kind), ("index", &0)]),
        }
        pci.write_address(xml, device);
        xml.close();
    };
    if disks.uses("scsi") {
        controller("scsi", Some("virtio-scsi"), Device::Scsi);
    }
    if disks.uses("sata") && !q35 {
        controller("sata", None, Device::Sata);
    }
    match (disks.uses("usb"), q35) {
        (true, true) => controller("usb", Some("qemu-xhci"), Device::Usb),
        (true, false) => controller("usb", Some("piix3-uhci"), Device::Usb), // what guests of that age have drivers for
        (false, _) => xml.leaf("controller", &[("type", &"usb"), ("index", &0), ("model", &"none")]),
    }
}

/// Serial ports, and a screen that only the host itself can reach.
pub fn consoles(xml: &mut Xml, placed: &LabMachine<'_>, pci: &Pci) {
    let machine = placed.machine;
    for port in 0..machine.serials {
        xml.from(placed.attribute_span(&["serials"])).open("serial", &[("type", &"pty")]);
        xml.leaf("target", &[("type", &"isa-serial"), ("port", &port)]);
        xml.close();
    }
    if machine.serials > 0 {
        xml.open("console", &[("type", &"pty")]);
        xml.leaf("target", &[("type", &"serial"), ("port", &0)]);
        xml.close();
    }
    if let Some(model) = &machine.vga {
        xml.open("graphics", &[("type", &"vnc"), ("port", &-1), ("autoport", &"yes")]);
        xml.leaf("listen", &[("type", &"address"), ("address", &"127.0.0.1")]);
        xml.close();
        xml.from(placed.attribute_span(&["vga"])).open("video", &[]);
        xml.leaf("model", &[("type", model)]);
        pci.write_address(xml, Device::Screen);
        xml.close();
    }
}

/// A watchdog if asked for, randomness, and no balloon: guests would count it among their PCI devices.
pub fn others(xml: &mut Xml, machine: &LabMachine<'_>, pci: &Pci) {
    if let Some(model) = watchdog(machine.machine) {
        xml.from(machine.attribute_span(&["watchdog"])).open("watchdog", &[("model", &model), ("action", &"reset")]);
        pci.write_address(xml, Device::Watchdog);
        xml.close();
    }
    xml.leaf("memballoon", &[("model", &"none")]);
    xml.open("rng", &[("model", &"virtio")]);
    xml.text("backend", &[("model", &"random")], "/dev/urandom");
    pci.write_address(xml, Device::Random);
    xml.close();
}
