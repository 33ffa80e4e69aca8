//! Where the diagnostics of one file are collected: not more than anyone reads.

use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::source::{FileId, Span};

/// After so many errors a file gets one last one that counts the rest.
pub const MOST_ERRORS: usize = 200;

/// The diagnostics of a file, in order of arrival.
#[derive(Debug)]
pub struct Reports {
    file: FileId,
    diagnostics: Vec<Diagnostic>,
    more: usize,
    last: Option<(&'static Code, Span)>,
    unsaid: Option<Span>,
}

impl Reports {
    /// None yet.
    pub fn new(file: FileId) -> Reports {
        Reports { file, diagnostics: Vec::new(), more: 0, last: None, unsaid: None }
    }

    /// The span of some bytes of the file.
    pub fn span(&self, start: u32, end: u32) -> Span {
        Span { file: self.file, start, end: end.max(start) }
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.is_full() {
            self.more += 1;
            self.last = Some((diagnostic.code, diagnostic.span()));
        } else {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Would a further one only be counted?
    pub fn is_full(&self) -> bool {
        self.diagnostics.len() >= MOST_ERRORS
    }

    /// How many there are, to take later ones back.
    pub fn mark(&self) -> (usize, usize) {
        (self.diagnostics.len(), self.more)
    }

    /// Takes back what came after the mark.
    pub fn reset(&mut self, mark: (usize, usize)) {
        self.diagnostics.truncate(mark.0);
        self.more = mark.1;
    }

    /// Notes what could not be read and is not reported, as something around it has been or will be.
    pub fn leave_unsaid(&mut self, span: Span) {
        self.unsaid.get_or_insert(span);
    }

    /// What is wrong although nothing was reported: then something must be said about it.
    pub fn unsaid(&self) -> Option<Span> {
        self.unsaid.filter(|_| self.diagnostics.is_empty())
    }

    /// All of them in the order of the text, with the one that counts the rest.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by_key(|diagnostic| {
            let span = diagnostic.span();
            (span.start, span.end, diagnostic.severity() == Severity::Warning)
        });
        if let Some((code, span)) = self.last.filter(|_| self.more > 0) {
            let message = format!("{} more errors in this file are not shown", self.more);
            let closing = Diagnostic::new(code, span, message, "the last of them");
            self.diagnostics.push(closing.help("mend the ones above first: many of the rest may go with them"));
        }
        self.diagnostics
    }
}
