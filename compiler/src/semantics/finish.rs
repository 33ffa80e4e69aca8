//! The end of a compilation: the target's images, what was never used, warnings that are there on purpose.

use super::addresses::mentions_host;
use super::world::{EntityId, Operation, World};
use crate::collections::{IndexMap, IndexSet};
use crate::diagnostics::codes::structure as codes;
use crate::diagnostics::{Diagnostic, Severity, closest, codes as all_codes, has_errors};
use crate::source::Span;
use crate::syntax::ast::{self, ItemKind, KeyKind};
use smol_str::SmolStr;
use std::rc::Rc;

/// The kinds of targets there are.
const TARGET_KINDS: [&str; 2] = ["kvm", "heat"];

/// Does a target say `default = true`?
fn is_default(target: &ast::Target) -> bool {
    target.block.items.iter().any(|item| {
        matches!(&item.kind, ItemKind::Attribute(attribute)
        if matches!(&attribute.key.kind, KeyKind::Name(name) if name == "default")
            && matches!(attribute.value.kind, ast::ExprKind::Bool(true)))
    })
}

impl<'a> World<'a> {
    /// The declared target that is meant: by name, else the only or default one of that kind.
    pub fn resolve_target(&mut self, wanted: Option<&str>) -> Option<SmolStr> {
        let items = self.program.unit(0).map_or(&[][..], |unit| unit.items());
        let declared: Vec<&ast::Target> = items
            .iter()
            .filter_map(|item| if let ItemKind::Target(target) = &item.kind { Some(target) } else { None })
            .collect();
        let wanted = wanted?;
        let by_name = declared.iter().find(|target| target.name.text == wanted);
        let of_kind: Vec<&&ast::Target> = declared.iter().filter(|target| target.kind.text == wanted).collect();
        let found = by_name.or_else(|| match of_kind.as_slice() {
            [only] => Some(*only),
            several => several.iter().find(|target| is_default(target)).copied(),
        });
        found.map(|target| target.name.text.clone())
    }

    /// What a file may hold at all.
    pub fn check_file(&mut self, items: &'a [ast::Item]) {
        let mut topologies: Vec<Span> = Vec::new();
        let mut defaults: Vec<&ast::Target> = Vec::new();
        for (index, item) in items.iter().enumerate() {
            match &item.kind {
                ItemKind::Edition(_) if index > 0 => {
                    let message = "`edition` stands first: what follows it is read by its rules";
                    let diagnostic = Diagnostic::new(&codes::E0533, item.span, message, "not the first item");
                    self.report(
                        diagnostic.help("move it above everything else, or take it out: 2026 is meant without it"),
                    );
                }
                ItemKind::Topology(name) => topologies.push(name.span),
                ItemKind::Edition(edition) if edition.year != 2026 => {
                    let message = format!("there is no edition {}", edition.year);
                    let help = "the only edition is 2026; without the line, it is that one too";
                    self.report(Diagnostic::new(&codes::E0517, edition.span, message, "unknown edition").help(help));
                }
                ItemKind::Target(target)
                    if !TARGET_KINDS.contains(&target.kind.text.as_str()) && !target.kind.text.is_empty() =>
                {
                    let message = format!("there is no kind of target `{}`", target.kind.text);
                    let mut diagnostic = Diagnostic::new(&codes::E0518, target.kind.span, message, "unknown kind")
                        .help(format!("write one of: {}", TARGET_KINDS.join(", ")));
                    if let Some(meant) = closest(&target.kind.text, TARGET_KINDS) {
                        diagnostic = diagnostic.fix(format!("Write `{meant}`"), target.kind.span, meant);
                    }
                    self.report(diagnostic);
                }
                ItemKind::Target(target) if is_default(target) => defaults.push(target),
                _ => {}
            }
        }
        if let [first, again, ..] = defaults.as_slice() {
            let message = format!("both `{}` and `{}` are the default target", first.name.text, again.name.text);
            let diagnostic = Diagnostic::new(&codes::E0534, again.name.span, message, "a second default")
                .label(first.name.span, "the first")
                .help("take `default = true` out of one of them");
            self.report(diagnostic);
        }
        if let [first, again, ..] = topologies.as_slice() {
            let message = "a file declares one topology";
            let diagnostic = Diagnostic::new(&codes::E0519, *again, message, "a second one")
                .label(*first, "the first")
                .help("put the other one into a file of its own");
            self.report(diagnostic);
        }
        if topologies.is_empty() {
            let misplaced = items.iter().find(|item| match &item.kind {
                ItemKind::Node(_) | ItemKind::Link(_) | ItemKind::Lag(_) | ItemKind::Param(_) | ItemKind::Target(_) => {
                    true
                }
                ItemKind::Part(part) => part.word.text == "network",
                _ => false,
            });
            if let Some(item) = misplaced {
                let message = "this file has nodes, links or parameters, and no `topology`";
                let help = "name the lab in the first line: `topology my-lab`; a file without it is a library";
                let first = items.first().unwrap_or(item);
                let first = first.doc.as_ref().map_or(first.span, |doc| doc.span).at_start();
                let diagnostic = Diagnostic::new(&codes::E0514, item.span.at_start(), message, "belongs to a topology")
                    .help(help)
                    .fix("Add `topology lab`", first, "topology lab\n\n");
                self.report(diagnostic);
            }
        }
    }

