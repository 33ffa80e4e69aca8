//! Values as editors show them: as they are written, cut where they are long, and never a secret.

use crate::semantics::facts::Facts;
use crate::topology::Topology;
use crate::value::text::shown;
use crate::value::{NodeId, Value};

/// Longer text is cut.
const LONGEST_TEXT: usize = 80;

/// So many elements of a list or map are shown.
const MOST_ELEMENTS: usize = 6;

/// So deep are lists and maps shown.
const DEPTH: usize = 3;

/// What names of things are looked up in.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// Nodes, networks, links.
    pub topology: Option<&'a Topology>,
    /// Pools.
    pub facts: &'a Facts,
}

impl Shown<'_> {
    /// A value, as it is written.
    pub fn value(self, value: &Value) -> String {
        self.nested(value, DEPTH)
    }

    fn nested(self, value: &Value, depth: usize) -> String {
        match value {
            Value::Secret(secret) => {
                let sources: Vec<String> = secret.sources().map(|source| format!("secret(\"{source}\")")).collect();
                sources.join(" + ")
            }
            Value::Null => "null".to_owned(),
            Value::Member(word) => word.to_string(),
            Value::String(text) => quoted(text),
            Value::List(values) if depth == 0 && !values.is_empty() => format!("[… {}]", count(values.len(), "value")),
            Value::Map(entries) if depth == 0 && !entries.is_empty() => {
                format!("{{ … {} }}", count(entries.len(), "value"))
            }
            Value::List(values) => {
                let elements = values.iter().map(|value| self.nested(value, depth - 1));
                format!("[{}]", listed(elements.take(MOST_ELEMENTS).collect(), values.len(), "value"))
            }
            Value::Map(entries) if entries.is_empty() => "{}".to_owned(),
            Value::Map(entries) => {
                let entry = |(key, value): (&smol_str::SmolStr, &Value)| {
                    let key = if crate::syntax::is_name(key) { key.to_string() } else { quoted(key) };
                    format!("{key} = {}", self.nested(value, depth - 1))
                };
                let shown = entries.iter().take(MOST_ELEMENTS).map(entry).collect();
                format!("{{ {} }}", listed(shown, entries.len(), "value"))
            }
            Value::FromPool(pool, _) => format!("from {}", self.name(&Value::Pool(*pool)).unwrap_or_default()),
            thing => self.name(thing).unwrap_or_else(|| shown(thing)),
        }
    }

    /// The name of a node, interface, network, link, VLAN, VRF or pool.
    fn name(self, value: &Value) -> Option<String> {
        if let Value::Pool(id) = value {
            return Some(self.facts.pool(*id)?.path.clone());
        }
        let topology = self.topology?;
        let node = |id: NodeId| Some(topology.node(id)?.path.clone());
        match value {
            Value::Node(id) => node(*id),
            Value::Interface(id, name) => Some(format!("{}:{name}", node(*id)?)),
            Value::Network(id) => Some(topology.network(*id)?.path.clone()),
            Value::Link(id) => Some(topology.link(*id)?.path.clone()),
            Value::Vlan(id) => Some(topology.vlans.get(id.index())?.name.clone()),
            Value::Vrf(id) => Some(topology.vrfs.get(id.index())?.name.clone()),
            Value::Module(_) => Some("an instance of a module".to_owned()),
            _ => None,
        }
    }
}

/// Text in quotes, on one line.
fn quoted(text: &str) -> String {
    format!("{:?}", cut(text))
}

/// Text that is not too long.
pub fn cut(text: &str) -> String {
    cut_to(text, LONGEST_TEXT)
}

/// Text of so many characters, and a sign where there are more.
pub fn cut_to(text: &str, longest: usize) -> String {
    let mut chars = text.chars();
    let mut cut: String = chars.by_ref().take(longest).collect();
    if chars.next().is_some() {
        cut.push('…');
    }
    cut
}

/// `a, b, … 12 values`
pub fn listed(shown: Vec<String>, all: usize, word: &str) -> String {
    let more = all > shown.len();
    let mut text = shown.join(", ");
    if more {
        text.push_str(&format!(", … {}", count(all, word)));
    }
    text
}

/// `1 node`, `2 nodes`.
pub fn count(number: usize, word: &str) -> String {
    match (number, word) {
        (1, _) => format!("1 {word}"),
        (_, word) if word.ends_with("address") => format!("{} {word}es", grouped(number as u128)),
        _ => format!("{} {word}s", grouped(number as u128)),
    }
}

/// A number with a comma before every three digits.
pub fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{SecretSource, SecretText};
    use std::sync::Arc;

    #[test]
    fn long_values_are_cut_and_secrets_stay_where_they_are() {
        let facts = Facts::default();
        let shown = Shown { topology: None, facts: &facts };
        let many = Value::list((1..=9).map(Value::Int).collect());
        assert_eq!(shown.value(&many), "[1, 2, 3, 4, 5, 6, … 9 values]");
        let deep = (0..5).fold(Value::Int(1), |value, _| Value::list(vec![value]));
        assert_eq!(shown.value(&deep), "[[[[… 1 value]]]]");
        assert_eq!(shown.value(&Value::string("x".repeat(100))).chars().count(), LONGEST_TEXT + 3);
        let secret = Value::Secret(Arc::new(SecretText::new(SecretSource::Environment("OPS".into()))));
        assert_eq!(shown.value(&secret), "secret(\"env:OPS\")");
        assert_eq!(grouped(4_294_967_296), "4,294,967,296");
        assert_eq!(count(2, "address"), "2 addresses");
    }
}
