//! Functions that read more than their arguments: files, secrets, nodes, the graph.

use super::locate::Written;
use super::roots::RootId;
use super::world::{Env, Eval, Phase, Stop, World};
use crate::collections::IndexMap;
use crate::diagnostics::codes::{files, functions as codes, values as value_codes};
use crate::diagnostics::{Diagnostic, closest};
use crate::source::Span;
use crate::syntax::ast::{Argument, Expr, ExprKind};
use crate::value::functions::{self, Arguments};
use crate::value::types::Type;
use crate::value::{LinkId, NetworkId, NodeId, SecretSource, SecretText, Value};
use smol_str::SmolStr;
use std::path::PathBuf;
use std::sync::Arc;

/// A function of the evaluator, for documentation and completion.
#[derive(Debug)]
pub struct Builtin {
    /// Its name.
    pub name: &'static str,
    /// What it takes and gives.
    pub signature: &'static str,
    /// What it does.
    pub doc: &'static str,
}

macro_rules! builtins {
    ($($name:literal $signature:literal $doc:literal;)*) => {
        /// Every function of the evaluator.
        pub static BUILTINS: &[Builtin] = &[$(Builtin { name: $name, signature: $signature, doc: $doc }),*];
    };
}

builtins! {
    "file" "file(path: string) -> string" "The text of a file; in `files`, `mode = \"0755\"` and `owner = \"root\"` may follow.";
    "dir" "dir(path: string) -> map" "All files below a folder, for `files`.";
    "template" "template(path: string) -> string" "A Jinja template, rendered for the node; `vars = { … }` gives it values of your own.";
    "secret" "secret(source: string) -> secret" "A secret by reference: `env:NAME` or `file:PATH`.";
    "tagged" "tagged(tag: string) -> [node]" "The nodes with a tag.";
    "nodes" "nodes() -> [node]" "All nodes.";
    "networks" "networks() -> [network]" "All networks.";
    "links" "links() -> [link]" "All links.";
    "anycast" "anycast(address: ip, nodes: [node]) -> gateway" "A gateway address that all these nodes have.";
    "virtual" "virtual(address: ip, nodes: [node]) -> gateway" "A gateway address that one of these nodes has at a time.";
    "bridge" "bridge(name: string) -> binding" "A bridge of the host, as what an external network is.";
    "macvtap" "macvtap(name: string) -> binding" "A physical interface of the host, shared.";
    "sriov" "sriov(name: string, vlan = 100) -> binding" "A virtual function of a physical interface, perhaps in a VLAN.";
    "vxlan" "vxlan(name: string, vni: int) -> binding" "A VXLAN of the host.";
    "existing" "existing(name: string) -> binding" "A network that the target has already.";
    "provider" "provider(name: string, vlan = 100, type = \"vlan\") -> binding" "A provider network of the cloud, by its physical network.";
    "ping" "ping(from: node, to: node | ip) -> bool" "In `expect`: does an echo come back?";
    "tcp" "tcp(from: node, to: node | ip, port: int) -> bool" "In `expect`: does a connection open?";
    "http" "http(from: node, url: string) -> int" "In `expect`: the status of a request.";
    "command" "command(node: node, text: string) -> string" "In `expect`: what a command prints.";
}

/// The options of a function of the evaluator.
pub fn options(name: &str) -> &'static [&'static str] {
    match name {
        "file" => &["mode", "owner"],
        "template" => &["vars"],
        "macvtap" => &["mode"],
        "vxlan" => &["vni"],
        "sriov" => &["vlan"],
        "provider" => &["vlan", "type"],
        _ => &[],
    }
}

