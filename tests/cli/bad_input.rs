//! What nobody means to write: it is told clearly, soon, in little memory, and without a panic.

use crate::folder::{Folder, told};
use std::process::Command;

/// The most memory that a run may ask for, in KiB.
const MEMORY: u64 = 1024 * 1024;

/// The seconds of processor time after which the system ends a run: so many that only what never ends gets there.
const PROCESSOR: u64 = 60;

/// `wtop` with these arguments, held to [`MEMORY`] and [`PROCESSOR`]; it must end with `exit`.
fn bounded(folder: &Folder, arguments: &str, exit: i32) -> String {
    let mut command = Command::new("sh");
    let limits = format!("ulimit -v {MEMORY}; ulimit -t {PROCESSOR}; exec \"$0\" {arguments}");
    command.args(["-c", &limits, env!("CARGO_BIN_EXE_wtop")]).current_dir(folder.path("")).env("COLUMNS", "80");
    let output = command.output().unwrap();
    let told = told(&output);
    let short = || told.chars().take(2000).collect::<String>();
    assert_eq!(output.status.code(), Some(exit), "{arguments}: {}", short());
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
    let told = bounded(&folder, "check noise.wtop", 1);
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

#[test]
fn endless_ranges() {
    let folder = Folder::new();
    for range in ["1..1000000000000", "0 - 9223372036854775807..9223372036854775807"] {
        folder.write("array.wtop", format!("topology t\nnode h[i in {range}]: debian\n"));
        bounded(&folder, "check array.wtop", 1);
        folder.write("loop.wtop", format!("topology t\nfor i in {range} {{\n  node h[i]: debian\n}}\n"));
        bounded(&folder, "check loop.wtop", 1);
    }
    folder.write(
        "list.wtop",
        "topology t\nlet a = [x for x in 1..1000 for y in 1..1000 for z in 1..1000]\nnode h[a]: debian\n",
    );
    bounded(&folder, "check list.wtop", 1);
    folder
        .write("text.wtop", "topology t\nparam n: int = 1\nlet a = \"xxxxxxxxxxxxxxxx\"\n".to_owned() + &doubling(60));
    bounded(&folder, "check text.wtop", 1);
}

/// Constants, each the text of the one before twice: 2^60 letters in the end.
fn doubling(count: usize) -> String {
    let mut text = String::from("let a0 = a\n");
    for n in 1..count {
        text.push_str(&format!("let a{n} = a{p} + a{p}\n", p = n - 1));
    }
    text + &format!("node h: debian {{ notes = a{} }}\n", count - 1)
}

#[test]
fn circles() {
    let folder = Folder::with(&[
        ("a.wtop", "use \"./b.wtop\".{y}\ntopology t\npub let x = y\nnode h: debian\n"),
        ("b.wtop", "use \"./a.wtop\".{x}\npub let y = x\n"),
        ("self.wtop", "use \"./self.wtop\".{x}\ntopology t\n"),
        ("let.wtop", "topology t\nlet a = b\nlet b = a\nnode h: debian { notes = a }\n"),
        ("extends.wtop", "topology t\ndevice a extends b { }\ndevice b extends a { }\nnode h: a\n"),
        ("module.wtop", "topology t\nmodule m() {\n  node x: m()\n}\nnode h: m()\n"),
        ("type.wtop", "topology t\ntype a = [a]\nparam p: a = []\n"),
    ]);
    for file in ["a.wtop", "self.wtop", "let.wtop", "extends.wtop", "module.wtop", "type.wtop"] {
        bounded(&folder, &format!("check {file}"), 1);
    }
}

#[test]
fn files_outside_of_the_project() {
    let folder = Folder::new();
    let file = |path: &str| format!("topology t\nnode h: debian {{ notes = file(\"{path}\") }}\n");
    for path in ["../../../../../../etc/passwd", "/etc/passwd", "a/../../../../../../../etc/passwd"] {
        folder.write("outside.wtop", file(path));
        let told = bounded(&folder, "check outside.wtop", 1);
        assert!(!told.contains("root:"), "{told}");
    }
    folder.write("import.wtop", "topology t\nuse \"../../../../../../etc/passwd\".{root}\n");
    let told = bounded(&folder, "check import.wtop", 1);
    assert!(!told.contains("root:"), "{told}");
}

#[cfg(unix)]
#[test]
fn links_that_lead_outside_of_the_project() {
    let folder = Folder::new();
    folder.write("lab/lab.wtop", "topology t\nnode h: debian { notes = file(\"secret\") }\n");
    folder.write("outside", "my secret");
    std::os::unix::fs::symlink(folder.path("outside"), folder.path("lab/secret")).unwrap();
    let told = bounded(&folder, "check lab/lab.wtop", 1);
    assert!(told.contains("it lies outside the project") && !told.contains("my secret"), "{told}");
    // A link that leads to itself, and a folder that leads up.
    std::os::unix::fs::symlink("loop.wtop", folder.path("lab/loop.wtop")).unwrap();
    bounded(&folder, "check lab/loop.wtop", 3);
    std::os::unix::fs::symlink("..", folder.path("lab/up")).unwrap();
    bounded(&folder, "check lab", 1);
}
