//! Links: their names and ends.

use super::expressions::Expressions;
use super::failure::Expected;
use super::{Rule, State, block, kind, lexeme, name, peek, word};
use crate::syntax::ast::{Attribute, Block, Dim, End, EndRefs, Expr, Group, Item, ItemKind, Key, Link, Name};
use crate::syntax::lexeme::{Kind, Word};
use crate::syntax::token::TokenKind;
use chumsky::prelude::*;

/// The rules of `link`, `lag` and `wire`.
#[derive(Clone)]
pub struct Links<'src> {
    /// `NAME[DIMS]:`
    header: Rule<'src, (Name, Option<Vec<Dim>>)>,
    /// `END <-> END { … }`
    pair: Rule<'src, Link>,
    /// `END [<-> END] { … }`
    lag: Rule<'src, Link>,
}

impl<'src> Links<'src> {
    /// `link …` or `wire …`, with a name or without.
    pub fn link(&self, named: bool) -> Rule<'src, Link> {
        self.with_header(named, self.pair.clone())
    }

    /// `lag …`, with a name or without.
    pub fn lag(&self, named: bool) -> Rule<'src, Link> {
        self.with_header(named, self.lag.clone())
    }

    fn with_header(&self, named: bool, rule: Rule<'src, Link>) -> Rule<'src, Link> {
        if !named {
            return rule;
        }
        self.header.clone().then(rule).map(|((name, dims), link)| Link { name: Some(name), dims, ..link }).boxed()
    }
}

pub fn links<'src>(
    expressions: &Expressions<'src>,
    attribute: Rule<'src, Attribute>,
    group: Rule<'src, Group>,
) -> Links<'src> {
    let header = name().then(expressions.dims.clone().or_not()).then_ignore(kind(TokenKind::Colon)).boxed();
    let end = end(expressions, attribute, group);
    let right = kind(TokenKind::Wire).ignore_then(end.clone()).boxed();
    let link = |((left, right), block): ((End, Option<End>), Option<Block>)| Link {
        name: None,
        dims: None,
        left,
        right,
        block,
    };
    let pair = end.clone().then(right.clone().map(Some)).then(block().or_not()).map(link).boxed();
    let lag = end.then(right.or_not()).then(block().map(Some)).map(link).boxed();
    Links { header, pair, lag }
}

/// `each leaf (mtu = 9000)`
fn end<'src>(
    expressions: &Expressions<'src>,
    attribute: Rule<'src, Attribute>,
    group: Rule<'src, Group>,
) -> Rule<'src, End> {
    let begins_refs =
        |kind: Kind| kind.is_name() || matches!(kind, Kind::Plain(TokenKind::SelfWord | TokenKind::OpenBracket));
    let each = word(Word::Each).then_ignore(peek(begins_refs)).or_not();
    let one = expressions.reference.clone().map(EndRefs::One);
    let list = expressions
        .reference
        .clone()
        .separated_by(kind(TokenKind::Comma))
        .at_least(1)
        .allow_trailing()
        .collect()
        .delimited_by(kind(TokenKind::OpenBracket), kind(TokenKind::CloseBracket))
        .map_with(|refs: Vec<Expr>, e| {
            let range = e.span();
            EndRefs::List(refs, e.state().span(range))
        });
    let refs = choice((list, one)).labelled(Expected::NAME).boxed();
    let items = end_item(attribute, group)
        .separated_by(kind(TokenKind::Comma))
        .allow_trailing()
        .collect()
        .delimited_by(kind(TokenKind::OpenParen), kind(TokenKind::CloseParen))
        .or_not()
        .boxed();
    each.then(refs)
        .then(items)
        .map_with(|((each, refs), items): ((_, _), Option<Vec<Item>>), e| {
            let range = e.span();
            End { each, refs, items: items.unwrap_or_default(), span: e.state().span(range) }
        })
        .boxed()
}

/// An attribute in the parentheses of an end.
fn end_item<'src>(attribute: Rule<'src, Attribute>, group: Rule<'src, Group>) -> Rule<'src, Item> {
    choice((attribute.map(ItemKind::Attribute), group.map(ItemKind::Group)))
        .map_with(|kind, e| {
            let range = e.span();
            Item { span: e.state().span(range), doc: None, public: None, kind }
        })
        .boxed()
}

/// `key = value`, `key += value`
pub fn attribute<'src>(expressions: &Expressions<'src>) -> Rule<'src, Attribute> {
    let append = choice((kind(TokenKind::Equal).to(false), kind(TokenKind::PlusEqual).to(true)));
    key()
        .then(append)
        .then(expressions.value.clone())
        .map(|((key, append), value)| Attribute { key, append, value })
        .boxed()
}

/// `name { … }`
pub fn group<'src>() -> Rule<'src, Group> {
    name().then(block()).map(|(name, block)| Group { name, block }).boxed()
}

/// A name or a string.
pub fn key<'src>() -> Rule<'src, Key> {
    lexeme(|kind| kind.is_name() || matches!(kind, Kind::Text(_)))
        .labelled(Expected::NAME)
        .map_with(|lexeme, e| {
            let state: &mut State<'src> = e.state();
            state.key(lexeme)
        })
        .boxed()
}
