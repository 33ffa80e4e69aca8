//! What must be true of a finished topology: no two things in one place, nothing that cannot carry its frames.

use super::addresses::is_link_local;
use super::world::{EntityId, World};
use crate::collections::IndexMap;
use crate::diagnostics::codes::{allocation, attributes, links, targets, topology as codes};
use crate::diagnostics::{Diagnostic, closest};
use crate::source::Span;
use crate::topology::{GatewayKind, Interface, LinkEnd, Topology};
use crate::value::{Step, Value, VrfId};
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
        self.check_link_addresses(topology);
        self.check_guest_config(topology);
        self.check_guests(topology);
        self.check_after(topology);
        self.check_bindings(topology);
        self.check_needs(topology);
        self.check_passwords();
        self.check_names_in_lists(topology);
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
        let mut shared: BTreeSet<IpAddr> = topology
            .networks
            .iter()
            .filter(|network| network.gateway_kind != GatewayKind::Plain)
            .flat_map(|network| network.gateways.iter().copied())
            .collect();
        let vlans: Vec<EntityId> = self.vlans.iter().map(|vlan| vlan.entity).collect();
        for vlan in vlans {
            let subnets = self.subnets_of(vlan);
            let (gateways, kind, _) = self.gateways_of(vlan, &subnets);
            shared.extend(gateways.into_iter().filter(|_| kind != GatewayKind::Plain));
        }
        let mut seen: IndexMap<(Option<VrfId>, IpAddr), (Span, String)> = IndexMap::default();
        let mut twice = Vec::new();
        for node in &topology.nodes {
            for interface in &node.interfaces {
                for net in &interface.addresses {
                    let ip = net.addr();
                    let words = format!("`{}:{}`", node.path, interface.name);
                    let place = (interface.origin.span, words);
                    let known = self.doubled_addresses.contains(&ip) || overlapping.contains(&net.trunc());
                    if shared.contains(&ip) || is_link_local(ip) || known {
                        continue;
                    }
                    if let Some(before) = seen.insert((vrf_of(topology, interface), ip), place.clone()) {
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
                let diagnostic = Diagnostic::new(&links::E0529, *second_span, message, format!("{b} here"))
                    .label(*first_span, format!("{a} here"))
                    .help("write one `mtu` in the block of the link");
                self.report(diagnostic);
            }
        }
    }

    /// An address in the block of a link would be that of both ends.
    fn check_link_addresses(&mut self, topology: &Topology) {
        for (index, link) in topology.links.iter().enumerate() {
            let Some(entity) = self.links.get(index).map(|link| link.entity) else { continue };
            let between_nodes = link.ends.iter().all(|end| matches!(end, LinkEnd::Interface { .. }));
            if between_nodes && self.defines(entity, "address") {
                let span = self.attribute_span(entity, "address");
                let message = "an address belongs to one end, and this link has a node at both";
                let help = "write it at the end: `link a (address = …) <-> b`; a `subnet` gives both ends theirs";
                self.report(Diagnostic::new(&attributes::E0404, span, message, "of which end?").help(help));
            }
        }
    }

    fn check_unconnected(&mut self, topology: &Topology) {
        if self.incomplete {
            return;
        }
        // A lab without any link is only begun, or means it.
        let nodes = if topology.links.is_empty() { &[][..] } else { &topology.nodes };
        let mut alone: IndexMap<Span, Vec<&str>> = IndexMap::default();
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

    /// Targets say what external networks are, and no others.
    fn check_bindings(&mut self, topology: &Topology) {
        if self.incomplete {
            return;
        }
        let external = || topology.networks.iter().filter(|network| network.external);
        for (index, target) in topology.targets.iter().enumerate() {
            let Some(entity) = self.targets.get(index).map(|(entity, _)| *entity) else { continue };
            for name in target.networks.keys() {
                if external().any(|network| network.path == *name) {
                    continue;
                }
                let part = self.part_of_attribute(entity, "networks", &[Step::Field(name.into())]);
                let span = part.and_then(|part| part.key).unwrap_or(target.origin.span);
                let is_made = topology.networks.iter().any(|network| network.path == *name);
                let message = if is_made {
                    format!("the network `{name}` is made with the lab, and a target says only what external ones are")
                } else {
                    format!("there is no external network `{name}`")
                };
                let mut diagnostic = Diagnostic::new(&targets::E0809, span, message, "not external");
                diagnostic = match closest(name, external().map(|network| network.path.as_str())) {
                    Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
                    None => diagnostic.help(format!("declare it: `network {name} {{ external = true }}`")),
                };
                self.report(diagnostic);
            }
        }
    }

    /// Passwords belong into the environment, not into a file that is shared.
    fn check_passwords(&mut self) {
        let nodes: Vec<EntityId> = self.nodes.iter().map(|node| node.entity).collect();
        let mut seen = BTreeSet::new();
        for entity in std::iter::once(self.topology_entity).chain(nodes) {
            let login = self.map(entity, "login");
            let mut written = Vec::new();
            if let Some(Value::String(_)) = login.get("password") {
                let user = login.get("user").and_then(super::read::text).unwrap_or_default();
                written.push(("login", user, vec![Step::Field("password".into())]));
            }
            for (user, value) in self.map(entity, "users").iter() {
                if let Value::Map(fields) = value
                    && let Some(Value::String(_)) = fields.get("password")
                {
                    let steps = vec![Step::Field(user.clone()), Step::Field("password".into())];
                    written.push(("users", user.to_string(), steps));
                }
            }
            for (key, user, steps) in written {
                let part = self.part_of_attribute(entity, key, &steps);
                let span = part.as_ref().map_or_else(|| self.attribute_span(entity, key), |part| part.span);
                if seen.insert(span) {
                    self.report_password(&user, span, part.is_some_and(|part| part.is_literal()));
                }
            }
        }
    }

    /// Each package and service is a string of its own: `"iperf3, tcpdump"` is one, of a name that nothing has.
    fn check_names_in_lists(&mut self, topology: &Topology) {
        for (index, node) in topology.nodes.iter().enumerate() {
            let Some(entity) = self.nodes.get(index).map(|node| node.entity) else { continue };
            for (key, names) in [("packages", &node.guest.packages), ("services", &node.guest.services)] {
                let is_several = |name: &&String| name.contains(|char: char| char == ',' || char.is_whitespace());
                let Some(name) = names.iter().find(is_several) else { continue };
                let parts =
                    name.split(|char: char| char == ',' || char.is_whitespace()).filter(|part| !part.is_empty());
                let quoted: Vec<String> = parts.map(|part| format!("\"{part}\"")).collect();
                let span = self.attribute_span(entity, key);
                let message = format!("\"{name}\" in `{key}` is taken as one name");
                let diagnostic = Diagnostic::new(&attributes::W0409, span, message, "several in one string?");
                self.report(diagnostic.help(format!("write a list: `{key} = [{}]`", quoted.join(", "))));
            }
        }
    }

    fn report_password(&mut self, user: &str, span: Span, is_literal: bool) {
        let message = "a password in the source is read by everybody who reads the lab";
        let name = if user.is_empty() { "LAB" } else { user };
        let variable: String =
            name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
        let secret = format!("secret(\"env:{variable}_PASSWORD\")");
        let mut diagnostic = Diagnostic::new(&attributes::W0408, span, message, "written out")
            .help(format!("take it from the environment at deployment: `{secret}`"));
        if is_literal {
            diagnostic = diagnostic.suggest(format!("Write `{secret}`"), span, secret);
        }
        self.report(diagnostic);
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
                                let from = stack.iter().position(|(node, _)| *node == before.index());
                                let circle = stack.iter().skip(from.unwrap_or_default()).map(|(node, _)| *node);
                                let path = |node: usize| topology.nodes.get(node).map_or("", |node| &node.path);
                                let circle: Vec<String> =
                                    circle.chain([before.index()]).map(|node| format!("`{}`", path(node))).collect();
                                let message = format!(
                                    "`{}` waits for itself to be ready: {}",
                                    path(before.index()),
                                    circle.join(" after ")
                                );
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

/// The VRF of an interface: its own, else that of the VLAN or network at the far end of its link, since who is plugged
/// into a switch does not know how the switch keeps things apart.
fn vrf_of(topology: &Topology, interface: &Interface) -> Option<VrfId> {
    let of_vlan = |interface: &Interface| match interface.attributes.get("vlan") {
        Some(Value::Vlan(vlan)) => topology.vlans.get(vlan.index())?.vrf,
        _ => None,
    };
    let far = || {
        let link = topology.link(interface.link?)?;
        link.ends.iter().find_map(|end| match end {
            LinkEnd::Network { network, .. } => topology.network(*network)?.vrf,
            LinkEnd::Interface { .. } => of_vlan(topology.interface(end)?.1),
        })
    };
    interface.vrf.or_else(|| of_vlan(interface)).or_else(far)
}
