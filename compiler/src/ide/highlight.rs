//! What each piece of a text is, for its colour.
//!
//! Tokens say most of it. The tree says which words are keywords where they stand, and the index of names what the
//! others mean.

use super::View;
use super::names::{Builtin, Meaning, Role, SymbolKind};
use crate::semantics::LIBRARY;
use crate::source::{FileId, Span};
use crate::syntax::Parse;
use crate::syntax::ast::*;
use crate::syntax::token::{Token, TokenKind};
use crate::syntax::walk::{Element, walk};

/// A piece of text that has a colour. Pieces do not overlap; one that spans several lines is a comment or a string.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Highlight {
    /// Where.
    pub span: Span,
    /// What it is.
    pub kind: HighlightKind,
    /// Is it a name where it is declared?
    pub declares: bool,
    /// Is it a name of the language, or of its library?
    pub is_of_language: bool,
}

/// What a piece of text is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum HighlightKind {
    /// `// …`
    Comment,
    /// `/// …`, `//! …`
    Documentation,
    /// A word of the language in its place, and `true`, `null`, `self`.
    Keyword,
    /// A piece of a string.
    Text,
    /// `\n`
    Escape,
    /// `12`, and the digits of `4GiB`.
    Number,
    /// `GiB`
    Unit,
    /// `10.0.0.0/16`, `fe80::1`, `52:54:00:aa:bb:01`
    Address,
    /// `<->`, `+`, `=`, and `${` with its `}`.
    Operator,
    /// The name of an interface behind a node.
    Port,
    /// A name of the lab, of a package or of the library.
    Symbol(SymbolKind),
    /// An attribute of the language, or what a thing tells of itself.
    Attribute,
    /// A word that an attribute takes: `nat`.
    Word,
    /// A function.
    Function,
    /// A type of the language.
    Type,
}

/// The pieces of a file that have a colour, in order.
pub fn highlights(view: View, file: FileId) -> Vec<Highlight> {
    let Some(unit) = view.compilation.units.iter().find(|unit| unit.file == file) else { return Vec::new() };
    let Some(source) = view.compilation.sources.get(file) else { return Vec::new() };
    let mut marks = keywords(&source.text, &unit.parse);
    marks.extend(names(view, file));
    // Of two at one place, the longer one holds the other.
    marks.sort_by_key(|mark| (mark.span.start, std::cmp::Reverse(mark.span.end)));
    merge(&source.text, &unit.parse.tokens, &marks, file)
}

/// What the names of a file mean.
fn names(view: View, file: FileId) -> impl Iterator<Item = Highlight> {
    view.names.in_file(file).iter().filter_map(move |occurrence| {
        let units = &view.compilation.units;
        let is_of_library = |file| units.iter().any(|unit| unit.file == file && unit.root == LIBRARY);
        let mut is_of_language = true;
        let kind = match occurrence.meaning {
            Meaning::Symbol(id) => {
                let symbol = view.names.symbol(id)?;
                is_of_language = symbol.name_span.file != file && is_of_library(symbol.name_span.file);
                HighlightKind::Symbol(symbol.kind)
            }
            Meaning::Builtin(Builtin::Function(_)) => HighlightKind::Function,
            Meaning::Builtin(Builtin::Type(_)) => HighlightKind::Type,
            Meaning::Builtin(Builtin::Unit(_)) => HighlightKind::Unit,
            Meaning::Builtin(Builtin::Word(..)) => HighlightKind::Word,
            Meaning::Builtin(_) => HighlightKind::Attribute,
        };
        let declares = matches!(occurrence.role, Role::Declaration | Role::Rename);
        (occurrence.role != Role::This).then_some(Highlight { span: occurrence.span, kind, declares, is_of_language })
    })
}

/// The tokens with what is known of those that are names.
fn merge(text: &str, tokens: &[Token], marks: &[Highlight], file: FileId) -> Vec<Highlight> {
    let mut all: Vec<Highlight> = Vec::with_capacity(tokens.len() / 2);
    let mut marks = marks.iter().peekable();
    let mut port = Port::None;
    for token in tokens.iter().filter(|token| !token.is_missing()) {
        while marks.next_if(|mark| mark.span.start < token.start).is_some() {}
        port = port.after(token.kind);
        let kind = match token.kind {
            TokenKind::Name => {
                let exact = |mark: &&Highlight| (mark.span.start, mark.span.end) == (token.start, token.end);
                let known = std::iter::from_fn(|| marks.next_if(|mark| mark.span.start == token.start));
                all.extend(known.filter(|mark| exact(mark)).last());
                continue;
            }
            TokenKind::Quantity => {
                let written = text.get(token.range()).unwrap_or_default();
                let digits = written.trim_end_matches(|char: char| char.is_ascii_alphabetic() || char == '%').len();
                let middle = token.start as usize + digits;
                all.push(plain(Span::new(file, token.start as usize, middle), HighlightKind::Number));
                all.push(plain(Span::new(file, middle, token.end as usize), HighlightKind::Unit));
                continue;
            }
            kind => match of_token(kind) {
                Some(HighlightKind::Text) if port == Port::Quoted => HighlightKind::Port,
                Some(kind) => kind,
                None => continue,
            },
        };
        let span = Span::new(file, token.start as usize, token.end as usize);
        match all.last_mut() {
            Some(last) if last.kind == kind && kind == HighlightKind::Text && last.span.end == span.start => {
                last.span.end = span.end;
            }
            _ => all.push(plain(span, kind)),
        }
    }
    all
}

/// Is a string the name of an interface?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Port {
    None,
    /// Its colon was just read.
    Colon,
    /// In its quotes.
    Quoted,
}

