//! What the grammar's actions read and fill: the tables of the structure, and the units that are already parsed.

use super::{Tokens, mistakes};
use crate::source::Span;
use crate::syntax::ast::{
    Block, Expr, ExprKind, Item, ItemKind, Key, KeyKind, Name, Parameter, StringText, TextPart, UseName,
};
use crate::syntax::lexeme::{Kind, Lexeme};
use crate::syntax::report::Reports;
use crate::syntax::structure::{Structure, Unit};
use crate::syntax::text::Part;
use crate::syntax::token::TokenKind;
use chumsky::input::{Checkpoint, Cursor};
use chumsky::inspector::Inspector;
use chumsky::span::SimpleSpan;
use smol_str::SmolStr;

/// The state of the parser of one file.
pub struct State<'src> {
    /// The file.
    pub text: &'src str,
    /// Its tables.
    pub structure: &'src Structure,
    /// The lexemes that are being parsed.
    pub lexemes: &'src [Lexeme],
    /// What came of each unit; each is used once.
    pub parsed: Vec<Parsed>,
    /// Where diagnostics go.
    pub reports: Reports,
}

/// What came of a unit.
#[derive(Debug)]
pub enum Parsed {
    /// Nothing yet, or used.
    None,
    /// Of a block.
    Items(Vec<Item>),
    /// Of a record type.
    Fields(Vec<Parameter>),
    /// Of the braces of a `use` or (without renaming) an `enum`.
    Names(Vec<UseName>),
    /// Of a hole.
    Hole(Expr),
}

impl<'src> Inspector<'src, Tokens<'src>> for State<'src> {
    type Checkpoint = ();
    fn on_token(&mut self, _: &Lexeme) {}
    fn on_save<'parse>(&self, _: &Cursor<'src, 'parse, Tokens<'src>>) {}
    fn on_rewind<'parse>(&mut self, _: &Checkpoint<'src, 'parse, Tokens<'src>, ()>) {}
}

impl<'src> State<'src> {
    /// The bytes of a run of lexemes.
    pub fn span(&self, range: SimpleSpan<usize>) -> Span {
        let first = self.lexemes.get(range.start).or(self.lexemes.last());
        let last = range.end.checked_sub(1).and_then(|last| self.lexemes.get(last)).filter(|_| range.end > range.start);
        let start = first.map_or(0, |first| first.start);
        self.reports.span(start, last.map_or(start, |last| last.end))
    }

    /// The bytes of a lexeme.
    pub fn at(&self, lexeme: Lexeme) -> Span {
        self.reports.span(lexeme.start, lexeme.end)
    }

