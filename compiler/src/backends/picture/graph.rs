//! From a drawing to the graph that is laid out: how large everything is.

use super::icons::ICON;
use super::text::{fit, width};
use super::{Drawing, End, Icon, Link, Network, Node, Shape, roles};
use crate::layout::{self, Edge, Graph, Group, Kind};
use std::collections::BTreeMap;

/// Font sizes in units.
pub(super) const NAME: f64 = 12.0;
pub(super) const DEVICE: f64 = 10.0;
pub(super) const BAR: f64 = 11.0;
pub(super) const LABEL: f64 = 9.0;

/// Distance of the box from what is in it, and of a name from its icon.
pub(super) const PADDING: f64 = 3.0;
/// Heights of the lines below an icon.
pub(super) const NAME_LINE: f64 = 15.0;
pub(super) const DEVICE_LINE: f64 = 12.0;
/// Height of a bar.
pub(super) const BAR_HEIGHT: f64 = 22.0;
/// The widest name of a node, text on a bar, title of a frame, and text at the end of a link.
const WIDEST: [f64; 4] = [130.0, 300.0, 260.0, 150.0];
/// The room that a tie around the members of a bundle takes along them.
const TIE_LENGTH: f64 = 30.0;
/// The most lines about the links of one node.
const MOST_FACTS: usize = 40;
/// The most addresses shown at one end.
const MOST_ADDRESSES: usize = 3;

/// A node or network, with its texts as they are shown.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Body {
    /// The whole name, for readers that listen.
    pub full: String,
    /// What else is known, a line each, for readers that hover: where its links lead.
    pub facts: Vec<String>,
    pub name: String,
    pub device: Option<String>,
    pub look: Look,
}

/// How a body is drawn.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Look {
    Icon(Icon),
    Bar,
}

/// A drawing, measured.
pub(super) struct Measured<'a> {
    pub graph: Graph,
    /// One for each node of the graph: first the nodes, then the networks.
    pub bodies: Vec<Body>,
    /// One for each edge of the graph.
    pub links: Vec<&'a Link>,
    /// Titles of the groups, as shown.
    pub titles: Vec<String>,
}

/// Measures `drawing`.
pub(super) fn measure(drawing: &Drawing) -> Measured<'_> {
    let [.., widest_title, _] = WIDEST;
    let mut graph = Graph::default();
    let mut titles = Vec::new();
    let mut group_index: BTreeMap<&str, usize> = BTreeMap::new();
    for group in &drawing.groups {
        let title = fit(&group.label, NAME, widest_title);
        let parent = group.parent.as_deref().and_then(|parent| group_index.get(parent).copied());
        group_index.entry(&group.id).or_insert(graph.groups.len());
        graph.groups.push(Group { id: group.id.clone(), parent, title: width(&title, NAME * 1.08) });
        titles.push(title);
    }
    let find_group = |id: &Option<String>| id.as_deref().and_then(|id| group_index.get(id).copied());
    let (node_tiers, network_tiers) = roles::tiers(drawing);
    let mut bodies = Vec::new();
    let mut add = |id: &str, body: Body, tier, group, kind| {
        let (width, height, aim) = size(&body);
        graph.nodes.push(layout::Node { id: id.to_string(), width, height, aim, kind, tier, group });
        bodies.push(body);
    };
    for (node, tier) in drawing.nodes.iter().zip(node_tiers) {
        let (body, kind) = node_body(node);
        add(&node.id, body, tier, find_group(&node.group), kind);
    }
    for (network, tier) in drawing.networks.iter().zip(network_tiers) {
        let (body, kind) = network_body(network);
        add(&network.id, body, tier, find_group(&network.group), kind);
    }
    let mut measured = Measured { graph, bodies, links: Vec::new(), titles };
    measured.add_links(drawing);
    measured
}

fn node_body(node: &Node) -> (Body, Kind) {
    let [widest_name, ..] = WIDEST;
    let kind = match node.icon {
        icon if icon.is_endpoint() => Kind::Host,
        Icon::Cloud => Kind::Outside,
        _ => Kind::Device,
    };
    let full = [Some(node.label.as_str()), node.sublabel.as_deref()].into_iter().flatten().collect::<Vec<_>>();
    let body = Body {
        full: full.join(", "),
        facts: Vec::new(),
        name: fit(&node.label, NAME, widest_name),
        device: node.sublabel.as_deref().map(|text| fit(text, DEVICE, widest_name)),
        look: Look::Icon(node.icon),
    };
    (body, kind)
}

