//! From a plan to the graph of steps that does it. Each step may be done twice.
//!
//! A machine is *claimed* before its volumes are made: its domain is defined with our label, and says that it is
//! unfinished. Volumes have no labels; this way each volume of ours is at any moment named by a domain of ours, and a
//! run that was killed leaves nothing that the next one would not find. For the same reason a domain is the last of a
//! machine that is removed.

use crate::desired::{Desired, DesiredMachine};
use crate::plan::{Action, Change, Plan, What, made_volumes};
use std::collections::BTreeMap;
use std::time::Duration;

/// A step, and the steps that must be done before it, as indices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it does.
    pub kind: StepKind,
    /// Path in the lab of what it is done to.
    pub path: String,
    /// Libvirt's name of it.
    pub name: String,
    /// What must be done before.
    pub after: Vec<usize>,
}

/// What steps do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// Define the storage pool, if there is none, and start it.
    PreparePool,
    /// Copy an image into the storage pool.
    CopyImage,
    /// Define a network.
    DefineNetwork,
    /// Start it.
    StartNetwork,
    /// Give it the leases that it must have.
    UpdateLeases,
    /// Stop it, and forget it.
    RemoveNetwork,
    /// Define a machine as unfinished.
    Claim,
    /// Make a volume anew, and fill it.
    MakeVolume(String),
    /// Define a machine as it must be.
    Define,
    /// Wait before a machine starts.
    Delay(Duration),
    /// Start it.
    Start,
    /// Bring the NICs and the label of a running machine to what is defined.
    Plug,
    /// See to what libvirt has no words for: what the ports of wires pass, impairments.
    Wire,
    /// Have the dialogue of its first boot on its console.
    Converse,
    /// Wait until it is ready; was it spoken to on its console?
    Ready(bool),
    /// Ask it to shut down, and give it time.
    ShutDown,
    /// Switch it off.
    Stop,
    /// Delete its volumes.
    DeleteVolumes,
    /// Forget it.
    Undefine,
}

/// How a plan is done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Wait until all machines are ready? Those that others come after are waited for in any case.
    pub wait: bool,
    /// Leave what was created where a step fails?
    pub keep: bool,
    /// Switch machines off that keep their disks, without asking them to shut down?
    pub force: bool,
}

/// The steps of a plan.
pub fn steps(plan: &Plan, wanted: &Desired, options: Options) -> Vec<Step> {
    let mut graph = Graph { steps: Vec::new(), ready: BTreeMap::new(), force: options.force };
    let pool = graph.pool(plan);
    let copies: BTreeMap<&str, usize> = plan
        .changes
        .iter()
        .filter(|change| change.what == What::Image)
        .map(|change| {
            (
                change.name.as_str(),
                graph.add(StepKind::CopyImage, &change.path, &change.name, pool.into_iter().collect()),
            )
        })
        .collect();
    let removed: Vec<usize> = plan.changes.iter().filter_map(|change| graph.remove_machine(change)).collect();
    let mut networks: BTreeMap<&str, usize> = BTreeMap::new();
    let of_networks = || plan.changes.iter().filter(|change| change.what == What::Network);
    for change in of_networks().filter(|change| change.action != Action::Remove) {
        networks.insert(&change.name, graph.network(change, &removed));
    }
    // What a network needs to be free: its machines are gone, or have left it.
    let mut left = removed;
    for machine in ordered(wanted) {
        let change =
            plan.changes.iter().find(|change| change.what == What::Machine && change.name == machine.document.name);
        if let Some(change) = change.filter(|change| !matches!(change.action, Action::Remove | Action::Stop)) {
            let plugged = machine.document.nics.iter().filter_map(|nic| nic.network.as_deref());
            let mut before: Vec<usize> = plugged.filter_map(|network| networks.get(network).copied()).collect();
            before.sort_unstable();
            before.dedup();
            let is_awaited = options.wait || wanted.machines.iter().any(|other| other.after.contains(&machine.node));
            let made = Before { pool, copies: &copies, networks: before };
            left.push(graph.machine(change, machine, made, is_awaited));
        }
    }
    for change in of_networks().filter(|change| change.action == Action::Remove) {
        graph.add(StepKind::RemoveNetwork, &change.path, &change.name, left.clone());
    }
    graph.steps
}

/// The machines, each behind those of the nodes that it comes after. The compiler lets no circle through.
fn ordered(wanted: &Desired) -> Vec<&DesiredMachine> {
    let mut open: Vec<&DesiredMachine> = wanted.machines.iter().collect();
    let mut done = Vec::with_capacity(open.len());
    while !open.is_empty() {
        let waits =
            |machine: &&DesiredMachine| machine.after.iter().any(|node| open.iter().any(|other| other.node == *node));
        let (later, now): (Vec<&DesiredMachine>, Vec<&DesiredMachine>) = open.iter().copied().partition(waits);
        if now.is_empty() {
            done.extend(later);
            break;
        }
        done.extend(now);
        open = later;
    }
    done
}

/// The steps that must be done before those of a machine.
struct Before<'p> {
    pool: Option<usize>,
    /// By the names of the copies.
    copies: &'p BTreeMap<&'p str, usize>,
    networks: Vec<usize>,
}

