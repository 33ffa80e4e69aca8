//! Identifiers in the template, made from paths.

use crate::lab::Lab;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// The longest identifier that is made; Heat takes 255 characters, and a stack's name is put before them.
const LONGEST: usize = 120;

/// Hands out identifiers, each once.
#[derive(Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// `port` and `fw/ge-0/0/0` make `port_fw_ge-0_0_0`; a second path that comes out the same gets a hash of itself.
    pub(super) fn unique(&mut self, kind: &str, path: &str) -> String {
        let plain: String = path.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
        let id = format!("{kind}_{plain}");
        if id.len() <= LONGEST && self.0.insert(id.clone()) {
            return id;
        }
        let hash: String = Sha256::digest(path).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        let short: String = id.chars().take(LONGEST).collect();
        let id = format!("{short}_{hash}");
        self.0.insert(id.clone());
        id
    }
}

/// The identifiers of a lab's servers, ports and networks.
pub(super) struct Ids {
    servers: Vec<String>,
    ports: Vec<Vec<String>>,
    networks: Vec<String>,
    /// For everything else.
    pub(super) names: Names,
}

impl Ids {
    /// Names everything.
    pub(super) fn new(lab: &Lab) -> Ids {
        let mut names = Names::default();
        let servers = lab.machines.iter().map(|m| names.unique("server", &m.machine.path)).collect();
        let mut ports = Vec::with_capacity(lab.machines.len());
        for machine in &lab.machines {
            let nics = machine.machine.nics.iter();
            ports.push(
                nics.map(|nic| names.unique("port", &format!("{}/{}", machine.machine.path, nic.name))).collect(),
            );
        }
        let networks = lab.segments.iter().map(|segment| names.unique("net", &segment.path)).collect();
        Ids { servers, ports, networks, names }
    }

    /// Of the server with this index in the lab's machines.
    pub(super) fn server(&self, machine: usize) -> &str {
        self.servers.get(machine).map_or("", String::as_str)
    }

    /// Of the port of a NIC.
    pub(super) fn port(&self, machine: usize, nic: usize) -> &str {
        self.ports.get(machine).and_then(|ports| ports.get(nic)).map_or("", String::as_str)
    }

    /// Of the network that realises a segment.
    pub(super) fn network(&self, segment: usize) -> &str {
        self.networks.get(segment).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_gets_its_own() {
        let mut names = Names::default();
        assert_eq!(names.unique("port", "fw/ge-0/0/0"), "port_fw_ge-0_0_0");
        assert_eq!(names.unique("net", "h1:eth1--fw:ge-0/0/0"), "net_h1_eth1--fw_ge-0_0_0");
        assert_eq!(names.unique("server", "a_b"), "server_a_b");
        assert_eq!(names.unique("server", "a/b"), "server_a_b_c14cddc0");
        let long = names.unique("server", &"x/".repeat(200));
        assert!(long.len() < 140, "{long}");
        assert_ne!(long, names.unique("server", &"x/".repeat(201)));
    }
}
