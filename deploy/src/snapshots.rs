//! Snapshots of a whole lab: of all its machines at one moment, with their disks and, where they run, their memory.
//!
//! They are libvirt's internal snapshots, which lie in the disks themselves and go with them. All machines stand still
//! while they are taken and while they are restored, so that none sees another one from a different time.

use crate::connect::Hypervisor;
use crate::desired::Desired;
use crate::document::{child, content, parse};
use crate::observed::{Observed, ObservedMachine};
use crate::perform::ours;
use crate::problem::{Problem, refused};
use crate::rewrite::escaped;
use crate::wire;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::thread;
use virt::domain::Domain;
use virt::domain_snapshot::DomainSnapshot;
use virt::sys;

/// So many machines are saved at once: what takes time is writing their memory.
const AT_ONCE: usize = 4;
/// Stands in the description of each snapshot of ours, before the name of the lab.
const OURS: &str = "wtop lab ";

/// A snapshot of a lab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its name.
    pub name: String,
    /// When it was taken, in seconds since 1970.
    pub taken: u64,
    /// How many of its machines ran.
    pub running: usize,
    /// The machines in it, by their paths in the lab.
    pub machines: Vec<String>,
    /// Machines of the lab that are not in it: they came later, or it was not finished.
    pub missing: Vec<String>,
}

