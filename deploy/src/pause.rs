//! Pauses machines, and lets them go on: their memory stays as it is.

use crate::connect::Hypervisor;
use crate::observed::{Observed, ObservedMachine};
use crate::perform::ours;
use crate::problem::{Problem, refused};

/// What becomes of machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// They stand still.
    Pause,
    /// They go on.
    Resume,
}

/// Pauses the machines of nodes, or lets them go on; gives the paths of those that were not so already.
///
/// # Errors
/// A node is not there or off, or libvirt refuses it.
pub fn pause(hypervisor: &Hypervisor, found: &Observed, nodes: &[String], what: Pause) -> Result<Vec<String>, Problem> {
    let mut changed = Vec::new();
    for node in nodes {
        let machines: Vec<&ObservedMachine> = found.machines.iter().filter(|there| there.node() == node).collect();
        if machines.is_empty() {
            return Err(Problem::new(format!("`{node}` is not there")).help("`wtop status` lists what is"));
        }
        for there in machines {
            let path = there.path();
            if there.live.is_none() {
                return Err(Problem::new(format!("`{path}` is off")).help(format!("`wtop start {node}` starts it")));
            }
            if (there.state == "paused") == (what == Pause::Pause) {
                continue;
            }
            let name = &there.document.name;
            let Some(domain) = ours(hypervisor, name)? else { continue };
            let (done, doing) = match what {
                Pause::Pause => (domain.suspend(), "pause"),
                Pause::Resume => (domain.resume(), "go on with"),
            };
            done.map_err(|error| refused(&format!("{doing} `{path}`"), &error))?;
            changed.push(path);
        }
    }
    Ok(changed)
}
