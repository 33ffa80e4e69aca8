//! Where the lines of artifacts come from in the source: `wtop build --explain`.

use crate::exit::Failure;
use wtop_compiler::backends::Artifact;
use wtop_compiler::backends::source_map::{Mark, marks_at};
use wtop_compiler::diagnostics::closest;
use wtop_compiler::source::{LineIndex, Sources};

/// What `FILE` or `FILE:LINE` came from, innermost first: place, and the line of the source that stands there.
///
/// # Errors
/// There is no such file or line.
pub fn explain(artifacts: &[Artifact], sources: &Sources, wanted: &str) -> Result<String, Failure> {
    let (path, line) = match wanted.rsplit_once(':').and_then(|(path, line)| Some((path, line.parse::<u32>().ok()?))) {
        Some((path, line)) => (path, Some(line)),
        None => (wanted, None),
    };
    let artifact = artifacts.iter().find(|artifact| artifact.path == path).ok_or_else(|| no_file(artifacts, path))?;
    let text = std::str::from_utf8(&artifact.bytes).unwrap_or_default();
    let mut told = String::new();
    if let Some(line) = line {
        let written = (line as usize).checked_sub(1).and_then(|before| text.lines().nth(before));
        let written = written.ok_or_else(|| no_line(path, line, text.lines().count()))?;
        told.push_str(&format!("{path}:{line}: {}\n", written.trim()));
    } else {
        told.push_str(&format!("{path}\n"));
    }
    let marks = marks_at(artifact, line.unwrap_or(1));
    for mark in &marks {
        told.push_str(&format!("  from {}\n", place(sources, mark)));
    }
    if marks.is_empty() {
        told.push_str("  from no single place of the source: it is the same for every lab, or sums up the whole\n");
    }
    Ok(told)
}

/// `lab.wtop:7:6: node h1: debian { memory = 2GiB }`.
fn place(sources: &Sources, mark: &Mark) -> String {
    let Some(file) = sources.get(mark.span.file) else { return "a file that is gone".to_owned() };
    let index = LineIndex::new(&file.text);
    let at = index.chars(&file.text, mark.span.start);
    let line = file.text.lines().nth(at.line as usize).unwrap_or_default();
    format!("{}:{}:{}: {}", file.name, at.line + 1, at.column + 1, line.trim())
}

fn no_file(artifacts: &[Artifact], path: &str) -> Failure {
    let failure = Failure::usage(format!("the build has no file `{path}`"));
    match closest(path, artifacts.iter().map(|artifact| artifact.path.as_str())) {
        Some(meant) => failure.help(format!("did you mean `{meant}`?")),
        None => failure.help("build it, and look at the paths in its `manifest.json`"),
    }
}

fn no_line(path: &str, line: u32, count: usize) -> Failure {
    let failure = Failure::usage(format!("`{path}` has no line {line}"));
    match count {
        0 => failure.help("it is no text; name the file alone"),
        _ => failure.help(format!("its last line is {count}")),
    }
}
