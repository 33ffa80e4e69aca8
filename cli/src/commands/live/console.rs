//! `wtop console`: the serial console of a machine on this terminal.

use super::lab;
use super::ways::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::terminal::Terminal;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::thread;
use wtop_deploy::console;

/// Ctrl-], as telnet and virsh have it.
const ESCAPE: u8 = 0x1d;

pub fn run(arguments: &Console, terminal: &Terminal) -> Outcome {
    let deployment = match lab::open(lab::Need::Names, &arguments.lab, terminal)? {
        Ok(deployment) => deployment,
        Err(exit) => return Ok(exit),
    };
    let machine = deployment.machine(&arguments.node)?;
    let create = |path| File::create(path).map_err(|error| Failure::io("write", path, &error));
    let mut record = arguments.record.as_deref().map(create).transpose()?;
    let console = console::Console::open(&deployment.hypervisor, &machine.document.name, arguments.force)?;
    terminal.tell(&format!("console of `{}`; Ctrl-] leaves it\n", machine.path));
    // From here on, keys go to the guest as they are typed.
    let raw = RawTerminal::enter();
    let typing = console.clone();
    // It ends with the process, as nothing can interrupt it while it waits for a key.
    thread::spawn(move || {
        type_keys(&typing);
        typing.close();
    });
    let result = show(&console, record.as_mut(), terminal);
    drop(raw);
    terminal.tell("\n");
    result
}

/// Sends what is typed until the escape key, or the end of what is not a terminal.
fn type_keys(console: &console::Console) {
    let mut keys = [0; 1024];
    loop {
        let count = io::stdin().lock().read(&mut keys).unwrap_or(0);
        let typed = keys.get(..count).unwrap_or_default();
        let left = typed.iter().position(|key| *key == ESCAPE);
        let sent = console.send(typed.get(..left.unwrap_or(count)).unwrap_or_default());
        if count == 0 || left.is_some() || sent.is_err() {
            return;
        }
    }
}

fn show(console: &console::Console, mut record: Option<&mut File>, terminal: &Terminal) -> Outcome {
    loop {
        let said = console.receive();
        if said.is_empty() {
            return Ok(Exit::Ok);
        }
        terminal.print_bytes(&said)?;
        if let Some(file) = &mut record {
            file.write_all(&said).map_err(|error| Failure::environment(format!("cannot write the record: {error}")))?;
        }
    }
}

/// A terminal that hands on each key at once and shows none by itself, until this is dropped.
struct RawTerminal {
    before: Option<Termios>,
}

impl RawTerminal {
    fn enter() -> RawTerminal {
        let before = if io::stdin().is_terminal() { tcgetattr(io::stdin()).ok() } else { None };
        if let Some(before) = &before {
            let mut raw = before.clone();
            raw.make_raw();
            // Without it, keys come a line at a time.
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &raw);
        }
        RawTerminal { before }
    }
}

impl Drop for RawTerminal {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            // There is nobody to tell who could read it.
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, before);
        }
    }
}
