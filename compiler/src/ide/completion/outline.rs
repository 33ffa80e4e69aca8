//! The items of a text and what is open at the cursor, told from the tokens alone.
//!
//! A tree is not made for this: it would cost more than an answer may take, and the text is broken just where the
//! answer is wanted. One pass over the tokens is enough, with the layout rules of `syntax/structure`: an item ends with
//! its line or at a comma in braces, and goes on in `( )` and `[ ]`. Only where the brackets of the whole text do not
//! match, declaration words and indentation decide what was forgotten.

use crate::syntax::token::{Token, TokenKind};
use crate::syntax::{continues, declares};
use std::ops::Range;

/// An item of a file or of a block, also one of a record.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its tokens, trivia between them included.
    pub tokens: Range<usize>,
    /// The item whose braces it is in.
    pub parent: Option<usize>,
    /// Are these braces the block at the end of the parent, and not a record within it?
    pub in_block: bool,
}

/// The items of a text.
#[derive(Debug)]
pub struct Outline<'a> {
    /// The text.
    pub text: &'a str,
    /// Its tokens.
    pub tokens: &'a [Token],
    /// Its items, each before those inside it.
    pub items: Vec<Item>,
}

/// What opened something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Opener {
    /// Nothing: the file.
    File,
    Brace,
    Paren,
    Bracket,
    /// `${`
    Hole,
    /// A quote.
    Quote,
}

/// Something open at the cursor.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub opener: Opener,
    /// The token that opened it; for the file 0.
    pub token: usize,
    /// The first token of the piece that is being written: after the opener, a comma or the end of an item.
    pub start: usize,
    /// How many pieces were before it.
    pub pieces: usize,
    /// The item around it, or being written in it.
    pub item: Option<usize>,
    /// Is an item being written in it?
    open_item: bool,
    /// The indentation of the line of its opener.
    indentation: usize,
}

/// Reads the items, and what is open before `limit` (a byte).
pub fn outline<'a>(text: &'a str, tokens: &'a [Token], limit: usize) -> (Outline<'a>, Vec<Frame>) {
    let file =
        Frame { opener: Opener::File, token: 0, start: 0, pieces: 0, item: None, open_item: false, indentation: 0 };
    let mut reader = Reader {
        out: Outline { text, tokens, items: Vec::new() },
        frames: vec![file],
        at_cursor: None,
        significant: significant(tokens),
        limit,
        recovering: !is_balanced(tokens),
        indentation: 0,
        line_start: true,
    };
    for at in 0..tokens.len() {
        reader.token(at);
    }
    let frames = reader.at_cursor.take().unwrap_or_else(|| reader.frames.clone());
    while reader.frames.len() > 1 {
        reader.pop(tokens.len());
    }
    reader.end_item(tokens.len());
    (reader.out, frames)
}

struct Reader<'a> {
    out: Outline<'a>,
    frames: Vec<Frame>,
    at_cursor: Option<Vec<Frame>>,
    /// By token: the first at or after it that is not trivia.
    significant: Vec<usize>,
    limit: usize,
    recovering: bool,
    indentation: usize,
    line_start: bool,
}

impl<'a> Reader<'a> {
    fn token(&mut self, at: usize) {
        use TokenKind::*;
        let Some(token) = self.out.tokens.get(at).copied() else { return };
        if self.at_cursor.is_none() && token.start as usize >= self.limit {
            self.at_cursor = Some(self.frames.clone());
        }
        match token.kind {
            Space if self.line_start => self.indentation = (token.end - token.start) as usize,
            kind if kind.is_newline() => return self.newline(at),
            kind if kind.is_trivia() || matches!(kind, Doc | FileDoc) => {}
            OpenBrace => self.open(Opener::Brace, at),
            OpenParen => self.open(Opener::Paren, at),
            OpenBracket => self.open(Opener::Bracket, at),
            HoleOpen => self.open(Opener::Hole, at),
            StringOpen(_) => self.open(Opener::Quote, at),
            CloseBrace => self.close(Opener::Brace, at),
            CloseParen => self.close(Opener::Paren, at),
            CloseBracket => self.close(Opener::Bracket, at),
            HoleClose => self.close(Opener::Hole, at),
            StringClose => self.close(Opener::Quote, at),
            Comma => {
                self.end_item(at);
                if let Some(frame) = self.frames.last_mut() {
                    frame.start = at + 1;
                    frame.pieces += 1;
                }
            }
            _ => self.begin_item(at),
        }
        if token.kind != Space {
            self.line_start = false;
        }
    }

