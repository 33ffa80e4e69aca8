//! `defaults` and `override`: definitions that come from elsewhere, put in their order of strength.

use super::attributes::rank;
use super::devices::Kindred;
use super::evaluate::Place;
use super::schema::Kind;
use super::world::{Definitions, EntityId, Env, Eval, InterfaceEntry, Pending, ScopeId, Stop, World};
use crate::diagnostics::codes::{devices, structure as codes};
use crate::diagnostics::{Diagnostic, closest};
use crate::source::Span;
use crate::syntax::ast::{self, ExprKind, ItemKind, TextPart};
use crate::value::{LagId, NodeId, Value};
use smol_str::SmolStr;

/// Steps between the levels of `defaults`: all, by device, by tag.
const CLASS: u32 = 1_000;
/// Steps between a scope and the one inside it.
const DEPTH: u32 = 3 * CLASS;

impl<'a> World<'a> {
    /// Gives every entity of a kind the defaults that apply to it.
    pub fn apply_defaults(&mut self, kinds: &[Kind], tagged: bool) {
        let own: Vec<(usize, &'a ast::Item, Env<'a>, u32)> = self.pending_of(false);
        let target = self.pending_of(true);
        for (order, item, env, base) in own.into_iter().chain(target) {
            let ItemKind::Defaults(defaults) = &item.kind else { continue };
            let Some(kind) = self.default_kind(&defaults.of) else { continue };
            if !kinds.contains(&kind) || defaults.tag.is_some() != tagged {
                continue;
            }
            let depth = self.scope_depth(env.scope);
            let class = if defaults.tag.is_some() { 2 } else { u32::from(defaults.device.is_some()) };
            // Tags follow each other in source order; others of one class are equally strong.
            let within = if tagged { order as u32 % CLASS } else { 0 };
            let rank = base + depth * DEPTH + class * CLASS + within;
            let mut definitions = Definitions::default();
            let others = self.collect_definitions(&defaults.block.items, &env, rank, &mut definitions);
            self.refuse_items(others, "`defaults`");
            for (entity, nearness) in self.entities_for(defaults, kind, &env) {
                let mut definitions = definitions.clone();
                if class == 1 {
                    definitions.values_mut().flatten().for_each(|definition| definition.rank += nearness);
                }
                self.add_definitions(entity, definitions);
            }
        }
    }

    fn pending_of(&self, target: bool) -> Vec<(usize, &'a ast::Item, Env<'a>, u32)> {
        let (list, base) =
            if target { (&self.target_defaults, rank::TARGET_DEFAULTS) } else { (&self.defaults, rank::DEFAULTS) };
        list.iter().enumerate().map(|(order, pending)| (order, pending.item, pending.env.clone(), base)).collect()
    }

    fn default_kind(&mut self, of: &ast::Name) -> Option<Kind> {
        match of.text.as_str() {
            "node" => Some(Kind::Node),
            "link" => Some(Kind::Link),
            "lag" => Some(Kind::Lag),
            "network" => Some(Kind::Network),
            "" => None,
            word => {
                let message = format!("there are no defaults for `{word}`");
                let mut diagnostic = Diagnostic::new(&codes::E0511, of.span, message, "unknown kind")
                    .help("write one of: node, link, lag, network");
                if let Some(meant) = closest(word, ["node", "link", "lag", "network"]) {
                    diagnostic = diagnostic.fix(format!("Write `{meant}`"), of.span, meant);
                }
                self.report(diagnostic);
                None
            }
        }
    }

    fn scope_depth(&self, scope: ScopeId) -> u32 {
        let users = std::iter::successors(Some(scope), |id| self.scopes.get(*id).and_then(|scope| scope.user));
        users.count().saturating_sub(1) as u32
    }

    /// Is a scope the other one, or used inside it?
    fn is_within(&self, scope: ScopeId, outer: ScopeId) -> bool {
        let mut users = std::iter::successors(Some(scope), |id| self.scopes.get(*id).and_then(|scope| scope.user));
        users.any(|id| id == outer)
    }

