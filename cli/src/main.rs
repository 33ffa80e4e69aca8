//! `wtop`, the command line: arguments in, text and exit codes out.
//!
//! A command is one file under [`commands`]; what the language means is the compiler's business. Nothing here is done
//! at start-up but reading the arguments, so that `wtop check` answers before a key is released.

mod arguments;
mod commands;
mod exit;
mod inputs;
mod lock;
mod markdown;
mod origins;
mod output;
mod packages;
mod parameters;
mod pipeline;
#[cfg(test)]
mod reference;
mod report;
mod terminal;
mod write;

use arguments::Cli;
use clap::Parser;
use exit::Exit;
use std::process::ExitCode;
use terminal::Terminal;

/// A compiler makes many small values and drops few of them: mimalloc keeps its pages warm where the system's allocator
/// touches fresh ones, which shows from a thousand nodes on.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Help and usage errors are printed while the arguments are parsed, and follow `--color` too.
    terminal::choose_colour(std::env::args_os().skip(1));
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error).into(),
    };
    let terminal = Terminal::new();
    let exit = commands::run(cli.command.as_ref(), &terminal).unwrap_or_else(|failure| {
        terminal.fail(&failure);
        failure.exit
    });
    exit.into()
}

/// Prints what clap has to say: help that was asked for, or how the arguments are wrong.
fn usage(error: &clap::Error) -> Exit {
    // There is nobody left to tell if this cannot be printed.
    let _ = error.print();
    if error.use_stderr() { Exit::Usage } else { Exit::Ok }
}
