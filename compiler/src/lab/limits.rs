//! What devices cannot do on a kind of target: `limits { heat = "…" }`.

use super::TargetKind;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::targets::W0805;
use crate::topology::Topology;
use crate::value::Value;
use indexmap::IndexMap;

/// One warning for each device that says that it does not work there, at its first node.
pub(super) fn limits(topology: &Topology, kind: TargetKind, diagnostics: &mut Vec<Diagnostic>) {
    let mut found: IndexMap<(&str, &str), Vec<&crate::topology::Node>> = IndexMap::new();
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
