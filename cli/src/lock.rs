//! The lock file beside a source: `NAME.wtop.lock`.

use crate::exit::{Exit, Failure, reason};
use crate::inputs::Input;
use crate::write;
use std::fs;
use std::io::ErrorKind;
use wtop_compiler::{Lock, lock_path};

/// How many changes are named.
const MOST_NAMED: usize = 5;

/// Writes what was chosen beside the source, if that changes the file; gives whether it did. Standard input has none.
///
/// # Errors
/// The file cannot be written.
pub fn write(input: &Input, lock: &Lock) -> Result<bool, Failure> {
    let path = lock_path(&input.path);
    let before = fs::read(&path).unwrap_or_default();
    let text = lock.text();
    if input.is_stdin() || text.as_bytes() == before {
        return Ok(false);
    }
    if text.is_empty() {
        // A lab that leaves nothing open needs no lock.
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(Failure::environment(format!("cannot remove `{}`: {}", path.display(), reason(&error))))
            }
            _ => Ok(true),
        }
    } else {
        write::file(&path, text.as_bytes())?;
        Ok(true)
    }
}

/// Refuses a lock that is not what the file says.
///
/// # Errors
/// It differs; the first differences are named.
pub fn unchanged(input: &Input, lock: &Lock) -> Result<(), Failure> {
    if !lock.changed() {
        return Ok(());
    }
    let change = |(key, before, now): (&str, Option<&str>, &str)| match before {
        Some(before) => format!("{key}: {before} becomes {now}"),
        None => format!("{key}: {now} is new"),
    };
    let mut changes: Vec<String> = lock.changes().map(change).collect();
    if changes.len() > MOST_NAMED {
        let more = changes.len() - MOST_NAMED;
        changes.truncate(MOST_NAMED);
        changes.push(format!("and {more} more"));
    }
    let message = format!("`{}` is out of date", lock_path(&input.path).display());
    let help = format!("`wtop lock {}` writes it\n  {}", input.path.display(), changes.join("\n  "));
    Err(Failure { exit: Exit::Diagnostics, message, help: Some(help) })
}
