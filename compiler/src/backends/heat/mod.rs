//! OpenStack HEAT: a lab as one template, which Heat makes a stack of.
//!
//! Each segment is a network, each NIC a port, each machine a server with its ports in the order of its NICs. What a
//! cloud names (images, flavors, the way outside) and every secret is a parameter. What a cloud cannot do is said, once
//! a kind, by `losses`. The facts about Heat, Neutron and Nova are those of OpenStack Zed (Heat 19).

mod addresses;
mod disks;
mod ids;
mod images;
mod losses;
mod networks;
mod parameters;
mod rates;
mod security;
mod servers;
mod trunks;
mod user_data;
mod yaml;

pub use parameters::{Ability, Meaning, Parameter};

use super::Artifact;
use super::source_map::Mark;
use crate::collections::IndexMap;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::heat as codes;
use crate::lab::Lab;
use crate::topology::Topology;
use ids::Ids;
use losses::Losses;
use networks::Network;
use parameters::Parameters;
use servers::{attribute, management_nic};
use std::collections::BTreeMap;
use yaml::{Map, Section, Sheet, Yaml};

/// Rocky's, which has all that is needed, so that old clouds take it, too.
const TEMPLATE_VERSION: &str = "2018-08-31";

/// Heat's usual limits; an administrator can change them.
const MOST_RESOURCES: usize = 1000;
const MOST_BYTES: usize = 512 * 1024;

/// The condition that a key pair is given.
const HAS_KEY: &str = "has_key";

/// A template: its text, and what it needs to know at deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// YAML.
    pub text: String,
    /// Where its lines came from.
    pub marks: Vec<Mark>,
    /// Its parameters, in order.
    pub parameters: Vec<Parameter>,
}

/// Makes the template of a lab as an artifact.
pub fn build(lab: &Lab) -> (Vec<Artifact>, Vec<Diagnostic>) {
    let (template, diagnostics) = template(lab);
    (
        vec![Artifact { path: "template.yaml".to_owned(), bytes: template.text.into_bytes(), marks: template.marks }],
        diagnostics,
    )
}

/// Makes the template of a lab.
pub fn template(lab: &Lab) -> (Template, Vec<Diagnostic>) {
    let mut writer = Writer::new(lab);
    losses::find(lab, &mut writer.losses);
    for (index, segment) in lab.segments.iter().enumerate() {
        let network = writer.network(index, segment);
        writer.networks.push(network);
    }
    writer.security_group();
    for (index, machine) in lab.machines.iter().enumerate() {
        writer.machine(index, machine);
    }
    writer.finish()
}

/// The template while it is written.
struct Writer<'a> {
    lab: &'a Lab<'a>,
    ids: Ids,
    parameters: Parameters,
    losses: Losses,
    /// The name of the network that leads outside, if the target has one.
    outside: Option<&'a str>,
    /// By the index of their segment.
    networks: Vec<Network>,
    /// The servers of each node, by its index.
    servers_of: Vec<Vec<String>>,
    /// Identifiers by policy and name.
    server_groups: IndexMap<(&'static str, String), String>,
    /// What the interfaces of each node send with tags, by its index.
    tags: Vec<trunks::Tags>,
    /// Identifiers of the policies for rates, by kilobits a second.
    policies: BTreeMap<u64, String>,
    resources: Section,
    diagnostics: Vec<Diagnostic>,
    /// Outputs: floating addresses by node.
    floating: Map,
}

