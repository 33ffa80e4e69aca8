//! The parts of devices, and which of them a text behind a colon means.

use super::builder::Builder;
use super::symbol::{SymbolId, SymbolKind};
use crate::collections::IndexMap;
use crate::syntax::ast::{Key, KeyKind, TextPart};
use smol_str::SmolStr;

/// How many devices deep `extends` is followed.
const BASES: usize = 64;
/// How many rules for ports of one device are tried.
const RULES: usize = 64;
/// How many devices the elements of one array may be.
const DEVICES: usize = 64;

/// Stands in a rule where the text has a hole: `xe-0/0/${n}`. It is in no port's name.
const HOLE: char = '\0';
/// Stands before the number of a subinterface, `ge-0/0/0.100`, and so in no hole.
const UNIT: char = '.';

/// What a device, a module or a node is made of.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// Parameters, by name.
    pub parameters: IndexMap<SmolStr, SymbolId>,
    /// Machines.
    pub machines: IndexMap<SmolStr, SymbolId>,
    /// NICs by their machine, which a device of one machine has no name for.
    pub nics: IndexMap<(Option<SymbolId>, SmolStr), SymbolId>,
    /// Image slots.
    pub images: IndexMap<SmolStr, SymbolId>,
    /// Ports of one name.
    ports: IndexMap<SmolStr, SymbolId>,
    /// Ports, as rules.
    rules: Vec<(SmolStr, SymbolId)>,
}

impl Parts {
    /// Adds a port, under its name or another.
    pub fn add_port(&mut self, pattern: SmolStr, port: SymbolId) {
        if !pattern.contains(HOLE) {
            self.ports.entry(pattern).or_insert(port);
        } else if self.rules.len() < RULES {
            self.rules.push((pattern, port));
        }
    }

    fn port(&self, name: &str) -> Option<SymbolId> {
        let fits = |(rule, _): &&(SmolStr, SymbolId)| matches(rule, name) || matches(name, rule);
        self.ports.get(name).copied().or_else(|| self.rules.iter().find(fits).map(|(_, port)| *port))
    }
}

/// The name of a part as a rule: what is not written out may be anything.
pub fn pattern(key: &Key, is_array: bool) -> SmolStr {
    let mut text = match &key.kind {
        KeyKind::Name(name) => name.to_string(),
        KeyKind::String(parts) => text_pattern(parts).to_string(),
    };
    if is_array {
        text.push(HOLE);
    }
    SmolStr::new(text)
}

/// A text with holes as a rule.
pub fn text_pattern(parts: &[TextPart]) -> SmolStr {
    if let [TextPart::Literal(text)] = parts {
        return text.clone();
    }
    let mut pattern = String::new();
    for part in parts {
        match part {
            TextPart::Literal(text) => pattern.push_str(text),
            TextPart::Hole(_) => pattern.push(HOLE),
        }
    }
    SmolStr::new(pattern)
}

/// Does a text fit a rule, of which each hole stands for one character or more? A hole in the text is a character too.
fn matches(rule: &str, text: &str) -> bool {
    let (mut rule, mut text) = (rule.chars(), text.chars());
    // What follows the last hole in the rule and in the text: where to go on, with one character more for the hole.
    let mut last_hole = None;
    loop {
        match (rule.next(), text.next()) {
            (None, None) => return true,
            (Some(HOLE), Some(char)) if char != UNIT => last_hole = Some((rule.clone(), text.clone())),
            (Some(wanted), Some(char)) if wanted == char => {}
            (Some(_), None) => return false,
            _ => {
                let Some((_, rest)) = &mut last_hole else { return false };
                if rest.next().is_none_or(|char| char == UNIT) {
                    return false;
                }
                if let Some((after, rest)) = &last_hole {
                    (rule, text) = (after.clone(), rest.clone());
                }
            }
        }
    }
}

