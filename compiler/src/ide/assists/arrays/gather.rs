//! From items that repeat themselves to an array or a loop.

use super::pattern::pattern;
use crate::diagnostics::TextEdit;
use crate::ide::assists::{Assist, AssistKind, Context};
use crate::source::Span;
use crate::syntax::ast::{Item, ItemKind, Link, Node};
use std::ops::Range;

/// `node n1: debian` and `node n2: debian` as `node n[1..2]: debian`.
pub fn into_array(context: &Context) -> Option<Assist> {
    let (items, chosen) = context.selected(|kind| matches!(kind, ItemKind::Node(_)))?;
    let run = widened(items, chosen, |one, other| next_node(context, one, other));
    let nodes: Vec<(&Item, &Node)> = items.get(run)?.iter().filter_map(node).collect();
    let ((first_item, first), others) = nodes.split_first()?;
    let (array, start) = numbered(&first.name.text)?;
    let public = nodes.iter().any(|(item, _)| item.public.is_some());
    let commented = others.iter().any(|(item, _)| context.has_comment(context.whole(item)));
    if others.is_empty() || public || commented || !context.is_free(array) {
        return None;
    }
    let end = start + others.len() as u64;
    let mut edits = vec![context.replace(first.name.span, format!("{array}[{start}..{end}]"))];
    edits.extend(others.iter().map(|(item, _)| context.remove(item)));
    let removed: Vec<Span> = others.iter().map(|(item, _)| item.span).collect();
    for (position, (_, node)) in nodes.iter().enumerate() {
        let id = context.view.names.declared_at(node.name.span)?;
        let number = start + position as u64;
        for place in context.uses(id)? {
            let inside = |span: &Span| span.start <= place.span.start && place.span.end <= span.end;
            if inside(&first_item.span) || removed.iter().any(inside) {
                return None;
            }
            edits.push(context.replace(place.span, format!("{array}[{number}]")));
        }
    }
    let title = format!("Write the {} nodes as the array `{array}`", nodes.len());
    Some(Assist { id: "into-array", title, kind: AssistKind::Rewrite, edits })
}

fn node(item: &Item) -> Option<(&Item, &Node)> {
    match &item.kind {
        ItemKind::Node(node) => Some((item, node)),
        _ => None,
    }
}

/// Would the second be the next element of an array that the first is in?
fn next_node(context: &Context, one: &Item, other: &Item) -> bool {
    let (Some((_, first)), Some((_, second))) = (node(one), node(other)) else { return false };
    let rest = |item: &Item, node: &Node| context.slice(Span { start: node.name.span.end, ..item.span });
    let (Some((array, number)), Some((next_array, next))) = (numbered(&first.name.text), numbered(&second.name.text))
    else {
        return false;
    };
    first.dims.is_none()
        && second.dims.is_none()
        && array == next_array
        && number + 1 == next
        && rest(one, first) == rest(other, second)
}

/// The array and key whose element has this instance name: `leaf1` is `leaf[1]`, `r2-1` is `r2[1]`.
fn numbered(name: &str) -> Option<(&str, u64)> {
    let array = name.trim_end_matches(|char: char| char.is_ascii_digit());
    let digits = name.get(array.len()..)?;
    let number: u64 = digits.parse().ok()?;
    let array = match array.strip_suffix('-') {
        Some(array) => array.ends_with(|char: char| char.is_ascii_digit()).then_some(array)?,
        None => array,
    };
    let is_plain = digits.len() < 10 && (digits == "0" || !digits.starts_with('0'));
    (is_plain && !array.is_empty()).then_some((array, number))
}

/// Links and the like that differ only in numbers, as a `for`.
pub fn into_loop(context: &Context) -> Option<Assist> {
    let (items, chosen) = context.selected(repeats)?;
    let alike = |one: &Item, other: &Item| {
        let kind = |item: &Item| std::mem::discriminant(&item.kind);
        repeats(&one.kind) && repeats(&other.kind) && kind(one) == kind(other) && is_near(context, one, other)
    };
    let run = if chosen.len() > 1 { chosen } else { widened(items, chosen, alike) };
    let items = items.get(run)?;
    let (first, others) = items.split_first()?;
    if others.iter().any(|item| context.has_comment(context.whole(item))) {
        return None;
    }
    let variable = ["i", "j", "k", "n"].into_iter().find(|name| context.is_free(name))?;
    let pattern = pattern(context, items, variable)?;
    let (start, end) = pattern.range;
    let mut edits: Vec<TextEdit> = Vec::new();
    edits.push(context.replace(first.span.at_start(), format!("for {variable} in {start}..{end} {{\n")));
    edits.extend(pattern.changes.into_iter().map(|(span, text)| TextEdit { span, text }));
    edits.push(context.replace(first.span.at_end(), "\n}"));
    edits.extend(others.iter().map(|item| context.remove(item)));
    let title = format!("Write the {} items as a loop", items.len());
    Some(Assist { id: "into-loop", title, kind: AssistKind::Rewrite, edits })
}

/// May it stand in a `for` as it is? Nothing with a name of its own.
fn repeats(kind: &ItemKind) -> bool {
    match kind {
        ItemKind::Link(Link { name, .. }) => name.is_none(),
        ItemKind::Override(_) => true,
        ItemKind::Check(check) => check.name.is_none(),
        _ => false,
    }
}

/// Is there no empty line between two items?
fn is_near(context: &Context, one: &Item, other: &Item) -> bool {
    let gap = Span { start: one.span.end, end: other.span.start, ..one.span };
    context.slice(gap).matches('\n').count() < 2
}

/// The chosen items with those next to them that belong to the same row.
fn widened(items: &[Item], chosen: Range<usize>, follows: impl Fn(&Item, &Item) -> bool) -> Range<usize> {
    let joined = |at: usize| match (items.get(at), items.get(at + 1)) {
        (Some(one), Some(other)) => follows(one, other),
        _ => false,
    };
    let (mut start, mut end) = (chosen.start, chosen.end);
    while start > 0 && joined(start - 1) {
        start -= 1;
    }
    while end > 0 && joined(end - 1) {
        end += 1;
    }
    // What was chosen may itself not be one row.
    if (start..end.saturating_sub(1)).all(joined) { start..end } else { chosen.start..chosen.start }
}
