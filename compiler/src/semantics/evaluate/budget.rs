//! Counting what a program makes against the limits.

use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::names as codes;
use crate::semantics::limits;
use crate::semantics::world::{Eval, Stop, World};
use crate::source::Span;
use crate::value::Value;

impl World<'_> {
    /// Counts turns of loops and what else is made against the limit.
    pub fn count_elements(&mut self, count: usize, span: Span) -> Eval<()> {
        let before = self.elements;
        self.elements = before.saturating_add(count);
        if self.elements <= limits::ELEMENTS {
            return Ok(());
        }
        if before > limits::ELEMENTS {
            return Err(Stop::Reported);
        }
        let message = format!("the loops of this program have more than {} turns", limits::ELEMENTS);
        let help = "a lab of that size is surely a mistake in a range";
        self.stop(Diagnostic::new(&codes::E0209, span, message, "too many").help(help))
    }

    /// Counts what a value may cost whoever walks it against the limit.
    pub fn count_work(&mut self, value: &Value, span: Span) -> Eval<()> {
        let before = self.work;
        self.work = before.saturating_add(limits::work(value));
        if self.work <= limits::WORK {
            return Ok(());
        }
        if before > limits::WORK {
            return Err(Stop::Reported);
        }
        let message = "the values of this program take too much work";
        let help = "a long list or text is computed again and again, perhaps in a loop: compute it once, in a `let`";
        self.stop(Diagnostic::new(&codes::E0209, span, message, "too much").help(help))
    }

    /// Has the program gone over a limit? What it made so far means nothing then.
    pub fn is_too_large(&self) -> bool {
        self.things > limits::THINGS || self.elements > limits::ELEMENTS || self.work > limits::WORK
    }

    /// Counts a node, network or link against the limit.
    pub fn count_thing(&mut self, span: Span) -> Eval<()> {
        self.things += 1;
        match self.things.cmp(&(limits::THINGS + 1)) {
            std::cmp::Ordering::Less => Ok(()),
            std::cmp::Ordering::Greater => Err(Stop::Reported),
            std::cmp::Ordering::Equal => self.too_many_things(span),
        }
    }

    /// Reports more nodes, networks and links than a lab has.
    pub fn too_many_things<T>(&mut self, span: Span) -> Eval<T> {
        let message = format!("this lab has more than {} nodes, networks and links", limits::THINGS);
        let help = "a lab of that size is surely a mistake in a range";
        self.stop(Diagnostic::new(&codes::E0209, span, message, "too many").help(help))
    }
}
