//! Functions on addresses, prefixes and MAC addresses.

use super::super::{Mac, Problem, Value};
use super::{Function, no_result, number, unexpected};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv6Addr};

pub(super) const TABLE: &[Function] = &[
    Function {
        name: "host",
        signature: "host(prefix: prefix, n: int) -> cidr",
        doc: "The n-th address of a prefix, with its length; `-1` is the last one that a host can have.",
        examples: &[
            ("host(10.0.0.0/24, 5)", "10.0.0.5/24"),
            ("host(10.0.0.0/24, -1)", "10.0.0.254/24"),
            ("host(fd00::/64, 10)", "fd00::a/64"),
        ],
        body: |arguments| match arguments {
            [Value::Prefix(prefix), Value::Int(n)] => host(*prefix, *n).map(Value::Cidr),
            _ => Err(unexpected()),
        },
    },
    Function {
        name: "subnet",
        signature: "subnet(prefix: prefix, bits: int, n: int) -> prefix",
        doc: "The n-th part, from 0, of a prefix that is divided by so many more bits; `-1` is the last part.",
        examples: &[
            ("subnet(10.0.0.0/16, 8, 3)", "10.0.3.0/24"),
            ("subnet(10.0.0.0/16, 8, -1)", "10.0.255.0/24"),
            ("subnet(2001:db8::/48, 16, 10)", "2001:db8:0:a::/64"),
        ],
        body: |arguments| match arguments {
            [Value::Prefix(prefix), Value::Int(bits), Value::Int(n)] => subnet(*prefix, *bits, *n).map(Value::Prefix),
            _ => Err(unexpected()),
        },
    },
    Function {
        name: "cidr",
        signature: "cidr(address: ip, length: int) -> cidr",
        doc: "The address with the length of its prefix.",
        examples: &[("cidr(10.0.0.1, 24)", "10.0.0.1/24")],
        body: cidr,
    },
    Function {
        name: "address",
        signature: "address(of: cidr) -> ip",
        doc: "The address without its length.",
        examples: &[("address(10.0.0.5/24)", "10.0.0.5")],
        body: |arguments| on_net(arguments, |net| Ok(Value::Ip(net.addr()))),
    },
    Function {
        name: "prefix",
        signature: "prefix(of: cidr | prefix) -> prefix",
        doc: "The prefix that the address is in.",
        examples: &[("prefix(10.0.0.5/24)", "10.0.0.0/24")],
        body: |arguments| on_net(arguments, |net| Ok(Value::Prefix(net.trunc()))),
    },
    Function {
        name: "length",
        signature: "length(of: cidr | prefix) -> int",
        doc: "The length of the prefix, in bits.",
        examples: &[("length(10.0.0.0/24)", "24")],
        body: |arguments| on_net(arguments, |net| Ok(Value::Int(i64::from(net.prefix_len())))),
    },
    Function {
        name: "network",
        signature: "network(of: cidr | prefix) -> ip",
        doc: "The first address of the prefix, which names it.",
        examples: &[("network(10.0.0.5/24)", "10.0.0.0")],
        body: |arguments| on_net(arguments, |net| Ok(Value::Ip(net.network()))),
    },
    Function {
        name: "broadcast",
        signature: "broadcast(of: cidr | prefix) -> ip",
        doc: "The broadcast address of an IPv4 prefix.",
        examples: &[("broadcast(10.0.0.5/24)", "10.0.0.255")],
        body: |arguments| on_net(arguments, broadcast),
    },
    Function {
        name: "netmask",
        signature: "netmask(of: cidr | prefix) -> ip",
        doc: "The length as a mask.",
        examples: &[("netmask(10.0.0.0/22)", "255.255.252.0")],
        body: |arguments| on_net(arguments, |net| Ok(Value::Ip(net.netmask()))),
    },
    Function {
        name: "wildcard",
        signature: "wildcard(of: cidr | prefix) -> ip",
        doc: "The length as an inverse mask, as access lists write it.",
        examples: &[("wildcard(10.0.0.0/22)", "0.0.3.255")],
        body: |arguments| on_net(arguments, |net| Ok(Value::Ip(net.hostmask()))),
    },
    Function {
        name: "hosts",
        signature: "hosts(prefix: prefix) -> int",
        doc: "How many addresses of the prefix hosts can have; 9223372036854775807 if there are more.",
        examples: &[("hosts(10.0.0.0/24)", "254"), ("hosts(10.0.0.0/31)", "2"), ("hosts(fd00::/120)", "255")],
        body: |arguments| {
            on_net(arguments, |net| {
                let (first, last) = usable(net);
                number(u64::try_from(last - first + 1).unwrap_or(u64::MAX).min(i64::MAX.unsigned_abs()))
            })
        },
    },
    Function {
        name: "is_ipv4",
        signature: "is_ipv4(of: ip | cidr | prefix) -> bool",
        doc: "Is it IPv4?",
        examples: &[("is_ipv4(10.0.0.1)", "true")],
        body: |arguments| is_ipv4(arguments).map(Value::Bool),
    },
    Function {
        name: "is_ipv6",
        signature: "is_ipv6(of: ip | cidr | prefix) -> bool",
        doc: "Is it IPv6?",
        examples: &[("is_ipv6(10.0.0.0/24)", "false")],
        body: |arguments| is_ipv4(arguments).map(|is| Value::Bool(!is)),
    },
    Function {
        name: "eui64",
        signature: "eui64(prefix: prefix, mac: mac) -> cidr",
        doc: "The IPv6 address that a host makes of a prefix and its MAC address (SLAAC).",
        examples: &[("eui64(fd00::/64, 52:54:00:aa:bb:01)", "fd00::5054:ff:feaa:bb01/64")],
        body: |arguments| match arguments {
            [Value::Prefix(prefix), Value::Mac(mac)] => eui64(*prefix, *mac).map(Value::Cidr),
            _ => Err(unexpected()),
        },
    },
    Function {
        name: "mac_add",
        signature: "mac_add(mac: mac, n: int) -> mac",
        doc: "The MAC address so many further on.",
        examples: &[("mac_add(52:54:00:aa:bb:ff, 1)", "52:54:00:aa:bc:00")],
        body: mac_add,
    },
];

