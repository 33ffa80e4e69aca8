//! A drawing for Graphviz.

use super::graph::end_lines;
use super::nesting::{Downward, Step, links, steps};
use super::text::clean;
use super::theme::colour;
use super::{Drawing, End, Icon, Network, Node, Shape, roles};
use std::collections::BTreeMap;
use std::fmt::{self, Write};

/// Writes `drawing` for Graphviz: `dot -Tsvg`.
pub fn dot(drawing: &Drawing) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_graph(&mut out, drawing);
    out
}

fn write_graph(out: &mut String, drawing: &Drawing) -> fmt::Result {
    writeln!(out, "graph {} {{", id(&drawing.title))?;
    writeln!(
        out,
        "  graph [label={}, labelloc=t, fontname=Arial, newrank=true, nodesep=0.5, ranksep=1.0]",
        text(&drawing.title)
    )?;
    writeln!(out, "  node [fontname=Arial, fontsize=11, style=filled, fontcolor=white]")?;
    writeln!(out, "  edge [fontname=Arial, fontsize=8, color=\"#6b7a89\", fontcolor=\"#5a6875\"]")?;
    for (depth, step) in steps(drawing) {
        let indent = "  ".repeat(depth + 1);
        match step {
            Step::Open(group) => {
                let Some(group) = drawing.groups.get(group) else { continue };
                writeln!(out, "{indent}subgraph {} {{", id(&format!("cluster_{}", group.id)))?;
                writeln!(
                    out,
                    "{indent}  graph [label={}, style=\"rounded,filled\", color=\"#b9c4cf\", fillcolor=\"#f4f6f9\"]",
                    text(&group.label)
                )?;
            }
            Step::Close => writeln!(out, "{indent}}}")?,
            Step::Node(node) => {
                drawing
                    .nodes
                    .get(node)
                    .map_or(Ok(()), |node| writeln!(out, "{indent}{} {}", id(&node.id), node_look(node)))?;
            }
            Step::Network(network) => drawing
                .networks
                .get(network)
                .map_or(Ok(()), |network| writeln!(out, "{indent}{} {}", id(&network.id), network_look(network)))?,
        }
    }
    write_tiers(out, drawing)?;
    write_links(out, drawing)?;
    writeln!(out, "}}")
}

/// What stands in one tier stands side by side.
fn write_tiers(out: &mut String, drawing: &Drawing) -> fmt::Result {
    let (nodes, networks) = roles::tiers(drawing);
    let mut tiers: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    let ids = drawing.nodes.iter().map(|node| &node.id).chain(drawing.networks.iter().map(|network| &network.id));
    for (node, tier) in ids.zip(nodes.into_iter().chain(networks)) {
        if let Some(tier) = tier {
            tiers.entry(tier).or_default().push(id(node));
        }
    }
    for members in tiers.values().filter(|members| members.len() > 1) {
        writeln!(out, "  {{ rank=same; {} }}", members.join("; "))?;
    }
    Ok(())
}

fn write_links(out: &mut String, drawing: &Drawing) -> fmt::Result {
    for Downward { link, ends: [upper, lower], .. } in links(drawing) {
        let mut attributes = Vec::new();
        let ends = [("taillabel", upper), ("headlabel", lower)];
        for (name, end) in ends {
            let label = end_text(end);
            if label != "\"\"" {
                attributes.push(format!("{name}={label}"));
            }
        }
        attributes.extend(link.label.as_ref().map(|label| format!("label={}", text(label))));
        if link.down {
            attributes.push("style=dashed, color=\"#c2321f\"".to_string());
        }
        let attributes = if attributes.is_empty() { String::new() } else { format!(" [{}]", attributes.join(", ")) };
        writeln!(out, "  {} -- {}{attributes}", id(&upper.at), id(&lower.at))?;
    }
    Ok(())
}

fn end_text(end: &End) -> String {
    let lines: Vec<String> = end_lines(end).iter().map(|line| escape(line)).collect();
    format!("\"{}\"", lines.join("\\n"))
}

fn node_look(node: &Node) -> String {
    let shape = match node.icon {
        Icon::Router => "ellipse",
        Icon::Switch | Icon::Host | Icon::Phone | Icon::Generic => "box",
        Icon::Firewall => "hexagon",
        Icon::Server => "box3d",
        Icon::Cloud => "egg",
        Icon::Appliance => "component",
        Icon::AccessPoint => "invtrapezium",
        Icon::LoadBalancer => "octagon",
    };
    let colour = colour(node.icon);
    let label = [Some(&node.label), node.sublabel.as_ref()].into_iter().flatten().map(|line| escape(line));
    let label = label.collect::<Vec<_>>().join("\\n");
    format!("[label=\"{label}\", shape={shape}, color=\"{colour}\"]")
}

fn network_look(network: &Network) -> String {
    let shape = match network.shape {
        Shape::Bar => "shape=box, style=\"rounded,filled\", height=0.3",
        Shape::Cloud => "shape=egg",
    };
    let label = std::iter::once(&network.label).chain(&network.subnets).map(|line| escape(line));
    let label = label.collect::<Vec<_>>().join("\\n");
    format!("[label=\"{label}\", {shape}, color=\"#3c8a5e\", fillcolor=\"#e2f1e8\", fontcolor=\"#1c2733\"]")
}

/// A quoted name. Names are only compared, so the backslash needs no care but at the end, where it would take the quote
/// with it.
fn id(name: &str) -> String {
    format!("\"{}\"", clean(name).replace('\\', "\\\\").replace('"', "\\\""))
}

/// Quoted text to be shown.
fn text(shown: &str) -> String {
    format!("\"{}\"", escape(shown))
}

/// Graphviz reads backslashes as its own escapes, and `&…;` as in HTML.
fn escape(shown: &str) -> String {
    clean(shown).replace('&', "&amp;").replace('\\', "\\\\").replace('"', "\\\"")
}
