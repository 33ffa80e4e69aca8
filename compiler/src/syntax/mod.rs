//! From text to a tree, and from a tree to well-formed text.
//!
//! ```text
//! text ──lexer──▶ tokens ──structure──▶ items of lexemes ──parser──▶ ast::File
//! ```
//!
//! The tree always comes out, with diagnostics beside it. Decisions that its readers rely on:
//!
//! - **Spans** run from the first to the last token of a thing, without space and comments around it. The span of an
//!   item includes `pub`, but not its documentation. What is missing has an empty span where it would stand.
//! - **Parentheses are kept** ([`ast::ExprKind::Group`]), so that edits and the formatter see what was written.
//! - **`else if`** is a block that holds one `if` item; its span starts at that `if`, so it has no brace.
//! - **Depth** is bounded (see `structure`): walking a tree by recursion is safe.
//! - A name, value or type that could not be read is empty, [`ast::ExprKind::Hole`] or [`ast::TypeKind::Hole`]; it was
//!   reported, and later stages are silent about it.

pub mod ast;
pub mod dump;
mod foreign;
pub mod format;
mod lexeme;
mod lexer;
mod literal;
mod mistakes;
mod parser;
mod report;
mod structure;
mod text;
pub mod token;
pub mod walk;
mod words;

pub use lexer::tokens;
pub(crate) use structure::continues;
pub(crate) use words::declares;

use crate::diagnostics::Diagnostic;
use crate::source::FileId;
use report::Reports;
use token::{Token, TokenKind};

/// What came of a file's text.
#[derive(Debug)]
pub struct Parse {
    /// All tokens; concatenated, they are the text.
    pub tokens: Vec<Token>,
    /// The tree.
    pub tree: ast::File,
    /// What is wrong with the text, in its order.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses a file. Never fails: what cannot be read is a hole in the tree and a diagnostic.
pub fn parse(file: FileId, text: &str) -> Parse {
    let tokens = tokens(text);
    let mut reports = Reports::new(file);
    if let Some(diagnostic) = foreign::foreign_language(text, &reports) {
        return Parse { tokens, tree: ast::File::default(), diagnostics: vec![diagnostic] };
    }
    let structure = structure::structure(text, &tokens, &mut reports);
    let (tree, reports) = parser::file(text, &structure, reports);
    Parse { tokens, tree, diagnostics: reports.finish() }
}

/// Is a text one name, as a node or package may have it?
pub fn is_name(text: &str) -> bool {
    matches!(tokens(text)[..], [Token { kind: TokenKind::Name, .. }])
}

/// Parses a single value, as in `--set leaves=8`. `file` is what the spans name.
pub fn parse_expression(file: FileId, text: &str) -> (ast::Expr, Vec<Diagnostic>) {
    let tokens = tokens(text);
    let mut reports = Reports::new(file);
    let structure = structure::structure(text, &tokens, &mut reports);
    let (expr, reports) = parser::expression(text, &structure, reports);
    (expr, reports.finish())
}
