//! Directories: lists of names, in blocks that each are full.

use super::{BLOCK, Fields};

/// A name in a directory.
pub struct Listed<'n> {
    pub name: &'n str,
    pub inode: usize,
    pub is_directory: bool,
}

/// Bytes of an entry before its name.
const HEAD: usize = 8;

/// The blocks of a directory with itself, its parent and these entries.
pub fn bytes(itself: usize, parent: usize, entries: &[Listed<'_>]) -> Vec<u8> {
    let dots = [(".", itself), ("..", parent)];
    let dots = dots.map(|(name, inode)| Listed { name, inode, is_directory: true });
    let mut bytes = Vec::new();
    let mut open: Option<(&Listed<'_>, usize)> = None;
    let mut left = BLOCK;
    for entry in dots.iter().chain(entries) {
        let length = length_of(entry);
        // The last entry of a block reaches to its end.
        if length > left {
            close(&mut bytes, open.take(), left);
            left = BLOCK;
        } else {
            close(&mut bytes, open.take(), 0);
        }
        open = Some((entry, length));
        left -= length;
    }
    close(&mut bytes, open, left);
    bytes
}

fn length_of(entry: &Listed<'_>) -> usize {
    (HEAD + entry.name.len()).next_multiple_of(4)
}

fn close(bytes: &mut Vec<u8>, entry: Option<(&Listed<'_>, usize)>, more: usize) {
    let Some((entry, length)) = entry else { return };
    let end = bytes.len() + length + more;
    let mut fields = Fields(std::mem::take(bytes));
    fields.longs(&[entry.inode]);
    fields.shorts(&[length + more]);
    fields.0.push(u8::try_from(entry.name.len()).unwrap_or(u8::MAX));
    fields.0.push(if entry.is_directory { 2 } else { 1 });
    fields.0.extend(entry.name.bytes());
    fields.0.resize(end, 0);
    *bytes = fields.0;
}
