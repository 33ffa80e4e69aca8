//! What a cloud cannot do for a lab: one warning a kind, with everything it concerns.

use super::images::NIC_MODELS;
use crate::collections::IndexMap;
use crate::diagnostics::codes::heat as codes;
use crate::diagnostics::{Code, Diagnostic};
use crate::lab::{Lab, LabMachine};
use crate::source::Span;
use crate::topology::{Impairment, InterfaceKind, Machine};
use crate::value::Value;
use crate::value::text::shown;
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// One kind of loss.
pub(super) struct Kind {
    code: &'static Code,
    /// What the cloud cannot do, up to the list of what it concerns.
    sentence: &'static str,
    /// What stands at each place.
    label: &'static str,
    help: &'static str,
}

/// Defines the kinds.
macro_rules! kinds {
    ($($name:ident: $code:ident $sentence:literal $label:literal $help:literal)*) => {
        $(pub(super) static $name: Kind =
            Kind { code: &codes::$code, sentence: $sentence, label: $label, help: $help };)*
    };
}

kinds! {
    NO_IMAGE: E0850
        "a server of a cloud boots from an image, and the first disk of these machines has none"
        "boots from an empty disk"
        "give the device an `image` for its first disk"
    USER_DATA: E0851
        "Nova takes at most 65535 bytes of user data (in base64), and these machines have more"
        "this machine's user data is too large"
        "have the guest fetch large files at first boot"
    IMPAIRMENT: W0850
        "a cloud cannot delay or drop frames, so these links run without their impairments"
        "impaired here"
        "use a `kvm` target where the impairment matters"
    LINK_DOWN: W0851
        "a cloud connects every port, so these links are up at the start"
        "this link should be down"
        "shut the interface down in the guest's configuration"
    MODELS: W0852
        "a cloud gives all NICs of a machine one model that Nova knows, so some NICs of these machines get another than \
         they ask for"
        "has NICs of other models"
        "ask for one model in the device if its guest can do with it"
    SHARED_IMAGE: W0853
        "an image carries the hardware of the machines that boot from it, and these machines want other hardware than \
         the first one with the same image"
        "wants other hardware"
        "bind another copy of the image for them, under a slot of its own"
    DISKS: W0854
        "a cloud without block storage gives a server one disk, and these machines have more"
        "has further disks"
        "if the cloud has block storage (Cinder), set the template's parameter `volumes` to true"
    CONSOLE: W0855
        "nobody types on a cloud's serial console, so the `console` dialogue of these machines does not run"
        "is set up by a dialogue"
        "set the machine up in its image, or log in once through the console address in the stack's outputs"
    HARDWARE: W0856
        "SMBIOS fields, CPU models and limits, clocks in local time and what follows a reboot are the cloud's own, so \
         these machines run without theirs"
        "asks for its own hardware"
        "ask the cloud's administrator for a flavor with that CPU"
    MEDIA: W0857
        "a server gets its configuration as user data, so other boot media do not reach these machines"
        "has a boot medium"
        "if the guest reads an OpenStack config drive, put its configuration in the file `openstack/latest/user_data` \
         of a medium"
    TAGS: W0858
        "many clouds drop frames with VLAN tags, and these ports send them"
        "sends tagged frames"
        "if the cloud has trunk ports, set the template's parameter `trunks` to true; else ask for VLAN-transparent networks"
    SWITCHING: W0859
        "a cloud's switch keeps LACP and spanning tree to itself and never floods like a hub, which these need"
        "needs a plain wire or another switch"
        "use static aggregation, or a `kvm` target"
    NO_OUTSIDE: W0860
        "the target does not say how to reach the outside, so these networks lead nowhere"
        "forwards to the outside"
        "name the cloud's external network in the target: `external = \"public\"`"
    ROUTE_IS_NAT: W0861
        "the router of a cloud translates addresses on the way out, so `forward = route` acts as `nat` for these networks"
        "is routed"
        "write `forward = nat`, or have an administrator turn translation off on the router"
    START: W0862
        "Heat starts every server, and as soon as it can, so `start` and `delay` of these machines do nothing"
        "should start later"
        "stop the server once the stack is up"
    IMAGE_PROPERTIES: W0864
        "in a cloud the image says which hardware its machines get, and these machines need other than usual"
        "does not find its disk or its NICs unless its image has the properties"
        "the commands are at the top of the template: `openstack image set --property …`"
    RATE: W0865
        "only where a cloud lets us make QoS policies can it limit rates, so these links may run without theirs"
        "limited here"
        "if the cloud lets you, set the template's parameter `rates` to true"
    PUBLISHED_PORT: W0866
        "a floating address leads to the ports of its server as they are, so these nodes are reached at their own ports, \
         not at the published ones"
        "publishes a port under another number"
        "write the same number on both sides: `publish { \"443\" = 443 }`"
    PUBLISHED_NOWHERE: W0867
        "without a floating address nobody outside reaches what these nodes publish"
        "publishes a port"
        "name the cloud's external network in the target, `external = \"public\"`, and let the node have its management port"
}

