//! Words of the language: functions, types, units, literals, keywords.

use super::page::Page;
use super::{Place, attributes, links, networks, reasons};
use crate::ide::names::Builtin;
use crate::ide::show::{count, grouped};
use crate::semantics::BUILTINS;
use crate::semantics::schema;
use crate::source::Span;
use crate::syntax::ast::ItemKind;
use crate::syntax::token::{Token, TokenKind};
use crate::topology::checks;
use crate::value::functions;
use crate::value::text::{parse_address, shown};
use crate::value::types::Type;
use crate::value::{Unit, Value, parse_quantity};
use std::net::IpAddr;

/// So many values are listed.
const MOST: usize = 8;

/// A page on something of the language.
pub fn builtin(place: &Place, builtin: Builtin, span: Span) -> Option<Page> {
    Some(match builtin {
        Builtin::Attribute(kind, spec) => {
            let ty = schema::attribute_type(kind, spec.name);
            attributes::attribute(place, spec.name, spec.ty, ty, kind.words(), spec.doc)
        }
        Builtin::Field(_, spec, field) => {
            let mut page = Page::of_source(&format!("{}: {}", field.name, field.ty));
            page.add(format!("Of `{}`: {}", spec.name, spec.doc));
            page
        }
        Builtin::Word(_, spec) => {
            let mut page = Page::of_source(place.view.compilation.sources.text(span));
            page.add(format!("One of the words that `{}` takes: `{}`", spec.name, spec.ty));
            page.add(spec.doc);
            page
        }
        Builtin::Property(kind, name) => {
            let mut page = Page::of_source(name);
            page.add(format!("Of {}; what it tells of itself beside its attributes.", kind.words()));
            page
        }
        Builtin::Function(name) => function(place, name)?,
        Builtin::Option(of, name) => {
            let mut page = function(place, of)?;
            page.add(format!("`{name}` is an option of it, given by its name."));
            page
        }
        Builtin::Type(name) => {
            let mut page = Page::of_source(name);
            page.add(
                Type::named(name).map_or_else(|| "A type.".to_owned(), |ty| format!("The type of {}.", ty.wanted())),
            );
            page
        }
        Builtin::Unit(name) => {
            let mut page = Page::default();
            page.add(literal(&format!("1{name}"))?);
            page
        }
    })
}

/// A function, and in a check what came of it.
fn function(place: &Place, name: &str) -> Option<Page> {
    let pure = functions::find(name).map(|function| (function.signature, function.doc, function.examples));
    let graph = || checks::find(name).map(|(function, _)| (function.signature, function.doc, function.examples));
    let other = || BUILTINS.iter().find(|one| one.name == name).map(|one| (one.signature, one.doc, &[][..]));
    let (signature, doc, examples) = pure.or_else(graph).or_else(other)?;
    let mut page = Page::of_source(signature);
    page.add(doc);
    for (call, result) in examples {
        page.point(format!("`{call}` is `{result}`"));
    }
    if checks::find(name).is_some() {
        around_check(place, &mut page);
    }
    Some(page)
}

fn around_check(place: &Place, page: &mut Page) {
    let item = place.around.iter().rev().find(|item| matches!(item.kind, ItemKind::Check(_)));
    if let Some(item) = item {
        check(place, item.span, page);
    }
}

