//! Types, and whether a value is of one.

mod parse;

pub use parse::parse_type;

use super::text::shown;
use super::units::{Unit, parse_quantity};
use super::{Problem, Step, Value, elements};
use crate::collections::IndexMap;
use crate::diagnostics::closest;
use crate::diagnostics::codes::values as codes;
use ipnet::IpNet;
use smol_str::SmolStr;
use std::fmt;
use std::sync::Arc;

/// A type.
#[derive(Clone, PartialEq, Debug)]
#[allow(missing_docs)] // The names are the language's.
pub enum Type {
    /// Anything: what is untyped, or could not be read.
    Any,
    Bool,
    Int,
    String,
    Size,
    Duration,
    Rate,
    Percent,
    Ip,
    Cidr,
    Prefix,
    Mac,
    Node,
    Interface,
    Network,
    Link,
    Pool,
    Vlan,
    Vrf,
    Secret,
    /// `[T]`
    List(Box<Type>),
    /// `map[T]`
    Map(Box<Type>),
    /// `T?`
    Optional(Box<Type>),
    /// `{ name: string, hosts: int = 2 }`
    Record(Arc<Vec<Field>>),
    /// `enum { none, nat, route }`
    Enum(Arc<Vec<SmolStr>>),
    /// The first of these that accepts the value. Only for attributes of the language itself.
    OneOf(Vec<Type>),
}

/// A field of a record type.
#[derive(Clone, PartialEq, Debug)]
pub struct Field {
    /// Its name.
    pub name: SmolStr,
    /// Its type.
    pub ty: Type,
    /// What it is where it is left out; of type `ty`.
    pub default: Option<Value>,
    /// Is leaving it out an error? A field that is neither given, required nor has a default is `null`.
    pub required: bool,
}

impl fmt::Display for Type {
    /// As the user writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::List(inner) => write!(f, "[{inner}]"),
            Type::Map(inner) => write!(f, "map[{inner}]"),
            Type::Optional(inner) if matches!(**inner, Type::OneOf(_)) => write!(f, "({inner})?"),
            Type::Optional(inner) => write!(f, "{inner}?"),
            Type::Record(fields) => {
                let field = |field: &Field| match &field.default {
                    Some(default) => format!("{}: {} = {}", field.name, field.ty, shown(default)),
                    None => format!("{}: {}", field.name, field.ty),
                };
                write!(f, "{{ {} }}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
            }
            Type::Enum(words) => write!(f, "enum {{ {} }}", words.join(", ")),
            Type::OneOf(types) => f.write_str(&types.iter().map(Type::to_string).collect::<Vec<_>>().join(" | ")),
            simple => f.write_str(simple.word().unwrap_or_default()),
        }
    }
}

/// The types that are one word.
const WORDS: &[(&str, Type)] = &[
    ("any", Type::Any),
    ("bool", Type::Bool),
    ("int", Type::Int),
    ("string", Type::String),
    ("size", Type::Size),
    ("duration", Type::Duration),
    ("rate", Type::Rate),
    ("percent", Type::Percent),
    ("ip", Type::Ip),
    ("cidr", Type::Cidr),
    ("prefix", Type::Prefix),
    ("mac", Type::Mac),
    ("node", Type::Node),
    ("interface", Type::Interface),
    ("network", Type::Network),
    ("link", Type::Link),
    ("pool", Type::Pool),
    ("vlan", Type::Vlan),
    ("vrf", Type::Vrf),
    ("secret", Type::Secret),
];

impl Type {
    /// The built-in type of this name.
    pub fn named(word: &str) -> Option<Type> {
        WORDS.iter().find(|(name, _)| *name == word).map(|(_, ty)| ty.clone())
    }

