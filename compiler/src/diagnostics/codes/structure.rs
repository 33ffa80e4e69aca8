//! E0505 to E0519, E0531, E0532, W0508: the shape of a lab.

use super::codes;

codes! {
    E0505: "something depends on what comes later" {
        "Evaluation goes in layers: values, nodes, links, attributes, allocation, texts, checks. Each reads only earlier ones, so that the shape of a lab never depends on an address. Use the parameter or list that the later thing is made from."
        wrong: "topology t\nnode h[1..2]: debian\nlink h[1] <-> h[2]\nif len(h) > 1 {\n  node x: debian\n  link x <-> h[1]\n}\n"
        right: "topology t\nparam n: int = 2\nnode h[1..n]: debian\nlink h[1] <-> h[2]\nif n > 1 {\n  node x: debian\n  link x <-> h[1]\n}\n"
    }
    E0506: "a key that is none" {
        "Keys of arrays are numbers or strings."
        wrong: "topology t\nnode h[k in [10.0.0.1, 10.0.0.2]]: debian\n"
        right: "topology t\nnode h[k in [\"a\", \"b\"]]: debian\nlink h[\"a\"] <-> h[\"b\"]\n"
    }
    E0507: "two things of one name" {
        "Elements are named after their array and key once they run: `leaf[1]` is `leaf1`, `r[\"nyc\"]` is `r-nyc`. Host names do not tell `_` from `-`, nor upper from lower case."
        wrong: "topology t\nnode leaf[1..2]: debian\nnode leaf1: debian\nlink leaf[1] <-> leaf[2]\n"
        right: "topology t\nnode leaf[1..2]: debian\nnode other: debian\nlink leaf[1] <-> leaf[2]\nlink other <-> leaf[1]\n"
    }
    E0508: "no name for a machine" {
        "Names of machines have letters, digits, `-` and `_`, 63 at most. Keys become part of the name; other text belongs into `label`."
        wrong: "topology t\nnode h[k in [\"a b\", \"c\"]]: debian\nlink h[\"a b\"] <-> h[\"c\"]\n"
        right: "topology t\nnode h[k in [\"a-b\", \"c\"]]: debian\nlink h[\"a-b\"] <-> h[\"c\"]\n"
    }
    E0509: "a module contains itself" {
        "A module cannot have an instance of itself inside, also not by way of others."
        wrong: "topology t\nmodule m() {\n  node x: m\n}\nnode a: m\n"
        right: "topology t\nmodule m() {\n  pub node x: debian\n}\nnode a: m\nnode b: debian\nlink a.x <-> b\n"
    }
    E0510: "an attribute that cannot be declared" {
        "Attributes are declared on node, link, network, end, vlan or vrf, under names that the language does not use itself."
        wrong: "topology t\nattribute memory: size on node\nnode a: debian\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nattribute asn: int on node\nnode a: debian { asn = 1 }\nnode b: debian\nlink a <-> b\n"
    }
    E0511: "defaults for an unknown kind" {
        "Defaults are given for node, link, lag or network."
        wrong: "topology t\ndefaults nodes { cpu = 2 }\nnode a: debian\nnode b: debian\nlink a <-> b\n"
        right: "topology t\ndefaults node { cpu = 2 }\nnode a: debian\nnode b: debian\nlink a <-> b\n"
    }
    E0512: "an unknown tag" {
        "No node has the tag."
        wrong: "topology t\nnode a: debian { tags = [\"edge\"] }\nnode b: debian\nlink a <-> b\ncheck len(tagged(\"egde\")) == 1\n"
        right: "topology t\nnode a: debian { tags = [\"edge\"] }\nnode b: debian\nlink a <-> b\ncheck len(tagged(\"edge\")) == 1\n"
    }
    E0513: "an override of something without attributes" {
        "`override` names a node, an array, a slice, an interface, a network or a named link."
        wrong: "topology t\nlet x = 1\nnode a: debian\nnode b: debian\nlink a <-> b\noverride x { cpu = 2 }\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\noverride a { cpu = 2 }\n"
    }
    E0514: "no topology" {
        "A file with nodes, links or parameters names its lab: `topology NAME`. A file without it is a library for others."
        wrong: "node a: debian\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\n"
    }
    E0515: "an unknown parameter is given" {
        "`--set` and `--params` name parameters of the main file."
        wrong: "// With --set spines=4\ntopology t\nparam leaves: int = 2\nnode leaf[1..leaves]: debian\n"
        right: "// With --set leaves=4\ntopology t\nparam leaves: int = 2\nnode leaf[1..leaves]: debian\n"
    }
    E0516: "a parameter without a value" {
        "A parameter without a default is given with `--set` or `--params`."
        wrong: "topology t\nparam n: int\nnode h[1..n]: debian\n"
        right: "topology t\nparam n: int = 2\nnode h[1..n]: debian\nlink h[1] <-> h[2]\n"
    }
    E0517: "an unknown edition" {
        "The edition fixes what a program means for ever. There is only 2026 so far."
        wrong: "edition 2025\ntopology t\nnode a: debian\nnode b: debian\nlink a <-> b\n"
        right: "edition 2026\ntopology t\nnode a: debian\nnode b: debian\nlink a <-> b\n"
    }
    E0518: "an unknown kind of target" {
        "Targets are of the kind kvm (libvirt) or heat (OpenStack). Other outputs, such as JSON, need no target."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\ntarget x: kmv { uri = \"qemu:///system\" }\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\ntarget x: kvm { uri = \"qemu:///system\" }\n"
    }
    E0519: "two topologies in a file" {
        "A file declares one topology."
        wrong: "topology t\ntopology u\nnode a: debian\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\n"
    }
    E0531: "not a warning" {
        "`allow` is for warnings that are there on purpose, by their codes. Errors stop deployment and cannot be allowed."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\nallow { E0501 = \"no\" }\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\nnode c: debian\nallow { W0505 = \"yes\" }\n"
    }
    E0532: "modules nested too deep" {
        "Instances of modules stand inside each other up to 32 deep."
        wrong: "topology t\nmodule m1() { node x: m2 }\nmodule m2() { node x: m3 }\nmodule m3() { node x: m4 }\nmodule m4() { node x: m5 }\nmodule m5() { node x: m6 }\nmodule m6() { node x: m7 }\nmodule m7() { node x: m8 }\nmodule m8() { node x: m9 }\nmodule m9() { node x: m10 }\nmodule m10() { node x: m11 }\nmodule m11() { node x: m12 }\nmodule m12() { node x: m13 }\nmodule m13() { node x: m14 }\nmodule m14() { node x: m15 }\nmodule m15() { node x: m16 }\nmodule m16() { node x: m17 }\nmodule m17() { node x: m18 }\nmodule m18() { node x: m19 }\nmodule m19() { node x: m20 }\nmodule m20() { node x: m21 }\nmodule m21() { node x: m22 }\nmodule m22() { node x: m23 }\nmodule m23() { node x: m24 }\nmodule m24() { node x: m25 }\nmodule m25() { node x: m26 }\nmodule m26() { node x: m27 }\nmodule m27() { node x: m28 }\nmodule m28() { node x: m29 }\nmodule m29() { node x: m30 }\nmodule m30() { node x: m31 }\nmodule m31() { node x: m32 }\nmodule m32() { node x: m33 }\nmodule m33() {\n  node a: debian\n  node b: debian\n  link a <-> b\n}\nnode x: m1\n"
        right: "topology t\nmodule m1() { node x: m2 }\nmodule m2() { node x: m3 }\nmodule m3() {\n  node a: debian\n  node b: debian\n  link a <-> b\n}\nnode x: m1\n"
    }
    E0533: "an edition that is not first" {
        "`edition` fixes how the file is read, so it stands above everything else."
        wrong: "topology t\nedition 2026\nnode a: debian\nnode b: debian\nlink a <-> b\n"
        right: "edition 2026\ntopology t\nnode a: debian\nnode b: debian\nlink a <-> b\n"
    }
    E0534: "two default targets" {
        "`default = true` marks the target that is built where none is named, so one target has it."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\ntarget x: kvm { default = true, images { debian = \"d\" } }\ntarget y: kvm { default = true, images { debian = \"d\" } }\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\ntarget x: kvm { default = true, images { debian = \"d\" } }\ntarget y: kvm { images { debian = \"d\" } }\n"
    }
    E0535: "a VLAN without a number" {
        "Frames carry the number of their VLAN; the name is for people."
        wrong: "topology t\nvlan red { subnet = 10.0.0.0/24 }\nnode a: vqfx\nnode b: debian\nlink a (vlan = red) <-> b\n"
        right: "topology t\nvlan red { id = 10, subnet = 10.0.0.0/24 }\nnode a: vqfx\nnode b: debian\nlink a (vlan = red) <-> b\n"
    }
    E0536: "a former name that is in use" {
        "`was` carries over what the lock has for the old name, so that nothing has that name any more."
        wrong: "topology t\nnode a: debian { was = \"b\" }\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian { was = \"c\" }\nnode b: debian\nlink a <-> b\n"
    }
    W0508: "a name that is never used" {
        "A parameter, constant or pool that nothing reads. Begin its name with `_` to keep it."
        wrong: "topology t\nlet x = 1\nnode a: debian\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\n"
    }
}
