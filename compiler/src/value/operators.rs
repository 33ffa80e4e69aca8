//! What the operators do.
//!
//! Nothing is converted silently: numbers, sizes, durations and rates keep to their own kind, whole numbers scale
//! them, and every result that does not fit is an error.

use super::limits::{bounded, check_elements, count, elements, range_length};
use super::text::{concatenate, interpolate, shown};
use super::units::Unit;
use super::{Problem, Value};
use crate::diagnostics::codes::values as codes;
use crate::syntax::ast::BinaryOp;
use ipnet::IpNet;
use std::cmp::Ordering;
use std::net::IpAddr;

/// Applies an operator. `and`, `or` and `??` are here for completeness: who evaluates leaves their right side alone
/// where it does not count.
pub fn binary(op: BinaryOp, left: &Value, right: &Value) -> Result<Value, Problem> {
    let order = |wanted: fn(Ordering) -> bool| compare(op, left, right).map(|order| Value::Bool(wanted(order)));
    match op {
        BinaryOp::Or => Ok(Value::Bool(truth(left)? | truth(right)?)),
        BinaryOp::And => Ok(Value::Bool(truth(left)? & truth(right)?)),
        BinaryOp::Missing => Ok(if *left == Value::Null { right.clone() } else { left.clone() }),
        BinaryOp::Equal => equal(left, right).map(Value::Bool),
        BinaryOp::NotEqual => equal(left, right).map(|same| Value::Bool(!same)),
        BinaryOp::Less => order(Ordering::is_lt),
        BinaryOp::LessEqual => order(Ordering::is_le),
        BinaryOp::Greater => order(Ordering::is_gt),
        BinaryOp::GreaterEqual => order(Ordering::is_ge),
        BinaryOp::In => is_in(left, right).map(Value::Bool),
        BinaryOp::Range => match (left, right) {
            (Value::Int(first), Value::Int(last)) => Ok(Value::Range(*first, *last)),
            _ => Err(refused(op, left, right)),
        },
        BinaryOp::Add => add(left, right),
        BinaryOp::Subtract => subtract(left, right),
        BinaryOp::Multiply => multiply(left, right),
        BinaryOp::Divide => divide(left, right),
        BinaryOp::Remainder => remainder(left, right),
    }
}

/// `-value`
pub fn negate(value: &Value) -> Result<Value, Problem> {
    match value {
        Value::Int(number) => number.checked_neg().map(Value::Int).ok_or_else(|| too_large("-", &[value])),
        _ => {
            let problem = Problem::new(&codes::E0306, format!("`-` does not take {}", value.kind()), value.kind());
            Err(if Unit::of(value).is_some() {
                problem.help("sizes, durations and rates are never below zero")
            } else {
                problem
            })
        }
    }
}

/// `not value`
pub fn not(value: &Value) -> Result<Value, Problem> {
    truth(value).map(|holds| Value::Bool(!holds))
}

/// The value of a condition: of `if`, `where`, `and`, `or`, `not`, `check`.
pub fn truth(value: &Value) -> Result<bool, Problem> {
    match value {
        Value::Bool(holds) => Ok(*holds),
        Value::Secret(_) => Err(depends_on_secret()),
        other => {
            let message = format!("a condition is `true` or `false`; {} is {}", shown(other), other.kind());
            let problem = Problem::new(&codes::E0300, message, other.kind());
            Err(match other {
                Value::List(_) | Value::Range(..) | Value::Map(_) => problem.help("compare its length: `len(x) > 0`"),
                Value::Null | Value::Int(_) | Value::String(_) => problem.help("compare it with something: `x != …`"),
                _ => problem,
            })
        }
    }
}

/// Are two values the same? Values of different kinds are not, but different units cannot be compared at all. A
/// range is the list of its numbers, a word of an enumeration is equal to the string of the same letters.
pub fn equal(left: &Value, right: &Value) -> Result<bool, Problem> {
    if left.is_secret() || right.is_secret() {
        return Err(depends_on_secret());
    }
    match (left, right) {
        (Value::List(a), Value::List(b)) => {
            let mut same = a.len() == b.len();
            for (a, b) in a.iter().zip(b.iter()) {
                same = same && equal(a, b)?;
            }
            Ok(same)
        }
        (Value::Range(a, b), Value::Range(c, d)) => Ok((a, b) == (c, d) || (b < a && d < c)),
        (Value::Range(first, last), Value::List(values)) | (Value::List(values), Value::Range(first, last)) => {
            Ok(range_length(*first, *last) == values.len() as u64
                && values.iter().zip(*first..=*last).all(|(value, number)| *value == Value::Int(number)))
        }
        (Value::Map(a), Value::Map(b)) => {
            if a.len() != b.len() || a.keys().any(|name| !b.contains_key(name)) {
                return Ok(false);
            }
            // Every pair is looked at, so that the order of the entries decides nothing.
            let mut same = true;
            for (name, a) in a.iter() {
                same &= b.get(name).map_or(Ok(false), |b| equal(a, b))?;
            }
            Ok(same)
        }
        (Value::Member(a), Value::String(b)) | (Value::String(b), Value::Member(a)) => Ok(a == b),
        (Value::Cidr(a), Value::Prefix(b)) | (Value::Prefix(b), Value::Cidr(a)) => Ok(a == b),
        _ if units_differ(left, right) => Err(different_units("==", left, right)),
        _ => Ok(left == right),
    }
}

