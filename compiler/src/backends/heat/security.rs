//! Who may talk to management ports.

use super::Writer;
use super::yaml::{Map, Yaml};
use crate::topology::Topology;
use crate::value::Value;
use std::collections::BTreeSet;

/// The identifier of the security group of management ports.
pub(super) const SECURITY_GROUP: &str = "security_group_management";

/// What devices are managed by: SSH, HTTPS, NETCONF over SSH.
const MANAGEMENT_PORTS: [u16; 3] = [22, 443, 830];

impl Writer<'_> {
    /// Writes the security group of management ports: everything from each other; from elsewhere ping and what manages
    /// devices.
    pub(super) fn security_group(&mut self) {
        if !self.networks.iter().any(|network| network.management) {
            return;
        }
        let mut rules = Vec::new();
        for subnet in self.networks.iter().filter(|network| network.management).flat_map(|network| &network.subnets) {
            let ethertype = if subnet.net.addr().is_ipv4() { "IPv4" } else { "IPv6" };
            rules.push(rule(ethertype).with("remote_ip_prefix", subnet.net.trunc().to_string()).inline());
        }
        rules.push(rule("IPv4").with("protocol", "icmp").inline());
        rules.push(rule("IPv6").with("protocol", "ipv6-icmp").inline());
        for port in open_ports(self.lab.topology) {
            for ethertype in ["IPv4", "IPv6"] {
                let rule = rule(ethertype).with("protocol", "tcp");
                rules.push(rule.with("port_range_min", port).with("port_range_max", port).inline());
            }
        }
        let name = format!("{}/management", self.lab.topology.name);
        let properties = Map::default().with("name", name).with("rules", Yaml::List(rules));
        self.commented("Who reaches management", SECURITY_GROUP, "OS::Neutron::SecurityGroup", properties);
    }
}

fn rule(ethertype: &str) -> Map {
    Map::default().with("ethertype", ethertype)
}

/// Ports of management, and those that nodes `publish`.
fn open_ports(topology: &Topology) -> BTreeSet<u16> {
    let published = topology.nodes.iter().filter_map(|node| match node.attributes.get("publish") {
        Some(Value::Map(ports)) => Some(ports.values()),
        _ => None,
    });
    let published = published.flatten().filter_map(|port| match port {
        Value::Int(port) => u16::try_from(*port).ok(),
        _ => None,
    });
    published.chain(MANAGEMENT_PORTS).collect()
}
