//! Names that are typed in several places at once.

use super::names::{Role, SymbolKind};
use super::{Position, View, written};
use crate::source::Span;

/// The places of a name that nobody outside of its block, its loop or its list can use, so that typing in one of them
/// can change all: a variable, or a constant of a block.
pub fn ranges(view: View, at: Position) -> Option<Vec<Span>> {
    let (id, symbol) = view.names.symbol_at(at.0, at.1)?;
    let is_local = match symbol.kind {
        SymbolKind::Variable => true,
        SymbolKind::Let => !is_shared(view, at, id),
        _ => false,
    };
    let places: Vec<Span> =
        view.names.uses(id).filter(|place| place.role != Role::This).map(|place| place.span).collect();
    let same = |span: &Span| span.file == at.0 && written(view, *span).1 == symbol.name;
    (is_local && places.iter().all(same)).then_some(places)
}

/// Is a constant one of a file or module?
fn is_shared(view: View, at: Position, id: super::names::SymbolId) -> bool {
    let scopes = &view.names.scopes;
    let owner = scopes.iter().find(|scope| scope.span.file == at.0 && scope.names.values().any(|one| *one == id));
    owner.is_none_or(|scope| scope.parent.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture::Fixture;

    #[track_caller]
    fn linked(text: &str) {
        let fixture = Fixture::new(text);
        let found = ranges(fixture.view(), fixture.position()).unwrap_or_default();
        assert_eq!(fixture.all_shown(found), fixture.all_shown(fixture.marks.iter().copied()));
    }

    #[test]
    fn local_names_only() {
        linked("topology t\nfor $0«l» in 1..2 { node r[«l»]: debian { notes = \"${«l»}\" } }\n");
        linked("topology t\nlet all = [«x» for «x»$0 in [1]]\n");
        linked("topology t\nnode a: debian {\n  let «n» = 1\n  cpu = $0«n»\n}\n");
        linked("topology t\nlet $0n = 1\nlet m = n\n");
        linked("topology t\nnode $0n: debian\nlink n <-> n\n");
    }
}
