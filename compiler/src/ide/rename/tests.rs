//! A program, a new name, and the program after it.

use super::*;
use crate::diagnostics::TextEdit;
use crate::diagnostics::fix::apply_edits;
use crate::ide::fixture::Fixture;
use crate::source::FileId;
use std::collections::BTreeMap;
use std::path::PathBuf;

fn no_lock(_: &Path) -> Option<String> {
    None
}

/// The texts of all files after the changes.
fn changed(fixture: &Fixture, changes: &[Change]) -> String {
    let mut edits: BTreeMap<FileId, Vec<TextEdit>> = BTreeMap::new();
    for change in changes {
        assert_eq!(change.at.view, 0);
        let edit = TextEdit { span: change.at.span, text: change.text.clone() };
        edits.entry(edit.span.file).or_default().push(edit);
    }
    let mut all = String::new();
    for unit in fixture.compilation.units.iter().filter(|unit| !unit.fixed) {
        let source = fixture.compilation.sources.get(unit.file).unwrap();
        if unit.file != FileId(0) {
            all += &format!("//- {}\n", source.name);
        }
        all += &apply_edits(&source.text, edits.get(&unit.file).map_or(&[][..], Vec::as_slice)).unwrap();
    }
    all
}

#[track_caller]
fn renames(text: &str, new: &str, expected: &str) {
    let fixture = Fixture::new(text);
    let done = rename(&[fixture.view()], fixture.position(), new, &no_lock).unwrap();
    assert_eq!(changed(&fixture, &done.changes), expected);
}

#[track_caller]
fn refuses(text: &str, new: &str) -> String {
    let fixture = Fixture::new(text);
    rename(&[fixture.view()], fixture.position(), new, &no_lock).unwrap_err()
}

#[test]
fn in_holes_ports_and_addresses() {
    renames(
        "topology t\nparam $0n: int = 2\nnetwork lan { subnet = 10.1.${n}.0/24, notes = \"is ${n}\" }\nnode a: vmx\nlink a:ge-0/0/${n} <-> lan\n",
        "count",
        "topology t\nparam count: int = 2\nnetwork lan { subnet = 10.1.${count}.0/24, notes = \"is ${count}\" }\nnode a: vmx\nlink a:ge-0/0/${count} <-> lan\n",
    );
}

#[test]
fn across_files_and_under_another_name() {
    let lib = "//- lib.wtop\npub device edge extends debian { }\ndevice core extends edge { }\n";
    renames(
        &format!(
            "topology t\nuse \"./lib.wtop\".{{edge as e}}\nnode a: e\n{}",
            lib.replace("device edge", "device $0edge")
        ),
        "rim",
        "topology t\nuse \"./lib.wtop\".{rim as e}\nnode a: e\n//- lib.wtop\npub device rim extends debian { }\ndevice core extends rim { }\n",
    );
    renames(
        &format!("topology t\nuse \"./lib.wtop\".{{edge as e}}\nnode a: $0e\n{lib}"),
        "rim",
        &format!("topology t\nuse \"./lib.wtop\".{{edge as rim}}\nnode a: rim\n{lib}"),
    );
}

#[test]
fn elements_of_an_array_in_a_target() {
    renames(
        "topology t\nnode $0leaf[1..2]: debian\ntarget k: kvm { pinning { leaf1 = \"2\", \"leaf2\" = \"3\" } }\n",
        "pod2",
        "topology t\nnode pod2[1..2]: debian\ntarget k: kvm { pinning { pod2-1 = \"2\", \"pod2-2\" = \"3\" } }\n",
    );
}

#[test]
fn parameters_with_their_arguments_and_fields_with_their_keys() {
    renames(
        "topology t\nmodule m($0n: int) { node a[1..n]: debian }\nnode o: m(n = 2)\n",
        "count",
        "topology t\nmodule m(count: int) { node a[1..count]: debian }\nnode o: m(count = 2)\n",
    );
    renames(
        "topology t\ntype s = { a: int }\nparam all: [s] = [{ a = 1 }]\nlet x = [one.$0a for one in all]\n",
        "b",
        "topology t\ntype s = { b: int }\nparam all: [s] = [{ b = 1 }]\nlet x = [one.b for one in all]\n",
    );
}

