//! Pools: handing out prefixes, addresses and numbers.
//!
//! Order: what is written out, then the lock, then new keys in source order, lowest free value.

mod written;

use super::facts::{Draw, DrawReason, PoolFacts};
use super::fields::holds_allocation;
use super::lock::{Locked, Request};
use super::schema::Kind;
use super::taken::Taken;
use super::world::{Entity, EntityId, Eval, Slot, World};
use crate::collections::IndexMap;
use crate::diagnostics::Diagnostic;
use crate::diagnostics::codes::allocation as codes;
use crate::source::Span;
use crate::value::text::shown;
use crate::value::types::accept_for;
use crate::value::{PoolId, Problem, Value};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A pool, ready to hand out.
#[derive(Debug, Default)]
pub struct Pool {
    /// Prefixes to cut, with the length of the pieces; the same ordinal of each goes out together.
    parts: Vec<(IpNet, u8)>,
    /// Numbers, both ends included.
    numbers: Option<(i64, i64)>,
    /// How many there are.
    capacity: u64,
    /// Ordinals that are taken.
    taken: Taken,
    /// All ordinals below are taken.
    cursor: u64,
    /// Is a part of it no pool, which was reported?
    broken: bool,
}

/// One `from POOL` somewhere.
struct Wanted {
    entity: EntityId,
    attribute: SmolStr,
    pool: PoolId,
    at: Option<i64>,
    key: String,
    span: Span,
}

impl Pool {
    /// The value of an ordinal: one for each family.
    fn value(&self, ordinal: u64) -> Option<Value> {
        if let Some((first, last)) = self.numbers {
            let number = first.checked_add(i64::try_from(ordinal).ok()?)?;
            return (number <= last).then_some(Value::Int(number));
        }
        let pieces: Option<Vec<Value>> = self.parts.iter().map(|(net, per)| piece(*net, *per, ordinal)).collect();
        match pieces?.as_slice() {
            [one] => Some(one.clone()),
            several => Some(Value::list(several.to_vec())),
        }
    }

    /// The ordinals that a written prefix or address covers.
    fn covers(&self, net: IpNet) -> Option<(u64, u64)> {
        let (part, per) = self.parts.iter().find(|(part, _)| overlaps(*part, net))?;
        if net.prefix_len() <= part.prefix_len() {
            return Some((0, self.capacity.saturating_sub(1)));
        }
        let width = u32::from(bits(*part) - per);
        let offset = number(net.network()) - number(part.network());
        let last = offset + size_of(net).saturating_sub(1);
        Some((clamp(offset >> width), clamp(last >> width)))
    }

    /// The lowest that is free.
    fn free(&mut self) -> Option<u64> {
        if let Some(last) = self.taken.last_from(self.cursor) {
            self.cursor = last.checked_add(1)?;
        }
        (self.cursor < self.capacity).then_some(self.cursor)
    }

    fn next(&mut self) -> Option<u64> {
        let ordinal = self.free()?;
        self.taken.insert(ordinal);
        Some(ordinal)
    }
}

impl<'a> World<'a> {
    /// Gives every `from POOL` its value.
    pub fn allocate_from_pools(&mut self) {
        let mut pools: Vec<Pool> = (0..self.pools.len()).map(|index| self.open_pool(index)).collect();
        let wanted = self.wanted();
        let kept = self.kept(&pools, &wanted);
        let mut collided = BTreeSet::new();
        let segments = self.segments();
        for written in self.written(&pools, &wanted, &segments) {
            self.collide_written(&written, &kept, &segments, &mut collided);
            if let Some(pool) = pools.get_mut(written.pool) {
                pool.taken.insert_range(written.first, written.last);
            }
        }
        let mut chosen: IndexMap<usize, Value> = IndexMap::default();
        for (index, want) in wanted.iter().enumerate() {
            if let Some(at) = want.at {
                self.collide_asked(&pools, want, at, &kept, &mut collided);
                self.take_asked(&mut pools, want, at, index, &mut chosen);
            }
        }
        for (index, want) in wanted.iter().enumerate() {
            if want.at.is_none() && !collided.contains(&want.key) {
                self.take_locked(&mut pools, want, index, &mut chosen);
            }
        }
        // What is in the lock for owners that are gone stays reserved.
        self.reserve_stale(&mut pools, &wanted);
        let mut exhausted = BTreeSet::new();
        for (index, want) in wanted.iter().enumerate() {
            if chosen.contains_key(&index) || want.at.is_some() {
                continue;
            }
            let Some(pool) = pools.get_mut(want.pool.index()).filter(|pool| !pool.broken) else { continue };
            match pool.next().and_then(|ordinal| pool.value(ordinal)) {
                Some(value) => drop(chosen.insert(index, value)),
                None => {
                    if exhausted.insert(want.pool) {
                        let capacity = pool.capacity;
                        self.report_exhausted(want, capacity, &wanted);
                    }
                }
            }
        }
        self.note_draws(&mut pools, &wanted, &chosen);
        self.put_in(&wanted, &chosen);
    }

