//! The SSH key of a lab: made at its first `wtop up`, put into what its guests get at their first boot, and used by the
//! commands that log in. The private half never leaves the user's folder.

use crate::exit::Failure;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

/// Where the private half of a lab's key lies, whether it is there or not: in `wtop/keys` of `XDG_STATE_HOME`, or of
/// `~/.local/state`.
pub fn path(topology: &str) -> Option<PathBuf> {
    let set = env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let state = set.or_else(|| env::home_dir().map(|home| home.join(".local/state")))?;
    Some(state.join("wtop/keys").join(topology))
}

/// The public half of a lab's key, which is made if there is none yet. None where there is no place for it, or no program
/// that makes it.
///
/// # Errors
/// The folder cannot be written.
pub fn public(topology: &str) -> Result<Option<String>, Failure> {
    let Some(path) = path(topology) else { return Ok(None) };
    let public = with_pub(&path);
    if !public.exists() && !make(&path, &public)? {
        return Ok(None);
    }
    let text = fs::read_to_string(&public).map_err(|error| Failure::io("read", &public, &error))?;
    Ok(Some(text.trim().to_owned()))
}

/// Where `ssh-keygen` puts the public half of a key.
fn with_pub(key: &Path) -> PathBuf {
    let mut path = key.as_os_str().to_owned();
    path.push(".pub");
    path.into()
}

/// Makes a key; false where `ssh-keygen` is not installed. Two runs at once get the same one.
fn make(path: &Path, public: &Path) -> Result<bool, Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let problem = |error| Failure::io("write into", folder, &error);
    fs::create_dir_all(folder).map_err(problem)?;
    let unfinished = tempfile::Builder::new().prefix(".new-").tempdir_in(folder).map_err(problem)?;
    let key = unfinished.path().join("key");
    let mut command = Command::new("ssh-keygen");
    command.args(["-q", "-t", "ed25519", "-N", "", "-C", "wtop", "-f"]).arg(&key).stdin(Stdio::null());
    match command.output() {
        Ok(output) if output.status.success() => {}
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            return Err(Failure::environment(format!("`ssh-keygen` made no key for the lab: {said}")));
        }
        Err(_) => return Ok(false),
    }
    // The public half comes last: where it is, the other is.
    fs::rename(&key, path).and_then(|()| fs::rename(with_pub(&key), public)).map_err(problem)?;
    Ok(true)
}
