//! Interfaces as the topology has them: numbers of VLANs, addresses, MACs, in the order of the device.

use super::collisions::{Kept, node_of_key};
use super::identity::mac_after;
use super::lock::{Locked, Request};
use super::read;
use super::spaces::{Holder, Space};
use super::world::{InterfaceEntry, World};
use crate::collections::{IndexMap, IndexSet};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::allocation as codes;
use crate::source::Span;
use crate::topology::{Interface, InterfaceKind, Management, Origin};
use crate::value::{LinkId, Mac, NodeId, Value};
use ipnet::IpNet;
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// Name that the loopback interface has in the topology.
const LOOPBACK: &str = "lo0";

impl<'a> World<'a> {
    /// The management network, unless there is none.
    pub fn resolve_management(&mut self) -> Option<Management> {
        let value = self.attribute_or_null(self.topology_entity, "management");
        let mut management = Management::default();
        match &value {
            Value::Member(_) => return None,
            Value::Map(entries) => {
                match entries.get("subnet") {
                    Some(Value::List(nets)) => management.subnets.extend(nets.iter().filter_map(read::cidr)),
                    Some(one) => management.subnets.extend(read::cidr(one)),
                    None => {}
                }
                if let Some(Value::Int(mtu)) = entries.get("mtu") {
                    management.mtu = u32::try_from(*mtu).ok();
                }
                if let Some(Value::List(dns)) = entries.get("dns") {
                    management.dns.extend(dns.iter().filter_map(read::ip));
                }
            }
            _ => {}
        }
        if management.subnets.is_empty() {
            management.subnets.push(super::identity::management_subnet(&self.name));
        }
        let space = Space::new(management.subnets.clone());
        let first = |index: usize| space.nth(index, 0).map(|net| net.addr());
        management.gateways = (0..management.subnets.len()).filter_map(first).collect();
        Some(management)
    }

    /// Is the management port of a node an ordinary one?
    pub fn management_is_ordinary(&mut self, node: NodeId) -> bool {
        let none = |value: &Value| matches!(value, Value::Member(word) if word == "none");
        if none(&self.attribute_or_null(self.topology_entity, "management")) {
            return true;
        }
        let Some(entity) = self.nodes.get(node.index()).map(|node| node.entity) else { return true };
        none(&self.attribute_or_null(entity, "management"))
    }

    /// Gives every management port its addresses.
    pub fn allocate_management(&mut self, management: &Management) {
        let mut space = Space::new(management.subnets.clone());
        for gateway in &management.gateways {
            space.take(*gateway, Span::default(), "the host of the lab");
        }
        let mut open = Vec::new();
        for index in 0..self.nodes.len() {
            let id = NodeId::from(index);
            let Some((entity, has_port)) =
                self.nodes.get(index).map(|node| (node.entity, node.shape.management.is_some()))
            else {
                continue;
            };
            if !has_port || self.management_is_ordinary(id) {
                continue;
            }
            let written = self.evaluate_here_attribute(entity, "management_address", &management.subnets);
            let written = match written {
                Ok(Value::List(values)) => values.to_vec(),
                Ok(Value::Null) | Err(_) => Vec::new(),
                Ok(one) => vec![one],
            };
            let span = self.attribute_span(entity, "management_address");
            let mut families = Vec::new();
            for ip in written.iter().filter_map(read::ip) {
                let name = self.name_of(&Value::Node(id));
                let Some(subnet) = space.subnet_of(ip) else {
                    let message = format!("the management address {ip} of `{name}` lies outside the management prefix");
                    let nets: Vec<String> = management.subnets.iter().map(IpNet::to_string).collect();
                    let help = format!("it is {}; `management {{ subnet = … }}` sets it", nets.join(" and "));
                    self.report(Diagnostic::new(&codes::E0604, span, message, "outside").help(help));
                    continue;
                };
                if let Some(Holder { span: before, words: who, .. }) =
                    space.take_written(ip, span, &format!("`{name}`"))
                {
                    let message = format!("{ip} is the management address of {who} already");
                    let diagnostic = Diagnostic::new(&codes::E0607, span, message, "again").label(before, who);
                    self.report(diagnostic);
                }
                families.push(subnet);
                if let (Some(node), Ok(net)) = (self.nodes.get_mut(index), IpNet::new(ip, subnet.prefix_len())) {
                    node.management.push(net);
                }
            }
            let missing = management.subnets.iter().enumerate().filter(|(_, net)| !families.contains(net));
            open.extend(missing.map(|(family, _)| (index, family)));
        }
        self.choose_management(open, &mut space);
    }

