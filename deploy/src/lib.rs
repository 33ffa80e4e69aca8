//! What touches the world: labs as running machines, and the images they start from.
//!
//! The compiler says what must exist; this crate looks at what exists, and brings the one to the other. It knows
//! nothing of the text of a lab, prints nothing and asks nothing: the command line and the language server do.

pub mod images;
