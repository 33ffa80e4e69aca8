//! The attributes of one thing: what it can have, and a new value for one.

use super::Refusal;
use super::place::{Written, lab, origin, written};
use crate::diagnostics::TextEdit;
use crate::ide::View;
use crate::semantics::schema::{Kind, attribute, names};
use crate::source::Span;
use crate::syntax::ast::{Attribute, Block, Item, ItemKind, KeyKind};
use crate::syntax::parse_expression;
use crate::syntax::walk::Element;
use crate::topology::Topology;
use serde::Serialize;

/// An attribute that something can have.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type, as one writes it.
    pub ty: String,
    /// What it means.
    pub doc: String,
    /// Its value as it is written at this thing.
    pub value: Option<String>,
    /// What is in effect, from wherever.
    pub effective: Option<String>,
}

/// Everything that a node, network or link can be told.
///
/// # Errors
/// It is not there, or not written by itself.
pub fn form(view: View, id: &str) -> Result<Vec<Field>, Refusal> {
    let (_, topology) = lab(view)?;
    let Written { context, item } = written(view, id)?;
    let (kind, block, _) = parts(item).ok_or_else(|| Refusal::new(format!("`{id}` has no attributes")))?;
    let field = |name: &'static str| {
        let spec = attribute(kind, name)?;
        let own =
            block.and_then(|block| find(block, name)).map(|(_, own)| context.slice(Element::Expr(&own.value).span()));
        Some(Field {
            name: name.to_owned(),
            ty: spec.ty.split_whitespace().collect::<Vec<_>>().join(" "),
            doc: spec.doc.to_owned(),
            value: own.map(str::to_owned),
            effective: effective(topology, id, name),
        })
    };
    Ok(names(kind).filter_map(field).collect())
}

fn effective(topology: &Topology, id: &str, name: &str) -> Option<String> {
    let node = topology.nodes.iter().find(|node| node.path == id).map(|node| &node.attributes);
    let network = || topology.networks.iter().find(|network| network.path == id).map(|network| &network.attributes);
    let link = || topology.links.iter().find(|link| link.path == id).map(|link| &link.attributes);
    let value = node.or_else(network).or_else(link)?.get(name)?;
    serde_json::to_value(value).ok().map(|value| match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    })
}

/// What it is, its block, and where one would stand.
fn parts(item: &Item) -> Option<(Kind, Option<&Block>, Span)> {
    let end = item.span.at_end();
    match &item.kind {
        ItemKind::Node(node) => Some((Kind::Node, node.block.as_ref(), end)),
        ItemKind::Link(link) => Some((Kind::Link, link.block.as_ref(), end)),
        ItemKind::Lag(link) => Some((Kind::Lag, link.block.as_ref(), end)),
        ItemKind::Part(part) if part.word.text == "network" => Some((Kind::Network, part.block.as_ref(), end)),
        _ => None,
    }
}

/// The item of a block that sets an attribute.
fn find<'b>(block: &'b Block, name: &str) -> Option<(&'b Item, &'b Attribute)> {
    block.items.iter().find_map(|item| match &item.kind {
        ItemKind::Attribute(attribute) => match &attribute.key.kind {
            KeyKind::Name(key) if key == name => Some((item, attribute)),
            _ => None,
        },
        _ => None,
    })
}

/// Gives an attribute a value, or takes it out.
pub(super) fn set(view: View, id: &str, name: &str, value: Option<&str>) -> Result<(String, Vec<TextEdit>), Refusal> {
    let (_, topology) = lab(view)?;
    origin(topology, id)?;
    let Written { context, item } = written(view, id)?;
    let (kind, block, end) = parts(item).ok_or_else(|| Refusal::new(format!("`{id}` has no attributes")))?;
    if attribute(kind, name).is_none() {
        return Err(Refusal::new(format!("{} has no attribute `{name}`", kind.words())));
    }
    let found = block.and_then(|block| find(block, name));
    let Some(value) = value else {
        let (item, _) = found.ok_or_else(|| Refusal::new(format!("`{id}` does not set `{name}`")))?;
        return Ok((format!("Take {name} from {id}"), vec![context.remove(item)]));
    };
    let (_, mistakes) = parse_expression(context.file(), value);
    if let Some(mistake) = mistakes.first() {
        return Err(Refusal::new(format!("`{value}` is no value: {}", mistake.message)));
    }
    let edit = match (found, block) {
        (Some((_, own)), _) => context.replace(Element::Expr(&own.value).span(), value),
        (None, Some(block)) => match block.items.last() {
            None => context.replace(block.span, format!("{{ {name} = {value} }}")),
            Some(last) if context.slice(block.span).contains('\n') => {
                context.replace(context.whole(last).at_end(), format!("\n{name} = {value}"))
            }
            Some(last) => context.replace(last.span.at_end(), format!(", {name} = {value}")),
        },
        (None, None) => context.replace(end, format!(" {{ {name} = {value} }}")),
    };
    Ok((format!("Set {name} of {id}"), vec![edit]))
}
