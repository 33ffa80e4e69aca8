//! Networks, their subnets, and the routers that lead outside.

use super::Writer;
use super::addresses::{accepts, can_serve_dhcp, is_subnet, pools, whole};
use super::losses;
use super::yaml::{Map, Yaml};
use crate::lab::{Segment, SegmentKind};
use crate::source::Span;
use crate::topology::{Binding, Forward, GatewayKind};
use ipnet::IpNet;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// A segment as ports see it.
#[derive(Default)]
pub(super) struct Network {
    /// `get_resource` of what the stack makes, `get_param` of what exists.
    pub(super) reference: Yaml,
    /// Does the stack make it?
    pub(super) ours: bool,
    /// Is it the management network?
    pub(super) management: bool,
    /// Its subnets, as far as Neutron can have them.
    pub(super) subnets: Vec<Subnet>,
    /// The `fixed_ips` of its ports, by (machine, NIC).
    pub(super) fixed: BTreeMap<(usize, usize), Vec<Yaml>>,
    /// Addresses that ports of several nodes answer for, by (machine, NIC): where the cloud drops what is not from a
    /// port's own address, it must be told.
    pub(super) shared: BTreeMap<(usize, usize), Vec<IpAddr>>,
    /// The networks of VLANs whose frames have tags here.
    pub(super) vlans: BTreeMap<u16, Yaml>,
}

/// A subnet.
pub(super) struct Subnet {
    /// Its identifier.
    pub(super) id: String,
    /// Its prefix.
    pub(super) net: IpNet,
    /// Does Neutron hand out its addresses?
    pub(super) dhcp: bool,
    /// The router interface on it, if there is one.
    pub(super) router_interface: Option<String>,
}

impl Network {
    /// The router interface that serves the address.
    pub(super) fn router_interface(&self, address: &IpAddr) -> Option<&str> {
        self.subnets.iter().find(|subnet| subnet.net.contains(address))?.router_interface.as_deref()
    }
}

/// Prefixes for ports without an address: the first that the network does not use itself.
const PLACEHOLDERS: [&str; 2] = ["fd77:746f:7000::/64", "fc77:746f:7000::/64"];

/// Most name servers that Neutron takes for a subnet.
const MOST_NAME_SERVERS: usize = 5;

impl<'a> Writer<'a> {
    /// Writes the network of a segment, its subnets and its router.
    pub(super) fn network(&mut self, index: usize, segment: &Segment) -> Network {
        self.resources.from(self.lab.segment_span(segment));
        if let Some(existing) = segment.binding.as_ref().filter(|binding| binding.kind != "provider") {
            let reference = self.parameters.network(&segment.path, &existing.name);
            let (fixed, shared) = self.on_existing(segment);
            return Network { reference, fixed, shared, ..Network::default() };
        }
        let id = self.ids.network(index).to_owned();
        let management = segment.kind == SegmentKind::Management;
        let name = format!("{}/{}", self.lab.topology.name, segment.path);
        let mut properties = Map::default().with("name", name.as_str());
        let kind = match &segment.binding {
            Some(provider) => {
                add_provider(&mut properties, provider);
                "OS::Neutron::ProviderNet"
            }
            None => "OS::Neutron::Net",
        };
        if let Some(mtu) = segment.mtu.filter(|_| segment.binding.is_none()) {
            properties.add("value_specs", Map::default().with("mtu", mtu).inline());
        }
        // Routers send what is not from their own address; without this, a cloud drops it. A network without subnets
        // must say so, too: else Nova refuses to start a server on it.
        properties.add("port_security_enabled", management);
        let comment = self.describe(segment);
        self.commented(&comment, &id, kind, properties);

        let reference = Map::default().with("get_resource", id.as_str()).inline();
        let mut network = Network { reference, ours: true, management, ..Network::default() };
        if segment.binding.is_none() {
            network.vlans = self.vlans(segment);
        }
        network.subnets = self.subnets(segment, &network);
        self.router(segment, &network);
        self.fix_addresses(segment, &mut network);
        network
    }

