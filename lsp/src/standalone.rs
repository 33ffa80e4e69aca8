//! The preview without an editor: a client of the server in this program that holds one file. Edits from the page are
//! written to it, and what others write to it is shown.

use crate::{Host, serve};
use serde_json::{Value, json};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream, ReadHalf, WriteHalf};
use tokio::sync::mpsc;
use tower_lsp::ls_types::{Position, Uri, WorkspaceEdit};
use wtop_compiler::source::LineIndex;

/// How often the file is looked at for what others wrote.
const LOOK: Duration = Duration::from_millis(300);

/// The file as the server knows it.
struct Lab {
    path: PathBuf,
    uri: Uri,
    text: String,
    version: i32,
}

/// Serves the preview of a file until the program ends. `opened` is told the address of its page.
pub(crate) async fn preview(path: &Path, host: Host, opened: impl FnOnce(&str)) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let uri = Uri::from_file_path(&path).ok_or_else(|| io::Error::other("the file has no address"))?;
    let mut lab = Lab { text: fs::read_to_string(&path)?, path, uri, version: 0 };
    let (near, far) = tokio::io::duplex(1 << 16);
    let (input, output) = tokio::io::split(far);
    tokio::spawn(serve(input, output, host));
    let (input, mut output) = tokio::io::split(near);
    let (said, mut says) = mpsc::unbounded_channel();
    tokio::spawn(listen(input, said));

    let parameters = json!({ "capabilities": { "workspace": { "applyEdit": true }, "general": { "positionEncodings": ["utf-8"] } } });
    send(&mut output, &json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": parameters })).await?;
    let mut opened = Some(opened);
    let mut look = tokio::time::interval(LOOK);
    loop {
        tokio::select! {
            message = says.recv() => {
                let Some(message) = message else { return Ok(()) };
                if message["id"] == 1 && message["method"].is_null() {
                    lab.open(&mut output).await?;
                } else if message["id"] == 2 && message["method"].is_null() {
                    let address = message["result"]["url"].as_str();
                    let Some(address) = address else { return Err(io::Error::other(message["error"]["message"].to_string())) };
                    if let Some(opened) = opened.take() {
                        opened(address);
                    }
                } else if message["method"] == "workspace/applyEdit" {
                    let result = match lab.apply(&message["params"]["edit"]) {
                        Ok(()) => json!({ "applied": true }),
                        Err(error) => json!({ "applied": false, "failureReason": error.to_string() }),
                    };
                    lab.tell(&mut output).await?;
                    send(&mut output, &json!({ "jsonrpc": "2.0", "id": message["id"], "result": result })).await?;
                } else if !message["id"].is_null() && !message["method"].is_null() {
                    // Nothing else can be done without an editor.
                    send(&mut output, &json!({ "jsonrpc": "2.0", "id": message["id"], "result": { "success": false } })).await?;
                }
            }
            _ = look.tick() => {
                // A file that is just being written is read the next time.
                if let Ok(text) = fs::read_to_string(&lab.path)
                    && text != lab.text
                {
                    lab.text = text;
                    lab.tell(&mut output).await?;
                }
            }
        }
    }
}

impl Lab {
    /// Makes the edits of the server in the file, and in the others that it names.
    fn apply(&mut self, edit: &Value) -> io::Result<()> {
        let edit: WorkspaceEdit = serde_json::from_value(edit.clone())?;
        // What somebody wrote since must not be lost.
        if fs::read_to_string(&self.path)? != self.text {
            return Err(io::Error::other("the file was just changed by someone else; try again"));
        }
        for (uri, mut edits) in edit.changes.unwrap_or_default() {
            let path = uri.to_file_path().ok_or_else(|| io::Error::other("not a file"))?.into_owned();
            let is_own = uri == self.uri;
            let mut text = if is_own { self.text.clone() } else { fs::read_to_string(&path)? };
            edits.sort_by_key(|edit| std::cmp::Reverse((edit.range.start.line, edit.range.start.character)));
            for edit in edits {
                let (start, end) = (byte(&text, edit.range.start), byte(&text, edit.range.end));
                text.replace_range(start..end.max(start), &edit.new_text);
            }
            fs::write(&path, &text)?;
            if is_own {
                self.text = text;
            }
        }
        Ok(())
    }

    /// Opens the file, and asks for the address of its page.
    async fn open(&self, output: &mut WriteHalf<DuplexStream>) -> io::Result<()> {
        send(output, &json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} })).await?;
        let document = json!({ "uri": self.uri, "languageId": "wtop", "version": 0, "text": self.text });
        let params = json!({ "textDocument": document });
        send(output, &json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": params })).await?;
        let asked = json!({ "textDocument": { "uri": self.uri } });
        send(output, &json!({ "jsonrpc": "2.0", "id": 2, "method": "wtop/preview", "params": asked })).await
    }

    /// Tells the server the text as it is now.
    async fn tell(&mut self, output: &mut WriteHalf<DuplexStream>) -> io::Result<()> {
        self.version += 1;
        let document = json!({ "uri": self.uri, "version": self.version });
        let params = json!({ "textDocument": document, "contentChanges": [{ "text": self.text }] });
        send(output, &json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": params })).await
    }
}

/// The byte at a position in UTF-8.
fn byte(text: &str, position: Position) -> usize {
    crate::positions::Encoding::Utf8.offset(text, &LineIndex::new(text), position)
}

async fn send(output: &mut WriteHalf<DuplexStream>, message: &Value) -> io::Result<()> {
    let body = message.to_string();
    output.write_all(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).await
}

/// Reads what the server says until it ends.
async fn listen(input: ReadHalf<DuplexStream>, said: mpsc::UnboundedSender<Value>) -> io::Result<()> {
    let mut input = BufReader::new(input);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if input.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            match line.trim().strip_prefix("Content-Length: ") {
                Some(number) => length = number.parse().map_err(io::Error::other)?,
                None if line.trim().is_empty() => break,
                None => {}
            }
        }
        let mut body = vec![0; length];
        input.read_exact(&mut body).await?;
        drop(said.send(serde_json::from_slice(&body)?));
    }
}
