//! Mending an item that does not fit: what was wrong, in words, and lexemes that fit better.
//!
//! Each `mend_…` function knows one family of mistakes. They are asked in order, the most telling first; the last one
//! takes away what cannot be understood. A sure repair is one after which the rest of the item can be trusted.

use super::failure::{Expected, Failure};
use super::mistakes::{about, form};
use super::state::State;
use super::{Kind, Lexeme, TokenKind};
use crate::diagnostics::codes::syntax as codes;
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::lexeme::NO_BLOCK;
use crate::syntax::mistakes::meant_units;

/// What was wrong with an item, and the item without it.
pub struct Repair {
    /// What to say.
    pub diagnostic: Diagnostic,
    /// The lexemes to try next.
    pub lexemes: Vec<Lexeme>,
    /// A further mistake in the item is one of its own, and is said too.
    pub sure: bool,
}

/// A failed attempt at an item.
struct Case<'a> {
    state: &'a State<'a>,
    /// What the item is: the word of its declaration, or see [`form`].
    word: &'a str,
    lexemes: &'a [Lexeme],
    at: usize,
    expected: Expected,
}

/// Finds what is wrong.
pub fn repair<'a>(state: &'a State<'a>, word: &'a str, lexemes: &'a [Lexeme], failure: Failure) -> Repair {
    let case = Case { state, word, lexemes, at: failure.at.min(lexemes.len()), expected: failure.expected };
    let families: [fn(&Case<'_>) -> Option<Repair>; 13] = [
        mend_wire,
        mend_colon,
        mend_attribute,
        mend_equal,
        mend_comparison,
        mend_unit,
        mend_name,
        mend_type,
        mend_value,
        mend_conditional,
        mend_in,
        mend_small,
        mend_block,
    ];
    families.iter().find_map(|mend| mend(&case)).unwrap_or_else(|| mend_rest(&case))
}

impl Case<'_> {
    fn found(&self) -> Option<Lexeme> {
        self.lexemes.get(self.at).copied()
    }

    fn is(&self, token: TokenKind) -> bool {
        self.found().is_some_and(|found| found.kind == Kind::Plain(token))
    }

    fn before(&self) -> Option<Lexeme> {
        self.lexemes.get(self.at.checked_sub(1)?).copied()
    }

    /// The place of what was found, or the end of what is before it.
    fn place(&self) -> Span {
        match (self.found(), self.before()) {
            (Some(found), _) => self.state.at(found),
            (None, Some(before)) => self.state.at(before).at_end(),
            (None, None) => self.state.reports.span(0, 0),
        }
    }

    /// Where something would be put in: behind what is before.
    fn gap(&self) -> Span {
        match self.before() {
            Some(before) => self.state.at(before).at_end(),
            None => self.place().at_start(),
        }
    }

    fn found_text(&self) -> &str {
        self.found().map_or("", |found| self.state.slice(found))
    }

    fn before_text(&self) -> &str {
        self.before().map_or("", |before| self.state.slice(before))
    }

    /// How many brackets are open at the place.
    fn depth(&self) -> usize {
        let before = self.lexemes.get(..self.at).unwrap_or_default();
        before.iter().fold(0usize, |depth, lexeme| match lexeme.kind {
            Kind::Plain(TokenKind::OpenParen | TokenKind::OpenBracket) => depth + 1,
            Kind::Plain(TokenKind::CloseParen | TokenKind::CloseBracket) => depth.saturating_sub(1),
            _ => depth,
        })
    }

    /// Does it contain this before the place?
    fn has_before(&self, token: TokenKind) -> bool {
        self.lexemes.iter().take(self.at).any(|lexeme| lexeme.kind == Kind::Plain(token))
    }

    fn about(&self, code: &'static Code, place: Span, message: impl Into<String>, label: &str) -> Diagnostic {
        about(code, self.word, place, message.into(), label)
    }

    /// The item with `count` lexemes at the place replaced.
    fn replaced(&self, count: usize, with: &[Kind]) -> Vec<Lexeme> {
        let (start, end) = match count {
            0 => (self.gap().start, self.gap().start),
            _ => (self.place().start, self.lexemes.get(self.at + count - 1).map_or(self.place().end, |last| last.end)),
        };
        let new = with.iter().map(|kind| Lexeme { kind: *kind, start, end });
        let before = self.lexemes.iter().take(self.at).copied();
        before.chain(new).chain(self.lexemes.iter().skip(self.at + count).copied()).collect()
    }

    fn insert(&self, diagnostic: Diagnostic, with: &[Kind]) -> Option<Repair> {
        self.replace(diagnostic, 0, with)
    }

    fn replace(&self, diagnostic: Diagnostic, count: usize, with: &[Kind]) -> Option<Repair> {
        Some(Repair { diagnostic, lexemes: self.replaced(count, with), sure: true })
    }

    /// How many lexemes there are from the place to the end of its brackets, or of the item.
    fn rest_of_brackets(&self, stops: impl Fn(Kind) -> bool) -> usize {
        let mut depth = 0usize;
        let rest = self.lexemes.get(self.at..).unwrap_or_default();
        let end = rest.iter().enumerate().position(|(index, lexeme)| match lexeme.kind {
            Kind::Plain(TokenKind::OpenParen | TokenKind::OpenBracket) => {
                depth += 1;
                false
            }
            Kind::Plain(TokenKind::CloseParen | TokenKind::CloseBracket) if depth == 0 => true,
            Kind::Plain(TokenKind::CloseParen | TokenKind::CloseBracket) => {
                depth -= 1;
                false
            }
            kind => depth == 0 && index > 0 && stops(kind),
        });
        end.unwrap_or(rest.len())
    }
}

