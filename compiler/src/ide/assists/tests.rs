//! Each action as a little program before it (with the cursor or the selection) and after it.

use super::{Assist, Context, Offer, assists, finish, import_name};
use crate::diagnostics::fix::apply_edits;
use crate::ide::fixture::Fixture;
use crate::source::Span;
use insta::assert_snapshot;

/// What is offered at the cursor or for the first mark.
fn offered(fixture: &Fixture) -> Vec<Assist> {
    let cursor = fixture.cursor.map(|(file, at)| Span::new(file, at as usize, at as usize));
    let range = cursor.or(fixture.marks.first().copied()).unwrap();
    Context::new(fixture.view(), range).map_or(Vec::new(), |context| assists(&context))
}

/// The main file after an action.
#[track_caller]
fn after(id: &str, text: &str) -> String {
    let fixture = Fixture::new(text);
    let all = offered(&fixture);
    let Some(assist) = all.iter().find(|assist| assist.id == id) else {
        return format!("not offered, but {:?}", all.iter().map(|assist| assist.id).collect::<Vec<_>>());
    };
    let edits = finish(&fixture.compilation.sources, &assist.edits).unwrap();
    let text = &fixture.compilation.sources.get(fixture.compilation.units[0].file).unwrap().text;
    format!("{}\n----\n{}", assist.title, apply_edits(text, &edits).unwrap())
}

