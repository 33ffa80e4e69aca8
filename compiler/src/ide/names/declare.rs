//! The first walk: which symbols and scopes there are. Nothing is looked up yet, so the order of items does not matter.

use super::builder::{Builder, Declared, Env};
use super::known::{Known, Memo};
use super::ports::{Parts, pattern};
use super::symbol::{Role, ScopeId, SymbolId, SymbolKind};
use super::{Meaning, Symbol};
use crate::semantics::UnitId;
use crate::semantics::schema::Kind;
use crate::source::Span;
use crate::syntax::ast::{self, Item, ItemKind, Key, KeyKind, TypeKind};
use smol_str::SmolStr;

/// Where a declaration stands.
#[derive(Clone, Copy)]
struct Place {
    unit: UnitId,
    scope: ScopeId,
    /// The module it is in.
    container: Option<SymbolId>,
    /// Is it in a `for` or `if`?
    nested: bool,
}

impl<'a> Builder<'a> {
    /// Declares what is in all files, and finds out which devices their nodes are.
    pub fn declare_files(&mut self) {
        let units = self.units;
        for (unit, one) in units.iter().enumerate() {
            let end = self.sources.get(one.file).map_or(0, |source| source.text.len());
            let span = Span::new(one.file, 0, end);
            let scope = self.open_scope(None, span);
            self.unit_scopes.push(scope);
            self.items.push(Default::default());
            self.declare_file(span);
            self.declare_items(one.items(), Place { unit, scope, container: None, nested: false });
        }
        for unit in 0..units.len() {
            self.follow_imports(unit);
        }
        for (thing, unit, path) in std::mem::take(&mut self.wanted_devices) {
            if let Some(device) = self.device_named(unit, path) {
                self.made_from(thing, device);
            }
        }
        for (node, block) in std::mem::take(&mut self.node_blocks) {
            self.declare_interfaces(node, &block.items);
        }
    }

    fn declare_file(&mut self, span: Span) {
        let source = self.sources.get(span.file);
        self.files.push(SymbolId::from(self.symbols.len()));
        self.symbols.push(Symbol {
            name: source.map(|source| SmolStr::new(&source.name)).unwrap_or_default(),
            kind: SymbolKind::File,
            name_span: span.at_start(),
            item_span: span,
            container: None,
            doc: None,
            public: false,
            array: false,
            of: Vec::new(),
            stands_for: None,
            ty: None,
            value: None,
        });
        self.memos.push(Memo::Done(Known::Nothing));
    }

    fn declare_items(&mut self, items: &'a [Item], place: Place) {
        for item in items {
            self.declare_item(item, place);
        }
    }

    fn declare_item(&mut self, item: &'a Item, place: Place) {
        let inside = Place { nested: true, ..place };
        match &item.kind {
            ItemKind::Node(node) => self.declare_node(node, item, place),
            ItemKind::Link(link) => self.declare_link(link, item, SymbolKind::Link, place),
            ItemKind::Lag(link) => self.declare_link(link, item, SymbolKind::Lag, place),
            ItemKind::Part(part) => self.declare_segment(part, item, place),
            ItemKind::For(repeated) => self.declare_items(&repeated.block.items, inside),
            ItemKind::If(choice) => {
                for block in std::iter::once(&choice.then).chain(&choice.otherwise) {
                    self.declare_items(&block.items, inside);
                }
            }
            ItemKind::AttributeDecl(declared) => self.declare_attribute(declared, item, place),
            ItemKind::Check(check) | ItemKind::Expect(check) => {
                if let Some(name) = &check.name {
                    self.add(declared(name, SymbolKind::Check, item, place), Memo::Done(Known::Nothing));
                }
            }
            ItemKind::Topology(name) => {
                self.add(declared(name, SymbolKind::Topology, item, place), Memo::Done(Known::Nothing));
            }
            ItemKind::Interface(interface) if place.container.is_some() => {
                let container = place.container;
                self.declare_port(interface, item, container);
            }
            // Those in a block are local to it, and declared when the walk comes there.
            _ if place.nested => {}
            ItemKind::Let(constant) => {
                let env = Env { unit: place.unit, scope: place.scope, this: None, device: None };
                let id = self.declare_constant(constant, item, env, place.container);
                self.name_item(id, place);
            }
            ItemKind::Param(parameter) => {
                let id = self.declare_parameter(parameter, SymbolKind::Param, item.span, place.container, place.unit);
                let doc = item.doc.as_ref();
                self.change(id, |symbol| {
                    symbol.doc = symbol.doc.take().or_else(|| doc.map(|doc| doc.text.clone()));
                });
                self.name_item(id, place);
            }
            ItemKind::Type(ty) => {
                let id = self.add(declared(&ty.name, SymbolKind::Type, item, place), Memo::Type(&ty.ty, place.unit));
                self.change(id, |symbol| symbol.ty = Some(ty.ty.span));
                self.declare_type(&ty.ty, id, place.unit);
                self.name_item(id, place);
            }
            ItemKind::Pool(pool) => {
                let id = self.add_thing(declared(&pool.name, SymbolKind::Pool, item, place), Kind::Pool);
                self.name_item(id, place);
            }
            ItemKind::Device(device) => {
                let id = self.add_thing(declared(&device.name, SymbolKind::Device, item, place), Kind::Node);
                self.name_item(id, place);
                if let Some(id) = id {
                    self.declare_device(device, id, place.unit);
                }
            }
            ItemKind::Module(module) => {
                let id = self.add_thing(declared(&module.name, SymbolKind::Module, item, place), Kind::Node);
                self.name_item(id, place);
                if let Some(id) = id {
                    self.declare_module(module, id, place);
                }
            }
            ItemKind::Target(target) => {
                let id = self.add_thing(declared(&target.name, SymbolKind::Target, item, place), Kind::Target);
                self.change(id, |symbol| symbol.ty = Some(target.kind.span));
                self.name_item(id, place);
            }
            _ => {}
        }
    }

