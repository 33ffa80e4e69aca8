//! The x of everything in layers, by least squares: each layer in turn comes as near as its order and the least distances
//! allow to the means of its neighbours.

use super::component::{Lengths, Piece, lengths};
use super::crossings::Layers;
use super::table::{at, list, put};

/// Least distance between two boxes of a layer.
const NODE_GAP: f64 = 32.0;
/// More between leaves of different parents.
const FAMILY_GAP: f64 = 20.0;
/// Greatest distance that the texts between two joined boxes may ask for.
const WIDEST_TEXT: f64 = 150.0;
/// Least distance of a passing edge from anything beside it.
const LANE_GAP: f64 = 13.0;
/// Distance of text from the lines beside it.
const TEXT_GAP: f64 = 5.0;
/// Where many lines meet at two neighbours, these stand apart by this for each line, up to a limit, and to a share of the
/// width that each has in the widest layer.
const FAN: f64 = 45.0;
const WIDEST_FAN: f64 = 400.0;
const FAN_SHARE: f64 = 0.6;
/// How many times x is balanced downwards and upwards.
const ROUNDS: usize = 8;

/// The x of each vertex.
pub(super) fn balance(piece: &Piece, layers: &Layers) -> Vec<f64> {
    let distances = Distances::of(piece, layers);
    let close: Vec<Vec<f64>> = layers.order.iter().map(|row| distances.offsets(row, 0.0)).collect();
    let width = |offsets: &Vec<f64>| offsets.last().copied().unwrap_or_default();
    let room = close.iter().map(width).fold(0.0, f64::max);
    let offsets: Vec<Vec<f64>> = layers.order.iter().map(|row| distances.offsets(row, room)).collect();
    let mut x = vec![0.0; layers.up.len()];
    for (row, offsets) in layers.order.iter().zip(&offsets) {
        row.iter().zip(offsets).for_each(|(vertex, offset)| put(&mut x, *vertex, offset - width(offsets) / 2.0));
    }
    let depth = layers.order.len();
    for _ in 0..ROUNDS {
        (1..depth).for_each(|layer| settle_layer(piece, layers, &offsets, &mut x, layer, &layers.up));
        (0..depth).rev().for_each(|layer| settle_layer(piece, layers, &offsets, &mut x, layer, &layers.down));
    }
    // The widest layer has no choice; the others take their places from it.
    let width_of = |layer: &usize| offsets.get(*layer).map_or(0.0, width);
    let widest = (0..depth).max_by(|a, b| width_of(a).total_cmp(&width_of(b))).unwrap_or(0);
    (0..widest).rev().for_each(|layer| settle_layer(piece, layers, &offsets, &mut x, layer, &layers.down));
    (widest + 1..depth).for_each(|layer| settle_layer(piece, layers, &offsets, &mut x, layer, &layers.up));
    x
}

/// Moves the vertices of one layer towards their neighbours on one side.
fn settle_layer(
    piece: &Piece,
    layers: &Layers,
    offsets: &[Vec<f64>],
    x: &mut [f64],
    layer: usize,
    side: &[Vec<usize>],
) {
    let row = list(&layers.order, layer);
    let wishes: Vec<(f64, f64)> = row.iter().map(|vertex| wish(piece, x, *vertex, list(side, *vertex))).collect();
    let settled = settle(&wishes, list(offsets, layer));
    row.iter().zip(settled).for_each(|(vertex, value)| put(x, *vertex, value));
}

/// Where a vertex wants to be, and how strongly: the mean of its neighbours. Long edges pull hard, so that they run
/// straight.
fn wish(piece: &Piece, x: &[f64], vertex: usize, neighbours: &[usize]) -> (f64, f64) {
    let is_lane = |vertex: usize| vertex >= piece.items.len();
    let (mut sum, mut weight) = (0.0, 0.0);
    for other in neighbours {
        let pull = match (is_lane(vertex), is_lane(*other)) {
            (true, true) => 8.0,
            (false, false) => 1.0,
            _ => 2.0,
        };
        sum += at(x, *other) * pull;
        weight += pull;
    }
    if weight > 0.0 { (sum / weight, weight) } else { (at(x, vertex), 0.05) }
}

