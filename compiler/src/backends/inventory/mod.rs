//! Inventories: who is in the lab, where it is reached, and what is wired to what, in the forms that other tools and
//! people read. No password is ever in one.

mod ansible;
mod hosts;
mod report;
mod ssh;
mod tables;
#[cfg(test)]
mod tests;

pub use ansible::ansible;
pub use hosts::hosts;
pub use report::markdown;
pub use ssh::ssh_config;
pub use tables::{addresses_csv, wiring_csv};

use crate::topology::{Attributes, Node, Topology};
use crate::value::Value;
use std::net::IpAddr;

/// Where a node is reached: its management addresses. Empty where it has no management.
fn reached_at(node: &Node) -> impl Iterator<Item = IpAddr> {
    node.management.iter().flat_map(|port| &port.addresses).map(|net| net.addr())
}

/// Who logs in: the user of the node's `login`, else of the lab's, else the one that the device has from the factory.
pub fn login_user<'t>(topology: &'t Topology, node: &'t Node) -> Option<&'t str> {
    let of_login = |attributes: &'t Attributes| match attributes.get("login")? {
        Value::Map(login) => text(login.get("user")?),
        _ => None,
    };
    let factory = || node.attributes.get("default_user").and_then(text);
    of_login(&node.attributes).or_else(|| of_login(&topology.attributes)).or_else(factory)
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// A name for programs and people: the path with `-` between its parts, as domains are called.
fn flat_name(node: &Node) -> String {
    node.path.replace('/', "-")
}
