//! The manifest of a build: which files it made, with their hashes, what their lines came from, and which secrets their
//! deployment needs. Who writes the files knows by it which are ours.

use super::source_map::Mark;
use super::{Artifact, sha256};
use crate::source::Sources;
use crate::topology::{ConsoleStep, Guest, Machine, MediaContent, MediaFile, TextContent, Topology};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The file name of the manifest, in the output folder.
pub const NAME: &str = "manifest.json";

/// The version of the form.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Manifest {
    /// The version of this form: 1.
    wtop_manifest: u32,
    /// The version of wtop that made the files.
    made_by: String,
    /// The topology's name.
    topology: String,
    /// What it was built for: the name of a target, or its kind.
    target: String,
    /// Where deployment fetches the secrets (`env:NAME`, `file:PATH`) that stand in the files as `${secret:env:NAME}`.
    secrets: BTreeSet<String>,
    /// The files that the lab was compiled from; `from` of a file names them by their index here.
    #[serde(default)]
    sources: Vec<Source>,
    /// The files, by path.
    files: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Source {
    /// How diagnostics name it.
    path: String,
    /// In hex: is it still the file that this was built from?
    sha256: String,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    /// Below the output folder, with `/`.
    path: String,
    /// What the file holds, as a media type.
    kind: String,
    bytes: usize,
    /// In hex.
    sha256: String,
    /// Where its lines came from: `12-17 0:233-240` are lines 12 to 17, from bytes 233 to 240 (not included) of source 0.
    /// These nest; a line belongs to the innermost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    from: Vec<String>,
}

/// The manifest of what was built from `topology`, which was compiled from `sources`, for a target; to be written beside
/// it.
pub fn manifest(topology: &Topology, sources: &Sources, target: &str, artifacts: &[Artifact]) -> Artifact {
    let mut files: Vec<Entry> = artifacts.iter().map(entry).collect();
    files.sort_by(|one, two| one.path.cmp(&two.path));
    let manifest = Manifest {
        wtop_manifest: VERSION,
        made_by: format!("wtop {}", env!("CARGO_PKG_VERSION")),
        topology: topology.name.clone(),
        target: target.to_owned(),
        secrets: secrets(topology),
        sources: sources.iter().map(|(_, file)| source(&file.name, &file.text)).collect(),
        files,
    };
    // Structs of texts and numbers always have a JSON form.
    let mut text = serde_json::to_string_pretty(&manifest).unwrap_or_default();
    text.push('\n');
    Artifact { path: NAME.to_owned(), bytes: text.into_bytes(), marks: Vec::new() }
}

/// The paths that a manifest lists; `None` if the text is no manifest of wtop.
pub fn files(text: &[u8]) -> Option<Vec<String>> {
    let manifest: Manifest = serde_json::from_slice(text).ok()?;
    Some(manifest.files.into_iter().map(|file| file.path).collect())
}

fn source(name: &str, text: &str) -> Source {
    Source { path: name.to_owned(), sha256: sha256(text.as_bytes()) }
}

fn from(mark: &Mark) -> String {
    let Mark { first, last, span } = mark;
    format!("{first}-{last} {}:{}-{}", span.file.0, span.start, span.end)
}

fn entry(artifact: &Artifact) -> Entry {
    Entry {
        path: artifact.path.clone(),
        kind: media_type(&artifact.path).to_owned(),
        bytes: artifact.bytes.len(),
        sha256: sha256(&artifact.bytes),
        from: artifact.marks.iter().map(from).collect(),
    }
}

/// By the ending of the file's name.
fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("xml") => "application/xml",
        Some("json") => "application/json",
        Some("yaml") => "application/yaml",
        Some("iso") => "application/x-iso9660-image",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

/// The sources of all secrets that guests get.
pub(super) fn secrets<'t>(topology: &'t Topology) -> BTreeSet<String> {
    let guests = topology.nodes.iter().flat_map(|node| guest_texts(&node.guest));
    let machines = topology.nodes.iter().flat_map(|node| node.machines.iter().flat_map(machine_texts));
    let secret = |text: &'t TextContent| match text {
        TextContent::Secret(secret) => Some(secret),
        TextContent::Plain(_) => None,
    };
    guests.chain(machines).filter_map(secret).flat_map(|text| text.sources().map(ToString::to_string)).collect()
}

