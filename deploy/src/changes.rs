//! What has happened to a lab between two looks at it.

use crate::links::{EndState, state};
use crate::observed::{Observed, ObservedMachine};
use serde::Serialize;
use std::collections::BTreeMap;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Happened {
    /// `machine`, `network` or `interface`.
    pub what: &'static str,
    /// Its path in the lab; of an interface, `NODE:INTERFACE`.
    pub path: String,
    /// How it was; absent where it was not there.
    pub before: Option<String>,
    /// How it is; absent where it is gone.
    pub after: Option<String>,
}

/// Compares two looks: machines and networks that came, went or changed their state, and interfaces of running machines.
pub fn changes(before: &Observed, after: &Observed) -> Vec<Happened> {
    let mut happened = Vec::new();
    compare("network", &networks(before), &networks(after), &mut happened);
    compare("machine", &machines(before), &machines(after), &mut happened);
    // Interfaces come and go with their machines, which is no news of its own.
    let both = |found: &Observed, other: &Observed| {
        let runs = |there: &&ObservedMachine| {
            other.machines.iter().any(|one| one.document.uuid == there.document.uuid && one.live.is_some())
        };
        interfaces(found.machines.iter().filter(runs))
    };
    compare("interface", &both(before, after), &both(after, before), &mut happened);
    happened
}

fn compare(
    what: &'static str,
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
    happened: &mut Vec<Happened>,
) {
    let paths = before.keys().chain(after.keys().filter(|path| !before.contains_key(*path)));
    for path in paths {
        let (old, new) = (before.get(path).cloned(), after.get(path).cloned());
        if old != new {
            happened.push(Happened { what, path: path.clone(), before: old, after: new });
        }
    }
}

fn networks(found: &Observed) -> BTreeMap<String, String> {
    let entry = |there: &crate::observed::ObservedNetwork| {
        let path = there.document.label.as_ref().map_or(&there.document.name, |label| &label.path);
        (path.clone(), if there.active { "up" } else { "down" }.to_owned())
    };
    found.networks.iter().map(entry).collect()
}

fn machines(found: &Observed) -> BTreeMap<String, String> {
    found.machines.iter().map(|there| (there.path(), there.state.to_owned())).collect()
}

fn interfaces<'o>(machines: impl Iterator<Item = &'o ObservedMachine>) -> BTreeMap<String, String> {
    let mut interfaces = BTreeMap::new();
    for there in machines {
        let Some(live) = &there.live else { continue };
        for nic in &live.nics {
            interfaces.insert(format!("{}:{}", there.node(), nic.name), shown(&state(nic)));
        }
    }
    interfaces
}

/// The carrier, and what is done to frames: `up, delay 50ms`.
pub fn shown(state: &EndState) -> String {
    let carrier = if state.up { "up" } else { "down" };
    let quantities = state.impairment.quantities().map(|(name, value)| format!(", {name} {value}"));
    format!("{carrier}{}", quantities.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::machine;

    fn look(state: &'static str, carrier: &str) -> Observed {
        let xml = format!(
            "<domain><name>lab-a</name><uuid>1</uuid><metadata><wtop:machine xmlns:wtop='urn:wtop:1' topology='lab' \
             node='a' path='a'><wtop:nic name='eth1' port='wn1'/></wtop:machine></metadata><devices>\
             <interface type='network'><mac address='52:54:00:00:00:01'/><target dev='wn1'/>\
             <link state='{carrier}'/></interface></devices></domain>"
        );
        let document = machine(&xml).unwrap();
        let live = (state != "off").then(|| document.clone());
        Observed { machines: vec![ObservedMachine { document, live, state }], ..Observed::default() }
    }

    #[test]
    fn what_came_went_and_changed() {
        let nothing = Observed::default();
        let line = |before: &Observed, after: &Observed| {
            let lines = changes(before, after);
            let lines =
                lines.iter().map(|one| format!("{} {} {:?} -> {:?}", one.what, one.path, one.before, one.after));
            lines.collect::<Vec<_>>().join("; ")
        };
        assert_eq!(line(&nothing, &look("running", "up")), "machine a None -> Some(\"running\")");
        assert_eq!(line(&look("running", "up"), &look("off", "up")), "machine a Some(\"running\") -> Some(\"off\")");
        let cut = "interface a:eth1 Some(\"up\") -> Some(\"down\")";
        assert_eq!(line(&look("running", "up"), &look("running", "down")), cut);
        assert_eq!(line(&look("running", "up"), &look("running", "up")), "");
    }
}
