//! `wtop lsp`: the language server.

use crate::arguments::examples;
use crate::exit::{Exit, Failure, Outcome, reason};
use crate::inputs::{project_of, repository_of};
use crate::packages;
use clap::Args;
use std::path::Path;
use wtop_compiler::{CompileOptions, LockUse};

/// Serve an editor: started by it, it speaks the Language Server Protocol on standard input and output
#[derive(Args, Debug)]
#[command(after_help = examples(&[("wtop lsp", "what an editor's settings name as its command")]))]
pub struct Lsp {
    /// The default, which some editors write out
    #[arg(long)]
    stdio: bool,
}

pub fn run(_: &Lsp) -> Outcome {
    wtop_lsp::serve_stdio(options)
        .map_err(|error| Failure::environment(format!("cannot start the server: {}", reason(&error))))?;
    Ok(Exit::Ok)
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
    }
}
