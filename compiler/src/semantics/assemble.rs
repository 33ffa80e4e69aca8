//! The topology, put together from what was evaluated.

use super::devices::Shape;
use super::read;
use super::world::{EndEntry, EndTarget, EntityId, Shared, World};
use crate::collections::{IndexMap, IndexSet};
use crate::source::Span;
use crate::syntax::ast::{self, ItemKind};
use crate::topology::{
    Binding, Forward, Guest, GuestFile, Impairment, Lag, Link, LinkEnd, Management, Network, Node, Origin, Port,
    Target, TextContent, Topology, User, Vertex, Vlan, Vrf,
};
use crate::value::{LagId, LinkId, Mac, NetworkId, NodeId, Value};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use petgraph::graph::NodeIndex;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;

/// The topology while these nodes and links are out of service: their wires are down.
pub fn without(mut topology: Topology, paths: &[String]) -> Topology {
    let is_out = |path: &String| paths.contains(path);
    let nodes: Vec<bool> = topology.nodes.iter().map(|node| is_out(&node.path)).collect();
    let ends_out = |end: &LinkEnd| match end.vertex() {
        Vertex::Node(id) => nodes.get(id.index()).copied().unwrap_or(false),
        Vertex::Network(_) => false,
    };
    for link in &mut topology.links {
        link.up &= !is_out(&link.path) && !link.ends.iter().any(ends_out);
    }
    topology
}

impl<'a> World<'a> {
    /// Puts the topology together.
    pub fn assemble(&mut self, management: Option<Management>) -> Topology {
        let mut topology = Topology { name: self.name.clone(), management, ..Topology::default() };
        let entity = self.topology_entity;
        self.evaluate_entity(entity);
        topology.title = self.string(entity, "title");
        topology.documentation =
            self.program.unit(0).and_then(|unit| unit.parse.tree.doc.as_ref()).map(|doc| doc.text.clone());
        topology.domain = self.string(entity, "domain");
        topology.attributes = self.all_attributes(entity);
        topology.origin = self.origin(entity);
        topology.target = self.target.as_ref().map(SmolStr::to_string);
        let mut macs: IndexSet<Mac> = self.written_macs();
        topology.nodes = (0..self.nodes.len()).map(|index| self.assemble_node(index, &mut macs)).collect();
        self.list_ports(&mut topology.nodes);
        topology.networks = (0..self.networks.len()).map(|index| self.assemble_network(index)).collect();
        topology.links = (0..self.links.len()).map(|index| self.assemble_link(index)).collect();
        topology.lags = (0..self.lags.len()).map(|index| self.assemble_lag(index)).collect();
        topology.vlans = (0..self.vlans.len()).filter_map(|index| self.assemble_vlan(index)).collect();
        topology.vrfs = (0..self.vrfs.len()).map(|index| self.assemble_vrf(index)).collect();
        topology.targets = (0..self.targets.len()).map(|index| self.assemble_target(index)).collect();
        connect(&mut topology);
        topology
    }

    /// MAC addresses that are written out: none of them is chosen.
    fn written_macs(&self) -> IndexSet<Mac> {
        let interfaces = self.nodes.iter().flat_map(|node| &node.resolved);
        interfaces.filter_map(|interface| interface.mac).collect()
    }

    /// Where an entity and its attributes were written.
    pub fn origin(&self, id: EntityId) -> Origin {
        let Some(entity) = self.entities.get(id) else { return Origin::default() };
        Origin {
            span: entity.span,
            variables: entity.variables.clone(),
            attributes: entity.own.keys().map(|key| (key.clone(), self.attribute_span(id, key))).collect(),
            inherited: entity.shared.as_deref().map(Shared::written).unwrap_or_default(),
        }
    }

    /// The ports of every node; those of one shape are made once.
    fn list_ports(&self, nodes: &mut [Node]) {
        let mut known: BTreeMap<*const Shape<'a>, Arc<[Port]>> = BTreeMap::new();
        for (node, entry) in nodes.iter_mut().zip(&self.nodes) {
            let ports = known.entry(Rc::as_ptr(&entry.shape)).or_insert_with(|| entry.shape.listed_ports());
            node.ports = ports.clone();
        }
    }

