//! E041x and E042x: devices, their parts and parameters.

use super::codes;

codes! {
    E0410: "an unknown device" {
        "After the colon of a node stands a device or module: of this file, imported, or of the library. `wtop devices` lists the library."
        wrong: "topology t\nnode a: debain\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\n"
    }
    E0411: "devices extend each other in a circle" {
        "A device extends another, which must not lead back to it."
        wrong: "topology t\ndevice x extends y { cpu = 1 }\ndevice y extends x { cpu = 1 }\nnode a: x\nnode b: debian\nlink a <-> b\n"
        right: "topology t\ndevice x extends debian { cpu = 1 }\ndevice y extends x { cpu = 1 }\nnode a: x\nnode b: y\nlink a <-> b\n"
    }
    E0412: "a wrong argument" {
        "Arguments of devices and modules are named, and each is a parameter of theirs."
        wrong: "topology t\nmodule pair(n: int) {\n  pub node h[1..n]: debian\n}\nnode p: pair(m = 2, n = 2)\n"
        right: "topology t\nmodule pair(n: int) {\n  pub node h[1..n]: debian\n}\nnode p: pair(n = 2)\nlink p.h[1] <-> p.h[2]\n"
    }
    E0413: "a missing argument" {
        "A parameter without a default needs an argument."
        wrong: "topology t\nmodule pair(n: int) {\n  pub node h[1..n]: debian\n}\nnode p: pair\n"
        right: "topology t\nmodule pair(n: int) {\n  pub node h[1..n]: debian\n}\nnode p: pair(n = 2)\nlink p.h[1] <-> p.h[2]\n"
    }
    E0414: "a parameter refuses its value" {
        "The `where` of a parameter says which values are allowed."
        wrong: "topology t\nparam n: int = 9 where n in 1..4\nnode h[1..n]: debian\n"
        right: "topology t\nparam n: int = 2 where n in 1..4\nnode h[1..n]: debian\nlink h[1] <-> h[2]\n"
    }
    E0415: "no such part of a device" {
        "References inside a device name its machines and NICs: `re:em0`, or bare in a device of one machine."
        wrong: "topology t\ndevice box {\n  nic eth[0..3]\n  management = eht[0]\n}\nnode a: box\nnode b: debian\nlink a <-> b\n"
        right: "topology t\ndevice box {\n  nic eth[0..3]\n  management = eth[0]\n}\nnode a: box\nnode b: debian\nlink a <-> b\n"
    }
    E0416: "machines and bare NICs in one device" {
        "A device is one machine, whose parts stand in its body, or several `vm`s, each with its own."
        wrong: "topology t\ndevice box {\n  nic eth[0..3]\n  vm other { cpu = 1 }\n}\nnode a: box\nnode b: debian\nlink a <-> b\n"
        right: "topology t\ndevice box {\n  vm main { nic eth[0..3] }\n  vm other { cpu = 1 }\n}\nnode a: box\nnode b: debian\nlink a <-> b\n"
    }
    E0417: "an unknown part of a device" {
        "Parts of a device are `image`, `vm`, `nic`, `disk`, `media`, `wire` and `interface`."
        wrong: "topology t\ndevice box {\n  card eth0\n}\nnode a: box\nnode b: debian\nlink a <-> b\n"
        right: "topology t\ndevice box {\n  nic eth0\n}\nnode a: box\nnode b: debian\nlink a <-> b\n"
    }
    E0418: "a part is declared twice" {
        "To change a part of the base, write `override name { … }`."
        wrong: "topology t\ndevice box {\n  nic eth0\n  nic eth0\n}\nnode a: box\nnode b: debian\nlink a <-> b\n"
        right: "topology t\ndevice box {\n  nic eth0\n  nic eth1\n}\nnode a: box\nnode b: debian\nlink a <-> b\n"
    }
    E0419: "a port without a NIC" {
        "In a device, `interface` says which NIC a port is."
        wrong: "topology t\ndevice box {\n  nic eth0\n  interface \"ge-0/0/0\"\n}\nnode a: box\nnode b: debian\nlink a <-> b\n"
        right: "topology t\ndevice box {\n  nic eth0\n  interface \"ge-0/0/0\" = eth0\n}\nnode a: box\nnode b: debian\nlink a <-> b\n"
    }
    E0420: "no UUID" {
        "A UUID has 32 hexadecimal digits, 8-4-4-4-12. Left out, it is made from the path."
        wrong: "topology t\nnode a: debian { uuid = \"x\" }\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: debian { uuid = \"a4a01a3c-7f0b-4a55-9c3b-0d6d3f1f6a10\" }\nnode b: debian\nlink a <-> b\n"
    }
    E0421: "an unknown image slot" {
        "A disk names an image slot that its device declares with `image`."
        wrong: "topology t\ndevice box {\n  image box_os\n  disk = \"boxos\"\n  nic eth0\n}\nnode a: box\nnode b: debian\nlink a <-> b\n"
        right: "topology t\ndevice box {\n  image box_os\n  disk = box_os\n  nic eth0\n}\nnode a: box\nnode b: debian\nlink a <-> b\n"
    }
    E0422: "an unknown step of a console dialogue" {
        "The dialogue at first boot has steps `expect \"text\"`, `send \"text\"` and `pause = 5s`."
        wrong: "topology t\ndevice box {\n  nic eth0\n  console { expect \"login:\", sent \"root\" }\n}\nnode a: box\nnode b: debian\nlink a <-> b\n"
        right: "topology t\ndevice box {\n  nic eth0\n  console { expect \"login:\", send \"root\" }\n}\nnode a: box\nnode b: debian\nlink a <-> b\n"
    }
    E0423: "a set of files that is no archive" {
        "In the `files` of a boot medium, a path leads to text, or to a set of files: these become an archive, and the ending of the path says which one: `.tar`, `.tgz`, `.tar.gz` or `.zip`."
        wrong: "topology t\ndevice box extends debian {\n  media seed { format = vfat, files { \"config\" = { \"x.conf\" = \"1\" } } }\n}\nnode a: box\n"
        right: "topology t\ndevice box extends debian {\n  media seed { format = vfat, files { \"config.tgz\" = { \"x.conf\" = \"1\" } } }\n}\nnode a: box\n"
    }
    W0424: "a node is smaller than its device needs" {
        "A device says with `limits { min_cpu = 2, min_memory = 4GiB }` below what it does not start, or starts and never gets ready. For a device of several machines, these are sums."
        wrong: "topology t\nnode a: vsrx { memory = 1GiB }\nnode b: debian\nlink a <-> b\n"
        right: "topology t\nnode a: vsrx { memory = 6GiB }\nnode b: debian\nlink a <-> b\n"
    }
    W0425: "a node has more links than its device can have" {
        "A device may have more NICs than it uses: by its licence, or its version. It says so with `limits { max_interfaces = 10 }`."
        wrong: "topology t\ndevice box extends debian { limits { max_interfaces = 1 } }\nnode a: box\nnode b[1..2]: debian\nlink each b <-> a\n"
        right: "topology t\ndevice box extends debian { limits { max_interfaces = 2 } }\nnode a: box\nnode b[1..2]: debian\nlink each b <-> a\n"
    }
}
