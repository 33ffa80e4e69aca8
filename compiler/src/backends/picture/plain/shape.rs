//! What there is to draw, measured in cells, with its place in the layout.

use super::super::graph;
use super::super::text::clean;
use super::super::{Drawing, Network, Node, Shape as NetworkShape};
use super::Thing;
use crate::layout::{Point, Positions, layout};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Units of the layout for a cell.
const CELL: (f64, f64) = (8.0, 16.0);
/// The most columns of a name in a box, and of the text of a bar.
const WIDEST_NAME: usize = 28;
const WIDEST_BAR: usize = 60;
/// The most columns of an interface, and from how many on its first word is shortened.
const WIDEST_INTERFACE: usize = 14;
const LONG_INTERFACE: usize = 11;

/// What there is to draw.
pub(super) struct Shape {
    /// Nodes, then networks.
    pub bodies: Vec<Body>,
    /// Links whose two ends are there.
    pub wires: Vec<Wire>,
}

/// A node or a network.
pub(super) struct Body {
    pub thing: Thing,
    pub look: Look,
    /// The texts in it, a line each.
    pub lines: Vec<String>,
    /// Its centre in the layout, in cells.
    pub centre: Point,
}

/// How a body is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Look {
    Box,
    /// A box with round corners.
    Cloud,
    /// Lines as long as what is attached to it.
    Bar,
}

/// A link.
pub(super) struct Wire {
    pub thing: Thing,
    /// Indices of its ends among the bodies.
    pub ends: [usize; 2],
    /// The interfaces at its ends; empty at a network.
    pub names: [String; 2],
    /// Addresses and VLANs at its ends.
    pub notes: [String; 2],
    /// Where the layout leads it around something, in cells.
    pub bends: Vec<Point>,
    pub down: bool,
}

impl Shape {
    /// What there is to draw, without places.
    pub fn of(drawing: &Drawing) -> Shape {
        let bodies = drawing.nodes.iter().map(node_body).chain(drawing.networks.iter().map(network_body)).collect();
        let measured = graph::measure(drawing);
        let wires = measured.graph.edges.iter().zip(&measured.links).map(|(edge, link)| Wire {
            thing: Thing::Link(link.id.clone()),
            ends: edge.ends,
            names: link.ends.each_ref().map(|end| interface(end.interface.as_deref().unwrap_or(""))),
            notes: link.ends.each_ref().map(|end| {
                let notes: Vec<String> = end.addresses.iter().chain(&end.vlan).map(|note| clean(note)).collect();
                notes.join(", ")
            }),
            bends: Vec::new(),
            down: link.down,
        });
        Shape { bodies, wires: wires.collect() }
    }

    /// Takes the places that the layout has for boxes of this size, and gives them.
    pub fn place(&mut self, drawing: &Drawing, old: Option<&Positions>) -> Positions {
        let mut graph = graph::measure(drawing).graph;
        for (node, body) in graph.nodes.iter_mut().zip(&self.bodies) {
            node.width = (columns_of(&body.lines) + 4) as f64 * CELL.0;
            node.height = (body.lines.len() + 2) as f64 * CELL.1;
            node.aim = 0.0;
        }
        for edge in &mut graph.edges {
            (edge.texts, edge.label) = ([0.0; 2], 0.0);
        }
        let positions = layout(&graph, old);
        let in_cells = |point: &Point| Point::new(point.x / CELL.0, point.y / CELL.1);
        for (node, body) in graph.nodes.iter().zip(&mut self.bodies) {
            body.centre = positions.nodes.get(&node.id).map(in_cells).unwrap_or_default();
        }
        for (edge, wire) in graph.edges.iter().zip(&mut self.wires) {
            wire.bends = positions.bends.get(&edge.id).into_iter().flatten().map(in_cells).collect();
        }
        positions
    }

    /// The centre of a body.
    pub fn centre(&self, body: usize) -> Point {
        self.bodies.get(body).map(|body| body.centre).unwrap_or_default()
    }

    /// How a body is drawn.
    pub fn look(&self, body: usize) -> Look {
        self.bodies.get(body).map_or(Look::Box, |body| body.look)
    }
}

fn node_body(node: &Node) -> Body {
    let lines = [Some(shown_name(&node.id, &node.label)), node.sublabel.clone()];
    let lines = lines.into_iter().flatten().map(|line| fit(&line, WIDEST_NAME)).collect();
    Body { thing: Thing::Node(node.id.clone()), look: Look::Box, lines, centre: Point::default() }
}

fn network_body(network: &Network) -> Body {
    let (name, subnets) = (shown_name(&network.id, &network.label), network.subnets.join(", "));
    let (look, lines) = match network.shape {
        NetworkShape::Cloud if subnets.is_empty() => (Look::Cloud, vec![fit(&name, WIDEST_NAME)]),
        NetworkShape::Cloud => (Look::Cloud, vec![fit(&name, WIDEST_NAME), fit(&subnets, WIDEST_BAR)]),
        NetworkShape::Bar => (Look::Bar, vec![fit(format!("{name}  {subnets}").trim_end(), WIDEST_BAR)]),
    };
    Body { thing: Thing::Network(network.id.clone()), look, lines, centre: Point::default() }
}

/// There are no frames here that would say in which module a node is, so its path does.
fn shown_name(path: &str, label: &str) -> String {
    if path.ends_with(&format!("/{label}")) { path.to_owned() } else { label.to_owned() }
}

/// An interface as engineers write it: `Gi0/1` for `GigabitEthernet0/1`.
fn interface(name: &str) -> String {
    let number = name.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(name.len());
    let (word, rest) = name.split_at(number);
    let short = word.get(..2).filter(|_| columns(name) >= LONG_INTERFACE && !rest.is_empty() && word.len() > 4);
    fit(&short.map_or(name.to_owned(), |short| format!("{short}{rest}")), WIDEST_INTERFACE)
}

/// The columns that a text takes in a terminal.
pub(super) fn columns(text: &str) -> usize {
    text.graphemes(true).map(|grapheme| grapheme.width().min(2)).sum()
}

/// The columns of the longest line.
pub(super) fn columns_of(lines: &[String]) -> usize {
    lines.iter().map(|line| columns(line)).max().unwrap_or(0)
}

/// Clean text of at most `limit` columns: an ellipsis stands for what was cut off.
fn fit(text: &str, limit: usize) -> String {
    let text = clean(text);
    if columns(&text) <= limit {
        return text;
    }
    let mut shortened = String::new();
    for grapheme in text.graphemes(true) {
        if columns(&shortened) + columns(grapheme) >= limit {
            break;
        }
        shortened.push_str(grapheme);
    }
    shortened.push('…');
    shortened
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_interfaces_are_shortened_as_engineers_do() {
        let shown = ["GigabitEthernet0/1", "TenGigE0/0/0/1", "Ethernet1", "xe-0/0/47", "management", ""].map(interface);
        assert_eq!(shown, ["Gi0/1", "Te0/0/0/1", "Ethernet1", "xe-0/0/47", "management", ""]);
        assert_eq!(interface("port in the cellar"), "port in the c…");
    }

    #[test]
    fn what_is_cut_off_keeps_whole_characters() {
        assert_eq!(fit("日本語", 5), "日本…");
        assert_eq!(fit("日本語", 6), "日本語");
    }
}
