//! Layers from top to bottom: ranks, few crossings, then x by least squares and y by what the labels need.

use super::component::{Item, Piece, Placed};
use super::crossings::{self, Layers};
use super::table::{append, at, list};
use super::{Kind, Point};
use super::{balance, rank};
use std::collections::BTreeMap;

/// Least and greatest distance between two layers.
const LAYER_GAP: (f64, f64) = (64.0, 1600.0);
/// Where the middle of an icon is below the top of its box, about.
const ICON_LINE: f64 = 23.0;

/// A path of vertices along a long edge.
struct Chain {
    /// From the upper item to the lower one, both included.
    vertices: Vec<usize>,
    /// The edges of the graph that run along it, and whether each starts at the lower item.
    edges: Vec<(usize, bool)>,
}

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
        for (edge, reversed) in &chain.edges {
            let mut points = points.clone();
            if *reversed {
                points.reverse();
            }
            bends.push((*edge, points));
        }
    }
    Placed { centres, bends, ..Placed::default() }
}

/// A passing edge goes straight down through its layer, so that it keeps clear of what stands there.
fn lane(piece: &Piece, layers: &Layers, layer: usize, centre: Point) -> [Point; 2] {
    let half = layer_height(piece, list(&layers.order, layer)) / 2.0;
    [centre.moved(0.0, -half), centre.moved(0.0, half)]
}

/// The layers with a stand-in vertex wherever an edge passes a layer. Stand-ins are numbered after the items.
fn build(piece: &Piece, ranks: &[usize]) -> (Layers, Vec<Chain>) {
    let count = piece.items.len();
    let mut pairs: BTreeMap<(usize, usize), Vec<(usize, bool)>> = BTreeMap::new();
    for line in &piece.lines {
        let [a, b] = line.ends;
        let upside_down = (at(ranks, b), b) < (at(ranks, a), a);
        let edges = pairs.entry(if upside_down { (b, a) } else { (a, b) }).or_default();
        edges.extend(line.edge.map(|edge| (edge, upside_down)));
    }
    let span = |(a, b): &(usize, usize)| at(ranks, *b) - at(ranks, *a);
    // Stand-ins are bounded: the longest edges do without where there would be too many, and are led around boxes later.
    let mut budget = 4 * count + 4 * pairs.len() + 1000;
    let mut by_span: Vec<(usize, usize)> = pairs.keys().copied().collect();
    by_span.sort_by_key(span);

    let depth = ranks.iter().max().map_or(0, |last| last + 1);
    let mut layers = Layers { order: vec![Vec::new(); depth], ..Layers::default() };
    let mut joined: Vec<(usize, usize)> = Vec::new();
    let mut beside = vec![Vec::new(); count];
    let mut chains = Vec::new();
    let mut home = ranks.to_vec();
    // Where a stand-in begins from: beside what its edge leads to.
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
            sort_key.push(b);
        }
        vertices.push(b);
        joined.extend(vertices.iter().copied().zip(vertices.iter().copied().skip(1)));
        if between > 0 {
            let edges = pairs.get(&(a, b)).cloned().unwrap_or_default();
            chains.push(Chain { vertices, edges });
        }
    }
    let total = home.len();
    (layers.up, layers.down) = (vec![Vec::new(); total], vec![Vec::new(); total]);
    beside.resize(total, Vec::new());
    layers.beside = beside;
    for (upper, lower) in joined {
        append(&mut layers.down, upper, lower);
        append(&mut layers.up, lower, upper);
    }
    for (vertex, rank) in home.iter().enumerate() {
        append(&mut layers.order, *rank, vertex);
    }
    for row in &mut layers.order {
        row.sort_by_key(|vertex| at(&sort_key, *vertex));
    }
    (layers, chains)
}

/// Height of a layer's highest box.
fn layer_height(piece: &Piece, row: &[usize]) -> f64 {
    row.iter().filter_map(|vertex| piece.items.get(*vertex)).map(|item| item.height).fold(0.0, f64::max)
}

/// The y of each layer: far enough apart for the labels, and more where edges lie flat or crowd at a node.
fn heights(piece: &Piece, layers: &Layers, x: &[f64]) -> Vec<f64> {
    let wish = piece.lines.iter().map(|line| line.length).fold(0.0, f64::max);
    let mut heights = Vec::with_capacity(layers.order.len());
    let mut y = 0.0;
    for (index, row) in layers.order.iter().enumerate() {
        heights.push(y);
        let below = list(&layers.order, index + 1);
        y += layer_height(piece, row) / 2.0 + gap_below(piece, layers, row, x, wish) + layer_height(piece, below) / 2.0;
    }
    heights
}

fn gap_below(piece: &Piece, layers: &Layers, row: &[usize], x: &[f64], wish: f64) -> f64 {
    let item = |vertex: usize| piece.items.get(vertex);
    let bar = |item: Option<&Item>| item.is_some_and(|item| item.kind == Kind::Segment);
    let (mut gap, mut crowd, mut reach) = (LAYER_GAP.0, 0_usize, 0.0_f64);
    for vertex in row {
        let below = list(&layers.down, *vertex);
        for other in below {
            // Lines drop straight onto a bar, so they are neither flat nor crowded.
            if bar(item(*vertex)) || bar(item(*other)) {
                continue;
            }
            crowd = crowd.max(below.len()).max(list(&layers.up, *other).len());
            reach = reach.max((at(x, *vertex) - at(x, *other)).abs());
        }
    }
    gap = gap.max((wish * 0.6).min(110.0));
    if crowd > 1 {
        gap = gap.max(56.0 + 16.0 * crowd as f64).max(reach / 3.8);
    }
    if crowd > 2 {
        gap = gap.max(wish.min(160.0));
    }
    gap.min(LAYER_GAP.1)
}