#[test]
fn what_cannot_be_renamed_says_why() {
    let said = [
        refuses("topology t\nnode a: $0debian\n", "d"),
        refuses("topology t\nnode a: debian { $0cpu = 1 }\n", "d"),
        refuses("topology t\nnode $0a: debian\nnode b: debian\n", "b"),
        refuses("topology t\nnode $0a: debian\nfor i in 1..2 { let x = i }\n", "i"),
        refuses("topology t\nnode $0a: debian\n", "node 1"),
        refuses("topology t\nnode $0a: debian\n", "self"),
        refuses("topology t\nnode a: vmx\nlink a:$0ge-0/0/0 <-> a:ge-0/0/1\n", "x"),
        refuses("topology t\nnode a: debian { notes = $0self.name }\n", "x"),
        refuses("topology t\ntype s = { $0a: int, b: int }\n", "b"),
        refuses("topology t\ndevice d { image $0debian, disk = debian, nic a }\nnode a: d\nnode b: debian\n", "x"),
    ];
    insta::assert_snapshot!(said.join("\n"), @r#"
    `debian` is declared in `<std>/linux.wtop`, which is not yours to change
    `cpu` is a word of the language
    `b` is taken: it is the node in line 3 of `main.wtop`
    `i` is taken: it is the variable in line 3 of `main.wtop`
    `node 1` is no name: letters, digits, `_`, and `-` inside; no word of the language
    `self` is no name: letters, digits, `_`, and `-` inside; no word of the language
    `ge-0/0/${n}` is a rule for many names; change it where it is declared
    `self` is a word of the language; rename the node itself
    `b` is taken: it is the field in line 2 of `main.wtop`
    `debian` is declared in `<std>/linux.wtop`, which is not yours to change
    "#);
}

#[test]
fn what_was_chosen_goes_with_the_node() {
    let text = "topology t\nnode $0leaf[1..2]: debian\nnetwork lan { subnet = 10.0.0.0/24 }\nlink each leaf <-> lan\n";
    let fixture = Fixture::new(text);
    let lock = fixture.compilation.lock.text();
    let read = |path: &Path| (path == Path::new("main.wtop.lock")).then(|| lock.clone());
    let done = rename(&[fixture.view()], fixture.position(), "pod", &read).unwrap();
    assert_eq!(done.locks.len(), 1);
    let text = &done.locks[0].text;
    assert!(!text.contains("leaf"), "{text}");
    insta::assert_snapshot!(text, @r#"
    # What wtop chose for this lab. Keep it beside the source; see `wtop lock`.
    address lan--pod1 pod1 = 10.0.0.1/24
    address lan--pod2 pod2 = 10.0.0.2/24
    interface lan--pod1 pod1 = pod1:eth1
    interface lan--pod2 pod2 = pod2:eth1
    mac pod1/eth0 = 52:54:ff:d5:42:4e
    mac pod1/eth1 = 52:54:96:59:33:0f
    mac pod2/eth0 = 52:54:4d:e3:13:c7
    mac pod2/eth1 = 52:54:b6:87:7e:ed
    management pod1 = 100.99.0.2/16
    management pod2 = 100.99.0.3/16
    uuid pod1 = e29617a4-075c-562e-878c-9df0e7d9ffb0
    uuid pod2 = a10d2c4c-0031-5bbc-b27a-e8a41060c1c1
    "#);
    // With it, the lab is the same but for the name.
    let old = fixture.compilation.topology.as_ref().unwrap();
    let renamed = Fixture::new(&format!("{}//- main.wtop.lock\n{text}", changed(&fixture, &done.changes)));
    let new = renamed.compilation.topology.as_ref().unwrap();
    assert_eq!(new.nodes[0].name, "pod1");
    assert_eq!(new.nodes[0].interfaces[0].addresses, old.nodes[0].interfaces[0].addresses);
    assert_eq!(new.nodes[0].machines[0].uuid, old.nodes[0].machines[0].uuid);
    let macs = |topology: &crate::topology::Topology| {
        topology.nodes[0].machines[0].nics.iter().map(|nic| nic.mac.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(macs(new), macs(old));
}

#[test]
fn instances_of_modules_and_links_in_the_lock() {
    let text = "topology t\npool p = 10.0.0.0/16 per /31\nmodule m {\n  pub node gw: vmx\n  interface up = gw:ge-0/0/0\n}\nnode $0site[1..2]: m\nlink trunk: site[1]:up <-> site[2]:up { subnet = from p }\n";
    let fixture = Fixture::new(text);
    let lock = fixture.compilation.lock.text();
    let read = |_: &Path| Some(lock.clone());
    let done = rename(&[fixture.view()], fixture.position(), "office", &read).unwrap();
    assert!(
        done.locks[0].text.contains("office1/gw") && !done.locks[0].text.contains("site"),
        "{}",
        done.locks[0].text
    );
    let fixture = Fixture::new(&text.replace("$0site", "site").replace("link trunk", "link $0trunk"));
    let done = rename(&[fixture.view()], fixture.position(), "wire1", &read).unwrap();
    assert!(done.locks[0].text.contains("wire1") && !done.locks[0].text.contains("trunk"), "{}", done.locks[0].text);
}

#[test]
fn paths_follow_files_that_are_moved() {
    let text = "topology t\nuse \"./lib/edge.wtop\".{edge}\nnode a: edge { config = file(\"a.conf\") }\n//- lib/edge.wtop\nuse \"../base.wtop\".{plain}\npub device edge extends plain { base = template(\"edge.j2\") }\n//- base.wtop\npub device plain { nic a }\n";
    let fixture = Fixture::new(text);
    let moved = |from: &str, to: &str| {
        let changes = file_renames(&[fixture.view()], &[(PathBuf::from(from), PathBuf::from(to))]);
        let shown = |change: &Change| format!("{} -> {}", fixture.shown(change.at.span), change.text);
        changes.iter().map(shown).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(moved("lib/edge.wtop", "edges/rim.wtop"), @r#"
    main.wtop:2:6 ./lib/edge.wtop -> ./edges/rim.wtop
    lib/edge.wtop:2:50 edge.j2 -> ../lib/edge.j2
    "#);
    insta::assert_snapshot!(moved("lib", "devices"), @r#"
    main.wtop:2:6 ./lib/edge.wtop -> ./devices/edge.wtop
    "#);
    insta::assert_snapshot!(moved("base.wtop", "lib/plain.wtop"), @r#"
    lib/edge.wtop:1:6 ../base.wtop -> plain.wtop
    "#);
    insta::assert_snapshot!(moved("a.conf", "configs/a.conf"), @r#"
    main.wtop:3:31 a.conf -> configs/a.conf
    "#);
}
