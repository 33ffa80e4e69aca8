//! `textDocument/semanticTokens`: the whole file, what changed since the last answer, or a range.

use crate::positions::Encoding;
use crate::snapshot::Snapshot;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tower_lsp::ls_types::*;
use wtop_compiler::ide::highlight::{Highlight, HighlightKind, highlights};
use wtop_compiler::ide::names::SymbolKind;

/// The types of tokens: what stands in an answer is an index. New ones go to the end.
const TYPES: [SemanticTokenType; 14] = [
    SemanticTokenType::NAMESPACE,
    SemanticTokenType::CLASS,
    SemanticTokenType::TYPE,
    SemanticTokenType::PARAMETER,
    SemanticTokenType::VARIABLE,
    SemanticTokenType::PROPERTY,
    SemanticTokenType::ENUM_MEMBER,
    SemanticTokenType::FUNCTION,
    SemanticTokenType::KEYWORD,
    SemanticTokenType::COMMENT,
    SemanticTokenType::STRING,
    SemanticTokenType::NUMBER,
    SemanticTokenType::OPERATOR,
    // Not of the standard, but what other servers call it.
    SemanticTokenType::new("escapeSequence"),
];

/// The modifiers of tokens: each is a bit.
const MODIFIERS: [SemanticTokenModifier; 4] = [
    SemanticTokenModifier::DECLARATION,
    SemanticTokenModifier::READONLY,
    SemanticTokenModifier::DEFAULT_LIBRARY,
    SemanticTokenModifier::DOCUMENTATION,
];
const DECLARATION: u32 = 1;
const READONLY: u32 = 1 << 1;
const DEFAULT_LIBRARY: u32 = 1 << 2;
const DOCUMENTATION: u32 = 1 << 3;

/// What the server says that it can.
pub fn options() -> SemanticTokensOptions {
    SemanticTokensOptions {
        legend: SemanticTokensLegend { token_types: TYPES.to_vec(), token_modifiers: MODIFIERS.to_vec() },
        range: Some(true),
        full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
        ..SemanticTokensOptions::default()
    }
}

/// The last answer for each open file, from which the next one tells the difference.
#[derive(Debug, Default)]
pub struct LastTokens(Mutex<Answers>);

#[derive(Debug, Default)]
struct Answers {
    /// How many there were.
    count: u64,
    files: BTreeMap<String, SemanticTokens>,
}

impl LastTokens {
    fn lock(&self) -> MutexGuard<'_, Answers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives an answer its name, and keeps it. Gives the one before it too.
    fn keep(&self, uri: &Uri, data: Vec<SemanticToken>) -> (SemanticTokens, Option<SemanticTokens>) {
        let mut answers = self.lock();
        answers.count += 1;
        let tokens = SemanticTokens { result_id: Some(answers.count.to_string()), data };
        let before = answers.files.insert(uri.to_string(), tokens.clone());
        (tokens, before)
    }

    /// A file was closed.
    pub fn forget(&self, uri: &Uri) {
        self.lock().files.remove(uri.as_str());
    }
}

/// All tokens of a file.
pub fn full(snapshot: &Snapshot, last: &LastTokens, parameters: SemanticTokensParams) -> Option<SemanticTokensResult> {
    let uri = parameters.text_document.uri;
    let data = tokens(snapshot, &uri, None)?;
    Some(SemanticTokensResult::Tokens(last.keep(&uri, data).0))
}

/// What changed since the last answer; all tokens, where the client has another one.
pub fn delta(
    snapshot: &Snapshot,
    last: &LastTokens,
    parameters: SemanticTokensDeltaParams,
) -> Option<SemanticTokensFullDeltaResult> {
    let uri = parameters.text_document.uri;
    let (tokens, before) = last.keep(&uri, tokens(snapshot, &uri, None)?);
    let known = before.filter(|before| before.result_id.as_ref() == Some(&parameters.previous_result_id));
    Some(match known {
        Some(before) => SemanticTokensFullDeltaResult::TokensDelta(SemanticTokensDelta {
            result_id: tokens.result_id,
            edits: difference(&before.data, &tokens.data),
        }),
        None => SemanticTokensFullDeltaResult::Tokens(tokens),
    })
}

/// The tokens that a range touches.
pub fn range(snapshot: &Snapshot, parameters: SemanticTokensRangeParams) -> Option<SemanticTokensRangeResult> {
    let data = tokens(snapshot, &parameters.text_document.uri, Some(parameters.range))?;
    Some(SemanticTokensRangeResult::Tokens(SemanticTokens { result_id: None, data }))
}

