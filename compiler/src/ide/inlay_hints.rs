//! Inlay hints: what was chosen for the author, shown where it is left open.

mod links;

use super::View;
use super::show::{Shown, count};
use crate::diagnostics::TextEdit;
use crate::source::Span;
use crate::syntax::ast::{self, Expr, ExprKind, Item, ItemKind};
use crate::topology::Topology;

/// Which hints are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// Addresses, prefixes and numbers that were allocated.
    pub addresses: bool,
    /// MAC addresses of the ends of links.
    pub macs: bool,
    /// Interfaces that were chosen for ends of links.
    pub interfaces: bool,
    /// How many elements an array has.
    pub sizes: bool,
}

/// What a hint tells.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum HintKind {
    /// The interface that was chosen for an end of a link.
    Interface,
    /// What was allocated.
    Address,
    /// The MAC address of an end of a link.
    Mac,
    /// How many elements an array has.
    Size,
}

/// A hint between the words of the source.
#[derive(Clone, Debug)]
pub struct Hint {
    /// The byte that it stands before.
    pub offset: u32,
    /// What it tells.
    pub kind: HintKind,
    /// What it reads. Where a place makes several things with different values, a summary of them.
    pub label: String,
    /// The edit that writes it into the source, where that means the same.
    pub edit: Option<TextEdit>,
    /// What it is about, and the value of each.
    values: Vec<(String, String)>,
}

impl Hint {
    /// More about it, as Markdown; none where its label says all.
    pub fn tooltip(&self) -> Option<String> {
        /// So many values are listed.
        const MOST: usize = 24;
        if self.values.is_empty() {
            return None;
        }
        let line = |(whose, value): &(String, String)| format!("- {whose}: `{value}`\n");
        let mut text: String = self.values.iter().take(MOST).map(line).collect();
        if self.values.len() > MOST {
            text.push_str(&format!("- … {}\n", count(self.values.len(), "value")));
        }
        Some(text)
    }
}

/// The hints of a part of a file, in its order. Linear in the items of the file and in what those of the part made.
pub fn inlay_hints(view: View, range: Span, wanted: Wanted) -> Vec<Hint> {
    let Some(topology) = &view.compilation.topology else { return Vec::new() };
    let Some(unit) = view.compilation.units.iter().find(|unit| unit.file == range.file) else { return Vec::new() };
    let mut walk = Walk { view, topology, range, wanted, hints: Vec::new() };
    walk.items(unit.items(), false);
    let mut hints = walk.hints;
    hints.retain(|hint| range.touches(hint.offset as usize));
    hints.sort_by_key(|hint| (hint.offset, hint.kind));
    hints
}

struct Walk<'a> {
    view: View<'a>,
    topology: &'a Topology,
    range: Span,
    wanted: Wanted,
    hints: Vec<Hint>,
}

