//! `test/corpus/` shows the tree of each construct, in the form of tree-sitter's own tests.
//!
//! `UPDATE_CORPUS=1` writes the trees, to be read before they are kept.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};
use tree_sitter::{Language, Node, Parser, Tree};

const RULE: &str = "================================================================================";
const LINE: &str = "--------------------------------------------------------------------------------";

struct Case {
    title: String,
    source: String,
    tree: String,
}

/// The cases of a file.
fn cases(text: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut parts = text.split(RULE).skip(1);
    while let (Some(title), Some(body)) = (parts.next(), parts.next()) {
        let (source, tree) = body.split_once(LINE).expect("a line between source and tree");
        let source = source.strip_prefix("\n\n").unwrap_or(source);
        cases.push(Case {
            title: title.trim().to_owned(),
            source: source.strip_suffix('\n').unwrap_or(source).to_owned(),
            tree: tree.trim().to_owned(),
        });
    }
    cases
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("test/corpus");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn parse(source: &str) -> Tree {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_wtop::LANGUAGE.into()).unwrap();
    parser.parse(source, None).unwrap()
}

/// A tree as text, a line a node.
fn show(node: Node<'_>, field: Option<&str>, depth: usize, out: &mut String) {
    if !node.is_named() && !node.is_missing() {
        return;
    }
    if depth > 0 {
        out.push('\n');
    }
    *out += &"  ".repeat(depth);
    if let Some(field) = field {
        *out += &format!("{field}: ");
    }
    *out += &match node.is_missing() {
        true if node.is_named() => format!("(MISSING {}", node.kind()),
        true => format!("(MISSING {:?}", node.kind()),
        false => format!("({}", node.kind()),
    };
    let mut cursor = node.walk();
    if cursor.goto_first_child() {
        loop {
            show(cursor.node(), cursor.field_name(), depth + 1, out);
            if !cursor.goto_next_sibling() {
                break;
            }
        }
    }
    out.push(')');
}

#[test]
fn every_case_has_its_tree() {
    let update = env::var("UPDATE_CORPUS").is_ok_and(|value| value == "1");
    let mut wrong = Vec::new();
    for file in files() {
        let mut written = String::new();
        for case in cases(&fs::read_to_string(&file).unwrap()) {
            let mut tree = String::new();
            show(parse(&case.source).root_node(), None, 0, &mut tree);
            if tree != case.tree {
                wrong.push(format!("{}: {}\n{tree}", file.display(), case.title));
            }
            written += &format!("{RULE}\n{}\n{RULE}\n\n{}\n{LINE}\n\n{tree}\n\n", case.title, case.source);
        }
        if update {
            fs::write(&file, written).unwrap();
        }
    }
    assert!(update || wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn only_mistakes_have_errors() {
    for file in files() {
        let mistakes = file.file_stem().is_some_and(|name| name == "mistakes");
        for case in cases(&fs::read_to_string(&file).unwrap()) {
            let marked = parse(&case.source).root_node().has_error()
                || case.tree.contains("misplaced")
                || case.tree.contains("foreign");
            assert_eq!(marked, mistakes, "{}: {}", file.display(), case.title);
        }
    }
}

fn kinds(node: Node<'_>, kinds: &mut BTreeSet<String>, fields: &mut BTreeSet<String>) {
    kinds.insert(node.kind().to_owned());
    let mut cursor = node.walk();
    if !cursor.goto_first_child() {
        return;
    }
    loop {
        fields.extend(cursor.field_name().map(str::to_owned));
        self::kinds(cursor.node(), kinds, fields);
        if !cursor.goto_next_sibling() {
            return;
        }
    }
}

/// Each kind of node, each word and symbol, and each field has its example.
#[test]
fn the_grammar_is_covered() {
    let language = Language::from(tree_sitter_wtop::LANGUAGE);
    let (mut found, mut fields) = (BTreeSet::new(), BTreeSet::new());
    for file in files() {
        for case in cases(&fs::read_to_string(&file).unwrap()) {
            kinds(parse(&case.source).root_node(), &mut found, &mut fields);
        }
    }
    let visible = (0..language.node_kind_count() as u16).filter(|id| language.node_kind_is_visible(*id));
    let all = visible.filter_map(|id| language.node_kind_for_id(id)).filter(|kind| !matches!(*kind, "end" | "ERROR"));
    let missing: Vec<&str> = all.filter(|kind| !found.contains(*kind)).collect();
    assert!(missing.is_empty(), "no example of {missing:?}");
    let all = (1..=language.field_count() as u16).filter_map(|id| language.field_name_for_id(id));
    let missing: Vec<&str> = all.filter(|field| !fields.contains(*field)).collect();
    assert!(missing.is_empty(), "no example of the fields {missing:?}");
}
