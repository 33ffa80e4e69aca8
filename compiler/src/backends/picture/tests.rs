//! What every picture must hold, on drawings of the forms that networks have. The golden pictures in `snapshots/` are
//! there to be looked at.

use super::labels::Tilted;
use super::*;
use crate::layout::{Grid, Point, Positions, Rect};
use proptest::prelude::*;

fn all() -> Vec<Drawing> {
    let mut drawings = small();
    drawings.push(samples::three_tier(120));
    drawings
}

fn small() -> Vec<Drawing> {
    vec![
        samples::first_lab(),
        samples::two_hosts_and_router(),
        samples::leaf_spine(2, 4),
        samples::ring(10),
        samples::star(30),
        samples::mesh(8),
        samples::campus(),
    ]
}

/// Boxes may touch, and rounding may move them by less than this.
const TOUCH: f64 = 0.01;

fn shrunk(spot: &Tilted) -> Tilted {
    Tilted { half_width: spot.half_width - TOUCH, half_height: spot.half_height - TOUCH, ..*spot }
}

#[test]
fn golden_pictures() {
    for (name, drawing) in [
        ("first-lab.svg", samples::first_lab()),
        ("two-hosts.svg", samples::two_hosts_and_router()),
        ("leaf-spine.svg", samples::leaf_spine(4, 8)),
        ("ring.svg", samples::ring(10)),
        ("star.svg", samples::star(30)),
        ("mesh.svg", samples::mesh(8)),
        ("campus.svg", samples::campus()),
    ] {
        let scene = Scene::of(&drawing, None);
        insta::assert_binary_snapshot!(name, svg(&scene, Theme::Auto).into_bytes());
    }
}

#[test]
fn golden_graphviz_and_mermaid() {
    insta::assert_snapshot!("campus.dot", dot(&samples::campus()));
    insta::assert_snapshot!("campus.mmd", mermaid(&samples::campus()));
}

#[test]
fn the_same_drawing_gives_the_same_bytes() {
    for drawing in all() {
        let scene = Scene::of(&drawing, None);
        assert_eq!(svg(&scene, Theme::Auto), svg(&Scene::of(&drawing, None), Theme::Auto), "{}", drawing.title);
        let again = Scene::of(&drawing, Some(&scene.positions));
        assert_eq!(again.positions, scene.positions, "{}: with its own positions nothing moves", drawing.title);
    }
}

/// What overlaps in the final picture though nothing may: drawings with their names, titles, texts along lines; and what
/// is outside the picture.
fn covered(scene: &Scene) -> Vec<String> {
    let bodies = scene.bodies.iter().map(|placed| (placed.id.clone(), Tilted::upright(&placed.rect)));
    let titles = scene.frames.iter().map(|frame| (format!("title of {}", frame.id), frame.title_box()));
    let titles = titles.chain([("title".to_string(), scene.title_box())]);
    let titles = titles.map(|(name, rect)| (name, Tilted::upright(&rect)));
    let labels = scene.all_labels().map(|label| (format!("{:?}", label.lines), label.spot));
    let all: Vec<(String, Tilted)> = bodies.chain(titles).chain(labels).collect();
    let mut grid = Grid::default();
    let mut found = Vec::new();
    for (index, (name, spot)) in all.iter().enumerate() {
        let spot = shrunk(spot);
        let bounds = spot.bounds();
        for other in grid.near_rect(&bounds) {
            if shrunk(&all[other].1).overlaps(&spot) {
                found.push(format!("{name} on {}", all[other].0));
            }
        }
        if bounds.union(&scene.bounds) != scene.bounds {
            found.push(format!("{name} outside"));
        }
        grid.add_rect(index, &bounds);
    }
    found
}

#[test]
fn nothing_covers_anything_else() {
    for drawing in all() {
        assert_eq!(covered(&Scene::of(&drawing, None)), Vec::<String>::new(), "{}", drawing.title);
    }
}

#[test]
fn nothing_covers_anything_else_among_a_thousand() {
    for drawing in [samples::three_tier(1000), samples::ring(1000), samples::random(1000, 1300), samples::star(1000)] {
        assert_eq!(covered(&Scene::of(&drawing, None)), Vec::<String>::new(), "{}", drawing.title);
    }
}

#[test]
fn small_pictures_show_every_text() {
    for drawing in small() {
        let scene = Scene::of(&drawing, None);
        let ends = drawing.links.iter().flat_map(|link| &link.ends);
        let wanted: Vec<String> = ends.flat_map(graph::end_lines).collect();
        let mut shown: Vec<String> = Vec::new();
        for (_, line) in scene.labels.iter().flat_map(|label| &label.lines) {
            shown.extend(line.split("  ").map(str::to_string));
        }
        let missing: Vec<&String> = wanted.iter().filter(|text| !shown.contains(text)).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", drawing.title);
    }
}

