//! The commands that deal with a running lab. Without the feature `kvm` they say how to get them.
// The arguments are the same with and without; without, nobody reads them.
#![cfg_attr(not(feature = "kvm"), allow(dead_code))]

#[cfg(feature = "kvm")]
mod capture;
#[cfg(feature = "kvm")]
mod console;
#[cfg(feature = "kvm")]
mod doctor;
#[cfg(feature = "kvm")]
mod down;
#[cfg(feature = "kvm")]
mod key;
#[cfg(feature = "kvm")]
mod lab;
#[cfg(feature = "kvm")]
mod link;
#[cfg(feature = "kvm")]
mod machines;
#[cfg(feature = "kvm")]
mod plan;
#[cfg(feature = "kvm")]
mod progress;
#[cfg(feature = "kvm")]
mod promote;
#[cfg(feature = "kvm")]
mod save;
#[cfg(feature = "kvm")]
mod screen;
#[cfg(feature = "kvm")]
mod show;
#[cfg(feature = "kvm")]
mod snapshot;
#[cfg(feature = "kvm")]
mod ssh;
#[cfg(feature = "kvm")]
mod status;
#[cfg(feature = "kvm")]
mod test;
#[cfg(feature = "kvm")]
mod up;
#[cfg(feature = "kvm")]
mod watch;
mod ways;

pub use ways::{Console, Copy, Exec, Save, Ssh, Test};

use crate::arguments::{AnswerFormat, examples};
use crate::exit::Outcome;
use crate::parameters::Parameters;
use crate::terminal::Terminal;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Where a lab runs.
#[derive(Args, Debug)]
pub struct Site {
    /// The target [default: the default or only one of the kind `kvm`]
    #[arg(long, value_name = "NAME")]
    target: Option<String>,

    /// Where libvirt is reached [default: the target's `uri`, else what answers here]
    #[arg(long, value_name = "URI")]
    connect: Option<String>,

    #[command(flatten)]
    parameters: Parameters,
}

/// The lab, and where it runs.
#[derive(Args, Debug)]
pub struct Place {
    /// The lab
    #[arg(value_name = "FILE", default_value = ".", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,

    #[command(flatten)]
    site: Site,
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

    /// Show it again whenever it changes
    #[arg(short, long, conflicts_with = "format")]
    watch: bool,
}

/// The lab, and where it runs, for commands that are told something else first.
#[derive(Args, Debug)]
pub struct Named {
    /// The lab
    #[arg(short = 'f', long = "file", value_name = "FILE", default_value = ".", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,

    #[command(flatten)]
    site: Site,
}

/// The nodes that a command is about.
#[derive(Args, Debug)]
pub struct Nodes {
    /// The nodes
    #[arg(value_name = "NODE", required = true)]
    nodes: Vec<String>,

    #[command(flatten)]
    lab: Named,
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

/// Pause nodes: they stand still, and keep what they have in memory
#[derive(Args, Debug)]
pub struct Pause {
    #[command(flatten)]
    nodes: Nodes,
}

/// Let paused nodes go on
#[derive(Args, Debug)]
pub struct Resume {
    #[command(flatten)]
    nodes: Nodes,
}

/// Show the screen of a node, through VNC
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop vnc pc1", "in virt-viewer, remote-viewer or vncviewer"),
    ("wtop vnc pc1 --print", "the address for another program"),
]))]
pub struct Vnc {
    /// The node, or one of its machines as `NODE/PART`
    #[arg(value_name = "NODE")]
    node: String,

    #[command(flatten)]
    lab: Named,

    /// Print the address, and open nothing
    #[arg(long)]
    print: bool,
}

/// Show what QEMU has logged of a node: why a machine does not start, or went off
#[derive(Args, Debug)]
pub struct Logs {
    /// The node, or one of its machines as `NODE/PART`
    #[arg(value_name = "NODE")]
    node: String,

    #[command(flatten)]
    lab: Named,

    /// So many lines from the end
    #[arg(short = 'n', long, value_name = "NUMBER", default_value = "50")]
    lines: u32,

    /// Go on with what comes
    #[arg(long)]
    follow: bool,
}

/// Tell what happens to a running lab, as it happens
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop events my-lab", "machines, networks and interfaces, a line each"),
    ("wtop events my-lab --format json", "for programs, an object a line"),
]))]
pub struct Events {
    #[command(flatten)]
    place: Place,

    /// How to answer
    #[arg(long, value_enum, default_value = "text")]
    format: AnswerFormat,
}

/// Change a link of a running lab, until the next `wtop up`; without options, show how it is
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop link r1:ge-0/0/0 --down", "pulls the cable"),
    ("wtop link core --delay 50ms --loss 1%", "both directions of the link named `core`"),
    ("wtop link r1:ge-0/0/0 --one-way --rate 10Mbps", "what `r1` sends there"),
    ("wtop link core --up --clear", "as good as new"),
]))]
pub struct Link {
    /// One of its ends as `NODE:INTERFACE`, or its name
    #[arg(value_name = "LINK")]
    link: String,

    #[command(flatten)]
    lab: Named,

    /// Take the carrier away
    #[arg(long, conflicts_with = "up")]
    down: bool,

    /// Give the carrier back
    #[arg(long)]
    up: bool,

    /// Take away all that is done to frames
    #[arg(long)]
    clear: bool,

    /// Only this end, and the frames that it sends
    #[arg(long)]
    one_way: bool,

    /// Time that frames take: `50ms`
    #[arg(long, value_name = "TIME")]
    delay: Option<String>,

    /// How far the delay varies: `5ms`
    #[arg(long, value_name = "TIME")]
    jitter: Option<String>,

