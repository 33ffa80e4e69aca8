//! Addresses of interfaces: what is written, what is locked, what is next.

use super::collisions::{Kept, node_of_key};
use super::lock::{Locked, Request};
use super::pools::number;
use super::spaces::{Holder, Space, usable};
use super::world::{EndTarget, EntityId, Env, Eval, Operation, Slot, Stop, World};
use crate::collections::IndexMap;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::allocation as codes;
use crate::source::Span;
use crate::topology::Addressing;
use crate::value::types::Type;
use crate::value::{LagId, NetworkId, NodeId, Value, VlanId};
use ipnet::IpNet;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::rc::Rc;

/// Which address space an interface takes part in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum SpaceOf {
    Network(NetworkId),
    Link(usize),
    Lag(LagId),
    Vlan(VlanId),
}

/// An interface that may get addresses.
struct Candidate {
    node: NodeId,
    name: SmolStr,
    entity: EntityId,
    space: Option<SpaceOf>,
    /// Left (0) or right (1) end, for the wires between two nodes.
    side: usize,
    /// Stable path of the link or network it is on.
    path: String,
    span: Span,
}

impl<'a> World<'a> {
    /// Gives every interface its addresses.
    pub fn allocate_addresses(&mut self) -> IndexMap<(NodeId, SmolStr), Vec<IpNet>> {
        let mut spaces: IndexMap<SpaceOf, Space> = IndexMap::default();
        let candidates = self.candidates(&mut spaces);
        self.take_gateways(&mut spaces);
        let mut found: IndexMap<(NodeId, SmolStr), Vec<IpNet>> = IndexMap::default();
        let mut open = Vec::new();
        for candidate in candidates {
            let written = self.written_addresses(&candidate, &mut spaces);
            let missing = self.missing_families(&candidate, &written, &spaces);
            found.insert((candidate.node, candidate.name.clone()), written);
            open.extend(missing.into_iter().map(|index| (candidate.clone_key(), index)));
        }
        let rest = self.take_locked_addresses(open, &mut spaces, &mut found);
        self.choose_addresses(rest, &mut spaces, &mut found);
        found
    }

    /// Every interface with the space it is in.
    fn candidates(&mut self, spaces: &mut IndexMap<SpaceOf, Space>) -> Vec<Candidate> {
        let mut found = Vec::new();
        for link in 0..self.links.len() {
            for side in 0..2 {
                let Some(entry) = self.links.get(link) else { continue };
                let (Some(end), Some(far)) = (entry.ends.get(side), entry.ends.get(1 - side)) else { continue };
                let EndTarget::Node(node, Some(name)) = &end.target else { continue };
                let (node, name, entity, span) = (*node, name.clone(), end.entity, end.span);
                let (path, member, link_entity) = (entry.path.clone(), entry.lag.is_some(), entry.entity);
                let (far_target, far_entity) = (far.target.clone(), far.entity);
                // Members of an aggregation have no addresses of their own.
                let space =
                    if member { None } else { self.space_of(link, link_entity, entity, far_entity, &far_target) };
                self.open_space(space, spaces);
                found.push(Candidate { node, name, entity, space, side, path, span });
            }
        }
        for lag in 0..self.lags.len() {
            let Some(entry) = self.lags.get(lag) else { continue };
            let (path, ends) = (entry.path.clone(), entry.ends.clone());
            for (side, end) in ends.into_iter().enumerate() {
                let EndTarget::Node(node, Some(name)) = end.target else { continue };
                let space = Some(SpaceOf::Lag(LagId::from(lag)));
                self.open_space(space, spaces);
                found.push(Candidate {
                    node,
                    name,
                    entity: end.entity,
                    space,
                    side,
                    path: path.clone(),
                    span: end.span,
                });
            }
        }
        // Logical interfaces have only what is written.
        for node in 0..self.nodes.len() {
            let Some(entry) = self.nodes.get(node) else { continue };
            let logical: Vec<(SmolStr, EntityId, Span)> = entry
                .interfaces
                .iter()
                .filter(|(_, interface)| interface.link.is_none() && interface.lag.is_none())
                .map(|(name, interface)| (name.clone(), interface.entity, interface.span))
                .collect();
            for (name, entity, span) in logical {
                let space = match self.attribute_or_null(entity, "vlan") {
                    Value::Vlan(vlan) => Some(SpaceOf::Vlan(vlan)),
                    _ => None,
                };
                self.open_space(space, spaces);
                let node = NodeId::from(node);
                let path = self.name_of(&Value::Interface(node, name.clone()));
                found.push(Candidate { node, name, entity, space, side: 0, path, span });
            }
        }
        found
    }