#[test]
fn lines_pass_no_stranger() {
    for drawing in all() {
        let scene = Scene::of(&drawing, None);
        for (link, wire) in drawing.links.iter().zip(&scene.wires) {
            let strangers = drawing
                .nodes
                .iter()
                .zip(&scene.bodies)
                .filter(|(node, _)| link.ends.iter().all(|end| end.at != node.id));
            for (node, placed) in strangers {
                for (a, b) in wire.points.iter().zip(&wire.points[1..]) {
                    assert_eq!(placed.rect.clip(*a, *b), None, "{}: {} passes {}", drawing.title, link.id, node.id);
                }
            }
        }
    }
}

#[test]
fn frames_hold_their_members_and_nothing_else() {
    let drawing = samples::campus();
    let scene = Scene::of(&drawing, None);
    let inside = |rect: &Rect, frame: &Rect| {
        rect.left >= frame.left && rect.right <= frame.right && rect.top >= frame.top && rect.bottom <= frame.bottom
    };
    let ids = drawing.nodes.iter().map(|node| &node.id).chain(drawing.networks.iter().map(|network| &network.id));
    for (id, placed) in ids.zip(&scene.bodies) {
        for (group, frame) in drawing.groups.iter().zip(&scene.frames) {
            let member = id.starts_with(&format!("{}/", group.id));
            assert_eq!(inside(&placed.rect, &frame.rect), member, "{id} in {}", group.id);
            assert_eq!(placed.rect.overlaps(&frame.rect), member, "{id} on {}", group.id);
        }
    }
}

#[test]
fn parallel_links_keep_apart() {
    let mut drawing = Drawing {
        nodes: vec![samples::node("a", Icon::Router, "x"), samples::node("b", Icon::Router, "x")],
        ..Drawing::default()
    };
    drawing.links = (0..6).map(|n| samples::link(&format!("a:eth{n}"), &format!("b:eth{n}"))).collect();
    let scene = Scene::of(&drawing, None);
    let mut heights: Vec<f64> = scene.wires.iter().map(|wire| wire.points[wire.points.len() / 2].y).collect();
    heights.sort_by(f64::total_cmp);
    for pair in heights.windows(2) {
        assert!(pair[1] - pair[0] > 4.0, "{heights:?}");
    }
    assert_eq!(scene.labels.len(), 12);
}

#[test]
fn what_is_not_there_is_not_drawn() {
    let mut drawing = samples::first_lab();
    drawing.links.push(samples::link("h1:eth9", "nobody:eth1"));
    drawing.groups.push(Group { id: "empty".into(), label: "empty".into(), parent: Some("nothing".into()) });
    drawing.nodes[0].group = Some("unknown".into());
    let scene = Scene::of(&drawing, None);
    assert_eq!((scene.wires.len(), scene.frames.len()), (3, 0));
    assert!(!dot(&drawing).contains("nobody") && !mermaid(&drawing).contains("nobody"));
    let nothing = Drawing::default();
    assert!(roxmltree::Document::parse(&svg(&Scene::of(&nothing, None), Theme::Auto)).is_ok());
}

#[test]
fn themes() {
    let scene = Scene::of(&samples::two_hosts_and_router(), None);
    let dark_page = ".wtop .page{fill:#15191f}";
    assert!(svg(&scene, Theme::Auto).contains("prefers-color-scheme:dark"));
    assert!(svg(&scene, Theme::Dark).contains(dark_page) && !svg(&scene, Theme::Dark).contains("prefers"));
    assert!(!svg(&scene, Theme::Light).contains(dark_page));
}

#[test]
fn a_picture_as_data_is_what_its_schema_says_and_can_be_given_back() {
    let schema: serde_json::Value = serde_json::from_str(&json_schema()).unwrap();
    let valid = jsonschema::validator_for(&schema).unwrap();
    for drawing in all() {
        let scene = Scene::of(&drawing, None);
        let text = json(&scene);
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert!(valid.is_valid(&document), "{}", drawing.title);
        assert_eq!(document["links"].as_object().unwrap().len(), drawing.links.len());
        let positions: Positions = serde_json::from_str(&text).unwrap();
        assert_eq!(positions, scene.positions);
    }
}

