//! What is offered where: a text with its cursor, and the first items.

use crate::ide::completion::{Completion, Other, Query, complete};
use crate::source::MemoryFileSystem;
use crate::{CompileOptions, compile};

/// What is offered at `$0` of a text. Lines `//- name.wtop` begin other files.
fn offered(text: &str) -> (String, Completion) {
    let mut files = text.split("//- ");
    let main = files.next().unwrap().to_owned();
    let others: Vec<(&str, &str)> = files.map(|file| file.split_once('\n').unwrap()).collect();
    let offset = main.find("$0").unwrap();
    let main = main.replacen("$0", "", 1);
    let mut fs = MemoryFileSystem::new([("main.wtop", main.as_str())]);
    others.iter().for_each(|(name, text)| fs.insert(*name, *text));
    let compile = |file: &str| compile(&fs, &CompileOptions { file: file.into(), ..CompileOptions::default() });
    let compilation = compile("main.wtop");
    let compilations: Vec<_> = others.iter().map(|(name, _)| (*name, compile(name))).collect();
    let others = compilations.iter().filter(|(name, _)| name.ends_with(".wtop"));
    let others: Vec<Other> =
        others.map(|(name, compilation)| Other { path: format!("./{name}"), unit: &compilation.units[0] }).collect();
    let files = || compilations.iter().map(|(name, _)| (*name).to_owned()).collect();
    let query = Query { text: &main, offset, compilation: Some(&compilation), others: &others, files: &files };
    let completion = complete(query);
    (main, completion)
}

/// The first items, one a line: label, detail, and what is put in where it is not the label.
fn first(text: &str, count: usize) -> String {
    let (_, completion) = offered(text);
    let mut lines = Vec::new();
    for item in completion.items.iter().take(count) {
        let mut line = item.label.clone();
        if let Some(detail) = &item.detail {
            line.push_str(&format!("  | {detail}"));
        }
        if let Some(origin) = &item.origin {
            line.push_str(&format!("  | {origin}"));
        }
        match &item.snippet {
            Some(snippet) => line.push_str(&format!("  => {}", snippet.replace('\n', "⏎"))),
            None if item.insert != item.label => line.push_str(&format!("  => {}", item.insert)),
            None => {}
        }
        if item.preselect {
            line.push_str("  *");
        }
        lines.push(line);
    }
    if completion.items.len() > count {
        lines.push(format!("and {} more", completion.items.len() - count));
    }
    lines.join("\n")
}

/// Texts with their cursors, each followed by the first items that are offered.
#[derive(Default)]
struct Story {
    text: String,
}

impl Story {
    fn ask(&mut self, text: impl AsRef<str>, count: usize) {
        let shown = text.as_ref().strip_prefix(LAB).unwrap_or(text.as_ref()).trim_end();
        self.text.push_str(&format!("{shown}\n----\n{}\n====\n", first(text.as_ref(), count)));
    }
}

/// The labels of all items.
fn labels(text: &str) -> Vec<String> {
    offered(text).1.items.into_iter().map(|item| item.label).collect()
}

/// The text after the item of this label was accepted, without places to fill in.
fn accepted(text: &str, label: &str) -> String {
    let (mut text, completion) = offered(text);
    let item = completion.items.iter().find(|item| item.label == label).unwrap();
    let mut edits = item.edits.clone();
    edits.push((completion.replace, item.insert.clone()));
    edits.sort_by_key(|(place, _)| std::cmp::Reverse(place.start));
    edits.into_iter().for_each(|(place, new)| text.replace_range(place, &new));
    text
}

const LAB: &str = "topology t\nnode fw: vsrx\nnode h[1..2]: debian\nnetwork lan { subnet = 10.0.0.0/24 }\nlink fw:ge-0/0/0 <-> h[1]:eth1\n";

fn in_lab(line: &str) -> String {
    format!("{LAB}{line}\n")
}

#[test]
fn the_start_of_an_item() {
    let mut story = Story::default();
    story.ask(in_lab("$0"), 30);
    story.ask("pub device d extends debian {}\n$0", 30);
    story.ask(in_lab("module m(n: int) {\n  $0\n}"), 30);
    story.ask("pub device d {\n  vm re {\n    $0\n  }\n}\n", 8);
    story.ask(in_lab("pub $0"), 30);
    insta::assert_snapshot!(story.text);
}

#[test]
fn attributes_that_are_not_set_yet() {
    let mut story = Story::default();
    story.ask(in_lab("attribute asn: int on node\nnode x: debian { memory = 4GiB, $0 }"), 12);
    story.ask(in_lab("link fw <-> h[2] { $0 }"), 40);
    story.ask(in_lab("link fw ($0) <-> h[2]"), 40);
    story.ask(in_lab("node x: debian { users { ops { $0 } } }"), 40);
    story.ask(in_lab("target here: kvm { images { vsrx = \"a\", $0 } }"), 40);
    story.ask(in_lab("network out { dhcp { $0 } }"), 40);
    insta::assert_snapshot!(story.text);
    assert!(!labels(&in_lab("node x: debian { memory = 4GiB, $0 }")).contains(&"memory".to_owned()));
    assert!(labels(&in_lab("node x: debian { mem$0 = 4GiB }")).contains(&"memory".to_owned()));
}

