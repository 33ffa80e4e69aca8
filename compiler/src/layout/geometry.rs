//! Points, boxes, and a grid that finds what is near.

use crate::collections::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A point in units; y grows downwards.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

impl Point {
    /// A point from its coordinates.
    pub fn new(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    /// The point moved by (`x`, `y`).
    pub fn moved(self, x: f64, y: f64) -> Point {
        Point { x: self.x + x, y: self.y + y }
    }

    /// The distance to another point.
    pub fn distance(self, other: Point) -> f64 {
        let (x, y) = (other.x - self.x, other.y - self.y);
        (x * x + y * y).sqrt()
    }

    /// The point a share `t` (0 to 1) of the way to `other`.
    pub fn towards(self, other: Point, t: f64) -> Point {
        Point { x: self.x + (other.x - self.x) * t, y: self.y + (other.y - self.y) * t }
    }

    /// The point with whole coordinates.
    pub(super) fn rounded(self) -> Point {
        // Adding zero turns -0 into 0, which would be written differently.
        Point { x: self.x.round() + 0.0, y: self.y.round() + 0.0 }
    }
}

/// An upright box.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, JsonSchema)]
pub struct Rect {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Rect {
    /// The box of this size around `centre`.
    pub fn around(centre: Point, width: f64, height: f64) -> Rect {
        Rect {
            left: centre.x - width / 2.0,
            top: centre.y - height / 2.0,
            right: centre.x + width / 2.0,
            bottom: centre.y + height / 2.0,
        }
    }

    /// Its width.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Its height.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// Its centre.
    pub fn centre(&self) -> Point {
        Point { x: (self.left + self.right) / 2.0, y: (self.top + self.bottom) / 2.0 }
    }

    /// The box grown by `margin` on every side.
    pub fn grown(&self, margin: f64) -> Rect {
        Rect {
            left: self.left - margin,
            top: self.top - margin,
            right: self.right + margin,
            bottom: self.bottom + margin,
        }
    }

    /// The smallest box that holds both.
    pub fn union(&self, other: &Rect) -> Rect {
        Rect {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// Do they share more than an edge?
    pub fn overlaps(&self, other: &Rect) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    /// The part of the segment from `a` to `b` that is inside, as shares of its length, if any is.
    pub fn clip(&self, a: Point, b: Point) -> Option<(f64, f64)> {
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (from, to, low, high) in [(a.x, b.x, self.left, self.right), (a.y, b.y, self.top, self.bottom)] {
            let delta = to - from;
            if delta == 0.0 {
                if from <= low || from >= high {
                    return None;
                }
                continue;
            }
            let (first, second) = ((low - from) / delta, (high - from) / delta);
            enter = enter.max(first.min(second));
            leave = leave.min(first.max(second));
        }
        (enter < leave).then_some((enter, leave))
    }
}

/// Width and height of a cell of the grid.
const CELL: f64 = 96.0;

/// Finds which numbered things are near a place, in about constant time.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    cells: IndexMap<(i64, i64), Vec<usize>>,
}

impl Grid {
    /// Puts `number` into every cell that `rect` touches.
    pub fn add_rect(&mut self, number: usize, rect: &Rect) {
        for cell in rect_cells(rect) {
            self.cells.entry(cell).or_default().push(number);
        }
    }

    /// Puts `number` into the cells along the segment from `a` to `b`.
    pub fn add_segment(&mut self, number: usize, a: Point, b: Point) {
        for cell in segment_cells(a, b) {
            self.cells.entry(cell).or_default().push(number);
        }
    }

    /// What may touch `rect`, ascending, each once.
    pub fn near_rect(&self, rect: &Rect) -> Vec<usize> {
        self.collect(rect_cells(rect))
    }

    /// Does `test` hold for anything that may touch `rect`? It may be asked more than once for the same.
    pub fn any_near_rect(&self, rect: &Rect, mut test: impl FnMut(usize) -> bool) -> bool {
        let mut numbers = rect_cells(rect).filter_map(|cell| self.cells.get(&cell)).flatten();
        numbers.any(|number| test(*number))
    }

