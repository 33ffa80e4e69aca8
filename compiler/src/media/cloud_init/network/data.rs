//! The same network configuration in the form of OpenStack's `network_data.json`.

use super::{Config, Device};
use ipnet::IpNet;
use serde_json::{Map, Value, json};

/// Links, their addresses and routes, and name servers.
pub fn network_data(config: &Config) -> Value {
    let devices = || config.ethernets.values().chain(config.bonds.values()).chain(config.vlans.values());
    let other_way = |device: &Device| {
        device.dhcp4 || device.routes.iter().any(|route| route.to.prefix_len() == 0 && route.metric.is_none())
    };
    let mut data = Data { only_way_out: !devices().any(other_way), ..Data::default() };
    let mac_of = |name: &String| mac(config.ethernets.get(name)?);
    for (name, device) in &config.ethernets {
        let Some(mac) = mac(device) else { continue }; // the loopback is nothing that a cloud knows
        data.link(name, device, object([("type", json!("phy")), ("ethernet_mac_address", json!(mac))]));
    }
    for (name, device) in &config.bonds {
        let parameters = device.parameters.as_ref();
        let link = object([
            ("type", json!("bond")),
            ("bond_links", json!(device.interfaces)),
            ("ethernet_mac_address", json!(device.interfaces.first().and_then(mac_of))),
            ("bond_mode", json!(parameters.map(|parameters| parameters.mode))),
            ("bond_miimon", json!(parameters.map(|parameters| parameters.mii_monitor_interval))),
            ("bond_xmit_hash_policy", json!(parameters.and_then(|parameters| parameters.transmit_hash_policy))),
        ]);
        data.link(name, device, link);
    }
    for (name, device) in &config.vlans {
        let link = object([
            ("type", json!("vlan")),
            ("vlan_link", json!(device.link)),
            ("vlan_id", json!(device.id)),
            ("vlan_mac_address", json!(device.link.as_ref().and_then(mac_of))),
        ]);
        data.link(name, device, link);
    }
    json!({ "links": data.links, "networks": data.networks, "services": data.services })
}

/// The fields that have a value.
fn object<const N: usize>(fields: [(&str, Value); N]) -> Map<String, Value> {
    fields.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.to_owned(), value)).collect()
}

fn mac(device: &Device) -> Option<&str> {
    device.r#match.as_ref()?.macaddress.as_deref()
}

#[derive(Default)]
struct Data {
    /// Is management the only way out?
    only_way_out: bool,
    links: Vec<Value>,
    networks: Vec<Value>,
    services: Vec<Value>,
}

impl Data {
    fn link(&mut self, name: &str, device: &Device, mut link: Map<String, Value>) {
        link.insert("id".to_owned(), json!(name));
        link.insert("mtu".to_owned(), json!(device.mtu));
        self.links.push(Value::Object(link));
        for address in &device.addresses {
            self.network(name, device, address);
        }
        for (wanted, kind) in [(device.dhcp4, "ipv4_dhcp"), (device.dhcp6, "ipv6_dhcp")] {
            if wanted {
                self.add_network(name, kind, Map::new());
            }
        }
        let servers = device.nameservers.iter().flat_map(|servers| &servers.addresses);
        self.services.extend(servers.map(|server| json!({ "type": "dns", "address": server.to_string() })));
    }

    /// One address, with the routes whose next hop is in its prefix.
    fn network(&mut self, link: &str, device: &Device, address: &IpNet) {
        let kind = if address.addr().is_ipv4() { "ipv4" } else { "ipv6" };
        // A cloud's routes have no metric, so that management would be as good as the lab's own way out.
        let plain = device.routes.iter().filter(|route| route.metric.is_none() || self.only_way_out);
        let written = plain.map(|route| (route.to, route.via));
        let default = device.gateway6.map(|via| (IpNet::V6(ipnet::Ipv6Net::default()), via));
        let routes = written.chain(default).filter(|(_, via)| address.contains(via)).map(|(to, via)| {
            json!({ "network": to.addr().to_string(), "netmask": to.netmask().to_string(), "gateway": via.to_string() })
        });
        let fields = object([
            ("ip_address", json!(address.addr().to_string())),
            ("netmask", json!(address.netmask().to_string())),
            ("routes", routes.collect()),
        ]);
        self.add_network(link, kind, fields);
    }

    fn add_network(&mut self, link: &str, kind: &str, mut fields: Map<String, Value>) {
        fields.insert("id".to_owned(), json!(format!("network{}", self.networks.len())));
        fields.insert("link".to_owned(), json!(link));
        fields.insert("type".to_owned(), json!(kind));
        self.networks.push(Value::Object(fields));
    }
}
