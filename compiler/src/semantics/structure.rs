//! The shape of a lab: which nodes, networks and modules there are. Loops and conditions are unrolled here, from
//! values alone.

use super::attributes::rank;
use super::limits;
use super::schema::Kind;
use super::scope::instance_name;
use super::world::{
    AttributeType, BindingKind, Definitions, Entity, Env, Eval, Frame, Key, Local, NamedEntry, NetworkEntry, Operation,
    Pending, PoolEntry, ScopeId, Stop, World,
};
use crate::collections::IndexMap;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::{attributes, names, structure as codes};
use crate::source::Span;
use crate::syntax::ast::{self, ItemKind, KeyKind};
use crate::value::{Value, operators};

impl<'a> World<'a> {
    /// Walks the items of a topology or module.
    pub fn walk(&mut self, items: &'a [ast::Item], env: &Env<'a>) {
        let env = &self.with_lets_inside(items, env);
        self.walk_items(items, env);
    }

    /// What is wrong with one item was reported; the others are looked at all the same.
    pub fn walk_items(&mut self, items: &'a [ast::Item], env: &Env<'a>) {
        for item in items {
            if self.walk_item(item, env).is_err() {
                self.break_names(env.scope, std::slice::from_ref(item));
                if self.is_trial {
                    self.look_at(item, env);
                }
            }
        }
    }

    fn walk_item(&mut self, item: &'a ast::Item, env: &Env<'a>) -> Eval<()> {
        self.place += 1;
        let place = self.place;
        let pending = || Pending { item, env: env.clone(), place };
        match &item.kind {
            ItemKind::Node(node) => self.make_nodes(node, env)?,
            ItemKind::Part(part) => self.make_part(part, item, env)?,
            ItemKind::Link(_) | ItemKind::Lag(_) => self.wait_with(item, env),
            ItemKind::Check(_) | ItemKind::Expect(_) => self.checks.push(pending()),
            ItemKind::Defaults(_) => self.defaults.push(pending()),
            ItemKind::Override(_) => self.overrides.push(pending()),
            ItemKind::AttributeDecl(declared) => self.declare_attribute(declared, env),
            ItemKind::Target(target) => self.make_target(target, item, env),
            ItemKind::Interface(interface) => self.export_interface(interface, env)?,
            ItemKind::If(choice) => {
                let taken = self.structural(|world| world.condition(&choice.condition, env))?;
                let block = if taken { Some(&choice.then) } else { choice.otherwise.as_ref() };
                if let Some(block) = block {
                    self.walk_nested(&block.items, env);
                }
            }
            ItemKind::For(repeated) => self.walk_loop(repeated, item, env)?,
            ItemKind::Attribute(_) | ItemKind::Group(_) => self.topology_attribute(item, env)?,
            ItemKind::Wire(_) | ItemKind::Remove(_) => {
                let what = super::attributes::item_words(&item.kind);
                let message = format!("{what} stands only in a device");
                self.error(&attributes::E0404, item.span, message, "out of place here")?;
            }
            // Declared beforehand, or reported.
            _ => {}
        }
        Ok(())
    }

    /// Leaves an item for later: it may read nodes.
    pub fn wait_with(&mut self, item: &'a ast::Item, env: &Env<'a>) {
        self.pending_links.push(Pending { item, env: env.clone(), place: self.place });
    }

    /// Walks the items of a block inside: its constants are local to it.
    pub fn walk_nested(&mut self, items: &'a [ast::Item], env: &Env<'a>) {
        let env = &self.with_lets(items, env);
        self.walk_items(items, env);
    }

