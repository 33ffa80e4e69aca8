//! Leads edges around boxes and frames that stand in their way.

use super::outline::{Outline, attach, boxes, outline, parents, within};
use super::table::at;
use super::{Edge, Graph, Grid, Kind, Point, Positions, Rect};
use std::collections::BTreeMap;

/// Distance at which an edge counts as touching a box.
const TOUCH: f64 = 4.0;
/// Distance at which an edge is led past a box.
const CLEARANCE: f64 = 12.0;
/// Distance between edges that are led past the same corner, and how many keep apart.
const LANE: f64 = 5.0;
const LANES: usize = 6;
/// How often a stretch of an edge may be divided to get around boxes.
const DIVISIONS: usize = 4;

struct Obstacles<'a> {
    graph: &'a Graph,
    parents: Vec<Option<usize>>,
    /// The boxes of all nodes, then the frames of all groups.
    boxes: Vec<Rect>,
    grid: Grid,
    /// How many edges are led over each corner (0 to 3) of a box so far: they keep apart.
    led: BTreeMap<(usize, usize), usize>,
}

/// The bends of every edge that cannot go straight. Bends that `positions` already has are kept where they are needed.
pub(super) fn around(graph: &Graph, positions: &Positions) -> BTreeMap<String, Vec<Point>> {
    let Outline { nodes: drawn, groups: frames } = outline(graph, positions);
    let mut boxes: Vec<Rect> = boxes(graph, positions).iter().map(|rect| rect.grown(TOUCH)).collect();
    // What is not drawn has no extent and is in no way.
    boxes.extend(frames.into_iter().map(Option::unwrap_or_default));
    let mut grid = Grid::default();
    boxes.iter().enumerate().for_each(|(index, rect)| grid.add_rect(index, rect));
    let mut obstacles = Obstacles { graph, parents: parents(graph), boxes, grid, led: BTreeMap::new() };
    let mut bends = BTreeMap::new();
    for edge in &graph.edges {
        let known = positions.bends.get(&edge.id).map_or(&[][..], Vec::as_slice);
        let path = path(graph, &drawn, edge, known, &mut obstacles);
        if !path.is_empty() {
            bends.insert(edge.id.clone(), path);
        }
    }
    bends
}

/// The bends of one edge.
fn path(graph: &Graph, drawn: &[Rect], edge: &Edge, known: &[Point], obstacles: &mut Obstacles) -> Vec<Point> {
    let [a, b] = edge.ends;
    let (Some(from), Some(to)) = (graph.nodes.get(a), graph.nodes.get(b)) else { return Vec::new() };
    if a == b {
        return Vec::new();
    }
    let (from_rect, to_rect) = (at(drawn, a), at(drawn, b));
    let ends = |second: Point, last: Point| {
        let start = attach(from.kind, &from_rect, from.aim, second);
        let end = attach(to.kind, &to_rect, to.aim, last);
        // A bar may be met anywhere: straight across from what the other end settled on.
        match (from.kind, to.kind) {
            (Kind::Segment, _) if known.is_empty() => (attach(from.kind, &from_rect, from.aim, end), end),
            (_, Kind::Segment) if known.is_empty() => (start, attach(to.kind, &to_rect, to.aim, start)),
            _ => (start, end),
        }
    };
    let (start, end) = ends(to_rect.centre(), from_rect.centre());
    if obstacles.first(start, end, [a, b]).is_none() {
        return Vec::new();
    }
    let (start, end) = match (known.first(), known.last()) {
        (Some(first), Some(last)) => ends(*first, *last),
        _ => (start, end),
    };
    let mut points = vec![start];
    points.extend(known);
    points.push(end);
    let points = straightened(points, [a, b], obstacles);
    let mut path = Vec::new();
    for (p, q) in points.iter().zip(points.iter().skip(1)) {
        path.extend(obstacles.detour(*p, *q, [a, b], DIVISIONS));
        path.push(q.rounded());
    }
    path.pop();
    path
}

/// Leaves out every bend without which the edge is clear as well.
fn straightened(points: Vec<Point>, ends: [usize; 2], obstacles: &Obstacles) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(points.len());
    for (index, point) in points.iter().enumerate() {
        if let (Some(before), Some(after)) = (kept.last(), points.get(index + 1))
            && obstacles.first(*before, *after, ends).is_none()
        {
            continue;
        }
        kept.push(*point);
    }
    kept
}

impl Obstacles<'_> {
    /// Is it neither an end of an edge nor a group around one?
    fn is_foreign(&self, obstacle: usize, ends: [usize; 2]) -> bool {
        let Some(group) = obstacle.checked_sub(self.graph.nodes.len()) else { return !ends.contains(&obstacle) };
        let home = |end: usize| self.graph.nodes.get(end).and_then(|node| node.group);
        !ends.iter().any(|end| within(&self.parents, home(*end), group))
    }

    /// The first box on the way from `p` to `q` that is foreign to the edge.
    fn first(&self, p: Point, q: Point, ends: [usize; 2]) -> Option<usize> {
        let near = self.grid.near_segment(p, q).into_iter().filter(|index| self.is_foreign(*index, ends));
        let hits = near.filter_map(|index| Some((at(&self.boxes, index).clip(p, q)?.0, index)));
        hits.min_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, index)| index)
    }

    /// The bends that lead from `p` to `q` past boxes: over the corner of the first box in the way that costs least, and
    /// so on for both stretches.
    fn detour(&mut self, p: Point, q: Point, ends: [usize; 2], divisions: usize) -> Vec<Point> {
        let Some(hit) = self.first(p, q, ends).filter(|_| divisions > 0) else { return Vec::new() };
        let cost = |corner: Point| {
            let blocked = [(p, corner), (corner, q)].iter().filter(|(a, b)| self.first(*a, *b, ends).is_some()).count();
            p.distance(corner) + corner.distance(q) + blocked as f64 * 60.0
        };
        let corners = (0..4).map(|corner| (corner, self.corner(hit, corner)));
        let usable = corners.filter(|(_, point)| p.distance(*point) > 1.0 && q.distance(*point) > 1.0);
        let costs = usable.map(|(corner, point)| (cost(point), corner, point));
        let Some((_, corner, best)) = costs.min_by(|(a, ..), (b, ..)| a.total_cmp(b)) else { return Vec::new() };
        *self.led.entry((hit, corner)).or_default() += 1;
        let mut bends = self.detour(p, best, ends, divisions - 1);
        bends.push(best);
        bends.extend(self.detour(best, q, ends, divisions - 1));
        bends
    }

    /// Where the next edge passes a corner of a box.
    fn corner(&self, hit: usize, corner: usize) -> Point {
        let led = self.led.get(&(hit, corner)).copied().unwrap_or(0) % LANES;
        let around = at(&self.boxes, hit).grown(CLEARANCE - TOUCH + led as f64 * LANE);
        let x = if corner.is_multiple_of(2) { around.left } else { around.right };
        let y = if corner < 2 { around.top } else { around.bottom };
        Point::new(x, y).rounded()
    }
}
