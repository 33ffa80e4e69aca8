//! The order of each layer from left to right, with few crossings: sweeps that put each vertex at the mean of its
//! neighbours, then exchanges of two that stand side by side.

use super::table::{at, list, put};

/// Layers of vertices, and the edges between adjacent layers and within one.
#[derive(Clone, Debug, Default)]
pub(super) struct Layers {
    /// Vertices of each layer from left to right.
    pub order: Vec<Vec<usize>>,
    /// For each vertex its neighbours in the layer above.
    pub up: Vec<Vec<usize>>,
    /// For each vertex its neighbours in the layer below.
    pub down: Vec<Vec<usize>>,
    /// For each vertex its neighbours in its own layer.
    pub beside: Vec<Vec<usize>>,
}

/// How many edges may be looked at in all: bounds the number of sweeps on large pieces.
const WORK: usize = 3_000_000;
const MOST_SWEEPS: usize = 24;
/// How often a layer is gone through for exchanges after each sweep.
const EXCHANGES: usize = 4;
/// A crossing counts as much as an edge that passes this many vertices of its own layer.
const BESIDE: usize = 1;

/// Reorders the layers. Of equally good orders, the one nearest to the given one wins.
pub(super) fn reduce(layers: &mut Layers) {
    let size = layers.up.iter().map(Vec::len).sum::<usize>() + layers.up.len() + 1;
    let sweeps = (WORK / size).clamp(4, MOST_SWEEPS);
    let natural = improved(layers, layers.order.clone(), sweeps);
    let walked = improved(layers, walk(layers), sweeps);
    let mut order = if walked.1 < natural.1 { walked.0 } else { natural.0 };
    let wanted = places(layers, &layers.order);
    let mut places = places(layers, &order);
    exchange(layers, &mut order, &mut places, Some(&wanted));
    layers.order = order;
}

/// Sweeps until nothing gets better; gives the best order and its cost.
fn improved(layers: &Layers, start: Vec<Vec<usize>>, sweeps: usize) -> (Vec<Vec<usize>>, usize) {
    let mut order = start;
    let mut places = places(layers, &order);
    let mut cost = total(layers, &order, &places);
    let mut best = (order.clone(), cost);
    let mut idle = 0;
    for sweep in 0..sweeps {
        if best.1 == 0 || idle >= 6 {
            break;
        }
        let downwards = sweep % 2 == 0;
        let count = order.len();
        for step in 0..count {
            let layer = if downwards { step } else { count - 1 - step };
            let towards = if downwards { &layers.up } else { &layers.down };
            if let Some(row) = order.get_mut(layer) {
                sort_by_means(row, towards, &layers.beside, &mut places);
            }
        }
        exchange(layers, &mut order, &mut places, None);
        cost = total(layers, &order, &places);
        idle += 1;
        if cost < best.1 {
            best = (order.clone(), cost);
            idle = 0;
        }
    }
    best
}

/// An order from a walk along the edges, which keeps what belongs together together.
fn walk(layers: &Layers) -> Vec<Vec<usize>> {
    let mut layer_of = vec![0; layers.up.len()];
    for (layer, row) in layers.order.iter().enumerate() {
        row.iter().for_each(|vertex| put(&mut layer_of, *vertex, layer));
    }
    let mut order = vec![Vec::new(); layers.order.len()];
    let mut seen = vec![false; layers.up.len()];
    for start in layers.order.iter().flatten() {
        let mut stack = vec![*start];
        while let Some(vertex) = stack.pop() {
            if at(&seen, vertex) {
                continue;
            }
            put(&mut seen, vertex, true);
            if let Some(row) = order.get_mut(at(&layer_of, vertex)) {
                row.push(vertex);
            }
            for side in [&layers.up, &layers.beside, &layers.down] {
                stack.extend(list(side, vertex).iter().rev().filter(|other| !at(&seen, **other)));
            }
        }
    }
    order
}

/// The place of each vertex in its layer.
fn places(layers: &Layers, order: &[Vec<usize>]) -> Vec<usize> {
    let mut places = vec![0; layers.up.len()];
    for row in order {
        set_places(row, &mut places);
    }
    places
}

fn set_places(row: &[usize], places: &mut [usize]) {
    row.iter().enumerate().for_each(|(place, vertex)| put(places, *vertex, place));
}

/// Sorts one layer by the means of the places of its neighbours in the layer that is fixed. Neighbours in the layer
/// itself count half. What has no neighbour keeps its place.
fn sort_by_means(row: &mut Vec<usize>, towards: &[Vec<usize>], beside: &[Vec<usize>], places: &mut [usize]) {
    let fixed: usize =
        row.iter().flat_map(|vertex| list(towards, *vertex)).map(|other| at(places, *other)).max().unwrap_or(0);
    // Places of the own layer are brought to the scale of the fixed one.
    let scale = (fixed + 1) as f64 / row.len().max(1) as f64;
    let mut keyed: Vec<(f64, usize)> = Vec::with_capacity(row.len());
    for (place, vertex) in row.iter().enumerate() {
        let (mut sum, mut weight) = (0.0, 0.0);
        for other in list(towards, *vertex) {
            sum += at(places, *other) as f64;
            weight += 1.0;
        }
        for other in list(beside, *vertex) {
            sum += at(places, *other) as f64 * scale * 0.5;
            weight += 0.5;
        }
        keyed.push((if weight > 0.0 { sum / weight } else { place as f64 * scale }, *vertex));
    }
    keyed.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    *row = keyed.into_iter().map(|(_, vertex)| vertex).collect();
    set_places(row, places);
}

