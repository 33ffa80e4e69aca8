//! The names that files get in each of an ISO's two views.

use crate::media::tree::{Child, Tree};
use std::collections::BTreeMap;

/// How names look in one of the two directory hierarchies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum View {
    /// ISO 9660 at interchange level 2: up to 30 of `A-Z 0-9 _` and one dot. The real name follows in Rock Ridge.
    Primary,
    /// Joliet: UCS-2, big-endian.
    Joliet,
}

/// The children of a directory with the identifiers they have in a view, in the order of the identifiers
/// (ECMA-119 9.3). Identifiers that would be equal are numbered.
pub fn identifiers(tree: &Tree, directory: usize, view: View) -> Vec<(Vec<u8>, Child)> {
    let mut named: BTreeMap<Vec<u8>, Child> = BTreeMap::new();
    let mut numbers: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    let children = tree.directories.get(directory).map(|directory| directory.children.as_slice()).unwrap_or_default();
    for child in children {
        let mut identifier = view.identifier(tree.name(*child), *child, 0);
        let number = numbers.entry(identifier.clone()).or_default();
        while named.contains_key(&identifier) {
            *number += 1;
            identifier = view.identifier(tree.name(*child), *child, *number);
        }
        named.insert(identifier, *child);
    }
    named.into_iter().collect()
}

impl View {
    /// The identifier of a name; `number`, if not 0, makes it different from others that come out alike.
    fn identifier(self, name: &str, child: Child, number: usize) -> Vec<u8> {
        match self {
            View::Primary => primary_identifier(name, child, number).into_bytes(),
            View::Joliet => joliet_identifier(name, number),
        }
    }
}

fn primary_identifier(name: &str, child: Child, number: usize) -> String {
    let plain = |text: &str, limit: usize| -> String {
        let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
        text.chars().map(letter).take(limit).collect()
    };
    let suffix = if number == 0 { String::new() } else { format!("_{number}") };
    match (child, name.rsplit_once('.')) {
        (Child::Directory(_), _) => format!("{}{suffix}", plain(name, 31 - suffix.len())),
        (Child::File(_), Some((stem, extension))) if !stem.is_empty() => {
            let extension = plain(extension, 10);
            format!("{}{suffix}.{extension};1", plain(stem, 29 - extension.len() - suffix.len()))
        }
        (Child::File(_), _) => format!("{}{suffix}.;1", plain(name, 29 - suffix.len())),
    }
}

/// Without the `;1` of file versions, as other writers do: some readers would show it.
fn joliet_identifier(name: &str, number: usize) -> Vec<u8> {
    let letter = |c: char| if "*/:;?\\".contains(c) { '_' } else { c };
    let mut text: String = name.chars().map(letter).collect();
    if number > 0 {
        text.push_str(&format!("_{number}"));
    }
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}
