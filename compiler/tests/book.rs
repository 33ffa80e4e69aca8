//! The manual is right: its programs compile, its links lead somewhere, and its table of contents has every page.
//!
//! `UPDATE_PAGES=1 cargo test -p wtop-compiler --test book` writes the diagnostics into the table of contents.

// These tests read the manual; the compiler itself opens no file.
#![allow(clippy::disallowed_methods)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use wtop_compiler::diagnostics::explain::page_name;
use wtop_compiler::diagnostics::{Diagnostic, codes};
use wtop_compiler::source::{FileId, MemoryFileSystem};
use wtop_compiler::syntax::parse;
use wtop_compiler::{CompileOptions, compile};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every Markdown page below a folder, sorted.
fn pages_below(folder: &Path) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(extension) if extension == "md" => pages.push(path),
                _ => {}
            }
        }
    }
    pages.sort();
    pages
}

/// The manual, the diagnostics aside: their programs are wrong on purpose, and have tests of their own.
fn manual() -> Vec<PathBuf> {
    let mut pages = pages_below(&root().join("docs"));
    pages.retain(|page| !page.components().any(|part| part.as_os_str() == "diagnostics"));
    pages.extend([root().join("README.md"), root().join("ARCHITECTURE.md"), root().join("CHANGELOG.md")]);
    pages
}

/// A block of code in a page.
struct Block {
    /// `docs/tutorial.md:12`
    place: String,
    /// What stands after the three backticks.
    language: String,
    text: String,
}

fn blocks(page: &Path) -> Vec<Block> {
    let text = fs::read_to_string(page).unwrap();
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(language), None) => {
                let place = format!("{}:{}", page.strip_prefix(root()).unwrap().display(), number + 1);
                open = Some(Block { place, language: language.to_owned(), text: String::new() });
            }
            (Some(_), Some(block)) => blocks.push(block),
            (None, Some(block)) => open = Some(Block { text: block.text + line + "\n", ..block }),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{}: a block is never closed", page.display());
    blocks
}

fn blocks_in(language: &str) -> Vec<Block> {
    let found: Vec<Block> =
        manual().iter().flat_map(|page| blocks(page)).filter(|block| block.language == language).collect();
    assert!(!found.is_empty(), "the manual has no block in {language}");
    found
}

fn lines(diagnostics: &[Diagnostic]) -> Vec<String> {
    diagnostics.iter().map(|found| format!("{} {}", found.code.id, found.message)).collect()
}

#[test]
fn programs_compile() {
    let mut wrong = Vec::new();
    for block in blocks_in("wtop") {
        let files = MemoryFileSystem::new([("/lab/lab.wtop", block.text)]);
        let found = compile(&files, &CompileOptions { file: "/lab/lab.wtop".into(), ..CompileOptions::default() });
        // A program about one thing may leave nodes without links.
        let found = lines(&found.diagnostics).into_iter().filter(|line| !line.starts_with("W0505"));
        wrong.extend(found.map(|line| format!("{}: {line}", block.place)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn fragments_parse() {
    for block in blocks_in("wtop,fragment") {
        let found = parse(FileId(0), &block.text).diagnostics;
        assert!(found.is_empty(), "{}: {:#?}", block.place, lines(&found));
    }
}

/// Where the links of a page lead: what stands in `](…)` outside code.
fn links(text: &str) -> Vec<&str> {
    let mut links = Vec::new();
    let mut in_block = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_block = !in_block;
        }
        if !in_block {
            links.extend(line.split("](").skip(1).filter_map(|rest| rest.split(')').next()));
        }
    }
    links
}

#[test]
fn links_lead_somewhere() {
    let pages = manual().into_iter().chain(pages_below(&root().join("docs/diagnostics")));
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for link in links(&text).into_iter().filter(|link| !link.contains("://")) {
            let file = link.split('#').next().unwrap();
            let target = page.parent().unwrap().join(file);
            assert!(file.is_empty() || target.exists(), "{}: {link} leads nowhere", page.display());
        }
    }
}

#[test]
fn every_page_is_in_the_table_of_contents() {
    let path = root().join("docs/SUMMARY.md");
    let summary = fs::read_to_string(&path).unwrap();
    // The diagnostics stand last.
    let heading = "- [Diagnostics](diagnostics/README.md)\n";
    let (before, _) = summary.split_once(heading).unwrap();
    let entry = |code| format!("  - [{}](diagnostics/{})\n", page_name(code).trim_end_matches(".md"), page_name(code));
    let expected = format!("{before}{heading}{}", codes::all().map(entry).collect::<String>());
    if env::var("UPDATE_PAGES").is_ok_and(|value| value == "1") {
        fs::write(&path, &expected).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap();
    assert!(written == expected, "docs/SUMMARY.md is out of date; run this test with UPDATE_PAGES=1");

    let docs = root().join("docs");
    for page in pages_below(&docs) {
        let name = page.strip_prefix(&docs).unwrap().to_string_lossy().replace('\\', "/");
        let listed = name == "SUMMARY.md" || written.contains(&format!("]({name})"));
        assert!(listed, "docs/SUMMARY.md has no line for {name}");
    }
}
