//! What the compiler says about one file as it is in the editor.

use crate::diagnostics::{Found, found};
use crate::documents::real;
use crate::overlay::{Overlay, Reads};
use crate::snapshot::Snapshot;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use wtop_compiler::ide::View;
use wtop_compiler::ide::names::Names;
use wtop_compiler::ide::things::Things;
use wtop_compiler::source::{FileId, SourceFile};
use wtop_compiler::{Compilation, CompileCache, compile_again};

/// A file compiled as itself, with all that it imports.
#[derive(Debug)]
pub struct Analysis {
    /// Where it lies, links followed.
    pub path: PathBuf,
    /// The project that it is of: no path in it leads out of that.
    pub project: Option<PathBuf>,
    /// What came out. Its file 0 is the file itself.
    pub compilation: Compilation,
    /// What was read for it.
    pub reads: Reads,
    /// The state of the file that was compiled; none where it was not open.
    pub version: Option<i32>,
    /// What is wrong, in the words of the protocol.
    pub found: Found,
    files: BTreeMap<PathBuf, FileId>,
    names: OnceLock<Names>,
    things: OnceLock<Things>,
}

impl Analysis {
    /// Compiles a file, open or not. `cache` is what its last analysis left.
    pub fn new(path: &Path, snapshot: &Snapshot, cache: &mut CompileCache) -> Analysis {
        let overlay = Overlay::new(&snapshot.documents);
        let options = (snapshot.host.options)(path);
        let compilation = compile_again(&overlay, &options, cache);
        let mut analysis = Analysis {
            path: path.to_path_buf(),
            project: options.project.map(|project| real(&project)),
            files: compilation.sources.iter().map(|(id, file)| (real(&file.path), id)).collect(),
            compilation,
            reads: overlay.reads(),
            version: snapshot.documents.at(path).map(|document| document.version),
            found: Found::new(),
            names: OnceLock::new(),
            things: OnceLock::new(),
        };
        analysis.found = found(snapshot, &analysis);
        analysis
    }

    /// What questions are asked of. Its indexes are made when they are first needed.
    pub fn view(&self) -> View<'_> {
        let compilation = &self.compilation;
        View {
            compilation,
            names: self.names.get_or_init(|| Names::new(&compilation.sources, &compilation.units)),
            things: &self.things,
        }
    }

    /// The file at a place (links followed), if it was read as a source.
    pub fn file(&self, path: &Path) -> Option<FileId> {
        self.files.get(path).copied()
    }

    /// The source file with this id.
    pub fn source(&self, file: FileId) -> Option<&SourceFile> {
        self.compilation.sources.get(file)
    }
}
