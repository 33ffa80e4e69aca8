//! Address spaces: the prefixes of a segment, and who has which address of them.

use super::pools::{address, bits, number};
use crate::collections::IndexMap;
use crate::source::Span;
use crate::value::NodeId;
use ipnet::IpNet;
use std::net::IpAddr;

/// The prefixes of one segment.
#[derive(Debug, Default, Clone)]
pub struct Space {
    /// Prefixes, at most a few.
    pub subnets: Vec<IpNet>,
    /// Who has an address.
    pub taken: IndexMap<IpAddr, Holder>,
    /// Plain gateways that the author wrote, and where: only a node that writes one of them has it.
    pub gateways: IndexMap<IpAddr, Span>,
    /// Anycast gateways, and the nodes that have each of them.
    pub anycast: IndexMap<IpAddr, Vec<NodeId>>,
    /// Ranges that are never handed out (DHCP).
    pub excluded: Vec<(IpAddr, IpAddr)>,
    /// For each prefix, the next address to try, as a number.
    cursors: Vec<u128>,
}

/// Who has an address.
#[derive(Debug, Clone)]
pub struct Holder {
    /// Where it wants it.
    pub span: Span,
    /// Who, in words.
    pub words: String,
    /// Did the author write the address out?
    pub is_written: bool,
}

/// The first and last address that a host of a prefix can have.
pub fn usable(net: IpNet) -> (u128, u128) {
    let first = number(net.network());
    let host_bits = u32::from(bits(net) - net.prefix_len());
    let last = first + (1u128.checked_shl(host_bits).map_or(u128::MAX - first, |size| size - 1));
    match (net, host_bits) {
        (_, 0 | 1) => (first, last),
        // The broadcast address is no host's.
        (IpNet::V4(_), _) => (first + 1, last - 1),
        // The first address is that of all routers (RFC 4291, 2.6.1).
        (IpNet::V6(_), _) => (first + 1, last),
    }
}

impl Space {
    /// With these prefixes.
    pub fn new(subnets: Vec<IpNet>) -> Space {
        let cursors = subnets.iter().map(|net| usable(*net).0).collect();
        Space { subnets, cursors, ..Space::default() }
    }

    /// The prefix that holds an address.
    pub fn subnet_of(&self, ip: IpAddr) -> Option<IpNet> {
        self.subnets.iter().copied().find(|net| net.contains(&ip))
    }

    /// Gives out an address that was chosen; who has it already is given back.
    pub fn take(&mut self, ip: IpAddr, span: Span, words: &str) -> Option<Holder> {
        self.hold(ip, Holder { span, words: words.to_owned(), is_written: false })
    }

    /// Gives an address to whom the author wrote it for; who has it already is given back.
    pub fn take_written(&mut self, ip: IpAddr, span: Span, words: &str) -> Option<Holder> {
        self.hold(ip, Holder { span, words: words.to_owned(), is_written: true })
    }

    fn hold(&mut self, ip: IpAddr, holder: Holder) -> Option<Holder> {
        let before = self.taken.get(&ip).cloned();
        if before.is_none() {
            self.taken.insert(ip, holder);
        }
        before
    }

    /// Where the author wrote an address out, for whomever it is.
    pub fn written_at(&self, ip: IpAddr) -> Option<Span> {
        let holder = self.taken.get(&ip).filter(|holder| holder.is_written);
        holder.map(|holder| holder.span).or_else(|| self.gateways.get(&ip).copied())
    }

    /// Can it be handed out?
    pub fn is_free(&self, ip: IpAddr) -> bool {
        let excluded = self.excluded.iter().any(|(first, last)| (*first..=*last).contains(&ip));
        !excluded && !self.taken.contains_key(&ip) && !self.gateways.contains_key(&ip)
    }

    /// The lowest free address of a prefix that nothing else keeps.
    pub fn next(&mut self, index: usize, is_kept: impl Fn(IpAddr) -> bool) -> Option<IpNet> {
        let net = *self.subnets.get(index)?;
        let (_, last) = usable(net);
        loop {
            let at = *self.cursors.get(index)?;
            if at > last {
                return None;
            }
            if let Some(cursor) = self.cursors.get_mut(index) {
                *cursor = at.saturating_add(1);
            }
            let ip = address(net, at)?;
            // A whole DHCP range is skipped at once.
            if let Some((_, end)) = self.excluded.iter().find(|(first, last)| (*first..=*last).contains(&ip)) {
                // A range to the end of the prefix leaves nothing behind it.
                if number(*end) >= last {
                    return None;
                }
                let after = number(*end) + 1;
                if let Some(cursor) = self.cursors.get_mut(index) {
                    *cursor = after;
                }
                continue;
            }
            if self.is_free(ip) && !is_kept(ip) {
                return IpNet::new(ip, net.prefix_len()).ok();
            }
            if at == u128::MAX {
                return None;
            }
        }
    }

    /// The n-th address of a prefix that a host can have, from 0.
    pub fn nth(&self, index: usize, n: u128) -> Option<IpNet> {
        let net = *self.subnets.get(index)?;
        let (first, last) = usable(net);
        let at = first.checked_add(n).filter(|at| *at <= last)?;
        IpNet::new(address(net, at)?, net.prefix_len()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space(net: &str) -> Space {
        Space::new(vec![net.parse().unwrap()])
    }

    #[test]
    fn hands_out_the_lowest_free() {
        let mut lan = space("10.0.0.0/29");
        lan.take("10.0.0.1".parse().unwrap(), Span::default(), "gateway");
        lan.excluded.push(("10.0.0.3".parse().unwrap(), "10.0.0.4".parse().unwrap()));
        let mut next = || lan.next(0, |_| false).map(|net| net.to_string());
        assert_eq!(next().as_deref(), Some("10.0.0.2/29"));
        assert_eq!(next().as_deref(), Some("10.0.0.5/29"));
        assert_eq!(next().as_deref(), Some("10.0.0.6/29"));
        assert_eq!(next(), None);
    }

    #[test]
    fn both_addresses_of_a_31_are_hosts() {
        assert_eq!(space("10.0.0.0/31").nth(0, 1).unwrap().to_string(), "10.0.0.1/31");
        assert_eq!(space("fd00::/127").nth(0, 0).unwrap().to_string(), "fd00::/127");
        assert_eq!(space("10.0.0.0/30").nth(0, 0).unwrap().to_string(), "10.0.0.1/30");
        assert_eq!(space("fd00::/64").nth(0, 0).unwrap().to_string(), "fd00::1/64");
    }
}
