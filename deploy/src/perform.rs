//! What each step does to libvirt. Each may be done twice, and each that takes something away looks at its label first.

use crate::connect::Hypervisor;
use crate::desired::{Desired, DesiredMachine, DesiredNetwork};
use crate::dialogue;
use crate::document::{self, UNFINISHED};
use crate::plan::leases;
use crate::plug;
use crate::problem::{Problem, refused};
use crate::ready;
use crate::steps::{Step, StepKind};
use crate::volumes;
use crate::wire;
use std::thread;
use std::time::{Duration, Instant};
use virt::domain::Domain;
use virt::network::Network;
use virt::sys;

/// How long a guest may take to shut down.
const GRACE: Duration = Duration::from_secs(30);

/// Does a step; what could not be done and need not be comes back as sentences.
///
/// # Errors
/// Libvirt refuses it, or a machine does not become ready.
pub fn perform(hypervisor: &Hypervisor, wanted: &Desired, step: &Step) -> Result<Vec<String>, Problem> {
    match step.kind {
        StepKind::Wire => Ok(wire::wire(hypervisor, wanted, machine(wanted, &step.name)?)),
        StepKind::Plug => {
            let domain = ours(hypervisor, &step.name)?.ok_or_else(|| unknown(&step.name))?;
            plug::plug(&domain, machine(wanted, &step.name)?)
        }
        _ => on_libvirt(hypervisor, wanted, step).map(|()| Vec::new()),
    }
}

fn on_libvirt(hypervisor: &Hypervisor, wanted: &Desired, step: &Step) -> Result<(), Problem> {
    let name = step.name.as_str();
    match &step.kind {
        StepKind::PreparePool => prepare_pool(hypervisor, name),
        StepKind::DefineNetwork => define_network(hypervisor, network(wanted, name)?),
        StepKind::StartNetwork => start_network(hypervisor, name),
        StepKind::UpdateLeases => update_leases(hypervisor, network(wanted, name)?),
        StepKind::RemoveNetwork => remove_network(hypervisor, name),
        StepKind::Claim => claim(hypervisor, machine(wanted, name)?),
        StepKind::MakeVolume(volume) => {
            let machine = machine(wanted, name)?;
            let volume = machine.volumes.iter().find(|one| one.name == *volume).ok_or_else(|| unknown(volume))?;
            volumes::make(hypervisor, &wanted.pool, volume)
        }
        StepKind::CopyImage => {
            let disks = wanted.machines.iter().flat_map(|machine| &machine.volumes);
            let image =
                disks.filter_map(|volume| volume.image.as_ref()).find(|image| image.copy.as_deref() == Some(name));
            volumes::copy_image(hypervisor, &wanted.pool, image.ok_or_else(|| unknown(name))?)
        }
        StepKind::Define => define(hypervisor, &machine(wanted, name)?.xml, name),
        StepKind::Delay(time) => {
            thread::sleep(*time);
            Ok(())
        }
        StepKind::Start => start(hypervisor, name),
        StepKind::Converse => dialogue::converse(hypervisor, machine(wanted, name)?),
        StepKind::Ready(spoken) => ready::wait(hypervisor, machine(wanted, name)?, *spoken),
        StepKind::Wire | StepKind::Plug => Ok(()),
        StepKind::ShutDown => shut_down(hypervisor, name),
        StepKind::Stop => stop(hypervisor, name),
        StepKind::DeleteVolumes => delete_volumes(hypervisor, name),
        StepKind::Undefine => undefine(hypervisor, name),
    }
}

fn network<'w>(wanted: &'w Desired, name: &str) -> Result<&'w DesiredNetwork, Problem> {
    wanted.networks.iter().find(|network| network.document.name == name).ok_or_else(|| unknown(name))
}

fn machine<'w>(wanted: &'w Desired, name: &str) -> Result<&'w DesiredMachine, Problem> {
    wanted.machines.iter().find(|machine| machine.document.name == name).ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> Problem {
    Problem::new(format!("the lab has no `{name}` any more")).help("run the same command again")
}

fn not_ours(name: &str) -> Problem {
    Problem::new(format!("`{name}` does not belong to a lab, and is left as it is"))
}

