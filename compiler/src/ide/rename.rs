//! Renaming: what has to change where, and why some names cannot.

mod clashes;
mod files;
mod locks;

pub use files::file_renames;
pub use locks::LockEdit;

use super::names::{Meaning, Occurrence, Role, Symbol, SymbolId, SymbolKind};
use super::{Found, Position, Seen, View, everywhere, written};
use crate::source::Span;
use crate::syntax::is_name;
use std::path::Path;

/// A name that can be changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Renamable {
    /// Where it stands, without quotes.
    pub span: Span,
    /// What it is now.
    pub text: String,
}

/// A new text for a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// Where.
    pub at: Found,
    /// The text.
    pub text: String,
}

/// All that changes with a name.
#[derive(Clone, Debug, Default)]
pub struct Renaming {
    /// In the sources.
    pub changes: Vec<Change>,
    /// In the lock files, so that what was chosen for the lab stays with it under its new name.
    pub locks: Vec<LockEdit>,
}

/// Can what stands at a position be renamed?
///
/// # Errors
/// Why not, in a sentence.
pub fn prepare(view: View, at: Position) -> Result<Renamable, String> {
    let (occurrence, id, symbol) = asked(view, at)?;
    let (span, text) = written(view, occurrence.span);
    // A slot for an image may be one that the library declares too.
    let mut declared = view.names.uses(id).filter(|place| place.role == Role::Declaration);
    if let Some(fixed) = declared.find(|place| view.is_fixed(place.span.file)).filter(|_| text == symbol.name) {
        let file = view.compilation.sources.get(fixed.span.file).map_or("", |file| file.name.as_str());
        return Err(format!("`{}` is declared in `{file}`, which is not yours to change", symbol.name));
    }
    if symbol.name.contains("${") {
        return Err(format!("`{}` is a rule for many names; change it where it is declared", symbol.name));
    }
    if text != symbol.name && !is_alias(view, at, text) {
        return Err(format!("`{text}` is made from `{}`; rename that where it is declared", symbol.name));
    }
    Ok(Renamable { span, text: text.to_owned() })
}

fn asked(view: View<'_>, at: Position) -> Result<(&Occurrence, SymbolId, &Symbol), String> {
    let Some(occurrence) = view.names.at(at.0, at.1) else {
        return Err("here is no name that can be changed".to_owned());
    };
    let text = view.compilation.sources.text(occurrence.span);
    let Meaning::Symbol(id) = occurrence.meaning else {
        return Err(format!("`{text}` is a word of the language"));
    };
    let symbol = view.names.symbol(id).ok_or_else(|| "here is no name that can be changed".to_owned())?;
    match (occurrence.role, symbol.kind) {
        (Role::This, _) => Err("`self` is a word of the language; rename the node itself".to_owned()),
        (_, SymbolKind::File) => Err("rename the file itself: what names it changes too".to_owned()),
        _ => Ok((occurrence, id, symbol)),
    }
}

/// Is it what the file calls something that it imports, `edge as e`?
fn is_alias(view: View, at: Position, text: &str) -> bool {
    let all = view.names.in_file(at.0).iter();
    all.filter(|place| place.role == Role::Rename).any(|place| view.compilation.sources.text(place.span) == text)
}

/// Renames what stands at a position of the first view, in all files of all views. `read` gives the text of a lock file,
/// where there is one.
///
/// # Errors
/// Why it cannot have this name, in a sentence.
pub fn rename(
    views: &[View],
    at: Position,
    new: &str,
    read: &dyn Fn(&Path) -> Option<String>,
) -> Result<Renaming, String> {
    let Some(view) = views.first().copied() else { return Ok(Renaming::default()) };
    let old = prepare(view, at)?.text;
    let (_, _, symbol) = asked(view, at)?;
    if old == new {
        return Ok(Renaming::default());
    }
    let is_port_name = symbol.kind == SymbolKind::Interface && is_port_name(new);
    if !(is_name(new) || is_port_name) {
        return Err(format!("`{new}` is no name: letters, digits, `_`, and `-` inside; no word of the language"));
    }
    if let Some(clash) = clashes::clash(views, at, new) {
        return Err(clash);
    }
    let by_alias = old != symbol.name;
    let all = everywhere(views, at);
    let mut changes = Vec::new();
    for (index, id) in &all {
        let Some(view) = views.get(*index).copied() else { continue };
        for place in view.names.uses(*id).filter(|place| place.role != Role::This) {
            if by_alias && !same_file(views, (*index, place.span), at) {
                continue;
            }
            let (span, text) = written(view, place.span);
            if let Some(text) = renamed(text, &old, new, symbol) {
                changes.push(Change { at: Found { view: *index, span }, text });
            }
        }
    }
    let mut seen = Seen::default();
    changes.retain(|change: &Change| seen.is_new(views, change.at));
    changes.sort_by_key(|change| (change.at.view, change.at.span.file, change.at.span.start));
    let locks = if by_alias { Vec::new() } else { locks::edits(views, &all, new, read) };
    Ok(Renaming { changes, locks })
}

fn same_file(views: &[View], found: (usize, Span), at: Position) -> bool {
    let path = |view: usize, file| views.get(view).and_then(|view| view.path(file));
    path(found.0, found.1.file) == path(0, at.0)
}

/// What a place says once its thing has another name; none if it names it in a way that stays.
fn renamed(text: &str, old: &str, new: &str, symbol: &Symbol) -> Option<String> {
    if text == old {
        return Some(new.to_owned());
    }
    let rest = text.strip_prefix(old)?;
    match symbol.kind {
        SymbolKind::Node if symbol.array => element(text, old, new),
        // `vsrx@22.4R1` is the slot for a version.
        SymbolKind::Image if rest.starts_with('@') => Some(format!("{new}{rest}")),
        // `ge-0/0/0.100` is of the port.
        SymbolKind::Interface if rest.starts_with('.') => Some(format!("{new}{rest}")),
        SymbolKind::Nic if symbol.array && rest.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(format!("{new}{rest}"))
        }
        _ => None,
    }
}

/// The name of an element after its array was renamed: `leaf1`, `r2-1`.
fn element(name: &str, old: &str, new: &str) -> Option<String> {
    let rest = name.strip_prefix(old)?;
    let ends_in_digit = |name: &str| name.ends_with(|char: char| char.is_ascii_digit());
    let begins = |rest: &str| rest.starts_with(|char: char| char.is_ascii_digit());
    match rest.strip_prefix('-') {
        // A hyphen keeps the number apart from that of the array.
        Some(number) if ends_in_digit(old) && !ends_in_digit(new) && begins(number) => Some(format!("{new}{number}")),
        Some(_) => Some(format!("{new}{rest}")),
        None if begins(rest) && ends_in_digit(new) => Some(format!("{new}-{rest}")),
        None if begins(rest) => Some(format!("{new}{rest}")),
        None => None,
    }
}

/// May an interface be called so?
fn is_port_name(name: &str) -> bool {
    let is_allowed = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | '.' | '/');
    !name.is_empty() && name.chars().all(is_allowed)
}

#[cfg(test)]
mod tests;
