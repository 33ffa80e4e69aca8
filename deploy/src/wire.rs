//! Runs the host's commands for a machine.

use crate::connect::Hypervisor;
use crate::desired::{Desired, DesiredMachine};
use crate::host::{HostCommand, commands, explained, unimpaired};
use std::path::Path;
use std::process::Command;

/// Makes the ports of a machine pass what they should; what could not be done comes back as sentences.
pub fn wire(hypervisor: &Hypervisor, wanted: &Desired, machine: &DesiredMachine) -> Vec<String> {
    if hypervisor.is_embedded() {
        return Vec::new();
    }
    let commands = commands(wanted, machine);
    if !hypervisor.is_local() && !commands.is_empty() {
        return vec!["wires to a remote host do not pass LLDP and LACP, and links there are not impaired".to_owned()];
    }
    for nic in machine.document.nics.iter().filter(|nic| nic.impairment.is_empty()) {
        clear(&nic.port);
    }
    commands.iter().find_map(run).into_iter().collect()
}

/// Takes away what was made for a port.
pub fn clear(port: &str) {
    let command = unimpaired(port);
    let exists = command.words.last().is_some_and(|device| Path::new("/sys/class/net").join(device).exists());
    if exists {
        // What is left is a device without any frames.
        let _ = run(&command);
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
