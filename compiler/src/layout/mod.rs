//! Where things stand in a picture: one engine for `wtop graph`, the preview and the docs.
//!
//! [`layout`] takes boxes, the edges between them and the groups around them, and gives a centre for every box. It draws
//! what an engineer would draw: tiers from top to bottom where tiers are given or follow from the structure, rings and
//! full meshes as circles, chains in a row. A group is laid out by itself first and stands in its parent as one box, so
//! that its frame holds its members and nothing else. [`outline()`] derives the final boxes and frames from positions.
//!
//! **Invariant: the same graph gives the same positions everywhere.** Only `+ - * /` and square roots are used, which
//! IEEE 754 fixes to the bit; centres are rounded to whole units.

mod balance;
mod circle;
mod component;
mod containers;
mod crossings;
mod fold;
mod geometry;
mod lan;
mod layered;
mod outline;
mod rank;
mod route;
mod row;
mod spring;
mod stable;
mod table;
mod tangle;

#[cfg(test)]
mod tests;

pub use geometry::{Grid, Point, Rect};
pub use outline::{Outline, attach, outline};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is to be laid out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    /// Boxes.
    pub nodes: Vec<Node>,
    /// Lines between boxes.
    pub edges: Vec<Edge>,
    /// Frames around boxes. A parent stands before its children; any other parent counts as none.
    pub groups: Vec<Group>,
}

/// A box.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Unique name; the key in [`Positions`].
    pub id: String,
    /// Width in units (pixels at scale 1).
    pub width: f64,
    /// Height in units.
    pub height: f64,
    /// How far below the centre of the box its edges aim; negative is above.
    pub aim: f64,
    /// What it is.
    pub kind: Kind,
    /// Layer, from the lowest number at the top; without one it follows from the edges.
    pub tier: Option<i64>,
    /// Index of its innermost group.
    pub group: Option<usize>,
}

/// What a box is, as far as its place depends on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Kind {
    /// A device in the network.
    #[default]
    Device,
    /// A device at its edge: a host or server. Stands at the bottom.
    Host,
    /// What is outside the lab: the internet. Stands at the top.
    Outside,
    /// A multi-access segment: a bar that grows over what is attached to it.
    Segment,
}

/// A line between two boxes.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// Unique name; the key in [`Positions`].
    pub id: String,
    /// Indices of its ends in [`Graph::nodes`]. An edge with an end that is not there is ignored.
    pub ends: [usize; 2],
    /// Width in units of the text at each end; 0 for none.
    pub texts: [f64; 2],
    /// Width of the text at its middle; 0 for none.
    pub label: f64,
}

/// A frame around boxes and other frames.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Unique name.
    pub id: String,
    /// Index of the group around it.
    pub parent: Option<usize>,
    /// Width of its title in units.
    pub title: f64,
}

/// Where everything stands: what to keep for the next time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Positions {
    /// The centre of each box, by id.
    pub nodes: BTreeMap<String, Point>,
    /// Where an edge bends on its way from its first to its second end, by id; straight edges are absent.
    #[serde(default)]
    pub bends: BTreeMap<String, Vec<Point>>,
}

/// Places every node of `graph`.
///
/// With `old` positions, what has one keeps it, and only what is new is placed, near its neighbours. If there is no room
/// for it without a frame swallowing a stranger, everything is placed afresh.
pub fn layout(graph: &Graph, old: Option<&Positions>) -> Positions {
    let kept = old.and_then(|old| stable::extend(graph, old));
    let mut positions = kept.unwrap_or_else(|| containers::place(graph));
    positions.bends = route::around(graph, &positions);
    positions
}