    /// Frames lost: `1%`
    #[arg(long, value_name = "PERCENT")]
    loss: Option<String>,

    /// Bits a second: `10Mbps`
    #[arg(long, value_name = "RATE")]
    rate: Option<String>,

    /// Frames that arrive twice: `1%`
    #[arg(long, value_name = "PERCENT")]
    duplicate: Option<String>,

    /// Frames that overtake others: `1%`
    #[arg(long, value_name = "PERCENT")]
    reorder: Option<String>,

    /// Frames with a bit changed: `1%`
    #[arg(long, value_name = "PERCENT")]
    corrupt: Option<String>,
}

/// Show the frames of an interface while they pass, or write them to a file
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop capture r1:ge-0/0/0", "as text"),
    ("wtop capture r1:ge-0/0/0 --write bgp.pcap -- tcp port 179", "into a file, with a filter of tcpdump"),
    ("wtop capture r1:ge-0/0/0 --wireshark", "in Wireshark"),
    ("wtop capture r1:ge-0/0/0 | tshark -r -", "into any program that reads capture files"),
]))]
pub struct Capture {
    /// Where: `NODE:INTERFACE`
    #[arg(value_name = "NODE:INTERFACE")]
    interface: String,

    /// Which frames, as `tcpdump` takes it [default: all]
    #[arg(value_name = "FILTER", last = true)]
    filter: Vec<String>,

    #[command(flatten)]
    lab: Named,

    /// Write a capture file
    #[arg(short, long, value_name = "FILE", conflicts_with = "wireshark", value_hint = clap::ValueHint::FilePath)]
    write: Option<PathBuf>,

    /// Open Wireshark on it
    #[arg(long)]
    wireshark: bool,

    /// End after so many frames
    #[arg(long, value_name = "NUMBER")]
    count: Option<u64>,
}

/// Keep a whole lab as it is at a moment, and come back to it
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop snapshot create before-upgrade", "all machines at one moment: disks and memory"),
    ("wtop snapshot list", "what there is"),
    ("wtop snapshot restore before-upgrade", "all machines as they were then"),
    ("wtop snapshot delete before-upgrade", "its room on the disks is free again"),
]))]
pub struct Snapshot {
    #[command(subcommand)]
    action: SnapshotAction,
}

/// What is done with snapshots.
#[derive(Subcommand, Debug)]
pub enum SnapshotAction {
    /// Take a snapshot: the lab stands still while its memory is written
    Create(SnapshotName),
    /// List the snapshots of a lab
    List(SnapshotList),
    /// Bring all machines back; what they are now is lost
    Restore(SnapshotRestore),
    /// Delete a snapshot
    Delete(SnapshotName),
}

/// A snapshot.
#[derive(Args, Debug)]
pub struct SnapshotName {
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,

    #[command(flatten)]
    lab: Named,
}

/// A snapshot to come back to.
#[derive(Args, Debug)]
pub struct SnapshotRestore {
    #[command(flatten)]
    which: SnapshotName,

    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

/// The snapshots of a lab.
#[derive(Args, Debug)]
pub struct SnapshotList {
    #[command(flatten)]
    place: Place,
}

/// Make an image of a node's disk as it is now
#[derive(Args, Debug)]
#[command(after_help = examples(&[
    ("wtop promote golden golden-debian", "other labs start from it: `images { debian = \"golden-debian\" }`"),
    ("wtop stop golden && wtop promote golden golden-debian", "with all that the guest had still to write"),
]))]
pub struct Promote {
    /// The node, or one of its machines as `NODE/PART`
    #[arg(value_name = "NODE")]
    node: String,

    /// How labs call the image
    #[arg(value_name = "IMAGE")]
    image: String,

    #[command(flatten)]
    lab: Named,
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
    Pause(&'a Pause),
    Resume(&'a Resume),
    Console(&'a Console),
    Ssh(&'a Ssh),
    Exec(&'a Exec),
    Copy(&'a Copy),
    Test(&'a Test),
    Save(&'a Save),
    Vnc(&'a Vnc),
    Logs(&'a Logs),
    Events(&'a Events),
    Link(&'a Link),
    Capture(&'a Capture),
    Snapshot(&'a Snapshot),
    Promote(&'a Promote),
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
        Live::Pause(arguments) => machines::pause(arguments, terminal),
        Live::Resume(arguments) => machines::resume(arguments, terminal),
        Live::Console(arguments) => console::run(arguments, terminal),
        Live::Ssh(arguments) => ssh::ssh(arguments, terminal),
        Live::Exec(arguments) => ssh::exec(arguments, terminal),
        Live::Copy(arguments) => ssh::copy(arguments, terminal),
        Live::Test(arguments) => test::run(arguments, terminal),
        Live::Save(arguments) => save::run(arguments, terminal),
        Live::Vnc(arguments) => screen::vnc(arguments, terminal),
        Live::Logs(arguments) => screen::logs(arguments, terminal),
        Live::Events(arguments) => watch::events(arguments, terminal),
        Live::Link(arguments) => link::run(arguments, terminal),
        Live::Capture(arguments) => capture::run(arguments, terminal),
        Live::Snapshot(arguments) => snapshot::run(arguments, terminal),
        Live::Promote(arguments) => promote::run(arguments, terminal),
        Live::Doctor(arguments) => doctor::run(arguments, terminal),
    }
}

#[cfg(not(feature = "kvm"))]
pub fn run(_: &Live<'_>, _: &Terminal) -> Outcome {
    let message = "this wtop was built without libvirt";
    Err(crate::exit::Failure::environment(message).help("build it with its feature: `cargo build --features kvm`"))
}
