//! Default routes: what a node sends to when it knows nothing better.

use crate::topology::{Forward, Interface, LinkEnd, Network, Node, Topology};
use ipnet::IpNet;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// A default route of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultRoute {
    /// Index in the node's `interfaces`.
    pub interface: usize,
    /// The next hop.
    pub gateway: IpAddr,
}

/// The default routes of each node, in the order of nodes: at most one a family.
///
/// A host takes the gateway of the first of its segments that has one, else the only router beside it. A router takes
/// only a gateway that leads out of the lab (`forward = nat` or `route`). A route that the author wrote
/// (`routes { "0.0.0.0/0" = … }`) wins, as does DHCP.
pub fn default_routes(topology: &Topology) -> Vec<Vec<DefaultRoute>> {
    let neighbours = Neighbours::new(topology);
    topology.nodes.iter().map(|node| neighbours.default_routes(node)).collect()
}

struct Neighbours<'a> {
    topology: &'a Topology,
    /// By network: the addresses of routers there.
    routers: Vec<Vec<IpAddr>>,
    /// By VLAN number: the gateways of the VLANs with that number.
    vlan_gateways: BTreeMap<u16, Vec<IpAddr>>,
}

impl<'a> Neighbours<'a> {
    fn new(topology: &'a Topology) -> Neighbours<'a> {
        let mut routers = vec![Vec::new(); topology.networks.len()];
        for link in &topology.links {
            let [left, right] = &link.ends;
            for (network, other) in [(left, right), (right, left)] {
                let LinkEnd::Network { network } = network else { continue };
                let Some((node, interface)) = topology.interface(other) else { continue };
                if let Some(routers) = routers.get_mut(network.index()).filter(|_| node.router) {
                    routers.extend(interface.addresses.iter().map(IpNet::addr));
                }
            }
        }
        let mut vlan_gateways: BTreeMap<u16, Vec<IpAddr>> = BTreeMap::new();
        for vlan in &topology.vlans {
            vlan_gateways.entry(vlan.id).or_default().extend(&vlan.gateways);
        }
        Neighbours { topology, routers, vlan_gateways }
    }

    fn default_routes(&self, node: &Node) -> Vec<DefaultRoute> {
        let families: [fn(&IpAddr) -> bool; 2] = [IpAddr::is_ipv4, IpAddr::is_ipv6];
        families.into_iter().filter_map(|family| self.default_route(node, family)).collect()
    }

    fn default_route(&self, node: &Node, family: fn(&IpAddr) -> bool) -> Option<DefaultRoute> {
        let written = |(prefix, via): &(IpNet, IpAddr)| prefix.prefix_len() == 0 && family(via);
        if node.guest.routes.iter().any(written) {
            return None;
        }
        let interfaces = || node.interfaces.iter().enumerate();
        let usable = |interface: &Interface, gateway: &IpAddr| {
            let own = interface.addresses.iter().any(|address| address.addr() == *gateway);
            family(gateway) && !own && interface.addresses.iter().any(|address| address.contains(gateway))
        };
        let gateway_of = |(index, interface): (usize, &Interface)| {
            let gateways = self.gateways(node, interface);
            let gateway = gateways.into_iter().find(|gateway| usable(interface, gateway))?;
            Some(DefaultRoute { interface: index, gateway })
        };
        let gateway = interfaces().find_map(gateway_of);
        if gateway.is_some() || node.router {
            return gateway;
        }
        let mut found = None;
        for (index, interface) in interfaces() {
            for gateway in self.routers_beside(interface).iter().filter(|gateway| usable(interface, gateway)) {
                if found.replace(DefaultRoute { interface: index, gateway: *gateway }).is_some() {
                    return None;
                }
            }
        }
        found
    }

    /// The gateways of an interface's segment, as far as this node may use them.
    fn gateways(&self, node: &Node, interface: &Interface) -> Vec<IpAddr> {
        let usable = |network: &&Network| !node.router || network.forward != Forward::None;
        let network = self.other_end(interface).and_then(|end| match end {
            LinkEnd::Network { network } => self.topology.network(*network),
            LinkEnd::Interface { .. } => None,
        });
        let of_network = network.filter(usable).map(|network| network.gateways.as_slice());
        let of_vlan = interface.vlan.filter(|_| !node.router).and_then(|vlan| self.vlan_gateways.get(&vlan));
        [of_network, of_vlan.map(Vec::as_slice)].into_iter().flatten().flatten().copied().collect()
    }

    /// The addresses of routers on an interface's segment.
    fn routers_beside(&self, interface: &Interface) -> Cow<'_, [IpAddr]> {
        match self.other_end(interface) {
            Some(LinkEnd::Network { network }) => {
                self.routers.get(network.index()).map(Vec::as_slice).unwrap_or_default().into()
            }
            Some(end) => {
                let router = self.topology.interface(end).filter(|(node, _)| node.router);
                let addresses = router.map(|(_, interface)| interface.addresses.as_slice()).unwrap_or_default();
                addresses.iter().map(IpNet::addr).collect()
            }
            None => Cow::default(),
        }
    }

