//! Values of the language, once evaluated.

pub mod functions;
mod limits;
pub mod operators;
mod problem;
#[cfg(test)]
mod sample;
mod secret;
pub mod text;
pub mod types;
mod units;

pub use limits::{MAX_DEPTH, MAX_ELEMENTS, MAX_TEXT, bounded, bounded_text, count, elements, range_length};
pub use problem::{Problem, Step};
pub use types::{Field, Type};
pub use units::{Unit, parse_quantity};

pub use secret::{SecretPart, SecretSource, SecretText};

use crate::collections::IndexMap;
use ipnet::IpNet;
use serde::{Serialize, Serializer};
use smol_str::SmolStr;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

/// Defines an index into one of the topology's lists.
macro_rules! index {
    ($($name:ident: $what:literal)*) => {
        $(
            #[doc = $what]
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, schemars::JsonSchema)]
            #[serde(transparent)]
            pub struct $name(pub u32);

            impl $name {
                /// As an index into the list.
                pub fn index(self) -> usize {
                    self.0 as usize
                }
            }

            impl From<usize> for $name {
                fn from(index: usize) -> $name {
                    $name(u32::try_from(index).unwrap_or(u32::MAX))
                }
            }
        )*
    };
}

index! {
    NodeId: "A node: its index in `Topology::nodes`."
    NetworkId: "A network: its index in `Topology::networks`."
    LinkId: "A link: its index in `Topology::links`."
    LagId: "A link aggregation: its index in `Topology::lags`."
    VlanId: "A named VLAN: its index in `Topology::vlans`."
    VrfId: "A VRF: its index in `Topology::vrfs`."
    PoolId: "A pool: its index among the pools of the program."
    ModuleId: "An instance of a module: its index among those of the program."
}

/// A MAC address.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mac(pub [u8; 6]);

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Mac {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl schemars::JsonSchema for Mac {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Mac".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^([0-9a-f]{2}:){5}[0-9a-f]{2}$" })
    }
}

/// A value.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// `null`: nothing was given.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text.
    String(SmolStr),
    /// Bytes.
    Size(u64),
    /// Nanoseconds.
    Duration(u64),
    /// Bits a second.
    Rate(u64),
    /// Millionths of a whole.
    Percent(u64),
    /// An address without a length.
    Ip(IpAddr),
    /// An address with the length of its prefix: `10.0.0.1/24`.
    Cidr(IpNet),
    /// A prefix without host bits: `10.0.0.0/24`.
    Prefix(IpNet),
    /// A MAC address.
    Mac(Mac),
    /// A list.
    List(Arc<Vec<Value>>),
    /// A record or map, in the order of its source.
    Map(Arc<IndexMap<SmolStr, Value>>),
    /// A member of an enumeration.
    Member(SmolStr),
    /// A range of numbers, both ends included. Kept as it is until somebody iterates.
    Range(i64, i64),
    /// A node.
    Node(NodeId),
    /// An interface of a node, by its name.
    Interface(NodeId, SmolStr),
    /// A network.
    Network(NetworkId),
    /// A link.
    Link(LinkId),
    /// A pool.
    Pool(PoolId),
    /// `from POOL at N`, before it is allocated.
    FromPool(PoolId, Option<i64>),
    /// A named VLAN.
    Vlan(VlanId),
    /// A VRF.
    Vrf(VrfId),
    /// An instance of a module.
    Module(ModuleId),
    /// Text that holds a secret.
    Secret(Arc<SecretText>),
}

impl Value {
    /// Text.
    pub fn string(text: impl Into<SmolStr>) -> Value {
        Value::String(text.into())
    }

    /// A list.
    pub fn list(values: Vec<Value>) -> Value {
        Value::List(Arc::new(values))
    }

    /// A map.
    pub fn map(entries: IndexMap<SmolStr, Value>) -> Value {
        Value::Map(Arc::new(entries))
    }

    /// A prefix where there are no host bits, else an address with its length.
    pub fn from_net(net: IpNet) -> Value {
        if net == net.trunc() { Value::Prefix(net) } else { Value::Cidr(net) }
    }

    /// What kind of value it is, with an article, for sentences: "a size", "an address".
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "nothing (`null`)",
            Value::Bool(_) => "a truth value",
            Value::Int(_) => "a number",
            Value::String(_) => "a string",
            Value::Size(_) => "a size",
            Value::Duration(_) => "a duration",
            Value::Rate(_) => "a rate",
            Value::Percent(_) => "a percentage",
            Value::Ip(_) => "an address",
            Value::Cidr(_) => "an address with a length",
            Value::Prefix(_) => "a prefix",
            Value::Mac(_) => "a MAC address",
            Value::List(_) => "a list",
            Value::Range(..) => "a range",
            Value::Map(_) => "a record",
            Value::Member(_) => "a word of an enumeration",
            Value::Node(_) => "a node",
            Value::Interface(..) => "an interface",
            Value::Network(_) => "a network",
            Value::Link(_) => "a link",
            Value::Pool(_) => "a pool",
            Value::FromPool(..) => "something from a pool",
            Value::Vlan(_) => "a VLAN",
            Value::Vrf(_) => "a VRF",
            Value::Module(_) => "an instance of a module",
            Value::Secret(_) => "a secret",
        }
    }

    /// Does it hold a secret, however deep?
    pub fn is_secret(&self) -> bool {
        match self {
            Value::Secret(_) => true,
            Value::List(values) => values.iter().any(Value::is_secret),
            Value::Map(entries) => entries.values().any(Value::is_secret),
            _ => false,
        }
    }
}

/// As JSON: sizes in bytes, durations in nanoseconds, rates in bits a second, percentages as a fraction of one
/// million, addresses as text; a secret as `{"secret": "env:NAME"}`, never its content; a range as its numbers, or as
/// `1..9` where they are more than [`MAX_ELEMENTS`].
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_none(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Int(value) => serializer.serialize_i64(*value),
            Value::String(text) | Value::Member(text) => serializer.serialize_str(text),
            Value::Size(value) | Value::Duration(value) | Value::Rate(value) | Value::Percent(value) => {
                serializer.serialize_u64(*value)
            }
            Value::Ip(ip) => serializer.collect_str(ip),
            Value::Cidr(net) | Value::Prefix(net) => serializer.collect_str(net),
            Value::Mac(mac) => serializer.collect_str(mac),
            Value::List(values) => values.serialize(serializer),
            Value::Range(first, last) if range_length(*first, *last) > MAX_ELEMENTS as u64 => {
                serializer.collect_str(&format_args!("{first}..{last}"))
            }
            Value::Range(first, last) => serializer.collect_seq(*first..=*last),
            Value::Map(entries) => serializer.collect_map(entries.iter()),
            Value::Node(NodeId(index))
            | Value::Network(NetworkId(index))
            | Value::Link(LinkId(index))
            | Value::Pool(PoolId(index))
            | Value::FromPool(PoolId(index), _)
            | Value::Vlan(VlanId(index))
            | Value::Module(ModuleId(index))
            | Value::Vrf(VrfId(index)) => serializer.serialize_u32(*index),
            Value::Interface(NodeId(node), name) => serializer
                .collect_map([("node", &Value::Int(i64::from(*node))), ("name", &Value::String(name.clone()))]),
            Value::Secret(secret) => secret.serialize(serializer),
        }
    }
}

impl schemars::JsonSchema for Value {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Value".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "description": "Any value of the language: sizes in bytes, durations in nanoseconds, \
            rates in bits a second, percentages in millionths, addresses as text, secrets by reference." })
    }
}
