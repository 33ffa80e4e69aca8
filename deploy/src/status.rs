//! How a lab is: a row a machine.

use crate::desired::Desired;
use crate::observed::Observed;
use crate::plan::{Action, Plan, What};
use serde::Serialize;

/// A machine and how it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Its path in the lab.
    pub path: String,
    /// Libvirt's name of it.
    pub name: String,
    /// `running`, `off`, `paused`, …, or `missing`.
    pub state: String,
    /// Where it is managed.
    pub addresses: Vec<String>,
    /// What `up` would do to it; absent where it is as the lab says.
    pub drift: Option<Action>,
}

/// The machines of the lab, then those that it no longer has.
pub fn rows(wanted: &Desired, found: &Observed, plan: &Plan) -> Vec<Row> {
    let drift = |name: &str| {
        let change = plan.changes.iter().find(|change| change.what == What::Machine && change.name == name);
        change.map(|change| change.action)
    };
    let there = |name: &str| found.machines.iter().find(|there| there.document.name == name);
    let mut rows: Vec<Row> = Vec::with_capacity(wanted.machines.len());
    for machine in &wanted.machines {
        let name = &machine.document.name;
        rows.push(Row {
            path: machine.path.clone(),
            name: name.clone(),
            state: there(name).map_or("missing", |there| there.state).to_owned(),
            addresses: machine.addresses.iter().map(ToString::to_string).collect(),
            drift: drift(name),
        });
    }
    for there in &found.machines {
        let name = &there.document.name;
        if rows.iter().all(|row| row.name != *name) {
            let (state, drift) = (there.state.to_owned(), drift(name));
            rows.push(Row { path: there.path(), name: name.clone(), state, addresses: Vec::new(), drift });
        }
    }
    rows
}
