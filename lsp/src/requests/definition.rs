//! `textDocument/definition`, `declaration`, `typeDefinition` and `implementation`: where a name leads.

use super::{analyses, views};
use crate::snapshot::Snapshot;
use tower_lsp::ls_types::{GotoDefinitionParams, GotoDefinitionResponse, Location, Range};
use wtop_compiler::ide::definition::{self, Leads};
use wtop_compiler::ide::links::links;
use wtop_compiler::ide::{Position, View};

/// Where a name is declared; the file, of a path.
pub fn definition(snapshot: &Snapshot, parameters: GotoDefinitionParams) -> Option<GotoDefinitionResponse> {
    answer(snapshot, &parameters, definition::definition).or_else(|| file(snapshot, &parameters))
}

/// The file that the path at a position names.
fn file(snapshot: &Snapshot, parameters: &GotoDefinitionParams) -> Option<GotoDefinitionResponse> {
    let at = &parameters.text_document_position_params;
    let place = snapshot.place(&at.text_document.uri, at.position)?;
    let found = links(place.analysis.view(), place.file).into_iter();
    let mut found = found.filter(|link| !link.is_folder && link.span.touches(place.offset as usize));
    let uri = snapshot.uri(&found.next()?.path)?;
    Some(GotoDefinitionResponse::Array(vec![Location { uri, range: Range::default() }]))
}

/// The `use` that brings a name in, else its declaration.
pub fn declaration(snapshot: &Snapshot, parameters: GotoDefinitionParams) -> Option<GotoDefinitionResponse> {
    answer(snapshot, &parameters, definition::declaration)
}

/// The device of a node, the type of a parameter.
pub fn type_definition(snapshot: &Snapshot, parameters: GotoDefinitionParams) -> Option<GotoDefinitionResponse> {
    answer(snapshot, &parameters, definition::type_definition)
}

/// What is made from a device or module, in all labs.
pub fn implementation(snapshot: &Snapshot, parameters: GotoDefinitionParams) -> Option<GotoDefinitionResponse> {
    let at = &parameters.text_document_position_params;
    let place = snapshot.place(&at.text_document.uri, at.position)?;
    let analyses = analyses(snapshot, place.analysis);
    let found = definition::implementations(&views(&analyses), (place.file, place.offset));
    let location = |found: &wtop_compiler::ide::Found| snapshot.location(analyses.get(found.view)?, found.span);
    Some(GotoDefinitionResponse::Array(found.iter().filter_map(location).collect()))
}

fn answer(
    snapshot: &Snapshot,
    parameters: &GotoDefinitionParams,
    ask: fn(View, Position) -> Option<Leads>,
) -> Option<GotoDefinitionResponse> {
    let at = &parameters.text_document_position_params;
    let place = snapshot.place(&at.text_document.uri, at.position)?;
    let leads = ask(place.analysis.view(), (place.file, place.offset))?;
    let locations = leads.to.iter().filter_map(|target| snapshot.location(place.analysis, target.name));
    let locations: Vec<Location> = locations.collect();
    (!locations.is_empty()).then_some(GotoDefinitionResponse::Array(locations))
}

#[cfg(test)]
mod tests {
    use crate::test_client::Lab;
    use serde_json::{Value, json};

    const LIBRARY: &str = "pub device edge extends debian { }\n";

    fn starts(answer: &Value) -> Vec<(u64, u64)> {
        let start = |one: &Value| {
            let start = &one["range"]["start"];
            (start["line"].as_u64().unwrap(), start["character"].as_u64().unwrap())
        };
        answer.as_array().unwrap().iter().map(start).collect()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_device_leads_to_its_file_its_use_and_its_nodes() {
        let text = "topology t\nuse \"./lib.wtop\".{edge}\n// é😀\nnode a: $0edge\n";
        let mut lab = Lab::open(&[("t.wtop", text), ("lib.wtop", LIBRARY)]).await;
        let found = lab.ask("textDocument/definition", json!({})).await;
        assert_eq!((found[0]["uri"].as_str().unwrap(), starts(&found)), (lab.uri("lib.wtop").as_str(), vec![(0, 11)]));
        let found = lab.ask("textDocument/declaration", json!({})).await;
        assert_eq!((found[0]["uri"].as_str().unwrap(), starts(&found)), (lab.uri("t.wtop").as_str(), vec![(1, 18)]));
        let found = lab.ask("textDocument/implementation", json!({})).await;
        assert_eq!(starts(&found), [(3, 5)]);
        assert!(lab.client.capabilities["implementationProvider"].as_bool().unwrap());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn columns_count_as_the_client_counts() {
        let text = "topology t\nnode a: vmx { notes = \"😀${$0self.name}\" }\n";
        let mut lab = Lab::open(&[("t.wtop", text)]).await;
        let found = lab.ask("textDocument/definition", json!({})).await;
        assert_eq!(starts(&found), [(1, 5)]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_path_leads_to_its_file() {
        let text = "topology t\nnode a: debian { files { \"/x\" = file(\"a$0.conf\") } }\n";
        let mut lab = Lab::open(&[("t.wtop", text)]).await;
        let found = lab.ask("textDocument/definition", json!({})).await;
        assert_eq!(found[0]["uri"], lab.uri("a.conf"), "{found}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_port_leads_into_the_library_and_a_node_to_its_device() {
        let text = "topology t\nnode a: vmx\nnode b: vmx\nlink $0a:ge-0/0/0 <-> b:ge-0/0/1\n";
        let mut lab = Lab::open(&[("t.wtop", text)]).await;
        let found = lab.ask("textDocument/typeDefinition", json!({})).await;
        assert!(found[0]["uri"].as_str().unwrap().ends_with("std/juniper/vmx.wtop"), "{found}");
        lab.marked["position"]["character"] = json!(9);
        let found = lab.ask("textDocument/definition", json!({})).await;
        assert!(found[0]["uri"].as_str().unwrap().ends_with("std/juniper/vmx.wtop"), "{found}");
    }
}