/// Takes a snapshot. `tell` hears of each machine that is saved.
///
/// # Errors
/// There is one of this name, or a machine cannot be saved: then none is kept.
pub fn create(
    hypervisor: &Hypervisor,
    topology: &str,
    found: &Observed,
    name: &str,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<(), Problem> {
    check_name(name)?;
    if list(hypervisor, topology, found)?.iter().any(|snapshot| snapshot.name == name) {
        return Err(Problem::new(format!("`{topology}` has a snapshot `{name}`"))
            .help(format!("choose another name, or first `wtop snapshot delete {name}`")));
    }
    if found.machines.is_empty() {
        return Err(Problem::new(format!("`{topology}` is not there")).help("`wtop up` brings it up"));
    }
    let running: Vec<&ObservedMachine> = found.machines.iter().filter(|there| there.state == "running").collect();
    let all: Vec<&ObservedMachine> = found.machines.iter().collect();
    let description = escaped(&format!("{OURS}{topology}"));
    let xml = format!("<domainsnapshot><name>{name}</name><description>{description}</description></domainsnapshot>");
    let saved = pause(hypervisor, &running).and_then(|()| {
        each(&all, |there| {
            let domain = domain(hypervisor, there)?;
            domain.create_snapshot_xml(&xml, 0).map_err(|error| trouble("save", there, &error))?;
            tell(&there.path());
            Ok(())
        })
    });
    if saved.is_err() {
        // A part of a lab is no snapshot of it; the first problem is the one to be told.
        let _ = each(&all, |there| drop_one(hypervisor, topology, there, name));
    }
    let resumed = resume(hypervisor, &running);
    saved.and(resumed)
}

/// The snapshots of a lab, the oldest first.
///
/// # Errors
/// Libvirt does not answer.
pub fn list(hypervisor: &Hypervisor, topology: &str, found: &Observed) -> Result<Vec<Snapshot>, Problem> {
    let mut snapshots: BTreeMap<String, Snapshot> = BTreeMap::new();
    for there in &found.machines {
        for one in of_machine(hypervisor, topology, there)? {
            let snapshot = snapshots.entry(one.name.clone()).or_insert_with(|| Snapshot {
                name: one.name.clone(),
                taken: one.taken,
                running: 0,
                machines: Vec::new(),
                missing: Vec::new(),
            });
            snapshot.taken = snapshot.taken.min(one.taken);
            snapshot.running += usize::from(one.is_running);
            snapshot.machines.push(there.path());
        }
    }
    let mut snapshots: Vec<Snapshot> = snapshots.into_values().collect();
    for snapshot in &mut snapshots {
        snapshot.missing =
            found.machines.iter().map(ObservedMachine::path).filter(|path| !snapshot.machines.contains(path)).collect();
    }
    snapshots.sort_by(|a, b| (a.taken, &a.name).cmp(&(b.taken, &b.name)));
    Ok(snapshots)
}

/// Brings all machines back to a snapshot; what comes back as sentences could not be done for their links.
///
/// # Errors
/// A machine is not in it, or cannot be brought back.
pub fn restore(
    hypervisor: &Hypervisor,
    wanted: &Desired,
    found: &Observed,
    name: &str,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<Vec<String>, Problem> {
    let snapshot = one(hypervisor, &wanted.topology, found, name)?;
    if let Some(missing) = snapshot.missing.first() {
        return Err(Problem::new(format!("`{missing}` is not in the snapshot `{name}`"))
            .help("take it out of the lab and run `wtop up`, or take a new snapshot"));
    }
    let all: Vec<&ObservedMachine> = found.machines.iter().collect();
    let ran = Mutex::new(Vec::new());
    each(&all, |there| {
        let snapshots = of_machine(hypervisor, &wanted.topology, there)?;
        let Some(one) = snapshots.into_iter().find(|one| one.name == name) else { return Ok(()) };
        // A machine that has changed since then is ended and made as it was.
        let paused = if one.is_running { sys::VIR_DOMAIN_SNAPSHOT_REVERT_PAUSED } else { 0 };
        let flags = paused | sys::VIR_DOMAIN_SNAPSHOT_REVERT_FORCE;
        one.handle.revert(flags).map_err(|error| trouble("bring back", there, &error))?;
        if one.is_running
            && let Ok(mut ran) = ran.lock()
        {
            ran.push(there);
        }
        tell(&there.path());
        Ok(())
    })?;
    // Machines that were made anew have other ports on the host.
    let machines = wanted.machines.iter();
    let ran = ran.into_inner().unwrap_or_default();
    let is_running = |name: &str| ran.iter().any(|there| there.document.name == name);
    let notes = machines
        .filter(|machine| is_running(&machine.document.name))
        .flat_map(|machine| wire::wire(hypervisor, wanted, machine))
        .collect();
    resume(hypervisor, &ran)?;
    Ok(notes)
}

/// Deletes a snapshot. `tell` hears of each machine whose part is gone.
///
/// # Errors
/// There is none of this name, or libvirt refuses it.
pub fn delete(
    hypervisor: &Hypervisor,
    topology: &str,
    found: &Observed,
    name: &str,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<(), Problem> {
    one(hypervisor, topology, found, name)?;
    let all: Vec<&ObservedMachine> = found.machines.iter().collect();
    each(&all, |there| {
        drop_one(hypervisor, topology, there, name)?;
        tell(&there.path());
        Ok(())
    })
}

/// A machine's part of a snapshot.
struct Part {
    handle: DomainSnapshot,
    name: String,
    taken: u64,
    is_running: bool,
}

fn one(hypervisor: &Hypervisor, topology: &str, found: &Observed, name: &str) -> Result<Snapshot, Problem> {
    let snapshots = list(hypervisor, topology, found)?;
    let known: Vec<String> = snapshots.iter().map(|snapshot| format!("`{}`", snapshot.name)).collect();
    snapshots.into_iter().find(|snapshot| snapshot.name == name).ok_or_else(|| {
        let help = match known.is_empty() {
            true => "it has none; `wtop snapshot create NAME` takes one".to_owned(),
            false => format!("it has {}", known.join(", ")),
        };
        Problem::new(format!("`{topology}` has no snapshot `{name}`")).help(help)
    })
}

/// Our snapshots of a machine: people may take others of their own.
fn of_machine(hypervisor: &Hypervisor, topology: &str, there: &ObservedMachine) -> Result<Vec<Part>, Problem> {
    let domain = domain(hypervisor, there)?;
    let found = domain.list_all_snapshots(0).map_err(|error| trouble("list the snapshots of", there, &error))?;
    let mut parts = Vec::new();
    for handle in found {
        let xml = handle.xml_desc(0).map_err(|error| trouble("read a snapshot of", there, &error))?;
        let document = parse(&xml)?;
        let root = document.root_element();
        if content(root, "description") != format!("{OURS}{topology}") {
            continue;
        }
        let memory = child(root, "memory").and_then(|memory| memory.attribute("snapshot"));
        let state = content(root, "state");
        parts.push(Part {
            name: content(root, "name"),
            taken: content(root, "creationTime").parse().unwrap_or(0),
            is_running: memory != Some("no") && matches!(state.as_str(), "running" | "paused"),
            handle,
        });
    }
    Ok(parts)
}

fn drop_one(hypervisor: &Hypervisor, topology: &str, there: &ObservedMachine, name: &str) -> Result<(), Problem> {
    for part in of_machine(hypervisor, topology, there)?.iter().filter(|part| part.name == name) {
        part.handle.delete(0).map_err(|error| trouble("delete a snapshot of", there, &error))?;
    }
    Ok(())
}

fn pause(hypervisor: &Hypervisor, machines: &[&ObservedMachine]) -> Result<(), Problem> {
    each(machines, |there| domain(hypervisor, there)?.suspend().map_err(|error| trouble("pause", there, &error)))
}

fn resume(hypervisor: &Hypervisor, machines: &[&ObservedMachine]) -> Result<(), Problem> {
    each(machines, |there| match domain(hypervisor, there)?.resume() {
        // It may never have been paused.
        Err(error) if !domain(hypervisor, there)?.is_active().unwrap_or(false) => {
            Err(trouble("go on with", there, &error))
        }
        _ => Ok(()),
    })
}

/// Does something to all machines, some at once, and to the end of those that were begun; gives the first problem.
fn each<'m, F>(machines: &[&'m ObservedMachine], what: F) -> Result<(), Problem>
where
    F: Fn(&'m ObservedMachine) -> Result<(), Problem> + Sync,
{
    for some in machines.chunks(AT_ONCE) {
        thread::scope(|scope| {
            let begun: Vec<_> = some.iter().map(|machine| scope.spawn(|| what(machine))).collect();
            let stopped = || Err(Problem::new("the work on a machine ended unexpectedly"));
            let done: Vec<_> = begun.into_iter().map(|thread| thread.join().unwrap_or_else(|_| stopped())).collect();
            done.into_iter().collect::<Result<Vec<()>, Problem>>()
        })?;
    }
    Ok(())
}

fn domain(hypervisor: &Hypervisor, there: &ObservedMachine) -> Result<Domain, Problem> {
    ours(hypervisor, &there.document.name)?
        .ok_or_else(|| Problem::new(format!("`{}` is gone", there.path())).help("run the same command again"))
}

fn trouble(doing: &str, there: &ObservedMachine, error: &virt::error::Error) -> Problem {
    let problem = refused(&format!("{doing} `{}`", there.path()), error);
    let reason = error.message().to_ascii_lowercase();
    if reason.contains("internal snapshot") || reason.contains("snapshot unsupported") {
        problem.help("snapshots lie in the disks themselves, which must be `qcow2`, and take machines without UEFI")
    } else {
        problem
    }
}

fn check_name(name: &str) -> Result<(), Problem> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if !name.is_empty() && !name.starts_with(['-', '.']) && name.chars().all(is_plain) {
        return Ok(());
    }
    Err(Problem::new(format!("`{name}` is no name for a snapshot"))
        .help("names are letters, digits, `-`, `_` and `.`, and begin with a letter or digit"))
}
