//! From text to tokens, in one pass and without recursion.
//!
//! What is nested (a string in a hole in a string …) is a stack of [`Frame`]s. Line ends close whatever must end on its
//! line, so a forgotten quote spoils one line and not the file.

mod number;
mod string;
#[cfg(test)]
mod tests;

pub use number::UNITS;

use super::token::{Quotes, Token, TokenKind, Wrong};

/// The tokens of a text; concatenated, they are the text.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        at: 0,
        line_start: 0,
        tokens: Vec::with_capacity(text.len() / 3),
        frames: Vec::new(),
        next_hole_end: 0,
        next_quote: 0,
        no_foreign_close: 0,
        no_more_blocks: false,
    };
    if text.starts_with('\u{feff}') {
        lexer.push(TokenKind::ByteOrderMark, '\u{feff}'.len_utf8());
    }
    while lexer.at < text.len() {
        lexer.step();
    }
    while !lexer.frames.is_empty() {
        lexer.close_missing();
    }
    lexer.tokens
}

/// What is open at a place.
enum Frame {
    /// Between quotes. `stop` is where a block that is never closed ends (see `string`).
    String { quotes: Quotes, stop: Option<usize> },
    /// In `${ … }`.
    Hole(Hole),
}

#[derive(Clone, Copy)]
struct Hole {
    /// What it stands in.
    host: Host,
    /// Braces open in it.
    braces: u32,
    /// Ends with the line at the latest.
    one_line: bool,
    /// There is no `}` for it: it ends at the next quote.
    unclosed: bool,
    /// Where the block around it ends, if that is never closed.
    stop: Option<usize>,
}

#[derive(Clone, Copy, PartialEq)]
enum Host {
    String(Quotes),
    Port,
    Address,
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// The first byte of this line.
    line_start: usize,
    tokens: Vec<Token>,
    frames: Vec<Frame>,
    /// The first `}` or line end at or after the last place that was asked for: each byte is looked at once.
    next_hole_end: usize,
    /// Likewise the first `"` or line end.
    next_quote: usize,
    /// Up to here no foreign quotes close.
    no_foreign_close: usize,
    /// There is no `"""` in the rest of the text.
    no_more_blocks: bool,
}

