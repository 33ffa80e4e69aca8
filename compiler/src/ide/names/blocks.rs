//! Blocks of attributes, and records.

use super::builder::{Builder, Env};
use super::known::Known;
use super::ports::pattern;
use super::symbol::{Role, SymbolId, SymbolKind};
use crate::semantics::schema::Kind;
use crate::syntax::ast::{self, Item, ItemKind, Key, KeyKind, TextPart};

impl<'a> Builder<'a> {
    /// The block of a declaration, where it has one.
    pub fn optional_block(&mut self, kind: Kind, block: Option<&'a ast::Block>, env: Env) {
        if let Some(block) = block {
            self.block(kind, block, env);
        }
    }

    /// A block of attributes of a kind of thing.
    pub fn block(&mut self, kind: Kind, block: &'a ast::Block, env: Env) {
        self.settings(&block.items, kind, env);
    }

    /// The items of such a block.
    pub fn settings(&mut self, items: &'a [Item], kind: Kind, env: Env) {
        let env = self.with_constants(items, env);
        for item in items {
            self.setting(item, kind, env);
        }
    }

    /// One item of such a block.
    pub fn setting(&mut self, item: &'a Item, kind: Kind, env: Env) {
        match &item.kind {
            ItemKind::Attribute(attribute) => {
                let known = self.attribute_key(&attribute.key, kind, env);
                self.expr(&attribute.value, env, &known);
            }
            ItemKind::Group(group) => {
                let known = self.attribute(kind, &group.name.text, group.name.span);
                match keyed_by(kind, &group.name.text) {
                    Some(keys) => self.keyed(&group.block.items, keys, &known, env),
                    None => self.record(&group.block.items, env, &known),
                }
            }
            ItemKind::If(choice) => {
                self.expr(&choice.condition, env, &Known::Nothing);
                for block in std::iter::once(&choice.then).chain(&choice.otherwise) {
                    self.settings(&block.items, kind, env);
                }
            }
            ItemKind::For(repeated) => {
                let inside = self.binding(&repeated.binding, item.span, env);
                self.settings(&repeated.block.items, kind, inside);
            }
            ItemKind::Interface(interface) if kind == Kind::Node => self.node_interface(interface, item, env),
            ItemKind::Part(part) if kind == Kind::Node && part.word.text == "vm" => {
                let name = pattern(&part.name, false);
                let devices = env.this.map(|this| self.kindred(this)).unwrap_or_default();
                if let Some(machine) = devices.iter().find_map(|device| self.machine(*device, &name)) {
                    self.refer(part.name.span, machine);
                }
                self.optional_block(Kind::Machine, part.block.as_ref(), env);
            }
            _ => self.item(item, env),
        }
    }

    /// `interface lo0 { … }` in a node.
    fn node_interface(&mut self, interface: &'a ast::Interface, item: &'a Item, env: Env) {
        self.key_holes(&interface.name, env);
        let is_own = self.by_name.contains_key(&interface.name.span);
        let name = pattern(&interface.name, interface.dims.is_some());
        if let Some(port) = env.this.filter(|_| !is_own).and_then(|node| self.port(node, &name)) {
            self.refer(interface.name.span, port);
        }
        let inside = self.bindings(&interface.bindings, item.span, env);
        let inside = self.dims(interface.dims.as_deref(), item.span, inside);
        self.optional_block(Kind::Interface, interface.block.as_ref(), inside);
    }

    /// The key of an attribute: what is known of the value.
    pub fn attribute_key(&mut self, key: &'a Key, kind: Kind, env: Env) -> Known {
        match &key.kind {
            KeyKind::Name(name) => self.attribute(kind, name, key.span),
            KeyKind::String(parts) => match parts.as_slice() {
                [TextPart::Literal(name)] => self.attribute(kind, name, key.span),
                _ => self.text(parts, env),
            },
        }
    }

    /// The holes of a key.
    pub fn key_holes(&mut self, key: &'a Key, env: Env) {
        if let KeyKind::String(parts) = &key.kind {
            self.text(parts, env);
        }
    }

    /// A record.
    pub fn record(&mut self, items: &'a [Item], env: Env, wanted: &Known) {
        let env = self.with_constants(items, env);
        for item in items {
            match &item.kind {
                ItemKind::Attribute(attribute) => {
                    let known = self.record_key(&attribute.key, env, wanted);
                    self.expr(&attribute.value, env, &known);
                }
                ItemKind::Group(group) => {
                    let key = Key { kind: KeyKind::Name(group.name.text.clone()), span: group.name.span };
                    let known = self.entry_named(&key, wanted);
                    self.record(&group.block.items, env, &known);
                }
                ItemKind::If(choice) => {
                    self.expr(&choice.condition, env, &Known::Nothing);
                    for block in std::iter::once(&choice.then).chain(&choice.otherwise) {
                        self.record(&block.items, env, wanted);
                    }
                }
                ItemKind::For(repeated) => {
                    let inside = self.binding(&repeated.binding, item.span, env);
                    self.record(&repeated.block.items, inside, wanted);
                }
                ItemKind::Let(constant) => self.visit_constant(constant),
                _ => self.item(item, env),
            }
        }
    }