    /// The names of the built-in types, for "did you mean" and completion.
    pub fn names() -> impl Iterator<Item = &'static str> {
        WORDS.iter().map(|(name, _)| *name)
    }

    fn word(&self) -> Option<&'static str> {
        WORDS.iter().find(|(_, ty)| ty == self).map(|(name, _)| *name)
    }

    /// What is wanted, for sentences: "a size such as 4GiB".
    pub fn wanted(&self) -> String {
        let text = match self {
            Type::Any => "any value",
            Type::Bool => "`true` or `false`",
            Type::Int => "a whole number",
            Type::String => "a string",
            Type::Size => "a size such as 4GiB",
            Type::Duration => "a duration such as 10ms",
            Type::Rate => "a rate such as 1Gbps",
            Type::Percent => "a percentage such as 0.1%",
            Type::Ip => "an address such as 10.0.0.1",
            Type::Cidr => "an address with its length such as 10.0.0.1/24",
            Type::Prefix => "a prefix such as 10.0.0.0/24",
            Type::Mac => "a MAC address such as 52:54:00:aa:bb:01",
            Type::Node => "a node",
            Type::Interface => "an interface such as fw:eth0",
            Type::Network => "a network",
            Type::Link => "a link",
            Type::Pool => "a pool",
            Type::Vlan => "a VLAN",
            Type::Vrf => "a VRF",
            Type::Secret => "a secret such as `secret(\"env:PASSWORD\")`",
            Type::Optional(inner) => return inner.wanted(),
            Type::List(inner) => return format!("a list `[{inner}]`"),
            Type::Map(inner) => return format!("a record `map[{inner}]`"),
            Type::Record(_) => return format!("a record `{self}`"),
            Type::Enum(words) => return one_of_words(words),
            Type::OneOf(types) => {
                return types.iter().map(Type::wanted).collect::<Vec<_>>().join(" or ");
            }
        };
        text.to_owned()
    }

    /// Is the value of this simple type, as it stands?
    fn holds(&self, value: &Value) -> bool {
        matches!(
            (self, value),
            (Type::Bool, Value::Bool(_))
                | (Type::Int, Value::Int(_))
                | (Type::String, Value::String(_))
                | (Type::Size, Value::Size(_))
                | (Type::Duration, Value::Duration(_))
                | (Type::Rate, Value::Rate(_))
                | (Type::Percent, Value::Percent(_))
                | (Type::Ip, Value::Ip(_))
                | (Type::Cidr, Value::Cidr(_))
                | (Type::Prefix, Value::Prefix(_))
                | (Type::Mac, Value::Mac(_))
                | (Type::Node, Value::Node(_))
                | (Type::Interface, Value::Interface(..))
                | (Type::Network, Value::Network(_))
                | (Type::Link, Value::Link(_))
                | (Type::Pool, Value::Pool(_))
                | (Type::Vlan, Value::Vlan(_))
                | (Type::Vrf, Value::Vrf(_))
                | (Type::Secret, Value::Secret(_))
                // Checked again once it is allocated.
                | (Type::Ip | Type::Cidr | Type::Prefix | Type::Int | Type::Vlan, Value::FromPool(..))
        )
    }

    /// The kind of quantity, for the types that are one.
    fn unit(&self) -> Option<Unit> {
        match self {
            Type::Size => Some(Unit::Size),
            Type::Duration => Some(Unit::Duration),
            Type::Rate => Some(Unit::Rate),
            Type::Percent => Some(Unit::Percent),
            _ => None,
        }
    }
}

/// "one of `none`, `nat` or `route`"
fn one_of_words(words: &[SmolStr]) -> String {
    match words {
        [] => "a word of an empty enumeration".to_owned(),
        [only] => format!("`{only}`"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|word| format!("`{word}`")).collect();
            format!("one of {} or `{last}`", first.join(", "))
        }
    }
}

/// What the value is for: the beginning of a sentence. It becomes text only in an error.
enum Subject<'a> {
    Whole(Option<&'a str>),
    Element(&'a Subject<'a>, usize),
    Field(&'a Subject<'a>, &'a str),
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Whole(None) => f.write_str("this"),
            Subject::Whole(Some(name)) => write!(f, "`{name}`"),
            Subject::Element(list, index) => write!(f, "element {} of {list}", index + 1),
            Subject::Field(Subject::Whole(None), name) => write!(f, "`{name}`"),
            Subject::Field(record, name) => write!(f, "`{name}` of {record}"),
        }
    }
}

