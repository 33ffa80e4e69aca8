//! What must be true of a finished topology: no two things in one place, nothing that cannot carry its frames.

use super::world::World;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::{allocation, links, topology as codes};
use crate::source::Span;
use crate::topology::{GatewayKind, LinkEnd, Topology};
use crate::value::VrfId;
use indexmap::IndexMap;
use ipnet::IpNet;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// A prefix of a segment.
struct Prefix {
    net: IpNet,
    vrf: Option<VrfId>,
    words: String,
    span: Span,
}

impl<'a> World<'a> {
    /// Reports everything that two things disagree about.
    pub fn validate(&mut self, topology: &Topology) {
        let overlapping = self.check_overlaps(topology);
        self.check_duplicate_addresses(topology, &overlapping);
        self.check_mtu(topology);
        self.check_unconnected(topology);
        self.check_guest_config(topology);
        self.check_after(topology);
    }

    /// Gives back the prefixes that overlap: that addresses in them are doubled follows.
    fn check_overlaps(&mut self, topology: &Topology) -> BTreeSet<IpNet> {
        let mut prefixes = Vec::new();
        for (entry, network) in self.networks.iter().zip(&topology.networks) {
            let span = self.attribute_span(entry.entity, "subnet");
            let words = format!("network `{}`", network.path);
            prefixes.extend(network.subnets.iter().map(|net| Prefix {
                net: *net,
                vrf: network.vrf,
                words: words.clone(),
                span,
            }));
        }
        for (entry, vlan) in self.vlans.iter().zip(&topology.vlans) {
            let span = self.attribute_span(entry.entity, "subnet");
            let words = format!("VLAN `{}`", vlan.name);
            prefixes.extend(vlan.subnets.iter().map(|net| Prefix {
                net: *net,
                vrf: vlan.vrf,
                words: words.clone(),
                span,
            }));
        }
        for (entry, link) in self.links.iter().zip(&topology.links) {
            if link.subnets.is_empty() {
                continue;
            }
            let span = self.attribute_span(entry.entity, "subnet");
            let words = format!("link `{}`", link.path);
            let vrf = link.ends.iter().find_map(|end| topology.interface(end)?.1.vrf);
            prefixes.extend(link.subnets.iter().map(|net| Prefix { net: *net, vrf, words: words.clone(), span }));
        }
        for (entry, lag) in self.lags.iter().zip(&topology.lags) {
            let span = self.attribute_span(entry.entity, "subnet");
            let words = format!("lag `{}`", lag.path);
            let vrf = lag.ends.iter().find_map(|end| topology.interface(end)?.1.vrf);
            prefixes.extend(lag.subnets.iter().map(|net| Prefix { net: *net, vrf, words: words.clone(), span }));
        }
        // Sorted, a prefix can only overlap one that is still open before it.
        prefixes.sort_by_key(|prefix| {
            (prefix.vrf, prefix.net.addr().is_ipv6(), prefix.net.network(), prefix.net.prefix_len())
        });
        let mut open: Vec<&Prefix> = Vec::new();
        let mut reported = Vec::new();
        for prefix in &prefixes {
            while open.last().is_some_and(|last| last.vrf != prefix.vrf || !last.net.contains(&prefix.net)) {
                open.pop();
            }
            if let Some(outer) = open.last() {
                reported.push((prefix, *outer));
            }
            open.push(prefix);
        }
        let overlapping = reported.iter().flat_map(|(inner, outer)| [inner.net, outer.net]).collect();
        for (inner, outer) in reported {
            let message = format!("{} of {} overlaps {} of {}", inner.net, inner.words, outer.net, outer.words);
            let mut diagnostic = Diagnostic::new(&allocation::E0610, inner.span, message, "overlaps")
                .help("segments of one VRF have prefixes of their own; a `vrf` keeps equal prefixes apart");
            if outer.span != inner.span {
                diagnostic = diagnostic.label(outer.span, format!("{} here", outer.net));
            }
            self.report(diagnostic);
        }
        overlapping
    }

    fn check_duplicate_addresses(&mut self, topology: &Topology, overlapping: &BTreeSet<IpNet>) {
        let shared: Vec<IpAddr> = topology
            .networks
            .iter()
            .filter(|network| network.gateway_kind != GatewayKind::Plain)
            .flat_map(|network| network.gateways.iter().copied())
            .collect();
        let mut seen: IndexMap<(Option<VrfId>, IpAddr), (Span, String)> = IndexMap::new();
        let mut twice = Vec::new();
        for node in &topology.nodes {
            for interface in &node.interfaces {
                for net in &interface.addresses {
                    let ip = net.addr();
                    let words = format!("`{}:{}`", node.path, interface.name);
                    let place = (interface.origin.span, words);
                    let link_local = matches!(ip, IpAddr::V6(ip) if ip.segments()[0] & 0xffc0 == 0xfe80);
                    if shared.contains(&ip) || link_local || overlapping.contains(&net.trunc()) {
                        continue;
                    }
                    if let Some(before) = seen.insert((interface.vrf, ip), place.clone()) {
                        twice.push((ip, before, place));
                    }
                }
            }
        }
        for (ip, (before, first), (span, second)) in twice {
            let message = format!("{ip} is an address of both {first} and {second}");
            let mut diagnostic = Diagnostic::new(&allocation::E0607, span, message, format!("at {second}")).help(
                "each address belongs to one interface; shared gateways are written `anycast(…)` or `virtual(…)`",
            );
            if before != span {
                diagnostic = diagnostic.label(before, format!("at {first}"));
            }
            self.report(diagnostic);
        }
    }

