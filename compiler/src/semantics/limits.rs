//! Bounds on what a program may make, so that a mistake is a diagnostic and not a full memory.

/// Nodes, networks, links, loop turns and list elements of one program.
pub const ELEMENTS: usize = 2_000_000;

/// Nodes, networks and links of one program.
pub const THINGS: usize = 100_000;

/// How deep instances of modules may be nested.
pub const MODULE_DEPTH: usize = 32;

/// How deep evaluation may go from one value to the next.
pub const EVALUATION_DEPTH: usize = 5_000;
