//! Cloud-init data: who may log in, what is installed and run, and how the network is set up.
//!
//! The forms are cloud-init's `#cloud-config` (user-data), the NoCloud `meta-data`, and network configuration version 2.

mod network;

use super::yaml::to_yaml;
use super::{Reveal, text};
use crate::lab::{Lab, LabMachine};
use crate::topology::{Guest, GuestFile, Node, Topology, User};
use crate::value::Value;
use serde::Serialize;

/// The NoCloud files of one machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    /// `meta-data`.
    pub meta_data: String,
    /// `user-data`.
    pub user_data: String,
    /// `network-config`.
    pub network_config: String,
}

/// The seed of a machine; secrets come out as `reveal` gives them ([`super::marker`] for files).
pub fn seed(lab: &Lab<'_>, machine: &LabMachine<'_>, reveal: &Reveal<'_>) -> Seed {
    let meta_data = MetaData { instance_id: machine.machine.uuid.to_string(), local_hostname: &machine.node.hostname };
    Seed {
        meta_data: to_yaml(&meta_data),
        user_data: with_way_out(lab, machine, cloud_config(lab.topology, machine.node, reveal)).text(),
        network_config: network::network_config(lab, machine),
    }
}

/// Packages and commands of the first boot may need what is outside, and the lab's own default route often leads nowhere:
/// to a firewall that does no NAT. So until the guest is set up, it goes out through management. Two routes to half of
/// everything each are more specific than any default route, and less than any route of the lab.
fn with_way_out<'m>(lab: &Lab<'_>, machine: &LabMachine<'_>, mut config: CloudConfig<'m>) -> CloudConfig<'m> {
    let guest = &machine.node.guest;
    let gateway = network::ways_out(lab, machine).find(|gateway| gateway.is_ipv4());
    let Some(gateway) = gateway.filter(|_| !guest.packages.is_empty() || !guest.run.is_empty()) else { return config };
    let routes = |verb: &str| {
        let halves = ["0.0.0.0/1", "128.0.0.0/1"].map(|half| format!("ip route {verb} {half} via {gateway}"));
        halves.join("; ")
    };
    config.bootcmd = vec![["cloud-init-per", "once", "wtop-way-out", "sh", "-c"].map(str::to_owned).to_vec()];
    config.bootcmd.iter_mut().for_each(|words| words.push(routes("replace")));
    config.runcmd.push(Command::Line(routes("del")));
    config
}

/// The `#cloud-config` of a machine in a cloud. A cloud tells its guests only of addresses that it hands out itself, so
/// the whole network configuration comes along and replaces that, where the guest has netplan.
pub fn in_cloud<'m>(lab: &Lab<'_>, machine: &LabMachine<'m>, reveal: &Reveal<'_>) -> CloudConfig<'m> {
    let mut config = cloud_config(lab.topology, machine.node, reveal);
    let netplan = network::netplan(lab, machine);
    config.write_files.push(WriteFile { permissions: Some("0600"), ..WriteFile::new(NETPLAN, netplan) });
    config.runcmd.insert(0, Command::Line(APPLY_NETPLAN.to_owned()));
    config
}

/// The network configuration of a machine as OpenStack's `network_data.json`.
pub fn network_data(lab: &Lab<'_>, machine: &LabMachine<'_>) -> serde_json::Value {
    network::data(lab, machine)
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct MetaData<'a> {
    instance_id: String,
    local_hostname: &'a str,
}

/// The `#cloud-config` of a node.
fn cloud_config<'a>(topology: &Topology, node: &'a Node, reveal: &Reveal<'_>) -> CloudConfig<'a> {
    let guest = &node.guest;
    let passwords = passwords(guest, reveal);
    CloudConfig {
        hostname: &node.hostname,
        fqdn: topology.domain.as_ref().map(|domain| format!("{}.{domain}", node.hostname)),
        manage_etc_hosts: "localhost",
        users: users(guest),
        ssh_authorized_keys: if guest.users.is_empty() { &guest.ssh_keys } else { &[] },
        ssh_pwauth: !passwords.is_empty(),
        chpasswd: (!passwords.is_empty()).then_some(Chpasswd { expire: false, users: passwords }),
        ntp: (!guest.ntp.is_empty()).then_some(Ntp { enabled: true, servers: &guest.ntp }),
        bootcmd: Vec::new(),
        package_update: !guest.packages.is_empty(),
        packages: &guest.packages,
        write_files: write_files(node, reveal),
        runcmd: runcmd(node, reveal),
    }
}

/// Who may log in, what is installed and run.
#[derive(Debug, Serialize)]
pub struct CloudConfig<'a> {
    hostname: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fqdn: Option<String>,
    manage_etc_hosts: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    users: Vec<CloudUser<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    ssh_authorized_keys: &'a [String],
    #[serde(skip_serializing_if = "is_false")]
    ssh_pwauth: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    chpasswd: Option<Chpasswd<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ntp: Option<Ntp<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bootcmd: Vec<Vec<String>>,
    #[serde(skip_serializing_if = "is_false")]
    package_update: bool,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    packages: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    write_files: Vec<WriteFile<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    runcmd: Vec<Command<'a>>,
}

impl CloudConfig<'_> {
    /// As user-data.
    pub fn text(&self) -> String {
        format!("#cloud-config\n{}", to_yaml(self))
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

#[derive(Debug, Serialize)]
struct CloudUser<'a> {
    name: &'a str,
    shell: &'a str,
    #[serde(skip_serializing_if = "String::is_empty")]
    groups: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sudo: Option<&'static str>,
    lock_passwd: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ssh_authorized_keys: Vec<&'a str>,
}

