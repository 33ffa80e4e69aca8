//! FAT16 images: what firewalls and routers read their first configuration from, on a USB stick or a small disk.
//!
//! Reference: Microsoft Extensible Firmware Initiative FAT32 File System Specification 1.03, which describes FAT16 and
//! long names too.

mod entries;

use super::tree::{Child, Tree};
use super::{MediaError, MediaErrorKind};
use entries::{ENTRY, ShortName, child_entries, dot_entry, label_entry, short_names};
use std::collections::BTreeSet;

const SECTOR: usize = 512;
/// A volume with fewer clusters would be taken for FAT12; some room above the limit is usual.
const MIN_CLUSTERS: usize = 4200;
/// A volume with more would be taken for FAT32.
const MAX_CLUSTERS: usize = 65_500;
const MIN_ROOT_ENTRIES: usize = 512;
const FIRST_CLUSTER: usize = 2;

/// An image with this volume label (up to 11 bytes) and these files, each a relative path with `/` and its bytes.
/// The same files give the same bytes. Names that differ only by case are one name here.
pub fn write(label: &str, files: &[(&str, &[u8])]) -> Result<Vec<u8>, MediaError> {
    let tree = Tree::new(files.iter().map(|(path, _)| *path))?;
    check_names(files)?;
    let mut short_label: ShortName = [b' '; 11];
    for (place, byte) in short_label.iter_mut().zip(label.bytes()) {
        *place = byte;
    }
    let contents: Vec<&[u8]> = files.iter().map(|(_, bytes)| *bytes).collect();
    let too_large = MediaError { path: String::new(), kind: MediaErrorKind::TooLarge };
    let volume = Volume::new(&tree, &contents).ok_or(too_large)?;
    Ok(volume.write(&tree, &contents, &short_label))
}

/// The characters that FAT has no names with, and names that are one name to it.
fn check_names(files: &[(&str, &[u8])]) -> Result<(), MediaError> {
    let mut seen = BTreeSet::new();
    for (path, _) in files {
        let error = |kind| Err(MediaError { path: (*path).to_owned(), kind });
        if let Some(character) = path.chars().find(|c| "\"*:<>?\\|".contains(*c)) {
            return error(MediaErrorKind::Character(character));
        }
        if path.split('/').any(|part| part.ends_with(['.', ' '])) {
            return error(MediaErrorKind::BadName);
        }
        if !seen.insert(path.to_lowercase()) {
            return error(MediaErrorKind::Twice);
        }
    }
    Ok(())
}

/// Where everything lies.
struct Volume {
    sectors_per_cluster: usize,
    clusters: usize,
    root_entries: usize,
    /// First cluster and number of clusters, by directory; the root has none.
    directories: Vec<(usize, usize)>,
    /// The same by file; an empty one has none.
    files: Vec<(usize, usize)>,
    /// Short names of the children, by directory.
    names: Vec<Vec<(ShortName, Child)>>,
}

impl Volume {
    /// With the smallest clusters that do. `None` where the files do not fit.
    fn new(tree: &Tree, contents: &[&[u8]]) -> Option<Volume> {
        let names: Vec<_> = (0..tree.directories.len()).map(|directory| short_names(tree, directory)).collect();
        let bytes_of = |directory: usize| {
            let entries =
                |(short, child): &(ShortName, Child)| child_entries(tree.name(*child), short, *child, 0, 0).len();
            2 * ENTRY + names.get(directory).map(|names| names.iter().map(entries).sum()).unwrap_or(0)
        };
        let directory_bytes: Vec<usize> = (0..tree.directories.len()).map(bytes_of).collect();
        let root_entries = directory_bytes.first().map_or(0, |bytes| bytes / ENTRY).next_multiple_of(SECTOR / ENTRY);
        for power in 0..8 {
            let sectors_per_cluster = 1 << power;
            let mut next = FIRST_CLUSTER;
            let mut place = |bytes: usize| {
                let clusters = bytes.div_ceil(sectors_per_cluster * SECTOR);
                next += clusters;
                (if clusters == 0 { 0 } else { next - clusters }, clusters)
            };
            let root = std::iter::once((0, 0));
            let directories = root.chain(directory_bytes.iter().skip(1).map(|bytes| place(*bytes))).collect();
            let files = contents.iter().map(|bytes| place(bytes.len())).collect();
            let clusters = (next - FIRST_CLUSTER).max(MIN_CLUSTERS);
            if clusters <= MAX_CLUSTERS && root_entries <= usize::from(u16::MAX) {
                let root_entries = root_entries.max(MIN_ROOT_ENTRIES);
                return Some(Volume { sectors_per_cluster, clusters, root_entries, directories, files, names });
            }
        }
        None
    }

