//! The topology: the lab as its author thinks of it, checked and complete.
//!
//! Nodes, networks and links stand in lists, in the order of the source; [`Topology::graph`] is their petgraph. What a
//! composite device is made of stands in its node ([`Node::machines`], [`Node::wires`]) and never in the graph: to the
//! user it is one node. Serialised, this is the JSON form (`wtop build --target json`), whose schema is published in
//! `docs/topology.schema.json`.

pub mod checks;
mod expectation;
mod impairment;
pub mod machine;
#[cfg(test)]
pub mod sample;

pub use expectation::{Answers, Expectation, Probe, Question};
pub use impairment::Impairment;
pub use machine::{
    ArchiveFormat, ConsoleStep, Disk, Firmware, Image, Machine, Media, MediaContent, MediaFile, MediaFormat,
    MediaLayout, Nic, Plug, Readiness, TextContent,
};

use crate::collections::IndexMap;
use crate::source::Span;
use crate::value::{LagId, LinkId, Mac, NetworkId, NodeId, Value, VrfId};
use ipnet::IpNet;
use petgraph::graph::UnGraph;
use schemars::JsonSchema;
use serde::Serialize;
use smol_str::SmolStr;
use std::net::IpAddr;
use std::sync::Arc;

/// The version of the JSON form. A change that old readers would misread raises it.
pub const JSON_VERSION: u32 = 1;

/// Attributes by name, in the order of the source.
pub type Attributes = IndexMap<SmolStr, Value>;

/// The graph of a topology: nodes and networks, joined by links.
pub type Graph = UnGraph<Vertex, LinkId>;

/// A vertex of the graph.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Vertex {
    /// A node.
    Node(NodeId),
    /// A network.
    Network(NetworkId),
}

/// A whole lab.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Topology {
    /// The name after `topology`.
    pub name: String,
    /// A title for people.
    pub title: Option<String>,
    /// The `//!` documentation of its file.
    pub documentation: Option<String>,
    /// The DNS domain of its nodes.
    pub domain: Option<String>,
    /// The network that carries management, unless there is none.
    pub management: Option<Management>,
    /// Nodes, in the order of the source.
    pub nodes: Vec<Node>,
    /// Networks.
    pub networks: Vec<Network>,
    /// Links.
    pub links: Vec<Link>,
    /// Link aggregations.
    pub lags: Vec<Lag>,
    /// Named VLANs.
    pub vlans: Vec<Vlan>,
    /// VRFs.
    pub vrfs: Vec<Vrf>,
    /// Checks, and how they came out.
    pub checks: Vec<Check>,
    /// What is expected of the lab when it runs.
    #[serde(skip)]
    pub expectations: Vec<Expectation>,
    /// The targets that the source declares.
    pub targets: Vec<Target>,
    /// Which of them this topology was evaluated for.
    pub target: Option<String>,
    /// Further attributes of the topology itself (`vars`, `ntp`, …).
    pub attributes: Attributes,
    /// Where it was declared.
    #[serde(skip)]
    pub origin: Origin,
    /// The graph over nodes and networks.
    #[serde(skip)]
    pub graph: Graph,
}

impl Topology {
    /// The node with this id. Ids come from this topology, so it is there.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.index())
    }

    /// The network with this id.
    pub fn network(&self, id: NetworkId) -> Option<&Network> {
        self.networks.get(id.index())
    }

    /// The link with this id.
    pub fn link(&self, id: LinkId) -> Option<&Link> {
        self.links.get(id.index())
    }

    /// The interface at an end of a link; `None` for a network.
    pub fn interface(&self, end: &LinkEnd) -> Option<(&Node, &Interface)> {
        let LinkEnd::Interface { node, interface } = end else { return None };
        let node = self.node(*node)?;
        Some((node, node.interfaces.get(*interface)?))
    }

    /// The target of this name.
    pub fn find_target(&self, name: &str) -> Option<&Target> {
        self.targets.iter().find(|target| target.name == name)
    }
}

/// Where something came from.
#[derive(Clone, PartialEq, Debug, Default, Serialize, JsonSchema)]
pub struct Origin {
    /// File and bytes of its declaration.
    #[serde(serialize_with = "serialize_span")]
    #[schemars(with = "SpanJson")]
    pub span: Span,
    /// The loop variables and indices under which it was made, outermost first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub variables: Vec<(String, Value)>,
    /// Where the value of each attribute that was set for it is written: in the block, a default or an override.
    #[serde(skip)]
    pub attributes: Vec<(SmolStr, Span)>,
    /// The same for what its device sets, which is weaker. All of one device share it.
    #[serde(skip)]
    pub inherited: Arc<[(SmolStr, Span)]>,
}

