//! Reading evaluated attributes as the topology wants them.

use super::world::{Entity, EntityId, Shared, World};
use crate::collections::IndexMap;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::attributes as codes;
use crate::topology::{Attributes, TextContent};
use crate::value::text::shown;
use crate::value::{Mac, Value, VrfId, elements};
use ipnet::IpNet;
use smol_str::SmolStr;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// 100 % in millionths.
const WHOLE: i64 = 1_000_000;
/// 1000 Tbps in bits a second: more than any port.
const FASTEST: i64 = 1_000_000_000_000_000;

impl<'a> World<'a> {
    /// A number within bounds.
    pub fn int(&mut self, entity: EntityId, key: &str, bounds: RangeInclusive<i64>) -> Option<i64> {
        let Value::Int(number) = self.attribute_or_null(entity, key) else { return None };
        self.within(entity, key, number, bounds, &Value::Int(number))
    }

    /// A size in bytes within bounds.
    pub fn size(&mut self, entity: EntityId, key: &str, bounds: RangeInclusive<i64>) -> Option<u64> {
        let Value::Size(bytes) = self.attribute_or_null(entity, key) else { return None };
        let number = i64::try_from(bytes).unwrap_or(i64::MAX);
        self.within(entity, key, number, bounds, &Value::Size(bytes)).map(|_| bytes)
    }

    fn within(
        &mut self,
        entity: EntityId,
        key: &str,
        number: i64,
        bounds: RangeInclusive<i64>,
        value: &Value,
    ) -> Option<i64> {
        if bounds.contains(&number) {
            return Some(number);
        }
        let like = |bound: i64| match value {
            Value::Size(_) => shown(&Value::Size(bound.unsigned_abs())),
            Value::Percent(_) => shown(&Value::Percent(bound.unsigned_abs())),
            Value::Rate(_) => shown(&Value::Rate(bound.unsigned_abs())),
            _ => bound.to_string(),
        };
        let words = self.entities.get(entity).map(|entity| entity.words.clone()).unwrap_or_default();
        let message = format!("`{key}` of {words} is {}, which is out of bounds", shown(value));
        let help = format!("it goes from {} to {}", like(*bounds.start()), like(*bounds.end()));
        let span = self.attribute_span(entity, key);
        self.report(Diagnostic::new(&codes::E0407, span, message, "out of bounds").help(help));
        None
    }

    /// Text without secrets.
    pub fn string(&mut self, entity: EntityId, key: &str) -> Option<String> {
        match self.attribute_or_null(entity, key) {
            Value::String(text) | Value::Member(text) => Some(text.to_string()),
            _ => None,
        }
    }

    /// Text that may hold secrets.
    pub fn text_content(&mut self, entity: EntityId, key: &str) -> Option<TextContent> {
        TextContent::try_from(&self.attribute_or_null(entity, key)).ok()
    }

