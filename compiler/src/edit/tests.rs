use super::*;
use crate::diagnostics::fix::apply_edits;
use crate::ide::names::Names;
use crate::source::MemoryFileSystem;
use crate::syntax::format::format;
use crate::topology::Vertex;
use crate::{Compilation, CompileOptions, compile};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::OnceLock;

fn compiled(text: &str) -> Compilation {
    let fs = MemoryFileSystem::new([("t.wtop", text)]);
    compile(&fs, &CompileOptions { file: "t.wtop".into(), ..CompileOptions::default() })
}

fn ask<T>(text: &str, question: impl FnOnce(View) -> T) -> T {
    let compilation = compiled(text);
    let names = Names::new(&compilation.sources, &compilation.units);
    question(View { compilation: &compilation, names: &names, things: &OnceLock::new() })
}

/// The text after an edit, or the reason why there is none.
fn edited(text: &str, wish: &Wish) -> Result<String, Refusal> {
    ask(text, |view| edit(view, wish)).map(|done| apply_edits(text, &done.edits).unwrap())
}

/// The text after an edit; the formatter has nothing to do there, and nothing is wrong with the lab.
fn done(text: &str, wish: &Wish) -> String {
    let after = edited(text, wish).unwrap();
    assert_eq!(format(&after).text, after, "{wish:?}");
    let mistakes = compiled(&after).diagnostics;
    assert!(!crate::diagnostics::has_errors(&mistakes), "{wish:?}\n{after}\n{mistakes:#?}");
    after
}

fn refused(text: &str, wish: &Wish) -> String {
    let refusal = edited(text, wish).unwrap_err();
    let offered = refusal.before.map_or(String::new(), |before| format!(" [{}]", before.title));
    format!("{}{offered}", refusal.reason)
}

fn end(id: &str, interface: Option<&str>) -> EndWish {
    EndWish { id: id.to_owned(), interface: interface.map(str::to_owned) }
}

fn link(a: &str, b: &str) -> Wish {
    Wish::Link { from: end(a, None), to: end(b, None) }
}

fn delete(id: &str) -> Wish {
    Wish::Delete { ids: vec![id.to_owned()] }
}

fn set(id: &str, attribute: &str, value: Option<&str>) -> Wish {
    Wish::Set { id: id.to_owned(), attribute: attribute.to_owned(), value: value.map(str::to_owned) }
}

fn add(device: &str) -> Wish {
    Wish::Add { device: device.to_owned(), name: None }
}

const LAB: &str = "\
topology t

// The two hosts.
node a: debian { memory = 2GiB }  // the first
/// The second.
node b: debian
node h[1..2]: debian
network lan { subnet = 10.0.0.0/24 }

link a <-> b  // between them

for i in 1..2 {
  link h[i] <-> lan
}

check reachable(h[1], h[2])
";

