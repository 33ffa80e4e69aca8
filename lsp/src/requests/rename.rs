//! `textDocument/prepareRename`, `textDocument/rename` and `workspace/willRenameFiles`: new names, in all files and in
//! what the lock has.

use super::{analyses, views};
use crate::analysis::Analysis;
use crate::documents::real;
use crate::snapshot::Snapshot;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use tower_lsp::ls_types::*;
use wtop_compiler::ide::rename::{self, Change, LockEdit};
use wtop_compiler::source::LineIndex;

/// Can it be renamed, and what is it now? A reason, if it cannot.
pub fn prepare(
    snapshot: &Snapshot,
    parameters: TextDocumentPositionParams,
) -> Result<Option<PrepareRenameResponse>, String> {
    let Some(place) = snapshot.place(&parameters.text_document.uri, parameters.position) else { return Ok(None) };
    let found = rename::prepare(place.analysis.view(), (place.file, place.offset))?;
    let range = snapshot.range(place.analysis, found.span);
    Ok(range.map(|range| PrepareRenameResponse::RangeWithPlaceholder { range, placeholder: found.text }))
}

/// The edits that rename it. A reason, if it cannot have the name.
pub fn answer(snapshot: &Snapshot, parameters: RenameParams) -> Result<Option<WorkspaceEdit>, String> {
    let at = &parameters.text_document_position;
    let Some(place) = snapshot.place(&at.text_document.uri, at.position) else { return Ok(None) };
    let analyses = analyses(snapshot, place.analysis);
    let read = |path: &Path| text(snapshot, path);
    let renaming = rename::rename(&views(&analyses), (place.file, place.offset), &parameters.new_name, &read)?;
    let mut changes = edits(snapshot, &analyses, &renaming.changes);
    for lock in &renaming.locks {
        if let Some((uri, edit)) = lock_edit(snapshot, lock) {
            changes.entry(uri).or_default().push(edit);
        }
    }
    Ok(Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }))
}

/// The edits that keep paths right when files and folders are moved.
pub fn files(snapshot: &Snapshot, parameters: RenameFilesParams) -> Option<WorkspaceEdit> {
    let moved: Vec<(PathBuf, PathBuf)> = parameters.files.iter().filter_map(moved).collect();
    let analyses: Vec<&Analysis> = snapshot.analyses.values().map(|analysis| &**analysis).collect();
    let changes = rename::file_renames(&views(&analyses), &moved);
    let changes = edits(snapshot, &analyses, &changes);
    (!changes.is_empty()).then_some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() })
}

/// What the client asks to be told of: any file may be one that a lab names.
pub fn file_operations() -> WorkspaceFileOperationsServerCapabilities {
    let pattern = FileOperationPattern { glob: "**/*".to_owned(), matches: None, options: None };
    let filters = vec![FileOperationFilter { scheme: Some("file".to_owned()), pattern }];
    WorkspaceFileOperationsServerCapabilities {
        will_rename: Some(FileOperationRegistrationOptions { filters }),
        ..WorkspaceFileOperationsServerCapabilities::default()
    }
}

fn moved(file: &FileRename) -> Option<(PathBuf, PathBuf)> {
    let path = |uri: &str| uri.parse::<Uri>().ok()?.to_file_path().map(|path| path.into_owned());
    let new = path(&file.new_uri)?;
    // The new one is not there yet; its folder may be.
    let new = real(new.parent()?).join(new.file_name()?);
    Some((real(&path(&file.old_uri)?), new))
}

fn edits(snapshot: &Snapshot, analyses: &[&Analysis], changes: &[Change]) -> HashMap<Uri, Vec<TextEdit>> {
    let mut edits: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for change in changes {
        let place = analyses.get(change.at.view).and_then(|analysis| snapshot.location(analysis, change.at.span));
        if let Some(place) = place {
            edits.entry(place.uri).or_default().push(TextEdit { range: place.range, new_text: change.text.clone() });
        }
    }
    edits
}

/// The text of a file, as the editor has it.
fn text(snapshot: &Snapshot, path: &Path) -> Option<String> {
    match snapshot.documents.at(&real(path)) {
        Some(document) => Some(document.text.to_string()),
        None => fs::read_to_string(path).ok(),
    }
}

/// The edit that gives a lock file its new text.
fn lock_edit(snapshot: &Snapshot, lock: &LockEdit) -> Option<(Uri, TextEdit)> {
    let before = text(snapshot, &lock.path)?;
    let end = u32::try_from(before.len()).ok()?;
    let range = snapshot.encoding.range_in(&before, &LineIndex::new(&before), 0, end);
    Some((snapshot.uri(&lock.path)?, TextEdit { range, new_text: lock.text.clone() }))
}

#[cfg(test)]
mod tests {
    use crate::test_client::Lab;
    use serde_json::json;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_name_changes_in_all_labs_and_in_the_lock() {
        let one = "topology t\nuse \"./lib.wtop\".{edge}\nnode $0gw: edge\nnetwork lan { subnet = 10.0.0.0/24 }\nlink gw <-> lan\n";
        let lib = "pub device edge extends debian { }\n";
        let mut lab = Lab::open(&[("t.wtop", one), ("lib.wtop", lib)]).await;
        std::fs::write(lab.folder.path().join("t.wtop.lock"), "address gw--lan gw = 10.0.0.7/24\n").unwrap();
        let prepared = lab.ask("textDocument/prepareRename", json!({})).await;
        assert_eq!(prepared["placeholder"], "gw", "{prepared}");
        let done = lab.ask("textDocument/rename", json!({ "newName": "exit" })).await;
        let changes = &done["changes"];
        assert_eq!(changes[lab.uri("t.wtop")].as_array().unwrap().len(), 2, "{done}");
        let lock = changes[lab.uri("t.wtop.lock")][0]["newText"].as_str().unwrap();
        assert!(lock.contains("address exit--lan exit = 10.0.0.7/24"), "{lock}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_name_that_is_taken_is_refused_with_the_reason() {
        let mut lab = Lab::open(&[("t.wtop", "topology t\nnode $0a: debian\nnode b: debian\n")]).await;
        let mut asked = lab.marked.clone();
        asked["newName"] = json!("b");
        let id = lab.client.request("textDocument/rename", asked).await;
        let refused = lab.client.answer(id).await["error"]["message"].to_string();
        assert!(refused.contains("`b` is taken"), "{refused}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn paths_follow_a_file_that_moves() {
        let one = "topology t\nuse \"./lib.wtop\".{edge}\nnode a: edge\n$0";
        let lib = "pub device edge extends debian { }\n";
        let mut lab = Lab::open(&[("t.wtop", one), ("lib.wtop", lib)]).await;
        let files = json!([{ "oldUri": lab.uri("lib.wtop"), "newUri": lab.uri("devices.wtop") }]);
        let done = lab.client.ask("workspace/willRenameFiles", json!({ "files": files })).await;
        assert_eq!(done["changes"][lab.uri("t.wtop")][0]["newText"], "./devices.wtop", "{done}");
    }
}
