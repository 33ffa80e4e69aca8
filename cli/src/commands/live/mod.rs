//! The commands that deal with a running lab. Without the feature `kvm` they say how to get them.
// The arguments are the same with and without; without, nobody reads them.
#![cfg_attr(not(feature = "kvm"), allow(dead_code))]

#[cfg(feature = "kvm")]
mod doctor;
#[cfg(feature = "kvm")]
mod down;
#[cfg(feature = "kvm")]
mod lab;
#[cfg(feature = "kvm")]
mod machines;
#[cfg(feature = "kvm")]
mod plan;
#[cfg(feature = "kvm")]
mod progress;
#[cfg(feature = "kvm")]
mod show;
#[cfg(feature = "kvm")]
mod status;
#[cfg(feature = "kvm")]
mod up;

use crate::arguments::{AnswerFormat, examples};
use crate::exit::Outcome;
use crate::parameters::Parameters;
use crate::terminal::Terminal;
use clap::Args;
use std::path::PathBuf;

/// The lab, and where it runs: what all of these commands take.
#[derive(Args, Debug)]
pub struct Place {
    /// The lab
    #[arg(value_name = "FILE", default_value = ".", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,

    /// The target [default: the default or only one of the kind `kvm`]
    #[arg(long, value_name = "NAME")]
    target: Option<String>,

    /// Where libvirt is reached [default: the target's `uri`, else what answers here]
    #[arg(long, value_name = "URI")]
    connect: Option<String>,

    #[command(flatten)]
    parameters: Parameters,
}

/// Show what `wtop up` would do to a lab; exit code 2 if that is anything
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop plan my-lab", "what would be made, changed and removed"),
    ("wtop plan my-lab --only leaf1", "for one node"),
    ("wtop plan my-lab --format json", "for programs"),
]))]
pub struct Plan {
    #[command(flatten)]
    place: Place,

    /// Only these nodes
    #[arg(long, value_name = "NODE", num_args = 1..)]
    only: Vec<String>,

    /// How to answer
    #[arg(long, value_enum, default_value = "text")]
    format: AnswerFormat,
}

/// Bring a lab up, or a running one to what its file says
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop up my-lab", "shows what it would do, and asks"),
    ("wtop up my-lab --yes", "does not ask"),
    ("wtop up my-lab --connect qemu+ssh://host/system", "on another machine"),
]))]
pub struct Up {
    #[command(flatten)]
    place: Place,

    /// Only these nodes
    #[arg(long, value_name = "NODE", num_args = 1..)]
    only: Vec<String>,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,

    /// Keep what was made where something fails
    #[arg(long)]
    keep: bool,

    /// Do not wait until the machines are ready
    #[arg(long)]
    no_wait: bool,
}

/// Remove a running lab
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop down my-lab", "machines, disks and networks"),
    ("wtop down my-lab --keep-disks", "the next `wtop up` goes on with the disks"),
]))]
pub struct Down {
    #[command(flatten)]
    place: Place,

    /// Keep the machines, switched off, with their disks
    #[arg(long)]
    keep_disks: bool,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

/// Show how the machines of a lab are
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop status my-lab", "a table"),
    ("wtop status my-lab --format json", "for programs"),
]))]
pub struct Status {
    #[command(flatten)]
    place: Place,

    /// How to answer
    #[arg(long, value_enum, default_value = "text")]
    format: AnswerFormat,
}

/// The nodes that a command is about.
#[derive(Args, Debug)]
pub struct Nodes {
    /// The nodes
    #[arg(value_name = "NODE", required = true)]
    nodes: Vec<String>,

    /// The lab
    #[arg(short = 'f', long = "file", value_name = "FILE", default_value = ".", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,

    /// The target [default: the default or only one of the kind `kvm`]
    #[arg(long, value_name = "NAME")]
    target: Option<String>,

    /// Where libvirt is reached [default: the target's `uri`, else what answers here]
    #[arg(long, value_name = "URI")]
    connect: Option<String>,

    #[command(flatten)]
    parameters: Parameters,
}

/// Start nodes that are off
#[derive(Args, Debug)]
pub struct Start {
    #[command(flatten)]
    nodes: Nodes,
}

/// Shut nodes down, and switch off those that do not follow in time
#[derive(Args, Debug)]
pub struct Stop {
    #[command(flatten)]
    nodes: Nodes,

    /// Switch off at once
    #[arg(long)]
    force: bool,
}

/// Stop nodes and start them with what their file says now
#[derive(Args, Debug)]
pub struct Restart {
    #[command(flatten)]
    nodes: Nodes,

    /// Switch off at once
    #[arg(long)]
    force: bool,
}

/// Make nodes anew, with new disks
#[derive(Args, Debug)]
pub struct Recreate {
    #[command(flatten)]
    nodes: Nodes,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

/// Find what is missing on this machine to run labs, and the command that mends it
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop doctor", "this machine"),
    ("wtop doctor my-lab", "with the images and the room that a lab needs"),
]))]
pub struct Doctor {
    /// A lab
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: Option<PathBuf>,
}

/// One of them.
#[derive(Debug)]
pub enum Live<'a> {
    Plan(&'a Plan),
    Up(&'a Up),
    Down(&'a Down),
    Status(&'a Status),
    Start(&'a Start),
    Stop(&'a Stop),
    Restart(&'a Restart),
    Recreate(&'a Recreate),
    Doctor(&'a Doctor),
}

#[cfg(feature = "kvm")]
pub fn run(command: &Live<'_>, terminal: &Terminal) -> Outcome {
    match command {
        Live::Plan(arguments) => plan::run(arguments, terminal),
        Live::Up(arguments) => up::run(arguments, terminal),
        Live::Down(arguments) => down::run(arguments, terminal),
        Live::Status(arguments) => status::run(arguments, terminal),
        Live::Start(arguments) => machines::start(arguments, terminal),
        Live::Stop(arguments) => machines::stop(arguments, terminal),
        Live::Restart(arguments) => machines::restart(arguments, terminal),
        Live::Recreate(arguments) => machines::recreate(arguments, terminal),
        Live::Doctor(arguments) => doctor::run(arguments, terminal),
    }
}

#[cfg(not(feature = "kvm"))]
pub fn run(_: &Live<'_>, _: &Terminal) -> Outcome {
    let message = "this wtop was built without libvirt";
    Err(crate::exit::Failure::environment(message).help("build it with its feature: `cargo build --features kvm`"))
}
