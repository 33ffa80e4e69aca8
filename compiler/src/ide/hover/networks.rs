//! Networks, VLANs, VRFs and pools.

use super::page::Page;
use super::{Place, reasons};
use crate::ide::show::{count, grouped};
use crate::ide::things::Thing;
use crate::source::Span;
use crate::topology::{Forward, GatewayKind, Network, Topology};
use crate::value::{NetworkId, VlanId, VrfId};
use ipnet::IpNet;
use petgraph::graph::NodeIndex;

/// So many nodes are listed.
const MOST: usize = 10;

/// What networks that are declared together are.
pub fn networks(place: &Place, ids: &[NetworkId], page: &mut Page) {
    let Some(topology) = place.topology() else { return };
    match ids {
        [] => {}
        [id] => {
            if let Some(network) = topology.network(*id) {
                one(place, topology, *id, network, page);
            }
        }
        several => {
            page.add(count(several.len(), "network"));
            for network in several.iter().take(MOST).filter_map(|id| topology.network(*id)) {
                page.point(format!("`{}`: {}", network.path, nets(&network.subnets)));
            }
            more(several.len(), page);
        }
    }
}

fn one(place: &Place, topology: &Topology, id: NetworkId, network: &Network, page: &mut Page) {
    for draw in place.view.things().drawn(&place.view.compilation.facts, &format!("network {}", network.path), "subnet")
    {
        page.point(format!("prefix {}", reasons::of_draw(place.view, draw)));
    }
    if network.subnets.is_empty() {
        page.point("no prefix: layer 2");
    }
    for subnet in &network.subnets {
        page.point(format!("prefix `{subnet}`: {}", hosts(subnet)));
    }
    let kind = match network.gateway_kind {
        GatewayKind::Plain => "gateway",
        GatewayKind::Anycast => "anycast gateway",
        GatewayKind::Virtual => "virtual gateway",
    };
    for gateway in &network.gateways {
        let nodes = network.gateway_nodes.iter().filter_map(|id| Some(format!("`{}`", topology.node(*id)?.path)));
        let nodes: Vec<String> = nodes.collect();
        let of = if nodes.is_empty() { String::new() } else { format!(", of {}", nodes.join(", ")) };
        page.point(format!("{kind} `{gateway}`{of}"));
    }
    for (first, last) in &network.dhcp {
        page.point(format!("DHCP from `{first}` to `{last}`"));
    }
    match network.forward {
        Forward::None => {}
        Forward::Nat => page.point("reaches what is outside by address translation"),
        Forward::Route => page.point("is routed to what is outside"),
    }
    if network.external {
        let bound = topology.targets.iter().filter_map(|target| {
            let binding = target.networks.get(&network.path)?;
            Some(format!("`{}(\"{}\")` on `{}`", binding.kind, binding.name, target.name))
        });
        let bound: Vec<String> = bound.collect();
        let on = if bound.is_empty() { "bound by no target".to_owned() } else { bound.join(", ") };
        page.point(format!("exists outside the lab: {on}"));
    }
    if let Some(vlan) = network.vlan {
        page.point(format!("VLAN {vlan}"));
    }
    attached(topology, id, page);
}

/// The nodes at a network, with their addresses there.
fn attached(topology: &Topology, id: NetworkId, page: &mut Page) {
    let vertex = NodeIndex::new(topology.nodes.len() + id.index());
    let mut links: Vec<_> = topology.graph.edges(vertex).map(|edge| *edge.weight()).collect();
    links.sort();
    if links.is_empty() {
        return;
    }
    page.add(format!("{}:", count(links.len(), "link")));
    for link in links.iter().take(MOST).filter_map(|id| topology.link(*id)) {
        for (node, interface) in link.ends.iter().filter_map(|end| topology.interface(end)) {
            let addresses = nets(&interface.addresses);
            let addresses = if addresses.is_empty() { addresses } else { format!(" {addresses}") };
            page.point(format!("`{}:{}`{addresses}", node.path, interface.name));
        }
    }
    more(links.len(), page);
}

