//! ext4 images of one block group, without a journal: enough for the disk that a guest reads at first boot, and the
//! same bytes for the same files.
//!
//! Reference: the Linux kernel's documentation, "ext4 Data Structures and Algorithms". Block 0 holds the superblock,
//! block 1 the only group descriptor; then come the bitmaps, the inode table, the directories, and the files, each of
//! these in one extent.

mod directory;

use super::tree::{Child, Tree};
use super::{MediaError, MediaErrorKind};
use directory::Listed;
use uuid::Uuid;

const BLOCK: usize = 4096;
/// As many as one bitmap block counts: 128 MiB.
const MAX_BLOCKS: usize = 8 * BLOCK;
const INODE: usize = 256;
const INODES_PER_BLOCK: usize = BLOCK / INODE;
/// Fields of an inode beyond the first 128 bytes.
const EXTRA_INODE: u16 = 32;

const GROUP_DESCRIPTOR: usize = 1;
const BLOCK_BITMAP: usize = 2;
const INODE_BITMAP: usize = 3;
const INODE_TABLE: usize = 4;

const ROOT: usize = 2;
const LOST_AND_FOUND: usize = 11;
/// The first inode that is ours; those before are reserved.
const FIRST_OWN: usize = 12;
/// Room for a guest that mounts the medium and writes: 1 MiB.
const SPARE_BLOCKS: usize = 256;

/// An image with this volume label (up to 16 bytes) and these files, each a relative path with `/` and its bytes.
pub fn write(label: &str, files: &[(&str, &[u8])]) -> Result<Vec<u8>, MediaError> {
    let tree = Tree::new(files.iter().map(|(path, _)| *path))?;
    let contents: Vec<&[u8]> = files.iter().map(|(_, bytes)| *bytes).collect();
    let volume = Volume::new(&tree, &contents);
    volume.map(|volume| volume.write(label)).ok_or(MediaError { path: String::new(), kind: MediaErrorKind::TooLarge })
}

/// Something with an inode.
struct Object<'f> {
    inode: usize,
    mode: u16,
    links: u16,
    first: usize,
    bytes: std::borrow::Cow<'f, [u8]>,
}

impl Object<'_> {
    fn blocks(&self) -> usize {
        self.bytes.len().div_ceil(BLOCK)
    }

    fn is_directory(&self) -> bool {
        self.mode & 0o040_000 != 0
    }
}

/// Where everything lies.
struct Volume<'f> {
    objects: Vec<Object<'f>>,
    inodes: usize,
    used_blocks: usize,
}