    fn check_mtu(&mut self, topology: &Topology) {
        for link in &topology.links {
            let mut sizes: Vec<(u32, String, Span)> = Vec::new();
            for end in &link.ends {
                match end {
                    LinkEnd::Interface { .. } => {
                        if let Some((node, interface)) = topology.interface(end)
                            && let Some(mtu) = interface.mtu
                        {
                            sizes.push((mtu, format!("`{}:{}`", node.path, interface.name), interface.origin.span));
                        }
                    }
                    LinkEnd::Network { network } => {
                        if let Some(network) = topology.network(*network)
                            && let Some(mtu) = network.mtu
                        {
                            sizes.push((mtu, format!("network `{}`", network.path), network.origin.span));
                        }
                    }
                }
            }
            let [(a, first, first_span), (b, second, second_span)] = sizes.as_slice() else { continue };
            if a != b {
                let message = format!("the two ends have different MTUs: {first} has {a}, {second} has {b}");
                let diagnostic = Diagnostic::new(&links::E0529, link.origin.span, message, "packets would be lost")
                    .label(*first_span, format!("{a} here"))
                    .label(*second_span, format!("{b} here"))
                    .help("write one `mtu` in the block of the link");
                self.report(diagnostic);
            }
        }
    }

    fn check_unconnected(&mut self, topology: &Topology) {
        if self.incomplete {
            return;
        }
        // A lab without any link is only begun, or means it.
        let nodes = if topology.links.is_empty() { &[][..] } else { &topology.nodes };
        let mut alone: IndexMap<Span, Vec<&str>> = IndexMap::new();
        for node in nodes {
            if node.interfaces.iter().all(|interface| interface.link.is_none()) {
                alone.entry(node.origin.span).or_default().push(&node.path);
            }
        }
        for (span, paths) in alone {
            let message = match paths.as_slice() {
                [first, rest @ ..] if !rest.is_empty() => {
                    format!("`{first}` and {} more of its array are linked to nothing", rest.len())
                }
                _ => format!("`{}` is linked to nothing", paths.concat()),
            };
            let help = "link it, or say that it is meant: `allow { W0505 = \"a spare\" }`";
            self.report(Diagnostic::new(&codes::W0505, span, message, "no link").help(help));
        }
        for (index, network) in topology.networks.iter().enumerate() {
            if self.networks.get(index).is_some_and(|entry| entry.links.is_empty()) {
                let message = format!("nothing is linked to the network `{}`", network.path);
                let help = "link a node to it: `link node <-> network`";
                let diagnostic = Diagnostic::new(&codes::W0506, network.origin.span, message, "unused").help(help);
                self.report(diagnostic);
            }
        }
    }

    /// What is written but cannot arrive.
    fn check_guest_config(&mut self, topology: &Topology) {
        for (index, node) in topology.nodes.iter().enumerate() {
            let Some(entity) = self.nodes.get(index).map(|node| node.entity) else { continue };
            let cloud_init = node.machines.iter().any(|machine| machine.cloud_init);
            let by_media = node.machines.iter().any(|machine| !machine.media.is_empty() || !machine.console.is_empty());
            let own = |world: &World<'a>, key: &str| {
                world.entities.get(entity).is_some_and(|entity| entity.own.contains_key(key))
            };
            if own(self, "config") && !by_media {
                self.report_cannot_arrive(entity, "config", node, "files and run");
            }
            for key in ["packages", "files", "run", "run_each_boot", "services", "env"] {
                if own(self, key) && !cloud_init {
                    self.report_cannot_arrive(entity, key, node, "config");
                }
            }
        }
    }

    fn report_cannot_arrive(&mut self, entity: usize, key: &str, node: &crate::topology::Node, instead: &str) {
        let span = self.attribute_span(entity, key);
        let message = format!(
            "`{key}` of `{}` cannot reach the guest: a {} has no way for it at first boot",
            node.path, node.device
        );
        let help = format!("use `{instead}`, or a device that takes it");
        self.report(Diagnostic::new(&codes::W0507, span, message, "does not arrive").help(help));
    }

    /// The order of starting has no circle.
    fn check_after(&mut self, topology: &Topology) {
        let mut state = vec![0u8; topology.nodes.len()];
        for start in 0..topology.nodes.len() {
            let mut stack = vec![(start, 0usize)];
            while let Some((node, next)) = stack.pop() {
                if next == 0 {
                    if state.get(node).copied() != Some(0) {
                        continue;
                    }
                    if let Some(state) = state.get_mut(node) {
                        *state = 1;
                    }
                }
                let Some(entry) = topology.nodes.get(node) else { continue };
                match entry.after.get(next) {
                    Some(before) => {
                        stack.push((node, next + 1));
                        match state.get(before.index()) {
                            Some(1) => {
                                let message = format!("`{}` waits for itself to be ready", entry.path);
                                let help = "remove one of the `after` that make the circle";
                                let diagnostic = Diagnostic::new(
                                    &crate::diagnostics::codes::links::E0530,
                                    entry.origin.span,
                                    message,
                                    "in a circle of `after`",
                                );
                                self.report(diagnostic.help(help));
                                return;
                            }
                            Some(0) => stack.push((before.index(), 0)),
                            _ => {}
                        }
                    }
                    None => {
                        if let Some(state) = state.get_mut(node) {
                            *state = 2;
                        }
                    }
                }
            }
        }
    }
}