const MISSING: Kind = Kind::Missing;

fn plain(token: TokenKind) -> Kind {
    Kind::Plain(token)
}

/// The ends of a link and what stands between them.
fn mend_wire(case: &Case<'_>) -> Option<Repair> {
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
    let ends = case.found().is_none_or(|found| matches!(found.kind, Kind::Block(_)));
    if ends && case.word == "lag" {
        return None;
    }
    if ends {
        let diagnostic = case.about(
            &codes::E0124,
            case.gap(),
            format!("{what} has two ends"),
            "`<->` and the other end are missing",
        );
        return case.insert(diagnostic, &[plain(TokenKind::Wire), MISSING]);
    }
    if !case.found().is_some_and(|found| found.kind.is_name() || found.kind == plain(TokenKind::OpenBracket)) {
        return None;
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

/// The colon between a name and its device, type or kind.
fn mend_colon(case: &Case<'_>) -> Option<Repair> {
    if !case.expected.has(Expected::COLON) || case.depth() > usize::from(matches!(case.word, "device" | "module")) {
        return None;
    }
    let (what, _) = form(case.word);
    let name = case.before_text();
    if case.found().is_some_and(|found| matches!(found.kind, Kind::Port(_))) {
        return Some(split_port(case));
    }
    let after = match case.word {
        "node" => "its device",
        "target" => "its kind",
        "param" | "field" | "attribute" | "device" | "module" => "its type",
        _ => return None,
    };
    if case.is(TokenKind::Equal) && case.word == "param" {
        let message = format!("the parameter `{name}` needs a type");
        let diagnostic = case.about(&codes::E0134, case.gap(), message, "`: TYPE` is missing");
        return case.insert(diagnostic, &[plain(TokenKind::Colon), MISSING]);
    }
    if case.is(TokenKind::Equal) {
        let message = format!("{what} is written with `:` between its name and {after}");
        let code = if case.word == "field" { &codes::E0140 } else { &codes::E0122 };
        let place = case.place();
        let fix = Span { start: case.gap().start, ..place };
        let diagnostic = case.about(code, place, message, "not `:`").fix("Write `:`", fix, ":");
        return case.replace(diagnostic, 1, &[plain(TokenKind::Colon)]);
    }
    let begins = case.found().is_some_and(|found| {
        found.kind.is_name()
            || matches!(found.kind, Kind::Block(_) | Kind::Plain(TokenKind::OpenBracket)) && case.word != "node"
    });
    if begins {
        let message = format!("{what} needs a `:` between its name and {after}");
        let diagnostic =
            case.about(&codes::E0122, case.gap(), message, "`:` is missing").fix("Insert `:`", case.gap(), ":");
        return case.insert(diagnostic, &[plain(TokenKind::Colon)]);
    }
    let message = match name {
        "" => format!("{what} needs `:` and {after}"),
        name => format!("`{name}` needs `:` and {after}"),
    };
    let diagnostic = case.about(&codes::E0122, case.gap(), message, "missing here");
    case.insert(diagnostic, &[plain(TokenKind::Colon), MISSING])
}

/// `node h1:debian`: the colon belongs to the declaration, not to an interface name.
fn split_port(case: &Case<'_>) -> Repair {
    let place = case.place();
    let colon = Span { end: place.start + 1, ..place };
    let (what, _) = form(case.word);
    let message = format!("in {what}, a space follows the `:`");
    let label = format!("`{}` reads as an interface of `{}`", case.found_text(), case.before_text());
    let diagnostic = about(&codes::E0123, case.word, place, message, label).fix("Insert a space", colon.at_end(), " ");
    let mut lexemes: Vec<Lexeme> = case.lexemes.iter().take(case.at).copied().collect();
    lexemes.push(Lexeme { kind: plain(TokenKind::Colon), start: colon.start, end: colon.end });
    let mut start = colon.end;
    let names = case.found_text().trim_start_matches(':');
    for (index, name) in names.split('.').enumerate() {
        if index > 0 {
            lexemes.push(Lexeme { kind: plain(TokenKind::Dot), start, end: start + 1 });
            start += 1;
        }
        let end = start + name.len() as u32;
        let is_name = name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_') && !name.contains('/');
        let kind = if is_name { plain(TokenKind::Name) } else { MISSING };
        lexemes.push(Lexeme { kind, start, end });
        start = end;
    }
    lexemes.extend(case.lexemes.iter().skip(case.at + 1).copied());
    Repair { diagnostic, lexemes, sure: true }
}

/// `key = value` written in another way.
fn mend_attribute(case: &Case<'_>) -> Option<Repair> {
    let in_end = matches!(case.word, "link" | "lag" | "wire") && case.depth() == 1;
    let at_key = (case.word == "attribute " && case.at == 1) || in_end;
    if !at_key || !case.expected.has(Expected::EQUAL) {
        return None;
    }
    let key = case.before_text();
    let place = case.place();
    let about = |place, message: String, label: &str| Diagnostic::new(&codes::E0127, place, message, label);
    let written = |diagnostic: Diagnostic| diagnostic.help("an attribute is written `name = value`");
    let Some(found) = case.found() else {
        let diagnostic = about(
            case.gap(),
            format!("`{key}` is neither a declaration nor has it a value"),
            "`=` and a value are missing",
        );
        return case.insert(written(diagnostic), &[plain(TokenKind::Equal), MISSING]);
    };
    match found.kind {
        Kind::Port(_) => {
            let colon = Span { end: place.start + 1, ..place };
            let diagnostic = about(colon, format!("`{key}` is set with `=`, not with `:`"), "write ` = `");
            case.replace(written(diagnostic).fix("Write `=`", colon, " = "), 1, &[plain(TokenKind::Equal), MISSING])
        }
        Kind::Plain(TokenKind::Colon | TokenKind::EqualEqual) => {
            let wrong = case.found_text();
            let diagnostic = about(place, format!("`{key}` is set with `=`, not with `{wrong}`"), "write `=`");
            let from = Span { start: case.gap().start, ..place };
            case.replace(written(diagnostic).fix("Write `=`", from, " ="), 1, &[plain(TokenKind::Equal)])
        }
        Kind::Plain(TokenKind::Comma | TokenKind::CloseParen) => {
            let diagnostic = about(case.gap(), format!("`{key}` has no value"), "`=` and a value are missing");
            case.insert(written(diagnostic), &[plain(TokenKind::Equal), MISSING])
        }
        kind if begins_value(kind) => {
            let diagnostic = about(case.gap(), format!("`{key}` needs a `=` before its value"), "`=` is missing");
            case.insert(written(diagnostic).fix("Insert `=`", case.gap(), " ="), &[plain(TokenKind::Equal)])
        }
        _ => None,
    }
}

fn begins_value(kind: Kind) -> bool {
    use TokenKind::*;
    kind.is_atom() || matches!(kind, Kind::Plain(OpenParen | OpenBracket | Minus | Not | If | From))
}

/// The `=` of `let`, `type` and `pool`.
fn mend_equal(case: &Case<'_>) -> Option<Repair> {
    let declares = matches!(case.word, "let" | "type" | "pool");
    if !declares || !case.expected.has(Expected::EQUAL) || case.depth() > 0 || case.has_before(TokenKind::Equal) {
        return None;
    }
    let (what, _) = form(case.word);
    if case.is(TokenKind::EqualEqual) || case.is(TokenKind::Colon) {
        let message = format!("{what} is written with one `=`");
        let diagnostic =
            case.about(&codes::E0135, case.place(), message, "write `=`").fix("Write `=`", case.place(), "=");
        return case.replace(diagnostic, 1, &[plain(TokenKind::Equal)]);
    }
    let message = format!("{what} needs a `=` and its value");
    if case.found().is_some_and(|found| begins_value(found.kind)) {
        let diagnostic =
            case.about(&codes::E0135, case.gap(), message, "`=` is missing").fix("Insert `=`", case.gap(), " =");
        return case.insert(diagnostic, &[plain(TokenKind::Equal)]);
    }
    let diagnostic = case.about(&codes::E0135, case.gap(), message, "missing here");
    case.insert(diagnostic, &[plain(TokenKind::Equal), MISSING])
}

/// `a < b < c`, `a..b..c`, and `=` where values are compared.
fn mend_comparison(case: &Case<'_>) -> Option<Repair> {
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
        _ => None,
    }
}

/// `10 ms`
fn mend_unit(case: &Case<'_>) -> Option<Repair> {
    let (found, before) = (case.found()?, case.before()?);
    let number = case.before_text();
    let is_number = matches!(before.kind, Kind::Literal(_)) && number.bytes().all(|byte| byte.is_ascii_digit());
    if !found.kind.is_name() || found.kind == MISSING || !is_number {
        return None;
    }
    let units = meant_units(case.found_text());
    if units.is_empty() {
        return None;
    }
    let place = case.state.at(before).to(case.place());
    let options: Vec<String> = units.iter().map(|unit| format!("{number}{unit}")).collect();
    let message = "there is no space between a number and its unit";
    let diagnostic = Diagnostic::new(&codes::E0018, place, message, format!("write `{}`", options.join("` or `")));
    let diagnostic = options
        .iter()
        .fold(diagnostic, |diagnostic, option| diagnostic.fix(format!("Write `{option}`"), place, option));
    let before = Case { at: case.at - 1, ..*case };
    before.replace(diagnostic, 2, &[MISSING])
}

/// A name that is missing, reserved or quoted.
fn mend_name(case: &Case<'_>) -> Option<Repair> {
    if !case.expected.has(Expected::NAME) || case.expected.has(Expected::VALUE) {
        return None;
    }
    let (what, _) = form(case.word);
    let place = case.place();
    let text = case.found_text();
    let Some(found) = case.found() else {
        return missing_name(case);
    };
    let is_end = matches!(case.word, "link" | "lag" | "wire");
    match found.kind {
        kind if kind.is_reserved() && !(is_end && text == "in") => {
            let message = format!("`{text}` is a word of the language and cannot be a name");
            let diagnostic = Diagnostic::new(&codes::E0126, place, message, "reserved")
                .help("choose another name, or add to it: `NAME-1`");
            case.replace(diagnostic, 1, &[MISSING])
        }
        Kind::Text(_) if !is_end => {
            let inner = text.trim_matches('"');
            let fits = inner.starts_with(|char: char| char.is_ascii_alphabetic())
                && inner.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-'));
            let message = format!("a name stands without quotes in {what}");
            let diagnostic = case.about(&codes::E0121, place, message, "a string");
            let diagnostic = if fits { diagnostic.fix("Remove the quotes", place, inner) } else { diagnostic };
            case.replace(diagnostic, 1, &[MISSING])
        }
        Kind::Literal(_) => {
            let diagnostic = case.about(&codes::E0121, place, "a name begins with a letter", "not a name");
            let glued =
                case.lexemes.get(case.at + 1).is_some_and(|next| next.start == found.end && next.kind.is_name());
            case.replace(diagnostic, 1 + usize::from(glued), &[MISSING])
        }
        _ => missing_name(case),
    }
}

fn missing_name(case: &Case<'_>) -> Option<Repair> {
    let (what, _) = form(case.word);
    let message = match case.before_text() {
        "" => format!("{what} needs a name"),
        "." => "a name is missing after `.`".to_owned(),
        "<->" => format!("{what} has two ends: the second one is missing"),
        before if before.len() <= 20 => format!("a name is missing after `{before}`"),
        _ => "a name is missing".to_owned(),
    };
    let message = match (case.word, case.at) {
        ("link" | "lag" | "wire", 0) => format!("{what} has two ends: the first one is missing"),
        _ => message,
    };
    case.insert(case.about(&codes::E0121, case.place(), message, "missing here"), &[MISSING])
}

/// A type that is missing.
fn mend_type(case: &Case<'_>) -> Option<Repair> {
    if !case.expected.has(Expected::TYPE) {
        return None;
    }
    let known = "types are bool, int, string, size, duration, rate, percent, ip, cidr, prefix, mac, [T], map[T], T?, { a: T }, enum { a, b }";
    let diagnostic = Diagnostic::new(&codes::E0134, case.place(), "a type is missing", "missing here").help(known);
    let wrong = case.found().is_some_and(|found| found.kind.is_atom() || found.kind.is_reserved());
    if wrong {
        let message = format!("`{}` is not a type", case.found_text());
        let diagnostic = Diagnostic::new(&codes::E0134, case.place(), message, "not a type").help(known);
        return case.replace(diagnostic, 1, &[MISSING]);
    }
    case.insert(diagnostic, &[MISSING])
}

/// A value that is missing.
fn mend_value(case: &Case<'_>) -> Option<Repair> {
    if !case.expected.has(Expected::VALUE) {
        return None;
    }
    let before = case.before_text();
    let message = match before {
        "" => "a value is missing".to_owned(),
        "=" | "+=" => match case.at.checked_sub(2).and_then(|at| case.lexemes.get(at)) {
            Some(key) => format!("`{}` has no value: it stands on the line of its `{before}`", case.state.slice(*key)),
            None => "a value is missing".to_owned(),
        },
        _ if case.is(TokenKind::DotDot) => "a range needs both its ends: `1..4`".to_owned(),
        before if before.len() <= 20 => format!("a value is missing after `{before}`"),
        _ => "a value is missing".to_owned(),
    };
    let place = if case.found().is_some() { case.place() } else { case.gap() };
    let label = if case.found().is_some() { "a value is missing before this" } else { "missing here" };
    case.insert(Diagnostic::new(&codes::E0120, place, message, label), &[MISSING])
}

/// `if c then a else b`
fn mend_conditional(case: &Case<'_>) -> Option<Repair> {
    let (token, word) = match case.expected {
        expected if expected.has(Expected::THEN) => (TokenKind::Then, "then"),
        expected if expected.has(Expected::ELSE) && !expected.has(Expected::END) => (TokenKind::Else, "else"),
        _ => return None,
    };
    if case.word == "if" && case.expected.has(Expected::BLOCK) {
        return None;
    }
    let message = format!("a choice between values needs `{word}`");
    let diagnostic = Diagnostic::new(&codes::E0136, case.gap(), message, format!("`{word}` is missing"))
        .help("it is written `if CONDITION then VALUE else VALUE`, on one line or with `then` and `else` at the start of lines");
    if case.found().is_some_and(|found| begins_value(found.kind)) {
        return case.insert(diagnostic, &[plain(token)]);
    }
    case.insert(diagnostic, &[plain(token), MISSING])
}

/// `for x in list`
fn mend_in(case: &Case<'_>) -> Option<Repair> {
    let variable = case.at.checked_sub(2).and_then(|at| case.lexemes.get(at));
    let after_for =
        variable.is_some_and(|lexeme| lexeme.kind == plain(TokenKind::For)) || (case.word == "for" && case.at == 1);
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
    if case.found().is_some_and(|found| begins_value(found.kind) && !matches!(found.kind, Kind::Block(_))) {
        return case.insert(diagnostic.fix("Insert `in`", case.gap(), " in"), &[plain(TokenKind::In)]);
    }
    case.insert(diagnostic.help("`for x in LIST { … }`"), &[plain(TokenKind::In), MISSING])
}

/// Strings, numbers and marks that a few declarations need.
fn mend_small(case: &Case<'_>) -> Option<Repair> {
    let place = case.place();
    if case.expected.has(Expected::SLASH) {
        let diagnostic =
            case.about(&codes::E0142, case.gap(), "`per` needs a prefix length with `/`", "`/` is missing");
        return case.insert(diagnostic.fix("Insert `/`", case.gap(), " /"), &[plain(TokenKind::Slash)]);
    }
    if case.expected.has(Expected::INT) {
        let diagnostic = case.about(&codes::E0142, place, "a whole number is missing", "not a whole number");
        let replaced = case.found().is_some_and(|found| found.kind.is_atom() && !matches!(found.kind, Kind::Block(_)));
        return case.replace(diagnostic, usize::from(replaced), &[MISSING]);
    }
    if case.expected.has(Expected::STRING) {
        let text = case.found_text();
        let diagnostic = case.about(
            &codes::E0141,
            place,
            format!("a string in quotes is missing after `{}`", case.before_text()),
            "not a string",
        );
        return match case.found() {
            Some(found) if found.kind.is_name() => {
                let quoted = format!("\"{text}\"");
                case.replace(diagnostic.fix(format!("Write `{quoted}`"), place, quoted), 1, &[MISSING])
            }
            _ => case.insert(diagnostic, &[MISSING]),
        };
    }
    None
}

/// A body that is missing.
fn mend_block(case: &Case<'_>) -> Option<Repair> {
    if !case.expected.has(Expected::BLOCK) || case.expected.has(Expected::END) || case.depth() > 0 {
        return None;
    }
    let (what, _) = form(case.word);
    let rest = case.lexemes.get(case.at..).unwrap_or_default();
    if rest.iter().any(|lexeme| matches!(lexeme.kind, Kind::Block(_))) {
        return None;
    }
    if case.found().is_some() && !is_elif(case) {
        let repair = mend_rest(case);
        return Some(repair);
    }
    let message = if case.word == "use" {
        "`use` needs names in braces after the `.`".to_owned()
    } else {
        format!("{what} needs `{{ … }}`")
    };
    case.insert(case.about(&codes::E0128, case.gap(), message, "the braces are missing"), &[Kind::Block(NO_BLOCK)])
}

fn is_elif(case: &Case<'_>) -> bool {
    case.word == "if" && matches!(case.found_text(), "elif" | "elsif" | "elseif")
}

/// Something that is too much, or of which nothing else is known: it is left out.
fn mend_rest(case: &Case<'_>) -> Repair {
    let place = case.place();
    let text = case.found_text();
    if is_elif(case) {
        let diagnostic =
            Diagnostic::new(&codes::E0131, place, format!("`{text}` is written `else if`"), "write `else if`").fix(
                "Write `else if`",
                place,
                "else if",
            );
        let lexemes = case.replaced(1, &[plain(TokenKind::Else), plain(TokenKind::If)]);
        return Repair { diagnostic, lexemes, sure: true };
    }
    let depth = case.depth();
    let begins = case.found().is_some_and(|found| begins_value(found.kind));
    if depth > 0 && begins && case.expected.has(Expected::COMMA) {
        let diagnostic =
            Diagnostic::new(&codes::E0143, case.gap(), "a comma is missing between these two", "missing here").fix(
                "Insert `,`",
                case.gap(),
                ",",
            );
        return Repair { diagnostic, lexemes: case.replaced(0, &[plain(TokenKind::Comma)]), sure: true };
    }
    if let Some(diagnostic) = second_item(case).filter(|_| depth == 0) {
        let lexemes = case.lexemes.iter().take(case.at).copied().collect();
        return Repair { diagnostic, lexemes, sure: false };
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
    Repair { diagnostic, lexemes: case.replaced(count, wanted), sure: false }
}

/// Does another item begin on the same line?
fn second_item(case: &Case<'_>) -> Option<Diagnostic> {
    let found = case.found()?;
    let next = case.lexemes.get(case.at + 1)?;
    let sets =
        matches!(next.kind, Kind::Plain(TokenKind::Equal | TokenKind::PlusEqual | TokenKind::Colon) | Kind::Block(_));
    let declares = next.kind.is_name() && crate::syntax::words::begins_declaration(case.found_text());
    if !found.kind.is_name() || !(sets || declares) {
        return None;
    }
    let place = case.place();
    let message = format!("`{}` begins another item, on the same line", case.found_text());
    let diagnostic = Diagnostic::new(&codes::E0138, place, message, "begins here");
    Some(diagnostic.help("items stand on lines of their own, or in braces with a comma between them").fix(
        "Insert a comma",
        case.gap(),
        ",",
    ))
}
