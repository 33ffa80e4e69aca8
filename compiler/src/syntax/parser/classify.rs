//! What kind of item some lexemes are, by their first few.

use super::state::State;
use super::{Kind, Lexeme, TokenKind, mistakes};
use crate::diagnostics::{Diagnostic, closest};
use crate::source::Span;
use crate::syntax::words::{DECLARATIONS, OTHER_WORDS, PARTS};

/// The rule that an item is for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Form {
    /// `key = value`
    Attribute,
    /// `name { … }`
    Group,
    /// `word name { … }`
    Part,
    /// A declaration, by its word. `named`: with `NAME:` after the word, where that is optional.
    Declaration { word: &'static str, named: bool },
    /// No rule fits, and that is reported.
    Broken,
}

/// An item with its form.
pub struct Classified<'src> {
    /// Which rule it is for.
    pub form: Form,
    /// The word `pub`.
    pub public: Option<Span>,
    /// What the rule reads: without `pub` and the word of a declaration.
    pub rest: &'src [Lexeme],
    /// Where the word of the declaration ends; without one, where the item starts.
    pub start: u32,
    /// What is wrong with its first words.
    pub mistake: Option<Diagnostic>,
}

/// Finds the form of an item. `quiet`: say nothing, for something in it was reported.
pub fn classify<'src>(state: &State<'src>, lexemes: &'src [Lexeme], quiet: bool) -> Classified<'src> {
    let is = |lexeme: Option<&Lexeme>, kind: TokenKind| lexeme.is_some_and(|lexeme| lexeme.kind == Kind::Plain(kind));
    let sets = |lexeme: Option<&Lexeme>| {
        is(lexeme, TokenKind::Equal)
            || is(lexeme, TokenKind::PlusEqual)
            || lexeme.is_some_and(|lexeme| matches!(lexeme.kind, Kind::Block(_)))
    };
    let first_is_pub = lexemes.first().is_some_and(|first| state.slice(*first) == "pub" && first.kind.is_name());
    let (public, lexemes) = match lexemes.split_first() {
        Some((first, rest)) if first_is_pub && !sets(rest.first()) => (Some(state.at(*first)), rest),
        _ => (None, lexemes),
    };
    let found = |form, rest, mistake: Option<Diagnostic>| {
        let start = match (form, lexemes.first()) {
            (Form::Declaration { .. }, Some(first)) => first.end,
            (_, first) => first.map_or(0, |first| first.start),
        };
        Classified { form, public, rest, start, mistake: mistake.filter(|_| !quiet) }
    };
    let Some((first, rest)) = lexemes.split_first() else {
        let mistake = public.map(mistakes::pub_alone);
        return found(Form::Broken, lexemes, mistake);
    };
    let second = rest.first();
    if is(Some(first), TokenKind::For) || is(Some(first), TokenKind::If) {
        let word = if is(Some(first), TokenKind::For) { "for" } else { "if" };
        return found(Form::Declaration { word, named: false }, rest, None);
    }
    let is_key = first.kind.is_name() || matches!(first.kind, Kind::Text(_));
    if is_key && (is(second, TokenKind::Equal) || is(second, TokenKind::PlusEqual)) {
        let mistake = public.map(|place| mistakes::pub_here(place, "an attribute"));
        return found(Form::Attribute, lexemes, mistake);
    }
    if first.kind.is_name() && sets(second) {
        let mistake = public.map(|place| mistakes::pub_here(place, "an attribute"));
        return found(Form::Group, lexemes, mistake);
    }
    let written = state.slice(*first);
    if let Some(word) = DECLARATIONS.iter().find(|word| **word == written && first.kind.is_name()) {
        let mistake =
            public.filter(|_| !may_be_public(word)).map(|place| mistakes::pub_here(place, &format!("`{word}`")));
        return found(Form::Declaration { word, named: has_header(rest) }, rest, mistake);
    }
    let named = second.is_some_and(|second| second.kind.is_name() || matches!(second.kind, Kind::Text(_)));
    if first.kind.is_name() && named && (part_shape(rest) || PARTS.contains(&written)) {
        return found(Form::Part, lexemes, None);
    }
    if let [number, block] = rest
        && matches!((number.kind, block.kind), (Kind::Literal(_), Kind::Block(_)))
        && matches!(written, "vlan" | "vrf" | "network")
    {
        let mistake = mistakes::numbered(state.at(*number), written, state.slice(*number));
        return found(Form::Broken, lexemes, Some(mistake));
    }
    let other = OTHER_WORDS.iter().find(|(other, _)| *other == written).map(|(_, meant)| *meant);
    let meant = other.or_else(|| closest(written, DECLARATIONS.iter().copied()));
    let meant = meant.filter(|_| first.kind.is_name() && named);
    if let Some(word) = meant.and_then(|meant| DECLARATIONS.iter().find(|word| **word == meant)) {
        let mistake = mistakes::unknown_word(state.at(*first), written, Some(word));
        return found(Form::Declaration { word, named: has_header(rest) }, rest, Some(mistake));
    }
    unknown(state, lexemes, found)
}

/// Nothing that begins so is known.
fn unknown<'src>(
    state: &State<'src>,
    lexemes: &'src [Lexeme],
    found: impl Fn(Form, &'src [Lexeme], Option<Diagnostic>) -> Classified<'src>,
) -> Classified<'src> {
    let Some((first, rest)) = lexemes.split_first() else { return found(Form::Broken, lexemes, None) };
    let place = state.at(*first);
    let written = state.slice(*first);
    let is_key = first.kind.is_name() || matches!(first.kind, Kind::Text(_));
    let second_names = rest.first().is_some_and(|second| second.kind.is_name());
    if is_key && !second_names {
        // `memory`, `memory: 4GiB`, `memory 4GiB`: the rule of attributes says what is missing.
        return found(Form::Attribute, lexemes, None);
    }
    let mistake = match first.kind {
        Kind::Plain(TokenKind::Else) => mistakes::else_alone(place),
        kind if kind.is_name() && mistakes::ELSE_IF.contains(&written) => mistakes::else_if(place, written),
        kind if kind.is_name() => mistakes::unknown_word(place, written, None),
        _ => mistakes::no_item(place, written),
    };
    found(Form::Broken, lexemes, Some(mistake))
}

/// `NAME:` or `NAME[…]:`
fn has_header(rest: &[Lexeme]) -> bool {
    let Some((first, rest)) = rest.split_first() else { return false };
    first.kind.is_name() && after_dims(rest).is_some_and(|next| next.kind == Kind::Plain(TokenKind::Colon))
}

/// `NAME`, `NAME[…]`, perhaps braces, and nothing else.
fn part_shape(rest: &[Lexeme]) -> bool {
    let Some((_, rest)) = rest.split_first() else { return false };
    after_dims(rest).is_none_or(|next| matches!(next.kind, Kind::Block(_)))
}

/// The next lexeme, or the one after `[…]`.
fn after_dims(rest: &[Lexeme]) -> Option<&Lexeme> {
    if rest.first()?.kind != Kind::Plain(TokenKind::OpenBracket) {
        return rest.first();
    }
    let mut depth = 0usize;
    let close = rest.iter().position(|lexeme| {
        match lexeme.kind {
            Kind::Plain(TokenKind::OpenBracket) => depth += 1,
            Kind::Plain(TokenKind::CloseBracket) => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })?;
    rest.get(close + 1)
}

fn may_be_public(word: &str) -> bool {
    !matches!(
        word,
        "edition"
            | "topology"
            | "for"
            | "if"
            | "defaults"
            | "override"
            | "remove"
            | "check"
            | "expect"
            | "target"
            | "param"
    )
}
