//! Where things of the graph are written, and how one names them there.

use super::{Refusal, finished};
use crate::ide::View;
use crate::ide::assists::{Context, assists};
use crate::source::Span;
use crate::syntax::ast::{Item, ItemKind};
use crate::syntax::walk::Element;
use crate::topology::{Node, Origin, Topology};
use crate::value::Value;

/// Something of the graph and the item that alone makes it.
pub(super) struct Written<'a> {
    pub context: Context<'a>,
    pub item: &'a Item,
}

/// The file that is edited, and the topology that it makes.
pub(super) fn lab<'a>(view: View<'a>) -> Result<(Context<'a>, &'a Topology), Refusal> {
    let start = view.compilation.units.first().map(|unit| Span::new(unit.file, 0, 0));
    let context = start.and_then(|start| Context::new(view, start));
    let context = context.ok_or_else(|| Refusal::new("this file is not yours to change"))?;
    if context.is_broken() {
        return Err(Refusal::new("the text has syntax errors; mend them first"));
    }
    let topology = view.compilation.topology.as_ref();
    Ok((context, topology.ok_or_else(|| Refusal::new("the file makes no lab"))?))
}

/// Where something was made.
pub(super) fn origin<'t>(topology: &'t Topology, id: &str) -> Result<&'t Origin, Refusal> {
    let nodes = topology.nodes.iter().map(|node| (&node.path, &node.origin));
    let networks = topology.networks.iter().map(|network| (&network.path, &network.origin));
    let links = topology.links.iter().map(|link| (&link.path, &link.origin));
    let lags = topology.lags.iter().map(|lag| (&lag.path, &lag.origin));
    let mut all = nodes.chain(networks).chain(links).chain(lags);
    let found = all.find(|(path, _)| *path == id).map(|(_, origin)| origin);
    found.ok_or_else(|| Refusal::new(format!("there is no `{id}` any more")))
}

/// The item that makes something and nothing else.
pub(super) fn written<'a>(view: View<'a>, id: &str) -> Result<Written<'a>, Refusal> {
    let (lab, topology) = lab(view)?;
    let span = origin(topology, id)?.span;
    let elsewhere = || {
        let file = view.compilation.sources.get(span.file).map_or("", |file| file.name.as_str());
        Refusal::new(format!("`{id}` is declared in `{file}`; change it there"))
    };
    let context = Context::new(view, span).filter(|_| span.file == lab.file()).ok_or_else(elsewhere)?;
    let around: Vec<&Item> = context.around().into_iter().filter_map(item).collect();
    let is_it = |item: &&&Item| {
        matches!(item.kind, ItemKind::Node(_) | ItemKind::Link(_) | ItemKind::Lag(_) | ItemKind::Part(_))
    };
    let item = *around.iter().rev().find(is_it).ok_or_else(elsewhere)?;
    let outside = around.iter().filter(|other| !std::ptr::eq(**other, item));
    for other in outside {
        match &other.kind {
            ItemKind::For(_) => return Err(made_by(view, other.span.at_start(), id, "a loop")),
            ItemKind::Module(module) => {
                let reason = format!(
                    "`{id}` is a part of the module `{}`: change it there, for all of its instances",
                    module.name.text
                );
                return Err(Refusal::new(reason));
            }
            ItemKind::Lag(_) => {
                return Err(Refusal::new(format!("`{id}` is a member of a bundle; change that in the text")));
            }
            _ => {}
        }
    }
    let is_array = matches!(&item.kind, ItemKind::Node(node) if node.dims.is_some())
        || matches!(&item.kind, ItemKind::Link(link) | ItemKind::Lag(link) if link.dims.is_some());
    if is_array {
        return Err(made_by(view, span, id, "an array"));
    }
    let links = topology.links.iter().filter(|link| link.origin.span == span).count();
    if links > 1 {
        return Err(Refusal::new(format!("one line makes `{id}` and {} other links", links - 1)));
    }
    Ok(Written { context, item })
}

fn item<'a>(element: Element<'a>) -> Option<&'a Item> {
    match element {
        Element::Item(item) => Some(item),
        _ => None,
    }
}

/// Refuses what a loop or array made, and offers to write that out.
fn made_by(view: View, at: Span, id: &str, what: &str) -> Refusal {
    let all = Context::new(view, at).map_or(Vec::new(), |context| assists(&context));
    let unroll = all.into_iter().find(|assist| matches!(assist.id, "unroll-loop" | "unroll-array"));
    let before = unroll.and_then(|assist| finished(view, assist.title, &assist.edits));
    Refusal { reason: format!("`{id}` is made by {what}, together with others"), before }
}

/// How the text names a node at the top of the file.
pub(super) fn reference(node: &Node) -> Result<String, Refusal> {
    if node.path != node.name {
        let reason =
            format!("`{}` is inside a module; links to it go through the interfaces that the module shows", node.path);
        return Err(Refusal::new(reason));
    }
    let Some((array, keys)) = &node.array else { return Ok(node.name.clone()) };
    let key = |key: &Value| match key {
        Value::Int(number) => Some(format!("[{number}]")),
        Value::String(text) => Some(format!("[\"{text}\"]")),
        _ => None,
    };
    let keys = keys.iter().map(key).collect::<Option<String>>();
    keys.map(|keys| format!("{array}{keys}"))
        .ok_or_else(|| Refusal::new(format!("the text has no name for `{}`", node.path)))
}

/// Where the name of something stands that alone has this name.
///
/// # Errors
/// Why it cannot have another.
pub fn renamable(view: View, id: &str) -> Result<Span, Refusal> {
    let Written { item, .. } = written(view, id)?;
    match &item.kind {
        ItemKind::Node(node) => Ok(node.name.span),
        ItemKind::Part(part) => Ok(part.name.span),
        ItemKind::Link(link) | ItemKind::Lag(link) => {
            link.name.as_ref().map(|name| name.span).ok_or_else(|| Refusal::new("this link has no name"))
        }
        _ => Err(Refusal::new(format!("`{id}` has no name"))),
    }
}

/// Where a line is put: behind the last item of the first kind that there is, or at the end.
pub(super) fn behind(context: &Context, kinds: &[fn(&ItemKind) -> bool]) -> Span {
    let items = context.unit.items();
    let last = kinds.iter().find_map(|wanted| items.iter().rev().find(|item| wanted(&item.kind))).or(items.last());
    last.map_or_else(
        || Span::new(context.file(), context.text.len(), context.text.len()),
        |item| context.whole(item).at_end(),
    )
}
