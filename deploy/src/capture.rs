//! Frames of a NIC while they pass: `tcpdump` on the device of the host that carries it.

use crate::host::on_host;
use crate::observed::Observed;
use crate::problem::Problem;

/// How frames come out of `tcpdump`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As a capture file, on standard output.
    Pcap,
    /// As text, a line a frame, on standard output.
    Text,
}

/// The device of the host that carries an interface of a node, of whichever of its machines.
///
/// # Errors
/// The node does not run, or has no such interface.
pub fn port(found: &Observed, node: &str, interface: &str) -> Result<String, Problem> {
    let machines: Vec<_> = found.machines.iter().filter(|there| there.node() == node).collect();
    if machines.is_empty() {
        return Err(Problem::new(format!("`{node}` is not there"))
            .help("`wtop status` lists the machines of the lab, and `wtop up` makes them"));
    }
    let live: Vec<_> = machines.iter().filter_map(|there| there.live.as_ref()).collect();
    if live.is_empty() {
        return Err(Problem::new(format!("`{node}` is off")).help(format!("`wtop start {node}` starts it")));
    }
    let nics = || live.iter().flat_map(|document| &document.nics);
    nics().find(|nic| nic.name == interface).map(|nic| nic.port.clone()).ok_or_else(|| {
        let known: Vec<String> = nics().map(|nic| format!("`{node}:{}`", nic.name)).collect();
        Problem::new(format!("`{node}` has no interface `{interface}`")).help(format!("it has {}", known.join(", ")))
    })
}

/// The command that captures on a device of the host behind a URI.
///
/// # Errors
/// No other command than libvirt's reaches that host.
pub fn command(
    uri: &str,
    port: &str,
    form: Form,
    count: Option<u64>,
    filter: &[String],
) -> Result<Vec<String>, Problem> {
    let mut words: Vec<String> = ["tcpdump", "-i", port].map(str::to_owned).to_vec();
    let how: &[&str] = match form {
        Form::Pcap => &["-U", "-s", "0", "-w", "-"],
        Form::Text => &["-l", "-n", "-e"],
    };
    words.extend(how.iter().map(|word| (*word).to_owned()));
    words.extend(count.into_iter().flat_map(|count| ["-c".to_owned(), count.to_string()]));
    words.push("--".to_owned());
    words.extend(filter.iter().cloned());
    on_host(uri, &words).ok_or_else(|| {
        Problem::new(format!("frames of the machines on {uri} cannot be seen from here"))
            .help("run the same command on that host, or connect with `qemu+ssh://`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tcpdump_as_it_is_run() {
        let line = |form, count, filter: &[&str]| {
            let filter: Vec<String> = filter.iter().map(|word| (*word).to_owned()).collect();
            command("qemu:///system", "wn1", form, count, &filter).unwrap().join(" ")
        };
        assert_eq!(line(Form::Pcap, None, &[]), "tcpdump -i wn1 -U -s 0 -w - --");
        assert_eq!(line(Form::Text, Some(3), &["ip6", "or", "arp"]), "tcpdump -i wn1 -l -n -e -c 3 -- ip6 or arp");
        let problem = command("qemu+tls://host/system", "wn1", Form::Pcap, None, &[]).unwrap_err();
        assert!(problem.help.unwrap().contains("qemu+ssh"));
    }
}
