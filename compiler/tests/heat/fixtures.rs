//! Topologies for the tests, plugged together by hand.

use ipnet::IpNet;
use std::net::IpAddr;
use wtop_compiler::collections::IndexMap;
use wtop_compiler::lab::{Lab, TargetKind, lower};
use wtop_compiler::source::Span;
use wtop_compiler::topology::*;
use wtop_compiler::value::{LinkId, Mac, NetworkId, NodeId, Value};

/// A topology while it is plugged together.
#[derive(Default)]
pub struct Draft {
    pub topology: Topology,
    /// The node and the part of each machine, in order.
    places: Vec<(usize, usize)>,
}

/// The index of a machine among those of all nodes.
pub type MachineIndex = usize;

impl Draft {
    pub fn new(name: &str) -> Draft {
        Draft { topology: Topology { name: name.to_owned(), ..Topology::default() }, ..Draft::default() }
    }

    /// A target `cloud: heat`, perhaps with a way outside.
    pub fn target(&mut self, external: Option<&str>) -> &mut Target {
        let attributes = external.map(|name| ("external".into(), Value::string(name))).into_iter().collect();
        self.topology.targets.push(Target {
            name: "cloud".to_owned(),
            kind: "heat".to_owned(),
            default: true,
            images: IndexMap::default(),
            flavors: IndexMap::default(),
            networks: IndexMap::default(),
            attributes,
            origin: origin(900),
        });
        self.topology.targets.last_mut().unwrap()
    }

    /// A node of machines, whose NICs are not plugged in yet; gives the index of its first machine.
    pub fn node(&mut self, name: &str, device: &str, machines: Vec<Machine>) -> MachineIndex {
        let first = self.places.len();
        let node = self.topology.nodes.len();
        self.places.extend((0..machines.len()).map(|part| (node, part)));
        self.topology.nodes.push(Node {
            path: name.to_owned(),
            name: name.to_owned(),
            array: None,
            hostname: name.to_owned(),
            label: None,
            device: device.to_owned(),
            bases: Vec::new(),
            version: None,
            vendor: None,
            icon: "host".to_owned(),
            router: false,
            tags: Vec::new(),
            group: None,
            tier: None,
            notes: None,
            ports: Default::default(),
            interfaces: Vec::new(),
            management: None,
            machines,
            wires: Vec::new(),
            after: Vec::new(),
            start: true,
            guest: Guest::default(),
            attributes: Attributes::default(),
            origin: origin(node * 10),
        });
        first
    }

    /// The management network.
    pub fn management(&mut self, subnets: &[&str], gateways: &[&str]) {
        self.topology.management = Some(Management {
            subnets: nets(subnets),
            gateways: gateways.iter().map(|address| ip(address)).collect(),
            ..Management::default()
        });
    }

    /// Plugs the first NIC of a machine into the management network, as its node's management if it has addresses.
    pub fn manage(&mut self, machine: MachineIndex, addresses: &[&str]) {
        let (node, part) = self.places[machine];
        let node = &mut self.topology.nodes[node];
        let nic = &mut node.machines[part].nics[0];
        nic.plug = Plug::Management;
        let (name, addresses) = (nic.name.clone(), nets(addresses));
        if !addresses.is_empty() {
            node.management = Some(ManagementPort { machine: part, nic: 0, name, addresses });
        }
    }

    /// A network.
    pub fn network(&mut self, name: &str, subnets: &[&str]) -> &mut Network {
        let number = self.topology.networks.len();
        self.topology.networks.push(Network {
            path: name.to_owned(),
            name: name.to_owned(),
            subnets: nets(subnets),
            origin: origin(500 + number * 10),
            ..Network::default()
        });
        self.topology.networks.last_mut().unwrap()
    }

    /// Links a NIC to a network.
    pub fn attach(&mut self, network: &str, machine: MachineIndex, nic: usize, addresses: &[&str]) {
        let number = self.topology.networks.iter().position(|known| known.name == network).unwrap();
        let (end, name) = self.end(machine, nic, addresses);
        self.add_link(format!("{name}--{network}"), [end, LinkEnd::Network { network: NetworkId::from(number) }], &[]);
    }

    /// Links two NICs.
    pub fn link(&mut self, subnets: &[&str], ends: [(MachineIndex, usize, &[&str]); 2]) {
        let [left, right] = ends.map(|(machine, nic, addresses)| self.end(machine, nic, addresses));
        self.add_link(format!("{}--{}", left.1, right.1), [left.0, right.0], subnets);
    }

