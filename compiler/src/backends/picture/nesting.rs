//! A drawing as an indented list, for languages that nest their groups.

use super::{Drawing, End, Link, graph};
use crate::layout::layout;
use std::collections::BTreeMap;

/// What differs less in height stands side by side.
const SAME_HEIGHT: f64 = 20.0;

/// A step through the list; indices are those of the drawing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    Open(usize),
    Node(usize),
    Network(usize),
    Close,
}

/// All groups with what they hold, then what is in none; each with its depth.
pub(super) fn steps(drawing: &Drawing) -> Vec<(usize, Step)> {
    let mut index: BTreeMap<&str, usize> = BTreeMap::new();
    let mut content: Vec<Vec<Step>> = vec![Vec::new(); drawing.groups.len() + 1];
    let outermost = drawing.groups.len();
    let mut put = |home: Option<usize>, step: Step| {
        if let Some(steps) = content.get_mut(home.unwrap_or(outermost)) {
            steps.push(step);
        }
    };
    for (number, group) in drawing.groups.iter().enumerate() {
        // Parents stand before their children, so a circle cannot come about.
        put(group.parent.as_deref().and_then(|parent| index.get(parent).copied()), Step::Open(number));
        index.entry(&group.id).or_insert(number);
    }
    let home = |group: &Option<String>| group.as_deref().and_then(|group| index.get(group).copied());
    drawing.nodes.iter().enumerate().for_each(|(number, node)| put(home(&node.group), Step::Node(number)));
    drawing.networks.iter().enumerate().for_each(|(number, network)| put(home(&network.group), Step::Network(number)));

    let mut steps = Vec::new();
    let mut stack: Vec<(usize, Step)> =
        content.get(outermost).into_iter().flatten().rev().map(|step| (0, *step)).collect();
    while let Some((depth, step)) = stack.pop() {
        steps.push((depth, step));
        if let Step::Open(group) = step {
            stack.push((depth, Step::Close));
            stack.extend(content.get(group).into_iter().flatten().rev().map(|inner| (depth + 1, *inner)));
        }
    }
    steps
}

/// A link whose ends are both there, from top to bottom.
pub(super) struct Downward<'a> {
    pub link: &'a Link,
    /// The upper and the lower end.
    pub ends: [&'a End; 2],
    /// Their numbers: nodes, then networks.
    pub numbers: [usize; 2],
}

/// The links in the direction in which our own picture has them from top to bottom, as Graphviz and Mermaid put the first
/// end above the second.
pub(super) fn links(drawing: &Drawing) -> Vec<Downward<'_>> {
    let measured = graph::measure(drawing);
    let positions = layout(&measured.graph, None);
    let y = |number: usize| {
        let id = measured.graph.nodes.get(number).map(|node| &node.id);
        id.and_then(|id| positions.nodes.get(id)).map_or(0.0, |place| place.y)
    };
    let edges = measured.graph.edges.iter().zip(&measured.links);
    edges
        .map(|(edge, link)| {
            let ([a, b], [first, second]) = (edge.ends, &link.ends);
            let upside_down = y(b) < y(a) - SAME_HEIGHT;
            let (numbers, ends) = if upside_down { ([b, a], [second, first]) } else { ([a, b], [first, second]) };
            Downward { link, ends, numbers }
        })
        .collect()
}
