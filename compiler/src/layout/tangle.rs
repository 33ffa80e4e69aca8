//! How tangled a picture is: by that one form is chosen over another.

use super::component::{Line, Placed};
use super::table::at;
use super::{Point, Rect};
use std::collections::BTreeMap;

/// A line in a picture.
pub(super) struct Course {
    /// The items that it joins.
    pub ends: [usize; 2],
    /// From one to the other.
    pub points: Vec<Point>,
}

/// A line over a box counts as much as this many crossings.
const PASSED: usize = 2;

/// Crossings of lines that have no end in common, and boxes that lines run over. Looks at all pairs: for pictures whose
/// number of lines is bounded.
pub(super) fn tangle(boxes: &[Rect], courses: &[Course]) -> usize {
    let stretches: Vec<([usize; 2], Point, Point)> = courses
        .iter()
        .flat_map(|course| course.points.iter().zip(course.points.iter().skip(1)).map(|(a, b)| (course.ends, *a, *b)))
        .collect();
    let mut found = 0;
    for (index, (ends, a, b)) in stretches.iter().enumerate() {
        let strangers =
            stretches.iter().skip(index + 1).filter(|(others, ..)| !others.iter().any(|end| ends.contains(end)));
        found += strangers.filter(|(_, c, d)| cross((*a, *b), (*c, *d))).count();
        let over = |(item, rect): &(usize, &Rect)| !ends.contains(item) && rect.clip(*a, *b).is_some();
        found += boxes.iter().enumerate().filter(over).count() * PASSED;
    }
    found
}

/// Do the stretches cross?
fn cross((a, b): (Point, Point), (c, d): (Point, Point)) -> bool {
    let side = |p: Point, q: Point, r: Point| (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
    let apart = a.x.max(b.x) < c.x.min(d.x) || c.x.max(d.x) < a.x.min(b.x);
    !apart && (side(a, b, c) > 0.0) != (side(a, b, d) > 0.0) && (side(c, d, a) > 0.0) != (side(c, d, b) > 0.0)
}

/// The courses of lines, straight but for their bends; one for all lines between the same two items.
pub(super) fn courses(lines: &[Line], placed: &Placed) -> Vec<Course> {
    let bends: BTreeMap<usize, &[Point]> = placed.bends.iter().map(|(edge, bends)| (*edge, bends.as_slice())).collect();
    let mut courses: BTreeMap<[usize; 2], Course> = BTreeMap::new();
    for line in lines {
        let [a, b] = line.ends;
        let mut points = vec![at(&placed.centres, a)];
        points.extend(bends.get(&line.edge).copied().unwrap_or_default());
        points.push(at(&placed.centres, b));
        courses.entry([a.min(b), a.max(b)]).or_insert(Course { ends: line.ends, points });
    }
    courses.into_values().collect()
}
