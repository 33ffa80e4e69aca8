//! Diagnostics as a log in SARIF 2.1.0 (an OASIS standard), which code hosts and editors read.

use super::places::Places;
use crate::collections::IndexMap;
use crate::diagnostics::explain::explain;
use crate::diagnostics::{Code, Diagnostic, Fix, Severity};
use crate::source::{FileId, Sources, Span};
use serde::Serialize;

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'a str,
    version: &'a str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    column_kind: &'a str,
    results: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
struct Driver<'a> {
    name: &'a str,
    version: &'a str,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'a> {
    id: &'a str,
    short_description: Message<'a>,
    full_description: Message<'a>,
    help: Message<'a>,
    default_configuration: Configuration<'a>,
}

#[derive(Serialize)]
struct Configuration<'a> {
    level: &'a str,
}

#[derive(Serialize)]
struct Message<'a> {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    rule_id: &'a str,
    rule_index: usize,
    level: &'a str,
    message: Message<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Repair<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    message: Message<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize, Clone)]
struct ArtifactLocation {
    uri: String,
}

/// Lines and columns from 1, columns in characters, the last one not included.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    byte_offset: usize,
    byte_length: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Repair<'a> {
    description: Message<'a>,
    artifact_changes: Vec<ArtifactChange<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'a> {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region,
    inserted_content: Content<'a>,
}

#[derive(Serialize)]
struct Content<'a> {
    text: &'a str,
}

/// All diagnostics, in the order given, as one log of one run, with a line end.
pub fn sarif(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut places = Places::new(sources);
    let mut codes: IndexMap<&str, (&Code, String)> = IndexMap::default();
    for diagnostic in diagnostics {
        codes.entry(diagnostic.code.id).or_insert_with(|| (diagnostic.code, explain(diagnostic.code)));
    }
    let finding = |diagnostic| finding(diagnostic, codes.get_index_of(diagnostic.code.id), &mut places);
    let results = diagnostics.iter().map(finding).collect();
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "wtop",
                    version: env!("CARGO_PKG_VERSION"),
                    rules: codes.values().map(|(code, page)| rule(code, page)).collect(),
                },
            },
            column_kind: "unicodeCodePoints",
            results,
        }],
    };
    super::to_json(&log)
}

fn plain<'a>(text: impl Into<String>) -> Message<'a> {
    Message { text: text.into(), markdown: None }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn rule<'a>(code: &'a Code, page: &'a str) -> Rule<'a> {
    Rule {
        id: code.id,
        short_description: plain(code.title),
        full_description: plain(code.explanation.split("\n\n").next().unwrap_or("")),
        help: Message { text: code.explanation.to_owned(), markdown: Some(page) },
        default_configuration: Configuration { level: level(code.severity()) },
    }
}

fn finding<'a>(diagnostic: &'a Diagnostic, rule: Option<usize>, places: &mut Places) -> Finding<'a> {
    let mut all: Vec<Location> = Vec::new();
    for label in &diagnostic.labels {
        let place = physical(label.span, places);
        all.extend(place.map(|physical_location| Location {
            id: None,
            physical_location,
            message: plain(&label.text),
        }));
    }
    let mut related = all.split_off(all.len().min(1));
    for (index, location) in related.iter_mut().enumerate() {
        location.id = Some(index + 1);
    }
    let mut text = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        text.push_str("\n\nhelp: ");
        text.push_str(help);
    }
    Finding {
        rule_id: diagnostic.code.id,
        rule_index: rule.unwrap_or(0),
        level: level(diagnostic.severity()),
        message: plain(text),
        locations: all,
        related_locations: related,
        fixes: diagnostic.fixes.iter().filter_map(|fix| repair(fix, places)).collect(),
    }
}

/// A fix, its edits by file; none if it changes nothing or a file that is not of this compilation.
fn repair<'a>(fix: &'a Fix, places: &mut Places) -> Option<Repair<'a>> {
    let mut changes: IndexMap<FileId, ArtifactChange> = IndexMap::default();
    for edit in &fix.edits {
        let PhysicalLocation { artifact_location, region } = physical(edit.span, places)?;
        let change = ArtifactChange { artifact_location, replacements: Vec::new() };
        let replacement = Replacement { deleted_region: region, inserted_content: Content { text: &edit.text } };
        changes.entry(edit.span.file).or_insert(change).replacements.push(replacement);
    }
    let artifact_changes: Vec<ArtifactChange> = changes.into_values().collect();
    (!artifact_changes.is_empty()).then(|| Repair { description: plain(&fix.title), artifact_changes })
}

fn physical(span: Span, places: &mut Places) -> Option<PhysicalLocation> {
    let (file, bytes) = places.clamp(span)?;
    let (start, end) = (places.of(span.file, bytes.start), places.of(span.file, bytes.end));
    Some(PhysicalLocation {
        artifact_location: ArtifactLocation { uri: uri(&file.name) },
        region: Region {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
            byte_offset: bytes.start,
            byte_length: bytes.end - bytes.start,
        },
    })
}

/// A file's name as a URI reference (RFC 3986): what may not stand in a path is percent-encoded.
fn uri(name: &str) -> String {
    let mut uri = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::codes::syntax::E0101;
    use crate::diagnostics::render::samples;
    use insta::assert_snapshot;
    use serde_json::Value;

    #[test]
    fn a_log() {
        let (diagnostics, sources) = samples::two_files();
        assert_snapshot!(sarif(&diagnostics, &sources));
    }

    /// The types of `serde_sarif` are made from the standard's schema. A field that it does not know, or that has
    /// another name or type, would not survive the way through them.
    #[test]
    fn is_what_the_standard_says() {
        let (diagnostics, sources) = samples::two_files();
        for diagnostics in [&diagnostics[..], &[]] {
            let written = sarif(diagnostics, &sources);
            let read: serde_sarif::sarif::Sarif = serde_json::from_str(&written).unwrap();
            assert_eq!(serde_json::to_value(read).unwrap(), serde_json::from_str::<Value>(&written).unwrap());
        }
    }

    #[test]
    fn a_rule_stands_once_and_its_results_lead_to_it() {
        let (mut diagnostics, sources) = samples::two_files();
        diagnostics.extend(samples::two_files().0);
        let log: Value = serde_json::from_str(&sarif(&diagnostics, &sources)).unwrap();
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        assert_eq!(rules.len(), 2);
        for result in run["results"].as_array().unwrap() {
            assert_eq!(rules[result["ruleIndex"].as_u64().unwrap() as usize]["id"], result["ruleId"]);
        }
    }

    #[test]
    fn leaves_out_places_and_fixes_that_lead_nowhere() {
        let nowhere = Span::new(FileId(4), 1, 2);
        let diagnostic =
            Diagnostic::new(&E0101, nowhere, "m", "l").fix("f", nowhere, "x").fix_all("nothing", Vec::new());
        let log: Value = serde_json::from_str(&sarif(&[diagnostic], &Sources::default())).unwrap();
        let result = &log["runs"][0]["results"][0];
        assert_eq!((&result["locations"], &result["fixes"]), (&Value::Null, &Value::Null));
    }

    #[test]
    fn names_become_uris() {
        assert_eq!(uri("a b/<std>/ü:1.wtop"), "a%20b/%3Cstd%3E/%C3%BC%3A1.wtop");
    }
}
