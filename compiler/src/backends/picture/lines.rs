//! Runs the lines: parallel links side by side, each from the edge of one drawing to the edge of the other.

use super::graph::{DEVICE, Look, Measured, NAME, NAME_LINE, PADDING};
use super::icons::ICON;
use super::labels::length;
use super::text::width;
use crate::layout::{Kind, Outline, Point, Positions, Rect, attach};
use std::collections::BTreeMap;

/// Distance between parallel links.
const PARALLEL: f64 = 15.0;
/// How far from an icon's centre parallel links may meet it.
const CONVERGE: f64 = 15.0;
/// Distance from a node at which parallel links have spread.
const SHOULDER: f64 = 52.0;

/// The course of each edge of the graph, from its first to its second end; empty where there is nothing to see.
pub(super) fn run(measured: &Measured, outline: &Outline, positions: &Positions) -> Vec<Vec<Point>> {
    let mut shifts = vec![Shift::default(); measured.links.len()];
    let mut bundles: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (index, edge) in measured.graph.edges.iter().enumerate() {
        let [a, b] = edge.ends;
        bundles.entry((a.min(b), a.max(b))).or_default().push(index);
    }
    for ((low, high), bundle) in &mut bundles {
        // Members of one bundle side by side, else the order of the source.
        bundle.sort_by_key(|index| measured.links.get(*index).map(|link| link.lag.clone()));
        let middle = if low == high { 0.0 } else { (bundle.len() as f64 - 1.0) / 2.0 };
        for (place, index) in bundle.iter().enumerate() {
            let reversed = measured.graph.edges.get(*index).is_some_and(|edge| edge.ends != [*low, *high]);
            let offset = (place as f64 - middle) * PARALLEL;
            if let Some(shift) = shifts.get_mut(*index) {
                *shift = Shift { offset: if reversed { -offset } else { offset }, widest: middle * PARALLEL };
            }
        }
    }
    let edges = measured.graph.edges.iter().zip(shifts);
    edges.map(|(edge, shift)| course(measured, outline, positions, edge, shift)).collect()
}

/// How far a link is drawn to the side of the straight course, to the right of its way.
#[derive(Clone, Copy, Default)]
struct Shift {
    offset: f64,
    /// The largest offset among the links that are parallel to it.
    widest: f64,
}

fn course(
    measured: &Measured,
    outline: &Outline,
    positions: &Positions,
    edge: &crate::layout::Edge,
    shift: Shift,
) -> Vec<Point> {
    let [a, b] = edge.ends;
    let (Some(from), Some(to)) = (End::of(measured, outline, a), End::of(measured, outline, b)) else {
        return Vec::new();
    };
    if a == b {
        return self_loop(&from, shift.offset);
    }
    let bends = positions.bends.get(&edge.id).map_or(&[][..], Vec::as_slice);
    let towards = |end: &End, other: &End, bend: Option<&Point>| match bend {
        Some(bend) => end.meet(*bend),
        None if end.kind == Kind::Segment => end.meet(other.meet(end.rect.centre())),
        None => end.meet(other.rect.centre()),
    };
    let mut points = vec![towards(&from, &to, bends.first())];
    points.extend(bends);
    points.push(towards(&to, &from, bends.last()));
    if shift.widest > 0.0 {
        points = shifted(&points, shift, [&from, &to]);
    }
    let points = cut(points, &from.solids);
    let mut points = cut(points.into_iter().rev().collect(), &to.solids);
    points.reverse();
    points
}

/// One end of a line: what it meets.
struct End {
    kind: Kind,
    rect: Rect,
    aim: f64,
    /// What hides the line: the icon and the text below it.
    solids: Vec<Rect>,
}

