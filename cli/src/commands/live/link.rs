//! `wtop link`: changes a link while its lab runs.

use super::{Link, lab, progress};
use crate::exit::{Exit, Failure, Outcome};
use crate::terminal::Terminal;
use wtop_compiler::topology::Impairment;
use wtop_deploy::change_link::{change, look};
use wtop_deploy::changes::shown;
use wtop_deploy::links::{LinkChange, meant};

pub fn run(arguments: &Link, terminal: &Terminal) -> Outcome {
    let wanted = asked(arguments)?;
    let deployment = match lab::open(lab::Need::Names, &arguments.lab, terminal)? {
        Ok(deployment) => deployment,
        Err(exit) => return Ok(exit),
    };
    let ends = meant(&deployment.wanted, &arguments.link, arguments.one_way)?;
    let hypervisor = &deployment.hypervisor;
    let is_question = wanted == LinkChange::default();
    let _lock = if is_question { None } else { Some(progress::hold(&deployment)?) };
    for end in ends {
        let state = if is_question { look(hypervisor, end)? } else { change(hypervisor, end, &wanted)? };
        terminal.print(&format!("{}: {}\n", end.shown(), shown(&state)))?;
    }
    if !is_question {
        terminal.tell("this lasts until the machines restart, or `wtop up` brings back what the file says\n");
    }
    Ok(Exit::Ok)
}

fn asked(arguments: &Link) -> Result<LinkChange, Failure> {
    let mut impairment = Impairment::default();
    let quantities = [
        ("delay", &arguments.delay, "50ms"),
        ("jitter", &arguments.jitter, "5ms"),
        ("loss", &arguments.loss, "1%"),
        ("rate", &arguments.rate, "10Mbps"),
        ("duplicate", &arguments.duplicate, "1%"),
        ("reorder", &arguments.reorder, "1%"),
        ("corrupt", &arguments.corrupt, "1%"),
    ];
    for (name, written, example) in quantities {
        let Some(written) = written else { continue };
        if !impairment.set(name, written) {
            let message = format!("`{written}` is no value for `--{name}`");
            return Err(Failure::usage(message).help(format!("write it as in the language: `--{name} {example}`")));
        }
    }
    let up = match (arguments.up, arguments.down) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    };
    Ok(LinkChange { up, clear: arguments.clear, impairment })
}
