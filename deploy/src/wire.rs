//! Runs the host's commands for a machine.

use crate::connect::Hypervisor;
use crate::desired::{Desired, DesiredMachine};
use crate::host::{HostCommand, commands, detour, explained, impaired, on_host, unimpaired};
use crate::problem::Problem;
use std::path::Path;
use std::process::{Command, Stdio};
use wtop_compiler::topology::Impairment;

/// Makes the ports of a machine pass what they should; what could not be done comes back as sentences.
pub fn wire(hypervisor: &Hypervisor, wanted: &Desired, machine: &DesiredMachine) -> Vec<String> {
    if hypervisor.is_embedded() {
        return Vec::new();
    }
    for (nic, impairment) in machine.document.nics.iter().zip(&machine.impairments) {
        if impaired(&nic.port, impairment).is_empty() {
            clear(hypervisor, &nic.port);
        }
    }
    commands(wanted, machine).iter().find_map(|command| run(hypervisor, command)).into_iter().collect()
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
    clear(hypervisor, port);
    match commands.iter().find_map(|command| run(hypervisor, command)) {
        None => Ok(()),
        Some(sentence) => {
            clear(hypervisor, port);
            Err(Problem::new(sentence))
        }
    }
}

/// Takes away what was made for a port.
pub fn clear(hypervisor: &Hypervisor, port: &str) {
    // What is on another host cannot be seen without a command either.
    if !hypervisor.is_local() || Path::new("/sys/class/net").join(detour(port)).exists() {
        // What cannot be taken away is gone already.
        unimpaired(port).iter().for_each(|command| drop(run(hypervisor, command)));
    }
}

/// Runs a command on the host; a sentence if it failed and may not.
fn run(hypervisor: &Hypervisor, command: &HostCommand) -> Option<String> {
    let Some(words) = on_host(&hypervisor.uri, &command.words) else {
        return (!command.may_fail).then(|| {
            format!("nothing but libvirt reaches the host of {}, so its wires do not pass LLDP and LACP, and links are not impaired", hypervisor.uri)
        });
    };
    let (program, arguments) = words.split_first()?;
    match Command::new(program).args(arguments).env("LC_ALL", "C").stdin(Stdio::null()).output() {
        _ if command.may_fail => None,
        Ok(output) if output.status.success() => None,
        Ok(output) => Some(explained(command, &String::from_utf8_lossy(&output.stderr))),
        Err(_) if program == "ssh" => Some("`ssh` is not installed".to_owned()),
        Err(_) => Some(format!("`{program}` is not installed: it is in the package `iproute2`")),
    }
}
