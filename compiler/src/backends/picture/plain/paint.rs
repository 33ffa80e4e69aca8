//! Puts boxes, bars and wires onto the canvas.

use super::Text;
use super::canvas::{Canvas, DOWN, LEFT, RIGHT, UP};
use super::rows::{Hop, Plan, Side, Slot, Station, Tip};
use super::shape::{Body, Look, Wire, columns};
use super::wires::Routes;
use std::collections::{BTreeMap, BTreeSet};

/// First line and number of lines of something.
#[derive(Clone, Copy, Default)]
struct Lines {
    first: i64,
    count: i64,
}

impl Lines {
    /// The line behind it.
    fn end(self) -> i64 {
        self.first + self.count
    }
}

/// What is where.
struct Sheet<'a, 'b> {
    plan: &'b Plan<'a>,
    routes: &'b Routes,
    /// The lines of each row.
    rows: Vec<Lines>,
    /// The lines of each body.
    bodies: BTreeMap<usize, Lines>,
    /// Columns at which wires meet each body from above and from below.
    ports: BTreeMap<(usize, bool), BTreeSet<i64>>,
}

/// The whole drawing.
pub(super) fn paint(plan: &Plan, routes: &Routes) -> Text {
    let sheet = Sheet::new(plan, routes);
    let mut canvas = Canvas::default();
    for (index, body) in plan.shape.bodies.iter().enumerate() {
        let lines = sheet.bodies.get(&index).copied().unwrap_or_default();
        sheet.body(&mut canvas, index, body, plan.slot(Station::Body(index)), lines);
    }
    for side in &plan.sides {
        sheet.side(&mut canvas, side);
    }
    for (index, hop) in plan.hops.iter().enumerate() {
        sheet.hop(&mut canvas, index, hop);
    }
    canvas.finish()
}

impl<'a, 'b> Sheet<'a, 'b> {
    fn new(plan: &'b Plan<'a>, routes: &'b Routes) -> Self {
        let mut ports: BTreeMap<(usize, bool), BTreeSet<i64>> = BTreeMap::new();
        for (hop, columns) in plan.hops.iter().zip(&routes.columns) {
            for (tip, column) in hop.tips.iter().zip(columns) {
                if let Station::Body(body) = tip.at {
                    ports.entry((body, tip.downwards)).or_default().insert(*column);
                }
            }
        }
        let mut sheet = Sheet { plan, routes, rows: Vec::new(), bodies: BTreeMap::new(), ports };
        let mut line = 0;
        for (number, row) in plan.rows.iter().enumerate() {
            let heights: Vec<(usize, i64, i64)> = row.iter().filter_map(|station| sheet.height(*station)).collect();
            // The first texts of a row stand on one line.
            let text = heights.iter().map(|(_, above, _)| *above).max().unwrap_or(0);
            let count = heights.iter().map(|(_, above, below)| text - above + below).max().unwrap_or(0);
            let lines = Lines { first: line, count };
            for (body, above, height) in heights {
                sheet.bodies.insert(body, Lines { first: line + text - above, count: height });
            }
            sheet.rows.push(lines);
            line = lines.end() + sheet.space_below(number);
        }
        sheet
    }

    /// A body, the lines above its first text, and all its lines.
    fn height(&self, station: Station) -> Option<(usize, i64, i64)> {
        let Station::Body(index) = station else { return None };
        let body = self.plan.shape.bodies.get(index)?;
        let above = i64::from(body.look != Look::Bar || self.has_edge(index, false));
        let below = i64::from(body.look != Look::Bar || self.has_edge(index, true));
        Some((index, above, above + body.lines.len() as i64 + below))
    }

    /// Has a bar a line on this side of its text? Where wires meet it; and one must be, unless they meet it at its ends.
    fn has_edge(&self, bar: usize, downwards: bool) -> bool {
        let alone = !downwards && !self.ports.contains_key(&(bar, true)) && !self.has_sides(bar);
        alone || self.ports.contains_key(&(bar, downwards))
    }

    /// The line of the first text of a body.
    fn first_text(&self, body: usize) -> i64 {
        let first = self.bodies.get(&body).map_or(0, |lines| lines.first);
        first + i64::from(self.plan.shape.look(body) != Look::Bar || self.has_edge(body, false))
    }

    fn has_sides(&self, body: usize) -> bool {
        let mut wires = self.plan.sides.iter().filter_map(|side| self.plan.shape.wires.get(side.wire));
        wires.any(|wire| wire.ends.contains(&body))
    }

    /// Does the space below a row have a line for names, below the upper or above the lower boxes?
    fn has_names(&self, row: usize, downwards: bool) -> bool {
        let hops = self.plan.hops.iter().filter(|hop| hop.row == row);
        let mut tips = hops.flat_map(|hop| hop.tips.iter().map(move |tip| (hop.wire, tip)));
        tips.any(|(wire, tip)| tip.downwards == downwards && !self.plan.name(wire, tip.end).is_empty())
    }

    fn space_below(&self, row: usize) -> i64 {
        let tracks = self.plan.hops.iter().zip(&self.routes.tracks).filter(|(hop, _)| hop.row == row);
        let tracks = tracks.filter_map(|(_, track)| track.map(|track| track + 1)).max().unwrap_or(0);
        let names = [true, false].map(|downwards| i64::from(self.has_names(row, downwards)));
        (tracks as i64 + names[0] + names[1]).max(1)
    }

