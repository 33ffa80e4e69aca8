//! `wtop/edit` and what goes before it: edits of a lab as those who draw wish for them.

use super::rename;
use crate::snapshot::Snapshot;
use serde::Deserialize;
use serde_json::{Value, json};
use tower_lsp::ls_types::*;
use wtop_compiler::edit::{self, Done, Refusal, Wish};

/// What `wtop/edit` is asked with.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EditParams {
    /// The lab.
    pub text_document: TextDocumentIdentifier,
    /// What is wanted.
    pub wish: LabWish,
    /// Write out the loop or array that is in the way instead.
    #[serde(default)]
    pub before: bool,
}

/// What someone wants of a lab.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum LabWish {
    /// Another name, in all files and in the lock.
    Rename {
        /// What is renamed.
        rename: String,
        /// Its new name.
        to: String,
    },
    /// All else.
    Edit(Wish),
}

/// What a question about one thing or several is asked with.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ThingsParams {
    /// The lab.
    pub text_document: TextDocumentIdentifier,
    /// Their paths.
    #[serde(default)]
    pub ids: Vec<String>,
}

/// The edit, with a title. Else the reason why there is none, and the title of what would have to be done before.
pub fn answer(
    snapshot: &Snapshot,
    parameters: EditParams,
) -> Result<(String, WorkspaceEdit), (String, Option<String>)> {
    let gone = || ("this lab is not open any more".to_owned(), None);
    let analysis = snapshot.analysis(&parameters.text_document.uri).ok_or_else(gone)?;
    let wish = match &parameters.wish {
        LabWish::Edit(wish) => wish,
        LabWish::Rename { rename, to } => return renamed(snapshot, &parameters, rename, to),
    };
    let done = match edit::edit(analysis.view(), wish) {
        Err(Refusal { before: Some(before), .. }) if parameters.before => before,
        other => other.map_err(refusal)?,
    };
    let Done { title, edits } = done;
    let changes = snapshot.edits(analysis, &edits).ok_or_else(gone)?;
    Ok((title, WorkspaceEdit { changes: Some(changes.into_iter().collect()), ..WorkspaceEdit::default() }))
}

fn refusal(refusal: Refusal) -> (String, Option<String>) {
    (refusal.reason, refusal.before.map(|before| before.title))
}

fn renamed(
    snapshot: &Snapshot,
    parameters: &EditParams,
    id: &str,
    new: &str,
) -> Result<(String, WorkspaceEdit), (String, Option<String>)> {
    let gone = || ("this lab is not open any more".to_owned(), None);
    let analysis = snapshot.analysis(&parameters.text_document.uri).ok_or_else(gone)?;
    let span = edit::renamable(analysis.view(), id).map_err(refusal)?;
    let place = snapshot.location(analysis, span).ok_or_else(gone)?;
    let at = TextDocumentPositionParams {
        text_document: TextDocumentIdentifier { uri: place.uri },
        position: place.range.start,
    };
    let asked = RenameParams {
        text_document_position: at,
        new_name: new.to_owned(),
        work_done_progress_params: WorkDoneProgressParams::default(),
    };
    let edit = rename::answer(snapshot, asked).map_err(|reason| (reason, None))?.ok_or_else(gone)?;
    Ok((format!("Rename {id} to {new}"), edit))
}

/// `wtop/free`: the interfaces of a node that a link can have.
pub fn free(snapshot: &Snapshot, parameters: ThingsParams) -> Result<Value, String> {
    about_one(snapshot, &parameters, |view, id| edit::free(view, id).map(|free| json!(free)))
}

/// `wtop/form`: the attributes of a thing.
pub fn form(snapshot: &Snapshot, parameters: ThingsParams) -> Result<Value, String> {
    about_one(snapshot, &parameters, |view, id| edit::form(view, id).map(|form| json!(form)))
}

