//! What a device needs at least, and how many links it can have: its `limits`, held against each node.

use super::world::{EntityId, World};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::devices as codes;
use crate::source::Span;
use crate::topology::{InterfaceKind, Node, Topology};
use crate::value::Value;
use crate::value::text::shown;

impl World<'_> {
    /// Reports nodes that are smaller than their device needs, or have more links than it can.
    pub fn check_needs(&mut self, topology: &Topology) {
        for (index, node) in topology.nodes.iter().enumerate() {
            let Some(Value::Map(limits)) = node.attributes.get("limits") else { continue };
            let Some(entry) = self.nodes.get(index) else { continue };
            let entities: Vec<EntityId> = std::iter::once(entry.entity).chain(entry.machines.iter().copied()).collect();
            let cpu: u64 = node.machines.iter().map(|machine| u64::from(machine.cpu)).sum();
            let memory = node.machines.iter().map(|machine| machine.memory).fold(0, u64::saturating_add);
            if let Some(Value::Int(least)) = limits.get("min_cpu")
                && i128::from(*least) > i128::from(cpu)
            {
                let (has, needs) = (format!("cpu = {cpu}"), format!("cpu = {least}"));
                self.report_need(node, &entities, "cpu", (&has, &needs));
            }
            if let Some(Value::Size(least)) = limits.get("min_memory")
                && *least > memory
            {
                let text = |bytes: u64| format!("memory = {}", shown(&Value::Size(bytes)));
                self.report_need(node, &entities, "memory", (&text(memory), &text(*least)));
            }
            if let Some(Value::Int(most)) = limits.get("max_interfaces") {
                self.check_interfaces(node, *most);
            }
        }
    }

    fn report_need(&mut self, node: &Node, entities: &[EntityId], key: &str, (has, needs): (&str, &str)) {
        let machines = if node.machines.len() > 1 { ", in all its machines together" } else { "" };
        let message = format!("`{}` has `{has}`, and a {} needs `{needs}`{machines}", node.path, node.device);
        let span = self.span_in_node(node, entities, key);
        let diagnostic = Diagnostic::new(&codes::W0424, span, message, "too little for it to start");
        self.report(diagnostic.help(format!("give it more, or leave out `{key}`: the device has what it needs")));
    }

    /// Where the lab itself says it; what the device says is elsewhere, and then the node is meant.
    fn span_in_node(&self, node: &Node, entities: &[EntityId], key: &str) -> Span {
        let written = entities.iter().filter(|entity| self.defines(**entity, key));
        let mut spans = written.map(|entity| self.attribute_span(*entity, key));
        spans.find(|span| span.file == node.origin.span.file).unwrap_or(node.origin.span)
    }

    fn check_interfaces(&mut self, node: &Node, most: i64) {
        let connected = node
            .interfaces
            .iter()
            .filter(|interface| interface.link.is_some() && matches!(interface.kind, InterfaceKind::Physical { .. }));
        let Some(first) = connected.clone().nth(usize::try_from(most).unwrap_or(0)) else { return };
        let count = connected.count();
        let message = format!("`{}` has {count} links, and a {} can have {most}", node.path, node.device);
        let diagnostic = Diagnostic::new(&codes::W0425, first.origin.span, message, "one too many");
        self.report(diagnostic.help("share the links among several nodes"));
    }
}
