//! Sessions with a client at the other end of a pipe.

use crate::serve;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream, ReadHalf, WriteHalf};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tower_lsp::ls_types::Uri;
use wtop_compiler::CompileOptions;

/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(60);

struct Client {
    input: BufReader<ReadHalf<DuplexStream>>,
    output: WriteHalf<DuplexStream>,
    server: JoinHandle<()>,
}

impl Client {
    async fn start() -> Client {
        let (near, far) = tokio::io::duplex(1 << 16);
        let (input, output) = tokio::io::split(far);
        let options = |path: &Path| CompileOptions { file: path.to_path_buf(), ..CompileOptions::default() };
        let server = tokio::spawn(serve(input, output, options));
        let (input, output) = tokio::io::split(near);
        let mut client = Client { input: BufReader::new(input), output, server };
        client.ask("initialize", json!({ "capabilities": {} })).await;
        client.tell("initialized", json!({})).await;
        client
    }

    async fn send(&mut self, message: Value) {
        let body = message.to_string();
        let text = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.output.write_all(text.as_bytes()).await.unwrap();
    }

    async fn tell(&mut self, method: &str, params: Value) {
        self.send(json!({ "jsonrpc": "2.0", "method": method, "params": params })).await;
    }

    async fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            timeout(PATIENCE, self.input.read_line(&mut line)).await.unwrap().unwrap();
            match line.trim().strip_prefix("Content-Length: ") {
                Some(number) => length = number.parse().unwrap(),
                None if line.trim().is_empty() => break,
                None => {}
            }
        }
        let mut body = vec![0; length];
        self.input.read_exact(&mut body).await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    async fn ask(&mut self, method: &str, params: Value) -> Value {
        self.send(json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params })).await;
        loop {
            let message = self.receive().await;
            if message["id"] == 1 {
                return message["result"].clone();
            }
        }
    }

    async fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "wtop", "version": 0, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document })).await;
    }

    async fn change(&mut self, uri: &str, version: i32, changes: Value) {
        let document = json!({ "uri": uri, "version": version });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes })).await;
    }

    /// The next diagnostics of a file that are wanted.
    async fn diagnostics(&mut self, uri: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.receive().await;
            let params = &message["params"];
            if message["method"] == "textDocument/publishDiagnostics" && params["uri"] == uri && wanted(params) {
                return params["diagnostics"].clone();
            }
        }
    }
}

fn uri(path: &Path) -> String {
    Uri::from_file_path(path).unwrap().to_string()
}

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
    let Client { input, output, server } = Client::start().await;
    drop((input, output));
    timeout(PATIENCE, server).await.unwrap().unwrap();
}
