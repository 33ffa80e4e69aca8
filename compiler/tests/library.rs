//! The device library and the examples: everything compiles, and what devices are made of is on record.
//!
//! `INSTA_UPDATE=always cargo test -p wtop-compiler --test library` writes the record; compare it with the sources that
//! a device names.

// These tests read the examples; the compiler itself opens no file.
#![allow(clippy::disallowed_methods)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use wtop_compiler::backends::build;
use wtop_compiler::diagnostics::Severity;
use wtop_compiler::lab::TargetKind;
use wtop_compiler::semantics::library;
use wtop_compiler::source::{DiskFileSystem, MemoryFileSystem};
use wtop_compiler::topology::{Machine, Node, Plug, Topology};
use wtop_compiler::{Compilation, CompileOptions, LockUse, compile};

/// Compiles a program in memory.
fn compiled(program: &str) -> Compilation {
    let fs = MemoryFileSystem::new([("/lab/lab.wtop", program)]);
    compile(&fs, &CompileOptions { file: "/lab/lab.wtop".into(), ..CompileOptions::default() })
}

/// What is wrong, a line each, down to this severity.
fn mistakes(compilation: &Compilation, lightest: Severity) -> Vec<String> {
    let found = compilation.diagnostics.iter().filter(|found| found.severity() <= lightest);
    found.map(|found| format!("{} {}", found.code.id, found.message)).collect()
}

/// A topology whose program has nothing wrong.
fn topology(program: &str) -> Topology {
    let compilation = compiled(program);
    let wrong = mistakes(&compilation, Severity::Warning);
    assert!(wrong.is_empty(), "{program}\n{wrong:#?}");
    compilation.topology.unwrap()
}

/// Two of a device with a link between them.
fn pair(device: &str) -> Topology {
    topology(&format!("topology t\nnode a: {device}\nnode b: {device}\nlink a <-> b {{ subnet = 10.0.0.0/30 }}\n"))
}

#[test]
fn every_file_of_the_library_is_one() {
    for (name, text) in library::files().filter(|(name, _)| name.ends_with(".wtop")) {
        let wrong = mistakes(&compiled(text), Severity::Error);
        // Templates are read beside the device, which is elsewhere here; nothing asks for them without a node.
        assert!(wrong.is_empty(), "{name}: {wrong:#?}");
    }
}

#[test]
fn devices_are_documented_and_say_what_to_bring() {
    let devices: Vec<&str> = library::device_names().collect();
    assert!(devices.contains(&"debian") && devices.contains(&"vmx"), "{devices:?}");
    for device in devices {
        for node in pair(device).nodes {
            assert!(node.attributes.contains_key("product"), "{device} has no `product`");
            let booted = node.machines.iter().all(|machine| machine.disks.iter().any(|disk| disk.image.is_some()));
            assert!(booted, "{device} has a machine that boots from nothing");
        }
    }
}

#[test]
fn what_devices_are_made_of() {
    let mut record = String::new();
    for device in library::device_names() {
        let topology = pair(device);
        describe(&mut record, device, &topology.nodes[0]).unwrap();
    }
    insta::assert_snapshot!(record);
}

fn describe(out: &mut String, device: &str, node: &Node) -> std::fmt::Result {
    writeln!(out, "{device}: {}", node.icon)?;
    for machine in &node.machines {
        let part = machine.part.as_deref().map(|part| format!("{part}, ")).unwrap_or_default();
        let memory = machine.memory / 1024 / 1024;
        let cpu_model = machine.cpu_model.as_deref().map(|model| format!(", {model}")).unwrap_or_default();
        let Machine { cpu, machine_type, serials, .. } = machine;
        writeln!(out, "  {part}{cpu} CPU{cpu_model}, {memory} MiB, {machine_type}, {serials} serial")?;
        for disk in &machine.disks {
            let image = disk.image.as_ref().map_or("empty", |image| &image.slot);
            writeln!(out, "    disk {} ({}): {image}", disk.name, disk.bus)?;
        }
        for media in &machine.media {
            let files: Vec<&str> = media.files.iter().map(|file| file.path.as_str()).collect();
            writeln!(
                out,
                "    {} ({}, {:?}, {:?}): {}",
                media.name,
                media.bus,
                media.format,
                media.label,
                files.join(", ")
            )?;
        }
        for nic in &machine.nics {
            let plug = match nic.plug {
                Plug::Nothing => "nothing".to_owned(),
                Plug::Management => "management".to_owned(),
                Plug::Wire { wire } => format!("wire {wire}"),
                Plug::Interface { interface } => node.interfaces[interface].name.clone(),
            };
            writeln!(out, "    nic {} ({}): {plug}", nic.name, nic.model)?;
        }
    }
    Ok(())
}

