//! Labs and their HEAT templates, to be read as stories; each goes through Heat's own code where that is installed.

// The last test writes templates for Heat to read; the compiler itself opens no file and starts no process.
#![allow(clippy::disallowed_methods)]

mod fixtures;

use fixtures::*;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use wtop_compiler::backends::heat::{Meaning, Parameter, build, template};
use wtop_compiler::collections::IndexMap;
use wtop_compiler::diagnostics::Diagnostic;
use wtop_compiler::diagnostics::codes;
use wtop_compiler::lab::{Lab, TargetKind, lower};
use wtop_compiler::semantics::{CompileOptions, compile};
use wtop_compiler::source::MemoryFileSystem;
use wtop_compiler::topology::*;
use wtop_compiler::value::{LagId, NodeId, SecretPart, SecretSource, SecretText, Value};

/// The template and what was said, side by side.
fn story(lab: &Lab) -> String {
    let (template, diagnostics) = template(lab);
    format!("{}\n{}", template.text, say(&diagnostics))
}

fn say(diagnostics: &[Diagnostic]) -> String {
    let say = |diagnostic: &Diagnostic| {
        let places = diagnostic.labels.iter().map(|label| format!("  {:?} {}\n", label.span, label.text));
        format!("{} {}\n{}", diagnostic.code.id, diagnostic.message, places.collect::<String>())
    };
    diagnostics.iter().map(say).collect::<Vec<_>>().join("\n")
}

fn plain(text: &str) -> TextContent {
    TextContent::Plain(text.to_owned())
}

fn environment(name: &str) -> SecretPart {
    SecretPart::Secret(SecretSource::Environment(name.to_owned()))
}

fn file(path: &str) -> SecretPart {
    SecretPart::Secret(SecretSource::File(path.to_owned()))
}

/// `link h1 <-> fw`, `link h2 <-> lan`: with management, a way outside and names for flavors.
fn two_hosts_and_a_firewall() -> Draft {
    let mut draft = Draft::new("first-lab");
    draft.topology.documentation = Some("Two hosts on either side of a firewall.\n\nMore about it.".to_owned());
    draft.target(Some("public")).flavors.insert("vsrx".to_owned(), "m1.large".to_owned());
    let h1 = draft.node("h1", "debian", vec![machine("h1", "debian", "virtio", &["eth0", "eth1"])]);
    draft.topology.nodes[0].guest.packages = vec!["iperf3".to_owned()];
    let h2 = draft.node("h2", "debian", vec![machine("h2", "debian", "virtio", &["eth0", "eth1"])]);
    let mut fw = machine("fw", "vsrx", "virtio", &["fxp0", "ge-0/0/0", "ge-0/0/1"]);
    fw.cpu = 2;
    fw.memory = 4 << 30;
    fw.media = vec![config_drive(plain("#junos-config\nsystem {\n    host-name fw;\n}\n"))];
    let fw = draft.node("fw", "vsrx", vec![fw]);
    draft.topology.nodes[2].router = true;
    draft.topology.nodes[2].after = vec![NodeId(0), NodeId(1)];
    draft.management(&["192.168.10.0/24"], &["192.168.10.1"]);
    draft.manage(h1, &["192.168.10.2/24"]);
    draft.manage(h2, &["192.168.10.3/24"]);
    draft.manage(fw, &["192.168.10.4/24"]);
    draft.link(&["10.1.0.0/31"], [(h1, 1, &["10.1.0.0/31"]), (fw, 1, &["10.1.0.1/31"])]);
    draft.network("lan", &["172.16.1.0/24"]).gateways = vec![ip("172.16.1.1")];
    draft.attach("lan", fw, 2, &["172.16.1.1/24"]);
    draft.attach("lan", h2, 1, &["172.16.1.2/24"]);
    draft
}

/// A routing engine and a forwarding engine, joined inside, with a NIC that is only counted.
fn vqfx_pair() -> Draft {
    let mut draft = Draft::new("fabric");
    draft.target(None);
    draft.management(&["192.168.10.0/24"], &["192.168.10.1"]);
    for (name, address) in [("leaf1", "192.168.10.2/24"), ("leaf2", "192.168.10.3/24")] {
        let re = machine(&format!("{name}/re"), "vqfx_re", "e1000", &["em0", "em1", "em2", "xe0"]);
        let pfe = machine(&format!("{name}/pfe"), "vqfx_pfe", "e1000", &["em0", "em1"]);
        let re = draft.node(name, "vqfx", vec![re, pfe]);
        draft.manage(re, &[address]);
        draft.manage(re + 1, &[]);
        draft.wire(re);
    }
    draft.link(&["10.0.0.0/30"], [(0, 3, &["10.0.0.1/30"]), (2, 3, &["10.0.0.2/30"])]);
    draft
}

