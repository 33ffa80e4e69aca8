//! Source files, places in them, and the file system they are read through.
//!
//! The compiler reads the world only through [`FileSystem`], so the same code serves the command line (disk), the
//! language server (open buffers over the disk) and tests (memory).

mod disk;
mod memory;
mod position;

pub use disk::DiskFileSystem;
pub use memory::MemoryFileSystem;
pub use position::{LineColumn, LineIndex};

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file of one compilation: its index in [`Sources`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct FileId(pub u32);

/// A range of bytes in a source file. Always on character boundaries.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of `start..end` in `file`.
    pub fn new(file: FileId, start: usize, end: usize) -> Span {
        Span { file, start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The smallest span that holds both; `self` where they lie in different files.
    pub fn to(self, other: Span) -> Span {
        if self.file != other.file {
            return self;
        }
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The empty span at the start.
    pub fn at_start(self) -> Span {
        Span { end: self.start, ..self }
    }

    /// The empty span at the end.
    pub fn at_end(self) -> Span {
        Span { start: self.end, ..self }
    }

    /// As a range for slicing the file's text.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Does the position (a byte offset) lie in it, its end included?
    pub fn touches(self, offset: usize) -> bool {
        (self.start as usize..=self.end as usize).contains(&offset)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

fn clamp(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// A file's text under the name it is shown by.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Where it was read from; `<std>/juniper/vsrx.wtop` for the embedded library.
    pub path: PathBuf,
    /// How diagnostics name it: the path as the user gave it, with `/`.
    pub name: String,
    /// The whole text.
    pub text: Arc<str>,
    /// Line starts.
    pub lines: LineIndex,
}

/// All files of one compilation.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file and gives its id.
    pub fn add(&mut self, path: impl Into<PathBuf>, name: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        let text = text.into();
        let id = FileId(clamp(self.files.len()));
        self.files.push(SourceFile { path: path.into(), name: name.into(), lines: LineIndex::new(&text), text });
        id
    }

    /// The file with this id, if it is of this compilation.
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The text of a span; empty where the span does not fit.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).and_then(|file| file.text.get(span.range())).unwrap_or("")
    }

    /// The file that was read from `path`.
    pub fn find(&self, path: &Path) -> Option<FileId> {
        self.files.iter().position(|file| file.path == path).map(|index| FileId(clamp(index)))
    }

    /// Every file with its id.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId(clamp(index)), file))
    }
}

/// Why a file could not be read, in words that stand after "cannot read FILE: ".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// There is no such file.
    NotFound,
    /// It is a directory, or a directory was wanted and it is a file.
    WrongKind(&'static str),
    /// It lies outside the project (after following symbolic links).
    Outside,
    /// It is larger than [`MAX_FILE_BYTES`].
    TooLarge(u64),
    /// Anything else the operating system said.
    Other(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::NotFound => write!(f, "there is no such file"),
            ReadError::WrongKind(what) => write!(f, "it is {what}"),
            ReadError::Outside => write!(f, "it lies outside the project"),
            ReadError::TooLarge(bytes) => {
                write!(f, "it has {bytes} bytes, and the limit is {} MiB", MAX_FILE_BYTES / 1024 / 1024)
            }
            ReadError::Other(reason) => write!(f, "{reason}"),
        }
    }
}

/// The largest file that is read, source or included: 64 MiB.
pub const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// What the compiler may ask of the world.
pub trait FileSystem {
    /// The bytes of a file of the project that contains `root`; a file that leaves `root` (also by symbolic links)
    /// is [`ReadError::Outside`]. `path` may be relative to the working directory or absolute.
    fn read(&self, root: &Path, path: &Path) -> Result<Vec<u8>, ReadError>;

    /// The names of the regular files below a directory, relative to it, with `/`, sorted.
    fn list(&self, root: &Path, directory: &Path) -> Result<Vec<String>, ReadError>;
}
