//! `wtop explain`: the page of a diagnostic.

use crate::arguments::{AnswerFormat, examples};
use crate::exit::{Exit, Failure, Outcome};
use crate::markdown;
use crate::terminal::{LITERAL, Terminal};
use clap::Args;
use serde::Serialize;
use wtop_compiler::diagnostics::{Code, closest, codes, explain};

/// Explain an error or a warning, with an example and its mending
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop explain E0101", "what the code means"),
    ("wtop explain", "all codes"),
]))]
pub struct Explain {
    /// The code, as it stands in brackets after `error`; all codes are listed without it
    code: Option<String>,

    /// How to answer
    #[arg(long, value_enum, default_value = "text")]
    format: AnswerFormat,
}

/// A code as programs read it.
#[derive(Serialize)]
struct Page {
    code: &'static str,
    severity: String,
    title: &'static str,
    explanation: &'static str,
    wrong: &'static str,
    right: &'static str,
}

pub fn run(arguments: &Explain, terminal: &Terminal) -> Outcome {
    let text = match (&arguments.code, arguments.format) {
        (Some(code), AnswerFormat::Text) => markdown::show(&explain::explain(find(code)?), terminal),
        (Some(code), AnswerFormat::Json) => json(&page(find(code)?)),
        (None, AnswerFormat::Text) => list(terminal),
        (None, AnswerFormat::Json) => json(&sorted().into_iter().map(page).collect::<Vec<Page>>()),
    };
    terminal.print(&text)?;
    Ok(Exit::Ok)
}

fn find(code: &str) -> Result<&'static Code, Failure> {
    codes::find(code).ok_or_else(|| {
        let failure = Failure::usage(format!("there is no diagnostic `{code}`"));
        match closest(code, codes::all().map(|known| known.id)) {
            Some(meant) => failure.help(format!("did you mean {meant}? `wtop explain` lists all")),
            None => failure.help("`wtop explain` lists all"),
        }
    })
}

fn sorted() -> Vec<&'static Code> {
    let mut all: Vec<&Code> = codes::all().collect();
    all.sort_by_key(|code| code.id);
    all
}

fn list(terminal: &Terminal) -> String {
    let line = |code: &&Code| format!("{}  {}\n", terminal.paint(LITERAL, code.id), code.title);
    sorted().iter().map(line).collect()
}

fn page(code: &'static Code) -> Page {
    Page {
        code: code.id,
        severity: code.severity().to_string(),
        title: code.title,
        explanation: code.explanation,
        wrong: code.wrong,
        right: code.right,
    }
}

fn json(value: &impl Serialize) -> String {
    // Texts and lists of texts always have a JSON form.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
