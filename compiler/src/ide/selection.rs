//! What a selection grows to, step by step.

use super::visit::{Part, walk};
use super::{Position, View};
use crate::source::Span;
use crate::syntax::token::TokenKind;

/// The ranges around a position, from the token to the whole file, each inside the next.
pub fn ranges(view: View, at: Position) -> Vec<Span> {
    let (file, offset) = at;
    let Some(unit) = view.compilation.units.iter().find(|unit| unit.file == file) else { return Vec::new() };
    let Some(source) = view.compilation.sources.get(file) else { return Vec::new() };
    let mut found = vec![Span::new(file, 0, source.text.len())];
    walk(unit.items(), &mut |part| {
        let span = part.span();
        let inside = span.touches(offset as usize);
        if inside {
            found.push(span);
            if let Part::Item(item) = part
                && let Some(doc) = &item.doc
            {
                found.push(doc.span.to(span));
            }
            if let Part::Block(block) = part {
                // What stands between the braces.
                found.push(trimmed(
                    &source.text,
                    Span { start: block.span.start + 1, end: block.span.end.saturating_sub(1), ..span },
                ));
            }
        }
        inside
    });
    let tokens = unit.parse.tokens.iter().filter(|token| (token.start..=token.end).contains(&offset));
    let words = tokens.filter(|token| !matches!(token.kind, TokenKind::Space | TokenKind::Newline));
    // Between two, that of a name or value, else the one that begins there.
    if let Some(token) = words.max_by_key(|token| (is_word(token.kind), token.start)) {
        found.push(Span { file, start: token.start, end: token.end });
    }
    found.retain(|span| span.touches(offset as usize) && span.start < span.end);
    found.sort_by_key(|span| (span.end - span.start, std::cmp::Reverse(span.start)));
    // Each holds the one before.
    let mut nested: Vec<Span> = Vec::new();
    for span in found {
        let holds = nested.last().is_none_or(|last| span != *last && span.start <= last.start && last.end <= span.end);
        if holds {
            nested.push(span);
        }
    }
    nested
}

fn is_word(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Name
            | TokenKind::Int
            | TokenKind::Quantity
            | TokenKind::Address
            | TokenKind::StringText
            | TokenKind::PortText
            | TokenKind::SelfWord
    )
}

/// A span without the blanks at its ends.
fn trimmed(text: &str, span: Span) -> Span {
    let inside = text.get(span.range()).unwrap_or("");
    let start = span.start as usize + inside.len() - inside.trim_start().len();
    Span::new(span.file, start, start + inside.trim().len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::fixture::Fixture;

    #[test]
    fn grows_from_the_word_to_the_file() {
        let fixture = Fixture::new("topology t\n/// A router.\nnode a: vmx {\n  memory = 2GiB + s$0ize\n}\n");
        let found = ranges(fixture.view(), fixture.position());
        let texts: Vec<&str> = found.iter().map(|span| fixture.compilation.sources.text(*span)).collect();
        assert_eq!(
            texts,
            [
                "size",
                "2GiB + size",
                "memory = 2GiB + size",
                "{\n  memory = 2GiB + size\n}",
                "node a: vmx {\n  memory = 2GiB + size\n}",
                "/// A router.\nnode a: vmx {\n  memory = 2GiB + size\n}",
                "topology t\n/// A router.\nnode a: vmx {\n  memory = 2GiB + size\n}\n",
            ]
        );
    }

    #[test]
    fn a_port_is_a_part_of_its_end() {
        let fixture = Fixture::new("topology t\nlink a:ge-0/0/$00 (mtu = 1) <-> b\n");
        let found = ranges(fixture.view(), fixture.position());
        let texts: Vec<&str> = found.iter().map(|span| fixture.compilation.sources.text(*span)).collect();
        assert_eq!(texts[..3], ["ge-0/0/0", "a:ge-0/0/0", "a:ge-0/0/0 (mtu = 1)"]);
    }
}
