//! Keeps an old picture: finds a free place for what is new.

use super::geometry::ring;
use super::outline::{boxes, frame, parents, within};
use super::table::{append, at, list, put};
use super::{Graph, Grid, Kind, Point, Positions, Rect};
use std::collections::VecDeque;

/// Distance that a new box keeps from others.
const GAP: f64 = 20.0;
/// How many steps away from the wished place a free one is looked for.
const REACH: i64 = 24;
/// Positions beyond this, in units, are not ours.
const FAR: f64 = 1e7;

/// The old positions, and places for what is new. `None` if most is new, or if there is no place for something.
pub(super) fn extend(graph: &Graph, old: &Positions) -> Option<Positions> {
    let mut picture = Picture::of(graph, old);
    let known = picture.placed.iter().filter(|placed| **placed).count();
    if known == 0 || known * 2 < graph.nodes.len() {
        return None;
    }
    for node in order(&picture) {
        let place = picture.free_place(node)?;
        picture.put(node, place);
        for other in list(&picture.neighbours, node).to_vec() {
            picture.add_line([node, other], &[]);
        }
    }
    let nodes = graph.nodes.iter().map(|node| node.id.clone()).zip(picture.boxes.iter().map(Rect::centre)).collect();
    let bends = old.bends.iter().map(|(edge, bends)| (edge.clone(), bends.clone())).collect();
    Some(Positions { nodes, bends })
}

/// New nodes from those near placed ones outwards, then the rest.
fn order(picture: &Picture) -> Vec<usize> {
    let count = picture.boxes.len();
    let mut seen = picture.placed.clone();
    let mut queue: VecDeque<usize> = (0..count).filter(|node| at(&seen, *node)).collect();
    let mut order = Vec::new();
    for start in 0..=count {
        while let Some(node) = queue.pop_front() {
            for other in list(&picture.neighbours, node) {
                if !at(&seen, *other) {
                    put(&mut seen, *other, true);
                    order.push(*other);
                    queue.push_back(*other);
                }
            }
        }
        if start < count && !at(&seen, start) {
            put(&mut seen, start, true);
            order.push(start);
            queue.push_back(start);
        }
    }
    order
}

/// What is placed so far.
struct Picture<'a> {
    graph: &'a Graph,
    parents: Vec<Option<usize>>,
    neighbours: Vec<Vec<usize>>,
    placed: Vec<bool>,
    /// Boxes of placed nodes; of others only the size counts.
    boxes: Vec<Rect>,
    box_grid: Grid,
    /// What each group holds so far, and its frame.
    contents: Vec<Option<Rect>>,
    frames: Vec<Option<Rect>>,
    /// Frames as they were and are: what it finds is looked up in `frames`.
    frame_grid: Grid,
    /// Edges between placed nodes, stretch by stretch, with the nodes that they join.
    lines: Vec<([usize; 2], Point, Point)>,
    line_grid: Grid,
    extent: Option<Rect>,
}

