//! `textDocument/codeAction` and `codeAction/resolve`: the ways to mend what is wrong in a range, and to write what is
//! there in another way.

use crate::analysis::Analysis;
use crate::diagnostics::touches;
use crate::documents::real;
use crate::snapshot::Snapshot;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::Path;
use tower_lsp::ls_types::*;
use wtop_compiler::diagnostics::fix::choose_fixes;
use wtop_compiler::diagnostics::{self, Fix};
use wtop_compiler::ide::assists::{Assist, AssistKind, Context, Offer, assists, finish, import_name};
use wtop_compiler::source::Span;

/// Mends all that is certain.
const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.wtop");

/// What the server says that it can.
pub fn options() -> CodeActionOptions {
    let kinds = [
        CodeActionKind::QUICKFIX,
        CodeActionKind::REFACTOR_EXTRACT,
        CodeActionKind::REFACTOR_INLINE,
        CodeActionKind::REFACTOR_REWRITE,
        CodeActionKind::SOURCE_ORGANIZE_IMPORTS,
        FIX_ALL,
    ];
    CodeActionOptions {
        code_action_kinds: Some(kinds.to_vec()),
        resolve_provider: Some(true),
        ..CodeActionOptions::default()
    }
}

/// Which action is meant, for working its edits out once it is chosen.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chosen {
    uri: Uri,
    range: Range,
    id: String,
}

/// The actions for a range. `lazily`: the client asks for the edits of the one that is chosen.
pub fn answer(snapshot: &Snapshot, parameters: CodeActionParams, lazily: bool) -> Option<CodeActionResponse> {
    let context = &parameters.context;
    let is_wanted = |kind: &CodeActionKind| match &context.only {
        Some(wanted) => wanted.iter().any(|wanted| is_of(kind, wanted)),
        // An editor that only wants to know whether there is something is not told of the whole file.
        None => context.trigger_kind != Some(CodeActionTriggerKind::AUTOMATIC) || !is_of(kind, &CodeActionKind::SOURCE),
    };
    let mut actions: Vec<CodeAction> = Vec::new();
    if is_wanted(&CodeActionKind::QUICKFIX) {
        actions.extend(quick_fixes(snapshot, &parameters));
        actions.extend(fixes_of_codes(snapshot, &parameters));
    }
    if is_wanted(&FIX_ALL) {
        actions.extend(fix_all(snapshot, &parameters.text_document.uri));
    }
    let (analysis, span) = snapshot.span(&parameters.text_document.uri, parameters.range)?;
    for assist in offered(snapshot, analysis, span).into_iter().filter(|assist| is_wanted(&kind(assist.kind))) {
        actions.extend(match lazily {
            true => Some(unresolved(&parameters, &assist)),
            false => resolved(snapshot, analysis, &assist),
        });
    }
    Some(actions.into_iter().map(CodeActionOrCommand::CodeAction).collect())
}

/// The action with its edits; as it is, where the text is another now.
pub fn resolve(snapshot: &Snapshot, action: CodeAction) -> CodeAction {
    let edit = chosen(&action).and_then(|chosen| {
        let (analysis, span) = snapshot.span(&chosen.uri, chosen.range)?;
        let mut offered = offered(snapshot, analysis, span).into_iter();
        let assist = offered.find(|assist| assist.id == chosen.id && assist.title == action.title)?;
        resolved(snapshot, analysis, &assist)?.edit
    });
    CodeAction { edit: edit.or(action.edit.clone()), ..action }
}

/// The file that an action is about.
pub fn file(action: &CodeAction) -> Option<Uri> {
    chosen(action).map(|chosen| chosen.uri)
}

fn chosen(action: &CodeAction) -> Option<Chosen> {
    action.data.clone().and_then(|data| serde_json::from_value(data).ok())
}

