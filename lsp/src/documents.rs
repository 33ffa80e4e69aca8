//! The open buffers, which lie over the files on disk.

use crate::positions::Encoding;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tower_lsp::ls_types::{TextDocumentContentChangeEvent, Uri};
use wtop_compiler::source::{DiskFileSystem, FileSystem, LineIndex, ReadError};

/// A file that is open in the editor.
#[derive(Clone, Debug)]
pub struct Document {
    /// Where it lies.
    pub path: PathBuf,
    /// The number that the client gives to its state.
    pub version: i32,
    /// What the editor shows.
    pub text: Arc<str>,
}

impl Document {
    /// Makes the edits of one notification, each on the text that the one before left.
    pub fn edit(&mut self, version: i32, changes: Vec<TextDocumentContentChangeEvent>, encoding: Encoding) {
        self.version = version;
        for change in changes {
            let Some(range) = change.range else {
                self.text = change.text.into();
                continue;
            };
            let lines = LineIndex::new(&self.text);
            let start = encoding.offset(&self.text, &lines, range.start);
            let end = encoding.offset(&self.text, &lines, range.end).max(start);
            let (before, after) = (&self.text[..start], &self.text[end..]);
            self.text = [before, &change.text, after].concat().into();
        }
    }
}

/// All open files, by the name that the client has for them.
#[derive(Clone, Debug, Default)]
pub struct Documents(pub BTreeMap<Uri, Document>);

impl Documents {
    /// Takes an opened file. One that is no file (a buffer without a name) is left out.
    pub fn open(&mut self, uri: Uri, version: i32, text: String) {
        if let Some(path) = uri.to_file_path().map(|path| real(&path)) {
            self.0.insert(uri, Document { path, version, text: text.into() });
        }
    }

    /// The name of a file in the protocol: the client's own where it is open; none for the embedded library.
    pub fn uri(&self, path: &Path) -> Option<Uri> {
        let open = real(path);
        let own = self.0.iter().find(|(_, document)| document.path == open).map(|(uri, _)| uri.clone());
        own.or_else(|| path.is_absolute().then(|| Uri::from_file_path(path)).flatten())
    }
}

impl FileSystem for Documents {
    fn read(&self, root: &Path, path: &Path) -> Result<Vec<u8>, ReadError> {
        let open = real(path);
        let held = self.0.values().find(|document| document.path == open);
        match (DiskFileSystem.read(root, path), held) {
            // To be open does not let a file into the project.
            (Err(ReadError::Outside), _) => Err(ReadError::Outside),
            (_, Some(document)) => Ok(document.text.as_bytes().to_vec()),
            (read, None) => read,
        }
    }

    fn list(&self, root: &Path, directory: &Path) -> Result<Vec<String>, ReadError> {
        DiskFileSystem.list(root, directory)
    }
}

/// The path with links followed, so that two ways to a file are one; as it is where there is no such file yet.
fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}
