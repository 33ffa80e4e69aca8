//! Runs the host's commands for a machine.

use crate::connect::Hypervisor;
use crate::desired::{Desired, DesiredMachine};
use crate::host::{HostCommand, commands, detour, explained, impaired, unimpaired};
use crate::problem::Problem;
use std::path::Path;
use std::process::Command;
use wtop_compiler::topology::Impairment;

/// Makes the ports of a machine pass what they should; what could not be done comes back as sentences.
pub fn wire(hypervisor: &Hypervisor, wanted: &Desired, machine: &DesiredMachine) -> Vec<String> {
    if hypervisor.is_embedded() {
        return Vec::new();
    }
    let commands = commands(wanted, machine);
    if !hypervisor.is_local() && !commands.is_empty() {
        return vec!["wires to a remote host do not pass LLDP and LACP, and links there are not impaired".to_owned()];
    }
    for (nic, impairment) in machine.document.nics.iter().zip(&machine.impairments) {
        if impaired(&nic.port, impairment).is_empty() {
            clear(&nic.port);
        }
    }
    commands.iter().find_map(run).into_iter().collect()
}

/// Does to what a guest sends at a port what an impairment says, and nothing else any more.
///
/// # Errors
/// The host cannot: nothing is done to the frames then.
pub fn impair(hypervisor: &Hypervisor, port: &str, impairment: &Impairment) -> Result<(), Problem> {
    let commands = impaired(port, impairment);
    if hypervisor.is_embedded() {
        return Ok(());
    }
    if !hypervisor.is_local() {
        return Err(Problem::new("the links of a remote host cannot be impaired from here")
            .help("run the same command on that host"));
    }
    clear(port);
    match commands.iter().find_map(run) {
        None => Ok(()),
        Some(sentence) => {
            clear(port);
            Err(Problem::new(sentence))
        }
    }
}

/// Takes away what was made for a port.
pub fn clear(port: &str) {
    if Path::new("/sys/class/net").join(detour(port)).exists() {
        // What cannot be taken away is gone already.
        unimpaired(port).iter().for_each(|command| drop(run(command)));
    }
}

/// Runs a command; a sentence if it failed and may not.
fn run(command: &HostCommand) -> Option<String> {
    let (program, arguments) = command.words.split_first()?;
    match Command::new(program).args(arguments).env("LC_ALL", "C").output() {
        _ if command.may_fail => None,
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(explained(command, &String::from_utf8_lossy(&output.stderr))),
        Err(_) => Some(format!("`{program}` is not installed: it is in the package `iproute2`")),
    }
}
