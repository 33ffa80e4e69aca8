//! `textDocument/references` and `textDocument/documentHighlight`: where a thing is named.

use super::{analyses, views};
use crate::snapshot::Snapshot;
use tower_lsp::ls_types::{
    DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams, Location, ReferenceParams,
};
use wtop_compiler::ide::references::{highlights, references};

/// The places in all labs of the workspace.
pub fn answer(snapshot: &Snapshot, parameters: ReferenceParams) -> Option<Vec<Location>> {
    let at = &parameters.text_document_position;
    let place = snapshot.place(&at.text_document.uri, at.position)?;
    let analyses = analyses(snapshot, place.analysis);
    let with_declarations = parameters.context.include_declaration;
    let found = references(&views(&analyses), (place.file, place.offset), with_declarations);
    let location = |found: &wtop_compiler::ide::Found| snapshot.location(analyses.get(found.view)?, found.span);
    Some(found.iter().filter_map(location).collect())
}

/// The places in the file.
pub fn highlight(snapshot: &Snapshot, parameters: DocumentHighlightParams) -> Option<Vec<DocumentHighlight>> {
    let at = &parameters.text_document_position_params;
    let place = snapshot.place(&at.text_document.uri, at.position)?;
    let found = highlights(place.analysis.view(), (place.file, place.offset)).into_iter();
    let translate = |one: wtop_compiler::ide::references::Highlight| {
        let kind = if one.is_declaration { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ };
        Some(DocumentHighlight { range: snapshot.range(place.analysis, one.span)?, kind: Some(kind) })
    };
    Some(found.filter_map(translate).collect())
}

#[cfg(test)]
mod tests {
    use crate::test_client::Lab;
    use serde_json::json;

    #[tokio::test(flavor = "multi_thread")]
    async fn places_in_every_lab_of_the_workspace() {
        let one = "topology t\nuse \"./lib.wtop\".{edge}\nnode a: $0edge\n";
        let two = "topology u\nuse \"./lib.wtop\".{edge}\nnode b: edge\n";
        let lib = "pub device edge extends debian { }\n";
        let mut lab = Lab::open(&[("t.wtop", one), ("u.wtop", two), ("lib.wtop", lib)]).await;
        let found = lab.ask("textDocument/references", json!({ "context": { "includeDeclaration": true } })).await;
        assert_eq!(found.as_array().unwrap().len(), 5, "{found}");
        let found = lab.ask("textDocument/references", json!({ "context": { "includeDeclaration": false } })).await;
        assert_eq!(found.as_array().unwrap().len(), 4, "{found}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn declared_and_used() {
        let mut lab = Lab::open(&[("t.wtop", "topology t\nnode a: debian\nnode b: debian\nlink $0a <-> b\n")]).await;
        let found = lab.ask("textDocument/documentHighlight", json!({})).await;
        let kinds: Vec<u64> = found.as_array().unwrap().iter().map(|one| one["kind"].as_u64().unwrap()).collect();
        assert_eq!(kinds, [3, 2]);
    }
}
