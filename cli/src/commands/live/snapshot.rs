//! `wtop snapshot`: a whole lab as it was at a moment.

use super::lab::{self, Asked, Deployment};
use super::{Snapshot, SnapshotAction, SnapshotName, SnapshotRestore, progress, up};
use crate::exit::{Exit, Failure, Outcome};
use crate::terminal::Terminal;
use std::time::{SystemTime, UNIX_EPOCH};
use wtop_deploy::snapshots;

pub fn run(arguments: &Snapshot, terminal: &Terminal) -> Outcome {
    match &arguments.action {
        SnapshotAction::List(arguments) => with(&arguments.place, terminal, |deployment| list(deployment, terminal)),
        SnapshotAction::Create(asked) => with(&asked.lab, terminal, |deployment| create(deployment, asked, terminal)),
        SnapshotAction::Restore(asked) => {
            with(&asked.which.lab, terminal, |deployment| restore(deployment, asked, terminal))
        }
        SnapshotAction::Delete(asked) => with(&asked.lab, terminal, |deployment| delete(deployment, asked, terminal)),
    }
}

fn with<'a>(
    asked: impl Into<Asked<'a>>,
    terminal: &Terminal,
    what: impl FnOnce(&Deployment) -> Result<(), Failure>,
) -> Outcome {
    match lab::open(lab::Need::Names, asked, terminal)? {
        Ok(deployment) => what(&deployment).map(|()| Exit::Ok),
        Err(exit) => Ok(exit),
    }
}

fn create(deployment: &Deployment, asked: &SnapshotName, terminal: &Terminal) -> Result<(), Failure> {
    let _lock = progress::hold(deployment)?;
    let found = deployment.observe()?;
    let tell = |path: &str| terminal.tell(&format!("{path}: saved\n"));
    snapshots::create(&deployment.hypervisor, &deployment.wanted.topology, &found, &asked.name, &tell)?;
    terminal.print(&format!("`{}` is kept as `{}`\n", deployment.wanted.topology, asked.name))
}

fn list(deployment: &Deployment, terminal: &Terminal) -> Result<(), Failure> {
    let topology = &deployment.wanted.topology;
    let found = snapshots::list(&deployment.hypervisor, topology, &deployment.observe()?)?;
    if found.is_empty() {
        return terminal.print(&format!("`{topology}` has no snapshots\n"));
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    for snapshot in &found {
        let (name, all, running) = (&snapshot.name, snapshot.machines.len(), snapshot.running);
        let age = age(now.saturating_sub(snapshot.taken));
        let missing = match snapshot.missing.as_slice() {
            [] => String::new(),
            some => format!("; without {}, so it cannot be restored", some.join(", ")),
        };
        terminal.print(&format!("{name}: {age} ago, {all} machines, {running} of them running{missing}\n"))?;
    }
    Ok(())
}

fn restore(deployment: &Deployment, asked: &SnapshotRestore, terminal: &Terminal) -> Result<(), Failure> {
    let _lock = progress::hold(deployment)?;
    let found = deployment.observe()?;
    let question = format!("What the machines are now is lost. Bring `{}` back?", asked.which.name);
    if !asked.yes && !up::agreed(&question, terminal)? {
        return Ok(());
    }
    let tell = |path: &str| terminal.tell(&format!("{path}: is back\n"));
    let notes = snapshots::restore(&deployment.hypervisor, &deployment.wanted, &found, &asked.which.name, &tell)?;
    progress::notes(&notes, terminal);
    terminal.print(&format!("`{}` is as it was in `{}`\n", deployment.wanted.topology, asked.which.name))
}

fn delete(deployment: &Deployment, asked: &SnapshotName, terminal: &Terminal) -> Result<(), Failure> {
    let _lock = progress::hold(deployment)?;
    let found = deployment.observe()?;
    let topology = &deployment.wanted.topology;
    snapshots::delete(&deployment.hypervisor, topology, &found, &asked.name, &|_| ())?;
    terminal.print(&format!("`{topology}` has no snapshot `{}` any more\n", asked.name))
}

/// Seconds as people say them.
fn age(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::age;

    #[test]
    fn ages_as_people_say_them() {
        assert_eq!([5, 65, 7_200, 86_400, 900_000].map(age), ["5 s", "1 min", "2 h", "24 h", "10 days"]);
    }
}
