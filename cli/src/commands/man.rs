//! `wtop man`: the manual pages, for those who package wtop.

use crate::arguments::{Cli, examples};
use crate::exit::{Exit, Failure, Outcome};
use crate::terminal::Terminal;
use clap::{Args, CommandFactory};
use clap_mangen::generate_to;
use std::fs;
use std::path::PathBuf;

/// Write the manual pages into a folder
#[derive(Args, Debug)]
#[command(hide = true, after_help = examples(&[("wtop man ~/.local/share/man/man1", "one page a command")]))]
pub struct Man {
    /// The folder; it is made if there is none
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    folder: PathBuf,
}

pub fn run(arguments: &Man, _terminal: &Terminal) -> Outcome {
    let folder = &arguments.folder;
    fs::create_dir_all(folder).map_err(|error| Failure::io("make the folder", folder, &error))?;
    generate_to(Cli::command(), folder).map_err(|error| Failure::io("write into", folder, &error))?;
    Ok(Exit::Ok)
}
