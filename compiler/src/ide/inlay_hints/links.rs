//! Hints at the ends of links: the interface, its addresses, its MAC address.

use super::{HintKind, Walk};
use crate::diagnostics::TextEdit;
use crate::ide::things::Thing;
use crate::source::Span;
use crate::syntax::ast::{self, EndRefs, Item};
use crate::topology::{Interface, InterfaceKind, LinkEnd, Node};
use crate::value::{LinkId, NodeId};

/// An end of something that the item made.
struct Made<'a> {
    /// The link; none for the logical end of an aggregation.
    link: Option<LinkId>,
    id: NodeId,
    node: &'a Node,
    interface: &'a Interface,
}

impl Made<'_> {
    fn name(&self) -> String {
        format!("{}:{}", self.node.path, self.interface.name)
    }
}

impl<'a> Walk<'a> {
    pub(super) fn link(&mut self, item: &Item, link: &ast::Link, repeated: bool) {
        for (at, end) in [Some(&link.left), link.right.as_ref()].into_iter().enumerate() {
            let Some(end) = end else { continue };
            let made = self.made(item, at);
            // What is written out must mean this one end, and there must be no parentheses yet.
            let alone = !repeated && made.len() == 1 && matches!(end.refs, EndRefs::One(_)) && end.each.is_none();
            self.chosen_interface(end, &made, at, alone);
            self.chosen_addresses(end, &made, alone && end.items.is_empty());
            self.chosen_macs(end, &made, alone && end.items.is_empty());
        }
    }

    /// The ends at one side of all that an item made; those at networks are left out.
    fn made(&self, item: &Item, side: usize) -> Vec<Made<'a>> {
        let topology = self.topology;
        let end = |link: Option<LinkId>, end: Option<&'a LinkEnd>| {
            let LinkEnd::Interface { node: id, .. } = end? else { return None };
            let (node, interface) = topology.interface(end?)?;
            Some(Made { link, id: *id, node, interface })
        };
        let things = self.view.things().declared(item.span);
        things
            .filter_map(|thing| match thing {
                Thing::Link(id) => end(Some(id), topology.link(id)?.ends.get(side)),
                Thing::Lag(id) => end(None, topology.lags.get(id.index())?.ends.get(side)),
                _ => None,
            })
            .collect()
    }

    fn chosen_interface(&mut self, end: &ast::End, made: &[Made], side: usize, alone: bool) {
        if !self.wanted.interfaces {
            return;
        }
        let chosen = made.iter().filter(|made| self.is_chosen(made, side));
        let values: Vec<(String, String)> =
            chosen.map(|made| (made.node.path.clone(), port(&made.interface.name))).collect();
        let offset = refs_end(end);
        let edit = match values.as_slice() {
            [(_, one)] if alone => {
                Some(TextEdit { span: Span { start: offset, end: offset, ..end.span }, text: one.clone() })
            }
            _ => None,
        };
        self.add(offset, HintKind::Interface, values, edit);
    }

    /// Was the interface left open, and chosen?
    fn is_chosen(&self, made: &Made, side: usize) -> bool {
        let Some(link) = made.link.and_then(|id| self.topology.link(id)) else { return false };
        let is_here = |end: &&LinkEnd| matches!(end, LinkEnd::Interface { node, .. } if *node == made.id);
        let place = if link.ends.iter().filter(is_here).count() > 1 { format!(" {}", side + 1) } else { String::new() };
        let key = format!("interface {} {}{place}", link.path, made.node.path);
        self.view.compilation.lock.chosen(&key).is_some()
    }

    fn chosen_addresses(&mut self, end: &ast::End, made: &[Made], alone: bool) {
        if !self.wanted.addresses {
            return;
        }
        let is_written = |made: &Made| {
            let of_link = made.link.and_then(|id| self.topology.link(id)?.origin.attribute("address"));
            made.interface.origin.attribute("address").or(of_link).is_some()
        };
        let chosen = made.iter().filter(|made| !made.interface.addresses.is_empty() && !is_written(made));
        let text =
            |made: &Made| made.interface.addresses.iter().map(|net| net.to_string()).collect::<Vec<_>>().join(", ");
        let values: Vec<(String, String)> = chosen.map(|made| (made.name(), text(made))).collect();
        let edit = match (values.as_slice(), made) {
            ([(_, text)], [made]) if alone => {
                let value = if made.interface.addresses.len() == 1 { text.clone() } else { format!("[{text}]") };
                Some(TextEdit { span: end.span.at_end(), text: format!(" (address = {value})") })
            }
            _ => None,
        };
        self.add(end.span.end, HintKind::Address, values, edit);
    }

    fn chosen_macs(&mut self, end: &ast::End, made: &[Made], alone: bool) {
        if !self.wanted.macs {
            return;
        }
        let mac = |made: &Made| {
            let InterfaceKind::Physical { machine, nic } = made.interface.kind else { return None };
            let chosen = made.interface.origin.attribute("mac").is_none();
            Some(made.node.machines.get(machine)?.nics.get(nic)?.mac).filter(|_| chosen)
        };
        let values: Vec<(String, String)> =
            made.iter().filter_map(|made| Some((made.name(), mac(made)?.to_string()))).collect();
        let edit = match values.as_slice() {
            [(_, mac)] if alone => Some(TextEdit { span: end.span.at_end(), text: format!(" (mac = {mac})") }),
            _ => None,
        };
        self.add(end.span.end, HintKind::Mac, values, edit);
    }
}

/// Where the names of an end stop, before its parentheses.
fn refs_end(end: &ast::End) -> u32 {
    match &end.refs {
        EndRefs::One(expr) => expr.span.end,
        EndRefs::List(_, span) => span.end,
    }
}

/// An interface as it stands behind a node: `:eth1`, `:"ethernet 3"`.
fn port(name: &str) -> String {
    let is_plain = |char: char| char.is_ascii_alphanumeric() || "_-./".contains(char);
    if name.chars().all(is_plain) { format!(":{name}") } else { format!(":{name:?}") }
}
