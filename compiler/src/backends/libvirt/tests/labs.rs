//! Whole labs: files, names, secrets, losses.

use super::*;

#[test]
fn a_lab_is_these_files() {
    let (artifacts, diagnostics) = built(&campus(), &target("bridge", &[]));
    assert_eq!(messages(&diagnostics), "");
    let paths: Vec<&str> = artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
    insta::assert_snapshot!(paths.join("\n"), @r"
        networks/campus-management.xml
        networks/campus-lan.xml
        networks/campus-fw--h1.xml
        networks/campus-edge-fw-wire-1.xml
        volumes/campus-h1-seed.iso.xml
        seeds/campus-h1-seed.iso
        volumes/campus-h1-boot.qcow2.xml
        domains/campus-h1.xml
        volumes/campus-h2-seed.iso.xml
        seeds/campus-h2-seed.iso
        volumes/campus-h2-boot.qcow2.xml
        domains/campus-h2.xml
        volumes/campus-edge-fw-re-config.img.xml
        seeds/campus-edge-fw-re-config.img
        volumes/campus-edge-fw-re-extra.iso.xml
        seeds/campus-edge-fw-re-extra.iso
        volumes/campus-edge-fw-re-boot.qcow2.xml
        volumes/campus-edge-fw-re-data.qcow2.xml
        domains/campus-edge-fw-re.xml
        volumes/campus-edge-fw-pfe-boot.qcow2.xml
        domains/campus-edge-fw-pfe.xml
    ");
    validate("libvirt-lab", &artifacts);
}

#[test]
fn the_target_chooses_names_pool_and_emulation() {
    let attributes =
        [("prefix", "x."), ("pool", "labs"), ("domain_type", "qemu"), ("emulator", "/usr/bin/qemu-system-x86_64")];
    let (artifacts, _) = built(&campus(), &target("bridge", &attributes));
    validate("libvirt-qemu", &artifacts);
    let domain = text(&artifacts, "domains/x.edge-fw-re.xml");
    for part in [
        "<domain type=\"qemu\">",
        "<emulator>/usr/bin/qemu-system-x86_64</emulator>",
        "<cpu mode=\"maximum\">",
        "<source pool=\"labs\" volume=\"x.edge-fw-re-boot.qcow2\"/>",
    ] {
        assert!(domain.contains(part), "{part} in {domain}");
    }
}

#[test]
fn secrets_are_filled_in_at_deployment_and_leave_no_trace_elsewhere() {
    let (topology, target) = (campus(), target("bridge", &[]));
    let (lab, _) = lower(&topology, Some(&target), TargetKind::Kvm);
    let (written, _) = build(&lab);
    let (deployed, _) = build_with(&lab, &|_| "hunter2".to_owned());
    let holds = |artifact: &Artifact, text: &str| String::from_utf8_lossy(&artifact.bytes).contains(text);
    for (written, deployed) in written.iter().zip(&deployed) {
        assert_eq!(written.path, deployed.path);
        assert!(!holds(written, "hunter2"));
        let medium = written.path.starts_with("seeds/campus-edge");
        assert_eq!(holds(deployed, "hunter2"), medium, "{}", written.path);
        assert_eq!(holds(written, "${secret:env:ROOT}"), medium, "{}", written.path);
    }
}

#[test]
fn what_a_host_cannot_do_is_warned_of() {
    let mut topology = campus();
    topology.links[3].impairments[0].delay = Some(1_000_000);
    topology.networks[0].gateways.clear();
    topology.nodes[0].machines[0].smbios.insert("serial".to_owned(), "a\u{1}b".to_owned());
    for index in [0, 1] {
        topology.nodes[index].machines[0].attributes.insert("dedicated_cpu".into(), Value::Bool(true));
        topology.nodes[index].attributes.insert("apart".into(), Value::string("pair"));
    }
    topology.nodes[1].management = None;
    topology.nodes[1]
        .attributes
        .insert("publish".into(), Value::map([("80".into(), Value::Int(80))].into_iter().collect()));
    topology.networks[0].hub = true;
    topology.nodes[2].machines[0].disks.extend(["b", "c", "d", "e"].map(|name| Disk {
        name: name.to_owned(),
        image: None,
        size: Some(1 << 30),
        bus: "ide".to_owned(),
    }));
    topology.nodes[2].machines[0].media[1].files[0].path = "a/../b".to_owned();
    let (artifacts, diagnostics) = built(&topology, &target("sriov", &[]));
    assert!(text(&artifacts, "networks/campus-lan.xml").contains(" hub=\"yes\""));
    insta::assert_snapshot!(messages(&diagnostics));
}
