//! What can be done with labs outside of the text: known to the program around the server, which can deploy them.

use std::fmt::Debug;
use std::path::Path;

/// What can be done with a lab.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LiveCommand {
    /// Say what would change if it were brought up.
    Plan,
    /// Bring it up.
    Up,
    /// Open the console of a node, by its path.
    Console(String),
}

/// A way to deploy labs.
pub trait Live: Debug + Send + Sync {
    /// What can be done with the lab of a file now, in the order in which it is offered. It is asked often, and answers
    /// from what it knows.
    fn commands(&self, file: &Path) -> Vec<LiveCommand>;
}
