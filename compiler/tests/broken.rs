//! Broken programs, each with what the compiler says about it.
//!
//! Every `tests/broken/*.wtop` has a snapshot beside it. A new case is a new file; `INSTA_UPDATE=always` writes its
//! snapshot, to be read before it is kept.

// These tests read files; the compiler itself opens none.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::{Path, PathBuf};
use wtop_compiler::diagnostics::Diagnostic;
use wtop_compiler::diagnostics::fix::apply_edits;
use wtop_compiler::diagnostics::render::{TextOptions, text};
use wtop_compiler::source::{FileId, Sources};
use wtop_compiler::syntax::parse;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/broken")
}

/// Every program, by the name of its file.
fn programs() -> Vec<(String, String)> {
    let mut programs: Vec<(String, String)> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "wtop"))
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
        .collect();
    programs.sort();
    programs
}

/// What the compiler says. For now, what the parser says.
fn said(program: &str) -> Vec<Diagnostic> {
    parse(FileId(0), program).diagnostics
}

#[test]
fn broken_programs_are_told_what_is_wrong() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut failed = Vec::new();
    for (name, program) in programs() {
        let mut sources = Sources::default();
        sources.add(format!("{name}.wtop"), format!("{name}.wtop"), program.as_str());
        let rendered = text(&said(&program), &sources, &TextOptions::default());
        let compare = || settings.bind(|| insta::assert_snapshot!(name.clone(), rendered));
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(compare)).is_err() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "what is said has changed for {failed:?}");
}

#[test]
fn every_program_is_broken() {
    for (name, program) in programs() {
        assert!(!said(&program).is_empty(), "{name} has no mistake");
    }
}

/// A fix takes its own mistake away and makes no other.
#[test]
fn fixes_mend_their_mistake() {
    for (name, program) in programs() {
        let before = said(&program);
        for diagnostic in &before {
            for fix in &diagnostic.fixes {
                let mended = apply_edits(&program, &fix.edits).unwrap();
                let after = said(&mended);
                let same = |other: &&Diagnostic| {
                    other.code == diagnostic.code && other.span().start == diagnostic.span().start
                };
                let told = format!("{name}: {} after \"{}\":\n{mended}\n{after:#?}", diagnostic.message, fix.title);
                assert!(after.iter().find(same).is_none() && after.len() <= before.len(), "{told}");
            }
        }
    }
}
