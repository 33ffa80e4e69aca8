//! Values as text: what `${…}` puts in, what messages show, and addresses that were put together from text.

use super::limits::{bounded_text, check_text};
use super::units::Unit;
use super::{Mac, Problem, SecretPart, SecretText, Value};
use crate::diagnostics::codes::values as codes;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// What `${value}` puts into a string: a [`Value::String`], or a [`Value::Secret`] as it is.
pub fn display(value: &Value) -> Result<Value, Problem> {
    if let Value::String(_) | Value::Secret(_) = value {
        return Ok(value.clone());
    }
    if let Some(text) = literal(value) {
        return Ok(Value::string(text));
    }
    let help = match value {
        Value::Null => Some("give what stands in its place: `x ?? \"none\"`"),
        Value::List(_) | Value::Range(..) => Some("join its elements: `join(list, \", \")`"),
        Value::Map(_) => Some("name one of its fields, or write it as `json(…)` or `yaml(…)`"),
        Value::Node(_) | Value::Network(_) | Value::Link(_) | Value::Vlan(_) | Value::Vrf(_) | Value::Interface(..) => {
            Some("add `.name` for its name")
        }
        _ => None,
    };
    let problem = Problem::new(&codes::E0310, format!("{} cannot stand in text", value.kind()), value.kind());
    Err(match help {
        Some(help) => problem.help(help),
        None => problem,
    })
}

/// Joins the pieces of a text, each as [`display`] gives it. A secret among them makes the whole a secret.
pub fn interpolate(parts: impl IntoIterator<Item = Value>) -> Result<Value, Problem> {
    let mut joined: Vec<SecretPart> = Vec::new();
    let mut bytes = 0;
    for part in parts {
        match display(&part)? {
            Value::String(text) => {
                bytes += text.len();
                check_text(bytes)?;
                push_text(&mut joined, &text);
            }
            Value::Secret(secret) => {
                bytes += secret.with_markers().len();
                check_text(bytes)?;
                for part in &secret.parts {
                    match part {
                        SecretPart::Plain(text) => push_text(&mut joined, text),
                        secret => joined.push(secret.clone()),
                    }
                }
            }
            _ => {}
        }
    }
    match joined.as_slice() {
        [] => Ok(Value::string("")),
        [SecretPart::Plain(text)] => Ok(Value::string(text)),
        _ => Ok(Value::Secret(Arc::new(SecretText { parts: joined }))),
    }
}

/// Adds text to the last piece, so that equal texts have equal parts.
fn push_text(parts: &mut Vec<SecretPart>, text: &str) {
    match parts.last_mut() {
        Some(SecretPart::Plain(last)) => last.push_str(text),
        _ if text.is_empty() => {}
        _ => parts.push(SecretPart::Plain(text.to_owned())),
    }
}

/// The value as it is written in source, where it has such a form without quotes.
fn literal(value: &Value) -> Option<String> {
    match value {
        Value::Bool(value) => Some(value.to_string()),
        Value::Int(number) => Some(number.to_string()),
        Value::Ip(ip) => Some(ip.to_string()),
        Value::Cidr(net) | Value::Prefix(net) => Some(net.to_string()),
        Value::Mac(mac) => Some(mac.to_string()),
        Value::Member(word) => Some(word.to_string()),
        quantity => Unit::of(quantity).map(|(unit, number)| unit.text(number)),
    }
}

/// How a message names a value: as it is written where that is short, else "this".
pub fn shown(value: &Value) -> String {
    const LONGEST: usize = 40;
    match value {
        Value::Null => "`null`".to_owned(),
        Value::Member(word) => format!("`{word}`"),
        Value::String(text) if text.chars().count() <= LONGEST => format!("{text:?}"),
        Value::String(text) => format!("{:?}", text.chars().take(LONGEST).chain(['…']).collect::<String>()),
        Value::Range(first, last) => format!("{first}..{last}"),
        Value::List(values) if values.is_empty() => "[]".to_owned(),
        other => literal(other).unwrap_or_else(|| "this".to_owned()),
    }
}