/// What a vMX wants of its hypervisor, which a cloud does not do.
fn vmx() -> Draft {
    let mut draft = Draft::new("edge");
    draft.target(None);
    let mut vcp = machine("r1/vcp", "vmx_vcp", "virtio", &["fxp0", "em1"]);
    vcp.smbios.insert("manufacturer".to_owned(), "Juniper".to_owned());
    vcp.disks.push(Disk { name: "var".to_owned(), image: None, size: Some(16 << 30), bus: "ide".to_owned() });
    let image =
        Some(Image { slot: "metadata".to_owned(), version: None, bound: Some("metadata-re".to_owned()), format: None });
    vcp.disks.push(Disk { name: "metadata".to_owned(), image, size: None, bus: "usb".to_owned() });
    vcp.vga = Some("cirrus".to_owned());
    vcp.console = vec![ConsoleStep::Send { text: plain("root") }];
    let config = MediaFile { path: "juniper.conf".to_owned(), content: MediaContent::Text(plain("system;")) };
    vcp.media = vec![Media { files: vec![config], ..config_drive(plain("")) }];
    let mut vfp = machine("r1/vfp", "vmx_vfp", "virtio", &["ext", "int", "ge0", "ge1"]);
    vfp.nics[2].model = "e1000".to_owned();
    vfp.cpu = 3;
    vfp.memory = 4 << 30;
    vfp.delay = 5_000_000_000;
    vfp.firmware = Firmware::Uefi;
    vfp.machine_type = "q35".to_owned();
    vfp.cpu_flags = vec!["+aes".to_owned()];
    draft.node("r1", "vmx", vec![vcp, vfp]);
    draft.wire(0);
    let r2 = draft.node("r2", "vmx_vfp", vec![machine("r2", "vmx_vfp", "e1000", &["ge0"])]);
    draft.link(&[], [(1, 2, &[]), (r2, 0, &[])]);
    draft.topology.links[0].impairments[0].delay = Some(10_000_000);
    draft.topology.links[0].up = false;
    draft.topology.nodes[0].interfaces[0].trunk = vec![10, 20];
    draft.topology.nodes[0].interfaces[0].origin = origin(710);
    draft
}

/// Passwords reach the guest, and nobody who reads the template.
fn secrets() -> Draft {
    let mut draft = Draft::new("vault");
    draft.target(None);
    draft.node("h1", "debian", vec![machine("h1", "debian", "virtio", &["eth0"])]);
    let guest = &mut draft.topology.nodes[0].guest;
    let password = Some(TextContent::Secret(Arc::new(SecretText { parts: vec![environment("OPS")] })));
    guest.users.insert("ops".to_owned(), User { password, ..User::default() });
    let license =
        vec![SecretPart::Plain("key = ".to_owned()), file("keys/license"), SecretPart::Plain("\n".to_owned())];
    guest.run = vec![TextContent::Secret(Arc::new(SecretText { parts: license }))];
    let mut fw = machine("fw", "vsrx", "virtio", &["fxp0"]);
    let parts = vec![
        SecretPart::Plain("#junos-config\n# <note>\nsecret \"".to_owned()),
        environment("OPS"),
        SecretPart::Plain("\";\nkey \"".to_owned()),
        file("keys/license"),
        SecretPart::Plain("\";\nagain \"".to_owned()),
        environment("OPS"),
        SecretPart::Plain("\";\n".to_owned()),
    ];
    fw.media = vec![config_drive(TextContent::Secret(Arc::new(SecretText { parts })))];
    draft.node("fw", "vsrx", vec![fw]);
    draft
}

