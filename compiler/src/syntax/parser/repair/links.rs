//! Links: what stands between their ends and in them.

use super::{Case, MISSING, Repair, plain};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::syntax as codes;
use crate::source::Span;
use crate::syntax::ast::ExprKind;
use crate::syntax::lexeme::{Kind, Lexeme};
use crate::syntax::parser::failure::Expected;
use crate::syntax::parser::mistakes::form;
use crate::syntax::token::TokenKind;

fn is_link(case: &Case<'_>) -> bool {
    matches!(case.word, "link" | "lag" | "wire")
}

/// The ends of a link and what stands between them.
pub fn wire(case: &Case<'_>) -> Option<Repair> {
    if !case.expected.has(Expected::WIRE) || case.depth() > 0 {
        return None;
    }
    let (what, _) = form(case.word);
    let arrow = case.lexemes.iter().skip(case.at).take_while(|lexeme| is_arrow(lexeme.kind)).count();
    if arrow > 0 {
        let last = case.lexemes.get(case.at + arrow - 1).map_or(case.place(), |last| case.state.at(*last));
        let place = case.place().to(last);
        let message = format!("{what} is written with `<->` between its two ends");
        let diagnostic = case.about(&codes::E0124, place, message, "not `<->`").fix("Write `<->`", place, "<->");
        return case.replace(diagnostic, arrow, &[plain(TokenKind::Wire)]);
    }
    if case.found().is_none_or(|found| matches!(found.kind, Kind::Block(_))) {
        if case.word == "lag" {
            return None;
        }
        let diagnostic = case.about(
            &codes::E0124,
            case.gap(),
            format!("{what} has two ends"),
            "`<->` and the other end are missing",
        );
        return case.insert(diagnostic, &[plain(TokenKind::Wire), MISSING]);
    }
    if !case.finds_name() && !case.is(TokenKind::OpenBracket) {
        return None;
    }
    if case.at == 1 && case.has_after(|kind| kind == plain(TokenKind::Wire)) {
        let message = format!("the name of {what} is followed by `:`");
        let diagnostic =
            case.about(&codes::E0122, case.gap(), message, "`:` is missing").fix("Insert `:`", case.gap(), ":");
        return case.earlier(1).replace(diagnostic, 1, &[]);
    }
    let message = format!("{what} needs `<->` between its two ends");
    let diagnostic =
        case.about(&codes::E0124, case.gap(), message, "`<->` is missing").fix("Insert `<->`", case.gap(), " <->");
    case.insert(diagnostic, &[plain(TokenKind::Wire)])
}

fn is_arrow(kind: Kind) -> bool {
    use TokenKind::*;
    matches!(kind, Kind::Plain(Minus | Less | Greater | Equal | EqualEqual | LessEqual | GreaterEqual))
}

/// `b: eth1`
pub fn space_in_end(case: &Case<'_>) -> Option<Repair> {
    let next = case.lexemes.get(case.at + 1).filter(|next| next.kind.is_name())?;
    if !is_link(case) || !case.is(TokenKind::Colon) || case.depth() > 0 {
        return None;
    }
    let space = Span { start: case.place().end, end: next.start, ..case.place() };
    let message = format!(
        "there is no space between a node and its interface: `{}:{}`",
        case.before_text(),
        case.state.slice(*next)
    );
    let diagnostic = Diagnostic::new(&codes::E0146, space, message, "a space").fix("Remove the space", space, "");
    case.replace(diagnostic, 2, &[])
}

/// `(10.0.0.1/24)`: a bare value in the parentheses of an end
pub fn end_items(case: &Case<'_>) -> Option<Repair> {
    let Kind::Literal(literal) = case.found()?.kind else { return None };
    if !is_link(case) || case.depth() != 1 || !case.expected.has(Expected::NAME) {
        return None;
    }
    let message = "the parentheses behind an end hold attributes of this end: `name = value`";
    let mut diagnostic = Diagnostic::new(&codes::E0127, case.place(), message, "a value without a name");
    let value = case.state.structure.literals.get(literal as usize);
    if matches!(value, Some(ExprKind::Cidr(_) | ExprKind::Ip(_))) {
        diagnostic = diagnostic.fix("Write `address =`", case.place().at_start(), "address = ");
    }
    let start = case.place().start;
    let attribute = [MISSING, plain(TokenKind::Equal)].map(|kind| Lexeme { kind, start, end: start });
    let before = case.lexemes.iter().take(case.at).copied();
    let lexemes = before.chain(attribute).chain(case.lexemes.iter().skip(case.at).copied()).collect();
    Some(Repair { diagnostic, lexemes, sure: true, after_hole: None, next_item: None })
}
