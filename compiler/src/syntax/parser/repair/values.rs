//! Values that are missing, and operators that are used in another way.

use super::{Case, MISSING, Repair, plain};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::syntax as codes;
use crate::source::Span;
use crate::syntax::lexeme::{Kind, Lexeme};
use crate::syntax::mistakes::meant_units;
use crate::syntax::parser::failure::Expected;
use crate::syntax::token::TokenKind;

/// `a < b < c`, `a..b..c`, and `=` where values are compared.
pub fn comparison(case: &Case<'_>) -> Option<Repair> {
    use TokenKind::*;
    if case.expected.has(Expected::VALUE.and(Expected::NAME).and(Expected::TYPE)) {
        return None;
    }
    let compares = matches!(case.word, "if" | "check" | "expect") || case.has_before(Where) || case.has_before(If);
    if case.is(Equal) && compares && case.depth() == 0 {
        let diagnostic =
            Diagnostic::new(&codes::E0139, case.place(), "values are compared with `==`", "`=` sets an attribute").fix(
                "Write `==`",
                case.place(),
                "==",
            );
        return case.replace(diagnostic, 1, &[plain(EqualEqual)]);
    }
    let Some(Lexeme { kind: Kind::Plain(found), .. }) = case.found() else { return None };
    let boundary = |kind: Kind| {
        matches!(kind, Kind::Plain(And | Or | Then | Else | Comma | Where | For | If | Wire | Equal) | Kind::Block(_))
    };
    let count = case.rest_of_brackets(boundary);
    match found {
        EqualEqual | NotEqual | Less | LessEqual | Greater | GreaterEqual => {
            let diagnostic =
                Diagnostic::new(&codes::E0130, case.place(), "comparisons cannot be chained", "a second comparison")
                    .help("write `a < b and b < c`, or for a range `b in 1..4`");
            case.replace(diagnostic, count, &[])
        }
        DotDot => {
            let diagnostic = Diagnostic::new(&codes::E0130, case.place(), "a range has two ends", "a third one")
                .help("a range is written `1..4`, and both ends belong to it");
            case.replace(diagnostic, count, &[])
        }
        Question => {
            let message = "a choice between values is written `if CONDITION then VALUE else VALUE`";
            let diagnostic = Diagnostic::new(&codes::E0136, case.place(), message, "no `?` here");
            case.replace(diagnostic, count, &[])
        }
        _ => None,
    }
}

/// `10 ms`, `50 %`
pub fn unit(case: &Case<'_>) -> Option<Repair> {
    let is_number = |lexeme: Lexeme| {
        let digits = case.state.slice(lexeme).bytes().all(|byte| byte.is_ascii_digit());
        matches!(lexeme.kind, Kind::Literal(_)) && digits
    };
    let (number, unit) = match (case.back(2), case.before(), case.found()) {
        (Some(number), Some(percent), _)
            if percent.kind == plain(TokenKind::Percent) && is_number(number) && case.expected.has(Expected::VALUE) =>
        {
            (number, percent)
        }
        (_, Some(number), Some(name)) if is_number(number) && matches!(name.kind, Kind::Plain(TokenKind::Name)) => {
            (number, name)
        }
        _ => return None,
    };
    let units = meant_units(case.state.slice(unit), case.attribute());
    if units.is_empty() {
        return None;
    }
    let place = case.state.at(number).to(case.state.at(unit));
    let options: Vec<String> = units.iter().map(|unit| format!("{}{unit}", case.state.slice(number))).collect();
    let label = format!("write `{}`", options.join("` or `"));
    let diagnostic = Diagnostic::new(&codes::E0018, place, "there is no space between a number and its unit", label);
    let diagnostic = options
        .iter()
        .fold(diagnostic, |diagnostic, option| diagnostic.fix(format!("Write `{option}`"), place, option));
    let distance = if unit.kind == plain(TokenKind::Percent) { 2 } else { 1 };
    case.earlier(distance).replace(diagnostic, 2, &[MISSING])
}

/// A value that is missing.
pub fn value(case: &Case<'_>) -> Option<Repair> {
    if !case.expected.has(Expected::VALUE) {
        return None;
    }
    if case.is(TokenKind::From) {
        let message = "`from POOL` stands only as the value of an attribute, or in a list there";
        return case.replace(Diagnostic::new(&codes::E0129, case.place(), message, "not here"), 1, &[]);
    }
    let before = case.before_text();
    let key = match case.back(3).map(|back| back.kind) {
        None => case.back(2).filter(|key| key.kind.is_name() || matches!(key.kind, Kind::Text(_))),
        Some(Kind::Plain(TokenKind::OpenParen | TokenKind::Comma)) => case.back(2).filter(|key| key.kind.is_name()),
        Some(_) => None,
    };
    let message = match (before, key) {
        _ if case.is(TokenKind::DotDot) => "a range needs both its ends: `1..4`".to_owned(),
        ("..", _) => "a range needs both its ends: `1..4`".to_owned(),
        ("=" | "+=", Some(key)) if case.found().is_none() => {
            format!("`{}` has no value: it stands on the line of its `{before}`", case.state.slice(key))
        }
        ("=" | "+=", Some(key)) => format!("`{}` has no value", case.state.slice(key)),
        ("", _) => "a value is missing".to_owned(),
        (before, _) if before.len() <= 20 => format!("a value is missing after `{before}`"),
        _ => "a value is missing".to_owned(),
    };
    let label = if case.found().is_some() { "a value is missing before this" } else { "missing here" };
    case.insert(Diagnostic::new(&codes::E0120, case.place(), message, label), &[MISSING])
}

/// `if c then a else b`
pub fn conditional(case: &Case<'_>) -> Option<Repair> {
    let (token, word) = match case.expected {
        expected if expected.has(Expected::THEN) => (TokenKind::Then, "then"),
        expected if expected.has(Expected::ELSE) && !expected.has(Expected::END) => (TokenKind::Else, "else"),
        _ => return None,
    };
    if case.word == "if" && case.expected.has(Expected::BLOCK) {
        return None;
    }
    let help = "it is written `if CONDITION then VALUE else VALUE`, on one line or with `then` and `else` at the start of lines";
    if case.found().is_some_and(|found| matches!(found.kind, Kind::Block(_))) && token == TokenKind::Then {
        let message = "a choice between values is written with `then` and `else`, without braces";
        let place = case.place();
        let brace = Span { end: place.start + 1, ..place };
        let diagnostic = Diagnostic::new(&codes::E0136, brace, message, "braces stand around declarations").help(help);
        let choice = [plain(TokenKind::Then), MISSING, plain(TokenKind::Else), MISSING];
        let count = case.rest_of_brackets(|kind| matches!(kind, Kind::Plain(TokenKind::Comma)));
        return case.replace(diagnostic, count, &choice);
    }
    let message = format!("a choice between values needs `{word}`");
    let diagnostic = Diagnostic::new(&codes::E0136, case.gap(), message, format!("`{word}` is missing")).help(help);
    if case.finds_value() {
        return case.insert(diagnostic, &[plain(token)]);
    }
    case.insert(diagnostic, &[plain(token), MISSING])
}