/// The n-th address of a prefix, with its length. 0 and the broadcast address are refused where no host can have
/// them; negative numbers count from the last address that one can have.
pub fn host(prefix: IpNet, n: i64) -> Result<IpNet, Problem> {
    let (first, last) = usable(prefix);
    let distance = u128::from(n.unsigned_abs());
    let wanted = if n < 0 { last.checked_sub(distance - 1) } else { Some(distance) };
    let wanted = wanted.filter(|wanted| (first..=last).contains(wanted));
    let address = wanted.and_then(|wanted| offset(prefix.network(), wanted));
    if let Some(Ok(net)) = address.map(|address| IpNet::new(address, prefix.prefix_len())) {
        return Ok(net);
    }
    let message = match (n, prefix) {
        (0, _) => format!("address 0 of {prefix} names the prefix itself, and no host can have it"),
        (n, IpNet::V4(net)) if u32::try_from(n).ok() == Some(u32::from(net.hostmask())) => {
            format!("address {n} of {prefix} is its broadcast address, and no host can have it")
        }
        _ => format!("{prefix} has no address {n}"),
    };
    Err(no_result(message, "no such address").help(format!("hosts in it have the numbers {first} to {last}")))
}

/// The address so many after another.
fn offset(ip: IpAddr, by: u128) -> Option<IpAddr> {
    match ip {
        IpAddr::V4(ip) => u32::from(ip).checked_add(u32::try_from(by).ok()?).map(|bits| IpAddr::V4(bits.into())),
        IpAddr::V6(ip) => u128::from(ip).checked_add(by).map(|bits| IpAddr::V6(bits.into())),
    }
}

/// The numbers of the addresses in a prefix that hosts can have. All, where there are at most two (RFC 3021,
/// RFC 6164); else not the first, and in IPv4 not the last.
fn usable(prefix: IpNet) -> (u128, u128) {
    let free = u32::from(prefix.max_prefix_len() - prefix.prefix_len());
    let last = u128::MAX.checked_shr(128 - free).unwrap_or(0);
    match prefix {
        _ if free <= 1 => (0, last),
        IpNet::V4(_) => (1, last - 1),
        IpNet::V6(_) => (1, last),
    }
}