/// How a check came out.
pub fn check(place: &Place, span: Span, page: &mut Page) {
    use crate::ide::things::Thing;
    let Some(topology) = place.topology() else { return };
    let checks = place.view.things().declared(span).filter_map(|thing| match thing {
        Thing::Check(at) => topology.checks.get(at),
        _ => None,
    });
    let checks: Vec<_> = checks.collect();
    let holding = checks.iter().filter(|check| check.holds == Some(true)).count();
    let Some(failing) = checks.iter().find(|check| check.holds == Some(false)) else {
        if holding > 0 && holding == checks.len() {
            page.add("In this lab, the check holds.");
        }
        return;
    };
    page.add("In this lab, the check **fails**.");
    let said = place.view.compilation.diagnostics.iter().find(|diagnostic| {
        let at = diagnostic.labels.first().map(|label| label.span);
        diagnostic.code.id == "E0702" && at.is_some_and(|at| at.file == span.file && span.touches(at.start as usize))
    });
    page.add_some(said.and_then(|diagnostic| diagnostic.help.clone()));
    if !failing.path.is_empty() {
        let path: Vec<String> = failing.path.iter().map(|name| format!("`{name}`")).collect();
        page.point(path.join(", "));
    }
}

/// What a quantity or address that is written out is. None for anything else.
pub fn literal(text: &str) -> Option<String> {
    if let Some(value) = parse_quantity(text) {
        let (unit, number) = Unit::of(&value)?;
        let (smallest, _) = unit.units().iter().find(|(_, factor)| *factor == 1)?;
        let exact = match unit {
            Unit::Size => count(usize::try_from(number).ok()?, "byte"),
            Unit::Percent => format!("{} of a million", grouped(u128::from(number))),
            Unit::Duration => format!("{} nanoseconds", grouped(u128::from(number))),
            Unit::Rate => format!("{} bits a second", grouped(u128::from(number))),
        };
        let shorter = unit.text(number);
        let same =
            if shorter == text || shorter.ends_with(smallest) { String::new() } else { format!(" = `{shorter}`") };
        return Some(format!("`{text}`{same} = {exact}"));
    }
    Some(match parse_address(text).ok()? {
        Value::Ip(ip) => format!("`{ip}`: {}", address(ip)),
        Value::Prefix(net) => format!("`{net}`: {}", networks::hosts(&net)),
        Value::Cidr(net) => {
            format!("`{net}`: {} in `{}` ({})", address(net.addr()), net.trunc(), networks::hosts(&net))
        }
        Value::Mac(mac) => {
            let [first, ..] = mac.0;
            let group = if first & 1 == 1 { "a group" } else { "one interface" };
            let given = if first & 2 == 2 { "given locally" } else { "given by the maker of the card" };
            format!("`{mac}`: the address of {group}, {given}")
        }
        other => shown(&other),
    })
}

fn address(ip: IpAddr) -> &'static str {
    match ip {
        IpAddr::V4(_) => "an IPv4 address",
        IpAddr::V6(_) => "an IPv6 address",
    }
}

/// A keyword that stands for the thing around it.
pub fn keyword(place: &Place, token: Token) -> Option<Page> {
    let item = place.around.last()?;
    let mut page = Page::of_source(&place.view.heading(item.span));
    let before = page.length();
    match (&item.kind, token.kind) {
        (_, TokenKind::From) => drawn(place, &mut page),
        (ItemKind::Link(_) | ItemKind::Lag(_), TokenKind::Wire) => links::links(place, item.span, &mut page),
        (ItemKind::Link(_) | ItemKind::Lag(_), TokenKind::Name)
            if matches!(place.text(token), "link" | "lag" | "each") =>
        {
            links::links(place, item.span, &mut page);
        }
        (ItemKind::Check(_), TokenKind::Name) if place.text(token) == "check" => check(place, item.span, &mut page),
        _ => return None,
    }
    (page.length() > before).then_some(page)
}

/// What a `from` got.
fn drawn(place: &Place, page: &mut Page) {
    let Some(ItemKind::Attribute(attribute)) = place.around.last().map(|item| &item.kind) else { return };
    let facts = &place.view.compilation.facts;
    let draws: Vec<_> = place.view.things().draws(facts, attribute.value.span).collect();
    for draw in draws.iter().take(MOST) {
        page.point(format!("`{}`: {}", draw.owner, reasons::of_draw(place.view, draw)));
    }
    if draws.len() > MOST {
        page.point(format!("… {}", count(draws.len(), "value")));
    }
}
