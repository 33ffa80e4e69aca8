//! The disk with the open buffers over it, which remembers what was read.

use crate::documents::{Document, Documents, real};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wtop_compiler::source::{DiskFileSystem, FileSystem, ReadError};

/// What a compilation looked at: it is to be repeated when one of them changes.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    /// Files, also those that were not there. Links are followed where they were there.
    pub files: BTreeSet<PathBuf>,
    /// Directories that were listed.
    pub directories: BTreeSet<PathBuf>,
}

impl Reads {
    /// Was a file looked at, or would it now be found?
    pub fn covers(&self, path: &Path) -> bool {
        self.files.contains(path) || self.directories.iter().any(|directory| path.starts_with(directory))
    }
}

/// The disk as the editor's user sees it, for one compilation.
#[derive(Debug)]
pub struct Overlay<'a> {
    documents: &'a Documents,
    reads: RefCell<Reads>,
    /// Roots and files with links followed: one compilation asks for the same ones often.
    real: RefCell<BTreeMap<PathBuf, PathBuf>>,
}

impl<'a> Overlay<'a> {
    pub fn new(documents: &'a Documents) -> Overlay<'a> {
        Overlay { documents, reads: RefCell::default(), real: RefCell::default() }
    }

    pub fn reads(self) -> Reads {
        self.reads.into_inner()
    }

    fn real(&self, path: &Path) -> PathBuf {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        let known = self.real.borrow().get(path).cloned();
        known.unwrap_or_else(|| {
            let found = real(path);
            self.real.borrow_mut().insert(path.to_path_buf(), found.clone());
            found
        })
    }

    fn document(&self, path: &Path) -> Option<&Arc<Document>> {
        self.documents.at(path).or_else(|| self.documents.at(&self.real(path)))
    }
}

impl FileSystem for Overlay<'_> {
    fn read(&self, root: &Path, path: &Path) -> Result<Vec<u8>, ReadError> {
        let Some(document) = self.document(path) else {
            self.reads.borrow_mut().files.insert(self.real(path));
            return DiskFileSystem.read(root, path);
        };
        self.reads.borrow_mut().files.insert(document.path.clone());
        // To be open does not let a file into the project.
        match document.path.starts_with(self.real(root)) {
            true => Ok(document.text.as_bytes().to_vec()),
            false => Err(ReadError::Outside),
        }
    }

    fn list(&self, root: &Path, directory: &Path) -> Result<Vec<String>, ReadError> {
        self.reads.borrow_mut().directories.insert(self.real(directory));
        DiskFileSystem.list(root, directory)
    }
}