/// The domain of this name, if there is one: it has our label.
pub(crate) fn ours(hypervisor: &Hypervisor, name: &str) -> Result<Option<Domain>, Problem> {
    let Ok(domain) = hypervisor.connection.lookup_domain_by_name(name) else { return Ok(None) };
    let xml =
        domain.xml_desc(sys::VIR_DOMAIN_XML_INACTIVE).map_err(|error| refused(&format!("read `{name}`"), &error))?;
    if document::machine(&xml)?.label.is_none() {
        return Err(not_ours(name));
    }
    Ok(Some(domain))
}

fn our_network(hypervisor: &Hypervisor, name: &str) -> Result<Option<Network>, Problem> {
    let Ok(network) = hypervisor.connection.lookup_network_by_name(name) else { return Ok(None) };
    let xml =
        network.xml_desc(hypervisor.network_flags()).map_err(|error| refused(&format!("read `{name}`"), &error))?;
    if document::network(&xml)?.label.is_none() {
        return Err(not_ours(name));
    }
    Ok(Some(network))
}

fn prepare_pool(hypervisor: &Hypervisor, name: &str) -> Result<(), Problem> {
    let connection = &hypervisor.connection;
    let doing = format!("make the storage pool `{name}`");
    let pool = match connection.lookup_storage_pool_by_name(name) {
        Ok(pool) => pool,
        Err(_) => {
            let xml = format!(
                "<pool type='dir'><name>{name}</name><target><path>{}</path></target></pool>",
                pool_folder(hypervisor)
            );
            let pool = connection.define_storage_pool_xml(&xml, 0).map_err(|error| refused(&doing, &error))?;
            pool.build(0).map_err(|error| refused(&doing, &error))?;
            // A pool that must be started by hand after each boot is only less comfortable.
            let _ = pool.set_autostart(true);
            pool
        }
    };
    match pool.is_active() {
        Ok(true) => Ok(()),
        _ => pool.create(0).map_err(|error| refused(&doing, &error)),
    }
}

/// Where libvirt keeps images for this connection.
fn pool_folder(hypervisor: &Hypervisor) -> String {
    let home = std::env::var("HOME").unwrap_or_default();
    if hypervisor.uri.ends_with("/session") && !home.is_empty() {
        format!("{home}/.local/share/libvirt/images")
    } else {
        "/var/lib/libvirt/images".to_owned()
    }
}

fn define_network(hypervisor: &Hypervisor, wanted: &DesiredNetwork) -> Result<(), Problem> {
    let name = &wanted.document.name;
    hypervisor
        .connection
        .define_network_xml(&wanted.xml)
        .map(drop)
        .map_err(|error| refused(&format!("define the network `{name}`"), &error))
}

fn start_network(hypervisor: &Hypervisor, name: &str) -> Result<(), Problem> {
    let doing = format!("start the network `{name}`");
    let network = our_network(hypervisor, name)?.ok_or_else(|| unknown(name))?;
    if network.is_active().unwrap_or(false) {
        return Ok(());
    }
    network.create().map_err(|error| refused(&doing, &error))
}

/// Takes away the leases that are not wanted, and adds those that are missing, also while the network runs.
fn update_leases(hypervisor: &Hypervisor, wanted: &DesiredNetwork) -> Result<(), Problem> {
    let name = &wanted.document.name;
    let doing = format!("change the leases of the network `{name}`");
    let network = our_network(hypervisor, name)?.ok_or_else(|| unknown(name))?;
    if !network.is_active().unwrap_or(false) {
        return define_network(hypervisor, wanted);
    }
    let xml = network.xml_desc(hypervisor.network_flags()).map_err(|error| refused(&doing, &error))?;
    let found = document::network(&xml)?.leases;
    let (there, here) = (leases(&found), leases(&wanted.document.leases));
    let scope = sys::VIR_NETWORK_UPDATE_AFFECT_LIVE | sys::VIR_NETWORK_UPDATE_AFFECT_CONFIG;
    let change = |command, xml: &str| {
        network
            .update(command, sys::VIR_NETWORK_SECTION_IP_DHCP_HOST, -1, xml, scope)
            .map_err(|error| refused(&doing, &error))
    };
    for (_, (_, xml)) in there.iter().zip(&found).filter(|(lease, _)| !here.contains(lease)) {
        change(sys::VIR_NETWORK_UPDATE_COMMAND_DELETE, xml)?;
    }
    for (_, (_, xml)) in here.iter().zip(&wanted.document.leases).filter(|(lease, _)| !there.contains(lease)) {
        change(sys::VIR_NETWORK_UPDATE_COMMAND_ADD_LAST, xml)?;
    }
    Ok(())
}