/// Values in the order of the layer, at least `offsets` apart, with the least sum of squared distances from the wishes:
/// isotonic regression, by pooling neighbours that would violate the order.
fn settle(wishes: &[(f64, f64)], offsets: &[f64]) -> Vec<f64> {
    // (weight, weighted sum, number of members)
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for ((wish, weight), offset) in wishes.iter().zip(offsets) {
        let mut pool = (*weight, (wish - offset) * weight, 1);
        while let Some(before) = pools.last().copied()
            && before.1 / before.0 > pool.1 / pool.0
        {
            pool = (pool.0 + before.0, pool.1 + before.1, pool.2 + before.2);
            pools.pop();
        }
        pools.push(pool);
    }
    let values = pools.iter().flat_map(|pool| std::iter::repeat_n(pool.1 / pool.0, pool.2));
    values.zip(offsets).map(|(value, offset)| value + offset).collect()
}

/// The least distances between neighbours in a layer.
struct Distances<'a> {
    piece: &'a Piece,
    layers: &'a Layers,
    lengths: Lengths,
    /// The widest text at each item.
    texts: Vec<f64>,
}

impl<'a> Distances<'a> {
    fn of(piece: &'a Piece, layers: &'a Layers) -> Distances<'a> {
        let mut texts = vec![0.0_f64; piece.items.len()];
        for (end, text) in piece.lines.iter().flat_map(|line| line.ends.into_iter().zip(line.texts)) {
            let widest = at(&texts, end).max(text);
            put(&mut texts, end, widest);
        }
        Distances { piece, layers, lengths: lengths(&piece.lines), texts }
    }

    /// The least distances of a layer, added up from its first vertex, if the widest layer is `room` wide.
    fn offsets(&self, row: &[usize], room: f64) -> Vec<f64> {
        let share = room * FAN_SHARE / row.len().max(1) as f64;
        let mut offsets = Vec::with_capacity(row.len());
        let mut along = 0.0;
        for (index, vertex) in row.iter().enumerate() {
            if let Some(before) = index.checked_sub(1).map(|before| at(row, before)) {
                let fan = self.fan(before).min(self.fan(*vertex)).min(share);
                along += self.between(before, *vertex).max(fan);
            }
            offsets.push(along);
        }
        offsets
    }

    /// The least distance between the middles of two neighbours.
    fn between(&self, a: usize, b: usize) -> f64 {
        let half = |vertex: usize| self.piece.items.get(vertex).map_or(0.0, |item| item.width / 2.0);
        let gap = match (self.is_lane(a), self.is_lane(b)) {
            (false, false) if list(&self.layers.beside, b).contains(&a) => {
                let length = self.lengths.get(&(a.min(b), a.max(b))).copied().unwrap_or_default();
                length.clamp(NODE_GAP * 2.0, WIDEST_TEXT)
            }
            (false, false) if list(&self.layers.up, a) != list(&self.layers.up, b) => NODE_GAP + FAMILY_GAP,
            (false, false) => NODE_GAP,
            _ => LANE_GAP,
        };
        // The texts of a leaf stand to the right of its line, which drops from its middle.
        let text = if self.joined(a) == 1 { at(&self.texts, a) + TEXT_GAP } else { 0.0 };
        let after = if self.is_lane(b) { 0.0 } else { TEXT_GAP };
        (half(a) + gap + half(b)).max(text + after)
    }

    fn is_lane(&self, vertex: usize) -> bool {
        vertex >= self.piece.items.len()
    }

    /// How many edges an item has to other layers; 0 for a lane.
    fn joined(&self, vertex: usize) -> usize {
        if self.is_lane(vertex) {
            return 0;
        }
        list(&self.layers.up, vertex).len() + list(&self.layers.down, vertex).len()
    }

    /// How far a vertex wants to be from others like it: the more, the more lines spread from it. Leaves, and what runs
    /// on in lanes, do not count.
    fn fan(&self, vertex: usize) -> f64 {
        let spread = |side: &[Vec<usize>]| list(side, vertex).iter().filter(|other| self.joined(**other) > 1).count();
        let lines = spread(&self.layers.up).max(spread(&self.layers.down));
        if self.is_lane(vertex) || lines < 3 { 0.0 } else { (FAN * lines as f64).min(WIDEST_FAN) }
    }
}
