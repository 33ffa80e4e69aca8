//! Nodes: what a declaration makes, with its machines and interfaces.

use super::attributes::rank;
use super::devices::Kindred;
use super::schema::Kind;
use super::scope::instance_name;
use super::world::{Definitions, Entity, EntityId, Env, Eval, InterfaceEntry, Key, NodeEntry, Stop, World};
use crate::collections::IndexMap;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::{attributes as attribute_codes, devices as device_codes, structure as codes};
use crate::syntax::ast::{self, ItemKind, KeyKind};
use crate::value::Value;
use crate::value::types::Type;
use smol_str::SmolStr;

impl<'a> World<'a> {
    /// Makes the nodes of a declaration: one for each key.
    pub fn make_nodes(&mut self, node: &'a ast::Node, env: &Env<'a>) -> Eval<()> {
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
                self.count_instance(node.name.span);
                shape.declared.iter().for_each(|device| self.count_instance(*device));
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
                    interfaces: IndexMap::default(),
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

    /// Refuses a name that no machine can have.
    pub fn check_instance_name(&mut self, name: &str, declared: &ast::Name) -> Eval<()> {
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
                own: Definitions::default(),
                values: IndexMap::default(),
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
        let mut refused = Vec::new();
        for (item, env) in others {
            match &item.kind {
                ItemKind::Interface(interface) => self.node_interface(id, interface, &env)?,
                ItemKind::Part(part) if part.word.text == "vm" => self.node_machine(id, part, &env)?,
                _ => refused.push((item, env)),
            }
        }
        let span = self.entity_of(id).and_then(|entity| self.entities.get(entity)).map(|entity| entity.span);
        if let ([(first, _), ..], Some(span)) = (refused.as_slice(), span)
            && matches!(first.kind, ItemKind::Node(_) | ItemKind::Link(_) | ItemKind::Lag(_) | ItemKind::Target(_))
        {
            // Where a `}` is forgotten, all that follows stands in the node: one mistake.
            let what = super::attributes::item_words(&first.kind);
            let message = format!("{what} does not stand in a node");
            let diagnostic = Diagnostic::new(&attribute_codes::E0404, first.span, message, "out of place here");
            let help = "close the node's braces with `}` before it, or move it out of them";
            self.report(diagnostic.label(span, "in the braces of this node").help(help));
        } else {
            self.refuse_items(refused, "a node");
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
        let mut own = Definitions::default();
        let others = self.collect_definitions(&block.items, env, rank::BLOCK, &mut own);
        self.refuse_items(others, "a machine");
        self.add_definitions(entity, own);
        Ok(())
    }
}
