//! Machines for the sketched topologies of tests: [`Sample`](crate::topology::sample::Sample) has none of its own.

use crate::collections::IndexMap;
use crate::topology::{
    Disk, Firmware, Image, Interface, Machine, Management, ManagementPort, Nic, Node, Plug, Topology,
};
use crate::value::Mac;
use ipnet::{IpNet, Ipv4Net};
use std::net::{IpAddr, Ipv4Addr};
use uuid::Uuid;

/// Gives each node one Debian machine: `eth0` on the management network 192.168.192.0/18, then a NIC for each
/// interface.
pub fn debian_machines(topology: &mut Topology) {
    let subnet: Ipv4Net = "192.168.192.0/18".parse().unwrap();
    let gateway = Ipv4Addr::from(u32::from(subnet.network()) + 1);
    topology.management = Some(Management {
        subnets: vec![IpNet::V4(subnet)],
        gateways: vec![IpAddr::V4(gateway)],
        ..Management::default()
    });
    for (index, node) in topology.nodes.iter_mut().enumerate() {
        let address = Ipv4Addr::from(u32::from(gateway) + 10 + u32::try_from(index).unwrap());
        let address = IpNet::V4(Ipv4Net::new(address, subnet.prefix_len()).unwrap());
        let addresses = vec![address];
        node.management = Some(ManagementPort { machine: 0, nic: 0, name: "eth0".to_owned(), addresses });
        node.machines = vec![debian(node)];
    }
}

fn debian(node: &Node) -> Machine {
    let mut nics = vec![nic(&node.path, "eth0", Plug::Management)];
    for (index, Interface { name, .. }) in node.interfaces.iter().enumerate() {
        nics.push(nic(&node.path, name, Plug::Interface { interface: index }));
    }
    Machine {
        path: node.path.clone(),
        name: node.path.replace('/', "-"),
        part: None,
        uuid: Uuid::new_v5(&Uuid::NAMESPACE_URL, node.path.as_bytes()),
        cpu: 1,
        memory: 512 * 1024 * 1024,
        cpu_model: None,
        cpu_flags: Vec::new(),
        machine_type: "q35".to_owned(),
        firmware: Firmware::Bios,
        smbios: IndexMap::default(),
        disks: vec![Disk {
            name: "boot".to_owned(),
            image: Some(Image { slot: "debian".to_owned(), version: None, format: None, bound: None }),
            size: None,
            bus: "virtio".to_owned(),
        }],
        media: Vec::new(),
        nics,
        cloud_init: true,
        serials: 1,
        vga: None,
        delay: 0,
        console: Vec::new(),
        ready: Vec::new(),
        nested: false,
        attributes: IndexMap::default(),
        origin: node.origin.clone(),
    }
}

/// A virtio NIC whose MAC address follows from node and name.
pub fn nic(node: &str, name: &str, plug: Plug) -> Nic {
    let hash = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("{node}/{name}").as_bytes()).into_bytes();
    let mac = Mac([0x52, 0x54, 0x00, hash[0], hash[1], hash[2]]);
    Nic { name: name.to_owned(), model: "virtio".to_owned(), mac, plug }
}
