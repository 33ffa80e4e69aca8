//! Random labs: every device of the library, and one of two machines of their own, joined by links, networks and
//! aggregations, in arrays and in modules.

use super::artifacts;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use wtop_compiler::CompileOptions;
use wtop_compiler::source::MemoryFileSystem;

/// Devices with ports enough for [`MOST_LINKS`].
const DEVICES: [&str; 8] = ["debian", "ubuntu", "frr", "generic", "vsrx", "vmx", "vqfx", "box"];

/// What they boot.
const IMAGES: [&str; 12] = [
    "debian",
    "ubuntu",
    "generic",
    "vsrx",
    "vmx_vcp",
    "vmx_vcp_metadata",
    "vmx_vfp",
    "vmx_vfp_metadata",
    "vqfx_re",
    "vqfx_pfe",
    "brain",
    "card",
];

/// A device with all that makes counting hard: two machines, cards that nobody uses, a shared segment, another order.
const BOX: &str = "\
device box {
  router = true
  image brain
  image card
  vm control {
    cpu = 1, memory = 1GiB, disk = brain, nic_model = e1000
    nic unused
    nic internal
    nic mgmt
  }
  vm forward {
    cpu = 1, memory = 1GiB, disk = card, machine_type = q35, min_nics = 6
    nic port[0..7]
    nic internal
    nic watch { same_segment = control:internal }
    nic also { same_segment = control:mgmt }
    nic beside { same_segment = control:unused }
  }
  wire control:internal <-> forward:internal
  management = control:mgmt
  interface \"p${n}\" for n in 0..7 = forward:port[7 - n]
}
module office(hosts: int, up: network) {
  pub node gw: vsrx
  node pc[1..hosts]: debian
  network lan { subnet = 192.168.7.0/24, vrf = inside }
  vrf inside { rd = \"1:1\" }
  link gw <-> lan
  link each pc <-> lan
  link gw <-> up
  interface spare = gw:ge-0/0/7
}
";

/// No node gets more than this, so that none runs out of ports.
const MOST_LINKS: usize = 5;

/// What a lab is made of; everything is joined by number, modulo how many there are.
#[derive(Clone, Debug)]
struct Plan {
    /// Device, number of elements (0: no array), without a management port.
    nodes: Vec<(usize, usize, bool)>,
    /// IPv6 too, DHCP, exists outside.
    networks: Vec<(bool, bool, bool)>,
    /// Two nodes, with a prefix, down.
    wires: Vec<(usize, usize, bool, bool)>,
    /// Node and network.
    plugs: Vec<(usize, usize)>,
    /// Two nodes and how many links between them.
    bundles: Vec<(usize, usize, usize)>,
    /// Hosts of each office and its network.
    offices: Vec<(usize, usize)>,
    managed: bool,
}

fn plan() -> impl Strategy<Value = Plan> {
    let number = || 0..64usize;
    (
        prop::collection::vec((0..DEVICES.len(), 0..4usize, prop::bool::weighted(0.2)), 1..7),
        prop::collection::vec((any::<bool>(), any::<bool>(), prop::bool::weighted(0.2)), 1..4),
        prop::collection::vec((number(), number(), any::<bool>(), prop::bool::weighted(0.1)), 0..10),
        prop::collection::vec((number(), number()), 0..8),
        prop::collection::vec((number(), number(), 1..3usize), 0..3),
        prop::collection::vec((1..3usize, number()), 0..3),
        prop::bool::weighted(0.8),
    )
        .prop_map(|(nodes, networks, wires, plugs, bundles, offices, managed)| Plan {
            nodes,
            networks,
            wires,
            plugs,
            bundles,
            offices,
            managed,
        })
}

/// Writes a plan as a lab.
struct Writer {
    text: String,
    /// Every node, as the source calls it.
    nodes: Vec<String>,
    links: BTreeMap<String, usize>,
}

impl Writer {
    /// A node that has room for more links; counts them.
    fn take(&mut self, number: usize, links: usize) -> Option<String> {
        let node = self.nodes[number % self.nodes.len()].clone();
        let used = self.links.entry(node.clone()).or_default();
        let has_room = *used + links <= MOST_LINKS;
        *used += if has_room { links } else { 0 };
        has_room.then_some(node)
    }

