//! `wtop new`: a lab to start from.

use crate::arguments::examples;
use crate::exit::{Exit, Failure, Outcome};
use crate::terminal::{LITERAL, Terminal};
use clap::{Args, ValueEnum};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use wtop_compiler::syntax::is_name;

/// Start a lab: a folder with a topology that compiles
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop new my-lab", "a firewall, an office and a server"),
    ("wtop new dc --template fabric", "a leaf-spine fabric"),
]))]
pub struct New {
    /// The folder; the lab is called like it
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    folder: PathBuf,

    /// What to start from: a firewall between an office and a server, or leaves and spines
    #[arg(long, value_enum, default_value = "lab")]
    template: Template,
}

/// What a lab can start from.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Template {
    Lab,
    Fabric,
}

impl Template {
    fn text(self) -> &'static str {
        match self {
            Template::Lab => include_str!("../../templates/lab/lab.wtop"),
            Template::Fabric => include_str!("../../templates/fabric/lab.wtop"),
        }
    }
}

pub fn run(arguments: &New, terminal: &Terminal) -> Outcome {
    let folder = &arguments.folder;
    let name = name_of(folder)?;
    let files = [
        (format!("{name}.wtop"), arguments.template.text()),
        ("README.md".to_owned(), include_str!("../../templates/README.md")),
        (".gitignore".to_owned(), include_str!("../../templates/gitignore")),
    ];
    // All or nothing: look before the first is written.
    if let Some((taken, _)) = files.iter().find(|(file, _)| folder.join(file).symlink_metadata().is_ok()) {
        let message = format!("`{}` is there already, and is left as it is", folder.join(taken).display());
        return Err(Failure::environment(message).help("give the folder of the new lab another name"));
    }
    fs::create_dir_all(folder).map_err(|error| Failure::io("make the folder", folder, &error))?;
    for (file, text) in &files {
        let path = folder.join(file);
        let written =
            File::create_new(&path).and_then(|mut file| file.write_all(text.replace("NAME", &name).as_bytes()));
        written.map_err(|error| Failure::io("write", &path, &error))?;
    }
    terminal.print(&next_steps(&folder.join(&files[0].0), terminal))?;
    Ok(Exit::Ok)
}

/// What to do with the new lab.
fn next_steps(lab: &Path, terminal: &Terminal) -> String {
    let command = |text: String| terminal.paint(LITERAL, &text);
    let lab = lab.display();
    format!(
        "Your lab is in {}. Now:\n\n  {}\n  {}\n  {}\n",
        command(lab.to_string()),
        command(format!("wtop check {lab}")),
        command(format!("wtop graph {lab} > lab.svg")),
        command(format!("wtop build {lab}")),
    )
}

/// The name of the lab in a folder.
fn name_of(folder: &Path) -> Result<String, Failure> {
    let absolute = std::path::absolute(folder).map_err(|error| Failure::io("find", folder, &error))?;
    let name = absolute.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if is_name(&name) {
        return Ok(name);
    }
    let message =
        format!("`{name}` cannot be the name of a lab: letters, digits, `_`, and `-` inside, with a letter first");
    let failure = Failure::usage(message);
    let better = better_name(&name);
    Err(if is_name(&better) { failure.help(format!("`{better}` can")) } else { failure })
}

/// The nearest that may be a name.
fn better_name(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let name = words.join("-");
    if name.starts_with(|first: char| first.is_ascii_digit()) { format!("lab-{name}") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in ["lab", "my-lab", "core_2", "_x"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "2lab", "-a", "a-", "a--b", "a-_b", "my lab", "é", "if"] {
            assert!(!is_name(name), "{name}");
        }
        assert_eq!(better_name("my lab!"), "my-lab");
        assert_eq!(better_name("2nd"), "lab-2nd");
    }
}
