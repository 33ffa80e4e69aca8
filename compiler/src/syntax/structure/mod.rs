//! Where items begin and end and how braces nest: decided before any grammar.
//!
//! This pass reads the tokens once and applies the layout rules of the language: an item ends with its line, or at a
//! comma in braces; a line goes on in `( )` and `[ ]`, and when the next one begins with a word or symbol that cannot
//! begin an item. What comes out is flat tables: [`RawItem`]s are ranges of lexemes, and each brace group or hole is a
//! [`Unit`], inner ones before outer ones, so the parser needs no recursion for them.
//!
//! - **Types or values in braces?** `{ a: int }` and `enum { a, b }` are told from blocks by where they stand
//!   ([`BlockKind`]): after the `:` of a parameter, and so on.
//! - **Depth** is bounded: at most [`MOST_NESTED`] brackets are open at once, and the operators and brackets on any path
//!   into an item number at most [`MOST_WEIGHT`]. What goes deeper is one diagnostic and a hole.
//! - **Recovery**: only where brackets do not match in the whole file, indentation and declaration words decide what was
//!   forgotten (see `recovery`); a file whose brackets match is never guessed about.

mod brackets;
mod lines;
mod strings;
#[cfg(test)]
mod tests;

pub use lines::continues;

use super::ast::{Doc, ExprKind};
use super::lexeme::{Kind, Lexeme, Word};
use super::literal;
use super::mistakes;
use super::report::Reports;
use super::text::{Part, Piece};
use super::token::{Quotes, Token, TokenKind, Wrong};
use super::words::begins_declaration;
use crate::source::Span;
use std::ops::Range;

/// So many brackets and holes may be open at once.
pub const MOST_NESTED: usize = 64;

/// So many operators and brackets may lie on a path from an item to a value in it.
pub const MOST_WEIGHT: u32 = 256;

/// A file's items.
#[derive(Debug, Default)]
pub struct Structure {
    /// The `//!` lines at the start.
    pub doc: Option<Doc>,
    /// All lexemes; those of an item or hole lie in a row.
    pub lexemes: Vec<Lexeme>,
    /// All items; those of a block lie in a row.
    pub items: Vec<RawItem>,
    /// What is nested, inner before outer.
    pub units: Vec<Unit>,
    /// The items of the file itself.
    pub root: Range<usize>,
    /// The values of literals.
    pub literals: Vec<ExprKind>,
    /// The parts of strings, interface names and addresses with holes.
    pub texts: Vec<Vec<Part>>,
}

/// One item, before the grammar.
#[derive(Clone, Debug)]
pub struct RawItem {
    /// Its lexemes.
    pub lexemes: Range<usize>,
    /// Something in it was reported already, so that it may be incomplete.
    pub quiet: bool,
    /// Nested deeper than [`MOST_WEIGHT`], and reported.
    pub too_deep: bool,
}

/// A piece of the file that the grammar sees as one lexeme.
#[derive(Clone, Debug)]
pub enum Unit {
    /// `{ … }`
    Block {
        /// Its items.
        items: Range<usize>,
        /// What they are.
        kind: BlockKind,
        /// From brace to brace.
        span: Span,
    },
    /// `${ … }`
    Hole {
        /// Its lexemes.
        item: RawItem,
        /// From `${` to `}`.
        span: Span,
    },
}

/// What stands in braces.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BlockKind {
    /// Items, or attributes of a record.
    Items,
    /// `name: type`
    Fields,
    /// Names, of an `enum`.
    Names,
    /// `name as name`, of a `use`.
    Uses,
}

/// Reads the structure of a file from its tokens.
pub fn structure(text: &str, tokens: &[Token], reports: &mut Reports) -> Structure {
    let mut builder = Builder {
        text,
        tokens,
        at: 0,
        reports,
        out: Structure::default(),
        frames: Vec::new(),
        lexemes: Vec::new(),
        items: Vec::new(),
        recovering: !brackets::match_up(tokens),
        line: 0,
        indentation: 0,
        line_start: true,
        next_significant: 0,
        spoiled: None,
        forced: false,
        unclosed: (0, 0),
        seen: mistakes::Seen::default(),
    };
    builder.frames.push(Frame::new(Opener::File, Token { kind: TokenKind::Space, start: 0, end: 0 }));
    builder.run();
    builder.out
}