    /// The space of an end of a link: its prefix, its VLAN's, or that of the network behind it.
    fn space_of(
        &mut self,
        link: usize,
        link_entity: EntityId,
        entity: EntityId,
        far_entity: EntityId,
        far: &EndTarget,
    ) -> Option<SpaceOf> {
        if !matches!(self.attribute_or_null(link_entity, "subnet"), Value::Null) {
            return Some(SpaceOf::Link(link));
        }
        let routed = self.attribute_or_null(entity, "routed") == Value::Bool(true);
        match self.attribute_or_null(entity, "vlan") {
            Value::Vlan(vlan) if routed => return Some(SpaceOf::Vlan(vlan)),
            // A switch port carries the VLAN and has no address in it.
            Value::Vlan(_) => return None,
            _ => {}
        }
        match far {
            EndTarget::Network(network) => Some(SpaceOf::Network(*network)),
            EndTarget::Node(..) => match self.attribute_or_null(far_entity, "vlan") {
                Value::Vlan(vlan) => Some(SpaceOf::Vlan(vlan)),
                _ => Some(SpaceOf::Link(link)),
            },
        }
    }

    /// Opens a space, with the prefixes of its segment.
    pub fn open_space(&mut self, space: Option<SpaceOf>, spaces: &mut IndexMap<SpaceOf, Space>) {
        let Some(of) = space else { return };
        if spaces.contains_key(&of) {
            return;
        }
        let entity = match of {
            SpaceOf::Network(id) => self.networks.get(id.index()).map(|entry| entry.entity),
            SpaceOf::Link(index) => self.links.get(index).map(|entry| entry.entity),
            SpaceOf::Lag(id) => self.lags.get(id.index()).map(|entry| entry.entity),
            SpaceOf::Vlan(id) => self.vlans.get(id.index()).map(|entry| entry.entity),
        };
        let subnets = entity.map(|entity| self.subnets_of(entity)).unwrap_or_default();
        let mut space = Space::new(subnets);
        if let SpaceOf::Network(_) = of
            && let Some(entity) = entity
        {
            space.excluded = self.dhcp_ranges(entity, &space.subnets);
        }
        spaces.insert(of, space);
    }

    /// The prefixes of a segment.
    pub fn subnets_of(&mut self, entity: EntityId) -> Vec<IpNet> {
        let mut nets = Vec::new();
        match self.attribute_or_null(entity, "subnet") {
            Value::Prefix(net) | Value::Cidr(net) => nets.push(net),
            Value::List(values) => nets.extend(values.iter().filter_map(|value| match value {
                Value::Prefix(net) | Value::Cidr(net) => Some(*net),
                _ => None,
            })),
            _ => {}
        }
        nets
    }

    /// The DHCP ranges of a network, one a family that has one.
    pub fn dhcp_ranges(&mut self, entity: EntityId, subnets: &[IpNet]) -> Vec<(IpAddr, IpAddr)> {
        let range = match self.attribute_or_null(entity, "dhcp") {
            Value::Bool(true) => Value::Null,
            Value::Map(entries) => entries.get("range").cloned().unwrap_or(Value::Null),
            _ => return Vec::new(),
        };
        let ends: Vec<Value> = match &range {
            Value::List(ends) => ends.to_vec(),
            Value::Range(first, last) => vec![Value::Int(*first), Value::Int(*last)],
            _ => Vec::new(),
        };
        let mut found = Vec::new();
        for net in subnets {
            let (low, high) = usable(*net);
            let at = |value: Option<&Value>| match value {
                Some(Value::Ip(ip)) if net.contains(ip) => Some(number(*ip)),
                Some(Value::Int(n)) => u128::try_from(*n).ok().map(|n| number(net.network()).saturating_add(n)),
                _ => None,
            };
            let (first, last) = match (at(ends.first()), at(ends.last())) {
                (Some(first), Some(last)) if ends.len() >= 2 => (first, last),
                // By default, the upper half.
                _ if ends.is_empty() => (low + (high - low) / 2 + 1, high),
                _ => continue,
            };
            let first = super::pools::address(*net, first.clamp(low, high));
            let last = super::pools::address(*net, last.clamp(low, high));
            if let (Some(first), Some(last)) = (first, last) {
                found.push((first, last));
            }
        }
        if found.is_empty() && !matches!(range, Value::Null) {
            let span = self.attribute_span(entity, "dhcp");
            let message = "the DHCP range does not lie in the network's prefix";
            let help = "write `range = [10.0.0.100, 10.0.0.199]`, or host numbers `range = 100..199`";
            self.report(Diagnostic::new(&codes::E0604, span, message, "outside").help(help));
        }
        found
    }