    /// Decides which addresses each port of a network has.
    fn fix_addresses(&mut self, segment: &Segment, network: &mut Network) {
        let mut used: BTreeSet<IpAddr> = segment.host_addresses.iter().copied().collect();
        for (machine_index, nic_index) in segment.members.iter().copied() {
            let machine = self.lab.machines.get(machine_index);
            let Some(nic) = machine.and_then(|machine| machine.nics.get(nic_index)) else { continue };
            let mut fixed = Vec::new();
            for address in nic.addresses.iter().map(IpNet::addr) {
                // What Neutron cannot have (one end of a /31, an address of several ports) the guest sets by itself.
                let subnet = network.subnets.iter().find(|subnet| accepts(&subnet.net, &address));
                if let Some(subnet) = subnet.filter(|_| used.insert(address)) {
                    fixed.push(on_subnet(&subnet.id, Some(address)));
                }
            }
            if nic.addresses.is_empty() {
                fixed.extend(network.subnets.iter().filter(|subnet| subnet.dhcp).map(|s| on_subnet(&s.id, None)));
            }
            network.fixed.insert((machine_index, nic_index), fixed);
        }
        if network.fixed.values().any(Vec::is_empty) {
            let taken: Vec<IpNet> = network.subnets.iter().map(|subnet| subnet.net).collect();
            let placeholder = self.placeholder(&segment.path, &network.reference, &taken);
            network.fixed.values_mut().filter(|fixed| fixed.is_empty()).for_each(|f| f.push(placeholder.clone()));
        }
    }

    /// The addresses of each port on a network of somebody else, and those that it shares with other nodes.
    #[allow(clippy::type_complexity)] // The two maps of a network.
    fn on_existing(
        &self,
        segment: &Segment,
    ) -> (BTreeMap<(usize, usize), Vec<Yaml>>, BTreeMap<(usize, usize), Vec<IpAddr>>) {
        let (mut fixed, mut shared) = (BTreeMap::new(), BTreeMap::new());
        let mut counts: BTreeMap<IpAddr, usize> = BTreeMap::new();
        self.member_addresses(segment).for_each(|address| *counts.entry(address).or_default() += 1);
        let network = match segment.kind {
            SegmentKind::Network(id) => self.lab.topology.network(id),
            _ => None,
        };
        let network = network.filter(|network| network.gateway_kind != GatewayKind::Plain);
        let gateways = network.map_or(&[][..], |network| network.gateways.as_slice());
        for place in segment.members.iter().copied() {
            let machine = self.lab.machines.get(place.0);
            let Some((machine, nic)) = machine.and_then(|machine| Some((machine, machine.nics.get(place.1)?))) else {
                continue;
            };
            let answers = network.is_some_and(|network| network.gateway_nodes.contains(&machine.node_id));
            let is_shared = |address: &IpAddr| gateways.contains(address) || counts.get(address) > Some(&1);
            let addresses = nic.addresses.iter().map(IpNet::addr);
            let (common, own): (BTreeSet<IpAddr>, BTreeSet<IpAddr>) = addresses.partition(is_shared);
            let common: BTreeSet<IpAddr> =
                common.into_iter().chain(gateways.iter().copied().filter(|_| answers)).collect();
            let entry = |address: IpAddr| Map::default().with("ip_address", address.to_string()).inline();
            fixed.insert(place, own.into_iter().map(entry).collect());
            shared.insert(place, common.into_iter().collect());
        }
        (fixed, shared)
    }

    /// A subnet for ports without an address, beside the subnets `taken`, and the entry of `fixed_ips` for it. Nova
    /// starts no server on a port without one (but in clouds with Neutron's `segments` plugin). IPv6 without DHCP and
    /// router disturbs guests least: at most they get one more address.
    pub(super) fn placeholder(&mut self, path: &str, network: &Yaml, taken: &[IpNet]) -> Yaml {
        let free = |net: &IpNet| !taken.iter().any(|taken| taken.contains(net) || net.contains(taken));
        let net = PLACEHOLDERS.iter().filter_map(|net| net.parse().ok()).find(free);
        let path = format!("{path}/placeholder");
        let id = self.ids.names.unique("subnet", &path);
        let properties = Map::default()
            .with("name", format!("{}/{path}", self.lab.topology.name))
            .with("network", network.clone())
            .with("ip_version", 6u16)
            .with("cidr", net.unwrap_or_default().to_string())
            .with("gateway_ip", Yaml::Null)
            .with("enable_dhcp", false);
        self.resource(&id, "OS::Neutron::Subnet", properties);
        on_subnet(&id, None)
    }

