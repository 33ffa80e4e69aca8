//! The functions of the language that need nothing but their arguments. (Those that read files or the graph, such as
//! `template` and `tagged`, stand with the evaluator.)
//!
//! A [`Function`] is data: its signature says what it takes, and the arguments are checked and converted by it before
//! the function proper sees them. To add one, write it in the file of its field and put it into that file's table.

mod addresses;
mod encodings;
mod lists;
mod maps;
mod strings;

pub use addresses::{eui64, host, subnet};

use super::types::{accept_for, parse_type};
use super::{Problem, Step, Type, Value, bounded};
use crate::diagnostics::closest;
use crate::diagnostics::codes::values as codes;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A function: what is known about it, and what it does.
#[derive(Debug)]
pub struct Function<Body = Pure> {
    /// Its name.
    pub name: &'static str,
    /// `host(prefix: prefix, n: int) -> cidr`. Parameters of a type with `?` are options, which are given by name;
    /// all others are given by their place.
    pub signature: &'static str,
    /// What it gives, in a sentence or two.
    pub doc: &'static str,
    /// Calls and what they give; the tests evaluate each one.
    pub examples: &'static [(&'static str, &'static str)],
    /// What it does. It gets a value for each parameter, of the type the signature says, `null` for an option that
    /// was not given.
    pub(crate) body: Body,
}

/// The body of a function that needs nothing but its arguments.
pub type Pure = fn(&[Value]) -> Result<Value, Problem>;

/// What a function is called with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Arguments<'a> {
    /// Without a name.
    pub positional: &'a [Value],
    /// With a name, in the order of the call.
    pub named: &'a [(SmolStr, Value)],
}

/// A parameter of a signature.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Its type; of an option without the `?`.
    pub ty: Type,
    /// Is it given by name, or left out?
    pub option: bool,
}

/// Functions with their parameters, by name.
pub(crate) type Table<Body> = BTreeMap<&'static str, (&'static Function<Body>, Vec<Parameter>)>;

/// A table of these functions.
pub(crate) fn table<Body>(functions: impl IntoIterator<Item = &'static Function<Body>>) -> Table<Body> {
    let entry = |function: &'static Function<Body>| (function.name, (function, parameters(function.signature)));
    functions.into_iter().map(entry).collect()
}

static TABLE: LazyLock<Table<Pure>> = LazyLock::new(|| {
    let all = [strings::TABLE, lists::TABLE, maps::TABLE, addresses::TABLE, encodings::TABLE];
    table(all.into_iter().flatten())
});

/// Every function, by name.
pub fn all() -> impl Iterator<Item = &'static Function> {
    TABLE.values().map(|(function, _)| *function)
}

/// The function of this name.
pub fn find(name: &str) -> Option<&'static Function> {
    TABLE.get(name).map(|(function, _)| *function)
}

impl Function {
    /// Its parameters, in order.
    pub fn parameters(&self) -> &'static [Parameter] {
        TABLE.get(self.name).map(|(_, parameters)| parameters.as_slice()).unwrap_or_default()
    }

    /// Checks the arguments and applies the function. The first step of a problem's `within` is the argument: an
    /// [`Step::Element`] for one by place, a [`Step::Field`] for one by name.
    pub fn call(&self, arguments: &Arguments) -> Result<Value, Problem> {
        let values = self.bind(self.parameters(), arguments)?;
        (self.body)(&values).and_then(bounded)
    }
}

