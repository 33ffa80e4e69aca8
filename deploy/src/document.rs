//! Libvirt's documents as we read them: those that the compiler wrote and those that libvirt gives back are read by the
//! same functions, so that comparing them compares what they mean and not how libvirt writes.

use crate::problem::Problem;
use roxmltree::{Document, Node};
use std::collections::BTreeMap;
use wtop_compiler::backends::libvirt::METADATA;

/// Stands for the definition of a machine that is not whole yet.
pub const UNFINISHED: &str = "unfinished";

/// A domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineDocument {
    /// Libvirt's name of it.
    pub name: String,
    /// Its UUID.
    pub uuid: String,
    /// Whose it is; none for what is not ours.
    pub label: Option<MachineLabel>,
    /// What it is, in words of the language, but for its NICs.
    pub fields: Vec<(String, String)>,
    /// Its NICs, in order.
    pub nics: Vec<NicDocument>,
    /// The volumes that it uses: pool and name.
    pub volumes: Vec<(String, String)>,
}

/// Our label on a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineLabel {
    /// The lab.
    pub topology: String,
    /// The node.
    pub node: String,
    /// The machine: the node, or a part of it.
    pub path: String,
    /// Hash of all that it is.
    pub definition: String,
    /// Hash of its hardware without NICs.
    pub hardware: String,
    /// Hash of images and boot media.
    pub first_boot: String,
    /// Do its disks stay when the lab goes down?
    pub persist: bool,
    /// The element, to be written as it stands.
    pub xml: String,
}

/// A NIC of a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NicDocument {
    /// What tells it from the others.
    pub mac: String,
    /// Name of the interface to the user.
    pub name: String,
    /// The device of the host.
    pub port: String,
    /// The network it is on, for NICs on networks of libvirt.
    pub network: Option<String>,
    /// What can be changed while it runs: where it leads, carrier, rate.
    pub live: Vec<(String, String)>,
    /// What cannot: kind, model, MTU.
    pub fixed: Vec<(String, String)>,
    /// What `tc` is to do to what the guest sends.
    pub impairment: Vec<(String, String)>,
    /// The element.
    pub xml: String,
}

/// A network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkDocument {
    /// Libvirt's name of it.
    pub name: String,
    /// Its UUID.
    pub uuid: String,
    /// Whose it is; none for what is not ours.
    pub label: Option<NetworkLabel>,
    /// The bridge on the host, if it has one.
    pub bridge: Option<String>,
    /// What it is.
    pub fields: Vec<(String, String)>,
    /// Fixed leases: MAC and the element.
    pub leases: Vec<(String, String)>,
}

/// Our label on a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkLabel {
    /// The lab.
    pub topology: String,
    /// The segment.
    pub path: String,
    /// The mask that each port of a wire needs, so that it passes everything.
    pub group_fwd_mask: Option<String>,
    /// Does it repeat every frame to every port?
    pub hub: bool,
}

/// Reads a domain.
///
/// # Errors
/// It is no XML.
pub fn machine(text: &str) -> Result<MachineDocument, Problem> {
    let document = parse(text)?;
    let root = document.root_element();
    let label = child(root, "metadata").and_then(|metadata| ours(metadata, "machine"));
    let devices = child(root, "devices");
    let written = |name| devices.into_iter().flat_map(move |devices| named(devices, name));
    // Libvirt puts a NIC that came later where its address is, so only the port tells which label is whose.
    let labels: BTreeMap<&str, Node<'_, '_>> = label
        .into_iter()
        .flat_map(|label| ours_in(label, "nic"))
        .filter_map(|label| Some((label.attribute("port")?, label)))
        .collect();
    let label_of = |node| labels.get(child(node, "target")?.attribute("dev")?).copied();
    let nics = written("interface").map(|node| nic(text, node, label_of(node)));
    let volume = |disk: Node<'_, '_>| {
        let source = child(disk, "source")?;
        Some((source.attribute("pool")?.to_owned(), source.attribute("volume")?.to_owned()))
    };
    Ok(MachineDocument {
        name: content(root, "name"),
        uuid: content(root, "uuid"),
        label: label.map(|label| machine_label(text, label)),
        fields: machine_fields(root, label),
        nics: nics.collect(),
        volumes: written("disk").filter_map(volume).collect(),
    })
}

