//! Jinja templates: rendered for a node with its interfaces, neighbours and the topology in scope.

use super::world::{EndTarget, Eval, World};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::functions as codes;
use crate::source::Span;
use crate::topology::{Interface, InterfaceKind};
use crate::value::{NodeId, SecretPart, SecretSource, SecretText, Value};
use ipnet::IpNet;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

/// Marks a secret while a template is rendered: private-use characters that no configuration holds.
const OPEN: char = '\u{F5EC}';
const CLOSE: char = '\u{F5ED}';

/// An environment with our filters.
pub fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    let whitespace = minijinja::syntax::SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build();
    if let Ok(syntax) = whitespace {
        environment.set_syntax(syntax);
    }
    environment.set_fuel(Some(10_000_000));
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.add_filter("ip", |text: String| net(&text).map(|net| net.addr().to_string()));
    environment.add_filter("prefix_length", |text: String| net(&text).map(|net| net.prefix_len()));
    environment.add_filter("network", |text: String| net(&text).map(|net| net.trunc().to_string()));
    environment.add_filter("netmask", |text: String| net(&text).map(|net| net.netmask().to_string()));
    environment.add_filter("is_ipv6", |text: String| net(&text).map(|net| net.addr().is_ipv6()));
    environment
}

fn net(text: &str) -> Result<IpNet, Error> {
    let plain = || text.parse::<std::net::IpAddr>().map(IpNet::from);
    text.parse::<IpNet>().or_else(|_| plain()).map_err(|_: std::net::AddrParseError| {
        Error::new(ErrorKind::InvalidOperation, format!("`{text}` is no address"))
    })
}

impl<'a> World<'a> {
    /// Renders a template for a node.
    pub fn render_template(&mut self, path: &str, text: &str, node: NodeId, span: Span) -> Eval<Value> {
        let mut secrets = Vec::new();
        let context = self.template_context(node, &mut secrets);
        let rendered = self.templates.render_named_str(path, text, minijinja::value::Serde(&context));
        match rendered {
            Ok(text) => Ok(with_secrets(text, &secrets)),
            Err(error) => {
                let place = error.line().map(|line| format!(", line {line}")).unwrap_or_default();
                let reason = match (error.detail(), error.kind()) {
                    (Some(detail), _) => detail.to_owned(),
                    (None, kind) => kind.to_string(),
                };
                let message = format!("the template `{path}`{place} cannot be rendered: {reason}");
                let help = "it has `node`, `interfaces`, `neighbours`, `management`, `login` and `topology` in scope";
                self.stop(Diagnostic::new(&codes::E0354, span, message, "rendered here").help(help))
            }
        }
    }

    fn template_context(&mut self, id: NodeId, secrets: &mut Vec<SecretSource>) -> Json {
        let hostname = self.hostname(id).unwrap_or_default();
        let Some(node) = self.nodes.get(id.index()) else { return Json::Null };
        let (entity, name, path, device) =
            (node.entity, node.name.clone(), node.path.clone(), node.shape.name.to_string());
        let loopbacks: Vec<String> = node.loopbacks.iter().map(IpNet::to_string).collect();
        let management: Vec<String> = node.management.iter().map(IpNet::to_string).collect();
        let resolved = node.resolved.clone();
        let mut attributes = Map::new();
        for key in self.defined_keys(entity) {
            // The text that is being rendered is not in its own scope, nor is any other text.
            let is_text = matches!(key.as_str(), "config" | "base" | "files" | "run" | "run_each_boot");
            if is_text || self.is_open(entity, &key) {
                continue;
            }
            if let Ok(value) = self.attribute(entity, &key) {
                attributes.insert(key.to_string(), plain(&value, self, secrets));
            }
        }
        let interfaces: Vec<Json> =
            resolved.iter().map(|interface| self.interface_context(id, interface, secrets)).collect();
        let neighbours: Vec<Json> =
            self.neighbours(id).into_iter().map(|other| self.neighbour_context(other)).collect();
        let top = self.topology_entity;
        let login = if self.defines(entity, "login") { self.map(entity, "login") } else { self.map(top, "login") };
        let mut keys = self.strings(top, "ssh_keys");
        keys.extend(self.strings(entity, "ssh_keys"));
        let mut login: Map<String, Json> =
            login.iter().map(|(key, value)| (key.to_string(), plain(value, self, secrets))).collect();
        login.insert("ssh_keys".to_owned(), json!(keys));
        let gateways: Vec<String> = self.management_gateways.iter().map(ToString::to_string).collect();
        let management = if management.is_empty() {
            Json::Null
        } else {
            let port = self.nodes.get(id.index()).and_then(|node| node.shape.management_name());
            json!({ "interface": port.as_deref(), "addresses": management, "gateway": gateways.first(), "gateways": gateways })
        };
        let vars = self.attribute_or_null(top, "vars");
        let domain = self.string(top, "domain");
        json!({
            "node": {
                "name": name, "path": path, "hostname": hostname, "device": device, "loopbacks": loopbacks,
                "tags": attributes.get("tags").cloned().unwrap_or_else(|| json!([])),
                "vars": attributes.get("vars").cloned().unwrap_or_else(|| json!({})),
                "attributes": attributes,
            },
            "interfaces": interfaces,
            "neighbours": neighbours,
            "management": management,
            "login": login,
            "topology": {
                "name": self.name, "domain": domain,
                "ntp": self.strings(top, "ntp"), "dns": self.strings(top, "dns"),
                "vars": plain(&vars, self, secrets),
            },
        })
    }

