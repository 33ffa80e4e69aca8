//! Does the host have room for what a plan adds?

use crate::connect::Hypervisor;
use crate::desired::{Desired, DesiredMachine};
use crate::images::Place;
use crate::plan::{Action, Plan, What};
use crate::problem::Problem;
use std::fs;

/// Machines need some memory beside that of their guests: QEMU itself.
const OVERHEAD: u64 = 32 << 20;
/// A disk that grows later needs room; one that has none at the start ends at once.
const LEAST_DISK: u64 = 64 << 20;

/// Checks memory, CPUs and disk.
///
/// # Errors
/// One of them is too small.
pub fn check(hypervisor: &Hypervisor, plan: &Plan, wanted: &Desired) -> Result<(), Problem> {
    if hypervisor.is_embedded() {
        return Ok(());
    }
    let begins = |machine: &&DesiredMachine| {
        plan.changes.iter().any(|change| {
            change.what == What::Machine
                && change.name == machine.document.name
                && matches!(change.action, Action::Create | Action::Start)
        })
    };
    let starting: Vec<&DesiredMachine> = wanted.machines.iter().filter(begins).collect();
    let needed: u64 = starting.iter().filter(|machine| machine.start).map(|machine| machine.memory + OVERHEAD).sum();
    let (mebibyte, help) = (1 << 20, "`--only NODE…` brings up a part of the lab; `memory = …` makes nodes smaller");
    if let Some(free) = free_memory(hypervisor).filter(|free| *free < needed) {
        let message = format!(
            "the machines need {} MiB of memory, and the host has {} MiB left",
            needed / mebibyte,
            free / mebibyte
        );
        return Err(Problem::new(message).help(help));
    }
    let cpus = hypervisor.connection.node_info().map(|info| info.cpus).unwrap_or(u32::MAX);
    if let Some(machine) = starting.iter().find(|machine| machine.cpus > cpus) {
        let message = format!("`{}` has {} CPUs, and the host has {cpus}", machine.path, machine.cpus);
        return Err(Problem::new(message).help("write `cpu = …` at the node"));
    }
    let media = starting.iter().flat_map(|machine| &machine.volumes).filter_map(|volume| volume.content.as_ref());
    let copies = plan.changes.iter().filter(|change| change.what == What::Image);
    let copies = copies.filter_map(|change| copied(wanted, &change.name)).sum::<u64>();
    let needed = media.map(|content| content.0.len() as u64).sum::<u64>() + copies + LEAST_DISK;
    let pool = hypervisor.connection.lookup_storage_pool_by_name(&wanted.pool);
    let free = pool.ok().and_then(|pool| pool.info().ok()).map(|info| info.available).filter(|free| *free > 0);
    match free.filter(|free| *free < needed && !starting.is_empty()) {
        Some(free) => Err(Problem::new(format!(
            "the storage pool `{}` has {} MiB left, and the lab needs at least {} MiB",
            wanted.pool,
            free / mebibyte,
            needed / mebibyte
        ))
        .help("make room there, or name another `pool` in the target")),
        None => Ok(()),
    }
}

/// Bytes of the file that a copy is made of.
fn copied(wanted: &Desired, copy: &str) -> Option<u64> {
    let volumes = wanted.machines.iter().flat_map(|machine| &machine.volumes);
    let image = volumes.filter_map(|volume| volume.image.as_ref()).find(|image| image.copy.as_deref() == Some(copy))?;
    match &image.place {
        Place::File(path) => fs::metadata(path).ok().map(|file| file.len()),
        Place::Volume { .. } => None,
    }
}

/// Bytes. Of this machine Linux tells what it could free; libvirt tells only what is free.
fn free_memory(hypervisor: &Hypervisor) -> Option<u64> {
    if !hypervisor.is_local() {
        return hypervisor.connection.free_memory().ok();
    }
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
}
