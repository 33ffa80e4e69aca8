//! Segments: where frames go, and where they go round.
//!
//! **What bridges**: each network; and each node with the icon `switch`, between those of its ports that have no
//! address and are not `routed`. **VLANs**: a link carries the VLAN of an access port, or those of a trunk, at either
//! end (only those of both, where both say); where neither says, everything between two bridges, and what is untagged
//! (VLAN 0 here) or has a subinterface at any other end. An aggregation is one link. **Spanning tree**: networks speak
//! it with `stp = true`, switches unless they have `stp = false`; one speaker breaks the loop it is in.
//!
//! Each function takes time in proportion to the links for each VLAN that is in use.

use super::{GraphFunction, Outcome, Wiring, at_or, foreign, put};
use crate::topology::{Addressing, Interface, InterfaceKind, Lag, Link, LinkEnd, Network, Node, Topology, Vertex};
use crate::value::functions::Function;
use crate::value::{LagId, LinkId, NodeId, Value};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Largest packet of an Ethernet port that says nothing else, in bytes.
const USUAL_MTU: u32 = 1500;

pub(super) const TABLE: &[Function<GraphFunction>] = &[
    Function {
        name: "same_segment",
        signature: "same_segment(a: node | network, b: node | network) -> bool",
        doc: "Do frames get from one to the other without a router, in some VLAN?",
        examples: &[("same_segment(h1, h2)", "true")],
        body: same_segment,
    },
    Function {
        name: "loop_free",
        signature: "loop_free() -> bool",
        doc: "Is there no circle of networks and switches in which frames would go round, as nothing in it speaks \
              spanning tree?",
        examples: &[("loop_free()", "true")],
        body: loop_free,
    },
    Function {
        name: "mtu_consistent",
        signature: "mtu_consistent() -> bool",
        doc: "Do all ends of each segment have the same MTU, and do the bridges between them let it pass?",
        examples: &[("mtu_consistent()", "true")],
        body: mtu_consistent,
    },
];

/// The VLANs of a link.
#[derive(Clone, PartialEq, Debug)]
enum Vlans {
    All,
    Only(BTreeSet<u16>),
}

impl Vlans {
    fn carry(&self, vlan: u16) -> bool {
        match self {
            Vlans::All => true,
            Vlans::Only(vlans) => vlans.contains(&vlan),
        }
    }
}

/// Subinterfaces by node and port.
type Units<'a> = BTreeMap<(NodeId, &'a str), Vec<&'a Interface>>;

/// The links as frames see them.
struct Segments<'a> {
    wiring: &'a Wiring<'a>,
    units: Units<'a>,
    /// For each edge: its VLANs, and whether each of its two ends bridges.
    edges: Vec<(Vlans, [bool; 2])>,
    /// Every VLAN in use, and 0 for what is untagged.
    vlans: BTreeSet<u16>,
}

/// What an end of a link says, with the aggregation's word for its members.
struct Port<'a> {
    id: NodeId,
    node: &'a Node,
    interface: &'a Interface,
    lag: Option<&'a Lag>,
}

fn port<'a>(topology: &'a Topology, end: &LinkEnd) -> Option<Port<'a>> {
    let LinkEnd::Interface { node: id, .. } = end else { return None };
    let (node, interface) = topology.interface(end)?;
    let lag = interface.lag.and_then(|lag| topology.lags.get(lag.index()));
    let logical = lag.into_iter().flat_map(|lag| &lag.ends).find(|other| other.vertex() == end.vertex());
    let interface = logical.and_then(|end| topology.interface(end)).map_or(interface, |(_, interface)| interface);
    Some(Port { id: *id, node, interface, lag })
}

impl Port<'_> {
    fn bridges(&self, link: &Link) -> bool {
        let addressed = !self.interface.addresses.is_empty()
            || !matches!(self.interface.addressing, Addressing::Static | Addressing::None)
            || !link.subnets.is_empty()
            || self.lag.is_some_and(|lag| !lag.subnets.is_empty());
        let routed = self.interface.attributes.get("routed") == Some(&Value::Bool(true));
        self.node.icon == "switch" && !addressed && !routed
    }

    /// The VLANs it says, if it says any.
    fn vlans(&self) -> Option<BTreeSet<u16>> {
        let said = self.interface.vlan.iter().chain(&self.interface.trunk).chain(&self.interface.native);
        let said: BTreeSet<u16> = said.copied().collect();
        (!said.is_empty()).then_some(said)
    }

    /// What is untagged, and each subinterface.
    fn unsaid(&self, units: &Units) -> BTreeSet<u16> {
        let below = units.get(&(self.id, self.interface.name.as_str())).into_iter().flatten();
        below.filter_map(|unit| unit.vlan).chain([0]).collect()
    }
}

