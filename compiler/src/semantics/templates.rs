//! Jinja templates: rendered for a node with its interfaces, neighbours and the topology in scope.

mod context;
mod hidden;

use super::world::{Eval, World};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::{functions as codes, values};
use crate::source::Span;
use crate::value::{NodeId, Value, text};
use hidden::Watch;
use ipnet::IpNet;
use minijinja::value::{Serde, Value as Seen};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};

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
    /// Renders a template for a node, with further values as `vars`.
    pub fn render_template(&mut self, path: &str, text: &str, vars: &Value, node: NodeId, span: Span) -> Eval<Value> {
        let watch = Watch::default();
        let context = self.template_context(node, vars, &watch);
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
                let help = "it has `node`, `interfaces`, `vlans`, `vrfs`, `routes`, `neighbours`, `management`, `login`, \
                            `topology` and `vars` in scope";
                self.stop(Diagnostic::new(&codes::E0354, span, message, "rendered here").help(help))
            }
        }
    }

    fn report_look_into_secret<T>(&mut self, path: &str, place: &str, span: Span) -> Eval<T> {
        let message = format!("the template `{path}`{place} looks into a secret, which is known only at deployment");
        let help = "print it alone, as in `{{ login.password }}`: filters and comparisons cannot know what it is";
        self.stop(Diagnostic::new(&values::E0309, span, message, "a secret").help(help))
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
    use serde_json::json;

    #[test]
    fn filters_take_addresses_apart() {
        let environment = environment();
        let text = "{{ a|ip }} {{ a|prefix_length }} {{ a|network }} {{ a|netmask }} {{ '10.0.0.1'|prefix_length }}";
        let rendered = environment.render_str(text, minijinja::value::Serde(json!({ "a": "10.1.2.3/24" }))).unwrap();
        assert_eq!(rendered, "10.1.2.3 24 10.1.2.0/24 255.255.255.0 32");
    }
}
