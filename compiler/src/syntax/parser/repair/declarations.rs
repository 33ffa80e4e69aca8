//! The signs and bodies that declarations need.

use super::{Case, MISSING, Repair, plain, rest};
use crate::diagnostics::codes::syntax as codes;
use crate::diagnostics::{Diagnostic, TextEdit};
use crate::source::Span;
use crate::syntax::lexeme::{Kind, Lexeme, NO_BLOCK};
use crate::syntax::parser::failure::Expected;
use crate::syntax::parser::mistakes::{about, form};
use crate::syntax::token::TokenKind;

/// The colon between a name and its device, type or kind.
pub fn colon(case: &Case<'_>) -> Option<Repair> {
    let in_parameters = matches!(case.word, "device" | "module");
    if matches!(case.word, "check" | "expect") && case.at == 1 && case.finds_name() && case.before()?.kind.is_name() {
        let message = format!("the name of {} is followed by `:`", form(case.word).0);
        let diagnostic =
            case.about(&codes::E0122, case.gap(), message, "`:` is missing").fix("Insert `:`", case.gap(), ":");
        return case.earlier(1).replace(diagnostic, 1, &[]);
    }
    if !case.expected.has(Expected::COLON) || case.depth() > usize::from(in_parameters) {
        return None;
    }
    let what = if in_parameters { form("param").0 } else { form(case.word).0 };
    if case.found().is_some_and(|found| matches!(found.kind, Kind::Port(_))) {
        return Some(split_port(case, what));
    }
    let after = match case.word {
        "node" => "its device",
        "target" => "its kind",
        "param" | "field" | "attribute" | "device" | "module" => "its type",
        _ => return None,
    };
    let name = case.before_text();
    if case.is(TokenKind::Equal) && (case.word == "param" || in_parameters) {
        let message = format!("the parameter `{name}` needs a type");
        let diagnostic = case.about(&codes::E0134, case.gap(), message, "`: TYPE` is missing");
        return case.insert(diagnostic, &[plain(TokenKind::Colon), MISSING]);
    }
    if case.is(TokenKind::Equal) {
        let message = format!("{what} is written with `:` between its name and {after}");
        let code = if case.word == "field" { &codes::E0140 } else { &codes::E0122 };
        let place = Span { start: case.gap().start, ..case.place() };
        let diagnostic = case.about(code, case.place(), message, "not `:`").fix("Write `:`", place, ":");
        return case.replace(diagnostic, 1, &[plain(TokenKind::Colon)]);
    }
    let type_follows =
        case.found().is_some_and(|found| matches!(found.kind, Kind::Block(_) | Kind::Plain(TokenKind::OpenBracket)));
    if case.finds_name() || type_follows && !matches!(case.word, "node" | "target") {
        let message = format!("{what} needs a `:` between its name and {after}");
        let diagnostic =
            case.about(&codes::E0122, case.gap(), message, "`:` is missing").fix("Insert `:`", case.gap(), ":");
        return case.insert(diagnostic, &[plain(TokenKind::Colon)]);
    }
    let diagnostic = case.about(&codes::E0122, case.gap(), format!("{what} needs `:` and {after}"), "missing here");
    case.insert(diagnostic, &[plain(TokenKind::Colon), MISSING])
}

/// `node h1:debian`: the colon belongs to the declaration, not to an interface name.
fn split_port(case: &Case<'_>, what: &str) -> Repair {
    let place = case.place();
    let colon = Span { end: place.start + 1, ..place };
    let message = format!("in {what}, a space follows the `:`");
    let label = format!("`{}` reads as an interface of `{}`", case.found_text(), case.before_text());
    let diagnostic = about(&codes::E0123, case.word, place, message, label).fix("Insert a space", colon.at_end(), " ");
    let mut lexemes: Vec<Lexeme> = case.lexemes.iter().take(case.at).copied().collect();
    lexemes.push(Lexeme { kind: plain(TokenKind::Colon), start: colon.start, end: colon.end });
    let mut start = colon.end;
    for (index, name) in case.found_text().trim_start_matches(':').split('.').enumerate() {
        if index > 0 {
            lexemes.push(Lexeme { kind: plain(TokenKind::Dot), start, end: start + 1 });
            start += 1;
        }
        let end = start + name.len() as u32;
        let is_name =
            name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_') && !name.contains(['/', '$']);
        lexemes.push(Lexeme { kind: if is_name { plain(TokenKind::Name) } else { MISSING }, start, end });
        start = end;
    }
    lexemes.extend(case.lexemes.iter().skip(case.at + 1).copied());
    Repair { diagnostic, lexemes, sure: true, after_hole: None, next_item: None }
}

/// `node g[1..2][1..2]`
pub fn dims_in_two(case: &Case<'_>) -> Option<Repair> {
    let twice = case.is(TokenKind::OpenBracket) && case.is_before(TokenKind::CloseBracket);
    if !twice || !case.expected.has(Expected::COLON) {
        return None;
    }
    let place = Span { start: case.gap().start - 1, ..case.place() };
    let diagnostic = case
        .about(&codes::E0129, place, "all dimensions stand in one pair of brackets: `[1..2, 1..3]`", "a second pair")
        .fix("Write a comma", place, ", ");
    case.earlier(1).replace(diagnostic, 2, &[plain(TokenKind::Comma)])
}

