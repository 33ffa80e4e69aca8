//! A file system in memory, for tests and for buffers that are not saved.

use super::{FileSystem, ReadError};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// Files by path.
#[derive(Debug, Clone, Default)]
pub struct MemoryFileSystem {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl MemoryFileSystem {
    /// With these files.
    pub fn new<P: Into<PathBuf>, T: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, T)>) -> MemoryFileSystem {
        MemoryFileSystem { files: files.into_iter().map(|(path, text)| (path.into(), text.into())).collect() }
    }

    /// Adds or replaces a file.
    pub fn insert(&mut self, path: impl Into<PathBuf>, text: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), text.into());
    }
}

impl FileSystem for MemoryFileSystem {
    fn read(&self, root: &Path, path: &Path) -> Result<Vec<u8>, ReadError> {
        let path = normalized(path);
        if !is_inside(&path, &normalized(root)) {
            return Err(ReadError::Outside);
        }
        self.files.get(&path).cloned().ok_or(ReadError::NotFound)
    }

    fn list(&self, root: &Path, directory: &Path) -> Result<Vec<String>, ReadError> {
        let directory = normalized(directory);
        if !is_inside(&directory, &normalized(root)) {
            return Err(ReadError::Outside);
        }
        let inside = self.files.keys().filter_map(|path| path.strip_prefix(&directory).ok());
        let names: Vec<String> = inside.map(|path| path.to_string_lossy().into_owned()).collect();
        if names.is_empty() { Err(ReadError::NotFound) } else { Ok(names) }
    }
}

/// Does a path lie below a root? Both without `.` and `..`, as far as that goes.
fn is_inside(path: &Path, root: &Path) -> bool {
    let leaves = path.starts_with("..") && !root.starts_with("..");
    path.starts_with(root) && path.has_root() == root.has_root() && !leaves
}

/// The path without `.` and `..`, taken by name alone.
pub(super) fn normalized(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                if !clean.pop() {
                    clean.push("..");
                }
            }
            other => clean.push(other),
        }
    }
    clean
}
