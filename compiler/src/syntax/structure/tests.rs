//! Hostile and hurried texts: always a tree, few diagnostics, and time that grows with the text.

use crate::source::FileId;
use crate::syntax::{ast, parse};

/// The codes of what is said about a text.
fn codes(text: &str) -> Vec<&'static str> {
    parse(FileId(0), text).diagnostics.iter().map(|diagnostic| diagnostic.code.id).collect()
}

#[test]
fn nesting_is_bounded() {
    let many = 100_000;
    assert_eq!(codes(&format!("a = {}1{}", "[".repeat(many), "]".repeat(many))), ["E0112"]);
    assert_eq!(codes(&format!("{}{}", "a {".repeat(many), "}".repeat(many))), ["E0112"]);
    assert_eq!(codes(&format!("a = {}1{}", "\"${".repeat(70), "}\"".repeat(70))), ["E0112"]);
    assert_eq!(codes(&format!("a = {}1{}", "f(".repeat(64), ")".repeat(64))), [""; 0]);
}

#[test]
fn operators_in_a_row_are_bounded() {
    for chain in ["- ", "not ", "if ", "a + ", "a ?? ", "a and ", "if a then b else "] {
        assert_eq!(codes(&format!("a = {}1", chain.repeat(100_000))), ["E0112"], "{chain}");
    }
    assert_eq!(codes(&format!("a = b{}", ".c".repeat(100_000))), ["E0112"]);
    assert_eq!(codes(&format!("a = b{}", "[1]".repeat(100_000))), ["E0112"]);
    assert_eq!(codes(&format!("if a {{ }}{}", " else if a { }".repeat(100_000))), ["E0112"]);
    assert_eq!(codes(&format!("a = 1{}", " + 1".repeat(250))), [""; 0]);
    assert_eq!(codes(&format!("if a {{ }}{}", " else if a { }".repeat(100))), [""; 0]);
    assert_eq!(codes(&format!("a = [1{}]", ", 1 + 1".repeat(10_000))), [""; 0]);
}

#[test]
fn depth_adds_up_over_brackets_and_operators() {
    let level = |inner: String| format!("[{}{inner}]", "1 + ".repeat(20));
    let nested = (0..20).fold("1".to_owned(), |inner, _| level(inner));
    assert_eq!(codes(&format!("a = {nested}")), ["E0112"]);
}

#[test]
fn unclosed_brackets_are_not_counted_one_by_one() {
    assert_eq!(codes(&"[".repeat(100_000)).len(), 4);
    assert_eq!(codes(&"}".repeat(1000)).len(), 201);
}

#[test]
fn many_errors_end_in_a_count() {
    let parse = parse(FileId(0), &"node a debian\n".repeat(10_000));
    assert_eq!(parse.tree.items.len(), 10_000);
    assert_eq!(parse.diagnostics.len(), 201);
    let last = parse.diagnostics.last().unwrap();
    assert_eq!(last.message, "9800 more errors in this file are not shown");
}

#[test]
fn large_files_are_read_in_time_that_grows_with_them() {
    for text in [
        "a = [".to_owned() + &"1, ".repeat(60_000) + "]",
        "/// doc\n".repeat(40_000) + "node a: b",
        "//! doc\n".repeat(40_000),
        "\n".repeat(200_000),
        "a = (".to_owned() + &"\n".repeat(100_000),
        "\"\"\"".repeat(100_000),
        "a = \"\"\"\n".repeat(100_000),
        "a:".repeat(40_000),
        "a = \"".to_owned() + &"${".repeat(40_000),
        "a = x".to_owned() + &":${".repeat(100_000),
        "(]".repeat(40_000),
        "'a".repeat(40_000),
        "a = \"".to_owned() + &"${\"".repeat(40_000),
        "a${".repeat(40_000),
        "a == 1 ".repeat(40_000),
        "a = [".to_owned() + &"1 ".repeat(40_000) + "]",
        "a = [".to_owned() + &"{ b = 1 }, ".repeat(20_000) + "]",
        "a = ".to_owned() + &"if b { 1 } else ".repeat(20_000),
    ] {
        parse(FileId(0), &text);
    }
}

/// The words of the items of a file, with what is inside.
fn shape(items: &[ast::Item]) -> String {
    let one = |item: &ast::Item| match &item.kind {
        ast::ItemKind::Node(node) => {
            let inner = node.block.as_ref().map(|block| format!("{{{}}}", shape(&block.items)));
            format!("{}{}", node.name.text, inner.unwrap_or_default())
        }
        ast::ItemKind::Attribute(_) => "=".to_owned(),
        ast::ItemKind::Part(part) => {
            let inner = part.block.as_ref().map(|block| format!("{{{}}}", shape(&block.items)));
            format!("{}{}", part.word.text, inner.unwrap_or_default())
        }
        ast::ItemKind::Broken => "broken".to_owned(),
        _ => "other".to_owned(),
    };
    items.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn recovered(text: &str) -> (String, Vec<&'static str>) {
    (shape(&parse(FileId(0), text).tree.items), codes(text))
}

#[test]
fn a_declaration_ends_what_is_open_before_it() {
    let expected = ("a b".to_owned(), vec!["E0110", "E0110"]);
    assert_eq!(recovered("node a: x(y = [1, 2\nnode b: x\n"), expected);
    let expected = ("a{=} b".to_owned(), vec!["E0110"]);
    assert_eq!(recovered("node a: x {\n  y = f(1\n}\nnode b: x\n"), expected);
    assert_eq!(recovered("node a: x {\n  y = 1\n\nnode b: x\n"), expected);
    let expected = ("a{=} b".to_owned(), vec!["E0102"]);
    assert_eq!(recovered("node a: x {\n  y = \"\"\"\n    z\n}\nnode b: x\n"), expected);
}

#[test]
fn a_brace_in_the_column_of_its_line_closes_it() {
    let expected = ("a{vm{= =} =} b".to_owned(), vec!["E0110"]);
    let text = "node a: x {\n  vm r {\n    y = 1\n    z = [1, 2\n  }\n  w = 1\n}\nnode b: x\n";
    assert_eq!(recovered(text), expected);
    let expected = ("a{vm{=}} b".to_owned(), vec!["E0110"]);
    assert_eq!(recovered("node a: x {\n  vm r {\n    y = 1\n}\nnode b: x\n"), expected);
}

#[test]
fn layout_is_not_asked_where_brackets_match() {
    let expected = ("a{vm{=}} b".to_owned(), vec![]);
    assert_eq!(recovered("node a: x {\nvm r {\n  y = 1\n  }\n    }\nnode b: x\n"), expected);
}

#[test]
fn a_brace_in_an_unclosed_string_is_not_missed() {
    assert_eq!(recovered("node a: x { y = \"z }\nnode b: x\n"), ("a{=} b".to_owned(), vec!["E0101"]));
    assert_eq!(recovered("node a: x { y = f(\"z) }\nnode b: x\n"), ("a{=} b".to_owned(), vec!["E0101"]));
    assert_eq!(recovered("node a: x {\n  y = \"z\n}\nnode b: x\n"), ("a{=} b".to_owned(), vec!["E0101"]));
    assert_eq!(recovered("node a: x {\n  y = \"z\n  w = 1\n}\nnode b: x\n"), ("a{= =} b".to_owned(), vec!["E0101"]));
}
