//! One file a request: from a snapshot and the parameters of the protocol to its answer.
//!
//! Each has a function `answer(&Snapshot, parameters)`; what it needs to be known stands in the table of
//! [`server`](crate::server). Rules of the language are asked of the compiler.

pub mod call_hierarchy;
pub mod code_action;
pub mod code_lens;
pub mod completion;
pub mod definition;
pub mod document_link;
pub mod document_symbol;
pub mod edit;
pub mod folding_range;
pub mod formatting;
pub mod graph;
pub mod graph_text;
pub mod hover;
pub mod inlay_hint;
pub mod linked_editing_range;
pub mod look;
pub mod on_type_formatting;
pub mod pull_diagnostics;
pub mod references;
pub mod rename;
pub mod selection_range;
pub mod semantic_tokens;
pub mod signature_help;
pub mod type_hierarchy;

use crate::analysis::Analysis;
use crate::snapshot::Snapshot;
use tower_lsp::ls_types::SymbolKind;
use wtop_compiler::ide::{View, names};

/// The analyses of all labs, that of the question first.
fn analyses<'a>(snapshot: &'a Snapshot, first: &'a Analysis) -> Vec<&'a Analysis> {
    let others = snapshot.analyses.values().map(|analysis| &**analysis);
    std::iter::once(first).chain(others.filter(|other| other.path != first.path)).collect()
}

/// What questions about several labs are asked of.
fn views<'a>(analyses: &[&'a Analysis]) -> Vec<View<'a>> {
    analyses.iter().map(|analysis| analysis.view()).collect()
}

/// What an editor shows of a symbol: its icon.
fn symbol_kind(kind: names::SymbolKind) -> SymbolKind {
    use names::SymbolKind as Kind;
    match kind {
        Kind::File | Kind::Disk | Kind::Media | Kind::Image => SymbolKind::FILE,
        Kind::Topology => SymbolKind::NAMESPACE,
        Kind::Param | Kind::Let => SymbolKind::CONSTANT,
        Kind::Argument | Kind::Variable => SymbolKind::VARIABLE,
        Kind::Type => SymbolKind::STRUCT,
        Kind::Field | Kind::Attribute => SymbolKind::FIELD,
        Kind::Member => SymbolKind::ENUM_MEMBER,
        Kind::Pool => SymbolKind::ARRAY,
        Kind::Node => SymbolKind::OBJECT,
        Kind::Network | Kind::Vlan | Kind::Vrf => SymbolKind::INTERFACE,
        Kind::Link | Kind::Lag => SymbolKind::EVENT,
        Kind::Device => SymbolKind::CLASS,
        Kind::Module => SymbolKind::MODULE,
        Kind::Vm | Kind::Nic | Kind::Interface => SymbolKind::PROPERTY,
        Kind::Target => SymbolKind::PACKAGE,
        Kind::Check => SymbolKind::BOOLEAN,
    }
}
