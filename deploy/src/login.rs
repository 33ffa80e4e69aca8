//! The way into nodes by SSH: the arguments of `ssh` and `scp`.

use crate::desired::{Desired, DesiredMachine};
use crate::problem::Problem;
use std::net::IpAddr;
use std::path::Path;

/// Where and as whom one logs in to a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The node.
    pub node: String,
    /// Who logs in, if that is known.
    pub user: Option<String>,
    /// Where it is managed.
    pub address: IpAddr,
}

/// How one logs in to a node.
///
/// # Errors
/// There is no such node, or it has no management address.
pub fn login(wanted: &Desired, node: &str) -> Result<Login, Problem> {
    let mut machines = wanted.machines.iter().filter(|machine| machine.node == node).peekable();
    if machines.peek().is_none() {
        return Err(
            Problem::new(format!("`{}` has no node `{node}`", wanted.topology)).help("`wtop status` lists the nodes")
        );
    }
    machines.find_map(of_machine).ok_or_else(|| {
        Problem::new(format!("`{node}` has no management address, so SSH does not reach it"))
            .help(format!("`wtop console {node}` is its serial console"))
    })
}

/// All nodes that one can log in to.
pub fn logins(wanted: &Desired) -> Vec<Login> {
    wanted.machines.iter().filter_map(of_machine).collect()
}

fn of_machine(machine: &DesiredMachine) -> Option<Login> {
    let address = *machine.addresses.first()?;
    Some(Login { node: machine.node.clone(), user: machine.user.clone(), address })
}

impl Login {
    /// `user@address`; as `scp` takes it, an IPv6 address stands in brackets.
    pub fn target(&self, is_scp: bool) -> String {
        let address = match self.address {
            IpAddr::V6(address) if is_scp => format!("[{address}]"),
            address => address.to_string(),
        };
        self.user.as_ref().map_or(address.clone(), |user| format!("{user}@{address}"))
    }
}

/// The options that `ssh` and `scp` share: the key of the lab, first; no memory of hosts, since each new disk has keys of
/// its own; and the way through the host behind a remote URI.
pub fn options(uri: &str, key: Option<&Path>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut option = |text: String| words.extend(["-o".to_owned(), text]);
    option("StrictHostKeyChecking=no".to_owned());
    option("UserKnownHostsFile=/dev/null".to_owned());
    option("LogLevel=ERROR".to_owned());
    if let Some(key) = key {
        option(format!("IdentityFile=\"{}\"", key.display()));
    }
    if let Some(host) = jump(uri) {
        option(format!("ProxyJump={host}"));
    }
    words
}

/// The host that one comes through: that of a URI which libvirt itself reaches by SSH.
fn jump(uri: &str) -> Option<&str> {
    let (scheme, rest) = uri.split_once("://")?;
    let host = rest.split(['/', '?']).next()?;
    (scheme.ends_with("+ssh") && !host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remote_nodes_are_reached_through_their_host() {
        let words = options("qemu+ssh://lab@host:2222/system?keyfile=k", Some(Path::new("/keys/my lab")));
        assert!(words.contains(&"ProxyJump=lab@host:2222".to_owned()), "{words:?}");
        assert!(words.contains(&"IdentityFile=\"/keys/my lab\"".to_owned()), "{words:?}");
        assert!(!options("qemu:///system", None).iter().any(|word| word.starts_with("ProxyJump")));
    }

    #[test]
    fn addresses_are_written_as_each_program_takes_them() {
        let login = Login { node: "r1".to_owned(), user: Some("ops".to_owned()), address: "fd00::1".parse().unwrap() };
        assert_eq!((login.target(false).as_str(), login.target(true).as_str()), ("ops@fd00::1", "ops@[fd00::1]"));
    }
}
