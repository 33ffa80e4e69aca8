//! Where lines end: new gaps between the pieces of a file.
//!
//! One pass, from the first piece to the last. Whether a group fits on its line is told from sums that were made before:
//! the columns of any run of pieces on one line, and what stands between a place and the next one where a line may end.

use super::WIDTH;
use super::groups::{Group, Nesting, Place, Role};
use super::pieces::{Comment, Piece, Pieces};
use crate::syntax::token::TokenKind;
use std::ops::Range;

const INDENT: usize = 2;
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A formatted file.
pub struct Layout {
    /// The text.
    pub text: String,
    /// What stands between the pieces, before each of them.
    pub gaps: Vec<NewGap>,
}

/// What stands between two pieces, before and after formatting.
pub struct NewGap {
    /// Bytes of the old text.
    pub before: Range<usize>,
    /// Bytes of the new one.
    pub after: Range<usize>,
}

/// Lays a file out; `line_end` ends its lines.
pub fn layout(text: &str, pieces: &Pieces, nesting: &Nesting, line_end: &str) -> Layout {
    let mut printer = Printer {
        text,
        pieces,
        nesting,
        sums: Sums::new(pieces, nesting),
        line_end,
        out: String::with_capacity(text.len() + text.len() / 8),
        start: 0,
        column: 0,
        indent: 0,
        frames: vec![Frame { mode: Mode::Open, inside: 0, outside: 0, comma: false, together: false }],
    };
    let mut gaps = Vec::with_capacity(pieces.pieces.len());
    let mut end = 0;
    for (index, (piece, role)) in pieces.pieces.iter().zip(&nesting.roles).enumerate() {
        let start = printer.out.len();
        if index == 0 {
            printer.byte_order_mark();
        }
        printer.gap(index, piece, role);
        gaps.push(NewGap { before: end..piece.text.start, after: start..printer.out.len() });
        printer.piece(index, piece, role);
        end = piece.text.end;
    }
    Layout { text: printer.out, gaps }
}

/// How a group is laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mode {
    /// On one line.
    Flat,
    /// Without line ends of its own, around what may have some.
    Around,
    /// Each item on a line of its own.
    Open,
}

/// A group that is being printed.
struct Frame {
    mode: Mode,
    /// The indentation of its items, and of its closing bracket.
    inside: usize,
    outside: usize,
    /// Its lines end with commas.
    comma: bool,
    /// The items on this line stay together.
    together: bool,
}

struct Printer<'a> {
    text: &'a str,
    pieces: &'a Pieces,
    nesting: &'a Nesting,
    sums: Sums,
    line_end: &'a str,
    out: String,
    /// Where the text begins, after a byte order mark.
    start: usize,
    /// The column that comes next.
    column: usize,
    /// The indentation of this line.
    indent: usize,
    /// The groups that are open, the innermost last.
    frames: Vec<Frame>,
}

