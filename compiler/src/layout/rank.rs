//! Which layer each item of a connected piece stands in: from tiers where they are given, else from the structure.

use super::component::{Item, Piece};
use super::table::{at, list, put};
use super::{Kind, fold};
use std::collections::VecDeque;

/// Where an item stands: its tier, how far it hangs below that, and its row among the leaves of one parent.
pub(super) type Key = (i64, i64, i64);

/// The layer of each item, from 0 at the top, without empty layers.
pub(super) fn ranks(piece: &Piece, neighbours: &[Vec<usize>]) -> Vec<usize> {
    let mut keys: Vec<Key> = if piece.items.iter().any(|item| item.tier.is_some()) {
        from_tiers(piece, neighbours)
    } else {
        from_structure(piece, neighbours).0.into_iter().map(|distance| (0, distance, 0)).collect()
    };
    fold::leaves(piece, neighbours, &mut keys);
    let mut layers = keys.clone();
    layers.sort_unstable();
    layers.dedup();
    keys.iter().map(|key| layers.binary_search(key).unwrap_or(0)).collect()
}

/// Items without a tier hang below the nearest that has one; of several, below the highest.
fn from_tiers(piece: &Piece, neighbours: &[Vec<usize>]) -> Vec<Key> {
    let mut tiered: Vec<(i64, usize)> =
        piece.items.iter().enumerate().filter_map(|(index, item)| Some((item.tier?, index))).collect();
    tiered.sort_unstable();
    let mut keys: Vec<Option<Key>> = vec![None; piece.items.len()];
    let mut queue = VecDeque::new();
    for (tier, item) in tiered {
        put(&mut keys, item, Some((tier, 0, 0)));
        queue.push_back((item, tier, 0));
    }
    while let Some((item, tier, below)) = queue.pop_front() {
        for other in list(neighbours, item) {
            if at(&keys, *other).is_none() {
                put(&mut keys, *other, Some((tier, below + 1, 0)));
                queue.push_back((*other, tier, below + 1));
            }
        }
    }
    keys.into_iter().map(Option::unwrap_or_default).collect()
}

/// The better of two views: by the distance to the edge of the network, and by the distance from its middle.
fn from_structure(piece: &Piece, neighbours: &[Vec<usize>]) -> (Vec<i64>, View) {
    let count = piece.items.len();
    let those = |test: fn(&Item) -> bool| -> Vec<usize> {
        (0..count).filter(|index| piece.items.get(*index).is_some_and(test)).collect()
    };
    // What leads out of a group, or out of the lab, is at its top.
    for sources in [those(|item| item.kind == Kind::Outside), those(|item| item.outward)] {
        if !sources.is_empty() {
            return (distances(neighbours, &sources), View::Top);
        }
    }
    // Groups around what joins them are at the edge, too.
    let mixed = !those(|item| !item.frame && item.kind == Kind::Device).is_empty();
    let is_edge = |index: &usize| {
        let host = piece.items.get(*index).is_some_and(|item| item.kind == Kind::Host || (item.frame && mixed));
        host || list(neighbours, *index).len() <= 1
    };
    let edge: Vec<usize> = (0..count).filter(is_edge).collect();
    let middle = distances(neighbours, &twins(neighbours, top(neighbours)));
    let from_edge = distances(neighbours, &edge);
    if !edge.is_empty() && edge.len() < count && strain(neighbours, &from_edge) <= strain(neighbours, &middle) {
        (from_edge.into_iter().map(|distance| -distance).collect(), View::Edge)
    } else {
        (middle, View::Middle)
    }
}

/// Where layers are counted from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    Top,
    Edge,
    Middle,
}

/// Has the piece layers by its nature? Then its edges lead from one to the next, and it has an edge, or few layers: from
/// the middle, everything has some.
pub(super) fn is_hierarchy(piece: &Piece, neighbours: &[Vec<usize>]) -> bool {
    const FEW_LAYERS: i64 = 2;
    const MOST_STRAIN: i64 = 8;
    let (layers, view) = from_structure(piece, neighbours);
    let edges = neighbours.iter().map(Vec::len).sum::<usize>() / 2;
    let orderly = strain(neighbours, &layers).saturating_mul(MOST_STRAIN) <= edges as i64;
    match view {
        View::Top => true,
        View::Edge => orderly,
        View::Middle => orderly && layers.iter().all(|layer| *layer <= FEW_LAYERS),
    }
}

