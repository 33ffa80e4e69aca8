//! What exists: the objects of a lab that libvirt has, and the names that others have taken.

use crate::document::{MachineDocument, NetworkDocument};
use std::collections::BTreeSet;

/// What libvirt has.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// The networks of the lab.
    pub networks: Vec<ObservedNetwork>,
    /// The machines of the lab.
    pub machines: Vec<ObservedMachine>,
    /// Networks and machines of others.
    pub others: Vec<Other>,
    /// The storage pool.
    pub pool: Pool,
    /// All volumes in the pool, whoever has them.
    pub volumes: BTreeSet<String>,
}

/// A network of the lab.
#[derive(Clone, Debug)]
pub struct ObservedNetwork {
    /// What it is.
    pub document: NetworkDocument,
    /// Does it run?
    pub active: bool,
}

/// A machine of the lab.
#[derive(Clone, Debug)]
pub struct ObservedMachine {
    /// What it will be after its next start.
    pub document: MachineDocument,
    /// What runs, if it runs.
    pub live: Option<MachineDocument>,
    /// Libvirt's word for its state.
    pub state: &'static str,
}

impl ObservedMachine {
    /// Its path in the lab.
    pub fn path(&self) -> String {
        self.document.label.as_ref().map(|label| label.path.clone()).unwrap_or_default()
    }

    /// The node that it is, or is a part of.
    pub fn node(&self) -> &str {
        self.document.label.as_ref().map_or("", |label| &label.node)
    }
}

/// What is not ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// `machine` or `network`.
    pub kind: &'static str,
    /// Libvirt's name of it.
    pub name: String,
    /// Its UUID.
    pub uuid: String,
}

/// The state of a storage pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pool {
    /// It runs.
    #[default]
    Active,
    /// It is defined and does not run.
    Inactive,
    /// There is none of this name.
    Missing,
}
