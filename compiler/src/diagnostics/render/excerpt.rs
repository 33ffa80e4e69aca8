//! One line of source as it is shown: in columns, without its uninteresting parts where it is too long.

use super::ink::{Cell, Ink, Row, visible, width};
use std::ops::Range;

/// A tab reaches to the next multiple of this column.
const TAB: usize = 4;

/// Two shown pieces of a line that lie closer than this many bytes become one.
const SMALLEST_GAP: usize = 4;

/// How much room there is for a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// Columns for the line.
    pub(super) columns: usize,
    /// Columns that the text of a label needs to the right of the last marked place.
    pub(super) label: usize,
}

/// A line in columns.
#[derive(Debug)]
pub(super) struct ShownLine {
    glyphs: Vec<Glyph>,
    /// How many bytes the whole line has.
    bytes: usize,
    /// How many columns it takes.
    pub(super) columns: usize,
}

#[derive(Debug)]
struct Glyph {
    /// Its first byte in the line.
    byte: usize,
    text: char,
    column: usize,
    /// How many columns it takes; a mark that stands on the character before it takes none.
    width: usize,
}

impl ShownLine {
    /// Lays out a line (without its end) so that the `marks`, ranges of its bytes, can be seen.
    pub(super) fn new(line: &str, marks: &[Range<usize>], room: Room) -> ShownLine {
        let mut shown = ShownLine { glyphs: Vec::new(), bytes: line.len(), columns: 0 };
        if line.len() <= room.columns * 4 {
            shown.push_piece(line, 0..line.len());
            let last = marks.iter().map(|mark| mark.end).max().unwrap_or(0);
            if shown.columns <= room.columns && shown.column(last) + room.label <= room.columns {
                return shown;
            }
            shown = ShownLine { glyphs: Vec::new(), bytes: line.len(), columns: 0 };
        }
        let mut end = 0;
        for piece in pieces(line, marks, room) {
            if piece.start > end {
                shown.push(end, '…');
            }
            end = piece.end;
            shown.push_piece(line, piece);
        }
        if end < line.len() {
            shown.push(end, '…');
        }
        shown
    }

    fn push_piece(&mut self, line: &str, piece: Range<usize>) {
        let start = piece.start;
        for (byte, character) in line.get(piece).unwrap_or("").char_indices() {
            self.push(start + byte, character);
        }
    }

    fn push(&mut self, byte: usize, character: char) {
        let (text, width) = match character {
            '\t' => (' ', TAB - self.columns % TAB),
            other => (visible(other), width(visible(other))),
        };
        // A combining mark belongs to the column of what it combines with.
        let column = if width == 0 { self.columns.saturating_sub(1) } else { self.columns };
        self.glyphs.push(Glyph { byte, text, column, width });
        self.columns += width;
    }

    /// The column of a byte of the line; that of the `…` where the byte is not shown.
    pub(super) fn column(&self, byte: usize) -> usize {
        if byte >= self.bytes {
            return self.columns;
        }
        let after = self.glyphs.partition_point(|glyph| glyph.byte <= byte);
        after.checked_sub(1).and_then(|index| self.glyphs.get(index)).map_or(0, |glyph| glyph.column)
    }

    /// The columns of a range of bytes: at least one, which may be the one after the last.
    pub(super) fn columns_of(&self, bytes: Range<usize>) -> Range<usize> {
        let start = self.column(bytes.start);
        start..self.column(bytes.end).max(start + 1)
    }

    /// The line, each column in the ink that `ink` gives.
    pub(super) fn row(&self, ink: impl Fn(usize) -> Ink) -> Row {
        let spread = |glyph: &Glyph| {
            let (text, first) = (glyph.text, glyph.column);
            let count = if text == ' ' { glyph.width } else { 1 };
            (first..first + count).map(move |column| (text, column)).collect::<Vec<_>>()
        };
        self.glyphs.iter().flat_map(spread).map(|(text, column)| Cell { text, ink: ink(column) }).collect()
    }
}