    fn walk_loop(&mut self, repeated: &'a ast::For, item: &'a ast::Item, env: &Env<'a>) -> Eval<()> {
        self.refuse_shadowing(&repeated.binding.name, env);
        let values = match self.elements_of(&repeated.binding.list, env) {
            // A loop over nodes: only links can be in it, and these are made later.
            Err(Stop::NeedsNodes(span)) => {
                self.refuse_shape_in_late_loop(&repeated.block.items, span, env.scope);
                self.wait_with(item, env);
                return Ok(());
            }
            values => values?,
        };
        for value in values {
            let inside = self.turn(env, &repeated.binding.name, value);
            self.walk_nested(&repeated.block.items, &inside);
        }
        Ok(())
    }

    /// In a loop over nodes nothing can be made that would change which nodes there are.
    fn refuse_shape_in_late_loop(&mut self, items: &'a [ast::Item], list: Span, scope: ScopeId) {
        for item in items {
            let makes = match &item.kind {
                ItemKind::Node(_) => true,
                ItemKind::Part(part) => matches!(part.word.text.as_str(), "network" | "vlan" | "vrf"),
                ItemKind::For(inner) => {
                    self.refuse_shape_in_late_loop(&inner.block.items, list, scope);
                    false
                }
                _ => false,
            };
            if makes {
                self.report_shape_from_nodes(item.span, list);
                self.break_names(scope, std::slice::from_ref(item));
            }
        }
    }

    fn report_shape_from_nodes(&mut self, span: Span, reads: Span) {
        let message = "the shape of a lab cannot depend on its nodes";
        let help = "use the parameter or list that the nodes are made from";
        let diagnostic = if reads == span {
            Diagnostic::new(&codes::E0505, span, message, "reads what is made only later")
        } else {
            Diagnostic::new(&codes::E0505, span, message, "would change which nodes there are")
                .label(reads, "this reads nodes")
        };
        self.report(diagnostic.help(help));
    }

    /// Evaluates what decides the shape: reading nodes or allocations is an error here.
    pub fn structural<T>(&mut self, evaluate: impl FnOnce(&mut World<'a>) -> Eval<T>) -> Eval<T> {
        match evaluate(self) {
            Err(Stop::NeedsNodes(span) | Stop::NeedsAllocation(span)) => {
                self.report_shape_from_nodes(span, span);
                Err(Stop::Reported)
            }
            result => result,
        }
    }

    /// An environment with the constants of a block.
    pub fn with_lets(&mut self, items: &'a [ast::Item], env: &Env<'a>) -> Env<'a> {
        let mut locals = Vec::new();
        for item in items {
            if let ItemKind::Let(declared) = &item.kind {
                self.refuse_shadowing(&declared.name, env);
                locals.push((declared.name.text.clone(), Local::Lazy(declared)));
            }
        }
        if locals.is_empty() { env.clone() } else { env.with_frame(Frame::new(locals, false)) }
    }

