//! Where the devices of a domain sit on its PCI buses: each at an address of ours, so that neither a guest nor another
//! version of libvirt counts them otherwise. What a chipset has built in (IDE, and SATA on q35) is where it is.

use super::devices::{Disks, is_q35};
use super::domain::watchdog;
use super::xml::Xml;
use crate::topology::Machine;
use std::fmt::Display;

/// On i440FX, slot 0 is the host bridge, 1 the south bridge, 2 the screen; NICs follow.
const FIRST_SLOT: usize = 3;
/// On i440FX, what is no NIC has slots from here downwards.
const LAST_SLOT: usize = 28;
/// On i440FX, the slots of bridges for NICs that have no slot on the first bus. A bridge has slots 1 to 31 itself; guests
/// look behind these last.
const FIRST_BRIDGE: usize = 29;
const BRIDGES: usize = 3;
const BRIDGE_SLOTS: usize = 31;
/// On q35, every NIC has a root port of its own, eight to a slot, in these slots.
const NIC_PORT_SLOTS: (usize, usize) = (8, 26);
/// On q35, the root ports of NICs are made by so many, and one is always free: a NIC that comes while the machine runs
/// needs one that is there.
const PORTS_AT_ONCE: usize = 4;
/// On q35, everything else has root ports in these slots: behind those of NICs, so that more disks move no NIC.
const OTHER_PORT_SLOTS: (usize, usize) = (27, 29);

/// A device that needs an address. Disks count those on virtio alone, from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Device {
    Screen,
    Nic(usize),
    Disk(usize),
    Random,
    Usb,
    Scsi,
    Sata,
    Watchdog,
}

/// The addresses of one domain.
pub struct Pci {
    q35: bool,
    nics: usize,
    /// What is there beside NICs, disks and the screen.
    others: Vec<Device>,
    disks: usize,
}

impl Pci {
    /// For a machine with these disks.
    pub fn new(machine: &Machine, disks: &Disks) -> Pci {
        let q35 = is_q35(machine);
        let wanted = [
            (Device::Random, true),
            (Device::Usb, q35 && disks.uses("usb")),
            (Device::Scsi, disks.uses("scsi")),
            (Device::Sata, !q35 && disks.uses("sata")),
            (Device::Watchdog, watchdog(machine).is_some()),
        ];
        let others = wanted.into_iter().filter(|(_, there)| *there).map(|(device, _)| device).collect();
        Pci { q35, nics: machine.nics.len(), others, disks: disks.on_virtio() }
    }

    /// How many NICs fit.
    pub fn room_for_nics(&self) -> usize {
        if self.q35 {
            let (first, last) = NIC_PORT_SLOTS;
            (last - first + 1) * 8
        } else {
            self.first_bus() + BRIDGES * BRIDGE_SLOTS
        }
    }

    /// On q35: how many root ports there are for NICs, taken or free.
    fn nic_ports(&self) -> usize {
        (self.nics + 1).next_multiple_of(PORTS_AT_ONCE).min(self.room_for_nics())
    }

    /// On i440FX: how many NICs are on the first bus.
    fn first_bus(&self) -> usize {
        (LAST_SLOT + 1 - FIRST_SLOT).saturating_sub(self.others.len() + self.disks)
    }

    /// Writes the ports and bridges that the devices sit on.
    pub fn write_ports(&self, xml: &mut Xml) {
        if self.q35 {
            xml.leaf("controller", &[("type", &"pci"), ("index", &0), ("model", &"pcie-root")]);
            let ports = self.nic_ports();
            root_ports(xml, NIC_PORT_SLOTS, 1, ports);
            root_ports(xml, OTHER_PORT_SLOTS, 1 + ports, self.others.len() + self.disks);
        } else if self.nics > self.first_bus() {
            xml.leaf("controller", &[("type", &"pci"), ("index", &0), ("model", &"pci-root")]);
            let bridges = (self.nics - self.first_bus()).div_ceil(BRIDGE_SLOTS).min(BRIDGES);
            for number in 0..bridges {
                let index = number + 1;
                xml.open("controller", &[("type", &"pci"), ("index", &index), ("model", &"pci-bridge")]);
                xml.leaf("target", &[("chassisNr", &index)]);
                address(xml, 0, FIRST_BRIDGE + number, 0, false);
                xml.close();
            }
        }
    }

    /// Writes the address of a device, if there is room for it; else libvirt finds it a place.
    pub fn write_address(&self, xml: &mut Xml, device: Device) {
        let place = if self.q35 { self.on_q35(device) } else { self.on_i440fx(device) };
        if let Some((bus, slot, function)) = place {
            address(xml, bus, slot, function, false);
        }
    }

    fn on_q35(&self, device: Device) -> Option<(usize, usize, usize)> {
        let ports = self.nic_ports();
        match device {
            Device::Screen => Some((0, 1, 0)),
            Device::Nic(number) => (number < ports).then_some((1 + number, 0, 0)),
            other => {
                let (first, last) = OTHER_PORT_SLOTS;
                let number = self.number(other).filter(|number| *number < (last - first + 1) * 8)?;
                Some((1 + ports + number, 0, 0))
            }
        }
    }

    fn on_i440fx(&self, device: Device) -> Option<(usize, usize, usize)> {
        let first_bus = self.first_bus();
        match device {
            Device::Screen => Some((0, 2, 0)),
            Device::Usb => Some((0, 1, 2)), // a part of the south bridge
            Device::Nic(number) if number < first_bus => Some((0, FIRST_SLOT + number, 0)),
            Device::Nic(number) => (number < self.room_for_nics()).then(|| {
                let behind = number - first_bus;
                (1 + behind / BRIDGE_SLOTS, 1 + behind % BRIDGE_SLOTS, 0)
            }),
            other => {
                let slot = LAST_SLOT.checked_sub(self.number(other)?)?;
                (slot >= FIRST_SLOT).then_some((0, slot, 0))
            }
        }
    }

    /// Its number among what is neither NIC nor screen.
    fn number(&self, device: Device) -> Option<usize> {
        match device {
            Device::Disk(number) => Some(self.others.len() + number),
            other => self.others.iter().position(|known| *known == other),
        }
    }
}

/// So many root ports, as far as the slots go, as controllers from this index on.
fn root_ports(xml: &mut Xml, (first, last): (usize, usize), index: usize, count: usize) {
    let count = count.min((last - first + 1) * 8);
    for number in 0..count {
        let index = index + number;
        xml.open("controller", &[("type", &"pci"), ("index", &index), ("model", &"pcie-root-port")]);
        xml.leaf("target", &[("chassis", &index), ("port", &format_args!("{:#x}", first * 8 + number))]);
        let (slot, function) = (first + number / 8, number % 8);
        // The first function of a slot says that others follow.
        address(xml, 0, slot, function, function == 0 && number + 1 < count);
        xml.close();
    }
}

fn address(xml: &mut Xml, bus: usize, slot: usize, function: usize, multifunction: bool) {
    let [bus, slot] = [bus, slot].map(|number| format!("{number:#04x}"));
    let function = format!("{function:#x}");
    let mut attributes: Vec<(&str, &dyn Display)> =
        vec![("type", &"pci"), ("domain", &"0x0000"), ("bus", &bus), ("slot", &slot), ("function", &function)];
    if multifunction {
        attributes.push(("multifunction", &"on"));
    }
    xml.leaf("address", &attributes);
}
