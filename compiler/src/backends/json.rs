//! The topology as JSON, for programs that do not read `.wtop`.
//!
//! The form is fixed by its version: within one version, fields are only added. [`schema`] describes it, and is
//! published as `docs/topology.schema.json`.

use super::Artifact;
use crate::source::Sources;
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
    sources: Vec<&'a str>,
    /// The lab.
    topology: &'a Topology,
}

/// A topology that was compiled from these sources.
pub fn build(topology: &Topology, sources: &Sources) -> Artifact {
    let sources = sources.iter().map(|(_, file)| file.name.as_str()).collect();
    let document = Document { version: JSON_VERSION, sources, topology };
    Artifact { path: "topology.json".to_owned(), bytes: to_json(&document).into_bytes() }
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
    use crate::topology::sample::Sample;

    #[test]
    fn names_its_version_and_sources() {
        let topology = Sample::new("h1 fw:router [lan]").links("h1-fw fw-lan").build();
        let mut sources = Sources::default();
        sources.add("lab.wtop", "lab.wtop", "topology sample\n");
        let written = build(&topology, &sources);
        let document: serde_json::Value = serde_json::from_slice(&written.bytes).unwrap();
        assert_eq!(document["version"], 1);
        assert_eq!(document["sources"][0], "lab.wtop");
        assert_eq!(document["topology"]["nodes"][1]["path"], "fw");
        assert_eq!(written, build(&topology, &sources));
    }
}
