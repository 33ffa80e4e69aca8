//! Boxes and frames as they are drawn, from positions alone: so old and new positions look alike.

use super::table::{append, at, list, put};
use super::{Graph, Grid, Kind, Point, Positions, Rect};

/// Distance of a frame from what it holds.
pub(super) const FRAME_PADDING: f64 = 18.0;
/// Height of the strip with a frame's title.
pub(super) const FRAME_TITLE: f64 = 22.0;
/// Distance that a bar keeps from what is beside it.
const BAR_GAP: f64 = 14.0;

/// Boxes and frames, by index in the graph.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    /// The box of each node. Bars reach over what is attached to them.
    pub nodes: Vec<Rect>,
    /// The frame of each group; `None` if it holds no node.
    pub groups: Vec<Option<Rect>>,
}

/// The size of a frame around content of this size.
pub(super) fn frame_size(width: f64, height: f64, title: f64) -> (f64, f64) {
    (width.max(title) + 2.0 * FRAME_PADDING, height + 2.0 * FRAME_PADDING + FRAME_TITLE)
}

/// The frame around `content`.
pub(super) fn frame(content: &Rect, title: f64) -> Rect {
    let (width, _) = frame_size(content.width(), content.height(), title);
    Rect {
        left: content.centre().x - width / 2.0,
        top: content.top - FRAME_PADDING - FRAME_TITLE,
        right: content.centre().x + width / 2.0,
        bottom: content.bottom + FRAME_PADDING,
    }
}

/// The parent of each group, where it is valid.
pub(super) fn parents(graph: &Graph) -> Vec<Option<usize>> {
    graph.groups.iter().enumerate().map(|(index, group)| group.parent.filter(|parent| *parent < index)).collect()
}

/// Is `inner` the group `outer`, or inside it?
pub(super) fn within(parents: &[Option<usize>], inner: Option<usize>, outer: usize) -> bool {
    let mut group = inner;
    while let Some(here) = group {
        if here == outer {
            return true;
        }
        group = at(parents, here);
    }
    false
}

/// The boxes of all nodes, before bars are stretched. A node without a position stands at (0, 0).
pub(super) fn boxes(graph: &Graph, positions: &Positions) -> Vec<Rect> {
    let centre = |id: &str| positions.nodes.get(id).copied().unwrap_or_default();
    graph.nodes.iter().map(|node| Rect::around(centre(&node.id), node.width, node.height)).collect()
}

/// Boxes and frames of a graph that has positions.
pub fn outline(graph: &Graph, positions: &Positions) -> Outline {
    let mut nodes = boxes(graph, positions);
    let parents = parents(graph);
    let mut contents: Vec<Option<Rect>> = vec![None; graph.groups.len()];
    for (node, rect) in graph.nodes.iter().zip(&nodes) {
        include(&mut contents, node.group, rect);
    }
    let mut groups = vec![None; graph.groups.len()];
    for (index, group) in graph.groups.iter().enumerate().rev() {
        let rect = at(&contents, index).map(|content| frame(&content, group.title));
        put(&mut groups, index, rect);
        if let Some(rect) = rect {
            include(&mut contents, at(&parents, index), &rect);
        }
    }
    stretch_bars(graph, &parents, &groups, &mut nodes);
    Outline { nodes, groups }
}

fn include(contents: &mut [Option<Rect>], group: Option<usize>, rect: &Rect) {
    if let Some(content) = group.and_then(|group| contents.get_mut(group)) {
        *content = Some(content.map_or(*rect, |content| content.union(rect)));
    }
}

