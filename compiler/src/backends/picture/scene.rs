//! A drawing with everything in its place, ready to be written down.

use super::graph::{self, Body, LABEL, Look, Measured, NAME, PADDING};
use super::icons::ICON;
use super::labels::{Label, Sheet, Tilted, length, walk};
use super::text::{fit, width};
use super::{Drawing, End, Link, lines};
use crate::layout::{Kind, Outline, Point, Positions, Rect, layout, outline};
use std::collections::{BTreeMap, BTreeSet};

/// Distance between the picture and its edge.
const MARGIN: f64 = 24.0;
/// Height of the strip with the title.
const TITLE: f64 = 34.0;
/// Font size of the title.
const TITLE_SIZE: f64 = 17.0;
/// Distance from a node at which the members of a bundle are tied together.
const TIE: f64 = 22.0;

/// The edges of frames count as lines that no text should cross, of a link that is none.
const FRAME_EDGE: usize = usize::MAX;

/// Width of a tie.
pub(super) const TIE_WIDTH: f64 = 13.0;

/// A placed drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// Where the nodes stand: to be kept, and given to [`Scene::of`] the next time.
    pub positions: Positions,
    pub(super) title: String,
    pub(super) bounds: Rect,
    pub(super) frames: Vec<Frame>,
    pub(super) bodies: Vec<Placed>,
    pub(super) wires: Vec<Wire>,
    pub(super) ties: Vec<Tie>,
    pub(super) labels: Vec<Label>,
}

/// The frame of a group.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Frame {
    pub id: String,
    pub full: String,
    pub title: String,
    pub rect: Rect,
}

/// A node or network.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Placed {
    pub id: String,
    pub body: Body,
    pub rect: Rect,
    /// Centre of the icon.
    pub icon: Point,
}

/// A link.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wire {
    pub id: String,
    /// Ids of what it joins.
    pub ends: [String; 2],
    pub full: String,
    pub points: Vec<Point>,
    pub down: bool,
    /// Where it meets bars.
    pub taps: Vec<Point>,
}

/// What ties the members of a bundle together at one of its nodes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tie {
    pub full: String,
    pub points: Vec<Point>,
    pub label: Option<Label>,
}

impl Scene {
    /// Places `drawing`. With `old` positions, what has one keeps it; see [`layout`].
    pub fn of(drawing: &Drawing, old: Option<&Positions>) -> Scene {
        let measured = graph::measure(drawing);
        let positions = layout(&measured.graph, old);
        let outline = outline(&measured.graph, &positions);
        let courses = lines::run(&measured, &outline, &positions);
        let frames = frames(drawing, &measured, &outline);
        let bodies = bodies(&measured, &outline);
        let wires = wires(&measured, &courses);

        let mut sheet = Sheet::default();
        bodies.iter().for_each(|placed| sheet.add_solid(Tilted::upright(&placed.rect)));
        frames.iter().for_each(|frame| sheet.add_solid(Tilted::upright(&frame.title_box())));
        frames.iter().for_each(|frame| sheet.add_line(FRAME_EDGE, &frame.edge()));
        courses.iter().enumerate().for_each(|(link, points)| sheet.add_line(link, points));
        let ties = ties(drawing, &measured, &courses, &mut sheet);
        let labels = labels(&measured, &courses, &mut sheet);

        let title = fit(&drawing.title, TITLE_SIZE, 640.0);
        let mut scene = Scene { positions, title, bounds: Rect::default(), frames, bodies, wires, ties, labels };
        scene.bounds = scene.extent();
        scene
    }

    /// What the picture is called.
    pub(super) fn name(&self) -> &str {
        if self.title.is_empty() { "Topology" } else { &self.title }
    }

    /// The room that the title takes, above everything else.
    pub(super) fn title_box(&self) -> Rect {
        let (left, top) = (self.bounds.left + MARGIN, self.bounds.top + MARGIN - 4.0);
        Rect { left, top, right: left + width(&self.title, TITLE_SIZE * 1.08), bottom: top + TITLE_SIZE + 4.0 }
    }

