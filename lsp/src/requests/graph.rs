//! `wtop/graph` and its companions, for previews: the picture of a lab, and the ways from it to the source and back.
//!
//! A client asks for the picture once, and again with the revision that it has when `wtop/graphChanged` tells it that
//! the lab was analysed anew. Ids are the paths of nodes, networks and links.

use crate::graphs::Form;
use crate::snapshot::Snapshot;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use tower_lsp::ls_types::notification::Notification;
use tower_lsp::ls_types::{Location, TextDocumentIdentifier, TextDocumentPositionParams};
use wtop_compiler::layout::Point;
use wtop_compiler::topology::{Origin, Topology};

/// What `wtop/graph` is asked with.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GraphParams {
    /// The lab.
    pub text_document: TextDocumentIdentifier,
    /// The revision that the client has, if any.
    pub since: Option<u64>,
    /// How it wants the picture.
    #[serde(default)]
    pub form: Form,
}

/// What `wtop/graphSource` is asked with.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceParams {
    /// The lab.
    pub text_document: TextDocumentIdentifier,
    /// A node, network or link of its picture.
    pub id: String,
}

/// What `wtop/place` is asked with.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlaceParams {
    /// The lab.
    pub text_document: TextDocumentIdentifier,
    /// Centres of nodes and networks; none puts everything where the layout wants it.
    pub nodes: BTreeMap<String, Point>,
}

/// Tells that the picture of a lab may be another now.
#[derive(Debug)]
pub enum GraphChanged {}

impl Notification for GraphChanged {
    type Params = TextDocumentIdentifier;
    const METHOD: &'static str = "wtop/graphChanged";
}

/// The picture of a lab, or what changed in it: see [`crate::graphs::Graphs::picture`].
pub fn picture(snapshot: &Snapshot, parameters: GraphParams) -> Option<Value> {
    let analysis = snapshot.analysis(&parameters.text_document.uri)?;
    snapshot.graphs.picture(&analysis.path, &analysis.compilation, parameters.form, parameters.since)
}

/// Puts things where someone wants them, and keeps that beside the lab. A reason, if it cannot be kept.
pub fn place(snapshot: &Snapshot, parameters: PlaceParams) -> Result<(), String> {
    let Some(analysis) = snapshot.analysis(&parameters.text_document.uri) else { return Ok(()) };
    snapshot.graphs.place(&analysis.path, &analysis.compilation, parameters.nodes)
}

/// Where something in the picture is declared.
pub fn source(snapshot: &Snapshot, parameters: SourceParams) -> Option<Location> {
    let analysis = snapshot.analysis(&parameters.text_document.uri)?;
    let topology = analysis.compilation.topology.as_ref()?;
    let (_, origin) = things(topology).find(|(id, _)| *id == parameters.id)?;
    snapshot.location(analysis, origin.span)
}

/// What is declared on the line of a position: all elements where it is an array or a loop. The one that the position
/// is at, where there are several.
pub fn at(snapshot: &Snapshot, parameters: TextDocumentPositionParams) -> Option<Vec<String>> {
    let place = snapshot.place(&parameters.text_document.uri, parameters.position)?;
    let topology = place.analysis.compilation.topology.as_ref()?;
    let lines = &place.analysis.source(place.file)?.lines;
    let line = lines.utf8(place.offset).line;
    let here = |origin: &Origin| origin.span.file == place.file && lines.utf8(origin.span.start).line == line;
    let here: Vec<(&str, &Origin)> = things(topology).filter(|(_, origin)| here(origin)).collect();
    let touched = here.iter().any(|(_, origin)| origin.span.touches(place.offset as usize));
    let meant = here.iter().filter(|(_, origin)| !touched || origin.span.touches(place.offset as usize));
    Some(meant.map(|(id, _)| (*id).to_owned()).collect())
}

/// Everything in a picture that has a place in the source.
pub(super) fn things(topology: &Topology) -> impl Iterator<Item = (&str, &Origin)> {
    let nodes = topology.nodes.iter().map(|node| (node.path.as_str(), &node.origin));
    let networks = topology.networks.iter().map(|network| (network.path.as_str(), &network.origin));
    let links = topology.links.iter().map(|link| (link.path.as_str(), &link.origin));
    let lags = topology.lags.iter().map(|lag| (lag.path.as_str(), &lag.origin));
    nodes.chain(networks).chain(links).chain(lags)
}

#[cfg(test)]
mod tests {
    use crate::test_client::Lab;
    use serde_json::json;

    const LAB: &str = "topology t\nnode a: debian\nnode b: debian\nlink a$0 <-> b\n";

    #[tokio::test(flavor = "multi_thread")]
    async fn a_picture_follows_edits_and_leads_to_the_source_and_back() {
        let mut lab = Lab::open(&[("t.wtop", LAB)]).await;
        let uri = lab.uri("t.wtop");
        let document = json!({ "textDocument": { "uri": uri } });
        let first = lab.client.ask("wtop/graph", document.clone()).await;
        assert_eq!((&first["revision"], &first["stale"]), (&json!(1), &json!(false)));
        let old = first["picture"]["nodes"]["a"].clone();
        assert_eq!(old["label"], "a", "{first}");

        let text = LAB.replace("$0", "").replace("node b", "node c: debian\nnode b");
        lab.client.change(&uri, 1, json!([{ "text": text }])).await;
        let asked = json!({ "textDocument": { "uri": uri }, "since": 1 });
        let second = lab.client.ask("wtop/graph", asked.clone()).await;
        assert_eq!((&second["revision"], &second["since"]), (&json!(2), &json!(1)));
        assert!(second["patch"]["nodes"]["set"]["c"].is_object(), "{second}");
        assert!(second["patch"]["nodes"]["set"]["a"].is_null(), "what stood somewhere stays there: {second}");

        lab.client.change(&uri, 2, json!([{ "text": text.replace("link a", "link a (") }])).await;
        let broken = lab.client.ask("wtop/graph", json!({ "textDocument": { "uri": uri }, "since": 2 })).await;
        assert_eq!((&broken["revision"], &broken["stale"], &broken["patch"]), (&json!(2), &json!(true), &json!({})));

        lab.client.change(&uri, 3, json!([{ "text": LAB.replace("$0", "") }])).await;
        let source = lab.client.ask("wtop/graphSource", json!({ "textDocument": { "uri": uri }, "id": "b" })).await;
        assert_eq!(source["range"]["start"], json!({ "line": 2, "character": 5 }));
        assert_eq!(lab.ask("wtop/graphAt", json!({})).await, json!(["a--b"]));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_follows_a_picture_is_told_when_it_may_be_another() {
        let mut lab = Lab::open(&[("t.wtop", LAB)]).await;
        let uri = lab.uri("t.wtop");
        lab.client.ask("wtop/graph", json!({ "textDocument": { "uri": uri } })).await;
        lab.client.change(&uri, 1, json!([{ "text": "topology t\n" }])).await;
        assert_eq!(lab.client.told("wtop/graphChanged").await, json!({ "uri": uri }));
    }
}