/// The value as one of this type, with the language's two conversions (one value where a list is wanted, `T` where
/// `T?` is), and with the defaults of records filled in.
pub fn accept(value: Value, ty: &Type) -> Result<Value, Problem> {
    check(value, ty, &Subject::Whole(None))
}

/// Like [`accept`], with the name of what the value is for, so that errors can say "`memory` should be …".
pub fn accept_for(name: &str, value: Value, ty: &Type) -> Result<Value, Problem> {
    check(value, ty, &Subject::Whole(Some(name)))
}

fn check(value: Value, ty: &Type, subject: &Subject) -> Result<Value, Problem> {
    match (ty, value) {
        (Type::Any, value) => Ok(value),
        (Type::Optional(_), Value::Null) => Ok(Value::Null),
        (Type::Optional(inner), value) => check(value, inner, subject),
        (Type::OneOf(types), value) => one_of(value, types, ty, subject),
        (Type::List(inner), value) => list(value, inner, ty, subject),
        (Type::Map(inner), Value::Map(entries)) => map(&entries, inner, subject),
        (Type::Record(fields), Value::Map(entries)) => record(&entries, fields, subject),
        (Type::Enum(words), value @ (Value::Member(_) | Value::String(_))) => member(value, words, subject),
        (Type::String, Value::Member(word)) => Ok(Value::String(word)),
        (Type::Cidr, Value::Prefix(net)) if names_a_host(net) => Ok(Value::Cidr(net)),
        (Type::Prefix, Value::Cidr(net)) if net == net.trunc() => Ok(Value::Prefix(net)),
        (ty, value) if ty.holds(&value) => Ok(value),
        (ty, value) => Err(mismatch(&value, ty, subject)),
    }
}

/// Is the first address of the prefix one that a host can have? So it is where the prefix has one address, or two
/// (RFC 3021, RFC 6164).
fn names_a_host(net: IpNet) -> bool {
    net.max_prefix_len() - net.prefix_len() <= 1
}

fn list(value: Value, inner: &Type, ty: &Type, subject: &Subject) -> Result<Value, Problem> {
    match value {
        Value::Null => Err(mismatch(&Value::Null, ty, subject)),
        // A range stays one as long as its numbers are what is wanted.
        Value::Range(first, _) if check(Value::Int(first), inner, subject) == Ok(Value::Int(first)) => Ok(value),
        Value::List(_) | Value::Range(..) => {
            let values = elements(&value).unwrap_or_else(|| Ok(Vec::new()))?;
            let element = |(index, value)| {
                check(value, inner, &Subject::Element(subject, index))
                    .map_err(|problem| problem.inside(Step::Element(index)))
            };
            values.into_iter().enumerate().map(element).collect::<Result<_, _>>().map(Value::list)
        }
        one => check(one, inner, subject).map(|one| Value::list(vec![one])),
    }
}

fn map(entries: &IndexMap<SmolStr, Value>, inner: &Type, subject: &Subject) -> Result<Value, Problem> {
    let entry = |(name, value): (&SmolStr, &Value)| {
        check(value.clone(), inner, &Subject::Field(subject, name))
            .map(|value| (name.clone(), value))
            .map_err(|problem| problem.inside(Step::Field(name.clone())))
    };
    entries.iter().map(entry).collect::<Result<_, _>>().map(Value::map)
}

