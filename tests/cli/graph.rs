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

#[test]
fn what_was_there_stays_where_it_was() {
    let more = format!("{LAB}node h2: debian\nlink h2 <-> lan\n");
    let folder = Folder::with(&[("lab.wtop", LAB), ("more.wtop", &more), ("broken.json", "{\"nodes\": 7}")]);
    assert_eq!(folder.run("graph lab.wtop --format json -o old.json"), "--- exit 0\n");
    let places = |file: &str| {
        let picture: serde_json::Value = serde_json::from_str(&folder.read(file)).unwrap();
        let place = |node: &serde_json::Value| (node["x"].as_f64().unwrap(), node["y"].as_f64().unwrap());
        picture["nodes"].as_object().unwrap().iter().map(|(id, node)| (id.clone(), place(node))).collect::<Vec<_>>()
    };
    assert_eq!(folder.run("graph more.wtop --format json --positions old.json -o new.json"), "--- exit 0\n");
    let (old, new) = (places("old.json"), places("new.json"));
    assert!(old.iter().all(|place| new.contains(place)) && new.len() == old.len() + 1, "{old:?} {new:?}");
    assert_snapshot!(folder.run("graph lab.wtop --positions broken.json"), @r"
    --- standard error
    error: `broken.json` is no picture: invalid type: integer `7`, expected a map at line 1 column 11
    help: `wtop graph LAB --format json -o FILE` writes one
    --- exit 3
    ");
    assert_snapshot!(folder.run("graph lab.wtop --positions nothing.json"), @r"
    --- standard error
    error: cannot read `nothing.json`: there is no such file or folder
    --- exit 3
    ");
    assert_snapshot!(folder.run("graph lab.wtop --format dot --positions old.json"), @r"
    --- standard error
    error: `--positions` is for SVG, HTML and JSON: text has its own grid, and Graphviz and Mermaid place nodes themselves
    --- exit 2
    ");
}

#[test]
fn a_page_to_look_at() {
    let folder = Folder::with(&[("lab.wtop", LAB)]);
    let page = folder.run("graph lab.wtop --format html --theme dark");
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("</html>\n--- exit 0"), "{page}");
    assert!(page.contains(r#"data-theme="dark""#));
}

#[test]
fn a_lab_is_drawn_while_its_checks_fail() {
    let folder = Folder::with(&[("lab.wtop", "topology lab\nnode a: debian\nnode b: debian\ncheck reachable(a, b)\n")]);
    let told = folder.run("graph lab.wtop -o lab.svg");
    assert!(told.contains("error[E0702]") && told.ends_with("--- exit 1\n"), "{told}");
    assert!(folder.read("lab.svg").contains(">a</text>"), "it is drawn");
    assert!(folder.run("inventory lab.wtop --format hosts").contains("\ta\n"));
}

#[test]
fn text_is_for_the_terminal() {
    let folder = Folder::with(&[("lab.wtop", LAB)]);
    assert_snapshot!(folder.run("graph lab.wtop --format text"), @r"
    ┌────────┐               ┌──────┐
    │   h1   ├eth1───ge-0/0/0┤  fw  ├ge-0/0/1───╡ lan  10.1.0.0/24
    │ debian │               │ vsrx │
    └────────┘               └──────┘
    --- exit 0
    ");
    assert_snapshot!(folder.run("graph lab.wtop --format text --width 20"), @r"
         ┌────────┐
         │   h1   │
         │ debian │
         └┬───────┘
          │eth1
          │ge-0/0/0
         ┌┴──────┐
         │  fw   │
         │ vsrx  │
         └┬──────┘
          │ge-0/0/1
    ══════╧═════════════
      lan  10.1.0.0/24
    --- exit 0
    ");
}
