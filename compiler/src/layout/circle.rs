//! Rings and full meshes: the core stands on a circle, and the trees that hang on it stand outside, in its sectors.

use super::component::{Piece, Placed};
use super::geometry::crowded;
use super::table::{at, list, put};
use super::{Kind, Point};

/// Distance between neighbours on the circle beyond their size.
const GAP: f64 = 48.0;
/// Longest distance that labels may ask for.
const LONGEST: f64 = 150.0;
/// Where boxes are too near, the circle grows by this, again and again.
const SPREAD: f64 = 1.1;
const MOST_SPREADS: usize = 50;
/// Smaller rings look better in layers.
const SMALLEST_RING: usize = 5;
/// And so do smaller meshes.
const SMALLEST_MESH: usize = 4;
/// A ring has this many members for each chord across it, or more; else it is a mesh.
const RING_PER_CHORD: usize = 4;
/// How many steps a member may cost to find the way around.
const SEARCH: usize = 200;
/// A mesh has at most this many nodes; more of them are no picture in any form.
const LARGEST_MESH: usize = 100;

/// The items of the ring or mesh in the order in which they stand on the circle, if the piece has one.
pub(super) fn core(piece: &Piece, neighbours: &[Vec<usize>]) -> Option<Vec<usize>> {
    let inner = peeled(neighbours);
    let members: Vec<usize> = (0..neighbours.len()).filter(|item| at(&inner, *item)).collect();
    let has_place =
        |item: &usize| piece.items.get(*item).is_some_and(|item| matches!(item.kind, Kind::Segment | Kind::Outside));
    if members.len() < SMALLEST_MESH || members.iter().any(has_place) {
        return None;
    }
    let degree = |item: &usize| list(neighbours, *item).iter().filter(|other| at(&inner, **other)).count();
    if members.len() >= SMALLEST_RING && members.iter().all(|item| degree(item) == 2) {
        return Some(around(&members, neighbours, &inner));
    }
    let possible = members.len() * (members.len() - 1);
    let joined: usize = members.iter().map(degree).sum();
    let chords = (joined / 2).saturating_sub(members.len());
    if members.len() >= SMALLEST_RING && chords * RING_PER_CHORD <= members.len() {
        return with_chords(&members, neighbours, &inner);
    }
    (members.len() <= LARGEST_MESH && joined * 4 >= possible * 3).then_some(members)
}

/// Which items are left after all that hang on a single edge are taken away, again and again.
fn peeled(neighbours: &[Vec<usize>]) -> Vec<bool> {
    let mut degree: Vec<usize> = neighbours.iter().map(Vec::len).collect();
    let mut inner = vec![true; neighbours.len()];
    let mut leaves: Vec<usize> = (0..neighbours.len()).filter(|item| at(&degree, *item) <= 1).collect();
    while let Some(leaf) = leaves.pop() {
        put(&mut inner, leaf, false);
        for other in list(neighbours, leaf) {
            let left = at(&degree, *other).saturating_sub(1);
            put(&mut degree, *other, left);
            if left == 1 && at(&inner, *other) {
                leaves.push(*other);
            }
        }
    }
    inner
}

/// A way around through all members, if one is found soon. It is tried along the smallest numbers first, as rings are
/// written.
fn with_chords(members: &[usize], neighbours: &[Vec<usize>], inner: &[bool]) -> Option<Vec<usize>> {
    let first = *members.first()?;
    let mut ring = vec![first];
    let mut on_ring = vec![false; neighbours.len()];
    put(&mut on_ring, first, true);
    // For each member of the way, which of its neighbours is tried next.
    let mut next = vec![0];
    for _ in 0..SEARCH * members.len() {
        let (here, tried) = (*ring.last()?, next.last_mut()?);
        let others = list(neighbours, here);
        if ring.len() == members.len() && others.contains(&first) {
            return Some(ring);
        }
        match others.get(*tried).copied() {
            Some(other) => {
                *tried += 1;
                if at(inner, other) && !at(&on_ring, other) {
                    put(&mut on_ring, other, true);
                    ring.push(other);
                    next.push(0);
                }
            }
            None => {
                put(&mut on_ring, here, false);
                ring.pop();
                next.pop();
            }
        }
    }
    None
}

/// The ring once around, from its first item towards the smaller of its neighbours.
fn around(members: &[usize], neighbours: &[Vec<usize>], inner: &[bool]) -> Vec<usize> {
    let Some(first) = members.first().copied() else { return Vec::new() };
    let mut ring = vec![first];
    let (mut before, mut here) = (usize::MAX, first);
    while let Some(next) = list(neighbours, here).iter().copied().find(|next| at(inner, *next) && *next != before) {
        if next == first {
            break;
        }
        ring.push(next);
        (before, here) = (here, next);
    }
    ring
}

/// A tree item outside the core, or a core item as the root of its tree.
#[derive(Clone, Copy, Default)]
struct Branch {
    item: usize,
    /// Index of the branch that it hangs on.
    parent: Option<usize>,
    depth: usize,
    /// Length of the arc that it needs, with all that hangs on it.
    breadth: f64,
    /// Where its arc begins, as a share of the circle.
    start: f64,
}

