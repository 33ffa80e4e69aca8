//! Who is linked to whom, and which device extends which: what editors show as hierarchies of calls and of types.

use super::names::{Meaning, SymbolId, SymbolKind};
use super::visit::{Part, walk};
use super::{Found, Position, View, in_views, merged};
use crate::collections::IndexMap;
use crate::source::Span;
use crate::syntax::ast::{End, EndRefs, Expr, ExprKind, ItemKind, Link};

/// The node or network at a position.
pub fn linked_thing(view: View, at: Position) -> Option<SymbolId> {
    let (id, _) = view.names.symbol_at(at.0, at.1)?;
    thing(view, id)
}

/// The node or network that a symbol is or stands for.
fn thing(view: View, id: SymbolId) -> Option<SymbolId> {
    let symbol = view.names.symbol(id)?;
    let is_thing = |kind: SymbolKind| matches!(kind, SymbolKind::Node | SymbolKind::Network);
    if is_thing(symbol.kind) {
        return Some(id);
    }
    symbol.stands_for.filter(|thing| view.names.symbol(*thing).is_some_and(|symbol| is_thing(symbol.kind)))
}

/// Which ends of a link are asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// Links to whose left it stands: what is at their right ends.
    Outgoing,
    /// Links to whose right it stands: what is at their left ends.
    Incoming,
}

/// What a node or network is linked to, with the links. An array is one thing.
pub fn neighbours(view: View, of: SymbolId, direction: Direction) -> Vec<(SymbolId, Vec<Span>)> {
    let mut found: IndexMap<SymbolId, Vec<Span>> = IndexMap::default();
    for unit in &view.compilation.units {
        walk(unit.items(), &mut |part| {
            let Part::Item(item) = part else { return !matches!(part, Part::Expr(_)) };
            if let ItemKind::Link(link) | ItemKind::Lag(link) = &item.kind
                && let Some((left, right)) = sides(link)
            {
                let (near, far) = if direction == Direction::Outgoing { (left, right) } else { (right, left) };
                if things(view, near).any(|thing| thing == of) {
                    for other in things(view, far) {
                        found.entry(other).or_default().push(near.span);
                    }
                }
            }
            true
        });
    }
    found.into_iter().collect()
}

fn sides(link: &Link) -> Option<(&End, &End)> {
    Some((&link.left, link.right.as_ref()?))
}

/// The nodes and networks at the end of a link.
fn things<'a>(view: View<'a>, end: &'a End) -> impl Iterator<Item = SymbolId> + 'a {
    let refs = match &end.refs {
        EndRefs::One(expr) => std::slice::from_ref(expr),
        EndRefs::List(exprs, _) => exprs,
    };
    refs.iter().filter_map(move |expr| {
        let name = named(expr)?;
        match view.names.at(name.file, name.start)?.meaning {
            Meaning::Symbol(id) => thing(view, id),
            Meaning::Builtin(_) => None,
        }
    })
}

/// The name of the node in a reference: `gw` in `office[1].gw:eth1`.
fn named(expr: &Expr) -> Option<Span> {
    match &expr.kind {
        ExprKind::Name(_) => Some(expr.span),
        ExprKind::Field(_, name) => Some(name.span),
        ExprKind::Index(base, _) | ExprKind::Port(base, _, _) | ExprKind::Group(base) => named(base),
        _ => None,
    }
}

/// The device at a position; of a node, what it is.
pub fn device(view: View, at: Position) -> Option<SymbolId> {
    let (id, symbol) = view.names.symbol_at(at.0, at.1)?;
    let is_device = |id: &SymbolId| view.names.symbol(*id).is_some_and(|symbol| symbol.kind == SymbolKind::Device);
    if is_device(&id) {
        return Some(id);
    }
    let of = thing(view, id).and_then(|thing| view.names.symbol(thing)).unwrap_or(symbol);
    of.of.iter().copied().find(is_device)
}

/// What a device extends.
pub fn bases(view: View, device: SymbolId) -> Vec<SymbolId> {
    view.names.symbol(device).map(|symbol| symbol.of.clone()).unwrap_or_default()
}

/// The devices that extend one of the first view, in all compilations: their names.
pub fn extended_by(views: &[View], device: SymbolId) -> Vec<Found> {
    let found = in_views(views, device).into_iter().flat_map(|(index, base)| {
        let all = views.get(index).into_iter().flat_map(|view| view.names.iter());
        let extends = all.filter(move |(_, one)| one.kind == SymbolKind::Device && one.of.contains(&base));
        extends.map(move |(_, one)| Found { view: index, span: one.name_span })
    });
    merged(views, found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture::Fixture;

    fn shown(fixture: &Fixture, direction: Direction) -> Vec<String> {
        let view = fixture.view();
        let of = linked_thing(view, fixture.position()).unwrap();
        let name = |id: SymbolId| view.names.symbol(id).unwrap().name.clone();
        let found = neighbours(view, of, direction);
        found.iter().map(|(id, links)| format!("{} {}", name(*id), fixture.all_shown(links.clone()))).collect()
    }

    #[test]
    fn links_lead_from_left_to_right() {
        let text = "topology t\nnode $0hub: debian\nnode pc[1..2]: debian\nnetwork lan { }\nlink hub:eth1 <-> lan\nfor p in pc { link p <-> hub }\nlink hub <-> pc[1]\n";
        let fixture = Fixture::new(text);
        assert_eq!(shown(&fixture, Direction::Outgoing), ["lan main.wtop:5:6 hub:eth1", "pc main.wtop:7:6 hub"]);
        assert_eq!(shown(&fixture, Direction::Incoming), ["pc main.wtop:6:26 hub"]);
    }

    #[test]
    fn devices_by_what_they_extend() {
        let text = "topology t\ndevice a { nic x }\ndevice b extends a { }\ndevice c extends b { }\nnode n: b\nlink $0n <-> n\n";
        let fixture = Fixture::new(text);
        let view = fixture.view();
        let device = device(view, fixture.position()).unwrap();
        assert_eq!(view.names.symbol(device).unwrap().name, "b");
        let base = bases(view, device);
        assert_eq!(view.names.symbol(base[0]).unwrap().name, "a");
        let found = extended_by(&[view], device);
        assert_eq!(fixture.all_shown(found.iter().map(|one| one.span)), "main.wtop:4:8 c");
    }
}
