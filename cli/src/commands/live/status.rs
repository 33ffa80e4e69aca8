//! `wtop status`: how the machines of a lab are.

use super::lab::{self, Deployment};
use super::{Status, watch};
use crate::arguments::AnswerFormat;
use crate::exit::{Exit, Failure, Outcome};
use crate::terminal::Terminal;
use unicode_width::UnicodeWidthStr;
use wtop_deploy::plan::{Action, plan};
use wtop_deploy::status::{Row, rows};

pub fn run(arguments: &Status, terminal: &Terminal) -> Outcome {
    let deployment = match lab::open(lab::Need::Names, &arguments.place, terminal)? {
        Ok(deployment) => deployment,
        Err(exit) => return Ok(exit),
    };
    if arguments.watch {
        return watch::status(&deployment, terminal);
    }
    let rows = looked(&deployment)?;
    let text = match arguments.format {
        AnswerFormat::Text => table(&rows),
        AnswerFormat::Json => serde_json::to_string_pretty(&rows)
            .map(|text| text + "\n")
            .map_err(|error| Failure::environment(format!("the answer cannot be written: {error}")))?,
    };
    terminal.print(&text)?;
    Ok(Exit::Ok)
}

/// How the machines are now.
///
/// # Errors
/// Libvirt does not answer.
pub fn looked(deployment: &Deployment) -> Result<Vec<Row>, Failure> {
    let found = deployment.observe()?;
    let plan = plan(&deployment.wanted, &found, &[])?;
    Ok(rows(&deployment.wanted, &found, &plan))
}

/// A line a machine.
pub fn table(rows: &[Row]) -> String {
    let mut cells = vec![["node", "state", "addresses", "`wtop up` would"].map(str::to_owned)];
    for row in rows {
        let drift = row.drift.map_or("change nothing", drift);
        cells.push([row.path.clone(), row.state.clone(), row.addresses.join(", "), drift.to_owned()]);
    }
    let width =
        |column: usize| cells.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2), 0];
    let line = |row: &[String; 4]| {
        let padded = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width()))));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    cells.iter().map(line).collect()
}

fn drift(action: Action) -> &'static str {
    match action {
        Action::Create => "make it",
        Action::Start => "start it",
        Action::Update => "change it while it runs",
        Action::Restart => "restart it",
        Action::Rebuild => "make it anew",
        Action::Stop => "switch it off",
        Action::Remove => "remove it",
    }
}
