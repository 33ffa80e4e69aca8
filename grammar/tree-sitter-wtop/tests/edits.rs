//! Editors parse again only what an edit touches: the tree must be the one that the whole text would have.

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
use tree_sitter::{InputEdit, Parser, Point, Tree};

fn point(text: &str, at: usize) -> Point {
    let before = &text.as_bytes()[..at];
    let row = before.iter().filter(|byte| **byte == b'\n').count();
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count();
    Point { row, column }
}

/// Parses a text again that was another before.
fn parse_again(parser: &mut Parser, tree: &Tree, before: &str, after: &str) -> Tree {
    let equal = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
    let shorter = before.len().min(after.len()) - equal;
    let equal_end = before.bytes().rev().zip(after.bytes().rev()).take(shorter).take_while(|(a, b)| a == b).count();
    let (old_end, new_end) = (before.len() - equal_end, after.len() - equal_end);
    let mut tree = tree.clone();
    tree.edit(&InputEdit {
        start_byte: equal,
        old_end_byte: old_end,
        new_end_byte: new_end,
        start_position: point(before, equal),
        old_end_position: point(before, old_end),
        new_end_position: point(after, new_end),
    });
    parser.parse(after, Some(&tree)).unwrap()
}

#[test]
fn after_an_edit_and_back_the_tree_is_that_of_the_text() {
    let grammar = Grammar::read(include_str!("../../wtop.ebnf"));
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_wtop::LANGUAGE.into()).unwrap();
    let mut well_formed = 0;
    for seed in 1..=200 {
        let text = Programs::new(&grammar, seed).program();
        let whole = parser.parse(&text, None).unwrap();
        let mut programs = Programs::new(&grammar, seed);
        for _ in 0..4 {
            let mut spoilt = text.clone();
            spoil(&mut spoilt, &mut programs);
            let edited = parse_again(&mut parser, &whole, &text, &spoilt);
            let fresh = parser.parse(&spoilt, None).unwrap();
            let told = format!("seed {seed}:\n{text}\n--- edited:\n{spoilt}");
            assert_eq!(edited.root_node().has_error(), fresh.root_node().has_error(), "{told}");
            if !fresh.root_node().has_error() {
                assert_eq!(edited.root_node().to_sexp(), fresh.root_node().to_sexp(), "{told}");
                well_formed += 1;
            }
            let back = parse_again(&mut parser, &edited, &spoilt, &text);
            assert_eq!(back.root_node().to_sexp(), whole.root_node().to_sexp(), "and back, {told}");
        }
    }
    assert!(well_formed > 100, "only {well_formed} edits left the program well-formed");
}
