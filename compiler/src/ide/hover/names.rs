//! What is declared: parameters and constants with their values, nodes, networks, devices and the rest.

use super::page::Page;
use super::{Place, attributes, devices, links, networks, nodes};
use crate::ide::names::{Occurrence, Role, Symbol, SymbolId, SymbolKind};
use crate::ide::show::{Shown, count};
use crate::ide::things::Thing;
use crate::semantics::facts::{MOST_VALUES, Values};
use crate::source::Span;
use crate::syntax::ast::ItemKind;

/// So many values of a name are shown.
const MOST: usize = 6;

/// A page on something that is declared.
pub fn symbol(place: &Place, id: SymbolId, occurrence: &Occurrence) -> Option<Page> {
    let symbol = place.view.names.symbol(id)?;
    let heading = place.view.heading(symbol.item_span);
    let mut page = match symbol.kind {
        SymbolKind::File => Page::default(),
        _ if heading.is_empty() => Page::of_source(&symbol.name),
        _ => Page::of_source(&heading),
    };
    page.add_some(symbol.doc.as_deref());
    let declarations = declarations(place, id, occurrence);
    let made = place.view.made(&declarations);
    match symbol.kind {
        SymbolKind::File => page.add(format!("The file `{}`", symbol.name)),
        SymbolKind::Param | SymbolKind::Argument | SymbolKind::Let | SymbolKind::Variable => {
            value(place, symbol, &mut page);
        }
        SymbolKind::Pool => networks::pools(place, symbol.name_span, &mut page),
        SymbolKind::Node => {
            let ids = nodes::element(place, occurrence.span, nodes::ids(&made));
            nodes::nodes(place, &ids, &mut page);
            if ids.is_empty() {
                nodes::instances(place, &declarations, &symbol.name, &mut page);
            }
        }
        SymbolKind::Network => networks::networks(place, &networks::ids(&made), &mut page),
        SymbolKind::Vlan | SymbolKind::Vrf => {
            for thing in &made {
                match thing {
                    Thing::Vlan(id) => networks::vlan(place, *id, &mut page),
                    Thing::Vrf(id) => networks::vrf(place, *id, &mut page),
                    _ => {}
                }
            }
        }
        SymbolKind::Link | SymbolKind::Lag => links::links(place, symbol.item_span, &mut page),
        SymbolKind::Device => {
            used(place, symbol, &mut page);
            devices::sheet(place, &symbol.name, symbol.name_span, &mut page);
        }
        SymbolKind::Module => used(place, symbol, &mut page),
        SymbolKind::Image => image(place, &symbol.name, &mut page),
        SymbolKind::Topology => lab(place, &mut page),
        SymbolKind::Check => super::words::check(place, symbol.item_span, &mut page),
        SymbolKind::Attribute => attributes::here(place, &symbol.name, &mut page),
        SymbolKind::Type | SymbolKind::Field | SymbolKind::Member => {}
        SymbolKind::Target | SymbolKind::Vm | SymbolKind::Nic | SymbolKind::Disk => {}
        SymbolKind::Media | SymbolKind::Interface => {}
    }
    declared(place, symbol, occurrence, &mut page);
    if is_end(place) {
        page.append(links::around(place));
    }
    Some(page)
}

/// Where a symbol is declared: here alone, or everywhere.
fn declarations(place: &Place, id: SymbolId, occurrence: &Occurrence) -> Vec<Span> {
    if occurrence.role == Role::Declaration {
        return vec![occurrence.span];
    }
    let uses = place.view.names.uses(id);
    uses.filter(|one| one.role == Role::Declaration).map(|one| one.span).collect()
}

fn declared(place: &Place, symbol: &Symbol, occurrence: &Occurrence, page: &mut Page) {
    if occurrence.role == Role::Declaration || symbol.kind == SymbolKind::File {
        return;
    }
    let container = symbol.container.and_then(|id| place.view.names.symbol(id));
    let inside = container.filter(|container| container.kind != SymbolKind::File);
    let of = inside.map(|of| format!(" of the {} `{}`", of.kind.words(), of.name)).unwrap_or_default();
    page.add(format!("{}{of}, declared at {}", symbol.kind.words(), place.view.where_is(symbol.name_span)));
}

/// Is the place at what an end of a link names, or in its parentheses?
fn is_end(place: &Place) -> bool {
    let link = place.around.iter().rev().find_map(|item| match &item.kind {
        ItemKind::Link(link) | ItemKind::Lag(link) => Some(link),
        _ => None,
    });
    let ends = link.into_iter().flat_map(|link| std::iter::once(&link.left).chain(&link.right));
    ends.into_iter().any(|end| end.span.touches(place.offset as usize))
}

/// What a name is worth after evaluation.
fn value(place: &Place, symbol: &Symbol, page: &mut Page) {
    if let Some(values) = place.view.compilation.facts.values(symbol.name_span) {
        page.add_some(values_text(place.shown(), values));
    }
}

fn values_text(shown: Shown, values: &Values) -> Option<String> {
    let text = |value| format!("`{}`", shown.value(value));
    match values.distinct.as_slice() {
        [] => None,
        [one] => Some(format!("= {}", text(one))),
        several => {
            let first: Vec<String> = several.iter().take(MOST).map(text).collect();
            let first = first.join(", ");
            Some(match (values.more, several.len() > MOST) {
                (true, _) => format!("{first} (… more than {MOST_VALUES} values)"),
                (false, true) => format!("{first} (… {} values)", several.len()),
                (false, false) => first,
            })
        }
    }
}

/// How often a device or module is used.
fn used(place: &Place, symbol: &Symbol, page: &mut Page) {
    let number = place.view.compilation.facts.instances(symbol.name_span);
    if number > 0 {
        page.add(format!("{} in this lab", count(number, "instance")));
    }
}

/// What an image slot is on each target.
fn image(place: &Place, slot: &str, page: &mut Page) {
    let Some(topology) = place.topology() else { return };
    for target in &topology.targets {
        let versions = target.images.iter().filter(|(name, _)| name.split('@').next() == Some(slot));
        for (name, image) in versions {
            page.point(format!("`{name}` on `{}`: `{image}`", target.name));
        }
    }
}

/// How large a lab is.
fn lab(place: &Place, page: &mut Page) {
    let Some(topology) = place.topology() else { return };
    let machines: usize = topology.nodes.iter().map(|node| node.machines.len()).sum();
    let cpus: u64 = topology.nodes.iter().flat_map(|node| &node.machines).map(|machine| u64::from(machine.cpu)).sum();
    let memory: u64 = topology.nodes.iter().flat_map(|node| &node.machines).map(|machine| machine.memory).sum();
    let parts = [
        count(topology.nodes.len(), "node"),
        count(topology.links.len(), "link"),
        count(topology.networks.len(), "network"),
        count(machines, "machine"),
        count(usize::try_from(cpus).unwrap_or(usize::MAX), "CPU"),
        format!("{} of memory", crate::value::Unit::Size.text(memory)),
    ];
    page.add(parts.join(", "));
    if let Some(management) = &topology.management {
        page.point(format!("management in {}", networks::nets(&management.subnets)));
    }
}
