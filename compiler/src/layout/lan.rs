//! Networks at the edge: a bar, the leaves on it, and the one neighbour that leads elsewhere. Bar and leaves are arranged
//! by themselves and stand as one item, so that what is left may be a ring or a mesh.

use super::component::{Item, Line, Piece, Placed};
use super::table::{append, at, list, put};
use super::{Kind, layered};

/// A piece in which every network at the edge is one item.
pub(super) struct Folded {
    pub piece: Piece,
    /// For each item of the original, the item that it is in, and its number there.
    home: Vec<(usize, usize)>,
    /// By item: what stands in it, if it is more than itself.
    inner: Vec<Option<Lan>>,
}

#[derive(Clone)]
struct Lan {
    placed: Placed,
    /// The item that it hangs on.
    above: usize,
}

/// Folds the networks of `piece`; without any it stays as it is.
pub(super) fn fold(piece: &Piece, neighbours: &[Vec<usize>]) -> Folded {
    let count = piece.items.len();
    let mut bar_of: Vec<Option<usize>> = vec![None; count];
    for bar in 0..count {
        if let Some((_, leaves)) = at_edge(piece, neighbours, bar) {
            put(&mut bar_of, bar, Some(bar));
            leaves.into_iter().for_each(|leaf| put(&mut bar_of, leaf, Some(bar)));
        }
    }
    let mut home = vec![(0, 0); count];
    let mut members: Vec<Vec<usize>> = Vec::new();
    let mut item_of: Vec<Option<usize>> = vec![None; count];
    for item in 0..count {
        let owner = at(&bar_of, item).unwrap_or(item);
        let outer = at(&item_of, owner).unwrap_or(members.len());
        if outer == members.len() {
            members.push(Vec::new());
            put(&mut item_of, owner, Some(outer));
        }
        put(&mut home, item, (outer, list(&members, outer).len()));
        append(&mut members, outer, item);
    }
    let mut folded = Folded { piece: Piece::default(), home, inner: Vec::new() };
    let mut parts: Vec<Vec<Line>> = vec![Vec::new(); members.len()];
    for line in &piece.lines {
        let [(a, a_inner), (b, b_inner)] = line.ends.map(|end| at(&folded.home, end));
        if a == b {
            append(&mut parts, a, Line { ends: [a_inner, b_inner], ..*line });
        } else {
            let whole = list(&members, a).len() + list(&members, b).len() == 2;
            let texts = if whole { line.texts } else { [0.0, 0.0] };
            folded.piece.lines.push(Line { ends: [a, b], direct: line.direct && whole, texts, ..*line });
        }
    }
    for (members, lines) in members.iter().zip(parts) {
        folded.add(piece, neighbours, members, lines);
    }
    folded
}

/// The one neighbour of a bar that leads elsewhere, and the leaves on it, if that is all there is.
fn at_edge(piece: &Piece, neighbours: &[Vec<usize>], bar: usize) -> Option<(usize, Vec<usize>)> {
    let item = piece.items.get(bar).filter(|item| item.kind == Kind::Segment && !item.outward)?;
    let is_leaf = |other: &usize| {
        let lonely = list(neighbours, *other).len() == 1;
        lonely && piece.items.get(*other).is_some_and(|item| !item.outward)
    };
    let (leaves, others): (Vec<usize>, Vec<usize>) = list(neighbours, bar).iter().partition(|other| is_leaf(other));
    match (others.as_slice(), item.tier) {
        ([above], None) => Some((*above, leaves)),
        _ => None,
    }
}

impl Folded {
    /// How many networks are folded.
    pub fn count(&self) -> usize {
        self.inner.iter().flatten().count()
    }

    /// Adds an item: one of the original, or a network with its leaves.
    fn add(&mut self, piece: &Piece, neighbours: &[Vec<usize>], members: &[usize], lines: Vec<Line>) {
        let mut items: Vec<Item> = members.iter().filter_map(|item| piece.items.get(*item).cloned()).collect();
        let bar = members.iter().find_map(|item| Some((*item, at_edge(piece, neighbours, *item)?.0)));
        let Some((bar, above)) = bar else {
            self.piece.items.append(&mut items);
            self.inner.push(None);
            return;
        };
        // The bar is where it leads out, so it stands at the top.
        items.iter_mut().zip(members).for_each(|(item, member)| item.outward = *member == bar);
        let part = Piece { items, lines };
        let placed = if members.len() == 1 {
            Placed { centres: vec![Default::default()], ..Placed::default() }
        } else {
            layered::arrange(&part, &super::component::neighbours(&part))
        };
        let placed = placed.fitted(&part.items);
        self.piece.items.push(Item { width: placed.width, height: placed.height, frame: true, ..Item::default() });
        self.inner.push(Some(Lan { placed, above }));
    }

    /// The places of all items of the original, from those of the folded ones. A bar is on the side that its line comes
    /// from.
    pub fn unfold(&self, outer: Placed) -> Placed {
        let centre = |item: usize| at(&outer.centres, item);
        let turned: Vec<Option<Placed>> = self
            .inner
            .iter()
            .enumerate()
            .map(|(item, lan)| {
                let lan = lan.as_ref()?;
                let (above, _) = at(&self.home, lan.above);
                Some(lan.placed.mirrored(false, centre(above).y > centre(item).y))
            })
            .collect();
        let place = |(item, number): &(usize, usize)| match turned.get(*item) {
            Some(Some(lan)) => {
                let corner = centre(*item).moved(-lan.width / 2.0, -lan.height / 2.0);
                at(&lan.centres, *number).moved(corner.x, corner.y)
            }
            _ => centre(*item),
        };
        let mut bends = outer.bends.clone();
        for (item, lan) in turned.iter().enumerate() {
            let Some(lan) = lan else { continue };
            let corner = centre(item).moved(-lan.width / 2.0, -lan.height / 2.0);
            let moved = |(edge, bends): &(usize, Vec<super::Point>)| {
                (*edge, bends.iter().map(|bend| bend.moved(corner.x, corner.y)).collect())
            };
            bends.extend(lan.bends.iter().map(moved));
        }
        Placed { centres: self.home.iter().map(place).collect(), bends, ..Placed::default() }
    }
}
