//! From tokens to pieces: what the layout moves around.
//!
//! A piece is a token that is neither space nor comment nor comma; a string, interface name or address is one piece with
//! all its holes. What stands before a piece is its [`Gap`].

use crate::syntax::token::{Token, TokenKind};
use std::ops::Range;
use unicode_width::UnicodeWidthStr;

/// Something that is printed as it is.
pub struct Piece {
    /// Of its first token. The end of the file is a [`TokenKind::Newline`].
    pub kind: TokenKind,
    /// Its bytes.
    pub text: Range<usize>,
    /// Its columns, up to its first line end.
    pub width: usize,
    /// The columns after its last line end, if it has one.
    pub last_width: Option<usize>,
    /// What stands before it.
    pub gap: Gap,
}

/// What stands between two pieces.
#[derive(Default)]
pub struct Gap {
    /// Is there a line end?
    pub newline: bool,
    /// Is there a comma?
    pub comma: bool,
    /// Is there an empty line right before the piece?
    pub blank: bool,
    /// The comments: indices into [`Pieces::comments`].
    pub comments: Range<usize>,
}

/// A comment or a line of documentation.
pub struct Comment {
    /// Its bytes, without space at its end.
    pub text: Range<usize>,
    /// A comment, `///` or `//!`.
    pub kind: TokenKind,
    /// Does it stand behind something on its line?
    pub trailing: bool,
    /// Is there an empty line before it?
    pub blank: bool,
}

/// A file as pieces.
pub struct Pieces {
    /// In order; the last one is empty and ends the file.
    pub pieces: Vec<Piece>,
    /// The comments of all gaps, in order.
    pub comments: Vec<Comment>,
}

/// Reads the pieces of a text without syntax errors.
pub fn pieces(text: &str, tokens: &[Token]) -> Pieces {
    let mut reader = Reader {
        text,
        pieces: Vec::with_capacity(tokens.len() / 2 + 1),
        comments: Vec::new(),
        comma: false,
        newline: false,
        newlines: 1,
        first_comment: 0,
    };
    let mut at = 0;
    while let Some(first) = tokens.get(at) {
        if reader.between(*first) {
            at += 1;
            continue;
        }
        let end = piece_end(tokens, at);
        let last = tokens.get(end - 1).unwrap_or(first);
        reader.piece(first.kind, first.range().start..last.range().end);
        at = end;
    }
    reader.piece(TokenKind::Newline, text.len()..text.len());
    Pieces { pieces: reader.pieces, comments: reader.comments }
}

/// One past the last token of the piece that begins at `at`.
fn piece_end(tokens: &[Token], at: usize) -> usize {
    use TokenKind::*;
    let mut rest = tokens.iter().enumerate().skip(at);
    let Some((_, first)) = rest.next() else { return at };
    let mut open = usize::from(matches!(first.kind, StringOpen(_)));
    let text = open > 0 || matches!(first.kind, PortColon | AddressPart);
    for (index, token) in rest {
        let goes_on = match token.kind {
            StringOpen(_) => open > 0 || (first.kind == PortColon && index == at + 1),
            HoleOpen => open > 0 || !matches!(first.kind, StringOpen(_)),
            PortText | AddressPart => true,
            _ => open > 0,
        };
        if !text || !goes_on {
            return index;
        }
        match token.kind {
            StringOpen(_) | HoleOpen => open += 1,
            StringClose | HoleClose => open -= 1,
            _ => {}
        }
    }
    tokens.len()
}

struct Reader<'a> {
    text: &'a str,
    pieces: Vec<Piece>,
    comments: Vec<Comment>,
    /// Of the gap that is being read.
    comma: bool,
    newline: bool,
    first_comment: usize,
    /// Line ends since the last piece or comment; the start of the file counts as one.
    newlines: usize,
}

impl Reader<'_> {
    /// Adds a token to the gap, if it belongs there.
    fn between(&mut self, token: Token) -> bool {
        match token.kind {
            TokenKind::Newline => {
                self.newlines += 1;
                self.newline = true;
            }
            TokenKind::Comma => self.comma = true,
            TokenKind::Comment | TokenKind::Doc | TokenKind::FileDoc => self.comment(token),
            kind => return kind.is_trivia(),
        }
        true
    }

    fn comment(&mut self, token: Token) {
        let range = token.range();
        let length = self.text.get(range.clone()).unwrap_or_default().trim_end_matches([' ', '\t']).len();
        self.comments.push(Comment {
            text: range.start..range.start + length,
            kind: token.kind,
            trailing: token.kind == TokenKind::Comment && self.newlines == 0,
            blank: self.newlines > 1,
        });
        self.newlines = 0;
    }

    fn piece(&mut self, kind: TokenKind, range: Range<usize>) {
        let text = self.text.get(range.clone()).unwrap_or_default();
        // Documentation belongs to what follows it.
        let last = self.comments.get(self.first_comment..).and_then(|comments| comments.last());
        let documented = last.is_some_and(|last| last.kind == TokenKind::Doc);
        let gap = Gap {
            newline: self.newline,
            comma: self.comma,
            blank: self.newlines > 1 && !documented,
            comments: self.first_comment..self.comments.len(),
        };
        self.pieces.push(Piece {
            kind,
            width: text.split('\n').next().unwrap_or_default().width(),
            last_width: text.rsplit_once('\n').map(|(_, last)| last.width()),
            text: range,
            gap,
        });
        self.comma = false;
        self.newline = false;
        self.newlines = 0;
        self.first_comment = self.comments.len();
    }
}
