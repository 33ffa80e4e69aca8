//! `wtop image list`: all images that are known, or those that a lab needs.

use super::needs::{LabChoice, Needed};
use super::{catalog, catalog_here};
use crate::exit::{Exit, Outcome};
use crate::terminal::{HEADER, LITERAL, Terminal};
use clap::Args;
use indicatif::BinaryBytes;
use serde::Serialize;
use std::path::{Path, PathBuf};
use unicode_width::UnicodeWidthStr;
use wtop_deploy::images::{Catalog, Entry, Format, Image, Need, Origin, Place, Problem, Verified, probe, resolve};

/// List images, or those that a lab needs
#[derive(Args, Debug)]
pub struct List {
    #[command(flatten)]
    lab: LabChoice,

    /// Answer for programs
    #[arg(long)]
    json: bool,
}

/// An image as programs read it.
#[derive(Serialize)]
struct Row {
    name: String,
    /// `file`, `volume` or `url`.
    kind: &'static str,
    /// The path, `pool/volume`, or the address without secrets.
    r#where: String,
    /// Its file, if it is one that is here.
    path: Option<PathBuf>,
    format: Option<Format>,
    /// Bytes of the disk that a guest sees.
    virtual_size: Option<u64>,
    /// Bytes that the file takes.
    on_disk: Option<u64>,
    verified: Verified,
    source: Option<String>,
    catalog: PathBuf,
    problem: Option<String>,
}

/// An image that a lab needs, as programs read it.
#[derive(Serialize)]
struct NeedRow {
    /// What it may be called, the most exact first.
    names: Vec<String>,
    nodes: Vec<String>,
    /// What was found.
    found: Option<String>,
    format: Option<Format>,
    virtual_size: Option<u64>,
    problem: Option<String>,
    help: Option<String>,
    /// Where one gets it.
    notes: Option<String>,
}

pub fn run(arguments: &List, terminal: &Terminal) -> Outcome {
    let text = if arguments.lab.lab.is_some() {
        let Some(needed) = arguments.lab.needs(terminal)? else { return Ok(Exit::Diagnostics) };
        let rows = need_rows(&catalog(&needed.project)?, &needed);
        if arguments.json { json(&rows) } else { needs_text(&rows, terminal) }
    } else {
        let catalog = catalog_here()?;
        let rows: Vec<Row> = catalog.entries.values().map(|entry| row(&catalog, entry)).collect();
        if arguments.json { json(&rows) } else { text(&rows, terminal) }
    };
    terminal.print(&text)?;
    Ok(Exit::Ok)
}

fn row(catalog: &Catalog, entry: &Entry) -> Row {
    let path = catalog.store.file(entry);
    let found = path.as_deref().map(probe);
    let problem = found.as_ref().and_then(|found| found.as_ref().err()).map(|problem| problem.message.clone());
    let found = found.and_then(Result::ok);
    Row {
        name: entry.name.clone(),
        kind: match entry.origin {
            Origin::File(_) => "file",
            Origin::Volume { .. } => "volume",
            Origin::Url(_) => "url",
        },
        r#where: catalog.store.shown(entry),
        on_disk: path.as_deref().and_then(on_disk),
        path: path.filter(|path| path.exists()),
        format: found.map(|found| found.format).or(entry.format),
        virtual_size: found.map(|found| found.virtual_size),
        verified: catalog.store.verified(entry),
        source: entry.source.clone(),
        catalog: entry.catalog.clone(),
        problem,
    }
}

/// Bytes that a file takes, without its holes.
fn on_disk(path: &Path) -> Option<u64> {
    let metadata = path.metadata().ok()?;
    #[cfg(unix)]
    return Some(std::os::unix::fs::MetadataExt::blocks(&metadata) * 512);
    #[cfg(not(unix))]
    return Some(metadata.len());
}

