//! `textDocument/codeAction`: the ways to mend what is wrong in a range.

use crate::analysis::Analysis;
use crate::diagnostics::touches;
use crate::snapshot::Snapshot;
use tower_lsp::ls_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse, Diagnostic, WorkspaceEdit,
};
use wtop_compiler::diagnostics::Fix;

/// The actions for a range.
pub fn answer(snapshot: &Snapshot, parameters: CodeActionParams) -> Option<CodeActionResponse> {
    let wanted = parameters.context.only;
    if wanted.is_some_and(|kinds| !kinds.contains(&CodeActionKind::QUICKFIX)) {
        return None;
    }
    let mut actions: Vec<CodeAction> = Vec::new();
    for analysis in snapshot.analyses.values() {
        let found = analysis.found.get(&parameters.text_document.uri).into_iter().flatten();
        for (index, diagnostic) in found.filter(|(_, diagnostic)| touches(diagnostic.range, parameters.range)) {
            let fixes = analysis.compilation.diagnostics.get(*index).map_or(&[][..], |diagnostic| &diagnostic.fixes);
            for action in fixes.iter().filter_map(|fix| action(snapshot, analysis, fix, diagnostic)) {
                if !actions.contains(&action) {
                    actions.push(action);
                }
            }
        }
    }
    Some(actions.into_iter().map(CodeActionOrCommand::CodeAction).collect())
}

/// A fix as a quick fix; none where it changes what no editor can open.
fn action(snapshot: &Snapshot, analysis: &Analysis, fix: &Fix, diagnostic: &Diagnostic) -> Option<CodeAction> {
    let changes = snapshot.edits(analysis, &fix.edits)?;
    Some(CodeAction {
        title: fix.title.clone(),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(vec![diagnostic.clone()]),
        edit: Some(WorkspaceEdit { changes: Some(changes.into_iter().collect()), ..WorkspaceEdit::default() }),
        is_preferred: Some(fix.is_certain),
        ..CodeAction::default()
    })
}
