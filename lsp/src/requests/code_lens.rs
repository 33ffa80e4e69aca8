//! `textDocument/codeLens` and `codeLens/resolve`: lines above declarations, which lead to what they count.
//!
//! The commands are the client's: `wtop.showReferences` with a file, a position and locations; `wtop.preview`,
//! `wtop.plan` and `wtop.up` with a file; `wtop.console` with a file and a node.

use crate::analysis::Analysis;
use crate::live::LiveCommand;
use crate::snapshot::Snapshot;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tower_lsp::ls_types::{CodeLens, CodeLensParams, Command, Location, Position, Range, Uri};
use wtop_compiler::ide::code_lens::{Lens, LensKind, code_lenses};
use wtop_compiler::source::FileId;

/// What finds a lens again.
#[derive(Serialize, Deserialize)]
struct Data {
    uri: Uri,
    position: Position,
}

/// The lenses of a file.
pub fn answer(snapshot: &Snapshot, parameters: CodeLensParams) -> Option<Vec<CodeLens>> {
    let uri = parameters.text_document.uri;
    let analysis = snapshot.analysis(&uri)?;
    let file = analysis.file(&analysis.path)?;
    let settings = &snapshot.settings.code_lens;
    let mut shown = Vec::new();
    for lens in code_lenses(analysis.view(), file) {
        let Some(range) = snapshot.range(analysis, lens.span) else { continue };
        let is_wanted = match lens.kind {
            LensKind::Instances => settings.instances,
            LensKind::Links => settings.links,
            LensKind::Lab => settings.commands,
        };
        if is_wanted && lens.kind == LensKind::Lab {
            shown.extend(commands(snapshot, analysis, &uri, range, &lens));
        } else if is_wanted {
            let data = Data { uri: uri.clone(), position: range.start };
            shown.push(CodeLens { range, command: None, data: serde_json::to_value(data).ok() });
        }
    }
    Some(shown)
}

/// The lens with its title and the places that it leads to, if it is there still.
pub fn resolve(snapshot: &Snapshot, mut lens: CodeLens) -> CodeLens {
    let data: Option<Data> = lens.data.clone().and_then(|data| serde_json::from_value(data).ok());
    lens.command = data.and_then(|data| references(snapshot, &data)).or(lens.command);
    lens
}

/// What can be done with a lab, over its `topology`.
fn commands(snapshot: &Snapshot, analysis: &Analysis, uri: &Uri, range: Range, lens: &Lens) -> Vec<CodeLens> {
    let title = |title: String, command: &str, more: Option<&str>| {
        let arguments = [Some(json!(uri)), more.map(|more| json!(more))].into_iter().flatten().collect();
        let command = Some(Command { title, command: command.to_owned(), arguments: Some(arguments) });
        CodeLens { range, command, data: None }
    };
    let preview = title(format!("Preview ({})", lens.title(analysis.view())), "wtop.preview", None);
    let live = snapshot.host.live.as_ref().map(|live| live.commands(&analysis.path)).unwrap_or_default();
    let live = live.into_iter().map(|command| match command {
        LiveCommand::Plan => title("Plan".to_owned(), "wtop.plan", None),
        LiveCommand::Up => title("Up".to_owned(), "wtop.up", None),
        LiveCommand::Console(node) => title(format!("Console of {node}"), "wtop.console", Some(&node)),
    });
    [preview].into_iter().chain(live).collect()
}

fn references(snapshot: &Snapshot, data: &Data) -> Option<Command> {
    let analysis = snapshot.analysis(&data.uri)?;
    let file = analysis.file(&analysis.path)?;
    let here = |analysis: &Analysis, file: FileId| {
        code_lenses(analysis.view(), file).into_iter().find(|lens| {
            lens.kind != LensKind::Lab
                && snapshot.range(analysis, lens.span).is_some_and(|range| range.start == data.position)
        })
    };
    let mut lens = here(analysis, file)?;
    let mut places = locations(snapshot, analysis, &lens);
    // A device or module is used by other labs, too.
    if lens.kind == LensKind::Instances {
        let name = analysis.compilation.sources.text(lens.span);
        for other in snapshot.analyses.values().filter(|other| other.path != analysis.path) {
            let Some(found) = other.file(&analysis.path).and_then(|file| here(other, file)) else { continue };
            if other.compilation.sources.text(found.span) == name {
                lens.number += found.number;
                places.extend(locations(snapshot, other, &found));
            }
        }
    }
    places.sort_by_key(|place| (place.uri.to_string(), place.range.start, place.range.end));
    places.dedup();
    Some(Command {
        title: lens.title(analysis.view()),
        command: "wtop.showReferences".to_owned(),
        arguments: Some(vec![json!(data.uri), json!(data.position), json!(places)]),
    })
}