impl Origin {
    /// Where an attribute is written, if it was set.
    pub fn attribute(&self, name: &str) -> Option<Span> {
        let all = self.attributes.iter().chain(&*self.inherited);
        all.into_iter().find(|(known, _)| known == name).map(|(_, span)| *span)
    }

    /// Where the values of all attributes that were set are written.
    pub fn written(&self) -> impl Iterator<Item = Span> {
        let is_own = |name: &SmolStr| self.attributes.iter().any(|(own, _)| own == name);
        let inherited = self.inherited.iter().filter(move |(name, _)| !is_own(name));
        self.attributes.iter().chain(inherited).map(|(_, span)| *span)
    }
}

/// How a span stands in JSON.
#[derive(Serialize, JsonSchema)]
struct SpanJson {
    /// Index of the file in `sources`.
    file: u32,
    /// First byte.
    start: u32,
    /// One past the last byte.
    end: u32,
}

fn serialize_span<S: serde::Serializer>(span: &Span, serializer: S) -> Result<S::Ok, S::Error> {
    SpanJson { file: span.file.0, start: span.start, end: span.end }.serialize(serializer)
}

/// The management network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Management {
    /// Its prefixes, IPv4 and IPv6.
    #[schemars(with = "Vec<String>")]
    pub subnets: Vec<IpNet>,
    /// The first usable address of each: the host, or the cloud's router.
    pub gateways: Vec<IpAddr>,
    /// Largest packet in bytes, if not the usual 1500.
    pub mtu: Option<u32>,
    /// Name servers given to the guests.
    pub dns: Vec<IpAddr>,
    /// Further attributes.
    pub attributes: Attributes,
}

/// A node: one instance of a device.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Node {
    /// Path below the topology: `leaf1`, `office-nyc/gw`.
    pub path: String,
    /// Name within its module: `leaf1`, `gw`.
    pub name: String,
    /// The array it is an element of, with its keys, if any.
    pub array: Option<(String, Vec<Value>)>,
    /// Host name of the guest.
    pub hostname: String,
    /// What a picture shows instead of the name.
    pub label: Option<String>,
    /// Short name of the device: `vqfx`.
    pub device: String,
    /// The devices it extends, nearest first.
    pub bases: Vec<String>,
    /// Version of the device's software, if chosen.
    pub version: Option<String>,
    /// Who makes the device.
    pub vendor: Option<String>,
    /// Which icon a picture shows: `router`, `switch`, `firewall`, `host`, `server`, `cloud`, …
    pub icon: String,
    /// Does it forward packets between its interfaces?
    pub router: bool,
    /// Tags.
    pub tags: Vec<String>,
    /// Group in a picture.
    pub group: Option<String>,
    /// Layer in a picture, from 0 at the top.
    pub tier: Option<i64>,
    /// Notes for people.
    pub notes: Option<String>,
    /// The interfaces that are connected or configured, in the order of the device; then logical ones.
    pub interfaces: Vec<Interface>,
    /// All ports that links can name, in the order of the device, used or not. Nodes of one shape share the list.
    #[serde(skip)]
    pub ports: Arc<[Port]>,
    /// Index in `machines` and its NIC that carry management, unless there is none.
    pub management: Option<ManagementPort>,
    /// The machines it is made of, in order of declaration: one, for most devices.
    pub machines: Vec<Machine>,
    /// Private segments between its machines: lists of (machine, NIC).
    pub wires: Vec<Wire>,
    /// Nodes that must be ready before this one starts.
    pub after: Vec<NodeId>,
    /// Is it started with the lab?
    pub start: bool,
    /// Users, SSH keys, packages, files and the rest of what the guest gets at first boot.
    pub guest: Guest,
    /// Every attribute that was set, by name, as evaluated.
    pub attributes: Attributes,
    /// Where it was declared.
    pub origin: Origin,
}

/// A port of a device that links can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// Its name: `ge-0/0/0`.
    pub name: SmolStr,
    /// Other names of it.
    pub aliases: Vec<SmolStr>,
    /// Index in the node's `machines`.
    pub machine: usize,
    /// The NIC behind it, as the device calls it.
    pub nic: SmolStr,
}

/// The port that carries management.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ManagementPort {
    /// Index in the node's `machines`.
    pub machine: usize,
    /// Index in that machine's `nics`.
    pub nic: usize,
    /// Its name: `fxp0`.
    pub name: String,
    /// Its addresses in the management network, one a family.
    #[schemars(with = "Vec<String>")]
    pub addresses: Vec<IpNet>,
}

/// A private segment inside a composite device.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Wire {
    /// The NICs on it: (index in `machines`, index in `nics`).
    pub ends: Vec<(usize, usize)>,
    /// Largest packet in bytes.
    pub mtu: Option<u32>,
}

