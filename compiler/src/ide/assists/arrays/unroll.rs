//! From an array or a loop to what it makes, written out.

use super::substitute::{KeyValue, key, keys, substitute};
use crate::diagnostics::TextEdit;
use crate::diagnostics::fix::apply_edits;
use crate::ide::assists::{Assist, AssistKind, Context};
use crate::ide::names::{Role, SymbolId};
use crate::source::Span;
use crate::syntax::ast::*;
use crate::syntax::walk::{Element, around};

/// A `for` over numbers or words, written out.
pub fn unroll_loop(context: &Context) -> Option<Assist> {
    let (item, repeat) = context.around().into_iter().rev().find_map(|element| match element {
        Element::Item(item @ Item { kind: ItemKind::For(repeat), .. }) => Some((item, repeat)),
        _ => None,
    })?;
    let in_header = context.range.start <= repeat.block.span.start;
    let keys = keys(&repeat.binding.list)?;
    if !in_header || keys.is_empty() || item.doc.is_some() || !can_repeat(&repeat.block) {
        return None;
    }
    let variable = &repeat.binding.name;
    let uses = places(context, variable)?;
    let block = repeat.block.span;
    let inside = Span { start: block.start + 1, end: block.end - 1, ..block };
    let is_flat = !context.slice(block).contains('\n');
    let turns = keys.iter().map(|key| {
        let edits = substitute(context, &uses, &variable.text, key);
        if is_flat {
            let items = repeat.block.items.iter().map(|item| rewritten(context, item.span, &edits));
            items.collect::<Option<Vec<_>>>().map(|items| items.join("\n"))
        } else {
            rewritten(context, inside, &edits).map(|text| text.trim().to_owned())
        }
    });
    let text = turns.collect::<Option<Vec<String>>>()?.join("\n");
    let edits = vec![context.replace(item.span, text)];
    let title = format!("Write out the {} turns of the loop", keys.len());
    Some(Assist { id: "unroll-loop", title, kind: AssistKind::Rewrite, edits })
}

/// Is there nothing in it that has a name of its own, or is local to each turn?
fn can_repeat(block: &Block) -> bool {
    block.items.iter().all(|item| match &item.kind {
        ItemKind::Node(node) => node.dims.is_some(),
        ItemKind::Link(link) | ItemKind::Lag(link) => link.name.is_none() || link.dims.is_some(),
        ItemKind::Part(part) => part.dims.is_some(),
        ItemKind::For(_) | ItemKind::Override(_) => true,
        ItemKind::If(choice) => can_repeat(&choice.then) && choice.otherwise.as_ref().is_none_or(can_repeat),
        ItemKind::Check(check) | ItemKind::Expect(check) => check.name.is_none(),
        _ => false,
    })
}

/// Where a variable is used.
fn places(context: &Context, variable: &Name) -> Option<Vec<Span>> {
    let id = context.view.names.declared_at(variable.span)?;
    let mut places: Vec<Span> = context.uses(id)?.iter().map(|place| place.span).collect();
    places.sort();
    Some(places)
}

/// The text of a span after edits in it.
fn rewritten(context: &Context, span: Span, edits: &[TextEdit]) -> Option<String> {
    let inside = edits.iter().filter(|edit| span.start <= edit.span.start && edit.span.end <= span.end);
    let moved = |edit: &TextEdit| {
        let (start, end) = (edit.span.start - span.start, edit.span.end - span.start);
        TextEdit { span: Span { start, end, ..span }, text: edit.text.clone() }
    };
    let moved: Vec<TextEdit> = inside.map(moved).collect();
    apply_edits(context.slice(span), &moved).ok()
}

