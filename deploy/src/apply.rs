//! Does the steps of a plan, as many at once as their order and the hypervisor allow.

use crate::connect::Hypervisor;
use crate::desired::Desired;
use crate::observe::observe;
use crate::observed::Observed;
use crate::perform::perform;
use crate::plan::{Action, Change, Plan, What};
use crate::problem::Problem;
use crate::steps::{Options, Step, StepKind, steps};
use std::ops::ControlFlow;
use std::sync::mpsc;
use std::thread;

/// So many calls to libvirt run at once: it has five workers of its own by default, and QEMU's start is what takes time.
const AT_ONCE: usize = 8;

/// What happens while a plan is applied.
#[derive(Debug)]
pub enum Event<'e> {
    /// A step begins.
    Begins(&'e Step),
    /// A step is done.
    Done(&'e Step),
    /// Something could not be done that the lab can be without.
    Note(&'e Step, &'e str),
    /// A step did not work.
    Failed(&'e Step, &'e Problem),
    /// What this run created is removed again.
    RollsBack,
}

/// Hears what happens. After `Break` no further step begins, and nothing is rolled back, as if the process had ended there.
pub type Listener<'l> = dyn Fn(&Event<'_>) -> ControlFlow<()> + 'l;

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    /// All steps are done.
    Whole,
    /// The listener stopped it.
    Stopped,
}

/// Applies a plan.
///
/// # Errors
/// A step did not work. What the run created is removed again, unless the options say otherwise.
pub fn apply(
    hypervisor: &Hypervisor,
    plan: &Plan,
    wanted: &Desired,
    options: Options,
    listener: &Listener<'_>,
) -> Result<Applied, Problem> {
    let graph = steps(plan, wanted, options);
    match run(hypervisor, &graph, wanted, listener) {
        Ok(true) => Ok(Applied::Whole),
        Ok(false) => Ok(Applied::Stopped),
        // A machine that does not become ready runs all the same, and looking at it tells why.
        Err((step, problem)) if options.keep || is_of_guest(step) => Err(problem),
        Err((_, problem)) => {
            if listener(&Event::RollsBack).is_break() {
                return Err(problem);
            }
            match roll_back(hypervisor, plan, wanted, listener) {
                Ok(()) => Err(problem),
                Err(second) => {
                    let message =
                        format!("{}; what was created could not be removed: {}", problem.message, second.message);
                    Err(Problem::new(message).help("`wtop down` removes the lab"))
                }
            }
        }
    }
}

/// Removes what the plan created, and switches off what it started.
fn roll_back(hypervisor: &Hypervisor, plan: &Plan, wanted: &Desired, listener: &Listener<'_>) -> Result<(), Problem> {
    let found = observe(hypervisor, &plan.topology, &wanted.pool)?;
    let undone = |change: &Change| {
        let action = match change.action {
            Action::Create if !matches!(change.what, What::Pool | What::Image) => Action::Remove,
            Action::Start if change.what == What::Machine => Action::Stop,
            _ => return None,
        };
        exists(&found, change).then(|| Change { action, ..change.clone() })
    };
    let back = Plan { topology: plan.topology.clone(), changes: plan.changes.iter().filter_map(undone).collect() };
    let nothing = Desired::default();
    run(hypervisor, &steps(&back, &nothing, Options { force: true, ..Options::default() }), &nothing, listener)
        .map(|_| ())
        .map_err(|(_, problem)| problem)
}

fn exists(found: &Observed, change: &Change) -> bool {
    match change.what {
        What::Machine => found.machines.iter().any(|there| there.document.name == change.name),
        What::Network => found.networks.iter().any(|there| there.document.name == change.name),
        What::Pool | What::Image => false,
    }
}

/// Does steps until all are done (true), one fails, or the listener stops it (false). Those that run are waited for.
fn run<'s>(
    hypervisor: &Hypervisor,
    graph: &'s [Step],
    wanted: &Desired,
    listener: &Listener<'_>,
) -> Result<bool, (&'s Step, Problem)> {
    let (sender, receiver) = mpsc::channel::<(usize, Result<Vec<String>, Problem>)>();
    thread::scope(|scope| {
        let mut waits: Vec<usize> = graph.iter().map(|step| step.after.len()).collect();
        let mut open: Vec<usize> =
            waits.iter().enumerate().filter(|(_, count)| **count == 0).map(|(at, _)| at).rev().collect();
        let (mut busy, mut running, mut stopped, mut failure) = (0, 0, false, None);
        loop {
            while failure.is_none() && !stopped {
                // Waiting costs nothing, so it takes nobody's place.
                let next = open.iter().rposition(|at| busy < AT_ONCE || graph.get(*at).is_some_and(is_waiting));
                let Some(at) = next.map(|position| open.remove(position)) else { break };
                let Some(step) = graph.get(at) else { continue };
                stopped = listener(&Event::Begins(step)).is_break();
                if stopped {
                    break;
                }
                busy += usize::from(!is_waiting(step));
                running += 1;
                let sender = sender.clone();
                // That nobody receives is impossible while the scope is open.
                scope.spawn(move || drop(sender.send((at, perform(hypervisor, wanted, step)))));
            }
            if running == 0 {
                return failure.map_or(Ok(!stopped), Err);
            }
            let Ok((at, result)) = receiver.recv() else { return Ok(false) };
            let Some(step) = graph.get(at) else { continue };
            running -= 1;
            busy -= usize::from(!is_waiting(step));
            match result {
                Ok(notes) => {
                    stopped |= notes.iter().any(|note| listener(&Event::Note(step, note)).is_break());
                    stopped |= listener(&Event::Done(step)).is_break();
                    open.splice(0..0, released(graph, at, &mut waits));
                }
                Err(problem) => {
                    stopped |= listener(&Event::Failed(step, &problem)).is_break();
                    failure.get_or_insert((step, problem));
                }
            }
        }
    })
}

/// The steps that waited for nothing else than this one.
fn released(graph: &[Step], done: usize, waits: &mut [usize]) -> Vec<usize> {
    let mut free = Vec::new();
    for (at, (step, count)) in graph.iter().zip(waits).enumerate() {
        let before = *count;
        *count -= step.after.iter().filter(|after| **after == done).count();
        if before > 0 && *count == 0 {
            free.push(at);
        }
    }
    free.reverse();
    free
}

fn is_waiting(step: &Step) -> bool {
    matches!(step.kind, StepKind::ShutDown | StepKind::Delay(_)) || is_of_guest(step)
}

/// Is it the guest that does its part?
fn is_of_guest(step: &Step) -> bool {
    matches!(step.kind, StepKind::Converse | StepKind::Ready(_))
}