impl End {
    fn of(measured: &Measured, outline: &Outline, index: usize) -> Option<End> {
        let node = measured.graph.nodes.get(index)?;
        let body = measured.bodies.get(index)?;
        let rect = *outline.nodes.get(index)?;
        let solids = match body.look {
            // Lines end at the edge of a bar as it is.
            Look::Bar => Vec::new(),
            Look::Icon(_) => {
                let icon = Rect::around(rect.centre().moved(0.0, node.aim), ICON + 2.0, ICON + 2.0);
                let name = Rect::around(icon.centre(), width(&body.name, NAME) + 6.0, 0.0);
                let name = Rect { top: icon.bottom - 1.0, bottom: icon.bottom + NAME_LINE + PADDING, ..name };
                let device = body.device.as_ref().map(|device| {
                    let below = Rect::around(icon.centre(), width(device, DEVICE) + 6.0, 0.0);
                    Rect { top: name.bottom - 1.0, bottom: rect.bottom, ..below }
                });
                [Some(icon), Some(name), device].into_iter().flatten().collect()
            }
        };
        Some(End { kind: node.kind, rect, aim: node.aim, solids })
    }

    /// Where a line from `from` aims at.
    fn meet(&self, from: Point) -> Point {
        attach(self.kind, &self.rect, self.aim, from)
    }
}

/// The course moved sideways. Near nodes it is moved less, so that the outermost of `widest` still meets the icon.
fn shifted(points: &[Point], Shift { offset, widest }: Shift, ends: [&End; 2]) -> Vec<Point> {
    let mut course = points.to_vec();
    let narrow = if widest > CONVERGE { CONVERGE / widest } else { 1.0 };
    let [at_first, at_last] = ends.map(|end| narrow < 1.0 && end.kind != Kind::Segment);
    let reach = SHOULDER.min(length(points) / 4.0);
    for (converges, backwards) in [(at_first, false), (at_last, true)] {
        if converges {
            insert_shoulder(&mut course, reach, backwards);
        }
    }
    let last = course.len().saturating_sub(1);
    let normals = normals(&course);
    let moved = course.iter().zip(normals).enumerate().map(|(index, (point, normal))| {
        let at_node = (index == 0 && at_first) || (index == last && at_last);
        let by = if at_node { offset * narrow } else { offset };
        point.moved(normal.x * by, normal.y * by)
    });
    moved.collect()
}

/// Puts a point on the first (or, backwards, the last) stretch, where parallel lines have spread.
fn insert_shoulder(course: &mut Vec<Point>, reach: f64, backwards: bool) {
    if backwards {
        course.reverse();
    }
    if let [first, second, ..] = course.as_slice() {
        let distance = first.distance(*second);
        if distance > reach {
            let shoulder = first.towards(*second, reach / distance);
            course.insert(1, shoulder);
        }
    }
    if backwards {
        course.reverse();
    }
}

/// For each point of a course the direction across it, to the right of its way.
fn normals(course: &[Point]) -> Vec<Point> {
    let direction = |a: &Point, b: &Point| {
        let length = a.distance(*b);
        if length > 0.0 { Point::new((b.x - a.x) / length, (b.y - a.y) / length) } else { Point::default() }
    };
    let mut normals = Vec::with_capacity(course.len());
    for (index, point) in course.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| course.get(before)).map(|before| direction(before, point));
        let after = course.get(index + 1).map(|after| direction(point, after));
        let (before, after) = (before.or(after).unwrap_or_default(), after.or(before).unwrap_or_default());
        let (x, y) = (before.x + after.x, before.y + after.y);
        let length = (x * x + y * y).sqrt();
        normals.push(if length > 1e-6 { Point::new(-y / length, x / length) } else { Point::default() });
    }
    normals
}

/// The course without what its first end hides.
fn cut(points: Vec<Point>, solids: &[Rect]) -> Vec<Point> {
    let mut rest = points.as_slice();
    while let [a, b, ..] = rest {
        let leaves = solids.iter().filter_map(|solid| solid.clip(*a, *b)).map(|(_, leave)| leave).fold(0.0, f64::max);
        if leaves < 1.0 {
            let mut course = vec![a.towards(*b, leaves)];
            course.extend(rest.get(1..).unwrap_or_default());
            return course;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    Vec::new()
}

/// A cable from a node to itself: around its upper right corner, each further one (`place`) wider.
fn self_loop(end: &End, place: f64) -> Vec<Point> {
    let centre = end.meet(end.rect.centre());
    let (half, out) = (ICON / 2.0, ICON / 2.0 + 12.0 + place / 2.0);
    vec![
        centre.moved(half / 2.0, -half),
        centre.moved(half / 2.0, -out),
        centre.moved(out, -out),
        centre.moved(out, 0.0),
        centre.moved(half, 0.0),
    ]
}
