//! YAML as people write it: comments, `|` blocks for text, short maps on one line.
//!
//! Written here because no serialiser gives all three, and because Heat reads YAML 1.1 (`on`, `1:30` and `~` are not
//! text there): what is not plainly text is quoted.

use crate::backends::source_map::{Mark, Marker};
use crate::source::Span;
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;
use std::ops::{Deref, DerefMut};

/// A YAML value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Yaml {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text.
    Text(String),
    /// A list, one item a line.
    List(Vec<Yaml>),
    /// A map, one entry a line.
    Map(Map),
    /// A list or map on one line.
    Inline(Box<Yaml>),
}

/// Text, and where it came from.
#[derive(Default)]
pub(super) struct Sheet {
    text: String,
    marker: Marker,
}

impl Sheet {
    /// The text, and where its lines came from.
    pub(super) fn finish(self) -> (String, Vec<Mark>) {
        let marks = self.marker.finish(&self.text);
        (self.text, marks)
    }

    /// Puts another one at the end.
    pub(super) fn append(&mut self, part: &Sheet) {
        self.marker.append(&part.marker, self.text.len());
        self.text.push_str(&part.text);
    }
}

impl Deref for Sheet {
    type Target = String;

    fn deref(&self) -> &String {
        &self.text
    }
}

impl DerefMut for Sheet {
    fn deref_mut(&mut self) -> &mut String {
        &mut self.text
    }
}

/// A map at the top of a file that is written as it grows: it may have tens of thousands of entries.
#[derive(Default)]
pub(super) struct Section {
    sheet: Sheet,
    entries: usize,
    origin: Option<Span>,
}

impl Section {
    /// The entries that are added from now on came from here in the source.
    pub(super) fn from(&mut self, origin: impl Into<Option<Span>>) {
        self.origin = origin.into();
    }

    /// Adds an entry, below a line of comment if that is not empty.
    pub(super) fn add(&mut self, comment: &str, key: &str, value: Map) {
        if self.entries > 0 && !comment.is_empty() {
            empty_line(&mut self.sheet);
        }
        if !comment.is_empty() {
            self.sheet.push_str(&format!("  # {}\n", printable(comment)));
        }
        let entry = Entry { key: key.to_owned(), value: value.into(), origin: self.origin };
        write_entry(&mut self.sheet, &entry, 1);
        self.entries += 1;
    }

    /// How many entries it has.
    pub(super) fn len(&self) -> usize {
        self.entries
    }

    /// Adds it to a file under its name.
    pub(super) fn write_to(&self, file: &mut Sheet, name: &str) {
        let empty = if self.entries == 0 { " {}" } else { "" };
        file.push_str(&format!("\n{name}:{empty}\n"));
        file.append(&self.sheet);
    }
}

/// Text for a comment.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if is_printable(c) { c } else { ' ' }).collect()
}

/// The entries of a map, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Map(Vec<Entry>);

#[derive(Clone, Debug, PartialEq)]
struct Entry {
    key: String,
    value: Yaml,
    /// What it came from, if that is known and not what is around it.
    origin: Option<Span>,
}

impl Map {
    /// Adds an entry.
    pub(super) fn add(&mut self, key: impl Into<String>, value: impl Into<Yaml>) {
        self.add_from(None, key, value);
    }

    /// Adds an entry that came from `origin`.
    pub(super) fn add_from(&mut self, origin: Option<Span>, key: impl Into<String>, value: impl Into<Yaml>) {
        self.0.push(Entry { key: key.into(), value: value.into(), origin });
    }

    /// With one more entry.
    pub(super) fn with(mut self, key: impl Into<String>, value: impl Into<Yaml>) -> Map {
        self.add(key, value);
        self
    }

    /// On one line.
    pub(super) fn inline(self) -> Yaml {
        Yaml::Inline(Box::new(Yaml::Map(self)))
    }

    /// Has it an entry of this name?
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|entry| entry.key == name)
    }

    /// Has it none?
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As a file; an empty line stands between its entries.
    pub(super) fn document(&self) -> Sheet {
        let mut out = Sheet::default();
        for (index, entry) in self.0.iter().enumerate() {
            if index > 0 && matches!(entry.value, Yaml::Map(_)) {
                empty_line(&mut out);
            }
            write_entry(&mut out, entry, 0);
        }
        out
    }
}

impl Yaml {
    /// A list on one line.
    pub(super) fn inline_list(items: impl IntoIterator<Item = Yaml>) -> Yaml {
        Yaml::Inline(Box::new(Yaml::List(items.into_iter().collect())))
    }
}

impl From<Map> for Yaml {
    fn from(map: Map) -> Yaml {
        Yaml::Map(map)
    }
}

impl From<&str> for Yaml {
    fn from(text: &str) -> Yaml {
        Yaml::Text(text.to_owned())
    }
}

impl From<String> for Yaml {
    fn from(text: String) -> Yaml {
        Yaml::Text(text)
    }
}

impl From<bool> for Yaml {
    fn from(value: bool) -> Yaml {
        Yaml::Bool(value)
    }
}