/// The `=` of `let`, `type` and `pool`.
pub fn equal(case: &Case<'_>) -> Option<Repair> {
    let declares = matches!(case.word, "let" | "type" | "pool");
    if !declares || !case.expected.has(Expected::EQUAL) || case.depth() > 0 || case.has_before(TokenKind::Equal) {
        return None;
    }
    let (what, _) = form(case.word);
    if case.is(TokenKind::EqualEqual) || case.is(TokenKind::Colon) {
        let message = format!("{what} is written with one `=`");
        let place = Span { start: case.gap().start, ..case.place() };
        let diagnostic = case.about(&codes::E0135, case.place(), message, "write `=`").fix("Write `=`", place, " =");
        return case.replace(diagnostic, 1, &[plain(TokenKind::Equal)]);
    }
    let message = format!("{what} needs a `=` and its value");
    if case.finds_value() {
        let diagnostic =
            case.about(&codes::E0135, case.gap(), message, "`=` is missing").fix("Insert `=`", case.gap(), " =");
        return case.insert(diagnostic, &[plain(TokenKind::Equal)]);
    }
    let diagnostic = case.about(&codes::E0135, case.gap(), message, "missing here");
    case.insert(diagnostic, &[plain(TokenKind::Equal), MISSING])
}

/// `interface ge-0/0/0`, and the `=` before what an interface is.
pub fn interface(case: &Case<'_>) -> Option<Repair> {
    if case.word != "interface" || case.depth() > 0 {
        return None;
    }
    let glued = case.place().start == case.gap().start;
    if case.at == 1 && glued && (case.is(TokenKind::Slash) || case.is(TokenKind::Dot)) {
        let (count, place) = case.earlier(1).glued();
        let name = case.state.text.get(place.range()).unwrap_or_default();
        let message = format!("here, an interface name with `{}` stands in quotes", case.found_text());
        let diagnostic = case.about(&codes::E0121, place, message, "not in quotes");
        let diagnostic = diagnostic.fix(format!("Write `\"{name}\"`"), place, format!("\"{name}\""));
        return case.earlier(1).replace(diagnostic, count, &[plain(TokenKind::Name)]);
    }
    if case.expected.has(Expected::EQUAL) && case.finds_name() && !case.has_before(TokenKind::Equal) {
        let message = "an interface needs a `=` before what it is";
        let diagnostic =
            case.about(&codes::E0135, case.gap(), message, "`=` is missing").fix("Insert `=`", case.gap(), " =");
        return case.insert(diagnostic, &[plain(TokenKind::Equal)]);
    }
    None
}

/// `use ./lib.wtop`, `use "./lib.wtop" {a}`, `use std.juniper.*`
pub fn import(case: &Case<'_>) -> Option<Repair> {
    if case.word != "use" {
        return None;
    }
    if case.at == 0 && (case.is(TokenKind::Dot) || case.is(TokenKind::DotDot)) {
        let (count, place) = case.glued();
        let path = case.state.text.get(place.range()).unwrap_or_default();
        let diagnostic = case.about(&codes::E0141, place, "the path of a file stands in quotes", "not in quotes");
        let diagnostic = diagnostic.fix(format!("Write `\"{path}\"`"), place, format!("\"{path}\""));
        return case.replace(diagnostic, count, &[MISSING]);
    }
    if case.is(TokenKind::Star) && case.is_before(TokenKind::Dot) {
        let diagnostic = case.about(&codes::E0129, case.place(), "what is used is named, one by one", "no `*` here");
        return case.replace(diagnostic, 1, &[MISSING]);
    }
    let names = case.found().is_some_and(|found| matches!(found.kind, Kind::Block(_)));
    if names && case.at > 0 && !case.is_before(TokenKind::Dot) {
        let diagnostic = case.about(
            &codes::E0129,
            case.gap(),
            "a `.` stands between the path and the names in braces",
            "`.` is missing",
        );
        let place = Span { end: case.place().start, ..case.gap() };
        return case.insert(diagnostic.fix("Write `.`", place, "."), &[plain(TokenKind::Dot)]);
    }
    None
}

/// `for x in list`
pub fn binding(case: &Case<'_>) -> Option<Repair> {
    let after_for =
        case.back(2).is_some_and(|word| word.kind == plain(TokenKind::For)) || (case.word == "for" && case.at == 1);
    if !case.expected.has(Expected::IN) || !after_for {
        return None;
    }
    let message = "`for` needs `in` between its variable and the list";
    let wrong = case.is(TokenKind::Equal) || case.is(TokenKind::Colon) || matches!(case.found_text(), "of" | "from");
    if wrong {
        let diagnostic =
            Diagnostic::new(&codes::E0137, case.place(), message, "not `in`").fix("Write `in`", case.place(), "in");
        return case.replace(diagnostic, 1, &[plain(TokenKind::In)]);
    }
    let diagnostic = Diagnostic::new(&codes::E0137, case.gap(), message, "`in` is missing");
    if case.finds_value() && !case.found().is_some_and(|found| matches!(found.kind, Kind::Block(_))) {
        return case.insert(diagnostic.fix("Insert `in`", case.gap(), " in"), &[plain(TokenKind::In)]);
    }
    case.insert(diagnostic.help("`for x in LIST { … }`"), &[plain(TokenKind::In), MISSING])
}

