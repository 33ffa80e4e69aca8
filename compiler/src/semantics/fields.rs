//! What is behind a dot and behind a colon: `leaf[1].hostname`, `fw:ge-0/0/0`.

use super::devices::Shape;
use super::evaluate::Place;
use super::schema::{self, Kind};
use super::scope::Found;
use super::world::{EndTarget, Eval, Phase, Stop, World};
use crate::diagnostics::codes::{names, topology as codes};
use crate::diagnostics::{Diagnostic, closest};
use crate::source::Span;
use crate::syntax::ast::{Expr, Name};
use crate::value::{LinkId, ModuleId, NetworkId, NodeId, Value};
use smol_str::SmolStr;

impl<'a> World<'a> {
    /// `base.field`
    pub fn field(&mut self, base: Place, field: &Name) -> Eval<Place> {
        let value = match base {
            Place::Array(_, name) => {
                let message = format!("`{name}` is an array; `{}` belongs to its elements", field.text);
                let help = format!("pick an element, `{name}[…]`, or write `[x.{} for x in {name}]`", field.text);
                return self.stop(Diagnostic::new(&names::E0216, field.span, message, "of an array").help(help));
            }
            Place::Value(value) => value,
        };
        if field.text.is_empty() {
            return Err(Stop::Reported);
        }
        match &value {
            Value::Module(id) => self.member(*id, field),
            Value::Map(entries) => match entries.get(&field.text) {
                Some(value) => Ok(Place::Value(value.clone())),
                None => {
                    let known: Vec<SmolStr> = entries.keys().cloned().collect();
                    self.no_field("this record", field, &known)
                }
            },
            Value::Node(id) => self.node_field(*id, &value, field).map(Place::Value),
            Value::Interface(node, name) => self.interface_field(*node, name, &value, field).map(Place::Value),
            Value::Network(id) => self.network_field(*id, &value, field).map(Place::Value),
            Value::Link(id) => self.link_field(*id, &value, field).map(Place::Value),
            Value::Vlan(_) | Value::Vrf(_) | Value::Pool(_) => match field.text.as_str() {
                "name" => Ok(Place::Value(Value::string(self.name_of(&value)))),
                _ => self.attribute_field(&value, field).map(Place::Value),
            },
            other => {
                let message = format!("{} has no fields", other.kind());
                self.error(&names::E0216, field.span, message, "no such field")
            }
        }
    }

    fn no_field<T>(&mut self, what: &str, field: &Name, known: &[SmolStr]) -> Eval<T> {
        let message = format!("{what} has no `{}`", field.text);
        let mut diagnostic = Diagnostic::new(&names::E0216, field.span, message, "no such field");
        if let Some(meant) = closest(&field.text, known.iter().map(SmolStr::as_str)) {
            diagnostic = diagnostic.help(format!("did you mean `{meant}`?"));
            diagnostic = diagnostic.fix(format!("Write `{meant}`"), field.span, meant);
        } else {
            diagnostic = diagnostic.help(format!("it has: {}", known.join(", ")));
        }
        self.stop(diagnostic)
    }

    /// A node, network, link or interface has fields of its own beside its attributes.
    fn no_field_of_kind<T>(&mut self, kind: Kind, field: &Name) -> Eval<T> {
        let own: &[&str] = match kind {
            Kind::Node => &["name", "path", "device", "key", "keys", "hostname", "interfaces", "neighbours", "links"],
            Kind::Network => &["name", "path", "key", "subnets"],
            Kind::Link => &["name", "path", "ends"],
            Kind::Interface => &["name", "node", "link", "peer", "network", "addresses", "mac"],
            _ => &[],
        };
        let message = format!("{} has no `{}`", kind.words(), field.text);
        let diagnostic = Diagnostic::new(&names::E0216, field.span, message, "no such field");
        let known = own.iter().copied().chain(schema::names(kind));
        self.stop(match closest(&field.text, known) {
            Some(meant) => {
                diagnostic.help(format!("did you mean `{meant}`?")).fix(format!("Write `{meant}`"), field.span, meant)
            }
            None => diagnostic.help(format!("it has {}, and its attributes", own.join(", "))),
        })
    }