fn remove_network(hypervisor: &Hypervisor, name: &str) -> Result<(), Problem> {
    let Some(network) = our_network(hypervisor, name)? else { return Ok(()) };
    let doing = format!("remove the network `{name}`");
    if network.is_active().unwrap_or(false) {
        network.destroy().map_err(|error| refused(&doing, &error))?;
    }
    network.undefine().map_err(|error| refused(&doing, &error))
}

/// Defines a machine as unfinished: the hash in its label is no hash.
fn claim(hypervisor: &Hypervisor, wanted: &DesiredMachine) -> Result<(), Problem> {
    let definition = wanted.document.label.as_ref().map(|label| label.definition.as_str()).unwrap_or_default();
    let unfinished = format!(" definition=\"{UNFINISHED}\"");
    let xml = wanted.xml.replacen(&format!(" definition=\"{definition}\""), &unfinished, 1);
    define(hypervisor, &xml, &wanted.document.name)
}

fn define(hypervisor: &Hypervisor, xml: &str, name: &str) -> Result<(), Problem> {
    let doing = format!("define `{name}`");
    hypervisor.connection.define_domain_xml(xml).map(drop).map_err(|error| refused(&doing, &error))
}

fn start(hypervisor: &Hypervisor, name: &str) -> Result<(), Problem> {
    let domain = ours(hypervisor, name)?.ok_or_else(|| unknown(name))?;
    if domain.is_active().unwrap_or(false) {
        return Ok(());
    }
    domain.create().map_err(|error| refused(&format!("start `{name}`"), &error))
}

fn stop(hypervisor: &Hypervisor, name: &str) -> Result<(), Problem> {
    let Some(domain) = ours(hypervisor, name)? else { return Ok(()) };
    let xml = domain.xml_desc(0).unwrap_or_default();
    document::machine(&xml).iter().flat_map(|machine| &machine.nics).for_each(|nic| wire::clear(hypervisor, &nic.port));
    match domain.destroy() {
        // It may have gone off by itself in between.
        Err(error) if domain.is_active().unwrap_or(true) => Err(refused(&format!("switch off `{name}`"), &error)),
        _ => Ok(()),
    }
}

/// Asks the guest; one that does not listen is switched off by the step behind this one.
fn shut_down(hypervisor: &Hypervisor, name: &str) -> Result<(), Problem> {
    let Some(domain) = ours(hypervisor, name)? else { return Ok(()) };
    let begin = Instant::now();
    if domain.is_active().unwrap_or(false) && domain.shutdown().is_ok() {
        while begin.elapsed() < GRACE && domain.is_active().unwrap_or(false) {
            thread::sleep(GRACE / 300);
        }
    }
    Ok(())
}

/// The volumes that are named after the machine: others, which a lab can add as raw XML, are somebody else's.
fn delete_volumes(hypervisor: &Hypervisor, name: &str) -> Result<(), Problem> {
    let Some(domain) = ours(hypervisor, name)? else { return Ok(()) };
    let xml =
        domain.xml_desc(sys::VIR_DOMAIN_XML_INACTIVE).map_err(|error| refused(&format!("read `{name}`"), &error))?;
    let own = format!("{name}-");
    for (pool, volume) in document::machine(&xml)?.volumes.iter().filter(|(_, volume)| volume.starts_with(&own)) {
        let Ok(pool) = hypervisor.connection.lookup_storage_pool_by_name(pool) else { continue };
        volumes::delete(&pool, volume)?;
    }
    Ok(())
}

fn undefine(hypervisor: &Hypervisor, name: &str) -> Result<(), Problem> {
    let Some(domain) = ours(hypervisor, name)? else { return Ok(()) };
    let flags = sys::VIR_DOMAIN_UNDEFINE_MANAGED_SAVE
        | sys::VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA
        | sys::VIR_DOMAIN_UNDEFINE_NVRAM;
    // The mock knows not all of the flags.
    let flags = if hypervisor.is_embedded() { 0 } else { flags };
    domain.undefine_flags(flags).map_err(|error| refused(&format!("remove `{name}`"), &error))
}