    /// Keeps what was given out to whom, for editors. The lock has its old entries still.
    fn note_draws(&mut self, pools: &mut [Pool], wanted: &[Wanted], chosen: &IndexMap<usize, Value>) {
        for (pool, entry) in pools.iter_mut().zip(&self.pools) {
            let left = pool.capacity.saturating_sub(pool.taken.len());
            let next = pool.free().and_then(|ordinal| pool.value(ordinal));
            let (path, name, capacity) = (entry.path.clone(), entry.declared.name.span, pool.capacity);
            self.facts.pools.push(PoolFacts { path, name, capacity, left, next });
        }
        for (index, want) in wanted.iter().enumerate() {
            let Some(value) = chosen.get(&index) else { continue };
            let text = text_of(value);
            let why = match want.at {
                Some(_) => DrawReason::Asked,
                None if self.lock.find(&want.key) == Some(&text) => DrawReason::Locked,
                None => DrawReason::Free,
            };
            let ordinal = pools.get(want.pool.index()).and_then(|pool| locked_ordinal(pool, &text)).unwrap_or_default();
            let owner = self.entities.get(want.entity).map(|entity| owner_of_key(&entity.words)).unwrap_or_default();
            let (pool, attribute, span, value) = (want.pool, want.attribute.clone(), want.span, value.clone());
            self.facts.draws.push(Draw { pool, owner, attribute, span, value, ordinal, why });
        }
    }

    fn open_pool(&mut self, index: usize) -> Pool {
        let Some(entry) = self.pools.get(index) else { return Pool::default() };
        let (declared, env, entity) = (entry.declared, entry.env.clone(), entry.entity);
        let mut pool = Pool { capacity: u64::MAX, ..Pool::default() };
        for part in &declared.parts {
            let Ok(value) = self.evaluate(&part.from, &env, None) else {
                pool.broken = true;
                continue;
            };
            let (message, help) = match (value, part.per) {
                (Value::Prefix(net), Some((per, span))) => {
                    let per_bits = u8::try_from(per).ok().filter(|per| (net.prefix_len()..=bits(net)).contains(per));
                    let Some(per) = per_bits else {
                        let message = format!("a pool of {net} cannot be cut into pieces of /{per}");
                        let help = format!("write a length from /{} to /{}", net.prefix_len(), bits(net));
                        pool.broken = true;
                        self.report(Diagnostic::new(&codes::E0601, span, message, "does not fit").help(help));
                        continue;
                    };
                    let width = u32::from(per - net.prefix_len());
                    let pieces = if width >= 64 { u64::MAX } else { 1u64 << width };
                    pool.capacity = pool.capacity.min(pieces);
                    // Never the first and last address of the pool.
                    if per == bits(net) && pieces > 2 {
                        pool.taken.insert(0);
                        pool.taken.insert(pieces - 1);
                    }
                    pool.parts.push((net, per));
                    continue;
                }
                (Value::Range(first, last), None) => {
                    pool.capacity = crate::value::range_length(first, last);
                    pool.numbers = Some((first, last));
                    continue;
                }
                (Value::Prefix(net), None) => {
                    (format!("the pool does not say how {net} is cut"), "write `per /31`, `per /32`, …".to_owned())
                }
                (Value::Cidr(net), _) => {
                    let prefix = net.trunc();
                    (format!("{net} has host bits, and a pool is made of prefixes"), format!("write `{prefix}`"))
                }
                (other, _) => {
                    let message =
                        format!("a pool is made of prefixes or of a range of numbers, and this is {}", other.kind());
                    (message, "write `pool links = 10.0.0.0/16 per /31` or `pool vlans = 100..199`".to_owned())
                }
            };
            pool.broken = true;
            self.report(Diagnostic::new(&codes::E0601, part.from.span, message, "no pool").help(help));
        }
        if pool.parts.is_empty() && pool.numbers.is_none() {
            pool.capacity = 0;
        }
        self.reserve(entity, &mut pool);
        pool
    }

