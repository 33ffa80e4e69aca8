//! Finds room for the texts along the lines: beside a steep line, along a flat one, never on a drawing or on each other.

use super::graph::LABEL;
use super::text::width;
use crate::layout::{Grid, Point, Rect};

/// Height of a line of text.
const LINE: f64 = LABEL + 2.0;
/// Distance of text from the line that it belongs to.
const BESIDE: f64 = 3.0;
/// Distance between the places that are tried.
const STEP: f64 = 9.0;
/// The share of a link's length that a text may take where its own part is full.
const FURTHER: f64 = 0.75;
/// How many are tried.
const TRIES: usize = 24;

/// A box that may be turned around its centre.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Tilted {
    pub centre: Point,
    /// Cosine and sine of its angle.
    pub along: Point,
    pub half_width: f64,
    pub half_height: f64,
}

impl Tilted {
    pub fn upright(rect: &Rect) -> Tilted {
        Tilted {
            centre: rect.centre(),
            along: Point::new(1.0, 0.0),
            half_width: rect.width() / 2.0,
            half_height: rect.height() / 2.0,
        }
    }

    /// The box around the segment from `a` to `b` at distance `margin`.
    pub fn around(a: Point, b: Point, margin: f64) -> Tilted {
        let length = a.distance(b);
        let flat = Point::new(1.0, 0.0);
        let along = if length > 0.0 { Point::new((b.x - a.x) / length, (b.y - a.y) / length) } else { flat };
        Tilted { centre: a.towards(b, 0.5), along, half_width: length / 2.0 + margin, half_height: margin }
    }

    /// The upright box around it.
    pub fn bounds(&self) -> Rect {
        let (c, s) = (self.along.x.abs(), self.along.y.abs());
        let width = self.half_width * c + self.half_height * s;
        let height = self.half_width * s + self.half_height * c;
        Rect::around(self.centre, width * 2.0, height * 2.0)
    }

    /// `point` as seen from the box, which then lies upright around (0, 0).
    fn local(&self, point: Point) -> Point {
        let (x, y) = (point.x - self.centre.x, point.y - self.centre.y);
        Point::new(x * self.along.x + y * self.along.y, y * self.along.x - x * self.along.y)
    }

    /// Does the segment from `a` to `b` pass through it?
    pub fn is_crossed(&self, a: Point, b: Point) -> bool {
        let own = Rect::around(Point::default(), self.half_width * 2.0, self.half_height * 2.0);
        own.clip(self.local(a), self.local(b)).is_some()
    }

    /// Do the two boxes overlap? They do not if they are apart as seen along one of their four sides.
    pub fn overlaps(&self, other: &Tilted) -> bool {
        let apart = |from: &Tilted, to: &Tilted| {
            let centre = from.local(to.centre);
            let c = (from.along.x * to.along.x + from.along.y * to.along.y).abs();
            let s = (from.along.x * to.along.y - from.along.y * to.along.x).abs();
            centre.x.abs() >= from.half_width + to.half_width * c + to.half_height * s
                || centre.y.abs() >= from.half_height + to.half_width * s + to.half_height * c
        };
        !apart(self, other) && !apart(other, self)
    }
}

/// Which side of its box text begins at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Text that has found its place.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Label {
    pub spot: Tilted,
    pub anchor: Anchor,
    /// Lines of text, with the middle of each below the centre of the box.
    pub lines: Vec<(f64, String)>,
    /// Does it belong to the link as a whole?
    pub main: bool,
    /// Does it lie on its own line?
    pub on_line: bool,
}

/// What is on the picture so far.
#[derive(Default)]
pub(super) struct Sheet {
    solids: Vec<Tilted>,
    solid_grid: Grid,
    /// Stretches of lines, with the number of their link.
    stretches: Vec<(usize, Point, Point)>,
    line_grid: Grid,
}

impl Sheet {
    /// Adds something that nothing may cover.
    pub fn add_solid(&mut self, solid: Tilted) {
        self.solid_grid.add_rect(self.solids.len(), &solid.bounds());
        self.solids.push(solid);
    }

    /// Adds the course of a link.
    pub fn add_line(&mut self, link: usize, points: &[Point]) {
        for (a, b) in points.iter().zip(points.iter().skip(1)) {
            self.line_grid.add_segment(self.stretches.len(), *a, *b);
            self.stretches.push((link, *a, *b));
        }
    }

    fn is_clear(&self, spot: &Tilted) -> bool {
        let covers = |index: usize| self.solids.get(index).is_some_and(|solid| solid.overlaps(spot));
        !self.solid_grid.any_near_rect(&spot.bounds(), covers)
    }

