//! The functions of the language with their signatures.

use crate::semantics::{BUILTINS, options};
use crate::topology::checks;
use crate::value::functions;
use crate::value::types::{Type, parse_type};

/// A function, as it is written in its table.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    pub name: &'static str,
    /// `host(prefix: prefix, n: int) -> cidr`
    pub signature: &'static str,
    pub doc: &'static str,
    /// Where it may be called.
    pub place: Place,
}

/// Where a function may be called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    Anywhere,
    /// It looks at the finished graph.
    Checks,
    /// It asks the running lab.
    Expectations,
    /// It says what an external network is.
    Bindings,
}

/// A parameter in a signature.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub name: &'static str,
    pub ty: Type,
    /// Is it given by name, or left out?
    pub option: bool,
}

/// All of them.
pub fn all() -> impl Iterator<Item = Function> {
    let pure = functions::all().map(|of| (of.name, of.signature, of.doc, Place::Anywhere));
    let graph = checks::all().map(|of| (of.name, of.signature, of.doc, Place::Checks));
    let built_in = BUILTINS.iter().map(|of| {
        let place = match of.name {
            "ping" | "tcp" | "http" | "command" => Place::Expectations,
            "bridge" | "macvtap" | "sriov" | "vxlan" | "existing" | "provider" => Place::Bindings,
            _ => Place::Anywhere,
        };
        (of.name, of.signature, of.doc, place)
    });
    pure.chain(graph).chain(built_in).map(|(name, signature, doc, place)| Function { name, signature, doc, place })
}

/// The function of a name.
pub fn find(name: &str) -> Option<Function> {
    all().find(|function| function.name == name)
}

impl Function {
    /// What it takes.
    pub fn parameters(self) -> Vec<Parameter> {
        let inside =
            self.signature.split_once('(').and_then(|(_, rest)| rest.rsplit_once(") ->")).map(|(inside, _)| inside);
        let parts = split(inside.unwrap_or_default());
        let built_in = if BUILTINS.iter().any(|of| of.name == self.name) { options(self.name) } else { &[] };
        let parameter = |part: &'static str| {
            let (name, ty) = part.split_once([':', '=']).unwrap_or((part, "any"));
            let ty = ty.trim();
            let option = part.contains('=') || ty.ends_with('?');
            Parameter { name: name.trim(), ty: parse_type(ty.trim_end_matches('?')), option }
        };
        let mut parameters: Vec<Parameter> = parts.into_iter().map(parameter).collect();
        for name in built_in {
            if !parameters.iter().any(|known| known.name == *name) {
                parameters.push(Parameter { name, ty: Type::Any, option: true });
            }
        }
        parameters
    }

    /// What it gives.
    pub fn gives(self) -> Type {
        self.signature.rsplit_once("-> ").map_or(Type::Any, |(_, ty)| parse_type(ty))
    }
}

/// The parts between commas that are in no brackets.
fn split(text: &'static str) -> Vec<&'static str> {
    let mut depth = 0;
    let parts = text.split(|char: char| {
        match char {
            '[' | '(' | '{' => depth += 1,
            ']' | ')' | '}' => depth -= 1,
            _ => {}
        }
        char == ',' && depth == 0
    });
    parts.map(str::trim).filter(|part| !part.is_empty()).collect()
}
