//! Why something that was chosen is what it is, and where something that was written is written.

use super::context::around;
use crate::ide::View;
use crate::ide::show::Shown;
use crate::semantics::facts::{Draw, DrawReason};
use crate::source::Span;
use crate::syntax::ast::ItemKind;
use crate::topology::{Interface, Link, Machine, Nic, Node, Topology};
use crate::value::Value;
use ipnet::IpNet;

/// `10.0.0.4/31`: the third prefix of the pool `p2p` (`10.0.0.0/16 per /31`), kept by the lock file.
pub fn of_draw(view: View, draw: &Draw) -> String {
    let facts = &view.compilation.facts;
    let shown = Shown { topology: view.compilation.topology.as_ref(), facts };
    let what = match &draw.value {
        Value::Prefix(_) => "prefix",
        Value::Cidr(_) | Value::Ip(_) => "address",
        Value::Int(_) => "number",
        _ => "piece",
    };
    let pool = facts.pool(draw.pool).map(|pool| {
        let written = pool_text(view, pool.name);
        format!("the pool `{}`{written}", pool.path)
    });
    let why = match draw.why {
        DrawReason::Asked => "as `at` asks",
        DrawReason::Locked => "kept by the lock file",
        DrawReason::Free => "the first that was free",
    };
    let pool = pool.unwrap_or_else(|| "its pool".to_owned());
    format!("`{}`: the {} {what} of {pool}, {why}", shown.value(&draw.value), ordinal(draw.ordinal))
}

/// What a pool is made of, in parentheses.
fn pool_text(view: View, name: Span) -> String {
    let symbol = view.names.declared_at(name).and_then(|id| view.names.symbol(id));
    let heading = symbol.map(|symbol| view.heading(symbol.item_span)).unwrap_or_default();
    let parts = heading.split_once('=').map(|(_, parts)| parts.split('{').next().unwrap_or(parts).trim().to_owned());
    parts.filter(|parts| !parts.is_empty()).map(|parts| format!(" (`{parts}`)")).unwrap_or_default()
}

/// The word for a place that is counted from 0.
fn ordinal(at: u64) -> String {
    const WORDS: [&str; 10] =
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    let word = usize::try_from(at).ok().and_then(|at| WORDS.get(at));
    let number = at.saturating_add(1);
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    word.map_or_else(|| format!("{number}{ending}"), |word| (*word).to_owned())
}

/// Why an interface has an address.
pub fn of_address(view: View, topology: &Topology, node: &Node, interface: &Interface, net: &IpNet) -> String {
    let link = interface.link.and_then(|id| topology.link(id));
    let written = interface.origin.attribute("address").or_else(|| link?.origin.attribute("address"));
    if written.is_some() {
        return "written out".to_owned();
    }
    if interface.name == "lo0" && node.origin.attribute("loopback").is_some() {
        return "the loopback".to_owned();
    }
    let is_of = |subnet: &&IpNet| subnet.contains(&net.addr());
    if let Some(link) = link
        && let Some(subnet) = link.subnets.iter().find(is_of)
    {
        return side_of(topology, link, node, subnet);
    }
    if let Some(lag) = interface.lag.and_then(|id| topology.lags.get(id.index()))
        && let Some(subnet) = lag.subnets.iter().find(is_of)
    {
        return format!("of the prefix `{subnet}` of its aggregation");
    }
    let path = link.map_or(String::new(), |link| link.path.clone());
    let lock = &view.compilation.lock;
    let key = format!("address {path} {}", node.path);
    let text = net.to_string();
    let kept = [key.clone(), format!("{key} 2")].iter().any(|key| lock.find(key) == Some(&text));
    let subnet = net.trunc();
    if kept {
        format!("an address of `{subnet}`, kept by the lock file")
    } else {
        format!("the first address of `{subnet}` that was free")
    }
}

fn side_of(topology: &Topology, link: &Link, node: &Node, subnet: &IpNet) -> String {
    let [left, _] = &link.ends;
    let is_left = topology.interface(left).is_some_and(|(other, _)| other.path == node.path);
    let (side, which) = if is_left { ("left", "first") } else { ("right", "second") };
    format!("the {side} end of a wire has the {which} address of `{subnet}`")
}

