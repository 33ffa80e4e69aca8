//! A trial of what nothing uses: the modules and devices of the main file are built once all the same, so that what is
//! wrong in them is reported.
//!
//! The trial is a world of its own, of which only the diagnostics are kept. Parameters without a default are holes,
//! about which everything is silent. What cannot be made for a hole is looked at all the same: names, attributes and
//! types in the blocks of such nodes and links, both branches of an `if`, one turn of a `for`.

use super::lock::Lock;
use super::schema::Kind;
use super::world::{Definitions, Entity, Env, Frame, Local, Phase, World};
use crate::collections::IndexMap;
use crate::diagnostics::codes::names;
use crate::syntax::ast::{self, EndRefs, ItemKind};
use smol_str::SmolStr;

impl<'a> World<'a> {
    /// Reports what is wrong with modules and devices of the main file that nothing used.
    pub fn try_unused(&mut self) {
        let program = self.program;
        let items = program.unit(0).map_or(&[][..], |unit| unit.items());
        let unused: Vec<&'a ast::Item> = items
            .iter()
            .filter(|item| match &item.kind {
                ItemKind::Device(device) => !device.name.text.is_empty() && !self.used.contains(&device.name.span),
                ItemKind::Module(module) => !module.name.text.is_empty() && !self.used.contains(&module.name.span),
                _ => false,
            })
            .collect();
        if unused.is_empty() {
            return;
        }
        let mut trial = World::new(program, self.fs, Lock::default(), None);
        trial.is_trial = true;
        trial.attribute_types = self.attribute_types.clone();
        trial.run_trial(items, &unused);
        self.used.extend(trial.used);
        // The limits are for one lab, and not for all modules of a file at once.
        let found = trial.diagnostics.into_iter().filter(|found| found.code != &names::E0209);
        self.diagnostics.extend(found);
    }

