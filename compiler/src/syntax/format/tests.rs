use super::*;
use crate::diagnostics::fix::apply_edits;
use crate::source::Span;

/// What the formatter makes of a text, beside it.
fn show(text: &str) -> String {
    let formatted = format(text);
    assert!(formatted.well_formed, "{:#?}", parse(FileId(0), text).diagnostics);
    format!("BEFORE\n{text}\nAFTER\n{}", formatted.text)
}

/// Programs in canonical form; the properties change them.
pub const CANONICAL: &[&str] = &[
    r#"//! A firewall between a branch and the office.

topology branch-office

network office { subnet = 192.168.7.0/24 }

node pc: debian { packages = ["tcpdump", "curl"] }
node printer: debian
node edge: vsrx { memory = 4GiB, config = self.base + file("edge.conf") }

link pc <-> edge:ge-0/0/0 { subnet = 10.7.0.0/31, delay = 20ms, loss = 0.5% }
link edge:ge-0/0/1 (address = 192.168.7.1/24) <-> office
link printer <-> office

check reachable(pc, printer)
"#,
    r#"edition 2026

topology rings

/// How many switches stand in a ring.
param size: int = 4 where size in 3..8
param rings: int = 2

pool wires = 10.0.0.0/16 per /31
pool both = [10.1.0.0/16 per /24, 2001:db8::/48 per /64] { reserve = 10.1.0.0/24 }

node sw[r in 1..rings, s in 1..size]: vqfx { tags = ["ring"], config = self.base + template("sw.conf.j2") }
node pc[r in 1..rings]: debian { notes = "on ring ${r}" }

for r in 1..rings {
  for s in 1..size - 1 {
    link sw[r, s]:xe-0/0/${s - 1} <-> sw[r, s + 1]:xe-0/0/${s} { subnet = from wires }
  }

  // The last one closes the ring.
  link sw[r, size]:xe-0/0/11 <-> sw[r, 1]:xe-0/0/11 { subnet = from wires at 7 }
  link pc[r]:eth1 <-> sw[r, 1]:xe-0/0/10 { subnet = 10.2.${r}.0/24 }
}

check disjoint_paths(pc[1], sw[1, size]) >= 2
check no-spof: survives_any_node(sw) else "one switch may die, not two"

target lab: kvm {
  uri = "qemu:///system"
  images { vqfx_re = "re.qcow2", vqfx_pfe = "pfe.qcow2", debian = "debian-12.qcow2" }
  override pc { memory = 512MiB }
}
"#,
    r#"/// A switch made of two machines.
pub device pair(slots: int = 1) extends std.juniper.base(re = 2) {
  vendor = "Example"
  icon = switch

  image pair_re
  vm re {
    cpu = 1, memory = 1GiB, disk = pair_re, nic_model = e1000
    nic em0  // management
    nic em1  // not connected, but the guest counts it
    nic xe[0..11]
    console { expect "login:", send "root" }
    media seed { format = iso, files { "/pair.conf" = self.config } }
  }
  wire re:em1 <-> fwd:em1  // never shown outside

  management = re:em0
  interface "xe-0/0/${n}" for n in 0..11 = re:xe[n] { aliases = ["ge-0/0/${n}", "et-0/0/${n}"] }
  remove re:em2
}
"#,
    r#"use "./devices.wtop".{edge-box as edge, core}
use std.a.b as c

topology campus

type site = { name: string, hosts: int = 2, asn: int? = null, nets: map[[prefix]] = {} }
param sites: [site] = [{ name = "nyc" }, { name = "lon", hosts = 3 }]
param mode: enum { routed, bridged } = routed
let names = [s.name for s in sites if s.hosts > 0]
let low: int = -1 + -names[0].size % 2 * (3 - 1) / 4
let motd = """
    Welcome to ${names[ 0 ]}.
      Do not touch.
    """

attribute area: int? = null on node where area ?? 0 >= 0 and not (area in [13])

defaults node { ssh_keys = [file("id.pub")], users { ops { password = secret("env:OPS") } } }
defaults node: edge tagged "wan" { memory = if mode == routed then 2GiB else 1GiB, packages += ["frr"] }
"#,
    r#"module branch(
  /// How many computers.
  hosts: int = 2,
  up: network,  // the provider's
) {
  pub node gw: edge { tags = ["wan"] }
  link each pc <-> lan { vlan = 10 }
  link gw:eth2 (trunk = [10, 20], mac = 52:54:00:aa:bb:01) <-> up
  interface uplink = gw:"ethernet 3"
}

