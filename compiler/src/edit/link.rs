//! A link between two things, and the interfaces that are free for it.

use super::place::{behind, lab, reference};
use super::{EndWish, Refusal};
use crate::diagnostics::TextEdit;
use crate::ide::View;
use crate::syntax::ast::ItemKind;
use crate::topology::{Link, Node, Topology, Vertex};
use serde::Serialize;

/// An interface that a link can have.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Free {
    /// Its name.
    pub name: String,
    /// The machine that it is of, where the node has several.
    pub machine: Option<String>,
}

/// The interfaces of a node that no link has, in the order of its device.
///
/// # Errors
/// There is no such node.
pub fn free(view: View, id: &str) -> Result<Vec<Free>, Refusal> {
    let (_, topology) = lab(view)?;
    let node = node(topology, id).ok_or_else(|| Refusal::new(format!("there is no node `{id}` any more")))?;
    Ok(free_of(node))
}

fn free_of(node: &Node) -> Vec<Free> {
    let used = |name: &str| {
        let linked = node.interfaces.iter().filter(|interface| interface.link.is_some());
        linked.into_iter().any(|interface| interface.name == name)
            || node.management.as_ref().is_some_and(|management| management.name == name)
    };
    let several = node.machines.len() > 1;
    let machine = |index: usize| node.machines.get(index).filter(|_| several).map(|machine| machine.path.clone());
    let ports = node.ports.iter().filter(|port| !used(&port.name));
    ports.map(|port| Free { name: port.name.to_string(), machine: machine(port.machine) }).collect()
}

fn node<'t>(topology: &'t Topology, id: &str) -> Option<&'t Node> {
    topology.nodes.iter().find(|node| node.path == id)
}

/// Writes a link.
pub(super) fn link(view: View, from: &EndWish, to: &EndWish) -> Result<(String, Vec<TextEdit>), Refusal> {
    let (context, topology) = lab(view)?;
    if from.id == to.id {
        return Err(Refusal::new(format!("`{}` cannot be linked to itself", from.id)));
    }
    if node(topology, &from.id).is_none() && node(topology, &to.id).is_none() {
        return Err(Refusal::new("networks are joined by a node between them, not by a link"));
    }
    // Of two links between the same ends, each needs its interfaces to be told from the other.
    let is_second = topology.links.iter().any(|link| joins(topology, link, [&from.id, &to.id]));
    let (left, right) = (end(topology, from, is_second)?, end(topology, to, is_second)?);
    let at = behind(
        &context,
        &[|kind| matches!(kind, ItemKind::Link(_)), |kind| matches!(kind, ItemKind::Node(_) | ItemKind::For(_))],
    );
    let edit = context.replace(at, format!("\nlink {left} <-> {right}"));
    Ok((format!("Link {} and {}", from.id, to.id), vec![edit]))
}

/// Are these two the ends of a link?
fn joins(topology: &Topology, link: &Link, [a, b]: [&str; 2]) -> bool {
    let ends = link.ends.each_ref().map(|end| match end.vertex() {
        Vertex::Node(id) => topology.node(id).map_or("", |node| node.path.as_str()),
        Vertex::Network(id) => topology.network(id).map_or("", |network| network.path.as_str()),
    });
    ends == [a, b] || ends == [b, a]
}

/// An end as it is written; with the first free interface, if one has to be written and none was chosen.
fn end(topology: &Topology, wish: &EndWish, needs_interface: bool) -> Result<String, Refusal> {
    let Some(node) = node(topology, &wish.id) else {
        let network = topology.networks.iter().find(|network| network.path == wish.id);
        let network = network.ok_or_else(|| Refusal::new(format!("there is no `{}` any more", wish.id)))?;
        return match network.path == network.name {
            true => Ok(network.name.clone()),
            false => Err(Refusal::new(format!("`{}` is inside a module", network.path))),
        };
    };
    let (name, free) = (reference(node)?, free_of(node));
    if free.is_empty() {
        return Err(Refusal::new(format!("`{}` has no free interface", node.path)));
    }
    let first = free.first().map(|port| &port.name).filter(|_| needs_interface);
    let Some(interface) = wish.interface.as_ref().or(first) else { return Ok(name) };
    if !free.iter().any(|port| port.name == *interface) {
        return Err(Refusal::new(format!("`{interface}` of `{}` is not free", node.path)));
    }
    let plain = interface.chars().all(|char| char.is_ascii_alphanumeric() || "_-./".contains(char));
    Ok(if plain && !interface.contains("..") {
        format!("{name}:{interface}")
    } else {
        format!("{name}:\"{interface}\"")
    })
}
