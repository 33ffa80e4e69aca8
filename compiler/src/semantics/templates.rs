//! Jinja templates: rendered for a node with its interfaces, neighbours and the topology in scope.

mod hidden;

use super::world::{EndTarget, Eval, World};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::{functions as codes, values};
use crate::source::Span;
use crate::topology::{Interface, InterfaceKind};
use crate::value::{NodeId, Value, text};
use hidden::Watch;
use indexmap::IndexMap;
use ipnet::IpNet;
use minijinja::value::{Serde, Value as Seen};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, context};
use serde_json::json;

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
    environment.set_formatter(hidden::print);
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
        let watch = Watch::default();
        let context = self.template_context(node, &watch);
        let rendered = self.templates.render_named_str(path, text, context);
        let place = |error: &Error| error.line().map(|line| format!(", line {line}")).unwrap_or_default();
        match rendered {
            Ok(text) => match watch.unseal(&text) {
                Some(pieces) => text::interpolate(pieces).or_else(|problem| self.problem(problem, span)),
                None => self.report_look_into_secret(path, "", span),
            },
            Err(error) if watch.is_broken() => self.report_look_into_secret(path, &place(&error), span),
            Err(error) => {
                let reason = match (error.detail(), error.kind()) {
                    (Some(detail), _) => detail.to_owned(),
                    (None, kind) => kind.to_string(),
                };
                let message = format!("the template `{path}`{} cannot be rendered: {reason}", place(&error));
                let help = "it has `node`, `interfaces`, `neighbours`, `management`, `login` and `topology` in scope";
                self.stop(Diagnostic::new(&codes::E0354, span, message, "rendered here").help(help))
            }
        }
    }

    fn report_look_into_secret<T>(&mut self, path: &str, place: &str, span: Span) -> Eval<T> {
        let message = format!("the template `{path}`{place} looks into a secret, which is known only at deployment");
        let help = "print it alone, as in `{{ login.password }}`: filters and comparisons cannot know what it is";
        self.stop(Diagnostic::new(&values::E0309, span, message, "a secret").help(help))
    }

    fn template_context(&mut self, id: NodeId, watch: &Watch) -> Seen {
        let hostname = self.hostname(id).unwrap_or_default();
        let Some(node) = self.nodes.get(id.index()) else { return Seen::from(()) };
        let (entity, name, path, device) =
            (node.entity, node.name.clone(), node.path.clone(), node.shape.name.to_string());
        let loopbacks: Vec<String> = node.loopbacks.iter().map(IpNet::to_string).collect();
        let management: Vec<String> = node.management.iter().map(IpNet::to_string).collect();
        let resolved = node.resolved.clone();
        let mut attributes = IndexMap::new();
        for key in self.defined_keys(entity) {
            // The text that is being rendered is not in its own scope, nor is any other text.
            let is_text = matches!(key.as_str(), "config" | "base" | "files" | "run" | "run_each_boot");
            if is_text || self.is_open(entity, &key) {
                continue;
            }
            if let Ok(value) = self.attribute(entity, &key) {
                attributes.insert(key.to_string(), plain(&value, self, watch));
            }
        }
        let interfaces: Vec<Seen> =
            resolved.iter().map(|interface| self.interface_context(id, interface, watch)).collect();
        let neighbours: Vec<Seen> =
            self.neighbours(id).into_iter().map(|other| self.neighbour_context(other)).collect();
        let top = self.topology_entity;
        let login = if self.defines(entity, "login") { self.map(entity, "login") } else { self.map(top, "login") };
        let mut keys = self.strings(top, "ssh_keys");
        keys.extend(self.strings(entity, "ssh_keys"));
        let mut login: IndexMap<String, Seen> =
            login.iter().map(|(key, value)| (key.to_string(), plain(value, self, watch))).collect();
        login.insert("ssh_keys".to_owned(), Seen::from(keys));
        let gateways: Vec<String> = self.management_gateways.iter().map(ToString::to_string).collect();
        let management = if management.is_empty() {
            Seen::from(())
        } else {
            let port = self.nodes.get(id.index()).and_then(|node| node.shape.management_name());
            seen(json!({ "interface": port.as_deref(), "addresses": management, "gateway": gateways.first(),
                "gateways": gateways }))
        };
        let vars = self.attribute_or_null(top, "vars");
        let domain = self.string(top, "domain");
        let attribute = |key: &str| attributes.get(key).cloned();
        context! {
            node => context! {
                name, path, hostname, device, loopbacks,
                tags => attribute("tags").unwrap_or_else(|| seen(json!([]))),
                vars => attribute("vars").unwrap_or_else(|| seen(json!({}))),
                attributes => Seen::from_pairs(attributes.clone()),
            },
            interfaces, neighbours, management,
            login => Seen::from_pairs(login),
            topology => context! {
                name => self.name.clone(), domain,
                ntp => self.strings(top, "ntp"), dns => self.strings(top, "dns"),
                vars => plain(&vars, self, watch),
            },
        }
    }

    fn neighbour_context(&mut self, id: NodeId) -> Seen {
        let hostname = self.hostname(id).unwrap_or_default();
        let Some(node) = self.nodes.get(id.index()) else { return Seen::from(()) };
        let loopbacks: Vec<String> = node.loopbacks.iter().map(IpNet::to_string).collect();
        seen(json!({ "name": node.name, "path": node.path, "hostname": hostname, "device": node.shape.name.as_str(),
            "loopbacks": loopbacks }))
    }

    fn interface_context(&mut self, node: NodeId, interface: &Interface, watch: &Watch) -> Seen {
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
                let peer =
                    json!({ "node": node, "hostname": hostname, "interface": name.as_deref(), "addresses": addresses });
                (peer, json!(null))
            }
            Some(EndTarget::Network(network)) => {
                (json!(null), json!(self.networks.get(network.index()).map(|network| network.name.clone())))
            }
            None => (json!(null), json!(null)),
        };
        let kind = match interface.kind {
            InterfaceKind::Physical { .. } => "physical",
            InterfaceKind::Logical => "logical",
            InterfaceKind::Subinterface { .. } => "subinterface",
            InterfaceKind::Lag => "lag",
        };
        let addresses: Vec<String> = interface.addresses.iter().map(IpNet::to_string).collect();
        let lag = interface.lag.and_then(|lag| self.lags.get(lag.index())).map(|lag| lag.path.clone());
        let attributes: IndexMap<String, Seen> =
            interface.attributes.iter().map(|(key, value)| (key.clone(), plain(value, self, watch))).collect();
        context! {
            name => interface.name.as_str(), kind, addresses,
            mac => interface.mac.map(|mac| mac.to_string()), mtu => interface.mtu, vlan => interface.vlan,
            trunk => interface.trunk.clone(), native => interface.native, lag,
            vrf => interface.vrf.and_then(|vrf| self.vrfs.get(vrf.index())).map(|vrf| vrf.name.clone()),
            description => attributes.get("description").cloned(),
            peer => seen(peer), network => seen(network), attributes => Seen::from_pairs(attributes),
        }
    }
}

fn seen(value: impl serde::Serialize) -> Seen {
    Seen::from(Serde(value))
}

/// A value as a template sees it: things by their names, secrets hidden.
fn plain(value: &Value, world: &World<'_>, watch: &Watch) -> Seen {
    match value {
        Value::Secret(secret) => watch.hide(secret),
        Value::List(values) => values.iter().map(|value| plain(value, world, watch)).collect(),
        Value::Map(entries) => {
            Seen::from_pairs(entries.iter().map(|(key, value)| (key.to_string(), plain(value, world, watch))))
        }
        Value::Node(_)
        | Value::Network(_)
        | Value::Link(_)
        | Value::Vlan(_)
        | Value::Vrf(_)
        | Value::Pool(_)
        | Value::Interface(..)
        | Value::Module(_) => Seen::from(world.name_of(value)),
        other => seen(other),
    }
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
}