    /// An attribute in which `host(2)` counts in these prefixes.
    pub fn evaluate_here_attribute(&mut self, entity: EntityId, key: &str, here: &[IpNet]) -> Eval<Value> {
        let Some(definition) = self.strongest(entity, key) else { return Ok(Value::Null) };
        let Operation::Set(expr) = definition.operation else { return self.attribute(entity, key) };
        if !mentions_host(expr) {
            return self.attribute(entity, key);
        }
        let this = self.entities.get(entity).and_then(|entity| entity.this.clone());
        let env: Env<'a> = Env { here: Some(Rc::new(here.to_vec())), ..definition.env.of(this) };
        let kind = self.entities.get(entity).map(|entity| entity.kind);
        let ty = kind.and_then(|kind| super::schema::attribute_type(kind, key)).cloned().unwrap_or(Type::Any);
        let value = self.evaluate_as(expr, &env, None, key);
        let only_addresses = key == "gateway" || key == "management_address";
        let value = value.map(|value| if only_addresses { addresses_only(value) } else { value });
        let value = value.and_then(|value| self.accept(value, &ty, expr, key));
        // Whoever reads the attribute later does not know the prefix.
        self.set_slot(entity, key, value.clone().map_or(Slot::Failed, Slot::Done));
        value
    }

    /// The addresses that the author wrote, checked against the space.
    fn written_addresses(&mut self, candidate: &Candidate, spaces: &mut IndexMap<SpaceOf, Space>) -> Vec<IpNet> {
        let empty = Space::default();
        let here = candidate.space.and_then(|of| spaces.get(&of)).unwrap_or(&empty).subnets.clone();
        let mut entity = candidate.entity;
        let mut value = self.evaluate_here_attribute(entity, "address", &here);
        // On a network, the link's block may say it.
        if value == Ok(Value::Null)
            && let Some(SpaceOf::Network(_)) = candidate.space
            && let Some(link) = self.link_entity_of(candidate)
        {
            entity = link;
            value = self.evaluate_here_attribute(entity, "address", &here);
        }
        let Ok(value) = value else { return Vec::new() };
        let span = self.attribute_span(entity, "address");
        let values = match value {
            Value::Null => return Vec::new(),
            Value::List(values) => values.to_vec(),
            one => vec![one],
        };
        let words = format!("`{}`", self.name_of(&Value::Interface(candidate.node, candidate.name.clone())));
        let mut found = Vec::new();
        for value in values {
            if let Ok(net) = self.written_address(&value, &here, span, &words) {
                self.take_written_address(candidate, net, span, &words, spaces);
                found.push(net);
            }
        }
        found
    }

    fn link_entity_of(&self, candidate: &Candidate) -> Option<EntityId> {
        let node = self.nodes.get(candidate.node.index())?;
        let (link, _) = node.interfaces.get(&candidate.name)?.link?;
        self.links.get(link).map(|link| link.entity)
    }

