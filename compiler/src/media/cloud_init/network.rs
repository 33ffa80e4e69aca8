//! Network configuration, version 2: interfaces by MAC address, bonds, VLANs, routes and name servers.

mod data;

use crate::collections::IndexMap;
use crate::lab::{Lab, LabMachine, Segment};
use crate::media::yaml::to_yaml;
use crate::topology::{Addressing, Forward, Interface, InterfaceKind, Plug};
use crate::value::Value;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::Serialize;
use std::net::IpAddr;

/// Linux allows names of so many bytes.
const MAX_NAME: usize = 15;
/// Management is the last way out: after the lab's own, which have no metric, and after what DHCP gives, whose metric is
/// at most 1024 (systemd-networkd).
const MANAGEMENT_METRIC: u32 = 2000;
/// The same for a router: FRR takes the first byte of a kernel route's metric for its administrative distance, which is
/// 0 otherwise and would keep out what OSPF or BGP learn.
const ROUTER_MANAGEMENT_METRIC: u32 = 250 << 24;

#[derive(Serialize)]
struct Config {
    version: u8,
    ethernets: IndexMap<String, Device>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    bonds: IndexMap<String, Device>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    vlans: IndexMap<String, Device>,
}

/// An interface of whichever kind; most fields belong to all of them.
#[derive(Default, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Device {
    #[serde(skip_serializing_if = "Option::is_none")]
    r#match: Option<Match>,
    #[serde(skip_serializing_if = "Option::is_none")]
    set_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    interfaces: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters: Option<BondParameters>,
    dhcp4: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    dhcp4_overrides: Option<DhcpOverrides>,
    #[serde(skip_serializing_if = "is_false")]
    dhcp6: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    link_local: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    addresses: Vec<IpNet>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mtu: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    routes: Vec<Route>,
    /// Cloud-init up to 22.4 takes a route to `::/0` for one to `::/64`.
    #[serde(skip_serializing_if = "Option::is_none")]
    gateway6: Option<IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nameservers: Option<NameServers>,
    /// Nobody waits for a port that is not plugged in. (Of others it would say that they need not be brought up.)
    #[serde(skip_serializing_if = "is_false")]
    optional: bool,
}

impl Device {
    fn with_routes(mut self, routes: impl Iterator<Item = (IpNet, IpAddr)>) -> Device {
        for (to, via) in routes {
            if to.prefix_len() == 0 && to.addr().is_ipv6() {
                self.gateway6 = Some(via);
            } else {
                self.routes.push(Route { to, via, metric: None });
            }
        }
        self
    }

    fn add_way_out(&mut self, gateway: IpAddr, metric: u32) {
        if gateway.is_ipv6() {
            self.gateway6 = Some(gateway);
        } else {
            self.routes.push(Route { to: everything(&gateway), via: gateway, metric: Some(metric) });
        }
    }
}

