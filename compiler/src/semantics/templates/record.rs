//! Records as templates see them.

use minijinja::value::{Enumerator, Object, Value as Seen};
use smol_str::SmolStr;
use std::sync::Arc;

/// Few fields with names, in their order. Thousands of them are made for a large lab and most of their fields never
/// read, so they are no hash maps.
#[derive(Debug)]
pub struct Record(Vec<(SmolStr, Seen)>);

impl Record {
    /// With these fields.
    pub fn seen(fields: impl IntoIterator<Item = (SmolStr, Seen)>) -> Seen {
        Seen::from_object(Record(fields.into_iter().collect()))
    }
}

impl Object for Record {
    fn get_value(self: &Arc<Self>, key: &Seen) -> Option<Seen> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Seen> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.iter().map(|(name, _)| Seen::from(name.as_str())).collect())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.0.len())
    }
}

/// A record of `name => value`, or of variables by their names.
macro_rules! record {
    (@value $name:ident) => { minijinja::value::Value::from($name) };
    (@value $name:ident $value:expr) => { minijinja::value::Value::from($value) };
    ($($name:ident $(=> $value:expr)?),* $(,)?) => {
        $crate::semantics::templates::record::Record::seen([
            $((smol_str::SmolStr::new_static(stringify!($name)), record!(@value $name $($value)?))),*
        ])
    };
}
pub(super) use record;
