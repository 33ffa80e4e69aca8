//! What may fail: single nodes and links whose loss cuts others apart.
//!
//! Two vertices belong together as long as a path joins them; the loss of a third one **breaks** something if two
//! others that had a path have none. One walk over everything that passes traffic on finds all of these at once
//! (Tarjan's articulation points and bridges); hosts are looked at by where they are linked.

use super::{GraphFunction, Leave, Outcome, Wiring, at_or, foreign, put};
use crate::topology::Vertex;
use crate::value::Value;
use crate::value::functions::Function;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const TABLE: &[Function<GraphFunction>] = &[
    Function {
        name: "survives_any_node",
        signature: "survives_any_node(nodes: [node]) -> bool",
        doc: "May any one of these nodes fail, so that all others still reach whom they reached before?",
        examples: &[("survives_any_node([s1, s2])", "true")],
        body: survives_any_node,
    },
    Function {
        name: "survives_any_link",
        signature: "survives_any_link(links: [link]) -> bool",
        doc: "May any one of these links fail, so that all still reach whom they reached before?",
        examples: &[("survives_any_link([])", "true")],
        body: survives_any_link,
    },
    Function {
        name: "articulation_points",
        signature: "articulation_points() -> [any]",
        doc: "The nodes and networks of which each alone, if it fails, cuts others apart.",
        examples: &[("len(articulation_points())", "4")],
        body: articulation_points,
    },
    Function {
        name: "bridges",
        signature: "bridges() -> [link]",
        doc: "The links of which each alone, if it fails, cuts something off.",
        examples: &[("len(bridges())", "5")],
        body: bridges,
    },
];

fn survives_any_node(wiring: &Wiring, arguments: &[Value]) -> Outcome {
    let [Value::List(nodes)] = arguments else { return foreign() };
    let weak = Weak::find(wiring);
    let nodes: BTreeSet<usize> = nodes.iter().filter_map(|node| wiring.number(node)).collect();
    let breaking: Vec<usize> = nodes.iter().copied().filter(|node| at_or(&weak.vertices, *node, false)).collect();
    let explanation = match breaking.as_slice() {
        [] => "any one of them may fail".to_owned(),
        [first, rest @ ..] => {
            let others = if rest.is_empty() { String::new() } else { format!("; so with {}", wiring.names(rest)) };
            format!("{}{others}", without(wiring, *first))
        }
    };
    Outcome { value: Value::Bool(breaking.is_empty()), explanation, path: wiring.vertices(&breaking) }
}

/// Who is cut from whom without this vertex.
fn without(wiring: &Wiring, vertex: usize) -> String {
    let mut around: Vec<usize> = wiring.hops(vertex).map(|hop| hop.to).filter(|at| *at != vertex).collect();
    around.sort_by_key(|at| (!wiring.is_transit(*at), *at));
    around.dedup();
    let leave = Leave { without_vertex: Some(vertex), ..Leave::default() };
    let cut = around.iter().find_map(|from| {
        let search = wiring.search(*from, leave);
        around.iter().find(|to| !search.reaches(**to)).map(|to| (*from, *to))
    });
    match cut {
        Some((a, b)) => {
            format!("without {}, {} no longer reaches {}", wiring.name(vertex), wiring.name(b), wiring.name(a))
        }
        None => format!("without {}, others are cut apart", wiring.name(vertex)),
    }
}

fn survives_any_link(wiring: &Wiring, arguments: &[Value]) -> Outcome {
    let [Value::List(links)] = arguments else { return foreign() };
    let weak = Weak::find(wiring);
    let wanted: BTreeSet<u32> =
        links.iter().filter_map(|link| if let Value::Link(link) = link { Some(link.0) } else { None }).collect();
    let breaking = weak.edges(wiring).filter(|edge| wanted.contains(&edge.link.0)).collect::<Vec<_>>();
    let explanation = match breaking.as_slice() {
        [] => "any one of them may fail".to_owned(),
        [first, rest @ ..] => {
            let [a, b] = first.ends.map(|end| wiring.name(end));
            let others = if rest.is_empty() { String::new() } else { format!("; so with {} more", rest.len()) };
            format!("without the link {a} - {b}, {a} no longer reaches {b}{others}")
        }
    };
    let path = breaking.first().map(|edge| wiring.vertices(&edge.ends)).unwrap_or_default();
    Outcome { value: Value::Bool(breaking.is_empty()), explanation, path }
}