    /// Makes a NIC an interface, and gives it as an end of the next link, with its name.
    fn end(&mut self, machine: MachineIndex, nic: usize, addresses: &[&str]) -> (LinkEnd, String) {
        let (node_number, part) = self.places[machine];
        let link = LinkId::from(self.topology.links.len());
        let node = &mut self.topology.nodes[node_number];
        let interface = node.interfaces.len();
        let plugged = &mut node.machines[part].nics[nic];
        plugged.plug = Plug::Interface { interface };
        node.interfaces.push(Interface {
            name: plugged.name.clone(),
            kind: InterfaceKind::Physical { machine: part, nic },
            link: Some(link),
            addresses: nets(addresses),
            addressing: if addresses.is_empty() { Addressing::None } else { Addressing::Static },
            ..Interface::default()
        });
        let name = format!("{}:{}", node.path, plugged.name);
        (LinkEnd::Interface { node: NodeId::from(node_number), interface }, name)
    }

    fn add_link(&mut self, path: String, ends: [LinkEnd; 2], subnets: &[&str]) {
        let number = self.topology.links.len();
        self.topology.links.push(Link {
            path,
            name: None,
            ends,
            impairments: [Impairment::default(); 2],
            subnets: nets(subnets),
            mtu: None,
            up: true,
            lag: None,
            attributes: Attributes::default(),
            origin: origin(700 + number * 10),
        });
    }

    /// Joins the second NICs of the two machines of a node inside it.
    pub fn wire(&mut self, first: MachineIndex) {
        let node = &mut self.topology.nodes[self.places[first].0];
        for machine in &mut node.machines {
            machine.nics[1].plug = Plug::Wire { wire: node.wires.len() };
        }
        node.wires.push(Wire { ends: vec![(0, 1), (1, 1)], mtu: None });
    }

    /// The lab on the target.
    pub fn lab(&self) -> Lab<'_> {
        let (lab, diagnostics) = lower(&self.topology, self.topology.targets.first(), TargetKind::Heat);
        assert_eq!(diagnostics, []);
        lab
    }
}

/// A machine that boots from `image`, with NICs of one model.
pub fn machine(path: &str, image: &str, model: &str, nics: &[&str]) -> Machine {
    let part = path.split_once('/').map(|(_, part)| part.to_owned());
    Machine {
        path: path.to_owned(),
        name: path.replace('/', "-"),
        part,
        uuid: Default::default(),
        cpu: 1,
        memory: 1 << 30,
        cpu_model: None,
        cpu_flags: Vec::new(),
        machine_type: "pc".to_owned(),
        firmware: Firmware::Bios,
        smbios: IndexMap::default(),
        disks: vec![Disk {
            name: "boot".to_owned(),
            image: Some(Image {
                slot: image.to_owned(),
                version: None,
                format: None,
                bound: Some(format!("{image}-1.qcow2")),
            }),
            size: None,
            bus: if model == "virtio" { "virtio" } else { "ide" }.to_owned(),
        }],
        media: Vec::new(),
        nics: nics.iter().enumerate().map(|(index, name)| nic(path, index, name, model)).collect(),
        cloud_init: image == "debian",
        serials: 1,
        vga: None,
        delay: 0,
        console: Vec::new(),
        ready: Vec::new(),
        nested: false,
        attributes: Attributes::default(),
        origin: Origin::default(),
    }
}

fn nic(path: &str, index: usize, name: &str, model: &str) -> Nic {
    let sum = path.bytes().fold(7u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    let [_, a, b, c] = sum.to_be_bytes();
    let mac = Mac([0x52, 0x54, a, b, c, u8::try_from(index).unwrap()]);
    Nic { name: name.to_owned(), model: model.to_owned(), mac, plug: Plug::Nothing }
}

/// A medium from which a guest reads its user data.
pub fn config_drive(content: TextContent) -> Media {
    Media {
        name: "config".to_owned(),
        format: MediaFormat::Iso,
        layout: MediaLayout::Plain,
        label: "config-2".to_owned(),
        bus: "ide".to_owned(),
        files: vec![MediaFile { path: "openstack/latest/user_data".to_owned(), content: MediaContent::Text(content) }],
    }
}

/// The bytes at `start`.
pub fn origin(start: usize) -> Origin {
    Origin { span: Span::new(Default::default(), start, start + 5), ..Origin::default() }
}

/// An address.
pub fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// Prefixes, or addresses with their length.
fn nets(texts: &[&str]) -> Vec<IpNet> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}