/// Something open: the file, a bracket, a hole, or a text with holes.
struct Frame<'a> {
    opener: Opener<'a>,
    /// The token that opened it.
    token: Token,
    /// The line it was opened on, and that line's indentation.
    line: u32,
    indentation: usize,
    /// The indentation of its first line inside, if that is not the opener's line.
    body_indentation: Option<usize>,
    /// Where its lexemes, and its items, begin among the pending ones.
    lexemes: usize,
    items: usize,
    /// Operators in the piece between commas that is being read; what is deepest in it; what was deepest before it.
    weight: u32,
    deepest: u32,
    heaviest: u32,
    /// What the item that is being read began with.
    head: Head,
    /// A `{` here would be a type.
    in_type: bool,
    /// A `{` here would be the one of `x = if c { … }`: values, about which the grammar says enough.
    choice: bool,
    /// The item that is being read contains something that was reported.
    quiet: bool,
    /// So does every item in it.
    all_quiet: bool,
    kind: BlockKind,
}

enum Opener<'a> {
    File,
    Brace,
    Paren,
    Bracket,
    Hole,
    Text(OpenText<'a>),
}

/// A string, interface name or address whose pieces are being read.
struct OpenText<'a> {
    kind: TextKind,
    quotes: Quotes,
    pieces: Vec<Piece<'a>>,
}

#[derive(Clone, Copy, PartialEq)]
enum TextKind {
    String,
    /// `:"…"`; the colon's start.
    QuotedPort(u32),
    Port,
    Address,
}

/// How an item begins, as far as types depend on it.
#[derive(Clone, Copy, PartialEq)]
enum Head {
    /// Nothing yet but documentation and `pub`.
    Empty,
    /// `type`: the type follows `=`.
    Type,
    /// `param`, `let`, `attribute`, or a field: the type follows `:`.
    Typed,
    /// `device`, `module`: types are in the parameters.
    Parameters,
    /// `use`
    Use,
    /// `if`
    If,
    /// Any other.
    Other,
}

impl<'a> Frame<'a> {
    fn new(opener: Opener<'a>, token: Token) -> Frame<'a> {
        Frame {
            opener,
            token,
            line: 0,
            indentation: 0,
            body_indentation: None,
            lexemes: 0,
            items: 0,
            weight: 0,
            deepest: 0,
            heaviest: 0,
            head: Head::Empty,
            in_type: false,
            choice: false,
            quiet: false,
            all_quiet: false,
            kind: BlockKind::Items,
        }
    }

    fn holds_items(&self) -> bool {
        matches!(self.opener, Opener::File | Opener::Brace)
    }

    /// Ends a piece between commas; gives the depth of all pieces so far.
    fn end_piece(&mut self) -> u32 {
        self.heaviest = self.heaviest.max(self.weight + self.deepest);
        self.weight = 0;
        self.deepest = 0;
        self.heaviest
    }
}

struct Builder<'a, 'r> {
    text: &'a str,
    tokens: &'a [Token],
    /// The token that is being read.
    at: usize,
    reports: &'r mut Reports,
    out: Structure,
    frames: Vec<Frame<'a>>,
    /// Lexemes and items of what is open.
    lexemes: Vec<Lexeme>,
    items: Vec<RawItem>,
    /// Brackets do not match: layout decides.
    recovering: bool,
    line: u32,
    indentation: usize,
    /// Nothing but space stood on this line yet.
    line_start: bool,
    /// The first token that is not trivia at or after the last place that was asked for.
    next_significant: usize,
    /// A line with a string that is never closed, and the text in it: it may have swallowed brackets.
    spoiled: Option<(u32, &'a str)>,
    /// Recovery closed a block, so that a bracket left over later is no mistake of its own.
    forced: bool,
    /// Where something was last reported as never closed, and how often.
    unclosed: (u32, u32),
    seen: mistakes::Seen,
}

impl<'a> Builder<'a, '_> {
    fn run(&mut self) {
        while let Some(token) = self.tokens.get(self.at).copied() {
            self.end_glued_text(token.kind);
            self.token(token);
            self.at += 1;
        }
        self.end_glued_text(TokenKind::Space);
        self.end_spoiled_line();
        while self.frames.len() > 1 {
            self.close_unclosed();
        }
        self.end_item();
        let first = self.out.items.len();
        self.out.items.append(&mut self.items);
        self.out.root = first..self.out.items.len();
    }

