//! The cursor in a text: what is open around it, and what stands before it.

use super::outline::{Frame, Opener, Outline, outline};
use crate::syntax::token::{Token, TokenKind, Wrong};
use std::ops::Range;

/// A place in a text at which something is being written.
#[derive(Debug)]
pub struct Cursor<'a> {
    /// The items of the text.
    pub outline: Outline<'a>,
    /// What is open, the file first.
    pub frames: Vec<Frame>,
    /// The byte before which the cursor stands.
    pub offset: usize,
    /// The word at the cursor, which an item replaces.
    pub word: Range<usize>,
    /// The first token that is not before the word.
    limit: usize,
}

impl<'a> Cursor<'a> {
    /// Looks around a byte of a text; none in comments.
    pub fn new(text: &'a str, tokens: &'a [Token], offset: usize) -> Option<Cursor<'a>> {
        let before = text.get(..offset)?;
        let is_comment = |token: &&Token| {
            let holds = (token.start as usize) < offset && offset <= token.end as usize;
            let block = token.kind == TokenKind::Wrong(Wrong::BlockComment) && offset == token.end as usize;
            holds && !block && is_comment(token.kind)
        };
        if tokens.iter().any(|token| is_comment(&token)) {
            return None;
        }
        let start = before.trim_end_matches(is_word_char).len();
        let rest = text.get(offset..)?;
        let end = offset + rest.len() - rest.trim_start_matches(is_word_char).len();
        let (outline, frames) = outline(text, tokens, start);
        let limit = tokens.partition_point(|token| (token.start as usize) < start);
        Some(Cursor { outline, frames, offset, word: start..end, limit })
    }

    /// The whole text.
    pub fn text(&self) -> &'a str {
        self.outline.text
    }

    /// What is typed of the word.
    pub fn typed(&self) -> &'a str {
        self.text().get(self.word.start..self.offset).unwrap_or_default()
    }

    /// The innermost open thing, and its place among the frames.
    pub fn innermost(&self) -> Option<(usize, &Frame)> {
        self.frames.iter().enumerate().next_back()
    }

    /// The tokens of the piece that is being written in a frame, up to what is open in it, or to the word.
    pub fn piece(&self, frame: usize) -> Vec<&'a Token> {
        self.outline.significant(self.piece_range(frame)).collect()
    }

    /// Where these tokens are.
    pub fn piece_range(&self, frame: usize) -> Range<usize> {
        let start = self.frames.get(frame).map_or(self.limit, |frame| frame.start);
        let end = self.frames.get(frame + 1).map_or(self.limit, |next| next.token);
        start..end.max(start)
    }

    /// The words of such a piece.
    pub fn words(&self, frame: usize) -> Vec<&'a str> {
        self.piece(frame).into_iter().map(|token| self.outline.word(token)).collect()
    }

    /// What follows the word on its line: the next token, unless it is in a comment.
    pub fn next(&self) -> Option<&'a Token> {
        let after = self.outline.tokens.partition_point(|token| (token.start as usize) < self.word.end);
        let rest = self.outline.tokens.get(after..).unwrap_or_default();
        rest.iter()
            .find(|token| token.kind != TokenKind::Space)
            .filter(|token| !token.kind.is_newline() && !is_comment(token.kind))
    }

    /// Does a token of this kind follow?
    pub fn is_followed_by(&self, kinds: &[TokenKind]) -> bool {
        self.next().is_some_and(|token| kinds.contains(&token.kind))
    }

    /// The items around the cursor, the innermost first; the one that is being written is the first.
    pub fn around(&self) -> Vec<usize> {
        let first = self.frames.last().and_then(|frame| frame.item);
        std::iter::successors(first, |item| self.outline.items.get(*item)?.parent).collect()
    }

    /// The nearest frame that holds items, from one inwards out.
    pub fn block_frame(&self, from: usize) -> usize {
        let holds = |index: &usize| {
            self.frames.get(*index).is_some_and(|frame| matches!(frame.opener, Opener::File | Opener::Brace))
        };
        (0..=from).rev().find(holds).unwrap_or_default()
    }
}

/// What a word may hold.
pub fn is_word_char(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '_' | '-')
}

fn is_comment(kind: TokenKind) -> bool {
    use TokenKind::*;
    matches!(kind, Comment | Doc | FileDoc | TokenKind::Wrong(self::Wrong::HashComment | self::Wrong::BlockComment))
}

/// The expression that ends with the last of these tokens: names, fields, indices, calls and ports glued together, as in
/// `office["nyc"].gw`. The index of its first token.
pub fn chain_start(tokens: &[&Token]) -> usize {
    use TokenKind::*;
    let mut start = tokens.len();
    let mut depth = 0usize;
    while let Some(token) = start.checked_sub(1).and_then(|at| tokens.get(at)) {
        let is_glued = tokens.get(start).is_none_or(|next| token.end == next.start);
        match token.kind {
            CloseBracket | CloseParen | StringClose | HoleClose if depth > 0 || is_glued => depth += 1,
            OpenBracket | OpenParen | StringOpen(_) | HoleOpen if depth > 0 => depth -= 1,
            _ if depth > 0 => {}
            Name | SelfWord | Dot | PortColon | PortText if is_glued => {
                let follows_name = tokens.get(start).is_some_and(|next| matches!(next.kind, Name | SelfWord));
                if matches!(token.kind, Name | SelfWord) && follows_name {
                    break;
                }
            }
            _ => break,
        }
        start -= 1;
    }
    start
}
