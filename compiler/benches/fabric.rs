//! A large lab as people write one, for the benchmarks: racks of hosts and a switch, joined by spines.

use std::fmt::Write;

/// Hosts of a rack.
const HOSTS: usize = 9;

/// A lab of about so many nodes and three times as many lines, written out node by node.
pub fn fabric(nodes: usize) -> String {
    let racks = nodes / (HOSTS + 1);
    let mut text = String::from(
        "//! Racks of hosts behind switches, joined by spines.\n\ntopology fabric\n\n\
         /// Prefixes between switches.\npool p2p = 10.0.0.0/12 per /31\npool loops = 172.16.0.0/14 per /32\n\
         pool racks = 10.128.0.0/9 per /24\n\ndefaults node tagged \"host\" { memory = 512MiB }\n",
    );
    for rack in 1..=racks {
        let _ = write!(
            text,
            "\n// Rack {rack}\nnetwork lan{rack} {{ subnet = from racks }}\nnode leaf{rack}: vsrx {{\n  \
             tags = [\"leaf\"]\n  loopback = from loops\n  notes = \"top of rack {rack}\"\n}}\n\
             link leaf{rack}:ge-0/0/0 <-> lan{rack}\n"
        );
        for host in 1..=HOSTS {
            let _ = write!(
                text,
                "node h{rack}-{host}: debian {{ tags = [\"host\"] }}\n\
                 link h{rack}-{host}:eth1 <-> lan{rack} {{ mtu = 9000 }}\n"
            );
            if host == 1 {
                let _ = writeln!(text, "check reachable(h{rack}-{host}, leaf{rack})");
            }
        }
        let next = rack % racks + 1;
        let _ = writeln!(text, "link leaf{rack}:ge-0/0/1 <-> leaf{next}:ge-0/0/2 {{ subnet = from p2p }}");
    }
    text.push_str("\ntarget here: kvm {\n  images { debian = \"debian.qcow2\", vsrx = \"vsrx.qcow2\" }\n}\n");
    text
}
