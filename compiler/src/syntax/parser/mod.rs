//! From lexemes to the tree: chumsky rules, one item at a time.
//!
//! [`items::grammar`] builds all rules once a file. Units (brace groups and `${…}`) come inner before outer
//! from [`structure`](super::structure), so each is parsed where it stands in that list, and the rule around it takes
//! what came of it. An item that holds units is checked before anything is built, so that nothing is taken in vain.
//!
//! An item that does not fit is mended by [`repair`] and tried again: one mistake is one diagnostic, and the rest of
//! the item still counts. What cannot be mended is [`ItemKind::Broken`].

mod classify;
mod ends;
mod expressions;
mod failure;
mod items;
mod mistakes;
mod repair;
mod state;
#[cfg(test)]
mod tests;
mod types;

use super::ast::{Block, Doc, Expr, ExprKind, File, Item, ItemKind, Name, Parameter, StringText, UseName};
use super::lexeme::{Kind, Lexeme, Word};
use super::report::Reports;
use super::structure::{BlockKind, RawItem, Structure, Unit, doc_text};
use super::token::TokenKind;
use crate::source::Span;
use chumsky::Parser as _;
use chumsky::input::MapExtra;
use chumsky::prelude::{Boxed, any, extra, just};
use classify::{Form, classify};
use failure::{Expected, Failure};
use items::{Grammar, grammar};
use state::{Parsed, State};
use std::cell::{Cell, OnceCell};

/// What the rules read.
type Tokens<'src> = &'src [Lexeme];
type Extra<'src> = extra::Full<Failure, State<'src>, ()>;
type Rule<'src, O> = Boxed<'src, 'src, Tokens<'src>, O, Extra<'src>>;

/// What an action is given: the span of what was read, and the state.
type Action<'src, 'b> = MapExtra<'src, 'b, Tokens<'src>, Extra<'src>>;

/// An item is mended so often before it is given up.
const MOST_REPAIRS: usize = 8;

/// Parses the items of a file.
pub fn file(text: &str, structure: &Structure, reports: Reports) -> (File, Reports) {
    let mended = Mended::new();
    let mut parser = Parser::new(text, structure, reports, &mended);
    parser.units();
    let items = parser.items(structure.root.clone());
    if let Some(span) = parser.state.reports.unsaid() {
        parser.state.reports.push(mistakes::not_read(span));
    }
    let doc = structure.doc.clone();
    (File { doc, items }, parser.state.reports)
}

/// Parses a single expression: the lexemes of the first item.
pub fn expression(text: &str, structure: &Structure, reports: Reports) -> (Expr, Reports) {
    let mended = Mended::new();
    let mut parser = Parser::new(text, structure, reports, &mended);
    parser.units();
    let mut items = structure.items.get(structure.root.clone()).unwrap_or_default().iter();
    let expr = match items.next() {
        Some(item) => parser.expression(item),
        None => {
            let span = parser.state.reports.span(0, 0);
            parser.state.reports.push(mistakes::no_value(span));
            Expr { kind: ExprKind::Hole, span }
        }
    };
    if let Some(next) =
        items.next().filter(|item| !item.quiet).and_then(|item| structure.lexemes.get(item.lexemes.start))
    {
        let span = parser.state.at(*next);
        parser.state.reports.push(mistakes::second_value(span));
    }
    (expr, parser.state.reports)
}

/// Lexemes of mended items; they live as long as those of the file, so that the same rules can read them.
struct Mended {
    slots: Vec<OnceCell<Vec<Lexeme>>>,
    used: Cell<usize>,
    room: Cell<usize>,
}

/// So many lexemes of mended items are kept.
const MOST_MENDED: usize = 4_000_000;

impl Mended {
    fn new() -> Mended {
        let most = (super::report::MOST_ERRORS + 1) * MOST_REPAIRS;
        Mended { slots: vec![OnceCell::new(); most], used: Cell::new(0), room: Cell::new(MOST_MENDED) }
    }

