//! What strings say: escapes resolved, blocks without their indentation.

use super::token::Quotes;
use smol_str::SmolStr;

/// A piece of a string, interface name or address, as it was lexed.
#[derive(Clone, Copy, Debug)]
pub enum Piece<'a> {
    /// Text that stands for itself, and where it starts.
    Text(&'a str, u32),
    /// An escape.
    Char(char),
    /// A hole: the number of its unit.
    Hole(u32),
}

/// A part of what a string says.
#[derive(Clone, PartialEq, Debug)]
pub enum Part {
    /// Text.
    Literal(SmolStr),
    /// A hole: the number of its unit.
    Hole(u32),
}

/// What is wrong with a `"""` block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadBlock {
    /// Text on the line of the opening quotes.
    FirstLine,
    /// Text on the line of the closing quotes.
    LastLine,
    /// The line that starts at this byte is indented less than the closing quotes.
    Indentation(u32),
}

/// The escape's character.
pub fn escape(text: &str) -> Option<char> {
    match text.strip_prefix('\\')? {
        "n" => Some('\n'),
        "t" => Some('\t'),
        "r" => Some('\r'),
        "\"" => Some('"'),
        "\\" => Some('\\'),
        "$" => Some('$'),
        code => {
            let hex = code.strip_prefix("u{")?.strip_suffix('}')?;
            u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)
        }
    }
}

/// Joins the pieces of a string; of a block, it takes the indentation off. Line ends come out as `\n` on every system,
/// so that a lab is the same bytes wherever it was checked out.
pub fn parts(quotes: Quotes, pieces: &[Piece<'_>], closed: bool) -> (Vec<Part>, Option<BadBlock>) {
    let mut joined = Joined::default();
    if quotes.one_line() {
        for piece in pieces {
            match piece {
                Piece::Text(text, _) => joined.text.push_str(text),
                Piece::Char(char) => joined.text.push(*char),
                Piece::Hole(unit) => joined.hole(*unit),
            }
        }
        return (joined.finish(), None);
    }
    let mut bad = pieces.is_empty().then_some(BadBlock::FirstLine);
    let indentation = indentation(pieces, closed, &mut bad);
    let last = pieces.len().saturating_sub(1);
    let mut line_start = false;
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Char(char) => joined.text.push(*char),
            Piece::Hole(unit) => joined.hole(*unit),
            Piece::Text(text, start) => {
                let body = if index == 0 { first_line(text, &mut bad) } else { text };
                line_start |= index == 0 && body.len() < text.len();
                let offset = start + (text.len() - body.len()) as u32;
                let ends_string = index == last && closed;
                line_start = lines(&mut joined, body, offset, indentation, line_start, ends_string, &mut bad);
                continue;
            }
        }
        if index == 0 {
            bad.get_or_insert(BadBlock::FirstLine);
        }
        line_start = false;
    }
    (joined.finish(), bad)
}

/// What stands before the closing quotes on their line.
fn indentation<'a>(pieces: &[Piece<'a>], closed: bool, bad: &mut Option<BadBlock>) -> &'a str {
    let Some(Piece::Text(text, _)) = pieces.last() else {
        if closed {
            bad.get_or_insert(BadBlock::LastLine);
        }
        return "";
    };
    let Some((_, line)) = text.rsplit_once('\n') else {
        if closed {
            *bad = Some(BadBlock::LastLine);
        }
        return "";
    };
    let rest = line.trim_start_matches([' ', '\t']);
    if !rest.is_empty() && closed {
        *bad = Some(BadBlock::LastLine);
    }
    if closed { line.get(..line.len() - rest.len()).unwrap_or_default() } else { "" }
}

/// The text after the line of the opening quotes.
fn first_line<'a>(text: &'a str, bad: &mut Option<BadBlock>) -> &'a str {
    match text.split_once('\n') {
        Some((line, rest)) if line.trim().is_empty() => rest,
        _ => {
            *bad = Some(BadBlock::FirstLine);
            text
        }
    }
}

/// Adds the lines of one piece of text; says whether it ends at the start of a line.
fn lines(
    joined: &mut Joined,
    body: &str,
    mut offset: u32,
    indentation: &str,
    mut line_start: bool,
    ends_string: bool,
    bad: &mut Option<BadBlock>,
) -> bool {
    let mut rest = body;
    while !rest.is_empty() {
        let length = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let (line, after) = rest.split_at(length);
        let complete = line.ends_with('\n');
        let content = line.strip_suffix("\r\n").or_else(|| line.strip_suffix('\n')).unwrap_or(line);
        let blank = content.trim_matches([' ', '\t']).is_empty() && (complete || (ends_string && after.is_empty()));
        if line_start && blank {
            // Neither the closing quotes' line nor an empty one has text.
        } else if line_start {
            match content.strip_prefix(indentation) {
                Some(content) => joined.text.push_str(content),
                None => {
                    bad.get_or_insert(BadBlock::Indentation(offset));
                    joined.text.push_str(content.trim_start_matches([' ', '\t']));
                }
            }
        } else {
            joined.text.push_str(content);
        }
        if complete {
            joined.text.push('\n');
        }
        line_start = complete;
        offset += length as u32;
        rest = after;
    }
    line_start
}

#[derive(Default)]
struct Joined {
    parts: Vec<Part>,
    text: String,
}

impl Joined {
    fn hole(&mut self, unit: u32) {
        self.flush();
        self.parts.push(Part::Hole(unit));
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(Part::Literal(SmolStr::new(&self.text)));
            self.text.clear();
        }
    }

    fn finish(mut self) -> Vec<Part> {
        self.flush();
        self.parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> (String, Option<BadBlock>) {
        let (parts, bad) = parts(Quotes::Block, &[Piece::Text(text, 0)], true);
        let text = parts.iter().map(|part| match part {
            Part::Literal(text) => text.to_string(),
            Part::Hole(unit) => format!("<{unit}>"),
        });
        (text.collect(), bad)
    }

    #[test]
    fn blocks_lose_the_indentation_of_their_end() {
        assert_eq!(block("\n    a\n      b\n\n    c\n    "), ("a\n  b\n\nc\n".into(), None));
        assert_eq!(block("\r\n  a\r\n  "), ("a\n".into(), None));
        assert_eq!(block("\n"), (String::new(), None));
        assert_eq!(block("\n  a\n b\n  ").1, Some(BadBlock::Indentation(5)));
        assert_eq!(block("a\n").1, Some(BadBlock::FirstLine));
        assert_eq!(block("\n  a").1, Some(BadBlock::LastLine));
    }

    #[test]
    fn holes_at_the_start_of_a_line_keep_its_indentation_off() {
        let pieces = [Piece::Text("\n  ", 0), Piece::Hole(7), Piece::Text("x\n  ", 9)];
        let expected = vec![Part::Hole(7), Part::Literal("x\n".into())];
        assert_eq!(parts(Quotes::Block, &pieces, true), (expected, None));
    }

    #[test]
    fn the_closing_quotes_stand_alone() {
        let pieces = [Piece::Text("\n  ", 0), Piece::Hole(7)];
        assert_eq!(parts(Quotes::Block, &pieces, true).1, Some(BadBlock::LastLine));
    }

    #[test]
    fn escapes() {
        assert_eq!(escape("\\n"), Some('\n'));
        assert_eq!(escape("\\u{e9}"), Some('é'));
        assert_eq!(escape("\\u{d800}"), None);
        assert_eq!(escape("\\q"), None);
    }
}
