//! Looking whether images are still what they were.

use super::catalog::{Catalog, Entry};
use super::checksum::{Algorithm, Checksum, of_file};
use super::{Problem, Progress};

/// What was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It has its checksum.
    Right(Checksum),
    /// It has another.
    Wrong {
        /// The one it should have.
        wanted: Checksum,
        /// The one it has.
        found: Checksum,
    },
    /// No catalog says which it should have; it has this one.
    Unknown(Checksum),
    /// It is no file of this machine, or was not fetched yet.
    NotHere,
}

/// Computes the checksum of an image, and notes that it is right.
///
/// # Errors
/// Its file cannot be read.
pub fn verify(catalog: &Catalog, entry: &Entry, progress: Progress) -> Result<Verdict, Problem> {
    let store = &catalog.store;
    let Some(path) = store.file(entry) else { return Ok(Verdict::NotHere) };
    let Some(wanted) = store.checksum(entry) else {
        return of_file(&path, Algorithm::Sha256, progress).map(Verdict::Unknown);
    };
    let found = of_file(&path, wanted.algorithm, progress)?;
    let _lock = store.lock()?;
    if found != wanted {
        store.forget(&path);
        return Ok(Verdict::Wrong { wanted, found });
    }
    store.stamp(&path, &found)?;
    Ok(Verdict::Right(found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::images::store::Verified;
    use crate::images::test_tools::{silent, store};
    use std::fs;
    use std::path::Path;

    #[test]
    fn changes_are_seen() {
        let store = store();
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let text = format!("[images.a]\nfile = 'a'\nchecksum = '{empty}'\n[images.b]\nfile = 'a'\n");
        fs::write(store.catalog(), text).unwrap();
        let path = store.folder.join("a");
        fs::write(&path, "").unwrap();
        let catalog = Catalog::load(store.clone(), Path::new("/nowhere")).unwrap();
        let entry = catalog.find("a").unwrap();
        let run = || verify(&catalog, entry, &mut silent).unwrap();
        assert_eq!(store.verified(entry), Verified::No);
        assert_eq!(run(), Verdict::Right(empty.parse().unwrap()));
        assert_eq!(store.verified(entry), Verified::Yes);
        assert!(matches!(verify(&catalog, catalog.find("b").unwrap(), &mut silent).unwrap(), Verdict::Unknown(_)));
        fs::write(&path, "x").unwrap();
        assert_eq!(store.verified(entry), Verified::Changed);
        assert!(matches!(run(), Verdict::Wrong { .. }));
        assert_eq!(store.verified(entry), Verified::No);
    }
}
