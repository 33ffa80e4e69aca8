//! `wtop down`: removes a running lab.

use super::{Down, lab, progress, show, up};
use crate::exit::{Exit, Outcome};
use crate::terminal::Terminal;
use wtop_deploy::plan::removal;
use wtop_deploy::steps::Options;

pub fn run(arguments: &Down, terminal: &Terminal) -> Outcome {
    let deployment = match lab::open(lab::Need::Names, &arguments.place, terminal)? {
        Ok(deployment) => deployment,
        Err(exit) => return Ok(exit),
    };
    deployment.tell(terminal);
    let _lock = progress::hold(&deployment)?;
    let plan = removal(&deployment.wanted.topology, &deployment.observe()?, arguments.keep_disks);
    if plan.is_empty() {
        terminal.print(&format!("nothing of `{}` is there\n", plan.topology))?;
        return Ok(Exit::Ok);
    }
    terminal.print(&show::plan(&plan, terminal))?;
    if !arguments.yes && !up::agreed("Do it?", terminal)? {
        return Ok(Exit::Ok);
    }
    progress::carry_out(&deployment, &plan, Options::default(), terminal)?;
    Ok(Exit::Ok)
}
