//! The tutorial: what it shows is what comes back.
//!
//! `UPDATE_PAGES=1 cargo test -p wtop --test cli tutorial` writes what comes back into the page; review it.

use crate::folder::Folder;
use std::path::Path;
use std::{env, fs};

/// The file that the tutorial's programs are put into.
const FILE: &str = "first.wtop";

#[test]
fn the_tutorial_shows_what_comes_back() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/tutorial.md");
    let page = fs::read_to_string(&path).unwrap();
    let played = play(&page);
    if env::var("UPDATE_PAGES").is_ok_and(|value| value == "1") {
        fs::write(&path, &played).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap();
    assert!(written == played, "docs/tutorial.md is out of date; run this test with UPDATE_PAGES=1\n{played}");
}

/// The page with what comes back now: programs are written to the file, commands are run one after the other.
fn play(page: &str) -> String {
    let folder = Folder::new();
    let mut out = String::new();
    let mut block: Option<(&str, String)> = None;
    for line in page.split_inclusive('\n') {
        match (&mut block, line.strip_prefix("```")) {
            (None, Some(language)) => block = Some((language.trim_end(), String::new())),
            (Some((language, text)), Some(_)) => {
                match *language {
                    "wtop" | "wtop,mistake" => folder.write(FILE, &*text),
                    "console" => *text = run_all(&folder, text),
                    _ => {}
                }
                out.push_str(text);
                block = None;
            }
            (Some((_, text)), None) => {
                text.push_str(line);
                continue;
            }
            (None, None) => {}
        }
        out.push_str(line);
    }
    out
}

/// The commands of a block, each with what comes back.
fn run_all(folder: &Folder, text: &str) -> String {
    let commands = text.lines().filter_map(|line| line.strip_prefix("$ "));
    commands.map(|command| format!("$ {command}\n{}", run(folder, command))).collect::<Vec<_>>().join("\n")
}

fn run(folder: &Folder, command: &str) -> String {
    match command.split_once(' ') {
        Some(("cat", file)) => folder.read(file),
        Some(("wtop", arguments)) => {
            let output = folder.command(arguments).output().unwrap();
            [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat()
        }
        _ => panic!("the tutorial runs `{command}`, which is neither wtop nor cat"),
    }
}
