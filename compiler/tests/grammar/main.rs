//! `grammar/wtop.ebnf` says what the parser accepts: random programs made from it are parsed without a diagnostic.

mod ebnf;
mod program;
mod spoil;

use ebnf::Grammar;
use program::Programs;
use spoil::spoil;
use wtop_compiler::source::FileId;
use wtop_compiler::syntax::{dump, parse};

fn grammar() -> Grammar {
    Grammar::read(include_str!("../../../grammar/wtop.ebnf"))
}

#[test]
fn every_production_is_used() {
    let grammar = grammar();
    let mut used = grammar.used();
    used.insert("file".to_owned());
    let unused: Vec<&str> = grammar.names().filter(|name| !used.contains(*name)).collect();
    assert!(unused.is_empty(), "nothing refers to {unused:?}");
}

/// A word that the lexical rules do not reserve is a name elsewhere: the parser knows no others.
#[test]
fn words_are_names_of_attributes_unless_reserved() {
    const RESERVED: [&str; 14] =
        ["true", "false", "null", "and", "or", "not", "in", "if", "then", "else", "for", "from", "where", "self"];
    for word in grammar().literals().iter().filter(|word| word.chars().all(char::is_alphabetic)) {
        let accepted =
            parse(FileId(0), &format!("{word} = 1\n{word} += {{ a = 1 }}\n{word} {{ }}\n")).diagnostics.is_empty();
        assert_eq!(accepted, !RESERVED.contains(&word.as_str()), "{word}");
    }
}

#[test]
fn programs_of_the_grammar_are_accepted() {
    let grammar = grammar();
    let mut too_large = 0;
    for seed in 1..=400 {
        let text = Programs::new(&grammar, seed).program();
        let parse = parse(FileId(0), &text);
        if parse.diagnostics.iter().any(|diagnostic| diagnostic.code.id == "E0112") {
            too_large += 1; // The limits of depth are no part of the grammar.
            continue;
        }
        let told: Vec<String> = parse
            .diagnostics
            .iter()
            .map(|diagnostic| {
                format!("{} {} at {:?}", diagnostic.code.id, diagnostic.message, &text[diagnostic.span().range()])
            })
            .collect();
        assert!(told.is_empty(), "seed {seed}: {told:#?}\n{text}");
        let tokens: String = parse.tokens.iter().map(|token| &text[token.range()]).collect();
        assert_eq!(tokens, text);
    }
    assert!(too_large < 20, "{too_large} programs are too large to be read");
}

/// Whatever is taken out of a program or put into it: there are a tree and tokens, and what is said is about the text.
#[test]
fn spoilt_programs_are_read() {
    let grammar = grammar();
    for seed in 1..=300 {
        let mut programs = Programs::new(&grammar, seed);
        let mut text = Programs::new(&grammar, seed).program();
        for _ in 0..1 + programs.below(4) {
            spoil(&mut text, &mut programs);
        }
        let parse = parse(FileId(0), &text);
        let tokens: String = parse.tokens.iter().map(|token| &text[token.range()]).collect();
        assert_eq!(tokens, text);
        dump::dump(&parse.tree);
        for diagnostic in &parse.diagnostics {
            assert!(!diagnostic.message.is_empty() && !diagnostic.labels.is_empty());
            let edits = diagnostic.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
            for span in diagnostic.labels.iter().map(|label| label.span).chain(edits) {
                assert!(text.get(span.range()).is_some(), "{}: {span:?} of\n{text}", diagnostic.message);
            }
        }
    }
}
