//! From a lab to artifacts: bytes with a file name. One folder a backend; none knows another.

pub mod heat;
pub mod json;
pub mod libvirt;
pub mod manifest;
pub mod picture;

/// A file that a backend made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Artifact {
    /// Path below the output folder, with `/`.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}
