//! Recorded sessions, played again: after each edit the server knows what a fresh one would.

use crate::test_client::{Client, uri};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What is asked after each edit, with what the answer is compared by.
const QUESTIONS: [&str; 4] = [
    "textDocument/diagnostic",
    "textDocument/documentSymbol",
    "textDocument/semanticTokens/full",
    "textDocument/foldingRange",
];

#[tokio::test(flavor = "multi_thread")]
async fn one_file() {
    replay("first-lab").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_files() {
    replay("two-files").await;
}

async fn replay(session: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("sessions").join(format!("{session}.jsonl"));
    let folder = tempfile::tempdir().unwrap();
    let recorded = fs::read_to_string(path).unwrap().replace("file:///lab", &uri(folder.path()));
    let mut server = Client::start().await;
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for line in recorded.lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        let (method, params) = (message["method"].as_str().unwrap(), &message["params"]);
        let file = params["textDocument"]["uri"].as_str().unwrap().to_owned();
        match method {
            "textDocument/didOpen" => {
                texts.insert(file.clone(), params["textDocument"]["text"].as_str().unwrap().to_owned());
            }
            "textDocument/didChange" => {
                let text = texts.get_mut(&file).unwrap();
                params["contentChanges"].as_array().unwrap().iter().for_each(|change| edit(text, change));
            }
            "textDocument/didSave" => {
                let name = file.rsplit('/').next().unwrap();
                fs::write(folder.path().join(name), &texts[&file]).unwrap();
            }
            _ => {
                texts.remove(&file);
            }
        }
        server.tell(method, params.clone()).await;
        if method == "textDocument/didChange" {
            compare(&mut server, &texts, &file, line).await;
        }
    }
}

async fn compare(server: &mut Client, texts: &BTreeMap<String, String>, file: &str, edit: &str) {
    let mut fresh = Client::start().await;
    for (uri, text) in texts {
        fresh.open(uri, text).await;
    }
    for question in QUESTIONS {
        let params = json!({ "textDocument": { "uri": file } });
        let (known, from_scratch) = (server.ask(question, params.clone()).await, fresh.ask(question, params).await);
        assert_eq!(without_ids(known), without_ids(from_scratch), "{question} after {edit}");
    }
}

/// An answer without what counts answers.
fn without_ids(mut answer: Value) -> Value {
    if let Some(answer) = answer.as_object_mut() {
        answer.remove("resultId");
    }
    answer
}

/// Makes an edit by counting UTF-16 code units, line by line.
fn edit(text: &mut String, change: &Value) {
    let Some(range) = change["range"].as_object() else {
        change["text"].as_str().unwrap().clone_into(text);
        return;
    };
    let (start, end) = (byte(text, &range["start"]), byte(text, &range["end"]));
    text.replace_range(start..end, change["text"].as_str().unwrap());
}

fn byte(text: &str, position: &Value) -> usize {
    let (mut line, mut column) = (position["line"].as_u64().unwrap(), position["character"].as_u64().unwrap());
    for (at, char) in text.char_indices() {
        match (line, column, char) {
            (0, 0, _) | (0, _, '\n') => return at,
            (0, left, char) => column = left.saturating_sub(char.len_utf16() as u64),
            (_, _, '\n') => line -= 1,
            _ => {}
        }
    }
    text.len()
}
