//! Where what stands at a position comes from: its declaration, its `use`, its type, and what is made from it.

use super::names::{Meaning, Occurrence, Role, SymbolId, SymbolKind};
use super::{Found, Position, View, everywhere, merged};
use crate::source::Span;

/// Where a name leads.
#[derive(Clone, Debug)]
pub struct Leads {
    /// The name.
    pub from: Span,
    /// Where to.
    pub to: Vec<Target>,
}

/// A place to go to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Target {
    /// The name there; the start of a file.
    pub name: Span,
    /// All of what is called so.
    pub item: Span,
}

/// Where a name is declared: all places, where several fill one array.
pub fn definition(view: View, at: Position) -> Option<Leads> {
    let (occurrence, id) = symbol_at(view, at)?;
    Some(Leads { from: occurrence.span, to: declarations(view, id) })
}

/// The `use` that brings a name into the file; where it is declared, if none does.
pub fn declaration(view: View, at: Position) -> Option<Leads> {
    let (occurrence, id) = symbol_at(view, at)?;
    let here = view.names.uses(id).filter(|place| place.span.file == at.0);
    let by_use: Vec<&Occurrence> = here.filter(|place| matches!(place.role, Role::Import | Role::Rename)).collect();
    // `edge as e`: the name that the file knows.
    let known = by_use.iter().find(|place| place.role == Role::Rename).or(by_use.first());
    match known {
        Some(place) => Some(Leads { from: occurrence.span, to: vec![Target { name: place.span, item: place.span }] }),
        None => Some(Leads { from: occurrence.span, to: declarations(view, id) }),
    }
}

/// The device or module of a node, the base of a device, the declared type of a parameter.
pub fn type_definition(view: View, at: Position) -> Option<Leads> {
    let (occurrence, id) = symbol_at(view, at)?;
    let symbol = view.names.symbol(id)?;
    let thing = symbol.stands_for.and_then(|thing| view.names.symbol(thing));
    let types = symbol.of.iter().chain(thing.into_iter().flat_map(|thing| &thing.of));
    let to: Vec<Target> = types.flat_map(|ty| declarations(view, *ty)).collect();
    (!to.is_empty()).then_some(Leads { from: occurrence.span, to })
}

/// The nodes that are made from a device or module, and the devices that extend it.
pub fn implementations(views: &[View], at: Position) -> Vec<Found> {
    let found = everywhere(views, at).into_iter().flat_map(|(index, of)| {
        let view = views.get(index).copied();
        let made =
            view.into_iter().flat_map(move |view| view.names.iter().filter(move |(_, one)| one.of.contains(&of)));
        made.filter(|(_, one)| matches!(one.kind, SymbolKind::Node | SymbolKind::Device))
            .map(move |(_, one)| Found { view: index, span: one.name_span })
    });
    merged(views, found)
}

/// Where a symbol is declared.
pub fn declarations(view: View, id: SymbolId) -> Vec<Target> {
    let Some(symbol) = view.names.symbol(id) else { return Vec::new() };
    if symbol.kind == SymbolKind::File {
        return vec![Target { name: symbol.name_span, item: symbol.name_span }];
    }
    let declared = view.names.uses(id).filter(|place| place.role == Role::Declaration);
    let target = |name: Span| Target { name, item: if name == symbol.name_span { symbol.item_span } else { name } };
    declared.map(|place| target(place.span)).collect()
}

fn symbol_at<'a>(view: View<'a>, at: Position) -> Option<(&'a Occurrence, SymbolId)> {
    let occurrence = view.names.at(at.0, at.1)?;
    match occurrence.meaning {
        Meaning::Symbol(id) => Some((occurrence, id)),
        Meaning::Builtin(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture::Fixture;

    #[track_caller]
    fn leads(text: &str, ask: fn(View, Position) -> Option<Leads>) {
        let fixture = Fixture::new(text);
        let found = ask(fixture.view(), fixture.position()).unwrap();
        let names = found.to.iter().map(|target| target.name);
        assert_eq!(fixture.all_shown(names), fixture.all_shown(fixture.marks.iter().copied()));
    }

    #[test]
    fn a_name_leads_to_its_declaration_and_to_its_use() {
        let text =
            "topology t\nuse \"./lib.wtop\".{edge as «e»}\nnode a: $0e\n//- lib.wtop\npub device edge { nic a }\n";
        leads(text, declaration);
        leads(&text.replace("«e»", "e").replace("edge {", "«edge» {"), definition);
        leads("topology t\nnode «r»[1]: debian\nnode «r»[2]: vmx\nlink $0r[1] <-> r[2]\n", definition);
    }

    #[test]
    fn a_path_leads_to_its_file() {
        let text = "topology t\nuse $0\"./lib.wtop\".{edge}\n//- lib.wtop\n«»pub device edge { nic a }\n";
        leads(text, definition);
    }

    #[test]
    fn types() {
        leads("topology t\ndevice «d» { nic a }\nnode n: d\nlink $0n <-> n\n", type_definition);
        leads("topology t\ndevice «d» { nic a }\nnode n[1..2]: d\nfor x in n { link $0x <-> y }\n", type_definition);
        leads("topology t\ntype «site» = { a: int }\nparam s: [site] = []\nlet x = $0s\n", type_definition);
        leads(
            "topology t\ntype «site» = { a: int }\nparam s: [site] = []\nfor x in s { node n[$0x.a]: debian }\n",
            type_definition,
        );
    }

    #[test]
    fn instances_of_a_device_are_found_in_every_lab() {
        let lib = "//- lib.wtop\npub device edge { nic a }\n";
        let one = Fixture::new(&format!(
            "topology t\nuse \"./lib.wtop\".{{edge}}\nnode a: $0edge\ndevice x extends edge {{ }}\n{lib}"
        ));
        let two = Fixture::new(&format!("topology u\nuse \"./lib.wtop\".{{edge as e}}\nnode b: e\n{lib}"));
        let views = [one.view(), two.view()];
        let found = implementations(&views, one.position());
        let shown = |found: &Found| [&one, &two][found.view].shown(found.span);
        assert_eq!(
            found.iter().map(shown).collect::<Vec<_>>(),
            ["main.wtop:3:6 a", "main.wtop:3:6 b", "main.wtop:4:8 x"]
        );
    }
}