/// Networks that are there already, one that an administrator makes, and one that the cloud's router serves.
fn outside() -> Draft {
    let mut draft = Draft::new("campus");
    let target = draft.target(Some("public"));
    let binding =
        |kind: &str, name: &str| Binding { kind: kind.to_owned(), name: name.to_owned(), options: IndexMap::default() };
    target.networks.insert("office".to_owned(), binding("existing", "corp-net"));
    let vlan = [("vlan".to_owned(), "100".to_owned())].into_iter().collect();
    target.networks.insert("wire".to_owned(), Binding { options: vlan, ..binding("provider", "physnet1") });
    let office = draft.network("office", &["10.50.0.0/24"]);
    office.external = true;
    office.gateways = vec![ip("10.50.0.1")];
    office.gateway_kind = GatewayKind::Virtual;
    office.gateway_nodes = vec![NodeId(0), NodeId(1)];
    draft.network("wire", &[]).external = true;
    let lan = draft.network("lan", &["10.9.0.0/24", "fd00:9::/64"]);
    lan.forward = Forward::Route;
    lan.gateways = vec![ip("10.9.0.1"), ip("fd00:9::1")];
    lan.dhcp = vec![(ip("10.9.0.10"), ip("10.9.0.20")), (ip("fd00:9::10"), ip("fd00:9::ffff"))];
    lan.dns = vec![ip("9.9.9.9"), ip("2620:fe::fe")];
    lan.mtu = Some(1400);
    for (name, addresses) in [("a", ["10.9.0.15/24", "fd00:9::15/64"].as_slice()), ("b", &[])] {
        let machine = draft.node(name, "vyos", vec![machine(name, "vyos", "virtio", &["eth0", "eth1", "eth2"])]);
        draft.topology.nodes[machine].attributes.insert("apart".into(), Value::string("pair"));
        let office: &[&str] = if name == "a" { &["10.50.0.2/24", "10.50.0.1/24"] } else { &["10.50.0.3/24"] };
        draft.attach("office", machine, 0, office);
        draft.attach("wire", machine, 1, &[]);
        draft.attach("lan", machine, 2, addresses);
    }
    draft
}

/// IPv6 alone, in its own management and on a link; a gateway that two routers share.
fn ipv6() -> Draft {
    let mut draft = Draft::new("six");
    draft.target(Some("public"));
    for name in ["r1", "r2"] {
        draft.node(name, "vyos", vec![machine(name, "vyos", "virtio", &["eth0", "eth1", "eth2"])]);
    }
    draft.management(&["fd00::/64"], &["fd00::1"]);
    draft.manage(0, &["fd00::2/64"]);
    draft.manage(1, &["fd00::3/64"]);
    draft.network("lan", &["2001:db8::/64"]).gateways = vec![ip("2001:db8::1")];
    draft.attach("lan", 0, 1, &["2001:db8::1/64", "2001:db8::2/64"]);
    draft.attach("lan", 1, 1, &["2001:db8::1/64", "2001:db8::3/64"]);
    draft.link(&["fd00:1::/127"], [(0, 2, &["fd00:1::/127"]), (1, 2, &["fd00:1::1/127"])]);
    draft
}

/// What only some clouds can do: a trunk inside an aggregation, a rate; and an image that the stack fetches itself.
fn abilities() -> Draft {
    let mut draft = Draft::new("tagged");
    let target = draft.target(Some("public"));
    target.images.insert("debian".to_owned(), "https://images.test/debian.qcow2".to_owned());
    let raw = "flavor_update_policy: RESIZE\nuser_data_update_policy: IGNORE\n";
    target.attributes.insert("raw".into(), Value::map([("h".into(), Value::string(raw))].into_iter().collect()));
    draft.management(&["192.168.10.0/24"], &["192.168.10.1"]);
    for (name, address) in [("sw", "192.168.10.2/24"), ("h", "192.168.10.3/24")] {
        let machine = draft.node(name, "debian", vec![machine(name, "debian", "e1000", &["eth0", "eth1"])]);
        draft.manage(machine, &[address]);
    }
    draft.link(&[], [(0, 1, &[]), (1, 1, &[])]);
    draft.topology.links[0].impairments[0].rate = Some(10_000_000);
    let bundle = Interface {
        name: "ae0".to_owned(),
        kind: InterfaceKind::Lag,
        lag: Some(LagId(0)),
        trunk: vec![10, 20],
        native: Some(10),
        ..Interface::default()
    };
    draft.topology.nodes[0].interfaces[0].lag = Some(LagId(0));
    draft.topology.nodes[0].interfaces.push(bundle);
    let kind = InterfaceKind::Subinterface { parent: "eth1".to_owned() };
    let unit = Interface { name: "eth1.30".to_owned(), kind, vlan: Some(30), ..Interface::default() };
    draft.topology.nodes[1].interfaces.push(unit);
    let ports = [("443".into(), Value::Int(443)), ("8080".into(), Value::Int(80))];
    draft.topology.nodes[1].attributes.insert("publish".into(), Value::map(ports.into_iter().collect()));
    draft
}

