//! Functions on lists and ranges.

use super::super::limits::check_elements;
use super::super::operators::{binary, depends_on_secret, equal, order, truth};
use super::super::text::shown;
use super::super::{Problem, Value, elements, range_length};
use super::{Function, addresses, no_result, number, unexpected};
use crate::diagnostics::codes::values as codes;
use crate::syntax::ast::BinaryOp;
use std::cmp::Ordering;
use std::collections::BTreeSet;

pub(super) const TABLE: &[Function] = &[
    Function {
        name: "len",
        signature: "len(of: string | map[any] | [any]) -> int",
        doc: "How many elements a list, entries a record or characters a text has.",
        examples: &[("len([4, 5])", "2"), ("len(1..1000000000)", "1000000000"), (r#"len("é")"#, "1")],
        body: len,
    },
    Function {
        name: "first",
        signature: "first(of: prefix | [any]) -> any",
        doc: "The first element of a list; the first address of a prefix that a host can have.",
        examples: &[("first([4, 5])", "4"), ("first(10.0.0.0/24)", "10.0.0.1")],
        body: |arguments| end(arguments, true),
    },
    Function {
        name: "last",
        signature: "last(of: prefix | [any]) -> any",
        doc: "The last element of a list; the last address of a prefix that a host can have.",
        examples: &[("last(1..9)", "9"), ("last(10.0.0.0/24)", "10.0.0.254")],
        body: |arguments| end(arguments, false),
    },
    Function {
        name: "min",
        signature: "min(list: [any]) -> any",
        doc: "The smallest element.",
        examples: &[("min([4, 2, 3])", "2"), ("min([1GiB, 512MiB])", "512MiB")],
        body: |arguments| extreme(arguments, Ordering::Less),
    },
    Function {
        name: "max",
        signature: "max(list: [any]) -> any",
        doc: "The largest element.",
        examples: &[("max([4, 2, 3])", "4")],
        body: |arguments| extreme(arguments, Ordering::Greater),
    },
    Function {
        name: "sum",
        signature: "sum(list: [any]) -> any",
        doc: "All elements added up: numbers, sizes, durations, rates. 0 for none.",
        examples: &[("sum(1..4)", "10"), ("sum([1GiB, 512MiB])", "1536MiB"), ("sum([])", "0")],
        body: sum,
    },
    Function {
        name: "sort",
        signature: "sort(list: [any]) -> [any]",
        doc: "The elements in order: numbers, quantities, texts or addresses.",
        examples: &[("sort([3, 1, 2])", "[1, 2, 3]"), ("sort([10.0.0.10, 10.0.0.9])", "[10.0.0.9, 10.0.0.10]")],
        body: sort,
    },
    Function {
        name: "unique",
        signature: "unique(list: [any]) -> [any]",
        doc: "The elements, each once, in the order of their first place.",
        examples: &[(r#"unique(["b", "a", "b"])"#, r#"["b", "a"]"#)],
        body: unique,
    },
    Function {
        name: "reverse",
        signature: "reverse(list: [any]) -> [any]",
        doc: "The elements from the last to the first.",
        examples: &[("reverse(1..3)", "[3, 2, 1]")],
        body: |arguments| items(arguments).map(|values| Value::list(values.into_iter().rev().collect())),
    },
    Function {
        name: "flatten",
        signature: "flatten(list: [any]) -> [any]",
        doc: "One list of all the elements of the lists in a list; what is no list stays as it is.",
        examples: &[("flatten([[1, 2], [3], 4])", "[1, 2, 3, 4]"), ("flatten([1..2, [[3]]])", "[1, 2, [3]]")],
        body: flatten,
    },
    Function {
        name: "zip",
        signature: "zip(left: [any], right: [any]) -> [any]",
        doc: "Pairs of the elements of two lists of one length.",
        examples: &[(r#"zip(1..2, ["a", "b"])"#, r#"[[1, "a"], [2, "b"]]"#)],
        body: zip,
    },
    Function {
        name: "chunks",
        signature: "chunks(list: [any], size: int) -> [any]",
        doc: "The list in pieces of this size; the last may be shorter.",
        examples: &[("chunks(1..5, 2)", "[[1, 2], [3, 4], [5]]")],
        body: chunks,
    },
    Function {
        name: "steps",
        signature: "steps(first: int, last: int, by: int) -> [int]",
        doc: "Every `by`-th number from the first on, up to the last.",
        examples: &[("steps(0, 12, 4)", "[0, 4, 8, 12]"), ("steps(5, 1, -2)", "[5, 3, 1]")],
        body: steps,
    },
    Function {
        name: "index_of",
        signature: "index_of(list: [any], element: any) -> int",
        doc: "The place of an element, from 0; `null` if it is not in the list.",
        examples: &[(r#"index_of(["a", "b"], "b")"#, "1"), (r#"index_of(["a"], "b")"#, "null")],
        body: index_of,
    },
    Function {
        name: "count",
        signature: "count(list: [any], element: any) -> int",
        doc: "How many elements are equal to this one.",
        examples: &[("count([1, 2, 1], 1)", "2")],
        body: count,
    },
    Function {
        name: "any",
        signature: "any(list: [bool]) -> bool",
        doc: "Is one of them true?",
        examples: &[("any([false, true])", "true"), ("any([])", "false")],
        body: |arguments| items(arguments)?.iter().map(truth).try_fold(false, |any, is| Ok(any | is?)).map(Value::Bool),
    },
    Function {
        name: "all",
        signature: "all(list: [bool]) -> bool",
        doc: "Are all of them true?",
        examples: &[("all([false, true])", "false"), ("all([])", "true")],
        body: |arguments| items(arguments)?.iter().map(truth).try_fold(true, |all, is| Ok(all & is?)).map(Value::Bool),
    },
    Function {
        name: "contains",
        signature: "contains(whole: any, part: any) -> bool",
        doc: "Is the part in the list, range, record, text or prefix? The same as `part in whole`.",
        examples: &[("contains(10.0.0.0/8, 10.1.0.0/16)", "true"), (r#"contains("leaf1", "eaf")"#, "true")],
        body: |arguments| match arguments {
            [whole, part] => binary(BinaryOp::In, part, whole),
            _ => Err(unexpected()),
        },
    },
];

/// The elements of the first argument.
fn items(arguments: &[Value]) -> Result<Vec<Value>, Problem> {
    arguments.first().and_then(elements).ok_or_else(unexpected)?
}

fn len(arguments: &[Value]) -> Result<Value, Problem> {
    match arguments {
        [Value::String(text)] => number(text.chars().count() as u64),
        [Value::Map(entries)] => number(entries.len() as u64),
        [Value::List(values)] => number(values.len() as u64),
        [Value::Range(first, last)] => number(range_length(*first, *last)),
        _ => Err(unexpected()),
    }
}

fn end(arguments: &[Value], first: bool) -> Result<Value, Problem> {
    let found = match arguments {
        [Value::Prefix(net)] => {
            return addresses::host(*net, if first { 1 } else { -1 }).map(|net| Value::Ip(net.addr()));
        }
        [Value::Range(low, high)] if low <= high => Some(Value::Int(if first { *low } else { *high })),
        [Value::Range(..)] => None,
        [Value::List(values)] => if first { values.first() } else { values.last() }.cloned(),
        _ => return Err(unexpected()),
    };
    found.ok_or_else(|| empty(if first { "first" } else { "last" }))
}

fn empty(what: &str) -> Problem {
    no_result(format!("an empty list has no {what} element"), "empty").help("test `len(list) > 0` before")
}

fn extreme(arguments: &[Value], better: Ordering) -> Result<Value, Problem> {
    let what = if better == Ordering::Less { "smallest" } else { "largest" };
    if let [Value::Range(first, last)] = arguments {
        let end = if better == Ordering::Less { first } else { last };
        return if first <= last { Ok(Value::Int(*end)) } else { Err(empty(what)) };
    }
    let mut values = items(arguments)?.into_iter();
    let mut best = values.next().ok_or_else(|| empty(what))?;
    for value in values {
        if compare(&value, &best)? == better {
            best = value;
        }
    }
    Ok(best)
}

fn compare(a: &Value, b: &Value) -> Result<Ordering, Problem> {
    if a.is_secret() || b.is_secret() {
        return Err(depends_on_secret());
    }
    order(a, b).ok_or_else(|| {
        let message = format!("{} is {}, {} is {}: they have no order", shown(a), a.kind(), shown(b), b.kind());
        Problem::new(&codes::E0306, message, "has no order")
    })
}

fn sum(arguments: &[Value]) -> Result<Value, Problem> {
    let mut values = items(arguments)?.into_iter();
    let Some(first) = values.next() else { return Ok(Value::Int(0)) };
    if matches!(first, Value::String(_) | Value::List(_) | Value::Secret(_)) {
        return Err(Problem::new(&codes::E0306, format!("{} cannot be added up", first.kind()), first.kind())
            .help("`join` puts texts together, `flatten` lists"));
    }
    values.try_fold(first, |sum, value| binary(BinaryOp::Add, &sum, &value))
}

fn sort(arguments: &[Value]) -> Result<Value, Problem> {
    let mut values = items(arguments)?;
    // If neighbours have an order, all have: it needs the same kind.
    for (a, b) in values.iter().zip(values.iter().skip(1)) {
        compare(a, b)?;
    }
    values.sort_by(|a, b| order(a, b).unwrap_or(Ordering::Equal));
    Ok(Value::list(values))
}

fn unique(arguments: &[Value]) -> Result<Value, Problem> {
    let mut values = items(arguments)?;
    if values.iter().any(Value::is_secret) {
        return Err(depends_on_secret());
    }
    let mut seen = BTreeSet::new();
    values.retain(|value| seen.insert(identity(value)));
    Ok(Value::list(values))
}

/// A text that is the same for equal values and for no others.
fn identity(value: &Value) -> String {
    match value {
        Value::Member(word) => identity(&Value::String(word.clone())),
        Value::Cidr(net) => identity(&Value::Prefix(*net)),
        Value::List(values) => format!("[{}]", values.iter().map(identity).collect::<Vec<_>>().join(",")),
        Value::Range(..) => match elements(value) {
            Some(Ok(values)) => identity(&Value::list(values)),
            _ => format!("{value:?}"),
        },
        Value::Map(entries) => {
            let mut entries: Vec<String> =
                entries.iter().map(|(name, value)| format!("{name:?}:{}", identity(value))).collect();
            entries.sort();
            format!("{{{}}}", entries.join(","))
        }
        simple => format!("{simple:?}"),
    }
}

fn flatten(arguments: &[Value]) -> Result<Value, Problem> {
    let mut flat = Vec::new();
    for value in items(arguments)? {
        match elements(&value) {
            Some(inner) => flat.extend(inner?),
            None => flat.push(value),
        }
        check_elements(flat.len() as u64)?;
    }
    Ok(Value::list(flat))
}

fn zip(arguments: &[Value]) -> Result<Value, Problem> {
    let [left, right] = arguments else { return Err(unexpected()) };
    let (left, right) = (elements(left).ok_or_else(unexpected)??, elements(right).ok_or_else(unexpected)??);
    if left.len() != right.len() {
        let message = format!("one list has {} elements and the other {}", left.len(), right.len());
        return Err(no_result(message, "of different lengths"));
    }
    let pair = |(left, right)| Value::list(vec![left, right]);
    Ok(Value::list(left.into_iter().zip(right).map(pair).collect()))
}

fn chunks(arguments: &[Value]) -> Result<Value, Problem> {
    let [_, Value::Int(size)] = arguments else { return Err(unexpected()) };
    let values = items(arguments)?;
    let size = usize::try_from(*size).ok().filter(|size| *size > 0);
    let size = size.ok_or_else(|| no_result("the size of a piece is 1 or more", "less than 1"))?;
    Ok(Value::list(values.chunks(size).map(|chunk| Value::list(chunk.to_vec())).collect()))
}

fn steps(arguments: &[Value]) -> Result<Value, Problem> {
    let [Value::Int(first), Value::Int(last), Value::Int(by)] = arguments else { return Err(unexpected()) };
    if *by == 0 {
        return Err(no_result("steps of 0 lead nowhere", "zero"));
    }
    let reached = if *by > 0 { first <= last } else { first >= last };
    let count = if reached { last.abs_diff(*first) / by.unsigned_abs() } else { return Ok(Value::list(Vec::new())) };
    check_elements(count.saturating_add(1))?;
    let numbers = std::iter::successors(Some(*first), |number| number.checked_add(*by));
    Ok(Value::list(numbers.zip(0..=count).map(|(number, _)| Value::Int(number)).collect()))
}

fn index_of(arguments: &[Value]) -> Result<Value, Problem> {
    let [_, element] = arguments else { return Err(unexpected()) };
    for (index, value) in items(arguments)?.iter().enumerate() {
        if equal(value, element)? {
            return number(index as u64);
        }
    }
    Ok(Value::Null)
}

fn count(arguments: &[Value]) -> Result<Value, Problem> {
    let [_, element] = arguments else { return Err(unexpected()) };
    let mut count = 0;
    for value in items(arguments)? {
        count += u64::from(equal(&value, element)?);
    }
    number(count)
}