#[test]
fn devices_and_modules() {
    let mut story = Story::default();
    let modules = "module branch(hosts: int, up: network, backup: bool = false) {}\n";
    story.ask(in_lab(&format!("{modules}device own extends vsrx {{}}\nnode x: $0")), 6);
    let other = "\n//- lib.wtop\n/// A probe.\npub device probe extends debian {}\npub module site(n: int) {}\n";
    assert_eq!(
        accepted(&format!("topology t\nnode x: $0\n{other}"), "probe"),
        "use \"./lib.wtop\".{probe}\n\ntopology t\nnode x: probe\n\n"
    );
    assert_eq!(
        accepted(&format!("use \"./lib.wtop\".{{site}}\n\ntopology t\nnode x:$0\n{other}"), "probe"),
        "use \"./lib.wtop\".{probe, site}\n\ntopology t\nnode x: probe\n\n"
    );
    story.ask(in_lab(&format!("{modules}node x: branch(hosts = 2, $0)")), 9);
    story.ask(
        in_lab(&format!("{modules}param all: [int] = [1]\nnode x[n in 1..2]: branch(up = lan, $0 = all[n - 1])")),
        9,
    );
    insta::assert_snapshot!(story.text);
}

#[test]
fn values_by_their_type() {
    let mut story = Story::default();
    story.ask(in_lab("network out { forward = $0 }"), 4);
    story.ask(in_lab("pool wires = 10.1.0.0/16 per /31\nlink fw <-> lan { subnet = $0 }"), 5);
    story.ask(in_lab("let big = 8GiB\nlet n = 3\nnode x: debian { memory = $0 }"), 5);
    story.ask(in_lab("node x: debian { memory = 4$0 }"), 5);
    story.ask(in_lab("link fw <-> lan { delay = 10$0 }"), 5);
    story.ask(in_lab("check $0"), 8);
    story.ask(in_lab("check reachable($0)"), 4);
    story.ask(in_lab("vlan red { id = 10 }\nlink fw (vlan = $0) <-> lan"), 3);
    story.ask(in_lab("node x: debian { config = $0 }"), 3);
    story.ask(in_lab("param sites: [{ name: string, size: int }] = []\nlet names = [s.$0 for s in sites]"), 5);
    story.ask(in_lab("check fw.$0 == 2"), 12);
    insta::assert_snapshot!(story.text);
}

#[test]
fn ends_and_interfaces() {
    let mut story = Story::default();
    story.ask(in_lab("link $0"), 9);
    story.ask(in_lab("link fw:$0"), 4);
    story.ask(in_lab("link fw:ge-0/$0 <-> lan"), 3);
    story.ask(in_lab("for i in 1..2 {\n  link h[i]:$0 <-> lan\n}"), 3);
    story.ask(in_lab("for i in 1..2 {\n  link h[i]:$0 (address = host(i)) <-> lan\n  link h[i]:eth5 <-> lan\n}"), 3);
    story.ask(in_lab("link h[$0"), 3);
    story.ask(in_lab("lag fw:$0"), 3);
    story.ask(in_lab("module m() {\n  node a: debian\n  interface up = a:eth2\n}\nnode x: m\nlink x:$0"), 3);
    insta::assert_snapshot!(story.text);
    let used = offered(&in_lab("link fw:$0 <-> lan")).1.items;
    let last = used.iter().find(|item| item.label == "ge-0/0/0").unwrap();
    assert_eq!(last.detail.as_deref(), Some("used by link fw:ge-0/0/0 <-> h1:eth1"));
    assert_eq!(accepted(&in_lab("link fw:ge-0/$0"), "ge-0/0/7"), in_lab("link fw:ge-0/0/7"));
}

#[test]
fn paths_strings_and_comments() {
    let mut story = Story::default();
    let files = "//- lib/own.wtop\npub device own extends debian {}\npub let n = 1\n//- a.conf\nhost a\n";
    story.ask(format!("use $0\n{files}"), 5);
    story.ask(format!("use \"$0\"\n{files}"), 5);
    story.ask(format!("use \"./lib/own.wtop\".{{$0}}\n{files}"), 5);
    story.ask(format!("topology t\nnode a: debian {{ config = file(\"$0\") }}\n{files}"), 5);
    story.ask("use std.juniper.$0\n", 3);
    story.ask(in_lab("node a: debian { tags = [\"core\"] }\nlet x = tagged(\"$0\")"), 3);
    for nothing in [
        "// node $0",
        "/// $0",
        "node a$0",
        "let x = \"$0\"",
        "node x: debian { notes = \"to $0\" }",
        "let x = 10.0.$0",
        "topology $0",
    ] {
        assert_eq!(labels(&in_lab(nothing)), Vec::<String>::new(), "{nothing}");
    }
    story.ask(in_lab("let x = \"${$0}\""), 3);
    insta::assert_snapshot!(story.text);
}

#[test]
fn the_text_may_be_newer_than_its_compilation() {
    // What was typed since is known from the text, and the other file from the last compilation.
    let text = "topology t\nnode new: vsrx\nlink new:$0";
    let files = || Vec::new();
    let query =
        Query { text: &text.replace("$0", ""), offset: text.len() - 2, compilation: None, others: &[], files: &files };
    let items = complete(query).items;
    assert_eq!(items.first().map(|item| (item.label.as_str(), item.preselect)), Some(("ge-0/0/0", true)));
}
