//! One level of the picture: splits it into connected pieces, chooses a form for each, and packs them side by side.

use super::table::{append, at, list, put};
use super::tangle::{courses, tangle};
use super::{Kind, Point, Rect, circle, lan, layered, rank, row, spring};
use std::collections::BTreeMap;

/// A box on this level: a node, or a group as a whole.
#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    pub width: f64,
    pub height: f64,
    pub kind: Kind,
    pub tier: Option<i64>,
    /// Does an edge lead from it out of this level?
    pub outward: bool,
    /// Is it a group as a whole?
    pub frame: bool,
}

/// An edge on this level.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub ends: [usize; 2],
    /// Its index in the graph.
    pub edge: usize,
    /// Are both ends nodes of this level, rather than somewhere in a group?
    pub direct: bool,
    /// Width of the text at each end.
    pub texts: [f64; 2],
    /// Length at which all its texts fit.
    pub length: f64,
}

/// What is to be arranged.
#[derive(Clone, Debug, Default)]
pub(super) struct Piece {
    pub items: Vec<Item>,
    pub lines: Vec<Line>,
}

/// Arranged items: their centres, from the upper left corner of the whole, and its size.
#[derive(Clone, Debug, Default)]
pub(super) struct Placed {
    pub centres: Vec<Point>,
    /// Bends by index of the edge in the graph.
    pub bends: Vec<(usize, Vec<Point>)>,
    pub width: f64,
    pub height: f64,
}

impl Placed {
    /// Moves everything so that boxes and bends begin at (0, 0), and measures it.
    pub fn fitted(self, items: &[Item]) -> Placed {
        let bends = self.bends.iter().flat_map(|(_, bends)| bends).map(|bend| Rect::around(*bend, 0.0, 0.0));
        let extent = self.boxes(items).into_iter().chain(bends).reduce(|all, one| all.union(&one));
        self.within(extent)
    }

    /// Moves everything so that the boxes begin at (0, 0), and measures them; bends may lie outside.
    pub fn around_boxes(self, items: &[Item]) -> Placed {
        let extent = self.boxes(items).into_iter().reduce(|all, one| all.union(&one));
        self.within(extent)
    }

    /// The boxes of the items.
    pub fn boxes(&self, items: &[Item]) -> Vec<Rect> {
        let boxes = self.centres.iter().zip(items);
        boxes.map(|(centre, item)| Rect::around(*centre, item.width, item.height)).collect()
    }

    fn within(mut self, extent: Option<Rect>) -> Placed {
        let extent = extent.unwrap_or_default();
        self.shift(-extent.left, -extent.top);
        (self.width, self.height) = (extent.width(), extent.height());
        self
    }

    /// Turned over left-right (`x`) and top-bottom (`y`).
    pub fn mirrored(&self, x: bool, y: bool) -> Placed {
        let turn = |point: &Point| Point {
            x: if x { self.width - point.x } else { point.x },
            y: if y { self.height - point.y } else { point.y },
        };
        Placed {
            centres: self.centres.iter().map(turn).collect(),
            bends: self.bends.iter().map(|(edge, bends)| (*edge, bends.iter().map(turn).collect())).collect(),
            ..*self
        }
    }

    fn shift(&mut self, x: f64, y: f64) {
        let bends = self.bends.iter_mut().flat_map(|(_, bends)| bends);
        for point in self.centres.iter_mut().chain(bends) {
            *point = point.moved(x, y);
        }
    }
}

/// For each item, the items that it is joined to, ascending, each once.
pub(super) fn neighbours(piece: &Piece) -> Vec<Vec<usize>> {
    let mut neighbours = vec![Vec::new(); piece.items.len()];
    for line in &piece.lines {
        let [a, b] = line.ends;
        append(&mut neighbours, a, b);
        append(&mut neighbours, b, a);
    }
    for list in &mut neighbours {
        list.sort_unstable();
        list.dedup();
    }
    neighbours
}

/// The wished length between two items, the smaller number first.
pub(super) type Lengths = BTreeMap<(usize, usize), f64>;

/// The longest wish among the edges between two items.
pub(super) fn lengths(lines: &[Line]) -> Lengths {
    let mut lengths = Lengths::new();
    for line in lines {
        let [a, b] = line.ends;
        let longest = lengths.entry((a.min(b), a.max(b))).or_default();
        *longest = longest.max(line.length);
    }
    lengths
}

/// Arranges all items of a level.
pub(super) fn arrange(piece: &Piece) -> Placed {
    let parts = split(piece);
    let mut arranged: Vec<(Vec<usize>, Placed)> = parts
        .into_iter()
        .map(|(members, part)| {
            let placed = arrange_connected(&part).fitted(&part.items);
            (members, placed)
        })
        .collect();
    // Large pieces first; those of one height in the order of the source.
    arranged.sort_by(|(_, a), (_, b)| b.height.total_cmp(&a.height));
    pack(arranged, piece.items.len())
}

