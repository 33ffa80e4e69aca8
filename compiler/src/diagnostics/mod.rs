//! What the compiler has to say: one type, many renderers.
//!
//! A [`Diagnostic`] says in the user's terms what is wrong and where, what else is concerned, and how to mend it. Its
//! [`Code`] has a page of its own (`wtop explain E0123`), declared beside all others in [`codes`].

pub mod codes;
pub mod explain;
pub mod fix;
pub mod render;

use crate::source::Span;
use std::cmp::Ordering;
use std::fmt;

/// How much a diagnostic weighs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Nothing can be deployed.
    Error,
    /// It can be deployed, and is probably not what was meant.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}

/// One kind of diagnostic, with the page that explains it.
#[derive(Debug)]
pub struct Code {
    /// `E0123` or `W0123`; never used again for something else.
    pub id: &'static str,
    /// The kind in a few words, without the details of a case.
    pub title: &'static str,
    /// Why it is wrong and what to do: Markdown.
    pub explanation: &'static str,
    /// A whole program that shows it. The tests hold that it gives this code.
    pub wrong: &'static str,
    /// The same program mended. The tests hold that it does not give this code.
    pub right: &'static str,
}

impl Code {
    /// By the first letter of the id.
    pub fn severity(&self) -> Severity {
        if self.id.starts_with('W') { Severity::Warning } else { Severity::Error }
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Code) -> bool {
        self.id == other.id
    }
}

impl Eq for Code {}

/// A place that a diagnostic points at, with words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there; never empty.
    pub text: String,
}

/// One replacement of text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct TextEdit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What is put there.
    pub text: String,
}

/// A way to mend the text by machine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What it does, as an editor's menu says it: "Write `core[1]`".
    pub title: String,
    /// The replacements; they do not overlap.
    pub edits: Vec<TextEdit>,
    /// Is it the only thing that can be meant? Others are offered, and a person chooses.
    pub is_certain: bool,
}

/// One thing the compiler has to say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Which kind.
    pub code: &'static Code,
    /// A sentence in the user's terms that stands alone, without the frame of code.
    pub message: String,
    /// Where, with a few words; the first is the primary place.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
    /// Ways to mend it by machine.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// A diagnostic at one place. `label` is what stands under the underlined text.
    pub fn new(code: &'static Code, span: Span, message: impl Into<String>, label: impl Into<String>) -> Diagnostic {
        let primary = Label { span, text: label.into() };
        Diagnostic { code, message: message.into(), labels: vec![primary], help: None, fixes: Vec::new() }
    }

    /// Adds a related place.
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Mends it by replacing the text of a span: nothing else can be meant.
    pub fn fix(self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Diagnostic {
        self.fix_all(title, vec![TextEdit { span, text: text.into() }])
    }

    /// Mends it by several replacements at once.
    pub fn fix_all(mut self, title: impl Into<String>, edits: Vec<TextEdit>) -> Diagnostic {
        self.fixes.push(Fix { title: title.into(), edits, is_certain: true });
        self
    }

    /// Offers to replace the text of a span; whether that was meant, a person says.
    pub fn suggest(mut self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Diagnostic {
        let edits = vec![TextEdit { span, text: text.into() }];
        self.fixes.push(Fix { title: title.into(), edits, is_certain: false });
        self
    }

    /// The fix to make without asking: the only one, and certain.
    pub fn certain_fix(&self) -> Option<&Fix> {
        match self.fixes.as_slice() {
            [fix] if fix.is_certain => Some(fix),
            _ => None,
        }
    }

    /// By its code.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// The primary place.
    pub fn span(&self) -> Span {
        self.labels.first().map(|label| label.span).unwrap_or_default()
    }
}

/// Is there an error among them?
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error)
}

/// Puts diagnostics into the order in which they are shown: by file, place, severity and code. Of identical ones, one
/// stays. The result does not depend on the order they came in.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(order);
    diagnostics.dedup();
}

