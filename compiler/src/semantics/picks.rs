//! Which interfaces the open ends of links take: what the lock says, then the next free.

use super::collisions::Kept;
use super::lock::{Locked, Request};
use super::world::{EndTarget, World};
use crate::collections::IndexMap;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::links as codes;
use crate::source::Span;
use crate::value::{NodeId, Value};
use smol_str::SmolStr;
use std::collections::BTreeSet;

impl<'a> World<'a> {
    /// Chooses the interfaces that the author left open: what the lock says, then the next free in source order.
    pub fn pick_interfaces(&mut self) {
        let mut open = Vec::new();
        for (link, entry) in self.links.iter().enumerate() {
            for (at, end) in entry.ends.iter().enumerate() {
                if let EndTarget::Node(node, None) = end.target {
                    let twice = entry
                        .ends
                        .iter()
                        .filter(|end| matches!(end.target, EndTarget::Node(other, _) if other == node))
                        .count()
                        > 1;
                    let place = if twice { format!(" {}", at + 1) } else { String::new() };
                    let key = format!("interface {} {}{place}", entry.path, self.name_of(&Value::Node(node)));
                    open.push((link, at, node, key));
                }
            }
        }
        self.collide_with_gone_links(&open);
        let rest = self.take_locked_interfaces(open);
        let mut cursors: IndexMap<NodeId, usize> = IndexMap::default();
        for (link, at, node, key) in rest {
            let Some(shape) = self.nodes.get(node.index()).map(|node| node.shape.clone()) else { continue };
            let cursor = cursors.entry(node).or_default();
            let path = self.name_of(&Value::Node(node));
            let free = loop {
                let Some((name, _)) = shape.ports.get_index(*cursor) else { break None };
                *cursor += 1;
                if self.is_free(node, name) && !self.lock.is_reserved("interface", &format!("{path}:{name}")) {
                    break Some(name.clone());
                }
            };
            match free {
                Some(name) => self.take_interface(link, at, node, name, &key),
                None => self.report_no_free_interface(link, at, node),
            }
        }
    }

    /// Gives open ends the interfaces that the lock has for them; what is left comes back.
    fn take_locked_interfaces(&mut self, open: Vec<OpenEnd>) -> Vec<OpenEnd> {
        let written: BTreeSet<(NodeId, SmolStr)> = self.written_interfaces().map(|(taken, ..)| taken).collect();
        let mut rest = Vec::new();
        for (link, at, node, key) in open {
            let locked = self.lock.find(&key).and_then(|value| value.split_once(':'));
            let Some(name) = locked.map(|(_, name)| SmolStr::new(name)) else {
                rest.push((link, at, node, key));
                continue;
            };
            if self.is_free(node, &name) {
                self.take_interface(link, at, node, name, &key);
                continue;
            }
            let span = self.end_span(link, at);
            let shown = self.name_of(&Value::Interface(node, name.clone()));
            let holder = self.nodes.get(node.index()).and_then(|node| node.interfaces.get(&name)?.link);
            match holder {
                Some((other, end)) if written.contains(&(node, name)) => {
                    let kept = Kept { key: key.clone(), wanted_at: Some(span) };
                    self.report_collision(&shown, self.end_span(other, end), &[kept]);
                }
                _ => {
                    self.lock.release(&key);
                    let message = format!("`{shown}` from the lock cannot be had any more: another is chosen");
                    let help = "the device was changed, or another entry of the lock has the same interface";
                    let code = &crate::diagnostics::codes::allocation::W0601;
                    self.report(Diagnostic::new(code, span, message, "chosen again").help(help));
                }
            }
            rest.push((link, at, node, key));
        }
        rest
    }

    /// The interfaces that the author wrote: which, and at which end of which link.
    fn written_interfaces(&self) -> impl Iterator<Item = ((NodeId, SmolStr), usize, usize)> {
        let ends = self
            .links
            .iter()
            .enumerate()
            .flat_map(|(link, entry)| entry.ends.iter().enumerate().map(move |(at, end)| (link, at, &end.target)));
        ends.filter_map(|(link, at, target)| match target {
            EndTarget::Node(node, Some(name)) => Some(((*node, name.clone()), link, at)),
            _ => None,
        })
    }

    /// Reports written interfaces that the lock keeps for links which are gone.
    fn collide_with_gone_links(&mut self, open: &[OpenEnd]) {
        let wanted: BTreeSet<&str> = open.iter().map(|(.., key)| key.as_str()).collect();
        let gone = self.lock.entries("interface ").filter(|(key, _)| !wanted.contains(key));
        let gone: IndexMap<String, String> = gone.map(|(key, value)| (value.to_owned(), key.to_owned())).collect();
        if gone.is_empty() {
            return;
        }
        let mut found = Vec::new();
        for ((node, name), link, at) in self.written_interfaces() {
            let shown = self.name_of(&Value::Interface(node, name));
            // Who writes out what was chosen for it has it already.
            if let Some(key) = gone.get(&shown).filter(|key| !self.is_of_link(key, "interface ", link)) {
                found.push((shown, self.end_span(link, at), Kept { key: key.clone(), wanted_at: None }));
            }
        }
        for (shown, span, kept) in found {
            self.report_collision(&shown, span, &[kept]);
        }
    }

    fn is_free(&self, node: NodeId, name: &str) -> bool {
        let Some(node) = self.nodes.get(node.index()) else { return false };
        node.shape.ports.contains_key(name) && node.interfaces.get(name).is_none_or(|entry| entry.link.is_none())
    }

    fn take_interface(&mut self, link: usize, at: usize, node: NodeId, name: SmolStr, key: &str) {
        let value = format!("{}:{name}", self.name_of(&Value::Node(node)));
        self.lock.record(Request { key: key.to_owned() }, Locked(value));
        let Some(end) = self.links.get(link).and_then(|link| link.ends.get(at)).cloned() else { return };
        // What the end says is said of the interface.
        let merged = self.nodes.get(node.index()).and_then(|node| node.interfaces.get(&name)).map(|entry| entry.entity);
        let entity = match merged {
            Some(entity) => {
                let own = self.entities.get(end.entity).map(|entity| entity.own.clone()).unwrap_or_default();
                self.add_definitions(entity, own);
                entity
            }
            None => end.entity,
        };
        let interface =
            super::world::InterfaceEntry { entity, link: Some((link, at)), lag: None, physical: true, span: end.span };
        if let Some(node) = self.nodes.get_mut(node.index()) {
            node.interfaces.insert(name.clone(), interface);
        }
        if let Some(end) = self.links.get_mut(link).and_then(|link| link.ends.get_mut(at)) {
            end.target = EndTarget::Node(node, Some(name));
            end.entity = entity;
        }
    }

    fn report_no_free_interface(&mut self, link: usize, at: usize, node: NodeId) {
        let Some(span) = self.links.get(link).and_then(|link| link.ends.get(at)).map(|end| end.span) else { return };
        self.incomplete = true;
        let Some(entry) = self.nodes.get(node.index()) else { return };
        let message = format!("`{}` has no free interface left", entry.path);
        let help = format!(
            "a {} has {}, and all are taken or reserved by the lock",
            entry.shape.name,
            entry.shape.ports_in_words()
        );
        self.report(Diagnostic::new(&codes::E0528, span, message, "none left for this end").help(help));
    }

    fn end_span(&self, link: usize, at: usize) -> Span {
        self.links.get(link).and_then(|link| link.ends.get(at)).map(|end| end.span).unwrap_or_default()
    }
}

/// An end whose interface the author left open: link, end, node, key in the lock.
type OpenEnd = (usize, usize, NodeId, String);
