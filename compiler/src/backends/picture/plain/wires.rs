//! The column of each end of a wire, and the track that it runs along between two rows.

use super::rows::{Hop, Plan, Slot, Station, Tip, Wish, last_column, spread};
use super::shape::Look;
use std::collections::{BTreeMap, BTreeSet};

/// How often rows are moved towards straight wires.
const ALIGNMENTS: usize = 12;

/// Where the hops run, by index.
#[derive(Default)]
pub(super) struct Routes {
    /// The columns of the two tips.
    pub columns: Vec<[i64; 2]>,
    /// The track, from the top; `None` for a hop that goes straight down.
    pub tracks: Vec<Option<usize>>,
}

/// A tip to be placed: which hop and which of its two, its wish, its need.
struct Port {
    hop: usize,
    tip: usize,
    /// Ports of a side are in the order of what they lead to.
    towards: (i64, i64),
    wish: i64,
    width: i64,
}

/// Gives every hop its columns and its track.
///
/// In the space between two rows no column has two wires: so each can go down to its track, and on from there, wherever
/// the tracks of the others are.
pub(super) fn route(plan: &mut Plan) -> Routes {
    for round in 0..ALIGNMENTS {
        let columns = find_columns(plan).columns;
        plan.align(&columns, round % 2 == 0);
    }
    let mut routes = find_columns(plan);
    for row in 0..plan.rows.len() {
        let hops: Vec<usize> = hops_below(plan, row);
        lay_tracks(plan, &mut routes, &hops);
    }
    routes
}

fn hops_below(plan: &Plan, row: usize) -> Vec<usize> {
    plan.hops.iter().enumerate().filter(|(_, hop)| hop.row == row).map(|(index, _)| index).collect()
}

fn find_columns(plan: &mut Plan) -> Routes {
    let mut routes = Routes { columns: vec![[0; 2]; plan.hops.len()], tracks: vec![None; plan.hops.len()] };
    for row in 0..plan.rows.len() {
        let hops = hops_below(plan, row);
        place_tips(plan, &mut routes, &hops, true, &BTreeMap::new());
        let taken = hops.iter().flat_map(|index| {
            let tips = plan.hops.get(*index).into_iter().flat_map(|hop| hop.tips).enumerate();
            let upper = tips.filter(|(_, tip)| tip.downwards).map(|(tip, _)| tip);
            upper.map(|tip| (column(&routes, *index, tip), *index)).collect::<Vec<_>>()
        });
        let taken: BTreeMap<i64, usize> = taken.collect();
        place_tips(plan, &mut routes, &hops, false, &taken);
    }
    routes
}

fn column(routes: &Routes, hop: usize, tip: usize) -> i64 {
    routes.columns.get(hop).and_then(|tips| tips.get(tip)).copied().unwrap_or(0)
}

fn set_column(routes: &mut Routes, hop: usize, tip: usize, column: i64) {
    if let Some(slot) = routes.columns.get_mut(hop).and_then(|tips| tips.get_mut(tip)) {
        *slot = column;
    }
}

/// Places the upper or the lower tips of the hops below a row, station by station.
fn place_tips(plan: &mut Plan, routes: &mut Routes, hops: &[usize], upper: bool, taken: &BTreeMap<i64, usize>) {
    let mut ports: BTreeMap<Station, Vec<Port>> = BTreeMap::new();
    for index in hops {
        let Some(hop) = plan.hops.get(*index).copied() else { continue };
        for (number, tip) in hop.tips.iter().enumerate().filter(|(_, tip)| tip.downwards == upper) {
            let other = hop.tips.get(1 - number).unwrap_or(tip);
            let other_column = column(routes, *index, 1 - number);
            let port = port(plan, *index, &hop, number, tip, other, (!upper).then_some(other_column));
            ports.entry(tip.at).or_default().push(port);
        }
    }
    let mut order: Vec<(i64, Station)> = ports.keys().map(|station| (plan.slot(*station).left, *station)).collect();
    order.sort_unstable();
    for (_, station) in order {
        let mut ports = ports.remove(&station).unwrap_or_default();
        ports.sort_by_key(|port| port.towards);
        if let Station::Pass(..) = station {
            let Some(port) = ports.first() else { continue };
            let slot = plan.slot(station);
            let left = if upper { slot.left } else { free(slot.left, port.hop, taken) };
            set_column(routes, port.hop, port.tip, left);
            plan.slots.insert(station, Slot { left, ..slot });
            continue;
        }
        let slot = plan.slot(station);
        let mut next = slot.left + 1;
        for (port, wanted) in ports.iter().zip(within(&ports, slot)) {
            let at = free(wanted.max(next), port.hop, taken);
            set_column(routes, port.hop, port.tip, at);
            // The last of its columns is to step aside.
            next = at + port.width - 1;
        }
    }
}

