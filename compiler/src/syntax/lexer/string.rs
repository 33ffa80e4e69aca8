//! Strings: quotes, text, escapes, and where one ends that is never closed.

use super::{Frame, Host, Lexer};
use crate::syntax::token::{Quotes, TokenKind};
use crate::syntax::words::declares;

const BLOCK: &str = "\"\"\"";

impl Lexer<'_> {
    /// Opening quotes, after a prefix of some bytes.
    pub(super) fn open_string(&mut self, prefix: usize, line: Quotes, block: Quotes) {
        let is_block = self.bytes.get(self.at + prefix..).is_some_and(|rest| rest.starts_with(BLOCK.as_bytes()));
        let quotes = if is_block { block } else { line };
        self.push(TokenKind::StringOpen(quotes), prefix + if is_block { BLOCK.len() } else { 1 });
        let stop = if is_block { self.unclosed_end() } else { None };
        self.frames.push(Frame::String { quotes, stop });
    }

    /// Where a block ends that is never closed: before the first line that starts a declaration and stands no further
    /// right than the line of the opening quotes, or a `}` further left, else at the end of the text. `None` if it is closed: text in a block
    /// may look like declarations, so only a block without closing quotes ends early. Quotes after other text at the
    /// end of a line are taken for the opening ones of another block.
    fn unclosed_end(&mut self) -> Option<usize> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let found = if self.no_more_blocks { None } else { rest.find(BLOCK) };
        self.no_more_blocks = found.is_none();
        if let Some(found) = found {
            let before = rest.get(..found).unwrap_or_default();
            let after = rest.get(found + BLOCK.len()..).unwrap_or_default();
            let head = before.rsplit('\n').next().unwrap_or_default();
            let opens_another = before.contains('\n')
                && ["=", "= r", "(", "(r", "[", ","].iter().any(|mark| head.trim_end().ends_with(mark))
                && after.lines().next().unwrap_or_default().trim().is_empty();
            if !opens_another {
                return None;
            }
        }
        let limit = found.map_or(self.text.len(), |found| self.at + found);
        let indentation = self.end_of(self.line_start, |byte| matches!(byte, b' ' | b'\t')) - self.line_start;
        let body = self.text.get(self.at..limit).unwrap_or_default();
        let mut at = self.at;
        for line in body.split_inclusive('\n') {
            let text = line.trim_start_matches([' ', '\t']);
            let column = line.len() - text.len();
            let closes_brace = text.trim_end() == "}" && column < indentation;
            if at > self.at && (closes_brace || column <= indentation && declares(text)) {
                return Some(at);
            }
            at += line.len();
        }
        Some(limit)
    }

    /// `'…'` and typographic quotes: a string if closed on the line, else wrong characters.
    pub(super) fn foreign_string(&mut self) {
        let open = self.char().map_or(1, char::len_utf8);
        if self.at >= self.no_foreign_close && self.finds_foreign_close(self.at + open) {
            self.push(TokenKind::StringOpen(Quotes::Foreign), open);
            self.frames.push(Frame::String { quotes: Quotes::Foreign, stop: None });
        } else {
            self.wrong_characters();
        }
    }

    /// Do foreign quotes close on the rest of the line? Where they do not, that is remembered for the next ones.
    fn finds_foreign_close(&mut self, from: usize) -> bool {
        let rest = self.text.get(from..).unwrap_or_default();
        for (at, char) in rest.char_indices() {
            if matches!(char, '\n' | '\r') {
                self.no_foreign_close = from + at;
                return false;
            }
            if rest.get(at..).is_some_and(closes_foreign) {
                return true;
            }
        }
        self.no_foreign_close = self.text.len();
        false
    }

    /// One piece of a string: its text up to something else, or that.
    pub(super) fn string_piece(&mut self, quotes: Quotes, stop: Option<usize>) {
        let byte = self.peek(0);
        if stop.is_some_and(|stop| self.at >= stop) || (quotes.one_line() && matches!(byte, b'\n' | b'\r')) {
            return self.close_missing();
        }
        if let Some(length) = self.closing_quotes(quotes) {
            self.frames.pop();
            return self.push(TokenKind::StringClose, length);
        }
        if !quotes.raw() && self.starts_with("${") {
            return self.open_hole(Host::String(quotes));
        }
        if !quotes.raw() && byte == b'\\' {
            return self.escape();
        }
        self.string_text(quotes, stop);
    }

    fn closing_quotes(&self, quotes: Quotes) -> Option<usize> {
        match quotes {
            Quotes::Line | Quotes::RawLine => (self.peek(0) == b'"').then_some(1),
            Quotes::Block | Quotes::RawBlock => self.starts_with(BLOCK).then_some(BLOCK.len()),
            Quotes::Foreign => {
                let rest = self.text.get(self.at..).unwrap_or_default();
                closes_foreign(rest).then(|| rest.chars().next().map_or(1, char::len_utf8))
            }
        }
    }

    fn string_text(&mut self, quotes: Quotes, stop: Option<usize>) {
        let limit = stop.unwrap_or(self.text.len());
        let start = self.at;
        let first = self.char().map_or(1, char::len_utf8);
        let mut end = start + first;
        while end < limit {
            let byte = self.byte(end);
            let ends = match byte {
                b'"' if quotes.one_line() => quotes != Quotes::Foreign,
                b'"' => self.bytes.get(end..).is_some_and(|rest| rest.starts_with(BLOCK.as_bytes())),
                b'\'' => quotes == Quotes::Foreign,
                b'\\' => !quotes.raw(),
                b'$' => !quotes.raw() && self.byte(end + 1) == b'{',
                b'\n' | b'\r' => quotes.one_line(),
                0xC2 | 0xE2 => quotes == Quotes::Foreign,
                _ => false,
            };
            if ends {
                break;
            }
            end += 1;
        }
        self.push_to(TokenKind::StringText, end);
    }

    /// A backslash and what belongs to it; whether such an escape exists is asked later.
    fn escape(&mut self) {
        let length = match self.text.get(self.at + 1..).and_then(|rest| rest.chars().next()) {
            Some('u') if self.peek(2) == b'{' => {
                let end = self.end_of(self.at + 3, |byte| byte.is_ascii_hexdigit());
                end - self.at + usize::from(self.byte(end) == b'}')
            }
            Some('\n' | '\r') | None => 1,
            Some(char) => 1 + char.len_utf8(),
        };
        self.push(TokenKind::StringEscape, length);
    }
}

/// Closing quotes, and no apostrophe within a word?
fn closes_foreign(rest: &str) -> bool {
    let mut chars = rest.chars();
    let quote = matches!(chars.next(), Some('\'' | '“' | '”' | '‘' | '’' | '»'));
    quote && !chars.next().is_some_and(char::is_alphanumeric)
}
