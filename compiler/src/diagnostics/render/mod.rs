//! Diagnostics for people and for programs: each renderer is a function from diagnostics to a text.

mod excerpt;
mod frame;
pub mod github;
mod ink;
pub mod json;
mod places;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod samples;
pub mod sarif;
mod suggestion;
pub mod text;

pub use github::github;
pub use json::{json, json_schema};
pub use sarif::sarif;
pub use text::{TextOptions, summary, text};

pub(super) use ink::visible;

use serde::Serialize;

/// Indented JSON with a line end.
fn to_json(value: &impl Serialize) -> String {
    // Neither structs with named fields nor writing into memory can fail.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