/// How many edges to the nearest of `sources`.
fn distances(neighbours: &[Vec<usize>], sources: &[usize]) -> Vec<i64> {
    let mut distance: Vec<Option<i64>> = vec![None; neighbours.len()];
    let mut queue = VecDeque::new();
    for source in sources {
        put(&mut distance, *source, Some(0));
        queue.push_back((*source, 0));
    }
    while let Some((item, steps)) = queue.pop_front() {
        for other in list(neighbours, item) {
            if at(&distance, *other).is_none() {
                put(&mut distance, *other, Some(steps + 1));
                queue.push_back((*other, steps + 1));
            }
        }
    }
    distance.into_iter().map(Option::unwrap_or_default).collect()
}

/// The item in the middle: of a tree the last that is left when the leaves are taken away again and again; else the
/// best joined of the most densely joined part.
fn top(neighbours: &[Vec<usize>]) -> usize {
    let (order, core) = peel(neighbours);
    let densest = core.iter().copied().max().unwrap_or(0);
    let edges = |item: &usize| list(neighbours, *item).len();
    let last_two = order.iter().rev().take(2).copied();
    let candidates: Vec<usize> = if densest <= 1 {
        last_two.collect()
    } else {
        (0..neighbours.len()).filter(|item| at(&core, *item) == densest).collect()
    };
    candidates.into_iter().max_by_key(|item| (edges(item), std::cmp::Reverse(*item))).unwrap_or(0)
}

/// Takes away the least joined item again and again: in which order, and how many edges each had left (at least as many
/// as those before it).
fn peel(neighbours: &[Vec<usize>]) -> (Vec<usize>, Vec<usize>) {
    let mut degree: Vec<usize> = neighbours.iter().map(Vec::len).collect();
    let mut buckets: Vec<VecDeque<usize>> = vec![VecDeque::new(); degree.iter().max().map_or(0, |most| most + 1)];
    for (item, edges) in degree.iter().enumerate() {
        buckets.get_mut(*edges).into_iter().for_each(|bucket| bucket.push_back(item));
    }
    let mut core: Vec<Option<usize>> = vec![None; neighbours.len()];
    let (mut order, mut level, mut lowest) = (Vec::new(), 0, 0);
    while lowest < buckets.len() {
        let Some(item) = buckets.get_mut(lowest).and_then(VecDeque::pop_front) else {
            lowest += 1;
            continue;
        };
        if at(&core, item).is_some() || at(&degree, item) != lowest {
            continue;
        }
        level = level.max(lowest);
        put(&mut core, item, Some(level));
        order.push(item);
        for other in list(neighbours, item).iter().filter(|other| at(&core, **other).is_none()) {
            let left = at(&degree, *other).saturating_sub(1);
            put(&mut degree, *other, left);
            buckets.get_mut(left).into_iter().for_each(|bucket| bucket.push_back(*other));
            lowest = lowest.min(left);
        }
    }
    (order, core.into_iter().map(Option::unwrap_or_default).collect())
}

/// `item`, and all that have the same neighbours: the other spines of a fabric, the second core of a pair.
fn twins(neighbours: &[Vec<usize>], item: usize) -> Vec<usize> {
    let own = list(neighbours, item);
    let same = |other: usize| {
        let theirs = list(neighbours, other);
        let rest = |list: &'_ [usize]| -> Vec<usize> {
            list.iter().copied().filter(|entry| *entry != item && *entry != other).collect()
        };
        theirs.len() == own.len() && rest(theirs) == rest(own)
    };
    // A twin is a neighbour, or a neighbour's neighbour; one neighbour is enough to look at, as twins share them all.
    let first = own.first().copied().unwrap_or(item);
    let mut near: Vec<usize> = own.iter().chain(list(neighbours, first)).copied().collect();
    near.push(item);
    near.sort_unstable();
    near.dedup();
    // Bounded: comparing all pairs around a large hub would be quadratic, and a hub with so many twins is a full mesh.
    near.into_iter().filter(|other| *other == item || (own.len() <= 256 && same(*other))).collect()
}

/// How badly the edges fit the layers: edges within one, and edges over several.
fn strain(neighbours: &[Vec<usize>], distance: &[i64]) -> i64 {
    let mut strain = 0;
    for (item, others) in neighbours.iter().enumerate() {
        for other in others.iter().filter(|other| **other > item) {
            strain += ((at(distance, item) - at(distance, *other)).abs() - 1).abs();
        }
    }
    strain
}
