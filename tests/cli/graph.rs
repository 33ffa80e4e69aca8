//! `wtop graph`.

use crate::folder::Folder;
use insta::assert_snapshot;

const LAB: &str = "topology lab\nnetwork lan { subnet = 10.1.0.0/24 }\nnode h1: debian\nnode fw: vsrx\n\
                   link h1 <-> fw:ge-0/0/0 { subnet = 10.2.0.0/30 }\nlink fw:ge-0/0/1 <-> lan\n";

#[test]
fn for_markdown() {
    let folder = Folder::with(&[("lab.wtop", LAB)]);
    assert_snapshot!(folder.run("graph lab.wtop --format mermaid"));
}

#[test]
fn for_graphviz() {
    let folder = Folder::with(&[("lab.wtop", LAB)]);
    let told = folder.run_with("graph - --format dot", LAB);
    assert!(told.starts_with("graph ") && told.contains("ge-0/0/0"), "{told}");
    assert_eq!(told, folder.run("graph lab.wtop --format dot"));
}

#[test]
fn for_a_browser() {
    let folder = Folder::with(&[("lab.wtop", LAB)]);
    assert_eq!(folder.run("graph lab.wtop -o lab.svg"), "--- exit 0\n");
    let svg = folder.read("lab.svg");
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{svg}");
    assert_eq!(folder.run("graph lab.wtop"), format!("{svg}--- exit 0\n"));
    assert!(!folder.run("graph lab.wtop --theme light").contains("prefers-color-scheme"));
}

#[test]
fn nothing_is_drawn_where_something_is_wrong() {
    let folder =
        Folder::with(&[("lab.wtop", "topology lab\nnode h1: debain\n"), ("library.wtop", "pub type n = int\n")]);
    let told = folder.run("graph lab.wtop -o lab.svg");
    assert!(told.ends_with("1 error\n--- exit 1\n"), "{told}");
    assert!(!folder.path("lab.svg").exists());
    assert!(folder.run("graph library.wtop").ends_with("--- exit 2\n"));
}
