//! `wtop vnc` and `wtop logs`: the screen of a machine, and what QEMU says of it.

use super::{Logs, Vnc, lab};
use crate::exit::{Exit, Failure, Outcome};
use crate::terminal::Terminal;
use std::io::ErrorKind;
use std::process::Command;
use wtop_deploy::screen::{log, port, viewers};

pub fn vnc(arguments: &Vnc, terminal: &Terminal) -> Outcome {
    let deployment = match lab::open(lab::Need::Names, &arguments.lab, terminal)? {
        Ok(deployment) => deployment,
        Err(exit) => return Ok(exit),
    };
    let machine = deployment.machine(&arguments.node)?;
    let (uri, name, path) = (&deployment.hypervisor.uri, &machine.document.name, &machine.path);
    let live = deployment.hypervisor.live_document(name)?.ok_or_else(|| {
        Failure::environment(format!("`{path}` is off")).help(format!("`wtop start {}` starts it", machine.node))
    })?;
    let (Some(port), Some(viewers)) = (port(&live)?, viewers(uri, name, &live)?) else {
        return Err(Failure::environment(format!("`{path}` has no screen")).help(format!(
            "`wtop console {}` is its serial console; `vga = \"std\"` at the node gives it a screen",
            machine.node
        )));
    };
    if arguments.print {
        terminal.print(&format!("127.0.0.1:{port}\n"))?;
        return Ok(Exit::Ok);
    }
    for words in &viewers {
        let Some((program, rest)) = words.split_first() else { continue };
        match Command::new(program).args(rest).status() {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::environment(format!("`{program}` cannot be started: {error}"))),
            Ok(status) if status.success() => return Ok(Exit::Ok),
            Ok(_) => return Err(Failure::environment(format!("`{program}` ended with an error, which stands above"))),
        }
    }
    Err(Failure::environment(format!(
        "no program for screens is installed; this one is at 127.0.0.1:{port} of the host"
    ))
    .help("install `virt-viewer` with your package manager"))
}

pub fn logs(arguments: &Logs, terminal: &Terminal) -> Outcome {
    let deployment = match lab::open(lab::Need::Names, &arguments.lab, terminal)? {
        Ok(deployment) => deployment,
        Err(exit) => return Ok(exit),
    };
    let machine = deployment.machine(&arguments.node)?;
    let words = log(&deployment.hypervisor.uri, &machine.document.name, arguments.lines, arguments.follow)?;
    let Some((program, rest)) = words.split_first() else { return Ok(Exit::Ok) };
    let status = Command::new(program)
        .args(rest)
        .status()
        .map_err(|error| Failure::environment(format!("`{program}` cannot be started: {error}")))?;
    if status.code().is_some_and(|code| code != 0) {
        return Err(Failure::environment(format!("the log of `{}` cannot be read: why stands above", machine.path))
            .help(
                "the logs of the system's libvirt are root's: `sudo wtop logs …`; there is none before the first start",
            ));
    }
    Ok(Exit::Ok)
}