lag hub:ae0 <-> bag:ae0 {
  mode = lacp, subnet = fd00::/127
  link hub:1/1/2 <-> bag:1/1/2
}
link trunk: hub:1/1/1 <-> office["nyc"]:uplink
link each [hub, bag] <-> office-net
if "lon" in names {
  node spare: core { interface lo0 { address = 10.255.9.9/32 } }
} else if names == [] {
  network lan {}
} else {
  // Nothing to do.
}
check (reachable(hub, bag) or degraded)
  and (hub:1/1/1).mac != null
  and names[..] == names
expect ping(hub, bag) { within = 30s }
"#,
];

#[test]
fn canonical_programs_stay_as_they_are() {
    for text in CANONICAL {
        assert_eq!(format(text), Formatted { text: (*text).to_owned(), well_formed: true });
    }
}

#[test]
fn spaces() {
    insta::assert_snapshot!(show(
        r#"topology   t
node  h[ i in 1 .. 4,k in ["a" , "b"] ] : std . linux . debian ( ram=2 ){packages=["iperf3",],}
link h[1,"a"]<->fw:ge-0/0/${ i-1 }(address=10.0.0.1/24){ subnet=10.0.0.0/24 }
let x = ( 1+2 )*- 3 -f( -x,y [ .. ] )   ?? null
let wide={}
pool p=10.0.0.0/16 per  / 31
type t={a :int ?,b : [ map [int] ]=[ ]}
link each[a,b]<->each  c
check(a or b)and not(c)
"#
    ));
}

#[test]
fn dots_that_would_be_read_as_a_part_of_what_is_before_them_keep_their_space() {
    insta::assert_snapshot!(show("let a = [x:e0 .mac, x:e0. .. y, 1 .. 2, 10.0.0.1 .. 10.0.0.9, 10.0.0.1 .next]\n"));
}

#[test]
fn blocks_stay_open_or_on_one_line() {
    insta::assert_snapshot!(show(
        r#"node a: debian { cpu = 1, memory = 1GiB }
node b: debian { cpu = 1, memory = 1GiB
}
node c: debian {

    cpu = 1,   memory = 1GiB,
    tags = ["x"], }
node d: debian { notes = "this block does not fit", label = "on a line of one hundred and twenty columns", cpu = 1, tags = [] }
node e: debian {
  notes = "what shares a line of a block", label = "and does not fit on it", cpu = 1, memory = 1GiB, tags = ["a", "b"], x = 1
  env { A = "1" }, cpu = 1
}
node f: debian
{ cpu = 1 }
node g: debian { }
node h: debian {
}
"#
    ));
}

#[test]
fn lists_and_arguments() {
    insta::assert_snapshot!(show(
        r#"let fits = [1,
  2, 3,]
let opened = [
  1, 2, 3]
let single = [
  "a"
]
let long = ["one of many addresses", "one of many addresses", "one of many addresses", "one of many addresses", "one"]
let inside = f(a, [{ name = "an argument that is a list", hosts = 1 }, { name = "is laid out by itself", hosts = 2 }], bbbb)
let alone = f([{ name = "the only argument of a call", hosts = 1 }, { name = "does not move its brackets", hosts = 2 }], )
let index = names_of_things_with_long_names[some_index_that_is_long + 1] + names_of_things_with_long_names[an_index][other]
let each = [
  x for x in names if x != ""]
param mode: enum { routed, bridged, a_mode_with_a_long_name, another_mode_with_a_long_name, and_a_third_one_that_is_long } = routed
use "./a.wtop".{
  x, y as z
}
"#
    ));
}

