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

const ROUGH_LINES: &str = "topology  lab\n\n\nnode h1: debian{cpu=1}\nnode h2: debian{cpu=2}\nnode h3: debian{cpu=3}\n";

#[test]
fn only_some_lines() {
    let folder = Folder::with(&[("a.wtop", ROUGH_LINES)]);
    assert_snapshot!(folder.run("fmt a.wtop --lines 5-5 --check"), @r"
    a.wtop is not formatted
    --- exit 1
    ");
    assert_snapshot!(folder.run("fmt a.wtop --lines 5-5"), @r"
    --- standard error
    formatted a.wtop
    --- exit 0
    ");
    assert_snapshot!(folder.read("a.wtop"), @r"
    topology  lab


    node h1: debian{cpu=1}
    node h2: debian { cpu = 2 }
    node h3: debian{cpu=3}
    ");
    assert_eq!(folder.run("fmt a.wtop --lines 5 --check"), "--- exit 0\n");
    // Several, two of them the same, one over the end of the file.
    assert_snapshot!(folder.run_with("fmt - --lines 6-99 --lines 1 --lines 6", ROUGH_LINES), @r"
    topology lab


    node h1: debian{cpu=1}
    node h2: debian{cpu=2}
    node h3: debian { cpu = 3 }
    --- exit 0
    ");
    // All lines are the whole file.
    assert_eq!(folder.run_with("fmt - --lines 1-6", ROUGH_LINES), folder.run_with("fmt -", ROUGH_LINES));
    let windows = ROUGH_LINES.replace('\n', "\r\n");
    let formatted = folder.run_with("fmt - --lines 4", &windows);
    assert!(formatted.contains("node h1: debian { cpu = 1 }\r\nnode h2: debian{cpu=2}\r\n"), "{formatted:?}");
}

#[test]
fn lines_that_mean_nothing() {
    let folder = Folder::with(&[("a.wtop", ROUGH), ("b.wtop", ROUGH)]);
    for (arguments, reason) in [
        ("fmt a.wtop --lines 20-10", "the last line is before the first"),
        ("fmt a.wtop --lines 0-3", "lines count from 1"),
        ("fmt a.wtop --lines 3-", "write it as FIRST-LAST"),
        ("fmt a.wtop --lines x", "write it as FIRST-LAST"),
        ("fmt a.wtop --lines 3", "`a.wtop` has no line 3"),
        ("fmt a.wtop b.wtop --lines 1", "`--lines` are those of one file"),
        ("fmt --lines 1", "`--lines` are those of one file"),
        ("fmt . --lines 1", "`--lines` are those of one file"),
    ] {
        let told = folder.run(arguments);
        assert!(told.contains(reason) && told.ends_with("--- exit 2\n"), "{arguments}: {told}");
    }
    assert_eq!(folder.read("a.wtop"), ROUGH);
}
