//! What editors ask about a program, answered without any protocol.
//!
//! Positions are bytes of a file, answers are spans and plain data; whoever speaks to an editor translates them. There is
//! one file a question. Most are thin views on the index of [`names`], which is read from the trees alone, so that
//! they are answered in broken text, in branches that are not taken, and in modules that nobody uses.

pub mod code_lens;
#[cfg(test)]
mod fixture;
pub mod highlight;
pub mod inlay_hints;
pub mod names;
mod show;
pub mod signature;
pub mod things;

use crate::Compilation;
use crate::source::FileId;
use names::Names;
use things::Things;

/// A place in a file of a compilation: the byte before which the cursor stands.
pub type Position = (FileId, u32);

/// A compilation with the index of its names: what questions are asked of.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Texts and trees.
    pub compilation: &'a Compilation,
    /// What the names in them mean.
    pub names: &'a Names,
    /// What of the topology came of which place.
    pub things: &'a Things,
}