/// Reads an address, an address with a length, a prefix, or a MAC address, as an `ADDRESS` token is once its `${…}`
/// are filled in.
pub fn parse_address(text: &str) -> Result<Value, Problem> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text, None),
    };
    if length.is_none() && address.split(':').count() == 6 && !address.contains("::") {
        return mac(text);
    }
    let ip = if address.contains(':') { ipv6(address, text) } else { ipv4(address, text) }?;
    let Some(length) = length else { return Ok(Value::Ip(ip)) };
    let most = if ip.is_ipv4() { 32 } else { 128 };
    let length = match decimal(length) {
        Some(length) if length <= most => length,
        Some(length) => return Err(no_address(text, format!("the length is {length}, and the longest is {most}"))),
        None => return Err(no_address(text, format!("the length `{length}` is not a number"))),
    };
    let net = u8::try_from(length).ok().and_then(|length| IpNet::new(ip, length).ok());
    net.map(Value::from_net).ok_or_else(|| no_address(text, "the length does not fit".to_owned()))
}

fn ipv4(address: &str, whole: &str) -> Result<IpAddr, Problem> {
    let parts: Vec<&str> = address.split('.').collect();
    if parts.len() != 4 {
        return Err(no_address(whole, format!("an IPv4 address has four numbers, and this has {}", parts.len())));
    }
    let mut octets = [0; 4];
    for ((octet, part), which) in octets.iter_mut().zip(&parts).zip(["first", "second", "third", "fourth"]) {
        *octet = match decimal(part) {
            Some(number) if number > 255 => {
                return Err(no_address(whole, format!("its {which} number is {part}, and the highest is 255")));
            }
            Some(_) if part.len() > 1 && part.starts_with('0') => {
                return Err(no_address(whole, format!("its {which} number `{part}` begins with 0")));
            }
            Some(number) => u8::try_from(number).unwrap_or(u8::MAX),
            None => return Err(no_address(whole, format!("its {which} part `{part}` is not a number"))),
        };
    }
    Ok(IpAddr::V4(Ipv4Addr::from(octets)))
}

fn ipv6(address: &str, whole: &str) -> Result<IpAddr, Problem> {
    if let Ok(ip) = address.parse::<Ipv6Addr>() {
        return Ok(IpAddr::V6(ip));
    }
    let groups: Vec<&str> = address.split(':').filter(|group| !group.is_empty()).collect();
    let wrong = groups.iter().find(|group| group.len() > 4 || group.chars().any(|c| !c.is_ascii_hexdigit()));
    Err(no_address(
        whole,
        match wrong {
            Some(group) if group.chars().all(|c| c.is_ascii_hexdigit()) => {
                format!("its group `{group}` has more than four hexadecimal digits")
            }
            Some(group) => format!("its group `{group}` is not a hexadecimal number"),
            None if address.contains(":::") || address.matches("::").count() > 1 => {
                "`::` may stand in it once".to_owned()
            }
            None => format!("an IPv6 address has eight groups, or fewer with one `::`, and this has {}", groups.len()),
        },
    ))
}

fn mac(text: &str) -> Result<Value, Problem> {
    let mut bytes = [0; 6];
    for (byte, pair) in bytes.iter_mut().zip(text.split(':')) {
        let two = pair.len() == 2 && pair.chars().all(|c| c.is_ascii_hexdigit());
        *byte = match u8::from_str_radix(pair, 16) {
            Ok(byte) if two => byte,
            _ => {
                let reason = format!("its part `{pair}` is not a pair of hexadecimal digits");
                return Err(no_address(text, reason).help("`pad(hex(n), 2)` always gives two digits"));
            }
        };
    }
    Ok(Value::Mac(Mac(bytes)))
}

/// A number of decimal digits alone.
fn decimal(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { Some(text.parse().unwrap_or(u64::MAX)) } else { None }
}

fn no_address(text: &str, reason: String) -> Problem {
    let label = reason.clone();
    Problem::new(&codes::E0311, format!("`{text}` is not an address: {reason}"), label)
}

