use super::*;
use crate::source::MemoryFileSystem;
use crate::test_tools::{Tool, put, scratch};
use crate::{CompileOptions, compile};
use insta::assert_snapshot;

/// A lab with something for every column.
const LAB: &str = r#"//! A lab with a bit of everything.

topology shop

title = "A shop | two floors"
domain = "shop.example"
login { user = "ops", password = secret("env:OPS") }
vars { site = "north" }

pool loops = 10.255.0.0/24 per /32
vlan red { id = 10 }
network lan { subnet = [172.16.1.0/24, 2001:db8:1::/64] }
network office { external = true }

module floor() {
  pub node gw: debian { tags = ["edge"], router = true }
}

node leaf[1..2]: debian { loopback = from loops, tags = ["leaf", "to-patch"], vars { rack = 7, key = secret("env:KEY") } }
node fw: vsrx { group = "dmz", notes = "replace me", login { user = "root" } }
node up: floor
node dumb: generic { management = none }

link leaf[1]:eth1 <-> leaf[2]:eth1 { subnet = 10.0.0.0/31, mtu = 9000, delay = 10ms, loss = 0.5% }
link leaf[1]:eth2 <-> fw:ge-0/0/0 (vlan = 10) { subnet = 10.0.1.0/24 }
link leaf[2]:eth2 (delay = 1ms) <-> lan { addressing = dhcp }
link fw:ge-0/0/1 <-> lan
link up.gw:eth1 <-> office { state = down }
link dumb <-> lan { addressing = none }
"#;

fn lab() -> Topology {
    let fs = MemoryFileSystem::new([("shop.wtop", LAB)]);
    let compilation = compile(&fs, &CompileOptions { file: "shop.wtop".into(), ..CompileOptions::default() });
    compilation.topology.unwrap()
}

#[test]
fn for_ansible() {
    assert_snapshot!(ansible(&lab()));
}

#[test]
fn for_ssh() {
    assert_snapshot!(ssh_config(&lab()));
}

#[test]
fn for_the_hosts_file() {
    assert_snapshot!(hosts(&lab()));
}

#[test]
fn for_spreadsheets() {
    assert_snapshot!(wiring_csv(&lab()).replace("\r\n", "\n"));
    assert_snapshot!(addresses_csv(&lab()).replace("\r\n", "\n"));
}

#[test]
fn for_people() {
    assert_snapshot!(markdown(&lab()));
}

#[test]
fn secrets_are_in_none() {
    let lab = lab();
    let forms = [ansible, ssh_config, hosts, wiring_csv, addresses_csv, markdown];
    for form in forms {
        let text = form(&lab);
        assert!(!text.contains("OPS") && !text.contains("KEY"), "{text}");
    }
}

#[test]
fn ansible_itself_reads_it() {
    let Some(tool) = Tool::find("ansible-inventory") else { return };
    let file = put(&scratch("inventory-ansible"), "hosts.yaml", ansible(&lab()).as_bytes());
    let list = tool.run(&["-i", &file, "--list"]);
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list["tag_leaf"]["hosts"], serde_json::json!(["leaf1", "leaf2"]));
    assert_eq!(list["tag_to_patch"]["hosts"], serde_json::json!(["leaf1", "leaf2"]));
    assert_eq!(list["device_linux"]["hosts"], serde_json::json!(["leaf1", "leaf2", "up-gw", "dumb"]));
    let host = &list["_meta"]["hostvars"]["leaf2"];
    assert_eq!((&host["rack"], &host["site"], &host["ansible_user"]), (&7.into(), &"north".into(), &"ops".into()));
}

#[test]
fn ssh_itself_reads_it() {
    let Some(tool) = Tool::find("ssh") else { return };
    let mut lab = lab();
    lab.nodes[0].attributes.insert("default_user".into(), Value::string("o \"ps\\"));
    lab.attributes.shift_remove("login");
    let file = put(&scratch("inventory-ssh"), "config", ssh_config(&lab).as_bytes());
    let read = tool.run(&["-G", "-F", &file, "shop-leaf1"]);
    let address = reached_at(&lab.nodes[0]).next().unwrap();
    assert!(read.contains(&format!("\nhostname {address}\n")), "{read}");
    assert!(read.contains("\nuser o \"ps\\\n"), "{read}");
}
