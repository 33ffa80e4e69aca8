//! What a package holds, as one number.

use crate::source::{FileSystem, ReadError};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::path::Path;

/// The SHA-256 of all files of a package, in hexadecimal: of each, in the order of `files` (which is sorted, as
/// [`FileSystem::list`] gives it), its path, a zero byte, its length in eight bytes and what it holds.
///
/// # Errors
/// A file that cannot be read.
pub fn content_hash(fs: &dyn FileSystem, folder: &Path, files: &[String]) -> Result<String, ReadError> {
    let mut hash = Sha256::new();
    for file in files {
        let bytes = fs.read(folder, &folder.join(file))?;
        hash.update(file.as_bytes());
        hash.update([0]);
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    }
    Ok(hash.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing into memory cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryFileSystem;

    fn hash(files: &[(&str, &str)]) -> String {
        let fs = MemoryFileSystem::new(files.iter().map(|(path, text)| (format!("p/{path}"), *text)));
        let folder = Path::new("p");
        content_hash(&fs, folder, &fs.list(folder, folder).unwrap()).unwrap()
    }

    #[test]
    fn every_path_and_byte_counts() {
        let one = hash(&[("a.wtop", "x"), ("b/c.j2", "y")]);
        assert_eq!(one, hash(&[("b/c.j2", "y"), ("a.wtop", "x")]));
        for other in [
            vec![("a.wtop", "x")],
            vec![("a.wtop", "x"), ("b/c.j2", "z")],
            vec![("a.wtop", "x"), ("b/d.j2", "y")],
            vec![("a.wtop", "xy"), ("b/c.j2", "")],
            vec![("a.wtop", "x"), ("b/c.j2", "y"), ("empty", "")],
        ] {
            assert_ne!(one, hash(&other), "{other:?}");
        }
    }

    #[test]
    fn stays_the_same_in_every_version() {
        // printf 'a.wtop\0\0\0\0\0\0\0\0\001x' | sha256sum
        assert_eq!(hash(&[("a.wtop", "x")]), "ac2bbf5b3215df3d8730aa812cd2c7730dba5ffec4a509b9b251b903d72f1aa7");
    }
}
