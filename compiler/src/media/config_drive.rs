//! The OpenStack config drive: what a cloud tells a guest, on a medium of its own.
//!
//! References: Nova's documentation of config drives, and the schema of its `network_data.json`.

use super::{Reveal, cloud_init};
use crate::lab::{Lab, LabMachine};
use serde_json::{Map, Value, json};

/// The volume label by which guests find it.
pub const LABEL: &str = "config-2";

/// Path and content of its files; user data only for a guest that takes cloud-init data.
pub fn files(lab: &Lab<'_>, machine: &LabMachine<'_>, reveal: &Reveal<'_>) -> Vec<(&'static str, String)> {
    let mut files = vec![
        ("openstack/latest/meta_data.json", document(&meta_data(machine))),
        ("openstack/latest/network_data.json", document(&cloud_init::network_data(lab, machine))),
    ];
    if machine.machine.cloud_init {
        files.push(("openstack/latest/user_data", cloud_init::in_cloud(lab, machine, reveal).text()));
    }
    files
}

fn meta_data(machine: &LabMachine<'_>) -> Value {
    let keys = machine.node.guest.ssh_keys.iter().enumerate();
    let keys: Map<String, Value> = keys.map(|(at, key)| (format!("key-{}", at + 1), json!(key))).collect();
    json!({
        "uuid": machine.machine.uuid.to_string(),
        "name": machine.machine.name,
        "hostname": machine.node.hostname,
        "launch_index": 0,
        "public_keys": keys,
    })
}

fn document(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
