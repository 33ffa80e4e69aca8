//! The arguments of the ways into nodes: `console`, `ssh`, `exec`, `cp`, and of `test`, which asks them.

use super::{Named, Place};
use crate::arguments::examples;
use clap::Args;
use std::path::PathBuf;

/// Show the serial console of a node, and type on it
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop console r1", "Ctrl-] leaves it"),
    ("wtop console r1 --record r1.log", "keeps what it says"),
    ("wtop console sw1/pfe", "a machine of a node that has several"),
]))]
pub struct Console {
    /// The node, or one of its machines as `NODE/PART`
    #[arg(value_name = "NODE")]
    pub node: String,

    #[command(flatten)]
    pub lab: Named,

    /// Write all that the console says to a file too
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub record: Option<PathBuf>,

    /// Take it from whoever has it now
    #[arg(long)]
    pub force: bool,
}

/// Log in to a node with SSH, by the key of the lab
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop ssh r1", "a shell"),
    ("wtop ssh r1 -- -L 8080:localhost:80", "what stands behind `--` is for `ssh`"),
]))]
pub struct Ssh {
    /// The node
    #[arg(value_name = "NODE")]
    pub node: String,

    /// What else `ssh` is given
    #[arg(value_name = "ARGUMENT", last = true)]
    pub rest: Vec<String>,

    #[command(flatten)]
    pub lab: Named,

    /// Who logs in [default: the user of the node's `login`, else of the device]
    #[arg(short, long, value_name = "NAME")]
    pub user: Option<String>,
}

/// Run a command on nodes, through SSH; the exit code is that of the command
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop exec r1 -- show version", "on one node"),
    ("wtop exec h1 h2 -- ip address", "on two at once; each line begins with the node"),
    ("wtop exec --all -- uptime", "on all that can be logged in to"),
]))]
pub struct Exec {
    /// The nodes
    #[arg(value_name = "NODE", required_unless_present = "all", conflicts_with = "all")]
    pub nodes: Vec<String>,

    /// The command
    #[arg(value_name = "COMMAND", last = true, required = true)]
    pub command: Vec<String>,

    #[command(flatten)]
    pub lab: Named,

    /// On all nodes
    #[arg(long)]
    pub all: bool,
}

/// Copy files to and from nodes, through SSH
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop cp startup.conf r1:/etc/frr/", "to a node"),
    ("wtop cp r1:/var/log/messages .", "from one"),
    ("wtop cp --recursive site h1:/srv", "a folder"),
]))]
pub struct Copy {
    /// What is copied, and last where it goes: paths here, or `NODE:PATH`
    #[arg(value_name = "PATH", num_args = 2.., required = true)]
    pub paths: Vec<String>,

    #[command(flatten)]
    pub lab: Named,

    /// Folders too, with all that is in them
    #[arg(short, long)]
    pub recursive: bool,
}

/// Ask a running lab whether what its file expects of it holds; exit code 1 if something does not
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop test my-lab", "all of its `expect`s"),
    ("wtop test my-lab --junit report.xml", "with a report for CI"),
]))]
pub struct Test {
    #[command(flatten)]
    pub place: Place,

    /// Write a report in the form of JUnit too
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub junit: Option<PathBuf>,
}

/// Keep the running configurations of nodes as files, by the command that each device declares
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop save my-lab", "into `saved/NODE.conf` beside the lab, which `wtop export` packs too"),
    ("wtop save my-lab --only leaf1 -o before", "of one node, into a folder of its own"),
]))]
pub struct Save {
    #[command(flatten)]
    pub place: Place,

    /// Only these nodes
    #[arg(long, value_name = "NODE", num_args = 1..)]
    pub only: Vec<String>,

    /// The folder to write to [default: `saved` beside the lab]
    #[arg(short, long, value_name = "FOLDER", value_hint = clap::ValueHint::DirPath)]
    pub output: Option<PathBuf>,
}
