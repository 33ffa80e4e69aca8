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
            asks = self.asks.replace(Vec::new()).unwrap_or_default();
            // What else the sides would ask decides nothing.
            sides = if holds == Some(false) { self.sides(&expected.condition, env) } else { None };
            self.asks = None;
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
        let answer = self.answers.and_then(|answers| answers.get(&probe)).cloned();
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

#[cfg(test)]
mod tests {
    use crate::source::MemoryFileSystem;
    use crate::topology::{Answers, Expectation, Probe, Question};
    use crate::value::Value;
    use crate::{CompileOptions, compile};

    const LAB: &str = "topology t\nnode a: debian\nnode b: debian\nnode c: debian\n\
        link a:eth1 <-> b:eth1 { subnet = 10.0.0.0/24 }\nlink b:eth2 <-> c:eth1 { subnet = 10.0.1.0/24 }\n";

    fn expectations(text: &str, answers: &Answers) -> (Vec<Expectation>, String) {
        let files = MemoryFileSystem::new([("lab.wtop", format!("{LAB}{text}"))]);
        let (file, answers) = ("lab.wtop".into(), answers.clone());
        let compilation = compile(&files, &CompileOptions { file, answers, ..CompileOptions::default() });
        let codes: Vec<&str> = compilation.diagnostics.iter().map(|diagnostic| diagnostic.code.id).collect();
        (compilation.topology.map(|topology| topology.expectations).unwrap_or_default(), codes.join(" "))
    }

    fn asked(Probe { node, question }: &Probe) -> String {
        match question {
            Question::Ping(to) => format!("{node} pings {to}"),
            Question::Tcp(to, port) => format!("{node} connects to {to} {port}"),
            Question::Http(url) => format!("{node} gets {url}"),
            Question::Command(text) => format!("{node} runs {text}"),
        }
    }

    /// What is asked in turn, when every answer is the same, and how it ends.
    fn told(text: &str, answer: &Value) -> String {
        let mut answers = Answers::new();
        let mut lines = String::new();
        loop {
            let (found, wrong) = expectations(text, &answers);
            assert_eq!(wrong, "");
            let [expected] = found.as_slice() else { panic!("{found:?}") };
            let is_new = |probe: &&Probe| !answers.contains_key(*probe);
            let new: Vec<Probe> = expected.asks.iter().filter(is_new).cloned().collect();
            if new.is_empty() {
                return format!("{lines}{:?}", expected.holds);
            }
            for probe in new {
                lines.push_str(&format!("{}; ", asked(&probe)));
                answers.insert(probe, answer.clone());
            }
        }
    }

    #[test]
    fn an_expectation_asks_until_it_knows() {
        let (yes, no) = (Value::Bool(true), Value::Bool(false));
        assert_eq!(told("expect ping(a, b)", &yes), "a pings 10.0.0.2; Some(true)");
        assert_eq!(told("expect not ping(a, c)", &yes), "a pings 10.0.1.2; Some(false)");
        let both = "a pings 10.0.0.2; b connects to 10.0.1.2 22; Some(true)";
        assert_eq!(told("expect ping(a, b) and tcp(b, c, 22)", &yes), both);
        assert_eq!(told("expect ping(a, b) and tcp(b, c, 22)", &no), "a pings 10.0.0.2; Some(false)");
        let each = "a pings 10.0.0.2; a pings 10.0.1.2; Some(true)";
        assert_eq!(told("expect all([ping(a, b), ping(a, c)])", &yes), each);
    }

    #[test]
    fn numbers_and_texts_are_compared_like_others() {
        let status = Value::Int(200);
        assert_eq!(told("expect http(a, \"http://c/\") == 200", &status), "a gets http://c/; Some(true)");
        let text = Value::string("10.0.1.0/24 via 10.0.0.2 proto ospf");
        let routes = "expect contains(command(a, \"ip route\"), \"proto ospf\") { within = 30s }";
        assert_eq!(told(routes, &text), "a runs ip route; Some(true)");
    }

    #[test]
    fn mistakes_are_told_without_a_lab() {
        for (text, codes) in [
            ("expect ping(a, zz)", "E0203"),
            ("expect tcp(a, b, 0)", "E0312"),
            ("expect ping(a, \"b\")", "E0312"),
            ("check ping(a, b)", "E0351"),
            ("expect ping(a, b) { within = 30s }", ""),
        ] {
            assert_eq!(expectations(text, &Answers::new()).1, codes, "{text}");
        }
    }
}
