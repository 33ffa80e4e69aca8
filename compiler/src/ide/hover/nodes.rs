//! Nodes: their machines, addresses and links.

use super::networks::nets;
use super::page::Page;
use super::{Place, reasons};
use crate::ide::show::{count, listed};
use crate::ide::things::Thing;
use crate::source::Span;
use crate::topology::{LinkEnd, Machine, Node, Topology};
use crate::value::{LinkId, NodeId, Unit, Value};
use petgraph::graph::NodeIndex;

/// So many elements of an array are listed.
const MOST_NODES: usize = 6;
/// So many links of a node are listed.
const MOST_LINKS: usize = 8;

/// What nodes that are declared together are.
pub fn nodes(place: &Place, ids: &[NodeId], page: &mut Page) {
    let Some(topology) = place.topology() else { return };
    match ids {
        [] => {}
        [id] => {
            if let Some(node) = topology.node(*id) {
                one(place, topology, *id, node, page);
            }
        }
        several => many(topology, several, page),
    }
}

/// The ids of nodes among things.
pub fn ids(things: &[Thing]) -> Vec<NodeId> {
    let id = |thing: &Thing| if let Thing::Node(id) = thing { Some(*id) } else { None };
    things.iter().filter_map(id).collect()
}

/// Of the nodes of an array, the one whose keys are written out behind its name; all of them where none are.
pub fn element(place: &Place, name: Span, ids: Vec<NodeId>) -> Vec<NodeId> {
    let Some(topology) = place.topology() else { return ids };
    let source = place.view.compilation.sources.get(name.file);
    let behind = source.and_then(|source| source.text.get(name.end as usize..)).unwrap_or_default();
    let Some((keys, _)) = behind.strip_prefix('[').and_then(|rest| rest.split_once(']')) else { return ids };
    let is_meant = |id: &NodeId| {
        let array = topology.node(*id).and_then(|node| node.array.as_ref());
        let written = |keys: &[Value]| keys.iter().map(|key| place.shown().value(key)).collect::<Vec<_>>().join(", ");
        array.is_some_and(|(_, known)| written(known) == keys.trim())
    };
    match ids.iter().copied().find(is_meant) {
        Some(id) => vec![id],
        None => ids,
    }
}

fn many(topology: &Topology, ids: &[NodeId], page: &mut Page) {
    page.add(format!("{}:", count(ids.len(), "node")));
    for node in ids.iter().take(MOST_NODES).filter_map(|id| topology.node(*id)) {
        let loopback = node.interfaces.iter().find(|interface| interface.name == "lo0");
        let address = loopback.map(|loopback| nets(&loopback.addresses)).filter(|nets| !nets.is_empty());
        let address = address.map(|address| format!(", loopback {address}")).unwrap_or_default();
        page.point(format!("`{}`: `{}`{address}", node.path, node.device));
    }
    if ids.len() > MOST_NODES {
        page.point(format!("… {} more", ids.len() - MOST_NODES));
    }
}