/// `node n[1..2]: debian` as `node n1: debian` and `node n2: debian`; as `node n[1]: debian` and so on, where something
/// uses the array as a whole.
pub fn unroll_array(context: &Context) -> Option<Assist> {
    let (item, node) = context.around().into_iter().rev().find_map(|element| match element {
        Element::Item(item @ Item { kind: ItemKind::Node(node), .. }) => Some((item, node)),
        _ => None,
    })?;
    let header = node.block.as_ref().map_or(item.span.end, |block| block.span.start);
    let [dim] = node.dims.as_deref()? else { return None };
    let keys = keys(&dim.keys)?;
    if context.range.start > header || keys.len() < 2 {
        return None;
    }
    let whole = context.whole(item);
    let id = context.view.names.declared_at(node.name.span)?;
    let names = plain_names(context, id, node, &keys);
    let uses = match &dim.variable {
        Some(variable) => places(context, variable)?,
        None => Vec::new(),
    };
    let rest = rest(context, item, node)?;
    let lead = context.slice(Span { end: node.name.span.start, ..item.span });
    let lines = keys.iter().enumerate().map(|(at, key)| {
        let variable = dim.variable.as_ref().map_or("", |variable| variable.text.as_str());
        let edits = substitute(context, &uses, variable, key);
        let name = match names.as_ref().and_then(|(names, _)| names.get(at)) {
            Some(name) => name.clone(),
            None => format!("{}[{}]", node.name.text, key.written()),
        };
        Some(format!("{lead}{name}{}", rewritten(context, rest, &edits)?))
    });
    let lines = lines.collect::<Option<Vec<String>>>()?;
    let documented = whole.start < item.span.start && item.doc.is_some();
    let mut edits = vec![context.replace(item.span, lines.join("\n"))];
    edits.extend(names.into_iter().flat_map(|(_, edits)| edits));
    let title = format!("Write out the {} nodes of the array", keys.len());
    (!documented).then_some(Assist { id: "unroll-array", title, kind: AssistKind::Rewrite, edits })
}

/// What stands behind the dimensions of a node.
fn rest(context: &Context, item: &Item, node: &Node) -> Option<Span> {
    let head = Span { start: node.name.span.end, end: node.device.span.start, ..item.span };
    let bracket = context.slice(head).rfind(']')?;
    Some(Span::new(item.span.file, head.range().start + bracket + 1, item.span.range().end))
}

/// The names that nodes have without an array, and the edits of what names them; none if the array is named as a whole.
fn plain_names(
    context: &Context,
    id: SymbolId,
    node: &Node,
    keys: &[KeyValue],
) -> Option<(Vec<String>, Vec<TextEdit>)> {
    let array = node.name.text.as_str();
    let is_one = context.view.names.uses(id).filter(|place| place.role == Role::Declaration).count() == 1;
    let name = |key: &KeyValue| {
        let dash = array.ends_with(|char: char| char.is_ascii_digit()) || matches!(key, KeyValue::Word(_));
        format!("{array}{}{}", if dash { "-" } else { "" }, key.plain())
    };
    let names: Vec<String> = keys.iter().map(name).collect();
    let good = |name: &String| crate::syntax::is_name(name) && context.is_free(name);
    if !is_one || !names.iter().all(good) {
        return None;
    }
    let mut edits = Vec::new();
    for place in context.uses(id)? {
        let path = around(&context.unit.parse.tree, place.span);
        let element = path.into_iter().rev().find_map(|element| match element {
            Element::Expr(expr @ Expr { kind: ExprKind::Index(base, indices), .. })
                if base.span.start <= place.span.start && base.span.end == place.span.end =>
            {
                Some((Span { start: place.span.start, ..expr.span }, indices))
            }
            _ => None,
        });
        let (span, indices) = element?;
        let [Index::Key(index)] = indices.as_slice() else { return None };
        let at = keys.iter().position(|key| Some(key) == self::key(index).as_ref())?;
        edits.push(context.replace(span, names.get(at)?.clone()));
    }
    // A node that is no element has no key.
    (!context.text.contains(".key")).then_some((names, edits))
}
