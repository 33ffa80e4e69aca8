//! Images: what the disks of machines are copies of.
//!
//! Two catalogs say what the names are that labs use: the user's, beside the images in the [`Store`], and the project's,
//! which wins. Everything that comes in is looked at before it gets its name: what it is says its content alone
//! ([`probe()`]), and what would make QEMU open other files of the host is refused.
//!
//! **Invariant: a name means a whole image or none.** Files are made under other names and renamed when they are
//! complete and checked; what was cut off is never taken for an image.

mod add;
mod catalog;
mod checksum;
mod convert;
mod download;
mod edit;
mod overlay;
mod probe;
mod pull;
mod qemu;
mod remove;
mod resolve;
mod store;
#[cfg(test)]
mod test_server;
#[cfg(test)]
mod test_tools;
mod unpack;
mod verify;
mod vhdx;

pub use add::{Added, add, default_name};
pub use catalog::{Catalog, Entry, Origin, PROJECT_CATALOG, USER_CATALOG};
pub use checksum::{Algorithm, Checksum};
pub use convert::convert;
pub use download::{is_address, shown};
pub use overlay::{clone, resize};
pub use probe::{Format, Probe, probe};
pub use pull::pull;
pub use remove::{Removed, remove};
pub use resolve::{Image, Need, Place, need, needs, resolve};
pub use store::{Store, Verified};
pub use verify::{Verdict, verify};

use std::io;
use std::path::Path;

/// Why something could not be done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// A sentence, without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    /// With this sentence.
    pub fn new(message: impl Into<String>) -> Problem {
        Problem { message: message.into(), help: None }
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Problem {
        self.help = Some(help.into());
        self
    }

    /// `doing` (as in "cannot write") did not work on `path`.
    pub fn io(doing: &str, path: &Path, error: &io::Error) -> Problem {
        let shown = path.display();
        let problem = |reason: &str| Problem::new(format!("cannot {doing} `{shown}`: {reason}"));
        match error.kind() {
            io::ErrorKind::NotFound => problem("there is no such file or folder"),
            io::ErrorKind::PermissionDenied => problem("the permission is missing"),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => problem("the disk is full").help(
                "make room and do it again: nothing half-done was kept as an image, and a download goes on where it was; \
                 `XDG_DATA_HOME` puts images onto another disk",
            ),
            io::ErrorKind::ReadOnlyFilesystem => problem("the file system is read-only"),
            io::ErrorKind::IsADirectory => problem("it is a folder"),
            _ => problem(&error.to_string()),
        }
    }
}

/// How far something is that takes long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// In a word: `loading`, `checking`.
    pub doing: &'static str,
    /// Bytes that are done.
    pub done: u64,
    /// Bytes there are, if that is known.
    pub total: Option<u64>,
}

/// Who is told how far things are.
pub type Progress<'a> = &'a mut dyn FnMut(Step);
