//! Values, references, and what is built of them: arguments, dimensions, bindings.

use super::failure::Expected;
use super::{Action, Extra, Rule, Tokens, kind, lexeme, name, place, word};
use crate::source::Span;
use crate::syntax::ast::{
    Argument, BinaryOp, Binding, Comprehension, Dim, Expr, ExprKind, From, Index, Name, TextPart,
};
use crate::syntax::lexeme::{Kind, Lexeme, Word};
use crate::syntax::token::TokenKind;
use chumsky::prelude::*;

/// The rules of expressions.
#[derive(Clone)]
pub struct Expressions<'src> {
    /// `expr`
    pub expr: Rule<'src, Expr>,
    /// `value`: an expression or `from POOL`
    pub value: Rule<'src, Expr>,
    /// `ref`
    pub reference: Rule<'src, Expr>,
    /// `arguments`
    pub arguments: Rule<'src, Vec<Argument>>,
    /// `dims`
    pub dims: Rule<'src, Vec<Dim>>,
    /// `binding`
    pub binding: Rule<'src, Binding>,
}

/// What follows a value to make another of it.
enum Suffix {
    Field(Name),
    Index(Vec<Index>),
    Port(Vec<TextPart>, Span),
    Call(Vec<Argument>),
}

pub fn expressions<'src>() -> Expressions<'src> {
    let mut expr = Recursive::declare();
    let indices = indices(expr.clone());
    let arguments = arguments(expr.clone());
    let reference = reference(indices.clone());
    let binding = binding(expr.clone());
    let value = value(expr.clone(), reference.clone());
    let primary = primary(expr.clone(), value.clone(), binding.clone());
    let postfix = postfix(primary, indices, arguments.clone());
    let conditional = kind(TokenKind::If)
        .ignore_then(expr.clone())
        .then_ignore(kind(TokenKind::Then))
        .then(expr.clone())
        .then_ignore(kind(TokenKind::Else))
        .then(expr.clone())
        .map_with(|((condition, then), otherwise), e| {
            let range = e.span();
            Expr { kind: ExprKind::If(Box::new((condition, then, otherwise))), span: e.state().span(range) }
        })
        .boxed();
    expr.define(choice((conditional, operators(postfix))).labelled(Expected::VALUE).boxed());
    let dims = dims(expr.clone());
    Expressions { expr: expr.boxed(), value, reference, arguments, dims, binding }
}

type Recursed<'src> = Recursive<chumsky::recursive::Indirect<'src, 'src, Tokens<'src>, Expr, Extra<'src>>>;

/// `[1, ..]`
fn indices<'src>(expr: Recursed<'src>) -> Rule<'src, Vec<Index>> {
    let all = place(TokenKind::DotDot).map(Index::All);
    choice((all, expr.map(Index::Key)))
        .separated_by(kind(TokenKind::Comma))
        .at_least(1)
        .collect()
        .delimited_by(kind(TokenKind::OpenBracket), kind(TokenKind::CloseBracket))
        .boxed()
}

/// `(a, b = c)`
fn arguments<'src>(expr: Recursed<'src>) -> Rule<'src, Vec<Argument>> {
    let argument = name()
        .then_ignore(kind(TokenKind::Equal))
        .or_not()
        .then(expr)
        .map(|(name, value)| Argument { name, value })
        .boxed();
    argument
        .separated_by(kind(TokenKind::Comma))
        .allow_trailing()
        .collect()
        .delimited_by(kind(TokenKind::OpenParen), kind(TokenKind::CloseParen))
        .boxed()
}

/// `self.base`, `leaf[1]:xe-0/0/1`: no calls
fn reference<'src>(indices: Rule<'src, Vec<Index>>) -> Rule<'src, Expr> {
    let head = lexeme(|kind| kind.is_name() || kind == Kind::Plain(TokenKind::SelfWord))
        .labelled(Expected::NAME)
        .map_with(|lexeme, e| e.state().atom(lexeme));
    head.foldl_with(choice((field(), indices.map(Suffix::Index), port())).repeated(), with_suffix).boxed()
}

/// `[n in 1..4, "key"]`
fn dims<'src>(expr: Recursed<'src>) -> Rule<'src, Vec<Dim>> {
    let variable = name().then_ignore(kind(TokenKind::In)).or_not();
    variable
        .then(expr)
        .map(|(variable, keys)| Dim { variable, keys })
        .separated_by(kind(TokenKind::Comma))
        .at_least(1)
        .allow_trailing()
        .collect()
        .delimited_by(kind(TokenKind::OpenBracket), kind(TokenKind::CloseBracket))
        .boxed()
}

