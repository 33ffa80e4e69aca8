//! Values for property tests: every kind, with the ends of every scale.

use super::{LinkId, Mac, ModuleId, NetworkId, NodeId, PoolId, SecretSource, SecretText, Value, VlanId, VrfId};
use proptest::prelude::*;
use std::net::IpAddr;
use std::sync::Arc;

/// Any value, up to three levels deep.
pub fn values() -> impl Strategy<Value = Value> {
    let number = prop_oneof![Just(0), Just(1), Just(-1), Just(i64::MIN), Just(i64::MAX), any::<i64>(), -9..300i64];
    let amount = prop_oneof![Just(0), Just(1), Just(u64::MAX), any::<u64>()];
    let text = prop_oneof![Just(String::new()), "[a-c/,.\n\"é0-9x-]{0,8}".prop_map(String::from)];
    let net = (any::<IpAddr>(), 0..=128u8).prop_map(|(ip, length)| {
        let most = if ip.is_ipv4() { 32 } else { 128 };
        ipnet::IpNet::new(ip, length.min(most)).unwrap()
    });
    let unit = (amount, 0..4u8).prop_map(|(amount, kind)| match kind {
        0 => Value::Size(amount),
        1 => Value::Duration(amount),
        2 => Value::Rate(amount),
        _ => Value::Percent(amount),
    });
    let thing = (0..9u8).prop_map(|kind| match kind {
        0 => Value::Node(NodeId(0)),
        1 => Value::Interface(NodeId(0), "eth1".into()),
        2 => Value::Network(NetworkId(0)),
        3 => Value::Link(LinkId(0)),
        4 => Value::Pool(PoolId(0)),
        5 => Value::Vlan(VlanId(0)),
        6 => Value::Vrf(VrfId(0)),
        7 => Value::Module(ModuleId(0)),
        _ => Value::Secret(Arc::new(SecretText::new(SecretSource::Environment("PW".to_owned())))),
    });
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number.clone().prop_map(Value::Int),
        (number.clone(), number).prop_map(|(first, last)| Value::Range(first, last)),
        text.clone().prop_map(Value::string),
        text.clone().prop_map(|text| Value::Member(text.into())),
        unit,
        any::<IpAddr>().prop_map(Value::Ip),
        net.clone().prop_map(Value::Cidr),
        net.prop_map(|net| Value::Prefix(net.trunc())),
        any::<[u8; 6]>().prop_map(|bytes| Value::Mac(Mac(bytes))),
        thing,
    ];
    leaf.prop_recursive(3, 24, 4, move |inner| {
        let entry = (text.clone(), inner.clone());
        prop_oneof![
            proptest::collection::vec(inner, 0..4).prop_map(Value::list),
            proptest::collection::vec(entry, 0..4).prop_map(|entries| Value::map(
                entries.into_iter().map(|(name, value)| (name.into(), value)).collect()
            )),
        ]
    })
}
