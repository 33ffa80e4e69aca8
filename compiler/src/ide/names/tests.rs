//! What names mean, as little programs: the name at `$0` is declared at the marks.

use super::{Meaning, Names, Role};
use crate::ide::fixture::Fixture;
use crate::source::{DiskFileSystem, FileSystem};
use crate::syntax::token::TokenKind;
use crate::{CompileOptions, compile};
use std::collections::BTreeMap;
use std::path::Path;

/// The name at the cursor is declared at the marks, and nowhere else.
#[track_caller]
fn declared(text: &str) {
    let fixture = Fixture::new(text);
    let (file, offset) = fixture.position();
    let found = fixture.names.symbol_at(file, offset);
    let Some((id, _)) = found else { panic!("nothing at the cursor: {:?}", fixture.names.at(file, offset)) };
    let places = fixture.names.uses(id).filter(|place| place.role == Role::Declaration).map(|place| place.span);
    assert_eq!(fixture.all_shown(places), fixture.all_shown(fixture.marks.iter().copied()));
}

/// What the language means by the name at the cursor.
#[track_caller]
fn builtin(text: &str) -> String {
    let fixture = Fixture::new(text);
    let (file, offset) = fixture.position();
    match fixture.names.at(file, offset).map(|occurrence| occurrence.meaning) {
        Some(Meaning::Builtin(builtin)) => format!("{builtin:?}"),
        other => panic!("no name of the language: {other:?}"),
    }
}

/// Words of the language that stand before or between names.
const WORDS: &[&str] = &[
    "as",
    "at",
    "attribute",
    "check",
    "defaults",
    "device",
    "disk",
    "each",
    "edition",
    "expect",
    "extends",
    "image",
    "interface",
    "lag",
    "let",
    "link",
    "media",
    "module",
    "network",
    "nic",
    "node",
    "on",
    "override",
    "param",
    "per",
    "pool",
    "pub",
    "remove",
    "send",
    "tagged",
    "target",
    "topology",
    "type",
    "use",
    "vlan",
    "vm",
    "vrf",
    "wire",
];

/// Parts of files where the language does not say what a key may be, and names that evaluation makes: an aggregation
/// has an interface of its own.
const FREE: &[&str] = &[
    "Port-Channel1",
    "ae0",
    "bond0",
    "console",
    "connection",
    "content",
    "daemons",
    "edges",
    "end",
    "heat",
    "kvm",
    "members",
    "min_cpu",
    "min_memory",
    "mode",
    "netconf",
    "network_os",
    "owner",
    "ports",
    "priority",
    "public",
    "ssh",
    "ssh_key_types",
    "switch",
];

#[test]
fn every_name_of_the_examples_and_the_library_means_something() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut unknown: BTreeMap<String, String> = BTreeMap::new();
    let mut known = 0;
    let files = DiskFileSystem.list(&examples, &examples).unwrap();
    for name in files.iter().filter(|name| name.ends_with(".wtop")) {
        let options = CompileOptions { file: examples.join(name), ..CompileOptions::default() };
        let compilation = compile(&DiskFileSystem, &options);
        let names = Names::new(&compilation.sources, &compilation.units);
        for unit in &compilation.units {
            let source = compilation.sources.get(unit.file).unwrap();
            for token in &unit.parse.tokens {
                let text = &source.text[token.range()];
                let is_name = matches!(token.kind, TokenKind::Name | TokenKind::PortText);
                let is_code = text.starts_with(['E', 'W']) && text[1..].bytes().all(|byte| byte.is_ascii_digit());
                if !is_name || is_code {
                    continue;
                }
                match names.at(unit.file, token.start) {
                    Some(_) => known += 1,
                    None if WORDS.contains(&text) || FREE.contains(&text) => {}
                    None => drop(unknown.insert(text.to_owned(), source.name.clone())),
                }
            }
        }
    }
    assert!(unknown.is_empty() && known > 5000, "{known} {unknown:#?}");
}

