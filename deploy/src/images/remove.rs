//! Removing an image: its file, and its entry in the user's catalog.

use super::catalog::{Catalog, Origin};
use super::{Problem, edit};
use std::fs;
use std::path::PathBuf;

/// What is gone, and what is not.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Removed {
    /// The file that was removed.
    pub file: Option<PathBuf>,
    /// A file that stays: it lies outside the store.
    pub kept: Option<PathBuf>,
    /// The catalog that still has an entry: the project's.
    pub catalog: Option<PathBuf>,
}

/// Removes an image. Files outside the store stay, and so does what the project's catalog says. What has come of an
/// image that is not complete is removed too.
///
/// # Errors
/// There is no such image, or something cannot be removed.
pub fn remove(catalog: &Catalog, name: &str) -> Result<Removed, Problem> {
    let store = &catalog.store;
    let _lock = store.lock()?;
    let entry = catalog.find(name)?;
    let mut removed = Removed::default();
    let file = store.file(entry);
    if let Origin::Url(url) = &entry.origin {
        // The record goes first: without it, the file is no image.
        for ending in ["toml", "part", "etag"] {
            delete(store.record(url, entry.checksum.as_ref(), ending))?;
        }
    }
    if entry.catalog == store.catalog() {
        edit::take_out(store, name)?;
    } else {
        removed.catalog = Some(entry.catalog.clone());
    }
    match file {
        Some(file) if file.starts_with(&store.folder) => {
            store.forget(&file);
            removed.file = delete(file)?;
        }
        file => removed.kept = file.filter(|file| file.exists()),
    }
    Ok(removed)
}

/// The file, if it was there.
fn delete(path: PathBuf) -> Result<Option<PathBuf>, Problem> {
    match fs::remove_file(&path) {
        Ok(()) => Ok(Some(path)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Problem::io("remove", &path, &error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::images::test_tools::{files, store};

    #[test]
    fn only_what_is_in_the_store_goes() {
        let store = store();
        let project = store.folder.parent().unwrap();
        let outside = project.join("outside.raw");
        fs::write(&outside, "x").unwrap();
        fs::write(store.folder.join("a.raw"), "x").unwrap();
        fs::write(store.catalog(), format!("[images.a]\nfile = 'a.raw'\n[images.b]\nfile = '{}'\n", outside.display()))
            .unwrap();
        fs::write(project.join(crate::images::PROJECT_CATALOG), "[images.c]\nfile = 'outside.raw'\n").unwrap();
        let run = |name| remove(&Catalog::load(store.clone(), project).unwrap(), name).unwrap();
        assert_eq!(run("a"), Removed { file: Some(store.folder.join("a.raw")), ..Removed::default() });
        assert_eq!(run("b"), Removed { kept: Some(outside.clone()), ..Removed::default() });
        let catalog = Some(project.join(crate::images::PROJECT_CATALOG));
        assert_eq!(run("c"), Removed { kept: Some(outside.clone()), catalog, ..Removed::default() });
        assert!(outside.exists());
        assert_eq!(files(&store), "images.toml");
    }
}
