//! Links: both ends side by side, and why they are what they are.

use super::networks::nets;
use super::page::Page;
use super::{Place, reasons};
use crate::ide::show::count;
use crate::ide::things::Thing;
use crate::source::Span;
use crate::topology::{Impairment, Interface, InterfaceKind, Link, LinkEnd, Node, Topology};
use crate::value::{LinkId, Unit};

/// So many links are listed.
const MOST: usize = 6;

/// What the link or aggregation around the place made.
pub fn around(place: &Place) -> Option<Page> {
    use crate::syntax::ast::ItemKind;
    let is_link = |item: &&&crate::syntax::ast::Item| matches!(item.kind, ItemKind::Link(_) | ItemKind::Lag(_));
    let item = place.around.iter().rev().find(is_link)?;
    let mut page = Page::default();
    links(place, item.span, &mut page);
    Some(page)
}

/// What the links that are declared at a span are.
pub fn links(place: &Place, span: Span, page: &mut Page) {
    let Some(topology) = place.topology() else { return };
    let things: Vec<Thing> = place.view.things().declared(span).collect();
    let links: Vec<LinkId> =
        things.iter().filter_map(|thing| if let Thing::Link(id) = thing { Some(*id) } else { None }).collect();
    match links.as_slice() {
        [] => {}
        [id] => {
            if let Some(link) = topology.link(*id) {
                one(place, topology, link, page);
            }
        }
        several => many(topology, several, page),
    }
    for thing in &things {
        if let Thing::Lag(id) = thing
            && let Some(lag) = topology.lags.get(id.index())
        {
            let ends: Vec<String> = lag.ends.iter().map(|end| format!("`{}`", end_name(topology, end))).collect();
            page.add(format!("{} of {}, {}:", lag.mode, count(lag.members.len(), "link"), ends.join(" – ")));
            many(topology, &lag.members, page);
            if !lag.subnets.is_empty() {
                page.point(format!("prefix {}", nets(&lag.subnets)));
            }
        }
    }
}

fn many(topology: &Topology, links: &[LinkId], page: &mut Page) {
    page.add(format!("{}:", count(links.len(), "link")));
    for link in links.iter().take(MOST).filter_map(|id| topology.link(*id)) {
        let [left, right] = link.ends.each_ref().map(|end| end_name(topology, end));
        let subnets = if link.subnets.is_empty() { String::new() } else { format!(", {}", nets(&link.subnets)) };
        page.point(format!("`{left}` – `{right}`{subnets}"));
    }
    if links.len() > MOST {
        page.point(format!("… {} more", links.len() - MOST));
    }
}

/// `h1:eth1`, or a network's name.
pub fn end_name(topology: &Topology, end: &LinkEnd) -> String {
    match (end, topology.interface(end)) {
        (_, Some((node, interface))) => format!("{}:{}", node.path, interface.name),
        (LinkEnd::Network { network }, None) => {
            topology.network(*network).map(|network| network.path.clone()).unwrap_or_default()
        }
        (LinkEnd::Interface { .. }, None) => String::new(),
    }
}

fn one(place: &Place, topology: &Topology, link: &Link, page: &mut Page) {
    let head = link.ends.iter().map(|end| format!("`{}`", end_name(topology, end)));
    let head: Vec<String> = std::iter::once(String::new()).chain(head).collect();
    let cells = link.ends.each_ref().map(|end| cells(topology, link, end));
    let titles = ["NIC", "MAC", "address", "MTU", "VLAN"];
    let row = |(at, title): (usize, &&str)| {
        let cells: Vec<String> = cells.iter().map(|cells| cells.get(at).cloned().unwrap_or_default()).collect();
        let is_empty = cells.iter().all(String::is_empty);
        (!is_empty).then(|| std::iter::once((*title).to_owned()).chain(cells).collect::<Vec<String>>())
    };
    let rows: Vec<Vec<String>> = titles.iter().enumerate().filter_map(row).collect();
    page.table(&head, &rows);
    let owner = format!("link {}", link.path);
    for draw in place.view.things().drawn(&place.view.compilation.facts, &owner, "subnet") {
        page.point(format!("prefix {}", reasons::of_draw(place.view, draw)));
    }
    for end in &link.ends {
        if let Some((node, interface)) = topology.interface(end) {
            why(place, topology, link, node, interface, page);
        }
    }
    impairments(topology, link, page);
    if !link.up {
        page.point("is down when the lab starts");
    }
}