impl Printer<'_> {
    fn byte_order_mark(&mut self) {
        if self.text.starts_with(BYTE_ORDER_MARK) {
            self.out.push(BYTE_ORDER_MARK);
            self.start = self.out.len();
        }
    }

    /// Writes what stands before a piece.
    fn gap(&mut self, index: usize, piece: &Piece, role: &Role) {
        let Some(frame) = self.frames.last() else { return };
        let (inside, outside, comma, open) = (frame.inside, frame.outside, frame.comma, frame.mode == Mode::Open);
        let group = self.nesting.groups.get(role.group);
        match role.place {
            Place::Inside => {
                let further = if role.further { inside + INDENT } else { inside };
                if !piece.gap.comments.is_empty() {
                    self.comments(piece, further, true);
                    self.new_line(further, false);
                } else if open && role.goes_on {
                    self.new_line(further, false);
                } else if role.space {
                    self.write(" ");
                }
            }
            Place::First | Place::Next if open => {
                let next = role.place == Place::Next;
                if next && self.stays_on_line(piece) {
                    return self.write(", ");
                }
                if next && comma {
                    self.write(",");
                }
                self.comments(piece, inside, next);
                self.new_line(inside, piece.gap.blank && (next || !piece.gap.comments.is_empty()));
                self.begin_line(index, piece, role);
            }
            Place::Close if open => {
                if group.is_some_and(|group| group.end_comma && group.items > 0) {
                    self.write(",");
                }
                self.comments(piece, inside, group.is_some_and(|group| group.items > 0));
                self.new_line(outside, false);
            }
            Place::Next => self.write(", "),
            Place::First | Place::Close if role.space => self.write(" "),
            Place::First | Place::Close => {}
        }
    }

    /// Writes the comments of a gap: the first one perhaps behind what is there, the others on lines of their own.
    /// `blank`: may there be an empty line before them?
    fn comments(&mut self, piece: &Piece, indent: usize, blank: bool) {
        let comments = self.pieces.comments.get(piece.gap.comments.clone()).unwrap_or_default();
        for (index, comment) in comments.iter().enumerate() {
            if comment.trailing {
                self.out.push_str("  ");
            } else {
                self.new_line(indent, comment.blank && (blank || index > 0));
            }
            let text = self.text.get(comment.text.clone()).unwrap_or_default();
            let (marks, rest) = text.split_at_checked(2).filter(|_| wants_space(comment, text)).unwrap_or((text, ""));
            self.out.push_str(marks);
            if !rest.is_empty() {
                self.out.push(' ');
                self.out.push_str(rest);
            }
        }
    }

    /// Ends the line, if there is one, and begins another.
    fn new_line(&mut self, indent: usize, blank: bool) {
        if self.out.len() > self.start {
            self.out.push_str(self.line_end);
            if blank {
                self.out.push_str(self.line_end);
            }
        }
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.indent = indent;
        self.column = indent;
    }

    fn write(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.len();
    }

    /// Writes a piece, and opens or closes its group.
    fn piece(&mut self, index: usize, piece: &Piece, role: &Role) {
        if role.place == Place::Close {
            self.frames.pop();
        }
        if let Some(group) = role.opens.and_then(|group| self.nesting.groups.get(group)) {
            let mode = self.mode(index, piece, group);
            let (inside, outside) = match mode {
                Mode::Open => (self.indent + INDENT, self.indent),
                Mode::Flat | Mode::Around => (self.indent, self.indent),
            };
            let comma = !group.kind.by_line();
            self.frames.push(Frame { mode, inside, outside, comma, together: false });
        }
        self.out.push_str(self.text.get(piece.text.clone()).unwrap_or_default());
        self.column = piece.last_width.unwrap_or(self.column + piece.width);
    }

    /// How a group is laid out whose opening bracket comes next.
    fn mode(&self, index: usize, piece: &Piece, group: &Group) -> Mode {
        let parent = self.frames.last().map(|frame| frame.mode);
        if parent == Some(Mode::Flat) || group.is_empty() {
            return Mode::Flat;
        }
        let around = self.frames.iter().rev().find(|frame| frame.mode != Mode::Around);
        let comma = usize::from(around.is_some_and(|frame| frame.comma));
        let end = self.column + piece.width + self.sums.columns(index, group.close);
        if end + self.sums.rest(group.close + 1) + comma <= WIDTH && !self.sums.has_line_end(index, group.close) {
            Mode::Flat
        } else if group.holds_together() {
            Mode::Around
        } else {
            Mode::Open
        }
    }

    /// An item begins a line. If it did so before, does all that shared the line fit on it?
    fn begin_line(&mut self, index: usize, piece: &Piece, role: &Role) {
        let began_line = role.place == Place::First || piece.gap.newline;
        let opened = self.nesting.groups.get(role.group).is_some_and(|group| group.opened);
        let fits = self.indent + piece.width + self.sums.columns(index, role.line_end) <= WIDTH;
        let one_line = piece.last_width.is_none() && !self.sums.has_line_end(index, role.line_end);
        if let Some(frame) = self.frames.last_mut() {
            frame.together = began_line && opened && fits && one_line;
        }
    }

    fn stays_on_line(&self, piece: &Piece) -> bool {
        !piece.gap.newline && self.frames.last().is_some_and(|frame| frame.together)
    }
}

