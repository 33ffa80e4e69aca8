use super::*;
use crate::topology::sample::Sample;
use crate::value::{NetworkId, NodeId};

/// The value of a vertex by its name.
fn vertex(topology: &Topology, name: &str) -> Value {
    let node = topology.nodes.iter().position(|node| node.name == name).map(|at| Value::Node(NodeId::from(at)));
    let network = || topology.networks.iter().position(|network| network.name == name);
    node.or_else(|| network().map(|at| Value::Network(NetworkId::from(at)))).unwrap()
}

/// `reachable h1 h2`: the answer and its explanation. A list is written `a,b`, links as their numbers.
fn ask(topology: &Topology, question: &str) -> String {
    let (name, arguments) = question.split_once(' ').unwrap_or((question, ""));
    let one =
        |word: &str| word.parse().map(|link| Value::Link(LinkId(link))).unwrap_or_else(|_| vertex(topology, word));
    let argument = |word: &str| {
        if name.starts_with("survives") { Value::list(word.split(',').map(one).collect()) } else { one(word) }
    };
    let positional: Vec<Value> = arguments.split_whitespace().map(argument).collect();
    let wiring = Wiring::new(topology);
    let outcome = call(name, &wiring, &Arguments { positional: &positional, named: &[] }).unwrap().unwrap();
    let value = match &outcome.value {
        Value::List(values) => format!("{} elements", values.len()),
        value => crate::value::text::shown(value),
    };
    let path: Vec<&str> = outcome.path.iter().map(|vertex| wiring.name(wiring.numbers[vertex])).collect();
    format!("{question}: {value}: {} {path:?}", outcome.explanation)
}

fn ask_all(topology: &Topology, questions: &[&str]) -> String {
    questions.iter().map(|question| ask(topology, question)).collect::<Vec<_>>().join("\n")
}

/// Two spines, two leaves, a host on each leaf, one host on both, a router behind leaf 2, a host that is down.
fn fabric() -> Topology {
    Sample::new("s1:switch s2:switch l1:switch l2:switch h1 h2 both r:router [lan] h3 alone")
        .links("l1-s1 l1-s2 l2-s1 l2-s2 h1-l1 h2-l2 both-l1 both-l2 l2-r r-lan lan-h3 alone~lan")
        .build()
}

