//! Sessions of a client without manners: random edits and requests in random order, files that go, requests that make no
//! sense. The server answers each, never fails inside, and still answers at the end.

use crate::test_client::{Client, uri};
use serde_json::{Value, json};
use std::fs;

/// What is asked about a place.
const AT_PLACES: [&str; 20] = [
    "textDocument/hover",
    "textDocument/completion",
    "textDocument/definition",
    "textDocument/declaration",
    "textDocument/typeDefinition",
    "textDocument/implementation",
    "textDocument/references",
    "textDocument/documentHighlight",
    "textDocument/prepareRename",
    "textDocument/rename",
    "textDocument/signatureHelp",
    "textDocument/linkedEditingRange",
    "textDocument/prepareCallHierarchy",
    "textDocument/prepareTypeHierarchy",
    "textDocument/onTypeFormatting",
    "textDocument/selectionRange",
    "textDocument/codeAction",
    "textDocument/inlayHint",
    "textDocument/semanticTokens/range",
    "wtop/graphAt",
];

/// What is asked about a file.
const OF_FILES: [&str; 11] = [
    "textDocument/diagnostic",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/semanticTokens/full",
    "textDocument/documentLink",
    "textDocument/codeLens",
    "textDocument/formatting",
    "workspace/diagnostic",
    "workspace/symbol",
    "wtop/graph",
    "wtop/nonsense",
];

/// What is typed.
const PIECES: [&str; 24] = [
    "node a: debian\n",
    "node b[1..3]: vmx\n",
    "link a <-> b[1]\n",
    "link a:eth1 <-> b[2]:",
    "use \"./other.wtop\".{edge}\n",
    "network n { subnet = from p }\n",
    "pool p = 10.0.0.0/16 per /24\n",
    "for i in 1..3 {\n",
    "}\n",
    "{",
    "\"${",
    "module m(x: int) {\n  pub node g: debian\n}\n",
    "device d extends debian { memory = 1GiB }\n",
    "target t: kvm { images { debian = \"d.qcow2\" } }\n",
    "check reachable(a, b)\n",
    "= 4",
    ".",
    " é日😀 ",
    "\r\n",
    "// x\n",
    "param n: int = 2\n",
    "topology t\n",
    "defaults node { tags = [\"x\"] }\n",
    "let x = [y for y in 1..3]\n",
];

/// The files of a session.
const FILES: [&str; 2] = ["lab.wtop", "other.wtop"];

/// Plays what bytes say, a few of them a step.
pub async fn play(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let root = json!([{ "uri": uri(folder.path()), "name": "lab" }]);
    let mut client = Client::start_with(json!({ "capabilities": {}, "workspaceFolders": root }), None).await;
    let mut asked = Vec::new();
    let mut version = 0;
    for step in bytes.chunks(6) {
        let at = |index: usize| usize::from(step.get(index).copied().unwrap_or_default());
        let path = folder.path().join(FILES[at(1) % FILES.len()]);
        let file = uri(&path);
        let position = json!({ "line": at(2) % 12, "character": at(3) % 40 });
        let end = json!({ "line": at(2) % 12 + at(4) % 3, "character": at(5) % 40 });
        let range = json!({ "start": position, "end": end });
        version += 1;
        match at(0) % 16 {
            0 => client.open(&file, "topology t\nnode a: debian\n").await,
            1 => client.tell("textDocument/didClose", json!({ "textDocument": { "uri": file } })).await,
            2 => {
                drop(fs::remove_file(&path));
                let changes = json!({ "changes": [{ "uri": file, "type": 3 }] });
                client.tell("workspace/didChangeWatchedFiles", changes).await;
            }
            3 => {
                fs::write(&path, PIECES[at(4) % PIECES.len()]).unwrap();
                let changes = json!({ "changes": [{ "uri": file, "type": 2 }] });
                client.tell("workspace/didChangeWatchedFiles", changes).await;
            }
            4 => client.tell("$/cancelRequest", json!({ "id": asked.last() })).await,
            5..=10 => {
                let piece = PIECES[at(5) % PIECES.len()];
                client.change(&file, version, json!([{ "range": range, "text": piece }])).await;
            }
            11 | 12 => {
                let method = OF_FILES[at(2) % OF_FILES.len()];
                let params = json!({ "textDocument": { "uri": file }, "query": "a", "previousResultIds": [], "since": 1,
                    "options": { "tabSize": 2, "insertSpaces": true } });
                asked.push(client.request(method, params).await);
            }
            _ => {
                let method = AT_PLACES[at(4) % AT_PLACES.len()];
                let params = json!({ "textDocument": { "uri": file }, "position": position, "positions": [position],
                    "range": range, "newName": "new", "ch": "}", "context": { "diagnostics": [],
                    "includeDeclaration": true }, "options": { "tabSize": 2, "insertSpaces": true } });
                asked.push(client.request(method, params).await);
            }
        }
        // Some are sent without waiting for the answers to those before.
        if asked.len() > 8 {
            for id in asked.drain(..) {
                check(&client.answer(id).await);
            }
        }
    }
    assert_eq!(client.ask("shutdown", Value::Null).await, Value::Null);
    client.take_aside().iter().for_each(check);
}

/// An answer may be that there is none, or that the question makes no sense, but not that the server failed.
fn check(message: &Value) {
    const INTERNAL_ERROR: i32 = -32603;
    assert_ne!(message["error"]["code"], INTERNAL_ERROR, "{message}");
    assert!(!message["params"]["message"].to_string().contains("the analysis failed"), "{message}");
}

#[cfg(test)]
#[tokio::test(flavor = "multi_thread")]
async fn random_sessions() {
    let mut random = 7_u64;
    for _ in 0..24 {
        let byte = |_| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 56) as u8
        };
        let bytes: Vec<u8> = (0..600).map(byte).collect();
        play(&bytes).await;
    }
}
