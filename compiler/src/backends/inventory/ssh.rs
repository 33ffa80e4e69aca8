//! A file for `ssh -F`, or to be included in `~/.ssh/config`.

use super::{flat_name, login_user, reached_at};
use crate::topology::{Node, Topology};

/// A `Host` block for each node with management, as OpenSSH's `ssh_config(5)` reads it.
///
/// A node is called by its name (`leaf1`) and with the lab's before it (`fabric-leaf1`), which stays clear where several
/// labs are included. Host keys are not kept: every deployment makes new ones at the same addresses.
pub fn ssh_config(topology: &Topology) -> String {
    let mut text =
        format!("# The lab `{}`. Host keys are new with every deployment, so they are not kept.\n", topology.name);
    for node in &topology.nodes {
        match reached_at(node).next() {
            Some(address) => text.push_str(&block(topology, node, &address.to_string())),
            None => text.push_str(&format!("\n# {}: no management\n", node.path)),
        }
    }
    text
}

fn block(topology: &Topology, node: &Node, address: &str) -> String {
    let name = flat_name(node);
    let mut text = format!("\nHost {name} {}-{name}\n  HostName {address}\n", topology.name);
    if let Some(user) = login_user(topology, node) {
        text.push_str(&format!("  User {}\n", quoted(user)));
    }
    text + "  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  LogLevel ERROR\n"
}

/// An argument of `ssh_config`: in quotes where it has blanks or quotes of its own.
fn quoted(argument: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.@+".contains(c);
    if !argument.is_empty() && argument.chars().all(is_plain) {
        return argument.to_owned();
    }
    let printable = argument.chars().filter(|c| !c.is_control());
    let escaped = printable.flat_map(|c| matches!(c, '"' | '\\').then_some('\\').into_iter().chain([c]));
    format!("\"{}\"", escaped.collect::<String>())
}
