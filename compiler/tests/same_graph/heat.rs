//! The graph that the HEAT template tells.

use super::graph::{Graph, Nic};
use super::netplan;
use ipnet::IpNet;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Reads `template.yaml`.
pub fn read(bytes: &[u8]) -> Graph {
    let text = std::str::from_utf8(bytes).expect("a template is UTF-8");
    let template: Value = serde_saphyr::from_str(text).expect("a template is YAML");
    let resources = &template["resources"];
    let mut graph = Graph::default();
    for server in resources.as_object().into_iter().flatten().map(|(_, resource)| resource) {
        if server["type"] != "OS::Nova::Server" {
            continue;
        }
        let server = &server["properties"];
        let path = server["metadata"]["wtop_path"].as_str().expect("a server has a path").to_owned();
        let configured = configured(resources, &server["user_data"]);
        // Nova plugs the ports in as they are listed; a server without any says so.
        let ports = server["networks"].as_array().into_iter().flatten();
        let ports = ports.filter(|entry| entry["allocate_network"] != "none");
        let nics = ports.map(|entry| nic(referred(resources, &entry["port"]), &configured)).collect();
        assert!(graph.machines.insert(path.clone(), nics).is_none(), "two servers are {path}");
    }
    graph
}

fn nic(port: &Value, configured: &BTreeMap<String, BTreeSet<IpNet>>) -> Nic {
    let mac = port["mac_address"].as_str().map(str::to_owned);
    // On a network that is not ours, only its owner may choose.
    let is_ours = port["network"].get("get_resource").is_some();
    assert!(mac.is_some() || !is_ours, "a port on our own net has no MAC: {port}");
    // With port security and no group that lets anything pass, a port reaches nobody.
    let is_plugged = port["security_groups"] != Value::Array(Vec::new());
    let fixed = port["fixed_ips"].as_array().into_iter().flatten();
    let kept = fixed.filter_map(|fixed| fixed["ip_address"].as_str()?.parse().ok()).collect();
    Nic {
        segment: is_plugged.then(|| port["network"].to_string()),
        configured: mac.as_ref().and_then(|mac| configured.get(mac)).cloned(),
        is_told: false,
        kept,
        mac,
    }
}

/// The properties of the resource that a value refers to.
fn referred<'a>(resources: &'a Value, value: &Value) -> &'a Value {
    let name = value["get_resource"].as_str().unwrap_or_else(|| panic!("no resource: {value}"));
    let resource = &resources[name];
    assert!(!resource.is_null(), "there is no resource {name}");
    &resource["properties"]
}

/// What the guest is told: the cloud-config, as text or as a resource of its own, has a file for netplan.
fn configured(resources: &Value, user_data: &Value) -> BTreeMap<String, BTreeSet<IpNet>> {
    let config: Value = match user_data {
        Value::String(text) if text.starts_with("#cloud-config") => {
            serde_saphyr::from_str(text).expect("a cloud-config is YAML")
        }
        Value::Object(_) if user_data.get("get_resource").is_some() => {
            referred(resources, user_data)["cloud_config"].clone()
        }
        _ => return BTreeMap::new(),
    };
    let files = config["write_files"].as_array().into_iter().flatten();
    let is_netplan = |file: &&Value| file["path"].as_str().is_some_and(|path| path.starts_with("/etc/netplan/"));
    let parse = |file: &Value| {
        let text = file["content"].as_str().expect("netplan's file is text");
        let file: Value = serde_saphyr::from_str(text).expect("netplan's file is YAML");
        netplan::addresses(&file["network"])
    };
    files.filter(is_netplan).flat_map(parse).collect()
}
