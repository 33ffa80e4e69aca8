//! References to parts inside a device: `re:em0`, `re:xe[n]`, `fxp0`, `ge[n]`, `pfe`.

use super::Shape;
use crate::diagnostics::codes::devices as codes;
use crate::diagnostics::{Diagnostic, closest};
use crate::semantics::world::{Env, Eval, Stop, World};
use crate::syntax::ast::{Expr, ExprKind, Index};
use crate::value::Value;
use crate::value::text::shown;
use smol_str::SmolStr;

/// What a reference leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PartRef {
    /// A machine.
    Machine(usize),
    /// A NIC of a machine.
    Nic(usize, usize),
}

/// A name and, for elements of arrays, its key.
struct Step {
    name: SmolStr,
    key: Option<Value>,
}

/// Finds the part that a reference means.
pub fn part<'a>(world: &mut World<'a>, shape: &Shape<'a>, expr: &'a Expr, env: &Env<'a>) -> Eval<PartRef> {
    let (machine, nic) = steps(world, expr, env)?;
    let single = shape.machines.first().is_some_and(|machine| machine.part.is_none());
    let (machine, nic) = match (machine, nic) {
        // In a device of one machine, references are bare.
        (name, None) if single => (None, Some(name)),
        (machine, nic) => (Some(machine), nic),
    };
    let at = match &machine {
        None => 0,
        Some(step) => {
            let found =
                shape.machines.iter().position(|machine| matches(step, machine.part.as_ref(), machine.array.as_ref()));
            let Some(found) = found else {
                if nic.is_none()
                    && let [owner] = owners(shape, step).as_slice()
                {
                    return bare_nic(world, expr, owner);
                }
                let known: Vec<&str> = shape.machines.iter().filter_map(|machine| machine.part.as_deref()).collect();
                return unknown(world, expr, step, "machine", &known);
            };
            found
        }
    };
    let Some(step) = nic else { return Ok(PartRef::Machine(at)) };
    let nics = shape.machines.get(at).map_or(&[][..], |machine| &machine.nics);
    match nics.iter().position(|nic| matches(&step, Some(&nic.name), nic.array.as_ref())) {
        Some(nic) => Ok(PartRef::Nic(at, nic)),
        None => {
            let known: Vec<&str> = nics.iter().map(|nic| nic.name.as_str()).collect();
            unknown(world, expr, &step, "NIC", &known)
        }
    }
}

/// Finds a NIC.
pub fn nic<'a>(world: &mut World<'a>, shape: &Shape<'a>, expr: &'a Expr, env: &Env<'a>) -> Eval<(usize, usize)> {
    match part(world, shape, expr, env)? {
        PartRef::Nic(machine, nic) => Ok((machine, nic)),
        PartRef::Machine(_) => {
            let written = world.program.sources.text(expr.span).to_owned();
            let message = format!("`{written}` is a machine, and a NIC is wanted here");
            world.error(&codes::E0415, expr.span, message, "which NIC of it?")
        }
    }
}

/// The machines that have a NIC of this name.
fn owners(shape: &Shape<'_>, step: &Step) -> Vec<SmolStr> {
    let machines = shape.machines.iter().filter(|machine| {
        machine.array.is_none() && machine.nics.iter().any(|nic| matches(step, Some(&nic.name), nic.array.as_ref()))
    });
    machines.filter_map(|machine| machine.part.clone()).collect()
}

/// A NIC without its machine, in a device of several.
fn bare_nic<'a>(world: &mut World<'a>, expr: &Expr, owner: &str) -> Eval<PartRef> {
    let written = world.program.sources.text(expr.span).to_owned();
    let message = format!("`{written}` is a NIC of the machine `{owner}`, and this device has several machines");
    let diagnostic = Diagnostic::new(&codes::E0415, expr.span, message, "of which machine?");
    let meant = format!("{owner}:{written}");
    world.stop(diagnostic.fix(format!("Write `{meant}`"), expr.span.at_start(), format!("{owner}:")))
}

fn matches(step: &Step, name: Option<&SmolStr>, array: Option<&(SmolStr, Value)>) -> bool {
    match (&step.key, array) {
        (Some(key), Some((array, known))) => step.name == *array && key == known,
        (None, _) => name == Some(&step.name),
        (Some(_), None) => false,
    }
}

fn unknown<'a>(world: &mut World<'a>, expr: &Expr, step: &Step, what: &str, known: &[&str]) -> Eval<PartRef> {
    // An index is shown as what it came to; which other one was meant is not guessed.
    let written = match &step.key {
        Some(key) => format!("{}[{}]", step.name, shown(key)),
        None => world.program.sources.text(expr.span).to_owned(),
    };
    let name = step.name.as_str();
    let message = format!("this device has no {what} `{written}`");
    let mut diagnostic = Diagnostic::new(&codes::E0415, expr.span, message, "unknown part");
    diagnostic = match closest(name, known.iter().copied()) {
        Some(meant) if meant != name && step.key.is_none() => diagnostic.help(format!("did you mean `{meant}`?")),
        _ if known.is_empty() => diagnostic.help(format!("declare it: `{} {name}`", what.to_lowercase())),
        _ => diagnostic.help(format!("it has: {}", known.join(", "))),
    };
    world.stop(diagnostic)
}

/// The one or two steps of a reference.
fn steps<'a>(world: &mut World<'a>, expr: &'a Expr, env: &Env<'a>) -> Eval<(Step, Option<Step>)> {
    match &expr.kind {
        ExprKind::Name(name) => Ok((Step { name: name.clone(), key: None }, None)),
        ExprKind::Group(inner) => steps(world, inner, env),
        ExprKind::Port(base, parts, span) => {
            let (machine, _) = steps(world, base, env)?;
            let name = world.plain_text(parts, env, *span)?;
            Ok((machine, Some(Step { name, key: None })))
        }
        ExprKind::Index(base, indices) => {
            let (first, second) = steps(world, base, env)?;
            let [Index::Key(index)] = indices.as_slice() else {
                return world.error(&codes::E0415, expr.span, "one index is wanted here", "no single element");
            };
            let key = Some(world.evaluate(index, env, None)?);
            Ok(match second {
                None => (Step { key, ..first }, None),
                Some(second) => (first, Some(Step { key, ..second })),
            })
        }
        ExprKind::Hole => Err(Stop::Reported),
        _ => {
            let message = "a part of the device is wanted here, such as `re:em0` or `fxp0`";
            world.error(&codes::E0415, expr.span, message, "no part")
        }
    }
}
