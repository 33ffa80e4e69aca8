//! A drawing as an indented list, for languages that nest their groups.

use super::{Drawing, Link, roles};
use std::collections::BTreeMap;

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

/// The links whose ends are both there, with the numbers of their ends, nodes before networks; and whether the second
/// end stands in a higher layer and should be named first.
pub(super) fn links(drawing: &Drawing) -> Vec<(&Link, [usize; 2], bool)> {
    let (nodes, networks) = roles::tiers(drawing);
    let tiers: Vec<Option<i64>> = nodes.into_iter().chain(networks).collect();
    let ids = drawing.nodes.iter().map(|node| &node.id).chain(drawing.networks.iter().map(|network| &network.id));
    let mut index: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, id) in ids.enumerate() {
        index.entry(id).or_insert(number);
    }
    let mut links = Vec::new();
    for link in &drawing.links {
        let [a, b] = &link.ends;
        if let (Some(a), Some(b)) = (index.get(a.at.as_str()), index.get(b.at.as_str())) {
            let tier = |end: &usize| tiers.get(*end).copied().flatten();
            let upside_down = tier(a).zip(tier(b)).is_some_and(|(a, b)| b < a);
            links.push((link, [*a, *b], upside_down));
        }
    }
    links
}
