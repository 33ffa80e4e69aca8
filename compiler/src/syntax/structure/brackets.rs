//! Brackets and holes: how they nest, and what is done where they do not.

use super::{BlockKind, Builder, Frame, Head, MOST_NESTED, Opener, RawItem, TextKind, Unit};
use crate::diagnostics::Diagnostic;
use crate::syntax::lexeme::{Kind, Lexeme, Word};
use crate::syntax::mistakes;
use crate::syntax::text::Piece;
use crate::syntax::token::{Token, TokenKind};
use crate::syntax::words::begins_declaration;

/// So many brackets that are not closed are reported where they all end.
const MOST_UNCLOSED: u32 = 3;

/// Do all brackets of a file match, and is every string and hole closed?
pub(super) fn match_up(tokens: &[Token]) -> bool {
    use TokenKind::*;
    let mut open = Vec::new();
    for token in tokens {
        let opener = match token.kind {
            OpenBrace | OpenParen | OpenBracket | HoleOpen => {
                open.push(token.kind);
                continue;
            }
            CloseBrace => OpenBrace,
            CloseParen => OpenParen,
            CloseBracket => OpenBracket,
            HoleClose if !token.is_missing() => HoleOpen,
            HoleClose => return false,
            StringClose if token.is_missing() => return false,
            _ => continue,
        };
        if open.pop() != Some(opener) {
            return false;
        }
    }
    open.is_empty()
}