    /// Keeps them, if there is room.
    fn keep(&self, lexemes: Vec<Lexeme>) -> Option<&[Lexeme]> {
        let slot = self.slots.get(self.used.get())?;
        self.room.set(self.room.get().checked_sub(lexemes.len())?);
        self.used.set(self.used.get() + 1);
        Some(slot.get_or_init(|| lexemes))
    }
}

struct Parser<'src> {
    grammar: Grammar<'src>,
    state: State<'src>,
    structure: &'src Structure,
    mended: &'src Mended,
    /// What is left of an item that turned out to be two.
    next_item: Option<&'src [Lexeme]>,
}

impl<'src> Parser<'src> {
    fn new(text: &'src str, structure: &'src Structure, reports: Reports, mended: &'src Mended) -> Parser<'src> {
        let parsed = std::iter::repeat_with(|| Parsed::None).take(structure.units.len()).collect();
        let state = State { text, structure, lexemes: &[], parsed, reports };
        Parser { grammar: grammar(), state, structure, mended, next_item: None }
    }

    /// Parses all units, inner before outer.
    fn units(&mut self) {
        for (index, unit) in self.structure.units.iter().enumerate() {
            let parsed = match unit {
                Unit::Hole { item, span } => Parsed::Hole(self.hole(item, *span)),
                Unit::Block { items, kind, .. } => self.block(items.clone(), *kind),
            };
            if let Some(slot) = self.state.parsed.get_mut(index) {
                *slot = parsed;
            }
        }
    }

    fn block(&mut self, items: std::ops::Range<usize>, kind: BlockKind) -> Parsed {
        let raw = self.structure.items.get(items.clone()).unwrap_or_default();
        match kind {
            BlockKind::Items => Parsed::Items(self.items(items)),
            BlockKind::Fields => Parsed::Fields(raw.iter().filter_map(|item| self.field(item)).collect()),
            BlockKind::Names => {
                let rule = self.grammar.member.clone();
                Parsed::Names(raw.iter().filter_map(|item| self.entry(item, &rule, "enum")).collect())
            }
            BlockKind::Uses => {
                let rule = self.grammar.use_name.clone();
                Parsed::Names(raw.iter().filter_map(|item| self.entry(item, &rule, "use name")).collect())
            }
        }
    }

    fn lexemes(&self, item: &RawItem) -> &'src [Lexeme] {
        self.structure.lexemes.get(item.lexemes.clone()).unwrap_or_default()
    }

    fn hole(&mut self, item: &RawItem, span: Span) -> Expr {
        if item.lexemes.is_empty() {
            if !item.quiet {
                self.state.reports.push(mistakes::empty_hole(span));
            }
            return Expr { kind: ExprKind::Hole, span };
        }
        self.expression(item)
    }

    fn expression(&mut self, item: &RawItem) -> Expr {
        let rule = self.grammar.expr.clone();
        let lexemes = self.lexemes(item);
        let span = self.whole(lexemes);
        let expr = if item.too_deep { None } else { self.complete(&rule, "", span.start, lexemes, item.quiet) };
        expr.unwrap_or(Expr { kind: ExprKind::Hole, span })
    }

    /// `name: type = default` in a record type.
    fn field(&mut self, item: &RawItem) -> Option<Parameter> {
        let rule = self.grammar.field.clone();
        let (doc, lexemes) = self.documentation(item);
        let parameter = self.complete(&rule, "field", self.start(lexemes), lexemes, item.quiet || item.too_deep)?;
        Some(Parameter { doc, ..parameter })
    }

    /// A name in the braces of a `use` or `enum`.
    fn entry(&mut self, item: &RawItem, rule: &Rule<'src, UseName>, of: &'static str) -> Option<UseName> {
        let (_, lexemes) = self.documentation(item);
        self.complete(rule, of, self.start(lexemes), lexemes, item.quiet || item.too_deep)
    }

