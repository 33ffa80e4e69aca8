//! The graph that the libvirt XML tells, with the boot media beside it.

use super::graph::{Graph, Nic};
use super::{File, iso, netplan};
use ipnet::IpNet;
use roxmltree::{Document, Node};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Reads the files of a build.
pub fn read(files: &[File]) -> Graph {
    let mut graph = Graph::default();
    let reservations = reservations(files);
    let configured = configured(files);
    for text in documents(files, "domains/") {
        let document = Document::parse(&text).expect("a domain is XML");
        let domain = document.root_element();
        let path = descendant(domain, "machine").attribute("path").expect("a machine has a path").to_owned();
        let devices = descendant(domain, "devices");
        let mut cards: Vec<Node> = children(devices, "interface").collect();
        // A guest counts its cards by their place on the PCI buses, and not by their order in the file.
        cards.sort_by_key(|card| place(devices, descendant(*card, "address")));
        let nic = |card: &Node| {
            let mac = descendant(*card, "mac").attribute("address").expect("a MAC").to_owned();
            let configured = configured.get(&mac).cloned();
            let kept = reservations.get(&mac).cloned().unwrap_or_default();
            Nic { segment: segment(*card), mac: Some(mac), configured, is_told: false, kept }
        };
        let nics = cards.iter().map(nic).collect();
        assert!(graph.machines.insert(path.clone(), nics).is_none(), "two domains are {path}");
    }
    graph
}

/// What a card is plugged into: a network, a bridge of the host, or a device of the host.
fn segment(card: Node) -> Option<String> {
    let source = children(card, "source").next()?;
    let (kind, name) = source.attributes().next().map(|source| (source.name(), source.value()))?;
    Some(format!("{kind} {name}"))
}

/// Slot and function at each bus on the way from the root.
fn place(devices: Node, address: Node) -> Vec<(u32, u32)> {
    let number = |name: &str| {
        let text = address.attribute(name).unwrap_or_else(|| panic!("a PCI address without {name}"));
        u32::from_str_radix(text.trim_start_matches("0x"), 16).expect("a hexadecimal number")
    };
    let bus = number("bus");
    let mut place = Vec::new();
    if bus != 0 {
        let is_bus = |controller: &Node| {
            controller.attribute("type") == Some("pci") && controller.attribute("index") == Some(&bus.to_string())
        };
        let bridge = children(devices, "controller").find(is_bus).unwrap_or_else(|| panic!("no PCI bus {bus}"));
        place = self::place(devices, descendant(bridge, "address"));
    }
    place.push((number("slot"), number("function")));
    place
}

/// What the DHCP servers keep for whom.
fn reservations(files: &[File]) -> BTreeMap<String, BTreeSet<IpAddr>> {
    let mut found: BTreeMap<String, BTreeSet<IpAddr>> = BTreeMap::new();
    for text in documents(files, "networks/") {
        let document = Document::parse(&text).expect("a network is XML");
        for host in document.descendants().filter(|node| node.has_tag_name("host")) {
            if let (Some(mac), Some(ip)) = (host.attribute("mac"), host.attribute("ip")) {
                found.entry(mac.to_owned()).or_default().insert(ip.parse().expect("an address"));
            }
        }
    }
    found
}

/// What the boot media tell the guests.
fn configured(files: &[File]) -> BTreeMap<String, BTreeSet<IpNet>> {
    let media = files.iter().filter(|(path, _)| path.starts_with("seeds/") && path.ends_with(".iso"));
    let networks = media.filter_map(|(_, image)| iso::file(image, "network-config"));
    let parse = |text: &[u8]| {
        let network = serde_saphyr::from_str(std::str::from_utf8(text).unwrap()).expect("network-config is YAML");
        netplan::addresses(&network)
    };
    networks.flat_map(parse).collect()
}

fn documents(files: &[File], folder: &str) -> Vec<String> {
    let inside = files.iter().filter(|(path, _)| path.starts_with(folder));
    inside.map(|(_, bytes)| String::from_utf8(bytes.clone()).expect("XML is UTF-8")).collect()
}

fn children<'a, 'i: 'a>(node: Node<'a, 'i>, name: &'a str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.tag_name().name() == name)
}

fn descendant<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Node<'a, 'i> {
    let found = node.descendants().find(|child| *child != node && child.tag_name().name() == name);
    found.unwrap_or_else(|| panic!("{:?} without {name}", node.tag_name()))
}
