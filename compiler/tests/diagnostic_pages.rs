//! The pages of the diagnostics say what the declarations say, and their programs do what the pages say.
//!
//! `UPDATE_PAGES=1 cargo test -p wtop-compiler --test diagnostic_pages` writes the pages.

// These tests compare files; the compiler itself opens none.
#![allow(clippy::disallowed_methods)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};
use wtop_compiler::diagnostics::codes;
use wtop_compiler::diagnostics::explain::{explain, index, page_name};
use wtop_compiler::diagnostics::fix::apply_edits;
use wtop_compiler::diagnostics::render::json_schema;
use wtop_compiler::source::FileId;
use wtop_compiler::syntax::parse;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/diagnostics")
}

/// The pages as they should be, by file name.
fn declared() -> BTreeMap<String, String> {
    let pages = codes::all().map(|code| (page_name(code), explain(code)));
    pages.chain([("README.md".to_owned(), index())]).collect()
}

/// The pages as they are.
fn written() -> BTreeMap<String, String> {
    let Ok(entries) = fs::read_dir(folder()) else { return BTreeMap::new() };
    let page =
        |path: PathBuf| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap());
    entries.map(|entry| page(entry.unwrap().path())).collect()
}

#[test]
fn pages_match_the_declarations() {
    let declared = declared();
    if env::var("UPDATE_PAGES").is_ok_and(|value| value == "1") {
        fs::create_dir_all(folder()).unwrap();
        for stale in written().keys().filter(|name| !declared.contains_key(*name)) {
            fs::remove_file(folder().join(stale)).unwrap();
        }
        for (name, page) in &declared {
            fs::write(folder().join(name), page).unwrap();
        }
    }
    let written = written();
    let names = declared.keys().chain(written.keys());
    let differ: Vec<&String> = names.filter(|name| declared.get(*name) != written.get(*name)).collect();
    assert!(differ.is_empty(), "docs/diagnostics/ is out of date: {differ:?}; run this test with UPDATE_PAGES=1");
}

#[test]
fn the_schema_of_the_json_form_is_published() {
    let path = folder().join("../diagnostics.schema.json");
    if env::var("UPDATE_PAGES").is_ok_and(|value| value == "1") {
        fs::write(&path, json_schema()).unwrap();
    }
    let published = fs::read_to_string(path).unwrap_or_default();
    assert!(
        published == json_schema(),
        "docs/diagnostics.schema.json is out of date; run this test with UPDATE_PAGES=1"
    );
}

#[test]
fn ids_are_well_formed_and_unique() {
    let mut seen = BTreeSet::new();
    for code in codes::all() {
        let (letter, number) = code.id.split_at(1);
        let digits = number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit());
        assert!(matches!(letter, "E" | "W") && digits, "{} is not a letter E or W and four digits", code.id);
        assert!(seen.insert(code.id), "{} is declared twice", code.id);
    }
}

#[test]
fn declarations_are_complete() {
    for code in codes::all() {
        for (what, text) in
            [("title", code.title), ("explanation", code.explanation), ("wrong", code.wrong), ("right", code.right)]
        {
            assert!(!text.trim().is_empty(), "{} has no {what}", code.id);
        }
        assert!(!code.title.ends_with('.'), "the title of {} is a phrase, without a full stop", code.id);
        assert_ne!(code.wrong, code.right, "{}: both programs are the same", code.id);
    }
}

/// What the compiler says about a program: the ids of the codes. For now, what the parser says.
fn said(program: &str) -> BTreeSet<&'static str> {
    parse(FileId(0), program).diagnostics.iter().map(|diagnostic| diagnostic.code.id).collect()
}

#[test]
fn wrong_programs_give_exactly_their_code() {
    for code in codes::all() {
        // What is wrong with the others is found by later stages.
        let expected = codes::syntax::ALL.contains(&code).then_some(code.id);
        assert_eq!(said(code.wrong), expected.into_iter().collect(), "{}:\n{}", code.id, code.wrong);
    }
}

#[test]
fn right_programs_compile() {
    for code in codes::all() {
        assert_eq!(said(code.right), BTreeSet::new(), "{}:\n{}", code.id, code.right);
    }
}

#[test]
fn fixes_mend_the_wrong_programs() {
    for code in codes::all() {
        for diagnostic in parse(FileId(0), code.wrong).diagnostics {
            for fix in diagnostic.fixes {
                let mended = apply_edits(code.wrong, &fix.edits).unwrap();
                assert!(!said(&mended).contains(code.id), "{} after \"{}\":\n{mended}", code.id, fix.title);
            }
        }
    }
}
