//! Lists in order, to which much can be added at once: one by one, each item has a long way to its place.

use std::collections::{BTreeMap, BTreeSet, HashMap, btree_set};
use std::hash::{BuildHasher, Hash};
use std::mem::take;
use std::ops::Deref;

/// Whether something is put on a list or taken off, and whether that can wait.
#[derive(Clone, Copy, Debug)]
pub struct Put {
    /// On it, not off it.
    pub on: bool,
    /// Until [`Sorted::settle`]: nobody looks before.
    pub later: bool,
}

impl Put {
    /// At once.
    #[must_use]
    pub fn now(on: bool) -> Self {
        Self { on, later: false }
    }
}

/// What is on a list.
pub trait Held<T> {
    /// Puts something on it, or takes it off.
    fn put(&mut self, item: T, put: Put);

    /// Whether there is nothing to keep.
    fn is_bare(&self) -> bool;
}

impl<T: Ord> Held<T> for BTreeSet<T> {
    fn put(&mut self, item: T, put: Put) {
        if put.on {
            self.insert(item);
        } else {
            self.remove(&item);
        }
    }

    fn is_bare(&self) -> bool {
        self.is_empty()
    }
}

/// A set in order, and what has yet to be done to it. Shows what is settled.
#[derive(Clone, Debug, PartialEq)]
pub struct Sorted<T> {
    settled: BTreeSet<T>,
    waiting: Vec<(T, bool)>,
}

impl<T> Default for Sorted<T> {
    fn default() -> Self {
        Self { settled: BTreeSet::new(), waiting: Vec::new() }
    }
}

impl<T: Ord> Held<T> for Sorted<T> {
    fn put(&mut self, item: T, put: Put) {
        if put.later {
            self.waiting.push((item, put.on));
        } else {
            self.settled.put(item, put);
        }
    }

    fn is_bare(&self) -> bool {
        self.settled.is_empty() && self.waiting.is_empty()
    }
}

impl<T: Ord> Sorted<T> {
    /// Does what waits, as if it had been done in its order.
    pub fn settle(&mut self) {
        let mut waiting = take(&mut self.waiting);
        if !self.settled.is_empty() {
            return waiting.into_iter().for_each(|(item, on)| self.settled.put(item, Put::now(on)));
        }
        if waiting.iter().any(|(_, on)| !on) {
            // The last word on each counts.
            waiting.sort_by(|a, b| a.0.cmp(&b.0));
            waiting.dedup_by(|next, kept| {
                let same = next.0 == kept.0;
                if same {
                    kept.1 = next.1;
                }
                same
            });
            waiting.retain(|(_, on)| *on);
        }
        self.settled = waiting.into_iter().map(|(item, _)| item).collect();
    }
}

impl<T> Deref for Sorted<T> {
    type Target = BTreeSet<T>;

    fn deref(&self) -> &BTreeSet<T> {
        &self.settled
    }
}

impl<'a, T> IntoIterator for &'a Sorted<T> {
    type Item = &'a T;
    type IntoIter = btree_set::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.settled.iter()
    }
}

/// Puts something on one of many lists, or takes it off. Lists that are bare go: what is equal must compare equal.
pub fn put<K: Ord, T, S: Held<T> + Default>(map: &mut BTreeMap<K, S>, key: K, item: T, put: Put) {
    if put.on || put.later {
        map.entry(key).or_default().put(item, put);
    } else if let Some(set) = map.get_mut(&key) {
        set.put(item, put);
        if set.is_bare() {
            map.remove(&key);
        }
    }
}

/// The same for what is asked for by id or by slug.
pub fn put_by_id<K, T, S, H>(map: &mut HashMap<K, S, H>, id: &K, item: T, put: Put)
where
    K: Clone + Eq + Hash,
    S: Held<T> + Default,
    H: BuildHasher,
{
    if put.on || put.later {
        if let Some(set) = map.get_mut(id) {
            return set.put(item, put);
        }
        map.entry(id.clone()).or_default().put(item, put);
    } else if let Some(set) = map.get_mut(id) {
        set.put(item, put);
        if set.is_bare() {
            map.remove(id);
        }
    }
}

/// Brings many lists in order. Those that come out bare go.
pub fn settle<K: Ord, T: Ord>(map: &mut BTreeMap<K, Sorted<T>>) {
    map.retain(|_, list| {
        list.settle();
        !list.is_bare()
    });
}

/// The same for what is asked for by id.
pub fn settle_by_id<K: Eq + Hash, T: Ord, H: BuildHasher>(map: &mut HashMap<K, Sorted<T>, H>) {
    map.retain(|_, list| {
        list.settle();
        !list.is_bare()
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_done_in_its_order() {
        let ons =
            [(3, true), (1, true), (3, true), (2, true), (1, false), (4, false), (4, true), (2, false), (2, true)];
        for before in [vec![], vec![1, 5], vec![4]] {
            for count in 0..=ons.len() {
                let (mut now, mut later) = (Sorted::default(), Sorted::default());
                for list in [&mut now, &mut later] {
                    for n in &before {
                        list.put(*n, Put::now(true));
                    }
                }
                for (n, on) in &ons[..count] {
                    now.put(*n, Put::now(*on));
                    later.put(*n, Put { on: *on, later: true });
                }
                later.settle();
                assert_eq!(now, later, "{before:?} {count}");
            }
        }
    }
}
