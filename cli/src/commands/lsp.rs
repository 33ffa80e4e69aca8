//! `wtop lsp`: the language server.

use crate::arguments::examples;
use crate::exit::{Exit, Failure, Outcome, reason};
use crate::inputs::{project_of, repository_of};
use crate::packages;
use clap::Args;
use std::path::{Path, PathBuf};
use wtop_compiler::{CompileOptions, LockUse};
use wtop_lsp::Host;

/// Serve an editor: started by it, it speaks the Language Server Protocol on standard input and output
#[derive(Args, Debug)]
#[command(after_help = examples(&[("wtop lsp", "what an editor's settings name as its command")]))]
pub struct Lsp {
    /// The default, which some editors write out
    #[arg(long)]
    stdio: bool,
    /// Serve one client that connects to this port of the loopback interface instead; 0 takes a free one
    #[arg(long, value_name = "PORT", conflicts_with = "stdio")]
    tcp: Option<u16>,
    /// Write what the editor says to this file, one message a line, to show a mistake of the server: the texts of open
    /// files stand in it
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
}

pub fn run(arguments: &Lsp) -> Outcome {
    let host = host(arguments.record.clone());
    let served = match arguments.tcp {
        Some(port) => wtop_lsp::serve_tcp(port, host, |port| eprintln!("listening on 127.0.0.1:{port}")),
        None => wtop_lsp::serve_stdio(host),
    };
    served.map_err(|error| Failure::environment(format!("cannot start the server: {}", reason(&error))))?;
    Ok(Exit::Ok)
}

/// What the server has to know of this program.
pub fn host(record: Option<PathBuf>) -> Host {
    Host {
        options,
        record,
        folder: packages::cache_folder().map(|folder| folder.join("lsp").join(env!("CARGO_PKG_VERSION"))),
        // Nothing can be deployed yet.
        live: None,
    }
}

/// How a file that is open in an editor is compiled: as `wtop check` does.
fn options(path: &Path) -> CompileOptions {
    let project = project_of(path.parent().unwrap_or(Path::new("")));
    CompileOptions {
        file: path.to_path_buf(),
        repository: Some(repository_of(&project)),
        project: Some(project),
        package_cache: packages::cache(),
        params: Vec::new(),
        target: None,
        lock: LockUse::Read,
        ssh_keys: Vec::new(),
        answers: Default::default(),
        without: Vec::new(),
    }
}
