//! Gateways of networks and VLANs, and the addresses that the host of the lab has.

use super::addresses::{SpaceOf, ip_of, is_link_local, joined};
use super::spaces::Space;
use super::world::{EntityId, World};
use crate::collections::IndexMap;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::allocation as codes;
use crate::topology::GatewayKind;
use crate::value::{NetworkId, NodeId, Value, VlanId};
use ipnet::IpNet;
use std::net::IpAddr;

impl<'a> World<'a> {
    /// Gateways come before everybody else.
    pub fn take_gateways(&mut self, spaces: &mut IndexMap<SpaceOf, Space>) {
        let mut all: Vec<(SpaceOf, EntityId)> = Vec::new();
        all.extend(
            self.networks.iter().enumerate().map(|(at, entry)| (SpaceOf::Network(NetworkId::from(at)), entry.entity)),
        );
        all.extend(self.vlans.iter().enumerate().map(|(at, entry)| (SpaceOf::Vlan(VlanId::from(at)), entry.entity)));
        for (of, entity) in all {
            self.open_space(Some(of), spaces);
            let Some(space) = spaces.get(&of) else { continue };
            let subnets = space.subnets.clone();
            let (gateways, kind, nodes) = self.gateways_of(entity, &subnets);
            let span = self.attribute_span(entity, "gateway");
            for ip in gateways {
                let Some(space) = spaces.get_mut(&of) else { continue };
                if space.subnet_of(ip).is_none() && !subnets.is_empty() && !is_link_local(ip) {
                    let message = format!("the gateway {ip} lies outside the prefix of its segment");
                    let help = format!("the segment has {}", joined(&subnets));
                    self.report(Diagnostic::new(&codes::E0604, span, message, "outside").help(help));
                    continue;
                }
                // A plain gateway is an address that a node may have by writing it.
                if kind != GatewayKind::Plain {
                    space.take_written(ip, span, "the gateway");
                    if kind == GatewayKind::Anycast {
                        space.anycast.insert(ip, nodes.clone());
                    }
                } else {
                    space.gateways.insert(ip, span);
                }
            }
            if self.forwards(entity) {
                for ip in self.host_addresses(entity, &subnets) {
                    if let Some(space) = spaces.get_mut(&of) {
                        space.take(ip, span, "the host of the lab");
                    }
                }
            }
        }
    }

    /// Is the network served by the host: `forward = nat` or `route`?
    pub fn forwards(&mut self, entity: EntityId) -> bool {
        matches!(self.attribute_or_null(entity, "forward"), Value::Member(word) if word != "none")
    }

    /// The addresses that the host itself has on a network that it forwards: the gateway, else the first one.
    pub fn host_addresses(&mut self, entity: EntityId, subnets: &[IpNet]) -> Vec<IpAddr> {
        let (gateways, _, _) = self.gateways_of(entity, subnets);
        let space = Space::new(subnets.to_vec());
        let of_net = |(index, net): (usize, &IpNet)| {
            let written = gateways.iter().copied().find(|ip| net.contains(ip));
            written.or_else(|| space.nth(index, 0).map(|host| host.addr()))
        };
        subnets.iter().enumerate().filter_map(of_net).collect()
    }

    /// The gateway addresses of a network or VLAN, who answers, and for `anycast` and `virtual` which nodes.
    pub fn gateways_of(&mut self, entity: EntityId, subnets: &[IpNet]) -> (Vec<IpAddr>, GatewayKind, Vec<NodeId>) {
        let value = match self.evaluate_here_attribute(entity, "gateway", subnets) {
            Ok(value) => value,
            Err(_) => return (Vec::new(), GatewayKind::Plain, Vec::new()),
        };
        let (addresses, kind, nodes) = match &value {
            Value::Map(entries) => {
                let kind = match entries.get("kind") {
                    Some(Value::String(word)) if word == "virtual" => GatewayKind::Virtual,
                    _ => GatewayKind::Anycast,
                };
                let nodes = match entries.get("nodes") {
                    Some(Value::List(nodes)) => nodes
                        .iter()
                        .filter_map(|node| match node {
                            Value::Node(id) => Some(*id),
                            _ => None,
                        })
                        .collect(),
                    _ => Vec::new(),
                };
                (entries.get("addresses").cloned().unwrap_or(Value::Null), kind, nodes)
            }
            other => (other.clone(), GatewayKind::Plain, Vec::new()),
        };
        let ips = match addresses {
            Value::List(values) => values.iter().filter_map(ip_of).collect(),
            one => ip_of(&one).into_iter().collect(),
        };
        (ips, kind, nodes)
    }
}
