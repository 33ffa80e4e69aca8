//! `wtop start`, `stop`, `restart`, `recreate`, `pause`, `resume`: what is done to nodes by name.

use super::{Nodes, Recreate, Restart, Resume, Start, Stop, lab, progress, show, up};
use crate::exit::{Exit, Outcome};
use crate::terminal::Terminal;
use wtop_deploy::pause::{Pause, pause as set_paused};
use wtop_deploy::plan::{Action, of_nodes};
use wtop_deploy::steps::Options;

pub fn start(arguments: &Start, terminal: &Terminal) -> Outcome {
    carry_out(&arguments.nodes, Action::Start, Options::default(), true, terminal)
}

pub fn stop(arguments: &Stop, terminal: &Terminal) -> Outcome {
    let options = Options { force: arguments.force, ..Options::default() };
    carry_out(&arguments.nodes, Action::Stop, options, true, terminal)
}

pub fn restart(arguments: &Restart, terminal: &Terminal) -> Outcome {
    let options = Options { force: arguments.force, ..Options::default() };
    carry_out(&arguments.nodes, Action::Restart, options, true, terminal)
}

pub fn recreate(arguments: &Recreate, terminal: &Terminal) -> Outcome {
    carry_out(&arguments.nodes, Action::Rebuild, Options::default(), arguments.yes, terminal)
}

pub fn pause(arguments: &super::Pause, terminal: &Terminal) -> Outcome {
    paused(&arguments.nodes, Pause::Pause, terminal)
}

pub fn resume(arguments: &Resume, terminal: &Terminal) -> Outcome {
    paused(&arguments.nodes, Pause::Resume, terminal)
}

fn paused(nodes: &Nodes, what: Pause, terminal: &Terminal) -> Outcome {
    let deployment = match lab::open(lab::Need::Names, &nodes.lab, terminal)? {
        Ok(deployment) => deployment,
        Err(exit) => return Ok(exit),
    };
    let _lock = progress::hold(&deployment)?;
    let changed = set_paused(&deployment.hypervisor, &deployment.observe()?, &nodes.nodes, what)?;
    if changed.is_empty() {
        terminal.print("nothing to do: they are so already\n")?;
    }
    let done = if what == Pause::Pause { "paused" } else { "goes on" };
    for path in changed {
        terminal.print(&format!("{path}: {done}\n"))?;
    }
    Ok(Exit::Ok)
}

fn carry_out(nodes: &Nodes, action: Action, options: Options, agreed: bool, terminal: &Terminal) -> Outcome {
    // Only new disks take an image.
    let need = if action == Action::Rebuild { lab::Need::Whole } else { lab::Need::Names };
    let deployment = match lab::open(need, &nodes.lab, terminal)? {
        Ok(deployment) => deployment,
        Err(exit) => return Ok(exit),
    };
    deployment.tell(terminal);
    let _lock = progress::hold(&deployment)?;
    let plan = of_nodes(&deployment.wanted, &deployment.observe()?, &nodes.nodes, action)?;
    if plan.is_empty() {
        terminal.print("nothing to do: they are so already\n")?;
        return Ok(Exit::Ok);
    }
    terminal.print(&show::plan(&plan, terminal))?;
    if agreed || up::agreed("Do it?", terminal)? {
        progress::carry_out(&deployment, &plan, options, terminal)?;
    }
    Ok(Exit::Ok)
}
