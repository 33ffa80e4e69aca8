//! Diagnostics for people and for programs: each renderer is a function from diagnostics to a text.

mod excerpt;
mod frame;
mod ink;
mod places;
mod suggestion;
pub mod text;

pub use text::{TextOptions, summary, text};
