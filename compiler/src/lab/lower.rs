//! From a topology to the lab on a target. Linear in nodes, NICs and links.

use super::limits::{limits, unknown_nodes};
use super::{Lab, LabMachine, LabNic, Segment, SegmentKind, TargetKind, bound_image};
use crate::collections::IndexMap;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::targets::{E0801, E0802, E0804, E0806, E0812};
use crate::topology::{
    Binding, Forward, GatewayKind, Impairment, InterfaceKind, Link, LinkEnd, Management, Network, Node, Plug, Target,
    Topology,
};
use crate::value::{LinkId, NetworkId, NodeId, Value};
use std::collections::BTreeSet;

/// What must exist so that `topology` runs on `target`, or on a target of this kind that the source does not declare.
///
/// The lab is whole even where there are diagnostics; with errors among them nobody should deploy it.
pub fn lower<'a>(topology: &'a Topology, target: Option<&'a Target>, kind: TargetKind) -> (Lab<'a>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut plan = Plan::new(topology, target, kind, &mut diagnostics);
    let mut machines = Vec::new();
    for (index, node) in topology.nodes.iter().enumerate() {
        for part in 0..node.machines.len() {
            machines.extend(plan.machine(topology, NodeId::from(index), node, part, machines.len()));
        }
    }
    empty_disks(topology, &mut diagnostics);
    limits(topology, kind, &mut diagnostics);
    if let Some(target) = target {
        missing_images(topology, target, &mut diagnostics);
        unknown_nodes(target, &machines, &mut diagnostics);
        if kind == TargetKind::Kvm {
            distant_images(topology, target, &mut diagnostics);
        }
    }
    (Lab { topology, target, machines, segments: plan.segments }, diagnostics)
}

/// The segments, and where those of links and nodes stand among them.
struct Plan {
    segments: Vec<Segment>,
    management: Option<usize>,
    /// By link: its segment, which is the network's where one end is a network.
    links: Vec<usize>,
    /// By node: the segment of its first wire.
    wires: Vec<usize>,
}

impl Plan {
    fn new(topology: &Topology, target: Option<&Target>, kind: TargetKind, diagnostics: &mut Vec<Diagnostic>) -> Plan {
        let mut segments: Vec<Segment> = topology.management.iter().map(management_segment).collect();
        let management = topology.management.as_ref().map(|_| 0);
        let first_network = segments.len();
        for (index, network) in topology.networks.iter().enumerate() {
            let binding = bind(network, target, kind, diagnostics);
            segments.push(network_segment(NetworkId::from(index), network, binding));
        }
        let mut links = Vec::with_capacity(topology.links.len());
        for (index, link) in topology.links.iter().enumerate() {
            match (&link.ends[0], &link.ends[1]) {
                (LinkEnd::Interface { .. }, LinkEnd::Interface { .. }) => {
                    links.push(segments.len());
                    segments.push(link_segment(topology, LinkId::from(index), link));
                }
                // No link is between two networks.
                (LinkEnd::Network { network }, _) | (_, LinkEnd::Network { network }) => {
                    links.push(first_network + network.index());
                }
            }
        }
        let mut wires = Vec::with_capacity(topology.nodes.len());
        for (index, node) in topology.nodes.iter().enumerate() {
            wires.push(segments.len());
            for (number, wire) in node.wires.iter().enumerate() {
                let path = format!("{}/wire-{}", node.path, number + 1);
                let kind = SegmentKind::Wire(NodeId::from(index), number);
                segments.push(Segment { mtu: wire.mtu, ..empty_segment(path, kind) });
            }
        }
        Plan { segments, management, links, wires }
    }

