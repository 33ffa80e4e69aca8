//! A line for what happens to each object, as it happens.

use crate::terminal::Terminal;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::time::Instant;
use wtop_deploy::apply::{Event, apply};
use wtop_deploy::lock::lock;
use wtop_deploy::plan::{Action, Plan};
use wtop_deploy::steps::{Options, StepKind};

use super::lab::Deployment;
use crate::exit::Failure;

/// Applies a plan under the lab's lock, and tells of what is done.
///
/// # Errors
/// A step did not work.
pub fn carry_out(deployment: &Deployment, plan: &Plan, options: Options, terminal: &Terminal) -> Result<(), Failure> {
    let begin = Instant::now();
    let told = RefCell::new(BTreeSet::new());
    let is_new = |name: &str| plan.changes.iter().any(|change| change.name == name && change.action == Action::Create);
    let tell = |event: &Event<'_>| {
        let seconds = begin.elapsed().as_secs_f32();
        match event {
            Event::Begins(step) if matches!(step.kind, StepKind::Ready(_)) => {
                terminal.tell(&format!("{seconds:6.1} s  {}: waiting until it is ready\n", step.path));
            }
            Event::Begins(step) if step.kind == StepKind::CopyImage => {
                terminal.tell(&format!("{seconds:6.1} s  {}: being copied into the pool\n", step.path));
            }
            Event::Begins(step) if step.kind == StepKind::Converse => {
                terminal.tell(&format!("{seconds:6.1} s  {}: being set up on its console\n", step.path));
            }
            // A machine that is made is switched off first only in case that it runs, and plugged for its label alone.
            Event::Done(step) if matches!(step.kind, StepKind::Stop | StepKind::Plug) && is_new(&step.name) => {}
            Event::Done(step) => {
                if let Some(done) = done(&step.kind) {
                    terminal.tell(&format!("{seconds:6.1} s  {}: {done}\n", step.path));
                }
            }
            // The same is true of many machines, and told once.
            Event::Note(_, note) if told.borrow_mut().insert((*note).to_owned()) => {
                terminal.tell(&format!("note: {note}\n"));
            }
            Event::RollsBack => terminal.tell("that did not work: what was made is removed again\n"),
            Event::Begins(_) | Event::Failed(..) | Event::Note(..) => {}
        }
        ControlFlow::Continue(())
    };
    apply(&deployment.hypervisor, plan, &deployment.wanted, options, &tell).map(drop).map_err(Failure::from)
}

/// Tells what could not be done, each thing once.
pub fn notes(notes: &[String], terminal: &Terminal) {
    let different: BTreeSet<&String> = notes.iter().collect();
    different.iter().for_each(|note| terminal.tell(&format!("note: {note}\n")));
}

/// Takes the lock of the lab; it is held until what comes back is dropped.
///
/// # Errors
/// Somebody else has it.
pub fn hold(deployment: &Deployment) -> Result<wtop_deploy::lock::Lock, Failure> {
    lock(&deployment.hypervisor.uri, &deployment.wanted.topology).map_err(Failure::from)
}

/// What a step has done, where a person wants to know.
fn done(kind: &StepKind) -> Option<&'static str> {
    match kind {
        StepKind::PreparePool => Some("pool is ready"),
        StepKind::CopyImage => Some("is in the pool"),
        StepKind::StartNetwork => Some("network runs"),
        StepKind::RemoveNetwork => Some("network is gone"),
        StepKind::Start => Some("started"),
        StepKind::Plug => Some("changed"),
        StepKind::Converse => Some("set up"),
        StepKind::Ready(_) => Some("ready"),
        StepKind::Stop => Some("off"),
        StepKind::Undefine => Some("removed"),
        StepKind::DefineNetwork
        | StepKind::Wire
        | StepKind::ShutDown
        | StepKind::UpdateLeases
        | StepKind::Claim
        | StepKind::MakeVolume(_)
        | StepKind::Define
        | StepKind::Delay(_)
        | StepKind::DeleteVolumes => None,
    }
}
