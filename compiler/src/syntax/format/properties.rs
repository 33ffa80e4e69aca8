//! What holds whatever the text.

#![allow(clippy::disallowed_methods)] // The tests read the files of the repository.

use super::tests::CANONICAL;
use super::*;
use crate::diagnostics::codes;
use crate::diagnostics::fix::apply_edits;
use crate::source::Span;
use crate::syntax::token::Token;
use crate::syntax::{dump, tokens};
use proptest::collection::vec;
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};

/// The text is formatted, with the same tokens, comments and tree, and formatting it again changes nothing; or it has
/// errors and is left alone.
fn holds(text: &str) {
    let formatted = format(text);
    let before = parse(FileId(0), text);
    assert_eq!(formatted.well_formed, !has_errors(&before.diagnostics), "{text}");
    if !formatted.well_formed {
        assert_eq!(formatted.text, text);
        return;
    }
    let after = parse(FileId(0), &formatted.text);
    assert_eq!(words(&formatted.text, &after.tokens), words(text, &before.tokens), "{text}");
    assert_eq!(comments(&formatted.text, &after.tokens), comments(text, &before.tokens), "{text}");
    assert_eq!(dump::dump(&after.tree), dump::dump(&before.tree), "{text}\n{}", formatted.text);
    assert_eq!(format(&formatted.text).text, formatted.text, "{text}");
    let edits = format_range(text, Span::new(FileId(0), 0, text.len()));
    assert_eq!(apply_edits(text, &edits).unwrap(), formatted.text);
}

/// All tokens but commas.
fn words<'a>(text: &'a str, tokens: &[Token]) -> Vec<&'a str> {
    let word = |token: &&Token| !token.kind.is_trivia() && token.kind != TokenKind::Comma;
    tokens.iter().filter(word).map(|token| text[token.range()].trim_end()).collect()
}

/// All comments, without the space that may change.
fn comments<'a>(text: &'a str, tokens: &[Token]) -> Vec<(&'a str, &'a str)> {
    let plain = |token: &&Token| token.kind == TokenKind::Comment;
    let parts = |token: &Token| {
        let text = text[token.range()].trim_end_matches([' ', '\t']);
        (&text[..2], text[2..].strip_prefix(' ').unwrap_or(&text[2..]))
    };
    tokens.iter().filter(plain).map(parts).collect()
}

/// The `.wtop` files below a folder of the repository.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "wtop") {
            found.push(path);
        }
    }
}

#[test]
fn of_every_file_of_the_repository() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let found = |folder: &str| {
        let mut found = Vec::new();
        files(&root.join(folder), &mut found);
        assert!(!found.is_empty(), "{folder}");
        found.into_iter().map(|path| (String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned(), path))
    };
    for (text, _) in found("tests") {
        holds(&text);
    }
    for (text, path) in ["examples", "stdlib", "cli/templates"].into_iter().flat_map(found) {
        holds(&text);
        assert_eq!(format(&text).text, text, "`wtop fmt {}` mends it", path.display());
    }
}

#[test]
fn of_every_program_of_the_diagnostics() {
    codes::all().flat_map(|code| [code.wrong, code.right]).for_each(holds);
}

/// Something to put between two tokens.
fn gap() -> impl Strategy<Value = &'static str> {
    let gaps = [
        "",
        " ",
        "  ",
        "\n",
        "\r\n",
        "\n\n\n\n",
        " // c\n",
        "\n  //c\n\n",
        ",",
        ",\n",
        " , // c\n\n// d\n",
        "\n/// d\n",
    ];
    prop::sample::select(gaps.to_vec())
}

/// A canonical program with other gaps between some tokens.
fn respaced() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), gap());
    (prop::sample::select(CANONICAL.to_vec()), vec(change, 1..6)).prop_map(|(text, changes)| {
        let mut texts: Vec<&str> = tokens(text).iter().map(|token| &text[token.range()]).collect();
        for (place, gap) in changes {
            let at = place.index(texts.len());
            if texts[at].trim().is_empty() {
                texts[at] = gap;
            } else {
                texts.insert(at, gap);
            }
        }
        texts.concat()
    })
}

/// A line of a canonical program, more or less squeezed into or torn out of one line.
fn relined() -> impl Strategy<Value = String> {
    let pad = prop_oneof![2 => Just(0usize), 1 => 0usize..120];
    (prop::sample::select(CANONICAL.to_vec()), pad, vec(0u8..12, 400)).prop_map(|(text, pad, choices)| {
        let mut open = 0usize;
        let mut choices = choices.into_iter().cycle();
        let mut out = format!("let {}x = 1\n", "a".repeat(pad));
        for token in tokens(text) {
            let piece = &text[token.range()];
            match token.kind {
                TokenKind::OpenParen | TokenKind::OpenBracket | TokenKind::OpenBrace => open += 1,
                TokenKind::CloseParen | TokenKind::CloseBracket | TokenKind::CloseBrace => open -= 1,
                _ => {}
            }
            match (token.kind, choices.next()) {
                (TokenKind::Name, Some(0)) => out.extend([piece, "_", &"n".repeat(pad)]),
                (TokenKind::Comma, Some(0..=2)) => out.push_str(",\n"),
                (TokenKind::OpenBracket | TokenKind::OpenParen | TokenKind::OpenBrace, Some(0..=2)) => {
                    out.extend([piece, "\n"]);
                }
                (TokenKind::Space, Some(0)) if open > 0 => out.push('\n'),
                (TokenKind::Newline, Some(0..=8)) if open > 0 => out.push_str(", "),
                _ => out.push_str(piece),
            }
        }
        out
    })
}

/// Words and symbols in any order.
fn soup() -> impl Strategy<Value = String> {
    let pieces = [
        "node",
        "link",
        "a",
        "b: x",
        "x:e0",
        "x:\"e 1\"",
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        ",",
        "=",
        "..",
        "<->",
        "+",
        "-",
        "\n",
        "\r\n",
        " ",
        "// c\n",
        "//",
        "/// d\n",
        "//! f\n",
        "\"s\"",
        "\"\"\"\n  s\n  \"\"\"",
        "\"${",
        "1",
        "1%",
        "10.0.0.1",
        "each",
        "at",
        "per",
        "/31",
        "from p",
        "if",
        "then",
        "else",
        "for",
        "in",
        "enum",
        "type",
        "not",
        "use",
        ".",
        "é",
        "\t",
        "\u{feff}",
    ];
    vec(prop::sample::select(pieces.to_vec()), 0..40).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #[test]
    fn of_programs_with_other_space(text in respaced()) {
        holds(&text);
    }

    #[test]
    fn of_programs_with_other_lines(text in relined()) {
        holds(&text);
    }

    #[test]
    fn of_words_in_any_order(text in soup()) {
        holds(&text);
    }

    #[test]
    fn of_any_text(text in any::<String>()) {
        holds(&text);
    }

    #[test]
    fn of_any_range(text in respaced(), from in 0usize..2000, length in 0usize..200) {
        let edits = format_range(&text, Span::new(FileId(0), from, from + length));
        let edited = apply_edits(&text, &edits).unwrap();
        let tree = |text: &str| dump::dump(&parse(FileId(0), text).tree);
        prop_assert_eq!(tree(&edited), tree(&text));
    }
}