    fn neighbour_context(&mut self, id: NodeId) -> Json {
        let hostname = self.hostname(id).unwrap_or_default();
        let Some(node) = self.nodes.get(id.index()) else { return Json::Null };
        let loopbacks: Vec<String> = node.loopbacks.iter().map(IpNet::to_string).collect();
        json!({ "name": node.name, "path": node.path, "hostname": hostname, "device": node.shape.name.as_str(),
            "loopbacks": loopbacks })
    }

    fn interface_context(&mut self, node: NodeId, interface: &Interface, secrets: &mut Vec<SecretSource>) -> Json {
        let entry = self.nodes.get(node.index()).and_then(|node| node.interfaces.get(interface.name.as_str())).cloned();
        let far = entry
            .as_ref()
            .and_then(|entry| entry.link)
            .and_then(|(link, end)| Some(self.links.get(link)?.ends.get(1 - end)?.target.clone()));
        let (peer, network) = match far {
            Some(EndTarget::Node(other, name)) => {
                let hostname = self.hostname(other).unwrap_or_default();
                let found = self.nodes.get(other.index());
                let far =
                    found.and_then(|node| node.resolved.iter().find(|one| Some(one.name.as_str()) == name.as_deref()));
                let addresses: Vec<String> =
                    far.map(|far| far.addresses.iter().map(IpNet::to_string).collect()).unwrap_or_default();
                let node = found.map(|node| node.name.clone());
                (
                    json!({ "node": node, "hostname": hostname, "interface": name.as_deref(), "addresses": addresses }),
                    Json::Null,
                )
            }
            Some(EndTarget::Network(network)) => {
                (Json::Null, json!(self.networks.get(network.index()).map(|network| network.name.clone())))
            }
            None => (Json::Null, Json::Null),
        };
        let kind = match interface.kind {
            InterfaceKind::Physical { .. } => "physical",
            InterfaceKind::Logical => "logical",
            InterfaceKind::Subinterface { .. } => "subinterface",
            InterfaceKind::Lag => "lag",
        };
        let addresses: Vec<String> = interface.addresses.iter().map(IpNet::to_string).collect();
        let lag = interface.lag.and_then(|lag| self.lags.get(lag.index())).map(|lag| lag.path.clone());
        let attributes: Map<String, Json> =
            interface.attributes.iter().map(|(key, value)| (key.clone(), plain(value, self, secrets))).collect();
        json!({
            "name": interface.name, "kind": kind, "addresses": addresses,
            "mac": interface.mac.map(|mac| mac.to_string()), "mtu": interface.mtu, "vlan": interface.vlan,
            "trunk": interface.trunk, "native": interface.native, "lag": lag,
            "vrf": interface.vrf.and_then(|vrf| self.vrfs.get(vrf.index())).map(|vrf| vrf.name.clone()),
            "description": interface.attributes.get("description").map(|value| plain(value, self, secrets)),
            "peer": peer, "network": network, "attributes": attributes,
        })
    }
}

/// A value as a template sees it: things by their names, secrets as marks that are put back afterwards.
fn plain(value: &Value, world: &World<'_>, secrets: &mut Vec<SecretSource>) -> Json {
    match value {
        Value::Secret(secret) => {
            let mut text = String::new();
            for part in &secret.parts {
                match part {
                    SecretPart::Plain(plain) => text.push_str(plain),
                    SecretPart::Secret(source) => {
                        text.push_str(&format!("{OPEN}{}{CLOSE}", secrets.len()));
                        secrets.push(source.clone());
                    }
                }
            }
            Json::String(text)
        }
        Value::List(values) => values.iter().map(|value| plain(value, world, secrets)).collect(),
        Value::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| (key.to_string(), plain(value, world, secrets)));
            Json::Object(entries.collect())
        }
        Value::Node(_)
        | Value::Network(_)
        | Value::Link(_)
        | Value::Vlan(_)
        | Value::Vrf(_)
        | Value::Pool(_)
        | Value::Interface(..)
        | Value::Module(_) => Json::String(world.name_of(value)),
        other => serde_json::to_value(other).unwrap_or(Json::Null),
    }
}

/// The rendered text with its secrets back in place.
fn with_secrets(text: String, secrets: &[SecretSource]) -> Value {
    if secrets.is_empty() || !text.contains(OPEN) {
        return Value::string(text);
    }
    let mut parts = Vec::new();
    for (at, piece) in text.split(OPEN).enumerate() {
        let (mark, rest) = if at == 0 {
            (None, piece)
        } else {
            piece.split_once(CLOSE).map_or((None, piece), |(mark, rest)| (Some(mark), rest))
        };
        if let Some(source) = mark.and_then(|mark| mark.parse::<usize>().ok()).and_then(|at| secrets.get(at)) {
            parts.push(SecretPart::Secret(source.clone()));
        }
        if !rest.is_empty() {
            parts.push(SecretPart::Plain(rest.to_owned()));
        }
    }
    Value::Secret(Arc::new(SecretText { parts }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_take_addresses_apart() {
        let environment = environment();
        let text = "{{ a|ip }} {{ a|prefix_length }} {{ a|network }} {{ a|netmask }} {{ '10.0.0.1'|prefix_length }}";
        let rendered = environment.render_str(text, minijinja::value::Serde(json!({ "a": "10.1.2.3/24" }))).unwrap();
        assert_eq!(rendered, "10.1.2.3 24 10.1.2.0/24 255.255.255.0 32");
    }

    #[test]
    fn secrets_come_back_by_reference() {
        let source = SecretSource::Environment("P".to_owned());
        let Value::Secret(secret) = with_secrets(format!("a {OPEN}0{CLOSE} b"), &[source]) else { panic!() };
        assert_eq!(secret.with_markers(), "a ${secret:env:P} b");
    }
}
