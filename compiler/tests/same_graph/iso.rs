//! Reads a file of the root folder of a boot medium, by ECMA-119 with the long names of Rock Ridge.

const SECTOR: usize = 2048;

/// The file with this name, if it is there.
pub fn file<'a>(image: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let volume = &image[16 * SECTOR..17 * SECTOR];
    assert_eq!(&volume[1..6], b"CD001", "no primary volume descriptor");
    let root = extent(image, &volume[156..190]);
    let mut rest = root;
    while let Some(length) = rest.first().copied().map(usize::from) {
        if length == 0 {
            // No record crosses a sector: the rest of this one is empty.
            let used = root.len() - rest.len();
            rest = &rest[rest.len().min(SECTOR - used % SECTOR)..];
            continue;
        }
        let (record, after) = rest.split_at(length);
        if long_name(record).is_some_and(|found| found == name.as_bytes()) {
            return Some(extent(image, record));
        }
        rest = after;
    }
    None
}

fn extent<'a>(image: &'a [u8], record: &[u8]) -> &'a [u8] {
    let number = |at: usize| u32::from_le_bytes(record[at..at + 4].try_into().unwrap()) as usize;
    let start = number(2) * SECTOR;
    &image[start..start + number(10)]
}

/// The entry `NM` behind the short name.
fn long_name(record: &[u8]) -> Option<&[u8]> {
    let mut rest = &record[(33 + usize::from(record[32])).next_multiple_of(2)..];
    while rest.len() >= 4 && rest[2] >= 4 {
        let (entry, after) = rest.split_at(usize::from(rest[2]).min(rest.len()));
        if entry.starts_with(b"NM") {
            return Some(&entry[5..]);
        }
        rest = after;
    }
    None
}
