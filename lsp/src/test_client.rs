//! A client at the other end of a pipe, for tests.

use serde_json::{Value, json};
use std::collections::VecDeque;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream, ReadHalf, WriteHalf};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tower_lsp::ls_types::Uri;
use wtop_compiler::CompileOptions;
use wtop_lsp::{Host, serve};

/// Longer than any answer takes.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub struct Client {
    pub input: BufReader<ReadHalf<DuplexStream>>,
    pub output: WriteHalf<DuplexStream>,
    pub server: JoinHandle<()>,
    /// What the server said it can do.
    pub capabilities: Value,
    /// What came while an answer was waited for.
    aside: VecDeque<Value>,
    requests: u64,
}

impl Client {
    /// A client without abilities and without folders.
    pub async fn start() -> Client {
        Client::start_with(json!({ "capabilities": {} }), None).await
    }

    /// A client that says this of itself, and a server with this folder of its own.
    pub async fn start_with(parameters: Value, folder: Option<&Path>) -> Client {
        let options = |path: &Path| CompileOptions { file: path.to_path_buf(), ..CompileOptions::default() };
        let folder = folder.map(Path::to_path_buf);
        Client::start_at(parameters, Host { options, folder, record: None, live: None }).await
    }

    /// A client of a server in this program.
    pub async fn start_at(parameters: Value, host: Host) -> Client {
        let (near, far) = tokio::io::duplex(1 << 16);
        let (input, output) = tokio::io::split(far);
        let server = tokio::spawn(serve(input, output, host));
        let (input, output) = tokio::io::split(near);
        let mut client = Client {
            input: BufReader::new(input),
            output,
            server,
            capabilities: Value::Null,
            aside: VecDeque::new(),
            requests: 0,
        };
        client.capabilities = client.ask("initialize", parameters).await["capabilities"].clone();
        client.tell("initialized", json!({})).await;
        client
    }

    pub async fn send(&mut self, message: Value) {
        let body = message.to_string();
        let text = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.output.write_all(text.as_bytes()).await.unwrap();
    }

    pub async fn tell(&mut self, method: &str, params: Value) {
        self.send(json!({ "jsonrpc": "2.0", "method": method, "params": params })).await;
    }

    pub async fn receive(&mut self) -> Value {
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

    /// Asks, and gives the number of the request.
    pub async fn request(&mut self, method: &str, params: Value) -> u64 {
        self.requests += 1;
        let id = self.requests;
        self.send(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })).await;
        id
    }

    /// The answer to a request, whole; what else comes is put aside.
    pub async fn answer(&mut self, id: u64) -> Value {
        let is_answer = |message: &Value| message["id"] == id && message["method"].is_null();
        if let Some(at) = self.aside.iter().position(is_answer) {
            return self.aside.remove(at).unwrap();
        }
        loop {
            let message = self.receive().await;
            if is_answer(&message) {
                return message;
            }
            self.aside.push_back(message);
        }
    }

    pub async fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.request(method, params).await;
        self.answer(id).await["result"].clone()
    }

    pub async fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "wtop", "version": 0, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document })).await;
    }

    pub async fn change(&mut self, uri: &str, version: i32, changes: Value) {
        let document = json!({ "uri": uri, "version": version });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes })).await;
    }

    /// What came next, and was not an answer that was waited for.
    pub async fn next(&mut self) -> Value {
        match self.aside.pop_front() {
            Some(message) => message,
            None => self.receive().await,
        }
    }

    /// What came while answers were waited for, once.
    pub fn take_aside(&mut self) -> Vec<Value> {
        self.aside.drain(..).collect()
    }

    /// The next notification of this kind.
    pub async fn told(&mut self, method: &str) -> Value {
        loop {
            let message = self.next().await;
            if message["method"] == method {
                return message["params"].clone();
            }
        }
    }

    /// The next diagnostics of a file that are wanted.
    pub async fn diagnostics(&mut self, uri: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.next().await;
            let params = &message["params"];
            if message["method"] == "textDocument/publishDiagnostics" && params["uri"] == uri && wanted(params) {
                return params["diagnostics"].clone();
            }
        }
    }
}

/// The name of a file in the protocol.
pub fn uri(path: &Path) -> String {
    Uri::from_file_path(path).unwrap().to_string()
}

/// A folder with files. In their texts, `$0` marks a place and is taken out.
pub struct Lab {
    pub folder: TempDir,
    pub client: Client,
    /// The file and position of the mark.
    pub marked: Value,
}

impl Lab {
    /// Puts the files down, opens all of them, and waits for the first diagnostics of each.
    pub async fn open(files: &[(&str, &str)]) -> Lab {
        let folder = tempfile::tempdir().unwrap();
        let mut marked = Value::Null;
        let mut texts = Vec::new();
        for (name, text) in files {
            let path = folder.path().join(name);
            if let Some(at) = text.find("$0") {
                let before = &text[..at];
                let line = before.matches('\n').count();
                let column = before.rsplit('\n').next().unwrap_or("").encode_utf16().count();
                let position = json!({ "line": line, "character": column });
                marked = json!({ "textDocument": { "uri": uri(&path) }, "position": position });
            }
            let text = text.replace("$0", "");
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &text).unwrap();
            texts.push((uri(&path), text));
        }
        let folders = json!([{ "uri": uri(folder.path()), "name": "lab" }]);
        let parameters = json!({ "capabilities": {}, "workspaceFolders": folders });
        let mut client = Client::start_with(parameters, Some(&folder.path().join(".server"))).await;
        for (uri, text) in &texts {
            client.open(uri, text).await;
        }
        let mut untold: Vec<&String> = texts.iter().map(|(uri, _)| uri).collect();
        while !untold.is_empty() {
            let told = client.told("textDocument/publishDiagnostics").await;
            untold.retain(|uri| told["uri"] != uri.as_str());
        }
        Lab { folder, client, marked }
    }

    /// The name of one of its files in the protocol.
    pub fn uri(&self, name: &str) -> String {
        uri(&self.folder.path().join(name))
    }

    /// Asks about the marked place, with more parameters.
    pub async fn ask(&mut self, method: &str, more: Value) -> Value {
        let mut parameters = self.marked.clone();
        for (key, value) in more.as_object().into_iter().flatten() {
            parameters[key] = value.clone();
        }
        self.client.ask(method, parameters).await
    }
}
