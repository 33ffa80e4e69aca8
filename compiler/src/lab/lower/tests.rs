use super::super::sample::{debian_machines, nic};
use super::*;
use crate::source::Span;
use crate::topology::sample::Sample;
use crate::topology::{Origin, Wire};

/// Two hosts, a router between a link and a LAN.
fn campus() -> Topology {
    Sample::new("h1 h2 r:router [lan]").links("h1-r r-lan h2~lan").with(debian_machines).build()
}

fn target(kind: &str) -> Target {
    Target {
        name: "here".to_owned(),
        kind: kind.to_owned(),
        default: true,
        images: IndexMap::default(),
        flavors: IndexMap::default(),
        networks: IndexMap::default(),
        attributes: IndexMap::default(),
        origin: Origin::default(),
    }
}

/// One line a segment, with the NICs on it.
fn segments(lab: &Lab<'_>) -> String {
    let member = |(machine, number): &(usize, usize)| {
        let machine = &lab.machines[*machine];
        let nic = &machine.nics[*number];
        let address = nic.addresses.first().map(|address| format!(" {address}")).unwrap_or_default();
        let state = if nic.up { "" } else { " down" };
        format!("{}:{}{address}{state}", machine.machine.path, nic.name)
    };
    let line = |segment: &Segment| {
        let members: Vec<String> = segment.members.iter().map(member).collect();
        format!("{} = {}", segment.path, members.join(", "))
    };
    lab.segments.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn messages(diagnostics: &[Diagnostic]) -> String {
    let line = |d: &Diagnostic| format!("{}: {}; {}", d.code.id, d.message, d.help.as_deref().unwrap_or("-"));
    diagnostics.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn management_then_networks_then_links() {
    let mut topology = campus();
    topology.nodes[0].interfaces[0].addresses = vec!["10.0.0.1/31".parse().unwrap()];
    let (lab, diagnostics) = lower(&topology, None, TargetKind::Kvm);
    assert_eq!(diagnostics, []);
    insta::assert_snapshot!(segments(&lab), @r"
        management = h1:eth0 192.168.192.11/18, h2:eth0 192.168.192.12/18, r:eth0 192.168.192.13/18
        lan = h2:eth1 down, r:eth2
        h1--r = h1:eth1 10.0.0.1/31, r:eth1
    ");
}

#[test]
fn machines_of_one_device_are_wired_and_share_a_segment() {
    let mut topology = campus();
    let node = &mut topology.nodes[2];
    let mut other = node.machines[0].clone();
    other.path = "r/pfe".to_owned();
    node.machines[0].path = "r/re".to_owned();
    node.machines[0].nics.push(nic("r/re", "em1", Plug::Wire { wire: 0 }));
    other.nics = vec![
        nic("r/pfe", "em0", Plug::Nothing),
        nic("r/pfe", "em1", Plug::Wire { wire: 0 }),
        nic("r/pfe", "xe0", Plug::Interface { interface: 0 }),
    ];
    node.interfaces[0].addresses = vec!["10.0.0.0/31".parse().unwrap()];
    node.machines.push(other);
    node.wires.push(Wire { ends: vec![(0, 3), (1, 1)], mtu: Some(9000) });
    let (lab, _) = lower(&topology, None, TargetKind::Kvm);
    insta::assert_snapshot!(segments(&lab), @r"
        management = h1:eth0 192.168.192.11/18, h2:eth0 192.168.192.12/18, r/re:eth0 192.168.192.13/18
        lan = h2:eth1 down, r/re:eth2
        h1--r = h1:eth1, r/re:eth1 10.0.0.0/31, r/pfe:eth1
        r/wire-1 = r/re:em1, r/pfe:em1
    ");
    let pfe = &lab.machines[3];
    assert_eq!(pfe.nics[0].segment, None, "a NIC that is only counted is on no segment");
    assert_eq!(pfe.nics[1].mtu, Some(9000));
}

#[test]
fn impairments_follow_the_end_that_sends() {
    let mut topology = campus();
    topology.links[0].impairments[1].delay = Some(5);
    topology.links[0].mtu = Some(9000);
    let (lab, _) = lower(&topology, None, TargetKind::Kvm);
    let [h1, r] = [&lab.machines[0].nics[1], &lab.machines[2].nics[1]];
    assert_eq!((h1.impairment.delay, r.impairment.delay), (None, Some(5)));
    assert_eq!((h1.mtu, r.mtu, lab.segments[2].mtu), (Some(9000), Some(9000), Some(9000)));
}

#[test]
fn an_interface_without_link_is_unplugged() {
    let mut topology = campus();
    topology.nodes[0].interfaces[0].link = None;
    let (lab, _) = lower(&topology, None, TargetKind::Kvm);
    let nic = &lab.machines[0].nics[1];
    assert_eq!((nic.segment, nic.up, nic.name.as_str()), (None, false, "eth1"));
}

#[test]
fn external_networks_are_bound_by_the_target() {
    let mut topology = campus();
    topology.networks[0].external = true;
    let mut here = target("kvm");
    here.images.insert("debian".to_owned(), "debian.qcow2".to_owned());
    let mut said = vec![];
    said.extend(lower(&topology, None, TargetKind::Heat).1);
    said.extend(lower(&topology, Some(&here), TargetKind::Kvm).1);
    let binding = |kind: &str| Binding { kind: kind.to_owned(), name: "x".to_owned(), options: IndexMap::default() };
    here.networks.insert("lan".to_owned(), binding("provider"));
    said.extend(lower(&topology, Some(&here), TargetKind::Kvm).1);
    here.networks.insert("lan".to_owned(), binding("bridge"));
    let (lab, none) = lower(&topology, Some(&here), TargetKind::Kvm);
    assert_eq!(none, []);
    assert_eq!(lab.segments[1].binding, Some(binding("bridge")));
    insta::assert_snapshot!(messages(&said), @r#"
        E0801: no target says what the external network `lan` is on `heat`; declare `target NAME: heat { networks { lan = provider("…") } }`
        E0801: the external network `lan` is not bound on `here`; write `networks { lan = bridge("…") }` in `target here`
        E0804: `lan` is `provider` on `here`, which `kvm` does not have; on `kvm` an external network is one of `bridge`, `macvtap`, `sriov`, `existing`
    "#);
}

#[test]
fn a_missing_image_is_said_once() {
    let mut topology = campus();
    topology.nodes[1].origin.span = Span { start: 7, end: 9, ..Span::default() };
    topology.nodes[2].machines[0].disks[0].image.as_mut().unwrap().version = Some("12".to_owned());
    let mut here = target("kvm");
    insta::assert_snapshot!(messages(&lower(&topology, Some(&here), TargetKind::Kvm).1), @r#"
        E0802: `here` has no image for `debian`, which `h1` and one other node need; write `images { debian = "…" }` in `target here`
        E0802: `here` has no image for `debian@12`, which `r` needs; write `images { "debian@12" = "…" }` in `target here`
    "#);
    here.images.insert("debian".to_owned(), "debian.qcow2".to_owned());
    here.images.insert("debian@12".to_owned(), "debian-12.qcow2".to_owned());
    let (lab, diagnostics) = lower(&topology, Some(&here), TargetKind::Kvm);
    assert_eq!(diagnostics, []);
    let image = |machine: usize| lab.image(lab.machines[machine].machine.disks[0].image.as_ref().unwrap());
    assert_eq!((image(0), image(2)), ("debian.qcow2", "debian-12.qcow2"));
}

#[test]
fn images_are_their_slots_without_a_target() {
    let topology = campus();
    let (lab, diagnostics) = lower(&topology, None, TargetKind::Kvm);
    assert_eq!(diagnostics, []);
    assert_eq!(lab.image(topology.nodes[0].machines[0].disks[0].image.as_ref().unwrap()), "debian");
}

#[test]
fn a_forwarding_network_is_answered_for_by_the_host() {
    let mut topology = campus();
    topology.networks[0].gateways = vec!["10.1.0.1".parse().unwrap()];
    assert_eq!(lower(&topology, None, TargetKind::Kvm).0.segments[1].host_addresses, [] as [std::net::IpAddr; 0]);
    topology.networks[0].forward = Forward::Nat;
    let (lab, _) = lower(&topology, None, TargetKind::Kvm);
    assert_eq!(lab.segments[1].host_addresses, topology.networks[0].gateways);
    assert_eq!(lab.segments[0].forward, Forward::Nat, "management reaches outside unless it says otherwise");
}

#[test]
fn a_target_speaks_of_nodes_that_there_are() {
    let topology = campus();
    let mut here = target("kvm");
    here.images.insert("debian".to_owned(), "debian.qcow2".to_owned());
    let said = Value::map([("h1".into(), Value::Int(0)), ("h3".into(), Value::Int(0))].into_iter().collect());
    here.attributes.insert("numa".into(), said);
    insta::assert_snapshot!(messages(&lower(&topology, Some(&here), TargetKind::Kvm).1), @"E0813: `numa` of `here` is for `h3`, which is no node and no device; name a node by its path, an array, a device, or a machine: `leaf1/re`");
}
