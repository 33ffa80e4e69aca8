//! One file a request: from a snapshot and the parameters of the protocol to its answer.
//!
//! Each has a function `answer(&Snapshot, parameters)`; what it needs to be known stands in the table of
//! [`server`](crate::server). Rules of the language are asked of the compiler.

pub mod code_action;
pub mod code_lens;
pub mod formatting;
pub mod graph;
pub mod graph_text;
pub mod inlay_hint;
pub mod on_type_formatting;
pub mod pull_diagnostics;
pub mod semantic_tokens;
pub mod signature_help;

use tower_lsp::ls_types::{MarkupContent, MarkupKind};

/// Markdown, as the protocol has it.
fn markdown(value: String) -> MarkupContent {
    MarkupContent { kind: MarkupKind::Markdown, value }
}
