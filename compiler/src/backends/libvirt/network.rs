//! A segment as a libvirt network: a bridge of its own, without an address unless the host takes part.

use super::names::{Names, bridge, bridge_mac, network_uuid};
use super::xml::{Attributes, Xml};
use super::{METADATA, METADATA_VERSION};
use crate::collections::IndexMap;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::targets::{W0803, W0804};
use crate::lab::{Lab, Segment, SegmentKind};
use crate::source::Span;
use crate::topology::{Addressing, Forward};
use crate::value::Value;
use ipnet::IpNet;
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const DNSMASQ: &str = "http://libvirt.org/schemas/network/dnsmasq/1.0";

/// The network of a segment; none where it is something that the host has already.
pub fn document(lab: &Lab<'_>, names: &Names, index: usize, diagnostics: &mut Vec<Diagnostic>) -> Option<Xml> {
    let segment = lab.segments.get(index)?;
    let name = names.network(index);
    let mut xml = Xml::default();
    if let Some(binding) = &segment.binding {
        if binding.kind != "sriov" {
            return None;
        }
        begin(&mut xml, lab, segment, name, &[]);
        xml.open("forward", &[("mode", &"hostdev"), ("managed", &"yes")]);
        xml.leaf("pf", &[("dev", &binding.name)]);
        xml.close();
        if let Some(vlan) = binding.options.get("vlan") {
            xml.open("vlan", &[]);
            xml.leaf("tag", &[("id", vlan)]);
            xml.close();
        }
        return Some(xml);
    }
    let host = Host::new(lab, segment, diagnostics);
    let options = host.dnsmasq_options(lab, segment);
    let namespace: Attributes<'_> = if options.is_empty() { &[] } else { &[("xmlns:dnsmasq", &DNSMASQ)] };
    begin(&mut xml, lab, segment, name, namespace);
    xml.from(lab.segment_attribute(segment, "forward"));
    forward(&mut xml, segment, &host);
    let stp = if segment.stp { "on" } else { "off" };
    xml.from(lab.segment_attribute(segment, "stp"))
        .leaf("bridge", &[("name", &bridge(name)), ("stp", &stp), ("delay", &0)]);
    xml.leaf("mac", &[("address", &bridge_mac(name))]);
    if let Some(mtu) = segment.mtu {
        xml.from(lab.segment_attribute(segment, "mtu")).leaf("mtu", &[("size", &mtu)]);
    }
    if let Some(domain) = lab.topology.domain.as_ref().filter(|_| !host.addresses.is_empty()) {
        xml.leaf("domain", &[("name", domain)]);
    }
    host.write(&mut xml, segment, lab.segment_attribute(segment, "subnet"));
    if !options.is_empty() {
        xml.open("dnsmasq:options", &[]);
        for option in &options {
            xml.leaf("dnsmasq:option", &[("value", option)]);
        }
        xml.close();
    }
    Some(xml)
}

/// What the ports of a wire let through of the frames that a Linux bridge keeps to itself (addresses
/// 01-80-C2-00-00-0x): all but pause frames, which no bridge passes. It must be set on each port: for the bridge as a
/// whole, Linux refuses LACP (bit 2). Spanning tree (bit 0) passes already where the bridge speaks none.
const WIRE_MASK: &str = "0xfffd";

/// Name, UUID and whose it is. A wire passes everything, which a Linux bridge does not by itself: where the metadata
/// has a `group_fwd_mask`, deployment sets it on every port, and switches `multicast_snooping` of the bridge off; where
/// it says `hub`, it sets `ageing_time` to 0. Wires are bridges and not UDP tunnels between two machines, though those
/// pass everything by themselves: a bridge has a port on the host for each end, on which `tc` can delay frames and a
/// capture can look at them.
fn begin(xml: &mut Xml, lab: &Lab<'_>, segment: &Segment, name: &str, namespace: Attributes<'_>) {
    let mut attributes: Vec<(&str, &dyn Display)> = namespace.to_vec();
    attributes.push(("ipv6", &"yes")); // between guests, also where the host has no IPv6 address
    xml.from(lab.segment_span(segment)).open("network", &attributes);
    xml.text("name", &[], name);
    xml.text("uuid", &[], network_uuid(name));
    xml.open("metadata", &[]);
    let (kind, wire) = match segment.kind {
        SegmentKind::Management => ("management", false),
        SegmentKind::Network(_) => ("network", false),
        SegmentKind::Link(_) => ("link", true),
        SegmentKind::Wire(..) => ("wire", true),
    };
    let mut label: Vec<(&str, &dyn Display)> = vec![
        ("xmlns:wtop", &METADATA),
        ("version", &METADATA_VERSION),
        ("topology", &lab.topology.name),
        ("path", &segment.path),
        ("kind", &kind),
    ];
    if wire {
        label.push(("group_fwd_mask", &WIRE_MASK));
    }
    if segment.hub {
        label.push(("hub", &"yes"));
    }
    xml.leaf("wtop:segment", &label);
    xml.close();
}

