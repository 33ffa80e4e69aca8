//! A drawing as a Mermaid flowchart, for Markdown pages. Mermaid itself refuses charts of more than 500 links or 50,000
//! characters unless the page that shows them allows more (`maxEdges`, `maxTextSize`).

use super::graph::end_lines;
use super::nesting::{Downward, Step, links, steps};
use super::text::clean;
use super::theme::colour;
use super::{Drawing, End, Icon, Network, Node};
use std::collections::BTreeSet;
use std::fmt::{self, Write};

/// Class and colour of networks.
const NETWORK: (&str, &str) = ("network", "#3c8a5e");

/// Writes `drawing` as a flowchart.
pub fn mermaid(drawing: &Drawing) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_chart(&mut out, drawing);
    out
}

fn write_chart(out: &mut String, drawing: &Drawing) -> fmt::Result {
    if !drawing.title.is_empty() {
        // A JSON string is a YAML string.
        let title = clean(&drawing.title).replace('\\', "\\\\").replace('"', "\\\"");
        writeln!(out, "---\ntitle: \"{title}\"\n---")?;
    }
    writeln!(out, "flowchart TB")?;
    let mut names = Names::default();
    let ids = drawing.nodes.iter().map(|node| &node.id).chain(drawing.networks.iter().map(|network| &network.id));
    let boxes: Vec<String> = ids.map(|id| names.take("n", id)).collect();
    let name = |index: usize| boxes.get(index).map_or("", String::as_str);
    let mut used = BTreeSet::new();
    for (depth, step) in steps(drawing) {
        let indent = "  ".repeat(depth + 1);
        match step {
            Step::Open(group) => {
                let Some(group) = drawing.groups.get(group) else { continue };
                let subgraph = names.take("g", &group.id);
                writeln!(out, "{indent}subgraph {subgraph}[\"{}\"]", escape(&group.label))?;
            }
            Step::Close => writeln!(out, "{indent}end")?,
            Step::Node(index) => {
                let Some(node) = drawing.nodes.get(index) else { continue };
                used.insert(node.icon.name());
                writeln!(out, "{indent}{}{}:::{}", name(index), node_shape(node), node.icon.name())?;
            }
            Step::Network(index) => {
                let Some(network) = drawing.networks.get(index) else { continue };
                used.insert("network");
                writeln!(
                    out,
                    "{indent}{}([\"{}\"]):::network",
                    name(drawing.nodes.len() + index),
                    network_text(network)
                )?;
            }
        }
    }
    for Downward { link, ends, numbers: [upper, lower] } in links(drawing) {
        let label = link_text(ends, link.label.as_deref());
        let arrow = if link.down { "-.-" } else { "---" };
        let label = if label.is_empty() { String::new() } else { format!("|\"{label}\"|") };
        writeln!(out, "  {} {arrow}{label} {}", name(upper), name(lower))?;
    }
    let classes = Icon::ALL.map(|(name, icon)| (name, colour(icon))).into_iter().chain([NETWORK]);
    for (class, colour) in classes.filter(|(class, _)| used.contains(class)) {
        writeln!(out, "  classDef {class} fill:{colour},stroke:{colour},color:#fff")?;
    }
    Ok(())
}

fn node_shape(node: &Node) -> String {
    let (open, close) = match node.icon {
        Icon::Router | Icon::Cloud => ("((", "))"),
        Icon::Firewall => ("{{", "}}"),
        Icon::Host | Icon::Phone => ("(", ")"),
        Icon::Server => ("[[", "]]"),
        Icon::LoadBalancer => ("[/", "/]"),
        Icon::AccessPoint => ("([", "])"),
        Icon::Switch | Icon::Appliance | Icon::Generic => ("[", "]"),
    };
    let device = node.sublabel.as_ref().map_or(String::new(), |device| format!("<br/>{}", escape(device)));
    format!("{open}\"{}{device}\"{close}", escape(&node.label))
}

fn network_text(network: &Network) -> String {
    let lines = std::iter::once(&network.label).chain(&network.subnets).map(|line| escape(line));
    lines.collect::<Vec<_>>().join("<br/>")
}

/// What is known of both ends, and the label below; Mermaid has no labels at ends.
fn link_text(ends: [&End; 2], label: Option<&str>) -> String {
    let [upper, lower] = ends.map(|end| escape(&end_lines(end).join(" ")));
    let mut lines: Vec<String> = Vec::new();
    match (upper.is_empty(), lower.is_empty()) {
        (true, true) => {}
        (false, false) => lines.push(format!("{upper} ↔ {lower}")),
        _ => lines.push(upper + &lower),
    }
    lines.extend(label.map(escape));
    lines.join("<br/>")
}

/// Names that mean nothing else in Mermaid, each given once.
#[derive(Default)]
struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// A readable name for `id`. The prefix keeps it apart from keywords such as `end`.
    fn take(&mut self, prefix: &str, id: &str) -> String {
        let plain: String = id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let mut name = format!("{prefix}_{plain}");
        let mut count = 1;
        while !self.taken.insert(name.clone()) {
            count += 1;
            name = format!("{prefix}_{plain}_{count}");
        }
        name
    }
}

/// Text between quotes. Everything that Mermaid, its Markdown or HTML could read as theirs is written as a code.
fn escape(text: &str) -> String {
    let text = clean(text);
    let mut escaped = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek();
        // "1. x", "- x" would begin a list.
        let list = (c == '.' && after == Some(&' ')) || (c == '-' && before.is_none());
        let plain = c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '/' | ':' | ',' | '(' | ')') || !c.is_ascii();
        if plain && !list {
            escaped.push(c);
        } else {
            // Writing to a string cannot fail.
            let _ = write!(escaped, "#{};", u32::from(c));
        }
        before = Some(c);
    }
    escaped
}
