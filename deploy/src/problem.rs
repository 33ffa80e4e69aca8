//! Why something could not be done, and what to do about it.

use std::fmt;

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