    /// A symbol whose value is a thing of a kind: itself.
    fn add_thing(&mut self, declared: Declared<'_>, kind: Kind) -> Option<SymbolId> {
        let id = SymbolId::from(self.symbols.len());
        self.add(declared, Memo::Done(Known::Thing(kind, Some(id))))
    }

    /// Makes a symbol known by its plain name, and at the top of a file to those who import it.
    fn name_item(&mut self, id: Option<SymbolId>, place: Place) {
        let Some(id) = id else { return };
        let Some(symbol) = self.symbol(id) else { return };
        let (name, kind) = (symbol.name.clone(), symbol.kind);
        self.bind(place.scope, &name, id);
        let is_item = matches!(
            kind,
            SymbolKind::Let | SymbolKind::Type | SymbolKind::Pool | SymbolKind::Device | SymbolKind::Module
        );
        if is_item && place.container.is_none() {
            self.export(place.unit, name, id);
        }
    }

    fn export(&mut self, unit: UnitId, name: SmolStr, id: SymbolId) {
        if let Some(items) = self.items.get_mut(unit) {
            items.entry(name).or_insert(id);
        }
    }

    /// A thing whose name several declarations may share: elements of one array, or branches of an `if`.
    fn declare_shared(&mut self, declared: Declared<'_>, kind: Kind, array: bool, place: Place) -> Option<SymbolId> {
        let before = self.bound(place.scope, &declared.name.text).filter(|id| {
            let same =
                |symbol: &Symbol| symbol.kind == declared.kind && (symbol.array == array) && (array || place.nested);
            self.symbol(*id).is_some_and(same)
        });
        if let Some(before) = before {
            self.occur(declared.name.span, Meaning::Symbol(before), Role::Declaration);
            self.by_name.insert(declared.name.span, before);
            self.change(Some(before), |symbol| {
                symbol.public |= declared.public;
                symbol.doc = symbol.doc.take().or_else(|| declared.doc.map(|doc| doc.text.clone()));
            });
            return Some(before);
        }
        let name = &declared.name.text;
        let id = self.add_thing(declared, kind);
        self.change(id, |symbol| symbol.array = array);
        if let Some(id) = id {
            self.bind(place.scope, name, id);
        }
        id
    }

    fn declare_node(&mut self, node: &'a ast::Node, item: &'a Item, place: Place) {
        let declared = declared(&node.name, SymbolKind::Node, item, place);
        let Some(id) = self.declare_shared(declared, Kind::Node, node.dims.is_some(), place) else { return };
        self.change(Some(id), |symbol| symbol.ty = symbol.ty.or(Some(node.device.span)));
        self.wanted_devices.push((id, place.unit, &node.device));
        if let Some(block) = &node.block {
            self.node_blocks.push((id, block));
        }
    }

