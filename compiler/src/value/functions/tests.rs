use super::*;
use crate::value::text::{parse_address, shown};
use crate::value::{SecretSource, SecretText, parse_quantity};
use std::sync::Arc;

/// Reads the examples: calls of functions on literals, lists and records.
struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    fn eat(&mut self, symbol: &str) -> bool {
        let rest = self.0.trim_start().strip_prefix(symbol);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn word(&mut self, of: impl Fn(char) -> bool) -> &'a str {
        let text = self.0.trim_start();
        let end = text.find(|c| !of(c)).unwrap_or(text.len());
        self.0 = &text[end..];
        &text[..end]
    }

    fn string(&mut self) -> Value {
        let end = (0..self.0.len()).find(|at| {
            self.0.is_char_boundary(*at) && { self.0[*at..].starts_with('"') && !self.0[..*at].ends_with('\\') }
        });
        let (text, rest) = self.0.split_at(end.unwrap());
        self.0 = &rest[1..];
        Value::string(text.replace("\\n", "\n").replace("\\\"", "\""))
    }

    fn value(&mut self) -> Value {
        if self.eat("\"") {
            return self.string();
        }
        if self.eat("[") {
            let mut values = Vec::new();
            while !self.eat("]") {
                values.push(self.value());
                self.eat(",");
            }
            return Value::list(values);
        }
        if self.eat("{") {
            let mut entries = crate::collections::IndexMap::default();
            while !self.eat("}") {
                let name = self.word(|c| c.is_alphanumeric());
                assert!(self.eat("="));
                entries.insert(name.into(), self.value());
                self.eat(",");
            }
            return Value::map(entries);
        }
        let word = self.word(|c| c.is_alphanumeric() || "_.:/-%".contains(c));
        if self.eat("(") { self.call(word) } else { literal(word) }
    }

    fn call(&mut self, name: &str) -> Value {
        let (mut positional, mut named) = (Vec::new(), Vec::new());
        while !self.eat(")") {
            let (word, rest) = self.0.split_once(" = ").unwrap_or_default();
            if !word.is_empty() && word.trim().chars().all(char::is_alphabetic) {
                self.0 = rest;
                named.push((word.trim().into(), self.value()));
            } else {
                positional.push(self.value());
            }
            self.eat(",");
        }
        find(name).unwrap().call(&Arguments { positional: &positional, named: &named }).unwrap()
    }
}

fn literal(word: &str) -> Value {
    let range = || word.split_once("..").and_then(|(a, b)| Some(Value::Range(a.parse().ok()?, b.parse().ok()?)));
    match word {
        "null" => Value::Null,
        "true" | "false" => Value::Bool(word == "true"),
        _ => None
            .or_else(|| word.parse().ok().map(Value::Int))
            .or_else(range)
            .or_else(|| parse_quantity(word))
            .or_else(|| parse_address(word).ok())
            .unwrap_or_else(|| panic!("{word}")),
    }
}

fn read(text: &str) -> Value {
    let mut reader = Reader(text);
    let value = reader.value();
    assert_eq!(reader.0.trim(), "", "{text}");
    value
}

/// Code, message and help of a call that fails.
fn told(name: &str, positional: &[Value], named: &[(&str, Value)]) -> String {
    let named: Vec<(SmolStr, Value)> = named.iter().map(|(name, value)| ((*name).into(), value.clone())).collect();
    let problem = find(name).unwrap().call(&Arguments { positional, named: &named }).unwrap_err();
    format!("{}: {}\n{}", problem.code.id, problem.message, problem.help.unwrap_or_default())
}

#[test]
fn each_example_gives_what_it_says() {
    for function in all() {
        assert!(!function.examples.is_empty(), "{} has no example", function.name);
        for (call, result) in function.examples {
            assert_eq!(shown_whole(&read(call)), shown_whole(&read(result)), "{call}");
        }
    }
}

/// Every part of a value as text; an address that is the first of its prefix looks like the prefix.
fn shown_whole(value: &Value) -> String {
    match value {
        Value::List(values) => format!("[{}]", values.iter().map(shown_whole).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) => format!("{:?}", entries.iter().map(|(k, v)| (k, shown_whole(v))).collect::<Vec<_>>()),
        Value::String(text) => format!("{text:?}"),
        other => shown(other),
    }
}