    /// What may touch the segment from `a` to `b`, ascending, each once.
    pub fn near_segment(&self, a: Point, b: Point) -> Vec<usize> {
        self.collect(segment_cells(a, b).into_iter())
    }

    fn collect(&self, cells: impl Iterator<Item = (i64, i64)>) -> Vec<usize> {
        let mut found: Vec<usize> = cells.filter_map(|cell| self.cells.get(&cell)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn cell(value: f64) -> i64 {
    (value / CELL).floor() as i64
}

fn rect_cells(rect: &Rect) -> impl Iterator<Item = (i64, i64)> + use<> {
    let (left, right, top, bottom) = (cell(rect.left), cell(rect.right), cell(rect.top), cell(rect.bottom));
    (left..=right).flat_map(move |x| (top..=bottom).map(move |y| (x, y)))
}

/// The cells that a segment passes: for each column of cells, the rows between where it enters and leaves it.
fn segment_cells(a: Point, b: Point) -> Vec<(i64, i64)> {
    let (a, b) = if a.x <= b.x { (a, b) } else { (b, a) };
    let mut cells = Vec::new();
    for x in cell(a.x)..=cell(b.x) {
        let (left, right) = ((x as f64 * CELL).max(a.x), ((x + 1) as f64 * CELL).min(b.x));
        let y_at = |at: f64| if b.x > a.x { a.y + (b.y - a.y) * ((at - a.x) / (b.x - a.x)) } else { a.y };
        let (mut from, mut to) = (y_at(left), y_at(right));
        if b.x <= a.x {
            (from, to) = (a.y, b.y);
        }
        for y in cell(from.min(to))..=cell(from.max(to)) {
            cells.push((x, y));
        }
    }
    cells
}

/// How many boxes are nearer than `gap` to one before them.
pub(super) fn crowded(boxes: &[Rect], gap: f64) -> usize {
    let mut grid = Grid::default();
    let roomy: Vec<Rect> = boxes.iter().map(|rect| rect.grown(gap / 2.0)).collect();
    let mut count = 0;
    for (index, rect) in roomy.iter().enumerate() {
        let near = |other: usize| roomy.get(other).is_some_and(|other| other.overlaps(rect));
        count += usize::from(grid.any_near_rect(rect, near));
        grid.add_rect(index, rect);
    }
    count
}

/// The steps of a search outwards, those at distance `radius`, nearest first.
pub(super) fn ring(radius: i64) -> Vec<(i64, i64)> {
    let side = -radius..=radius;
    let mut steps: Vec<(i64, i64)> = side
        .clone()
        .flat_map(|y| side.clone().map(move |x| (x, y)))
        .filter(|(x, y)| x.abs().max(y.abs()) == radius)
        .collect();
    steps.sort_by_key(|(x, y)| (x.abs() + y.abs(), -y, -x));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_finds_what_a_segment_passes() {
        let mut grid = Grid::default();
        grid.add_rect(7, &Rect::around(Point::new(500.0, 500.0), 40.0, 40.0));
        grid.add_segment(9, Point::new(0.0, 1000.0), Point::new(1000.0, 0.0));
        assert_eq!(grid.near_segment(Point::new(0.0, 0.0), Point::new(1000.0, 1000.0)), [7, 9]);
        assert!(grid.near_segment(Point::new(900.0, 900.0), Point::new(900.0, 950.0)).is_empty());
        assert_eq!(grid.near_segment(Point::new(500.0, 1000.0), Point::new(500.0, 0.0)), [7, 9]);
    }

    #[test]
    fn clipping_tells_which_part_is_inside() {
        let rect = Rect::around(Point::new(0.0, 0.0), 20.0, 20.0);
        assert_eq!(rect.clip(Point::new(-20.0, 0.0), Point::new(20.0, 0.0)), Some((0.25, 0.75)));
        assert_eq!(rect.clip(Point::new(-20.0, 10.0), Point::new(20.0, 10.0)), None, "along the edge is outside");
        assert_eq!(rect.clip(Point::new(0.0, 0.0), Point::new(0.0, 20.0)), Some((0.0, 0.5)));
    }
}
