//! ISO 9660 images with Joliet and Rock Ridge, the same bytes for the same files.
//!
//! References: ECMA-119 (the volume, its descriptors and directories), the Joliet specification (the second hierarchy,
//! in UCS-2), IEEE P1281 SUSP and P1282 RRIP (long names and permissions in the first hierarchy). Linux and the BSDs
//! read Rock Ridge, Windows reads Joliet, and boot loaders read the plain names.

mod names;
mod records;

use super::MediaError;
use super::tree::{Child, Tree};
use names::{View, identifiers};
use records::{DATE, Extent, Kind, both_endian, both_endian_16, record, rock_ridge, rock_ridge_root};

/// Bytes of a sector, which is also the logical block.
const SECTOR: usize = 2048;
/// The first sector after the system area.
const FIRST_DESCRIPTOR: u32 = 16;

/// An image with this volume label and these files, each a relative path with `/` and its bytes.
///
/// The label is kept as it is written, also in lower case (`cidata`), up to 32 bytes; Joliet repeats its first 16.
pub fn write(label: &str, files: &[(&str, &[u8])]) -> Result<Vec<u8>, MediaError> {
    let tree = Tree::new(files.iter().map(|(path, _)| *path))?;
    let mut next = FIRST_DESCRIPTOR + 3;
    let mut primary = Hierarchy::new(&tree, View::Primary, &mut next);
    let mut joliet = Hierarchy::new(&tree, View::Joliet, &mut next);
    let mut extents = Vec::with_capacity(files.len());
    for (_, bytes) in files {
        extents.push(Extent { sector: next, bytes: count(bytes.len()) });
        next += sectors(bytes.len());
    }
    primary.fill(&tree, &extents);
    joliet.fill(&tree, &extents);

    let mut image = Image { bytes: vec![0; next as usize * SECTOR] };
    image.put(FIRST_DESCRIPTOR, &descriptor(label, &primary, next));
    image.put(FIRST_DESCRIPTOR + 1, &descriptor(label, &joliet, next));
    image.put(FIRST_DESCRIPTOR + 2, b"\xFFCD001\x01");
    for hierarchy in [&primary, &joliet] {
        image.put(hierarchy.little_table, &hierarchy.path_table(u32::to_le_bytes, u16::to_le_bytes));
        image.put(hierarchy.big_table, &hierarchy.path_table(u32::to_be_bytes, u16::to_be_bytes));
        for directory in &hierarchy.directories {
            image.put(directory.extent.sector, &directory.bytes);
        }
    }
    for ((_, bytes), extent) in files.iter().zip(&extents) {
        image.put(extent.sector, bytes);
    }
    Ok(image.bytes)
}

struct Image {
    bytes: Vec<u8>,
}

impl Image {
    fn put(&mut self, sector: u32, bytes: &[u8]) {
        let start = sector as usize * SECTOR;
        if let Some(place) = self.bytes.get_mut(start..start + bytes.len()) {
            place.copy_from_slice(bytes);
        }
    }
}

/// One of the two directory hierarchies.
struct Hierarchy {
    view: View,
    /// By index in the tree.
    directories: Vec<PlacedDirectory>,
    /// Indices of the directories in the order of the path table: by depth, by parent, by identifier.
    order: Vec<usize>,
    little_table: u32,
    big_table: u32,
}

#[derive(Default)]
struct PlacedDirectory {
    identifier: Vec<u8>,
    /// Number of its parent in the path table, from 1.
    parent_number: u16,
    entries: Vec<(Vec<u8>, Child)>,
    extent: Extent,
    bytes: Vec<u8>,
}

impl Hierarchy {
    /// Names everything and gives each directory its sectors, from `next` on.
    fn new(tree: &Tree, view: View, next: &mut u32) -> Hierarchy {
        let mut directories: Vec<PlacedDirectory> = Vec::with_capacity(tree.directories.len());
        for index in 0..tree.directories.len() {
            let entries = identifiers(tree, index, view);
            directories.push(PlacedDirectory { identifier: vec![0], entries, ..PlacedDirectory::default() });
        }
        let mut order = vec![0];
        let mut place = 0;
        while let Some(directory) = order.get(place).copied() {
            let number = u16::try_from(place + 1).unwrap_or(u16::MAX);
            let entries = directories.get(directory).map(|directory| directory.entries.clone()).unwrap_or_default();
            for (identifier, child) in entries {
                if let Child::Directory(index) = child
                    && let Some(child) = directories.get_mut(index)
                {
                    child.identifier = identifier;
                    child.parent_number = number;
                    order.push(index);
                }
            }
            place += 1;
        }
        if let Some(root) = directories.first_mut() {
            root.parent_number = 1;
        }
        let mut hierarchy = Hierarchy { view, directories, order, little_table: 0, big_table: 0 };
        let table = sectors(hierarchy.path_table(u32::to_le_bytes, u16::to_le_bytes).len());
        hierarchy.little_table = *next;
        hierarchy.big_table = *next + table;
        *next += 2 * table;
        // Records have the same length whatever extents they name, so filling with none gives the sizes.
        hierarchy.fill(tree, &[]);
        for directory in &mut hierarchy.directories {
            directory.extent = Extent { sector: *next, bytes: count(directory.bytes.len()) };
            *next += sectors(directory.bytes.len());
        }
        hierarchy
    }

