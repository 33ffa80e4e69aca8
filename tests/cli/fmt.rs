//! `wtop fmt`.

use crate::folder::Folder;
use insta::assert_snapshot;

const ROUGH: &str = "topology  lab\nnode h1: debian{cpu=1}\n";
const NEAT: &str = "topology lab\nnode h1: debian { cpu = 1 }\n";
const BROKEN: &str = "topology  lab\nnode h1:debian\n";

#[test]
fn files_are_changed_in_place() {
    let folder = Folder::with(&[("a.wtop", ROUGH), ("b.wtop", NEAT), ("deeper/c.wtop", ROUGH)]);
    assert_snapshot!(folder.run("fmt"), @r"
    --- standard error
    formatted a.wtop
    formatted deeper/c.wtop
    --- exit 0
    ");
    assert_eq!(["a.wtop", "b.wtop", "deeper/c.wtop"].map(|name| folder.read(name)), [NEAT; 3]);
    assert_snapshot!(folder.run("fmt"), @"--- exit 0");
}

#[test]
fn check_changes_nothing() {
    let folder = Folder::with(&[("a.wtop", ROUGH), ("b.wtop", NEAT)]);
    assert_snapshot!(folder.run("fmt --check"), @r"
    a.wtop is not formatted
    --- exit 1
    ");
    assert_eq!(folder.read("a.wtop"), ROUGH);
    assert_snapshot!(folder.run("fmt --check b.wtop"), @"--- exit 0");
}

#[test]
fn standard_input() {
    let folder = Folder::new();
    assert_eq!(folder.run_with("fmt -", ROUGH), format!("{NEAT}--- exit 0\n"));
    assert_snapshot!(folder.run_with("fmt --check -", ROUGH), @r"
    <stdin> is not formatted
    --- exit 1
    ");
}

#[test]
fn a_file_with_mistakes_is_left_alone() {
    let folder = Folder::with(&[("a.wtop", BROKEN), ("b.wtop", ROUGH)]);
    folder.write("c.wtop", b"\xff");
    assert_snapshot!(folder.run("fmt"));
    assert_eq!(folder.read("a.wtop"), BROKEN);
    assert_eq!(folder.read("b.wtop"), NEAT);
}
