//! Which box stands in which row and column, and between which rows each wire runs.

use super::shape::{Look, Shape, columns, columns_of};
use crate::layout::Point;
use std::collections::{BTreeMap, BTreeSet};

/// What differs less in height, in lines of the layout, stands side by side; or if it has no link to what is there and
/// is not above or below any of it, what differs less than this.
const SAME_ROW: f64 = 2.0;
const SIMILAR_ROW: f64 = 5.0;
/// Blank columns between boxes.
const GAP: i64 = 3;
/// Columns of an end without its name: the wire, a blank, and one to step aside.
const END: i64 = 3;
/// How far the name of the last end on a side may reach beyond the box: less than the gap.
const BEYOND: i64 = 2;

/// How much is drawn.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Style {
    /// With the interfaces at the ends of wires?
    pub names: bool,
    /// Wires between neighbours in a row from side to side, and not below them?
    pub sides: bool,
    /// A row is folded if its boxes take more columns than this.
    pub fold: usize,
    /// How much of the distances in the layout is kept at first; with 0 rows are as narrow as can be.
    pub scale: f64,
}

impl Style {
    /// All ways to draw in a width, the best first.
    pub fn all(limit: usize) -> impl Iterator<Item = Style> {
        let details = [(true, true), (true, false), (false, true)];
        details.into_iter().flat_map(move |(names, sides)| {
            [limit, limit * 2 / 3, limit / 2]
                .into_iter()
                .flat_map(move |fold| [0.6, 0.3, 0.0].map(|scale| Style { names, sides, fold, scale }))
        })
    }
}

/// What stands in a row: a body, or a wire on its way through.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Station {
    Body(usize),
    /// A wire, in a row.
    Pass(usize, usize),
}

/// The columns of a station.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Slot {
    pub left: i64,
    pub width: i64,
}

impl Slot {
    /// The last column.
    pub fn right(self) -> i64 {
        self.left + self.width - 1
    }

    /// The column in the middle.
    pub fn centre(self) -> i64 {
        self.left + (self.width - 1) / 2
    }
}

/// A piece of a wire, in the space below a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hop {
    pub wire: usize,
    /// The row above it.
    pub row: usize,
    /// Its upper end, then the lower one; both above if the wire joins two of a row.
    pub tips: [Tip; 2],
}

/// An end of a hop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tip {
    pub at: Station,
    /// Does it leave its station downwards?
    pub downwards: bool,
    /// Which end of the wire it is, if it is one.
    pub end: Option<usize>,
}

/// A wire from side to side between neighbours in a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side {
    pub wire: usize,
    /// Which end of the wire is on the left.
    pub left_end: usize,
    /// Which line of the boxes it takes, from 0.
    pub line: usize,
}

/// Everything in its row and column.
pub(super) struct Plan<'a> {
    pub shape: &'a Shape,
    pub style: Style,
    /// The stations of each row from left to right.
    pub rows: Vec<Vec<Station>>,
    pub slots: BTreeMap<Station, Slot>,
    /// The columns that each station needs, and those that stay free behind it.
    needs: BTreeMap<Station, (i64, i64)>,
    pub hops: Vec<Hop>,
    pub sides: Vec<Side>,
}

