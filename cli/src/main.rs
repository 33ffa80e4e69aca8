//! wtop.
fn main() {}
