//! A new node: of a device, or like one that is there.

use super::Refusal;
use super::place::{Written, behind, lab, written};
use crate::diagnostics::TextEdit;
use crate::ide::View;
use crate::ide::assists::Context;
use crate::semantics::{catalogue, library};
use crate::source::Span;
use crate::syntax::ast::{Item, ItemKind, KeyKind, Parameter};
use crate::syntax::is_name;
use crate::topology::Topology;
use serde::Serialize;
use std::sync::LazyLock;

/// Something that a node can be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PaletteEntry {
    /// The device or module, as one writes it.
    pub device: String,
    /// What it is, for people.
    pub title: String,
    /// The folder of the library that it is from, or `this file`.
    pub group: String,
}

/// What a node can be that needs no arguments: what the file declares, then the library.
pub fn palette(view: View) -> Vec<PaletteEntry> {
    let unit = view.compilation.units.first();
    let own = unit.into_iter().flat_map(|unit| unit.items()).filter_map(|item| {
        let (name, word) = match &item.kind {
            ItemKind::Device(device) if is_complete(&device.parameters) => (&device.name, "device"),
            ItemKind::Module(module) if is_complete(&module.parameters) => (&module.name, "module"),
            _ => return None,
        };
        let title = item.doc.as_ref().and_then(|doc| doc.text.lines().next()).unwrap_or(word).to_owned();
        Some(PaletteEntry { device: name.text.to_string(), title, group: "this file".to_owned() })
    });
    own.chain(LIBRARY.iter().cloned()).collect()
}

/// The devices of the library; read once.
static LIBRARY: LazyLock<Vec<PaletteEntry>> = LazyLock::new(|| {
    let all = catalogue::describe(library::device_names()).into_iter();
    let entry = |device: catalogue::Device| {
        let group = device.path.split('.').nth(1).unwrap_or_default().to_owned();
        PaletteEntry { title: catalogue::lines::product(&device), device: device.name, group }
    };
    all.map(entry).collect()
});

fn is_complete(parameters: &[Parameter]) -> bool {
    parameters.iter().all(|parameter| parameter.default.is_some())
}

/// Writes a node of a device.
pub(super) fn add(view: View, device: &str, name: Option<&str>) -> Result<(String, Vec<TextEdit>), Refusal> {
    let (context, topology) = lab(view)?;
    if !palette(view).iter().any(|entry| entry.device == device) {
        return Err(Refusal::new(format!("there is no device `{device}` that needs no arguments")));
    }
    let name = match name {
        Some(name) if !is_name(name) => {
            return Err(Refusal::new(format!("`{name}` is no name: letters, digits, `_`, and `-` inside")));
        }
        Some(name) if !is_free(&context, topology, name) => return Err(Refusal::new(format!("`{name}` is taken"))),
        Some(name) => name.to_owned(),
        None => free_name(&context, topology, device),
    };
    let at = behind(
        &context,
        &[|kind| matches!(kind, ItemKind::Node(_)), |kind| matches!(kind, ItemKind::Part(_) | ItemKind::Topology(_))],
    );
    Ok((format!("Add {name}"), vec![context.replace(at, format!("\nnode {name}: {device}"))]))
}

/// Writes a node like another, without what only one can have: its interfaces, its names elsewhere.
pub(super) fn duplicate(view: View, id: &str) -> Result<(String, Vec<TextEdit>), Refusal> {
    let (_, topology) = lab(view)?;
    let Written { context, item } = written(view, id)?;
    let ItemKind::Node(node) = &item.kind else { return Err(Refusal::new(format!("`{id}` is no node"))) };
    let stem = node.name.text.trim_end_matches(|char: char| char.is_ascii_digit()).trim_end_matches('-');
    let name = free_name(&context, topology, if stem.is_empty() { &node.name.text } else { stem });
    let inside = node.block.as_ref().map_or(&[][..], |block| &block.items);
    let kept: Vec<&str> = inside.iter().filter(|item| !is_unique(item)).map(|item| context.slice(item.span)).collect();
    let head = node.block.as_ref().map_or(item.span.end, |block| block.span.start);
    let head = Span { start: node.name.span.end, end: head, ..item.span };
    let body = if kept.is_empty() { String::new() } else { format!(" {{\n{}\n}}", kept.join("\n")) };
    let text = format!("\nnode {name}{}{body}", context.slice(head).trim_end());
    Ok((format!("Duplicate {id} as {name}"), vec![context.replace(context.whole(item).at_end(), text)]))
}

/// Can only one node have it?
fn is_unique(item: &Item) -> bool {
    match &item.kind {
        ItemKind::Interface(_) => true,
        ItemKind::Attribute(attribute) => match &attribute.key.kind {
            KeyKind::Name(name) => {
                matches!(name.as_str(), "hostname" | "label" | "mac" | "management" | "router_id" | "uuid")
            }
            KeyKind::String(_) => true,
        },
        ItemKind::Group(group) => group.name.text == "management",
        _ => false,
    }
}

/// Is a name taken by nothing in the text, and by no node that an array made?
fn is_free(context: &Context, topology: &Topology, name: &str) -> bool {
    let is_taken = topology.nodes.iter().any(|node| node.path == name || node.hostname == name)
        || topology.networks.iter().any(|network| network.path == name);
    context.is_free(name) && !is_taken
}

/// The word with the first number that makes it free.
fn free_name(context: &Context, topology: &Topology, word: &str) -> String {
    let hyphen = if word.ends_with(|char: char| char.is_ascii_digit()) { "-" } else { "" };
    let mut names = (1..).map(|number| format!("{word}{hyphen}{number}"));
    names.find(|name| is_free(context, topology, name)).unwrap_or_default()
}
