//! Diagnostics as a person reads them in a terminal: a sentence, a frame of code with labels, help, and what each fix
//! would change.

use super::frame::{FrameRow, Margin, Mark, frame};
use super::ink::{Cell, Ink, Row, cells, print, row_width, wrap};
use super::places::Places;
use super::suggestion::{Change, suggestion};
use crate::diagnostics::{Diagnostic, Label, Severity};
use crate::source::{FileId, Sources};

/// How the text is laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TextOptions {
    /// With the terminal's colours (ANSI sequences)?
    pub colour: bool,
    /// Columns of the terminal; fewer than 30 are taken as 30.
    pub width: usize,
}

impl Default for TextOptions {
    fn default() -> TextOptions {
        TextOptions { colour: false, width: 100 }
    }
}

/// The fewest columns in which a frame is drawn.
const NARROWEST: usize = 30;

/// How many labels of one diagnostic are drawn; the others are counted.
const MAX_LABELS: usize = 8;

/// All diagnostics in the order given, with an empty line after each; nothing for none.
pub fn text(diagnostics: &[Diagnostic], sources: &Sources, options: &TextOptions) -> String {
    let mut places = Places::new(sources);
    let mut out = String::new();
    for diagnostic in diagnostics {
        for row in rows(diagnostic, &mut places, options.width.max(NARROWEST)) {
            print(&row, options.colour, &mut out);
        }
        out.push('\n');
    }
    out
}

/// The last line of a run: `2 errors, 1 warning`.
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    let of = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity() == severity).count();
    let count = |number: usize, word| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
    match (of(Severity::Error), of(Severity::Warning)) {
        (0, 0) => "no errors, no warnings".to_owned(),
        (errors, 0) => count(errors, "error"),
        (0, warnings) => count(warnings, "warning"),
        (errors, warnings) => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    }
}

/// One diagnostic, row by row.
fn rows(diagnostic: &Diagnostic, places: &mut Places, width: usize) -> Vec<Row> {
    let ink = if diagnostic.severity() == Severity::Error { Ink::Error } else { Ink::Warning };
    let head = format!("{}[{}]: ", diagnostic.severity(), diagnostic.code.id);
    let mut rows = hanging(&head, ink, &diagnostic.message, Ink::Strong, width);

    let shown: Vec<&Label> =
        diagnostic.labels.iter().filter(|label| places.clamp(label.span).is_some()).take(MAX_LABELS).collect();
    let home = diagnostic.span().file;
    let changes: Vec<_> = diagnostic.fixes.iter().map(|fix| suggestion(fix, home, places)).collect();
    let digits = number_width(&shown, changes.iter().flatten(), places);
    let columns = width - (digits + 4);

    for (index, file) in files(&shown).into_iter().enumerate() {
        let corner = if index == 0 { '╭' } else { '├' };
        if index > 0 {
            rows.push(margin(Margin::Bar, digits));
        }
        rows.push(place_row(file, &shown, places, digits, corner));
        rows.push(margin(Margin::Bar, digits));
        for FrameRow { margin: left, body } in file_frame(file, &shown, ink, places, columns) {
            rows.push(margin(left, digits).into_iter().chain(body).collect());
        }
    }
    let mut notes = Vec::new();
    if diagnostic.labels.len() > shown.len() && !shown.is_empty() {
        notes.push(hanging("", Ink::Plain, &more(diagnostic.labels.len() - shown.len(), "place"), Ink::Plain, columns));
    }
    if let Some(help) = &diagnostic.help {
        notes.push(hanging("help: ", Ink::Related, help, Ink::Plain, columns));
    }
    for note in notes {
        rows.push(margin(Margin::Bar, digits));
        rows.extend(note.into_iter().map(|row| margin(Margin::Bar, digits).into_iter().chain(row).collect()));
    }
    for (fix, changes) in diagnostic.fixes.iter().zip(changes) {
        rows.push(margin(Margin::Bar, digits));
        let word = if diagnostic.certain_fix().is_some() { "fix: " } else { "perhaps: " };
        let title = hanging(word, Ink::Added, &fix.title, Ink::Plain, columns);
        rows.extend(title.into_iter().map(|row| margin(Margin::Bar, digits).into_iter().chain(row).collect()));
        rows.extend(changes.iter().map(|change| change_row(change, digits, columns)));
    }
    if rows.len() > 1 {
        let end = format!("{}╯", "─".repeat(digits + 2));
        rows.push(cells(&end, Ink::Margin).collect());
    }
    rows
}

