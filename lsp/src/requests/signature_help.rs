//! `textDocument/signatureHelp`: what a function, device or module takes, while its arguments are being typed.

use crate::markup::markup;
use crate::snapshot::Snapshot;
use tower_lsp::ls_types::{
    Documentation, ParameterInformation, ParameterLabel, SignatureHelp, SignatureHelpParams, SignatureInformation,
};
use wtop_compiler::ide::signature::{Signature, Typed, signature};

/// What the call at a position takes.
pub fn answer(snapshot: &Snapshot, parameters: SignatureHelpParams) -> Option<SignatureHelp> {
    let place = parameters.text_document_position_params;
    let document = snapshot.document(&place.text_document.uri)?;
    let offset = u32::try_from(document.offset(snapshot.encoding, place.position)).ok()?;
    // The main file of an analysis is its first unit.
    let known = snapshot.analysis(&place.text_document.uri).map(|analysis| (&analysis.compilation, 0));
    let found = signature(Typed { text: &document.text, parse: document.parse(), known }, offset)?;
    Some(shown(found, snapshot.plain.signatures))
}

fn shown(found: Signature, is_plain: bool) -> SignatureHelp {
    // Labels are counted in UTF-16, whatever positions are.
    let units = |at: usize| {
        let before = found.label.get(..at).unwrap_or_default();
        u32::try_from(before.encode_utf16().count()).unwrap_or_default()
    };
    let doc = |doc: &Option<String>| Some(Documentation::MarkupContent(markup(doc.clone()?, is_plain)));
    let parameters = found.parameters.iter().map(|parameter| ParameterInformation {
        label: ParameterLabel::LabelOffsets([units(parameter.label.start), units(parameter.label.end)]),
        documentation: doc(&parameter.doc),
    });
    let signature = SignatureInformation {
        parameters: Some(parameters.collect()),
        documentation: doc(&found.doc),
        active_parameter: None,
        label: found.label.clone(),
    };
    SignatureHelp {
        signatures: vec![signature],
        active_signature: Some(0),
        active_parameter: found.active.and_then(|active| u32::try_from(active).ok()),
    }
}

#[cfg(test)]
mod tests {
    use crate::test_client::Lab;
    use serde_json::json;

    #[tokio::test(flavor = "multi_thread")]
    async fn knows_the_parameter_while_it_is_typed() {
        let lab = "topology t\nmodule branch(hosts: int, up: network) {\n}\nnode o: branch(hosts = 2, up = $0\n";
        let mut lab = Lab::open(&[("t.wtop", lab)]).await;
        let help = lab.ask("textDocument/signatureHelp", json!({})).await;
        assert_eq!(help["signatures"][0]["label"], "branch(hosts: int, up: network)");
        assert_eq!(help["signatures"][0]["parameters"][1]["label"], json!([19, 30]));
        assert_eq!(help["activeParameter"], 1);
        lab.marked["position"] = json!({ "line": 0, "character": 3 });
        assert!(lab.ask("textDocument/signatureHelp", json!({})).await.is_null());
    }
}
