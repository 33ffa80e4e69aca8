//! Documentation as a client takes it: the compiler writes Markdown, and some clients show only plain text.

use tower_lsp::ls_types::{ClientCapabilities, MarkupContent, MarkupKind};

/// Where a client wants plain text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plain {
    /// In hovers.
    pub hover: bool,
    /// Beside items of a completion.
    pub completion: bool,
    /// In signature help.
    pub signatures: bool,
}

impl Plain {
    /// What a client says of itself. Its formats stand in the order of its liking; without any it gets Markdown.
    pub fn of(capabilities: &ClientCapabilities) -> Plain {
        let text = capabilities.text_document.as_ref();
        let hover = text.and_then(|all| all.hover.as_ref()?.content_format.as_ref());
        let completion =
            text.and_then(|all| all.completion.as_ref()?.completion_item.as_ref()?.documentation_format.as_ref());
        let signatures = text
            .and_then(|all| all.signature_help.as_ref()?.signature_information.as_ref()?.documentation_format.as_ref());
        let is_plain = |formats: Option<&Vec<MarkupKind>>| {
            formats.and_then(|formats| formats.first()).is_some_and(|first| *first == MarkupKind::PlainText)
        };
        Plain { hover: is_plain(hover), completion: is_plain(completion), signatures: is_plain(signatures) }
    }
}

/// Markdown as the protocol has it, or its plain text.
pub fn markup(markdown: String, is_plain: bool) -> MarkupContent {
    match is_plain {
        true => MarkupContent { kind: MarkupKind::PlainText, value: plain_text(&markdown) },
        false => MarkupContent { kind: MarkupKind::Markdown, value: markdown },
    }
}

/// What Markdown says: without fences, headings, rules of tables, links and marks within lines. Code stays as it is.
fn plain_text(markdown: &str) -> String {
    let mut lines = Vec::new();
    let mut is_code = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        } else if is_code {
            lines.push(line.to_owned());
        } else if !is_rule_of_table(line) {
            let heading = line.trim_start_matches('#');
            let is_heading = heading.len() < line.len() && heading.starts_with(' ');
            lines.push(plain_line(if is_heading { heading.trim_start() } else { line }));
        }
    }
    lines.join("\n")
}

fn is_rule_of_table(line: &str) -> bool {
    line.starts_with('|') && line.contains('-') && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

/// A line without backticks, stars around words, and where links lead to.
fn plain_line(line: &str) -> String {
    let mut plain = String::new();
    // Every second piece is code.
    for (index, piece) in line.split('`').enumerate() {
        match index % 2 {
            0 => plain.push_str(&without_links(&piece.replace("**", ""))),
            _ => plain.push_str(piece),
        }
    }
    plain
}

/// `[text](address)` as `text`.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("](") {
        let (Some((start, label)), Some((_, end))) = (before.rsplit_once('['), after.split_once(')')) else { break };
        plain.push_str(start);
        plain.push_str(label);
        rest = end;
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::plain_text;
    use crate::test_client::{Client, uri};
    use serde_json::json;

    #[test]
    fn marks_go_and_what_is_said_stays() {
        let markdown = "# Title\n```wtop\nnode a: **b**\n```\nSee **the** `x*[y](z)` and [the page](file:///a).\n\n\
            | a | b |\n| --- | :-: |\n| 1 | 2 |\n- point #1 [not a link]\n#no heading";
        let plain = "Title\nnode a: **b**\nSee the x*[y](z) and the page.\n\n| a | b |\n| 1 | 2 |\n- point #1 [not a link]\n\
            #no heading";
        assert_eq!(plain_text(markdown), plain);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn clients_without_markdown_get_plain_text() {
        let folder = tempfile::tempdir().unwrap();
        let file = uri(&folder.path().join("t.wtop"));
        let capabilities = json!({ "textDocument": {
            "hover": { "contentFormat": ["plaintext"] },
            "completion": { "completionItem": { "documentationFormat": ["plaintext"] } },
            "signatureHelp": { "signatureInformation": { "documentationFormat": ["plaintext", "markdown"] } }
        } });
        let mut client = Client::start_with(json!({ "capabilities": capabilities }), None).await;
        client.open(&file, "topology t\nnode a: vmx\nlet b = hex(\n").await;
        let at = |line, character| json!({ "textDocument": { "uri": file }, "position": { "line": line, "character": character } });
        let hover = client.ask("textDocument/hover", at(1, 9)).await;
        assert_eq!(hover["contents"]["kind"], "plaintext");
        assert!(!hover["contents"]["value"].as_str().unwrap().contains('`'), "{hover}");
        let found = client.ask("textDocument/completion", at(1, 9)).await;
        let items = found["items"].as_array().unwrap();
        let vmx = items.iter().find(|item| item["label"] == "vmx").unwrap().clone();
        let resolved = client.ask("completionItem/resolve", vmx).await;
        assert_eq!(resolved["documentation"]["kind"], "plaintext", "{resolved}");
        let help = client.ask("textDocument/signatureHelp", at(2, 12)).await;
        assert_eq!(help["signatures"][0]["documentation"]["kind"], "plaintext", "{help}");
    }
}