fn forward(xml: &mut Xml, segment: &Segment, host: &Host) {
    match segment.forward {
        Forward::None => {}
        // Without an address of its own the host cannot lead anywhere.
        _ if host.addresses.is_empty() => {}
        Forward::Route => xml.leaf("forward", &[("mode", &"route")]),
        Forward::Nat if host.addresses.iter().any(|address| address.addr().is_ipv6()) => {
            xml.open("forward", &[("mode", &"nat")]);
            xml.leaf("nat", &[("ipv6", &"yes")]);
            xml.close();
        }
        Forward::Nat => xml.leaf("forward", &[("mode", &"nat")]),
    }
}

/// What the host does on a segment.
struct Host {
    /// Its addresses, with the lengths of their prefixes.
    addresses: Vec<IpNet>,
    /// Fixed leases: MAC, host name, address.
    leases: Vec<(String, String, IpAddr)>,
}

impl Host {
    fn new(lab: &Lab<'_>, segment: &Segment, diagnostics: &mut Vec<Diagnostic>) -> Host {
        let mut addresses: Vec<IpNet> = Vec::new();
        for address in &segment.host_addresses {
            let prefix = segment.subnets.iter().find(|subnet| subnet.contains(address));
            addresses.extend(prefix.and_then(|prefix| IpNet::new(*address, prefix.prefix_len()).ok()));
        }
        if segment.forward != Forward::None && addresses.is_empty() {
            let message = format!("`{}` leads nowhere: the host has no address there", segment.path);
            let diagnostic = Diagnostic::new(
                &W0803,
                lab.segment_span(segment).unwrap_or_default(),
                message,
                "the gateway is a node, or there is none",
            );
            diagnostics.push(diagnostic.help("give the network a `subnet` and a `gateway` that no node has"));
        }
        for (first, _) in &segment.dhcp {
            if addresses.iter().any(|address| address.contains(first)) {
                continue;
            }
            match server_address(lab, segment, *first) {
                Some(address) => addresses.push(address),
                None => {
                    let message = format!("`{}` has no address left for its DHCP server", segment.path);
                    let diagnostic = Diagnostic::new(
                        &W0804,
                        lab.segment_span(segment).unwrap_or_default(),
                        message,
                        "serves no DHCP",
                    );
                    diagnostics.push(diagnostic.help("make the DHCP range smaller, or the subnet larger"));
                }
            }
        }
        let reserved = reservations(lab, segment);
        let leases = segment.members.iter().filter_map(|member| lease(lab, segment, *member, reserved));
        Host { leases: leases.filter(|_| !addresses.is_empty()).collect(), addresses }
    }

    fn write(&self, xml: &mut Xml, segment: &Segment, origin: Option<Span>) {
        for address in &self.addresses {
            let family = if address.addr().is_ipv6() { "ipv6" } else { "ipv4" };
            let (ip, length) = (address.addr(), address.prefix_len());
            let ranges: Vec<_> = segment.dhcp.iter().filter(|(first, _)| address.contains(first)).collect();
            let leases: Vec<_> = self.leases.iter().filter(|(_, _, leased)| address.contains(leased)).collect();
            let attributes: Attributes<'_> = &[("family", &family), ("address", &ip), ("prefix", &length)];
            xml.from(origin);
            if ranges.is_empty() && leases.is_empty() {
                xml.leaf("ip", attributes);
                continue;
            }
            xml.open("ip", attributes);
            xml.open("dhcp", &[]);
            for (first, last) in ranges {
                xml.leaf("range", &[("start", first), ("end", last)]);
            }
            for (mac, name, ip) in leases {
                match ip {
                    IpAddr::V4(_) => xml.leaf("host", &[("mac", mac), ("name", name), ("ip", ip)]),
                    // DHCPv6 knows nobody by MAC address.
                    IpAddr::V6(_) => xml.leaf("host", &[("name", name), ("ip", ip)]),
                }
            }
            xml.close();
            xml.close();
        }
    }