/// What every lab with a rich configuration says of all nodes.
const COMMON: &str = r#"
topology rich
domain = "lab.test"
ntp = ["192.0.2.123"]
dns = [192.0.2.53]
management { subnet = 192.0.2.0/24 }
login { user = "ops", password = secret("env:OPS") }
ssh_keys = ["KEY ops"]
node b: DEVICE
"#;

/// Everything that a router's configuration knows: both families, sub-interfaces, a VRF, static routes.
const ROUTER: &str = r#"
node h[1..2]: debian
vrf blue { rd = "65000:1", import = ["65000:1"], export = ["65000:1"] }
node a: DEVICE {
  loopback = [10.255.0.1/32, 2001:db8::1/128]
  routes { "10.99.0.0/16" = 10.0.0.1, "2001:db8:99::/48" = 2001:db8:1::2, "10.98.0.0/16" = 10.2.0.2 }
  interface "PORT2.100" { vlan = 100, address = [10.1.0.1/24, 2001:db8:2::1/64] }
}
link a:PORT1 (description = "to b") <-> b:PORT1 { subnet = [10.0.0.0/31, 2001:db8:1::/64], mtu = 9000 }
link h[1] (address = 10.1.0.2/24) <-> a:PORT2 (trunk = [100])
link h[2] (address = 10.2.0.2/30) <-> a:PORT3 (address = 10.2.0.1/30, vrf = blue)
"#;

/// Everything that a switch's configuration knows: access ports, trunks, addresses in VLANs.
const SWITCH: &str = r#"
node h[1..3]: debian
vlan web { id = 20, subnet = 10.20.0.0/24, gateway = 10.20.0.1 }
vlan storage { id = 30 }
node a: DEVICE {
  loopback = 10.255.0.1/32
  interface "SVI30" { vlan = storage, address = 10.30.0.1/24 }
}
link h[1] <-> a:PORT1 (vlan = web, address = 10.20.0.1/24, routed = true)
link h[2] (address = 10.30.0.2/24) <-> a:PORT2 (vlan = storage, description = "disks")
link a:PORT3 <-> b:PORT3 { trunk = [web, storage, 40], native = 40, mtu = 9000 }
link h[3] <-> a:PORT5 { subnet = 10.9.0.0/31 }
"#;

/// An aggregation, with what it carries.
const LAG: &str = r#"
lag bundle: a:BUNDLE <-> b:BUNDLE {
  CARRIES
  link a:PORT6 <-> b:PORT6
  link a:PORT7 <-> b:PORT7
}
"#;

/// The topology of a program in which `words` stand for each other: `("DEVICE", "vsrx")`.
fn rich(program: &[&str], words: &[(&str, &str)]) -> Topology {
    let program = words.iter().fold(program.concat(), |text, (word, meaning)| text.replace(word, meaning));
    topology(&program.replace("KEY", "ssh-ed25519 AAAA"))
}

/// The configuration of its first node with that name.
fn config(topology: &Topology) -> String {
    let node = topology.nodes.iter().find(|node| node.name == "a").unwrap();
    node.guest.config.as_ref().unwrap().with_markers()
}

#[test]
fn configuration_of_a_vsrx() {
    let words = [("DEVICE", "vsrx"), ("PORT", "ge-0/0/")];
    insta::assert_snapshot!(config(&rich(&[COMMON, ROUTER], &words)));
}

