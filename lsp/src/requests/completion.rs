//! `textDocument/completion` and `completionItem/resolve`: what can be written at the cursor.

use crate::analysis::Analysis;
use crate::documents::{Document, real};
use crate::markup::markup;
use crate::positions::Encoding;
use crate::snapshot::Snapshot;
use crate::workspace;
use serde_json::json;
use std::path::{Component, Path, PathBuf};
use tower_lsp::ls_types::*;
use wtop_compiler::ide::completion::{self, Item, ItemKind, Other, Query};

/// What the server offers. Lists open by themselves where something definite is wanted: behind a dot or a colon, in
/// strings, paths and brackets. A space or `=` is typed too often for that.
pub fn options() -> CompletionOptions {
    let triggers = [".", ":", "\"", "/", "[", "("];
    CompletionOptions {
        trigger_characters: Some(triggers.map(str::to_owned).into()),
        resolve_provider: Some(true),
        completion_item: Some(CompletionOptionsCompletionItem { label_details_support: Some(true) }),
        ..CompletionOptions::default()
    }
}

/// What can be written at a position.
pub fn answer(snapshot: &Snapshot, parameters: CompletionParams) -> Option<CompletionResponse> {
    let place = parameters.text_document_position;
    let document = snapshot.document(&place.text_document.uri)?;
    let folder = document.path.parent().unwrap_or(Path::new(""));
    let root = root(snapshot, &document.path, folder);
    let others: Vec<Other> = snapshot
        .analyses
        .values()
        .filter(|analysis| analysis.path != document.path && analysis.path.starts_with(&root))
        .filter_map(|analysis| other(folder, analysis))
        .collect();
    let files = || {
        let files = workspace::all_files(&root);
        files.iter().filter_map(|path| relative(folder, path)).collect()
    };
    let found = completion::complete(Query {
        text: &document.text,
        offset: document.offset(snapshot.encoding, place.position),
        compilation: snapshot.analyses.get(&document.path).map(|analysis| &analysis.compilation),
        others: &others,
        files: &files,
    });
    let translate = Translate {
        document,
        encoding: snapshot.encoding,
        range: range(document, snapshot.encoding, &found.replace),
        snippets: snapshot.snippets,
        documentation: &|text| documentation(snapshot, text),
    };
    let items = found.items.into_iter().enumerate().map(|(order, item)| translate.item(order, item));
    Some(CompletionResponse::List(CompletionList { is_incomplete: found.is_incomplete, items: items.collect() }))
}

/// An item with what takes longer to say.
pub fn resolve(snapshot: &Snapshot, item: CompletionItem) -> CompletionItem {
    let device = item.data.as_ref().and_then(|data| data.get("device")?.as_str());
    match device.and_then(completion::data_sheet) {
        Some(sheet) => CompletionItem { documentation: Some(documentation(snapshot, sheet)), ..item },
        None => item,
    }
}

/// The project of a file: no path leaves it. It is looked for on disk only before the file was first analysed.
fn root(snapshot: &Snapshot, path: &Path, folder: &Path) -> PathBuf {
    let project = match snapshot.analyses.get(path) {
        Some(analysis) => analysis.project.clone(),
        None => (snapshot.host.options)(path).project.map(|project| real(&project)),
    };
    project.filter(|project| folder.starts_with(project)).unwrap_or_else(|| folder.to_path_buf())
}

fn other<'a>(folder: &Path, analysis: &'a Analysis) -> Option<Other<'a>> {
    let path = relative(folder, &analysis.path)?;
    let path = if path.starts_with("../") { path } else { format!("./{path}") };
    Some(Other { path, unit: analysis.compilation.units.first()? })
}

/// The way from a folder to a file, with `/`.
fn relative(folder: &Path, file: &Path) -> Option<String> {
    let common = folder.components().zip(file.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(common).map(|_| Some(".."));
    let down = file.components().skip(common).map(|part| match part {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    Some(up.chain(down).collect::<Option<Vec<&str>>>()?.join("/"))
}

fn range(document: &Document, encoding: Encoding, bytes: &std::ops::Range<usize>) -> Range {
    let place = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    document.range(encoding, place(bytes.start), place(bytes.end))
}

/// From items of the compiler to those of the protocol.
struct Translate<'a> {
    document: &'a Document,
    encoding: Encoding,
    range: Range,
    snippets: bool,
    documentation: &'a dyn Fn(String) -> Documentation,
}

impl Translate<'_> {
    fn item(&self, order: usize, item: Item) -> CompletionItem {
        let snippet = item.snippet.filter(|_| self.snippets);
        let edits = item.edits.into_iter();
        let edits: Vec<TextEdit> = edits
            .map(|(place, new_text)| TextEdit { range: range(self.document, self.encoding, &place), new_text })
            .collect();
        CompletionItem {
            kind: Some(kind(item.kind)),
            label_details: item
                .origin
                .map(|origin| CompletionItemLabelDetails { detail: None, description: Some(origin) }),
            detail: item.detail,
            documentation: item.documentation.map(self.documentation),
            preselect: item.preselect.then_some(true),
            // The order is the server's.
            sort_text: Some(format!("{order:04}")),
            filter_text: item.filter,
            insert_text_format: snippet.is_some().then_some(InsertTextFormat::SNIPPET),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit {
                range: self.range,
                new_text: snippet.unwrap_or(item.insert),
            })),
            additional_text_edits: (!edits.is_empty()).then_some(edits),
            data: item.sheet.map(|device| json!({ "device": device })),
            label: item.label,
            ..CompletionItem::default()
        }
    }
}

