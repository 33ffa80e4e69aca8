//! `wtop completions`: what a shell needs to complete arguments.

use crate::arguments::{Cli, examples};
use crate::exit::{Exit, Outcome};
use crate::terminal::Terminal;
use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

/// Print what a shell needs to complete wtop's arguments
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("source <(wtop completions bash)", "in ~/.bashrc"),
    ("source <(wtop completions zsh)", "in ~/.zshrc"),
    ("wtop completions fish | source", "in config.fish"),
]))]
pub struct Completions {
    /// The shell
    shell: Shell,
}

pub fn run(arguments: &Completions, terminal: &Terminal) -> Outcome {
    let mut script = Vec::new();
    generate(arguments.shell, &mut Cli::command(), "wtop", &mut script);
    terminal.print_bytes(&script)?;
    Ok(Exit::Ok)
}
