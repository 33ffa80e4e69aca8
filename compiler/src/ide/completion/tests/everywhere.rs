//! What holds in all examples: what was deleted is offered again, and nothing panics.

use crate::ide::completion::blocks::Block;
use crate::ide::completion::cursor::Cursor;
use crate::ide::completion::{Asked, Completion, Other, Query, attributes, complete, known};
use crate::ide::names::{Names, Role};
use crate::semantics::PROJECT;
use crate::source::{DiskFileSystem, FileId, FileSystem, ReadError};
use crate::syntax::token::{Token, TokenKind};
use crate::syntax::tokens;
use crate::{Compilation, CompileOptions, compile};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The disk, with another text for one file.
struct Edited<'a>(&'a Path, &'a str);

impl FileSystem for Edited<'_> {
    fn read(&self, root: &Path, path: &Path) -> Result<Vec<u8>, ReadError> {
        if path == self.0 { Ok(self.1.as_bytes().to_vec()) } else { DiskFileSystem.read(root, path) }
    }

    fn list(&self, root: &Path, directory: &Path) -> Result<Vec<String>, ReadError> {
        DiskFileSystem.list(root, directory)
    }
}

fn compiled(path: &Path, text: &str) -> Compilation {
    let options = CompileOptions { file: path.to_path_buf(), ..CompileOptions::default() };
    compile(&Edited(path, text), &options)
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

fn programs(folder: &Path) -> Vec<PathBuf> {
    let names = DiskFileSystem.list(folder, folder).unwrap();
    names.iter().filter(|name| name.ends_with(".wtop")).map(|name| folder.join(name)).collect()
}

fn files_beside(path: &Path) -> Vec<String> {
    let folder = path.parent().unwrap();
    DiskFileSystem.list(folder, folder).unwrap()
}

/// Asks, with the other files of a program as its original text imports them.
fn ask(path: &Path, text: &str, offset: usize, compilation: &Compilation, original: &Compilation) -> Completion {
    let files = || files_beside(path);
    let folder = path.parent().unwrap();
    let own = original.units.iter().skip(1).filter(|unit| unit.root == PROJECT);
    let others: Vec<Other> = own
        .filter_map(|unit| {
            let path = original.sources.get(unit.file)?.path.strip_prefix(folder).ok()?.to_string_lossy().into_owned();
            Some(Other { path: format!("./{}", path.trim_start_matches("./")), unit })
        })
        .collect();
    complete(Query { text, offset, compilation: Some(compilation), others: &others, files: &files })
}

/// The words that one could ask for: no names that are declared there, no keys that one makes up, and whole interfaces.
fn words(path: &Path, text: &str) -> Vec<Range<usize>> {
    let compilation = compiled(path, text);
    let names = Names::new(&compilation.sources, &compilation.units);
    let tokens = tokens(text);
    let declares = |token: &Token| {
        let mut here = names.in_file(FileId(0)).iter().filter(|one| one.span.range() == token.range());
        here.any(|one| one.role == Role::Declaration)
    };
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let next = tokens.get(index + 1).map(|next| next.kind);
        let range = token.range();
        match token.kind {
            TokenKind::Name if !declares(token) && !is_made_up(text, &tokens, token) => found.push(range),
            TokenKind::PortText
                if tokens[index - 1].kind == TokenKind::PortColon
                    && !matches!(next, Some(TokenKind::HoleOpen | TokenKind::PortText)) =>
            {
                found.push(range);
            }
            _ => {}
        }
    }
    found
}

