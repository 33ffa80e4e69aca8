//! What of pools the author wrote out, and what of that the lock keeps for somebody else.

use super::{
    Pool, Wanted, is_addressed, locked_ordinal, net_of, numbers_of, ordinal_of, owner_of_key, text_of, values_of,
};
use crate::collections::IndexMap;
use crate::semantics::collisions::Kept;
use crate::semantics::fields::holds_allocation;
use crate::semantics::schema::Kind;
use crate::semantics::world::{EndEntry, EndTarget, Entity, EntityId, Slot, World};
use crate::value::Value;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// A prefix, address or number that the author wrote out, as the pieces of a pool that it covers.
pub(super) struct Written {
    pub(super) pool: usize,
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) entity: EntityId,
    pub(super) attribute: SmolStr,
    pub(super) value: Value,
}

impl<'a> World<'a> {
    /// What the author wrote out is not handed out: prefixes and addresses anywhere, numbers where the same attribute
    /// of another draws from the pool.
    pub(super) fn written(
        &self,
        pools: &[Pool],
        wanted: &[Wanted],
        segments: &IndexMap<EntityId, Vec<EntityId>>,
    ) -> Vec<Written> {
        let is_drawn = |segment: &EntityId| {
            let slot = self.entities.get(*segment).and_then(|entity| entity.values.get("subnet"));
            matches!(slot, Some(Slot::Done(value)) if holds_allocation(value))
        };
        let mut numbers: IndexMap<(Kind, &str), BTreeSet<usize>> = IndexMap::default();
        for want in wanted {
            if let Some(entity) = self.entities.get(want.entity)
                && pools.get(want.pool.index()).is_some_and(|pool| pool.numbers.is_some())
            {
                numbers.entry((entity.kind, &want.attribute)).or_default().insert(want.pool.index());
            }
        }
        let mut found = Vec::new();
        for (id, entity) in self.entities.iter().enumerate() {
            for (attribute, value) in entity.done() {
                let mut add = |pool: usize, (first, last): (u64, u64), value: Value| {
                    found.push(Written { pool, first, last, entity: id, attribute: attribute.clone(), value });
                };
                for index in numbers.get(&(entity.kind, attribute.as_str())).into_iter().flatten() {
                    let Some(range) = pools.get(*index).and_then(|pool| pool.numbers) else { continue };
                    for number in numbers_of(value) {
                        if let Some(ordinal) = ordinal_of(number, range) {
                            add(*index, (ordinal, ordinal), Value::Int(number));
                        }
                    }
                }
                if !is_addressed(entity.kind) || !matches!(attribute.as_str(), "subnet" | "loopback" | "address") {
                    continue;
                }
                // An address of a segment whose prefix comes from a pool lies in that prefix, or is reported there.
                if attribute == "address" && segments.get(&id).is_some_and(|segments| segments.iter().any(is_drawn)) {
                    continue;
                }
                for value in values_of(value) {
                    let Some(net) = net_of(value) else { continue };
                    for (index, pool) in pools.iter().enumerate() {
                        if let Some(covered) = pool.covers(net) {
                            add(index, covered, value.clone());
                        }
                    }
                }
            }
        }
        found
    }

    /// The segments that an interface is on: its link or aggregation, its network, its VLAN. So too for a link, whose
    /// block may say the address of its end on a network.
    pub(super) fn segments(&self) -> IndexMap<EntityId, Vec<EntityId>> {
        let network = |end: &EndEntry| match end.target {
            EndTarget::Network(id) => self.networks.get(id.index()).map(|network| network.entity),
            EndTarget::Node(..) => None,
        };
        let mut segments: IndexMap<EntityId, Vec<EntityId>> = IndexMap::default();
        for link in &self.links {
            let of: Vec<EntityId> = link.ends.iter().filter_map(network).chain([link.entity]).collect();
            for id in link.ends.iter().map(|end| end.entity).chain([link.entity]) {
                segments.entry(id).or_default().extend(&of);
            }
        }
        for lag in &self.lags {
            for end in &lag.ends {
                segments.entry(end.entity).or_default().push(lag.entity);
            }
        }
        for (id, entity) in self.entities.iter().enumerate() {
            if let Some(Slot::Done(Value::Vlan(vlan))) = entity.values.get("vlan")
                && let Some(vlan) = self.vlans.get(vlan.index())
            {
                segments.entry(id).or_default().push(vlan.entity);
            }
        }
        segments
    }

    /// What the lock keeps of each pool, by ordinal.
    pub(super) fn kept(&self, pools: &[Pool], wanted: &[Wanted]) -> Vec<BTreeMap<u64, Kept>> {
        let mut kept = vec![BTreeMap::new(); pools.len()];
        for want in wanted {
            let locked = self.lock.find(&want.key);
            let ordinal = pools.get(want.pool.index()).zip(locked).and_then(|(pool, text)| locked_ordinal(pool, text));
            if let (Some(ordinal), Some(kept)) = (ordinal, kept.get_mut(want.pool.index())) {
                kept.insert(ordinal, Kept { key: want.key.clone(), wanted_at: Some(want.span) });
            }
        }
        for (key, value) in self.stale(wanted) {
            for (pool, kept) in pools.iter().zip(&mut kept) {
                if let Some(ordinal) = locked_ordinal(pool, &value) {
                    kept.entry(ordinal).or_insert_with(|| Kept { key: key.clone(), wanted_at: None });
                }
            }
        }
        kept
    }

    /// Reports a written value that the lock keeps for others.
    pub(super) fn collide_written(
        &mut self,
        written: &Written,
        kept: &[BTreeMap<u64, Kept>],
        segments: &IndexMap<EntityId, Vec<EntityId>>,
        collided: &mut BTreeSet<String>,
    ) {
        let Some(kept) = kept.get(written.pool) else { return };
        let mut hit = kept.range(written.first..=written.last).map(|(_, kept)| kept).peekable();
        if hit.peek().is_none() {
            return;
        }
        // Who writes out what was chosen for it has it already.
        let own = segments.get(&written.entity).into_iter().flatten().chain([&written.entity]);
        let own: Vec<&Entity> = own.filter_map(|id| self.entities.get(*id)).collect();
        let is_own = |key: &str, entity: &Entity| match entity.this {
            Some(Value::Link(link)) if entity.kind == Kind::Link => self.is_of_link(key, "pool link ", link.index()),
            _ => key.starts_with(&format!("pool {} ", owner_of_key(&entity.words))),
        };
        let others = hit.filter(|kept| !own.iter().any(|own| is_own(&kept.key, own)));
        let others: Vec<Kept> = others.cloned().collect();
        collided.extend(others.iter().map(|kept| kept.key.clone()));
        let span = self.attribute_span(written.entity, &written.attribute);
        self.report_collision(&text_of(&written.value), span, &others);
    }

    /// Reports a piece that `from POOL at N` asks for, and that the lock keeps for another.
    pub(super) fn collide_asked(
        &mut self,
        pools: &[Pool],
        want: &Wanted,
        at: i64,
        kept: &[BTreeMap<u64, Kept>],
        collided: &mut BTreeSet<String>,
    ) {
        let kept = u64::try_from(at).ok().and_then(|ordinal| kept.get(want.pool.index())?.get(&ordinal));
        let Some(kept) = kept.filter(|kept| kept.key != want.key) else { return };
        let value = u64::try_from(at).ok().and_then(|ordinal| pools.get(want.pool.index())?.value(ordinal));
        if let Some(value) = value {
            collided.insert(kept.key.clone());
            self.report_collision(&text_of(&value), want.span, std::slice::from_ref(kept));
        }
    }
}
