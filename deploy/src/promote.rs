//! Makes an image of a node's disk: a volume that stands alone, beside the disk itself.
//!
//! A disk that is written to cannot be copied. So a machine that runs is saved with its memory, and goes on from there when
//! the copy is made; its guest notices nothing but the clock.

use crate::connect::Hypervisor;
use crate::desired::{Desired, DesiredMachine};
use crate::perform::ours;
use crate::problem::{Problem, refused};
use crate::volumes::copy_volume;
use crate::wire;

/// Copies the disk of a machine that started from an image into a volume of the lab's pool. What could not be done for its
/// links, when it went on, comes back as sentences.
///
/// # Errors
/// The machine is not there or has no such disk, or libvirt refuses it; the machine goes on in any case.
pub fn promote(
    hypervisor: &Hypervisor,
    wanted: &Desired,
    machine: &DesiredMachine,
    volume: &str,
) -> Result<Vec<String>, Problem> {
    let (name, path) = (&machine.document.name, &machine.path);
    let domain = ours(hypervisor, name)?.ok_or_else(|| {
        Problem::new(format!("`{path}` is not there yet")).help(format!("`wtop up --only {}` makes it", machine.node))
    })?;
    let disk = machine
        .volumes
        .iter()
        .find(|volume| volume.image.is_some())
        .ok_or_else(|| Problem::new(format!("no disk of `{path}` started from an image")))?;
    let is_running = domain.is_active().unwrap_or(false);
    if is_running {
        domain.managed_save(0).map_err(|error| refused(&format!("save `{path}`"), &error))?;
    }
    let copied = copy_volume(hypervisor, &wanted.pool, &disk.name, volume);
    if !is_running {
        return copied.map(|()| Vec::new());
    }
    let resumed = domain.create().map_err(|error| {
        refused(&format!("go on with `{path}`"), &error)
            .help(format!("it is saved: `wtop start {}` lets it go on", machine.node))
    });
    copied.and(resumed)?;
    Ok(wire::wire(hypervisor, wanted, machine))
}