/// Is a space put behind the `//` of this comment? Not into rulers, nor marks such as `//#region`.
fn wants_space(comment: &Comment, text: &str) -> bool {
    let rest = text.get(2..).unwrap_or_default();
    comment.kind == TokenKind::Comment
        && !rest.starts_with([' ', '\t', '/', '#'])
        && rest.contains(|char: char| !char.is_ascii_punctuation() && !char.is_whitespace())
}

/// Sums over the pieces, so that a question takes the same time however long a group is.
struct Sums {
    /// The columns up to the end of each piece, were everything on one line.
    columns: Vec<usize>,
    /// How many line ends there are up to the end of each piece that stay whatever fits.
    line_ends: Vec<usize>,
    /// The columns from the end of the piece before each one to the next place where a line may end.
    rest: Vec<usize>,
}

impl Sums {
    fn new(pieces: &Pieces, nesting: &Nesting) -> Sums {
        let both = || pieces.pieces.iter().zip(&nesting.roles);
        let columns = both().scan(0, |sum, (piece, role)| {
            *sum += lead(role) + piece.width;
            Some(*sum)
        });
        let line_ends = both().scan(0, |sum, (piece, role)| {
            *sum += usize::from(keeps_line(piece, role, nesting));
            Some(*sum)
        });
        let mut rest: Vec<usize> = both()
            .rev()
            .scan(0, |rest, (piece, role)| {
                *rest = match line_may_end(piece, role, nesting) {
                    (true, _) => 0,
                    (false, true) => lead(role) + piece.width,
                    (false, false) => lead(role) + piece.width + *rest,
                };
                Some(*rest)
            })
            .collect();
        rest.reverse();
        Sums { columns: columns.collect(), line_ends: line_ends.collect(), rest }
    }

    /// The columns from the end of one piece to the end of another, on one line.
    fn columns(&self, after: usize, last: usize) -> usize {
        difference(&self.columns, after, last)
    }

    /// Is there a line end that stays between the ends of two pieces?
    fn has_line_end(&self, after: usize, last: usize) -> bool {
        difference(&self.line_ends, after, last) > 0
    }

    fn rest(&self, index: usize) -> usize {
        self.rest.get(index).copied().unwrap_or_default()
    }
}

fn difference(sums: &[usize], from: usize, to: usize) -> usize {
    let at = |index: usize| sums.get(index).copied().unwrap_or_default();
    at(to).saturating_sub(at(from))
}

/// The columns between a piece and the one before it, on one line.
fn lead(role: &Role) -> usize {
    if role.place == Place::Next { ", ".len() } else { usize::from(role.space) }
}

/// Is there a line end before a piece, or in it, that stays whatever fits?
fn keeps_line(piece: &Piece, role: &Role, nesting: &Nesting) -> bool {
    let opened = nesting.groups.get(role.group).is_some_and(|group| group.opened);
    let before = role.keeps_line || opened && role.goes_on || !piece.gap.comments.is_empty();
    before || piece.last_width.is_some()
}

/// May a line end before a piece, and in or right after it?
fn line_may_end(piece: &Piece, role: &Role, nesting: &Nesting) -> (bool, bool) {
    let group = |index: usize| nesting.groups.get(index);
    let together = |group: &Group| group.is_empty() || group.holds_together();
    let on_line = group(role.group).is_some_and(together);
    let before = match role.place {
        Place::Inside => !piece.gap.comments.is_empty() || role.goes_on,
        _ => true,
    };
    let after = piece.last_width.is_some() || role.opens.and_then(group).is_some_and(|group| !together(group));
    (before && !on_line, after)
}
