//! An inventory of Ansible, in its YAML form.

use super::{flat_name, login_user, reached_at};
use crate::collections::IndexMap;
use crate::media::yaml::to_yaml;
use crate::topology::{Attributes, Node, Topology};
use crate::value::Value;
use crate::value::text::display;
use serde::Serialize;
use std::collections::BTreeMap;

/// The lab for `ansible-playbook -i FILE`: a host for each node; groups by device (with its bases), array, group and tag.
///
/// A host has what Ansible needs to get in (`ansible_host`, `ansible_user`, the device's `ansible { … }`), and the
/// node's `vars`. Names of groups begin with what they group by (`device_vqfx`, `tag_spine`), so that none is called
/// like a host, which Ansible warns of. The form is that of Ansible's guide "How to build your inventory".
pub fn ansible(topology: &Topology) -> String {
    let mut hosts = IndexMap::default();
    let mut children: BTreeMap<String, Group> = BTreeMap::new();
    for node in &topology.nodes {
        let name = flat_name(node);
        for group in groups(node) {
            children.entry(group).or_default().hosts.insert(name.clone(), ());
        }
        hosts.insert(name, host(topology, node));
    }
    let vars = variables(topology, &topology.attributes);
    let inventory = Inventory { all: All { hosts, vars, children } };
    format!("# The lab `{}`, for Ansible.\n{}", topology.name, to_yaml(&inventory))
}

#[derive(Serialize)]
struct Inventory {
    all: All,
}

#[derive(Serialize)]
struct All {
    hosts: IndexMap<String, Variables>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    vars: Variables,
    children: BTreeMap<String, Group>,
}

#[derive(Default, Serialize)]
struct Group {
    hosts: IndexMap<String, ()>,
}

type Variables = IndexMap<String, serde_json::Value>;

fn host(topology: &Topology, node: &Node) -> Variables {
    let mut variables = variables(topology, &node.attributes);
    let mut own = Variables::default();
    if let Some(address) = reached_at(node).next() {
        own.insert("ansible_host".to_owned(), address.to_string().into());
    }
    if let Some(user) = login_user(topology, node) {
        own.insert("ansible_user".to_owned(), user.into());
    }
    if let Some(Value::Map(entries)) = node.attributes.get("ansible") {
        let entries =
            entries.iter().filter_map(|(key, value)| Some((format!("ansible_{key}"), json(topology, value)?)));
        own.extend(entries);
    }
    variables.retain(|key, _| !own.contains_key(key));
    own.extend(variables);
    own
}

/// The `vars { … }` among some attributes. Secrets are left out: an inventory lies around.
fn variables(topology: &Topology, attributes: &Attributes) -> Variables {
    match attributes.get("vars") {
        Some(Value::Map(entries)) => {
            entries.iter().filter_map(|(key, value)| Some((key.to_string(), json(topology, value)?))).collect()
        }
        _ => Variables::default(),
    }
}

/// A value as YAML can say it: what is no number, truth, list or map is text, as in the language; nodes are their
/// names. `None` for a secret.
fn json(topology: &Topology, value: &Value) -> Option<serde_json::Value> {
    Some(match value {
        Value::Secret(_) => return None,
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(value) => (*value).into(),
        Value::List(values) => values.iter().filter_map(|value| json(topology, value)).collect(),
        Value::Map(entries) => entries
            .iter()
            .filter_map(|(key, value)| Some((key.to_string(), json(topology, value)?)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Node(id) => flat_name(topology.node(*id)?).into(),
        other => match display(other) {
            Ok(Value::String(text)) => text.to_string().into(),
            _ => serde_json::to_value(other).ok()?,
        },
    })
}

fn groups(node: &Node) -> Vec<String> {
    let devices = std::iter::once(&node.device).chain(&node.bases).map(|device| ("device", device.as_str()));
    let array = node.array.iter().map(|(array, _)| ("array", array.as_str()));
    let group = node.group.iter().map(|group| ("group", group.as_str()));
    let tags = node.tags.iter().map(|tag| ("tag", tag.as_str()));
    devices.chain(array).chain(group).chain(tags).map(|(kind, name)| group_name(kind, name)).collect()
}

/// Ansible takes letters, digits and `_` in the name of a group.
fn group_name(kind: &str, name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    format!("{kind}_{}", name.chars().map(plain).collect::<String>())
}