    /// A `pub` member of an instance of a module.
    fn member(&mut self, id: ModuleId, field: &Name) -> Eval<Place> {
        let Some(scope_id) = self.modules.get(id.index()).copied() else { return Err(Stop::Reported) };
        let Some(scope) = self.scopes.get(scope_id) else { return Err(Stop::Reported) };
        let Some(binding) = scope.names.get(&field.text) else {
            let known: Vec<SmolStr> = scope.public.iter().cloned().collect();
            return self.no_field("this module", field, &known);
        };
        if !scope.public.contains(&field.text) {
            let declared = binding.span;
            let message = format!("`{}` is private to its module", field.text);
            let diagnostic = Diagnostic::new(&names::E0217, field.span, message, "not `pub`")
                .label(declared, "declared here")
                .help("write `pub` before its declaration, or let the module show an `interface`");
            return self.stop(diagnostic);
        }
        match self.bound(scope_id, &field.text, field.span)? {
            Found::Value(value) => Ok(Place::Value(value)),
            Found::Array(scope) => Ok(Place::Array(scope, field.text.clone())),
            Found::NotAValue(what, declared) => self.not_a_value(&field.text, what, field.span, declared),
            Found::Unknown => Err(Stop::Reported),
        }
    }

    fn node_field(&mut self, id: NodeId, value: &Value, field: &Name) -> Eval<Value> {
        let Some(node) = self.nodes.get(id.index()) else { return Err(Stop::Reported) };
        let found = match field.text.as_str() {
            "name" => Value::string(node.name.as_str()),
            "path" => Value::string(node.path.as_str()),
            "device" => Value::string(node.shape.name.clone()),
            "key" => match node.array.as_ref().and_then(|(_, keys)| keys.first()) {
                Some(key) => key.value(),
                None => Value::Null,
            },
            "keys" => {
                let keys = node.array.as_ref().map_or(&[][..], |(_, keys)| keys);
                Value::list(keys.iter().map(super::world::Key::value).collect())
            }
            "hostname" => return self.hostname(id).map(Value::string),
            "interfaces" => {
                self.needs(Phase::Attributes, field.span)?;
                let names = self.nodes.get(id.index()).map(|node| node.interfaces.keys().cloned().collect::<Vec<_>>());
                let all = names.unwrap_or_default().into_iter();
                Value::list(all.map(|name| Value::Interface(id, name)).collect())
            }
            "neighbours" | "neighbors" => {
                self.needs(Phase::Attributes, field.span)?;
                Value::list(self.neighbours(id).into_iter().map(Value::Node).collect())
            }
            "links" => {
                self.needs(Phase::Attributes, field.span)?;
                let links = node.interfaces.values().filter_map(|interface| interface.link);
                Value::list(links.map(|(link, _)| Value::Link(LinkId::from(link))).collect())
            }
            "management_address" => {
                self.needs(Phase::Texts, field.span)?;
                match self.nodes.get(id.index()).and_then(|node| node.management.first()) {
                    Some(net) => Value::Ip(net.addr()),
                    None => Value::Null,
                }
            }
            _ => return self.attribute_field(value, field),
        };
        Ok(found)
    }

    fn needs(&self, phase: Phase, span: Span) -> Eval<()> {
        if self.phase >= phase { Ok(()) } else { Err(Stop::NeedsAllocation(span)) }
    }

    /// The nodes that a node is linked to, or shares a network with; each once, in order.
    pub fn neighbours(&self, id: NodeId) -> Vec<NodeId> {
        let mut found = crate::collections::IndexSet::default();
        let Some(node) = self.nodes.get(id.index()) else { return Vec::new() };
        for (link, end) in node.interfaces.values().filter_map(|interface| interface.link) {
            match self.links.get(link).and_then(|link| link.ends.get(1 - end)).map(|end| &end.target) {
                Some(EndTarget::Node(other, _)) => drop(found.insert(*other)),
                Some(EndTarget::Network(network)) => {
                    let ends = self.networks.get(network.index()).map_or(&[][..], |network| &network.links);
                    for (link, end) in ends {
                        let end = self.links.get(*link).and_then(|link| link.ends.get(*end));
                        if let Some(EndTarget::Node(other, _)) = end.map(|end| &end.target) {
                            found.insert(*other);
                        }
                    }
                }
                None => {}
            }
        }
        found.shift_remove(&id);
        found.into_iter().collect()
    }

