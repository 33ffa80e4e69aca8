//! Checks of the graph: who reaches whom, what may fail, where frames go round.
//!
//! All of them look at a [`Wiring`], which is made once of a topology. Links that are down do not count; each member
//! link of an aggregation counts. **A path may pass any network, and any node but hosts and servers** (by their icon),
//! which pass nothing on unless they are routers.
//!
//! To add one, write a function from the wiring to an [`Outcome`] in the file of its field, and put it into that
//! file's table.

mod cuts;
mod flow;
mod layer2;
mod paths;

use super::{Topology, Vertex};
use crate::value::functions::{Arguments, Function, Parameter, Table, table};
use crate::value::{LinkId, Problem, Value};
use petgraph::visit::EdgeRef;
use std::collections::{BTreeMap, VecDeque};
use std::sync::LazyLock;

/// What a check found.
#[derive(Clone, PartialEq, Debug)]
pub struct Outcome {
    /// The answer.
    pub value: Value,
    /// Why it is so, in words, for whoever expected something else.
    pub explanation: String,
    /// What to point at: the path, the cut set or the cycle.
    pub path: Vec<Vertex>,
}

/// The body of a function on the graph.
pub type GraphFunction = fn(&Wiring, &[Value]) -> Outcome;

static TABLE: LazyLock<Table<GraphFunction>> =
    LazyLock::new(|| table([paths::TABLE, flow::TABLE, cuts::TABLE, layer2::TABLE].into_iter().flatten()));

/// Every function on the graph, by name.
pub fn all() -> impl Iterator<Item = &'static Function<GraphFunction>> {
    TABLE.values().map(|(function, _)| *function)
}

/// The function of this name, with its parameters.
pub fn find(name: &str) -> Option<(&'static Function<GraphFunction>, &'static [Parameter])> {
    TABLE.get(name).map(|(function, parameters)| (*function, parameters.as_slice()))
}

/// Checks the arguments and applies a function to the graph; `None` where there is none of this name. A problem's
/// `within` is as for [`Function::call`].
pub fn call(name: &str, wiring: &Wiring, arguments: &Arguments) -> Option<Result<Outcome, Problem>> {
    let (function, parameters) = find(name)?;
    Some(function.bind(parameters, arguments).map(|values| (function.body)(wiring, &values)))
}

/// The graph of a topology, laid out for searching. Vertices and edges have numbers from 0, in the order of the graph.
pub struct Wiring<'a> {
    topology: &'a Topology,
    vertices: Vec<Vertex>,
    numbers: BTreeMap<Vertex, usize>,
    edges: Vec<Edge>,
    hops: Vec<Vec<Hop>>,
    transit: Vec<bool>,
}

/// A link.
#[derive(Clone, Copy)]
struct Edge {
    ends: [usize; 2],
    link: LinkId,
    up: bool,
}

/// A way from a vertex to the next.
#[derive(Clone, Copy)]
struct Hop {
    to: usize,
    edge: usize,
}

/// What a search may use beyond what carries traffic.
#[derive(Clone, Copy, Default)]
struct Leave {
    through_hosts: bool,
    over_links_that_are_down: bool,
    without_vertex: Option<usize>,
}

/// A breadth-first search.
struct Search {
    /// How each vertex was reached: from where.
    from: Vec<Option<usize>>,
    /// How many links away; `None` where it cannot be reached.
    distance: Vec<Option<u32>>,
    /// What was reached, nearest first.
    order: Vec<usize>,
}

