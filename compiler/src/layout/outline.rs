//! Boxes and frames as they are drawn, from positions alone: so old and new positions look alike.

use super::table::{append, at, put};
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
fn stretch_bars(graph: &Graph, parents: &[Option<usize>], frames: &[Option<Rect>], nodes: &mut [Rect]) {
    let mut node_grid = Grid::default();
    nodes.iter().enumerate().for_each(|(index, rect)| node_grid.add_rect(index, rect));
    let mut frame_grid = Grid::default();
    for (index, rect) in frames.iter().enumerate() {
        rect.iter().for_each(|rect| frame_grid.add_rect(index, rect));
    }
    let mut attached = vec![Vec::new(); graph.nodes.len()];
    for edge in &graph.edges {
        let [a, b] = edge.ends;
        append(&mut attached, a, b);
        append(&mut attached, b, a);
    }
    for (index, node) in graph.nodes.iter().enumerate().filter(|(_, node)| node.kind == Kind::Segment) {
        let own = at(nodes, index);
        let mut wish = own;
        for other in attached.get(index).into_iter().flatten() {
            let group = graph.nodes.get(*other).and_then(|other| other.group);
            // What is outside the bar's own frame does not draw it out of there.
            if node.group.is_none_or(|home| within(parents, group, home)) {
                let rect = at(nodes, *other);
                let x = rect.centre().x;
                // What stands beside it meets its end.
                if rect.top >= own.bottom || rect.bottom <= own.top {
                    let end = own.height() / 2.0 + 3.0;
                    wish = Rect { left: wish.left.min(x - end), right: wish.right.max(x + end), ..wish };
                }
            }
        }
        let band = wish.grown(BAR_GAP);
        let boxes =
            node_grid.near_rect(&band).into_iter().filter(|other| *other != index).map(|other| at(nodes, other));
        let foreign = |group: &usize| !within(parents, node.group, *group);
        let strangers = frame_grid.near_rect(&band).into_iter().filter(foreign).filter_map(|group| at(frames, group));
        for obstacle in boxes.chain(strangers).filter(|obstacle| obstacle.overlaps(&band)) {
            if obstacle.centre().x > own.centre().x {
                wish.right = wish.right.min(obstacle.left - BAR_GAP).max(own.right);
            } else {
                wish.left = wish.left.max(obstacle.right + BAR_GAP).min(own.left);
            }
        }
        node_grid.add_rect(index, &wish);
        put(nodes, index, wish);
    }
}

/// Where an edge that comes from `from` meets a node: the point that all edges of a box aim at, or the nearest point of
/// a bar.
pub fn attach(kind: Kind, rect: &Rect, aim: f64, from: Point) -> Point {
    let centre = rect.centre();
    if kind == Kind::Segment {
        let inset = (rect.height() / 2.0).min(rect.width() / 2.0);
        Point::new(from.x.max(rect.left + inset).min(rect.right - inset), centre.y)
    } else {
        centre.moved(0.0, aim)
    }
}
