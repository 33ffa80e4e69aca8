//! The grammar for tree-sitter takes what the compiler's parser takes, and nothing else: of every file at hand and of
//! random programs, both say that it is well-formed, or both that it is not.

#[path = "../../../compiler/tests/grammar/ebnf.rs"]
#[allow(dead_code)] // The compiler's own test uses all of it.
mod ebnf;
#[path = "../../../compiler/tests/grammar/program.rs"]
mod program;
#[path = "../../../compiler/tests/grammar/spoil.rs"]
mod spoil;

use ebnf::Grammar;
use program::Programs;
use spoil::spoil;
use std::fs;
use std::path::{Path, PathBuf};
use tree_sitter::{Parser, Tree};
use wtop_compiler::diagnostics::codes;
use wtop_compiler::source::FileId;
use wtop_compiler::syntax::parse;

/// Nodes that stand for a mistake: the tree around them stays whole.
const MISTAKES: &[&str] = &["foreign_word", "misplaced_documentation", "misplaced_quotes", "misplaced_text"];

/// Mistakes that the grammar for tree-sitter does not know.
const UNKNOWN: &[&str] = &[
    "E0112", // More than 256 operators in a row. (More than 64 brackets in each other it knows.)
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn parser() -> Parser {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_wtop::LANGUAGE.into()).unwrap();
    parser
}

/// Where the tree says that something is wrong.
fn mistake(tree: &Tree) -> Option<String> {
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() || MISTAKES.contains(&node.kind()) {
            return Some(format!("{} at {}", node.kind(), node.start_position()));
        }
        if !cursor.goto_first_child() && !cursor.goto_next_sibling() {
            while cursor.goto_parent() {
                if cursor.goto_next_sibling() {
                    break;
                }
            }
            if cursor.depth() == 0 {
                return None;
            }
        }
    }
}

/// Programs of which the two say different things.
#[derive(Default)]
struct Disagreements {
    told: Vec<String>,
    programs: usize,
}

impl Disagreements {
    fn compare(&mut self, parser: &mut Parser, name: &str, text: &str) {
        self.programs += 1;
        let diagnostics = parse(FileId(0), text).diagnostics;
        let tree = parser.parse(text, None).unwrap();
        let found = mistake(&tree);
        assert!(found.is_some() || !tree.root_node().has_error(), "{name} has an error that is nowhere");
        let known = diagnostics.iter().find(|diagnostic| !UNKNOWN.contains(&diagnostic.code.id));
        match (known, found) {
            (Some(diagnostic), None) => {
                let line = text[..diagnostic.span().start as usize].matches('\n').count() + 1;
                let (id, message) = (diagnostic.code.id, &diagnostic.message);
                self.told.push(format!("{name}: only the compiler says: line {line}: {id} {message}"));
            }
            (None, Some(found)) if diagnostics.is_empty() => {
                self.told.push(format!("{name}: only tree-sitter says: {found}"));
            }
            _ => {}
        }
    }

    #[track_caller]
    fn none(self, least: usize) {
        assert!(self.told.is_empty(), "{} of {}:\n{}", self.told.len(), self.programs, self.told.join("\n"));
        assert!(self.programs >= least, "only {} programs were found", self.programs);
    }
}

/// All files with an ending below a folder.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn name(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

#[test]
fn of_files() {
    let mut parser = parser();
    let mut disagreements = Disagreements::default();
    for folder in ["examples", "stdlib", "tests/broken"] {
        for path in files(&root().join(folder), "wtop") {
            disagreements.compare(&mut parser, &name(&path), &fs::read_to_string(&path).unwrap());
        }
    }
    disagreements.none(100);
}

#[test]
fn of_the_manual() {
    let mut parser = parser();
    let mut disagreements = Disagreements::default();
    for path in files(&root().join("docs"), "md") {
        let page = fs::read_to_string(&path).unwrap();
        for (index, block) in page.split("```wtop").skip(1).enumerate() {
            let (_, text) = block.split_once('\n').unwrap();
            let text = text.split("```").next().unwrap();
            disagreements.compare(&mut parser, &format!("{}, block {}", name(&path), index + 1), text);
        }
    }
    disagreements.none(100);
}

#[test]
fn of_the_programs_of_diagnostics() {
    let mut parser = parser();
    let mut disagreements = Disagreements::default();
    for code in codes::all() {
        disagreements.compare(&mut parser, &format!("{}, wrong", code.id), code.wrong);
        disagreements.compare(&mut parser, &format!("{}, right", code.id), code.right);
    }
    disagreements.none(200);
}

#[test]
fn of_programs_of_the_grammar() {
    let grammar = Grammar::read(include_str!("../../wtop.ebnf"));
    let mut parser = parser();
    let mut disagreements = Disagreements::default();
    for seed in 1..=400 {
        let text = Programs::new(&grammar, seed).program();
        disagreements.compare(&mut parser, &format!("seed {seed}:\n{text}"), &text);
    }
    disagreements.none(400);
}

#[test]
fn of_spoilt_programs() {
    let grammar = Grammar::read(include_str!("../../wtop.ebnf"));
    let mut parser = parser();
    let mut disagreements = Disagreements::default();
    let count = std::env::var("SPOILT").map_or(400, |count| count.parse().unwrap());
    for seed in 1..=count {
        let mut programs = Programs::new(&grammar, seed);
        let mut text = Programs::new(&grammar, seed).program();
        spoil(&mut text, &mut programs);
        disagreements.compare(&mut parser, &format!("seed {seed}:\n{text}"), &text);
    }
    disagreements.none(count as usize);
}
