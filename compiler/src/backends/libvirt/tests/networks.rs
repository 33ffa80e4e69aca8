//! Segments as networks.

use super::*;

#[test]
fn networks() {
    let (artifacts, _) = built(&campus(), &target("bridge", &[]));
    insta::assert_snapshot!(text(&artifacts, "networks/campus-management.xml"));
    insta::assert_snapshot!(text(&artifacts, "networks/campus-lan.xml"));
    insta::assert_snapshot!(text(&artifacts, "networks/campus-fw--h1.xml"));
}

#[test]
fn an_external_network_is_what_the_target_says() {
    let topology = campus();
    let mut sources = Vec::new();
    for kind in ["bridge", "macvtap", "sriov", "existing"] {
        let (artifacts, _) = built(&topology, &target(kind, &[]));
        validate(&format!("libvirt-{kind}"), &artifacts);
        let network = artifacts.iter().any(|artifact| artifact.path == "networks/campus-office.xml");
        let domain = text(&artifacts, "domains/campus-edge-fw-pfe.xml");
        let lines: Vec<&str> = domain.lines().map(str::trim).collect();
        let alias = lines.iter().position(|line| line.contains("\"ua-nic2\"")).unwrap();
        sources.push(format!("{kind}: {} (own network: {network})", lines[alias - 2..alias].join(" ")));
    }
    insta::assert_snapshot!(sources.join("\n"), @r#"
        bridge: <interface type="bridge"> <source bridge="enp1s0"/> (own network: false)
        macvtap: <interface type="direct"> <source dev="enp1s0" mode="bridge"/> (own network: false)
        sriov: <interface type="network"> <source network="campus-office"/> (own network: true)
        existing: <interface type="network"> <source network="enp1s0"/> (own network: false)
    "#);
}

#[test]
fn a_dhcp_server_takes_an_address_that_is_free() {
    let mut topology = Sample::new("h r:router [lan]").links("h-lan r-lan").with(debian_machines).build();
    let lan = &mut topology.networks[0];
    lan.subnets = vec!["10.0.0.0/29".parse().unwrap()];
    lan.gateways = vec!["10.0.0.6".parse().unwrap()];
    lan.dhcp = vec![("10.0.0.3".parse().unwrap(), "10.0.0.5".parse().unwrap())];
    topology.nodes[1].interfaces[0].addresses = vec!["10.0.0.6/29".parse().unwrap()];
    topology.nodes[0].interfaces[0].addresses = vec!["10.0.0.1/29".parse().unwrap()];
    topology.nodes[0].interfaces[0].addressing = crate::topology::Addressing::Dhcp;
    let reserve = Value::map([("r".into(), Value::Ip("10.0.0.4".parse().unwrap()))].into_iter().collect());
    topology.networks[0]
        .attributes
        .insert("dhcp".into(), Value::map([("reserve".into(), reserve)].into_iter().collect()));
    let network = |topology: &Topology| {
        let (lab, _) = lower(topology, None, TargetKind::Kvm);
        let (artifacts, diagnostics) = build(&lab);
        validate("libvirt-dhcp", &artifacts);
        (text(&artifacts, "networks/sample-lan.xml"), messages(&diagnostics))
    };
    let (document, said) = network(&topology);
    assert_eq!(said, "");
    insta::assert_snapshot!(document);
    topology.networks[0].dhcp = vec![("10.0.0.2".parse().unwrap(), "10.0.0.5".parse().unwrap())];
    let (_, said) = network(&topology);
    insta::assert_snapshot!(said, @"W0804: `lan` has no address left for its DHCP server; make the DHCP range smaller, or the subnet larger");
}

#[test]
fn a_lease_is_by_mac_address_in_ipv4_and_by_name_in_ipv6() {
    let mut topology = Sample::new("h [lan]").links("h-lan").with(debian_machines).build();
    let lan = &mut topology.networks[0];
    lan.subnets = vec!["2001:db8::/64".parse().unwrap()];
    lan.dhcp = vec![("2001:db8::100".parse().unwrap(), "2001:db8::1ff".parse().unwrap())];
    let reserve = Value::map([("h".into(), Value::Ip("2001:db8::10".parse().unwrap()))].into_iter().collect());
    lan.attributes.insert("dhcp".into(), Value::map([("reserve".into(), reserve)].into_iter().collect()));
    let (lab, _) = lower(&topology, None, TargetKind::Kvm);
    let (artifacts, diagnostics) = build(&lab);
    assert_eq!(messages(&diagnostics), "");
    validate("libvirt-dhcpv6", &artifacts);
    let network = text(&artifacts, "networks/sample-lan.xml");
    assert!(network.contains("<host name=\"h\" ip=\"2001:db8::10\"/>"), "{network}");
}

#[test]
fn a_virtual_function_may_be_in_a_vlan() {
    let mut here = target("sriov", &[]);
    here.networks[0].options.insert("vlan".to_owned(), "100".to_owned());
    let (artifacts, _) = built(&campus(), &here);
    validate("libvirt-sriov-vlan", &artifacts);
    let network = text(&artifacts, "networks/campus-office.xml");
    assert!(network.contains("<tag id=\"100\"/>"), "{network}");
}