    fn items(&mut self, range: std::ops::Range<usize>) -> Vec<Item> {
        let raw = self.structure.items.get(range).unwrap_or_default();
        let mut items = Vec::with_capacity(raw.len());
        for item in raw {
            let (doc, lexemes) = self.documentation(item);
            if !lexemes.is_empty() {
                items.push(self.item(doc, lexemes, item.quiet, item.too_deep));
                while let Some(rest) = self.next_item.take() {
                    items.push(self.item(None, rest, item.quiet, false));
                }
            }
        }
        items
    }

    /// The `///` lines before an item, and what follows them.
    fn documentation(&mut self, item: &RawItem) -> (Option<Doc>, &'src [Lexeme]) {
        let lexemes = self.lexemes(item);
        let count = lexemes.iter().take_while(|lexeme| lexeme.kind == Kind::Doc).count();
        let (docs, rest) = lexemes.split_at_checked(count).unwrap_or((&[], lexemes));
        if docs.is_empty() {
            return (None, rest);
        }
        let line = |lexeme: &Lexeme| (doc_text(self.state.slice(*lexeme)), self.state.at(*lexeme));
        let doc = types::join_docs(&docs.iter().map(line).collect::<Vec<_>>());
        if let Some(doc) = doc.as_ref().filter(|_| rest.is_empty() && !item.quiet) {
            self.state.reports.push(mistakes::doc_without_item(doc.span));
        }
        (doc, rest)
    }

    fn start(&self, lexemes: &[Lexeme]) -> u32 {
        lexemes.first().map_or(0, |first| first.start)
    }

    fn whole(&self, lexemes: &[Lexeme]) -> Span {
        match (lexemes.first(), lexemes.last()) {
            (Some(first), Some(last)) => self.state.reports.span(first.start, last.end),
            _ => self.state.reports.span(0, 0),
        }
    }

    fn item(&mut self, doc: Option<Doc>, lexemes: &'src [Lexeme], quiet: bool, too_deep: bool) -> Item {
        let span = self.whole(lexemes);
        let broken = |public| Item { span, doc: None, public, kind: ItemKind::Broken };
        if too_deep {
            return Item { doc, ..broken(None) };
        }
        let classified = classify(&self.state, lexemes, quiet);
        let quiet = quiet || classified.mistake.is_some();
        if let Some(mistake) = classified.mistake {
            self.state.reports.push(mistake);
        } else if classified.form == Form::Broken {
            self.state.reports.leave_unsaid(span);
        }
        let public = classified.public;
        let rest = classified.rest;
        let (rule, word) = match classified.form {
            Form::Broken => (None, ""),
            Form::Attribute => (Some(self.grammar.attribute.clone()), "attribute "),
            Form::Group => (Some(self.grammar.group.clone()), "group"),
            Form::Part => (Some(self.grammar.part.clone()), "part"),
            Form::Declaration { word, named } => (self.grammar.declaration(word, named).cloned(), word),
        };
        let kind =
            rule.and_then(|rule| self.complete(&rule, word, classified.start, rest, quiet)).unwrap_or(ItemKind::Broken);
        Item { span, doc, public, kind }
    }

    /// Parses lexemes with a rule; mends them and tries again while they do not fit.
    /// `start` is where the item's word ends.
    fn complete<O>(
        &mut self,
        rule: &Rule<'src, O>,
        word: &str,
        start: u32,
        lexemes: &'src [Lexeme],
        quiet: bool,
    ) -> Option<O> {
        let mut lexemes = lexemes;
        let mut quiet = quiet;
        let mut after_hole = None;
        for _ in 0..MOST_REPAIRS {
            let failure = match self.parse(rule, lexemes) {
                Ok(output) => return Some(output),
                Err(failure) => failure,
            };
            if self.state.reports.is_full() {
                break;
            }
            let repair = repair::repair(&self.state, word, lexemes, start, failure);
            let echo = after_hole == Some(failure.at);
            if quiet {
                self.state.reports.leave_unsaid(self.whole(lexemes));
            } else if !echo {
                self.state.reports.push(repair.diagnostic);
            }
            quiet |= !repair.sure;
            after_hole = repair.after_hole.or(after_hole.filter(|_| echo));
            self.next_item = repair.next_item.and_then(|at| lexemes.get(at..));
            lexemes = self.mended.keep(repair.lexemes)?;
        }
        if let Some(first) = lexemes.first().filter(|_| !quiet) {
            let span = self.state.at(*first);
            self.state.reports.push(mistakes::unreadable(span));
        }
        None
    }

