//! Sorts imports, puts those from one place together, and drops what nothing uses.

use super::{Assist, AssistKind, Context};
use crate::diagnostics::TextEdit;
use crate::source::Span;
use crate::syntax::ast::{Item, ItemKind, Use, UseName, UseRoot};
use crate::syntax::token::TokenKind;
use std::collections::BTreeSet;

/// Sorts each block of imports of the file; an empty line begins another block.
pub fn sort_imports(context: &Context) -> Option<Assist> {
    let used = names_used(context);
    let mut edits = Vec::new();
    for group in groups(context) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let span = context.whole(first).to(context.whole(last));
        let sorted = sorted(context, &group, &used);
        if sorted != context.slice(span) {
            // Nothing may be left of it; then its line goes too.
            let rest = context.text.get(span.range().end..).unwrap_or_default();
            let line_end = if sorted.is_empty() { usize::from(rest.starts_with('\n')) } else { 0 };
            let span = Span::new(span.file, span.range().start, span.range().end + line_end);
            edits.push(TextEdit { span, text: sorted });
        }
    }
    let title = "Sort the imports".to_owned();
    Some(Assist { id: "sort-imports", title, kind: AssistKind::OrganizeImports, edits })
}

/// Names that stand anywhere but in imports.
fn names_used<'a>(context: &Context<'a>) -> BTreeSet<&'a str> {
    let is_use = |item: &&Item| matches!(item.kind, ItemKind::Use(_));
    let uses: Vec<Span> = context.unit.items().iter().filter(is_use).map(|item| item.span).collect();
    let names = context.unit.parse.tokens.iter().filter(|token| token.kind == TokenKind::Name);
    let outside = names.filter(|token| {
        let before = uses.partition_point(|used| used.end <= token.start);
        uses.get(before).is_none_or(|used| token.start < used.start)
    });
    outside.filter_map(|token| context.text.get(token.range())).collect()
}

/// The imports that stand together, without an empty line or anything else between them.
fn groups<'a>(context: &Context<'a>) -> Vec<Vec<&'a Item>> {
    let mut groups: Vec<Vec<&Item>> = Vec::new();
    for item in context.unit.items().iter().filter(|item| matches!(item.kind, ItemKind::Use(_))) {
        let start = context.whole(item).start;
        let last = groups.last().and_then(|group| group.last());
        let between = last.map(|last| Span { start: context.whole(last).end, end: start, ..item.span });
        let joins = between.is_some_and(|gap| gap.start <= gap.end && matches!(context.slice(gap), "\n" | "\r\n"));
        match groups.last_mut() {
            Some(group) if joins => group.push(item),
            _ => groups.push(vec![item]),
        }
    }
    groups
}

/// An import that is being put into order.
struct Import<'a> {
    /// The documentation and comments above it, and `pub`.
    lead: &'a str,
    /// Where from, as written.
    root: &'a str,
    what: What<'a>,
    /// The comment behind it.
    trail: &'a str,
}

/// What is imported.
enum What<'a> {
    /// As written: the whole, or names with comments between them.
    Written(&'a str),
    /// `.{ a, b as c }`: each as written.
    Names(Vec<(&'a str, &'a str)>),
    /// Nothing that is used.
    Nothing,
}

fn sorted(context: &Context, group: &[&Item], used: &BTreeSet<&str>) -> String {
    let mut imports: Vec<Import> = Vec::new();
    for item in group {
        let ItemKind::Use(written) = &item.kind else { continue };
        let import = import(context, item, written, used);
        let same = |other: &&mut Import| {
            let both = matches!((&other.what, &import.what), (What::Names(_), What::Names(_)));
            both && other.root == import.root && other.lead.trim() == import.lead.trim() && other.trail == import.trail
        };
        let plain = !import.lead.contains('/') && import.trail.is_empty();
        match (imports.iter_mut().find(same).filter(|_| plain), import.what) {
            (Some(Import { what: What::Names(names), .. }), What::Names(more)) => names.extend(more),
            (_, what) => imports.push(Import { what, ..import }),
        }
    }
    imports.sort_by(|one, other| key(one).cmp(&key(other)));
    let lines: Vec<String> = imports.into_iter().map(line).filter(|line| !line.is_empty()).collect();
    lines.join(if context.text.contains("\r\n") { "\r\n" } else { "\n" })
}

fn import<'a>(context: &Context<'a>, item: &'a Item, written: &'a Use, used: &BTreeSet<&str>) -> Import<'a> {
    let whole = context.whole(item);
    let root = match &written.root {
        UseRoot::Path(path) => path.span,
        UseRoot::File(text) => text.span,
    };
    let is_public = item.public.is_some();
    let is_used = |name: &str| is_public || used.contains(name);
    let lead_end = item.public.map_or(item.span.start, |public| public.end);
    let rest = Span { start: root.end, end: item.span.end, ..item.span };
    let what = match &written.names {
        Some(names) if !context.has_comment(rest) => {
            let known = |name: &&UseName| is_used(&name.rename.as_ref().unwrap_or(&name.name).text);
            let text = |name: &'a UseName| {
                let span = name.rename.as_ref().map_or(name.name.span, |rename| name.name.span.to(rename.span));
                (name.name.text.as_str(), context.slice(span))
            };
            let kept: Vec<(&str, &str)> = names.iter().filter(known).map(text).collect();
            if kept.is_empty() { What::Nothing } else { What::Names(kept) }
        }
        Some(_) => What::Written(context.slice(rest)),
        None => {
            let last = match (&written.rename, &written.root) {
                (Some(name), _) => Some(name.text.as_str()),
                (None, UseRoot::Path(path)) => path.names.last().map(|name| name.text.as_str()),
                (None, UseRoot::File(_)) => None,
            };
            if last.is_none_or(is_used) { What::Written(context.slice(rest)) } else { What::Nothing }
        }
    };
    Import {
        lead: context.slice(Span { start: whole.start, end: lead_end, ..whole }),
        root: context.slice(root),
        what,
        trail: context.slice(Span { start: item.span.end, end: whole.end, ..whole }).trim(),
    }
}

/// The library comes first, then packages, then files.
fn key<'a>(import: &Import<'a>) -> (u8, &'a str) {
    let class = match import.root {
        root if root.starts_with('"') => 2,
        root if root.starts_with("std") => 0,
        _ => 1,
    };
    (class, import.root)
}

fn line(import: Import) -> String {
    let Import { lead, root, what, trail } = import;
    let names = match what {
        What::Written(text) => text.to_owned(),
        What::Names(mut names) => {
            names.sort();
            names.dedup();
            let names: Vec<&str> = names.into_iter().map(|(_, text)| text).collect();
            format!(".{{{}}}", names.join(", "))
        }
        What::Nothing => {
            // Comments stay.
            let comments = if lead.contains('/') { lead.trim_end() } else { "" };
            return format!("{comments}{trail}");
        }
    };
    let lead = if lead.ends_with("pub") { format!("{lead} ") } else { lead.to_owned() };
    let trail = if trail.is_empty() { String::new() } else { format!("  {trail}") };
    format!("{lead}use {root}{names}{trail}")
}
