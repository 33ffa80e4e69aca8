//! Packages: libraries of devices and modules that a project shares with others.
//!
//! `wtop.toml` says which packages a project uses ([`Manifest`]), `wtop.lock` which commit and which content of each
//! was fetched ([`PackageLock`]). Fetching is the command line's business; here is what the compiler needs to find a
//! fetched package, and to see that it is still what was fetched.

mod content;
mod lock;
mod manifest;

pub use content::content_hash;
pub use lock::{LockProblem, LockedPackage, PackageLock};
pub use manifest::{Manifest, Origin, Package, parse};

use std::path::{Path, PathBuf};

/// The file in the root of a project or package that says which packages it uses.
pub const MANIFEST: &str = "wtop.toml";

/// The file beside it that says what was fetched.
pub const LOCK: &str = "wtop.lock";

/// Where the files of a fetched commit lie in the cache.
pub fn cached(cache: &Path, commit: &str) -> PathBuf {
    cache.join(commit)
}
