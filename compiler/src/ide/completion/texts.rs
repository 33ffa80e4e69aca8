//! What can stand in strings: paths, tags, keys, and little else.

use super::Asked;
use super::item::{Item, ItemKind};
use super::place::Text;
use crate::syntax::token::TokenKind;
use std::collections::BTreeSet;

impl Asked<'_> {
    /// The contents of a string.
    pub fn texts(&self, text: &Text) -> Vec<Item> {
        match text {
            Text::Use => {
                let others = self.query.others.iter();
                others.map(|other| Item::new(other.path.clone(), ItemKind::File)).collect()
            }
            Text::Path { folder } => self.paths(*folder),
            Text::Tag => self.tags(),
            Text::Secret => [("env:", "an environment variable"), ("file:", "a file")]
                .map(|(source, what)| Item::new(source, ItemKind::Text).detail(what))
                .into(),
            Text::Was => self.former_names(),
            Text::Key(thing) => self.keys(thing, true),
            Text::RecordKey(name) => {
                let keys = self.lab_keys(name).into_iter();
                keys.map(|(key, detail)| Item::new(key, ItemKind::Resource).detail(detail)).collect()
            }
            Text::Port(thing) => self.ports(thing, true),
        }
    }

    fn paths(&self, folders: bool) -> Vec<Item> {
        let files = (self.query.files)();
        if !folders {
            return files.into_iter().map(|path| Item::new(path, ItemKind::File)).collect();
        }
        let folders: BTreeSet<&str> =
            files.iter().filter_map(|path| path.rsplit_once('/')).map(|(folder, _)| folder).collect();
        folders.into_iter().map(|path| Item::new(path, ItemKind::Folder)).collect()
    }

    /// The tags of the lab: those of its last topology, and those that the text sets.
    fn tags(&self) -> Vec<Item> {
        let topology = self.query.compilation.and_then(|compilation| compilation.topology.as_ref());
        let mut tags: BTreeSet<String> = topology
            .into_iter()
            .flat_map(|topology| &topology.nodes)
            .flat_map(|node| node.tags.iter().cloned())
            .collect();
        let outline = &self.cursor.outline;
        for item in outline.items.iter().filter(|item| outline.head(item).0 == "tags") {
            let texts = outline.significant(item.tokens.clone()).filter(|token| token.kind == TokenKind::StringText);
            let here = |token: &&crate::syntax::token::Token| {
                !(token.start as usize <= self.query.offset && self.query.offset <= token.end as usize)
            };
            tags.extend(texts.filter(here).map(|token| outline.word(token).to_owned()));
        }
        tags.into_iter().map(|tag| Item::new(tag, ItemKind::Text).detail("tag")).collect()
    }

    /// Names for which the lock still keeps something, and that nothing has any more.
    fn former_names(&self) -> Vec<Item> {
        let Some(compilation) = self.query.compilation else { return Vec::new() };
        let names = compilation.lock.stale().filter_map(|key| key.split_whitespace().nth(1));
        let names: BTreeSet<&str> = names.map(|path| path.split('.').next().unwrap_or(path)).collect();
        names.into_iter().map(|name| Item::new(name, ItemKind::Text).detail("in the lock")).collect()
    }
}
