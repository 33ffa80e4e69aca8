//! Declarations: one rule for each, starting after its word.

use super::ends::{Links, attribute, group, key, links};
use super::expressions::{Expressions, expressions};
use super::failure::Expected;
use super::types::{parameter, parameters, path, types};
use super::{Rule, State, block, kind, lexeme, name, peek, place, string, word};
use crate::source::Span;
use crate::syntax::ast::*;
use crate::syntax::lexeme::{Kind, Lexeme, Word};
use crate::syntax::token::TokenKind;
use chumsky::prelude::*;

/// All rules that begin something.
pub struct Grammar<'src> {
    /// `key = value`
    pub attribute: Rule<'src, ItemKind>,
    /// `name { … }`
    pub group: Rule<'src, ItemKind>,
    /// `word name { … }`, with its word
    pub part: Rule<'src, ItemKind>,
    /// `name: type = default`, in a record type
    pub field: Rule<'src, Parameter>,
    /// `name` or `name as name`
    pub use_name: Rule<'src, UseName>,
    /// An expression by itself
    pub expr: Rule<'src, Expr>,
    /// `name` in an `enum`
    pub member: Rule<'src, UseName>,
    /// The declarations, each with its word; links by whether they have a name.
    declarations: Vec<(&'static str, Rule<'src, ItemKind>)>,
    named: Vec<(&'static str, Rule<'src, ItemKind>)>,
}

impl<'src> Grammar<'src> {
    /// The rule of what comes after a declaration's word. `named`: a name and a colon come first.
    pub fn declaration(&self, word: &str, named: bool) -> Option<&Rule<'src, ItemKind>> {
        let find = |rules: &'_ [(&'static str, Rule<'src, ItemKind>)]| rules.iter().position(|(of, _)| *of == word);
        if named && let Some(index) = find(&self.named) {
            return self.named.get(index).map(|(_, rule)| rule);
        }
        find(&self.declarations).and_then(|index| self.declarations.get(index)).map(|(_, rule)| rule)
    }
}

/// Builds all rules; once a file.
pub fn grammar<'src>() -> Grammar<'src> {
    let expressions = expressions();
    let path = path();
    let ty = types(path.clone());
    let parameter = parameter(ty.clone(), &expressions);
    let parameters = parameters(parameter.clone());
    let attribute = attribute(&expressions);
    let group = group();
    let links = links(&expressions, attribute.clone(), group.clone());
    let field = parameter.clone();
    let renamed = name().then(word(Word::As).ignore_then(name()).or_not());
    let use_name = renamed.map(|(name, rename)| UseName { name, rename }).boxed();
    let mut declarations = simple(&expressions, &path, &ty, parameter);
    declarations.extend(structural(&expressions, &path, parameters, &links));
    declarations.extend(around(&expressions, &path));
    let check = checks(&expressions, false);
    let named_check = checks(&expressions, true);
    declarations.push(("check", check.clone().map(ItemKind::Check).boxed()));
    declarations.push(("expect", check.map(ItemKind::Expect).boxed()));
    let named = vec![
        ("link", links.link(true).map(ItemKind::Link).boxed()),
        ("lag", links.lag(true).map(ItemKind::Lag).boxed()),
        ("check", named_check.clone().map(ItemKind::Check).boxed()),
        ("expect", named_check.map(ItemKind::Expect).boxed()),
    ];
    Grammar {
        attribute: attribute.map(ItemKind::Attribute).boxed(),
        group: group.map(ItemKind::Group).boxed(),
        part: part(&expressions),
        field,
        use_name,
        member: name().map(|name| UseName { name, rename: None }).boxed(),
        expr: expressions.expr.clone(),
        declarations,
        named,
    }
}

type Declarations<'src> = Vec<(&'static str, Rule<'src, ItemKind>)>;