    fn written_address(&mut self, value: &Value, here: &[IpNet], span: Span, words: &str) -> Eval<IpNet> {
        let (net, has_length) = match value {
            Value::Cidr(net) | Value::Prefix(net) => (*net, true),
            Value::Ip(ip) => (IpNet::from(*ip), false),
            _ => return Err(Stop::Reported),
        };
        let ip = net.addr();
        let Some(subnet) = here.iter().find(|subnet| subnet.contains(&ip)) else {
            if here.is_empty() || !here.iter().any(|subnet| super::pools::bits(*subnet) == super::pools::bits(net)) {
                if has_length {
                    return Ok(net);
                }
                let message = format!("{ip} has no length, and its segment has no prefix to take it from");
                let help = format!("write the length, such as `{ip}/24`, or give the segment a `subnet`");
                return self.stop(Diagnostic::new(&codes::E0605, span, message, "which prefix?").help(help));
            }
            let message = format!("the address {ip} of {words} lies outside the prefix of its segment");
            let help = format!("the segment has {}", joined(here));
            return self.stop(Diagnostic::new(&codes::E0604, span, message, "outside").help(help));
        };
        if has_length && net.prefix_len() != subnet.prefix_len() {
            let message = format!("the address {net} of {words} has another length than its segment, {subnet}");
            let right = format!("{ip}/{}", subnet.prefix_len());
            let diagnostic =
                Diagnostic::new(&codes::E0604, span, message, "another length").help(format!("write {right}"));
            return self.stop(diagnostic);
        }
        let (first, last) = usable(*subnet);
        if !(first..=last).contains(&number(ip)) {
            let message = format!("{ip} is the network or broadcast address of {subnet}, and no host can have it");
            let bound = |at| super::pools::address(*subnet, at).map(|ip| ip.to_string()).unwrap_or_default();
            let help = format!("hosts have {} to {}", bound(first), bound(last));
            return self.stop(Diagnostic::new(&codes::E0606, span, message, "not a host address").help(help));
        }
        Ok(IpNet::new(ip, subnet.prefix_len()).unwrap_or(net))
    }

    fn take_written_address(
        &mut self,
        candidate: &Candidate,
        net: IpNet,
        span: Span,
        words: &str,
        spaces: &mut IndexMap<SpaceOf, Space>,
    ) {
        let Some(space) = candidate.space.and_then(|of| spaces.get_mut(&of)) else { return };
        if space.anycast.get(&net.addr()).is_some_and(|nodes| nodes.contains(&candidate.node)) {
            return;
        }
        if let Some(Holder { span: before, words: who, .. }) = space.take_written(net.addr(), span, words) {
            let message = format!("{} is the address of {who} already", net.addr());
            let mut diagnostic = Diagnostic::new(&codes::E0607, span, message, format!("again, for {words}"))
                .help("each address of a segment belongs to one; leave it out, and the next free one is taken");
            if before != span {
                diagnostic = diagnostic.label(before, format!("here for {who}"));
            }
            self.doubled_addresses.insert(net.addr());
            self.report(diagnostic);
        }
    }

    /// Indices of the prefixes in which an interface still needs an address.
    fn missing_families(
        &mut self,
        candidate: &Candidate,
        written: &[IpNet],
        spaces: &IndexMap<SpaceOf, Space>,
    ) -> Vec<usize> {
        let Some(space) = candidate.space.and_then(|of| spaces.get(&of)) else { return Vec::new() };
        let logical = self.link_entity_of(candidate).is_none() && !matches!(candidate.space, Some(SpaceOf::Lag(_)));
        if logical || self.addressing_of(candidate.node, &candidate.name) != Addressing::Static {
            return Vec::new();
        }
        let missing = |net: &IpNet| !written.iter().any(|have| super::pools::bits(*have) == super::pools::bits(*net));
        space.subnets.iter().enumerate().filter(|(_, net)| missing(net)).map(|(index, _)| index).collect()
    }

    /// How an interface gets its addresses: as its end, its link or its network says.
    pub fn addressing_of(&mut self, node: NodeId, name: &str) -> Addressing {
        let Some(interface) = self.nodes.get(node.index()).and_then(|node| node.interfaces.get(name)).cloned() else {
            return Addressing::Static;
        };
        let mut entities = vec![interface.entity];
        if let Some((link, end)) = interface.link
            && let Some(entry) = self.links.get(link)
        {
            entities.push(entry.entity);
            if let Some(EndTarget::Network(network)) = entry.ends.get(1 - end).map(|end| &end.target)
                && let Some(network) = self.networks.get(network.index())
            {
                entities.push(network.entity);
            }
        }
        if let Some(lag) = interface.lag.and_then(|lag| self.lags.get(lag.index())) {
            entities.push(lag.entity);
        }
        for entity in entities {
            if let Value::Member(word) = self.attribute_or_null(entity, "addressing") {
                return match word.as_str() {
                    "dhcp" => Addressing::Dhcp,
                    "unnumbered" => Addressing::Unnumbered,
                    "link_local" => Addressing::LinkLocal,
                    "none" => Addressing::None,
                    _ => Addressing::Static,
                };
            }
        }
        Addressing::Static
    }

