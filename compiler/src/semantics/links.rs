//! Links: what their ends are, one by one, and which interface each takes.

use super::attributes::rank;
use super::collisions::Kept;
use super::evaluate::Place;
use super::lock::{Locked, Request};
use super::schema::Kind;
use super::scope::instance_name;
use super::world::{
    BindingKind, Definitions, EndEntry, EndTarget, Entity, Env, Eval, Key, LagEntry, LinkEntry, Stop, World,
};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::links as codes;
use crate::source::Span;
use crate::syntax::ast::{self, EndRefs, ExprKind, ItemKind};
use crate::value::{LagId, LinkId, NodeId, Value};
use indexmap::IndexMap;
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// What is written at one side of `<->`.
struct EndSet {
    ends: Vec<EndTarget>,
    each: bool,
    many: bool,
}

/// An end whose interface the author left open: link, end, node, key in the lock.
type OpenEnd = (usize, usize, NodeId, String);

/// The path of a link without a name: its ends, sorted.
pub fn ends_path(left: &str, right: &str) -> String {
    if left <= right { format!("{left}--{right}") } else { format!("{right}--{left}") }
}

impl<'a> World<'a> {
    /// Makes every link.
    pub fn make_links(&mut self) {
        for pending in std::mem::take(&mut self.pending_links) {
            self.place = pending.place;
            self.try_late_item(pending.item, &pending.env);
        }
    }

    /// What is wrong with one item was reported; the others are looked at all the same.
    fn try_late_item(&mut self, item: &'a ast::Item, env: &Env<'a>) {
        if self.late_item(item, env).is_err() {
            self.break_names(env.scope, std::slice::from_ref(item));
            if self.is_trial {
                self.look_at(item, env);
            }
        }
    }

    fn late_items(&mut self, items: &'a [ast::Item], env: &Env<'a>) {
        let env = &self.with_lets(items, env);
        for item in items {
            self.try_late_item(item, env);
        }
    }

