//! The tree of a file: what its author wrote, with a span for everything.
//!
//! The tree follows the grammar in `grammar/wtop.ebnf`, one type a production. It always comes out, however broken the
//! text: what could not be read is an [`ExprKind::Hole`] or an [`ItemKind::Broken`], about which the stages after this
//! one are silent. Depth is bounded (see `structure`), so walking it by recursion is safe.

use crate::source::Span;
use ipnet::IpNet;
use smol_str::SmolStr;
use std::net::IpAddr;

/// A whole file.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct File {
    /// The `//!` lines, joined by line ends, without the marks and one space after them.
    pub doc: Option<Doc>,
    /// The items, in order.
    pub items: Vec<Item>,
}

/// Documentation: the text of `///` or `//!` lines.
#[derive(Clone, PartialEq, Debug)]
pub struct Doc {
    /// Lines joined by `\n`, each without its mark and one space after it.
    pub text: String,
    /// All the lines.
    pub span: Span,
}

/// A name and where it stands. In a tree that was repaired it may be empty: a hole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name {
    /// The characters.
    pub text: SmolStr,
    /// Where.
    pub span: Span,
}

/// `a.b.c`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Path {
    /// At least one name.
    pub names: Vec<Name>,
    /// All of it.
    pub span: Span,
}

/// `{ … }`: of a declaration, or a record.
#[derive(Clone, PartialEq, Debug)]
pub struct Block {
    /// From brace to brace.
    pub span: Span,
    /// What is inside.
    pub items: Vec<Item>,
}

/// One item of a file or block.
#[derive(Clone, PartialEq, Debug)]
pub struct Item {
    /// From the first token (`pub` included, documentation not) to the last.
    pub span: Span,
    /// `///` lines before it.
    pub doc: Option<Doc>,
    /// The word `pub`.
    pub public: Option<Span>,
    /// What it is.
    pub kind: ItemKind,
}

/// What an item is.
#[derive(Clone, PartialEq, Debug)]
#[allow(missing_docs)] // The names are the grammar's.
pub enum ItemKind {
    Attribute(Attribute),
    /// `images { … }`: merges into the attribute of that name.
    Group(Group),
    Edition(Edition),
    Topology(Name),
    Use(Use),
    Param(Parameter),
    Let(Let),
    Type(TypeDecl),
    Pool(Pool),
    Node(Node),
    Link(Link),
    Lag(Link),
    Wire(Link),
    For(For),
    If(If),
    Device(Device),
    Module(Module),
    Interface(Interface),
    Part(Part),
    Defaults(Defaults),
    Override(Override),
    Remove(Expr),
    AttributeDecl(AttributeDecl),
    /// `check …`
    Check(Check),
    /// `expect …`
    Expect(Check),
    Target(Target),
    /// Something that could not be read, and was reported.
    Broken,
}

/// `key = value` or `key += value`
#[derive(Clone, PartialEq, Debug)]
pub struct Attribute {
    /// The name, or the text of a string key.
    pub key: Key,
    /// `=` or `+=`.
    pub append: bool,
    /// The value; `from POOL` is an expression of its own kind.
    pub value: Expr,
}

/// The key of an attribute: a name or a string.
#[derive(Clone, PartialEq, Debug)]
pub struct Key {
    /// A name, or a string as its parts (a key may interpolate).
    pub kind: KeyKind,
    /// Where.
    pub span: Span,
}

/// Name or string.
#[derive(Clone, PartialEq, Debug)]
pub enum KeyKind {
    /// `memory`
    Name(SmolStr),
    /// `"10.0.0.0/8"`
    String(Vec<TextPart>),
}

/// `name { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Group {
    /// The attribute.
    pub name: Name,
    /// What is merged into it.
    pub block: Block,
}

/// `edition 2026`
#[derive(Clone, PartialEq, Debug)]
pub struct Edition {
    /// The year.
    pub year: i64,
    /// The number.
    pub span: Span,
}

