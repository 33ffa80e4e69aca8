//! What each kind of thing may be told: the attributes of the language, with their types and meaning.
//!
//! These tables are data for the checker, the reference in `docs/`, completion and hover. A type is written as in the
//! language; `a | b` is either. Unknown attributes are errors; `vars { … }` and `attribute` declarations take the rest.

use crate::collections::IndexMap;
use crate::value::types::{Type, parse_type};
use std::sync::OnceLock;

/// One attribute of the language.
#[derive(Debug)]
pub struct AttributeSpec {
    /// Its name.
    pub name: &'static str,
    /// Its type, as written.
    pub ty: &'static str,
    /// What it means, in a sentence or two.
    pub doc: &'static str,
}

/// Defines the kinds of things with their words and tables.
macro_rules! kinds {
    ($($kind:ident $words:literal = $($table:ident)+;)*) => {
        /// What has attributes.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[allow(missing_docs)] // The language's words.
        pub enum Kind {
            $($kind),*
        }

        impl Kind {
            /// Every kind, in the order of the reference.
            pub const ALL: &[Kind] = &[$(Kind::$kind),*];

            /// In words, with an article: "a node".
            pub fn words(self) -> &'static str {
                match self {
                    $(Kind::$kind => $words),*
                }
            }

            /// The tables of its attributes; a table may serve several kinds.
            pub fn tables(self) -> &'static [&'static [AttributeSpec]] {
                match self {
                    $(Kind::$kind => &[$($table),+]),*
                }
            }
        }
    };
}

kinds! {
    Topology "the topology" = TOPOLOGY;
    Node "a node" = NODE MACHINE;
    Machine "a machine" = MACHINE;
    Nic "a NIC" = NIC;
    Disk "a disk" = DISK;
    Media "a boot medium" = MEDIA;
    Image "an image slot" = IMAGE;
    Port "a port of a device" = PORT;
    Interface "an interface" = INTERFACE IMPAIRMENT;
    Link "a link" = LINK IMPAIRMENT;
    Lag "a link aggregation" = LAG LINK IMPAIRMENT;
    Wire "a private wire" = WIRE;
    Network "a network" = NETWORK;
    Vlan "a VLAN" = VLAN;
    Vrf "a VRF" = VRF;
    Pool "a pool" = POOL;
    Check "a check" = CHECK;
    Target "a target" = TARGET;
}

/// The type of an attribute, if the kind has it.
pub fn attribute_type(kind: Kind, name: &str) -> Option<&'static Type> {
    table(kind).get(name).map(|(_, ty)| ty)
}

/// The attribute, if the kind has it.
pub fn attribute(kind: Kind, name: &str) -> Option<&'static AttributeSpec> {
    table(kind).get(name).map(|(spec, _)| *spec)
}

/// What other tools call our attributes.
const SYNONYMS: [(&str, &str); 20] = [
    ("bandwidth", "rate"),
    ("speed", "rate"),
    ("latency", "delay"),
    ("packet_loss", "loss"),
    ("ip", "address"),
    ("ipv4", "address"),
    ("ipv6", "address"),
    ("cidr", "subnet"),
    ("prefix", "subnet"),
    ("ram", "memory"),
    ("mem", "memory"),
    ("vcpu", "cpu"),
    ("vcpus", "cpu"),
    ("cores", "cpu"),
    ("startup_config", "config"),
    ("startup-config", "config"),
    ("keys", "ssh_keys"),
    ("comment", "notes"),
    ("position", "tier"),
    ("dhcp_range", "dhcp"),
];

/// The attribute that other tools call so, if the kind has it.
pub fn synonym(kind: Kind, word: &str) -> Option<&'static str> {
    SYNONYMS
        .iter()
        .filter(|(known, _)| *known == word)
        .map(|(_, ours)| *ours)
        .find(|ours| attribute(kind, ours).is_some())
}

/// The word that we have for one of other tools, in an enumeration.
pub fn word_synonym(word: &str) -> Option<&'static str> {
    match word {
        // Cisco says of LACP whether an end begins to speak; ours always do.
        "active" | "802.3ad" => Some("lacp"),
        "on" => Some("static"),
        _ => None,
    }
}

