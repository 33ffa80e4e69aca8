//! What of the topology came of each place in the source, and the other way round, without a search.

use crate::Compilation;
use crate::semantics::facts::{Draw, Facts};
use crate::source::Span;
use crate::topology::{Attributes, Origin, Topology};
use crate::value::{LagId, LinkId, NetworkId, NodeId, VlanId, VrfId};
use std::sync::OnceLock;

/// Something of a topology that has attributes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Thing {
    /// A node.
    Node(NodeId),
    /// A machine of a node: its index there.
    Machine(NodeId, usize),
    /// An interface of a node: its index there.
    Interface(NodeId, usize),
    /// A network.
    Network(NetworkId),
    /// A link.
    Link(LinkId),
    /// An aggregation.
    Lag(LagId),
    /// A named VLAN.
    Vlan(VlanId),
    /// A VRF.
    Vrf(VrfId),
    /// A target: its index in the topology.
    Target(usize),
    /// A check: its index in the topology.
    Check(usize),
    /// The topology itself.
    Topology,
}

impl Thing {
    /// Where it comes from.
    pub fn origin(self, topology: &Topology) -> Option<&Origin> {
        Some(match self {
            Thing::Node(id) => &topology.node(id)?.origin,
            Thing::Machine(id, at) => &topology.node(id)?.machines.get(at)?.origin,
            Thing::Interface(id, at) => &topology.node(id)?.interfaces.get(at)?.origin,
            Thing::Network(id) => &topology.network(id)?.origin,
            Thing::Link(id) => &topology.link(id)?.origin,
            Thing::Lag(id) => &topology.lags.get(id.index())?.origin,
            Thing::Vlan(id) => &topology.vlans.get(id.index())?.origin,
            Thing::Vrf(id) => &topology.vrfs.get(id.index())?.origin,
            Thing::Target(at) => &topology.targets.get(at)?.origin,
            Thing::Check(at) => &topology.checks.get(at)?.origin,
            Thing::Topology => &topology.origin,
        })
    }

    /// Its attributes that were set.
    pub fn attributes(self, topology: &Topology) -> Option<&Attributes> {
        Some(match self {
            Thing::Node(id) => &topology.node(id)?.attributes,
            Thing::Machine(id, at) => &topology.node(id)?.machines.get(at)?.attributes,
            Thing::Interface(id, at) => &topology.node(id)?.interfaces.get(at)?.attributes,
            Thing::Network(id) => &topology.network(id)?.attributes,
            Thing::Link(id) => &topology.link(id)?.attributes,
            Thing::Lag(id) => &topology.lags.get(id.index())?.attributes,
            Thing::Vlan(id) => &topology.vlans.get(id.index())?.attributes,
            Thing::Vrf(id) => &topology.vrfs.get(id.index())?.attributes,
            Thing::Target(at) => &topology.targets.get(at)?.attributes,
            Thing::Check(_) => return None,
            Thing::Topology => &topology.attributes,
        })
    }

    /// What the author knows it by: `leaf1`, `leaf1:eth1`, `leaf1/re`, `a--b`.
    pub fn name(self, topology: &Topology) -> Option<String> {
        Some(match self {
            Thing::Node(id) => topology.node(id)?.path.clone(),
            Thing::Machine(id, at) => topology.node(id)?.machines.get(at)?.path.clone(),
            Thing::Interface(id, at) => {
                let node = topology.node(id)?;
                format!("{}:{}", node.path, node.interfaces.get(at)?.name)
            }
            Thing::Network(id) => topology.network(id)?.path.clone(),
            Thing::Link(id) => topology.link(id)?.path.clone(),
            Thing::Lag(id) => topology.lags.get(id.index())?.path.clone(),
            Thing::Vlan(id) => topology.vlans.get(id.index())?.name.clone(),
            Thing::Vrf(id) => topology.vrfs.get(id.index())?.name.clone(),
            Thing::Target(at) => topology.targets.get(at)?.name.clone(),
            Thing::Check(at) => topology.checks.get(at)?.name.clone().unwrap_or_default(),
            Thing::Topology => topology.name.clone(),
        })
    }
}

/// Where the things of a topology were made.
#[derive(Debug, Default)]
pub struct Things {
    /// By where they are declared: the name, or all of a link.
    declared: Vec<(Span, Thing)>,
    /// By where the value of one of their attributes is written, once it is asked for.
    written: OnceLock<Vec<(Span, Thing)>>,
    /// What pools gave out, by where that is written: indices in [`Facts::draws`].
    draws: Vec<(Span, usize)>,
    /// The same by owner and attribute.
    by_owner: Vec<usize>,
}

