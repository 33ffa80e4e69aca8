//! What must exist for a lab: the compiler's documents, read once, with what only this host knows: where images are.

use crate::document::{MachineDocument, NetworkDocument, child, content, machine, network, parse};
use crate::images::{Need, need};
use crate::links::{DesiredLink, links};
use crate::problem::Problem;
use crate::sources::Image;
use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;
use wtop_compiler::backends::Artifact;
use wtop_compiler::backends::inventory::login_user;
use wtop_compiler::backends::libvirt::names::Names;
use wtop_compiler::lab::{Lab, LabMachine};
use wtop_compiler::media::{Reveal, text as revealed};
use wtop_compiler::topology::{ConsoleStep, Impairment};
use wtop_compiler::value::Value;

/// Libvirt's usual storage pool.
pub const DEFAULT_POOL: &str = "default";

/// A lab as it must be.
#[derive(Clone, Debug, Default)]
pub struct Desired {
    /// Its name.
    pub topology: String,
    /// The storage pool for its volumes.
    pub pool: String,
    /// Its networks.
    pub networks: Vec<DesiredNetwork>,
    /// Its machines.
    pub machines: Vec<DesiredMachine>,
    /// Its links.
    pub links: Vec<DesiredLink>,
}

/// A network.
#[derive(Clone, Debug)]
pub struct DesiredNetwork {
    /// What it is.
    pub document: NetworkDocument,
    /// Its path in the lab.
    pub path: String,
    /// As libvirt takes it.
    pub xml: String,
}

/// A machine.
#[derive(Clone, Debug)]
pub struct DesiredMachine {
    /// What it is.
    pub document: MachineDocument,
    /// As libvirt takes it.
    pub xml: String,
    /// Its path in the lab.
    pub path: String,
    /// The node it is or belongs to.
    pub node: String,
    /// Its disks and boot media.
    pub volumes: Vec<DesiredVolume>,
    /// Nodes that must be ready before it starts.
    pub after: Vec<String>,
    /// How long to wait before it starts.
    pub delay: Duration,
    /// Is it started with the lab?
    pub start: bool,
    /// What is typed on its console at its first boot.
    pub dialogue: Vec<Line>,
    /// Signs that it is ready.
    pub ready: Vec<Sign>,
    /// Where its node is managed.
    pub addresses: Vec<IpAddr>,
    /// Who logs in, if that is known.
    pub user: Option<String>,
    /// The command that prints the running configuration of its node.
    pub save: Option<String>,
    /// Bytes.
    pub memory: u64,
    /// Virtual CPUs.
    pub cpus: u32,
    /// What happens to the frames that each NIC sends, in order.
    pub impairments: Vec<Impairment>,
}

/// A volume.
#[derive(Clone, Debug)]
pub struct DesiredVolume {
    /// Its name in the pool.
    pub name: String,
    /// Bytes, where they are not those of the image.
    pub capacity: Option<u64>,
    /// `qcow2`, `raw`.
    pub format: String,
    /// The image that it starts from.
    pub image: Option<Image>,
    /// What a boot medium holds.
    pub content: Option<Content>,
}

/// Bytes that may hold secrets: they are never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Content(pub Vec<u8>);

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// A step of a dialogue.
#[derive(Clone, PartialEq, Eq)]
pub enum Line {
    /// Wait for a regular expression, no longer than this.
    Expect(String, Duration),
    /// Type this and return. It may hold a secret, and is never shown.
    Send(String),
    /// Wait.
    Pause(Duration),
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Line::Expect(text, within) => write!(f, "expect {text:?} within {within:?}"),
            Line::Send(_) => f.write_str("send"),
            Line::Pause(time) => write!(f, "pause {time:?}"),
        }
    }
}

/// A sign that a machine is ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A text on its serial console.
    Console(String),
    /// An answer to a ping.
    Ping,
    /// An open port; those of `ssh` and `netconf` greet with `SSH-`.
    Port(u16, bool),
    /// So much time after its start.
    Time(Duration),
}

/// Finds what a disk starts from: the image that it needs, the path that the document has, and the format that it says.
pub type Locate<'l> = dyn Fn(&Need, &str, &str) -> Result<Image, Problem> + 'l;

