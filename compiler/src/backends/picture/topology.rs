//! A topology as a drawing: nodes, networks and wires by their paths, modules and `group` as frames.

use super::{Drawing, End, Group, Icon, Lag, Link, Network, Node, Shape};
use crate::collections::IndexMap;
use crate::topology::{self, LinkEnd, Topology, Vertex};
use crate::value::Value;
use std::collections::BTreeMap;

/// What there is to see of a topology.
pub fn drawing(topology: &Topology) -> Drawing {
    let mut groups = Groups::default();
    let nodes = topology.nodes.iter().map(|node| draw_node(node, &mut groups)).collect();
    let networks = topology.networks.iter().map(|network| draw_network(network, &mut groups)).collect();
    Drawing {
        title: topology.title.clone().unwrap_or_else(|| topology.name.clone()),
        nodes,
        networks,
        links: topology.links.iter().map(|link| draw_link(topology, link)).collect(),
        lags: topology.lags.iter().map(|lag| draw_lag(topology, lag)).collect(),
        groups: groups.all.into_values().collect(),
    }
}

/// Frames by id, parents before their children.
#[derive(Default)]
struct Groups {
    all: IndexMap<String, Group>,
}

impl Groups {
    /// The frame of the module that a path lies in, and of the group in it.
    fn of(&mut self, path: &str, group: Option<&str>) -> Option<String> {
        let mut parent: Option<String> = None;
        let modules: Vec<&str> = path.split('/').collect();
        for name in modules.iter().take(modules.len().saturating_sub(1)) {
            let id = parent.as_ref().map_or_else(|| (*name).to_owned(), |parent| format!("{parent}/{name}"));
            parent = Some(self.enter(id, name, parent));
        }
        match group {
            // A slash and a colon stand in no path, so no module has this id.
            Some(name) => Some(self.enter(format!("{}/:{name}", parent.clone().unwrap_or_default()), name, parent)),
            None => parent,
        }
    }

    fn enter(&mut self, id: String, label: &str, parent: Option<String>) -> String {
        let group = Group { id: id.clone(), label: label.to_owned(), parent };
        self.all.entry(id.clone()).or_insert(group);
        id
    }
}

fn draw_node(node: &topology::Node, groups: &mut Groups) -> Node {
    Node {
        id: node.path.clone(),
        label: node.label.clone().unwrap_or_else(|| node.name.clone()),
        sublabel: Some(node.device.clone()),
        icon: Icon::named(&node.icon),
        tier: node.tier,
        group: groups.of(&node.path, node.group.as_deref()),
        tags: node.tags.clone(),
    }
}

fn draw_network(network: &topology::Network, groups: &mut Groups) -> Network {
    let outside = network.external || network.forward != topology::Forward::None;
    Network {
        id: network.path.clone(),
        label: network.label.clone().unwrap_or_else(|| network.name.clone()),
        subnets: network.subnets.iter().map(ToString::to_string).collect(),
        shape: if outside { Shape::Cloud } else { Shape::Bar },
        tier: None,
        group: groups.of(&network.path, None),
    }
}

fn draw_link(topology: &Topology, link: &topology::Link) -> Link {
    let label = match link.attributes.get("label") {
        Some(Value::String(label)) => Some(label.to_string()),
        _ => link.name.clone(),
    };
    Link {
        id: link.path.clone(),
        ends: [draw_end(topology, &link.ends[0]), draw_end(topology, &link.ends[1])],
        label,
        lag: link.lag.and_then(|lag| topology.lags.get(lag.index())).map(|lag| lag.path.clone()),
        down: !link.up,
    }
}

fn draw_end(topology: &Topology, end: &LinkEnd) -> End {
    match topology.interface(end) {
        Some((node, interface)) => End {
            at: node.path.clone(),
            interface: Some(interface.name.clone()),
            addresses: interface.addresses.iter().map(ToString::to_string).collect(),
            vlan: vlan_note(interface),
        },
        None => {
            let at = match end.vertex() {
                Vertex::Network(id) => topology.network(id).map(|network| network.path.clone()),
                Vertex::Node(id) => topology.node(id).map(|node| node.path.clone()),
            };
            End { at: at.unwrap_or_default(), ..End::default() }
        }
    }
}

fn vlan_note(interface: &topology::Interface) -> Option<String> {
    if !interface.trunk.is_empty() {
        let numbers: Vec<String> = interface.trunk.iter().map(ToString::to_string).collect();
        return Some(format!("trunk {}", numbers.join(", ")));
    }
    interface.vlan.map(|vlan| format!("vlan {vlan}"))
}

fn draw_lag(topology: &Topology, lag: &topology::Lag) -> Lag {
    let names: BTreeMap<&str, ()> =
        lag.ends.iter().filter_map(|end| topology.interface(end)).map(|(_, one)| (one.name.as_str(), ())).collect();
    let label = match (&lag.name, names.into_keys().collect::<Vec<_>>().join(" / ")) {
        (Some(name), _) => name.clone(),
        (None, names) => names,
    };
    Lag { id: lag.path.clone(), label }
}
