//! What a page asks beside the picture: what is wrong and with what, what would be if something failed, what is built.

use super::edit::ThingsParams;
use super::graph::things;
use crate::overlay::Overlay;
use crate::snapshot::Snapshot;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use wtop_compiler::backends::{Artifact, build};
use wtop_compiler::compile;
use wtop_compiler::diagnostics::Severity;
use wtop_compiler::lab::TargetKind;
use wtop_compiler::source::Span;

/// `wtop/problems`: the errors and warnings of a lab, each with the ids of what it concerns and its place.
pub fn problems(snapshot: &Snapshot, parameters: ThingsParams) -> Option<Value> {
    let analysis = snapshot.analysis(&parameters.text_document.uri)?;
    let compilation = &analysis.compilation;
    let topology = compilation.topology.as_ref();
    let found = compilation.diagnostics.iter().map(|diagnostic| {
        let spans: Vec<Span> = diagnostic.labels.iter().map(|label| label.span).collect();
        let touches = |origin: Span| {
            spans.iter().any(|span| span.file == origin.file && span.start < origin.end && origin.start < span.end)
        };
        let named = topology.into_iter().flat_map(things).filter(|(_, origin)| touches(origin.span));
        let mut ids: BTreeSet<&str> = named.map(|(id, _)| id).collect();
        let checks = topology.into_iter().flat_map(|topology| &topology.checks);
        let failed = checks.filter(|check| check.holds == Some(false) && touches(check.origin.span));
        ids.extend(failed.flat_map(|check| &check.path).map(String::as_str));
        json!({
            "code": diagnostic.code.id,
            "message": diagnostic.message,
            "error": diagnostic.severity() == Severity::Error,
            "ids": ids,
            "place": snapshot.location(analysis, diagnostic.span()),
        })
    });
    Some(found.collect())
}

/// `wtop/whatIf`: the checks that hold now, and would not without these nodes and links; and why.
pub fn what_if(snapshot: &Snapshot, parameters: ThingsParams) -> Option<Value> {
    let analysis = snapshot.analysis(&parameters.text_document.uri)?;
    let before = analysis.compilation.topology.as_ref()?;
    let mut options = (snapshot.host.options)(&analysis.path);
    options.without = parameters.ids;
    let compilation = compile(&Overlay::new(&snapshot.documents), &options);
    let after = compilation.topology.as_ref()?;
    let pairs = before.checks.iter().zip(&after.checks);
    let broken = pairs.filter(|(then, now)| then.holds == Some(true) && now.holds == Some(false)).map(|(_, now)| {
        let span = now.origin.span;
        let inside = |at: Span| at.file == span.file && span.start <= at.start && at.end <= span.end;
        let said = compilation.diagnostics.iter().find(|diagnostic| inside(diagnostic.span()));
        let why = said.and_then(|said| said.help.as_deref().or(said.labels.first().map(|label| label.text.as_str())));
        json!({
            "check": now.name.as_deref().unwrap_or(&now.condition),
            "path": now.path,
            "why": why.unwrap_or_default(),
        })
    });
    let broken: Vec<Value> = broken.collect();
    Some(json!({ "checks": before.checks.len(), "broken": broken }))
}

/// `wtop/artifacts`: what a node or network is on each kind of target.
pub fn artifacts(snapshot: &Snapshot, parameters: ThingsParams) -> Option<Value> {
    let analysis = snapshot.analysis(&parameters.text_document.uri)?;
    let topology = analysis.compilation.topology.as_ref()?;
    let id = parameters.ids.first()?;
    let (_, origin) = things(topology).find(|(known, _)| known == id)?;
    let mut all = Vec::new();
    for (kind, name) in [(TargetKind::Kvm, "kvm"), (TargetKind::Heat, "heat")] {
        let target = topology.targets.iter().find(|target| target.kind == name);
        let (artifacts, _) = build(topology, target, kind);
        for artifact in artifacts {
            let text = fragments(&artifact, origin.span, id);
            if !text.is_empty() {
                all.push(json!({ "target": name, "file": artifact.path, "text": text }));
            }
        }
    }
    Some(Value::Array(all))
}

/// The lines of an artifact that a place of the source made: of what an array made, those that name the element.
fn fragments(artifact: &Artifact, span: Span, id: &str) -> String {
    let Ok(text) = std::str::from_utf8(&artifact.bytes) else { return String::new() };
    let lines: Vec<&str> = text.lines().collect();
    let mut parts: Vec<String> = Vec::new();
    let mut end = 0;
    for mark in artifact.marks.iter().filter(|mark| mark.span == span) {
        let (first, last) = (mark.first as usize, mark.last as usize);
        if first > end {
            parts.push(lines.get(first - 1..last.min(lines.len())).unwrap_or_default().join("\n"));
            end = last;
        }
    }
    let names = |part: &&String| {
        let mut rest = part.as_str();
        while let Some(at) = rest.find(id) {
            let before = rest.get(..at).and_then(|text| text.chars().next_back());
            let after = rest.get(at + id.len()..).unwrap_or_default();
            let is_part = |char: char| char.is_alphanumeric();
            if !before.is_some_and(is_part) && !after.chars().next().is_some_and(is_part) {
                return true;
            }
            rest = after;
        }
        false
    };
    parts.iter().filter(names).cloned().collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use crate::test_client::Lab;
    use serde_json::json;

    const LAB: &str = "topology t\nnode a$0: debian\nnode r: frr\nnode b: debian\nlink a <-> r\nlink r <-> b\ncheck reachable(a, b)\ncheck reachable(a, r)\n";

    #[tokio::test(flavor = "multi_thread")]
    async fn what_breaks_without_a_node_is_found_by_the_compiler() {
        let mut lab = Lab::open(&[("t.wtop", LAB)]).await;
        let asked = |ids: &[&str], lab: &Lab| json!({ "textDocument": { "uri": lab.uri("t.wtop") }, "ids": ids });
        let question = asked(&["b"], &lab);
        let answer = lab.client.ask("wtop/whatIf", question).await;
        assert_eq!((&answer["checks"], answer["broken"].as_array().unwrap().len()), (&json!(2), 1), "{answer}");
        assert_eq!(answer["broken"][0]["check"], "reachable(a, b)");
        let question = asked(&["b--r"], &lab);
        let by_link = lab.client.ask("wtop/whatIf", question).await;
        assert_eq!(by_link["broken"][0]["check"], "reachable(a, b)", "{by_link}");
        let question = asked(&[], &lab);
        assert_eq!(lab.client.ask("wtop/whatIf", question).await["broken"], json!([]));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_mistake_names_what_it_concerns_and_a_node_shows_what_is_built() {
        let text = LAB.replace("check reachable(a, r)", "check not reachable(a, b)");
        let mut lab = Lab::open(&[("t.wtop", &text)]).await;
        let asked = json!({ "textDocument": { "uri": lab.uri("t.wtop") }, "ids": ["a"] });
        let problems = lab.client.ask("wtop/problems", asked.clone()).await;
        let failed = problems.as_array().unwrap().iter().find(|found| found["code"] == "E0702").unwrap();
        assert!(failed["message"].as_str().unwrap().contains("not reachable(a, b)"), "{failed}");
        let built = lab.client.ask("wtop/artifacts", asked).await;
        let files: Vec<&str> = built.as_array().unwrap().iter().map(|part| part["target"].as_str().unwrap()).collect();
        assert!(files.contains(&"kvm") && files.contains(&"heat"), "{built}");
    }
}