fn compare(op: BinaryOp, left: &Value, right: &Value) -> Result<Ordering, Problem> {
    if left.is_secret() || right.is_secret() {
        return Err(depends_on_secret());
    }
    order(left, right).ok_or_else(|| refused(op, left, right))
}

/// Which of two values of one kind comes first; `None` where they have no order.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::String(a) | Value::Member(a), Value::String(b) | Value::Member(b)) => Some(a.cmp(b)),
        (Value::Ip(a), Value::Ip(b)) => Some(a.cmp(b)),
        (Value::Cidr(a) | Value::Prefix(a), Value::Cidr(b) | Value::Prefix(b)) => Some(a.cmp(b)),
        (Value::Mac(a), Value::Mac(b)) => Some(a.cmp(b)),
        _ => match (Unit::of(left)?, Unit::of(right)?) {
            ((a, left), (b, right)) if a == b => Some(left.cmp(&right)),
            _ => None,
        },
    }
}

fn is_in(left: &Value, right: &Value) -> Result<bool, Problem> {
    if left.is_secret() || right.is_secret() {
        return Err(depends_on_secret());
    }
    match (left, right) {
        (_, Value::List(values)) => {
            for value in values.iter() {
                if equal(left, value)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        (Value::Int(number), Value::Range(first, last)) => Ok((first..=last).contains(&number)),
        (Value::String(name) | Value::Member(name), Value::Map(entries)) => Ok(entries.contains_key(name)),
        (Value::String(part), Value::String(text)) => Ok(text.contains(part.as_str())),
        (Value::Ip(ip), Value::Prefix(prefix)) => Ok(prefix.contains(ip)),
        (Value::Cidr(net) | Value::Prefix(net), Value::Prefix(prefix)) => Ok(prefix.contains(net)),
        (Value::Ip(_) | Value::Cidr(_) | Value::Prefix(_), Value::Cidr(net)) => {
            Err(refused(BinaryOp::In, left, right).help(format!("write the prefix: `{}`", net.trunc())))
        }
        _ => Err(refused(BinaryOp::In, left, right)),
    }
}

fn add(left: &Value, right: &Value) -> Result<Value, Problem> {
    let overflow = || too_large("+", &[left, right]);
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => a.checked_add(*b).map(Value::Int).ok_or_else(overflow),
        (Value::String(a), Value::String(b)) => concatenate(a, b),
        (Value::String(_) | Value::Secret(_), Value::String(_) | Value::Secret(_)) => {
            interpolate([left.clone(), right.clone()])
        }
        (Value::List(_) | Value::Range(..), Value::List(_) | Value::Range(..)) => {
            check_elements(count(left).saturating_add(count(right)))?;
            let mut all = elements(left).unwrap_or_else(|| Ok(Vec::new()))?;
            all.extend(elements(right).unwrap_or_else(|| Ok(Vec::new()))?);
            bounded(Value::list(all))
        }
        (Value::Ip(_) | Value::Cidr(_), Value::Int(number)) => shift(left, i128::from(*number)),
        (Value::Int(_), Value::Ip(_) | Value::Cidr(_)) => add(right, left),
        _ => match same_unit(left, right) {
            Some((unit, a, b)) => a.checked_add(b).map(|sum| unit.value(sum)).ok_or_else(overflow),
            None => Err(refused(BinaryOp::Add, left, right)),
        },
    }
}

fn subtract(left: &Value, right: &Value) -> Result<Value, Problem> {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => {
            a.checked_sub(*b).map(Value::Int).ok_or_else(|| too_large("-", &[left, right]))
        }
        (Value::Ip(_) | Value::Cidr(_), Value::Int(number)) => shift(left, -i128::from(*number)),
        _ => match same_unit(left, right) {
            Some((unit, a, b)) => a.checked_sub(b).map(|rest| unit.value(rest)).ok_or_else(|| {
                let message = format!("{} - {} is less than nothing", shown(left), shown(right));
                Problem::new(&codes::E0307, message, "below zero")
            }),
            None => Err(refused(BinaryOp::Subtract, left, right)),
        },
    }
}