impl<'a> Wiring<'a> {
    /// Lays out the graph of a topology: linear in nodes, networks and links.
    pub fn new(topology: &'a Topology) -> Wiring<'a> {
        let vertices: Vec<Vertex> = topology.graph.node_weights().copied().collect();
        let mut hops = vec![Vec::new(); vertices.len()];
        let mut edges = Vec::new();
        for edge in topology.graph.edge_references() {
            let ends = [edge.source().index(), edge.target().index()];
            let number = edges.len();
            for (at, to) in [(ends[0], ends[1]), (ends[1], ends[0])] {
                if let Some(hops) = hops.get_mut(at) {
                    hops.push(Hop { to, edge: number });
                }
            }
            let up = topology.link(*edge.weight()).is_none_or(|link| link.up);
            edges.push(Edge { ends, link: *edge.weight(), up });
        }
        let transit = vertices.iter().map(|vertex| passes_on(topology, *vertex)).collect();
        let numbers = vertices.iter().enumerate().map(|(number, vertex)| (*vertex, number)).collect();
        Wiring { topology, vertices, numbers, edges, hops, transit }
    }

    fn number(&self, value: &Value) -> Option<usize> {
        let vertex = match value {
            Value::Node(node) => Vertex::Node(*node),
            Value::Network(network) => Vertex::Network(*network),
            _ => return None,
        };
        self.numbers.get(&vertex).copied()
    }

    /// The numbers of the first two arguments.
    fn two(&self, arguments: &[Value]) -> Option<(usize, usize)> {
        match arguments {
            [a, b, ..] => Some((self.number(a)?, self.number(b)?)),
            _ => None,
        }
    }

    fn vertex(&self, number: usize) -> Option<Vertex> {
        self.vertices.get(number).copied()
    }

    fn vertices(&self, numbers: &[usize]) -> Vec<Vertex> {
        numbers.iter().filter_map(|number| self.vertex(*number)).collect()
    }

    fn value(&self, number: usize) -> Value {
        match self.vertex(number) {
            Some(Vertex::Node(node)) => Value::Node(node),
            Some(Vertex::Network(network)) => Value::Network(network),
            None => Value::Null,
        }
    }

    fn is_node(&self, number: usize) -> bool {
        matches!(self.vertex(number), Some(Vertex::Node(_)))
    }

    fn name(&self, number: usize) -> &str {
        let name = match self.vertex(number) {
            Some(Vertex::Node(node)) => self.topology.node(node).map(|node| node.path.as_str()),
            Some(Vertex::Network(network)) => self.topology.network(network).map(|network| network.path.as_str()),
            None => None,
        };
        name.unwrap_or("?")
    }

    /// Several names as part of a sentence; at most five, and how many more.
    fn names(&self, numbers: &[usize]) -> String {
        const MOST: usize = 5;
        let names: Vec<&str> = numbers.iter().take(MOST).map(|number| self.name(*number)).collect();
        match (numbers.len().saturating_sub(MOST), names.as_slice()) {
            (0, [first @ .., last]) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
            (0, _) => names.join(", "),
            (more, _) => format!("{} and {more} more", names.join(", ")),
        }
    }

    /// `h1 - lan - fw`
    fn route(&self, numbers: &[usize]) -> String {
        numbers.iter().map(|number| self.name(*number)).collect::<Vec<_>>().join(" - ")
    }

    fn is_transit(&self, number: usize) -> bool {
        self.transit.get(number).copied().unwrap_or(false)
    }

    fn edge(&self, number: usize) -> Option<Edge> {
        self.edges.get(number).copied()
    }

    /// The ways on from a vertex over links that are up.
    fn hops(&self, number: usize) -> impl Iterator<Item = Hop> + '_ {
        let up = |hop: &Hop| self.edge(hop.edge).is_some_and(|edge| edge.up);
        self.hops.get(number).into_iter().flatten().copied().filter(up)
    }

    /// Searches breadth first, links in the order of the source.
    fn search(&self, start: usize, leave: Leave) -> Search {
        let count = self.vertices.len();
        let mut search = Search { from: vec![None; count], distance: vec![None; count], order: Vec::new() };
        let mut queue = VecDeque::from([start]);
        put(&mut search.distance, start, Some(0));
        while let Some(at) = queue.pop_front() {
            search.order.push(at);
            if at != start && !self.is_transit(at) && !leave.through_hosts {
                continue;
            }
            let next = at_or(&search.distance, at, None).map(|distance| distance + 1);
            for hop in self.hops.get(at).into_iter().flatten() {
                let up = self.edge(hop.edge).is_some_and(|edge| edge.up || leave.over_links_that_are_down);
                let reached = at_or(&search.distance, hop.to, None).is_some();
                if up && !reached && leave.without_vertex != Some(hop.to) {
                    put(&mut search.distance, hop.to, next);
                    put(&mut search.from, hop.to, Some(at));
                    queue.push_back(hop.to);
                }
            }
        }
        search
    }
}

impl Search {
    /// The vertices from the start to here, both included; `None` where it was not reached.
    fn path(&self, to: usize) -> Option<Vec<usize>> {
        at_or(&self.distance, to, None)?;
        let mut path: Vec<usize> = std::iter::successors(Some(to), |at| at_or(&self.from, *at, None)).collect();
        path.reverse();
        Some(path)
    }

    fn reaches(&self, to: usize) -> bool {
        at_or(&self.distance, to, None).is_some()
    }
}

/// Does it pass on what is not for itself?
fn passes_on(topology: &Topology, vertex: Vertex) -> bool {
    match vertex {
        Vertex::Network(_) => true,
        Vertex::Node(node) => {
            topology.node(node).is_some_and(|node| node.router || !matches!(node.icon.as_str(), "host" | "server"))
        }
    }
}

/// The element, or another value where there is none.
fn at_or<T: Clone>(list: &[T], index: usize, otherwise: T) -> T {
    list.get(index).cloned().unwrap_or(otherwise)
}

/// Sets the element, if there is one.
fn put<T>(list: &mut [T], index: usize, value: T) {
    if let Some(place) = list.get_mut(index) {
        *place = value;
    }
}

/// The answer to arguments that are not of this graph; the signatures do not let them come.
fn foreign() -> Outcome {
    Outcome { value: Value::Null, explanation: "this is no part of the graph".to_owned(), path: Vec::new() }
}

/// A count as a value.
fn count(count: usize) -> Value {
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests;
