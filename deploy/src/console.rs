//! The serial console of a machine, over a stream of libvirt, so that it is reached wherever libvirt is.

use crate::connect::Hypervisor;
use crate::perform::ours;
use crate::problem::{Problem, refused};
use regex::bytes::Regex;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};
use virt::stream::Stream;
use virt::sys;

/// So many of the last bytes that a console said are kept to look through.
const KEPT: usize = 64 * 1024;

/// An open console. One thread may read while another writes.
#[derive(Clone)]
pub struct Console {
    stream: Stream,
    name: String,
}

impl Console {
    /// Opens the first serial port of a machine by its name in libvirt; `force` takes it from whoever reads it now.
    ///
    /// # Errors
    /// It is off, has no serial port, or somebody else reads it.
    pub fn open(hypervisor: &Hypervisor, name: &str, force: bool) -> Result<Console, Problem> {
        let off = || {
            Problem::new(format!("`{name}` does not run, so its console says nothing"))
                .help("`wtop status` shows how the machines are, and `wtop start` starts one")
        };
        let domain = ours(hypervisor, name)?.filter(|domain| domain.is_active().unwrap_or(false)).ok_or_else(off)?;
        let problem = |error: &virt::error::Error| {
            let problem = refused(&format!("open the console of `{name}`"), error);
            if error.message().contains("Active console session exists") {
                problem.help("somebody else reads it; `wtop console --force` takes it from them")
            } else {
                problem
            }
        };
        let stream = Stream::new(&hypervisor.connection, 0).map_err(|error| problem(&error))?;
        let flags = if force { sys::VIR_DOMAIN_CONSOLE_FORCE } else { 0 };
        domain.open_console(None, &stream, flags).map_err(|error| problem(&error))?;
        Ok(Console { stream, name: name.to_owned() })
    }

    /// Waits for bytes; none when the console is gone.
    pub fn receive(&self) -> Vec<u8> {
        let mut piece = vec![0; 4096];
        // A stream that ends because its machine does says so by an error.
        let count = self.stream.recv(&mut piece).ok().and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
        piece.truncate(count);
        piece
    }

    /// Types bytes.
    ///
    /// # Errors
    /// The console is gone.
    pub fn send(&self, bytes: &[u8]) -> Result<(), Problem> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let sent = self.stream.send(rest);
            let sent = sent.map_err(|error| refused(&format!("type on the console of `{}`", self.name), &error))?;
            rest = usize::try_from(sent).ok().and_then(|sent| rest.get(sent..)).unwrap_or_default();
        }
        Ok(())
    }

    /// Gives the console back; who waits for bytes gets none any more.
    pub fn close(self) {
        // However the stream ends, nobody reads it after this.
        let _ = self.stream.abort();
    }
}

/// What a console says, read by a thread of its own, so that one can wait for it with a limit.
pub struct Listening {
    console: Console,
    pieces: Receiver<Vec<u8>>,
    /// What was said and not looked for yet.
    seen: Vec<u8>,
    /// The last of all that was said.
    transcript: Vec<u8>,
}

/// How waiting for a text ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It was said.
    Said,
    /// Not in this time.
    Nothing,
    /// The console is gone.
    Ended,
}

impl Listening {
    /// Listens from now on.
    pub fn to(console: Console) -> Listening {
        let (sender, pieces) = mpsc::channel();
        let reader = console.clone();
        thread::spawn(move || {
            loop {
                let piece = reader.receive();
                if piece.is_empty() || sender.send(piece).is_err() {
                    return;
                }
            }
        });
        Listening { console, pieces, seen: Vec::new(), transcript: Vec::new() }
    }

    /// Waits for a text. What stands before its end is not found again.
    pub fn wait_for(&mut self, text: &Regex, longest: Duration) -> Heard {
        let end = Instant::now() + longest;
        loop {
            if let Some(found) = text.find(&self.seen) {
                self.seen.drain(..found.end());
                return Heard::Said;
            }
            match self.pieces.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(piece) => {
                    keep(&mut self.seen, &piece);
                    keep(&mut self.transcript, &piece);
                }
                Err(RecvTimeoutError::Timeout) => return Heard::Nothing,
                Err(RecvTimeoutError::Disconnected) => return Heard::Ended,
            }
        }
    }

    /// Types a line.
    ///
    /// # Errors
    /// The console is gone.
    pub fn type_line(&self, line: &str) -> Result<(), Problem> {
        self.console.send(format!("{line}\r").as_bytes())
    }

    /// The last lines of what was said, without what only terminals understand.
    pub fn last_lines(&self, count: usize) -> Vec<String> {
        let text = String::from_utf8_lossy(&self.transcript);
        let lines: Vec<String> = text.lines().map(readable).filter(|line| !line.trim().is_empty()).collect();
        lines.into_iter().rev().take(count).rev().collect()
    }

    /// Gives the console back.
    pub fn close(self) {
        self.console.close();
    }
}

/// The pattern that a device writes for its console; what is none is meant as it stands.
pub fn pattern(text: &str) -> Regex {
    Regex::new(text).or_else(|_| Regex::new(&regex::escape(text))).unwrap_or_else(|_| nothing())
}

/// Finds an empty text anywhere: an escaped text is a pattern, if it is not too long for one.
#[allow(clippy::unwrap_used)] // The empty pattern is one.
fn nothing() -> Regex {
    Regex::new("").unwrap()
}

fn keep(text: &mut Vec<u8>, piece: &[u8]) {
    text.extend_from_slice(piece);
    let surplus = text.len().saturating_sub(KEPT);
    text.drain(..surplus);
}

/// A line without control characters and the sequences that move cursors and choose colours.
fn readable(line: &str) -> String {
    let mut shown = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // A sequence ends with a letter; one that begins with a bracket has numbers before it.
            characters.find(|c| c.is_ascii_alphabetic());
        } else if !character.is_control() || character == '\t' {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_terminals_become_readable() {
        assert_eq!(readable("\u{1b}[1;32mlogin:\u{1b}[0m \r"), "login: ");
    }

    #[test]
    fn patterns_that_are_none_are_meant_as_they_stand() {
        assert!(pattern("Cloud-init .* finished").is_match(b"Cloud-init v. 22 finished"));
        assert!(pattern("ready (").is_match(b"all ready ("));
    }
}
