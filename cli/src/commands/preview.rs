//! `wtop preview`: the live preview of a lab in a browser, without an editor.

use super::lsp::host;
use crate::arguments::examples;
use crate::exit::{Exit, Failure, Outcome, reason};
use crate::inputs::Input;
use clap::Args;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Show a lab in a browser, and edit it there
///
/// The picture follows the file; what is edited in the picture is written into it. Only this machine can see the page, and
/// only with the address that is printed.
#[derive(Args, Debug)]
#[command(after_help = examples(&[("wtop preview lab.wtop", "until Ctrl-C"), ("wtop preview lab.wtop --no-open", "only print the address")]))]
pub struct Preview {
    /// The lab
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,

    /// Do not open a browser
    #[arg(long)]
    no_open: bool,
}

pub fn run(arguments: &Preview) -> Outcome {
    let input = Input::lab(&arguments.file)?;
    if input.is_stdin() {
        return Err(Failure::usage("a preview needs a file: what is edited is written into it"));
    }
    let opened = |address: &str| {
        println!("{address}");
        if !arguments.no_open {
            // Without a browser, the address is enough.
            let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
            drop(
                Command::new(opener)
                    .arg(address)
                    .stdin(Stdio::null())
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn(),
            );
        }
    };
    let served = wtop_lsp::preview(&input.path, host(None), opened);
    served.map_err(|error| Failure::environment(format!("cannot serve the preview: {}", reason(&error))))?;
    Ok(Exit::Ok)
}
