//! Bounds on what a program may make, so that a mistake is a diagnostic and not a full memory.

use crate::value::{MAX_ELEMENTS, Value, count};

/// Turns of all loops and comprehensions of one program.
pub const ELEMENTS: usize = 2_000_000;

/// What the values of one program may cost together, in elements that are walked: seconds.
pub const WORK: usize = 50_000_000;

/// How many names are looked at, of all mistakes together, for the one that may have been meant.
pub const SUGGESTIONS: usize = 300_000;

/// How often the same is said of one place: of a loop, its first turns.
pub const ECHOES: u32 = 10;

/// Nodes, networks and links of one program.
pub const THINGS: usize = 100_000;

/// How deep instances of modules may be nested.
pub const MODULE_DEPTH: usize = 32;

/// How deep instances are made of modules that nothing uses: what is deeper is tried by itself.
pub const TRIAL_DEPTH: usize = 2;

/// How deep evaluation may go from one value to the next.
pub const EVALUATION_DEPTH: usize = 5_000;

/// What a value may cost whoever walks it, in elements. Texts are walked faster; a longer range is never unrolled.
pub fn work(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() / 64,
        Value::Map(entries) => entries.len(),
        other => usize::try_from(count(other)).ok().filter(|count| *count <= MAX_ELEMENTS).unwrap_or(0),
    }
}
