//! What devices cannot do on a kind of target, `limits { heat = "…" }`, and what a target says of nodes that are none.

use super::{LabMachine, TargetKind};
use crate::collections::IndexMap;
use crate::diagnostics::codes::targets::{E0813, W0805};
use crate::diagnostics::{Diagnostic, closest};
use crate::topology::{Target, Topology};
use crate::value::Value;
use std::collections::BTreeSet;

/// One warning for each device that says that it does not work there, at its first node.
pub(super) fn limits(topology: &Topology, kind: TargetKind, diagnostics: &mut Vec<Diagnostic>) {
    let mut found: IndexMap<(&str, &str), Vec<&crate::topology::Node>> = IndexMap::default();
    for node in &topology.nodes {
        let Some(Value::Map(limits)) = node.attributes.get("limits") else { continue };
        if let Some(Value::String(reason)) = limits.get(kind.name()) {
            found.entry((&node.device, reason)).or_default().push(node);
        }
    }
    for ((device, reason), nodes) in found {
        let Some(first) = nodes.first() else { continue };
        let others = match nodes.len() - 1 {
            0 => String::new(),
            1 => " and one other node".to_owned(),
            more => format!(" and {more} other nodes"),
        };
        let message =
            format!("on `{}`, `{}`{others} cannot do all that a {device} does: {reason}", kind.name(), first.path);
        let diagnostic = Diagnostic::new(&W0805, first.origin.span, message, "is limited there");
        diagnostics.push(diagnostic.help("use another target where it matters"));
    }
}

/// Maps of a target by node.
const BY_NODE: [&str; 4] = ["hosts", "pinning", "numa", "raw"];

/// An error for each entry of such a map that means no machine.
pub(super) fn unknown_nodes(target: &Target, machines: &[LabMachine<'_>], diagnostics: &mut Vec<Diagnostic>) {
    let names: BTreeSet<&str> = machines.iter().flat_map(LabMachine::names).map(String::as_str).collect();
    for attribute in BY_NODE {
        let Some(Value::Map(said)) = target.attributes.get(attribute) else { continue };
        for name in said.keys().filter(|name| !names.contains(name.as_str())) {
            let span = target.origin.attribute(attribute).unwrap_or(target.origin.span);
            let message = format!("`{attribute}` of `{}` is for `{name}`, which is no node and no device", target.name);
            let diagnostic = Diagnostic::new(&E0813, span, message, format!("names `{name}`"));
            diagnostics.push(match closest(name, names.iter().copied()) {
                Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
                None => diagnostic.help("name a node by its path, an array, a device, or a machine: `leaf1/re`"),
            });
        }
    }
}