    fn reserve(&mut self, entity: EntityId, pool: &mut Pool) {
        for key in self.defined_keys(entity) {
            let _ = self.attribute(entity, &key);
        }
        // A range may be as long as the pool, and is not unrolled.
        let reserved = match self.attribute_or_null(entity, "reserve") {
            range @ Value::Range(..) => vec![range],
            _ => self.values(entity, "reserve"),
        };
        for value in reserved {
            match value {
                Value::Int(number) => {
                    if let Some(ordinal) = pool.numbers.and_then(|numbers| ordinal_of(number, numbers)) {
                        pool.taken.insert(ordinal);
                    }
                }
                Value::Range(first, last) => {
                    let within = pool.numbers.map(|(lowest, highest)| (first.max(lowest), last.min(highest), lowest));
                    if let Some((first, last, lowest)) = within.filter(|(first, last, _)| first <= last) {
                        pool.taken.insert_range(first.abs_diff(lowest), last.abs_diff(lowest));
                    }
                }
                other => {
                    if let Some((first, last)) = net_of(&other).and_then(|net| pool.covers(net)) {
                        pool.taken.insert_range(first, last);
                    }
                }
            }
        }
    }

    /// Every `from POOL`, in source order.
    fn wanted(&self) -> Vec<Wanted> {
        let mut found = Vec::new();
        let draws = |entity: &Entity| {
            entity.values.values().any(|slot| matches!(slot, Slot::Done(value) if holds_allocation(value)))
        };
        let mut drawing: Vec<(EntityId, &Entity)> =
            self.entities.iter().enumerate().filter(|(_, entity)| draws(entity)).collect();
        // Entities of one place are in order: a link before its ends.
        drawing.sort_by_key(|(_, entity)| entity.place);
        for (entity, entry) in drawing {
            for attribute in &self.defined_keys(entity) {
                let Some(Slot::Done(value)) = entry.values.get(attribute) else { continue };
                if !holds_allocation(value) {
                    continue;
                }
                let mut position = 0;
                let owner = owner_of_key(&entry.words);
                let span = self.attribute_span(entity, attribute);
                each_from_pool(value, &mut |pool, at| {
                    let key = format!("pool {owner} {attribute} {position}");
                    position += 1;
                    found.push(Wanted { entity, attribute: attribute.clone(), pool, at, key, span });
                });
            }
        }
        found
    }

    fn take_asked(
        &mut self,
        pools: &mut [Pool],
        want: &Wanted,
        at: i64,
        index: usize,
        chosen: &mut IndexMap<usize, Value>,
    ) {
        let Some(pool) = pools.get_mut(want.pool.index()).filter(|pool| !pool.broken) else { return };
        let ordinal = u64::try_from(at).ok().filter(|ordinal| *ordinal < pool.capacity);
        let name = self.name_of(&Value::Pool(want.pool));
        let Some((ordinal, value)) = ordinal.and_then(|ordinal| Some((ordinal, pool.value(ordinal)?))) else {
            let message =
                format!("the pool `{name}` has no piece number {at}: it has {}, counted from 0", pool.capacity);
            self.report(Diagnostic::new(&codes::E0602, want.span, message, "not in the pool"));
            return;
        };
        if pool.taken.contains(ordinal) {
            let message = format!("piece number {at} of the pool `{name}`, {}, is taken", shown(&value));
            let help = "it is asked for twice, written out somewhere, reserved, or the pool's first or last address";
            self.report(Diagnostic::new(&codes::E0602, want.span, message, "taken already").help(help));
            return;
        }
        pool.taken.insert(ordinal);
        chosen.insert(index, value);
    }

    fn take_locked(&mut self, pools: &mut [Pool], want: &Wanted, index: usize, chosen: &mut IndexMap<usize, Value>) {
        let Some(locked) = self.lock.find(&want.key).map(str::to_owned) else { return };
        let Some(pool) = pools.get_mut(want.pool.index()).filter(|pool| !pool.broken) else { return };
        let ordinal = locked_ordinal(pool, &locked);
        match ordinal.and_then(|ordinal| Some((ordinal, pool.value(ordinal)?))) {
            Some((ordinal, value)) if !pool.taken.contains(ordinal) && text_of(&value) == locked => {
                pool.taken.insert(ordinal);
                chosen.insert(index, value);
            }
            _ => {
                self.lock.release(&want.key);
                let name = self.name_of(&Value::Pool(want.pool));
                let message =
                    format!("{locked} from the lock does not fit the pool `{name}` any more: another is chosen");
                let help = "the pool was changed, or another entry of the lock has the same value";
                self.report(Diagnostic::new(&codes::W0601, want.span, message, "chosen again").help(help));
            }
        }
    }