#[test]
fn comments_keep_their_place() {
    insta::assert_snapshot!(show(
        r#"
//no space
//	tab
////////////
//---- ruler ----
//-------
//#region
topology t     //   trailing
node a: debian { // of the brace
  // alone


  // after an empty line
  cpu = 1, // of the item
  memory = 1GiB // last


  // at the end

}
let list = [ // of the bracket
  1 // before a comma
  , 2, // after a comma
  3 // last
  // at the end
]
node b: debian // before a brace
{ cpu = 1 }
if a {
} // before else
else {
  // only a comment
}
check a // before an operator
  // alone before an operator
  and b
//at the end"#
    ));
}

#[test]
fn documentation_keeps_its_text() {
    insta::assert_snapshot!(show(
        r#"//!The file.
//!   Indented.

///  Of the parameter.

///no space
param n: int = 1


type t = { /// Of a field.
 a: int, b: int }
"#
    ));
}

#[test]
fn lines_that_go_on() {
    insta::assert_snapshot!(show(
        r#"link a:eth0
<-> b:eth0 {
delay = 1ms }
check x
        and y
    or z
    else "m"
let a = if x
  then 1
  else 2
let b = f(1
  + 2)
let c = f(
  1
  + 2, [x
  for x in y])
let d =
  -1
"#
    ));
}

#[test]
fn strings_are_left_alone() {
    insta::assert_snapshot!(show(
        r#"let a = "${ x  +1 }"
let b = f("""
      kept
    """, 1)
let c = dedent("""
      kept
    """)
node n: debian { config = """
  kept
  """, cpu = 1 }
"#
    ));
}

#[test]
fn line_ends() {
    assert_eq!(format("").text, "");
    assert_eq!(format("\n\n").text, "");
    assert_eq!(format("topology t").text, "topology t\n");
    assert_eq!(format("\u{feff}\n\ntopology t\n\n").text, "\u{feff}topology t\n");
    assert_eq!(format("\n\n// c  \n\n\n").text, "// c\n");
    assert_eq!(
        format("topology t\r\n\r\n\r\nnode a:  x\r\n\nnode b: x").text,
        "topology t\r\n\r\nnode a: x\r\n\r\nnode b: x\r\n"
    );
    assert_eq!(format("topology t\r\nnode a: x\n").text, "topology t\nnode a: x\n");
}

#[test]
fn what_is_wrong_stays_as_it_is() {
    for text in ["topology  t\nnode a:  \n", "node a: x { cpu  = 1\n", "let a  = \"x\n", "x  # y\n", "]"] {
        assert_eq!(format(text), Formatted { text: text.to_owned(), well_formed: false });
        assert_eq!(format_range(text, Span::new(FileId(0), 0, text.len())), []);
    }
}

#[test]
fn a_range_is_widened_to_whole_items() {
    let text = r#"topology  t
node a:  debian  {
  cpu  = 1
  // A remark.
  memory  = 1GiB   // here
  tags  = [ "a",
    "b" ]
}
node b:  debian
"#;
    let format_at = |what: &str| {
        let start = text.find(what).unwrap();
        let edits = format_range(text, Span::new(FileId(0), start, start + what.len()));
        format!("RANGE\n{what}\nAFTER\n{}", apply_edits(text, &edits).unwrap())
    };
    insta::assert_snapshot!(
        [format_at("GiB"), format_at("1GiB   // here\n  tags"), format_at("a:  debian"), format_at("b:")].join("\n")
    );
}

#[test]
fn edits_are_small() {
    let text = "node a: debian { cpu = 1 , memory = 1GiB }\nnode  b: debian";
    let edits = format_range(text, Span::new(FileId(3), 0, text.len()));
    insta::assert_debug_snapshot!(edits);
}
