//! What a request reads: the open files in one state, and what is known about them.

use crate::Host;
use crate::analysis::Analysis;
use crate::documents::{Document, Documents, real};
use crate::graphs::Graphs;
use crate::library;
use crate::markup::Plain;
use crate::positions::Encoding;
use crate::settings::Settings;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tower_lsp::ls_types::{Location, Position, Range, TextEdit, Uri};
use wtop_compiler::diagnostics;
use wtop_compiler::source::{FileId, Span};

/// One state of everything. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// What columns count.
    pub encoding: Encoding,
    /// Does the client fill in places of snippets?
    pub snippets: bool,
    /// Where the client wants plain text.
    pub plain: Plain,
    /// What the user set.
    pub settings: Arc<Settings>,
    /// The open files.
    pub documents: Documents,
    /// The newest analysis of each file that is open or lies in the workspace.
    pub analyses: BTreeMap<PathBuf, Arc<Analysis>>,
    /// The pictures that clients follow. All states share them.
    pub graphs: Arc<Graphs>,
    /// The program around the server.
    pub host: Arc<Host>,
}

/// A place in an analysed file.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The analysis of that file as itself.
    pub analysis: &'a Analysis,
    /// The file in it.
    pub file: FileId,
    /// The byte.
    pub offset: u32,
}

impl Snapshot {
    /// The open file that the client calls so.
    pub fn document(&self, uri: &Uri) -> Option<&Arc<Document>> {
        self.documents.find(uri)
    }

    /// The analysis of a file as itself.
    pub fn analysis(&self, uri: &Uri) -> Option<&Arc<Analysis>> {
        let path = match self.documents.find(uri) {
            Some(document) => document.path.clone(),
            None => real(&uri.to_file_path()?),
        };
        self.analyses.get(&path)
    }

    /// The place of a position in the analysis of its file; of a file that is only imported, in that of one that
    /// imports it.
    pub fn place(&self, uri: &Uri, position: Position) -> Option<Place<'_>> {
        let (analysis, file) = match self.analysis(uri) {
            Some(analysis) => (&**analysis, analysis.file(&analysis.path)?),
            None => {
                let path = real(&uri.to_file_path()?);
                let path = library::original(&self.host, &path).unwrap_or(path);
                self.analyses.values().find_map(|analysis| Some((&**analysis, analysis.file(&path)?)))?
            }
        };
        let source = analysis.source(file)?;
        let offset = self.encoding.offset(&source.text, &source.lines, position);
        Some(Place { analysis, file, offset: u32::try_from(offset).ok()? })
    }

    /// The range of a span of an analysis.
    pub fn range(&self, analysis: &Analysis, span: Span) -> Option<Range> {
        Some(self.encoding.range(analysis.source(span.file)?, span))
    }

    /// A span of an analysis as the client knows it; none where no editor can open the file.
    pub fn location(&self, analysis: &Analysis, span: Span) -> Option<Location> {
        let source = analysis.source(span.file)?;
        Some(Location { uri: self.uri(&source.path)?, range: self.encoding.range(source, span) })
    }

    /// The span of a range of a file in its own analysis.
    pub fn span(&self, uri: &Uri, range: Range) -> Option<(&Analysis, Span)> {
        let start = self.place(uri, range.start)?;
        let end = self.place(uri, range.end)?;
        Some((start.analysis, Span::new(start.file, start.offset as usize, end.offset as usize)))
    }

    /// The name of a file in the protocol: the client's own where it is open; a copy where it is of the library.
    pub fn uri(&self, path: &Path) -> Option<Uri> {
        if let Some(document) = self.documents.at(path).or_else(|| self.documents.at(&real(path))) {
            return Some(document.uri.clone());
        }
        let path = library::opened(&self.host, path).unwrap_or_else(|| path.to_path_buf());
        path.is_absolute().then(|| Uri::from_file_path(path)).flatten()
    }

    /// Edits of the compiler as those of the protocol, by file; none where one of the files cannot be opened.
    pub fn edits(&self, analysis: &Analysis, edits: &[diagnostics::TextEdit]) -> Option<BTreeMap<Uri, Vec<TextEdit>>> {
        let mut changes: BTreeMap<Uri, Vec<TextEdit>> = BTreeMap::new();
        for edit in edits {
            let place = self.location(analysis, edit.span)?;
            changes.entry(place.uri).or_default().push(TextEdit { range: place.range, new_text: edit.text.clone() });
        }
        Some(changes)
    }
}
