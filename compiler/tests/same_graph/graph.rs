//! What all artifacts must agree on: machines, their NICs in order, who shares a segment, and addresses.

use ipnet::IpNet;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// A lab as one artifact tells it: by the path of each machine, its NICs in the order that the guest counts.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    pub machines: BTreeMap<String, Vec<Nic>>,
}

/// A network card.
#[derive(Clone, Debug)]
pub struct Nic {
    /// None: the target chooses it, as on a network that is not ours.
    pub mac: Option<String>,
    /// The artifact's own name for what it is plugged into. Only who shares it counts; `None` is plugged into nothing.
    pub segment: Option<String>,
    /// What the guest is told to configure, where the artifact says so.
    pub configured: Option<BTreeSet<IpNet>>,
    /// Must every artifact with first-boot data say what the guest is to configure?
    pub is_told: bool,
    /// What the target's own network keeps for it: fixed addresses of a port, reservations of a DHCP server.
    pub kept: BTreeSet<IpAddr>,
}

/// A NIC in its graph: path of the machine, and number.
type Place<'a> = (&'a str, usize);

impl Graph {
    /// Every NIC with its place.
    fn nics(&self) -> impl Iterator<Item = (Place<'_>, &Nic)> {
        self.machines
            .iter()
            .flat_map(|(path, nics)| nics.iter().enumerate().map(move |(number, nic)| ((path.as_str(), number), nic)))
    }

    /// Who is on each segment.
    fn segments(&self) -> BTreeMap<&str, BTreeSet<Place<'_>>> {
        let mut segments: BTreeMap<&str, BTreeSet<Place<'_>>> = BTreeMap::new();
        for (place, nic) in self.nics() {
            if let Some(segment) = &nic.segment {
                segments.entry(segment).or_default().insert(place);
            }
        }
        segments
    }

    /// How another artifact differs from this one, which says everything; in words, a line each. None: it is the same
    /// graph.
    pub fn differences(&self, name: &str, other: &Graph) -> Vec<String> {
        let mut found = Vec::new();
        for path in self.machines.keys().filter(|path| !other.machines.contains_key(*path)) {
            found.push(format!("{name} has no machine {path}"));
        }
        for path in other.machines.keys().filter(|path| !self.machines.contains_key(*path)) {
            found.push(format!("{name} has a machine {path}, which nobody asked for"));
        }
        let (ours, theirs) = (self.segments(), other.segments());
        for (path, nics) in &self.machines {
            let Some(others) = other.machines.get(path) else { continue };
            if nics.len() != others.len() {
                found.push(format!("{name}: {path} has {} NICs instead of {}", others.len(), nics.len()));
            }
            for (number, (nic, other)) in nics.iter().zip(others).enumerate() {
                let mut differ = |what: String| found.push(format!("{name}: NIC {number} of {path} {what}"));
                if other.mac.is_some() && nic.mac != other.mac {
                    differ(format!("has the MAC {} instead of {}", shown(&other.mac), shown(&nic.mac)));
                }
                let (wanted, is) = (company(nic, &ours), company(other, &theirs));
                if wanted != is {
                    differ(format!("is {} instead of {}", in_words(&is), in_words(&wanted)));
                }
                nic.compare_addresses(other).into_iter().for_each(differ);
            }
        }
        found
    }
}

impl Nic {
    fn compare_addresses(&self, other: &Nic) -> Vec<String> {
        let mut found = Vec::new();
        let all = self.configured.clone().unwrap_or_default();
        match &other.configured {
            Some(configured) if *configured != all => found.push(format!("is told {configured:?} instead of {all:?}")),
            None if self.is_told && other.mac.is_some() => found.push(format!("is told nothing instead of {all:?}")),
            _ => {}
        }
        // The target may keep less: Neutron refuses the first address of a /31, dnsmasq knows no IPv6 host by its MAC.
        for address in other.kept.iter().filter(|kept| !all.iter().any(|net| net.addr() == **kept)) {
            found.push(format!("is kept {address}, and its addresses are {all:?}"));
        }
        for address in self.kept.iter().filter(|address| !other.kept.contains(address)) {
            found.push(format!("is not kept {address}"));
        }
        found
    }
}

/// Everybody on the segment of a NIC, itself included; none if it is plugged into nothing.
fn company<'a, 's>(nic: &Nic, segments: &'s BTreeMap<&str, BTreeSet<Place<'a>>>) -> Option<&'s BTreeSet<Place<'a>>> {
    nic.segment.as_deref().and_then(|segment| segments.get(segment))
}

fn shown(mac: &Option<String>) -> &str {
    mac.as_deref().unwrap_or("that its target chooses")
}

fn in_words(company: &Option<&BTreeSet<Place>>) -> String {
    let Some(company) = company else { return "plugged into nothing".to_owned() };
    let members: Vec<String> = company.iter().map(|(path, number)| format!("{path}#{number}")).collect();
    format!("on a segment of {{{}}}", members.join(" "))
}
