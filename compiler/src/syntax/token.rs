//! Tokens: the pieces of a file's text.
//!
//! **Invariant: the tokens of a file, concatenated, are the file.** Spaces, comments and line ends are tokens too, and so
//! is what no rule allows ([`TokenKind::Wrong`]). Strings, interface names and addresses with holes are several tokens,
//! so that what stands in a hole is lexed like everything else:
//!
//! | text | tokens |
//! | --- | --- |
//! | `"a ${b}\n"` | `StringOpen`, `StringText`, `HoleOpen`, `Name`, `HoleClose`, `StringEscape`, `StringClose` |
//! | `x:ge-0/${n}` | `Name`, `PortColon`, `PortText`, `HoleOpen`, `Name`, `HoleClose` |
//! | `x:"ethernet 3"` | `Name`, `PortColon`, `StringOpen`, `StringText`, `StringClose` |
//! | `10.1.${l}.0/24` | `AddressPart`, `HoleOpen`, `Name`, `HoleClose`, `AddressPart` |
//!
//! Opening and closing tokens of strings and holes always match: where the text lacks the closing one, it is there
//! and empty.

use std::ops::Range;

/// One piece of text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its first byte.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
}

impl Token {
    /// As a range for slicing the file's text.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Is it a closing token that the text lacks?
    pub fn is_missing(self) -> bool {
        self.start == self.end
    }
}

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs)] // The symbols' and words' names say what they are.
pub enum TokenKind {
    /// Spaces and tabs.
    Space,
    /// One line end, LF or CRLF.
    Newline,
    /// `// …`, without its line end.
    Comment,
    /// `/// …`, without its line end.
    Doc,
    /// `//! …`, without its line end.
    FileDoc,
    /// U+FEFF at the start of the file.
    ByteOrderMark,

    /// A name, and every word that is a keyword only in its place.
    Name,
    True,
    False,
    Null,
    And,
    Or,
    Not,
    In,
    If,
    Then,
    Else,
    For,
    From,
    Where,
    SelfWord,

    /// `12`, `1_000`, `0x1F`
    Int,
    /// `4GiB`, `0.1%`
    Quantity,
    /// `10.0.0.1`, `fe80::/64`, `52:54:00:aa:bb:01`
    Address,
    /// A piece of an address with holes.
    AddressPart,
    /// The opening quotes.
    StringOpen(Quotes),
    /// Text of a string that stands for itself.
    StringText,
    /// `\n`, `\u{e9}`, or an escape that does not exist.
    StringEscape,
    /// The closing quotes; empty where the string is never closed.
    StringClose,
    /// `${`
    HoleOpen,
    /// The `}` of a hole; empty where it is never closed.
    HoleClose,
    /// The glued `:` before an interface name.
    PortColon,
    /// A piece of an interface name.
    PortText,

    /// `<->`
    Wire,
    /// `..`
    DotDot,
    EqualEqual,
    NotEqual,
    LessEqual,
    GreaterEqual,
    /// `+=`
    PlusEqual,
    /// `??`
    QuestionQuestion,
    OpenBrace,
    CloseBrace,
    OpenParen,
    CloseParen,
    OpenBracket,
    CloseBracket,
    Comma,
    Dot,
    Colon,
    Equal,
    Less,
    Greater,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Question,

    /// What no lexical rule allows.
    Wrong(Wrong),
}

/// How a string is quoted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Quotes {
    /// `"…"`
    Line,
    /// `"""`, lines, `"""`
    Block,
    /// `r"…"`
    RawLine,
    /// `r"""`, lines, `"""`
    RawBlock,
    /// `'…'` or typographic quotes: reported, and read as `"…"`.
    Foreign,
}

impl Quotes {
    /// Does it end at the line's end at the latest?
    pub fn one_line(self) -> bool {
        !matches!(self, Quotes::Block | Quotes::RawBlock)
    }

    /// Without escapes and holes?
    pub fn raw(self) -> bool {
        matches!(self, Quotes::RawLine | Quotes::RawBlock)
    }
}

/// Why a piece of text is no token, where that can be told from its characters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Wrong {
    /// `# …`
    HashComment,
    /// `/* … */`
    BlockComment,
    /// A space that is neither space nor tab.
    Space,
    /// A carriage return without line feed.
    Return,
    /// A name with letters other than `a` to `z`.
    Name,
    /// `leaf${i}`
    NameWithHole,
    /// Begins like a number or an address and is none: `4G`, `1.5`, `10.0.0`.
    Number,
    /// `;`
    Semicolon,
    /// `&&`
    AndAnd,
    /// `||`
    OrOr,
    /// `!`
    Bang,
    /// `..=`
    RangeEqual,
    /// `::`
    ColonColon,
    /// Characters that begin no token, in a row.
    Characters,
}

impl TokenKind {
    /// Means nothing to the grammar. (A line end may, see `structure`; documentation does.)
    pub fn is_trivia(self) -> bool {
        use TokenKind::*;
        matches!(
            self,
            Space
                | Newline
                | Comment
                | ByteOrderMark
                | Wrong(
                    self::Wrong::Space | self::Wrong::Return | self::Wrong::HashComment | self::Wrong::BlockComment
                )
        )
    }

    /// A line end, also one that is reported.
    pub fn is_newline(self) -> bool {
        matches!(self, TokenKind::Newline | TokenKind::Wrong(Wrong::Return))
    }

    /// The reserved word with these characters.
    pub fn reserved(word: &str) -> Option<TokenKind> {
        use TokenKind::*;
        Some(match word {
            "true" => True,
            "false" => False,
            "null" => Null,
            "and" => And,
            "or" => Or,
            "not" => Not,
            "in" => In,
            "if" => If,
            "then" => Then,
            "else" => Else,
            "for" => For,
            "from" => From,
            "where" => Where,
            "self" => SelfWord,
            _ => return None,
        })
    }
}
