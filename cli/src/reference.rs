//! `docs/cli.md` says what `--help` says.
//!
//! `UPDATE_PAGES=1 cargo test -p wtop reference` writes the page.

use crate::arguments::Cli;
use clap::{Command, CommandFactory};
use std::path::Path;
use std::{env, fs};

const INTRODUCTION: &str = "\
# The command line

What `wtop --help` and `wtop COMMAND --help` print. `wtop completions SHELL` helps the shell to complete arguments.

## Exit codes

| code | meaning |
| --- | --- |
| 0 | All is well; warnings do not count. |
| 1 | The source has errors, a `--check` found something to change, or an expectation of `wtop test` does not hold. |
| 2 | The arguments are wrong; of `wtop plan`: there is something to do. |
| 3 | A file, folder or service did not do its part. |

`wtop ssh`, `wtop exec` and `wtop cp` end as the program does that they run.

## Environment

| variable | meaning |
| --- | --- |
| `NO_COLOR` | No colours, whatever the terminal can show. `--color` is stronger. |
| `CLICOLOR`, `CLICOLOR_FORCE` | `CLICOLOR=0`: no colours; `CLICOLOR_FORCE=1`: colours also in pipes. |
| `COLUMNS` | The width to write for, instead of the terminal's. |
| `XDG_CACHE_HOME` | Where fetched packages are kept, in `wtop/packages`; `~/.cache` if it is not set. |
| `XDG_DATA_HOME` | Where images are kept, in `wtop/images`; `~/.local/share` if it is not set. |
| `XDG_STATE_HOME` | Where the SSH keys of labs are kept, in `wtop/keys`; `~/.local/state` if it is not set. |
| `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY` | By what way images are fetched. |
";

#[test]
fn the_page_matches_the_arguments() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/cli.md");
    let page = page();
    if env::var("UPDATE_PAGES").is_ok_and(|value| value == "1") {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/cli.md is out of date; run this test with UPDATE_PAGES=1");
}

fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    let mut root = Cli::command().term_width(100);
    root.build();
    section(&mut root, 2, &mut page);
    page
}

/// The help of a command and of those below it.
fn section(command: &mut Command, level: usize, page: &mut String) {
    let name = command.get_bin_name().unwrap_or("wtop").to_owned();
    let help = command.clone().term_width(100).render_help();
    page.push_str(&format!("\n{} `{name}`\n\n```text\n{}\n```\n", "#".repeat(level), help.to_string().trim_end()));
    for below in command.get_subcommands_mut().filter(|below| !below.is_hide_set()) {
        section(below, (level + 1).min(3), page);
    }
}
