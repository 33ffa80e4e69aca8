//! Layers from top to bottom: ranks, few crossings, then x by least squares and y by what the labels need.

use super::component::{Piece, Placed};
use super::crossings::{self, Layers};
use super::table::{append, at, list, put};
use super::{Kind, Point};
use super::{balance, rank};
use std::collections::BTreeMap;

/// Least and greatest distance between two layers.
const LAYER_GAP: (f64, f64) = (64.0, 1600.0);
/// Edges between two layers are at least this steep, on average.
const FLATTEST: f64 = 0.55;
/// Where the middle of an icon is below the top of its box, about.
const ICON_LINE: f64 = 23.0;

/// A path of vertices along a long edge.
struct Chain {
    /// From the upper item to the lower one, both included.
    vertices: Vec<usize>,
    /// The edges that run along it.
    edges: Vec<Run>,
}

/// An edge of the graph along a chain.
#[derive(Clone, Copy)]
struct Run {
    edge: usize,
    /// Does it start at the lower item?
    reversed: bool,
    /// How far it runs beside the chain: edges to different nodes in a group keep apart.
    shift: f64,
}

/// Distance between edges that run along one chain to different nodes.
const RUN_GAP: f64 = 5.0;

/// Places a connected piece in layers.
pub(super) fn arrange(piece: &Piece, neighbours: &[Vec<usize>]) -> Placed {
    let ranks = rank::ranks(piece, neighbours);
    let (mut layers, chains) = build(piece, &ranks);
    crossings::reduce(&mut layers);
    let x = balance::balance(piece, &layers);
    let y = heights(piece, &layers, &x);
    let centre = |vertex: usize, layer: usize| Point::new(at(&x, vertex), at(&y, layer));
    let tops = ranks.iter().map(|rank| at(&y, *rank) - layer_height(piece, list(&layers.order, *rank)) / 2.0);
    let placed = piece.items.iter().zip(&ranks).zip(tops).enumerate();
    let centres = placed
        .map(|(index, ((item, rank), top))| {
            // Boxes of one layer begin at one height, so that icons and frames are in line; a bar is level with icons.
            let below =
                if item.kind == Kind::Segment { (at(&y, *rank) - top).min(ICON_LINE) } else { item.height / 2.0 };
            Point::new(at(&x, index), top + below)
        })
        .collect();
    let mut bends = Vec::new();
    for chain in &chains {
        let top = chain.vertices.first().map_or(0, |first| at(&ranks, *first));
        let inner = chain.vertices.iter().enumerate().skip(1).take(chain.vertices.len().saturating_sub(2));
        let points: Vec<Point> =
            inner.flat_map(|(step, vertex)| lane(piece, &layers, top + step, centre(*vertex, top + step))).collect();
        for run in &chain.edges {
            let mut points: Vec<Point> = points.iter().map(|point| point.moved(run.shift, 0.0)).collect();
            if run.reversed {
                points.reverse();
            }
            bends.push((run.edge, points));
        }
    }
    Placed { centres, bends, ..Placed::default() }
}

/// A passing edge goes straight down through its layer, so that it keeps clear of what stands there.
fn lane(piece: &Piece, layers: &Layers, layer: usize, centre: Point) -> [Point; 2] {
    let half = layer_height(piece, list(&layers.order, layer)) / 2.0;
    [centre.moved(0.0, -half), centre.moved(0.0, half)]
}

/// The edges between each two items, the upper one first.
type Pairs = BTreeMap<(usize, usize), Vec<Run>>;

fn pairs(piece: &Piece, ranks: &[usize]) -> Pairs {
    let mut pairs = Pairs::new();
    for line in &piece.lines {
        let [a, b] = line.ends;
        let reversed = (at(ranks, b), b) < (at(ranks, a), a);
        let runs = pairs.entry(if reversed { (b, a) } else { (a, b) }).or_default();
        // Parallel edges between the same two nodes are drawn apart as a whole.
        let shift = if line.direct { 0.0 } else { runs.len() as f64 * RUN_GAP };
        runs.push(Run { edge: line.edge, reversed, shift });
    }
    pairs
}

/// How many others each item is joined to.
fn joined_to(pairs: &Pairs, count: usize) -> Vec<usize> {
    let mut joined = vec![0; count];
    for end in pairs.keys().flat_map(|(a, b)| [*a, *b]) {
        let more = at(&joined, end) + 1;
        put(&mut joined, end, more);
    }
    joined
}