fn guest_texts(guest: &Guest) -> impl Iterator<Item = &TextContent> {
    let passwords = guest.users.values().filter_map(|user| user.password.as_ref());
    let files = guest.files.iter().map(|file| &file.content);
    let commands = guest.run.iter().chain(&guest.run_each_boot);
    passwords.chain(files).chain(commands).chain(guest.env.values()).chain(&guest.config)
}

fn machine_texts(machine: &Machine) -> impl Iterator<Item = &TextContent> {
    fn sent(step: &ConsoleStep) -> Option<&TextContent> {
        match step {
            ConsoleStep::Send { text } => Some(text),
            ConsoleStep::Expect { .. } | ConsoleStep::Pause { .. } => None,
        }
    }
    let mut files = Vec::new();
    machine.media.iter().for_each(|medium| media_texts(&medium.files, &mut files));
    files.into_iter().chain(machine.console.iter().filter_map(sent))
}

/// The texts of files, also of those in archives.
fn media_texts<'m>(files: &'m [MediaFile], texts: &mut Vec<&'m TextContent>) {
    for file in files {
        match &file.content {
            MediaContent::Text(text) => texts.push(text),
            MediaContent::Archive { files, .. } => media_texts(files, texts),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::sample::debian_machines;
    use crate::source::Span;
    use crate::topology::sample::Sample;
    use crate::value::{SecretSource, SecretText};
    use insta::assert_snapshot;
    use std::sync::Arc;

    #[test]
    fn lists_files_by_path() {
        let artifact =
            |path: &str, text: &str| Artifact { path: path.to_owned(), bytes: text.into(), marks: Vec::new() };
        let mut topology = Sample::new("h1 h2").with(debian_machines).build();
        let secret = |name: &str| {
            let text = SecretText::new(SecretSource::Environment(name.to_owned()));
            TextContent::Secret(Arc::new(text))
        };
        topology.nodes[0].guest.env.insert("KEY".to_owned(), secret("KEY"));
        topology.nodes[1].guest.run = vec![secret("KEY"), TextContent::Plain("ls".to_owned())];
        topology.nodes[1].machines[0].console = vec![ConsoleStep::Send { text: secret("ROOT") }];
        let mut sources = Sources::default();
        let lab = sources.add("lab.wtop", "lab.wtop", "topology sample\n");
        let mut document = artifact("a.xml", "");
        document.marks = vec![Mark { first: 1, last: 9, span: Span::new(lab, 9, 15) }];
        let written = manifest(&topology, &sources, "lab", &[artifact("seeds/b.iso", "abc"), document]);
        assert_eq!(files(&written.bytes), Some(vec!["a.xml".to_owned(), "seeds/b.iso".to_owned()]));
        assert_snapshot!(String::from_utf8(written.bytes).unwrap(), @r#"
            {
              "wtop_manifest": 1,
              "made_by": "wtop 0.1.0",
              "topology": "sample",
              "target": "lab",
              "secrets": [
                "env:KEY",
                "env:ROOT"
              ],
              "sources": [
                {
                  "path": "lab.wtop",
                  "sha256": "a40dbd1ff304076bd160e72ff544cec0c61a1dfedb32c50ebdca493f3f31787f"
                }
              ],
              "files": [
                {
                  "path": "a.xml",
                  "kind": "application/xml",
                  "bytes": 0,
                  "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                  "from": [
                    "1-9 0:9-15"
                  ]
                },
                {
                  "path": "seeds/b.iso",
                  "kind": "application/x-iso9660-image",
                  "bytes": 3,
                  "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
                }
              ]
            }
        "#);
    }

    #[test]
    fn another_file_of_that_name_is_no_manifest() {
        assert_eq!(files(b""), None);
        assert_eq!(files(b"{ \"name\": \"app\", \"files\": [] }"), None);
    }
}
