//! Modules and devices that nothing uses are looked at all the same, and nothing right in them is called wrong.

use wtop_compiler::source::MemoryFileSystem;
use wtop_compiler::{Compilation, CompileOptions, compile};

fn compiled(text: &str) -> Compilation {
    let fs = MemoryFileSystem::new([("lib.wtop", text), ("base.j2", "hostname {{ node.name }}\n")]);
    compile(&fs, &CompileOptions { file: "lib.wtop".into(), ..CompileOptions::default() })
}

/// Codes and the text that each is about.
fn told(text: &str) -> Vec<String> {
    let compilation = compiled(text);
    let sources = &compilation.sources;
    let one = |found: &wtop_compiler::diagnostics::Diagnostic| {
        format!("{} {}", found.code.id, sources.text(found.span()).lines().next().unwrap_or_default())
    };
    compilation.diagnostics.iter().map(one).collect()
}

/// A library that uses all that a module and a device can have, with parameters that only a user knows.
const RIGHT: &str = r#"
type site = { name: string, hosts: int = 2 }
let tags = ["edge"]

pub device box(ports: int, mode: enum { small, large } = small, card: string?) extends linux {
  cpu = if mode == large then 4 else 2
  memory = if ports > 4 then 4GiB else 2GiB
  notes = "of ${ports} ports, ${self.name}"
  base = template("base.j2")
  if ports > 8 {
    cpu_limit = 80%
  } else {
    cpu_limit = 40%
  }
  for n in 1..ports {
    media "seed${n}" { format = iso, label = "s${n}", files { "/a" = self.config } }
  }
}

pub device chassis(fpcs: int) {
  image re
  vm re { cpu = 1, memory = 1GiB, disk = re, nic em0, nic em1 }
  vm fpc[i in 0..fpcs - 1] { cpu = 1, memory = 2GiB, disk = re, nic em[0..1], nic ge[0..3] }
  for i in 0..fpcs - 1 {
    wire re:em1 <-> fpc[i]:em1
  }
  management = re:em0
  interface "ge-${f}/0/${p}" for f in 0..fpcs - 1 for p in 0..3 = fpc[f]:ge[p]
}

pub module branch(hosts: int, up: network, space: pool, sites: [site], hub: node, wide: bool) {
  pub node gw: box(ports = hosts) { tags = tags, notes = "gateway of ${hosts}" }
  node pc[i in 1..hosts]: debian { notes = "behind ${gw.name}, number ${i}" }
  node spare[1..2]: debian
  network lan { subnet = from space, gateway = host(1) }
  link gw:eth1 <-> lan { mtu = 1500 + hosts }
  link gw:eth2 (address = host(2)) <-> up
  link each pc <-> lan { vlan = 10 }
  link pc[1]:eth5 <-> spare[1]:eth5
  link each pc <-> each spare { delay = 10ms }
  for p in pc {
    link p <-> hub { vlan = 10 }
  }
  for s in sites {
    node site[s.name]: debian { notes = s.name }
    link site[s.name] <-> lan { subnet = from space }
  }
  if wide {
    node other: debian { memory = 1GiB }
    link other <-> lan
  } else {
    network quiet { subnet = 10.0.0.0/24 }
  }
  lag gw:ae0 <-> hub:ae0 {
    mode = lacp
    link gw:eth3 <-> hub:eth3
  }
  defaults node: box { memory = 3GiB }
  override pc[1] { memory = 2GiB }
  interface uplink = gw:eth4
}

module pair() {
  node one: branch(hosts = 2, up = lan, space = links, sites = [], hub = two, wide = true)
  pool links = 10.0.0.0/16 per /24
  network lan
  node two: debian
}
"#;

#[test]
fn nothing_right_is_called_wrong() {
    assert_eq!(told(RIGHT), [""; 0]);
    assert_eq!(told(&format!("topology t\n{RIGHT}node a: debian\nnode b: debian\nlink a <-> b\n")), [""; 0]);
}

#[test]
fn each_mistake_is_told_once() {
    let mistakes = [
        ("memory = if ports > 4 then 4GiB", "memry = if ports > 4 then 4GiB", "E0401 memry"),
        ("notes = \"of ${ports} ports", "notes = \"of ${prts} ports", "E0203 prts"),
        ("cpu_limit = 40%", "cpu_limit = 40ms", "E0301 40ms"),
        ("format = iso, label", "fromat = iso, label", "E0401 fromat"),
        ("vm re { cpu = 1", "vm re { cpu = 1GiB", "E0301 1GiB"),
        ("notes = \"gateway of", "nots = \"gateway of", "E0401 nots"),
        ("number ${i}\"", "number ${j}\"", "E0203 j"),
        ("{ mtu = 1500 + hosts }", "{ mut = 1500 + hosts }", "E0401 mut"),
        ("link gw:eth1 <-> lan", "link gw:eth1 <-> lann", "E0203 lann"),
        ("(address = host(2))", "(adress = host(2))", "E0401 adress"),
        ("{ delay = 10ms }", "{ delay = 10GiB }", "E0301 10GiB"),
        ("notes = s.name", "notes = z.name", "E0203 z"),
        ("node other: debian", "node other: debain", "E0410 debain"),
        ("network quiet { subnet = 10.0.0.0/24 }", "network quiet { subnet = 10ms }", "E0300 10ms"),
        ("mode = lacp", "mode = lcap", "E0205 lcap"),
        ("interface uplink = gw", "interface uplink = gww", "E0203 gww"),
        ("defaults node: box", "defaults node: bax", "E0410 bax"),
        ("override pc[1]", "override pcc[1]", "E0203 pcc"),
    ];
    let mut wrong = Vec::new();
    for (right, mistake, expected) in mistakes {
        assert_eq!(RIGHT.matches(right).count(), 1, "{right}");
        let found = told(&RIGHT.replace(right, mistake));
        if found != [expected] {
            wrong.push(format!("{mistake}: {found:?}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_used_is_not_tried_again() {
    let text = "topology t\nlet size = 1GiB\nmodule m(n: int) {\n  pub node a: debian { memory = size, cpu = n, colour = 1 }\n}\n\
                node x: m(n = 2)\nnode b: debian\nlink b <-> x.a\n";
    assert_eq!(told(text), ["E0401 colour"]);
    // A constant that only an unused module reads is used.
    let unused =
        text.replace(", colour = 1", "").replace("node x: m(n = 2)\n", "").replace("<-> x.a", "<-> c\nnode c: debian");
    assert_eq!(told(&unused), [""; 0]);
}

#[test]
fn a_module_that_nothing_uses_may_not_contain_itself() {
    assert_eq!(told("module m() {\n  node x: m\n}\n"), ["E0509 x"]);
}

#[test]
fn deep_nesting_is_no_circle() {
    let nested = |depth: usize| {
        let outer = (1..depth).map(|at| format!("module m{at}() {{ node x: m{} }}\n", at + 1)).collect::<String>();
        let inner = format!("module m{depth}() {{\n  node a: debian\n  node b: debian\n  link a <-> b\n}}\n");
        told(&format!("topology t\n{outer}{inner}node x: m1\n"))
    };
    assert_eq!(nested(32), [""; 0]);
    assert_eq!(nested(33), ["E0532 x"]);
    assert_eq!(nested(500), ["E0532 x"]);
}
