//! `wtop fmt`: files in canonical form.

use crate::arguments::{DiagnosticFormat, examples};
use crate::exit::{Exit, Failure, Outcome};
use crate::inputs::{self, Input};
use crate::report::Report;
use crate::terminal::Terminal;
use crate::write;
use clap::Args;
use std::path::PathBuf;
use wtop_compiler::diagnostics::TextEdit;
use wtop_compiler::diagnostics::fix::apply_edits;
use wtop_compiler::source::{FileId, LineIndex, Sources, Span};
use wtop_compiler::syntax::format::{format, format_range};
use wtop_compiler::syntax::parse;

/// Format files
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop fmt", "every .wtop file from here on"),
    ("wtop fmt lab.wtop", "one file"),
    ("wtop fmt --check", "name the files that would change, for CI"),
    ("wtop fmt lab.wtop --lines 10-20", "only what these lines touch"),
    ("wtop fmt -", "from standard input to standard output"),
]))]
pub struct Fmt {
    /// Files, folders, or `-` for standard input
    #[arg(value_name = "PATH", default_value = ".", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,

    /// Change nothing; name the files that would change, and end with 1 if there are any
    #[arg(long)]
    check: bool,

    /// Format only the items that these lines of one file touch, both ends included; may be given several times
    #[arg(long, value_name = "FIRST-LAST", value_parser = lines)]
    lines: Vec<Lines>,
}

/// Lines of a file, counted from 1, both ends included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Lines {
    first: u32,
    last: u32,
}

/// `10-20`, or `10` for one line.
fn lines(text: &str) -> Result<Lines, String> {
    let number = |text: &str| text.parse::<u32>().ok().filter(|number| *number > 0);
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => Ok(Lines { first, last }),
        (Some(_), Some(_)) => Err("the last line is before the first".to_owned()),
        _ => Err("write it as FIRST-LAST, as in 10-20; lines count from 1".to_owned()),
    }
}

pub fn run(arguments: &Fmt, terminal: &Terminal) -> Outcome {
    if !arguments.lines.is_empty() && !matches!(arguments.paths.as_slice(), [path] if !path.is_dir()) {
        return Err(Failure::usage("`--lines` are those of one file").help("name the file, or `-`"));
    }
    let mut report = Report::default();
    let mut exit = Exit::Ok;
    for path in &inputs::files(&arguments.paths)? {
        // One file that cannot be read or written does not keep the others from being formatted.
        match Input::open(path).and_then(|input| file(&input, arguments, &mut report, terminal)) {
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
fn file(input: &Input, arguments: &Fmt, report: &mut Report, terminal: &Terminal) -> Outcome {
    let name = input.path.display().to_string();
    let text = String::from_utf8(input.bytes()?)
        .map_err(|_| Failure::environment(format!("cannot format `{name}`: it is not UTF-8 text")))?;
    let whole = format(&text);
    if !whole.well_formed {
        let mut sources = Sources::default();
        let id = sources.add(&input.path, name.replace('\\', "/"), text.as_str());
        report.add((sources, parse(id, &text).diagnostics));
        return Ok(Exit::Diagnostics);
    }
    let formatted = if arguments.lines.is_empty() { whole.text } else { only_lines(&text, &arguments.lines, &name)? };
    if input.is_stdin() && !arguments.check {
        terminal.print(&formatted)?;
    } else if formatted != text && arguments.check {
        terminal.print(&format!("{name} is not formatted\n"))?;
        return Ok(Exit::Diagnostics);
    } else if formatted != text {
        write::file(&input.path, formatted.as_bytes())?;
        terminal.tell(&format!("formatted {name}\n"));
    }
    Ok(Exit::Ok)
}

/// The text with only what these lines touch formatted. Lines after the last are none; all of them is a mistake.
fn only_lines(text: &str, lines: &[Lines], name: &str) -> Result<String, Failure> {
    let index = LineIndex::new(text);
    let count = text.lines().count().max(1);
    let mut edits: Vec<TextEdit> = Vec::new();
    for Lines { first, last } in lines {
        if *first as usize > count {
            let message = format!("`{name}` has no line {first}");
            return Err(Failure::usage(message).help(format!("its last line is {count}")));
        }
        let start = |line: u32| index.start(line).map_or(text.len(), |start| start as usize);
        edits.extend(format_range(text, Span::new(FileId::default(), start(first - 1), start(*last))));
    }
    // What two ranges touch is formatted the same for both.
    edits.sort();
    edits.dedup();
    apply_edits(text, &edits).map_err(|error| Failure::environment(format!("cannot format `{name}`: {error}")))
}