impl<'a> Builder<'a, '_> {
    pub(super) fn push_frame(&mut self, opener: Opener<'a>, token: Token) {
        let mut frame = Frame::new(opener, token);
        frame.line = self.line;
        frame.indentation = self.indentation;
        frame.lexemes = self.lexemes.len();
        frame.items = self.items.len();
        if let Some(parent) = self.frames.last() {
            let parameters = parent.head == Head::Parameters && parent.holds_items();
            match frame.opener {
                Opener::Paren if parameters => frame.head = Head::Typed,
                Opener::Paren | Opener::Bracket => {
                    frame.in_type = parent.in_type;
                    frame.head = Head::Other;
                }
                Opener::Hole => frame.head = Head::Other,
                _ => {}
            }
        }
        self.frames.push(frame);
    }

    pub(super) fn open(&mut self, token: Token) {
        if self.frames.len() > MOST_NESTED {
            return self.skip(token);
        }
        let kind = self.block_kind();
        let all_quiet = token.kind == TokenKind::OpenBrace && self.frames.last().is_some_and(|frame| frame.choice);
        let opener = match token.kind {
            TokenKind::OpenBrace => Opener::Brace,
            TokenKind::HoleOpen => Opener::Hole,
            TokenKind::OpenParen => Opener::Paren,
            _ => Opener::Bracket,
        };
        if matches!(opener, Opener::Paren | Opener::Bracket) {
            self.push(Lexeme { kind: Kind::Plain(token.kind), start: token.start, end: token.end });
        }
        self.push_frame(opener, token);
        if let Some(frame) = self.frames.last_mut() {
            frame.kind = kind;
            frame.all_quiet = all_quiet;
        }
    }

    /// What a `{` here would hold.
    fn block_kind(&self) -> BlockKind {
        let Some(frame) = self.frames.last() else { return BlockKind::Items };
        match self.lexemes.last().map(|last| last.kind) {
            Some(Kind::Word(Word::Enum)) if frame.in_type => BlockKind::Names,
            Some(_) if frame.head == Head::Use && self.last_word() != Some("use") => BlockKind::Uses,
            _ if frame.in_type => BlockKind::Fields,
            _ => BlockKind::Items,
        }
    }

    /// Leaves out a bracket that is nested too deeply, up to its end.
    fn skip(&mut self, open: Token) {
        use TokenKind::*;
        let mut depth = 0u32;
        let mut holes = 0u32;
        let mut end = open.end;
        while let Some(token) = self.tokens.get(self.at).copied() {
            match token.kind {
                HoleClose if holes == 0 => break,
                HoleOpen => holes += 1,
                HoleClose => holes -= 1,
                OpenBrace | OpenParen | OpenBracket => depth += 1,
                CloseBrace | CloseParen | CloseBracket => depth = depth.saturating_sub(1),
                Newline if self.recovering && self.declares(self.at + 1) => break,
                _ => {}
            }
            end = token.end;
            self.at += 1;
            if depth + holes == 0 {
                break;
            }
        }
        self.at -= 1;
        let span = self.reports.span(open.start, end);
        self.reports.push(mistakes::too_deep(span, self.reports.span(open.start, open.end)));
        if let Some(frame) = self.frames.last_mut() {
            frame.quiet = true;
        }
        match open.kind {
            HoleOpen => self.piece(Piece::Text("", open.start)),
            _ => self.push(Lexeme { kind: Kind::Missing, start: open.start, end }),
        }
    }

    pub(super) fn close(&mut self, token: Token) {
        if token.kind == TokenKind::HoleClose {
            return self.close_hole(token);
        }
        let Some(depth) = self.matching(token) else {
            return self.stray(token);
        };
        while self.frames.len() > depth + 1 {
            self.close_unclosed();
        }
        match token.kind {
            TokenKind::CloseBrace => self.close_brace(token.end),
            _ => self.close_bracket(Lexeme { kind: Kind::Plain(token.kind), start: token.start, end: token.end }),
        }
    }

    /// The index of the frame that a closing bracket closes.
    fn matching(&self, token: Token) -> Option<usize> {
        let fits = |opener: &Opener<'_>| {
            matches!(
                (opener, token.kind),
                (Opener::Brace, TokenKind::CloseBrace)
                    | (Opener::Paren, TokenKind::CloseParen)
                    | (Opener::Bracket, TokenKind::CloseBracket)
            )
        };
        let brace = token.kind == TokenKind::CloseBrace;
        let reach = |frame: &&Frame<'_>| match frame.opener {
            Opener::File | Opener::Hole | Opener::Text(_) => false,
            Opener::Brace => brace,
            Opener::Paren | Opener::Bracket => true,
        };
        let reachable = self.frames.iter().rev().take_while(reach).count();
        let first = self.frames.len() - reachable;
        let mut candidates = self.frames.iter().enumerate().skip(first).rev().filter(|(_, frame)| fits(&frame.opener));
        let innermost = candidates.next();
        if brace && self.recovering && self.line_start {
            let in_column = |(_, frame): &(usize, &Frame<'_>)| frame.indentation == self.indentation;
            if !innermost.as_ref().is_some_and(in_column)
                && let Some((index, _)) = candidates.find(in_column)
            {
                return Some(index);
            }
        }
        innermost.map(|(index, _)| index)
    }

    fn stray(&mut self, token: Token) {
        let span = self.reports.span(token.start, token.end);
        let innermost = self.frames.last().filter(|frame| frame.line == self.line);
        let meant = match innermost.map(|frame| &frame.opener) {
            Some(Opener::Paren) => Some((")", TokenKind::CloseParen)),
            Some(Opener::Bracket) => Some(("]", TokenKind::CloseBracket)),
            _ => None,
        };
        if let (Some((meant, kind)), Some(frame)) = (meant, innermost) {
            let open = self.reports.span(frame.token.start, frame.token.end);
            let (opened, closed) = (self.slice(frame.token), self.slice(token));
            self.reports.push(mistakes::other_bracket(open, opened, span, closed, meant));
            self.close_bracket(Lexeme { kind: Kind::Plain(kind), start: token.start, end: token.end });
        } else if !self.forced {
            self.reports.push(mistakes::stray_bracket(token.kind, span));
        }
        self.make_quiet();
    }

    fn close_brace(&mut self, end: u32) {
        self.end_item();
        let Some(mut frame) = self.frames.pop() else { return };
        let first = self.out.items.len();
        self.out.items.extend(self.items.drain(frame.items..));
        let items = first..self.out.items.len();
        let span = self.reports.span(frame.token.start, end);
        self.out.units.push(Unit::Block { items, kind: frame.kind, span });
        let unit = self.out.units.len() as u32 - 1;
        self.weigh_on_parent(frame.end_piece() + 1);
        self.push(Lexeme { kind: Kind::Block(unit), start: span.start, end });
    }

    fn close_bracket(&mut self, close: Lexeme) {
        let Some(mut frame) = self.frames.pop() else { return };
        self.weigh_on_parent(frame.end_piece() + 1);
        let parent_type = self.frames.last().is_some_and(|parent| parent.in_type);
        self.push(close);
        if let Some(parent) = self.frames.last_mut() {
            parent.quiet |= frame.quiet;
            parent.in_type = parent_type;
        }
    }

    fn close_hole(&mut self, token: Token) {
        let Some(depth) = self.frames.iter().rposition(|frame| matches!(frame.opener, Opener::Hole)) else { return };
        while self.frames.len() > depth + 1 {
            self.close_unclosed();
        }
        let Some(mut frame) = self.frames.pop() else { return };
        let span = self.reports.span(frame.token.start, token.end);
        if token.is_missing() {
            self.reports
                .push(mistakes::unclosed_hole(self.reports.span(frame.token.start, frame.token.end), span.at_end()));
            frame.quiet = true;
        }
        let first = self.out.lexemes.len();
        self.out.lexemes.extend(self.lexemes.drain(frame.lexemes..));
        let item = RawItem { lexemes: first..self.out.lexemes.len(), quiet: frame.quiet, too_deep: false };
        self.out.units.push(Unit::Hole { item, span });
        let unit = self.out.units.len() as u32 - 1;
        self.weigh_on_parent(frame.end_piece() + 1);
        self.piece(Piece::Hole(unit));
    }

    fn weigh_on_parent(&mut self, depth: u32) {
        if let Some(parent) = self.frames.last_mut() {
            parent.deepest = parent.deepest.max(depth);
        }
    }

    /// Closes the innermost open thing, which the text does not, and says so.
    pub(super) fn close_unclosed(&mut self) {
        let Some(frame) = self.frames.last() else { return };
        let spoiled = self.spoiled.is_some_and(|(line, _)| line == frame.line);
        let open = frame.token;
        if !spoiled && matches!(frame.opener, Opener::Brace | Opener::Paren | Opener::Bracket) {
            let span = self.reports.span(open.start, open.end);
            self.report_unclosed(mistakes::unclosed_bracket(open.kind, span));
        }
        self.close_silently();
    }

    /// Says that something is never closed; of what ends at the same place for lack of it, only the first few.
    pub(super) fn report_unclosed(&mut self, diagnostic: Diagnostic) {
        let end = self.tokens.get(self.at).map_or(self.text.len() as u32, |token| token.start);
        self.unclosed = if self.unclosed.0 == end { (end, self.unclosed.1 + 1) } else { (end, 1) };
        if self.unclosed.1 <= MOST_UNCLOSED {
            self.reports.push(diagnostic);
        }
    }

    fn close_silently(&mut self) {
        let end = self.at.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |last| last.end);
        let Some(frame) = self.frames.last_mut() else { return };
        frame.quiet = true;
        let close = match frame.opener {
            Opener::Paren => TokenKind::CloseParen,
            Opener::Bracket => TokenKind::CloseBracket,
            Opener::Brace => {
                self.close_brace(end);
                return self.make_quiet();
            }
            _ => {
                self.frames.pop();
                return;
            }
        };
        self.close_bracket(Lexeme { kind: Kind::Plain(close), start: end, end });
        self.make_quiet();
    }

    pub(super) fn make_quiet(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.quiet = true;
        }
    }

    /// At the end of a line whose string is never closed: what was opened on it ends with it if its closing bracket
    /// stands in the string.
    pub(super) fn end_spoiled_line(&mut self) {
        let Some((line, text)) = self.spoiled.filter(|(line, _)| *line == self.line) else { return };
        while let Some(frame) = self.frames.last().filter(|frame| frame.line == line) {
            let close = match frame.opener {
                Opener::Brace => '}',
                Opener::Paren => ')',
                Opener::Bracket => ']',
                _ => return,
            };
            if !text.contains(close) {
                return;
            }
            self.close_silently();
        }
    }

    /// Before a line: a declaration ends brackets that are open, and blocks whose inside is further right than it.
    pub(super) fn recover_at_line(&mut self, next: Option<Token>) {
        let Some(next) = next else { return };
        let line_end = self.tokens.get(self.next_significant.wrapping_sub(1)).copied();
        let column = line_end.filter(|token| token.kind == TokenKind::Space).map_or(0, |token| token.range().len());
        if let Some(frame) = self.frames.last_mut()
            && frame.holds_items()
            && frame.body_indentation.is_none()
        {
            frame.body_indentation = Some(column);
        }
        if next.kind == TokenKind::OpenBrace {
            while self.frames.last().is_some_and(|frame| {
                matches!(frame.opener, Opener::Paren | Opener::Bracket) && column <= frame.indentation
            }) {
                self.close_unclosed();
            }
        }
        if !self.declares(self.next_significant) {
            return;
        }
        while let Some(frame) = self.frames.last() {
            let ends = match &frame.opener {
                Opener::Paren | Opener::Bracket => true,
                Opener::Brace => {
                    let indented = frame.body_indentation.is_some_and(|inside| inside > frame.indentation);
                    indented && column <= frame.indentation
                }
                Opener::Text(text) => matches!(text.kind, TextKind::Port | TextKind::Address),
                Opener::File | Opener::Hole => false,
            };
            if !ends {
                return;
            }
            if matches!(frame.opener, Opener::Brace) {
                self.forced = true;
            }
            self.close_unclosed();
        }
    }

    /// Does a declaration start at this token: its word and a name on the same line?
    fn declares(&mut self, at: usize) -> bool {
        let word_at = match self.tokens.get(at) {
            Some(token) if token.kind == TokenKind::Space => at + 1,
            _ => at,
        };
        let mut words = self.tokens.iter().skip(word_at).filter(|token| token.kind != TokenKind::Space);
        let mut word = words.next();
        if word.is_some_and(|word| self.slice(*word) == "pub") {
            word = words.next();
        }
        let Some(word) = word else { return false };
        begins_declaration(self.slice(*word)) && words.next().is_some_and(|next| next.kind == TokenKind::Name)
    }
}