#[derive(Serialize)]
struct Match {
    #[serde(skip_serializing_if = "Option::is_none")]
    macaddress: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct BondParameters {
    mode: &'static str,
    mii_monitor_interval: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    lacp_rate: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transmit_hash_policy: Option<&'static str>,
}

#[derive(Serialize)]
struct Route {
    to: IpNet,
    via: IpAddr,
    #[serde(skip_serializing_if = "Option::is_none")]
    metric: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct DhcpOverrides {
    use_routes: bool,
}

#[derive(Serialize)]
struct NameServers {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    search: Vec<String>,
    addresses: Vec<IpAddr>,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// The `network-config` of a machine.
pub(super) fn network_config(lab: &Lab<'_>, machine: &LabMachine<'_>) -> String {
    to_yaml(&config(lab, machine))
}

/// The same as OpenStack's `network_data.json`.
pub(super) fn data(lab: &Lab<'_>, machine: &LabMachine<'_>) -> serde_json::Value {
    data::network_data(&config(lab, machine))
}

/// The same as a file of netplan, whose form it is. A cloud's router answers no names; who does, its DHCP server says.
pub(super) fn netplan(lab: &Lab<'_>, machine: &LabMachine<'_>) -> String {
    let mut network = config(lab, machine);
    if let Some((place, segment)) = management(lab, machine)
        && segment.forward != Forward::None
        && segment.dns.is_empty()
        && machine.node.guest.dns.is_empty()
        && let Some((_, device)) = network.ethernets.get_index_mut(place)
        && device.addresses.iter().any(|address| address.addr().is_ipv4())
    {
        device.nameservers = None;
        device.dhcp4 = true;
        device.dhcp4_overrides = Some(DhcpOverrides { use_routes: false });
    }
    to_yaml(&Netplan { network })
}

#[derive(Serialize)]
struct Netplan {
    network: Config,
}

fn config(lab: &Lab<'_>, machine: &LabMachine<'_>) -> Config {
    let mut config =
        Config { version: 2, ethernets: IndexMap::default(), bonds: IndexMap::default(), vlans: IndexMap::default() };
    for (number, plugged) in machine.nics.iter().enumerate() {
        let name = Some(&plugged.name).filter(|name| is_linux_name(name) && !config.ethernets.contains_key(*name));
        if let Some(device) = ethernet(lab, machine, number) {
            let device = Device { set_name: name.cloned(), ..device };
            config.ethernets.insert(name.cloned().unwrap_or_else(|| format!("nic{number}")), device);
        }
    }
    add_logical(&mut config, lab, machine);
    add_name_servers(&mut config, lab, machine);
    config
}

/// A NIC.
fn ethernet(lab: &Lab<'_>, machine: &LabMachine<'_>, number: usize) -> Option<Device> {
    let (nic, plugged) = (machine.machine.nics.get(number)?, machine.nics.get(number)?);
    let segment = plugged.segment.and_then(|segment| lab.segments.get(segment));
    let settings = match nic.plug {
        Plug::Interface { interface: index } => {
            let interface = machine.node.interfaces.get(index)?;
            let settings = logical(machine, interface);
            // A segment that serves only one family by DHCP is asked for that one; an external one for IPv4.
            let serves = |family: fn(&IpAddr) -> bool| {
                segment.is_some_and(|segment| segment.dhcp.iter().any(|(first, _)| family(first)))
            };
            let dhcp6 = settings.dhcp4 && serves(IpAddr::is_ipv6);
            Device { dhcp4: settings.dhcp4 && (!dhcp6 || serves(IpAddr::is_ipv4)), dhcp6, ..settings }
        }
        Plug::Management => {
            let ways_out: Vec<IpAddr> = ways_out(lab, machine).collect();
            let known = |(to, via): &(IpNet, IpAddr)| to.prefix_len() == 0 && ways_out.contains(via);
            let written = routes_through(machine, &plugged.addresses).filter(|route| !known(route));
            let mut device = Device::default().with_routes(written);
            for gateway in &ways_out {
                let metric = if machine.node.router { ROUTER_MANAGEMENT_METRIC } else { MANAGEMENT_METRIC };
                device.add_way_out(*gateway, metric);
            }
            device
        }
        Plug::Wire { .. } | Plug::Nothing => Device::default(),
    };
    Some(Device {
        r#match: Some(Match { macaddress: Some(nic.mac.to_string()), name: None }),
        addresses: plugged.addresses.clone(),
        mtu: plugged.mtu,
        optional: !plugged.up,
        ..settings
    })
}

/// Loopbacks, VLANs and bonds. In a device of several machines, the one that has the ports has them; loopbacks belong
/// to the first that takes cloud-init data.
fn add_logical(config: &mut Config, lab: &Lab<'_>, machine: &LabMachine<'_>) {
    let node = machine.node;
    let first = node.machines.iter().find(|part| part.cloud_init).is_none_or(|part| part.path == machine.machine.path);
    for interface in &node.interfaces {
        let name = interface.name.clone();
        let device = || logical(machine, interface);
        match &interface.kind {
            InterfaceKind::Logical if first => add_loopback(config, interface),
            InterfaceKind::Physical { .. } | InterfaceKind::Logical => {}
            InterfaceKind::Lag => {
                let members = bond_members(config, machine, interface);
                if !members.is_empty() {
                    let parameters = Some(bond_parameters(lab, interface));
                    config.bonds.insert(name, Device { interfaces: members, parameters, ..device() });
                }
            }
            InterfaceKind::Subinterface { parent } => {
                if config.ethernets.contains_key(parent) || config.bonds.contains_key(parent) {
                    let link = Some(parent.clone());
                    config.vlans.insert(name, Device { id: interface.vlan, link, ..device() });
                }
            }
        }
    }
}

/// Name servers stand at the management port, or else at the first port with an address. Where nothing is written, the
/// host of a lab answers names on the management network.
fn add_name_servers(config: &mut Config, lab: &Lab<'_>, machine: &LabMachine<'_>) {
    let own = machine.node.guest.dns.as_slice();
    let management = management(lab, machine).map(|(place, _)| place);
    let addressed = || config.ethernets.values().position(|device| !device.addresses.is_empty());
    let Some(place) = management.or_else(addressed) else { return };
    let segment = machine.nics.get(place).and_then(|nic| lab.segments.get(nic.segment?));
    let given = segment.map(|segment| segment.dns.as_slice()).unwrap_or_default();
    let addresses: Vec<IpAddr> = match [own, given].into_iter().find(|servers| !servers.is_empty()) {
        Some(servers) => servers.to_vec(),
        None => ways_out(lab, machine).collect(),
    };
    if let Some((_, device)) = config.ethernets.get_index_mut(place).filter(|_| !addresses.is_empty()) {
        let search = lab.topology.domain.iter().cloned().collect();
        device.nameservers = Some(NameServers { search, addresses });
    }
}

/// What an interface of the node says, whatever carries it.
fn logical(machine: &LabMachine<'_>, interface: &Interface) -> Device {
    let routes = routes_through(machine, &interface.addresses);
    let dhcp = interface.addressing == Addressing::Dhcp;
    let device = Device {
        dhcp4: dhcp,
        link_local: if interface.addressing == Addressing::LinkLocal { vec!["ipv6"] } else { Vec::new() },
        addresses: interface.addresses.clone(),
        mtu: interface.mtu,
        ..Device::default()
    };
    device.with_routes(routes)
}

/// The node's routes whose next hop one of these addresses reaches.
fn routes_through(machine: &LabMachine<'_>, addresses: &[IpNet]) -> impl Iterator<Item = (IpNet, IpAddr)> {
    let reached = |via: &IpAddr| addresses.iter().any(|address| address.contains(via));
    machine.node.guest.routes.iter().copied().filter(move |(_, via)| reached(via))
}

/// The management gateways that a guest may go out by: those of a management network that leads out, unless the node
/// says `default_route = false`. For IPv6 only where the lab has no way out of its own, as the route has no metric.
pub(super) fn ways_out(lab: &Lab<'_>, machine: &LabMachine<'_>) -> impl Iterator<Item = IpAddr> {
    let node = machine.node;
    let wanted = node.attributes.get("default_route") != Some(&Value::Bool(false));
    let found = management(lab, machine).filter(|(_, segment)| wanted && segment.forward != Forward::None);
    let addresses = found.and_then(|(place, _)| machine.nics.get(place)).map_or(&[][..], |nic| &nic.addresses);
    let gateways = found.map_or(&[][..], |(_, segment)| &segment.host_addresses);
    let other_way = |gateway: &IpAddr| {
        let elsewhere = |(to, via): &(IpNet, IpAddr)| to.prefix_len() == 0 && via.is_ipv6() && via != gateway;
        gateway.is_ipv6() && node.guest.routes.iter().any(elsewhere)
    };
    let reached = |gateway: &IpAddr| addresses.iter().any(|address| address.contains(gateway));
    gateways.iter().copied().filter(move |gateway| reached(gateway) && !other_way(gateway))
}

/// The management port of a machine, and the segment that it is on.
fn management<'l>(lab: &'l Lab<'_>, machine: &LabMachine<'_>) -> Option<(usize, &'l Segment)> {
    let place = machine.machine.nics.iter().position(|nic| nic.plug == Plug::Management)?;
    Some((place, lab.segments.get(machine.nics.get(place)?.segment?)?))
}

/// Interfaces without a wire are addresses of the loopback.
fn add_loopback(config: &mut Config, interface: &Interface) {
    let loopback = config.ethernets.entry("lo".to_owned()).or_insert_with(|| Device {
        r#match: Some(Match { macaddress: None, name: Some("lo".to_owned()) }),
        ..Device::default()
    });
    loopback.addresses.extend(&interface.addresses);
}

/// The ports of an aggregation that are on this machine.
fn bond_members(config: &Config, machine: &LabMachine<'_>, bond: &Interface) -> Vec<String> {
    let member = |other: &&Interface| {
        let physical = matches!(other.kind, InterfaceKind::Physical { .. });
        physical && bond.lag.is_some() && other.lag == bond.lag && config.ethernets.contains_key(&other.name)
    };
    machine.node.interfaces.iter().filter(member).map(|member| member.name.clone()).collect()
}

/// How an aggregation shares out frames.
fn bond_parameters(lab: &Lab<'_>, bond: &Interface) -> BondParameters {
    let lag = bond.lag.and_then(|lag| lab.topology.lags.get(lag.index()));
    let (mode, lacp_rate, transmit_hash_policy) = match lag.map(|lag| lag.mode.as_str()) {
        Some("lacp") => ("802.3ad", Some("fast"), Some("layer3+4")),
        Some("active_backup") => ("active-backup", None, None),
        _ => ("balance-xor", None, Some("layer3+4")),
    };
    BondParameters { mode, mii_monitor_interval: 100, lacp_rate, transmit_hash_policy }
}

/// The default route of an address's family.
fn everything(address: &IpAddr) -> IpNet {
    if address.is_ipv4() { Ipv4Net::default().into() } else { Ipv6Net::default().into() }
}

fn is_linux_name(name: &str) -> bool {
    let fits = !name.is_empty() && name.len() <= MAX_NAME && name != "." && name != "..";
    fits && !name.chars().any(|c| c == '/' || c == ':' || c.is_whitespace() || c.is_control())
}
