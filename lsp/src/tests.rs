//! Sessions with a client at the other end of a pipe.

mod chaos;
mod replay;
mod survival;

use crate::test_client::{Client, Lab, PATIENCE, uri};
use serde_json::json;
use tokio::time::timeout;

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_edits_keep_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let uri = uri(&folder.path().join("t.wtop"));
    let mut text = "topology t\n".to_owned();
    let mut client = Client::start().await;
    client.open(&uri, &text).await;
    let mut random = 1_u32;
    for version in 1..=3000 {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        // The edits stand on a line of their own, where each moves the ones after it.
        let letters = text.chars().count() - 11;
        let at = (random >> 8) as usize % (letters + 1);
        let removed = usize::from(letters > 40 && at < letters);
        let new = ["a", "é", "日", " "][(random >> 28) as usize % 4];
        let byte = |at: usize| text.char_indices().nth(11 + at).map_or(text.len(), |(byte, _)| byte);
        let range = json!({
            "start": { "line": 1, "character": at }, "end": { "line": 1, "character": at + 2 * removed.min(letters - at) }
        });
        let (start, end) = (byte(at), byte(at + 2 * removed));
        text.replace_range(start..end, new);
        client.change(&uri, version, json!([{ "range": range, "text": new }])).await;
    }
    let edited = client.diagnostics(&uri, |params| params["version"] == 3000).await;
    let mut fresh = Client::start().await;
    fresh.open(&uri, &text).await;
    assert_eq!(edited, fresh.diagnostics(&uri, |_| true).await);
    assert_ne!(edited, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_comes_with_its_fix_and_goes() {
    let folder = tempfile::tempdir().unwrap();
    let uri = uri(&folder.path().join("t.wtop"));
    let mut client = Client::start().await;
    client.open(&uri, "topology t\nnode a: debiam\n").await;
    let found = client.diagnostics(&uri, |_| true).await;
    assert_eq!(found[0]["source"], "wtop");
    assert_eq!(found[0]["range"]["start"]["line"], 1);
    let params = json!({
        "textDocument": { "uri": uri }, "range": found[0]["range"], "context": { "diagnostics": [] }
    });
    let actions = client.ask("textDocument/codeAction", params).await;
    let edits = &actions[0]["edit"]["changes"][&uri];
    assert_eq!(actions[0]["kind"], "quickfix", "{found}");
    client.change(&uri, 1, json!([{ "range": edits[0]["range"], "text": edits[0]["newText"] }])).await;
    let left = client.diagnostics(&uri, |params| params["version"] == 1).await;
    assert!(!left.to_string().contains("debiam"), "{left}");
    client.change(&uri, 2, json!([{ "text": "topology t\n" }])).await;
    assert_eq!(client.diagnostics(&uri, |params| params["version"] == 2).await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn formats_what_was_just_typed() {
    let folder = tempfile::tempdir().unwrap();
    let uri = uri(&folder.path().join("t.wtop"));
    let mut client = Client::start().await;
    client.open(&uri, "topology t\n").await;
    client.change(&uri, 1, json!([{ "text": "topology   t\n" }])).await;
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    let params = json!({ "textDocument": { "uri": uri }, "options": options });
    let edits = client.ask("textDocument/formatting", params).await;
    let range = json!({ "start": { "line": 0, "character": 9 }, "end": { "line": 0, "character": 11 } });
    assert_eq!(edits, json!([{ "range": range, "newText": "" }]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_dies_ends_the_server() {
    let Client { input, output, server, .. } = Client::start().await;
    drop((input, output));
    timeout(PATIENCE, server).await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_in_an_imported_file_goes_when_it_is_mended_or_not_imported_any_more() {
    let main = "topology t\nuse \"./l.wtop\".{edge}\nnode a: edge\n";
    let mut lab = Lab::open(&[("t.wtop", main)]).await;
    let (main_uri, uri) = (lab.uri("t.wtop"), lab.uri("l.wtop"));
    std::fs::write(lab.folder.path().join("l.wtop"), "pub device edge extends linux { memry = 1GiB }\n").unwrap();
    lab.client.tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri, "type": 1 }] })).await;
    let found = lab.client.diagnostics(&uri, |_| true).await;
    assert!(found.to_string().contains("memry"), "{found}");
    lab.client.change(&main_uri, 1, json!([{ "text": "topology t\n" }])).await;
    assert_eq!(lab.client.diagnostics(&uri, |_| true).await, json!([]));
    lab.client.change(&main_uri, 2, json!([{ "text": main }])).await;
    assert_ne!(lab.client.diagnostics(&uri, |_| true).await, json!([]));
    std::fs::write(lab.folder.path().join("l.wtop"), "pub device edge extends linux { memory = 1GiB }\n").unwrap();
    lab.client.tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri, "type": 2 }] })).await;
    assert_eq!(lab.client.diagnostics(&uri, |_| true).await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_for_diagnostics_is_not_told_them_again() {
    let mut lab = Lab::open(&[("t.wtop", "topology t\nnode a$0: debiam\n")]).await;
    let pulled = lab.ask("textDocument/diagnostic", json!({})).await;
    assert_eq!(pulled["kind"], "full");
    assert!(pulled["items"].to_string().contains("debiam"), "{pulled}");
    let uri = lab.uri("t.wtop");
    assert_eq!(lab.client.diagnostics(&uri, |_| true).await, json!([]), "what was pushed goes");
    let again = lab.ask("textDocument/diagnostic", json!({ "previousResultId": pulled["resultId"] })).await;
    assert_eq!(again["kind"], "unchanged");
    // It stops asking: it is told after a while.
    lab.client.change(&uri, 1, json!([{ "text": "topology t\nnode a: debiam\nnode b: debian\n" }])).await;
    assert_ne!(lab.client.diagnostics(&uri, |params| params["version"] == 1).await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_workspace_is_asked_for_as_a_whole() {
    let mut lab = Lab::open(&[("t.wtop", "topology t\n")]).await;
    let uri = lab.uri("other.wtop");
    std::fs::write(lab.folder.path().join("other.wtop"), "topology other\nnode a: debiam\n").unwrap();
    lab.client.tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri, "type": 1 }] })).await;
    let all = lab.client.ask("workspace/diagnostic", json!({ "previousResultIds": [] })).await;
    let items = all["items"].as_array().unwrap();
    let other = items.iter().find(|item| item["uri"] == uri.as_str()).unwrap();
    assert!(other["items"].to_string().contains("debiam"), "{all}");
    assert!(items.iter().any(|item| item["uri"] == lab.uri("t.wtop").as_str() && item["items"] == json!([])), "{all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_leads_to_its_page() {
    let mut lab = Lab::open(&[("t.wtop", "topology t\nnode a$0: debiam\n")]).await;
    let found = lab.ask("textDocument/diagnostic", json!({})).await;
    let href = found["items"][0]["codeDescription"]["href"].as_str().unwrap();
    let path = href.strip_prefix("file://").unwrap();
    assert!(std::fs::read_to_string(path).unwrap().contains(found["items"][0]["code"].as_str().unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_look_at_many_labs_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..25 {
        std::fs::write(folder.path().join(format!("{number}.wtop")), "topology t\n").unwrap();
    }
    let parameters = json!({
        "capabilities": { "window": { "workDoneProgress": true } },
        "workspaceFolders": [{ "uri": uri(folder.path()), "name": "labs" }]
    });
    let mut client = Client::start_with(parameters, None).await;
    let mut kinds = Vec::new();
    while kinds.last().is_none_or(|kind| kind != "end") {
        let message = client.next().await;
        match message["method"].as_str() {
            Some("window/workDoneProgress/create") => {
                client.send(json!({ "jsonrpc": "2.0", "id": message["id"], "result": null })).await;
            }
            Some("$/progress") => kinds.push(message["params"]["value"]["kind"].clone()),
            _ => {}
        }
    }
    assert_eq!(kinds[0], "begin");
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_in_the_manual_is_answered() {
    let page = include_str!("../../docs/language-server.md");
    let asked = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`')).map(|(method, _)| method);
    let asked: Vec<&str> =
        asked.filter(|method| method.contains('/') && !method.ends_with("publishDiagnostics")).collect();
    assert!(asked.len() > 40, "{asked:?}");
    let mut lab = Lab::open(&[("t.wtop", "topology t\nnode a$0: debian\n")]).await;
    for method in asked {
        let mut parameters = lab.marked.clone();
        parameters["previousResultIds"] = json!([]);
        let id = lab.client.request(method, parameters).await;
        let answer = lab.client.answer(id).await;
        // Some parameters are missing, which is another mistake.
        const NO_SUCH_METHOD: i32 = -32601;
        assert_ne!(answer["error"]["code"], NO_SUCH_METHOD, "{method}: {answer}");
    }
}
