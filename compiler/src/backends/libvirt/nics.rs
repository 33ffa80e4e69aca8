//! NICs: in the order that the guest is to count them, each at a PCI address that says so.

use super::names::Names;
use super::pci::{Device, Pci};
use super::xml::Xml;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::targets::E0808;
use crate::lab::{Lab, LabMachine, LabNic};
use crate::topology::{Binding, Nic};

/// Libvirt counts in kilobytes a second.
const BITS_OF_KILOBYTE: u64 = 8000;

/// Writes the `interface` elements.
pub fn write(
    xml: &mut Xml,
    lab: &Lab<'_>,
    names: &Names,
    machine: &LabMachine<'_>,
    pci: &Pci,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let (count, room) = (machine.machine.nics.len(), pci.room_for_nics());
    if count > room {
        let message = format!("`{}` has {count} NICs, and a machine has room for {room}", machine.machine.path);
        let diagnostic = Diagnostic::new(&E0808, machine.node.origin.span, message, "has too many NICs");
        diagnostics.push(diagnostic.help("use fewer interfaces, or `machine_type = q35`"));
    }
    for (number, (nic, plugged)) in machine.machine.nics.iter().zip(&machine.nics).enumerate() {
        let port = names.tap(machine, &nic.name);
        xml.from(machine.nic_span(number));
        interface(xml, lab, names, nic, plugged, number, &port);
        // The card's boot program takes time; only a machine without disks needs it.
        if !machine.machine.disks.is_empty() {
            xml.leaf("rom", &[("enabled", &"no")]);
        }
        pci.write_address(xml, Device::Nic(number));
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
    // What the guest sends; the rest of an impairment is in the metadata, for the host's `tc`.
    if let Some(rate) = plugged.impairment.rate.filter(|_| segment.is_some() && takes_bandwidth(binding)) {
        xml.open("bandwidth", &[]);
        xml.leaf("outbound", &[("average", &bandwidth(rate))]);
        xml.close();
    }
    if !plugged.up {
        xml.leaf("link", &[("state", &"down")]);
    }
}

/// A rate in bits a second as libvirt counts it, in kilobytes a second: at least one.
pub fn bandwidth(rate: u64) -> u64 {
    (rate / BITS_OF_KILOBYTE).max(1)
}

/// Has the NIC a device on the host, so that its frames can be slowed down? One of an SR-IOV card has none.
pub fn takes_bandwidth(binding: Option<&Binding>) -> bool {
    binding.is_none_or(|binding| binding.kind != "sriov")
}