    fn declare_link(&mut self, link: &'a ast::Link, item: &'a Item, kind: SymbolKind, place: Place) {
        if let Some(name) = &link.name {
            let of = if kind == SymbolKind::Lag { Kind::Lag } else { Kind::Link };
            self.declare_shared(declared(name, kind, item, place), of, link.dims.is_some(), place);
        }
        let members = link.block.as_ref().filter(|_| kind == SymbolKind::Lag);
        for item in members.into_iter().flat_map(|block| &block.items) {
            if let ItemKind::Link(member) = &item.kind {
                self.declare_link(member, item, SymbolKind::Link, place);
            }
        }
    }

    /// `network`, `vlan` or `vrf`.
    fn declare_segment(&mut self, part: &'a ast::Part, item: &'a Item, place: Place) {
        let (symbol_kind, kind) = match part.word.text.as_str() {
            "network" => (SymbolKind::Network, Kind::Network),
            "vlan" => (SymbolKind::Vlan, Kind::Vlan),
            "vrf" => (SymbolKind::Vrf, Kind::Vrf),
            _ => return,
        };
        let KeyKind::Name(text) = &part.name.kind else { return };
        let name = ast::Name { text: text.clone(), span: part.name.span };
        let declared = Declared { name: &name, ..declared(&part.word, symbol_kind, item, place) };
        self.declare_shared(declared, kind, part.dims.is_some(), place);
    }

    /// A constant; its value is looked at when it is first asked for.
    pub fn declare_constant(
        &mut self,
        constant: &'a ast::Let,
        item: &'a Item,
        env: Env,
        container: Option<SymbolId>,
    ) -> Option<SymbolId> {
        let place = Place { unit: env.unit, scope: env.scope, container, nested: false };
        let id = self.add(declared(&constant.name, SymbolKind::Let, item, place), Memo::Value(constant, env));
        self.change(id, |symbol| {
            symbol.ty = constant.ty.as_ref().map(|ty| ty.span);
            symbol.value = Some(constant.value.span);
        });
        if let Some(ty) = &constant.ty {
            self.declare_type(ty, id, env.unit);
        }
        id
    }

    /// A parameter of a file, device or module, or a field of a record type.
    pub fn declare_parameter(
        &mut self,
        parameter: &'a ast::Parameter,
        kind: SymbolKind,
        item: Span,
        container: Option<SymbolId>,
        unit: UnitId,
    ) -> Option<SymbolId> {
        let doc = parameter.doc.as_ref();
        let declared = Declared { name: &parameter.name, kind, item, container, doc, public: false };
        let id = self.add(declared, Memo::Type(&parameter.ty, unit));
        self.change(id, |symbol| {
            symbol.ty = Some(parameter.ty.span);
            symbol.value = parameter.default.as_ref().map(|default| default.span);
        });
        self.declare_type(&parameter.ty, id, unit);
        id
    }

    /// The fields and words of a written type.
    pub fn declare_type(&mut self, ty: &'a ast::Type, container: Option<SymbolId>, unit: UnitId) {
        match &ty.kind {
            TypeKind::Optional(inner) | TypeKind::List(inner) | TypeKind::Map(inner) => {
                self.declare_type(inner, container, unit);
            }
            TypeKind::Record(fields) => {
                for field in fields {
                    let id = self.declare_parameter(field, SymbolKind::Field, parameter_span(field), container, unit);
                    self.name_member(ty.span, id);
                }
            }
            TypeKind::Enum(words) => {
                for name in words {
                    let kind = SymbolKind::Member;
                    let declared = Declared { name, kind, item: name.span, container, doc: None, public: false };
                    let id = self.add(declared, Memo::Done(Known::Enum(ty.span)));
                    self.name_member(ty.span, id);
                }
            }
            TypeKind::Path(_) | TypeKind::Hole => {}
        }
    }

    fn name_member(&mut self, ty: Span, id: Option<SymbolId>) {
        let Some((id, name)) = id.and_then(|id| Some((id, self.symbol(id)?.name.clone()))) else { return };
        self.members.entry(ty).or_default().entry(name).or_insert(id);
    }

