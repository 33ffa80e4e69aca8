//! Bytes inside, lines and columns at the edge: the one converter between them.

/// The starts of a text's lines.
#[derive(Debug, Clone, Default)]
pub struct LineIndex {
    starts: Vec<u32>,
}

/// A place as people and editors count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 0.
    pub line: u32,
    /// Column in the unit asked for, from 0.
    pub column: u32,
}

impl LineIndex {
    /// Finds the lines of a text. A line ends after `\n`.
    pub fn new(text: &str) -> LineIndex {
        let after_breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at as u32 + 1);
        LineIndex { starts: std::iter::once(0).chain(after_breaks).collect() }
    }

    /// How many lines there are; at least one.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The byte at which a line starts.
    pub fn start(&self, line: u32) -> Option<u32> {
        self.starts.get(line as usize).copied()
    }

    /// Line and column in bytes (which is what LSP calls UTF-8).
    pub fn utf8(&self, offset: u32) -> LineColumn {
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        LineColumn { line: line as u32, column: offset - start }
    }

    /// Line and column in characters, as a person counts them.
    pub fn chars(&self, text: &str, offset: u32) -> LineColumn {
        self.counted(text, offset, |prefix| prefix.chars().count())
    }

    /// Line and column in UTF-16 code units (LSP's default).
    pub fn utf16(&self, text: &str, offset: u32) -> LineColumn {
        self.counted(text, offset, |prefix| prefix.encode_utf16().count())
    }

    fn counted(&self, text: &str, offset: u32, count: impl Fn(&str) -> usize) -> LineColumn {
        let bytes = self.utf8(offset);
        let start = (offset - bytes.column) as usize;
        let prefix = text.get(start..offset as usize).unwrap_or("");
        LineColumn { line: bytes.line, column: count(prefix) as u32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_in_each_unit() {
        let text = "a\r\né日😀x\n";
        let lines = LineIndex::new(text);
        let x = text.find('x').unwrap() as u32;
        assert_eq!(lines.utf8(x), LineColumn { line: 1, column: 9 });
        assert_eq!(lines.chars(text, x), LineColumn { line: 1, column: 3 });
        assert_eq!(lines.utf16(text, x), LineColumn { line: 1, column: 4 });
        assert_eq!(lines.count(), 3);
    }
}
