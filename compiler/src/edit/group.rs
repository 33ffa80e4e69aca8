//! Nodes and networks that become a module.

use super::Refusal;
use super::place::{lab, written};
use crate::diagnostics::TextEdit;
use crate::ide::View;
use crate::ide::assists::{Context, assists};
use crate::source::Span;
use crate::syntax::ast::ItemKind;

/// Makes a module of things that stand together in the text, with the links between them.
pub(super) fn group(view: View, ids: &[String]) -> Result<(String, Vec<TextEdit>), Refusal> {
    let (lab, _) = lab(view)?;
    let spans = ids.iter().map(|id| written(view, id).map(|written| written.item.span));
    let mut spans = spans.collect::<Result<Vec<Span>, Refusal>>()?;
    spans.sort();
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
        return Err(Refusal::new("nothing is chosen"));
    };
    let range = first.to(*last);
    let inside = lab.unit.items().iter().filter(|item| range.start <= item.span.start && item.span.end <= range.end);
    let mut strangers = inside.filter(|item| !spans.contains(&item.span) && !matches!(item.kind, ItemKind::Link(_)));
    if let Some(stranger) = strangers.next() {
        let line = lab.slice(stranger.span).lines().next().unwrap_or_default();
        return Err(Refusal::new(format!("`{line}` stands between them in the text; move it away first")));
    }
    let found = Context::new(view, range).map_or(Vec::new(), |context| assists(&context));
    let found = found.into_iter().find(|assist| assist.id == "extract-module");
    let assist = found.ok_or_else(|| Refusal::new("these cannot be a module: something outside of it is used in a way that no parameter allows, or it is only one"))?;
    Ok((assist.title, assist.edits))
}
