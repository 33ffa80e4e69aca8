//! What nobody means to write: it is told clearly, soon, in little memory, and without a panic.

use crate::folder::{Folder, told};
use std::process::Command;
use std::time::{Duration, Instant};

/// The most memory that a run may ask for, in KiB.
const MEMORY: u64 = 1024 * 1024;

/// The longest that a run may take. The tests run without optimisation, many at a time.
const TIME: Duration = Duration::from_secs(20);

/// `wtop` with these arguments, held to [`MEMORY`] and [`TIME`]; it must end with `exit`.
fn bounded(folder: &Folder, arguments: &str, exit: i32) -> String {
    let mut command = Command::new("sh");
    let limits = format!("ulimit -v {MEMORY}; exec \"$0\" {arguments}");
    command.args(["-c", &limits, env!("CARGO_BIN_EXE_wtop")]).current_dir(folder.path("")).env("COLUMNS", "80");
    let start = Instant::now();
    let output = command.output().unwrap();
    let took = start.elapsed();
    let told = told(&output);
    let short = || told.chars().take(2000).collect::<String>();
    assert_eq!(output.status.code(), Some(exit), "{arguments}: {}", short());
    assert!(took < TIME, "{arguments} took {took:?}");
    assert!(!told.contains("panicked"), "{arguments}: {}", short());
    assert!(told.len() < 1024 * 1024, "{arguments} told {} bytes", told.len());
    told
}

/// Bytes that look like no text, always the same.
fn noise(count: usize) -> Vec<u8> {
    let mut state = 1u32;
    let mut next = || {
        // xorshift
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[1]
    };
    (0..count).map(|_| next()).collect()
}

/// Text of the language, broken everywhere, always the same.
fn broken_text(words: usize) -> String {
    let known = [
        "node",
        "a",
        ":",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "\"",
        "${",
        "<->",
        "link",
        "=",
        "10.0.0.1/24",
        "\n",
        "if",
        "é日",
    ];
    noise(words).iter().map(|byte| format!("{} ", known[usize::from(*byte) % known.len()])).collect()
}

#[test]
fn random_bytes() {
    let folder = Folder::new();
    folder.write("noise.wtop", noise(1_000_000));
    let told = bounded(&folder, "check noise.wtop", 3);
    assert!(told.contains("is not UTF-8 text"), "{told}");
}

#[test]
fn random_words() {
    let folder = Folder::new();
    folder.write("words.wtop", broken_text(200_000));
    bounded(&folder, "check words.wtop", 1);
    bounded(&folder, "check words.wtop --format json > found.json", 1);
}

#[test]
fn deep_nesting() {
    let folder = Folder::new();
    for (open, close) in [
        ("[", "]"),
        ("(", ")"),
        ("{", "}"),
        ("{ a = ", " }"),
        ("if true { ", " }"),
        ("\"${", "}\""),
        ("-", ""),
        ("not ", ""),
    ] {
        for close in [close, ""] {
            let text = format!("topology t\nlet x = {}1{}\n", open.repeat(100_000), close.repeat(100_000));
            folder.write("deep.wtop", text);
            bounded(&folder, "check deep.wtop", 1);
        }
    }
}

#[test]
fn a_long_line() {
    let folder = Folder::new();
    for long in ["x".repeat(10_000_000), format!("x \"{}", "日".repeat(3_500_000)), "1, ".repeat(300_000)] {
        folder.write("long.wtop", format!("topology t\nlet x = [{long}\nlink a\n"));
        bounded(&folder, "check long.wtop", 1);
    }
}

#[test]
fn many_mistakes() {
    let folder = Folder::new();
    folder.write("many.wtop", format!("topology t\n{}", "link a <->\n".repeat(10_000)));
    let told = bounded(&folder, "check many.wtop", 1);
    assert!(told.contains("errors; the first 100 are shown"), "{}", told.lines().last().unwrap_or_default());
}

#[test]
fn a_folder_where_a_file_should_be() {
    let folder = Folder::with(&[("lab.wtop/inside", "")]);
    bounded(&folder, "check lab.wtop", 3);
}

#[test]
fn what_is_no_file() {
    let folder = Folder::new();
    let told = bounded(&folder, "check /dev/zero", 3);
    assert!(told.contains("cannot read `/dev/zero`: it is not a regular file"), "{told}");
}
