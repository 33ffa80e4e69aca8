//! What numbers, quantities and addresses mean.

use super::ast::{ExprKind, Quantity};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr};

/// Why a literal has no value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadLiteral {
    /// Larger than any number of its kind.
    TooLarge,
    /// More decimals than the unit has: `1.5B`.
    TooFine,
    /// A part of an IPv4 address above 255.
    Octet,
    /// A prefix length above 32 or 128.
    Length { most: u8 },
    /// Anything else about an address.
    Address,
}

/// `12`, `1_000`, `0x1F`
pub fn int(text: &str) -> Result<ExprKind, BadLiteral> {
    let digits: String = text.chars().filter(|char| *char != '_').collect();
    let value = match digits.strip_prefix("0x") {
        Some(hex) => i64::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    value.map(ExprKind::Int).map_err(|_| BadLiteral::TooLarge)
}

/// `4GiB`, `1.5Gbps`, `0.1%`: exact.
pub fn quantity(text: &str) -> Result<ExprKind, BadLiteral> {
    let unit_at = text.find(|char: char| !char.is_ascii_digit() && char != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_at);
    let (make, scale): (fn(u64) -> Quantity, u64) = match unit {
        "B" => (Quantity::Size, 1),
        "kB" => (Quantity::Size, 1_000),
        "MB" => (Quantity::Size, 1_000_000),
        "GB" => (Quantity::Size, 1_000_000_000),
        "TB" => (Quantity::Size, 1_000_000_000_000),
        "KiB" => (Quantity::Size, 1 << 10),
        "MiB" => (Quantity::Size, 1 << 20),
        "GiB" => (Quantity::Size, 1 << 30),
        "TiB" => (Quantity::Size, 1 << 40),
        "ns" => (Quantity::Duration, 1),
        "us" => (Quantity::Duration, 1_000),
        "ms" => (Quantity::Duration, 1_000_000),
        "s" => (Quantity::Duration, 1_000_000_000),
        "min" => (Quantity::Duration, 60_000_000_000),
        "h" => (Quantity::Duration, 3_600_000_000_000),
        "d" => (Quantity::Duration, 86_400_000_000_000),
        "bps" => (Quantity::Rate, 1),
        "kbps" => (Quantity::Rate, 1_000),
        "Mbps" => (Quantity::Rate, 1_000_000),
        "Gbps" => (Quantity::Rate, 1_000_000_000),
        "Tbps" => (Quantity::Rate, 1_000_000_000_000),
        _ => (Quantity::Percent, 10_000),
    };
    scaled(number, scale).map(|value| ExprKind::Quantity(make(value)))
}

/// A decimal number times a scale, which must come out whole.
fn scaled(number: &str, scale: u64) -> Result<u64, BadLiteral> {
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let decimals = decimals.trim_end_matches('0');
    let whole: u128 = whole.parse().map_err(|_| BadLiteral::TooLarge)?;
    if decimals.len() > 18 {
        return Err(BadLiteral::TooFine);
    }
    let divisor = 10u128.pow(decimals.len() as u32);
    let fraction: u128 = if decimals.is_empty() { 0 } else { decimals.parse().map_err(|_| BadLiteral::TooFine)? };
    let scale = u128::from(scale);
    if !(fraction * scale).is_multiple_of(divisor) {
        return Err(BadLiteral::TooFine);
    }
    let value = whole.checked_mul(scale).and_then(|value| value.checked_add(fraction * scale / divisor));
    value.and_then(|value| u64::try_from(value).ok()).ok_or(BadLiteral::TooLarge)
}

/// An IP address, with or without prefix length, or a MAC address.
pub fn address(text: &str) -> Result<ExprKind, BadLiteral> {
    if let Some(mac) = mac(text) {
        return Ok(ExprKind::Mac(mac));
    }
    let (ip, length) = match text.split_once('/') {
        Some((ip, length)) => (ip, Some(length)),
        None => (text, None),
    };
    let ip = if ip.contains(':') { ip.parse().map_err(|_| BadLiteral::Address)? } else { IpAddr::V4(ipv4(ip)?) };
    let Some(length) = length else { return Ok(ExprKind::Ip(ip)) };
    let most = if ip.is_ipv4() { 32 } else { 128 };
    let net = length.parse().ok().and_then(|length| IpNet::new(ip, length).ok());
    net.map(ExprKind::Cidr).ok_or(BadLiteral::Length { most })
}

/// Leading zeros are read as decimal, as everyone means them.
fn ipv4(text: &str) -> Result<Ipv4Addr, BadLiteral> {
    let mut octets = [0; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        *octet = parts.next().and_then(|part| part.parse().ok()).ok_or(BadLiteral::Octet)?;
    }
    Ok(Ipv4Addr::from(octets))
}

fn mac(text: &str) -> Option<[u8; 6]> {
    let mut bytes = [0; 6];
    let mut pairs = text.split(':');
    for byte in &mut bytes {
        let pair = pairs.next().filter(|pair| pair.len() == 2)?;
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    pairs.next().is_none().then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_exact() {
        let value = |text| match quantity(text) {
            Ok(ExprKind::Quantity(quantity)) => Ok(quantity),
            Ok(_) => panic!(),
            Err(bad) => Err(bad),
        };
        assert_eq!(value("4GiB"), Ok(Quantity::Size(4 << 30)));
        assert_eq!(value("1.5Gbps"), Ok(Quantity::Rate(1_500_000_000)));
        assert_eq!(value("0.1%"), Ok(Quantity::Percent(1000)));
        assert_eq!(value("0.10ms"), Ok(Quantity::Duration(100_000)));
        assert_eq!(value("1.5B"), Err(BadLiteral::TooFine));
        assert_eq!(value("99999999TiB"), Err(BadLiteral::TooLarge));
    }

    #[test]
    fn ints_have_three_forms() {
        assert_eq!(int("1_000"), Ok(ExprKind::Int(1000)));
        assert_eq!(int("0x1F"), Ok(ExprKind::Int(31)));
        assert_eq!(int("9223372036854775808"), Err(BadLiteral::TooLarge));
    }

    #[test]
    fn addresses_are_checked() {
        assert_eq!(address("10.0.0.1"), Ok(ExprKind::Ip("10.0.0.1".parse().unwrap())));
        assert_eq!(address("2001:db8::/32"), Ok(ExprKind::Cidr("2001:db8::/32".parse().unwrap())));
        assert_eq!(address("52:54:00:aa:bb:01"), Ok(ExprKind::Mac([0x52, 0x54, 0, 0xaa, 0xbb, 1])));
        assert_eq!(address("10.0.0.256"), Err(BadLiteral::Octet));
        assert_eq!(address("10.0.0.0/33"), Err(BadLiteral::Length { most: 32 }));
        assert_eq!(address("::/129"), Err(BadLiteral::Length { most: 128 }));
    }
}