    fn subnets(&mut self, segment: &Segment, network: &Network) -> Vec<Subnet> {
        let mut taken: BTreeSet<IpAddr> = self.member_addresses(segment).collect();
        taken.extend(segment.host_addresses.iter().chain(self.gateways(segment)));
        let mut subnets: Vec<Subnet> = Vec::new();
        for net in segment.subnets.iter().map(IpNet::trunc).filter(is_subnet) {
            // Neutron refuses overlapping subnets of one network.
            if subnets.iter().any(|other| other.net.contains(&net) || net.contains(&other.net)) {
                continue;
            }
            let first_of_family = subnets.iter().all(|other| other.net.addr().is_ipv4() != net.addr().is_ipv4());
            let suffix = if first_of_family { format!("ipv{}", version(&net)) } else { net.to_string() };
            let path = format!("{}/{suffix}", segment.path);
            subnets.push(self.subnet(segment, network, net, &path, &taken));
        }
        subnets
    }

    fn subnet(
        &mut self,
        segment: &Segment,
        network: &Network,
        net: IpNet,
        path: &str,
        taken: &BTreeSet<IpAddr>,
    ) -> Subnet {
        // Without a way outside, nobody needs a router of the management network.
        let forwarded = segment.forward != Forward::None && (!network.management || self.outside.is_some());
        let routed = segment.host_addresses.iter().find(|address| forwarded && accepts(&net, address));
        let gateway = routed.or_else(|| self.gateways(segment).iter().find(|address| accepts(&net, address)));
        let range = segment.dhcp.iter().find(|(first, _)| net.contains(first)).copied();
        let range = range.or_else(|| network.management.then(|| whole(&net)));
        let pools = match range {
            Some(range) if can_serve_dhcp(&net) => pools(&net, range, taken),
            _ => Vec::new(),
        };
        let dhcp = !pools.is_empty();
        let mut properties = Map::default()
            .with("name", format!("{}/{path}", self.lab.topology.name))
            .with("network", network.reference.clone())
            .with("ip_version", version(&net))
            .with("cidr", net.to_string())
            .with("gateway_ip", gateway.map_or(Yaml::Null, |gateway| gateway.to_string().into()))
            .with("enable_dhcp", dhcp);
        if dhcp && net.addr().is_ipv6() {
            if routed.is_some() {
                properties.add("ipv6_ra_mode", "dhcpv6-stateful");
            }
            properties.add("ipv6_address_mode", "dhcpv6-stateful");
        }
        if dhcp {
            let pool = |(start, end): &(IpAddr, IpAddr)| {
                Map::default().with("start", start.to_string()).with("end", end.to_string()).inline()
            };
            properties.add("allocation_pools", Yaml::List(pools.iter().map(pool).collect()));
        }
        let dns = segment.dns.iter().filter(|dns| dns.is_ipv4() == net.addr().is_ipv4());
        let dns: Vec<Yaml> = dns.take(MOST_NAME_SERVERS).map(|dns| dns.to_string().into()).collect();
        if !dns.is_empty() {
            properties.add("dns_nameservers", Yaml::inline_list(dns));
        }
        let id = self.ids.names.unique("subnet", path);
        self.resources.from(self.lab.segment_attribute(segment, "subnet").or(self.lab.segment_span(segment)));
        self.resource(&id, "OS::Neutron::Subnet", properties);
        self.resources.from(self.lab.segment_span(segment));
        let router_interface = routed.map(|_| self.ids.names.unique("router_interface", path));
        Subnet { id, net, dhcp, router_interface }
    }

