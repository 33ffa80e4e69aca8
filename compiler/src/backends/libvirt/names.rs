//! The names of a lab's objects on a host: readable where people meet them, hashes where 15 characters must do.
//!
//! They depend on the paths of the objects and the prefix alone, so that deployment finds them again without a
//! database, and adding a node renames nothing.

use crate::backends::sha256;
use crate::lab::{Lab, LabMachine, Segment};
use crate::topology::Disk;
use crate::value::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Networks may be named after long paths; files of this length are no problem anywhere.
const MAX_NAME: usize = 120;

/// The names of one lab.
#[derive(Debug)]
pub struct Names {
    prefix: String,
    /// By index in [`Lab::segments`].
    networks: Vec<String>,
}

impl Names {
    /// For this lab: its objects begin with the target's `prefix`, or the name of the topology and a hyphen.
    pub fn new(lab: &Lab<'_>) -> Names {
        let written = lab.target.and_then(|target| target.attributes.get("prefix"));
        let prefix = match written {
            Some(Value::String(prefix)) => prefix.to_string(),
            _ => format!("{}-", lab.topology.name),
        };
        let mut taken = BTreeSet::new();
        let networks = lab.segments.iter().map(|segment| network(&prefix, segment, &mut taken)).collect();
        Names { prefix, networks }
    }

    /// The network of a segment.
    pub fn network(&self, segment: usize) -> &str {
        self.networks.get(segment).map_or("", String::as_str)
    }

    /// The domain of a machine.
    pub fn domain(&self, machine: &LabMachine<'_>) -> String {
        plain(&format!("{}{}", self.prefix, machine.machine.name))
    }

    /// The volume of a disk.
    pub fn disk(&self, machine: &LabMachine<'_>, disk: &Disk) -> String {
        self.volume(machine, &disk.name, "qcow2")
    }

    /// The volume of a machine's disk or medium, with the ending of its format.
    pub fn volume(&self, machine: &LabMachine<'_>, part: &str, ending: &str) -> String {
        plain(&format!("{}{}-{part}.{ending}", self.prefix, machine.machine.name))
    }

    /// The host's end of a NIC.
    pub fn tap(&self, machine: &LabMachine<'_>, nic: &str) -> String {
        format!("wn{:.12}", hash(&["tap", &self.domain(machine), nic]))
    }
}

/// The bridge of a network.
pub fn bridge(network: &str) -> String {
    format!("wt{:.12}", hash(&["bridge", network]))
}

/// The UUID of a network.
pub fn network_uuid(network: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("wtop:network:{network}").as_bytes())
}

/// The MAC address of the host's port on a network.
pub fn bridge_mac(network: &str) -> String {
    let [a, b, c, d, ..] = network_uuid(network).into_bytes();
    format!("52:54:{a:02x}:{b:02x}:{c:02x}:{d:02x}")
}

/// SHA-256 of the parts, in hex.
pub fn hash(parts: &[impl AsRef<[u8]>]) -> String {
    let mut bytes = Vec::with_capacity(parts.iter().map(|part| part.as_ref().len() + 1).sum());
    for part in parts {
        bytes.extend(part.as_ref());
        bytes.push(0);
    }
    sha256(&bytes)
}

fn network(prefix: &str, segment: &Segment, taken: &mut BTreeSet<String>) -> String {
    let full = format!("{prefix}{}", segment.path);
    let mut name = plain(&full);
    if name.len() > MAX_NAME || taken.contains(&name) {
        name = format!("{:.100}-{:.12}", name, hash(&["network", &full]));
    }
    taken.insert(name.clone());
    name
}

/// Libvirt and file systems take these characters everywhere.
fn plain(text: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    text.chars().map(letter).collect()
}
