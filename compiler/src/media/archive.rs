//! Archives on boot media: tar, tar with gzip, and zip; the same bytes for the same files.

use super::tree::Tree;
use super::{FileContent, MediaError, MediaErrorKind};
use crate::topology::ArchiveFormat;
use flate2::{Compression, Crc, GzBuilder};
use std::io::Write as _;
use tar::{EntryType, Header};

/// An archive of these files, each a relative path with `/`. Folders stand before what is in them.
pub fn write(format: ArchiveFormat, files: &[(String, FileContent)]) -> Result<Vec<u8>, MediaError> {
    let entries = entries(files)?;
    match format {
        ArchiveFormat::Tar => tar(&entries),
        ArchiveFormat::Tgz => gzip(&tar(&entries)?),
        ArchiveFormat::Zip => zip(&entries),
    }
}

/// A file, or a folder with a `/` at its end.
struct Entry {
    path: String,
    bytes: Vec<u8>,
}

impl Entry {
    fn is_folder(&self) -> bool {
        self.path.ends_with('/')
    }

    fn too_large(&self) -> MediaError {
        MediaError { path: self.path.clone(), kind: MediaErrorKind::TooLarge }
    }
}

fn entries(files: &[(String, FileContent)]) -> Result<Vec<Entry>, MediaError> {
    let tree = Tree::new(files.iter().map(|(path, _)| path.as_str()))?;
    let mut entries: Vec<Entry> = Vec::with_capacity(tree.directories.len() + files.len());
    let mut folders: Vec<String> = Vec::with_capacity(tree.directories.len());
    for directory in &tree.directories {
        let path = match folders.get(directory.parent) {
            Some(parent) => format!("{parent}{}/", directory.name),
            None => String::new(),
        };
        if !path.is_empty() {
            entries.push(Entry { path: path.clone(), bytes: Vec::new() });
        }
        folders.push(path);
    }
    for (path, content) in files {
        entries.push(Entry { path: path.clone(), bytes: content.bytes()?.into_owned() });
    }
    Ok(entries)
}

fn tar(entries: &[Entry]) -> Result<Vec<u8>, MediaError> {
    let mut archive = tar::Builder::new(Vec::new());
    for entry in entries {
        let mut header = Header::new_ustar();
        let (kind, mode) = if entry.is_folder() { (EntryType::Directory, 0o755) } else { (EntryType::Regular, 0o644) };
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_size(u64::try_from(entry.bytes.len()).map_err(|_| entry.too_large())?);
        let added = archive.append_data(&mut header, &entry.path, entry.bytes.as_slice());
        added.map_err(|_| MediaError { path: entry.path.clone(), kind: MediaErrorKind::BadName })?;
    }
    archive.into_inner().map_err(|_| unwritable())
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>, MediaError> {
    // 255 is "unknown": the operating system is no part of the content.
    let mut compressed = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::default());
    compressed.write_all(bytes).and_then(|()| compressed.finish()).map_err(|_| unwritable())
}

/// A `Vec` takes every byte, so no write to it fails.
fn unwritable() -> MediaError {
    MediaError { path: String::new(), kind: MediaErrorKind::TooLarge }
}

const LOCAL_HEADER: &[u8] = b"PK\x03\x04";
const CENTRAL_HEADER: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
/// 1980-01-01, the first day that zip knows.
const DAY: u16 = 0x0021;
/// Made on Unix, for version 2.0 of the format.
const MADE_BY: u16 = 0x0314;