/// The layers with a stand-in vertex wherever an edge passes a layer. Stand-ins are numbered after the items.
fn build(piece: &Piece, ranks: &[usize]) -> (Layers, Vec<Chain>) {
    let count = piece.items.len();
    let pairs = pairs(piece, ranks);
    let joined_to = joined_to(&pairs, count);
    let span = |(a, b): &(usize, usize)| at(ranks, *b) - at(ranks, *a);
    // Stand-ins are bounded: the longest edges do without where there would be too many, and are led around boxes later.
    let mut budget = 4 * count + 4 * pairs.len() + 1000;
    let mut by_span: Vec<(usize, usize)> = pairs.keys().copied().collect();
    by_span.sort_by_key(span);

    let mut joined: Vec<(usize, usize)> = Vec::new();
    let mut beside = vec![Vec::new(); count];
    let mut chains = Vec::new();
    let mut home = ranks.to_vec();
    // Where a stand-in begins from: beside what its edge leads to, rather a leaf than what many edges lead to.
    let mut sort_key: Vec<usize> = (0..count).collect();
    for (a, b) in by_span {
        let between = span(&(a, b)).saturating_sub(1);
        if span(&(a, b)) == 0 {
            append(&mut beside, a, b);
            append(&mut beside, b, a);
            continue;
        }
        if between > budget {
            continue;
        }
        budget -= between;
        let mut vertices = vec![a];
        for step in 1..=between {
            vertices.push(home.len());
            home.push(at(ranks, a) + step);
            sort_key.push(if at(&joined_to, a) == 1 { a } else { b });
        }
        vertices.push(b);
        joined.extend(vertices.iter().copied().zip(vertices.iter().copied().skip(1)));
        if between > 0 {
            let edges = pairs.get(&(a, b)).cloned().unwrap_or_default();
            chains.push(Chain { vertices, edges });
        }
    }
    beside.resize(home.len(), Vec::new());
    (in_order(&home, &sort_key, &joined, beside), chains)
}

/// The layers of vertices whose ranks are `home`, each sorted by the key; `joined` ones are in adjacent layers.
fn in_order(home: &[usize], sort_key: &[usize], joined: &[(usize, usize)], beside: Vec<Vec<usize>>) -> Layers {
    let depth = home.iter().max().map_or(0, |last| last + 1);
    let empty = vec![Vec::new(); home.len()];
    let mut layers = Layers { order: vec![Vec::new(); depth], up: empty.clone(), down: empty, beside };
    for (upper, lower) in joined {
        append(&mut layers.down, *upper, *lower);
        append(&mut layers.up, *lower, *upper);
    }
    for (vertex, rank) in home.iter().enumerate() {
        append(&mut layers.order, *rank, vertex);
    }
    for row in &mut layers.order {
        row.sort_by_key(|vertex| at(sort_key, *vertex));
    }
    layers
}

/// Height of a layer's highest box.
fn layer_height(piece: &Piece, row: &[usize]) -> f64 {
    row.iter().filter_map(|vertex| piece.items.get(*vertex)).map(|item| item.height).fold(0.0, f64::max)
}

/// The y of each layer: far enough apart for the labels, and more where edges lie flat or crowd at a node.
fn heights(piece: &Piece, layers: &Layers, x: &[f64]) -> Vec<f64> {
    let wish = piece.lines.iter().map(|line| line.length).fold(0.0, f64::max);
    let mut parallel: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for line in &piece.lines {
        let [a, b] = line.ends;
        *parallel.entry((a.min(b), a.max(b))).or_default() += 1;
    }
    let mut heights = Vec::with_capacity(layers.order.len());
    let mut y = 0.0;
    for (index, row) in layers.order.iter().enumerate() {
        heights.push(y);
        let below = list(&layers.order, index + 1);
        let gap = gap_below(piece, layers, row, x, wish, &parallel);
        y += layer_height(piece, row) / 2.0 + gap + layer_height(piece, below) / 2.0;
    }
    heights
}

/// The distance from `row` to the layer below it, where the longest edge wishes to be `wish` long.
fn gap_below(
    piece: &Piece,
    layers: &Layers,
    row: &[usize],
    x: &[f64],
    wish: f64,
    parallel: &BTreeMap<(usize, usize), usize>,
) -> f64 {
    let is_bar = |vertex: usize| piece.items.get(vertex).is_some_and(|item| item.kind == Kind::Segment);
    let (mut crowd, mut beside) = (0_usize, 0_usize);
    let (mut reach, mut count) = (0.0_f64, 0_usize);
    for vertex in row {
        let below = list(&layers.down, *vertex);
        for other in below {
            let pair = (*vertex.min(other), *vertex.max(other));
            beside = beside.max(parallel.get(&pair).copied().unwrap_or_default());
            // Lines drop straight onto a bar, so they are neither flat nor crowded.
            if !is_bar(*vertex) && !is_bar(*other) {
                crowd = crowd.max(below.len()).max(list(&layers.up, *other).len());
                // What passes by at the side of everything has a long way in any case.
                if (*vertex).max(*other) < piece.items.len() {
                    reach += (at(x, *vertex) - at(x, *other)).abs();
                    count += 1;
                }
            }
        }
    }
    let (least, most) = LAYER_GAP;
    let mut gap = least.max((wish * 0.6).min(110.0));
    if crowd > 1 {
        gap = gap.max(56.0 + 16.0 * crowd as f64).max(reach / count.max(1) as f64 * FLATTEST);
    }
    if crowd > 2 {
        gap = gap.max(wish.min(160.0));
    }
    if beside > 2 {
        // Texts have room only along their lines, one after the other.
        gap = gap.max((wish * 1.7).min(240.0));
    }
    gap.min(most)
}