impl<'a> Plan<'a> {
    pub fn new(shape: &'a Shape, style: Style) -> Plan<'a> {
        let bodies = body_rows(shape, style.fold);
        let mut plan = Plan {
            shape,
            style,
            rows: Vec::new(),
            slots: BTreeMap::new(),
            needs: BTreeMap::new(),
            hops: Vec::new(),
            sides: Vec::new(),
        };
        let centres = plan.run_wires(&bodies);
        plan.measure();
        plan.place(|station, width| centres.get(&station).copied().unwrap_or(0.0) * style.scale - width as f64 / 2.0);
        plan
    }

    /// Columns that it takes.
    pub fn width(&self) -> usize {
        let right = self.slots.values().map(|slot| slot.right() + 1).max().unwrap_or(0);
        usize::try_from(right).unwrap_or(0)
    }

    /// The columns of a station.
    pub fn slot(&self, station: Station) -> Slot {
        self.slots.get(&station).copied().unwrap_or_default()
    }

    /// The interface at a tip, as it is shown.
    pub fn name(&self, wire: usize, end: Option<usize>) -> &str {
        let names = self.shape.wires.get(wire).map(|wire| &wire.names);
        let name = names.zip(end).and_then(|(names, end)| names.get(end));
        name.filter(|_| self.style.names).map_or("", String::as_str)
    }

    /// The columns that a tip needs: its wire, its name, a blank, and one to step aside.
    pub fn tip_width(&self, wire: usize, tip: &Tip) -> i64 {
        columns(self.name(wire, tip.end)) as i64 + END
    }

    /// Sends each wire through the spaces between the rows, and through the rows in between. Gives the centre of each
    /// station in the layout.
    fn run_wires(&mut self, bodies: &[Vec<usize>]) -> BTreeMap<Station, f64> {
        let mut row_of: BTreeMap<usize, usize> = BTreeMap::new();
        for (row, members) in bodies.iter().enumerate() {
            row_of.extend(members.iter().map(|body| (*body, row)));
        }
        let heights: Vec<f64> = bodies.iter().map(|members| mean(members, |body| self.shape.centre(body).y)).collect();
        let mut rows: Vec<Vec<(f64, Station)>> = bodies
            .iter()
            .map(|members| members.iter().map(|body| (self.shape.centre(*body).x, Station::Body(*body))).collect())
            .collect();
        let mut level = Vec::new();
        for (index, wire) in self.shape.wires.iter().enumerate() {
            let [a, b] = wire.ends.map(|body| row_of.get(&body).copied().unwrap_or(0));
            if a == b {
                level.push((a, index));
                continue;
            }
            let upper_end = usize::from(b < a);
            let course = course(self.shape, index, upper_end);
            let ends = if upper_end == 0 { wire.ends } else { [wire.ends[1], wire.ends[0]] };
            let mut above = Tip { at: Station::Body(ends[0]), downwards: true, end: Some(upper_end) };
            for row in a.min(b)..a.max(b) {
                let is_last = row + 1 == a.max(b);
                let at = if is_last { Station::Body(ends[1]) } else { Station::Pass(index, row + 1) };
                let below = Tip { at, downwards: false, end: is_last.then_some(1 - upper_end) };
                self.hops.push(Hop { wire: index, row, tips: [above, below] });
                above = Tip { at, downwards: true, end: None };
                if let (false, Some(row), Some(height)) = (is_last, rows.get_mut(row + 1), heights.get(row + 1)) {
                    row.push((x_at(&course, *height), at));
                }
            }
        }
        for row in &mut rows {
            row.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        }
        self.rows = rows.iter().map(|row| row.iter().map(|(_, station)| *station).collect()).collect();
        level.into_iter().for_each(|(row, wire)| self.run_level(row, wire));
        rows.into_iter().flatten().map(|(x, station)| (station, x)).collect()
    }

    /// A wire between two of one row: from side to side if they are neighbours, else below them.
    fn run_level(&mut self, row: usize, wire: usize) {
        let Some(ends) = self.shape.wires.get(wire).map(|wire| wire.ends) else { return };
        let stations = ends.map(Station::Body);
        let place = |station| self.rows.get(row).and_then(|row| row.iter().position(|other| *other == station));
        let [a, b] = stations.map(|station| place(station).unwrap_or(0));
        let between = |side: &Side| {
            let other = self.shape.wires.get(side.wire).map(|wire| BTreeSet::from(wire.ends));
            other == Some(BTreeSet::from(ends))
        };
        let line = self.sides.iter().filter(|side| between(side)).count();
        let has_line = |body: &usize| self.shape.bodies.get(*body).is_some_and(|body| line < body.lines.len());
        if self.style.sides && a.abs_diff(b) == 1 && ends.iter().all(has_line) {
            self.sides.push(Side { wire, left_end: usize::from(b < a), line });
        } else {
            let tip = |end: usize, at| Tip { at, downwards: true, end: Some(end) };
            self.hops.push(Hop { wire, row, tips: [tip(0, stations[0]), tip(1, stations[1])] });
        }
    }

    /// What each station needs: room for its text, for the ends of its wires, and for wires to its neighbours.
    fn measure(&mut self) {
        let mut tips: BTreeMap<(Station, bool), Vec<i64>> = BTreeMap::new();
        for hop in &self.hops {
            for tip in &hop.tips {
                tips.entry((tip.at, tip.downwards)).or_default().push(self.tip_width(hop.wire, tip));
            }
        }
        let mut distances: BTreeMap<(Station, Station), i64> = BTreeMap::new();
        for side in &self.sides {
            let Some(wire) = self.shape.wires.get(side.wire) else { continue };
            let [a, b] = wire.ends.map(Station::Body);
            let pair = if side.left_end == 0 { (a, b) } else { (b, a) };
            let names: usize = [0, 1].map(|end| columns(self.name(side.wire, Some(end)))).iter().sum();
            let distance = distances.entry(pair).or_default();
            *distance = (*distance).max(names as i64 + 3);
        }
        for row in &self.rows {
            for (index, station) in row.iter().enumerate() {
                let need =
                    [true, false].map(|downwards| tips.get(&(*station, downwards)).map_or(0, |tips| tips_need(tips)));
                let width = self.station_width(*station, need[0].max(need[1]));
                let gap = row.get(index + 1).map_or(0, |next| {
                    let is_bundle = [station, next].iter().all(|one| matches!(one, Station::Pass(..)));
                    let distance = distances.get(&(*station, *next)).copied().unwrap_or(0);
                    distance.max(if is_bundle { 1 } else { GAP })
                });
                self.needs.insert(*station, (width, gap));
            }
        }
    }

    /// Gives every station its columns: as near to its wish for its first column, of which the width is known, as its
    /// neighbours let it.
    fn place(&mut self, wish: impl Fn(Station, i64) -> f64) {
        let mut slots = BTreeMap::new();
        for row in &self.rows {
            let needs: Vec<(i64, i64)> =
                row.iter().map(|one| self.needs.get(one).copied().unwrap_or_default()).collect();
            let wishes = row.iter().zip(&needs);
            let wishes: Vec<Wish> =
                wishes.map(|(station, (width, gap))| Wish { at: wish(*station, *width), width: width + gap }).collect();
            for ((station, (width, _)), left) in row.iter().zip(needs).zip(spread(&wishes)) {
                slots.insert(*station, Slot { left, width });
            }
        }
        let left = slots.values().map(|slot| slot.left).min().unwrap_or(0);
        slots.values_mut().for_each(|slot| slot.left -= left);
        self.slots = slots;
        self.stretch_bars();
    }

    /// Moves every second row to where its wires would be straight, given the columns of their tips. The rows in between,
    /// to which those wires lead, stay.
    pub fn align(&mut self, columns: &[[i64; 2]], odd: bool) {
        let mut pulls: BTreeMap<Station, (i64, i64)> = BTreeMap::new();
        for (hop, [from, to]) in self.hops.iter().zip(columns) {
            let [upper, lower] = hop.tips;
            let moved = if (hop.row % 2 == 1) == odd { (upper.at, to - from) } else { (lower.at, from - to) };
            if !lower.downwards {
                let (station, pull) = moved;
                let sum = pulls.entry(station).or_default();
                *sum = (sum.0 + pull, sum.1 + 1);
            }
        }
        let before = std::mem::take(&mut self.slots);
        self.place(|station, width| {
            let slot = before.get(&station).copied().unwrap_or_default();
            let (pull, count) = pulls.get(&station).copied().unwrap_or_default();
            // A bar has been stretched around its middle.
            let left = slot.left as f64 + (slot.width - width) as f64 / 2.0;
            left + pull as f64 / count.max(1) as f64
        });
    }

    fn station_width(&self, station: Station, need: i64) -> i64 {
        let Station::Body(body) = station else { return 2 };
        let Some(body) = self.shape.bodies.get(body) else { return 2 };
        let text = columns_of(&body.lines) as i64;
        (text + 4).max(need)
    }

    /// Lets each bar reach over what is attached to it, as far as its row has room.
    fn stretch_bars(&mut self) {
        for row in self.rows.clone() {
            for (index, station) in row.iter().enumerate() {
                let is_bar = matches!(station, Station::Body(body) if self.shape.look(*body) == Look::Bar);
                if !is_bar {
                    continue;
                }
                let before = index.checked_sub(1).and_then(|index| row.get(index));
                let gap = |one: &Station| self.needs.get(one).map_or(GAP, |(_, gap)| (*gap).max(GAP));
                let low = before.map_or(0, |before| self.slot(*before).right() + 1 + gap(before));
                let high = row.get(index + 1).map_or(i64::MAX, |after| self.slot(*after).left - 1 - gap(station));
                let others = self.hops.iter().filter_map(|hop| match hop.tips {
                    [a, b] if a.at == *station => Some(b.at),
                    [a, b] if b.at == *station => Some(a.at),
                    _ => None,
                });
                let others: Vec<Slot> = others.map(|other| self.slot(other)).collect();
                let own = self.slot(*station);
                let left = others.iter().map(|slot| slot.left).min().unwrap_or(own.left).max(low).min(own.left);
                let right =
                    others.iter().map(|slot| slot.right()).max().unwrap_or(own.right()).min(high).max(own.right());
                self.slots.insert(*station, Slot { left, width: right - left + 1 });
            }
        }
    }
}

/// The columns of a box whose ends on one side need these.
fn tips_need(widths: &[i64]) -> i64 {
    let narrowest = widths.iter().min().copied().unwrap_or(0);
    widths.iter().sum::<i64>() + (4 - narrowest).max(-BEYOND)
}

/// The last column inside a box for the last of the ends on one side, if it needs this many.
pub(super) fn last_column(slot: Slot, width: i64) -> i64 {
    (slot.right() - 2).min(slot.right() + BEYOND + 2 - width)
}

/// The bodies by rows from the top, each from left to right.
fn body_rows(shape: &Shape, fold: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..shape.bodies.len()).collect();
    order.sort_by(|a, b| shape.centre(*a).y.total_cmp(&shape.centre(*b).y));
    let linked: BTreeSet<[usize; 2]> =
        shape.wires.iter().flat_map(|wire| [wire.ends, [wire.ends[1], wire.ends[0]]]).collect();
    let is_apart = |a: usize, b: usize| {
        let width = [a, b].map(|body| shape.bodies.get(body).map_or(0, |body| columns_of(&body.lines) + 4));
        let room = (width[0] + width[1]) as f64 / 2.0;
        !linked.contains(&[a, b]) && (shape.centre(a).x - shape.centre(b).x).abs() >= room
    };
    let mut rows: Vec<Vec<usize>> = Vec::new();
    let mut top = f64::NEG_INFINITY;
    for body in order {
        let below = shape.centre(body).y - top;
        let joins = |row: &&mut Vec<usize>| {
            below < SAME_ROW || (below < SIMILAR_ROW && row.iter().all(|other| is_apart(body, *other)))
        };
        match rows.last_mut().filter(joins) {
            Some(row) => row.push(body),
            None => {
                top = shape.centre(body).y;
                rows.push(vec![body]);
            }
        }
    }
    rows.into_iter().flat_map(|row| folded(shape, row, fold)).collect()
}

