//! Units: sizes, durations, rates and percentages as text and back.

use super::Value;

/// A kind of quantity.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)] // The names say it.
pub enum Unit {
    Size,
    Duration,
    Rate,
    Percent,
}

/// Units of a size, in bytes.
pub const SIZES: &[(&str, u64)] = &[
    ("B", 1),
    ("kB", 1000),
    ("KiB", 1 << 10),
    ("MB", 1_000_000),
    ("MiB", 1 << 20),
    ("GB", 1_000_000_000),
    ("GiB", 1 << 30),
    ("TB", 1_000_000_000_000),
    ("TiB", 1 << 40),
];

/// Units of a duration, in nanoseconds.
pub const DURATIONS: &[(&str, u64)] = &[
    ("ns", 1),
    ("us", 1000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("min", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
];

/// Units of a rate, in bits a second.
pub const RATES: &[(&str, u64)] =
    &[("bps", 1), ("kbps", 1000), ("Mbps", 1_000_000), ("Gbps", 1_000_000_000), ("Tbps", 1_000_000_000_000)];

/// The unit of a percentage, in millionths of a whole.
pub const PERCENT: &[(&str, u64)] = &[("%", 10_000)];

impl Unit {
    /// The quantity in a value: its kind, and its number in the smallest unit.
    pub fn of(value: &Value) -> Option<(Unit, u64)> {
        match value {
            Value::Size(bytes) => Some((Unit::Size, *bytes)),
            Value::Duration(nanoseconds) => Some((Unit::Duration, *nanoseconds)),
            Value::Rate(bits) => Some((Unit::Rate, *bits)),
            Value::Percent(millionths) => Some((Unit::Percent, *millionths)),
            _ => None,
        }
    }

    /// The value of this kind.
    pub fn value(self, number: u64) -> Value {
        match self {
            Unit::Size => Value::Size(number),
            Unit::Duration => Value::Duration(number),
            Unit::Rate => Value::Rate(number),
            Unit::Percent => Value::Percent(number),
        }
    }

    /// The unit that one would write first.
    pub fn usual(self) -> &'static str {
        match self {
            Unit::Size => "GiB",
            Unit::Duration => "s",
            Unit::Rate => "Mbps",
            Unit::Percent => "%",
        }
    }

    /// Its units and how many of the smallest each one is.
    pub fn units(self) -> &'static [(&'static str, u64)] {
        match self {
            Unit::Size => SIZES,
            Unit::Duration => DURATIONS,
            Unit::Rate => RATES,
            Unit::Percent => PERCENT,
        }
    }

    /// The quantity as one writes it, exactly, with the smallest whole number (`4GiB`, `500GB`, `90s`); a percentage
    /// with as many decimals as it needs (`0.1%`).
    pub fn text(self, number: u64) -> String {
        if self == Unit::Percent {
            let decimals = format!("{:04}", number % 10_000);
            let decimals = decimals.trim_end_matches('0');
            let point = if decimals.is_empty() { "" } else { "." };
            return format!("{}{point}{decimals}%", number / 10_000);
        }
        if number == 0 {
            return match self {
                Unit::Duration => "0s".to_owned(),
                Unit::Rate => "0bps".to_owned(),
                _ => "0B".to_owned(),
            };
        }
        let exact = self.units().iter().filter(|(_, factor)| number.is_multiple_of(*factor));
        let best = exact.map(|(unit, factor)| (number / factor, unit)).min_by_key(|(count, _)| *count);
        best.map(|(count, unit)| format!("{count}{unit}")).unwrap_or_default()
    }
}

/// Reads a quantity as one writes it: `4GiB`, `1.5Gbps`, `0.1%`. `None` where it is not one, is not a whole number
/// of the smallest unit, or is too large.
pub fn parse_quantity(text: &str) -> Option<Value> {
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, name) = text.split_at_checked(split)?;
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() || (number.contains('.') && decimals.is_empty()) || decimals.contains('.') {
        return None;
    }
    for unit in [Unit::Size, Unit::Duration, Unit::Rate, Unit::Percent] {
        if let Some((_, factor)) = unit.units().iter().find(|(known, _)| *known == name) {
            return exact(whole, decimals, *factor).map(|number| unit.value(number));
        }
    }
    None
}

/// `whole.decimals` times `factor`, if that is a whole number that fits.
fn exact(whole: &str, decimals: &str, factor: u64) -> Option<u64> {
    let whole = whole.parse::<u64>().ok()?.checked_mul(factor)?;
    let decimals = decimals.trim_end_matches('0');
    if decimals.is_empty() {
        return Some(whole);
    }
    let scale = 10u128.checked_pow(u32::try_from(decimals.len()).ok()?)?;
    let scaled = decimals.parse::<u128>().ok()?.checked_mul(u128::from(factor))?;
    if !scaled.is_multiple_of(scale) {
        return None;
    }
    whole.checked_add(u64::try_from(scaled / scale).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_quantities() {
        for (text, back) in [
            ("4GiB", "4GiB"),
            ("4096MiB", "4GiB"),
            ("1.5GiB", "1536MiB"),
            ("500GB", "500GB"),
            ("1000B", "1kB"),
            ("0kB", "0B"),
            ("10ms", "10ms"),
            ("60s", "1min"),
            ("90s", "90s"),
            ("1.5Gbps", "1500Mbps"),
            ("0.1%", "0.1%"),
            ("100%", "100%"),
            ("0.0001%", "0.0001%"),
            ("12.5%", "12.5%"),
        ] {
            let (unit, number) = Unit::of(&parse_quantity(text).unwrap()).unwrap();
            assert_eq!(unit.text(number), back, "{text}");
        }
        for text in ["4", "GiB", "4 GiB", "4gib", "1.GiB", "0.5B", "1.2.3GiB", "0.00001%", "99999999999999999TiB", ""] {
            assert_eq!(parse_quantity(text), None, "{text}");
        }
    }
}