    /// A truth value.
    pub fn flag(&mut self, entity: EntityId, key: &str) -> Option<bool> {
        match self.attribute_or_null(entity, key) {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Nanoseconds, bits a second or millionths.
    pub fn quantity(&mut self, entity: EntityId, key: &str) -> Option<u64> {
        let value = self.attribute_or_null(entity, key);
        let (number, bounds) = match value {
            Value::Duration(number) => return Some(number),
            Value::Rate(number) => (number, 1..=FASTEST),
            Value::Percent(number) => (number, 0..=WHOLE),
            _ => return None,
        };
        let fits = i64::try_from(number).unwrap_or(i64::MAX);
        self.within(entity, key, fits, bounds, &value).map(|_| number)
    }

    /// A MAC address.
    pub fn mac(&mut self, entity: EntityId, key: &str) -> Option<Mac> {
        match self.attribute_or_null(entity, key) {
            Value::Mac(mac) => Some(mac),
            _ => None,
        }
    }

    /// A list of strings.
    pub fn strings(&mut self, entity: EntityId, key: &str) -> Vec<String> {
        let texts = self.values(entity, key);
        texts.iter().filter_map(text).collect()
    }

    /// A list; a range is unrolled.
    pub fn values(&mut self, entity: EntityId, key: &str) -> Vec<Value> {
        let value = self.attribute_or_null(entity, key);
        match elements(&value) {
            Some(Ok(values)) => values,
            Some(Err(problem)) => {
                let span = self.attribute_span(entity, key);
                self.problem::<()>(problem, span).err();
                Vec::new()
            }
            None if value == Value::Null => Vec::new(),
            None => vec![value],
        }
    }

    /// A list of addresses.
    pub fn ips(&mut self, entity: EntityId, key: &str) -> Vec<IpAddr> {
        self.values(entity, key).iter().filter_map(ip).collect()
    }

    /// A record or map.
    pub fn map(&mut self, entity: EntityId, key: &str) -> Arc<IndexMap<SmolStr, Value>> {
        match self.attribute_or_null(entity, key) {
            Value::Map(entries) => entries,
            _ => Arc::default(),
        }
    }

    /// A VRF.
    pub fn vrf(&mut self, entity: EntityId, key: &str) -> Option<VrfId> {
        match self.attribute_or_null(entity, key) {
            Value::Vrf(id) => Some(id),
            _ => None,
        }
    }

    /// VLAN numbers: written, or those of named VLANs.
    pub fn vlan_numbers(&mut self, entity: EntityId, key: &str) -> Vec<u16> {
        let mut numbers = Vec::new();
        // The ends of a range tell whether all of it is within bounds.
        if let Value::Range(first, last) = self.attribute_or_null(entity, key)
            && first <= last
            && [first, last].into_iter().any(|end| self.vlan_number(entity, key, end).is_none())
        {
            return numbers;
        }
        for value in self.values(entity, key) {
            let number = match value {
                Value::Int(number) => Some((entity, key, number)),
                Value::Vlan(id) => {
                    let vlan = self.vlans.get(id.index()).map(|vlan| vlan.entity);
                    vlan.and_then(|vlan| match self.attribute_or_null(vlan, "id") {
                        Value::Int(number) => Some((vlan, "id", number)),
                        _ => None,
                    })
                }
                _ => None,
            };
            let Some((owner, key, number)) = number else { continue };
            numbers.extend(self.vlan_number(owner, key, number));
        }
        numbers
    }

    fn vlan_number(&mut self, entity: EntityId, key: &str, number: i64) -> Option<u16> {
        self.within(entity, key, number, 1..=4094, &Value::Int(number)).and_then(|number| u16::try_from(number).ok())
    }

    /// Everything that was set, as evaluated.
    pub fn all_attributes(&mut self, entity: EntityId) -> Attributes {
        let Some(open) = self.entities.get(entity).map(Entity::open_keys) else { return Attributes::default() };
        let values: Vec<_> = open.iter().map(|key| self.attribute(entity, key)).collect();
        let shared = self.entities.get(entity).and_then(|entity| entity.shared.as_deref());
        let mut found = shared.map(Shared::base).unwrap_or_default();
        for (key, value) in open.into_iter().zip(values) {
            match value {
                Ok(value) => drop(found.insert(key, value)),
                Err(_) => drop(found.shift_remove(&key)),
            }
        }
        found
    }
}

/// A value as plain text, where it is some.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) | Value::Member(text) => Some(text.to_string()),
        Value::Ip(ip) => Some(ip.to_string()),
        Value::Cidr(net) | Value::Prefix(net) => Some(net.to_string()),
        Value::Int(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A value as an address.
pub fn ip(value: &Value) -> Option<IpAddr> {
    match value {
        Value::Ip(ip) => Some(*ip),
        Value::Cidr(net) | Value::Prefix(net) => Some(net.addr()),
        _ => None,
    }
}

/// A value as an address with a length; a bare one is a host's.
pub fn cidr(value: &Value) -> Option<IpNet> {
    match value {
        Value::Ip(ip) => Some(IpNet::from(*ip)),
        Value::Cidr(net) | Value::Prefix(net) => Some(*net),
        _ => None,
    }
}
