//! The lab as a page of Markdown, for a wiki or a printout beside the rack.

use super::tables::{Table, addresses, joined, wiring};
use super::{login_user, reached_at};
use crate::topology::{Network, Node, Topology};
use crate::value::Unit;

/// A page with the nodes, the networks, the wiring and every address. Columns in which no row has anything are left out.
pub fn markdown(topology: &Topology) -> String {
    let title = topology.title.as_ref().unwrap_or(&topology.name);
    let mut text = format!("# {}\n", cell(title));
    if let Some(documentation) = &topology.documentation {
        text.push_str(&format!("\n{}\n", documentation.trim_end()));
    }
    section(&mut text, "Nodes", &nodes(topology));
    section(&mut text, "Networks", &networks(topology));
    section(&mut text, "Wiring", &wiring(topology));
    section(&mut text, "Addresses", &addresses(topology));
    text
}

fn nodes(topology: &Topology) -> Table {
    let row = |node: &Node| {
        let sum = |part: fn(&crate::topology::Machine) -> u64| node.machines.iter().map(part).sum::<u64>();
        let machines: Vec<&str> = node.machines.iter().map(|machine| machine.name.as_str()).collect();
        vec![
            node.path.clone(),
            node.device.clone(),
            node.version.clone().unwrap_or_default(),
            joined(&reached_at(node).collect::<Vec<_>>()),
            login_user(topology, node).unwrap_or_default().to_owned(),
            sum(|machine| u64::from(machine.cpu)).to_string(),
            Unit::Size.text(sum(|machine| machine.memory)),
            if machines.len() > 1 { machines.join(" ") } else { String::new() },
            node.notes.clone().unwrap_or_default(),
        ]
    };
    Table {
        columns: &["node", "device", "version", "management", "login", "cpu", "memory", "machines", "notes"],
        rows: topology.nodes.iter().map(row).collect(),
    }
}

fn networks(topology: &Topology) -> Table {
    let row = |network: &Network| {
        vec![
            network.path.clone(),
            joined(&network.subnets),
            joined(&network.gateways),
            network.vlan.map_or(String::new(), |vlan| vlan.to_string()),
            network.mtu.map_or(String::new(), |mtu| mtu.to_string()),
            if network.external { "external" } else { "" }.to_owned(),
        ]
    };
    Table {
        columns: &["network", "prefix", "gateway", "vlan", "mtu", "kind"],
        rows: topology.networks.iter().map(row).collect(),
    }
}

/// A heading and a table, unless that is empty.
fn section(text: &mut String, title: &str, table: &Table) {
    if table.rows.is_empty() {
        return;
    }
    let is_used = |column: usize| table.rows.iter().any(|row| row.get(column).is_some_and(|cell| !cell.is_empty()));
    let used: Vec<bool> = (0..table.columns.len()).map(is_used).collect();
    let line = |cells: &mut dyn Iterator<Item = String>| {
        let kept: Vec<String> = cells.zip(&used).filter(|(_, used)| **used).map(|(cell, _)| cell).collect();
        format!("| {} |\n", kept.join(" | "))
    };
    text.push_str(&format!("\n## {title}\n\n"));
    text.push_str(&line(&mut table.columns.iter().map(|column| (*column).to_owned())));
    text.push_str(&line(&mut table.columns.iter().map(|_| "---".to_owned())));
    for row in &table.rows {
        text.push_str(&line(&mut row.iter().map(|text| cell(text))));
    }
}

/// Text that neither ends its cell nor is taken for markup: what CommonMark and the tables of GitHub would read.
fn cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => cell.push(' '),
            '\\' | '|' | '`' | '*' | '_' | '<' | '[' | '#' => cell.extend(['\\', c]),
            _ => cell.push(c),
        }
    }
    cell
}