fn multiply(left: &Value, right: &Value) -> Result<Value, Problem> {
    let overflow = || too_large("*", &[left, right]);
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => a.checked_mul(*b).map(Value::Int).ok_or_else(overflow),
        (quantity, Value::Int(times)) | (Value::Int(times), quantity) => {
            let Some((unit, number)) = Unit::of(quantity) else {
                return Err(refused(BinaryOp::Multiply, left, right));
            };
            let times = u64::try_from(*times).map_err(|_| {
                let message = format!("{} * {} is less than nothing", shown(left), shown(right));
                Problem::new(&codes::E0307, message, "below zero")
            })?;
            number.checked_mul(times).map(|product| unit.value(product)).ok_or_else(overflow)
        }
        _ => Err(refused(BinaryOp::Multiply, left, right)),
    }
}

fn divide(left: &Value, right: &Value) -> Result<Value, Problem> {
    not_zero(left, right)?;
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => floored(*a, *b).map(|(quotient, _)| Value::Int(quotient)),
        (quantity, Value::Int(parts)) => match (Unit::of(quantity), u64::try_from(*parts)) {
            (Some((unit, number)), Ok(parts)) => Ok(unit.value(number.checked_div(parts).unwrap_or(0))),
            (Some(_), Err(_)) => {
                let message = format!("{} / {} is less than nothing", shown(left), shown(right));
                Err(Problem::new(&codes::E0307, message, "below zero"))
            }
            _ => Err(refused(BinaryOp::Divide, left, right)),
        },
        _ => match same_unit(left, right) {
            Some((_, a, b)) => {
                i64::try_from(a.checked_div(b).unwrap_or(0)).map(Value::Int).map_err(|_| too_large("/", &[left, right]))
            }
            None => Err(refused(BinaryOp::Divide, left, right)),
        },
    }
}

fn remainder(left: &Value, right: &Value) -> Result<Value, Problem> {
    not_zero(left, right)?;
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => floored(*a, *b).map(|(_, rest)| Value::Int(rest)),
        _ => match same_unit(left, right) {
            Some((unit, a, b)) => Ok(unit.value(a.checked_rem(b).unwrap_or(0))),
            None => Err(refused(BinaryOp::Remainder, left, right)),
        },
    }
}

/// Quotient rounded down, and the rest, which has the sign of the divisor. The divisor is not zero.
fn floored(a: i64, b: i64) -> Result<(i64, i64), Problem> {
    let overflow = || too_large("/", &[&Value::Int(a), &Value::Int(b)]);
    let (quotient, rest) = (a.checked_div(b).ok_or_else(overflow)?, a.checked_rem(b).ok_or_else(overflow)?);
    if rest != 0 && (rest < 0) != (b < 0) { Ok((quotient - 1, rest + b)) } else { Ok((quotient, rest)) }
}

fn not_zero(left: &Value, right: &Value) -> Result<(), Problem> {
    let zero = matches!(right, Value::Int(0)) || Unit::of(right).is_some_and(|(_, number)| number == 0);
    if zero {
        let message = format!("{} is divided by zero", shown(left));
        return Err(Problem::new(&codes::E0308, message, "the divisor is zero"));
    }
    Ok(())
}

/// The address so many further on; one with a length stays in its prefix.
fn shift(address: &Value, by: i128) -> Result<Value, Problem> {
    let ip = match address {
        Value::Ip(ip) => *ip,
        Value::Cidr(net) => net.addr(),
        other => return Err(too_large("+", &[other])),
    };
    let moved = shifted(ip, by);
    match (address, moved) {
        (Value::Cidr(net), Some(moved)) if net.contains(&moved) => {
            IpNet::new(moved, net.prefix_len()).map(Value::Cidr).map_err(|_| too_large("+", &[address]))
        }
        (Value::Cidr(net), _) => {
            let message = format!("{net} {} {} leaves the prefix {}", sign(by), by.unsigned_abs(), net.trunc());
            Err(Problem::new(&codes::E0307, message, "outside the prefix"))
        }
        (_, Some(moved)) => Ok(Value::Ip(moved)),
        (_, None) => Err(Problem::new(
            &codes::E0307,
            format!("{ip} {} {} is no address", sign(by), by.unsigned_abs()),
            "no such address",
        )),
    }
}