impl Lexer<'_> {
    /// The byte at a distance from here; 0 past the end (which no rule mentions).
    fn peek(&self, distance: usize) -> u8 {
        self.byte(self.at + distance)
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    fn char(&self) -> Option<char> {
        self.text.get(self.at..).and_then(|rest| rest.chars().next())
    }

    fn starts_with(&self, what: &str) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(what.as_bytes()))
    }

    /// Makes a token of the next `length` bytes.
    fn push(&mut self, kind: TokenKind, length: usize) {
        let end = (self.at + length).min(self.text.len());
        if matches!(kind, TokenKind::Newline | TokenKind::StringText | TokenKind::Wrong(Wrong::BlockComment)) {
            let line_break = self.text.get(self.at..end).and_then(|text| text.rfind('\n'));
            self.line_start = line_break.map_or(self.line_start, |at| self.at + at + 1);
        }
        self.tokens.push(Token { kind, start: self.at as u32, end: end as u32 });
        self.at = end;
    }

    /// Makes a token of the bytes up to `end`.
    fn push_to(&mut self, kind: TokenKind, end: usize) {
        self.push(kind, end.saturating_sub(self.at));
    }

    fn step(&mut self) {
        match self.frames.last() {
            Some(Frame::String { quotes, stop }) => self.string_piece(*quotes, *stop),
            Some(Frame::Hole(hole)) => {
                let hole = *hole;
                if self.ends_hole(hole) { self.close_missing() } else { self.token() }
            }
            None => self.token(),
        }
    }

    /// Must a hole end here although there is no `}`?
    fn ends_hole(&mut self, hole: Hole) -> bool {
        if hole.stop.is_some_and(|stop| self.at >= stop) {
            return true;
        }
        match self.peek(0) {
            b'\n' | b'\r' => hole.one_line,
            b' ' | b'\t' => hole.unclosed && matches!(hole.host, Host::Port | Host::Address),
            b'"' if hole.host == Host::String(Quotes::Block) => self.starts_with("\"\"\""),
            b'"' if hole.host == Host::String(Quotes::Line) => hole.unclosed || !self.another_quote_on_line(),
            _ => false,
        }
    }

    /// Is there one more `"` on the line, after the one here?
    fn another_quote_on_line(&mut self) -> bool {
        if self.next_quote <= self.at {
            self.next_quote = self.end_of(self.at + 1, |byte| !matches!(byte, b'"' | b'\n' | b'\r'));
        }
        self.byte(self.next_quote) == b'"'
    }

    /// Closes the innermost string or hole where the text does not.
    fn close_missing(&mut self) {
        match self.frames.pop() {
            Some(Frame::String { .. }) => self.push(TokenKind::StringClose, 0),
            Some(Frame::Hole(hole)) => {
                self.push(TokenKind::HoleClose, 0);
                self.resume(hole.host);
            }
            None => {}
        }
    }

    /// Goes on with what a hole stands in.
    fn resume(&mut self, host: Host) {
        match host {
            Host::String(_) => {}
            Host::Port => self.port_rest(),
            Host::Address => self.address_rest(),
        }
    }

    fn open_hole(&mut self, host: Host) {
        let inherited = self.frames.iter().rev().find_map(|frame| match frame {
            Frame::Hole(hole) => Some((hole.one_line, hole.stop)),
            Frame::String { quotes, stop } if !quotes.one_line() => Some((false, *stop)),
            Frame::String { .. } => None,
        });
        let inherited = inherited.unwrap_or_default();
        let one_line = inherited.0 || !matches!(host, Host::String(quotes) if !quotes.one_line());
        self.push(TokenKind::HoleOpen, 2);
        let unclosed = one_line && !self.closes_on_line();
        self.frames.push(Frame::Hole(Hole { host, braces: 0, one_line, unclosed, stop: inherited.1 }));
    }

    /// Is there a `}` on the rest of the line?
    fn closes_on_line(&mut self) -> bool {
        if self.next_hole_end < self.at {
            self.next_hole_end = self.end_of(self.at, |byte| !matches!(byte, b'}' | b'\n' | b'\r'));
        }
        self.byte(self.next_hole_end) == b'}'
    }

    /// One token outside of a string's text.
    fn token(&mut self) {
        let byte = self.peek(0);
        match byte {
            b' ' | b'\t' => self.run(TokenKind::Space, |byte| matches!(byte, b' ' | b'\t')),
            b'\n' => self.push(TokenKind::Newline, 1),
            b'\r' if self.peek(1) == b'\n' => self.push(TokenKind::Newline, 2),
            b'\r' => self.push(TokenKind::Wrong(Wrong::Return), 1),
            b'/' if self.peek(1) == b'/' => self.comment(),
            b'/' if self.peek(1) == b'*' => self.block_comment(),
            b'#' => self.rest_of_line(TokenKind::Wrong(Wrong::HashComment)),
            b'"' => self.open_string(0, Quotes::Line, Quotes::Block),
            b'r' if self.peek(1) == b'"' => self.open_string(1, Quotes::RawLine, Quotes::RawBlock),
            b'\'' => self.foreign_string(),
            b':' => self.colon(),
            b'0'..=b'9' => self.number(),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(),
            b'{' => self.brace(TokenKind::OpenBrace),
            b'}' => self.brace(TokenKind::CloseBrace),
            _ if byte.is_ascii() => self.symbol(byte),
            _ => self.foreign_character(),
        }
    }

    /// A token of all following bytes that fit.
    fn run(&mut self, kind: TokenKind, fits: impl Fn(u8) -> bool) {
        self.push_to(kind, self.end_of(self.at, fits));
    }

    /// The end of the run of bytes from `at` that fit.
    fn end_of(&self, at: usize, fits: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        at + rest.iter().position(|byte| !fits(*byte)).unwrap_or(rest.len())
    }

    fn rest_of_line(&mut self, kind: TokenKind) {
        self.run(kind, |byte| !matches!(byte, b'\n' | b'\r'));
    }

    fn comment(&mut self) {
        let kind = match (self.peek(2), self.peek(3)) {
            (b'/', b'/') => TokenKind::Comment,
            (b'/', _) => TokenKind::Doc,
            (b'!', _) => TokenKind::FileDoc,
            _ => TokenKind::Comment,
        };
        self.rest_of_line(kind);
    }

    /// `/* … */`; one that is never closed ends with the line.
    fn block_comment(&mut self) {
        let kind = TokenKind::Wrong(Wrong::BlockComment);
        match self.text.get(self.at + 2..).and_then(|rest| rest.find("*/")) {
            Some(length) => self.push(kind, length + 4),
            None => self.rest_of_line(kind),
        }
    }

    /// Braces count in a hole, whose last `}` is its end.
    fn brace(&mut self, kind: TokenKind) {
        if let Some(Frame::Hole(hole)) = self.frames.last_mut() {
            match kind {
                TokenKind::OpenBrace => hole.braces += 1,
                _ if hole.braces > 0 => hole.braces -= 1,
                _ => {
                    let host = hole.host;
                    self.frames.pop();
                    self.push(TokenKind::HoleClose, 1);
                    return self.resume(host);
                }
            }
        }
        self.push(kind, 1);
    }

    /// A name or reserved word, or an address that begins with a letter.
    fn word(&mut self) {
        if let Some(end) = number::address(self.bytes, self.at) {
            return self.push_to(TokenKind::Address, end);
        }
        let end = self.name_end(self.at);
        let hex = end - self.at <= 4 && self.end_of(self.at, |byte| byte.is_ascii_hexdigit()) == end;
        if hex && self.byte(end) == b':' && self.byte(end + 1) == b':' {
            return self.wrong_number();
        }
        if self.byte(end) >= 0x80 && self.text.get(end..).is_some_and(starts_with_letter) {
            return self.foreign_name();
        }
        if self.byte(end) == b'$' && self.byte(end + 1) == b'{' {
            return self.name_with_hole(end);
        }
        let word = self.text.get(self.at..end).unwrap_or_default();
        self.push_to(TokenKind::reserved(word).unwrap_or(TokenKind::Name), end);
    }

    /// Where the name that starts at `at` ends.
    fn name_end(&self, at: usize) -> usize {
        let mut end = at;
        loop {
            end = self.end_of(end, is_name_byte);
            if self.byte(end) == b'-' && self.byte(end + 1).is_ascii_alphanumeric() {
                end += 1;
            } else {
                return end;
            }
        }
    }

    /// `leaf${i}` up to its `}`, or the name alone if there is none.
    fn name_with_hole(&mut self, name_end: usize) {
        let start = self.at;
        self.at = name_end;
        let closed = self.closes_on_line();
        self.at = start;
        if closed {
            let end = self.end_of(self.next_hole_end + 1, is_name_byte);
            self.push_to(TokenKind::Wrong(Wrong::NameWithHole), end);
        } else {
            self.push_to(TokenKind::Name, name_end);
        }
    }

    /// An interface name, `::…`, or a colon.
    fn colon(&mut self) {
        let glued = self.tokens.last().is_some_and(|token| {
            use TokenKind::*;
            matches!(token.kind, Name | SelfWord | CloseBracket | CloseParen) && token.end as usize == self.at
        });
        let next = self.peek(1);
        let hole = next == b'$' && self.peek(2) == b'{';
        let port_char =
            is_port_byte(next) && !(next == b'/' && self.peek(2) == b'/') && !(next == b'.' && self.peek(2) == b'.');
        if glued && (port_char || hole || next == b'"') {
            self.push(TokenKind::PortColon, 1);
            if next != b'"' {
                self.port_rest();
            }
        } else if !glued && let Some(end) = number::address(self.bytes, self.at) {
            self.push_to(TokenKind::Address, end);
        } else if next == b':' {
            self.push(TokenKind::Wrong(Wrong::ColonColon), 2);
        } else {
            self.push(TokenKind::Colon, 1);
        }
    }

    /// The rest of an interface name: characters up to a hole, or to its end.
    fn port_rest(&mut self) {
        let mut end = self.at;
        while is_port_byte(self.byte(end)) {
            let pair = (self.byte(end), self.byte(end + 1));
            if pair == (b'/', b'/') || pair == (b'.', b'.') {
                break;
            }
            end += 1;
        }
        if end > self.at {
            self.push_to(TokenKind::PortText, end);
        }
        if self.starts_with("${") {
            self.open_hole(Host::Port);
        }
    }

    fn symbol(&mut self, byte: u8) {
        use TokenKind::*;
        let (kind, length) = match (byte, self.peek(1), self.peek(2)) {
            (b'<', b'-', b'>') => (Wire, 3),
            (b'.', b'.', b'=') if self.peek(3) != b'=' => (Wrong(self::Wrong::RangeEqual), 3),
            (b'.', b'.', _) => (DotDot, 2),
            (b'=', b'=', _) => (EqualEqual, 2),
            (b'!', b'=', _) => (NotEqual, 2),
            (b'<', b'=', _) => (LessEqual, 2),
            (b'>', b'=', _) => (GreaterEqual, 2),
            (b'+', b'=', _) => (PlusEqual, 2),
            (b'?', b'?', _) => (QuestionQuestion, 2),
            (b'&', b'&', _) => (Wrong(self::Wrong::AndAnd), 2),
            (b'|', b'|', _) => (Wrong(self::Wrong::OrOr), 2),
            (b'!', ..) => (Wrong(self::Wrong::Bang), 1),
            (b';', ..) => (Wrong(self::Wrong::Semicolon), 1),
            (b'(', ..) => (OpenParen, 1),
            (b')', ..) => (CloseParen, 1),
            (b'[', ..) => (OpenBracket, 1),
            (b']', ..) => (CloseBracket, 1),
            (b',', ..) => (Comma, 1),
            (b'.', ..) => (Dot, 1),
            (b'=', ..) => (Equal, 1),
            (b'<', ..) => (Less, 1),
            (b'>', ..) => (Greater, 1),
            (b'+', ..) => (Plus, 1),
            (b'-', ..) => (Minus, 1),
            (b'*', ..) => (Star, 1),
            (b'/', ..) => (Slash, 1),
            (b'%', ..) => (Percent, 1),
            (b'?', ..) => (Question, 1),
            _ => return self.wrong_characters(),
        };
        self.push(kind, length);
    }

    /// A character outside of ASCII: a letter, a space, a quote, or nothing we know.
    fn foreign_character(&mut self) {
        match self.char() {
            Some(char) if is_foreign_space(char) => {
                let rest = self.text.get(self.at..).unwrap_or_default();
                let length = rest.find(|char| !is_foreign_space(char)).unwrap_or(rest.len());
                self.push(TokenKind::Wrong(Wrong::Space), length);
            }
            Some('“' | '”' | '„' | '‘' | '’' | '«') => self.foreign_string(),
            Some(char) if char.is_alphabetic() => self.foreign_name(),
            _ => self.wrong_characters(),
        }
    }

    /// A name with letters that names do not have.
    fn foreign_name(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let fits = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-');
        let length = rest.find(|char| !fits(char)).unwrap_or(rest.len());
        self.push(TokenKind::Wrong(Wrong::Name), length);
    }

    /// All following characters that begin no token.
    fn wrong_characters(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let more = rest.get(first..).unwrap_or_default();
        let length = more.find(begins_token).unwrap_or(more.len());
        self.push(TokenKind::Wrong(Wrong::Characters), first + length);
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_port_byte(byte: u8) -> bool {
    is_name_byte(byte) || matches!(byte, b'-' | b'.' | b'/')
}

fn starts_with_letter(rest: &str) -> bool {
    rest.chars().next().is_some_and(char::is_alphanumeric)
}

fn is_foreign_space(char: char) -> bool {
    !char.is_ascii() && char.is_whitespace()
        || matches!(char, '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}')
}

fn begins_token(char: char) -> bool {
    match char {
        ' ' | '\t' | '\n' | '\r' | '_' | '"' | '\'' | '#' => true,
        char if char.is_ascii_alphanumeric() => true,
        char if char.is_ascii() => "!<>.=+?;(){}[],:-*/%".contains(char),
        char => char.is_alphabetic() || is_foreign_space(char) || "“”„‘’«".contains(char),
    }
}
