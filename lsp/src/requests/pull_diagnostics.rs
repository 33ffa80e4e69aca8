//! `textDocument/diagnostic` and `workspace/diagnostic`: diagnostics for those who ask.

use crate::diagnostics::{add, of_open_files};
use crate::snapshot::Snapshot;
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use tower_lsp::ls_types::*;

/// Those of one file, with those of the files that it imports beside them.
pub fn document(snapshot: &Snapshot, parameters: DocumentDiagnosticParams) -> DocumentDiagnosticReportResult {
    let uri = parameters.text_document.uri;
    let mut found = BTreeMap::new();
    if let Some(analysis) = snapshot.analysis(&uri) {
        add(&mut found, analysis);
    }
    let told_by_others = of_open_files(snapshot).remove(&uri).unwrap_or_default();
    let own = found.remove(&uri).unwrap_or_default();
    let others = told_by_others.into_iter().filter(|diagnostic| !own.contains(diagnostic)).collect::<Vec<_>>();
    let items: Vec<Diagnostic> = own.into_iter().chain(others).cloned().collect();
    let (id, others) = (result_id(&items, &found), related(&found));
    let report = if parameters.previous_result_id.as_ref() == Some(&id) {
        DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
            related_documents: others,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: id },
        })
    } else {
        DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
            related_documents: others,
            full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: Some(id), items },
        })
    };
    DocumentDiagnosticReportResult::Report(report)
}

/// Those of all open files and of all labs of the workspace.
pub fn workspace(snapshot: &Snapshot, parameters: WorkspaceDiagnosticParams) -> WorkspaceDiagnosticReportResult {
    let uris: Vec<Uri> = snapshot.analyses.values().filter_map(|analysis| snapshot.uri(&analysis.path)).collect();
    let mut all: BTreeMap<&Uri, Vec<&Diagnostic>> = uris.iter().map(|uri| (uri, Vec::new())).collect();
    for analysis in snapshot.analyses.values() {
        add(&mut all, analysis);
    }
    let before: BTreeMap<&Uri, &String> =
        parameters.previous_result_ids.iter().map(|known| (&known.uri, &known.value)).collect();
    let items = all.into_iter().map(|(uri, items)| {
        let (uri, items): (Uri, Vec<Diagnostic>) = (uri.clone(), items.into_iter().cloned().collect());
        let version = snapshot.document(&uri).map(|document| i64::from(document.version));
        let id = result_id(&items, &BTreeMap::new());
        if before.get(&uri) == Some(&&id) {
            WorkspaceDocumentDiagnosticReport::Unchanged(WorkspaceUnchangedDocumentDiagnosticReport {
                uri,
                version,
                unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: id },
            })
        } else {
            WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
                uri,
                version,
                full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: Some(id), items },
            })
        }
    });
    WorkspaceDiagnosticReportResult::Report(WorkspaceDiagnosticReport { items: items.collect() })
}

fn related(others: &BTreeMap<&Uri, Vec<&Diagnostic>>) -> Option<HashMap<Uri, DocumentDiagnosticReportKind>> {
    let report = |items: &Vec<&Diagnostic>| {
        let items = items.iter().copied().cloned().collect();
        DocumentDiagnosticReportKind::Full(FullDocumentDiagnosticReport { result_id: None, items })
    };
    let reports = others.iter().map(|(uri, items)| (Uri::clone(uri), report(items)));
    (!others.is_empty()).then(|| reports.collect())
}

/// The same for the same diagnostics, in this process.
fn result_id(items: &[Diagnostic], others: &BTreeMap<&Uri, Vec<&Diagnostic>>) -> String {
    let mut hasher = DefaultHasher::new();
    format!("{items:?} {others:?}").hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
