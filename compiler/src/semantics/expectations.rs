//! Expectations: conditions on the lab when it runs, evaluated as far as it has answered.

use super::world::{Env, Eval, Stop, World};
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::values as value_codes;
use crate::source::Span;
use crate::syntax::ast::{self, Argument};
use crate::topology::{Expectation, InterfaceKind, Origin, Probe, Question};
use crate::value::types::Type;
use crate::value::{NodeId, Value};
use std::net::IpAddr;

impl<'a> World<'a> {
    /// Looks an expectation through, and evaluates it with the answers that there are.
    pub fn expectation(&mut self, expected: &'a ast::Check, env: &Env<'a>, span: Span) -> Expectation {
        let before = self.diagnostics.len();
        let entity = self.check_block(expected, env);
        self.check_names(&expected.condition, env);
        let within = match self.attribute_or_null(entity, "within") {
            Value::Duration(time) => time,
            _ => 0,
        };
        let (mut asks, mut holds, mut sides) = (Vec::new(), None, None);
        // What is wrong was said.
        if self.diagnostics.len() == before {
            self.asks = Some(Vec::new());
            holds = self.condition(&expected.condition, env).ok();
            sides = if holds == Some(false) { self.sides(&expected.condition, env) } else { None };
            asks = self.asks.take().unwrap_or_default();
            asks.sort();
            asks.dedup();
        }
        Expectation {
            name: expected.name.as_ref().map(|name| name.text.to_string()),
            condition: self.program.sources.text(expected.condition.span).to_owned(),
            within,
            asks,
            holds,
            sides,
            origin: Origin { span, variables: env.loop_variables(), ..Origin::default() },
        }
    }

    /// A call that asks the lab: its answer, or nothing yet.
    pub fn probe(&mut self, name: &str, arguments: &'a [Argument], span: Span, env: &Env<'a>) -> Eval<Value> {
        let (from, question) = match name {
            "ping" => {
                let ([from, to], _) = self.typed(name, [&Type::Node, &Type::Any], arguments, span, env)?;
                (from, Question::Ping(self.destination(&to, span)?))
            }
            "tcp" => {
                let ([from, to, port], _) =
                    self.typed(name, [&Type::Node, &Type::Any, &Type::Int], arguments, span, env)?;
                (from, Question::Tcp(self.destination(&to, span)?, self.port_number(&port, span)?))
            }
            _ => {
                let ([from, text], _) = self.typed(name, [&Type::Node, &Type::String], arguments, span, env)?;
                let text = match text {
                    Value::String(text) => text.to_string(),
                    _ => return Err(Stop::Reported),
                };
                (from, if name == "http" { Question::Http(text) } else { Question::Command(text) })
            }
        };
        let probe = Probe { node: self.name_of(&from), question };
        let answer = self.answers.iter().find(|(asked, _)| *asked == probe).map(|(_, answer)| answer.clone());
        self.asks.get_or_insert_default().push(probe);
        answer.ok_or(Stop::Reported)
    }

    /// Where a node is reached from inside the lab: its loopback, else its first address, else its management.
    fn destination(&mut self, to: &Value, span: Span) -> Eval<IpAddr> {
        let node = match to {
            Value::Ip(address) => return Ok(*address),
            Value::Node(id) => *id,
            _ => {
                let message = "this is neither a node nor an address";
                return self.error(&value_codes::E0312, span, message, "asks a node or an address");
            }
        };
        let Some(address) = self.address_inside(node) else {
            let message = format!("`{}` has no address to be reached at", self.name_of(to));
            let help = "give a link of it a `subnet`, or write an address";
            return self.stop(Diagnostic::new(&value_codes::E0312, span, message, "without an address").help(help));
        };
        Ok(address)
    }

    fn address_inside(&self, node: NodeId) -> Option<IpAddr> {
        let node = self.nodes.get(node.index())?;
        let is_loopback = |kind: &InterfaceKind| matches!(kind, InterfaceKind::Logical);
        let loopbacks = node.resolved.iter().filter(|port| is_loopback(&port.kind));
        let others = node.resolved.iter().filter(|port| !is_loopback(&port.kind));
        let first = loopbacks.chain(others).flat_map(|port| &port.addresses).next();
        first.or(node.management.first()).map(|net| net.addr())
    }

    fn port_number(&mut self, port: &Value, span: Span) -> Eval<u16> {
        match port {
            Value::Int(port) if (1..=65_535).contains(port) => u16::try_from(*port).map_err(|_| Stop::Reported),
            _ => self.error(&value_codes::E0312, span, "ports are numbers from 1 to 65535", "no port"),
        }
    }
}
