//! A scene as data: where everything stands and runs, for programs, and to be given back as old positions.
//!
//! The form is published as `docs/picture.schema.json`. `nodes` and `bends` are those of [`Positions`], so that a document
//! can be read as one.

use super::graph::Look;
use super::labels::Label;
use super::scene::{Placed, Scene};
use crate::layout::{Point, Positions, Rect};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A picture of a lab as data. Coordinates are in units of a pixel at scale 1, to the right and downwards.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "A wtop picture")]
struct Document<'a> {
    /// Version of this form; it changes when a reader has to.
    version: u32,
    /// Title of the picture.
    title: &'a str,
    /// What the picture takes, with its margin.
    bounds: Rect,
    /// Nodes and networks by path: their centres and boxes.
    nodes: BTreeMap<&'a str, Body<'a>>,
    /// Frames of modules and groups by path, from the outside inwards by name.
    groups: BTreeMap<&'a str, Frame<'a>>,
    /// Wires by path.
    links: BTreeMap<&'a str, Wire<'a>>,
    /// Where the layout leads a link around something, by the link's path; straight links are absent.
    bends: &'a BTreeMap<String, Vec<Point>>,
    /// Texts along the wires.
    labels: Vec<Text>,
}

/// A node or network.
#[derive(Serialize, JsonSchema)]
struct Body<'a> {
    /// Centre of the box.
    x: f64,
    /// Centre of the box.
    y: f64,
    /// The box of its drawing and its name.
    #[serde(rename = "box")]
    rect: Rect,
    /// The name that is shown.
    label: &'a str,
    /// How it is drawn: the word of the attribute `icon`, or `network` for a bar.
    icon: &'a str,
}

/// A frame.
#[derive(Serialize, JsonSchema)]
struct Frame<'a> {
    /// The frame.
    #[serde(rename = "box")]
    rect: Rect,
    /// The title that is shown.
    label: &'a str,
}

/// A wire.
#[derive(Serialize, JsonSchema)]
struct Wire<'a> {
    /// Paths of the nodes or networks that it joins.
    ends: [&'a str; 2],
    /// Its course, from the edge of one drawing to the edge of the other; empty if nothing of it shows.
    points: &'a [Point],
}

/// Lines of text in a box, which may be turned.
#[derive(Serialize, JsonSchema)]
struct Text {
    /// The lines of text.
    lines: Vec<String>,
    /// Centre of the box.
    centre: Point,
    /// Width of the box along the text.
    width: f64,
    /// Height of the box across the text.
    height: f64,
    /// Cosine (`x`) and sine (`y`) of the angle by which the box is turned around its centre, clockwise.
    turn: Point,
}

/// Writes a scene as JSON.
pub fn json(scene: &Scene) -> String {
    // Text keys and numbers always are JSON.
    let mut written = serde_json::to_string_pretty(&document(scene)).unwrap_or_default();
    written.push('\n');
    written
}

/// The same as a value, for those who look for what changed: see [`patch`](super::patch()).
pub fn json_value(scene: &Scene) -> serde_json::Value {
    serde_json::to_value(document(scene)).unwrap_or_default()
}

fn document(scene: &Scene) -> Document<'_> {
    Document {
        version: 1,
        title: &scene.title,
        bounds: scene.bounds,
        nodes: scene.bodies.iter().map(|placed| (placed.id.as_str(), body(placed, &scene.positions))).collect(),
        groups: scene
            .frames
            .iter()
            .map(|frame| (frame.id.as_str(), Frame { rect: frame.rect, label: &frame.title }))
            .collect(),
        links: scene
            .wires
            .iter()
            .map(|wire| {
                let ends = wire.ends.each_ref().map(String::as_str);
                (wire.id.as_str(), Wire { ends, points: &wire.points })
            })
            .collect(),
        bends: &scene.positions.bends,
        labels: scene.all_labels().map(text).collect(),
    }
}

/// The JSON Schema of what [`json`] writes.
pub fn json_schema() -> String {
    let schema = schemars::SchemaGenerator::default().into_root_schema_for::<Document<'static>>();
    let mut written = serde_json::to_string_pretty(&schema).unwrap_or_default();
    written.push('\n');
    written
}

fn body<'a>(placed: &'a Placed, positions: &Positions) -> Body<'a> {
    // A bar reaches further than the box that was placed, so its centre is not that of the drawing.
    let centre = positions.nodes.get(&placed.id).copied().unwrap_or_else(|| placed.rect.centre());
    let icon = match placed.body.look {
        Look::Bar => "network",
        Look::Icon(icon) => icon.name(),
    };
    Body { x: centre.x, y: centre.y, rect: placed.rect, label: &placed.body.name, icon }
}

fn text(label: &Label) -> Text {
    let spot = &label.spot;
    Text {
        lines: label.lines.iter().map(|(_, line)| line.clone()).collect(),
        centre: spot.centre,
        width: spot.half_width * 2.0,
        height: spot.half_height * 2.0,
        turn: spot.along,
    }
}
