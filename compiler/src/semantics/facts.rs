//! What evaluation found out and no topology has: what names are worth, and what pools gave out. Editors tell of it.

use crate::collections::IndexMap;
use crate::source::Span;
use crate::value::{PoolId, Value};
use smol_str::SmolStr;
use std::sync::Arc;

/// So many different values of one name are kept.
pub const MOST_VALUES: usize = 64;

/// What evaluation found out.
#[derive(Debug, Default)]
pub struct Facts {
    /// By where the name is declared.
    values: IndexMap<Span, Values>,
    /// By where a node, device or module is declared.
    instances: IndexMap<Span, usize>,
    /// The pools, by [`PoolId`].
    pub pools: Vec<PoolFacts>,
    /// What was drawn from them, in the order of the source.
    pub draws: Vec<Draw>,
}

/// The values of a name: one, but for what is in a loop, a module or a device.
#[derive(Debug, Default)]
pub struct Values {
    /// Different ones, in the order in which they came.
    pub distinct: Vec<Value>,
    /// Are there more than were kept, which is [`MOST_VALUES`]?
    pub more: bool,
}

/// A pool, once everything is handed out.
#[derive(Debug)]
pub struct PoolFacts {
    /// Its path below the topology.
    pub path: String,
    /// Where its name is declared.
    pub name: Span,
    /// How many pieces it has.
    pub capacity: u64,
    /// How many are neither given out nor reserved.
    pub left: u64,
    /// Which is given out next.
    pub next: Option<Value>,
}

/// What one `from POOL` got.
#[derive(Debug)]
pub struct Draw {
    /// The pool.
    pub pool: PoolId,
    /// Who wanted it, as keys of the lock have it: `link a--b`.
    pub owner: String,
    /// The attribute.
    pub attribute: SmolStr,
    /// Where its value is written.
    pub span: Span,
    /// What it got.
    pub value: Value,
    /// Which of the pool that is, counted from 0.
    pub ordinal: u64,
    /// Why this one.
    pub why: DrawReason,
}

/// Why something got what it did from a pool.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DrawReason {
    /// `from POOL at N` asks for it.
    Asked,
    /// The lock file keeps it.
    Locked,
    /// It was the first that was free.
    Free,
}

impl Facts {
    /// Keeps a value of the name that is declared there.
    pub(super) fn note(&mut self, name: Span, value: &Value) {
        let values = self.values.entry(name).or_default();
        if values.more || values.distinct.iter().any(|known| is_same(known, value)) {
            return;
        }
        if values.distinct.len() < MOST_VALUES {
            values.distinct.push(value.clone());
        } else {
            values.more = true;
        }
    }

    /// Counts an instance of what is declared there.
    pub(super) fn count(&mut self, name: Span) {
        *self.instances.entry(name).or_default() += 1;
    }

    /// How many nodes a device was made into, how many times a module was used, or how many elements a declaration of a
    /// node made: by where its name is declared. A device that others extend is counted with these.
    pub fn instances(&self, name: Span) -> usize {
        self.instances.get(&name).copied().unwrap_or_default()
    }

    /// What the name that is declared there is worth; none where it was not evaluated.
    pub fn values(&self, name: Span) -> Option<&Values> {
        self.values.get(&name)
    }

    /// The pool with this id.
    pub fn pool(&self, id: PoolId) -> Option<&PoolFacts> {
        self.pools.get(id.index())
    }
}

/// Long lists are compared only by where they are, so that noting one is cheap.
fn is_same(a: &Value, b: &Value) -> bool {
    const LONG: usize = 64;
    match (a, b) {
        (Value::List(a), Value::List(b)) if a.len().max(b.len()) > LONG => Arc::ptr_eq(a, b),
        (Value::Map(a), Value::Map(b)) if a.len().max(b.len()) > LONG => Arc::ptr_eq(a, b),
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::DrawReason;
    use crate::source::MemoryFileSystem;
    use crate::value::Value;
    use crate::{CompileOptions, compile};

    #[test]
    fn values_of_names_and_what_pools_gave() {
        let text = "topology t\nparam n: int = 3\npool p2p = 10.0.0.0/24 per /31\n\
                    node a[i in 1..n]: debian { loopback = 10.9.0.${i}/32 }\nnode b: debian\n\
                    for k in 1..n {\n  link a[k] <-> b { subnet = from p2p }\n}\n";
        let lock = "pool link a1--b subnet 0 = 10.0.0.4/31\n";
        let fs = MemoryFileSystem::new([("t.wtop", text), ("t.wtop.lock", lock)]);
        let options = CompileOptions { file: "t.wtop".into(), ..CompileOptions::default() };
        let compilation = compile(&fs, &options);
        assert!(compilation.diagnostics.is_empty(), "{:?}", compilation.diagnostics);
        let values = |name: &str| {
            let start = text.find(name).unwrap();
            let span = crate::source::Span::new(crate::source::FileId(0), start, start + 1);
            compilation.facts.values(span).unwrap().distinct.clone()
        };
        assert_eq!(values("n: int"), [Value::Int(3)]);
        assert_eq!(values("k in"), [1, 2, 3].map(Value::Int));
        assert_eq!(values("i in"), [1, 2, 3].map(Value::Int));
        let draws: Vec<_> = compilation.facts.draws.iter().map(|draw| (draw.ordinal, draw.why)).collect();
        assert_eq!(draws, [(2, DrawReason::Locked), (0, DrawReason::Free), (1, DrawReason::Free)]);
        let pool = &compilation.facts.pools[0];
        assert_eq!((pool.path.as_str(), pool.capacity, pool.left), ("p2p", 128, 125));
        assert_eq!(pool.next, Some(Value::Prefix("10.0.0.6/31".parse().unwrap())));
        assert_eq!(compilation.facts.draws[1].owner, "link a2--b");
    }
}
