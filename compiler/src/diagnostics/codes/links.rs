//! E052x: links.

use super::codes;

codes! {
    E0520: "links depend on what comes later" {
        "Which links there are may go through arrays, keys and tags, and not through attributes or addresses."
        wrong: "topology t\nnode h[1..2]: debian { cpu = 2 }\nfor x in h {\n  if x.cpu > 1 {\n    link x <-> h[1]\n  }\n}\n"
        right: "topology t\nnode h[1..2]: debian { cpu = 2 }\nfor x in h {\n  if x.key > 1 {\n    link x <-> h[1]\n  }\n}\n"
    }
    E0521: "something that cannot be linked" {
        "A link goes between nodes, interfaces and networks."
        wrong: "topology t\nnode a: debian\nlet x = 1\nlink a <-> x\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\n"
    }
    E0522: "two sides that do not match" {
        "Two arrays or lists of one length link in pairs. `each` before one links every element of it."
        wrong: "topology t\nnode a: debian\nnode h[1..3]: debian\nlink a <-> h\n"
        right: "topology t\nnode a: debian\nnode h[1..3]: debian\nlink a <-> each h\n"
    }
    E0523: "a link that is none" {
        "A link has a node at one end at least, and joins two different things."
        wrong: "topology t\nnetwork x { subnet = 10.0.0.0/24 }\nnetwork y { subnet = 10.0.1.0/24 }\nlink x <-> y\n"
        right: "topology t\nnetwork x { subnet = 10.0.0.0/24 }\nnetwork y { subnet = 10.0.1.0/24 }\nnode r: vsrx\nlink r <-> x\nlink r <-> y\n"
    }
    E0524: "a wire to a logical interface" {
        "A wire needs a port. Logical interfaces, such as loopbacks and VLAN units, are described in the node."
        wrong: "topology t\nnode a: vsrx {\n  interface \"ge-0/0/0.100\" { vlan = 100, address = 10.0.0.1/24 }\n}\nnode b: debian\nlink a:ge-0/0/0.100 <-> b\n"
        right: "topology t\nnode a: vsrx {\n  interface \"ge-0/0/0.100\" { vlan = 100, address = 10.0.0.1/24 }\n}\nnode b: debian\nlink a:ge-0/0/0 <-> b\n"
    }
    E0525: "an interface that is used twice" {
        "A port takes one wire. Several nodes on one segment are linked to a `network`."
        wrong: "topology t\nnode a: debian\nnode h[1..2]: debian\nlink a:eth1 <-> h[1]\nlink a:eth1 <-> h[2]\n"
        right: "topology t\nnode a: debian\nnode h[1..2]: debian\nlink a:eth1 <-> h[1]\nlink a:eth2 <-> h[2]\n"
    }
    E0526: "no end for a `lag`" {
        "The end of a `lag` is a logical interface with a name of its own; its members are ports."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlag a:eth1 <-> b:bond0 {\n  link a:eth2 <-> b:eth2\n}\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlag a:bond0 <-> b:bond0 {\n  link a:eth1 <-> b:eth1\n}\n"
    }
    E0527: "a `lag` without fitting members" {
        "A `lag` has links in its block, between the nodes of its ends."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlag a:bond0 <-> b:bond0 { mode = lacp }\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlag a:bond0 <-> b:bond0 {\n  mode = lacp\n  link a:eth1 <-> b:eth1\n}\n"
    }
    E0528: "no free interface" {
        "The node has as many ports as its device, and all are taken, or kept by the lock for links that are gone."
        wrong: "topology t\ndevice tiny { nic p[1..1] }\nnode a: tiny\nnode h[1..2]: debian\nlink a <-> each h\n"
        right: "topology t\ndevice tiny { nic p[1..2] }\nnode a: tiny\nnode h[1..2]: debian\nlink a <-> each h\n"
    }
    E0529: "two MTUs on one wire" {
        "Both ends of a wire take packets of one size. Write `mtu` in the block of the link."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlink a (mtu = 9000) <-> b (mtu = 1500)\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b { mtu = 9000 }\n"
    }
    E0530: "nodes that wait for each other" {
        "`after` says which nodes must be ready before; it cannot lead in a circle."
        wrong: "topology t\nnode a: debian { after = [b] }\nnode b: debian { after = [a] }\nlink a <-> b\n"
        right: "topology t\nnode a: debian { after = [b] }\nnode b: debian\nlink a <-> b\n"
    }
    W0520: "two links between the same ends" {
        "Allocations are kept by the path of a link: its name, or its ends. Of two unnamed links between the same ends, the second depends on the order. Name them, or write their interfaces."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\nlink a <-> b\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink one: a <-> b\nlink two: a <-> b\n"
    }
}