fn machine_label(text: &str, label: Node<'_, '_>) -> MachineLabel {
    let said = |name: &str| label.attribute(name).unwrap_or_default().to_owned();
    MachineLabel {
        topology: said("topology"),
        node: said("node"),
        path: said("path"),
        definition: said("definition"),
        hardware: said("hardware"),
        first_boot: said("first_boot"),
        persist: label.attribute("persist") == Some("yes"),
        xml: text.get(label.range()).unwrap_or_default().to_owned(),
    }
}

fn machine_fields(root: Node<'_, '_>, label: Option<Node<'_, '_>>) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut put = |name: &str, value: Option<String>| {
        fields.extend(value.filter(|value| !value.is_empty()).map(|value| (name.to_owned(), value)));
    };
    put("domain type", root.attribute("type").map(str::to_owned));
    put("memory", child(root, "memory").and_then(kibibytes).map(|size| format!("{} MiB", size / 1024)));
    put("cpu", Some(content(root, "vcpu")));
    put("cpu model", child(root, "cpu").map(model_of));
    let os = child(root, "os");
    // Libvirt writes the newest version of a machine type in place of its name.
    let machine = os.and_then(|os| child(os, "type")).and_then(|kind| kind.attribute("machine"));
    put("machine type", machine.map(|name| if name.contains("q35") { "q35" } else { "pc" }.to_owned()));
    put("firmware", os.and_then(|os| os.attribute("firmware")).map(str::to_owned));
    for disk in child(root, "devices").into_iter().flat_map(|devices| named(devices, "disk")) {
        let target = child(disk, "target");
        let place = target.and_then(|target| target.attribute("dev")).unwrap_or_default();
        let volume = child(disk, "source").and_then(|source| source.attribute("volume")).unwrap_or_default();
        let bus = target.and_then(|target| target.attribute("bus")).unwrap_or_default();
        put(&format!("disk {place}"), Some(format!("{volume} on {bus}")));
    }
    for (name, shown) in [("start", "start"), ("delay", "delay"), ("persist", "persist")] {
        put(shown, label.and_then(|label| label.attribute(name)).map(str::to_owned));
    }
    let listed = |element: &'static str, attributes: &[&str]| {
        let nodes = label.into_iter().flat_map(|label| ours_in(label, element));
        let shown = |node: Node<'_, '_>| {
            attributes.iter().filter_map(|name| node.attribute(*name)).collect::<Vec<_>>().join(" to ")
        };
        nodes.map(shown).collect::<Vec<_>>().join(", ")
    };
    put("after", Some(listed("after", &["node"])));
    put("publish", Some(listed("publish", &["port", "to"])));
    fields
}

fn model_of(cpu: Node<'_, '_>) -> String {
    let model = content(cpu, "model");
    if model.is_empty() { cpu.attribute("mode").unwrap_or_default().to_owned() } else { model }
}

fn kibibytes(memory: Node<'_, '_>) -> Option<u64> {
    let size: u64 = memory.text()?.trim().parse().ok()?;
    match memory.attribute("unit").unwrap_or("KiB") {
        "b" | "bytes" => Some(size / 1024),
        "KiB" | "k" => Some(size),
        "MiB" | "M" => size.checked_mul(1024),
        "GiB" | "G" => size.checked_mul(1024 * 1024),
        _ => None,
    }
}

fn nic(text: &str, node: Node<'_, '_>, label: Option<Node<'_, '_>>) -> NicDocument {
    let inner = |element: &str, attribute: &str| {
        child(node, element).and_then(|found| found.attribute(attribute)).map(str::to_owned)
    };
    let kind = node.attribute("type").unwrap_or_default();
    let place = inner("source", kind).or_else(|| inner("source", "dev"));
    let rate = child(node, "bandwidth").and_then(|bandwidth| child(bandwidth, "outbound"));
    let rate = rate.and_then(|outbound| outbound.attribute("average")).map(|average| format!("{average} kB/s"));
    let said = |name: &str| label.and_then(|label| label.attribute(name)).map(str::to_owned);
    let pairs = |values: Vec<(&str, Option<String>)>| {
        values.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    };
    let impairment = label.and_then(|label| ours(label, "impairment"));
    let impairment = impairment.into_iter().flat_map(|found| found.attributes().collect::<Vec<_>>());
    let mac = inner("mac", "address").unwrap_or_default().to_ascii_lowercase();
    NicDocument {
        name: said("name").unwrap_or_else(|| mac.clone()),
        port: said("port").or_else(|| inner("target", "dev")).unwrap_or_default(),
        network: inner("source", "network").filter(|_| kind == "network"),
        live: pairs(vec![
            ("on", place),
            ("carrier", Some(inner("link", "state").unwrap_or_else(|| "up".to_owned()))),
            ("rate", rate),
        ]),
        fixed: pairs(vec![
            ("kind", Some(kind.to_owned())),
            ("model", inner("model", "type")),
            ("mtu", inner("mtu", "size")),
        ]),
        impairment: impairment.map(|attribute| (attribute.name().to_owned(), attribute.value().to_owned())).collect(),
        xml: text.get(node.range()).unwrap_or_default().to_owned(),
        mac,
    }
}

