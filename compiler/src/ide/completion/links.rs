//! The ends of links: nodes, networks, the keys of arrays, and interfaces, free ones first.

use super::Asked;
use super::blocks::Block;
use super::infer::{Picked, Thing};
use super::item::{Item, ItemKind};
use super::known::Word;
use crate::semantics::schema::Kind;
use crate::syntax::ast::{ItemKind as Declaration, KeyKind, TextPart};
use crate::topology::{InterfaceKind, LinkEnd, Node, Topology};
use crate::value::text::shown;
use crate::value::types::Type;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// So many ports of one node are offered.
const MOST_PORTS: usize = 500;

impl Asked<'_> {
    /// What can be the end of a link.
    pub fn ends(&self) -> Vec<Item> {
        if self.is_in_device_body() {
            return self.device_parts();
        }
        let mut items = Vec::new();
        for (name, known) in &self.names {
            let thing = self.thing_of_name(name);
            let (kind, fit) = match (&thing, known.word) {
                (_, Word::Link) => (ItemKind::Link, 5),
                (Thing::Node(_) | Thing::Module(_), _) => (ItemKind::Node, 0),
                (Thing::Array(inner) | Thing::List(inner), _) => match **inner {
                    Thing::Value(Type::Network) => (ItemKind::Network, 0),
                    Thing::Value(Type::Link) => (ItemKind::Link, 5),
                    _ => (ItemKind::Node, 0),
                },
                (Thing::Value(Type::Network), _) => (ItemKind::Network, 0),
                (Thing::Value(Type::Node), _) => (ItemKind::Node, 0),
                (Thing::Value(Type::Interface), _) => (ItemKind::Interface, 0),
                (Thing::Value(Type::Any), Word::Variable | Word::Parameter | Word::Let) => (ItemKind::Variable, 3),
                _ => continue,
            };
            let item = Item { distance: known.distance, ..Item::new(name.as_str(), kind) }.fit(fit);
            let detail = match &thing {
                Thing::Node(picked) | Thing::Module(picked) => picked.device.as_deref().unwrap_or("node").to_owned(),
                Thing::Array(inner) | Thing::List(inner) => match &**inner {
                    Thing::Node(picked) | Thing::Module(picked) => {
                        format!("array of {}", picked.device.as_deref().unwrap_or("nodes"))
                    }
                    other => format!("array of {}", other.ty()),
                },
                Thing::Machine(_) => "machine".to_owned(),
                Thing::Value(ty) => ty.to_string(),
            };
            items.push(item.detail(detail));
        }
        items.push(
            Item::new("each", ItemKind::Keyword).insert(self.followed("each")).detail("every one of an array").fit(4),
        );
        if self.around_is("defaults") || self.around_is("node") {
            items.push(Item::new("self", ItemKind::Keyword).fit(4));
        }
        items
    }

    /// A word, with a space behind it unless something follows.
    fn followed(&self, word: &str) -> String {
        if self.cursor.next().is_some() { word.to_owned() } else { format!("{word} ") }
    }

    fn is_in_device_body(&self) -> bool {
        self.cursor
            .innermost()
            .is_some_and(|(index, _)| matches!(self.block(index), Block::Device | Block::Of(Kind::Machine)))
    }

    fn around_is(&self, word: &str) -> bool {
        let around = self.cursor.around();
        let mut items = around.iter().filter_map(|item| self.cursor.outline.items.get(*item));
        items.any(|item| self.cursor.outline.head(item).0 == word)
    }

    fn topology(&self) -> Option<&Topology> {
        self.query.compilation?.topology.as_ref()
    }

    /// The nodes of the last topology that are meant.
    fn nodes(&self, picked: &Picked) -> Vec<(usize, &Node)> {
        let Some(topology) = self.topology() else { return Vec::new() };
        let all = || topology.nodes.iter().enumerate();
        let named: Vec<(usize, &Node)> = match picked.name.as_deref() {
            Some(name) => all()
                .filter(|(_, node)| match &node.array {
                    Some((array, _)) => array == name,
                    None => node.name == name,
                })
                .collect(),
            None => Vec::new(),
        };
        let of_key = |(_, node): &&(usize, &Node)| {
            let keys = node.array.iter().flat_map(|(_, keys)| keys).map(shown);
            let key = keys.collect::<Vec<_>>().join(", ");
            picked.key.as_ref().is_some_and(|wanted| key.replace('"', "") == *wanted)
        };
        let exact: Vec<(usize, &Node)> = named.iter().filter(of_key).copied().collect();
        if !exact.is_empty() {
            return exact;
        }
        if !named.is_empty() {
            return named;
        }
        // Any other of the device has the same ports; but what is used on it is not used here.
        Vec::new()
    }

    /// The interfaces of a thing, free ones first.
    pub fn ports(&self, thing: &Thing, in_quotes: bool) -> Vec<Item> {
        match thing {
            Thing::Node(picked) => self.node_ports(picked, in_quotes),
            Thing::Array(inner) | Thing::List(inner) => self.ports(inner, in_quotes),
            Thing::Module(picked) => self.shown_ports(picked),
            Thing::Machine(item) => self.parts_of(*item),
            Thing::Value(_) => Vec::new(),
        }
    }

    fn node_ports(&self, picked: &Picked, in_quotes: bool) -> Vec<Item> {
        let nodes = self.nodes(picked);
        let used = self.used_ports(&nodes);
        let known = nodes.first().map(|(_, node)| *node).or_else(|| {
            let device = picked.device.as_deref()?;
            self.topology()?.nodes.iter().find(|node| node.device == device)
        });
        let mut items = Vec::new();
        if self.is_lag_end() {
            items.extend(self.lag_names(known, picked, &used));
        }
        let lag_fit = u8::from(self.is_lag_end());
        let add = |items: &mut Vec<Item>, order: usize, name: &str, detail: String, aliases: &[SmolStr]| {
            let use_of = used.get(name);
            let item = Item::new(name, ItemKind::Interface).order(order);
            let item = match use_of {
                Some(by) => item.detail(format!("used by {by}")).fit(6),
                None => item.detail(detail.clone()).fit(lag_fit),
            };
            items.push(port_text(item, in_quotes));
            for alias in aliases {
                let item = Item::new(alias.as_str(), ItemKind::Interface).order(order).fit(if use_of.is_some() {
                    7
                } else {
                    3
                });
                items.push(port_text(item.detail(format!("other name of {name}")), in_quotes));
            }
        };
        match known {
            Some(node) => {
                for (order, port) in node.ports.iter().take(MOST_PORTS).enumerate() {
                    let machine = node.machines.get(port.machine).and_then(|machine| machine.part.as_deref());
                    let nic = match machine {
                        Some(machine) => format!("NIC {} of {machine}", port.nic),
                        None if port.nic == port.name => "free".to_owned(),
                        None => format!("NIC {}", port.nic),
                    };
                    add(&mut items, order, &port.name, nic, &port.aliases);
                }
                let logical = node
                    .interfaces
                    .iter()
                    .filter(|interface| !matches!(interface.kind, InterfaceKind::Physical { .. }));
                for interface in logical.filter(|_| !nodes.is_empty()) {
                    items.push(port_text(
                        Item::new(interface.name.clone(), ItemKind::Interface).detail("logical").fit(4),
                        in_quotes,
                    ));
                }
            }
            None => {
                let device = picked.device.as_deref().and_then(|device| self.library_device(device));
                for (order, port) in device.iter().flat_map(|device| &device.interfaces).take(MOST_PORTS).enumerate() {
                    let aliases: Vec<SmolStr> = port.aliases.iter().map(SmolStr::new).collect();
                    add(&mut items, order, &port.name, "free".to_owned(), &aliases);
                }
            }
        }
        items.extend(
            self.written_interfaces(picked)
                .into_iter()
                .map(|name| port_text(Item::new(name, ItemKind::Interface).detail("written here").fit(4), in_quotes)),
        );
        let best = items.iter_mut().filter(|item| item.fit == 0).min_by_key(|item| item.order);
        if let Some(item) = best {
            item.preselect = true;
        }
        items
    }

    /// The device of the library that a device is, or extends.
    fn library_device(&self, name: &str) -> Option<crate::semantics::catalogue::Device> {
        let mut name = SmolStr::new(name);
        for _ in 0..16 {
            if crate::semantics::library::device_file(&name).is_some() && self.names.get(name.as_str()).is_none() {
                return crate::semantics::catalogue::describe([name.as_str()]).pop();
            }
            let declared = self.kindred(&name)?;
            let Declaration::Device(device) = &declared.item.kind else { return None };
            name = device.base.as_ref()?.0.names.last()?.text.clone();
        }
        None
    }

    /// Which ports other links use, with the link. Of several nodes, where one of them uses it.
    fn used_ports(&self, nodes: &[(usize, &Node)]) -> BTreeMap<String, String> {
        let Some(topology) = self.topology() else { return BTreeMap::new() };
        let here = self.cursor.around().into_iter().filter_map(|item| {
            let item = self.cursor.outline.items.get(item)?;
            Some(self.cursor.outline.tokens.get(item.tokens.start)?.start)
        });
        let here: BTreeSet<u32> = here.collect();
        let mut used = BTreeMap::new();
        for (_, node) in nodes {
            for interface in &node.interfaces {
                let Some(link) = interface.link.and_then(|link| topology.link(link)) else { continue };
                // The link that is being written does not use them up.
                let is_this = link.origin.span.file.0 == 0 && here.contains(&link.origin.span.start);
                if !is_this {
                    used.entry(interface.name.clone()).or_insert_with(|| format!("link {}", written(topology, link)));
                }
            }
        }
        used
    }

    fn is_lag_end(&self) -> bool {
        let (index, _) = self.cursor.innermost().unzip();
        index.is_some_and(|index| self.cursor.words(index).first() == Some(&"lag"))
    }

    /// Names for an aggregation, as the vendor calls them: those that are there, and the next.
    fn lag_names(&self, node: Option<&Node>, picked: &Picked, used: &BTreeMap<String, String>) -> Vec<Item> {
        let device = node.map(|node| node.device.as_str()).or(picked.device.as_deref()).unwrap_or_default();
        let vendor = node.and_then(|node| node.vendor.as_deref()).unwrap_or_default();
        let (word, first) = match (vendor, device) {
            ("Juniper", _) => ("ae", 0),
            ("Arista", _) => ("Port-Channel", 1),
            ("Cisco", device) if device.contains("nx") => ("port-channel", 1),
            ("Cisco", device) if device.contains("xr") => ("Bundle-Ether", 1),
            ("Cisco", _) => ("Port-channel", 1),
            ("Nokia", _) => ("lag-", 1),
            _ => ("bond", 0),
        };
        let names = (first..first + 8).map(|number| format!("{word}{number}")).filter(|name| !used.contains_key(name));
        names
            .enumerate()
            .map(|(order, name)| Item::new(name, ItemKind::Interface).order(order).detail("aggregation"))
            .collect()
    }

    /// The interfaces that a node's block declares in the text.
    fn written_interfaces(&self, picked: &Picked) -> Vec<String> {
        let Some(name) = picked.name.as_deref() else { return Vec::new() };
        let Some(node) = self.names.get(name).and_then(|known| known.item) else { return Vec::new() };
        let inside = self.cursor.outline.inside(Some(node));
        let declared = inside.filter(|(_, item)| self.cursor.outline.head(item).0 == "interface");
        let names = declared.filter_map(|(index, _)| {
            let tree = super::known::tree(&self.cursor, index, false)?;
            let Declaration::Interface(interface) = &tree.item.kind else { return None };
            match &interface.name.kind {
                KeyKind::Name(name) => Some(name.to_string()),
                KeyKind::String(parts) => match parts.as_slice() {
                    [TextPart::Literal(name)] => Some(name.to_string()),
                    _ => None,
                },
            }
        });
        names.collect()
    }

    /// The interfaces that a module shows.
    fn shown_ports(&self, picked: &Picked) -> Vec<Item> {
        let Some(module) = picked.device.as_deref().and_then(|name| self.kindred(name)) else { return Vec::new() };
        let Declaration::Module(module) = &module.item.kind else { return Vec::new() };
        let mut items = Vec::new();
        for item in &module.block.items {
            if let Declaration::Interface(interface) = &item.kind
                && let KeyKind::Name(name) = &interface.name.kind
            {
                let doc = item.doc.as_ref().map(|doc| doc.text.clone());
                items.push(
                    Item::new(name.as_str(), ItemKind::Interface).detail("shown by the module").documentation(doc),
                );
            }
        }
        items
    }

    /// The keys of an array.
    pub fn keys(&self, thing: &Thing, in_quotes: bool) -> Vec<Item> {
        let mut items = Vec::new();
        if let Thing::Array(inner) = thing {
            let name = match &**inner {
                Thing::Node(picked) | Thing::Module(picked) => picked.name.clone(),
                _ => None,
            };
            let nodes = self.topology().into_iter().flat_map(|topology| &topology.nodes);
            let arrays = nodes
                .filter_map(|node| node.array.as_ref())
                .filter(|(array, _)| Some(array.as_str()) == name.as_deref());
            let mut seen = BTreeSet::new();
            for key in arrays.filter_map(|(_, keys)| keys.first()).map(shown) {
                if seen.insert(key.clone()) {
                    let plain = key.trim_matches('"').to_owned();
                    let item = Item::new(if in_quotes { plain.clone() } else { key }, ItemKind::Value);
                    items.push(Item { filter: Some(plain), ..item }.order(items.len()).detail("key"));
                }
            }
        }
        if !in_quotes {
            let wanted = super::place::Wanted { ty: Type::Any, name: String::new(), pool: false, call: None };
            let values = self.values(&wanted).into_iter();
            let is_variable =
                |item: &Item| matches!(item.kind, ItemKind::Variable | ItemKind::Parameter | ItemKind::Constant);
            items.extend(values.map(|item| {
                let fit = if is_variable(&item) { 1 } else { item.fit.max(2) };
                item.fit(fit)
            }));
        }
        items
    }
}

/// A link as one writes it: by its name, or both ends.
fn written(topology: &Topology, link: &crate::topology::Link) -> String {
    if let Some(name) = &link.name {
        return name.clone();
    }
    let end = |end: &LinkEnd| match end {
        LinkEnd::Network { network } => topology.network(*network).map(|network| network.name.clone()),
        LinkEnd::Interface { .. } => {
            topology.interface(end).map(|(node, interface)| format!("{}:{}", node.name, interface.name))
        }
    };
    let ends: Vec<String> = link.ends.iter().filter_map(end).collect();
    ends.join(" <-> ")
}

/// The name of an interface as it is written after a colon: quoted where it must be.
fn port_text(item: Item, in_quotes: bool) -> Item {
    let is_plain = item.label.chars().all(super::is_port_char) && !item.label.is_empty() && !item.label.contains("..");
    if is_plain || in_quotes {
        item
    } else {
        let text = format!("\"{}\"", item.label);
        item.insert(text)
    }
}