/// The first column from `wanted` that no other hop has.
fn free(wanted: i64, hop: usize, taken: &BTreeMap<i64, usize>) -> i64 {
    let mut column = wanted;
    while taken.get(&column).is_some_and(|other| *other != hop) {
        column += 1;
    }
    column
}

fn port(plan: &Plan, index: usize, hop: &Hop, number: usize, tip: &Tip, other: &Tip, known: Option<i64>) -> Port {
    let (own, there) = (plan.slot(tip.at), plan.slot(other.at));
    let is_level = hop.tips.iter().all(|tip| tip.downwards);
    // Wires between the same two in one row lie in one another; those between two rows run side by side.
    let turn = if is_level && there.left < own.left { -(index as i64) } else { index as i64 };
    let width = plan.tip_width(hop.wire, tip);
    let aim = known.unwrap_or_else(|| match other.at {
        Station::Pass(..) => there.left,
        Station::Body(_) => aim(reach(own, width), reach(there, plan.tip_width(hop.wire, other))),
    });
    let towards = match known {
        Some(column) => (column, turn),
        None => (if is_bar(plan, other.at) { aim } else { there.centre() }, turn),
    };
    Port { hop: index, tip: number, towards, wish: aim, width }
}

fn is_bar(plan: &Plan, station: Station) -> bool {
    matches!(station, Station::Body(body) if plan.shape.look(body) == Look::Bar)
}

/// The columns at which an end that needs so many may meet a body.
fn reach(slot: Slot, width: i64) -> (i64, i64) {
    (slot.left + 1, last_column(slot, width).max(slot.left + 1))
}

/// Where a wire is best left: in the middle of what both ends can reach, so that it is straight; else towards the other.
fn aim(own: (i64, i64), there: (i64, i64)) -> i64 {
    let (low, high) = (own.0.max(there.0), own.1.min(there.1));
    if low <= high { (low + high) / 2 } else { (there.0 + there.1) / 2 }
}

/// The wanted columns of ports on one side of a body, in order, all inside its corners.
fn within(ports: &[Port], slot: Slot) -> Vec<i64> {
    let wishes: Vec<Wish> = ports.iter().map(|port| Wish { at: port.wish as f64, width: port.width }).collect();
    let mut low = slot.left + 1;
    let mut high = Vec::new();
    let mut last = last_column(slot, ports.last().map_or(0, |port| port.width));
    for (index, port) in ports.iter().enumerate().rev() {
        last -= if index + 1 == ports.len() { 0 } else { port.width };
        high.push(last);
    }
    let wanted = spread(&wishes).into_iter().zip(high.into_iter().rev());
    let mut columns = Vec::new();
    for (port, (wanted, high)) in ports.iter().zip(wanted) {
        columns.push(wanted.min(high).max(low));
        low += port.width;
    }
    columns
}

/// Gives each hop that is not straight a track. No two on one track touch; the order saves crossings.
fn lay_tracks(plan: &Plan, routes: &mut Routes, hops: &[usize]) {
    let ends = |hop: usize| (column(routes, hop, 0), column(routes, hop, 1));
    let is_level = |hop: &usize| plan.hops.get(*hop).is_some_and(|hop| hop.tips.iter().all(|tip| tip.downwards));
    let (level, falling): (Vec<usize>, Vec<usize>) = hops.iter().partition(|hop| is_level(hop));
    let mut level = level;
    level.sort_by_key(|hop| (ends(*hop).0.abs_diff(ends(*hop).1), ends(*hop).0));
    let (mut right, mut left): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    for hop in falling {
        match ends(hop) {
            (from, to) if from < to => right.push(hop),
            (from, to) if from > to => left.push(hop),
            _ => {}
        }
    }
    // Of two that go to the right, the one that starts further right turns first, so that they do not cross.
    right.sort_by_key(|hop| -ends(*hop).0);
    left.sort_by_key(|hop| ends(*hop).0);
    let mut tracks: Vec<BTreeSet<(i64, i64)>> = Vec::new();
    let mut laid: Vec<(usize, usize)> = Vec::new();
    for class in [level, right, left] {
        let mut above: Vec<((i64, i64), usize)> = Vec::new();
        for hop in class {
            let (a, b) = ends(hop);
            let span = (a.min(b) - 1, a.max(b) + 1);
            let overlaps = |other: &(i64, i64)| other.0 <= span.1 && span.0 <= other.1;
            let below = above.iter().filter(|(other, _)| overlaps(other)).map(|(_, track)| track + 1).max();
            let mut track = below.unwrap_or(0);
            while tracks.get(track).is_some_and(|taken| taken.iter().any(overlaps)) {
                track += 1;
            }
            if tracks.len() <= track {
                tracks.resize_with(track + 1, BTreeSet::new);
            }
            tracks.get_mut(track).map(|taken| taken.insert(span));
            above.push((span, track));
            laid.push((hop, track));
        }
    }
    for (hop, track) in laid {
        if let Some(slot) = routes.tracks.get_mut(hop) {
            *slot = Some(track);
        }
    }
}
