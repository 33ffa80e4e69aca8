//! What a link does to the frames that pass it.

use crate::value::{Unit, Value, parse_quantity};
use schemars::JsonSchema;
use serde::Serialize;

/// What happens to frames in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Impairment {
    /// Nanoseconds.
    pub delay: Option<u64>,
    /// Nanoseconds, around the delay.
    pub jitter: Option<u64>,
    /// Millionths of all frames.
    pub loss: Option<u64>,
    /// Millionths of all frames.
    pub duplicate: Option<u64>,
    /// Millionths of all frames.
    pub reorder: Option<u64>,
    /// Millionths of all frames.
    pub corrupt: Option<u64>,
    /// Bits a second.
    pub rate: Option<u64>,
}

impl Impairment {
    /// Does it change anything?
    pub fn is_none(&self) -> bool {
        *self == Impairment::default()
    }

    /// The quantities that are set: the attribute of the language, and the value as it is written there.
    pub fn quantities(&self) -> impl Iterator<Item = (&'static str, String)> + use<> {
        let all = [
            ("delay", Unit::Duration, self.delay),
            ("jitter", Unit::Duration, self.jitter),
            ("loss", Unit::Percent, self.loss),
            ("rate", Unit::Rate, self.rate),
            ("duplicate", Unit::Percent, self.duplicate),
            ("reorder", Unit::Percent, self.reorder),
            ("corrupt", Unit::Percent, self.corrupt),
        ];
        all.into_iter().filter_map(|(name, unit, number)| Some((name, unit.text(number?))))
    }

    /// Sets the quantity that an attribute names, from how it is written: `delay`, `50ms`. False where there is no such
    /// attribute, or it takes no such quantity.
    pub fn set(&mut self, attribute: &str, written: &str) -> bool {
        let quantity = parse_quantity(written);
        let (slot, number) = match (attribute, quantity) {
            ("delay", Some(Value::Duration(number))) => (&mut self.delay, number),
            ("jitter", Some(Value::Duration(number))) => (&mut self.jitter, number),
            ("loss", Some(Value::Percent(number))) => (&mut self.loss, number),
            ("duplicate", Some(Value::Percent(number))) => (&mut self.duplicate, number),
            ("reorder", Some(Value::Percent(number))) => (&mut self.reorder, number),
            ("corrupt", Some(Value::Percent(number))) => (&mut self.corrupt, number),
            ("rate", Some(Value::Rate(number))) => (&mut self.rate, number),
            _ => return false,
        };
        *slot = Some(number);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let written = [("delay", "50ms"), ("jitter", "5ms"), ("loss", "0.15%"), ("rate", "10Mbps"), ("corrupt", "1%")];
        let mut impairment = Impairment::default();
        assert!(written.iter().all(|(name, value)| impairment.set(name, value)));
        let read: Vec<(&str, String)> = impairment.quantities().collect();
        assert_eq!(read, written.map(|(name, value)| (name, value.to_owned())));
        for (name, value) in [("delay", "1%"), ("loss", "1ms"), ("delay", "soon"), ("colour", "1ms")] {
            assert!(!impairment.set(name, value), "{name} = {value}");
        }
    }
}
