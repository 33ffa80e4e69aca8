//! What is wanted at the cursor.

use super::Asked;
use super::blocks::{Block, assigned, chain_text, is_type};
use super::functions;
use super::infer::Thing;
use super::known::{self, Word};
use super::outline::Opener;
use crate::semantics::schema::Kind;
use crate::syntax::token::{Token, TokenKind};
use crate::value::types::Type;
use smol_str::SmolStr;

/// What is wanted at the cursor.
#[derive(Clone, PartialEq, Debug)]
pub enum Place {
    /// Nothing that could be known.
    Nothing,
    /// The start of an item of a block.
    Item { block: Block, is_public: bool },
    /// The device or module of a node; a device alone where modules cannot stand.
    Device { modules: bool },
    /// A value.
    Value(Wanted),
    /// What is behind the dot of this.
    Field(Thing),
    /// An interface of this.
    Port(Thing),
    /// The end of a link.
    End,
    /// A key of an array.
    Key(Thing),
    /// The argument of a device or module.
    Argument { of: String },
    /// A type.
    Type,
    /// A word that can go on what stands before.
    Words(&'static [&'static str]),
    /// The unit of the number at the cursor.
    Unit(Type),
    /// After `use`.
    UseRoot,
    /// Behind a dot of a path of the library: the names before it.
    UsePath(Vec<String>),
    /// In a string.
    Text(Text),
}

/// What value is wanted.
#[derive(Clone, PartialEq, Debug)]
pub struct Wanted {
    /// Of which type.
    pub ty: Type,
    /// The name of what it is for.
    pub name: String,
    /// After `from`: only pools.
    pub pool: bool,
    /// Options of the function that can be given here.
    pub call: Option<String>,
}

/// What a string is.
#[derive(Clone, PartialEq, Debug)]
pub enum Text {
    /// The file of a `use`.
    Use,
    /// A file, or a folder, for a function.
    Path { folder: bool },
    /// A tag.
    Tag,
    /// The source of a secret.
    Secret,
    /// A former name.
    Was,
    /// The key of an array.
    Key(Thing),
    /// A key of a record of this type, of the attribute with this name.
    RecordKey(String),
    /// A quoted interface.
    Port(Thing),
}