/// `use …`
#[derive(Clone, PartialEq, Debug)]
pub struct Use {
    /// Where from.
    pub root: UseRoot,
    /// `.{ a, b as c }`; for `use a.b as c` and `use a.b` the last name of the path is the item.
    pub names: Option<Vec<UseName>>,
    /// `as NAME`
    pub rename: Option<Name>,
}

/// A path of names or a string with a relative path.
#[derive(Clone, PartialEq, Debug)]
pub enum UseRoot {
    /// `std.juniper.vsrx`
    Path(Path),
    /// `"./lib.wtop"`
    File(StringText),
}

/// One name of a `use`.
#[derive(Clone, PartialEq, Debug)]
pub struct UseName {
    /// In the other file.
    pub name: Name,
    /// In this file.
    pub rename: Option<Name>,
}

/// `NAME: TYPE = DEFAULT where CONDITION`: of a file, device or module.
#[derive(Clone, PartialEq, Debug)]
pub struct Parameter {
    /// `///` lines before it.
    pub doc: Option<Doc>,
    /// The name.
    pub name: Name,
    /// Its type.
    pub ty: Type,
    /// What it is if nothing is given.
    pub default: Option<Expr>,
    /// What must hold.
    pub condition: Option<Expr>,
}

/// `let NAME: TYPE = EXPR`
#[derive(Clone, PartialEq, Debug)]
pub struct Let {
    /// The name.
    pub name: Name,
    /// Its type, if written.
    pub ty: Option<Type>,
    /// The value.
    pub value: Expr,
}

/// `type NAME = TYPE`
#[derive(Clone, PartialEq, Debug)]
pub struct TypeDecl {
    /// The name.
    pub name: Name,
    /// What it stands for.
    pub ty: Type,
}

/// `pool NAME = … { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Pool {
    /// The name.
    pub name: Name,
    /// One, or several in brackets.
    pub parts: Vec<PoolPart>,
    /// `{ reserve = … }`
    pub block: Option<Block>,
}

/// `PREFIX per /LEN` or a range of numbers.
#[derive(Clone, PartialEq, Debug)]
pub struct PoolPart {
    /// The prefix or range.
    pub from: Expr,
    /// The length after `per /`, with its place.
    pub per: Option<(i64, Span)>,
}

/// `node NAME[DIMS]: PATH(ARGS) { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    /// The name.
    pub name: Name,
    /// The dimensions, if it is (part of) an array.
    pub dims: Option<Vec<Dim>>,
    /// The device or module.
    pub device: Path,
    /// Its arguments; empty also where there are no parentheses.
    pub arguments: Vec<Argument>,
    /// The attributes.
    pub block: Option<Block>,
}

/// `[i in 1..4]`: one dimension.
#[derive(Clone, PartialEq, Debug)]
pub struct Dim {
    /// The variable.
    pub variable: Option<Name>,
    /// What it runs over, or the one key.
    pub keys: Expr,
}

/// `link`, `lag` or `wire`
#[derive(Clone, PartialEq, Debug)]
pub struct Link {
    /// `NAME:` before the first end.
    pub name: Option<Name>,
    /// `NAME[DIMS]:`
    pub dims: Option<Vec<Dim>>,
    /// Left of `<->`.
    pub left: End,
    /// Right of it; absent only in a `lag` with one end.
    pub right: Option<End>,
    /// The block.
    pub block: Option<Block>,
}

/// One end of a link.
#[derive(Clone, PartialEq, Debug)]
pub struct End {
    /// The word `each`.
    pub each: Option<Span>,
    /// One reference, or those of a bracketed list.
    pub refs: EndRefs,
    /// What stands in parentheses: only [`ItemKind::Attribute`] and [`ItemKind::Group`].
    pub items: Vec<Item>,
    /// All of it.
    pub span: Span,
}

/// `a:b` or `[a, b]`
#[derive(Clone, PartialEq, Debug)]
pub enum EndRefs {
    /// A single reference (which may name an array).
    One(Expr),
    /// A list in brackets.
    List(Vec<Expr>, Span),
}

/// `NAME in EXPR`
#[derive(Clone, PartialEq, Debug)]
pub struct Binding {
    /// The variable.
    pub name: Name,
    /// The list.
    pub list: Expr,
}

