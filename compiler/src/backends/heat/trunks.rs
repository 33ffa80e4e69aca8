//! Tagged frames. Where the cloud has trunk ports, each VLAN of a segment is a network of its own beside it, and the port
//! of every member is the parent of one port for each of them: guests see tags, as on a wire.

use super::Writer;
use super::parameters::Ability;
use super::servers::resource;
use super::yaml::{Map, Yaml};
use crate::lab::{LabMachine, Segment};
use crate::topology::{InterfaceKind, Nic, Node, Plug};
use crate::value::LagId;
use std::collections::{BTreeMap, BTreeSet};

/// The condition that the cloud has trunk ports.
pub(super) const HAS_TRUNKS: &str = "has_trunks";

/// VLANs that each interface of a node sends with tags, in the order of its interfaces.
pub(super) type Tags = Vec<BTreeSet<u16>>;

/// What each interface of a node sends with tags: its trunk, its subinterfaces, those of its aggregation.
pub(super) fn tags_of(node: &Node) -> Tags {
    let mut by_name: BTreeMap<&str, BTreeSet<u16>> = BTreeMap::new();
    for interface in &node.interfaces {
        let tagged = interface.trunk.iter().copied().filter(|vlan| Some(*vlan) != interface.native);
        by_name.entry(&interface.name).or_default().extend(tagged);
        if let InterfaceKind::Subinterface { parent } = &interface.kind {
            by_name.entry(parent).or_default().extend(interface.vlan);
        }
    }
    let bundles = node.interfaces.iter().filter(|interface| interface.kind == InterfaceKind::Lag);
    let bundles: BTreeMap<LagId, &str> = bundles.filter_map(|one| Some((one.lag?, one.name.as_str()))).collect();
    let tags = |name: &str| by_name.get(name).into_iter().flatten().copied();
    let of_interfaces = node.interfaces.iter().map(|interface| {
        let bundle = interface.lag.and_then(|lag| bundles.get(&lag).copied()).unwrap_or(&interface.name);
        tags(&interface.name).chain(tags(bundle)).collect()
    });
    of_interfaces.collect()
}

impl Writer<'_> {
    /// The networks of the VLANs that members of a segment send with tags, by number.
    pub(super) fn vlans(&mut self, segment: &Segment) -> BTreeMap<u16, Yaml> {
        let mut numbers: BTreeSet<u16> = BTreeSet::new();
        for (machine, nic) in &segment.members {
            let machine = self.lab.machines.get(*machine);
            let Some((machine, nic)) = machine.and_then(|machine| Some((machine, machine.machine.nics.get(*nic)?)))
            else {
                continue;
            };
            let Plug::Interface { interface } = nic.plug else { continue };
            let tags = self.tags.get(machine.node_id.index()).and_then(|tags| tags.get(interface));
            numbers.extend(tags.into_iter().flatten());
        }
        let mut networks = BTreeMap::new();
        for number in numbers {
            self.parameters.ability(Ability::Trunks);
            let path = format!("{}/vlan-{number}", segment.path);
            let id = self.ids.names.unique("net", &path);
            let properties = Map::default()
                .with("name", format!("{}/{path}", self.lab.topology.name))
                .with("port_security_enabled", false);
            self.conditional(HAS_TRUNKS, &id, "OS::Neutron::Net", properties);
            networks.insert(number, resource(&id));
        }
        networks
    }

    /// The trunk of a port, with a port for each VLAN of its segment; its identifier, if there are any.
    pub(super) fn trunk(&mut self, machine: &LabMachine, nic: &Nic, segment: usize, parent: &str) -> Option<String> {
        let vlans = self.networks.get(segment)?.vlans.clone();
        if vlans.is_empty() {
            return None;
        }
        let path = format!("{}/{}", machine.machine.path, nic.name);
        let name = format!("{}/{path}", self.lab.topology.name);
        let mut ports = Vec::with_capacity(vlans.len());
        for (number, network) in vlans {
            let id = self.ids.names.unique("port", &format!("{path}/vlan-{number}"));
            // Guests send tagged frames from the address of the NIC itself.
            let properties = Map::default()
                .with("name", format!("{name}/vlan-{number}"))
                .with("network", network)
                .with("mac_address", nic.mac.to_string());
            self.conditional(HAS_TRUNKS, &id, "OS::Neutron::Port", properties);
            let port = Map::default().with("port", resource(&id)).with("segmentation_type", "vlan");
            ports.push(port.with("segmentation_id", number).inline());
        }
        let id = self.ids.names.unique("trunk", &path);
        let properties =
            Map::default().with("name", name).with("port", resource(parent)).with("sub_ports", Yaml::List(ports));
        self.conditional(HAS_TRUNKS, &id, "OS::Neutron::Trunk", properties);
        Some(id)
    }
}
