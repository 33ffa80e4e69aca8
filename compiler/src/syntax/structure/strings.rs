//! Strings, interface names and addresses: many tokens, one lexeme.

use super::{Builder, Frame, OpenText, Opener, TextKind};
use crate::syntax::lexeme::{Kind, Lexeme};
use crate::syntax::mistakes;
use crate::syntax::text::{self, Piece};
use crate::syntax::token::{Quotes, Token, TokenKind};

impl<'a> Builder<'a, '_> {
    /// Interface names and addresses have no closing token: they end before whatever is not theirs.
    pub(super) fn end_glued_text(&mut self, next: TokenKind) {
        use TokenKind::{AddressPart, HoleOpen, PortText};
        let Some(Frame { opener: Opener::Text(open), .. }) = self.frames.last() else { return };
        let ends = match open.kind {
            TextKind::Port => !matches!(next, PortText | HoleOpen),
            TextKind::Address => !matches!(next, AddressPart | HoleOpen),
            TextKind::String | TextKind::QuotedPort(_) => false,
        };
        if ends {
            let end = self.at.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |last| last.end);
            self.close_text(end, true);
        }
    }

    pub(super) fn text_token(&mut self, token: Token) {
        match token.kind {
            TokenKind::StringOpen(quotes) => self.open_string(token, quotes),
            TokenKind::PortColon => {
                let quoted =
                    matches!(self.tokens.get(self.at + 1).map(|next| next.kind), Some(TokenKind::StringOpen(_)));
                if !quoted {
                    self.open_text(token, TextKind::Port, Quotes::Line);
                }
            }
            TokenKind::StringClose => {
                if token.is_missing() {
                    self.unclosed_string(token);
                }
                self.close_text(token.end, !token.is_missing());
                // It was taken to end before a line, and its text has that line's beginning.
                let before = self.text.get(..token.start as usize).unwrap_or_default();
                if token.is_missing() && before.ends_with('\n') {
                    self.newline();
                }
            }
            TokenKind::StringEscape => self.escape(token),
            kind => {
                let is_open = matches!(self.frames.last(), Some(Frame { opener: Opener::Text(_), .. }));
                if kind == TokenKind::AddressPart && !is_open {
                    self.open_text(token, TextKind::Address, Quotes::Line);
                }
                let piece = Piece::Text(self.slice(token), token.start);
                self.piece(piece);
            }
        }
    }

    fn open_string(&mut self, token: Token, quotes: Quotes) {
        let before = self.at.checked_sub(1).and_then(|before| self.tokens.get(before));
        let kind = match before {
            Some(before) if before.kind == TokenKind::PortColon => TextKind::QuotedPort(before.start),
            _ => TextKind::String,
        };
        if quotes == Quotes::Foreign {
            let close = self.foreign_close(token);
            let open = self.reports.span(token.start, token.end);
            self.reports.push(mistakes::foreign_quotes(open, close));
        }
        self.open_text(token, kind, quotes);
    }

    /// The closing quotes of a string with foreign quotes.
    fn foreign_close(&self, open: Token) -> Option<crate::source::Span> {
        let close = self.tokens.iter().skip(self.at).take(64).find(|token| token.kind == TokenKind::StringClose)?;
        (close.start > open.start).then(|| self.reports.span(close.start, close.end))
    }

    fn open_text(&mut self, token: Token, kind: TextKind, quotes: Quotes) {
        self.push_frame(Opener::Text(OpenText { kind, quotes, pieces: Vec::new() }), token);
    }

    pub(super) fn piece(&mut self, piece: Piece<'a>) {
        if let Some(Frame { opener: Opener::Text(open), .. }) = self.frames.last_mut() {
            open.pieces.push(piece);
        }
    }

    fn escape(&mut self, token: Token) {
        let text = self.slice(token);
        match text::escape(text) {
            Some(char) => self.piece(Piece::Char(char)),
            None => {
                let span = self.reports.span(token.start, token.end);
                self.reports.push(mistakes::escape(text, span));
                self.piece(Piece::Text(text.get(1..).unwrap_or_default(), token.start + 1));
            }
        }
    }

    fn close_text(&mut self, end: u32, closed: bool) {
        let Some(frame) = self.frames.pop() else { return };
        let Opener::Text(open) = frame.opener else { return };
        let (parts, bad) = text::parts(open.quotes, &open.pieces, closed);
        if let Some(bad) = bad
            && closed
        {
            let span = self.reports.span(frame.token.start, end);
            self.reports.push(mistakes::block_string(bad, span, frame.token.end, self.text));
        }
        self.out.texts.push(parts);
        let index = self.out.texts.len() as u32 - 1;
        let (kind, start) = match open.kind {
            TextKind::String => (Kind::Text(index), frame.token.start),
            TextKind::QuotedPort(start) => (Kind::Port(index), start),
            TextKind::Port => (Kind::Port(index), frame.token.start),
            TextKind::Address => (Kind::Address(index), frame.token.start),
        };
        self.push(Lexeme { kind, start, end });
        if let Some(parent) = self.frames.last_mut() {
            parent.deepest = parent.deepest.max(frame.deepest);
        }
    }

    /// Says it once, however many strings and holes end here for lack of one quote.
    fn unclosed_string(&mut self, close: Token) {
        let Some(frame) = self.frames.last() else { return };
        let (open, opener_line) = (frame.token, frame.line);
        let one_line = matches!(&frame.opener, Opener::Text(text) if text.quotes.one_line());
        let before = self.at.checked_sub(1).and_then(|before| self.tokens.get(before));
        let after_missing = before.is_some_and(|before| before.kind == TokenKind::HoleClose && before.is_missing());
        let in_hole = self.frames.iter().rev().nth(1).is_some_and(|frame| matches!(frame.opener, Opener::Hole));
        let text = self.text.get(open.end as usize..close.start as usize).unwrap_or_default();
        if !after_missing && !in_hole {
            let (start, end) = (self.reports.span(open.start, open.end), self.reports.span(close.start, close.end));
            self.report_unclosed(mistakes::unclosed_string(start, end, text, one_line));
        }
        if one_line {
            self.spoiled = Some((opener_line, text));
        }
        for frame in &mut self.frames {
            frame.quiet |= frame.line == opener_line;
        }
        if let Some(frame) = self.frames.iter_mut().rev().find(|frame| frame.holds_items()) {
            frame.quiet = true;
        }
    }
}
