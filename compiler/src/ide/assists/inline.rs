//! Puts what has a name where it is used: a constant, or a device that only adds attributes.

use super::{Assist, AssistKind, Context};
use crate::diagnostics::TextEdit;
use crate::ide::names::{Occurrence, SymbolKind};
use crate::source::Span;
use crate::syntax::ast::*;
use crate::syntax::walk::{Element, around, walk};

/// Puts a constant where it is used, and takes it out.
pub fn inline_constant(context: &Context) -> Option<Assist> {
    let (id, symbol) = context.symbol().filter(|(_, symbol)| symbol.kind == SymbolKind::Let)?;
    let (items, constant) = constant(context, symbol.name_span)?;
    let uses = context.uses(id)?;
    let value = context.slice(Element::Expr(&constant.value).span());
    let wrapped = if needs_parentheses(&constant.value) { format!("({value})") } else { value.to_owned() };
    let mut edits: Vec<TextEdit> = Vec::new();
    for place in uses {
        if !is_value(context, place, &constant.value) {
            return None;
        }
        let alone = stands_alone(context, place);
        edits.push(context.replace(place.span, if alone { value } else { &wrapped }));
    }
    if edits.is_empty() || context.has_comment(items.span) || context.whole(items) != with_lead(context, items) {
        return None;
    }
    edits.push(context.remove(items));
    let title = format!("Put `{}` where it is used", symbol.name);
    Some(Assist { id: "inline-constant", title, kind: AssistKind::Inline, edits })
}

/// The span of an item that has no comments around it, from the start of its line.
fn with_lead(context: &Context, item: &Item) -> Span {
    let before = context.text.get(..item.span.start as usize).unwrap_or_default();
    let trimmed = before.trim_end_matches([' ', '\t']);
    let begins = trimmed.is_empty() || trimmed.ends_with('\n');
    let start = if begins { trimmed.len() } else { item.span.range().start };
    let whole = context.whole(item);
    if whole.start == item.span.start { item.span } else { Span::new(item.span.file, start, item.span.range().end) }
}

fn constant<'a>(context: &Context<'a>, name: Span) -> Option<(&'a Item, &'a Let)> {
    let path = around(&context.unit.parse.tree, name);
    path.into_iter().rev().find_map(|element| match element {
        Element::Item(item @ Item { kind: ItemKind::Let(constant), .. }) => Some((item, constant)),
        _ => None,
    })
}

/// Would an operator next to it tear it apart?
pub fn needs_parentheses(value: &Expr) -> bool {
    use ExprKind::*;
    matches!(value.kind, Binary(..) | If(_) | Negate(_) | Not(_) | From(_) | Port(..))
}

/// Can a value stand where the name stands? Not as a type or a pool; and what is named by an end of a link, or changed,
/// needs a name.
fn is_value(context: &Context, place: &Occurrence, value: &Expr) -> bool {
    let path = around(&context.unit.parse.tree, place.span);
    let is_name = |element: &Element| matches!(element, Element::Expr(expr) if matches!(expr.kind, ExprKind::Name(_)));
    if !path.last().is_some_and(is_name) {
        return false;
    }
    let is_reference = matches!(value.kind, ExprKind::Name(_) | ExprKind::Field(..) | ExprKind::Index(..));
    path.windows(2).all(|pair| match pair {
        [Element::End(_), Element::Expr(_)] => is_reference,
        [Element::Expr(Expr { kind: ExprKind::From(_), .. }), _] => is_reference,
        [Element::Item(item), Element::Expr(_)] => {
            !matches!(item.kind, ItemKind::Override(_) | ItemKind::Remove(_) | ItemKind::Interface(_)) || is_reference
        }
        _ => true,
    })
}

