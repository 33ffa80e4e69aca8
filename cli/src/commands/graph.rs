//! `wtop graph`: a picture of a lab.

use crate::arguments::{DiagnosticFormat, examples};
use crate::exit::{Exit, Outcome};
use crate::inputs::Input;
use crate::parameters::Parameters;
use crate::pipeline::{self, Job};
use crate::report::Report;
use crate::terminal::Terminal;
use crate::write;
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use wtop_compiler::backends::picture::{Scene, Theme, dot, drawing, mermaid, svg};
use wtop_compiler::topology::Topology;

/// Draw a lab
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop graph lab.wtop > lab.svg", "a picture for a browser"),
    ("wtop graph lab.wtop --format mermaid", "for Markdown"),
    ("wtop graph lab.wtop --format dot | dot -Tpdf > lab.pdf", "for Graphviz"),
]))]
pub struct Graph {
    /// The lab, or `-` for standard input
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,

    /// The kind of picture
    #[arg(long, value_enum, default_value = "svg")]
    format: Picture,

    /// Colours of an SVG; `auto` follows the reader's wish
    #[arg(long, value_enum, default_value = "auto")]
    theme: Shade,

    /// The file to write, instead of standard output
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    output: Option<PathBuf>,

    #[command(flatten)]
    parameters: Parameters,
}

/// The kinds of picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Picture {
    Svg,
    Dot,
    Mermaid,
}

/// The colours of an SVG.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Shade {
    Auto,
    Light,
    Dark,
}

pub fn run(arguments: &Graph, terminal: &Terminal) -> Outcome {
    let input = Input::open(&arguments.file)?;
    let params = arguments.parameters.values()?;
    let compilation = Job { input: &input, params: &params }.compile(None);
    let mut report = Report::default();
    report.add((compilation.sources, compilation.diagnostics));
    report.print(DiagnosticFormat::Text, terminal)?;
    if report.exit() != Exit::Ok {
        return Ok(report.exit());
    }
    let topology = compilation.topology.ok_or_else(|| pipeline::no_topology(&input))?;
    let picture = draw(&topology, arguments);
    match &arguments.output {
        Some(file) => write::file(file, picture.as_bytes())?,
        None => terminal.print(&picture)?,
    }
    Ok(Exit::Ok)
}

fn draw(topology: &Topology, arguments: &Graph) -> String {
    let drawing = drawing(topology);
    match arguments.format {
        Picture::Dot => dot(&drawing),
        Picture::Mermaid => mermaid(&drawing),
        Picture::Svg => {
            let theme = match arguments.theme {
                Shade::Auto => Theme::Auto,
                Shade::Light => Theme::Light,
                Shade::Dark => Theme::Dark,
            };
            svg(&Scene::of(&drawing, None), theme)
        }
    }
}
