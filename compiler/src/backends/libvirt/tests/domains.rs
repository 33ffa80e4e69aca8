//! Machines as domains.

use super::*;

#[test]
fn a_host() {
    let (artifacts, _) = built(&campus(), &target("bridge", &[]));
    insta::assert_snapshot!(text(&artifacts, "domains/campus-h1.xml"));
    insta::assert_snapshot!(text(&artifacts, "volumes/campus-h1-boot.qcow2.xml"));
    insta::assert_snapshot!(text(&artifacts, "volumes/campus-h1-seed.iso.xml"));
}

#[test]
fn two_machines_of_one_device() {
    let (artifacts, _) = built(&campus(), &target("bridge", &[]));
    insta::assert_snapshot!(text(&artifacts, "domains/campus-edge-fw-re.xml"));
    insta::assert_snapshot!(text(&artifacts, "domains/campus-edge-fw-pfe.xml"));
}

#[test]
fn many_nics_keep_their_order_on_every_machine_type() {
    for (machine_type, count, room) in [("q35", 150, 152), ("pc", 110, 116)] {
        let mut topology = Sample::new("h").with(debian_machines).build();
        let machine = &mut topology.nodes[0].machines[0];
        machine.machine_type = machine_type.to_owned();
        let spare = |number| nic("h", &format!("spare{number}"), Plug::Nothing);
        machine.nics = (0..count).map(spare).collect();
        let (lab, _) = lower(&topology, None, TargetKind::Kvm);
        let (artifacts, diagnostics) = build(&lab);
        assert_eq!(messages(&diagnostics), "");
        validate(&format!("libvirt-many-{machine_type}"), &artifacts);
        let domain = text(&artifacts, "domains/sample-h.xml");
        let nics = domain.split("<interface").skip(1).map(|nic| nic.split("bus=").nth(1).unwrap()[..18].to_owned());
        let places: Vec<String> = nics.collect();
        assert!(places.is_sorted(), "{places:?}");

        topology.nodes[0].machines[0].nics = (0..200).map(spare).collect();
        let (lab, _) = lower(&topology, None, TargetKind::Kvm);
        let said = messages(&build(&lab).1);
        assert!(said.starts_with(&format!("E0808: `h` has 200 NICs, and a machine has room for {room}")), "{said}");
    }
}

