//! Lines and columns as people count them, at the same price wherever they are.

use crate::source::{FileId, SourceFile, Sources, Span};
use std::collections::BTreeMap;
use std::ops::Range;

/// How many bytes share one entry of the table of characters.
const BLOCK: usize = 1024;

/// Answers many questions about the places of one set of files. The first about a file reads it once; after that each
/// costs the same, however long the line.
pub(super) struct Places<'a> {
    sources: &'a Sources,
    /// For each file asked about, how many characters stand before each block of bytes.
    before: BTreeMap<FileId, Vec<u32>>,
}

/// Line and column in characters, both from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl<'a> Places<'a> {
    pub(super) fn new(sources: &'a Sources) -> Places<'a> {
        Places { sources, before: BTreeMap::new() }
    }

    /// The file of a span and the bytes that it covers there: within the text, on character boundaries. `None` for a
    /// file that is not of this compilation.
    pub(super) fn clamp(&self, span: Span) -> Option<(&'a SourceFile, Range<usize>)> {
        let file = self.sources.get(span.file)?;
        let (text, range) = (&file.text, span.range());
        let mut start = range.start.min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let mut end = range.end.clamp(start, text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        Some((file, start..end))
    }

    /// The place of a byte that lies in the file and on a character boundary.
    pub(super) fn of(&mut self, id: FileId, byte: usize) -> Place {
        let Some(file) = self.sources.get(id) else { return Place { line: 1, column: 1 } };
        let before = self.before.entry(id).or_insert_with(|| characters_before_blocks(&file.text));
        let characters = |byte: usize| {
            let block = byte / BLOCK;
            let within = file.text.as_bytes().get(block * BLOCK..byte).unwrap_or(&[]);
            before.get(block).map_or(0, |before| *before as usize) + count_characters(within)
        };
        let at = file.lines.utf8(byte as u32);
        let column = characters(byte) - characters(byte - at.column as usize);
        Place { line: at.line as usize + 1, column: column + 1 }
    }
}

fn characters_before_blocks(text: &str) -> Vec<u32> {
    let mut count = 0;
    let counted = text.as_bytes().chunks(BLOCK).map(|block| {
        count += count_characters(block) as u32;
        count
    });
    std::iter::once(0).chain(counted).collect()
}

/// How many characters start in these bytes of UTF-8.
fn count_characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_counting_one_by_one() {
        let text = format!("{}\n日本 é\r\n{}x", "😀a".repeat(1000), "é".repeat(2000));
        let mut sources = Sources::default();
        let file = sources.add("t.wtop", "t.wtop", text.as_str());
        let mut places = Places::new(&sources);
        for (byte, _) in text.char_indices().step_by(7).chain([(text.len(), ' ')]) {
            let expected = sources.get(file).unwrap().lines.chars(&text, byte as u32);
            let expected = Place { line: expected.line as usize + 1, column: expected.column as usize + 1 };
            assert_eq!(places.of(file, byte), expected, "byte {byte}");
        }
    }

    #[test]
    fn clamps_to_the_text_and_to_characters() {
        let mut sources = Sources::default();
        let file = sources.add("t.wtop", "t.wtop", "a日b");
        let places = Places::new(&sources);
        let clamped = |start, end| places.clamp(Span { file, start, end }).unwrap().1;
        assert_eq!(clamped(2, 3), 1..4);
        assert_eq!(clamped(4, 900), 4..5);
        assert_eq!(clamped(900, 2), 5..5);
        assert!(places.clamp(Span::new(FileId(7), 0, 1)).is_none());
    }
}
