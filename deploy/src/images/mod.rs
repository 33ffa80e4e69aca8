//! Images: what the disks of machines are copies of.
//!
//! Two catalogs say what the names are that labs use: the user's, beside the images in the [`Store`], and the project's,
//! which wins. Everything that comes in is looked at before it gets its name: what it is says its content alone
//! ([`probe()`]), and what would make QEMU open other files of the host is refused.
//!
//! **Invariant: a name means a whole image or none.** Files are made under other names and renamed when they are
//! complete and checked; what was cut off is never taken for an image.

mod add;
mod catalog;
mod checksum;
mod convert;
mod download;
mod edit;
mod overlay;
mod probe;
mod pull;
mod qemu;
mod remove;
mod resolve;
mod store;
#[cfg(test)]
mod test_server;
#[cfg(test)]
pub(crate) mod test_tools;
mod unpack;
mod verify;
mod vhdx;

pub use crate::problem::Problem;
pub use add::{Added, add, add_volume, check_new, default_name};
pub use catalog::{Catalog, Entry, Origin, PROJECT_CATALOG, USER_CATALOG};
pub use checksum::{Algorithm, Checksum};
pub use convert::convert;
pub use download::{is_address, shown};
pub use overlay::{clone, resize};
pub use probe::{Format, Probe, probe};
pub use pull::pull;
pub use remove::{Removed, remove};
pub use resolve::{Image, Need, Place, need, needs, resolve};
pub use store::{Store, Verified};
pub use verify::{Verdict, verify};

/// How far something is that takes long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// In a word: `loading`, `checking`.
    pub doing: &'static str,
    /// Bytes that are done.
    pub done: u64,
    /// Bytes there are, if that is known.
    pub total: Option<u64>,
}

/// Who is told how far things are.
pub type Progress<'a> = &'a mut dyn FnMut(Step);
