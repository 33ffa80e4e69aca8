//! What follows from a character that was just typed, on its line alone. The text is half-typed then: nothing else moves.

use super::groups::nesting;
use super::layout::layout;
use super::pieces::pieces;
use crate::diagnostics::TextEdit;
use crate::source::{FileId, Span};
use crate::syntax::token::{Quotes, Token, TokenKind};
use crate::syntax::tokens;

/// The edits after a line end was typed (`offset` is on the new line): the line gets the indentation that the formatter
/// would give it, or goes on with the comment above it.
pub fn after_line_end(file: FileId, text: &str, offset: usize) -> Vec<TextEdit> {
    let Some(before) = text.get(..offset) else { return Vec::new() };
    let Some(line) = before.rfind('\n').map(|at| at + 1) else { return Vec::new() };
    let tokens = tokens(text);
    if is_in_text(&tokens, line) {
        return Vec::new();
    }
    match comment_above(text, &tokens, line) {
        Some(comment) => indent(file, text, line, &comment),
        None => indent_as_formatted(file, text, line),
    }
}

/// The edits after a `}` was typed: one that stands first on its line is put below what it closes.
pub fn after_brace(file: FileId, text: &str, offset: usize) -> Vec<TextEdit> {
    let Some(before) = text.get(..offset) else { return Vec::new() };
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let is_first = text.get(line..offset).is_some_and(|typed| typed.trim_start() == "}");
    let is_brace = |token: &Token| token.kind == TokenKind::CloseBrace && token.end as usize == offset;
    if is_first && tokens(text).iter().any(is_brace) { indent_as_formatted(file, text, line) } else { Vec::new() }
}

/// Is the start of a line in a string of several lines?
fn is_in_text(tokens: &[Token], line: usize) -> bool {
    let at = tokens.partition_point(|token| (token.end as usize) <= line);
    let inside = tokens.get(at).is_some_and(|token| token.kind == TokenKind::StringText);
    let before = tokens.get(..at).unwrap_or_default().iter().rev();
    let mut quotes = before.filter_map(|token| match token.kind {
        TokenKind::StringOpen(quotes) => Some(quotes),
        TokenKind::StringClose => Some(Quotes::Line),
        _ => None,
    });
    inside && quotes.next().is_some_and(|quotes| !quotes.one_line())
}

/// What a line begins with if it goes on with the comment on the line before: one of documentation, one that was broken
/// in two, or the further line of a comment of several. A line without text ends a comment.
fn comment_above(text: &str, tokens: &[Token], line: usize) -> Option<String> {
    let at = tokens.partition_point(|token| (token.end as usize) <= line);
    let mut before = tokens.get(..at)?.iter().rev().filter(|token| token.kind != TokenKind::Space);
    let comment = before.by_ref().find(|token| token.kind != TokenKind::Newline)?;
    let written = text.get(comment.range())?;
    let between = text.get(comment.end as usize..line)?;
    let mark = match comment.kind {
        TokenKind::Doc => "///",
        TokenKind::FileDoc => "//!",
        TokenKind::Comment => "//",
        _ => return None,
    };
    if between.matches('\n').count() != 1 || written.trim() == mark {
        return None;
    }
    let (lead, is_alone) = lead(text, comment);
    let is_broken = !text.get(line..)?.lines().next().unwrap_or_default().trim().is_empty();
    let is_further = |above: &Token| above.kind == TokenKind::Comment && self::lead(text, above).1;
    let above = before.find(|token| token.kind != TokenKind::Newline);
    let goes_on = mark != "//" || is_broken || is_alone && above.is_some_and(is_further);
    let lead = if is_alone { lead } else { "" };
    goes_on.then(|| format!("{lead}{mark} "))
}

/// What stands before a comment on its line, and whether that is only space.
fn lead<'a>(text: &'a str, comment: &Token) -> (&'a str, bool) {
    let before = text.get(..comment.start as usize).unwrap_or_default();
    let lead = before.rsplit('\n').next().unwrap_or_default();
    (lead, lead.trim().is_empty())
}

