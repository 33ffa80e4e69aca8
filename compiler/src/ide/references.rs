//! Where a thing is named.

use super::names::{Role, SymbolKind};
use super::{Found, Position, View, everywhere, merged};
use crate::source::Span;

/// Every place where the thing at a position of the first view is named, in all compilations: with its declarations, if
/// they are wanted.
pub fn references(views: &[View], at: Position, with_declarations: bool) -> Vec<Found> {
    let found = everywhere(views, at).into_iter().flat_map(|(index, id)| {
        let uses = views.get(index).into_iter().flat_map(move |view| view.names.uses(id));
        let wanted = uses.filter(move |place| with_declarations || place.role != Role::Declaration);
        wanted.map(move |place| Found { view: index, span: place.span })
    });
    merged(views, found)
}

/// A place where a thing is named in one file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Highlight {
    /// Where.
    pub span: Span,
    /// Is it declared there, and not only used?
    pub is_declaration: bool,
}

/// The places in the file where the thing at a position is named; also the words `self` that mean it.
pub fn highlights(view: View, at: Position) -> Vec<Highlight> {
    let Some((id, symbol)) = view.names.symbol_at(at.0, at.1) else { return Vec::new() };
    if symbol.kind == SymbolKind::File {
        return Vec::new();
    }
    let here = view.names.uses(id).filter(|place| place.span.file == at.0);
    here.map(|place| Highlight { span: place.span, is_declaration: place.role == Role::Declaration }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture::Fixture;

    #[test]
    fn in_all_files_and_labs_each_place_once() {
        let lib = "//- lib.wtop\npub device edge { nic a }\ndevice core extends edge { }\n";
        let main = "topology t\nuse \"./lib.wtop\".{$0edge as e}\nnode a: e\n";
        let one = Fixture::new(&format!("{main}{lib}"));
        let two = Fixture::new(&format!("{}{lib}", main.replace("$0", "")));
        let found = references(&[one.view(), two.view()], one.position(), true);
        let shown = |found: &Found| one.shown(found.span);
        assert_eq!(
            found.iter().map(shown).collect::<Vec<_>>(),
            ["lib.wtop:1:12 edge", "lib.wtop:2:21 edge", "main.wtop:2:19 edge", "main.wtop:2:27 e", "main.wtop:3:9 e"]
        );
        let used = references(&[one.view()], one.position(), false);
        assert_eq!(used.len(), 4);
    }

    #[test]
    fn in_one_file_with_self() {
        let fixture = Fixture::new("topology t\nnode $0«a»: debian { notes = «self».name }\nlink «a» <-> b\n");
        let found = highlights(fixture.view(), fixture.position());
        assert_eq!(found.iter().map(|one| one.span).collect::<Vec<_>>(), fixture.marks);
        assert_eq!(found.iter().filter(|one| one.is_declaration).count(), 1);
    }
}
