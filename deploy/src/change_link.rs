//! Changes a link of a running lab: its carrier, and what is done to its frames. What is defined stays, so that the next
//! `up` brings the link back to what the lab says.

use crate::connect::Hypervisor;
use crate::document::{MachineDocument, machine};
use crate::links::{EndState, LinkChange, Plugged, changed, state};
use crate::perform::ours;
use crate::plug::label;
use crate::problem::{Problem, refused};
use crate::rewrite::{with_child, with_impairment};
use crate::wire;
use virt::domain::Domain;
use virt::sys;
use wtop_compiler::backends::libvirt::bandwidth;

/// How an end is now.
///
/// # Errors
/// Its machine does not run.
pub fn look(hypervisor: &Hypervisor, end: &Plugged) -> Result<EndState, Problem> {
    let (_, document) = running(hypervisor, end)?;
    document.nics.iter().find(|nic| nic.mac == end.mac).map(state).ok_or_else(|| unplugged(end))
}

/// Changes an end, and gives how it is then. Where that fails, it is as before.
///
/// # Errors
/// Its machine does not run, or the host cannot do it.
pub fn change(hypervisor: &Hypervisor, end: &Plugged, change: &LinkChange) -> Result<EndState, Problem> {
    let (domain, document) = running(hypervisor, end)?;
    let nic = document.nics.iter().find(|nic| nic.mac == end.mac).ok_or_else(|| unplugged(end))?;
    let before = state(nic);
    let after = changed(before, change);
    if after == before {
        return Ok(after);
    }
    if after.impairment != before.impairment {
        wire::impair(hypervisor, &nic.port, &after.impairment)?;
    }
    let told = tell_libvirt(&domain, &nic.xml, end, before, after).and_then(|()| match &document.label {
        Some(old) => label(&domain, &end.machine, &with_impairment(&old.xml, &nic.port, &after.impairment)?),
        None => Ok(()),
    });
    if let Err(problem) = told {
        // It was so a moment ago, so it can be so again; what went wrong first is what counts.
        let _ = wire::impair(hypervisor, &nic.port, &before.impairment);
        return Err(problem);
    }
    Ok(after)
}

/// The carrier and the rate are libvirt's.
fn tell_libvirt(domain: &Domain, xml: &str, end: &Plugged, before: EndState, after: EndState) -> Result<(), Problem> {
    if (before.up, before.impairment.rate) == (after.up, after.impairment.rate) {
        return Ok(());
    }
    let carrier = if after.up { "up" } else { "down" };
    let xml = with_child(xml, "link", &format!("<link state='{carrier}'/>"))?;
    let rate =
        after.impairment.rate.map(|rate| format!("<bandwidth><outbound average='{}'/></bandwidth>", bandwidth(rate)));
    let xml = with_child(&xml, "bandwidth", &rate.unwrap_or_default())?;
    domain
        .update_device_flags(&xml, sys::VIR_DOMAIN_AFFECT_LIVE)
        .map(drop)
        .map_err(|error| refused(&format!("change `{}`", end.shown()), &error))
}

fn running(hypervisor: &Hypervisor, end: &Plugged) -> Result<(Domain, MachineDocument), Problem> {
    let node = &end.node;
    let domain = ours(hypervisor, &end.machine)?.ok_or_else(|| {
        Problem::new(format!("`{node}` is not there yet")).help(format!("`wtop up --only {node}` makes it"))
    })?;
    if !domain.is_active().unwrap_or(false) {
        return Err(Problem::new(format!("`{node}` is off")).help(format!("`wtop start {node}` starts it")));
    }
    let xml = domain.xml_desc(0).map_err(|error| refused(&format!("read `{}`", end.machine), &error))?;
    Ok((domain, machine(&xml)?))
}

fn unplugged(end: &Plugged) -> Problem {
    Problem::new(format!("`{}` is not plugged in", end.shown())).help("`wtop up` plugs in what the lab has")
}
