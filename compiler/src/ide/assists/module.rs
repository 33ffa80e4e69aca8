//! Makes a module of items, and puts a module back where it is used.

use super::inline::{needs_parentheses, stands_alone};
use super::{Assist, AssistKind, Context};
use crate::diagnostics::TextEdit;
use crate::diagnostics::fix::apply_edits;
use crate::ide::names::{Occurrence, Role, Symbol, SymbolId, SymbolKind};
use crate::source::Span;
use crate::syntax::ast::*;
use crate::syntax::walk::{Element, around};
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// Makes a module of the items that are selected at the top of a file. What they use from outside becomes parameters,
/// and what is used of them is `pub`. Their paths begin with the name of the instance then.
pub fn extract_module(context: &Context) -> Option<Assist> {
    let (items, chosen) = context.selected(extractable)?;
    let chosen = items.get(chosen)?;
    let (first, last) = (chosen.first()?, chosen.last()?);
    let at_top = context.unit.items().iter().any(|item| item.span == first.span);
    if context.range.start == context.range.end || !at_top {
        return None;
    }
    let body = context.whole(first).to(context.whole(last));
    let (module, instance) = (context.free_name("part"), context.free_name("part-1"));
    let parameters = parameters(context, body)?;
    // Elements of one array are declared by several items.
    let mut shared = BTreeSet::new();
    for item in chosen {
        shared.extend(published(context, item, body, &instance)?);
    }
    let list = |each: &dyn Fn(&str, &str) -> String| {
        let all: Vec<String> = parameters.iter().map(|(name, ty)| each(name, ty)).collect();
        if all.is_empty() { String::new() } else { format!("({})", all.join(", ")) }
    };
    let head = list(&|name, ty| format!("{name}: {ty}"));
    let arguments = list(&|name, _| format!("{name} = {name}"));
    let mut edits = vec![context.replace(body.at_start(), format!("module {module}{head} {{\n"))];
    edits.extend(shared);
    edits.push(context.replace(body.at_end(), format!("\n}}\n\nnode {instance}: {module}{arguments}")));
    let title = format!("Make a module of the {} items", chosen.len());
    (chosen.len() > 1).then_some(Assist { id: "extract-module", title, kind: AssistKind::Extract, edits })
}

fn extractable(kind: &ItemKind) -> bool {
    use ItemKind::*;
    match kind {
        Node(_) | Link(_) | Lag(_) | For(_) | If(_) | Override(_) => true,
        Part(part) => matches!(part.word.text.as_str(), "network" | "vlan" | "vrf"),
        _ => false,
    }
}

/// What the items use of what stays outside and no module sees: name and type. None where a type cannot be told.
fn parameters(context: &Context, body: Span) -> Option<IndexMap<String, &'static str>> {
    let mut parameters = IndexMap::new();
    for (place, id) in context.named_in(body) {
        let symbol = context.view.names.symbol(id)?;
        let outside = symbol.name_span.file == context.file() && !holds(body, symbol.name_span);
        if place.role != Role::Reference || !outside || symbol.container.is_some() {
            continue;
        }
        let ty = match symbol.kind {
            SymbolKind::Node if !symbol.array && is_device(context, symbol) => "node",
            SymbolKind::Network if !symbol.array => "network",
            SymbolKind::Pool => "pool",
            SymbolKind::Vlan => "vlan",
            SymbolKind::Vrf => "vrf",
            SymbolKind::Node | SymbolKind::Network | SymbolKind::Link | SymbolKind::Lag | SymbolKind::Variable => {
                return None;
            }
            _ => continue,
        };
        parameters.insert(symbol.name.to_string(), ty);
    }
    Some(parameters)
}

/// Is a node one of a device, and no instance of a module?
fn is_device(context: &Context, node: &Symbol) -> bool {
    let kinds = node.of.iter().filter_map(|id| context.view.names.symbol(*id));
    kinds.clone().count() > 0 && kinds.into_iter().all(|of| of.kind == SymbolKind::Device)
}

fn holds(outer: Span, inner: Span) -> bool {
    outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
}

/// The edits that let the rest of the file use what an item declares; none where that is not possible.
fn published(context: &Context, item: &Item, body: Span, instance: &str) -> Option<Vec<TextEdit>> {
    let declared = context.named_in(item.span).filter(|(place, _)| place.role == Role::Declaration);
    let declared: Vec<(&Occurrence, SymbolId)> = declared.collect();
    let mut edits = Vec::new();
    for (name, id) in declared {
        let symbol = context.view.names.symbol(id)?;
        let shared = matches!(symbol.kind, SymbolKind::Node | SymbolKind::Network);
        let uses: Vec<&Occurrence> = context.view.names.uses(id).collect();
        if shared && uses.iter().any(|place| place.role == Role::Declaration && !holds(body, place.span)) {
            return None;
        }
        let outside: Vec<&&Occurrence> =
            uses.iter().filter(|place| place.role == Role::Reference && !holds(body, place.span)).collect();
        if outside.is_empty() || matches!(symbol.kind, SymbolKind::Interface | SymbolKind::Nic) {
            continue;
        }
        let own_name = match &item.kind {
            ItemKind::Node(node) => node.name.span,
            ItemKind::Part(part) => part.name.span,
            _ => return None,
        };
        if !shared || name.span != own_name || !outside.iter().all(|place| is_expression(context, place.span)) {
            return None;
        }
        if item.public.is_none() {
            edits.push(context.replace(item.span.at_start(), "pub "));
        }
        edits.extend(outside.iter().map(|place| context.replace(place.span.at_start(), format!("{instance}."))));
    }
    Some(edits)
}

