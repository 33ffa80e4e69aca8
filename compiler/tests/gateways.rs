//! Gateways and bundles that several nodes share, equal addresses in different VRFs, and attributes of libraries.

use wtop_compiler::source::MemoryFileSystem;
use wtop_compiler::topology::{TextContent, Topology};
use wtop_compiler::{CompileOptions, compile};

/// Two leaves with the gateways of two tenants, who have the same prefix; a client of each.
const FABRIC: &str = r#"topology fabric
attribute asn: int on node

vrf red { rd = "1:1" }
vrf blue { rd = "1:2" }
vlan red-web { id = 10, vrf = red, subnet = 10.1.0.0/24, gateway = anycast(10.1.0.1, leaf) }
vlan blue-web { id = 20, vrf = blue, subnet = 10.1.0.0/24, gateway = anycast(10.1.0.1, leaf) }

node leaf[l in 1..2]: vqfx {
  asn = 65000 + l
  interface "irb.10" { vlan = red-web, vrf = red, address = 10.1.0.1/24 }
  interface "irb.20" { vlan = blue-web, vrf = blue, address = 10.1.0.1/24 }
  config = template("ports.j2")
}
link leaf[1] <-> leaf[2] { trunk = [red-web, blue-web] }
node red-client: debian
node blue-client: debian
link red-client <-> leaf[1] (vlan = red-web)
link blue-client <-> leaf[2] (vlan = blue-web)

network edge { subnet = 10.9.0.0/24, gateway = virtual(10.9.0.1, leaf) }
link each leaf <-> edge
lag bundle: red-client:bond0 <-> [leaf[1]:ae0, leaf[2]:ae0] {
  esi = "00:01"
  link red-client:eth8 <-> leaf[1]:xe-0/0/8
  link red-client:eth9 <-> leaf[2]:xe-0/0/8
}
"#;

const PORTS: &str = "\
{% for port in interfaces if port.gateways or port.esi %}
{{ port.name }}: {{ port.gateways | join }} {{ port.shares_gateway or \"-\" }} {{ port.esi or \"-\" }}
{% endfor %}
{% for port in interfaces if port.peer and port.peer.attributes.asn %}
{{ port.name }}: AS {{ port.peer.attributes.asn }}
{% endfor %}
{{ neighbours | map(attribute=\"attributes\") | map(attribute=\"asn\") | select(\"number\") | list }}
";

fn compiled() -> Topology {
    let fs = MemoryFileSystem::new([("lab.wtop", FABRIC), ("ports.j2", PORTS)]);
    let compilation = compile(&fs, &CompileOptions { file: "lab.wtop".into(), ..CompileOptions::default() });
    let said: Vec<_> = compilation.diagnostics.iter().map(|diagnostic| &diagnostic.message).collect();
    assert!(said.is_empty(), "{said:#?}");
    compilation.topology.unwrap()
}

/// What is said about `lab.wtop` among some files.
fn diagnostics(files: &[(&str, &str)]) -> Vec<String> {
    let fs = MemoryFileSystem::new(files.iter().copied());
    let compilation = compile(&fs, &CompileOptions { file: "lab.wtop".into(), ..CompileOptions::default() });
    compilation.diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect()
}

#[test]
fn every_leaf_may_write_the_anycast_gateway_and_each_vrf_has_its_own() {
    let topology = compiled();
    let mut gateways = Vec::new();
    for node in &topology.nodes {
        for interface in &node.interfaces {
            for address in interface.addresses.iter().filter(|address| address.to_string().starts_with("10.1.")) {
                gateways.push(format!("{}:{} {address}", node.path, interface.name));
            }
        }
    }
    insta::assert_snapshot!(gateways.join("\n"), @r"
    leaf1:irb.10 10.1.0.1/24
    leaf1:irb.20 10.1.0.1/24
    leaf2:irb.10 10.1.0.1/24
    leaf2:irb.20 10.1.0.1/24
    red-client:eth1 10.1.0.2/24
    blue-client:eth1 10.1.0.2/24
    ");
}

#[test]
fn hosts_behind_a_switch_take_the_gateway_of_their_vlan() {
    let topology = compiled();
    let routes = topology.nodes.iter().filter(|node| node.device == "debian");
    let routes: Vec<String> = routes.map(|node| format!("{}: {:?}", node.path, node.guest.routes)).collect();
    insta::assert_snapshot!(routes.join("\n"), @r"
    red-client: [(0.0.0.0/0, 10.1.0.1)]
    blue-client: [(0.0.0.0/0, 10.1.0.1)]
    ");
}

#[test]
fn templates_know_gateways_bundles_and_what_neighbours_say() {
    let topology = compiled();
    let Some(TextContent::Plain(config)) = &topology.nodes[0].guest.config else { panic!("no configuration") };
    insta::assert_snapshot!(config, @r"
    xe-0/0/2: 10.9.0.1 virtual -
    xe-0/0/8:  - 00:01
    irb.10: 10.1.0.1 anycast -
    irb.20: 10.1.0.1 anycast -
    ae0:  - 00:01
    xe-0/0/0: AS 65002
    [65002]
    ");
}

#[test]
fn members_of_a_bundle_lead_between_its_sides() {
    let elsewhere =
        FABRIC.replace("link red-client:eth9 <-> leaf[2]:xe-0/0/8", "link leaf[1]:xe-0/0/9 <-> leaf[2]:xe-0/0/9");
    let said = diagnostics(&[("lab.wtop", &elsewhere), ("ports.j2", PORTS)]);
    assert_eq!(said, ["a member link does not lead between the nodes of its `lag`"]);
}

#[test]
fn a_library_declares_attributes_for_its_modules_and_their_users() {
    let library = "attribute asn: int on node\npub module site() {\n  pub node ce: debian { asn = 65001 }\n}\n";
    let lab = "use \"./site.wtop\".{site}\ntopology lab\nnode here: site\nnode pe: debian { asn = 65000 }\n\
               check here.ce.asn > pe.asn\n";
    assert_eq!(diagnostics(&[("lab.wtop", lab), ("site.wtop", library)]), [] as [String; 0]);
}