/// Names that YAML and Heat could stumble over, and machines without any NIC.
fn awkward() -> Draft {
    let mut draft = Draft::new("yes");
    draft.topology.title = Some("Tricky: #1, \"quoted\" — “naïve”".to_owned());
    draft.target(Some("null")).images.insert("no".to_owned(), "~".to_owned());
    let mut on = machine("on", "no", "virtio", &["1/1/1", "ethernet 3"]);
    on.disks[0].image.as_mut().unwrap().version = Some("22.4R1".to_owned());
    on.media = vec![config_drive(plain("  leading\n\ttab: {{ x }} ${y} $z\r\n\n\n"))];
    draft.node("on", "off", vec![on]);
    draft.node("a_b", "off", vec![machine("a_b", "no", "virtio", &[])]);
    draft.node("a/b", "off", vec![machine("a/b", "no", "virtio", &[])]);
    draft
}

/// Nodes in a circle.
fn ring(nodes: usize) -> Draft {
    let mut draft = Draft::new("ring");
    draft.target(Some("public"));
    draft.management(&["10.0.0.0/16"], &["10.0.0.1"]);
    for index in 0..nodes {
        let name = format!("n{index}");
        let node = draft.node(&name, "vyos", vec![machine(&name, "vyos", "virtio", &["eth0", "eth1", "eth2"])]);
        draft.manage(node, &[&format!("10.0.{}.{}/16", (index + 2) / 256, (index + 2) % 256)]);
    }
    for index in 0..nodes {
        let net = format!("10.{}.{}", 100 + index / 64 / 256, index / 64 % 256);
        let address = |last: usize| format!("{net}.{}/30", index % 64 * 4 + last);
        let ends: [(_, _, &[&str]); 2] = [(index, 1, &[&address(1)]), ((index + 1) % nodes, 2, &[&address(2)])];
        draft.link(&[&address(0)], ends);
    }
    draft
}

/// Every sample, for Heat's validator.
fn samples() -> Vec<(&'static str, Draft)> {
    vec![
        ("two_hosts_and_a_firewall", two_hosts_and_a_firewall()),
        ("vqfx_pair", vqfx_pair()),
        ("vmx", vmx()),
        ("secrets", secrets()),
        ("outside", outside()),
        ("ipv6", ipv6()),
        ("awkward", awkward()),
        ("abilities", abilities()),
        ("ring", ring(10)),
    ]
}

#[test]
fn a_firewall_between_two_hosts() {
    insta::assert_snapshot!(story(&two_hosts_and_a_firewall().lab()));
}

#[test]
fn a_device_of_two_machines() {
    insta::assert_snapshot!(story(&vqfx_pair().lab()));
}

#[test]
fn what_a_cloud_cannot_do() {
    insta::assert_snapshot!(story(&vmx().lab()));
}

#[test]
fn secrets_are_hidden_parameters() {
    insta::assert_snapshot!(story(&secrets().lab()));
}

#[test]
fn networks_that_lead_outside() {
    insta::assert_snapshot!(story(&outside().lab()));
}

#[test]
fn ipv6_alone() {
    insta::assert_snapshot!(story(&ipv6().lab()));
}

#[test]
fn what_only_some_clouds_can_do() {
    insta::assert_snapshot!(story(&abilities().lab()));
}

#[test]
fn awkward_names() {
    insta::assert_snapshot!(story(&awkward().lab()));
}

#[test]
fn the_same_lab_gives_the_same_bytes() {
    for (name, draft) in samples() {
        assert_eq!(build(&draft.lab()), build(&draft.lab()), "{name}");
    }
}

