//! `wtop/graphText`: the lab drawn in plain characters, for editors that show text, and what each character shows.

use super::graph::things;
use crate::snapshot::Snapshot;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tower_lsp::ls_types::{Location, Position, Range, TextDocumentIdentifier};
use wtop_compiler::backends::picture::Place;

/// The columns of a drawing for which nobody says how wide it may be.
const WIDTH: usize = 100;

/// What `wtop/graphText` is asked with.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GraphTextParams {
    /// The lab.
    pub text_document: TextDocumentIdentifier,
    /// Columns that the drawing may take.
    pub width: Option<usize>,
}

/// A drawing, and the ways from it to the source.
#[derive(Debug, Serialize)]
pub struct GraphText {
    /// The lines from the top.
    pub lines: Vec<String>,
    /// What is where in the lines.
    pub places: Vec<ShownPlace>,
    /// Where each thing is declared, by its path.
    pub sources: BTreeMap<String, Location>,
    /// Is it the drawing of an earlier state, since something of the lab cannot be made now?
    pub stale: bool,
}

/// Neighbouring characters that show one thing.
#[derive(Debug, Serialize)]
pub struct ShownPlace {
    /// Where in the lines.
    pub range: Range,
    /// `node`, `network` or `link`.
    pub kind: &'static str,
    /// The path of what it shows.
    pub path: String,
}

/// Draws the lab. None if nothing of it can be made and nothing could before.
pub fn answer(snapshot: &Snapshot, parameters: GraphTextParams) -> Option<GraphText> {
    let analysis = snapshot.analysis(&parameters.text_document.uri)?;
    let width = parameters.width.unwrap_or(WIDTH);
    let (drawn, stale) = snapshot.graphs.text(&analysis.path, &analysis.compilation, width)?;
    let topology = analysis.compilation.topology.as_ref();
    let sources = topology.into_iter().flat_map(things);
    let sources =
        sources.filter_map(|(path, origin)| Some((path.to_owned(), snapshot.location(analysis, origin.span)?)));
    let sources = sources.collect();
    let places = drawn.places.iter().map(|place| shown(snapshot, &drawn.lines, place)).collect();
    Some(GraphText { places, sources, lines: drawn.lines, stale })
}

fn shown(snapshot: &Snapshot, lines: &[String], place: &Place) -> ShownPlace {
    let line = lines.get(place.line).map_or("", String::as_str);
    let position = |column: usize| {
        let before = line.char_indices().nth(column).map_or(line, |(byte, _)| line.get(..byte).unwrap_or(line));
        Position { line: u32::try_from(place.line).unwrap_or(0), character: snapshot.encoding.units(before) }
    };
    let range = Range { start: position(place.columns.start), end: position(place.columns.end) };
    ShownPlace { range, kind: place.thing.kind(), path: place.thing.path().to_owned() }
}

#[cfg(test)]
mod tests {
    use crate::test_client::Lab;
    use serde_json::json;

    const LAB: &str = "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\n$0";

    #[tokio::test(flavor = "multi_thread")]
    async fn a_drawing_says_what_is_where_and_leads_to_the_source() {
        let mut lab = Lab::open(&[("t.wtop", LAB)]).await;
        let uri = lab.uri("t.wtop");
        let drawn = lab.client.ask("wtop/graphText", json!({ "textDocument": { "uri": uri }, "width": 60 })).await;
        let wanted = [
            "┌────────┐           ┌────────┐",
            "│   a    ├eth1───eth1┤   b    │",
            "│ debian │           │ debian │",
            "└────────┘           └────────┘",
        ];
        assert_eq!(drawn["lines"], json!(wanted));
        // Columns are UTF-16 units, as this client offers nothing else; `├eth1───eth1┤` shows the link.
        let link = json!({ "range": { "start": { "line": 1, "character": 9 }, "end": { "line": 1, "character": 22 } }, "kind": "link", "path": "a--b" });
        assert!(drawn["places"].as_array().unwrap().contains(&link), "{drawn}");
        assert_eq!(drawn["sources"]["b"]["range"]["start"], json!({ "line": 2, "character": 5 }));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn it_stays_while_the_lab_is_broken_and_its_followers_are_told() {
        let mut lab = Lab::open(&[("t.wtop", LAB)]).await;
        let uri = lab.uri("t.wtop");
        let asked = json!({ "textDocument": { "uri": uri } });
        let whole = lab.client.ask("wtop/graphText", asked.clone()).await;
        let broken = LAB.replace("$0", "").replace("link a <->", "link a <->\n");
        lab.client.change(&uri, 1, json!([{ "text": broken }])).await;
        assert_eq!(lab.client.told("wtop/graphChanged").await, json!({ "uri": uri }));
        let now = lab.client.ask("wtop/graphText", asked).await;
        assert_eq!((&now["lines"], &now["stale"]), (&whole["lines"], &json!(true)));
    }
}
