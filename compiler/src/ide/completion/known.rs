//! The names that mean something at the cursor.
//!
//! Those of the text come from its [outline](super::outline), so that they are as new as the text; those of other files
//! come from the last compilation.

use super::cursor::Cursor;
use super::outline::Item;
use crate::semantics::{Compilation, LIBRARY, Unit};
use crate::source::FileId;
use crate::syntax::ast::{self, ItemKind};
use crate::syntax::parse;
use crate::syntax::token::{Token, TokenKind};
use indexmap::IndexMap;
use smol_str::SmolStr;
use std::borrow::Cow;

/// What a name was declared as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Word {
    Node,
    Network,
    Link,
    Vlan,
    Vrf,
    Pool,
    Param,
    Let,
    Type,
    Device,
    Module,
    Attribute,
    /// Of a loop, or of the dimension of an array.
    Variable,
    /// A parameter of a device or module.
    Parameter,
    /// A NIC, machine or image of a device.
    Part,
}

impl Word {
    fn find(word: &str) -> Option<Word> {
        Some(match word {
            "node" => Word::Node,
            "network" => Word::Network,
            "link" | "lag" => Word::Link,
            "vlan" => Word::Vlan,
            "vrf" => Word::Vrf,
            "pool" => Word::Pool,
            "param" => Word::Param,
            "let" => Word::Let,
            "type" => Word::Type,
            "device" => Word::Device,
            "module" => Word::Module,
            "attribute" => Word::Attribute,
            "nic" | "vm" | "image" | "disk" | "media" => Word::Part,
            _ => return None,
        })
    }

    /// In the language's words.
    pub fn text(self) -> &'static str {
        match self {
            Word::Node => "node",
            Word::Network => "network",
            Word::Link => "link",
            Word::Vlan => "vlan",
            Word::Vrf => "vrf",
            Word::Pool => "pool",
            Word::Param => "param",
            Word::Let => "let",
            Word::Type => "type",
            Word::Device => "device",
            Word::Module => "module",
            Word::Attribute => "attribute",
            Word::Variable => "variable",
            Word::Parameter => "parameter",
            Word::Part => "part",
        }
    }
}

/// A name that means something here.
#[derive(Clone, Debug)]
pub struct Name {
    pub word: Word,
    /// How many scopes away it was declared: 0 is the innermost.
    pub distance: u8,
    /// An array, that is picked from by `[…]`.
    pub is_array: bool,
    /// The item of the text that declares it, or binds it; none if it comes from another file.
    pub item: Option<usize>,
}

/// The names that mean something at the cursor, the innermost first.
pub type Names = IndexMap<SmolStr, Name>;

/// Collects them.
pub fn names(cursor: &Cursor<'_>, compilation: Option<&Compilation>) -> Names {
    let mut names = Names::new();
    let around = cursor.around();
    let owners = owners(cursor);
    comprehension_variables(cursor, &mut names);
    let mut distance = 0u8;
    for item in around.iter().copied().map(Some).chain([None]) {
        bound_by(cursor, item, distance, &mut names);
        let is_owner = item.is_none_or(|item| !is_transparent(cursor, item));
        declared_in(cursor, &owners, item, is_owner, distance, &mut names);
        distance = distance.saturating_add(1);
    }
    let in_device = around
        .iter()
        .filter_map(|item| cursor.outline.items.get(*item))
        .any(|item| cursor.outline.head(item).0 == "device");
    if in_device {
        // A parameter of every device.
        names.entry("version".into()).or_insert(Name {
            word: Word::Parameter,
            distance: 1,
            is_array: false,
            item: None,
        });
    }
    if let Some(unit) = compilation.and_then(|compilation| compilation.units.first()) {
        for (name, import) in &unit.imports {
            let found = compilation.and_then(|compilation| compilation.find(import.unit, &import.name));
            if let Some(word) = found.and_then(|(_, item)| word_of(&item.kind)) {
                names.entry(name.clone()).or_insert(Name { word, distance, is_array: false, item: None });
            }
        }
    }
    names
}

/// What an importable item is.
pub fn word_of(kind: &ItemKind) -> Option<Word> {
    Some(match kind {
        ItemKind::Device(_) => Word::Device,
        ItemKind::Module(_) => Word::Module,
        ItemKind::Type(_) => Word::Type,
        ItemKind::Let(_) => Word::Let,
        ItemKind::Pool(_) => Word::Pool,
        ItemKind::AttributeDecl(_) => Word::Attribute,
        _ => return None,
    })
}

/// Does what is declared in its block belong to the scope around it?
fn is_transparent(cursor: &Cursor<'_>, item: usize) -> bool {
    let item = cursor.outline.items.get(item);
    item.is_some_and(|item| matches!(cursor.outline.head(item).0, "for" | "if"))
}

