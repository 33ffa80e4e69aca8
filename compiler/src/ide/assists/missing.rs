//! Writes what is missing: arguments, a node that a link names, and what the compiler chose by itself.

use super::{Assist, AssistKind, Context};
use crate::diagnostics::TextEdit;
use crate::ide::names::SymbolKind;
use crate::source::Span;
use crate::syntax::ast::*;
use crate::syntax::walk::Element;
use crate::topology::{InterfaceKind, LinkEnd};
use crate::value::Value;

/// Adds the arguments that the device or module of a node cannot do without.
pub fn add_arguments(context: &Context) -> Option<Assist> {
    let node = context.around().into_iter().rev().find_map(|element| match element {
        Element::Item(Item { kind: ItemKind::Node(node), .. }) => Some(node),
        _ => None,
    })?;
    let (_, item) = context.view.compilation.find(context.id, context.slice(node.device.span))?;
    let parameters = match &item.kind {
        ItemKind::Device(device) => &device.parameters,
        ItemKind::Module(module) => &module.parameters,
        _ => return None,
    };
    let given =
        |name: &Name| node.arguments.iter().any(|argument| argument.name.as_ref().is_some_and(|n| n.text == name.text));
    let is_optional = |ty: &Type| matches!(ty.kind, TypeKind::Optional(_));
    let missing = parameters
        .iter()
        .filter(|parameter| parameter.default.is_none() && !is_optional(&parameter.ty) && !given(&parameter.name));
    let written =
        missing.map(|parameter| Some(format!("{} = {}", parameter.name.text, any_value(context, &parameter.ty)?)));
    let written = written.collect::<Option<Vec<String>>>()?;
    if written.is_empty() {
        return None;
    }
    let after = context.text.get(node.device.span.end as usize..).unwrap_or_default();
    let edit = match node.arguments.last() {
        Some(last) => context.replace(Element::Expr(&last.value).span().at_end(), format!(", {}", written.join(", "))),
        None if after.starts_with('(') => {
            let at = Span { start: node.device.span.end + 1, end: node.device.span.end + 1, ..node.device.span };
            context.replace(at, written.join(", "))
        }
        None => context.replace(node.device.span.at_end(), format!("({})", written.join(", "))),
    };
    let title = if written.len() == 1 { "Add the missing argument" } else { "Add the missing arguments" }.to_owned();
    Some(Assist { id: "add-arguments", title, kind: AssistKind::QuickFix, edits: vec![edit] })
}

/// A value of a type, to be thought over; of a thing, the first one at hand.
fn any_value(context: &Context, ty: &Type) -> Option<String> {
    let thing = |kind: SymbolKind| {
        let visible = context.view.names.visible(context.file(), context.range.start);
        let mut symbols = visible.into_iter().filter_map(|id| context.view.names.symbol(id));
        symbols.find(|symbol| symbol.kind == kind && !symbol.array).map(|symbol| symbol.name.to_string())
    };
    match &ty.kind {
        TypeKind::List(_) => Some("[]".to_owned()),
        TypeKind::Map(_) => Some("{}".to_owned()),
        TypeKind::Enum(members) => members.first().map(|member| member.text.to_string()),
        TypeKind::Path(path) => match path.names.as_slice() {
            [name] => match name.text.as_str() {
                "bool" => Some("true".to_owned()),
                "int" => Some("1".to_owned()),
                "string" => Some("\"\"".to_owned()),
                "size" => Some("1GiB".to_owned()),
                "duration" => Some("1s".to_owned()),
                "rate" => Some("1Gbps".to_owned()),
                "percent" => Some("1%".to_owned()),
                "ip" => Some("192.0.2.1".to_owned()),
                "cidr" => Some("192.0.2.1/24".to_owned()),
                "prefix" => Some("192.0.2.0/24".to_owned()),
                "mac" => Some("52:54:00:00:00:01".to_owned()),
                "node" => thing(SymbolKind::Node),
                "network" => thing(SymbolKind::Network),
                "pool" => thing(SymbolKind::Pool),
                "vlan" => thing(SymbolKind::Vlan),
                "vrf" => thing(SymbolKind::Vrf),
                _ => None,
            },
            _ => None,
        },
        TypeKind::Optional(_) | TypeKind::Record(_) | TypeKind::Hole => None,
    }
}

