//! NICs of a running machine: plugged, moved and pulled as its definition says.

use crate::desired::DesiredMachine;
use crate::document::{NicDocument, machine};
use crate::problem::{Problem, refused};
use virt::domain::Domain;
use virt::sys;
use wtop_compiler::backends::libvirt::METADATA;

/// Brings the NICs of a running domain, then its label, to what is wanted. One that is off will read its definition. What
/// its guest does not let go comes back as sentences.
///
/// # Errors
/// Libvirt or the guest refuses it.
pub fn plug(domain: &Domain, wanted: &DesiredMachine) -> Result<Vec<String>, Problem> {
    if !domain.is_active().unwrap_or(false) {
        return Ok(Vec::new());
    }
    let name = &wanted.document.name;
    let xml = domain.xml_desc(0).map_err(|error| refused(&format!("read `{name}`"), &error))?;
    let live = machine(&xml)?.nics;
    let restart = || format!("`wtop restart {}`", wanted.node);
    let trouble = |doing: &str, nic: &NicDocument, error: &virt::error::Error| {
        refused(&format!("{doing} {} of `{}` while it runs", nic.name, wanted.path), error)
            .help(format!("{} applies it", restart()))
    };
    let scope = sys::VIR_DOMAIN_AFFECT_LIVE;
    let gone = |old: &&NicDocument| !wanted.document.nics.iter().any(|nic| nic.mac == old.mac);
    for old in live.iter().filter(gone) {
        domain.detach_device_flags(&old.xml, scope).map_err(|error| trouble("unplug", old, &error))?;
    }
    for nic in &wanted.document.nics {
        match live.iter().find(|old| old.mac == nic.mac) {
            None => domain.attach_device_flags(&nic.xml, scope).map_err(|error| trouble("plug", nic, &error))?,
            Some(old) if old.live != nic.live => {
                domain.update_device_flags(&nic.xml, scope).map_err(|error| trouble("change", nic, &error))?;
            }
            Some(_) => {}
        }
    }
    // Libvirt asks the guest, and waits a few seconds at most.
    let xml = domain.xml_desc(0).map_err(|error| refused(&format!("read `{name}`"), &error))?;
    let kept = machine(&xml)?.nics;
    let kept: Vec<String> = kept.iter().filter(gone).map(|nic| nic.name.clone()).collect();
    if !kept.is_empty() {
        let (path, kept) = (&wanted.path, kept.join(", "));
        return Ok(vec![format!("the guest of `{path}` does not let {kept} go, so it stays until {}", restart())]);
    }
    if let Some(wanted) = &wanted.document.label {
        label(domain, name, &wanted.xml)?;
    }
    Ok(Vec::new())
}

/// Puts our label on a running domain.
///
/// # Errors
/// Libvirt refuses it.
pub fn label(domain: &Domain, name: &str, xml: &str) -> Result<(), Problem> {
    let (kind, scope) = (sys::VIR_DOMAIN_METADATA_ELEMENT as i32, sys::VIR_DOMAIN_AFFECT_LIVE);
    domain
        .set_metadata(kind, Some(&without_prefix(xml)), Some("wtop"), Some(METADATA), scope)
        .map(drop)
        .map_err(|error| refused(&format!("label `{name}`"), &error))
}

/// Libvirt puts the element and all in it into our namespace by itself, and refuses one that is there already.
fn without_prefix(label: &str) -> String {
    label.replace("<wtop:", "<").replace("</wtop:", "</").replace(&format!(" xmlns:wtop=\"{METADATA}\""), "")
}
