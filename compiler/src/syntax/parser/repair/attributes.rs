//! Attributes that are written in another way than `key = value`.

use super::{Case, MISSING, Repair, begins_value, plain};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::syntax as codes;
use crate::source::Span;
use crate::syntax::lexeme::Kind;
use crate::syntax::parser::failure::Expected;
use crate::syntax::token::TokenKind;

fn about(place: Span, message: String, label: &str) -> Diagnostic {
    Diagnostic::new(&codes::E0127, place, message, label).help("an attribute is written `name = value`")
}

/// The `=` of an attribute of a block or of an end.
pub fn attribute(case: &Case<'_>) -> Option<Repair> {
    let in_end = matches!(case.word, "link" | "lag" | "wire") && case.depth() == 1;
    if case.word == "attribute " && case.at == 2 && case.is_before(TokenKind::Equal) {
        return arrow(case);
    }
    let at_key = (case.word == "attribute " && case.at == 1) || in_end;
    if !at_key || !case.expected.has(Expected::EQUAL) {
        return None;
    }
    let key = case.before_text();
    let Some(found) = case.found() else {
        let message = format!("`{key}` is neither a declaration nor has it a value");
        let diagnostic = about(case.gap(), message, "`=` and a value are missing");
        return case.insert(diagnostic, &[plain(TokenKind::Equal), MISSING]);
    };
    match found.kind {
        Kind::Port(_) => {
            let colon = Span { end: case.place().start + 1, ..case.place() };
            let diagnostic = about(colon, format!("`{key}` is set with `=`, not with `:`"), "write ` = `");
            case.replace(diagnostic.fix("Write `=`", colon, " = "), 1, &[plain(TokenKind::Equal), MISSING])
        }
        Kind::Plain(TokenKind::Colon | TokenKind::EqualEqual) => other_sign(case),
        Kind::Plain(TokenKind::Comma | TokenKind::CloseParen) => {
            let diagnostic = about(case.gap(), format!("`{key}` has no value"), "`=` and a value are missing");
            case.insert(diagnostic, &[plain(TokenKind::Equal), MISSING])
        }
        kind if begins_value(kind) => {
            let diagnostic = about(case.gap(), format!("`{key}` needs a `=` before its value"), "`=` is missing");
            case.insert(diagnostic.fix("Insert `=`", case.gap(), " ="), &[plain(TokenKind::Equal)])
        }
        _ => None,
    }
}

/// `memory: 4GiB`, `memory == 4GiB`, `memory := 4GiB`
fn other_sign(case: &Case<'_>) -> Option<Repair> {
    let (count, glued) = case.glued();
    let next = case.lexemes.get(case.at + 1);
    let walrus = count > 1 && next.is_some_and(|next| next.kind == plain(TokenKind::Equal));
    let place = if walrus { Span { end: case.place().start + 2, ..glued } } else { case.place() };
    let wrong = if walrus { ":=" } else { case.found_text() };
    let diagnostic = about(place, format!("`{}` is set with `=`, not with `{wrong}`", case.before_text()), "write `=`");
    let diagnostic = diagnostic.fix("Write `=`", Span { start: case.gap().start, ..place }, " =");
    let has_value = case.lexemes.get(case.at + 1 + usize::from(walrus)).is_some();
    let with: &[Kind] = if has_value { &[plain(TokenKind::Equal)] } else { &[plain(TokenKind::Equal), MISSING] };
    case.replace(diagnostic, 1 + usize::from(walrus), with)
}

/// `memory => 4GiB`
fn arrow(case: &Case<'_>) -> Option<Repair> {
    if !case.is(TokenKind::Greater) || case.place().start != case.gap().start {
        return None;
    }
    let place = Span { start: case.place().start - 1, ..case.place() };
    let key = case.back(2).map_or("", |key| case.state.slice(key));
    let diagnostic = about(place, format!("`{key}` is set with `=`, not with `=>`"), "write `=`");
    case.replace(diagnostic.fix("Write `=`", place, "="), 1, &[])
}
