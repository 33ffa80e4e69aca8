//! Mending an item that does not fit: what was wrong, in words, and lexemes that fit better.
//!
//! Each family of mistakes has its functions, `Case -> Option<Repair>`. They are asked in order, the most telling first;
//! [`rest`] comes last and takes away what cannot be understood. A sure repair is one after which the rest of the item
//! can be trusted.

mod attributes;
mod declarations;
mod links;
mod names;
mod rest;
mod values;

use super::failure::{Expected, Failure};
use super::mistakes::about;
use super::state::State;
use super::{Kind, Lexeme, TokenKind};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;

/// What was wrong with an item, and the item without it.
pub struct Repair {
    /// What to say.
    pub diagnostic: Diagnostic,
    /// The lexemes to try next.
    pub lexemes: Vec<Lexeme>,
    /// A further mistake in the item is one of its own, and is said too.
    pub sure: bool,
    /// Something was taken for missing before the lexeme with this index: if that does not fit either, it is no mistake
    /// of its own.
    pub after_hole: Option<usize>,
    /// The lexeme at which another item begins.
    pub next_item: Option<usize>,
}

/// A failed attempt at an item.
#[derive(Clone, Copy)]
struct Case<'a> {
    state: &'a State<'a>,
    /// What the item is: the word of its declaration, or see [`form`](super::mistakes::form).
    word: &'a str,
    lexemes: &'a [Lexeme],
    /// The lexeme that does not fit.
    at: usize,
    expected: Expected,
    /// Where the item's word ends, or the item starts if it has none.
    start: u32,
}

const MISSING: Kind = Kind::Missing;

/// Finds what is wrong. `start`: where the item's word ends.
pub fn repair<'a>(state: &'a State<'a>, word: &'a str, lexemes: &'a [Lexeme], start: u32, failure: Failure) -> Repair {
    let case = Case { state, word, lexemes, at: failure.at.min(lexemes.len()), expected: failure.expected, start };
    let families: [fn(&Case<'_>) -> Option<Repair>; 19] = [
        links::wire,
        links::space_in_end,
        declarations::dims_in_two,
        declarations::colon,
        attributes::attribute,
        declarations::equal,
        declarations::interface,
        declarations::import,
        values::unit,
        values::comparison,
        links::end_items,
        names::name,
        names::type_,
        values::value,
        values::conditional,
        declarations::binding,
        declarations::small,
        declarations::block,
        rest::comma,
    ];
    families.iter().find_map(|mend| mend(&case)).unwrap_or_else(|| rest::rest(&case))
}

fn plain(token: TokenKind) -> Kind {
    Kind::Plain(token)
}

/// Can a value begin with it?
fn begins_value(kind: Kind) -> bool {
    use TokenKind::*;
    kind.is_atom() || matches!(kind, Kind::Plain(OpenParen | OpenBracket | Minus | Not | If | From))
}

impl Case<'_> {
    fn found(&self) -> Option<Lexeme> {
        self.lexemes.get(self.at).copied()
    }

    fn is(&self, token: TokenKind) -> bool {
        self.found().is_some_and(|found| found.kind == plain(token))
    }

    /// Does a value begin here?
    fn finds_value(&self) -> bool {
        self.found().is_some_and(|found| begins_value(found.kind))
    }

    fn finds_name(&self) -> bool {
        self.found().is_some_and(|found| found.kind.is_name())
    }

    /// The lexeme so many places before.
    fn back(&self, distance: usize) -> Option<Lexeme> {
        self.lexemes.get(self.at.checked_sub(distance)?).copied()
    }

    fn before(&self) -> Option<Lexeme> {
        self.back(1)
    }

    /// The attribute whose value is read: the `name` of an item that begins with `name =`.
    fn attribute(&self) -> Option<&str> {
        match self.lexemes {
            [name, equal, ..] if name.kind.is_name() && equal.kind == plain(TokenKind::Equal) => {
                Some(self.state.slice(*name))
            }
            _ => None,
        }
    }

    fn is_before(&self, token: TokenKind) -> bool {
        self.before().is_some_and(|before| before.kind == plain(token))
    }

    /// The place of what was found, or the end of what is before it.
    fn place(&self) -> Span {
        self.found().map_or(self.gap(), |found| self.state.at(found))
    }

    /// Where something would be put in: behind what is before.
    fn gap(&self) -> Span {
        match self.before() {
            Some(before) => self.state.at(before).at_end(),
            None => self.state.reports.span(self.start, self.start),
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

    /// Does the item contain this before the place?
    fn has_before(&self, token: TokenKind) -> bool {
        self.lexemes.iter().take(self.at).any(|lexeme| lexeme.kind == plain(token))
    }

    /// Does it contain this from the place on?
    fn has_after(&self, fits: impl Fn(Kind) -> bool) -> bool {
        self.lexemes.iter().skip(self.at).any(|lexeme| fits(lexeme.kind))
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

    /// A sure repair: `count` lexemes at the place are replaced.
    fn replace(&self, diagnostic: Diagnostic, count: usize, with: &[Kind]) -> Option<Repair> {
        let after_hole = (with.last() == Some(&MISSING)).then_some(self.at + with.len());
        Some(Repair { diagnostic, lexemes: self.replaced(count, with), sure: true, after_hole, next_item: None })
    }

    /// The same case at an earlier lexeme.
    fn earlier(&self, distance: usize) -> Self {
        Case { at: self.at.saturating_sub(distance), ..*self }
    }

    /// How many lexemes there are from the place to the end of its brackets, or of the item; or to one that stops.
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

    /// The place of this and the following lexemes that touch each other.
    fn glued(&self) -> (usize, Span) {
        let mut end = self.place().end;
        let mut count = 0;
        for lexeme in self.lexemes.iter().skip(self.at) {
            if count > 0 && lexeme.start != end {
                break;
            }
            end = lexeme.end;
            count += 1;
        }
        (count, Span { end, ..self.place() })
    }
}