    /// What the `defaults` are for, each with how near its device is to the one named: a base is farther.
    fn entities_for(&mut self, defaults: &'a ast::Defaults, kind: Kind, env: &Env<'a>) -> Vec<(EntityId, u32)> {
        let scope = env.scope;
        if kind != Kind::Node {
            let of_kind = self.entities.iter().enumerate().filter(|(_, entity)| entity.kind == kind);
            let inside = of_kind.filter(|(_, entity)| self.is_within(entity.scope, scope));
            return inside.map(|(id, _)| (id, 0)).collect();
        }
        let device = match &defaults.device {
            None => None,
            Some(path) => match self.find_kindred(path, env) {
                Ok(Kindred::Device(_, device)) => Some(device.name.text.clone()),
                Ok(Kindred::Module(_, module)) => {
                    let message = format!("`{}` is a module, and defaults are given for devices", module.name.text);
                    let _: Eval<()> = self.error(&devices::E0410, path.span, message, "a device is wanted");
                    return Vec::new();
                }
                Err(_) => return Vec::new(),
            },
        };
        let tag = match &defaults.tag {
            None => None,
            Some(text) => match text.parts.as_slice() {
                [TextPart::Literal(tag)] => Some((tag.clone(), text.span)),
                [] => Some((SmolStr::default(), text.span)),
                _ => return Vec::new(),
            },
        };
        if let Some((tag, span)) = &tag
            && !self.tags.contains_key(tag)
        {
            self.report_unknown_tag(tag, *span);
            return Vec::new();
        }
        let fits = |id: usize| -> Option<(EntityId, u32)> {
            let node = self.nodes.get(id)?;
            let nearness = device.as_ref().map_or(Some(0), |device| node.shape.nearness(device))?;
            self.is_within(node.scope, scope).then_some((node.entity, (nearness as u32).min(CLASS - 1)))
        };
        match &tag {
            None => (0..self.nodes.len()).filter_map(fits).collect(),
            Some((tag, _)) => {
                let nodes = self.tags.get(tag).map_or(&[][..], Vec::as_slice);
                nodes.iter().filter_map(|id| fits(id.index())).collect()
            }
        }
    }

    /// Reports a tag that no node has.
    pub fn report_unknown_tag(&mut self, tag: &str, span: Span) {
        let suggest = self.may_suggest(self.tags.len());
        let meant = closest(tag, self.tags.keys().filter(|_| suggest).map(SmolStr::as_str));
        // The node with the tag may be one that could not be made.
        if self.incomplete && meant.is_none() {
            return;
        }
        let message = format!("no node has the tag \"{tag}\"");
        let mut diagnostic = Diagnostic::new(&codes::E0512, span, message, "unknown tag");
        diagnostic = match meant {
            Some(meant) => diagnostic.help(format!("did you mean \"{meant}\"?")).fix(
                format!("Write \"{meant}\""),
                span,
                format!("\"{meant}\""),
            ),
            None => diagnostic.help("tags are given to nodes: `node a: debian { tags = [\"edge\"] }`"),
        };
        self.report(diagnostic);
    }

    /// Finds out which nodes have which tag.
    pub fn collect_tags(&mut self) {
        for index in 0..self.nodes.len() {
            let Some(entity) = self.nodes.get(index).map(|node| node.entity) else { continue };
            let tags = match self.attribute(entity, "tags") {
                Ok(Value::List(tags)) => tags,
                Err(Stop::NeedsAllocation(span) | Stop::NeedsNodes(span)) => {
                    let message = "tags are known before anything else of a node";
                    let diagnostic = Diagnostic::new(&codes::E0505, span, message, "reads what comes later")
                        .help("write tags as plain strings, or from parameters");
                    self.report(diagnostic);
                    self.incomplete = true;
                    continue;
                }
                Err(Stop::Reported) => {
                    self.incomplete = true;
                    continue;
                }
                Ok(_) => continue,
            };
            for tag in tags.iter() {
                if let Value::String(tag) = tag {
                    self.tags.entry(tag.clone()).or_default().push(NodeId::from(index));
                }
            }
        }
    }

