//! The promise of the lock: adding or removing any node, link or network changes no allocation of the others.

use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use wtop_compiler::source::MemoryFileSystem;
use wtop_compiler::topology::{LinkEnd, Machine, Topology};
use wtop_compiler::{Compilation, CompileOptions, compile};

/// What a lab is made of: nodes and networks by number, links by the numbers of their ends.
#[derive(Clone, Debug, Default)]
struct Program {
    nodes: Vec<u32>,
    networks: Vec<u32>,
    wires: Vec<(u32, u32)>,
    attachments: Vec<(u32, u32)>,
}

/// One change of the source.
#[derive(Clone, Debug)]
enum Edit {
    AddNode(u32, usize),
    RemoveNode(usize),
    AddNetwork(u32, usize),
    RemoveNetwork(usize),
    AddWire(usize, usize, usize),
    RemoveWire(usize),
    Attach(usize, usize, usize),
    Detach(usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let at = 0..64usize;
    prop_oneof![
        (0..200u32, at.clone()).prop_map(|(id, at)| Edit::AddNode(id, at)),
        at.clone().prop_map(Edit::RemoveNode),
        (0..60u32, at.clone()).prop_map(|(id, at)| Edit::AddNetwork(id, at)),
        at.clone().prop_map(Edit::RemoveNetwork),
        (at.clone(), at.clone(), at.clone()).prop_map(|(a, b, at)| Edit::AddWire(a, b, at)),
        at.clone().prop_map(Edit::RemoveWire),
        (at.clone(), at.clone(), at.clone()).prop_map(|(a, b, at)| Edit::Attach(a, b, at)),
        at.prop_map(Edit::Detach),
    ]
}

fn insert<T: PartialEq>(list: &mut Vec<T>, at: usize, value: T) {
    if !list.contains(&value) {
        list.insert(at % (list.len() + 1), value);
    }
}

fn remove<T>(list: &mut Vec<T>, at: usize) -> Option<T> {
    (!list.is_empty()).then(|| list.remove(at % list.len()))
}

fn pick(list: &[u32], at: usize) -> Option<u32> {
    (!list.is_empty()).then(|| list[at % list.len()])
}

impl Program {
    fn apply(&mut self, edit: &Edit) {
        match *edit {
            Edit::AddNode(id, at) => insert(&mut self.nodes, at, id),
            Edit::RemoveNode(at) => {
                if let Some(gone) = remove(&mut self.nodes, at) {
                    self.wires.retain(|(a, b)| *a != gone && *b != gone);
                    self.attachments.retain(|(node, _)| *node != gone);
                }
            }
            Edit::AddNetwork(id, at) => insert(&mut self.networks, at, id),
            Edit::RemoveNetwork(at) => {
                if let Some(gone) = remove(&mut self.networks, at) {
                    self.attachments.retain(|(_, network)| *network != gone);
                }
            }
            Edit::AddWire(a, b, at) => {
                if let (Some(a), Some(b)) = (pick(&self.nodes, a), pick(&self.nodes, b))
                    && a != b
                    && !self.wires.contains(&(b, a))
                {
                    insert(&mut self.wires, at, (a, b));
                }
            }
            Edit::RemoveWire(at) => drop(remove(&mut self.wires, at)),
            Edit::Attach(node, network, at) => {
                if let (Some(node), Some(network)) = (pick(&self.nodes, node), pick(&self.networks, network)) {
                    insert(&mut self.attachments, at, (node, network));
                }
            }
            Edit::Detach(at) => drop(remove(&mut self.attachments, at)),
        }
    }