/// A zip whose files are stored as they are (PKWARE's APPNOTE, without its 64-bit forms).
fn zip(entries: &[Entry]) -> Result<Vec<u8>, MediaError> {
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    for entry in entries {
        let size = u32::try_from(entry.bytes.len()).map_err(|_| entry.too_large())?;
        let start = u32::try_from(archive.len()).map_err(|_| entry.too_large())?;
        let name = u16::try_from(entry.path.len()).map_err(|_| entry.too_large())?;
        let mut sum = Crc::new();
        sum.update(&entry.bytes);
        let mut common = Vec::new();
        // Version 2.0, names in UTF-8, stored, midnight.
        [20, 0x0800, 0, 0, DAY].iter().for_each(|field: &u16| common.extend(field.to_le_bytes()));
        [sum.sum(), size, size].iter().for_each(|field| common.extend(field.to_le_bytes()));
        [name, 0].iter().for_each(|field| common.extend(field.to_le_bytes()));
        archive.extend([LOCAL_HEADER, &common, entry.path.as_bytes(), &entry.bytes].concat());

        let mode: u32 = if entry.is_folder() { 0o040_755 << 16 | 0x10 } else { 0o100_644 << 16 };
        directory.extend([CENTRAL_HEADER, &MADE_BY.to_le_bytes(), &common].concat());
        directory.extend([0; 6]); // no comment, first disk, no hint of what it holds
        directory.extend(mode.to_le_bytes());
        directory.extend(start.to_le_bytes());
        directory.extend(entry.path.as_bytes());
    }
    let too_many = MediaError { path: String::new(), kind: MediaErrorKind::TooLarge };
    let count = u16::try_from(entries.len()).map_err(|_| too_many.clone())?;
    let (Ok(start), Ok(size)) = (u32::try_from(archive.len()), u32::try_from(directory.len())) else {
        return Err(too_many);
    };
    archive.extend(directory);
    archive.extend(END);
    [0, 0, count, count].iter().for_each(|field| archive.extend(field.to_le_bytes()));
    [size, start].iter().for_each(|field| archive.extend(field.to_le_bytes()));
    archive.extend([0; 2]);
    Ok(archive)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_tools::{Tool, put, scratch};

    fn files() -> Vec<(String, FileContent)> {
        let file = |path: &str, text: &str| (path.to_owned(), FileContent::Bytes(text.as_bytes().to_vec()));
        let inner = FileContent::Archive(ArchiveFormat::Tar, vec![file("deep/x", "inner\n")]);
        vec![
            file("config/juniper.conf", "system { host-name r1; }\n"),
            file("config/a name with spaces & é.txt", ""),
            ("inner.tar".to_owned(), inner),
        ]
    }

    fn sample(format: ArchiveFormat, name: &str) -> String {
        let bytes = write(format, &files()).unwrap();
        assert_eq!(bytes, write(format, &files()).unwrap());
        put(&scratch(&format!("archive-{name}")), name, &bytes)
    }

    #[test]
    fn tar_reads_both_kinds() {
        let Some(tar) = Tool::find("tar") else { return };
        for (format, name) in [(ArchiveFormat::Tar, "x.tar"), (ArchiveFormat::Tgz, "x.tgz")] {
            let path = sample(format, name);
            let listed = tar.run(&["--numeric-owner", "--utc", "--quoting-style=literal", "-tvf", &path]);
            insta::allow_duplicates! {
                insta::assert_snapshot!(listed, @r"
                    drwxr-xr-x 0/0               0 1970-01-01 00:00 config/
                    -rw-r--r-- 0/0              25 1970-01-01 00:00 config/juniper.conf
                    -rw-r--r-- 0/0               0 1970-01-01 00:00 config/a name with spaces & é.txt
                    -rw-r--r-- 0/0            2560 1970-01-01 00:00 inner.tar
                ");
            }
            assert_eq!(tar.run(&["-xOf", &path, "config/juniper.conf"]), "system { host-name r1; }\n");
        }
    }

    #[test]
    fn unzip_reads_it() {
        let Some(unzip) = Tool::find("unzip") else { return };
        let path = sample(ArchiveFormat::Zip, "x.zip");
        unzip.run(&["-tq", &path]);
        assert_eq!(unzip.run(&["-p", &path, "config/juniper.conf"]), "system { host-name r1; }\n");
        let names = unzip.run(&["-Z1", &path]);
        assert_eq!(names.lines().next(), Some("config/"));
        assert_eq!(names.lines().count(), 4);
    }

    #[test]
    fn a_bad_name_is_refused() {
        let files = [("../x".to_owned(), FileContent::Bytes(Vec::new()))];
        let error = write(ArchiveFormat::Tar, &files).unwrap_err();
        assert_eq!(error.kind, MediaErrorKind::BadName);
    }
}