    fn take_locked_addresses(
        &mut self,
        open: Vec<(CandidateKey, usize)>,
        spaces: &mut IndexMap<SpaceOf, Space>,
        found: &mut IndexMap<(NodeId, SmolStr), Vec<IpNet>>,
    ) -> Vec<(CandidateKey, usize)> {
        let wanted: BTreeSet<String> =
            open.iter().map(|(candidate, index)| self.address_key(candidate, *index)).collect();
        self.collide_with_gone_addresses(&wanted, spaces);
        let mut rest = Vec::new();
        for (candidate, index) in open {
            let Some(space) = spaces.get_mut(&candidate.space) else { continue };
            let key = self.address_key(&candidate, index);
            let locked: Option<IpNet> = self.lock.find(&key).and_then(|text| text.parse().ok());
            let subnet = space.subnets.get(index).copied();
            match locked {
                // Wires have their addresses by side, and need no lock.
                Some(net) if !candidate.is_wire() => {
                    let fits = subnet.is_some_and(|subnet| subnet == net.trunc()) && space.is_free(net.addr());
                    if fits {
                        space.take(net.addr(), candidate.span, "the lock");
                        self.lock.record(Request { key }, Locked(net.to_string()));
                        found.entry((candidate.node, candidate.name.clone())).or_default().push(net);
                        continue;
                    }
                    if let Some(at) = space.written_at(net.addr()).filter(|_| subnet == Some(net.trunc())) {
                        self.report_collision(
                            &net.addr().to_string(),
                            at,
                            &[Kept { key, wanted_at: Some(candidate.span) }],
                        );
                        rest.push((candidate, index));
                        continue;
                    }
                    self.lock.release(&key);
                    let message = format!("{net} from the lock does not fit its segment any more: another is chosen");
                    let help =
                        "the prefix or the DHCP range was changed, or another entry of the lock has the same address";
                    self.report(Diagnostic::new(&codes::W0601, candidate.span, message, "chosen again").help(help));
                    rest.push((candidate, index));
                }
                _ => rest.push((candidate, index)),
            }
        }
        rest
    }

    /// Reports written addresses that the lock keeps for interfaces which are gone.
    fn collide_with_gone_addresses(&mut self, wanted: &BTreeSet<String>, spaces: &IndexMap<SpaceOf, Space>) {
        let gone = self.lock.entries("address ").filter(|(key, _)| !wanted.contains(*key));
        let gone = gone.filter_map(|(key, value)| Some((value.parse().ok()?, key.to_owned())));
        let gone: BTreeMap<IpNet, String> = gone.collect();
        if gone.is_empty() {
            return;
        }
        // The lock does not say in which segment: one prefix in several, kept apart by VRFs, is let be.
        let mut shared: BTreeMap<IpNet, usize> = BTreeMap::new();
        for subnet in spaces.values().flat_map(|space| &space.subnets) {
            *shared.entry(*subnet).or_default() += 1;
        }
        for space in spaces.values() {
            let written = space.taken.iter().filter(|(_, holder)| holder.is_written);
            let written = written.map(|(ip, holder)| (*ip, holder.span, holder.words.as_str()));
            let gateways = space.gateways.iter().map(|(ip, span)| (*ip, *span, ""));
            for (ip, span, words) in written.chain(gateways) {
                let Some(subnet) = space.subnet_of(ip).filter(|subnet| shared.get(subnet) == Some(&1)) else {
                    continue;
                };
                let net = IpNet::new(ip, subnet.prefix_len()).unwrap_or(subnet);
                let Some(key) = gone.get(&net) else { continue };
                // Who writes out what was chosen for it has it already.
                let node = words.trim_matches('`').split(':').next().unwrap_or_default();
                if node_of_key(key) != node {
                    self.report_collision(&ip.to_string(), span, &[Kept { key: key.clone(), wanted_at: None }]);
                }
            }
        }
    }

    fn address_key(&self, candidate: &CandidateKey, index: usize) -> String {
        let owner = self.name_of(&Value::Node(candidate.node));
        let family = if index == 0 { String::new() } else { format!(" {}", index + 1) };
        format!("address {} {owner}{family}", candidate.path)
    }

