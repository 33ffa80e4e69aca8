//! How many paths there are that share nothing: the largest flow, and the smallest cut (Menger, Dinic).

use super::{GraphFunction, Outcome, Wiring, at_or, count, foreign, put};
use crate::value::Value;
use crate::value::functions::Function;
use std::collections::{BTreeSet, VecDeque};

pub(super) const TABLE: &[Function<GraphFunction>] = &[
    Function {
        name: "disjoint_paths",
        signature: "disjoint_paths(from: node | network, to: node | network) -> int",
        doc: "How many paths there are of which no two share a node or network, but for the ends. From a host with one \
            link, paths are counted from what it is linked to: that one link is the host's own.",
        examples: &[("disjoint_paths(l1, l2)", "2"), ("disjoint_paths(h1, h2)", "2")],
        body: |wiring, arguments| {
            disjoint(wiring, wiring.two(arguments).map(|ends| beyond_hosts(wiring, ends)), Sharing::Links)
        },
    },
    Function {
        name: "disjoint_links",
        signature: "disjoint_links(from: node | network, to: node | network) -> int",
        doc: "How many paths there are of which no two share a link.",
        examples: &[("disjoint_links(h1, h2)", "1")],
        body: |wiring, arguments| disjoint(wiring, wiring.two(arguments), Sharing::Vertices),
    },
];

/// What paths may have in common.
#[derive(Clone, Copy, PartialEq)]
enum Sharing {
    /// Nothing between their ends: neither vertices nor, where the ends are linked directly, links.
    Links,
    /// Vertices, but no links.
    Vertices,
}

/// The ends, or what they are linked to where they are hosts with one link; as they are where both would meet.
pub(super) fn beyond_hosts(wiring: &Wiring, (from, to): (usize, usize)) -> (usize, usize) {
    let beyond = |at: usize, other: usize| match wiring.hops(at).collect::<Vec<_>>().as_slice() {
        [only] if !wiring.is_transit(at) && only.to != other => only.to,
        _ => at,
    };
    match (beyond(from, to), beyond(to, from)) {
        (a, b) if a == b => (from, to),
        ends => ends,
    }
}

fn disjoint(wiring: &Wiring, ends: Option<(usize, usize)>, sharing: Sharing) -> Outcome {
    let Some((from, to)) = ends else { return foreign() };
    let (a, b) = (wiring.name(from), wiring.name(to));
    if from == to {
        let explanation = format!("both ends are {a}");
        return Outcome { value: Value::Int(0), explanation, path: wiring.vertices(&[from]) };
    }
    let mut network = Network::new(wiring, from, to, sharing);
    let found = network.largest_flow(outward(from), inward(to));
    let (vertices, links) = network.cut(wiring, outward(from));
    let mut barrier = vertices.clone();
    barrier.extend(links.iter().flatten());
    let mut seen = BTreeSet::new();
    barrier.retain(|at| seen.insert(*at));
    let explanation = match (found, sharing) {
        (0, _) => format!("no path joins {a} and {b}"),
        (_, Sharing::Links) if links.is_empty() => {
            format!("every path from {a} to {b} goes through {}", wiring.names(&vertices))
        }
        (_, Sharing::Links) if vertices.is_empty() => format!("only direct links join {a} and {b}"),
        (_, Sharing::Links) => {
            format!("every path from {a} to {b} is a direct link or goes through {}", wiring.names(&vertices))
        }
        (_, Sharing::Vertices) => {
            let link = |[a, b]: &[usize; 2]| format!("{} - {}", wiring.name(*a), wiring.name(*b));
            let shown: Vec<String> = links.iter().take(5).map(link).collect();
            let more = if links.len() > 5 { format!(" and {} more", links.len() - 5) } else { String::new() };
            format!("every path from {a} to {b} goes over {}{more}", shown.join(", "))
        }
    };
    Outcome { value: count(found), explanation, path: wiring.vertices(&barrier) }
}

/// A vertex has two places: where paths come in, and where they leave.
fn inward(vertex: usize) -> usize {
    2 * vertex
}

fn outward(vertex: usize) -> usize {
    2 * vertex + 1
}

/// More than can ever flow.
const PLENTY: u32 = u32::MAX / 2;

/// A flow network. Arcs come in pairs, the second being the way back: arc `n ^ 1` is the reverse of arc `n`.
struct Network {
    arcs: Vec<Arc>,
    leaving: Vec<Vec<usize>>,
}

struct Arc {
    to: usize,
    /// How much more may flow.
    left: u32,
}