fn record(entries: &IndexMap<SmolStr, Value>, fields: &[Field], subject: &Subject) -> Result<Value, Problem> {
    let known = || fields.iter().map(|field| field.name.as_str());
    if let Some(name) = entries.keys().find(|name| !known().any(|field| field == name.as_str())) {
        return Err(unknown_field(name, known().collect(), subject));
    }
    let field = |field: &Field| {
        let value = match (entries.get(&field.name), &field.default) {
            (Some(value), _) => check(value.clone(), &field.ty, &Subject::Field(subject, &field.name))
                .map_err(|problem| problem.inside(Step::Field(field.name.clone())))?,
            (None, Some(default)) => default.clone(),
            (None, None) if !field.required => Value::Null,
            (None, None) => {
                let message = format!("{subject} lacks the field `{}`", field.name);
                let help = format!("add `{} = …`: {}", field.name, field.ty.wanted());
                return Err(Problem::new(&codes::E0305, message, format!("`{}` is missing", field.name)).help(help));
            }
        };
        Ok((field.name.clone(), value))
    };
    fields.iter().map(field).collect::<Result<_, _>>().map(Value::map)
}

fn unknown_field(name: &SmolStr, known: Vec<&str>, subject: &Subject) -> Problem {
    let message = format!("{subject} has no field `{name}`");
    let problem = Problem::new(&codes::E0304, message, "unknown field").inside(Step::Field(name.clone()));
    match closest(name, known.iter().copied()) {
        Some(meant) => problem.help(format!("did you mean `{meant}`?")).replacement(meant),
        None => problem.help(format!("its fields are: {}", known.join(", "))),
    }
}

fn member(value: Value, words: &Arc<Vec<SmolStr>>, subject: &Subject) -> Result<Value, Problem> {
    let (Value::Member(word) | Value::String(word)) = &value else { return Ok(value) };
    let quoted = matches!(value, Value::String(_));
    if words.contains(word) {
        if !quoted {
            return Ok(value);
        }
        let message = format!("{subject} is a word of an enumeration, not a string");
        let problem = Problem::new(&codes::E0302, message, "a string");
        return Err(problem.help(format!("write `{word}` without quotes")).replacement(word.as_str()));
    }
    let message = format!("{subject} should be {}; {} is none of them", one_of_words(words), shown(&value));
    let problem = Problem::new(&codes::E0302, message, "not one of its words");
    Err(match closest(word, words.iter().map(SmolStr::as_str)) {
        Some(meant) => problem.help(format!("did you mean `{meant}`?")).replacement(meant),
        None => problem,
    })
}

/// The first of the types that accepts the value; where none does, the problem of the one that comes closest.
fn one_of(value: Value, types: &[Type], ty: &Type, subject: &Subject) -> Result<Value, Problem> {
    let mut near = None;
    for ty in types {
        match check(value.clone(), ty, subject) {
            Ok(value) => return Ok(value),
            Err(problem) => {
                let told_apart = same_shape(&value, ty) || problem.code != &codes::E0300;
                if near.is_none() && told_apart {
                    near = Some(problem);
                }
            }
        }
    }
    Err(near.unwrap_or_else(|| mismatch(&value, ty, subject)))
}

/// Do both have parts of the same kind, so that only a part can be wrong?
fn same_shape(value: &Value, ty: &Type) -> bool {
    match ty {
        Type::Optional(inner) => same_shape(value, inner),
        Type::List(_) => matches!(value, Value::List(_)),
        Type::Map(_) | Type::Record(_) => matches!(value, Value::Map(_)),
        _ => false,
    }
}