    fn declare_attribute(&mut self, attribute: &'a ast::AttributeDecl, item: &'a Item, place: Place) {
        let memo = Memo::Type(&attribute.ty, place.unit);
        let Some(id) = self.add(declared(&attribute.name, SymbolKind::Attribute, item, place), memo) else { return };
        self.change(Some(id), |symbol| {
            symbol.ty = Some(attribute.ty.span);
            symbol.value = attribute.default.as_ref().map(|default| default.span);
        });
        self.declare_type(&attribute.ty, Some(id), place.unit);
        let kinds: &[Kind] = match attribute.on.as_ref().map_or("node", |on| on.text.as_str()) {
            "node" => &[Kind::Node],
            "link" => &[Kind::Link, Kind::Lag],
            "network" => &[Kind::Network],
            "end" | "interface" => &[Kind::Interface],
            "vlan" => &[Kind::Vlan],
            "vrf" => &[Kind::Vrf],
            _ => &[],
        };
        let name = &attribute.name.text;
        for kind in kinds {
            self.attributes.entry((*kind, name.clone())).or_insert(id);
        }
        if !place.nested && place.container.is_none() {
            self.export(place.unit, name.clone(), id);
        }
    }

    fn declare_module(&mut self, module: &'a ast::Module, id: SymbolId, place: Place) {
        let scope = self.open_scope(Some(place.scope), module.block.span);
        self.module_scopes.insert(id, scope);
        let mut parts = Parts::default();
        for parameter in &module.parameters {
            let span = parameter_span(parameter);
            let argument = self.declare_parameter(parameter, SymbolKind::Argument, span, Some(id), place.unit);
            if let Some(argument) = argument {
                parts.parameters.entry(parameter.name.text.clone()).or_insert(argument);
                self.bind(scope, &parameter.name.text, argument);
            }
        }
        self.parts.insert(id, parts);
        let inside = Place { scope, container: Some(id), nested: false, ..place };
        self.declare_items(&module.block.items, inside);
    }

    /// A port of a device or module, with its other names.
    pub fn declare_port(
        &mut self,
        interface: &'a ast::Interface,
        item: &'a Item,
        container: Option<SymbolId>,
    ) -> Option<SymbolId> {
        let id = self.add_key(&interface.name, SymbolKind::Interface, item, container, Kind::Interface)?;
        self.change(Some(id), |symbol| {
            symbol.array = interface.dims.is_some() || !interface.bindings.is_empty();
            symbol.value = interface.target.as_ref().map(|target| target.span);
        });
        let own = pattern(&interface.name, interface.dims.is_some());
        let aliases = interface.block.iter().flat_map(|block| aliases(&block.items));
        let names: Vec<SmolStr> = std::iter::once(own).chain(aliases).collect();
        if let Some(container) = container {
            let parts = self.parts.entry(container).or_default();
            for name in names {
                parts.add_port(name, id);
            }
        }
        Some(id)
    }

    /// A symbol whose name may be a string with holes.
    pub fn add_key(
        &mut self,
        key: &'a Key,
        symbol_kind: SymbolKind,
        item: &'a Item,
        container: Option<SymbolId>,
        kind: Kind,
    ) -> Option<SymbolId> {
        let text = match &key.kind {
            KeyKind::Name(name) => name.clone(),
            KeyKind::String(_) => {
                let written = self.sources.text(key.span);
                SmolStr::new(written.trim_start_matches('r').trim_matches('"'))
            }
        };
        let name = ast::Name { text, span: key.span };
        let (doc, public) = (item.doc.as_ref(), item.public.is_some());
        self.add_thing(Declared { name: &name, kind: symbol_kind, item: item.span, container, doc, public }, kind)
    }
}

fn declared<'a>(name: &'a ast::Name, kind: SymbolKind, item: &'a Item, place: Place) -> Declared<'a> {
    let (doc, public) = (item.doc.as_ref(), item.public.is_some());
    Declared { name, kind, item: item.span, container: place.container, doc, public }
}

/// A parameter or field, from its name to its condition.
pub fn parameter_span(parameter: &ast::Parameter) -> Span {
    let last = parameter.condition.as_ref().or(parameter.default.as_ref()).map_or(parameter.ty.span, |expr| expr.span);
    parameter.name.span.to(last)
}

/// `aliases = ["ge-0/0/${n}"]`, as rules.
fn aliases(items: &[Item]) -> Vec<SmolStr> {
    let mut found = Vec::new();
    for item in items {
        let ItemKind::Attribute(attribute) = &item.kind else { continue };
        let ast::ExprKind::List(names) = &attribute.value.kind else { continue };
        if matches!(&attribute.key.kind, KeyKind::Name(name) if name == "aliases") {
            found.extend(names.iter().filter_map(|name| match &name.kind {
                ast::ExprKind::String(parts) => Some(super::ports::text_pattern(parts)),
                _ => None,
            }));
        }
    }
    found
}
