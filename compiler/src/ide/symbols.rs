//! What a file declares, as a tree, and what all files declare, by name.

use super::names::SymbolKind;
use super::{Found, View, merged};
use crate::source::{FileId, Sources, Span};
use crate::syntax::ast::{self, Item, ItemKind, Key, KeyKind};

/// A declaration with what is declared in it.
#[derive(Clone, Debug)]
pub struct Outline {
    /// Its name; of a link without one, its ends.
    pub name: String,
    /// What it is, after its name: the device of a node, the type of a parameter.
    pub detail: Option<String>,
    /// What it is.
    pub kind: SymbolKind,
    /// All of it.
    pub item: Span,
    /// Its name.
    pub span: Span,
    /// What is in it.
    pub inside: Vec<Outline>,
}

/// The declarations of a file. What stands in a `for` or `if` belongs to what is around it, as its name does.
pub fn outline(view: View, file: FileId) -> Vec<Outline> {
    let Some(unit) = view.compilation.units.iter().find(|unit| unit.file == file) else { return Vec::new() };
    let mut found = Vec::new();
    Outliner { sources: &view.compilation.sources }.items(unit.items(), &mut found);
    found
}

struct Outliner<'a> {
    sources: &'a Sources,
}

impl Outliner<'_> {
    fn items(&self, items: &[Item], found: &mut Vec<Outline>) {
        for item in items {
            match &item.kind {
                ItemKind::For(repeated) => self.items(&repeated.block.items, found),
                ItemKind::If(choice) => {
                    for block in std::iter::once(&choice.then).chain(&choice.otherwise) {
                        self.items(&block.items, found);
                    }
                }
                _ => found.extend(self.item(item)),
            }
        }
    }

    fn item(&self, item: &Item) -> Option<Outline> {
        use SymbolKind::{Attribute, Check, Device, Lag, Let, Link, Module, Node, Param, Pool, Target, Topology, Type};
        let one = |kind, name: &ast::Name| self.named(item, kind, name.span);
        let outline = match &item.kind {
            ItemKind::Topology(name) => one(Topology, name),
            ItemKind::Param(parameter) => self.detailed(one(Param, &parameter.name), parameter.ty.span),
            ItemKind::Let(constant) => self.detailed(one(Let, &constant.name), constant.value.span),
            ItemKind::Type(declared) => {
                let mut outline = one(Type, &declared.name);
                self.members(&declared.ty, &mut outline.inside);
                outline
            }
            ItemKind::Pool(pool) => match (pool.parts.first(), pool.parts.last()) {
                (Some(first), Some(last)) => {
                    let end = last.per.map_or(last.from.span, |(_, span)| span);
                    self.detailed(one(Pool, &pool.name), first.from.span.to(end))
                }
                _ => one(Pool, &pool.name),
            },
            ItemKind::Node(node) => {
                let mut outline = self.detailed(one(Node, &node.name), node.device.span);
                outline.name = self.with_dims(outline.name, node.name.span, node.dims.as_deref());
                self.block(node.block.as_ref(), outline)
            }
            ItemKind::Link(link) => self.link(item, link, Link),
            ItemKind::Lag(link) => self.link(item, link, Lag),
            ItemKind::Device(device) => {
                let outline = one(Device, &device.name);
                let outline = match &device.base {
                    Some((base, _)) => self.detailed(outline, base.span),
                    None => outline,
                };
                self.with_parameters(&device.parameters, &device.block, outline)
            }
            ItemKind::Module(module) => {
                self.with_parameters(&module.parameters, &module.block, one(Module, &module.name))
            }
            ItemKind::Interface(interface) => {
                let outline = self.keyed(item, SymbolKind::Interface, &interface.name);
                match &interface.target {
                    Some(target) => self.detailed(outline, target.span),
                    None => outline,
                }
            }
            ItemKind::Part(part) => {
                let mut outline = self.keyed(item, part_kind(&part.word.text)?, &part.name);
                outline.name = self.with_dims(outline.name, part.name.span, part.dims.as_deref());
                self.block(part.block.as_ref(), outline)
            }
            ItemKind::AttributeDecl(declared) => self.detailed(one(Attribute, &declared.name), declared.ty.span),
            ItemKind::Check(check) | ItemKind::Expect(check) => match &check.name {
                Some(name) => self.detailed(one(Check, name), check.condition.span),
                None => self.named(item, Check, check.condition.span),
            },
            ItemKind::Target(target) => self.detailed(one(Target, &target.name), target.kind.span),
            _ => return None,
        };
        // A name that is missing.
        (!outline.name.is_empty()).then_some(outline)
    }

    fn link(&self, item: &Item, link: &ast::Link, kind: SymbolKind) -> Outline {
        let end = link.right.as_ref().unwrap_or(&link.left);
        let ends = link.left.span.to(end.span);
        let outline = match &link.name {
            Some(name) => {
                let mut outline = self.detailed(self.named(item, kind, name.span), ends);
                outline.name = self.with_dims(outline.name, name.span, link.dims.as_deref());
                outline
            }
            None => self.named(item, kind, ends),
        };
        self.block(link.block.as_ref(), outline)
    }

    fn with_parameters(&self, parameters: &[ast::Parameter], block: &ast::Block, mut outline: Outline) -> Outline {
        for parameter in parameters {
            outline.inside.push(self.parameter(parameter, SymbolKind::Argument));
        }
        self.items(&block.items, &mut outline.inside);
        outline
    }

    fn parameter(&self, parameter: &ast::Parameter, kind: SymbolKind) -> Outline {
        let item = super::names::parameter_span(parameter);
        let mut outline = self.of(kind, item, parameter.name.span);
        self.members(&parameter.ty, &mut outline.inside);
        self.detailed(outline, parameter.ty.span)
    }

    /// The fields and words of a written type.
    fn members(&self, ty: &ast::Type, found: &mut Vec<Outline>) {
        match &ty.kind {
            ast::TypeKind::Optional(inner) | ast::TypeKind::List(inner) | ast::TypeKind::Map(inner) => {
                self.members(inner, found);
            }
            ast::TypeKind::Record(fields) => {
                found.extend(fields.iter().map(|field| self.parameter(field, SymbolKind::Field)));
            }
            ast::TypeKind::Enum(words) => {
                found.extend(words.iter().map(|word| self.of(SymbolKind::Member, word.span, word.span)));
            }
            ast::TypeKind::Path(_) | ast::TypeKind::Hole => {}
        }
    }

    fn block(&self, block: Option<&ast::Block>, mut outline: Outline) -> Outline {
        if let Some(block) = block {
            self.items(&block.items, &mut outline.inside);
        }
        outline
    }

    fn keyed(&self, item: &Item, kind: SymbolKind, key: &Key) -> Outline {
        let mut outline = self.named(item, kind, key.span);
        if let KeyKind::String(_) = key.kind {
            outline.name = outline.name.trim_start_matches('r').trim_matches('"').to_owned();
        }
        outline
    }

    fn named(&self, item: &Item, kind: SymbolKind, name: Span) -> Outline {
        self.of(kind, item.span, name)
    }

    fn of(&self, kind: SymbolKind, item: Span, span: Span) -> Outline {
        Outline { name: self.line(span), detail: None, kind, item: item.to(span), span, inside: Vec::new() }
    }

    fn detailed(&self, outline: Outline, detail: Span) -> Outline {
        Outline { detail: Some(self.line(detail)).filter(|text| !text.is_empty()), ..outline }
    }

    /// `leaf[1..4]`
    fn with_dims(&self, name: String, at: Span, dims: Option<&[ast::Dim]>) -> String {
        let Some([first, ..]) = dims else { return name };
        let last = dims.and_then(<[_]>::last).map_or(first.keys.span, |last| last.keys.span);
        let start = first.variable.as_ref().map_or(first.keys.span, |variable| variable.span);
        format!("{}[{}]", self.line(at), self.line(start.to(last)))
    }

    /// A text on one line.
    fn line(&self, span: Span) -> String {
        let words: Vec<&str> = self.sources.text(span).split_whitespace().collect();
        words.join(" ")
    }
}