struct Graph {
    steps: Vec<Step>,
    /// By node: the steps after which it is ready.
    ready: BTreeMap<String, Vec<usize>>,
    force: bool,
}

impl Graph {
    fn add(&mut self, kind: StepKind, path: &str, name: &str, after: Vec<usize>) -> usize {
        self.steps.push(Step { kind, path: path.to_owned(), name: name.to_owned(), after });
        self.steps.len() - 1
    }

    fn pool(&mut self, plan: &Plan) -> Option<usize> {
        let change = plan.changes.iter().find(|change| change.what == What::Pool)?;
        Some(self.add(StepKind::PreparePool, &change.path, &change.name, Vec::new()))
    }

    /// Switches a machine off, and removes it if that is planned; gives the last step.
    fn remove_machine(&mut self, change: &Change) -> Option<usize> {
        if change.what != What::Machine || !matches!(change.action, Action::Remove | Action::Stop) {
            return None;
        }
        let (path, name) = (&change.path, &change.name);
        if change.action == Action::Stop {
            return Some(self.shut_down(path, name));
        }
        let stop = self.add(StepKind::Stop, path, name, Vec::new());
        let delete = self.add(StepKind::DeleteVolumes, path, name, vec![stop]);
        Some(self.add(StepKind::Undefine, path, name, vec![delete]))
    }

    /// A machine that keeps its disks may write them back first.
    fn shut_down(&mut self, path: &str, name: &str) -> usize {
        let asked = if self.force { Vec::new() } else { vec![self.add(StepKind::ShutDown, path, name, Vec::new())] };
        self.add(StepKind::Stop, path, name, asked)
    }

    /// Makes, changes or starts a network; gives the last step.
    fn network(&mut self, change: &Change, removed: &[usize]) -> usize {
        let (path, name) = (&change.path, &change.name);
        let before = match change.action {
            Action::Start => Vec::new(),
            Action::Update => vec![self.add(StepKind::UpdateLeases, path, name, Vec::new())],
            Action::Rebuild => {
                let remove = self.add(StepKind::RemoveNetwork, path, name, removed.to_vec());
                vec![self.add(StepKind::DefineNetwork, path, name, vec![remove])]
            }
            Action::Create | Action::Restart | Action::Stop | Action::Remove => {
                vec![self.add(StepKind::DefineNetwork, path, name, Vec::new())]
            }
        };
        self.add(StepKind::StartNetwork, path, name, before)
    }

    /// Makes, changes or starts a machine; gives the step after which it is on the networks that it shall be on.
    fn machine(&mut self, change: &Change, machine: &DesiredMachine, made: Before<'_>, wait: bool) -> usize {
        let networks = made.networks;
        let (path, name) = (&change.path, &change.name);
        let is_new = matches!(change.action, Action::Create | Action::Rebuild);
        let mut before: Vec<usize> = made.pool.into_iter().collect();
        if is_new {
            let claim = self.add(StepKind::Claim, path, name, Vec::new());
            before.push(self.add(StepKind::Stop, path, name, vec![claim]));
        } else if change.action == Action::Restart {
            before.push(self.shut_down(path, name));
        }
        let mut volumes = Vec::new();
        for volume in made_volumes(change, machine) {
            let copy = volume.image.as_ref().and_then(|image| image.copy.as_deref());
            let after = before.iter().copied().chain(copy.and_then(|copy| made.copies.get(copy).copied())).collect();
            volumes.push(self.add(StepKind::MakeVolume(volume.name.clone()), path, name, after));
        }
        before.extend(volumes);
        // What is not spoken to yet stays claimed, and so unfinished, until it was.
        let speaks = is_new && machine.start && !machine.dialogue.is_empty();
        let kind = if speaks { StepKind::Claim } else { StepKind::Define };
        let mut last = self.add(kind, path, name, before);
        if change.action == Action::Update {
            let after = networks.into_iter().chain([last]).collect();
            let plug = self.add(StepKind::Plug, path, name, after);
            self.add(StepKind::Wire, path, name, vec![plug]);
            return plug;
        }
        // A start or restart that was asked for is one, also of a node that does not start with the lab.
        if !machine.start && is_new {
            return last;
        }
        let mut after = networks;
        after.extend(machine.after.iter().filter_map(|node| self.ready.get(node)).flatten());
        if !machine.delay.is_zero() {
            let mut begin = after.clone();
            begin.push(last);
            last = self.add(StepKind::Delay(machine.delay), path, name, begin);
        }
        after.push(last);
        let start = self.add(StepKind::Start, path, name, after);
        let mut last = self.add(StepKind::Wire, path, name, vec![start]);
        if speaks {
            let spoken = self.add(StepKind::Converse, path, name, vec![last]);
            let define = self.add(StepKind::Define, path, name, vec![spoken]);
            last = self.add(StepKind::Plug, path, name, vec![define]);
        }
        if wait && !machine.ready.is_empty() {
            last = self.add(StepKind::Ready(speaks), path, name, vec![last]);
        }
        self.ready.entry(machine.node.clone()).or_default().push(last);
        start
    }
}
