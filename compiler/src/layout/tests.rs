//! The forms that networks have, as they are laid out: sketches with a character for about 24 by 40 units.

use super::outline::{parents, within};
use super::*;
use proptest::prelude::*;

fn graph(names: &str, edges: &[(&str, &str)]) -> Graph {
    let nodes: Vec<Node> = names
        .split(' ')
        .map(|name| {
            let (name, group) = name.rsplit_once('/').map_or((name, None), |(group, name)| (name, Some(group)));
            let kind = match name.chars().next() {
                Some('h') => Kind::Host,
                Some('n') => Kind::Segment,
                Some('i') => Kind::Outside,
                _ => Kind::Device,
            };
            let group = group.map(|group| group.bytes().next().map_or(0, |first| usize::from(first - b'a')));
            Node { id: name.into(), width: 48.0, height: 64.0, aim: 0.0, kind, tier: None, group }
        })
        .collect();
    let find = |name: &str| nodes.iter().position(|node| node.id == name).unwrap();
    let edges = edges
        .iter()
        .map(|(a, b)| Edge { id: format!("{a} {b}"), ends: [find(a), find(b)], texts: [0.0; 2], label: 0.0 })
        .collect();
    Graph { nodes, edges, groups: Vec::new() }
}

fn ring(count: usize) -> Graph {
    let names: Vec<String> = (0..count).map(|n| format!("r{n}")).collect();
    let mut graph = graph(&names.join(" "), &[]);
    for n in 0..count {
        let ends = [n, (n + 1) % count];
        graph.edges.push(Edge { id: format!("e{n}"), ends, texts: [0.0; 2], label: 0.0 });
    }
    graph
}

fn sketch(graph: &Graph) -> String {
    let positions = layout(graph, None);
    let left = positions.nodes.values().map(|at| at.x).fold(f64::MAX, f64::min);
    let mut lines: Vec<String> = Vec::new();
    let mut places: Vec<(usize, usize, &String)> =
        positions.nodes.iter().map(|(id, at)| ((at.y / 40.0) as usize, ((at.x - left) / 24.0) as usize, id)).collect();
    places.sort();
    for (row, column, id) in places {
        lines.resize(lines.len().max(row + 1), String::new());
        let line = &mut lines[row];
        while line.chars().count() < column {
            line.push(' ');
        }
        line.push_str(id);
    }
    lines.join("\n")
}

