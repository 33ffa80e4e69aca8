//! Topologies for tests, from a sketch: `Sample::new("h1 h2 r:router sw:switch [lan]").links("h1-r r-lan").build()`.

use super::{Guest, Impairment};
use super::{Interface, InterfaceKind, Lag, Link, LinkEnd, Network, Node, Origin, Topology, Vertex};
use crate::collections::IndexMap;
use crate::value::{LagId, LinkId, NetworkId, NodeId};
use petgraph::graph::NodeIndex;

/// Builds a topology without evaluating any text. Interfaces are `eth1`, `eth2`, … in the order of the links.
pub struct Sample {
    topology: Topology,
    vertices: IndexMap<String, (Vertex, NodeIndex)>,
}

impl Sample {
    /// With these vertices: `name` is a host, `name:icon` a node with that icon (`router` and `firewall` forward),
    /// `[name]` a network.
    pub fn new(vertices: &str) -> Sample {
        let mut sample = Sample { topology: Topology::default(), vertices: IndexMap::default() };
        sample.topology.name = "sample".to_owned();
        for word in vertices.split_whitespace() {
            let vertex = match word.strip_prefix('[').and_then(|word| word.strip_suffix(']')) {
                Some(name) => sample.add_network(name),
                None => {
                    let (name, icon) = word.split_once(':').unwrap_or((word, "host"));
                    sample.add_node(name, icon)
                }
            };
            let name = word.trim_matches(['[', ']']).split(':').next().unwrap().to_owned();
            let index = sample.topology.graph.add_node(vertex);
            sample.vertices.insert(name, (vertex, index));
        }
        sample
    }

    fn add_network(&mut self, name: &str) -> Vertex {
        let id = NetworkId::from(self.topology.networks.len());
        let network = Network { path: name.to_owned(), name: name.to_owned(), ..Network::default() };
        self.topology.networks.push(network);
        Vertex::Network(id)
    }

    fn add_node(&mut self, name: &str, icon: &str) -> Vertex {
        let id = NodeId::from(self.topology.nodes.len());
        self.topology.nodes.push(node(name, icon));
        Vertex::Node(id)
    }

    /// With these links: `a-b`, or `a~b` for one that is down; the same pair again is a parallel link.
    pub fn links(mut self, links: &str) -> Sample {
        for word in links.split_whitespace() {
            let up = word.contains('-');
            let (left, right) = word.split_once(['-', '~']).unwrap();
            self.add_link(left, right, up);
        }
        self
    }

    /// With a LAG over new parallel links, each written as in [`Sample::links`].
    pub fn lag(mut self, links: &str) -> Sample {
        let id = LagId::from(self.topology.lags.len());
        let first = self.topology.links.len();
        self = self.links(links);
        let members: Vec<LinkId> = (first..self.topology.links.len()).map(LinkId::from).collect();
        for link in &mut self.topology.links[first..] {
            link.lag = Some(id);
        }
        let ends = self.topology.links[first].ends.to_vec();
        self.topology.lags.push(Lag {
            path: format!("lag{}", id.0 + 1),
            name: None,
            ends,
            members,
            mode: "lacp".to_owned(),
            subnets: Vec::new(),
            attributes: IndexMap::default(),
            origin: Origin::default(),
        });
        self
    }

    /// With a change that the sketch has no sign for.
    pub fn with(mut self, change: impl FnOnce(&mut Topology)) -> Sample {
        change(&mut self.topology);
        self
    }

    /// The topology.
    pub fn build(self) -> Topology {
        self.topology
    }

    fn add_link(&mut self, left: &str, right: &str, up: bool) {
        let id = LinkId::from(self.topology.links.len());
        let ends = [self.end(left, id), self.end(right, id)];
        let (from, to) = (self.vertices[left].1, self.vertices[right].1);
        self.topology.graph.add_edge(from, to, id);
        self.topology.links.push(Link {
            path: format!("{}--{}", left.min(right), left.max(right)),
            name: None,
            ends,
            impairments: [Impairment::default(); 2],
            subnets: Vec::new(),
            mtu: None,
            up,
            lag: None,
            attributes: IndexMap::default(),
            origin: Origin::default(),
        });
    }

    fn end(&mut self, name: &str, link: LinkId) -> LinkEnd {
        match self.vertices[name].0 {
            Vertex::Network(network) => LinkEnd::Network { network },
            Vertex::Node(node) => {
                let interfaces = &mut self.topology.nodes[node.index()].interfaces;
                let interface = interfaces.len();
                interfaces.push(Interface {
                    name: format!("eth{}", interface + 1),
                    kind: InterfaceKind::Physical { machine: 0, nic: interface + 1 },
                    link: Some(link),
                    ..Interface::default()
                });
                LinkEnd::Interface { node, interface }
            }
        }
    }
}

/// A node without interfaces or machines.
fn node(name: &str, icon: &str) -> Node {
    Node {
        path: name.to_owned(),
        name: name.to_owned(),
        array: None,
        hostname: name.to_owned(),
        label: None,
        device: icon.to_owned(),
        bases: Vec::new(),
        version: None,
        vendor: None,
        icon: icon.to_owned(),
        router: matches!(icon, "router" | "firewall"),
        tags: Vec::new(),
        group: None,
        tier: None,
        notes: None,
        ports: Default::default(),
        interfaces: Vec::new(),
        management: None,
        machines: Vec::new(),
        wires: Vec::new(),
        after: Vec::new(),
        start: true,
        guest: Guest::default(),
        attributes: IndexMap::default(),
        origin: Origin::default(),
    }
}