    fn assemble_node(&mut self, index: usize, macs: &mut IndexSet<Mac>) -> Node {
        let id = NodeId::from(index);
        let made = self.make_machines(id, macs);
        let hostname = self.hostname(id).unwrap_or_default();
        let (entity, name, path, array, shape) = match self.nodes.get(index) {
            Some(node) => (node.entity, node.name.clone(), node.path.clone(), node.array.clone(), node.shape.clone()),
            None => Default::default(),
        };
        let guest = self.assemble_guest(id, entity);
        let after = self.values(entity, "after");
        let after = after.iter().filter_map(|node| if let Value::Node(id) = node { Some(*id) } else { None });
        Node {
            array: array.map(|(name, keys)| (name.to_string(), keys.iter().map(super::world::Key::value).collect())),
            label: self.string(entity, "label"),
            device: shape.name.to_string(),
            bases: shape.bases.iter().map(SmolStr::to_string).collect(),
            version: self.string(entity, "version"),
            vendor: self.string(entity, "vendor"),
            icon: self.string(entity, "icon").unwrap_or_else(|| "generic".to_owned()),
            router: self.flag(entity, "router").unwrap_or(false),
            tags: self.strings(entity, "tags"),
            group: self.string(entity, "group"),
            tier: self.int(entity, "tier", 0..=1000),
            notes: self.string(entity, "notes"),
            interfaces: self.nodes.get(index).map(|node| node.resolved.clone()).unwrap_or_default(),
            ports: Arc::default(),
            management: made.management,
            machines: made.machines,
            wires: made.wires,
            after: after.collect(),
            start: self.string(entity, "start").as_deref() != Some("manual"),
            guest,
            attributes: self.all_attributes(entity),
            origin: self.origin(entity),
            name,
            path,
            hostname,
        }
    }

    fn assemble_guest(&mut self, id: NodeId, entity: EntityId) -> Guest {
        let top = self.topology_entity;
        let or_top = |world: &World<'a>, key: &str| if world.defines(entity, key) { entity } else { top };
        let ssh_keys = self.login_keys(entity);
        let mut users = self.assemble_users(entity);
        let login_of = or_top(self, "login");
        let login = self.map(login_of, "login");
        if let Some(Value::String(user)) = login.get("user") {
            let account = users.entry(user.to_string()).or_default();
            account.sudo = true;
            account.password = login.get("password").and_then(|password| TextContent::try_from(password).ok());
            account.ssh_keys.extend(ssh_keys.iter().cloned());
        }
        let shell = self.string(entity, "default_shell");
        users.values_mut().filter(|user| user.shell.is_none()).for_each(|user| user.shell = shell.clone());
        let texts = |values: Vec<Value>| values.iter().filter_map(|value| TextContent::try_from(value).ok()).collect();
        let env = self.map(entity, "env");
        let env = env.iter().filter_map(|(key, value)| {
            let content = TextContent::try_from(value).ok().or_else(|| read::text(value).map(TextContent::Plain));
            Some((key.to_string(), content?))
        });
        let ntp_of = or_top(self, "ntp");
        let dns_of = or_top(self, "dns");
        Guest {
            users,
            ssh_keys,
            packages: self.strings(entity, "packages"),
            services: self.strings(entity, "services"),
            files: self.assemble_files(entity),
            run: texts(self.values(entity, "run")),
            run_each_boot: texts(self.values(entity, "run_each_boot")),
            env: env.collect(),
            routes: self.routes_of(id),
            ntp: self.strings(ntp_of, "ntp").into_iter().collect(),
            dns: self.ips(dns_of, "dns"),
            config: self.text_content(entity, "config"),
        }
    }

    /// The public keys for the login of a node: of the lab, of the node, of who deploys.
    pub fn login_keys(&mut self, entity: EntityId) -> Vec<String> {
        let mut keys = self.strings(self.topology_entity, "ssh_keys");
        keys.extend(self.strings(entity, "ssh_keys"));
        keys.extend_from_slice(self.deployer_keys);
        keys
    }

