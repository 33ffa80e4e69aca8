//! Diagnostics of the compiler in the words of the protocol.

use crate::analysis::Analysis;
use crate::library;
use crate::snapshot::Snapshot;
use std::collections::BTreeMap;
use tower_lsp::ls_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    NumberOrString, Range, Uri,
};
use wtop_compiler::diagnostics::{self, Severity};

/// What an analysis found, by file: also in files that are only imported. Beside each stands its index in the
/// compilation.
pub type Found = BTreeMap<Uri, Vec<(usize, Diagnostic)>>;

/// Translates all that an analysis found. What has no place that an editor can open stands at the start of its file.
pub fn found(snapshot: &Snapshot, analysis: &Analysis) -> Found {
    let mut found = Found::new();
    // A page is looked for on disk: once for all that has its code.
    let mut pages: BTreeMap<&str, Option<Uri>> = BTreeMap::new();
    for (index, diagnostic) in analysis.compilation.diagnostics.iter().enumerate() {
        let place = snapshot.location(analysis, diagnostic.span());
        let start = || Some(Location { uri: snapshot.uri(&analysis.path)?, range: Range::default() });
        let Some(place) = place.or_else(start) else { continue };
        let code = diagnostic.code;
        let page = pages.entry(code.id).or_insert_with(|| library::page(&snapshot.host, code)).clone();
        let translated = translate(snapshot, analysis, diagnostic, place.range, page);
        found.entry(place.uri).or_default().push((index, translated));
    }
    found
}

/// What is wrong in the files that are open and analysed, and in what they import. What several of them say about one
/// file stands once.
pub fn of_open_files(snapshot: &Snapshot) -> BTreeMap<&Uri, Vec<&Diagnostic>> {
    let mut all: BTreeMap<&Uri, Vec<&Diagnostic>> = BTreeMap::new();
    for document in snapshot.documents.iter() {
        let analysis = snapshot.analyses.get(&document.path);
        // One from before it was opened may be of another text.
        if let Some(analysis) = analysis.filter(|analysis| analysis.version.is_some()) {
            all.entry(&document.uri).or_default();
            add(&mut all, analysis);
        }
    }
    all
}

/// Adds what an analysis found and is not there yet.
pub fn add<'a>(all: &mut BTreeMap<&'a Uri, Vec<&'a Diagnostic>>, analysis: &'a Analysis) {
    for (uri, found) in &analysis.found {
        let there = all.entry(uri).or_default();
        for (_, diagnostic) in found {
            if !there.contains(&diagnostic) {
                there.push(diagnostic);
            }
        }
    }
}

fn translate(
    snapshot: &Snapshot,
    analysis: &Analysis,
    diagnostic: &diagnostics::Diagnostic,
    range: Range,
    page: Option<Uri>,
) -> Diagnostic {
    let related = diagnostic.labels.iter().skip(1).filter_map(|label| {
        let location = snapshot.location(analysis, label.span)?;
        Some(DiagnosticRelatedInformation { location, message: label.text.clone() })
    });
    let related: Vec<_> = related.collect();
    let help = diagnostic.help.iter().map(|help| format!("\nhelp: {help}"));
    // What an editor hands back when it asks for fixes, and other tools may show.
    let fixes: Vec<&str> = diagnostic.fixes.iter().map(|fix| fix.title.as_str()).collect();
    Diagnostic {
        range,
        severity: Some(match diagnostic.severity() {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
        }),
        code: Some(NumberOrString::String(diagnostic.code.id.to_owned())),
        code_description: page.map(|href| CodeDescription { href }),
        source: Some("wtop".to_owned()),
        message: std::iter::once(diagnostic.message.clone()).chain(help).collect(),
        related_information: (!related.is_empty()).then_some(related),
        tags: is_unused(diagnostic).then(|| vec![DiagnosticTag::UNNECESSARY]),
        data: (!fixes.is_empty()).then(|| serde_json::json!({ "fixes": fixes })),
    }
}

/// Is it about something that could be left out?
fn is_unused(diagnostic: &diagnostics::Diagnostic) -> bool {
    *diagnostic.code == diagnostics::codes::structure::W0508
}

/// Do two ranges have a place in common?
pub fn touches(a: Range, b: Range) -> bool {
    a.start <= b.end && b.start <= a.end
}