impl<'a> Writer<'a> {
    fn new(lab: &'a Lab<'a>) -> Writer<'a> {
        let ids = Ids::new(lab);
        let mut servers_of = vec![Vec::new(); lab.topology.nodes.len()];
        for (index, machine) in lab.machines.iter().enumerate() {
            if let Some(servers) = servers_of.get_mut(machine.node_id.index()) {
                servers.push(ids.server(index).to_owned());
            }
        }
        Writer {
            lab,
            ids,
            parameters: Parameters::default(),
            losses: Losses::default(),
            outside: parameters::target_text(lab, "external"),
            networks: Vec::with_capacity(lab.segments.len()),
            servers_of,
            server_groups: IndexMap::default(),
            tags: lab.topology.nodes.iter().map(trunks::tags_of).collect(),
            policies: BTreeMap::new(),
            resources: Section::default(),
            diagnostics: Vec::new(),
            floating: Map::default(),
        }
    }

    /// Adds a resource.
    fn resource(&mut self, id: &str, kind: &str, properties: Map) {
        self.commented("", id, kind, properties);
    }

    /// Adds a resource below a comment, if that is not empty.
    fn commented(&mut self, comment: &str, id: &str, kind: &str, properties: Map) {
        self.resources.add(comment, id, Map::default().with("type", kind).with("properties", properties));
    }

    /// Adds a resource that is only there under a condition.
    fn conditional(&mut self, condition: &str, id: &str, kind: &str, properties: Map) {
        let resource = Map::default().with("type", kind).with("condition", condition);
        self.resources.add("", id, resource.with("properties", properties));
    }

    fn finish(mut self) -> (Template, Vec<Diagnostic>) {
        let topology = self.lab.topology;
        let mut parameters = std::mem::take(&mut self.parameters).list();
        let mut comment = "Images that the stack fetches";
        self.resources.from(self.lab.target.map(|target| target.origin.span));
        parameters.retain(|parameter| {
            let (Meaning::Image { slot, properties, .. }, Some(default)) = (&parameter.meaning, &parameter.default)
            else {
                return true;
            };
            if images::is_address(default) {
                let properties = images::fetched(&topology.name, slot, default, properties.as_ref());
                let image = Map::default().with("type", "OS::Glance::WebImage").with("properties", properties);
                self.resources.add(std::mem::take(&mut comment), &parameter.name, image);
            }
            !images::is_address(default)
        });
        let mut document = Map::default().with("heat_template_version", TEMPLATE_VERSION);
        document.add("description", describe(topology));
        document.add("parameters", parameters::section(&parameters));
        let conditions = conditions(&parameters);
        if !conditions.is_empty() {
            document.add("conditions", conditions);
        }
        let resources = self.resources.len();
        let mut text = preparations(&parameters);
        text.append(&document.document());
        self.resources.write_to(&mut text, "resources");
        text.push('\n');
        text.append(&Map::default().with("outputs", outputs(self.lab, &self.ids, self.floating)).document());
        let (text, marks) = text.finish();
        let mut diagnostics = self.diagnostics;
        diagnostics.extend(self.losses.diagnostics());
        if resources > MOST_RESOURCES || text.len() > MOST_BYTES {
            diagnostics.push(too_large(self.lab, resources, text.len()));
        }
        (Template { text, marks, parameters }, diagnostics)
    }
}

/// A line about the lab.
fn describe(topology: &Topology) -> &str {
    let documented = || topology.documentation.as_ref()?.lines().map(str::trim).find(|line| !line.is_empty());
    topology.title.as_deref().or_else(documented).unwrap_or(&topology.name)
}

/// A comment with what somebody must have told the cloud before the first deployment.
fn preparations(parameters: &[Parameter]) -> Sheet {
    let mut text = Sheet::default();
    for (index, command) in images::commands(parameters).iter().enumerate() {
        if index == 0 {
            text.push_str("# What the cloud needs to have once, by the names that the parameters have by default:\n");
        }
        text.push_str(&format!("#   {}\n", yaml::printable(command)));
    }
    text
}

/// What resources and properties depend on.
fn conditions(parameters: &[Parameter]) -> Map {
    let mut conditions = Map::default();
    let parameter = |name| Map::default().with("get_param", name).inline();
    for Parameter { meaning, name, .. } in parameters {
        match meaning {
            Meaning::Ability(ability) => conditions.add(ability.condition(), parameter(name.as_str())),
            Meaning::KeyName => {
                let equals = Yaml::inline_list([parameter(name.as_str()), "".into()]);
                let no_key = Map::default().with("equals", equals).inline();
                conditions.add(HAS_KEY, Map::default().with("not", no_key).inline());
            }
            _ => {}
        }
    }
    conditions
}

fn too_large(lab: &Lab, resources: usize, bytes: usize) -> Diagnostic {
    let span = lab.target.map(|target| target.origin.span).unwrap_or_default();
    let kib = bytes.div_ceil(1024);
    let message = format!(
        "the template has {resources} resources and {kib} KiB; Heat usually takes {MOST_RESOURCES} resources and {} KiB",
        MOST_BYTES / 1024
    );
    Diagnostic::new(&codes::W0863, span, message, "this lab is large for one stack").help(
        "ask the cloud's administrator to raise `max_resources_per_stack` and `max_template_size`, or make several labs",
    )
}

/// Where one reaches the machines.
fn outputs(lab: &Lab, ids: &Ids, floating: Map) -> Map {
    let (mut addresses, mut consoles) = (Map::default(), Map::default());
    for (index, machine) in lab.machines.iter().enumerate() {
        if let Some(nic) = management_nic(machine) {
            let path = [ids.port(index, nic).into(), "fixed_ips".into(), Yaml::Int(0), "ip_address".into()];
            addresses.add(machine.node.path.as_str(), attribute(path));
        }
        let path = [ids.server(index).into(), "console_urls".into(), "novnc".into()];
        consoles.add(machine.machine.path.as_str(), attribute(path));
    }
    let mut outputs = Map::default();
    let mut add = |name: &str, description: &str, value: Map| {
        if !value.is_empty() {
            outputs.add(name, Map::default().with("description", description).with("value", value));
        }
    };
    add("management_addresses", "Address of each node in the management network", addresses);
    add("floating_addresses", "Where each node is reached from outside", floating);
    add("consoles", "The screen of each machine", consoles);
    outputs
}