    /// Adds what another place says about an entity.
    pub fn add_definitions(&mut self, entity: EntityId, definitions: Definitions<'a>) {
        let Some(entity) = self.entities.get_mut(entity) else { return };
        for (key, list) in definitions {
            entity.own.entry(key).or_default().extend(list);
        }
    }

    /// Puts every `override` on what it names.
    pub fn apply_overrides(&mut self) {
        let own = std::mem::take(&mut self.overrides);
        let target = std::mem::take(&mut self.target_overrides);
        for pending in &own {
            let _ = self.apply_override(pending, rank::OVERRIDE);
        }
        for pending in &target {
            let _ = self.apply_override(pending, rank::TARGET_OVERRIDE);
        }
    }

    fn apply_override(&mut self, pending: &Pending<'a>, base: u32) -> Eval<()> {
        let ItemKind::Override(change) = &pending.item.kind else { return Ok(()) };
        self.place = pending.place;
        let (things, exact) = match self.overridden_machine(&change.target, &pending.env)? {
            Some(entity) => {
                return self.override_entity(entity, change, pending, base + 2);
            }
            None => match self.place(&change.target, &pending.env, None)? {
                Place::Array(scope, name) => (self.array_list(scope, &name)?, 0),
                Place::Value(list @ Value::List(_)) => (list, 1),
                Place::Value(one) => (Value::list(vec![one]), 2),
            },
        };
        let Value::List(things) = things else { return Ok(()) };
        for thing in things.iter() {
            let entity = match thing {
                Value::Interface(node, name) => self.interface_entity(*node, name, change.target.span),
                other => self.entity_of(other),
            };
            match entity {
                Some(entity) => self.override_entity(entity, change, pending, base + exact)?,
                None => {
                    let message = format!("{} cannot be overridden", thing.kind());
                    let help = "override a node, an array, a slice, an interface, a network or a named link";
                    let diagnostic = Diagnostic::new(&codes::E0513, change.target.span, message, "has no attributes");
                    return self.stop(diagnostic.help(help));
                }
            }
        }
        Ok(())
    }

    /// `override leaf[1].re { … }`: a machine of a node.
    fn overridden_machine(&mut self, target: &'a ast::Expr, env: &Env<'a>) -> Eval<Option<EntityId>> {
        let ExprKind::Field(base, part) = &target.kind else { return Ok(None) };
        let Place::Value(Value::Node(id)) = self.place(base, env, None)? else { return Ok(None) };
        let Some(node) = self.nodes.get(id.index()) else { return Ok(None) };
        let at = node.shape.machines.iter().position(|machine| machine.part.as_ref() == Some(&part.text));
        Ok(at.and_then(|at| node.machines.get(at)).copied())
    }

    fn override_entity(
        &mut self,
        entity: EntityId,
        change: &'a ast::Override,
        pending: &Pending<'a>,
        rank: u32,
    ) -> Eval<()> {
        let mut definitions = Definitions::default();
        let others = self.collect_definitions(&change.block.items, &pending.env, rank, &mut definitions);
        self.refuse_items(others, "an override");
        self.add_definitions(entity, definitions);
        Ok(())
    }

    /// The entity of an interface, made when it is first spoken of.
    pub fn interface_entity(&mut self, node: NodeId, name: &SmolStr, span: Span) -> Option<EntityId> {
        let entry = self.nodes.get(node.index())?;
        if let Some(interface) = entry.interfaces.get(name) {
            return Some(interface.entity);
        }
        let words = format!("interface `{name}` of `{}`", entry.path);
        let physical = entry.shape.port(name).is_some() || entry.shape.management_name().as_ref() == Some(name);
        let scope = entry.scope;
        let entity = self.add_entity(super::world::Entity {
            kind: Kind::Interface,
            words,
            this: Some(Value::Node(node)),
            scope,
            shared: None,
            own: Definitions::default(),
            values: crate::collections::IndexMap::default(),
            span,
            place: self.place,
            variables: Vec::new(),
        });
        let interface = InterfaceEntry { entity, link: None, lag: None::<LagId>, physical, span };
        self.nodes.get_mut(node.index())?.interfaces.insert(name.clone(), interface);
        Some(entity)
    }
}