    /// What an interface's link, or its aggregation, leads to.
    fn other_end(&self, interface: &Interface) -> Option<&'a LinkEnd> {
        if let Some(link) = interface.link.and_then(|link| self.topology.link(link)) {
            return link.ends.iter().find(|end| !self.is(interface, end));
        }
        let lag = self.topology.lags.get(interface.lag?.index())?;
        lag.ends.iter().find(|end| !self.is(interface, end))
    }

    fn is(&self, interface: &Interface, end: &LinkEnd) -> bool {
        self.topology.interface(end).is_some_and(|(_, other)| std::ptr::eq(other, interface))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::sample::Sample;

    fn addresses(topology: &mut Topology, node: usize, list: &[&str]) {
        for (interface, address) in topology.nodes[node].interfaces.iter_mut().zip(list) {
            interface.addresses = vec![address.parse().unwrap()];
        }
    }

    /// Each node's default routes as `eth1 via 10.0.0.1`.
    fn routes(topology: &Topology) -> Vec<String> {
        let line = |(node, routes): (&Node, Vec<DefaultRoute>)| {
            let via = |route: &DefaultRoute| format!("{} via {}", node.interfaces[route.interface].name, route.gateway);
            format!("{}: {}", node.name, routes.iter().map(via).collect::<Vec<_>>().join(", "))
        };
        topology.nodes.iter().zip(default_routes(topology)).map(line).collect()
    }

    #[test]
    fn a_host_takes_the_only_router_beside_it() {
        let mut topology = Sample::new("h1 h2 r:router [lan]").links("h1-r h2-lan r-lan").build();
        addresses(&mut topology, 0, &["10.0.0.0/31"]);
        addresses(&mut topology, 1, &["10.1.0.2/24"]);
        addresses(&mut topology, 2, &["10.0.0.1/31", "10.1.0.1/24"]);
        assert_eq!(routes(&topology), ["h1: eth1 via 10.0.0.1", "h2: eth1 via 10.1.0.1", "r: "]);
        topology.nodes[0].guest.routes.push(("0.0.0.0/0".parse().unwrap(), "10.9.9.9".parse().unwrap()));
        assert_eq!(routes(&topology)[0], "h1: ", "a written default route wins");
    }

    #[test]
    fn the_gateway_of_a_network_comes_before_routers() {
        let mut topology = Sample::new("h r1:router r2:router [lan]").links("h-lan r1-lan r2-lan").build();
        addresses(&mut topology, 0, &["10.1.0.9/24"]);
        addresses(&mut topology, 1, &["10.1.0.1/24"]);
        addresses(&mut topology, 2, &["10.1.0.2/24"]);
        assert_eq!(routes(&topology)[0], "h: ", "two routers, and nobody said which");
        topology.networks[0].gateways = vec!["10.1.0.2".parse().unwrap()];
        assert_eq!(routes(&topology), ["h: eth1 via 10.1.0.2", "r1: ", "r2: "]);
        topology.networks[0].forward = Forward::Nat;
        assert_eq!(routes(&topology)[1..], ["r1: eth1 via 10.1.0.2", "r2: "], "routers take what leads out of the lab");
    }
}
