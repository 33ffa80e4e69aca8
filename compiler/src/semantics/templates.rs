//! Jinja templates: rendered for a node with its interfaces, neighbours and the topology in scope.

mod context;
mod hidden;
mod reads;
mod record;
mod rendered;

pub use rendered::Rendered;

use super::world::{Eval, Stop, World};
use crate::collections::IndexMap;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::{functions as codes, values};
use crate::source::Span;
use crate::value::{NodeId, Value, text};
use hidden::Watch;
use ipnet::IpNet;
use minijinja::value::{Serde, Value as Seen, ValueKind};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use reads::Reads;
use smol_str::SmolStr;
use std::rc::Rc;

/// The templates of a compilation: each is compiled once for all nodes. They are known by their texts, as two roots may
/// have a file of one name.
pub struct Templates {
    environment: Environment<'static>,
    reads: IndexMap<SmolStr, Rc<Reads>>,
    rendered: Rendered,
}

impl Templates {
    /// None so far; `rendered` is from the last compilation.
    pub fn new(rendered: Rendered) -> Templates {
        Templates { environment: environment(), reads: IndexMap::default(), rendered }
    }

    /// What the next compilation need not render.
    pub fn rendered(&mut self) -> Rendered {
        std::mem::take(&mut self.rendered).next()
    }

    /// The number of a template, and what it reads.
    fn find(&mut self, text: &SmolStr) -> (usize, Rc<Reads>) {
        let entry = self.reads.entry(text.clone());
        (entry.index(), entry.or_insert_with(|| Rc::new(Reads::of(text))).clone())
    }

    /// Renders a template, unless it was rendered in the same scope before. A secret is for one scope alone.
    fn render(&mut self, number: usize, text: &SmolStr, scope: Seen, has_secrets: bool) -> Result<SmolStr, Error> {
        let key = if has_secrets { None } else { Rendered::key(&scope) };
        if let Some(known) = key.as_ref().and_then(|key| self.rendered.find(text, key)) {
            return Ok(known);
        }
        let name = number.to_string();
        if self.environment.get_template(&name).is_err() {
            self.environment.add_template_owned(name.clone(), text.to_string())?;
        }
        let given = SmolStr::from(self.environment.get_template(&name)?.render(scope)?);
        if let Some(key) = key {
            self.rendered.keep(text, key, given.clone());
        }
        Ok(given)
    }
}

/// An environment with our filters.
fn environment() -> Environment<'static> {
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
    pub fn render_template(
        &mut self,
        path: &str,
        text: &SmolStr,
        vars: &Value,
        node: NodeId,
        span: Span,
    ) -> Eval<Value> {
        let watch = Watch::default();
        let (number, reads) = self.templates.find(text);
        let context = self.template_context(node, vars, &watch, &reads);
        let rendered = self.templates.render(number, text, context, watch.has_secrets());
        let place = |error: &Error| error.line().map(|line| format!(", line {line}")).unwrap_or_default();
        match rendered {
            Ok(text) => match watch.unseal(&text) {
                Some(pieces) => text::interpolate(pieces).or_else(|problem| self.problem(problem, span)),
                None => self.report_look_into_secret(path, "", span),
            },
            Err(error) if watch.is_broken() => self.report_look_into_secret(path, &place(&error), span),
            Err(error) => {
                let context = self.template_context(node, vars, &watch, &Reads::everything());
                self.report_template(path, text, &error, &context, span)
            }
        }
    }

    /// Says where a template is wrong; once, however many nodes it is rendered for.
    fn report_template<T>(&mut self, path: &str, text: &str, error: &Error, context: &Seen, span: Span) -> Eval<T> {
        let reason = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        let line = error.line().unwrap_or_default();
        let message = match line {
            0 => format!("the template `{path}` cannot be rendered: {reason}"),
            line => format!("the template `{path}:{line}` cannot be rendered: {reason}"),
        };
        if !self.broken_templates.insert(message.clone()) {
            return Err(Stop::Reported);
        }
        let mut diagnostic = Diagnostic::new(&codes::E0354, span, message, "rendered here");
        let shown = text.lines().nth(line.wrapping_sub(1)).map(str::trim).filter(|line| line.len() <= LONGEST_SHOWN);
        let shown = shown.map(|shown| format!("line {line} is `{shown}`"));
        let help: Vec<String> = shown.into_iter().chain(what_there_is(error.kind(), &reason, context)).collect();
        if !help.is_empty() {
            diagnostic = diagnostic.help(help.join("; "));
        }
        self.stop(diagnostic)
    }

    fn report_look_into_secret<T>(&mut self, path: &str, place: &str, span: Span) -> Eval<T> {
        let message = format!("the template `{path}`{place} looks into a secret, which is known only at deployment");
        let help = "print it alone, as in `{{ login.password }}`: filters and comparisons cannot know what it is";
        self.stop(Diagnostic::new(&values::E0309, span, message, "a secret").help(help))
    }
}

/// Longer lines of a template are not repeated in a message, in bytes.
const LONGEST_SHOWN: usize = 120;

/// What could stand there instead.
fn what_there_is(kind: ErrorKind, reason: &str, context: &Seen) -> Option<String> {
    match kind {
        ErrorKind::UnknownFilter => Some(
            "filters are `ip`, `prefix_length`, `network`, `netmask`, `is_ipv6`, and those of Jinja, such as `default`, \
             `first`, `join`, `last`, `length`, `lower`, `map`, `replace`, `select`, `sort`, `trim`, `upper`"
                .to_owned(),
        ),
        ErrorKind::UnknownMethod => Some(
            "what Python has as methods are filters and tests: `{{ name | upper }}`, `{% if name is startingwith(\"r\") %}`"
                .to_owned(),
        ),
        ErrorKind::UndefinedError => {
            let written = reason.split('`').nth(1)?;
            match written.rsplit_once('.') {
                None => Some(format!("in scope are {}", fields(context)?)),
                Some((holder, _)) => {
                    let name = holder.rsplit('.').next().unwrap_or(holder);
                    match field_named(context, name, 4).and_then(|found| fields(&found)) {
                        Some(fields) => Some(format!("`{name}` has {fields}")),
                        None => Some(format!("`{{{{ {holder} }}}}` prints what it has")),
                    }
                }
            }
        }
        _ => None,
    }
}

/// The names in a map, for a sentence.
fn fields(map: &Seen) -> Option<String> {
    let keys: Vec<String> = map.try_iter().ok()?.map(|key| format!("`{key}`")).collect();
    (map.kind() == ValueKind::Map && !keys.is_empty()).then(|| keys.join(", "))
}

/// The first map that stands under this name, not deeper than so many levels.
fn field_named(value: &Seen, name: &str, levels: usize) -> Option<Seen> {
    let levels = levels.checked_sub(1)?;
    if value.kind() == ValueKind::Seq {
        return value.try_iter().ok()?.find_map(|element| field_named(&element, name, levels));
    }
    if value.kind() != ValueKind::Map {
        return None;
    }
    let found = value.get_attr(name).ok().filter(|found| found.kind() == ValueKind::Map);
    found.or_else(|| {
        let keys = value.try_iter().ok()?;
        keys.into_iter().find_map(|key| field_named(&value.get_item(&key).ok()?, name, levels))
    })
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
