//! Little programs with marks, for the tests of this room.

use super::View;
use super::names::Names;
use super::things::Things;
use crate::source::{FileId, MemoryFileSystem, Span};
use crate::{Compilation, CompileOptions, compile};
use std::sync::OnceLock;

/// A program with a cursor and marked spans.
///
/// `$0` is the cursor, `«…»` a mark. A line `//- name.wtop` begins another file; the first is `main.wtop`.
pub struct Fixture {
    pub compilation: Compilation,
    pub names: Names,
    pub things: OnceLock<Things>,
    /// File and byte of `$0`.
    pub cursor: Option<(FileId, u32)>,
    /// Marked spans, in order.
    pub marks: Vec<Span>,
}

impl Fixture {
    /// Compiles a text with marks.
    pub fn new(text: &str) -> Fixture {
        Fixture::of_files(&files(text))
    }

    fn of_files(files: &[(String, String)]) -> Fixture {
        let (mut cursors, mut marked, mut plain) = (Vec::new(), Vec::new(), Vec::new());
        for (name, text) in files {
            let mut clean = String::new();
            let mut rest = text.as_str();
            while let Some(at) = rest.find(['$', '«', '»']) {
                clean.push_str(&rest[..at]);
                rest = &rest[at..];
                let length = if rest.starts_with("$0") {
                    cursors.push((name.clone(), clean.len()));
                    2
                } else if rest.starts_with('«') {
                    marked.push((name.clone(), clean.len(), None));
                    '«'.len_utf8()
                } else if rest.starts_with('»') {
                    let open = marked.iter_mut().rev().find(|(of, _, end)| of == name && end.is_none()).unwrap();
                    open.2 = Some(clean.len());
                    '»'.len_utf8()
                } else {
                    clean.push('$');
                    1
                };
                rest = &rest[length..];
            }
            clean.push_str(rest);
            plain.push((name.clone(), clean));
        }
        let fs = MemoryFileSystem::new(plain.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        let options = CompileOptions { file: "main.wtop".into(), ..CompileOptions::default() };
        let compilation = compile(&fs, &options);
        let file = |name: &str| compilation.sources.find(name.as_ref());
        let cursor = cursors.iter().find_map(|(name, at)| Some((file(name)?, u32::try_from(*at).unwrap())));
        let mark = |(name, start, end): &(String, usize, Option<usize>)| Some(Span::new(file(name)?, *start, (*end)?));
        let marks = marked.iter().filter_map(mark).collect();
        let names = Names::new(&compilation.sources, &compilation.units);
        Fixture { compilation, names, things: OnceLock::new(), cursor, marks }
    }

    /// What questions are asked of.
    pub fn view(&self) -> View<'_> {
        View { compilation: &self.compilation, names: &self.names, things: &self.things }
    }

    /// Where the cursor is.
    pub fn position(&self) -> (FileId, u32) {
        self.cursor.unwrap()
    }

    /// A place for people: `main.wtop:2:5 gw`.
    pub fn shown(&self, span: Span) -> String {
        let file = self.compilation.sources.get(span.file).unwrap();
        let place = file.lines.utf8(span.start);
        let text = self.compilation.sources.text(span);
        format!("{}:{}:{} {}", file.name, place.line + 1, place.column + 1, text.replace('\n', "⏎"))
    }

    /// Places for people.
    pub fn all_shown(&self, spans: impl IntoIterator<Item = Span>) -> String {
        spans.into_iter().map(|span| self.shown(span)).collect::<Vec<_>>().join("\n")
    }
}

fn files(text: &str) -> Vec<(String, String)> {
    let mut files = vec![("main.wtop".to_owned(), String::new())];
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("//- ") {
            Some(name) => files.push((name.trim().to_owned(), String::new())),
            None => files.last_mut().unwrap().1.push_str(line),
        }
    }
    files
}
