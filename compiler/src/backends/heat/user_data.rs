//! User data: what a guest gets at first boot. Heat puts the secrets in.

use super::Writer;
use super::losses;
use super::servers::resource;
use super::yaml::{Map, Yaml};
use crate::lab::LabMachine;
use crate::media::cloud_init;
use crate::topology::{MediaContent, TextContent};
use crate::value::{SecretPart, SecretSource, SecretText};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Most bytes of user data in base64 that Nova takes.
const MOST_BYTES: usize = 65535;

/// The file of a boot medium in which a guest expects the user data of an OpenStack config drive.
const FILE: &str = "openstack/latest/user_data";

/// What stands around a secret's source in text until it is put in: characters for private use.
const OPEN: char = '\u{f0077}';
const CLOSE: char = '\u{f0078}';

/// The secrets of a text, by their source's name.
pub(super) type Sources = BTreeMap<String, SecretSource>;

impl Writer<'_> {
    /// The user data of a machine: the file of a medium that is meant to be it, else what cloud-init takes.
    pub(super) fn user_data(&mut self, machine: &LabMachine) -> Option<Yaml> {
        let mut files = machine.machine.media.iter().flat_map(|media| &media.files);
        let has_media = files.clone().next().is_some();
        let user_data = files.find_map(|file| match &file.content {
            MediaContent::Text(text) if file.path == FILE => Some(text),
            _ => None,
        });
        if let Some(content) = user_data {
            self.check_size(machine, &content.with_markers());
            return Some(self.text(content));
        }
        if has_media {
            self.losses.add(&losses::MEDIA, machine.node.origin.span, &machine.machine.path);
        }
        machine.machine.cloud_init.then(|| self.cloud_config(machine))
    }

    fn check_size(&mut self, machine: &LabMachine, user_data: &str) {
        if user_data.len().div_ceil(3) * 4 > MOST_BYTES {
            self.losses.add(&losses::USER_DATA, machine.node.origin.span, &machine.machine.path);
        }
    }

    /// A `#cloud-config` as text. With secrets it is a resource of its own that Heat writes as YAML: so a secret may
    /// hold any character.
    fn cloud_config(&mut self, machine: &LabMachine) -> Yaml {
        let sources: RefCell<Sources> = RefCell::default();
        let reveal = |source: &SecretSource| {
            sources.borrow_mut().insert(source.to_string(), source.clone());
            format!("{OPEN}{source}{CLOSE}")
        };
        let config = cloud_init::in_cloud(self.lab, machine, &reveal);
        let text = config.text();
        self.check_size(machine, &text);
        let sources = sources.into_inner();
        if sources.is_empty() {
            return text.into();
        }
        let id = self.ids.names.unique("user_data", &machine.machine.path);
        let config = serde_json::to_value(&config).unwrap_or_default();
        let properties = Map::default().with("cloud_config", self.json(&config, &sources));
        self.resource(&id, "OS::Heat::CloudConfig", properties);
        resource(&id)
    }

    /// A value as YAML, with its secrets as parameters.
    pub(super) fn json(&mut self, value: &serde_json::Value, sources: &Sources) -> Yaml {
        match value {
            serde_json::Value::Null => Yaml::Null,
            serde_json::Value::Bool(value) => Yaml::Bool(*value),
            serde_json::Value::Number(number) => number.as_i64().map_or(Yaml::Null, Yaml::Int),
            serde_json::Value::String(text) => self.marked(text, sources),
            serde_json::Value::Array(items) => Yaml::List(items.iter().map(|item| self.json(item, sources)).collect()),
            serde_json::Value::Object(entries) => {
                let mut map = Map::default();
                entries.iter().for_each(|(key, value)| map.add(key.as_str(), self.json(value, sources)));
                map.into()
            }
        }
    }

    /// Text in which sources stand between [`OPEN`] and [`CLOSE`].
    fn marked(&mut self, text: &str, sources: &Sources) -> Yaml {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(OPEN) {
            plain.push_str(before);
            let secret = after.split_once(CLOSE).and_then(|(name, after)| Some((sources.get(name)?, after)));
            rest = match secret {
                Some((source, after)) => {
                    parts.push(SecretPart::Plain(std::mem::take(&mut plain)));
                    parts.push(SecretPart::Secret(source.clone()));
                    after
                }
                None => {
                    plain.push(OPEN);
                    after
                }
            };
        }
        if parts.is_empty() {
            return text.into();
        }
        plain.push_str(rest);
        parts.push(SecretPart::Plain(plain));
        parts.retain(|part| *part != SecretPart::Plain(String::new()));
        self.secret_text(&SecretText { parts })
    }

    fn text(&mut self, content: &TextContent) -> Yaml {
        match content {
            TextContent::Plain(text) => text.as_str().into(),
            TextContent::Secret(text) => self.secret_text(text),
        }
    }

    /// Text with secrets, put together by Heat.
    fn secret_text(&mut self, secret: &SecretText) -> Yaml {
        if let [SecretPart::Secret(source)] = secret.parts.as_slice() {
            return self.parameters.secret(source).1;
        }
        // Brackets longer than any in the text, so that it holds no marker by itself.
        let plain = secret.parts.iter().filter_map(|part| match part {
            SecretPart::Plain(text) => Some(text.as_str()),
            SecretPart::Secret(_) => None,
        });
        let runs = plain.flat_map(|text| text.split(|c| c != '<')).map(str::len);
        let brackets = runs.max().unwrap_or(0) + 1;
        let mut template = String::new();
        let mut params = BTreeMap::new();
        for part in &secret.parts {
            match part {
                SecretPart::Plain(text) => template.push_str(text),
                SecretPart::Secret(source) => {
                    let (name, parameter) = self.parameters.secret(source);
                    let marker = format!("{}{name}{}", "<".repeat(brackets), ">".repeat(brackets));
                    template.push_str(&marker);
                    params.insert(marker, parameter);
                }
            }
        }
        let params = params.into_iter().fold(Map::default(), |map, (marker, parameter)| map.with(marker, parameter));
        let replace = Map::default().with("template", template).with("params", params);
        Map::default().with("str_replace", replace).into()
    }
}
