//! Who reaches whom, and how far apart things are.

use super::{GraphFunction, Leave, Outcome, Wiring, at_or, count, cuts, foreign};
use crate::topology::Vertex;
use crate::value::Value;
use crate::value::functions::Function;

/// More searches than this the diameter does not take; then it is a lower bound.
const MOST_SEARCHES: usize = 2_000;

/// How far apart what has no path is: further than anything it is compared with.
const NO_PATH: Value = Value::Int(i64::MAX);

pub(super) const TABLE: &[Function<GraphFunction>] = &[
    Function {
        name: "reachable",
        signature: "reachable(from: node | network, to: node | network) -> bool",
        doc: "Is there a path over links that are up, through networks and nodes that pass traffic on (all but hosts \
              and servers)?",
        examples: &[("reachable(h1, h3)", "true")],
        body: reachable,
    },
    Function {
        name: "path",
        signature: "path(from: node | network, to: node | network) -> [any]",
        doc: "The nodes and networks of a shortest path, both ends included; empty where there is none.",
        examples: &[("len(path(h1, h2))", "5")],
        body: path,
    },
    Function {
        name: "hops",
        signature: "hops(from: node | network, to: node | network) -> int",
        doc: "How many links a shortest path has; where there is none, the largest number there is.",
        examples: &[("hops(h1, h2)", "4")],
        body: hops,
    },
    Function {
        name: "degree",
        signature: "degree(of: node | network) -> int",
        doc: "How many links end there and are up.",
        examples: &[("degree(s1)", "2")],
        body: degree,
    },
    Function {
        name: "connected",
        signature: "connected() -> bool",
        doc: "Does everything reach everything?",
        examples: &[("connected()", "false")],
        body: connected,
    },
    Function {
        name: "components",
        signature: "components() -> [any]",
        doc: "The parts of the topology that no link joins, each the list of its nodes and networks.",
        examples: &[("len(components())", "2")],
        body: components,
    },
    Function {
        name: "diameter",
        signature: "diameter() -> int",
        doc: "The links between the two nodes that are farthest apart; where something is not connected, the largest \
              number there is. Exact, but in a graph of many equally distant nodes, where it stops after 2,000 \
              searches, it may be too low.",
        examples: &[("diameter()", "9223372036854775807")],
        body: diameter,
    },
];

fn reachable(wiring: &Wiring, arguments: &[Value]) -> Outcome {
    let Some((from, to)) = wiring.two(arguments) else { return foreign() };
    let (path, explanation) = route(wiring, from, to);
    Outcome { value: Value::Bool(path.is_some()), explanation: explanation.0, path: explanation.1 }
}

fn path(wiring: &Wiring, arguments: &[Value]) -> Outcome {
    let Some((from, to)) = wiring.two(arguments) else { return foreign() };
    let (path, explanation) = route(wiring, from, to);
    let values = path.unwrap_or_default().into_iter().map(|at| wiring.value(at)).collect();
    Outcome { value: Value::list(values), explanation: explanation.0, path: explanation.1 }
}

fn hops(wiring: &Wiring, arguments: &[Value]) -> Outcome {
    let Some((from, to)) = wiring.two(arguments) else { return foreign() };
    let (path, explanation) = route(wiring, from, to);
    let value = path.map_or(NO_PATH, |path| count(path.len().saturating_sub(1)));
    Outcome { value, explanation: explanation.0, path: explanation.1 }
}

type Explanation = (String, Vec<Vertex>);

/// A shortest path, and words with what they point at: the path, or why there is none.
fn route(wiring: &Wiring, from: usize, to: usize) -> (Option<Vec<usize>>, Explanation) {
    if let Some(path) = wiring.search(from, Leave::default()).path(to) {
        let explanation = (wiring.route(&path), wiring.vertices(&path));
        return (Some(path), explanation);
    }
    (None, why_not(wiring, from, to))
}

/// Why there is no path: hosts in the way, a link that is down, or nothing that joins them.
fn why_not(wiring: &Wiring, from: usize, to: usize) -> Explanation {
    let (a, b) = (wiring.name(from), wiring.name(to));
    let through_hosts = Leave { through_hosts: true, ..Leave::default() };
    if let Some(path) = wiring.search(from, through_hosts).path(to) {
        let inner = path.iter().copied().filter(|at| *at != from && *at != to && !wiring.is_transit(*at));
        let hosts: Vec<usize> = inner.collect();
        let verb = if hosts.len() == 1 { "is a host and passes" } else { "are hosts and pass" };
        let text =
            format!("{} would join {a} and {b}, but {} {verb} nothing on", wiring.route(&path), wiring.names(&hosts));
        return (text, wiring.vertices(&path));
    }
    let with_down = Leave { through_hosts: false, over_links_that_are_down: true, without_vertex: None };
    if let Some(path) = wiring.search(from, with_down).path(to) {
        let text = format!("{} would join {a} and {b}, but it has a link that is down", wiring.route(&path));
        return (text, wiring.vertices(&path));
    }
    let search = wiring.search(from, Leave::default());
    let others: Vec<usize> = search.order.iter().copied().filter(|at| *at != from).collect();
    let text = if others.is_empty() {
        format!("nothing joins {a} and {b}: {a} has no link that is up")
    } else {
        format!("nothing joins {a} and {b}: {a} reaches {}", wiring.names(&others))
    };
    (text, wiring.vertices(&[from, to]))
}

