use super::*;
use crate::ide::fixture::Fixture;
use crate::source::FileId;

const ALL: Wanted = Wanted { addresses: true, macs: true, interfaces: true, sizes: true };

/// The text with its hints in place, `⟦…⟧`, and an exclamation mark behind those that can be written out.
fn hinted(text: &str, wanted: Wanted) -> String {
    let fixture = Fixture::new(text);
    let source = &fixture.compilation.sources.get(FileId(0)).unwrap().text;
    let whole = Span::new(FileId(0), 0, source.len());
    let mut shown = String::new();
    let mut from = 0;
    for hint in inlay_hints(fixture.view(), whole, wanted) {
        shown.push_str(&source[from..hint.offset as usize]);
        shown.push_str(&format!("⟦{}⟧{}", hint.label, if hint.edit.is_some() { "!" } else { "" }));
        from = hint.offset as usize;
    }
    shown + &source[from..]
}

const LAB: &str = "\
topology t
param n: int = 3
pool p2p = 10.0.0.0/24 per /31
pool loops = 10.9.0.0/24 per /32
pool asns = 65001..65099
attribute asn: int on node
defaults node tagged \"leaf\" { asn = from asns }
node leaf[1..n]: vqfx { tags = [\"leaf\"], loopback = from loops }
node spine: vqfx { loopback = from loops }
node h1: debian
node h2: debian
network lan { subnet = 10.1.0.0/24 }
for l in 1..n {
  link leaf[l] <-> spine { subnet = from p2p }
}
link each [h1, h2] <-> lan
link h1 <-> h2 (mtu = 1500) { subnet = from p2p }
link h1:eth3 (address = 10.1.0.77/24) <-> lan
lag leaf[1]:ae0 <-> leaf[2]:ae0 {
  subnet = 10.3.0.0/30
  link leaf[1]:xe-0/0/5 <-> leaf[2]:xe-0/0/5
}
module site(space: pool) {
  node pc[1..2]: debian
  network inside { subnet = from space }
  link each pc <-> inside
}
pool lans = 10.4.0.0/16 per /24
node office[k in [\"nyc\", \"lon\"]]: site(space = lans)
";

#[test]
fn show_what_was_chosen() {
    insta::assert_snapshot!(hinted(LAB, Wanted { macs: false, ..ALL }), @r#"
    topology t
    param n: int = 3
    pool p2p = 10.0.0.0/24 per /31
    pool loops = 10.9.0.0/24 per /32
    pool asns = 65001..65099
    attribute asn: int on node
    defaults node tagged "leaf" { asn = from asns⟦65001 … 65003 (3)⟧ }
    node leaf[1..n]⟦3 nodes⟧: vqfx { tags = ["leaf"], loopback = from loops⟦10.9.0.1/32 … 10.9.0.3/32 (3)⟧ }
    node spine: vqfx { loopback = from loops⟦10.9.0.4/32⟧! }
    node h1: debian
    node h2: debian
    network lan { subnet = 10.1.0.0/24 }
    for l in 1..n {
      link leaf[l]⟦:xe-0/0/0⟧⟦10.0.0.0/31 … 10.0.0.4/31 (3)⟧ <-> spine⟦:xe-0/0/0 … :xe-0/0/2 (3)⟧⟦10.0.0.1/31 … 10.0.0.5/31 (3)⟧ { subnet = from p2p⟦10.0.0.0/31 … 10.0.0.4/31 (3)⟧ }
    }
    link each [h1, h2]⟦:eth1⟧⟦10.1.0.1/24, 10.1.0.2/24⟧ <-> lan
    link h1⟦:eth2⟧!⟦10.0.0.6/31⟧! <-> h2⟦:eth2⟧! (mtu = 1500)⟦10.0.0.7/31⟧ { subnet = from p2p⟦10.0.0.6/31⟧! }
    link h1:eth3 (address = 10.1.0.77/24) <-> lan
    lag leaf[1]:ae0⟦10.3.0.1/30⟧! <-> leaf[2]:ae0⟦10.3.0.2/30⟧! {
      subnet = 10.3.0.0/30
      link leaf[1]:xe-0/0/5 <-> leaf[2]:xe-0/0/5
    }
    module site(space: pool) {
      node pc[1..2]⟦4 nodes in all⟧: debian
      network inside { subnet = from space⟦10.4.0.0/24, 10.4.1.0/24⟧ }
      link each pc⟦:eth1⟧⟦10.4.0.1/24 … 10.4.1.2/24 (4)⟧ <-> inside
    }
    pool lans = 10.4.0.0/16 per /24
    node office[k in ["nyc", "lon"]]⟦2 nodes⟧: site(space = lans)
    "#);
}

#[test]
fn only_kinds_that_are_wanted() {
    let lab = "topology t\nnode a: debian\nnode b[1..2]: debian\nlink a <-> b[1] { subnet = 10.0.0.0/31 }\n";
    let none = Wanted { addresses: false, macs: false, interfaces: false, sizes: false };
    assert!(!hinted(lab, none).contains('⟦'));
    insta::assert_snapshot!(hinted(lab, Wanted { macs: true, ..none }), @r#"
    topology t
    node a: debian
    node b[1..2]: debian
    link a⟦52:54:dd:45:c4:53⟧! <-> b[1]⟦52:54:d7:8e:93:f1⟧! { subnet = 10.0.0.0/31 }
    "#);
    insta::assert_snapshot!(hinted(lab, Wanted { sizes: true, ..none }), @r#"
    topology t
    node a: debian
    node b[1..2]⟦2 nodes⟧: debian
    link a <-> b[1] { subnet = 10.0.0.0/31 }
    "#);
}

#[test]
fn what_is_written_out_is_the_same_lab() {
    let text =
        "topology t\npool p = 10.0.0.0/24 per /31\nnode a: debian\nnode b: debian\nlink a <-> b { subnet = from p }\n";
    let fixture = Fixture::new(text);
    let whole = Span::new(FileId(0), 0, text.len());
    let mut hints = inlay_hints(fixture.view(), whole, Wanted { macs: false, ..ALL });
    hints.reverse();
    let mut written = text.to_owned();
    for edit in hints.into_iter().filter_map(|hint| hint.edit) {
        written.replace_range(edit.span.range(), &edit.text);
    }
    insta::assert_snapshot!(written, @r#"
    topology t
    pool p = 10.0.0.0/24 per /31
    node a: debian
    node b: debian
    link a:eth1 (address = 10.0.0.0/31) <-> b:eth1 (address = 10.0.0.1/31) { subnet = 10.0.0.0/31 }
    "#);
    let again = Fixture::new(&written);
    // Nothing is left for the pool to do.
    let codes = again.compilation.diagnostics.iter().map(|diagnostic| diagnostic.code.id);
    assert_eq!(codes.collect::<Vec<_>>(), ["W0508"]);
    let ends = |fixture: &Fixture| {
        let nodes = &fixture.compilation.topology.as_ref().unwrap().nodes;
        let interfaces = nodes.iter().flat_map(|node| &node.interfaces);
        interfaces.map(|interface| format!("{} {:?}", interface.name, interface.addresses)).collect::<Vec<_>>()
    };
    assert_eq!(ends(&again), ends(&fixture));
}

#[test]
fn tell_more_when_asked() {
    let fixture = Fixture::new(LAB);
    let source = &fixture.compilation.sources.get(FileId(0)).unwrap().text;
    let at = source.find("from loops").unwrap();
    let hints = inlay_hints(fixture.view(), Span::new(FileId(0), at, at + 12), ALL);
    insta::assert_snapshot!(hints[0].tooltip().unwrap(), @r#"
    - node leaf1: `10.9.0.1/32`
    - node leaf2: `10.9.0.2/32`
    - node leaf3: `10.9.0.3/32`
    "#);
}
