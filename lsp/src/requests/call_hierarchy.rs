//! `textDocument/prepareCallHierarchy` and its two directions: which nodes and networks a node is linked to.

use super::symbol_kind;
use crate::analysis::Analysis;
use crate::snapshot::Snapshot;
use tower_lsp::ls_types::*;
use wtop_compiler::ide::hierarchy::{Direction, linked_thing, neighbours};
use wtop_compiler::ide::names::SymbolId;

/// The node or network at a position.
pub fn prepare(snapshot: &Snapshot, parameters: CallHierarchyPrepareParams) -> Option<Vec<CallHierarchyItem>> {
    let at = &parameters.text_document_position_params;
    let place = snapshot.place(&at.text_document.uri, at.position)?;
    let id = linked_thing(place.analysis.view(), (place.file, place.offset))?;
    Some(vec![item(snapshot, place.analysis, id)?])
}

/// The links that lead to it, from what is at their left ends.
pub fn incoming(
    snapshot: &Snapshot,
    parameters: CallHierarchyIncomingCallsParams,
) -> Option<Vec<CallHierarchyIncomingCall>> {
    let found = links(snapshot, &parameters.item, Direction::Incoming)?.into_iter();
    Some(found.map(|(from, from_ranges)| CallHierarchyIncomingCall { from, from_ranges }).collect())
}

/// The links that lead away from it, to what is at their right ends.
pub fn outgoing(
    snapshot: &Snapshot,
    parameters: CallHierarchyOutgoingCallsParams,
) -> Option<Vec<CallHierarchyOutgoingCall>> {
    let found = links(snapshot, &parameters.item, Direction::Outgoing)?.into_iter();
    Some(found.map(|(to, from_ranges)| CallHierarchyOutgoingCall { to, from_ranges }).collect())
}

fn links(
    snapshot: &Snapshot,
    of: &CallHierarchyItem,
    direction: Direction,
) -> Option<Vec<(CallHierarchyItem, Vec<Range>)>> {
    let place = snapshot.place(&of.uri, of.selection_range.start)?;
    let view = place.analysis.view();
    let id = linked_thing(view, (place.file, place.offset))?;
    let found = neighbours(view, id, direction).into_iter().filter_map(|(other, links)| {
        let ranges = links.iter().filter_map(|link| snapshot.range(place.analysis, *link)).collect();
        Some((item(snapshot, place.analysis, other)?, ranges))
    });
    Some(found.collect())
}

fn item(snapshot: &Snapshot, analysis: &Analysis, id: SymbolId) -> Option<CallHierarchyItem> {
    let symbol = analysis.view().names.symbol(id)?;
    let place = snapshot.location(analysis, symbol.name_span)?;
    Some(CallHierarchyItem {
        name: symbol.name.to_string(),
        kind: symbol_kind(symbol.kind),
        tags: None,
        detail: symbol.ty.map(|ty| analysis.compilation.sources.text(ty).to_owned()),
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
    async fn who_is_linked_to_whom() {
        let text = "topology t\nnode a: vmx\nnode $0b: vmx\nnode c: vmx\nlink a <-> b\nlink b:ge-0/0/3 <-> c\n";
        let mut lab = Lab::open(&[("t.wtop", text)]).await;
        let items = lab.ask("textDocument/prepareCallHierarchy", json!({})).await;
        assert_eq!((&items[0]["name"], &items[0]["detail"]), (&json!("b"), &json!("vmx")));
        let asked = json!({ "item": items[0] });
        let found = lab.client.ask("callHierarchy/incomingCalls", asked.clone()).await;
        assert_eq!(found[0]["from"]["name"], "a", "{found}");
        let found = lab.client.ask("callHierarchy/outgoingCalls", asked).await;
        assert_eq!(found[0]["to"]["name"], "c");
        assert_eq!(found[0]["fromRanges"][0]["start"], json!({ "line": 5, "character": 5 }));
    }
}