    fn assemble_users(&mut self, entity: EntityId) -> IndexMap<String, User> {
        let users = self.map(entity, "users");
        let user = |value: &Value| {
            let Value::Map(entries) = value else { return User::default() };
            let strings = |key: &str| match entries.get(key) {
                Some(Value::List(values)) => values.iter().filter_map(read::text).collect(),
                _ => Vec::new(),
            };
            User {
                password: entries.get("password").and_then(|password| TextContent::try_from(password).ok()),
                ssh_keys: strings("ssh_keys"),
                sudo: entries.get("sudo") == Some(&Value::Bool(true)),
                shell: entries.get("shell").and_then(read::text),
                groups: strings("groups"),
            }
        };
        users.iter().map(|(name, value)| (name.to_string(), user(value))).collect()
    }

    fn assemble_files(&mut self, entity: EntityId) -> Vec<GuestFile> {
        let mut files = Vec::new();
        for (path, value) in self.map(entity, "files").iter() {
            let plain = |content| GuestFile { path: path.to_string(), content, mode: None, owner: None };
            match value {
                Value::Map(entries) => {
                    if let Some(Value::Map(inside)) = entries.get("files") {
                        for (name, value) in inside.iter() {
                            if let Ok(content) = TextContent::try_from(value) {
                                let path = format!("{}/{name}", path.trim_end_matches('/'));
                                files.push(GuestFile { path, content, mode: None, owner: None });
                            }
                        }
                    }
                    if let Some(Ok(content)) = entries.get("content").map(TextContent::try_from) {
                        let mode = entries.get("mode").and_then(read::text);
                        let owner = entries.get("owner").and_then(read::text);
                        files.push(GuestFile { mode, owner, ..plain(content) });
                    }
                }
                other => files.extend(TextContent::try_from(other).ok().map(plain)),
            }
        }
        files
    }

    /// Written routes, and for hosts the default route of their segment. Templates ask for them first.
    pub(super) fn routes_of(&mut self, id: NodeId) -> Vec<(IpNet, IpAddr)> {
        let Some(node) = self.nodes.get(id.index()) else { return Vec::new() };
        if let Some(known) = &node.routes {
            return known.clone();
        }
        let routes = self.assemble_routes(id, node.entity);
        if let Some(node) = self.nodes.get_mut(id.index()) {
            node.routes = Some(routes.clone());
        }
        routes
    }

    fn assemble_routes(&mut self, id: NodeId, entity: EntityId) -> Vec<(IpNet, IpAddr)> {
        let mut routes = Vec::new();
        for (prefix, hop) in self.map(entity, "routes").iter() {
            let net = match prefix.parse::<IpNet>() {
                Ok(net) => net,
                Err(_) if prefix == "default" => IpNet::V4(Ipv4Net::default()),
                Err(_) => {
                    let span = self.attribute_span(entity, "routes");
                    let message = format!("`{prefix}` is no prefix to route to");
                    let help = "write `routes { \"10.0.0.0/8\" = 10.1.0.1 }`";
                    let code = &crate::diagnostics::codes::allocation::E0609;
                    self.report(crate::diagnostics::Diagnostic::new(code, span, message, "no prefix").help(help));
                    continue;
                }
            };
            routes.extend(read::ip(hop).map(|hop| (net, hop)));
        }
        let wanted = self.flag(entity, "default_route");
        if wanted == Some(false) || (wanted.is_none() && self.flag(entity, "router") == Some(true)) {
            return routes;
        }
        let has = |routes: &[(IpNet, IpAddr)], v4: bool| {
            routes.iter().any(|(net, _)| net.prefix_len() == 0 && net.addr().is_ipv4() == v4)
        };
        for hop in self.default_hops(id) {
            if !has(&routes, hop.is_ipv4()) {
                routes.push((default_of(hop), hop));
            }
        }
        let managed = self.nodes.get(id.index()).is_some_and(|node| !node.management.is_empty());
        for gateway in self.management_gateways.iter().filter(|_| managed) {
            if !has(&routes, gateway.is_ipv4()) {
                routes.push((default_of(*gateway), *gateway));
            }
        }
        routes
    }