#[test]
fn configuration_of_a_vmx() {
    let words = [("DEVICE", "vmx"), ("PORT", "xe-0/0/"), ("BUNDLE", "ae0"), ("CARRIES", "subnet = 10.8.0.0/31")];
    insta::assert_snapshot!(config(&rich(&[COMMON, ROUTER, LAG], &words)));
}

#[test]
fn configuration_of_a_vjunos_router() {
    let carries = "mode = active_backup, subnet = 10.8.0.0/31";
    let words = [("DEVICE", "vjunos_router"), ("PORT", "ge-0/0/"), ("BUNDLE", "ae0"), ("CARRIES", carries)];
    insta::assert_snapshot!(config(&rich(&[COMMON, ROUTER, LAG], &words)));
}

#[test]
fn configuration_of_a_vrr() {
    insta::assert_snapshot!(config(&rich(&[COMMON, ROUTER], &[("DEVICE", "vrr"), ("PORT", "em")])));
}

#[test]
fn configuration_of_a_vqfx() {
    let words =
        [("DEVICE", "vqfx"), ("PORT", "xe-0/0/"), ("SVI", "irb."), ("BUNDLE", "ae0"), ("CARRIES", "trunk = [web]")];
    insta::assert_snapshot!(config(&rich(&[COMMON, SWITCH, LAG], &words)));
}

#[test]
fn configuration_of_a_vjunos_switch() {
    let carries = "mode = static, trunk = [web]";
    let words =
        [("DEVICE", "vjunos_switch"), ("PORT", "ge-0/0/"), ("SVI", "irb."), ("BUNDLE", "ae0"), ("CARRIES", carries)];
    insta::assert_snapshot!(config(&rich(&[COMMON, SWITCH, LAG], &words)));
}

#[test]
fn configuration_of_a_veos() {
    let words = [("DEVICE", "veos"), ("PORT", "Ethernet"), ("BUNDLE", "Port-Channel1"), ("CARRIES", "trunk = [web]")];
    insta::assert_snapshot!(
        "switching",
        config(&rich(&[COMMON, SWITCH, LAG], &[&words[..], &[("SVI", "Vlan")]].concat()))
    );
    let words =
        [("DEVICE", "veos"), ("PORT", "Ethernet1/"), ("BUNDLE", "Port-Channel1"), ("CARRIES", "subnet = 10.8.0.0/31")];
    insta::assert_snapshot!("routing", config(&rich(&[COMMON, ROUTER, LAG], &words)));
}

#[test]
fn configuration_of_a_csr1000v() {
    // The first port is management.
    let router = ROUTER.replace("PORT1", "PORT4");
    let key = format!("ssh-rsa {}", "A".repeat(250));
    let words = [
        ("KEY", key.as_str()),
        ("DEVICE", "csr1000v"),
        ("PORT", "Gi"),
        ("BUNDLE", "Port-channel1"),
        ("CARRIES", "subnet = 10.8.0.0/31"),
    ];
    insta::assert_snapshot!(config(&rich(&[COMMON, &router, LAG], &words)));
}

#[test]
fn configuration_of_a_vyos() {
    let words = [("DEVICE", "vyos"), ("PORT", "eth"), ("BUNDLE", "bond0"), ("CARRIES", "subnet = 10.8.0.0/31")];
    insta::assert_snapshot!(config(&rich(&[COMMON, ROUTER, LAG], &words)));
}

#[test]
fn configuration_of_an_frr() {
    let program = r#"
topology rich
management { subnet = 192.0.2.0/24 }
node a: frr(daemons = ["bgpd", "ospf6d"]) { loopback = 10.255.0.1/32, config = self.base + "router bgp 65000\n" }
node b: frr
link a (description = "to b") <-> b { subnet = [10.0.0.0/31, 2001:db8:1::/64] }
"#;
    let guest = &topology(program).nodes[0].guest;
    let files: String =
        guest.files.iter().map(|file| format!("== {}\n{}", file.path, file.content.with_markers())).collect();
    insta::assert_snapshot!(files);
}

