//! The JSON form of a picture is published as a schema.
//!
//! `UPDATE_PAGES=1 cargo test -p wtop-compiler --test picture_schema` writes it.

// This test compares a file; the compiler itself opens none.
#![allow(clippy::disallowed_methods)]

use std::path::Path;
use std::{env, fs};
use wtop_compiler::backends::picture::json_schema;

#[test]
fn the_schema_is_published() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/picture.schema.json");
    if env::var("UPDATE_PAGES").is_ok_and(|value| value == "1") {
        fs::write(&path, json_schema()).unwrap();
    }
    let published = fs::read_to_string(path).unwrap_or_default();
    assert!(published == json_schema(), "docs/picture.schema.json is out of date; run this test with UPDATE_PAGES=1");
}