fn degree(wiring: &Wiring, arguments: &[Value]) -> Outcome {
    let Some(at) = arguments.first().and_then(|value| wiring.number(value)) else { return foreign() };
    let neighbours: Vec<usize> = wiring.hops(at).map(|hop| hop.to).collect();
    let explanation = match neighbours.as_slice() {
        [] => format!("{} has no link that is up", wiring.name(at)),
        _ => format!("{} is linked to {}", wiring.name(at), wiring.names(&neighbours)),
    };
    Outcome { value: count(neighbours.len()), explanation, path: wiring.vertices(&[at]) }
}

fn connected(wiring: &Wiring, _: &[Value]) -> Outcome {
    match apart(wiring) {
        None => Outcome {
            value: Value::Bool(true),
            explanation: "everything reaches everything".to_owned(),
            path: Vec::new(),
        },
        Some((a, b)) => {
            let (explanation, path) = why_not(wiring, a, b);
            Outcome { value: Value::Bool(false), explanation, path }
        }
    }
}

/// Two vertices without a path between them. Where something passes traffic on, all is connected if that reaches
/// everything and everything reaches it; where nothing does, only what is linked directly is.
fn apart(wiring: &Wiring) -> Option<(usize, usize)> {
    let all = 0..wiring.vertices.len();
    let Some(root) = all.clone().find(|at| wiring.is_transit(*at)) else {
        return all.clone().find_map(|a| {
            let search = wiring.search(a, Leave::default());
            all.clone().find(|b| !search.reaches(*b)).map(|b| (a, b))
        });
    };
    let search = wiring.search(root, Leave::default());
    all.clone().find(|at| !search.reaches(*at)).map(|at| (root, at))
}

fn components(wiring: &Wiring, _: &[Value]) -> Outcome {
    let mut seen = vec![false; wiring.vertices.len()];
    let mut parts: Vec<Vec<usize>> = Vec::new();
    for start in 0..wiring.vertices.len() {
        if !at_or(&seen, start, true) {
            parts.push(cuts::flood(wiring, start, &mut seen));
        }
    }
    let explanation = match parts.as_slice() {
        [] => "there is nothing".to_owned(),
        [_] => "all is in one part".to_owned(),
        [first, second, ..] => {
            format!("{} parts, such as {}, and {}", parts.len(), wiring.names(first), wiring.names(second))
        }
    };
    let path = parts.iter().filter_map(|part| wiring.vertex(*part.first()?)).collect();
    let values = |part: &Vec<usize>| Value::list(part.iter().map(|at| wiring.value(*at)).collect());
    Outcome { value: Value::list(parts.iter().map(values).collect()), explanation, path }
}

/// The two-sweep lower bound, then the fringe from the outside in until no pair further in can be farther apart
/// (iFUB, Crescenzi et al. 2013). Paths may be joined in the middle vertex, as it passes traffic on.
fn diameter(wiring: &Wiring, _: &[Value]) -> Outcome {
    if let Some((a, b)) = apart(wiring) {
        let (explanation, path) = why_not(wiring, a, b);
        return Outcome { value: NO_PATH, explanation, path };
    }
    let nodes: Vec<usize> = (0..wiring.vertices.len()).filter(|at| wiring.is_node(*at)).collect();
    let Some(start) = nodes.first().copied() else {
        return Outcome { value: Value::Int(0), explanation: "there are no nodes".to_owned(), path: Vec::new() };
    };
    let mut longest = farthest(wiring, start);
    longest = longer(farthest(wiring, at_or(&longest, longest.len().saturating_sub(1), start)), longest);
    let middle = longest.iter().copied().skip(longest.len() / 2).find(|at| wiring.is_transit(*at));
    let mut exact = true;
    if let Some(middle) = middle.or_else(|| (0..wiring.vertices.len()).find(|at| wiring.is_transit(*at))) {
        let search = wiring.search(middle, Leave::default());
        let outside_in = search.order.iter().rev().filter(|at| wiring.is_node(**at));
        for (searches, at) in outside_in.enumerate() {
            // All that is left lies within `depth` of the middle, so no two are farther apart than twice that.
            let depth = at_or(&search.distance, *at, None).unwrap_or(0) as usize;
            if longest.len() > 2 * depth {
                break;
            }
            if searches >= MOST_SEARCHES {
                exact = false;
                break;
            }
            longest = longer(farthest(wiring, *at), longest);
        }
    }
    let least = if exact { "" } else { "at least: " };
    let explanation = format!("{least}{}", wiring.route(&longest));
    Outcome { value: count(longest.len().saturating_sub(1)), explanation, path: wiring.vertices(&longest) }
}

/// The path to the node that is farthest away.
fn farthest(wiring: &Wiring, from: usize) -> Vec<usize> {
    let search = wiring.search(from, Leave::default());
    let last = search.order.iter().rev().copied().find(|at| wiring.is_node(*at));
    last.and_then(|last| search.path(last)).unwrap_or_default()
}

fn longer(a: Vec<usize>, b: Vec<usize>) -> Vec<usize> {
    if a.len() > b.len() { a } else { b }
}
