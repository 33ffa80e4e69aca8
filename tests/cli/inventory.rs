//! `wtop inventory`.

use crate::folder::Folder;
use insta::assert_snapshot;

const LAB: &str = "topology lab\nlogin { user = \"ops\" }\nnode h1: debian\nnode fw: vsrx\n\
                   link h1 <-> fw:ge-0/0/0 { subnet = 10.2.0.0/30 }\n\
                   target there: kvm { override fw { login { user = \"root\" } } }\n";

#[test]
fn for_people() {
    let folder = Folder::with(&[("lab.wtop", LAB)]);
    assert_snapshot!(folder.run("inventory lab.wtop"));
}

#[test]
fn for_ssh_on_a_target() {
    let folder = Folder::with(&[("lab.wtop", LAB)]);
    assert_eq!(folder.run("inventory lab.wtop --format ssh --target there -o lab.ssh"), "--- exit 0\n");
    let written = folder.read("lab.ssh");
    assert!(written.contains("Host fw lab-fw\n") && written.contains("  User root\n"), "{written}");
    assert!(!folder.run("inventory lab.wtop --format ssh").contains("root"));
}

#[test]
fn for_programs() {
    let folder = Folder::with(&[("lab.wtop", LAB)]);
    assert!(folder.run("inventory lab.wtop --format ansible").contains("ansible_user: ops"));
    assert!(folder.run("inventory lab.wtop --format hosts").contains("\tfw\n"));
    assert!(folder.run("inventory - --format addresses").ends_with("--- exit 2\n"), "nothing is no lab");
    let wiring = folder.run("inventory lab.wtop --format wiring");
    assert!(wiring.contains("fw:ge-0/0/0--h1,h1,eth1,10.2.0.1/30,"), "{wiring}");
}

#[test]
fn nothing_is_listed_where_something_is_wrong() {
    let folder =
        Folder::with(&[("lab.wtop", "topology lab\nnode h1: debain\n"), ("library.wtop", "pub type n = int\n")]);
    assert!(folder.run("inventory lab.wtop").ends_with("1 error\n--- exit 1\n"));
    assert!(folder.run("inventory library.wtop").ends_with("--- exit 2\n"));
    folder.write("lab.wtop", LAB);
    assert_snapshot!(folder.run("inventory lab.wtop --target ther"), @r"
    --- standard error
    error: there is no target `ther`
    help: did you mean `there`?
    --- exit 2
    ");
}
