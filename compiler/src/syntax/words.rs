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

/// The words of parts that stand on their own. Any other word may begin a part too (`word name { … }`).
pub const PARTS: &[&str] = &["network", "vlan", "vrf", "vm", "nic", "image", "disk", "media"];

/// Words of other tools and languages, and what they are here.
pub const OTHER_WORDS: &[(&str, &str)] = &[
    ("host", "node"),
    ("router", "node"),
    ("server", "node"),
    ("switch", "node"),
    ("machine", "node"),
    ("edge", "link"),
    ("cable", "link"),
    ("connect", "link"),
    ("connection", "link"),
    ("bond", "lag"),
    ("parameter", "param"),
    ("variable", "param"),
    ("const", "let"),
    ("var", "let"),
    ("set", "let"),
    ("import", "use"),
    ("include", "use"),
    ("kind", "device"),
    ("class", "device"),
    ("lab", "topology"),
    ("assert", "check"),
    ("test", "expect"),
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
