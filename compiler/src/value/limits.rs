//! Bounds on what a program may build: a slip in a range ends in an error, not in a full memory.

use super::{Problem, Value};
use crate::diagnostics::codes::values as codes;

/// Most elements that one value may hold, however deep.
pub const MAX_ELEMENTS: usize = 1_000_000;

/// Most bytes of one text that is put together: 1 MiB.
pub const MAX_TEXT: usize = 1024 * 1024;

/// How deep lists and records may be nested.
pub const MAX_DEPTH: usize = 64;

/// The value, if it keeps to [`MAX_ELEMENTS`] and [`MAX_DEPTH`]. Whoever makes a list or record asks this, so that
/// no value is too deep to walk by recursion or, by sharing its parts, too large to walk at all.
///
/// Takes time in proportion to the elements, at most [`MAX_ELEMENTS`].
pub fn bounded(value: Value) -> Result<Value, Problem> {
    let mut left = MAX_ELEMENTS;
    match weigh(&value, MAX_DEPTH, &mut left) {
        Ok(()) => Ok(value),
        Err(what) => Err(Problem::new(&codes::E0313, what, "this is too large")),
    }
}

/// The text as a string, if it keeps to [`MAX_TEXT`].
pub fn bounded_text(text: String) -> Result<Value, Problem> {
    check_text(text.len())?;
    Ok(Value::string(text))
}

/// Refuses a text of so many bytes before it is made.
pub(super) fn check_text(bytes: usize) -> Result<(), Problem> {
    if bytes <= MAX_TEXT {
        return Ok(());
    }
    Err(Problem::new(&codes::E0313, format!("this text has {bytes} bytes, and the limit is 1 MiB"), "this is too long"))
}

/// Refuses a list of so many elements before it is made.
pub(super) fn check_elements(count: u64) -> Result<(), Problem> {
    if count <= MAX_ELEMENTS as u64 {
        return Ok(());
    }
    let message = format!("this has {count} elements, and the limit is {MAX_ELEMENTS}");
    Err(Problem::new(&codes::E0313, message, "this is too large"))
}

/// How many numbers a range holds, both ends included.
pub fn range_length(first: i64, last: i64) -> u64 {
    if last < first { 0 } else { last.abs_diff(first).saturating_add(1) }
}

/// How many elements a list or range holds; 0 for anything else.
pub fn count(value: &Value) -> u64 {
    match value {
        Value::List(values) => values.len() as u64,
        Value::Range(first, last) => range_length(*first, *last),
        _ => 0,
    }
}

/// The elements of a list or range; `None` for anything else. A range is counted before it is unrolled.
pub fn elements(value: &Value) -> Option<Result<Vec<Value>, Problem>> {
    match value {
        Value::List(values) => Some(Ok(values.to_vec())),
        Value::Range(first, last) => {
            Some(check_elements(range_length(*first, *last)).map(|()| (*first..=*last).map(Value::Int).collect()))
        }
        _ => None,
    }
}

fn weigh(value: &Value, depth: usize, left: &mut usize) -> Result<(), String> {
    let count = match value {
        Value::List(values) => values.len(),
        Value::Map(entries) => entries.len(),
        _ => return Ok(()),
    };
    if depth == 0 {
        return Err(format!("lists and records are nested more than {MAX_DEPTH} deep"));
    }
    *left = left.checked_sub(count).ok_or_else(|| format!("this holds more than {MAX_ELEMENTS} elements"))?;
    match value {
        Value::List(values) => values.iter().try_for_each(|value| weigh(value, depth - 1, left)),
        Value::Map(entries) => entries.values().try_for_each(|value| weigh(value, depth - 1, left)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_too_deep_or_too_large() {
        let nested = |depth: usize| (0..depth).fold(Value::Int(1), |inner, _| Value::list(vec![inner]));
        assert!(bounded(nested(MAX_DEPTH)).is_ok());
        assert!(bounded(nested(MAX_DEPTH + 1)).is_err());
        // Each level holds the one below twice: small in memory, 2^40 elements to walk.
        let doubled = (0..40).fold(Value::Int(1), |inner, _| Value::list(vec![inner.clone(), inner]));
        assert_eq!(bounded(doubled).unwrap_err().message, "this holds more than 1000000 elements");
    }

    #[test]
    fn counts_a_range_before_unrolling_it() {
        assert_eq!(elements(&Value::Range(2, 4)), Some(Ok(vec![Value::Int(2), Value::Int(3), Value::Int(4)])));
        assert_eq!(elements(&Value::Range(4, 2)), Some(Ok(Vec::new())));
        assert!(elements(&Value::Range(i64::MIN, i64::MAX)).unwrap().is_err());
        assert_eq!(elements(&Value::Null), None);
    }

    #[test]
    fn writes_a_long_range_in_short() {
        assert_eq!(serde_json::to_string(&Value::Range(1, 3)).unwrap(), "[1,2,3]");
        assert_eq!(serde_json::to_string(&Value::Range(1, i64::MAX)).unwrap(), "\"1..9223372036854775807\"");
    }
}