fn about_one(
    snapshot: &Snapshot,
    parameters: &ThingsParams,
    question: impl Fn(wtop_compiler::ide::View, &str) -> Result<Value, Refusal>,
) -> Result<Value, String> {
    let analysis = snapshot.analysis(&parameters.text_document.uri).ok_or("this lab is not open any more")?;
    let id = parameters.ids.first().ok_or("nothing is named")?;
    question(analysis.view(), id).map_err(|refusal| refusal.reason)
}

/// `wtop/dependents`: what depends on things, and whether it goes with them.
pub fn dependents(snapshot: &Snapshot, parameters: ThingsParams) -> Result<Value, String> {
    let analysis = snapshot.analysis(&parameters.text_document.uri).ok_or("this lab is not open any more")?;
    let found = edit::dependents(analysis.view(), &parameters.ids).map_err(|refusal| refusal.reason)?;
    Ok(json!(found))
}

/// `wtop/palette`: what a node can be.
pub fn palette(snapshot: &Snapshot, parameters: ThingsParams) -> Result<Value, String> {
    let analysis = snapshot.analysis(&parameters.text_document.uri).ok_or("this lab is not open any more")?;
    Ok(json!(edit::palette(analysis.view())))
}

#[cfg(test)]
mod tests {
    use crate::test_client::Lab;
    use serde_json::{Value, json};

    const LAB: &str = "topology t\nnode a: debian\nnode b: debian\nnode h[1..2]: debian\nlink a$0 <-> b\n";

    /// Asks for an edit and takes it, as an editor does. Gives the new text of the first edit, or the error.
    async fn edited(lab: &mut Lab, wish: Value) -> Value {
        let asked = json!({ "textDocument": { "uri": lab.uri("t.wtop") }, "wish": wish });
        let id = lab.client.request("wtop/edit", asked).await;
        loop {
            let message = lab.client.next().await;
            if message["method"] == "workspace/applyEdit" {
                let edit = message["params"]["edit"]["changes"][lab.uri("t.wtop")][0]["newText"].clone();
                lab.client.send(json!({ "jsonrpc": "2.0", "id": message["id"], "result": { "applied": true } })).await;
                assert_eq!(lab.client.answer(id).await["result"]["applied"], true);
                return edit;
            }
            if message["id"] == id && message["method"].is_null() {
                return message["error"].clone();
            }
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn wishes_become_edits_that_the_client_makes() {
        let mut lab = Lab::open(&[("t.wtop", LAB)]).await;
        let link = json!({ "kind": "link", "from": { "id": "a", "interface": "eth4" }, "to": { "id": "h2" } });
        assert_eq!(edited(&mut lab, link).await, "\nlink a:eth4 <-> h[2]");
        assert_eq!(edited(&mut lab, json!({ "rename": "a", "to": "c" })).await, "c");
        let refused = edited(&mut lab, json!({ "kind": "delete", "ids": ["h1"] })).await;
        assert_eq!(refused["message"], "`h1` is made by an array, together with others");
        assert_eq!(refused["data"]["before"], "Write out the 2 nodes of the array");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_there_is_to_choose_from_is_told() {
        let mut lab = Lab::open(&[("t.wtop", LAB)]).await;
        let asked = json!({ "textDocument": { "uri": lab.uri("t.wtop") }, "ids": ["a"] });
        let free = lab.client.ask("wtop/free", asked.clone()).await;
        assert_eq!(free[0]["name"], "eth2");
        let form = lab.client.ask("wtop/form", asked.clone()).await;
        assert!(form.as_array().unwrap().iter().any(|field| field["name"] == "memory"), "{form}");
        let depends = lab.client.ask("wtop/dependents", asked.clone()).await;
        assert_eq!(depends, json!([{ "text": "link a <-> b", "line": 5, "goes": true }]));
        let palette = lab.client.ask("wtop/palette", asked).await;
        assert!(palette.as_array().unwrap().iter().any(|entry| entry["device"] == "vsrx"));
    }
}