/// The two texts as one, as `+` joins them.
pub(super) fn concatenate(left: &str, right: &str) -> Result<Value, Problem> {
    check_text(left.len().saturating_add(right.len()))?;
    bounded_text(format!("{left}{right}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{NodeId, SecretSource};

    fn told(problem: Problem) -> String {
        format!("{}\n{}", problem.message, problem.help.unwrap_or_default())
    }

    #[test]
    fn puts_values_into_text() {
        let values = [
            (Value::Int(-4), "-4"),
            (Value::Size(4 << 30), "4GiB"),
            (Value::Duration(10_000_000), "10ms"),
            (Value::Bool(true), "true"),
            (Value::Member("nat".into()), "nat"),
            (Value::string("a"), "a"),
            (Value::Mac(Mac([1, 2, 3, 4, 5, 0xff])), "01:02:03:04:05:ff"),
        ];
        for (value, text) in values {
            assert_eq!(display(&value), Ok(Value::string(text)));
        }
        insta::assert_snapshot!(told(display(&Value::Node(NodeId(0))).unwrap_err()), @r"
        a node cannot stand in text
        add `.name` for its name
        ");
        insta::assert_snapshot!(told(display(&Value::Null).unwrap_err()), @r#"
        nothing (`null`) cannot stand in text
        give what stands in its place: `x ?? "none"`
        "#);
    }

    #[test]
    fn joins_text_and_secrets() {
        assert_eq!(interpolate([Value::string("a"), Value::Int(1)]), Ok(Value::string("a1")));
        let secret = Value::Secret(Arc::new(SecretText::new(SecretSource::Environment("PW".into()))));
        let Ok(Value::Secret(text)) = interpolate([Value::string("user "), Value::string("x "), secret.clone()]) else {
            panic!("not a secret")
        };
        assert_eq!(text.with_markers(), "user x ${secret:env:PW}");
        assert_eq!(text.parts.len(), 2);
        assert_eq!(interpolate([secret.clone()]), Ok(secret));
        let long = Value::string("x".repeat(super::super::MAX_TEXT));
        assert_eq!(interpolate([long, Value::Int(1)]).unwrap_err().code, &codes::E0313);
    }

    #[test]
    fn reads_addresses() {
        assert_eq!(parse_address("10.1.2.0/24"), Ok(Value::Prefix("10.1.2.0/24".parse().unwrap())));
        assert_eq!(parse_address("10.1.2.1/24"), Ok(Value::Cidr("10.1.2.1/24".parse().unwrap())));
        assert_eq!(parse_address("fe80::1"), Ok(Value::Ip("fe80::1".parse().unwrap())));
        assert_eq!(parse_address("1:2:3:4:5:6:7:8/64").map(|value| shown(&value)), Ok("1:2:3:4:5:6:7:8/64".into()));
        assert_eq!(parse_address("52:54:00:aa:bb:01"), Ok(Value::Mac(Mac([0x52, 0x54, 0, 0xaa, 0xbb, 1]))));
    }

    #[test]
    fn says_what_is_wrong_with_an_address() {
        let wrong = [
            "10.1.300.0/24",
            "10.1.0/24",
            "10.01.0.1",
            "10.1.-1.0",
            "10.0.0.0/33",
            "10.0.0.0/x",
            "fd00::12345",
            "1::2::3",
            "1:2:3",
            "52:54:0:aa:bb:1",
            "",
            "99999999999999999999.0.0.1",
        ];
        let messages: Vec<String> = wrong.iter().map(|text| parse_address(text).unwrap_err().message).collect();
        insta::assert_snapshot!(messages.join("\n"), @r"
        `10.1.300.0/24` is not an address: its third number is 300, and the highest is 255
        `10.1.0/24` is not an address: an IPv4 address has four numbers, and this has 3
        `10.01.0.1` is not an address: its second number `01` begins with 0
        `10.1.-1.0` is not an address: its third part `-1` is not a number
        `10.0.0.0/33` is not an address: the length is 33, and the longest is 32
        `10.0.0.0/x` is not an address: the length `x` is not a number
        `fd00::12345` is not an address: its group `12345` has more than four hexadecimal digits
        `1::2::3` is not an address: `::` may stand in it once
        `1:2:3` is not an address: an IPv6 address has eight groups, or fewer with one `::`, and this has 3
        `52:54:0:aa:bb:1` is not an address: its part `0` is not a pair of hexadecimal digits
        `` is not an address: an IPv4 address has four numbers, and this has 1
        `99999999999999999999.0.0.1` is not an address: its first number is 99999999999999999999, and the highest is 255
        ");
    }
}
