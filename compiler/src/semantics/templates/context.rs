//! What a template has in scope: the node, what it is connected to, and the topology, as JSON.

use super::hidden::Watch;
use super::reads::Reads;
use super::record::{Record, record};
use super::{plain, seen};
use crate::collections::IndexMap;
use crate::semantics::schema::Kind;
use crate::semantics::world::{EndTarget, EntityId, World};
use crate::topology::{Addressing, GatewayKind, Interface, InterfaceKind};
use crate::value::{LagId, NodeId, Value, VrfId};
use ipnet::IpNet;
use minijinja::value::Value as Seen;
use serde_json::{Value as Json, json};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::rc::Rc;

impl<'a> World<'a> {
    /// The scope of a template, as far as it reads it.
    pub(super) fn template_context(&mut self, id: NodeId, vars: &Value, watch: &Watch, reads: &Reads) -> Seen {
        let Some(node) = self.nodes.get(id.index()) else { return Seen::from(()) };
        let (entity, resolved) = (node.entity, node.resolved.clone());
        let part = |name: &'static str| {
            let value = match name {
                "node" => self.node_context(id, entity, watch),
                "interfaces" => self.interfaces_context(id, &resolved, watch),
                "vlans" => seen(self.vlans_context(&resolved)),
                "vrfs" => Seen::from(self.vrfs_context(&resolved, watch)),
                "routes" => seen(self.routes_context(id, &resolved)),
                "neighbours" => self.neighbours_context(id, watch),
                "management" => seen(self.management_context(id)),
                "login" => self.login_context(entity, watch),
                "topology" => self.topology_context(entity, watch),
                _ => plain(vars, self, watch),
            };
            (SmolStr::new_static(name), value)
        };
        Record::seen(reads.names().map(part))
    }

    fn interfaces_context(&mut self, id: NodeId, interfaces: &[Interface], watch: &Watch) -> Seen {
        let lags = Lags::of(interfaces);
        interfaces.iter().map(|interface| self.interface_context(id, interface, &lags, watch)).collect()
    }

    fn neighbours_context(&mut self, id: NodeId, watch: &Watch) -> Seen {
        self.neighbours(id).into_iter().map(|other| self.neighbour_context(other, watch)).collect()
    }

    fn node_context(&mut self, id: NodeId, entity: EntityId, watch: &Watch) -> Seen {
        let mut attributes = Vec::new();
        for key in self.defined_keys(entity) {
            // The text that is being rendered is not in its own scope, nor is any other text.
            let is_text = matches!(key.as_str(), "config" | "base" | "files" | "run" | "run_each_boot");
            if is_text || self.is_open(entity, &key) {
                continue;
            }
            if let Ok(value) = self.attribute(entity, &key) {
                attributes.push((key, plain(&value, self, watch)));
            }
        }
        let hostname = self.hostname(id).unwrap_or_default();
        let Some(node) = self.nodes.get(id.index()) else { return Seen::from(()) };
        let attribute = |wanted: &str| Some(attributes.iter().find(|(key, _)| key == wanted)?.1.clone());
        record! {
            name => node.name.as_str(), path => node.path.as_str(), hostname, device => node.shape.name.as_str(),
            loopbacks => texts(&node.loopbacks),
            tags => attribute("tags").unwrap_or_else(|| seen(json!([]))),
            vars => attribute("vars").unwrap_or_else(|| seen(json!({}))),
            attributes => Record::seen(attributes),
        }
    }

    fn management_context(&self, id: NodeId) -> Json {
        let Some(node) = self.nodes.get(id.index()).filter(|node| !node.management.is_empty()) else {
            return Json::Null;
        };
        let port = node.shape.management_name();
        let gateways: Vec<String> = self.management_gateways.iter().map(IpAddr::to_string).collect();
        json!({
            "interface": port.as_deref(), "addresses": texts(&node.management),
            "gateway": gateways.first(), "gateways": gateways,
        })
    }

    fn login_context(&mut self, entity: EntityId, watch: &Watch) -> Seen {
        let top = self.topology_entity;
        let login = if self.defines(entity, "login") { self.map(entity, "login") } else { self.map(top, "login") };
        let keys = self.login_keys(entity);
        let mut login: IndexMap<String, Seen> =
            login.iter().map(|(key, value)| (key.to_string(), plain(value, self, watch))).collect();
        login.insert("ssh_keys".to_owned(), Seen::from(keys));
        Seen::from_pairs(login)
    }

    /// What holds for every node; a node's own servers win.
    fn topology_context(&mut self, entity: EntityId, watch: &Watch) -> Seen {
        let top = self.topology_entity;
        let vars = self.attribute_or_null(top, "vars");
        let ntp = if self.defines(entity, "ntp") { entity } else { top };
        let dns = if self.defines(entity, "dns") { entity } else { top };
        record! {
            name => self.name.clone(), domain => self.string(top, "domain"),
            ntp => self.strings(ntp, "ntp"), dns => self.strings(dns, "dns"),
            vars => plain(&vars, self, watch),
        }
    }

    fn neighbour_context(&mut self, id: NodeId, watch: &Watch) -> Seen {
        let hostname = self.hostname(id).unwrap_or_default();
        let attributes = self.declared_attributes(id, watch);
        let Some(node) = self.nodes.get(id.index()) else { return Seen::from(()) };
        record! {
            name => node.name.as_str(), path => node.path.as_str(), hostname, device => node.shape.name.as_str(),
            loopbacks => texts(&node.loopbacks), attributes,
        }
    }

    /// The attributes of a node that the lab declared itself: what another node may ask of it, such as its ASN.
    fn declared_attributes(&mut self, id: NodeId, watch: &Watch) -> Seen {
        let Some(entity) = self.nodes.get(id.index()).map(|node| node.entity) else { return Seen::from(()) };
        let declared = self.attribute_types.keys().filter(|(kind, _)| *kind == Kind::Node);
        let declared: Vec<_> = declared.map(|(_, name)| name.clone()).collect();
        let mut found = Vec::new();
        for name in declared {
            if !self.is_open(entity, &name)
                && let Ok(value) = self.attribute(entity, &name)
            {
                found.push((name, plain(&value, self, watch)));
            }
        }
        Record::seen(found)
    }

    /// The gateways of the segment in which an interface has its addresses, and in which way the node shares them.
    fn gateway_context(&mut self, node: NodeId, interface: &Interface) -> (Vec<String>, Option<&'static str>) {
        let segment = match (self.far_end(node, interface), interface.attributes.get("vlan")) {
            _ if interface.addresses.is_empty() => None,
            (Some(EndTarget::Network(id)), _) => self.networks.get(id.index()).map(|network| network.entity),
            (_, Some(Value::Vlan(id))) => self.vlans.get(id.index()).map(|vlan| vlan.entity),
            _ => None,
        };
        let Some(segment) = segment else { return (Vec::new(), None) };
        let subnets = self.subnets_of(segment);
        let (gateways, kind, nodes) = self.gateways_of(segment, &subnets);
        let kind = match kind {
            GatewayKind::Anycast => Some("anycast"),
            GatewayKind::Virtual => Some("virtual"),
            GatewayKind::Plain => None,
        };
        (gateways.iter().map(IpAddr::to_string).collect(), kind.filter(|_| nodes.contains(&node)))
    }

    fn interface_context(&mut self, node: NodeId, interface: &Interface, lags: &Lags, watch: &Watch) -> Seen {
        let (peer, network) = self.far_context(node, interface, watch);
        let (gateways, shares_gateway) = self.gateway_context(node, interface);
        let (kind, parent) = match &interface.kind {
            InterfaceKind::Physical { .. } => ("physical", None),
            InterfaceKind::Logical => ("logical", None),
            InterfaceKind::Subinterface { parent } => ("subinterface", Some(parent)),
            InterfaceKind::Lag => ("lag", None),
        };
        let bundle = interface.lag.and_then(|lag| lags.bundles.get(&lag));
        let is_bundle = interface.kind == InterfaceKind::Lag;
        let aggregation = interface.lag.and_then(|lag| self.lags.get(lag.index())).map(|lag| lag.entity);
        let mode =
            aggregation.filter(|_| is_bundle).map(|lag| self.string(lag, "mode").unwrap_or_else(|| "lacp".to_owned()));
        let esi = aggregation.and_then(|lag| self.string(lag, "esi"));
        let members = interface.lag.filter(|_| is_bundle).and_then(|lag| lags.members.get(&lag));
        let addressing = match interface.addressing {
            Addressing::Static => "static",
            Addressing::Dhcp => "dhcp",
            Addressing::Unnumbered => "unnumbered",
            Addressing::LinkLocal => "link_local",
            Addressing::None => "none",
        };
        let attributes = interface.attributes.iter();
        let attributes = Record::seen(attributes.map(|(key, value)| (SmolStr::new(key), plain(value, self, watch))));
        record! {
            name => interface.name.as_str(), kind, parent => parent.map(String::as_str),
            addresses => texts(&interface.addresses), addressing,
            mac => interface.mac.map(|mac| mac.to_string()), mtu => interface.mtu, vlan => interface.vlan,
            trunk => interface.trunk.clone(), native => interface.native,
            lag => bundle.filter(|_| !is_bundle).map(String::as_str), members => members.cloned(), mode, esi,
            vrf => interface.vrf.and_then(|vrf| self.vrf_name(vrf)),
            description => interface.attributes.get("description").map(|text| plain(text, self, watch)),
            peer, network, gateways, shares_gateway, attributes,
        }
    }

    /// What is at the other end: an interface of a node, or a network.
    fn far_context(&mut self, node: NodeId, interface: &Interface, watch: &Watch) -> (Seen, Option<String>) {
        match self.far_end(node, interface) {
            Some(EndTarget::Node(other, name)) => {
                let hostname = self.hostname(other).unwrap_or_default();
                let attributes = self.declared_attributes(other, watch);
                let Some(found) = self.nodes.get(other.index()) else { return (Seen::from(()), None) };
                let far = found.resolved.iter().find(|one| Some(one.name.as_str()) == name.as_deref());
                let addresses = far.map(|far| texts(&far.addresses)).unwrap_or_default();
                let peer = record! {
                    node => found.name.as_str(), hostname, interface => name.as_deref(), addresses,
                    loopbacks => texts(&found.loopbacks), attributes,
                };
                (peer, None)
            }
            Some(EndTarget::Network(network)) => {
                (Seen::from(()), self.networks.get(network.index()).map(|network| network.name.to_string()))
            }
            None => (Seen::from(()), None),
        }
    }

    fn far_end(&self, node: NodeId, interface: &Interface) -> Option<EndTarget> {
        let (link, end) = self.nodes.get(node.index())?.interfaces.get(interface.name.as_str())?.link?;
        Some(self.links.get(link)?.ends.get(1 - end)?.target.clone())
    }

    /// The VLANs that a node carries, by number. One that nobody named is called after its number.
    fn vlans_context(&mut self, interfaces: &[Interface]) -> Vec<Json> {
        let carried: BTreeSet<u16> = interfaces
            .iter()
            .flat_map(|interface| interface.vlan.into_iter().chain(interface.native).chain(interface.trunk.clone()))
            .collect();
        if carried.is_empty() {
            return Vec::new();
        }
        let declared = self.vlans_by_number();
        let vlan = |id: u16| self.vlan_context(id, declared.get(&id).copied());
        carried.into_iter().map(vlan).collect()
    }

    fn vlan_context(&mut self, id: u16, declared: Option<usize>) -> Json {
        let Some(vlan) = declared.and_then(|index| self.assemble_vlan(index)) else {
            let name = format!("vlan-{id}");
            return json!({ "id": id, "name": name, "vni": null, "vrf": null, "subnets": [], "gateways": [] });
        };
        let vrf = vlan.vrf.and_then(|vrf| self.vrf_name(vrf));
        let gateways: Vec<String> = vlan.gateways.iter().map(IpAddr::to_string).collect();
        json!({ "id": id, "name": vlan.name, "vni": vlan.vni, "vrf": vrf,
            "subnets": texts(&vlan.subnets), "gateways": gateways })
    }

    /// Declared VLANs: the first of each number.
    pub(in crate::semantics) fn vlans_by_number(&mut self) -> Rc<BTreeMap<u16, usize>> {
        if let Some(known) = &self.vlans_by_number {
            return known.clone();
        }
        let mut numbers = BTreeMap::new();
        for index in 0..self.vlans.len() {
            let Some(entity) = self.vlans.get(index).map(|vlan| vlan.entity) else { continue };
            if let Some(id) = self.int(entity, "id", 1..=4094).and_then(|id| u16::try_from(id).ok()) {
                numbers.entry(id).or_insert(index);
            }
        }
        let numbers = Rc::new(numbers);
        self.vlans_by_number = Some(numbers.clone());
        numbers
    }

    /// The VRFs of a node's interfaces, in the order of the source.
    fn vrfs_context(&mut self, interfaces: &[Interface], watch: &Watch) -> Vec<Seen> {
        let used: BTreeSet<VrfId> = interfaces.iter().filter_map(|interface| interface.vrf).collect();
        let mut vrfs = Vec::with_capacity(used.len());
        for id in used {
            let Some((entity, name)) = self.vrfs.get(id.index()).map(|vrf| (vrf.entity, vrf.name.clone())) else {
                continue;
            };
            let mut vrf = IndexMap::from_iter([("name", Seen::from(name))]);
            for key in ["rd", "import", "export", "table", "vni", "vars"] {
                let value = self.attribute_or_null(entity, key);
                vrf.insert(key, plain(&value, self, watch));
            }
            let inside = interfaces.iter().filter(|interface| interface.vrf == Some(id));
            vrf.insert("interfaces", inside.map(|interface| interface.name.as_str()).collect());
            vrfs.push(Seen::from_pairs(vrf));
        }
        vrfs
    }

    fn vrf_name(&self, vrf: VrfId) -> Option<String> {
        self.vrfs.get(vrf.index()).map(|vrf| vrf.name.clone())
    }

    /// Static routes, each with the interface that leads to its next hop and that one's VRF.
    fn routes_context(&mut self, id: NodeId, interfaces: &[Interface]) -> Vec<Json> {
        let routes = self.routes_of(id);
        let route = |(prefix, via): (IpNet, IpAddr)| {
            let reaches = |interface: &&Interface| interface.addresses.iter().any(|address| address.contains(&via));
            let interface = interfaces.iter().find(reaches);
            let vrf = interface.and_then(|interface| self.vrf_name(interface.vrf?));
            let name = interface.map(|interface| interface.name.as_str());
            json!({ "prefix": prefix.to_string(), "via": via.to_string(), "interface": name, "vrf": vrf })
        };
        routes.into_iter().map(route).collect()
    }
}

/// The aggregations of one node.
struct Lags {
    /// Name of the node's own interface.
    bundles: BTreeMap<LagId, String>,
    /// Names of the ports in it.
    members: BTreeMap<LagId, Vec<String>>,
}

impl Lags {
    fn of(interfaces: &[Interface]) -> Lags {
        let mut lags = Lags { bundles: BTreeMap::new(), members: BTreeMap::new() };
        for interface in interfaces {
            let Some(lag) = interface.lag else { continue };
            if interface.kind == InterfaceKind::Lag {
                lags.bundles.insert(lag, interface.name.clone());
            } else {
                lags.members.entry(lag).or_default().push(interface.name.clone());
            }
        }
        lags
    }
}

fn texts(nets: &[IpNet]) -> Vec<String> {
    nets.iter().map(IpNet::to_string).collect()
}
