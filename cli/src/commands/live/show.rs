//! A plan as text.

use crate::terminal::Terminal;
use clap::builder::styling::{AnsiColor, Style};
use wtop_deploy::plan::{Action, Change, Plan, What};

const MADE: Style = AnsiColor::Green.on_default();
const CHANGED: Style = AnsiColor::Yellow.on_default();
const GONE: Style = AnsiColor::Red.on_default();

/// A line a change with its differences below, and a summary.
pub fn plan(plan: &Plan, terminal: &Terminal) -> String {
    if plan.is_empty() {
        return format!("`{}` is as it should be: nothing to do\n", plan.topology);
    }
    let mut text = String::new();
    for change in &plan.changes {
        let (sign, style) = match change.action {
            Action::Create => ("+", MADE),
            Action::Start => (">", MADE),
            Action::Update | Action::Restart => ("~", CHANGED),
            Action::Rebuild => ("!", GONE),
            Action::Stop => (".", GONE),
            Action::Remove => ("-", GONE),
        };
        let line = format!("{sign} {} {}", kind(change.what), change.path);
        text.push_str(&format!("{}: {}\n", terminal.paint(style, &line), what_happens(change)));
        for field in &change.fields {
            let before = field.before.as_deref().unwrap_or("none");
            let after = field.after.as_deref().unwrap_or("none");
            text.push_str(&format!("    {}: {before} -> {after}\n", field.name));
        }
    }
    text.push_str(&format!("\n{}\n", summary(plan)));
    text
}

fn kind(what: What) -> &'static str {
    match what {
        What::Pool => "pool",
        What::Image => "image",
        What::Network => "network",
        What::Machine => "machine",
    }
}

fn what_happens(change: &Change) -> &'static str {
    match (change.what, change.action) {
        (What::Pool, Action::Create) => "is made, and stays when the lab goes down",
        (What::Image, Action::Create) => "is copied into the pool, and stays there for other labs",
        (_, Action::Create) => "is made",
        (_, Action::Start) => "is started",
        (_, Action::Update) => "changes while it runs",
        (_, Action::Restart) => "restarts, with its disks",
        (What::Network, Action::Rebuild) => "is made anew, and its machines restart",
        (_, Action::Rebuild) => "is made anew: what is on its disks is lost",
        (_, Action::Stop) => "is switched off, and keeps its disks",
        (What::Machine, Action::Remove) => "is removed, with its disks",
        (_, Action::Remove) => "is removed",
    }
}

/// `3 to make, 1 to change`.
fn summary(plan: &Plan) -> String {
    let words = [
        (Action::Create, "to make"),
        (Action::Start, "to start"),
        (Action::Update, "to change"),
        (Action::Restart, "to restart"),
        (Action::Rebuild, "to make anew"),
        (Action::Stop, "to switch off"),
        (Action::Remove, "to remove"),
    ];
    let counts = words.iter().map(|(action, words)| (plan.count(*action), words)).filter(|(count, _)| *count > 0);
    counts.map(|(count, words)| format!("{count} {words}")).collect::<Vec<_>>().join(", ")
}
