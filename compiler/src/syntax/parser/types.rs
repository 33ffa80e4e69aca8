//! Types, and parameters, which are names with types.

use super::expressions::Expressions;
use super::failure::Expected;
use super::{Rule, State, kind, lexeme, name, word};
use crate::source::Span;
use crate::syntax::ast::{Doc, Parameter, Path, Type, TypeKind};
use crate::syntax::lexeme::{Kind, Lexeme, Word};
use crate::syntax::structure::doc_text;
use crate::syntax::token::TokenKind;
use chumsky::prelude::*;

/// `std.juniper.vsrx`
pub fn path<'src>() -> Rule<'src, Path> {
    name()
        .map(|name| Path { span: name.span, names: vec![name] })
        .foldl(kind(TokenKind::Dot).ignore_then(name()).repeated(), |mut path, name| {
            path.span = path.span.to(name.span);
            path.names.push(name);
            path
        })
        .boxed()
}

/// `type`
pub fn types<'src>(path: Rule<'src, Path>) -> Rule<'src, Type> {
    let mut ty = Recursive::declare();
    let bracketed = ty.clone().delimited_by(kind(TokenKind::OpenBracket), kind(TokenKind::CloseBracket)).boxed();
    let list = bracketed.clone().map(|element| TypeKind::List(Box::new(element)));
    let map = word(Word::Map).ignore_then(bracketed).map(|element| TypeKind::Map(Box::new(element)));
    let braces = lexeme(|kind| matches!(kind, Kind::Block(_)));
    let record = braces.clone().map_with(|lexeme, e| TypeKind::Record(e.state().fields(lexeme)));
    let members = word(Word::Enum).ignore_then(braces).map_with(|lexeme, e| {
        let names = e.state().names(lexeme);
        TypeKind::Enum(names.into_iter().map(|entry| entry.name).collect())
    });
    let hole = lexeme(|kind| kind == Kind::Missing).to(TypeKind::Hole);
    let base = choice((hole, members, map, list, record, path.map(TypeKind::Path))).labelled(Expected::TYPE).boxed();
    let optional = lexeme(|kind| kind == Kind::Plain(TokenKind::Question));
    let whole = base
        .map_with(|kind, e| {
            let range = e.span();
            Type { kind, span: e.state().span(range) }
        })
        .foldl_with(optional.or_not(), |inner, question: Lexeme, e| {
            let span = inner.span.to(e.state().at(question));
            Type { kind: TypeKind::Optional(Box::new(inner)), span }
        });
    ty.define(whole.boxed());
    ty.boxed()
}

/// `NAME: TYPE = DEFAULT where CONDITION`, without documentation.
pub fn parameter<'src>(ty: Rule<'src, Type>, expressions: &Expressions<'src>) -> Rule<'src, Parameter> {
    let default = kind(TokenKind::Equal).ignore_then(expressions.expr.clone()).or_not();
    let condition = kind(TokenKind::Where).ignore_then(expressions.expr.clone()).or_not();
    name()
        .then_ignore(kind(TokenKind::Colon))
        .then(ty)
        .then(default)
        .then(condition)
        .map(|(((name, ty), default), condition)| Parameter { doc: None, name, ty, default, condition })
        .boxed()
}

/// `(a: int, b: int = 2)`: of a device or module.
pub fn parameters<'src>(parameter: Rule<'src, Parameter>) -> Rule<'src, Vec<Parameter>> {
    let docs = doc_line().repeated().collect::<Vec<_>>();
    let documented = docs.then(parameter).map(|(docs, parameter)| Parameter { doc: join_docs(&docs), ..parameter });
    documented
        .separated_by(kind(TokenKind::Comma))
        .allow_trailing()
        .collect()
        .delimited_by(kind(TokenKind::OpenParen), kind(TokenKind::CloseParen))
        .boxed()
}

fn doc_line<'src>() -> Rule<'src, (&'src str, Span)> {
    lexeme(|kind| kind == Kind::Doc)
        .map_with(|lexeme, e| {
            let state: &mut State<'src> = e.state();
            (doc_text(state.slice(lexeme)), state.at(lexeme))
        })
        .boxed()
}

/// Several `///` lines as one text.
pub fn join_docs(lines: &[(&str, Span)]) -> Option<Doc> {
    let span = lines.first()?.1.to(lines.last()?.1);
    let text: Vec<&str> = lines.iter().map(|(line, _)| *line).collect();
    Some(Doc { text: text.join("\n"), span })
}
