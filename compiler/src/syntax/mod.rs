//! From text to a tree, and from a tree to well-formed text.

pub mod ast;
mod lexer;
pub mod token;
mod words;

pub use lexer::tokens;