    fn slice(&self, token: Token) -> &'a str {
        self.text.get(token.range()).unwrap_or_default()
    }

    /// The innermost open thing. The file itself is never closed.
    fn frame(&mut self) -> Option<&mut Frame<'a>> {
        self.frames.last_mut()
    }

    fn token(&mut self, token: Token) {
        use TokenKind::*;
        match token.kind {
            Space => {
                if self.line_start {
                    self.indentation = token.end as usize - token.start as usize;
                }
                return;
            }
            Comment | ByteOrderMark => return,
            Newline => return self.newline(),
            Wrong(wrong) => self.wrong(token, wrong),
            Doc => self.doc(token),
            FileDoc => self.file_doc(token),
            StringOpen(_) | StringText | StringEscape | StringClose | PortColon | PortText | AddressPart => {
                self.text_token(token);
            }
            HoleOpen | OpenBrace | OpenParen | OpenBracket => self.open(token),
            HoleClose | CloseBrace | CloseParen | CloseBracket => self.close(token),
            Comma => self.comma(token),
            Int | Quantity | Address => self.literal(token),
            _ => self.push(Lexeme { kind: self.plain(token), start: token.start, end: token.end }),
        }
        if !token.kind.is_trivia() {
            self.line_start = false;
        }
    }

    fn plain(&self, token: Token) -> Kind {
        match token.kind {
            TokenKind::Name => Word::find(self.slice(token)).map_or(Kind::Plain(TokenKind::Name), Kind::Word),
            kind => Kind::Plain(kind),
        }
    }

    /// Adds a lexeme to the item that is being read.
    fn push(&mut self, lexeme: Lexeme) {
        let first_word = match lexeme.kind {
            Kind::Doc => None,
            Kind::Plain(TokenKind::Name) => self.text.get(lexeme.start as usize..lexeme.end as usize),
            _ => Some(""),
        };
        let after_type = self.last_word() == Some("type");
        let Some(frame) = self.frames.last_mut() else { return };
        if frame.head == Head::Empty
            && frame.holds_items()
            && let Some(word) = first_word
        {
            frame.head = match word {
                _ if lexeme.kind == Kind::Plain(TokenKind::If) => Head::If,
                "pub" => Head::Empty,
                _ if frame.kind == BlockKind::Fields => Head::Typed,
                "type" => Head::Type,
                "param" | "let" | "attribute" => Head::Typed,
                "device" | "module" => Head::Parameters,
                "use" => Head::Use,
                _ => Head::Other,
            };
        }
        match lexeme.kind {
            // `use = { … }` is an attribute.
            Kind::Plain(TokenKind::Equal | TokenKind::PlusEqual) if frame.head == Head::Use => frame.head = Head::Other,
            Kind::Plain(TokenKind::Colon) => frame.in_type |= frame.head == Head::Typed,
            Kind::Plain(TokenKind::Equal) => {
                frame.in_type = frame.head == Head::Type && !frame.in_type && !after_type;
            }
            Kind::Plain(TokenKind::Where) | Kind::Word(Word::On) => frame.in_type = false,
            Kind::Plain(TokenKind::If) => frame.choice = frame.head != Head::If,
            Kind::Plain(TokenKind::Then | TokenKind::Comma) => frame.choice = false,
            _ => {}
        }
        frame.weight += u32::from(weighs(lexeme.kind));
        self.lexemes.push(lexeme);
    }

    /// The text of the lexeme before, if it is a name.
    fn last_word(&self) -> Option<&'a str> {
        let last = self.lexemes.last().filter(|last| last.kind.is_name())?;
        self.text.get(last.start as usize..last.end as usize)
    }

    fn literal(&mut self, token: Token) {
        let text = self.slice(token);
        let value = match token.kind {
            TokenKind::Int => literal::int(text),
            TokenKind::Quantity => literal::quantity(text),
            _ => literal::address(text),
        };
        let kind = match value {
            Ok(value) => {
                self.out.literals.push(value);
                Kind::Literal(self.out.literals.len() as u32 - 1)
            }
            Err(bad) => {
                let span = self.reports.span(token.start, token.end);
                self.reports.push(mistakes::literal(bad, text, span));
                Kind::Missing
            }
        };
        self.push(Lexeme { kind, start: token.start, end: token.end });
    }

    fn comma(&mut self, token: Token) {
        let Some(frame) = self.frames.last_mut() else { return };
        if !frame.holds_items() {
            self.push(Lexeme { kind: Kind::Plain(TokenKind::Comma), start: token.start, end: token.end });
            if let Some(frame) = self.frames.last_mut() {
                frame.end_piece();
                frame.in_type &= frame.head != Head::Typed;
            }
            return;
        }
        let in_file = matches!(frame.opener, Opener::File);
        let after_for = self.lexemes.iter().rev().nth(1).is_some_and(|word| word.kind == Kind::Plain(TokenKind::For));
        let span = self.reports.span(token.start, token.end);
        if after_for && frame.head == Head::Other {
            // `for i, j in …`: the rest is still this `for`.
            frame.quiet = true;
            return self.reports.push(mistakes::two_variables(span));
        }
        if in_file {
            frame.quiet = true;
            self.reports.push(mistakes::comma_outside_braces(span));
        }
        self.end_item();
        if in_file {
            self.make_quiet();
        }
    }

    /// Puts the item that was read aside.
    fn end_item(&mut self) {
        let first = self.out.lexemes.len();
        let Some(frame) = self.frames.last_mut() else { return };
        let weight = frame.weight + frame.deepest;
        let too_deep = weight > MOST_WEIGHT;
        if too_deep {
            frame.weight = 0;
            frame.deepest = 0;
        }
        frame.end_piece();
        frame.head = Head::Empty;
        frame.in_type = false;
        frame.choice = false;
        let quiet = std::mem::take(&mut frame.quiet) || frame.all_quiet;
        self.out.lexemes.extend(self.lexemes.drain(frame.lexemes..));
        let lexemes = first..self.out.lexemes.len();
        if lexemes.is_empty() {
            return;
        }
        if let (Some(start), Some(end)) = (self.out.lexemes.get(first), self.out.lexemes.last())
            && too_deep
        {
            let span = self.reports.span(start.start, end.end);
            self.reports.push(mistakes::too_many_operators(span));
        }
        self.items.push(RawItem { lexemes, quiet, too_deep });
    }

    fn doc(&mut self, token: Token) {
        let begins = |frame: &Frame<'_>| {
            let item = self.lexemes.get(frame.lexemes..).unwrap_or_default();
            frame.head == Head::Empty && item.last().is_none_or(|last| last.kind == Kind::Doc)
        };
        let only_docs = match self.frames.last() {
            Some(frame) if frame.holds_items() => begins(frame),
            Some(frame) => self.line_start && frame.head == Head::Typed,
            None => false,
        };
        if only_docs {
            self.push(Lexeme { kind: Kind::Doc, start: token.start, end: token.end });
        } else {
            let span = self.reports.span(token.start, token.end);
            self.reports.push(mistakes::doc_after_item(span));
        }
    }

    fn file_doc(&mut self, token: Token) {
        let span = self.reports.span(token.start, token.end);
        let first = self.frames.len() == 1 && self.lexemes.is_empty() && self.items.is_empty();
        if !first {
            return self.reports.push(mistakes::late_file_doc(span));
        }
        let line = doc_text(self.slice(token));
        match &mut self.out.doc {
            Some(doc) => {
                doc.text.push('\n');
                doc.text.push_str(line);
                doc.span = doc.span.to(span);
            }
            None => self.out.doc = Some(Doc { text: line.to_owned(), span }),
        }
    }

    /// The attribute whose value is read: the `name` of an item that began with `name =`.
    fn attribute(&self) -> Option<&'a str> {
        let first = self.frames.last()?.lexemes;
        match self.lexemes.get(first..)? {
            [name, equal, ..] if name.kind.is_name() && equal.kind == Kind::Plain(TokenKind::Equal) => {
                self.text.get(name.start as usize..name.end as usize)
            }
            _ => None,
        }
    }

    fn after_semicolon(&self, token: Token) -> mistakes::AfterSemicolon {
        use mistakes::AfterSemicolon::{Declaration, Item, Nothing};
        let rest = self.text.get(token.end as usize..).unwrap_or_default();
        let next = rest.trim_start_matches([' ', '\t']);
        let empty = self.frames.last().is_none_or(|frame| frame.holds_items() && self.lexemes.len() == frame.lexemes);
        if empty || next.is_empty() || next.starts_with(['\n', '\r', '}', ')', ']', ';', ',']) || next.starts_with("//")
        {
            return Nothing;
        }
        match self.frames.len() {
            1 => Declaration((rest.len() - next.len()) as u32),
            _ => Item,
        }
    }

    /// What no lexical rule allows: reported, and read as what was meant.
    fn wrong(&mut self, token: Token, wrong: Wrong) {
        use self::Wrong::*;
        let span = self.reports.span(token.start, token.end);
        let text = self.slice(token);
        let first_word = self.frames.last().is_some_and(|frame| self.lexemes.len() == frame.lexemes + 1);
        let names = first_word && self.last_word().is_some_and(begins_declaration) && !text.contains(['.', ':']);
        if wrong == Number && names {
            self.reports.push(mistakes::name_begins_with_digit(text, span));
        } else if wrong == Semicolon {
            self.reports.push(mistakes::semicolon(self.after_semicolon(token), span));
        } else if let Some(diagnostic) = self.seen.report(wrong, text, span, self.attribute()) {
            self.reports.push(diagnostic);
        }
        let meant = match wrong {
            HashComment | BlockComment | Space => return,
            Return => return self.newline(),
            Semicolon => {
                return if self.frame().is_some_and(|frame| frame.holds_items()) {
                    self.end_item()
                };
            }
            Characters => {
                if let Some(frame) = self.frame() {
                    frame.quiet = true;
                }
                return;
            }
            Name => Kind::Plain(TokenKind::Name),
            NameWithHole | Number => Kind::Missing,
            AndAnd => Kind::Plain(TokenKind::And),
            OrOr => Kind::Plain(TokenKind::Or),
            Bang => Kind::Plain(TokenKind::Not),
            RangeEqual => Kind::Plain(TokenKind::DotDot),
            ColonColon => Kind::Plain(TokenKind::Dot),
        };
        self.push(Lexeme { kind: meant, start: token.start, end: token.end });
    }
}

/// The text of a `///` or `//!` line.
pub fn doc_text(line: &str) -> &str {
    let text = line.get(3..).unwrap_or_default();
    text.strip_prefix(' ').unwrap_or(text).trim_end()
}

/// Does a lexeme make the tree deeper?
fn weighs(kind: Kind) -> bool {
    use TokenKind::*;
    match kind {
        Kind::Plain(Name | True | False | Null | SelfWord | Comma | Colon | Equal | PlusEqual | Then | For | Where) => {
            false
        }
        Kind::Plain(CloseParen | CloseBracket) => false,
        Kind::Plain(_) | Kind::Port(_) => true,
        _ => false,
    }
}