    fn interface_field(&mut self, node: NodeId, name: &SmolStr, value: &Value, field: &Name) -> Eval<Value> {
        let entry = self.nodes.get(node.index()).and_then(|node| node.interfaces.get(name)).cloned();
        let peer = entry
            .as_ref()
            .and_then(|entry| entry.link)
            .and_then(|(link, end)| Some(self.links.get(link)?.ends.get(1 - end)?.target.clone()));
        match field.text.as_str() {
            "name" => return Ok(Value::String(name.clone())),
            "node" => return Ok(Value::Node(node)),
            "link" => {
                let link = entry.and_then(|entry| entry.link);
                return Ok(link.map_or(Value::Null, |(link, _)| Value::Link(LinkId::from(link))));
            }
            "peer" => {
                return Ok(match peer {
                    Some(EndTarget::Node(node, Some(name))) => Value::Interface(node, name),
                    _ => Value::Null,
                });
            }
            "network" => {
                return Ok(match peer {
                    Some(EndTarget::Network(network)) => Value::Network(network),
                    _ => Value::Null,
                });
            }
            "address" | "addresses" | "mac" => self.needs(Phase::Texts, field.span)?,
            _ => return self.attribute_field(value, field),
        }
        let resolved = self.nodes.get(node.index()).and_then(|node| node.resolved.iter().find(|one| one.name == *name));
        let Some(resolved) = resolved else { return Ok(Value::Null) };
        Ok(match field.text.as_str() {
            "mac" => resolved.mac.map_or(Value::Null, Value::Mac),
            "address" => resolved.addresses.first().map_or(Value::Null, |net| Value::Cidr(*net)),
            _ => Value::list(resolved.addresses.iter().map(|net| Value::Cidr(*net)).collect()),
        })
    }

    fn network_field(&mut self, id: NetworkId, value: &Value, field: &Name) -> Eval<Value> {
        let Some(network) = self.networks.get(id.index()) else { return Err(Stop::Reported) };
        match field.text.as_str() {
            "name" => Ok(Value::string(network.name.as_str())),
            "path" => Ok(Value::string(network.path.as_str())),
            "key" => {
                Ok(network.array.as_ref().and_then(|(_, keys)| keys.first()).map_or(Value::Null, |key| key.value()))
            }
            "subnets" => {
                let name = Name { text: "subnet".into(), span: field.span };
                let value = self.attribute_field(value, &name)?;
                Ok(if matches!(value, Value::List(_)) { value } else { Value::list(vec![value]) })
            }
            _ => self.attribute_field(value, field),
        }
    }

    fn link_field(&mut self, id: LinkId, value: &Value, field: &Name) -> Eval<Value> {
        let Some(link) = self.links.get(id.index()) else { return Err(Stop::Reported) };
        match field.text.as_str() {
            "name" => Ok(link.name.as_deref().map_or(Value::Null, Value::string)),
            "path" => Ok(Value::string(link.path.as_str())),
            "ends" => {
                let ends = link.ends.iter().map(|end| match &end.target {
                    EndTarget::Node(node, Some(name)) => Value::Interface(*node, name.clone()),
                    EndTarget::Node(node, None) => Value::Node(*node),
                    EndTarget::Network(network) => Value::Network(*network),
                });
                Ok(Value::list(ends.collect()))
            }
            _ => self.attribute_field(value, field),
        }
    }

    /// An attribute read by an expression.
    fn attribute_field(&mut self, value: &Value, field: &Name) -> Eval<Value> {
        let Some(entity) = self.entity_of(value) else { return Ok(Value::Null) };
        let Some(kind) = self.entities.get(entity).map(|entity| entity.kind) else { return Ok(Value::Null) };
        let declared = self.attribute_types.contains_key(&(kind, field.text.clone()));
        if !declared && schema::attribute(kind, &field.text).is_none() {
            return self.no_field_of_kind(kind, field);
        }
        if self.phase < Phase::Attributes && field.text != "tags" {
            return Err(Stop::NeedsAllocation(field.span));
        }
        let found = self.attribute(entity, &field.text)?;
        if holds_allocation(&found) && !self.is_allocated() {
            return Err(Stop::NeedsAllocation(field.span));
        }
        Ok(found)
    }

    /// The host name of a node: written, or made from its name and its module's.
    pub fn hostname(&mut self, id: NodeId) -> Eval<String> {
        let Some(node) = self.nodes.get(id.index()) else { return Err(Stop::Reported) };
        let (entity, path) = (node.entity, node.path.clone());
        match self.attribute(entity, "hostname")? {
            Value::String(name) => Ok(name.to_string()),
            _ => Ok(path.replace(['/', '_'], "-")),
        }
    }

    /// `base:name`
    pub fn port(&mut self, base: Place, written: &'a Expr, name: &SmolStr, span: Span) -> Eval<Place> {
        let value = match base {
            Place::Array(scope, array) => self.array_list(scope, &array)?,
            Place::Value(value) => value,
        };
        self.port_of(&value, written, name, span).map(Place::Value)
    }