#[test]
fn says_who_reaches_whom() {
    let hosts = Sample::new("a b c").links("a-b b-c").build();
    insta::assert_snapshot!(ask_all(&fabric(), &[
        "reachable h1 h3",
        "reachable h1 h1",
        "path h1 h2",
        "hops h1 lan",
        "hops h1 alone",
        "reachable alone h1",
        "degree l2",
        "degree alone",
        "connected",
        "components",
        "diameter",
        "same_segment h1 h2",
        "same_segment h1 h3",
    ]), @r#"
    reachable h1 h3: true: h1 - l1 - s1 - l2 - r - lan - h3 ["h1", "l1", "s1", "l2", "r", "lan", "h3"]
    reachable h1 h1: true: h1 ["h1"]
    path h1 h2: 5 elements: h1 - l1 - s1 - l2 - h2 ["h1", "l1", "s1", "l2", "h2"]
    hops h1 lan: 5: h1 - l1 - s1 - l2 - r - lan ["h1", "l1", "s1", "l2", "r", "lan"]
    hops h1 alone: 9223372036854775807: h1 - l1 - s1 - l2 - r - lan - alone would join h1 and alone, but it has a link that is down ["h1", "l1", "s1", "l2", "r", "lan", "alone"]
    reachable alone h1: false: alone - lan - r - l2 - s1 - l1 - h1 would join alone and h1, but it has a link that is down ["alone", "lan", "r", "l2", "s1", "l1", "h1"]
    degree l2: 5: l2 is linked to s1, s2, h2, both and r ["l2"]
    degree alone: 0: alone has no link that is up ["alone"]
    connected: false: s1 - l2 - r - lan - alone would join s1 and alone, but it has a link that is down ["s1", "l2", "r", "lan", "alone"]
    components: 2 elements: 2 parts, such as s1, l1, l2, s2, h1 and 5 more, and alone ["s1", "alone"]
    diameter: 9223372036854775807: s1 - l2 - r - lan - alone would join s1 and alone, but it has a link that is down ["s1", "l2", "r", "lan", "alone"]
    same_segment h1 h2: true: h1 - l1 - s1 - l2 - h2 ["h1", "l1", "s1", "l2", "h2"]
    same_segment h1 h3: false: frames from h1 do not reach h3 ["h1", "h3"]
    "#);
    insta::assert_snapshot!(ask_all(&hosts, &["reachable a c", "connected", "diameter", "components"]), @r#"
    reachable a c: false: a - b - c would join a and c, but b is a host and passes nothing on ["a", "b", "c"]
    connected: false: a - b - c would join a and c, but b is a host and passes nothing on ["a", "b", "c"]
    diameter: 9223372036854775807: a - b - c would join a and c, but b is a host and passes nothing on ["a", "b", "c"]
    components: 1 elements: all is in one part ["a"]
    "#);
}

#[test]
fn counts_paths_that_share_nothing() {
    let parallel = Sample::new("a:router b:router c:router").links("a-b a-b b-c b-c a-c").build();
    insta::assert_snapshot!(ask_all(&fabric(), &[
        "disjoint_paths l1 l2",
        "disjoint_paths h1 h2",
        "disjoint_paths both h3",
        "disjoint_paths h1 alone",
        "disjoint_paths h1 h1",
        "disjoint_links l1 l2",
        "disjoint_links h1 h2",
    ]), @r#"
    disjoint_paths l1 l2: 2: every path from l1 to l2 goes through s1 and s2 ["s1", "s2"]
    disjoint_paths h1 h2: 2: every path from l1 to l2 goes through s1 and s2 ["s1", "s2"]
    disjoint_paths both h3: 1: every path from both to lan goes through l2 ["l2"]
    disjoint_paths h1 alone: 0: no path joins l1 and alone []
    disjoint_paths h1 h1: 0: both ends are h1 ["h1"]
    disjoint_links l1 l2: 2: every path from l1 to l2 goes over l1 - s1, l1 - s2 ["l1", "s1", "s2"]
    disjoint_links h1 h2: 1: every path from h1 to h2 goes over h1 - l1 ["h1", "l1"]
    "#);
    insta::assert_snapshot!(ask_all(&parallel, &["disjoint_paths a b", "disjoint_links a b", "disjoint_links a c"]), @r#"
    disjoint_paths a b: 3: every path from a to b is a direct link or goes through c ["c", "a", "b"]
    disjoint_links a b: 3: every path from a to b goes over a - b, a - b, a - c ["a", "b", "c"]
    disjoint_links a c: 3: every path from a to c goes over a - b, a - b, a - c ["a", "b", "c"]
    "#);
}

#[test]
fn finds_single_points_of_failure() {
    let two_switches = Sample::new("s1:switch s2:switch a b").links("a-s1 a-s2 b-s1 b-s2").build();
    insta::assert_snapshot!(ask_all(&fabric(), &[
        "survives_any_node s1,s2",
        "survives_any_node s1,l1,l2,r",
        "survives_any_link 0,1,2,3",
        "survives_any_link 0,4,8",
        "articulation_points",
        "bridges",
    ]), @r#"
    survives_any_node s1,s2: true: any one of them may fail []
    survives_any_node s1,l1,l2,r: false: without l1, h1 no longer reaches s1; so with l2 and r ["l1", "l2", "r"]
    survives_any_link 0,1,2,3: true: any one of them may fail []
    survives_any_link 0,4,8: false: without the link h1 - l1, h1 no longer reaches l1; so with 1 more ["h1", "l1"]
    articulation_points: 4 elements: l1, l2, r and lan: without l1, h1 no longer reaches s1 ["l1", "l2", "r", "lan"]
    bridges: 5 elements: 5 links have no other way around, such as h1 - l1 ["h1", "l1", "h2", "l2", "l2", "r", "r", "lan", "lan", "h3"]
    "#);
    insta::assert_snapshot!(ask_all(&two_switches, &["survives_any_node s1,s2,a", "survives_any_link 0,1,2,3"]), @r#"
    survives_any_node s1,s2,a: true: any one of them may fail []
    survives_any_link 0,1,2,3: false: without the link a - s1, a no longer reaches s1; so with 3 more ["a", "s1"]
    "#);
}

#[test]
fn finds_loops_of_frames() {
    let ask = |sample: Sample| ask(&sample.build(), "loop_free");
    let spanning = |topology: &mut Topology| topology.networks[0].stp = true;
    let no_spanning = |topology: &mut Topology| {
        topology.nodes[0].attributes.insert("stp".into(), Value::Bool(false));
    };
    let vlans = |topology: &mut Topology| {
        for (interface, vlan) in [(0, 10), (1, 20)] {
            topology.nodes[0].interfaces[interface].vlan = Some(vlan);
        }
    };
    let routed = |topology: &mut Topology| {
        topology.nodes[0].interfaces[0].addresses.push("10.0.0.1/24".parse().unwrap());
    };
    let circle = || Sample::new("[a] [b] [c] r:router").links("a-b b-c c-a r-a r-b");
    let switch = || Sample::new("s:switch [a]").links("s-a s-a");
    let told = [
        ask(circle()),
        ask(circle().with(spanning)),
        ask(Sample::new("[a] [b] r:router h").links("r-a r-b h-a h-b")),
        ask(switch()),
        ask(switch().with(no_spanning)),
        ask(switch().with(no_spanning).with(vlans)),
        ask(switch().with(no_spanning).with(routed)),
        ask(Sample::new("[a] [b]").links("a-b a~b")),
        ask(Sample::new("[a] [b]").lag("a-b a-b")),
        ask(Sample::new("[a]").links("a-a")),
    ];
    insta::assert_snapshot!(told.join("\n"), @r#"
    loop_free: false: frames go round a - b - c - a: nothing there speaks spanning tree ["a", "b", "c"]
    loop_free: true: frames go round nowhere []
    loop_free: true: frames go round nowhere []
    loop_free: true: frames go round nowhere []
    loop_free: false: frames go round a - s - a: nothing there speaks spanning tree ["a", "s"]
    loop_free: true: frames go round nowhere []
    loop_free: true: frames go round nowhere []
    loop_free: true: frames go round nowhere []
    loop_free: true: frames go round nowhere []
    loop_free: false: frames go round a - a: nothing there speaks spanning tree ["a"]
    "#);
}

#[test]
fn follows_vlans_along_a_segment() {
    let topology = Sample::new("s1:switch s2:switch a b c")
        .links("s1-s2 a-s1 b-s2 c-s2")
        .with(|topology| {
            topology.nodes[0].interfaces[0].trunk = vec![10, 20];
            topology.nodes[0].interfaces[1].vlan = Some(10);
            topology.nodes[1].interfaces[1].vlan = Some(10);
            topology.nodes[1].interfaces[2].vlan = Some(20);
        })
        .build();
    insta::assert_snapshot!(ask_all(&topology, &["same_segment a b", "same_segment a c", "same_segment a s1"]), @r#"
    same_segment a b: true: a - s1 - s2 - b in VLAN 10 ["a", "s1", "s2", "b"]
    same_segment a c: false: frames from a do not reach c ["a", "c"]
    same_segment a s1: true: a - s1 in VLAN 10 ["a", "s1"]
    "#);
}

#[test]
fn compares_mtu_along_a_segment() {
    let ask = |sample: Sample| ask(&sample.build(), "mtu_consistent");
    let mtu = |node: usize, mtu: u32| move |topology: &mut Topology| topology.nodes[node].interfaces[0].mtu = Some(mtu);
    let lan = || Sample::new("a b r:router c [lan] s:switch").links("a-lan b-lan r-lan r-c");
    let told = [
        ask(lan()),
        ask(lan().with(mtu(0, 9000))),
        ask(lan().with(|topology| topology.networks[0].mtu = Some(9000))),
        ask(lan().with(|topology| topology.networks[0].mtu = Some(1400)).with(mtu(0, 1500))),
        ask(lan().with(mtu(3, 9000))),
        ask(lan().with(mtu(3, 9000)).with(|topology| topology.nodes[2].interfaces[1].mtu = Some(9000))),
        ask(Sample::new("a s:switch b").links("a-s s-b").with(mtu(1, 1400))),
    ];
    insta::assert_snapshot!(told.join("\n"), @r#"
    mtu_consistent: true: the ends of each segment have one MTU []
    mtu_consistent: false: a:eth1 has an MTU of 9000, and r:eth1 on the same segment 1500 ["a", "r"]
    mtu_consistent: true: the ends of each segment have one MTU []
    mtu_consistent: false: a:eth1 has an MTU of 1500, and r:eth1 on the same segment 1400 ["a", "r"]
    mtu_consistent: false: c:eth1 has an MTU of 9000, and r:eth2 on the same segment 1500 ["c", "r"]
    mtu_consistent: true: the ends of each segment have one MTU []
    mtu_consistent: false: b:eth1 has an MTU of 1500, and s:eth1 on the same segment 1400 ["b", "s"]
    "#);
}

#[test]
fn each_signature_is_read_as_written() {
    use crate::value::types::parse_type;
    for (function, parameters) in TABLE.values() {
        let parameters: Vec<String> = parameters.iter().map(|p| format!("{}: {}", p.name, p.ty)).collect();
        let (_, result) = function.signature.rsplit_once(" -> ").unwrap();
        let expected = format!("{}({}) -> {}", function.name, parameters.join(", "), parse_type(result));
        assert_eq!(function.signature, expected);
    }
}

/// The examples are about [`fabric`]; `len(…)` around one counts its elements.
#[test]
fn each_example_gives_what_it_says() {
    let topology = fabric();
    for function in all() {
        assert!(!function.examples.is_empty(), "{} has no example", function.name);
        for (example, expected) in function.examples {
            let call = example.strip_prefix("len(").and_then(|call| call.strip_suffix(')')).unwrap_or(example);
            let (name, arguments) = call.strip_suffix(')').unwrap().split_once('(').unwrap();
            let words = |text: &str| text.split(", ").filter(|w| !w.is_empty()).map(|w| vertex(&topology, w)).collect();
            let positional: Vec<Value> = match arguments.strip_prefix('[') {
                Some(list) => vec![Value::list(words(list.trim_end_matches(']')))],
                None => words(arguments),
            };
            let arguments = Arguments { positional: &positional, named: &[] };
            let value = match super::call(name, &Wiring::new(&topology), &arguments).unwrap().unwrap().value {
                Value::List(values) => count(values.len()),
                value => value,
            };
            assert_eq!(crate::value::text::shown(&value), *expected, "{example}");
        }
    }
}

/// Fifty thousand routers in a row: nothing recurses, nothing is quadratic.
#[test]
fn takes_a_long_chain() {
    let names: Vec<String> = (0..50_000).map(|n| format!("r{n}:router")).collect();
    let links: Vec<String> = (1..50_000).map(|n| format!("r{}-r{n}", n - 1)).collect();
    let topology = Sample::new(&names.join(" ")).links(&links.join(" ")).build();
    let wiring = Wiring::new(&topology);
    let answer = |name: &str, positional: &[Value]| {
        call(name, &wiring, &Arguments { positional, named: &[] }).unwrap().unwrap().value
    };
    let ends = [Value::Node(NodeId(0)), Value::Node(NodeId(49_999))];
    assert_eq!(answer("hops", &ends), Value::Int(49_999));
    assert_eq!(answer("disjoint_paths", &ends), Value::Int(1));
    assert_eq!(answer("diameter", &[]), Value::Int(49_999));
    assert_eq!(answer("loop_free", &[]), Value::Bool(true));
    let Value::List(points) = answer("articulation_points", &[]) else { panic!("not a list") };
    assert_eq!(points.len(), 49_998);
}

mod against_brute_force {
    use super::*;
    use proptest::prelude::*;

    /// A small random topology: hosts, routers and networks, parallel links, loops, links that are down.
    fn topologies() -> impl Strategy<Value = Topology> {
        let kinds = proptest::collection::vec(0..3usize, 2..8);
        let links = proptest::collection::vec((0..8usize, 0..8usize, 0..6u8), 0..12);
        (kinds, links).prop_map(|(kinds, links)| {
            let vertices = kinds.iter().enumerate().map(|(n, kind)| match kind {
                0 => format!("v{n}"),
                1 => format!("v{n}:router"),
                _ => format!("[v{n}]"),
            });
            let link = |(a, b, down): (usize, usize, u8)| {
                let sign = if down == 0 { '~' } else { '-' };
                format!("v{}{sign}v{}", a % kinds.len(), b % kinds.len())
            };
            let vertices: Vec<String> = vertices.collect();
            let links: Vec<String> = links.into_iter().map(link).collect();
            Sample::new(&vertices.join(" ")).links(&links.join(" ")).build()
        })
    }

    /// The shortest of all simple paths, by trying each, without some vertices and edges.
    fn shortest(wiring: &Wiring, a: usize, b: usize, vertices: &[usize], edges: &[usize]) -> Option<usize> {
        fn go(wiring: &Wiring, b: usize, path: &mut Vec<usize>, no: &[usize], no_edges: &[usize]) -> Option<usize> {
            let at = *path.last().unwrap();
            if at == b {
                return Some(path.len() - 1);
            }
            if path.len() > 1 && !wiring.transit[at] {
                return None;
            }
            let mut best = None;
            for (number, edge) in wiring.edges.iter().enumerate() {
                let to = if edge.ends[0] == at { edge.ends[1] } else { edge.ends[0] };
                if !edge.up || !edge.ends.contains(&at) || path.contains(&to) {
                    continue;
                }
                if no.contains(&to) || no_edges.contains(&number) {
                    continue;
                }
                path.push(to);
                let found = go(wiring, b, path, no, no_edges);
                path.pop();
                best = [best, found].into_iter().flatten().min();
            }
            best
        }
        go(wiring, b, &mut vec![a], vertices, edges)
    }

    fn pairs(wiring: &Wiring) -> impl Iterator<Item = (usize, usize)> {
        let count = wiring.vertices.len();
        (0..count).flat_map(move |a| (0..count).filter(move |b| a < *b).map(move |b| (a, b)))
    }

    /// Does a pair of others that had a path have none without these?
    fn breaks(wiring: &Wiring, vertices: &[usize], edges: &[usize]) -> bool {
        pairs(wiring).any(|(a, b)| {
            !vertices.contains(&a)
                && !vertices.contains(&b)
                && shortest(wiring, a, b, &[], &[]).is_some()
                && shortest(wiring, a, b, vertices, edges).is_none()
        })
    }

    /// The smallest set out of `all` without which `cut` holds.
    fn smallest(all: &[usize], cut: impl Fn(&[usize]) -> bool) -> usize {
        let sets = (0..1u32 << all.len()).map(|mask| {
            all.iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1).map(|(_, one)| *one).collect::<Vec<_>>()
        });
        sets.filter(|set| cut(set)).map(|set| set.len()).min().unwrap()
    }

    fn answer(wiring: &Wiring, name: &str, positional: &[Value]) -> Outcome {
        call(name, wiring, &Arguments { positional, named: &[] }).unwrap().unwrap()
    }

    proptest! {
        #[test]
        fn distances_and_connection(topology in topologies()) {
            let wiring = Wiring::new(&topology);
            let mut farthest = 0;
            let mut all = true;
            for (a, b) in pairs(&wiring) {
                let ends = [wiring.value(a), wiring.value(b)];
                let expected = shortest(&wiring, a, b, &[], &[]);
                prop_assert_eq!(answer(&wiring, "hops", &ends).value, expected.map_or(Value::Int(i64::MAX), count));
                prop_assert_eq!(answer(&wiring, "reachable", &ends).value, Value::Bool(expected.is_some()));
                if wiring.is_node(a) && wiring.is_node(b) {
                    farthest = farthest.max(expected.unwrap_or(0));
                }
                all &= expected.is_some();
            }
            prop_assert_eq!(answer(&wiring, "connected", &[]).value, Value::Bool(all));
            let diameter = if all { count(farthest) } else { Value::Int(i64::MAX) };
            prop_assert_eq!(answer(&wiring, "diameter", &[]).value, diameter);
        }

        #[test]
        fn single_points_of_failure(topology in topologies()) {
            let wiring = Wiring::new(&topology);
            let mut points = Vec::new();
            for vertex in 0..wiring.vertices.len() {
                let breaks = breaks(&wiring, &[vertex], &[]);
                if breaks {
                    points.push(wiring.value(vertex));
                }
                if wiring.is_node(vertex) {
                    let nodes = [Value::list(vec![wiring.value(vertex)])];
                    prop_assert_eq!(answer(&wiring, "survives_any_node", &nodes).value, Value::Bool(!breaks));
                }
            }
            prop_assert_eq!(answer(&wiring, "articulation_points", &[]).value, Value::list(points));
            let mut bridges = Vec::new();
            for (number, edge) in wiring.edges.iter().enumerate().filter(|(_, edge)| edge.up) {
                let breaks = breaks(&wiring, &[], &[number]);
                if breaks {
                    bridges.push(Value::Link(edge.link));
                }
                let links = [Value::list(vec![Value::Link(edge.link)])];
                prop_assert_eq!(answer(&wiring, "survives_any_link", &links).value, Value::Bool(!breaks));
            }
            prop_assert_eq!(answer(&wiring, "bridges", &[]).value, Value::list(bridges));
        }

        #[test]
        fn disjoint_paths(topology in topologies()) {
            let wiring = Wiring::new(&topology);
            for (from, to) in pairs(&wiring) {
                let ends = [wiring.value(from), wiring.value(to)];
                let (a, b) = super::super::flow::beyond_hosts(&wiring, (from, to));
                let is_direct = |number: &usize| {
                    let edge = wiring.edges[*number];
                    edge.up && (edge.ends == [a, b] || edge.ends == [b, a])
                };
                let direct: Vec<usize> = (0..wiring.edges.len()).filter(is_direct).collect();
                let inner: Vec<usize> = (0..wiring.vertices.len()).filter(|at| *at != a && *at != b).collect();
                let by_vertices = smallest(&inner, |set| shortest(&wiring, a, b, set, &direct).is_none());
                let found = answer(&wiring, "disjoint_paths", &ends);
                prop_assert_eq!(found.value, count(by_vertices + direct.len()));
                let up: Vec<usize> = (0..wiring.edges.len()).filter(|edge| wiring.edges[*edge].up).collect();
                if up.len() <= 8 {
                    let by_links = smallest(&up, |set| shortest(&wiring, from, to, &[], set).is_none());
                    prop_assert_eq!(answer(&wiring, "disjoint_links", &ends).value, count(by_links));
                }
            }
        }
    }
}
