use super::*;
use crate::lab::sample::{debian_machines, nic};
use crate::lab::{TargetKind, lower};
use crate::media::marker;
use crate::test_tools::{Tool, put, scratch};
use crate::topology::sample::Sample;
use crate::topology::{Addressing, Interface, InterfaceKind, Plug, TextContent};
use crate::value::{SecretPart, SecretSource, SecretText};
use proptest::prelude::*;
use std::sync::Arc;

fn plain(text: &str) -> TextContent {
    TextContent::Plain(text.to_owned())
}

fn secret(name: &str) -> TextContent {
    TextContent::Secret(Arc::new(SecretText::new(SecretSource::Environment(name.to_owned()))))
}

/// A host with everything a guest can have, behind a router.
fn campus() -> Topology {
    let mut topology = Sample::new("h r:router [lan]").links("h-r r-lan").with(debian_machines).build();
    topology.domain = Some("lab.example".to_owned());
    topology.nodes[0].interfaces[0].addresses = vec!["10.0.0.0/31".parse().unwrap(), "2001:db8::/127".parse().unwrap()];
    topology.nodes[1].interfaces[0].addresses =
        vec!["10.0.0.1/31".parse().unwrap(), "2001:db8::1/127".parse().unwrap()];
    topology.nodes[1].interfaces[1].addresses = vec!["10.1.0.1/24".parse().unwrap()];
    let guest = &mut topology.nodes[0].guest;
    let ops = User {
        password: Some(secret("OPS")),
        ssh_keys: vec!["ssh-ed25519 AAAA ops@desk".to_owned()],
        sudo: true,
        shell: None,
        groups: vec!["adm".to_owned(), "wireshark".to_owned()],
    };
    guest.users.insert("ops".to_owned(), ops);
    guest.users.insert("guest".to_owned(), User { shell: Some("/bin/sh".to_owned()), ..User::default() });
    guest.ssh_keys = vec!["ssh-ed25519 AAAA ops@desk".to_owned(), "ssh-rsa BBBB shared".to_owned()];
    guest.packages = vec!["iperf3".to_owned(), "frr=8.4*".to_owned()];
    guest.services = vec!["frr".to_owned()];
    guest.ntp = vec!["192.0.2.1".to_owned()];
    guest.env.insert("PS1".to_owned(), plain("\\u@lab: $ "));
    guest.run = vec![plain("echo 'first: boot' > /root/done"), plain("if true; then\n  ls\nfi\n")];
    guest.run_each_boot = vec![plain("ip link show")];
    let license = SecretText {
        parts: vec![
            SecretPart::Plain("key = ".to_owned()),
            SecretPart::Secret(SecretSource::File("license.txt".to_owned())),
            SecretPart::Plain("\nmode: full\n".to_owned()),
        ],
    };
    let file = |path: &str, content, mode: Option<&str>, owner: Option<&str>| GuestFile {
        path: path.to_owned(),
        content,
        mode: mode.map(str::to_owned),
        owner: owner.map(str::to_owned),
    };
    guest.files = vec![
        file("/etc/app/license", TextContent::Secret(Arc::new(license)), Some("0600"), None),
        file("/home/ops/.vimrc", plain("set number\n"), None, Some("ops:ops")),
    ];
    let route = |to: &str, via: &str| (to.parse().unwrap(), via.parse().unwrap());
    guest.routes = vec![route("10.9.0.0/16", "10.0.0.1"), route("0.0.0.0/0", "10.0.0.1"), route("::/0", "2001:db8::1")];
    topology
}

fn seed(topology: &Topology, machine: usize) -> Seed {
    let (lab, diagnostics) = lower(topology, None, TargetKind::Kvm);
    assert_eq!(diagnostics, []);
    super::seed(&lab, &lab.machines[machine], &marker)
}

