//! E040x and W040x: attributes, and which value wins.

use super::codes;

codes! {
    E0401: "an unknown attribute" {
        "Each kind of thing has its attributes; others go into `vars { … }`, or are declared with `attribute`."
        wrong: "topology t\nnode a: debian { memroy = 1GiB }\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian { memory = 1GiB }\nnode b: debian\nlink a <-> b\n"
    }
    E0403: "two equally strong definitions disagree" {
        "Which value wins: device, `defaults`, the declaration, `override`, the target; within `override`, an element before a slice before an array. Two of one strength must agree."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\noverride a { cpu = 2 }\noverride a { cpu = 4 }\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\noverride a { cpu = 2 }\n"
    }
    E0404: "an item out of place" {
        "The item is well-formed, and does not belong into this block."
        wrong: "topology t\nnode a: debian {\n  network lan { subnet = 10.0.0.0/24 }\n}\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnetwork lan { subnet = 10.0.0.0/24 }\nnode a: debian\nlink a <-> lan\n"
    }
    E0405: "an attribute depends on itself" {
        "Attributes may read others, and not lead back to themselves."
        wrong: "topology t\nnode a: debian { notes = self.label, label = self.notes }\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian { notes = self.label, label = \"x\" }\nnode b: debian\nlink a <-> b\n"
    }
    E0406: "a value that its attribute refuses" {
        "An `attribute` declaration may say with `where` which values are allowed."
        wrong: "topology t\nattribute asn: int on node where asn in 64512..65534\nnode a: debian { asn = 1 }\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nattribute asn: int on node where asn in 64512..65534\nnode a: debian { asn = 64512 }\nnode b: debian\nlink a <-> b\n"
    }
    E0407: "a value out of bounds" {
        "The number is of the right kind, and larger or smaller than what can be."
        wrong: "topology t\nnode a: debian { cpu = 0 }\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian { cpu = 1 }\nnode b: debian\nlink a <-> b\n"
    }
    W0408: "a password in the source" {
        "Whoever reads the lab reads the password, and version control keeps it for ever. A secret is named by where it is fetched at deployment, and appears in no plan, log or artifact."
        wrong: "topology t\nnode a: debian { users { ops { password = \"hunter2\" } } }\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian { users { ops { password = secret(\"env:OPS_PASSWORD\") } } }\nnode b: debian\nlink a <-> b\n"
    }
    W0409: "several names in one string" {
        "`packages` and `services` are lists, and each name in them is a string of its own. A string with commas or spaces is one name, which no package has."
        wrong: "topology t\nnode a: debian { packages = \"iperf3, tcpdump\" }\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian { packages = [\"iperf3\", \"tcpdump\"] }\nnode b: debian\nlink a <-> b\n"
    }
}