/// What a VLAN is.
pub fn vlan(place: &Place, id: VlanId, page: &mut Page) {
    let Some(topology) = place.topology() else { return };
    let Some(vlan) = topology.vlans.get(id.index()) else { return };
    page.point(format!("VLAN {}", vlan.id));
    if !vlan.subnets.is_empty() {
        page.point(format!("prefix {}", nets(&vlan.subnets)));
    }
    let gateways: Vec<String> = vlan.gateways.iter().map(|gateway| format!("`{gateway}`")).collect();
    if !gateways.is_empty() {
        page.point(format!("gateway {}", gateways.join(", ")));
    }
    if let Some(vrf) = vlan.vrf.and_then(|id| topology.vrfs.get(id.index())) {
        page.point(format!("in the VRF `{}`", vrf.name));
    }
    if let Some(vni) = vlan.vni {
        page.point(format!("VXLAN {vni}"));
    }
}

/// What a VRF is.
pub fn vrf(place: &Place, id: VrfId, page: &mut Page) {
    let Some(vrf) = place.topology().and_then(|topology| topology.vrfs.get(id.index())) else { return };
    for (name, value) in &vrf.attributes {
        page.point(format!("{name} `{}`", place.shown().value(value)));
    }
}

/// How much of the pools that are declared at a name was given out.
pub fn pools(place: &Place, name: Span, page: &mut Page) {
    let facts = &place.view.compilation.facts;
    let here = facts.pools.iter().enumerate().filter(|(_, pool)| pool.name == name);
    for (index, pool) in here.take(MOST) {
        let given = facts.draws.iter().filter(|draw| draw.pool.index() == index).count();
        let next = match &pool.next {
            Some(next) => format!("next is `{}`", place.shown().value(next)),
            None => "none is left".to_owned(),
        };
        let (given, capacity) = (grouped(given as u128), grouped(u128::from(pool.capacity)));
        let left = grouped(u128::from(pool.left));
        page.point(format!("`{}`: {given} of {capacity} given out, {left} left; {next}", pool.path));
    }
}

/// The ids of networks among things.
pub fn ids(things: &[Thing]) -> Vec<NetworkId> {
    let id = |thing: &Thing| if let Thing::Network(id) = thing { Some(*id) } else { None };
    things.iter().filter_map(id).collect()
}

/// Prefixes or addresses, as source.
pub fn nets(nets: &[IpNet]) -> String {
    nets.iter().map(|net| format!("`{net}`")).collect::<Vec<_>>().join(", ")
}

/// `256 addresses, hosts .1 to .254, private`
pub fn hosts(net: &IpNet) -> String {
    let bits = u32::from(net.max_prefix_len() - net.prefix_len());
    let size = match 1_u128.checked_shl(bits) {
        Some(size) if bits < 64 => format!("{} address{}", grouped(size), if size == 1 { "" } else { "es" }),
        _ => format!("2^{bits} addresses"),
    };
    let range = match net {
        IpNet::V4(net) if net.prefix_len() < 31 => {
            let hosts = net.hosts();
            let first = hosts.clone().next().map(|ip| ip.to_string()).unwrap_or_default();
            let last = u32::from(net.broadcast()).saturating_sub(1);
            format!(", hosts {first} to {}", std::net::Ipv4Addr::from(last))
        }
        _ => String::new(),
    };
    format!("{size}{range}{}", scope(net))
}

/// What a prefix is known for.
fn scope(net: &IpNet) -> &'static str {
    match net {
        IpNet::V4(net) => {
            let ip = net.addr();
            let [a, b, ..] = ip.octets();
            match (a, b) {
                _ if ip.is_private() => ", private (RFC 1918)",
                _ if ip.is_loopback() => ", the host itself",
                _ if ip.is_link_local() => ", link-local",
                _ if ip.is_multicast() => ", multicast",
                _ if ip.is_documentation() => ", for documentation",
                (100, 64..=127) => ", shared (RFC 6598)",
                _ => "",
            }
        }
        IpNet::V6(net) => {
            let ip = net.addr();
            match ip.segments() {
                [first, ..] if first & 0xfe00 == 0xfc00 => ", private (unique local)",
                [first, ..] if first & 0xffc0 == 0xfe80 => ", link-local",
                [0x2001, 0xdb8, ..] => ", for documentation",
                _ if ip.is_multicast() => ", multicast",
                _ => "",
            }
        }
    }
}

fn more(all: usize, page: &mut Page) {
    if all > MOST {
        page.point(format!("… {} more", all - MOST));
    }
}
