//! What is written for a guest but cannot reach it.

use super::world::{EntityId, World};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::topology as codes;
use crate::source::Span;
use crate::topology::{Node, Topology};
use crate::value::Value;
use std::collections::BTreeSet;

/// What only cloud-init brings to a guest.
const BY_CLOUD_INIT: [&str; 7] = ["packages", "files", "run", "run_each_boot", "services", "env", "users"];
/// What every other way brings to it, too.
const BY_CONFIGURATION: [&str; 6] = ["login", "ssh_keys", "routes", "dns", "ntp", "hostname"];

impl<'a> World<'a> {
    /// Warns at each line.
    pub(super) fn check_guest_config(&mut self, topology: &Topology) {
        let mut told = BTreeSet::new();
        for (index, node) in topology.nodes.iter().enumerate() {
            let Some(entity) = self.nodes.get(index).map(|node| node.entity) else { continue };
            let cloud_init = node.machines.iter().any(|machine| machine.cloud_init);
            let by_media = node.machines.iter().any(|machine| !machine.media.is_empty() || !machine.console.is_empty());
            let nothing = !cloud_init && !by_media;
            // A device with cloud-init and a `base` puts it among its files.
            let config = by_media || (cloud_init && self.defines(entity, "base"));
            if !config && self.is_own(entity, "config") {
                let instead = if cloud_init { "`files` and `run`" } else { "its own means" };
                self.report_cannot_arrive(entity, "config", node, instead);
            }
            for key in BY_CLOUD_INIT.into_iter().filter(|_| !cloud_init) {
                let instead = match key {
                    _ if nothing => "its own means",
                    "users" => "`login` or `config`",
                    _ => "`config`",
                };
                if self.is_own(entity, key) {
                    self.report_cannot_arrive(entity, key, node, instead);
                }
            }
            for key in BY_CONFIGURATION.into_iter().filter(|_| nothing) {
                if self.is_own(entity, key) {
                    self.report_cannot_arrive(entity, key, node, "its own means");
                }
            }
            self.check_interfaces_arrive(index, node, cloud_init, nothing);
            self.check_keys_arrive(entity, node, &mut told);
        }
    }

    fn is_own(&self, entity: EntityId, key: &str) -> bool {
        self.entities.get(entity).is_some_and(|entity| entity.own.contains_key(key))
    }

    fn report_cannot_arrive(&mut self, entity: EntityId, key: &str, node: &Node, instead: &str) {
        let span = self.attribute_span(entity, key);
        let message = format!(
            "`{key}` of `{}` cannot reach the guest: a {} has no way for it at first boot",
            node.path, node.device
        );
        self.report_lost(span, message, format!("use {instead}, or a device that takes it"));
    }

    fn report_lost(&mut self, span: Span, message: String, help: String) {
        self.report(Diagnostic::new(&codes::W0507, span, message, "does not arrive").help(help));
    }

    /// Addresses written at the ports of a machine that nobody configures, and VRFs of routers set up by cloud-init. (At a
    /// host, a VRF says whose prefix its address is of, and there is nothing to set.)
    fn check_interfaces_arrive(&mut self, index: usize, node: &Node, cloud_init: bool, nothing: bool) {
        if !cloud_init && !nothing {
            return;
        }
        for interface in &node.interfaces {
            let entry = self.nodes.get(index).and_then(|node| node.interfaces.get(interface.name.as_str()));
            let Some(entity) = entry.map(|entry| entry.entity) else { continue };
            let place = format!("`{}:{}`", node.path, interface.name);
            if nothing && self.is_own(entity, "address") {
                let message =
                    format!("the address of {place} cannot reach the guest: nothing configures a {}", node.device);
                let help = "leave it out and set it in the guest, or use a device that takes it".to_owned();
                self.report_lost(self.attribute_span(entity, "address"), message, help);
            }
            if cloud_init && node.router && self.is_own(entity, "vrf") {
                let message = format!("the VRF of {place} cannot reach the guest: cloud-init knows none");
                let help = "make it with `run_each_boot`, such as `ip link add blue type vrf table 10`".to_owned();
                self.report_lost(self.attribute_span(entity, "vrf"), message, help);
            }
        }
    }

    /// SSH keys of types that the device does not take: `limits { ssh_key_types = ["ssh-rsa"] }`.
    /// A key of the topology is told of once.
    fn check_keys_arrive(&mut self, entity: EntityId, node: &Node, told: &mut BTreeSet<(EntityId, String)>) {
        let limits = self.map(entity, "limits");
        let Some(Value::List(types)) = limits.get("ssh_key_types") else { return };
        let types: Vec<String> = types.iter().filter_map(super::read::text).collect();
        for owner in [self.topology_entity, entity] {
            for key in self.strings(owner, "ssh_keys") {
                let kind = key.split_whitespace().next().unwrap_or_default();
                if !types.iter().any(|known| known == kind) && told.insert((owner, key.clone())) {
                    let message = format!(
                        "a key of type `{kind}` cannot reach `{}`: a {} does not take it",
                        node.path, node.device
                    );
                    let help = format!("it takes {}; or log in with a password", types.join(", "));
                    self.report_lost(self.attribute_span(owner, "ssh_keys"), message, help);
                }
            }
        }
    }
}
