use super::*;
use crate::value::{NodeId, SecretSource, SecretText, parse_quantity, text::parse_address};

/// Message, help and replacement, a line each.
fn told(value: Value, ty: &str) -> String {
    let problem = accept_for("x", value, &parse_type(ty)).unwrap_err();
    let line = |name: &str, text: Option<String>| text.map(|text| format!("\n{name}: {text}")).unwrap_or_default();
    let within = (!problem.within.is_empty()).then(|| format!("{:?}", problem.within));
    let head = format!("{}: {}", problem.code.id, problem.message);
    head + &line("help", problem.help) + &line("replace with", problem.replacement) + &line("within", within)
}

fn accepted(value: Value, ty: &str) -> Value {
    accept(value, &parse_type(ty)).unwrap()
}

fn address(text: &str) -> Value {
    parse_address(text).unwrap()
}

fn quantity(text: &str) -> Value {
    parse_quantity(text).unwrap()
}

fn record_of(entries: &[(&str, Value)]) -> Value {
    Value::map(entries.iter().map(|(name, value)| (SmolStr::new(name), value.clone())).collect())
}

#[test]
fn converts_one_value_to_a_list_and_to_an_option() {
    assert_eq!(accepted(Value::Int(1), "[int]"), Value::list(vec![Value::Int(1)]));
    assert_eq!(accepted(Value::Int(1), "int?"), Value::Int(1));
    assert_eq!(accepted(Value::Null, "int?"), Value::Null);
    assert_eq!(accepted(Value::Range(1, 3), "[int]"), Value::Range(1, 3));
    assert_eq!(accepted(Value::Range(1, i64::MAX), "[int]"), Value::Range(1, i64::MAX));
    assert_eq!(accepted(Value::Member("nat".into()), "string"), Value::string("nat"));
    assert_eq!(accepted(address("10.0.0.1/32"), "cidr"), Value::Cidr("10.0.0.1/32".parse().unwrap()));
    assert_eq!(accepted(address("10.0.0.0/31"), "cidr"), Value::Cidr("10.0.0.0/31".parse().unwrap()));
    assert_eq!(accepted(address("10.0.0.0/24"), "prefix | [prefix]"), address("10.0.0.0/24"));
    let pooled = Value::FromPool(crate::value::PoolId(0), None);
    for ty in ["ip", "cidr", "prefix", "int", "int | vlan", "[prefix]"] {
        assert!(accept(pooled.clone(), &parse_type(ty)).is_ok(), "{ty}");
    }
    assert!(accept(pooled, &Type::Size).is_err());
}

