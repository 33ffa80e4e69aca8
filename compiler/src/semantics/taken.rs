//! Which ordinals of a pool are taken: as ranges, so that a large one costs no more than a small one.

use std::collections::BTreeMap;

/// Ordinals that are taken.
#[derive(Debug, Default)]
pub struct Taken {
    /// First and last of ranges that neither overlap nor touch.
    ranges: BTreeMap<u64, u64>,
}

impl Taken {
    /// Takes one.
    pub fn insert(&mut self, ordinal: u64) {
        self.insert_range(ordinal, ordinal);
    }

    /// Takes all from the first to the last, both included.
    pub fn insert_range(&mut self, first: u64, last: u64) {
        let (mut first, mut last) = (first, last);
        while let Some((start, end)) = self.ranges.range(..=last.saturating_add(1)).next_back() {
            let (start, end) = (*start, *end);
            if end.saturating_add(1) < first {
                break;
            }
            self.ranges.remove(&start);
            (first, last) = (first.min(start), last.max(end));
        }
        self.ranges.insert(first, last);
    }

    /// How many there are.
    pub fn len(&self) -> u64 {
        let lengths = self.ranges.iter().map(|(first, last)| (last - first).saturating_add(1));
        lengths.fold(0, u64::saturating_add)
    }

    /// Is it taken?
    pub fn contains(&self, ordinal: u64) -> bool {
        self.last_from(ordinal).is_some()
    }

    /// The last of those in a row that are taken from this one on; `None` where it is free.
    pub fn last_from(&self, ordinal: u64) -> Option<u64> {
        self.ranges.range(..=ordinal).next_back().map(|(_, last)| *last).filter(|last| *last >= ordinal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn is_a_set(ranges in prop::collection::vec((0u64..60, 0u64..12), 0..20)) {
            let (mut taken, mut set) = (Taken::default(), BTreeSet::new());
            for (first, more) in ranges {
                taken.insert_range(first, first + more);
                set.extend(first..=first + more);
            }
            for ordinal in 0..80 {
                prop_assert_eq!(taken.contains(ordinal), set.contains(&ordinal));
                prop_assert_eq!(taken.len(), set.len() as u64);
                let free = (ordinal..).find(|next| !set.contains(next)).unwrap();
                prop_assert_eq!(taken.last_from(ordinal).map_or(ordinal, |last| last + 1), free);
            }
        }
    }

    #[test]
    fn takes_as_much_as_there_is() {
        let mut taken = Taken::default();
        taken.insert(u64::MAX);
        taken.insert_range(5, u64::MAX);
        assert_eq!((taken.last_from(5), taken.contains(4)), (Some(u64::MAX), false));
    }
}
