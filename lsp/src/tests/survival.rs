//! What a server must outlive: files of a size that nobody writes by hand, files that go away or are broken under it.

use crate::test_client::{Client, Lab, uri};
use serde_json::json;
use std::fs;

/// So many lines has a node below.
const LINES_OF_NODE: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_a_hundred_thousand_lines() {
    let folder = tempfile::tempdir().unwrap();
    let file = uri(&folder.path().join("t.wtop"));
    let document = json!({ "textDocument": { "uri": file } });
    let node = |number: usize| {
        let notes = "  // x\n".repeat(LINES_OF_NODE - 3);
        format!("node n{number}: linux {{\n  memory = 1GiB\n{notes}}}\n")
    };
    let count = 100_000 / LINES_OF_NODE;
    let text = (1..=count).fold("topology t\n".to_owned(), |text, number| text + &node(number));
    let mut client = Client::start().await;
    client.open(&file, &text).await;
    assert_eq!(client.diagnostics(&file, |params| params["version"] == 0).await, json!([]));

    // The type of the last node, where a mistake is written and taken back.
    let line = 1 + (count - 1) * LINES_OF_NODE;
    let column = format!("node n{count}: ").len();
    let range = |length: usize| json!({ "start": { "line": line, "character": column }, "end": { "line": line, "character": column + length } });
    client.change(&file, 1, json!([{ "range": range(5), "text": "linus" }])).await;
    let found = client.diagnostics(&file, |params| params["version"] == 1).await;
    assert_eq!((&found[0]["range"], found.as_array().unwrap().len()), (&range(5), 1), "{found}");
    client.change(&file, 2, json!([{ "range": range(5), "text": "debian" }])).await;
    assert_eq!(client.diagnostics(&file, |params| params["version"] == 2).await, json!([]));

    let symbols = client.ask("textDocument/documentSymbol", document.clone()).await;
    assert_eq!(symbols.as_array().unwrap().iter().filter(|symbol| symbol["detail"] == "linux").count(), count - 1);
    let tokens = client.ask("textDocument/semanticTokens/full", document.clone()).await;
    let lines = tokens["data"].as_array().unwrap().chunks(5).map(|token| token[0].as_u64().unwrap());
    assert!(lines.sum::<u64>() > 99_000);
    let at = json!({ "textDocument": { "uri": file }, "position": { "line": line, "character": column } });
    let hover = client.ask("textDocument/hover", at).await;
    assert_eq!(hover["range"], range(6));
    let folds = client.ask("textDocument/foldingRange", document).await;
    assert!(folds.as_array().unwrap().len() >= count);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_file_that_is_broken_or_gone() {
    let main = "topology t\nuse \"./l.wtop\".{edge}\nnode a: $0edge\n";
    let mut lab = Lab::open(&[("t.wtop", main)]).await;
    let library = lab.uri("l.wtop");
    let path = lab.folder.path().join("l.wtop");
    for (text, kind) in [
        (Some("pub device edge extends linux { }\n"), 1),
        (Some("pub device edge extends {{{ \"\n}"), 2),
        (Some("\u{0}\u{1} no text"), 2),
        (None, 3),
        (Some("pub device edge extends linux { }\n"), 1),
    ] {
        match text {
            Some(text) => fs::write(&path, text).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        lab.client
            .tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": library, "type": kind }] }))
            .await;
        let report = lab.ask("textDocument/diagnostic", json!({})).await;
        let is_right = text.is_some_and(|text| text.contains("linux"));
        assert_eq!(report.to_string().contains("severity"), !is_right, "{text:?}: {report}");
        let declared = lab.ask("textDocument/definition", json!({})).await;
        assert_eq!(declared.to_string().contains("l.wtop"), text.is_some_and(|text| text.contains("edge")), "{text:?}");
        lab.ask("textDocument/hover", json!({})).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_deleted_while_it_is_open() {
    let mut lab = Lab::open(&[("t.wtop", "topology t\nnode $0a: debian\n")]).await;
    let file = lab.uri("t.wtop");
    fs::remove_file(lab.folder.path().join("t.wtop")).unwrap();
    lab.client.tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": file, "type": 3 }] })).await;
    // What the editor has open is what counts.
    assert!(lab.ask("textDocument/hover", json!({})).await.is_object());
    lab.client.change(&file, 1, json!([{ "text": "topology t\nnode a: debiam\n" }])).await;
    assert_ne!(lab.client.diagnostics(&file, |params| params["version"] == 1).await, json!([]));
    lab.client.tell("textDocument/didClose", json!({ "textDocument": { "uri": file } })).await;
    assert!(lab.ask("textDocument/hover", json!({})).await.is_null());
    // Its whole folder goes.
    fs::remove_dir_all(lab.folder.path()).unwrap();
    let all = lab.client.ask("workspace/diagnostic", json!({ "previousResultIds": [] })).await;
    assert!(all["items"].is_array(), "{all}");
}
