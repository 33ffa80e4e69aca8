//! Labs as libvirt gets them; what each test makes goes through libvirt's own schemas and mock driver where they are
//! installed.

mod domains;
mod labs;
mod networks;

use super::*;
use crate::collections::IndexMap;
use crate::lab::sample::{debian_machines, nic};
use crate::lab::{TargetKind, lower};
use crate::test_tools::{Tool, put, scratch};
use crate::topology::sample::Sample;
use crate::topology::{
    Binding, Disk, Firmware, Forward, Machine, Media, MediaContent, MediaFile, MediaLayout, Origin, Plug, TextContent,
    Topology, Wire,
};
use crate::value::{SecretSource, SecretText};
use std::sync::Arc;

/// Hosts, a LAN with DHCP behind NAT, and a firewall of two machines with everything that a device can ask for.
fn campus() -> Topology {
    let mut topology = Sample::new("h1 h2 fw:firewall [lan] [office]")
        .links("h1-fw h2~lan fw-lan fw-office")
        .with(debian_machines)
        .build();
    topology.name = "campus".to_owned();
    topology.domain = Some("lab.example".to_owned());
    topology.nodes[0].interfaces[0].addresses = vec!["10.0.0.0/31".parse().unwrap()];
    topology.links[0].mtu = Some(9000);
    let lan = &mut topology.networks[0];
    lan.subnets = vec!["172.16.1.0/24".parse().unwrap(), "2001:db8:1::/64".parse().unwrap()];
    lan.gateways = vec!["172.16.1.1".parse().unwrap(), "2001:db8:1::1".parse().unwrap()];
    lan.forward = Forward::Nat;
    lan.dhcp = vec![("172.16.1.100".parse().unwrap(), "172.16.1.200".parse().unwrap())];
    lan.dns = vec!["9.9.9.9".parse().unwrap(), "2620:fe::fe".parse().unwrap()];
    topology.networks[1].external = true;
    firewall(&mut topology);
    topology
}

/// Makes the third node a pair: an engine on old hardware and a forwarder on UEFI.
fn firewall(topology: &mut Topology) {
    let node = &mut topology.nodes[2];
    node.path = "edge/fw".to_owned();
    let mut engine = node.machines[0].clone();
    engine.path = "edge/fw/re".to_owned();
    engine.name = "edge-fw-re".to_owned();
    engine.part = Some("re".to_owned());
    let mut forwarder = Machine { path: "edge/fw/pfe".to_owned(), name: "edge-fw-pfe".to_owned(), ..engine.clone() };
    forwarder.uuid = uuid::Uuid::from_u128(7);
    forwarder.cloud_init = false;
    forwarder.firmware = Firmware::Uefi;
    forwarder.nics.remove(0);
    forwarder.nics.push(nic("edge/fw/pfe", "int", Plug::Wire { wire: 0 }));
    engine.machine_type = "pc".to_owned();
    engine.cpu = 2;
    engine.cpu_model = Some("SandyBridge".to_owned());
    engine.cpu_flags = vec!["+aes".to_owned(), "-avx2".to_owned()];
    engine.nested = true;
    engine.smbios = [("manufacturer", "A & B"), ("product", "\"RE\"")]
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .into_iter()
        .collect();
    engine.vga = Some("cirrus".to_owned());
    engine.serials = 2;
    engine.cloud_init = false;
    for disk in &mut engine.disks {
        disk.bus = "ide".to_owned();
    }
    engine.disks.push(Disk { name: "data".to_owned(), image: None, size: Some(16 << 30), bus: "scsi".to_owned() });
    engine.nics.truncate(1);
    engine.nics.push(nic("edge/fw/re", "int", Plug::Wire { wire: 0 }));
    engine.nics.push(nic("edge/fw/re", "em2", Plug::Nothing));
    for nic in &mut engine.nics {
        nic.model = "e1000".to_owned();
    }
    let password = TextContent::Secret(Arc::new(SecretText::new(SecretSource::Environment("ROOT".to_owned()))));
    let file = MediaFile { path: "juniper.conf".to_owned(), content: MediaContent::Text(password) };
    let medium = |name: &str, format, bus: &str| Media {
        name: name.to_owned(),
        format,
        layout: MediaLayout::Plain,
        label: "vmm-data".to_owned(),
        bus: bus.to_owned(),
        files: vec![file.clone()],
    };
    engine.media = vec![medium("config", MediaFormat::Vfat, "usb"), medium("extra", MediaFormat::Iso, "ide")];
    engine.attributes = [
        ("watchdog", Value::Member("i6300esb".into())),
        ("hugepages", Value::Bool(true)),
        ("cpu_limit", Value::Percent(500_000)),
    ]
    .map(|(name, value)| (name.into(), value))
    .into_iter()
    .collect();
    node.machines = vec![engine, forwarder];
    node.wires = vec![Wire { ends: vec![(0, 1), (1, 4)], mtu: None }];
}

fn target(binding: &str, attributes: &[(&str, &str)]) -> Target {
    let binding = Binding { kind: binding.to_owned(), name: "enp1s0".to_owned(), options: IndexMap::default() };
    let text = |(name, text): &(&str, &str)| ((*name).into(), Value::string(*text));
    Target {
        name: "here".to_owned(),
        kind: "kvm".to_owned(),
        default: true,
        images: [("debian".to_owned(), "/images/debian-12.qcow2".to_owned())].into_iter().collect(),
        flavors: IndexMap::default(),
        networks: [("office".to_owned(), binding)].into_iter().collect(),
        attributes: attributes.iter().map(text).collect(),
        origin: Origin::default(),
    }
}

fn built(topology: &Topology, target: &Target) -> (Vec<Artifact>, Vec<Diagnostic>) {
    let (lab, diagnostics) = lower(topology, Some(target), TargetKind::Kvm);
    assert_eq!(diagnostics, []);
    build(&lab)
}

/// The text of one artifact.
fn text(artifacts: &[Artifact], path: &str) -> String {
    let paths: Vec<&str> = artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
    let found = artifacts.iter().find(|artifact| artifact.path == path);
    String::from_utf8(found.unwrap_or_else(|| panic!("no {path} in {paths:#?}")).bytes.clone()).unwrap()
}

fn messages(diagnostics: &[Diagnostic]) -> String {
    let line = |d: &Diagnostic| format!("{}: {}; {}", d.code.id, d.message, d.help.as_deref().unwrap_or("-"));
    diagnostics.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Checks documents against libvirt's schemas and has its mock hypervisor define them.
fn validate(name: &str, artifacts: &[Artifact]) {
    let (Some(xmllint), Some(virsh)) = (Tool::find("xmllint"), Tool::find("virsh")) else { return };
    let folder = scratch(name);
    for artifact in artifacts {
        let path = put(&folder, &artifact.path, &artifact.bytes);
        let (schema, verb) = match artifact.path.split('/').next().unwrap() {
            "networks" => ("network", Some("net-define")),
            "domains" => ("domain", Some("define")),
            "volumes" => ("storagevol", None),
            _ => continue,
        };
        xmllint.run(&["--noout", "--relaxng", &format!("/usr/share/libvirt/schemas/{schema}.rng"), &path]);
        if let Some(verb) = verb {
            virsh.run(&["-q", "-c", "test:///default", verb, "--validate", &path]);
        }
    }
}
