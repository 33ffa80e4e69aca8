//! A scene in pieces of SVG by id, for a page that shows it and follows edits: it draws nothing by itself, so that the
//! picture is the same everywhere.

use super::icons::shapes;
use super::scene::Scene;
use super::svg::{write_body, write_frame, write_frame_title, write_label, write_tie, write_wire};
use super::theme::switchable;
use super::{Drawing, Icon};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt;

/// The pieces of a scene, in the form that [`patch`](super::patch()) compares.
///
/// `nodes` (with networks), `groups` and `links` are maps from ids to `svg` and what a page has to know of them; `labels`
/// are texts along lines, and `ties` what holds bundles together, both as SVG. They are shown in this order: groups, ties,
/// links, titles of groups, nodes, labels.
pub fn drawn(drawing: &Drawing, scene: &Scene) -> Value {
    let tags: BTreeMap<&str, &[String]> =
        drawing.nodes.iter().map(|node| (node.id.as_str(), node.tags.as_slice())).collect();
    let nodes: Map<String, Value> = (scene.bodies.iter())
        .map(|placed| {
            let piece = json!({
                "svg": piece(|out| write_body(out, placed)),
                "box": placed.rect,
                "label": placed.body.full,
                "facts": placed.body.facts,
                "tags": tags.get(placed.id.as_str()),
                "network": !tags.contains_key(placed.id.as_str()),
            });
            (placed.id.clone(), piece)
        })
        .collect();
    let groups: Map<String, Value> = (scene.frames.iter())
        .map(|frame| {
            let title = piece(|out| write_frame_title(out, frame));
            let piece = json!({ "svg": piece(|out| write_frame(out, frame)), "title": title, "box": frame.rect, "label": frame.full });
            (frame.id.clone(), piece)
        })
        .collect();
    let links: Map<String, Value> = (scene.wires.iter())
        .map(|wire| {
            let svg = piece(|out| write_wire(out, wire));
            (wire.id.clone(), json!({ "svg": svg, "ends": wire.ends, "label": wire.full, "down": wire.down }))
        })
        .collect();
    let ties: Vec<String> = scene.ties.iter().map(|tie| piece(|out| write_tie(out, tie))).collect();
    let labels: Vec<String> = scene.all_labels().map(|label| piece(|out| write_label(out, label))).collect();
    json!({
        "title": scene.name(), "bounds": scene.bounds,
        "nodes": nodes, "groups": groups, "links": links, "ties": ties, "labels": labels,
    })
}

/// What the pieces of every scene need around them: the style sheet, and the definitions of the icons.
pub fn dress() -> Value {
    let icon = |(name, icon): (&str, Icon)| format!(r#"<g id="wtop-{name}">{}</g>"#, shapes(icon));
    json!({ "style": switchable(), "icons": Icon::ALL.into_iter().map(icon).collect::<String>() })
}

fn piece(write: impl FnOnce(&mut String) -> fmt::Result) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut out);
    out
}