/// Adds a node for a name at the end of a link that means nothing yet.
pub fn add_node(context: &Context) -> Option<Assist> {
    let path = context.around();
    let in_end = path.windows(2).any(|pair| matches!(pair, [Element::End(_), Element::Expr(_)]));
    let name = path.last().and_then(|element| match element {
        Element::Expr(Expr { kind: ExprKind::Name(name), span }) => Some((name, *span)),
        _ => None,
    });
    let (name, span) = name.filter(|_| in_end)?;
    let unknown =
        context.view.compilation.diagnostics.iter().any(|found| found.code.id == "E0203" && found.span() == span);
    let is_indexed =
        path.iter().any(|element| matches!(element, Element::Expr(Expr { kind: ExprKind::Index(..), .. })));
    if !unknown || is_indexed || !crate::syntax::is_name(name) {
        return None;
    }
    // Before the loops around the link, in which a node would need an index.
    let module = path
        .iter()
        .rposition(|element| matches!(element, Element::Item(item) if matches!(item.kind, ItemKind::Module(_))));
    let mut below = path.iter().skip(module.map_or(0, |at| at + 1));
    let item = below.find_map(|element| match element {
        Element::Item(item) => Some(*item),
        _ => None,
    })?;
    let nodes = context.unit.items().iter().filter(|other| other.span.end <= item.span.start);
    let mut device = nodes.filter_map(|item| match &item.kind {
        ItemKind::Node(node) => Some(context.slice(node.device.span)),
        _ => None,
    });
    let device = device.next_back().unwrap_or("debian");
    let at = Span { end: context.whole(item).start, start: context.whole(item).start, ..item.span };
    let edits = vec![context.replace(at, format!("node {name}: {device}\n"))];
    let title = format!("Add the node `{name}`");
    Some(Assist { id: "add-node", title, kind: AssistKind::QuickFix, edits })
}

/// Writes out what the compiler chose at the place: what came from a pool, or the interfaces of a link.
pub fn write_chosen(context: &Context) -> Option<Assist> {
    drawn(context).or_else(|| interfaces(context))
}

fn drawn(context: &Context) -> Option<Assist> {
    let span = context.around().into_iter().rev().find_map(|element| match element {
        Element::Expr(Expr { kind: ExprKind::From(_), span }) => Some(*span),
        _ => None,
    })?;
    let mut draws = context.view.compilation.facts.draws.iter().filter(|draw| draw.span == span);
    let draw = draws.next().filter(|_| draws.next().is_none())?;
    let text = match &draw.value {
        Value::Int(number) => number.to_string(),
        Value::Ip(address) => address.to_string(),
        Value::Cidr(net) | Value::Prefix(net) => net.to_string(),
        _ => return None,
    };
    let title = format!("Write what it got: `{text}`");
    let edits = vec![context.replace(span, text)];
    Some(Assist { id: "write-chosen", title, kind: AssistKind::Rewrite, edits })
}

fn interfaces(context: &Context) -> Option<Assist> {
    let (item, link) = context.around().into_iter().rev().find_map(|element| match element {
        Element::Item(item @ Item { kind: ItemKind::Link(link), .. }) => Some((item, link)),
        _ => None,
    })?;
    let topology = context.view.compilation.topology.as_ref()?;
    let mut links = topology.links.iter().filter(|made| made.origin.span == item.span);
    let made = links.next().filter(|_| links.next().is_none())?;
    // What a link draws from pools is kept under its ends, as they are written.
    let draws = &context.view.compilation.facts.draws;
    if link.name.is_none() && draws.iter().any(|draw| draw.owner.ends_with(&made.path)) {
        return None;
    }
    let ends = [Some(&link.left), link.right.as_ref()].into_iter().flatten().zip(&made.ends);
    let edit = |(written, end): (&End, &LinkEnd)| -> Option<TextEdit> {
        let (_, interface) = topology.interface(end)?;
        let EndRefs::One(expr) = &written.refs else { return None };
        let is_open = matches!(expr.kind, ExprKind::Name(_) | ExprKind::Field(..) | ExprKind::Index(..));
        let is_port = matches!(interface.kind, InterfaceKind::Physical { .. });
        let plain = |char: char| char.is_ascii_alphanumeric() || "_-./".contains(char);
        let name = &interface.name;
        let name = if name.chars().all(plain) { format!(":{name}") } else { format!(":\"{name}\"") };
        (is_open && is_port).then(|| context.replace(expr.span.at_end(), name))
    };
    let edits: Vec<TextEdit> = ends.filter_map(edit).collect();
    let title = if edits.len() == 1 { "Write the interface" } else { "Write the interfaces" };
    let title = format!("{title} that the link got");
    (!edits.is_empty()).then_some(Assist { id: "write-chosen", title, kind: AssistKind::Rewrite, edits })
}