    /// Writes the records of every directory.
    fn fill(&mut self, tree: &Tree, files: &[Extent]) {
        let extents: Vec<Extent> = self.directories.iter().map(|directory| directory.extent).collect();
        let extent_of = |index: usize| extents.get(index).copied().unwrap_or_default();
        for (index, directory) in self.directories.iter_mut().enumerate() {
            let parent = tree.directories.get(index).map_or(0, |directory| directory.parent);
            let [own, above] = match (self.view, index) {
                (View::Joliet, _) => [Vec::new(), Vec::new()],
                (View::Primary, 0) => [rock_ridge_root(), rock_ridge("", Kind::Directory)],
                (View::Primary, _) => [rock_ridge("", Kind::Directory), rock_ridge("", Kind::Directory)],
            };
            let mut bytes = record(&[0], Kind::Directory, extent_of(index), &own);
            bytes.extend(record(&[1], Kind::Directory, extent_of(parent), &above));
            for (identifier, child) in &directory.entries {
                let (kind, extent) = match child {
                    Child::Directory(index) => (Kind::Directory, extent_of(*index)),
                    Child::File(index) => (Kind::File, files.get(*index).copied().unwrap_or_default()),
                };
                let system_use = match self.view {
                    View::Primary => rock_ridge(tree.name(*child), kind),
                    View::Joliet => Vec::new(),
                };
                let record = record(identifier, kind, extent, &system_use);
                if bytes.len() % SECTOR + record.len() > SECTOR {
                    bytes.resize(bytes.len().next_multiple_of(SECTOR), 0); // no record crosses a sector
                }
                bytes.extend(record);
            }
            bytes.resize(bytes.len().next_multiple_of(SECTOR), 0);
            directory.bytes = bytes;
        }
    }

    /// The path table (ECMA-119 9.4), with numbers in the byte order given.
    fn path_table(&self, long: fn(u32) -> [u8; 4], short: fn(u16) -> [u8; 2]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for directory in self.order.iter().filter_map(|index| self.directories.get(*index)) {
            bytes.push(u8::try_from(directory.identifier.len()).unwrap_or(u8::MAX));
            bytes.push(0); // no extended attributes
            bytes.extend(long(directory.extent.sector));
            bytes.extend(short(directory.parent_number));
            bytes.extend(&directory.identifier);
            bytes.resize(bytes.len().next_multiple_of(2), 0);
        }
        bytes
    }
}

/// The primary descriptor (ECMA-119 8.4), or the supplementary one of Joliet (8.5).
fn descriptor(label: &str, hierarchy: &Hierarchy, volume_sectors: u32) -> Vec<u8> {
    let joliet = hierarchy.view == View::Joliet;
    let text = |text: &str, bytes: usize| padded(text, bytes, joliet);
    let root = hierarchy.directories.first().map(|root| root.extent).unwrap_or_default();
    let mut bytes = vec![if joliet { 2 } else { 1 }];
    bytes.extend(b"CD001\x01\0");
    bytes.extend(text("", 32)); // system
    bytes.extend(text(label, 32));
    bytes.extend([0; 8]);
    bytes.extend(both_endian(volume_sectors));
    let mut escapes = [0; 32];
    if joliet {
        escapes[..3].copy_from_slice(b"%/E"); // UCS-2 level 3
    }
    bytes.extend(escapes);
    bytes.extend(both_endian_16(1)); // volumes in the set
    bytes.extend(both_endian_16(1)); // number of this one
    bytes.extend(both_endian_16(2048));
    bytes.extend(both_endian(count(hierarchy.path_table(u32::to_le_bytes, u16::to_le_bytes).len())));
    bytes.extend(hierarchy.little_table.to_le_bytes());
    bytes.extend([0; 4]); // no second copy
    bytes.extend(hierarchy.big_table.to_be_bytes());
    bytes.extend([0; 4]);
    bytes.extend(record(&[0], Kind::Directory, root, &[]));
    for length in [128, 128, 128, 128, 37, 37, 37] {
        bytes.extend(text("", length)); // set, publisher, preparer, application, and three file names
    }
    let [year, month, day, ..] = DATE;
    let made = format!("{}{month:02}{day:02}00000000\0", 1900 + u32::from(year));
    bytes.extend(made.as_bytes()); // created
    bytes.extend(made.as_bytes()); // modified
    for _ in 0..2 {
        bytes.extend(b"0000000000000000\0"); // never expires, always in effect
    }
    bytes.extend([1, 0]);
    bytes.resize(SECTOR, 0);
    bytes
}

/// Text filled up with spaces to so many bytes; in UCS-2 for Joliet.
fn padded(text: &str, bytes: usize, joliet: bool) -> Vec<u8> {
    if !joliet {
        let mut result: Vec<u8> = text.bytes().take(bytes).collect();
        result.resize(bytes, b' ');
        return result;
    }
    let spaces = std::iter::repeat(u16::from(b' '));
    let mut result: Vec<u8> = text.encode_utf16().chain(spaces).take(bytes / 2).flat_map(u16::to_be_bytes).collect();
    result.resize(bytes, 0);
    result
}

fn sectors(bytes: usize) -> u32 {
    count(bytes.div_ceil(SECTOR))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