fn documentation(snapshot: &Snapshot, markdown: String) -> Documentation {
    Documentation::MarkupContent(markup(markdown, snapshot.plain.completion))
}

fn kind(kind: ItemKind) -> CompletionItemKind {
    match kind {
        ItemKind::Keyword => CompletionItemKind::KEYWORD,
        ItemKind::Attribute => CompletionItemKind::PROPERTY,
        ItemKind::Device => CompletionItemKind::CLASS,
        ItemKind::Module => CompletionItemKind::MODULE,
        ItemKind::Node | ItemKind::Network | ItemKind::Variable => CompletionItemKind::VARIABLE,
        ItemKind::Link => CompletionItemKind::REFERENCE,
        ItemKind::Interface => CompletionItemKind::INTERFACE,
        ItemKind::Parameter => CompletionItemKind::FIELD,
        ItemKind::Constant => CompletionItemKind::CONSTANT,
        ItemKind::Type => CompletionItemKind::STRUCT,
        ItemKind::Function => CompletionItemKind::FUNCTION,
        ItemKind::Value => CompletionItemKind::ENUM_MEMBER,
        ItemKind::Unit => CompletionItemKind::UNIT,
        ItemKind::Resource => CompletionItemKind::VALUE,
        ItemKind::File => CompletionItemKind::FILE,
        ItemKind::Folder => CompletionItemKind::FOLDER,
        ItemKind::Text => CompletionItemKind::TEXT,
    }
}

#[cfg(test)]
mod tests {
    use crate::test_client::{Client, Lab, uri};
    use serde_json::{Value, json};

    fn find<'a>(answer: &'a Value, label: &str) -> &'a Value {
        let items = answer["items"].as_array().unwrap();
        items.iter().find(|item| item["label"] == label).unwrap_or_else(|| panic!("no {label} in {items:?}"))
    }

    #[tokio::test]
    async fn items_replace_the_word_in_the_units_of_the_client() {
        // An emoji is two units of UTF-16.
        let text = "topology t\nnode a: debian { notes = \"😀\", mem$0 }\n";
        let mut lab = Lab::open(&[("t.wtop", text)]).await;
        let answer = lab.ask("textDocument/completion", json!({})).await;
        let memory = find(&answer, "memory");
        assert_eq!(memory["textEdit"]["range"]["start"], json!({ "line": 1, "character": 31 }));
        assert_eq!(memory["textEdit"]["range"]["end"], json!({ "line": 1, "character": 34 }));
        // This client takes no snippets.
        assert_eq!(memory["textEdit"]["newText"], "memory = ");
        assert!(memory["insertTextFormat"].is_null());
    }

    #[tokio::test]
    async fn clients_that_can_get_snippets() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.wtop");
        let completion = json!({ "completionItem": { "snippetSupport": true } });
        let capabilities = json!({ "capabilities": { "textDocument": { "completion": completion } } });
        let mut client = Client::start_with(capabilities, None).await;
        client.open(&uri(&path), "topology t\n").await;
        let place = json!({ "textDocument": { "uri": uri(&path) }, "position": { "line": 1, "character": 0 } });
        let answer = client.ask("textDocument/completion", place).await;
        let node = find(&answer, "node");
        assert_eq!(node["textEdit"]["newText"], "node ${1:name}: ${2:device}");
        assert_eq!(node["insertTextFormat"], 2);
    }

    #[tokio::test]
    async fn devices_of_other_files_are_imported_and_sheets_come_late() {
        let files = [("lab.wtop", "topology t\nnode a: $0\n"), ("lib/own.wtop", "pub device own extends debian {}\n")];
        let mut lab = Lab::open(&files).await;
        let answer = lab.ask("textDocument/completion", json!({})).await;
        let own = find(&answer, "own");
        assert_eq!(own["labelDetails"]["description"], "./lib/own.wtop");
        assert_eq!(own["additionalTextEdits"][0]["newText"], "use \"./lib/own.wtop\".{own}\n\n");
        let vsrx = find(&answer, "vsrx").clone();
        assert!(vsrx["documentation"].is_null());
        let resolved = lab.client.ask("completionItem/resolve", vsrx).await;
        let sheet = resolved["documentation"]["value"].as_str().unwrap();
        assert!(sheet.contains("images: `vsrx`"), "{sheet}");
    }

    #[tokio::test]
    async fn paths_stay_in_the_project() {
        let text = "topology t\nnode a: debian { config = file(\"$0\") }\n";
        let mut lab = Lab::open(&[("t.wtop", text), ("configs/a.conf", "hostname a\n")]).await;
        let answer = lab.ask("textDocument/completion", json!({})).await;
        let labels: Vec<&Value> = answer["items"].as_array().unwrap().iter().map(|item| &item["label"]).collect();
        assert_eq!(labels, ["configs/a.conf", "t.wtop"]);
    }
}
