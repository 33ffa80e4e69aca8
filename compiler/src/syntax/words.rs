//! The words that begin declarations.

/// The keywords of declarations: they count only at the start of an item.
pub const DECLARATIONS: &[&str] = &[
    "edition",
    "topology",
    "use",
    "param",
    "let",
    "type",
    "pool",
    "node",
    "link",
    "lag",
    "wire",
    "for",
    "if",
    "device",
    "module",
    "interface",
    "defaults",
    "override",
    "remove",
    "attribute",
    "check",
    "expect",
    "target",
];

/// Does a line that starts with this word and a name begin a declaration, whatever is open before it? Not so `for`
/// and `if`, which also stand at the start of lines within brackets.
pub fn begins_declaration(word: &str) -> bool {
    !matches!(word, "for" | "if")
        && (DECLARATIONS.contains(&word) || matches!(word, "network" | "vlan" | "vrf" | "vm" | "nic"))
}

/// Does a line's text start with such a word (perhaps after `pub`) and a name?
pub fn declares(line: &str) -> bool {
    let line = line.strip_prefix("pub ").map_or(line, str::trim_start);
    let Some((word, rest)) = line.split_once([' ', '\t']) else { return false };
    begins_declaration(word) && rest.trim_start().starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')
}
