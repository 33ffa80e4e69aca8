//! What holds of every action wherever it is offered: in all examples, at every item.

#![allow(clippy::disallowed_methods)] // The tests read the files of the repository.

use super::{Assist, Context, assists, finish};
use crate::diagnostics::fix::apply_edits;
use crate::diagnostics::{Severity, TextEdit};
use crate::ide::View;
use crate::ide::names::Names;
use crate::source::{DiskFileSystem, FileId, FileSystem, ReadError, Span};
use crate::syntax::format::format;
use crate::syntax::token::TokenKind;
use crate::syntax::tokens;
use crate::syntax::walk::walk;
use crate::topology::Topology;
use crate::{Compilation, CompileOptions, LockUse, compile};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The disk, but for one file.
struct Changed<'a> {
    path: &'a Path,
    text: &'a str,
}

impl FileSystem for Changed<'_> {
    fn read(&self, root: &Path, path: &Path) -> Result<Vec<u8>, ReadError> {
        if path == self.path { Ok(self.text.as_bytes().to_vec()) } else { DiskFileSystem.read(root, path) }
    }

    fn list(&self, root: &Path, directory: &Path) -> Result<Vec<String>, ReadError> {
        DiskFileSystem.list(root, directory)
    }
}

/// Compiles a lab with another text. There is no lock: what is chosen is chosen again, and has to be the same.
fn compiled(path: &Path, text: &str) -> Compilation {
    let options = CompileOptions { file: path.to_path_buf(), lock: LockUse::Ignore, ..CompileOptions::default() };
    compile(&Changed { path, text }, &options)
}

/// The lab as its JSON form has it, but for where things are written, and how: spans, arrays, devices, and the paths of
/// links, which have their ends as they are written. Nodes and networks are in no order.
fn graph(topology: &Topology) -> BTreeSet<String> {
    let Value::Object(mut all) = serde_json::to_value(topology).unwrap() else { unreachable!() };
    all.remove("checks");
    let mut parts = BTreeSet::new();
    for (name, mut value) in all {
        strip(&mut value);
        match value {
            Value::Array(values) => parts.extend(values.iter().map(|value| format!("{name} {value}"))),
            value => drop(parts.insert(format!("{name} {value}"))),
        }
    }
    parts
}

fn strip(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(strip),
        Value::Object(fields) => {
            if fields.contains_key("ends") {
                fields.remove("path");
            }
            for field in ["origin", "array", "device", "bases"] {
                fields.remove(field);
            }
            fields.values_mut().for_each(strip);
        }
        _ => {}
    }
}

/// The errors of a lab, by code and message.
fn errors(compilation: &Compilation) -> Vec<String> {
    let found = compilation.diagnostics.iter().filter(|found| found.severity() == Severity::Error);
    found.map(|found| format!("{}: {}", found.code.id, found.message)).collect()
}

/// How often each comment is there, without the space around it.
fn comments(text: &str) -> Vec<&str> {
    let all = tokens(text);
    let comment = |kind| matches!(kind, TokenKind::Comment | TokenKind::Doc | TokenKind::FileDoc);
    let mut all: Vec<&str> =
        all.iter().filter(|token| comment(token.kind)).map(|token| text[token.range()].trim()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Where actions are asked for: at the start of each node of the tree, and with each two items that follow each other.
fn places(compilation: &Compilation, file: FileId) -> BTreeSet<Span> {
    let unit = compilation.units.iter().find(|unit| unit.file == file).unwrap();
    let mut places = BTreeSet::new();
    walk(unit.items(), &mut |element| {
        let span = element.span();
        places.insert(span.at_start());
        let text = compilation.sources.text(span);
        // The name of what a keyword declares.
        if let Some(at) = text.find(' ').filter(|at| text[*at + 1..].starts_with(char::is_alphabetic)) {
            places.insert(Span::new(file, span.range().start + at + 1, span.range().start + at + 1));
        }
    });
    let items: Vec<Span> = unit.items().iter().map(|item| item.span).collect();
    places.extend(items.windows(2).map(|pair| pair[0].to(pair[1])));
    places
}

/// Actions that change the lab: they write what was missing, or give nodes other paths.
const CHANGES: &[&str] = &["add-images", "add-arguments", "add-node", "extract-module", "inline-module"];

fn holds(path: &Path, text: &str, before: &Compilation, assist: &Assist) {
    let what = format!("{} by \"{}\"", path.display(), assist.title);
    let edits: Vec<TextEdit> = finish(&before.sources, &assist.edits).unwrap_or_else(|| panic!("{what}: {assist:?}"));
    let after = apply_edits(text, &edits).unwrap();
    assert_ne!(after, text, "{what}");
    assert_eq!(format(&after).text, after, "{what} is not formatted");
    assert_eq!(comments(&after), comments(text), "{what} loses a comment\n{after}");
    let compilation = compiled(path, &after);
    let (old, new) = (errors(before), errors(&compilation));
    let added: Vec<&String> = new.iter().filter(|error| !old.contains(error)).collect();
    assert!(added.is_empty(), "{what}: {added:?}\n{after}");
    if let (Some(old), Some(new)) = (&before.topology, &compilation.topology)
        && !CHANGES.contains(&assist.id)
    {
        let (old, new) = (graph(old), graph(new));
        let gone: Vec<_> = old.difference(&new).collect();
        let came: Vec<_> = new.difference(&old).collect();
        assert_eq!(gone, came, "{what}\n{after}");
    }
}

#[test]
fn of_every_example() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").canonicalize().unwrap();
    let mut files = Vec::new();
    let mut open = vec![folder];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "wtop") {
                files.push(path);
            }
        }
    }
    files.sort();
    let mut offered = BTreeSet::new();
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let before = compiled(&path, &text);
        let names = Names::new(&before.sources, &before.units);
        let things = OnceLock::new();
        let view = View { compilation: &before, names: &names, things: &things };
        let mut seen = Vec::new();
        for place in places(&before, before.units[0].file) {
            for assist in Context::new(view, place).map_or(Vec::new(), |context| assists(&context)) {
                if !seen.contains(&assist) {
                    holds(&path, &text, &before, &assist);
                    offered.insert(assist.id);
                    seen.push(assist);
                }
            }
        }
    }
    for id in [
        "extract-device",
        "extract-module",
        "inline-constant",
        "into-array",
        "into-loop",
        "unroll-array",
        "unroll-loop",
    ] {
        assert!(offered.contains(id), "{id} was not tried: {offered:?}");
    }
}