    fn parse<O>(&mut self, rule: &Rule<'src, O>, lexemes: &'src [Lexeme]) -> Result<O, Failure> {
        let first_error = |errors: Vec<Failure>| errors.first().copied();
        let none = Failure { at: lexemes.len(), expected: Expected::OTHER };
        self.state.lexemes = lexemes;
        if lexemes
            .iter()
            .any(|lexeme| matches!(lexeme.kind, Kind::Block(_) | Kind::Text(_) | Kind::Port(_) | Kind::Address(_)))
        {
            let checked = rule.check_with_state(lexemes, &mut self.state);
            if checked.has_errors() {
                return Err(first_error(checked.into_errors()).unwrap_or(none));
            }
        }
        let mark = self.state.reports.mark();
        let (output, errors) = rule.parse_with_state(lexemes, &mut self.state).into_output_errors();
        match (output, first_error(errors)) {
            (Some(output), None) => Ok(output),
            (_, failure) => {
                self.state.reports.reset(mark);
                Err(failure.unwrap_or(none))
            }
        }
    }
}

/// A lexeme of some kinds.
fn lexeme<'src>(fits: fn(Kind) -> bool) -> impl Piece<'src, Lexeme> {
    any().filter(move |lexeme: &Lexeme| fits(lexeme.kind))
}

/// A symbol or reserved word.
fn kind<'src>(token: TokenKind) -> impl Piece<'src, Lexeme> {
    just(Lexeme::of(Kind::Plain(token)))
}

/// The place of a symbol or reserved word.
fn place<'src>(token: TokenKind) -> impl Piece<'src, Span> {
    just(Lexeme::of(Kind::Plain(token))).map_with(span_of)
}

/// The place of a word that is a keyword only here.
fn word<'src>(word: Word) -> impl Piece<'src, Span> {
    just(Lexeme::of(Kind::Word(word))).map_with(span_of)
}

fn span_of<'src>(_: Lexeme, e: &mut Action<'src, '_>) -> Span {
    let range = e.span();
    e.state().span(range)
}

/// A name.
fn name<'src>() -> impl Piece<'src, Name> {
    lexeme(|kind| kind.is_name()).labelled(Expected::NAME).map_with(|lexeme, e| e.state().name(lexeme))
}

/// A string.
fn string<'src>() -> impl Piece<'src, StringText> {
    lexeme(|kind| matches!(kind, Kind::Text(_) | Kind::Missing)).labelled(Expected::STRING).map_with(|lexeme, e| {
        let state: &mut State<'src> = e.state();
        state.string(lexeme)
    })
}

/// A brace group with items.
fn block<'src>() -> impl Piece<'src, Block> {
    lexeme(|kind| matches!(kind, Kind::Block(_))).labelled(Expected::BLOCK).map_with(|lexeme, e| {
        let state: &mut State<'src> = e.state();
        state.block(lexeme)
    })
}

/// Does such a lexeme come next?
fn peek<'src>(fits: impl Fn(Kind) -> bool + Clone + 'src) -> impl Piece<'src, ()> {
    any().filter(move |lexeme: &Lexeme| fits(lexeme.kind)).ignored().rewind()
}

/// A rule before it is boxed.
trait Piece<'src, O>: chumsky::Parser<'src, Tokens<'src>, O, Extra<'src>> + Clone + 'src {}
impl<'src, O, P: chumsky::Parser<'src, Tokens<'src>, O, Extra<'src>> + Clone + 'src> Piece<'src, O> for P {}