    /// At the top of a scope, constants are names of the scope already.
    fn with_lets_inside(&mut self, items: &'a [ast::Item], env: &Env<'a>) -> Env<'a> {
        if env.frame.is_none() { env.clone() } else { self.with_lets(items, env) }
    }

    /// The keys of an array declaration, with the environment of each element.
    pub fn unroll_dims(&mut self, dims: Option<&'a [ast::Dim]>, env: &Env<'a>) -> Eval<Vec<(Vec<Key>, Env<'a>)>> {
        let mut elements = vec![(Vec::new(), env.clone())];
        for dim in dims.unwrap_or_default() {
            if let Some(variable) = &dim.variable {
                self.refuse_shadowing(variable, env);
            }
            let mut next = Vec::new();
            for (keys, env) in elements {
                for value in self.structural(|world| world.dim_values(dim, &env))? {
                    if next.len() > limits::THINGS {
                        return self.too_many_things(dim.keys.span);
                    }
                    if value.is_secret() {
                        return self.problem(operators::depends_on_secret(), dim.keys.span);
                    }
                    let Some(key) = Key::of(&value) else {
                        let message = format!("a key is a number or a string, and this is {}", value.kind());
                        return self.error(&codes::E0506, dim.keys.span, message, "no key");
                    };
                    let inside = match &dim.variable {
                        Some(variable) => self.turn(&env, variable, value),
                        None => env.clone(),
                    };
                    next.push((keys.iter().cloned().chain([key]).collect(), inside));
                }
            }
            elements = next;
        }
        Ok(elements)
    }

    fn dim_values(&mut self, dim: &'a ast::Dim, env: &Env<'a>) -> Eval<Vec<Value>> {
        match self.evaluate(&dim.keys, env, None)? {
            Value::List(_) | Value::Range(..) => self.elements_of(&dim.keys, env),
            one => Ok(vec![one]),
        }
    }

    /// Is there room for a thing in the binding of its name? Two things in one place are an error.
    pub fn check_unmade(&mut self, name: &ast::Name, keys: Option<&Vec<Key>>, env: &Env<'a>) -> Eval<()> {
        let Some(binding) = self.scopes.get(env.scope).and_then(|scope| scope.names.get(&name.text)) else {
            return Err(Stop::Reported);
        };
        let before = binding.span;
        let taken = match (&binding.kind, keys) {
            (BindingKind::One(slot), None) => slot.is_some(),
            (BindingKind::Array(elements), Some(keys)) => elements.contains_key(keys),
            // The name is declared as something else, which was reported.
            _ => return Err(Stop::Reported),
        };
        if taken {
            let written = match keys {
                Some(keys) => format!("{}[{}]", name.text, keys.iter().map(Key::source).collect::<Vec<_>>().join(", ")),
                None => name.text.to_string(),
            };
            let message = format!("`{written}` is made twice");
            let mut diagnostic = Diagnostic::new(&names::E0201, name.span, message, "made again here");
            diagnostic = match (keys, env.loop_variables().last()) {
                (Some(_), _) => diagnostic.help("elements of one array need different keys"),
                (None, Some((variable, _))) => diagnostic
                    .help(format!(
                        "inside a loop, each turn makes another one: give it an index, `{written}[{variable}]`"
                    ))
                    .fix(format!("Write `{written}[{variable}]`"), name.span.at_end(), format!("[{variable}]")),
                (None, None) => diagnostic.help("give one of them another name"),
            };
            if before != name.span {
                diagnostic = diagnostic.label(before, "first declared here");
            }
            return self.stop(diagnostic);
        }
        Ok(())
    }

    /// Puts a thing into the binding of its name.
    pub fn bind_made(&mut self, name: &ast::Name, keys: Option<Vec<Key>>, value: Value, env: &Env<'a>) {
        let binding = self.scopes.get_mut(env.scope).and_then(|scope| scope.names.get_mut(&name.text));
        match (binding.map(|binding| &mut binding.kind), keys) {
            (Some(BindingKind::One(slot)), None) => *slot = Some(value),
            (Some(BindingKind::Array(elements)), Some(keys)) => drop(elements.insert(keys, value)),
            _ => {}
        }
    }

    /// Claims an instance name; two things of one name are an error.
    pub fn claim_name(&mut self, path: &str, span: Span) -> Eval<()> {
        // Host names and domain names do not tell `_` from `-`, nor upper from lower case.
        let folded = path.to_ascii_lowercase().replace(['_', '/'], "-");
        if let Some((other, before)) = self.instance_names.insert(folded, (path.to_owned(), span)) {
            let help = if other == path {
                "elements are named after their array and key: `leaf[1]` is `leaf1`; rename one of them"
            } else {
                "host names do not tell `_` from `-`, nor upper from lower case; rename one of them"
            };
            let message = format!("two things are called `{path}` once running");
            let diagnostic =
                Diagnostic::new(&codes::E0507, span, message, "this one").label(before, "and this one").help(help);
            return self.stop(diagnostic);
        }
        Ok(())
    }

    fn make_part(&mut self, part: &'a ast::Part, item: &'a ast::Item, env: &Env<'a>) -> Eval<()> {
        let kind = match part.word.text.as_str() {
            "network" => Kind::Network,
            "vlan" => Kind::Vlan,
            "vrf" => Kind::Vrf,
            word => {
                let message = format!("`{word}` does not stand in a topology");
                let known =
                    ["network", "vlan", "vrf", "node", "link", "lag", "pool", "check", "target", "module", "device"];
                let mut diagnostic = Diagnostic::new(&attributes::E0404, part.word.span, message, "unknown here");
                if let Some(meant) = crate::diagnostics::closest(word, known) {
                    diagnostic = diagnostic.fix(format!("Write `{meant}`"), part.word.span, meant);
                } else if matches!(word, "vm" | "nic" | "image" | "disk" | "media") {
                    diagnostic = diagnostic.help("it is a part of a device: `device name { … }`");
                }
                return self.stop(diagnostic);
            }
        };
        let KeyKind::Name(name) = &part.name.kind else {
            let message = format!("a {} has a plain name; put other text into `label`", part.word.text);
            return self.error(&codes::E0508, part.name.span, message, "a string");
        };
        let name = ast::Name { text: name.clone(), span: part.name.span };
        let mut result = Ok(());
        for (keys, inside) in self.unroll_dims(part.dims.as_deref(), env)? {
            let keys = part.dims.is_some().then_some(keys);
            result = result.and(self.make_named(kind, &name, keys, part, item, &inside));
        }
        result
    }

    fn make_named(
        &mut self,
        kind: Kind,
        name: &ast::Name,
        keys: Option<Vec<Key>>,
        part: &'a ast::Part,
        item: &'a ast::Item,
        env: &Env<'a>,
    ) -> Eval<()> {
        if name.text.is_empty() {
            return Err(Stop::Reported);
        }
        self.count_thing(item.span)?;
        let instance = match &keys {
            Some(keys) => instance_name(&name.text, keys),
            None => name.text.to_string(),
        };
        let prefix = self.scopes.get(env.scope).map(|scope| scope.prefix.clone()).unwrap_or_default();
        let path = format!("{prefix}{instance}");
        self.check_unmade(name, keys.as_ref(), env)?;
        if kind == Kind::Network {
            self.check_instance_name(&instance, name)?;
            self.claim_name(&path, name.span)?;
        }
        let words = format!("{} `{path}`", part.word.text);
        let (entity, others) = self.block_entity(kind, words, part.block.as_ref(), env, name.span);
        self.refuse_items(others, kind.words());
        let named = NamedEntry { entity, name: instance.clone(), path: path.clone() };
        let value = match kind {
            Kind::Vlan => Value::Vlan(self.add_vlan(named)),
            Kind::Vrf => Value::Vrf(self.add_vrf(named)),
            _ => Value::Network(self.add_network(NetworkEntry {
                entity,
                name: instance,
                path,
                array: keys.clone().map(|keys| (name.text.clone(), keys)),
                links: Vec::new(),
            })),
        };
        if let Some(entity) = self.entities.get_mut(entity) {
            entity.this = Some(value.clone());
        }
        self.bind_made(name, keys, value, env);
        Ok(())
    }

    /// Pools exist from the beginning, so that arguments can name them.
    pub fn make_pools(&mut self, items: &'a [ast::Item], env: &Env<'a>) {
        for item in items {
            let ItemKind::Pool(pool) = &item.kind else { continue };
            if pool.name.text.is_empty() {
                continue;
            }
            let prefix = self.scopes.get(env.scope).map(|scope| scope.prefix.clone()).unwrap_or_default();
            let path = format!("{prefix}{}", pool.name.text);
            let words = format!("pool `{path}`");
            let (entity, others) = self.block_entity(Kind::Pool, words, pool.block.as_ref(), env, pool.name.span);
            self.refuse_items(others, "a pool");
            let id = self.add_pool(PoolEntry { entity, path, declared: pool, env: env.clone() });
            self.set_binding(env.scope, &pool.name.text, BindingKind::One(Some(Value::Pool(id))));
        }
    }

    /// Takes an attribute of the lab's own.
    pub fn declare_attribute(&mut self, declared: &'a ast::AttributeDecl, env: &Env<'a>) {
        let word = declared.on.as_ref().map_or("node", |on| on.text.as_str());
        let kinds: &[Kind] = match word {
            "node" => &[Kind::Node],
            "link" => &[Kind::Link, Kind::Lag],
            "network" => &[Kind::Network],
            "end" | "interface" => &[Kind::Interface],
            "vlan" => &[Kind::Vlan],
            "vrf" => &[Kind::Vrf],
            _ => {
                let span = declared.on.as_ref().map_or(declared.name.span, |on| on.span);
                let message = format!("attributes cannot be declared on `{word}`");
                let help = "write one of: node, link, network, end, vlan, vrf";
                self.report(Diagnostic::new(&codes::E0510, span, message, "unknown kind").help(help));
                return;
            }
        };
        let ty = self.resolve_type(&declared.ty, env);
        for kind in kinds {
            if super::schema::attribute(*kind, &declared.name.text).is_some() {
                let message = format!("{} has an attribute `{}` already", kind.words(), declared.name.text);
                let diagnostic = Diagnostic::new(&codes::E0510, declared.name.span, message, "part of the language")
                    .help("choose another name");
                self.report(diagnostic);
                return;
            }
            let declared = AttributeType { ty: ty.clone(), declared, env: env.clone() };
            self.attribute_types.insert((*kind, declared.declared.name.text.clone()), declared);
        }
    }

    fn make_target(&mut self, target: &'a ast::Target, item: &'a ast::Item, env: &Env<'a>) {
        let mut own = Definitions::default();
        let others = self.collect_definitions(&target.block.items, env, rank::BLOCK, &mut own);
        for (item, env) in others {
            match &item.kind {
                ItemKind::Defaults(_) | ItemKind::Override(_) => {
                    if self.target.as_ref() == Some(&target.name.text) {
                        let list = if matches!(item.kind, ItemKind::Defaults(_)) {
                            &mut self.target_defaults
                        } else {
                            &mut self.target_overrides
                        };
                        list.push(Pending { item, env, place: self.place });
                    }
                }
                _ => self.refuse_items(vec![(item, env)], "a target"),
            }
        }
        let words = format!("target `{}`", target.name.text);
        let entity = self.add_entity(Entity {
            kind: Kind::Target,
            words,
            this: None,
            scope: env.scope,
            shared: None,
            own,
            values: IndexMap::default(),
            span: target.name.span,
            place: self.place,
            variables: Vec::new(),
        });
        self.targets.push((entity, Pending { item, env: env.clone(), place: self.place }));
    }

    /// `title = "…"` at the top of a topology.
    fn topology_attribute(&mut self, item: &'a ast::Item, env: &Env<'a>) -> Eval<()> {
        let in_module = self.scopes.get(env.scope).is_some_and(|scope| scope.user.is_some());
        if in_module || !self.is_topology {
            let place = if in_module { "a module" } else { "a library file" };
            let message = format!("an attribute does not stand in {place}");
            let help = "attributes of the whole lab stand in the file with `topology`";
            return self.stop(Diagnostic::new(&attributes::E0404, item.span, message, "out of place here").help(help));
        }
        let (key, operation, span) = match &item.kind {
            ItemKind::Attribute(attribute) => {
                let key = self.key(&attribute.key, env)?;
                let operation = if attribute.append { Operation::Append } else { Operation::Set };
                (key, operation(&attribute.value), attribute.key.span)
            }
            ItemKind::Group(group) => (group.name.text.clone(), Operation::Merge(&group.block), group.name.span),
            _ => return Ok(()),
        };
        let definition = super::world::Definition { operation, env: env.clone(), span, rank: rank::BLOCK };
        if let Some(entity) = self.entities.get_mut(self.topology_entity) {
            entity.own.entry(key).or_default().push(definition);
        }
        Ok(())
    }
}
