//! What touches the world: labs as running machines, and the images they start from.
//!
//! The compiler says what must exist; this crate looks at what exists, and brings the one to the other. It knows
//! nothing of the text of a lab, prints nothing and asks nothing: the command line and the language server do.
//!
//! ```text
//! artifacts ──desired──▶ Desired ─┐
//!                                 ├─plan──▶ Plan ──steps──▶ graph of steps ──apply──▶ libvirt
//! libvirt ──observe──▶ Observed ──┘
//! ```
//!
//! State lives in libvirt alone: in the labels of what is ours, and in names and UUIDs that follow from the lab.

pub mod capture;
pub mod changes;
pub mod desired;
pub mod doctor;
pub mod document;
pub mod host;
pub mod images;
pub mod kvm;
pub mod links;
pub mod lock;
pub mod login;
pub mod observed;
pub mod plan;
pub mod probe;
pub mod problem;
mod rewrite;
pub mod screen;
pub mod sources;
pub mod status;
pub mod steps;

#[cfg(feature = "kvm")]
pub mod apply;
#[cfg(feature = "kvm")]
pub mod capacity;
#[cfg(feature = "kvm")]
pub mod change_link;
#[cfg(feature = "kvm")]
pub mod connect;
#[cfg(feature = "kvm")]
pub mod console;
#[cfg(feature = "kvm")]
mod dialogue;
#[cfg(feature = "kvm")]
pub mod observe;
#[cfg(feature = "kvm")]
pub mod pause;
#[cfg(feature = "kvm")]
mod perform;
#[cfg(feature = "kvm")]
mod plug;
#[cfg(feature = "kvm")]
pub mod promote;
#[cfg(feature = "kvm")]
mod ready;
#[cfg(feature = "kvm")]
pub mod snapshots;
#[cfg(feature = "kvm")]
mod volumes;
#[cfg(feature = "kvm")]
mod wire;