/// Is a kind the wanted one, or below it?
fn is_of(kind: &CodeActionKind, wanted: &CodeActionKind) -> bool {
    let rest = kind.as_str().strip_prefix(wanted.as_str());
    wanted.as_str().is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn offered(snapshot: &Snapshot, analysis: &Analysis, span: Span) -> Vec<Assist> {
    let Some(context) = Context::new(analysis.view(), span) else { return Vec::new() };
    let mut all = import_name(&context, &offers(snapshot, analysis));
    all.extend(assists(&context));
    all
}

/// The names that other files of the workspace let a file use.
fn offers(snapshot: &Snapshot, analysis: &Analysis) -> Vec<Offer> {
    let folder = analysis.path.parent().unwrap_or(&analysis.path);
    let project = (snapshot.host.options)(&analysis.path).project;
    let project = project.map_or(folder.to_path_buf(), |project| real(&project));
    let others =
        snapshot.analyses.values().filter(|other| other.path != analysis.path && other.path.starts_with(&project));
    let names = others.filter_map(|other| {
        let unit = other.compilation.units.first()?;
        let path = relative(folder, &other.path)?;
        let public =
            unit.names.iter().filter(|(_, item)| unit.items().get(**item).is_some_and(|item| item.public.is_some()));
        Some(public.map(move |(name, _)| Offer { name: name.to_string(), path: path.clone() }).collect::<Vec<_>>())
    });
    names.flatten().collect()
}

/// A file as a `use` in a folder names it.
fn relative(folder: &Path, file: &Path) -> Option<String> {
    let shared = folder.ancestors().find(|shared| file.starts_with(shared))?;
    let ups = folder.strip_prefix(shared).ok()?.components().count();
    let rest = file.strip_prefix(shared).ok()?.to_str()?.replace('\\', "/");
    Some(if ups == 0 { format!("./{rest}") } else { format!("{}{rest}", "../".repeat(ups)) })
}

fn kind(kind: AssistKind) -> CodeActionKind {
    match kind {
        AssistKind::QuickFix => CodeActionKind::QUICKFIX,
        AssistKind::Extract => CodeActionKind::REFACTOR_EXTRACT,
        AssistKind::Inline => CodeActionKind::REFACTOR_INLINE,
        AssistKind::Rewrite => CodeActionKind::REFACTOR_REWRITE,
        AssistKind::OrganizeImports => CodeActionKind::SOURCE_ORGANIZE_IMPORTS,
    }
}

fn unresolved(parameters: &CodeActionParams, assist: &Assist) -> CodeAction {
    let uri = parameters.text_document.uri.clone();
    let chosen = Chosen { uri, range: parameters.range, id: assist.id.to_owned() };
    CodeAction {
        title: assist.title.clone(),
        kind: Some(kind(assist.kind)),
        data: serde_json::to_value(chosen).ok(),
        ..CodeAction::default()
    }
}

fn resolved(snapshot: &Snapshot, analysis: &Analysis, assist: &Assist) -> Option<CodeAction> {
    let edits = finish(&analysis.compilation.sources, &assist.edits)?;
    action(snapshot, analysis, &assist.title, kind(assist.kind), &edits)
}

/// None where an action changes what no editor can open.
fn action(
    snapshot: &Snapshot,
    analysis: &Analysis,
    title: &str,
    kind: CodeActionKind,
    edits: &[diagnostics::TextEdit],
) -> Option<CodeAction> {
    let changes = snapshot.edits(analysis, edits)?;
    Some(CodeAction {
        title: title.to_owned(),
        kind: Some(kind),
        edit: Some(WorkspaceEdit { changes: Some(changes.into_iter().collect()), ..WorkspaceEdit::default() }),
        ..CodeAction::default()
    })
}

/// The fixes that come with what is wrong in the range, also where an open file says it that imports this one.
fn quick_fixes(snapshot: &Snapshot, parameters: &CodeActionParams) -> Vec<CodeAction> {
    let mut actions: Vec<CodeAction> = Vec::new();
    for analysis in snapshot.analyses.values() {
        let found = analysis.found.get(&parameters.text_document.uri).into_iter().flatten();
        for (index, diagnostic) in found.filter(|(_, diagnostic)| touches(diagnostic.range, parameters.range)) {
            let fixes = analysis.compilation.diagnostics.get(*index).map_or(&[][..], |diagnostic| &diagnostic.fixes);
            for action in fixes.iter().filter_map(|fix| quick_fix(snapshot, analysis, fix, diagnostic)) {
                if !actions.contains(&action) {
                    actions.push(action);
                }
            }
        }
    }
    actions
}

fn quick_fix(snapshot: &Snapshot, analysis: &Analysis, fix: &Fix, diagnostic: &Diagnostic) -> Option<CodeAction> {
    let action = action(snapshot, analysis, &fix.title, CodeActionKind::QUICKFIX, &fix.edits)?;
    Some(CodeAction { diagnostics: Some(vec![diagnostic.clone()]), is_preferred: Some(fix.is_certain), ..action })
}

/// For each kind of mistake in the range that the file has more than once: all certain fixes of that kind.
fn fixes_of_codes(snapshot: &Snapshot, parameters: &CodeActionParams) -> Vec<CodeAction> {
    let uri = &parameters.text_document.uri;
    let Some(analysis) = snapshot.analysis(uri) else { return Vec::new() };
    let here = analysis.found.get(uri).into_iter().flatten();
    let here = here.filter(|(_, diagnostic)| touches(diagnostic.range, parameters.range));
    let codes: BTreeSet<&str> =
        here.filter_map(|(index, _)| Some(analysis.compilation.diagnostics.get(*index)?.code.id)).collect();
    let of_code = |code: &str| {
        let (edits, count) = certain(analysis, |diagnostic| diagnostic.code.id == code);
        let title = format!("Fix all {count} of {code} in this file");
        (count > 1).then(|| action(snapshot, analysis, &title, CodeActionKind::QUICKFIX, &edits)).flatten()
    };
    codes.into_iter().filter_map(of_code).collect()
}

/// All certain fixes of a file.
fn fix_all(snapshot: &Snapshot, uri: &Uri) -> Option<CodeAction> {
    let analysis = snapshot.analysis(uri)?;
    let (edits, count) = certain(analysis, |_| true);
    let title = if count == 1 { "Make the certain fix" } else { "Make all certain fixes" };
    (count > 0).then(|| action(snapshot, analysis, title, FIX_ALL, &edits)).flatten()
}

/// The certain fixes of a file's own mistakes that can be made at once, and how many they are.
fn certain(
    analysis: &Analysis,
    is_wanted: impl Fn(&diagnostics::Diagnostic) -> bool,
) -> (Vec<diagnostics::TextEdit>, usize) {
    let Some(file) = analysis.file(&analysis.path) else { return (Vec::new(), 0) };
    let own = analysis.compilation.diagnostics.iter().filter(|found| found.span().file == file && is_wanted(found));
    let mut chosen = choose_fixes(own, &analysis.compilation.sources);
    (chosen.edits.remove(&file).unwrap_or_default(), chosen.applied)
}

#[cfg(test)]
mod tests {
    use crate::test_client::{Client, Lab, uri};
    use serde_json::{Value, json};

    fn titles(actions: &Value) -> Vec<&str> {
        actions.as_array().unwrap().iter().map(|action| action["title"].as_str().unwrap()).collect()
    }

    async fn actions(lab: &mut Lab, context: Value) -> Value {
        let place = lab.marked["position"].clone();
        let range = json!({ "start": place, "end": place });
        lab.ask("textDocument/codeAction", json!({ "range": range, "context": context })).await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn only_the_wanted_kinds_are_offered() {
        let text =
            "use std.juniper.vsrx\ntopology t\nnode a$0: debian { memory = 2GiB }\nnode b: debiam\nnode c: debiam\n";
        let mut lab = Lab::open(&[("t.wtop", text)]).await;
        let all = actions(&mut lab, json!({ "diagnostics": [] })).await;
        assert_eq!(
            titles(&all),
            ["Make all certain fixes", "Make a device of what it adds to `debian`", "Sort the imports"]
        );
        let refactor = actions(&mut lab, json!({ "diagnostics": [], "only": ["refactor"] })).await;
        assert_eq!(titles(&refactor), ["Make a device of what it adds to `debian`"]);
        let sort = actions(&mut lab, json!({ "diagnostics": [], "only": ["source.organizeImports"] })).await;
        assert_eq!(sort[0]["edit"]["changes"][lab.uri("t.wtop")][0]["newText"], "");
        let none = actions(&mut lab, json!({ "diagnostics": [], "only": ["refactor.inline", "refactoring"] })).await;
        assert_eq!(none, json!([]));
        let automatic = actions(&mut lab, json!({ "diagnostics": [], "triggerKind": 2 })).await;
        assert_eq!(titles(&automatic), ["Make a device of what it adds to `debian`"]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn one_kind_of_mistake_is_mended_everywhere() {
        let text = "topology t\nnode b: debi$0am\nnode c: debiam\n";
        let mut lab = Lab::open(&[("t.wtop", text)]).await;
        let all = actions(&mut lab, json!({ "diagnostics": [], "only": ["quickfix"] })).await;
        assert_eq!(titles(&all), ["Write `debian`", "Fix all 2 of E0410 in this file"], "{all}");
        assert_eq!(all[1]["edit"]["changes"][lab.uri("t.wtop")].as_array().unwrap().len(), 2);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn edits_are_worked_out_when_an_action_is_chosen() {
        let folder = tempfile::tempdir().unwrap();
        let uri = uri(&folder.path().join("t.wtop"));
        let resolves = json!({ "dataSupport": true, "resolveSupport": { "properties": ["edit"] } });
        let parameters = json!({ "capabilities": { "textDocument": { "codeAction": resolves } } });
        let mut client = Client::start_with(parameters, None).await;
        client.open(&uri, "topology t\nlet size = 2GiB\nnode a: debian { memory = size }\n").await;
        let place = json!({ "line": 1, "character": 5 });
        let parameters = json!({
            "textDocument": { "uri": uri }, "range": { "start": place, "end": place }, "context": { "diagnostics": [] }
        });
        let actions = client.ask("textDocument/codeAction", parameters).await;
        assert_eq!(titles(&actions), ["Put `size` where it is used"]);
        assert_eq!(actions[0]["edit"], json!(null));
        let resolved = client.ask("codeAction/resolve", actions[0].clone()).await;
        let edits = resolved["edit"]["changes"][&uri].as_array().unwrap();
        assert_eq!(edits.len(), 2, "{resolved}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn names_of_other_files_are_imported() {
        let other = "pub device probe extends debian { cpu = 2 }\n";
        let mut lab = Lab::open(&[("t.wtop", "topology t\nnode a: pro$0be\n"), ("lib.wtop", other)]).await;
        lab.client.ask("workspace/diagnostic", json!({ "previousResultIds": [] })).await;
        let all = actions(&mut lab, json!({ "diagnostics": [], "only": ["quickfix"] })).await;
        assert_eq!(titles(&all), ["Import `probe` from \"./lib.wtop\""]);
        let edit = &all[0]["edit"]["changes"][lab.uri("t.wtop")][0];
        assert_eq!(edit["newText"], "use \"./lib.wtop\".{probe}\n\n");
    }
}