    fn holds_items(&self) -> bool {
        self.frames.last().is_some_and(|frame| matches!(frame.opener, Opener::File | Opener::Brace))
    }

    fn begin_item(&mut self, at: usize) {
        let holds_items = self.holds_items();
        let Some(frame) = self.frames.last_mut() else { return };
        if holds_items && !frame.open_item {
            let parent = frame.item;
            let in_block = frame.opener == Opener::File || {
                let before = self.frames.len().checked_sub(2).and_then(|below| self.frames.get(below));
                before.is_some_and(|below| matches!(below.opener, Opener::File | Opener::Brace))
            };
            self.out.items.push(Item { tokens: at..self.out.tokens.len(), parent, in_block });
            if let Some(frame) = self.frames.last_mut() {
                frame.item = Some(self.out.items.len() - 1);
                frame.open_item = true;
                frame.start = at;
            }
        }
    }

    fn end_item(&mut self, at: usize) {
        let holds_items = self.holds_items();
        let Some(frame) = self.frames.last_mut() else { return };
        if holds_items {
            frame.start = at + 1;
            if std::mem::take(&mut frame.open_item)
                && let Some(item) = frame.item.and_then(|item| self.out.items.get_mut(item))
            {
                item.tokens.end = at;
                frame.item = item.parent;
            }
        }
    }

    fn open(&mut self, opener: Opener, at: usize) {
        self.begin_item(at);
        let item = self.frames.last().and_then(|frame| frame.item);
        let indentation = self.indentation;
        self.frames.push(Frame { opener, token: at, start: at + 1, pieces: 0, item, open_item: false, indentation });
    }

    fn pop(&mut self, at: usize) {
        self.end_item(at);
        if self.frames.len() > 1 {
            self.frames.pop();
        }
    }

    fn close(&mut self, opener: Opener, at: usize) {
        if self.recovering && opener == Opener::Brace && self.line_start {
            // A `}` belongs to the line that is indented as it is.
            let indentation = self.indentation;
            let deeper = |frame: &Frame| frame.opener == Opener::Brace && frame.indentation > indentation;
            while let Some(place) = self.frames.iter().rposition(deeper) {
                self.pop_to(place, at);
            }
        }
        let Some(place) = self.frames.iter().rposition(|frame| frame.opener == opener) else { return };
        // A bracket that closes nothing in these braces is one too many.
        let crosses = |frame: &Frame| frame.opener == Opener::Brace && opener != Opener::Brace;
        if !self.frames.iter().skip(place + 1).any(crosses) {
            self.pop_to(place, at);
        }
    }

    /// Closes everything from a frame on.
    fn pop_to(&mut self, place: usize, at: usize) {
        while self.frames.len() > place.max(1) {
            self.pop(at);
        }
    }

    fn newline(&mut self, at: usize) {
        self.line_start = true;
        self.indentation = 0;
        if self.recovering {
            self.recover(at);
        }
        let next = self.significant.get(at + 1).and_then(|next| self.out.tokens.get(*next));
        let is_before_cursor = |token: &Token| (token.start as usize) < self.limit;
        // At the cursor an item begins, whatever the line after it goes on with.
        let goes_on = |next: &&Token| continues(next.kind) && (is_before_cursor(next) || self.at_cursor.is_some());
        if next.filter(goes_on).is_none() {
            self.end_item(at);
        }
    }

    /// What is still open at a line that begins a declaration was forgotten.
    fn recover(&mut self, at: usize) {
        let Some(end) = self.out.tokens.get(at).map(|token| token.end as usize) else { return };
        let line = self.out.text.get(end..).and_then(|rest| rest.split('\n').next()).unwrap_or_default();
        let trimmed = line.trim_start();
        if !declares(trimmed) || end >= self.limit && self.at_cursor.is_none() {
            return;
        }
        let indentation = line.len() - trimmed.len();
        let is_forgotten = |frame: &Frame| match frame.opener {
            Opener::File => false,
            Opener::Brace => frame.indentation >= indentation,
            _ => true,
        };
        while self.frames.last().is_some_and(is_forgotten) {
            self.pop(at);
        }
    }
}