/// The losses found so far, by code.
#[derive(Default)]
pub(super) struct Losses(BTreeMap<&'static str, Found>);

/// Where one kind was found, and what it concerns.
struct Found {
    kind: &'static Kind,
    places: Vec<(Span, String)>,
}

/// How many places a message names.
const NAMED: usize = 3;

impl Losses {
    /// `name` at `span` loses something.
    pub(super) fn add(&mut self, kind: &'static Kind, span: Span, name: &str) {
        let found = self.0.entry(kind.code.id).or_insert_with(|| Found { kind, places: Vec::new() });
        found.places.push((span, name.to_owned()));
    }

    /// One diagnostic a kind, errors first.
    pub(super) fn diagnostics(self) -> Vec<Diagnostic> {
        self.0.into_values().map(diagnostic).collect()
    }
}

fn diagnostic(Found { kind, places: found }: Found) -> Diagnostic {
    // A loop makes many of one declaration: each place once, with the first name there.
    let mut places: IndexMap<Span, String> = IndexMap::default();
    let names: Vec<String> = found.iter().take(NAMED).map(|(_, name)| format!("`{name}`")).collect();
    let more = match found.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    for (span, name) in found {
        places.entry(span).or_insert(name);
    }
    let label = |name: &str| format!("`{name}`: {}", kind.label);
    let mut places = places.iter().take(NAMED);
    let (span, first) = places.next().map(|(span, name)| (*span, label(name))).unwrap_or_default();
    let message = format!("{}: {}{more}", kind.sentence, names.join(", "));
    let diagnostic = Diagnostic::new(kind.code, span, message, first).help(kind.help);
    places.fold(diagnostic, |diagnostic, (span, name)| diagnostic.label(*span, label(name)))
}

/// Finds what can be told from the lab alone.
pub(super) fn find(lab: &Lab, losses: &mut Losses) {
    for link in &lab.topology.links {
        let span = link.origin.span;
        if link.impairments.iter().any(|impairment| !Impairment { rate: None, ..*impairment }.is_none()) {
            losses.add(&IMPAIRMENT, span, &link.path);
        }
        if link.impairments.iter().any(|impairment| impairment.rate.is_some()) {
            losses.add(&RATE, span, &link.path);
        }
        if !link.up {
            losses.add(&LINK_DOWN, span, &link.path);
        }
    }
    for lag in lab.topology.lags.iter().filter(|lag| lag.mode == "lacp") {
        losses.add(&SWITCHING, lag.origin.span, &lag.path);
    }
    for network in lab.topology.networks.iter().filter(|network| network.stp || network.hub) {
        losses.add(&SWITCHING, network.origin.span, &network.path);
    }
    let has_outside = lab.target.is_some_and(|target| target.attributes.contains_key("external"));
    for node in &lab.topology.nodes {
        if let Some(Value::Map(ports)) = node.attributes.get("publish") {
            if node.management.is_none() || !has_outside {
                losses.add(&PUBLISHED_NOWHERE, node.origin.span, &node.path);
            }
            let moved = |(outer, inner): (&SmolStr, &Value)| shown(inner) != outer.as_str();
            if ports.iter().any(moved) {
                losses.add(&PUBLISHED_PORT, node.origin.span, &node.path);
            }
        }
        for interface in &node.interfaces {
            // Below a logical interface such as `irb` are gateways of VLANs, and no cable.
            let tagged = match &interface.kind {
                InterfaceKind::Subinterface { parent } => node.interfaces.iter().any(|port| port.name == *parent),
                _ => false,
            };
            if tagged || !interface.trunk.is_empty() {
                losses.add(&TAGS, interface.origin.span, &format!("{}:{}", node.path, interface.name));
            }
        }
    }
    for machine in &lab.machines {
        find_in_machine(machine, losses);
    }
}

fn find_in_machine(machine: &LabMachine, losses: &mut Losses) {
    let Machine { nics, console, smbios, cpu_model, cpu_flags, delay, path, attributes, .. } = machine.machine;
    let says = |name: &str, word: &str| matches!(attributes.get(name), Some(Value::Member(said)) if said == word);
    let own_clock = says("clock", "localtime") || says("on_reboot", "destroy");
    let own_cpu = cpu_model.is_some() || !cpu_flags.is_empty() || attributes.contains_key("cpu_limit");
    let several_models = nics.iter().zip(nics.iter().skip(1)).any(|(one, next)| one.model != next.model);
    let unknown_model = nics.iter().any(|nic| !NIC_MODELS.contains(&nic.model.as_str()));
    let kinds = [
        (several_models || unknown_model, &MODELS),
        (!console.is_empty(), &CONSOLE),
        (!smbios.is_empty() || own_cpu || own_clock, &HARDWARE),
        (*delay > 0 || !machine.node.start, &START),
    ];
    for (_, kind) in kinds.into_iter().filter(|(lost, _)| *lost) {
        losses.add(kind, machine.node.origin.span, path);
    }
}