/// Exchanges two neighbours in a layer wherever that saves crossings, a few times over; with `wanted` places also where
/// it costs nothing and brings them into that order.
fn exchange(layers: &Layers, order: &mut [Vec<usize>], places: &mut [usize], wanted: Option<&[usize]>) {
    for _ in 0..EXCHANGES {
        let mut changed = false;
        for row in order.iter_mut() {
            let sorted = |side: &[Vec<usize>], vertex: usize, places: &[usize]| -> Vec<usize> {
                let mut found: Vec<usize> = list(side, vertex).iter().map(|other| at(places, *other)).collect();
                found.sort_unstable();
                found
            };
            let mut sides: Vec<[Vec<usize>; 2]> = row
                .iter()
                .map(|vertex| [sorted(&layers.up, *vertex, places), sorted(&layers.down, *vertex, places)])
                .collect();
            for left in 0..row.len().saturating_sub(1) {
                let (Some([up, down]), Some([next_up, next_down])) = (sides.get(left), sides.get(left + 1)) else {
                    continue;
                };
                let kept = inversions(up, next_up) + inversions(down, next_down);
                let turned = inversions(next_up, up) + inversions(next_down, down);
                let (a, b) = (at(row, left), at(row, left + 1));
                let gain = kept as i64 - turned as i64 + beside_gain(layers, places, a, b);
                let tidier = wanted.is_some_and(|wanted| at(wanted, b) < at(wanted, a));
                if gain > 0 || (gain == 0 && tidier) {
                    row.swap(left, left + 1);
                    sides.swap(left, left + 1);
                    put(places, a, left + 1);
                    put(places, b, left);
                    changed = true;
                }
            }
        }
        if !changed {
            break;
        }
    }
}

/// How much shorter the edges within the layer get if `a` and `b`, side by side, change places.
fn beside_gain(layers: &Layers, places: &[usize], a: usize, b: usize) -> i64 {
    let mut gain = 0;
    for (vertex, step, partner) in [(a, 1_i64, b), (b, -1, a)] {
        let here = at(places, vertex) as i64;
        for other in list(&layers.beside, vertex).iter().filter(|other| **other != partner) {
            let there = at(places, *other) as i64;
            gain += (here - there).abs() - (here + step - there).abs();
        }
    }
    gain * BESIDE as i64
}

/// How many pairs (one of `left`, one of `right`) stand the wrong way round; both ascend.
fn inversions(left: &[usize], right: &[usize]) -> usize {
    let (mut count, mut smaller) = (0, 0);
    for value in left {
        while right.get(smaller).is_some_and(|other| other < value) {
            smaller += 1;
        }
        count += smaller;
    }
    count
}

/// Crossings between all adjacent layers, and vertices passed by edges within a layer.
fn total(layers: &Layers, order: &[Vec<usize>], places: &[usize]) -> usize {
    order.iter().map(|row| crossings_below(layers, row, places) + passed(layers, row, places)).sum()
}

/// Crossings of the edges from `row` to the layer below it.
fn crossings_below(layers: &Layers, row: &[usize], places: &[usize]) -> usize {
    let mut ends = Vec::new();
    for vertex in row {
        let first = ends.len();
        ends.extend(list(&layers.down, *vertex).iter().map(|other| at(places, *other)));
        if let Some(own) = ends.get_mut(first..) {
            own.sort_unstable();
        }
    }
    // Ends in the order of their starts: each pair that descends is a crossing. Counted with a Fenwick tree.
    let size = ends.iter().max().map_or(0, |last| last + 1);
    let mut tree = vec![0_usize; size + 1];
    let mut crossings = 0;
    for (seen, end) in ends.iter().enumerate() {
        let (mut not_greater, mut index) = (0, end + 1);
        while index > 0 {
            not_greater += at(&tree, index);
            index &= index - 1;
        }
        crossings += seen - not_greater;
        index = end + 1;
        while index <= size {
            let grown = at(&tree, index) + 1;
            put(&mut tree, index, grown);
            index += index & index.wrapping_neg();
        }
    }
    crossings
}

/// Over how many vertices the edges within `row` pass.
fn passed(layers: &Layers, row: &[usize], places: &[usize]) -> usize {
    let mut sum = 0;
    for vertex in row {
        let here = at(places, *vertex);
        for other in list(&layers.beside, *vertex) {
            sum += at(places, *other).saturating_sub(here + 1);
        }
    }
    sum * BESIDE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_layers(edges: &[(usize, usize)], upper: usize, lower: usize) -> Layers {
        let mut layers = Layers {
            order: vec![(0..upper).collect(), (upper..upper + lower).collect()],
            up: vec![Vec::new(); upper + lower],
            down: vec![Vec::new(); upper + lower],
            beside: vec![Vec::new(); upper + lower],
        };
        for (a, b) in edges {
            layers.down[*a].push(upper + b);
            layers.up[upper + b].push(*a);
        }
        layers
    }

    #[test]
    fn crossings_are_counted() {
        // A full K3,3 has 9 crossings in any order.
        let edges: Vec<(usize, usize)> = (0..3).flat_map(|a| (0..3).map(move |b| (a, b))).collect();
        let layers = two_layers(&edges, 3, 3);
        assert_eq!(total(&layers, &layers.order, &places(&layers, &layers.order)), 9);
    }

    #[test]
    fn a_tangle_without_need_is_undone() {
        let edges = [(0, 3), (0, 5), (1, 4), (2, 0), (2, 1), (3, 2), (3, 1)];
        let mut layers = two_layers(&edges, 4, 6);
        reduce(&mut layers);
        assert_eq!(total(&layers, &layers.order, &places(&layers, &layers.order)), 0);
    }
}