fn units(topology: &Topology) -> Units<'_> {
    let mut units = Units::new();
    for (index, node) in topology.nodes.iter().enumerate() {
        for interface in &node.interfaces {
            if let InterfaceKind::Subinterface { parent } = &interface.kind {
                units.entry((NodeId::from(index), parent.as_str())).or_default().push(interface);
            }
        }
    }
    units
}

impl<'a> Segments<'a> {
    fn new(wiring: &'a Wiring<'a>) -> Segments<'a> {
        let units = units(wiring.topology);
        let edges: Vec<_> = wiring.edges.iter().map(|edge| describe(wiring, &units, edge.link)).collect();
        let mut vlans = BTreeSet::from([0]);
        for (carried, _) in &edges {
            if let Vlans::Only(carried) = carried {
                vlans.extend(carried);
            }
        }
        Segments { wiring, units, edges, vlans }
    }

    fn carries(&self, edge: usize, vlan: u16) -> bool {
        self.edges.get(edge).is_some_and(|(vlans, _)| vlans.carry(vlan))
    }

    /// Does the end of an edge at this vertex bridge?
    fn bridges(&self, edge: usize, at: usize) -> bool {
        let side = self.wiring.edge(edge).map_or(0, |described| usize::from(described.ends[0] != at));
        self.edges.get(edge).is_some_and(|(_, bridges)| at_or(bridges, side, false))
    }

    /// Everything that frames of a VLAN reach from here, with the vertex before it.
    fn reached(&self, start: usize, vlan: u16) -> BTreeMap<usize, usize> {
        let mut from = BTreeMap::from([(start, start)]);
        // Those that pass frames on: a switch that was reached at a routed port may be reached again at another.
        let mut passing = BTreeSet::from([start]);
        let mut queue = VecDeque::from([start]);
        while let Some(at) = queue.pop_front() {
            for hop in self.wiring.hops(at).filter(|hop| self.carries(hop.edge, vlan)) {
                if at != start && !self.bridges(hop.edge, at) {
                    continue;
                }
                if self.bridges(hop.edge, hop.to) && passing.insert(hop.to) {
                    from.insert(hop.to, at);
                    queue.push_back(hop.to);
                } else {
                    from.entry(hop.to).or_insert(at);
                }
            }
        }
        from
    }
}

fn describe(wiring: &Wiring, units: &Units, link: LinkId) -> (Vlans, [bool; 2]) {
    let Some(link) = wiring.topology.link(link) else { return (Vlans::All, [true; 2]) };
    let ports = [0, 1].map(|side| link.ends.get(side).and_then(|end| port(wiring.topology, end)));
    let bridges = [0, 1].map(|side| match ports.get(side) {
        Some(Some(port)) => port.bridges(link),
        _ => true,
    });
    let said: Vec<BTreeSet<u16>> = ports.iter().flatten().filter_map(Port::vlans).collect();
    let vlans = match said.as_slice() {
        [one] => Vlans::Only(one.clone()),
        [one, other] => Vlans::Only(one.intersection(other).copied().collect()),
        _ => {
            let ends = ports.iter().flatten().zip(bridges).filter(|(port, _)| !port.bridges(link));
            let unsaid: Vec<BTreeSet<u16>> = ends.map(|(port, _)| port.unsaid(units)).collect();
            match unsaid.as_slice() {
                [one] => Vlans::Only(one.clone()),
                [one, other] => Vlans::Only(one.intersection(other).copied().collect()),
                _ => Vlans::All,
            }
        }
    };
    (vlans, bridges)
}