/// `and 3 more places`.
pub(super) fn more(count: usize, word: &str) -> String {
    format!("and {count} more {word}{}", if count == 1 { "" } else { "s" })
}

/// The files of the labels, in the order of their first label.
fn files(labels: &[&Label]) -> Vec<FileId> {
    let mut files: Vec<FileId> = Vec::new();
    for label in labels {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    files
}

/// The digits of the largest line number.
fn number_width<'a>(labels: &[&Label], changes: impl Iterator<Item = &'a Change>, places: &Places) -> usize {
    let last_line = |label: &&Label| {
        let (file, bytes) = places.clamp(label.span)?;
        Some(file.lines.utf8(bytes.end as u32).line as usize + 1)
    };
    let marked = labels.iter().filter_map(last_line);
    let changed = changes.filter_map(|change| match change {
        Change::Removed { number, .. } | Change::Added { number, .. } => Some(*number),
        Change::Elsewhere(_) | Change::More(_) => None,
    });
    marked.chain(changed).max().unwrap_or(1).to_string().len()
}

/// `╭─[ lab.wtop:3:7 ]`, the place of the file's first label.
fn place_row(file: FileId, labels: &[&Label], places: &mut Places, digits: usize, corner: char) -> Row {
    let first = labels.iter().find(|label| label.span.file == file).and_then(|label| places.clamp(label.span));
    let at = first.map_or_else(String::new, |(source, bytes)| {
        let place = places.of(file, bytes.start);
        format!("{}:{}:{}", source.name, place.line, place.column)
    });
    let head = format!("{}{corner}─[ ", " ".repeat(digits + 2));
    cells(&head, Ink::Margin).chain(cells(&at, Ink::Plain)).chain(cells(" ]", Ink::Margin)).collect()
}

/// The frame of one file of a diagnostic.
fn file_frame(file: FileId, labels: &[&Label], ink: Ink, places: &Places, columns: usize) -> Vec<FrameRow> {
    let mut source = None;
    let mut marks = Vec::new();
    for (index, label) in labels.iter().enumerate().filter(|(_, label)| label.span.file == file) {
        if let Some((found, bytes)) = places.clamp(label.span) {
            source = Some(found);
            let text = if label.text.trim().is_empty() { "here" } else { label.text.as_str() };
            marks.push(Mark { bytes, text, ink: if index == 0 { ink } else { Ink::Related } });
        }
    }
    source.map_or_else(Vec::new, |source| frame(source, &marks, columns))
}

/// The left edge: the line number, if any, and the bar.
fn margin(margin: Margin, digits: usize) -> Row {
    let text = match margin {
        Margin::Number(number) => format!(" {number:>digits$} │ "),
        Margin::Bar => format!(" {:digits$} │ ", ""),
        Margin::Gap => format!(" {:digits$} ┆ ", ""),
    };
    cells(&text, Ink::Margin).collect()
}

/// A line that a fix takes away or puts in.
fn change_row(change: &Change, digits: usize, columns: usize) -> Row {
    let (number, sign, ink, line) = match change {
        Change::Removed { number, line } => (number.to_string(), '-', Ink::Removed, line.show(Ink::Removed, columns)),
        Change::Added { number, line } => (number.to_string(), '+', Ink::Added, line.show(Ink::Added, columns)),
        Change::Elsewhere(file) => {
            (String::new(), '│', Ink::Margin, cells(&format!("in {file}:"), Ink::Plain).collect())
        }
        Change::More(text) => (String::new(), '│', Ink::Margin, cells(text, Ink::Plain).collect()),
    };
    let number = cells(&format!(" {number:>digits$} "), Ink::Margin).collect::<Row>();
    number.into_iter().chain([Cell { text: sign, ink }, Cell { text: ' ', ink }]).chain(line).collect()
}

/// A text after a word, wrapped so that its further lines stand below its first.
fn hanging(word: &str, word_ink: Ink, text: &str, ink: Ink, columns: usize) -> Vec<Row> {
    let head: Row = cells(word, word_ink).collect();
    let indent = row_width(&head);
    // Below a long word there would be no room left: then the text goes to the left edge.
    let below = if indent * 3 > columns { 2 } else { indent };
    let mut lines = wrap(text, columns.saturating_sub(indent), columns.saturating_sub(below)).into_iter();
    let first = lines.next().unwrap_or_default();
    let mut rows = vec![head.into_iter().chain(cells(&first, ink)).collect::<Row>()];
    rows.extend(lines.map(|line| cells(&" ".repeat(below), ink).chain(cells(&line, ink)).collect()));
    rows
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
