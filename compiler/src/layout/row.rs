//! Chains: a piece that is one path stands in a row, or in several rows to and fro.

use super::Point;
use super::component::{Piece, Placed, lengths};
use super::table::{at, list};

/// Distance between the boxes of a chain where their labels need less.
const GAP: f64 = 72.0;
/// The longest row, in units.
const PAGE: f64 = 1500.0;
/// Distance between two rows.
const ROW_GAP: f64 = 64.0;

/// The items from one end of the chain to the other, if the piece is one.
pub(super) fn order(piece: &Piece, neighbours: &[Vec<usize>]) -> Option<Vec<usize>> {
    let count = piece.items.len();
    let ends: Vec<usize> = (0..count).filter(|item| list(neighbours, *item).len() == 1).collect();
    if ends.len() != 2 || neighbours.iter().any(|list| list.len() > 2) {
        return None;
    }
    let mut order = vec![*ends.first()?];
    let mut before = usize::MAX;
    while let Some(last) = order.last().copied()
        && let Some(next) = list(neighbours, last).iter().find(|next| **next != before)
    {
        before = last;
        order.push(*next);
    }
    Some(order)
}

/// Places the chain.
pub(super) fn arrange(piece: &Piece, order: &[usize]) -> Placed {
    let lengths = lengths(&piece.lines);
    let size = |item: &usize| piece.items.get(*item).map_or((0.0, 0.0), |item| (item.width, item.height));
    let gap = |a: usize, b: usize| lengths.get(&(a.min(b), a.max(b))).copied().unwrap_or(GAP).max(GAP);
    // Along the unrolled chain: where each box begins.
    let mut starts = Vec::with_capacity(order.len());
    let mut along = 0.0;
    for (index, item) in order.iter().enumerate() {
        starts.push(along);
        along += size(item).0 + order.get(index + 1).map_or(0.0, |next| gap(*item, *next));
    }
    let height = order.iter().map(|item| size(item).1).fold(0.0, f64::max) + ROW_GAP;
    let page = PAGE.max((along * height * 1.8).sqrt());
    let mut centres = vec![Point::default(); piece.items.len()];
    let (mut row, mut row_start) = (0_i64, 0.0);
    for (index, item) in order.iter().enumerate() {
        let start = at(&starts, index);
        let (width, _) = size(item);
        if start + width - row_start > page && start > row_start {
            row += 1;
            row_start = start;
        }
        let x = start - row_start + width / 2.0;
        if let Some(centre) = centres.get_mut(*item) {
            *centre = Point::new(if row % 2 == 0 { x } else { page - x }, row as f64 * height);
        }
    }
    Placed { centres, ..Placed::default() }
}
