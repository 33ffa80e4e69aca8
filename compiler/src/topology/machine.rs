//! One virtual machine of a node, as its device describes it.

use super::{Attributes, Origin};
use crate::collections::IndexMap;
use crate::value::{Mac, SecretText, Value};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;
use uuid::Uuid;

/// A virtual machine.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Machine {
    /// Path below the topology: the node's for a device of one machine, else with the part: `leaf1/re`.
    pub path: String,
    /// Name of the domain or server: `leaf1`, `leaf1-re`, `office-nyc-gw`.
    pub name: String,
    /// Name of the `vm` part; absent for a device of one machine.
    pub part: Option<String>,
    /// Version 5 of the full path, unless written or locked.
    pub uuid: Uuid,
    /// Virtual CPUs.
    pub cpu: u32,
    /// Bytes.
    pub memory: u64,
    /// CPU model (`SandyBridge`, `host`), if the device asks for one.
    pub cpu_model: Option<String>,
    /// CPU features: `+aes`, `-avx2`.
    pub cpu_flags: Vec<String>,
    /// Machine type: `q35`, `pc`.
    pub machine_type: String,
    /// BIOS or UEFI.
    pub firmware: Firmware,
    /// SMBIOS fields by name (`manufacturer`, `product`, `version`, `serial`, `family`, `sku`).
    pub smbios: IndexMap<String, String>,
    /// Disks, in boot order.
    pub disks: Vec<Disk>,
    /// Boot media made from configuration.
    pub media: Vec<Media>,
    /// NICs, in the order the guest counts them; none of those at the end that nothing needs.
    pub nics: Vec<Nic>,
    /// Does it take cloud-init data from the node's `guest`?
    pub cloud_init: bool,
    /// How many serial ports.
    pub serials: u32,
    /// Video card (`cirrus`, `vga`, `virtio`), or none.
    pub vga: Option<String>,
    /// Nanoseconds to wait once the machine before it has started.
    pub delay: u64,
    /// Dialogue on the serial console at first boot.
    pub console: Vec<ConsoleStep>,
    /// How one sees that it is ready.
    pub ready: Vec<Readiness>,
    /// May it run virtual machines itself?
    pub nested: bool,
    /// Further attributes (`watchdog`, `clock`, `hugepages`, `cpu_limit`, `dedicated_cpu`, `on_reboot`, …).
    pub attributes: Attributes,
    /// Where it was declared: the `vm` of its device, or the node that it is.
    #[serde(skip)]
    pub origin: Origin,
}

/// What starts the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // The field's words.
pub enum Firmware {
    #[default]
    Bios,
    Uefi,
}

/// A disk.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Disk {
    /// Name of the part; `boot` for the first.
    pub name: String,
    /// The image it is a copy of; none for an empty disk.
    pub image: Option<Image>,
    /// Bytes; none for the size of the image.
    pub size: Option<u64>,
    /// `virtio`, `scsi`, `sata`, `ide`, `usb`.
    pub bus: String,
}

/// An image slot, to be bound by the target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Image {
    /// The slot's name: `vqfx_re`.
    pub slot: String,
    /// The version asked for, if any.
    pub version: Option<String>,
    /// What it comes as (`qcow2`, `raw`, …), if its device says so.
    pub format: Option<String>,
    /// What it is on the target this topology was evaluated for; none where nothing is bound.
    pub bound: Option<String>,
}

/// A boot medium with files.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Media {
    /// Name of the part.
    pub name: String,
    /// What it is formatted as.
    pub format: MediaFormat,
    /// What is on it beside the files.
    pub layout: MediaLayout,
    /// Volume label.
    pub label: String,
    /// How it is attached: `ide`, `sata`, `virtio`, `usb`.
    pub bus: String,
    /// The files, by path.
    pub files: Vec<MediaFile>,
}

/// Format of a boot medium.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // The field's words.
pub enum MediaFormat {
    #[default]
    Iso,
    Vfat,
    Ext4,
}

/// What is on a boot medium beside the files that its device names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MediaLayout {
    /// Nothing.
    #[default]
    Plain,
    /// What OpenStack tells its guests: metadata, network data, and user data for cloud-init.
    ConfigDrive,
}