impl<'f> Volume<'f> {
    /// `None` where the files do not fit.
    fn new(tree: &Tree, contents: &[&'f [u8]]) -> Option<Volume<'f>> {
        let numbers = Numbers { directories: tree.directories.len() };
        let mut objects = vec![Object {
            inode: LOST_AND_FOUND,
            mode: 0o040_700,
            links: 2,
            first: 0,
            bytes: directory::bytes(LOST_AND_FOUND, ROOT, &[]).into(),
        }];
        for (index, directory) in tree.directories.iter().enumerate() {
            let mut entries: Vec<Listed<'_>> = Vec::with_capacity(directory.children.len() + 1);
            if index == 0 {
                entries.push(Listed { name: "lost+found", inode: LOST_AND_FOUND, is_directory: true });
            }
            entries.extend(directory.children.iter().map(|child| Listed {
                name: tree.name(*child),
                inode: numbers.of(*child),
                is_directory: matches!(child, Child::Directory(_)),
            }));
            let folders = entries.iter().filter(|entry| entry.is_directory).count();
            objects.push(Object {
                inode: numbers.of(Child::Directory(index)),
                mode: 0o040_755,
                links: u16::try_from(folders + 2).ok()?,
                first: 0,
                bytes: directory::bytes(
                    numbers.of(Child::Directory(index)),
                    numbers.of(Child::Directory(directory.parent)),
                    &entries,
                )
                .into(),
            });
        }
        for (index, bytes) in contents.iter().enumerate() {
            let inode = numbers.of(Child::File(index));
            objects.push(Object { inode, mode: 0o100_644, links: 1, first: 0, bytes: (*bytes).into() });
        }
        let last = objects.iter().map(|object| object.inode).max().unwrap_or(FIRST_OWN);
        let inodes = last.next_multiple_of(INODES_PER_BLOCK);
        let mut next = INODE_TABLE + inodes / INODES_PER_BLOCK;
        for object in &mut objects {
            object.first = next;
            next += object.blocks();
        }
        let fits = next + SPARE_BLOCKS <= MAX_BLOCKS && inodes <= 8 * BLOCK;
        fits.then_some(Volume { objects, inodes, used_blocks: next })
    }

    fn blocks(&self) -> usize {
        self.used_blocks + SPARE_BLOCKS
    }

    fn used_inodes(&self) -> usize {
        self.objects.iter().map(|object| object.inode).max().unwrap_or(LOST_AND_FOUND)
    }

    fn write(&self, label: &str) -> Vec<u8> {
        let mut image = vec![0; self.blocks() * BLOCK];
        let mut put = |start: usize, bytes: &[u8]| {
            if let Some(place) = image.get_mut(start..start + bytes.len()) {
                place.copy_from_slice(bytes);
            }
        };
        put(1024, &self.superblock(label));
        put(GROUP_DESCRIPTOR * BLOCK, &self.group_descriptor());
        put(BLOCK_BITMAP * BLOCK, &bitmap(self.used_blocks, self.blocks()));
        put(INODE_BITMAP * BLOCK, &bitmap(self.used_inodes(), self.inodes));
        for object in &self.objects {
            put(INODE_TABLE * BLOCK + (object.inode - 1) * INODE, &inode(object));
            put(object.first * BLOCK, &object.bytes);
        }
        image
    }

    fn superblock(&self, label: &str) -> Vec<u8> {
        let mut fields = Fields(Vec::with_capacity(1024));
        fields.longs(&[self.inodes, self.blocks(), 0, SPARE_BLOCKS, self.inodes - self.used_inodes()]);
        // First block; block and cluster size as powers of two above 1024; blocks, clusters and inodes of a group.
        fields.longs(&[0, 2, 2, MAX_BLOCKS, MAX_BLOCKS, self.inodes]);
        fields.longs(&[0, 0]); // never mounted, never written
        // Mounts so far, no limit of them, the magic number, clean, go on after errors, minor revision.
        fields.shorts(&[0, 0xFFFF, 0xEF53, 1, 1, 0]);
        // Checked when, how often; made by Linux; revision with features; its reserved blocks are root's.
        fields.longs(&[0, 0, 0, 1, 0]);
        fields.longs(&[FIRST_OWN - 1]);
        fields.shorts(&[INODE, 0]);
        // Features: none that others may ignore; file types in directories and extents; none for reading only.
        fields.longs(&[0, 0x2 | 0x40, 0]);
        fields.0.extend(Uuid::new_v5(&Uuid::NAMESPACE_URL, label.as_bytes()).as_bytes());
        fields.0.extend(label.bytes().chain([0; 16]).take(16));
        fields.0.resize(0x15C, 0);
        fields.shorts(&[usize::from(EXTRA_INODE), usize::from(EXTRA_INODE)]);
        fields.0.resize(1024, 0);
        fields.0
    }

    fn group_descriptor(&self) -> Vec<u8> {
        let directories = self.objects.iter().filter(|object| object.is_directory()).count();
        let mut fields = Fields(Vec::new());
        fields.longs(&[BLOCK_BITMAP, INODE_BITMAP, INODE_TABLE]);
        fields.shorts(&[SPARE_BLOCKS, self.inodes - self.used_inodes(), directories, 0]);
        fields.0.resize(32, 0);
        fields.0
    }
}

/// Inode numbers: the root has its own, then come the other directories, then the files.
struct Numbers {
    directories: usize,
}

impl Numbers {
    fn of(&self, child: Child) -> usize {
        match child {
            Child::Directory(0) => ROOT,
            Child::Directory(index) => FIRST_OWN + index - 1,
            Child::File(index) => FIRST_OWN + self.directories - 1 + index,
        }
    }
}

/// A block in which the first `used` bits are set, and those from `end` on, which stand for nothing.
fn bitmap(used: usize, end: usize) -> Vec<u8> {
    let bit = |at: usize| u8::from(at < used || at >= end);
    (0..BLOCK).map(|byte| (0..8).fold(0, |value, at| value | bit(byte * 8 + at) << at)).collect()
}

fn inode(object: &Object<'_>) -> Vec<u8> {
    let blocks = object.blocks();
    let mut fields = Fields(Vec::with_capacity(INODE));
    fields.shorts(&[usize::from(object.mode), 0]);
    fields.longs(&[object.bytes.len(), 0, 0, 0, 0]);
    fields.shorts(&[0, usize::from(object.links)]);
    // Sectors; the flag of extents; a version.
    fields.longs(&[blocks * (BLOCK / 512), 0x8_0000, 0]);
    // The header of the extents: magic number, how many, room for four, no depth.
    fields.shorts(&[0xF30A, usize::from(blocks > 0), 4, 0]);
    fields.longs(&[0]);
    if blocks > 0 {
        fields.longs(&[0]);
        fields.shorts(&[blocks, 0]);
        fields.longs(&[object.first]);
    }
    fields.0.resize(128, 0);
    fields.shorts(&[usize::from(EXTRA_INODE)]);
    fields.0.resize(INODE, 0);
    fields.0
}

/// Little-endian fields, one after the other. All numbers of a volume this small fit.
struct Fields(Vec<u8>);

impl Fields {
    fn longs(&mut self, numbers: &[usize]) {
        for number in numbers {
            self.0.extend(u32::try_from(*number).unwrap_or(u32::MAX).to_le_bytes());
        }
    }

    fn shorts(&mut self, numbers: &[usize]) {
        for number in numbers {
            self.0.extend(u16::try_from(*number).unwrap_or(u16::MAX).to_le_bytes());
        }
    }
}

#[cfg(test)]
mod tests;