/// A row, as several if it is wider than `fold` columns: by turns, so that each stays where it is between left and right.
fn folded(shape: &Shape, mut row: Vec<usize>, fold: usize) -> Vec<Vec<usize>> {
    row.sort_by(|a, b| shape.centre(*a).x.total_cmp(&shape.centre(*b).x).then(a.cmp(b)));
    let width = |body: &usize| shape.bodies.get(*body).map_or(0, |body| columns_of(&body.lines) + 4 + GAP as usize);
    let parts = row.iter().map(width).sum::<usize>().div_ceil(fold.max(1)).clamp(1, row.len().max(1));
    (0..parts).map(|part| row.iter().skip(part).step_by(parts).copied().collect()).collect()
}

/// The way of a wire in the layout, from its upper end.
fn course(shape: &Shape, wire: usize, upper_end: usize) -> Vec<Point> {
    let Some(wire) = shape.wires.get(wire) else { return Vec::new() };
    let [a, b] = wire.ends.map(|body| shape.centre(body));
    let mut points: Vec<Point> = [a].into_iter().chain(wire.bends.iter().copied()).chain([b]).collect();
    if upper_end == 1 {
        points.reverse();
    }
    points
}

/// Where a course first is at this height, or nearest to it.
fn x_at(course: &[Point], height: f64) -> f64 {
    for pair in course.windows(2) {
        if let [a, b] = pair
            && a.y <= height
            && height <= b.y
        {
            return if b.y > a.y { a.towards(*b, (height - a.y) / (b.y - a.y)).x } else { b.x };
        }
    }
    course.last().map_or(0.0, |last| last.x)
}

fn mean(members: &[usize], value: impl Fn(usize) -> f64) -> f64 {
    members.iter().map(|member| value(*member)).sum::<f64>() / members.len().max(1) as f64
}

/// A wish for a place in a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    /// The first column.
    pub at: f64,
    /// The columns that it takes, with the gap behind it.
    pub width: i64,
}

/// The first column of each: as near to the wishes as can be without one over the other, in the given order.
pub(super) fn spread(wishes: &[Wish]) -> Vec<i64> {
    // What pushes against each other moves as one: sum of the wishes for its first column, members, first offset.
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    let mut offset = 0;
    let mut offsets = Vec::new();
    for wish in wishes {
        let mut block = (wish.at - offset as f64, 1);
        while let Some(before) = blocks.pop_if(|before| before.0 / before.1 as f64 >= block.0 / block.1 as f64) {
            block = (block.0 + before.0, block.1 + before.1);
        }
        blocks.push(block);
        offsets.push(offset);
        offset += wish.width;
    }
    let starts = blocks.iter().flat_map(|(sum, count)| std::iter::repeat_n(sum / *count as f64, *count));
    starts.zip(offsets).map(|(start, offset)| start.round() as i64 + offset).collect()
}
