//! NICs: in the order that the guest is to count them, each at a PCI address that says so.

use super::devices::is_q35;
use super::names::Names;
use super::xml::Xml;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::targets::E0808;
use crate::lab::{Lab, LabMachine, LabNic};
use crate::topology::{Binding, Nic};
use std::fmt::Display;

/// On i440FX, slot 0 is the host bridge, 1 the south bridge, 2 the screen.
const FIRST_SLOT: usize = 3;
const LAST_SLOT: usize = 31;
/// Slots that libvirt needs for what it places itself: randomness, a watchdog, controllers of SCSI, SATA.
const OTHER_DEVICES: usize = 4;
/// A bridge has slots 1 to 31.
const BRIDGE_SLOTS: usize = 31;
/// On q35 every NIC has a root port of its own, eight to a slot, from this slot up to the chipset's own.
const FIRST_ROOT_PORT_SLOT: usize = 8;
const LAST_ROOT_PORT_SLOT: usize = 26;

/// Writes the `interface` elements, and the PCI ports and bridges they sit on. `pci_disks` have slots of their own.
pub fn write(
    xml: &mut Xml,
    lab: &Lab<'_>,
    names: &Names,
    machine: &LabMachine<'_>,
    pci_disks: usize,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let count = machine.machine.nics.len();
    let layout = Layout::of(machine, pci_disks);
    if count > layout.capacity() {
        let message =
            format!("`{}` has {count} NICs, and a machine has room for {}", machine.machine.path, layout.capacity());
        let diagnostic = Diagnostic::new(&E0808, machine.node.origin.span, message, "has too many NICs");
        diagnostics.push(diagnostic.help("use fewer interfaces, or `machine_type = q35`"));
    }
    layout.write_ports(xml, count);
    for (number, (nic, plugged)) in machine.machine.nics.iter().zip(&machine.nics).enumerate() {
        let port = names.tap(machine, &nic.name);
        interface(xml, lab, names, nic, plugged, number, &port);
        // The card's boot program takes time; only a machine without disks needs it.
        if !machine.machine.disks.is_empty() {
            xml.leaf("rom", &[("enabled", &"no")]);
        }
        layout.write_address(xml, number);
        xml.close();
    }
}

/// A NIC up to its address; the element stays open.
fn interface(xml: &mut Xml, lab: &Lab<'_>, names: &Names, nic: &Nic, plugged: &LabNic, number: usize, port: &str) {
    let segment = plugged.segment.and_then(|index| Some((index, lab.segments.get(index)?)));
    let binding = segment.and_then(|(_, segment)| segment.binding.as_ref());
    match (segment, binding) {
        // A tap that no bridge has: the guest sees a card without a cable.
        (None, _) => xml.open("interface", &[("type", &"ethernet")]),
        (Some(_), Some(Binding { kind, name, .. })) if kind == "bridge" => {
            xml.open("interface", &[("type", &"bridge")]);
            xml.leaf("source", &[("bridge", name)]);
        }
        (Some(_), Some(Binding { kind, name, options })) if kind == "macvtap" => {
            xml.open("interface", &[("type", &"direct")]);
            let mode = options.get("mode").map_or("bridge", String::as_str);
            xml.leaf("source", &[("dev", name), ("mode", &mode)]);
        }
        (Some(_), Some(Binding { kind, name, .. })) if kind == "existing" => {
            xml.open("interface", &[("type", &"network")]);
            xml.leaf("source", &[("network", name)]);
        }
        (Some((index, _)), _) => {
            xml.open("interface", &[("type", &"network")]);
            xml.leaf("source", &[("network", &names.network(index))]);
        }
    }
    xml.leaf("alias", &[("name", &format_args!("ua-nic{number}"))]);
    xml.leaf("mac", &[("address", &nic.mac)]);
    xml.leaf("target", &[("dev", &port)]);
    xml.leaf("model", &[("type", &nic.model)]);
    if let Some(mtu) = plugged.mtu.filter(|_| segment.is_some()) {
        xml.leaf("mtu", &[("size", &mtu)]);
    }
    if !plugged.up {
        xml.leaf("link", &[("state", &"down")]);
    }
}