#[test]
fn links_stand_behind_links_and_take_only_free_interfaces() {
    let text = done(LAB, &Wish::Link { from: end("a", Some("eth3")), to: end("h2", None) });
    assert!(text.contains("link a <-> b  // between them\nlink a:eth3 <-> h[2]\n"), "{text}");
    let text = done(LAB, &link("b", "lan"));
    assert!(text.contains("\nlink b <-> lan\n"), "{text}");
    let free = ask(LAB, |view| free(view, "a")).unwrap();
    assert_eq!(free.first().map(|free| free.name.as_str()), Some("eth2"), "{free:?}");
    let taken = Wish::Link { from: end("a", Some("eth1")), to: end("b", None) };
    insta::assert_snapshot!(
        [refused(LAB, &taken), refused(LAB, &link("a", "a")), refused(LAB, &link("a", "gone"))].join("\n"),
        @r"
    `eth1` of `a` is not free
    `a` cannot be linked to itself
    there is no `gone` any more
    ");
}

#[test]
fn nodes_are_added_and_duplicated_under_free_names() {
    let text = done(LAB, &add("vsrx"));
    assert!(text.contains("node h[1..2]: debian\nnode vsrx1: vsrx\n"), "{text}");
    let text = done(LAB, &Wish::Duplicate { id: "a".to_owned() });
    assert!(text.contains("// the first\nnode a1: debian {"), "{text}");
    assert_eq!(text.matches("memory = 2GiB").count(), 2);
    let named = |name: &str| Wish::Add { device: "debian".to_owned(), name: Some(name.to_owned()) };
    assert_eq!(refused(LAB, &named("h1")), "`h1` is taken");
    assert!(refused(LAB, &named("a b")).starts_with("`a b` is no name"));
}

#[test]
fn what_depends_on_a_node_goes_with_it_or_keeps_it() {
    let text = done(LAB, &delete("b"));
    assert!(!text.contains("node b") && !text.contains("link a") && !text.contains("The second"), "{text}");
    assert!(text.contains("// The two hosts.\nnode a"), "{text}");
    let depends = ask(LAB, |view| dependents(view, &["b".to_owned()])).unwrap();
    assert_eq!(depends.iter().map(|one| (one.line, one.goes)).collect::<Vec<_>>(), [(10, true)]);
    assert_eq!(refused(LAB, &delete("lan")), "line 12 needs it: `for i in 1..2 {`");
    assert_eq!(
        refused(LAB, &delete("h1")),
        "`h1` is made by an array, together with others [Write out the 2 nodes of the array]"
    );
    let loop_link = compiled(LAB)
        .topology
        .unwrap()
        .links
        .iter()
        .map(|link| link.path.clone())
        .find(|path| path.contains("h1"))
        .unwrap();
    assert!(
        refused(LAB, &delete(&loop_link))
            .contains("is made by a loop, together with others [Write out the 2 turns of the loop]")
    );
}

#[test]
fn attributes_are_set_changed_and_taken_out() {
    let text = done(LAB, &set("a", "cpu", Some("2")));
    assert!(text.contains("node a: debian { memory = 2GiB, cpu = 2 }  // the first"), "{text}");
    let text = done(LAB, &set("a", "memory", Some("4GiB")));
    assert!(text.contains("{ memory = 4GiB }"), "{text}");
    let text = done(LAB, &set("b", "cpu", Some("2")));
    assert!(text.contains("node b: debian { cpu = 2 }"), "{text}");
    let text = done(LAB, &set("a--b", "mtu", Some("9000")));
    assert!(text.contains("link a <-> b { mtu = 9000 }  // between them"), "{text}");
    let text = done(LAB, &set("a", "memory", None));
    assert!(!text.contains("2GiB"), "{text}");
    assert_eq!(refused(LAB, &set("a", "colour", Some("1"))), "a node has no attribute `colour`");
    assert!(refused(LAB, &set("a", "cpu", Some("1 }\nnode x: debian {"))).contains("is no value"));
    let form = ask(LAB, |view| form(view, "a")).unwrap();
    let memory = form.iter().find(|field| field.name == "memory").unwrap();
    assert_eq!((memory.ty.as_str(), memory.value.as_deref()), ("size", Some("2GiB")));
}

#[test]
fn what_stands_together_becomes_a_module() {
    let wish = Wish::Group { ids: vec!["a".to_owned(), "b".to_owned()] };
    let text = done(LAB, &wish);
    assert!(text.contains("module part {") && text.contains("node part-1: part"), "{text}");
    let far = Wish::Group { ids: vec!["a".to_owned(), "lan".to_owned()] };
    assert_eq!(refused(LAB, &far), "`node b: debian` stands between them in the text; move it away first");
    assert!(refused("topology t\nnode a: (\n", &link("a", "b")).contains("syntax errors"));
}

/// One step of whoever draws: which edit, and of what, by number.
fn step() -> impl Strategy<Value = (usize, usize, usize)> {
    (0..5usize, 0..64usize, 0..64usize)
}

fn paths(compilation: &Compilation) -> (Vec<String>, Vec<String>) {
    let topology = compilation.topology.as_ref().unwrap();
    let nodes = topology.nodes.iter().map(|node| node.path.clone()).collect::<Vec<_>>();
    let all = topology.networks.iter().map(|network| network.path.clone());
    (nodes.clone(), nodes.into_iter().chain(all).collect())
}

/// The graph as pairs of what is linked, and everything there is.
fn graph(compilation: &Compilation) -> (BTreeSet<String>, Vec<String>) {
    let topology = compilation.topology.as_ref().unwrap();
    let name = |vertex: Vertex| match vertex {
        Vertex::Node(id) => topology.node(id).unwrap().path.clone(),
        Vertex::Network(id) => topology.network(id).unwrap().path.clone(),
    };
    let pair = |ends: &[crate::topology::LinkEnd; 2]| {
        let mut ends = ends.each_ref().map(|end| name(end.vertex()));
        ends.sort();
        ends.join(" <-> ")
    };
    let mut links: Vec<String> = topology.links.iter().map(|link| pair(&link.ends)).collect();
    links.sort();
    (paths(compilation).1.into_iter().collect(), links)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is drawn, in whatever order: the lab stays valid and formatted, and its graph is the one that was meant.
    #[test]
    fn random_edits_give_valid_labs_with_the_intended_graph(steps in prop::collection::vec(step(), 1..12)) {
        let mut text = LAB.to_owned();
        for (kind, one, other) in steps {
            let before = compiled(&text);
            let (nodes, all) = paths(&before);
            let (a, b) = (&nodes[one % nodes.len()], &all[other % all.len()]);
            let wish = match kind {
                0 => link(a, b),
                1 => add(["debian", "vsrx", "frr"][other % 3]),
                2 => delete(b),
                3 => set(a, "cpu", Some("2")),
                _ => Wish::Duplicate { id: a.clone() },
            };
            let Ok(after) = edited(&text, &wish) else { continue };
            prop_assert_eq!(&format(&after).text, &after, "{:?}", wish);
            let compilation = compiled(&after);
            prop_assert!(!crate::diagnostics::has_errors(&compilation.diagnostics), "{:?}\n{}\n{:#?}", wish, after, compilation.diagnostics);
            let ((things, links), (new_things, new_links)) = (graph(&before), graph(&compilation));
            match wish {
                Wish::Link { .. } => {
                    let mut pair = [a.clone(), b.clone()];
                    pair.sort();
                    let mut wanted = links;
                    wanted.push(pair.join(" <-> "));
                    wanted.sort();
                    prop_assert_eq!((things, wanted), (new_things, new_links));
                }
                Wish::Delete { .. } => {
                    let wanted: BTreeSet<String> = things.into_iter().filter(|thing| thing != b).collect();
                    let touches = |pair: &String| pair.split(" <-> ").any(|end| end == b);
                    prop_assert_eq!((wanted, links.into_iter().filter(|pair| !touches(pair)).collect()), (new_things, new_links));
                }
                Wish::Set { .. } => prop_assert_eq!((things, links), (new_things, new_links)),
                _ => {
                    prop_assert_eq!(things.len() + 1, new_things.len());
                    prop_assert!(things.is_subset(&new_things));
                    prop_assert_eq!(links, new_links);
                }
            }
            text = after;
        }
    }
}
