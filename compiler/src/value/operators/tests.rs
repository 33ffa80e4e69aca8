use super::*;
use crate::value::text::parse_address;
use crate::value::{NodeId, SecretSource, SecretText, parse_quantity};
use std::sync::Arc;

/// A value as tests write it: a number, quantity, address, or else a string.
fn value(text: &str) -> Value {
    let number = text.parse().ok().map(Value::Int);
    number.or_else(|| parse_quantity(text)).or_else(|| parse_address(text).ok()).unwrap_or_else(|| Value::string(text))
}

fn op(symbol: &str) -> BinaryOp {
    use BinaryOp::*;
    let all = [
        Or,
        And,
        Equal,
        NotEqual,
        Less,
        LessEqual,
        Greater,
        GreaterEqual,
        In,
        Missing,
        Range,
        Add,
        Subtract,
        Multiply,
        Divide,
        Remainder,
    ];
    all.into_iter().find(|op| op.symbol() == symbol).unwrap()
}

/// The result of `left op right`, or code, message and help.
fn result(source: &str) -> String {
    let words: Vec<&str> = source.split(' ').collect();
    match binary(op(words[1]), &value(words[0]), &value(words[2])) {
        Ok(value) => shown(&value),
        Err(problem) => {
            let help = problem.help.map(|help| format!(" ({help})")).unwrap_or_default();
            format!("{}: {}{help}", problem.code.id, problem.message)
        }
    }
}

#[test]
fn calculates() {
    for (source, expected) in [
        ("2 + 3", "5"),
        ("7 / 2", "3"),
        ("-7 / 2", "-4"),
        ("-7 % 2", "1"),
        ("7 % -2", "-1"),
        ("4GiB + 1GiB", "5GiB"),
        ("4GiB - 1GiB", "3GiB"),
        ("512MiB * 4", "2GiB"),
        ("4 * 512MiB", "2GiB"),
        ("4GiB / 2", "2GiB"),
        ("4GiB / 1GiB", "4"),
        ("90s % 1min", "30s"),
        ("10.0.0.1 + 5", "10.0.0.6"),
        ("10.0.0.1/24 + 5", "10.0.0.6/24"),
        ("fd00::1 - 1", "fd00::"),
        ("a + b", "\"ab\""),
        ("1 .. 4", "1..4"),
        ("10ms < 1s", "true"),
        ("a < b", "true"),
        ("10.0.0.9 < 10.0.0.10", "true"),
        ("1 == a", "false"),
        ("10.0.0.1 in 10.0.0.0/24", "true"),
        ("10.0.0.128/25 in 10.0.0.0/24", "true"),
        ("10.0.0.0/8 in 10.0.0.0/24", "false"),
        ("fd00::1 in 10.0.0.0/24", "false"),
        ("a in cat", "true"),
    ] {
        assert_eq!(result(source), expected, "{source}");
    }
}

#[test]
fn refuses_what_makes_no_sense() {
    let sources = [
        "9223372036854775807 + 1",
        "-9223372036854775808 / -1",
        "7 / 0",
        "7 % 0",
        "4GiB / 0",
        "1GiB - 2GiB",
        "1GiB * -1",
        "4GiB + 10ms",
        "4GiB == 4",
        "10ms < 4GiB",
        "a + 1",
        "10.0.0.0/24 + 1",
        "10.0.0.250/24 + 10",
        "255.255.255.255 + 1",
        "10.0.0.1 in 10.0.0.1/24",
        "1 < a",
        "a .. b",
    ];
    let told: Vec<String> = sources.iter().map(|source| format!("{source}\n  {}", result(source))).collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    9223372036854775807 + 1
      E0307: 9223372036854775807 + 1 is too large
    -9223372036854775808 / -1
      E0307: -9223372036854775808 / -1 is too large
    7 / 0
      E0308: 7 is divided by zero
    7 % 0
      E0308: 7 is divided by zero
    4GiB / 0
      E0308: 4GiB is divided by zero
    1GiB - 2GiB
      E0307: 1GiB - 2GiB is less than nothing
    1GiB * -1
      E0307: 1GiB * -1 is less than nothing
    4GiB + 10ms
      E0301: `+` needs one unit on both sides; 4GiB is a size, 10ms is a duration
    4GiB == 4
      E0301: `==` needs one unit on both sides; 4GiB is a size, 4 is a number (give the number a unit: `4GiB`)
    10ms < 4GiB
      E0301: `<` needs one unit on both sides; 10ms is a duration, 4GiB is a size
    a + 1
      E0306: `+` does not take a string and a number (put the value into the text: `"… ${value} …"`)
    10.0.0.0/24 + 1
      E0306: `+` does not take a prefix and a number (`host(10.0.0.0/24, 5)` is an address in it, `subnet(…)` a part of it)
    10.0.0.250/24 + 10
      E0307: 10.0.0.250/24 + 10 leaves the prefix 10.0.0.0/24
    255.255.255.255 + 1
      E0307: 255.255.255.255 + 1 is no address
    10.0.0.1 in 10.0.0.1/24
      E0306: `in` does not take an address and an address with a length (write the prefix: `10.0.0.0/24`)
    1 < a
      E0306: `<` does not take a number and a string
    a .. b
      E0306: `..` does not take a string and a string (a range goes from a number to a number: `1..4`)
    "#);
}

