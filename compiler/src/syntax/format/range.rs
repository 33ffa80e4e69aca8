//! Formatting a part of a file, with the smallest edits.

use super::groups::{GroupKind, Nesting, Place, Role, nesting};
use super::layout::layout;
use super::line_end;
use super::pieces::{Comment, Pieces, pieces};
use crate::diagnostics::{TextEdit, has_errors};
use crate::source::{FileId, Span};
use crate::syntax::parse;
use std::ops::Range;

/// Formats the items that a range of a file touches: those of the innermost block around it that stands on several
/// lines. The edits change no more than has to change, and come in order; for the whole file, they give what
/// [`format`](super::format) gives. There are none for a file with syntax errors.
pub fn format_range(text: &str, range: Span) -> Vec<TextEdit> {
    format_ranges(text, range.file, &[range])
}

/// [`format_range`] for several ranges of one file at once.
pub fn format_ranges(text: &str, file: FileId, ranges: &[Span]) -> Vec<TextEdit> {
    let parse = parse(file, text);
    if has_errors(&parse.diagnostics) {
        return Vec::new();
    }
    let pieces = pieces(text, &parse.tokens);
    let nesting = nesting(text, &pieces.pieces);
    let layout = layout(text, &pieces, &nesting, line_end(text, &parse));
    let mut edits = Vec::new();
    for range in ranges {
        let items = items_touched(&pieces, &nesting, &range.range());
        let gaps = layout.gaps.get(items).unwrap_or_default().iter();
        edits.extend(gaps.filter_map(|gap| {
            let new = layout.text.get(gap.after.clone()).unwrap_or_default();
            smallest_edit(text, gap.before.clone(), new, file)
        }));
    }
    // Two ranges may touch the same items.
    edits.sort_by_key(|edit| edit.span);
    edits.dedup();
    edits
}

/// The pieces of the items that a range touches.
fn items_touched(pieces: &Pieces, nesting: &Nesting, range: &Range<usize>) -> Range<usize> {
    let start = |index: usize| pieces.pieces.get(index).map_or(0, |piece| piece.text.start);
    let end = |index: usize| pieces.pieces.get(index).map_or(0, |piece| piece.text.end);
    let around = nesting.groups.iter().rposition(|group| {
        let inside = || end(group.open) <= range.start && range.end <= start(group.close);
        group.kind == GroupKind::File || (group.kind == GroupKind::Block && group.opened && inside())
    });
    let begins =
        |(index, role): (usize, &Role)| (Some(role.group) == around && role.place != Place::Inside).then_some(index);
    let begins: Vec<usize> = nesting.roles.iter().enumerate().filter_map(begins).collect();
    let mut touched = 0..0;
    for item in begins.windows(2) {
        let [first, next] = *item else { continue };
        let own_line = |comment: &&Comment| !comment.trailing;
        let gap = pieces.pieces.get(first).map_or(0..0, |piece| piece.gap.comments.clone());
        let comments = pieces.comments.get(gap).unwrap_or_default();
        let item_start = comments.iter().find(own_line).map_or(start(first), |comment| comment.text.start);
        if item_start < range.end.max(range.start + 1) && range.start <= end(next - 1) {
            let from = if touched.is_empty() { first } else { touched.start };
            touched = from..next;
        }
    }
    // The end of the file belongs to its last item.
    let last = pieces.pieces.len() - 1;
    if range.end >= start(last) && around == Some(0) { touched.start..last + 1 } else { touched }
}

/// Replaces a part of the text, but not what stays the same at its start and end.
fn smallest_edit(text: &str, range: Range<usize>, new: &str, file: FileId) -> Option<TextEdit> {
    let old = text.get(range.clone()).unwrap_or_default();
    if old == new {
        return None;
    }
    let same = |(one, other): &(char, char)| one == other;
    let prefix: usize = old.chars().zip(new.chars()).take_while(same).map(|(char, _)| char.len_utf8()).sum();
    let (old, new) = (old.get(prefix..).unwrap_or_default(), new.get(prefix..).unwrap_or_default());
    let ends = old.chars().rev().zip(new.chars().rev());
    let suffix: usize = ends.take_while(same).map(|(char, _)| char.len_utf8()).sum();
    let span = Span::new(file, range.start + prefix, range.end - suffix);
    Some(TextEdit { span, text: new.get(..new.len() - suffix).unwrap_or_default().to_owned() })
}
