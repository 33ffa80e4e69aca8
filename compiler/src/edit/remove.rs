//! What goes, and what goes with it.

use super::Refusal;
use super::place::{Written, lab, written};
use crate::diagnostics::TextEdit;
use crate::ide::View;
use crate::ide::assists::Context;
use crate::ide::names::Role;
use crate::source::Span;
use crate::syntax::ast::{EndRefs, Item, ItemKind};
use crate::syntax::walk::{Element, around};
use serde::Serialize;

/// Something that names what is to go.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Dependent {
    /// The first line of its text.
    pub text: String,
    /// Its line in the file, from 1.
    pub line: u32,
    /// Does it go along? Else it has to be changed before.
    pub goes: bool,
    #[serde(skip)]
    span: Span,
}

/// What depends on things: links that would go with them, and other text that names them.
///
/// # Errors
/// One of them is not written by itself.
pub fn dependents(view: View, ids: &[String]) -> Result<Vec<Dependent>, Refusal> {
    let all = ids.iter().map(|id| written(view, id)).collect::<Result<Vec<_>, _>>()?;
    let mut found: Vec<Dependent> = Vec::new();
    for Written { context, item } in &all {
        for place in uses(view, item) {
            let is_gone = |span: Span| span.file == place.file && span.start <= place.start && place.end <= span.end;
            let known = found.iter().any(|dependent| is_gone(dependent.span));
            if !known && !all.iter().any(|other| is_gone(other.item.span)) {
                found.push(dependent(context, place));
            }
        }
    }
    found.sort_by_key(|dependent| dependent.span.start);
    Ok(found)
}

/// Where something else is named: all but its own declaration.
fn uses(view: View, item: &Item) -> Vec<Span> {
    let name = match &item.kind {
        ItemKind::Node(node) => node.name.span,
        ItemKind::Part(part) => part.name.span,
        ItemKind::Link(link) | ItemKind::Lag(link) => match &link.name {
            Some(name) => name.span,
            None => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let Some(symbol) = view.names.declared_at(name) else { return Vec::new() };
    view.names
        .uses(symbol)
        .filter(|place| place.role != Role::Declaration && place.role != Role::This)
        .map(|place| place.span)
        .collect()
}

/// What a use is a part of: a link that stands by itself goes along.
fn dependent(context: &Context, place: Span) -> Dependent {
    let own = place.file == context.file();
    let path = if own { around(&context.unit.parse.tree, place) } else { Vec::new() };
    let items: Vec<&Item> = path
        .iter()
        .filter_map(|element| match element {
            Element::Item(item) => Some(*item),
            _ => None,
        })
        .collect();
    let top = items.first().copied();
    let is_end = |item: &Item| match &item.kind {
        ItemKind::Link(link) | ItemKind::Lag(link) => {
            let ends = std::iter::once(&link.left).chain(&link.right);
            link.dims.is_none() && ends.into_iter().any(|end| matches!(&end.refs, EndRefs::One(expr) if end.each.is_none() && expr.span.start <= place.start && place.end <= expr.span.end))
        }
        _ => false,
    };
    let goes = top.is_some_and(is_end);
    let span = top.map_or(place, |item| item.span);
    let sources = &context.view.compilation.sources;
    let line = sources.get(place.file).map_or(0, |file| file.lines.utf8(span.start).line) + 1;
    let text = sources.text(span).lines().next().unwrap_or_default().to_owned();
    Dependent { text, line, goes, span }
}

/// Takes things out, with the links that end at them.
pub(super) fn delete(view: View, ids: &[String]) -> Result<(String, Vec<TextEdit>), Refusal> {
    let (context, _) = lab(view)?;
    let depends = dependents(view, ids)?;
    if let Some(other) = depends.iter().find(|dependent| !dependent.goes) {
        return Err(Refusal::new(format!("line {} needs it: `{}`", other.line, other.text)));
    }
    let mut spans: Vec<Span> = depends.iter().map(|dependent| dependent.span).collect();
    for id in ids {
        spans.push(written(view, id)?.item.span);
    }
    spans.sort();
    spans.dedup();
    let goes = |item: &&Item| spans.contains(&item.span);
    let mut items = Vec::new();
    crate::syntax::walk::walk(context.unit.items(), &mut |element| {
        if let Element::Item(item) = element
            && goes(&item)
        {
            items.push(item);
        }
    });
    let edits = items.into_iter().map(|item| {
        let edit = context.remove(item);
        let doc = item.doc.as_ref().map(|doc| context.whole(item).start.max(line_start(context.text, doc.span.start)));
        let start = doc.map_or(edit.span.start, |doc| doc.min(edit.span.start));
        TextEdit { span: Span { start, ..edit.span }, ..edit }
    });
    let title = match ids {
        [id] => format!("Delete {id}"),
        _ => format!("Delete {} things", ids.len()),
    };
    Ok((title, edits.collect()))
}

fn line_start(text: &str, at: u32) -> u32 {
    let before = text.get(..at as usize).unwrap_or_default();
    before.rfind('\n').map_or(0, |newline| u32::try_from(newline + 1).unwrap_or(at))
}