/// Lets each bar reach from the leftmost to the rightmost of what is attached to it, as far as nothing is in its way.
/// First over what is attached to nothing else, so that bars side by side do not take each other's room.
fn stretch_bars(graph: &Graph, parents: &[Option<usize>], frames: &[Option<Rect>], nodes: &mut [Rect]) {
    let mut neighbours = vec![Vec::new(); graph.nodes.len()];
    for edge in &graph.edges {
        let [a, b] = edge.ends;
        append(&mut neighbours, a, b);
        append(&mut neighbours, b, a);
    }
    let mut obstacles = Obstacles { boxes: Grid::default(), frames: Grid::default() };
    nodes.iter().enumerate().for_each(|(index, rect)| obstacles.boxes.add_rect(index, rect));
    for (index, rect) in frames.iter().enumerate() {
        rect.iter().for_each(|rect| obstacles.frames.add_rect(index, rect));
    }
    for leaves_only in [true, false] {
        for (index, node) in graph.nodes.iter().enumerate().filter(|(_, node)| node.kind == Kind::Segment) {
            let is_leaf = |other: &usize| list(&neighbours, *other).len() == 1;
            // The one line that leads elsewhere may as well slant.
            let transit = list(&neighbours, index).iter().filter(|other| !is_leaf(other)).count() > 1;
            let attached = list(&neighbours, index).iter().filter(|other| {
                let group = graph.nodes.get(**other).and_then(|other| other.group);
                // What is outside the bar's own frame does not draw it out of there.
                (is_leaf(other) || (transit && !leaves_only))
                    && node.group.is_none_or(|home| within(parents, group, home))
            });
            let wish = reach(at(nodes, index), attached.map(|other| at(nodes, *other)));
            let foreign = |group: usize| !within(parents, node.group, group);
            let strangers =
                obstacles.frames.near_rect(&wish.grown(BAR_GAP)).into_iter().filter(|group| foreign(*group));
            let strangers: Vec<Rect> = strangers.filter_map(|group| at(frames, group)).collect();
            let boxes = obstacles.boxes.near_rect(&wish.grown(BAR_GAP)).into_iter().filter(|other| *other != index);
            let boxes = boxes.map(|other| at(nodes, other));
            let bar = held_back(at(nodes, index), wish, boxes.chain(strangers));
            obstacles.boxes.add_rect(index, &bar);
            put(nodes, index, bar);
        }
    }
}

/// What a bar may not run into.
struct Obstacles {
    boxes: Grid,
    frames: Grid,
}

/// A bar that reaches over all that is attached to it from above and below; what stands beside it meets its end.
fn reach(bar: Rect, attached: impl Iterator<Item = Rect>) -> Rect {
    let end = bar.height() / 2.0 + 3.0;
    attached.filter(|rect| rect.top >= bar.bottom || rect.bottom <= bar.top).fold(bar, |bar, rect| {
        let x = rect.centre().x;
        Rect { left: bar.left.min(x - end), right: bar.right.max(x + end), ..bar }
    })
}

/// `wish`, but short of every obstacle to the left and right of `bar`.
fn held_back(bar: Rect, mut wish: Rect, obstacles: impl Iterator<Item = Rect>) -> Rect {
    let band = wish.grown(BAR_GAP);
    for obstacle in obstacles.filter(|obstacle| obstacle.overlaps(&band)) {
        if obstacle.centre().x > bar.centre().x {
            wish.right = wish.right.min(obstacle.left - BAR_GAP).max(bar.right);
        } else {
            wish.left = wish.left.max(obstacle.right + BAR_GAP).min(bar.left);
        }
    }
    wish
}

/// Where an edge that comes from `from` meets a node: the point that all edges of a box aim at, or the nearest point on
/// the edge of a bar.
pub fn attach(kind: Kind, rect: &Rect, aim: f64, from: Point) -> Point {
    let centre = rect.centre();
    if kind != Kind::Segment {
        return centre.moved(0.0, aim);
    }
    // The ends of a bar are round.
    let inset = (rect.height() / 2.0).min(rect.width() / 2.0);
    let x = from.x.max(rect.left + inset).min(rect.right - inset);
    if from.y <= rect.top {
        Point::new(x, rect.top)
    } else if from.y >= rect.bottom {
        Point::new(x, rect.bottom)
    } else {
        Point::new(if from.x < centre.x { rect.left } else { rect.right }, centre.y)
    }
}