impl Things {
    /// Those of a compilation. Not linear, but for sorting.
    pub fn new(compilation: &Compilation) -> Things {
        let mut things = Things::default();
        if let Some(topology) = &compilation.topology {
            let place = |thing: Thing| Some((thing.origin(topology)?.span, thing));
            things.declared = all(topology).into_iter().filter_map(place).collect();
        }
        let draws = &compilation.facts.draws;
        things.draws = draws.iter().enumerate().map(|(at, draw)| (draw.span, at)).collect();
        things.by_owner = (0..draws.len()).collect();
        things.by_owner.sort_by_key(|at| draws.get(*at).map(|draw| (&draw.owner, &draw.attribute)));
        things.declared.sort_unstable_by_key(|(span, thing)| (key(*span), *thing));
        things.draws.sort_unstable_by_key(|(span, at)| (key(*span), *at));
        things
    }

    /// The things that are declared there: at their name; of a link, all of it.
    pub fn declared(&self, span: Span) -> impl Iterator<Item = Thing> {
        at(&self.declared, span)
    }

    /// The things with an attribute whose value is written there, in the block, a default, an override or the device.
    pub fn written(&self, topology: Option<&Topology>, value: Span) -> impl Iterator<Item = Thing> {
        let written = self.written.get_or_init(|| {
            let of = |(_, thing): &(Span, Thing)| Some((*thing, thing.origin(topology?)?.written()));
            let all = self.declared.iter().filter_map(of);
            let mut all: Vec<_> = all.flat_map(|(thing, spans)| spans.map(move |span| (span, thing))).collect();
            all.sort_unstable_by_key(|(span, thing)| (key(*span), *thing));
            all
        });
        at(written, value)
    }

    /// What pools gave out to the value that is written there.
    pub fn draws<'a>(&self, facts: &'a Facts, value: Span) -> impl Iterator<Item = &'a Draw> {
        at(&self.draws, value).filter_map(|at| facts.draws.get(at))
    }

    /// What pools gave out for an attribute of an owner, named as in the lock: `node leaf1`.
    pub fn drawn<'a>(&self, facts: &'a Facts, owner: &str, attribute: &str) -> impl Iterator<Item = &'a Draw> {
        let wanted = (owner, attribute);
        let name = |at: &usize| facts.draws.get(*at).map_or(("", ""), |draw| (&draw.owner, &draw.attribute));
        let from = self.by_owner.partition_point(|at| name(at) < wanted);
        let here = self.by_owner.iter().skip(from).take_while(|at| name(at) == wanted);
        here.filter_map(|at| facts.draws.get(*at)).collect::<Vec<_>>().into_iter()
    }
}

/// Every thing of a topology.
fn all(topology: &Topology) -> Vec<Thing> {
    let mut things = vec![Thing::Topology];
    for (index, node) in topology.nodes.iter().enumerate() {
        let id = NodeId::from(index);
        things.push(Thing::Node(id));
        // The one machine of most devices is the node itself.
        let parts = node.machines.iter().enumerate().filter(|(_, machine)| machine.part.is_some());
        things.extend(parts.map(|(at, _)| Thing::Machine(id, at)));
        things.extend((0..node.interfaces.len()).map(|at| Thing::Interface(id, at)));
    }
    things.extend((0..topology.networks.len()).map(|at| Thing::Network(at.into())));
    things.extend((0..topology.links.len()).map(|at| Thing::Link(at.into())));
    things.extend((0..topology.lags.len()).map(|at| Thing::Lag(at.into())));
    things.extend((0..topology.vlans.len()).map(|at| Thing::Vlan(at.into())));
    things.extend((0..topology.vrfs.len()).map(|at| Thing::Vrf(at.into())));
    things.extend((0..topology.targets.len()).map(Thing::Target));
    things.extend((0..topology.checks.len()).map(Thing::Check));
    things
}

fn key(span: Span) -> (u32, u32, u32) {
    (span.file.0, span.start, span.end)
}

/// Those of a sorted list that are kept under a span.
fn at<T: Copy>(sorted: &[(Span, T)], span: Span) -> impl Iterator<Item = T> {
    let from = sorted.partition_point(|(known, _)| key(*known) < key(span));
    sorted.iter().skip(from).take_while(move |(known, _)| *known == span).map(|(_, value)| *value)
}
