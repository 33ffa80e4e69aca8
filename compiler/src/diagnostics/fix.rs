//! Applying fixes to text.

use super::{Diagnostic, TextEdit};
use crate::source::{FileId, Sources};
use std::collections::BTreeMap;
use std::fmt;

/// Why edits were refused; the text stays as it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EditError {
    /// Two edits replace the same text.
    Overlap,
    /// An edit lies outside the text, or cuts a character.
    Outside,
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            EditError::Overlap => "two of the edits replace the same text",
            EditError::Outside => "an edit does not fit the text",
        })
    }
}

impl std::error::Error for EditError {}

/// The text with all edits made at once. Their spans are in the text as it is given; which file they name does not
/// matter. Insertions at one place stand in the order given, before what replaces the text there.
///
/// # Errors
/// Edits that overlap or do not fit the text.
pub fn apply_edits(text: &str, edits: &[TextEdit]) -> Result<String, EditError> {
    let mut edits: Vec<&TextEdit> = edits.iter().collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        let range = edit.span.range();
        if range.start < done {
            return Err(EditError::Overlap);
        }
        if range.end < range.start || !text.is_char_boundary(range.end) {
            return Err(EditError::Outside);
        }
        result.push_str(text.get(done..range.start).ok_or(EditError::Outside)?);
        result.push_str(&edit.text);
        done = range.end;
    }
    result.push_str(text.get(done..).ok_or(EditError::Outside)?);
    Ok(result)
}

/// What came of applying the fixes of diagnostics.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Fixed {
    /// The new text of each file that changes.
    pub texts: BTreeMap<FileId, String>,
    /// How many fixes were made.
    pub applied: usize,
    /// How many were left out, because they touch what another one changes; a second run may make them.
    pub left_out: usize,
}

/// Makes the certain fix of each diagnostic that has one, in order; each whole or not at all.
pub fn apply_fixes(diagnostics: &[Diagnostic], sources: &Sources) -> Fixed {
    let chosen = choose_fixes(diagnostics, sources);
    let mut fixed = Fixed { applied: chosen.applied, left_out: chosen.left_out, ..Fixed::default() };
    for (id, edits) in chosen.edits {
        let text = sources.get(id).and_then(|file| apply_edits(&file.text, &edits).ok());
        fixed.texts.extend(text.map(|text| (id, text)));
    }
    fixed
}

/// Fixes that can be made at once.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ChosenFixes {
    /// Their edits, by file, in order.
    pub edits: BTreeMap<FileId, Vec<TextEdit>>,
    /// How many they are.
    pub applied: usize,
    /// How many were left out.
    pub left_out: usize,
}

/// Chooses the certain fix of each diagnostic that has one, in order; each whole or not at all.
pub fn choose_fixes<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>, sources: &Sources) -> ChosenFixes {
    let mut result = ChosenFixes::default();
    let mut chosen: BTreeMap<FileId, Chosen> = BTreeMap::new();
    for fix in diagnostics.into_iter().filter_map(Diagnostic::certain_fix) {
        let fits = |edit: &TextEdit| {
            let inside = sources.get(edit.span.file).is_some_and(|file| file.text.get(edit.span.range()).is_some());
            inside && chosen.get(&edit.span.file).is_none_or(|others| is_free(others, edit))
        };
        let mut own: Vec<&TextEdit> = fix.edits.iter().collect();
        own.sort_by_key(|edit| edit.span);
        let apart = own.windows(2).all(|pair| match pair {
            [one, two] => one.span.file != two.span.file || one.span.end <= two.span.start,
            _ => true,
        });
        if own.is_empty() || !apart || !own.iter().all(|edit| fits(edit)) {
            result.left_out += 1;
            continue;
        }
        result.applied += 1;
        for edit in own {
            let others = chosen.entry(edit.span.file).or_default();
            others.insert((edit.span.start, edit.span.end, others.len()), edit);
        }
    }
    let edits = chosen.into_iter().map(|(id, edits)| (id, edits.into_values().cloned().collect()));
    result.edits = edits.collect();
    result
}

/// Edits of one file that do not overlap, by start, end and order.
type Chosen<'a> = BTreeMap<(u32, u32, usize), &'a TextEdit>;

