//! What libvirt has no words for, as commands of iproute2: ports of wires that pass everything, hubs, and impairments; and
//! how commands reach the host.

use crate::desired::{Desired, DesiredMachine};
use wtop_compiler::topology::Impairment;

/// A command, and whether it may fail because there was nothing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostCommand {
    /// The program and its arguments.
    pub words: Vec<String>,
    /// Is it no problem if it fails?
    pub may_fail: bool,
}

/// The commands for a running machine, in order. Each may be done twice.
pub fn commands(wanted: &Desired, machine: &DesiredMachine) -> Vec<HostCommand> {
    let mut commands = Vec::new();
    for nic in &machine.document.nics {
        let network = wanted.networks.iter().find(|network| nic.network.as_ref() == Some(&network.document.name));
        if let Some((label, bridge)) =
            network.and_then(|one| Some((one.document.label.as_ref()?, one.document.bridge.as_ref()?)))
        {
            if let Some(mask) = &label.group_fwd_mask {
                commands.push(must(&format!("ip link set dev {} type bridge_slave group_fwd_mask {mask}", nic.port)));
                commands.push(must(&format!("ip link set dev {bridge} type bridge mcast_snooping 0")));
            }
            if label.hub {
                commands.push(must(&format!("ip link set dev {bridge} type bridge ageing_time 0")));
            }
        }
    }
    // Last, since a kernel without netem ends the list.
    for (nic, impairment) in machine.document.nics.iter().zip(&machine.impairments) {
        commands.extend(impaired(&nic.port, impairment));
    }
    commands
}

/// The device through which what a guest sends takes its detour: `tc` can delay only what leaves a device, and what a
/// guest sends arrives at its port.
pub fn detour(port: &str) -> String {
    format!("wi{}", port.strip_prefix("wn").unwrap_or(port))
}

/// The commands that take away a port's detour: first the way into it, since frames that were sent to a device that is gone
/// would be lost. Without this, the device would outlive the port.
pub fn unimpaired(port: &str) -> [HostCommand; 2] {
    [
        may(&format!("tc filter delete dev {port} parent ffff: pref 1")),
        may(&format!("ip link delete dev {}", detour(port))),
    ]
}

/// The commands that send what a guest sends at a port through its impairment; none where libvirt sees to all of it.
pub fn impaired(port: &str, impairment: &Impairment) -> Vec<HostCommand> {
    let detour = detour(port);
    let netem = netem(impairment);
    if netem.is_empty() {
        return Vec::new();
    }
    vec![
        may(&format!("ip link add name {detour} type ifb")),
        must(&format!("tc qdisc replace dev {detour} root netem {netem}")),
        must(&format!("ip link set dev {detour} up")),
        // Libvirt may have made it for a rate; then the rate is netem's too, as our filter comes first.
        may(&format!("tc qdisc add dev {port} ingress")),
        may(&format!("tc filter delete dev {port} parent ffff: pref 1")),
        must(&format!(
            "tc filter add dev {port} parent ffff: protocol all pref 1 u32 match u32 0 0 action mirred egress redirect dev {detour}"
        )),
    ]
}

/// The arguments of netem; none where a rate is all there is, which libvirt sees to.
fn netem(impairment: &Impairment) -> String {
    let Impairment { delay, jitter, loss, duplicate, reorder, corrupt, rate } = *impairment;
    let mut words = Vec::new();
    let time = |nanoseconds: u64| format!("{}us", nanoseconds / 1000);
    if delay.is_some() || jitter.is_some() {
        words.push(format!("delay {}", time(delay.unwrap_or(0))));
        words.extend(jitter.map(time));
    }
    for (name, share) in [("loss", loss), ("duplicate", duplicate), ("reorder", reorder), ("corrupt", corrupt)] {
        words.extend(share.map(|millionths| format!("{name} {}.{:04}%", millionths / 10_000, millionths % 10_000)));
    }
    if !words.is_empty() {
        words.extend(rate.map(|bits| format!("rate {bits}bit")));
    }
    words.join(" ")
}

