//! Directory entries of FAT: a short name of 8 and 3 characters, and before it the long one.

use crate::media::tree::{Child, Tree};
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of an entry.
pub const ENTRY: usize = 32;
const READ_ONLY_LONG_NAME: u8 = 0x0F;
const VOLUME_LABEL: u8 = 0x08;
const DIRECTORY: u8 = 0x10;
/// 2000-01-01: images do not differ by the day they were made.
const DATE: u16 = (2000 - 1980) << 9 | 1 << 5 | 1;
/// Characters of a long name in one entry.
const LONG_NAME_PART: usize = 13;

/// A short name, filled up with spaces.
pub type ShortName = [u8; 11];

/// The children of a directory with their short names.
pub fn short_names(tree: &Tree, directory: usize) -> Vec<(ShortName, Child)> {
    let mut taken: BTreeSet<ShortName> = BTreeSet::new();
    let mut numbers: BTreeMap<ShortName, usize> = BTreeMap::new();
    let children = tree.directories.get(directory).map(|directory| directory.children.as_slice()).unwrap_or_default();
    let mut named = Vec::with_capacity(children.len());
    for child in children {
        let name = tree.name(*child);
        let mut short = short_name(name, 0);
        let number = numbers.entry(short).or_default();
        if plain(&short) != name {
            *number += 1; // a name that is cut or changed has a number, so that nobody takes it for the real one
            short = short_name(name, *number);
        }
        while taken.contains(&short) {
            *number += 1;
            short = short_name(name, *number);
        }
        taken.insert(short);
        named.push((short, *child));
    }
    named
}

/// `LOADER  CON` for number 0, `LOADE~12CON` for number 12.
fn short_name(name: &str, number: usize) -> ShortName {
    let letter = |c: char| if c.is_ascii_alphanumeric() || "-_".contains(c) { c.to_ascii_uppercase() } else { '_' };
    let (stem, extension) = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).unwrap_or((name, ""));
    let suffix = if number == 0 { String::new() } else { format!("~{number}") };
    let stem = stem.chars().map(letter).take(8_usize.saturating_sub(suffix.len())).chain(suffix.chars());
    let stem = stem.chain(std::iter::repeat(' ')).take(8);
    let extension = extension.chars().map(letter).chain(std::iter::repeat(' ')).take(3);
    let mut short = [b' '; 11];
    for (place, c) in short.iter_mut().zip(stem.chain(extension)) {
        *place = u8::try_from(c).unwrap_or(b'_');
    }
    short
}

/// A short name as people write it.
fn plain(short: &ShortName) -> String {
    let (stem, extension) = short.split_at(8);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
    match text(extension) {
        extension if extension.is_empty() => text(stem),
        extension => format!("{}.{extension}", text(stem)),
    }
}

/// The entry of the volume's label.
pub fn label_entry(label: &ShortName) -> [u8; ENTRY] {
    entry(label, VOLUME_LABEL, 0, 0)
}

/// `.` or `..`, which leads to the directory at this cluster.
pub fn dot_entry(name: &str, cluster: u16) -> [u8; ENTRY] {
    let mut short = [b' '; 11];
    for (place, byte) in short.iter_mut().zip(name.bytes()) {
        *place = byte;
    }
    entry(&short, DIRECTORY, cluster, 0)
}

/// The entries of a child: those of its long name, where it needs one, and the short one.
pub fn child_entries(name: &str, short: &ShortName, child: Child, cluster: u16, bytes: u32) -> Vec<u8> {
    let mut entries = Vec::new();
    if plain(short) != name {
        for (index, part) in long_name_parts(name).iter().enumerate().rev() {
            let last = (index + 1) * LONG_NAME_PART >= name.encode_utf16().count();
            entries.extend(long_name_entry(part, index + 1, last, checksum(short)));
        }
    }
    let attributes = if matches!(child, Child::Directory(_)) { DIRECTORY } else { 0 };
    entries.extend(entry(short, attributes, cluster, bytes));
    entries
}

fn entry(name: &ShortName, attributes: u8, cluster: u16, bytes: u32) -> [u8; ENTRY] {
    let mut fields = Vec::with_capacity(ENTRY);
    fields.extend(name);
    fields.extend([attributes, 0, 0]);
    fields.extend([0, 0]); // time made
    fields.extend(DATE.to_le_bytes()); // made
    fields.extend(DATE.to_le_bytes()); // read
    fields.extend([0, 0, 0, 0]); // high half of the cluster, time written
    fields.extend(DATE.to_le_bytes()); // written
    fields.extend(cluster.to_le_bytes());
    fields.extend(bytes.to_le_bytes());
    fixed(&fields)
}

/// A long name in parts; the last ends with 0 and is filled up with 0xFFFF.
fn long_name_parts(name: &str) -> Vec<[u16; LONG_NAME_PART]> {
    let characters: Vec<u16> = name.encode_utf16().collect();
    let part = |characters: &[u16]| {
        let mut part = [0xFFFF; LONG_NAME_PART];
        for (place, character) in part.iter_mut().zip(characters.iter().chain([&0])) {
            *place = *character;
        }
        part
    };
    characters.chunks(LONG_NAME_PART).map(part).collect()
}

fn long_name_entry(part: &[u16; LONG_NAME_PART], number: usize, last: bool, checksum: u8) -> [u8; ENTRY] {
    let (first, rest) = part.split_at(5);
    let (second, third) = rest.split_at(6);
    let characters = |characters: &[u16]| characters.iter().flat_map(|c| c.to_le_bytes()).collect::<Vec<u8>>();
    let mut fields = vec![u8::try_from(number).unwrap_or(u8::MAX) | if last { 0x40 } else { 0 }];
    fields.extend(characters(first));
    fields.extend([READ_ONLY_LONG_NAME, 0, checksum]);
    fields.extend(characters(second));
    fields.extend([0, 0]); // no cluster
    fields.extend(characters(third));
    fixed(&fields)
}

/// Ties a long name to its short one.
fn checksum(short: &ShortName) -> u8 {
    short.iter().fold(0, |sum: u8, byte| sum.rotate_right(1).wrapping_add(*byte))
}

fn fixed(fields: &[u8]) -> [u8; ENTRY] {
    let mut bytes = [0; ENTRY];
    for (place, byte) in bytes.iter_mut().zip(fields) {
        *place = *byte;
    }
    bytes
}