/// NIC, MAC, address, MTU and VLAN of an end.
fn cells(topology: &Topology, link: &Link, end: &LinkEnd) -> Vec<String> {
    if let LinkEnd::Network { network } = end {
        let Some(network) = topology.network(*network) else { return Vec::new() };
        let mtu = network.mtu.map(|mtu| mtu.to_string()).unwrap_or_default();
        return vec!["a network".to_owned(), String::new(), nets(&network.subnets), mtu];
    }
    let Some((node, interface)) = topology.interface(end) else { return Vec::new() };
    let (nic, mac) = match interface.kind {
        InterfaceKind::Physical { machine, nic } => {
            let machine = node.machines.get(machine);
            let card = machine.and_then(|machine| machine.nics.get(nic));
            let machine = machine.and_then(|machine| machine.part.as_ref()).map(|part| format!(" of `{part}`"));
            let model = card.map(|card| format!(", {}", card.model)).unwrap_or_default();
            let mac = card.map(|card| format!("`{}`", card.mac));
            (format!("NIC {}{}{model}", nic + 1, machine.unwrap_or_default()), mac)
        }
        _ => (String::new(), None),
    };
    let mtu = interface.mtu.or(link.mtu).map(|mtu| mtu.to_string()).unwrap_or_default();
    vec![nic, mac.unwrap_or_default(), nets(&interface.addresses), mtu, vlans(interface)]
}

fn vlans(interface: &Interface) -> String {
    let numbers = interface.trunk.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
    let trunk = (!numbers.is_empty()).then(|| format!("trunk {numbers}"));
    let access = interface.vlan.map(|vlan| vlan.to_string());
    let native = interface.native.map(|vlan| format!("native {vlan}"));
    [access, trunk, native].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Why an end is at its interface, and has its addresses and its MAC address.
fn why(place: &Place, topology: &Topology, link: &Link, node: &Node, interface: &Interface, page: &mut Page) {
    if let Some(reason) = reasons::of_interface(place.view, link, node, interface) {
        page.point(format!("`{}:{}`: {reason}", node.path, interface.name));
    }
    for net in &interface.addresses {
        page.point(format!("`{net}`: {}", reasons::of_address(place.view, topology, node, interface, net)));
    }
    if let InterfaceKind::Physical { machine, nic } = interface.kind
        && let Some(machine) = node.machines.get(machine)
        && let Some(card) = machine.nics.get(nic)
    {
        let reason = reasons::of_mac(place.view, node, machine, card, Some(interface));
        page.point(format!("`{}`: {reason}", card.mac));
    }
}

/// What each end does to the frames that it sends.
fn impairments(topology: &Topology, link: &Link, page: &mut Page) {
    let [left, right] = &link.impairments;
    if left == right && !left.is_none() {
        page.point(format!("both ends send with {}", impaired(left)));
        return;
    }
    for (end, impairment) in link.ends.iter().zip(&link.impairments).filter(|(_, impairment)| !impairment.is_none()) {
        page.point(format!("`{}` sends with {}", end_name(topology, end), impaired(impairment)));
    }
}

fn impaired(impairment: &Impairment) -> String {
    let all = [
        ("delay", Unit::Duration, impairment.delay),
        ("jitter", Unit::Duration, impairment.jitter),
        ("loss", Unit::Percent, impairment.loss),
        ("duplicates", Unit::Percent, impairment.duplicate),
        ("reordering", Unit::Percent, impairment.reorder),
        ("corruption", Unit::Percent, impairment.corrupt),
        ("a rate of", Unit::Rate, impairment.rate),
    ];
    let shown = all.into_iter().filter_map(|(name, unit, number)| Some(format!("{name} {}", unit.text(number?))));
    shown.collect::<Vec<_>>().join(", ")
}
