//! What is wrong with a value, before anybody knows where it stands.

use crate::diagnostics::Code;
use smol_str::SmolStr;

/// What is wrong, without a place; whoever asked adds the span.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Which kind.
    pub code: &'static Code,
    /// A sentence that stands alone.
    pub message: String,
    /// A few words for under the expression.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Text to put in place of the offending expression, which is the part that `within` leads to.
    pub replacement: Option<String>,
    /// The steps from the whole value to the part that is wrong; empty for the whole.
    pub within: Box<[Step]>,
}

/// One step into a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// To an element of a list, counted from 0.
    Element(usize),
    /// To a field of a record or an entry of a map.
    Field(SmolStr),
}

impl Problem {
    /// A problem with the whole value.
    pub fn new(code: &'static Code, message: impl Into<String>, label: impl Into<String>) -> Problem {
        Problem {
            code,
            message: message.into(),
            label: label.into(),
            help: None,
            replacement: None,
            within: Box::default(),
        }
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Problem {
        self.help = Some(help.into());
        self
    }

    /// Offers text to put in place of the expression.
    pub fn replacement(mut self, text: impl Into<String>) -> Problem {
        self.replacement = Some(text.into());
        self
    }

    /// Says that it lies one step further in.
    pub(super) fn inside(mut self, step: Step) -> Problem {
        self.within = std::iter::once(step).chain(self.within).collect();
        self
    }
}