impl From<u16> for Yaml {
    fn from(value: u16) -> Yaml {
        Yaml::Int(value.into())
    }
}

impl From<u32> for Yaml {
    fn from(value: u32) -> Yaml {
        Yaml::Int(value.into())
    }
}

fn indent(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n("  ", depth));
}

/// Separates, unless a block of text ends in an empty line, to which another would be added.
fn empty_line(out: &mut String) {
    if !out.ends_with("\n\n") {
        out.push('\n');
    }
}

fn write_entry(out: &mut Sheet, entry: &Entry, depth: usize) {
    if let Some(origin) = entry.origin {
        out.marker.open(out.text.len(), origin);
    }
    indent(out, depth);
    write_text(out, &entry.key, true);
    out.push(':');
    write_value(out, &entry.value, depth);
    if entry.origin.is_some() {
        out.marker.close(out.text.len());
    }
}

fn write_entries(out: &mut Sheet, map: &Map, depth: usize) {
    map.0.iter().for_each(|entry| write_entry(out, entry, depth));
}

/// A map as an item of a list: its first entry stands beside the dash. Where its entries came from is not noted.
fn write_map_item(out: &mut Sheet, map: &Map, depth: usize) {
    let mut entries = Sheet::default();
    write_entries(&mut entries, map, depth);
    out.push(' ');
    out.push_str(entries.trim_start_matches(' '));
}

/// What follows `key:` or `-`, up to the end of its last line. `depth` is that of the key or dash.
fn write_value(out: &mut Sheet, value: &Yaml, depth: usize) {
    match value {
        Yaml::Map(map) if !map.is_empty() => {
            out.push('\n');
            write_entries(out, map, depth + 1);
        }
        Yaml::List(items) if !items.is_empty() => {
            out.push('\n');
            for item in items {
                indent(out, depth + 1);
                out.push('-');
                match item {
                    Yaml::Map(map) if !map.is_empty() => write_map_item(out, map, depth + 2),
                    item => write_value(out, item, depth + 1),
                }
            }
        }
        Yaml::Text(text) if fits_block(text) => write_block(out, text, depth + 1),
        value => {
            out.push(' ');
            write_inline(out, value, matches!(value, Yaml::Inline(_)));
            out.push('\n');
        }
    }
}

/// A value without line ends. `flow`: inside `{ }` or `[ ]`.
fn write_inline(out: &mut String, value: &Yaml, flow: bool) {
    match value {
        Yaml::Null => out.push_str("null"),
        Yaml::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Yaml::Int(value) => out.push_str(&value.to_string()),
        Yaml::Text(text) => write_text(out, text, flow),
        Yaml::Inline(value) => write_inline(out, value, true),
        Yaml::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                write_inline(out, item, true);
            }
            out.push(']');
        }
        Yaml::Map(map) => {
            out.push('{');
            for (index, Entry { key, value, .. }) in map.0.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                write_text(out, key, true);
                out.push_str(": ");
                write_inline(out, value, true);
            }
            out.push('}');
        }
    }
}

fn write_text(out: &mut String, text: &str, flow: bool) {
    if is_plain(text, flow) { out.push_str(text) } else { write_quoted(out, text) }
}

/// Is it read back as this very text without quotes, by YAML 1.1 and 1.2?
fn is_plain(text: &str, flow: bool) -> bool {
    if text.parse::<Ipv4Addr>().is_ok() || text.parse::<Ipv4Net>().is_ok() {
        return true;
    }
    const NOT_TEXT: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '/');
    let followed = text.chars().zip(text.chars().skip(1).map(Some).chain([None]));
    let mut characters = followed.map(|(c, next)| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '.' | '/' | '-' | '(' | ')' | '=' | '+' => true,
        ' ' => next.is_some(),
        ',' => !flow && next.is_some(),
        ':' => !flow && text.starts_with("OS::") && next.is_some_and(|next| next != ' '),
        _ => false,
    });
    starts_well && !NOT_TEXT.iter().any(|word| text.eq_ignore_ascii_case(word)) && characters.all(|fine| fine)
}

fn write_quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_printable(c) => out.push(c),
            c => out.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    out.push('"');
}

/// May the character stand as it is, and is no line end to any YAML?
fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
}

/// Several lines that a `|` block holds as they are.
fn fits_block(text: &str) -> bool {
    text.contains('\n')
        && text.chars().any(|c| c != '\n')
        && text.chars().all(|c| c == '\n' || c == '\t' || is_printable(c))
}