/// What the guest gets at first boot, apart from vendor configuration.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Guest {
    /// Users by name.
    pub users: IndexMap<String, User>,
    /// Public keys for the login user.
    pub ssh_keys: Vec<String>,
    /// Packages to install.
    pub packages: Vec<String>,
    /// Services to enable and start.
    pub services: Vec<String>,
    /// Files by absolute path.
    pub files: Vec<GuestFile>,
    /// Commands run once, at first boot.
    pub run: Vec<TextContent>,
    /// Commands run at each boot.
    pub run_each_boot: Vec<TextContent>,
    /// Environment variables for all users.
    pub env: IndexMap<String, TextContent>,
    /// Static routes: prefix to next hop.
    #[schemars(with = "Vec<(String, String)>")]
    pub routes: Vec<(IpNet, IpAddr)>,
    /// NTP servers.
    pub ntp: Vec<String>,
    /// Name servers.
    pub dns: Vec<IpAddr>,
    /// The configuration in the vendor's form (`config`), if there is any.
    pub config: Option<TextContent>,
}

/// A user account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct User {
    /// Password, plain or by reference.
    pub password: Option<TextContent>,
    /// Public keys.
    pub ssh_keys: Vec<String>,
    /// May it become root without a password?
    pub sudo: bool,
    /// Login shell.
    pub shell: Option<String>,
    /// Further groups.
    pub groups: Vec<String>,
}

/// A file put into the guest.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct GuestFile {
    /// Absolute path.
    pub path: String,
    /// What it holds.
    pub content: TextContent,
    /// Permission bits such as `0644`.
    pub mode: Option<String>,
    /// Owner, `user` or `user:group`.
    pub owner: Option<String>,
}

/// An interface of a node as its user knows it.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Interface {
    /// `ge-0/0/0`, `eth1`, `ge-0/0/0.100`, `lo0`, `ae0`.
    pub name: String,
    /// Other names of the same port.
    pub aliases: Vec<String>,
    /// Physical, or which kind of logical interface.
    pub kind: InterfaceKind,
    /// The link it is an end of.
    pub link: Option<LinkId>,
    /// The aggregation it is a member of, or, for kind `lag`, that it is an end of.
    pub lag: Option<LagId>,
    /// Addresses with the length of their prefix.
    #[schemars(with = "Vec<String>")]
    pub addresses: Vec<IpNet>,
    /// How it gets its addresses.
    pub addressing: Addressing,
    /// MAC address.
    pub mac: Option<Mac>,
    /// VLAN number of an access port, or of a subinterface.
    pub vlan: Option<u16>,
    /// VLAN numbers of a trunk.
    pub trunk: Vec<u16>,
    /// VLAN number that a trunk carries untagged.
    pub native: Option<u16>,
    /// The VRF it belongs to.
    pub vrf: Option<VrfId>,
    /// Largest packet in bytes.
    pub mtu: Option<u32>,
    /// Further attributes.
    pub attributes: Attributes,
    /// Where it was declared: the end of the link, or the `interface` item.
    pub origin: Origin,
}

/// What an interface is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum InterfaceKind {
    /// A port: NIC `nic` of machine `machine`.
    Physical {
        /// Index in the node's `machines`.
        machine: usize,
        /// Index in that machine's `nics`.
        nic: usize,
    },
    /// A loopback or another interface without a wire.
    #[default]
    Logical,
    /// A unit of a port, with its own VLAN.
    Subinterface {
        /// Name of the port.
        parent: String,
    },
    /// An aggregation of ports.
    Lag,
}

/// How an interface gets its addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // The language's words.
pub enum Addressing {
    #[default]
    Static,
    Dhcp,
    Unnumbered,
    LinkLocal,
    None,
}

/// A multi-access segment.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Network {
    /// Path below the topology.
    pub path: String,
    /// Name within its module.
    pub name: String,
    /// What a picture shows instead of the name.
    pub label: Option<String>,
    /// Its prefixes.
    #[schemars(with = "Vec<String>")]
    pub subnets: Vec<IpNet>,
    /// The default gateway, one a family.
    pub gateways: Vec<IpAddr>,
    /// Who answers for the gateway address.
    pub gateway_kind: GatewayKind,
    /// Nodes that share an anycast or virtual gateway.
    pub gateway_nodes: Vec<NodeId>,
    /// The DHCP range (first, last), one a family, where the segment serves DHCP.
    pub dhcp: Vec<(IpAddr, IpAddr)>,
    /// Name servers given by DHCP.
    pub dns: Vec<IpAddr>,
    /// How it reaches what is outside the lab.
    pub forward: Forward,
    /// VLAN number.
    pub vlan: Option<u16>,
    /// VRF of its prefixes.
    pub vrf: Option<VrfId>,
    /// Largest packet in bytes.
    pub mtu: Option<u32>,
    /// Does the segment itself speak spanning tree?
    pub stp: bool,
    /// Does it repeat every frame to every port?
    pub hub: bool,
    /// Does it exist outside the lab, bound by each target?
    pub external: bool,
    /// Further attributes.
    pub attributes: Attributes,
    /// Where it was declared.
    pub origin: Origin,
}