    /// Next hops that the segments of a host offer: their gateway, or their only router.
    fn default_hops(&mut self, id: NodeId) -> Vec<IpAddr> {
        let Some(node) = self.nodes.get(id.index()) else { return Vec::new() };
        let links: Vec<(usize, usize)> =
            node.resolved.iter().filter_map(|interface| node.interfaces.get(interface.name.as_str())?.link).collect();
        let lags: BTreeSet<LagId> = node.resolved.iter().filter_map(|interface| interface.lag).collect();
        let of_link = |(link, end): (usize, usize)| Some(self.links.get(link)?.ends.get(1 - end)?.target.clone());
        let mut far: Vec<EndTarget> = links.into_iter().filter_map(of_link).collect();
        for lag in lags.into_iter().filter_map(|lag| self.lags.get(lag.index())) {
            let other = |end: &&EndEntry| !matches!(end.target, EndTarget::Node(node, _) if node == id);
            far.extend(lag.ends.iter().filter(other).map(|end| end.target.clone()));
        }
        let mut hops = Vec::new();
        for far in far {
            match far {
                EndTarget::Node(router, Some(name)) => {
                    let routers = self.router_addresses(router, &name);
                    let found = if routers.is_empty() { self.vlan_gateways(router, &name) } else { routers };
                    hops.extend(found);
                }
                EndTarget::Network(network) => hops.extend(self.segment_hops(network, id)),
                EndTarget::Node(_, None) => {}
            }
        }
        hops
    }

    fn segment_hops(&mut self, network: NetworkId, host: NodeId) -> Vec<IpAddr> {
        let Some(entity) = self.networks.get(network.index()).map(|network| network.entity) else { return Vec::new() };
        let subnets = self.subnets_of(entity);
        let (gateways, _, _) = self.gateways_of(entity, &subnets);
        if !gateways.is_empty() {
            return gateways;
        }
        if self.forwards(entity) {
            return self.host_addresses(entity, &subnets);
        }
        if let Some(known) = self.segment_routers.get(&network) {
            return known.clone();
        }
        let ends: Vec<(usize, usize)> =
            self.networks.get(network.index()).map(|network| network.links.clone()).unwrap_or_default();
        let mut routers = Vec::new();
        for (link, end) in ends {
            let target = self.links.get(link).and_then(|link| link.ends.get(end)).map(|end| end.target.clone());
            if let Some(EndTarget::Node(node, Some(name))) = target
                && node != host
            {
                let addresses = self.router_addresses(node, &name);
                if !addresses.is_empty() {
                    routers.push(addresses);
                }
            }
        }
        let only = match routers.as_slice() {
            [only] => only.clone(),
            _ => Vec::new(),
        };
        self.segment_routers.insert(network, only.clone());
        only
    }

    /// The gateways of the VLAN of an access port.
    fn vlan_gateways(&mut self, switch: NodeId, port: &str) -> Vec<IpAddr> {
        let port = self.nodes.get(switch.index()).and_then(|node| node.resolved.iter().find(|one| one.name == port));
        let Some(number) = port.filter(|port| port.trunk.is_empty()).and_then(|port| port.vlan) else {
            return Vec::new();
        };
        let Some(index) = self.vlans_by_number().get(&number).copied() else { return Vec::new() };
        self.assemble_vlan(index).map(|vlan| vlan.gateways).unwrap_or_default()
    }

    fn router_addresses(&mut self, node: NodeId, name: &str) -> Vec<IpAddr> {
        let Some(entity) = self.nodes.get(node.index()).map(|node| node.entity) else { return Vec::new() };
        if self.flag(entity, "router") != Some(true) {
            return Vec::new();
        }
        let resolved = self.nodes.get(node.index()).and_then(|node| node.resolved.iter().find(|one| one.name == name));
        resolved.map(|interface| interface.addresses.iter().map(|net| net.addr()).collect()).unwrap_or_default()
    }

