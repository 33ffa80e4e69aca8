//! What neither libvirt's XML nor a host can do for a lab: one warning a kind, at the first place that asks for it.

use super::nics::takes_bandwidth;
use crate::diagnostics::codes::targets::{W0800, W0802};
use crate::diagnostics::{Code, Diagnostic};
use crate::lab::{Lab, LabMachine};
use crate::source::Span;
use crate::topology::Node;
use crate::value::Value;

/// What of the lab is lost.
pub fn losses(lab: &Lab<'_>) -> Vec<Diagnostic> {
    let nodes = |asks: fn(&Node) -> bool| lab.topology.nodes.iter().filter(move |node| asks(node)).map(place);
    let shared = lab.machines.iter().filter(|machine| shares_its_cpus(lab, machine)).map(|machine| place(machine.node));
    let losses = [
        loss(
            &W0800,
            impaired_without_port(lab),
            "the host cannot delay, drop or slow down the frames of",
            "leaves through an SR-IOV card",
            "bind the network to a bridge, or impair another link on the way",
        ),
        loss(
            &W0802,
            shared.collect(),
            "which CPUs are its own is not said for `dedicated_cpu` of",
            "shares the host's CPUs with others",
            "name them in the target, as only the host's owner knows them: `pinning { NODE = \"2-5\" }`",
        ),
        loss(
            &W0802,
            nodes(|node| asks(node, "publish") && node.management.is_none()).collect(),
            "there is no management port to lead to for `publish` of",
            "cannot be reached through the host",
            "leave out `management = none`",
        ),
        loss(
            &W0802,
            nodes(|node| asks(node, "apart")).collect(),
            "libvirt has one host for all, whatever `apart` says of",
            "runs on the same host as all others",
            "use a `heat` target where it matters",
        ),
    ];
    losses.into_iter().flatten().collect()
}

fn asks(node: &Node, name: &str) -> bool {
    node.attributes.get(name).is_some_and(|value| !matches!(value, Value::Null | Value::Bool(false)))
}

fn place(node: &Node) -> (&str, Span) {
    (&node.path, node.origin.span)
}

/// Does it ask for CPUs of its own, and the target names none?
fn shares_its_cpus(lab: &Lab<'_>, machine: &LabMachine<'_>) -> bool {
    machine.machine.attributes.get("dedicated_cpu") == Some(&Value::Bool(true))
        && lab.target.and_then(|target| machine.said_by(target, "pinning")).is_none()
}

/// The links whose impaired end has no device on the host.
fn impaired_without_port<'l>(lab: &'l Lab<'_>) -> Vec<(&'l str, Span)> {
    let mut places = Vec::new();
    for machine in &lab.machines {
        for (nic, plugged) in machine.machine.nics.iter().zip(&machine.nics) {
            let segment = plugged.segment.and_then(|segment| lab.segments.get(segment));
            let binding = segment.and_then(|segment| segment.binding.as_ref());
            if plugged.impairment.is_none() || takes_bandwidth(binding) {
                continue;
            }
            let interface = machine.interface(nic).and_then(|interface| interface.link);
            places.extend(interface.and_then(|link| lab.topology.link(link)).map(|l| (l.path.as_str(), l.origin.span)));
        }
    }
    places
}

/// The warning for these places, if there are any.
fn loss(code: &'static Code, mut places: Vec<(&str, Span)>, what: &str, label: &str, help: &str) -> Option<Diagnostic> {
    places.dedup();
    let (first, span) = places.first()?;
    let others = match places.len() - 1 {
        0 => String::new(),
        1 => " and one other".to_owned(),
        more => format!(" and {more} others"),
    };
    let message = format!("{what} `{first}`{others}");
    Some(Diagnostic::new(code, *span, message, label).help(help))
}