fn articulation_points(wiring: &Wiring, _: &[Value]) -> Outcome {
    let weak = Weak::find(wiring);
    let points: Vec<usize> = (0..wiring.vertices.len()).filter(|at| at_or(&weak.vertices, *at, false)).collect();
    let explanation = match points.as_slice() {
        [] => "no single node or network cuts others apart".to_owned(),
        [first, ..] => format!("{}: {}", wiring.names(&points), without(wiring, *first)),
    };
    let values = points.iter().map(|at| wiring.value(*at)).collect();
    Outcome { value: Value::list(values), explanation, path: wiring.vertices(&points) }
}

fn bridges(wiring: &Wiring, _: &[Value]) -> Outcome {
    let weak = Weak::find(wiring);
    let links: Vec<Value> = weak.edges(wiring).map(|edge| Value::Link(edge.link)).collect();
    let path: Vec<Vertex> = weak.edges(wiring).flat_map(|edge| wiring.vertices(&edge.ends)).collect();
    let explanation = match weak.edges(wiring).next() {
        None => "no single link cuts anything off".to_owned(),
        Some(edge) => {
            let [a, b] = edge.ends.map(|end| wiring.name(end));
            format!("{} links have no other way around, such as {a} - {b}", links.len())
        }
    };
    Outcome { value: Value::list(links), explanation, path }
}

/// Everything that a vertex is joined with by links that are up, hosts or not; marks it as seen.
pub(super) fn flood(wiring: &Wiring, start: usize, seen: &mut [bool]) -> Vec<usize> {
    let mut part = vec![start];
    put(seen, start, true);
    let mut done = 0;
    while let Some(at) = part.get(done).copied() {
        done += 1;
        for hop in wiring.hops(at) {
            if !at_or(seen, hop.to, true) {
                put(seen, hop.to, true);
                part.push(hop.to);
            }
        }
    }
    part
}

/// The vertices and edges whose loss breaks something.
struct Weak {
    vertices: Vec<bool>,
    edges: Vec<bool>,
}

/// What one walk knows about a vertex that passes traffic on.
#[derive(Clone, Copy, Default)]
struct Visit {
    /// When it was entered, from 1; 0 before.
    entered: usize,
    /// The earliest entered that it or what lies behind it reaches another way.
    low: usize,
    /// The first vertex of its part.
    part: usize,
}

impl Weak {
    fn find(wiring: &Wiring) -> Weak {
        let mut weak = Weak { vertices: vec![false; wiring.vertices.len()], edges: vec![false; wiring.edges.len()] };
        let mut visits = vec![Visit::default(); wiring.vertices.len()];
        let mut clock = 0;
        for root in 0..wiring.vertices.len() {
            if wiring.is_transit(root) && at_or(&visits, root, Visit::default()).entered == 0 {
                weak.walk(wiring, root, &mut visits, &mut clock);
            }
        }
        weak.look_at_hosts(wiring, &visits);
        weak
    }

    fn edges<'a>(&'a self, wiring: &'a Wiring) -> impl Iterator<Item = super::Edge> + 'a {
        wiring.edges.iter().zip(&self.edges).filter(|(_, weak)| **weak).map(|(edge, _)| *edge)
    }

    /// A depth-first walk over one part of what passes traffic on, with its own stack: graphs may be deep.
    fn walk(&mut self, wiring: &Wiring, root: usize, visits: &mut [Visit], clock: &mut usize) {
        let hops = |at: usize| wiring.hops(at).filter(|hop| wiring.is_transit(hop.to)).collect::<Vec<_>>();
        let mut enter = |at: usize, visits: &mut [Visit]| {
            *clock += 1;
            put(visits, at, Visit { entered: *clock, low: *clock, part: root });
        };
        enter(root, visits);
        let mut below_root = 0;
        let mut stack = vec![(root, None, hops(root).into_iter())];
        while let Some((at, came_by, next)) = stack.last_mut() {
            let (at, came_by) = (*at, *came_by);
            if let Some(hop) = next.next() {
                let there = at_or(visits, hop.to, Visit::default());
                if there.entered == 0 {
                    enter(hop.to, visits);
                    stack.push((hop.to, Some(hop.edge), hops(hop.to).into_iter()));
                } else if Some(hop.edge) != came_by {
                    lower(visits, at, there.entered);
                }
                continue;
            }
            stack.pop();
            let Some((parent, ..)) = stack.last() else { continue };
            let (here, above) = (at_or(visits, at, Visit::default()), at_or(visits, *parent, Visit::default()));
            lower(visits, *parent, here.low);
            if *parent == root {
                below_root += 1;
            } else if here.low >= above.entered {
                put(&mut self.vertices, *parent, true);
            }
            if let (true, Some(edge)) = (here.low > above.entered, came_by) {
                put(&mut self.edges, edge, true);
            }
        }
        if below_root > 1 {
            put(&mut self.vertices, root, true);
        }
    }