#[test]
fn a_change_of_configuration_changes_the_definition() {
    let definition = |topology: &Topology| {
        let (artifacts, _) = built(topology, &target("bridge", &[]));
        let domain = text(&artifacts, "domains/campus-h1.xml");
        domain.split("definition=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let mut topology = campus();
    let before = definition(&topology);
    topology.nodes[1].guest.packages.push("tcpdump".to_owned());
    assert_eq!(definition(&topology), before, "another machine has changed");
    topology.nodes[0].guest.packages.push("tcpdump".to_owned());
    assert_ne!(definition(&topology), before);
}

/// The elements of a document with this name that hold something, each in one line.
fn elements(document: &str, name: &str) -> String {
    let lines: Vec<&str> = document.lines().map(str::trim).collect();
    let mut found = String::new();
    let mut inside = false;
    for line in lines {
        let begins = line.starts_with(&format!("<{name}>")) || line.starts_with(&format!("<{name} "));
        inside |= begins;
        if inside {
            found.push_str(line);
        }
        if inside && line.ends_with(&format!("</{name}>")) {
            inside = false;
            found.push('\n');
        } else if inside {
            found.push(' ');
        }
    }
    found
}

#[test]
fn every_device_has_a_place_on_both_chipsets() {
    let mut places = String::new();
    for machine_type in ["q35", "pc"] {
        let mut topology = Sample::new("h1 h2").links("h1-h2").with(debian_machines).build();
        let machine = &mut topology.nodes[0].machines[0];
        machine.machine_type = machine_type.to_owned();
        machine.vga = Some("cirrus".to_owned());
        machine.attributes.insert("watchdog".into(), Value::Member("i6300esb".into()));
        for bus in ["virtio", "scsi", "sata", "usb"] {
            machine.disks.push(Disk { name: bus.to_owned(), image: None, size: Some(1 << 30), bus: bus.to_owned() });
        }
        let (lab, _) = lower(&topology, None, TargetKind::Kvm);
        let (artifacts, diagnostics) = build(&lab);
        assert_eq!(messages(&diagnostics), "");
        validate(&format!("libvirt-places-{machine_type}"), &artifacts);
        let domain = text(&artifacts, "domains/sample-h1.xml");
        let document = roxmltree::Document::parse(&domain).unwrap();
        places += &format!("{machine_type}\n");
        for address in document.descendants().filter(|node| node.has_tag_name("address")) {
            let device = address.parent().unwrap();
            let part = |name| address.attribute(name).unwrap().trim_start_matches("0x");
            let kind = device.attribute("model").or(device.attribute("type")).unwrap_or_default();
            let place = format!("{}:{}.{}", part("bus"), part("slot"), part("function"));
            places += &format!("  {place} {} {kind}\n", device.tag_name().name());
        }
    }
    insta::assert_snapshot!(places);
}

#[test]
fn smbios_of_board_and_bios() {
    let mut topology = Sample::new("h").with(debian_machines).build();
    let fields = [("bios_vendor", "Acme"), ("bios_date", "01/31/2026"), ("family", "lab"), ("board_product", "X")];
    topology.nodes[0].machines[0].smbios =
        fields.map(|(name, text)| (name.to_owned(), text.to_owned())).into_iter().collect();
    let (lab, _) = lower(&topology, None, TargetKind::Kvm);
    let (artifacts, _) = build(&lab);
    validate("libvirt-smbios", &artifacts);
    insta::assert_snapshot!(elements(&text(&artifacts, "domains/sample-h.xml"), "sysinfo"), @r#"<sysinfo type="smbios"> <bios> <entry name="vendor">Acme</entry> <entry name="date">01/31/2026</entry> </bios> <system> <entry name="family">lab</entry> </system> <baseBoard> <entry name="product">X</entry> </baseBoard> </sysinfo>"#);
}

/// What libvirt has no words for is in the metadata, in our own.
#[test]
fn metadata_for_who_deploys() {
    let mut topology = campus();
    let impairment = &mut topology.links[0].impairments[0];
    impairment.delay = Some(10_000_000);
    impairment.loss = Some(1000);
    impairment.rate = Some(100_000_000);
    let node = &mut topology.nodes[0];
    node.after = vec![crate::value::NodeId(1)];
    node.start = false;
    node.machines[0].delay = 5_000_000_000;
    node.attributes.insert("persist".into(), Value::Bool(true));
    let ports = Value::map([("8443".into(), Value::Int(443))].into_iter().collect());
    node.attributes.insert("publish".into(), ports);
    let (artifacts, diagnostics) = built(&topology, &target("bridge", &[]));
    assert_eq!(messages(&diagnostics), "");
    validate("libvirt-metadata", &artifacts);
    let domain = text(&artifacts, "domains/campus-h1.xml");
    let metadata = elements(&domain, "metadata").replace("> <", ">\n<");
    insta::assert_snapshot!(metadata + &elements(&domain, "bandwidth"));
}

#[test]
fn a_rate_can_be_changed_while_the_machine_runs() {
    let definition = |rate: Option<u64>| {
        let mut topology = campus();
        topology.links[0].impairments[0].rate = rate;
        let (artifacts, _) = built(&topology, &target("bridge", &[]));
        let domain = text(&artifacts, "domains/campus-h1.xml");
        assert_eq!(domain.contains("<bandwidth>"), rate.is_some());
        domain.split("definition=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    assert_eq!(definition(None), definition(Some(1_000_000)));
    assert_eq!(definition(Some(2_000_000)), definition(Some(1_000_000)));
}

#[test]
fn a_target_pins_machines_to_the_hosts_cpus() {
    let map = |entries: &[(&str, Value)]| {
        Value::map(entries.iter().map(|(name, value)| ((*name).into(), value.clone())).collect())
    };
    let mut here = target("bridge", &[]);
    let pinning = [("edge/fw/re", Value::string("2-3")), ("h1", Value::string("4,5")), ("h2", Value::string("all"))];
    here.attributes.insert("pinning".into(), map(&pinning));
    here.attributes.insert("numa".into(), map(&[("edge/fw", Value::Int(1))]));
    let mut topology = campus();
    for index in [0, 1] {
        topology.nodes[index].machines[0].attributes.insert("dedicated_cpu".into(), Value::Bool(true));
    }
    let (artifacts, diagnostics) = built(&topology, &here);
    validate("libvirt-pinning", &artifacts);
    let engine = text(&artifacts, "domains/campus-edge-fw-re.xml");
    let parts = ["vcpu", "cputune", "numatune"].map(|name| elements(&engine, name)).concat();
    insta::assert_snapshot!(parts + &messages(&diagnostics));
}

#[test]
fn a_cpu_feature_is_named_once() {
    let mut topology = Sample::new("h r").links("h-r").with(debian_machines).build();
    let machine = &mut topology.nodes[0].machines[0];
    machine.cpu_model = Some("IvyBridge".to_owned());
    machine.cpu_flags = vec!["+vmx".to_owned()];
    machine.nested = true;
    let (artifacts, _) = built(&topology, &target("bridge", &[]));
    let domain = text(&artifacts, "domains/sample-h.xml");
    assert_eq!(domain.matches(r#"name="vmx""#).count(), 1);
    assert_eq!(domain.matches(r#"name="svm""#).count(), 1);
}

#[test]
fn raw_pieces_stand_beside_what_is_ours() {
    let piece = "<devices>\n  <sound model=\"ich9\"/>\n</devices>\n\
        <qemu:commandline><qemu:arg value=\"-s\"/></qemu:commandline>\n";
    let mut here = target("bridge", &[]);
    here.attributes.insert("raw".into(), Value::map([("h1".into(), Value::string(piece))].into_iter().collect()));
    let (artifacts, diagnostics) = built(&campus(), &here);
    assert_eq!(messages(&diagnostics), "");
    validate("libvirt-raw", &artifacts);
    let domain = text(&artifacts, "domains/campus-h1.xml");
    assert!(domain.contains("    <sound model=\"ich9\"/>\n  </devices>\n  <qemu:commandline>"), "{domain}");

    here.attributes.insert("raw".into(), Value::map([("h1".into(), Value::string("<cpu/>"))].into_iter().collect()));
    let said = messages(&built(&campus(), &here).1);
    assert!(said.starts_with("E0814: the raw piece for `h1` cannot be put into its XML: `<cpu>` is there"), "{said}");
}
