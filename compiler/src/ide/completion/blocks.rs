//! What the braces around the cursor are: which declaration's block, or which record.

use super::Asked;
use super::cursor::chain_start;
use super::infer::Thing;
use super::outline::Opener;
use crate::semantics::schema::{Kind, attribute_type};
use crate::syntax::ast::ItemKind;
use crate::syntax::token::{Token, TokenKind};
use crate::value::types::Type;

/// What stands in braces.
#[derive(Clone, PartialEq, Debug)]
pub enum Block {
    /// The file.
    File,
    /// The body of a module.
    Module,
    /// The body of a device.
    Device,
    /// The block of something with attributes.
    Of(Kind),
    /// A `console` dialogue.
    Console,
    /// The block of a target.
    Target,
    /// `{ name: type }`
    Fields,
    /// The words of an `enum`.
    Words,
    /// The names of a `use`, of what stands before the dot.
    Uses(String),
    /// A record of this type: the value of an attribute with this name.
    Record(Type, String),
    /// Braces that nothing can be said about.
    Unknown,
}

impl Asked<'_> {
    /// What the innermost block at or around a frame is.
    pub fn block(&self, frame: usize) -> Block {
        self.block_at(self.cursor.block_frame(frame), 0)
    }

    fn block_at(&self, frame: usize, depth: usize) -> Block {
        let Some(below) = frame.checked_sub(1) else { return Block::File };
        if depth > 64 {
            return Block::Unknown;
        }
        let tokens = self.cursor.piece(below);
        let all: Vec<&str> = tokens.iter().map(|token| self.cursor.outline.word(token)).collect();
        let words = all.strip_prefix(&["pub"]).unwrap_or(&all);
        let holds_items =
            self.cursor.frames.get(below).is_some_and(|frame| matches!(frame.opener, Opener::File | Opener::Brace));
        let around = |asked: &Self| asked.block_at(asked.cursor.block_frame(below), depth + 1);
        if words.last() == Some(&"enum") {
            return Block::Words;
        }
        if !holds_items {
            return self.record(below, &tokens, words);
        }
        match words {
            ["for" | "if" | "else", ..] => around(self),
            _ if assigned(&tokens, words).is_some() => self.record(below, &tokens, words),
            ["use", path @ .., "."] => Block::Uses(path.concat()),
            ["type" | "param" | "let" | "attribute", ..] if is_type(&tokens, words) => Block::Fields,
            ["param" | "let" | "attribute", ..] => self.record(below, &tokens, words),
            ["device", ..] => Block::Device,
            ["module", ..] => Block::Module,
            ["target", ..] => Block::Target,
            ["check" | "expect", ..] => Block::Of(Kind::Check),
            ["defaults", what, ..] => kind_of(what).map_or(Block::Unknown, Block::Of),
            ["override", ..] => self.overridden(&tokens),
            ["interface", ..] => match around(self) {
                Block::Device => Block::Of(Kind::Port),
                _ => Block::Of(Kind::Interface),
            },
            ["console"] => Block::Console,
            [name] => self.group(around(self), name),
            [word, _, ..] => kind_of(word).map_or(Block::Unknown, Block::Of),
            [] => Block::Unknown,
        }
    }

    /// `name { … }`, which merges into an attribute.
    fn group(&self, around: Block, name: &str) -> Block {
        Block::Record(self.attribute_of(&around, name), name.to_owned())
    }

    /// A record as a value, in a frame where these tokens stand before it.
    fn record(&self, frame: usize, tokens: &[&Token], words: &[&str]) -> Block {
        if self.in_type(frame) {
            return Block::Fields;
        }
        let name = assigned(tokens, words).map_or(String::new(), |(name, _)| name);
        Block::Record(self.wanted(frame), name)
    }

    /// Is a type written at the end of the piece in a frame?
    pub fn in_type(&self, frame: usize) -> bool {
        let tokens = self.cursor.piece(frame);
        let is_bracket = self.cursor.frames.get(frame).is_some_and(|frame| frame.opener == Opener::Bracket);
        match frame.checked_sub(1) {
            Some(below) if is_bracket => tokens.is_empty() && self.in_type(below),
            _ => is_type(&tokens, &self.cursor.words(frame)),
        }
    }

    /// The block of an `override`.
    fn overridden(&self, tokens: &[&Token]) -> Block {
        let target = tokens.get(1..).unwrap_or_default();
        if target.iter().any(|token| token.kind == TokenKind::PortColon) {
            return Block::Of(Kind::Interface);
        }
        let text = target
            .first()
            .zip(target.last())
            .and_then(|(first, last)| self.cursor.text().get(first.start as usize..last.end as usize));
        Block::Of(kind_of_thing(&self.thing_of_text(text.unwrap_or_default())).unwrap_or(Kind::Node))
    }

    /// The type of an attribute or field of a block.
    pub fn attribute_of(&self, block: &Block, name: &str) -> Type {
        let kind = |kind: Kind| {
            self.own_attribute(kind, name).or_else(|| attribute_type(kind, name).cloned()).unwrap_or(Type::Any)
        };
        match block {
            Block::File | Block::Module => kind(Kind::Topology),
            Block::Device => kind(Kind::Node),
            Block::Target => kind(Kind::Target),
            Block::Of(of) => kind(*of),
            Block::Record(ty, _) => field_type(ty, name),
            _ => Type::Any,
        }
    }

    /// The type of an attribute that the program declares itself.
    pub fn own_attribute(&self, kind: Kind, name: &str) -> Option<Type> {
        self.declared_attributes()
            .into_iter()
            .find(|(of, declared, _, _)| *of == kind && declared == name)
            .map(|found| found.2)
    }

    /// The attributes that the program declares itself: of what, with name, type and documentation.
    pub fn declared_attributes(&self) -> Vec<(Kind, String, Type, Option<String>)> {
        let mut found = Vec::new();
        let mut add = |item: &crate::syntax::ast::Item, doc: Option<String>| {
            if let ItemKind::AttributeDecl(declared) = &item.kind {
                let on = declared.on.as_ref().map_or("node", |on| on.text.as_str());
                let kind = if on == "end" { Some(Kind::Interface) } else { kind_of(on) };
                let ty = self.type_of(&declared.ty, 8);
                found.extend(kind.map(|kind| (kind, declared.name.text.to_string(), ty, doc)));
            }
        };
        for (index, item) in self.cursor.outline.inside(None) {
            if self.cursor.outline.head(item).0 == "attribute"
                && let Some(declared) = super::known::tree(&self.cursor, index, true)
            {
                add(&declared.item, self.cursor.outline.documentation(item));
            }
        }
        // The first is the text itself, as it was.
        for unit in super::known::own_units(self.query.compilation).skip(1) {
            for item in unit.items() {
                add(item, item.doc.as_ref().map(|doc| doc.text.clone()));
            }
        }
        found
    }
}

