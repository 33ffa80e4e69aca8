//! Imports a name that another file of the workspace declares.

use super::{Assist, AssistKind, Context};
use crate::source::Span;
use crate::syntax::ast::{Item, ItemKind, TextPart, UseRoot};

/// A name that another file lets others use.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer {
    /// The name.
    pub name: String,
    /// The file, as a `use` here would write it: `./lib.wtop`.
    pub path: String,
}

/// An import for each file that has the unknown name at the place.
pub fn import_name(context: &Context, offers: &[Offer]) -> Vec<Assist> {
    let unknown = context.view.compilation.diagnostics.iter().find(|found| {
        let span = found.span();
        let range = context.range;
        let touches = span.file == range.file && span.start <= range.end && range.start <= span.end;
        touches && matches!(found.code.id, "E0203" | "E0215" | "E0410")
    });
    let Some(name) = unknown.map(|found| context.slice(found.span())) else { return Vec::new() };
    let fitting = offers.iter().filter(|offer| offer.name == name);
    fitting.map(|offer| import(context, offer)).collect()
}

fn import(context: &Context, offer: &Offer) -> Assist {
    let Offer { name, path } = offer;
    let is_use = |item: &&Item| matches!(item.kind, ItemKind::Use(_));
    let uses: Vec<&Item> = context.unit.items().iter().filter(is_use).collect();
    let last_name = uses.iter().find_map(|item| last_name_of(item, path));
    let line = format!("use \"{path}\".{{{name}}}");
    let edit = match (last_name, uses.last()) {
        (Some(last), _) => context.replace(last, format!(", {name}")),
        (None, Some(item)) => {
            context.replace(Span { start: context.whole(item).end, ..item.span }.at_start(), format!("\n{line}"))
        }
        (None, None) => {
            let first = context.unit.items().iter().find(|item| !matches!(item.kind, ItemKind::Edition(_)));
            let at =
                first.map_or(context.range.at_start(), |item| Span { start: context.whole(item).start, ..item.span });
            context.replace(at.at_start(), format!("{line}\n\n"))
        }
    };
    let title = format!("Import `{name}` from \"{path}\"");
    Assist { id: "import-name", title, kind: AssistKind::QuickFix, edits: vec![edit] }
}

/// The end of the last name that an item imports from a file.
fn last_name_of(item: &Item, path: &str) -> Option<Span> {
    let ItemKind::Use(used) = &item.kind else { return None };
    let UseRoot::File(root) = &used.root else { return None };
    let same = matches!(root.parts.as_slice(), [TextPart::Literal(text)] if text == path);
    let last = used.names.as_ref().filter(|_| same)?.last()?;
    Some(last.rename.as_ref().map_or(last.name.span, |rename| rename.span).at_end())
}
