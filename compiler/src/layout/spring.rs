//! Meshes without layers: how far apart two boxes stand follows how far apart they are in the network.
//!
//! The places minimise stress, by gradient descent over pairs in an order from a fixed series of numbers. Then the whole
//! is turned so that most edges run level or upright, what nearly stands in line is put in line, and boxes that overlap
//! are moved to the nearest free place.

use super::circle::turn;
use super::component::{Item, Piece, Placed};
use super::geometry::{crowded, ring};
use super::table::{append, at, list, put};
use super::tangle::{courses, tangle};
use super::{Grid, Kind, Point, Rect};

/// Pairs of boxes are looked at one by one, so their number is bounded; larger pieces are drawn in layers.
const MOST_ITEMS: usize = 1000;
/// More edges for each item than this are no picture in any form, and take long to judge.
const MOST_EDGES: usize = 4;
/// Smaller pieces look better in layers.
const FEWEST_ITEMS: usize = 6;
/// Longest distance that labels may ask for, and the least between joined boxes.
const LONGEST: f64 = 150.0;
const SHORTEST: f64 = 60.0;
/// Distance that boxes keep.
const GAP: f64 = 24.0;
/// How many pairs may be looked at for all tries together: small pieces get several.
const WORK: usize = 500_000;
const MOST_TRIES: usize = 8;
/// Rounds of one try: 2 to the power of this, and one.
const ROUNDS: u32 = 4;
/// An edge that is this much longer one way than the other nearly runs level or upright.
const STEEP: f64 = 3.0;
/// How many angles within a right angle are tried.
const ANGLES: usize = 30;

/// Can `piece`, which is `whole` with its networks folded, be arranged so? Other networks need layers, and so does what
/// has few items.
pub(super) fn suits(whole: &Piece, piece: &Piece, neighbours: &[Vec<usize>]) -> bool {
    let count = piece.items.len();
    let edges = neighbours.iter().map(Vec::len).sum::<usize>() / 2;
    let plain = |item: &Item| item.tier.is_none() && !matches!(item.kind, Kind::Segment | Kind::Outside);
    let plain = piece.items.iter().all(plain) && !whole.items.iter().any(|item| item.frame);
    // A tree has no crossings in layers.
    plain
        && whole.items.len() <= MOST_ITEMS
        && (FEWEST_ITEMS..=MOST_ITEMS).contains(&count)
        && (count..=count * MOST_EDGES).contains(&edges)
}

/// Places the piece: the best of several tries.
pub(super) fn arrange(piece: &Piece, neighbours: &[Vec<usize>]) -> Placed {
    let count = piece.items.len();
    let steps = steps(neighbours);
    let unit = unit(piece);
    let tries = (WORK / (count * count).max(1)).clamp(1, MOST_TRIES);
    let mut best: Option<(usize, Vec<Point>)> = None;
    for seed in 1..=tries as u64 {
        let mut places = descend(&steps, count, seed);
        places.iter_mut().for_each(|place| *place = Point::new(place.x * unit, place.y * unit));
        let places = finished(piece, neighbours, places);
        let cost = cost(piece, &places);
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, places));
        }
    }
    Placed { centres: best.map(|(_, places)| places).unwrap_or_default(), ..Placed::default() }
}

/// The length of an edge: what the texts of most of them need.
fn unit(piece: &Piece) -> f64 {
    let lines = piece.lines.len().max(1) as f64;
    let texts = piece.lines.iter().map(|line| line.length.clamp(SHORTEST, LONGEST)).sum::<f64>() / lines;
    let items = piece.items.len().max(1) as f64;
    let boxes = piece.items.iter().map(|item| item.width.max(item.height)).sum::<f64>() / items;
    texts + boxes
}

/// How many edges apart any two items are, row by row.
fn steps(neighbours: &[Vec<usize>]) -> Vec<u16> {
    let count = neighbours.len();
    let mut steps = vec![0_u16; count * count];
    let mut queue = Vec::with_capacity(count);
    for (start, row) in steps.chunks_mut(count.max(1)).enumerate() {
        queue.clear();
        queue.push(start);
        let mut next = 0;
        while let Some(item) = queue.get(next).copied() {
            next += 1;
            for other in list(neighbours, item).iter().copied() {
                if other != start && at(row, other) == 0 {
                    put(row, other, at(row, item) + 1);
                    queue.push(other);
                }
            }
        }
    }
    steps
}

