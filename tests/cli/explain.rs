//! `wtop explain`.

use crate::folder::Folder;
use insta::assert_snapshot;

#[test]
fn a_page() {
    assert_snapshot!(Folder::new().run("explain e0101"));
}

#[test]
fn for_programs() {
    assert_snapshot!(Folder::new().run("explain E0101 --format json"));
}

#[test]
fn an_unknown_code() {
    assert_snapshot!(Folder::new().run("explain EE0101"), @r"
    --- standard error
    error: there is no diagnostic `EE0101`
    help: did you mean E0101? `wtop explain` lists all
    --- exit 2
    ");
    assert_snapshot!(Folder::new().run("explain spanning-tree"), @r"
    --- standard error
    error: there is no diagnostic `spanning-tree`
    help: `wtop explain` lists all
    --- exit 2
    ");
}

#[test]
fn all_codes() {
    let told = Folder::new().run("explain");
    assert!(told.contains("\nE0101  a string is never closed\n"), "{told}");
}
