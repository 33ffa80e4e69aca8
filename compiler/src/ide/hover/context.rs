//! The items around a place.

use crate::source::Span;
use crate::syntax::ast::{Item, ItemKind, KeyKind, Link};

/// The items around a byte, outermost first.
pub fn around(items: &[Item], offset: u32) -> Vec<&Item> {
    let mut found = Vec::new();
    let mut lists = vec![items];
    // Depth is bounded by the parser.
    while let Some(item) = lists.iter().find_map(|items| at(items, offset)) {
        found.push(item);
        lists = children(item);
    }
    found
}

/// The item at a byte, among items in order.
fn at(items: &[Item], offset: u32) -> Option<&Item> {
    let before = items.partition_point(|item| item.span.start <= offset);
    let near = items.get(before.checked_sub(1)?)?;
    near.span.touches(offset as usize).then_some(near)
}

/// The lists of items in an item.
fn children(item: &Item) -> Vec<&[Item]> {
    match &item.kind {
        ItemKind::Group(group) => vec![&group.block.items],
        ItemKind::Pool(pool) => pool.block.iter().map(|block| block.items.as_slice()).collect(),
        ItemKind::Node(node) => node.block.iter().map(|block| block.items.as_slice()).collect(),
        ItemKind::Link(link) | ItemKind::Lag(link) | ItemKind::Wire(link) => link_items(link).collect(),
        ItemKind::For(repeated) => vec![&repeated.block.items],
        ItemKind::If(choice) => {
            let blocks = std::iter::once(&choice.then).chain(&choice.otherwise);
            blocks.map(|block| block.items.as_slice()).collect()
        }
        ItemKind::Device(device) => vec![&device.block.items],
        ItemKind::Module(module) => vec![&module.block.items],
        ItemKind::Interface(interface) => interface.block.iter().map(|block| block.items.as_slice()).collect(),
        ItemKind::Part(part) => part.block.iter().map(|block| block.items.as_slice()).collect(),
        ItemKind::Defaults(defaults) => vec![&defaults.block.items],
        ItemKind::Override(change) => vec![&change.block.items],
        ItemKind::Check(check) | ItemKind::Expect(check) => {
            check.block.iter().map(|block| block.items.as_slice()).collect()
        }
        ItemKind::Target(target) => vec![&target.block.items],
        _ => Vec::new(),
    }
}

fn link_items(link: &Link) -> impl Iterator<Item = &[Item]> {
    let ends = std::iter::once(&link.left).chain(&link.right).map(|end| end.items.as_slice());
    ends.chain(link.block.iter().map(|block| block.items.as_slice()))
}

/// The attribute whose key stands at a byte: its name, and where its value is written as the topology has it.
pub fn attribute_at(around: &[&Item], offset: u32) -> Option<(String, Span)> {
    match &around.last()?.kind {
        ItemKind::Attribute(attribute) if attribute.key.span.touches(offset as usize) => match &attribute.key.kind {
            KeyKind::Name(name) => Some((name.to_string(), attribute.value.span)),
            KeyKind::String(_) => None,
        },
        ItemKind::Group(group) if group.name.span.touches(offset as usize) => {
            Some((group.name.text.to_string(), group.name.span))
        }
        _ => None,
    }
}

/// Where the topology says that the innermost thing around is declared: its name, or all of a link.
pub fn declared(around: &[&Item]) -> Option<Span> {
    around.iter().rev().find_map(|item| match &item.kind {
        ItemKind::Node(node) => Some(node.name.span),
        ItemKind::Part(part) => Some(part.name.span),
        ItemKind::Interface(interface) => Some(interface.name.span),
        ItemKind::Target(target) => Some(target.name.span),
        ItemKind::Link(_) | ItemKind::Lag(_) => Some(item.span),
        _ => None,
    })
}