#[test]
fn a_chain_stands_in_a_row() {
    insta::assert_snapshot!(sketch(&graph("h1 r1 n1 h2", &[("h1", "r1"), ("r1", "n1"), ("h2", "n1")])), @r"
     h1   r1   n1   h2
    ");
}

#[test]
fn a_fabric_stands_in_layers_without_being_told() {
    let edges = [
        ("l1", "s1"),
        ("l1", "s2"),
        ("l2", "s1"),
        ("l2", "s2"),
        ("l3", "s1"),
        ("l3", "s2"),
        ("h1", "l1"),
        ("h2", "l1"),
        ("h3", "l2"),
        ("h4", "l2"),
        ("h5", "l3"),
        ("h6", "l3"),
    ];
    insta::assert_snapshot!(sketch(&graph("h1 h2 h3 h4 h5 h6 l1 l2 l3 s1 s2", &edges)), @r"
          s1   s2




     l1      l2     l3


    h1 h2  h3 h4   h5 h6
    ");
}

#[test]
fn a_fabric_without_hosts_too() {
    let edges = [("l1", "s1"), ("l1", "s2"), ("l2", "s1"), ("l2", "s2"), ("l3", "s1"), ("l3", "s2")];
    insta::assert_snapshot!(sketch(&graph("l1 l2 l3 s1 s2", &edges)), @r"
     s1  s2




    l1 l2 l3
    ");
}

#[test]
fn tiers_win_over_structure() {
    let mut graph = graph("a b h1", &[("a", "b"), ("a", "h1")]);
    graph.nodes[1].tier = Some(0);
    graph.nodes[0].tier = Some(5);
    insta::assert_snapshot!(sketch(&graph), @r"
    b



    a


    h1
    ");
}

#[test]
fn a_ring_is_a_circle_with_what_hangs_on_it_outside() {
    let mut edges = vec![("r1", "r2"), ("r2", "r3"), ("r3", "r4"), ("r4", "r5"), ("r5", "r1")];
    edges.extend([("h1", "r1"), ("h2", "r3")]);
    insta::assert_snapshot!(sketch(&graph("r1 r2 r3 r4 r5 h1 h2", &edges)), @r"
       h1



       r1
    r5     r2


     r4   r3


             h2
    ");
}

#[test]
fn a_ring_with_chords_is_a_circle() {
    let mut edges = vec![("r1", "r2"), ("r2", "r3"), ("r3", "r4"), ("r4", "r5"), ("r5", "r6"), ("r6", "r7")];
    edges.extend([("r7", "r8"), ("r8", "r1"), ("r2", "r6"), ("r3", "r7")]);
    insta::assert_snapshot!(sketch(&graph("r1 r2 r3 r4 r5 r6 r7 r8", &edges)), @r"
          r1
     r8       r2


    r7          r3


     r6       r4
          r5
    ");
}

#[test]
fn a_network_on_a_ring_stays_together() {
    let mut edges = vec![("r1", "r2"), ("r2", "r3"), ("r3", "r4"), ("r4", "r5"), ("r5", "r1")];
    edges.extend([("r3", "n1"), ("h1", "n1"), ("h2", "n1"), ("h3", "n1"), ("r1", "n2"), ("h4", "n2"), ("h5", "n2")]);
    insta::assert_snapshot!(sketch(&graph("r1 r2 r3 r4 r5 n1 h1 h2 h3 n2 h4 h5", &edges)), @r"
       h4  h5



         n2


         r1


    r5        r2


     r4
           r3


                n1



            h1  h2 h3
    ");
}

#[test]
fn a_grid_is_a_grid() {
    let names: Vec<String> = (0..20).map(|n| format!("r{n}")).collect();
    let mut grid = graph(&names.join(" "), &[]);
    let across = (0..20).filter(|n| n % 5 < 4).map(|n| [n, n + 1]);
    for ends in across.chain((0..15).map(|n| [n, n + 5])) {
        grid.edges.push(Edge { id: format!("{ends:?}"), ends, texts: [0.0; 2], label: 0.0 });
    }
    insta::assert_snapshot!(sketch(&grid), @r"
    r0   r1    r2    r3    r4



    r5   r6    r7    r8    r9



    r10  r11   r12   r13   r14


    r15  r16   r17   r18   r19
    ");
}

#[test]
fn a_full_bar_has_hosts_on_both_sides() {
    let names: Vec<String> = (1..=8).map(|n| format!("h{n}")).collect();
    let edges: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "n1")).collect();
    insta::assert_snapshot!(sketch(&graph(&format!("n1 {}", names.join(" ")), &edges)), @r"
    h1 h2 h3  h4


         n1



    h5 h6 h7  h8
    ");
}

#[test]
fn the_internet_is_at_the_top() {
    let edges =
        [("r1", "internet"), ("r2", "internet"), ("r1", "r2"), ("s1", "r1"), ("s1", "r2"), ("h1", "s1"), ("h2", "s1")];
    insta::assert_snapshot!(sketch(&graph("h1 h2 s1 r1 r2 internet", &edges)), @r"
      internet



    r1  r2



      s1



    h1  h2
    ");
}

#[test]
fn pieces_stand_side_by_side() {
    insta::assert_snapshot!(sketch(&graph("a b c d e f", &[("a", "b"), ("c", "d")])), @r"
    a    b


    c    d   e   f
    ");
}

#[test]
fn circles_of_parents_and_edges_to_nowhere_are_ignored() {
    let mut graph = graph("a b", &[("a", "b")]);
    graph.groups = vec![
        Group { id: "g".into(), parent: Some(1), title: 0.0 },
        Group { id: "k".into(), parent: Some(0), title: 0.0 },
    ];
    graph.nodes[0].group = Some(1);
    graph.nodes[1].group = Some(7);
    graph.edges.push(Edge { id: "x".into(), ends: [0, 9], texts: [0.0; 2], label: 0.0 });
    assert_eq!(layout(&graph, None).nodes.len(), 2);
}

#[test]
fn large_rings_and_long_chains_come_to_an_end() {
    let ring = ring(10_000);
    assert_eq!(layout(&ring, None).nodes.len(), 10_000);
    let mut chain = ring;
    chain.edges.pop();
    chain.nodes[0].tier = Some(0);
    let positions = layout(&chain, None);
    assert!(positions.nodes["r9999"].y > positions.nodes["r5000"].y);
}

#[test]
fn what_is_new_is_placed_beside_its_siblings() {
    let edges = [("h1", "s1"), ("h2", "s1"), ("h3", "s1"), ("s1", "r1")];
    let before = layout(&graph("r1 s1 h1 h2 h3", &edges), None);
    let mut more = edges.to_vec();
    more.extend([("h4", "s1"), ("h5", "h4")]);
    let after = layout(&graph("r1 s1 h1 h2 h3 h4 h5", &more), Some(&before));
    assert!(before.nodes.iter().all(|(id, at)| after.nodes[id] == *at));
    assert_eq!(after.nodes["h4"].y, after.nodes["h3"].y);
    assert!(after.nodes["h4"].x > after.nodes["h3"].x);
}

#[test]
fn a_new_member_does_not_make_its_frame_swallow_a_stranger() {
    // Group a is walled in: c and d stand close on both sides.
    let mut walled = graph("a/x a/y c d", &[("x", "y")]);
    walled.groups = vec![Group { id: "a".into(), parent: None, title: 20.0 }];
    let place = |x: f64, y: f64| Point::new(x, y);
    let nodes = [("x", place(0.0, 0.0)), ("y", place(80.0, 0.0)), ("c", place(-80.0, 0.0)), ("d", place(170.0, 0.0))];
    let old = Positions { nodes: nodes.map(|(id, at)| (id.to_string(), at)).into(), ..Positions::default() };
    let mut grown = graph("a/x a/y c d a/z", &[("x", "y"), ("z", "y")]);
    grown.groups = walled.groups.clone();
    let after = layout(&grown, Some(&old));
    let drawn = outline(&grown, &after);
    let frame = drawn.groups[0].unwrap();
    for (node, rect) in grown.nodes.iter().zip(&drawn.nodes) {
        assert_eq!(rect.overlaps(&frame), node.group == Some(0), "{}", node.id);
    }
    assert_eq!(after.nodes["c"], old.nodes["c"]);
}

#[test]
fn positions_from_elsewhere_do_no_harm() {
    let graph = graph("a b", &[("a", "b")]);
    let nodes = [("a".to_string(), Point::new(1e300, f64::NAN)), ("zz".to_string(), Point::default())];
    let old = Positions { nodes: nodes.into(), ..Positions::default() };
    assert_eq!(layout(&graph, Some(&old)), layout(&graph, None));
}

/// A graph of up to 30 nodes in up to 6 groups, from what chance gave.
fn random(nodes: &[(u8, u8, u8, u8)], edges: &[(u8, u8)], groups: &[u8]) -> Graph {
    let groups: Vec<Group> = groups
        .iter()
        .enumerate()
        .map(|(index, parent)| {
            let parent = usize::from(*parent).checked_rem(index + 1).filter(|parent| *parent < index);
            Group { id: format!("g{index}"), parent, title: 60.0 }
        })
        .collect();
    let nodes: Vec<Node> = nodes
        .iter()
        .enumerate()
        .map(|(index, (kind, width, tier, group))| Node {
            id: format!("n{index}"),
            width: 40.0 + f64::from(*width),
            height: 30.0 + f64::from(*width / 4),
            aim: 0.0,
            kind: [Kind::Device, Kind::Device, Kind::Host, Kind::Segment, Kind::Outside][usize::from(kind % 5)],
            tier: (*tier < 40).then_some(i64::from(tier % 4)),
            group: Some(usize::from(*group) % 9).filter(|group| *group < groups.len()),
        })
        .collect();
    let end = |end: u8| usize::from(end) % nodes.len();
    let edges = edges
        .iter()
        .enumerate()
        .map(|(index, (a, b))| Edge { id: format!("e{index}"), ends: [end(*a), end(*b)], texts: [50.0; 2], label: 0.0 })
        .collect();
    Graph { nodes, edges, groups }
}

/// What overlaps though it must not: boxes, frames and strangers, frames of which none holds the other.
fn overlaps(graph: &Graph, positions: &Positions) -> Vec<String> {
    let drawn = outline(graph, positions);
    let parents = parents(graph);
    let mut found = Vec::new();
    for (index, rect) in drawn.nodes.iter().enumerate() {
        for (other, other_rect) in drawn.nodes.iter().enumerate().skip(index + 1) {
            if rect.overlaps(other_rect) {
                found.push(format!("{} {}", graph.nodes[index].id, graph.nodes[other].id));
            }
        }
        for (group, frame) in drawn.groups.iter().enumerate() {
            let inside = within(&parents, graph.nodes[index].group, group);
            if frame.is_some_and(|frame| frame.overlaps(rect) != inside) {
                found.push(format!("{} {}", graph.nodes[index].id, graph.groups[group].id));
            }
        }
    }
    for (index, frame) in drawn.groups.iter().enumerate() {
        for (other, other_frame) in drawn.groups.iter().enumerate().skip(index + 1) {
            let related = within(&parents, Some(other), index) || within(&parents, Some(index), other);
            if let (Some(a), Some(b), false) = (frame, other_frame, related)
                && a.overlaps(b)
            {
                found.push(format!("{} {}", graph.groups[index].id, graph.groups[other].id));
            }
        }
    }
    found
}

/// A full mesh of two small boxes and two large frames: neighbours on a circle with arcs of very different lengths.
#[test]
fn a_circle_has_room_for_items_of_unequal_size() {
    let kinds = [12, 128, 5, 50, 0, 0, 229, 1, 1, 1, 2, 57, 77, 246, 173, 2, 1];
    let nodes: Vec<(u8, u8, u8, u8)> = kinds
        .iter()
        .enumerate()
        .map(|(index, group)| match index {
            2 => (0, 0, 0, *group),
            3 => (35, 0, 40, *group),
            12 => (5, 0, 40, *group),
            15 => (0, 99, 40, *group),
            _ => (0, 0, 40, *group),
        })
        .collect();
    let edges = [(46, 105), (109, 180), (0, 0), (241, 6), (0, 3), (97, 81), (233, 1)];
    let graph = random(&nodes, &edges, &[0, 47, 2, 1, 13]);
    assert_eq!(overlaps(&graph, &layout(&graph, None)), Vec::<String>::new());
}

/// Devices only, most of them joined, with networks at their edge.
fn mesh(edges: &[(u8, u8)], lans: &[(u8, u8)], count: usize) -> Graph {
    let names: Vec<String> = (0..count).map(|n| format!("r{n}")).collect();
    let mut graph = graph(&names.join(" "), &[]);
    let join = |graph: &mut Graph, a: usize, b: usize| {
        graph.edges.push(Edge { id: format!("e{}", graph.edges.len()), ends: [a, b], texts: [60.0; 2], label: 0.0 });
    };
    for node in 1..count {
        join(&mut graph, node / 2, node);
    }
    for (a, b) in edges {
        join(&mut graph, usize::from(*a) % count, usize::from(*b) % count);
    }
    for (at, hosts) in lans {
        let bar = graph.nodes.len();
        let node = |id: usize, kind: Kind| Node { id: format!("x{id}"), kind, ..graph.nodes[0].clone() };
        let new: Vec<Node> = (0..=usize::from(hosts % 5))
            .map(|n| node(bar + n, if n == 0 { Kind::Segment } else { Kind::Host }))
            .collect();
        let last = bar + new.len();
        graph.nodes.extend(new);
        join(&mut graph, usize::from(*at) % count, bar);
        (bar + 1..last).for_each(|host| join(&mut graph, bar, host));
    }
    graph
}

// `PROPTEST_CASES=60000` looks for what is rare.
proptest! {
    #[test]
    fn nothing_overlaps_in_a_mesh(
        count in 4_usize..25,
        edges in prop::collection::vec(any::<(u8, u8)>(), 3..40),
        lans in prop::collection::vec(any::<(u8, u8)>(), 0..5),
    ) {
        let graph = mesh(&edges, &lans, count);
        let positions = layout(&graph, None);
        prop_assert_eq!(positions.nodes.len(), graph.nodes.len());
        prop_assert_eq!(overlaps(&graph, &positions), Vec::<String>::new());
    }

    #[test]
    fn nothing_overlaps_whatever_the_graph(
        nodes in prop::collection::vec(any::<(u8, u8, u8, u8)>(), 1..30),
        edges in prop::collection::vec(any::<(u8, u8)>(), 0..50),
        groups in prop::collection::vec(any::<u8>(), 0..6),
        forgotten in prop::collection::vec(any::<u8>(), 1..5),
    ) {
        let graph = random(&nodes, &edges, &groups);
        let positions = layout(&graph, None);
        prop_assert_eq!(positions.nodes.len(), graph.nodes.len());
        prop_assert_eq!(overlaps(&graph, &positions), Vec::<String>::new());

        // The same with some of them new.
        let mut old = positions;
        for index in &forgotten {
            old.nodes.remove(&format!("n{}", usize::from(*index) % graph.nodes.len()));
        }
        let extended = layout(&graph, Some(&old));
        prop_assert_eq!(extended.nodes.len(), graph.nodes.len());
        prop_assert_eq!(overlaps(&graph, &extended), Vec::<String>::new());
    }
}
