//! `use`: files, the library, and the names that files declare.

use super::Asked;
use super::item::{Item, ItemKind};
use super::known::word_of;
use super::outline::outline;
use crate::semantics::library;
use crate::syntax::ast::{self, ItemKind as Declaration};
use crate::syntax::tokens;
use std::collections::BTreeSet;
use std::ops::Range;

impl Asked<'_> {
    /// What can stand after `use`.
    pub fn use_roots(&self) -> Vec<Item> {
        let mut items = vec![Item::new("std", ItemKind::Folder).insert("std.").detail("the library").fit(1)];
        for other in self.query.others {
            let label = format!("\"{}\"", other.path);
            items.push(
                Item { filter: Some(other.path.clone()), ..Item::new(label.clone(), ItemKind::File) }
                    .snippet(format!("{label}.{{$0}}"), label),
            );
        }
        items
    }

    /// The names of a file that can be used and are not yet.
    pub fn use_names(&self, root: &str) -> Vec<Item> {
        if let Some(path) = root.strip_prefix('"').map(|path| path.trim_end_matches('"')) {
            let wanted = path.strip_prefix("./").unwrap_or(path);
            let file =
                self.query.others.iter().find(|other| other.path.strip_prefix("./").unwrap_or(&other.path) == wanted);
            let items = file.into_iter().flat_map(|other| other.unit.items());
            let set: BTreeSet<&str> = self.used_names();
            return items.filter_map(importable).filter(|item| !set.contains(item.label.as_str())).collect();
        }
        below(&root.split('.').map(str::to_owned).collect::<Vec<_>>())
    }

    /// The names in the braces around the cursor.
    fn used_names(&self) -> BTreeSet<&str> {
        let Some((_, frame)) = self.cursor.innermost() else { return BTreeSet::new() };
        let outline = &self.cursor.outline;
        let after = outline.significant(frame.token + 1..outline.tokens.len());
        let inside = after.take_while(|token| outline.word(token) != "}");
        inside.filter(|token| token.start as usize != self.cursor.word.start).map(|token| outline.word(token)).collect()
    }

    /// The edit that lets the text use a name of another file: in the `use` that is there, or in one of its own.
    pub fn import(&self, path: &str, name: &str) -> (Range<usize>, String) {
        let uses: Vec<(Range<usize>, ast::Use)> = self
            .cursor
            .outline
            .inside(None)
            .filter(|(_, item)| self.cursor.outline.head(item).0 == "use")
            .filter_map(|(index, item)| {
                let start = self.cursor.outline.tokens.get(item.tokens.start)?.start as usize;
                let declared = super::known::tree(&self.cursor, index, true)?;
                let Declaration::Use(declared) = &declared.item.kind else { return None };
                Some((start..start + self.cursor.outline.source(item).len(), declared.clone()))
            })
            .collect();
        let written = |used: &ast::Use| match &used.root {
            ast::UseRoot::File(text) => text
                .parts
                .iter()
                .map(|part| match part {
                    ast::TextPart::Literal(text) => text.to_string(),
                    ast::TextPart::Hole(_) => String::new(),
                })
                .collect(),
            ast::UseRoot::Path(path) => path.names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join("."),
        };
        let same = |used: &&(Range<usize>, ast::Use)| written(&used.1) == path && used.1.names.is_some();
        if let Some((place, used)) = uses.iter().find(same) {
            let names = used.names.as_deref().unwrap_or_default();
            if let Some(next) = names.iter().find(|known| known.name.text.as_str() > name) {
                let at = place.start + next.name.span.start as usize;
                return (at..at, format!("{name}, "));
            }
            if let Some(last) = names.last() {
                let end = last.rename.as_ref().map_or(last.name.span.end, |rename| rename.span.end);
                let at = place.start + end as usize;
                return (at..at, format!(", {name}"));
            }
        }
        let line = match path.starts_with("std.") {
            true => format!("use {path}.{{{name}}}"),
            false => format!("use \"{path}\".{{{name}}}"),
        };
        if let Some((place, _)) = uses.iter().find(|(_, used)| written(used).as_str() > path) {
            return (place.start..place.start, format!("{line}\n"));
        }
        if let Some((place, _)) = uses.last() {
            return (place.end..place.end, format!("\n{line}"));
        }
        let at = self.first_item();
        (at..at, format!("{line}\n\n"))
    }

    /// Where the first item begins that is not the edition, with its documentation.
    fn first_item(&self) -> usize {
        use crate::syntax::token::TokenKind;
        let outline = &self.cursor.outline;
        let first = outline.inside(None).find(|(_, item)| outline.head(item).0 != "edition");
        let Some((_, item)) = first else { return self.query.text.len() };
        let before = outline.tokens.get(..item.tokens.start).unwrap_or_default();
        let near =
            before.iter().rev().take_while(|token| token.kind == TokenKind::Doc || token.kind == TokenKind::Newline);
        let doc = near.filter(|token| token.kind == TokenKind::Doc).last();
        doc.or_else(|| outline.tokens.get(item.tokens.start)).map_or(0, |token| token.start as usize)
    }
}

/// An item of another file as one to import.
pub fn importable(item: &ast::Item) -> Option<Item> {
    item.public?;
    let word = word_of(&item.kind)?;
    let (name, kind) = match &item.kind {
        Declaration::Device(device) => (&device.name, ItemKind::Device),
        Declaration::Module(module) => (&module.name, ItemKind::Module),
        Declaration::Type(declared) => (&declared.name, ItemKind::Type),
        Declaration::Let(constant) => (&constant.name, ItemKind::Constant),
        Declaration::Pool(pool) => (&pool.name, ItemKind::Resource),
        Declaration::AttributeDecl(declared) => (&declared.name, ItemKind::Attribute),
        _ => return None,
    };
    let doc = item.doc.as_ref().map(|doc| doc.text.clone());
    Some(Item::new(name.text.as_str(), kind).detail(word.text()).documentation(doc))
}

/// What is behind a path of the library: folders, files, and the items of a file.
pub fn below(path: &[String]) -> Vec<Item> {
    let Some((root, path)) = path.split_first().filter(|(root, _)| *root == "std") else { return Vec::new() };
    let _ = root;
    let folder = path.iter().map(|name| format!("{name}/")).collect::<String>();
    let mut items = Vec::new();
    for (file, text) in library::files() {
        if let Some(rest) = file.strip_prefix(&folder) {
            match rest.split_once('/') {
                Some((inner, _)) => items.push(Item::new(inner, ItemKind::Folder)),
                None => items.extend(rest.strip_suffix(".wtop").map(|name| Item::new(name, ItemKind::File))),
            }
        }
        if file.strip_suffix(".wtop").is_some_and(|file| format!("{file}/") == folder) {
            items.extend(public_names(text));
        }
    }
    items
}

/// The names that a text declares for others.
fn public_names(text: &str) -> Vec<Item> {
    let tokens = tokens(text);
    let (outline, _) = outline(text, &tokens, text.len());
    let public = outline.inside(None).filter(|(_, item)| outline.is_public(item));
    let item = |item: &super::outline::Item| {
        let (word, name) = outline.head(item);
        let kind = if word == "module" { ItemKind::Module } else { ItemKind::Device };
        Some(Item::new(outline.word(name?), kind).detail(word).documentation(outline.documentation(item)))
    };
    public.filter_map(|(_, found)| item(found)).collect()
}
