//! `wtop inventory`: who is in a lab, where, and what is wired to what, for other tools and for people.

use crate::arguments::examples;
use crate::exit::Outcome;
use crate::inputs::Input;
use crate::parameters::Parameters;
use crate::pipeline::{self, Job};
use crate::terminal::Terminal;
use crate::write;
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use wtop_compiler::backends::inventory;

/// List nodes, wiring and addresses, for Ansible, SSH and people
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop inventory lab.wtop", "a page of Markdown"),
    ("wtop inventory lab.wtop --format ansible -o hosts.yaml", "for `ansible-playbook -i hosts.yaml`"),
    ("wtop inventory lab.wtop --format ssh -o lab.ssh", "for `ssh -F lab.ssh leaf1`"),
    ("wtop inventory lab.wtop --format wiring > cables.csv", "for a spreadsheet"),
]))]
pub struct Inventory {
    /// The lab, or `-` for standard input
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,

    /// What to write
    #[arg(long, value_enum, default_value = "markdown")]
    format: Form,

    /// The target for which attributes are evaluated [default: none]
    #[arg(long, value_name = "NAME")]
    target: Option<String>,

    /// The file to write, instead of standard output
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    output: Option<PathBuf>,

    #[command(flatten)]
    parameters: Parameters,
}

/// The forms of an inventory.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Form {
    /// Nodes, networks, wiring and addresses as a page
    Markdown,
    /// An inventory of Ansible, as YAML
    Ansible,
    /// A configuration of OpenSSH
    Ssh,
    /// Lines for /etc/hosts
    Hosts,
    /// The links, as CSV
    Wiring,
    /// The addresses, as CSV
    Addresses,
}

pub fn run(arguments: &Inventory, terminal: &Terminal) -> Outcome {
    let input = Input::lab(&arguments.file)?;
    let params = arguments.parameters.values()?;
    let compilation = Job { input: &input, params: &params }.compile(arguments.target.as_deref());
    let (topology, exit) = match pipeline::told(compilation, &input, terminal)? {
        Ok(told) => told,
        Err(exit) => return Ok(exit),
    };
    if let Some(wanted) = &arguments.target {
        pipeline::known_target(&topology, wanted)?;
    }
    let text = match arguments.format {
        Form::Markdown => inventory::markdown(&topology),
        Form::Ansible => inventory::ansible(&topology),
        Form::Ssh => inventory::ssh_config(&topology),
        Form::Hosts => inventory::hosts(&topology),
        Form::Wiring => inventory::wiring_csv(&topology),
        Form::Addresses => inventory::addresses_csv(&topology),
    };
    write::text(arguments.output.as_deref(), &text, terminal)?;
    Ok(exit)
}
