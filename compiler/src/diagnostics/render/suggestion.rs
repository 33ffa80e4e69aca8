//! What a fix would change, as lines taken away and put in.

use super::excerpt::{Room, ShownLine};
use super::frame::line_bytes;
use super::ink::{Ink, Row};
use super::places::Places;
use super::text::more;
use crate::diagnostics::fix::apply_edits;
use crate::diagnostics::{Fix, TextEdit};
use crate::source::{FileId, SourceFile, Span};
use std::ops::Range;

/// One row of a suggestion.
pub(super) enum Change {
    /// A line as it is now.
    Removed { number: usize, line: ChangedLine },
    /// A line as it would be.
    Added { number: usize, line: ChangedLine },
    /// What follows is in the file of this name.
    Elsewhere(String),
    /// What is not shown, in words.
    More(String),
}

/// A line and the part of it that changes.
pub(super) struct ChangedLine {
    text: String,
    changed: Range<usize>,
}

impl ChangedLine {
    /// As it is shown in that many columns, the changed part in `ink`.
    pub(super) fn show(&self, ink: Ink, columns: usize) -> Row {
        let shown = ShownLine::new(&self.text, std::slice::from_ref(&self.changed), Room { columns, label: 0 });
        let changed = shown.column(self.changed.start)..shown.column(self.changed.end);
        shown.row(|column| if changed.contains(&column) { ink } else { Ink::Plain })
    }
}

/// How many places of one fix are shown.
const MAX_PLACES: usize = 3;

/// How many lines of one place are shown before, and how many after.
const MAX_LINES: usize = 6;

/// How much of a line is looked at around an edit, in bytes.
const AROUND: usize = 1000;

/// The lines that a fix changes, before and after. Those of a file other than `home` stand below its name.
pub(super) fn suggestion(fix: &Fix, home: FileId, places: &Places) -> Vec<Change> {
    let mut edits: Vec<(&SourceFile, Span, &TextEdit)> = Vec::new();
    for edit in &fix.edits {
        if let Some((file, bytes)) = places.clamp(edit.span) {
            edits.push((file, Span::new(edit.span.file, bytes.start, bytes.end), edit));
        }
    }
    edits.sort_by_key(|(_, span, _)| *span);
    let groups: Vec<_> = edits.chunk_by(|(file, one, _), (_, two, _)| share_line(file, *one, *two)).collect();
    let mut changes = Vec::new();
    let mut in_file = home;
    for group in groups.iter().take(MAX_PLACES) {
        let Some((file, span, _)) = group.first() else { continue };
        if in_file != span.file {
            in_file = span.file;
            changes.push(Change::Elsewhere(file.name.clone()));
        }
        let edits = group.iter().map(|(_, span, edit)| TextEdit { span: *span, text: edit.text.clone() });
        changes.extend(changed_lines(file, edits.collect()));
    }
    if groups.len() > MAX_PLACES {
        changes.push(Change::More(more(groups.len() - MAX_PLACES, "place")));
    }
    changes
}

fn share_line(file: &SourceFile, one: Span, two: Span) -> bool {
    one.file == two.file && file.lines.utf8(one.end).line >= file.lines.utf8(two.start).line
}

/// The lines around edits that touch each other's lines.
fn changed_lines(file: &SourceFile, mut edits: Vec<TextEdit>) -> Vec<Change> {
    let start = edits.iter().map(|edit| edit.span.start).min().unwrap_or(0);
    let end = edits.iter().map(|edit| edit.span.end).max().unwrap_or(0);
    let (first, last) = (file.lines.utf8(start).line as usize, file.lines.utf8(end).line as usize);
    if last - first > MAX_LINES * 10 {
        return vec![Change::More(format!("(lines {} to {})", first + 1, last + 1))];
    }
    let window = window(file, line_bytes(file, first).start..line_bytes(file, last).end, start as usize..end as usize);
    for edit in &mut edits {
        let within = |byte: u32| (byte as usize).saturating_sub(window.start);
        edit.span = Span::new(edit.span.file, within(edit.span.start), within(edit.span.end));
    }
    let before = file.text.get(window).unwrap_or("");
    let Ok(after) = apply_edits(before, &edits) else { return Vec::new() };
    let difference = difference(before, &after);
    let (old, new) = (lines(before, &difference.before), lines(&after, &difference.after));
    let same = |(old, new): &(&ChangedLine, &ChangedLine)| old.text == new.text;
    let above = old.iter().zip(&new).take_while(same).count();
    let fewer = old.len().min(new.len()) - above;
    let below = old.iter().rev().zip(new.iter().rev()).take(fewer).take_while(same).count();
    let part = |lines: Vec<ChangedLine>| {
        let count = lines.len() - above - below;
        lines.into_iter().skip(above).take(count).enumerate().map(|(index, line)| (first + 1 + above + index, line))
    };
    let mut changes = Vec::new();
    // An insertion shows what it adds; the line before it would say the same again.
    if !difference.before.is_empty() {
        changes.extend(shortened(part(old).map(|(number, line)| Change::Removed { number, line }).collect()));
    }
    changes.extend(shortened(part(new).map(|(number, line)| Change::Added { number, line }).collect()));
    changes
}

/// The part of `lines` to look at for what happens at `edited`: a very long line is not read whole.
fn window(file: &SourceFile, lines: Range<usize>, edited: Range<usize>) -> Range<usize> {
    let mut start = lines.start.max(edited.start.saturating_sub(AROUND));
    while !file.text.is_char_boundary(start) {
        start += 1;
    }
    let mut end = lines.end.min(edited.end + AROUND).max(edited.end);
    while !file.text.is_char_boundary(end) {
        end -= 1;
    }
    start.min(edited.start)..end
}

/// What differs between two texts.
struct Difference {
    before: Range<usize>,
    after: Range<usize>,
}

fn difference(before: &str, after: &str) -> Difference {
    let same = |(one, two): &(char, char)| one == two;
    let start: usize = before.chars().zip(after.chars()).take_while(same).map(|(one, _)| one.len_utf8()).sum();
    let (rest, new_rest) = (before.get(start..).unwrap_or(""), after.get(start..).unwrap_or(""));
    let ends = rest.chars().rev().zip(new_rest.chars().rev());
    let end: usize = ends.take_while(same).map(|(one, _)| one.len_utf8()).sum();
    Difference { before: start..before.len() - end, after: start..after.len() - end }
}

/// The lines of a text, with what changes in each.
fn lines(text: &str, changed: &Range<usize>) -> Vec<ChangedLine> {
    let mut start = 0;
    let mut line = |text: &str| {
        let within = |byte: usize| byte.clamp(start, start + text.len()) - start;
        let changed = within(changed.start)..within(changed.end);
        start += text.len() + 1;
        ChangedLine { text: text.strip_suffix('\r').unwrap_or(text).to_owned(), changed }
    };
    text.split('\n').map(&mut line).collect()
}

/// The first lines, and how many more there are.
fn shortened(mut changes: Vec<Change>) -> Vec<Change> {
    if changes.len() > MAX_LINES + 1 {
        let hidden = changes.len() - MAX_LINES;
        changes.truncate(MAX_LINES);
        changes.push(Change::More(more(hidden, "line")));
    }
    changes
}
