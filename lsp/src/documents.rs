//! The open buffers.

use crate::positions::Encoding;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use tower_lsp::ls_types::{Position, Range, TextDocumentContentChangeEvent, Uri};
use wtop_compiler::source::{FileId, LineIndex};
use wtop_compiler::syntax::{Parse, parse};

/// A file that is open in the editor, in one state.
#[derive(Debug)]
pub struct Document {
    /// The name that the client has for it.
    pub uri: Uri,
    /// Where it lies, links followed.
    pub path: PathBuf,
    /// The number that the client gives to its state.
    pub version: i32,
    /// What the editor shows.
    pub text: Arc<str>,
    /// Where its lines start.
    pub lines: LineIndex,
    parsed: OnceLock<Arc<Parse>>,
}

impl Document {
    fn new(uri: Uri, path: PathBuf, version: i32, text: Arc<str>) -> Document {
        Document { uri, path, version, lines: LineIndex::new(&text), text, parsed: OnceLock::new() }
    }

    /// The tree of this state, as file 0.
    pub fn parse(&self) -> &Arc<Parse> {
        self.parsed.get_or_init(|| Arc::new(parse(FileId(0), &self.text)))
    }

    /// The byte at a position.
    pub fn offset(&self, encoding: Encoding, position: Position) -> usize {
        encoding.offset(&self.text, &self.lines, position)
    }

    /// The range from byte to byte.
    pub fn range(&self, encoding: Encoding, start: u32, end: u32) -> Range {
        encoding.range_in(&self.text, &self.lines, start, end)
    }

    /// The state after the edits of one notification, each made on the text that the one before left.
    fn edited(&self, version: i32, changes: Vec<TextDocumentContentChangeEvent>, encoding: Encoding) -> Document {
        let mut text = String::from(&*self.text);
        let mut lines = self.lines.clone();
        for (at, change) in changes.into_iter().enumerate() {
            let Some(range) = change.range else {
                text = change.text;
                lines = LineIndex::new(&text);
                continue;
            };
            if at > 0 {
                lines = LineIndex::new(&text);
            }
            let start = encoding.offset(&text, &lines, range.start);
            let end = encoding.offset(&text, &lines, range.end).max(start);
            text.replace_range(start..end, &change.text);
        }
        Document::new(self.uri.clone(), self.path.clone(), version, text.into())
    }
}

/// All open files by where they lie.
#[derive(Clone, Debug, Default)]
pub struct Documents(Arc<BTreeMap<PathBuf, Arc<Document>>>);

impl Documents {
    /// Takes an opened file and says where it lies. One that is no file (a buffer without a name) is left out.
    pub fn open(&mut self, uri: Uri, version: i32, text: String) -> Option<PathBuf> {
        let path = real(&uri.to_file_path()?);
        let document = Document::new(uri, path.clone(), version, text.into());
        Arc::make_mut(&mut self.0).insert(path.clone(), Arc::new(document));
        Some(path)
    }

    /// Makes the edits of one notification, and says in which file.
    pub fn edit(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) -> Option<PathBuf> {
        let edited = Arc::new(self.find(uri)?.edited(version, changes, encoding));
        let path = edited.path.clone();
        Arc::make_mut(&mut self.0).insert(path.clone(), edited);
        Some(path)
    }

    /// Forgets a file, and says where it lies.
    pub fn close(&mut self, uri: &Uri) -> Option<PathBuf> {
        let path = self.find(uri)?.path.clone();
        Arc::make_mut(&mut self.0).remove(&path);
        Some(path)
    }

    /// The open file that the client calls so.
    pub fn find(&self, uri: &Uri) -> Option<&Arc<Document>> {
        let named = |path: &Path| self.0.get(path).filter(|document| document.uri == *uri);
        let path = uri.to_file_path()?;
        named(&path).or_else(|| self.0.get(&real(&path)))
    }

    /// The open file at a place, links followed.
    pub fn at(&self, path: &Path) -> Option<&Arc<Document>> {
        self.0.get(path)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Document>> {
        self.0.values()
    }
}

/// The path with links followed, so that two ways to a file are one; as it is where there is no such file yet.
pub fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}
