//! Checks: conditions on the graph that must hold.

use super::schema::Kind;
use super::world::{EntityId, Env, Eval, Phase, Stop, World};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::checks as codes;
use crate::source::Span;
use crate::syntax::ast::{self, Argument, ItemKind};
use crate::topology::checks::{self, Outcome, Wiring};
use crate::topology::{Check, Expectation, Origin, Topology, Vertex};
use crate::value::functions::Arguments;
use crate::value::text::shown;
use crate::value::{Problem, Value};

/// How many nodes of a path are pointed at.
const LABELS: usize = 6;

/// Is this a function on the graph?
pub fn is_graph_function(name: &str) -> bool {
    checks::find(name).is_some()
}

/// The names of all functions on the graph.
pub fn graph_function_names() -> impl Iterator<Item = &'static str> {
    checks::all().map(|function| function.name)
}

impl<'a> World<'a> {
    /// A call of a function on the graph.
    pub fn graph_call(&mut self, name: &str, arguments: &'a [Argument], span: Span, env: &Env<'a>) -> Eval<Value> {
        let Some(wiring) = self.wiring else {
            if self.phase < Phase::Checks {
                let message = format!("`{name}` looks at the finished graph");
                let help = "it stands in `check`; nothing else can depend on the graph";
                return self.stop(Diagnostic::new(&codes::E0701, span, message, "not known yet").help(help));
            }
            return Err(Stop::Reported);
        };
        let (positional, named) = self.arguments(arguments, env, None)?;
        let called = checks::call(name, wiring, &Arguments { positional: &positional, named: &named });
        match called {
            Some(Ok(outcome)) => {
                let value = outcome.value.clone();
                self.outcomes.push(outcome);
                Ok(value)
            }
            Some(Err(problem)) => {
                let at = argument_of(&problem, arguments).unwrap_or(span);
                self.problem(problem, at)
            }
            None => Err(Stop::Reported),
        }
    }

    /// Evaluates every check, and expectations as far as there are answers.
    pub fn run_checks(&mut self, topology: &'a Topology, wiring: &'a Wiring<'a>) -> (Vec<Check>, Vec<Expectation>) {
        self.phase = Phase::Checks;
        self.wiring = Some(wiring);
        let (mut results, mut expectations) = (Vec::new(), Vec::new());
        for pending in std::mem::take(&mut self.checks) {
            match &pending.item.kind {
                ItemKind::Check(check) => {
                    results.push(self.run_check(check, &pending.env, topology, pending.item.span))
                }
                ItemKind::Expect(expected) => {
                    expectations.push(self.expectation(expected, &pending.env, pending.item.span));
                }
                _ => {}
            }
        }
        (results, expectations)
    }

    fn run_check(&mut self, check: &'a ast::Check, env: &Env<'a>, topology: &Topology, span: Span) -> Check {
        self.check_block(check, env);
        self.outcomes.clear();
        let written = self.program.sources.text(check.condition.span).to_owned();
        let holds = self.condition(&check.condition, env).ok();
        let outcomes = std::mem::take(&mut self.outcomes);
        let culprit = outcomes.iter().find(|outcome| !outcome.path.is_empty()).or(outcomes.first());
        let path = if holds == Some(false) {
            culprit.map(|outcome| outcome.path.iter().map(|vertex| name(topology, *vertex)).collect())
        } else {
            None
        };
        // Where the graph lacks something, that is why.
        if holds == Some(false) && !self.incomplete {
            let sides = if outcomes.is_empty() { self.sides(&check.condition, env) } else { None };
            let said = check.message.as_ref().and_then(|text| self.plain_text(&text.parts, env, text.span).ok());
            let message = match (&check.name, said) {
                (_, Some(said)) => format!("a check fails: {said}"),
                (Some(name), None) => format!("the check `{}` fails", name.text),
                (None, None) => format!("a check fails: {written}"),
            };
            self.report_failed(check, message, culprit, sides, topology);
        }
        Check {
            name: check.name.as_ref().map(|name| name.text.to_string()),
            condition: written,
            holds,
            path: path.unwrap_or_default(),
            origin: Origin { span, variables: env.loop_variables(), ..Origin::default() },
        }
    }