/// `for NAME in LIST { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct For {
    /// Variable and list.
    pub binding: Binding,
    /// What is repeated.
    pub block: Block,
}

/// `if C { … } else { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct If {
    /// The condition.
    pub condition: Expr,
    /// If it holds.
    pub then: Block,
    /// If not: a block, or another `if` (then a block with that one item).
    pub otherwise: Option<Block>,
}

/// `device NAME(PARAMS) extends BASE(ARGS) { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Device {
    /// The name.
    pub name: Name,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// What it extends, with arguments.
    pub base: Option<(Path, Vec<Argument>)>,
    /// The body.
    pub block: Block,
}

/// `module NAME(PARAMS) { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Module {
    /// The name.
    pub name: Name,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// The body.
    pub block: Block,
}

/// `interface NAME[DIMS] for … = REF { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Interface {
    /// A name or a string that may interpolate.
    pub name: Key,
    /// `[0..11]` after the name.
    pub dims: Option<Vec<Dim>>,
    /// `for n in 0..11`
    pub bindings: Vec<Binding>,
    /// `= re:xe[n]`
    pub target: Option<Expr>,
    /// Attributes.
    pub block: Option<Block>,
}

/// `word name[dims] { … }`: `network lan { … }`, `nic xe[0..11]`, `send "root"`, …
#[derive(Clone, PartialEq, Debug)]
pub struct Part {
    /// The word: `network`, `vm`, `nic`, …
    pub word: Name,
    /// What follows.
    pub name: Key,
    /// `[0..11]`
    pub dims: Option<Vec<Dim>>,
    /// Attributes and parts.
    pub block: Option<Block>,
}

/// `defaults node: DEVICE tagged "T" { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Defaults {
    /// `node`, `link`, `network`, …
    pub of: Name,
    /// Only for this device and those that extend it.
    pub device: Option<Path>,
    /// Only for those with this tag.
    pub tag: Option<StringText>,
    /// The attributes.
    pub block: Block,
}

/// `override REF { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Override {
    /// What is changed.
    pub target: Expr,
    /// The attributes.
    pub block: Block,
}

/// `attribute NAME: TYPE = DEFAULT on KIND where CONDITION`
#[derive(Clone, PartialEq, Debug)]
pub struct AttributeDecl {
    /// The name.
    pub name: Name,
    /// Its type.
    pub ty: Type,
    /// What it is if nothing is given.
    pub default: Option<Expr>,
    /// `node`, `link`, `network`, `end`; absent means `node`.
    pub on: Option<Name>,
    /// What must hold.
    pub condition: Option<Expr>,
}

/// `check NAME: EXPR else "…" { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Check {
    /// The name.
    pub name: Option<Name>,
    /// What must hold.
    pub condition: Expr,
    /// What to say if not.
    pub message: Option<StringText>,
    /// Options.
    pub block: Option<Block>,
}

/// `target NAME: KIND { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Target {
    /// The name.
    pub name: Name,
    /// `kvm`, `heat`.
    pub kind: Name,
    /// The body.
    pub block: Block,
}

/// `NAME = EXPR` or `EXPR` in a call.
#[derive(Clone, PartialEq, Debug)]
pub struct Argument {
    /// The name, if written.
    pub name: Option<Name>,
    /// The value.
    pub value: Expr,
}

/// A type as written.
#[derive(Clone, PartialEq, Debug)]
pub struct Type {
    /// What it is.
    pub kind: TypeKind,
    /// Where.
    pub span: Span,
}

/// What a written type is.
#[derive(Clone, PartialEq, Debug)]
pub enum TypeKind {
    /// `int`, `site`, `lib.site`
    Path(Path),
    /// `T?`
    Optional(Box<Type>),
    /// `[T]`
    List(Box<Type>),
    /// `map[T]`
    Map(Box<Type>),
    /// `{ a: T, b: U = … }`: the parameters' `condition`s are absent.
    Record(Vec<Parameter>),
    /// `enum { a, b }`
    Enum(Vec<Name>),
    /// Could not be read, and was reported.
    Hole,
}