impl Picture<'_> {
    fn of<'a>(graph: &'a Graph, old: &Positions) -> Picture<'a> {
        let known: Vec<Option<Point>> = graph
            .nodes
            .iter()
            .map(|node| old.nodes.get(&node.id).filter(|point| is_ours(point)).map(|point| point.rounded()))
            .collect();
        let mut neighbours = vec![Vec::new(); graph.nodes.len()];
        for edge in &graph.edges {
            let [a, b] = edge.ends;
            if a.max(b) < graph.nodes.len() && a != b {
                append(&mut neighbours, a, b);
                append(&mut neighbours, b, a);
            }
        }
        let mut picture = Picture {
            graph,
            parents: parents(graph),
            neighbours,
            placed: vec![false; graph.nodes.len()],
            boxes: boxes(graph, &Positions::default()),
            box_grid: Grid::default(),
            contents: vec![None; graph.groups.len()],
            frames: vec![None; graph.groups.len()],
            frame_grid: Grid::default(),
            lines: Vec::new(),
            line_grid: Grid::default(),
            extent: None,
        };
        for (node, centre) in known.into_iter().enumerate() {
            centre.into_iter().for_each(|centre| picture.put(node, centre));
        }
        for edge in &graph.edges {
            picture.add_line(edge.ends, old.bends.get(&edge.id).map_or(&[], Vec::as_slice));
        }
        picture
    }

    /// Adds an edge, if both of its ends are placed.
    fn add_line(&mut self, ends: [usize; 2], bends: &[Point]) {
        let [a, b] = ends;
        if a == b || !at(&self.placed, a) || !at(&self.placed, b) {
            return;
        }
        let mut points = vec![at(&self.boxes, a).centre()];
        points.extend(bends.iter().filter(|bend| is_ours(bend)));
        points.push(at(&self.boxes, b).centre());
        for (p, q) in points.iter().zip(points.iter().skip(1)) {
            self.line_grid.add_segment(self.lines.len(), *p, *q);
            self.lines.push((ends, *p, *q));
        }
    }

    fn rect_at(&self, node: usize, centre: Point) -> Rect {
        let size = at(&self.boxes, node);
        Rect::around(centre, size.width(), size.height())
    }

    fn group_of(&self, node: usize) -> Option<usize> {
        self.graph.nodes.get(node)?.group.filter(|group| *group < self.graph.groups.len())
    }

    fn put(&mut self, node: usize, centre: Point) {
        let rect = self.rect_at(node, centre);
        put(&mut self.boxes, node, rect);
        put(&mut self.placed, node, true);
        self.box_grid.add_rect(node, &rect);
        self.extent = Some(self.extent.map_or(rect, |extent| extent.union(&rect)));
        for (group, content, frame) in self.grown_frames(node, rect) {
            put(&mut self.contents, group, Some(content));
            put(&mut self.frames, group, Some(frame));
            self.frame_grid.add_rect(group, &frame);
        }
    }

    /// The groups around `node`, from the inside outwards, with content and frame as they are once it stands at `rect`.
    fn grown_frames(&self, node: usize, rect: Rect) -> Vec<(usize, Rect, Rect)> {
        let mut grown = Vec::new();
        let (mut group, mut added) = (self.group_of(node), rect);
        while let Some(here) = group {
            let content = at(&self.contents, here).map_or(added, |content| content.union(&added));
            let title = self.graph.groups.get(here).map_or(0.0, |group| group.title);
            added = frame(&content, title);
            grown.push((here, content, added));
            group = at(&self.parents, here);
        }
        grown
    }

    /// The free place nearest to where the node wants to be: beside all lines, or else on one.
    fn free_place(&self, node: usize) -> Option<Point> {
        let wish = self.wish(node).rounded();
        let size = at(&self.boxes, node);
        let (step_x, step_y) = ((size.width() + GAP).round(), ((size.height() + GAP) / 2.0).round());
        let places = || (0..=REACH).flat_map(ring).map(|(x, y)| wish.moved(x as f64 * step_x / 2.0, y as f64 * step_y));
        let is_free = |place: &Point| self.is_free(node, &self.rect_at(node, *place));
        let is_beside_lines = |place: &Point| self.is_beside_lines(node, &self.rect_at(node, *place));
        places().find(|place| is_beside_lines(place) && is_free(place)).or_else(|| places().find(is_free))
    }

    /// Does no line pass the node, or a frame that begins with it?
    fn is_beside_lines(&self, node: usize, rect: &Rect) -> bool {
        let crossed = |rect: &Rect, group: Option<usize>| {
            self.line_grid.any_near_rect(rect, |line| {
                self.lines.get(line).is_some_and(|(ends, p, q)| {
                    let inside =
                        |end: &usize| group.is_some_and(|group| within(&self.parents, self.group_of(*end), group));
                    !ends.iter().any(inside) && rect.clip(*p, *q).is_some()
                })
            })
        };
        let frames = self.grown_frames(node, *rect);
        let mut new_frames = frames.iter().filter(|(group, ..)| at(&self.frames, *group).is_none());
        !crossed(rect, None) && !new_frames.any(|(group, _, frame)| crossed(frame, Some(*group)))
    }

    /// Beside a sibling (one of the same kind on the same neighbour), else below the neighbours, else beside everything.
    fn wish(&self, node: usize) -> Point {
        let placed = |other: &&usize| at(&self.placed, **other);
        let around: Vec<usize> = list(&self.neighbours, node).iter().filter(placed).copied().collect();
        let alike = |other: usize| match (self.graph.nodes.get(node), self.graph.nodes.get(other)) {
            (Some(a), Some(b)) => other != node && a.kind == b.kind && a.tier == b.tier && a.group == b.group,
            _ => false,
        };
        let siblings =
            around.iter().flat_map(|near| list(&self.neighbours, *near)).filter(placed).filter(|near| alike(**near));
        let size = at(&self.boxes, node);
        if let Some(last) = siblings.map(|sibling| at(&self.boxes, *sibling)).max_by(|a, b| a.right.total_cmp(&b.right))
        {
            return Point::new(last.right + GAP * 2.0 + size.width() / 2.0, last.centre().y);
        }
        if around.is_empty() {
            let home = self.group_of(node).and_then(|group| at(&self.contents, group));
            let beside = home.or(self.extent).unwrap_or_default();
            return Point::new(beside.right + GAP * 3.0 + size.width() / 2.0, beside.top + size.height() / 2.0);
        }
        let centres: Vec<Point> = around.iter().map(|near| at(&self.boxes, *near).centre()).collect();
        let count = centres.len() as f64;
        let mean = Point::new(
            centres.iter().map(|c| c.x).sum::<f64>() / count,
            centres.iter().map(|c| c.y).sum::<f64>() / count,
        );
        let tier = |node: usize| self.graph.nodes.get(node).and_then(|node| node.tier);
        let below_me = around.iter().any(|near| tier(*near).zip(tier(node)).is_some_and(|(theirs, own)| own < theirs));
        let bar = self.graph.nodes.get(node).is_some_and(|node| node.kind == Kind::Segment);
        let distance = size.height() + if bar { 80.0 } else { 100.0 };
        mean.moved(0.0, if below_me { -distance } else { distance })
    }

    /// Is there room for the node, and for the frames that grow with it?
    fn is_free(&self, node: usize, rect: &Rect) -> bool {
        let group = self.group_of(node);
        let roomy = rect.grown(GAP);
        let hits_box = self.box_grid.any_near_rect(&roomy, |other| at(&self.boxes, other).overlaps(&roomy));
        let in_foreign_frame = self.frame_grid.any_near_rect(rect, |other| {
            !within(&self.parents, group, other) && at(&self.frames, other).is_some_and(|frame| frame.overlaps(&roomy))
        });
        !hits_box
            && !in_foreign_frame
            && self.grown_frames(node, *rect).into_iter().all(|(here, _, frame)| self.may_grow(here, &frame))
    }

    /// Does the frame of `group`, grown like this, still hold only its own?
    fn may_grow(&self, group: usize, grown: &Rect) -> bool {
        let before = at(&self.frames, group);
        let newly = |rect: &Rect| rect.overlaps(grown) && !before.is_some_and(|before| rect.overlaps(&before));
        let stranger =
            |node: usize| !within(&self.parents, self.group_of(node), group) && newly(&at(&self.boxes, node));
        let foreign = |other: usize| {
            let related = within(&self.parents, Some(other), group) || within(&self.parents, Some(group), other);
            !related && at(&self.frames, other).is_some_and(|frame| newly(&frame))
        };
        !self.box_grid.any_near_rect(grown, stranger) && !self.frame_grid.any_near_rect(grown, foreign)
    }
}

/// Is it a place that a picture can have?
fn is_ours(point: &Point) -> bool {
    point.x.abs() < FAR && point.y.abs() < FAR
}