#[test]
fn ranges_are_lists_that_are_not_unrolled() {
    let list = |numbers: &[i64]| Value::list(numbers.iter().copied().map(Value::Int).collect());
    let whole = Value::Range(i64::MIN, i64::MAX);
    assert_eq!(equal(&Value::Range(1, 3), &list(&[1, 2, 3])), Ok(true));
    assert_eq!(equal(&list(&[]), &Value::Range(3, 1)), Ok(true));
    assert_eq!(equal(&Value::Range(5, 1), &Value::Range(3, 1)), Ok(true));
    assert_eq!(equal(&whole, &list(&[1])), Ok(false));
    assert_eq!(binary(BinaryOp::In, &Value::Int(7), &whole), Ok(Value::Bool(true)));
    assert_eq!(binary(BinaryOp::Add, &Value::Range(1, 2), &list(&[9])), Ok(list(&[1, 2, 9])));
    assert_eq!(binary(BinaryOp::Add, &whole, &list(&[1])).unwrap_err().code, &codes::E0313);
}

#[test]
fn compares_in_depth() {
    let record = |number| Value::map([("a".into(), Value::list(vec![Value::Int(number)]))].into_iter().collect());
    assert_eq!(equal(&record(1), &record(1)), Ok(true));
    assert_eq!(equal(&record(1), &record(2)), Ok(false));
    assert_eq!(equal(&Value::Member("nat".into()), &Value::string("nat")), Ok(true));
    assert_eq!(binary(BinaryOp::In, &Value::string("a"), &record(1)), Ok(Value::Bool(true)));
    let nodes = Value::list(vec![Value::Node(NodeId(1))]);
    assert_eq!(binary(BinaryOp::In, &Value::Node(NodeId(1)), &nodes), Ok(Value::Bool(true)));
    assert_eq!(binary(BinaryOp::Missing, &Value::Null, &Value::Int(1)), Ok(Value::Int(1)));
}

#[test]
fn nothing_depends_on_a_secret() {
    let secret = Value::Secret(Arc::new(SecretText::new(SecretSource::Environment("PW".into()))));
    let text = Value::string("x");
    assert!(binary(BinaryOp::Add, &text, &secret).unwrap().is_secret());
    let listed = Value::list(vec![secret.clone()]);
    for op in [BinaryOp::Equal, BinaryOp::Less, BinaryOp::In, BinaryOp::And, BinaryOp::Multiply] {
        assert_eq!(binary(op, &secret, &text).unwrap_err().code, &codes::E0309);
    }
    assert_eq!(equal(&listed, &text).unwrap_err().code, &codes::E0309);
    assert_eq!(not(&secret).unwrap_err().code, &codes::E0309);
    assert_eq!(negate(&Value::Int(i64::MIN)).unwrap_err().code, &codes::E0307);
}

proptest::proptest! {
    #[test]
    fn answers_whatever_the_operands(left in crate::value::sample::values(), right in crate::value::sample::values()) {
        for symbol in ["or", "and", "==", "!=", "<", "<=", ">", ">=", "in", "??", "..", "+", "-", "*", "/", "%"] {
            if let Err(problem) = binary(op(symbol), &left, &right) {
                proptest::prop_assert!(!problem.message.is_empty() && !problem.label.is_empty());
            }
        }
        let _ = (negate(&left), not(&left), super::super::text::display(&left));
    }

    #[test]
    fn equality_is_symmetric(left in crate::value::sample::values(), right in crate::value::sample::values()) {
        proptest::prop_assert_eq!(equal(&left, &right).ok(), equal(&right, &left).ok());
        if !left.is_secret() {
            proptest::prop_assert_eq!(equal(&left, &left), Ok(true));
        }
    }
}