/// A string with its parts.
#[derive(Clone, PartialEq, Debug)]
pub struct StringText {
    /// Literal text and holes in turn.
    pub parts: Vec<TextPart>,
    /// From quote to quote.
    pub span: Span,
}

/// A piece of a string, interface name or address.
#[derive(Clone, PartialEq, Debug)]
pub enum TextPart {
    /// Text with its escapes resolved.
    Literal(SmolStr),
    /// `${expr}`
    Hole(Expr),
}

/// An expression.
#[derive(Clone, PartialEq, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, PartialEq, Debug)]
pub enum ExprKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// `self`
    SelfNode,
    /// A name.
    Name(SmolStr),
    /// A whole number.
    Int(i64),
    /// A number with a unit.
    Quantity(Quantity),
    /// `10.0.0.1`, `fe80::1`
    Ip(IpAddr),
    /// `10.0.0.0/16`, with or without host bits.
    Cidr(IpNet),
    /// `52:54:00:aa:bb:01`
    Mac([u8; 6]),
    /// `10.1.${l}.0/24`: read as an address once its holes are filled.
    AddressText(Vec<TextPart>),
    /// A string.
    String(Vec<TextPart>),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `[e for x in list if c]`
    Comprehension(Box<Comprehension>),
    /// `{ a = 1 }`
    Record(Block),
    /// `a.b`
    Field(Box<Expr>, Name),
    /// `a[1, ..]`
    Index(Box<Expr>, Vec<Index>),
    /// `a:ge-0/0/0`; the span is that of the part after the colon.
    Port(Box<Expr>, Vec<TextPart>, Span),
    /// `f(x, y = z)`
    Call(Box<Expr>, Vec<Argument>),
    /// `-a`
    Negate(Box<Expr>),
    /// `not a`
    Not(Box<Expr>),
    /// `a + b`; the span is the operator's.
    Binary(Box<Expr>, BinaryOp, Span, Box<Expr>),
    /// `if c then a else b`
    If(Box<(Expr, Expr, Expr)>),
    /// `from POOL at N`
    From(Box<From>),
    /// `( a )`: kept, so that tools see what was written.
    Group(Box<Expr>),
    /// Missing or unreadable, and reported.
    Hole,
}

/// `from POOL at N`
#[derive(Clone, PartialEq, Debug)]
pub struct From {
    /// The pool.
    pub pool: Expr,
    /// Which one of it.
    pub at: Option<Expr>,
}

/// `[e for x in list for y in list2 if c]`
#[derive(Clone, PartialEq, Debug)]
pub struct Comprehension {
    /// Each element.
    pub element: Expr,
    /// At least one.
    pub bindings: Vec<Binding>,
    /// The filter.
    pub condition: Option<Expr>,
}

/// One index.
#[derive(Clone, PartialEq, Debug)]
pub enum Index {
    /// `..`: all of this dimension.
    All(Span),
    /// A key, or a range or list of keys.
    Key(Expr),
}

/// A number with its unit, exact.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Quantity {
    /// Bytes.
    Size(u64),
    /// Nanoseconds.
    Duration(u64),
    /// Bits a second.
    Rate(u64),
    /// Millionths of a whole: `0.1%` is 1000.
    Percent(u64),
}

/// Two operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)] // The names say it.
pub enum BinaryOp {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    Missing,
    Range,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl BinaryOp {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            BinaryOp::Or => "or",
            BinaryOp::And => "and",
            BinaryOp::Equal => "==",
            BinaryOp::NotEqual => "!=",
            BinaryOp::Less => "<",
            BinaryOp::LessEqual => "<=",
            BinaryOp::Greater => ">",
            BinaryOp::GreaterEqual => ">=",
            BinaryOp::In => "in",
            BinaryOp::Missing => "??",
            BinaryOp::Range => "..",
            BinaryOp::Add => "+",
            BinaryOp::Subtract => "-",
            BinaryOp::Multiply => "*",
            BinaryOp::Divide => "/",
            BinaryOp::Remainder => "%",
        }
    }
}