#[test]
fn a_page_needs_nothing_from_outside() {
    let page = html(&Scene::of(&samples::campus(), None), Theme::Auto);
    let namespace = "http://www.w3.org/2000/svg";
    assert!(!page.replace(namespace, "").contains("://"), "an address");
    assert!(page.contains("default-src 'none'") && !page.contains("<link") && !page.contains(" src="));
    let picture = page.split_once("<svg ").and_then(|(_, rest)| rest.split_once("</svg>")).unwrap().0;
    assert!(roxmltree::Document::parse(&format!("<svg {picture}</svg>")).is_ok());
    let fact = "<title>core1, vmx\nge-0/0/9 203.0.113.2/30 to internet\n";
    assert!(page.contains(fact), "nodes tell where their links lead");
    let scripts = html(&Scene::of(&labelled("</script><script>alert(1)//"), None), Theme::Dark);
    assert_eq!(scripts.matches("<script>").count(), 1);
    assert!(scripts.contains(r#"data-theme="dark""#));
}

#[test]
fn every_icon_of_the_language_is_drawn() {
    use crate::semantics::schema::{Kind, attribute_type};
    let words = attribute_type(Kind::Node, "icon").unwrap().to_string();
    for word in words.trim_start_matches("enum").split(|c: char| !c.is_ascii_lowercase() && c != '_') {
        let known = Icon::ALL.iter().any(|(name, _)| *name == word);
        assert!(word.is_empty() || known, "{word} has no drawing: {words}");
    }
    for (name, icon) in Icon::ALL {
        assert!(words.contains(name), "{name} is no word of the language");
        assert!(roxmltree::Document::parse(&format!("<g>{}</g>", icons::shapes(icon))).is_ok(), "{name}");
    }
}

/// A drawing in which every text is `text`, and ids too where they need not differ.
fn labelled(text: &str) -> Drawing {
    let mut drawing = samples::campus();
    drawing.title = text.to_string();
    for node in &mut drawing.nodes {
        (node.label, node.sublabel) = (text.to_string(), Some(text.to_string()));
    }
    for network in &mut drawing.networks {
        (network.label, network.subnets) = (text.to_string(), vec![text.to_string()]);
    }
    for group in &mut drawing.groups {
        group.label = text.to_string();
    }
    for lag in &mut drawing.lags {
        lag.label = text.to_string();
    }
    for link in &mut drawing.links {
        link.label = Some(text.to_string());
        link.ends[0].interface = Some(text.to_string());
        link.ends[1].addresses = vec![text.to_string()];
        link.ends[1].vlan = Some(text.to_string());
    }
    let odd = format!("{text}{}", drawing.nodes[0].id);
    for end in drawing.links.iter_mut().flat_map(|link| &mut link.ends) {
        if end.at == drawing.nodes[0].id {
            end.at = odd.clone();
        }
    }
    drawing.nodes[0].id = odd;
    drawing
}

/// What is left of a text when its quoted strings are taken out, or `None` if one does not end.
fn unquoted(text: &str, escapes: bool) -> Option<String> {
    let (mut rest, mut quoted, mut escaped) = (String::new(), false, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted && escapes => escaped = true,
            '"' => quoted = !quoted,
            '\n' if quoted => return None,
            c if !quoted => rest.push(c),
            _ => {}
        }
    }
    (!quoted).then_some(rest)
}

/// A drawing of up to 25 nodes and 6 networks in up to 4 groups, with bundles, long names, and texts at some ends.
fn by_chance(nodes: &[(u8, u8, u8)], links: &[(u8, u8, u8)], networks: &[u8], groups: usize) -> Drawing {
    let group = |n: u8| Some(usize::from(n) % (groups + 3)).filter(|n| *n < groups).map(|n| format!("g{n}"));
    let mut drawing = Drawing { title: "by chance".into(), ..Drawing::default() };
    for n in 0..groups {
        let parent = (n % 2 == 1).then(|| format!("g{}", n - 1));
        drawing.groups.push(Group { id: format!("g{n}"), label: "a group ".repeat(n + 1), parent });
    }
    for (n, (icon, home, form)) in nodes.iter().enumerate() {
        let (_, icon) = Icon::ALL[usize::from(*icon) % Icon::ALL.len()];
        let name = if form % 5 == 0 { format!("a-node-with-a-long-name-{n}") } else { format!("n{n}") };
        let tier = (*form > 200).then_some(i64::from(form % 4));
        drawing.nodes.push(Node { group: group(*home), tier, ..samples::node(&name, icon, "device") });
    }
    for (n, home) in networks.iter().enumerate() {
        let network = samples::network(&format!("lan{n}"), "2001:db8:1234:5678::/64");
        drawing.networks.push(Network { group: group(*home), ..network });
    }
    drawing.lags.push(Lag { id: "lag".into(), label: "ae0".into() });
    let ids: Vec<String> =
        drawing.nodes.iter().map(|node| &node.id).chain(drawing.networks.iter().map(|lan| &lan.id)).cloned().collect();
    for (n, (a, b, form)) in links.iter().enumerate() {
        let end = |at: u8, side: u8| {
            let at = ids[usize::from(at) % ids.len()].clone();
            let addresses = ["10.123.45.67/31", "2001:db8:1234:5678::abcd/127"];
            let addresses = addresses.iter().take(usize::from(form / side % 3)).map(|text| text.to_string()).collect();
            End {
                at,
                interface: Some(format!("ge-0/0/{n}")),
                addresses,
                vlan: (form % 7 == 0).then(|| "vlan 10".into()),
            }
        };
        let label = (form % 6 == 0).then(|| "10 ms, 0.1% loss".to_string());
        let lag = (form % 8 == 0).then(|| "lag".to_string());
        drawing.links.push(Link {
            id: format!("l{n}"),
            ends: [end(*a, 1), end(*b, 3)],
            label,
            lag,
            down: form % 9 == 0,
        });
    }
    drawing
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn nothing_covers_anything_whatever_the_drawing(
        nodes in prop::collection::vec(any::<(u8, u8, u8)>(), 1..25),
        links in prop::collection::vec(any::<(u8, u8, u8)>(), 0..50),
        networks in prop::collection::vec(any::<u8>(), 0..6),
        groups in 0_usize..4,
    ) {
        let drawing = by_chance(&nodes, &links, &networks, groups);
        let scene = Scene::of(&drawing, None);
        prop_assert_eq!(covered(&scene), Vec::<String>::new());

        // The same with a node more, and without one: what was there stays, and still nothing is covered.
        let mut more = drawing.clone();
        more.nodes.push(samples::node("new", Icon::Router, "device"));
        more.links.push(samples::link("new:eth1 10.0.0.0/31", &format!("{}:eth1 10.0.0.1/31", drawing.nodes[0].id)));
        let mut less = drawing.clone();
        let gone = less.nodes.remove(0);
        for changed in [more, less] {
            let again = Scene::of(&changed, Some(&scene.positions));
            prop_assert_eq!(covered(&again), Vec::<String>::new());
            for (id, place) in scene.positions.nodes.iter().filter(|(id, _)| **id != gone.id) {
                prop_assert_eq!(again.positions.nodes.get(id), Some(place), "{}", id);
            }
        }
    }

    #[test]
    fn no_text_breaks_out(text in "(\\PC|[<&\"'\\\\#`\\]{};|\u{0}-\u{20}\u{202e}\u{5d0}\u{fffe}👩\u{200d}]){0,40}") {
        let drawing = labelled(&text);
        let plain = labelled("x");

        let picture = svg(&Scene::of(&drawing, None), Theme::Auto);
        let document = roxmltree::Document::parse(&picture).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let named = document.descendants().filter(|node| node.attribute("class") == Some("name"));
        let name = text::fit(&text, 12.0, 130.0);
        for node in named {
            prop_assert_eq!(node.text().unwrap_or_default(), name.as_str());
        }

        // The text around the quoted strings is the same whatever they hold.
        let skeleton = |graphviz: &str| unquoted(graphviz, true).map(|rest| rest.replace(" [taillabel=]", ""));
        if !text::clean(&text).is_empty() {
            prop_assert_eq!(skeleton(&dot(&drawing)), skeleton(&dot(&plain)));
        }
        let chart = mermaid(&drawing);
        let chart = chart.split_once("flowchart").unwrap().1;
        let rest = unquoted(chart, false);
        prop_assert!(rest.is_some_and(|rest| !rest.contains(['<', '&', '`', '\'', '\\'])), "{}", chart);
    }
}

#[test]
fn what_is_added_moves_nothing() {
    let mut drawing = samples::campus();
    let before = Scene::of(&drawing, None).positions;
    drawing.nodes.push(samples::node("dc/rack/srv9", Icon::Server, "debian"));
    drawing.links.push(samples::link("dc/rack/srv9:eth0 10.9.0.9/24", "dc/rack/tor:xe-0/0/19"));
    let after = Scene::of(&drawing, Some(&before)).positions;
    for (id, place) in &before.nodes {
        assert_eq!(after.nodes.get(id), Some(place), "{id}");
    }
    let (new, old) = (after.nodes["dc/rack/srv9"], after.nodes["dc/rack/srv3"]);
    assert_eq!(new.y, old.y, "beside its siblings");
    assert!(Point::distance(new, old) < 200.0, "near them: {new:?}");
}