impl Asked<'_> {
    /// What is wanted at the cursor.
    pub fn place(&self) -> Place {
        let Some((index, frame)) = self.cursor.innermost() else { return Place::Nothing };
        if frame.opener == Opener::Quote {
            return self.in_text(index).map_or(Place::Nothing, Place::Text);
        }
        let tokens = self.cursor.piece(index);
        let all: Vec<&str> = tokens.iter().map(|token| self.cursor.outline.word(token)).collect();
        if let Some(place) = self.behind_port(index, &tokens, &all) {
            return place;
        }
        if let Some(place) = self.at_number(index) {
            return place;
        }
        let is_public = all.first() == Some(&"pub");
        let words = all.get(usize::from(is_public)..).unwrap_or_default();
        let words_tokens = tokens.get(usize::from(is_public)..).unwrap_or_default();
        let holds_items = matches!(frame.opener, Opener::File | Opener::Brace);
        if holds_items && words.first() == Some(&"use") {
            return use_place(words);
        }
        if tokens.last().is_some_and(|last| last.kind == TokenKind::Dot) {
            let base = chain_text(self.cursor.text(), tokens.get(..tokens.len() - 1).unwrap_or_default());
            return Place::Field(self.thing_of_text(base));
        }
        match frame.opener {
            Opener::File | Opener::Brace => self.in_items(index, is_public, words_tokens, words),
            Opener::Paren => self.in_parens(index, &tokens, &all),
            Opener::Bracket => self.in_brackets(index, &tokens),
            Opener::Hole => self.value(index, &tokens),
            Opener::Quote => Place::Nothing,
        }
    }

    /// `node:` and `node:ge-0/…`
    fn behind_port(&self, index: usize, tokens: &[&Token], words: &[&str]) -> Option<Place> {
        let at = tokens.iter().rposition(|token| !matches!(token.kind, TokenKind::PortText))?;
        let colon = tokens.get(at)?;
        let before = tokens.get(..at)?;
        let is_glued = before.last().is_some_and(|base| {
            use TokenKind::{CloseBracket, CloseParen, Name, SelfWord};
            base.end == colon.start && matches!(base.kind, Name | SelfWord | CloseBracket | CloseParen)
        });
        let last = tokens.last()?;
        let holds_items =
            self.cursor.frames.get(index).is_some_and(|frame| matches!(frame.opener, Opener::File | Opener::Brace));
        // The space that belongs there was not typed.
        if holds_items {
            let place = match words.strip_prefix(&["pub"]).unwrap_or(words) {
                ["node", ..] => Some(Place::Device { modules: true }),
                ["defaults", ..] => Some(Place::Device { modules: false }),
                ["target", ..] => Some(Place::Words(&["kvm", "heat"])),
                ["param" | "let" | "attribute", ..] => Some(Place::Type),
                _ => None,
            };
            if place.is_some() && assigned_by(words).is_none() {
                return place.filter(|_| colon.kind == TokenKind::PortColon);
            }
        }
        let reaches = last.end as usize == self.cursor.word.start || last.end as usize >= self.cursor.offset;
        let is_port = match colon.kind {
            TokenKind::PortColon => true,
            // Glued on its left only: an interface is about to be written, unless it is a name that begins a declaration.
            TokenKind::Colon => at + 1 == tokens.len() && colon.end as usize == self.cursor.offset,
            _ => false,
        };
        if !is_glued || !is_port || !reaches {
            return None;
        }
        let base = self.thing_of_text(chain_text(self.cursor.text(), before));
        let has_ports =
            matches!(base, Thing::Node(_) | Thing::Module(_) | Thing::Array(_) | Thing::List(_) | Thing::Machine(_))
                || base == Thing::Value(Type::Node);
        (has_ports || colon.kind == TokenKind::PortColon).then_some(Place::Port(base))
    }

    /// `4` and `4G`: the unit may be meant.
    fn at_number(&self, index: usize) -> Option<Place> {
        let typed = self.cursor.typed();
        let is_in_number = typed.starts_with(|char: char| char.is_ascii_digit());
        if !is_in_number {
            let before = self.cursor.text().get(..self.cursor.word.start)?;
            let is_inside = before.ends_with(['.', '/', ':'])
                && before.trim_end_matches(['.', '/', ':']).ends_with(|char: char| char.is_ascii_digit())
                && !before.ends_with("..");
            let token = self
                .cursor
                .outline
                .tokens
                .iter()
                .rev()
                .find(|token| (token.start as usize) < self.cursor.word.start)?;
            let is_number =
                matches!(token.kind, TokenKind::Int | TokenKind::Address | TokenKind::Quantity | TokenKind::Wrong(_));
            return (is_inside && is_number).then_some(Place::Nothing);
        }
        let digits = typed.trim_end_matches(|char: char| char.is_ascii_alphabetic());
        if digits.chars().all(|char| char.is_ascii_digit() || char == '_') {
            return Some(Place::Unit(self.wanted(index)));
        }
        Some(Place::Nothing)
    }

    fn in_items(&self, index: usize, is_public: bool, tokens: &[&Token], words: &[&str]) -> Place {
        let block = self.block(index);
        match &block {
            Block::Words => return Place::Nothing,
            Block::Uses(_) if words.is_empty() => return Place::Item { block, is_public },
            Block::Uses(_) => return Place::Words(&["as"]),
            Block::Fields => {
                return match words {
                    [] | [_] => Place::Nothing,
                    _ if is_type(tokens, words) => type_place(tokens, &[]),
                    _ => self.value(index, tokens),
                };
            }
            _ => {}
        }
        match words {
            [] => Place::Item { block, is_public },
            _ if assigned(tokens, words).is_some() => self.value(index, tokens),
            _ => self.in_declaration(index, &block, tokens, words),
        }
    }

    fn in_declaration(&self, index: usize, block: &Block, tokens: &[&Token], words: &[&str]) -> Place {
        let last = words.last().copied().unwrap_or_default();
        let has = |word: &str| words.contains(&word);
        match words {
            ["node", .., ":"] => Place::Device { modules: true },
            ["defaults"] => Place::Words(&["node", "link", "lag", "network"]),
            ["defaults", .., ":"] => Place::Device { modules: false },
            ["defaults", _] => Place::Words(&["tagged"]),
            ["defaults", _, ":", _] if !has("tagged") => Place::Words(&["tagged"]),
            ["device", .., "extends"] => Place::Device { modules: false },
            ["device", _] | ["device", .., ")"] if !has("extends") => Place::Words(&["extends"]),
            ["link" | "lag" | "wire", .., "<->" | ":" | "each"] | ["link" | "lag" | "wire"] => Place::End,
            ["override" | "remove"] => Place::End,
            ["target", _, ":"] => Place::Words(&["kvm", "heat"]),
            ["attribute", .., "on"] => Place::Words(&["node", "link", "network", "end"]),
            ["for" | "interface", .., "for"] | ["for", _] => Place::Words(&["in"]).only_if(last != "for"),
            ["for", _, "in", ..] | ["if", ..] => self.value(index, tokens),
            ["else"] => Place::Words(&["if"]),
            ["check" | "expect", ..] if matches!(block, Block::Console) => Place::Nothing,
            ["check" | "expect", _, ":"] | ["check" | "expect"] => self.value(index, tokens),
            ["check" | "expect", ..] => self.value(index, tokens),
            ["param" | "let" | "attribute", ..] if is_type(tokens, words) => {
                let after: &'static [&'static str] = match words.first() {
                    Some(&"attribute") => &["on", "where"],
                    Some(&"param") => &["where"],
                    _ => &[],
                };
                type_place(tokens, after)
            }
            ["type", _, "=", ..] => type_place(tokens, &[]),
            ["param" | "let" | "attribute" | "pool", ..] if has("=") || has("where") => self.value(index, tokens),
            ["interface", .., "="]
                if !has("in") || tokens.last().is_some_and(|token| token.kind == TokenKind::Equal) =>
            {
                Place::Value(Wanted { ty: Type::Interface, name: "interface".to_owned(), pool: false, call: None })
            }
            ["interface", ..] if has("in") && !has("=") => self.value(index, tokens),
            _ => Place::Nothing,
        }
    }

    fn in_parens(&self, index: usize, tokens: &[&Token], words: &[&str]) -> Place {
        match self.parens(index) {
            Parens::Parameters => match words {
                [] | [_] => Place::Nothing,
                _ if is_type(tokens, words) => type_place(tokens, &["where"]),
                _ => self.value(index, tokens),
            },
            Parens::Device(of) => match words {
                [] => Place::Argument { of },
                [_, "=", ..] => self.value(index, tokens),
                _ => Place::Nothing,
            },
            Parens::End => match words {
                [] => Place::Item { block: Block::Of(Kind::Interface), is_public: false },
                [_, "=" | "+=", ..] => self.value(index, tokens),
                _ => Place::Nothing,
            },
            Parens::Call(_) | Parens::Group => self.value(index, tokens),
        }
    }

    fn in_brackets(&self, index: usize, tokens: &[&Token]) -> Place {
        let Some(below) = index.checked_sub(1) else { return Place::Nothing };
        let before = self.cursor.piece(below);
        let open = self.cursor.frames.get(index).and_then(|frame| self.cursor.outline.tokens.get(frame.token));
        let words: Vec<&str> = before.iter().map(|token| self.cursor.outline.word(token)).collect();
        let is_index = before.last().zip(open).is_some_and(|(last, open)| {
            let ends = matches!(last.kind, TokenKind::Name | TokenKind::SelfWord | TokenKind::CloseBracket);
            last.end == open.start && ends
        });
        if is_type(&before, &words) && !is_index {
            return type_place(tokens, &[]);
        }
        if words.last() == Some(&"map") {
            return Place::Type;
        }
        if is_index {
            // The dimensions of a declaration are lists; those of a use are keys.
            let declares = matches!(
                words.as_slice(),
                ["pub", "node" | "network" | "nic" | "vm", _] | ["node" | "network" | "nic" | "vm", _]
            );
            if declares {
                return self.value(index, tokens);
            }
            let base = self.thing_of_text(chain_text(self.cursor.text(), &before));
            return if tokens.is_empty() { Place::Key(base) } else { self.value(index, tokens) };
        }
        let is_end = matches!(words.last(), Some(&("link" | "lag" | "<->" | "each" | ":")))
            && matches!(words.first(), Some(&("link" | "lag")));
        if is_end && tokens.is_empty() {
            return Place::End;
        }
        self.value(index, tokens)
    }

    /// A value, or what may follow one.
    fn value(&self, index: usize, tokens: &[&Token]) -> Place {
        use TokenKind::*;
        let Some(last) = tokens.last() else { return self.operand(index, tokens) };
        let is_complete = match last.kind {
            Name => !matches!(self.cursor.outline.word(last), "at" | "check" | "expect" | "per" | "each"),
            SelfWord | True | False | Null | Int | Quantity | Address | AddressPart | StringClose | CloseParen
            | CloseBracket | CloseBrace | PortText | HoleClose => true,
            _ => false,
        };
        if last.kind == For {
            return Place::Nothing;
        }
        if is_complete { self.after_value(index, tokens) } else { self.operand(index, tokens) }
    }

    /// Where a value is complete, few words can go on.
    fn after_value(&self, index: usize, tokens: &[&Token]) -> Place {
        let kinds: Vec<TokenKind> = tokens.iter().map(|token| token.kind).collect();
        let has = |kind: TokenKind| kinds.contains(&kind);
        let words: Vec<&str> = tokens.iter().map(|token| self.cursor.outline.word(token)).collect();
        let opener = self.cursor.frames.get(index).map(|frame| frame.opener);
        let before_last = kinds.len().checked_sub(2).and_then(|at| kinds.get(at));
        if has(TokenKind::If)
            && !has(TokenKind::Then)
            && !matches!(words.first(), Some(&"if"))
            && opener != Some(Opener::Bracket)
        {
            return Place::Words(&["then", "and", "or"]);
        }
        if has(TokenKind::Then) && !has(TokenKind::Else) {
            return Place::Words(&["else"]);
        }
        if before_last == Some(&TokenKind::For) {
            return Place::Words(&["in"]);
        }
        if opener == Some(Opener::Bracket) && !has(TokenKind::In) && tokens.len() == 1 && self.is_declared_array(index)
        {
            return Place::Words(&["in"]);
        }
        match words.as_slice() {
            ["pool", ..] if opener != Some(Opener::Paren) => Place::Words(&["per"]),
            ["check" | "expect", ..] => Place::Words(&["and", "or", "in", "else"]),
            ["if", ..] => Place::Words(&["and", "or", "in"]),
            ["param", ..] => Place::Words(&["where", "and", "or", "in"]),
            _ if has(TokenKind::From) => Place::Words(&["at"]),
            _ if opener == Some(Opener::Bracket) && has(TokenKind::In) => Place::Words(&["if", "for", "and", "or"]),
            _ if opener == Some(Opener::Bracket) && self.is_pool_list(index) => Place::Words(&["per"]),
            _ if opener == Some(Opener::Bracket) => Place::Words(&["for"]),
            _ if has(TokenKind::Where) => Place::Words(&["and", "or", "in"]),
            _ if opener == Some(Opener::Paren) => Place::Words(&["and", "or", "in"]),
            _ => Place::Words(&[]),
        }
    }

    fn is_declared_array(&self, index: usize) -> bool {
        let words = index.checked_sub(1).map(|below| self.cursor.words(below)).unwrap_or_default();
        matches!(words.as_slice(), [.., "node" | "network" | "nic" | "vm", _])
    }

    fn is_pool_list(&self, index: usize) -> bool {
        let words = index.checked_sub(1).map(|below| self.cursor.words(below)).unwrap_or_default();
        matches!(words.as_slice(), ["pool", _, "="] | ["pub", "pool", _, "="])
    }

    fn operand(&self, index: usize, tokens: &[&Token]) -> Place {
        use TokenKind::*;
        let ty = self.wanted(index);
        let last = tokens.last().map(|token| token.kind);
        let left = || {
            let before = tokens.get(..tokens.len().saturating_sub(1)).unwrap_or_default();
            self.thing_of_text(chain_text(self.cursor.text(), before)).ty()
        };
        let ty = match last {
            Some(EqualEqual | NotEqual | Less | Greater | LessEqual | GreaterEqual) => left(),
            Some(Not | And | Or | If | Where) => Type::Bool,
            Some(In) => Type::List(Box::new(Type::Any)),
            Some(DotDot | Minus | Star | Slash | Percent) => Type::Int,
            _ => ty,
        };
        let call = match self.parens(index) {
            Parens::Call(name) if tokens.is_empty() => Some(name),
            _ => None,
        };
        Place::Value(Wanted { ty, name: self.value_name(index), pool: last == Some(From), call })
    }

    /// The name of the attribute that a value is for.
    fn value_name(&self, index: usize) -> String {
        let block = self.cursor.block_frame(index);
        assigned(&self.cursor.piece(block), &self.cursor.words(block)).map_or(String::new(), |(name, _)| name)
    }

    /// The type that is wanted at the end of the piece that is written in a frame.
    pub fn wanted(&self, index: usize) -> Type {
        self.wanted_at(index, 0)
    }

    fn wanted_at(&self, index: usize, depth: usize) -> Type {
        let Some(frame) = self.cursor.frames.get(index).filter(|_| depth < 64) else { return Type::Any };
        let tokens = self.cursor.piece(index);
        let all: Vec<&str> = tokens.iter().map(|token| self.cursor.outline.word(token)).collect();
        let words = all.strip_prefix(&["pub"]).unwrap_or(&all);
        let below = || index.checked_sub(1).map_or(Type::Any, |below| self.wanted_at(below, depth + 1));
        match frame.opener {
            Opener::File | Opener::Brace => match words {
                _ if assigned(&tokens, words).is_some() => {
                    assigned(&tokens, words).map_or(Type::Any, |(name, _)| self.attribute_of(&self.block(index), &name))
                }
                ["param" | "let", _, ":", ..] => self.type_between(&tokens),
                ["check" | "expect" | "if", ..] => Type::Bool,
                ["for", ..] => Type::List(Box::new(Type::Any)),
                ["interface", ..] => Type::Interface,
                _ => Type::Any,
            },
            Opener::Paren => match self.parens(index) {
                Parens::Call(name) => argument_type(&name, frame.pieces, words),
                Parens::Device(of) => match words {
                    [name, "=", ..] => self.parameter_type(&of, name),
                    _ => Type::Any,
                },
                Parens::End => match words {
                    [name, "=" | "+=", ..] => self.attribute_of(&Block::Of(Kind::Interface), name),
                    _ => Type::Any,
                },
                Parens::Parameters => match words {
                    [_, ":", ..] => self.type_between(&tokens),
                    _ => Type::Any,
                },
                Parens::Group => below(),
            },
            Opener::Bracket => element_type(&below()),
            Opener::Hole | Opener::Quote => Type::Any,
        }
    }

    /// The type between `:` and `=`.
    fn type_between(&self, tokens: &[&Token]) -> Type {
        let start = tokens.iter().find(|token| token.kind == TokenKind::Colon);
        let end = tokens.iter().find(|token| matches!(token.kind, TokenKind::Equal | TokenKind::Where));
        if end.is_some_and(|end| end.kind == TokenKind::Where) {
            return Type::Bool;
        }
        let text =
            start.zip(end).and_then(|(start, end)| self.cursor.text().get(start.end as usize..end.start as usize));
        text.map_or(Type::Any, |text| self.type_of_text(text))
    }

    fn parameter_type(&self, of: &str, name: &str) -> Type {
        let Some(declared) = self.kindred(of) else { return Type::Any };
        let found = known::parameters(&declared.item).iter().find(|parameter| parameter.name.text == name);
        found.map_or(Type::Any, |parameter| self.type_of(&parameter.ty, 8))
    }

    /// What the parentheses of a frame are.
    fn parens(&self, index: usize) -> Parens {
        let open = self.cursor.frames.get(index).filter(|frame| frame.opener == Opener::Paren);
        let Some((frame, below)) = open.zip(index.checked_sub(1)) else { return Parens::Group };
        let tokens = self.cursor.piece(below);
        let all: Vec<&str> = tokens.iter().map(|token| self.cursor.outline.word(token)).collect();
        let words = all.strip_prefix(&["pub"]).unwrap_or(&all);
        let holds_items =
            self.cursor.frames.get(below).is_some_and(|below| matches!(below.opener, Opener::File | Opener::Brace));
        let last = words.last().copied().unwrap_or_default();
        if holds_items {
            match words {
                ["device" | "module", _] => return Parens::Parameters,
                ["device", .., "extends", name] => return Parens::Device((*name).to_owned()),
                ["node", .., ":", name] => return Parens::Device((*name).to_owned()),
                ["link" | "lag" | "wire", _, ..] => return Parens::End,
                _ => {}
            }
        }
        let name = tokens.last().filter(|token| token.kind == TokenKind::Name);
        let open = self.cursor.outline.tokens.get(frame.token);
        let is_glued = name.zip(open).is_some_and(|(name, open)| name.end == open.start);
        if is_glued { Parens::Call(last.to_owned()) } else { Parens::Group }
    }

    fn in_text(&self, index: usize) -> Option<Text> {
        let below = index.checked_sub(1)?;
        let tokens = self.cursor.piece(below);
        let words: Vec<&str> = tokens.iter().map(|token| self.cursor.outline.word(token)).collect();
        let frame = self.cursor.frames.get(below)?;
        if let Some((colon, base)) = tokens.split_last()
            && colon.kind == TokenKind::PortColon
        {
            return Some(Text::Port(self.thing_of_text(chain_text(self.cursor.text(), base))));
        }
        match frame.opener {
            Opener::Paren if words.is_empty() => match self.parens(below) {
                Parens::Call(name) => match name.as_str() {
                    "file" | "template" => Some(Text::Path { folder: false }),
                    "dir" => Some(Text::Path { folder: true }),
                    "tagged" => Some(Text::Tag),
                    "secret" => Some(Text::Secret),
                    _ => None,
                },
                _ => None,
            },
            Opener::Bracket => {
                let under = below.checked_sub(1)?;
                let before = self.cursor.piece(under);
                let open = self.cursor.outline.tokens.get(frame.token)?;
                let is_index = before.last().is_some_and(|last| {
                    last.end == open.start && matches!(last.kind, TokenKind::Name | TokenKind::CloseBracket)
                });
                if is_index {
                    let text = chain_text(self.cursor.text(), &before);
                    return Some(Text::Key(self.thing_of_text(text)));
                }
                (self.value_name(under) == "tags").then_some(Text::Tag)
            }
            Opener::File | Opener::Brace => match words.as_slice() {
                ["use"] | ["pub", "use"] => Some(Text::Use),
                [.., "tagged"] => Some(Text::Tag),
                ["tags", "=" | "+="] => Some(Text::Tag),
                ["was", "="] => Some(Text::Was),
                [] => match self.block(below) {
                    Block::Record(_, name) => Some(Text::RecordKey(name)),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    /// The device or module of a name.
    pub fn kindred(&self, name: &str) -> Option<known::Declared<'_>> {
        known::kindred(&self.cursor, &self.names, self.query.compilation, name)
    }

    /// The names that were declared as something.
    pub fn names_of(&self, word: Word) -> impl Iterator<Item = (&SmolStr, &known::Name)> {
        self.names.iter().filter(move |(_, name)| name.word == word)
    }
}

impl Place {
    fn only_if(self, condition: bool) -> Place {
        if condition { self } else { Place::Nothing }
    }
}

/// What parentheses are.
enum Parens {
    /// Of a device or module that is declared.
    Parameters,
    /// Of one that is used.
    Device(String),
    /// Of the end of a link.
    End,
    Call(String),
    Group,
}

fn use_place(words: &[&str]) -> Place {
    match words {
        ["use"] => Place::UseRoot,
        ["use", path @ .., "."] => {
            let names: Vec<String> = path.iter().filter(|word| **word != ".").map(|word| (*word).to_owned()).collect();
            if path.last().is_some_and(|word| word.ends_with('"')) { Place::Nothing } else { Place::UsePath(names) }
        }
        [.., "as"] => Place::Nothing,
        _ => Place::Words(&["as"]),
    }
}

/// The `=` of a declaration, behind which its type is complete.
fn assigned_by(words: &[&str]) -> Option<usize> {
    words.iter().position(|word| *word == "=")
}

/// A type, or what may follow it.
fn type_place(tokens: &[&Token], after: &'static [&'static str]) -> Place {
    use TokenKind::*;
    match tokens.last().map(|token| token.kind) {
        None | Some(Colon | Equal | OpenBracket) => Place::Type,
        Some(Name | Question | CloseBracket | CloseBrace) => Place::Words(after),
        _ => Place::Nothing,
    }
}

/// The type of an argument of a function.
fn argument_type(name: &str, index: usize, words: &[&str]) -> Type {
    let Some(function) = functions::find(name) else { return Type::Any };
    let parameters = function.parameters();
    let found = match words {
        [option, "=", ..] => parameters.iter().find(|parameter| parameter.name == *option),
        _ => parameters.iter().filter(|parameter| !parameter.option).nth(index),
    };
    found.map_or(Type::Any, |parameter| parameter.ty.clone())
}

/// What an element of a list of this type is.
fn element_type(ty: &Type) -> Type {
    match ty {
        Type::List(inner) => (**inner).clone(),
        Type::Optional(inner) => element_type(inner),
        Type::OneOf(types) => types.iter().map(element_type).find(|ty| *ty != Type::Any).unwrap_or(Type::Any),
        _ => Type::Any,
    }
}
