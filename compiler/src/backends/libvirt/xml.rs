//! An XML document, written front to back into one string.

use crate::backends::source_map::{Mark, Marker};
use crate::source::Span;
use std::fmt::{self, Display, Write};

/// Writes elements, indented by two spaces.
#[derive(Debug, Default)]
pub struct Xml {
    text: String,
    /// Names, and which of them are marked.
    open: Vec<(&'static str, bool)>,
    /// What the next element comes from.
    origin: Option<Span>,
    marker: Marker,
    /// Levels of the document that this is a part of.
    outer: usize,
    /// Was there a character that XML 1.0 cannot hold? It came out as U+FFFD.
    pub replaced: bool,
}

/// Attributes of an element, in order.
pub type Attributes<'a> = &'a [(&'a str, &'a dyn Display)];

impl Xml {
    /// Elements that will stand so many levels deep in another document ([`append`](Xml::append)).
    pub fn nested(levels: usize) -> Xml {
        Xml { outer: levels, ..Xml::default() }
    }

    /// Adds elements that were written apart, after what `before` writes with a view of their text.
    pub fn append(&mut self, part: Xml, before: impl FnOnce(&mut Xml, &str)) {
        before(self, &part.text);
        self.marker.append(&part.marker, self.text.len());
        self.text.push_str(&part.text);
        self.replaced |= part.replaced;
    }

    /// The next element, with all in it, comes from here in the source, if that is known.
    pub fn from(&mut self, span: impl Into<Option<Span>>) -> &mut Xml {
        self.origin = span.into();
        self
    }

    /// An element that holds others, until [`close`](Xml::close).
    pub fn open(&mut self, name: &'static str, attributes: Attributes<'_>) {
        let marked = self.mark();
        self.start(name, attributes);
        self.text.push_str(">\n");
        self.open.push((name, marked));
    }

    /// Ends the innermost open element.
    pub fn close(&mut self) {
        let Some((name, marked)) = self.open.pop() else { return };
        self.indent();
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push_str(">\n");
        self.end_mark(marked);
    }

    /// An element with nothing in it but attributes.
    pub fn leaf(&mut self, name: &str, attributes: Attributes<'_>) {
        let marked = self.mark();
        self.start(name, attributes);
        self.text.push_str("/>\n");
        self.end_mark(marked);
    }

    /// An element that somebody else wrote, whole and well-formed.
    pub fn raw(&mut self, element: &str) {
        self.indent();
        self.text.push_str(element);
        self.text.push('\n');
    }

    /// An element that holds text.
    pub fn text(&mut self, name: &str, attributes: Attributes<'_>, text: impl Display) {
        let marked = self.mark();
        self.start(name, attributes);
        self.text.push('>');
        self.escaped(&text);
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push_str(">\n");
        self.end_mark(marked);
    }

    /// The document, and where its lines came from.
    pub fn finish(mut self) -> (String, Vec<Mark>) {
        while !self.open.is_empty() {
            self.close();
        }
        let marks = self.marker.finish(&self.text);
        (self.text, marks)
    }

    /// Marks the element that starts with the next line, if it is known what it comes from.
    fn mark(&mut self) -> bool {
        let origin = self.origin.take();
        if let Some(span) = origin {
            self.marker.open(self.text.len(), span);
        }
        origin.is_some()
    }

    fn end_mark(&mut self, marked: bool) {
        if marked {
            self.marker.close(self.text.len());
        }
    }

    fn start(&mut self, name: &str, attributes: Attributes<'_>) {
        self.indent();
        self.text.push('<');
        self.text.push_str(name);
        for (name, value) in attributes {
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push_str("=\"");
            self.escaped(value);
            self.text.push('"');
        }
    }

    fn indent(&mut self) {
        for _ in 0..self.outer + self.open.len() {
            self.text.push_str("  ");
        }
    }

    fn escaped(&mut self, value: &dyn Display) {
        // A string takes everything; only a `Display` that fails by itself could make an error, and ours do not.
        let _ = write!(Escaped(self), "{value}");
    }
}

struct Escaped<'x>(&'x mut Xml);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" -_.:/,+#()".contains(&byte)) {
            self.0.text.push_str(text);
            return Ok(());
        }
        for c in text.chars() {
            match c {
                '&' => self.0.text.push_str("&amp;"),
                '<' => self.0.text.push_str("&lt;"),
                '>' => self.0.text.push_str("&gt;"),
                '"' => self.0.text.push_str("&quot;"),
                // Written plainly, readers would make spaces of them.
                '\t' | '\n' | '\r' => write!(self.0.text, "&#{};", u32::from(c))?,
                '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => {
                    self.0.replaced = true;
                    self.0.text.push('\u{FFFD}');
                }
                c => self.0.text.push(c),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backends::Artifact;
    use crate::backends::source_map::marks_at;
    use crate::source::FileId;
    use crate::test_tools::{Tool, put, scratch};

    #[test]
    fn nests_and_escapes() {
        let mut xml = Xml::default();
        xml.open("a", &[("n", &1), ("t", &"<\"&'\n>")]);
        xml.leaf("b", &[]);
        xml.text("c", &[], "x & y\u{1}");
        assert!(xml.replaced);
        insta::assert_snapshot!(xml.finish().0, @r#"
            <a n="1" t="&lt;&quot;&amp;'&#10;&gt;">
              <b/>
              <c>x &amp; y�</c>
            </a>
        "#);
    }

    #[test]
    fn knows_which_lines_came_from_where() {
        let at = |start| Span::new(FileId(0), start, start + 1);
        let lines =
            |marks: &[Mark]| marks.iter().map(|mark| (mark.first, mark.last, mark.span.start)).collect::<Vec<_>>();
        let mut part = Xml::nested(1);
        part.from(at(3)).leaf("c", &[("t", &"\n")]);
        let mut xml = Xml::default();
        xml.from(at(1)).open("a", &[]);
        xml.from(at(2)).text("b", &[], "x\ny");
        xml.append(part, |xml, _| xml.leaf("before", &[]));
        xml.from(None).leaf("d", &[]);
        let (text, marks) = xml.finish();
        assert_eq!(lines(&marks), [(1, 6, 1), (2, 2, 2), (4, 4, 3)], "{text}");
        let artifact = Artifact { path: "a.xml".to_owned(), bytes: text.into_bytes(), marks };
        assert_eq!(lines(&marks_at(&artifact, 4)), [(4, 4, 3), (1, 6, 1)]);
        assert_eq!(lines(&marks_at(&artifact, 5)), [(1, 6, 1)]);
        assert_eq!(marks_at(&artifact, 7), []);
    }

    #[test]
    fn any_character_is_well_formed() {
        let Some(xmllint) = Tool::find("xmllint") else { return };
        let mut xml = Xml::default();
        let all: String = ('\0'..='\u{2FFFF}').filter(|c| u32::from(*c) % 7 < 2 || u32::from(*c) < 0x2100).collect();
        xml.open("a", &[("all", &all)]);
        xml.text("b", &[], &all);
        let path = put(&scratch("xml"), "all.xml", xml.finish().0.as_bytes());
        let read = xmllint.run(&["--xpath", "string(/a/b)", &path]);
        let allowed = |c: char| {
            if matches!(c, '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}') && !"\t\n\r".contains(c) { '\u{FFFD}' } else { c }
        };
        assert_eq!(read.trim_end_matches('\n'), all.chars().map(allowed).collect::<String>().trim_end_matches('\n'));
    }
}