/// The address so many further on, if there is one in its family.
fn shifted(ip: IpAddr, by: i128) -> Option<IpAddr> {
    match ip {
        IpAddr::V4(ip) => {
            let moved = i128::from(u32::from(ip)).checked_add(by)?;
            u32::try_from(moved).ok().map(|bits| IpAddr::V4(bits.into()))
        }
        IpAddr::V6(ip) => {
            let bits = u128::from(ip);
            let distance = by.unsigned_abs();
            let moved = if by < 0 { bits.checked_sub(distance) } else { bits.checked_add(distance) };
            moved.map(|bits| IpAddr::V6(bits.into()))
        }
    }
}

fn sign(by: i128) -> char {
    if by < 0 { '-' } else { '+' }
}

fn same_unit(left: &Value, right: &Value) -> Option<(Unit, u64, u64)> {
    match (Unit::of(left)?, Unit::of(right)?) {
        ((a, left), (b, right)) if a == b => Some((a, left, right)),
        _ => None,
    }
}

/// Is one a quantity and the other a number, or a quantity of another kind?
fn units_differ(left: &Value, right: &Value) -> bool {
    let number = |value: &Value| matches!(value, Value::Int(_));
    match (Unit::of(left), Unit::of(right)) {
        (Some((a, _)), Some((b, _))) => a != b,
        (Some(_), None) => number(right),
        (None, Some(_)) => number(left),
        (None, None) => false,
    }
}

fn different_units(symbol: &str, left: &Value, right: &Value) -> Problem {
    let message = format!(
        "`{symbol}` needs one unit on both sides; {} is {}, {} is {}",
        shown(left),
        left.kind(),
        shown(right),
        right.kind()
    );
    let problem = Problem::new(&codes::E0301, message, format!("{} and {}", left.kind(), right.kind()));
    match (left, right) {
        (Value::Int(number), other) | (other, Value::Int(number)) => match Unit::of(other) {
            Some((unit, _)) => problem.help(format!("give the number a unit: `{number}{}`", unit.usual())),
            None => problem,
        },
        _ => problem,
    }
}

/// Why an operator does not take these two.
fn refused(op: BinaryOp, left: &Value, right: &Value) -> Problem {
    let symbol = op.symbol();
    if left.is_secret() || right.is_secret() {
        return depends_on_secret();
    }
    if units_differ(left, right) {
        return different_units(symbol, left, right);
    }
    let message = format!("`{symbol}` does not take {} and {}", left.kind(), right.kind());
    let problem = Problem::new(&codes::E0306, message, format!("{} {symbol} {}", left.kind(), right.kind()));
    let text = |value: &Value| matches!(value, Value::String(_));
    match (op, left, right) {
        (_, Value::Null, _) | (_, _, Value::Null) => problem.help("give what stands in its place: `x ?? 0`"),
        (BinaryOp::Add, a, b) if text(a) || text(b) => problem.help("put the value into the text: `\"… ${value} …\"`"),
        (BinaryOp::Add, Value::List(_), _) => problem.help("put it in brackets to add one element: `list + [x]`"),
        (BinaryOp::Add, Value::Map(_), Value::Map(_)) => problem.help("`merge(a, b)` puts two records together"),
        (BinaryOp::Add | BinaryOp::Subtract, Value::Prefix(net), Value::Int(_)) => {
            problem.help(format!("`host({net}, 5)` is an address in it, `subnet(…)` a part of it"))
        }
        (BinaryOp::Range, Value::Ip(first), Value::Ip(last)) => {
            let list = format!("[{first}, {last}]");
            problem.help(format!("write the first and the last in a list: `{list}`")).replacement(list)
        }
        (BinaryOp::Range, ..) => problem.help("a range goes from a number to a number: `1..4`"),
        _ => problem,
    }
}

fn too_large(symbol: &str, operands: &[&Value]) -> Problem {
    let text: Vec<String> = operands.iter().map(|value| shown(value)).collect();
    let message = match text.as_slice() {
        [one] => format!("{symbol}{one} is too large"),
        _ => format!("{} is too large", text.join(&format!(" {symbol} "))),
    };
    Problem::new(&codes::E0307, message, "too large")
}

/// Whoever decides, names or counts by a secret gets this.
pub fn depends_on_secret() -> Problem {
    Problem::new(
        &codes::E0309,
        "no condition, name or count may depend on a secret: it is known only at deployment",
        "a secret",
    )
    .help("let a parameter decide, and use the secret only as the text of a password, key, file or configuration")
}

#[cfg(test)]
mod tests;