fn part_kind(word: &str) -> Option<SymbolKind> {
    Some(match word {
        "network" => SymbolKind::Network,
        "vlan" => SymbolKind::Vlan,
        "vrf" => SymbolKind::Vrf,
        "vm" => SymbolKind::Vm,
        "nic" => SymbolKind::Nic,
        "disk" => SymbolKind::Disk,
        "media" => SymbolKind::Media,
        "image" => SymbolKind::Image,
        _ => return None,
    })
}

/// The most names that a search gives.
const MOST: usize = 500;

/// What is declared in files that one edits and has a name like this: its letters in their order, perhaps with others
/// between them. The best first; every name for an empty query.
pub fn search(views: &[View], query: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for (index, view) in views.iter().enumerate() {
        for (_, symbol) in view.names.iter() {
            let is_wanted = !matches!(symbol.kind, SymbolKind::File | SymbolKind::Variable | SymbolKind::Argument);
            if is_wanted
                && !view.is_fixed(symbol.name_span.file)
                && let Some(score) = score(&symbol.name, query)
            {
                found.push((score, Found { view: index, span: symbol.name_span }));
            }
        }
    }
    let scores: std::collections::BTreeMap<_, _> =
        found.iter().map(|(score, one)| ((one.view, one.span.file, one.span.start), *score)).collect();
    let mut all = merged(views, found.into_iter().map(|(_, one)| one));
    let score = |one: &Found| scores.get(&(one.view, one.span.file, one.span.start)).copied().unwrap_or_default();
    all.sort_by_key(|one| std::cmp::Reverse(score(one)));
    all.truncate(MOST);
    all
}

