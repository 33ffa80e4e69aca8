//! Characters with their colour, as they stand in a terminal.

use unicode_width::UnicodeWidthChar;

/// What a character stands for; its colour follows from that.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ink {
    /// The terminal's own colour.
    Plain,
    /// The message of a diagnostic.
    Strong,
    /// The primary place of an error.
    Error,
    /// The primary place of a warning.
    Warning,
    /// A related place.
    Related,
    /// Frame and line numbers.
    Margin,
    /// What a fix takes away.
    Removed,
    /// What a fix puts in.
    Added,
}

impl Ink {
    /// The parameters of the terminal's SGR sequence.
    fn sgr(self) -> Option<&'static str> {
        match self {
            Ink::Plain => None,
            Ink::Strong => Some("1"),
            Ink::Error => Some("1;31"),
            Ink::Warning => Some("1;33"),
            Ink::Related => Some("36"),
            Ink::Margin => Some("38;5;246"),
            Ink::Removed => Some("31"),
            Ink::Added => Some("32"),
        }
    }
}

/// A character and its ink.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) text: char,
    pub(super) ink: Ink,
}

/// A line of the terminal.
pub(super) type Row = Vec<Cell>;

/// The characters of a text in one ink; what a terminal would obey is made visible.
pub(super) fn cells(text: &str, ink: Ink) -> impl Iterator<Item = Cell> {
    text.chars().map(move |character| Cell { text: visible(character), ink })
}

/// How many columns a row takes.
pub(super) fn row_width(row: &[Cell]) -> usize {
    row.iter().map(|cell| width(cell.text)).sum()
}

/// Ends a row: without the spaces at its end, with colours if wanted.
pub(super) fn print(row: &[Cell], colour: bool, out: &mut String) {
    let used = row.iter().rposition(|cell| cell.text != ' ').map_or(0, |last| last + 1);
    let mut current = Ink::Plain;
    for cell in row.iter().take(used) {
        if colour && cell.ink != current {
            if current != Ink::Plain {
                out.push_str("\x1b[0m");
            }
            if let Some(sgr) = cell.ink.sgr() {
                out.extend(["\x1b[", sgr, "m"]);
            }
            current = cell.ink;
        }
        out.push(cell.text);
    }
    if current != Ink::Plain {
        out.push_str("\x1b[0m");
    }
    out.push('\n');
}

/// How many columns a character takes.
pub(super) fn width(character: char) -> usize {
    character.width().unwrap_or(1)
}

/// The character itself, or a stand-in for one that a terminal would obey or hide: controls, and the marks that turn
/// the direction of text around.
pub(in crate::diagnostics) fn visible(character: char) -> char {
    match character {
        '\0'..='\x1f' => char::from_u32(0x2400 + character as u32).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' => '\u{fffd}',
        '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => '\u{fffd}',
        other => other,
    }
}

/// How many lines a wrapped text may have: a message can quote a name of any length.
const MAX_LINES: usize = 20;

/// How many columns a command may have that is not broken.
const MAX_COMMAND: usize = 400;

/// Breaks a text at its line ends and between words so that the first line takes at most `first` columns and each
/// further one `columns`; a longer word is cut. A line that begins with two spaces is a command, which stays whole so
/// that it can be copied. After [`MAX_LINES`] lines, a `…` stands for the rest.
pub(super) fn wrap(text: &str, first: usize, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let room = |lines: &[String]| if lines.is_empty() { first } else { columns };
    for paragraph in text.lines() {
        if paragraph.starts_with("  ") && paragraph.chars().count() <= MAX_COMMAND && lines.len() < MAX_LINES {
            lines.push(paragraph.to_owned());
            continue;
        }
        let (mut line, mut used) = (String::new(), 0);
        for (index, word) in paragraph.split(' ').enumerate() {
            let size: usize = word.chars().map(|character| width(visible(character))).sum();
            if index > 0 && used + 1 + size <= room(&lines) {
                line.push(' ');
                used += 1;
            } else if index > 0 {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            for character in word.chars() {
                let size = width(visible(character));
                if used + size > room(&lines) && used > 0 {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push(character);
                used += size;
            }
        }
        lines.push(line);
        if lines.len() > MAX_LINES {
            lines.truncate(MAX_LINES);
            lines.push("…".to_owned());
            break;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_between_words_and_cuts_long_ones() {
        assert_eq!(wrap("one two three", 8, 8), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh ij", 3, 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("日本語", 4, 4), ["日本", "語"]);
        assert_eq!(wrap("a\n\nb", 9, 9), ["a", "", "b"]);
        assert_eq!(wrap("a bc d efg", 3, 5), ["a", "bc d", "efg"]);
        assert_eq!(wrap(&"abc ".repeat(1000), 3, 3).len(), MAX_LINES + 1);
        assert_eq!(wrap("type:\n  abc de f", 5, 5), ["type:", "  abc de f"]);
        assert_eq!(wrap("", 9, 9), Vec::<String>::new());
    }

    #[test]
    fn shows_what_a_terminal_would_obey() {
        let mut out = String::new();
        print(&cells("a\x1b[31mb\u{202e}c  ", Ink::Error).collect::<Row>(), false, &mut out);
        assert_eq!(out, "a␛[31mb\u{fffd}c\n");
    }

    #[test]
    fn colours_whole_runs() {
        let mut out = String::new();
        let row: Row = cells("ab", Ink::Plain).chain(cells("cd", Ink::Added)).chain(cells("e", Ink::Plain)).collect();
        print(&row, true, &mut out);
        assert_eq!(out, "ab\x1b[32mcd\x1b[0me\n");
    }
}
