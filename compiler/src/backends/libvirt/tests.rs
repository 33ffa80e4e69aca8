use super::*;
use crate::lab::sample::{debian_machines, nic};
use crate::lab::{TargetKind, lower};
use crate::test_tools::{Tool, put, scratch};
use crate::topology::sample::Sample;
use crate::topology::{
    Binding, Disk, Firmware, Forward, Machine, Media, MediaContent, MediaFile, MediaLayout, Origin, Plug, TextContent,
    Topology, Wire,
};
use crate::value::{SecretSource, SecretText};
use indexmap::IndexMap;
use std::sync::Arc;

/// Hosts, a LAN with DHCP behind NAT, and a firewall of two machines with everything that a device can ask for.
fn campus() -> Topology {
    let mut topology = Sample::new("h1 h2 fw:firewall [lan] [office]")
        .links("h1-fw h2~lan fw-lan fw-office")
        .with(debian_machines)
        .build();
    topology.name = "campus".to_owned();
    topology.domain = Some("lab.example".to_owned());
    topology.nodes[0].interfaces[0].addresses = vec!["10.0.0.0/31".parse().unwrap()];
    topology.links[0].mtu = Some(9000);
    let lan = &mut topology.networks[0];
    lan.subnets = vec!["172.16.1.0/24".parse().unwrap(), "2001:db8:1::/64".parse().unwrap()];
    lan.gateways = vec!["172.16.1.1".parse().unwrap(), "2001:db8:1::1".parse().unwrap()];
    lan.forward = Forward::Nat;
    lan.dhcp = vec![("172.16.1.100".parse().unwrap(), "172.16.1.200".parse().unwrap())];
    lan.dns = vec!["9.9.9.9".parse().unwrap(), "2620:fe::fe".parse().unwrap()];
    topology.networks[1].external = true;
    firewall(&mut topology);
    topology
}