    /// The characters of a lexeme.
    pub fn slice(&self, lexeme: Lexeme) -> &'src str {
        self.text.get(lexeme.start as usize..lexeme.end as usize).unwrap_or_default()
    }

    /// A name; a missing one is empty.
    pub fn name(&self, lexeme: Lexeme) -> Name {
        let text = if lexeme.kind == Kind::Missing { "" } else { self.slice(lexeme) };
        Name { text: SmolStr::new(text), span: self.at(lexeme) }
    }

    /// A name or a string, as a key.
    pub fn key(&mut self, lexeme: Lexeme) -> Key {
        let span = self.at(lexeme);
        let kind = match lexeme.kind {
            Kind::Text(text) => KeyKind::String(self.parts(text)),
            _ => KeyKind::Name(self.name(lexeme).text),
        };
        Key { kind, span }
    }

    /// A string; one that is missing is a hole.
    pub fn string(&mut self, lexeme: Lexeme) -> StringText {
        let span = self.at(lexeme);
        let parts = match lexeme.kind {
            Kind::Text(text) => self.parts(text),
            _ => vec![TextPart::Hole(Expr { kind: ExprKind::Hole, span })],
        };
        StringText { parts, span }
    }

    /// The parts of a text with its holes.
    pub fn parts(&mut self, text: u32) -> Vec<TextPart> {
        let structure: &'src Structure = self.structure;
        let parts = structure.texts.get(text as usize).map(Vec::as_slice).unwrap_or_default();
        let part = |part: &Part| match part {
            Part::Literal(text) => TextPart::Literal(text.clone()),
            Part::Hole(unit) => TextPart::Hole(self.hole(*unit)),
        };
        parts.iter().map(part).collect()
    }

    fn hole(&mut self, unit: u32) -> Expr {
        match self.take(unit) {
            Parsed::Hole(expr) => expr,
            _ => Expr { kind: ExprKind::Hole, span: self.unit_span(unit) },
        }
    }

    fn take(&mut self, unit: u32) -> Parsed {
        self.parsed.get_mut(unit as usize).map_or(Parsed::None, |parsed| std::mem::replace(parsed, Parsed::None))
    }

    fn take_block(&mut self, lexeme: Lexeme) -> Parsed {
        match lexeme.kind {
            Kind::Block(unit) => self.take(unit),
            _ => Parsed::None,
        }
    }

    fn unit_span(&self, unit: u32) -> Span {
        match self.structure.units.get(unit as usize) {
            Some(Unit::Block { span, .. } | Unit::Hole { span, .. }) => *span,
            None => Span::default(),
        }
    }

    /// A block of items.
    pub fn block(&mut self, lexeme: Lexeme) -> Block {
        let span = self.at(lexeme);
        match self.take_block(lexeme) {
            Parsed::Items(items) => Block { span, items },
            _ => Block { span, items: Vec::new() },
        }
    }

    /// A block of attributes only: a record.
    pub fn record(&mut self, lexeme: Lexeme) -> Block {
        let block = self.block(lexeme);
        let mut only = Vec::with_capacity(block.items.len());
        for item in block.items {
            if matches!(item.kind, ItemKind::Attribute(_) | ItemKind::Group(_) | ItemKind::Broken) {
                only.push(item);
            } else {
                self.reports.push(mistakes::only_attributes(item.span));
            }
        }
        Block { span: block.span, items: only }
    }

    /// The fields of a record type.
    pub fn fields(&mut self, lexeme: Lexeme) -> Vec<Parameter> {
        match self.take_block(lexeme) {
            Parsed::Fields(fields) => fields,
            _ => Vec::new(),
        }
    }

    /// The names in the braces of a `use` or `enum`.
    pub fn names(&mut self, lexeme: Lexeme) -> Vec<UseName> {
        match self.take_block(lexeme) {
            Parsed::Names(names) => names,
            _ => Vec::new(),
        }
    }

    /// A name as a value, unless it is `True` or the like.
    fn named_value(&mut self, lexeme: Lexeme) -> ExprKind {
        let written = self.slice(lexeme);
        let (meant, kind) = match written {
            "True" | "TRUE" => ("true", ExprKind::Bool(true)),
            "False" | "FALSE" => ("false", ExprKind::Bool(false)),
            "None" | "nil" | "Null" | "NULL" => ("null", ExprKind::Null),
            _ => return ExprKind::Name(SmolStr::new(written)),
        };
        self.reports.push(mistakes::foreign_word(self.at(lexeme), written, meant));
        kind
    }

    /// A value that is one lexeme.
    pub fn atom(&mut self, lexeme: Lexeme) -> Expr {
        let kind = match lexeme.kind {
            Kind::Literal(literal) => self.structure.literals.get(literal as usize).cloned().unwrap_or(ExprKind::Hole),
            Kind::Text(text) => ExprKind::String(self.parts(text)),
            Kind::Address(text) => ExprKind::AddressText(self.parts(text)),
            Kind::Block(_) => ExprKind::Record(self.record(lexeme)),
            Kind::Plain(TokenKind::Null) => ExprKind::Null,
            Kind::Plain(TokenKind::True) => ExprKind::Bool(true),
            Kind::Plain(TokenKind::False) => ExprKind::Bool(false),
            Kind::Plain(TokenKind::SelfWord) => ExprKind::SelfNode,
            Kind::Plain(TokenKind::Name) => self.named_value(lexeme),
            Kind::Word(_) => ExprKind::Name(SmolStr::new(self.slice(lexeme))),
            _ => ExprKind::Hole,
        };
        Expr { kind, span: self.at(lexeme) }
    }
}
