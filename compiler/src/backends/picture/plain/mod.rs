//! A drawing in plain characters, for terminals and editors: boxes, bars and wires on a grid of cells.
//!
//! The places come from [`crate::layout`], as in every picture of ours: what stands at one height there is a row here, in
//! the same order. Wires run between the rows: from a box down to a track of its own, along it, and down to the other box,
//! so that two wires cross but never share a cell. What finds no room in the width is drawn with less: first the rows are
//! folded, then interfaces are listed below the drawing, and at last there is only the list.
//!
//! **Invariant: every link is in the text**, as a wire or as a line of the list.

mod canvas;
mod listing;
mod paint;
mod rows;
mod shape;
#[cfg(test)]
mod tests;
mod wires;

use super::Drawing;
use crate::layout::Positions;
use rows::{Plan, Style};
use shape::Shape;
use std::ops::Range;

/// The most boxes, wires and lines that a reader still follows; what has more is only listed.
const MOST_BODIES: usize = 80;
const MOST_WIRES: usize = 160;
const MOST_LINES: usize = 160;

/// A drawing in characters, and what each of them shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    /// The lines from the top, without blanks at their ends.
    pub lines: Vec<String>,
    /// What is where, by line and column. No two overlap.
    pub places: Vec<Place>,
    /// Where everything stands in the layout, to be given back; empty for a list.
    pub positions: Positions,
}

/// Neighbouring characters of a line that show one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Number of the line, from 0.
    pub line: usize,
    /// Characters of the line, from 0.
    pub columns: Range<usize>,
    /// What it shows.
    pub thing: Thing,
}

/// Something that is drawn: its kind and its path in the topology.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// A device.
    Node(String),
    /// A multi-access segment.
    Network(String),
    /// A wire.
    Link(String),
}

impl Thing {
    /// The word for its kind: `node`, `network` or `link`.
    pub fn kind(&self) -> &'static str {
        match self {
            Thing::Node(_) => "node",
            Thing::Network(_) => "network",
            Thing::Link(_) => "link",
        }
    }

    /// Its path in the topology.
    pub fn path(&self) -> &str {
        let (Thing::Node(path) | Thing::Network(path) | Thing::Link(path)) = self;
        path
    }
}

impl Text {
    /// All of it, for a file.
    pub fn document(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }
}

/// Draws in at most `width` columns of a terminal, or lists where that is not enough. A list may be wider if names are
/// long: it leaves out nothing. With `old` positions, of an earlier text, what has one keeps its place beside the others.
pub fn text(drawing: &Drawing, width: usize, old: Option<&Positions>) -> Text {
    if drawing.nodes.len() + drawing.networks.len() > MOST_BODIES || drawing.links.len() > MOST_WIRES {
        return listing::whole(&Shape::of(drawing), width);
    }
    let mut shape = Shape::of(drawing);
    let positions = shape.place(drawing, old);
    let drawn = Style::all(width).find_map(|style| {
        let mut plan = Plan::new(&shape, style);
        let routes = wires::route(&mut plan);
        let text = paint::paint(&plan, &routes);
        let fits = plan.width() <= width && text.lines.len() <= MOST_LINES;
        fits.then_some((text, style))
    });
    let text = match drawn {
        Some((text, style)) if style.names => text,
        Some((text, _)) => listing::below(text, &shape, width),
        None => listing::whole(&shape, width),
    };
    Text { positions, ..text }
}
