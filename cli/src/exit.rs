//! How a run ends: exit codes, and what is said when the work could not be done.

use std::io;
use std::path::Path;
use std::process::ExitCode;
use wtop_deploy::problem::Problem;

/// The exit codes, which scripts rely on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Exit {
    /// All is well; warnings do not count.
    Ok,
    /// The source has errors, a `--check` found something to change, or an expectation does not hold.
    Diagnostics,
    /// The arguments are wrong.
    Usage,
    /// A plan has changes. Tools that plan share this code, and `wtop plan` prints the plan with it.
    Changes,
    /// A file, folder or service did not do its part.
    Environment,
    /// What a program ended with that was run in our place.
    Program(u8),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Ok => 0,
            Exit::Diagnostics => 1,
            Exit::Usage | Exit::Changes => 2,
            Exit::Environment => 3,
            Exit::Program(code) => code,
        })
    }
}

/// Why a command could not do its work.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// How the run ends.
    pub exit: Exit,
    /// A sentence, without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Failure {
    /// The arguments are wrong.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure { exit: Exit::Usage, message: message.into(), help: None }
    }

    /// The world did not do its part.
    pub fn environment(message: impl Into<String>) -> Failure {
        Failure { exit: Exit::Environment, message: message.into(), help: None }
    }

    /// `doing` (as in "cannot write") did not work on `path`.
    pub fn io(doing: &str, path: &Path, error: &io::Error) -> Failure {
        Failure::environment(format!("cannot {doing} `{}`: {}", path.display(), reason(error)))
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Failure {
        self.help = Some(help.into());
        self
    }
}

impl From<Problem> for Failure {
    fn from(Problem { message, help }: Problem) -> Failure {
        Failure { help, ..Failure::environment(message) }
    }
}

/// How a command ends.
pub type Outcome = Result<Exit, Failure>;

/// What the operating system said, in words that stand after "cannot write FILE: ".
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "the permission is missing".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::QuotaExceeded => "your share of the disk is used up".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::NotADirectory => "a part of the path is a file".to_owned(),
        _ => error.to_string(),
    }
}
