//! Pictures of a topology: SVG, HTML, JSON, plain characters, Graphviz and Mermaid.
//!
//! A [`Drawing`] is plain data: what there is to see, without a place. [`Scene::of`] places it with [`crate::layout`],
//! runs the lines and finds room for the labels; [`svg()`], [`html()`] and [`json()`] write a scene down, [`drawn()`] in pieces. [`text()`] has
//! a grid of cells instead of a scene, with the places of the same layout. [`dot()`] and [`mermaid()`] leave the places to
//! their tools and need only the drawing.
//!
//! **Invariant: no text from a topology reaches a picture unescaped**, and none of it can end the picture early.

mod document;
mod dot;
mod drawn;
mod graph;
mod html;
mod icons;
mod labels;
mod lines;
mod mermaid;
mod nesting;
mod patch;
mod plain;
mod roles;
#[cfg(test)]
mod samples;
mod scene;
mod svg;
#[cfg(test)]
mod tests;
mod text;
mod theme;
mod topology;

pub use document::{json, json_schema, json_value};
pub use dot::dot;
pub use drawn::{drawn, dress};
pub use html::html;
pub use mermaid::mermaid;
pub use patch::patch;
pub use plain::{Place, Text, Thing, text};
pub use scene::Scene;
pub use svg::svg;
pub use theme::Theme;
pub use topology::drawing;

/// What a picture shows. Ids are paths in the topology and unique over nodes, networks and links; a link to an id that
/// is not there is not drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// Above the picture; empty for none.
    pub title: String,
    /// Devices.
    pub nodes: Vec<Node>,
    /// Multi-access segments.
    pub networks: Vec<Network>,
    /// Wires.
    pub links: Vec<Link>,
    /// Bundles of links.
    pub lags: Vec<Lag>,
    /// Frames: modules, sites. Parents before their children.
    pub groups: Vec<Group>,
}

/// A device.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// Path: `office-nyc/gw`.
    pub id: String,
    /// Its name in the picture.
    pub label: String,
    /// In small letters below: the device.
    pub sublabel: Option<String>,
    /// How it is drawn.
    pub icon: Icon,
    /// Layer, from the lowest number at the top.
    pub tier: Option<i64>,
    /// Id of the innermost group around it.
    pub group: Option<String>,
    /// Tags. Well-known ones (`spine`, `leaf`, `core`, …) place a node that has no tier.
    pub tags: Vec<String>,
}

/// The drawings that nodes may have.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[allow(missing_docs)] // The names say it.
pub enum Icon {
    Router,
    Switch,
    Firewall,
    Host,
    Server,
    Cloud,
    Appliance,
    AccessPoint,
    LoadBalancer,
    Phone,
    #[default]
    Generic,
}

impl Icon {
    /// Every icon, with its name in the language.
    pub const ALL: [(&'static str, Icon); 11] = [
        ("router", Icon::Router),
        ("switch", Icon::Switch),
        ("firewall", Icon::Firewall),
        ("host", Icon::Host),
        ("server", Icon::Server),
        ("cloud", Icon::Cloud),
        ("appliance", Icon::Appliance),
        ("access_point", Icon::AccessPoint),
        ("load_balancer", Icon::LoadBalancer),
        ("phone", Icon::Phone),
        ("generic", Icon::Generic),
    ];

    /// The icon of this name; [`Icon::Generic`] for any other.
    pub fn named(name: &str) -> Icon {
        Icon::ALL.iter().find(|(known, _)| *known == name).map_or(Icon::Generic, |(_, icon)| *icon)
    }

    /// Does it stand at the edge of the network?
    pub fn is_endpoint(self) -> bool {
        matches!(self, Icon::Host | Icon::Server | Icon::Phone)
    }

    /// Its name in the language.
    pub fn name(self) -> &'static str {
        Icon::ALL.iter().find(|(_, icon)| *icon == self).map_or("generic", |(name, _)| name)
    }
}

/// A multi-access segment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Network {
    /// Path.
    pub id: String,
    /// Its name in the picture.
    pub label: String,
    /// Its prefixes.
    pub subnets: Vec<String>,
    /// A bar, or a cloud for what is outside the lab.
    pub shape: Shape,
    /// Layer, from the lowest number at the top.
    pub tier: Option<i64>,
    /// Id of the innermost group around it.
    pub group: Option<String>,
}

/// How a network is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Shape {
    /// A bar over all that is attached to it.
    #[default]
    Bar,
    /// A small cloud.
    Cloud,
}

/// A wire between two interfaces, or from an interface to a network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    /// Path.
    pub id: String,
    /// Its two ends.
    pub ends: [End; 2],
    /// Shown at its middle.
    pub label: Option<String>,
    /// Id of the bundle that it is a member of.
    pub lag: Option<String>,
    /// Is it out of service?
    pub down: bool,
}

/// An end of a link.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct End {
    /// Id of the node or network.
    pub at: String,
    /// Name of the interface; none at a network.
    pub interface: Option<String>,
    /// Addresses with their prefix lengths.
    pub addresses: Vec<String>,
    /// What it carries: `vlan 10`, `trunk 10, 20`.
    pub vlan: Option<String>,
}

/// A bundle of links.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lag {
    /// Path.
    pub id: String,
    /// Its name in the picture: `ae0`.
    pub label: String,
}

/// A frame around nodes, networks and other frames.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// Path.
    pub id: String,
    /// Its title.
    pub label: String,
    /// Id of the group around it.
    pub parent: Option<String>,
}
