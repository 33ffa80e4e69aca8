//! What a lab is expected to do when it runs. The compiler says what to ask; who deploys asks, and compiles again with the
//! answers. So conditions have the whole language, and the compiler stays pure.

use super::Origin;
use crate::value::Value;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// An expectation, and how it came out.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Its condition as written.
    pub condition: String,
    /// Nanoseconds that it may take to come true; none: it must hold at once.
    pub within: u64,
    /// What it asks, as far as that is known from the answers so far.
    pub asks: Vec<Probe>,
    /// Does it hold? Absent while an answer is missing.
    pub holds: Option<bool>,
    /// Both sides of a comparison that does not hold: `404 == 200`.
    pub sides: Option<String>,
    /// Where it was declared.
    pub origin: Origin,
}

/// A question to a node of the running lab.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Probe {
    /// Path of the node that is asked.
    pub node: String,
    /// What it is asked.
    pub question: Question,
}

/// What a node can be asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// Does an echo come back from there? A `bool`.
    Ping(IpAddr),
    /// Does a connection open? A `bool`.
    Tcp(IpAddr, u16),
    /// What is the status of a request for this URL? An `int`; 0 without an answer.
    Http(String),
    /// What does this command print? A `string`.
    Command(String),
}

/// What was answered.
pub type Answers = BTreeMap<Probe, Value>;
