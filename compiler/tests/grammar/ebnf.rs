//! The notation of `grammar/wtop.ebnf`.

use std::collections::{BTreeMap, BTreeSet};

/// One side of a production.
#[derive(Debug, Clone)]
pub enum Node {
    /// `"word"`
    Literal(String),
    /// The name of a production or a lexical rule.
    Name(String),
    /// One after the other.
    Sequence(Vec<Node>),
    /// `a | b`
    Choice(Vec<Node>),
    /// `[ a ]`
    Optional(Box<Node>),
    /// `{ a }`
    Repeated(Box<Node>),
}

/// The productions above the lexical rules.
#[derive(Debug)]
pub struct Grammar {
    productions: BTreeMap<String, Node>,
}

impl Grammar {
    /// Reads the text of the file.
    pub fn read(text: &str) -> Grammar {
        let syntax = text.split("(* ---- lexical").next().unwrap();
        let mut reader = Reader { words: words(&without_remarks(syntax)), at: 0 };
        let mut productions = BTreeMap::new();
        while reader.at < reader.words.len() {
            let name = reader.next();
            reader.expect("=");
            productions.insert(name, reader.choice());
            reader.expect(";");
        }
        Grammar { productions }
    }

    /// The right side of a production; `None` for a lexical rule.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.productions.get(name)
    }

    /// The names of all productions.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.productions.keys().map(String::as_str)
    }

    /// All literals in the productions.
    pub fn literals(&self) -> BTreeSet<String> {
        let mut literals = BTreeSet::new();
        self.productions.values().for_each(|node| node.literals(&mut literals));
        literals
    }

    /// All names that some production refers to.
    pub fn used(&self) -> BTreeSet<String> {
        let mut used = BTreeSet::new();
        self.productions.values().for_each(|node| node.names(&mut used));
        used
    }
}

impl Node {
    fn literals(&self, found: &mut BTreeSet<String>) {
        match self {
            Node::Literal(text) => {
                found.insert(text.clone());
            }
            Node::Name(_) => {}
            Node::Sequence(nodes) | Node::Choice(nodes) => nodes.iter().for_each(|node| node.literals(found)),
            Node::Optional(node) | Node::Repeated(node) => node.literals(found),
        }
    }

    fn names(&self, found: &mut BTreeSet<String>) {
        match self {
            Node::Literal(_) => {}
            Node::Name(name) => {
                found.insert(name.clone());
            }
            Node::Sequence(nodes) | Node::Choice(nodes) => nodes.iter().for_each(|node| node.names(found)),
            Node::Optional(node) | Node::Repeated(node) => node.names(found),
        }
    }
}

fn without_remarks(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    while let Some((before, after)) = rest.split_once("(*") {
        kept += before;
        rest = after.split_once("*)").map_or("", |(_, after)| after);
    }
    kept + rest
}

/// Words, literals with their quotes, and signs.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        let mut word = char.to_string();
        match char {
            '"' => {
                word.extend(chars.by_ref().take_while(|next| *next != '"'));
                words.push(word);
            }
            _ if char.is_alphanumeric() => {
                while let Some(next) = chars.next_if(|next| next.is_alphanumeric() || *next == '-') {
                    word.push(next);
                }
                words.push(word);
            }
            _ if char.is_whitespace() => {}
            _ => words.push(word),
        }
    }
    words
}

struct Reader {
    words: Vec<String>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> &str {
        self.words.get(self.at).map_or("", String::as_str)
    }

    fn next(&mut self) -> String {
        self.at += 1;
        self.words[self.at - 1].clone()
    }

    fn expect(&mut self, word: &str) {
        let found = self.next();
        assert_eq!(found, word, "before {:?}", &self.words[self.at..(self.at + 8).min(self.words.len())]);
    }

    fn choice(&mut self) -> Node {
        let mut nodes = vec![self.sequence()];
        while self.peek() == "|" {
            self.at += 1;
            nodes.push(self.sequence());
        }
        if nodes.len() == 1 { nodes.remove(0) } else { Node::Choice(nodes) }
    }

    fn sequence(&mut self) -> Node {
        let mut nodes = Vec::new();
        while !matches!(self.peek(), "" | "|" | ";" | ")" | "]" | "}") {
            nodes.push(self.one());
        }
        if nodes.len() == 1 { nodes.remove(0) } else { Node::Sequence(nodes) }
    }

    fn one(&mut self) -> Node {
        let word = self.next();
        let (node, close) = match word.as_str() {
            "(" => (self.choice(), ")"),
            "[" => (Node::Optional(Box::new(self.choice())), "]"),
            "{" => (Node::Repeated(Box::new(self.choice())), "}"),
            literal if literal.starts_with('"') => return Node::Literal(literal[1..].to_owned()),
            _ => return Node::Name(word),
        };
        self.expect(close);
        node
    }
}