/// By token: the first at or after it that is not trivia.
fn significant(tokens: &[Token]) -> Vec<usize> {
    let mut next = tokens.len();
    let mut found: Vec<usize> = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate().rev() {
        next = if token.kind.is_trivia() { next } else { at };
        found.push(next);
    }
    found.reverse();
    found
}

/// Does every bracket match, and is every string closed?
fn is_balanced(tokens: &[Token]) -> bool {
    use TokenKind::*;
    let mut open = Vec::new();
    tokens.iter().all(|token| match token.kind {
        OpenBrace | OpenParen | OpenBracket | HoleOpen => {
            open.push(token.kind);
            true
        }
        CloseBrace => open.pop() == Some(OpenBrace),
        CloseParen => open.pop() == Some(OpenParen),
        CloseBracket => open.pop() == Some(OpenBracket),
        HoleClose => open.pop() == Some(HoleOpen) && !token.is_missing(),
        StringClose => !token.is_missing(),
        _ => true,
    }) && open.is_empty()
}

impl<'a> Outline<'a> {
    /// The text of a token.
    pub fn word(&self, token: &Token) -> &'a str {
        self.text.get(token.range()).unwrap_or_default()
    }

    /// The tokens of a range that mean something.
    pub fn significant(&self, range: Range<usize>) -> impl Iterator<Item = &'a Token> {
        let tokens = self.tokens.get(range).unwrap_or_default();
        tokens
            .iter()
            .filter(|token| !token.kind.is_trivia() && !matches!(token.kind, TokenKind::Doc | TokenKind::FileDoc))
    }

    /// The word that an item begins with, after `pub`, and the name after it.
    pub fn head(&self, item: &Item) -> (&'a str, Option<&'a Token>) {
        let mut tokens = self.significant(item.tokens.clone()).filter(|token| self.word(token) != "pub");
        (tokens.next().map_or("", |token| self.word(token)), tokens.next())
    }

    /// Is an item declared `pub`?
    pub fn is_public(&self, item: &Item) -> bool {
        self.significant(item.tokens.clone()).next().is_some_and(|token| self.word(token) == "pub")
    }

    /// The text of an item.
    pub fn source(&self, item: &Item) -> &'a str {
        self.slice(item.tokens.clone())
    }

    /// The text of some tokens.
    pub fn slice(&self, range: Range<usize>) -> &'a str {
        let tokens = self.tokens.get(range).unwrap_or_default();
        let ends = tokens.first().zip(tokens.last());
        ends.and_then(|(first, last)| self.text.get(first.start as usize..last.end as usize)).unwrap_or_default()
    }

    /// The `///` lines before an item, joined.
    pub fn documentation(&self, item: &Item) -> Option<String> {
        let before = self.tokens.get(..item.tokens.start)?;
        let near = before.iter().rev().take_while(|token| token.kind.is_trivia() || token.kind == TokenKind::Doc);
        let mut newlines = 0;
        // An empty line ends the documentation of something else.
        let near = near.take_while(|token| {
            newlines = if token.kind.is_newline() {
                newlines + 1
            } else if token.kind == TokenKind::Doc {
                0
            } else {
                newlines
            };
            newlines < 2
        });
        let docs = near.filter(|token| token.kind == TokenKind::Doc).map(|token| {
            let text = self.word(token).trim_start_matches('/');
            text.strip_prefix(' ').unwrap_or(text).to_owned()
        });
        let mut lines: Vec<String> = docs.collect();
        lines.reverse();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// The items right inside an item's block, or at the top of the file.
    pub fn inside(&self, parent: Option<usize>) -> impl Iterator<Item = (usize, &Item)> {
        let items = self.items.iter().enumerate();
        items.filter(move |(_, item)| item.parent == parent && item.in_block)
    }
}