    fn choose_management(&mut self, open: Vec<(usize, usize)>, space: &mut Space) {
        let key = |world: &World, index: usize, family: usize| {
            let name = world.name_of(&Value::Node(NodeId::from(index)));
            if family == 0 { format!("management {name}") } else { format!("management {name} {}", family + 1) }
        };
        let keys: Vec<String> = open.iter().map(|(index, family)| key(self, *index, *family)).collect();
        self.collide_with_gone_management(&keys, space);
        let mut rest = Vec::new();
        for ((index, family), key) in open.into_iter().zip(keys) {
            let locked: Option<IpNet> = self.lock.find(&key).and_then(|text| text.parse().ok());
            match locked {
                Some(net) if space.subnets.get(family) == Some(&net.trunc()) && space.is_free(net.addr()) => {
                    space.take(net.addr(), Span::default(), "the lock");
                    self.lock.record(Request { key }, Locked(net.to_string()));
                    if let Some(node) = self.nodes.get_mut(index) {
                        node.management.push(net);
                    }
                }
                Some(net) => {
                    match space.written_at(net.addr()).filter(|_| space.subnets.get(family) == Some(&net.trunc())) {
                        Some(at) => {
                            let node = self.nodes.get(index).and_then(|node| self.entities.get(node.entity));
                            let wanted_at = node.map(|entity| entity.span);
                            let kept = Kept { key: key.clone(), wanted_at };
                            self.report_collision(&net.addr().to_string(), at, &[kept]);
                        }
                        None => self.lock.release(&key),
                    }
                    rest.push((index, family, key));
                }
                None => rest.push((index, family, key)),
            }
        }
        for (index, family, key) in rest {
            let length = space.subnets.get(family).map_or(0, |net| net.prefix_len());
            let lock = &self.lock;
            let Some(net) = space.next(family, |ip| lock.is_reserved("management", &format!("{ip}/{length}"))) else {
                let span =
                    self.nodes.get(index).and_then(|node| self.entities.get(node.entity)).map(|entity| entity.span);
                let subnet = space.subnets.get(family).map(IpNet::to_string).unwrap_or_default();
                let message = format!("the management prefix {subnet} has no address left");
                let help = "write a larger one: `management { subnet = 10.100.0.0/16 }`";
                let diagnostic = Diagnostic::new(&codes::E0603, span.unwrap_or_default(), message, "gets nothing");
                self.report(diagnostic.help(help));
                return;
            };
            self.lock.record(Request { key }, Locked(net.to_string()));
            if let Some(node) = self.nodes.get_mut(index) {
                node.management.push(net);
            }
        }
    }

    /// Reports written management addresses that the lock keeps for nodes which are gone.
    fn collide_with_gone_management(&mut self, wanted: &[String], space: &Space) {
        let wanted: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
        let gone = self.lock.entries("management ").filter(|(key, _)| !wanted.contains(*key));
        let gone = gone.filter_map(|(key, value)| Some((value.parse::<IpNet>().ok()?.addr(), key.to_owned())));
        let gone: Vec<(IpAddr, String)> = gone.collect();
        for (ip, key) in gone {
            let Some(holder) = space.taken.get(&ip).filter(|holder| holder.is_written) else { continue };
            // Who writes out what was chosen for it has it already.
            if node_of_key(&key) != holder.words.trim_matches('`') {
                self.report_collision(&ip.to_string(), holder.span, &[Kept { key, wanted_at: None }]);
            }
        }
    }

    /// Builds the interfaces of every node.
    pub fn resolve_interfaces(&mut self, addresses: &IndexMap<(NodeId, SmolStr), Vec<IpNet>>) {
        let mut macs: IndexSet<Mac> = IndexSet::default();
        for index in 0..self.nodes.len() {
            let id = NodeId::from(index);
            let Some(node) = self.nodes.get(index) else { continue };
            let (entity, shape) = (node.entity, node.shape.clone());
            let mut entries: Vec<(SmolStr, InterfaceEntry)> =
                node.interfaces.iter().map(|(name, entry)| (name.clone(), entry.clone())).collect();
            // Ports in the order of the device, then logical interfaces in the order of the source.
            entries.sort_by_key(|(name, entry)| match shape.ports.get_index_of(name) {
                Some(at) if entry.physical => at,
                _ => usize::MAX,
            });
            let base = self.mac(entity, "base_mac");
            let mut resolved = Vec::with_capacity(entries.len());
            for (name, entry) in entries {
                let found = addresses.get(&(id, name.clone())).cloned().unwrap_or_default();
                resolved.push(self.resolve_interface(id, &name, &entry, found, base, &mut macs));
            }
            let loopbacks: Vec<IpNet> = self.values(entity, "loopback").iter().filter_map(read::cidr).collect();
            if !loopbacks.is_empty() && !resolved.iter().any(|interface| interface.name == LOOPBACK) {
                let origin = self.origin_of(entity, "loopback");
                resolved.push(Interface {
                    name: LOOPBACK.to_owned(),
                    addresses: loopbacks.clone(),
                    origin,
                    ..Interface::default()
                });
            }
            if let Some(node) = self.nodes.get_mut(index) {
                node.resolved = resolved;
                node.loopbacks = loopbacks;
            }
        }
    }