/// Does a name of this file stand where a path may? Targets name networks as keys.
fn is_expression(context: &Context, place: Span) -> bool {
    let path = around(&context.unit.parse.tree, place);
    let is_name = |element: &Element| matches!(element, Element::Expr(Expr { kind: ExprKind::Name(_), .. }));
    place.file == context.file() && path.last().is_some_and(is_name)
}

/// Puts what a module holds where its only instance stands. The paths of its nodes lose the name of the instance.
pub fn inline_module(context: &Context) -> Option<Assist> {
    let (id, symbol) = context.symbol().filter(|(_, symbol)| symbol.kind == SymbolKind::Module)?;
    let (item, module) =
        around(&context.unit.parse.tree, symbol.name_span).into_iter().find_map(|element| match element {
            Element::Item(item @ Item { kind: ItemKind::Module(module), .. }) => Some((item, module)),
            _ => None,
        })?;
    let uses = context.uses(id)?;
    let [place] = uses.as_slice() else { return None };
    let instance = context.unit.items().iter().find(|item| holds(item.span, place.span))?;
    let ItemKind::Node(node) = &instance.kind else { return None };
    let head = Span { end: module.block.span.start, ..item.span };
    let is_plain = node.dims.is_none() && node.block.as_ref().is_none_or(|block| block.items.is_empty());
    let documented = [item, instance].iter().any(|item| item.doc.is_some());
    let commented = context.has_comment(head) || context.has_comment(instance.span);
    let is_flat = !context.slice(module.block.span).contains('\n');
    if !is_plain || is_flat || documented || commented || !module.block.items.iter().all(|item| inlinable(&item.kind)) {
        return None;
    }
    let mut inside = arguments(context, module, node)?;
    let mut edits = Vec::new();
    for item in &module.block.items {
        inside.extend(item.public.map(|public| context.replace(Span { end: public.end + 1, ..public }, "")));
        if !names_are_free(context, item, symbol.item_span) {
            return None;
        }
    }
    edits.extend(without_instance(context, node, instance.span)?);
    let block = Span { start: module.block.span.start + 1, end: module.block.span.end - 1, ..module.block.span };
    let moved = inside.iter().map(|edit| {
        let (start, end) = (edit.span.start.checked_sub(block.start)?, edit.span.end.checked_sub(block.start)?);
        Some(TextEdit { span: Span { start, end, ..block }, text: edit.text.clone() })
    });
    let moved: Vec<TextEdit> = moved.collect::<Option<_>>()?;
    let text = apply_edits(context.slice(block), &moved).ok()?;
    let comments = context.slice(Span { start: context.whole(item).start, end: item.span.start, ..item.span });
    edits.push(context.remove(&Item { span: Span { start: context.whole(item).start, ..item.span }, ..item.clone() }));
    edits.push(context.replace(instance.span, format!("{comments}{}", text.trim())));
    let title = format!("Put `{}` where it is used", symbol.name);
    Some(Assist { id: "inline-module", title, kind: AssistKind::Inline, edits })
}

fn inlinable(kind: &ItemKind) -> bool {
    extractable(kind) || matches!(kind, ItemKind::Check(_) | ItemKind::Pool(_) | ItemKind::Let(_))
}

/// The edits that put arguments and defaults into the places of parameters.
fn arguments(context: &Context, module: &Module, node: &Node) -> Option<Vec<TextEdit>> {
    let mut edits = Vec::new();
    for parameter in &module.parameters {
        let given = node
            .arguments
            .iter()
            .find(|argument| argument.name.as_ref().is_some_and(|name| name.text == parameter.name.text));
        let value = given.map(|given| &given.value).or(parameter.default.as_ref())?;
        let text = context.slice(Element::Expr(value).span());
        let id = context.view.names.declared_at(parameter.name.span)?;
        // An argument names it too.
        for place in context.uses(id)?.into_iter().filter(|place| holds(module.block.span, place.span)) {
            let bare = stands_alone(context, place) || !needs_parentheses(value);
            let is_name = matches!(value.kind, ExprKind::Name(_) | ExprKind::Field(..) | ExprKind::Index(..));
            let path = around(&context.unit.parse.tree, place.span);
            let in_end = path.windows(2).any(|pair| matches!(pair, [Element::End(_), Element::Expr(_)]));
            if in_end && !is_name {
                return None;
            }
            edits.push(context.replace(place.span, if bare { text.to_owned() } else { format!("({text})") }));
        }
    }
    Some(edits)
}

/// Does nothing outside of the module have a name that an item declares?
fn names_are_free(context: &Context, item: &Item, module: Span) -> bool {
    let mut declared = context.named_in(item.span).filter(|(place, _)| place.role == Role::Declaration);
    declared.all(|(_, id)| {
        let Some(symbol) = context.view.names.symbol(id) else { return false };
        let others = context.view.names.symbols.iter().filter(|other| {
            other.name == symbol.name && other.name_span.file == context.file() && !holds(module, other.name_span)
        });
        let inner = matches!(symbol.kind, SymbolKind::Interface | SymbolKind::Variable | SymbolKind::Nic);
        inner || others.count() == 0
    })
}

/// The edits that name what is in the module directly; none where the instance itself is named.
fn without_instance(context: &Context, node: &Node, instance: Span) -> Option<Vec<TextEdit>> {
    let id = context.view.names.declared_at(node.name.span)?;
    let mut edits = Vec::new();
    for place in context.uses(id)? {
        let follows = context.text.get(place.span.end as usize..)?.starts_with('.');
        if !follows || holds(instance, place.span) {
            return None;
        }
        edits.push(context.replace(Span { end: place.span.end + 1, ..place.span }, ""));
    }
    Some(edits)
}
