//! `textDocument/foldingRange`: what can be folded away.

use crate::snapshot::Snapshot;
use tower_lsp::ls_types::{FoldingRange, FoldingRangeKind, FoldingRangeParams};
use wtop_compiler::ide::folding::{FoldKind, folds};

/// The lines that go away. The line with the closing brace stays.
pub fn answer(snapshot: &Snapshot, parameters: FoldingRangeParams) -> Option<Vec<FoldingRange>> {
    let analysis = snapshot.analysis(&parameters.text_document.uri)?;
    let file = analysis.file(&analysis.path)?;
    let lines = &analysis.source(file)?.lines;
    let found = folds(analysis.view(), file).into_iter().filter_map(|fold| {
        let (start, end) = (lines.utf8(fold.span.start).line, lines.utf8(fold.span.end).line);
        let (kind, end_line) = match fold.kind {
            FoldKind::Code => (None, end - 1),
            FoldKind::Comment => (Some(FoldingRangeKind::Comment), end),
            FoldKind::Imports => (Some(FoldingRangeKind::Imports), end),
        };
        let range = FoldingRange { start_line: start, end_line, kind, ..FoldingRange::default() };
        (start < end_line).then_some(range)
    });
    Some(found.collect())
}

#[cfg(test)]
mod tests {
    use crate::test_client::Lab;
    use serde_json::json;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_block_without_its_last_line() {
        let text = "topology t\n// a\n// b\nnode a: vmx {\n  cpu = 1\n}\n$0";
        let mut lab = Lab::open(&[("t.wtop", text)]).await;
        let found = lab.ask("textDocument/foldingRange", json!({})).await;
        let comment = json!({ "startLine": 1, "endLine": 2, "kind": "comment" });
        assert_eq!(found, json!([comment, { "startLine": 3, "endLine": 4 }]));
    }
}