fn order(one: &Diagnostic, two: &Diagnostic) -> Ordering {
    fn place(diagnostic: &Diagnostic) -> (Span, Severity, &str, &str) {
        (diagnostic.span(), diagnostic.severity(), diagnostic.code.id, &diagnostic.message)
    }
    fn labels(diagnostic: &Diagnostic) -> impl Iterator<Item = (Span, &str)> {
        diagnostic.labels.iter().map(|label| (label.span, label.text.as_str()))
    }
    fn fixes(diagnostic: &Diagnostic) -> impl Iterator<Item = (&str, &[TextEdit], bool)> {
        diagnostic.fixes.iter().map(|fix| (fix.title.as_str(), fix.edits.as_slice(), fix.is_certain))
    }
    place(one)
        .cmp(&place(two))
        .then_with(|| labels(one).cmp(labels(two)))
        .then_with(|| one.help.cmp(&two.help))
        .then_with(|| fixes(one).cmp(fixes(two)))
}

/// The longest word for which another is looked for, in letters: the search takes their square.
const LONGEST_MISSPELT: usize = 100;

/// The word among `known` that was probably meant by `written`, for "did you mean": the one that is nearest. Of two
/// that are equally near, neither is. Numbers are not guessed: `r7` is no misspelling of `r1`, but another node.
pub fn closest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = written.chars().take(LONGEST_MISSPELT + 1).count();
    if length > LONGEST_MISSPELT {
        return None;
    }
    // Of a single letter, nothing is left.
    let letters = written.chars().filter(|char| !char.is_ascii_digit()).count();
    let limit = (length / 3).max(1).min(letters.saturating_sub(1));
    let digits = |word: &str| word.chars().filter(char::is_ascii_digit).collect::<String>();
    let wanted = digits(written);
    let mut nearest: Option<(usize, &str)> = None;
    let mut is_tied = false;
    for word in known {
        if word.chars().count().abs_diff(length) > limit || digits(word) != wanted {
            continue;
        }
        let distance = distance(written, word);
        let best = nearest.map_or(limit + 1, |(best, _)| best);
        if distance < best {
            (nearest, is_tied) = (Some((distance, word)), false);
        } else if nearest.is_some_and(|(best, other)| best == distance && other != word) {
            is_tied = true;
        }
    }
    nearest.filter(|_| !is_tied).map(|(_, word)| word)
}

/// Edits between two words (optimal string alignment), whatever their case.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().flat_map(char::to_lowercase).collect();
    let b: Vec<char> = b.chars().flat_map(char::to_lowercase).collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut cost = (at(&last, j) + usize::from(x != y)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                cost = cost.min(at(&before_last, j - 1) + 1);
            }
            row.push(cost);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;
    use codes::syntax::E0101;

    /// A warning, to sort after an error.
    static WARNING: Code = Code { id: "W0001", title: "", explanation: "", wrong: "", right: "" };

    #[test]
    fn sorts_by_place_and_keeps_one_of_each() {
        let at = |file, start, end| Span::new(FileId(file), start, end);
        let error = |span, message: &str| Diagnostic::new(&E0101, span, message, "l");
        let warning = Diagnostic::new(&WARNING, at(0, 3, 5), "w", "l");
        let expected = vec![
            error(at(0, 1, 9), "m"),
            error(at(0, 3, 5), "m"),
            error(at(0, 3, 5), "m").help("h"),
            error(at(0, 3, 5), "n"),
            warning.clone(),
            error(at(1, 0, 0), "m"),
        ];
        let mut mixed: Vec<Diagnostic> = expected.iter().rev().chain(&expected).cloned().collect();
        sort(&mut mixed);
        assert_eq!(mixed, expected);
    }

    #[test]
    fn finds_what_was_meant() {
        let known = ["memory", "cpu", "management"];
        assert_eq!(closest("memroy", known), Some("memory"));
        assert_eq!(closest("Memory", known), Some("memory"));
        assert_eq!(closest("disk", known), None);
        assert_eq!(closest("d", ["a", "b"]), None);
        assert_eq!(closest("bb", ["a", "b"]), Some("b"));
        assert_eq!(closest("GW", ["gw", "ow"]), Some("gw"));
        assert_eq!(closest("host", ["hosta", "hostb"]), None);
        assert_eq!(closest("leaf7", ["leaf1", "leaf2"]), None);
        assert_eq!(closest("laef1", ["leaf1", "leaf2"]), Some("leaf1"));
    }
}
