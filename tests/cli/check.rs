//! `wtop check`.

use crate::folder::Folder;
use insta::assert_snapshot;

const WRONG: &str = "topology lab\nnode h1:debian\nnode h2: debian { notes = \"edge }\nlink h1 <-> h2\n";
const RIGHT: &str = "topology lab\nnode h1: debian\nnode h2: debian\nlink h1 <-> h2\n";

#[test]
fn nothing_is_wrong() {
    let folder = Folder::with(&[("lab.wtop", RIGHT)]);
    assert_snapshot!(folder.run("check lab.wtop"), @r"
    no errors, no warnings
    --- exit 0
    ");
}

#[test]
fn what_is_wrong_is_shown() {
    let folder = Folder::with(&[("lab.wtop", WRONG)]);
    assert_snapshot!(folder.run("check lab.wtop"));
}

#[test]
fn for_programs() {
    let folder = Folder::with(&[("lab.wtop", WRONG)]);
    assert_snapshot!(folder.run("check --format github"));
    assert!(folder.run("check --format json").contains("\"errors\": 2,"));
    assert!(folder.run("check --format sarif").contains("\"version\": \"2.1.0\""));
}

#[test]
fn folders_are_searched() {
    let folder = Folder::with(&[
        ("b.wtop", WRONG),
        ("a/one.wtop", WRONG),
        ("a/two.wtop", RIGHT),
        ("a/.hidden/no.wtop", WRONG),
        ("target/no.wtop", WRONG),
        ("a/no.txt", WRONG),
    ]);
    let places = |arguments: &str| -> Vec<String> {
        let told = folder.run(arguments);
        told.lines()
            .filter_map(|line| line.strip_prefix("::error file=")?.split(",col").next().map(str::to_owned))
            .collect()
    };
    let expected = ["a/one.wtop,line=2", "a/one.wtop,line=3", "b.wtop,line=2", "b.wtop,line=3"];
    assert_eq!(places("check --format github"), expected);
    assert_eq!(places("check . --format github"), expected);
    assert_eq!(places("check a b.wtop --format github"), expected);
    assert_eq!(places("check a/two.wtop --format github").len(), 0);
}

#[test]
fn standard_input() {
    let folder = Folder::new();
    assert_snapshot!(folder.run_with("check -", "topology lab\nnode h1:debian\nnetwork lan\nlink h1 <-> lan\n"), @r"
    error[E0123]: in a node, a space follows the `:`
       ╭─[ <stdin>:2:8 ]
       │
     2 │ node h1:debian
       │        ───┬───
       │           ╰── `:debian` reads as an interface of `h1`
       │
       │ help: a node is written `node NAME: DEVICE { … }`
       │
       │ fix: Insert a space
     2 + node h1: debian
    ───╯

    1 error
    --- exit 1
    ");
    assert_snapshot!(folder.run_with("check - --fix", WRONG), @r"
    --- standard error
    error: `--fix` writes files, and standard input is none
    --- exit 2
    ");
}

#[test]
fn one_file_that_cannot_be_read_does_not_hide_the_others() {
    let folder = Folder::with(&[("lab.wtop", "topology lab\nnode h1:debian\nnetwork lan\nlink h1 <-> lan\n")]);
    assert_snapshot!(folder.run("check gone.wtop lab.wtop"), @r"
    error[E0123]: in a node, a space follows the `:`
       ╭─[ lab.wtop:2:8 ]
       │
     2 │ node h1:debian
       │        ───┬───
       │           ╰── `:debian` reads as an interface of `h1`
       │
       │ help: a node is written `node NAME: DEVICE { … }`
       │
       │ fix: Insert a space
     2 + node h1: debian
    ───╯

    1 error
    --- standard error
    error: cannot read `gone.wtop`: there is no such file
    --- exit 3
    ");
    assert_snapshot!(folder.run("check gone.wtop"), @r"
    --- standard error
    error: cannot read `gone.wtop`: there is no such file
    --- exit 3
    ");
}

#[test]
fn a_folder_without_a_lab() {
    assert_snapshot!(Folder::new().run("check"), @r"
    --- standard error
    error: there is no `.wtop` file in `.`
    help: `wtop new NAME` starts a lab
    --- exit 3
    ");
}

#[test]
fn mistakes_are_mended() {
    let folder = Folder::with(&[("lab.wtop", WRONG)]);
    assert_snapshot!(folder.run("check lab.wtop --fix"), @r"
    no errors, no warnings
    --- standard error
    mended 2 mistakes
    --- exit 0
    ");
    assert_snapshot!(folder.read("lab.wtop"), @r#"
    topology lab
    node h1: debian
    node h2: debian { notes = "edge" }
    link h1 <-> h2
    "#);
}

#[test]
fn narrow_terminals() {
    let folder = Folder::with(&[("lab.wtop", WRONG)]);
    let mut command = folder.command("check lab.wtop");
    assert_snapshot!(crate::folder::told(&command.env("COLUMNS", "50").output().unwrap()));
}