/// The parts of a too long line that are shown: each mark, or its start, with something around it.
fn pieces(line: &str, marks: &[Range<usize>], room: Room) -> Vec<Range<usize>> {
    let mut marks: Vec<Range<usize>> = marks.to_vec();
    if marks.is_empty() {
        marks.push(0..0);
    }
    marks.sort_by_key(|mark| (mark.start, mark.end));
    let budget = room.columns.saturating_sub(room.label + marks.len() + 1).max(8);
    let share = (budget / marks.len()).max(3);
    let longest = (share * 3 / 4).max(3);
    let core = |mark: &Range<usize>| mark.start..forward(line, mark.start, longest).min(mark.end).max(mark.start);
    let cores: Vec<Range<usize>> = marks.iter().map(core).collect();
    let taken: usize = cores.iter().map(|core| columns_of(line.get(core.clone()).unwrap_or(""))).sum();
    let before = budget.saturating_sub(taken) / (2 * marks.len());
    let mut pieces: Vec<Range<usize>> = Vec::new();
    for core in cores {
        let start = backward(line, core.start, before);
        match pieces.last_mut() {
            Some(last) if start <= last.end + SMALLEST_GAP => last.end = last.end.max(core.end),
            _ => pieces.push(start..core.end),
        }
    }
    let used: usize = pieces.iter().map(|piece| 1 + columns_of(line.get(piece.clone()).unwrap_or(""))).sum();
    // What follows the marks fills the rest; but more of a cut mark would push its label to the right.
    let cut = marks.iter().any(|mark| pieces.last().is_some_and(|last| last.end < mark.end));
    if let Some(last) = pieces.last_mut().filter(|_| !cut || room.label == 0) {
        last.end = forward(line, last.end, room.columns.saturating_sub(used + 1)).max(last.end);
    }
    pieces
}

fn columns_of(text: &str) -> usize {
    text.chars().map(rough_width).sum()
}

/// The width of a character, before the column of a tab is known.
fn rough_width(character: char) -> usize {
    if character == '\t' { TAB } else { width(visible(character)) }
}

/// The byte at most `columns` columns after `byte`. Marks without width count too: a line of them alone is cut as well.
fn forward(line: &str, byte: usize, columns: usize) -> usize {
    let mut used = 0;
    for (offset, character) in line.get(byte..).unwrap_or("").char_indices() {
        used += rough_width(character).max(1);
        if used > columns {
            return byte + offset;
        }
    }
    line.len()
}

/// The byte at most `columns` columns before `byte`.
fn backward(line: &str, byte: usize, columns: usize) -> usize {
    let mut used = 0;
    for (offset, character) in line.get(..byte).unwrap_or("").char_indices().rev() {
        used += rough_width(character).max(1);
        if used > columns {
            return offset + character.len_utf8();
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::slice;

    fn shown(line: &str, marks: &[Range<usize>], columns: usize, label: usize) -> String {
        let line = ShownLine::new(line, marks, Room { columns, label });
        line.row(|_| Ink::Plain).iter().map(|cell| cell.text).collect()
    }

    #[test]
    fn a_line_that_fits_is_whole() {
        assert_eq!(shown("link a <-> b", &[0..1, 5..6], 20, 4), "link a <-> b");
    }

    #[test]
    fn a_long_line_is_cut_around_its_marks() {
        let line = format!("{}HERE{}THERE{}", "a".repeat(500), "b".repeat(500), "c".repeat(500));
        assert_eq!(shown(&line, slice::from_ref(&(500..504)), 30, 10), "…aaaaaaaHEREbbbbbbbbbbbbbbbbb…");
        assert_eq!(shown(&line, &[500..504, 1004..1009], 30, 8), "…aaHERE…bbTHEREcccccccccccccc…");
    }

    #[test]
    fn a_mark_longer_than_the_room_keeps_its_start() {
        let line = "x".repeat(1000);
        let shown = ShownLine::new(&line, slice::from_ref(&(10..900)), Room { columns: 20, label: 5 });
        assert!(shown.columns <= 20, "{}", shown.columns);
        assert_eq!(shown.columns_of(10..900).end, shown.columns - 1);
    }

    #[test]
    fn counts_columns_not_characters() {
        let line = "a\t日e\u{301}x";
        let shown = ShownLine::new(line, &[], Room { columns: 80, label: 0 });
        let column = |text: &str| shown.column(line.find(text).unwrap());
        assert_eq!((column("a"), column("日"), column("e"), column("\u{301}"), column("x")), (0, 4, 6, 6, 7));
        assert_eq!(shown.columns_of(line.len()..line.len()), 8..9);
    }
}
