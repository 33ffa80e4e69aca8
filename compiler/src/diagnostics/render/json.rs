//! Diagnostics as one JSON document, for programs.
//!
//! The form is fixed by `version`: within one version, fields are only added. [`json_schema`] describes it.

use super::places::Places;
use crate::diagnostics::explain::page_name;
use crate::diagnostics::{Diagnostic, Severity};
use crate::source::{Sources, Span};
use schemars::JsonSchema;
use serde::Serialize;

/// The version of the document's form.
const VERSION: u32 = 1;

/// What a run of the compiler had to say.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "wtop diagnostics")]
struct Document<'a> {
    /// The version of this form: 1. Within one version, fields are only added.
    version: u32,
    /// How many of the diagnostics are errors.
    errors: usize,
    /// How many of the diagnostics are warnings.
    warnings: usize,
    /// The diagnostics, in order.
    diagnostics: Vec<Item<'a>>,
}

/// One diagnostic.
#[derive(Serialize, JsonSchema)]
struct Item<'a> {
    /// The kind of diagnostic: `E0123` or `W0123`.
    code: &'a str,
    /// How much it weighs.
    severity: Weight,
    /// The kind in a few words.
    title: &'a str,
    /// What is wrong here, in one sentence.
    message: &'a str,
    /// The primary place; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Location<'a>>,
    /// What is marked, with words. The first is the primary place.
    labels: Vec<Note<'a>>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    /// Ways to mend it by machine.
    fixes: Vec<Repair<'a>>,
    /// The page that explains the code, relative to `docs/diagnostics/`.
    page: String,
}

/// How much a diagnostic weighs.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Weight {
    /// Nothing can be deployed.
    Error,
    /// It can be deployed, and is probably not what was meant.
    Warning,
}

/// A range of a file.
#[derive(Serialize, JsonSchema)]
struct Location<'a> {
    /// The file, as it was given on the command line or found from there, with `/`.
    file: &'a str,
    /// Its first character.
    start: Position,
    /// The position after its last character; that of `start` for an empty range.
    end: Position,
}

/// A position in a file.
#[derive(Serialize, JsonSchema)]
struct Position {
    /// The line, from 1. Lines end with a line feed.
    line: usize,
    /// The column in characters (Unicode scalar values), from 1.
    column: usize,
    /// How many bytes stand before it in the file.
    byte: usize,
}

/// A marked place.
#[derive(Serialize, JsonSchema)]
struct Note<'a> {
    /// What is there.
    text: &'a str,
    /// Where.
    place: Location<'a>,
}

/// A way to mend the text by machine.
#[derive(Serialize, JsonSchema)]
struct Repair<'a> {
    /// What it does.
    title: &'a str,
    /// Is it the only thing that can be meant? `wtop check --fix` makes it; of others, a person chooses.
    certain: bool,
    /// All of its replacements, to be made at once; they do not overlap.
    edits: Vec<Edit<'a>>,
}

/// A replacement of text.
#[derive(Serialize, JsonSchema)]
struct Edit<'a> {
    /// What is replaced; empty for an insertion.
    place: Location<'a>,
    /// What is put there.
    text: &'a str,
}

/// All diagnostics, in the order given, as one JSON document with a line end.
pub fn json(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut places = Places::new(sources);
    let count = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity() == severity).count();
    let document = Document {
        version: VERSION,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        diagnostics: diagnostics.iter().map(|diagnostic| item(diagnostic, &mut places)).collect(),
    };
    super::to_json(&document)
}

/// The JSON Schema of what [`json`] gives, with a line end: `docs/diagnostics.schema.json`.
pub fn json_schema() -> String {
    super::to_json(&schemars::schema_for!(Document))
}

fn item<'a>(diagnostic: &'a Diagnostic, places: &mut Places<'a>) -> Item<'a> {
    let mut labels = Vec::new();
    for label in &diagnostic.labels {
        labels.extend(location(label.span, places).map(|place| Note { text: &label.text, place }));
    }
    let mut fixes = Vec::new();
    for fix in &diagnostic.fixes {
        let edit = |edit: &'a crate::diagnostics::TextEdit| {
            location(edit.span, places).map(|place| Edit { place, text: &edit.text })
        };
        // A fix is made whole or not at all.
        let edits: Option<Vec<Edit>> = fix.edits.iter().map(edit).collect();
        let certain = diagnostic.certain_fix().is_some();
        fixes.extend(edits.map(|edits| Repair { title: &fix.title, certain, edits }));
    }
    Item {
        code: diagnostic.code.id,
        severity: match diagnostic.severity() {
            Severity::Error => Weight::Error,
            Severity::Warning => Weight::Warning,
        },
        title: diagnostic.code.title,
        message: &diagnostic.message,
        place: diagnostic.labels.first().and_then(|label| location(label.span, places)),
        labels,
        help: diagnostic.help.as_deref(),
        fixes,
        page: page_name(diagnostic.code),
    }
}

fn location<'a>(span: Span, places: &mut Places<'a>) -> Option<Location<'a>> {
    let (file, bytes) = places.clamp(span)?;
    let mut position = |byte| {
        let place = places.of(span.file, byte);
        Position { line: place.line, column: place.column, byte }
    };
    Some(Location { file: &file.name, start: position(bytes.start), end: position(bytes.end) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::render::samples;
    use insta::assert_snapshot;

    #[test]
    fn a_document() {
        let (diagnostics, sources) = samples::two_files();
        assert_snapshot!(json(&diagnostics, &sources));
    }

    #[test]
    fn nothing_to_say() {
        let empty = json(&[], &Sources::default());
        assert_eq!(empty, "{\n  \"version\": 1,\n  \"errors\": 0,\n  \"warnings\": 0,\n  \"diagnostics\": []\n}\n");
    }
}
