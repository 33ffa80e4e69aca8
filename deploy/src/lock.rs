//! One at a time: a lock a lab and hypervisor.
//!
//! It is a lock of the operating system on a file, which the kernel gives back however the run ends. It keeps apart runs on
//! this machine; two machines that deploy to one remote libvirt do not see each other's.

use crate::problem::Problem;
use rustix::fs::{FlockOperation, flock};
use std::fs::{self, File};
use std::io::{Read, Seek, Write};
use std::path::PathBuf;
use std::{env, process};

/// Held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Takes the lock of a lab.
///
/// # Errors
/// Somebody else has it, or there is no place for it.
pub fn lock(uri: &str, topology: &str) -> Result<Lock, Problem> {
    let folder = folder();
    let problem =
        |error: std::io::Error| Problem::new(format!("cannot lock the lab in `{}`: {error}", folder.display()));
    fs::create_dir_all(&folder).map_err(problem)?;
    let place: String = uri.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let path = folder.join(format!("{place}.{topology}.lock"));
    let mut file = File::options().read(true).write(true).create(true).truncate(false).open(&path).map_err(problem)?;
    if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        let mut who = String::new();
        // Only to be helpful: who holds it may just not have written yet.
        let _ = file.read_to_string(&mut who);
        let who = if who.is_empty() { String::new() } else { format!(" (process {})", who.trim()) };
        return Err(Problem::new(format!("somebody else{who} is changing the lab `{topology}` on {uri}"))
            .help("wait until that is done, then run the same command again"));
    }
    file.set_len(0).and_then(|()| file.rewind()).and_then(|()| write!(file, "{}", process::id())).map_err(problem)?;
    Ok(Lock { _file: file })
}

fn folder() -> PathBuf {
    let own = env::var_os("XDG_RUNTIME_DIR").map(|folder| PathBuf::from(folder).join("wtop"));
    own.unwrap_or_else(|| {
        let user = rustix::process::getuid();
        if user.is_root() {
            PathBuf::from("/run/wtop")
        } else {
            env::temp_dir().join(format!("wtop-{}", user.as_raw()))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_at_once_are_told() {
        let uri = format!("test:///{}", process::id());
        let held = lock(&uri, "lab").unwrap();
        let error = lock(&uri, "lab").unwrap_err();
        assert!(error.message.contains(&format!("(process {}) is changing the lab `lab`", process::id())), "{error}");
        lock(&uri, "other").unwrap();
        drop(held);
        lock(&uri, "lab").unwrap();
    }
}