/// Reads a network.
///
/// # Errors
/// It is no XML.
pub fn network(text: &str) -> Result<NetworkDocument, Problem> {
    let document = parse(text)?;
    let root = document.root_element();
    let label = child(root, "metadata").and_then(|metadata| ours(metadata, "segment"));
    let said = |name: &str| label.and_then(|label| label.attribute(name)).map(str::to_owned);
    let mut fields = Vec::new();
    let mut put = |name: &str, value: Option<String>| fields.extend(value.map(|value| (name.to_owned(), value)));
    put("forward", child(root, "forward").map(|forward| forward.attribute("mode").unwrap_or("nat").to_owned()));
    let bridge = child(root, "bridge");
    let stp = bridge.and_then(|bridge| bridge.attribute("stp"));
    put("stp", stp.filter(|stp| *stp == "on").map(str::to_owned));
    put("mtu", child(root, "mtu").and_then(|mtu| mtu.attribute("size")).map(str::to_owned));
    put("domain", child(root, "domain").and_then(|domain| domain.attribute("name")).map(str::to_owned));
    let mut leases = Vec::new();
    for ip in named(root, "ip") {
        let address = ip.attribute("address").unwrap_or_default();
        put("address", Some(format!("{address}/{}", ip.attribute("prefix").unwrap_or_default())));
        for range in child(ip, "dhcp").into_iter().flat_map(|dhcp| named(dhcp, "range")) {
            let end = |name: &str| range.attribute(name).unwrap_or_default();
            put("dhcp", Some(format!("{} to {}", end("start"), end("end"))));
        }
        for host in child(ip, "dhcp").into_iter().flat_map(|dhcp| named(dhcp, "host")) {
            let key = host.attribute("mac").or_else(|| host.attribute("id")).or_else(|| host.attribute("name"));
            leases.push((key.unwrap_or_default().to_owned(), text.get(host.range()).unwrap_or_default().to_owned()));
        }
    }
    for options in root.children().filter(|node| node.tag_name().name() == "options") {
        for option in options.children().filter_map(|option| option.attribute("value")) {
            put("dnsmasq", Some(option.to_owned()));
        }
    }
    put("group_fwd_mask", said("group_fwd_mask"));
    put("hub", said("hub"));
    Ok(NetworkDocument {
        name: content(root, "name"),
        uuid: content(root, "uuid"),
        label: label.map(|_| NetworkLabel {
            topology: said("topology").unwrap_or_default(),
            path: said("path").unwrap_or_default(),
            group_fwd_mask: said("group_fwd_mask"),
            hub: said("hub").as_deref() == Some("yes"),
        }),
        bridge: bridge.and_then(|bridge| bridge.attribute("name")).map(str::to_owned),
        fields,
        leases,
    })
}

pub(crate) fn parse(text: &str) -> Result<Document<'_>, Problem> {
    Document::parse(text).map_err(|error| Problem::new(format!("a document of libvirt cannot be read: {error}")))
}

pub(crate) fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.has_tag_name(name))
}

pub(crate) fn named<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.has_tag_name(name))
}

pub(crate) fn content(node: Node<'_, '_>, name: &str) -> String {
    child(node, name).and_then(|child| child.text()).unwrap_or_default().trim().to_owned()
}

/// A child in our namespace.
fn ours<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> Option<Node<'a, 'i>> {
    ours_in(node, name).next()
}

fn ours_in<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.has_tag_name((METADATA, name)))
}