impl Network {
    fn new(wiring: &Wiring, from: usize, to: usize, sharing: Sharing) -> Network {
        let mut network = Network { arcs: Vec::new(), leaving: vec![Vec::new(); 2 * wiring.vertices.len()] };
        // Arcs through vertices come first, so that the number of a vertex gives its arc.
        for vertex in 0..wiring.vertices.len() {
            let room = match sharing {
                _ if vertex == from || vertex == to => PLENTY,
                _ if !wiring.is_transit(vertex) => 0,
                Sharing::Links => 1,
                Sharing::Vertices => PLENTY,
            };
            network.add(inward(vertex), outward(vertex), room);
        }
        for edge in wiring.edges.iter().filter(|edge| edge.up) {
            let [a, b] = edge.ends;
            let direct = (a == from && b == to) || (a == to && b == from);
            let room = if sharing == Sharing::Vertices || direct { 1 } else { PLENTY };
            network.add(outward(a), inward(b), room);
            network.add(outward(b), inward(a), room);
        }
        network
    }

    fn add(&mut self, from: usize, to: usize, room: u32) {
        for (from, to, left) in [(from, to, room), (to, from, 0)] {
            if let Some(leaving) = self.leaving.get_mut(from) {
                leaving.push(self.arcs.len());
            }
            self.arcs.push(Arc { to, left });
        }
    }

    /// Rounds of a search and a blocking flow. With unit capacities there are no more rounds than about the root of
    /// the vertices or links, so the time is that times the links; in real topologies, a handful of rounds.
    fn largest_flow(&mut self, source: usize, sink: usize) -> usize {
        let mut flow = 0;
        loop {
            let levels = self.levels(source);
            if at_or(&levels, sink, None).is_none() {
                return flow;
            }
            let mut next = vec![0; self.leaving.len()];
            while self.push_one(source, sink, &levels, &mut next) {
                flow += 1;
            }
        }
    }

    /// How many arcs with room away from the source each place is.
    fn levels(&self, source: usize) -> Vec<Option<u32>> {
        let mut levels = vec![None; self.leaving.len()];
        put(&mut levels, source, Some(0));
        let mut queue = VecDeque::from([(source, 0)]);
        while let Some((at, level)) = queue.pop_front() {
            for arc in self.leaving.get(at).into_iter().flatten().filter_map(|arc| self.arcs.get(*arc)) {
                if arc.left > 0 && at_or(&levels, arc.to, Some(0)).is_none() {
                    put(&mut levels, arc.to, Some(level + 1));
                    queue.push_back((arc.to, level + 1));
                }
            }
        }
        levels
    }

    /// Sends one more path along the levels, if there is one. `next` remembers which arcs led nowhere.
    fn push_one(&mut self, source: usize, sink: usize, levels: &[Option<u32>], next: &mut [usize]) -> bool {
        let mut path: Vec<usize> = Vec::new();
        loop {
            let at = path.last().and_then(|arc| self.arcs.get(*arc)).map_or(source, |arc| arc.to);
            if at == sink {
                for arc in path {
                    self.change(arc, |left| left - 1);
                    self.change(arc ^ 1, |left| left + 1);
                }
                return true;
            }
            let tried = at_or(next, at, 0);
            let Some(arc) = self.leaving.get(at).and_then(|leaving| leaving.get(tried)).copied() else {
                // A dead end: the arc that led here is done with.
                if path.pop().is_none() {
                    return false;
                }
                let before = path.last().and_then(|arc| self.arcs.get(*arc)).map_or(source, |arc| arc.to);
                put(next, before, at_or(next, before, 0) + 1);
                continue;
            };
            let below = at_or(levels, at, None).map(|level| level + 1);
            let leads_on = self.arcs.get(arc).is_some_and(|arc| arc.left > 0 && at_or(levels, arc.to, None) == below);
            if leads_on {
                path.push(arc);
            } else {
                put(next, at, tried + 1);
            }
        }
    }

    fn change(&mut self, arc: usize, by: fn(u32) -> u32) {
        if let Some(arc) = self.arcs.get_mut(arc) {
            arc.left = by(arc.left);
        }
    }

    /// The smallest cut next to the source: vertices, and ends of links.
    fn cut(&self, wiring: &Wiring, source: usize) -> (Vec<usize>, Vec<[usize; 2]>) {
        let levels = self.levels(source);
        let reached = |place| at_or(&levels, place, None).is_some();
        let vertices = (0..wiring.vertices.len()).filter(|at| {
            let passed = wiring.is_transit(*at);
            passed && reached(inward(*at)) && !reached(outward(*at))
        });
        let links = wiring.edges.iter().filter(|edge| edge.up).filter_map(|edge| {
            let [a, b] = edge.ends;
            let over = |a, b| reached(outward(a)) && !reached(inward(b));
            if over(a, b) { Some([a, b]) } else { over(b, a).then_some([b, a]) }
        });
        (vertices.collect(), links.collect())
    }
}
