//! Makes a device of what nodes have in common.

use super::inline::{key, mentions_defaults};
use super::{Assist, AssistKind, Context};
use crate::ide::names::SymbolKind;
use crate::semantics::schema::{Kind, attribute};
use crate::source::Span;
use crate::syntax::ast::*;
use crate::syntax::walk::{Element, walk_element};

/// Attributes that are of one node and no other; and the version, which its device may read.
const OWN: &[&str] = &["was", "hostname", "uuid", "allow", "after", "management_address", "base_mac", "version"];

/// Makes a device with the attributes that the nodes at the place all have, and has them use it.
pub fn extract_device(context: &Context) -> Option<Assist> {
    let (items, chosen) = context.selected(|kind| matches!(kind, ItemKind::Node(_)))?;
    let nodes: Vec<(&Item, &Node)> = items.get(chosen)?.iter().filter_map(node).collect();
    let (_, first) = nodes.first()?;
    let device = context.slice(first.device.span);
    let alike = |node: &Node| context.slice(node.device.span) == device && node.arguments.is_empty();
    let is_device = context.view.compilation.find(context.id, device);
    let is_device = is_device.is_some_and(|(_, item)| matches!(item.kind, ItemKind::Device(_)));
    if !is_device || !nodes.iter().all(|(_, node)| alike(node)) || mentions_defaults(context) {
        return None;
    }
    let block = first.block.as_ref()?;
    let common: Vec<&Item> = block.items.iter().filter(|item| can_move(context, item)).collect();
    let texts = |node: &Node| -> Vec<String> {
        let items = node.block.iter().flat_map(|block| &block.items);
        items.map(|item| context.slice(item.span).to_owned()).collect()
    };
    let all: Vec<Vec<String>> = nodes.iter().map(|(_, node)| texts(node)).collect();
    let is_common = |item: &&Item| all.iter().all(|texts| texts.iter().any(|text| text == context.slice(item.span)));
    let common: Vec<&Item> = common.into_iter().filter(is_common).collect();
    let top = context.top_item()?;
    if common.is_empty() {
        return None;
    }
    let wanted = match nodes.as_slice() {
        [(_, node)] => format!("{}-{device}", node.name.text),
        _ => format!("my-{device}"),
    };
    let name = context.free_name(&wanted.replace('.', "-"));
    let mut edits = Vec::new();
    let lines: Vec<&str> = common.iter().map(|item| context.slice(context.whole(item)).trim()).collect();
    let at = Span { end: context.whole(top).start, start: context.whole(top).start, ..top.span };
    let body = lines.join("\n");
    edits.push(context.replace(at, format!("\ndevice {name} extends {device} {{\n{body}\n}}\n\n")));
    let moved: Vec<&str> = common.iter().map(|item| context.slice(item.span)).collect();
    for (position, (_, node)) in nodes.iter().enumerate() {
        edits.push(context.replace(node.device.span, name.clone()));
        let Some(block) = &node.block else { continue };
        let goes = |item: &&Item| moved.contains(&context.slice(item.span));
        let gone: Vec<&Item> = block.items.iter().filter(goes).collect();
        if position > 0 && gone.iter().any(|item| context.has_comment(context.whole(item))) {
            return None;
        }
        if gone.len() == block.items.len() && (position == 0 || !context.has_comment(block.span)) {
            let kept_comments = position == 0 && comments_outside(context, block, &gone);
            if !kept_comments {
                edits.push(context.replace(Span { start: node.device.span.end, ..block.span }, ""));
                continue;
            }
        }
        for item in gone {
            let whole = context.whole(item);
            edits.push(context.remove(&Item { span: whole.to(item.span), ..item.clone() }));
        }
    }
    let title =
        format!("Make a device of what {} to `{device}`", if nodes.len() == 1 { "it adds" } else { "they add" });
    Some(Assist { id: "extract-device", title, kind: AssistKind::Extract, edits })
}

fn node(item: &Item) -> Option<(&Item, &Node)> {
    match &item.kind {
        ItemKind::Node(node) => Some((item, node)),
        _ => None,
    }
}

/// Are there comments in a block that belong to none of these items?
fn comments_outside(context: &Context, block: &Block, items: &[&Item]) -> bool {
    let inside = |at: u32| {
        items.iter().any(|item| {
            let whole = context.whole(item);
            whole.start <= at && at < whole.end
        })
    };
    let mut tokens = context.tokens(block.span).iter();
    tokens.any(|token| {
        matches!(token.kind, crate::syntax::token::TokenKind::Comment | crate::syntax::token::TokenKind::Doc)
            && !inside(token.start)
    })
}

/// Does an attribute of a node mean the same in its device? It may name only what is known at the top of the file, and
/// what is drawn from a pool, or counted in a prefix, belongs to the node.
fn can_move(context: &Context, item: &Item) -> bool {
    let Some(key) = key(item) else { return false };
    if OWN.contains(&key) || attribute(Kind::Node, key).is_none() {
        return false;
    }
    let mut plain = true;
    walk_element(Element::Item(item), &mut |element| {
        if let Element::Expr(expr) = element {
            plain &= !matches!(expr.kind, ExprKind::From(_) | ExprKind::SelfNode);
        }
    });
    let known = |kind| matches!(kind, SymbolKind::Param | SymbolKind::Let | SymbolKind::Attribute | SymbolKind::Field);
    plain
        && context.named_in(item.span).all(|(_, id)| {
            let symbol = context.view.names.symbol(id);
            symbol.is_some_and(|symbol| {
                known(symbol.kind) && (symbol.container.is_none() || symbol.kind == SymbolKind::Field)
            })
        })
}