    fn fat_sectors(&self) -> usize {
        ((self.clusters + FIRST_CLUSTER) * 2).div_ceil(SECTOR)
    }

    fn data_sector(&self) -> usize {
        1 + 2 * self.fat_sectors() + self.root_entries * ENTRY / SECTOR
    }

    fn sectors(&self) -> usize {
        self.data_sector() + self.clusters * self.sectors_per_cluster
    }

    fn write(&self, tree: &Tree, contents: &[&[u8]], label: &ShortName) -> Vec<u8> {
        let mut image = vec![0; self.sectors() * SECTOR];
        let mut put = |start: usize, bytes: &[u8]| {
            if let Some(place) = image.get_mut(start..start + bytes.len()) {
                place.copy_from_slice(bytes);
            }
        };
        put(0, &self.boot_sector(label));
        let table = self.allocation_table();
        put(SECTOR, &table);
        put(SECTOR * (1 + self.fat_sectors()), &table);
        let at = |cluster: usize| (self.data_sector() + (cluster - FIRST_CLUSTER) * self.sectors_per_cluster) * SECTOR;
        for (index, (cluster, _)) in self.directories.iter().enumerate() {
            let place = if index == 0 { SECTOR * (1 + 2 * self.fat_sectors()) } else { at(*cluster) };
            put(place, &self.directory(tree, contents, index, label));
        }
        for ((cluster, clusters), bytes) in self.files.iter().zip(contents) {
            if *clusters > 0 {
                put(at(*cluster), bytes);
            }
        }
        image
    }

    fn boot_sector(&self, label: &ShortName) -> Vec<u8> {
        let sectors = self.sectors();
        let mut bytes = vec![0xEB, 0x3C, 0x90];
        bytes.extend(b"WTOP    ");
        bytes.extend(short(SECTOR));
        bytes.push(u8::try_from(self.sectors_per_cluster).unwrap_or(u8::MAX));
        bytes.extend(short(1)); // the boot sector
        bytes.push(2); // allocation tables
        bytes.extend(short(self.root_entries));
        bytes.extend(short(if sectors <= usize::from(u16::MAX) { sectors } else { 0 }));
        bytes.push(0xF8); // a fixed disk
        bytes.extend(short(self.fat_sectors()));
        bytes.extend(short(32)); // sectors of a track
        bytes.extend(short(64)); // heads
        bytes.extend([0; 4]); // no sectors before the volume
        bytes.extend(if sectors > usize::from(u16::MAX) { long(sectors) } else { [0; 4] });
        bytes.extend([0x80, 0, 0x29]);
        bytes.extend(b"WTOP"); // serial number
        bytes.extend(label);
        bytes.extend(b"FAT16   ");
        bytes.resize(SECTOR - 2, 0);
        bytes.extend([0x55, 0xAA]);
        bytes
    }

    /// Every file and directory lies in one piece, so each cluster leads to the next until the last.
    fn allocation_table(&self) -> Vec<u8> {
        let mut table = Vec::with_capacity(self.fat_sectors() * SECTOR);
        table.extend([0xF8, 0xFF, 0xFF, 0xFF]);
        for (cluster, clusters) in self.directories.iter().chain(&self.files) {
            for offset in 1..=*clusters {
                table.extend(if offset == *clusters { [0xFF, 0xFF] } else { short(cluster + offset) });
            }
        }
        table
    }

    fn directory(&self, tree: &Tree, contents: &[&[u8]], index: usize, label: &ShortName) -> Vec<u8> {
        let cluster_of = |directory: usize| self.directories.get(directory).map_or(0, |(cluster, _)| narrow(*cluster));
        let mut bytes = Vec::new();
        if index == 0 {
            bytes.extend(label_entry(label));
        } else {
            let parent = tree.directories.get(index).map_or(0, |directory| directory.parent);
            bytes.extend(dot_entry(".", cluster_of(index)));
            bytes.extend(dot_entry("..", cluster_of(parent)));
        }
        for (short, child) in self.names.get(index).into_iter().flatten() {
            let (cluster, length) = match child {
                Child::Directory(index) => (cluster_of(*index), 0),
                Child::File(index) => {
                    let cluster = self.files.get(*index).map_or(0, |(cluster, _)| narrow(*cluster));
                    (cluster, contents.get(*index).map_or(0, |bytes| bytes.len()))
                }
            };
            let length = u32::try_from(length).unwrap_or(u32::MAX);
            bytes.extend(child_entries(tree.name(*child), short, *child, cluster, length));
        }
        bytes
    }
}

fn narrow(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

fn short(number: usize) -> [u8; 2] {
    narrow(number).to_le_bytes()
}

fn long(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes()
}

#[cfg(test)]
mod tests;