impl Walk<'_> {
    /// `repeated`: may the items mean several things, so that writing out what was chosen for one is wrong?
    fn items(&mut self, items: &[Item], repeated: bool) {
        for item in items {
            if item.span.end < self.range.start || item.span.start > self.range.end {
                continue;
            }
            match &item.kind {
                ItemKind::Attribute(attribute) => self.drawn(&attribute.value, repeated),
                ItemKind::Group(group) => self.items(&group.block.items, repeated),
                ItemKind::Node(node) => {
                    self.size(&node.name, node.dims.as_deref(), "node", repeated);
                    self.block(node.block.as_ref(), repeated || node.dims.is_some());
                }
                ItemKind::Part(part) => {
                    if let ast::KeyKind::Name(text) = &part.name.kind {
                        let name = ast::Name { text: text.clone(), span: part.name.span };
                        self.size(&name, part.dims.as_deref(), &part.word.text, repeated);
                    }
                    self.block(part.block.as_ref(), repeated || part.dims.is_some());
                }
                ItemKind::Link(link) | ItemKind::Lag(link) => {
                    self.link(item, link, repeated);
                    self.items(&link.left.items, true);
                    self.items(link.right.as_ref().map_or(&[], |right| &right.items), true);
                    self.block(link.block.as_ref(), repeated);
                }
                ItemKind::For(repetition) => self.items(&repetition.block.items, true),
                ItemKind::If(choice) => {
                    self.items(&choice.then.items, repeated);
                    self.block(choice.otherwise.as_ref(), repeated);
                }
                ItemKind::Module(module) => self.items(&module.block.items, true),
                ItemKind::Device(device) => self.items(&device.block.items, true),
                ItemKind::Defaults(defaults) => self.items(&defaults.block.items, true),
                ItemKind::Interface(interface) => self.block(interface.block.as_ref(), true),
                ItemKind::Override(changed) => self.items(&changed.block.items, true),
                ItemKind::Target(target) => self.items(&target.block.items, true),
                _ => {}
            }
        }
    }

    fn block(&mut self, block: Option<&ast::Block>, repeated: bool) {
        self.items(block.map_or(&[], |block| &block.items), repeated);
    }

    /// What pools gave out to the value of an attribute.
    fn drawn(&mut self, value: &Expr, repeated: bool) {
        if !self.wanted.addresses {
            return;
        }
        let (compilation, things) = (self.view.compilation, self.view.things());
        let shown = Shown { topology: Some(self.topology), facts: &compilation.facts };
        let draws = things.draws(&compilation.facts, value.span);
        let values: Vec<(String, String)> =
            draws.map(|draw| (draw.owner.clone(), families(&shown.value(&draw.value)))).collect();
        let written = match (values.as_slice(), &value.kind) {
            ([(_, one)], ExprKind::From(_)) if !repeated && !one.contains(' ') => Some(one.clone()),
            _ => None,
        };
        let edit = written.map(|text| TextEdit { span: value.span, text });
        self.add(value.span.end, HintKind::Address, values, edit);
    }

    /// How many elements a declaration of an array made.
    fn size(&mut self, name: &ast::Name, dims: Option<&[ast::Dim]>, word: &str, repeated: bool) {
        let Some(last) = dims.and_then(<[ast::Dim]>::last).filter(|_| self.wanted.sizes) else { return };
        let instances = self.view.compilation.facts.instances(name.span);
        let number = if instances > 0 { instances } else { self.view.things().declared(name.span).count() };
        let source = self.view.compilation.sources.get(name.span.file);
        let after = source.and_then(|source| source.text.get(last.keys.span.end as usize..)).unwrap_or_default();
        // A list that is not closed is reported; there is nothing to count.
        let Some(bracket) = after.find(']').and_then(|at| u32::try_from(at).ok()) else { return };
        let offset = last.keys.span.end + bracket + 1;
        let label = if repeated { format!("{} in all", count(number, word)) } else { count(number, word) };
        self.hints.push(Hint { offset, kind: HintKind::Size, label, edit: None, values: Vec::new() });
    }

    fn add(&mut self, offset: u32, kind: HintKind, values: Vec<(String, String)>, edit: Option<TextEdit>) {
        if let Some(label) = summary(&values) {
            self.hints.push(Hint { offset, kind, label, edit, values });
        }
    }
}

/// `[a, b]` without its brackets: what a pool of both families gives out.
fn families(text: &str) -> String {
    text.trim_start_matches('[').trim_end_matches(']').to_owned()
}

/// One value, two, or the first and the last and how many there are.
fn summary(values: &[(String, String)]) -> Option<String> {
    let (_, first) = values.first()?;
    if values.iter().all(|(_, value)| value == first) {
        return Some(first.clone());
    }
    let (_, last) = values.last()?;
    Some(if values.len() == 2 { format!("{first}, {last}") } else { format!("{first} … {last} ({})", values.len()) })
}

#[cfg(test)]
mod tests;