    /// What dnsmasq would otherwise tell guests about the host: that it is their router and name server.
    fn dnsmasq_options(&self, lab: &Lab<'_>, segment: &Segment) -> Vec<String> {
        let serves = |family: fn(&IpAddr) -> bool| {
            let ranges = segment.dhcp.iter().map(|(first, _)| first);
            let leases = self.leases.iter().map(|(_, _, address)| address);
            !self.addresses.is_empty() && ranges.chain(leases).any(family)
        };
        let mut options = Vec::new();
        if serves(IpAddr::is_ipv4) && !segment.host_addresses.iter().any(IpAddr::is_ipv4) {
            let router = gateways(lab, segment).find(IpAddr::is_ipv4).map(|gateway| format!(",{gateway}"));
            options.push(format!("dhcp-option=option:router{}", router.unwrap_or_default()));
        }
        for (family, option) in [(IpAddr::is_ipv4 as fn(&IpAddr) -> bool, "option"), (IpAddr::is_ipv6, "option6")] {
            let servers: Vec<String> = segment.dns.iter().filter(|server| family(server)).map(bracketed).collect();
            if serves(family) && !servers.is_empty() {
                options.push(format!("dhcp-option={option}:dns-server,{}", servers.join(",")));
            }
        }
        options
    }
}

fn bracketed(address: &IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}

/// The gateways that the author gave a network.
fn gateways<'a>(lab: &'a Lab<'_>, segment: &Segment) -> impl Iterator<Item = IpAddr> + 'a {
    let network = match segment.kind {
        SegmentKind::Network(id) => lab.topology.network(id),
        _ => None,
    };
    network.into_iter().flat_map(|network| network.gateways.iter().copied())
}

/// `dhcp { reserve { … } }`: addresses by node.
fn reservations<'l>(lab: &'l Lab<'_>, segment: &Segment) -> Option<&'l IndexMap<SmolStr, Value>> {
    let SegmentKind::Network(id) = segment.kind else { return None };
    let Value::Map(dhcp) = lab.topology.network(id)?.attributes.get("dhcp")? else { return None };
    match dhcp.get("reserve")? {
        Value::Map(reserved) => Some(reserved),
        _ => None,
    }
}

/// The address that a member always gets by DHCP: on management, its own; elsewhere the reserved one, or the one that
/// is written for an interface that asks by DHCP.
fn lease(
    lab: &Lab<'_>,
    segment: &Segment,
    member: (usize, usize),
    reserved: Option<&IndexMap<SmolStr, Value>>,
) -> Option<(String, String, IpAddr)> {
    let machine = lab.machines.get(member.0)?;
    let (nic, plugged) = (machine.machine.nics.get(member.1)?, machine.nics.get(member.1)?);
    let address = match reserved.and_then(|reserved| reserved.get(machine.node.path.as_str())) {
        Some(Value::Ip(address)) => Some(*address),
        _ => {
            let asks = segment.kind == SegmentKind::Management
                || machine.interface(nic).is_some_and(|interface| interface.addressing == Addressing::Dhcp);
            plugged.addresses.iter().map(IpNet::addr).find(IpAddr::is_ipv4).filter(|_| asks)
        }
    };
    Some((nic.mac.to_string(), machine.node.hostname.clone(), address?))
}

/// An address for a DHCP server where the host has none: the last of the subnet that is neither in the range nor taken.
fn server_address(lab: &Lab<'_>, segment: &Segment, first: IpAddr) -> Option<IpNet> {
    let subnet = segment.subnets.iter().find(|subnet| subnet.contains(&first))?;
    let (_, last) = segment.dhcp.iter().find(|(start, _)| *start == first)?;
    let nics = segment.members.iter().filter_map(|(machine, nic)| lab.machines.get(*machine)?.nics.get(*nic));
    let reserved = reservations(lab, segment).into_iter().flat_map(IndexMap::values);
    let reserved = reserved.filter_map(|address| if let Value::Ip(address) = address { Some(*address) } else { None });
    let taken: BTreeSet<u128> = nics
        .flat_map(|nic| &nic.addresses)
        .map(IpNet::addr)
        .chain(gateways(lab, segment))
        .chain(reserved)
        .map(number)
        .collect();
    let in_range = number(first)..=number(*last);
    // Neither the network's own address nor, in IPv4, that of broadcasts.
    let lowest = number(subnet.network()) + 1;
    let mut candidate = number(subnet.broadcast()).saturating_sub(u128::from(first.is_ipv4()));
    while candidate >= lowest {
        if in_range.contains(&candidate) {
            candidate = in_range.start().saturating_sub(1);
        } else if taken.contains(&candidate) {
            candidate -= 1;
        } else {
            return IpNet::new(address(candidate, first.is_ipv4()), subnet.prefix_len()).ok();
        }
    }
    None
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    }
}

fn address(number: u128, ipv4: bool) -> IpAddr {
    match u32::try_from(number) {
        Ok(number) if ipv4 => IpAddr::V4(Ipv4Addr::from(number)),
        _ => IpAddr::V6(Ipv6Addr::from(number)),
    }
}
