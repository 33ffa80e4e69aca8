//! The graph that the JSON form tells.

use super::graph::{Graph, Nic};
use ipnet::IpNet;
use serde_json::Value;
use std::collections::BTreeSet;

/// Reads `topology.json`.
pub fn read(bytes: &[u8]) -> Graph {
    let document: Value = serde_json::from_slice(bytes).expect("topology.json is JSON");
    let topology = &document["topology"];
    let mut graph = Graph::default();
    for node in list(&topology["nodes"]) {
        for (machine_index, machine) in list(&node["machines"]).iter().enumerate() {
            let nics = list(&machine["nics"]).iter().enumerate();
            let read = |(nic_index, nic)| read_nic(topology, node, machine, (machine_index, nic_index), nic);
            let nics = nics.map(read).collect();
            graph.machines.insert(text(&machine["path"]), nics);
        }
    }
    graph
}

fn read_nic(topology: &Value, node: &Value, machine: &Value, (at_machine, at_nic): (usize, usize), nic: &Value) -> Nic {
    let is_here = |port: &Value| (&port["machine"], &port["nic"]) == (&at_machine.into(), &at_nic.into());
    let plug = &nic["plug"];
    let mut addresses = Vec::new();
    let segment = match text(&plug["type"]).as_str() {
        "nothing" => None,
        "management" => {
            addresses = addresses_if(is_here(&node["management"]), &node["management"]);
            Some("management".to_owned())
        }
        "wire" => Some(format!("wire {} of {}", plug["wire"], node["path"])),
        "interface" => {
            let interface = &node["interfaces"][index(&plug["interface"])];
            addresses = addresses_if(is_here(&interface["kind"]), interface);
            segment_of_link(topology, &interface["link"])
        }
        other => panic!("no such plug: {other}"),
    };
    let configured: BTreeSet<_> = addresses.iter().map(|address| address.parse().expect("an address")).collect();
    // Every target keeps the IPv4 address of a management port: so the lab is reached even before its guests know it.
    let is_management = segment.as_deref() == Some("management");
    let kept = configured.iter().map(IpNet::addr).filter(|address| is_management && address.is_ipv4()).collect();
    let is_told = machine["cloud_init"] == true && segment.is_some();
    Nic { mac: Some(text(&nic["mac"])), segment, configured: Some(configured), is_told, kept }
}

/// A NIC that only shares the segment of another has none of its addresses.
fn addresses_if(is_own: bool, port: &Value) -> Vec<String> {
    list(&port["addresses"]).iter().filter(|_| is_own).map(text).collect()
}

/// A link to a network is a plug of the network; any other is a segment of its own.
fn segment_of_link(topology: &Value, link: &Value) -> Option<String> {
    let ends = list(&topology["links"][link.as_u64()? as usize]["ends"]);
    let network = ends.iter().find_map(|end| end["network"]["network"].as_u64());
    Some(network.map_or_else(|| format!("link {link}"), |network| format!("network {network}")))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

fn index(value: &Value) -> usize {
    value.as_u64().unwrap_or_else(|| panic!("no index: {value}")) as usize
}