/// Places the piece around its core.
pub(super) fn arrange(piece: &Piece, neighbours: &[Vec<usize>], core: &[usize]) -> Placed {
    let mut branches = branches(neighbours, core);
    let wish = piece.lines.iter().map(|line| line.length).fold(GAP, f64::max).min(LONGEST);
    let size = |item: usize| piece.items.get(item).map_or(0.0, |item| item.width.max(item.height));
    for index in (0..branches.len()).rev() {
        let Some(branch) = branches.get(index).copied() else { continue };
        let gap = if branch.depth == 0 { wish } else { GAP / 2.0 };
        let breadth = branch.breadth.max(size(branch.item) + gap);
        if let Some(branch) = branches.get_mut(index) {
            branch.breadth = breadth;
        }
        if let Some(parent) = branch.parent.and_then(|parent| branches.get_mut(parent)) {
            parent.breadth += breadth;
        }
    }
    let roots = branches.iter().filter(|branch| branch.parent.is_none());
    let total: f64 = roots.map(|branch| branch.breadth).sum();
    share_out(&mut branches, total);

    // The chord between neighbours is shorter than their arc, most of all on small circles.
    let (_, half_turn) = turn(0.5 / core.len().max(1) as f64);
    let straight = (TAU / 2.0) / core.len().max(1) as f64 / half_turn.max(1e-9);
    // How far a box reaches from its centre in a direction.
    let reach = |item: usize, (cos, sin): (f64, f64)| {
        piece.items.get(item).map_or(0.0, |item| (item.width * sin.abs() + item.height * cos.abs()) / 2.0)
    };
    let mut radii: Vec<f64> = Vec::with_capacity(branches.len());
    let mut centres = vec![Point::default(); piece.items.len()];
    for branch in &branches {
        let direction = turn(branch.start + branch.breadth / total / 2.0);
        let (cos, sin) = direction;
        let radius = match branch.parent {
            None => total / TAU * straight,
            Some(parent) => {
                let above = branches.get(parent).map_or(0.0, |above| reach(above.item, direction));
                at(&radii, parent) + above + reach(branch.item, direction) + wish.max(GAP * 1.5)
            }
        };
        radii.push(radius);
        // From the top, clockwise.
        put(&mut centres, branch.item, Point::new(radius * sin, -radius * cos));
    }
    let mut placed = Placed { centres, ..Placed::default() };
    // Items of very different sizes come nearer to each other than their arcs are long.
    for _ in 0..MOST_SPREADS {
        if crowded(&placed.boxes(&piece.items), GAP / 2.0) == 0 {
            break;
        }
        placed.centres.iter_mut().for_each(|place| *place = Point::new(place.x * SPREAD, place.y * SPREAD));
    }
    placed
}

/// The core and then everything that hangs on it, from the inside outwards.
fn branches(neighbours: &[Vec<usize>], core: &[usize]) -> Vec<Branch> {
    let mut seen = vec![false; neighbours.len()];
    let mut branches: Vec<Branch> = core.iter().map(|item| Branch { item: *item, ..Branch::default() }).collect();
    core.iter().for_each(|item| put(&mut seen, *item, true));
    let mut next = 0;
    while let Some(branch) = branches.get(next).copied() {
        for other in list(neighbours, branch.item) {
            if !at(&seen, *other) {
                put(&mut seen, *other, true);
                let (item, depth) = (*other, branch.depth + 1);
                branches.push(Branch { item, parent: Some(next), depth, ..Branch::default() });
            }
        }
        next += 1;
    }
    branches
}

/// Gives each branch its arc: the roots around the circle so that the first is at the top, children within their parent.
fn share_out(branches: &mut [Branch], total: f64) {
    let mut taken = vec![0.0; branches.len()];
    let mut around = branches.first().map_or(0.0, |first| -first.breadth / 2.0);
    let mut children = vec![0.0; branches.len()];
    for branch in branches.iter() {
        if let Some(parent) = branch.parent {
            let sum = at(&children, parent) + branch.breadth;
            put(&mut children, parent, sum);
        }
    }
    for index in 0..branches.len() {
        let Some(branch) = branches.get(index).copied() else { continue };
        let start = match branch.parent {
            None => {
                around += branch.breadth;
                around - branch.breadth
            }
            Some(parent) => {
                let within = at(&taken, parent);
                put(&mut taken, parent, within + branch.breadth);
                let (start, breadth) = branches.get(parent).map_or((0.0, 0.0), |above| (above.start, above.breadth));
                // Children stand around the middle of their parent's arc.
                start * total + (breadth - at(&children, parent)) / 2.0 + within
            }
        };
        if let Some(branch) = branches.get_mut(index) {
            branch.start = start / total;
        }
    }
}

const TAU: f64 = std::f64::consts::TAU;

/// Cosine and sine of `share` of a full turn. The library's functions differ between machines in the last bit, so this
/// is a series of plain operations, exact to about 1e-12.
pub(super) fn turn(share: f64) -> (f64, f64) {
    let share = share - share.floor();
    let quarter = (share * 4.0).floor();
    let angle = (share - quarter / 4.0) * TAU;
    let (mut sin, mut cos, mut term) = (0.0, 0.0, 1.0);
    for step in 0..18 {
        // term is angle^step / step!, with the signs of the two series.
        let sign = if (step / 2) % 2 == 0 { 1.0 } else { -1.0 };
        if step % 2 == 0 {
            cos += sign * term
        } else {
            sin += sign * term
        }
        term *= angle / f64::from(step + 1);
    }
    match quarter as i64 {
        0 => (cos, sin),
        1 => (-sin, cos),
        2 => (-cos, -sin),
        _ => (sin, -cos),
    }
}

#[cfg(test)]
mod tests {
    use super::turn;

    #[test]
    fn turning_agrees_with_the_library() {
        for step in -20..60 {
            let share = f64::from(step) / 23.0;
            let (sin, cos) = (share * std::f64::consts::TAU).sin_cos();
            let (our_cos, our_sin) = turn(share);
            assert!((cos - our_cos).abs() < 1e-9 && (sin - our_sin).abs() < 1e-9, "at {share} turns");
        }
    }
}