    /// Hosts pass nothing on, so each hangs on the parts that it is linked to.
    fn look_at_hosts(&mut self, wiring: &Wiring, visits: &[Visit]) {
        let part_of = |at| at_or(visits, at, Visit::default()).part;
        let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
        for at in (0..wiring.vertices.len()).filter(|at| wiring.is_transit(*at)) {
            *sizes.entry(part_of(at)).or_default() += 1;
        }
        // For each part that is one vertex: the hosts on it.
        let mut alone: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut homes: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        let hosts: Vec<usize> = (0..wiring.vertices.len()).filter(|at| !wiring.is_transit(*at)).collect();
        for host in &hosts {
            let mut links: BTreeMap<usize, Vec<super::Hop>> = BTreeMap::new();
            for hop in wiring.hops(*host).filter(|hop| wiring.is_transit(hop.to)) {
                links.entry(part_of(hop.to)).or_default().push(hop);
            }
            for (part, hops) in &links {
                if let [only] = hops.as_slice() {
                    put(&mut self.edges, only.edge, true);
                }
                let Some(first) = hops.first() else { continue };
                if sizes.get(part) == Some(&1) {
                    alone.entry(first.to).or_default().push(*host);
                } else if hops.iter().all(|hop| hop.to == first.to) {
                    put(&mut self.vertices, first.to, true);
                }
            }
            homes.insert(*host, links.into_keys().collect());
        }
        for (vertex, hosts) in alone {
            if !meet_elsewhere(wiring, part_of(vertex), &hosts, &homes) {
                put(&mut self.vertices, vertex, true);
            }
        }
        for host in &hosts {
            self.look_at_links_between_hosts(wiring, *host, &homes);
        }
    }

    /// A link between two hosts is weak if it is the only one and they have no part in common.
    fn look_at_links_between_hosts(&mut self, wiring: &Wiring, host: usize, homes: &BTreeMap<usize, BTreeSet<usize>>) {
        let mut links: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for hop in wiring.hops(host).filter(|hop| !wiring.is_transit(hop.to) && hop.to != host) {
            links.entry(hop.to).or_default().push(hop.edge);
        }
        for (other, edges) in links {
            let apart = match (homes.get(&host), homes.get(&other)) {
                (Some(a), Some(b)) => a.is_disjoint(b),
                _ => true,
            };
            if let ([only], true) = (edges.as_slice(), apart) {
                put(&mut self.edges, *only, true);
            }
        }
    }
}

fn lower(visits: &mut [Visit], at: usize, to: usize) {
    if let Some(visit) = visits.get_mut(at) {
        visit.low = visit.low.min(to);
    }
}

/// Do the hosts around a vertex that has no other neighbours all reach each other without its part? Linear where
/// another part joins them all, or some two are apart early; where each two meet in a different part, quadratic in
/// these hosts.
fn meet_elsewhere(wiring: &Wiring, part: usize, hosts: &[usize], homes: &BTreeMap<usize, BTreeSet<usize>>) -> bool {
    let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
    for home in hosts.iter().filter_map(|host| homes.get(host)).flatten().filter(|home| **home != part) {
        *shared.entry(*home).or_default() += 1;
    }
    if hosts.len() < 2 || shared.values().any(|count| *count == hosts.len()) {
        return true;
    }
    let meet = |a: &usize, b: &usize| {
        let in_common = match (homes.get(a), homes.get(b)) {
            (Some(a), Some(b)) => a.intersection(b).any(|home| *home != part),
            _ => false,
        };
        in_common || wiring.hops(*a).any(|hop| hop.to == *b)
    };
    hosts.iter().enumerate().all(|(index, a)| hosts.iter().skip(index + 1).all(|b| meet(a, b)))
}