#[test]
fn names_in_loops_and_branches_belong_to_the_scope_around() {
    declared("topology t\nfor i in 1..2 {\n  node «r»[i]: debian\n}\nnode h: debian\nlink h <-> $0r[1]\n");
    declared("topology t\nif false { node «a»: debian } else { node «a»: vmx }\nnode h: debian\nlink h <-> a$0\n");
    declared("topology t\nnode «r»[1]: debian\nnode «r»[2]: vmx\nlink r$0[1] <-> r[2]\n");
}

#[test]
fn constants_in_a_block_are_local_to_it() {
    declared(
        "topology t\nfor i in 1..2 {\n  let «n» = i\n  node r[i]: debian { cpu = $0n }\n}\nfor i in 1..2 {\n  let n = i\n}\n",
    );
    declared("topology t\nnode a: debian {\n  let «n» = 2\n  cpu = $0n\n}\n");
}

#[test]
fn variables() {
    declared("topology t\nfor «i» in 1..2 { node r[$0i]: debian }\n");
    declared(
        "topology t\nlet names = [«s» for s in [1] if true]\nlet n = [$0x for «x» in [1]]\n"
            .replace("«s»", "s")
            .as_str(),
    );
    declared("topology t\nnode r[«i» in 1..2]: debian { notes = \"number ${$0i}\" }\n");
    declared("topology t\nnode r: vmx\nfor «l» in 1..2 { link r:ge-0/0/${$0l - 1} <-> x }\n");
    declared("topology t\nfor «l» in 1..2 { network n[l] { subnet = 10.1.${$0l}.0/24 } }\n");
    declared("topology t\ndevice d {\n  nic p[1..2]\n  interface \"lan${$0n}\" for «n» in 1..2 = p[n]\n}\n");
}

#[test]
fn ports_lead_to_the_interface_of_the_device() {
    let own =
        "device d {\n  nic p[1..2]\n  interface «\"lan${n}\"» for n in 1..2 = p[n] { aliases = [\"p${n}\"] }\n}\n";
    let lab = |end: &str| format!("topology t\n{own}device e extends d {{ }}\nnode a: e\nnode b[1..2]: d\n{end}");
    declared(&lab("link a:$0lan2 <-> b[1]:lan1\n"));
    declared(&lab("link a:lan2 <-> b[1]:$0p1\n"));
    declared(&lab("for x in b { link x:$0lan${1 + 1} <-> a }\n"));
    declared(&lab("node c: d { interface lan1$0 { mtu = 9000 } }\n"));
    declared("topology t\ndevice d { nic «eth»[0..3] }\nnode a: d\nlink a:$0eth2 <-> b\n");
    declared("topology t\nnode a: vmx { interface «\"ge-0/0/0.10\"» { vlan = 10 } }\nlet x = (a:$0ge-0/0/0.10).mac\n");
    declared(
        "topology t\nmodule m {\n  node g: vmx\n  interface «up» = g:ge-0/0/0\n}\nnode o[1..2]: m\nlink o[1]:$0up <-> x\n",
    );
}

#[test]
fn parts_of_devices() {
    let device = |body: &str| format!("topology t\ndevice d {{\n{body}\n}}\n");
    declared(&device("vm «re» { nic em0 }\nvm pfe { nic em1 }\nwire $0re:em0 <-> pfe:em1"));
    declared(&device("vm re { nic «em0» }\nvm pfe { nic em0 }\nwire re:$0em0 <-> pfe:em0"));
    declared(&device("image «slot»\ndisk = $0slot\nnic a"));
    declared(&device("nic «mgmt»\nmanagement = $0mgmt"));
    declared(&device("vm re { nic «xe»[0..3] }\ninterface \"x${n}\" for n in 0..3 = re:$0xe[n]"));
    declared("topology t\ndevice b { vm «re» { nic em0 } }\ndevice d extends b { override $0re { cpu = 2 } }\n");
    declared(
        "topology t\ndevice b { vm «re» { nic em0 } }\nnode a: b { vm $0re { cpu = 2 } }\noverride a.re { cpu = 3 }\n",
    );
    declared("topology t\ndevice b { vm «re» { nic em0 } }\nnode a[1..2]: b\noverride a[1].$0re { cpu = 3 }\n");
    declared("topology t\ndevice b(«size»: int = 2) { cpu = $0size, nic a }\nnode a: b(size = 3)\n");
    declared("topology t\ndevice b(«size»: int = 2) { nic a }\nnode a: b($0size = 3)\n");
    declared("topology t\ndevice «b» { nic a }\ndevice c extends $0b { }\n");
    declared("topology t\ndevice «b» { nic a }\ndefaults node: $0b { cpu = 2 }\n");
}

