//! The lab: what must exist on a target so that a topology runs.
//!
//! Composite devices are machines now, links, networks, private wires and management are segments, and each NIC knows
//! its segment. Backends read this and nothing above it; everything a backend could get wrong by deciding for itself
//! (which NIC is on which segment, what is unplugged, names and order) is decided here, once.

mod limits;
mod lower;
mod origins;
#[cfg(test)]
pub mod sample;

pub use lower::lower;

use crate::topology::{Binding, Forward, Image, Impairment, Interface, Machine, Nic, Node, Plug, Target, Topology};
use crate::value::{LinkId, NetworkId, NodeId, Value};
use ipnet::IpNet;
use std::net::IpAddr;

/// What a lab can be put on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// KVM, through libvirt.
    Kvm,
    /// OpenStack, through HEAT.
    Heat,
}

impl TargetKind {
    /// The kind with this name in the source: `kvm`, `heat`.
    pub fn from_name(name: &str) -> Option<TargetKind> {
        [TargetKind::Kvm, TargetKind::Heat].into_iter().find(|kind| kind.name() == name)
    }

    /// Its name in the source.
    pub fn name(self) -> &'static str {
        match self {
            TargetKind::Kvm => "kvm",
            TargetKind::Heat => "heat",
        }
    }

    /// What an external network can be there: the names of bindings.
    pub fn bindings(self) -> &'static [&'static str] {
        match self {
            TargetKind::Kvm => &["bridge", "macvtap", "sriov", "existing"],
            TargetKind::Heat => &["provider", "existing"],
        }
    }
}

/// A lab on a target.
#[derive(Clone, Debug)]
pub struct Lab<'a> {
    /// The topology it realises.
    pub topology: &'a Topology,
    /// The target, if the source declares it; `--target kvm` works without one.
    pub target: Option<&'a Target>,
    /// Machines, in the order of nodes and of their parts.
    pub machines: Vec<LabMachine<'a>>,
    /// Segments: management first, then networks, links, private wires, each in source order.
    pub segments: Vec<Segment>,
}

impl Lab<'_> {
    /// What an image slot is on the target; the slot's own name where nothing is bound.
    pub fn image<'i>(&'i self, image: &'i Image) -> &'i str {
        bound_image(self.target, image).unwrap_or(&image.slot)
    }
}

/// What a target binds an image slot to: the entry of the version asked for, else that of the slot.
pub(crate) fn bound_image<'i>(target: Option<&'i Target>, image: &'i Image) -> Option<&'i str> {
    let versioned = image.version.as_ref().map(|version| format!("{}@{version}", image.slot));
    let entry = |key: &str| target.and_then(|target| target.images.get(key));
    versioned.and_then(|key| entry(&key)).or_else(|| entry(&image.slot)).or(image.bound.as_ref()).map(String::as_str)
}

/// A machine in its lab.
#[derive(Clone, Debug)]
pub struct LabMachine<'a> {
    /// The node that it is, or is a part of.
    pub node: &'a Node,
    /// Its index in the topology.
    pub node_id: NodeId,
    /// What it is.
    pub machine: &'a Machine,
    /// Where each NIC is plugged in; as many as `machine.nics`, in the same order.
    pub nics: Vec<LabNic>,
}

impl<'a> LabMachine<'a> {
    /// By what a target may mean it, the most exact first: its path, its node, the node's array, its device, and what
    /// that extends.
    pub fn names(&self) -> impl Iterator<Item = &'a String> + use<'a> {
        let node = self.node;
        let array = node.array.iter().map(|(name, _)| name);
        let own = [&self.machine.path, &node.path, &node.name].into_iter();
        own.chain(array).chain([&node.device]).chain(&node.bases)
    }

    /// What a map of the target (`hosts`, `pinning`, …) says for this machine.
    pub fn said_by<'t>(&self, target: &'t Target, attribute: &str) -> Option<&'t Value> {
        let Value::Map(said) = target.attributes.get(attribute)? else { return None };
        self.names().find_map(|name| said.get(name.as_str()))
    }

    /// The interface that a NIC carries, if it does.
    pub fn interface(&self, nic: &Nic) -> Option<&'a Interface> {
        match nic.plug {
            Plug::Interface { interface } => self.node.interfaces.get(interface),
            _ => None,
        }
    }
}

/// A NIC in its lab.
#[derive(Clone, Debug, Default)]
pub struct LabNic {
    /// Index in [`Lab::segments`]; none for a NIC that is only there to be counted.
    pub segment: Option<usize>,
    /// Is the carrier up at start?
    pub up: bool,
    /// Largest packet in bytes, if not 1500.
    pub mtu: Option<u32>,
    /// What happens to the frames that it sends.
    pub impairment: Impairment,
    /// Addresses that the guest will have there.
    pub addresses: Vec<IpNet>,
    /// Name of the interface to the user, or of the NIC where it is none: `ge-0/0/0`.
    pub name: String,
}

/// What frames can reach.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Path below the topology: `management`, `lan`, `h1:eth1--fw:ge-0/0/0`, `leaf1/wire-1`.
    pub path: String,
    /// What it realises.
    pub kind: SegmentKind,
    /// (index in [`Lab::machines`], index of the NIC), in order.
    pub members: Vec<(usize, usize)>,
    /// Prefixes.
    pub subnets: Vec<IpNet>,
    /// Gateway addresses that the target itself answers for (`forward = nat` or `route`, management).
    pub host_addresses: Vec<IpAddr>,
    /// DHCP range (first, last), one a family.
    pub dhcp: Vec<(IpAddr, IpAddr)>,
    /// Name servers given out.
    pub dns: Vec<IpAddr>,
    /// How it reaches what is outside.
    pub forward: Forward,
    /// Largest packet in bytes.
    pub mtu: Option<u32>,
    /// Does the segment itself speak spanning tree?
    pub stp: bool,
    /// Does it repeat every frame to every port?
    pub hub: bool,
    /// What it is outside the lab; it is not created then.
    pub binding: Option<Binding>,
}

/// What a segment realises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentKind {
    /// The management network.
    Management,
    /// A network.
    Network(NetworkId),
    /// A link between two interfaces.
    Link(LinkId),
    /// A private wire inside a node: its index in the node's `wires`.
    Wire(NodeId, usize),
}
