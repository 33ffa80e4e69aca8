//! Leaves in several rows, where one row would make the picture much wider than high, and on both sides of a bar.

use super::Kind;
use super::component::{Item, Piece};
use super::rank::Key;
use super::table::{append, at, list, put};
use std::collections::BTreeMap;

/// Leaves of one parent are not folded into more rows than this.
const MOST_ROWS: usize = 8;
/// Pictures up to this width, in units, are not folded; nor are trees of devices up to the greater one, whose layers mean
/// something.
const WIDE: f64 = 1500.0;
const WIDE_TREE: f64 = 2400.0;
/// A bar at the top with at least this many leaves has them on both sides.
const BOTH_SIDES: usize = 6;

/// The width over the height that a picture should have.
const FORM: f64 = 1.8;
/// Distance between boxes, about; and of a line that passes a row.
const GAP: f64 = 32.0;
const LANE: f64 = 13.0;
/// Height of a layer of nodes with what is below it, about.
const LAYER: f64 = 130.0;

/// Gives the leaves among `keys` their rows. A leaf has nothing below or beside it.
pub(super) fn leaves(piece: &Piece, neighbours: &[Vec<usize>], keys: &mut [Key]) {
    let families = families(piece, neighbours, keys);
    let rows = rows(piece, neighbours, keys, &families);
    for (parent, family) in families.iter().enumerate() {
        let upper = above(piece, neighbours, parent, family);
        let (tier, below, _) = at(keys, parent);
        for (index, leaf) in family.iter().enumerate() {
            let row = |index: usize| (index % rows) as i64;
            let key = match index.checked_sub(upper) {
                None => (tier, below, -1 - row(index)),
                Some(_) if rows == 1 => continue,
                Some(index) => {
                    let (tier, below, _) = at(keys, *leaf);
                    (tier, below, row(index))
                }
            };
            put(keys, *leaf, key);
        }
    }
}

/// Is it of a kind of which there are many at the edge of a network?
fn is_many(item: &Item) -> bool {
    item.frame || item.kind == Kind::Host
}

/// For each item the leaves that hang on it; a leaf with several parents is with the first.
fn families(piece: &Piece, neighbours: &[Vec<usize>], keys: &[Key]) -> Vec<Vec<usize>> {
    let mut families = vec![Vec::new(); neighbours.len()];
    for (item, others) in neighbours.iter().enumerate() {
        let hangs = others.iter().all(|other| at(keys, *other) < at(keys, item));
        // What has several parents stays in one row with its like, unless it is of a kind that is many.
        let many = piece.items.get(item).is_some_and(is_many);
        if let Some(parent) = others.first().filter(|_| hangs && (many || others.len() == 1)) {
            append(&mut families, *parent, item);
        }
    }
    families
}

/// How many of the leaves stand above their parent: half of them, if it is a bar with nothing else on it.
fn above(piece: &Piece, neighbours: &[Vec<usize>], parent: usize, family: &[usize]) -> usize {
    let bar = piece.items.get(parent).is_some_and(|item| item.kind == Kind::Segment && !item.outward);
    let all = family.len() == list(neighbours, parent).len();
    if bar && all && family.len() >= BOTH_SIDES { family.len().div_ceil(2) } else { 0 }
}

/// The number of rows that brings the picture nearest to the form of a page.
fn rows(piece: &Piece, neighbours: &[Vec<usize>], keys: &[Key], families: &[Vec<usize>]) -> usize {
    let width = |item: usize| piece.items.get(item).map_or(0.0, |item| item.width) + GAP;
    let mut layers: BTreeMap<Key, f64> = BTreeMap::new();
    let mut is_leaf = vec![false; neighbours.len()];
    let (mut leaf_width, mut lane_width, mut leaf_height) = (0.0, 0.0, LAYER);
    for (parent, family) in families.iter().enumerate() {
        let share = if above(piece, neighbours, parent, family) > 0 { 0.5 } else { 1.0 };
        for leaf in family {
            put(&mut is_leaf, *leaf, true);
            leaf_width += width(*leaf) * share;
            lane_width += list(neighbours, *leaf).len() as f64 * LANE * share;
            leaf_height = piece.items.get(*leaf).map_or(0.0, |leaf| leaf.height + GAP * 2.0).max(leaf_height);
        }
    }
    for item in (0..neighbours.len()).filter(|item| !at(&is_leaf, *item)) {
        *layers.entry(at(keys, item)).or_default() += width(item);
    }
    let widest = layers.values().copied().fold(0.0, f64::max);
    let leaves = families.iter().flatten().filter_map(|leaf| piece.items.get(*leaf));
    let wide = if leaves.into_iter().all(|leaf| !is_many(leaf)) { WIDE_TREE } else { WIDE };
    if leaf_width.max(widest) <= wide {
        return 1;
    }
    let misfit = |rows: usize| {
        let share = 1.0 / rows as f64;
        let width = widest.max(leaf_width * share + lane_width * (1.0 - share));
        let form = width / (layers.len() as f64 * LAYER + rows as f64 * leaf_height) / FORM;
        form.max(1.0 / form)
    };
    let mut best = 1;
    for rows in 2..=MOST_ROWS {
        if misfit(rows) < misfit(best) * 0.9 {
            best = rows;
        }
    }
    best
}