/// `x in list`
fn binding<'src>(expr: Recursed<'src>) -> Rule<'src, Binding> {
    name().then_ignore(kind(TokenKind::In)).then(expr).map(|(name, list)| Binding { name, list }).boxed()
}

/// `from POOL at N`, or an expression
fn value<'src>(expr: Recursed<'src>, reference: Rule<'src, Expr>) -> Rule<'src, Expr> {
    let at = word(Word::At).ignore_then(expr.clone()).or_not();
    let from = kind(TokenKind::From).ignore_then(reference).then(at).map_with(|(pool, at), e| {
        let range = e.span();
        Expr { kind: ExprKind::From(Box::new(From { pool, at })), span: e.state().span(range) }
    });
    choice((from, expr)).boxed()
}

fn primary<'src>(expr: Recursed<'src>, value: Rule<'src, Expr>, binding: Rule<'src, Binding>) -> Rule<'src, Expr> {
    let atom = lexeme(|kind| kind.is_atom()).labelled(Expected::VALUE).map_with(|lexeme, e| e.state().atom(lexeme));
    let group = expr
        .clone()
        .delimited_by(kind(TokenKind::OpenParen), kind(TokenKind::CloseParen))
        .map_with(|inner, e| {
            let range = e.span();
            Expr { kind: ExprKind::Group(Box::new(inner)), span: e.state().span(range) }
        })
        .boxed();
    choice((atom, group, list(expr, value, binding))).boxed()
}

/// `[]`, `[a, b]`, `[e for x in list if c]`
fn list<'src>(expr: Recursed<'src>, value: Rule<'src, Expr>, binding: Rule<'src, Binding>) -> Rule<'src, Expr> {
    enum Rest {
        Elements(Vec<Expr>),
        Bindings(Vec<Binding>, Option<Expr>),
    }
    let bindings = kind(TokenKind::For)
        .ignore_then(binding)
        .repeated()
        .at_least(1)
        .collect()
        .then(kind(TokenKind::If).ignore_then(expr).or_not())
        .map(|(bindings, condition)| Rest::Bindings(bindings, condition))
        .boxed();
    let comma = || kind(TokenKind::Comma);
    let elements = comma()
        .ignore_then(value.clone())
        .repeated()
        .collect()
        .then_ignore(comma().or_not())
        .map(Rest::Elements)
        .boxed();
    value
        .then(choice((bindings, elements)))
        .or_not()
        .delimited_by(kind(TokenKind::OpenBracket), kind(TokenKind::CloseBracket))
        .map_with(|content, e| {
            let range = e.span();
            let kind = match content {
                None => ExprKind::List(Vec::new()),
                Some((first, Rest::Elements(mut rest))) => {
                    rest.insert(0, first);
                    ExprKind::List(rest)
                }
                Some((element, Rest::Bindings(bindings, condition))) => {
                    ExprKind::Comprehension(Box::new(Comprehension { element, bindings, condition }))
                }
            };
            Expr { kind, span: e.state().span(range) }
        })
        .boxed()
}

fn field<'src>() -> Rule<'src, Suffix> {
    kind(TokenKind::Dot).ignore_then(name()).map(Suffix::Field).boxed()
}

fn port<'src>() -> Rule<'src, Suffix> {
    lexeme(|kind| matches!(kind, Kind::Port(_)))
        .map_with(|lexeme, e: &mut Action<'src, '_>| {
            let state = e.state();
            let parts = match lexeme.kind {
                Kind::Port(text) => state.parts(text),
                _ => Vec::new(),
            };
            Suffix::Port(parts, state.reports.span(lexeme.start + 1, lexeme.end))
        })
        .boxed()
}

fn postfix<'src>(
    primary: Rule<'src, Expr>,
    indices: Rule<'src, Vec<Index>>,
    arguments: Rule<'src, Vec<Argument>>,
) -> Rule<'src, Expr> {
    let suffix = choice((field(), indices.map(Suffix::Index), port(), arguments.map(Suffix::Call))).boxed();
    primary.foldl_with(suffix.repeated(), with_suffix).boxed()
}