fn text(rows: &[Row], terminal: &Terminal) -> String {
    if rows.is_empty() {
        return "no images are known; `wtop image add FILE --name NAME` adds one\n".to_owned();
    }
    let cells = |row: &Row| {
        let format = row.format.map_or("-".to_owned(), |format| format.to_string());
        let verified = match row.verified {
            Verified::Yes => "yes",
            Verified::No => "no",
            Verified::Changed => "changed",
        };
        let is_here = row.path.is_some() || row.kind == "volume";
        let on_disk = if is_here { bytes(row.on_disk) } else { "not here".to_owned() };
        let verified = if row.path.is_some() { verified } else { "-" };
        [row.name.clone(), format, bytes(row.virtual_size), on_disk, verified.to_owned(), row.r#where.clone()]
    };
    let mut text =
        table(["image", "format", "disk", "takes", "verified", "where"], rows.iter().map(cells).collect(), terminal);
    for problem in rows.iter().filter_map(|row| row.problem.as_ref()) {
        text.push_str(&format!("note: {problem}\n"));
    }
    text
}

fn need_rows(catalog: &Catalog, needed: &Needed) -> Vec<NeedRow> {
    let row = |need: &Need| {
        let mut row = NeedRow {
            names: need.names.clone(),
            nodes: need.nodes.clone(),
            found: None,
            format: None,
            virtual_size: None,
            problem: None,
            help: None,
            notes: None,
        };
        match resolve(catalog, need) {
            Ok(Image { place, format, virtual_size, .. }) => {
                row.found = Some(match place {
                    Place::File(path) => path.display().to_string(),
                    Place::Volume { pool, volume } => format!("{pool}/{volume}"),
                });
                (row.format, row.virtual_size) = (Some(format), virtual_size);
            }
            Err(Problem { message, help }) => {
                (row.problem, row.help) = (Some(message), help);
                row.notes = needed.notes(need);
            }
        }
        row
    };
    needed.needs.iter().map(row).collect()
}

fn needs_text(rows: &[NeedRow], terminal: &Terminal) -> String {
    let cells = |row: &NeedRow| {
        let format = row.format.map_or("-".to_owned(), |format| format.to_string());
        let found = row.found.clone().unwrap_or_else(|| "not here".to_owned());
        let nodes = match row.nodes.as_slice() {
            [first, second, _, others @ ..] => format!("{first}, {second} and {} more", others.len() + 1),
            few => few.join(", "),
        };
        [row.names.first().cloned().unwrap_or_default(), format, bytes(row.virtual_size), nodes, found]
    };
    let mut text = table(["image", "format", "disk", "needed by", "where"], rows.iter().map(cells).collect(), terminal);
    for row in rows {
        let Some(problem) = &row.problem else { continue };
        text.push_str(&format!("\n{problem}\n"));
        for line in [&row.help, &row.notes.as_ref().map(|notes| format!("it comes from {notes}"))].into_iter().flatten()
        {
            text.push_str(&format!("  {line}\n"));
        }
    }
    text
}

fn bytes(size: Option<u64>) -> String {
    size.map_or("-".to_owned(), |size| BinaryBytes(size).to_string())
}

/// Columns below their titles; the last may be as wide as it likes.
fn table<const N: usize>(titles: [&str; N], rows: Vec<[String; N]>, terminal: &Terminal) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width());
        cells.chain(titles.get(column).map(|title| title.width())).max().unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |cells: &[String; N], style: [Option<_>; N]| {
        let mut line = String::new();
        for ((cell, width), style) in cells.iter().zip(widths).zip(style) {
            let gap = " ".repeat(width.saturating_sub(cell.width()) + 2);
            line.push_str(&style.map_or_else(|| cell.clone(), |style| terminal.paint(style, cell)));
            line.push_str(&gap);
        }
        format!("{}\n", line.trim_end())
    };
    let mut text = line(&titles.map(str::to_owned), [Some(HEADER); N]);
    let styles = std::array::from_fn(|column| (column == 0).then_some(LITERAL));
    rows.iter().for_each(|row| text.push_str(&line(row, styles)));
    text
}

fn json<T: Serialize>(value: &T) -> String {
    // Records of texts and numbers always have a JSON form.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