    fn record_key(&mut self, key: &'a Key, env: Env, wanted: &Known) -> Known {
        self.key_holes(key, env);
        self.entry_named(key, wanted)
    }

    fn entry_named(&mut self, key: &Key, wanted: &Known) -> Known {
        let Some(name) = plain(key) else { return Known::Nothing };
        let (meaning, known) = self.entry(wanted, name);
        if let Some(meaning) = meaning {
            self.occur(key.span, meaning, Role::Reference);
        }
        known
    }

    /// A map whose keys name things of the lab.
    fn keyed(&mut self, items: &'a [Item], keys: Keys, wanted: &Known, env: Env) {
        for item in items {
            match &item.kind {
                ItemKind::Attribute(attribute) => {
                    self.key_holes(&attribute.key, env);
                    if let Some(found) = plain(&attribute.key).and_then(|name| self.keyed_thing(name, keys, env)) {
                        self.refer(attribute.key.span, found);
                    }
                    let known = self.entry(wanted, "").1;
                    self.expr(&attribute.value, env, &known);
                }
                ItemKind::If(choice) => {
                    self.expr(&choice.condition, env, &Known::Nothing);
                    for block in std::iter::once(&choice.then).chain(&choice.otherwise) {
                        self.keyed(&block.items, keys, wanted, env);
                    }
                }
                ItemKind::For(repeated) => {
                    let inside = self.binding(&repeated.binding, item.span, env);
                    self.keyed(&repeated.block.items, keys, wanted, inside);
                }
                _ => self.item(item, env),
            }
        }
    }

    fn keyed_thing(&self, name: &str, keys: Keys, env: Env) -> Option<SymbolId> {
        let is = |id: &SymbolId, kind: SymbolKind| self.symbol(*id).is_some_and(|symbol| symbol.kind == kind);
        match keys {
            // `vsrx@22.4R1` is the slot for one version.
            Keys::Images => self.images.get(name.split('@').next().unwrap_or(name)).copied(),
            Keys::Networks => self.lookup(env.scope, name).filter(|id| is(id, SymbolKind::Network)),
            Keys::Nodes => self.node_called(name, env),
            Keys::Flavors => {
                let device = || self.items.get(env.unit)?.get(name).copied().filter(|id| is(id, SymbolKind::Device));
                self.node_called(name, env).or_else(device)
            }
        }
    }

    /// The node of this name, or the array that has an element of this name: `leaf1` is of `leaf`.
    fn node_called(&self, name: &str, env: Env) -> Option<SymbolId> {
        let is_node = |id: &SymbolId, array: bool| {
            self.symbol(*id).is_some_and(|symbol| symbol.kind == SymbolKind::Node && symbol.array == array)
        };
        if let Some(node) = self.lookup(env.scope, name).filter(|id| is_node(id, false)) {
            return Some(node);
        }
        let array = |name: &str| self.lookup(env.scope, name).filter(|id| is_node(id, true));
        let digits = array(name.trim_end_matches(|char: char| char.is_ascii_digit()));
        let mut hyphens = name.rmatch_indices('-').filter_map(|(at, _)| name.get(..at));
        digits.or_else(|| hyphens.find_map(array))
    }

    /// The constants of a block, in a scope of their own.
    pub fn with_constants(&mut self, items: &'a [Item], env: Env) -> Env {
        let mut inside = env;
        for item in items {
            let ItemKind::Let(constant) = &item.kind else { continue };
            // At the top of a file or module they were declared with the others.
            if self.by_name.contains_key(&constant.name.span) {
                continue;
            }
            if inside.scope == env.scope {
                let last = items.last().map_or(item.span, |last| last.span);
                let first = items.first().map_or(item.span, |first| first.span);
                inside.scope = self.open_scope(Some(env.scope), first.to(last));
            }
            if let Some(id) = self.declare_constant(constant, item, inside, None) {
                self.bind(inside.scope, &constant.name.text, id);
            }
        }
        inside
    }
}

/// What the keys of a map name.
#[derive(Clone, Copy)]
enum Keys {
    Images,
    Networks,
    Nodes,
    Flavors,
}

fn keyed_by(kind: Kind, attribute: &str) -> Option<Keys> {
    match (kind, attribute) {
        (Kind::Target, "images") => Some(Keys::Images),
        (Kind::Target, "networks") => Some(Keys::Networks),
        (Kind::Target, "flavors") => Some(Keys::Flavors),
        (Kind::Target, "hosts" | "pinning" | "numa" | "raw") => Some(Keys::Nodes),
        _ => None,
    }
}

/// A key that is written out.
fn plain(key: &Key) -> Option<&str> {
    match &key.kind {
        KeyKind::Name(name) => Some(name),
        KeyKind::String(parts) => match parts.as_slice() {
            [TextPart::Literal(text)] => Some(text),
            _ => None,
        },
    }
}