/// The key that a value is given to, and how many tokens `key =` takes.
pub fn assigned(tokens: &[&Token], words: &[&str]) -> Option<(String, usize)> {
    let is_string = matches!(tokens.first()?.kind, TokenKind::StringOpen(_));
    let end = if is_string { 1 + tokens.iter().position(|token| token.kind == TokenKind::StringClose)? } else { 1 };
    let sets = tokens.get(end).is_some_and(|sign| matches!(sign.kind, TokenKind::Equal | TokenKind::PlusEqual));
    let key = if is_string { words.get(1..end - 1)?.concat() } else { (*words.first()?).to_owned() };
    sets.then_some((key, end + 1))
}

/// Do these tokens end where a type is written?
pub fn is_type(tokens: &[&Token], words: &[&str]) -> bool {
    use TokenKind::{Colon, Equal, In, PlusEqual, Where};
    let separates = |token: &&&Token| matches!(token.kind, Colon | Equal | Where | In | PlusEqual);
    let last = tokens.iter().rev().find(separates);
    matches!(words, ["type", _, "=", ..]) || last.is_some_and(|token| token.kind == Colon)
}

/// The kind of thing that a word of the language declares.
pub fn kind_of(word: &str) -> Option<Kind> {
    Some(match word {
        "node" => Kind::Node,
        "link" => Kind::Link,
        "lag" => Kind::Lag,
        "wire" => Kind::Wire,
        "network" => Kind::Network,
        "vlan" => Kind::Vlan,
        "vrf" => Kind::Vrf,
        "pool" => Kind::Pool,
        "vm" => Kind::Machine,
        "nic" => Kind::Nic,
        "disk" => Kind::Disk,
        "media" => Kind::Media,
        "image" => Kind::Image,
        "interface" | "end" => Kind::Interface,
        "topology" => Kind::Topology,
        _ => return None,
    })
}

/// What has the attributes of a thing.
pub fn kind_of_thing(thing: &Thing) -> Option<Kind> {
    Some(match thing {
        Thing::Node(_) | Thing::Module(_) => Kind::Node,
        Thing::Array(inner) | Thing::List(inner) => return kind_of_thing(inner),
        Thing::Value(Type::Node) => Kind::Node,
        Thing::Value(Type::Interface) => Kind::Interface,
        Thing::Value(Type::Network) => Kind::Network,
        Thing::Value(Type::Link) => Kind::Link,
        Thing::Value(Type::Vlan) => Kind::Vlan,
        Thing::Value(Type::Vrf) => Kind::Vrf,
        Thing::Value(Type::List(inner) | Type::Optional(inner)) => {
            return kind_of_thing(&Thing::Value((**inner).clone()));
        }
        Thing::Machine(_) => Kind::Machine,
        Thing::Value(_) => return None,
    })
}

/// The type of a field of a record, map or either.
pub fn field_type(ty: &Type, name: &str) -> Type {
    match ty {
        Type::Record(fields) => {
            fields.iter().find(|field| field.name == name).map_or(Type::Any, |field| field.ty.clone())
        }
        Type::Map(inner) => (**inner).clone(),
        // One value may stand where a list is wanted.
        Type::List(inner) | Type::Optional(inner) => field_type(inner, name),
        Type::OneOf(types) => {
            types.iter().map(|ty| field_type(ty, name)).find(|ty| *ty != Type::Any).unwrap_or(Type::Any)
        }
        _ => Type::Any,
    }
}

/// The expression that ends the tokens, as text.
pub fn chain_text<'a>(text: &'a str, tokens: &[&Token]) -> &'a str {
    let chain = tokens.get(chain_start(tokens)..).unwrap_or_default();
    let ends = chain.first().zip(chain.last());
    ends.and_then(|(first, last)| text.get(first.start as usize..last.end as usize)).unwrap_or_default()
}