#[test]
fn a_host_with_everything() {
    let seed = seed(&campus(), 0);
    insta::assert_snapshot!(seed.meta_data, @r"
        instance-id: d4552641-8789-5aae-94ac-7a31ecc43bc3
        local-hostname: h
    ");
    insta::assert_snapshot!(seed.user_data, @r#"
        #cloud-config
        hostname: h
        fqdn: h.lab.example
        manage_etc_hosts: localhost
        users:
        - name: ops
          shell: /bin/bash
          groups: adm, wireshark
          sudo: ALL=(ALL) NOPASSWD:ALL
          lock_passwd: false
          ssh_authorized_keys:
          - ssh-ed25519 AAAA ops@desk
          - ssh-rsa BBBB shared
        - name: guest
          shell: /bin/sh
          lock_passwd: true
        ssh_pwauth: true
        chpasswd:
          expire: false
          users:
          - name: ops
            password: ${secret:env:OPS}
            type: text
        ntp:
          enabled: true
          servers:
          - "192.0.2.1"
        bootcmd:
        - - cloud-init-per
          - once
          - wtop-way-out
          - sh
          - -c
          - ip route replace 0.0.0.0/1 via 192.168.192.1; ip route replace 128.0.0.0/1 via 192.168.192.1
        package_update: true
        packages:
        - iperf3
        - frr=8.4*
        write_files:
        - path: /etc/app/license
          content: |
            key = ${secret:file:license.txt}
            mode: full
          permissions: "0600"
        - path: /home/ops/.vimrc
          content: |
            set number
          owner: ops:ops
          defer: true
        - path: /etc/environment
          content: |
            PS1="\u@lab: $ "
          append: true
        - path: /var/lib/cloud/scripts/per-boot/50-wtop
          content: |
            #!/bin/sh
            ip link show
          permissions: "0755"
        runcmd:
        - - systemctl
          - enable
          - --now
          - frr
        - "echo 'first: boot' > /root/done"
        - |
          if true; then
            ls
          fi
        - ip route del 0.0.0.0/1 via 192.168.192.1; ip route del 128.0.0.0/1 via 192.168.192.1
    "#);
    insta::assert_snapshot!(seed.network_config, @r#"
        version: 2
        ethernets:
          eth0:
            match:
              macaddress: 52:54:00:aa:e7:dd
            set-name: eth0
            dhcp4: false
            addresses:
            - 192.168.192.11/18
            routes:
            - to: 0.0.0.0/0
              via: "192.168.192.1"
              metric: 2000
            nameservers:
              search:
              - lab.example
              addresses:
              - "192.168.192.1"
          eth1:
            match:
              macaddress: 52:54:00:2c:28:53
            set-name: eth1
            dhcp4: false
            addresses:
            - 10.0.0.0/31
            - 2001:db8::/127
            routes:
            - to: 10.9.0.0/16
              via: "10.0.0.1"
            - to: 0.0.0.0/0
              via: "10.0.0.1"
            gateway6: 2001:db8::1
    "#);
}

#[test]
fn a_router_forwards_and_installs_packages_through_management() {
    let mut topology = campus();
    topology.nodes[1].guest.packages = vec!["frr".to_owned()];
    let seed = seed(&topology, 1);
    insta::assert_snapshot!(seed.user_data, @r"
        #cloud-config
        hostname: r
        fqdn: r.lab.example
        manage_etc_hosts: localhost
        bootcmd:
        - - cloud-init-per
          - once
          - wtop-way-out
          - sh
          - -c
          - ip route replace 0.0.0.0/1 via 192.168.192.1; ip route replace 128.0.0.0/1 via 192.168.192.1
        package_update: true
        packages:
        - frr
        write_files:
        - path: /etc/sysctl.d/50-wtop-forwarding.conf
          content: |
            net.ipv4.ip_forward = 1
            net.ipv6.conf.all.forwarding = 1
        runcmd:
        - sysctl -q -p /etc/sysctl.d/50-wtop-forwarding.conf
        - ip route del 0.0.0.0/1 via 192.168.192.1; ip route del 128.0.0.0/1 via 192.168.192.1
    ");
    insta::assert_snapshot!(seed.network_config, @r#"
        version: 2
        ethernets:
          eth0:
            match:
              macaddress: 52:54:00:d0:0e:b5
            set-name: eth0
            dhcp4: false
            addresses:
            - 192.168.192.12/18
            routes:
            - to: 0.0.0.0/0
              via: "192.168.192.1"
              metric: 4194304000
            nameservers:
              search:
              - lab.example
              addresses:
              - "192.168.192.1"
          eth1:
            match:
              macaddress: 52:54:00:6c:e0:42
            set-name: eth1
            dhcp4: false
            addresses:
            - 10.0.0.1/31
            - 2001:db8::1/127
          eth2:
            match:
              macaddress: 52:54:00:42:06:fa
            set-name: eth2
            dhcp4: false
            addresses:
            - 10.1.0.1/24
    "#);
}

/// What the management port of the first machine says.
fn management_port(topology: &Topology) -> serde_json::Value {
    let config: serde_json::Value = serde_saphyr::from_str(&seed(topology, 0).network_config).unwrap();
    config["ethernets"]["eth0"].clone()
}

#[test]
fn management_is_the_last_way_out_unless_it_leads_nowhere_or_the_node_wants_none() {
    let mut topology = campus();
    let way_out = serde_json::json!([{ "to": "0.0.0.0/0", "via": "192.168.192.1", "metric": 2000 }]);
    assert_eq!(management_port(&topology)["routes"], way_out);
    assert_eq!(management_port(&topology)["nameservers"]["addresses"], serde_json::json!(["192.168.192.1"]));

    topology.nodes[0].guest.dns = vec!["9.9.9.9".parse().unwrap()];
    assert_eq!(management_port(&topology)["nameservers"]["addresses"], serde_json::json!(["9.9.9.9"]));
    topology.nodes[0].guest.dns.clear();

    let mut closed = topology.clone();
    let none = Value::Member("none".into());
    closed.management.as_mut().unwrap().attributes.insert("forward".into(), none);
    let port = management_port(&closed);
    assert!(port["routes"].is_null() && port["nameservers"].is_null(), "{port}");
    assert!(!seed(&closed, 0).user_data.contains("0.0.0.0/1"));

    topology.nodes[0].attributes.insert("default_route".into(), Value::Bool(false));
    assert!(management_port(&topology)["routes"].is_null());
    assert!(!seed(&topology, 0).user_data.contains("0.0.0.0/1"));
}

#[test]
fn the_first_boot_goes_out_through_management_where_it_needs_to() {
    let mut topology = campus();
    let user_data =
        |topology: &Topology| -> serde_json::Value { serde_saphyr::from_str(&seed(topology, 0).user_data).unwrap() };
    let made = user_data(&topology);
    assert_eq!(
        made["bootcmd"][0][5],
        "ip route replace 0.0.0.0/1 via 192.168.192.1; ip route replace 128.0.0.0/1 via 192.168.192.1"
    );
    let last = made["runcmd"].as_array().unwrap().last().unwrap();
    assert_eq!(last, "ip route del 0.0.0.0/1 via 192.168.192.1; ip route del 128.0.0.0/1 via 192.168.192.1");

    topology.nodes[0].guest.packages.clear();
    topology.nodes[0].guest.run.clear();
    assert!(user_data(&topology)["bootcmd"].is_null());
}

#[test]
fn in_a_cloud_its_dhcp_server_says_who_answers_names() {
    let topology = campus();
    let (lab, _) = lower(&topology, None, TargetKind::Heat);
    let netplan: serde_json::Value = serde_saphyr::from_str(&network::netplan(&lab, &lab.machines[0])).unwrap();
    let port = &netplan["network"]["ethernets"]["eth0"];
    assert_eq!((&port["dhcp4"], &port["dhcp4-overrides"]["use-routes"]), (&true.into(), &false.into()));
    assert!(port["nameservers"].is_null());
    assert_eq!(port["routes"][0]["metric"], 2000);
}

#[test]
fn bonds_vlans_loopbacks_and_ports_without_addresses() {
    let mut topology = Sample::new("h sw:switch [lan]").lag("h-sw h-sw").links("h-lan h-lan h-lan").build();
    let logical = |name: &str, kind, address: &str| Interface {
        name: name.to_owned(),
        kind,
        addresses: vec![address.parse().unwrap()],
        ..Interface::default()
    };
    let interfaces = &mut topology.nodes[0].interfaces;
    interfaces[0].lag = Some(crate::value::LagId(0));
    interfaces[1].lag = Some(crate::value::LagId(0));
    interfaces[2].addressing = Addressing::Dhcp;
    interfaces[3].addressing = Addressing::LinkLocal;
    interfaces[3].mtu = Some(9000);
    let bond = Interface { lag: Some(crate::value::LagId(0)), ..logical("bond0", InterfaceKind::Lag, "10.2.0.1/31") };
    let parent = |parent: &str| InterfaceKind::Subinterface { parent: parent.to_owned() };
    interfaces.push(bond);
    interfaces.push(Interface { vlan: Some(100), ..logical("bond0.100", parent("bond0"), "10.3.0.1/24") });
    interfaces.push(Interface { vlan: Some(7), ..logical("eth5.7", parent("eth5"), "10.4.0.1/24") });
    interfaces.push(logical("lo0", InterfaceKind::Logical, "10.255.0.1/32"));
    debian_machines(&mut topology);
    let machine = &mut topology.nodes[0].machines[0];
    machine.nics.truncate(6); // management and five ports; logical interfaces have no NIC
    machine.nics.push(nic("h", "spare", Plug::Nothing));
    topology.networks[0].dhcp = vec![("2001:db8::10".parse().unwrap(), "2001:db8::20".parse().unwrap())];
    insta::assert_snapshot!(seed(&topology, 0).network_config, @r#"
        version: 2
        ethernets:
          eth0:
            match:
              macaddress: 52:54:00:aa:e7:dd
            set-name: eth0
            dhcp4: false
            addresses:
            - 192.168.192.11/18
            routes:
            - to: 0.0.0.0/0
              via: "192.168.192.1"
              metric: 2000
            nameservers:
              addresses:
              - "192.168.192.1"
          eth1:
            match:
              macaddress: 52:54:00:2c:28:53
            set-name: eth1
            dhcp4: false
          eth2:
            match:
              macaddress: "52:54:00:44:37:31"
            set-name: eth2
            dhcp4: false
          eth3:
            match:
              macaddress: 52:54:00:4d:cf:c6
            set-name: eth3
            dhcp4: false
            dhcp6: true
          eth4:
            match:
              macaddress: 52:54:00:56:3f:5d
            set-name: eth4
            dhcp4: false
            link-local:
            - ipv6
            mtu: 9000
          eth5:
            match:
              macaddress: 52:54:00:67:1d:13
            set-name: eth5
            dhcp4: false
          spare:
            match:
              macaddress: 52:54:00:70:07:3c
            set-name: spare
            dhcp4: false
            optional: true
          lo:
            match:
              name: lo
            dhcp4: false
            addresses:
            - 10.255.0.1/32
        bonds:
          bond0:
            interfaces:
            - eth1
            - eth2
            parameters:
              mode: 802.3ad
              mii-monitor-interval: 100
              lacp-rate: fast
              transmit-hash-policy: layer3+4
            dhcp4: false
            addresses:
            - 10.2.0.1/31
        vlans:
          bond0.100:
            id: 100
            link: bond0
            dhcp4: false
            addresses:
            - 10.3.0.1/24
          eth5.7:
            id: 7
            link: eth5
            dhcp4: false
            addresses:
            - 10.4.0.1/24
    "#);
}

#[test]
fn no_seed_holds_a_secret() {
    let (topology, mut shown) = (campus(), Vec::new());
    let (lab, _) = lower(&topology, None, TargetKind::Kvm);
    for machine in &lab.machines {
        let seed = super::seed(&lab, machine, &marker);
        shown.extend([seed.meta_data, seed.user_data, seed.network_config]);
    }
    let shown = shown.concat();
    assert_eq!(shown.matches("${secret:env:OPS}").count(), 1);
    assert_eq!(shown.matches("${secret:file:license.txt}").count(), 1);
}

proptest! {
    /// Whatever characters a secret holds, it arrives: it is put in before the text is quoted.
    #[test]
    fn any_secret_and_text_survive(value in "\\PC*|[ -~\n\t:#'\"]{0,20}", text in "\\PC*|[ -~\n]{0,20}") {
        let mut topology = campus();
        topology.nodes[0].guest.run = vec![plain(&text)];
        let (lab, _) = lower(&topology, None, TargetKind::Kvm);
        let seed = super::seed(&lab, &lab.machines[0], &|_| value.clone());
        let read: serde_json::Value = serde_saphyr::from_str(&seed.user_data).unwrap();
        prop_assert_eq!(&read["chpasswd"]["users"][0]["password"], &serde_json::json!(value));
        prop_assert_eq!(&read["runcmd"][1], &serde_json::json!(text));
    }
}

/// PyYAML reads YAML 1.1, and it is what cloud-init reads these files with.
#[test]
fn pyyaml_reads_what_was_meant() {
    let Some(python) = Tool::python("yaml") else { return };
    let mut topology = campus();
    let awkward = ["12:30:45", "yes", "~", "0x1F", "1_000", "- a", "{x}", "é\u{85}", "\t", "2001-01-01", "=", "<<"];
    topology.nodes[0].guest.run = awkward.iter().map(|text| plain(text)).collect();
    let seed = seed(&topology, 0);
    let folder = scratch("cloud-init");
    let read = |name: &str, text: &str| -> serde_json::Value {
        let script = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1], newline=''))))";
        serde_json::from_str(&python.run(&["-c", script, &put(&folder, name, text.as_bytes())])).unwrap()
    };
    for (name, text) in [("user-data", &seed.user_data), ("network-config", &seed.network_config)] {
        let ours: serde_json::Value = serde_saphyr::from_str(text).unwrap();
        assert_eq!(read(name, text), ours, "{name}");
    }
    assert_eq!(read("user-data", &seed.user_data)["runcmd"].as_array().unwrap()[1..=awkward.len()], awkward);
}
