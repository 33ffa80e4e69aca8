//! `textDocument/onTypeFormatting`: the line of a line end or `}` that was just typed.

use crate::snapshot::Snapshot;
use tower_lsp::ls_types::{DocumentOnTypeFormattingOptions, DocumentOnTypeFormattingParams, TextEdit};
use wtop_compiler::source::FileId;
use wtop_compiler::syntax::format::{after_brace, after_line_end};

/// What the server wants to be told of.
pub fn options() -> DocumentOnTypeFormattingOptions {
    DocumentOnTypeFormattingOptions {
        first_trigger_character: "\n".to_owned(),
        more_trigger_character: Some(vec!["}".to_owned()]),
    }
}

/// The edits.
pub fn answer(snapshot: &Snapshot, parameters: DocumentOnTypeFormattingParams) -> Option<Vec<TextEdit>> {
    let place = parameters.text_document_position;
    let document = snapshot.document(&place.text_document.uri)?;
    let offset = document.offset(snapshot.encoding, place.position);
    let edits = match parameters.ch.as_str() {
        "\n" => after_line_end(FileId(0), &document.text, offset),
        "}" => after_brace(FileId(0), &document.text, offset),
        _ => return None,
    };
    let edit = |edit: wtop_compiler::diagnostics::TextEdit| TextEdit {
        range: document.range(snapshot.encoding, edit.span.start, edit.span.end),
        new_text: edit.text,
    };
    Some(edits.into_iter().map(edit).collect())
}

#[cfg(test)]
mod tests {
    use crate::test_client::Lab;
    use serde_json::json;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_line_is_indented_as_it_is_begun() {
        let mut lab = Lab::open(&[("t.wtop", "topology t\nnode a: debian {\n$0\n}\n")]).await;
        let options = json!({ "tabSize": 8, "insertSpaces": false });
        let edits = lab.ask("textDocument/onTypeFormatting", json!({ "ch": "\n", "options": options })).await;
        let place = json!({ "line": 2, "character": 0 });
        assert_eq!(edits, json!([{ "range": { "start": place, "end": place }, "newText": "  " }]));
    }
}
