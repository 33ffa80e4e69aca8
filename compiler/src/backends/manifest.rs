//! The manifest of a build: which files it made, with their hashes. Who writes the files knows by it which are ours.

use super::{Artifact, sha256};
use serde::{Deserialize, Serialize};

/// The file name of the manifest, in the output folder.
pub const NAME: &str = "manifest.json";

/// The version of the form.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Manifest {
    /// The version of this form: 1.
    wtop_manifest: u32,
    /// The topology's name.
    topology: String,
    /// What it was built for: the name of a target, or its kind.
    target: String,
    /// The files, by path.
    files: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    /// Below the output folder, with `/`.
    path: String,
    bytes: usize,
    /// In hex.
    sha256: String,
}

/// The manifest of artifacts, to be written beside them.
pub fn manifest(topology: &str, target: &str, artifacts: &[Artifact]) -> Artifact {
    let mut files: Vec<Entry> = artifacts.iter().map(entry).collect();
    files.sort_by(|one, two| one.path.cmp(&two.path));
    let manifest = Manifest { wtop_manifest: VERSION, topology: topology.to_owned(), target: target.to_owned(), files };
    // Structs of texts and numbers always have a JSON form.
    let mut text = serde_json::to_string_pretty(&manifest).unwrap_or_default();
    text.push('\n');
    Artifact { path: NAME.to_owned(), bytes: text.into_bytes() }
}

/// The paths that a manifest lists; `None` if the text is no manifest of wtop.
pub fn files(text: &[u8]) -> Option<Vec<String>> {
    let manifest: Manifest = serde_json::from_slice(text).ok()?;
    Some(manifest.files.into_iter().map(|file| file.path).collect())
}

fn entry(artifact: &Artifact) -> Entry {
    Entry { path: artifact.path.clone(), bytes: artifact.bytes.len(), sha256: sha256(&artifact.bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;

    #[test]
    fn lists_files_by_path() {
        let artifact = |path: &str, text: &str| Artifact { path: path.to_owned(), bytes: text.into() };
        let written = manifest("fabric", "lab", &[artifact("seeds/b.iso", "abc"), artifact("a.xml", "")]);
        assert_eq!(files(&written.bytes), Some(vec!["a.xml".to_owned(), "seeds/b.iso".to_owned()]));
        assert_snapshot!(String::from_utf8(written.bytes).unwrap(), @r#"
        {
          "wtop_manifest": 1,
          "topology": "fabric",
          "target": "lab",
          "files": [
            {
              "path": "a.xml",
              "bytes": 0,
              "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            },
            {
              "path": "seeds/b.iso",
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