impl<'a> World<'a> {
    /// A call.
    pub fn call(
        &mut self,
        function: &'a Expr,
        arguments: &'a [Argument],
        span: Span,
        env: &Env<'a>,
        wanted: Option<&Type>,
    ) -> Eval<Value> {
        let ExprKind::Name(name) = &function.kind else {
            let message = "only functions can be called";
            return self.error(&codes::E0350, function.span, message, "no function");
        };
        match name.as_str() {
            // In an attribute that knows its prefix, `host(2)` is the second of that one.
            "host" if arguments.len() == 1 => self.host_here(arguments, span, env),
            "file" => self.file(arguments, span, env),
            "dir" => self.directory(arguments, span, env),
            "template" => self.template(arguments, span, env),
            "secret" => self.secret(arguments, span, env),
            "tagged" => self.tagged(arguments, span, env),
            "nodes" | "networks" | "links" => {
                self.check_count(name, 0, arguments.len(), span)?;
                self.all_of(name, span)
            }
            "anycast" | "virtual" => self.gateway(name, arguments, span, env),
            "bridge" | "macvtap" | "sriov" | "vxlan" | "existing" | "provider" => {
                self.binding_of(name, arguments, span, env)
            }
            "ping" | "tcp" | "http" | "command" if self.asks.is_some() => self.probe(name, arguments, span, env),
            "ping" | "tcp" | "http" | "command" => {
                let message = format!("`{name}` asks the running lab");
                let help = "it stands in `expect`, which `wtop test` evaluates; `check` is about the graph";
                self.stop(Diagnostic::new(&codes::E0351, span, message, "not known while compiling").help(help))
            }
            name if super::checks::is_graph_function(name) => self.graph_call(name, arguments, span, env),
            _ => self.plain_call(name, function.span, arguments, span, env, wanted),
        }
    }

    fn plain_call(
        &mut self,
        name: &SmolStr,
        name_span: Span,
        arguments: &'a [Argument],
        span: Span,
        env: &Env<'a>,
        wanted: Option<&Type>,
    ) -> Eval<Value> {
        let Some(function) = functions::find(name) else { return self.unknown_function(name, name_span) };
        let (positional, named) = self.arguments(arguments, env, wanted)?;
        match function.call(&Arguments { positional: &positional, named: &named }) {
            Ok(value) => Ok(value),
            Err(mut problem) => {
                use crate::value::Step;
                // A problem of one argument is shown at that argument.
                let argument = match problem.within.first() {
                    Some(Step::Element(index)) => arguments.get(*index),
                    Some(Step::Field(name)) => arguments
                        .iter()
                        .find(|argument| argument.name.as_ref().is_some_and(|given| given.text == *name)),
                    None => None,
                };
                match argument {
                    Some(argument) => {
                        problem.within = problem.within.iter().skip(1).cloned().collect();
                        self.problem_in(problem, Written::Value(&argument.value))
                    }
                    None => self.problem(problem, span),
                }
            }
        }
    }

    fn unknown_function<T>(&mut self, name: &str, span: Span) -> Eval<T> {
        let known = functions::all().map(|function| function.name).chain(BUILTINS.iter().map(|builtin| builtin.name));
        let known: Vec<&str> = known.chain(super::checks::graph_function_names()).collect();
        let message = format!("there is no function `{name}`");
        let mut diagnostic = Diagnostic::new(&codes::E0350, span, message, "unknown function");
        if let Some(meant) = closest(name, known) {
            diagnostic = diagnostic.help(format!("did you mean `{meant}`?"));
            diagnostic = diagnostic.fix(format!("Write `{meant}`"), span, meant);
        }
        self.stop(diagnostic)
    }

    /// The values of arguments: by place, and by name.
    #[allow(clippy::type_complexity)] // The two lists of a call.
    pub fn arguments(
        &mut self,
        arguments: &'a [Argument],
        env: &Env<'a>,
        wanted: Option<&Type>,
    ) -> Eval<(Vec<Value>, Vec<(SmolStr, Value)>)> {
        let mut positional = Vec::new();
        let mut named = Vec::new();
        for argument in arguments {
            let value = self.evaluate(&argument.value, env, wanted)?;
            match &argument.name {
                Some(name) => named.push((name.text.clone(), value)),
                None => positional.push(value),
            }
        }
        Ok((positional, named))
    }

