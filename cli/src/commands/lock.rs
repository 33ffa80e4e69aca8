//! `wtop lock`: what wtop chose for a lab, and how to let go of it.

use crate::arguments::{DiagnosticFormat, examples};
use crate::exit::{Exit, Failure, Outcome};
use crate::inputs::Input;
use crate::lock;
use crate::parameters::Parameters;
use crate::pipeline::Job;
use crate::report::Report;
use crate::terminal::Terminal;
use crate::write;
use clap::Args;
use std::path::PathBuf;
use wtop_compiler::diagnostics::closest;
use wtop_compiler::source::FileSystem;
use wtop_compiler::{Lock, lock_path};

/// Write down what wtop chose for a lab: addresses, ports, MACs
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop lock lab.wtop", "write lab.wtop.lock"),
    ("wtop lock lab.wtop --check", "in CI: fail if it is out of date"),
    ("wtop lock lab.wtop --prune", "forget what is kept for what is gone"),
    ("wtop lock lab.wtop --release 'pool link h1--h2 subnet 0'", "choose one value again"),
]))]
pub struct LockCommand {
    /// The lab
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,

    /// Write nothing; fail if the lock is out of date
    #[arg(long, conflicts_with_all = ["prune", "release"])]
    check: bool,

    /// Forget what is kept for nodes and links that are gone
    #[arg(long)]
    prune: bool,

    /// Choose the value of this entry again; may be given several times
    #[arg(long, value_name = "KEY")]
    release: Vec<String>,

    #[command(flatten)]
    parameters: Parameters,

    /// How to write what is wrong
    #[arg(long, value_enum, default_value = "text")]
    format: DiagnosticFormat,
}

pub fn run(arguments: &LockCommand, terminal: &Terminal) -> Outcome {
    let mut input = Input::lab(&arguments.file)?;
    if input.is_stdin() {
        return Err(Failure::usage("a lock lies beside its file, and standard input has none"));
    }
    let path = lock_path(&input.path);
    let released = release(&mut input, &arguments.release)?;
    let params = arguments.parameters.values()?;
    if arguments.prune {
        // What is forgotten is free at once: for what is new, and for what the author wrote out.
        let lock = Job { input: &input, params: &params }.compile(None).lock;
        forget(&mut input, &lock.stale().collect::<Vec<_>>())?;
    }
    let mut compilation = Job { input: &input, params: &params }.compile(None);
    let mut report = Report::default();
    report.add((compilation.sources, compilation.diagnostics));
    report.print(arguments.format, terminal)?;
    if report.exit() != Exit::Ok {
        // Of several entries that are in the way, each can be released by itself.
        if let Some(rest) = released {
            write::file(&path, rest.text().as_bytes())?;
            let entries = if arguments.release.len() == 1 { "the entry" } else { "the entries" };
            terminal.tell(&format!("`{}` is written without {entries}; the lab has errors\n", path.display()));
        }
        return Ok(report.exit());
    }
    if arguments.check {
        lock::unchanged(&input, &compilation.lock)?;
        return Ok(Exit::Ok);
    }
    if arguments.prune {
        compilation.lock.prune();
    }
    let written = lock::write(&input, &compilation.lock)?;
    terminal.tell(&format!("`{}` {}\n", path.display(), if written { "is written" } else { "is up to date" }));
    Ok(Exit::Ok)
}

/// Has the compiler see the lock without these entries, and gives what is left of it.
fn release(input: &mut Input, keys: &[String]) -> Result<Option<Lock>, Failure> {
    if keys.is_empty() {
        return Ok(None);
    }
    let path = lock_path(&input.path);
    // A broken lock is reported when the file is compiled.
    let Some(lock) = read(input)? else { return Ok(None) };
    for key in keys {
        if lock.find(key).is_none() {
            let failure = Failure::usage(format!("`{}` has no entry `{key}`", path.display()));
            return Err(match closest(key, lock.all().into_keys()) {
                Some(meant) => failure.help(format!("did you mean `{meant}`?")),
                None => failure.help("an entry is what stands before ` = `"),
            });
        }
    }
    forget(input, &keys.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Has the compiler see the lock without these entries, those of them that it has, and gives what is left of it.
fn forget(input: &mut Input, keys: &[&str]) -> Result<Option<Lock>, Failure> {
    if keys.is_empty() {
        return Ok(None);
    }
    let Some(mut lock) = read(input)? else { return Ok(None) };
    for key in keys {
        lock.release(key);
    }
    input.hold(lock_path(&input.path), lock.text().into_bytes());
    Ok(Some(lock))
}

/// The lock as the compiler sees it; none if it is broken.
fn read(input: &Input) -> Result<Option<Lock>, Failure> {
    let path = lock_path(&input.path);
    let problem = |error| Failure::environment(format!("cannot read `{}`: {error}", path.display()));
    let bytes = input.read(&input.project(), &path).map_err(problem)?;
    Ok(Lock::parse(&String::from_utf8_lossy(&bytes)).ok())
}