fn with_suffix<'src>(base: Expr, suffix: Suffix, e: &mut Action<'src, '_>) -> Expr {
    let range = e.span();
    let span = e.state().span(range);
    let base = Box::new(base);
    let kind = match suffix {
        Suffix::Field(name) => ExprKind::Field(base, name),
        Suffix::Index(indices) => ExprKind::Index(base, indices),
        Suffix::Port(parts, port) => ExprKind::Port(base, parts, port),
        Suffix::Call(arguments) => ExprKind::Call(base, arguments),
    };
    Expr { kind, span }
}

/// An operator and its place.
type Operator = (BinaryOp, Span);

/// The operators, loosest last.
fn operators<'src>(postfix: Rule<'src, Expr>) -> Rule<'src, Expr> {
    use BinaryOp::*;
    let unary = prefix(TokenKind::Minus, postfix, ExprKind::Negate);
    let product = left(unary, |token| match token {
        TokenKind::Star => Some(Multiply),
        TokenKind::Slash => Some(Divide),
        TokenKind::Percent => Some(Remainder),
        _ => None,
    });
    let sum = left(product, |token| match token {
        TokenKind::Plus => Some(Add),
        TokenKind::Minus => Some(Subtract),
        _ => None,
    });
    let range = once(sum, |token| (token == TokenKind::DotDot).then_some(Range));
    let missing = right(range, |token| (token == TokenKind::QuestionQuestion).then_some(Missing));
    let compare = once(missing, |token| match token {
        TokenKind::EqualEqual => Some(Equal),
        TokenKind::NotEqual => Some(NotEqual),
        TokenKind::Less => Some(Less),
        TokenKind::LessEqual => Some(LessEqual),
        TokenKind::Greater => Some(Greater),
        TokenKind::GreaterEqual => Some(GreaterEqual),
        TokenKind::In => Some(In),
        _ => None,
    });
    let not = prefix(TokenKind::Not, compare, ExprKind::Not);
    let and = left(not, |token| (token == TokenKind::And).then_some(And));
    left(and, |token| (token == TokenKind::Or).then_some(Or))
}

type Table = fn(TokenKind) -> Option<BinaryOp>;

fn operator<'src>(table: Table) -> impl Parser<'src, Tokens<'src>, Operator, Extra<'src>> + Clone {
    any().filter(move |lexeme: &Lexeme| matches!(lexeme.kind, Kind::Plain(token) if table(token).is_some())).map_with(
        move |lexeme: Lexeme, e: &mut Action<'src, '_>| {
            let op = match lexeme.kind {
                Kind::Plain(token) => table(token),
                _ => None,
            };
            (op.unwrap_or(BinaryOp::Add), e.state().at(lexeme))
        },
    )
}

fn binary(left: Expr, (op, span): Operator, right: Expr) -> Expr {
    let whole = left.span.to(right.span);
    Expr { kind: ExprKind::Binary(Box::new(left), op, span, Box::new(right)), span: whole }
}

/// `a + b + c` is `(a + b) + c`.
fn left<'src>(next: Rule<'src, Expr>, table: Table) -> Rule<'src, Expr> {
    let rest = operator(table).then(next.clone()).repeated();
    next.foldl(rest, |left, (op, right)| binary(left, op, right)).boxed()
}

/// At most one such operator.
fn once<'src>(next: Rule<'src, Expr>, table: Table) -> Rule<'src, Expr> {
    let rest = operator(table).then(next.clone()).or_not();
    next.foldl(rest, |left, (op, right)| binary(left, op, right)).boxed()
}

/// `a ?? b ?? c` is `a ?? (b ?? c)`.
fn right<'src>(next: Rule<'src, Expr>, table: Table) -> Rule<'src, Expr> {
    let rest = operator(table).then(next.clone()).repeated().collect::<Vec<_>>();
    next.then(rest)
        .map(|(first, rest)| {
            let mut operators = Vec::with_capacity(rest.len());
            let mut last = first;
            for (op, operand) in rest {
                operators.push((std::mem::replace(&mut last, operand), op));
            }
            operators.into_iter().rev().fold(last, |right, (left, op)| binary(left, op, right))
        })
        .boxed()
}

/// `not a`, `-a`, also several times.
fn prefix<'src>(token: TokenKind, next: Rule<'src, Expr>, make: fn(Box<Expr>) -> ExprKind) -> Rule<'src, Expr> {
    place(token)
        .repeated()
        .foldr(next, move |sign, operand| {
            let span = sign.to(operand.span);
            Expr { kind: make(Box::new(operand)), span }
        })
        .boxed()
}