    /// The router of a segment that the target forwards: one for each, so that segments meet only outside.
    fn router(&mut self, segment: &Segment, network: &Network) {
        let outside = self.outside;
        if network.subnets.iter().all(|subnet| subnet.router_interface.is_none()) {
            return;
        }
        let span = self.span_of(segment);
        if outside.is_none() {
            self.losses.add(&losses::NO_OUTSIDE, span, &segment.path);
        } else if segment.forward == Forward::Route {
            self.losses.add(&losses::ROUTE_IS_NAT, span, &segment.path);
        }
        let id = self.ids.names.unique("router", &segment.path);
        let mut properties = Map::default().with("name", format!("{}/{}", self.lab.topology.name, segment.path));
        if let Some(outside) = outside {
            let reference = self.parameters.external_network(outside);
            properties.add("external_gateway_info", Map::default().with("network", reference).inline());
        }
        self.resource(&id, "OS::Neutron::Router", properties);
        for subnet in &network.subnets {
            if let Some(interface) = &subnet.router_interface {
                let router = Map::default().with("get_resource", id.as_str()).inline();
                let subnet = Map::default().with("get_resource", subnet.id.as_str()).inline();
                let properties = Map::default().with("router", router).with("subnet", subnet);
                self.resource(interface, "OS::Neutron::RouterInterface", properties);
            }
        }
    }

    /// A line about the segment.
    fn describe(&self, segment: &Segment) -> String {
        match segment.kind {
            SegmentKind::Management => "Management".to_owned(),
            SegmentKind::Network(_) => format!("Network {}", segment.path),
            SegmentKind::Link(_) => format!("Link {}", segment.path.replacen("--", " <-> ", 1)),
            SegmentKind::Wire(..) => format!("Inside {}", segment.path),
        }
    }

    /// Addresses that members of the segment have.
    fn member_addresses(&self, segment: &Segment) -> impl Iterator<Item = IpAddr> {
        let lab = self.lab;
        segment
            .members
            .iter()
            .filter_map(|(machine, nic)| lab.machines.get(*machine)?.nics.get(*nic))
            .flat_map(|nic| nic.addresses.iter().map(IpNet::addr))
    }

    /// Gateways of a segment that nodes of the lab answer for.
    fn gateways(&self, segment: &Segment) -> &'a [IpAddr] {
        match segment.kind {
            SegmentKind::Network(id) => {
                self.lab.topology.network(id).map_or(&[], |network| network.gateways.as_slice())
            }
            _ => &[],
        }
    }

    /// Where the author wrote the segment.
    fn span_of(&self, segment: &Segment) -> Span {
        let topology = self.lab.topology;
        let of_node = |node| topology.node(node).map(|node| node.origin.span);
        let span = match segment.kind {
            SegmentKind::Management => self.lab.target.map(|target| target.origin.span),
            SegmentKind::Network(id) => topology.network(id).map(|network| network.origin.span),
            SegmentKind::Link(id) => topology.link(id).map(|link| link.origin.span),
            SegmentKind::Wire(id, _) => of_node(id),
        };
        span.unwrap_or_default()
    }
}

/// An entry of `fixed_ips`.
fn on_subnet(subnet: &str, address: Option<IpAddr>) -> Yaml {
    let entry = Map::default().with("subnet", Map::default().with("get_resource", subnet).inline());
    match address {
        Some(address) => entry.with("ip_address", address.to_string()).inline(),
        None => entry.inline(),
    }
}

/// What a network on the cloud's own wires is: only an administrator can make one.
fn add_provider(properties: &mut Map, binding: &Binding) {
    let vlan = binding.options.get("vlan");
    let usual = if vlan.is_some() { "vlan" } else { "flat" };
    properties.add("network_type", binding.options.get("type").map_or(usual, String::as_str));
    properties.add("physical_network", binding.name.as_str());
    if let Some(vlan) = vlan {
        properties.add("segmentation_id", vlan.as_str());
    }
    properties.add("shared", false);
}

fn version(net: &IpNet) -> u16 {
    if net.addr().is_ipv4() { 4 } else { 6 }
}
