//! The screens of machines, and what QEMU has logged of them.

use crate::document::{child, parse};
use crate::host::on_host;
use crate::problem::Problem;

/// The commands that show the screen of a machine, the best first; the first that is installed does. None where it has no
/// screen.
///
/// # Errors
/// The document is no XML.
pub fn viewers(uri: &str, name: &str, live: &str) -> Result<Option<Vec<Vec<String>>>, Problem> {
    let Some(port) = port(live)? else { return Ok(None) };
    let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<String>>();
    let mut viewers = vec![words(&format!("virt-viewer --connect {uri} --attach {name}"))];
    if uri.contains(":///") {
        viewers.push(words(&format!("remote-viewer vnc://127.0.0.1:{port}")));
        viewers.push(words(&format!("vncviewer 127.0.0.1::{port}")));
    }
    Ok(Some(viewers))
}

/// The TCP port on the host's loopback where a running machine shows its screen by VNC.
///
/// # Errors
/// The document is no XML.
pub fn port(live: &str) -> Result<Option<u16>, Problem> {
    let document = parse(live)?;
    let graphics = child(document.root_element(), "devices").and_then(|devices| child(devices, "graphics"));
    Ok(graphics.and_then(|graphics| graphics.attribute("port")?.parse().ok()))
}

/// The command that shows the end of QEMU's log of a machine.
///
/// # Errors
/// No other command than libvirt's reaches that host.
pub fn log(uri: &str, name: &str, lines: u32, follow: bool) -> Result<Vec<String>, Problem> {
    let folder = match uri.ends_with("/session") {
        true => format!("{}/.cache/libvirt/qemu/log", std::env::var("HOME").unwrap_or_default()),
        false => "/var/log/libvirt/qemu".to_owned(),
    };
    let mut words = vec!["tail".to_owned(), "-n".to_owned(), lines.to_string()];
    words.extend(follow.then(|| "-F".to_owned()));
    words.extend(["--".to_owned(), format!("{folder}/{name}.log")]);
    on_host(uri, &words).ok_or_else(|| {
        Problem::new(format!("the logs of {uri} cannot be read from here"))
            .help("run the same command on that host, or connect with `qemu+ssh://`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_is_shown_by_what_is_installed() {
        let live = "<domain><devices><graphics type='vnc' port='5901'/></devices></domain>";
        let shown = |uri| {
            let viewers = viewers(uri, "lab-a", live).unwrap().unwrap();
            viewers.iter().map(|words| words.join(" ")).collect::<Vec<_>>()
        };
        let local = [
            "virt-viewer --connect qemu:///system --attach lab-a",
            "remote-viewer vnc://127.0.0.1:5901",
            "vncviewer 127.0.0.1::5901",
        ];
        assert_eq!(shown("qemu:///system"), local);
        assert_eq!(shown("qemu+ssh://h/system"), ["virt-viewer --connect qemu+ssh://h/system --attach lab-a"]);
        assert_eq!(viewers("qemu:///system", "lab-a", "<domain/>").unwrap(), None);
    }

    #[test]
    fn logs_are_where_the_host_is() {
        let line = |uri, follow| log(uri, "lab-a", 20, follow).unwrap().join(" ");
        assert_eq!(line("qemu:///system", true), "tail -n 20 -F -- /var/log/libvirt/qemu/lab-a.log");
        let remote = "ssh -- h tail -n 20 -- /var/log/libvirt/qemu/lab-a.log";
        assert_eq!(line("qemu+ssh://h/system", false), remote);
    }
}
