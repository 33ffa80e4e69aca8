//! From text to a tree, and from a tree to well-formed text.

pub mod ast;