fn locations(snapshot: &Snapshot, analysis: &Analysis, lens: &Lens) -> Vec<Location> {
    let places = lens.places(analysis.view());
    places.into_iter().filter_map(|span| snapshot.location(analysis, span)).collect()
}

#[cfg(test)]
mod tests {
    use crate::Host;
    use crate::live::{Live, LiveCommand};
    use crate::test_client::{Client, Lab, uri};
    use serde_json::json;
    use std::path::Path;
    use std::sync::Arc;
    use wtop_compiler::CompileOptions;

    #[derive(Debug)]
    struct Bench;

    impl Live for Bench {
        fn commands(&self, file: &Path) -> Vec<LiveCommand> {
            assert!(file.ends_with("t.wtop"));
            vec![LiveCommand::Plan, LiveCommand::Console("a".to_owned())]
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn offer_what_the_program_around_can_do() {
        let folder = tempfile::tempdir().unwrap();
        let uri = uri(&folder.path().join("t.wtop"));
        let options = |path: &Path| CompileOptions { file: path.to_path_buf(), ..CompileOptions::default() };
        let host = Host { options, folder: None, record: None, live: Some(Arc::new(Bench)) };
        let mut client = Client::start_at(json!({ "capabilities": {} }), host).await;
        client.open(&uri, "topology t\nnode a: debian\n").await;
        let lenses = client.ask("textDocument/codeLens", json!({ "textDocument": { "uri": uri } })).await;
        let command = |at: usize| (lenses[at]["command"]["title"].clone(), lenses[at]["command"]["arguments"].clone());
        assert_eq!(command(1), (json!("Plan"), json!([uri])));
        assert_eq!(command(2), (json!("Console of a"), json!([uri, "a"])));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn lead_to_what_they_count() {
        let lab = "topology t$0\nuse \"./lib.wtop\".{box}\nnode a: box\nnode b: box\nlink a <-> b\n";
        let mut lab = Lab::open(&[("t.wtop", lab), ("lib.wtop", "pub device box extends debian\n")]).await;
        let lenses = lab.ask("textDocument/codeLens", json!({})).await;
        assert_eq!(lenses.as_array().unwrap().len(), 3);
        let uri = lab.uri("t.wtop");
        let preview =
            json!({ "title": "Preview (2 nodes, 1 link, 1 segment)", "command": "wtop.preview", "arguments": [uri] });
        assert_eq!(lenses[0]["command"], preview);
        let resolved = lab.client.ask("codeLens/resolve", lenses[1].clone()).await;
        assert_eq!(resolved["command"]["title"], "1 link");
        assert_eq!(resolved["command"]["arguments"][2][0]["range"]["start"], json!({ "line": 4, "character": 0 }));
        let library = json!({ "textDocument": { "uri": lab.uri("lib.wtop") } });
        let lenses = lab.client.ask("textDocument/codeLens", library).await;
        let resolved = lab.client.ask("codeLens/resolve", lenses[0].clone()).await;
        assert_eq!(resolved["command"]["title"], "2 instances", "{resolved}");
        assert_eq!(resolved["command"]["arguments"][2].as_array().unwrap().len(), 2);
        let settings = json!({ "settings": { "wtop": { "codeLens": { "links": false, "commands": false } } } });
        lab.client.tell("workspace/didChangeConfiguration", settings).await;
        assert_eq!(lab.ask("textDocument/codeLens", json!({})).await, json!([]));
    }
}
