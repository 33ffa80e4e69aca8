//! The commands, one file each: its arguments, and a function that does it.

mod build;
mod check;
mod completions;
mod devices;
mod explain;
mod export;
mod fetch;
mod fmt;
mod graph;
mod image;
mod inventory;
mod live;
mod lock;
mod lsp;
mod man;
mod new;
mod welcome;

use crate::exit::Outcome;
use crate::terminal::Terminal;
use clap::Subcommand;
use live::Live;

/// What `wtop` can do.
#[derive(Subcommand, Debug)]
pub enum Command {
    New(new::New),
    Check(check::Check),
    Fmt(fmt::Fmt),
    Build(build::Build),
    Graph(graph::Graph),
    Inventory(inventory::Inventory),
    Export(export::Export),
    Plan(live::Plan),
    Up(live::Up),
    Down(live::Down),
    Status(live::Status),
    Start(live::Start),
    Stop(live::Stop),
    Restart(live::Restart),
    Recreate(live::Recreate),
    Pause(live::Pause),
    Resume(live::Resume),
    Console(live::Console),
    Ssh(live::Ssh),
    Exec(live::Exec),
    #[command(name = "cp")]
    Copy(live::Copy),
    Test(live::Test),
    Save(live::Save),
    Vnc(live::Vnc),
    Logs(live::Logs),
    Events(live::Events),
    Link(live::Link),
    Capture(live::Capture),
    Snapshot(live::Snapshot),
    Promote(live::Promote),
    Doctor(live::Doctor),
    Lock(lock::LockCommand),
    Fetch(fetch::Fetch),
    Devices(devices::Devices),
    Image(image::Image),
    Explain(explain::Explain),
    Lsp(lsp::Lsp),
    Completions(completions::Completions),
    Man(man::Man),
}

/// Does what was asked for; without a command, shows the way in.
pub fn run(command: Option<&Command>, terminal: &Terminal) -> Outcome {
    match command {
        None => welcome::run(terminal),
        Some(Command::New(arguments)) => new::run(arguments, terminal),
        Some(Command::Check(arguments)) => check::run(arguments, terminal),
        Some(Command::Fmt(arguments)) => fmt::run(arguments, terminal),
        Some(Command::Build(arguments)) => build::run(arguments, terminal),
        Some(Command::Graph(arguments)) => graph::run(arguments, terminal),
        Some(Command::Inventory(arguments)) => inventory::run(arguments, terminal),
        Some(Command::Export(arguments)) => export::run(arguments, terminal),
        Some(Command::Plan(arguments)) => live::run(&Live::Plan(arguments), terminal),
        Some(Command::Up(arguments)) => live::run(&Live::Up(arguments), terminal),
        Some(Command::Down(arguments)) => live::run(&Live::Down(arguments), terminal),
        Some(Command::Status(arguments)) => live::run(&Live::Status(arguments), terminal),
        Some(Command::Start(arguments)) => live::run(&Live::Start(arguments), terminal),
        Some(Command::Stop(arguments)) => live::run(&Live::Stop(arguments), terminal),
        Some(Command::Restart(arguments)) => live::run(&Live::Restart(arguments), terminal),
        Some(Command::Recreate(arguments)) => live::run(&Live::Recreate(arguments), terminal),
        Some(Command::Pause(arguments)) => live::run(&Live::Pause(arguments), terminal),
        Some(Command::Resume(arguments)) => live::run(&Live::Resume(arguments), terminal),
        Some(Command::Console(arguments)) => live::run(&Live::Console(arguments), terminal),
        Some(Command::Ssh(arguments)) => live::run(&Live::Ssh(arguments), terminal),
        Some(Command::Exec(arguments)) => live::run(&Live::Exec(arguments), terminal),
        Some(Command::Copy(arguments)) => live::run(&Live::Copy(arguments), terminal),
        Some(Command::Test(arguments)) => live::run(&Live::Test(arguments), terminal),
        Some(Command::Save(arguments)) => live::run(&Live::Save(arguments), terminal),
        Some(Command::Vnc(arguments)) => live::run(&Live::Vnc(arguments), terminal),
        Some(Command::Logs(arguments)) => live::run(&Live::Logs(arguments), terminal),
        Some(Command::Events(arguments)) => live::run(&Live::Events(arguments), terminal),
        Some(Command::Link(arguments)) => live::run(&Live::Link(arguments), terminal),
        Some(Command::Capture(arguments)) => live::run(&Live::Capture(arguments), terminal),
        Some(Command::Snapshot(arguments)) => live::run(&Live::Snapshot(arguments), terminal),
        Some(Command::Promote(arguments)) => live::run(&Live::Promote(arguments), terminal),
        Some(Command::Doctor(arguments)) => live::run(&Live::Doctor(arguments), terminal),
        Some(Command::Lock(arguments)) => lock::run(arguments, terminal),
        Some(Command::Fetch(arguments)) => fetch::run(arguments, terminal),
        Some(Command::Devices(arguments)) => devices::run(arguments, terminal),
        Some(Command::Image(arguments)) => image::run(arguments, terminal),
        Some(Command::Explain(arguments)) => explain::run(arguments, terminal),
        Some(Command::Lsp(arguments)) => lsp::run(arguments),
        Some(Command::Completions(arguments)) => completions::run(arguments, terminal),
        Some(Command::Man(arguments)) => man::run(arguments, terminal),
    }
}
