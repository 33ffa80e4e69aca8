//! What is wired to what, and every address: rows that the CSV files and the Markdown report share.

use crate::topology::{Addressing, Impairment, Interface, InterfaceKind, Link, LinkEnd, Node, Topology};
use ipnet::IpNet;

/// A table: names of columns, and rows of as many cells.
pub(super) struct Table {
    pub(super) columns: &'static [&'static str],
    pub(super) rows: Vec<Vec<String>>,
}

/// The wiring, a line a link, as CSV (RFC 4180) with a head.
pub fn wiring_csv(topology: &Topology) -> String {
    csv(&wiring(topology))
}

/// All addresses, a line each, as CSV (RFC 4180) with a head. Interfaces without one have a line too.
pub fn addresses_csv(topology: &Topology) -> String {
    csv(&addresses(topology))
}

/// A row a link. An end at a network has no interface.
pub(super) fn wiring(topology: &Topology) -> Table {
    let row = |link: &Link| {
        let mut row = vec![link.path.clone()];
        for end in &link.ends {
            row.extend(end_cells(topology, end));
        }
        let lag = link.lag.and_then(|lag| topology.lags.get(lag.index()));
        row.extend([
            joined(&link.subnets),
            link.mtu.map_or(String::new(), |mtu| mtu.to_string()),
            if link.up { "up" } else { "down" }.to_owned(),
            lag.map_or(String::new(), |lag| lag.path.clone()),
            impairments(link),
        ]);
        row
    };
    Table {
        columns: &[
            "link",
            "a",
            "a interface",
            "a address",
            "a vlan",
            "b",
            "b interface",
            "b address",
            "b vlan",
            "prefix",
            "mtu",
            "state",
            "lag",
            "impairment",
        ],
        rows: topology.links.iter().map(row).collect(),
    }
}

/// Where an end is: node or network, interface, addresses, VLANs.
fn end_cells(topology: &Topology, end: &LinkEnd) -> [String; 4] {
    match (end, topology.interface(end)) {
        (_, Some((node, interface))) => {
            [node.path.clone(), interface.name.clone(), joined(&interface.addresses), vlans(interface)]
        }
        (LinkEnd::Network { network }, _) => {
            let name = topology.network(*network).map_or(String::new(), |network| network.path.clone());
            [name, String::new(), String::new(), String::new()]
        }
        (LinkEnd::Interface { .. }, None) => Default::default(),
    }
}

/// What an end carries: `10`, `trunk 10 20`, `trunk 10 20 native 10`.
fn vlans(interface: &Interface) -> String {
    let mut words = Vec::new();
    words.extend(interface.vlan.map(|vlan| vlan.to_string()));
    if !interface.trunk.is_empty() {
        words.push(format!("trunk {}", joined(&interface.trunk)));
    }
    words.extend(interface.native.map(|vlan| format!("native {vlan}")));
    words.join(" ")
}

/// Both directions once if they are the same, else each with its sign.
fn impairments(link: &Link) -> String {
    let [there, back] = link.impairments.each_ref().map(impairment);
    match (there == back, there.is_empty(), back.is_empty()) {
        (true, ..) => there,
        (_, false, true) => format!("-> {there}"),
        (_, true, false) => format!("<- {back}"),
        _ => format!("-> {there}; <- {back}"),
    }
}

fn impairment(impairment: &Impairment) -> String {
    impairment.quantities().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
}

/// A row an address, by node: management first, then the interfaces.
pub(super) fn addresses(topology: &Topology) -> Table {
    let mut rows = Vec::new();
    for node in &topology.nodes {
        if let Some(port) = &node.management {
            let mac = node.machines.get(port.machine).and_then(|machine| machine.nics.get(port.nic));
            let mac = mac.map_or(String::new(), |nic| nic.mac.to_string());
            for address in &port.addresses {
                let cells = [&node.path, &port.name, &address.to_string(), "management", &mac, "", ""];
                rows.push(cells.map(str::to_owned).to_vec());
            }
        }
        for interface in &node.interfaces {
            rows.extend(interface_rows(topology, node, interface));
        }
    }
    Table { columns: &["node", "interface", "address", "segment", "mac", "vrf", "vlan"], rows }
}

fn interface_rows(topology: &Topology, node: &Node, interface: &Interface) -> Vec<Vec<String>> {
    let vrf = interface.vrf.and_then(|vrf| topology.vrfs.get(vrf.index())).map_or("", |vrf| &vrf.name);
    let mac = interface.mac.map_or(String::new(), |mac| mac.to_string());
    let addresses: Vec<String> = match interface.addressing {
        _ if !interface.addresses.is_empty() => interface.addresses.iter().map(IpNet::to_string).collect(),
        Addressing::Dhcp => vec!["dhcp".to_owned()],
        Addressing::Unnumbered => vec!["unnumbered".to_owned()],
        Addressing::LinkLocal => vec!["link-local".to_owned()],
        Addressing::Static | Addressing::None => vec![String::new()],
    };
    let segment = segment(topology, interface);
    let row = |address: &String| {
        let cells = [&node.path, &interface.name, address, &segment, &mac, vrf, &vlans(interface)];
        cells.map(str::to_owned).to_vec()
    };
    addresses.iter().map(row).collect()
}

/// What an interface is plugged into: the network at the other end, else the link, else what kind it is.
fn segment(topology: &Topology, interface: &Interface) -> String {
    let link = interface.link.and_then(|link| topology.link(link));
    let network = link.and_then(|link| {
        link.ends.iter().find_map(|end| match end {
            LinkEnd::Network { network } => topology.network(*network),
            LinkEnd::Interface { .. } => None,
        })
    });
    match (network, link, &interface.kind) {
        (Some(network), ..) => network.path.clone(),
        (None, Some(link), _) => link.path.clone(),
        (None, None, InterfaceKind::Subinterface { parent }) => format!("unit of {parent}"),
        (None, None, InterfaceKind::Lag) => "aggregation".to_owned(),
        (None, None, InterfaceKind::Logical) => "logical".to_owned(),
        (None, None, InterfaceKind::Physical { .. }) => String::new(),
    }
}

/// The values with blanks between them.
pub(super) fn joined(values: &[impl ToString]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn csv(table: &Table) -> String {
    let head = table.columns.iter().map(|column| (*column).to_owned()).collect();
    let lines = std::iter::once(&head).chain(&table.rows);
    lines
        .map(|row: &Vec<String>| row.iter().map(|cell| csv_cell(cell)).collect::<Vec<_>>().join(",") + "\r\n")
        .collect()
}

fn csv_cell(text: &str) -> String {
    let is_plain = !text.contains([',', '"', '\r', '\n']);
    if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}
