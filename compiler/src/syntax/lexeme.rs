//! Lexemes: what the grammar is made of.
//!
//! [`structure`](super::structure) makes them from tokens: space is gone, a string is one lexeme however many holes it
//! has, and a whole brace group is one. What is nested has been put aside as a *unit* with a number.

use super::token::TokenKind;

/// One word, symbol, literal or brace group of an item.
#[derive(Clone, Copy, Eq, Debug)]
pub struct Lexeme {
    /// What it is.
    pub kind: Kind,
    /// Its first byte.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
}

/// The grammar asks only what kind a lexeme is, not where it stands.
impl PartialEq for Lexeme {
    fn eq(&self, other: &Lexeme) -> bool {
        self.kind == other.kind
    }
}

/// What a lexeme is. The numbers are indices into the tables of [`Structure`](super::structure::Structure).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A symbol, a reserved word or a name.
    Plain(TokenKind),
    /// A name that is a keyword in some places.
    Word(Word),
    /// A number, quantity or address without holes.
    Literal(u32),
    /// An address with holes.
    Address(u32),
    /// A string.
    Text(u32),
    /// An interface name with its colon.
    Port(u32),
    /// A brace group.
    Block(u32),
    /// A `///` line.
    Doc,
    /// What is missing or was reported: stands for a value, a name or a type.
    Missing,
}

/// Keywords that are names everywhere but in their place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)] // The names are the words.
pub enum Word {
    As,
    Per,
    At,
    On,
    Each,
    Extends,
    Tagged,
    Map,
    Enum,
}

/// A brace group that the text lacks.
pub const NO_BLOCK: u32 = u32::MAX;

impl Lexeme {
    /// A lexeme of this kind, nowhere: for asking.
    pub const fn of(kind: Kind) -> Lexeme {
        Lexeme { kind, start: 0, end: 0 }
    }
}

impl Kind {
    /// Can it be a name?
    pub fn is_name(self) -> bool {
        matches!(self, Kind::Plain(TokenKind::Name) | Kind::Word(_) | Kind::Missing)
    }

    /// Is it a value all by itself?
    pub fn is_atom(self) -> bool {
        use TokenKind::{False, Null, SelfWord, True};
        self.is_name()
            || matches!(self, Kind::Literal(_) | Kind::Address(_) | Kind::Text(_) | Kind::Block(_))
            || matches!(self, Kind::Plain(Null | True | False | SelfWord))
    }

    /// A word that may never be a name.
    pub fn is_reserved(self) -> bool {
        use TokenKind::*;
        let Kind::Plain(token) = self else { return false };
        matches!(token, True | False | Null | And | Or | Not | In | If | Then | Else | For | From | Where | SelfWord)
    }
}

impl Word {
    /// The keyword with these characters.
    pub fn find(word: &str) -> Option<Word> {
        Some(match word {
            "as" => Word::As,
            "per" => Word::Per,
            "at" => Word::At,
            "on" => Word::On,
            "each" => Word::Each,
            "extends" => Word::Extends,
            "tagged" => Word::Tagged,
            "map" => Word::Map,
            "enum" => Word::Enum,
            _ => return None,
        })
    }
}
