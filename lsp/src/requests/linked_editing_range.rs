//! `textDocument/linkedEditingRange`: names that are typed in several places at once.

use crate::snapshot::Snapshot;
use tower_lsp::ls_types::{LinkedEditingRangeParams, LinkedEditingRanges};
use wtop_compiler::ide::linked_editing::ranges;

/// The places of a local name.
pub fn answer(snapshot: &Snapshot, parameters: LinkedEditingRangeParams) -> Option<LinkedEditingRanges> {
    let at = &parameters.text_document_position_params;
    let place = snapshot.place(&at.text_document.uri, at.position)?;
    let found = ranges(place.analysis.view(), (place.file, place.offset))?;
    let ranges = found.iter().filter_map(|span| snapshot.range(place.analysis, *span)).collect();
    let word_pattern = Some("[A-Za-z_][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*".to_owned());
    Some(LinkedEditingRanges { ranges, word_pattern })
}

#[cfg(test)]
mod tests {
    use crate::test_client::Lab;
    use serde_json::json;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_variable_with_its_uses() {
        let mut lab = Lab::open(&[("t.wtop", "topology t\nfor $0i in 1..2 { node r[i]: debian }\n")]).await;
        let found = lab.ask("textDocument/linkedEditingRange", json!({})).await;
        assert_eq!(found["ranges"][1]["start"], json!({ "line": 1, "character": 23 }), "{found}");
    }
}