/// How well a name fits; none if it does not.
fn score(name: &str, query: &str) -> Option<i32> {
    let mut score = 0;
    let mut wanted =
        query.chars().filter(|char| !char.is_whitespace()).map(|char| char.to_ascii_lowercase()).peekable();
    let mut before: Option<char> = None;
    let mut follows = false;
    for char in name.chars() {
        let fits = wanted.next_if_eq(&char.to_ascii_lowercase()).is_some();
        if fits {
            let begins = before.is_none_or(|before| !before.is_alphanumeric());
            score += 1 + 4 * i32::from(begins || follows);
        }
        (before, follows) = (Some(char), fits);
    }
    let is_all = wanted.peek().is_none();
    // Among equals, the shorter name is nearer.
    is_all.then(|| 16 * score - i32::try_from(name.chars().count()).unwrap_or(i32::MAX).min(255))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture::Fixture;

    fn shown(outlines: &[Outline], depth: usize, text: &mut String) {
        for one in outlines {
            let detail = one.detail.iter().map(|detail| format!(": {detail}")).collect::<String>();
            *text += &format!("{}{:?} {}{detail}\n", "  ".repeat(depth), one.kind, one.name);
            shown(&one.inside, depth + 1, text);
        }
    }

    #[test]
    fn a_file_as_a_tree() {
        let fixture = Fixture::new(
            "topology t\nparam n: int = 2\ntype s = { a: int, b: enum { x, y } }\npool p = 10.0.0.0/16 per /24\n\
             device d(size: int) extends vmx {\n  image os\n  vm re { nic em0 }\n  interface \"ge${n}\" for n in 1..2 = re:em0\n}\n\
             for i in 1..n {\n  node leaf[i]: d { interface lo0 { mtu = 1 } }\n}\nnetwork lan { subnet = 10.0.0.0/24 }\n\
             link up: leaf[1] <-> lan\nlink leaf[2] <-> lan\ncheck reachable(leaf[1], leaf[2])\ntarget k: kvm { default = true }\n",
        );
        let mut text = String::new();
        shown(&outline(fixture.view(), fixture.compilation.units[0].file), 0, &mut text);
        insta::assert_snapshot!(text, @r#"
        Topology t
        Param n: int
        Type s
          Field a: int
          Field b: enum { x, y }
            Member x
            Member y
        Pool p: 10.0.0.0/16 per /24
        Device d: vmx
          Argument size: int
          Image os
          Vm re
            Nic em0
          Interface ge${n}: re:em0
        Node leaf[i]: d
          Interface lo0
        Network lan
        Link up: leaf[1] <-> lan
        Link leaf[2] <-> lan
        Check reachable(leaf[1], leaf[2])
        Target k: kvm

        "#);
    }

    #[test]
    fn names_in_broken_text_are_there() {
        let fixture = Fixture::new("topology t\nnode a: \nnode : vmx\nlink b: a <-> \n");
        let found = outline(fixture.view(), fixture.compilation.units[0].file);
        assert_eq!(found.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["t", "a", "b"]);
    }

    #[test]
    fn search_finds_letters_in_their_order() {
        let fixture = Fixture::new(
            "topology t\nnode core-switch: debian\nnode scores: debian\nnode cs: debian\nnode x: debian\n",
        );
        let found = |query: &str| {
            let found = search(&[fixture.view()], query);
            found.iter().map(|one| fixture.compilation.sources.text(one.span).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("cs"), ["cs", "core-switch", "scores"]);
        assert_eq!(found("core sw"), ["core-switch"]);
        assert_eq!(found("").len(), 5);
        assert!(found("zz").is_empty());
    }
}