#[test]
fn imports_are_sorted_joined_and_dropped() {
    assert_snapshot!(after("sort-imports", "\
$0use \"./lib.wtop\".{b, a}
// The firewalls.
use std.juniper.vsrx
use \"./lib.wtop\".{c as d, e}
use std.arista.veos as switch  // drawn on the left

topology t
node x: a { cpu = d }
node y: b
node z: vsrx
node w: switch
//- lib.wtop
pub device a extends debian {}
pub device b extends debian {}
pub let c = 2
pub let e = 2
"), @r#"
    Sort the imports
    ----
    use std.arista.veos as switch  // drawn on the left
    // The firewalls.
    use std.juniper.vsrx
    use "./lib.wtop".{a, b, c as d}

    topology t
    node x: a { cpu = d }
    node y: b
    node z: vsrx
    node w: switch
    "#);
}

#[test]
fn a_constant_goes_where_it_is_used() {
    assert_snapshot!(after("inline-constant", "\
topology t
let wide$0 = 1 + 1
node a: debian { cpu = wide, memory = wide * 1GiB, notes = \"${wide} of them\" }
"), @r#"
    Put `wide` where it is used
    ----
    topology t
    node a: debian { cpu = 1 + 1, memory = (1 + 1) * 1GiB, notes = "${1 + 1} of them" }
    "#);
}

#[test]
fn a_device_goes_into_its_nodes() {
    assert_snapshot!(after("inline-device", "\
topology t

device edge$0 extends debian {
  memory = 2GiB
}

node a: edge
node b: edge { cpu = 2 }
"), @"
    Put `edge` into its nodes
    ----
    topology t

    node a: debian {
      memory = 2GiB
    }
    node b: debian {
      memory = 2GiB
      cpu = 2
    }
    ");
}

#[test]
fn nodes_with_the_same_attributes_become_a_device() {
    assert_snapshot!(after("extract-device", "\
topology t

// The first one.
«node a: debian { memory = 2GiB, cpu = 2, hostname = \"x\" }
node b: debian { memory = 2GiB, cpu = 2 }»
"), @r#"
    Make a device of what they add to `debian`
    ----
    topology t

    device my-debian extends debian {
      memory = 2GiB
      cpu = 2
    }

    // The first one.
    node a: my-debian { hostname = "x" }
    node b: my-debian
    "#);
    assert_snapshot!(after("extract-device", "\
topology t
let size = 2GiB
node a$0: debian {
  // Enough for routes.
  memory = size
  after = []
}
"), @"
    Make a device of what it adds to `debian`
    ----
    topology t
    let size = 2GiB

    device a-debian extends debian {
      // Enough for routes.
      memory = size
    }

    node a: a-debian {
      after = []
    }
    ");
}

#[test]
fn nodes_that_are_numbered_become_an_array_and_back() {
    let nodes = "\
topology t
// Hosts.
node h1: debian { memory = 1GiB }
node h2$0: debian { memory = 1GiB }
node sw: linux

link h1:eth1 <-> sw
link h2 <-> sw
override h2 { cpu = 2 }
";
    assert_snapshot!(after("into-array", nodes), @"
    Write the 2 nodes as the array `h`
    ----
    topology t
    // Hosts.
    node h[1..2]: debian { memory = 1GiB }
    node sw: linux

    link h[1]:eth1 <-> sw
    link h[2] <-> sw
    override h[2] { cpu = 2 }
    ");
    assert_snapshot!(after("unroll-array", "\
topology t
node h$0[1..2]: debian { memory = 1GiB }
node sw: linux
link h[1]:eth1 <-> sw
link h[2] <-> sw
"), @"
    Write out the 2 nodes of the array
    ----
    topology t
    node h1: debian { memory = 1GiB }
    node h2: debian { memory = 1GiB }
    node sw: linux
    link h1:eth1 <-> sw
    link h2 <-> sw
    ");
    assert_snapshot!(after("unroll-array", "\
topology t
node h$0[i in [\"a\", \"b\"]]: debian { notes = \"the ${i}\" }
node sw: linux
link each h <-> sw
"), @r#"
    Write out the 2 nodes of the array
    ----
    topology t
    node h["a"]: debian { notes = "the a" }
    node h["b"]: debian { notes = "the b" }
    node sw: linux
    link each h <-> sw
    "#);
}

#[test]
fn links_in_a_row_become_a_loop_and_back() {
    assert_snapshot!(after("into-loop", "\
topology t
node h[1..3]: debian
node sw: linux
// Wires.
link h[1]:eth1 <-> sw:eth4 { subnet = 10.0.1.0/24 }
link h[2]:eth1 <-> sw$0:eth5 { subnet = 10.0.2.0/24 }
link h[3]:eth1 <-> sw:eth6 { subnet = 10.0.3.0/24 }
"), @"
    Write the 3 items as a loop
    ----
    topology t
    node h[1..3]: debian
    node sw: linux
    // Wires.
    for i in 1..3 {
      link h[i]:eth1 <-> sw:eth${i + 3} { subnet = 10.0.${i}.0/24 }
    }
    ");
    assert_snapshot!(after("unroll-loop", "\
topology t
node h[1..2]: debian
node sw: linux
for$0 i in 1..2 {
  // One wire.
  link h[i]:eth${i} <-> sw:eth${i + 3} { subnet = 10.0.${i}.0/24, mtu = 1500 + i * 2 }
}
"), @"
    Write out the 2 turns of the loop
    ----
    topology t
    node h[1..2]: debian
    node sw: linux
    // One wire.
    link h[1]:eth1 <-> sw:eth4 { subnet = 10.0.1.0/24, mtu = 1502 }
    // One wire.
    link h[2]:eth2 <-> sw:eth5 { subnet = 10.0.2.0/24, mtu = 1504 }
    ");
}

#[test]
fn what_is_missing_is_written() {
    assert_snapshot!(after("add-images", "\
topology t
node a: debian
node b: vqfx
target here: kvm$0 {
  images { debian = \"d.qcow2\" }
}
"), @r#"
    Add images for 2 slots
    ----
    topology t
    node a: debian
    node b: vqfx
    target here: kvm {
      images { debian = "d.qcow2", vqfx_pfe = "vqfx_pfe.qcow2", vqfx_re = "vqfx_re.qcow2" }
    }
    "#);
    assert_snapshot!(after("add-arguments", "\
topology t
network lan {}
module m(hosts: int, up: network, wide: bool = false) {
  node h[1..hosts]: debian
  link h[1] <-> up
}
node a$0: m
"), @"
    Add the missing arguments
    ----
    topology t
    network lan {}
    module m(hosts: int, up: network, wide: bool = false) {
      node h[1..hosts]: debian
      link h[1] <-> up
    }
    node a: m(hosts = 1, up = lan)
    ");
    assert_snapshot!(after("add-node", "\
topology t
node a: debian
link a <-> othe$0r
"), @"
    Add the node `other`
    ----
    topology t
    node a: debian
    node other: debian
    link a <-> other
    ");
}

#[test]
fn what_was_chosen_is_written() {
    assert_snapshot!(after("write-chosen", "\
topology t
pool p = 10.0.0.0/24 per /31
node a: debian
node b: vsrx
link a <-> b { subnet = fr$0om p }
"), @"
    Write what it got: `10.0.0.0/31`
    ----
    topology t
    pool p = 10.0.0.0/24 per /31
    node a: debian
    node b: vsrx
    link a <-> b { subnet = 10.0.0.0/31 }
    ");
    assert_snapshot!(after("write-chosen", "\
topology t
node a: debian
node b: vsrx
link$0 a <-> b
"), @"
    Write the interfaces that the link got
    ----
    topology t
    node a: debian
    node b: vsrx
    link a:eth1 <-> b:ge-0/0/0
    ");
}

#[test]
fn items_become_a_module_and_back() {
    assert_snapshot!(after("extract-module", "\
topology t
network wan {}
pool loops = 10.255.0.0/24 per /32
«// The branch.
node gw: debian { loopback = from loops }
node pc[1..2]: debian
network lan { subnet = 10.0.0.0/24 }
link gw:eth1 <-> lan
link each pc <-> lan
link gw:eth2 <-> wan»
node hub: debian
link hub:eth1 <-> gw:eth3
"), @"
    Make a module of the 6 items
    ----
    topology t
    network wan {}
    pool loops = 10.255.0.0/24 per /32
    module part(loops: pool, wan: network) {
      // The branch.
      pub node gw: debian { loopback = from loops }
      node pc[1..2]: debian
      network lan { subnet = 10.0.0.0/24 }
      link gw:eth1 <-> lan
      link each pc <-> lan
      link gw:eth2 <-> wan
    }

    node part-1: part(loops = loops, wan = wan)
    node hub: debian
    link hub:eth1 <-> part-1.gw:eth3
    ");
    assert_snapshot!(after("inline-module", "\
topology t
network wan {}
// One office.
module office$0(hosts: int = 2, up: network) {
  pub node gw: debian
  node pc[1..hosts]: debian { memory = hosts * 1GiB }  // on desks
  link gw <-> up
  link gw:eth2 <-> pc[1]
}
node here: office(hosts = 1 + 1, up = wan)
node hub: debian
link hub:eth1 <-> here.gw:eth3
"), @"
    Put `office` where it is used
    ----
    topology t
    network wan {}
    // One office.
    node gw: debian
    node pc[1..(1 + 1)]: debian { memory = (1 + 1) * 1GiB }  // on desks
    link gw <-> wan
    link gw:eth2 <-> pc[1]
    node hub: debian
    link hub:eth1 <-> gw:eth3
    ");
}

#[test]
fn a_name_is_imported_from_where_it_is() {
    let offer = |path: &str| Offer { name: "edge".to_owned(), path: path.to_owned() };
    let imported = |text: &str| {
        let fixture = Fixture::new(text);
        let (file, at) = fixture.position();
        let context = Context::new(fixture.view(), Span::new(file, at as usize, at as usize)).unwrap();
        let found = import_name(&context, &[offer("./lib.wtop"), offer("../x.wtop")]);
        let main = &fixture.compilation.sources.get(file).unwrap().text;
        let texts = found.iter().map(|assist| {
            let edits = finish(&fixture.compilation.sources, &assist.edits).unwrap();
            format!("{}\n----\n{}", assist.title, apply_edits(main, &edits).unwrap())
        });
        texts.collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(imported("topology t\nnode a: ed$0ge\n"), @r#"
    Import `edge` from "./lib.wtop"
    ----
    use "./lib.wtop".{edge}

    topology t
    node a: edge

    Import `edge` from "../x.wtop"
    ----
    use "../x.wtop".{edge}

    topology t
    node a: edge
    "#);
    assert_snapshot!(imported("\
use \"./lib.wtop\".{size}

topology t
node a: ed$0ge { memory = size }
//- lib.wtop
pub let size = 1GiB
"), @r#"
    Import `edge` from "./lib.wtop"
    ----
    use "./lib.wtop".{size, edge}

    topology t
    node a: edge { memory = size }

    Import `edge` from "../x.wtop"
    ----
    use "./lib.wtop".{size}
    use "../x.wtop".{edge}

    topology t
    node a: edge { memory = size }
    "#);
}