    fn assemble_network(&mut self, index: usize) -> Network {
        let Some((entity, name, path)) =
            self.networks.get(index).map(|network| (network.entity, network.name.clone(), network.path.clone()))
        else {
            return Network::default();
        };
        let subnets = self.subnets_of(entity);
        let (mut gateways, gateway_kind, gateway_nodes) = self.gateways_of(entity, &subnets);
        let forward = match self.string(entity, "forward").as_deref() {
            Some("nat") => Forward::Nat,
            Some("route") => Forward::Route,
            _ => Forward::None,
        };
        if gateways.is_empty() && forward != Forward::None {
            gateways = self.host_addresses(entity, &subnets);
        }
        Network {
            label: self.string(entity, "label"),
            dhcp: self.dhcp_ranges(entity, &subnets),
            dns: self.ips(entity, "dns"),
            vlan: self.vlan_numbers(entity, "vlan").first().copied(),
            vrf: self.vrf(entity, "vrf"),
            mtu: self.int(entity, "mtu", 68..=65_535).and_then(|mtu| u32::try_from(mtu).ok()),
            stp: self.flag(entity, "stp").unwrap_or(false),
            hub: self.flag(entity, "hub").unwrap_or(false),
            external: self.flag(entity, "external").unwrap_or(false),
            attributes: self.all_attributes(entity),
            origin: self.origin(entity),
            forward,
            gateways,
            gateway_kind,
            gateway_nodes,
            subnets,
            name,
            path,
        }
    }

    fn assemble_link(&mut self, index: usize) -> Link {
        let (entity, path, name, ends, lag) = match self.links.get(index) {
            Some(link) => (link.entity, link.path.clone(), link.name.clone(), link.ends.clone(), link.lag),
            None => return empty_link(),
        };
        let impairments = [self.impairment(ends[0].entity, entity), self.impairment(ends[1].entity, entity)];
        Link {
            path,
            name,
            ends: [self.link_end(&ends[0]), self.link_end(&ends[1])],
            impairments,
            subnets: self.subnets_of(entity),
            mtu: self.int(entity, "mtu", 68..=65_535).and_then(|mtu| u32::try_from(mtu).ok()),
            up: self.string(entity, "state").as_deref() != Some("down"),
            lag,
            attributes: self.all_attributes(entity),
            origin: self.origin(entity),
        }
    }

    fn link_end(&self, end: &EndEntry) -> LinkEnd {
        match &end.target {
            EndTarget::Node(node, name) => {
                let resolved = self.nodes.get(node.index()).map_or(&[][..], |node| &node.resolved);
                let interface = resolved.iter().position(|interface| Some(interface.name.as_str()) == name.as_deref());
                LinkEnd::Interface { node: *node, interface: interface.unwrap_or(usize::MAX) }
            }
            EndTarget::Network(network) => LinkEnd::Network { network: *network },
        }
    }

    /// What an end does to the frames it sends: what it says itself, else what the link says.
    fn impairment(&mut self, end: EntityId, link: EntityId) -> Impairment {
        let mut either = |key: &str| {
            let of = if self.defines(end, key) { end } else { link };
            if self.defines(of, key) { self.quantity(of, key) } else { None }
        };
        Impairment {
            delay: either("delay"),
            jitter: either("jitter"),
            loss: either("loss"),
            duplicate: either("duplicate"),
            reorder: either("reorder"),
            corrupt: either("corrupt"),
            rate: either("rate"),
        }
    }

    fn assemble_lag(&mut self, index: usize) -> Lag {
        let (entity, path, name, ends, members) = match self.lags.get(index) {
            Some(lag) => (lag.entity, lag.path.clone(), lag.name.clone(), lag.ends.clone(), lag.members.clone()),
            None => Default::default(),
        };
        Lag {
            path,
            name,
            ends: ends.iter().map(|end| self.link_end(end)).collect(),
            members: members.into_iter().map(LinkId::from).collect(),
            mode: self.string(entity, "mode").unwrap_or_else(|| "lacp".to_owned()),
            subnets: self.subnets_of(entity),
            attributes: self.all_attributes(entity),
            origin: self.origin(entity),
        }
    }

