//! Directory records (ECMA-119 9.1) and their Rock Ridge fields (IEEE P1281 and P1282, the first edition).

/// 2000-01-01 00:00:00 UTC in the seven bytes of a directory record: images do not differ by the day they were made.
pub const DATE: [u8; 7] = [100, 1, 1, 0, 0, 0, 0];

/// Where the bytes of a file or directory lie: first sector and length in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extent {
    pub sector: u32,
    pub bytes: u32,
}

/// What a record stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    File,
    Directory,
}

/// A directory record with its system use area.
pub fn record(identifier: &[u8], kind: Kind, extent: Extent, system_use: &[u8]) -> Vec<u8> {
    let padding = usize::from(identifier.len().is_multiple_of(2));
    let length = 33 + identifier.len() + padding + system_use.len();
    let length = length + length % 2;
    let mut bytes = Vec::with_capacity(length);
    bytes.push(u8::try_from(length).unwrap_or(u8::MAX));
    bytes.push(0); // no extended attributes
    bytes.extend(both_endian(extent.sector));
    bytes.extend(both_endian(extent.bytes));
    bytes.extend(DATE);
    bytes.push(if kind == Kind::Directory { 2 } else { 0 });
    bytes.extend([0, 0]); // not interleaved
    bytes.extend(both_endian_16(1)); // volume sequence number
    bytes.push(u8::try_from(identifier.len()).unwrap_or(u8::MAX));
    bytes.extend(identifier);
    bytes.resize(bytes.len() + padding, 0);
    bytes.extend(system_use);
    bytes.resize(length, 0);
    bytes
}

/// The system use area of an entry: its name, permissions and time.
pub fn rock_ridge(name: &str, kind: Kind) -> Vec<u8> {
    let mut bytes = attributes(kind);
    if !name.is_empty() {
        bytes.extend([b'N', b'M', u8::try_from(5 + name.len()).unwrap_or(u8::MAX), 1, 0]);
        bytes.extend(name.as_bytes());
    }
    bytes
}

/// The system use area of the root's own record: it also says that Rock Ridge is used at all.
pub fn rock_ridge_root() -> Vec<u8> {
    let mut bytes = vec![b'S', b'P', 7, 1, 0xBE, 0xEF, 0];
    bytes.extend(attributes(Kind::Directory));
    let extension = b"RRIP_1991A";
    bytes.extend([b'E', b'R', 18, 1, 10, 0, 0, 1]); // lengths of identifier, description, source; version
    bytes.extend(extension);
    bytes
}

/// PX (POSIX attributes: read-only, owned by root) and TF (modified, read, changed at [`DATE`]).
fn attributes(kind: Kind) -> Vec<u8> {
    let (mode, links) = if kind == Kind::Directory { (0o040_555, 2) } else { (0o100_444, 1) };
    let mut bytes = vec![b'P', b'X', 36, 1];
    for number in [mode, links, 0, 0] {
        bytes.extend(both_endian(number));
    }
    bytes.extend([b'T', b'F', 26, 1, 0x0E]);
    bytes.extend(DATE.repeat(3));
    bytes
}

/// A number as ECMA-119 7.3.3 wants it: little-endian, then big-endian.
pub fn both_endian(number: u32) -> [u8; 8] {
    let [a, b, c, d] = number.to_le_bytes();
    [a, b, c, d, d, c, b, a]
}

/// The same for 16 bits (ECMA-119 7.2.3).
pub fn both_endian_16(number: u16) -> [u8; 4] {
    let [a, b] = number.to_le_bytes();
    [a, b, b, a]
}