/// What fits on a line: no body.
fn simple<'src>(
    expressions: &Expressions<'src>,
    path: &Rule<'src, Path>,
    ty: &Rule<'src, Type>,
    parameter: Rule<'src, Parameter>,
) -> Declarations<'src> {
    let edition = int().map(|(year, span)| ItemKind::Edition(Edition { year, span })).boxed();
    let constant = name()
        .then(kind(TokenKind::Colon).ignore_then(ty.clone()).or_not())
        .then_ignore(kind(TokenKind::Equal))
        .then(expressions.expr.clone())
        .map(|((name, ty), value)| ItemKind::Let(Let { name, ty, value }))
        .boxed();
    let type_decl = name()
        .then_ignore(kind(TokenKind::Equal))
        .then(ty.clone())
        .map(|(name, ty)| ItemKind::Type(TypeDecl { name, ty }))
        .boxed();
    let attribute = name()
        .then_ignore(kind(TokenKind::Colon))
        .then(ty.clone())
        .then(kind(TokenKind::Equal).ignore_then(expressions.expr.clone()).or_not())
        .then(word(Word::On).ignore_then(name()).or_not())
        .then(kind(TokenKind::Where).ignore_then(expressions.expr.clone()).or_not())
        .map(|((((name, ty), default), on), condition)| {
            ItemKind::AttributeDecl(AttributeDecl { name, ty, default, on, condition })
        })
        .boxed();
    vec![
        ("edition", edition),
        ("topology", name().map(ItemKind::Topology).boxed()),
        ("use", imports(path)),
        ("param", parameter.map(ItemKind::Param).boxed()),
        ("let", constant),
        ("type", type_decl),
        ("pool", pool(expressions)),
        ("remove", expressions.reference.clone().map(ItemKind::Remove).boxed()),
        ("attribute", attribute),
    ]
}

/// A whole number and its place.
fn int<'src>() -> Rule<'src, (i64, Span)> {
    lexeme(|kind| matches!(kind, Kind::Literal(_) | Kind::Missing))
        .try_map_with(|lexeme: Lexeme, e| {
            let at: usize = {
                let span: SimpleSpan<usize> = e.span();
                span.start
            };
            let state: &mut State<'src> = e.state();
            let span = state.at(lexeme);
            match state.atom(lexeme).kind {
                ExprKind::Int(value) => Ok((value, span)),
                ExprKind::Hole => Ok((0, span)),
                _ => Err(super::Failure { at, expected: Expected::INT }),
            }
        })
        .labelled(Expected::INT)
        .boxed()
}

/// `use path`, `use path as NAME`, `use "file".{ … }`
fn imports<'src>(path: &Rule<'src, Path>) -> Rule<'src, ItemKind> {
    enum Tail {
        Names(Vec<UseName>),
        Rename(Name),
    }
    let file =
        lexeme(|kind| matches!(kind, Kind::Text(_))).map_with(|lexeme, e| UseRoot::File(e.state().string(lexeme)));
    let braces = lexeme(|kind| matches!(kind, Kind::Block(_)));
    let names = kind(TokenKind::Dot)
        .ignore_then(braces.labelled(Expected::BLOCK))
        .map_with(|lexeme, e| Tail::Names(e.state().names(lexeme)));
    let rename = word(Word::As).ignore_then(name()).map(Tail::Rename);
    choice((file, path.clone().map(UseRoot::Path)))
        .then(choice((names, rename)).or_not())
        .map(|(root, tail)| {
            let (names, rename) = match tail {
                Some(Tail::Names(names)) => (Some(names), None),
                Some(Tail::Rename(name)) => (None, Some(name)),
                None => (None, None),
            };
            ItemKind::Use(Use { root, names, rename })
        })
        .boxed()
}

/// `pool NAME = 10.0.0.0/16 per /31`
fn pool<'src>(expressions: &Expressions<'src>) -> Rule<'src, ItemKind> {
    let per = word(Word::Per).ignore_then(kind(TokenKind::Slash)).ignore_then(int()).or_not();
    let part = expressions.expr.clone().then(per).map(|(from, per)| PoolPart { from, per }).boxed();
    let several = part
        .clone()
        .separated_by(kind(TokenKind::Comma))
        .at_least(1)
        .allow_trailing()
        .collect()
        .delimited_by(kind(TokenKind::OpenBracket), kind(TokenKind::CloseBracket))
        .boxed();
    let no_bracket = peek(|kind| kind != Kind::Plain(TokenKind::OpenBracket)).labelled(Expected::VALUE);
    let single = no_bracket.ignore_then(part).map(|part| vec![part]).boxed();
    name()
        .then_ignore(kind(TokenKind::Equal))
        .then(choice((several, single)))
        .then(block().or_not())
        .map(|((name, parts), block)| ItemKind::Pool(Pool { name, parts, block }))
        .boxed()
}

