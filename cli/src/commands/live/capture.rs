//! `wtop capture`: the frames of an interface, to a terminal, a file or another program.

use super::{Capture, lab};
use crate::exit::{Exit, Failure, Outcome};
use crate::terminal::Terminal;
use std::fs::File;
use std::io::{self, IsTerminal};
use std::process::{Child, Command, Stdio};
use wtop_deploy::capture::{Form, command, port};

pub fn run(arguments: &Capture, terminal: &Terminal) -> Outcome {
    let (node, interface) = arguments.interface.split_once(':').ok_or_else(|| {
        Failure::usage(format!("`{}` names no interface", arguments.interface))
            .help("write it as `NODE:INTERFACE`, as in `r1:ge-0/0/0`")
    })?;
    let deployment = match lab::open(lab::Need::Names, &arguments.lab, terminal)? {
        Ok(deployment) => deployment,
        Err(exit) => return Ok(exit),
    };
    let port = port(&deployment.observe()?, node, interface)?;
    let is_read = arguments.write.is_none() && !arguments.wireshark && io::stdout().is_terminal();
    let form = if is_read { Form::Text } else { Form::Pcap };
    let words = command(&deployment.hypervisor.uri, &port, form, arguments.count, &arguments.filter)?;
    let wireshark = if arguments.wireshark { Some(wireshark()?) } else { None };
    let mut capture = Capturing { words: &words, to: Stdio::inherit() };
    let mut viewer = None;
    if let Some(path) = &arguments.write {
        let file = File::create(path).map_err(|error| Failure::io("write", path, &error))?;
        capture.to = Stdio::from(file);
        terminal.tell(&format!("frames of `{}` go to `{}`; Ctrl-C ends it\n", arguments.interface, path.display()));
    } else if let Some(mut child) = wireshark {
        capture.to = child.stdin.take().map_or_else(Stdio::null, Stdio::from);
        viewer = Some(child);
    }
    capture.run()?;
    if let Some(mut viewer) = viewer {
        // The person ends it.
        let _ = viewer.wait();
    }
    Ok(Exit::Ok)
}

struct Capturing<'w> {
    words: &'w [String],
    to: Stdio,
}

impl Capturing<'_> {
    /// Captures until it is ended, which the whole group of processes hears of.
    fn run(self) -> Result<(), Failure> {
        let Some((program, arguments)) = self.words.split_first() else { return Ok(()) };
        let status = Command::new(program).args(arguments).stdin(Stdio::null()).stdout(self.to).status();
        let status = status.map_err(|error| missing(program, &error))?;
        match status.code() {
            // Without a code it was ended by a signal, as is usual.
            Some(0) | None => Ok(()),
            Some(_) => Err(Failure::environment(format!("`{program}` could not capture: what it says stands above"))
                .help("capturing takes root, or the capability `cap_net_raw` of `tcpdump`: `sudo wtop capture …`")),
        }
    }
}

fn wireshark() -> Result<Child, Failure> {
    let mut command = Command::new("wireshark");
    command.args(["-k", "-i", "-"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map_err(|error| missing("wireshark", &error))
}

fn missing(program: &str, error: &io::Error) -> Failure {
    let message = if error.kind() == io::ErrorKind::NotFound {
        format!("`{program}` is not installed")
    } else {
        format!("`{program}` cannot be started: {error}")
    };
    Failure::environment(message).help(format!("install `{program}` with your package manager"))
}