fn network_body(network: &Network) -> (Body, Kind) {
    let [widest_name, widest_bar, ..] = WIDEST;
    let subnets = network.subnets.join(", ");
    let full = if subnets.is_empty() { network.label.clone() } else { format!("{}, {subnets}", network.label) };
    match network.shape {
        Shape::Cloud => {
            let device = (!subnets.is_empty()).then(|| fit(&subnets, DEVICE, widest_name));
            let name = fit(&network.label, NAME, widest_name);
            (Body { full, facts: Vec::new(), name, device, look: Look::Icon(Icon::Cloud) }, Kind::Outside)
        }
        Shape::Bar => {
            let name = fit(&full.replacen(", ", "  ", 1), BAR, widest_bar);
            (Body { full, facts: Vec::new(), name, device: None, look: Look::Bar }, Kind::Segment)
        }
    }
}

impl<'a> Measured<'a> {
    /// Adds the links whose two ends are there.
    fn add_links(&mut self, drawing: &'a Drawing) {
        let mut node_index: BTreeMap<String, usize> = BTreeMap::new();
        for (index, node) in self.graph.nodes.iter().enumerate() {
            node_index.entry(node.id.clone()).or_insert(index);
        }
        for link in &drawing.links {
            let [a, b] = &link.ends;
            let (Some(from), Some(to)) = (node_index.get(&a.at), node_index.get(&b.at)) else { continue };
            let label = link.label.as_ref().map_or(0.0, |label| width(&middle_text(label), LABEL));
            let label = label.max(if link.lag.is_some() { TIE_LENGTH } else { 0.0 });
            let texts = link.ends.each_ref().map(end_width);
            self.graph.edges.push(Edge { id: link.id.clone(), ends: [*from, *to], texts, label });
            self.links.push(link);
            for (own, end, other) in [(*from, a, b), (*to, b, a)] {
                if let Some(body) = self.bodies.get_mut(own) {
                    body.facts.push(fact(end, other));
                }
            }
        }
        self.bodies.iter_mut().for_each(|body| shorten(&mut body.facts));
    }
}

/// Where a link leads from one of its ends: `eth1 10.0.0.1/30 to r2:eth4`; from a network, what is attached.
fn fact(own: &End, other: &End) -> String {
    let words = |end: &End| -> Vec<String> { end.addresses.iter().chain(&end.vlan).cloned().collect() };
    let there = other.interface.as_ref().map_or(other.at.clone(), |interface| format!("{}:{interface}", other.at));
    match &own.interface {
        Some(interface) => format!("{} to {there}", [vec![interface.clone()], words(own)].concat().join(" ")),
        None => [vec![there], words(other)].concat().join(" "),
    }
}

fn shorten(facts: &mut Vec<String>) {
    let more = facts.len().saturating_sub(MOST_FACTS);
    if more > 1 {
        facts.truncate(MOST_FACTS);
        facts.push(format!("… and {more} more"));
    }
}

/// Width, height and where lines aim at, below the centre.
fn size(body: &Body) -> (f64, f64, f64) {
    let name = width(&body.name, if body.look == Look::Bar { BAR } else { NAME * 1.08 });
    if body.look == Look::Bar {
        return ((name + 24.0).max(90.0), BAR_HEIGHT, 0.0);
    }
    let device = body.device.as_ref().map_or(0.0, |device| width(device, DEVICE));
    let lines = NAME_LINE + if body.device.is_some() { DEVICE_LINE } else { 0.0 };
    let height = ICON + lines + 3.0 * PADDING;
    (name.max(device).max(ICON) + 2.0 * PADDING, height, PADDING + ICON / 2.0 - height / 2.0)
}

/// The texts at the end of a link, a line each: interface, addresses, VLANs.
pub(super) fn end_lines(end: &End) -> Vec<String> {
    let [_, _, _, widest] = WIDEST;
    let mut addresses: Vec<&str> = end.addresses.iter().map(String::as_str).take(MOST_ADDRESSES).collect();
    if end.addresses.len() > MOST_ADDRESSES {
        addresses.push("…");
    }
    let texts = end.interface.as_deref().into_iter().chain(addresses).chain(end.vlan.as_deref());
    texts.map(|text| fit(text, LABEL, widest)).filter(|text| !text.is_empty()).collect()
}

/// The width of the texts at an end.
fn end_width(end: &End) -> f64 {
    end_lines(end).iter().map(|line| width(line, LABEL)).fold(0.0, f64::max)
}

/// The label of a link, as shown at its middle.
pub(super) fn middle_text(label: &str) -> String {
    let [_, _, _, widest] = WIDEST;
    fit(label, LABEL, widest)
}
