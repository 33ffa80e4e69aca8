//! The grammar of wtop for [tree-sitter](https://tree-sitter.github.io), as editors use it.
//!
//! ```
//! let mut parser = tree_sitter::Parser::new();
//! parser.set_language(&tree_sitter_wtop::LANGUAGE.into())?;
//! let tree = parser.parse("node fw: vsrx { memory = 4GiB }", None).unwrap();
//! assert!(!tree.root_node().has_error());
//! # Ok::<(), tree_sitter::LanguageError>(())
//! ```

use tree_sitter_language::LanguageFn;

#[allow(unsafe_code)] // The function is the one of src/parser.c.
unsafe extern "C" {
    fn tree_sitter_wtop() -> *const ();
}

/// The language, for `tree_sitter::Parser::set_language`.
#[allow(unsafe_code)] // It gives the tables of the generated parser, which live as long as the program.
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_wtop) };

/// Which captures each node has, so that it can be coloured.
pub const HIGHLIGHTS_QUERY: &str = include_str!("../../queries/highlights.scm");