impl<Body> Function<Body> {
    /// A value for each parameter, checked.
    pub(crate) fn bind(&self, parameters: &[Parameter], arguments: &Arguments) -> Result<Vec<Value>, Problem> {
        let (options, required): (Vec<&Parameter>, Vec<&Parameter>) =
            parameters.iter().partition(|parameter| parameter.option);
        if arguments.positional.len() != required.len() {
            return Err(self.wrong_count(arguments, required.len(), &options));
        }
        if let Some((name, _)) = arguments.named.iter().find(|(name, _)| options.iter().all(|o| o.name != name)) {
            return Err(self.unknown_option(name, &required, &options));
        }
        let mut values = Vec::with_capacity(required.len() + options.len());
        for (index, (parameter, value)) in required.iter().zip(arguments.positional).enumerate() {
            values.push(self.check(parameter, value).map_err(|problem| problem.inside(Step::Element(index)))?);
        }
        for option in options {
            let given = arguments.named.iter().rev().find(|(name, _)| name == option.name);
            values.push(match given {
                Some((name, value)) => {
                    self.check(option, value).map_err(|problem| problem.inside(Step::Field(name.clone())))?
                }
                None => Value::Null,
            });
        }
        Ok(values)
    }

    fn check(&self, parameter: &Parameter, value: &Value) -> Result<Value, Problem> {
        if matches!(value, Value::Secret(_)) && parameter.ty != Type::Any {
            let message = format!("`{}` cannot work on a secret: it is known only at deployment", self.name);
            return Err(Problem::new(&codes::E0309, message, "a secret"));
        }
        accept_for(parameter.name, value.clone(), &parameter.ty).map_err(|problem| {
            if problem.help.is_none() { problem.help(format!("`{}`", self.signature)) } else { problem }
        })
    }

    fn wrong_count(&self, arguments: &Arguments, wanted: usize, options: &[&Parameter]) -> Problem {
        let plural = if wanted == 1 { "" } else { "s" };
        let given = arguments.positional.len();
        let message = format!("`{}` takes {wanted} argument{plural}, and this gives {given}", self.name);
        let problem = Problem::new(&codes::E0312, message, format!("{given} instead of {wanted}"));
        match options.first() {
            Some(option) if given == wanted + 1 => {
                problem.help(format!("`{0}` is given by its name: `{0} = …`", option.name))
            }
            _ => problem.help(format!("`{}`", self.signature)),
        }
    }

    fn unknown_option(&self, name: &str, required: &[&Parameter], options: &[&Parameter]) -> Problem {
        let message = format!("`{}` has no option `{name}`", self.name);
        let problem = Problem::new(&codes::E0312, message, "unknown option").inside(Step::Field(name.into()));
        if required.iter().any(|parameter| parameter.name == name) {
            return problem.help(format!("this argument is given by its place: `{}`", self.signature));
        }
        match closest(name, options.iter().map(|option| option.name)) {
            Some(meant) => problem.help(format!("did you mean `{meant}`?")),
            None => problem.help(format!("`{}`", self.signature)),
        }
    }
}

/// The parameters of a signature; none where it cannot be read.
fn parameters(signature: &'static str) -> Vec<Parameter> {
    let inside = signature.split_once('(').and_then(|(_, rest)| rest.rsplit_once(") -> ")).map(|(inside, _)| inside);
    let parameter = |text: &'static str| {
        let (name, ty) = text.split_once(": ")?;
        Some(match parse_type(ty) {
            Type::Optional(inner) => Parameter { name, ty: *inner, option: true },
            ty => Parameter { name, ty, option: false },
        })
    };
    inside.unwrap_or_default().split(", ").filter_map(parameter).collect()
}

/// The arguments are not what the signature says; [`Function::call`] sees to it that they are.
fn unexpected() -> Problem {
    Problem::new(&codes::E0312, "the arguments do not fit the function", "these do not fit")
}

/// There is no result for arguments of the right kind.
fn no_result(message: impl Into<String>, label: impl Into<String>) -> Problem {
    Problem::new(&codes::E0314, message, label)
}

/// A count as a number of the language.
fn number(count: u64) -> Result<Value, Problem> {
    i64::try_from(count).map(Value::Int).map_err(|_| Problem::new(&codes::E0307, "the count is too large", "too large"))
}

#[cfg(test)]
mod tests;
