//! What users set in their editors, under `wtop`.

use serde::Deserialize;
use serde_json::Value;

/// All settings. What is not set, or set to what it cannot be, is as it is by default.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// What is shown between the words of the source.
    pub inlay_hints: InlayHints,
    /// What is shown above declarations.
    pub code_lens: CodeLens,
}

/// What is shown between the words of the source: `wtop.inlayHints`.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InlayHints {
    /// Addresses and prefixes that were allocated.
    pub addresses: bool,
    /// MAC addresses.
    pub macs: bool,
    /// Interfaces that were chosen for ends without one.
    pub interfaces: bool,
    /// How many elements an array has.
    pub sizes: bool,
}

impl Default for InlayHints {
    fn default() -> InlayHints {
        InlayHints { addresses: true, macs: false, interfaces: true, sizes: true }
    }
}

/// What is shown above declarations: `wtop.codeLens`.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CodeLens {
    /// How often a device or module is used.
    pub instances: bool,
    /// How many links a node or network has.
    pub links: bool,
    /// What can be done with the topology: preview, plan, console.
    pub commands: bool,
}

impl Default for CodeLens {
    fn default() -> CodeLens {
        CodeLens { instances: true, links: true, commands: true }
    }
}

impl Settings {
    /// Reads what a client sent: the value of its section `wtop`, or an object around that.
    pub fn read(sent: &Value) -> Settings {
        let section = sent.get("wtop").unwrap_or(sent);
        let read = |key: &str| section.get(key).cloned().unwrap_or_default();
        Settings {
            inlay_hints: serde_json::from_value(read("inlayHints")).unwrap_or_default(),
            code_lens: serde_json::from_value(read("codeLens")).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_set_is_as_by_default() {
        let read = Settings::read(&json!({ "wtop": { "inlayHints": { "macs": true }, "codeLens": 7 } }));
        assert!(read.inlay_hints.macs && read.inlay_hints.addresses);
        assert_eq!(read.code_lens, CodeLens::default());
        assert_eq!(Settings::read(&Value::Null), Settings::default());
        assert!(!Settings::read(&json!({ "codeLens": { "links": false } })).code_lens.links);
    }
}
