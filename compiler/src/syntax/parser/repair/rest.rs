//! What is too much: other items on the same line, and what nothing else is known about.

use super::{Case, MISSING, Repair, plain};
use crate::diagnostics::codes::syntax as codes;
use crate::diagnostics::{Diagnostic, TextEdit};
use crate::source::Span;
use crate::syntax::lexeme::{Kind, Lexeme};
use crate::syntax::parser::failure::Expected;
use crate::syntax::parser::mistakes::{ELSE_IF, form};
use crate::syntax::token::TokenKind;
use crate::syntax::words::begins_declaration;

/// `[1 2]`, `enum { a b }`
pub fn comma(case: &Case<'_>) -> Option<Repair> {
    let in_brackets = case.depth() > 0 && case.finds_value() && case.expected.has(Expected::COMMA);
    let in_names = matches!(case.word, "enum" | "use name") && case.finds_name() && case.expected.has(Expected::END);
    if !in_brackets && !in_names {
        return None;
    }
    let diagnostic = Diagnostic::new(&codes::E0143, case.gap(), "a comma is missing between these two", "missing here")
        .fix("Insert `,`", case.gap(), ",");
    if in_brackets {
        return case.insert(diagnostic, &[plain(TokenKind::Comma)]);
    }
    case.replace(diagnostic, case.lexemes.len() - case.at, &[])
}

/// Leaves something out.
pub fn rest(case: &Case<'_>) -> Repair {
    let place = case.place();
    let text = case.found_text();
    let repair = |diagnostic, lexemes, sure| Repair { diagnostic, lexemes, sure, after_hole: None, next_item: None };
    if case.word == "if" && ELSE_IF.contains(&text) {
        let diagnostic =
            Diagnostic::new(&codes::E0131, place, format!("`{text}` is written `else if`"), "write `else if`").fix(
                "Write `else if`",
                place,
                "else if",
            );
        return repair(diagnostic, case.replaced(1, &[plain(TokenKind::Else), plain(TokenKind::If)]), true);
    }
    if case.depth() == 0
        && let Some(repair) = options(case).or_else(|| second_item(case))
    {
        return repair;
    }
    let before = case.before_text();
    let short = |text: &str| !text.is_empty() && text.chars().count() <= 20 && !text.contains('\n');
    let message = match (short(text), short(before)) {
        (true, true) => format!("`{text}` does not fit after `{before}`"),
        (true, false) => format!("`{text}` does not fit here"),
        _ => "this does not fit here".to_owned(),
    };
    let diagnostic = case.about(&codes::E0129, place, message, "not expected here");
    let keeps = |kind: Kind| case.expected.has(Expected::BLOCK) && matches!(kind, Kind::Block(_));
    let count = case.rest_of_brackets(keeps).max(1);
    let wanted: &[Kind] = if case.found().is_none() { &[MISSING] } else { &[] };
    repair(diagnostic, case.replaced(count, wanted), false)
}

/// Does this set an attribute: `name =`, `name +=`, `name { … }`?
fn sets(found: Lexeme, next: Option<&Lexeme>) -> bool {
    let sign = |next: &Lexeme| {
        matches!(next.kind, Kind::Plain(TokenKind::Equal | TokenKind::PlusEqual | TokenKind::Colon) | Kind::Block(_))
    };
    found.kind.is_name() && next.is_some_and(sign)
}

/// `expect ping(a, b) within = 30s`: attributes of the declaration, without their braces.
fn options(case: &Case<'_>) -> Option<Repair> {
    let found = case.found()?;
    let last = case.lexemes.last().map(|last| case.state.at(*last))?;
    let next = case.lexemes.get(case.at + 1).filter(|next| !matches!(next.kind, Kind::Block(_)));
    if !case.expected.has(Expected::BLOCK) || !sets(found, next) {
        return None;
    }
    let (what, _) = form(case.word);
    let edits = vec![
        TextEdit { span: case.place().at_start(), text: "{ ".to_owned() },
        TextEdit { span: last.at_end(), text: " }".to_owned() },
    ];
    let message = format!("the attributes of {what} stand in braces");
    let diagnostic =
        case.about(&codes::E0128, case.place(), message, "the braces are missing").fix_all("Write the braces", edits);
    let lexemes = case.lexemes.iter().take(case.at).copied().collect();
    Some(Repair { diagnostic, lexemes, sure: false, after_hole: None, next_item: None })
}

/// Another item that begins on the same line: it is read as one.
fn second_item(case: &Case<'_>) -> Option<Repair> {
    let found = case.found()?;
    let next = case.lexemes.get(case.at + 1);
    let declares = next.is_some_and(|next| next.kind.is_name()) && begins_declaration(case.found_text());
    // A dialogue of a console has steps, which begin with a word and go on with text.
    let steps = case.word == "expect"
        && matches!(case.found_text(), "send" | "expect")
        && next.is_some_and(|next| matches!(next.kind, Kind::Text(_)));
    if !case.expected.has(Expected::END) || !(sets(found, next) || declares || steps) {
        return None;
    }
    let place = case.place();
    let message = format!("`{}` begins another item, on the same line", case.found_text());
    let diagnostic = Diagnostic::new(&codes::E0138, place, message, "begins here")
        .help("items stand on lines of their own, or in braces with a comma between them")
        .fix("Start a new line", Span { start: case.gap().start, end: place.start, ..place }, "\n");
    let lexemes = case.lexemes.iter().take(case.at).copied().collect();
    Some(Repair { diagnostic, lexemes, sure: true, after_hole: None, next_item: Some(case.at) })
}