    /// Entries of the lock, key and value, that nobody wants any more.
    fn stale(&self, wanted: &[Wanted]) -> Vec<(String, String)> {
        let known: BTreeSet<&str> = wanted.iter().map(|want| want.key.as_str()).collect();
        let stale = self.lock.entries("pool ").filter(|(key, _)| !known.contains(key));
        stale.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    }

    fn reserve_stale(&mut self, pools: &mut [Pool], wanted: &[Wanted]) {
        for (_, value) in self.stale(wanted) {
            for pool in pools.iter_mut() {
                if let Some(ordinal) = locked_ordinal(pool, &value) {
                    pool.taken.insert(ordinal);
                }
            }
        }
    }

    fn report_exhausted(&mut self, want: &Wanted, capacity: u64, wanted: &[Wanted]) {
        let asked = wanted.iter().filter(|other| other.pool == want.pool).count();
        let declared = self.pools.get(want.pool.index()).map(|pool| pool.declared.name.span);
        let name = self.name_of(&Value::Pool(want.pool));
        let message = format!("the pool `{name}` is exhausted: it has {capacity} pieces, and {asked} are wanted");
        let mut diagnostic = Diagnostic::new(&codes::E0603, want.span, message, "the first that gets nothing")
            .help("make the pool larger, or its pieces smaller; `wtop lock --prune` frees what is not used any more");
        if let Some(declared) = declared {
            diagnostic = diagnostic.label(declared, "the pool");
        }
        self.report(diagnostic);
    }

    /// A drawn value as its attribute wants it: only now it is known whether the pool holds such.
    fn drawn(&mut self, want: &Wanted, value: Value) -> Eval<Value> {
        let ty = self.known_type(want.entity, &want.attribute);
        let value = match accept_for(&want.attribute, value, &ty) {
            Ok(value) => value,
            Err(problem) => {
                let name = self.name_of(&Value::Pool(want.pool));
                let message = format!("{}, from the pool `{name}`", problem.message);
                let problem = Problem { message, replacement: None, ..problem };
                return self.problem(problem, want.span);
            }
        };
        self.check_condition(want.entity, &want.attribute, &value)?;
        Ok(value)
    }

    /// Puts the chosen values in place of `from POOL`.
    fn put_in(&mut self, wanted: &[Wanted], chosen: &IndexMap<usize, Value>) {
        let mut at = 0;
        while let Some(first) = wanted.get(at) {
            let same = |want: &Wanted| want.entity == first.entity && want.attribute == first.attribute;
            let run = wanted.iter().skip(at).take_while(|want| same(want)).count();
            let mut values = (at..at + run).map(|index| chosen.get(&index).cloned());
            let before =
                self.entities.get(first.entity).and_then(|entity| entity.values.get(&first.attribute)).cloned();
            if let Some(Slot::Done(before)) = before {
                let slot = match fill(&before, &mut values) {
                    Some(value) => self.drawn(first, value).map_or(Slot::Failed, Slot::Done),
                    None => Slot::Failed,
                };
                self.set_slot(first.entity, &first.attribute, slot);
            }
            for index in at..at + run {
                if let (Some(want), Some(value)) = (wanted.get(index), chosen.get(&index))
                    && want.at.is_none()
                {
                    self.lock.record(Request { key: want.key.clone() }, Locked(text_of(value)));
                }
            }
            at += run.max(1);
        }
    }
}

fn each_from_pool(value: &Value, found: &mut impl FnMut(PoolId, Option<i64>)) {
    match value {
        Value::FromPool(pool, at) => found(*pool, *at),
        Value::List(values) => values.iter().for_each(|value| each_from_pool(value, found)),
        Value::Map(entries) => entries.values().for_each(|value| each_from_pool(value, found)),
        _ => {}
    }
}

