//! Markdown as a terminal shows it: headings, paragraphs, lists and blocks of code; no more than our own pages use.

use crate::terminal::{FAINT, HEADER, LITERAL, Terminal};
use clap::builder::styling::Style;
use unicode_width::UnicodeWidthStr;

/// The widest that prose is set, however wide the terminal.
const WIDEST: usize = 100;

/// A page for the terminal, ending with a line end.
pub fn show(page: &str, terminal: &Terminal) -> String {
    let mut setter = Setter { terminal, out: String::new(), paragraph: String::new() };
    let mut fence = None;
    for line in page.lines() {
        match fence {
            Some(open) if line == open => fence = None,
            Some(_) => setter.code(line),
            None if line.starts_with("```") => {
                setter.end_paragraph();
                fence = Some(line.trim_end_matches(|character| character != '`'));
            }
            None => setter.line(line),
        }
    }
    setter.end_paragraph();
    format!("{}\n", setter.out.trim_end())
}

struct Setter<'a> {
    terminal: &'a Terminal,
    out: String,
    /// The lines of the open paragraph or list item, joined.
    paragraph: String,
}

impl Setter<'_> {
    fn line(&mut self, line: &str) {
        if line.is_empty() {
            self.end_paragraph();
            self.out.push('\n');
        } else if line.starts_with('#') {
            self.end_paragraph();
            let heading = line.trim_start_matches('#').trim_start();
            self.out.push_str(&self.terminal.paint(HEADER, heading));
            self.out.push('\n');
        } else if line.starts_with('|') {
            self.end_paragraph();
            self.out.push_str(line);
            self.out.push('\n');
        } else {
            if line.starts_with("- ") {
                self.end_paragraph();
            }
            if !self.paragraph.is_empty() {
                self.paragraph.push(' ');
            }
            self.paragraph.push_str(line.trim());
        }
    }

    fn code(&mut self, line: &str) {
        let line = format!("    {line}");
        self.out.push_str(&self.terminal.paint(FAINT, line.trim_end()));
        self.out.push('\n');
    }

    /// Sets the open paragraph, wrapped; a list item's further lines stand below its first word.
    fn end_paragraph(&mut self) {
        let paragraph = std::mem::take(&mut self.paragraph);
        let indent = if paragraph.starts_with("- ") { "  " } else { "" };
        let mut column = 0;
        let mut marks = Marks::default();
        for word in paragraph.split_whitespace() {
            let width = word.replace("**", "").width();
            if column > 0 && column + 1 + width > self.terminal.width.min(WIDEST) {
                self.out.push('\n');
                self.out.push_str(indent);
                column = indent.len();
            } else if column > 0 {
                self.out.push(' ');
                column += 1;
            }
            column += width;
            self.word(word, &mut marks);
        }
        if column > 0 {
            self.out.push('\n');
        }
    }

    /// Puts in a word; what stands between marks may go on in the next one.
    fn word(&mut self, word: &str, marks: &mut Marks) {
        for (index, piece) in word.split('`').enumerate() {
            if index > 0 {
                marks.literal = !marks.literal;
                self.out.push('`');
            }
            let pieces = if marks.literal { vec![piece] } else { piece.split("**").collect() };
            for (index, piece) in pieces.into_iter().enumerate() {
                marks.strong ^= index > 0;
                let style = match marks {
                    _ if piece.is_empty() => continue,
                    Marks { literal: true, .. } => LITERAL,
                    Marks { strong: true, .. } => Style::new().bold(),
                    _ => Style::new(),
                };
                self.out.push_str(&self.terminal.paint(style, piece));
            }
        }
    }
}

/// What is open at a place of a paragraph.
#[derive(Default)]
struct Marks {
    /// Between backticks, which stay.
    literal: bool,
    /// Between `**`, which go.
    strong: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;

    #[test]
    fn sets_a_page() {
        let page = "# E1: a title\n\nA **paragraph** with `a ** b` that\nis longer than a line.\n\n- one item that is long enough to be wrapped\n- two\n\n````wtop\nnode a: b\n\n```\n````\n";
        let terminal = Terminal { colour: false, error_colour: false, width: 30 };
        assert_snapshot!(show(page, &terminal));
    }
}