    fn body(&self, canvas: &mut Canvas<'a>, index: usize, body: &'a Body, slot: Slot, lines: Lines) {
        let (above, below) = (self.ports.get(&(index, false)), self.ports.get(&(index, true)));
        let edge = |ports: Option<&BTreeSet<i64>>, [left, line, right, port]: [char; 4]| -> String {
            let inner = slot.left + 1..slot.right();
            let inner =
                inner.map(|column| if ports.is_some_and(|ports| ports.contains(&column)) { port } else { line });
            [left].into_iter().chain(inner).chain([right]).collect()
        };
        let centred = |text: &str| (slot.width - columns(text) as i64) / 2;
        if body.look == Look::Bar {
            let mut line = lines.first;
            if self.has_edge(index, false) {
                canvas.text(line, slot.left, &edge(above, ['═', '═', '═', '╧']), &body.thing);
                line += 1;
            }
            let text = body.lines.first().map_or("", String::as_str);
            canvas.text(line, slot.left + centred(text), text, &body.thing);
            if self.has_edge(index, true) {
                canvas.text(line + 1, slot.left, &edge(below, ['═', '═', '═', '╤']), &body.thing);
            }
            return;
        }
        let (top, bottom) = match body.look {
            Look::Cloud => (['╭', '─', '╮', '┴'], ['╰', '─', '╯', '┬']),
            _ => (['┌', '─', '┐', '┴'], ['└', '─', '┘', '┬']),
        };
        canvas.text(lines.first, slot.left, &edge(above, top), &body.thing);
        for (number, text) in body.lines.iter().enumerate() {
            let (before, inner) = (centred(text) - 1, slot.width - 2);
            let after = inner - before - columns(text) as i64;
            let blanks = |count: i64| " ".repeat(usize::try_from(count).unwrap_or(0));
            let shown = format!("│{}{text}{}│", blanks(before), blanks(after));
            canvas.text(lines.first + 1 + number as i64, slot.left, &shown, &body.thing);
        }
        canvas.text(lines.end() - 1, slot.left, &edge(below, bottom), &body.thing);
    }

    /// A wire from side to side, with the names along it.
    fn side(&self, canvas: &mut Canvas<'a>, side: &Side) {
        let Some(wire) = self.plan.shape.wires.get(side.wire) else { return };
        let ends = if side.left_end == 0 { wire.ends } else { [wire.ends[1], wire.ends[0]] };
        let [left, right] = ends.map(|body| self.plan.slot(Station::Body(body)));
        let line = self.first_text(ends[0]) + side.line as i64;
        let [left_name, right_name] =
            [side.left_end, 1 - side.left_end].map(|end| self.plan.name(side.wire, Some(end)));
        let is_bar = ends.map(|body| self.plan.shape.look(body) == Look::Bar);
        canvas.text(line, left.right(), if is_bar[0] { "╞" } else { "├" }, &wire.thing);
        canvas.text(line, right.left, if is_bar[1] { "╡" } else { "┤" }, &wire.thing);
        canvas.text(line, left.right() + 1, left_name, &wire.thing);
        canvas.text(line, right.left - columns(right_name) as i64, right_name, &wire.thing);
        for column in left.right() + 1..right.left {
            canvas.wire(line, column, LEFT | RIGHT, wire.down, &wire.thing);
        }
    }

    /// A wire through the space below a row, and through the row below that if it does not end there.
    fn hop(&self, canvas: &mut Canvas<'a>, index: usize, hop: &Hop) {
        let Some(wire) = self.plan.shape.wires.get(hop.wire) else { return };
        let [upper, lower] = hop.tips;
        let (Some([from, to]), Some(row)) = (self.routes.columns.get(index).copied(), self.rows.get(hop.row)) else {
            return;
        };
        let space = row.end();
        let below = self.rows.get(hop.row + 1).copied().unwrap_or_default();
        let first_track = space + i64::from(self.has_names(hop.row, true));
        match self.routes.tracks.get(index).copied().flatten() {
            None => canvas.down(space..=below.first - 1, from, wire.down, &wire.thing),
            Some(track) => {
                let track = first_track + track as i64;
                canvas.down(space..=track - 1, from, wire.down, &wire.thing);
                let (into, out) = if from < to { (RIGHT, LEFT) } else { (LEFT, RIGHT) };
                let leave = if lower.downwards {
                    canvas.down(space..=track - 1, to, wire.down, &wire.thing);
                    UP
                } else {
                    canvas.down(track + 1..=below.first - 1, to, wire.down, &wire.thing);
                    DOWN
                };
                canvas.wire(track, from, UP | into, wire.down, &wire.thing);
                for column in from.min(to) + 1..from.max(to) {
                    canvas.wire(track, column, LEFT | RIGHT, wire.down, &wire.thing);
                }
                canvas.wire(track, to, leave | out, wire.down, &wire.thing);
            }
        }
        self.tip(canvas, wire, hop, &upper, from, space);
        self.tip(canvas, wire, hop, &lower, to, if lower.downwards { space } else { below.first - 1 });
    }

    /// The name at a tip, and what is left between the space and the body, which may be lower than its row.
    fn tip(&self, canvas: &mut Canvas<'a>, wire: &'a Wire, hop: &Hop, tip: &Tip, column: i64, line: i64) {
        canvas.text(line, column + 1, self.plan.name(hop.wire, tip.end), &wire.thing);
        let Some(row) = self.rows.get(if tip.downwards { hop.row } else { hop.row + 1 }) else { return };
        let body = match tip.at {
            Station::Body(body) => self.bodies.get(&body).copied().unwrap_or_default(),
            // On its way through a row: drawn once, with the hop that comes in.
            Station::Pass(..) if tip.downwards => return,
            Station::Pass(..) => Lines { first: row.end(), count: 0 },
        };
        let gap = if tip.downwards { body.end()..=row.end() - 1 } else { row.first..=body.first - 1 };
        canvas.down(gap, column, wire.down, &wire.thing);
    }
}
