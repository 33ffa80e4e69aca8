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
    E0804: "an external network is bound to what the target does not have" {
        "What an external network can be depends on the target: on `kvm` it is `bridge`, `macvtap`, `sriov` or `existing`; on `heat` it is `provider` or `existing`."
        wrong: "topology t\nnode a: debian\nnetwork office { external = true }\nlink a <-> office\ntarget here: kvm {\n  default = true\n  images { debian = \"debian.qcow2\" }\n  networks { office = provider(\"public\") }\n}\n"
        right: "topology t\nnode a: debian\nnetwork office { external = true }\nlink a <-> office\ntarget here: kvm {\n  default = true\n  images { debian = \"debian.qcow2\" }\n  networks { office = bridge(\"br0\") }\n}\n"
    }
    E0805: "a boot medium cannot be made" {
        "A file system holds no file below a file, no two files of one name (in `vfat` also where they differ only by case), no names that are too long, and `vfat` none with `\" * : < > ? \\ |`. There is room for 2 GiB on `iso` and `vfat`, and for 127 MiB on `ext4`."
        wrong: "topology t\ndevice box extends debian {\n  media seed { format = vfat, files { \"/a\" = \"1\", \"/A\" = \"2\" } }\n}\nnode a: box\n"
        right: "topology t\ndevice box extends debian {\n  media seed { format = vfat, files { \"/a\" = \"1\", \"/b\" = \"2\" } }\n}\nnode a: box\n"
    }
    E0806: "an empty disk has no size" {
        "A disk is a copy of an image, and as large as that; or it is empty, and then somebody must say how large it is."
        wrong: "topology t\ndevice box extends debian {\n  disk data { bus = virtio }\n}\nnode a: box\n"
        right: "topology t\ndevice box extends debian {\n  disk data { bus = virtio, size = 4GiB }\n}\nnode a: box\n"
    }
    E0807: "there are too many disks on IDE" {
        "IDE has two channels of two devices, and boot media count among them. The other buses have room for more."
        wrong: "topology t\ndevice box extends debian {\n  machine_type = pc\n  disk d[1..5] { bus = ide, size = 1GiB }\n}\nnode a: box\n"
        right: "topology t\ndevice box extends debian {\n  machine_type = pc\n  disk d[1..5] { bus = sata, size = 1GiB }\n}\nnode a: box\n"
    }
    E0808: "a machine has more NICs than it has room for" {
        "NICs are PCI devices. A machine of type `q35` has room for 152 of them, one of type `pc` for about 115, less its disks."
        wrong: "topology t\ndevice box extends debian {\n  nic port[1..200]\n  interface \"port${n}\" for n in 1..200 = port[n]\n}\nnode a: box\nnode b: debian\nlink a:port200 <-> b\n"
        right: "topology t\ndevice box extends debian {\n  nic port[1..200]\n  interface \"port${n}\" for n in 1..200 = port[n]\n}\nnode a: box\nnode b: debian\nlink a:port20 <-> b\n"
    }
    E0809: "a target binds a network that is not external" {
        "A target says what *external* networks are there: those with `external = true`. All others are made with the lab."
        wrong: "topology t\nnode a: debian\nnetwork office { external = true }\nlink a <-> office\ntarget here: kvm {\n  default = true\n  images { debian = \"debian.qcow2\" }\n  networks { office = bridge(\"br0\"), offfice = bridge(\"br1\") }\n}\n"
        right: "topology t\nnode a: debian\nnetwork office { external = true }\nlink a <-> office\ntarget here: kvm {\n  default = true\n  images { debian = \"debian.qcow2\" }\n  networks { office = bridge(\"br0\") }\n}\n"
    }
    E0811: "a machine is pinned to what is no set of CPUs" {
        "`pinning` says on which CPUs of the libvirt host a machine runs: numbers and ranges, with commas between them. Where there is one for each of its virtual CPUs, each gets its own."
        wrong: "topology t\nnode a: debian\ntarget here: kvm { default = true, images { debian = \"debian.qcow2\" }, pinning { a = \"all\" } }\n"
        right: "topology t\nnode a: debian\ntarget here: kvm { default = true, images { debian = \"debian.qcow2\" }, pinning { a = \"2-5,8\" } }\n"
    }
    E0812: "an image of a libvirt target is an address" {
        "Libvirt reads images as files of its host: a path, or a name in `image_folder`. Only a cloud fetches an image by its address."
        wrong: "topology t\nnode a: debian\ntarget here: kvm { default = true, images { debian = \"https://images.test/debian.qcow2\" } }\n"
        right: "topology t\nnode a: debian\ntarget here: kvm { default = true, images { debian = \"debian.qcow2\" } }\n"
    }
    E0813: "a target says something of a node that there is none of" {
        "`hosts`, `pinning`, `numa` and `raw` of a target are by node: its path, its array, its device, or one of its machines, `leaf1/re`."
        wrong: "topology t\nnode a: debian\ntarget here: kvm { default = true, images { debian = \"debian.qcow2\" }, numa { b = 0 } }\n"
        right: "topology t\nnode a: debian\ntarget here: kvm { default = true, images { debian = \"debian.qcow2\" }, numa { a = 0 } }\n"
    }
    E0814: "a raw piece does not fit" {
        "`raw` of a target adds to a machine what the language has no words for. On `kvm` it is XML: whole elements of libvirt's domain, devices among them in `<devices>`. On `heat` it is YAML: further properties of the server. What is there already cannot be written again."
        wrong: "topology t\nnode a: debian\ntarget here: kvm { default = true, images { debian = \"debian.qcow2\" }, raw { a = \"<devices><sound>\" } }\n"
        right: "topology t\nnode a: debian\ntarget here: kvm { default = true, images { debian = \"debian.qcow2\" }, raw { a = \"<devices><sound model='ich9'/></devices>\" } }\n"
    }
    W0800: "a host cannot delay, drop or slow down frames" {
        "Impairments are set on the host's ports, with what the metadata of the machines says: `rate` by libvirt itself, the rest by `tc`. A port of an SR-IOV card belongs to its machine alone, so the host cannot touch its frames."
        wrong: "topology t\nnode a: debian\nnetwork office { external = true }\nlink a <-> office { delay = 10ms }\ntarget here: kvm {\n  default = true\n  images { debian = \"debian.qcow2\" }\n  networks { office = sriov(\"enp1s0\") }\n}\n"
        right: "topology t\nnode a: debian\nnetwork office { external = true }\nlink a <-> office { delay = 10ms }\ntarget here: kvm {\n  default = true\n  images { debian = \"debian.qcow2\" }\n  networks { office = bridge(\"br0\") }\n}\n"
    }
    W0801: "a text has characters that XML cannot hold" {
        "XML has no way to write most control characters. Each one in a text that becomes part of libvirt's XML is replaced by `\u{FFFD}`."
        wrong: "topology t\nnode a: debian { smbios { serial = \"\\u{1}\" } }\n"
        right: "topology t\nnode a: debian { smbios { serial = \"1\" } }\n"
    }
    W0802: "a libvirt host cannot meet an attribute" {
        "Which CPUs are free only the owner of the host knows: `dedicated_cpu` needs `pinning` in the target. All machines of a lab run on the one host, so none are `apart`. `publish` needs a management port to lead to."
        wrong: "topology t\nnode a: debian { dedicated_cpu = true }\n"
        right: "topology t\nnode a: debian { dedicated_cpu = true }\ntarget here: kvm { default = true, images { debian = \"debian.qcow2\" }, pinning { a = \"2\" } }\n"
    }
    W0803: "a network forwards, and the host has no address there" {
        "With `forward = nat` or `route` the host is the way out, so it must have an address on the network: the `gateway`. Where the gateway is a node, or the network has none, nothing can be forwarded."
        wrong: "topology t\nnode a: debian\nnetwork lan { forward = nat }\nlink a <-> lan\n"
        right: "topology t\nnode a: debian\nnetwork lan { subnet = 10.1.0.0/24, forward = nat }\nlink a <-> lan\n"
    }
    W0804: "there is no address for a DHCP server" {
        "A DHCP server needs an address in the subnet, outside its range and not taken by a node. If the gateway is the host it has that one; else it takes the last that is free."
        wrong: "topology t\nnode a: debian\nnetwork lan { subnet = 10.1.0.0/30, gateway = 10.1.0.1, dhcp { range = [10.1.0.2, 10.1.0.2] } }\nlink a (address = 10.1.0.1/30) <-> lan\n"
        right: "topology t\nnode a: debian\nnetwork lan { subnet = 10.1.0.0/24, gateway = 10.1.0.1, dhcp { range = [10.1.0.100, 10.1.0.199] } }\nlink a (address = 10.1.0.1/24) <-> lan\n"
    }
    W0805: "a device cannot do everything on this target" {
        "Some devices lack something on some targets: a forwarding plane that needs a CPU feature, a switch that needs wires which pass everything. They say so: `limits { heat = \"…\" }`."
        wrong: "topology t\ndevice box extends debian { limits { kvm = \"it needs a TPM\" } }\nnode a: box\nnode b: debian\nlink a <-> b\n"
        right: "topology t\ndevice box extends debian { limits { heat = \"it needs a TPM\" } }\nnode a: box\nnode b: debian\nlink a <-> b\n"
    }
}