    /// Both sides of a comparison as values: `1 > 100`.
    pub fn sides(&mut self, condition: &'a ast::Expr, env: &Env<'a>) -> Option<String> {
        let ast::ExprKind::Binary(left, _, sign, right) = &condition.kind else { return None };
        let left = self.evaluate(left, env, None).ok()?;
        let right = self.evaluate(right, env, None).ok()?;
        let sign = self.program.sources.text(*sign);
        Some(format!("{} {sign} {}", shown(&left), shown(&right)))
    }

    pub fn check_block(&mut self, check: &'a ast::Check, env: &Env<'a>) -> EntityId {
        let words = check.name.as_ref().map_or("a check".to_owned(), |name| format!("check `{}`", name.text));
        let (entity, others) = self.block_entity(Kind::Check, words, check.block.as_ref(), env, check.condition.span);
        self.refuse_items(others, "a check");
        self.evaluate_entity(entity);
        entity
    }

    fn report_failed(
        &mut self,
        check: &ast::Check,
        message: String,
        culprit: Option<&Outcome>,
        sides: Option<String>,
        topology: &Topology,
    ) {
        let label = sides.map_or("does not hold".to_owned(), |sides| format!("does not hold: {sides}"));
        let mut diagnostic = Diagnostic::new(&codes::E0702, check.condition.span, message, label);
        if let Some(outcome) = culprit {
            let places = outcome.path.iter().filter_map(|vertex| Some((origin(topology, *vertex)?, *vertex)));
            let mut seen = Vec::new();
            for (span, vertex) in places {
                if seen.len() < LABELS && !seen.contains(&span) {
                    seen.push(span);
                    diagnostic = diagnostic.label(span, format!("`{}`", name(topology, vertex)));
                }
            }
            if !outcome.explanation.is_empty() {
                diagnostic = diagnostic.help(outcome.explanation.clone());
            }
        }
        self.report(diagnostic);
    }

    pub fn check_names(&mut self, expr: &'a ast::Expr, env: &Env<'a>) {
        use ast::ExprKind;
        match &expr.kind {
            ExprKind::Call(function, arguments) => {
                if let ExprKind::Name(name) = &function.kind {
                    let _ = self.check_call(name, arguments, function.span, expr.span);
                }
                for argument in arguments {
                    self.check_names(&argument.value, env);
                }
            }
            ExprKind::Binary(left, _, _, right) => {
                self.check_names(left, env);
                self.check_names(right, env);
            }
            ExprKind::Not(inner) | ExprKind::Group(inner) | ExprKind::Negate(inner) => self.check_names(inner, env),
            ExprKind::Name(_) | ExprKind::Field(..) | ExprKind::Index(..) | ExprKind::Port(..) => {
                let _ = self.place(expr, env, None);
            }
            _ => {}
        }
    }
}

fn argument_of(problem: &Problem, arguments: &[Argument]) -> Option<Span> {
    match problem.within.first()? {
        crate::value::Step::Element(index) => arguments.get(*index).map(|argument| argument.value.span),
        crate::value::Step::Field(_) => None,
    }
}

fn name(topology: &Topology, vertex: Vertex) -> String {
    let path = match vertex {
        Vertex::Node(id) => topology.node(id).map(|node| node.path.clone()),
        Vertex::Network(id) => topology.network(id).map(|network| network.path.clone()),
    };
    path.unwrap_or_default()
}

fn origin(topology: &Topology, vertex: Vertex) -> Option<Span> {
    match vertex {
        Vertex::Node(id) => topology.node(id).map(|node| node.origin.span),
        Vertex::Network(id) => topology.network(id).map(|network| network.origin.span),
    }
}