/// Reads what the compiler made of a lab for KVM.
///
/// # Errors
/// An image is not there.
pub fn desired(
    lab: &Lab<'_>,
    artifacts: &[Artifact],
    reveal: &Reveal<'_>,
    locate: &Locate<'_>,
) -> Result<Desired, Problem> {
    let pool = lab.target.and_then(|target| target.attributes.get("pool"));
    let pool = match pool {
        Some(Value::String(name)) => name.to_string(),
        _ => DEFAULT_POOL.to_owned(),
    };
    let mut wanted = Desired { topology: lab.topology.name.clone(), pool, ..Desired::default() };
    let mut volumes = BTreeMap::new();
    let slots = slots(lab);
    let seeds: BTreeMap<&str, &[u8]> =
        artifacts.iter().filter_map(|file| Some((file.path.strip_prefix("seeds/")?, file.bytes.as_slice()))).collect();
    for file in artifacts.iter().filter(|file| file.path.starts_with("volumes/")) {
        let volume = volume(&text(file), &seeds, &slots, locate)?;
        volumes.insert(volume.name.clone(), volume);
    }
    let placed: BTreeMap<&str, &LabMachine<'_>> =
        lab.machines.iter().map(|placed| (placed.machine.path.as_str(), placed)).collect();
    for file in artifacts {
        let xml = text(file);
        if file.path.starts_with("networks/") {
            let document = network(&xml)?;
            let path = document.label.as_ref().map(|label| label.path.clone()).unwrap_or_default();
            wanted.networks.push(DesiredNetwork { path, xml, document });
        } else if file.path.starts_with("domains/") {
            let document = machine(&xml)?;
            let path = document.label.as_ref().map(|label| label.path.clone()).unwrap_or_default();
            let Some(placed) = placed.get(path.as_str()) else { continue };
            let own = document.volumes.iter().filter_map(|(_, name)| volumes.remove(name)).collect();
            let mut machine = desired_machine(lab, placed, document, xml, own);
            machine.dialogue = placed.machine.console.iter().map(|step| line(step, reveal)).collect();
            wanted.machines.push(machine);
        }
    }
    let names = wanted.machines.iter().map(|machine| (machine.path.clone(), machine.document.name.clone())).collect();
    wanted.links = links(lab, &names);
    Ok(wanted)
}

fn desired_machine(
    lab: &Lab<'_>,
    placed: &LabMachine<'_>,
    document: MachineDocument,
    xml: String,
    volumes: Vec<DesiredVolume>,
) -> DesiredMachine {
    let (node, machine) = (placed.node, placed.machine);
    let managed = node
        .management
        .as_ref()
        .filter(|port| node.machines.get(port.machine).is_some_and(|managed| managed.path == machine.path));
    let addresses = managed.iter().flat_map(|port| &port.addresses).map(|address| address.addr()).collect();
    DesiredMachine {
        document,
        xml,
        path: machine.path.clone(),
        node: node.path.clone(),
        volumes,
        after: node.after.iter().filter_map(|id| lab.topology.node(*id)).map(|node| node.path.clone()).collect(),
        delay: Duration::from_nanos(machine.delay),
        start: node.start,
        dialogue: Vec::new(),
        ready: machine.ready.iter().filter_map(|sign| sign_of(&sign.kind, &sign.value)).collect(),
        addresses,
        user: login_user(lab.topology, node).map(str::to_owned),
        save: match node.attributes.get("save") {
            Some(Value::String(command)) => Some(command.to_string()),
            _ => None,
        },
        memory: machine.memory,
        cpus: machine.cpu,
        impairments: placed.nics.iter().map(|nic| nic.impairment).collect(),
    }
}

fn line(step: &ConsoleStep, reveal: &Reveal<'_>) -> Line {
    match step {
        ConsoleStep::Expect { text, timeout } => Line::Expect(text.clone(), Duration::from_nanos(*timeout)),
        ConsoleStep::Send { text } => Line::Send(revealed(text, reveal)),
        ConsoleStep::Pause { time } => Line::Pause(Duration::from_nanos(*time)),
    }
}

fn sign_of(kind: &str, value: &Value) -> Option<Sign> {
    let port = match value {
        Value::Int(port) => u16::try_from(*port).ok(),
        _ => None,
    };
    match (kind, value) {
        ("console", Value::String(text)) => Some(Sign::Console(text.to_string())),
        ("ping", Value::Bool(false)) => None,
        ("ping", _) => Some(Sign::Ping),
        ("tcp", _) => Some(Sign::Port(port?, false)),
        ("ssh", _) => Some(Sign::Port(port.unwrap_or(22), true)),
        ("netconf", _) => Some(Sign::Port(port.unwrap_or(830), true)),
        ("time", Value::Duration(time)) => Some(Sign::Time(Duration::from_nanos(*time))),
        _ => None,
    }
}

/// What the disks of a lab need, by the names of their volumes.
fn slots(lab: &Lab<'_>) -> BTreeMap<String, Need> {
    let names = Names::new(lab);
    let mut slots = BTreeMap::new();
    for placed in &lab.machines {
        for disk in &placed.machine.disks {
            let Some(slot) = &disk.image else { continue };
            let need = Need { nodes: vec![placed.node.path.clone()], ..need(lab, slot) };
            slots.insert(names.disk(placed, disk), need);
        }
    }
    slots
}

fn volume(
    xml: &str,
    seeds: &BTreeMap<&str, &[u8]>,
    slots: &BTreeMap<String, Need>,
    locate: &Locate<'_>,
) -> Result<DesiredVolume, Problem> {
    let document = parse(xml)?;
    let root = document.root_element();
    let name = content(root, "name");
    let format = |node| child(node, "format").and_then(|format| format.attribute("type")).unwrap_or("qcow2").to_owned();
    let backing = child(root, "backingStore");
    let image = match (backing, slots.get(&name)) {
        (Some(backing), Some(need)) => Some(locate(need, &content(backing, "path"), &format(backing))?),
        _ => None,
    };
    Ok(DesiredVolume {
        capacity: content(root, "capacity").parse().ok(),
        format: child(root, "target").map_or_else(|| "raw".to_owned(), format),
        image,
        content: seeds.get(name.as_str()).map(|bytes| Content(bytes.to_vec())),
        name,
    })
}

fn text(artifact: &Artifact) -> String {
    String::from_utf8_lossy(&artifact.bytes).into_owned()
}