    /// An item that may read nodes: a link, or a loop or condition around links.
    fn late_item(&mut self, item: &'a ast::Item, env: &Env<'a>) -> Eval<()> {
        match &item.kind {
            ItemKind::Link(link) => self.make_link(link, item, env, None),
            ItemKind::Lag(lag) => self.make_lag(lag, item, env),
            ItemKind::For(repeated) => {
                let values = self.settled(|world| world.elements_of(&repeated.binding.list, env))?;
                for value in values {
                    let inside = env.with(&repeated.binding.name.text, value, true);
                    self.late_items(&repeated.block.items, &inside);
                }
                Ok(())
            }
            ItemKind::If(choice) => {
                let taken = self.settled(|world| world.condition(&choice.condition, env))?;
                let block = if taken { Some(&choice.then) } else { choice.otherwise.as_ref() };
                if let Some(block) = block {
                    self.late_items(&block.items, env);
                }
                Ok(())
            }
            ItemKind::Check(_) | ItemKind::Expect(_) => {
                self.checks.push(super::world::Pending { item, env: env.clone(), place: self.place });
                Ok(())
            }
            ItemKind::Override(_) => {
                self.overrides.push(super::world::Pending { item, env: env.clone(), place: self.place });
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Evaluates what decides the links: attributes and allocations are not known yet.
    fn settled<T>(&mut self, evaluate: impl FnOnce(&mut World<'a>) -> Eval<T>) -> Eval<T> {
        match evaluate(self) {
            Err(Stop::NeedsAllocation(span) | Stop::NeedsNodes(span)) => {
                let message = "which links there are cannot depend on attributes or addresses";
                let help = "a link may go through arrays, keys and tags of nodes";
                let diagnostic = Diagnostic::new(&codes::E0520, span, message, "known only later").help(help);
                self.stop(diagnostic)
            }
            result => result,
        }
    }

    fn make_link(&mut self, link: &'a ast::Link, item: &'a ast::Item, env: &Env<'a>, lag: Option<LagId>) -> Eval<()> {
        let Some(right) = &link.right else { return Err(Stop::Reported) };
        let mut result = Ok(());
        for (keys, env) in self.unroll_dims(link.dims.as_deref(), env)? {
            let left_set = self.end_set(&link.left, &env);
            let right_set = self.end_set(right, &env);
            let (left_set, right_set) = (left_set?, right_set?);
            let pairs = self.pairs(&left_set, &right_set, item.span, link, right)?;
            let several = left_set.many || right_set.many;
            let name = link.name.as_ref().map(|name| match &link.dims {
                Some(_) => instance_name(&name.text, &keys),
                None => name.text.to_string(),
            });
            let mut made = Vec::new();
            for (left, far) in pairs {
                self.count_thing(item.span)?;
                let ends = [(left, &link.left), (far, right)];
                match self.make_one(link, ends, name.as_deref(), several, &env, lag, item.span) {
                    Ok(id) => made.push(Value::Link(id)),
                    Err(stop) => result = Err(stop),
                }
            }
            if result.is_ok() {
                self.bind_link(link, &keys, made, several, &env);
            }
        }
        result
    }

    fn bind_link(&mut self, link: &ast::Link, keys: &[Key], made: Vec<Value>, several: bool, env: &Env<'a>) {
        let Some(name) = &link.name else { return };
        let value = match made.as_slice() {
            [one] if !several => one.clone(),
            _ => Value::list(made),
        };
        let Some(binding) = self.scopes.get_mut(env.scope).and_then(|scope| scope.names.get_mut(&name.text)) else {
            return;
        };
        let taken = match &mut binding.kind {
            BindingKind::One(slot) => slot.replace(value).is_some(),
            BindingKind::Array(elements) => elements.insert(keys.to_vec(), value).is_some(),
            _ => false,
        };
        if taken {
            let message = format!("the link `{}` is made twice", name.text);
            let help = "inside a loop, give it an index: `link name[i]: …`";
            let code = &crate::diagnostics::codes::names::E0201;
            self.report(Diagnostic::new(code, name.span, message, "made again here").help(help));
        }
    }

    /// What an end names.
    fn end_set(&mut self, end: &'a ast::End, env: &Env<'a>) -> Eval<EndSet> {
        let each = end.each.is_some();
        let mut ends = Vec::new();
        let many = match &end.refs {
            EndRefs::One(expr) => {
                let place = self.settled(|world| world.place(expr, env, None))?;
                let value = match place {
                    Place::Array(scope, name) => self.array_list(scope, &name)?,
                    Place::Value(value) => value,
                };
                let many = matches!(value, Value::List(_));
                self.flatten_end(&value, expr.span, &mut ends)?;
                many
            }
            EndRefs::List(exprs, _) => {
                for expr in exprs {
                    let value = self.settled(|world| world.evaluate(expr, env, None))?;
                    self.flatten_end(&value, expr.span, &mut ends)?;
                }
                true
            }
        };
        Ok(EndSet { ends, each, many: many || each })
    }

    fn flatten_end(&mut self, value: &Value, span: Span, ends: &mut Vec<EndTarget>) -> Eval<()> {
        match value {
            Value::Node(node) => ends.push(EndTarget::Node(*node, None)),
            Value::Interface(node, name) => ends.push(EndTarget::Node(*node, Some(name.clone()))),
            Value::Network(network) => ends.push(EndTarget::Network(*network)),
            Value::List(values) => {
                for value in values.iter() {
                    self.flatten_end(value, span, ends)?;
                }
            }
            Value::Module(_) => {
                let name = self.name_of(value);
                let message = format!("`{name}` is an instance of a module, and a link needs one of its interfaces");
                let help = self.ways_into(value);
                return self.stop(Diagnostic::new(&codes::E0521, span, message, "which interface?").help(help));
            }
            other => {
                let message =
                    format!("a link goes between nodes, interfaces and networks, and this is {}", other.kind());
                return self.error(&codes::E0521, span, message, "cannot be linked");
            }
        }
        Ok(())
    }

    /// What of an instance of a module can be linked, in words.
    fn ways_into(&self, instance: &Value) -> String {
        let name = self.name_of(instance);
        let scope = match instance {
            Value::Module(id) => self.modules.get(id.index()).and_then(|scope| self.scopes.get(*scope)),
            _ => None,
        };
        let Some(scope) = scope else { return String::new() };
        let shown = scope.exports.keys().map(|port| format!("`{name}:{port}`"));
        let ways: Vec<String> = shown.chain(scope.public.iter().map(|member| format!("`{name}.{member}`"))).collect();
        match ways.as_slice() {
            [] => "let the module show one: `interface up = node:port`".to_owned(),
            ways => format!("the module shows {}", ways.join(", ")),
        }
    }

    /// The single links that two sides make.
    fn pairs(
        &mut self,
        left: &EndSet,
        right: &EndSet,
        span: Span,
        link: &ast::Link,
        far: &ast::End,
    ) -> Eval<Vec<(EndTarget, EndTarget)>> {
        let count = left.ends.len().saturating_mul(right.ends.len());
        let pairs = match (left.each, right.each) {
            (true, true) if left.ends == right.ends => {
                self.count_elements(count / 2, span)?;
                let pairs = left.ends.iter().enumerate();
                pairs.flat_map(|(at, a)| left.ends.iter().skip(at + 1).map(move |b| (a.clone(), b.clone()))).collect()
            }
            (true, true) => {
                self.count_elements(count, span)?;
                left.ends.iter().flat_map(|a| right.ends.iter().map(move |b| (a.clone(), b.clone()))).collect()
            }
            (true, false) if !right.many => {
                let right = right.ends.first();
                left.ends.iter().filter_map(|a| Some((a.clone(), right?.clone()))).collect()
            }
            (false, true) if !left.many => {
                let left = left.ends.first();
                right.ends.iter().filter_map(|b| Some((left?.clone(), b.clone()))).collect()
            }
            (false, false) if left.many == right.many && left.ends.len() == right.ends.len() => {
                left.ends.iter().cloned().zip(right.ends.iter().cloned()).collect()
            }
            _ => {
                let words = |set: &EndSet| match set.ends.len() {
                    1 if !set.many => "one end".to_owned(),
                    count => format!("{count} ends"),
                };
                let message = format!("{} cannot be linked to {} in pairs", words(left), words(right));
                let mut diagnostic = Diagnostic::new(&codes::E0522, far.span, message, words(right))
                    .label(link.left.span, words(left))
                    .help("lists of one length link in pairs; `each` before a list links every one of it");
                if left.many != right.many {
                    let at = if left.many { link.left.span } else { far.span };
                    diagnostic = diagnostic.fix("Write `each`", at.at_start(), "each ");
                }
                return self.stop(diagnostic);
            }
        };
        Ok(pairs)
    }

    #[allow(clippy::too_many_arguments)] // All of one link.
    fn make_one(
        &mut self,
        link: &'a ast::Link,
        ends: [(EndTarget, &'a ast::End); 2],
        name: Option<&str>,
        several: bool,
        env: &Env<'a>,
        lag: Option<LagId>,
        span: Span,
    ) -> Eval<LinkId> {
        let [(left, left_written), (right, right_written)] = ends;
        if matches!((&left, &right), (EndTarget::Network(_), EndTarget::Network(_))) {
            let message = "a link has a node at one end at least";
            let help = "to join two networks, put a node between them, or make them one";
            return self.stop(Diagnostic::new(&codes::E0523, span, message, "between two networks").help(help));
        }
        if left == right && matches!(left, EndTarget::Node(_, Some(_))) {
            let message = "a link cannot join an interface to itself";
            let help = "name the interface of another node, or another port";
            return self.stop(Diagnostic::new(&codes::E0523, span, message, "the same interface twice").help(help));
        }
        let path = self.link_path(&left, &right, name, several, env, span);
        let index = self.links.len();
        let words = format!("link `{path}`");
        let (entity, others) = self.block_entity(Kind::Link, words, link.block.as_ref(), env, span);
        self.refuse_items(others, "a link");
        // A link that is not made takes no port.
        for (target, written) in [(&left, left_written), (&right, right_written)] {
            self.check_port(target, written.span)?;
        }
        let left = self.make_end(left, left_written, index, 0, env)?;
        let right = self.make_end(right, right_written, index, 1, env)?;
        for (at, end) in [&left, &right].into_iter().enumerate() {
            if let EndTarget::Network(network) = &end.target
                && let Some(network) = self.networks.get_mut(network.index())
            {
                network.links.push((index, 1 - at));
            }
        }
        let id = LinkId::from(index);
        if let Some(entity) = self.entities.get_mut(entity) {
            entity.this = Some(Value::Link(id));
        }
        self.links.push(LinkEntry { entity, path, name: name.map(str::to_owned), ends: [left, right], lag });
        if let Some(lag) = lag.and_then(|lag| self.lags.get_mut(lag.index())) {
            lag.members.push(index);
        }
        Ok(id)
    }

    /// The stable path of a link: its name, else both ends sorted.
    fn link_path(
        &mut self,
        left: &EndTarget,
        right: &EndTarget,
        name: Option<&str>,
        several: bool,
        env: &Env<'a>,
        span: Span,
    ) -> String {
        let ends = ends_path(&self.end_label(left), &self.end_label(right));
        let prefix = self.scopes.get(env.scope).map_or("", |scope| scope.prefix.as_str());
        let path = match name {
            Some(name) if several => format!("{prefix}{name}:{ends}"),
            Some(name) => format!("{prefix}{name}"),
            None => ends,
        };
        let count = self.link_paths.entry(path.clone()).or_insert((0, span));
        count.0 += 1;
        let (number, first) = *count;
        if number == 1 {
            return path;
        }
        if name.is_none() {
            let message = format!("two links are called `{path}`: their allocations depend on their order");
            let diagnostic = Diagnostic::new(&codes::W0520, span, message, "another link between these ends")
                .label(first, "the first")
                .help("name them, `link a1: …`, or write their interfaces");
            self.report(diagnostic);
        }
        format!("{path}#{number}")
    }

    /// An end as paths of links have it.
    pub fn end_label(&self, end: &EndTarget) -> String {
        match end {
            EndTarget::Node(node, None) => self.name_of(&Value::Node(*node)),
            EndTarget::Node(node, Some(name)) => self.name_of(&Value::Interface(*node, name.clone())),
            EndTarget::Network(network) => self.name_of(&Value::Network(*network)),
        }
    }

    fn make_end(
        &mut self,
        target: EndTarget,
        written: &'a ast::End,
        link: usize,
        at: usize,
        env: &Env<'a>,
    ) -> Eval<EndEntry> {
        let entity = match &target {
            EndTarget::Node(node, Some(name)) => {
                let entity = self.interface_entity(*node, name, written.span).ok_or(Stop::Reported)?;
                let interfaces = self.nodes.get_mut(node.index()).map(|node| &mut node.interfaces);
                if let Some(entry) = interfaces.and_then(|interfaces| interfaces.get_mut(name)) {
                    entry.link = Some((link, at));
                }
                entity
            }
            other => self.end_entity(other, written.span, env),
        };
        let this = match &target {
            EndTarget::Node(node, _) => Some(Value::Node(*node)),
            EndTarget::Network(network) => Some(Value::Network(*network)),
        };
        let mut own = Definitions::new();
        let others = self.collect_definitions(&written.items, &env.of(this), rank::BLOCK, &mut own);
        self.refuse_items(others, "the end of a link");
        if let Some(entity) = self.entities.get_mut(entity) {
            for (key, definitions) in own {
                entity.own.entry(key).or_default().extend(definitions);
            }
        }
        Ok(EndEntry { entity, target, span: written.span })
    }

    /// The entity of an end whose interface is not chosen yet, or that is a network.
    fn end_entity(&mut self, target: &EndTarget, span: Span, env: &Env<'a>) -> usize {
        let this = match target {
            EndTarget::Node(node, _) => Value::Node(*node),
            EndTarget::Network(network) => Value::Network(*network),
        };
        let words = format!("the end at `{}`", self.name_of(&this));
        self.add_entity(Entity {
            kind: Kind::Interface,
            words,
            this: Some(this),
            scope: env.scope,
            shared: None,
            own: Definitions::new(),
            values: IndexMap::new(),
            span,
            place: self.place,
            variables: env.loop_variables(),
        })
    }

    /// Is the interface that the author wrote a port, and free?
    fn check_port(&mut self, target: &EndTarget, span: Span) -> Eval<()> {
        let EndTarget::Node(node, Some(name)) = target else { return Ok(()) };
        self.interface_entity(*node, name, span);
        let shown = self.name_of(&Value::Interface(*node, name.clone()));
        let Some(entry) = self.nodes.get(node.index()).and_then(|node| node.interfaces.get(name)) else {
            return Err(Stop::Reported);
        };
        if !entry.physical {
            let message = format!("`{shown}` is a logical interface, and a wire needs a port");
            let help = "link the port, and describe the logical interface in the node: `interface \"ge-0/0/0.100\" { vlan = 100 }`";
            return self.stop(Diagnostic::new(&codes::E0524, span, message, "no port").help(help));
        }
        if let Some((other, other_end)) = entry.link {
            let before = self.links.get(other).and_then(|link| link.ends.get(other_end)).map(|end| end.span);
            let message = format!("`{shown}` is used by two links");
            let mut diagnostic = Diagnostic::new(&codes::E0525, span, message, "used again here")
                .help("a port takes one wire; use another interface, or a network between several nodes");
            if let Some(before) = before {
                diagnostic = diagnostic.label(before, "used here first");
            }
            return self.stop(diagnostic);
        }
        Ok(())
    }

    fn make_lag(&mut self, lag: &'a ast::Link, item: &'a ast::Item, env: &Env<'a>) -> Eval<()> {
        for (keys, env) in self.unroll_dims(lag.dims.as_deref(), env)? {
            let mut ends = Vec::new();
            for written in std::iter::once(&lag.left).chain(&lag.right) {
                ends.push(self.lag_end(written, &env)?);
            }
            let labels: Vec<String> = ends.iter().map(|end| self.end_label(&end.target)).collect();
            let prefix = self.scopes.get(env.scope).map(|scope| scope.prefix.clone()).unwrap_or_default();
            let name = lag.name.as_ref().map(|name| match &lag.dims {
                Some(_) => instance_name(&name.text, &keys),
                None => name.text.to_string(),
            });
            let path = match &name {
                Some(name) => format!("{prefix}{name}"),
                None => {
                    let mut labels = labels.clone();
                    labels.sort();
                    labels.join("--")
                }
            };
            let words = format!("lag `{path}`");
            let (entity, others) = self.block_entity(Kind::Lag, words, lag.block.as_ref(), &env, item.span);
            let id = self.add_lag(LagEntry { entity, path, name, ends, members: Vec::new() });
            self.enter_lag_ends(id);
            let mut made = Ok(());
            for (inner, inside) in others {
                match &inner.kind {
                    ItemKind::Link(link) => made = made.and(self.make_link(link, inner, &inside, Some(id))),
                    _ => self.refuse_items(vec![(inner, inside)], "a `lag`"),
                }
            }
            made?;
            self.check_lag(id, lag.left.span, item.span);
            self.bind_link(lag, &keys, Vec::new(), true, &env);
        }
        Ok(())
    }

    /// The logical interface at an end of an aggregation.
    fn lag_end(&mut self, written: &'a ast::End, env: &Env<'a>) -> Eval<EndEntry> {
        let message = "the end of a `lag` is a logical interface of a node, such as `leaf:ae0`";
        let EndRefs::One(ast::Expr { kind: ExprKind::Port(base, parts, span), .. }) = &written.refs else {
            return self.error(&codes::E0526, written.span, message, "no interface");
        };
        let Place::Value(Value::Node(node)) = self.settled(|world| world.place(base, env, None))? else {
            return self.error(&codes::E0526, written.span, message, "no single node");
        };
        let name = self.plain_text(parts, env, *span)?;
        if self.nodes.get(node.index()).is_some_and(|node| node.shape.port(&name).is_some()) {
            let message = format!("`{name}` is a port, and the end of a `lag` is a logical interface over ports");
            let help = "give the end a name of its own, such as `ae0` or `bond0`; its ports stand in the member links";
            return self.stop(Diagnostic::new(&codes::E0526, *span, message, "a port").help(help));
        }
        let entity = self.interface_entity(node, &name, written.span).ok_or(Stop::Reported)?;
        let mut own = Definitions::new();
        let this = Some(Value::Node(node));
        let others = self.collect_definitions(&written.items, &env.of(this), rank::BLOCK, &mut own);
        self.refuse_items(others, "the end of a `lag`");
        if let Some(entity) = self.entities.get_mut(entity) {
            for (key, definitions) in own {
                entity.own.entry(key).or_default().extend(definitions);
            }
        }
        Ok(EndEntry { entity, target: EndTarget::Node(node, Some(name)), span: written.span })
    }

    fn enter_lag_ends(&mut self, id: LagId) {
        let ends: Vec<EndTarget> = self
            .lags
            .get(id.index())
            .map_or_else(Vec::new, |lag| lag.ends.iter().map(|end| end.target.clone()).collect());
        for end in ends {
            if let EndTarget::Node(node, Some(name)) = end
                && let Some(entry) = self.nodes.get_mut(node.index()).and_then(|node| node.interfaces.get_mut(&name))
            {
                entry.lag = Some(id);
            }
        }
    }

    /// Members lead between the nodes of the aggregation.
    fn check_lag(&mut self, id: LagId, end: Span, whole: Span) {
        let Some(lag) = self.lags.get(id.index()) else { return };
        let nodes = |ends: &[EndEntry]| -> Vec<Option<NodeId>> {
            ends.iter().map(|end| if let EndTarget::Node(node, _) = end.target { Some(node) } else { None }).collect()
        };
        let wanted = nodes(&lag.ends);
        let members: Vec<(Vec<Option<NodeId>>, Span)> = lag
            .members
            .iter()
            .filter_map(|member| self.links.get(*member))
            .map(|link| (nodes(&link.ends), link.ends[0].span))
            .collect();
        if members.is_empty() {
            let message = "a `lag` has member links in its block";
            let help = "write them inside: `link a:eth1 <-> b:eth1`";
            self.incomplete = true;
            self.report(Diagnostic::new(&codes::E0527, whole, message, "no members").help(help));
            return;
        }
        for (ends, at) in members {
            let fits = match wanted.as_slice() {
                [one] => ends.contains(one),
                [a, b] => ends == [*a, *b] || ends == [*b, *a],
                _ => true,
            };
            if !fits {
                let message = "a member link does not lead between the nodes of its `lag`";
                self.report(Diagnostic::new(&codes::E0527, at, message, "goes elsewhere").label(end, "this `lag`"));
            }
        }
    }

    /// Chooses the interfaces that the author left open: what the lock says, then the next free in source order.
    pub fn pick_interfaces(&mut self) {
        let mut open = Vec::new();
        for (link, entry) in self.links.iter().enumerate() {
            for (at, end) in entry.ends.iter().enumerate() {
                if let EndTarget::Node(node, None) = end.target {
                    let twice = entry
                        .ends
                        .iter()
                        .filter(|end| matches!(end.target, EndTarget::Node(other, _) if other == node))
                        .count()
                        > 1;
                    let place = if twice { format!(" {}", at + 1) } else { String::new() };
                    let key = format!("interface {} {}{place}", entry.path, self.name_of(&Value::Node(node)));
                    open.push((link, at, node, key));
                }
            }
        }
        self.collide_with_gone_links(&open);
        let rest = self.take_locked_interfaces(open);
        let mut cursors: IndexMap<NodeId, usize> = IndexMap::new();
        for (link, at, node, key) in rest {
            let Some(shape) = self.nodes.get(node.index()).map(|node| node.shape.clone()) else { continue };
            let cursor = cursors.entry(node).or_default();
            let path = self.name_of(&Value::Node(node));
            let free = loop {
                let Some((name, _)) = shape.ports.get_index(*cursor) else { break None };
                *cursor += 1;
                if self.is_free(node, name) && !self.lock.is_reserved("interface", &format!("{path}:{name}")) {
                    break Some(name.clone());
                }
            };
            match free {
                Some(name) => self.take_interface(link, at, node, name, &key),
                None => self.report_no_free_interface(link, at, node),
            }
        }
    }

    /// Gives open ends the interfaces that the lock has for them; what is left comes back.
    fn take_locked_interfaces(&mut self, open: Vec<OpenEnd>) -> Vec<OpenEnd> {
        let written: BTreeSet<(NodeId, SmolStr)> = self.written_interfaces().map(|(taken, ..)| taken).collect();
        let mut rest = Vec::new();
        for (link, at, node, key) in open {
            let locked = self.lock.find(&key).and_then(|value| value.split_once(':'));
            let Some(name) = locked.map(|(_, name)| SmolStr::new(name)) else {
                rest.push((link, at, node, key));
                continue;
            };
            if self.is_free(node, &name) {
                self.take_interface(link, at, node, name, &key);
                continue;
            }
            let span = self.end_span(link, at);
            let shown = self.name_of(&Value::Interface(node, name.clone()));
            let holder = self.nodes.get(node.index()).and_then(|node| node.interfaces.get(&name)?.link);
            match holder {
                Some((other, end)) if written.contains(&(node, name)) => {
                    let kept = Kept { key: key.clone(), wanted_at: Some(span) };
                    self.report_collision(&shown, self.end_span(other, end), &[kept]);
                }
                _ => {
                    self.lock.release(&key);
                    let message = format!("`{shown}` from the lock cannot be had any more: another is chosen");
                    let help = "the device was changed, or another entry of the lock has the same interface";
                    let code = &crate::diagnostics::codes::allocation::W0601;
                    self.report(Diagnostic::new(code, span, message, "chosen again").help(help));
                }
            }
            rest.push((link, at, node, key));
        }
        rest
    }

    /// The interfaces that the author wrote: which, and at which end of which link.
    fn written_interfaces(&self) -> impl Iterator<Item = ((NodeId, SmolStr), usize, usize)> {
        let ends = self
            .links
            .iter()
            .enumerate()
            .flat_map(|(link, entry)| entry.ends.iter().enumerate().map(move |(at, end)| (link, at, &end.target)));
        ends.filter_map(|(link, at, target)| match target {
            EndTarget::Node(node, Some(name)) => Some(((*node, name.clone()), link, at)),
            _ => None,
        })
    }

    /// Reports written interfaces that the lock keeps for links which are gone.
    fn collide_with_gone_links(&mut self, open: &[OpenEnd]) {
        let wanted: BTreeSet<&str> = open.iter().map(|(.., key)| key.as_str()).collect();
        let gone = self.lock.entries("interface ").filter(|(key, _)| !wanted.contains(key));
        let gone: IndexMap<String, String> = gone.map(|(key, value)| (value.to_owned(), key.to_owned())).collect();
        if gone.is_empty() {
            return;
        }
        let mut found = Vec::new();
        for ((node, name), link, at) in self.written_interfaces() {
            let shown = self.name_of(&Value::Interface(node, name));
            // Who writes out what was chosen for it has it already.
            if let Some(key) = gone.get(&shown).filter(|key| !self.is_of_link(key, "interface ", link)) {
                found.push((shown, self.end_span(link, at), Kept { key: key.clone(), wanted_at: None }));
            }
        }
        for (shown, span, kept) in found {
            self.report_collision(&shown, span, &[kept]);
        }
    }

    fn end_span(&self, link: usize, at: usize) -> Span {
        self.links.get(link).and_then(|link| link.ends.get(at)).map(|end| end.span).unwrap_or_default()
    }

    fn is_free(&self, node: NodeId, name: &str) -> bool {
        let Some(node) = self.nodes.get(node.index()) else { return false };
        node.shape.ports.contains_key(name) && node.interfaces.get(name).is_none_or(|entry| entry.link.is_none())
    }

    fn take_interface(&mut self, link: usize, at: usize, node: NodeId, name: SmolStr, key: &str) {
        let value = format!("{}:{name}", self.name_of(&Value::Node(node)));
        self.lock.record(Request { key: key.to_owned() }, Locked(value));
        let Some(end) = self.links.get(link).and_then(|link| link.ends.get(at)).cloned() else { return };
        // What the end says is said of the interface.
        let merged = self.nodes.get(node.index()).and_then(|node| node.interfaces.get(&name)).map(|entry| entry.entity);
        let entity = match merged {
            Some(entity) => {
                let own = self.entities.get(end.entity).map(|entity| entity.own.clone()).unwrap_or_default();
                if let Some(entity) = self.entities.get_mut(entity) {
                    for (key, definitions) in own {
                        entity.own.entry(key).or_default().extend(definitions);
                    }
                }
                entity
            }
            None => end.entity,
        };
        let interface =
            super::world::InterfaceEntry { entity, link: Some((link, at)), lag: None, physical: true, span: end.span };
        if let Some(node) = self.nodes.get_mut(node.index()) {
            node.interfaces.insert(name.clone(), interface);
        }
        if let Some(end) = self.links.get_mut(link).and_then(|link| link.ends.get_mut(at)) {
            end.target = EndTarget::Node(node, Some(name));
            end.entity = entity;
        }
    }

    fn report_no_free_interface(&mut self, link: usize, at: usize, node: NodeId) {
        let Some(span) = self.links.get(link).and_then(|link| link.ends.get(at)).map(|end| end.span) else { return };
        self.incomplete = true;
        let Some(entry) = self.nodes.get(node.index()) else { return };
        let message = format!("`{}` has no free interface left", entry.path);
        let help = format!(
            "a {} has {}, and all are taken or reserved by the lock",
            entry.shape.name,
            entry.shape.ports_in_words()
        );
        self.report(Diagnostic::new(&codes::E0528, span, message, "none left for this end").help(help));
    }
}
