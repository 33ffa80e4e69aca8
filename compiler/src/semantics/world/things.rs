//! What is special to each kind of thing while it is being evaluated.

use super::{EntityId, Env, Key, ScopeId};
use crate::collections::IndexMap;
use crate::semantics::devices::Shape;
use crate::source::Span;
use crate::syntax::ast;
use crate::topology;
use crate::value::{LagId, NetworkId, NodeId};
use ipnet::IpNet;
use smol_str::SmolStr;
use std::rc::Rc;

/// A node while it is being evaluated.
#[derive(Debug)]
pub struct NodeEntry<'a> {
    /// Its attributes.
    pub entity: EntityId,
    /// Name within its scope: `leaf1`.
    pub name: String,
    /// Path: `office-nyc/gw`.
    pub path: String,
    /// The array it is of, with its keys.
    pub array: Option<(SmolStr, Vec<Key>)>,
    /// The scope it is of.
    pub scope: ScopeId,
    /// What its device is made of.
    pub shape: Rc<Shape<'a>>,
    /// The entities of its machines; for a device of one machine, the node's own.
    pub machines: Vec<EntityId>,
    /// Its interfaces that are connected or configured, by name.
    pub interfaces: IndexMap<SmolStr, InterfaceEntry>,
    /// Once allocated, as the topology has them.
    pub resolved: Vec<topology::Interface>,
    /// Its routes, once asked for.
    pub routes: Option<Vec<(IpNet, std::net::IpAddr)>>,
    /// Loopback addresses, once allocated.
    pub loopbacks: Vec<IpNet>,
    /// Management addresses, once allocated.
    pub management: Vec<IpNet>,
}

/// An interface while it is being evaluated.
#[derive(Debug, Clone)]
pub struct InterfaceEntry {
    /// Its attributes.
    pub entity: EntityId,
    /// Index of the link and of its end.
    pub link: Option<(usize, usize)>,
    /// Index of the aggregation it is a logical end of.
    pub lag: Option<LagId>,
    /// Is it a port of the device? Else it is logical.
    pub physical: bool,
    /// Where it is first named.
    pub span: Span,
}

/// A network while it is being evaluated.
#[derive(Debug)]
pub struct NetworkEntry {
    /// Its attributes.
    pub entity: EntityId,
    /// Name within its scope.
    pub name: String,
    /// Path.
    pub path: String,
    /// The array it is of, with its keys.
    pub array: Option<(SmolStr, Vec<Key>)>,
    /// The links that end on it: (link, the other end).
    pub links: Vec<(usize, usize)>,
}

/// What an end of a link is.
#[derive(Clone, PartialEq, Debug)]
pub enum EndTarget {
    /// A node, with an interface once it is chosen.
    Node(NodeId, Option<SmolStr>),
    /// A network.
    Network(NetworkId),
}

/// An end of a link while it is being evaluated.
#[derive(Debug, Clone)]
pub struct EndEntry {
    /// Its attributes.
    pub entity: EntityId,
    /// What it is.
    pub target: EndTarget,
    /// Where.
    pub span: Span,
}

/// A link while it is being evaluated.
#[derive(Debug)]
pub struct LinkEntry {
    /// Its attributes.
    pub entity: EntityId,
    /// Stable path.
    pub path: String,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Left and right.
    pub ends: [EndEntry; 2],
    /// The aggregation it is a member of.
    pub lag: Option<LagId>,
}

/// An aggregation while it is being evaluated.
#[derive(Debug)]
pub struct LagEntry {
    /// Its attributes.
    pub entity: EntityId,
    /// Stable path.
    pub path: String,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Its logical ends, those on the left first.
    pub ends: Vec<EndEntry>,
    /// Member links.
    pub members: Vec<usize>,
}

/// A named VLAN, VRF or anything else without more to it.
#[derive(Debug)]
pub struct NamedEntry {
    /// Its attributes.
    pub entity: EntityId,
    /// Its name.
    pub name: String,
    /// Path.
    pub path: String,
}

/// A pool while it is being evaluated.
#[derive(Debug)]
pub struct PoolEntry<'a> {
    /// Its attributes.
    pub entity: EntityId,
    /// Path.
    pub path: String,
    /// As written.
    pub declared: &'a ast::Pool,
    /// Where.
    pub env: Env<'a>,
}