fn tokens(snapshot: &Snapshot, uri: &Uri, range: Option<Range>) -> Option<Vec<SemanticToken>> {
    let analysis = snapshot.analysis(uri)?;
    let file = analysis.file(&analysis.path)?;
    let source = analysis.source(file)?;
    let mut found = highlights(analysis.view(), file);
    if let Some(range) = range {
        let start = snapshot.encoding.offset(&source.text, &source.lines, range.start);
        let end = snapshot.encoding.offset(&source.text, &source.lines, range.end);
        found.retain(|highlight| highlight.span.end as usize > start && (highlight.span.start as usize) < end);
    }
    Some(encode(&source.text, &found, snapshot.encoding))
}

/// The one piece of `before` to replace, if any: tokens name their place from the one before, so an edit of the text
/// changes few of them.
fn difference(before: &[SemanticToken], after: &[SemanticToken]) -> Vec<SemanticTokensEdit> {
    let same = before.iter().zip(after).take_while(|(one, other)| one == other).count();
    let (before, after) = (&before[same..], &after[same..]);
    let end = before.iter().rev().zip(after.iter().rev()).take_while(|(one, other)| one == other).count();
    let (removed, new) = (before.len() - end, &after[..after.len() - end]);
    if removed == 0 && new.is_empty() {
        return Vec::new();
    }
    // A token is five numbers.
    let number = |tokens: usize| u32::try_from(tokens * 5).unwrap_or(u32::MAX);
    vec![SemanticTokensEdit { start: number(same), delete_count: number(removed), data: Some(new.to_vec()) }]
}

/// The tokens of the protocol: each on one line, placed from the one before.
fn encode(text: &str, highlights: &[Highlight], encoding: Encoding) -> Vec<SemanticToken> {
    let mut tokens = Vec::with_capacity(highlights.len());
    let mut at = Place::default();
    let mut last = Place::default();
    for highlight in highlights {
        let (token_type, modifiers) = of_kind(highlight);
        at.advance(text, highlight.span.start as usize, encoding);
        for line in text[highlight.span.range()].split_inclusive('\n') {
            let shown = line.trim_end_matches(['\n', '\r']);
            let start = at;
            at.advance(text, start.byte + shown.len(), encoding);
            if !shown.is_empty() {
                let same_line = start.line == last.line;
                tokens.push(SemanticToken {
                    delta_line: start.line - last.line,
                    delta_start: if same_line { start.column - last.column } else { start.column },
                    length: at.column - start.column,
                    token_type,
                    token_modifiers_bitset: modifiers,
                });
                last = start;
            }
            at.advance(text, start.byte + line.len(), encoding);
        }
    }
    tokens
}

/// A place that moves on through a text.
#[derive(Clone, Copy, Default)]
struct Place {
    byte: usize,
    line: u32,
    column: u32,
}

impl Place {
    fn advance(&mut self, text: &str, to: usize, encoding: Encoding) {
        for char in text[self.byte..to].chars() {
            let units = match encoding {
                Encoding::Utf8 => char.len_utf8(),
                Encoding::Utf16 => char.len_utf16(),
            };
            (self.line, self.column) =
                if char == '\n' { (self.line + 1, 0) } else { (self.line, self.column + units as u32) };
        }
        self.byte = to;
    }
}

/// The index of the type of a token, and its modifiers.
fn of_kind(highlight: &Highlight) -> (u32, u32) {
    let (name, modifiers) = match highlight.kind {
        HighlightKind::Comment => (SemanticTokenType::COMMENT, 0),
        HighlightKind::Documentation => (SemanticTokenType::COMMENT, DOCUMENTATION),
        HighlightKind::Keyword => (SemanticTokenType::KEYWORD, 0),
        HighlightKind::Text => (SemanticTokenType::STRING, 0),
        HighlightKind::Escape => (SemanticTokenType::new("escapeSequence"), 0),
        HighlightKind::Number | HighlightKind::Address => (SemanticTokenType::NUMBER, 0),
        HighlightKind::Unit | HighlightKind::Type => (SemanticTokenType::TYPE, 0),
        HighlightKind::Operator => (SemanticTokenType::OPERATOR, 0),
        HighlightKind::Port | HighlightKind::Attribute => (SemanticTokenType::PROPERTY, 0),
        HighlightKind::Word => (SemanticTokenType::ENUM_MEMBER, 0),
        HighlightKind::Function => (SemanticTokenType::FUNCTION, 0),
        HighlightKind::Symbol(symbol) => of_symbol(symbol),
    };
    let index = TYPES.iter().position(|known| *known == name).unwrap_or_default();
    let declaration = if highlight.declares { DECLARATION } else { 0 };
    let library = if highlight.is_of_language { DEFAULT_LIBRARY } else { 0 };
    (index as u32, modifiers | declaration | library)
}

