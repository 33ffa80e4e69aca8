//! The arguments: what every command shares. Those of one command stand in its file.

use crate::commands::Command;
use crate::terminal::{Colour, HEADER, LITERAL, STYLES};
use clap::Parser;
use clap::builder::StyledStr;
use std::fmt::Write;

/// Describe a network lab as text; check it, draw it, build it.
#[derive(Parser, Debug)]
#[command(
    name = "wtop",
    version,
    styles = STYLES,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = examples(&[
        ("wtop new my-lab", "start a lab"),
        ("wtop check my-lab", "look for mistakes"),
        ("wtop COMMAND --help", "more about a command"),
    ])
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value = "auto")]
    pub color: Colour,
}

/// How diagnostics are written: for people, for programs (SARIF 2.1.0 for code hosts and editors), or as annotations of
/// GitHub Actions.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum DiagnosticFormat {
    Text,
    Json,
    Sarif,
    Github,
}

/// How a command answers: for people, or for programs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum AnswerFormat {
    Text,
    Json,
}

/// The examples below a command's help.
pub fn examples(lines: &[(&str, &str)]) -> StyledStr {
    let mut text = StyledStr::new();
    let mut put = |line: std::fmt::Arguments| {
        // Writing into memory cannot fail.
        let _ = text.write_fmt(line);
    };
    put(format_args!("{HEADER}Examples:{HEADER:#}"));
    let width = lines.iter().map(|(command, _)| command.len()).max().unwrap_or(0);
    for (command, meaning) in lines {
        put(format_args!("\n  {LITERAL}{command:width$}{LITERAL:#}  {meaning}"));
    }
    text
}
