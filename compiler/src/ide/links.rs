//! The files that a file names.

use super::View;
use super::names::{Role, SymbolKind};
use super::visit::{Part, walk};
use crate::semantics::{Unit, normalized};
use crate::source::{FileId, Span};
use crate::syntax::ast::{Expr, ExprKind, TextPart};
use std::path::PathBuf;

/// A text that names a file or folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DocumentLink {
    /// The text, without its quotes.
    pub span: Span,
    /// Where it leads.
    pub path: PathBuf,
    /// Is it a folder?
    pub is_folder: bool,
}

/// What `use`, `file`, `template` and `dir` name in a file, in its order.
pub fn links(view: View, file: FileId) -> Vec<DocumentLink> {
    let Some(unit) = view.compilation.units.iter().find(|unit| unit.file == file) else { return Vec::new() };
    let mut found: Vec<DocumentLink> = imports(view, file).collect();
    walk(unit.items(), &mut |part| {
        if let Part::Expr(expr) = part {
            found.extend(named_by_call(view, unit, expr));
        }
        true
    });
    found.sort_by_key(|link| link.span.start);
    found
}

/// The files that are imported.
fn imports<'a>(view: View<'a>, file: FileId) -> impl Iterator<Item = DocumentLink> + 'a {
    let named = view.names.in_file(file).iter().filter(|place| place.role == Role::Import);
    named.filter_map(move |place| {
        let symbol = view.names.symbol(super::symbol_of(place.meaning)?)?;
        let path = view.path(symbol.name_span.file)?.to_path_buf();
        let span = super::written(view, place.span).0;
        (symbol.kind == SymbolKind::File).then_some(DocumentLink { span, path, is_folder: false })
    })
}

/// `file("x.conf")`
fn named_by_call(view: View, unit: &Unit, expr: &Expr) -> Option<DocumentLink> {
    let ExprKind::Call(function, arguments) = &expr.kind else { return None };
    let ExprKind::Name(function) = &function.kind else { return None };
    let is_folder = match function.as_str() {
        "file" | "template" => false,
        "dir" => true,
        _ => return None,
    };
    let argument = arguments.first().filter(|argument| argument.name.is_none())?;
    let ExprKind::String(parts) = &argument.value.kind else { return None };
    let [TextPart::Literal(path)] = parts.as_slice() else { return None };
    let span = super::written(view, argument.value.span).0;
    Some(DocumentLink { span, path: normalized(&unit.directory.join(path.as_str())), is_folder })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture::Fixture;

    #[test]
    fn paths_are_relative_to_the_file_that_names_them() {
        let fixture = Fixture::new(
            "topology t\nuse \"./lib/lib.wtop\".{edge}\nuse std.juniper.vmx.{vmx}\nnode a: edge { config = file(\"a.conf\"), files { \"/etc\" = dir(\"etc\") } }\n\
             //- lib/lib.wtop\npub device edge { base = template(\"./x/../edge.j2\"), nic a }\n",
        );
        let mut found = Vec::new();
        for unit in fixture.compilation.units.iter().take(2) {
            for link in links(fixture.view(), unit.file) {
                found.push(format!("{} -> {}", fixture.shown(link.span), link.path.display()));
            }
        }
        insta::assert_snapshot!(found.join("\n"), @r#"
        main.wtop:2:6 ./lib/lib.wtop -> lib/lib.wtop
        main.wtop:3:17 vmx -> <std>/juniper/vmx.wtop
        main.wtop:4:31 a.conf -> a.conf
        main.wtop:4:63 etc -> etc
        lib/lib.wtop:1:36 ./x/../edge.j2 -> lib/edge.j2
        "#);
    }
}
