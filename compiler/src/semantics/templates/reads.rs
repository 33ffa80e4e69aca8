//! What a template can read: what it does not name is not put together for it, node by node.

/// The names at the top of the scope.
const NAMED: [&str; 10] =
    ["node", "interfaces", "vlans", "vrfs", "routes", "neighbours", "management", "login", "topology", "vars"];

/// The names of the scope that a template can read.
#[derive(Debug)]
pub struct Reads(Vec<&'static str>);

impl Reads {
    /// Those that stand somewhere in the text. Jinja has no other way to a name of the scope but `debug()`, which prints
    /// all of them.
    pub fn of(text: &str) -> Reads {
        if text.contains("debug") {
            return Reads::everything();
        }
        Reads(NAMED.into_iter().filter(|name| text.contains(name)).collect())
    }

    /// All that there is.
    pub fn everything() -> Reads {
        Reads(NAMED.into_iter().collect())
    }

    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_reads_what_it_names() {
        let reads = |text: &str| Reads::of(text).names().collect::<Vec<_>>();
        assert_eq!(reads("{% for port in interfaces %}{{ port.peer.node }}{% endfor %}"), ["node", "interfaces"]);
        assert_eq!(reads("{{ debug() }}").len(), NAMED.len());
    }
}
