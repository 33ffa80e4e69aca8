//! Hovers as a story: the word in the source, then what is told of it.

use super::hover;
use crate::ide::View;
use crate::ide::fixture::Fixture;
use crate::ide::names::Names;
use crate::source::{DiskFileSystem, FileId, FileSystem};
use crate::syntax::token::TokenKind;
use crate::{Compilation, CompileOptions, compile};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

fn at(text: &str) -> String {
    let fixture = Fixture::new(text);
    let (file, offset) = fixture.position();
    let Some(found) = hover(fixture.view(), file, offset) else { return "nothing".to_owned() };
    format!("«{}»\n{}", fixture.compilation.sources.text(found.span), found.markdown)
}

/// Several of them.
fn all(texts: &[&str]) -> String {
    texts.iter().map(|text| at(text)).collect::<Vec<_>>().join("\n\n════════\n\n")
}

/// A lab with the cursor at the first of these words.
fn marked(lab: &str, before: &str, word: &str) -> String {
    let place = lab.find(before).unwrap_or_else(|| panic!("no {before:?}"));
    let at = place + before.len() - word.len();
    format!("{}$0{}", &lab[..at], &lab[at..])
}

const LAB: &str = "\
//! A little lab.
topology little
/// How many leaves there are.
param leaves: int = 3 where leaves in 1..9
let names = [\"a\", \"b\"]
pool p2p = 10.0.0.0/24 per /31
pool loops = 10.9.0.0/24 per /32
attribute asn: int on node
login { user = \"ops\", password = secret(\"env:OPS\") }
defaults node: debian { memory = 1GiB }
/// The middle of it all.
node spine: vqfx { loopback = from loops, tags = [\"core\"], asn = 65000 }
node leaf[i in 1..leaves]: vqfx { loopback = from loops }
node h1: debian
node h2: debian { memory = 4GiB }
/// Where hosts are.
network office { subnet = 10.1.0.0/24, gateway = 10.1.0.1, dhcp { range = 100..199 } }
for l in 1..leaves {
  link leaf[l] <-> spine { subnet = from p2p }
}
link h1 <-> leaf[1]:xe-0/0/5 { subnet = 10.2.0.0/30, delay = 10ms }
link spine:xe-0/0/9 (address = 10.1.0.1/24) <-> office
link h2 <-> office
override h2 { memory = 6GiB }
module site(hosts: int = 2) {
  node pc[1..hosts]: debian
  network inside { subnet = 10.3.0.0/24 }
  link each pc <-> inside
}
node branch: site(hosts = 3)
check all-there: reachable(h1, h2)
check survives_any_node([spine])
target here: kvm { images { debian = \"debian-12.qcow2\" }, override h1 { cpu = 2 } }
";

fn in_lab(places: &[(&str, &str)]) -> String {
    let marked: Vec<String> = places.iter().map(|(before, word)| marked(LAB, before, word)).collect();
    all(&marked.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn names_and_their_values() {
    insta::assert_snapshot!(in_lab(&[
        ("param leaves", "leaves"),
        ("in 1..leaves {", "leaves {"),
        ("let names", "names"),
        ("for l", "l"),
        ("leaf[i", "i"),
        ("site(hosts", "hosts"),
        ("topology little", "little"),
        ("pool p2p", "p2p"),
        ("attribute asn", "asn"),
        ("module site", "site"),
    ]));
}

#[test]
fn nodes_and_networks() {
    insta::assert_snapshot!(in_lab(&[
        ("node spine", "spine"),
        ("node leaf", "leaf"),
        ("node h2", "h2"),
        ("link h1 <-> leaf", "leaf"),
        ("node branch", "branch"),
        ("node pc", "pc"),
        ("network office", "office"),
        ("network inside", "inside"),
    ]));
}

#[test]
fn links_and_their_ends() {
    insta::assert_snapshot!(in_lab(&[
        ("link h1", "h1"),
        ("link h1", "link h1"),
        ("link leaf", "link leaf"),
        ("link leaf[l] <->", "<->"),
        ("leaf[1]:xe-0/0/5", "xe-0/0/5"),
        ("h2 <-> office", "office"),
    ]));
}

#[test]
fn attributes_and_where_they_come_from() {
    insta::assert_snapshot!(in_lab(&[
        ("debian { memory", "memory"),
        ("h2: debian { memory", "memory"),
        ("override h2 { memory", "memory"),
        ("vqfx { loopback", "loopback"),
        ("vqfx { loopback = from", "from"),
        ("asn = 65000", "asn = 65000"),
        ("dhcp", "dhcp"),
        ("dhcp { range", "range"),
        ("h1 { cpu", "cpu"),
        ("login { user = \"ops\", password", "password"),
        ("{ subnet = from p2p", "subnet = from p2p"),
    ]));
}

#[test]
fn words_of_the_language() {
    insta::assert_snapshot!(in_lab(&[
        ("10ms", "10ms"),
        ("4GiB", "4GiB"),
        ("10.1.0.0/24", "10.1.0.0/24"),
        ("10.1.0.1/24", "10.1.0.1/24"),
        ("check all-there", "check all-there"),
        ("reachable", "reachable"),
        ("check survives_any_node", "survives_any_node"),
        ("secret(", "secret("),
        ("leaves: int", "int"),
        ("images { debian", "debian"),
    ]));
}

#[test]
fn devices_have_a_data_sheet() {
    insta::assert_snapshot!(all(&[
        "topology t\nnode a: v$0mx\n",
        "topology t\nuse std.linux.{debian as machine$0}\nnode a: machine\n",
        "topology t\n/// Ours.\ndevice mine$0 extends debian {\n  memory = 3GiB\n  product = \"Ours\"\n}\nnode a: mine\nnode b: mine\n",
        "topology t\ndevice sized$0(n: int) {\n  image x\n  cpu = n\n  disk = x\n  nic eth[0..3]\n}\nnode a: sized(n = 2)\n",
    ]));
}

#[test]
fn secrets_stay_where_they_are() {
    let text = marked(LAB, "login", "login");
    assert!(at(&text).contains("env:OPS"));
    let text = "topology t\nlet word$0 = secret(\"env:OPS\")\nnode a: debian { config = \"x ${word}\" }\n";
    assert!(at(text).contains("= `secret(\"env:OPS\")`"));
}

fn compiled(file: &Path) -> Compilation {
    compile(&DiskFileSystem, &CompileOptions { file: file.to_path_buf(), ..CompileOptions::default() })
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let names = DiskFileSystem.list(folder, folder).unwrap();
    names.into_iter().filter(|name| name.ends_with(".wtop")).map(|name| folder.join(name)).collect()
}

/// Names have something told of them, and nothing panics, wherever the pointer is.
#[test]
fn every_word_of_the_examples_and_the_library() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let all = files(&home.join("../examples")).into_iter().chain(files(&home.join("../stdlib")));
    let (mut words, mut empty) = (0, Vec::new());
    for path in all {
        let compilation = compiled(&path);
        let names = Names::new(&compilation.sources, &compilation.units);
        let things = OnceLock::new();
        let view = View { compilation: &compilation, names: &names, things: &things };
        for token in &compilation.units[0].parse.tokens {
            let found = hover(view, FileId(0), token.start);
            let is_named = names.at(FileId(0), token.start).is_some_and(|named| named.span.start <= token.start);
            let told = found.is_some_and(|found| !found.markdown.trim().is_empty() && found.markdown.len() < 8_000);
            words += usize::from(told);
            if is_named && token.kind == TokenKind::Name && !told {
                let text = &compilation.sources.get(FileId(0)).unwrap().text[token.range()];
                empty.push(format!("{}: {text}", path.display()));
            }
        }
    }
    assert!(words > 6_000, "{words}");
    assert!(empty.is_empty(), "{empty:#?}");
}