/// The names of all attributes of a kind.
pub fn names(kind: Kind) -> impl Iterator<Item = &'static str> {
    table(kind).keys().copied()
}

type Table = IndexMap<&'static str, (&'static AttributeSpec, Type)>;

fn table(kind: Kind) -> &'static Table {
    static TABLES: OnceLock<Vec<OnceLock<Table>>> = OnceLock::new();
    static EMPTY: OnceLock<Table> = OnceLock::new();
    let tables = TABLES.get_or_init(|| Kind::ALL.iter().map(|_| OnceLock::new()).collect());
    tables
        .get(kind as usize)
        .map_or_else(|| EMPTY.get_or_init(Table::default), |table| table.get_or_init(|| build(kind)))
}

fn build(kind: Kind) -> Table {
    let mut table = Table::default();
    for spec in kind.tables().iter().copied().flatten() {
        table.entry(spec.name).or_insert_with(|| (spec, parse_type(spec.ty)));
    }
    table
}

macro_rules! attributes {
    ($($table:ident { $($name:ident: $ty:literal, $doc:literal;)* })*) => {
        $(const $table: &[AttributeSpec] = &[
            $(AttributeSpec { name: stringify!($name), ty: $ty, doc: $doc }),*
        ];)*
    };
}

attributes! {
    TOPOLOGY {
        title: "string", "A title for people; pictures show it.";
        description: "string", "What the lab is for.";
        management: "enum { none } | { subnet: (prefix | [prefix])?, mtu: int?, dns: [ip]? }",
            "The network that carries management. `none`: there is none, and management ports are ordinary ones.";
        login: "{ user: string?, password: (secret | string)? }", "The account that first boot makes on every node.";
        ssh_keys: "[string]", "Public keys for the login of every node.";
        domain: "string", "DNS domain of all nodes.";
        ntp: "[string | ip]", "NTP servers of all nodes.";
        dns: "[ip]", "Name servers of all nodes.";
        vars: "map[any]", "Anything, for templates and checks.";
        allow: "map[string]", "Warnings that are there on purpose, by code, with the reason.";
    }
    NODE {
        label: "string", "What pictures show instead of the name.";
        notes: "string", "Notes for people.";
        hostname: "string", "Host name of the guest; by default the name, with `-` for `_`.";
        tags: "[string]", "Words to select nodes by: `tagged(\"spine\")`.";
        group: "string", "Draws nodes of one group together.";
        tier: "int", "Layer in pictures, from 0 at the top.";
        icon: "enum { router, switch, firewall, host, server, cloud, appliance, access_point, load_balancer, phone, generic }",
            "Icon in pictures.";
        vendor: "string", "Who makes the device.";
        product: "string", "The device's name as its vendor writes it.";
        router: "bool", "Does it forward packets between its interfaces?";
        version: "string", "Version of the device's software; chooses the image `slot@version` of a target.";
        image: "string", "Name or path of the image on the target, instead of the target's `images`.";
        loopback: "cidr | ip | [cidr | ip]", "Address of the loopback interface.";
        management: "enum { none } | any", "In a device: the port that carries management. In a node, `none`: it has none.";
        management_address: "ip | cidr | [ip | cidr]", "Address in the management network; `host(11)` is its eleventh.";
        base: "string | secret", "The device's own template for `config`.";
        config: "string | secret", "Configuration in the vendor's form, put on the device at first boot.";
        login: "{ user: string?, password: (secret | string)? }", "The account that first boot makes.";
        users: "map[{ password: (secret | string)?, ssh_keys: [string]?, sudo: bool?, shell: string?, groups: [string]? }]",
            "User accounts.";
        ssh_keys: "[string]", "Public keys for the login.";
        packages: "[string]", "Packages to install at first boot.";
        services: "[string]", "Services to enable and start at first boot.";
        files: "map[any]", "Files of the guest by absolute path: `file(\"x\")`, `dir(\"x\")`, or text.";
        run: "[string | secret]", "Commands run once, at first boot.";
        run_each_boot: "[string | secret]", "Commands run at each boot.";
        env: "map[string | secret | int]", "Environment variables for all users.";
        routes: "map[ip]", "Static routes: prefix to next hop.";
        default_route: "bool", "Does it take a default route from its segment?";
        ntp: "[string | ip]", "NTP servers.";
        dns: "[ip]", "Name servers.";
        license: "string | secret", "Licence text, put where the device wants it.";
        vars: "map[any]", "Anything, for templates, checks and the Ansible inventory.";
        ansible: "map[string | int | bool]",
            "Variables of the node in an Ansible inventory, without their `ansible_`: `network_os`, `connection`.";
        after: "[node]", "Nodes that must be ready before this one starts.";
        start: "enum { auto, manual }", "`manual`: defined with the lab, and not started with it.";
        was: "string", "Its former name: allocations are carried over.";
        apart: "string", "Nodes with the same word run on different hosts.";
        together: "string", "Nodes with the same word run on one host.";
        persist: "bool", "Keep its disks when the lab goes down.";
        publish: "map[int]", "Ports of the host, or of the floating address, that lead to ports of the node.";
        base_mac: "mac", "First MAC address; NICs count up from it.";
        disks: "map[size]", "Further, empty disks by name.";
        ready: "map[any]", "Signs that it is ready: `ready { tcp = 22 }`, `console`, `ping`, `ssh`, `netconf`, `time`.";
        save: "string", "The command that prints its running configuration, for `wtop save`.";
        limits: "map[any]",
            "What the device needs and cannot do, for warnings: `min_cpu`, `min_memory` of all its machines together, \
             `max_interfaces`; `kvm` and `heat`: what does not work there.";
        default_user: "string", "User that the device has from the factory.";
        default_password: "string", "Password that the device has from the factory.";
        default_shell: "string", "Login shell of users for whom none is written.";
        init: "enum { systemd, openrc }", "What starts the services of the guest.";
        allow: "map[string]", "Warnings that are there on purpose, by code, with the reason.";
    }
    MACHINE {
        cpu: "int", "Virtual CPUs.";
        memory: "size", "Memory.";
        disk: "string", "Image slot of the first disk.";
        disk_bus: "enum { virtio, scsi, sata, ide, usb }", "Bus of the disks.";
        disk_size: "size", "Size of the first disk, if larger than its image.";
        nic_model: "enum { virtio, e1000, e1000e, vmxnet3, rtl8139, pcnet, ne2k_pci, i82559er, igb }", "Model of the NICs.";
        min_nics: "int", "A least number of NICs; those not connected are plugged into nothing.";
        machine_type: "enum { q35, pc }", "Chipset.";
        firmware: "enum { bios, uefi }", "What starts the machine.";
        cpu_model: "string", "CPU model: `host`, `SandyBridge`.";
        cpu_flags: "[string]", "CPU features: `+aes`, `-avx2`.";
        smbios: "{ manufacturer: string?, product: string?, version: string?, serial: string?, family: string?, sku: string?, \
                 bios_vendor: string?, bios_version: string?, bios_date: string?, bios_release: string?, \
                 board_manufacturer: string?, board_product: string?, board_version: string?, board_serial: string?, \
                 board_asset: string?, chassis_manufacturer: string?, chassis_version: string?, chassis_serial: string?, \
                 chassis_asset: string?, chassis_sku: string? }",
            "SMBIOS fields: of the system, and with a prefix those of its BIOS, board and chassis.";
        serials: "int", "Serial ports.";
        vga: "enum { none, cirrus, vga, qxl, virtio }", "Video card.";
        clock: "enum { utc, localtime }", "What the hardware clock shows.";
        watchdog: "enum { none, i6300esb }", "Watchdog device.";
        on_reboot: "enum { restart, destroy }", "What happens when the guest reboots.";
        cloud_init: "bool", "Does it take cloud-init data?";
        nested: "bool", "May it run virtual machines itself?";
        dedicated_cpu: "bool", "Are its CPUs its own?";
        hugepages: "bool", "Is its memory in huge pages?";
        cpu_limit: "percent", "Share of each CPU that it may use.";
        delay: "duration", "Time to wait before it starts.";
        uuid: "string", "UUID instead of the one made from its path.";
    }
    NIC {
        model: "enum { virtio, e1000, e1000e, vmxnet3, rtl8139, pcnet, ne2k_pci, i82559er, igb }", "Model.";
        mac: "mac", "MAC address.";
        same_segment: "any", "Another NIC of the node whose segment it shares.";
        elastic: "bool", "In an array: leave out elements at its end that nothing is connected to, though NICs follow.";
    }
    DISK {
        image: "string", "Image slot; without one the disk is empty.";
        size: "size", "Size; without one that of the image.";
        bus: "enum { virtio, scsi, sata, ide, usb }", "Bus.";
    }
    MEDIA {
        format: "enum { iso, vfat, ext4 }", "What it is formatted as.";
        layout: "enum { plain, config_drive }",
            "`config_drive`: with the metadata, network data and cloud-init user data that OpenStack gives its guests.";
        label: "string", "Volume label.";
        bus: "enum { virtio, scsi, sata, ide, usb }", "How it is attached.";
        files: "map[string | secret | map[string | secret | map[string | secret]]]",
            "Files by path. A map of files makes an archive: `\"x.tgz\" = { \"in/it\" = self.config }`; tar, tgz, zip.";
    }
    IMAGE {
        notes: "string", "Where one gets it.";
        format: "enum { qcow2, raw, vmdk, vdi, vpc }", "Format it comes in, where its name has no such ending.";
    }
    PORT {
        aliases: "[string]", "Other names of the same port.";
        speed: "rate", "Speed of the port.";
    }
    INTERFACE {
        address: "cidr | ip | [cidr | ip]", "Addresses; `host(2)` is the second of the segment's prefix.";
        addressing: "enum { static, dhcp, unnumbered, link_local, none }", "How it gets its addresses.";
        vlan: "int | vlan", "Access VLAN; of a subinterface: its tag.";
        trunk: "[int | vlan]", "VLANs carried with tags.";
        native: "int | vlan", "VLAN that a trunk carries without a tag.";
        routed: "bool", "Has the device an address of its own in the VLAN?";
        vrf: "vrf", "VRF.";
        mtu: "int", "Largest packet in bytes.";
        mac: "mac", "MAC address.";
        description: "string", "Description on the device.";
        vars: "map[any]", "Anything, for templates and checks.";
        allow: "map[string]", "Warnings that are there on purpose, by code, with the reason.";
    }
    IMPAIRMENT {
        delay: "duration", "Time that frames take.";
        jitter: "duration", "How far the delay varies.";
        loss: "percent", "Frames lost.";
        rate: "rate", "Bits a second.";
        duplicate: "percent", "Frames that arrive twice.";
        reorder: "percent", "Frames that overtake others.";
        corrupt: "percent", "Frames with a bit changed.";
    }
    LINK {
        subnet: "prefix | [prefix]", "Prefix of the wire: the left end gets its first address, the right its second.";
        address: "cidr | ip | [cidr | ip]", "Address of the one end that is a node, where the other is a network.";
        addressing: "enum { static, dhcp, unnumbered, link_local, none }", "How the ends get their addresses.";
        vlan: "int | vlan", "Access VLAN of both ends.";
        trunk: "[int | vlan]", "VLANs carried with tags, at both ends.";
        native: "int | vlan", "VLAN that the trunk carries without a tag, at both ends.";
        vrf: "vrf", "VRF of both ends.";
        mtu: "int", "Largest packet in bytes.";
        state: "enum { up, down }", "Is it up when the lab starts?";
        label: "string", "What pictures write on it.";
        notes: "string", "Notes for people.";
        tags: "[string]", "Words to select links by.";
        vars: "map[any]", "Anything, for templates and checks.";
        was: "string", "Its former path: allocations are carried over.";
        allow: "map[string]", "Warnings that are there on purpose, by code, with the reason.";
    }
    LAG {
        mode: "enum { lacp, static, active_backup }", "How the members agree.";
        esi: "string", "Ethernet segment identifier, for multihoming.";
    }
    WIRE {
        mtu: "int", "Largest packet in bytes.";
    }
    NETWORK {
        subnet: "prefix | [prefix]", "Prefixes, IPv4 and IPv6; without one the network is layer 2.";
        gateway: "ip | [ip] | { kind: string, addresses: [ip], nodes: [node] }",
            "Default gateway: an address, `anycast(address, nodes)` or `virtual(address, nodes)`.";
        dhcp: "bool | { range: ([ip] | [int])?, reserve: map[ip]? }", "Does the segment serve DHCP?";
        dns: "[ip]", "Name servers given out.";
        forward: "enum { none, nat, route }", "How it reaches what is outside the lab.";
        vlan: "int | vlan", "VLAN number.";
        vrf: "vrf", "VRF of its prefixes.";
        mtu: "int", "Largest packet in bytes.";
        stp: "bool", "Does the segment itself speak spanning tree?";
        hub: "bool", "Does it repeat every frame to every port?";
        external: "bool", "Exists outside the lab; each target says what it is there.";
        addressing: "enum { static, dhcp, unnumbered, link_local, none }", "How the nodes on it get their addresses.";
        label: "string", "What pictures show instead of the name.";
        notes: "string", "Notes for people.";
        tags: "[string]", "Words to select networks by.";
        vars: "map[any]", "Anything, for templates and checks.";
        was: "string", "Its former name: allocations are carried over.";
        allow: "map[string]", "Warnings that are there on purpose, by code, with the reason.";
    }
    VLAN {
        id: "int", "Number, 1 to 4094.";
        subnet: "prefix | [prefix]", "Prefixes of the VLAN.";
        gateway: "ip | [ip] | { kind: string, addresses: [ip], nodes: [node] }", "Default gateway.";
        vrf: "vrf", "VRF that routes it.";
        vni: "int", "VXLAN network identifier.";
        vars: "map[any]", "Anything, for templates and checks.";
    }
    VRF {
        rd: "string", "Route distinguisher.";
        import: "[string]", "Route targets imported.";
        export: "[string]", "Route targets exported.";
        table: "int", "Number of the routing table on Linux.";
        vni: "int", "Layer-3 VXLAN network identifier.";
        vars: "map[any]", "Anything, for templates and checks.";
    }
    POOL {
        reserve: "ip | prefix | int | [ip | prefix | int]", "What is never handed out.";
    }
    CHECK {
        within: "duration", "How long to wait until it holds.";
        notes: "string", "Notes for people.";
    }
    TARGET {
        default: "bool", "Is it used when none is named?";
        images: "map[string]", "Image slot, or `slot@version`, to the image there.";
        flavors: "map[string]", "Device or node to a flavor.";
        networks: "map[{ kind: string, name: string, options: map[any] }]", "External network to what it is there.";
        uri: "string", "How libvirt is reached.";
        pool: "string", "Storage pool for disks.";
        image_folder: "string", "Folder of the images that are written without one; libvirt's own by default.";
        prefix: "string", "What every name there begins with.";
        domain_type: "enum { kvm, qemu }", "Hardware virtualisation, or emulation.";
        emulator: "string", "Path of the emulator.";
        cloud: "string", "Entry of clouds.yaml.";
        region: "string", "Region of the cloud.";
        external: "string", "Network of the cloud that leads outside.";
        keypair: "string", "Key pair of the cloud.";
        availability_zone: "string", "Where the cloud puts the machines.";
        hosts: "map[string]", "Node to the host of the cloud that runs it.";
        pinning: "map[string]", "Node to the CPUs of the libvirt host that run it: `\"2-5,8\"`.";
        numa: "map[int]", "Node to the NUMA node of the libvirt host that its memory is on.";
        vars: "map[any]", "Anything, for raw pieces.";
        raw: "map[string]", "Pieces put into the artifacts as they are, by node.";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_one() {
        for kind in Kind::ALL {
            for name in names(*kind) {
                let spec = attribute(*kind, name).unwrap();
                let ty = attribute_type(*kind, name).unwrap();
                assert!(spec.ty == "any" || *ty != Type::Any, "{kind:?}.{name}: {}", spec.ty);
            }
        }
    }
}
