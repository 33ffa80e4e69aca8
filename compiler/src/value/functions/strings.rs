//! Functions on text and numbers.

use super::super::limits::{check_elements, check_text};
use super::super::text::{display, interpolate, shown};
use super::super::{Problem, Value, bounded_text, elements};
use super::{Function, no_result, unexpected};

pub(super) const TABLE: &[Function] = &[
    Function {
        name: "upper",
        signature: "upper(text: string) -> string",
        doc: "The text in capital letters.",
        examples: &[(r#"upper("edge")"#, r#""EDGE""#)],
        body: |arguments| on_text(arguments, |text| text.to_uppercase()),
    },
    Function {
        name: "lower",
        signature: "lower(text: string) -> string",
        doc: "The text in small letters.",
        examples: &[(r#"lower("Edge")"#, r#""edge""#)],
        body: |arguments| on_text(arguments, |text| text.to_lowercase()),
    },
    Function {
        name: "trim",
        signature: "trim(text: string) -> string",
        doc: "The text without white space at both ends.",
        examples: &[(r#"trim("  edge\n")"#, r#""edge""#)],
        body: |arguments| on_text(arguments, |text| text.trim().to_owned()),
    },
    Function {
        name: "replace",
        signature: "replace(text: string, old: string, new: string) -> string",
        doc: "The text with `new` in every place of `old`.",
        examples: &[(r#"replace("ge-0/0/0", "/", "-")"#, r#""ge-0-0-0""#)],
        body: replace,
    },
    Function {
        name: "split",
        signature: "split(text: string, separator: string) -> [string]",
        doc: "The pieces of the text between the separators.",
        examples: &[(r#"split("a,b,,c", ",")"#, r#"["a", "b", "", "c"]"#)],
        body: split,
    },
    Function {
        name: "lines",
        signature: "lines(text: string) -> [string]",
        doc: "The lines of the text, without their ends.",
        examples: &[(r#"lines("a\nb\n")"#, r#"["a", "b"]"#)],
        body: |arguments| match arguments {
            [Value::String(text)] => pieces(text.lines()),
            _ => Err(unexpected()),
        },
    },
    Function {
        name: "join",
        signature: "join(list: [any], separator: string) -> string",
        doc: "The elements as one text, with the separator between them. Each is written as `${…}` would.",
        examples: &[(r#"join(["a", 2, 10.0.0.1], ", ")"#, r#""a, 2, 10.0.0.1""#), (r#"join([], ",")"#, r#""""#)],
        body: join,
    },
    Function {
        name: "starts_with",
        signature: "starts_with(text: string, part: string) -> bool",
        doc: "Does the text begin with the part?",
        examples: &[(r#"starts_with("xe-0/0/1", "xe-")"#, "true")],
        body: |arguments| of_two(arguments, |text, part| text.starts_with(part)),
    },
    Function {
        name: "ends_with",
        signature: "ends_with(text: string, part: string) -> bool",
        doc: "Does the text end with the part?",
        examples: &[(r#"ends_with("leaf1", "2")"#, "false")],
        body: |arguments| of_two(arguments, |text, part| text.ends_with(part)),
    },
    Function {
        name: "indent",
        signature: "indent(text: string, spaces: int) -> string",
        doc: "The text with so many spaces before each line that is not empty.",
        examples: &[(r#"indent("a\n\nb\n", 2)"#, r#""  a\n\n  b\n""#)],
        body: indent,
    },
    Function {
        name: "pad",
        signature: "pad(value: int | string, width: int, fill: string?) -> string",
        doc: "The number or text with zeros before it (or another character: `fill`), so that it has this width.",
        examples: &[
            ("pad(7, 3)", r#""007""#),
            ("pad(-7, 4)", r#""-007""#),
            ("pad(hex(10), 2)", r#""0a""#),
            (r#"pad("ab", 4, fill = " ")"#, r#""  ab""#),
        ],
        body: pad,
    },
    Function {
        name: "hex",
        signature: "hex(number: int) -> string",
        doc: "The number in hexadecimal digits, small letters, without `0x`.",
        examples: &[("hex(255)", r#""ff""#)],
        body: |arguments| match arguments {
            [Value::Int(number)] if *number >= 0 => bounded_text(format!("{number:x}")),
            [Value::Int(number)] => {
                Err(no_result(format!("{number} is negative; `hex` takes 0 and above"), "negative"))
            }
            _ => Err(unexpected()),
        },
    },
    Function {
        name: "int",
        signature: "int(text: string) -> int",
        doc: "The number that the text holds, decimal or with `0x`.",
        examples: &[(r#"int("42")"#, "42"), (r#"int("0x1F")"#, "31")],
        body: int,
    },
    Function {
        name: "string",
        signature: "string(value: any) -> string",
        doc: "The value as `${…}` would write it.",
        examples: &[("string(4096MiB)", r#""4GiB""#), ("string(10.0.0.1)", r#""10.0.0.1""#)],
        body: |arguments| match arguments {
            [value] => display(value),
            _ => Err(unexpected()),
        },
    },
];

fn on_text(arguments: &[Value], change: fn(&str) -> String) -> Result<Value, Problem> {
    match arguments {
        [Value::String(text)] => bounded_text(change(text)),
        _ => Err(unexpected()),
    }
}

fn of_two(arguments: &[Value], test: fn(&str, &str) -> bool) -> Result<Value, Problem> {
    match arguments {
        [Value::String(text), Value::String(part)] => Ok(Value::Bool(test(text, part))),
        _ => Err(unexpected()),
    }
}

fn replace(arguments: &[Value]) -> Result<Value, Problem> {
    let [Value::String(text), Value::String(old), Value::String(new)] = arguments else { return Err(unexpected()) };
    if old.is_empty() {
        return Err(no_result("nothing cannot be replaced: `old` is empty", "empty"));
    }
    let count = text.matches(old.as_str()).count();
    check_text(count.saturating_mul(new.len()).saturating_add(text.len() - count * old.len()))?;
    bounded_text(text.replace(old.as_str(), new))
}

fn split(arguments: &[Value]) -> Result<Value, Problem> {
    let [Value::String(text), Value::String(separator)] = arguments else { return Err(unexpected()) };
    if separator.is_empty() {
        return Err(no_result("a text cannot be split at nothing: `separator` is empty", "empty"));
    }
    pieces(text.split(separator.as_str()))
}

fn pieces<'a>(pieces: impl Iterator<Item = &'a str> + Clone) -> Result<Value, Problem> {
    check_elements(pieces.clone().count() as u64)?;
    Ok(Value::list(pieces.map(Value::string).collect()))
}

fn join(arguments: &[Value]) -> Result<Value, Problem> {
    let [list, separator] = arguments else { return Err(unexpected()) };
    let values = elements(list).ok_or_else(unexpected)??;
    let mut parts = Vec::with_capacity(values.len() * 2);
    for value in values {
        if !parts.is_empty() {
            parts.push(separator.clone());
        }
        parts.push(value);
    }
    interpolate(parts)
}

fn indent(arguments: &[Value]) -> Result<Value, Problem> {
    let [Value::String(text), Value::Int(spaces)] = arguments else { return Err(unexpected()) };
    let spaces = width(*spaces)?;
    check_text(text.lines().count().saturating_mul(spaces).saturating_add(text.len()))?;
    let margin = " ".repeat(spaces);
    let line = |line: &str| if line.trim().is_empty() { line.to_owned() } else { format!("{margin}{line}") };
    bounded_text(text.split_inclusive('\n').map(line).collect())
}

fn pad(arguments: &[Value]) -> Result<Value, Problem> {
    let [value, Value::Int(wanted), fill] = arguments else { return Err(unexpected()) };
    let fill = match fill {
        Value::String(fill) if fill.chars().count() == 1 => fill.as_str(),
        Value::String(fill) => return Err(no_result(format!("`fill` is one character; {fill:?} is not"), "not one")),
        _ => "0",
    };
    let text = match value {
        Value::Int(number) => number.to_string(),
        Value::String(text) => text.to_string(),
        _ => return Err(unexpected()),
    };
    let missing = width(*wanted)?.saturating_sub(text.chars().count());
    check_text(missing.saturating_mul(fill.len()))?;
    let margin = fill.repeat(missing);
    bounded_text(match (value, text.strip_prefix('-')) {
        (Value::Int(_), Some(digits)) if fill == "0" => format!("-{margin}{digits}"),
        _ => format!("{margin}{text}"),
    })
}

fn width(number: i64) -> Result<usize, Problem> {
    let width =
        usize::try_from(number).map_err(|_| no_result(format!("{number} is negative, and no width"), "negative"))?;
    check_text(width).map(|()| width)
}

fn int(arguments: &[Value]) -> Result<Value, Problem> {
    let [value @ Value::String(text)] = arguments else { return Err(unexpected()) };
    let digits = text.trim();
    let number = match digits.strip_prefix("0x") {
        Some(digits) if !digits.starts_with(['+', '-']) => i64::from_str_radix(digits, 16),
        _ => digits.parse(),
    };
    number.map(Value::Int).map_err(|_| no_result(format!("{} is not a number", shown(value)), "not a number"))
}