/// A command as it is run from here for the host behind a URI: as it is, or through SSH, where that is how libvirt is reached.
/// None where there is no such way.
pub fn on_host(uri: &str, words: &[String]) -> Option<Vec<String>> {
    if uri.contains(":///") {
        return Some(words.to_vec());
    }
    let (scheme, rest) = uri.split_once("://")?;
    if !scheme.ends_with("+ssh") {
        return None;
    }
    let place = rest.split(['/', '?']).next()?;
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => (host, Some(port)),
        _ => (place, None),
    };
    let mut command = vec!["ssh".to_owned()];
    command.extend(port.into_iter().flat_map(|port| ["-p".to_owned(), port.to_owned()]));
    // Libvirt writes IPv6 addresses in brackets, and SSH does not; behind `--` nothing is taken for an option.
    command.extend(["--".to_owned(), host.replace(['[', ']'], "")]);
    command.push(words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "));
    Some(command)
}

/// A word for a shell.
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,+@%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// What it means that a command failed: a sentence with the cure.
pub fn explained(command: &HostCommand, said: &str) -> String {
    let line = command.words.join(" ");
    if said.contains("qdisc kind is unknown") {
        "the kernel of this host has no `netem`, so links are not impaired; `modprobe sch_netem` loads it (Fedora: \
         `dnf install kernel-modules-extra`)"
            .to_owned()
    } else if said.contains("Operation not permitted") {
        "wires do not pass LLDP and LACP, and links are not impaired: that takes root; `sudo wtop up` does it"
            .to_owned()
    } else {
        format!("`{line}` did not work: {}", said.lines().next().unwrap_or("it said nothing").trim())
    }
}

fn must(line: &str) -> HostCommand {
    HostCommand { words: line.split(' ').map(str::to_owned).collect(), may_fail: false }
}

fn may(line: &str) -> HostCommand {
    HostCommand { may_fail: true, ..must(line) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impairments_as_netem_takes_them() {
        let none = Impairment::default();
        let all = Impairment {
            delay: Some(50_000_000),
            jitter: Some(5_000_000),
            loss: Some(1_500),
            duplicate: Some(10_000),
            reorder: Some(250_000),
            corrupt: Some(1),
            rate: Some(10_000_000),
        };
        assert_eq!(netem(&none), "");
        assert_eq!(netem(&Impairment { rate: Some(1), ..none }), "");
        assert_eq!(
            netem(&all),
            "delay 50000us 5000us loss 0.1500% duplicate 1.0000% reorder 25.0000% corrupt 0.0001% rate 10000000bit"
        );
    }

    #[test]
    fn commands_go_the_way_that_libvirt_goes() {
        let words = ["tcpdump", "-i", "wn1", "host 10.0.0.1 and not port 22"].map(str::to_owned);
        let line = |uri| on_host(uri, &words).map(|command| command.join("|"));
        let quoted = "tcpdump -i wn1 'host 10.0.0.1 and not port 22'";
        assert_eq!(line("qemu:///system"), Some(words.join("|")));
        assert_eq!(
            line("qemu+ssh://lab@host:2222/system?keyfile=k"),
            Some(format!("ssh|-p|2222|--|lab@host|{quoted}"))
        );
        assert_eq!(line("qemu+ssh://[fd00::1]/system"), Some(format!("ssh|--|fd00::1|{quoted}")));
        assert_eq!(line("qemu+tls://host/system"), None);
        assert_eq!(super::quoted("it's"), "'it'\\''s'");
    }

    #[test]
    fn a_kernel_without_netem_is_told_with_the_cure() {
        let command = must("tc qdisc replace dev wi0 root netem delay 1us");
        let said = explained(&command, "Error: Specified qdisc kind is unknown.\n");
        assert!(said.contains("modprobe sch_netem"), "{said}");
    }
}