    /// The texts along lines and at ties.
    pub(super) fn all_labels(&self) -> impl Iterator<Item = &Label> {
        self.labels.iter().chain(self.ties.iter().filter_map(|tie| tie.label.as_ref()))
    }

    /// What everything takes, with the margin.
    fn extent(&self) -> Rect {
        let points =
            self.wires.iter().map(|wire| &wire.points).chain(self.ties.iter().map(|tie| &tie.points)).flatten();
        let rects = (self.frames.iter().map(|frame| frame.rect))
            .chain(self.bodies.iter().map(|placed| placed.rect))
            .chain(self.all_labels().map(|label| label.spot.bounds()))
            .chain(points.map(|point| Rect::around(*point, 2.0, 2.0)));
        let mut all = rects.reduce(|all, rect| all.union(&rect)).unwrap_or_default().grown(MARGIN);
        if !self.title.is_empty() {
            all.top -= TITLE;
            all.right = all.right.max(all.left + width(&self.title, TITLE_SIZE * 1.08) + 2.0 * MARGIN);
        }
        Rect { left: all.left.floor(), top: all.top.floor(), right: all.right.ceil(), bottom: all.bottom.ceil() }
    }
}

impl Frame {
    /// Once around it.
    fn edge(&self) -> [Point; 5] {
        let Rect { left, top, right, bottom } = self.rect;
        [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)].map(|(x, y)| Point::new(x, y))
    }

    /// The room that its title takes.
    pub fn title_box(&self) -> Rect {
        let (left, top) = (self.rect.left + 12.0, self.rect.top + 6.0);
        Rect { left, top, right: left + width(&self.title, NAME * 1.08), bottom: top + NAME + 4.0 }
    }
}

/// The frames, outer ones first.
fn frames(drawing: &Drawing, measured: &Measured, outline: &Outline) -> Vec<Frame> {
    let groups = drawing.groups.iter().zip(&measured.titles).zip(&outline.groups);
    groups
        .filter_map(|((group, title), rect)| {
            Some(Frame { id: group.id.clone(), full: group.label.clone(), title: title.clone(), rect: (*rect)? })
        })
        .collect()
}

fn bodies(measured: &Measured, outline: &Outline) -> Vec<Placed> {
    let nodes = measured.graph.nodes.iter().zip(&measured.bodies).zip(&outline.nodes);
    nodes
        .map(|((node, body), rect)| Placed {
            id: node.id.clone(),
            body: body.clone(),
            rect: *rect,
            icon: rect.centre().moved(0.0, node.aim),
        })
        .collect()
}

fn wires(measured: &Measured, courses: &[Vec<Point>]) -> Vec<Wire> {
    let is_bar = |node: usize| measured.graph.nodes.get(node).is_some_and(|node| node.kind == Kind::Segment);
    let parts = measured.links.iter().zip(&measured.graph.edges).zip(courses);
    parts
        .map(|((link, edge), points)| {
            let [a, b] = edge.ends;
            let taps = [(a, points.first()), (b, points.last())];
            Wire {
                id: link.id.clone(),
                ends: link.ends.each_ref().map(|end| end.at.clone()),
                full: describe(link),
                points: points.clone(),
                down: link.down,
                taps: taps
                    .into_iter()
                    .filter(|(node, _)| is_bar(*node))
                    .filter_map(|(_, point)| point.copied())
                    .collect(),
            }
        })
        .collect()
}

/// A link in words, with everything that its labels may have no room for.
fn describe(link: &Link) -> String {
    let end = |end: &End| {
        let name = end.interface.as_ref().map_or(end.at.clone(), |interface| format!("{}:{interface}", end.at));
        let rest: Vec<&str> = end.addresses.iter().chain(&end.vlan).map(String::as_str).collect();
        if rest.is_empty() { name } else { format!("{name} ({})", rest.join(", ")) }
    };
    let [a, b] = &link.ends;
    let label = link.label.as_ref().map_or(String::new(), |label| format!(", {label}"));
    format!("{} <-> {}{label}{}", end(a), end(b), if link.down { ", down" } else { "" })
}

