//! Putting packages into the cache.

use super::git::{self, Commit};
use super::links;
use crate::exit::Failure;
use std::fs;
use std::io;
use std::path::Path;
use wtop_compiler::packages::{LockedPackage, cached, content_hash};
use wtop_compiler::source::{DiskFileSystem, FileSystem};

/// A package that is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The address of its repository.
    pub git: &'a str,
    /// The revision.
    pub rev: &'a str,
    /// What the lock says it is.
    pub locked: Option<&'a LockedPackage>,
}

/// Is a package in the cache, as the lock has it?
pub fn is_intact(cache: &Path, package: &LockedPackage) -> bool {
    hash(&cached(cache, &package.commit)).is_some_and(|hash| hash == package.sha256)
}

fn hash(folder: &Path) -> Option<String> {
    let files = DiskFileSystem.list(folder, folder).ok()?;
    content_hash(&DiskFileSystem, folder, &files).ok()
}

/// Fetches a package into the cache, in place of what is there.
///
/// # Errors
/// It cannot be fetched, is refused, or is not what the lock says.
pub fn store(cache: &Path, wanted: Wanted) -> Result<LockedPackage, Failure> {
    let Wanted { git, rev, locked } = wanted;
    let commit = fetch(wanted)?;
    let refused = |problem| Failure::environment(format!("the package `{rev}` of `{git}` is refused: {problem}"));
    let files = links::resolve(commit.entries).map_err(refused)?;
    let problem = |error: io::Error| Failure::io("write into", cache, &error);
    fs::create_dir_all(cache).map_err(problem)?;
    // Whoever looks meanwhile finds the whole package or none.
    let stage = tempfile::Builder::new().prefix(".fetch-").tempdir_in(cache).map_err(problem)?;
    for (path, bytes) in &files {
        let path = stage.path().join(path);
        path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, bytes)).map_err(problem)?;
    }
    let sha256 = hash(stage.path()).ok_or_else(|| refused("its files cannot be read again".to_owned()))?;
    if let Some(locked) = locked.filter(|locked| locked.sha256 != sha256) {
        let message = format!("`{git}` has other files in commit {} than `wtop.lock` says", locked.commit);
        let help = "somebody changed the lock, or the repository is not what it was: look before you use it; \
                    `wtop fetch --update` takes what is there now";
        return Err(Failure::environment(message).help(help));
    }
    let folder = cached(cache, &commit.name);
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(problem(error)),
        _ => {}
    }
    fs::rename(stage.path(), &folder).map_err(problem)?;
    let _ = stage.keep();
    Ok(LockedPackage { git: git.to_owned(), rev: rev.to_owned(), commit: commit.name, sha256 })
}

/// The commit that the lock names; else the one that the revision means now.
fn fetch(Wanted { git, rev, locked }: Wanted) -> Result<Commit, Failure> {
    let Some(locked) = locked else { return git::fetch(git, rev) };
    // Not every server hands out a commit by its name.
    let by_name = match git::fetch(git, &locked.commit) {
        Ok(commit) => return Ok(commit),
        Err(failure) => failure,
    };
    let commit = git::fetch(git, rev).map_err(|_| by_name)?;
    if commit.name == locked.commit {
        return Ok(commit);
    }
    let message = format!("`{rev}` of `{git}` is no longer the commit that `wtop.lock` names");
    let help = format!("it is {} now, and was {}; `wtop fetch --update` takes it", commit.name, locked.commit);
    Err(Failure::environment(message).help(help))
}
