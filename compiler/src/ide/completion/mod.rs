//! What can be written at the cursor.
//!
//! ```text
//! text ──tokens──▶ outline, cursor ──▶ names in scope ──▶ place ──▶ items
//! ```
//!
//! The text is read as it is now, which is broken while one types: its tokens say which blocks the cursor is in and what
//! is wanted there (`place`), and which names there are (`known`). What only a whole program tells (which interfaces
//! are free, the keys of arrays, tags) comes from its last compilation, of a text that may be slightly older.
//!
//! **Invariant: accepting an item gives text that the formatter leaves as it is.**

mod attributes;
mod blocks;
mod cursor;
mod devices;
mod fields;
mod functions;
mod infer;
mod item;
mod keywords;
mod known;
mod links;
mod outline;
mod place;
#[cfg(test)]
mod tests;
mod texts;
mod uses;
mod values;

pub use devices::data_sheet;
pub use item::{Item, ItemKind};

use crate::semantics::{Compilation, Unit};
use crate::syntax::tokens;
use blocks::Block;
use cursor::Cursor;
use known::Names;
use outline::Opener;
use place::Place;
use std::ops::Range;

/// So many items are given at most.
pub const MOST_ITEMS: usize = 1000;

/// What is asked.
#[derive(Clone, Copy)]
pub struct Query<'a> {
    /// The text as it is now.
    pub text: &'a str,
    /// The byte before which the cursor stands.
    pub offset: usize,
    /// The last compilation of the file, perhaps of an older text.
    pub compilation: Option<&'a Compilation>,
    /// Other files of the language in the project.
    pub others: &'a [Other<'a>],
    /// All files of the project, by their paths from the folder of this one. Asked only where paths are wanted.
    pub files: &'a dyn Fn() -> Vec<String>,
}

/// Another file of the language.
#[derive(Clone, Debug)]
pub struct Other<'a> {
    /// How a `use` in this file names it: `./devices.wtop`.
    pub path: String,
    /// What it declares.
    pub unit: &'a Unit,
}

/// What can be written.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Completion {
    /// The best first.
    pub items: Vec<Item>,
    /// The bytes that any of them replaces.
    pub replace: Range<usize>,
    /// Were there more than [`MOST_ITEMS`]?
    pub is_incomplete: bool,
}

/// A question with what was found out about it.
struct Asked<'a> {
    query: Query<'a>,
    cursor: Cursor<'a>,
    names: Names,
}

/// What can be written at a place.
pub fn complete(query: Query<'_>) -> Completion {
    let tokens = tokens(query.text);
    let Some(cursor) = Cursor::new(query.text, &tokens, query.offset) else { return Completion::default() };
    let names = known::names(&cursor, query.compilation);
    let asked = Asked { query, cursor, names };
    let place = asked.place();
    let replace = asked.replaced(&place);
    let mut items = asked.items(&place);
    item::sort(&mut items);
    let (before, after) = asked.margins(&place, &replace);
    items.iter_mut().for_each(|item| item.pad(before, after));
    let is_incomplete = items.len() > MOST_ITEMS;
    if is_incomplete {
        let typed = asked.query.text.get(replace.start..query.offset).unwrap_or_default().to_lowercase();
        items.retain(|item| item.filter_text().to_lowercase().contains(&typed));
        items.truncate(MOST_ITEMS);
    }
    Completion { items, replace, is_incomplete }
}

impl Asked<'_> {
    fn items(&self, place: &Place) -> Vec<Item> {
        match place {
            Place::Nothing => Vec::new(),
            Place::Item { block, is_public } => self.item_starts(block, *is_public),
            Place::Device { modules } => self.devices(*modules),
            Place::Value(wanted) => self.values(wanted),
            Place::Field(thing) => self.fields(thing),
            Place::Port(thing) => self.ports(thing, false),
            Place::End => self.ends(),
            Place::Key(thing) => self.keys(thing, false),
            Place::Argument { of } => self.arguments(of),
            Place::Type => self.types(),
            Place::Words(words) => words.iter().map(|word| Item::new(*word, ItemKind::Keyword)).collect(),
            Place::Unit(ty) => self.units(ty),
            Place::UseRoot => self.use_roots(),
            Place::UsePath(path) => uses::below(path),
            Place::Text(text) => self.texts(text),
        }
    }

    /// The spaces that the canonical form has before and behind an item, where they are not there yet.
    fn margins(&self, place: &Place, replace: &Range<usize>) -> (&'static str, &'static str) {
        let opener = self.cursor.innermost().map(|(_, frame)| frame.opener);
        let is_glued =
            matches!(place, Place::Port(_) | Place::Text(_) | Place::Field(_) | Place::UsePath(_) | Place::Unit(_))
                || matches!(place, Place::Item { block: Block::Uses(_), .. })
                || opener == Some(Opener::Hole);
        if is_glued {
            return ("", "");
        }
        let before = self.query.text.get(..replace.start).unwrap_or_default();
        let after = self.query.text.get(replace.end..).unwrap_or_default();
        (
            if before.ends_with(['=', ',', '>', ':', '{']) { " " } else { "" },
            if after.starts_with('}') { " " } else { "" },
        )
    }

    /// The bytes that an item replaces: the word, or all of an interface's name or of a string.
    fn replaced(&self, place: &Place) -> Range<usize> {
        let word = self.cursor.word.clone();
        let text = self.query.text;
        let extended = |start: usize, is_part: fn(char) -> bool| {
            let rest = text.get(self.query.offset..).unwrap_or_default();
            start..self.query.offset + rest.len() - rest.trim_start_matches(is_part).len()
        };
        match place {
            Place::Port(_) => {
                let before = text.get(..self.query.offset).unwrap_or_default();
                extended(before.trim_end_matches(is_port_char).len(), is_port_char)
            }
            Place::Text(_) => {
                let start = self.cursor.innermost().and_then(|(_, frame)| self.cursor.outline.tokens.get(frame.token));
                extended(start.map_or(word.start, |token| token.end as usize), |char| {
                    !matches!(char, '"' | '\n' | '\r' | '$')
                })
            }
            _ => word,
        }
    }
}

fn is_port_char(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | '.' | '/')
}
