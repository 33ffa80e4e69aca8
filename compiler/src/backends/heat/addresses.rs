//! Which addresses Neutron takes. Heat checks none of this before a stack is half built.

use ipnet::IpNet;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Can a port have this address in the subnet? Neutron refuses the first address of every IPv4 prefix (so one end of
/// a /31) and the broadcast address.
pub(super) fn accepts(subnet: &IpNet, address: &IpAddr) -> bool {
    match (subnet, address) {
        (IpNet::V4(net), IpAddr::V4(address)) => {
            net.contains(address) && *address != net.network() && (net.prefix_len() > 30 || *address != net.broadcast())
        }
        (IpNet::V6(net), IpAddr::V6(address)) => net.contains(address),
        _ => false,
    }
}

/// Can the subnet exist, and give each of its hosts an address? Not a /31, a /32, or everything there is.
pub(super) fn is_subnet(net: &IpNet) -> bool {
    net.prefix_len() > 0 && (net.addr().is_ipv6() || net.prefix_len() <= 30)
}

/// Can Neutron serve DHCP there?
pub(super) fn can_serve_dhcp(net: &IpNet) -> bool {
    let longest = if net.addr().is_ipv6() { 126 } else { 30 };
    let first = net.network();
    is_subnet(net)
        && net.prefix_len() <= longest
        && !first.is_multicast()
        && !first.is_loopback()
        && !first.is_unspecified()
}

/// The ranges from which Neutron may take addresses by itself: `range` without what is taken. So neither its DHCP
/// server nor a client gets an address that a port claims later.
pub(super) fn pools(subnet: &IpNet, range: (IpAddr, IpAddr), taken: &BTreeSet<IpAddr>) -> Vec<(IpAddr, IpAddr)> {
    let (first, last) = (number(subnet.network()), number(subnet.broadcast()));
    let usable_last = if subnet.addr().is_ipv4() { last.saturating_sub(1) } else { last };
    let mut start = number(range.0).max(first.saturating_add(1));
    let end = number(range.1).min(usable_last);
    let mut pools = Vec::new();
    let mut push = |start: u128, end: u128| {
        if start <= end {
            pools.push((address(subnet, start), address(subnet, end)));
        }
    };
    for taken in taken.iter().filter(|taken| subnet.contains(*taken)).map(|taken| number(*taken)) {
        if (start..=end).contains(&taken) {
            if taken > start {
                push(start, taken - 1);
            }
            start = taken.saturating_add(1);
        }
    }
    push(start, end);
    pools
}

/// The whole prefix as a range.
pub(super) fn whole(subnet: &IpNet) -> (IpAddr, IpAddr) {
    (subnet.network(), subnet.broadcast())
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    }
}

/// The address with this number, in the family of the subnet.
fn address(subnet: &IpNet, number: u128) -> IpAddr {
    match subnet {
        IpNet::V4(_) => Ipv4Addr::from(u32::try_from(number).unwrap_or(u32::MAX)).into(),
        IpNet::V6(_) => Ipv6Addr::from(number).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(text: &str) -> IpNet {
        text.parse().unwrap()
    }

    #[test]
    fn knows_what_neutron_refuses() {
        let fine = |subnet: &str, address: &str| accepts(&net(subnet), &address.parse().unwrap());
        assert!(fine("10.0.0.0/24", "10.0.0.1") && fine("10.0.0.0/24", "10.0.0.254"));
        assert!(
            !fine("10.0.0.0/24", "10.0.0.0") && !fine("10.0.0.0/24", "10.0.0.255") && !fine("10.0.0.0/24", "10.0.1.1")
        );
        assert!(!fine("10.0.0.0/31", "10.0.0.0") && fine("10.0.0.0/31", "10.0.0.1"));
        assert!(fine("fd00::/127", "fd00::") && !fine("fd00::/127", "10.0.0.1"));
        assert!(is_subnet(&net("10.0.0.0/30")) && !is_subnet(&net("10.0.0.0/31")) && is_subnet(&net("fd00::/127")));
        assert!(!is_subnet(&net("0.0.0.0/0")));
        assert!(
            can_serve_dhcp(&net("10.0.0.0/30"))
                && !can_serve_dhcp(&net("fd00::/127"))
                && !can_serve_dhcp(&net("0.0.0.0/8"))
        );
    }

    #[test]
    fn pools_leave_out_what_is_taken() {
        let pools = |subnet: &str, taken: &[&str]| {
            let taken = taken.iter().map(|taken| taken.parse().unwrap()).collect();
            let pools = pools(&net(subnet), whole(&net(subnet)), &taken);
            pools.iter().map(|(first, last)| format!("{first}-{last}")).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(pools("10.0.0.0/29", &[]), "10.0.0.1-10.0.0.6");
        assert_eq!(
            pools("10.0.0.0/29", &["10.0.0.1", "10.0.0.3", "10.0.0.4", "10.0.0.6"]),
            "10.0.0.2-10.0.0.2 10.0.0.5-10.0.0.5"
        );
        assert_eq!(pools("10.0.0.0/30", &["10.0.0.1", "10.0.0.2"]), "");
        assert_eq!(pools("fd00::/126", &["10.0.0.1", "fd00::2"]), "fd00::1-fd00::1 fd00::3-fd00::3");
        assert_eq!(pools("255.255.255.252/30", &["255.255.255.254"]), "255.255.255.253-255.255.255.253");
    }
}
