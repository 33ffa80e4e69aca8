//! A scene as SVG: one file, without scripts, fonts or anything from outside.

use super::Icon;
use super::graph::{Look, NAME};
use super::icons::shapes;
use super::labels::{Anchor, Label};
use super::scene::{Frame, Placed, Scene, TIE_WIDTH, Tie, Wire};
use super::text::xml;
use super::theme::{Theme, style};
use crate::layout::Point;
use std::fmt::{self, Write};

/// Radius of the bends of lines.
const BEND: f64 = 9.0;

/// Writes a scene.
pub fn svg(scene: &Scene, theme: Theme) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_scene(&mut out, scene, &style(theme));
    out
}

/// Writes a scene with this style sheet.
pub(super) fn write_scene(out: &mut String, scene: &Scene, style: &str) -> fmt::Result {
    let bounds = &scene.bounds;
    let (left, top, width, height) = (bounds.left, bounds.top, bounds.width(), bounds.height());
    let name = scene.name();
    writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" class="wtop" role="img" aria-label="{}" width="{width}" height="{height}" viewBox="{left} {top} {width} {height}">"#,
        xml(name)
    )?;
    writeln!(out, "<title>{}</title>", xml(name))?;
    writeln!(out, "<style>\n{style}</style>")?;
    write_icons(out, scene)?;
    writeln!(out, r#"<rect class="page" x="{left}" y="{top}" width="{width}" height="{height}"/>"#)?;
    if !scene.title.is_empty() {
        let at = scene.title_box();
        let (x, y) = (Number(at.left), Number(at.bottom - 5.0));
        writeln!(out, r#"<text class="title" x="{x}" y="{y}">{}</text>"#, xml(&scene.title))?;
    }
    scene.frames.iter().try_for_each(|frame| write_frame(out, frame))?;
    scene.ties.iter().try_for_each(|tie| write_tie(out, tie))?;
    scene.wires.iter().try_for_each(|wire| write_wire(out, wire))?;
    // Lines may pass under the titles.
    scene.frames.iter().try_for_each(|frame| write_frame_title(out, frame))?;
    scene.bodies.iter().try_for_each(|placed| write_body(out, placed))?;
    scene.all_labels().try_for_each(|label| write_label(out, label))?;
    writeln!(out, "</svg>")
}

/// The icons that the scene uses, each once.
fn write_icons(out: &mut String, scene: &Scene) -> fmt::Result {
    let used = |icon: Icon| scene.bodies.iter().any(|placed| placed.body.look == Look::Icon(icon));
    writeln!(out, "<defs>")?;
    for (name, icon) in Icon::ALL.into_iter().filter(|(_, icon)| used(*icon)) {
        writeln!(out, r#"<g id="wtop-{name}">{}</g>"#, shapes(icon))?;
    }
    writeln!(out, "</defs>")
}

pub(super) fn write_frame(out: &mut String, frame: &Frame) -> fmt::Result {
    let rect = &frame.rect;
    writeln!(
        out,
        r#"<g class="frame"><title>{}</title><rect x="{}" y="{}" width="{}" height="{}" rx="8"/></g>"#,
        xml(&frame.full),
        Number(rect.left),
        Number(rect.top),
        Number(rect.width()),
        Number(rect.height())
    )
}

pub(super) fn write_frame_title(out: &mut String, frame: &Frame) -> fmt::Result {
    let at = frame.title_box();
    let (x, y) = (Number(at.left), Number(at.top + NAME));
    writeln!(out, r#"<text class="frame-title" x="{x}" y="{y}">{}</text>"#, xml(&frame.title))
}

pub(super) fn write_tie(out: &mut String, tie: &Tie) -> fmt::Result {
    let path = path(&tie.points);
    writeln!(
        out,
        r#"<g class="lag"><title>{}</title><path class="outer" stroke-width="{TIE_WIDTH}" d="{path}"/><path class="inner" stroke-width="{}" d="{path}"/></g>"#,
        xml(&tie.full),
        TIE_WIDTH - 3.0
    )
}

pub(super) fn write_wire(out: &mut String, wire: &Wire) -> fmt::Result {
    if wire.points.is_empty() {
        return Ok(());
    }
    let class = if wire.down { r#" class="down""# } else { "" };
    write!(out, r#"<g class="link"><title>{}</title><path{class} d="{}"/>"#, xml(&wire.full), path(&wire.points))?;
    for tap in &wire.taps {
        write!(out, r#"<circle class="tap" cx="{}" cy="{}" r="2.5"/>"#, Number(tap.x), Number(tap.y))?;
    }
    writeln!(out, "</g>")
}

pub(super) fn write_body(out: &mut String, placed: &Placed) -> fmt::Result {
    let full = xml(&placed.body.full);
    let lines = std::iter::once(&placed.body.full).chain(&placed.body.facts).map(|line| xml(line));
    let title = lines.collect::<Vec<_>>().join("\n");
    match placed.body.look {
        Look::Bar => {
            let (rect, text) = (&placed.rect, placed.text_centre(0));
            writeln!(
                out,
                r#"<g class="body bar" role="img" aria-label="{full}"><title>{title}</title><rect x="{}" y="{}" width="{}" height="{}" rx="{}"/><text x="{}" y="{}">{}</text></g>"#,
                Number(rect.left),
                Number(rect.top),
                Number(rect.width()),
                Number(rect.height()),
                Number(rect.height() / 2.0),
                Number(text.x),
                Number(text.y + 4.0),
                xml(&placed.body.name)
            )
        }
        Look::Icon(icon) => {
            let (at, name, device) = (placed.icon, placed.text_centre(0), placed.text_centre(1));
            let kind = icon.name();
            write!(
                out,
                r##"<g class="body" role="img" aria-label="{full}"><title>{title}</title><use class="{kind}" href="#wtop-{kind}" x="{}" y="{}"/><text class="name" x="{}" y="{}">{}</text>"##,
                Number(at.x),
                Number(at.y),
                Number(name.x),
                Number(name.y + 4.0),
                xml(&placed.body.name)
            )?;
            if let Some(text) = &placed.body.device {
                let (x, y) = (Number(device.x), Number(device.y + 3.5));
                write!(out, r#"<text class="device" x="{x}" y="{y}">{}</text>"#, xml(text))?;
            }
            writeln!(out, "</g>")
        }
    }
}

pub(super) fn write_label(out: &mut String, label: &Label) -> fmt::Result {
    let spot = &label.spot;
    let (x, anchor) = match label.anchor {
        Anchor::Start => (-spot.half_width, "start"),
        Anchor::Middle => (0.0, "middle"),
        Anchor::End => (spot.half_width, "end"),
    };
    let class = if label.main { "label main" } else { "label" };
    let (at_x, at_y) = (Number(spot.centre.x), Number(spot.centre.y));
    write!(out, r#"<g class="{class}" text-anchor="{anchor}" transform="#)?;
    if spot.along.y == 0.0 {
        write!(out, r#""translate({at_x} {at_y})">"#)?;
    } else {
        let (c, s, minus_s) = (Share(spot.along.x), Share(spot.along.y), Share(-spot.along.y));
        write!(out, r#""matrix({c} {s} {minus_s} {c} {at_x} {at_y})">"#)?;
    }
    if label.on_line {
        // Else the line would show between the words.
        let (width, height) = (spot.half_width * 2.0, spot.half_height * 2.0);
        let (x, y) = (Number(-spot.half_width), Number(-spot.half_height));
        write!(out, r#"<rect class="page" x="{x}" y="{y}" width="{}" height="{}"/>"#, Number(width), Number(height))?;
    }
    for (below, line) in &label.lines {
        write!(out, r#"<text x="{}" y="{}">{}</text>"#, Number(x), Number(below + 3.2), xml(line))?;
    }
    writeln!(out, "</g>")
}

/// A course with rounded bends.
fn path(points: &[Point]) -> String {
    let mut path = String::new();
    for (index, point) in points.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| points.get(before));
        // Writing to a string cannot fail.
        let _ = match (before, points.get(index + 1)) {
            (None, _) => write!(path, "M{} {}", Number(point.x), Number(point.y)),
            (_, None) => write!(path, "L{} {}", Number(point.x), Number(point.y)),
            (Some(before), Some(after)) => {
                let near = |other: &Point| {
                    let length = point.distance(*other);
                    point.towards(*other, if length > 0.0 { (BEND / length).min(0.5) } else { 0.0 })
                };
                let (from, to) = (near(before), near(after));
                let (x, y) = (Number(point.x), Number(point.y));
                write!(path, "L{} {}Q{x} {y} {} {}", Number(from.x), Number(from.y), Number(to.x), Number(to.y))
            }
        };
    }
    path
}

/// A coordinate, to a tenth of a unit.
struct Number(f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Adding zero turns -0 into 0.
        write!(f, "{}", (self.0 * 10.0).round() / 10.0 + 0.0)
    }
}

/// A share, to a ten-thousandth.
struct Share(f64);

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", (self.0 * 10000.0).round() / 10000.0 + 0.0)
    }
}