#[test]
fn modules_see_their_file_and_show_their_members() {
    declared("topology t\nlet «size» = 2\nmodule m { node a[1..$0size]: debian }\n");
    declared("topology t\nmodule m { pub node «gw»: vmx }\nnode o: m\noverride o.$0gw { cpu = 2 }\n");
    declared("topology t\nmodule m(«n»: int) { node a[1..$0n]: debian }\nnode o: m(n = 2)\n");
    declared("topology t\nmodule m(«n»: int) { node a[1..n]: debian }\nnode o: m($0n = 2)\n");
    declared("topology t\nmodule m { pub node gw: vmx }\nnode «o»[1..2]: m\nlet x = $0o[1].gw.name\n");
}

#[test]
fn fields_of_records() {
    let site = "topology t\ntype site = { «name»: string, hosts: int = 2 }\nparam sites: [site] = [{ name = \"a\" }]\n";
    declared(&format!("{site}for s in sites {{ node o[s.$0name]: debian }}\n"));
    declared(&format!("{site}let all = [s.$0name for s in sites]\n"));
    declared(&format!("{site}let first = sites[0].$0name\n"));
    declared(&format!("{site}let one: site = {{ $0name = \"b\" }}\n"));
    declared("topology t\nparam m: map[{ «a»: int }] = {}\nlet x = m[\"k\"].$0a\n");
}

#[test]
fn words_of_enumerations_come_before_names() {
    let mode = "topology t\nparam mode: enum { «routed», bridged } = bridged\n";
    declared(&format!("{mode}if mode == $0routed {{ node a: debian }}\n"));
    declared(&format!("{mode}let routed = 2\nlet x = if mode in [$0routed] then 1 else 2\n"));
    declared("topology t\ndevice d(size: enum { «s», l } = s) { nic a }\nnode a: d(size = $0s)\n");
    assert!(builtin("topology t\nnetwork n { forward = $0nat }\n").starts_with("Word(Network"));
}

#[test]
fn imports() {
    let lib = "//- lib.wtop\npub device «edge» extends debian { }\n";
    declared(&format!("use \"./lib.wtop\".{{edge}}\ntopology t\nnode a: $0edge\n{lib}"));
    declared(&format!("use \"./lib.wtop\".{{edge as e}}\ntopology t\nnode a: $0e\n{lib}"));
    declared(&format!("use \"./lib.wtop\".{{$0edge}}\ntopology t\n{lib}"));
    declared(&format!(
        "use \"./mid.wtop\".{{edge}}\ntopology t\nnode a: $0edge\n//- mid.wtop\npub use \"./lib.wtop\".{{edge}}\n{lib}"
    ));
    let fixture = Fixture::new(&format!("use $0\"./lib.wtop\".{{edge}}\ntopology t\nnode a: edge\n{lib}"));
    let (file, at) = fixture.position();
    let (_, found) = fixture.names.symbol_at(file, at).unwrap();
    assert_eq!(fixture.all_shown([found.name_span]), "lib.wtop:1:1 ");
}

#[test]
fn attributes_of_the_labs_own() {
    declared("topology t\nattribute «asn»: int on node\nnode a: debian { $0asn = 1 }\n");
    declared("topology t\nattribute «asn»: int on node where $0asn > 0\n");
    declared("topology t\nattribute «asn»: int on node\nnode a: debian\ncheck a.$0asn == 1\n");
    declared("topology t\nattribute «area»: int on end\nnode a: vmx\nlink a:ge-0/0/0 ($0area = 1) <-> a:ge-0/0/1\n");
}

