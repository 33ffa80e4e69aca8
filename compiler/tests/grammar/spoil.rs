//! Mistakes in programs.

use super::program::Programs;

/// Pieces that go wrong in the middle of something else.
const PIECES: &[&str] = &[
    "{", "}", "(", ")", "[", "]", "\"", "\"\"\"", "${", "\n", ",", ":", "=", "<->", "..", "-", "//", "if", "else",
    "node x", "é", "'", ";", "from", "for", "\r", "#", "/*", "@", "4G", "\\", ".", "a", "10.0.0.", "::",
];

/// Takes some characters out, or puts a piece in.
pub fn spoil(text: &mut String, programs: &mut Programs<'_>) {
    let mut at = programs.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    if programs.below(2) == 0 {
        let length = text[at..].chars().take(1 + programs.below(6)).map(char::len_utf8).sum::<usize>();
        text.replace_range(at..at + length, "");
    } else {
        text.insert_str(at, PIECES[programs.below(PIECES.len())]);
    }
}
