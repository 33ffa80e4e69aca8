use super::super::{Node, samples};
use super::*;
use std::collections::BTreeSet;

fn shown(drawing: &Drawing, width: usize) -> String {
    text(drawing, width, None).document()
}

#[test]
fn a_chain_is_a_row() {
    insta::assert_snapshot!("chain", shown(&samples::first_lab(), 100));
}

#[test]
fn tiers_are_rows() {
    insta::assert_snapshot!("tiers", shown(&samples::leaf_spine(2, 3), 100));
}

#[test]
fn a_ring_is_a_ring() {
    insta::assert_snapshot!("ring", shown(&samples::ring(5), 100));
}

#[test]
fn networks_are_bars_and_modules_are_paths() {
    insta::assert_snapshot!("campus", shown(&samples::campus(), 120));
}

#[test]
fn what_is_too_wide_is_folded_then_loses_its_interfaces_to_a_list() {
    insta::assert_snapshot!("folded", shown(&samples::two_hosts_and_router(), 24));
    insta::assert_snapshot!("listed-below", shown(&samples::leaf_spine(2, 4), 72));
}

#[test]
fn what_is_down_is_dashed() {
    let mut drawing = samples::two_hosts_and_router();
    drawing.links[0].down = true;
    insta::assert_snapshot!("down", shown(&drawing, 80));
}

#[test]
fn wide_characters_take_two_columns() {
    let mut drawing = samples::two_hosts_and_router();
    drawing.nodes[1].label = "東京 👩‍👩‍👧‍👦".into();
    insta::assert_snapshot!("wide-characters", shown(&drawing, 80));
}

#[test]
fn what_has_no_wire_is_there() {
    let lonely = Node { sublabel: None, ..samples::node("lonely", super::super::Icon::Host, "x") };
    let drawing = Drawing { nodes: vec![lonely], ..Drawing::default() };
    insta::assert_snapshot!("lonely", shown(&drawing, 80));
    assert_eq!(text(&Drawing::default(), 80, None), Text::default());
}

/// What the drawing says to someone who follows its lines: the two bodies at the ends of each wire.
fn followed(text: &Text) -> Vec<BTreeSet<&str>> {
    let grid: Vec<Vec<char>> = text.lines.iter().map(|line| line.chars().collect()).collect();
    let at = |line: usize, column: usize| grid.get(line).and_then(|line| line.get(column)).copied().unwrap_or(' ');
    let body = |line: usize, column: usize| {
        let mut places = text.places.iter().filter(|place| !matches!(place.thing, Thing::Link(_)));
        let place = places.find(|place| place.line == line && place.columns.contains(&column));
        place.map(|place| place.thing.path())
    };
    let mut wires = Vec::new();
    for (line, row) in grid.iter().enumerate() {
        for (column, c) in row.iter().enumerate() {
            // Each wire from its upper or left end; a wire below two of a row is met from both.
            let (mut here, mut way) = match c {
                '┬' | '╤' => ((line + 1, column), (1, 0)),
                _ => continue,
            };
            let end = loop {
                match (at(here.0, here.1), way) {
                    ('╯', (1, 0)) | ('╮', (-1, 0)) => way = (0, -1),
                    ('╰', (1, 0)) | ('╭', (-1, 0)) => way = (0, 1),
                    ('╮', (0, 1)) | ('╭', (0, -1)) => way = (1, 0),
                    ('╯', (0, 1)) | ('╰', (0, -1)) => way = (-1, 0),
                    ('│' | '┆' | '┼', (_, 0)) | ('─' | '┄' | '┼', (0, _)) => {}
                    (c, _) => break c,
                }
                here = (here.0.strict_add_signed(way.0), here.1.strict_add_signed(way.1));
            };
            let met = body(here.0, here.1).unwrap_or_else(|| panic!("{end:?} at {here:?}\n{}", text.document()));
            wires.push(BTreeSet::from([body(line, column).unwrap(), met]));
        }
    }
    wires
}

/// The two ends of each link that runs below a row, as the drawing should say: from above once, and level ones twice.
fn wanted(drawing: &Drawing, text: &Text) -> BTreeSet<BTreeSet<String>> {
    let side_links: BTreeSet<&str> = text
        .places
        .iter()
        .filter(|place| text.lines[place.line].chars().nth(place.columns.start).is_some_and(|c| "├╞".contains(c)))
        .map(|place| place.thing.path())
        .collect();
    let links = drawing.links.iter().filter(|link| !side_links.contains(link.id.as_str()));
    links.map(|link| link.ends.iter().map(|end| end.at.clone()).collect()).collect()
}

fn labs() -> Vec<Drawing> {
    let mut drawings = vec![
        samples::first_lab(),
        samples::leaf_spine(2, 4),
        samples::leaf_spine(4, 6),
        samples::ring(10),
        samples::star(30),
        samples::mesh(8),
        samples::campus(),
    ];
    drawings.extend((2..30).step_by(3).map(|count| samples::random(count, count * 4 / 3)));
    drawings
}

#[test]
fn who_follows_the_lines_finds_the_links() {
    for drawing in labs() {
        for width in [60, 100, 200] {
            let text = text(&drawing, width, None);
            let drawn = text.lines.iter().any(|line| line.contains('┌'));
            let found: BTreeSet<BTreeSet<String>> =
                followed(&text).into_iter().map(|ends| ends.into_iter().map(str::to_owned).collect()).collect();
            let wanted = if drawn { wanted(&drawing, &text) } else { BTreeSet::new() };
            assert_eq!(found, wanted, "{} in {width}\n{}", drawing.title, text.document());
        }
    }
}

#[test]
fn everything_has_its_places_and_none_overlap() {
    for drawing in labs().into_iter().chain([samples::three_tier(1000), samples::random(1000, 1300)]) {
        for width in [40, 100] {
            let text = text(&drawing, width, None);
            let there: BTreeSet<&Thing> = text.places.iter().map(|place| &place.thing).collect();
            let count = drawing.nodes.len() + drawing.networks.len() + drawing.links.len();
            assert_eq!(there.len(), count, "{}\n{}", drawing.title, text.document());
            for pair in text.places.windows(2) {
                let [a, b] = pair else { continue };
                assert!(a.line < b.line || a.columns.end <= b.columns.start, "{a:?} {b:?}");
            }
            for place in &text.places {
                let line = text.lines[place.line].chars().count();
                assert!(place.columns.start < place.columns.end && place.columns.end <= line, "{place:?}");
            }
        }
    }
}

#[test]
fn a_drawing_keeps_to_its_width() {
    for drawing in labs() {
        let text = text(&drawing, 100, None);
        let widest = text.lines.iter().map(|line| shape::columns(line)).max();
        assert!(widest <= Some(100), "{}\n{}", drawing.title, text.document());
    }
}

#[test]
fn what_is_added_moves_nothing_to_the_other_side() {
    let mut drawing = samples::first_lab();
    let before = text(&drawing, 74, None);
    drawing.nodes.push(samples::node("h3", super::super::Icon::Host, "debian"));
    drawing.links.push(samples::link("h3:eth1", "lan"));
    insta::assert_snapshot!("followed", text(&drawing, 74, Some(&before.positions)).document());
}

#[test]
fn a_thousand_links_are_a_list() {
    let drawing = samples::ring(1000);
    let text = text(&drawing, 100, None);
    assert_eq!(text.lines.len(), 1000);
    insta::assert_snapshot!("list", text.lines[..3].join("\n"));
}
