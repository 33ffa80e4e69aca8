//! Nodes and links that repeat themselves, as arrays and loops; and back.
//!
//! The names of instances stay the same both ways, and with them MAC addresses and what the lock keeps.

pub mod gather;
mod pattern;
mod substitute;
pub mod unroll;
