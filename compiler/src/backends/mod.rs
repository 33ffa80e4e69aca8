//! From a lab to artifacts: bytes with a file name. One folder a backend; none knows another.

pub mod heat;
pub mod inventory;
pub mod json;
pub mod libvirt;
pub mod manifest;
pub mod notes;
pub mod picture;
pub mod source_map;

use crate::diagnostics::Diagnostic;
use crate::lab::{TargetKind, lower};
use crate::topology::{Target, Topology};
use sha2::{Digest, Sha256};

/// A file that a backend made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Artifact {
    /// Path below the output folder, with `/`.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Which of its lines came from where, in the order of their first lines.
    pub marks: Vec<source_map::Mark>,
}

/// SHA-256 of some bytes, in hex.
fn sha256(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |number: u8| DIGITS.get(usize::from(number)).copied().unwrap_or_default();
    Sha256::digest(bytes).iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// What a topology needs on a target, or on one of this kind that the source does not declare: files, without their
/// manifest. With errors among the diagnostics, nobody should use them.
pub fn build(topology: &Topology, target: Option<&Target>, kind: TargetKind) -> (Vec<Artifact>, Vec<Diagnostic>) {
    let (lab, mut diagnostics) = lower(topology, target, kind);
    let (artifacts, more) = match kind {
        TargetKind::Kvm => libvirt::build(&lab),
        TargetKind::Heat => heat::build(&lab),
    };
    diagnostics.extend(more);
    (artifacts, diagnostics)
}
