//! Compiles the parser, which is C.

use std::path::Path;

fn main() {
    let source = Path::new("src");
    let files = ["parser.c", "scanner.c"].map(|name| source.join(name));
    cc::Build::new().std("c11").include(source).files(&files).compile("tree-sitter-wtop");
    for file in files {
        println!("cargo:rerun-if-changed={}", file.display());
    }
}
