//! Diagnostics as workflow commands of GitHub Actions, which shows them beside the lines of a pull request.
//!
//! The form and its escaping: GitHub's "Workflow commands" and its `@actions/core` package.

use super::places::Places;
use crate::diagnostics::Diagnostic;
use crate::source::Sources;
use std::fmt::Write;

/// A line for each diagnostic, in the order given.
pub fn github(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut places = Places::new(sources);
    let mut out = String::new();
    for diagnostic in diagnostics {
        // Writing into a string cannot fail.
        let _ = writeln!(out, "{}", command(diagnostic, &mut places));
    }
    out
}

fn command(diagnostic: &Diagnostic, places: &mut Places) -> String {
    let span = diagnostic.span();
    let mut properties = Vec::new();
    if let (Some((file, bytes)), false) = (places.clamp(span), diagnostic.labels.is_empty()) {
        let (start, end) = (places.of(span.file, bytes.start), places.of(span.file, bytes.end));
        properties.push(("file", file.name.clone()));
        properties.push(("line", start.line.to_string()));
        // GitHub takes columns only of a place within one line.
        let columns = (start.line == end.line).then(|| (start.column.to_string(), end.column.to_string()));
        let (column, end_column) = columns.unzip();
        properties.extend(column.map(|column| ("col", column)));
        properties.push(("endLine", end.line.to_string()));
        properties.extend(end_column.map(|column| ("endColumn", column)));
    }
    properties.push(("title", format!("{}: {}", diagnostic.code.id, diagnostic.code.title)));
    let properties: Vec<String> =
        properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    let mut message = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    format!("::{} {}::{}", diagnostic.severity(), properties.join(","), data(&message))
}

/// The escaping of a message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The escaping of a property, where `:` and `,` mean something.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::codes::syntax::E0101;
    use crate::diagnostics::render::samples;
    use crate::source::Span;
    use insta::assert_snapshot;

    #[test]
    fn commands() {
        let (diagnostics, sources) = samples::two_files();
        assert_snapshot!(github(&diagnostics, &sources));
    }

    #[test]
    fn escapes_what_has_a_meaning() {
        let mut sources = Sources::default();
        let file = sources.add("a", "a,b:c%.wtop", "x\ny");
        let diagnostic = Diagnostic::new(&E0101, Span::new(file, 0, 3), "100%\r\n::error::a, b", "l");
        let expected = "::error file=a%2Cb%3Ac%25.wtop,line=1,endLine=2,title=E0101%3A a string is never closed::100%25%0D%0A::error::a, b\n";
        assert_eq!(github(&[diagnostic], &sources), expected);
    }

    #[test]
    fn without_a_place() {
        let diagnostic = Diagnostic { labels: Vec::new(), ..Diagnostic::new(&E0101, Span::default(), "m", "l") };
        assert_eq!(github(&[diagnostic], &Sources::default()), "::error title=E0101%3A a string is never closed::m\n");
    }
}
