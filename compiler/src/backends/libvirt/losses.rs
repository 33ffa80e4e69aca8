//! What libvirt's XML cannot hold: one warning a kind, at the first place that asks for it.

use crate::diagnostics::codes::targets::{W0800, W0802};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;
use crate::topology::{Impairment, Topology};
use crate::value::Value;

/// An attribute of nodes that has no place in a domain.
struct Attribute {
    name: &'static str,
    label: &'static str,
    help: &'static str,
}

const ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "dedicated_cpu",
        label: "shares the host's CPUs with others",
        help: "which CPUs are free only the host knows; pin them with `virsh vcpupin`",
    },
    Attribute {
        name: "publish",
        label: "cannot be reached through the host",
        help: "forward the ports on the host, to the management address",
    },
    Attribute { name: "apart", label: "runs on the same host as all others", help: "libvirt has one host" },
];

/// What of the topology is lost.
pub fn losses(topology: &Topology) -> Vec<Diagnostic> {
    let links = topology.links.iter().filter(|link| !link.impairments.iter().all(Impairment::is_none));
    let impaired = links.map(|link| (link.path.as_str(), link.origin.span)).collect();
    let tc = "on a running lab `tc` sets them on the ports that the domains' metadata names";
    let mut losses = vec![loss(&W0800, impaired, "the delay, loss or rate", "is a plain wire in the XML", tc)];
    for Attribute { name, label, help } in ATTRIBUTES {
        let asks = |value: &Value| !matches!(value, Value::Null | Value::Bool(false));
        let nodes = topology.nodes.iter().filter(|node| node.attributes.get(*name).is_some_and(asks));
        let nodes = nodes.map(|node| (node.path.as_str(), node.origin.span)).collect();
        losses.push(loss(&W0802, nodes, &format!("`{name}`"), label, help));
    }
    let hubs = topology.networks.iter().filter(|network| network.hub && !network.external);
    let hubs = hubs.map(|network| (network.path.as_str(), network.origin.span)).collect();
    let help = "on the host, set the `ageing_time` of its bridge to 0";
    losses.push(loss(&W0802, hubs, "`hub`", "is a bridge that learns where addresses are", help));
    losses.into_iter().flatten().collect()
}

/// The warning for these places, if there are any.
fn loss(code: &'static Code, places: Vec<(&str, Span)>, what: &str, label: &str, help: &str) -> Option<Diagnostic> {
    let (first, span) = places.first()?;
    let others = match places.len() - 1 {
        0 => String::new(),
        1 => " and one other".to_owned(),
        more => format!(" and {more} others"),
    };
    let message = format!("libvirt's XML cannot hold {what} of `{first}`{others}");
    Some(Diagnostic::new(code, *span, message, label).help(help))
}
