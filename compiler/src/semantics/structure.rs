//! The shape of a lab: which nodes, networks and modules there are. Loops and conditions are unrolled here, from
//! values alone.

use super::attributes::rank;
use super::devices::{Kindred, circle_words};
use super::limits;
use super::schema::Kind;
use super::scope::instance_name;
use super::world::{
    AttributeType, BindingKind, Definitions, Entity, EntityId, Env, Eval, Frame, InterfaceEntry, Key, Local,
    NamedEntry, NetworkEntry, NodeEntry, Operation, Pending, PoolEntry, ScopeId, Stop, World,
};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::{attributes, devices as device_codes, names, structure as codes};
use crate::source::Span;
use crate::syntax::ast::{self, ItemKind, KeyKind};
use crate::value::types::Type;
use crate::value::{Value, operators};
use indexmap::IndexMap;
use smol_str::SmolStr;

impl<'a> World<'a> {
    /// Walks the items of a topology or module.
    pub fn walk(&mut self, items: &'a [ast::Item], env: &Env<'a>) {
        let env = &self.with_lets_inside(items, env);
        self.walk_items(items, env);
    }

    /// What is wrong with one item was reported; the others are looked at all the same.
    fn walk_items(&mut self, items: &'a [ast::Item], env: &Env<'a>) {
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
            let inside = env.with(&repeated.binding.name.text, value, true);
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
                        Some(variable) => env.with(&variable.text, value, true),
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
    fn check_unmade(&mut self, name: &ast::Name, keys: Option<&Vec<Key>>, env: &Env<'a>) -> Eval<()> {
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
    fn bind_made(&mut self, name: &ast::Name, keys: Option<Vec<Key>>, value: Value, env: &Env<'a>) {
        let binding = self.scopes.get_mut(env.scope).and_then(|scope| scope.names.get_mut(&name.text));
        match (binding.map(|binding| &mut binding.kind), keys) {
            (Some(BindingKind::One(slot)), None) => *slot = Some(value),
            (Some(BindingKind::Array(elements)), Some(keys)) => drop(elements.insert(keys, value)),
            _ => {}
        }
    }

    /// Claims an instance name; two things of one name are an error.
    fn claim_name(&mut self, path: &str, span: Span) -> Eval<()> {
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

    fn make_nodes(&mut self, node: &'a ast::Node, env: &Env<'a>) -> Eval<()> {
        let mut result = Ok(());
        for (keys, inside) in self.unroll_dims(node.dims.as_deref(), env)? {
            let keys = node.dims.is_some().then_some(keys);
            // One broken element does not hide the others.
            result = result.and(self.make_node(node, keys, &inside));
        }
        result
    }

    fn make_node(&mut self, node: &'a ast::Node, keys: Option<Vec<Key>>, env: &Env<'a>) -> Eval<()> {
        if node.name.text.is_empty() {
            return Err(Stop::Reported);
        }
        self.count_thing(node.name.span)?;
        let name = match &keys {
            Some(keys) => instance_name(&node.name.text, keys),
            None => node.name.text.to_string(),
        };
        self.check_instance_name(&name, &node.name)?;
        self.check_unmade(&node.name, keys.as_ref(), env)?;
        let prefix = self.scopes.get(env.scope).map(|scope| scope.prefix.clone()).unwrap_or_default();
        let path = format!("{prefix}{name}");
        match self.find_kindred(&node.device, env)? {
            Kindred::Device(unit, device) => {
                let version = self.version_of(node, env);
                let shape = self
                    .structural(|world| world.shape(unit, device, &node.arguments, version, env, node.device.span))?;
                self.claim_name(&path, node.name.span)?;
                let id = Value::Node(crate::value::NodeId::from(self.nodes.len()));
                let this = env.of(Some(id.clone()));
                let (entity, machines, others) = self.node_entities(node, &path, &shape, &this);
                self.add_node(NodeEntry {
                    entity,
                    name,
                    path,
                    array: keys.clone().map(|keys| (node.name.text.clone(), keys)),
                    scope: env.scope,
                    shape,
                    machines,
                    interfaces: IndexMap::new(),
                    resolved: Vec::new(),
                    routes: None,
                    loopbacks: Vec::new(),
                    management: Vec::new(),
                });
                self.bind_made(&node.name, keys, id.clone(), env);
                self.node_parts(&id, others)
            }
            Kindred::Module(unit, module) => self.make_module(node, unit, module, keys, path, env),
        }
    }

    fn check_instance_name(&mut self, name: &str, declared: &ast::Name) -> Eval<()> {
        let is_allowed = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        if name.len() <= 63 && is_allowed(name) {
            return Ok(());
        }
        if !is_allowed(&declared.text) {
            // The lexer has reported such letters.
            return Err(Stop::Reported);
        }
        if is_allowed(name) {
            let message = format!("`{name}` is too long for the name of a machine");
            let label = format!("{} characters, and 63 are possible", name.len());
            return self.stop(Diagnostic::new(&codes::E0508, declared.span, message, label));
        }
        let message = format!("`{name}` cannot be the name of a machine");
        let help = "names of machines have letters, digits, `-` and `_`, 63 at most; keys become part of the name";
        self.stop(Diagnostic::new(&codes::E0508, declared.span, message, "not a host name").help(help))
    }

    /// `version` is known early: the device may depend on it.
    fn version_of(&mut self, node: &'a ast::Node, env: &Env<'a>) -> Option<Value> {
        let argument =
            node.arguments.iter().find(|argument| argument.name.as_ref().is_some_and(|name| name.text == "version"));
        let written = node.block.as_ref().and_then(|block| {
            block.items.iter().find_map(|item| match &item.kind {
                ItemKind::Attribute(attribute) => match &attribute.key.kind {
                    KeyKind::Name(name) if name == "version" => Some(&attribute.value),
                    _ => None,
                },
                _ => None,
            })
        });
        let expr = argument.map(|argument| &argument.value).or(written)?;
        self.evaluate_as(expr, env, Some(&Type::String), "version").ok()
    }

    /// The entities of a node and of its machines, and the items of its block that are no attributes.
    fn node_entities(
        &mut self,
        node: &'a ast::Node,
        path: &str,
        shape: &std::rc::Rc<super::devices::Shape<'a>>,
        env: &Env<'a>,
    ) -> (EntityId, Vec<EntityId>, Vec<super::attributes::OtherItem<'a>>) {
        let words = format!("node `{path}`");
        let (entity, others) = self.block_entity(Kind::Node, words, node.block.as_ref(), env, node.name.span);
        if let Some(entity) = self.entities.get_mut(entity) {
            entity.shared = Some(shape.definitions.clone());
        }
        let single = shape.machines.len() == 1;
        let machines = shape.machines.iter().map(|machine| {
            let Some(part) = machine.part.as_ref().filter(|_| !single || machine.part.is_some()) else { return entity };
            self.entities.push(Entity {
                kind: Kind::Machine,
                words: format!("machine `{path}/{part}`"),
                this: env.this.clone(),
                scope: env.scope,
                shared: Some(machine.definitions.clone()),
                own: Definitions::new(),
                values: IndexMap::new(),
                span: node.name.span,
                place: self.place,
                variables: Vec::new(),
            });
            self.entities.len() - 1
        });
        let machines = machines.collect();
        (entity, machines, others)
    }

    /// `interface lo0 { … }` and `vm re { … }` in the block of a node.
    fn node_parts(&mut self, id: &Value, others: Vec<super::attributes::OtherItem<'a>>) -> Eval<()> {
        for (item, env) in others {
            match &item.kind {
                ItemKind::Interface(interface) => self.node_interface(id, interface, &env)?,
                ItemKind::Part(part) if part.word.text == "vm" => self.node_machine(id, part, &env)?,
                _ => self.refuse_items(vec![(item, env)], "a node"),
            }
        }
        Ok(())
    }

    fn node_interface(&mut self, id: &Value, interface: &'a ast::Interface, env: &Env<'a>) -> Eval<()> {
        let Value::Node(node) = id else { return Ok(()) };
        let written = self.key(&interface.name, env)?;
        let name = self.nodes.get(node.index()).and_then(|entry| {
            let (parent, unit) = written.rsplit_once('.').unwrap_or((&written, ""));
            let port = entry.shape.port(parent)?;
            Some(if unit.is_empty() { port } else { SmolStr::new(format!("{port}.{unit}")) })
        });
        let physical = name.is_some() && !written.contains('.') || self.is_port(*node, &written);
        let name = name.unwrap_or_else(|| written.clone());
        let words = format!("interface `{name}` of {}", self.name_of(id));
        let (entity, others) =
            self.block_entity(Kind::Interface, words, interface.block.as_ref(), env, interface.name.span);
        self.refuse_items(others, "an interface");
        let entry = InterfaceEntry { entity, link: None, lag: None, physical, span: interface.name.span };
        let Some(entry_of) = self.nodes.get_mut(node.index()) else { return Ok(()) };
        if let Some(before) = entry_of.interfaces.insert(name.clone(), entry) {
            let message = format!("the interface `{name}` is described twice");
            let diagnostic = Diagnostic::new(&device_codes::E0418, interface.name.span, message, "again here")
                .label(before.span, "first described here")
                .help("put both into one block");
            return self.stop(diagnostic);
        }
        Ok(())
    }

    fn is_port(&self, node: crate::value::NodeId, name: &str) -> bool {
        self.nodes.get(node.index()).is_some_and(|node| node.shape.port(name).is_some())
    }

    fn node_machine(&mut self, id: &Value, part: &'a ast::Part, env: &Env<'a>) -> Eval<()> {
        let Value::Node(node) = id else { return Ok(()) };
        let name = self.key(&part.name, env)?;
        let Some(entry) = self.nodes.get(node.index()) else { return Ok(()) };
        let at = entry.shape.machines.iter().position(|machine| machine.part.as_ref() == Some(&name));
        let Some(entity) = at.and_then(|at| entry.machines.get(at)).copied() else {
            let known: Vec<String> = entry
                .shape
                .machines
                .iter()
                .filter_map(|machine| machine.part.as_ref())
                .map(|part| part.to_string())
                .collect();
            let device = entry.shape.name.clone();
            let message = format!("a {device} has no machine `{name}`");
            let help = if known.is_empty() {
                "it is one machine: write its attributes in the node itself".to_owned()
            } else {
                format!("it has: {}", known.join(", "))
            };
            let diagnostic = Diagnostic::new(&device_codes::E0415, part.name.span, message, "unknown machine");
            return self.stop(diagnostic.help(help));
        };
        let Some(block) = &part.block else { return Ok(()) };
        let mut own = Definitions::new();
        let others = self.collect_definitions(&block.items, env, rank::BLOCK, &mut own);
        self.refuse_items(others, "a machine");
        if let Some(entity) = self.entities.get_mut(entity) {
            for (key, definitions) in own {
                entity.own.entry(key).or_default().extend(definitions);
            }
        }
        Ok(())
    }

    fn make_module(
        &mut self,
        node: &'a ast::Node,
        unit: usize,
        module: &'a ast::Module,
        keys: Option<Vec<Key>>,
        path: String,
        env: &Env<'a>,
    ) -> Eval<()> {
        if self.open_modules.iter().any(|(_, span)| *span == module.name.span) {
            let circle = circle_words(&self.open_modules, module.name.span);
            let message = format!("the module `{}` contains itself: {circle}", module.name.text);
            let diagnostic = Diagnostic::new(&codes::E0509, node.name.span, message, "leads back into itself")
                .label(module.name.span, "declared here")
                .help("a module cannot have an instance of itself inside");
            return self.stop(diagnostic);
        }
        if self.is_trial && self.open_modules.len() >= limits::TRIAL_DEPTH {
            return Err(Stop::Reported);
        }
        if self.open_modules.len() >= limits::MODULE_DEPTH {
            let message =
                format!("modules are nested more than {} deep at `{}`", limits::MODULE_DEPTH, module.name.text);
            let diagnostic = Diagnostic::new(&codes::E0532, node.name.span, message, "one module too deep")
                .label(module.name.span, "this module")
                .help("put what the inner modules hold into fewer of them");
            return self.stop(diagnostic);
        }
        self.check_arguments(&module.parameters, &node.arguments, &module.name, node.device.span)?;
        self.claim_name(&path, node.name.span)?;
        let scope = self.make_scope(module, &node.arguments, unit, format!("{path}/"), env)?;
        let id = Value::Module(self.add_module(scope));
        self.bind_made(&node.name, keys, id, env);
        if let Some(block) = &node.block
            && let Some(item) = block.items.first()
        {
            let message = "an instance of a module has no attributes of its own";
            let help = "pass arguments in parentheses, or change its `pub` members with `override`";
            self.report(Diagnostic::new(&attributes::E0404, item.span, message, "out of place here").help(help));
        }
        self.walk_module(module, unit, scope);
        Ok(())
    }

    /// The scope of an instance of a module, with its parameters bound; nothing is made in it yet.
    pub fn make_scope(
        &mut self,
        module: &'a ast::Module,
        arguments: &'a [ast::Argument],
        unit: usize,
        prefix: String,
        env: &Env<'a>,
    ) -> Eval<ScopeId> {
        self.used.insert(module.name.span);
        let parent = self.unit_scope(unit);
        let scope = self.open_scope(unit, Some(parent), Some(env.scope), prefix, &module.block.items);
        self.bind_module_parameters(module, arguments, scope, unit, env)?;
        Ok(scope)
    }

    /// Makes what is in an instance of a module.
    pub fn walk_module(&mut self, module: &'a ast::Module, unit: usize, scope: ScopeId) {
        let inside = Env::top(unit, scope);
        self.open_modules.push((module.name.text.clone(), module.name.span));
        self.make_pools(&module.block.items, &inside);
        self.walk_items(&module.block.items, &inside);
        self.open_modules.pop();
    }

    fn bind_module_parameters(
        &mut self,
        module: &'a ast::Module,
        arguments: &'a [ast::Argument],
        scope: usize,
        unit: usize,
        env: &Env<'a>,
    ) -> Eval<()> {
        let top = Env::top(unit, scope);
        for parameter in &module.parameters {
            let name = &parameter.name.text;
            let ty = self.resolve_type(&parameter.ty, &top);
            let given =
                arguments.iter().find(|argument| argument.name.as_ref().is_some_and(|given| given.text == *name));
            let (expr, place) = match (given, &parameter.default) {
                (Some(argument), _) => (Some(&argument.value), env.clone()),
                (None, Some(default)) => (Some(default), top.clone()),
                (None, None) => (None, top.clone()),
            };
            let kind = match expr {
                // All others were asked for, but by a trial.
                None if self.is_trial && !matches!(ty, Type::Optional(_)) => BindingKind::Failed,
                None => BindingKind::Value(Value::Null),
                Some(expr) => match self.evaluate_as(expr, &place, Some(&ty), name) {
                    Ok(value) => {
                        self.check_parameter(parameter, &value, expr.span, &top)?;
                        BindingKind::Value(value)
                    }
                    // It names nodes or networks, which come later.
                    Err(Stop::NeedsNodes(_)) => BindingKind::Argument(expr, Box::new(place), ty),
                    Err(_) => BindingKind::Failed,
                },
            };
            let binding = super::world::Binding { span: parameter.name.span, condition: None, broken: false, kind };
            if let Some(scope) = self.scopes.get_mut(scope) {
                if let Some(other) = scope.names.get(name) {
                    let message = format!("`{name}` is a parameter of the module, and declared in it again");
                    let diagnostic = Diagnostic::new(&names::E0201, other.span, message, "declared again here")
                        .label(parameter.name.span, "the parameter");
                    self.report(diagnostic);
                } else {
                    scope.names.insert(name.clone(), binding);
                }
            }
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

    fn declare_attribute(&mut self, declared: &'a ast::AttributeDecl, env: &Env<'a>) {
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
        let mut own = Definitions::new();
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
            values: IndexMap::new(),
            span: target.name.span,
            place: self.place,
            variables: Vec::new(),
        });
        self.targets.push((entity, Pending { item, env: env.clone(), place: self.place }));
    }

    /// `interface NAME = inner:if` of a module.
    fn export_interface(&mut self, interface: &'a ast::Interface, env: &Env<'a>) -> Eval<()> {
        let name = self.key(&interface.name, env)?;
        let is_module = self.scopes.get(env.scope).is_some_and(|scope| scope.user.is_some());
        let Some(target) = interface.target.as_ref().filter(|_| is_module) else {
            let message = if is_module {
                format!("the interface `{name}` does not say which port inside it is")
            } else {
                "interfaces are shown by modules, and described in nodes".to_owned()
            };
            let help = format!("in a module write `interface {name} = node:port`");
            return self
                .stop(Diagnostic::new(&attributes::E0404, interface.name.span, message, "out of place").help(help));
        };
        if let Some(scope) = self.scopes.get_mut(env.scope) {
            scope.exports.insert(name, (target, env.clone(), interface.name.span));
        }
        Ok(())
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