/// Numbers that look like chance and are the same everywhere (xorshift).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn shuffle(&mut self, values: &mut [usize]) {
        for last in (1..values.len()).rev() {
            let other = (self.next() % (last as u64 + 1)) as usize;
            values.swap(last, other);
        }
    }
}

/// Places whose distances are near the number of `steps`: each pair in turn is moved together or apart, less and less.
fn descend(steps: &[u16], count: usize, seed: u64) -> Vec<Point> {
    let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let longest = f64::from(steps.iter().copied().max().unwrap_or(1).max(1));
    let mut coordinate = || (chance.next() % 4096) as f64 / 4096.0 * longest;
    let mut places: Vec<Point> = (0..count).map(|_| Point::new(coordinate(), coordinate())).collect();
    let mut strength = longest * longest;
    let mut fade = 0.05 / strength;
    (0..ROUNDS).for_each(|_| fade = fade.sqrt());
    let mut order: Vec<usize> = (0..count).collect();
    let mut strides: Vec<usize> = (1..=count / 2).collect();
    for _ in 0..=(1 << ROUNDS) {
        chance.shuffle(&mut order);
        chance.shuffle(&mut strides);
        for stride in &strides {
            // With an even count the last stride meets each pair twice.
            let pairs = if stride * 2 == count { count / 2 } else { count };
            let partners = order.iter().cycle().skip(*stride);
            for (a, b) in order.iter().zip(partners).take(pairs) {
                pull(&mut places, (*a, *b), f64::from(at(steps, a * count + b)), strength);
            }
        }
        strength *= fade;
    }
    places
}

/// Moves two items towards their right distance.
fn pull(places: &mut [Point], (a, b): (usize, usize), distance: f64, strength: f64) {
    let (from, to) = (at(places, a), at(places, b));
    let (x, y) = (from.x - to.x, from.y - to.y);
    let length = (x * x + y * y).sqrt().max(1e-6);
    let share = (strength / (distance * distance)).min(1.0) * (length - distance) / (2.0 * length);
    put(places, a, from.moved(-x * share, -y * share));
    put(places, b, to.moved(x * share, y * share));
}

/// Turned, put in line, and without overlaps.
fn finished(piece: &Piece, neighbours: &[Vec<usize>], places: Vec<Point>) -> Vec<Point> {
    let turned = turned(neighbours, places);
    let loose = loosened(piece, turned.clone());
    let lined = loosened(piece, lined_up(neighbours, &turned));
    if cost(piece, &lined) <= cost(piece, &loose) { lined } else { loose }
}

fn cost(piece: &Piece, places: &[Point]) -> usize {
    let placed = Placed { centres: places.to_vec(), ..Placed::default() };
    tangle(&placed.boxes(&piece.items), &courses(&piece.lines, &placed))
}

fn boxes(piece: &Piece, places: &[Point]) -> Vec<Rect> {
    Placed { centres: places.to_vec(), ..Placed::default() }.boxes(&piece.items)
}

/// Turned so that most edges run level or upright, and wider than high.
fn turned(neighbours: &[Vec<usize>], places: Vec<Point>) -> Vec<Point> {
    let edges: Vec<(f64, f64)> = pairs(neighbours)
        .map(|(a, b)| {
            let (from, to) = (at(&places, a), at(&places, b));
            let length = from.distance(to).max(1e-6);
            ((to.x - from.x) / length, (to.y - from.y) / length)
        })
        .collect();
    let slant = |angle: usize| -> f64 {
        let (cos, sin) = turn(angle as f64 / ANGLES as f64 / 4.0);
        let slant = |(x, y): &(f64, f64)| ((x * cos - y * sin) * (x * sin + y * cos)).abs();
        edges.iter().map(slant).sum()
    };
    let slants: Vec<f64> = (0..ANGLES).map(slant).collect();
    let angle = (0..ANGLES).min_by(|a, b| at(&slants, *a).total_cmp(&at(&slants, *b))).unwrap_or(0);
    let (cos, sin) = turn(angle as f64 / ANGLES as f64 / 4.0);
    let rotate = |place: &Point| Point::new(place.x * cos - place.y * sin, place.x * sin + place.y * cos);
    let places: Vec<Point> = places.iter().map(rotate).collect();
    let extent = places.iter().map(|place| Rect::around(*place, 0.0, 0.0)).reduce(|all, one| all.union(&one));
    let high = extent.is_some_and(|extent| extent.height() > extent.width() * 1.05);
    // The first item, which is often the first one written, stands at the upper left.
    let middle = extent.unwrap_or_default().centre();
    let first = places.first().map(|first| if high { Point::new(-first.y, first.x) } else { *first });
    let middle = if high { Point::new(-middle.y, middle.x) } else { middle };
    let (right, low) = first.map_or((false, false), |first| (first.x > middle.x, first.y > middle.y));
    let settle = |place: &Point| {
        let place = if high { Point::new(-place.y, place.x) } else { *place };
        Point::new(if right { -place.x } else { place.x }, if low { -place.y } else { place.y })
    };
    places.iter().map(settle).collect()
}