    fn crosses_line(&self, spot: &Tilted, own: usize) -> bool {
        let crosses = |index: usize| {
            self.stretches.get(index).is_some_and(|(link, a, b)| *link != own && spot.is_crossed(*a, *b))
        };
        self.line_grid.any_near_rect(&spot.bounds(), crosses)
    }

    /// Puts down the first candidate that covers nothing and crosses no other line.
    fn place(&mut self, link: usize, candidates: &[Label]) -> Option<Label> {
        let good = |label: &&Label| self.is_clear(&label.spot) && !self.crosses_line(&label.spot, link);
        let best = candidates.iter().find(good)?.clone();
        self.add_solid(best.spot);
        Some(best)
    }

    /// Puts down the first candidate that lies on its own line and covers no text or drawing; it may hide other lines.
    fn place_over_lines(&mut self, candidates: &[Label]) -> Option<Label> {
        let best = candidates.iter().find(|label| label.on_line && self.is_clear(&label.spot))?.clone();
        self.add_solid(best.spot);
        Some(best)
    }

    /// Places the texts at the end of a link that `points` begins with, within `share` of its length. If they do not all
    /// fit, the first of them alone; `None` if that does not fit either.
    pub fn place_end(&mut self, link: usize, points: &[Point], share: f64, lines: &[String]) -> Option<Label> {
        if lines.is_empty() {
            return None;
        }
        // What finds no room in its own part of the line may go further out.
        for (lines, share) in [(lines, share), (lines, share.max(FURTHER)), (lines.get(..1)?, share)] {
            let candidates = end_candidates(points, length(points) * share, lines);
            let placed = self.place(link, &candidates).or_else(|| self.place_over_lines(&candidates));
            if placed.is_some() {
                return placed;
            }
        }
        None
    }

    /// Places the text at the middle of a link.
    pub fn place_middle(&mut self, link: usize, points: &[Point], text: &str) -> Option<Label> {
        let lines = [text.to_string()];
        let middle = length(points) / 2.0;
        let mut candidates = Vec::new();
        for step in 0..TRIES / 2 {
            let distance = step as f64 * STEP;
            for at in [middle - distance, middle + distance] {
                let Some((point, along)) = walk(points, at) else { continue };
                if along.y.abs() > along.x.abs() {
                    candidates.extend(beside(point, along, &lines));
                }
                candidates.extend([-1.0, 1.0, 0.0].map(|side| on_course(point, along, side, text)));
            }
        }
        candidates.iter_mut().for_each(|label| label.main = true);
        self.place(link, &candidates).or_else(|| self.place_over_lines(&candidates))
    }

    /// Places a text next to a point: to the right, left, below or above.
    pub fn place_near(&mut self, link: usize, point: Point, text: &str) -> Option<Label> {
        let lines = [text.to_string()];
        let up = Point::new(0.0, 1.0);
        let flat = Point::new(1.0, 0.0);
        let mut candidates = Vec::new();
        for step in 1..6 {
            let away = f64::from(step) * 5.0;
            for sign in [1.0, -1.0] {
                candidates.extend(beside(point.moved(away * sign, 0.0), up, &lines));
                candidates.push(on_course(point.moved(0.0, away * sign), flat, sign, text));
            }
        }
        candidates.iter_mut().for_each(|label| label.main = true);
        self.place(link, &candidates).or_else(|| self.place_over_lines(&candidates))
    }
}

/// Length of a course.
pub(super) fn length(points: &[Point]) -> f64 {
    points.iter().zip(points.iter().skip(1)).map(|(a, b)| a.distance(*b)).sum()
}

/// The point at this distance along a course, and the direction there.
pub(super) fn walk(points: &[Point], distance: f64) -> Option<(Point, Point)> {
    let mut left = distance.max(0.0);
    let mut last = None;
    for (a, b) in points.iter().zip(points.iter().skip(1)) {
        let length = a.distance(*b);
        if length <= 0.0 {
            continue;
        }
        let along = Point::new((b.x - a.x) / length, (b.y - a.y) / length);
        if left <= length {
            return Some((a.towards(*b, left / length), along));
        }
        left -= length;
        last = Some((*b, along));
    }
    last
}

fn text_width(lines: &[String]) -> f64 {
    lines.iter().map(|line| width(line, LABEL)).fold(0.0, f64::max)
}

