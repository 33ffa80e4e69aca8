//! Why something could not be done, and what to do about it.

use std::fmt;
use std::io;
use std::path::Path;

/// A sentence for people, without a full stop, and what helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub help: Option<String>,
}

impl Problem {
    /// A problem that nothing is known to help against.
    pub fn new(message: impl Into<String>) -> Problem {
        Problem { message: message.into(), help: None }
    }

    /// Says what to do.
    #[must_use]
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

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

/// A libvirt call that did not do its part.
#[cfg(feature = "kvm")]
pub(crate) fn refused(doing: &str, error: &virt::error::Error) -> Problem {
    let reason = error.message().lines().map(str::trim).collect::<Vec<_>>().join(" ");
    let problem = Problem::new(format!("libvirt cannot {doing}: {reason}"));
    let lower = reason.to_ascii_lowercase();
    if lower.contains("no space left") {
        problem.help("make room where the storage pool lies, and run the same command again")
    } else if lower.contains("permission denied") {
        problem.help("`wtop doctor` says which permission is missing")
    } else if lower.contains("tc action module") || lower.contains("qdisc kind is unknown") {
        problem.help("the kernel of this host cannot limit rates: `modprobe act_police`, or take `rate` from the links")
    } else {
        problem
    }
}
