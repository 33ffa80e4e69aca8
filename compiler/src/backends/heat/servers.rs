//! Servers, their ports in the order of their NICs, and their user data.

use super::Writer;
use super::parameters::target_text;
use super::user_data::Sources;
use super::yaml::{Map, Yaml};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::targets::E0814;
use crate::lab::{LabMachine, LabNic};
use crate::topology::Nic;
use crate::value::Value;
use ipnet::IpNet;
use std::net::IpAddr;

/// The zone of a cloud that has made no others.
const USUAL_ZONE: &str = "nova";

impl Writer<'_> {
    /// Writes a machine: a network for what is not plugged in, its ports, the server.
    pub(super) fn machine(&mut self, index: usize, machine: &LabMachine) {
        let node = machine.node;
        let mut comment = match &machine.machine.part {
            Some(part) => format!("{}: the {part} of {}, a {}", machine.machine.path, node.path, node.device),
            None => format!("{}: {}", machine.machine.path, node.device),
        };
        self.resources.from(node.origin.span);
        let unplugged = self.unplugged(machine, &mut comment);
        let mut ports = Vec::with_capacity(machine.nics.len());
        let mut trunks = Vec::new();
        for (nic_index, (lab_nic, nic)) in machine.nics.iter().zip(&machine.machine.nics).enumerate() {
            let id = self.ids.port(index, nic_index).to_owned();
            let properties = match lab_nic.segment {
                Some(_) => self.port(machine, lab_nic, nic, (index, nic_index)),
                None => self.unplugged_port(machine, nic, unplugged.as_ref()),
            };
            self.resources.from(machine.nic_span(nic_index));
            let properties = match self.rate_policy(lab_nic) {
                Some(policy) if lab_nic.segment.is_some() => properties.with("qos_policy", policy),
                _ => properties,
            };
            self.commented(&std::mem::take(&mut comment), &id, "OS::Neutron::Port", properties);
            trunks.extend(lab_nic.segment.and_then(|segment| self.trunk(machine, nic, segment, &id)));
            ports.push(Map::default().with("port", resource(&id)).inline());
        }
        self.resources.from(node.origin.span);
        self.server(index, machine, (ports, trunks), &comment);
        self.floating_address(index, machine);
    }

    /// The network for NICs that are only there to be counted, and its entry of `fixed_ips`. Its ports let nothing
    /// through, so two of them on it are not connected either.
    fn unplugged(&mut self, machine: &LabMachine, comment: &mut String) -> Option<(Yaml, Yaml)> {
        machine.nics.iter().find(|nic| nic.segment.is_none())?;
        let path = format!("{}/unplugged", machine.machine.path);
        let id = self.ids.names.unique("net", &path);
        let properties = Map::default()
            .with("name", format!("{}/{path}", self.lab.topology.name))
            .with("port_security_enabled", true);
        self.commented(&std::mem::take(comment), &id, "OS::Neutron::Net", properties);
        let network = resource(&id);
        let placeholder = self.placeholder(&path, &network, &[]);
        Some((network, placeholder))
    }

    fn unplugged_port(&self, machine: &LabMachine, nic: &Nic, unplugged: Option<&(Yaml, Yaml)>) -> Map {
        let (network, placeholder) = unplugged.cloned().unwrap_or_default();
        self.port_head(machine, nic)
            .with("network", network)
            .with("mac_address", nic.mac.to_string())
            .with("fixed_ips", Yaml::List(vec![placeholder]))
            .with("security_groups", Yaml::inline_list([]))
    }

    fn port_head(&self, machine: &LabMachine, nic: &Nic) -> Map {
        Map::default().with("name", format!("{}/{}/{}", self.lab.topology.name, machine.machine.path, nic.name))
    }

    fn port(&self, machine: &LabMachine, lab_nic: &LabNic, nic: &Nic, place: (usize, usize)) -> Map {
        let mut properties = self.port_head(machine, nic);
        let network = lab_nic.segment.and_then(|segment| self.networks.get(segment));
        let Some(network) = network else { return properties };
        properties.add("network", network.reference.clone());
        if network.ours {
            properties.add("mac_address", nic.mac.to_string());
            let fixed = network.fixed.get(&place).cloned().unwrap_or_default();
            properties.add("fixed_ips", Yaml::List(fixed));
        } else {
            // On a network of somebody else, Neutron lets us choose neither MAC nor security.
            let fixed = network.fixed.get(&place).filter(|fixed| !fixed.is_empty());
            fixed.into_iter().for_each(|fixed| properties.add("fixed_ips", Yaml::List(fixed.clone())));
            let pair = |address: &IpAddr| Map::default().with("ip_address", address.to_string()).inline();
            let pairs: Vec<Yaml> = network.shared.get(&place).into_iter().flatten().map(pair).collect();
            if !pairs.is_empty() {
                properties.add("allowed_address_pairs", Yaml::List(pairs));
            }
        }
        if network.management {
            let group = resource(super::security::SECURITY_GROUP);
            properties.add("security_groups", Yaml::inline_list([group]));
        }
        properties
    }

    /// The server itself; `wired` are its ports, and the trunks that must be there before it binds them.
    fn server(&mut self, index: usize, machine: &LabMachine, wired: (Vec<Yaml>, Vec<String>), comment: &str) {
        let (ports, trunks) = wired;
        let path = &machine.machine.path;
        let mut properties = Map::default().with("name", machine.machine.name.as_str());
        if let Some(image) = self.boot_image(machine) {
            properties.add_from(machine.attribute_span(&["image", "disk"]), "image", image);
        }
        let flavor = self.parameters.flavor(self.lab, machine);
        properties.add_from(machine.attribute_span(&["memory", "cpu"]), "flavor", flavor);
        let key = Yaml::inline_list([super::HAS_KEY.into(), self.parameters.key_name(self.lab), Yaml::Null]);
        properties.add("key_name", Map::default().with("if", key).inline());
        let topology = self.lab.topology.name.as_str();
        let metadata = Map::default().with("wtop_topology", topology).with("wtop_path", path.as_str());
        properties.add("metadata", metadata.inline());
        if let Some(zone) = self.zone(machine) {
            properties.add("availability_zone", zone);
        }
        if let Some(group) = self.server_group(machine) {
            let origin = machine.attribute_span(&["apart", "together"]);
            properties.add_from(origin, "scheduler_hints", Map::default().with("group", resource(&group)).inline());
        }
        if let Some(volumes) = self.volumes(machine) {
            properties.add("block_device_mapping_v2", volumes);
        }
        properties.add("config_drive", true);
        if let Some(user_data) = self.user_data(machine) {
            properties.add("user_data_format", "RAW");
            properties.add_from(machine.attribute_span(&["config"]), "user_data", user_data);
        }
        let none = || vec![Map::default().with("allocate_network", "none").inline()];
        properties.add("networks", Yaml::List(if ports.is_empty() { none() } else { ports }));
        self.raw(machine, &mut properties);
        let mut server = Map::default().with("type", "OS::Nova::Server");
        let after = self.started_before(machine).chain(&trunks);
        let after: Vec<Yaml> = after.map(|id| id.as_str().into()).collect();
        if !after.is_empty() {
            server.add("depends_on", Yaml::inline_list(after));
        }
        self.resources.add(comment, self.ids.server(index), server.with("properties", properties));
    }

    /// Properties that the target adds as they are: `raw { fw = "flavor_update_policy: RESIZE" }`.
    fn raw(&mut self, machine: &LabMachine, properties: &mut Map) {
        let Some(target) = self.lab.target else { return };
        let Some(Value::String(text)) = machine.said_by(target, "raw") else { return };
        let problem = match serde_saphyr::from_str::<serde_json::Value>(text) {
            Ok(serde_json::Value::Object(said)) => match said.keys().find(|name| properties.has(name)) {
                None => {
                    said.iter()
                        .for_each(|(name, value)| properties.add(name.as_str(), self.json(value, &Sources::new())));
                    return;
                }
                Some(name) => format!("`{name}` is there already"),
            },
            Ok(_) => "it is no map".to_owned(),
            Err(error) => error.to_string(),
        };
        let span = target.origin.attribute("raw").unwrap_or(target.origin.span);
        let message = format!("the raw piece for `{}` cannot be put into its server: {problem}", machine.machine.path);
        let diagnostic = Diagnostic::new(&E0814, span, message, "adds it");
        self.diagnostics
            .push(diagnostic.help("write further properties of an OS::Nova::Server as YAML: `name: value`"));
    }

    /// The servers of the nodes that must be there before this one.
    fn started_before(&self, machine: &LabMachine) -> impl Iterator<Item = &String> {
        let nodes = machine.node.after.iter();
        nodes.filter_map(|node| self.servers_of.get(node.index())).flatten()
    }

    /// The availability zone of a machine, and its host if the target says which: `nova:node-3`.
    fn zone(&self, machine: &LabMachine) -> Option<String> {
        let zone = target_text(self.lab, "availability_zone");
        match self.lab.target.and_then(|target| machine.said_by(target, "hosts")) {
            Some(Value::String(host)) => Some(format!("{}:{host}", zone.unwrap_or(USUAL_ZONE))),
            _ => zone.map(str::to_owned),
        }
    }

    /// The group of servers that the scheduler keeps together or apart, made at its first member.
    fn server_group(&mut self, machine: &LabMachine) -> Option<String> {
        let written = |name: &str| match machine.node.attributes.get(name) {
            Some(Value::String(group)) => Some(group.to_string()),
            _ => None,
        };
        let (policy, group) = match (written("apart"), written("together")) {
            (Some(group), _) => ("anti-affinity", group),
            (None, Some(group)) => ("affinity", group),
            (None, None) => return None,
        };
        let key = (policy, group);
        if let Some(id) = self.server_groups.get(&key) {
            return Some(id.clone());
        }
        let id = self.ids.names.unique("server_group", &format!("{}/{}", key.0, key.1));
        let name = format!("{}/{}", self.lab.topology.name, key.1);
        let properties = Map::default().with("name", name).with("policies", Yaml::inline_list([policy.into()]));
        self.resource(&id, "OS::Nova::ServerGroup", properties);
        self.server_groups.insert(key, id.clone());
        Some(id)
    }

    /// A floating address for the port that carries management, where there is a way outside.
    fn floating_address(&mut self, index: usize, machine: &LabMachine) {
        let Some((outside, nic)) = self.outside.zip(management_nic(machine)) else { return };
        let segment = machine.nics.get(nic).and_then(|nic| nic.segment.zip(Some(&nic.addresses)));
        let Some((segment, addresses)) = segment else { return };
        let Some(network) = self.networks.get(segment).filter(|network| network.management) else { return };
        let mut addresses = addresses.iter().map(IpNet::addr).filter(IpAddr::is_ipv4);
        let Some(interface) = addresses.find_map(|address| network.router_interface(&address)) else { return };
        let floating = Map::default().with("type", "OS::Neutron::FloatingIP").with("depends_on", interface);
        let properties = Map::default()
            .with("floating_network", self.parameters.external_network(outside))
            .with("port_id", resource(self.ids.port(index, nic)));
        let id = self.ids.names.unique("floating", &machine.machine.path);
        self.resources.add("", &id, floating.with("properties", properties));
        let address = attribute([id.as_str().into(), "floating_ip_address".into()]);
        self.floating.add(machine.node.path.as_str(), address);
    }
}

/// The NIC of this machine that carries its node's management.
pub(super) fn management_nic(machine: &LabMachine) -> Option<usize> {
    let port = machine.node.management.as_ref()?;
    let managed = machine.node.machines.get(port.machine)?;
    (managed.path == machine.machine.path).then_some(port.nic)
}

/// `get_resource`.
pub(super) fn resource(id: &str) -> Yaml {
    Map::default().with("get_resource", id).inline()
}

/// `get_attr`.
pub(super) fn attribute(path: impl IntoIterator<Item = Yaml>) -> Yaml {
    Map::default().with("get_attr", Yaml::inline_list(path)).inline()
}
