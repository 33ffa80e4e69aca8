//! The wtop language: from text to a checked topology and to artifacts.
//!
//! **Invariant: this crate is pure.** It reads files only through [`source::FileSystem`] and never prints, opens a
//! socket, starts a process, reads the clock or the environment; lints hold that.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![deny(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods, clippy::disallowed_types)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic))]

pub mod backends;
pub mod collections;
pub mod diagnostics;
pub mod edit;
pub mod ide;
pub mod lab;
pub mod layout;
pub mod media;
pub mod packages;
pub mod semantics;
pub mod source;
pub mod syntax;
#[cfg(test)]
mod test_tools;
pub mod topology;
pub mod value;

pub use semantics::{Compilation, CompileCache, CompileOptions, Lock, LockUse, compile, compile_again, lock_path};
