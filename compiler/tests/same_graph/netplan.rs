//! Addresses in what cloud-init is told about the network (its version 2, which is netplan's form).

use ipnet::IpNet;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The addresses of each card, by its MAC. `network` is what has `ethernets`.
pub fn addresses(network: &Value) -> BTreeMap<String, BTreeSet<IpNet>> {
    let ethernets = network["ethernets"].as_object().into_iter().flatten();
    let card = |(_, card): (_, &Value)| {
        let mac = card["match"]["macaddress"].as_str()?.to_owned();
        let addresses = card["addresses"].as_array().into_iter().flatten();
        let parse = |address: &Value| address.as_str().and_then(|text| text.parse().ok()).expect("an address");
        Some((mac, addresses.map(parse).collect()))
    };
    ethernets.filter_map(card).collect()
}
