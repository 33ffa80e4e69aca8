//! Signature help: what a function, device or module takes, while its arguments are being typed.
//!
//! It reads tokens, as the text is seldom whole at that moment; what is declared is known from the tree of the text and
//! from an earlier compilation.

mod call;

use crate::Compilation;
use crate::semantics::schema::{self, Kind};
use crate::semantics::{BUILTINS, UnitId, library};
use crate::source::{FileId, Sources, Span};
use crate::syntax::ast::{self, ItemKind};
use crate::syntax::{Parse, parse};
use crate::topology::checks;
use crate::value::functions;
use call::Call;
use std::ops::Range;

/// What something takes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signature {
    /// As it is declared: `host(prefix: prefix, n: int) -> cidr`.
    pub label: String,
    /// What it is or gives.
    pub doc: Option<String>,
    /// What it takes, in order.
    pub parameters: Vec<Parameter>,
    /// Which of them is being typed.
    pub active: Option<usize>,
}

/// A parameter in a signature.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its bytes in the label.
    pub label: Range<usize>,
    /// What it means.
    pub doc: Option<String>,
    /// Is it given by its name?
    named: bool,
}

/// A text as it is being typed.
#[derive(Clone, Copy, Debug)]
pub struct Typed<'a> {
    /// The text.
    pub text: &'a str,
    /// Its tokens and tree.
    pub parse: &'a Parse,
    /// An earlier compilation of it, and which of its units it was.
    pub known: Option<(&'a Compilation, UnitId)>,
}

/// What the call takes whose arguments stand at a byte; none where there is no call.
pub fn signature(typed: Typed, offset: u32) -> Option<Signature> {
    let call = call::find(typed.text, &typed.parse.tokens, offset)?;
    let mut signature = if call.is_declared { declared(typed, call.callee) } else { function(call.callee) }?;
    signature.active = active(&signature.parameters, &call);
    Some(signature)
}

/// By its name, else by its place; arguments that are given by their names come in any order.
fn active(parameters: &[Parameter], call: &Call) -> Option<usize> {
    if let Some(name) = call.name {
        return parameters.iter().position(|parameter| parameter.name == name);
    }
    let by_place = parameters.get(call.place).filter(|parameter| !parameter.named);
    let open = |parameter: &Parameter| parameter.named && !call.given.contains(&parameter.name.as_str());
    by_place.map(|_| call.place).or_else(|| parameters.iter().position(open))
}

/// A function of the language.
fn function(name: &str) -> Option<Signature> {
    let pure = functions::find(name).map(|function| (function.signature, function.doc));
    let graph = || checks::find(name).map(|(function, _)| (function.signature, function.doc));
    let builtin = || BUILTINS.iter().find(|one| one.name == name).map(|one| (one.signature, one.doc));
    let (label, doc) = pure.or_else(graph).or_else(builtin)?;
    Some(Signature { label: label.to_owned(), doc: Some(doc.to_owned()), parameters: split(label), active: None })
}

/// The parameters of `f(a: T, b: { c: U }, d = 1) -> V`.
fn split(label: &str) -> Vec<Parameter> {
    let Some(open) = label.find('(') else { return Vec::new() };
    let mut parameters = Vec::new();
    let (mut depth, mut start) = (0, open + 1);
    for (at, char) in label.char_indices().skip(open + 1) {
        match char {
            '(' | '[' | '{' => depth += 1,
            ')' | ',' if depth == 0 => {
                parameters.extend(label.get(start..at).and_then(|text| parameter(text, start)));
                start = at + 1;
                if char == ')' {
                    break;
                }
            }
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    parameters
}

fn parameter(text: &str, start: usize) -> Option<Parameter> {
    let trimmed = text.trim();
    let start = start + text.len() - text.trim_start().len();
    let name = trimmed.split([':', '=']).next()?.trim();
    let named = trimmed.ends_with('?') || (trimmed.contains('=') && !trimmed.contains(':'));
    let label = start..start + trimmed.len();
    (!name.is_empty()).then(|| Parameter { name: name.to_owned(), label, doc: None, named })
}

/// A device or module: of the text, of an earlier compilation of it, or of the library.
fn declared(typed: Typed, name: &str) -> Option<Signature> {
    let here = |span: Span| typed.text.get(span.range()).unwrap_or_default().to_owned();
    if let Some(found) = typed.parse.tree.items.iter().find_map(|item| of_item(item, name, &here)) {
        return Some(found);
    }
    let known = typed.known.and_then(|(compilation, unit)| {
        let (_, item) = compilation.find(unit, name)?;
        let declared = declared_name(item)?;
        of_item(item, &declared.text, &|span| compilation.sources.text(span).to_owned())
    });
    known.or_else(|| of_library(name))
}

fn of_library(name: &str) -> Option<Signature> {
    let path = library::device_file(name)?;
    let mut sources = Sources::default();
    let file: FileId = sources.add(path, path, library::file(path)?);
    let parsed = parse(file, &sources.get(file)?.text);
    parsed.tree.items.iter().find_map(|item| of_item(item, name, &|span| sources.text(span).to_owned()))
}

fn declared_name(item: &ast::Item) -> Option<&ast::Name> {
    match &item.kind {
        ItemKind::Device(device) => Some(&device.name),
        ItemKind::Module(module) => Some(&module.name),
        _ => None,
    }
}

fn of_item(item: &ast::Item, name: &str, text: &dyn Fn(Span) -> String) -> Option<Signature> {
    let (declared, parameters, is_device) = match &item.kind {
        ItemKind::Device(device) => (&device.name, &device.parameters, true),
        ItemKind::Module(module) => (&module.name, &module.parameters, false),
        _ => return None,
    };
    if declared.text != name {
        return None;
    }
    let mut label = format!("{name}(");
    let mut found = Vec::new();
    let mut add = |name: &str, words: String, doc: Option<String>| {
        if !found.is_empty() {
            label.push_str(", ");
        }
        let start = label.len();
        label.push_str(&words);
        found.push(Parameter { name: name.to_owned(), label: start..label.len(), doc, named: true });
    };
    for parameter in parameters {
        let default = parameter.default.as_ref().map(|default| format!(" = {}", text(default.span)));
        let words = format!("{}: {}{}", parameter.name.text, text(parameter.ty.span), default.unwrap_or_default());
        let condition = parameter.condition.as_ref().map(|condition| format!("Where `{}`.", text(condition.span)));
        let docs: Vec<String> = parameter.doc.iter().map(|doc| doc.text.clone()).chain(condition).collect();
        add(&parameter.name.text, words, (!docs.is_empty()).then(|| docs.join("\n\n")));
    }
    // Every device has it.
    if is_device && parameters.iter().all(|parameter| parameter.name.text != "version") {
        let doc = schema::attribute(Kind::Node, "version").map(|spec| spec.doc.to_owned());
        add("version", "version: string?".to_owned(), doc);
    }
    label.push(')');
    let doc = item.doc.as_ref().map(|doc| doc.text.clone());
    Some(Signature { label, doc, parameters: found, active: None })
}

#[cfg(test)]
mod tests;
