//! `wtop check`: what is wrong with a lab, before anything boots.

use crate::arguments::{DiagnosticFormat, examples};
use crate::exit::{Exit, Failure, Outcome};
use crate::inputs::{self, Input};
use crate::parameters::Parameters;
use crate::pipeline::Job;
use crate::report::Report;
use crate::terminal::Terminal;
use crate::write;
use clap::Args;
use std::path::PathBuf;
use wtop_compiler::diagnostics::fix::apply_fixes;

/// Look for mistakes
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop check", "every .wtop file from here on"),
    ("wtop check lab.wtop --set leaves=8", "one lab, with a parameter"),
    ("wtop check lab.wtop --fix", "mend what can be mended by machine"),
    ("wtop check --format github", "annotations in a pull request"),
]))]
pub struct Check {
    /// Files, folders, or `-` for standard input
    #[arg(value_name = "PATH", default_value = ".", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    parameters: Parameters,

    /// Check for this target only, not for each that the file declares
    #[arg(long, value_name = "NAME")]
    target: Option<String>,

    /// Mend what can be mended in one way only; what has a `perhaps:` is for you to choose
    #[arg(long)]
    fix: bool,

    /// How to write what is wrong
    #[arg(long, value_enum, default_value = "text")]
    format: DiagnosticFormat,
}

/// Mending one mistake can show another; after so many rounds, what is left is left.
const MOST_ROUNDS: usize = 10;

pub fn run(arguments: &Check, terminal: &Terminal) -> Outcome {
    let params = arguments.parameters.values()?;
    let files = inputs::files(&arguments.paths)?;
    let mut report = Report::default();
    let mut exit = Exit::Ok;
    let mut mended = 0;
    let mut checked = 0;
    for path in &files {
        // One file that cannot be read does not keep the others from being checked.
        let result = Input::open(path).and_then(|input| {
            if arguments.fix {
                mended += mend(&Job { input: &input, params: &params }, arguments.target.as_deref())?;
            }
            Job { input: &input, params: &params }.check(arguments.target.as_deref(), &mut report)?;
            checked += 1;
            Ok(())
        });
        if let Err(failure) = result {
            terminal.fail(&failure);
            exit = exit.max(failure.exit);
        }
    }
    exit = exit.max(report.exit());
    if mended > 0 {
        terminal.tell(&format!("mended {mended} {}\n", if mended == 1 { "mistake" } else { "mistakes" }));
    }
    // That nothing is wrong is said of files that were read.
    if checked > 0 || arguments.format != DiagnosticFormat::Text {
        terminal.print(&report.show(arguments.format, terminal.colour, terminal.width))?;
    }
    Ok(exit)
}

/// Makes the fixes that diagnostics offer, in the files; gives how many.
fn mend(job: &Job, target: Option<&str>) -> Result<usize, Failure> {
    if job.input.is_stdin() {
        return Err(Failure::usage("`--fix` writes files, and standard input is none"));
    }
    let mut mended = 0;
    for _ in 0..MOST_ROUNDS {
        let mut report = Report::default();
        job.check(target, &mut report)?;
        let fixed = apply_fixes(&report.diagnostics, &report.sources);
        for (id, text) in &fixed.texts {
            if let Some(source) = report.sources.get(*id) {
                write::file(&source.path, text.as_bytes())?;
            }
        }
        mended += fixed.applied;
        if fixed.applied == 0 {
            break;
        }
    }
    Ok(mended)
}