    /// Arguments by place, of these types; options by name.
    #[allow(clippy::type_complexity)] // The two lists of a call.
    pub fn typed<const N: usize>(
        &mut self,
        name: &str,
        types: [&Type; N],
        arguments: &'a [Argument],
        span: Span,
        env: &Env<'a>,
    ) -> Eval<([Value; N], Vec<(SmolStr, Value)>)> {
        let plain: Vec<&'a Argument> = arguments.iter().filter(|argument| argument.name.is_none()).collect();
        self.check_count(name, N, plain.len(), span)?;
        let known = options(name);
        for option in arguments.iter().filter_map(|argument| argument.name.as_ref()) {
            if !known.contains(&option.text.as_str()) {
                let message = format!("`{name}` has no option `{}`", option.text);
                let mut diagnostic = Diagnostic::new(&value_codes::E0312, option.span, message, "unknown option");
                diagnostic = match closest(&option.text, known.iter().copied()) {
                    Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")).fix(
                        format!("Write `{meant}`"),
                        option.span,
                        meant,
                    ),
                    None if known.is_empty() => diagnostic.help("it has none"),
                    None => diagnostic.help(format!("it has: {}", known.join(", "))),
                };
                return self.stop(diagnostic);
            }
        }
        let mut values = [const { Value::Null }; N];
        for ((value, ty), argument) in values.iter_mut().zip(types).zip(plain) {
            *value = self.evaluate_as(&argument.value, env, Some(ty), name)?;
        }
        let mut named = Vec::new();
        for argument in arguments {
            if let Some(name) = &argument.name {
                named.push((name.text.clone(), self.evaluate(&argument.value, env, None)?));
            }
        }
        Ok((values, named))
    }

    fn check_count(&mut self, name: &str, wanted: usize, given: usize, span: Span) -> Eval<()> {
        if wanted == given {
            return Ok(());
        }
        let builtin = BUILTINS.iter().find(|builtin| builtin.name == name);
        let message = match wanted {
            0 => format!("`{name}` takes nothing, and this gives {given}"),
            1 => format!("`{name}` takes one value, and this gives {given}"),
            _ => format!("`{name}` takes {wanted} values, and this gives {given}"),
        };
        let diagnostic = Diagnostic::new(&value_codes::E0312, span, message, format!("{given} instead of {wanted}"));
        self.stop(match builtin {
            Some(builtin) => diagnostic.help(format!("`{}`", builtin.signature)),
            None => diagnostic,
        })
    }

    /// A call in `expect`: is there such a function, and has it enough arguments?
    pub fn check_call(&mut self, name: &str, arguments: &[Argument], name_span: Span, span: Span) -> Eval<()> {
        let wanted = match name {
            "ping" | "http" | "command" => 2,
            "tcp" => 3,
            _ if functions::find(name).is_some() || BUILTINS.iter().any(|builtin| builtin.name == name) => {
                return Ok(());
            }
            _ if super::checks::is_graph_function(name) => {
                let message = format!("`{name}` is about the graph, and `expect` about the running lab");
                let help = "write `check` instead of `expect`";
                return self.stop(Diagnostic::new(&codes::E0351, span, message, "known without a lab").help(help));
            }
            _ => return self.unknown_function(name, name_span),
        };
        self.check_count(name, wanted, arguments.len(), span)
    }

    fn host_here(&mut self, arguments: &'a [Argument], span: Span, env: &Env<'a>) -> Eval<Value> {
        let ([number], _) = self.typed("host", [&Type::Int], arguments, span, env)?;
        let Some(here) = env.here.clone().filter(|here| !here.is_empty()) else {
            let message = "`host` with one number counts in the prefix of the segment, and none is known here";
            let help = "write the prefix too: `host(10.0.0.0/24, 2)`; or give the segment a `subnet`";
            return self.stop(Diagnostic::new(&value_codes::E0312, span, message, "in which prefix?").help(help));
        };
        let mut found = Vec::new();
        for net in here.iter() {
            let Value::Int(number) = number else { return Err(Stop::Reported) };
            let host = functions::host(*net, number).map(Value::Cidr);
            found.push(host.or_else(|problem| self.problem(problem, span))?);
        }
        Ok(match found.as_slice() {
            [one] => one.clone(),
            _ => Value::list(found),
        })
    }

    /// What a string means as a path in a file: relative to it, and inside its root.
    fn path_of(&self, path: &str, env: &Env<'a>) -> (RootId, PathBuf) {
        let (root, directory) = self.program.unit(env.unit).map(|unit| (unit.root, &unit.directory)).unzip();
        (root.unwrap_or_default(), directory.cloned().unwrap_or_default().join(path))
    }

    /// The text of a file, read once.
    pub fn read_text(&mut self, path: &str, span: Span, env: &Env<'a>) -> Eval<SmolStr> {
        let place = self.path_of(path, env);
        if let Some(known) = self.texts.get(&place) {
            return known.clone().ok_or(Stop::Reported);
        }
        let (root, full) = &place;
        let read = self.program.read(self.fs, *root, full).map(SmolStr::new);
        let help = self.program.help(*root);
        self.texts.insert(place, read.clone().ok());
        read.or_else(|reason| {
            let message = format!("cannot read `{path}`: {reason}");
            self.stop(Diagnostic::new(&files::E0901, span, message, "wanted here").help(help))
        })
    }

    fn file(&mut self, arguments: &'a [Argument], span: Span, env: &Env<'a>) -> Eval<Value> {
        let ([path], named) = self.typed("file", [&Type::String], arguments, span, env)?;
        let Value::String(path) = path else { return Err(Stop::Reported) };
        let text = Value::String(self.read_text(&path, span, env)?);
        if named.is_empty() {
            return Ok(text);
        }
        let mut entries = IndexMap::from_iter([(SmolStr::new_static("content"), text)]);
        entries.extend(named);
        Ok(Value::map(entries))
    }

    fn directory(&mut self, arguments: &'a [Argument], span: Span, env: &Env<'a>) -> Eval<Value> {
        let ([path], _) = self.typed("dir", [&Type::String], arguments, span, env)?;
        let Value::String(path) = path else { return Err(Stop::Reported) };
        let (root, full) = self.path_of(&path, env);
        let names = match self.program.list(self.fs, root, &full) {
            Ok(names) => names,
            Err(reason) => {
                let message = format!("cannot read the folder `{path}`: {reason}");
                let help = self.program.help(root);
                return self.stop(Diagnostic::new(&files::E0901, span, message, "wanted here").help(help));
            }
        };
        let mut entries = IndexMap::default();
        for name in names {
            let text = self.read_text(&format!("{path}/{name}"), span, env)?;
            entries.insert(SmolStr::new(name), Value::String(text));
        }
        let files = IndexMap::from_iter([(SmolStr::new_static("files"), Value::map(entries))]);
        Ok(Value::map(files))
    }

    fn template(&mut self, arguments: &'a [Argument], span: Span, env: &Env<'a>) -> Eval<Value> {
        let Some(Value::Node(node)) = env.this else {
            if self.is_trial {
                return Err(Stop::Reported);
            }
            let message = "a template is rendered for a node, and there is none here";
            let help = "use it in an attribute of a node or device, such as `config`";
            return self.stop(Diagnostic::new(&codes::E0352, span, message, "no node").help(help));
        };
        if self.phase < Phase::Texts {
            return Err(Stop::NeedsAllocation(span));
        }
        self.selves += 1;
        let ([path], named) = self.typed("template", [&Type::String], arguments, span, env)?;
        let Value::String(path) = path else { return Err(Stop::Reported) };
        let text = self.read_text(&path, span, env)?;
        let vars = named.into_iter().next().map_or_else(|| Value::map(IndexMap::default()), |(_, vars)| vars);
        self.render_template(&path, &text, &vars, node, span)
    }

    fn secret(&mut self, arguments: &'a [Argument], span: Span, env: &Env<'a>) -> Eval<Value> {
        let ([source], _) = self.typed("secret", [&Type::String], arguments, span, env)?;
        let Value::String(source) = source else { return Err(Stop::Reported) };
        let parsed = match source.split_once(':') {
            Some(("env", name)) if !name.is_empty() => SecretSource::Environment(name.to_owned()),
            Some(("file", path)) if !path.is_empty() => SecretSource::File(path.to_owned()),
            _ => {
                let message = "a secret is named by where it is fetched, never written down";
                let help = "write secret(\"env:NAME\") or secret(\"file:PATH\")";
                return self.stop(Diagnostic::new(&codes::E0353, span, message, "no source").help(help));
            }
        };
        Ok(Value::Secret(Arc::new(SecretText::new(parsed))))
    }

    fn tagged(&mut self, arguments: &'a [Argument], span: Span, env: &Env<'a>) -> Eval<Value> {
        if self.phase == Phase::Values {
            return Err(Stop::NeedsNodes(span));
        }
        let ([tag], _) = self.typed("tagged", [&Type::String], arguments, span, env)?;
        let Value::String(tag) = tag else { return Err(Stop::Reported) };
        match self.tags.get(&tag) {
            Some(nodes) => Ok(Value::list(nodes.iter().copied().map(Value::Node).collect())),
            None => {
                let at = arguments.first().map_or(span, |argument| argument.value.span);
                self.report_unknown_tag(&tag, at);
                Err(Stop::Reported)
            }
        }
    }

    fn all_of(&mut self, name: &str, span: Span) -> Eval<Value> {
        if self.phase == Phase::Values {
            return Err(Stop::NeedsNodes(span));
        }
        Ok(Value::list(match name {
            "nodes" => (0..self.nodes.len()).map(|index| Value::Node(NodeId::from(index))).collect(),
            "networks" => (0..self.networks.len()).map(|index| Value::Network(NetworkId::from(index))).collect(),
            _ => (0..self.links.len()).map(|index| Value::Link(LinkId::from(index))).collect(),
        }))
    }

    fn gateway(&mut self, kind: &str, arguments: &'a [Argument], span: Span, env: &Env<'a>) -> Eval<Value> {
        let addresses = Type::List(Box::new(Type::OneOf(vec![Type::Ip, Type::Cidr])));
        let nodes = Type::List(Box::new(Type::Node));
        let ([address, nodes], _) = self.typed(kind, [&addresses, &nodes], arguments, span, env)?;
        let plain = match address {
            Value::List(values) => {
                let ip =
                    |value: &Value| if let Value::Cidr(net) = value { Value::Ip(net.addr()) } else { value.clone() };
                Value::list(values.iter().map(ip).collect())
            }
            other => other,
        };
        Ok(Value::map(IndexMap::from_iter([
            (SmolStr::new_static("kind"), Value::string(kind)),
            (SmolStr::new_static("addresses"), plain),
            (SmolStr::new_static("nodes"), nodes),
        ])))
    }

    fn binding_of(&mut self, kind: &str, arguments: &'a [Argument], span: Span, env: &Env<'a>) -> Eval<Value> {
        let ([name], named) = self.typed(kind, [&Type::String], arguments, span, env)?;
        Ok(Value::map(IndexMap::from_iter([
            (SmolStr::new_static("kind"), Value::string(kind)),
            (SmolStr::new_static("name"), name),
            (SmolStr::new_static("options"), Value::map(named.into_iter().collect())),
        ])))
    }
}
