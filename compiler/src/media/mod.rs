//! Boot media: the small disks that carry a machine's first configuration.

pub mod iso;

use std::fmt;

/// Why a medium cannot hold a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaError {
    /// The file's path.
    pub path: String,
    /// What is wrong with it.
    pub kind: MediaErrorKind,
}

/// What is wrong with a file on a medium.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaErrorKind {
    /// A part of the path is empty, `.`, `..`, or holds a control character.
    BadName,
    /// A part of the path is longer than so many characters.
    LongName(usize),
    /// More than so many directories deep.
    TooDeep(usize),
    /// There is a file or directory of this name already.
    Twice,
    /// What would be its directory is a file.
    BelowFile(String),
}

impl fmt::Display for MediaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.escape_debug();
        match &self.kind {
            MediaErrorKind::BadName => write!(f, "`{path}` is not a path of names joined by `/`"),
            MediaErrorKind::LongName(limit) => write!(f, "`{path}` has a name of more than {limit} characters"),
            MediaErrorKind::TooDeep(limit) => write!(f, "`{path}` is more than {limit} directories deep"),
            MediaErrorKind::Twice => write!(f, "`{path}` is there twice"),
            MediaErrorKind::BelowFile(file) => write!(f, "`{path}` needs a directory where `{file}` is a file"),
        }
    }
}
