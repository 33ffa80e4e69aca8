//! The topology as JSON, for programs that do not read `.wtop`.
//!
//! The form is fixed by its version: within one version, fields are only added. [`schema`] describes it, and is
//! published as `docs/topology.schema.json`.

use super::{Artifact, sha256};
use crate::source::{SourceFile, Sources};
use crate::topology::{JSON_VERSION, Topology};
use schemars::JsonSchema;
use serde::Serialize;

/// What the file holds.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "wtop topology")]
struct Document<'a> {
    /// The version of this form: 1. Within one version, fields are only added.
    version: u32,
    /// The files that it was compiled from; spans name them by their index here.
    sources: Vec<Source<'a>>,
    /// The lab.
    topology: &'a Topology,
}

/// A file that the topology was compiled from.
#[derive(Serialize, JsonSchema)]
struct Source<'a> {
    /// How diagnostics name it.
    name: &'a str,
    /// SHA-256 of its bytes, in hex: is it still the file that this was compiled from?
    sha256: String,
}

/// A topology that was compiled from these sources.
pub fn build<'a>(topology: &'a Topology, sources: &'a Sources) -> Artifact {
    let source = |file: &'a SourceFile| Source { name: &file.name, sha256: sha256(file.text.as_bytes()) };
    let sources = sources.iter().map(|(_, file)| source(file)).collect();
    let document = Document { version: JSON_VERSION, sources, topology };
    Artifact { path: "topology.json".to_owned(), bytes: to_json(&document).into_bytes(), marks: Vec::new() }
}

/// The JSON Schema of what [`build`] gives, with a line end.
pub fn schema() -> String {
    to_json(&schemars::schema_for!(Document))
}

fn to_json(value: &impl Serialize) -> String {
    // Maps have names as keys, and writing into memory cannot fail.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::sample::debian_machines;
    use crate::topology::sample::Sample;
    use crate::topology::{ConsoleStep, TextContent};
    use crate::value::{Mac, NodeId, SecretSource, SecretText, Value};
    use std::sync::Arc;

    #[test]
    fn names_its_version_and_sources() {
        let topology = Sample::new("h1 fw:router [lan]").links("h1-fw fw-lan").build();
        let mut sources = Sources::default();
        sources.add("lab.wtop", "lab.wtop", "topology sample\n");
        let written = build(&topology, &sources);
        let document: serde_json::Value = serde_json::from_slice(&written.bytes).unwrap();
        assert_eq!(document["version"], 1);
        assert_eq!(document["sources"][0]["name"], "lab.wtop");
        assert_eq!(document["topology"]["nodes"][1]["path"], "fw");
        assert_eq!(written, build(&topology, &sources));
    }

    /// A topology with a value of every kind.
    fn with_all_values() -> Topology {
        let mut topology = Sample::new("h1 fw:router [lan]").links("h1-fw fw-lan").with(debian_machines).build();
        let secret = Arc::new(SecretText::new(SecretSource::Environment("KEY".to_owned())));
        let values = [
            Value::Null,
            Value::Bool(true),
            Value::Int(-1),
            Value::string("text"),
            Value::Size(1),
            Value::Ip("10.0.0.1".parse().unwrap()),
            Value::Cidr("10.0.0.1/24".parse().unwrap()),
            Value::Mac(Mac([0x52, 0x54, 0, 1, 2, 3])),
            Value::list(vec![Value::Range(1, 3), Value::Node(NodeId(1)), Value::Interface(NodeId(1), "eth1".into())]),
            Value::map([("deep".into(), Value::Member("nat".into()))].into_iter().collect()),
            Value::Secret(secret.clone()),
        ];
        let node = &mut topology.nodes[0];
        node.attributes = values.into_iter().enumerate().map(|(n, value)| (format!("a{n}").into(), value)).collect();
        node.array = Some(("h".to_owned(), vec![Value::Int(1)]));
        node.origin.variables = vec![("i".to_owned(), Value::Int(1))];
        node.guest.env.insert("KEY".to_owned(), TextContent::Secret(secret));
        node.guest.routes = vec![("0.0.0.0/0".parse().unwrap(), "10.0.0.2".parse().unwrap())];
        node.machines[0].console = vec![
            ConsoleStep::Expect { text: "login:".to_owned(), timeout: 1 },
            ConsoleStep::Send { text: TextContent::Plain("root".to_owned()) },
            ConsoleStep::Pause { time: 1 },
        ];
        topology.networks[0].dhcp = vec![("10.0.0.3".parse().unwrap(), "10.0.0.5".parse().unwrap())];
        topology
    }

    #[test]
    fn is_what_the_schema_describes() {
        let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let mut sources = Sources::default();
        sources.add("lab.wtop", "lab.wtop", "topology sample\n");
        let lag = Sample::new("a:switch b:switch").lag("a-b a-b").build();
        for topology in [with_all_values(), lag] {
            let mut document: serde_json::Value = serde_json::from_slice(&build(&topology, &sources).bytes).unwrap();
            let problems: Vec<String> =
                validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert!(problems.is_empty(), "{problems:#?}");
            document["topology"]["nodes"][0]["hostname"] = 1.into();
            assert!(!validator.is_valid(&document), "the schema refuses nothing");
        }
    }

    #[test]
    fn a_secret_is_known_by_its_source_alone() {
        let written = String::from_utf8(build(&with_all_values(), &Sources::default()).bytes).unwrap();
        assert_eq!(written.matches("env:KEY").count(), 2);
    }
}
