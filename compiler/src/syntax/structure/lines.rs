//! Line ends: which end an item, and which mean nothing.

use super::Builder;
use crate::syntax::lexeme::Kind;
use crate::syntax::mistakes;
use crate::syntax::token::{Token, TokenKind, Wrong};
use crate::syntax::words::begins_declaration;

impl Builder<'_, '_> {
    /// A line end: the end of an item, or nothing.
    pub(super) fn newline(&mut self) {
        self.end_spoiled_line();
        self.line += 1;
        self.line_start = true;
        self.indentation = 0;
        let next = self.significant(self.at + 1);
        if self.recovering {
            self.recover_at_line(next);
        }
        let Some(frame) = self.frames.last() else { return };
        if !frame.holds_items() || next.is_some_and(|next| continues(next.kind)) || self.ends_with_operator(next) {
            return;
        }
        let after_doc = self.lexemes.last().is_some_and(|last| last.kind == Kind::Doc);
        if !after_doc || next.is_none_or(|next| next.kind == TokenKind::CloseBrace) {
            self.end_item();
        }
    }

    /// Does the line end with an operator whose right side stands on the next line? That is reported, and read as it
    /// was meant; but a line that begins like an item is never taken for the rest of another one.
    fn ends_with_operator(&mut self, next: Option<Token>) -> bool {
        let first = self.frames.last().map_or(0, |frame| frame.lexemes);
        let Some(last) = self.lexemes.get(first..).and_then(|item| item.last()).copied() else { return false };
        let Kind::Plain(operator) = last.kind else { return false };
        let Some(next) = next.filter(|_| joins(operator)) else { return false };
        let mut words =
            self.tokens.iter().skip(self.next_significant + 1).filter(|token| token.kind != TokenKind::Space);
        let second = words.next().map(|token| token.kind);
        let declares = begins_declaration(self.slice(next));
        let begins_item = match (next.kind, second) {
            (TokenKind::Name, Some(TokenKind::Wire)) if declares => true,
            (TokenKind::CloseBrace | TokenKind::Doc, _) => true,
            (TokenKind::Name, Some(TokenKind::OpenBrace)) => operator != TokenKind::Wire,
            (TokenKind::Name, Some(second)) => {
                use TokenKind::{Colon, Equal, Name, PlusEqual, StringOpen};
                matches!(second, Equal | PlusEqual | Colon | Name | StringOpen(_))
            }
            (TokenKind::For | TokenKind::If, _) => true,
            _ => false,
        };
        if begins_item {
            return false;
        }
        let operator = self.reports.span(last.start, last.end);
        let text = self.text.get(operator.range()).unwrap_or_default();
        self.reports.push(mistakes::operator_at_line_end(text, operator, self.reports.span(next.start, next.end)));
        true
    }

    /// The first token from `at` on that is not trivia. Each token is looked at once.
    pub(super) fn significant(&mut self, at: usize) -> Option<Token> {
        self.next_significant = self.next_significant.max(at);
        while self.tokens.get(self.next_significant).is_some_and(|token| token.kind.is_trivia()) {
            self.next_significant += 1;
        }
        self.tokens.get(self.next_significant).copied()
    }
}

/// Does a line that begins so go on with the item before it?
pub fn continues(kind: TokenKind) -> bool {
    use TokenKind::*;
    matches!(
        kind,
        And | Or
            | Else
            | Then
            | Where
            | In
            | Wire
            | OpenBrace
            | Dot
            | EqualEqual
            | NotEqual
            | Less
            | LessEqual
            | Greater
            | GreaterEqual
            | QuestionQuestion
            | DotDot
            | Plus
            | Minus
            | Star
            | Slash
            | Percent
            | Comma
    ) || matches!(kind, Wrong(self::Wrong::AndAnd | self::Wrong::OrOr | self::Wrong::RangeEqual))
}

/// Does an operator at the end of a line join it with the next?
fn joins(kind: TokenKind) -> bool {
    continues(kind) && !matches!(kind, TokenKind::OpenBrace | TokenKind::Comma | TokenKind::DotDot | TokenKind::Slash)
}
