//! Markdown in pieces.

/// A page that is being written.
#[derive(Debug, Default)]
pub struct Page {
    pieces: Vec<String>,
    /// Points that are not a piece yet.
    points: Vec<String>,
}

impl Page {
    /// A page that begins with a piece of source.
    pub fn of_source(text: &str) -> Page {
        let mut page = Page::default();
        page.add(format!("```wtop\n{text}\n```"));
        page
    }

    /// Adds a paragraph, or whatever stands by itself.
    pub fn add(&mut self, text: impl Into<String>) {
        self.end_list();
        self.pieces.push(text.into());
    }

    /// Adds one where there is one.
    pub fn add_some(&mut self, text: Option<impl Into<String>>) {
        if let Some(text) = text {
            self.add(text);
        }
    }

    /// Adds a point of a list.
    pub fn point(&mut self, text: impl AsRef<str>) {
        self.points.push(format!("- {}", text.as_ref()));
    }

    /// Adds a table: the cells of its head, then those of each row.
    pub fn table(&mut self, head: &[String], rows: &[Vec<String>]) {
        let row = |cells: &[String]| format!("| {} |", cells.join(" | ").replace('\n', " "));
        let rule = vec!["---".to_owned(); head.len()];
        let lines: Vec<String> =
            [row(head), row(&rule)].into_iter().chain(rows.iter().map(|cells| row(cells))).collect();
        self.add(lines.join("\n"));
    }

    /// Adds what another page says.
    pub fn append(&mut self, other: Option<Page>) {
        if let Some(text) = other.and_then(Page::finish) {
            self.add("---");
            self.add(text);
        }
    }

    /// How many pieces and points there are.
    pub fn length(&self) -> usize {
        self.pieces.len() + self.points.len()
    }

    /// The text; none where it says nothing.
    pub fn finish(mut self) -> Option<String> {
        self.end_list();
        (!self.pieces.is_empty()).then(|| self.pieces.join("\n\n"))
    }

    fn end_list(&mut self) {
        if !self.points.is_empty() {
            self.pieces.push(std::mem::take(&mut self.points).join("\n"));
        }
    }
}