    fn text(&self) -> String {
        let mut text = String::from(
            "topology lab\npool wires = [10.0.0.0/16 per /31, fd00:1::/48 per /64]\npool loops = 10.255.0.0/16 per /32\n\
             pool lans = 10.128.0.0/10 per /24\npool asns = 65000..65400\nattribute asn: int on node\n\
             device box extends debian { override eth[0] { model = e1000 } }\n",
        );
        for id in &self.nodes {
            let _ = writeln!(text, "node n{id}: box {{ loopback = from loops, asn = from asns }}");
        }
        for id in &self.networks {
            let _ = writeln!(text, "network l{id} {{ subnet = from lans }}");
        }
        for (a, b) in &self.wires {
            let _ = writeln!(text, "link n{a} <-> n{b} {{ subnet = from wires }}");
        }
        for (node, network) in &self.attachments {
            let _ = writeln!(text, "link n{node} <-> l{network}");
        }
        text
    }
}

fn compiled(text: &str, lock: &str) -> Compilation {
    let fs = MemoryFileSystem::new([("lab.wtop", text), ("lab.wtop.lock", lock)]);
    compile(&fs, &CompileOptions { file: "lab.wtop".into(), ..CompileOptions::default() })
}

/// Everything that was chosen, by what it was chosen for.
fn choices(topology: &Topology) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for node in &topology.nodes {
        found.insert(format!("{} loopback", node.path), format!("{:?}", node.attributes.get("loopback")));
        found.insert(format!("{} asn", node.path), format!("{:?}", node.attributes.get("asn")));
        let management = node.management.as_ref().map(|port| port.addresses.clone());
        found.insert(format!("{} management", node.path), format!("{management:?}"));
        for machine in &node.machines {
            found.insert(format!("{} uuid", machine.path), machine.uuid.to_string());
            for nic in &machine.nics {
                found.insert(format!("{} {} mac", machine.path, nic.name), nic.mac.to_string());
            }
        }
    }
    for network in &topology.networks {
        found.insert(format!("{} subnet", network.path), format!("{:?}", network.subnets));
    }
    for link in &topology.links {
        found.insert(format!("{} subnet", link.path), format!("{:?}", link.subnets));
        for end in &link.ends {
            if let (LinkEnd::Interface { .. }, Some((node, interface))) = (end, topology.interface(end)) {
                let what = format!("{} {:?}", interface.name, interface.addresses);
                found.insert(format!("{} at {}", link.path, node.path), what);
            }
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn edits_change_nothing_else(
        start in proptest::collection::vec(edit(), 10..60),
        edits in proptest::collection::vec(edit(), 1..6),
    ) {
        let mut program = Program::default();
        for edit in &start {
            program.apply(edit);
        }
        let mut last = compiled(&program.text(), "");
        for edit in &edits {
            program.apply(edit);
            let next = compiled(&program.text(), &last.lock.text());
            let (Some(before), Some(after)) = (&last.topology, &next.topology) else { panic!("no topology") };
            let (before, after) = (choices(before), choices(after));
            // A node without free interfaces is an error, whose links are not made: nothing can be said of these.
            let broken = [&last, &next].iter().any(|one| wtop_compiler::diagnostics::has_errors(&one.diagnostics));
            if !broken {
                for (what, value) in &before {
                    if let Some(now) = after.get(what) {
                        prop_assert_eq!(value, now, "{} changed with {:?}\n{}", what, edit, program.text());
                    }
                }
            }
            last = next;
        }
    }

    #[test]
    fn the_same_program_gives_the_same_choices(start in proptest::collection::vec(edit(), 10..60)) {
        let mut program = Program::default();
        for edit in &start {
            program.apply(edit);
        }
        let text = program.text();
        let first = compiled(&text, "");
        let again = compiled(&text, &first.lock.text());
        prop_assert!(!again.lock.changed(), "{:?}", again.lock.changes().collect::<Vec<_>>());
        prop_assert_eq!(first.lock.text(), again.lock.text());
        let (Some(first), Some(again)) = (&first.topology, &again.topology) else { panic!("no topology") };
        prop_assert_eq!(choices(first), choices(again));
    }
}

#[test]
fn what_is_gone_stays_reserved_until_it_is_pruned() {
    let full = "topology lab\npool p = 10.0.0.0/24 per /31\nnode a: debian\nnode b: debian\nnode c: debian\n\
                link a <-> b { subnet = from p }\nlink b <-> c { subnet = from p }\n";
    let first = compiled(full, "");
    let smaller = full.replace("link a <-> b { subnet = from p }\n", "link a <-> c { subnet = from p }\n");
    let mut second = compiled(&smaller, &first.lock.text());
    let subnets: BTreeSet<String> = second
        .topology
        .iter()
        .flat_map(|lab| &lab.links)
        .flat_map(|link| &link.subnets)
        .map(|net| net.to_string())
        .collect();
    assert_eq!(subnets.into_iter().collect::<Vec<_>>(), ["10.0.0.2/31", "10.0.0.4/31"]);
    assert_eq!(second.lock.stale().filter(|key| key.starts_with("pool")).count(), 1);
    second.lock.prune();
    let third = compiled(&smaller, &second.lock.text());
    assert_eq!(third.lock.stale().count(), 0);
}

#[test]
fn a_renamed_node_keeps_what_it_had() {
    let text = "topology lab\npool loops = 10.9.0.0/24 per /32\nnode a: debian { loopback = from loops }\n\
                node b: debian { loopback = from loops }\nlink a <-> b { subnet = 10.0.0.0/31 }\n";
    let first = compiled(text, "");
    let renamed = text.replace("node b: debian {", "node z: debian { was = \"b\",").replace("a <-> b", "a <-> z");
    let second = compiled(&renamed, &first.lock.text());
    let loopback = |compilation: &Compilation, name: &str| {
        let node = compilation.topology.iter().flat_map(|lab| &lab.nodes).find(|node| node.name == name).cloned();
        node.map(|node| format!("{:?}", node.attributes.get("loopback")))
    };
    assert_eq!(loopback(&first, "b"), loopback(&second, "z"));
    // What is a hash of the name stays too, also once `was` is taken out again.
    let third = compiled(&renamed.replace("was = \"b\", ", ""), &second.lock.text());
    for later in [&second, &third] {
        assert_eq!(identities(&first, "b"), identities(later, "z"));
        assert_eq!(identities(&first, "a"), identities(later, "a"));
    }
}

/// The UUIDs and MAC addresses of a node's machines.
fn identities(compilation: &Compilation, name: &str) -> Vec<String> {
    let nodes = compilation.topology.iter().flat_map(|lab| &lab.nodes);
    let machines = nodes.filter(|node| node.name == name).flat_map(|node| &node.machines);
    let of = |machine: &Machine| {
        let macs = machine.nics.iter().map(|nic| nic.mac.to_string());
        macs.chain([machine.uuid.to_string()]).collect::<Vec<_>>()
    };
    let found: Vec<String> = machines.flat_map(of).collect();
    assert!(found.len() > 2, "{found:?}");
    found
}

#[test]
fn a_renamed_link_keeps_what_it_had() {
    let text = "topology lab\npool p = 10.0.0.0/24 per /31\nnode a: debian\nnode b: debian\n\
                link a <-> b { subnet = from p at 0 }\nlink a:eth7 <-> b:eth7 { subnet = from p }\n";
    let first = compiled(text, "");
    let second = text.replace("link a:eth7 <-> b:eth7 {", "link up: a:eth7 <-> b:eth7 { was = \"a:eth7--b:eth7\",");
    let second = compiled(&second.replace("from p at 0", "from p at 9"), &first.lock.text());
    let of_pool = |compilation: &Compilation| -> Vec<String> {
        let text = compilation.lock.text();
        text.lines().filter(|line| line.starts_with("pool")).map(str::to_owned).collect()
    };
    assert_eq!(of_pool(&first), ["pool link a:eth7--b:eth7 subnet 0 = 10.0.0.2/31"]);
    assert_eq!(of_pool(&second), ["pool link up subnet 0 = 10.0.0.2/31"]);
}

/// What the lock has of pools, in the order of the values.
fn drawn(text: &str) -> Vec<String> {
    let compilation = compiled(text, "");
    assert!(!wtop_compiler::diagnostics::has_errors(&compilation.diagnostics), "{:?}", compilation.diagnostics);
    let mut drawn: Vec<(u32, String)> = compilation
        .lock
        .all()
        .into_iter()
        .filter_map(|(key, value)| Some((value.parse().ok()?, key.strip_prefix("pool ")?.to_owned())))
        .collect();
    drawn.sort();
    drawn.into_iter().map(|(_, key)| key).collect()
}

#[test]
fn new_values_follow_the_order_of_the_source() {
    let text = "topology lab\npool numbers = 1..99\nattribute id: int on node\nattribute id: int on link\n\
                attribute id: int on network\n\
                link a <-> lan { id = from numbers }\nnode a: debian { id = from numbers }\n\
                link each h <-> lan { id = from numbers }\nnetwork lan { id = from numbers }\n\
                node h[1..2]: debian { id = from numbers }\n\
                for n in [a, b] {\n  link n <-> far { id = from numbers }\n}\n\
                node b: debian { id = from numbers }\nnetwork far { id = from numbers }\n";
    assert_eq!(
        drawn(text),
        [
            "link a--lan id 0",
            "node a id 0",
            "link h1--lan id 0",
            "link h2--lan id 0",
            "network lan id 0",
            "node h1 id 0",
            "node h2 id 0",
            "link a--far id 0",
            "link b--far id 0",
            "node b id 0",
            "network far id 0",
        ]
    );
}

#[test]
fn modules_and_loops_are_unrolled_where_they_stand() {
    let text = "topology lab\npool numbers = 1..99\nattribute id: int on node\nattribute id: int on link\n\
                module pair(ids: pool) {\n  link a <-> b { id = from ids }\n  pub node a: debian { id = from ids }\n\
                  node b: debian\n}\n\
                link p.a <-> q.a { id = from numbers }\nnode p: pair(ids = numbers)\nnode q: pair(ids = numbers)\n\
                for i in 1..2 {\n  link x[i] <-> p.a { id = from numbers }\n  node x[i]: debian { id = from numbers }\n}\n";
    assert_eq!(
        drawn(text),
        [
            "link p/a--q/a id 0",
            "link p/a--p/b id 0",
            "node p/a id 0",
            "link q/a--q/b id 0",
            "node q/a id 0",
            "link p/a--x1 id 0",
            "node x1 id 0",
            "link p/a--x2 id 0",
            "node x2 id 0",
        ]
    );
}
