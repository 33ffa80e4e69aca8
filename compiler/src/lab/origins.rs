//! Where what a lab needs was written: what backends mark their lines with.

use super::{Lab, LabMachine, Segment, SegmentKind};
use crate::source::Span;
use crate::topology::{Origin, Plug};

impl Lab<'_> {
    /// What a segment was made by: a network, a link, a node with private wires, or the topology for management.
    fn maker(&self, segment: &Segment) -> Option<&Origin> {
        let topology = self.topology;
        match segment.kind {
            SegmentKind::Management => Some(&topology.origin),
            SegmentKind::Network(id) => topology.network(id).map(|network| &network.origin),
            SegmentKind::Link(id) => topology.link(id).map(|link| &link.origin),
            SegmentKind::Wire(id, _) => topology.node(id).map(|node| &node.origin),
        }
    }

    /// Where a segment was declared.
    pub fn segment_span(&self, segment: &Segment) -> Option<Span> {
        let origin = self.maker(segment)?;
        let management = (segment.kind == SegmentKind::Management).then(|| origin.attribute("management"));
        management.flatten().or(Some(origin.span))
    }

    /// Where an attribute of a segment is written, if it is.
    pub fn segment_attribute(&self, segment: &Segment, name: &str) -> Option<Span> {
        self.maker(segment)?.attribute(name)
    }
}

impl LabMachine<'_> {
    /// Where an attribute of the machine is written, or of the node that it is a part of; the first of these names that
    /// is set.
    pub fn attribute_span(&self, names: &[&str]) -> Option<Span> {
        let find = |origin: &Origin| names.iter().find_map(|name| origin.attribute(name));
        find(&self.machine.origin).or_else(|| find(&self.node.origin))
    }

    /// Where what a NIC is plugged into was written: the end of a link; for the others, the machine.
    pub fn nic_span(&self, nic: usize) -> Option<Span> {
        let interface = match self.machine.nics.get(nic)?.plug {
            Plug::Interface { interface } => self.node.interfaces.get(interface),
            Plug::Nothing | Plug::Management | Plug::Wire { .. } => None,
        };
        Some(interface.map_or(self.machine.origin.span, |interface| interface.origin.span))
    }
}
