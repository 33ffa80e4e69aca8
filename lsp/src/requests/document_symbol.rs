//! `textDocument/documentSymbol` and `workspace/symbol`: what a file declares, and what all do.

use super::{symbol_kind, views};
use crate::analysis::Analysis;
use crate::snapshot::Snapshot;
use tower_lsp::ls_types::{
    DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, OneOf, WorkspaceSymbol, WorkspaceSymbolParams,
    WorkspaceSymbolResponse,
};
use wtop_compiler::ide::symbols::{Outline, outline, search};

/// The declarations of a file, as a tree.
pub fn answer(snapshot: &Snapshot, parameters: DocumentSymbolParams) -> Option<DocumentSymbolResponse> {
    let analysis = snapshot.analysis(&parameters.text_document.uri)?;
    let found = outline(analysis.view(), analysis.file(&analysis.path)?);
    Some(DocumentSymbolResponse::Nested(all(snapshot, analysis, found)))
}

fn all(snapshot: &Snapshot, analysis: &Analysis, outlines: Vec<Outline>) -> Vec<DocumentSymbol> {
    outlines.into_iter().filter_map(|outline| symbol(snapshot, analysis, outline)).collect()
}

fn symbol(snapshot: &Snapshot, analysis: &Analysis, outline: Outline) -> Option<DocumentSymbol> {
    let children = all(snapshot, analysis, outline.inside);
    #[allow(deprecated)] // The field has to be given.
    Some(DocumentSymbol {
        name: outline.name,
        detail: outline.detail,
        kind: symbol_kind(outline.kind),
        tags: None,
        deprecated: None,
        range: snapshot.range(analysis, outline.item)?,
        selection_range: snapshot.range(analysis, outline.span)?,
        children: (!children.is_empty()).then_some(children),
    })
}

/// What is declared in the workspace and has a name like that.
pub fn workspace(snapshot: &Snapshot, parameters: WorkspaceSymbolParams) -> Option<WorkspaceSymbolResponse> {
    let analyses: Vec<&Analysis> = snapshot.analyses.values().map(|analysis| &**analysis).collect();
    let views = views(&analyses);
    let found = search(&views, &parameters.query).into_iter().filter_map(|found| {
        let names = views.get(found.view)?.names;
        let symbol = names.symbol(names.declared_at(found.span)?)?;
        let container = symbol.container.and_then(|container| names.symbol(container));
        Some(WorkspaceSymbol {
            name: symbol.name.to_string(),
            kind: symbol_kind(symbol.kind),
            tags: None,
            container_name: container.map(|container| container.name.to_string()),
            location: OneOf::Left(snapshot.location(analyses.get(found.view)?, found.span)?),
            data: None,
        })
    });
    Some(WorkspaceSymbolResponse::Nested(found.collect()))
}

#[cfg(test)]
mod tests {
    use crate::test_client::Lab;
    use serde_json::json;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_file_as_a_tree_and_names_of_all_files() {
        let one = "topology t\nnode gw: vmx { interface lo0 { mtu = 1500 } }\n$0";
        let two = "topology u\nnode gateway: debian\n";
        let mut lab = Lab::open(&[("t.wtop", one), ("u.wtop", two)]).await;
        let found = lab.ask("textDocument/documentSymbol", json!({})).await;
        assert_eq!(found[1]["name"], "gw");
        assert_eq!(found[1]["detail"], "vmx");
        assert_eq!(found[1]["children"][0]["name"], "lo0");
        let found = lab.client.ask("workspace/symbol", json!({ "query": "gw" })).await;
        let names: Vec<&str> = found.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["gw", "gateway"]);
    }
}
