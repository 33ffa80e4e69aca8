//! E085x and W085x: what OpenStack HEAT cannot do.

use super::codes;

codes! {
    E0850: "a server has no image to boot from" {
        "A server of a cloud boots from an image, so the first disk of a machine needs one. An empty first disk, to be installed over the network, works on `kvm` only."
        wrong: "topology t\ndevice box {\n  nic eth0\n  management = eth0\n  disk root { size = 4GiB }\n}\nnode a: box\ntarget cloud: heat { default = true, external = \"public\" }\n"
        right: "topology t\ndevice box {\n  image box\n  disk = box\n  nic eth0\n  management = eth0\n}\nnode a: box\ntarget cloud: heat { default = true, external = \"public\", images { box = \"box-1\" } }\n"
    }
    E0851: "user data is larger than a cloud takes" {
        "What a guest gets at first boot (files, packages, commands, configuration) reaches a server as user data, and Nova takes at most 65535 bytes of it, encoded in base64: about 48 KiB of text.\n\nHave the guest fetch large files at first boot, or put them into its image."
        wrong: "topology t\nnode a: debian { files { \"/big\" = join([\"0123456789abcdef\" for i in 1..4096], \"\") } }\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
        right: "topology t\nnode a: debian { files { \"/small\" = \"0123456789abcdef\" } }\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
    }
    W0850: "a cloud cannot impair links" {
        "Delay, jitter, loss and the like are set on the hypervisor, where a tenant of a cloud may not reach. The link works, without them."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b { delay = 10ms }\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
    }
    W0851: "a cloud cannot start a link down" {
        "A port that is down when its server starts keeps the server from starting at all, so every link is up.\n\nShut the interface down in the guest, or once the stack is up: `openstack port set --disable`."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b { state = down }\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
    }
    W0852: "a cloud gives all NICs of a machine one model" {
        "The model of NICs is a property of the image (`hw_vif_model`), so it is one for all, and Nova knows few. The most frequent model is asked for, if it is one of them."
        wrong: "topology t\ndevice box {\n  image box\n  disk = box\n  nic eth0\n  management = eth0\n  nic eth1 { model = e1000 }\n  interface \"eth1\" = eth1\n}\nnode a: box\ntarget cloud: heat { default = true, external = \"public\", images { box = \"box-1\" } }\n"
        right: "topology t\ndevice box {\n  image box\n  disk = box\n  nic eth0\n  management = eth0\n  nic eth1\n  interface \"eth1\" = eth1\n}\nnode a: box\ntarget cloud: heat { default = true, external = \"public\", images { box = \"box-1\" } }\n"
    }
    W0853: "machines with one image want different hardware" {
        "In a cloud, the bus of the disk, the model of the NICs, the machine type and the firmware are properties of the image. Machines that share an image share them.\n\nBind a second copy of the image under a slot of its own."
        wrong: "topology t\ndevice box {\n  image box\n  disk = box, nic_model = virtio\n  nic eth0\n  nic eth1\n  management = eth0\n  interface \"eth1\" = eth1\n}\ndevice old extends box { nic_model = e1000 }\nnode a: box\nnode b: old\nlink a <-> b\ntarget cloud: heat { default = true, external = \"public\", images { box = \"box-1\" } }\n"
        right: "topology t\ndevice box {\n  image box\n  disk = box, nic_model = virtio\n  nic eth0\n  nic eth1\n  management = eth0\n  interface \"eth1\" = eth1\n}\nnode a: box\nnode b: box\nlink a <-> b\ntarget cloud: heat { default = true, external = \"public\", images { box = \"box-1\" } }\n"
    }
    W0854: "a cloud without block storage gives one disk" {
        "A server has the one disk that comes from its image; more need volumes, and not every cloud has them. The template makes them if its parameter `volumes` is true."
        wrong: "topology t\ndevice box {\n  image box\n  disk = box\n  nic eth0\n  management = eth0\n  disk data { size = 4GiB }\n}\nnode a: box\ntarget cloud: heat { default = true, external = \"public\", images { box = \"box-1\" } }\n"
        right: "topology t\ndevice box {\n  image box\n  disk = box\n  nic eth0\n  management = eth0\n}\nnode a: box\ntarget cloud: heat { default = true, external = \"public\", images { box = \"box-1\" } }\n"
    }
    W0855: "nobody types on the console of a cloud's server" {
        "A `console` dialogue needs the serial console of the hypervisor. In a cloud the machine has to be set up in its image, or by hand."
        wrong: "topology t\ndevice box {\n  image box\n  disk = box\n  nic eth0\n  management = eth0\n  console { expect \"login:\", send \"root\" }\n}\nnode a: box\ntarget cloud: heat { default = true, external = \"public\", images { box = \"box-1\" } }\n"
        right: "topology t\ndevice box {\n  image box\n  disk = box\n  nic eth0\n  management = eth0\n}\nnode a: box\ntarget cloud: heat { default = true, external = \"public\", images { box = \"box-1\" } }\n"
    }
    W0856: "hardware that only a hypervisor's administrator decides" {
        "Which CPU and which SMBIOS fields a server sees, how much of a CPU it may use, what its clock shows and what follows a reboot is decided by the cloud's administrator, in a flavor or on the hosts."
        wrong: "topology t\ndevice box {\n  image box\n  disk = box\n  nic eth0\n  management = eth0\n  cpu_model = \"SandyBridge\"\n}\nnode a: box\ntarget cloud: heat { default = true, external = \"public\", images { box = \"box-1\" } }\n"
        right: "topology t\ndevice box {\n  image box\n  disk = box\n  nic eth0\n  management = eth0\n}\nnode a: box\ntarget cloud: heat { default = true, external = \"public\", images { box = \"box-1\" } }\n"
    }
    W0857: "a boot medium does not reach a cloud's server" {
        "Nova makes the boot medium of a server itself: a config drive with the user data in `openstack/latest/user_data`. A medium with that file becomes user data; others cannot be attached."
        wrong: "topology t\ndevice box {\n  image box\n  disk = box\n  nic eth0\n  management = eth0\n  media seed { format = iso, files { \"juniper.conf\" = \"system { }\" } }\n}\nnode a: box\ntarget cloud: heat { default = true, external = \"public\", images { box = \"box-1\" } }\n"
        right: "topology t\ndevice box {\n  image box\n  disk = box\n  nic eth0\n  management = eth0\n  media seed { format = iso, label = \"config-2\", files { \"openstack/latest/user_data\" = \"system { }\" } }\n}\nnode a: box\ntarget cloud: heat { default = true, external = \"public\", images { box = \"box-1\" } }\n"
    }
    W0858: "many clouds drop VLAN tags" {
        "In most clouds a network drops frames with a VLAN tag, so a trunk carries nothing but its native VLAN. Where the cloud has trunk ports, the template can use them: set its parameter `trunks` to true, and each VLAN of a link becomes a network of its own, whose frames the guests send and get with their tags."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlink a (trunk = [10, 20]) <-> b (trunk = [10, 20])\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
    }
    W0859: "a cloud's switch takes part in LACP and spanning tree" {
        "A link of a lab is a wire elsewhere; in a cloud it is a virtual switch, which does not pass on LACP and spanning tree frames, and never floods like a hub."
        wrong: "topology t\nnode a: debian\nnode b: debian\nnetwork lan { hub = true }\nlink a <-> lan\nlink b <-> lan\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
        right: "topology t\nnode a: debian\nnode b: debian\nnetwork lan\nlink a <-> lan\nlink b <-> lan\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
    }
    W0860: "the target does not say how to reach the outside" {
        "A network with `forward = nat` or `route` gets a router of the cloud. To lead outside, the router needs the cloud's external network: `external = \"public\"` in the target."
        wrong: "topology t\nnode a: debian\nnetwork lan { subnet = 10.0.0.0/24, forward = nat }\nlink a <-> lan\ntarget cloud: heat { default = true, images { debian = \"debian-12\" } }\n"
        right: "topology t\nnode a: debian\nnetwork lan { subnet = 10.0.0.0/24, forward = nat }\nlink a <-> lan\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
    }
    W0861: "a cloud's router translates addresses" {
        "Only an administrator can have a router of the cloud forward without translation. With `forward = route`, machines reach the outside, but are not reached from there by their own addresses."
        wrong: "topology t\nnode a: debian\nnetwork lan { subnet = 10.0.0.0/24, forward = route }\nlink a <-> lan\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
        right: "topology t\nnode a: debian\nnetwork lan { subnet = 10.0.0.0/24, forward = nat }\nlink a <-> lan\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
    }
    W0862: "Heat starts every server at once" {
        "A stack has all its servers running. `start = manual` and `delay` do nothing; `after` keeps the order in which servers are made."
        wrong: "topology t\nnode a: debian { start = manual }\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
        right: "topology t\nnode a: debian\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
    }
    W0863: "the lab is large for one stack" {
        "Heat usually takes 1000 resources (networks, subnets, ports and servers together) and 512 KiB of template a stack. An administrator can raise both; Heat gets slow far beyond."
        wrong: "topology t\nnode a[1..400]: debian\nnetwork lan\nlink each a <-> lan\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
        right: "topology t\nnode a[1..4]: debian\nnetwork lan\nlink each a <-> lan\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
    }
    W0864: "an image needs properties before its machines run" {
        "In a cloud, the bus of the disk, the model of the NICs, the firmware and the screen are properties of the image. A machine that needs others than virtio finds neither disk nor NICs until somebody has set them, once:\n\n```text\nopenstack image set --property hw_disk_bus=ide --property hw_vif_model=e1000 box-1\n```\n\nThe template begins with the commands. An image that the target names by its address (`https://…`) is fetched by the stack, with its properties."
        wrong: "topology t\ndevice box {\n  image box\n  disk = box, disk_bus = ide\n  nic eth0\n  management = eth0\n}\nnode a: box\ntarget cloud: heat { default = true, external = \"public\", images { box = \"box-1\" } }\n"
        right: "topology t\ndevice box {\n  image box\n  disk = box\n  nic eth0\n  management = eth0\n}\nnode a: box\ntarget cloud: heat { default = true, external = \"public\", images { box = \"box-1\" } }\n"
    }
    W0865: "a cloud may not let us limit rates" {
        "The rate of a port is limited by a QoS policy, and in most clouds only administrators can make one. The template makes them if its parameter `rates` is true."
        wrong: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b { rate = 10Mbps }\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
        right: "topology t\nnode a: debian\nnode b: debian\nlink a <-> b\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
    }
    W0866: "a floating address does not change ports" {
        "A floating address leads to each port of its server as it is. So a published port must have one number on both sides."
        wrong: "topology t\nnode a: debian { publish { \"8443\" = 443 } }\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
        right: "topology t\nnode a: debian { publish { \"443\" = 443 } }\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
    }
    W0867: "what a node publishes cannot be reached" {
        "What a node publishes is reached at its floating address. That needs the cloud's external network, which the target names, and a management port for the address to lead to."
        wrong: "topology t\nnode a: debian { publish { \"443\" = 443 } }\ntarget cloud: heat { default = true, images { debian = \"debian-12\" } }\n"
        right: "topology t\nnode a: debian { publish { \"443\" = 443 } }\ntarget cloud: heat { default = true, external = \"public\", images { debian = \"debian-12\" } }\n"
    }
}