#[test]
fn names_both_units() {
    insta::assert_snapshot!(told(quantity("10ms"), "size"), @"E0301: `x` should be a size such as 4GiB; 10ms is a duration");
    insta::assert_snapshot!(told(Value::Int(4), "size"), @r"
    E0301: `x` should be a size such as 4GiB; 4 is a number
    help: write the unit: `4GiB` or `4096MiB`
    ");
    insta::assert_snapshot!(told(Value::Int(100), "duration"), @r"
    E0301: `x` should be a duration such as 10ms; 100 is a number
    help: write the unit: `100ms` or `100s`
    ");
    insta::assert_snapshot!(told(quantity("2%"), "int"), @r"
    E0301: `x` should be a whole number; 2% is a percentage
    help: write the number without a unit
    ");
    insta::assert_snapshot!(told(Value::string("4GiB"), "size"), @r#"
    E0300: `x` should be a size such as 4GiB; "4GiB" is a string
    help: write `4GiB` without quotes
    replace with: 4GiB
    "#);
}

#[test]
fn tells_addresses_apart() {
    insta::assert_snapshot!(told(address("10.0.0.1/24"), "prefix | [prefix]"), @r"
    E0303: `x` should be a prefix; 10.0.0.1/24 is an address in 10.0.0.0/24
    help: write `10.0.0.0/24`
    replace with: 10.0.0.0/24
    ");
    insta::assert_snapshot!(told(address("10.0.0.1"), "cidr"), @r"
    E0300: `x` should be an address with its length such as 10.0.0.1/24; 10.0.0.1 is an address
    help: add the length of its prefix, for example `10.0.0.1/24`
    ");
    insta::assert_snapshot!(told(address("10.0.0.0/24"), "cidr"), @r"
    E0300: `x` should be an address with its length such as 10.0.0.1/24; 10.0.0.0/24 is a prefix
    help: `10.0.0.1/24` is the first address in it
    ");
    insta::assert_snapshot!(told(address("fd00::1/64"), "ip"), @r"
    E0300: `x` should be an address such as 10.0.0.1; fd00::1/64 is an address with a length
    help: write `fd00::1` without the length
    replace with: fd00::1
    ");
    insta::assert_snapshot!(told(Value::string("10.0.0.1"), "ip"), @r#"
    E0300: `x` should be an address such as 10.0.0.1; "10.0.0.1" is a string
    help: write `10.0.0.1` without quotes
    replace with: 10.0.0.1
    "#);
}

#[test]
fn knows_the_words_of_an_enumeration() {
    let ty = "enum { none, nat, route }";
    assert_eq!(accepted(Value::Member("nat".into()), ty), Value::Member("nat".into()));
    insta::assert_snapshot!(told(Value::string("nat"), ty), @r"
    E0302: `x` is a word of an enumeration, not a string
    help: write `nat` without quotes
    replace with: nat
    ");
    insta::assert_snapshot!(told(Value::Member("nit".into()), ty), @r"
    E0302: `x` should be one of `none`, `nat` or `route`; `nit` is none of them
    help: did you mean `nat`?
    replace with: nat
    ");
}

#[test]
fn fills_and_checks_records() {
    let ty = Type::Record(Arc::new(vec![
        Field { name: "name".into(), ty: Type::String, default: None, required: true },
        Field { name: "hosts".into(), ty: Type::Int, default: Some(Value::Int(2)), required: false },
        Field { name: "asn".into(), ty: Type::Optional(Box::new(Type::Int)), default: None, required: false },
    ]));
    assert_eq!(ty.to_string(), "{ name: string, hosts: int = 2, asn: int? }");
    let filled = accept(record_of(&[("name", Value::string("nyc"))]), &ty).unwrap();
    let expected = [("name", Value::string("nyc")), ("hosts", Value::Int(2)), ("asn", Value::Null)];
    assert_eq!(filled, record_of(&expected));

    let sites = Type::List(Box::new(ty));
    let told = |site: Value| {
        let problem = accept_for("sites", Value::list(vec![site]), &sites).unwrap_err();
        format!("{}\n{}\n{:?}", problem.message, problem.help.unwrap_or_default(), problem.within)
    };
    insta::assert_snapshot!(told(record_of(&[("hosts", Value::Int(1))])), @r"
    element 1 of `sites` lacks the field `name`
    add `name = …`: a string
    [Element(0)]
    ");
    insta::assert_snapshot!(told(record_of(&[("nane", Value::Int(1))])), @r#"
    element 1 of `sites` has no field `nane`
    did you mean `name`?
    [Element(0), Field("nane")]
    "#);
    insta::assert_snapshot!(told(record_of(&[("name", Value::Int(1))])), @r#"
    `name` of element 1 of `sites` should be a string; 1 is a number
    write `"1"`
    [Element(0), Field("name")]
    "#);
}

#[test]
fn points_at_the_part_that_is_wrong() {
    let prefixes = Value::list(vec![address("10.0.0.0/24"), address("10.1.0.1/24")]);
    insta::assert_snapshot!(told(prefixes, "prefix | [prefix]"), @r"
    E0303: element 2 of `x` should be a prefix; 10.1.0.1/24 is an address in 10.1.0.0/24
    help: write `10.1.0.0/24`
    replace with: 10.1.0.0/24
    within: [Element(1)]
    ");
    insta::assert_snapshot!(told(Value::Int(1), "prefix | [prefix]"), @"E0300: `x` should be a prefix such as 10.0.0.0/24 or a list `[prefix]`; 1 is a number");
}

#[test]
fn keeps_secrets_where_they_may_stand() {
    let secret = Value::Secret(Arc::new(SecretText::new(SecretSource::Environment("PW".into()))));
    assert_eq!(accepted(secret.clone(), "string | secret"), secret);
    assert_eq!(accepted(Value::string("plain"), "string | secret"), Value::string("plain"));
    insta::assert_snapshot!(told(secret, "string"), @r"
    E0309: `x` cannot hold a secret: it would be written into plans and files
    help: secrets may stand in passwords, keys, files and configurations, and where the type is `secret`
    ");
    insta::assert_snapshot!(told(Value::string("plain"), "secret"), @r#"
    E0300: `x` should be a secret such as `secret("env:PASSWORD")`; "plain" is a string
    help: keep it out of the file: `secret("env:NAME")` or `secret("file:PATH")`
    "#);
    insta::assert_snapshot!(told(Value::Node(NodeId(0)), "string"), @r"
    E0300: `x` should be a string; this is a node
    help: add `.name` for its name
    ");
}

proptest::proptest! {
    /// What was accepted is accepted again, unchanged.
    #[test]
    fn accepts_what_it_gave(value in crate::value::sample::values()) {
        let types = ["any", "string", "int?", "[prefix]", "cidr | [cidr]", "map[size]", "enum { a, b }", "string | secret"];
        for ty in types.map(parse_type) {
            match accept(value.clone(), &ty) {
                Ok(given) => proptest::prop_assert_eq!(accept(given.clone(), &ty), Ok(given)),
                Err(problem) => proptest::prop_assert!(!problem.message.is_empty() && !problem.label.is_empty()),
            }
        }
    }
}
