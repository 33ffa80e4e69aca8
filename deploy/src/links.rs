//! The links of a lab as NICs of its machines, and what a change while it runs makes of one end.

use crate::desired::Desired;
use crate::document::NicDocument;
use crate::problem::Problem;
use std::collections::BTreeMap;
use wtop_compiler::lab::{Lab, LabMachine};
use wtop_compiler::topology::{Impairment, InterfaceKind, LinkEnd};

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesiredLink {
    /// Its path in the lab.
    pub path: String,
    /// The name that its author gave it.
    pub name: Option<String>,
    /// The ends that are NICs of machines; an end on a network is none.
    pub ends: Vec<Plugged>,
}

/// An end of a link: a NIC of a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plugged {
    /// The node.
    pub node: String,
    /// The interface as its author calls it: `ge-0/0/0`.
    pub interface: String,
    /// Libvirt's name of the machine.
    pub machine: String,
    /// Its MAC address in small letters.
    pub mac: String,
}

impl Plugged {
    /// As users write it: `r1:ge-0/0/0`.
    pub fn shown(&self) -> String {
        format!("{}:{}", self.node, self.interface)
    }
}

/// What is to be changed; what is not named stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkChange {
    /// The carrier.
    pub up: Option<bool>,
    /// Take away all that is done to frames, before what follows?
    pub clear: bool,
    /// What is done to the frames that the end sends.
    pub impairment: Impairment,
}

/// How an end is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EndState {
    /// The carrier.
    pub up: bool,
    /// What is done to the frames that it sends.
    pub impairment: Impairment,
}

/// How the NIC of a running machine is.
pub fn state(nic: &NicDocument) -> EndState {
    let up = nic.live.iter().all(|(name, value)| name != "carrier" || value == "up");
    let mut impairment = Impairment::default();
    for (name, value) in &nic.impairment {
        // The label is ours; what a later version writes there is not for us.
        let _ = impairment.set(name, value);
    }
    EndState { up, impairment }
}

/// What a change makes of it.
pub fn changed(before: EndState, change: &LinkChange) -> EndState {
    let (old, new) = (if change.clear { Impairment::default() } else { before.impairment }, change.impairment);
    EndState {
        up: change.up.unwrap_or(before.up),
        impairment: Impairment {
            delay: new.delay.or(old.delay),
            jitter: new.jitter.or(old.jitter),
            loss: new.loss.or(old.loss),
            duplicate: new.duplicate.or(old.duplicate),
            reorder: new.reorder.or(old.reorder),
            corrupt: new.corrupt.or(old.corrupt),
            rate: new.rate.or(old.rate),
        },
    }
}

/// The links of a lab.
pub(crate) fn links(lab: &Lab<'_>, names: &BTreeMap<String, String>) -> Vec<DesiredLink> {
    let machines: BTreeMap<&str, &LabMachine<'_>> =
        lab.machines.iter().map(|placed| (placed.machine.path.as_str(), placed)).collect();
    let plugged = |end: &LinkEnd| {
        let LinkEnd::Interface { node, interface } = end else { return None };
        let node = lab.topology.node(*node)?;
        let interface = node.interfaces.get(*interface)?;
        let InterfaceKind::Physical { machine, nic } = interface.kind else { return None };
        let placed = machines.get(node.machines.get(machine)?.path.as_str())?;
        Some(Plugged {
            node: node.path.clone(),
            interface: interface.name.clone(),
            machine: names.get(&placed.machine.path)?.clone(),
            mac: placed.machine.nics.get(nic)?.mac.to_string().to_ascii_lowercase(),
        })
    };
    let link = |link: &wtop_compiler::topology::Link| DesiredLink {
        path: link.path.clone(),
        name: link.name.clone(),
        ends: link.ends.iter().filter_map(plugged).collect(),
    };
    lab.topology.links.iter().map(link).collect()
}

/// The ends that are meant by the name or path of a link, or by one of its ends; with `one_way`, only that end.
///
/// # Errors
/// There is no such link, or one end alone was asked for and none was named.
pub fn meant<'w>(wanted: &'w Desired, said: &str, one_way: bool) -> Result<Vec<&'w Plugged>, Problem> {
    let by_end = |link: &&DesiredLink| link.ends.iter().any(|end| end.shown() == said);
    if let Some(link) = wanted.links.iter().find(by_end) {
        return Ok(link.ends.iter().filter(|end| !one_way || end.shown() == said).collect());
    }
    let by_name = |link: &&DesiredLink| link.path == said || link.name.as_deref() == Some(said);
    match wanted.links.iter().find(by_name) {
        Some(_) if one_way => Err(Problem::new(format!("`{said}` names a link, and not one of its ends"))
            .help("name the end whose frames are meant, as in `r1:ge-0/0/0`")),
        Some(link) => Ok(link.ends.iter().collect()),
        None => Err(Problem::new(format!("`{}` has no link `{said}`", wanted.topology)).help(known(wanted, said))),
    }
}

/// What there is at the node that was named, or how to find out.
fn known(wanted: &Desired, said: &str) -> String {
    let node = said.split_once(':').map_or(said, |(node, _)| node);
    let ends = wanted.links.iter().flat_map(|link| &link.ends).filter(|end| end.node == node);
    let ends: Vec<String> = ends.map(|end| format!("`{}`", end.shown())).collect();
    if ends.is_empty() {
        "name one of its ends, as in `r1:ge-0/0/0`, or the link: `wtop inventory` lists them".to_owned()
    } else {
        format!("`{node}` has {}", ends.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plugged(node: &str) -> Plugged {
        let (machine, mac) = (format!("lab-{node}"), String::new());
        Plugged { node: node.to_owned(), interface: "eth1".to_owned(), machine, mac }
    }

    #[test]
    fn a_link_is_meant_by_its_name_its_path_or_an_end() {
        let (path, name) = ("a:eth1--b:eth1".to_owned(), Some("core".to_owned()));
        let link = DesiredLink { path, name, ends: vec![plugged("a"), plugged("b")] };
        let wanted = Desired { topology: "lab".to_owned(), links: vec![link], ..Desired::default() };
        for (said, one_way, ends) in
            [("core", false, 2), ("a:eth1--b:eth1", false, 2), ("b:eth1", false, 2), ("b:eth1", true, 1)]
        {
            assert_eq!(meant(&wanted, said, one_way).unwrap().len(), ends, "{said}");
        }
        let refused = |said, one_way| meant(&wanted, said, one_way).unwrap_err().help.unwrap_or_default();
        assert_eq!(refused("core", true), "name the end whose frames are meant, as in `r1:ge-0/0/0`");
        assert_eq!(refused("a:eth7", false), "`a` has `a:eth1`");
    }

    #[test]
    fn what_is_not_named_stays_unless_it_is_cleared() {
        let impairment = Impairment { delay: Some(50_000_000), loss: Some(10_000), ..Impairment::default() };
        let before = EndState { up: false, impairment };
        let rate = Impairment { rate: Some(1_000_000), ..Impairment::default() };
        let more = changed(before, &LinkChange { impairment: rate, ..LinkChange::default() });
        assert_eq!(more, EndState { up: false, impairment: Impairment { rate: Some(1_000_000), ..impairment } });
        let less = changed(before, &LinkChange { up: Some(true), clear: true, impairment: rate });
        assert_eq!(less, EndState { up: true, impairment: rate });
    }
}
