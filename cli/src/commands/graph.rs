//! `wtop graph`: a picture of a lab.

use crate::arguments::examples;
use crate::exit::{Failure, Outcome};
use crate::inputs::Input;
use crate::parameters::Parameters;
use crate::pipeline::{self, Job};
use crate::terminal::Terminal;
use crate::write;
use clap::{Args, ValueEnum};
use std::fs;
use std::path::{Path, PathBuf};
use wtop_compiler::backends::picture::{Scene, Theme, dot, drawing, html, json, mermaid, svg, text};
use wtop_compiler::layout::Positions;
use wtop_compiler::topology::Topology;

/// Draw a lab
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop graph lab.wtop > lab.svg", "a picture for a browser"),
    ("wtop graph lab.wtop --format html -o lab.html", "a page to zoom and move in"),
    ("wtop graph lab.wtop --positions old.json", "what was there stays where it was"),
    ("wtop graph lab.wtop --format text", "in the terminal"),
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

    /// Columns of text at most; a lab that needs more is drawn with less, or listed
    #[arg(long, value_name = "COLUMNS", default_value_t = 100)]
    width: usize,

    /// Colours of SVG and HTML; `auto` follows the reader's wish
    #[arg(long, value_enum, default_value = "auto")]
    theme: Shade,

    /// Keep what stands in this picture, which `--format json` wrote, and place only what is new; for SVG, HTML and JSON
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    positions: Option<PathBuf>,

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
    Html,
    Json,
    Text,
    Dot,
    Mermaid,
}

/// The colours of a picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Shade {
    Auto,
    Light,
    Dark,
}

pub fn run(arguments: &Graph, terminal: &Terminal) -> Outcome {
    let input = Input::lab(&arguments.file)?;
    if arguments.positions.is_some() && matches!(arguments.format, Picture::Text | Picture::Dot | Picture::Mermaid) {
        return Err(Failure::usage(
            "`--positions` is for SVG, HTML and JSON: text has its own grid, and Graphviz and Mermaid place nodes themselves",
        ));
    }
    let old = arguments.positions.as_deref().map(positions).transpose()?;
    let params = arguments.parameters.values()?;
    let compilation = Job { input: &input, params: &params }.compile(None);
    // A picture is wanted most when a check fails.
    let (topology, exit) = match pipeline::told(compilation, &input, terminal)? {
        Ok(told) => told,
        Err(exit) => return Ok(exit),
    };
    let picture = draw(&topology, arguments, old.as_ref());
    write::text(arguments.output.as_deref(), &picture, terminal)?;
    Ok(exit)
}

fn draw(topology: &Topology, arguments: &Graph, old: Option<&Positions>) -> String {
    let drawing = drawing(topology);
    let theme = match arguments.theme {
        Shade::Auto => Theme::Auto,
        Shade::Light => Theme::Light,
        Shade::Dark => Theme::Dark,
    };
    match arguments.format {
        Picture::Dot => dot(&drawing),
        Picture::Text => text(&drawing, arguments.width, None).document(),
        Picture::Mermaid => mermaid(&drawing),
        Picture::Svg => svg(&Scene::of(&drawing, old), theme),
        Picture::Html => html(&Scene::of(&drawing, old), theme),
        Picture::Json => json(&Scene::of(&drawing, old)),
    }
}

/// The places in a picture that `--format json` wrote.
fn positions(path: &Path) -> Result<Positions, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::io("read", path, &error))?;
    serde_json::from_str(&text).map_err(|error| {
        Failure::environment(format!("`{}` is no picture: {error}", path.display()))
            .help("`wtop graph LAB --format json -o FILE` writes one")
    })
}