#[test]
fn hosts_behind_access_ports_take_the_gateway_of_their_vlan() {
    let topology = topology(
        "topology t\nvlan web { id = 20, subnet = [10.20.0.0/24, 2001:db8::/64], gateway = [10.20.0.1, 2001:db8::1] }\n\
         node h: debian\nnode sw: veos { interface \"Vlan20\" { vlan = web, address = 10.20.0.1/24 } }\n\
         link h <-> sw (vlan = web)\n",
    );
    let routes: Vec<String> =
        topology.nodes[0].guest.routes.iter().map(|(to, via)| format!("{to} via {via}")).collect();
    assert_eq!(routes, ["0.0.0.0/0 via 10.20.0.1", "::/0 via 2001:db8::1"]);
}

/// What is written for a guest and cannot reach it is a warning at its line.
#[test]
fn what_cannot_arrive_is_said() {
    let program = r#"
topology lost
ssh_keys = ["ssh-ed25519 AAAA ops"]
vrf blue { rd = "65000:1" }
node a: blank { config = "x", login { user = "ops", password = secret("env:OPS") } }
node b: csr1000v { users { ops { sudo = true } } }
node c: debian { config = "x" }
link a (address = 10.0.0.0/31) <-> b (address = 10.0.0.1/31)
link b <-> c (vrf = blue) { subnet = 10.0.0.2/31 }
"#;
    insta::assert_snapshot!(mistakes(&compiled(program), Severity::Warning).join("\n"), @r"
    W0507 a key of type `ssh-ed25519` cannot reach `b`: a csr1000v does not take it
    W0507 `config` of `a` cannot reach the guest: a blank has no way for it at first boot
    W0507 `login` of `a` cannot reach the guest: a blank has no way for it at first boot
    W0507 `users` of `b` cannot reach the guest: a csr1000v has no way for it at first boot
    W0507 `config` of `c` cannot reach the guest: a debian has no way for it at first boot
    W0507 the address of `a:eth0` cannot reach the guest: nothing configures a blank
    ");
}

/// Every `.wtop` file below `examples/`, sorted.
fn examples() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "wtop") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// Compiles an example with parameters, and builds it if a target is named.
fn example(file: &Path, target: Option<&str>, params: &[(&str, &str)]) -> Option<Topology> {
    let params = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let options = CompileOptions {
        file: file.to_path_buf(),
        params,
        target: target.map(str::to_owned),
        lock: LockUse::Ignore,
        ..CompileOptions::default()
    };
    let mut compilation = compile(&DiskFileSystem, &options);
    if let (Some(topology), Some(target)) = (&compilation.topology, target) {
        let target = topology.find_target(target).unwrap();
        let (artifacts, found) = build(topology, Some(target), TargetKind::from_name(&target.kind).unwrap());
        assert!(!artifacts.is_empty());
        compilation.extend(found);
    }
    let wrong = mistakes(&compilation, Severity::Warning);
    assert!(wrong.is_empty(), "{} for {target:?}: {wrong:#?}", file.display());
    compilation.topology
}

#[test]
fn examples_compile_for_every_target() {
    let mut labs = 0;
    for file in examples() {
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("//! "), "{} does not begin by saying what it shows", file.display());
        let Some(topology) = example(&file, None, &[]) else { continue };
        labs += 1;
        assert!(!topology.targets.is_empty(), "{} has no target", file.display());
        for target in &topology.targets {
            example(&file, Some(&target.name), &[]);
        }
        assert!(
            topology.checks.iter().all(|check| check.holds == Some(true)),
            "{}: {:?}",
            file.display(),
            topology.checks
        );
    }
    assert!(labs >= 8, "only {labs} labs");
}

#[test]
fn examples_compile_in_other_sizes() {
    let sized = |name: &str, params: &[(&str, &str)]| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name);
        example(&file, None, params).unwrap().nodes.len()
    };
    assert_eq!(sized("leaf-spine.wtop", &[("spines", "1"), ("leaves", "1")]), 3);
    assert_eq!(sized("leaf-spine.wtop", &[("spines", "4"), ("leaves", "12")]), 28);
    assert_eq!(sized("ring.wtop", &[("n", "3")]), 3);
    assert_eq!(sized("ring.wtop", &[("n", "50")]), 50);
}
