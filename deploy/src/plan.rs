//! The plan: what must be done so that what exists becomes what is wanted. A pure function of the two.

use crate::desired::{DEFAULT_POOL, Desired, DesiredMachine, DesiredNetwork, DesiredVolume};
use crate::document::{NicDocument, UNFINISHED};
use crate::observed::{Observed, ObservedMachine, ObservedNetwork, Pool};
use crate::problem::Problem;
use crate::sources::seal;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What will be done. Serialised, it is the answer of `wtop plan --format json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The lab.
    pub topology: String,
    /// The changes: the pool, images, networks, machines, each in the order of the lab; then what is removed.
    pub changes: Vec<Change>,
}

/// What is done to one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What it is.
    pub what: What,
    /// Its path in the lab.
    pub path: String,
    /// Libvirt's name of it.
    pub name: String,
    /// What is done.
    pub action: Action,
    /// What differs.
    pub fields: Vec<Field>,
}

/// Kinds of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The storage pool.
    Pool,
    /// A copy of an image in the storage pool.
    Image,
    /// A network.
    Network,
    /// A machine with its volumes.
    Machine,
}

/// What can be done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It is made.
    Create,
    /// It is there, and is started.
    Start,
    /// It is changed while it runs.
    Update,
    /// It is changed, and starts anew with its disks.
    Restart,
    /// It is made anew, with new disks.
    Rebuild,
    /// It is switched off, and keeps its disks.
    Stop,
    /// It is removed.
    Remove,
}

/// A difference; what is not there on one side is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Field {
    /// What it is about: `memory`, `eth1: on`.
    pub name: String,
    /// What is there.
    pub before: Option<String>,
    /// What is wanted.
    pub after: Option<String>,
}

/// Compares; with `only`, just these nodes and the networks they are on.
///
/// # Errors
/// A name or UUID of the lab is somebody else's, the pool is missing, or a node is unknown.
pub fn plan(wanted: &Desired, found: &Observed, only: &[String]) -> Result<Plan, Problem> {
    known_nodes(wanted, found, only)?;
    clashes(wanted, found)?;
    let mut changes: Vec<Change> = pool(wanted, found)?.into_iter().collect();
    let pools = changes.len();
    let is_meant = |node: &str| only.is_empty() || only.iter().any(|name| name == node);
    let machines: Vec<&DesiredMachine> = wanted.machines.iter().filter(|machine| is_meant(&machine.node)).collect();
    let used: BTreeSet<&String> =
        machines.iter().flat_map(|machine| &machine.document.nics).filter_map(|nic| nic.network.as_ref()).collect();
    let mut remade = BTreeSet::new();
    for network in wanted.networks.iter().filter(|one| only.is_empty() || used.contains(&one.document.name)) {
        let there = found.networks.iter().find(|there| there.document.name == network.document.name);
        let change = network_change(network, there);
        if change.as_ref().is_some_and(|change| change.action == Action::Rebuild) {
            remade.insert(network.document.name.as_str());
        }
        changes.extend(change);
    }
    let first = changes.len();
    for machine in &machines {
        let there = found.machines.iter().find(|there| there.document.uuid == machine.document.uuid);
        changes.extend(machine_change(machine, there, found, &remade));
    }
    let copies = copies(&machines, changes.get(first..).unwrap_or_default(), found);
    changes.splice(pools..pools, copies);
    changes.extend(leftovers(wanted, found, only));
    Ok(Plan { topology: wanted.topology.clone(), changes })
}

/// What `down` does: everything of the lab goes; with `keep_disks`, and where the lab says `persist`, machines stay
/// switched off with their disks.
pub fn removal(topology: &str, found: &Observed, keep_disks: bool) -> Plan {
    let machine = |there: &ObservedMachine| {
        let keeps = there
            .document
            .label
            .as_ref()
            .is_some_and(|label| (keep_disks || label.persist) && label.definition != UNFINISHED);
        let action = if keeps { Action::Stop } else { Action::Remove };
        (action == Action::Remove || there.live.is_some()).then(|| found_machine(there, action))
    };
    let machines = found.machines.iter().filter_map(machine);
    let changes = machines.chain(found.networks.iter().map(removed_network)).collect();
    Plan { topology: topology.to_owned(), changes }
}

/// What is asked for of some nodes by name: all machines of these nodes start, stop, restart or are made anew.
///
/// # Errors
/// A node is unknown, or is not there yet.
pub fn of_nodes(wanted: &Desired, found: &Observed, nodes: &[String], action: Action) -> Result<Plan, Problem> {
    known_nodes(wanted, found, nodes)?;
    let mut changes: Vec<Change> = plan(wanted, found, nodes)?.changes;
    changes.retain(|change| change.what != What::Machine && change.action != Action::Remove);
    for machine in wanted.machines.iter().filter(|machine| nodes.contains(&machine.node)) {
        let there = found.machines.iter().find(|there| there.document.name == machine.document.name);
        let there = there.ok_or_else(|| {
            Problem::new(format!("`{}` is not there yet", machine.path))
                .help(format!("`wtop up --only {}` makes it", machine.node))
        })?;
        let is_done = match action {
            Action::Start => there.live.is_some(),
            Action::Stop => there.live.is_none(),
            _ => false,
        };
        if !is_done {
            changes.push(found_machine(there, action));
        }
    }
    if action == Action::Stop {
        changes.retain(|change| change.what == What::Machine);
    }
    Ok(Plan { topology: wanted.topology.clone(), changes })
}

impl Plan {
    /// Is there nothing to do?
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The changes of this action.
    pub fn count(&self, action: Action) -> usize {
        self.changes.iter().filter(|change| change.action == action).count()
    }
}

fn known_nodes(wanted: &Desired, found: &Observed, only: &[String]) -> Result<(), Problem> {
    let is_known = |name: &&String| {
        let labels = found.machines.iter().filter_map(|there| there.document.label.as_ref());
        wanted.machines.iter().any(|machine| machine.node == **name)
            || labels.into_iter().any(|label| label.node == **name)
    };
    match only.iter().find(|name| !is_known(name)) {
        None => Ok(()),
        Some(name) => Err(Problem::new(format!("`{}` has no node `{name}`", wanted.topology))
            .help("`wtop inventory` lists the nodes of a lab")),
    }
}

/// Nothing of anyone else is touched: a name that is taken is told before anything happens.
fn clashes(wanted: &Desired, found: &Observed) -> Result<(), Problem> {
    let machines = wanted.machines.iter().map(|machine| ("machine", &machine.document.name, &machine.document.uuid));
    let networks = wanted.networks.iter().map(|network| ("network", &network.document.name, &network.document.uuid));
    for (kind, name, uuid) in machines.chain(networks) {
        let taken =
            |other: &&crate::observed::Other| other.kind == kind && (other.name == *name || other.uuid == *uuid);
        if let Some(other) = found.others.iter().find(taken) {
            let what = if other.name == *name {
                format!("`{name}`")
            } else {
                format!("`{}`, with the UUID of `{name}`,", other.name)
            };
            return Err(Problem::new(format!(
                "there is a {kind} {what} that does not belong to `{}`",
                wanted.topology
            ))
            .help("remove or rename it, or give the target another `prefix`"));
        }
    }
    let owned: BTreeSet<&String> =
        found.machines.iter().flat_map(|there| &there.document.volumes).map(|(_, name)| name).collect();
    let volumes = wanted.machines.iter().flat_map(|machine| &machine.volumes);
    for volume in volumes {
        if found.volumes.contains(&volume.name) && !owned.contains(&volume.name) {
            let message = format!(
                "the pool `{}` holds a volume `{}` that no machine of `{}` has",
                wanted.pool, volume.name, wanted.topology
            );
            return Err(Problem::new(message)
                .help(format!("if nobody needs it: `virsh vol-delete {} {}`", volume.name, wanted.pool)));
        }
    }
    Ok(())
}

/// The usual pool is made where it is missing, as other tools do; another one is somebody's decision.
fn pool(wanted: &Desired, found: &Observed) -> Result<Option<Change>, Problem> {
    let change = |action| Change {
        what: What::Pool,
        path: wanted.pool.clone(),
        name: wanted.pool.clone(),
        action,
        fields: Vec::new(),
    };
    match found.pool {
        Pool::Active => Ok(None),
        _ if wanted.machines.iter().all(|machine| machine.volumes.is_empty()) => Ok(None),
        Pool::Inactive => Ok(Some(change(Action::Start))),
        Pool::Missing if wanted.pool == DEFAULT_POOL => Ok(Some(change(Action::Create))),
        Pool::Missing => {
            let name = &wanted.pool;
            Err(Problem::new(format!("libvirt has no storage pool `{name}`")).help(format!(
                "`virsh pool-define-as {name} dir --target FOLDER && virsh pool-start {name}` makes one"
            )))
        }
    }
}

/// The copies of images that disks to be made start from, and that the pool has not.
fn copies(machines: &[&DesiredMachine], changes: &[Change], found: &Observed) -> Vec<Change> {
    let mut copies = BTreeMap::new();
    for change in changes {
        let Some(machine) = machines.iter().find(|machine| machine.document.name == change.name) else { continue };
        for image in made_volumes(change, machine).filter_map(|volume| volume.image.as_ref()) {
            let Some(copy) = &image.copy else { continue };
            if !found.volumes.contains(copy) || !found.volumes.contains(&seal(copy)) {
                copies.insert(copy, &image.name);
            }
        }
    }
    let change = |(copy, image): (&String, &String)| Change {
        what: What::Image,
        path: image.clone(),
        name: copy.clone(),
        action: Action::Create,
        fields: Vec::new(),
    };
    copies.into_iter().map(change).collect()
}

/// The volumes of a machine that a change makes.
pub(crate) fn made_volumes<'m>(
    change: &'m Change,
    machine: &'m DesiredMachine,
) -> impl Iterator<Item = &'m DesiredVolume> {
    let is_new = matches!(change.action, Action::Create | Action::Rebuild);
    let is_missing = |name: &str| change.fields.iter().any(|field| field.name == format!("volume {name}"));
    let is_stale = change.fields.iter().any(|field| field.name == "first boot");
    let is_made =
        move |volume: &&DesiredVolume| is_new || is_missing(&volume.name) || (is_stale && volume.content.is_some());
    machine.volumes.iter().filter(is_made)
}

fn network_change(wanted: &DesiredNetwork, there: Option<&ObservedNetwork>) -> Option<Change> {
    let change = |action, fields| Change {
        what: What::Network,
        path: wanted.path.clone(),
        name: wanted.document.name.clone(),
        action,
        fields,
    };
    let Some(there) = there else { return Some(change(Action::Create, Vec::new())) };
    let fields = differences("", &there.document.fields, &wanted.document.fields);
    if !fields.is_empty() {
        return Some(change(Action::Rebuild, fields));
    }
    let leases = differences("lease ", &leases(&there.document.leases), &leases(&wanted.document.leases));
    match (there.active, leases.is_empty()) {
        (_, false) => Some(change(Action::Update, leases)),
        (false, true) => Some(change(Action::Start, Vec::new())),
        (true, true) => None,
    }
}

/// Leases as MAC, and name with address: libvirt may write the element in another way.
pub(crate) fn leases(leases: &[(String, String)]) -> Vec<(String, String)> {
    let shown = |xml: &str| {
        let document = crate::document::parse(xml).ok()?;
        let host = document.root_element();
        let said = ["name", "ip"].iter().filter_map(|name| host.attribute(*name)).collect::<Vec<_>>();
        Some(said.join(" "))
    };
    leases.iter().map(|(key, xml)| (key.to_ascii_lowercase(), shown(xml).unwrap_or_default())).collect()
}

fn machine_change(
    wanted: &DesiredMachine,
    there: Option<&ObservedMachine>,
    found: &Observed,
    remade: &BTreeSet<&str>,
) -> Option<Change> {
    let change = |action, fields| Change {
        what: What::Machine,
        path: wanted.path.clone(),
        name: wanted.document.name.clone(),
        action,
        fields,
    };
    let Some(there) = there else { return Some(change(Action::Create, Vec::new())) };
    let (Some(new), Some(old)) = (&wanted.document.label, &there.document.label) else { return None };
    if old.definition == UNFINISHED {
        return Some(change(Action::Create, Vec::new()));
    }
    // What runs may be older than what is defined, if a run ended between the two.
    let current = there.live.as_ref().unwrap_or(&there.document);
    let mut fields = differences("", &current.fields, &wanted.document.fields);
    let nics = nic_differences(&current.nics, &wanted.document.nics);
    // What a pool that does not run holds is not known; to make it anew would lose it.
    let is_missing = |name: &String| found.pool == Pool::Active && !found.volumes.contains(name);
    let missing = wanted.volumes.iter().filter(|volume| is_missing(&volume.name));
    fields.extend(missing.map(|volume| field(&format!("volume {}", volume.name), None, Some("made"))));
    let first_boot = old.first_boot != new.first_boot;
    let running = current.label.as_ref().unwrap_or(old);
    let hardware = old.hardware != new.hardware || running.hardware != new.hardware;
    if hardware && fields.is_empty() {
        fields.push(field("hardware", Some("other"), Some("as the lab says")));
    }
    if first_boot {
        fields.push(field("first boot", Some("other"), Some("images or files have changed")));
    }
    let is_fixed = !nics.fixed.is_empty() || hardware || wanted.document.nics.iter().any(|nic| is_on(nic, remade));
    // New links change what a guest is told at its first boot; for these it is not made anew.
    let rebuild = first_boot && nics.live.is_empty() && nics.fixed.is_empty();
    fields.extend(nics.fixed.into_iter().chain(nics.live));
    let action = match () {
        () if rebuild => Action::Rebuild,
        () if there.live.is_none() && wanted.start => Action::Start,
        () if there.live.is_some() && is_fixed => Action::Restart,
        () if !fields.is_empty() || old.definition != new.definition || running.definition != new.definition => {
            Action::Update
        }
        () => return None,
    };
    Some(change(action, fields))
}

fn is_on(nic: &NicDocument, networks: &BTreeSet<&str>) -> bool {
    nic.network.as_ref().is_some_and(|network| networks.contains(network.as_str()))
}

/// The differences of NICs: those that need a restart, and those that do not.
struct NicDifferences {
    fixed: Vec<Field>,
    live: Vec<Field>,
}

fn nic_differences(before: &[NicDocument], after: &[NicDocument]) -> NicDifferences {
    let mut found = NicDifferences { fixed: Vec::new(), live: Vec::new() };
    let place = |nic: &NicDocument| {
        nic.live.iter().find(|(name, _)| name == "on").map(|(_, on)| on.clone()).unwrap_or_default()
    };
    for nic in after {
        let Some(old) = before.iter().find(|old| old.mac == nic.mac) else {
            found.live.push(field(&nic.name, None, Some(&place(nic))));
            continue;
        };
        let prefix = format!("{}: ", nic.name);
        found.fixed.extend(differences(&prefix, &old.fixed, &nic.fixed));
        found.live.extend(differences(&prefix, &old.live, &nic.live));
        found.live.extend(differences(&prefix, &old.impairment, &nic.impairment));
    }
    let gone = before.iter().filter(|old| !after.iter().any(|nic| nic.mac == old.mac));
    found.live.extend(gone.map(|old| field(&old.name, Some(&place(old)), None)));
    found
}

/// What the lab no longer has. The disks of what is gone from the lab go with it.
fn leftovers(wanted: &Desired, found: &Observed, only: &[String]) -> Vec<Change> {
    let gone = |there: &&ObservedMachine| {
        let is_wanted = wanted.machines.iter().any(|machine| machine.document.uuid == there.document.uuid);
        !is_wanted && (only.is_empty() || only.iter().any(|name| name == there.node()))
    };
    let machines = found.machines.iter().filter(gone).map(|there| found_machine(there, Action::Remove));
    let gone = |there: &&ObservedNetwork| {
        only.is_empty() && !wanted.networks.iter().any(|network| network.document.name == there.document.name)
    };
    machines.chain(found.networks.iter().filter(gone).map(removed_network)).collect()
}

fn found_machine(there: &ObservedMachine, action: Action) -> Change {
    Change { what: What::Machine, path: there.path(), name: there.document.name.clone(), action, fields: Vec::new() }
}

fn removed_network(there: &ObservedNetwork) -> Change {
    let path = there.document.label.as_ref().map(|label| label.path.clone()).unwrap_or_default();
    Change { what: What::Network, path, name: there.document.name.clone(), action: Action::Remove, fields: Vec::new() }
}

fn field(name: &str, before: Option<&str>, after: Option<&str>) -> Field {
    Field { name: name.to_owned(), before: before.map(str::to_owned), after: after.map(str::to_owned) }
}

/// Compares two lists of names with values; names may come several times, in order.
fn differences(prefix: &str, before: &[(String, String)], after: &[(String, String)]) -> Vec<Field> {
    let names: BTreeSet<&String> = before.iter().chain(after).map(|(name, _)| name).collect();
    let all = |list: &[(String, String)], name: &String| {
        let values: Vec<&str> =
            list.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    };
    let pairs = names.into_iter().map(|name| (name, all(before, name), all(after, name)));
    pairs
        .filter(|(_, before, after)| before != after)
        .map(|(name, before, after)| Field { name: format!("{prefix}{name}"), before, after })
        .collect()
}
