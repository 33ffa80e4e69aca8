//! Where the grammar stopped, and what it could have gone on with.
//!
//! chumsky makes one of these for each thing it tries, so it is two numbers; [`repair`](super::repair) turns the last
//! one into words.

use super::Tokens;
use crate::syntax::lexeme::{Kind, Lexeme, Word};
use crate::syntax::token::TokenKind;
use chumsky::DefaultExpected;
use chumsky::error::{Error, LabelError};
use chumsky::span::SimpleSpan;
use chumsky::util::MaybeRef;

/// A failed attempt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The index of the lexeme that does not fit; the number of lexemes if one is missing at the end.
    pub at: usize,
    /// What would have fitted.
    pub expected: Expected,
}

/// A set of things that would have fitted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Expected(u32);

#[allow(missing_docs)] // The names say it.
impl Expected {
    pub const NAME: Expected = Expected(1);
    pub const VALUE: Expected = Expected(1 << 1);
    pub const TYPE: Expected = Expected(1 << 2);
    pub const STRING: Expected = Expected(1 << 3);
    pub const BLOCK: Expected = Expected(1 << 4);
    pub const INT: Expected = Expected(1 << 5);
    pub const END: Expected = Expected(1 << 6);
    pub const COLON: Expected = Expected(1 << 7);
    pub const EQUAL: Expected = Expected(1 << 8);
    pub const WIRE: Expected = Expected(1 << 9);
    pub const IN: Expected = Expected(1 << 10);
    pub const THEN: Expected = Expected(1 << 11);
    pub const ELSE: Expected = Expected(1 << 12);
    pub const COMMA: Expected = Expected(1 << 13);
    pub const CLOSE_PAREN: Expected = Expected(1 << 14);
    pub const CLOSE_BRACKET: Expected = Expected(1 << 15);
    pub const OPEN_PAREN: Expected = Expected(1 << 16);
    pub const OPEN_BRACKET: Expected = Expected(1 << 17);
    pub const SLASH: Expected = Expected(1 << 18);
    pub const OTHER: Expected = Expected(1 << 19);

    /// Does it contain one of these?
    pub fn has(self, other: Expected) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets.
    pub const fn and(self, other: Expected) -> Expected {
        Expected(self.0 | other.0)
    }

    fn of(kind: Kind) -> Expected {
        use TokenKind::*;
        match kind {
            Kind::Plain(Colon) => Expected::COLON,
            Kind::Plain(Equal | PlusEqual) => Expected::EQUAL,
            Kind::Plain(Wire) => Expected::WIRE,
            Kind::Plain(In) => Expected::IN,
            Kind::Plain(Then) => Expected::THEN,
            Kind::Plain(Else) => Expected::ELSE,
            Kind::Plain(Comma) => Expected::COMMA,
            Kind::Plain(CloseParen) => Expected::CLOSE_PAREN,
            Kind::Plain(CloseBracket) => Expected::CLOSE_BRACKET,
            Kind::Plain(OpenParen) => Expected::OPEN_PAREN,
            Kind::Plain(OpenBracket) => Expected::OPEN_BRACKET,
            Kind::Plain(Slash) => Expected::SLASH,
            Kind::Word(Word::Enum | Word::Map) => Expected::TYPE,
            _ => Expected::OTHER,
        }
    }
}

impl<'src> Error<'src, Tokens<'src>> for Failure {
    fn merge(self, other: Failure) -> Failure {
        Failure { at: self.at, expected: self.expected.and(other.expected) }
    }
}

impl<'src> LabelError<'src, Tokens<'src>, DefaultExpected<'src, Lexeme>> for Failure {
    fn expected_found<E: IntoIterator<Item = DefaultExpected<'src, Lexeme>>>(
        expected: E,
        _: Option<MaybeRef<'src, Lexeme>>,
        span: SimpleSpan<usize>,
    ) -> Failure {
        let each = expected.into_iter().map(|expected| match expected {
            DefaultExpected::Token(lexeme) => Expected::of(lexeme.kind),
            DefaultExpected::EndOfInput => Expected::END,
            _ => Expected::OTHER,
        });
        Failure { at: span.start, expected: each.fold(Expected(0), Expected::and) }
    }
}

impl<'src> LabelError<'src, Tokens<'src>, Expected> for Failure {
    fn expected_found<E: IntoIterator<Item = Expected>>(
        expected: E,
        _: Option<MaybeRef<'src, Lexeme>>,
        span: SimpleSpan<usize>,
    ) -> Failure {
        Failure { at: span.start, expected: expected.into_iter().fold(Expected(0), Expected::and) }
    }

    fn label_with(&mut self, label: Expected) {
        self.expected = label;
    }
}