/// By item: the one whose scope its name belongs to. `for` and `if` have none of their own for nodes and the like.
fn owners(cursor: &Cursor<'_>) -> Vec<Option<usize>> {
    let mut owners: Vec<Option<usize>> = Vec::with_capacity(cursor.outline.items.len());
    for item in &cursor.outline.items {
        let owner = match item.parent {
            Some(parent) if is_transparent(cursor, parent) => owners.get(parent).copied().flatten(),
            parent => parent,
        };
        owners.push(owner);
    }
    owners
}

fn declared_in(
    cursor: &Cursor<'_>,
    owners: &[Option<usize>],
    owner: Option<usize>,
    is_owner: bool,
    distance: u8,
    names: &mut Names,
) {
    for (index, (item, of)) in cursor.outline.items.iter().zip(owners).enumerate() {
        let is_here = item.in_block && (item.parent == owner || is_owner && *of == owner);
        if !is_here {
            continue;
        }
        let (head, name) = cursor.outline.head(item);
        let Some((word, name)) = Word::find(head).zip(name) else { continue };
        // A constant in a block is known only in it.
        let is_local = matches!(word, Word::Let) && item.parent != owner;
        // `link a:` may be the begin of its first end.
        let is_written = word == Word::Link && cursor.around().first() == Some(&index);
        if name.kind != TokenKind::Name || is_local || is_written {
            continue;
        }
        let after: Vec<&Token> = cursor
            .outline
            .significant(item.tokens.clone())
            .skip_while(|token| token.start <= name.start)
            .take(MOST_DIMS)
            .collect();
        let is_array =
            after.first().is_some_and(|token| token.kind == TokenKind::OpenBracket && token.start == name.end);
        let colon = if is_array { behind_bracket(&after) } else { after.first().copied() };
        if word == Word::Link && colon.is_none_or(|token| token.kind != TokenKind::Colon) {
            continue;
        }
        let text = SmolStr::new(cursor.outline.word(name));
        names.entry(text).or_insert(Name { word, distance, is_array, item: Some(index) });
    }
}

/// So many tokens of the dimensions of a name are looked at.
const MOST_DIMS: usize = 64;

/// What follows the bracket that these tokens begin with.
fn behind_bracket<'a>(tokens: &[&'a Token]) -> Option<&'a Token> {
    let mut depth = 0usize;
    let close = tokens.iter().position(|token| {
        match token.kind {
            TokenKind::OpenBracket => depth += 1,
            TokenKind::CloseBracket => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })?;
    tokens.get(close + 1).copied()
}

/// The device or module that a node of the text is, told from its tokens.
pub fn device_of(cursor: &Cursor<'_>, item: usize) -> Option<SmolStr> {
    let item = cursor.outline.items.get(item)?;
    let mut depth = 0usize;
    let mut tokens = header(cursor, item).skip_while(|token| {
        match token.kind {
            TokenKind::OpenBracket => depth += 1,
            TokenKind::CloseBracket => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > 0 || !matches!(token.kind, TokenKind::Colon | TokenKind::PortColon)
    });
    tokens.next()?;
    let path = tokens.take_while(|token| matches!(token.kind, TokenKind::Name | TokenKind::Dot));
    path.filter(|token| token.kind == TokenKind::Name).last().map(|name| SmolStr::new(cursor.outline.word(name)))
}

/// The names that the head of an item binds for what is in it.
fn bound_by(cursor: &Cursor<'_>, item: Option<usize>, distance: u8, names: &mut Names) {
    let Some((index, item)) = item.and_then(|index| Some((index, cursor.outline.items.get(index)?))) else { return };
    let head = cursor.outline.head(item).0;
    let mut add = |name: &Token, word: Word| {
        let text = SmolStr::new(cursor.outline.word(name));
        names.entry(text).or_insert(Name { word, distance, is_array: false, item: Some(index) });
    };
    let tokens: Vec<&Token> = header(cursor, item).collect();
    match head {
        "for" | "node" | "interface" | "network" | "link" | "lag" | "vm" | "nic" => {
            for pair in tokens.windows(2) {
                if let [name, next] = pair
                    && name.kind == TokenKind::Name
                    && next.kind == TokenKind::In
                {
                    add(name, Word::Variable);
                }
            }
        }
        "device" | "module" => {
            let mut depth = 0;
            let mut previous = TokenKind::Name;
            for pair in tokens.windows(2) {
                let [name, next] = pair else { continue };
                match name.kind {
                    TokenKind::OpenParen | TokenKind::OpenBracket | TokenKind::OpenBrace => depth += 1,
                    TokenKind::CloseParen | TokenKind::CloseBracket | TokenKind::CloseBrace => depth -= 1,
                    TokenKind::Name
                        if depth == 1
                            && next.kind == TokenKind::Colon
                            && matches!(previous, TokenKind::OpenParen | TokenKind::Comma) =>
                    {
                        add(name, Word::Parameter);
                    }
                    _ => {}
                }
                previous = name.kind;
            }
        }
        _ => {}
    }
}

/// The tokens of an item before the block at its end.
fn header<'a>(cursor: &Cursor<'a>, item: &Item) -> impl Iterator<Item = &'a Token> {
    let mut depth = 0usize;
    cursor.outline.significant(item.tokens.clone()).take_while(move |token| {
        match token.kind {
            TokenKind::OpenBrace if depth == 0 => return false,
            TokenKind::OpenParen | TokenKind::OpenBracket | TokenKind::OpenBrace => depth += 1,
            TokenKind::CloseParen | TokenKind::CloseBracket | TokenKind::CloseBrace => depth = depth.saturating_sub(1),
            _ => {}
        }
        true
    })
}

