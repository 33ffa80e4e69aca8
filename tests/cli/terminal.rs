//! Colours, pipes, and outputs that cannot be written.

use crate::folder::{Folder, told};
use insta::assert_snapshot;
use std::fs::File;
use std::process::Stdio;

/// Are there colours in what a command prints?
fn is_coloured(folder: &Folder, arguments: &str, environment: &[(&str, &str)]) -> bool {
    let output = folder.command(arguments).envs(environment.iter().copied()).output().unwrap();
    [output.stdout, output.stderr].concat().contains(&0x1b)
}

#[test]
fn colours_are_used_where_they_are_wanted() {
    let folder = Folder::new();
    for arguments in ["--color=always", "--color always", "--help --color always", "explain E0101 --color always"] {
        assert!(is_coloured(&folder, arguments, &[]), "{arguments}");
        assert!(
            !is_coloured(&folder, &arguments.replace("always", "never"), &[("CLICOLOR_FORCE", "1")]),
            "{arguments}"
        );
    }
    // A pipe is no terminal; `NO_COLOR` is stronger than `CLICOLOR_FORCE`, and `--color` than both.
    assert!(!is_coloured(&folder, "", &[]));
    assert!(is_coloured(&folder, "", &[("CLICOLOR_FORCE", "1")]));
    assert!(!is_coloured(&folder, "", &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(is_coloured(&folder, "--color=always", &[("NO_COLOR", "1")]));
    assert!(is_coloured(&folder, "explain X --color=always", &[]));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = Folder::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = folder.command("completions bash").stdout(Stdio::from(writer)).output().unwrap();
    assert_eq!(told(&output), "--- exit 0\n");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_sentence() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = Folder::new().command("explain").stdout(full).output().unwrap();
    assert_snapshot!(told(&output), @r"
    --- standard error
    error: cannot write the output: the disk is full
    --- exit 3
    ");
}
