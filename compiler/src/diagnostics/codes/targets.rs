//! E08xx and W08xx: what a target lacks or cannot express.

use super::codes;

codes! {
    E0801: "an external network is not bound on the target" {
        "A network with `external = true` exists outside the lab. Each target must say what it is there:\n\n```wtop\ntarget here: kvm { networks { office = bridge(\"br0\") } }\n```\n\nOn `kvm` that is `bridge`, `macvtap`, `sriov` or `existing` (a network that libvirt has already); on `heat` it is `provider` or `existing`."
        wrong: "topology t\nnode a: debian\nnetwork office { external = true }\nlink a <-> office\ntarget here: kvm { default = true, images { debian = \"debian.qcow2\" } }\n"
        right: "topology t\nnode a: debian\nnetwork office { external = true }\nlink a <-> office\ntarget here: kvm {\n  default = true\n  images { debian = \"debian.qcow2\" }\n  networks { office = bridge(\"br0\") }\n}\n"
    }
    E0802: "an image is not bound on the target" {
        "A device names image slots; the target says which image fills each of them:\n\n```wtop\ntarget here: kvm { images { debian = \"debian-12.qcow2\" } }\n```\n\nA version of its own is written `\"debian@12\" = \"debian-12.qcow2\"`."
        wrong: "topology t\nnode a: debian\ntarget here: kvm { default = true }\n"
        right: "topology t\nnode a: debian\ntarget here: kvm { default = true, images { debian = \"debian.qcow2\" } }\n"
    }
    E0803: "a link joins two networks" {
        "A link is a wire between two interfaces, or from an interface to a network. Two networks are two switches; what joins them must be a node (a router or a switch), or they are one network."
        wrong: "topology t\nnetwork a\nnetwork b\nnode h: debian\nlink h <-> a\nlink a <-> b\n"
        right: "topology t\nnetwork a\nnode h: debian\nlink h <-> a\n"
    }
    E0804: "an external network is bound to what the target does not have" {
        "What an external network can be depends on the target: on `kvm` it is `bridge`, `macvtap`, `sriov` or `existing`; on `heat` it is `provider` or `existing`."
        wrong: "topology t\nnode a: debian\nnetwork office { external = true }\nlink a <-> office\ntarget here: kvm {\n  default = true\n  images { debian = \"debian.qcow2\" }\n  networks { office = provider(\"public\") }\n}\n"
        right: "topology t\nnode a: debian\nnetwork office { external = true }\nlink a <-> office\ntarget here: kvm {\n  default = true\n  images { debian = \"debian.qcow2\" }\n  networks { office = bridge(\"br0\") }\n}\n"
    }
}
