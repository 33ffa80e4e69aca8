//! What the compiler had to say about all files of a run, as one text.

use crate::arguments::DiagnosticFormat;
use crate::exit::{Exit, Failure};
use crate::terminal::Terminal;
use std::collections::BTreeMap;
use std::path::PathBuf;
use wtop_compiler::diagnostics::codes::checks::E0702;
use wtop_compiler::diagnostics::render::{self, TextOptions};
use wtop_compiler::diagnostics::{Diagnostic, Severity, has_errors, sort};
use wtop_compiler::source::{FileId, Sources, Span};

/// How many diagnostics a person is shown; programs get all.
const MOST_SHOWN: usize = 100;

/// The diagnostics of several compilations. A file that several of them read is reported once.
#[derive(Debug, Default)]
pub struct Report {
    /// The files that were read.
    pub sources: Sources,
    /// What was said about them, in no order.
    pub diagnostics: Vec<Diagnostic>,
    by_path: BTreeMap<PathBuf, FileId>,
}

impl Report {
    /// Adds what one compilation had to say.
    pub fn add(&mut self, (sources, diagnostics): (Sources, Vec<Diagnostic>)) {
        let mut ids = BTreeMap::new();
        for (id, file) in sources.iter() {
            let known = self.by_path.entry(file.path.clone());
            let add = || self.sources.add(&file.path, &file.name, file.text.clone());
            ids.insert(id, *known.or_insert_with(add));
        }
        let moved = |span: &mut Span| span.file = ids.get(&span.file).copied().unwrap_or(span.file);
        for mut diagnostic in diagnostics {
            diagnostic.labels.iter_mut().for_each(|label| moved(&mut label.span));
            let edits = diagnostic.fixes.iter_mut().flat_map(|fix| &mut fix.edits);
            edits.for_each(|edit| moved(&mut edit.span));
            self.diagnostics.push(diagnostic);
        }
    }

    /// The diagnostics as a text; that for people ends with a summary.
    pub fn show(&mut self, format: DiagnosticFormat, colour: bool, width: usize) -> String {
        sort(&mut self.diagnostics);
        match format {
            DiagnosticFormat::Text => self.text(&TextOptions { colour, width }),
            DiagnosticFormat::Json => render::json(&self.diagnostics, &self.sources),
            DiagnosticFormat::Sarif => render::sarif(&self.diagnostics, &self.sources),
            DiagnosticFormat::Github => render::github(&self.diagnostics, &self.sources),
        }
    }

    /// Writes the diagnostics: for programs to standard output, for people, if there are any, to standard error, so that
    /// they do not mix with what is made.
    ///
    /// # Errors
    /// Standard output cannot be written.
    pub fn print(&mut self, format: DiagnosticFormat, terminal: &Terminal) -> Result<(), Failure> {
        if format != DiagnosticFormat::Text {
            return terminal.print(&self.show(format, false, terminal.width));
        }
        if !self.diagnostics.is_empty() {
            terminal.tell(&self.show(format, terminal.error_colour, terminal.width));
        }
        Ok(())
    }

    fn text(&self, options: &TextOptions) -> String {
        let (shown, hidden) = self.diagnostics.split_at(self.diagnostics.len().min(MOST_SHOWN));
        let mut text = render::text(shown, &self.sources, options);
        text.push_str(&render::summary(&self.diagnostics));
        if !hidden.is_empty() {
            text.push_str(&format!("; the first {MOST_SHOWN} are shown, `--format json` gives all"));
        }
        text.push('\n');
        text
    }

    /// Is the lab whole, so that it can be shown: is nothing wrong but that checks of it fail?
    pub fn is_whole(&self) -> bool {
        let mut errors = self.diagnostics.iter().filter(|diagnostic| diagnostic.severity() == Severity::Error);
        errors.all(|diagnostic| diagnostic.code.id == E0702.id)
    }

    /// How a run ends that came to these diagnostics.
    pub fn exit(&self) -> Exit {
        if has_errors(&self.diagnostics) { Exit::Diagnostics } else { Exit::Ok }
    }
}