/// The connected pieces, in the order of their first items, with the numbers of their items in the whole.
fn split(piece: &Piece) -> Vec<(Vec<usize>, Piece)> {
    let neighbours = neighbours(piece);
    let mut part_of: Vec<Option<usize>> = vec![None; piece.items.len()];
    let mut parts: Vec<(Vec<usize>, Piece)> = Vec::new();
    for start in 0..piece.items.len() {
        if at(&part_of, start).is_some() {
            continue;
        }
        let mut members = vec![start];
        put(&mut part_of, start, Some(parts.len()));
        let mut next = 0;
        while let Some(item) = members.get(next).copied() {
            next += 1;
            for other in list(&neighbours, item) {
                if at(&part_of, *other).is_none() {
                    put(&mut part_of, *other, Some(parts.len()));
                    members.push(*other);
                }
            }
        }
        members.sort_unstable();
        let items = members.iter().filter_map(|item| piece.items.get(*item).cloned()).collect();
        parts.push((members, Piece { items, lines: Vec::new() }));
    }
    let mut number = vec![0; piece.items.len()];
    for (members, _) in &parts {
        for (within, item) in members.iter().enumerate() {
            put(&mut number, *item, within);
        }
    }
    for line in &piece.lines {
        let [a, b] = line.ends;
        if let Some((_, part)) = at(&part_of, a).and_then(|part| parts.get_mut(part)) {
            part.lines.push(Line { ends: [at(&number, a), at(&number, b)], ..*line });
        }
    }
    parts
}

/// So many networks at the edge are too many to stand in one layer.
const MANY_LANS: usize = 8;

/// Chooses the form of a connected piece.
fn arrange_connected(piece: &Piece) -> Placed {
    if piece.items.len() <= 1 {
        return Placed { centres: vec![Point::default(); piece.items.len()], ..Placed::default() };
    }
    let neighbours = neighbours(piece);
    if piece.items.iter().any(|item| item.tier.is_some()) {
        return layered::arrange(piece, &neighbours);
    }
    // A chain in a group hangs from where it leads out.
    let hangs = piece.items.iter().any(|item| item.outward);
    if let Some(order) = row::order(piece, &neighbours).filter(|_| !hangs) {
        return row::arrange(piece, &order);
    }
    let lans = lan::fold(piece, &neighbours);
    let inner_neighbours = self::neighbours(&lans.piece);
    if let Some(core) = circle::core(&lans.piece, &inner_neighbours) {
        return lans.unfold(circle::arrange(&lans.piece, &inner_neighbours, &core));
    }
    let in_layers = if lans.count() >= MANY_LANS {
        lans.unfold(layered::arrange(&lans.piece, &inner_neighbours))
    } else {
        layered::arrange(piece, &neighbours)
    };
    if !spring::suits(piece, &lans.piece, &inner_neighbours) || rank::is_hierarchy(piece, &neighbours) {
        return in_layers;
    }
    let sprung = lans.unfold(spring::arrange(&lans.piece, &inner_neighbours));
    let tangle = |placed: &Placed| tangle(&placed.boxes(&piece.items), &courses(&piece.lines, placed));
    if tangle(&sprung) <= tangle(&in_layers) { sprung } else { in_layers }
}

/// Distance between pieces.
const GAP: f64 = 56.0;

/// Packs arranged pieces into rows, about as wide as a page laid on its side.
fn pack(parts: Vec<(Vec<usize>, Placed)>, count: usize) -> Placed {
    let area: f64 = parts.iter().map(|(_, part)| (part.width + GAP) * (part.height + GAP)).sum();
    let widest = parts.iter().map(|(_, part)| part.width).fold(0.0, f64::max);
    let page = widest.max((area * 1.8).sqrt());
    let mut whole = Placed { centres: vec![Point::default(); count], ..Placed::default() };
    let (mut x, mut y, mut row_height) = (0.0, 0.0, 0.0_f64);
    for (members, mut part) in parts {
        if x > 0.0 && x + part.width > page {
            (x, y, row_height) = (0.0, y + row_height + GAP, 0.0);
        }
        part.shift(x, y);
        for (item, centre) in members.iter().zip(&part.centres) {
            put(&mut whole.centres, *item, *centre);
        }
        whole.bends.append(&mut part.bends);
        x += part.width + GAP;
        row_height = row_height.max(part.height);
        whole.width = whole.width.max(x - GAP);
        whole.height = whole.height.max(y + row_height);
    }
    whole
}