fn labels(measured: &Measured, courses: &[Vec<Point>], sheet: &mut Sheet) -> Vec<Label> {
    let mut labels = Vec::new();
    for (index, (link, points)) in measured.links.iter().zip(courses).enumerate() {
        if let Some(label) = &link.label {
            labels.extend(sheet.place_middle(index, points, &graph::middle_text(label)));
        }
    }
    for (index, (link, points)) in measured.links.iter().zip(courses).enumerate() {
        let [first, second] = link.ends.each_ref().map(graph::end_lines);
        // An end may use the other's half if that has nothing to say.
        let share = |other: &[String]| if other.is_empty() { 0.85 } else { 0.5 };
        labels.extend(sheet.place_end(index, points, share(&second), &first));
        let backwards: Vec<Point> = points.iter().rev().copied().collect();
        labels.extend(sheet.place_end(index, &backwards, share(&first), &second));
    }
    labels
}

/// For each bundle, a tie across its members at every node that has two or more of them.
fn ties(drawing: &Drawing, measured: &Measured, courses: &[Vec<Point>], sheet: &mut Sheet) -> Vec<Tie> {
    let names: BTreeMap<&str, &str> = drawing.lags.iter().map(|lag| (lag.id.as_str(), lag.label.as_str())).collect();
    // By bundle and node: the links, with whether they end there.
    let mut members: BTreeMap<(&str, usize), Vec<(usize, bool)>> = BTreeMap::new();
    for (index, (link, edge)) in measured.links.iter().zip(&measured.graph.edges).enumerate() {
        let Some(lag) = link.lag.as_deref().filter(|lag| names.contains_key(lag)) else { continue };
        let [a, b] = edge.ends;
        members.entry((lag, a)).or_default().push((index, false));
        members.entry((lag, b)).or_default().push((index, true));
    }
    let mut ties = Vec::new();
    let mut tied = BTreeSet::new();
    for ((lag, _), members) in members {
        let between: BTreeSet<[usize; 2]> =
            members.iter().filter_map(|(link, _)| sorted_ends(measured, *link)).collect();
        // Links between the same two nodes are tied once, halfway; links to several, where they come together.
        let share = if between.len() == 1 { 0.5 } else { 0.0 };
        if members.len() < 2 || (between.len() == 1 && !tied.insert((lag, between))) {
            continue;
        }
        let mut points: Vec<Point> =
            members.iter().filter_map(|(link, ends)| tie_point(courses.get(*link)?, *ends, share)).collect();
        points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
        if let (Some(a), Some(b)) = (points.first().copied(), points.last().copied()) {
            let name = names.get(lag).copied().unwrap_or_default();
            let beyond = -TIE_WIDTH / 2.5 / a.distance(b).max(1.0);
            let (a, b) = (a.towards(b, beyond), b.towards(a, beyond));
            let link = members.first().map_or(0, |(link, _)| *link);
            sheet.add_solid(Tilted::around(a, b, TIE_WIDTH / 2.0));
            let label = sheet.place_near(link, b, &fit(name, LABEL, 90.0));
            ties.push(Tie { full: name.to_string(), points: vec![a, b], label });
        }
    }
    ties
}

fn sorted_ends(measured: &Measured, link: usize) -> Option<[usize; 2]> {
    let [a, b] = measured.graph.edges.get(link)?.ends;
    Some([a.min(b), a.max(b)])
}

/// Where a member of a bundle is tied: a share of its length from its first or last end, or if that is nothing, near it.
fn tie_point(points: &[Point], at_end: bool, share: f64) -> Option<Point> {
    let length = length(points);
    let from = if share > 0.0 { length * share } else { TIE.min(length / 4.0) };
    walk(points, if at_end { length - from } else { from }).map(|(point, _)| point)
}

impl Placed {
    /// The middle of the line of text `index` below an icon, or of the text on a bar.
    pub fn text_centre(&self, index: usize) -> Point {
        let below = match (self.body.look, index) {
            (Look::Bar, _) => return self.rect.centre(),
            (Look::Icon(_), 0) => graph::NAME_LINE / 2.0,
            (Look::Icon(_), _) => graph::NAME_LINE + graph::DEVICE_LINE / 2.0,
        };
        Point::new(self.rect.centre().x, self.icon.y + ICON / 2.0 + PADDING + below)
    }
}