fn one(place: &Place, topology: &Topology, id: NodeId, node: &Node, page: &mut Page) {
    let product = [node.vendor.as_deref(), node.version.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let product = if product.is_empty() { product } else { format!(" ({product})") };
    page.add(format!("`{}`: `{}`{product}, host name `{}`", node.path, node.device, node.hostname));
    for machine in &node.machines {
        page.point(machine_line(place, node, machine));
    }
    if let Some(port) = &node.management {
        for net in &port.addresses {
            let why = reasons::of_management(place.view, node, net);
            page.point(format!("management `{}` `{net}`, {why}", port.name));
        }
    }
    loopbacks(place, node, page);
    for machine in &node.machines {
        page.point(format!("UUID `{}`, {}", machine.uuid, reasons::of_uuid(place.view, machine)));
    }
    if !node.tags.is_empty() {
        page.point(format!("tags {}", node.tags.iter().map(|tag| format!("`{tag}`")).collect::<Vec<_>>().join(", ")));
    }
    if !node.start {
        page.point("is not started with the lab");
    }
    links(topology, id, page);
}

/// CPUs, memory and disks, and where what is not the device's own is written.
fn machine_line(place: &Place, node: &Node, machine: &Machine) -> String {
    let name = machine.part.as_ref().map_or("machine".to_owned(), |part| format!("machine `{part}`"));
    let disks = machine.disks.iter().map(|disk| match (&disk.image, disk.size) {
        (Some(image), _) => format!("disk of `{}`", image.bound.as_ref().unwrap_or(&image.slot)),
        (None, Some(size)) => format!("disk of {}", Unit::Size.text(size)),
        (None, None) => format!("disk `{}`", disk.name),
    });
    let disks: Vec<String> = disks.collect();
    let memory = Unit::Size.text(machine.memory);
    let sizes = [("cpu", count(machine.cpu as usize, "CPU")), ("memory", memory)];
    let sizes = sizes.into_iter().map(|(attribute, size)| {
        let written = machine.origin.attribute(attribute).or_else(|| node.origin.attribute(attribute));
        let source = written.map(|written| reasons::source(place.view, written, node.origin.span));
        match source.filter(|source| !source.starts_with("the device's own") && source != "set here") {
            Some(source) => format!("{size} ({source})"),
            None => size,
        }
    });
    format!("{name}: {}", sizes.chain(disks).collect::<Vec<_>>().join(", "))
}

fn loopbacks(place: &Place, node: &Node, page: &mut Page) {
    let facts = &place.view.compilation.facts;
    let mut is_drawn = false;
    for draw in place.view.things().drawn(facts, &format!("node {}", node.path), "loopback") {
        is_drawn = true;
        page.point(format!("loopback {}", reasons::of_draw(place.view, draw)));
    }
    let loopback = node.interfaces.iter().find(|interface| interface.name == "lo0").filter(|_| !is_drawn);
    if let Some(loopback) = loopback.filter(|loopback| !loopback.addresses.is_empty()) {
        page.point(format!("loopback {}", nets(&loopback.addresses)));
    }
}

fn links(topology: &Topology, id: NodeId, page: &mut Page) {
    let mut links: Vec<LinkId> = topology.graph.edges(NodeIndex::new(id.index())).map(|edge| *edge.weight()).collect();
    links.sort();
    links.dedup();
    if links.is_empty() {
        return;
    }
    page.add(format!("{}:", count(links.len(), "link")));
    for link in links.iter().take(MOST_LINKS).filter_map(|id| topology.link(*id)) {
        let is_here = |end: &&LinkEnd| matches!(end, LinkEnd::Interface { node, .. } if *node == id);
        let near = link.ends.iter().find(is_here).and_then(|end| topology.interface(end));
        let far = link.ends.iter().find(|end| !is_here(end)).or(link.ends.last());
        let Some((_, near)) = near else { continue };
        let far = far.map(|end| super::links::end_name(topology, end)).unwrap_or_default();
        let address = nets(&near.addresses);
        let address = if address.is_empty() { address } else { format!(", {address}") };
        page.point(format!("`{}` to `{far}`{address}", near.name));
    }
    if links.len() > MOST_LINKS {
        page.point(format!("… {} more", links.len() - MOST_LINKS));
    }
}

/// What an instance of a module, or an array of these, holds.
pub fn instances(place: &Place, declarations: &[Span], name: &str, page: &mut Page) {
    let number: usize = declarations.iter().map(|name| place.view.compilation.facts.instances(*name)).sum();
    let Some(topology) = place.topology().filter(|_| number > 0) else { return };
    let inside = |node: &&Node| {
        let first = node.path.split('/').find(|part| part.starts_with(name));
        first.is_some_and(|part| part == name || part.strip_prefix(name).is_some_and(is_key))
    };
    let nodes: Vec<&Node> = topology.nodes.iter().filter(inside).collect();
    let shown = nodes.iter().take(MOST_NODES).map(|node| format!("`{}`", node.path)).collect();
    page.add(format!(
        "{}, {}: {}",
        count(number, "instance"),
        count(nodes.len(), "node"),
        listed(shown, nodes.len(), "node")
    ));
}

/// Is it what follows the name of an array in the name of an element: `1`, `-nyc`?
fn is_key(rest: &str) -> bool {
    rest.starts_with('-') || rest.chars().all(|char| char.is_ascii_digit() || char == '-')
}