#[test]
fn each_signature_is_read_as_written() {
    for function in all() {
        let parameters: Vec<String> = function
            .parameters()
            .iter()
            .map(|p| format!("{}: {}{}", p.name, p.ty, if p.option { "?" } else { "" }))
            .collect();
        let (_, result) = function.signature.rsplit_once(" -> ").unwrap();
        assert_eq!(
            function.signature,
            format!("{}({}) -> {}", function.name, parameters.join(", "), parse_type(result))
        );
    }
}

#[test]
fn says_how_a_function_is_called() {
    let prefix = parse_address("10.0.0.0/24").unwrap();
    insta::assert_snapshot!(told("host", std::slice::from_ref(&prefix), &[]), @r"
    E0312: `host` takes 2 arguments, and this gives 1
    `host(prefix: prefix, n: int) -> cidr`
    ");
    insta::assert_snapshot!(told("host", &[prefix.clone(), Value::string("5")], &[]), @r#"
    E0300: `n` should be a whole number; "5" is a string
    write `5` without quotes
    "#);
    insta::assert_snapshot!(told("host", &[parse_address("10.0.0.1/24").unwrap(), Value::Int(1)], &[]), @r"
    E0303: `prefix` should be a prefix; 10.0.0.1/24 is an address in 10.0.0.0/24
    write `10.0.0.0/24`
    ");
    insta::assert_snapshot!(told("pad", &[Value::Int(1), Value::Int(2), Value::string(" ")], &[]), @r"
    E0312: `pad` takes 2 arguments, and this gives 3
    `fill` is given by its name: `fill = …`
    ");
    insta::assert_snapshot!(told("pad", &[Value::Int(1), Value::Int(2)], &[("fil", Value::string(" "))]), @r"
    E0312: `pad` has no option `fil`
    did you mean `fill`?
    ");
    insta::assert_snapshot!(told("host", &[prefix, Value::Int(2)], &[("n", Value::Int(2))]), @r"
    E0312: `host` has no option `n`
    this argument is given by its place: `host(prefix: prefix, n: int) -> cidr`
    ");
}

#[test]
fn says_why_there_is_no_result() {
    let address = |text| parse_address(text).unwrap();
    let calls = [
        told("host", &[address("10.0.0.0/30"), Value::Int(9)], &[]),
        told("host", &[address("10.0.0.0/30"), Value::Int(3)], &[]),
        told("host", &[address("10.0.0.0/30"), Value::Int(0)], &[]),
        told("host", &[address("10.0.0.0/24"), Value::Int(-255)], &[]),
        told("subnet", &[address("10.0.0.0/24"), Value::Int(9), Value::Int(0)], &[]),
        told("subnet", &[address("10.0.0.0/24"), Value::Int(2), Value::Int(4)], &[]),
        told("subnet", &[address("10.0.0.0/24"), Value::Int(2), Value::Int(-5)], &[]),
        told("eui64", &[address("10.0.0.0/24"), address("52:54:00:aa:bb:01")], &[]),
        told("mac_add", &[address("ff:ff:ff:ff:ff:ff"), Value::Int(1)], &[]),
        told("first", &[Value::list(vec![])], &[]),
        told("int", &[Value::string("ten")], &[]),
        told("hex", &[Value::Int(-1)], &[]),
        told("zip", &[Value::Range(1, 2), Value::Range(1, 3)], &[]),
        told("sort", &[Value::list(vec![Value::Int(1), Value::string("a")])], &[]),
        told("sum", &[Value::list(vec![Value::string("a")])], &[]),
        told("broadcast", &[address("fd00::/64")], &[]),
    ];
    insta::assert_snapshot!(calls.join("\n"), @r#"
    E0314: 10.0.0.0/30 has no address 9
    hosts in it have the numbers 1 to 2
    E0314: address 3 of 10.0.0.0/30 is its broadcast address, and no host can have it
    hosts in it have the numbers 1 to 2
    E0314: address 0 of 10.0.0.0/30 names the prefix itself, and no host can have it
    hosts in it have the numbers 1 to 2
    E0314: 10.0.0.0/24 has no address -255
    hosts in it have the numbers 1 to 254
    E0314: 10.0.0.0/24 has 8 bits to divide, and 9 are wanted

    E0314: 10.0.0.0/24 has no part 4 of length /26
    its parts have the numbers 0 to 3
    E0314: 10.0.0.0/24 has no part -5 of length /26
    its parts have the numbers 0 to 3
    E0314: 10.0.0.0/24 is IPv4, and such addresses are IPv6

    E0314: there is no MAC address 1 after ff:ff:ff:ff:ff:ff

    E0314: an empty list has no first element
    test `len(list) > 0` before
    E0314: "ten" is not a number

    E0314: -1 is negative; `hex` takes 0 and above

    E0314: one list has 2 elements and the other 3

    E0306: 1 is a number, "a" is a string: they have no order

    E0306: a string cannot be added up
    `join` puts texts together, `flatten` lists
    E0314: fd00::/64 is IPv6, which has no broadcast
    "#);
}

#[test]
fn refuses_what_would_be_too_large_before_making_it() {
    let long = Value::string("x".repeat(1 << 20));
    let huge = Value::Int(i64::MAX);
    let numbers = Value::Range(1, 1_000_000);
    let calls = [
        told("replace", &[long.clone(), Value::string("x"), long.clone()], &[]),
        told("pad", &[Value::Int(1), huge.clone()], &[]),
        told("indent", &[Value::string("a"), huge], &[]),
        told("join", &[numbers.clone(), Value::string(", ")], &[]),
        told("json", std::slice::from_ref(&numbers), &[]),
        told("yaml", std::slice::from_ref(&numbers), &[]),
        told("split", &[Value::string("x".repeat(1 << 20)), Value::string("x")], &[]),
        told("steps", &[Value::Int(i64::MIN), Value::Int(i64::MAX), Value::Int(1)], &[]),
        told("reverse", &[Value::Range(i64::MIN, i64::MAX)], &[]),
        told("flatten", &[Value::list(vec![numbers.clone(), numbers])], &[]),
    ];
    insta::assert_snapshot!(calls.join(""), @r"
    E0313: this text has 1099511627776 bytes, and the limit is 1 MiB
    E0313: this text has 9223372036854775807 bytes, and the limit is 1 MiB
    E0313: this text has 9223372036854775807 bytes, and the limit is 1 MiB
    E0313: this text has 1048581 bytes, and the limit is 1 MiB
    E0313: the text is longer than 1 MiB
    E0313: the text is longer than 1 MiB
    E0313: this has 1048577 elements, and the limit is 1000000
    E0313: this has 18446744073709551615 elements, and the limit is 1000000
    E0313: this has 18446744073709551615 elements, and the limit is 1000000
    E0313: this has 2000000 elements, and the limit is 1000000
    ");
}

#[test]
fn secrets_flow_through_join_and_nothing_else() {
    let secret = Value::Secret(Arc::new(SecretText::new(SecretSource::Environment("PW".into()))));
    let listed = Value::list(vec![Value::string("a"), secret.clone()]);
    let joined =
        find("join").unwrap().call(&Arguments { positional: &[listed.clone(), Value::string(" ")], named: &[] });
    assert!(joined.unwrap().is_secret());
    insta::assert_snapshot!(told("upper", std::slice::from_ref(&secret), &[]), @"E0309: `upper` cannot work on a secret: it is known only at deployment");
    for (name, arguments) in [
        ("len", vec![secret.clone()]),
        ("json", vec![listed.clone()]),
        ("unique", vec![listed.clone()]),
        ("sort", vec![listed.clone()]),
        ("min", vec![listed.clone()]),
        ("count", vec![listed.clone(), Value::string("a")]),
        ("contains", vec![listed, Value::string("a")]),
        ("base64", vec![secret]),
    ] {
        assert!(told(name, &arguments, &[]).starts_with("E0309"), "{name}");
    }
}

proptest::proptest! {
    /// Each function is called with what came, and with what fits its signature.
    #[test]
    fn answers_whatever_the_arguments(values in proptest::collection::vec(crate::value::sample::values(), 0..5)) {
        for function in all() {
            let _ = function.call(&Arguments { positional: &values, named: &[] });
            let fitting = function.parameters().iter().filter(|parameter| !parameter.option).map(|parameter| {
                values.iter().find(|value| accept_for("x", (*value).clone(), &parameter.ty).is_ok()).cloned()
            });
            let fitting: Vec<Value> = fitting.map(|value| value.unwrap_or(Value::Null)).collect();
            let _ = function.call(&Arguments { positional: &fitting, named: &[] });
        }
    }
}