/// Gives a line the indentation that it has in the canonical form.
fn indent_as_formatted(file: FileId, text: &str, line: usize) -> Vec<TextEdit> {
    let rest = text.get(line..).unwrap_or_default();
    let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let first = rest.get(spaces..).and_then(|rest| rest.chars().next());
    let (before, after) = text.split_at_checked(line + spaces).unwrap_or((text, ""));
    // A name stands for what will be typed, here or in the block that ends here; and what is still open is closed.
    let (name, place) = match first {
        None | Some('\n' | '\r' | '/') => ("x", 0),
        Some('}' | ']' | ')') => ("x\n", 2),
        Some(_) => ("", 0),
    };
    let mut filled = format!("{before}{name}{after}");
    let closing = missing(&tokens(&filled));
    filled.extend(closing.iter().flat_map(|bracket| ["\n", bracket]));
    let pieces = pieces(&filled, &tokens(&filled));
    let nesting = nesting(&filled, &pieces.pieces);
    let layout = layout(&filled, &pieces, &nesting, "\n");
    let at = pieces.pieces.partition_point(|piece| piece.text.start < line + spaces + place);
    let gap = layout.gaps.get(at).and_then(|gap| layout.text.get(gap.after.clone()));
    match gap.and_then(|gap| gap.rsplit_once('\n')) {
        Some((_, indentation)) => indent(file, text, line, indentation),
        None => Vec::new(),
    }
}

/// The brackets that a text lacks at its end.
fn missing(tokens: &[Token]) -> Vec<&'static str> {
    let mut open = Vec::new();
    for token in tokens {
        match token.kind {
            TokenKind::OpenBrace => open.push("}"),
            TokenKind::OpenParen => open.push(")"),
            TokenKind::OpenBracket => open.push("]"),
            TokenKind::CloseBrace | TokenKind::CloseParen | TokenKind::CloseBracket => drop(open.pop()),
            _ => {}
        }
    }
    open.reverse();
    open
}

/// Replaces the space that a line begins with.
fn indent(file: FileId, text: &str, line: usize, lead: &str) -> Vec<TextEdit> {
    let rest = text.get(line..).unwrap_or_default();
    let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    if rest.get(..spaces) == Some(lead) {
        return Vec::new();
    }
    vec![TextEdit { span: Span::new(file, line, line + spaces), text: lead.to_owned() }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::fix::apply_edits;
    use insta::assert_snapshot;

    /// Types the character before `$0`.
    fn typed(text: &str) -> String {
        let offset = text.find("$0").unwrap();
        let text = text.replace("$0", "");
        let typed = if text[..offset].ends_with('}') { after_brace } else { after_line_end };
        apply_edits(&text, &typed(FileId(0), &text, offset)).unwrap().replace(' ', "·")
    }

    #[test]
    fn a_new_line_stands_where_its_item_will() {
        assert_snapshot!(typed("node a: debian {\n$0\n}\n"), @"
        node·a:·debian·{
        ··
        }
        ");
        assert_snapshot!(typed("module m {\n  node a: debian {\n$0"), @"
        module·m·{
        ··node·a:·debian·{
        ····
        ");
        assert_snapshot!(typed("let a = [\n  1,\n    $0\n]\n"), @"
        let·a·=·[
        ··1,
        ··
        ]
        ");
        assert_snapshot!(typed("node a: debian {}\n  $0\nnode"), @"
        node·a:·debian·{}

        node
        ");
        assert_snapshot!(typed("node a: debian {\n    $0}\n"), @"
        node·a:·debian·{
        }
        ");
        assert_snapshot!(typed("let a = b\n$0+ c\n"), @"
        let·a·=·b
        ··+·c
        ");
    }

    #[test]
    fn a_closing_brace_stands_below_its_item() {
        assert_snapshot!(typed("module m {\n  node a: debian {\n    cpu = 1\n    }$0\n}\n"), @"
        module·m·{
        ··node·a:·debian·{
        ····cpu·=·1
        ··}
        }
        ");
        assert_snapshot!(typed("node a: debian { cpu = 1 }$0\n"), @"node·a:·debian·{·cpu·=·1·}");
    }

    #[test]
    fn comments_go_on() {
        assert_snapshot!(typed("  /// Some\n$0text\n"), @"
        ··///·Some
        ··///·text
        ");
        assert_snapshot!(typed("//! A lab.\n$0\n"), @"
        //!·A·lab.
        //!·
        ");
        assert_snapshot!(typed("module m {\n  ///\n$0\n}\n"), @"
        module·m·{
        ··///
        ··
        }
        ");
        assert_snapshot!(typed("// one\n$0\nnode a: b"), @"
        //·one

        node·a:·b
        ");
        assert_snapshot!(typed("// one\n// two\n$0\n"), @"
        //·one
        //·two
        //·
        ");
        assert_snapshot!(typed("node a: b  // one\n$0two\n"), @"
        node·a:·b··//·one
        //·two
        ");
    }

    #[test]
    fn texts_stay() {
        assert_snapshot!(typed("let a = \"\"\"\n      a\n   $0\n"), @r#"
        let·a·=·"""
        ······a
        ···
        "#);
        assert_snapshot!(typed("let a = \"}$0\"\n"), @r#"let·a·=·"}""#);
    }
}
