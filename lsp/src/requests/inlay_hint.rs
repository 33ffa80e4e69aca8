//! `textDocument/inlayHint` and `inlayHint/resolve`: what was chosen for the author, where it is left open.

use crate::analysis::Analysis;
use crate::markup::markup;
use crate::snapshot::Snapshot;
use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::{InlayHint, InlayHintKind, InlayHintLabel, InlayHintParams, InlayHintTooltip, TextEdit, Uri};
use wtop_compiler::ide::inlay_hints::{Hint, HintKind, Wanted, inlay_hints};
use wtop_compiler::source::Span;

/// What finds a hint again.
#[derive(Serialize, Deserialize)]
struct Data {
    uri: Uri,
    offset: u32,
    label: String,
}

/// The hints of a part of a file.
pub fn answer(snapshot: &Snapshot, parameters: InlayHintParams) -> Option<Vec<InlayHint>> {
    let uri = parameters.text_document.uri;
    let (analysis, span) = snapshot.span(&uri, parameters.range)?;
    let hints = inlay_hints(analysis.view(), span, wanted(snapshot));
    Some(hints.into_iter().filter_map(|hint| shown(snapshot, analysis, &uri, span, hint)).collect())
}

/// The hint with its tooltip, if it is there still.
pub fn resolve(snapshot: &Snapshot, mut hint: InlayHint) -> InlayHint {
    let data: Option<Data> = hint.data.clone().and_then(|data| serde_json::from_value(data).ok());
    hint.tooltip = data.and_then(|data| tooltip(snapshot, &data));
    hint
}

fn tooltip(snapshot: &Snapshot, data: &Data) -> Option<InlayHintTooltip> {
    let analysis = snapshot.analysis(&data.uri)?;
    let file = analysis.file(&analysis.path)?;
    let span = Span { file, start: data.offset, end: data.offset };
    let hints = inlay_hints(analysis.view(), span, wanted(snapshot));
    let hint = hints.iter().find(|hint| hint.offset == data.offset && hint.label == data.label)?;
    Some(InlayHintTooltip::MarkupContent(markup(hint.tooltip()?, false)))
}

fn wanted(snapshot: &Snapshot) -> Wanted {
    let settings = &snapshot.settings.inlay_hints;
    Wanted {
        addresses: settings.addresses,
        macs: settings.macs,
        interfaces: settings.interfaces,
        sizes: settings.sizes,
    }
}

fn shown(snapshot: &Snapshot, analysis: &Analysis, uri: &Uri, at: Span, hint: Hint) -> Option<InlayHint> {
    let place = Span { start: hint.offset, end: hint.offset, ..at };
    let edit =
        hint.edit.and_then(|edit| Some(TextEdit { range: snapshot.range(analysis, edit.span)?, new_text: edit.text }));
    let data = Data { uri: uri.clone(), offset: hint.offset, label: hint.label.clone() };
    Some(InlayHint {
        position: snapshot.range(analysis, place)?.start,
        label: InlayHintLabel::String(hint.label),
        // Interfaces read as a part of the name before them.
        kind: (hint.kind != HintKind::Interface).then_some(InlayHintKind::TYPE),
        text_edits: edit.map(|edit| vec![edit]),
        tooltip: None,
        padding_left: Some(hint.kind != HintKind::Interface),
        padding_right: None,
        data: serde_json::to_value(data).ok(),
    })
}

#[cfg(test)]
mod tests {
    use crate::test_client::Lab;
    use serde_json::json;

    #[tokio::test(flavor = "multi_thread")]
    async fn tell_what_was_chosen_and_more_when_asked() {
        let lab = "topology t\nnode a[1..2]: debian\nnode b: debian\nfor i in 1..2 {\n  link a[i] <-> b$0\n}\nlink a[1] <-> b\n";
        let mut lab = Lab::open(&[("t.wtop", lab)]).await;
        let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 4, "character": 99 } });
        let hints = lab.ask("textDocument/inlayHint", json!({ "range": range })).await;
        let labels: Vec<&str> = hints.as_array().unwrap().iter().map(|hint| hint["label"].as_str().unwrap()).collect();
        assert_eq!(labels, ["2 nodes", ":eth1", ":eth1, :eth2"]);
        assert_eq!(hints[0]["position"], json!({ "line": 1, "character": 12 }));
        assert!(hints[2]["tooltip"].is_null() && hints[2]["textEdits"].is_null());
        let resolved = lab.client.ask("inlayHint/resolve", hints[2].clone()).await;
        assert_eq!(resolved["tooltip"]["value"], "- b: `:eth1`\n- b: `:eth2`\n");
        let range = json!({ "start": { "line": 6, "character": 0 }, "end": { "line": 6, "character": 99 } });
        let hints = lab.ask("textDocument/inlayHint", json!({ "range": range })).await;
        assert_eq!(hints[0]["textEdits"][0]["newText"], ":eth2", "{hints}");
        let settings = json!({ "settings": { "wtop": { "inlayHints": { "interfaces": false } } } });
        lab.client.tell("workspace/didChangeConfiguration", settings).await;
        assert_eq!(lab.ask("textDocument/inlayHint", json!({ "range": range })).await, json!([]));
    }
}