    fn run_trial(&mut self, items: &'a [ast::Item], unused: &[&'a ast::Item]) {
        let scope = self.unit_scope(0);
        // The lab around them is not made here, and what it lacks is no mistake.
        self.break_names(scope, items);
        let env = Env::top(0, scope);
        for item in unused {
            if self.is_too_large() {
                return;
            }
            match &item.kind {
                ItemKind::Device(device) => self.try_device(device, &env),
                ItemKind::Module(module) => {
                    if let Ok(scope) = self.make_scope(module, &[], 0, format!("{}/", module.name.text), &env) {
                        self.walk_module(module, 0, scope);
                    }
                }
                _ => {}
            }
        }
        self.apply_defaults(&[Kind::Node], false);
        self.phase = Phase::Links;
        self.make_links();
        self.apply_defaults(&[Kind::Link, Kind::Lag, Kind::Network], false);
        self.apply_overrides();
        let exports = self.scopes.iter().flat_map(|scope| scope.exports.values());
        for (target, env, _) in exports.cloned().collect::<Vec<_>>() {
            let _ = self.place(target, &env, None);
        }
        self.phase = Phase::Attributes;
        self.evaluate_all(false);
    }

    fn try_device(&mut self, device: &'a ast::Device, env: &Env<'a>) {
        let Ok(shape) = self.build_shape(0, device, &[], None, env) else { return };
        self.add_tried(Kind::Node, shape.definitions.definitions.clone(), env);
        for machine in &shape.machines {
            self.add_tried(Kind::Machine, machine.definitions.definitions.clone(), env);
            for (kind, parts) in [(Kind::Disk, &machine.disks), (Kind::Media, &machine.media)] {
                for part in parts {
                    self.block_entity(kind, kind.words().to_owned(), part.block, &part.env, part.span);
                }
            }
        }
    }

    fn add_tried(&mut self, kind: Kind, own: Definitions<'a>, env: &Env<'a>) {
        self.add_entity(Entity {
            kind,
            words: kind.words().to_owned(),
            this: None,
            scope: env.scope,
            shared: None,
            own,
            values: IndexMap::default(),
            span: Default::default(),
            place: 0,
            variables: Vec::new(),
        });
    }

    /// An environment with holes of these names.
    fn with_holes(&self, names: impl Iterator<Item = SmolStr>, env: &Env<'a>) -> Env<'a> {
        env.with_frame(Frame::new(names.map(|name| (name, Local::Failed)).collect(), true))
    }

    /// Looks at an item of a module that could not be made.
    pub fn look_at(&mut self, item: &'a ast::Item, env: &Env<'a>) {
        match &item.kind {
            ItemKind::Node(node) => {
                let env = self.with_dims(node.dims.as_deref(), env);
                let _ = self.find_kindred(&node.device, &env);
                let (_, others) = self.tried_block(Kind::Node, node.block.as_ref(), &env);
                for (item, env) in others {
                    match &item.kind {
                        ItemKind::Interface(interface) => {
                            drop(self.tried_block(Kind::Interface, interface.block.as_ref(), &env));
                        }
                        ItemKind::Part(part) => drop(self.tried_block(Kind::Machine, part.block.as_ref(), &env)),
                        _ => {}
                    }
                }
            }
            ItemKind::Part(part) => {
                let kind = match part.word.text.as_str() {
                    "network" => Kind::Network,
                    "vlan" => Kind::Vlan,
                    "vrf" => Kind::Vrf,
                    _ => return,
                };
                let env = self.with_dims(part.dims.as_deref(), env);
                self.tried_block(kind, part.block.as_ref(), &env);
            }
            ItemKind::Link(link) | ItemKind::Lag(link) => {
                let kind = if matches!(item.kind, ItemKind::Lag(_)) { Kind::Lag } else { Kind::Link };
                self.look_at_link(kind, link, env);
            }
            ItemKind::For(repeated) => {
                let inside = self.with_holes([repeated.binding.name.text.clone()].into_iter(), env);
                self.look_at_all(&repeated.block.items, &inside);
            }
            ItemKind::If(choice) => {
                for block in std::iter::once(&choice.then).chain(&choice.otherwise) {
                    self.look_at_all(&block.items, env);
                }
            }
            _ => {}
        }
    }

    fn look_at_all(&mut self, items: &'a [ast::Item], env: &Env<'a>) {
        let env = &self.with_lets(items, env);
        for item in items {
            // Names of nodes have a meaning only later.
            match &item.kind {
                ItemKind::Link(_) | ItemKind::Lag(_) if self.phase == Phase::Values => self.wait_with(item, env),
                _ => self.look_at(item, env),
            }
        }
    }

    fn look_at_link(&mut self, kind: Kind, link: &'a ast::Link, env: &Env<'a>) {
        let env = self.with_dims(link.dims.as_deref(), env);
        for end in std::iter::once(&link.left).chain(&link.right) {
            match &end.refs {
                EndRefs::One(expr) => drop(self.place(expr, &env, None)),
                EndRefs::List(exprs, _) => {
                    for expr in exprs {
                        let _ = self.evaluate(expr, &env, None);
                    }
                }
            }
            let mut own = Definitions::default();
            self.collect_definitions(&end.items, &env, 0, &mut own);
            self.add_tried(Kind::Interface, own, &env);
        }
        let (_, members) = self.tried_block(kind, link.block.as_ref(), &env);
        for (item, env) in members {
            self.look_at(item, &env);
        }
    }

    fn with_dims(&mut self, dims: Option<&'a [ast::Dim]>, env: &Env<'a>) -> Env<'a> {
        let variables = dims.unwrap_or_default().iter().filter_map(|dim| dim.variable.as_ref());
        self.with_holes(variables.map(|variable| variable.text.clone()), env)
    }

    fn tried_block(
        &mut self,
        kind: Kind,
        block: Option<&'a ast::Block>,
        env: &Env<'a>,
    ) -> (usize, Vec<super::attributes::OtherItem<'a>>) {
        // What `self` is, is not known.
        self.block_entity(kind, kind.words().to_owned(), block, &env.of(None), Default::default())
    }

    /// Looks at the body of a device that could not be built.
    pub fn look_at_body(&mut self, kind: Kind, items: &'a [ast::Item], env: &Env<'a>) {
        let env = &self.with_lets(items, env);
        for item in items {
            match &item.kind {
                ItemKind::Part(part) => {
                    let env = self.with_dims(part.dims.as_deref(), env);
                    let Some(block) = &part.block else { continue };
                    match part.word.text.as_str() {
                        "vm" => self.look_at_body(Kind::Machine, &block.items, &env),
                        "disk" => drop(self.tried_block(Kind::Disk, Some(block), &env)),
                        "media" => drop(self.tried_block(Kind::Media, Some(block), &env)),
                        _ => {}
                    }
                }
                ItemKind::For(repeated) => {
                    let inside = self.with_holes([repeated.binding.name.text.clone()].into_iter(), env);
                    self.look_at_body(kind, &repeated.block.items, &inside);
                }
                ItemKind::If(choice) => {
                    for block in std::iter::once(&choice.then).chain(&choice.otherwise) {
                        self.look_at_body(kind, &block.items, env);
                    }
                }
                _ => {
                    let mut own = Definitions::default();
                    self.collect_definitions(std::slice::from_ref(item), env, 0, &mut own);
                    // A reference to a part, and a dialogue.
                    own.shift_remove("management");
                    own.shift_remove("console");
                    self.add_tried(kind, own, env);
                }
            }
        }
    }
}