    /// Does an attribute count hosts of a prefix that is known only later?
    pub fn counts_hosts(&self, entity: EntityId, key: &str) -> bool {
        match self.strongest(entity, key).map(|definition| definition.operation) {
            Some(Operation::Set(expr)) => mentions_host(expr),
            _ => false,
        }
    }

    /// The images of the target in use.
    pub fn choose_images(&mut self) {
        let Some(target) = self.target.clone() else { return };
        let entity = self.targets.iter().find_map(|(entity, pending)| match &pending.item.kind {
            ItemKind::Target(declared) if declared.name.text == target => Some(*entity),
            _ => None,
        });
        let Some(entity) = entity else { return };
        let images: IndexMap<String, String> = self
            .map(entity, "images")
            .iter()
            .filter_map(|(slot, image)| Some((slot.to_string(), super::read::text(image)?)))
            .collect();
        self.active_images = Some(Rc::new(images));
    }

    /// Warns of names that nothing uses.
    pub fn check_unused(&mut self) {
        let items = self.program.unit(0).map_or(&[][..], |unit| unit.items());
        let mut unused = Vec::new();
        for item in items {
            let (what, name) = match &item.kind {
                ItemKind::Param(parameter) => ("parameter", &parameter.name),
                ItemKind::Let(constant) => ("constant", &constant.name),
                ItemKind::Pool(pool) => ("pool", &pool.name),
                _ => continue,
            };
            let known = !name.text.is_empty() && item.public.is_none() && !name.text.starts_with('_');
            if known && !self.used.contains(&name.span) {
                unused.push((what, name));
            }
        }
        // With errors, what would have used them may be missing.
        if has_errors(&self.diagnostics) {
            return;
        }
        for (what, name) in unused {
            let message = format!("the {what} `{}` is never used", name.text);
            let help = "remove it, or begin its name with `_`";
            self.report(Diagnostic::new(&codes::W0508, name.span, message, "unused").help(help));
        }
    }

    /// Drops echoes, and drops what was allowed on purpose. Gives what is allowed, for
    /// the warnings of later stages.
    pub fn finish(&mut self) -> Vec<Allowed> {
        let mut seen = IndexSet::default();
        self.diagnostics.retain(|diagnostic| seen.insert((diagnostic.code.id, diagnostic.span())));
        let mut allowed = Vec::new();
        for unit in &self.program.units {
            collect_allowed(unit.items(), None, &mut allowed);
        }
        for Allowed { code, span, .. } in &allowed {
            if !code.starts_with('W') || all_codes::find(code).is_none() {
                let message = format!("`{code}` is no warning that could be allowed");
                let help = "only warnings, such as W0505, can be there on purpose; errors stop deployment";
                self.report(Diagnostic::new(&codes::E0531, *span, message, "not a warning").help(help));
            }
        }
        self.diagnostics.retain(|diagnostic| !allowed.iter().any(|allowed| allowed.covers(diagnostic)));
        allowed
    }
}

/// `allow { W0123 = "…" }`: a warning that is there on purpose.
#[derive(Debug, Clone)]
pub struct Allowed {
    /// Its code.
    code: SmolStr,
    /// Where it is allowed.
    span: Span,
    /// The item that it is about; none for the file.
    around: Option<Span>,
}

impl Allowed {
    /// Is this warning meant?
    pub fn covers(&self, diagnostic: &Diagnostic) -> bool {
        let span = diagnostic.span();
        let inside = self
            .around
            .is_none_or(|around| around.file == span.file && around.start <= span.start && span.end <= around.end);
        diagnostic.code.id == self.code && diagnostic.severity() == Severity::Warning && inside
    }
}

/// Finds every `allow { … }`; `around` is the item that these items are inside of.
fn collect_allowed(items: &[ast::Item], around: Option<Span>, found: &mut Vec<Allowed>) {
    for item in items {
        let block = match &item.kind {
            ItemKind::Group(group) if group.name.text == "allow" => {
                for item in &group.block.items {
                    if let ItemKind::Attribute(attribute) = &item.kind
                        && let KeyKind::Name(code) = &attribute.key.kind
                    {
                        found.push(Allowed { code: code.clone(), span: attribute.key.span, around });
                    }
                }
                continue;
            }
            ItemKind::Node(node) => node.block.as_ref(),
            ItemKind::Link(link) | ItemKind::Lag(link) => link.block.as_ref(),
            ItemKind::Part(part) => part.block.as_ref(),
            ItemKind::Module(module) => Some(&module.block),
            ItemKind::For(repeated) => {
                collect_allowed(&repeated.block.items, around, found);
                continue;
            }
            ItemKind::If(choice) => {
                collect_allowed(&choice.then.items, around, found);
                choice.otherwise.as_ref()
            }
            _ => None,
        };
        if let Some(block) = block {
            let of = if matches!(item.kind, ItemKind::If(_)) { around } else { Some(item.span) };
            collect_allowed(&block.items, of, found);
        }
    }
}
