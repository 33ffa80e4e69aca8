//! Instances of modules: their scopes, parameters, and the interfaces that they show.

use super::devices::circle_words;
use super::limits;
use super::world::{BindingKind, Env, Eval, Key, ScopeId, Stop, World};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::{attributes, names, structure as codes};
use crate::syntax::ast::{self};
use crate::value::Value;
use crate::value::types::Type;

impl<'a> World<'a> {
    /// Makes an instance of a module, with all that is in it.
    pub fn make_module(
        &mut self,
        node: &'a ast::Node,
        unit: usize,
        module: &'a ast::Module,
        keys: Option<Vec<Key>>,
        path: String,
        env: &Env<'a>,
    ) -> Eval<()> {
        if self.open_modules.iter().any(|(_, span)| *span == module.name.span) {
            let circle = circle_words(&self.open_modules, module.name.span);
            let message = format!("the module `{}` contains itself: {circle}", module.name.text);
            let diagnostic = Diagnostic::new(&codes::E0509, node.name.span, message, "leads back into itself")
                .label(module.name.span, "declared here")
                .help("a module cannot have an instance of itself inside");
            return self.stop(diagnostic);
        }
        if self.is_trial && self.open_modules.len() >= limits::TRIAL_DEPTH {
            return Err(Stop::Reported);
        }
        if self.open_modules.len() >= limits::MODULE_DEPTH {
            let message =
                format!("modules are nested more than {} deep at `{}`", limits::MODULE_DEPTH, module.name.text);
            let diagnostic = Diagnostic::new(&codes::E0532, node.name.span, message, "one module too deep")
                .label(module.name.span, "this module")
                .help("put what the inner modules hold into fewer of them");
            return self.stop(diagnostic);
        }
        self.check_arguments(&module.parameters, &node.arguments, &module.name, node.device.span)?;
        self.claim_name(&path, node.name.span)?;
        let scope = self.make_scope(module, &node.arguments, unit, format!("{path}/"), env)?;
        let id = Value::Module(self.add_module(scope));
        self.bind_made(&node.name, keys, id, env);
        self.count_instance(node.name.span);
        self.count_instance(module.name.span);
        if let Some(block) = &node.block
            && let Some(item) = block.items.first()
        {
            let message = "an instance of a module has no attributes of its own";
            let help = "pass arguments in parentheses, or change its `pub` members with `override`";
            self.report(Diagnostic::new(&attributes::E0404, item.span, message, "out of place here").help(help));
        }
        self.walk_module(module, unit, scope);
        Ok(())
    }

    /// The scope of an instance of a module, with its parameters bound; nothing is made in it yet.
    pub fn make_scope(
        &mut self,
        module: &'a ast::Module,
        arguments: &'a [ast::Argument],
        unit: usize,
        prefix: String,
        env: &Env<'a>,
    ) -> Eval<ScopeId> {
        self.used.insert(module.name.span);
        let parent = self.unit_scope(unit);
        let scope = self.open_scope(unit, Some(parent), Some(env.scope), prefix, &module.block.items);
        self.bind_module_parameters(module, arguments, scope, unit, env)?;
        Ok(scope)
    }

    /// Makes what is in an instance of a module.
    pub fn walk_module(&mut self, module: &'a ast::Module, unit: usize, scope: ScopeId) {
        let inside = Env::top(unit, scope);
        self.open_modules.push((module.name.text.clone(), module.name.span));
        self.make_pools(&module.block.items, &inside);
        self.walk_items(&module.block.items, &inside);
        self.open_modules.pop();
    }

    fn bind_module_parameters(
        &mut self,
        module: &'a ast::Module,
        arguments: &'a [ast::Argument],
        scope: usize,
        unit: usize,
        env: &Env<'a>,
    ) -> Eval<()> {
        let top = Env::top(unit, scope);
        for parameter in &module.parameters {
            let name = &parameter.name.text;
            let ty = self.resolve_type(&parameter.ty, &top);
            let given =
                arguments.iter().find(|argument| argument.name.as_ref().is_some_and(|given| given.text == *name));
            let (expr, place) = match (given, &parameter.default) {
                (Some(argument), _) => (Some(&argument.value), env.clone()),
                (None, Some(default)) => (Some(default), top.clone()),
                (None, None) => (None, top.clone()),
            };
            let kind = match expr {
                // All others were asked for, but by a trial.
                None if self.is_trial && !matches!(ty, Type::Optional(_)) => BindingKind::Failed,
                None => BindingKind::Value(Value::Null),
                Some(expr) => match self.evaluate_as(expr, &place, Some(&ty), name) {
                    Ok(value) => {
                        self.check_parameter(parameter, &value, expr.span, &top)?;
                        self.note(parameter.name.span, &value);
                        BindingKind::Value(value)
                    }
                    // It names nodes or networks, which come later.
                    Err(Stop::NeedsNodes(_)) => BindingKind::Argument(expr, Box::new(place), ty),
                    Err(_) => BindingKind::Failed,
                },
            };
            let binding = super::world::Binding { span: parameter.name.span, condition: None, broken: false, kind };
            if let Some(scope) = self.scopes.get_mut(scope) {
                if let Some(other) = scope.names.get(name) {
                    let message = format!("`{name}` is a parameter of the module, and declared in it again");
                    let diagnostic = Diagnostic::new(&names::E0201, other.span, message, "declared again here")
                        .label(parameter.name.span, "the parameter");
                    self.report(diagnostic);
                } else {
                    scope.names.insert(name.clone(), binding);
                }
            }
        }
        Ok(())
    }

    /// `interface NAME = inner:if` of a module.
    pub fn export_interface(&mut self, interface: &'a ast::Interface, env: &Env<'a>) -> Eval<()> {
        let name = self.key(&interface.name, env)?;
        let is_module = self.scopes.get(env.scope).is_some_and(|scope| scope.user.is_some());
        let Some(target) = interface.target.as_ref().filter(|_| is_module) else {
            let message = if is_module {
                format!("the interface `{name}` does not say which port inside it is")
            } else {
                "interfaces are shown by modules, and described in nodes".to_owned()
            };
            let help = format!("in a module write `interface {name} = node:port`");
            return self
                .stop(Diagnostic::new(&attributes::E0404, interface.name.span, message, "out of place").help(help));
        };
        if let Some(scope) = self.scopes.get_mut(env.scope) {
            scope.exports.insert(name, (target, env.clone(), interface.name.span));
        }
        Ok(())
    }
}