    /// The machine `part` of a node, entered as `index` into the segments that its NICs are on.
    fn machine<'a>(
        &mut self,
        topology: &'a Topology,
        node_id: NodeId,
        node: &'a Node,
        part: usize,
        index: usize,
    ) -> Option<LabMachine<'a>> {
        let machine = node.machines.get(part)?;
        let mut nics = Vec::with_capacity(machine.nics.len());
        for (number, nic) in machine.nics.iter().enumerate() {
            let plugged = match nic.plug {
                Plug::Nothing => LabNic { name: nic.name.clone(), ..LabNic::default() },
                Plug::Management => self.management_nic(topology, node, part, number, &nic.name),
                Plug::Interface { interface } => self.interface_nic(topology, node_id, node, interface, (part, number)),
                Plug::Wire { wire } => self.wire_nic(node_id, node, wire, &nic.name),
            };
            if let Some(segment) = plugged.segment.and_then(|segment| self.segments.get_mut(segment)) {
                segment.members.push((index, number));
            }
            nics.push(plugged);
        }
        Some(LabMachine { node, node_id, machine, nics })
    }

    fn management_nic(&self, topology: &Topology, node: &Node, part: usize, number: usize, name: &str) -> LabNic {
        let port = node.management.as_ref().filter(|port| (port.machine, port.nic) == (part, number));
        LabNic {
            segment: self.management,
            up: self.management.is_some(),
            mtu: topology.management.as_ref().and_then(|management| management.mtu),
            impairment: Impairment::default(),
            addresses: port.map(|port| port.addresses.clone()).unwrap_or_default(),
            name: port.map_or(name, |port| &port.name).to_owned(),
        }
    }

    /// A NIC that carries an interface. Where several do (each machine of a device hears the link), the addresses
    /// belong to the one that the interface names.
    fn interface_nic(
        &self,
        topology: &Topology,
        node_id: NodeId,
        node: &Node,
        index: usize,
        nic: (usize, usize),
    ) -> LabNic {
        let Some(interface) = node.interfaces.get(index) else { return LabNic::default() };
        let (machine, number) = nic;
        let owner = interface.kind == InterfaceKind::Physical { machine, nic: number };
        let addresses = if owner { interface.addresses.clone() } else { Vec::new() };
        let unplugged = LabNic { mtu: interface.mtu, addresses, name: interface.name.clone(), ..LabNic::default() };
        let Some((id, link)) = interface.link.and_then(|id| Some((id, topology.link(id)?))) else { return unplugged };
        let segment = self.links.get(id.index()).copied();
        let end = LinkEnd::Interface { node: node_id, interface: index };
        let [left, right] = link.impairments;
        LabNic {
            segment,
            up: link.up,
            mtu: interface
                .mtu
                .or(link.mtu)
                .or_else(|| segment.and_then(|index| self.segments.get(index)).and_then(|segment| segment.mtu)),
            impairment: if link.ends[0] == end { left } else { right },
            ..unplugged
        }
    }

    fn wire_nic(&self, node_id: NodeId, node: &Node, wire: usize, name: &str) -> LabNic {
        let Some(definition) = node.wires.get(wire) else { return LabNic::default() };
        let segment = self.wires.get(node_id.index()).map(|first| first + wire);
        LabNic { segment, up: true, mtu: definition.mtu, name: name.to_owned(), ..LabNic::default() }
    }
}

fn empty_segment(path: String, kind: SegmentKind) -> Segment {
    Segment {
        path,
        kind,
        members: Vec::new(),
        subnets: Vec::new(),
        host_addresses: Vec::new(),
        dhcp: Vec::new(),
        dns: Vec::new(),
        forward: Forward::None,
        mtu: None,
        stp: false,
        hub: false,
        binding: None,
    }
}

/// Management is behind NAT unless it says otherwise, so that guests can install packages.
fn management_segment(management: &Management) -> Segment {
    let forward = match management.attributes.get("forward") {
        Some(Value::Member(word)) if word == "none" => Forward::None,
        Some(Value::Member(word)) if word == "route" => Forward::Route,
        _ => Forward::Nat,
    };
    Segment {
        subnets: management.subnets.clone(),
        host_addresses: management.gateways.clone(),
        dns: management.dns.clone(),
        forward,
        mtu: management.mtu,
        ..empty_segment("management".to_owned(), SegmentKind::Management)
    }
}

fn network_segment(id: NetworkId, network: &Network, binding: Option<Binding>) -> Segment {
    let host_answers = network.forward != Forward::None && network.gateway_kind == GatewayKind::Plain;
    Segment {
        subnets: network.subnets.clone(),
        host_addresses: if host_answers { network.gateways.clone() } else { Vec::new() },
        dhcp: network.dhcp.clone(),
        dns: network.dns.clone(),
        forward: network.forward,
        mtu: network.mtu,
        stp: network.stp,
        hub: network.hub,
        binding,
        ..empty_segment(network.path.clone(), SegmentKind::Network(id))
    }
}

fn link_segment(topology: &Topology, id: LinkId, link: &Link) -> Segment {
    let of_end = |end| topology.interface(end).and_then(|(_, interface)| interface.mtu);
    let mtu = link.ends.iter().filter_map(of_end).chain(link.mtu).max();
    Segment { subnets: link.subnets.clone(), mtu, ..empty_segment(link.path.clone(), SegmentKind::Link(id)) }
}