fn of_symbol(symbol: SymbolKind) -> (SemanticTokenType, u32) {
    use SymbolKind::*;
    match symbol {
        File | Topology | Module => (SemanticTokenType::NAMESPACE, 0),
        Device => (SemanticTokenType::CLASS, 0),
        Type => (SemanticTokenType::TYPE, 0),
        Param | Argument => (SemanticTokenType::PARAMETER, 0),
        Let | Variable => (SemanticTokenType::VARIABLE, READONLY),
        Field | Nic | Interface | Attribute => (SemanticTokenType::PROPERTY, 0),
        Member => (SemanticTokenType::ENUM_MEMBER, 0),
        Pool | Node | Network | Vlan | Vrf | Link | Lag | Vm | Disk | Media | Image | Target | Check => {
            (SemanticTokenType::VARIABLE, 0)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::test_client::Lab;
    use serde_json::{Value, json};

    const TEXT: &str = "//! A lab.\ntopology t$0\nuse std.juniper.vsrx as fw\n/// How many.\nparam n: int = 2\n\
        node r[i in 1..n]: fw {\n  memory = 4GiB // much\n  notes = \"\"\"\n    a ${i}\\n\n    \"\"\"\n}\n\
        network lan { subnet = 10.0.${n}.0/24, forward = nat }\nlink each r <-> lan\nlink r[1]:ge-0/0/1 <-> r[2]:\"ge-0/0/1\"\n";

    /// A token a line: its text, type and modifiers.
    fn shown(text: &str, data: &Value, legend: &Value) -> String {
        let numbers: Vec<usize> = data.as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as usize).collect();
        let lines: Vec<Vec<u16>> = text.lines().map(|line| line.encode_utf16().collect()).collect();
        let (mut line, mut column, mut shown) = (0, 0, String::new());
        for token in numbers.chunks(5) {
            column = if token[0] == 0 { column + token[1] } else { token[1] };
            line += token[0];
            let word = String::from_utf16(&lines[line][column..column + token[2]]).unwrap();
            shown += &format!("{word:20} {}", legend["tokenTypes"][token[3]].as_str().unwrap());
            for (bit, modifier) in legend["tokenModifiers"].as_array().unwrap().iter().enumerate() {
                if token[4] & (1 << bit) > 0 {
                    shown += &format!(" {}", modifier.as_str().unwrap());
                }
            }
            shown.push('\n');
        }
        shown
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn each_word_has_its_kind() {
        let mut lab = Lab::open(&[("t.wtop", TEXT)]).await;
        let legend = lab.client.capabilities["semanticTokensProvider"]["legend"].clone();
        let full = lab.ask("textDocument/semanticTokens/full", json!({})).await;
        insta::assert_snapshot!(shown(&TEXT.replace("$0", ""), &full["data"], &legend));
        let range = json!({ "start": { "line": 1, "character": 0 }, "end": { "line": 2, "character": 0 } });
        let some = lab.ask("textDocument/semanticTokens/range", json!({ "range": range })).await;
        assert_eq!(some["data"], json!([1, 0, 8, 8, 0, 0, 9, 1, 0, 1]));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn differences_add_up_to_the_whole() {
        let mut lab = Lab::open(&[("t.wtop", TEXT)]).await;
        let uri = lab.uri("t.wtop");
        let mut text = TEXT.replace("$0", "");
        let first = lab.ask("textDocument/semanticTokens/full", json!({})).await;
        let (mut id, mut data) = (first["resultId"].clone(), first["data"].as_array().unwrap().clone());
        let mut random = 7_u32;
        let mut next = |below: usize| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (random >> 8) as usize % below
        };
        for version in 1..=60 {
            let at = next(text.len());
            let removed = next(4).min(text.len() - at);
            let new = ["", "node x: debian\n", "\"", "x", "é\n", "// "][next(6)];
            if !text.is_char_boundary(at) || !text.is_char_boundary(at + removed) {
                continue;
            }
            text.replace_range(at..at + removed, new);
            lab.client.change(&uri, version, json!([{ "text": text }])).await;
            let delta = lab.ask("textDocument/semanticTokens/full/delta", json!({ "previousResultId": id })).await;
            for edit in delta["edits"].as_array().unwrap() {
                let start = edit["start"].as_u64().unwrap() as usize;
                let end = start + edit["deleteCount"].as_u64().unwrap() as usize;
                data.splice(start..end, edit["data"].as_array().unwrap().clone());
            }
            let full = lab.ask("textDocument/semanticTokens/full", json!({})).await;
            assert_eq!(json!(data), full["data"], "{text}");
            id = full["resultId"].clone();
        }
        let unknown = lab.ask("textDocument/semanticTokens/full/delta", json!({ "previousResultId": "?" })).await;
        assert_eq!(json!(data), unknown["data"], "whoever has another answer gets all");
    }
}