fn same_segment(wiring: &Wiring, arguments: &[Value]) -> Outcome {
    let Some((a, b)) = wiring.two(arguments) else { return foreign() };
    let segments = Segments::new(wiring);
    for vlan in &segments.vlans {
        let from = segments.reached(a, *vlan);
        if from.contains_key(&b) {
            let mut path = vec![b];
            while let Some(before) =
                path.last().and_then(|at| from.get(at)).filter(|before| path.last() != Some(before))
            {
                path.push(*before);
            }
            path.reverse();
            let explanation = match vlan {
                0 => wiring.route(&path),
                vlan => format!("{} in VLAN {vlan}", wiring.route(&path)),
            };
            return Outcome { value: Value::Bool(true), explanation, path: wiring.vertices(&path) };
        }
    }
    let explanation = format!("frames from {} do not reach {}", wiring.name(a), wiring.name(b));
    Outcome { value: Value::Bool(false), explanation, path: wiring.vertices(&[a, b]) }
}

fn speaks_spanning_tree(topology: &Topology, vertex: Option<Vertex>) -> bool {
    match vertex {
        Some(Vertex::Network(network)) => topology.network(network).is_some_and(|network| network.stp),
        Some(Vertex::Node(node)) => {
            topology.node(node).is_some_and(|node| node.attributes.get("stp") != Some(&Value::Bool(false)))
        }
        None => false,
    }
}

fn loop_free(wiring: &Wiring, _: &[Value]) -> Outcome {
    let segments = Segments::new(wiring);
    // Links on which a loop could be: between two bridges that are silent; of an aggregation only one.
    let silent = |at: usize| !speaks_spanning_tree(wiring.topology, wiring.vertex(at));
    let mut aggregations: BTreeSet<(LagId, [usize; 2])> = BTreeSet::new();
    let edges: Vec<usize> = (0..wiring.edges.len())
        .filter(|number| {
            let Some(edge) = wiring.edge(*number) else { return false };
            let bridged = edge.ends.iter().all(|at| silent(*at) && segments.bridges(*number, *at));
            let lag = wiring.topology.link(edge.link).and_then(|link| link.lag);
            let [a, b] = edge.ends;
            edge.up && bridged && lag.is_none_or(|lag| aggregations.insert((lag, [a.min(b), a.max(b)])))
        })
        .collect();
    for vlan in &segments.vlans {
        let edges = edges.iter().copied().filter(|edge| segments.carries(*edge, *vlan));
        if let Some(circle) = find_circle(wiring, edges) {
            let place = if *vlan == 0 { String::new() } else { format!(" in VLAN {vlan}") };
            let route = wiring.route(&circle);
            let first = circle.first().map_or("", |at| wiring.name(*at));
            let explanation = format!("frames go round {route} - {first}{place}: nothing there speaks spanning tree");
            return Outcome { value: Value::Bool(false), explanation, path: wiring.vertices(&circle) };
        }
    }
    Outcome { value: Value::Bool(true), explanation: "frames go round nowhere".to_owned(), path: Vec::new() }
}

/// The vertices of a circle of these edges, if there is one: the first edge that joins what is joined already.
fn find_circle(wiring: &Wiring, edges: impl Iterator<Item = usize>) -> Option<Vec<usize>> {
    let mut groups = petgraph::unionfind::UnionFind::new(wiring.vertices.len());
    let mut joined: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for edge in edges {
        let [a, b] = wiring.edge(edge)?.ends;
        if !groups.union(a, b) {
            return tree_path(wiring.vertices.len(), &joined, a, b);
        }
        joined.entry(a).or_default().push(b);
        joined.entry(b).or_default().push(a);
    }
    None
}

/// The path between two vertices of a tree.
fn tree_path(count: usize, joined: &BTreeMap<usize, Vec<usize>>, from: usize, to: usize) -> Option<Vec<usize>> {
    let mut before = vec![None; count];
    put(&mut before, from, Some(from));
    let mut queue = VecDeque::from([from]);
    while let Some(at) = queue.pop_front() {
        for next in joined.get(&at).into_iter().flatten() {
            if at_or(&before, *next, Some(0)).is_none() {
                put(&mut before, *next, Some(at));
                queue.push_back(*next);
            }
        }
    }
    let previous = |at: &usize| at_or(&before, *at, None).filter(|_| *at != from);
    at_or(&before, to, None)?;
    Some(std::iter::successors(Some(to), previous).collect())
}

/// An end of a link, or a bridge, with its MTU.
struct Sized {
    at: usize,
    name: String,
    mtu: u32,
}

