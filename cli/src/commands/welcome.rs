//! `wtop` alone: the way in.

use crate::exit::{Exit, Outcome};
use crate::terminal::{HEADER, LITERAL, Terminal};

/// The first steps, in order.
const STEPS: &[(&str, &str)] = &[
    ("Start a lab", "wtop new lab"),
    ("Check it", "wtop check lab"),
    ("Look at it", "wtop graph lab/lab.wtop -o lab.svg"),
    ("Build it", "wtop build lab/lab.wtop"),
    ("Find devices", "wtop devices"),
];

pub fn run(terminal: &Terminal) -> Outcome {
    let mut text = format!("{}\n\n", terminal.paint(HEADER, "wtop: a network lab is a text"));
    for (what, command) in STEPS {
        text.push_str(&format!("  {what:<12} {}\n", terminal.paint(LITERAL, command)));
    }
    text.push_str(&format!("\n{} lists every command.\n", terminal.paint(LITERAL, "wtop --help")));
    terminal.print(&text)?;
    Ok(Exit::Ok)
}