fn write_block(out: &mut String, text: &str, depth: usize) {
    out.push_str(" |");
    if text.starts_with([' ', '\t', '\n']) {
        out.push('2'); // The indentation cannot be seen from the first line.
    }
    let body = text.strip_suffix('\n');
    match body {
        None => out.push('-'),
        Some(body) if body.ends_with('\n') => out.push('+'),
        Some(_) => {}
    }
    out.push('\n');
    for line in body.unwrap_or(text).split('\n') {
        if !line.is_empty() {
            indent(out, depth);
            out.push_str(line);
        }
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;
    use proptest::prelude::*;

    fn json(value: &Yaml) -> serde_json::Value {
        match value {
            Yaml::Null => serde_json::Value::Null,
            Yaml::Bool(value) => (*value).into(),
            Yaml::Int(value) => (*value).into(),
            Yaml::Text(text) => text.as_str().into(),
            Yaml::List(items) => items.iter().map(json).collect(),
            Yaml::Map(map) => map.0.iter().map(|entry| (entry.key.clone(), json(&entry.value))).collect(),
            Yaml::Inline(value) => json(value),
        }
    }

    #[test]
    fn reads_as_people_write_it() {
        let server = Map::default()
            .with("type", "OS::Nova::Server")
            .with("flavor", Map::default().with("get_param", "flavor").inline())
            .with("name", "yes")
            .with("mac", "52:54:00:00:00:01")
            .with("address", "10.0.0.1/24")
            .with(
                "networks",
                Yaml::List(vec![
                    Map::default().with("port", "p1").inline(),
                    Map::default().with("port", "10").inline(),
                ]),
            )
            .with("nothing", Yaml::List(Vec::new()))
            .with("user_data", "#cloud-config\npackages:\n  - frr\n");
        let mut resources = Section::default();
        let at = |start| Span::new(FileId(0), start, start + 1);
        resources.from(at(1));
        resources.add("", "none", Map::default());
        resources.from(at(2));
        let mut server = server;
        server.add_from(Some(at(3)), "tags", Map::default().with("lab", true));
        resources.add("A host\nof the lab", "h1", server);
        let mut sheet = Map::default().with("version", "wallaby").document();
        resources.write_to(&mut sheet, "resources");
        let (text, marks) = sheet.finish();
        let lines: Vec<_> = marks.iter().map(|mark| (mark.first, mark.last, mark.span.start)).collect();
        assert_eq!(lines, [(4, 4, 1), (7, 22, 2), (21, 22, 3)]);
        insta::assert_snapshot!(text, @r##"
        version: wallaby

        resources:
          none: {}

          # A host of the lab
          h1:
            type: OS::Nova::Server
            flavor: {get_param: flavor}
            name: "yes"
            mac: "52:54:00:00:00:01"
            address: 10.0.0.1/24
            networks:
              - {port: p1}
              - {port: "10"}
            nothing: []
            user_data: |
              #cloud-config
              packages:
                - frr
            tags:
              lab: true
        "##);
    }

    #[test]
    fn quotes_what_yaml_1_1_takes_for_something_else() {
        for text in [
            "",
            "on",
            "No",
            "~",
            "1:30",
            "0x1F",
            "1e3",
            ".5",
            "2018-08-31",
            "- a",
            "a: b",
            "a #b",
            "a:",
            " a",
            "a ",
            "*a",
            "&a",
            "!a",
            "=",
            "<<",
            "@a",
            "%a",
            "{a}",
            "fd00::1",
        ] {
            assert!(!is_plain(text, false), "{text:?}");
        }
        assert!(!is_plain("OS::Nova::Server", true) && is_plain("OS::Nova::Server", false));
    }

    fn text() -> impl Strategy<Value = String> {
        let awkward = "[ \t\n\r\"'#:,\\[\\]{}&*!|>%@`~=?a0yN.\\\\\u{7f}\u{85}\u{a0}\u{2028}\u{feff}é日😀-]{0,12}";
        prop_oneof![awkward, any::<String>(), "[ -~\n]{0,40}"]
    }

    fn yaml() -> impl Strategy<Value = Yaml> {
        let leaf = prop_oneof![
            Just(Yaml::Null),
            any::<bool>().prop_map(Yaml::Bool),
            any::<i64>().prop_map(Yaml::Int),
            text().prop_map(Yaml::Text)
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            let map = prop::collection::btree_map(text(), inner.clone(), 0..4)
                .prop_map(|entries| {
                    let entry = |map: Map, (key, value): (String, Yaml)| map.with(key, value);
                    Yaml::Map(entries.into_iter().fold(Map::default(), entry))
                })
                .boxed();
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Yaml::List),
                map.clone(),
                map.prop_map(|map| Yaml::Inline(Box::new(map))),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_value_survives(values in prop::collection::vec((text(), yaml()), 0..4)) {
            let mut section = Section::default();
            for (number, (comment, value)) in values.iter().enumerate() {
                section.add(comment, &format!("v{number}"), Map::default().with("value", value.clone()));
            }
            let mut sheet = Sheet::default();
            section.write_to(&mut sheet, "values");
            let document = sheet.finish().0;
            let read: serde_json::Value = serde_saphyr::from_str(&document)
                .map_err(|error| TestCaseError::fail(format!("{error}\n{document}")))?;
            for (number, (_, value)) in values.iter().enumerate() {
                prop_assert_eq!(&read["values"][format!("v{number}")]["value"], &json(value), "{}", document);
            }
        }
    }
}
