//! Secrets by reference: what flows from `secret("env:NAME")` is known by its source and never by its content.

use serde::{Serialize, Serializer};
use std::fmt;

/// Where a secret is fetched at deployment.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SecretSource {
    /// `env:NAME`: an environment variable.
    Environment(String),
    /// `file:PATH`: the content of a file, without its last line end.
    File(String),
}

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SecretSource::Environment(name) => write!(f, "env:{name}"),
            SecretSource::File(path) => write!(f, "file:{path}"),
        }
    }
}

/// A piece of text that holds secrets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SecretPart {
    /// As written.
    Plain(String),
    /// Put in at deployment.
    Secret(SecretSource),
}

/// Text that holds at least one secret. It has no `Display`: it cannot reach a message by accident.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SecretText {
    /// The pieces, in order.
    pub parts: Vec<SecretPart>,
}

impl SecretText {
    /// A secret alone.
    pub fn new(source: SecretSource) -> SecretText {
        SecretText { parts: vec![SecretPart::Secret(source)] }
    }

    /// The secrets it needs.
    pub fn sources(&self) -> impl Iterator<Item = &SecretSource> {
        self.parts.iter().filter_map(|part| match part {
            SecretPart::Secret(source) => Some(source),
            SecretPart::Plain(_) => None,
        })
    }

    /// The text with a marker `${secret:env:NAME}` for each secret: what artifacts on disk hold.
    pub fn with_markers(&self) -> String {
        let piece = |part: &SecretPart| match part {
            SecretPart::Plain(text) => text.clone(),
            SecretPart::Secret(source) => format!("${{secret:{source}}}"),
        };
        self.parts.iter().map(piece).collect()
    }
}

impl Serialize for SecretText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let sources: Vec<String> = self.sources().map(SecretSource::to_string).collect();
        serializer.collect_map([("secret", sources)])
    }
}