/// Why a value is not of a type that is wanted.
fn mismatch(value: &Value, ty: &Type, subject: &Subject) -> Problem {
    let message = format!("{subject} should be {}; {} is {}", ty.wanted(), shown(value), value.kind());
    let problem = |code| Problem::new(code, message.clone(), value.kind());
    match (ty, value) {
        (_, Value::Secret(_)) => secret_here(subject),
        (Type::Int, value) if Unit::of(value).is_some() => {
            problem(&codes::E0301).help("write the number without a unit")
        }
        (ty, Value::Int(number)) if ty.unit().is_some() => problem(&codes::E0301).help(with_unit(*number, ty)),
        (ty, value) if ty.unit().is_some() && Unit::of(value).is_some() => problem(&codes::E0301),
        (Type::Prefix, Value::Cidr(net)) => host_bits(*net, subject),
        (Type::Prefix, Value::Ip(ip)) => {
            problem(&codes::E0300).help(format!("write its length; `{}` is this address alone", IpNet::from(*ip)))
        }
        (Type::Cidr, Value::Ip(ip)) => {
            let length = if ip.is_ipv4() { 24 } else { 64 };
            problem(&codes::E0300).help(format!("add the length of its prefix, for example `{ip}/{length}`"))
        }
        (Type::Cidr, Value::Prefix(net)) => first_host(*net, problem(&codes::E0300)),
        (Type::OneOf(types), Value::Prefix(net)) if types.contains(&Type::Cidr) => {
            first_host(*net, problem(&codes::E0300))
        }
        (Type::Ip, Value::Cidr(net) | Value::Prefix(net)) => without_length(*net, problem(&codes::E0300)),
        (ty, Value::String(text)) if reads_as(text, ty) => {
            problem(&codes::E0300).help(format!("write `{text}` without quotes")).replacement(text.as_str())
        }
        (Type::String, Value::Node(_) | Value::Interface(..) | Value::Network(_) | Value::Link(_)) => {
            problem(&codes::E0300).help("add `.name` for its name")
        }
        // A quantity is for an attribute that measures something: text is no way out.
        (Type::String, value) if Unit::of(value).is_none() && super::text::display(value).is_ok() => {
            let written = shown(value);
            problem(&codes::E0300).help(format!("write `\"{written}\"`")).replacement(format!("\"{written}\""))
        }
        (Type::Secret, Value::String(_)) => {
            problem(&codes::E0300).help("keep it out of the file: `secret(\"env:NAME\")` or `secret(\"file:PATH\")`")
        }
        _ => problem(&codes::E0300),
    }
}

fn secret_here(subject: &Subject) -> Problem {
    let message = format!("{subject} cannot hold a secret: it would be written into plans and files");
    Problem::new(&codes::E0309, message, "a secret")
        .help("secrets may stand in passwords, keys, files and configurations, and where the type is `secret`")
}

fn with_unit(number: i64, ty: &Type) -> String {
    match ty {
        Type::Size if (0..256).contains(&number) => format!("write the unit: `{number}GiB` or `{}MiB`", number * 1024),
        Type::Size => format!("write the unit, for example `{number}MiB`"),
        Type::Duration => format!("write the unit: `{number}ms` or `{number}s`"),
        Type::Rate => format!("write the unit, for example `{number}Mbps`"),
        _ => format!("write the unit: `{number}%`"),
    }
}

fn host_bits(net: IpNet, subject: &Subject) -> Problem {
    let prefix = net.trunc();
    let message = format!("{subject} should be a prefix; {net} is an address in {prefix}");
    Problem::new(&codes::E0303, message, format!("bits are set after the first {}", net.prefix_len()))
        .help(format!("write `{prefix}`"))
        .replacement(prefix.to_string())
}

fn first_host(net: IpNet, problem: Problem) -> Problem {
    match net.hosts().next().and_then(|first| IpNet::new(first, net.prefix_len()).ok()) {
        Some(first) => problem.help(format!("`{first}` is the first address in it")),
        None => problem,
    }
}

fn without_length(net: IpNet, problem: Problem) -> Problem {
    let ip = net.addr();
    if net == net.trunc() && !names_a_host(net) {
        return problem.help("write an address, without a length");
    }
    problem.help(format!("write `{ip}` without the length")).replacement(ip.to_string())
}

/// Would the text be of this type, if it stood without quotes?
fn reads_as(text: &str, ty: &Type) -> bool {
    match ty {
        Type::Bool => matches!(text, "true" | "false"),
        Type::Int => text.parse::<i64>().is_ok(),
        Type::Size | Type::Duration | Type::Rate | Type::Percent => {
            parse_quantity(text).is_some_and(|value| ty.holds(&value))
        }
        Type::Ip | Type::Cidr | Type::Prefix | Type::Mac => {
            super::text::parse_address(text).is_ok_and(|value| accept(value, ty).is_ok())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