/// The n-th part, from 0, of a prefix divided by `bits` more bits; negative numbers count from the last.
pub fn subnet(prefix: IpNet, bits: i64, n: i64) -> Result<IpNet, Problem> {
    let free = prefix.max_prefix_len() - prefix.prefix_len();
    let Some(bits) = u8::try_from(bits).ok().filter(|bits| *bits <= free) else {
        let message = format!("{prefix} has {free} bits to divide, and {bits} are wanted");
        return Err(no_result(message, "not that many bits"));
    };
    let last = u128::MAX.checked_shr(128 - u32::from(bits)).unwrap_or(0);
    let distance = u128::from(n.unsigned_abs());
    let index = if n < 0 { last.checked_sub(distance - 1) } else { Some(distance) };
    let length = prefix.prefix_len() + bits;
    let part = index.filter(|index| *index <= last).and_then(|index| {
        let address = offset(prefix.network(), index.checked_shl(u32::from(free - bits)).unwrap_or(0))?;
        IpNet::new(address, length).ok()
    });
    part.ok_or_else(|| {
        no_result(format!("{prefix} has no part {n} of length /{length}"), "no such part")
            .help(format!("its parts have the numbers 0 to {last}"))
    })
}

fn cidr(arguments: &[Value]) -> Result<Value, Problem> {
    let [Value::Ip(ip), Value::Int(length)] = arguments else { return Err(unexpected()) };
    let net = u8::try_from(*length).ok().and_then(|length| IpNet::new(*ip, length).ok());
    let most = if ip.is_ipv4() { 32 } else { 128 };
    net.map(Value::Cidr).ok_or_else(|| no_result(format!("a length is 0 to {most}; {length} is not"), "no length"))
}

fn on_net(arguments: &[Value], give: fn(IpNet) -> Result<Value, Problem>) -> Result<Value, Problem> {
    match arguments {
        [Value::Cidr(net) | Value::Prefix(net)] => give(*net),
        _ => Err(unexpected()),
    }
}

fn broadcast(net: IpNet) -> Result<Value, Problem> {
    match net {
        IpNet::V4(net) => Ok(Value::Ip(net.broadcast().into())),
        IpNet::V6(_) => Err(no_result(format!("{net} is IPv6, which has no broadcast"), "IPv6")),
    }
}

fn is_ipv4(arguments: &[Value]) -> Result<bool, Problem> {
    match arguments {
        [Value::Ip(ip)] => Ok(ip.is_ipv4()),
        [Value::Cidr(net) | Value::Prefix(net)] => Ok(net.addr().is_ipv4()),
        _ => Err(unexpected()),
    }
}

/// The address that a host forms of a prefix and its MAC address (RFC 4291, appendix A).
pub fn eui64(prefix: IpNet, mac: Mac) -> Result<IpNet, Problem> {
    let IpNet::V6(net) = prefix else {
        return Err(no_result(format!("{prefix} is IPv4, and such addresses are IPv6"), "IPv4"));
    };
    if net.prefix_len() > 64 {
        return Err(no_result(format!("{prefix} is longer than /64, so half an address does not fit"), "too long"));
    }
    let [a, b, c, d, e, f] = mac.0;
    let identifier = u64::from_be_bytes([a ^ 2, b, c, 0xff, 0xfe, d, e, f]);
    let address = Ipv6Addr::from(u128::from(net.network()) | u128::from(identifier));
    IpNet::new(address.into(), net.prefix_len()).map_err(|_| unexpected())
}

fn mac_add(arguments: &[Value]) -> Result<Value, Problem> {
    let [Value::Mac(mac), Value::Int(n)] = arguments else { return Err(unexpected()) };
    let [a, b, c, d, e, f] = mac.0;
    let moved = u64::from_be_bytes([0, 0, a, b, c, d, e, f]).checked_add_signed(*n);
    match moved.map(u64::to_be_bytes) {
        Some([0, 0, a, b, c, d, e, f]) => Ok(Value::Mac(Mac([a, b, c, d, e, f]))),
        _ => Err(no_result(format!("there is no MAC address {n} after {mac}"), "no such address")),
    }
}
