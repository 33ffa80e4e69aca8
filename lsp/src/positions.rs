//! Bytes inside, lines and columns of the protocol outside: the one converter between them.

use tower_lsp::ls_types::{Position, PositionEncodingKind, Range};
use wtop_compiler::source::{LineIndex, SourceFile, Span};

/// What a column counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units: what every client can.
    #[default]
    Utf16,
}

impl Encoding {
    /// What a client counts, by what it offers.
    pub fn of(offered: Option<&[PositionEncodingKind]>) -> Encoding {
        let is_utf8 = offered.is_some_and(|kinds| kinds.contains(&PositionEncodingKind::UTF8));
        if is_utf8 { Encoding::Utf8 } else { Encoding::Utf16 }
    }

    /// The byte at a position. A column past the end of its line is that end, a line past the last the end of the text.
    pub fn offset(self, text: &str, lines: &LineIndex, position: Position) -> usize {
        let Some(start) = lines.start(position.line) else { return text.len() };
        let start = start as usize;
        let line = text.get(start..).unwrap_or("").split('\n').next().unwrap_or("");
        let line = line.strip_suffix('\r').unwrap_or(line);
        let mut units = 0;
        for (at, char) in line.char_indices() {
            units += match self {
                Encoding::Utf8 => char.len_utf8(),
                Encoding::Utf16 => char.len_utf16(),
            };
            if units > position.character as usize {
                return start + at;
            }
        }
        start + line.len()
    }

    /// How many columns a text takes.
    pub fn units(self, text: &str) -> u32 {
        let units = match self {
            Encoding::Utf8 => text.len(),
            Encoding::Utf16 => text.encode_utf16().count(),
        };
        u32::try_from(units).unwrap_or(u32::MAX)
    }

    /// The range of a span.
    pub fn range(self, file: &SourceFile, span: Span) -> Range {
        self.range_in(&file.text, &file.lines, span.start, span.end)
    }

    /// The range from byte to byte.
    pub fn range_in(self, text: &str, lines: &LineIndex, start: u32, end: u32) -> Range {
        let position = |offset| {
            let place = match self {
                Encoding::Utf8 => lines.utf8(offset),
                Encoding::Utf16 => lines.utf16(text, offset),
            };
            Position { line: place.line, character: place.column }
        };
        Range { start: position(start), end: position(end) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wtop_compiler::source::Sources;

    #[test]
    fn there_and_back_in_both_units() {
        let text = "é日\r\n😀x\n";
        let mut sources = Sources::default();
        let id = sources.add("t", "t", text);
        let file = sources.get(id).unwrap();
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            for (at, _) in text.char_indices().filter(|(_, char)| *char != '\n') {
                let position = encoding.range(file, Span::new(id, at, at)).start;
                assert_eq!(encoding.offset(text, &file.lines, position), at, "{encoding:?}");
            }
        }
        let x = Position { line: 1, character: 2 };
        assert_eq!(Encoding::Utf16.offset(text, &file.lines, x), text.find('x').unwrap());
        // Inside a character, past a line, past the text.
        assert_eq!(Encoding::Utf16.offset(text, &file.lines, Position { line: 1, character: 1 }), 7);
        assert_eq!(Encoding::Utf8.offset(text, &file.lines, Position { line: 0, character: 99 }), 5);
        assert_eq!(Encoding::Utf8.offset(text, &file.lines, Position { line: 9, character: 0 }), text.len());
    }
}
