//! A grid of cells, each with what it shows and which thing that is.

use super::shape::columns;
use super::{Place, Text, Thing};
use std::collections::BTreeMap;
use unicode_segmentation::UnicodeSegmentation;

/// Directions in which a wire leaves a cell.
pub(super) const UP: u8 = 1;
pub(super) const RIGHT: u8 = 2;
pub(super) const DOWN: u8 = 4;
pub(super) const LEFT: u8 = 8;

struct Cell<'a> {
    content: Content,
    thing: &'a Thing,
}

enum Content {
    Text(String),
    /// The right half of a wide character.
    Covered,
    /// Wires, by the directions in which they go on, and whether the link is down.
    Wire(u8, bool),
}

/// The cells that show something, by line and column.
#[derive(Default)]
pub(super) struct Canvas<'a> {
    cells: BTreeMap<(i64, i64), Cell<'a>>,
}

impl<'a> Canvas<'a> {
    /// Writes text over what is there.
    pub fn text(&mut self, line: i64, column: i64, text: &str, thing: &'a Thing) {
        let mut column = column;
        for grapheme in text.graphemes(true) {
            let width = columns(grapheme);
            self.cells.insert((line, column), Cell { content: Content::Text(grapheme.to_owned()), thing });
            if width == 2 {
                self.cells.insert((line, column + 1), Cell { content: Content::Covered, thing });
            }
            column += width as i64;
        }
    }

    /// Leads a wire through a cell. Where one is already, they cross.
    pub fn wire(&mut self, line: i64, column: i64, directions: u8, is_down: bool, thing: &'a Thing) {
        let before = match self.cells.get(&(line, column)) {
            Some(Cell { content: Content::Wire(before, _), .. }) => *before,
            Some(_) => return,
            None => 0,
        };
        self.cells.insert((line, column), Cell { content: Content::Wire(before | directions, is_down), thing });
    }

    /// Leads a wire down from one line to another, both included.
    pub fn down(&mut self, lines: std::ops::RangeInclusive<i64>, column: i64, is_down: bool, thing: &'a Thing) {
        lines.for_each(|line| self.wire(line, column, UP | DOWN, is_down, thing));
    }

    /// All lines, and where each thing is.
    pub fn finish(self) -> Text {
        let count = self.cells.keys().map(|(line, _)| line + 1).max().unwrap_or(0);
        let lines = vec![String::new(); usize::try_from(count).unwrap_or(0)];
        let mut text = Text { lines, ..Text::default() };
        // Column of the terminal and number of characters at the end of each line so far.
        let mut end = (0, 0, 0);
        for ((line, column), cell) in &self.cells {
            if *line != end.0 {
                end = (*line, 0, 0);
            }
            let number = usize::try_from(*line).unwrap_or(0);
            let Some(shown) = text.lines.get_mut(number) else { continue };
            let blanks = usize::try_from(column - end.1).unwrap_or(0);
            shown.extend(std::iter::repeat_n(' ', blanks));
            let start = end.2 + blanks;
            let piece = cell.shown();
            shown.push_str(&piece);
            end = (*line, column + 1, start + piece.chars().count());
            match text.places.last_mut() {
                Some(last) if last.line == number && last.columns.end == start && last.thing == *cell.thing => {
                    last.columns.end = end.2;
                }
                _ => text.places.push(Place { line: number, columns: start..end.2, thing: cell.thing.clone() }),
            }
        }
        text
    }
}

impl Cell<'_> {
    fn shown(&self) -> String {
        match &self.content {
            Content::Text(text) => text.clone(),
            Content::Covered => String::new(),
            Content::Wire(directions, is_down) => wire_character(*directions, *is_down).to_string(),
        }
    }
}

fn wire_character(directions: u8, is_down: bool) -> char {
    const DOWN_RIGHT: u8 = DOWN | RIGHT;
    const DOWN_LEFT: u8 = DOWN | LEFT;
    const UP_RIGHT: u8 = UP | RIGHT;
    const UP_LEFT: u8 = UP | LEFT;
    match (directions & (UP | DOWN), directions & (LEFT | RIGHT)) {
        (_, 0) if is_down => '┆',
        (_, 0) => '│',
        (0, _) if is_down => '┄',
        (0, _) => '─',
        _ => match directions {
            DOWN_RIGHT => '╭',
            DOWN_LEFT => '╮',
            UP_RIGHT => '╰',
            UP_LEFT => '╯',
            _ => '┼',
        },
    }
}