/// Who answers for a gateway address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GatewayKind {
    /// Nobody was named: the host for `forward = nat` or `route`, else the node with that address.
    #[default]
    Plain,
    /// Each of `gateway_nodes`, all with the same address.
    Anycast,
    /// One of `gateway_nodes` at a time (VRRP, HSRP).
    Virtual,
}

/// How a network reaches what is outside the lab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // The language's words.
pub enum Forward {
    #[default]
    None,
    Nat,
    Route,
}

/// A wire between two ends.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Link {
    /// Stable path: its name, or both ends sorted: `h1:eth1--fw:ge-0/0/0`.
    pub path: String,
    /// The name, if it has one.
    pub name: Option<String>,
    /// Left and right of `<->`.
    pub ends: [LinkEnd; 2],
    /// What each end does to the frames it sends; same order as `ends`.
    pub impairments: [Impairment; 2],
    /// Prefixes of a point-to-point link.
    #[schemars(with = "Vec<String>")]
    pub subnets: Vec<IpNet>,
    /// Largest packet in bytes.
    pub mtu: Option<u32>,
    /// Is it up when the lab starts?
    pub up: bool,
    /// The aggregation it is a member of.
    pub lag: Option<LagId>,
    /// Further attributes.
    pub attributes: Attributes,
    /// Where it was declared.
    pub origin: Origin,
}

/// One end of a link.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkEnd {
    /// An interface: index in the node's `interfaces`.
    Interface {
        /// The node.
        node: NodeId,
        /// Index in its `interfaces`.
        interface: usize,
    },
    /// A network.
    Network {
        /// Which.
        network: NetworkId,
    },
}

impl LinkEnd {
    /// Its vertex in the graph.
    pub fn vertex(&self) -> Vertex {
        match self {
            LinkEnd::Interface { node, .. } => Vertex::Node(*node),
            LinkEnd::Network { network } => Vertex::Network(*network),
        }
    }
}

/// Links as one logical link.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Lag {
    /// Stable path.
    pub path: String,
    /// The name, if it has one.
    pub name: Option<String>,
    /// Its logical ends: one for multi-chassis, else two.
    pub ends: Vec<LinkEnd>,
    /// Member links.
    pub members: Vec<LinkId>,
    /// `lacp`, `static`, …
    pub mode: String,
    /// Prefixes between its two ends.
    #[schemars(with = "Vec<String>")]
    pub subnets: Vec<IpNet>,
    /// Further attributes.
    pub attributes: Attributes,
    /// Where it was declared.
    pub origin: Origin,
}

/// A named VLAN.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Vlan {
    /// Name.
    pub name: String,
    /// 1 to 4094.
    pub id: u16,
    /// Its prefixes.
    #[schemars(with = "Vec<String>")]
    pub subnets: Vec<IpNet>,
    /// Its VRF.
    pub vrf: Option<VrfId>,
    /// VXLAN network identifier.
    pub vni: Option<u32>,
    /// Gateway addresses.
    pub gateways: Vec<IpAddr>,
    /// Further attributes.
    pub attributes: Attributes,
    /// Where it was declared.
    pub origin: Origin,
}

/// A VRF.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Vrf {
    /// Name.
    pub name: String,
    /// Attributes (`rd`, …).
    pub attributes: Attributes,
    /// Where it was declared.
    pub origin: Origin,
}

/// A check and how it came out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Check {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Its condition as written.
    pub condition: String,
    /// Does it hold? Absent where it could not be evaluated.
    pub holds: Option<bool>,
    /// What it is about: the nodes and networks of the path that fails.
    pub path: Vec<String>,
    /// Where it was declared.
    pub origin: Origin,
}

/// A target as declared.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Target {
    /// Name.
    pub name: String,
    /// `kvm`, `heat`.
    pub kind: String,
    /// Is it used when none is named?
    pub default: bool,
    /// Image slot (or `slot@version`) to the name or path of an image there.
    pub images: IndexMap<String, String>,
    /// Device or node to the name of a flavor.
    pub flavors: IndexMap<String, String>,
    /// External network to what it is there.
    pub networks: IndexMap<String, Binding>,
    /// Further attributes (`uri`, `pool`, `prefix`, `cloud`, `external`, …).
    pub attributes: Attributes,
    /// Where it was declared.
    pub origin: Origin,
}

/// What an external network is on a target: `bridge("br0")`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Binding {
    /// `bridge`, `macvtap`, `sriov`, `vxlan`, `existing`, `provider`.
    pub kind: String,
    /// The host's or cloud's name for it.
    pub name: String,
    /// Named options.
    pub options: IndexMap<String, String>,
}