/// The value with each `from POOL` replaced; lists that come from dual-stack pools are laid flat.
fn fill(value: &Value, chosen: &mut impl Iterator<Item = Option<Value>>) -> Option<Value> {
    Some(match value {
        Value::FromPool(..) => chosen.next()??,
        Value::List(values) => {
            let mut filled = Vec::new();
            for value in values.iter() {
                match (value, fill(value, chosen)?) {
                    (Value::FromPool(..), Value::List(several)) => filled.extend(several.iter().cloned()),
                    (_, one) => filled.push(one),
                }
            }
            Value::list(filled)
        }
        Value::Map(entries) => {
            let filled: Option<IndexMap<SmolStr, Value>> =
                entries.iter().map(|(key, value)| Some((key.clone(), fill(value, chosen)?))).collect();
            Value::map(filled?)
        }
        other => other.clone(),
    })
}

/// A value as the lock has it.
fn text_of(value: &Value) -> String {
    match value {
        Value::List(values) => values.iter().map(text_of).collect::<Vec<_>>().join(" "),
        Value::Prefix(net) | Value::Cidr(net) => net.to_string(),
        other => shown(other),
    }
}

/// The ordinal of a number in a range of numbers.
fn ordinal_of(number: i64, (first, last): (i64, i64)) -> Option<u64> {
    (first..=last).contains(&number).then(|| number.abs_diff(first))
}

fn locked_ordinal(pool: &Pool, text: &str) -> Option<u64> {
    if let Some((first, last)) = pool.numbers {
        let number: i64 = text.parse().ok()?;
        return ordinal_of(number, (first, last));
    }
    let net: IpNet = text.split(' ').next()?.parse().ok()?;
    let (part, per) = pool.parts.first()?;
    if net.prefix_len() != *per || !part.contains(&net) {
        return None;
    }
    pool.covers(net).map(|(first, _)| first)
}

/// The value, or those in the list that it is.
fn values_of(value: &Value) -> &[Value] {
    match value {
        Value::List(values) => values,
        one => std::slice::from_ref(one),
    }
}

fn numbers_of(value: &Value) -> impl Iterator<Item = i64> {
    values_of(value).iter().filter_map(|value| if let Value::Int(number) = value { Some(*number) } else { None })
}

/// Can things of this kind have addresses or prefixes?
fn is_addressed(kind: Kind) -> bool {
    matches!(kind, Kind::Node | Kind::Network | Kind::Link | Kind::Lag | Kind::Vlan | Kind::Interface)
}

/// The owner of an allocation, as keys of the lock have it: `link h1--h2`.
fn owner_of_key(words: &str) -> String {
    words.replace('`', "")
}

fn net_of(value: &Value) -> Option<IpNet> {
    match value {
        Value::Prefix(net) => Some(*net),
        Value::Cidr(net) => Some(host_net(net.addr())),
        Value::Ip(ip) => Some(host_net(*ip)),
        _ => None,
    }
}

/// An address as the prefix of itself alone.
pub fn host_net(ip: IpAddr) -> IpNet {
    IpNet::from(ip)
}

/// Bits of an address of the family: 32 or 128.
pub fn bits(net: IpNet) -> u8 {
    net.max_prefix_len()
}

/// An address as a number.
pub fn number(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(ip) => u128::from(u32::from(ip)),
        IpAddr::V6(ip) => u128::from(ip),
    }
}

/// The address of the same family as `like` with this number.
pub fn address(like: IpNet, number: u128) -> Option<IpAddr> {
    match like {
        IpNet::V4(_) => Some(IpAddr::V4(Ipv4Addr::from(u32::try_from(number).ok()?))),
        IpNet::V6(_) => Some(IpAddr::V6(Ipv6Addr::from(number))),
    }
}

/// Do two prefixes share an address?
pub fn overlaps(a: IpNet, b: IpNet) -> bool {
    a.contains(&b) || b.contains(&a)
}

fn size_of(net: IpNet) -> u128 {
    1u128.checked_shl(u32::from(bits(net) - net.prefix_len())).unwrap_or(u128::MAX)
}

fn clamp(number: u128) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn piece(net: IpNet, per: u8, ordinal: u64) -> Option<Value> {
    let width = u32::from(bits(net) - per);
    let offset = u128::from(ordinal).checked_shl(width)?;
    let at = address(net, number(net.network()).checked_add(offset)?)?;
    if !net.contains(&at) {
        return None;
    }
    let piece = match at {
        IpAddr::V4(ip) => IpNet::V4(Ipv4Net::new(ip, per).ok()?),
        IpAddr::V6(ip) => IpNet::V6(Ipv6Net::new(ip, per).ok()?),
    };
    Some(if per == bits(net) { Value::Cidr(piece) } else { Value::Prefix(piece) })
}