/// Strings, numbers and marks that a few declarations need.
pub fn small(case: &Case<'_>) -> Option<Repair> {
    let place = case.place();
    if case.expected.has(Expected::SLASH) {
        let diagnostic =
            case.about(&codes::E0142, case.gap(), "`per` needs a prefix length with `/`", "`/` is missing");
        return case.insert(diagnostic.fix("Insert `/`", place.at_start(), "/"), &[plain(TokenKind::Slash)]);
    }
    if case.expected.has(Expected::INT) {
        let replaced = case.found().is_some_and(|found| found.kind.is_atom() && !matches!(found.kind, Kind::Block(_)));
        let label = if replaced { "not a whole number" } else { "missing here" };
        let diagnostic = case.about(&codes::E0142, place, "a whole number is missing", label);
        return case.replace(diagnostic, usize::from(replaced), &[MISSING]);
    }
    if case.expected.has(Expected::STRING) {
        let message = format!("a string in quotes is missing after `{}`", case.before_text());
        let diagnostic = case.about(&codes::E0141, place, message, "not a string");
        if !case.finds_name() {
            return case.insert(diagnostic, &[MISSING]);
        }
        let quoted = format!("\"{}\"", case.found_text());
        return case.replace(diagnostic.fix(format!("Write `{quoted}`"), place, quoted), 1, &[MISSING]);
    }
    None
}

/// A body that is missing.
pub fn block(case: &Case<'_>) -> Option<Repair> {
    if !case.expected.has(Expected::BLOCK) || case.expected.has(Expected::END) || case.depth() > 0 {
        return None;
    }
    let (what, _) = form(case.word);
    if let Some(repair) = condition_is_block(case) {
        return Some(repair);
    }
    if case.word == "for" && case.found().is_none() && case.is_before(TokenKind::CloseParen) {
        return None;
    }
    let needs_body = case.found().is_none() || case.is(TokenKind::Else);
    if case.is(TokenKind::Then) && matches!(case.word, "if" | "for") {
        let message = format!("{what} stands around declarations with braces");
        let diagnostic = case.about(&codes::E0128, case.place(), message, "write `{` … `}`");
        let lexemes = case.replaced(case.lexemes.len() - case.at, &[Kind::Block(NO_BLOCK)]);
        return Some(Repair { diagnostic, lexemes, sure: false, after_hole: None, next_item: None });
    }
    if !needs_body {
        let later = case.has_after(|kind| matches!(kind, Kind::Block(_)));
        return if later { None } else { Some(rest::rest(case)) };
    }
    let message = match case.word {
        "use" => "`use` needs names in braces after the `.`".to_owned(),
        _ => format!("{what} needs `{{ … }}`"),
    };
    case.insert(case.about(&codes::E0128, case.gap(), message, "the braces are missing"), &[Kind::Block(NO_BLOCK)])
}

/// `if { … }`, `for x in { … }`: the braces were taken for the value that is missing.
fn condition_is_block(case: &Case<'_>) -> Option<Repair> {
    let taken = case.before().is_some_and(|before| matches!(before.kind, Kind::Block(_)));
    let first = match case.word {
        "if" => case.at == 1 || case.back(2).is_some_and(|word| word.kind == plain(TokenKind::If)),
        "for" => case.back(2).is_some_and(|word| word.kind == plain(TokenKind::In)),
        _ => false,
    };
    if !taken || !first {
        return None;
    }
    let missing = if case.word == "if" { "a condition" } else { "a list" };
    let before = case.earlier(1);
    let diagnostic =
        case.about(&codes::E0120, before.gap(), format!("{missing} is missing before `{{`"), "missing here");
    before.insert(diagnostic, &[MISSING])
}

/// `for (x in list) { … }`: the parentheses of another language.
pub fn parentheses(case: &Case<'_>) -> Option<Repair> {
    if case.word != "for" || case.at != 0 || !case.is(TokenKind::OpenParen) {
        return None;
    }
    let inner = Case { at: 1, ..*case };
    let close = 1 + inner.rest_of_brackets(|_| false);
    let last = case.lexemes.get(close).map(|close| case.state.at(*close))?;
    let edits = [case.place(), last].map(|span| TextEdit { span, text: String::new() });
    let diagnostic = case
        .about(&codes::E0129, case.place().to(last), "`for` stands without parentheses", "in parentheses")
        .fix_all("Remove the parentheses", edits.to_vec());
    let kept = case.lexemes.iter().enumerate().filter(|(index, _)| *index != 0 && *index != close);
    let lexemes = kept.map(|(_, lexeme)| *lexeme).collect();
    Some(Repair { diagnostic, lexemes, sure: true, after_hole: None, next_item: None })
}