/// Is there nothing but the name in its place?
pub fn stands_alone(context: &Context, place: &Occurrence) -> bool {
    let path = around(&context.unit.parse.tree, place.span);
    let above = path.len().checked_sub(2).and_then(|at| path.get(at));
    match above {
        Some(Element::Item(_) | Element::Parameter(_)) => true,
        Some(Element::Expr(above)) => match &above.kind {
            ExprKind::List(_) | ExprKind::Group(_) | ExprKind::String(_) | ExprKind::AddressText(_) => true,
            ExprKind::Call(function, _) => function.span != place.span,
            _ => false,
        },
        _ => false,
    }
}

/// Puts what a device adds to another one into its nodes.
pub fn inline_device(context: &Context) -> Option<Assist> {
    let (id, symbol) = context.symbol().filter(|(_, symbol)| symbol.kind == SymbolKind::Device)?;
    let path = around(&context.unit.parse.tree, symbol.name_span);
    let (item, device) = path.into_iter().find_map(|element| match element {
        Element::Item(item @ Item { kind: ItemKind::Device(device), .. }) => Some((item, device)),
        _ => None,
    })?;
    let (base, arguments) = device.base.as_ref()?;
    let adds_attributes =
        device.block.items.iter().all(|item| matches!(item.kind, ItemKind::Attribute(_) | ItemKind::Group(_)));
    let has_defaults = mentions_defaults(context);
    if symbol.name_span.file != context.file() || !device.parameters.is_empty() || !arguments.is_empty() {
        return None;
    }
    let commented = context.has_comment(device.block.span) || context.whole(item) != with_lead(context, item);
    if !adds_attributes || commented || has_defaults {
        return None;
    }
    let uses = context.uses(id)?;
    let mut edits = vec![context.remove(item)];
    for place in &uses {
        edits.extend(onto_node(context, place.span, base, device)?);
    }
    let title = format!("Put `{}` into its nodes", symbol.name);
    (!uses.is_empty()).then_some(Assist { id: "inline-device", title, kind: AssistKind::Inline, edits })
}

/// Defaults are stronger than a device and weaker than a node, so moving an attribute may change which one wins.
pub fn mentions_defaults(context: &Context) -> bool {
    context.view.compilation.units.iter().filter(|unit| !unit.fixed).any(|unit| {
        let mut found = false;
        walk(unit.items(), &mut |element| {
            found |= matches!(element, Element::Item(Item { kind: ItemKind::Defaults(_), .. }));
        });
        found
    })
}

/// The edits of a node whose device goes away; none if it is used otherwise, or if both say the same attribute.
fn onto_node(context: &Context, place: Span, base: &Path, device: &Device) -> Option<Vec<TextEdit>> {
    let path = around(&context.unit.parse.tree, place);
    let (item, node) = path.into_iter().rev().find_map(|element| match element {
        Element::Item(item @ Item { kind: ItemKind::Node(node), .. }) => Some((item, node)),
        _ => None,
    })?;
    let own: Vec<&str> = node.block.iter().flat_map(|block| &block.items).filter_map(key).collect();
    let clash = device.block.items.iter().filter_map(key).any(|key| own.contains(&key));
    if node.device.span != place || clash || !node.arguments.is_empty() {
        return None;
    }
    let added = Span { start: device.block.span.start + 1, end: device.block.span.end - 1, ..device.block.span };
    let added = context.slice(added).trim_end();
    let mut edits = vec![context.replace(place, context.slice(base.span))];
    match &node.block {
        _ if device.block.items.is_empty() => {}
        Some(block) => {
            let at = Span { start: block.span.start + 1, end: block.span.start + 1, ..block.span };
            let sep = if block.items.is_empty() || added.contains('\n') { "\n" } else { "," };
            edits.push(context.replace(at, format!("{added}{sep}")));
        }
        None => edits.push(context.replace(item.span.at_end(), format!(" {{{added} }}"))),
    }
    Some(edits)
}

/// The attribute that an item sets.
pub fn key(item: &Item) -> Option<&str> {
    match &item.kind {
        ItemKind::Attribute(Attribute { key: Key { kind: KeyKind::Name(name), .. }, .. }) => Some(name),
        ItemKind::Group(group) => Some(&group.name.text),
        _ => None,
    }
}
