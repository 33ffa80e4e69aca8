//! `wtop up`: brings a lab to what its file says.

use super::lab::{self, Deployment};
use super::{Up, progress, show};
use crate::exit::{Exit, Failure, Outcome};
use crate::terminal::Terminal;
use std::io::{self, BufRead, IsTerminal};
use wtop_deploy::plan::plan;
use wtop_deploy::steps::Options;

pub fn run(arguments: &Up, terminal: &Terminal) -> Outcome {
    let deployment = match lab::open(lab::Need::Whole, &arguments.place, terminal)? {
        Ok(deployment) => deployment,
        Err(exit) => return Ok(exit),
    };
    deployment.tell(terminal);
    let _lock = progress::hold(&deployment)?;
    let found = deployment.observe()?;
    let plan = plan(&deployment.wanted, &found, &arguments.only)?;
    terminal.print(&show::plan(&plan, terminal))?;
    if plan.is_empty() {
        return Ok(Exit::Ok);
    }
    wtop_deploy::capacity::check(&deployment.hypervisor, &plan, &deployment.wanted)?;
    if !arguments.yes && !agreed("Do it?", terminal)? {
        return Ok(Exit::Ok);
    }
    let options = Options { wait: !arguments.no_wait, keep: arguments.keep, force: false };
    progress::carry_out(&deployment, &plan, options, terminal)?;
    terminal.print(&ways_in(&deployment))?;
    Ok(Exit::Ok)
}

/// Asks, where somebody can answer.
///
/// # Errors
/// Nobody can.
pub fn agreed(question: &str, terminal: &Terminal) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Err(
            Failure::usage("nobody can be asked: standard input is no terminal").help("`--yes` does it without asking")
        );
    }
    terminal.tell(&format!("{question} [y/N] "));
    let mut answer = String::new();
    io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|error| Failure::environment(format!("cannot read the answer: {error}")))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// Where each node is, and how to get in.
fn ways_in(deployment: &Deployment) -> String {
    let mut text = format!("\n`{}` is up\n", deployment.wanted.topology);
    for machine in &deployment.wanted.machines {
        let way = match (machine.addresses.first(), &machine.user) {
            (Some(address), Some(user)) => format!("ssh {user}@{address}"),
            (Some(address), None) => format!("{address}, virsh console {}", machine.document.name),
            (None, _) => format!("virsh console {}", machine.document.name),
        };
        text.push_str(&format!("  {}: {way}\n", machine.path));
    }
    text
}
