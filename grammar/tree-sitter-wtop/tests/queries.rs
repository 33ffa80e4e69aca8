//! The queries are about this grammar, and the colours are those that `test/highlight/` says.

use std::fs;
use std::path::Path;
use tree_sitter::{Language, Parser, Point, Query, QueryCursor, StreamingIterator, Tree};

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn parse(source: &str) -> Tree {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_wtop::LANGUAGE.into()).unwrap();
    parser.parse(source, None).unwrap()
}

fn query(name: &str) -> Query {
    let text = fs::read_to_string(folder().join("queries").join(name)).unwrap();
    let language = Language::from(tree_sitter_wtop::LANGUAGE);
    Query::new(&language, &text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What a query finds: captures with the text, in order.
fn captures(name: &str, source: &str) -> Vec<String> {
    let query = query(name);
    let tree = parse(source);
    let mut cursor = QueryCursor::new();
    let mut captures = cursor.captures(&query, tree.root_node(), source.as_bytes());
    let mut found = Vec::new();
    while let Some((query_match, index)) = captures.next() {
        let capture = query_match.captures()[*index];
        let text = &source[capture.node.byte_range()];
        found.push(format!("{} {text}", query.capture_names()[capture.index as usize]));
    }
    found
}

#[test]
fn every_query_compiles() {
    let mut names: Vec<String> = fs::read_dir(folder().join("queries"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    for name in &names {
        assert!(query(name).pattern_count() > 0, "{name} is empty");
    }
    let expected = ["folds", "highlights", "indents", "injections", "locals", "tags", "textobjects"];
    assert_eq!(names, expected.map(|name| format!("{name}.scm")));
}

/// The capture that colours the character at a place: of the smallest node, and of its patterns the last.
fn colour(query: &Query, tree: &Tree, source: &str, place: Point) -> Option<String> {
    let mut cursor = QueryCursor::new();
    let end = Point { column: place.column + 1, ..place };
    let mut matches = cursor.set_point_range(place..end).matches(query, tree.root_node(), source.as_bytes());
    let mut best: Option<(usize, usize, u32)> = None;
    while let Some(query_match) = matches.next() {
        for capture in query_match.captures() {
            let node = capture.node;
            if node.start_position() <= place && place < node.end_position() {
                let size = usize::MAX - node.byte_range().len();
                best = best.max(Some((size, query_match.pattern_index, capture.index)));
            }
        }
    }
    best.map(|(_, _, index)| query.capture_names()[index as usize].to_owned())
}

/// Remarks below a line say the colours of places in it: `<-` of where the remark begins, `^` of where that stands.
#[test]
fn places_have_the_colours_that_remarks_say() {
    let query = query("highlights.scm");
    let mut count = 0;
    for file in fs::read_dir(folder().join("test/highlight")).unwrap() {
        let file = file.unwrap().path();
        let source = fs::read_to_string(&file).unwrap();
        let tree = parse(&source);
        let mut row = 0;
        for (number, line) in source.lines().enumerate() {
            let assertion = line.trim_start().strip_prefix("//").and_then(|remark| {
                let remark = remark.trim_start();
                let start = line.len() - remark.len();
                match remark.strip_prefix("<-") {
                    Some(colour) => Some((line.len() - line.trim_start().len(), colour)),
                    None => remark.strip_prefix('^').map(|colour| (start, colour)),
                }
            });
            let Some((column, expected)) = assertion else {
                row = number;
                continue;
            };
            let place = Point { row, column };
            let found = colour(&query, &tree, &source, place);
            let told = format!("{}, line {}, column {}", file.display(), row + 1, column + 1);
            assert_eq!(found.as_deref(), Some(expected.trim()), "{told}");
            count += 1;
        }
    }
    assert!(count > 40, "only {count} places are looked at");
}

#[test]
fn tags_are_what_is_declared() {
    let source = "/// A firewall.\nnode fw: std.vsrx\nlet n = f(1)\npub device d extends e { }\n";
    let found = captures("tags.scm", source);
    let names: Vec<&str> = found.iter().filter_map(|line| line.strip_prefix("name ")).collect();
    assert_eq!(names, ["fw", "vsrx", "n", "f", "d", "e"]);
    assert!(found.contains(&"doc /// A firewall.".to_owned()), "{found:?}");
}

#[test]
fn texts_of_other_languages_are_found() {
    let source = r##"node a: b {
  run = ["systemctl restart frr"]
  files { "/etc/a.yaml" = "x: 1", "/etc/b.json" = r"{}", "/etc/c" = "text" }
  user_data = """
    #cloud-config
    a: ${b}
    """
  script = """
    #!/bin/sh
    """
}
"##;
    let found = captures("injections.scm", source);
    let texts: Vec<&str> = found.iter().filter_map(|line| line.strip_prefix("injection.content ")).collect();
    let blocks = ["    #cloud-config\n    a: ", "    #!/bin/sh\n"];
    assert_eq!(texts, [&["systemctl restart frr", "x: 1", "{}"], &blocks[..]].concat());
}

#[test]
fn names_are_defined_in_scopes() {
    let found = captures("locals.scm", "use std.a.b\nfor i in 1..2 { node h[n in l]: b }\n");
    let definitions: Vec<&str> = found.iter().filter_map(|line| line.strip_prefix("local.definition.")).collect();
    assert_eq!(definitions, ["import b", "var i", "var h", "var n"]);
}

#[test]
fn blocks_fold_and_indent() {
    let source = "node a: b {\n  c = [\n    1\n  ]\n}\n";
    assert_eq!(captures("folds.scm", source).len(), 2);
    let found = captures("indents.scm", source);
    assert_eq!(found.iter().filter(|line| line.starts_with("indent.begin")).count(), 2);
    assert_eq!(found.iter().filter(|line| line.starts_with("indent.end")).count(), 2);
}