/// How NICs are spread over the PCI buses.
enum Layout {
    /// Each on a root port.
    Express,
    /// On the first bus as long as there are slots, then on a bridge behind them, which guests look at last.
    Conventional { first_bus: usize, bridge_slot: usize },
    /// As libvirt likes: a machine type that we know nothing of.
    Unknown,
}

impl Layout {
    fn of(machine: &LabMachine<'_>, pci_disks: usize) -> Layout {
        let kind = &machine.machine.machine_type;
        if is_q35(machine.machine) {
            Layout::Express
        } else if kind == "pc" || kind.starts_with("pc-i440fx") {
            let first_bus = (LAST_SLOT + 1).saturating_sub(FIRST_SLOT + OTHER_DEVICES + pci_disks + 1);
            Layout::Conventional { first_bus, bridge_slot: LAST_SLOT }
        } else {
            Layout::Unknown
        }
    }

    fn capacity(&self) -> usize {
        match self {
            Layout::Express => (LAST_ROOT_PORT_SLOT - FIRST_ROOT_PORT_SLOT + 1) * 8,
            Layout::Conventional { first_bus, .. } => first_bus + BRIDGE_SLOTS,
            Layout::Unknown => usize::MAX,
        }
    }

    fn write_ports(&self, xml: &mut Xml, count: usize) {
        match self {
            Layout::Express => {
                xml.leaf("controller", &[("type", &"pci"), ("index", &0), ("model", &"pcie-root")]);
                for number in 0..count.min(self.capacity()) {
                    root_port(xml, number, count);
                }
            }
            Layout::Conventional { first_bus, bridge_slot } if count > *first_bus => {
                xml.leaf("controller", &[("type", &"pci"), ("index", &0), ("model", &"pci-root")]);
                xml.open("controller", &[("type", &"pci"), ("index", &1), ("model", &"pci-bridge")]);
                xml.leaf("target", &[("chassisNr", &1)]);
                address(xml, 0, *bridge_slot, &[]);
                xml.close();
            }
            Layout::Conventional { .. } | Layout::Unknown => {}
        }
    }

    fn write_address(&self, xml: &mut Xml, number: usize) {
        match self {
            Layout::Express if number < self.capacity() => address(xml, number + 1, 0, &[]),
            Layout::Conventional { first_bus, .. } if number < *first_bus => address(xml, 0, FIRST_SLOT + number, &[]),
            Layout::Conventional { first_bus, .. } if number < self.capacity() => {
                address(xml, 1, 1 + number - first_bus, &[])
            }
            _ => {}
        }
    }
}

fn root_port(xml: &mut Xml, number: usize, count: usize) {
    let index = number + 1;
    xml.open("controller", &[("type", &"pci"), ("index", &index), ("model", &"pcie-root-port")]);
    xml.leaf("target", &[("chassis", &index), ("port", &format_args!("{:#x}", FIRST_ROOT_PORT_SLOT * 8 + number))]);
    let (slot, function) = (FIRST_ROOT_PORT_SLOT + number / 8, number % 8);
    // The first function of a slot says that others follow.
    if function == 0 && number + 1 < count {
        address(xml, 0, slot, &[("function", &"0x0"), ("multifunction", &"on")]);
    } else {
        address(xml, 0, slot, &[("function", &format_args!("{function:#x}"))]);
    }
    xml.close();
}

fn address(xml: &mut Xml, bus: usize, slot: usize, more: &[(&str, &dyn Display)]) {
    let (bus, slot) = (format_args!("{bus:#04x}").to_string(), format!("{slot:#04x}"));
    let mut attributes: Vec<(&str, &dyn Display)> =
        vec![("type", &"pci"), ("domain", &"0x0000"), ("bus", &bus), ("slot", &slot)];
    attributes.extend_from_slice(more);
    if more.is_empty() {
        attributes.push(("function", &"0x0"));
    }
    xml.leaf("address", &attributes);
}