/// `x` in `[x.name for x in list]`, also where the cursor is before it.
fn comprehension_variables(cursor: &Cursor<'_>, names: &mut Names) {
    let Some(index) = cursor.around().first().copied() else { return };
    let Some(item) = cursor.outline.items.get(index) else { return };
    let tokens: Vec<&Token> = cursor.outline.significant(item.tokens.clone()).collect();
    for three in tokens.windows(3) {
        if let [word, name, next] = three
            && (word.kind, name.kind, next.kind) == (TokenKind::For, TokenKind::Name, TokenKind::In)
        {
            let text = SmolStr::new(cursor.outline.word(name));
            names.entry(text).or_insert(Name { word: Word::Variable, distance: 0, is_array: false, item: Some(index) });
        }
    }
}

/// A declaration: of this text, or of another file.
#[derive(Debug)]
pub struct Declared<'a> {
    /// The tree.
    pub item: Cow<'a, ast::Item>,
    /// The text that its spans are in.
    pub text: &'a str,
}

/// The tree of an item of the text. Blocks of nodes and the like are left out: they may be long.
pub fn tree<'a>(cursor: &Cursor<'a>, item: usize, whole: bool) -> Option<Declared<'a>> {
    let item = cursor.outline.items.get(item)?;
    let source = cursor.outline.source(item);
    let head = cursor.outline.head(item).0;
    let has_block =
        matches!(head, "for" | "node" | "module" | "device" | "network" | "link" | "lag" | "interface" | "if");
    let parsed = if has_block && !whole {
        let end = header(cursor, item).last().map_or(0, |token| token.end) as usize;
        let start = cursor.outline.tokens.get(item.tokens.start).map_or(0, |token| token.start) as usize;
        let header = source.get(..end.saturating_sub(start)).unwrap_or_default();
        parse(FileId(0), &format!("{header} {{}}"))
    } else {
        parse(FileId(0), source)
    };
    let item = parsed.tree.items.into_iter().next()?;
    Some(Declared { item: Cow::Owned(item), text: source })
}

/// The device or module of a name: of the text, imported, or of the library.
pub fn kindred<'a>(
    cursor: &Cursor<'a>,
    names: &Names,
    compilation: Option<&'a Compilation>,
    name: &str,
) -> Option<Declared<'a>> {
    if let Some(Name { word: Word::Device | Word::Module, item: Some(item), .. }) = names.get(name) {
        return tree(cursor, *item, true);
    }
    if let Some((unit, item)) = compilation.and_then(|compilation| compilation.find(0, name)) {
        let unit = compilation?.units.get(unit)?;
        let text = &compilation?.sources.get(unit.file)?.text;
        return Some(Declared { item: Cow::Borrowed(item), text });
    }
    let text = crate::semantics::library::device_file(name).and_then(crate::semantics::library::file)?;
    let item = parse(FileId(0), text).tree.items.into_iter().find(|item| match &item.kind {
        ItemKind::Device(device) => device.name.text == name,
        _ => false,
    });
    Some(Declared { item: Cow::Owned(item?), text })
}

/// The files of a compilation that are no part of the library.
pub fn own_units(compilation: Option<&Compilation>) -> impl Iterator<Item = &Unit> {
    compilation.into_iter().flat_map(|compilation| &compilation.units).filter(|unit| unit.root != LIBRARY)
}

/// The parameters of a device or module.
pub fn parameters(item: &ast::Item) -> &[ast::Parameter] {
    match &item.kind {
        ItemKind::Device(device) => &device.parameters,
        ItemKind::Module(module) => &module.parameters,
        _ => &[],
    }
}
