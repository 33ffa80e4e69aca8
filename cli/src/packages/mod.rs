//! Fetched packages: the cache that they lie in, and how they get there.
//!
//! A package lies in a folder that is called like its commit, and holds nothing but the files of that commit. What is
//! in it is checked against `wtop.lock` whenever it is used, so that nobody has to trust the cache.

mod git;
mod links;
mod store;

pub use store::{Wanted, is_intact, store};

use std::env;
use std::path::PathBuf;

/// The folder of fetched packages, if there is a place for one.
pub fn cache() -> Option<PathBuf> {
    Some(cache_folder()?.join("packages"))
}

/// The folder of what can be had again at any time.
pub fn cache_folder() -> Option<PathBuf> {
    let set = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let cache = set.or_else(|| env::home_dir().map(|home| home.join(".cache")))?;
    Some(cache.join("wtop"))
}
