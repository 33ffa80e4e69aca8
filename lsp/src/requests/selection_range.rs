//! `textDocument/selectionRange`: what a selection grows to.

use crate::snapshot::Snapshot;
use tower_lsp::ls_types::{Position, Range, SelectionRange, SelectionRangeParams, Uri};
use wtop_compiler::ide::selection::ranges;

/// The ranges around each position, each in the next.
pub fn answer(snapshot: &Snapshot, parameters: SelectionRangeParams) -> Option<Vec<SelectionRange>> {
    let uri = &parameters.text_document.uri;
    parameters.positions.into_iter().map(|position| around(snapshot, uri, position)).collect()
}

fn around(snapshot: &Snapshot, uri: &Uri, position: Position) -> Option<SelectionRange> {
    let place = snapshot.place(uri, position)?;
    let found = ranges(place.analysis.view(), (place.file, place.offset)).into_iter().rev();
    let mut found = found.filter_map(|span| snapshot.range(place.analysis, span));
    let outermost = found.next().unwrap_or(Range { start: position, end: position });
    let outermost = SelectionRange { range: outermost, parent: None };
    Some(found.fold(outermost, |outer, range| SelectionRange { range, parent: Some(Box::new(outer)) }))
}

#[cfg(test)]
mod tests {
    use crate::test_client::Lab;
    use serde_json::json;

    #[tokio::test(flavor = "multi_thread")]
    async fn from_the_word_to_the_file() {
        let mut lab = Lab::open(&[("t.wtop", "topology t\nnode a: vmx { cpu = $0size }\n")]).await;
        let asked = json!({ "textDocument": { "uri": lab.uri("t.wtop") }, "positions": [lab.marked["position"]] });
        let found = lab.client.ask("textDocument/selectionRange", asked).await;
        let range = |start: u64, end: u64| json!({ "start": { "line": 1, "character": start }, "end": { "line": 1, "character": end } });
        assert_eq!(found[0]["range"], range(20, 24), "{found}");
        assert_eq!(found[0]["parent"]["range"], range(14, 24));
        assert_eq!(found[0]["parent"]["parent"]["range"], range(12, 26));
    }
}
