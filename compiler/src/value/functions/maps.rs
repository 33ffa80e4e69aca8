//! Functions on records and maps.

use super::super::{Problem, Value};
use super::{Function, unexpected};

pub(super) const TABLE: &[Function] = &[
    Function {
        name: "keys",
        signature: "keys(map: map[any]) -> [string]",
        doc: "The names of the entries, in the order of the source.",
        examples: &[("keys({ b = 1, a = 2 })", r#"["b", "a"]"#)],
        body: |arguments| match arguments {
            [Value::Map(entries)] => Ok(Value::list(entries.keys().cloned().map(Value::String).collect())),
            _ => Err(unexpected()),
        },
    },
    Function {
        name: "values",
        signature: "values(map: map[any]) -> [any]",
        doc: "The values of the entries, in the order of the source.",
        examples: &[("values({ b = 1, a = 2 })", "[1, 2]")],
        body: |arguments| match arguments {
            [Value::Map(entries)] => Ok(Value::list(entries.values().cloned().collect())),
            _ => Err(unexpected()),
        },
    },
    Function {
        name: "has",
        signature: "has(map: map[any], key: string) -> bool",
        doc: "Is there an entry of this name?",
        examples: &[(r#"has({ a = 1 }, "a")"#, "true"), (r#"has({ a = 1 }, "b")"#, "false")],
        body: |arguments| match arguments {
            [Value::Map(entries), Value::String(key)] => Ok(Value::Bool(entries.contains_key(key))),
            _ => Err(unexpected()),
        },
    },
    Function {
        name: "get",
        signature: "get(map: map[any], key: string) -> any",
        doc: "The entry of this name; `null` if there is none.",
        examples: &[(r#"get({ a = 1 }, "a")"#, "1"), (r#"get({ a = 1 }, "b")"#, "null")],
        body: |arguments| match arguments {
            [Value::Map(entries), Value::String(key)] => Ok(entries.get(key).cloned().unwrap_or(Value::Null)),
            _ => Err(unexpected()),
        },
    },
    Function {
        name: "merge",
        signature: "merge(left: map[any], right: map[any]) -> map[any]",
        doc: "The entries of both; where both have a name, the right one counts.",
        examples: &[("merge({ a = 1, b = 2 }, { b = 3, c = 4 })", "{ a = 1, b = 3, c = 4 }")],
        body: merge,
    },
];

fn merge(arguments: &[Value]) -> Result<Value, Problem> {
    let [Value::Map(left), Value::Map(right)] = arguments else { return Err(unexpected()) };
    let mut entries = left.as_ref().clone();
    entries.extend(right.iter().map(|(name, value)| (name.clone(), value.clone())));
    Ok(Value::map(entries))
}
