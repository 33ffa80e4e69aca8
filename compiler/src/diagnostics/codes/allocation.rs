//! E06xx: prefixes, addresses and what was chosen for the author.

use super::codes;

codes! {
    E0601: "a pool that cannot be" {
        "A pool is one or more prefixes cut into pieces, or a range of numbers."
        wrong: "topology t\npool p = 10.0.0.0/24 per /16\nnode a: debian\nnode b: debian\nlink a <-> b { subnet = from p }\n"
        right: "topology t\npool p = 10.0.0.0/16 per /24\nnode a: debian\nnode b: debian\nlink a <-> b { subnet = from p }\n"
    }
    E0602: "a piece that cannot be had" {
        "`from POOL at N` asks for one piece; it is outside the pool, or somebody has it."
        wrong: "topology t\npool p = 10.0.0.0/24 per /31\nnode a: debian\nnode b: debian\nlink a <-> b { subnet = from p at 200 }\n"
        right: "topology t\npool p = 10.0.0.0/24 per /31\nnode a: debian\nnode b: debian\nlink a <-> b { subnet = from p at 100 }\n"
    }
    E0603: "nothing left" {
        "The pool or prefix is used up. The message says how much it holds."
        wrong: "topology t\npool p = 10.0.0.0/30 per /31\nnode a: debian\nnode h[1..3]: debian\nlink a <-> each h { subnet = from p }\n"
        right: "topology t\npool p = 10.0.0.0/24 per /31\nnode a: debian\nnode h[1..3]: debian\nlink a <-> each h { subnet = from p }\n"
    }
    E0604: "an address outside its prefix" {
        "An address lies in the prefix of its segment, and has its length."
        wrong: "topology t\nnetwork lan { subnet = 10.0.0.0/24 }\nnode a: debian\nlink a (address = 10.9.0.1) <-> lan\n"
        right: "topology t\nnetwork lan { subnet = 10.0.0.0/24 }\nnode a: debian\nlink a (address = 10.0.0.1) <-> lan\n"
    }
    E0605: "an address without a length" {
        "Where the segment has no prefix, the address says its own length."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlink a (address = 10.0.0.1) <-> b\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a (address = 10.0.0.1/24) <-> b\n"
    }
    E0606: "an address that no host can have" {
        "The first and last address of an IPv4 prefix name the prefix itself and its broadcast."
        wrong: "topology t\nnetwork lan { subnet = 10.0.0.0/24 }\nnode a: debian\nlink a (address = 10.0.0.255) <-> lan\n"
        right: "topology t\nnetwork lan { subnet = 10.0.0.0/24 }\nnode a: debian\nlink a (address = 10.0.0.254) <-> lan\n"
    }
    E0607: "an address that two have" {
        "Each address belongs to one interface of its VRF. Shared gateways are written `anycast(…)` or `virtual(…)`."
        wrong: "topology t\nnetwork lan { subnet = 10.0.0.0/24 }\nnode a: debian\nnode b: debian\nlink a (address = 10.0.0.1) <-> lan\nlink b (address = 10.0.0.1) <-> lan\n"
        right: "topology t\nnetwork lan { subnet = 10.0.0.0/24 }\nnode a: debian\nnode b: debian\nlink a (address = 10.0.0.1) <-> lan\nlink b <-> lan\n"
    }
    E0608: "a MAC address that cannot be" {
        "A MAC address of an interface is its own, and no group address."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlink a (mac = 53:54:00:00:00:01) <-> b\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a (mac = 52:54:00:00:00:01) <-> b\n"
    }
    E0609: "a route to no prefix" {
        "Routes go from a prefix to a next hop; `default` is a prefix too."
        wrong: "topology t\nnode a: debian { routes { \"everywhere\" = 10.0.0.1 } }\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian { routes { \"10.0.0.0/8\" = 10.0.0.1 } }\nnode b: debian\nlink a <-> b\n"
    }
    E0610: "overlapping prefixes" {
        "Segments of one VRF have prefixes of their own. Equal prefixes are kept apart by a `vrf`."
        wrong: "topology t\nnode a: debian\nnode b: debian\nnode c: debian\nlink a <-> b { subnet = 10.0.0.0/24 }\nlink a <-> c { subnet = 10.0.0.0/30 }\n"
        right: "topology t\nnode a: debian\nnode b: debian\nnode c: debian\nlink a <-> b { subnet = 10.0.0.0/24 }\nlink a <-> c { subnet = 10.0.1.0/30 }\n"
    }
    E0611: "a broken lock file" {
        "The lock file has entries `key = value`, one a line, and is written by wtop. Delete the broken line; what it kept is chosen anew."
        wrong: "// In main.wtop.lock: address a--lan a 10.0.0.5/24\ntopology t\nnetwork lan { subnet = 10.0.0.0/24 }\nnode a: debian\nlink a <-> lan\n"
        right: "// In main.wtop.lock: address a--lan a = 10.0.0.5/24\ntopology t\nnetwork lan { subnet = 10.0.0.0/24 }\nnode a: debian\nlink a <-> lan\n"
    }
    E0612: "a value that the lock keeps for another" {
        "What you write out always wins, but not in silence: the lock keeps the same prefix, address, number or interface for something else, perhaps for something that is gone. Write another value, or make the lock let go of it with `wtop lock --release KEY FILE`; then another is chosen for what had it."
        wrong: "// In main.wtop.lock: address a--lan a = 10.0.0.5/24\ntopology t\nnetwork lan { subnet = 10.0.0.0/24 }\nnode a: debian\nnode b: debian\nlink a <-> lan\nlink b (address = 10.0.0.5) <-> lan\n"
        right: "// In main.wtop.lock: address a--lan a = 10.0.0.5/24\ntopology t\nnetwork lan { subnet = 10.0.0.0/24 }\nnode a: debian\nnode b: debian\nlink a <-> lan\nlink b (address = 10.0.0.6) <-> lan\n"
    }
    W0601: "something is chosen again" {
        "What the lock keeps does not fit any more, because the pool, the prefix or the device was changed. Another is chosen."
        wrong: "// In main.wtop.lock: address a--lan a = 10.9.0.5/24\ntopology t\nnetwork lan { subnet = 10.0.0.0/24 }\nnode a: debian\nlink a <-> lan\n"
        right: "// In main.wtop.lock: address a--lan a = 10.9.0.5/24\ntopology t\nnetwork lan { subnet = 10.9.0.0/24 }\nnode a: debian\nlink a <-> lan\n"
    }
}