    fn origin_of(&self, entity: usize, key: &str) -> Origin {
        let variables = self.entities.get(entity).map(|entity| entity.variables.clone()).unwrap_or_default();
        Origin { span: self.attribute_span(entity, key), variables, ..Origin::default() }
    }

    fn resolve_interface(
        &mut self,
        node: NodeId,
        name: &SmolStr,
        entry: &InterfaceEntry,
        addresses: Vec<IpNet>,
        base: Option<Mac>,
        macs: &mut IndexSet<Mac>,
    ) -> Interface {
        let entity = entry.entity;
        let location = self.nodes.get(node.index()).and_then(|node| {
            let port = node.shape.ports.get(name);
            port.map(|port| (port.machine, port.nic, port.aliases.clone())).or_else(|| {
                node.shape.management.filter(|_| entry.physical).map(|(machine, nic)| (machine, nic, Vec::new()))
            })
        });
        let (kind, aliases) = match location {
            Some((machine, nic, aliases)) if entry.physical => (InterfaceKind::Physical { machine, nic }, aliases),
            _ if entry.lag.is_some() => (InterfaceKind::Lag, Vec::new()),
            _ => match name.rsplit_once('.') {
                Some((parent, _)) => (InterfaceKind::Subinterface { parent: parent.to_owned() }, Vec::new()),
                None => (InterfaceKind::Logical, Vec::new()),
            },
        };
        let mac = match (&kind, self.mac(entity, "mac"), base) {
            (_, Some(mac), _) => {
                self.check_mac(mac, entity, macs);
                Some(mac)
            }
            (InterfaceKind::Physical { nic, .. }, None, Some(base)) => Some(mac_after(base, *nic)),
            _ => None,
        };
        let outer = self.outer_entity(entry);
        let either = |world: &mut World<'a>, key: &str| {
            let own = world.vlan_numbers(entity, key);
            match outer {
                Some(outer) if own.is_empty() => world.vlan_numbers(outer, key),
                _ => own,
            }
        };
        let vlan = either(self, "vlan").first().copied();
        let trunk = either(self, "trunk");
        let native = either(self, "native").first().copied();
        let vrf = self.vrf(entity, "vrf").or_else(|| outer.and_then(|outer| self.vrf(outer, "vrf")));
        let mtu = self
            .int(entity, "mtu", 68..=65_535)
            .or_else(|| outer.and_then(|outer| self.int(outer, "mtu", 68..=65_535)));
        let lag = entry.link.and_then(|(link, _)| self.links.get(link)?.lag).or(entry.lag);
        let variables = self.entities.get(entity).map(|entity| entity.variables.clone()).unwrap_or_default();
        Interface {
            name: name.to_string(),
            aliases: aliases.iter().map(SmolStr::to_string).collect(),
            kind,
            link: entry.link.map(|(link, _)| LinkId::from(link)),
            lag,
            addresses,
            addressing: self.addressing_of(node, name),
            mac,
            vlan,
            trunk,
            native,
            vrf,
            mtu: mtu.and_then(|mtu| u32::try_from(mtu).ok()),
            attributes: self.all_attributes(entity),
            origin: Origin { span: entry.span, variables, ..self.origin(entity) },
        }
    }

    /// The link, aggregation or network that says things about an interface too.
    fn outer_entity(&self, entry: &InterfaceEntry) -> Option<usize> {
        match (entry.link, entry.lag) {
            (Some((link, _)), _) => self.links.get(link).map(|link| link.entity),
            (None, Some(lag)) => self.lags.get(lag.index()).map(|lag| lag.entity),
            _ => None,
        }
    }

    fn check_mac(&mut self, mac: Mac, entity: usize, macs: &mut IndexSet<Mac>) {
        let span = self.attribute_span(entity, "mac");
        if mac.0[0] & 1 == 1 {
            let message = format!("{mac} is a group address, and an interface needs one of its own");
            let help = "the second digit of a MAC address of an interface is even";
            self.report(Diagnostic::new(&codes::E0608, span, message, "a group address").help(help));
        }
        if !macs.insert(mac) {
            let message = format!("the MAC address {mac} is given to two interfaces");
            let help = "leave it out, and one that is free is made from the name";
            self.report(Diagnostic::new(&codes::E0608, span, message, "again").help(help));
        }
    }
}
