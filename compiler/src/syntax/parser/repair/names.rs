//! Names and types that are missing, or that cannot be what they stand for.

use super::{Case, MISSING, Repair, declarations, plain};
use crate::diagnostics::codes::syntax as codes;
use crate::diagnostics::{Diagnostic, TextEdit};
use crate::syntax::lexeme::Kind;
use crate::syntax::parser::failure::Expected;
use crate::syntax::parser::mistakes::form;
use crate::syntax::token::TokenKind;

/// A name that is missing, reserved or quoted.
pub fn name(case: &Case<'_>) -> Option<Repair> {
    if !case.expected.has(Expected::NAME) || case.expected.has(Expected::VALUE) {
        return None;
    }
    if let Some(repair) = declarations::parentheses(case) {
        return Some(repair);
    }
    let Some(found) = case.found() else { return missing(case) };
    let (what, _) = form(case.word);
    let place = case.place();
    let text = case.found_text();
    let is_end = matches!(case.word, "link" | "lag" | "wire");
    let goes_on = case.word == "interface" && case.is(TokenKind::For);
    match found.kind {
        kind if kind.is_reserved() && !goes_on => {
            let message = format!("`{text}` is a word of the language and cannot be a name");
            let diagnostic = Diagnostic::new(&codes::E0126, place, message, "reserved")
                .help(format!("choose another name, or add to it: `{text}-1`"));
            case.replace(diagnostic, 1, &[MISSING])
        }
        Kind::Text(_) if !is_end => {
            let inner = text.trim_matches('"');
            let fits = inner.starts_with(|char: char| char.is_ascii_alphabetic())
                && inner.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-'))
                && !inner.ends_with('-');
            let diagnostic =
                case.about(&codes::E0121, place, format!("a name stands without quotes in {what}"), "a string");
            let diagnostic = if fits { diagnostic.fix("Remove the quotes", place, inner) } else { diagnostic };
            case.replace(diagnostic, 1, &[MISSING])
        }
        Kind::Text(_) => quoted_end(case),
        Kind::Literal(_) => {
            let (count, place) = case.glued();
            let count =
                if count > 1 && case.lexemes.get(case.at + 1).is_some_and(|next| next.kind.is_name()) { 2 } else { 1 };
            let place = if count == 2 { place } else { case.place() };
            let diagnostic = case.about(&codes::E0121, place, "a name begins with a letter", "not a name");
            case.replace(diagnostic, count, &[MISSING])
        }
        _ => missing(case),
    }
}

/// `link "a:eth1" <-> "b:eth1"`
fn quoted_end(case: &Case<'_>) -> Option<Repair> {
    let ends = case.lexemes.iter().skip(case.at);
    let quoted: Vec<_> = ends.filter(|lexeme| matches!(lexeme.kind, Kind::Text(_))).copied().collect();
    let edits: Vec<TextEdit> = quoted
        .iter()
        .map(|lexeme| TextEdit {
            span: case.state.at(*lexeme),
            text: case.state.slice(*lexeme).trim_matches('"').to_owned(),
        })
        .collect();
    let reads_as_end = |edit: &TextEdit| {
        edit.text.starts_with(|char: char| char.is_ascii_alphabetic())
            && edit.text.chars().all(|char| char.is_ascii_alphanumeric() || "-_/.:".contains(char))
    };
    let (what, _) = form(case.word);
    let message = format!("the ends of {what} stand without quotes");
    let diagnostic = case.about(&codes::E0121, case.place(), message, "a string");
    // Both ends are one mistake.
    let count = case.rest_of_brackets(|kind| matches!(kind, Kind::Block(_)));
    let wire = case.lexemes.iter().skip(case.at).take(count).any(|lexeme| lexeme.kind == plain(TokenKind::Wire));
    let with: &[Kind] = if wire { &[MISSING, plain(TokenKind::Wire), MISSING] } else { &[MISSING] };
    let fits = edits.iter().all(reads_as_end);
    case.replace(if fits { diagnostic.fix_all("Remove the quotes", edits) } else { diagnostic }, count, with)
}

fn missing(case: &Case<'_>) -> Option<Repair> {
    let (what, _) = form(case.word);
    let message = match (case.word, case.before_text()) {
        ("link" | "lag" | "wire", "") => format!("{what} has two ends: the first one is missing"),
        ("link" | "lag" | "wire", "<->") => format!("{what} has two ends: the second one is missing"),
        (_, "") => format!("{what} needs a name"),
        (_, before) if before.len() <= 20 => format!("a name is missing after `{before}`"),
        _ => "a name is missing".to_owned(),
    };
    let place = case.gap();
    case.insert(case.about(&codes::E0121, place, message, "missing here"), &[MISSING])
}

/// A type that is missing.
pub fn type_(case: &Case<'_>) -> Option<Repair> {
    if !case.expected.has(Expected::TYPE) {
        return None;
    }
    let known = "types are bool, int, string, size, duration, rate, percent, ip, cidr, prefix, mac, [T], map[T], T?, { a: T }, enum { a, b }";
    if case.found().is_some_and(|found| found.kind.is_atom() || found.kind.is_reserved()) {
        let message = format!("`{}` is not a type", case.found_text());
        let diagnostic = Diagnostic::new(&codes::E0134, case.place(), message, "not a type").help(known);
        return case.replace(diagnostic, 1, &[MISSING]);
    }
    let diagnostic = Diagnostic::new(&codes::E0134, case.gap(), "a type is missing", "missing here").help(known);
    case.insert(diagnostic, &[MISSING])
}
