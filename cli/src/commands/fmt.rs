//! `wtop fmt`: files in canonical form.

use crate::arguments::{DiagnosticFormat, examples};
use crate::exit::{Exit, Failure, Outcome};
use crate::inputs::{self, Input};
use crate::report::Report;
use crate::terminal::Terminal;
use crate::write;
use clap::Args;
use std::path::PathBuf;
use wtop_compiler::source::Sources;
use wtop_compiler::syntax::format::format;
use wtop_compiler::syntax::parse;

/// Format files
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop fmt", "every .wtop file from here on"),
    ("wtop fmt lab.wtop", "one file"),
    ("wtop fmt --check", "name the files that would change, for CI"),
    ("wtop fmt -", "from standard input to standard output"),
]))]
pub struct Fmt {
    /// Files, folders, or `-` for standard input
    #[arg(value_name = "PATH", default_value = ".", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,

    /// Change nothing; name the files that would change, and end with 1 if there are any
    #[arg(long)]
    check: bool,
}

pub fn run(arguments: &Fmt, terminal: &Terminal) -> Outcome {
    let mut report = Report::default();
    let mut exit = Exit::Ok;
    for path in &inputs::files(&arguments.paths)? {
        // One file that cannot be read or written does not keep the others from being formatted.
        match Input::open(path).and_then(|input| file(&input, arguments.check, &mut report, terminal)) {
            Ok(ended) => exit = exit.max(ended),
            Err(failure) => {
                terminal.fail(&failure);
                exit = exit.max(failure.exit);
            }
        }
    }
    report.print(DiagnosticFormat::Text, terminal)?;
    Ok(exit)
}

/// Formats one file. One with syntax errors is left alone, and they are reported.
fn file(input: &Input, check: bool, report: &mut Report, terminal: &Terminal) -> Outcome {
    let name = input.path.display().to_string();
    let text = String::from_utf8(input.bytes()?)
        .map_err(|_| Failure::environment(format!("cannot format `{name}`: it is not UTF-8 text")))?;
    let formatted = format(&text);
    if !formatted.well_formed {
        let mut sources = Sources::default();
        let id = sources.add(&input.path, name.replace('\\', "/"), text.as_str());
        report.add((sources, parse(id, &text).diagnostics));
        return Ok(Exit::Diagnostics);
    }
    if input.is_stdin() && !check {
        terminal.print(&formatted.text)?;
    } else if formatted.text != text && check {
        terminal.print(&format!("{name} is not formatted\n"))?;
        return Ok(Exit::Diagnostics);
    } else if formatted.text != text {
        write::file(&input.path, formatted.text.as_bytes())?;
        terminal.tell(&format!("formatted {name}\n"));
    }
    Ok(Exit::Ok)
}
