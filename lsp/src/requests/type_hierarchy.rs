//! `textDocument/prepareTypeHierarchy` and its two directions: which devices extend which.

use super::{analyses, symbol_kind, views};
use crate::analysis::Analysis;
use crate::snapshot::Snapshot;
use tower_lsp::ls_types::*;
use wtop_compiler::ide::hierarchy::{bases, device, extended_by};
use wtop_compiler::ide::names::SymbolId;

/// The device at a position; of a node, what it is.
pub fn prepare(snapshot: &Snapshot, parameters: TypeHierarchyPrepareParams) -> Option<Vec<TypeHierarchyItem>> {
    let at = &parameters.text_document_position_params;
    let place = snapshot.place(&at.text_document.uri, at.position)?;
    let id = device(place.analysis.view(), (place.file, place.offset))?;
    Some(vec![item(snapshot, place.analysis, id)?])
}

/// What a device extends.
pub fn supertypes(snapshot: &Snapshot, parameters: TypeHierarchySupertypesParams) -> Option<Vec<TypeHierarchyItem>> {
    let place = snapshot.place(&parameters.item.uri, parameters.item.selection_range.start)?;
    let view = place.analysis.view();
    let id = device(view, (place.file, place.offset))?;
    Some(bases(view, id).into_iter().filter_map(|base| item(snapshot, place.analysis, base)).collect())
}

/// The devices that extend one, in all files of the workspace.
pub fn subtypes(snapshot: &Snapshot, parameters: TypeHierarchySubtypesParams) -> Option<Vec<TypeHierarchyItem>> {
    let place = snapshot.place(&parameters.item.uri, parameters.item.selection_range.start)?;
    let id = device(place.analysis.view(), (place.file, place.offset))?;
    let analyses = analyses(snapshot, place.analysis);
    let found = extended_by(&views(&analyses), id).into_iter().filter_map(|found| {
        let analysis = analyses.get(found.view)?;
        item(snapshot, analysis, analysis.view().names.declared_at(found.span)?)
    });
    Some(found.collect())
}

fn item(snapshot: &Snapshot, analysis: &Analysis, id: SymbolId) -> Option<TypeHierarchyItem> {
    let symbol = analysis.view().names.symbol(id)?;
    let place = snapshot.location(analysis, symbol.name_span)?;
    Some(TypeHierarchyItem {
        name: symbol.name.to_string(),
        kind: symbol_kind(symbol.kind),
        tags: None,
        detail: symbol.ty.map(|ty| format!("extends {}", analysis.compilation.sources.text(ty))),
        uri: place.uri,
        range: snapshot.range(analysis, symbol.item_span)?,
        selection_range: place.range,
        data: None,
    })
}

#[cfg(test)]
mod tests {
    use crate::test_client::Lab;
    use serde_json::json;

    #[tokio::test(flavor = "multi_thread")]
    async fn devices_above_and_below() {
        let text = "topology t\nuse \"./lib.wtop\".{edge}\ndevice rim extends edge { }\nnode a: $0edge\n";
        let lib = "pub device edge extends vmx { }\n";
        let mut lab = Lab::open(&[("t.wtop", text), ("lib.wtop", lib)]).await;
        let items = lab.ask("textDocument/prepareTypeHierarchy", json!({})).await;
        assert_eq!((&items[0]["name"], &items[0]["detail"]), (&json!("edge"), &json!("extends vmx")));
        let asked = json!({ "item": items[0] });
        let found = lab.client.ask("typeHierarchy/supertypes", asked.clone()).await;
        assert_eq!(found[0]["name"], "vmx", "{found}");
        // That one is of the library, which is open only as a copy of it.
        let below = lab.client.ask("typeHierarchy/subtypes", json!({ "item": found[0] })).await;
        assert_eq!(below[0]["name"], "edge", "{below}");
        let found = lab.client.ask("typeHierarchy/subtypes", asked).await;
        assert_eq!(found[0]["name"], "rim", "{found}");
    }
}
