//! Labs for the tests, plugged together by hand.

use indexmap::IndexMap;
use std::net::IpAddr;
use wtop_compiler::lab::{Lab, LabMachine, LabNic, Segment, SegmentKind};
use wtop_compiler::source::Span;
use wtop_compiler::topology::*;
use wtop_compiler::value::{LinkId, Mac, NetworkId, NodeId, Value};

/// A lab while it is plugged together.
#[derive(Default)]
pub struct Draft {
    pub topology: Topology,
    pub segments: Vec<Segment>,
    /// For each machine of all nodes in order, its NICs.
    pub nics: Vec<Vec<LabNic>>,
}

/// The index of a machine among those of all nodes.
pub type MachineIndex = usize;

impl Draft {
    pub fn new(name: &str) -> Draft {
        Draft { topology: Topology { name: name.to_owned(), ..Topology::default() }, ..Draft::default() }
    }

    /// A target `cloud: heat` with a way outside.
    pub fn target(&mut self, external: Option<&str>) -> &mut Target {
        let attributes = external.map(|name| ("external".to_owned(), Value::string(name))).into_iter().collect();
        self.topology.targets.push(Target {
            name: "cloud".to_owned(),
            kind: "heat".to_owned(),
            default: true,
            images: IndexMap::new(),
            flavors: IndexMap::new(),
            networks: IndexMap::new(),
            attributes,
            origin: origin(900),
        });
        self.topology.targets.last_mut().unwrap()
    }

    /// A node of machines, whose NICs are not plugged in yet; gives the index of its first machine.
    pub fn node(&mut self, name: &str, device: &str, machines: Vec<Machine>) -> MachineIndex {
        let first = self.nics.len();
        for machine in &machines {
            let nic = |nic: &Nic| LabNic { up: true, name: nic.name.clone(), ..LabNic::default() };
            self.nics.push(machine.nics.iter().map(nic).collect());
        }
        let node = self.topology.nodes.len();
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
            interfaces: Vec::new(),
            management: None,
            machines,
            wires: Vec::new(),
            after: Vec::new(),
            start: true,
            guest: Guest::default(),
            attributes: Attributes::new(),
            origin: origin(node * 10),
        });
        first
    }

    /// A segment that realises `kind`.
    pub fn segment(&mut self, path: &str, kind: SegmentKind, subnets: &[&str]) -> usize {
        self.segments.push(Segment {
            path: path.to_owned(),
            kind,
            members: Vec::new(),
            subnets: subnets.iter().map(|subnet| subnet.parse().unwrap()).collect(),
            host_addresses: Vec::new(),
            dhcp: Vec::new(),
            dns: Vec::new(),
            forward: Forward::None,
            mtu: None,
            stp: false,
            hub: false,
            binding: None,
        });
        self.segments.len() - 1
    }

    /// The management network, with its gateway at the first address.
    pub fn management(&mut self, subnets: &[&str], gateways: &[&str]) -> usize {
        let segment = self.segment("management", SegmentKind::Management, subnets);
        self.segments[segment].host_addresses = gateways.iter().map(|address| address.parse().unwrap()).collect();
        self.segments[segment].forward = Forward::Nat;
        segment
    }

    /// A network of the lab.
    pub fn network(&mut self, name: &str, subnets: &[&str]) -> usize {
        let id = NetworkId::from(self.topology.networks.len());
        self.topology.networks.push(Network {
            path: name.to_owned(),
            name: name.to_owned(),
            origin: origin(500 + id.index() * 10),
            ..Network::default()
        });
        self.segment(name, SegmentKind::Network(id), subnets)
    }

    /// A link between NICs with addresses.
    pub fn link(&mut self, subnets: &[&str], ends: [(MachineIndex, usize, &str); 2]) -> usize {
        let [left, right] =
            ends.map(|(machine, nic, _)| format!("{}:{}", self.path(machine), self.nics[machine][nic].name));
        let id = LinkId::from(self.topology.links.len());
        let path = format!("{left}--{right}");
        self.topology.links.push(Link {
            path: path.clone(),
            name: None,
            ends: [LinkEnd::Network { network: NetworkId(0) }, LinkEnd::Network { network: NetworkId(0) }],
            impairments: [Impairment::default(); 2],
            subnets: Vec::new(),
            mtu: None,
            up: true,
            lag: None,
            attributes: Attributes::new(),
            origin: origin(700 + id.index() * 10),
        });
        let segment = self.segment(&path, SegmentKind::Link(id), subnets);
        for (machine, nic, address) in ends {
            self.plug(segment, machine, nic, address);
        }
        segment
    }

    /// Plugs a NIC into a segment, with addresses separated by spaces.
    pub fn plug(&mut self, segment: usize, machine: MachineIndex, nic: usize, addresses: &str) {
        self.segments[segment].members.push((machine, nic));
        let plugged = &mut self.nics[machine][nic];
        plugged.segment = Some(segment);
        plugged.addresses = addresses.split_whitespace().map(|address| address.parse().unwrap()).collect();
    }

    /// Plugs the first NIC of a machine into the management network, and says so at its node.
    pub fn manage(&mut self, segment: usize, machine: MachineIndex, addresses: &str) {
        self.plug(segment, machine, 0, addresses);
        let nic = self.nics[machine][0].clone();
        let (node, part) = self.place(machine);
        self.topology.nodes[node].management =
            Some(ManagementPort { machine: part, nic: 0, name: nic.name, addresses: nic.addresses });
    }

    /// The node of a machine, and its place in it.
    fn place(&self, machine: MachineIndex) -> (usize, usize) {
        let nodes = self.topology.nodes.iter().enumerate();
        nodes.flat_map(|(node, of)| (0..of.machines.len()).map(move |part| (node, part))).nth(machine).unwrap()
    }

    fn path(&self, machine: MachineIndex) -> &str {
        &self.topology.nodes[self.place(machine).0].path
    }

    /// The lab.
    pub fn lab(&self) -> Lab<'_> {
        let mut machines = Vec::new();
        let mut nics = self.nics.iter();
        for (node_id, node) in self.topology.nodes.iter().enumerate() {
            for machine in &node.machines {
                let nics = nics.next().unwrap().clone();
                machines.push(LabMachine { node, node_id: NodeId::from(node_id), machine, nics });
            }
        }
        Lab {
            topology: &self.topology,
            target: self.topology.targets.first(),
            machines,
            segments: self.segments.clone(),
        }
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
        smbios: IndexMap::new(),
        disks: vec![Disk {
            name: "boot".to_owned(),
            image: Some(Image { slot: image.to_owned(), version: None, bound: Some(format!("{image}-1.qcow2")) }),
            size: None,
            bus: if model == "virtio" { "virtio" } else { "ide" }.to_owned(),
        }],
        media: Vec::new(),
        nics: nics.iter().enumerate().map(|(index, name)| nic(path, index, name, model)).collect(),
        cloud_init: false,
        serials: 1,
        vga: None,
        delay: 0,
        console: Vec::new(),
        ready: Vec::new(),
        nested: false,
        attributes: Attributes::new(),
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
        label: "config-2".to_owned(),
        bus: "ide".to_owned(),
        files: vec![MediaFile { path: "openstack/latest/user_data".to_owned(), content }],
    }
}

/// The bytes at `start`.
pub fn origin(start: usize) -> Origin {
    Origin { span: Span::new(Default::default(), start, start + 5), variables: Vec::new() }
}

/// An address.
pub fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}