#[test]
fn targets_name_nodes_networks_and_images() {
    let lab = |inside: &str| format!("topology t\nnode «leaf»[1..2]: debian\ntarget t: kvm {{ {inside} }}\n");
    declared(&lab("pinning { $0leaf1 = \"2\" }"));
    declared(&lab("override $0leaf[1] { cpu = 2 }"));
    declared("topology t\nnetwork «up» { external = true }\ntarget t: kvm { networks { $0up = bridge(\"b\") } }\n");
    declared(
        "topology t\ndevice d { image «os», disk = os, nic a }\nnode a: d\ntarget t: kvm { images { $0os = \"x\" } }\n",
    );
    declared(
        "topology t\ndevice d { image «os», disk = os, nic a }\nnode a: d\ntarget t: kvm { images { $0\"os@2\" = \"x\" } }\n",
    );
}

#[test]
fn self_is_the_node_around() {
    let fixture = Fixture::new("topology t\nnode «a»: debian { notes = $0self.name }\n");
    let (file, at) = fixture.position();
    let found = fixture.names.at(file, at).unwrap();
    let Meaning::Symbol(id) = found.meaning else { panic!("{found:?}") };
    assert_eq!((found.role, fixture.names.symbol(id).unwrap().name_span), (Role::This, fixture.marks[0]));
}

#[test]
fn works_in_broken_text_and_where_nobody_looks() {
    declared("topology t\nnode «a»: debian\nlink $0a:eth1 <-> \nnode b: \n");
    declared("topology t\nnode «a»: nothing {\n  cpu = \n}\nlink $0a <-> b\n");
    declared("module unused(«n»: int) { node a[1..$0n]: debian }\n");
    declared("topology t\nif false { node a: debian { cpu = $0size } }\nlet «size» = 1\n");
}

#[test]
fn names_of_the_language() {
    for (text, expected) in [
        ("topology t\nnode a: debian { $0memory = 1GiB }\n", "Attribute(Node, "),
        ("topology t\nnode a: debian { memory = 1$0GiB }\n", "Unit(\"GiB\")"),
        ("topology t\nparam n: $0int = 1\n", "Type(\"int\")"),
        ("topology t\nlet n = $0len([1])\n", "Function(\"len\")"),
        (
            "topology t\nnode a: debian { files { \"/x\" = file(\"x\", $0mode = \"0755\") } }\n",
            "Option(\"file\", \"mode\")",
        ),
        ("topology t\nnode a: debian\nlet n = a.$0neighbours\n", "Property(Node, \"neighbours\")"),
        ("topology t\nnetwork n { dhcp { $0range = [1, 2] } }\n", "Field(Network, "),
        ("topology t\nnode a: vmx { $0version = \"1\" }\n", "Attribute(Node, "),
    ] {
        let found = builtin(text);
        assert!(found.starts_with(expected), "{text}: {found}");
    }
}

#[test]
fn what_is_visible() {
    let fixture = Fixture::new(
        "use \"./lib.wtop\".{edge as e}\ntopology t\nlet a = 1\nfor i in 1..2 {\n  let b = $0i\n}\n//- lib.wtop\npub device edge { nic a }\n",
    );
    let (file, at) = fixture.position();
    let visible = fixture.names.visible(file, at);
    let names: Vec<&str> = visible.iter().map(|id| fixture.names.symbol(*id).unwrap().name.as_str()).collect();
    assert_eq!(names, ["b", "i", "a", "edge"]);
}

#[test]
fn constants_that_need_each_other_come_to_an_end() {
    let mut text = "topology t\nlet a = b\nlet b = a\n".to_owned();
    for n in 0..5000 {
        text += &format!("let c{n} = c{}\n", n + 1);
    }
    text += "type t1 = t2\ntype t2 = [t1]\nparam p: t1 = 1\nlet x = p.y\ndevice d extends e { }\ndevice e extends d { }\nnode n: d\nlink n:x <-> n\n";
    let fixture = Fixture::new(&text);
    assert!(fixture.names.symbols.len() > 5000);
}
