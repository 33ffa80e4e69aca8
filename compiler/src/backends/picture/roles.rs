//! Tiers that follow from what engineers call things, where the author gave none.

use super::{Drawing, Icon, Node};

/// Words for a place in the hierarchy, from the top; those on one line mean the same layer.
const ROLES: [&[&str]; 4] = [
    &["superspine", "super-spine"],
    &["core", "spine", "backbone"],
    &["dist", "distribution", "agg", "aggr", "aggregation"],
    &["leaf", "access", "acc", "tor"],
];

/// The tier of each node, then of each network: what the author gave; if there is none in the whole drawing, what tags
/// and names say, if they place most of the devices and tell layers apart. Hosts hang below what they are joined to.
pub(super) fn tiers(drawing: &Drawing) -> (Vec<Option<i64>>, Vec<Option<i64>>) {
    let networks: Vec<Option<i64>> = drawing.networks.iter().map(|network| network.tier).collect();
    let given: Vec<Option<i64>> = drawing.nodes.iter().map(|node| node.tier).collect();
    if given.iter().chain(&networks).any(Option::is_some) {
        return (given, networks);
    }
    let is_device = |node: &Node| !node.icon.is_endpoint() && node.icon != Icon::Cloud;
    let derived: Vec<Option<i64>> =
        drawing.nodes.iter().map(|node| if is_device(node) { role(node) } else { None }).collect();
    let devices = drawing.nodes.iter().filter(|node| is_device(node)).count();
    let mut layers: Vec<i64> = derived.iter().copied().flatten().collect();
    let most_have_one = layers.len() * 4 >= devices * 3;
    layers.sort_unstable();
    layers.dedup();
    if layers.len() >= 2 && most_have_one { (derived, networks) } else { (given, networks) }
}

/// What a node's tags, or else its name without number, say about its layer.
fn role(node: &Node) -> Option<i64> {
    let name = node.id.rsplit('/').next().unwrap_or_default();
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-' || c == '_');
    let words = node.tags.iter().map(String::as_str).chain([stem]);
    let layer = |word: &str| ROLES.iter().position(|role| role.iter().any(|known| known.eq_ignore_ascii_case(word)));
    words.into_iter().find_map(layer).and_then(|layer| i64::try_from(layer).ok())
}
