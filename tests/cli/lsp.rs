//! `wtop lsp`, as an editor starts it.

use crate::folder::{Folder, told};
use std::io::Write;
use std::process::Stdio;

#[test]
fn answers_and_ends_with_its_input() {
    let folder = Folder::new();
    let mut command = folder.command("lsp --stdio");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#;
    write!(child.stdin.take().unwrap(), "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    let told = told(&child.wait_with_output().unwrap());
    assert!(told.contains(r#""positionEncoding":"utf-16""#), "{told}");
    assert!(told.ends_with("--- exit 0\n"), "{told}");
}
