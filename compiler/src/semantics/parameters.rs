//! Parameters of a file: given from outside, or their defaults.

use super::program::Program;
use super::world::{BindingKind, Env, Eval, ScopeId, Stop, World};
use crate::diagnostics::codes::structure as codes;
use crate::diagnostics::{Diagnostic, closest};
use crate::source::Span;
use crate::syntax::ast::{self, ItemKind};
use crate::syntax::parse_expression;
use crate::value::Value;
use crate::value::types::Type;
use smol_str::SmolStr;

/// A parameter given from outside.
#[derive(Debug)]
pub struct Given {
    /// Its name.
    pub name: SmolStr,
    /// Its value, as parsed.
    pub value: ast::Expr,
    /// The whole text.
    pub span: Span,
}

/// Parses what was given: each is a source of its own, so that mistakes in it can be shown.
pub fn parse(program: &mut Program, params: &[(String, String)], diagnostics: &mut Vec<Diagnostic>) -> Vec<Given> {
    let mut given: Vec<Given> = Vec::new();
    for (name, text) in params {
        let file = program.sources.add(format!("--set {name}"), format!("--set {name}"), text.as_str());
        let (value, problems) = parse_expression(file, text);
        diagnostics.extend(problems);
        // The last one given wins.
        given.retain(|before| before.name != *name);
        given.push(Given { name: SmolStr::new(name), value, span: Span::new(file, 0, text.len()) });
    }
    given
}

impl<'a> World<'a> {
    /// Gives every parameter of the main file its value.
    pub fn bind_params(&mut self, items: &'a [ast::Item], given: &'a [Given], scope: ScopeId) {
        let declared: Vec<&'a ast::Parameter> = items
            .iter()
            .filter_map(|item| if let ItemKind::Param(parameter) = &item.kind { Some(parameter) } else { None })
            .collect();
        for given in given {
            if !declared.iter().any(|parameter| parameter.name.text == given.name) {
                let message = format!("this file has no parameter `{}`", given.name);
                let names = declared.iter().map(|parameter| parameter.name.text.as_str());
                let help = match closest(&given.name, names.clone()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None if declared.is_empty() => "it declares none".to_owned(),
                    None => format!("it has: {}", names.collect::<Vec<_>>().join(", ")),
                };
                self.report(Diagnostic::new(&codes::E0515, given.span, message, "unknown parameter").help(help));
            }
        }
        for parameter in &declared {
            let outside = given.iter().find(|given| given.name == parameter.name.text);
            self.set_binding(scope, &parameter.name.text, BindingKind::Parameter(parameter, outside));
        }
        for parameter in declared {
            let _ = self.bound(scope, &parameter.name.text, parameter.name.span);
        }
    }

    /// The value of a parameter: given from outside, or its default, which may read other parameters.
    pub fn parameter_value(
        &mut self,
        parameter: &'a ast::Parameter,
        outside: Option<&'a Given>,
        env: &Env<'a>,
    ) -> Eval<Value> {
        let name = &parameter.name.text;
        let ty = self.resolve_type(&parameter.ty, env);
        let (value, span) = match (outside, &parameter.default) {
            (Some(given), _) => (self.given_value(given, env, &ty)?, given.span),
            (None, Some(default)) => (self.evaluate_as(default, env, Some(&ty), name)?, default.span),
            (None, None) if matches!(ty, Type::Optional(_)) => (Value::Null, parameter.name.span),
            // A type that could not be read: that was reported, and what followed it was passed over.
            (None, None) if ty == Type::Any && self.program.sources.text(parameter.ty.span) != "any" => {
                return Err(Stop::Reported);
            }
            (None, None) => {
                let message = format!("the parameter `{name}` needs a value");
                let help = format!("give one: `--set {name}=…`, or write a default: `param {name}: {ty} = …`");
                let span = parameter.name.span;
                return self.stop(Diagnostic::new(&codes::E0516, span, message, "has no default").help(help));
            }
        };
        // What does not satisfy its condition would only make more mistakes.
        self.check_parameter(parameter, &value, span, env)?;
        Ok(value)
    }

    /// A bare word is a string where a string is wanted: `--set site=nyc`.
    fn given_value(&mut self, given: &'a Given, env: &Env<'a>, ty: &Type) -> Eval<Value> {
        if let ast::ExprKind::Name(word) = &given.value.kind {
            let wants_text = matches!(ty, Type::String) || *ty == Type::Optional(Box::new(Type::String));
            if wants_text {
                return Ok(Value::String(word.clone()));
            }
        }
        self.evaluate_as(&given.value, env, Some(ty), &given.name)
    }
}
