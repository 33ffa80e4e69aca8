//! What stands above declarations: how often a device or module is used, how many links a node has, how large a lab is.

use super::View;
use super::names::Role;
use super::show::count;
use super::things::Thing;
use crate::source::{FileId, Span};
use crate::syntax::ast::{self, Item, ItemKind};
use crate::topology::{LinkEnd, Topology};
use crate::value::LinkId;
use petgraph::graph::NodeIndex;
use std::collections::BTreeSet;

/// What a lens tells.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum LensKind {
    /// How many nodes a device became, or how many times a module was used.
    Instances,
    /// How many links a node or network has.
    Links,
    /// The size of a lab, over `topology`.
    Lab,
}

/// A line above a declaration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lens {
    /// The name that is declared.
    pub span: Span,
    /// What it tells.
    pub kind: LensKind,
    /// What it counts: instances, links, nodes.
    pub number: usize,
}

impl Lens {
    /// What it reads: `3 links`.
    pub fn title(&self, view: View) -> String {
        match self.kind {
            LensKind::Instances if self.number == 0 => "not used".to_owned(),
            LensKind::Instances => count(self.number, "instance"),
            LensKind::Links if self.number == 0 => "no links".to_owned(),
            LensKind::Links => count(self.number, "link"),
            LensKind::Lab => view.compilation.topology.as_ref().map(size).unwrap_or_default(),
        }
    }

    /// The places that it counts: where a device or module is used, the links of a node.
    pub fn places(&self, view: View) -> Vec<Span> {
        match self.kind {
            LensKind::Instances => {
                let symbol = view.names.declared_at(self.span);
                let uses = symbol.into_iter().flat_map(|symbol| view.names.uses(symbol));
                uses.filter(|one| one.role == Role::Reference).map(|one| one.span).collect()
            }
            LensKind::Links => {
                let Some(topology) = &view.compilation.topology else { return Vec::new() };
                let links = links(view, topology, self.span);
                let mut places: Vec<Span> =
                    links.iter().filter_map(|id| topology.link(*id)).map(|link| link.origin.span).collect();
                places.dedup();
                places
            }
            LensKind::Lab => Vec::new(),
        }
    }
}

/// The lenses of a file, in its order.
pub fn code_lenses(view: View, file: FileId) -> Vec<Lens> {
    let Some(unit) = view.compilation.units.iter().find(|unit| unit.file == file) else { return Vec::new() };
    let mut lenses = Vec::new();
    add(view, unit.items(), &mut lenses);
    lenses
}

fn add(view: View, items: &[Item], lenses: &mut Vec<Lens>) {
    let topology = view.compilation.topology.as_ref();
    let instances = |name: &ast::Name| {
        let number = view.compilation.facts.instances(name.span);
        Lens { span: name.span, kind: LensKind::Instances, number }
    };
    let linked = |span: Span| {
        let topology = topology?;
        // What was not made has no number: a module that nobody uses, a branch that is not taken.
        let made = view.things().declared(span).any(|thing| matches!(thing, Thing::Node(_) | Thing::Network(_)));
        made.then(|| Lens { span, kind: LensKind::Links, number: links(view, topology, span).len() })
    };
    for item in items {
        match &item.kind {
            ItemKind::Topology(name) => {
                let lab = topology.map(|lab| Lens { span: name.span, kind: LensKind::Lab, number: lab.nodes.len() });
                lenses.extend(lab);
            }
            ItemKind::Device(device) => lenses.push(instances(&device.name)),
            ItemKind::Module(module) => {
                lenses.push(instances(&module.name));
                add(view, &module.block.items, lenses);
            }
            ItemKind::Node(node) => lenses.extend(linked(node.name.span)),
            ItemKind::Part(part) if part.word.text == "network" => lenses.extend(linked(part.name.span)),
            ItemKind::For(repetition) => add(view, &repetition.block.items, lenses),
            ItemKind::If(choice) => {
                add(view, &choice.then.items, lenses);
                add(view, choice.otherwise.as_ref().map_or(&[], |block| &block.items), lenses);
            }
            _ => {}
        }
    }
}

/// The links of all nodes or networks that a declaration made.
fn links(view: View, topology: &Topology, name: Span) -> BTreeSet<LinkId> {
    let vertex = |thing: Thing| match thing {
        Thing::Node(id) => Some(id.index()),
        // In the graph, networks follow the nodes.
        Thing::Network(id) => Some(topology.nodes.len() + id.index()),
        _ => None,
    };
    let vertices = view.things().declared(name).filter_map(vertex);
    vertices.flat_map(|at| topology.graph.edges(NodeIndex::new(at))).map(|edge| *edge.weight()).collect()
}

/// `9 nodes, 12 links, 11 segments`: a wire between two nodes is a segment, and so is a network.
fn size(topology: &Topology) -> String {
    let is_wire = |ends: &[LinkEnd; 2]| ends.iter().all(|end| matches!(end, LinkEnd::Interface { .. }));
    let wires = topology.links.iter().filter(|link| is_wire(&link.ends)).count();
    let segments = wires + topology.networks.len();
    let (nodes, links) = (count(topology.nodes.len(), "node"), count(topology.links.len(), "link"));
    format!("{nodes}, {links}, {}", count(segments, "segment"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture::Fixture;

    #[test]
    fn count_uses_and_links() {
        let fixture = Fixture::new(
            "topology t\nuse \"./lib.wtop\".{box}\ndevice small extends box\ndevice unused extends debian\n\
             module site(up: network) {\n  node gw: small\n  link gw <-> up\n}\nnetwork wan\n\
             node s[1..2]: site(up = wan)\nnode r: box\nnode lonely: debian\nlink r <-> wan\n\
             if false {\n  node never: debian\n}\n//- lib.wtop\npub device box extends debian\n",
        );
        let view = fixture.view();
        let shown = |lens: &Lens| {
            let places = lens.places(view).into_iter().map(|span| fixture.shown(span)).collect::<Vec<_>>();
            format!("{}: {} [{}]", fixture.shown(lens.span), lens.title(view), places.join(" | "))
        };
        let all = |file| code_lenses(view, file).iter().map(shown).collect::<Vec<_>>().join("\n");
        insta::assert_snapshot!(all(FileId(0)), @r#"
        main.wtop:1:10 t: 4 nodes, 3 links, 1 segment []
        main.wtop:3:8 small: 2 instances [main.wtop:6:12 small]
        main.wtop:4:8 unused: not used []
        main.wtop:5:8 site: 2 instances [main.wtop:10:15 site]
        main.wtop:6:8 gw: 2 links [main.wtop:7:3 link gw <-> up]
        main.wtop:9:9 wan: 3 links [main.wtop:7:3 link gw <-> up | main.wtop:13:1 link r <-> wan]
        main.wtop:11:6 r: 1 link [main.wtop:13:1 link r <-> wan]
        main.wtop:12:6 lonely: no links []
        "#);
        insta::assert_snapshot!(all(fixture.compilation.sources.find("lib.wtop".as_ref()).unwrap()), @r#"lib.wtop:1:12 box: 3 instances [main.wtop:3:22 box | main.wtop:11:9 box]"#);
    }
}
