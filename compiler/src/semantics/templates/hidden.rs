//! Secrets in templates: they can be printed, and nothing else.
//!
//! A template has a [`Hidden`] in place of each secret. Printing it writes a mark with a number of its own, and when
//! all is rendered the marks become the secrets again. Whatever else is done with it is noticed: an operation asks for
//! its kind or its text, and what changes a text with a mark in it leaves no whole mark behind. Only `"x" == secret`, with
//! the text before the secret, asks nothing; it is always false.

use crate::value::{SecretText, Value};
use minijinja::value::{Object, ObjectRepr, Value as Seen};
use minijinja::{Error, Output, State};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// Around the number of a mark: private-use characters that no configuration holds, and letters of both cases, so that
/// a mark in other letters is none.
const OPEN: &str = "\u{F5EC}Secret";
const CLOSE: char = '\u{F5ED}';

/// What is done with the secrets while one template is rendered.
#[derive(Debug, Default, Clone)]
pub struct Watch(Arc<Seals>);

#[derive(Debug, Default)]
struct Seals {
    /// See [`Watch::has_secrets`].
    hides: AtomicBool,
    /// See [`Watch::is_broken`].
    broken: AtomicBool,
    /// What was printed: its place is the number of its mark.
    printed: Mutex<Vec<Arc<SecretText>>>,
}

/// A secret as a template sees it.
#[derive(Debug)]
struct Hidden {
    secret: Arc<SecretText>,
    watch: Watch,
}

impl Object for Hidden {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        self.watch.break_seal();
        ObjectRepr::Plain
    }

    /// Whether there is a secret may be asked; what is in it may not.
    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn render(self: &Arc<Self>, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.watch.break_seal();
        Ok(())
    }
}

impl Watch {
    /// What a template sees in place of a secret.
    pub fn hide(&self, secret: &Arc<SecretText>) -> Seen {
        self.0.hides.store(true, Ordering::Relaxed);
        Seen::from_object(Hidden { secret: secret.clone(), watch: self.clone() })
    }

    /// Is there a secret in the scope?
    pub fn has_secrets(&self) -> bool {
        self.0.hides.load(Ordering::Relaxed)
    }

    /// Did anything but printing ask for a secret?
    pub fn is_broken(&self) -> bool {
        self.0.broken.load(Ordering::Relaxed)
    }

    fn break_seal(&self) {
        self.0.broken.store(true, Ordering::Relaxed);
    }

    /// Notes what is printed, and gives its number.
    fn print(&self, secret: &Arc<SecretText>) -> usize {
        let Ok(mut printed) = self.0.printed.lock() else { return usize::MAX };
        printed.push(secret.clone());
        printed.len() - 1
    }

    /// The pieces of the rendered text, with its secrets back in place; `None` where something looked into one.
    pub fn unseal(&self, text: &str) -> Option<Vec<Value>> {
        let printed = self.0.printed.lock().ok()?;
        let mut arrived = vec![false; printed.len()];
        let mut parts = Vec::new();
        for (at, piece) in text.split(OPEN).enumerate() {
            let marked = piece.split_once(CLOSE).filter(|_| at > 0);
            let marked = marked.and_then(|(number, rest)| Some((number.parse::<usize>().ok()?, rest)));
            match marked.and_then(|(number, rest)| Some((arrived.get_mut(number)?, printed.get(number)?, rest))) {
                Some((arrived, secret, rest)) => {
                    *arrived = true;
                    parts.push(Value::Secret(secret.clone()));
                    parts.push(Value::string(rest));
                }
                None if at > 0 => parts.push(Value::string(format!("{OPEN}{piece}"))),
                None => parts.push(Value::string(piece)),
            }
        }
        let sealed = !self.is_broken() && arrived.iter().all(|arrived| *arrived);
        sealed.then_some(parts)
    }
}

/// Prints a value: `{{ value }}`.
pub fn print(out: &mut Output, state: &mut State, value: &Seen) -> Result<(), Error> {
    match value.downcast_object_ref::<Hidden>() {
        Some(hidden) => Ok(write!(out, "{OPEN}{}{CLOSE}", hidden.watch.print(&hidden.secret))?),
        None => minijinja::escape_formatter(out, state, value),
    }
}
