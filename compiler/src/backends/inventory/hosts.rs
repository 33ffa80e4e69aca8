//! A part of `/etc/hosts`.

use super::{flat_name, reached_at};
use crate::topology::Topology;

/// Lines for `/etc/hosts`: each management address with the names of its node. Nodes without management are comments.
pub fn hosts(topology: &Topology) -> String {
    let mut text = format!("# The lab `{}`, at its management addresses.\n", topology.name);
    for node in &topology.nodes {
        let mut names = Vec::new();
        if let Some(domain) = &topology.domain {
            names.push(format!("{}.{domain}", node.hostname));
        }
        names.push(node.hostname.clone());
        let flat = flat_name(node);
        if flat != node.hostname {
            names.push(flat);
        }
        let names = names.join(" ");
        let before = text.len();
        for address in reached_at(node) {
            text.push_str(&format!("{address}\t{names}\n"));
        }
        if text.len() == before {
            text.push_str(&format!("# {names}: no management\n"));
        }
    }
    text
}
