//! `textDocument/documentLink`: the files that a file names.

use crate::snapshot::Snapshot;
use tower_lsp::ls_types::{DocumentLink, DocumentLinkParams};
use wtop_compiler::ide::links::links;

/// The links. What is not there leads nowhere: that is told as a mistake.
pub fn answer(snapshot: &Snapshot, parameters: DocumentLinkParams) -> Option<Vec<DocumentLink>> {
    let analysis = snapshot.analysis(&parameters.text_document.uri)?;
    let found = links(analysis.view(), analysis.file(&analysis.path)?).into_iter();
    let found = found.filter(|link| !link.is_folder).filter_map(|link| {
        Some(DocumentLink {
            range: snapshot.range(analysis, link.span)?,
            target: Some(snapshot.uri(&link.path)?),
            tooltip: None,
            data: None,
        })
    });
    Some(found.collect())
}

#[cfg(test)]
mod tests {
    use crate::test_client::Lab;
    use serde_json::json;

    #[tokio::test(flavor = "multi_thread")]
    async fn paths_lead_to_their_files() {
        let text =
            "topology t\nuse \"./lib.wtop\".{edge}\nnode a: edge { config = file(\"😀\") + file(\"a.conf\") }\n$0";
        let mut lab = Lab::open(&[("t.wtop", text), ("lib.wtop", "pub device edge extends vmx { }\n")]).await;
        let found = lab.ask("textDocument/documentLink", json!({})).await;
        assert_eq!(found[0]["target"], lab.uri("lib.wtop"), "{found}");
        assert_eq!(found[2]["target"], lab.uri("a.conf"));
        assert_eq!(found[2]["range"]["start"], json!({ "line": 2, "character": 43 }));
    }
}
