//! `wtop build`: the files that a target needs.

use crate::arguments::{DiagnosticFormat, examples};
use crate::exit::{Exit, Failure, Outcome};
use crate::inputs::Input;
use crate::parameters::Parameters;
use crate::pipeline::Job;
use crate::report::Report;
use crate::terminal::Terminal;
use crate::{lock, origins, output};
use clap::Args;
use std::path::{Path, PathBuf};
use wtop_compiler::backends::{manifest, notes};

/// Write the files that a target needs
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop build lab.wtop", "for the lab's own target"),
    ("wtop build lab.wtop --target heat -o stack", "a HEAT template, into a folder"),
    ("wtop build lab.wtop --target json -o -", "the topology, to standard output"),
    ("wtop build lab.wtop --locked", "in CI: nothing may be chosen anew"),
    ("wtop build lab.wtop --explain domains/h1.xml:12", "where that line comes from; writes nothing"),
]))]
pub struct Build {
    /// The lab, or `-` for standard input
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,

    /// A target that the lab declares, or kvm, heat, json [default: the lab's default or only one]
    #[arg(long, value_name = "NAME")]
    target: Option<String>,

    /// The folder to write into, or `-` for standard output [default: build/LAB/TARGET]
    #[arg(short, long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    output: Option<PathBuf>,

    /// Say where a file of the build, or a line of it, comes from in the source, and write nothing
    #[arg(long, value_name = "FILE[:LINE]", conflicts_with_all = ["output", "locked"])]
    explain: Option<String>,

    #[command(flatten)]
    parameters: Parameters,

    /// Fail if the lock file would change
    #[arg(long)]
    locked: bool,

    /// How to write what is wrong
    #[arg(long, value_enum, default_value = "text")]
    format: DiagnosticFormat,
}

pub fn run(arguments: &Build, terminal: &Terminal) -> Outcome {
    let input = Input::lab(&arguments.file)?;
    let params = arguments.parameters.values()?;
    let job = Job { input: &input, params: &params };
    let built = job.build(arguments.target.as_deref())?;
    let mut report = Report::default();
    report.add((built.compilation.sources, built.compilation.diagnostics));
    report.print(arguments.format, terminal)?;
    let (Exit::Ok, Some(topology)) = (report.exit(), &built.compilation.topology) else { return Ok(report.exit()) };

    if let Some(wanted) = &arguments.explain {
        let text = origins::explain(&built.artifacts, &report.sources, wanted)?;
        terminal.print(&text)?;
        return Ok(Exit::Ok);
    }
    if arguments.locked {
        lock::unchanged(&input, &built.compilation.lock)?;
    }
    if arguments.output.as_deref() == Some(Path::new("-")) {
        let [artifact] = built.artifacts.as_slice() else {
            let message = format!("standard output holds one file, and `{}` has {}", built.goal, built.artifacts.len());
            return Err(Failure::usage(message).help("name a folder: `-o DIR`"));
        };
        terminal.print_bytes(&artifact.bytes)?;
    } else {
        let default = || Path::new("build").join(&topology.name).join(&built.goal);
        let folder = arguments.output.clone().unwrap_or_else(default);
        let mut artifacts = built.artifacts;
        let target = topology.find_target(&built.goal);
        let notes = notes::notes(topology, target, &artifacts);
        artifacts.push(manifest::manifest(topology, &report.sources, &built.goal, &artifacts));
        output::write(&folder, &artifacts)?;
        terminal.tell(&format!("{} files are in `{}`\n", artifacts.len(), folder.display()));
        notes.iter().for_each(|note| terminal.tell(&format!("note: {note}\n")));
    }
    if !arguments.locked {
        lock::write(&input, &built.compilation.lock)?;
    }
    Ok(Exit::Ok)
}
