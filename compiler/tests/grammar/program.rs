//! Random programs of a grammar.

use super::ebnf::{Grammar, Node};
use std::collections::BTreeMap;

/// Deeper than this, the shortest way out is taken.
const DEEP: usize = 40;

/// Names that are no keyword anywhere, so that each stands for itself in every place.
const NAMES: &[&str] = &["a", "b1", "core-sw-1", "x_y", "memory", "Leaf", "_z", "dead", "re"];

/// Keys of attributes may be any word that is not reserved.
const KEYS: &[&str] =
    &["memory", "image", "node", "type", "link", "each", "use", "pub", "param", "let", "if-name", "map"];

const STRINGS: &[&str] = &[
    r#""""#,
    r#""text""#,
    r#""a ${b1} \n \" \u{e9} é""#,
    r#""${f("x ${a}", b = { c = 1 })}""#,
    r#"r"\n${""#,
    "\"\"\"\n  a\n    ${b1} \"quoted\"\n\n  \"\"\"",
    "r\"\"\"\n\\ ${\n\"\"\"",
];
const PORTS: &[&str] = &[":eth0", ":ge-0/0/0.100", ":xe-0/${a - 1}/1", ":1/1/c1", ":\"ethernet ${a}\"", ":${a}"];
const ADDRESSES: &[&str] = &[
    "10.0.0.1",
    "10.0.0.0/16",
    "2001:db8::/32",
    "fe80::1",
    "::",
    "52:54:00:aa:bb:01",
    "10.1.${a}.0/24",
    "10.0.0.0/${a}",
];
const QUANTITIES: &[&str] = &["4GiB", "10ms", "1.5Gbps", "0.1%", "1min", "500kB"];
const INTS: &[&str] = &["0", "7", "1_000", "0x1F"];

/// Makes programs; the same seed makes the same one.
pub struct Programs<'a> {
    grammar: &'a Grammar,
    /// How deep each production is at least.
    shortest: BTreeMap<&'a str, usize>,
    state: u64,
    out: String,
    /// Braces that are open where a line end or comma separates items; brackets in which neither does.
    open: Vec<char>,
    /// The last token may be followed by an interface name.
    before_port: bool,
}

impl<'a> Programs<'a> {
    /// Programs of a grammar from a seed.
    pub fn new(grammar: &'a Grammar, seed: u64) -> Programs<'a> {
        let shortest = shortest(grammar);
        let state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        Programs { grammar, shortest, state, out: String::new(), open: Vec::new(), before_port: false }
    }

    /// One program.
    pub fn program(mut self) -> String {
        self.name("file", 0);
        self.out + "\n"
    }

    /// A random number below a limit.
    pub fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 33) as usize % limit
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        let index = self.below(from.len());
        from[index]
    }

    fn token(&mut self, text: &str) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push(' ');
        }
        self.out += text;
        self.before_port = matches!(text, "self" | ")" | "]");
        match text {
            "{" | "(" | "[" => self.open.extend(text.chars()),
            "}" | ")" | "]" => {
                self.open.pop();
            }
            _ => {}
        }
    }

    fn name(&mut self, name: &str, depth: usize) {
        match name {
            "pool-part" => {
                // The expression of a pool does not begin with a bracket.
                let before = (self.out.len(), self.open.clone());
                loop {
                    self.node(self.grammar.get(name).unwrap(), depth + 1);
                    if !self.out[before.0..].trim_start().starts_with('[') {
                        return;
                    }
                    self.out.truncate(before.0);
                    self.open = before.1.clone();
                }
            }
            "key" if self.below(2) == 0 => {
                let key = self.pick(KEYS);
                self.token(key);
            }
            _ => match self.grammar.get(name) {
                Some(node) => self.node(node, depth + 1),
                None => self.lexical(name),
            },
        }
    }

    fn lexical(&mut self, name: &str) {
        let text = match name {
            "NAME" => self.pick(NAMES),
            "STRING" => self.pick(STRINGS),
            "INT" => self.pick(INTS),
            "QUANTITY" => self.pick(QUANTITIES),
            "ADDRESS" => self.pick(ADDRESSES),
            "PORT" if !self.before_port => return,
            "PORT" => {
                let port = self.pick(PORTS);
                self.out += port;
                self.before_port = false;
                return;
            }
            "NL" => return self.line_end(),
            "DOC" | "file-doc" => {
                self.line_end();
                self.out += if name == "DOC" { "/// Says what it is.\n" } else { "//! Says what it is.\n" };
                return;
            }
            _ => panic!("no such lexical rule: {name}"),
        };
        self.token(text);
        self.before_port = name == "NAME";
    }

    fn line_end(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            let remark = if self.below(8) == 0 { " // A remark: { ( \"" } else { "" };
            self.out += remark;
            self.out.push('\n');
        }
    }

    /// A line end, or a comma in braces.
    fn separator(&mut self) {
        if self.open.last() == Some(&'{') && self.below(2) == 0 {
            self.out.push(',');
        } else {
            self.line_end();
        }
    }

    fn node(&mut self, node: &'a Node, depth: usize) {
        let deep = depth > DEEP || self.out.len() > 1500;
        match node {
            Node::Literal(text) => self.token(text),
            Node::Name(name) if name == "sep" => self.separator(),
            Node::Name(name) => self.name(name, depth),
            Node::Sequence(nodes) => nodes.iter().for_each(|node| self.node(node, depth)),
            Node::Choice(nodes) => {
                // The way out is taken often, or expressions would never end.
                let least = nodes.iter().map(|node| length(node, &self.shortest)).min().unwrap();
                let out = deep || depth > 8 && self.below(4) != 0;
                let open: Vec<&Node> =
                    nodes.iter().filter(|node| !out || length(node, &self.shortest) == least).collect();
                let index = self.below(open.len());
                self.node(open[index], depth);
            }
            Node::Optional(node) if !deep && self.below(5) < 2 => self.node(node, depth),
            Node::Repeated(node) if !deep => {
                // Many items, but not many operators: these lie at every level of an expression.
                let times = if depth < 4 { self.below(8) } else { usize::from(self.below(6) == 0) };
                for _ in 0..times {
                    self.node(node, depth);
                }
            }
            Node::Optional(_) | Node::Repeated(_) => {}
        }
    }
}

/// How deep each production is at least: the way out of recursion.
fn shortest(grammar: &Grammar) -> BTreeMap<&str, usize> {
    let mut shortest = BTreeMap::new();
    for _ in grammar.names() {
        for name in grammar.names() {
            let length = length(grammar.get(name).unwrap(), &shortest).saturating_add(1);
            if length < usize::MAX / 2 {
                shortest.insert(name, length);
            }
        }
    }
    shortest
}

/// Lexical rules are written in capitals and have no depth; other names that are not known yet are out of reach.
fn length(node: &Node, shortest: &BTreeMap<&str, usize>) -> usize {
    match node {
        Node::Literal(_) | Node::Optional(_) | Node::Repeated(_) => 0,
        Node::Name(name) if name.chars().all(|char| char.is_uppercase()) || name == "file-doc" => 0,
        Node::Name(name) => shortest.get(name.as_str()).copied().unwrap_or(usize::MAX / 2),
        Node::Sequence(nodes) => nodes.iter().map(|node| length(node, shortest)).max().unwrap_or(0),
        Node::Choice(nodes) => nodes.iter().map(|node| length(node, shortest)).min().unwrap_or(0),
    }
}