    fn choose_addresses(
        &mut self,
        open: Vec<(CandidateKey, usize)>,
        spaces: &mut IndexMap<SpaceOf, Space>,
        found: &mut IndexMap<(NodeId, SmolStr), Vec<IpNet>>,
    ) {
        let mut exhausted = Vec::new();
        for (candidate, index) in open {
            let Some(space) = spaces.get_mut(&candidate.space) else { continue };
            let net = if candidate.is_wire() {
                let mut sides = [candidate.side as u128, 1 - candidate.side as u128].into_iter();
                sides.find_map(|side| space.nth(index, side).filter(|net| space.is_free(net.addr())))
            } else {
                let subnet = space.subnets.get(index).copied();
                let length = subnet.map_or(0, |subnet| subnet.prefix_len());
                let lock = &self.lock;
                space.next(index, |ip| lock.is_reserved("address", &format!("{ip}/{length}")))
            };
            let words = format!("`{}`", self.name_of(&Value::Interface(candidate.node, candidate.name.clone())));
            match net {
                Some(net) => {
                    space.take(net.addr(), candidate.span, &words);
                    if !candidate.is_wire() {
                        let key = self.address_key(&candidate, index);
                        self.lock.record(Request { key }, Locked(net.to_string()));
                    }
                    found.entry((candidate.node, candidate.name.clone())).or_default().push(net);
                }
                None if exhausted.contains(&(candidate.space, index)) => {}
                None => {
                    exhausted.push((candidate.space, index));
                    let subnet = space.subnets.get(index).map(IpNet::to_string).unwrap_or_default();
                    let message = format!("{subnet} has no address left for {words}");
                    let help = "make the prefix larger, or write addresses out; `wtop lock --prune` frees what is not used any more";
                    self.report(
                        Diagnostic::new(&codes::E0603, candidate.span, message, "the first that gets nothing")
                            .help(help),
                    );
                }
            }
        }
    }
}

/// What of a candidate is needed to choose for it.
#[derive(Clone)]
struct CandidateKey {
    node: NodeId,
    name: SmolStr,
    space: SpaceOf,
    side: usize,
    path: String,
    span: Span,
}

impl CandidateKey {
    /// Is it the end of a wire between two nodes, whose addresses follow from its side?
    fn is_wire(&self) -> bool {
        matches!(self.space, SpaceOf::Link(_) | SpaceOf::Lag(_))
    }
}

impl Candidate {
    fn clone_key(&self) -> CandidateKey {
        CandidateKey {
            node: self.node,
            name: self.name.clone(),
            // Only interfaces in a space have anything missing.
            space: self.space.unwrap_or(SpaceOf::Link(usize::MAX)),
            side: self.side,
            path: self.path.clone(),
            span: self.span,
        }
    }
}

/// Does an expression call `host` with one argument?
pub fn mentions_host(expr: &crate::syntax::ast::Expr) -> bool {
    use crate::syntax::ast::ExprKind;
    match &expr.kind {
        ExprKind::Call(function, arguments) => {
            let host = matches!(&function.kind, ExprKind::Name(name) if name == "host") && arguments.len() == 1;
            host || arguments.iter().any(|argument| mentions_host(&argument.value))
        }
        ExprKind::List(items) => items.iter().any(mentions_host),
        ExprKind::Group(inner) => mentions_host(inner),
        ExprKind::If(parts) => mentions_host(&parts.1) || mentions_host(&parts.2),
        _ => false,
    }
}

/// Is it an address of the link alone (fe80::/10), which every segment has?
pub fn is_link_local(ip: IpAddr) -> bool {
    matches!(ip, IpAddr::V6(ip) if ip.is_unicast_link_local())
}

fn addresses_only(value: Value) -> Value {
    match value {
        Value::Cidr(net) | Value::Prefix(net) => Value::Ip(net.addr()),
        Value::List(values) => Value::list(values.iter().cloned().map(addresses_only).collect()),
        other => other,
    }
}

/// The address in a value.
pub fn ip_of(value: &Value) -> Option<IpAddr> {
    match value {
        Value::Ip(ip) => Some(*ip),
        Value::Cidr(net) | Value::Prefix(net) => Some(net.addr()),
        _ => None,
    }
}

/// Prefixes in words.
pub fn joined(nets: &[IpNet]) -> String {
    nets.iter().map(IpNet::to_string).collect::<Vec<_>>().join(" and ")
}
