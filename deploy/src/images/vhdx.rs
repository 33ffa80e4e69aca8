//! The virtual size of a VHDX, which lies behind two tables (Microsoft's MS-VHDX, sections 2.2.3 and 2.6).

use super::probe::little;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// Where the table of regions is, and how long both tables are.
const REGIONS: (u64, usize) = (192 << 10, 64 << 10);
/// The region with metadata, 8b7ca206-4790-4b9a-b8fe-575f050f886e.
const METADATA: [u8; 16] =
    [0x06, 0xa2, 0x7c, 0x8b, 0x90, 0x47, 0x9a, 0x4b, 0xb8, 0xfe, 0x57, 0x5f, 0x05, 0x0f, 0x88, 0x6e];
/// The item with the size of the disk, 2fa54224-cd1b-4876-b211-5dbed83bf4b8.
const DISK_SIZE: [u8; 16] =
    [0x24, 0x42, 0xa5, 0x2f, 0x1b, 0xcd, 0x76, 0x48, 0xb2, 0x11, 0x5d, 0xbe, 0xd8, 0x3b, 0xf4, 0xb8];

/// Bytes of the disk that a guest sees; none, if the file is damaged.
pub(super) fn virtual_size(file: &mut File) -> Option<u64> {
    let regions = read(file, REGIONS.0, REGIONS.1)?;
    let metadata = little(entry(&regions, 16, METADATA)?, 16)?;
    let items = read(file, metadata, REGIONS.1)?;
    // The offset is of four bytes, before the length.
    let offset = little(entry(&items, 32, DISK_SIZE)?, 16)? & 0xffff_ffff;
    little(&read(file, metadata.checked_add(offset)?, 8)?, 0)
}

/// The entry of a table with this identity. Entries have 32 bytes, and follow the table's head.
fn entry(table: &[u8], head: usize, identity: [u8; 16]) -> Option<&[u8]> {
    table.get(head..)?.chunks_exact(32).find(|entry| entry.starts_with(&identity))
}

fn read(file: &mut File, at: u64, length: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; length];
    file.seek(SeekFrom::Start(at)).ok()?;
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
}