fn mtu_consistent(wiring: &Wiring, _: &[Value]) -> Outcome {
    let segments = Segments::new(wiring);
    for vlan in &segments.vlans {
        let mut seen = vec![false; wiring.edges.len()];
        for edge in 0..wiring.edges.len() {
            let starts = !at_or(&seen, edge, true) && segments.carries(edge, *vlan);
            if starts && wiring.edge(edge).is_some_and(|edge| edge.up) {
                let ends = ends_of_segment(&segments, edge, *vlan, &mut seen);
                if let Some((a, b)) = disagree(&ends) {
                    let explanation =
                        format!("{} has an MTU of {}, and {} on the same segment {}", a.name, a.mtu, b.name, b.mtu);
                    let path = wiring.vertices(&[a.at, b.at]);
                    return Outcome { value: Value::Bool(false), explanation, path };
                }
            }
        }
    }
    Outcome {
        value: Value::Bool(true),
        explanation: "the ends of each segment have one MTU".to_owned(),
        path: Vec::new(),
    }
}

/// The ends of the links that frames of a VLAN get to from this one: ends proper, then what bridges.
fn ends_of_segment(segments: &Segments, start: usize, vlan: u16, seen: &mut [bool]) -> (Vec<Sized>, Vec<Sized>) {
    let wiring = segments.wiring;
    let (mut ends, mut bridges) = (Vec::new(), Vec::new());
    let mut passed = BTreeSet::new();
    let mut edges = vec![start];
    put(seen, start, true);
    while let Some(number) = edges.pop() {
        let Some(edge) = wiring.edge(number) else { continue };
        for (side, at) in edge.ends.into_iter().enumerate() {
            let Some(sized) = mtu_of_end(segments, edge.link, side, at, vlan) else { continue };
            if !segments.bridges(number, at) {
                ends.push(sized);
                continue;
            }
            bridges.push(sized);
            if !passed.insert(at) {
                continue;
            }
            for hop in wiring.hops(at).filter(|hop| segments.bridges(hop.edge, at)) {
                if segments.carries(hop.edge, vlan) && !at_or(seen, hop.edge, true) {
                    put(seen, hop.edge, true);
                    edges.push(hop.edge);
                }
            }
        }
    }
    (ends, bridges)
}

/// The MTU at an end: what it says (or its subinterface of this VLAN), else the link, else the network, else 1500;
/// a bridge that says nothing is taken to pass whatever comes.
fn mtu_of_end(segments: &Segments, link: LinkId, side: usize, at: usize, vlan: u16) -> Option<Sized> {
    let (wiring, topology) = (segments.wiring, segments.wiring.topology);
    let link = topology.link(link)?;
    let network_at = |end: &LinkEnd| match end {
        LinkEnd::Network { network } => topology.network(*network),
        LinkEnd::Interface { .. } => None,
    };
    let around = link.mtu.or_else(|| link.ends.iter().filter_map(network_at).find_map(|network: &Network| network.mtu));
    let end = link.ends.get(side)?;
    let Some(port) = port(topology, end) else {
        let mtu = network_at(end)?.mtu.unwrap_or(u32::MAX);
        return Some(Sized { at, name: wiring.name(at).to_owned(), mtu });
    };
    let units = segments.units.get(&(port.id, port.interface.name.as_str()));
    let unit = units.into_iter().flatten().find(|unit| unit.vlan == Some(vlan));
    let said = unit.and_then(|unit| unit.mtu).or(port.interface.mtu).or(around);
    let mtu = said.unwrap_or(if port.bridges(link) { u32::MAX } else { USUAL_MTU });
    Some(Sized { at, name: format!("{}:{}", wiring.name(at), port.interface.name), mtu })
}

/// Two ends with different MTUs, or a bridge that is narrower than an end.
fn disagree((ends, bridges): &(Vec<Sized>, Vec<Sized>)) -> Option<(&Sized, &Sized)> {
    let largest = ends.iter().max_by_key(|end| end.mtu)?;
    let smallest = ends.iter().min_by_key(|end| end.mtu)?;
    if smallest.mtu < largest.mtu {
        return Some((largest, smallest));
    }
    bridges.iter().find(|bridge| bridge.mtu < largest.mtu).map(|bridge| (largest, bridge))
}