impl Port {
    fn after(self, token: TokenKind) -> Port {
        match (self, token) {
            (_, TokenKind::PortColon) => Port::Colon,
            (Port::Colon, TokenKind::StringOpen(_)) => Port::Quoted,
            (Port::Quoted, TokenKind::StringText | TokenKind::StringEscape | TokenKind::StringClose) => Port::Quoted,
            _ => Port::None,
        }
    }
}

/// What a token is by itself.
fn of_token(kind: TokenKind) -> Option<HighlightKind> {
    use TokenKind::*;
    Some(match kind {
        Comment => HighlightKind::Comment,
        Doc | FileDoc => HighlightKind::Documentation,
        True | False | Null | And | Or | Not | In | If | Then | Else | For | From | Where | SelfWord => {
            HighlightKind::Keyword
        }
        Int => HighlightKind::Number,
        Address | AddressPart => HighlightKind::Address,
        StringOpen(_) | StringText | StringClose => HighlightKind::Text,
        StringEscape => HighlightKind::Escape,
        PortText => HighlightKind::Port,
        HoleOpen | HoleClose | Wire | DotDot | EqualEqual | NotEqual | LessEqual | GreaterEqual | PlusEqual
        | QuestionQuestion | Equal | Less | Greater | Plus | Minus | Star | Slash | Percent | Question => {
            HighlightKind::Operator
        }
        _ => return None,
    })
}

/// The words that are keywords only in their places.
fn keywords(text: &str, parse: &Parse) -> Vec<Highlight> {
    let mut words = Words { text, tokens: &parse.tokens, found: Vec::new() };
    walk(&parse.tree.items, &mut |element| words.element(element));
    words.found
}

struct Words<'a> {
    text: &'a str,
    tokens: &'a [Token],
    found: Vec<Highlight>,
}

impl Words<'_> {
    fn element(&mut self, element: Element) {
        match element {
            Element::Item(item) => self.item(item),
            Element::End(end) => self.found.extend(end.each.map(keyword)),
            Element::Expr(Expr { kind: ExprKind::From(from), .. }) => {
                if let Some(at) = &from.at {
                    self.between(Element::Expr(&from.pool).span(), at.span, "at");
                }
            }
            Element::Type(ty) => match ty.kind {
                TypeKind::Map(_) => self.first(ty.span),
                TypeKind::Enum(_) => self.first(ty.span),
                _ => {}
            },
            Element::Block(_) | Element::Expr(_) | Element::Parameter(_) => {}
        }
    }

    fn item(&mut self, item: &Item) {
        use ItemKind::*;
        self.found.extend(item.public.map(keyword));
        let rest = item.public.map_or(item.span, |public| Span { start: public.end, ..item.span });
        match &item.kind {
            Attribute(_) | Group(_) | Broken => return,
            Use(used) => {
                if let UseRoot::Path(path) = &used.root {
                    let folders = path.names.len() - usize::from(used.names.is_none() && !path.names.is_empty());
                    let namespace = HighlightKind::Symbol(SymbolKind::File);
                    self.found.extend(path.names.iter().take(folders).map(|name| plain(name.span, namespace)));
                }
                let names = used.names.iter().flatten();
                let renames = names.filter_map(|name| Some((name.name.span, name.rename.as_ref()?.span)));
                for (before, after) in renames.chain(used.rename.as_ref().map(|name| (rest.at_start(), name.span))) {
                    self.between(before, after, "as");
                }
            }
            Pool(pool) => {
                for part in &pool.parts {
                    if let Some((_, length)) = part.per {
                        self.between(Element::Expr(&part.from).span(), length, "per");
                    }
                }
            }
            Device(device) => {
                if let Some((base, _)) = &device.base {
                    let parameters = device.parameters.last().map(|last| Element::Parameter(last).span());
                    self.between(parameters.unwrap_or(device.name.span), base.span, "extends");
                }
            }
            Defaults(defaults) => {
                if let Some(tag) = &defaults.tag {
                    self.between(defaults.of.span, tag.span, "tagged");
                }
            }
            AttributeDecl(declared) => {
                if let Some(on) = &declared.on {
                    self.between(declared.ty.span, on.span, "on");
                }
            }
            _ => {}
        }
        self.first(rest);
    }

    /// The first token of a span is a keyword, if it is a word.
    fn first(&mut self, span: Span) {
        let at = self.tokens.partition_point(|token| token.start < span.start);
        let mut rest = self.tokens.get(at..).unwrap_or_default().iter();
        if let Some(token) = rest.find(|token| !token.kind.is_trivia())
            && token.kind == TokenKind::Name
        {
            self.found.push(keyword(Span { start: token.start, end: token.end, ..span }));
        }
    }

    /// The last such word between two places is a keyword.
    fn between(&mut self, before: Span, after: Span, word: &str) {
        let at = self.tokens.partition_point(|token| token.start < after.start);
        let back = self.tokens.get(..at).unwrap_or_default().iter().rev();
        let mut back = back.take_while(|token| token.start >= before.start);
        let is_word = |token: &&Token| token.kind == TokenKind::Name && self.text.get(token.range()) == Some(word);
        if let Some(token) = back.find(is_word) {
            self.found.push(keyword(Span { start: token.start, end: token.end, ..after }));
        }
    }
}

fn keyword(span: Span) -> Highlight {
    plain(span, HighlightKind::Keyword)
}

fn plain(span: Span, kind: HighlightKind) -> Highlight {
    Highlight { span, kind, declares: false, is_of_language: false }
}
