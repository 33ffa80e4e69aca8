//! The wires as a list: one a line, with both ends in columns.

use super::shape::{Shape, Wire, columns};
use super::{Place, Text, Thing};
use std::collections::BTreeSet;

/// The list alone, with what has no wire at its end.
pub(super) fn whole(shape: &Shape, width: usize) -> Text {
    let mut text = Text::default();
    list(&mut text, shape, width);
    let wired: BTreeSet<usize> = shape.wires.iter().flat_map(|wire| wire.ends).collect();
    for (_, body) in shape.bodies.iter().enumerate().filter(|(index, _)| !wired.contains(index)) {
        let mut line = Line::default();
        line.put(body.lines.first().map_or("", String::as_str), 0, &body.thing);
        line.end(&mut text);
    }
    text
}

/// A drawing without interfaces, and the list below it.
pub(super) fn below(mut text: Text, shape: &Shape, width: usize) -> Text {
    text.lines.push(String::new());
    list(&mut text, shape, width);
    text
}

/// A line as it grows.
#[derive(Default)]
struct Line {
    text: String,
    pieces: Vec<(std::ops::Range<usize>, Thing)>,
}

impl Line {
    /// Adds text that shows a thing, and fills up to a number of columns behind it.
    fn put(&mut self, text: &str, fill: usize, thing: &Thing) {
        let start = self.text.chars().count();
        self.text.push_str(text);
        self.pieces.push((start..self.text.chars().count(), thing.clone()));
        self.text.extend(std::iter::repeat_n(' ', fill.saturating_sub(columns(text))));
    }

    fn end(mut self, text: &mut Text) {
        self.text.truncate(self.text.trim_end().len());
        let line = text.lines.len();
        let places = self.pieces.into_iter().filter(|(columns, _)| !columns.is_empty());
        text.places.extend(places.map(|(columns, thing)| Place { line, columns, thing }));
        text.lines.push(self.text);
    }
}

/// The widest of the texts that each wire has at an end.
fn widest(shape: &Shape, text: impl Fn(&Wire) -> usize) -> usize {
    shape.wires.iter().map(text).max().unwrap_or(0)
}

fn list(text: &mut Text, shape: &Shape, width: usize) {
    let body = |index: usize| shape.bodies.get(index);
    let name = |index: usize| body(index).and_then(|body| body.lines.first()).map_or("", String::as_str);
    let [left, right] = [0, 1].map(|end| widest(shape, |wire| columns(name(end_of(wire, end)))));
    let [left_port, right_port] = [0, 1].map(|end| widest(shape, |wire| columns(port_of(wire, end))));
    let notes = widest(shape, |wire| columns(&note(wire)));
    // Addresses are left out of all lines if they would make some too long.
    let has_notes = left + left_port + right_port + right + notes + 11 <= width;
    for wire in &shape.wires {
        let mut line = Line::default();
        let [a, b] = wire.ends;
        line.put_body(name(a), left + 2, body(a).map(|body| &body.thing));
        let dash = if wire.down { "┄┄" } else { "──" };
        let port = port_of(wire, 0);
        let fill = " ".repeat(left_port.saturating_sub(columns(port)));
        line.put(&format!("{port}{fill} {dash} {}", port_of(wire, 1)), left_port + right_port + 6, &wire.thing);
        line.put_body(name(b), right + 3, body(b).map(|body| &body.thing));
        if has_notes {
            line.put(&note(wire), 0, &wire.thing);
        }
        line.end(text);
    }
}

impl Line {
    fn put_body(&mut self, name: &str, fill: usize, thing: Option<&Thing>) {
        if let Some(thing) = thing {
            self.put(name, fill, thing);
        }
    }
}

fn end_of(wire: &Wire, end: usize) -> usize {
    wire.ends.get(end).copied().unwrap_or(0)
}

fn port_of(wire: &Wire, end: usize) -> &str {
    wire.names.get(end).map_or("", String::as_str)
}

/// The addresses at both ends.
fn note(wire: &Wire) -> String {
    match &wire.notes {
        [a, b] if a.is_empty() || b.is_empty() => format!("{a}{b}"),
        [a, b] => format!("{a} ── {b}"),
    }
}