/// What an external network is on the target. Bindings are by path, or by name where that is enough.
fn bind(
    network: &Network,
    target: Option<&Target>,
    kind: TargetKind,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Binding> {
    if !network.external {
        return None;
    }
    let bound = target.and_then(|target| target.networks.get(&network.path).or(target.networks.get(&network.name)));
    let example =
        format!("networks {{ {} = {}(\"…\") }}", network.name, kind.bindings().first().unwrap_or(&"existing"));
    let problem = match (bound, target) {
        (Some(binding), _) if kind.bindings().contains(&binding.kind.as_str()) => return Some(binding.clone()),
        (Some(binding), Some(target)) => {
            let possible = kind.bindings().join("`, `");
            Diagnostic::new(
                &E0804,
                target.origin.span,
                format!(
                    "`{}` is `{}` on `{}`, which `{}` does not have",
                    network.path,
                    binding.kind,
                    target.name,
                    kind.name()
                ),
                format!("binds `{}` to `{}`", network.name, binding.kind),
            )
            .label(network.origin.span, "the external network")
            .help(format!("on `{}` an external network is one of `{possible}`", kind.name()))
        }
        (_, Some(target)) => Diagnostic::new(
            &E0801,
            network.origin.span,
            format!("the external network `{}` is not bound on `{}`", network.path, target.name),
            "exists outside the lab",
        )
        .label(target.origin.span, "does not say what it is here")
        .help(format!("write `{example}` in `target {}`", target.name)),
        (_, None) => Diagnostic::new(
            &E0801,
            network.origin.span,
            format!("no target says what the external network `{}` is on `{}`", network.path, kind.name()),
            "exists outside the lab",
        )
        .help(format!("declare `target NAME: {} {{ {example} }}`", kind.name())),
    };
    diagnostics.push(problem);
    None
}

fn empty_disks(topology: &Topology, diagnostics: &mut Vec<Diagnostic>) {
    for node in &topology.nodes {
        let disks = node.machines.iter().flat_map(|machine| &machine.disks);
        for disk in disks.filter(|disk| disk.image.is_none() && disk.size.is_none()) {
            let message = format!("the disk `{}` of `{}` has neither an image nor a size", disk.name, node.path);
            let diagnostic = Diagnostic::new(&E0806, node.origin.span, message, "has this disk");
            diagnostics.push(diagnostic.help("say how large it is: `size = 4GiB`"));
        }
    }
}

/// One diagnostic for each slot that the target leaves open, at the first node that needs it.
fn missing_images(topology: &Topology, target: &Target, diagnostics: &mut Vec<Diagnostic>) {
    let mut missing: IndexMap<String, (&Node, usize)> = IndexMap::default();
    for node in &topology.nodes {
        let mut counted: Vec<String> = Vec::new();
        let disks = node.machines.iter().flat_map(|machine| &machine.disks);
        for image in disks.filter_map(|disk| disk.image.as_ref()) {
            let slot = match &image.version {
                Some(version) => format!("{}@{version}", image.slot),
                None => image.slot.clone(),
            };
            if bound_image(Some(target), image).is_none() && !counted.contains(&slot) {
                missing.entry(slot.clone()).or_insert((node, 0)).1 += 1;
                counted.push(slot);
            }
        }
    }
    for (slot, (node, count)) in missing {
        let who = match count {
            1 => format!("`{}` needs", node.path),
            2 => format!("`{}` and one other node need", node.path),
            _ => format!("`{}` and {} other nodes need", node.path, count - 1),
        };
        let key = if slot.contains('@') { format!("\"{slot}\"") } else { slot.clone() };
        diagnostics.push(
            Diagnostic::new(
                &E0802,
                node.origin.span,
                format!("`{}` has no image for `{slot}`, which {who}", target.name),
                format!("needs the image `{slot}`"),
            )
            .label(target.origin.span, "does not bind it")
            .help(format!("write `images {{ {key} = \"…\" }}` in `target {}`", target.name)),
        );
    }
}

/// Libvirt reads images as files of its host.
fn distant_images(topology: &Topology, target: &Target, diagnostics: &mut Vec<Diagnostic>) {
    let mut said: BTreeSet<&str> = BTreeSet::new();
    for node in &topology.nodes {
        let disks = node.machines.iter().flat_map(|machine| &machine.disks);
        for address in disks.filter_map(|disk| bound_image(Some(target), disk.image.as_ref()?)) {
            if !["http://", "https://"].iter().any(|scheme| address.starts_with(scheme)) || !said.insert(address) {
                continue;
            }
            let message = format!("`{}` boots from `{address}`, which is no file of the libvirt host", node.path);
            let diagnostic = Diagnostic::new(
                &E0812,
                target.origin.attribute("images").unwrap_or(target.origin.span),
                message,
                "binds it",
            );
            let file = address.rsplit('/').next().unwrap_or(address);
            diagnostics.push(diagnostic.help(format!("fetch it once into `image_folder`, and write `{file}`")));
        }
    }
}

#[cfg(test)]
mod tests;
