//! `wtop start`, `stop`, `restart`, `recreate`: what is done to nodes by name.

use super::{Nodes, Recreate, Restart, Start, Stop, lab, progress, show, up};
use crate::exit::{Exit, Outcome};
use crate::terminal::Terminal;
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
