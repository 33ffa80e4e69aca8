//! Broken programs, each with what the compiler says about it.
//!
//! Every `tests/broken/*.wtop` has a snapshot beside it: these have mistakes of form, which the parser finds. Those in
//! `tests/broken/meaning/` are well-formed and compiled as a project; they may use the files in `lib/`. A new case is a
//! new file; `INSTA_UPDATE=always` writes its snapshot, to be read before it is kept.

// These tests read files; the compiler itself opens none.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::{Path, PathBuf};
use wtop_compiler::diagnostics::Diagnostic;
use wtop_compiler::diagnostics::fix::apply_edits;
use wtop_compiler::diagnostics::render::{TextOptions, text};
use wtop_compiler::source::{FileId, MemoryFileSystem, Sources};
use wtop_compiler::syntax::parse;
use wtop_compiler::{Compilation, CompileOptions, compile};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/broken")
}

/// The files of a folder, by name.
fn files(folder: &Path) -> Vec<(String, String)> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let file =
        |path: PathBuf| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap());
    let mut files: Vec<(String, String)> = paths.map(file).collect();
    files.sort();
    files
}

/// The programs of a folder, by name.
fn programs_of(folder: &Path) -> Vec<(String, String)> {
    let program = |(name, text): (String, String)| Some((name.strip_suffix(".wtop")?.to_owned(), text));
    files(folder).into_iter().filter_map(program).collect()
}

/// Every program with mistakes of form.
fn programs() -> Vec<(String, String)> {
    programs_of(&folder())
}

/// Every program with mistakes of meaning.
fn well_formed_programs() -> Vec<(String, String)> {
    programs_of(&folder().join("meaning"))
}

/// What the parser says.
fn said(program: &str) -> Vec<Diagnostic> {
    parse(FileId(0), program).diagnostics
}

/// The folder of well-formed programs, as a project.
fn project() -> MemoryFileSystem {
    let folder = folder().join("meaning");
    let beside = files(&folder.join("lib")).into_iter().map(|(name, text)| (format!("lib/{name}"), text));
    MemoryFileSystem::new(files(&folder).into_iter().chain(beside))
}

/// Compiles a program as the file of that name in the project.
fn compiled(name: &str, program: &str) -> Compilation {
    let mut files = project();
    files.insert(format!("{name}.wtop"), program);
    compile(&files, &CompileOptions { file: format!("{name}.wtop").into(), ..CompileOptions::default() })
}

/// Compares each text with its snapshot in the folder.
fn compare(folder: &Path, rendered: impl Iterator<Item = (String, String)>) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut failed = Vec::new();
    for (name, rendered) in rendered {
        let compare = || settings.bind(|| insta::assert_snapshot!(name.clone(), rendered));
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(compare)).is_err() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "what is said has changed for {failed:?}");
}

#[test]
fn broken_programs_are_told_what_is_wrong() {
    let rendered = programs().into_iter().map(|(name, program)| {
        let mut sources = Sources::default();
        sources.add(format!("{name}.wtop"), format!("{name}.wtop"), program.as_str());
        let rendered = text(&said(&program), &sources, &TextOptions::default());
        (name, rendered)
    });
    compare(&folder(), rendered);
}

#[test]
fn programs_without_meaning_are_told_why() {
    let rendered = well_formed_programs().into_iter().map(|(name, program)| {
        let Compilation { sources, diagnostics, .. } = compiled(&name, &program);
        let rendered = text(&diagnostics, &sources, &TextOptions::default());
        (name, rendered)
    });
    compare(&folder().join("meaning"), rendered);
}

#[test]
fn every_program_is_broken() {
    for (name, program) in programs() {
        assert!(!said(&program).is_empty(), "{name} has no mistake");
    }
    for (name, program) in well_formed_programs() {
        assert!(!compiled(&name, &program).diagnostics.is_empty(), "{name} has no mistake");
    }
}

/// What the parser could not read does not keep the evaluator from going on.
#[test]
fn mistakes_of_form_do_not_stop_the_compiler() {
    for (name, program) in programs() {
        let found = compiled(&name, &program).diagnostics;
        for diagnostic in said(&program) {
            let same = |other: &&Diagnostic| (other.code, &other.message) == (diagnostic.code, &diagnostic.message);
            assert!(found.iter().find(same).is_some(), "{name}: {} is lost", diagnostic.message);
        }
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

/// The first fix of a diagnostic takes it away; others may come to light.
#[test]
fn fixes_mend_mistakes_of_meaning() {
    for (name, program) in well_formed_programs() {
        let Compilation { sources, diagnostics, .. } = compiled(&name, &program);
        for diagnostic in &diagnostics {
            let Some(fix) = diagnostic.fixes.first() else { continue };
            let edits: Vec<_> = fix.edits.iter().filter(|edit| edit.span.file == FileId(0)).cloned().collect();
            assert_eq!(sources.get(FileId(0)).unwrap().name, format!("{name}.wtop"));
            if edits.len() < fix.edits.len() {
                continue;
            }
            let mended = apply_edits(&program, &edits).unwrap();
            let after = compiled(&name, &mended).diagnostics;
            let same = |other: &&Diagnostic| {
                other.span().start == diagnostic.span().start
                    && (other.code, &other.message) == (diagnostic.code, &diagnostic.message)
            };
            let told = format!("{name}: {} after \"{}\":\n{mended}", diagnostic.message, fix.title);
            assert!(after.iter().find(same).is_none(), "{told}");
        }
    }
}
