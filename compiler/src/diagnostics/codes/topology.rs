//! E0501 to E0504, W0505 to W0507: nodes and their interfaces.

use super::codes;

codes! {
    E0501: "a device has no such interface" {
        "The device has the interfaces that its maker gave it. `wtop devices show NAME` lists them."
        wrong: "topology t\nnode fw: vsrx\nnode h: debian\nlink h <-> fw:ge-0/0/99\n"
        right: "topology t\nnode fw: vsrx\nnode h: debian\nlink h <-> fw:ge-0/0/0\n"
    }
    E0502: "something without interfaces" {
        "Only nodes have interfaces; a network has none, and is linked by its name."
        wrong: "topology t\nnetwork lan { subnet = 10.0.0.0/24 }\nnode a: debian\nlink a <-> lan:eth0\n"
        right: "topology t\nnetwork lan { subnet = 10.0.0.0/24 }\nnode a: debian\nlink a <-> lan\n"
    }
    E0503: "a module shows no such interface" {
        "A module shows interfaces with `interface NAME = inner:port`."
        wrong: "topology t\nmodule site() {\n  node gw: debian\n  interface up = gw:eth1\n}\nnode s: site\nnode a: debian\nlink a <-> s:uplink\n"
        right: "topology t\nmodule site() {\n  node gw: debian\n  interface up = gw:eth1\n}\nnode s: site\nnode a: debian\nlink a <-> s:up\n"
    }
    E0504: "a link to the management port" {
        "The management port is connected to the management network. With `management = none`, for the lab or the node, it is an ordinary port."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlink a:eth0 <-> b\n"
        right: "topology t\nmanagement = none\nnode a: debian\nnode b: debian\nlink a:eth0 <-> b\n"
    }
    W0505: "a node without links" {
        "The node is linked to nothing. If that is meant, say so with `allow`."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\nnode c: debian\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\nnode c: debian { allow { W0505 = \"a spare\" } }\n"
    }
    W0506: "a network without links" {
        "Nothing is linked to the network."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\nnetwork lan { subnet = 10.0.0.0/24 }\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\nnetwork lan { subnet = 10.0.0.0/24 }\nlink a <-> lan\n"
    }
    W0507: "something that cannot arrive" {
        "The device has no way to receive it at first boot: no cloud-init, no boot medium, no console dialogue."
        wrong: "topology t\nnode a: debian\nnode fw: vsrx { packages = [\"frr\"] }\nlink a <-> fw\n"
        right: "topology t\nnode a: debian { packages = [\"frr\"] }\nnode fw: vsrx\nlink a <-> fw\n"
    }
}
