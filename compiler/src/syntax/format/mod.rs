//! The canonical form of a file.
//!
//! The formatter changes what stands *between* tokens and nothing else, so it can lose neither a comment nor a token:
//!
//! ```text
//! tokens ──pieces──▶ pieces in nested groups ──layout──▶ new gaps between the same pieces
//! ```
//!
//! - Two spaces of indentation, lines of at most [`WIDTH`] columns, no alignment, at most one blank line in a row, a line
//!   end at the end. The line end is the one that most lines of the file have.
//! - **Brackets stay open where they were opened**: with a line end after `{`, `[` or `(` each item stands on its own
//!   line, so adding or removing one changes one line. Items that shared a line in it still do, if all of them fit. What
//!   was written on one line stays there if it fits, else each item gets a line.
//! - Between the lines of a block there are no commas. Lists, arguments, `use` and `enum` have one after each line.
//! - A line that goes on with an operator or a word like `and` stays broken there, and is indented by two more.
//! - Comments stay where they are: alone on their line, or after two spaces at the end of one. `//` is followed by a
//!   space, except in rulers (`//----`) and marks (`//#region`). Strings and documentation keep their text.
//!
//! **Invariants:** the formatted text has the same tree; formatting it again changes nothing; it is linear in the text.

mod groups;
mod layout;
mod pieces;
#[cfg(test)]
mod properties;
mod range;
#[cfg(test)]
mod tests;
mod typed;

use super::token::TokenKind;
use super::{Parse, parse};
use crate::diagnostics::has_errors;
use crate::source::FileId;
pub use range::{format_range, format_ranges};
pub use typed::{after_brace, after_line_end};

/// So many columns fit on a line.
pub const WIDTH: usize = 120;

/// What came of formatting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Formatted {
    /// The canonical form, or the text as it was.
    pub text: String,
    /// Whether the text could be formatted. One with syntax errors stays exactly as it is: a guess at what is half-typed
    /// would move it around under its author's hands. [`parse`] says what the errors are.
    pub well_formed: bool,
}

/// Formats a file.
pub fn format(text: &str) -> Formatted {
    let parse = parse(FileId::default(), text);
    if has_errors(&parse.diagnostics) {
        return Formatted { text: text.to_owned(), well_formed: false };
    }
    let pieces = pieces::pieces(text, &parse.tokens);
    let nesting = groups::nesting(text, &pieces.pieces);
    let layout = layout::layout(text, &pieces, &nesting, line_end(text, &parse));
    Formatted { text: layout.text, well_formed: true }
}

/// The line end of most lines.
fn line_end(text: &str, parse: &Parse) -> &'static str {
    let newlines = || parse.tokens.iter().filter(|token| token.kind == TokenKind::Newline);
    let windows = newlines().filter(|token| text.get(token.range()) == Some("\r\n")).count();
    if windows * 2 > newlines().count() { "\r\n" } else { "\n" }
}
