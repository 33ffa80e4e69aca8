//! Says on a target what images the lab needs.

use super::{Assist, AssistKind, Context};
use crate::source::Span;
use crate::syntax::ast::*;
use crate::syntax::walk::Element;
use std::collections::BTreeSet;

/// Adds every slot of the topology that the target at the place has no image for.
pub fn add_images(context: &Context) -> Option<Assist> {
    let target = context.around().into_iter().find_map(|element| match element {
        Element::Item(Item { kind: ItemKind::Target(target), .. }) => Some(target),
        _ => None,
    })?;
    let topology = context.view.compilation.topology.as_ref()?;
    let known = topology.find_target(&target.name.text)?;
    let disks = topology.nodes.iter().flat_map(|node| &node.machines).flat_map(|machine| &machine.disks);
    let images = disks.filter_map(|disk| disk.image.as_ref());
    let has = |key: &str| known.images.contains_key(key);
    let lacks = images.filter(|image| {
        let version = image.version.as_ref().map(|version| format!("{}@{version}", image.slot));
        !has(&image.slot) && !version.is_some_and(|key| has(&key))
    });
    let slots: BTreeSet<&str> = lacks.map(|image| image.slot.as_str()).collect();
    let suffix = if target.kind.text == "kvm" { ".qcow2" } else { "" };
    let lines: Vec<String> = slots.iter().map(|slot| format!("{slot} = \"{slot}{suffix}\"")).collect();
    if lines.is_empty() {
        return None;
    }
    let edit = match images_of(&target.block) {
        Some(block) if context.slice(block.span).contains('\n') => {
            context.replace(before_end(block), format!("{}\n", lines.join("\n")))
        }
        Some(block) => context.replace(before_end(block), format!("{}{}", separator(block), lines.join(", "))),
        None => {
            let block = &target.block;
            let sep = if context.slice(block.span).contains('\n') { "" } else { separator(block) };
            context.replace(before_end(block), format!("{sep}images {{\n{}\n}}\n", lines.join("\n")))
        }
    };
    let slots: Vec<&str> = slots.into_iter().collect();
    let title = match slots.as_slice() {
        [slot] => format!("Add an image for `{slot}`"),
        _ => format!("Add images for {} slots", slots.len()),
    };
    Some(Assist { id: "add-images", title, kind: AssistKind::QuickFix, edits: vec![edit] })
}

/// `images { … }` or `images = { … }`
fn images_of(block: &Block) -> Option<&Block> {
    block.items.iter().find_map(|item| match &item.kind {
        ItemKind::Group(group) if group.name.text == "images" => Some(&group.block),
        ItemKind::Attribute(Attribute { key, value: Expr { kind: ExprKind::Record(block), .. }, .. })
            if matches!(&key.kind, KeyKind::Name(name) if name == "images") =>
        {
            Some(block)
        }
        _ => None,
    })
}

fn before_end(block: &Block) -> Span {
    let end = block.span.end.saturating_sub(1);
    Span { start: end, end, ..block.span }
}

fn separator(block: &Block) -> &'static str {
    if block.items.is_empty() { "" } else { ", " }
}
