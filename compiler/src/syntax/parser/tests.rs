use crate::source::FileId;
use crate::syntax::{dump, parse, parse_expression};

/// The tree of a text, and what is wrong with it.
fn show(text: &str) -> String {
    let parse = parse(FileId(0), text);
    let mut out = dump::dump(&parse.tree);
    for diagnostic in &parse.diagnostics {
        let span = diagnostic.span();
        out += &format!("{} {:?} {}\n", diagnostic.code.id, &text[span.range()], diagnostic.message);
    }
    out
}

#[test]
fn a_file_with_documentation() {
    insta::assert_snapshot!(show(r#"//! A lab.
//!  Two lines.

edition 2026
topology lab-1
"#), @r#"
    (doc "A lab.\n Two lines.")
    (edition 2026)
    (topology lab-1)
    "#);
}

#[test]
fn imports() {
    insta::assert_snapshot!(show(r#"use std.juniper.vsrx
use std.a.b as c
use "./x.wtop"
use "./x.wtop".{a, b as c}
pub use std.x.{
  y
  z,
}
"#), @r#"
    (use std.juniper.vsrx)
    (use std.a.b (as c))
    (use "./x.wtop")
    (use "./x.wtop" {a (as b c)})
    pub (use std.x {y z})
    "#);
}

#[test]
fn parameters_and_constants() {
    insta::assert_snapshot!(show(r#"/// How many.
/// At least one.
param n: int = 2 where n > 0
param s: string
let x: int? = null
let y = 1
"#), @r#"
    (doc "How many.\nAt least one.") (param (: n int) (= 2) (where (> n 0)))
    (param (: s string))
    (let x (? int) null)
    (let y 1)
    "#);
}

#[test]
fn types() {
    insta::assert_snapshot!(show(r#"type a = int
type b = lib.site?
type c = [map[string]]
type d = { a: int, b: [string] = [], /// Doc
 c: { x: ip } }
type e = enum { up, down }
param p: { a: int } = { a = 1 }
param q: [{ a: int }] = [{ a = 1 }]
param m: enum { a, b } = a
"#), @r#"
    (type a int)
    (type b (? lib.site))
    (type c [(map string)])
    (type d (record (: a int) (: b [string]) (= (list)) (doc "Doc") (: c (record (: x ip)))))
    (type e (enum up down))
    (param (: p (record (: a int))) (= {(= a 1)}))
    (param (: q [(record (: a int))]) (= (list {(= a 1)})))
    (param (: m (enum a b)) (= a))
    "#);
}

#[test]
fn pools() {
    insta::assert_snapshot!(show(r#"pool p = 10.0.0.0/16 per /31
pool q = [10.0.0.0/16 per /31, 2001:db8::/48 per /64] { reserve = 10.0.0.0/24 }
pool v = 100..199
"#), @r#"
    (pool p (per 10.0.0.0/16 31))
    (pool q (per 10.0.0.0/16 31) (per 2001:db8::/48 64) {(= reserve 10.0.0.0/24)})
    (pool v (.. 100 199))
    "#);
}

#[test]
fn nodes() {
    insta::assert_snapshot!(show(r#"node a: debian
node b[1..4]: std.juniper.vsrx(re = 2, fpcs = [0, 1]) { cpu = 2 }
node c[i in 1..n, k in ["x", "y"]]: m
"#), @r#"
    (node a debian)
    (node b[(.. 1 4)] std.juniper.vsrx ((= re 2) (= fpcs (list 0 1))) {(= cpu 2)})
    (node c[(in i (.. 1 n)) (in k (list "x" "y"))] m)
    "#);
}

#[test]
fn links() {
    insta::assert_snapshot!(show(r#"link a <-> b
link up: a:eth1 <-> b:eth1 { mtu = 9000 }
link up[l]: a[l]:eth1 <-> b
link a:e1 (vlan = 10, dhcp { range = 1..2 }) <-> b:"ge 0" (mtu = 1,)
link each a <-> each [b, c[1]]
link each <-> b
link each: a <-> b
link a[1..2]:xe-0/0/${n} 
  <-> self.sw:1/1
"#), @r#"
    (link a b)
    (link up: (port a "eth1") (port b "eth1") {(= mtu 9000)})
    (link up[l]: (port (index a l) "eth1") b)
    (link (end (port a "e1") (= vlan 10) (dhcp {(= range (.. 1 2))})) (end (port b "ge 0") (= mtu 1)))
    (link (each a) (each (list b (index c 1))))
    (link each b)
    (link each: a b)
    (link (port (index a (.. 1 2)) "xe-0/0/${n}") (port (. self sw) "1/1"))
    "#);
}

#[test]
fn lags_and_wires() {
    insta::assert_snapshot!(show(r#"lag a:ae0 <-> b:ae0 { link a:1 <-> b:1 }
lag bond: a:ae0 { mode = lacp }
wire re:em1 <-> pfe:em1
"#), @r#"
    (lag (port a "ae0") (port b "ae0") {(link (port a "1") (port b "1"))})
    (lag bond: (port a "ae0") {(= mode lacp)})
    (wire (port re "em1") (port pfe "em1"))
    "#);
}

#[test]
fn loops_and_conditions() {
    insta::assert_snapshot!(show(r#"for x in [1, 2] { node a[x]: b }
if x == 1 {
  a = 1
}
else if x in 2..3 { a = 2 } else {
}
"#), @r#"
    (for (for x (list 1 2)) {(node a[x] b)})
    (if (== x 1) {(= a 1)} {(if (in x (.. 2 3)) {(= a 2)} {})})
    "#);
}

#[test]
fn devices() {
    insta::assert_snapshot!(show(r#"pub device vx extends std.base(n = 1) {
  image vx
  vm re { nic em[0..3] }
  interface "ge-${n}" for n in 0..3 for m in 0..1 = re:em[n] { aliases = [] }
  interface lo0
  remove re:em2
  console { send "root" }
  media seed { format = iso }
}
device d(
  /// Ports.
  n: int = 2,
  t: { a: int } = { a = 1 },
) { }
"#), @r#"
    pub (device vx (extends std.base (= n 1)) {(image vx) (vm re {(nic em[(.. 0 3)])}) (interface "ge-${n}" (for n (.. 0 3)) (for m (.. 0 1)) (= (index (port re "em") n)) {(= aliases (list))}) (interface lo0) (remove (port re "em2")) (console {(send "root")}) (media seed {(= format iso)})})
    (device d ((doc "Ports.") (: n int) (= 2), (: t (record (: a int))) (= {(= a 1)})) {})
    "#);
}

#[test]
fn modules() {
    insta::assert_snapshot!(show(r#"module m(hosts: int, up: network) {
  pub node gw: edge
  interface up = gw:eth3
}
"#), @r#"(module m ((: hosts int), (: up network)) {pub (node gw edge) (interface up (= (port gw "eth3")))})"#);
}

#[test]
fn defaults_and_overrides() {
    insta::assert_snapshot!(show(r#"defaults node { cpu = 1 }
defaults node: std.x tagged "wan" { packages += ["frr"] }
override a[1, ..].gw { cpu = 2 }
override self { cpu = 2 }
"#), @r#"
    (defaults node {(= cpu 1)})
    (defaults node std.x (tagged "wan") {(+= packages (list "frr"))})
    (override (. (index a 1 ..) gw) {(= cpu 2)})
    (override self {(= cpu 2)})
    "#);
}

#[test]
fn attribute_declarations() {
    insta::assert_snapshot!(show(r#"attribute asn: int = 1 on node where asn > 0
attribute area: string
"#), @r#"
    (attribute asn int (= 1) (on node) (where (> asn 0)))
    (attribute area string)
    "#);
}

#[test]
fn checks() {
    insta::assert_snapshot!(show(r#"check reachable(a, b)
check no-spof: a or b else "text"
expect ping(a, b) { within = 30s }
expect "login:"
"#), @r#"
    (check (call reachable a b))
    (check no-spof: (or a b) (else "text"))
    (expect (call ping a b) {(= within 30000000000ns)})
    (expect "login:")
    "#);
}

#[test]
fn targets() {
    insta::assert_snapshot!(show(r#"target here: kvm {
  images { debian = "d.qcow2", "vsrx@22" = "v" }
  override a { cpu = 1 }
}
"#), @r#"(target here kvm {(images {(= debian "d.qcow2") (= "vsrx@22" "v")}) (override a {(= cpu 1)})})"#);
}

#[test]
fn keywords_are_attributes_before_equals() {
    insta::assert_snapshot!(show(r#"image = "x"
image y
node = 1
from-here = 1
type = { a = 1 }
link { a = 1 }
"key ${x}" = 1
check += [1]
pub = 1
"#), @r#"
    (= image "x")
    (image y)
    (= node 1)
    (= from-here 1)
    (= type {(= a 1)})
    (link {(= a 1)})
    (= "key ${x}" 1)
    (+= check (list 1))
    (= pub 1)
    "#);
}

#[test]
fn operators_by_precedence() {
    insta::assert_snapshot!(show(r#"a = 1 + 2 * -3 - 4 % 5
b = not a == 1 and c or d
c = a ?? b ?? c..d + 1
d = if a then b else if c then d else e
e = (1 + 2) * 3
f = x in 1..4
g = a - b - c
"#), @r#"
    (= a (- (+ 1 (* 2 (- 3))) (% 4 5)))
    (= b (or (and (not (== a 1)) c) d))
    (= c (?? a (?? b (.. c (+ d 1)))))
    (= d (if a b (if c d e)))
    (= e (* (group (+ 1 2)) 3))
    (= f (in x (.. 1 4)))
    (= g (- (- a b) c))
    "#);
}

#[test]
fn values() {
    insta::assert_snapshot!(show(r#"a = f(x, y = z).b[1, ..]
b = self.base
c = [x for x in y for z in x if z]
d = []
e = [1, from p, from p at 7,]
f = from p.q[1] at n + 1
g = { a = 1, b { c = 2 } }
h = "x ${"y ${z}"}\n"
i = (fw:ge-0/0/0).mac
j = [null, true, 0x1F, 1_0, 1.5Gbps, 5min, fe80::1, 52:54:00:aa:bb:01]
k = """
  a
    ${b}
  """
l = r"\n"
"#), @r#"
    (= a (index (. (call f x (= y z)) b) 1 ..))
    (= b (. self base))
    (= c (each x (for x y) (for z x) (if z)))
    (= d (list))
    (= e (list 1 (from p) (from p 7)))
    (= f (from (index (. p q) 1) (+ n 1)))
    (= g {(= a 1) (b {(= c 2)})})
    (= h "x ${"y ${z}"}\n")
    (= i (. (group (port fw "ge-0/0/0")) mac))
    (= j (list null true 31 10 1500000000bps 300000000000ns fe80::1 52:54:00:aa:bb:01))
    (= k "a\n  ${b}\n")
    (= l "\\n")
    "#);
}

#[test]
fn lines_go_on() {
    insta::assert_snapshot!(show(r#"a = b
  + c

  // remark
  * d
b = f(
  1,
  2
)
c = [
  1, 2,
]
node d: x
{ a = 1 }
"#), @r#"
    (= a (+ b (* c d)))
    (= b (call f 1 2))
    (= c (list 1 2))
    (node d x {(= a 1)})
    "#);
}

#[test]
fn commas_and_lines_are_the_same() {
    insta::assert_snapshot!(show(r#"a { b = 1, c = 2 }
a {
  b = 1

  c = 2,
}
"#), @r#"
    (a {(= b 1) (= c 2)})
    (a {(= b 1) (= c 2)})
    "#);
}

/// A value by itself, and what is wrong with it.
fn show_value(text: &str) -> String {
    let (expr, diagnostics) = parse_expression(FileId(0), text);
    let told = diagnostics.iter().map(|diagnostic| format!(" {}", diagnostic.code.id));
    dump::expression(&expr) + &told.collect::<String>()
}

#[test]
fn values_by_themselves() {
    assert_eq!(show_value("8"), "8");
    assert_eq!(show_value(" [1, \"a\"] "), "(list 1 \"a\")");
    assert_eq!(show_value("{ a = 1 }"), "{(= a 1)}");
    assert_eq!(show_value("if a then 4GiB else b.c"), "(if a 4294967296B (. b c))");
    assert_eq!(show_value("routed"), "routed");
    assert_eq!(show_value(""), "? E0120");
    assert_eq!(show_value("1 +"), "(+ 1 ?) E0120");
    assert_eq!(show_value("1, 2"), "1 E0115");
    assert_eq!(show_value("1\n2"), "1 E0129");
    assert_eq!(show_value("x = 1"), "x E0129");
    assert_eq!(show_value("[1"), "(list 1) E0110");
}

#[test]
fn words_of_declarations_are_attributes_with_records() {
    insta::assert_snapshot!(show("use = { a = 1 }\ntype = { a = 1 }\n"), @"
    (= use {(= a 1)})
    (= type {(= a 1)})
    ");
}

#[test]
fn what_is_left_unsaid_is_said_if_nothing_else_is() {
    insta::assert_snapshot!(show("let x = if { a = 1 2 } == y then 1 else 2\n"), @r#"
    (let x (if (== {(= a 1)} y) 1 2))
    E0129 "a = 1 2" something in this does not fit
    "#);
}