#[test]
fn a_loss_is_said_once() {
    let mut draft = ring(20);
    for (number, link) in draft.topology.links.iter_mut().enumerate() {
        link.impairments[1].loss = Some(1000);
        link.origin = origin(number / 10);
    }
    let (_, diagnostics) = template(&draft.lab());
    insta::assert_snapshot!(say(&diagnostics), @"
    W0850 a cloud cannot delay or drop frames, so these links run without their impairments: `n0:eth1--n1:eth2`, `n1:eth1--n2:eth2`, `n2:eth1--n3:eth2` and 17 more
      0..5 `n0:eth1--n1:eth2`: impaired here
      1..6 `n10:eth1--n11:eth2`: impaired here
    ");
}

#[test]
fn a_large_lab_is_one_warning() {
    let (_, diagnostics) = template(&ring(200).lab());
    insta::assert_snapshot!(say(&diagnostics), @"
    W0863 the template has 1405 resources and 443 KiB; Heat usually takes 1000 resources and 512 KiB
      900..905 this lab is large for one stack
    ");
}

#[test]
fn raw_pieces_do_not_replace_what_is_ours() {
    for (piece, problem) in [("image: x", "`image` is there already"), ("[1]", "it is no map"), ("a: [", "")] {
        let mut draft = abilities();
        let raw = Value::map([("h".into(), Value::string(piece))].into_iter().collect());
        draft.topology.targets[0].attributes.insert("raw".into(), raw);
        let said = say(&template(&draft.lab()).1);
        let expected = format!("E0814 the raw piece for `h` cannot be put into its server: {problem}");
        assert!(said.starts_with(&expected), "{said}");
    }
}

#[test]
fn what_nova_refuses_is_an_error() {
    let mut draft = secrets();
    draft.topology.nodes[0].guest.run = vec![plain(&"0123456789abcdef".repeat(4096))];
    draft.topology.nodes[1].machines[0].disks.clear();
    let (_, diagnostics) = template(&draft.lab());
    insta::assert_snapshot!(say(&diagnostics), @"
    E0850 a server of a cloud boots from an image, and the first disk of these machines has none: `fw`
      10..15 `fw`: boots from an empty disk

    E0851 Nova takes at most 65535 bytes of user data (in base64), and these machines have more: `h1`
      0..5 `h1`: this machine's user data is too large
    ");
}

#[test]
fn deployment_learns_what_to_fill_in() {
    let (template, _) = template(&secrets().lab());
    let secrets = template.parameters.iter().filter(|parameter| matches!(parameter.meaning, Meaning::Secret(_)));
    let secrets: Vec<(&str, bool)> = secrets.map(|p| (p.name.as_str(), p.default.is_some())).collect();
    assert_eq!(secrets, [("secret_env_OPS", false), ("secret_file_keys_license", false)]);
    let flavor = |p: &&Parameter| p.meaning == Meaning::Flavor { cpu: 1, memory: 1024, disk: 0 };
    assert_eq!(template.parameters.iter().find(flavor).unwrap().default.as_deref(), Some("wtop-1cpu-1024mib"));
}

#[test]
fn ten_thousand_nodes_in_a_ring() {
    let draft = ring(10_000);
    let (template, _) = template(&draft.lab());
    let servers = template.text.lines().filter(|line| line.ends_with("OS::Nova::Server")).count();
    let ports = template.text.lines().filter(|line| line.ends_with("OS::Neutron::Port")).count();
    assert_eq!((servers, ports), (10_000, 30_000));
}

/// `scripts/validate-heat` runs what Heat runs before it creates a stack.
#[test]
fn heat_accepts_every_sample() {
    let has_heat = Command::new("/usr/bin/python3").args(["-c", "import heat"]).output();
    if !has_heat.is_ok_and(|output| output.status.success()) {
        eprintln!("not checked: Heat's Python code is not installed (scripts/install test)");
        return;
    }
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("heat-samples");
    for (name, draft) in samples() {
        let folder = root.join(name);
        fs::create_dir_all(&folder).unwrap();
        for artifact in build(&draft.lab()).0 {
            fs::write(folder.join(artifact.path), artifact.bytes).unwrap();
        }
        // The same in a cloud that can do everything.
        let able = root.join(format!("{name}-able"));
        fs::create_dir_all(&able).unwrap();
        let (template, _) = template(&draft.lab());
        let can = template.parameters.iter().filter(|parameter| matches!(parameter.meaning, Meaning::Ability(_)));
        let can: String = can.map(|parameter| format!("  {}: true\n", parameter.name)).collect();
        fs::write(able.join("template.yaml"), template.text).unwrap();
        fs::write(able.join("environment.yaml"), format!("parameters:\n  key_name: ours\n{can}")).unwrap();
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/validate-heat");
    let output = Command::new("/usr/bin/python3").arg(script).arg(root).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

/// Everything that is said about a program on its way to a template.
fn said(program: &str) -> Vec<String> {
    let files = MemoryFileSystem::new([("lab.wtop", program)]);
    let options = CompileOptions { file: "lab.wtop".into(), ..CompileOptions::default() };
    let compilation = compile(&files, &options);
    let topology = compilation.topology.unwrap_or_default();
    let (lab, lowering) = lower(&topology, topology.targets.first(), TargetKind::Heat);
    let (_, building) = build(&lab);
    let said = compilation.diagnostics.iter().chain(&lowering).chain(&building);
    said.map(|diagnostic| format!("{}: {}", diagnostic.code.id, diagnostic.message)).collect()
}

#[test]
fn the_programs_of_the_pages_show_what_they_say() {
    let mut failures = String::new();
    for code in codes::heat::ALL {
        let (wrong, right) = (said(code.wrong), said(code.right));
        if wrong.len() != 1 || !wrong.iter().all(|said| said.starts_with(code.id)) || !right.is_empty() {
            failures += &format!("{}: wrong: {wrong:#?} right: {right:#?}\n", code.id);
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