impl Builder<'_> {
    /// The devices and modules that a thing is made from: those of a node, or the device itself; then their bases.
    pub fn kindred(&self, thing: SymbolId) -> Vec<SymbolId> {
        let Some(symbol) = self.symbol(thing) else { return Vec::new() };
        let mut found = match symbol.kind {
            SymbolKind::Node => symbol.of.clone(),
            SymbolKind::Device | SymbolKind::Module => vec![thing],
            _ => return Vec::new(),
        };
        let mut at = 0;
        while let Some(device) = found.get(at).filter(|_| at < BASES).copied() {
            let bases = self.symbol(device).map_or(&[][..], |device| &device.of);
            let new: Vec<SymbolId> = bases.iter().copied().filter(|base| !found.contains(base)).collect();
            found.extend(new);
            at += 1;
        }
        found
    }

    /// Notes what a thing is made from.
    pub fn made_from(&mut self, thing: SymbolId, device: SymbolId) {
        self.change(Some(thing), |symbol| {
            if symbol.of.len() < DEVICES && !symbol.of.contains(&device) {
                symbol.of.push(device);
            }
        });
    }

    /// The machine that a device itself declares.
    pub fn machine(&self, device: SymbolId, name: &str) -> Option<SymbolId> {
        self.parts.get(&device)?.machines.get(name).copied()
    }

    /// The interface of a node, or that of a device or module, with this name.
    pub fn port(&self, thing: SymbolId, name: &str) -> Option<SymbolId> {
        if let Some(own) = self.parts.get(&thing).and_then(|parts| parts.port(name)) {
            return Some(own);
        }
        let kindred = self.kindred(thing);
        // `ge-0/0/0.100` is of the port before the dot.
        let parent = || name.rsplit_once('.').and_then(|(parent, _)| self.port_of(&kindred, parent));
        self.port_of(&kindred, name).or_else(parent)
    }

    /// The port of this name that one of some devices and modules declares.
    pub fn port_of(&self, kindred: &[SymbolId], name: &str) -> Option<SymbolId> {
        let declared = kindred.iter().find_map(|kindred| self.parts.get(kindred)?.port(name));
        // Without any `interface`, NICs are ports; and the one for management is known by its own name.
        declared.or_else(|| kindred.iter().find_map(|device| self.nic(*device, None, name)))
    }

    /// The NIC of this name of a device, in one of its machines or in any.
    pub fn nic(&self, device: SymbolId, machine: Option<SymbolId>, name: &str) -> Option<SymbolId> {
        let nics = &self.parts.get(&device)?.nics;
        if let Some(machine) = machine {
            return self.nic_named(nics, Some(machine), name);
        }
        let machines = self.parts.get(&device).into_iter().flat_map(|parts| parts.machines.values());
        let machines = std::iter::once(None).chain(machines.map(|machine| Some(*machine)));
        machines.into_iter().find_map(|machine| self.nic_named(nics, machine, name))
    }

    /// `xe`, or `xe3` where `xe` is an array.
    fn nic_named(
        &self,
        nics: &IndexMap<(Option<SymbolId>, SmolStr), SymbolId>,
        machine: Option<SymbolId>,
        name: &str,
    ) -> Option<SymbolId> {
        let find = |name: &str| nics.get(&(machine, SmolStr::new(name))).copied();
        let array = || {
            let array = name.trim_end_matches(|char: char| char.is_ascii_digit() || char == HOLE);
            find(array).filter(|nic| array != name && self.symbol(*nic).is_some_and(|nic| nic.array))
        };
        find(name).or_else(array)
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn holes_stand_for_one_character_or_more() {
        for (rule, text, fits) in [
            ("xe-0/0/\0", "xe-0/0/3", true),
            ("xe-0/0/\0", "xe-0/0/12", true),
            ("xe-0/0/\0", "xe-0/0/", false),
            ("xe-0/0/\0", "ge-0/0/3", false),
            ("Gi\0/\0", "Gi1/0/2", true),
            ("Gi\0/\0", "Gi12", false),
            ("\0", "anything", true),
            ("ge-0/0/\0", "ge-0/0/0.100", false),
            ("a\0b", "acbdb", true),
            ("a\0b", "acbd", false),
            ("xe-0/0/\0", "xe-0/0/\0", true),
            ("eth1", "eth1", true),
        ] {
            assert_eq!(matches(rule, text), fits, "{rule:?} {text:?}");
        }
    }
}
