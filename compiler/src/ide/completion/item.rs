//! One thing that can be written.

use std::cmp::Ordering;
use std::ops::Range;

/// One thing that can be written.
#[derive(Clone, PartialEq, Debug)]
pub struct Item {
    /// What a list of items shows.
    pub label: String,
    /// What it is.
    pub kind: ItemKind,
    /// Its type or signature, in a line.
    pub detail: Option<String>,
    /// Where it comes from, or whom it belongs to: shown at the end of its line.
    pub origin: Option<String>,
    /// What it means, as Markdown.
    pub documentation: Option<String>,
    /// The text that is put in.
    pub insert: String,
    /// The same with places to fill in, in the syntax of the protocol's snippets.
    pub snippet: Option<String>,
    /// What is compared with what is typed, if not the label.
    pub filter: Option<String>,
    /// Further edits, in other places: an import.
    pub edits: Vec<(Range<usize>, String)>,
    /// Is it the one that is most likely meant?
    pub preselect: bool,
    /// The device of the library whose [data sheet](super::data_sheet) says more.
    pub sheet: Option<String>,
    /// How well it fits: 0 is best.
    pub(super) fit: u8,
    /// How far away it was declared.
    pub(super) distance: u8,
    /// Its place among those that are sorted by more than their names.
    pub(super) order: usize,
}

/// What an item is.
#[allow(missing_docs)] // The names are the language's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ItemKind {
    Keyword,
    Attribute,
    Device,
    Module,
    Node,
    Network,
    Link,
    Interface,
    Parameter,
    Constant,
    Variable,
    Type,
    Function,
    /// A word of an enumeration, `true`, or another value.
    Value,
    Unit,
    /// A pool, VLAN, VRF, image or the like.
    Resource,
    File,
    Folder,
    Text,
}

impl Item {
    /// An item that puts in its label.
    pub(super) fn new(label: impl Into<String>, kind: ItemKind) -> Item {
        let label = label.into();
        Item {
            insert: label.clone(),
            label,
            kind,
            detail: None,
            origin: None,
            documentation: None,
            snippet: None,
            filter: None,
            edits: Vec::new(),
            preselect: false,
            sheet: None,
            fit: 0,
            distance: 0,
            order: 0,
        }
    }

    pub(super) fn detail(self, detail: impl Into<String>) -> Item {
        Item { detail: Some(detail.into()), ..self }
    }

    pub(super) fn origin(self, origin: impl Into<String>) -> Item {
        Item { origin: Some(origin.into()), ..self }
    }

    pub(super) fn documentation(self, documentation: Option<String>) -> Item {
        Item { documentation, ..self }
    }

    pub(super) fn insert(self, text: impl Into<String>) -> Item {
        Item { insert: text.into(), ..self }
    }

    /// Text with places to fill in, and the same without.
    pub(super) fn snippet(self, snippet: impl Into<String>, plain: impl Into<String>) -> Item {
        Item { snippet: Some(snippet.into()), insert: plain.into(), ..self }
    }

    pub(super) fn fit(self, fit: u8) -> Item {
        Item { fit, ..self }
    }

    pub(super) fn order(self, order: usize) -> Item {
        Item { order, ..self }
    }

    /// Puts space around the text.
    pub(super) fn pad(&mut self, before: &str, after: &str) {
        if !before.is_empty() || !after.is_empty() {
            self.insert = format!("{before}{}{after}", self.insert);
            self.snippet = self.snippet.take().map(|snippet| format!("{before}{snippet}{after}"));
        }
    }

    /// What is compared with what is typed.
    pub(super) fn filter_text(&self) -> &str {
        self.filter.as_deref().unwrap_or(&self.label)
    }
}

/// The best first: by fit, nearness, given order, name. Of two with the same label, the better one stays.
pub(super) fn sort(items: &mut Vec<Item>) {
    let key = |item: &Item| (item.fit, item.distance, item.order);
    items.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| natural(&a.label, &b.label)));
    let mut seen = std::collections::BTreeSet::new();
    items.retain(|item| seen.insert(item.label.clone()));
}

/// Names as people sort them: numbers in them by their value.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let (left, right) = (digits(a), digits(b));
        if left > 0 && right > 0 {
            let number =
                |text: &str, end: usize| text.get(..end).unwrap_or_default().trim_start_matches('0').to_owned();
            let (x, y) = (number(a, left), number(b, right));
            let order = x.len().cmp(&y.len()).then_with(|| x.cmp(&y));
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (a.get(left..).unwrap_or_default(), b.get(right..).unwrap_or_default());
            continue;
        }
        let (mut x, mut y) = (a.chars(), b.chars());
        match (x.next(), y.next()) {
            (Some(p), Some(q)) if p == q => (a, b) = (x.as_str(), y.as_str()),
            (p, q) => return p.cmp(&q),
        }
    }
}
