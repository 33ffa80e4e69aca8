//! `wtop status --watch` and `wtop events`: a lab as it changes.
//!
//! Both look again and again: libvirt's own events tell of machines, and nothing of carriers and what is done to frames.

use super::lab::{self, Deployment};
use super::{Events, status};
use crate::arguments::AnswerFormat;
use crate::exit::{Exit, Failure, Outcome};
use crate::terminal::Terminal;
use std::io::{self, IsTerminal, Write};
use std::thread;
use std::time::Duration;
use wtop_deploy::changes::{Happened, changes};

/// A look takes some milliseconds a machine.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);
/// Clears a terminal, and goes to its first place.
const CLEAR: &str = "\u{1b}[2J\u{1b}[H";

/// Shows the table again whenever it changes, until the reader goes away.
///
/// # Errors
/// Libvirt does not answer any more.
pub fn status(deployment: &Deployment, terminal: &Terminal) -> Outcome {
    terminal.tell("Ctrl-C ends it\n");
    let clear = if io::stdout().is_terminal() { CLEAR } else { "" };
    let mut shown = String::new();
    loop {
        let table = status::table(&status::looked(deployment)?);
        if table != shown && !written(&format!("{clear}{table}\n"))? {
            return Ok(Exit::Ok);
        }
        shown = table;
        thread::sleep(BETWEEN_LOOKS);
    }
}

pub fn events(arguments: &Events, terminal: &Terminal) -> Outcome {
    let deployment = match lab::open(lab::Need::Names, &arguments.place, terminal)? {
        Ok(deployment) => deployment,
        Err(exit) => return Ok(exit),
    };
    let mut before = deployment.observe()?;
    terminal.tell("Ctrl-C ends it\n");
    loop {
        thread::sleep(BETWEEN_LOOKS);
        let after = deployment.observe()?;
        for happened in changes(&before, &after) {
            let line = match arguments.format {
                AnswerFormat::Text => told(&happened),
                AnswerFormat::Json => serde_json::to_string(&happened)
                    .map_err(|error| Failure::environment(format!("the answer cannot be written: {error}")))?,
            };
            if !written(&(line + "\n"))? {
                return Ok(Exit::Ok);
            }
        }
        before = after;
    }
}

fn told(happened: &Happened) -> String {
    let Happened { what, path, before, after } = happened;
    match (before, after) {
        (None, Some(after)) => format!("{what} {path} is there: {after}"),
        (Some(_), None) => format!("{what} {path} is gone"),
        (Some(before), Some(after)) => format!("{what} {path}: {before} -> {after}"),
        (None, None) => String::new(),
    }
}

/// Writes at once; false where nobody reads any more.
fn written(text: &str) -> Result<bool, Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::environment(format!("cannot write the output: {error}"))),
    }
}