    fn port_of(&mut self, value: &Value, written: &'a Expr, name: &SmolStr, span: Span) -> Eval<Value> {
        match value {
            Value::Node(node) => {
                let name = self.interface_name(*node, name, span)?;
                Ok(Value::Interface(*node, name))
            }
            Value::Module(module) => self.module_port(*module, name, span),
            Value::List(values) => {
                let ports: Eval<Vec<Value>> =
                    values.iter().map(|value| self.port_of(value, written, name, span)).collect();
                ports.map(Value::list)
            }
            other => {
                let text = self.program.sources.text(written.span).to_owned();
                let message = format!("`{text}` is {} and has no interfaces", other.kind());
                self.error(&codes::E0502, span, message, "only nodes have interfaces")
            }
        }
    }

    fn module_port(&mut self, id: ModuleId, name: &SmolStr, span: Span) -> Eval<Value> {
        let Some(scope) = self.modules.get(id.index()).and_then(|scope| self.scopes.get(*scope)) else {
            return Err(Stop::Reported);
        };
        let Some((expr, env, _)) = scope.exports.get(name).cloned() else {
            let known: Vec<&str> = scope.exports.keys().map(SmolStr::as_str).collect();
            let message = format!("this module shows no interface `{name}`");
            let meant = closest(name, known.iter().copied());
            let help = if known.is_empty() {
                format!("declare one inside: `interface {name} = node:port`")
            } else {
                format!("it shows: {}", known.join(", "))
            };
            let mut diagnostic = Diagnostic::new(&codes::E0503, span, message, "not shown").help(help);
            if let Some(meant) = meant {
                diagnostic = diagnostic.fix(format!("Write `{meant}`"), span, meant);
            }
            return self.stop(diagnostic);
        };
        self.evaluate(expr, &env, None)
    }

    /// The name that a node knows an interface by: an alias becomes the port's own name.
    pub fn interface_name(&mut self, id: NodeId, name: &SmolStr, span: Span) -> Eval<SmolStr> {
        let Some(node) = self.nodes.get(id.index()) else { return Err(Stop::Reported) };
        if let Some(port) = node.shape.port(name) {
            return Ok(port);
        }
        if node.interfaces.contains_key(name) {
            return Ok(name.clone());
        }
        if let Some((parent, unit)) = name.rsplit_once('.')
            && let Some(port) = node.shape.port(parent)
        {
            return Ok(SmolStr::new(format!("{port}.{unit}")));
        }
        if node.shape.management_name().as_deref() == Some(name) {
            if self.management_is_ordinary(id) {
                return Ok(name.clone());
            }
            let message = format!("`{name}` is the management port of `{}`", self.name_of(&Value::Node(id)));
            let help = "it is connected to the management network; with `management = none` it is an ordinary port";
            return self.stop(Diagnostic::new(&codes::E0504, span, message, "taken by management").help(help));
        }
        self.unknown_interface(id, name, span)
    }

    fn unknown_interface<T>(&mut self, id: NodeId, name: &SmolStr, span: Span) -> Eval<T> {
        let Some(node) = self.nodes.get(id.index()) else { return Err(Stop::Reported) };
        let (path, shape) = (node.path.clone(), node.shape.clone());
        let message = format!("`{path}` has no interface `{name}`");
        let mut diagnostic = Diagnostic::new(&codes::E0501, span, message, "not on this device").help(format!(
            "a {} has {}",
            shape.name,
            shape.ports_in_words()
        ));
        let spelt = closest(name, shape.ports.keys().chain(shape.aliases.keys()).map(SmolStr::as_str));
        if let Some(meant) = spelt.and_then(|meant| shape.port(meant)).or_else(|| abbreviated(name, &shape)) {
            diagnostic = diagnostic.fix(format!("Write `{meant}`"), span, meant);
        }
        self.stop(diagnostic)
    }
}

/// The one port that is called so in short: `et1` for `Ethernet1`.
fn abbreviated(name: &str, shape: &Shape<'_>) -> Option<SmolStr> {
    let number = |name: &str| name.find(|char: char| char.is_ascii_digit());
    let (letters, rest) = name.split_at_checked(number(name).filter(|at| *at > 0)?)?;
    let is_long_for = |port: &&SmolStr| {
        let parts = number(port).and_then(|at| port.split_at_checked(at));
        let begins = |long: &str| long.get(..letters.len()).is_some_and(|start| start.eq_ignore_ascii_case(letters));
        parts.is_some_and(|(long, of)| of == rest && begins(long))
    };
    let mut found = shape.ports.keys().filter(is_long_for);
    let first = found.next()?;
    found.next().is_none().then(|| first.clone())
}

/// Does it hold something that is not allocated yet?
pub fn holds_allocation(value: &Value) -> bool {
    match value {
        Value::FromPool(..) => true,
        Value::List(values) => values.iter().any(holds_allocation),
        Value::Map(entries) => entries.values().any(holds_allocation),
        _ => false,
    }
}
