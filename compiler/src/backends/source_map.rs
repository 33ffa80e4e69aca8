//! Which lines of an artifact came from where in the source.
//!
//! Writers mark what they write; marks nest as the elements do, and a line belongs to the innermost mark around it. The
//! manifest lists them, `wtop build --explain` and editors read them.

use super::Artifact;
use crate::source::Span;

/// Lines of an artifact that one place of the source made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark {
    /// First line, from 1.
    pub first: u32,
    /// Last line.
    pub last: u32,
    /// What they came from.
    pub span: Span,
}

/// The marks around a line (from 1) of an artifact, innermost first. What stands at the same place of the source as the
/// mark inside it is left out. A file that is no text has one line.
pub fn marks_at(artifact: &Artifact, line: u32) -> Vec<Mark> {
    let mut found: Vec<Mark> =
        artifact.marks.iter().filter(|mark| (mark.first..=mark.last).contains(&line)).copied().collect();
    // Of two with the same lines, the later one was opened inside.
    found.reverse();
    found.sort_by_key(|mark| mark.last - mark.first);
    found.dedup_by_key(|mark| mark.span);
    found
}

/// Notes which bytes of a text came from where while it is written.
#[derive(Clone, Debug, Default)]
pub(super) struct Marker {
    /// First byte, one past the last, and what made them; in the order in which they were opened.
    marks: Vec<(usize, usize, Span)>,
    open: Vec<usize>,
}

impl Marker {
    /// What is written from this byte on came from `span`, until [`close`](Marker::close).
    pub(super) fn open(&mut self, at: usize, span: Span) {
        self.open.push(self.marks.len());
        self.marks.push((at, at, span));
    }

    /// The innermost open mark ends before this byte.
    pub(super) fn close(&mut self, at: usize) {
        if let Some((_, end, _)) = self.open.pop().and_then(|index| self.marks.get_mut(index)) {
            *end = at;
        }
    }

    /// Takes the marks of a text that was put in at this byte.
    pub(super) fn append(&mut self, part: &Marker, at: usize) {
        self.marks.extend(part.marks.iter().map(|(start, end, span)| (start + at, end + at, *span)));
    }

    /// The marks as lines of the whole text.
    pub(super) fn finish(&self, text: &str) -> Vec<Mark> {
        let ends: Vec<usize> = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect();
        let line = |at: usize| u32::try_from(ends.partition_point(|end| *end < at) + 1).unwrap_or(u32::MAX);
        let mark = |&(start, end, span): &(usize, usize, Span)| {
            let first = line(start);
            Mark { first, last: line(end.saturating_sub(1)).max(first), span }
        };
        self.marks.iter().map(mark).collect()
    }
}