    /// Two nodes that are not the same.
    fn take_two(&mut self, a: usize, b: usize, links: usize) -> Option<(String, String)> {
        (a % self.nodes.len() != b % self.nodes.len()).then_some(())?;
        Some((self.take(a, links)?, self.take(b, links)?))
    }

    fn line(&mut self, line: std::fmt::Arguments) {
        let _ = self.text.write_fmt(line);
        self.text.push('\n');
    }
}

fn text(plan: &Plan) -> String {
    let mut writer = Writer { text: format!("topology lab\n{BOX}"), nodes: Vec::new(), links: BTreeMap::new() };
    writer.line(format_args!("pool wires = [10.0.0.0/16 per /30, 2001:db8:1::/48 per /64]"));
    if !plan.managed {
        writer.line(format_args!("management = none"));
    }
    for (index, (device, elements, unmanaged)) in plan.nodes.iter().enumerate() {
        let device = DEVICES[*device];
        let body = if *unmanaged && plan.managed { " { management = none }" } else { "" };
        if *elements == 0 {
            writer.line(format_args!("node n{index}: {device}{body}"));
            writer.nodes.push(format!("n{index}"));
        } else {
            writer.line(format_args!("node n{index}[1..{elements}]: {device}{body}"));
            writer.nodes.extend((1..=*elements).map(|element| format!("n{index}[{element}]")));
        }
    }
    for (index, (ipv6, dhcp, external)) in plan.networks.iter().enumerate() {
        let ipv6 = if *ipv6 { format!(", 2001:db8:2:{index}::/64") } else { String::new() };
        let dhcp = if *dhcp && !external { ", dhcp = true" } else { "" };
        writer.line(format_args!(
            "network lan{index} {{ subnet = [10.9.{index}.0/24{ipv6}]{dhcp}, external = {external} }}"
        ));
    }
    for (index, (a, b, addressed, down)) in plan.wires.iter().enumerate() {
        if let Some((a, b)) = writer.take_two(*a, *b, 1) {
            let subnet = if *addressed { "subnet = from wires, " } else { "" };
            let state = if *down { "down" } else { "up" };
            writer.line(format_args!("link w{index}: {a} <-> {b} {{ {subnet}state = {state} }}"));
        }
    }
    for (index, (node, network)) in plan.plugs.iter().enumerate() {
        if let Some(node) = writer.take(*node, 1) {
            writer.line(format_args!("link p{index}: {node} <-> lan{}", network % plan.networks.len()));
        }
    }
    for (index, (a, b, links)) in plan.bundles.iter().enumerate() {
        if let Some((a, b)) = writer.take_two(*a, *b, *links) {
            writer.line(format_args!("lag b{index}: {a}:bond{index} <-> {b}:bond{index} {{"));
            (0..*links).for_each(|link| writer.line(format_args!("  link m{index}-{link}: {a} <-> {b}")));
            writer.line(format_args!("}}"));
        }
    }
    for (index, (hosts, network)) in plan.offices.iter().enumerate() {
        let network = network % plan.networks.len();
        writer.line(format_args!("node office{index}: office(hosts = {hosts}, up = lan{network})"));
        if let Some(node) = writer.take(index, 1) {
            writer.line(format_args!("link o{index}: {node} <-> office{index}:spare {{ subnet = from wires }}"));
        }
    }
    let images = IMAGES.map(|image| format!("{image} = \"{image}.qcow2\"")).join(", ");
    for (target, binding) in [("here: kvm", "bridge"), ("cloud: heat", "provider")] {
        let external = plan.networks.iter().enumerate().filter(|(_, (.., external))| *external);
        let bound: String = external.map(|(index, _)| format!("lan{index} = {binding}(\"x{index}\"), ")).collect();
        writer.line(format_args!("target {target} {{ images {{ {images} }}, networks {{ {bound} }} }}"));
    }
    writer.text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_random_lab_is_one_graph(plan in plan()) {
        let text = text(&plan);
        let fs = MemoryFileSystem::new([("lab.wtop", text.as_str())]);
        let options = CompileOptions { file: "lab.wtop".into(), ..CompileOptions::default() };
        let made = artifacts(&fs, &options).map_err(|errors| TestCaseError::fail(format!("{errors:#?}\n\n{text}")))?;
        let differences = made.differences();
        prop_assert!(differences.is_empty(), "{}\n\n{text}", differences.join("\n"));
    }
}