/// Does the edit keep apart from the others, which do so from each other? Touching counts as a clash: two fixes that
/// insert at one place were each made without knowing of the other.
fn is_free(others: &Chosen, edit: &TextEdit) -> bool {
    let before = others.range(..=(edit.span.end, u32::MAX, usize::MAX)).next_back();
    before.is_none_or(|((_, end, _), _)| *end < edit.span.start)
}

/// Holds that each fix of each diagnostic mends it: after it, `check` says nothing with the same code and message.
/// `check` gives the diagnostics of one file; no fix may concern another.
#[cfg(test)]
pub(crate) fn assert_fixes_mend(text: &str, check: impl Fn(&str) -> Vec<Diagnostic>) {
    for diagnostic in check(text) {
        for fix in &diagnostic.fixes {
            assert!(
                fix.edits.iter().all(|edit| edit.span.file == diagnostic.span().file),
                "{fix:?} edits another file"
            );
            let mended = apply_edits(text, &fix.edits).unwrap_or_else(|error| panic!("{error}: {fix:?}"));
            assert_ne!(mended, text, "{fix:?} changes nothing");
            let same = |other: &Diagnostic| (other.code, &other.message) == (diagnostic.code, &diagnostic.message);
            let left = check(&mended).into_iter().find(same);
            assert!(left.is_none(), "after \"{}\" there is still {left:?}\n{mended}", fix.title);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::codes::syntax::E0101;
    use crate::source::Span;

    fn edit(start: usize, end: usize, text: &str) -> TextEdit {
        TextEdit { span: Span::new(FileId(0), start, end), text: text.to_owned() }
    }

    #[test]
    fn makes_all_edits_at_once() {
        let edits = [edit(4, 5, "B"), edit(0, 0, "1"), edit(0, 0, "2"), edit(0, 1, "A"), edit(6, 6, "!")];
        assert_eq!(apply_edits("a <-> b", &edits).as_deref(), Ok("12A <-B !b"));
        assert_eq!(apply_edits("", &[]).as_deref(), Ok(""));
    }

    #[test]
    fn refuses_what_overlaps_or_does_not_fit() {
        assert_eq!(apply_edits("abc", &[edit(0, 2, ""), edit(1, 3, "")]), Err(EditError::Overlap));
        assert_eq!(apply_edits("abc", &[edit(2, 4, "")]), Err(EditError::Outside));
        assert_eq!(apply_edits("日", &[edit(1, 3, "")]), Err(EditError::Outside));
        assert_eq!(apply_edits("日", &[edit(0, 2, "")]), Err(EditError::Outside));
    }

    /// Finds each `nod`, and offers `fix` for it.
    fn misspelt(text: &str, fix: &str) -> Vec<Diagnostic> {
        let found = text.match_indices("nod ").map(|(at, _)| Span::new(FileId(0), at, at + 3));
        found.map(|span| Diagnostic::new(&E0101, span, "there is no `nod`", "here").fix("f", span, fix)).collect()
    }

    #[test]
    fn a_fix_that_mends() {
        assert_fixes_mend("topology t\nnod a: debian\n", |text| misspelt(text, "node"));
    }

    #[test]
    #[should_panic(expected = "there is still")]
    fn a_fix_that_does_not_mend() {
        assert_fixes_mend("topology t\nnod a: debian\n", |text| misspelt(text, "the nod"));
    }

    #[test]
    fn fixes_that_touch_wait_for_the_next_run() {
        let mut sources = Sources::default();
        let file = sources.add("t.wtop", "t.wtop", "one two three");
        let fix = |start, end, text: &str| {
            let span = Span::new(file, start, end);
            Diagnostic::new(&E0101, span, "m", "l").fix("f", span, text)
        };
        let diagnostics = [fix(4, 7, "2"), fix(0, 3, "1"), fix(5, 6, "x"), fix(7, 7, "y"), fix(8, 99, "z")];
        let fixed = apply_fixes(&diagnostics, &sources);
        assert_eq!((fixed.applied, fixed.left_out), (2, 3));
        assert_eq!(fixed.texts.get(&file).map(String::as_str), Some("1 2 three"));
    }
}
