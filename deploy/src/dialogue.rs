//! What is typed at the first boot of a machine whose device takes its configuration on its console.

use crate::connect::Hypervisor;
use crate::console::{Console, Heard, Listening, pattern};
use crate::desired::{DesiredMachine, Line};
use crate::problem::Problem;
use std::thread;

/// Lines of the console that a failure shows.
const SHOWN: usize = 12;

/// Has the dialogue of a machine that was just started.
///
/// # Errors
/// What is waited for does not come; the problem ends with what the console said last.
pub fn converse(hypervisor: &Hypervisor, machine: &DesiredMachine) -> Result<(), Problem> {
    if hypervisor.is_embedded() {
        return Ok(());
    }
    let mut listening = Listening::to(Console::open(hypervisor, &machine.document.name, true)?);
    let result = machine.dialogue.iter().try_for_each(|line| step(&mut listening, machine, line));
    listening.close();
    result
}

fn step(listening: &mut Listening, machine: &DesiredMachine, line: &Line) -> Result<(), Problem> {
    let (text, within) = match line {
        Line::Send(text) => return listening.type_line(text),
        Line::Pause(time) => {
            thread::sleep(*time);
            return Ok(());
        }
        Line::Expect(text, within) => (text, *within),
    };
    let path = &machine.path;
    let message = match listening.wait_for(&pattern(text), within) {
        Heard::Said => return Ok(()),
        Heard::Nothing => {
            format!("the console of `{path}` does not say `{text}` within {} s", within.as_secs())
        }
        Heard::Ended => format!("`{path}` went off before its console said `{text}`"),
    };
    let said = listening.last_lines(SHOWN);
    let said = if said.is_empty() { "nothing".to_owned() } else { format!("\n  {}", said.join("\n  ")) };
    Err(Problem::new(format!("{message}; it said last: {said}"))
        .help(format!("`wtop console {}` shows it, and the next `wtop up` makes it anew", machine.node)))
}
