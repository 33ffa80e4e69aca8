//! Links: what their ends are, one by one, and which interface each takes.

use super::attributes::rank;
use super::evaluate::Place;
use super::schema::Kind;
use super::scope::instance_name;
use super::world::{BindingKind, Definitions, EndEntry, EndTarget, Entity, Env, Eval, Key, LinkEntry, Stop, World};
use crate::collections::IndexMap;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::links as codes;
use crate::source::Span;
use crate::syntax::ast::{self, EndRefs, ItemKind};
use crate::value::{LagId, LinkId, Value};

/// What is written at one side of `<->`.
struct EndSet {
    ends: Vec<EndTarget>,
    each: bool,
    many: bool,
}

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
                    let inside = self.turn(env, &repeated.binding.name, value);
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
    pub fn settled<T>(&mut self, evaluate: impl FnOnce(&mut World<'a>) -> Eval<T>) -> Eval<T> {
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

    /// Makes the links of a declaration: one for each pair of its ends.
    pub fn make_link(
        &mut self,
        link: &'a ast::Link,
        item: &'a ast::Item,
        env: &Env<'a>,
        lag: Option<LagId>,
    ) -> Eval<()> {
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

    /// Gives the name of a link what was made of it.
    pub fn bind_link(&mut self, link: &ast::Link, keys: &[Key], made: Vec<Value>, several: bool, env: &Env<'a>) {
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
                    diagnostic = diagnostic.suggest("Write `each`", at.at_start(), "each ");
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
        let mut own = Definitions::default();
        let others = self.collect_definitions(&written.items, &env.of(this), rank::BLOCK, &mut own);
        self.refuse_items(others, "the end of a link");
        self.add_definitions(entity, own);
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
            own: Definitions::default(),
            values: IndexMap::default(),
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
}