/// Why an end of a link is at its interface.
pub fn of_interface(view: View, link: &Link, node: &Node, interface: &Interface) -> Option<String> {
    let lock = &view.compilation.lock;
    let key = format!("interface {} {}", link.path, node.path);
    let value = format!("{}:{}", node.path, interface.name);
    let keys = [key.clone(), format!("{key} 1"), format!("{key} 2")];
    let key = keys.iter().find(|key| lock.chosen(key) == Some(&value))?;
    Some(if lock.find(key) == Some(&value) {
        "chosen, and kept by the lock file".to_owned()
    } else {
        format!("the first interface of `{}` that was free", node.path)
    })
}

/// Why a NIC has its MAC address.
pub fn of_mac(view: View, node: &Node, machine: &Machine, nic: &Nic, interface: Option<&Interface>) -> String {
    if interface.is_some_and(|interface| interface.origin.attribute("mac").is_some()) {
        return "written out".to_owned();
    }
    let key = format!("mac {}/{}", machine.path, nic.name);
    if view.compilation.lock.find(&key).is_some() {
        return "kept by the lock file".to_owned();
    }
    if node.attributes.contains_key("base_mac") {
        return "counted from `base_mac`".to_owned();
    }
    format!("a hash of `{}`", full_path(view, &format!("{}/{}", machine.path, nic.name)))
}

/// Why a machine has its UUID.
pub fn of_uuid(view: View, machine: &Machine) -> String {
    let written = machine.origin.attribute("uuid").is_some() || machine.attributes.contains_key("uuid");
    if written {
        return "written out".to_owned();
    }
    match view.compilation.lock.find(&format!("uuid {}", machine.path)) {
        Some(_) => "kept by the lock file".to_owned(),
        None => format!("made from `{}`", full_path(view, &machine.path)),
    }
}

/// Why a management port has its address.
pub fn of_management(view: View, node: &Node, net: &IpNet) -> String {
    if node.origin.attribute("management_address").is_some() {
        return "written out".to_owned();
    }
    let lock = &view.compilation.lock;
    let key = format!("management {}", node.path);
    let kept = [key.clone(), format!("{key} 2")].iter().any(|key| lock.find(key) == Some(&net.to_string()));
    if kept { "kept by the lock file".to_owned() } else { "the first that was free".to_owned() }
}

fn full_path(view: View, path: &str) -> String {
    let lab = view.compilation.topology.as_ref().map(|topology| topology.name.as_str()).unwrap_or_default();
    format!("{lab}/{path}")
}

/// Where a value is written, as seen from a thing that is declared at `home`: `set here`, or from elsewhere.
pub fn source(view: View, value: Span, home: Span) -> String {
    let unit = view.compilation.units.iter().find(|unit| unit.file == value.file);
    let around = unit.map(|unit| around(unit.items(), value.start)).unwrap_or_default();
    let target = around.iter().find_map(|item| match &item.kind {
        ItemKind::Target(target) if target.name.span != home => Some(target.name.text.clone()),
        _ => None,
    });
    let place = view.where_is(value);
    for item in around.iter().rev() {
        let found = match &item.kind {
            ItemKind::Node(node) if node.name.span == home => "set here".to_owned(),
            ItemKind::Part(part) if part.name.span == home => "set here".to_owned(),
            ItemKind::Interface(interface) if interface.name.span == home => "set here".to_owned(),
            ItemKind::Target(target) if target.name.span == home => "set here".to_owned(),
            ItemKind::Link(_) | ItemKind::Lag(_) if item.span == home => "set here".to_owned(),
            ItemKind::Link(link) | ItemKind::Lag(link)
                if std::iter::once(&link.left).chain(&link.right).any(|end| end.span == home) =>
            {
                "set here".to_owned()
            }
            ItemKind::Defaults(_) | ItemKind::Override(_) => {
                let heading = view.heading(item.span);
                format!("from `{}` at {place}", heading.split('{').next().unwrap_or(&heading).trim_end())
            }
            ItemKind::Device(device) => format!("the device's own (`{}`, {place})", device.name.text),
            _ => continue,
        };
        return match target {
            Some(target) if found != "set here" => format!("{found}, for the target `{target}`"),
            _ => found,
        };
    }
    format!("from {place}")
}

#[cfg(test)]
mod tests {
    use super::ordinal;

    #[test]
    fn places_in_words() {
        let words: Vec<String> = [0, 2, 9, 10, 11, 20, 21, 22, 110, 111].into_iter().map(ordinal).collect();
        assert_eq!(words, ["first", "third", "tenth", "11th", "12th", "21st", "22nd", "23rd", "111th", "112th"]);
    }
}