/// Is it a word that no one can guess: the key of a map, the name of a topology, a part or a check?
fn is_made_up(text: &str, all: &[Token], token: &Token) -> bool {
    let cursor = Cursor::new(text, all, token.start as usize).unwrap();
    let names = known::names(&cursor, None);
    let (index, _) = cursor.innermost().unwrap();
    let words = cursor.words(index);
    let next = cursor.next().map(|next| cursor.outline.word(next));
    let files = Vec::new;
    let query = Query { text, offset: token.start as usize, compilation: None, others: &[], files: &files };
    let asked = Asked { query, cursor, names };
    let is_named = matches!(
        words.strip_prefix(&["pub"]).unwrap_or(&words),
        ["topology"
            | "check"
            | "expect"
            | "target"
            | "image"
            | "disk"
            | "media"
            | "nic"
            | "vm"
            | "interface"
            | "attribute"]
    ) && (next == Some(":") || !matches!(words[..], ["check" | "expect"]));
    let is_key = match asked.block(index) {
        Block::Record(ty, name) => {
            words.is_empty()
                && next == Some("=")
                && attributes::fields_of(&ty).is_empty()
                && asked.lab_keys(&name).is_empty()
                && !matches!(name.as_str(), "images" | "networks" | "flavors")
        }
        Block::Words | Block::Fields => words.is_empty(),
        _ => false,
    };
    let is_field = next == Some(":") && words.is_empty();
    is_named || is_key || is_field || matches!(words[..], ["part", ..])
}

/// One word in so many is deleted; the others, by hand.
const STEP: usize = 9;

#[test]
fn what_was_deleted_is_offered() {
    let (mut asked, mut missed) = (0, Vec::new());
    for (number, path) in programs(&folder("examples")).into_iter().enumerate() {
        let text = text_of(&path);
        let original = compiled(&path, &text);
        for range in words(&path, &text).into_iter().skip(number % STEP).step_by(STEP) {
            let broken = format!("{}{}", &text[..range.start], &text[range.end..]);
            let completion = ask(&path, &broken, range.start, &compiled(&path, &broken), &original);
            let is_accepted = completion.items.iter().any(|item| {
                let mut accepted = broken.clone();
                accepted.replace_range(completion.replace.clone(), &item.insert);
                item.edits.is_empty() && accepted == text
            });
            asked += 1;
            if !is_accepted {
                let line = text[..range.start].matches('\n').count() + 1;
                let shown = text.lines().nth(line - 1).unwrap_or_default().trim();
                missed.push(format!("{}:{line}: `{}` in {shown}", path.display(), &text[range]));
            }
        }
    }
    assert!(missed.len() * 100 <= asked * 3, "{} of {asked} are not offered:\n{}", missed.len(), missed.join("\n"));
}

fn text_of(path: &Path) -> String {
    String::from_utf8(DiskFileSystem.read(path.parent().unwrap(), path).unwrap()).unwrap()
}

/// Asks at a byte, with the rest of the text and without it.
fn ask_anyhow(text: &str, offset: usize, compilation: Option<&Compilation>) {
    if !text.is_char_boundary(offset) {
        return;
    }
    let files = Vec::new;
    for text in [text, &text[..offset]] {
        let completion = complete(Query { text, offset, compilation, others: &[], files: &files });
        let word = completion.replace;
        let is_around = word.start <= offset && offset <= word.end || completion.items.is_empty();
        assert!(is_around && text.get(word).is_some(), "at {offset} of {text}");
        assert!(completion.items.iter().all(|item| !item.insert.is_empty() && !item.insert.contains('\n')));
    }
}

#[test]
fn nothing_panics_in_broken_programs() {
    for code in crate::diagnostics::codes::all() {
        let path = Path::new("/broken/main.wtop");
        let fs = crate::source::MemoryFileSystem::new([(path, code.wrong)]);
        let options = CompileOptions { file: path.to_path_buf(), ..CompileOptions::default() };
        let compilation = compile(&fs, &options);
        for offset in (0..=code.wrong.len()).step_by(3) {
            ask_anyhow(code.wrong, offset, Some(&compilation));
        }
    }
}

#[test]
fn nothing_panics_in_examples_and_the_library() {
    for path in programs(&folder("examples")) {
        let text = text_of(&path);
        let compilation = compiled(&path, &text);
        (0..=text.len()).step_by(41).for_each(|offset| ask_anyhow(&text, offset, Some(&compilation)));
    }
    for (_, text) in crate::semantics::library::files().filter(|(path, _)| path.ends_with(".wtop")) {
        (0..=text.len()).step_by(83).for_each(|offset| ask_anyhow(text, offset, None));
    }
}
