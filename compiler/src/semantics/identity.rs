//! What identifies things without a database: UUIDs, MAC addresses, the management prefix. All follow from names.

use super::lock::{Lock, Locked, Request};
use super::world::World;
use crate::collections::IndexSet;
use crate::topology::Topology;
use crate::value::Mac;
use ipnet::{IpNet, Ipv4Net};
use sha2::{Digest, Sha256};
use std::net::Ipv4Addr;
use std::sync::LazyLock;
use uuid::Uuid;

/// The namespace of all UUIDs made here: version 5 of the DNS name `wtop.lab`.
static NAMESPACE: LazyLock<Uuid> = LazyLock::new(|| Uuid::new_v5(&Uuid::NAMESPACE_DNS, b"wtop.lab"));

/// The UUID of a thing with this full path, such as `fabric/leaf1/re`.
pub fn uuid(path: &str) -> Uuid {
    Uuid::new_v5(&NAMESPACE, path.as_bytes())
}

/// A MAC address for this full path: `52:54` (unicast, locally administered) and four bytes of its hash.
fn hashed_mac(path: &str, attempt: u32) -> Mac {
    let mut hash = Sha256::new();
    hash.update(path.as_bytes());
    if attempt > 0 {
        hash.update(attempt.to_be_bytes());
    }
    let digest = hash.finalize();
    let mut bytes = [0x52, 0x54, 0, 0, 0, 0];
    for (byte, hashed) in bytes.iter_mut().skip(2).zip(digest) {
        *byte = hashed;
    }
    Mac(bytes)
}

/// The management prefix of a topology that writes none: one of the 64 /16 of 100.64.0.0/10 (RFC 6598), by its name, so
/// that two labs on one host seldom meet.
pub fn management_subnet(topology: &str) -> IpNet {
    let [first, ..] = hashed_mac(topology, 0).0[2..] else { return IpNet::default() };
    let net = Ipv4Net::new(Ipv4Addr::new(100, 64 + first % 64, 0, 0), 16);
    net.map(IpNet::V4).unwrap_or_default()
}

/// Has a lock keep the MAC addresses and UUIDs of what is renamed (paths from, to), which follow from the old path.
pub fn keep_identities(lock: &mut Lock, topology: &Topology, from: &str, to: &str) {
    for machine in topology.nodes.iter().flat_map(|node| &node.machines) {
        let Some(rest) = machine.path.strip_prefix(from) else { continue };
        if !(rest.is_empty() || rest.starts_with('/')) {
            continue;
        }
        let full = format!("{}/{}", topology.name, machine.path);
        if machine.uuid == uuid(&full) {
            lock.keep(&format!("uuid {to}{rest}"), &machine.uuid.to_string());
        }
        for nic in &machine.nics {
            if nic.mac == hashed_mac(&format!("{full}/{}", nic.name), 0) {
                lock.keep(&format!("mac {to}{rest}/{}", nic.name), &nic.mac.to_string());
            }
        }
    }
}

impl<'a> World<'a> {
    /// The path of before a rename, which identities are made from.
    fn former_path(&self, path: &str) -> Option<String> {
        if self.former.is_empty() {
            return None;
        }
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let renamed = ends.filter_map(|at| {
            let (owner, rest) = path.split_at_checked(at)?;
            Some(format!("{}{rest}", self.former.get(owner)?))
        });
        renamed.last()
    }

    /// The MAC address of a NIC that none was written for. What does not follow from its path, because of a rename or a
    /// clash, is kept in the lock.
    pub fn chosen_mac(&mut self, path: &str, taken: &mut IndexSet<Mac>) -> Mac {
        let key = format!("mac {path}");
        let locked = self.lock.find(&key).and_then(parse_mac);
        let plain = hashed_mac(&format!("{}/{path}", self.name), 0);
        let former = self.former_path(path).map(|former| format!("{}/{former}", self.name));
        let mut mac = locked.unwrap_or_else(|| former.as_ref().map_or(plain, |former| hashed_mac(former, 0)));
        let mut attempt = 0;
        while !taken.insert(mac) {
            attempt += 1;
            mac = hashed_mac(&former.clone().unwrap_or_else(|| format!("{}/{path}", self.name)), attempt);
        }
        if locked.is_some() || mac != plain {
            self.lock.record(Request { key }, Locked(mac.to_string()));
        }
        mac
    }

    /// The UUID of a machine, which it keeps when it is renamed.
    pub fn chosen_uuid(&mut self, path: &str) -> Uuid {
        let key = format!("uuid {path}");
        let locked = self.lock.find(&key).and_then(|text| Uuid::parse_str(text).ok());
        let plain = uuid(&format!("{}/{path}", self.name));
        let former = self.former_path(path).map(|former| uuid(&format!("{}/{former}", self.name)));
        let chosen = locked.or(former).unwrap_or(plain);
        if locked.is_some() || chosen != plain {
            self.lock.record(Request { key }, Locked(chosen.to_string()));
        }
        chosen
    }
}

fn parse_mac(text: &str) -> Option<Mac> {
    let mut bytes = [0; 6];
    let mut parts = text.split(':');
    for byte in &mut bytes {
        *byte = u8::from_str_radix(parts.next()?, 16).ok()?;
    }
    parts.next().is_none().then_some(Mac(bytes))
}

/// A MAC address some steps further: the NICs of a node with `base_mac`.
pub fn mac_after(base: Mac, steps: usize) -> Mac {
    let [a, b, c, d, e, f] = base.0;
    let number = u64::from_be_bytes([0, 0, a, b, c, d, e, f]).wrapping_add(steps as u64);
    let [_, _, a, b, c, d, e, f] = number.to_be_bytes();
    Mac([a, b, c, d, e, f])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follow_from_names() {
        assert_eq!(uuid("fabric/leaf1/re"), uuid("fabric/leaf1/re"));
        assert_eq!(uuid("a").get_version_num(), 5);
        assert_ne!(hashed_mac("a", 0), hashed_mac("b", 0));
        assert_eq!(mac_after(Mac([2, 0, 0, 0, 0, 255]), 1), Mac([2, 0, 0, 0, 1, 0]));
        let net = management_subnet("fabric");
        assert!("100.64.0.0/10".parse::<IpNet>().unwrap().contains(&net));
    }
}