/// The users; the topology's keys go to the first, who is the one to log in as.
fn users(guest: &Guest) -> Vec<CloudUser<'_>> {
    let mut shared = guest.ssh_keys.as_slice();
    let mut users = Vec::with_capacity(guest.users.len());
    for (name, user) in &guest.users {
        let mut keys: Vec<&str> = Vec::new();
        for key in user.ssh_keys.iter().chain(std::mem::take(&mut shared)) {
            if !keys.contains(&key.as_str()) {
                keys.push(key);
            }
        }
        users.push(CloudUser {
            name,
            shell: user.shell.as_deref().unwrap_or("/bin/bash"),
            groups: user.groups.join(", "),
            sudo: user.sudo.then_some("ALL=(ALL) NOPASSWD:ALL"),
            lock_passwd: user.password.is_none(),
            ssh_authorized_keys: keys,
        });
    }
    users
}

#[derive(Debug, Serialize)]
struct Chpasswd<'a> {
    expire: bool,
    users: Vec<Password<'a>>,
}

#[derive(Debug, Serialize)]
struct Password<'a> {
    name: &'a str,
    password: String,
    #[serde(rename = "type")]
    kind: &'static str,
}

/// Passwords are set here and not in `users`, where those of accounts that the image has already are ignored.
fn passwords<'a>(guest: &'a Guest, reveal: &Reveal<'_>) -> Vec<Password<'a>> {
    let password = |(name, user): (&'a String, &User)| {
        let password = text(user.password.as_ref()?, reveal);
        Some(Password { name, password, kind: "text" })
    };
    guest.users.iter().filter_map(password).collect()
}

#[derive(Debug, Serialize)]
struct Ntp<'a> {
    enabled: bool,
    servers: &'a [String],
}

#[derive(Debug, Serialize)]
struct WriteFile<'a> {
    path: &'a str,
    content: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    permissions: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    #[serde(skip_serializing_if = "is_false")]
    append: bool,
    #[serde(skip_serializing_if = "is_false")]
    defer: bool,
}

impl<'a> WriteFile<'a> {
    fn new(path: &'a str, content: String) -> WriteFile<'a> {
        WriteFile { path, content, permissions: None, owner: None, append: false, defer: false }
    }
}

/// Where PAM reads what is in everybody's environment.
const ENVIRONMENT: &str = "/etc/environment";
/// Cloud-init runs what is in this folder at the end of each boot.
const EACH_BOOT: &str = "/var/lib/cloud/scripts/per-boot/50-wtop";
/// After the file that cloud-init makes of what the cloud says.
const NETPLAN: &str = "/etc/netplan/60-wtop.yaml";
const APPLY_NETPLAN: &str =
    "if command -v netplan >/dev/null; then rm -f /etc/netplan/50-cloud-init.yaml; netplan apply; fi";
const FORWARDING: &str = "/etc/sysctl.d/50-wtop-forwarding.conf";

fn write_files<'a>(node: &'a Node, reveal: &Reveal<'_>) -> Vec<WriteFile<'a>> {
    let guest = &node.guest;
    let file = |file: &'a GuestFile| WriteFile {
        permissions: file.mode.as_deref(),
        owner: file.owner.as_deref(),
        // A user that is made at first boot is not there yet when files are usually written.
        defer: file.owner.as_deref().is_some_and(|owner| owner.split(':').any(|part| part != "root")),
        ..WriteFile::new(&file.path, text(&file.content, reveal))
    };
    let mut files: Vec<WriteFile<'a>> = guest.files.iter().map(file).collect();
    if !guest.env.is_empty() {
        let lines = guest.env.iter().map(|(name, value)| format!("{name}=\"{}\"\n", text(value, reveal)));
        files.push(WriteFile { append: true, ..WriteFile::new(ENVIRONMENT, lines.collect()) });
    }
    if node.router {
        let content = "net.ipv4.ip_forward = 1\nnet.ipv6.conf.all.forwarding = 1\n".to_owned();
        files.push(WriteFile::new(FORWARDING, content));
    }
    if !guest.run_each_boot.is_empty() {
        let commands = guest.run_each_boot.iter().map(|command| format!("{}\n", text(command, reveal)));
        let content = format!("#!/bin/sh\n{}", commands.collect::<String>());
        files.push(WriteFile { permissions: Some("0755"), ..WriteFile::new(EACH_BOOT, content) });
    }
    files
}

/// A command: words, or a line for the shell.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Command<'a> {
    Words([&'a str; 4]),
    Line(String),
}

fn runcmd<'a>(node: &'a Node, reveal: &Reveal<'_>) -> Vec<Command<'a>> {
    let forwarding = node.router.then(|| Command::Line(format!("sysctl -q -p {FORWARDING}")));
    let openrc = node.attributes.get("init") == Some(&Value::Member("openrc".into()));
    let services = node.guest.services.iter().flat_map(|service| {
        let add = openrc.then_some(Command::Words(["rc-update", "add", service, "default"]));
        let start = if openrc {
            ["rc-service", "--ifstopped", service, "start"]
        } else {
            ["systemctl", "enable", "--now", service]
        };
        add.into_iter().chain([Command::Words(start)])
    });
    let run = node.guest.run.iter().map(|command| Command::Line(text(command, reveal)));
    forwarding.into_iter().chain(services).chain(run).collect()
}

#[cfg(test)]
mod tests;
