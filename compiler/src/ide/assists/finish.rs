//! From the edits of an action to those that an editor makes: formatted, and no larger than they have to be.

use crate::diagnostics::TextEdit;
use crate::diagnostics::fix::apply_edits;
use crate::source::{FileId, Sources, Span};
use crate::syntax::format::format_ranges;
use std::collections::BTreeMap;
use std::ops::Range;

/// Formats what edits touch. None if they do not fit the texts.
pub fn finish(sources: &Sources, edits: &[TextEdit]) -> Option<Vec<TextEdit>> {
    let mut files: BTreeMap<FileId, Vec<TextEdit>> = BTreeMap::new();
    for edit in edits {
        files.entry(edit.span.file).or_default().push(edit.clone());
    }
    let mut all = Vec::new();
    for (file, mut edits) in files {
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let text = &*sources.get(file)?.text;
        let edited = apply_edits(text, &edits).ok()?;
        let written = written(&edits);
        let lines: Vec<Span> = written.iter().map(|written| lines(&edited, file, written.after.clone())).collect();
        let formatting = format_ranges(&edited, file, &lines);
        all.extend(joined(&edited, &written, &formatting, file)?);
    }
    Some(all)
}

/// What an edit replaces in the old text, and where it is in the new one.
#[derive(Clone)]
struct Written {
    before: Range<usize>,
    after: Range<usize>,
}

/// Where the edits, sorted, are in the text that they make.
fn written(edits: &[TextEdit]) -> Vec<Written> {
    let (mut old, mut new) = (0, 0);
    let place = |edit: &TextEdit| {
        let before = edit.span.range();
        let start = new + before.start.saturating_sub(old);
        (old, new) = (before.end, start + edit.text.len());
        Written { before, after: start..new }
    };
    edits.iter().map(place).collect()
}

/// The whole lines of a range: what was on one line may not fit on it any more.
fn lines(text: &str, file: FileId, range: Range<usize>) -> Span {
    let before = text.get(..range.start).unwrap_or_default();
    let behind = text.get(range.end..).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = range.end + behind.find('\n').unwrap_or(behind.len());
    Span::new(file, start, end)
}

/// The edits and those that format what they wrote, as edits of the old text. `formatting` is sorted.
fn joined(edited: &str, written: &[Written], formatting: &[TextEdit], file: FileId) -> Option<Vec<TextEdit>> {
    let ranges = written.iter().map(|written| written.after.clone());
    let mut ranges: Vec<Range<usize>> = ranges.chain(formatting.iter().map(|edit| edit.span.range())).collect();
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut regions: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match regions.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => regions.push(range),
        }
    }
    let (mut written, mut formatting) = (written.iter().peekable(), formatting.iter().peekable());
    // The ends of what was done, in the old text and in the new one.
    let (mut old, mut new) = (0, 0);
    let mut edits = Vec::new();
    for region in regions {
        let start = old + (region.start - new);
        while let Some(written) = written.next_if(|written| written.after.end <= region.end) {
            (old, new) = (written.before.end, written.after.end);
        }
        let end = old + (region.end - new);
        let mut inside = Vec::new();
        while let Some(edit) = formatting.next_if(|edit| edit.span.range().end <= region.end) {
            let (start, end) = (edit.span.range().start - region.start, edit.span.range().end - region.start);
            inside.push(TextEdit { span: Span::new(file, start, end), text: edit.text.clone() });
        }
        let text = apply_edits(edited.get(region)?, &inside).ok()?;
        edits.push(TextEdit { span: Span::new(file, start, end), text });
    }
    Some(edits)
}