/// A file on a boot medium.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MediaFile {
    /// Path with `/`, without a leading one.
    pub path: String,
    /// What it holds.
    pub content: MediaContent,
}

/// What a file on a boot medium holds.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum MediaContent {
    /// Text.
    Text(TextContent),
    /// An archive.
    Archive {
        /// Its format.
        archive: ArchiveFormat,
        /// The files in it.
        files: Vec<MediaFile>,
    },
}

/// Format of an archive on a boot medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // The field's words.
pub enum ArchiveFormat {
    Tar,
    Tgz,
    Zip,
}

impl ArchiveFormat {
    /// The format that the ending of a path says: `.tar`, `.tgz`, `.tar.gz` or `.zip`.
    pub fn of_path(path: &str) -> Option<ArchiveFormat> {
        let endings = [(".tar", Self::Tar), (".tgz", Self::Tgz), (".tar.gz", Self::Tgz), (".zip", Self::Zip)];
        endings.into_iter().find(|(ending, _)| path.ends_with(ending)).map(|(_, format)| format)
    }
}

/// Text that may hold secrets.
#[derive(Clone, Debug, PartialEq)]
pub enum TextContent {
    /// Just text.
    Plain(String),
    /// Text whose secrets are put in at deployment.
    Secret(Arc<SecretText>),
}

impl TextContent {
    /// The text as artifacts on disk hold it: a marker in place of each secret.
    pub fn with_markers(&self) -> String {
        match self {
            TextContent::Plain(text) => text.clone(),
            TextContent::Secret(secret) => secret.with_markers(),
        }
    }

    /// Does it hold a secret?
    pub fn is_secret(&self) -> bool {
        matches!(self, TextContent::Secret(_))
    }
}

impl TryFrom<&Value> for TextContent {
    type Error = ();

    /// Strings and secrets are text; nothing else is.
    fn try_from(value: &Value) -> Result<TextContent, ()> {
        match value {
            Value::String(text) => Ok(TextContent::Plain(text.to_string())),
            Value::Secret(secret) => Ok(TextContent::Secret(secret.clone())),
            _ => Err(()),
        }
    }
}

impl Serialize for TextContent {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            TextContent::Plain(text) => serializer.serialize_str(text),
            TextContent::Secret(secret) => secret.serialize(serializer),
        }
    }
}

impl JsonSchema for TextContent {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TextContent".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "oneOf": [
            { "type": "string" },
            { "type": "object", "required": ["secret"], "additionalProperties": false,
              "properties": { "secret": { "type": "array", "items": { "type": "string" } } } },
        ] })
    }
}

/// A network card.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Nic {
    /// Name in the device: `em0`, `xe3`.
    pub name: String,
    /// `virtio`, `e1000`, `vmxnet3`, …
    pub model: String,
    /// MAC address: written, locked, or a hash of the path.
    pub mac: Mac,
    /// What it is plugged into.
    pub plug: Plug,
}

/// What a NIC is plugged into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum Plug {
    /// Nothing: it is there so that the guest counts right.
    Nothing,
    /// The management network.
    Management,
    /// An interface of the node: index in its `interfaces`.
    Interface {
        /// Index in the node's `interfaces`.
        interface: usize,
    },
    /// A private wire: index in the node's `wires`.
    Wire {
        /// Index in the node's `wires`.
        wire: usize,
    },
}

/// A step of the dialogue on the serial console.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsoleStep {
    /// Wait for this text.
    Expect {
        /// A regular expression.
        text: String,
        /// Nanoseconds until it is a failure.
        timeout: u64,
    },
    /// Type this and return.
    Send {
        /// What is typed.
        text: TextContent,
    },
    /// Wait.
    Pause {
        /// Nanoseconds.
        time: u64,
    },
}

/// A sign that a machine is ready.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Readiness {
    /// `console`, `ping`, `tcp`, `ssh`, `netconf`, `time`.
    pub kind: String,
    /// The text, port or time.
    pub value: Value,
}