/// The places for texts at the beginning of a course, best first.
fn end_candidates(points: &[Point], reach: f64, lines: &[String]) -> Vec<Label> {
    let block = text_width(lines);
    let one_line = lines.join("  ");
    let whole = width(&one_line, LABEL);
    let (mut level, mut tilted) = (Vec::new(), Vec::new());
    for step in 0..TRIES {
        let from = 4.0 + step as f64 * STEP;
        let Some((point, along)) = walk(points, from) else { break };
        let steep = along.y.abs() > along.x.abs() * 1.1;
        let half_height = lines.len() as f64 * LINE / 2.0;
        if steep && from + half_height * 2.0 <= reach.max(40.0) {
            let centre = point.moved(along.x * half_height, along.y * half_height);
            level.extend(beside(centre, along, lines));
        }
        if !steep && from + block <= reach {
            let centre = point.moved(along.x * block / 2.0, along.y * block / 2.0);
            level.extend(both_sides(centre, along, lines));
        }
        if from + whole <= reach.max(whole + 8.0) {
            let centre = point.moved(along.x * whole / 2.0, along.y * whole / 2.0);
            tilted.extend([-1.0, 1.0, 0.0].map(|side| on_course(centre, along, side, &one_line)));
        }
    }
    level.append(&mut tilted);
    level
}

/// Upright text to the right and to the left of a steep line.
fn beside(centre: Point, along: Point, lines: &[String]) -> [Label; 2] {
    let (half_width, half_height) = (text_width(lines) / 2.0, lines.len() as f64 * LINE / 2.0);
    let lean = (along.x / along.y).abs() * half_height;
    let spread = lines.iter().enumerate();
    let lines: Vec<(f64, String)> =
        spread.map(|(index, line)| ((index as f64 + 0.5) * LINE - half_height, line.clone())).collect();
    [(1.0, Anchor::Start), (-1.0, Anchor::End)].map(|(side, anchor)| {
        let centre = centre.moved(side * (lean + BESIDE + half_width), 0.0);
        let spot = Tilted { centre, along: Point::new(1.0, 0.0), half_width, half_height };
        Label { spot, anchor, lines: lines.clone(), main: false, on_line: false }
    })
}

/// The direction of text along a line: never upside down.
fn readable(along: Point) -> Point {
    let turned = along.x < -1e-9 || (along.x.abs() <= 1e-9 && along.y > 0.0);
    if turned { Point::new(-along.x, -along.y) } else { along }
}

/// The first line of text above a flat line, the others below it.
fn both_sides(centre: Point, along: Point, lines: &[String]) -> Option<Label> {
    let (above, below) = lines.split_first()?;
    if below.is_empty() {
        return None;
    }
    let along = readable(along);
    let offset = LINE / 2.0 + 2.0;
    let mut placed = vec![(-offset, above.clone())];
    placed.extend(below.iter().enumerate().map(|(index, line)| (offset + index as f64 * LINE, line.clone())));
    // The box is centred on the line, so it is as high above it as below.
    let half_height = offset + (below.len() as f64 - 0.5) * LINE;
    let spot = Tilted { centre, along, half_width: text_width(lines) / 2.0, half_height };
    Some(Label { spot, anchor: Anchor::Middle, lines: placed, main: false, on_line: false })
}

/// One line of text above (`side` -1), below (1) or on a line (0).
fn on_course(centre: Point, along: Point, side: f64, text: &str) -> Label {
    let along = readable(along);
    let away = side * (LINE / 2.0 + 2.0);
    let centre = centre.moved(-along.y * away, along.x * away);
    let spot = Tilted { centre, along, half_width: width(text, LABEL) / 2.0, half_height: LINE / 2.0 };
    Label { spot, anchor: Anchor::Middle, lines: vec![(0.0, text.to_string())], main: false, on_line: side == 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tilted_boxes_overlap_only_where_they_do() {
        let half = 0.5_f64.sqrt();
        let tilted = |x: f64, y: f64| Tilted {
            centre: Point::new(x, y),
            along: Point::new(half, half),
            half_width: 50.0,
            half_height: 5.0,
        };
        assert!(tilted(0.0, 0.0).overlaps(&tilted(20.0, 20.0)));
        assert!(!tilted(0.0, 0.0).overlaps(&tilted(20.0, 0.0)), "side by side: 14 units apart, 10 high");
        let square = Tilted::upright(&Rect::around(Point::new(40.0, 0.0), 20.0, 20.0));
        assert!(!tilted(0.0, 0.0).overlaps(&square), "their bounds overlap, they do not");
        assert!(tilted(0.0, 0.0).bounds().overlaps(&square.bounds()));
    }

    #[test]
    fn text_is_never_upside_down() {
        assert_eq!(readable(Point::new(-1.0, 0.0)), Point::new(1.0, 0.0));
        assert_eq!(readable(Point::new(0.0, 1.0)), Point::new(0.0, -1.0));
        assert_eq!(readable(Point::new(0.6, 0.8)), Point::new(0.6, 0.8));
    }
}