    pub(super) fn assemble_vlan(&mut self, index: usize) -> Option<Vlan> {
        let (entity, name) = self.vlans.get(index).map(|vlan| (vlan.entity, vlan.name.clone()))?;
        if !self.defines(entity, "id") {
            let span = self.entities.get(entity).map(|entity| entity.span).unwrap_or_default();
            let message = format!("the VLAN `{name}` has no number");
            let code = &crate::diagnostics::codes::structure::E0535;
            let diagnostic = crate::diagnostics::Diagnostic::new(code, span, message, "without `id`");
            self.report(diagnostic.help(format!("write `vlan {name} {{ id = 10 }}`")));
        }
        let subnets = self.subnets_of(entity);
        let (gateways, _, _) = self.gateways_of(entity, &subnets);
        Some(Vlan {
            name,
            id: self.int(entity, "id", 1..=4094).and_then(|id| u16::try_from(id).ok()).unwrap_or(0),
            vrf: self.vrf(entity, "vrf"),
            vni: self.int(entity, "vni", 1..=16_777_215).and_then(|vni| u32::try_from(vni).ok()),
            attributes: self.all_attributes(entity),
            origin: self.origin(entity),
            gateways,
            subnets,
        })
    }

    fn assemble_vrf(&mut self, index: usize) -> Vrf {
        let (entity, name) = match self.vrfs.get(index) {
            Some(vrf) => (vrf.entity, vrf.name.clone()),
            None => Default::default(),
        };
        Vrf { name, attributes: self.all_attributes(entity), origin: self.origin(entity) }
    }

    fn assemble_target(&mut self, index: usize) -> Target {
        let (entity, name, kind) = match self.targets.get(index) {
            Some((entity, pending)) => match &pending.item.kind {
                ItemKind::Target(target) => (*entity, target.name.text.to_string(), target.kind.text.to_string()),
                _ => (*entity, String::new(), String::new()),
            },
            None => Default::default(),
        };
        let strings = |entries: &IndexMap<SmolStr, Value>| -> IndexMap<String, String> {
            entries.iter().filter_map(|(key, value)| Some((key.to_string(), read::text(value)?))).collect()
        };
        let images = strings(&self.map(entity, "images"));
        let flavors = strings(&self.map(entity, "flavors"));
        let networks = self.map(entity, "networks");
        let binding = |value: &Value| {
            let Value::Map(entries) = value else { return None };
            let options = match entries.get("options") {
                Some(Value::Map(options)) => strings(options),
                _ => IndexMap::default(),
            };
            Some(Binding {
                kind: entries.get("kind").and_then(read::text)?,
                name: entries.get("name").and_then(read::text)?,
                options,
            })
        };
        Target {
            default: self.flag(entity, "default").unwrap_or(false),
            networks: networks.iter().filter_map(|(name, value)| Some((name.to_string(), binding(value)?))).collect(),
            attributes: self.all_attributes(entity),
            origin: self.origin(entity),
            images,
            flavors,
            name,
            kind,
        }
    }
}

fn empty_link() -> Link {
    let end = LinkEnd::Network { network: NetworkId(0) };
    Link {
        path: String::new(),
        name: None,
        ends: [end.clone(), end],
        impairments: Default::default(),
        subnets: Vec::new(),
        mtu: None,
        up: true,
        lag: None,
        attributes: IndexMap::default(),
        origin: Origin::default(),
    }
}

fn default_of(hop: IpAddr) -> IpNet {
    match hop {
        IpAddr::V4(_) => IpNet::V4(Ipv4Net::default()),
        IpAddr::V6(_) => IpNet::V6(Ipv6Net::default()),
    }
}

/// Builds the graph over nodes and networks.
fn connect(topology: &mut Topology) {
    let mut vertices: IndexMap<Vertex, NodeIndex> = IndexMap::default();
    let nodes = (0..topology.nodes.len()).map(|index| Vertex::Node(NodeId::from(index)));
    let networks = (0..topology.networks.len()).map(|index| Vertex::Network(NetworkId::from(index)));
    for vertex in nodes.chain(networks) {
        vertices.insert(vertex, topology.graph.add_node(vertex));
    }
    for (index, link) in topology.links.iter().enumerate() {
        let [left, right] = &link.ends;
        if let (Some(left), Some(right)) = (vertices.get(&left.vertex()), vertices.get(&right.vertex())) {
            topology.graph.add_edge(*left, *right, LinkId::from(index));
        }
    }
}

/// The name of the topology that a file declares, and where.
pub fn topology_name(items: &[ast::Item]) -> Option<(SmolStr, Span)> {
    items.iter().find_map(|item| match &item.kind {
        ItemKind::Topology(name) => Some((name.text.clone(), name.span)),
        _ => None,
    })
}
