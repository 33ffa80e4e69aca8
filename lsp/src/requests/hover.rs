//! `textDocument/hover`: what the word under the pointer is, what it is worth, and why.

use crate::markup::markup;
use crate::snapshot::Snapshot;
use tower_lsp::ls_types::{Hover, HoverContents, HoverParams};
use wtop_compiler::ide::hover::hover;

/// What is told of the word at a position.
pub fn answer(snapshot: &Snapshot, parameters: HoverParams) -> Option<Hover> {
    let asked = parameters.text_document_position_params;
    let place = snapshot.place(&asked.text_document.uri, asked.position)?;
    let found = hover(place.analysis.view(), place.file, place.offset)?;
    let range = snapshot.range(place.analysis, found.span);
    Some(Hover { contents: HoverContents::Markup(markup(found.markdown, snapshot.plain.hover)), range })
}

#[cfg(test)]
mod tests {
    use crate::test_client::Lab;
    use serde_json::json;

    #[tokio::test(flavor = "multi_thread")]
    async fn tells_of_the_word() {
        let mut lab = Lab::open(&[("t.wtop", "topology t\nlet é = 2\nnode a[1..é]: deb$0ian\n")]).await;
        let hover = lab.ask("textDocument/hover", json!({})).await;
        assert_eq!(hover["contents"]["kind"], "markdown");
        assert!(hover["contents"]["value"].as_str().unwrap().contains("2 instances in this lab"), "{hover}");
        let range = json!({ "start": { "line": 2, "character": 14 }, "end": { "line": 2, "character": 20 } });
        assert_eq!(hover["range"], range);
        lab.marked["position"] = json!({ "line": 2, "character": 12 });
        assert!(lab.ask("textDocument/hover", json!({})).await.is_null());
    }
}
