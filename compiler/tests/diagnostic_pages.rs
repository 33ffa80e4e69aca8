//! The pages of the diagnostics say what the declarations say, and their programs do what the pages say.
//!
//! `UPDATE_PAGES=1 cargo test -p wtop-compiler --test diagnostic_pages` writes the pages.

// These tests compare files; the compiler itself opens none.
#![allow(clippy::disallowed_methods)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};
use wtop_compiler::backends::{heat, libvirt};
use wtop_compiler::diagnostics::explain::{explain, index, page_name};
use wtop_compiler::diagnostics::fix::apply_edits;
use wtop_compiler::diagnostics::render::{TextOptions, json_schema, text};
use wtop_compiler::diagnostics::{Code, Diagnostic, codes, sort};
use wtop_compiler::lab::{TargetKind, lower};
use wtop_compiler::source::{FileSystem, MemoryFileSystem, Sources};
use wtop_compiler::{Compilation, CompileOptions, compile};

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

/// What first lines `// In FILE: LINE` put into these files.
const BESIDE: [(&str, &str); 3] = [
    ("// In main.wtop.lock: ", "main.wtop.lock"),
    ("// In wtop.toml: ", "wtop.toml"),
    ("// In wtop.lock: ", "wtop.lock"),
];
/// Where fetched packages lie.
const CACHE: &str = "cache";
/// What a first line `// With --set NAME=VALUE` gives as a parameter.
const SET: &str = "// With --set ";

/// What a package holds, local or fetched.
const PACKAGE: &str = "pub device edge extends debian { cpu = 2 }\n";

/// The program and what is beside it.
fn project(program: &str) -> MemoryFileSystem {
    let other = "pub device edge extends debian { cpu = 2 }\ndevice secret-edge extends debian { cpu = 2 }\n";
    let mut files = MemoryFileSystem::new([
        ("main.wtop", program),
        ("other.wtop", other),
        ("bad.j2", "{{ nothing.here }}"),
        ("good.j2", "{{ node.name }}"),
        ("site/devices.wtop", PACKAGE),
        ("cache/6a1e0c6f0f3b6d7c1f0e2a9b8c7d6e5f4a3b2c1d/devices.wtop", PACKAGE),
    ]);
    for line in program.lines().take_while(|line| line.starts_with("// In ")) {
        for (start, file) in BESIDE {
            if let Some(text) = line.strip_prefix(start) {
                files.insert(file, format!("{text}\n"));
            }
        }
    }
    files
}

/// What is built to see a code; most are seen without.
fn built_for(code: &Code) -> Option<TargetKind> {
    match code {
        code if codes::heat::ALL.contains(&code) => Some(TargetKind::Heat),
        code if codes::targets::ALL.contains(&code) => Some(TargetKind::Kvm),
        _ => None,
    }
}

/// What is said about the program `main.wtop` of a project, compiled and, where that is wanted, built.
fn diagnostics(files: &MemoryFileSystem, build: Option<TargetKind>) -> (Sources, Vec<Diagnostic>) {
    let program = files.read(Path::new(""), Path::new("main.wtop")).unwrap();
    let first = String::from_utf8(program).unwrap().lines().next().unwrap_or_default().to_owned();
    let given = first.strip_prefix(SET).and_then(|given| given.split_once('='));
    let params = given.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().collect();
    let package_cache = Some(CACHE.into());
    let options = CompileOptions { file: "main.wtop".into(), params, package_cache, ..CompileOptions::default() };
    let Compilation { sources, mut diagnostics, topology, .. } = compile(files, &options);
    if let (Some(kind), Some(topology)) = (build, topology) {
        let (lab, more) = lower(&topology, topology.targets.first(), kind);
        diagnostics.extend(more);
        let (_, more) = match kind {
            TargetKind::Kvm => libvirt::build(&lab),
            TargetKind::Heat => heat::build(&lab),
        };
        diagnostics.extend(more);
    }
    sort(&mut diagnostics);
    (sources, diagnostics)
}

fn ids(diagnostics: &[Diagnostic]) -> BTreeSet<&'static str> {
    diagnostics.iter().map(|diagnostic| diagnostic.code.id).collect()
}

/// The program and all that is said about it.
fn story(program: &str, sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    format!("{program}\n{}", text(diagnostics, sources, &TextOptions::default()))
}

#[test]
fn wrong_programs_give_exactly_their_code() {
    let mut failed = String::new();
    for code in codes::all() {
        let (sources, said) = diagnostics(&project(code.wrong), built_for(code));
        if ids(&said) != BTreeSet::from([code.id]) {
            failed += &format!("=== {} {}\n{}\n", code.id, code.title, story(code.wrong, &sources, &said));
        }
    }
    assert!(failed.is_empty(), "{failed}");
}

#[test]
fn right_programs_compile() {
    let mut failed = String::new();
    for code in codes::all() {
        let (sources, said) = diagnostics(&project(code.right), built_for(code));
        if !said.is_empty() {
            failed += &format!("=== {} {}\n{}\n", code.id, code.title, story(code.right, &sources, &said));
        }
    }
    assert!(failed.is_empty(), "{failed}");
}

#[test]
fn fixes_mend_the_wrong_programs() {
    let mut failed = String::new();
    for code in codes::all() {
        let (sources, said) = diagnostics(&project(code.wrong), built_for(code));
        for fix in said.iter().flat_map(|diagnostic| &diagnostic.fixes) {
            let mut files = project(code.wrong);
            for (id, file) in sources.iter() {
                let edits: Vec<_> = fix.edits.iter().filter(|edit| edit.span.file == id).cloned().collect();
                if !edits.is_empty() {
                    files.insert(&file.path, apply_edits(&file.text, &edits).unwrap());
                }
            }
            let (sources, said) = diagnostics(&files, built_for(code));
            if ids(&said).contains(code.id) {
                failed += &format!("=== {} after \"{}\"\n{}\n", code.id, fix.title, story(code.wrong, &sources, &said));
            }
        }
    }
    assert!(failed.is_empty(), "{failed}");
}
