//! What every guest needs: a host name of its own, and attributes that reach one of its machines.

use super::attributes::rank;
use super::schema::{self, Kind};
use super::world::{EntityId, World};
use crate::collections::IndexMap;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::{names, topology as codes};
use crate::topology::{Node, Topology};
use crate::value::Value;
use crate::value::text::shown;

impl<'a> World<'a> {
    /// Reports what a guest could not start or be reached with.
    pub(super) fn check_guests(&mut self, topology: &Topology) {
        let mut hostnames: IndexMap<String, usize> = IndexMap::default();
        for (index, node) in topology.nodes.iter().enumerate() {
            let Some(entity) = self.nodes.get(index).map(|node| node.entity) else { continue };
            self.check_hostname(entity, node);
            if let Some(first) = hostnames.insert(node.hostname.to_ascii_lowercase(), index) {
                self.report_same_hostname(topology, first, entity, node);
            }
            self.check_parts(entity, node);
        }
    }

    fn check_hostname(&mut self, entity: EntityId, node: &Node) {
        if !self.defines(entity, "hostname") || node.hostname.is_empty() || is_hostname(&node.hostname) {
            return;
        }
        let span = self.attribute_span(entity, "hostname");
        let message = format!("{} cannot be a host name", shown(&Value::string(node.hostname.as_str())));
        let help = "it has letters, digits and `-` inside, with dots between labels of at most 63 of these";
        self.report(Diagnostic::new(&names::E0219, span, message, "not a host name").help(help));
    }

    fn report_same_hostname(&mut self, topology: &Topology, first: usize, entity: EntityId, node: &Node) {
        let Some(other) = topology.nodes.get(first) else { return };
        let before = self.nodes.get(first).map(|node| node.entity);
        // Names that are made from paths were compared when the nodes were made.
        if !self.defines(entity, "hostname") && !before.is_some_and(|before| self.defines(before, "hostname")) {
            return;
        }
        let span_of = |world: &Self, entity: EntityId, node: &Node| match world.defines(entity, "hostname") {
            true => world.attribute_span(entity, "hostname"),
            false => node.origin.span,
        };
        let span = span_of(self, entity, node);
        let message = format!("`{}` and `{}` have the same host name, {}", other.path, node.path, node.hostname);
        let mut diagnostic = Diagnostic::new(&names::E0219, span, message, format!("of `{}`", node.path))
            .help("give one of them another; for an array, put the key into it: `hostname = \"web-${self.key}\"`");
        if let Some(place) = before.map(|before| span_of(self, before, other)).filter(|place| *place != span) {
            diagnostic = diagnostic.label(place, format!("of `{}`", other.path));
        }
        self.report(diagnostic);
    }

    /// What belongs to a machine, written at a node that is made of several.
    fn check_parts(&mut self, entity: EntityId, node: &Node) {
        let Some(part) = node.machines.iter().find_map(|machine| machine.part.as_deref()) else { return };
        for key in self.defined_keys(entity) {
            let strength = self.strongest(entity, &key).map_or(0, |definition| definition.rank);
            let by_author =
                (rank::BLOCK..rank::TARGET_DEFAULTS).contains(&strength) || strength >= rank::TARGET_OVERRIDE;
            if !by_author || schema::attribute(Kind::Machine, &key).is_none() {
                continue;
            }
            let parts: Vec<String> =
                node.machines.iter().filter_map(|machine| Some(format!("`{}`", machine.part.as_deref()?))).collect();
            let message = format!(
                "`{key}` of `{}` changes nothing: a {} is made of {}, and each has its own",
                node.path,
                node.device,
                parts.join(" and ")
            );
            let help =
                format!("write it in the machine that is meant: `vm {part} {{ {key} = … }}` in the node's braces");
            let span = self.attribute_span(entity, &key);
            self.report(Diagnostic::new(&codes::W0507, span, message, "does not arrive").help(help));
        }
    }
}

/// Is it a host name (RFC 1123), with or without its domain?
fn is_hostname(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::is_hostname;

    #[test]
    fn host_names_have_letters_digits_and_hyphens_inside() {
        for good in ["a", "web-1", "web-1.example.org", "9lives", "A"] {
            assert!(is_hostname(good), "{good}");
        }
        for bad in ["", "a b", "-a", "a-", "a..b", "a_b", "ä", "a.", &"x".repeat(64)] {
            assert!(!is_hostname(bad), "{bad}");
        }
    }
}