/// Makes the third node a pair: an engine on old hardware and a forwarder on UEFI.
fn firewall(topology: &mut Topology) {
    let node = &mut topology.nodes[2];
    node.path = "edge/fw".to_owned();
    let mut engine = node.machines[0].clone();
    engine.path = "edge/fw/re".to_owned();
    engine.name = "edge-fw-re".to_owned();
    engine.part = Some("re".to_owned());
    let mut forwarder = Machine { path: "edge/fw/pfe".to_owned(), name: "edge-fw-pfe".to_owned(), ..engine.clone() };
    forwarder.uuid = uuid::Uuid::from_u128(7);
    forwarder.cloud_init = false;
    forwarder.firmware = Firmware::Uefi;
    forwarder.nics.remove(0);
    forwarder.nics.push(nic("edge/fw/pfe", "int", Plug::Wire { wire: 0 }));
    engine.machine_type = "pc".to_owned();
    engine.cpu = 2;
    engine.cpu_model = Some("SandyBridge".to_owned());
    engine.cpu_flags = vec!["+aes".to_owned(), "-avx2".to_owned()];
    engine.nested = true;
    engine.smbios =
        [("manufacturer", "A & B"), ("product", "\"RE\"")].map(|(a, b)| (a.to_owned(), b.to_owned())).into();
    engine.vga = Some("cirrus".to_owned());
    engine.serials = 2;
    engine.cloud_init = false;
    for disk in &mut engine.disks {
        disk.bus = "ide".to_owned();
    }
    engine.disks.push(Disk { name: "data".to_owned(), image: None, size: Some(16 << 30), bus: "scsi".to_owned() });
    engine.nics.truncate(1);
    engine.nics.push(nic("edge/fw/re", "int", Plug::Wire { wire: 0 }));
    engine.nics.push(nic("edge/fw/re", "em2", Plug::Nothing));
    for nic in &mut engine.nics {
        nic.model = "e1000".to_owned();
    }
    let password = TextContent::Secret(Arc::new(SecretText::new(SecretSource::Environment("ROOT".to_owned()))));
    let file = MediaFile { path: "juniper.conf".to_owned(), content: MediaContent::Text(password) };
    let medium = |name: &str, format, bus: &str| Media {
        name: name.to_owned(),
        format,
        layout: MediaLayout::Plain,
        label: "vmm-data".to_owned(),
        bus: bus.to_owned(),
        files: vec![file.clone()],
    };
    engine.media = vec![medium("config", MediaFormat::Vfat, "usb"), medium("extra", MediaFormat::Iso, "ide")];
    engine.attributes = [
        ("watchdog", Value::Member("i6300esb".into())),
        ("hugepages", Value::Bool(true)),
        ("cpu_limit", Value::Percent(500_000)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    node.machines = vec![engine, forwarder];
    node.wires = vec![Wire { ends: vec![(0, 1), (1, 4)], mtu: None }];
}

fn target(binding: &str, attributes: &[(&str, &str)]) -> Target {
    let binding = Binding { kind: binding.to_owned(), name: "enp1s0".to_owned(), options: IndexMap::new() };
    let text = |(name, text): &(&str, &str)| ((*name).to_owned(), Value::string(*text));
    Target {
        name: "here".to_owned(),
        kind: "kvm".to_owned(),
        default: true,
        images: [("debian".to_owned(), "/images/debian-12.qcow2".to_owned())].into(),
        flavors: IndexMap::new(),
        networks: [("office".to_owned(), binding)].into(),
        attributes: attributes.iter().map(text).collect(),
        origin: Origin::default(),
    }
}

fn built(topology: &Topology, target: &Target) -> (Vec<Artifact>, Vec<Diagnostic>) {
    let (lab, diagnostics) = lower(topology, Some(target), TargetKind::Kvm);
    assert_eq!(diagnostics, []);
    build(&lab)
}

/// The text of one artifact.
fn text(artifacts: &[Artifact], path: &str) -> String {
    let paths: Vec<&str> = artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
    let found = artifacts.iter().find(|artifact| artifact.path == path);
    String::from_utf8(found.unwrap_or_else(|| panic!("no {path} in {paths:#?}")).bytes.clone()).unwrap()
}

fn messages(diagnostics: &[Diagnostic]) -> String {
    let line = |d: &Diagnostic| format!("{}: {}; {}", d.code.id, d.message, d.help.as_deref().unwrap_or("-"));
    diagnostics.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Checks documents against libvirt's schemas and has its mock hypervisor define them.
fn validate(name: &str, artifacts: &[Artifact]) {
    let (Some(xmllint), Some(virsh)) = (Tool::find("xmllint"), Tool::find("virsh")) else { return };
    let folder = scratch(name);
    for artifact in artifacts {
        let path = put(&folder, &artifact.path, &artifact.bytes);
        let (schema, verb) = match artifact.path.split('/').next().unwrap() {
            "networks" => ("network", Some("net-define")),
            "domains" => ("domain", Some("define")),
            "volumes" => ("storagevol", None),
            _ => continue,
        };
        xmllint.run(&["--noout", "--relaxng", &format!("/usr/share/libvirt/schemas/{schema}.rng"), &path]);
        if let Some(verb) = verb {
            virsh.run(&["-q", "-c", "test:///default", verb, "--validate", &path]);
        }
    }
}

#[test]
fn a_lab_is_these_files() {
    let (artifacts, diagnostics) = built(&campus(), &target("bridge", &[]));
    assert_eq!(messages(&diagnostics), "");
    let paths: Vec<&str> = artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
    insta::assert_snapshot!(paths.join("\n"), @r"
        networks/campus-management.xml
        networks/campus-lan.xml
        networks/campus-fw--h1.xml
        networks/campus-edge-fw-wire-1.xml
        volumes/campus-h1-seed.iso.xml
        seeds/campus-h1-seed.iso
        volumes/campus-h1-boot.qcow2.xml
        domains/campus-h1.xml
        volumes/campus-h2-seed.iso.xml
        seeds/campus-h2-seed.iso
        volumes/campus-h2-boot.qcow2.xml
        domains/campus-h2.xml
        volumes/campus-edge-fw-re-config.img.xml
        media/campus-edge-fw-re-config.img
        volumes/campus-edge-fw-re-extra.iso.xml
        media/campus-edge-fw-re-extra.iso
        volumes/campus-edge-fw-re-boot.qcow2.xml
        volumes/campus-edge-fw-re-data.qcow2.xml
        domains/campus-edge-fw-re.xml
        volumes/campus-edge-fw-pfe-boot.qcow2.xml
        domains/campus-edge-fw-pfe.xml
    ");
    validate("libvirt-lab", &artifacts);
}

#[test]
fn a_host() {
    let (artifacts, _) = built(&campus(), &target("bridge", &[]));
    insta::assert_snapshot!(text(&artifacts, "domains/campus-h1.xml"), @r#"
        <domain type="kvm">
          <name>campus-h1</name>
          <uuid>7195e3f9-59f7-5248-99f5-667ca6c39580</uuid>
          <metadata>
            <wtop:machine xmlns:wtop="urn:wtop:1" version="1" topology="campus" node="h1" path="h1" definition="bbd77ee6200cb33fa3652e9818d05b8d8ead163d4eb5068355e464bbcbbcd32f">
              <wtop:nic name="eth0" port="wneaa284bb0644" segment="management"/>
              <wtop:nic name="eth1" port="wna6a7339c66b3" segment="fw--h1"/>
            </wtop:machine>
          </metadata>
          <memory unit="KiB">524288</memory>
          <vcpu>1</vcpu>
          <os>
            <type arch="x86_64" machine="q35">hvm</type>
          </os>
          <features>
            <acpi/>
            <apic/>
          </features>
          <cpu mode="host-passthrough" check="none">
            <topology sockets="1" cores="1" threads="1"/>
          </cpu>
          <clock offset="utc"/>
          <on_poweroff>destroy</on_poweroff>
          <on_reboot>restart</on_reboot>
          <on_crash>restart</on_crash>
          <devices>
            <disk type="volume" device="disk">
              <driver name="qemu" type="qcow2"/>
              <source pool="default" volume="campus-h1-boot.qcow2"/>
              <target dev="vda" bus="virtio"/>
              <boot order="1"/>
            </disk>
            <disk type="volume" device="disk">
              <driver name="qemu" type="raw"/>
              <source pool="default" volume="campus-h1-seed.iso"/>
              <target dev="vdb" bus="virtio"/>
              <readonly/>
            </disk>
            <controller type="usb" index="0" model="none"/>
            <controller type="pci" index="0" model="pcie-root"/>
            <controller type="pci" index="1" model="pcie-root-port">
              <target chassis="1" port="0x40"/>
              <address type="pci" domain="0x0000" bus="0x00" slot="0x08" function="0x0" multifunction="on"/>
            </controller>
            <controller type="pci" index="2" model="pcie-root-port">
              <target chassis="2" port="0x41"/>
              <address type="pci" domain="0x0000" bus="0x00" slot="0x08" function="0x1"/>
            </controller>
            <interface type="network">
              <source network="campus-management"/>
              <alias name="ua-nic0"/>
              <mac address="52:54:00:3a:25:69"/>
              <target dev="wneaa284bb0644"/>
              <model type="virtio"/>
              <rom enabled="no"/>
              <address type="pci" domain="0x0000" bus="0x01" slot="0x00" function="0x0"/>
            </interface>
            <interface type="network">
              <source network="campus-fw--h1"/>
              <alias name="ua-nic1"/>
              <mac address="52:54:00:94:04:eb"/>
              <target dev="wna6a7339c66b3"/>
              <model type="virtio"/>
              <mtu size="9000"/>
              <rom enabled="no"/>
              <address type="pci" domain="0x0000" bus="0x02" slot="0x00" function="0x0"/>
            </interface>
            <serial type="pty">
              <target type="isa-serial" port="0"/>
            </serial>
            <console type="pty">
              <target type="serial" port="0"/>
            </console>
            <memballoon model="none"/>
            <rng model="virtio">
              <backend model="random">/dev/urandom</backend>
            </rng>
          </devices>
        </domain>
    "#);
    insta::assert_snapshot!(text(&artifacts, "volumes/campus-h1-boot.qcow2.xml"), @r#"
        <volume>
          <name>campus-h1-boot.qcow2</name>
          <target>
            <format type="qcow2"/>
          </target>
          <backingStore>
            <path>/images/debian-12.qcow2</path>
            <format type="qcow2"/>
          </backingStore>
        </volume>
    "#);
    insta::assert_snapshot!(text(&artifacts, "volumes/campus-h1-seed.iso.xml"), @r#"
        <volume>
          <name>campus-h1-seed.iso</name>
          <capacity unit="bytes">57344</capacity>
          <target>
            <format type="raw"/>
          </target>
        </volume>
    "#);
}

#[test]
fn two_machines_of_one_device() {
    let (artifacts, _) = built(&campus(), &target("bridge", &[]));
    insta::assert_snapshot!(text(&artifacts, "domains/campus-edge-fw-re.xml"), @r#"
        <domain type="kvm">
          <name>campus-edge-fw-re</name>
          <uuid>f783a5a5-8cfd-5332-b778-87b687c06d95</uuid>
          <metadata>
            <wtop:machine xmlns:wtop="urn:wtop:1" version="1" topology="campus" node="edge/fw" path="edge/fw/re" definition="cd780c6890575d693fde1826c33dc19030b8e85a7a75ff6510c23228b96b1960">
              <wtop:nic name="eth0" port="wnd7ceeefd5d02" segment="management"/>
              <wtop:nic name="int" port="wnf99a9e2534f5" segment="edge/fw/wire-1"/>
              <wtop:nic name="em2" port="wnec4d10a2a77b"/>
            </wtop:machine>
          </metadata>
          <memory unit="KiB">524288</memory>
          <memoryBacking>
            <hugepages/>
          </memoryBacking>
          <vcpu>2</vcpu>
          <cputune>
            <period>100000</period>
            <quota>50000</quota>
          </cputune>
          <sysinfo type="smbios">
            <system>
              <entry name="manufacturer">A &amp; B</entry>
              <entry name="product">&quot;RE&quot;</entry>
            </system>
          </sysinfo>
          <os>
            <type arch="x86_64" machine="pc">hvm</type>
            <smbios mode="sysinfo"/>
          </os>
          <features>
            <acpi/>
            <apic/>
          </features>
          <cpu mode="custom" match="exact" check="none">
            <model fallback="allow">SandyBridge</model>
            <topology sockets="1" cores="2" threads="1"/>
            <feature policy="require" name="aes"/>
            <feature policy="disable" name="avx2"/>
            <feature policy="optional" name="vmx"/>
            <feature policy="optional" name="svm"/>
          </cpu>
          <clock offset="utc"/>
          <on_poweroff>destroy</on_poweroff>
          <on_reboot>restart</on_reboot>
          <on_crash>restart</on_crash>
          <devices>
            <disk type="volume" device="disk">
              <driver name="qemu" type="qcow2"/>
              <source pool="default" volume="campus-edge-fw-re-boot.qcow2"/>
              <target dev="hda" bus="ide"/>
              <boot order="1"/>
            </disk>
            <disk type="volume" device="disk">
              <driver name="qemu" type="qcow2"/>
              <source pool="default" volume="campus-edge-fw-re-data.qcow2"/>
              <target dev="sda" bus="scsi"/>
              <boot order="2"/>
            </disk>
            <disk type="volume" device="disk">
              <driver name="qemu" type="raw"/>
              <source pool="default" volume="campus-edge-fw-re-config.img"/>
              <target dev="sdb" bus="usb"/>
            </disk>
            <disk type="volume" device="cdrom">
              <driver name="qemu" type="raw"/>
              <source pool="default" volume="campus-edge-fw-re-extra.iso"/>
              <target dev="hdb" bus="ide"/>
              <readonly/>
            </disk>
            <controller type="scsi" index="0" model="virtio-scsi"/>
            <controller type="usb" index="0" model="piix3-uhci"/>
            <interface type="network">
              <source network="campus-management"/>
              <alias name="ua-nic0"/>
              <mac address="52:54:00:2c:14:8c"/>
              <target dev="wnd7ceeefd5d02"/>
              <model type="e1000"/>
              <rom enabled="no"/>
              <address type="pci" domain="0x0000" bus="0x00" slot="0x03" function="0x0"/>
            </interface>
            <interface type="network">
              <source network="campus-edge-fw-wire-1"/>
              <alias name="ua-nic1"/>
              <mac address="52:54:00:1f:60:bc"/>
              <target dev="wnf99a9e2534f5"/>
              <model type="e1000"/>
              <rom enabled="no"/>
              <address type="pci" domain="0x0000" bus="0x00" slot="0x04" function="0x0"/>
            </interface>
            <interface type="ethernet">
              <alias name="ua-nic2"/>
              <mac address="52:54:00:e0:77:16"/>
              <target dev="wnec4d10a2a77b"/>
              <model type="e1000"/>
              <link state="down"/>
              <rom enabled="no"/>
              <address type="pci" domain="0x0000" bus="0x00" slot="0x05" function="0x0"/>
            </interface>
            <serial type="pty">
              <target type="isa-serial" port="0"/>
            </serial>
            <serial type="pty">
              <target type="isa-serial" port="1"/>
            </serial>
            <console type="pty">
              <target type="serial" port="0"/>
            </console>
            <graphics type="vnc" port="-1" autoport="yes">
              <listen type="address" address="127.0.0.1"/>
            </graphics>
            <video>
              <model type="cirrus"/>
            </video>
            <watchdog model="i6300esb" action="reset"/>
            <memballoon model="none"/>
            <rng model="virtio">
              <backend model="random">/dev/urandom</backend>
            </rng>
          </devices>
        </domain>
    "#);
    insta::assert_snapshot!(text(&artifacts, "domains/campus-edge-fw-pfe.xml"), @r#"
        <domain type="kvm">
          <name>campus-edge-fw-pfe</name>
          <uuid>00000000-0000-0000-0000-000000000007</uuid>
          <metadata>
            <wtop:machine xmlns:wtop="urn:wtop:1" version="1" topology="campus" node="edge/fw" path="edge/fw/pfe" definition="2057a4d5b66865ba540c13e5a76795bd8a7b15040a430a0269501271ff7b949d">
              <wtop:nic name="eth1" port="wnb13800d1c6b5" segment="fw--h1"/>
              <wtop:nic name="eth2" port="wne28a2ec6412e" segment="lan"/>
              <wtop:nic name="eth3" port="wne502cf624271" segment="office"/>
              <wtop:nic name="int" port="wnd26eb981788a" segment="edge/fw/wire-1"/>
            </wtop:machine>
          </metadata>
          <memory unit="KiB">524288</memory>
          <vcpu>1</vcpu>
          <os firmware="efi">
            <type arch="x86_64" machine="q35">hvm</type>
            <firmware>
              <feature enabled="no" name="secure-boot"/>
            </firmware>
          </os>
          <features>
            <acpi/>
            <apic/>
          </features>
          <cpu mode="host-passthrough" check="none">
            <topology sockets="1" cores="1" threads="1"/>
          </cpu>
          <clock offset="utc"/>
          <on_poweroff>destroy</on_poweroff>
          <on_reboot>restart</on_reboot>
          <on_crash>restart</on_crash>
          <devices>
            <disk type="volume" device="disk">
              <driver name="qemu" type="qcow2"/>
              <source pool="default" volume="campus-edge-fw-pfe-boot.qcow2"/>
              <target dev="vda" bus="virtio"/>
              <boot order="1"/>
            </disk>
            <controller type="usb" index="0" model="none"/>
            <controller type="pci" index="0" model="pcie-root"/>
            <controller type="pci" index="1" model="pcie-root-port">
              <target chassis="1" port="0x40"/>
              <address type="pci" domain="0x0000" bus="0x00" slot="0x08" function="0x0" multifunction="on"/>
            </controller>
            <controller type="pci" index="2" model="pcie-root-port">
              <target chassis="2" port="0x41"/>
              <address type="pci" domain="0x0000" bus="0x00" slot="0x08" function="0x1"/>
            </controller>
            <controller type="pci" index="3" model="pcie-root-port">
              <target chassis="3" port="0x42"/>
              <address type="pci" domain="0x0000" bus="0x00" slot="0x08" function="0x2"/>
            </controller>
            <controller type="pci" index="4" model="pcie-root-port">
              <target chassis="4" port="0x43"/>
              <address type="pci" domain="0x0000" bus="0x00" slot="0x08" function="0x3"/>
            </controller>
            <interface type="network">
              <source network="campus-fw--h1"/>
              <alias name="ua-nic0"/>
              <mac address="52:54:00:a2:95:ad"/>
              <target dev="wnb13800d1c6b5"/>
              <model type="virtio"/>
              <mtu size="9000"/>
              <rom enabled="no"/>
              <address type="pci" domain="0x0000" bus="0x01" slot="0x00" function="0x0"/>
            </interface>
            <interface type="network">
              <source network="campus-lan"/>
              <alias name="ua-nic1"/>
              <mac address="52:54:00:a8:64:1f"/>
              <target dev="wne28a2ec6412e"/>
              <model type="virtio"/>
              <rom enabled="no"/>
              <address type="pci" domain="0x0000" bus="0x02" slot="0x00" function="0x0"/>
            </interface>
            <interface type="bridge">
              <source bridge="enp1s0"/>
              <alias name="ua-nic2"/>
              <mac address="52:54:00:6e:89:ca"/>
              <target dev="wne502cf624271"/>
              <model type="virtio"/>
              <rom enabled="no"/>
              <address type="pci" domain="0x0000" bus="0x03" slot="0x00" function="0x0"/>
            </interface>
            <interface type="network">
              <source network="campus-edge-fw-wire-1"/>
              <alias name="ua-nic3"/>
              <mac address="52:54:00:f8:87:c7"/>
              <target dev="wnd26eb981788a"/>
              <model type="virtio"/>
              <rom enabled="no"/>
              <address type="pci" domain="0x0000" bus="0x04" slot="0x00" function="0x0"/>
            </interface>
            <serial type="pty">
              <target type="isa-serial" port="0"/>
            </serial>
            <console type="pty">
              <target type="serial" port="0"/>
            </console>
            <memballoon model="none"/>
            <rng model="virtio">
              <backend model="random">/dev/urandom</backend>
            </rng>
          </devices>
        </domain>
    "#);
}

#[test]
fn networks() {
    let (artifacts, _) = built(&campus(), &target("bridge", &[]));
    insta::assert_snapshot!(text(&artifacts, "networks/campus-management.xml"), @r#"
        <network ipv6="yes">
          <name>campus-management</name>
          <uuid>733cb0f1-0c26-58af-91b3-b0be52746b45</uuid>
          <metadata>
            <wtop:segment xmlns:wtop="urn:wtop:1" version="1" topology="campus" path="management" kind="management"/>
          </metadata>
          <forward mode="nat"/>
          <bridge name="wte6176c934065" stp="off" delay="0"/>
          <mac address="52:54:73:3c:b0:f1"/>
          <domain name="lab.example"/>
          <ip family="ipv4" address="192.168.192.1" prefix="18">
            <dhcp>
              <host mac="52:54:00:3a:25:69" name="h1" ip="192.168.192.11"/>
              <host mac="52:54:00:67:cd:20" name="h2" ip="192.168.192.12"/>
              <host mac="52:54:00:2c:14:8c" name="fw" ip="192.168.192.13"/>
            </dhcp>
          </ip>
        </network>
    "#);
    insta::assert_snapshot!(text(&artifacts, "networks/campus-lan.xml"), @r#"
        <network xmlns:dnsmasq="http://libvirt.org/schemas/network/dnsmasq/1.0" ipv6="yes">
          <name>campus-lan</name>
          <uuid>76a6a749-bc38-5109-bc37-11997af1cade</uuid>
          <metadata>
            <wtop:segment xmlns:wtop="urn:wtop:1" version="1" topology="campus" path="lan" kind="network"/>
          </metadata>
          <forward mode="nat">
            <nat ipv6="yes"/>
          </forward>
          <bridge name="wtc054d5228487" stp="off" delay="0"/>
          <mac address="52:54:76:a6:a7:49"/>
          <domain name="lab.example"/>
          <ip family="ipv4" address="172.16.1.1" prefix="24">
            <dhcp>
              <range start="172.16.1.100" end="172.16.1.200"/>
            </dhcp>
          </ip>
          <ip family="ipv6" address="2001:db8:1::1" prefix="64"/>
          <dnsmasq:options>
            <dnsmasq:option value="dhcp-option=option:dns-server,9.9.9.9"/>
          </dnsmasq:options>
        </network>
    "#);
    insta::assert_snapshot!(text(&artifacts, "networks/campus-fw--h1.xml"), @r#"
        <network ipv6="yes">
          <name>campus-fw--h1</name>
          <uuid>193c22de-fa62-58ac-889f-89f76eb71500</uuid>
          <metadata>
            <wtop:segment xmlns:wtop="urn:wtop:1" version="1" topology="campus" path="fw--h1" kind="link" passes="all"/>
          </metadata>
          <bridge name="wt232b90b83bb6" stp="off" delay="0"/>
          <mac address="52:54:19:3c:22:de"/>
          <mtu size="9000"/>
        </network>
    "#);
}

#[test]
fn an_external_network_is_what_the_target_says() {
    let topology = campus();
    let mut sources = Vec::new();
    for kind in ["bridge", "macvtap", "sriov", "existing"] {
        let (artifacts, _) = built(&topology, &target(kind, &[]));
        validate(&format!("libvirt-{kind}"), &artifacts);
        let network = artifacts.iter().any(|artifact| artifact.path == "networks/campus-office.xml");
        let domain = text(&artifacts, "domains/campus-edge-fw-pfe.xml");
        let lines: Vec<&str> = domain.lines().map(str::trim).collect();
        let alias = lines.iter().position(|line| line.contains("\"ua-nic2\"")).unwrap();
        sources.push(format!("{kind}: {} (own network: {network})", lines[alias - 2..alias].join(" ")));
    }
    insta::assert_snapshot!(sources.join("\n"), @r#"
        bridge: <interface type="bridge"> <source bridge="enp1s0"/> (own network: false)
        macvtap: <interface type="direct"> <source dev="enp1s0" mode="bridge"/> (own network: false)
        sriov: <interface type="network"> <source network="campus-office"/> (own network: true)
        existing: <interface type="network"> <source network="enp1s0"/> (own network: false)
    "#);
}

#[test]
fn the_target_chooses_names_pool_and_emulation() {
    let attributes =
        [("prefix", "x."), ("pool", "labs"), ("domain_type", "qemu"), ("emulator", "/usr/bin/qemu-system-x86_64")];
    let (artifacts, _) = built(&campus(), &target("bridge", &attributes));
    validate("libvirt-qemu", &artifacts);
    let domain = text(&artifacts, "domains/x.edge-fw-re.xml");
    for part in [
        "<domain type=\"qemu\">",
        "<emulator>/usr/bin/qemu-system-x86_64</emulator>",
        "<cpu mode=\"maximum\">",
        "<source pool=\"labs\" volume=\"x.edge-fw-re-boot.qcow2\"/>",
    ] {
        assert!(domain.contains(part), "{part} in {domain}");
    }
}

#[test]
fn a_change_of_configuration_changes_the_definition() {
    let definition = |topology: &Topology| {
        let (artifacts, _) = built(topology, &target("bridge", &[]));
        let domain = text(&artifacts, "domains/campus-h1.xml");
        domain.split("definition=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let mut topology = campus();
    let before = definition(&topology);
    topology.nodes[1].guest.packages.push("tcpdump".to_owned());
    assert_eq!(definition(&topology), before, "another machine has changed");
    topology.nodes[0].guest.packages.push("tcpdump".to_owned());
    assert_ne!(definition(&topology), before);
}

#[test]
fn secrets_are_filled_in_at_deployment_and_leave_no_trace_elsewhere() {
    let (topology, target) = (campus(), target("bridge", &[]));
    let (lab, _) = lower(&topology, Some(&target), TargetKind::Kvm);
    let (written, _) = build(&lab);
    let (deployed, _) = build_with(&lab, &|_| "hunter2".to_owned());
    let holds = |artifact: &Artifact, text: &str| String::from_utf8_lossy(&artifact.bytes).contains(text);
    for (written, deployed) in written.iter().zip(&deployed) {
        assert_eq!(written.path, deployed.path);
        assert!(!holds(written, "hunter2"));
        let medium = written.path.starts_with("media/");
        assert_eq!(holds(deployed, "hunter2"), medium, "{}", written.path);
        assert_eq!(holds(written, "${secret:env:ROOT}"), medium, "{}", written.path);
    }
}

#[test]
fn many_nics_keep_their_order_on_every_machine_type() {
    for (machine_type, count, room) in [("q35", 150, 152), ("pc", 40, 53)] {
        let mut topology = Sample::new("h").with(debian_machines).build();
        let machine = &mut topology.nodes[0].machines[0];
        machine.machine_type = machine_type.to_owned();
        let spare = |number| nic("h", &format!("spare{number}"), Plug::Nothing);
        machine.nics = (0..count).map(spare).collect();
        let (lab, _) = lower(&topology, None, TargetKind::Kvm);
        let (artifacts, diagnostics) = build(&lab);
        assert_eq!(messages(&diagnostics), "");
        validate(&format!("libvirt-many-{machine_type}"), &artifacts);
        let domain = text(&artifacts, "domains/sample-h.xml");
        let nics = domain.split("<interface").skip(1).map(|nic| nic.split("bus=").nth(1).unwrap()[..18].to_owned());
        let places: Vec<String> = nics.collect();
        assert!(places.is_sorted(), "{places:?}");

        topology.nodes[0].machines[0].nics = (0..200).map(spare).collect();
        let (lab, _) = lower(&topology, None, TargetKind::Kvm);
        let said = messages(&build(&lab).1);
        assert!(said.starts_with(&format!("E0808: `h` has 200 NICs, and a machine has room for {room}")), "{said}");
    }
}

#[test]
fn what_cannot_be_said_in_xml_is_warned_of() {
    let mut topology = campus();
    topology.links[0].impairments[0].delay = Some(1_000_000);
    topology.links[2].impairments[1].loss = Some(1000);
    topology.networks[0].gateways.clear();
    topology.nodes[0].machines[0].smbios.insert("serial".to_owned(), "a\u{1}b".to_owned());
    topology.nodes[0].attributes.insert("dedicated_cpu".to_owned(), Value::Bool(true));
    topology.nodes[1].attributes.insert("dedicated_cpu".to_owned(), Value::Bool(true));
    topology.networks[0].hub = true;
    topology.nodes[2].machines[0].disks.extend(["b", "c", "d", "e"].map(|name| Disk {
        name: name.to_owned(),
        image: None,
        size: Some(1 << 30),
        bus: "ide".to_owned(),
    }));
    topology.nodes[2].machines[0].media[1].files[0].path = "a/../b".to_owned();
    let (_, diagnostics) = built(&topology, &target("bridge", &[]));
    insta::assert_snapshot!(messages(&diagnostics), @r"
        W0803: `lan` leads nowhere: the host has no address there; give the network a `subnet` and a `gateway` that no node has
        W0801: `h1` has text with control characters, which libvirt cannot take; take the control characters out of its attributes
        E0805: the medium `extra` of `edge/fw` cannot be made: `a/../b` is not a path of names joined by `/`; change the paths of its files
        E0807: `edge/fw/re` has more than 4 IDE disks and media; put some on another bus, such as `sata`
        W0800: libvirt's XML cannot hold the delay, loss or rate of `fw--h1` and one other; on a running lab `tc` sets them on the ports that the domains' metadata names
        W0802: libvirt's XML cannot hold `dedicated_cpu` of `h1` and one other; which CPUs are free only the host knows; pin them with `virsh vcpupin`
        W0802: libvirt's XML cannot hold `hub` of `lan`; on the host, set the `ageing_time` of its bridge to 0
    ");
}

#[test]
fn a_cpu_feature_is_named_once() {
    let mut topology = Sample::new("h r").links("h-r").with(debian_machines).build();
    let machine = &mut topology.nodes[0].machines[0];
    machine.cpu_model = Some("IvyBridge".to_owned());
    machine.cpu_flags = vec!["+vmx".to_owned()];
    machine.nested = true;
    let (artifacts, _) = built(&topology, &target("bridge", &[]));
    let domain =
        artifacts.iter().find(|artifact| artifact.path.ends_with("-h.xml") && artifact.path.starts_with("domains/"));
    let domain = String::from_utf8(domain.unwrap().bytes.clone()).unwrap();
    assert_eq!(domain.matches(r#"name="vmx""#).count(), 1);
    assert_eq!(domain.matches(r#"name="svm""#).count(), 1);
}

#[test]
fn a_dhcp_server_takes_an_address_that_is_free() {
    let mut topology = Sample::new("h r:router [lan]").links("h-lan r-lan").with(debian_machines).build();
    let lan = &mut topology.networks[0];
    lan.subnets = vec!["10.0.0.0/29".parse().unwrap()];
    lan.gateways = vec!["10.0.0.6".parse().unwrap()];
    lan.dhcp = vec![("10.0.0.3".parse().unwrap(), "10.0.0.5".parse().unwrap())];
    topology.nodes[1].interfaces[0].addresses = vec!["10.0.0.6/29".parse().unwrap()];
    topology.nodes[0].interfaces[0].addresses = vec!["10.0.0.1/29".parse().unwrap()];
    topology.nodes[0].interfaces[0].addressing = crate::topology::Addressing::Dhcp;
    let reserve = Value::map([("r".into(), Value::Ip("10.0.0.4".parse().unwrap()))].into());
    topology.networks[0].attributes.insert("dhcp".to_owned(), Value::map([("reserve".into(), reserve)].into()));
    let network = |topology: &Topology| {
        let (lab, _) = lower(topology, None, TargetKind::Kvm);
        let (artifacts, diagnostics) = build(&lab);
        validate("libvirt-dhcp", &artifacts);
        (text(&artifacts, "networks/sample-lan.xml"), messages(&diagnostics))
    };
    let (document, said) = network(&topology);
    assert_eq!(said, "");
    insta::assert_snapshot!(document, @r#"
        <network xmlns:dnsmasq="http://libvirt.org/schemas/network/dnsmasq/1.0" ipv6="yes">
          <name>sample-lan</name>
          <uuid>8fc8fce7-4347-5843-83ec-789f5d436ec0</uuid>
          <metadata>
            <wtop:segment xmlns:wtop="urn:wtop:1" version="1" topology="sample" path="lan" kind="network"/>
          </metadata>
          <bridge name="wt50f774887b1f" stp="off" delay="0"/>
          <mac address="52:54:8f:c8:fc:e7"/>
          <ip family="ipv4" address="10.0.0.2" prefix="29">
            <dhcp>
              <range start="10.0.0.3" end="10.0.0.5"/>
              <host mac="52:54:00:2c:28:53" name="h" ip="10.0.0.1"/>
              <host mac="52:54:00:6c:e0:42" name="r" ip="10.0.0.4"/>
            </dhcp>
          </ip>
          <dnsmasq:options>
            <dnsmasq:option value="dhcp-option=option:router,10.0.0.6"/>
          </dnsmasq:options>
        </network>
    "#);
    topology.networks[0].dhcp = vec![("10.0.0.2".parse().unwrap(), "10.0.0.5".parse().unwrap())];
    let (_, said) = network(&topology);
    insta::assert_snapshot!(said, @"W0804: `lan` has no address left for its DHCP server; make the DHCP range smaller, or the subnet larger");
}