/// What makes nodes, links and devices.
fn structural<'src>(
    expressions: &Expressions<'src>,
    path: &Rule<'src, Path>,
    parameters: Rule<'src, Vec<Parameter>>,
    links: &Links<'src>,
) -> Declarations<'src> {
    let arguments = expressions.arguments.clone().or_not().map(Option::unwrap_or_default).boxed();
    let parameters = parameters.or_not().map(Option::unwrap_or_default).boxed();
    let node = name()
        .then(expressions.dims.clone().or_not())
        .then_ignore(kind(TokenKind::Colon))
        .then(path.clone())
        .then(arguments.clone())
        .then(block().or_not())
        .map(|((((name, dims), device), arguments), block)| {
            ItemKind::Node(Node { name, dims, device, arguments, block })
        })
        .boxed();
    let device = name()
        .then(parameters.clone())
        .then(word(Word::Extends).ignore_then(path.clone()).then(arguments).or_not())
        .then(block())
        .map(|(((name, parameters), base), block)| ItemKind::Device(Device { name, parameters, base, block }))
        .boxed();
    let module = name()
        .then(parameters)
        .then(block())
        .map(|((name, parameters), block)| ItemKind::Module(Module { name, parameters, block }))
        .boxed();
    vec![
        ("node", node),
        ("link", links.link(false).map(ItemKind::Link).boxed()),
        ("lag", links.lag(false).map(ItemKind::Lag).boxed()),
        ("wire", links.link(false).map(ItemKind::Wire).boxed()),
        ("device", device),
        ("module", module),
        ("interface", interface(expressions)),
    ]
}

/// `interface NAME[DIMS] for n in 0..11 = re:xe[n] { … }`
fn interface<'src>(expressions: &Expressions<'src>) -> Rule<'src, ItemKind> {
    let bindings = kind(TokenKind::For).ignore_then(expressions.binding.clone()).repeated().collect();
    let target = kind(TokenKind::Equal).ignore_then(expressions.reference.clone()).or_not();
    key()
        .then(expressions.dims.clone().or_not())
        .then(bindings)
        .then(target)
        .then(block().or_not())
        .map(|((((name, dims), bindings), target), block)| {
            ItemKind::Interface(Interface { name, dims, bindings, target, block })
        })
        .boxed()
}

/// `word name[dims] { … }`
fn part<'src>(expressions: &Expressions<'src>) -> Rule<'src, ItemKind> {
    name()
        .then(key())
        .then(expressions.dims.clone().or_not())
        .then(block().or_not())
        .map(|(((word, name), dims), block)| ItemKind::Part(Part { word, name, dims, block }))
        .boxed()
}

/// What stands around other items or changes them.
fn around<'src>(expressions: &Expressions<'src>, path: &Rule<'src, Path>) -> Declarations<'src> {
    let repeat =
        expressions.binding.clone().then(block()).map(|(binding, block)| ItemKind::For(For { binding, block })).boxed();
    let defaults = name()
        .then(kind(TokenKind::Colon).ignore_then(path.clone()).or_not())
        .then(word(Word::Tagged).ignore_then(string()).or_not())
        .then(block())
        .map(|(((of, device), tag), block)| ItemKind::Defaults(Defaults { of, device, tag, block }))
        .boxed();
    let overriding = expressions
        .reference
        .clone()
        .then(block())
        .map(|(target, block)| ItemKind::Override(Override { target, block }))
        .boxed();
    let target = name()
        .then_ignore(kind(TokenKind::Colon))
        .then(name())
        .then(block())
        .map(|((name, kind), block)| ItemKind::Target(Target { name, kind, block }))
        .boxed();
    vec![
        ("for", repeat),
        ("if", condition(expressions)),
        ("defaults", defaults),
        ("override", overriding),
        ("target", target),
    ]
}

/// `if C { … } else if D { … } else { … }`, after the first `if`
fn condition<'src>(expressions: &Expressions<'src>) -> Rule<'src, ItemKind> {
    let mut rule = Recursive::declare();
    let chained = place(TokenKind::If).then(rule.clone()).map_with(|(word, inner): (Span, If), e| {
        let range = e.span();
        let span = word.to(e.state().span(range));
        let item = Item { span, doc: None, public: None, kind: ItemKind::If(inner) };
        Block { span, items: vec![item] }
    });
    let otherwise = kind(TokenKind::Else).ignore_then(choice((chained, block()))).or_not();
    let whole = expressions.expr.clone().then(block()).then(otherwise).map(|((condition, then), otherwise)| If {
        condition,
        then,
        otherwise,
    });
    rule.define(whole.boxed());
    rule.map(ItemKind::If).boxed()
}

/// `check NAME: EXPR else "…" { … }`
fn checks<'src>(expressions: &Expressions<'src>, named: bool) -> Rule<'src, Check> {
    let rest = expressions
        .expr
        .clone()
        .then(kind(TokenKind::Else).ignore_then(string()).or_not())
        .then(block().or_not())
        .map(|((condition, message), block)| Check { name: None, condition, message, block })
        .boxed();
    if !named {
        return rest;
    }
    name()
        .then_ignore(kind(TokenKind::Colon))
        .then(rest)
        .map(|(name, check)| Check { name: Some(name), ..check })
        .boxed()
}