fn pairs(neighbours: &[Vec<usize>]) -> impl Iterator<Item = (usize, usize)> {
    let above = |(item, others): (usize, &Vec<usize>)| -> Vec<(usize, usize)> {
        others.iter().filter(|other| **other > item).map(|other| (item, *other)).collect()
    };
    neighbours.iter().enumerate().flat_map(above)
}

/// What is joined by edges that nearly run upright gets one x, and what by nearly level ones, one y.
fn lined_up(neighbours: &[Vec<usize>], places: &[Point]) -> Vec<Point> {
    let count = places.len();
    let (mut upright, mut level) = (vec![Vec::new(); count], vec![Vec::new(); count]);
    for (a, b) in pairs(neighbours) {
        let (from, to) = (at(places, a), at(places, b));
        let (x, y) = ((to.x - from.x).abs(), (to.y - from.y).abs());
        for (lines, along, across) in [(&mut upright, y, x), (&mut level, x, y)] {
            if along > across * STEEP {
                append(lines, a, b);
                append(lines, b, a);
            }
        }
    }
    let xs = shared(&upright, places.iter().map(|place| place.x).collect());
    let ys = shared(&level, places.iter().map(|place| place.y).collect());
    xs.into_iter().zip(ys).map(|(x, y)| Point::new(x, y)).collect()
}

/// The values, with their mean wherever items are joined by `lines`.
fn shared(lines: &[Vec<usize>], mut values: Vec<f64>) -> Vec<f64> {
    let mut seen = vec![false; values.len()];
    for start in 0..values.len() {
        let mut members = Vec::new();
        let mut stack = vec![start];
        while let Some(item) = stack.pop() {
            if !at(&seen, item) {
                put(&mut seen, item, true);
                members.push(item);
                stack.extend(list(lines, item));
            }
        }
        let mean = members.iter().map(|item| at(&values, *item)).sum::<f64>() / members.len().max(1) as f64;
        members.iter().for_each(|item| put(&mut values, *item, mean));
    }
    values
}

/// Without overlaps: spread as a whole while much overlaps, then one by one to the nearest free place.
fn loosened(piece: &Piece, mut places: Vec<Point>) -> Vec<Point> {
    const SPREAD: f64 = 1.15;
    const MOST_SPREADS: usize = 5;
    for _ in 0..MOST_SPREADS {
        if crowded(&boxes(piece, &places), GAP) * 6 <= places.len() {
            break;
        }
        places.iter_mut().for_each(|place| *place = Point::new(place.x * SPREAD, place.y * SPREAD));
    }
    let mut grid = Grid::default();
    let mut rects = boxes(piece, &places);
    for (index, place) in places.iter_mut().enumerate() {
        let rect = at(&rects, index);
        let moved = |(x, y): (i64, i64)| {
            let (x, y) = (x as f64 * GAP, y as f64 * GAP);
            Rect { left: rect.left + x, top: rect.top + y, right: rect.right + x, bottom: rect.bottom + y }
        };
        let free = |rect: &Rect| {
            let roomy = rect.grown(GAP / 2.0);
            !grid.any_near_rect(&roomy, |other| at(&rects, other).grown(GAP / 2.0).overlaps(&roomy))
        };
        // There is a free place at the latest beyond all that stands.
        let found = (0..).flat_map(ring).map(moved).find(free).unwrap_or(rect);
        put(&mut rects, index, found);
        grid.add_rect(index, &found.grown(GAP / 2.0));
        *place = found.centre();
    }
    places
}
