//! Looks at what exists.

use crate::connect::Hypervisor;
use crate::document::{machine, network};
use crate::observed::{Observed, ObservedMachine, ObservedNetwork, Other, Pool};
use crate::problem::{Problem, refused};
use virt::domain::{Domain, DomainState};
use virt::sys;

/// What libvirt has of a lab, what others have, and what is in the pool.
///
/// # Errors
/// Libvirt does not answer.
pub fn observe(hypervisor: &Hypervisor, topology: &str, pool: &str) -> Result<Observed, Problem> {
    let connection = &hypervisor.connection;
    let mut found = Observed { pool: Pool::Missing, ..Observed::default() };
    for domain in connection.list_all_domains(0).map_err(|error| refused("list its machines", &error))? {
        // One that somebody removes in this moment is not there.
        let Ok(xml) = domain.xml_desc(sys::VIR_DOMAIN_XML_INACTIVE) else { continue };
        let document = machine(&xml)?;
        if document.label.as_ref().is_none_or(|label| label.topology != topology) {
            found.others.push(Other { kind: "machine", name: document.name, uuid: document.uuid });
            continue;
        }
        let is_active = domain.is_active().unwrap_or(false);
        let live = if is_active { domain.xml_desc(0).ok().map(|xml| machine(&xml)).transpose()? } else { None };
        found.machines.push(ObservedMachine { document, live, state: state(&domain) });
    }
    for one in connection.list_all_networks(0).map_err(|error| refused("list its networks", &error))? {
        let Ok(xml) = one.xml_desc(hypervisor.network_flags()) else { continue };
        let document = network(&xml)?;
        if document.label.as_ref().is_none_or(|label| label.topology != topology) {
            found.others.push(Other { kind: "network", name: document.name, uuid: document.uuid });
            continue;
        }
        found.networks.push(ObservedNetwork { document, active: one.is_active().unwrap_or(false) });
    }
    found.machines.sort_by(|a, b| a.document.name.cmp(&b.document.name));
    found.networks.sort_by(|a, b| a.document.name.cmp(&b.document.name));
    if let Ok(pool) = connection.lookup_storage_pool_by_name(pool) {
        found.pool = if pool.is_active().unwrap_or(false) { Pool::Active } else { Pool::Inactive };
        // Files that came or went without libvirt are seen only then; a pool that is busy is as it was.
        let _ = pool.refresh(0);
        found.volumes = pool.list_volumes().unwrap_or_default().into_iter().collect();
    }
    Ok(found)
}

fn state(domain: &Domain) -> &'static str {
    let Ok((state, _)) = domain.state() else { return "unknown" };
    for (known, word) in [
        (DomainState::Running, "running"),
        (DomainState::Blocked, "running"),
        (DomainState::Paused, "paused"),
        (DomainState::Shutdown, "stopping"),
        (DomainState::Shutoff, "off"),
        (DomainState::Crashed, "crashed"),
        (DomainState::PMSuspended, "asleep"),
    ] {
        if state.is(known) {
            return word;
        }
    }
    "unknown"
}
