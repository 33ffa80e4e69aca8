//! `textDocument/formatting` and `textDocument/rangeFormatting`: what `wtop fmt` does.

use crate::snapshot::Snapshot;
use tower_lsp::ls_types::{DocumentFormattingParams, DocumentRangeFormattingParams, Range, TextEdit, Uri};
use wtop_compiler::source::{FileId, Span};
use wtop_compiler::syntax::format::format_range;

/// The edits that format a file.
pub fn whole(snapshot: &Snapshot, parameters: DocumentFormattingParams) -> Option<Vec<TextEdit>> {
    edits(snapshot, &parameters.text_document.uri, None)
}

/// The edits that format some lines.
pub fn range(snapshot: &Snapshot, parameters: DocumentRangeFormattingParams) -> Option<Vec<TextEdit>> {
    edits(snapshot, &parameters.text_document.uri, Some(parameters.range))
}

fn edits(snapshot: &Snapshot, uri: &Uri, range: Option<Range>) -> Option<Vec<TextEdit>> {
    let document = snapshot.document(uri)?;
    let offset = |position| document.offset(snapshot.encoding, position);
    let (start, end) = range.map_or((0, document.text.len()), |range| (offset(range.start), offset(range.end)));
    let edits = format_range(&document.text, Span::new(FileId(0), start, end)).into_iter();
    let translate = |edit: wtop_compiler::diagnostics::TextEdit| TextEdit {
        range: document.range(snapshot.encoding, edit.span.start, edit.span.end),
        new_text: edit.text,
    };
    Some(edits.map(translate).collect())
}
